"""What goes into the grading of one submission, and what comes out: data that travels between processes and machines."""
import hashlib
from dataclasses import dataclass, field

from ..expected import Full
from .limits import Limits
from .verdict import Scored


@dataclass(frozen=True)
class Lesson:
    """What is the same for a whole class.

    name, released : the lesson and its released notebook, as text
    exercises : by name, with all cases and expectations
    written : points by grade id of the answers that a person grades
    files : what lies beside the released notebook, as base64 by name: tables, and `checks.json`, so that a check that a
        student wrote into a cell answers as it did at home
    protected : in the sandbox, or else without
    whole : run demonstrations too
    """
    name: str
    released: str
    exercises: dict[str, Full]
    written: dict[str, float]
    data: str
    files: dict[str, str]
    limits: Limits = Limits()
    protected: bool = True
    whole: bool = False


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    files : the bytes of all files by name, slashes between folders
    notes : what was left out on finding them, for the student; received : when, in words
    """
    student: str
    files: dict[str, bytes]
    notes: list[str] = field(default_factory=list)
    received: str = ""

    def identity(self, notebook: str) -> str:
        """What was graded, so that nobody need argue about it: when it came, and the SHA-256 of the notebook's bytes."""
        return f"received {self.received}, SHA-256 {hashlib.sha256(self.files[notebook]).hexdigest()}"


@dataclass(frozen=True)
class Graded:
    """What came of a submission.

    notebook : the graded notebook as text, or None
    refused : why there is none, in words for the instructor; empty if it was graded
    exercises : by name
    written : by grade id, the text of an answer that a person must grade; None for one not begun
    notes : what was put right, for the student; flags : what an instructor should look at
    older : exercises that have changed since the release that it was made from
    starved : whether a limit of the clock ended something that had not used up its processor time
    seconds : of this worker's clock
    """
    student: str
    notebook: str | None
    refused: str = ""
    exercises: dict[str, Scored] = field(default_factory=dict)
    written: dict[str, str | None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    older: list[str] = field(default_factory=list)
    starved: bool = False
    seconds: float = 0

    @classmethod
    def from_data(cls, data: dict) -> "Graded":
        """The same from plain data, as `dataclasses.asdict` makes it."""
        return cls(**{**data, "exercises": {name: Scored(**scored) for name, scored in data["exercises"].items()}})

    @property
    def score(self) -> float:
        """Points by checks; those of written answers are a person's."""
        return sum(scored.score for scored in self.exercises.values())
