"""A small class with a gradebook, graded without running anything: notebooks and points as `course grade` leaves them."""
import json
import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.api import Gradebook

from embedding_course.course.grading.folders import find
from embedding_course.course.grading.gradebook import Writer
from embedding_course.course.grading.model import Graded
from embedding_course.course.grading.records import Records, as_record
from embedding_course.course.grading.states import graded_notebook
from embedding_course.course.grading.verdict import Scored
from embedding_course.course.nbgrader_api import configuration
from embedding_course.course.project import Project

LESSON, QUESTION = "02-matmul", "own-words"
POINTS = {"matmul": 3, "pluck": 2, "matmul_backward": 2, "multiplications": 1}
REPORT = "✗ pluck: one code\n  given     codes [1], weight (3, 3)\n  Row 1 was asked for. Code 0 is the first row.\n"
WIDE = "x" * 300 + " `" + "y" * 300 + "`"   # what no phone is wide enough for


def bare(course: Project, root: Path) -> Project:
    """A project with this lesson alone, its guide, no data, and a gradebook that knows its exercises and its question."""
    for folder in ("solutions/checks", "solutions/guides", "notebooks", "classroom"):
        (root / folder).mkdir(parents=True)
    for file in ("grader_config.py", f"solutions/{LESSON}.py", "solutions/checks/02_matmul.py",
                 f"solutions/guides/{LESSON}.md"):
        shutil.copy(course.root / file, root / file)
    shutil.copytree(course.release / LESSON, root / "notebooks" / LESSON)
    project = Project(root)
    with Gradebook(configuration(project).CourseDirectory.db_url) as book:
        book.update_or_create_assignment(LESSON)
        book.update_or_create_notebook(LESSON, LESSON)
        for name, points in POINTS.items():
            book.update_or_create_grade_cell(f"check-{name}", LESSON, LESSON, max_score=points, cell_type="code")
            book.update_or_create_solution_cell(name, LESSON, LESSON)
        book.update_or_create_grade_cell(QUESTION, LESSON, LESSON, max_score=2, cell_type="markdown")
        book.update_or_create_solution_cell(QUESTION, LESSON, LESSON)
    return project


def hand_in(project: Project, student: str, written: str | None):
    """A submission that is not graded yet."""
    place = project.classroom / "submitted" / student / LESSON
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{LESSON}.ipynb").write_text(json.dumps({"written": written, "by": student}))


def grade(project: Project, student: str, written: str | None, wrong: str = "pluck", slip: str | None = None,
          refused: str = ""):
    """Hands in, and grades: all right but one exercise."""
    hand_in(project, student, written)
    scored = {name: Scored(0 if name == wrong else points, points, "wrong" if name == wrong else "right",
                           [], slip=slip if name == wrong else None) for name, points in POINTS.items()}
    notebook = nbformat.writes(_notebook(written, wrong))
    graded = Graded(student, None if refused else notebook, refused, {} if refused else scored, {QUESTION: written})
    records, standing = Records(project.classroom, LESSON), None
    same = {QUESTION} if records.before(student).get("written", {}).get(QUESTION, "") == written else set()
    if not refused:
        path = graded_notebook(project, LESSON, student)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook, encoding="utf-8")
        with Writer(configuration(project), LESSON) as writer:
            standing = writer.write(graded, None, same)
    records.write(student, as_record(graded, find(project.classroom / "submitted", student, LESSON), standing, "", {}))


def names(project: Project, **called: str):
    """A roster."""
    with Gradebook(configuration(project).CourseDirectory.db_url) as book:
        for student, name in called.items():
            first, _, last = name.partition(" ")
            book.update_or_create_student(student, first_name=first, last_name=last)


def standing(project: Project, student: str) -> tuple:
    """What the gradebook has of a student's written answer: (points of a person, whether it waits, comment)."""
    with Gradebook(configuration(project).CourseDirectory.db_url) as book:
        grade = book.find_grade(QUESTION, LESSON, LESSON, student)
        comment = book.find_comment(QUESTION, LESSON, LESSON, student)
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment


def _notebook(written, wrong):
    cells = [new_markdown_cell(f"*What was graded: received, SHA-256 {'0123456789abcdef' * 4}.*\n\n{WIDE}", id="intake")]
    for name, points in POINTS.items():
        text = REPORT if name == wrong else f"✓ {name}: 9 cases\n"
        cells += [new_code_cell(f"def {name}(codes, weight):\n    return weight  # {'long ' * 60}", id=name,
                                metadata={"nbgrader": _grading(name, solution=True)}),
                  new_code_cell(f'check("{name}")', id=f"check-{name}", outputs=[new_output("stream", text=text)],
                                metadata={"nbgrader": {**_grading(f"check-{name}", grade=True), "points": points}})]
    return nbformat.v4.new_notebook(cells=[*cells, new_markdown_cell(
        written or "*Your answer here.*", id=QUESTION,
        metadata={"nbgrader": {**_grading(QUESTION, grade=True, solution=True), "points": 2}})])


def _grading(identity, grade=False, solution=False):
    return {"grade": grade, "solution": solution, "locked": grade and not solution, "grade_id": identity, "task": False,
            "schema_version": 3}
