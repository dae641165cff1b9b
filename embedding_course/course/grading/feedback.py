"""The page of feedback that a student reads, by `grader_config.py`: our template instead of nbgrader's."""
from pathlib import Path

from nbconvert.exporters import HTMLExporter
from nbgrader.preprocessors import GetGrades

TEMPLATES = Path(__file__).parents[2] / "jupyter" / "templates"


class FeedbackPage(HTMLExporter):
    """Points and comments first, then the notebook; no script and nothing from elsewhere."""

    @property
    def default_config(self):
        config = super().default_config
        # This class's own section goes before HTMLExporter's, in which nbgrader names a template of its own.
        config.FeedbackPage.template_name = "course_feedback"
        config.FeedbackPage.extra_template_basedirs = [str(TEMPLATES)]
        return config


class Grades(GetGrades):
    """nbgrader's own step, and a word on what still waits for a person."""

    def _get_score(self, cell, resources):
        super()._get_score(cell, resources)
        grade = self.gradebook.find_grade(cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id,
                                          self.student_id)
        cell.metadata["nbgrader"]["waits"] = grade.needs_manual_grade
