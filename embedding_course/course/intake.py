"""nbgrader's intake of a submission: read whatever it is, then rebuilt on the release by `graft`."""
import datetime
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor

from .graft import graft
from .project import Project
from .reading import read_notebook


class Submission(NotebookExporter):
    """Reads notebooks leniently; otherwise nbconvert's own exporter."""

    def from_filename(self, filename, resources=None, **kw):
        path = Path(filename)
        resources = {} if resources is None else resources
        modified = datetime.datetime.fromtimestamp(path.stat().st_mtime, tz=datetime.UTC)
        resources["metadata"] = {"name": path.stem, "path": str(path.parent),
                                 "modified_date": modified.strftime("%B %d, %Y")}
        return self.from_notebook_node(read_notebook(path), resources, **kw)


class Intake(NbGraderPreprocessor):
    """First step of autograding: the release's skeleton, the student's answers, and a word on what was mended."""

    def preprocess(self, nb, resources):
        project = Project.find(Path(resources["metadata"]["path"]))
        released = project.release / resources["nbgrader"]["assignment"] / f"{resources['nbgrader']['notebook']}.ipynb"
        if not released.is_file():
            return nb, resources
        rebuilt, notes, _ = graft(read_notebook(released), nb)
        if notes:
            text = "**On receiving this notebook, these things were put right:**\n" + "".join(f"\n- {n}" for n in notes)
            rebuilt.cells.insert(0, new_markdown_cell(text, id="intake"))
        return rebuilt, resources
