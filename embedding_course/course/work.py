"""A learner's own copies under `work/`. Holy: we add to them, and keep what we replace."""
import platform
import shutil
import sys
from datetime import datetime
from pathlib import Path

import nbformat

from ..concepts import FOLDER
from .earlier import with_earlier_work
from .graft import graft
from .marks import changed_since
from .matching import squeeze
from .problem import Problem
from .project import Project
from .reading import read_notebook


def copy_lessons(project: Project) -> list[str]:
    """Copies each released lesson, and the concept test, where they aren't there yet; with what the learner wrote for it
    when it had another name.

    returns : a line for each copy that is older than its release, and for each that holds earlier work
    """
    notices = []
    for path in sorted((project.release / FOLDER).glob("*.ipynb")):
        if not (project.work / FOLDER / path.name).is_file():
            write_copy(read_notebook(path), project.work / FOLDER / path.name)
    for name in sorted(path.name for path in project.release.glob("[0-9][0-9]-*") if path.is_dir()):
        copy = project.copy(name)
        if not copy.is_file():
            notebook, said = with_earlier_work(project, name)
            _put_lesson(project, name, notebook)
            notices += said
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
    """Lays the learner's answers and own cells on the newest release, and so mends a copy in disorder: cells that became
    Raw, are lost or stand elsewhere; returns lines that say what happened.

    raises : Problem if there is no copy, or if it is no notebook; then nothing is changed
    """
    copy, release = project.copy(name), read_notebook(project.released(name))
    if not copy.is_file():
        raise Problem(f"no copy of {name} in {project.work}; `course lab` makes one")
    try:
        theirs = read_notebook(copy)
    except Problem as problem:
        raise Problem(f"{problem}; `course reset {name}` gives you a fresh copy and keeps this file") from problem
    notebook, notes, flags = graft(release, theirs)
    notebook, came = with_earlier_work(project, name, notebook)
    older = is_older(project, name)
    if not older and _cells(notebook) == _cells(theirs):
        return [f"{name}: your copy is up to date and in order"]
    kept, notes = _kept_beside(copy), [*notes, *came]
    notes += _put_lesson(project, name, notebook)
    said = "read what was decided about your answers" if flags else "your answers are in it"
    found = [f"changed since your copy was made: {', '.join(changed_since(release, theirs)) or 'no exercise'}"] if older \
        else _disorder(release, theirs)
    lines = ["is it open in JupyterLab? Menu File, Reload Notebook from Disk", *found, *notes]
    return [f"{name}: {'updated' if older else 'mended'}; {said}, your old notebook is {kept.name} beside it",
            *(f"  {line}" for line in lines)]


def _cells(notebook):
    return [(cell.cell_type, squeeze(cell.source), cell.metadata.get("nbgrader", {}).get("grade_id"))
            for cell in notebook.cells]


def _disorder(release, theirs) -> list[str]:
    """How a copy of this release differs from it, by the cells' ids."""
    kinds = {cell.id: cell.cell_type for cell in release.cells}
    there = [cell for cell in theirs.cells if cell.id in kinds]
    lost = len(kinds.keys() - {cell.id for cell in there})
    other = sum(cell.cell_type != kinds[cell.id] for cell in there)
    order = [cell.id for cell in there]
    found = {f"{other} cells of the lesson had become of another kind, such as Raw": other,
             f"{lost} cells of the lesson were missing": lost,
             "cells of the lesson stood in another order": order != sorted(order, key=list(kinds).index)}
    return [f"{text}; they are as in the lesson again" for text, count in found.items() if count]


def reset(project: Project, name: str) -> str:
    """Puts a fresh copy in the place of the learner's, which stays beside it; returns a line that says so."""
    copy = project.copy(name)
    kept = f"; your old one is {_kept_beside(copy).name} beside it, your marks stay" if copy.exists() else ""
    _put_lesson(project, name, read_notebook(project.released(name)))
    return f"{name}: a fresh copy is in {copy.relative_to(project.root)}{kept}"


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
