"""The bank of answers: `tests/bank/NN_name.py`, right and wrong cells for each exercise, in sections.

    # %% pluck right: by indexing
    # %% pluck wrong last_row_for_negative 2: take          (the slip that must be named, the points it deserves)
    # %% pluck wrong late: hard-codes the shown cases       (may pass the visible check)
"""
import re
from dataclasses import dataclass
from pathlib import Path

from .problem import Problem
from .project import Project

HEADER = re.compile(r"# %% (?P<exercise>\w+) (?P<kind>right|wrong)(?P<words>( \w+)*): (?P<title>.+)$")


@dataclass(frozen=True)
class Answer:
    """One answer's cell.

    slip : the misconception whose hint it must get, or None
    points : what it deserves, None for full points
    late : whether it may pass the visible check
    """
    exercise: str
    right: bool
    title: str
    source: str
    slip: str | None = None
    points: int | None = None
    late: bool = False


def read_bank(project: Project, lesson: str) -> list[Answer]:
    """All answers of a lesson's bank.

    raises : Problem if there is none, or for a section header that can't be read
    """
    path = project.root / "tests" / "bank" / f"{lesson.replace('-', '_')}.py"
    if not path.is_file():
        raise Problem(f"{lesson}: no bank of answers at {path.relative_to(project.root)}")
    return list(_sections(path))


def _sections(path: Path):
    parts = re.split(r"(?m)^(?=# %%)", path.read_text(encoding="utf-8"))[1:]
    for part in parts:
        header, _, source = part.partition("\n")
        match = HEADER.match(header)
        if not match:
            raise Problem(f"{path.name}: not a section header: {header}")
        words = match["words"].split()
        points = next((int(word) for word in words if word.isdigit()), None)
        slip = next((word for word in words if not word.isdigit() and word != "late"), None)
        right = match["kind"] == "right"
        yield Answer(match["exercise"], right, match["title"], source.strip() + "\n", slip,
                     None if right else points or 0, "late" in words)
