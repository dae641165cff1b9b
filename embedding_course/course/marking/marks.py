"""Points and comments of a person, in nbgrader's gradebook exactly as Formgrader writes them; with a way back."""
import hashlib
import hmac
import json
import math
from dataclasses import dataclass
from functools import partial

from nbgrader.api import MissingEntry

from ..grading.clerk import Ended, Room, clerk
from ..grading.gradebook import NO_RESPONSE, Writer
from ..grading.states import called, everybody, graded_notebook, state_of
from ..nbgrader_api import class_gradebook, configuration
from ..plain_text import harmless
from ..project import Project
from . import shown
from .questions import Question, questions

ROOM = Room(processor=10, clock=120)   # of one notebook's answers: a tenth of a second
MOST_COMMENT = 10_000                  # characters


class Refused(Exception):
    """A mark that can't be taken, in one line for the person who gave it."""


@dataclass(frozen=True)
class Step:
    """What one key changed, so that it can be taken back."""
    question: str
    key: str
    field: str
    before: tuple
    after: tuple


class Marks:
    """The written answers of a lesson, and the one writer of what a person gives for them.

    asked : its questions; answers are named by keys that say nothing of who wrote them
    """

    def __init__(self, project: Project, lesson: str):
        self.project, self.lesson = project, lesson
        self.asked: dict[str, Question] = {question.name: question for question in questions(project, lesson)}
        with class_gradebook(project):   # or it says what is wrong with it
            self._writer = Writer(configuration(project), lesson)   # kept open: a key takes a tenth of the time
        self._secret = str(project.seed()).encode()
        self._steps: list[Step] = []
        self._seen: dict[str, tuple] = {}     # by student: (when the file was written, its answers)

    def close(self):
        """Lets go of the gradebook."""
        self._writer.gradebook.close()

    def overview(self) -> list[dict]:
        """Each question with how many answers are marked: [{"name", "title", "points", "marked", "of"}]."""
        return [{"name": name, "title": question.title, "points": question.points,
                 "marked": sum(not one["waits"] for one in answers), "of": len(answers)}
                for name, question in self.asked.items()
                for answers in [self.answers(name)["answers"]]]

    def answers(self, question: str, anonymous: bool = False) -> dict:
        """All answers to a question, with what was given for them.

        anonymous : without a word on who wrote which, in an order that tells nothing and stays
        returns : {"answers": [{"key", "who", "html", "mark", "points", "comment", "waits", "changed"}], "empty": how many
            left it empty, "left_out": lines on whom there is nothing to mark of, and why}
        raises : Refused for a question that the lesson doesn't have
        """
        self._question(question)
        found, empty, left_out = [], 0, []
        for state in everybody(self.project, self.lesson, self._now()):
            who, why = called(state.student, state.name), state.without
            try:
                one = None if why else self._answer(question, state, anonymous)
            except (Ended, MissingEntry) as error:
                one, why = None, str(error)
            if why:
                left_out.append(f"{who}: {why}{f' ({state.refused})' if state.refused else ''}")
            elif one is None:
                empty += 1
            else:
                found.append(one)
        found.sort(key=lambda one: one["key"] if anonymous else one["who"].casefold())
        if anonymous and left_out:
            left_out = [f"{len(left_out)} without a graded notebook; who, is hidden"]
        return {"answers": found, "empty": empty, "left_out": [harmless(line, 300) for line in left_out]}

    def _answer(self, question, state, anonymous) -> dict | None:
        """One answer as the page shows it; None for one that was left empty and needs no person."""
        grade, comment = self._rows(question, state.student)
        if comment.auto_comment == NO_RESPONSE and not grade.needs_manual_grade and grade.manual_score is None:
            return None
        text = self._texts(state.student)[question]
        return {"key": self._key(question, state.student),
                "who": "" if anonymous else called(state.student, state.name), **text, **_given(grade, comment)}

    def give(self, question: str, key: str, mark: str, given: dict) -> dict:
        """Writes points, or a comment, at once: {"points": …} or {"comment": …}.

        mark : of the answer that the person has read
        returns : what the gradebook has now
        raises : Refused where that is no longer the answer, or the points aren't possible
        """
        points, most = given.get("points"), self._question(question).points
        if "points" in given and not (points is None or _is_number(points) and 0 <= points <= most):
            raise Refused(f"points go from 0 to {most:g}")
        comment = given.get("comment")
        if "comment" in given and not (isinstance(comment, str) and len(comment) <= MOST_COMMENT):
            raise Refused(f"a comment is a text of {MOST_COMMENT} characters at most")
        field = "points" if "points" in given else "comment"
        change = partial(_give_points, points=points) if field == "points" else partial(_give_comment, text=comment)
        return self._write(question, key, str(mark), field, change)

    def undo(self) -> dict:
        """Takes the last step back: {"question", "key", and what the gradebook has now}.

        raises : Refused where there is none, or somebody has changed the same since
        """
        if not self._steps:
            raise Refused("nothing to take back: nothing was changed since this page was opened")
        step = self._steps[-1]

        def change(grade, comment):
            if _held(grade, comment, step.field) != step.after:
                raise Refused("this was changed elsewhere since, in Formgrader perhaps; it stays as it is")
            _hold(grade, comment, step.field, step.before)

        try:
            given = self._write(step.question, step.key, None, step.field, change, keep=False)
        except Refused:
            self._steps.pop()
            raise
        self._steps.pop()
        return {"question": step.question, "key": step.key, **given}

    def _write(self, question, key, mark, field, change, keep=True) -> dict:
        session = self._now().gradebook.db
        student = self._student(question, key)
        try:
            grade, comment = self._rows(question, student)
            before = _held(grade, comment, field)
            change(grade, comment)
            # First the row, which locks the gradebook, then a look at the file: `course grade` writes the file first,
            # so one of us sees the other.
            session.flush()
            self._refuse_another(question, student, mark)
            after = _held(grade, comment, field)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        if keep and before != after:
            self._keep(Step(question, key, field, before, after))
        return _given(grade, comment)

    def _now(self) -> Writer:
        """The gradebook as it is now: what was read before is forgotten."""
        self._writer.gradebook.db.rollback()
        return self._writer

    def _keep(self, step: Step):
        """What is typed into one comment, letter by letter, is one step."""
        last = self._steps[-1] if self._steps else None
        if last and (last.question, last.key, last.field, step.field) == (step.question, step.key, "comment", "comment"):
            step = Step(step.question, step.key, step.field, self._steps.pop().before, step.after)
        self._steps.append(step)

    def _refuse_another(self, question, student, mark):
        """raises : Refused where a person would mark another answer than the one that they have read"""
        state = state_of(self.project, self.lesson, self._writer, student)
        if not state.graded:
            raise Refused(f"nothing was written: {state.without}; grade it first, then reload this page")
        if mark is not None and mark != self._texts(student)[question]["mark"]:
            raise Refused("nothing was written: another answer was handed in and graded since; reload this page to read it")

    def _rows(self, question, student):
        where, gradebook = (question, self.lesson, self.lesson, student), self._writer.gradebook
        return gradebook.find_grade(*where), gradebook.find_comment(*where)

    def _texts(self, student) -> dict[str, dict]:
        """A student's answers as they stand on disk; read once for each file that is written there."""
        path = graded_notebook(self.project, self.lesson, student)
        stat = path.stat()
        stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if self._seen.get(student, ("",))[0] != stamp:
            text = path.read_text(encoding="utf-8", errors="replace")
            found = clerk(shown.__name__).ask(shown.answers, text, list(self.asked), room=ROOM)
            missing = {"html": "<p>(this answer is not in the graded notebook)</p>", "mark": ""}
            self._seen[student] = (stamp, {name: found.get(name, missing) for name in self.asked})
        return self._seen[student][1]

    def _question(self, name) -> Question:
        if name not in self.asked:
            raise Refused(f"{self.lesson} has no written question {harmless(str(name))}")
        return self.asked[name]

    def _key(self, question, student) -> str:
        text = json.dumps([self.lesson, question, student]).encode(errors="replace")
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()[:20]

    def _student(self, question, key) -> str:
        self._question(question)
        found = [student for student in self._writer.students() if self._key(question, student) == key]
        if not found:
            raise Refused("no such answer; reload this page")
        return found[0]


def _given(grade, comment) -> dict:
    """What the gradebook has of one answer; changed: points were given for what stood there before."""
    return {"points": grade.manual_score, "comment": comment.manual_comment or "", "waits": grade.needs_manual_grade,
            "changed": grade.needs_manual_grade and grade.manual_score is not None}


def _give_points(grade, comment, points):
    """As Formgrader does."""
    grade.manual_score = points
    grade.needs_manual_grade = points is None and grade.auto_score is None


def _give_comment(grade, comment, text):
    comment.manual_comment = text or None


def _held(grade, comment, field) -> tuple:
    return (grade.manual_score, grade.needs_manual_grade) if field == "points" else (comment.manual_comment,)


def _hold(grade, comment, field, values):
    if field == "points":
        grade.manual_score, grade.needs_manual_grade = values
    else:
        [comment.manual_comment] = values


def _is_number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
