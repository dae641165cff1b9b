"""Runs the released lessons, as many at once as there are cores, and keeps what was run if asked to."""
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError

from ..execute import execute
from ..problem import Problem
from ..project import Project
from ..reading import read_notebook


def executed(project: Project, names: list[str], kept: Path | None):
    """The lessons as notebooks with outputs, in order.

    kept : a folder with lessons that were run before; what it lacks, or has of another release, is run and put there
    raises : Problem where a cell fails that is not a check
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda name: _kept(project, name, kept) or _run(project, name, kept), names))


def _kept(project, name, kept):
    path = kept and kept / f"{name}.ipynb"
    if not path or not path.is_file():
        return None
    old = nbformat.read(path, as_version=4)
    release = read_notebook(project.released(name)).metadata["embedding_course"]["release"]
    return old if old.metadata.get("embedding_course", {}).get("release") == release else None


def _run(project, name, kept):
    notebook = read_notebook(project.released(name))
    try:
        execute(notebook, project.release / name)
    except CellExecutionError as error:
        raise Problem(f"{name}: no site, since a cell fails that is no check: {error.ename}: {error.evalue}") from error
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, kept / f"{name}.ipynb")
    return notebook
