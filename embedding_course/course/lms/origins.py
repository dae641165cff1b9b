"""Under which names a system packed each student's work: it takes feedback back under these names alone.

`course unpack` remembers them in `classroom/unpacked/LESSON.json`; what is known of them stands here, and nowhere else.
"""
import json
import re
from pathlib import Path

from ...places import write
from ..problem import Problem
from ..project import Project
from .archives import Attempt, packed_name
from .names import why_no_file

# Moodle reads the number between the first two underscores and the plug-in behind it. Before 4.1 a folder's name ended
# with "_"; without folders the same stands before a file's name.
MOODLE = re.compile(r"(?P<before>[^/_]+)(?P<rest>_[0-9]+_assignsubmission_[a-z]+)(?P<end>_?)(?P<file>.*)", re.DOTALL)
SYSTEMS = {"moodle": "Moodle", "canvas": "Canvas", "canvas-anonymous": "Canvas"}


def remember(project: Project, lesson: str, attempts: list[Attempt]):
    """Keeps the names of what was unpacked; those of earlier archives stay."""
    path = _path(project, lesson)
    known = recall(project, lesson)
    for attempt in attempts:
        known.pop(attempt.student, None)   # what came otherwise now is known by its old name no more
        if origin := _origin(attempt, lesson):
            known[attempt.student] = origin
    if known or path.is_file():
        write(path, json.dumps(known, ensure_ascii=False, indent=1))


def recall(project: Project, lesson: str) -> dict[str, dict[str, str]]:
    """By student {"system", "name"}: in Moodle's archives what stands before a file's name, in Canvas's the notebook's.

    raises : Problem where somebody has edited the file
    """
    path = _path(project, lesson)
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except ValueError as error:
        raise Problem(f"{path}: can't be read ({error}); delete it, and `course unpack {lesson} FILE.zip` writes it "
                      "anew") from error


def _path(project: Project, lesson: str) -> Path:
    return project.classroom / "unpacked" / f"{lesson}.json"


def _origin(attempt: Attempt, lesson: str) -> dict[str, str] | None:
    """Where a student's notebook stood in the archive; None where its system takes nothing back."""
    notebooks = sorted((name for name in attempt.files if name.lower().endswith(".ipynb")),
                       key=lambda name: (not name.endswith(f"{lesson}.ipynb"), name.count("/"), name))
    if attempt.system not in SYSTEMS or not notebooks:
        return None
    parts = packed_name(attempt.files[notebooks[0]]).split("/")
    name = parts[-1] if attempt.system != "moodle" else next(
        (_moodle(found, part != parts[-1]) for part in parts if (found := MOODLE.fullmatch(part))), "")
    return {"system": attempt.system, "name": name} if name and not why_no_file(name.removesuffix("/")) else None


def _moodle(found: re.Match, is_folder: bool) -> str:
    before = found["before"] if not why_no_file(found["before"]) else "Participant"   # the number alone counts
    return f"{before}{found['rest']}{found['end']}{found['file']}/" if is_folder else f"{before}{found['rest']}_"
