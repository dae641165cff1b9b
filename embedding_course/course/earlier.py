"""Finds what a learner wrote for a lesson before it had its name: lessons get other numbers, exercises another lesson.

Looked through are all notebooks under `work/`, those set aside included. Nothing of them is changed.
"""
import json
import shutil
from pathlib import Path

from .graft import answers_in, graft
from .matching import Release
from .problem import Problem
from .project import Project
from .reading import read_notebook

MARKS = ".progress"   # of checks that have passed


def with_earlier_work(project: Project, name: str, notebook=None) -> tuple:
    """A lesson's notebook with the answers that stand in copies of other lessons, by the exercise's name.

    notebook : the learner's work laid on the release; None where they have no copy yet: then a copy of the lesson under its
        old number is laid on it, own cells, guesses and all
    returns : the notebook, and a line for each file from which something came
    """
    released = read_notebook(project.released(name))
    others, said = _others(project, name), []
    if notebook is None:
        notebook, same = released, [path for path in others if path.parent.name[3:] == name[3:] and _is_copy(path)]
        for path in same[:1]:
            notebook = graft(released, others[path]).notebook
            said.append(f"{name}: begun from your {path.relative_to(project.work)}, which stays as it is")
    release, mine = Release(released), answers_in(released, notebook)
    wanted = [slot for slot in release.slots if release.name(slot) and slot not in mine]
    for path, other in others.items():
        homeless = set(wanted) - _slots(project, path.parent.name)
        found = {slot: text for slot, text in answers_in(released, other).items() if slot in homeless} if homeless else {}
        for cell in notebook.cells:
            if cell.get("id") in found:
                cell.source = found[cell.id]
                wanted.remove(cell.id)
        said += [f"{name}: your {' and '.join(found)} came from {path.relative_to(project.work)}"] if found else []
    _bring_marks(project, name)
    return notebook, said


def _others(project, name):
    """The learner's other notebooks, the latest first: {path: notebook}."""
    paths = [path for path in project.work.glob("[0-9][0-9]-*/*.ipynb")
             if path.parent.name != name and not path.stem.endswith("-solution")]
    found = {}
    for path in sorted(paths, key=lambda path: path.stat().st_mtime, reverse=True):
        try:
            found[path] = read_notebook(path)
        except Problem:
            continue   # JupyterLab will say what is wrong with it
    return found


def _is_copy(path: Path) -> bool:
    return path.stem == path.parent.name


def _slots(project, name) -> set[str]:
    """What a learner fills in a lesson of that name, if there is one now."""
    path = project.released(name)
    return set(Release(read_notebook(path)).slots) if path.is_file() else set()


def _bring_marks(project, name):
    """Marks of the lesson's exercises that were made under another lesson's name."""
    checks = project.release / name / "checks.json"
    for exercise in json.loads(checks.read_text(encoding="utf-8"))["exercises"] if checks.is_file() else []:
        mark = project.work / MARKS / name / f"{exercise}.json"
        elsewhere = sorted((project.work / MARKS).glob(f"*/{exercise}.json"))
        if elsewhere and not mark.exists():
            mark.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(elsewhere[0], mark)
