"""Where each student of a class stands in a lesson: what is graded, what waits, and why there is no score yet.

One answer for `course mark`, `course feedback` and `course scores`, so that they never differ on it.
"""
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import MissingEntry

from ..nbgrader_api import configuration
from ..project import Project
from .folders import find, students
from .gradebook import Writer
from .records import Records

NOTHING, NOT_GRADED = "nothing handed in", "handed in, but not graded yet"
AGAIN = "handed in again since it was graded"
REFUSED = "the submission was refused"


@dataclass(frozen=True)
class State:
    """One student in one lesson.

    name : as the roster has it, "" without
    score : with what a person has given so far, of how many points; None where nothing is graded
    waits : written answers that wait for a person, by grade id
    without : why what is graded isn't this student's last word, or isn't there: one of the words above; "" if all is well
    refused : the reason for a refusal
    """
    student: str
    name: str
    score: float | None = None
    of: float | None = None
    waits: list[str] = field(default_factory=list)
    without: str = ""
    refused: str = ""

    @property
    def graded(self) -> bool:
        """Whether there is a graded notebook of the last submission."""
        return not self.without


def states(project: Project, lesson: str) -> list[State]:
    """Everybody in the gradebook, and everybody who has handed in, by id."""
    with Writer(configuration(project), lesson) as writer:
        return everybody(project, lesson, writer)


def everybody(project: Project, lesson: str, writer: Writer) -> list[State]:
    """The same, with a gradebook that is open already."""
    names = writer.names()
    records = {record["student"] for record in Records(project.classroom, lesson).all()}
    handed_in = students(project.classroom / "submitted", lesson)
    return [state_of(project, lesson, writer, student, names.get(student, ""))
            for student in sorted({*names, *records, *handed_in})]


def state_of(project: Project, lesson: str, writer: Writer, student: str, name: str = "") -> State:
    """Where one student stands.

    name : as the roster has it
    """
    submitted = project.classroom / "submitted"
    digest = find(submitted, student, lesson).digest if (submitted / student / lesson).is_dir() else ""
    return _state(project, lesson, writer, student, name, Records(project.classroom, lesson).read(student), digest)


def graded_notebook(project: Project, lesson: str, student: str) -> Path:
    """Where nbgrader, Formgrader and `course grade` keep a student's graded notebook."""
    return project.classroom / "autograded" / student / lesson / f"{lesson}.ipynb"


def _state(project, lesson, writer, student, name, record, digest) -> State:
    if record and record["refused"]:
        return State(student, name, without=AGAIN if digest and digest != record["sha256"] else REFUSED,
                     refused=record["refused"])
    if not graded_notebook(project, lesson, student).is_file():
        return State(student, name, without=NOT_GRADED if digest else NOTHING)
    try:
        now = writer.standing(student)
    except MissingEntry:   # the notebook of a gradebook that is gone
        return State(student, name, without=NOT_GRADED)
    again = record is not None and digest not in ("", record["sha256"])
    return State(student, name, now.score, now.of, now.waits, AGAIN if again else "")


def called(student: str, name: str) -> str:
    """How a line calls a student: by name and id where a roster has told the name."""
    return f"{name} ({student})" if name else student
