"""`course check LESSON`: a learner's notebook judged on shown and fresh cases, by the grader's own engine."""
import secrets

from .at_home import transport
from .expected import Full, full_exercises
from .grading.choosing import beside, released_files
from .grading.engine import judged
from .grading.folders import files_of
from .grading.limits import limits_for
from .graft import graft
from .lesson import read_lesson
from .problem import Problem
from .project import Project
from .reading import read_notebook

SECONDS = 30   # for a cell, and for an answer


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
    notebook, mended, _ = graft(read_notebook(project.released(name)), read_notebook(copy))
    told = {one: Full(full.exercise, len(full.exercise["cases"]))   # nothing is kept from a learner alone
            for one, full in full_exercises(read_lesson(source), seed).items()}
    files, left_out = files_of(copy.parent, copy.name)
    lies_there = beside(files, copy.name) | released_files(project.release / name)
    done = judged(notebook, told, lies_there, limits_for(SECONDS), transport(project))
    report = [f"{name}, fresh cases from seed {seed}", *(f"  {note}" for note in [*left_out, *mended]),
              *(f"  cell {note}" for note in done.notes), *(f"  {line}" for line in done.unwatched)]
    return ([*report, *(line for scored in done.scored.values() for line in scored.report)],
            all(scored.state == "right" for scored in done.scored.values()))
