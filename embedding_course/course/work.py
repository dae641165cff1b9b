"""A learner's own copies under `work/`. Holy: we add to them, and keep what we replace."""
import platform
import shutil
import sys
from datetime import datetime
from pathlib import Path

import nbformat

from ..concepts import FOLDER
from .graft import graft
from .marks import changed_since
from .problem import Problem
from .project import Project
from .reading import read_notebook


def copy_lessons(project: Project) -> list[str]:
    """Copies each released lesson, and the concept test, where they aren't there yet.

    returns : a line for each copy that is older than its release
    """
    notices = []
    for path in sorted((project.release / FOLDER).glob("*.ipynb")):
        if not (project.work / FOLDER / path.name).is_file():
            write_copy(read_notebook(path), project.work / FOLDER / path.name)
    for name in sorted(path.name for path in project.release.glob("[0-9][0-9]-*") if path.is_dir()):
        copy = project.copy(name)
        if not copy.is_file():
            _put_lesson(project, name, read_notebook(project.released(name)))
        elif is_older(project, name):
            notices.append(f"{name}: your copy was made from an older release; `course update {name}` lays your answers "
                           "on the new one")
    return notices


def is_older(project: Project, name: str) -> bool:
    """Whether a learner's copy came from another release than the one that is there now."""
    try:
        theirs = read_notebook(project.copy(name)).metadata.get("embedding_course", {})
    except Problem:
        return False   # nothing that we could update; JupyterLab will say what is wrong with it
    ours = read_notebook(project.released(name)).metadata.get("embedding_course", {})
    return theirs.get("release") != ours.get("release")


def update(project: Project, name: str) -> list[str]:
    """Lays the learner's answers and own cells on the newest release; returns lines that say what happened.

    raises : Problem if there is no copy, or if it is no notebook; then nothing is changed
    """
    copy = project.copy(name)
    if not copy.is_file():
        raise Problem(f"no copy of {name} in {project.work}; `course lab` makes one")
    theirs = read_notebook(copy)
    if not is_older(project, name):
        return [f"{name}: your copy is up to date"]
    released = read_notebook(project.released(name))
    notebook, notes, flags = graft(released, theirs)
    changed = ", ".join(changed_since(released, theirs)) or "no exercise"
    kept = _kept_beside(copy)
    notes += _put_lesson(project, name, notebook)
    said = "read what was decided about your answers" if flags else "your answers are in it"
    return [f"{name}: updated; {said}, your old notebook is {kept.name} beside it",
            f"  changed since your copy was made: {changed}", *(f"  {note}" for note in notes)]


def add_solution(project: Project, name: str) -> Path:
    """Puts the solved lesson beside the learner's own, once.

    raises : Problem where this project has no solutions
    """
    from .lesson import read_lesson
    from .notebook import instructor_notebook
    source = project.solutions / f"{name}.py"
    if not source.is_file():
        raise Problem(f"{name}: this project holds no solutions")
    path = project.work / name / f"{name}-solution.ipynb"
    if not path.is_file():
        lesson = read_lesson(source)
        write_copy(instructor_notebook(lesson, {}), path)
    return path


def write_copy(notebook, copy):
    """Writes a copy as this machine's kernel would, so that opening it doesn't mark it as changed."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    notebook.metadata["language_info"] = {
        "codemirror_mode": {"name": "ipython", "version": sys.version_info.major}, "file_extension": ".py",
        "mimetype": "text/x-python", "name": "python", "nbconvert_exporter": "python", "pygments_lexer": "ipython3",
        "version": platform.python_version()}
    part = copy.with_suffix(".part")
    nbformat.write(notebook, part)
    part.replace(copy)


def _put_lesson(project, name, notebook) -> list[str]:
    """Writes a lesson's copy, and what is released beside it; returns a line for each file that it put aside."""
    write_copy(notebook, project.copy(name))
    said = []
    for file, path in project.beside(name).items():
        place = project.copy(name).parent / file
        if place.is_file() and path.name != "checks.json" and place.read_bytes() != path.read_bytes():
            said.append(f"{path.name}: it is the new release's; the one that was there is {_kept_beside(place).name}")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)   # without its rights: nobody may write to what lies in an exchange
    return said


def _kept_beside(path: Path) -> Path:
    """A copy of a file, with the time in its name."""
    kept = _free(path.with_name(f"{path.stem}-before-{datetime.now():%Y-%m-%d-%H%M}{path.suffix}"))
    shutil.copy2(path, kept)
    return kept


def _free(path: Path) -> Path:
    """The path itself, or with a number if something of that name is there already."""
    candidates = [path, *(path.with_name(f"{path.stem}-{i}{path.suffix}") for i in range(2, 1000))]
    return next(candidate for candidate in candidates if not candidate.exists())
