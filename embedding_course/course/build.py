"""`course build`: each lesson's source becomes the instructor's notebook, the release and `checks.json`.

It works in a scratch course with a gradebook of its own and replaces files only when all went well.
"""
import json
import math
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import nbformat

from ..places import MARK
from . import concept_test
from .expected import shown_exercises
from .grading.folders import OURS
from .lesson import Lesson, read_lesson
from .lint import lint, lint_release
from .nbgrader_api import class_gradebook, run_converter
from .notebook import instructor_notebook
from .problem import Problem
from .project import Project, files_in
from .questions import index_faults, write_page
from .reading import read_notebook


def build(project: Project, names: list[str]) -> list[str]:
    """Builds lessons and the question index; returns the names of the lessons whose release changed, and the page's.

    raises : Problem with every fault that the lint found; then nothing is replaced
    """
    changed = []
    with built(project, names) as scratch:
        for name in names:
            _refuse_work(project, name)
            if not _same(scratch / "notebooks" / name, project.release / name):
                changed.append(name)
                _replace(scratch / "notebooks" / name, project.release / name)
            _replace(scratch / "classroom" / "source" / name, project.classroom / "source" / name)
            _register(project, name)
        changed += write_page(project) + concept_test.write_test(project)
    return changed


def register(project: Project, name: str) -> bool:
    """Makes a lesson known to the gradebook where it isn't yet: a fresh clone has a release and no gradebook.

    returns : whether it had to be done
    """
    with class_gradebook(project) as gradebook:
        known = name in [assignment.name for assignment in gradebook.assignments]
    if not known:
        with built(project, [name]) as scratch:
            _replace(scratch / "classroom" / "source" / name, project.classroom / "source" / name)
            _register(project, name)
    return not known


def stale(project: Project, names: list[str]) -> list[str]:
    """Names of lessons whose committed release differs from what their source gives. Writes nothing."""
    with built(project, names) as scratch:
        return [name for name in names if not _same(scratch / "notebooks" / name, project.release / name)]


@contextmanager
def built(project: Project, names: list[str]):
    """A scratch course in which the lessons are built; it is gone afterwards."""
    import torch  # here: whoever grades imports this module too, and does without torch's seconds
    torch.set_num_threads(1)
    lessons = [read_lesson(project.solutions / f"{name}.py") for name in names]
    faults = [fault for lesson in lessons for fault in lint(lesson)] + index_faults(project) + concept_test.faults(project)
    if faults:
        raise Problem("the build stops:\n" + "\n".join(faults))
    with tempfile.TemporaryDirectory(prefix="course-build-") as folder:
        scratch = Path(folder).resolve()
        shutil.copy(project.root / MARK, scratch)
        for lesson in lessons:
            mistakes = _write_source(scratch / "classroom" / "source" / lesson.name, lesson)
            if mistakes:
                faults += mistakes
                continue
            run_converter(Project(scratch), "generate_assignment", lesson.name)
            released = scratch / "notebooks" / lesson.name / f"{lesson.name}.ipynb"
            faults += lint_release(lesson, read_notebook(released))
        if faults:
            raise Problem("the build stops:\n" + "\n".join(faults))
        yield scratch


def _write_source(folder: Path, lesson: Lesson) -> list[str]:
    """Writes the instructor's notebook, what stands beside it and `checks.json`; returns the mistakes of their author."""
    if lesson.beside.is_dir():
        _refuse_names(lesson)
        shutil.copytree(lesson.beside, folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    folder.mkdir(parents=True, exist_ok=True)
    totals = {name: exercise.total() for name, exercise in lesson.exercises().items()}
    nbformat.write(instructor_notebook(lesson, totals), folder / f"{lesson.name}.ipynb")
    checks, mistakes = shown_exercises(lesson)
    (folder / "checks.json").write_text(_readable(checks), encoding="utf-8")
    return mistakes


def _refuse_names(lesson):
    """What is released beside a notebook takes none of the names that grading needs."""
    for path in lesson.beside.iterdir():
        if path.name in OURS or path.suffix == ".ipynb":
            raise Problem(f"solutions/data/{lesson.name}/{path.name}: rename it; beside a lesson that name means something "
                          "else")


def _readable(checks: dict) -> str:
    """JSON with one case a line, so that a diff shows which case changed."""
    blocks = []
    for name, exercise in checks["exercises"].items():
        fields = [f'   {json.dumps(key)}: {json.dumps(value)}' for key, value in exercise.items() if key != "cases"]
        cases = ",\n".join(f"    {json.dumps(case, ensure_ascii=False)}" for case in exercise["cases"])
        blocks.append(f'  {json.dumps(name)}: {{\n' + ",\n".join([*fields, f'   "cases": [\n{cases}\n   ]']) + "\n  }")
    return f'{{\n "lesson": {json.dumps(checks["lesson"])},\n "exercises": {{\n' + ",\n".join(blocks) + "\n }\n}\n"


def _same(a: Path, b: Path) -> bool:
    """Whether two folders hold the same files with the same bytes, last digits in `checks.json` aside."""
    files = {*files_in(a), *files_in(b)}
    return bool(files) and all((a / f).is_file() and (b / f).is_file() and _same_file(a / f, b / f) for f in files)


def _same_file(a: Path, b: Path) -> bool:
    if a.read_bytes() == b.read_bytes():
        return True
    return a.name == "checks.json" and _alike(*(json.loads(path.read_text(encoding="utf-8")) for path in (a, b)))


def _alike(a, b) -> bool:
    """Whether two values from JSON are the same but for last digits of floats: those differ from CPU to CPU."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-6)
    if isinstance(a, dict):
        return list(a) == list(b) and _alike(list(a.values()), list(b.values()))
    if isinstance(a, list):
        return len(a) == len(b) and all(map(_alike, a, b))
    return a == b


def _replace(new: Path, old: Path):
    shutil.rmtree(old, ignore_errors=True)
    shutil.copytree(new, old)


def _refuse_work(project, name):
    """Nobody works in notebooks/; where somebody did, the build must not take it away."""
    path = project.released(name)
    if not path.is_file():
        return
    notebook = json.loads(path.read_text(encoding="utf-8"))
    if any(cell.get("outputs") for cell in notebook["cells"]):
        raise Problem(f"{path}: somebody has worked in the release (it holds outputs). Move it to "
                      f"{project.copy(name)}, then build again")


def _register(project, name):
    """Makes the lesson known to the class's gradebook, through nbgrader, with a release of its own in scratch."""
    with tempfile.TemporaryDirectory(prefix="course-register-") as folder:
        run_converter(project, "generate_assignment", name, release_directory=str(Path(folder) / "release"))
