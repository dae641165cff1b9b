"""nbgrader's export, by `grader_config.py`: it doesn't mix grades that were given by different checks."""
from nbgrader.plugins import CsvExportPlugin
from traitlets import Bool

from ..problem import Problem
from ..project import Project
from .given import refuse_mixed


class Export(CsvExportPlugin):
    """Exports as nbgrader does, to a CSV file."""

    as_graded = Bool(False, help="export scores by checks that have changed since too").tag(config=True)

    def export(self, gradebook):
        project = Project.find()
        names = [assignment.name for assignment in gradebook.assignments]
        try:
            for name in set(names) & set(project.lesson_names()) & set(self.assignment or names):
                if not self.as_graded and (project.solutions / f"{name}.py").is_file():
                    refuse_mixed(project, name, "nbgrader export --Export.as_graded=True")
        except Problem as problem:
            raise SystemExit(f"nbgrader export: {problem}") from None
        super().export(gradebook)
