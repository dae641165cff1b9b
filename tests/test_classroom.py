"""A class's run: who is graded again and with whom beside, whose cases are whose, and what reaches the terminal."""
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from submissions import LESSON

from embedding_course.course.expected import Full
from embedding_course.course.grading import classroom, command, feedback
from embedding_course.course.grading.classroom import Grading, alone, with_own_cases
from embedding_course.course.grading.clerk import Room
from embedding_course.course.grading.folders import Found
from embedding_course.course.grading.model import Graded, Lesson
from embedding_course.course.grading.records import Records
from embedding_course.course.grading.report import Change
from embedding_course.course.grading.verdict import Scored
from embedding_course.course.nbgrader_api import configuration


def of(student, score, starved=False):
    scored = Scored(score, 3, "right" if score else "timed out", [])
    return Graded(student, "{}", exercises={"pluck": scored}, starved=starved)


def test_what_the_clock_ended_too_early_is_graded_again_alone_before_a_point_is_lost(copied, monkeypatch):
    at_once, most, written, lock = [0], {}, {}, threading.Lock()

    def grade(lesson, submission):
        with lock:
            at_once[0] += 1
            most.setdefault(submission.student, []).append(at_once[0])
        time.sleep(0.05)
        with lock:
            at_once[0] -= 1
        starved = submission.student == "slow" and len(most["slow"]) == 1
        return of(submission.student, 0 if starved else 3, starved)

    for student in ("a", "b", "c", "slow", "z"):
        folder = copied.classroom / "submitted" / student / LESSON
        folder.mkdir(parents=True)
        (folder / f"{LESSON}.ipynb").write_text("{}")
    monkeypatch.setattr(classroom, "grade", grade)
    monkeypatch.setattr(classroom, "Writer", lambda *_: nullcontext())
    monkeypatch.setattr(Grading, "_write", lambda _, writer, found, graded: written.update({found.student: graded.score}))
    with ThreadPoolExecutor(2) as pool:
        Grading(copied, LESSON).run(["a", "b", "c", "slow", "z"], a_lesson(), pool, 2, progress=False)
    assert written == dict.fromkeys(("a", "b", "c", "slow", "z"), 3)
    assert {student: len(times) for student, times in most.items()} == {"a": 1, "b": 1, "c": 1, "slow": 2, "z": 1}
    assert most["slow"][-1] == 1


def a_lesson(exercises=None):
    return Lesson(LESSON, "{}", exercises or {}, {}, "data", {})


def test_a_second_grader_waits_says_so_and_goes_on(copied, capsys):
    order = []

    def second():
        with alone(copied):
            order.append("second")

    with alone(copied):
        waiting = threading.Thread(target=second)
        waiting.start()
        while "waits for it" not in capsys.readouterr().err:
            time.sleep(0.01)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


@pytest.mark.parametrize(("fresh", "same"), [("class", {"ada": 1, "bob": 1}), ("student", {"ada": 1, "bob": 2}),
                                             ("submission", {"ada": 2, "bob": 2})])
def test_fresh_cases_are_the_classs_the_students_or_the_submissions(copied, monkeypatch, fresh, same):
    """Counts the seeds that a student's two attempts, and another student's, are judged with."""
    monkeypatch.setattr(classroom, "full_exercises", lambda source, seed: {"pluck": Full({"seed": seed}, 0)})
    lesson = a_lesson({"pluck": Full({"seed": copied.seed()}, 0)})

    def seed(student, digest):
        found = Found(student, Path("x"), digest)
        return with_own_cases(copied, lesson, found, fresh).exercises["pluck"].exercise["seed"]

    assert len({seed("ada", "one"), seed("ada", "two")}) == same["ada"]
    assert len({seed("ada", "one"), seed("bob", "one")}) == same["bob"]
    assert seed("ada", "one") == seed("ada", "one")


def test_a_classs_seed_is_too_long_to_be_tried_out(copied):
    assert max(copied.seed(), *(type(copied)(copied.root / str(n)).seed() for n in range(3))) > 2**100


ESCAPE = "ada\x1b[2J\u202e\nbob   8   10  scored"


def test_no_strangers_word_acts_in_the_terminal(copied, capsys):
    record = {"student": ESCAPE, "outcome": "refused", "refused": f"{ESCAPE}.ipynb: no JSON", "score": None, "of": None,
              "waits": [], "late": False, "exercises": {"pluck": {"slip": ESCAPE, "state": "wrong", "score": 0}},
              "flags": [ESCAPE], "release": "", "sha256": "1"}
    grading = Grading(copied, LESSON)
    grading.changes.append(Change(ESCAPE, {"score": 1}, record))
    command._print(grading, True, [record], [ESCAPE], [], 1, {ESCAPE: ESCAPE})
    said = capsys.readouterr().out
    assert all(letter.isprintable() or letter == "\n" for letter in said)
    assert "\\x1b[2J" in said
    assert not [line for line in said.splitlines() if line.startswith("bob")]


def test_an_id_as_long_as_a_files_name_has_its_record(tmp_path):
    records = Records(tmp_path, LESSON)
    for student in ("x" * 250, "y" * 250, "ada"):
        records.write(student, {"student": student, "score": 1})
        records.begin(student)
        assert records.before(student)["student"] == student
        records.write(student, {"student": student, "score": 2})
    assert [record["student"] for record in records.all()] == ["ada", "x" * 250, "y" * 250]


@pytest.fixture
def graded_notebook():
    grading = {"grade": True, "solution": False, "locked": True, "grade_id": "check-pluck", "score": 2.0, "points": 3.0,
               "waits": False, "schema_version": 3, "cell_type": "code"}
    return new_notebook(cells=[new_markdown_cell("A word of mine."), new_code_cell("check('pluck')",
                                                                                   metadata={"nbgrader": grading})])


@pytest.mark.parametrize(("room", "shown", "gone"), [
    (Room(processor=60), "A word of mine.", "is not shown"),
    (Room(clock=0.001), "is not shown on this page", "A word of mine.")])
def test_feedback_that_can_not_be_written_in_time_shows_its_marks(copied, monkeypatch, graded_notebook, room, shown, gone):
    monkeypatch.setattr(feedback, "ROOM", room)
    page = feedback.FeedbackPage(config=configuration(copied))
    told = {"metadata": {"name": LESSON},
            "nbgrader": {"notebook": LESSON, "score": 2.0, "max_score": 3.0, "late_penalty": 0}}
    html, _ = page.from_notebook_node(nbformat.from_dict(graded_notebook), told)
    assert shown in html
    assert gone not in html
    assert html.count("2 of 3 points") >= 2
