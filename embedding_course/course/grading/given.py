"""What grades are given by: a mark of each exercise, so that a grade given by other checks is told from the rest.

Marks take the reference's run. They are kept in `classroom/outcomes/LESSON/.checks` until a source changes.
"""
import hashlib
import json

from ..expected import Full, full_exercises
from ..lesson import read_lesson
from ..marks import mark_of
from ..problem import Problem
from ..project import Project, files_in
from .records import Records


def current(project: Project, name: str) -> dict[str, str]:
    """The mark of each exercise of a lesson, with the class's fresh cases."""
    known = _kept(project, name)
    return known if known is not None else keep(
        project, name, full_exercises(read_lesson(project.solutions / f"{name}.py"), project.seed()))


def keep(project: Project, name: str, exercises: dict[str, Full]) -> dict[str, str]:
    """Keeps the marks of exercises that were made for the class; those of unchanged sources stay as they are."""
    known = _kept(project, name)
    if known is None:
        known = {one: mark_of(full.exercise) for one, full in exercises.items()}
        path = _path(project, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"source": source(project, name), "marks": known}), encoding="utf-8")
    return known


def known_mistakes(project: Project, name: str) -> dict[str, dict]:
    """The exercises of a lesson's release, with the known misconceptions of each in sentences under "slips"."""
    path = project.release / name / "checks.json"
    return json.loads(path.read_text(encoding="utf-8"))["exercises"] if path.is_file() else {}


def stale(records: list[dict], marks: dict[str, str]) -> tuple[list[str], list[str]]:
    """Students whose grade was given by other checks than these, and those exercises, with what came and went since."""
    changed = {record["student"]: {one for one in {**record.get("checks", {}), **marks}
                                   if record.get("checks", {}).get(one) != marks.get(one)}
               for record in records if not record["refused"]}
    return [student for student, exercises in changed.items() if exercises], sorted(set().union(*changed.values()))


def refuse_mixed(project: Project, name: str, told: str):
    """Says which grades are of other checks than now.

    told : how the command takes them all the same
    raises : Problem if there are any
    """
    known = Records(project.classroom, name)
    records = known.all() + known.by_stock()
    students, exercises = stale(records, current(project, name)) if records else ([], [])
    if students:
        raise Problem(f"{name}: {len(students)} of {len(records)} were graded before the checks changed "
                      f"({', '.join(exercises)}): `course grade {name} --regrade`; or take them all the same: `{told}`")


def _kept(project, name):
    try:
        known = json.loads(_path(project, name).read_text(encoding="utf-8"))
        return known["marks"] if known["source"] == source(project, name) else None
    except (OSError, ValueError, KeyError):
        return None


def _path(project, name):
    return project.classroom / "outcomes" / name / ".checks"


def source(project: Project, name: str) -> str:
    """A hash of all that a lesson's exercises are made from."""
    lesson = read_lesson(project.solutions / f"{name}.py")
    beside = [lesson.beside / file for file in files_in(lesson.beside)]
    files = [lesson.path.parent / "checks" / f"{name.replace('-', '_')}.py", *beside]
    parts = [project.seed(), [cell.source for cell in lesson.solution_cells()], [path.read_bytes() for path in files]]
    return hashlib.sha256(repr(parts).encode()).hexdigest()
