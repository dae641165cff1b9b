"""`course demo`: a class in a minute, from release to feedback, through nbgrader's real exchange."""
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.exchange import ExchangeFactory
from nbgrader.plugins import CsvExportPlugin

from ..places import MARK
from .build import build
from .demo_class import Student, make_class
from .grading.classroom import Grading, cores, prepare, workers
from .grading.limits import limits_for
from .grading.sandbox import available
from .nbgrader_api import api, configuration, quiet, run_converter
from .project import Project

SECONDS = 5   # a cell; one of the class never ends, and nobody wants to wait for it


def demo(project: Project, lesson: str) -> int:
    """Plays a class through all steps in a classroom of its own and prints the gradebook; 1 if a score is not deserved."""
    started = time.monotonic()
    students = make_class(project, lesson)
    room = _own_room(project, lesson)
    _say("build and release", lesson)
    build(room, [lesson])
    run_converter(room, "release_assignment", lesson)
    late = [student for student in students if student.late]
    for student in [s for s in students if not s.late]:
        hand_in(room, lesson, student)
    _due_now(room, lesson)
    for student in late:
        hand_in(room, lesson, student)
    _say("collect", f"{len(students)} submissions")
    run_converter(room, "collect", lesson)
    records = _grade_all(room, lesson)
    _say("feedback", "for all that was graded")
    run_converter(room, "generate_feedback", lesson)
    run_converter(room, "release_feedback", lesson)
    with Gradebook(configuration(room).CourseDirectory.db_url) as gradebook, quiet():
        CsvExportPlugin(to=str(room.root / "grades.csv")).export(gradebook)
    rows = _rows(students, records)
    print()
    _print(rows)
    print(f"\n{len(students)} submissions in {time.monotonic() - started:.0f} s. The classroom: {room.root}\n"
          f"gradebook grades.csv, feedback classroom/feedback/STUDENT/{lesson}/{lesson}.html")
    return 0 if all(row["score"] == row["deserved"] for row in rows) else 1


def _say(step, what):
    print(f"{step:<20}{what}", flush=True)


def _own_room(project: Project, lesson: str) -> Project:
    """A fresh project of the same shape, with this lesson alone."""
    root = project.classroom / "demo" / lesson
    shutil.rmtree(root, ignore_errors=True)
    for folder in ("solutions/checks", "notebooks", "work"):
        (root / folder).mkdir(parents=True)
    config = (project.root / MARK).read_text(encoding="utf-8")
    (root / MARK).write_text(config, encoding="utf-8")
    for part in (f"{lesson}.py", f"checks/{lesson.replace('-', '_')}.py"):
        shutil.copy(project.solutions / part, root / "solutions" / part)
    for folder in ("data", f"solutions/data/{lesson}"):
        if (project.root / folder).is_dir():
            shutil.copytree(project.root / folder, root / folder)
    return Project(root)


def hand_in(room: Project, lesson: str, student: Student):
    """One student: fetch, work, submit, each in a folder of their own."""
    config = configuration(room)
    config.CourseDirectory.assignment_id = lesson
    config.CourseDirectory.student_id = student.name
    config.Exchange.assignment_dir = str(room.root / "students" / student.name)
    Path(config.Exchange.assignment_dir).mkdir(parents=True)
    with quiet(), api(room, config=config) as grader:
        tools = {"coursedir": grader.coursedir, "authenticator": grader.authenticator, "config": config}
        exchange = ExchangeFactory(config=config)
        exchange.FetchAssignment(**tools).start()
        student.work(Path(config.Exchange.assignment_dir) / lesson / f"{lesson}.ipynb")
        exchange.Submit(**tools).start()
    _say("fetch, work, submit", f"{student.name}: {student.story}")


def _due_now(room, lesson):
    """Whoever submits from here on is late."""
    with Gradebook(configuration(room).CourseDirectory.db_url) as gradebook:
        gradebook.update_or_create_assignment(lesson, duedate=datetime.now(UTC).replace(tzinfo=None))
    time.sleep(0.01)


def _grade_all(room, lesson) -> dict[str, dict]:
    """Grades everybody, in a sandbox where this machine has one; the record of each student."""
    why = available()
    if why:
        _say("no sandbox here", why)
    limits, protected = limits_for(SECONDS), not why
    with workers(room, limits, protected, cores()) as (executor, count):
        grading = Grading(room, lesson)
        names = grading.due(None, regrade=True)
        _say("grade", f"{len(names)} submissions")
        grading.run(names, prepare(room, lesson, limits, protected), executor, count)
    return {name: grading.records.read(name) for name in names}


def _rows(students, records) -> list[dict]:
    """What came of each submission, beside what it deserves."""
    rows = []
    for student in students:
        record = records[student.name]
        outcome = f"refused: {record['refused']}" if record["refused"] else "scored"
        if record["waits"]:
            outcome += "; the written answer waits for you"
        rows.append({"student": student.name, "score": record["score"], "deserved": student.deserves,
                     "of": record["of"], "outcome": outcome + ("; late" if record["late"] else "")})
    return rows


def _print(rows):
    print(f"{'student':<9}{'score':>6}{'deserved':>10}{'of':>5}  outcome")
    for row in rows:
        mark = "" if row["score"] == row["deserved"] else "   ← not what it deserves"
        print(f"{row['student']:<9}{_points(row['score']):>6}{_points(row['deserved']):>10}{_points(row['of']):>5}  "
              f"{row['outcome']}{mark}")


def _points(score):
    return "–" if score is None else f"{score:g}"
