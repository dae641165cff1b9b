"""`course check LESSON`: a learner's notebook judged on shown and fresh cases, as a grader would."""
import secrets

from ..checking.report import assess, wrapped
from ..checking.unseen import unseen
from .answers import Run, ask, play
from .child import in_child
from .expected import full_exercises
from .graft import graft
from .lesson import Lesson, read_lesson
from .problem import Problem
from .project import Project
from .reading import read_notebook

SECONDS = 120


def check_work(project: Project, name: str, seed: int | None = None) -> tuple[list[str], bool]:
    """The report on a learner's copy, and whether every exercise is right.

    seed : of the fresh cases; a new one each time unless given
    raises : Problem if there is no copy, or no solutions to check against
    """
    source, copy = project.solutions / f"{name}.py", project.copy(name)
    if not source.is_file():
        raise Problem(f"{name}: this project holds no solutions to check against; the check cells still answer")
    if not copy.is_file():
        raise Problem(f"no copy of {name} in {project.work}; `course lab` makes one")
    seed = secrets.randbelow(10**6) if seed is None else seed
    lesson = read_lesson(source)
    exercises = full_exercises(lesson, seed)
    notebook = graft(read_notebook(project.released(name)), read_notebook(copy)).notebook
    try:
        answered = in_child(play, list(_steps(lesson, notebook, exercises)), timeout=SECONDS)
    except TimeoutError as error:
        raise Problem(f"{copy}: {error}; does a loop in it never end?") from error
    sources = {cell.get("id"): cell.source for cell in notebook.cells}
    report, right = [f"{name}, fresh cases from seed {seed}"], True
    for cell, did in zip(lesson.with_role("check"), answered, strict=True):
        full = exercises[cell.name]
        if did.get("missing"):
            report += [f"· {cell.name}: not defined. {did['why']}", *wrapped(*unseen(sources[cell.name]))]
            right = False
            continue
        result, said = assess(cell.name, full.exercise, did)
        report += said
        right = right and result is not None and result.right
    return report, right


def _steps(lesson: Lesson, notebook, exercises):
    """The import cell, the answers and the learner's own cells, with a question at each check cell."""
    lesson_cells = {f"cell-{i:02d}" for i, cell in enumerate(lesson.cells) if cell.role == ""}
    for cell in notebook.cells:
        identity = cell.get("id", "")
        if identity.startswith("check-") and identity.removeprefix("check-") in exercises:
            name = identity.removeprefix("check-")
            yield ask(name, exercises[name].exercise)
        elif cell.cell_type == "code" and identity not in lesson_cells:
            yield Run(cell.source, "notebook")
