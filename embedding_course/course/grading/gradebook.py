"""The one writer of the gradebook: a submission's grades in one transaction, a person's work left alone."""
from dataclasses import dataclass
from datetime import datetime

from nbgrader.api import Comment, Grade, Gradebook, MissingEntry, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties

from ..nbgrader_api import class_gradebook
from ..problem import Problem
from ..project import Project
from .model import Graded

NO_RESPONSE = "No response."


@dataclass(frozen=True)
class Standing:
    """Where a student stands after a grading: points in all, of how many, and what waits for a person."""
    score: float
    of: float
    waits: list[str]
    late: bool


class Writer:
    """Owns the gradebook while a class is graded.

    config : the project's; it names the database and the late penalty
    """

    def __init__(self, config, lesson: str):
        self.gradebook = Gradebook(config.CourseDirectory.db_url)
        self.lesson = lesson
        self.penalties = AssignLatePenalties(config=config)
        self.penalties.init_plugin()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.gradebook.close()

    def students(self) -> list[str]:
        """Everybody in the gradebook."""
        return [student.id for student in self.gradebook.students]

    def names(self) -> dict[str, str]:
        """Everybody in the gradebook, with the name that a roster has told; "" without one."""
        return {student.id: " ".join(filter(None, [student.first_name, student.last_name]))
                for student in self.gradebook.students}

    def write(self, graded: Graded, timestamp: datetime | None, same_texts: set[str]) -> Standing:
        """Writes one submission, all of it or nothing.

        same_texts : written answers whose text a person has seen already; what was given for them stays settled
        """
        session = self.gradebook.db
        try:
            submission = self._submission(graded.student)
            submission.timestamp = timestamp
            [notebook] = [n for n in submission.notebooks if n.name == self.lesson]
            for grade in notebook.grades:
                self._grade(grade, graded, same_texts)
            for comment in notebook.comments:
                empty = graded.written.get(comment.name, "") is None
                comment.auto_comment = NO_RESPONSE if empty else None
            session.flush()
            session.refresh(notebook)
            self._penalty(submission, notebook)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        return self.standing(graded.student)

    def standing(self, student: str) -> Standing:
        """What the gradebook says of a student now."""
        submission = self.gradebook.find_submission(self.lesson, student)
        waits = [grade.name for notebook in submission.notebooks for grade in notebook.grades if grade.needs_manual_grade]
        penalty = submission.late_submission_penalty or 0
        return Standing(max(0.0, submission.score - penalty), submission.max_score, waits,
                        submission.total_seconds_late > 0)

    def settled(self, student: str) -> dict[str, float]:
        """The points that a person has given, by grade id."""
        try:
            submission = self.gradebook.find_submission(self.lesson, student)
        except MissingEntry:
            return {}
        return {grade.name: grade.manual_score for notebook in submission.notebooks for grade in notebook.grades
                if grade.manual_score is not None}

    def _submission(self, name) -> SubmittedAssignment:
        """The student's submission in the gradebook; made with all its parts if it is not there."""
        session = self.gradebook.db
        assignment = self.gradebook.find_assignment(self.lesson)
        known = session.query(SubmittedAssignment).filter_by(assignment_id=assignment.id, student_id=name).one_or_none()
        if known is not None:
            return known
        with session.no_autoflush:
            student = session.get(Student, name) or Student(id=name)
            submission = SubmittedAssignment(assignment=assignment, student=student)
            session.add_all([student, submission])
            for notebook in assignment.notebooks:
                part = SubmittedNotebook(notebook=notebook, assignment=submission)
                session.add(part)
                session.add_all(Grade(cell_id=cell.id, notebook=part) for cell in notebook.grade_cells)
                session.add_all(Comment(cell_id=cell.id, notebook=part) for cell in notebook.solution_cells)
        session.flush()
        for part in submission.notebooks:
            session.refresh(part)
        return submission

    def _grade(self, grade, graded, same_texts):
        name = grade.name
        if name in graded.written:
            empty, judged = graded.written[name] is None, grade.manual_score is not None
            grade.auto_score = 0 if empty else None
            # What a person has judged stays judged while its text stays; an answer taken back has to be seen again.
            grade.needs_manual_grade = name not in same_texts if judged else not empty
        else:
            before, score = grade.auto_score, float(graded.exercises[name.removeprefix("check-")].score)
            grade.auto_score = score
            grade.needs_manual_grade = grade.manual_score is not None and before != score

    def _penalty(self, submission, notebook):
        """The project's late penalty, as nbgrader's plug-in has it; none where the submission is in time (again)."""
        notebook.late_submission_penalty = None
        if submission.total_seconds_late > 0:
            penalty = self.penalties.plugin_inst.late_submission_penalty(
                submission.student_id, notebook.score, submission.total_seconds_late)
            if penalty is not None:
                notebook.late_submission_penalty = min(max(0, penalty), notebook.score)


def extend(project: Project, lesson: str, student: str, days: float) -> datetime:
    """Records in the gradebook that a student has more time, and returns until when, in UTC without a zone.

    raises : Problem for a student that it doesn't know, and for a lesson that it doesn't know, or without a due date
    """
    with class_gradebook(project) as gradebook:
        try:
            assignment = gradebook.find_assignment(lesson)
            gradebook.find_student(student)
        except MissingEntry as error:
            raise Problem(f"{error}; `course build {lesson}` and `course roster TABLE.csv` add them") from error
        if assignment.duedate is None:
            raise Problem(f"{lesson}: it has no due date; give it one in Formgrader (Manage Assignments) first")
        gradebook.update_or_create_submission(lesson, student)   # it may come later
        gradebook.grant_extension(lesson, student, days=days)
        return gradebook.find_submission(lesson, student).duedate
