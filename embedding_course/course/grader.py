"""Grading under stock nbgrader (`nbgrader autograde`, Formgrader's button): the same sandbox and judge, one at a time."""
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from nbgrader.preprocessors import Execute, NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import is_solution
from traitlets import Bool, Enum, Float

from .grading import given
from .grading.classroom import data_of, prepare, submission, with_own_cases
from .grading.clerk import Ended
from .grading.folders import find
from .grading.limits import Limits, limits_for
from .grading.records import Records
from .grading.times import zone_of
from .grading.unit import fork_server, judge
from .nbgrader_api import configuration
from .problem import Problem
from .project import Project, asserts_only


class JudgeOutside(NbGraderPreprocessor):
    """Runs a submission in the sandbox, judges its answers here, and writes each score into the notebook."""

    timeout = Float(Limits.cell, help="seconds that a cell may take").tag(config=True)
    sandbox = Bool(True, help="without one, strangers' code runs as you; the judge stays outside").tag(config=True)

    asserts = Bool(False, help="run assignments that are no lessons as stock nbgrader does: their asserts in the student's "
                   "process, which can change them, and without a sandbox").tag(config=True)
    fresh = Enum(("class", "student", "submission"), "class", help="who shares fresh cases: everybody, or a student's "
                 "attempts, or nobody; the latter two take a second or two more for each submission").tag(config=True)

    def preprocess(self, nb, resources):
        project, name = Project.find(Path(resources["metadata"]["path"])), resources["nbgrader"]["assignment"]
        if not (project.solutions / f"{name}.py").is_file():
            if self.asserts:
                return Execute(parent=self.parent).preprocess(nb, resources)
            raise asserts_only(name)
        with ThreadPoolExecutor(1) as pool:   # both begin by importing torch, so side by side
            prepared = pool.submit(_lesson, project, name, self.timeout, self.sandbox, given.source(project, name))
            fork_server(data_of(project), limits_for(self.timeout), self.sandbox)
            lesson = prepared.result()
        student = resources["nbgrader"]["student"]
        found = find(project.classroom / "submitted", student, name, zone_of(configuration(project)))
        if found.refused:   # as `course grade` does
            raise Problem(f"{student}: {found.refused}")
        lesson = with_own_cases(project, lesson, found, self.fresh)
        try:
            return judge(lesson, submission(found), nb), resources
        except Ended as ended:
            raise Problem(f"{student}: {name}.ipynb: {ended}") from ended


class SaveScores(SaveAutoGrades):
    """nbgrader's own step, but work that a person has done stays done where nothing changed."""

    def preprocess(self, nb, resources):
        project = Project.find(Path(resources["metadata"]["path"]))
        records, student = Records(project.classroom, resources["nbgrader"]["assignment"]), resources["nbgrader"]["student"]
        self.seen, self.written = records.before(student).get("written", {}), {}
        nb, resources = super().preprocess(nb, resources)
        lesson = (project.solutions / f"{records.lesson}.py").is_file()
        records.saw(student, self.written, given.current(project, records.lesson) if lesson else {})
        return nb, resources

    def _add_score(self, cell, resources):
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        before, settled = grade.auto_score, grade.manual_score is not None and not grade.needs_manual_grade
        super()._add_score(cell, resources)
        if is_solution(cell):   # words or code that a person grades: another text is another thing to read
            self.written[name] = None if grade.auto_score == 0 else cell.source
            settled = settled and self.seen.get(name) == self.written[name]
        if settled and before == grade.auto_score:
            grade.needs_manual_grade = False
            self.gradebook.db.commit()


@lru_cache(maxsize=4)
def _lesson(project: Project, name: str, timeout: float, sandbox: bool, source: str):
    """Prepared once; again where its source has changed since: Formgrader's server stays for days."""
    return prepare(project, name, limits_for(timeout), sandbox)
