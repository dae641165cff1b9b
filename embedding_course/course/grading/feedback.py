"""The page of feedback that a student reads, by `grader_config.py`: our template instead of nbgrader's."""
import copy
import os
from glob import glob
from pathlib import Path

import nbformat
from nbconvert.exporters import Exporter, HTMLExporter
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.preprocessors import GetGrades

from .clerk import Ended, Room, clerk
from .folders import SECRET
from .states import called
from .summary import summary

TEMPLATES = Path(__file__).parents[2] / "jupyter" / "templates"
ROOM = Room(processor=20, clock=300)   # a page takes a second


class Page(HTMLExporter):
    """Points and comments first, then the notebook; no script and nothing from elsewhere."""

    @property
    def default_config(self):
        config = super().default_config
        # This class's own section goes before HTMLExporter's, in which nbgrader names a template of its own.
        for section in (config.Page, config.FeedbackPage):
            section.template_name = "course_feedback"
            section.extra_template_basedirs = [str(TEMPLATES)]
        return config


class FeedbackPage(Page):
    """The same, written by a clerk: a notebook that takes too long to show costs the class nothing."""

    def from_notebook_node(self, nb, resources=None, **kw):
        nb, resources = self.graded(nb, resources, **kw)
        told = {"metadata": dict(resources["metadata"]), "nbgrader": dict(resources["nbgrader"])}
        filters = dict(self.config.HTMLExporter.filters)
        try:
            return clerk(__name__).ask(write_page, nbformat.writes(nb), told, filters, room=ROOM), resources
        except Ended as ended:
            return write_page(nbformat.writes(_marks(nb, ended)), told, filters), resources

    def graded(self, nb, resources=None, **kw):
        """A copy of the notebook with grades and comments in its cells' metadata: nbgrader's steps, with the gradebook."""
        return Exporter.from_notebook_node(self, nb, resources, **kw)


def write_page(notebook: str, resources: dict, filters: dict) -> str:
    """A graded notebook's page, as HTML.

    notebook : with nbgrader's grades and comments in its cells' metadata
    """
    page, read = Page(), nbformat.reads(notebook, as_version=4)
    for name, each in filters.items():
        page.register_filter(name, each)
    return page.from_notebook_node(read, {**copy.deepcopy(resources), "summary": summary(read)})[0]


def _marks(notebook, why):
    """A notebook's grades and comments without what its student wrote."""
    cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    for cell in cells:
        cell.source = ""
        if cell.cell_type == "code":
            cell.outputs = []
    notebook.cells = [new_markdown_cell(f"The notebook itself is not shown on this page: {why}."), *cells]
    return notebook


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Releases as nbgrader does; what no exchange has brought can't be fetched from one, and stops nobody else's.

    A student fetches feedback by the secret of what was handed in. One handed over by other means has none.
    """

    def copy_files(self):
        before, without = self.coursedir.student_id_exclude, []
        for page in sorted(map(Path, glob(f"{self.src_path}/*.html"))):
            if not (page.parent / SECRET).is_file():
                without.append(page.parent.parent.name)
                self.log.warning("%s: not handed in through the exchange, so give them %s yourself", without[-1],
                                 os.path.relpath(page, self.coursedir.root))
            elif not (page.parent / "timestamp.txt").is_file():
                (page.parent / "timestamp.txt").write_text("an unknown time")   # nbgrader only says it
        self.coursedir.student_id_exclude = ",".join([before, *without])
        try:
            super().copy_files()
        finally:
            self.coursedir.student_id_exclude = before


class Grades(GetGrades):
    """nbgrader's own step, and a word on what still waits for a person, and on whose page this is."""

    def preprocess(self, nb, resources):
        nb, resources = super().preprocess(nb, resources)
        told = resources["nbgrader"]
        with Gradebook(told["db_url"]) as gradebook:
            student = gradebook.find_student(told["student"])
            told["who"] = called(student.id, " ".join(filter(None, [student.first_name, student.last_name])))
        return nb, resources

    def _get_score(self, cell, resources):
        super()._get_score(cell, resources)
        grade = self.gradebook.find_grade(cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id,
                                          self.student_id)
        cell.metadata["nbgrader"]["waits"] = grade.needs_manual_grade
