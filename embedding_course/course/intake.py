"""nbgrader's intake of a submission: read whatever it is, and rebuilt on the release, by a clerk."""
import datetime
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter

from .grading.clerk import Ended, Room, clerk
from .grading.judging import rebuild
from .problem import Problem
from .project import Project
from .reading import read_notebook

ROOM = Room(processor=20, clock=300)


class Submission(NotebookExporter):
    """nbconvert's own exporter, but for what comes in: the release's skeleton with the student's answers."""

    def from_filename(self, filename, resources=None, **kw):
        path = Path(filename)
        resources = {} if resources is None else resources
        modified = datetime.datetime.fromtimestamp(path.stat().st_mtime, tz=datetime.UTC)
        resources["metadata"] = {"name": path.stem, "path": str(path.parent),
                                 "modified_date": modified.strftime("%B %d, %Y")}
        return self.from_notebook_node(_read(path, resources.get("nbgrader", {})), resources, **kw)


def _read(path: Path, names: dict):
    """A submission rebuilt on its release; what no lesson of this project is comes as it is.

    raises : Problem, naming the file
    """
    project = Project.find(path.parent)
    assignment = names.get("assignment", "")
    released = project.release / assignment / f"{names.get('notebook', path.stem)}.ipynb"
    if not released.is_file() or not (project.solutions / f"{assignment}.py").is_file():
        return read_notebook(path)   # of hidden asserts, which nbgrader has put back, a release knows nothing
    try:
        rebuilt = clerk().ask(rebuild, nbformat.writes(read_notebook(released)), path.read_bytes(), path.name, room=ROOM)
    except Ended as ended:
        raise Problem(f"{path.name}: {ended}") from ended
    return nbformat.reads(rebuilt, as_version=4)
