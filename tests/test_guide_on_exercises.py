"""The guide on writing exercises: its lesson builds, its tables know everything, and what it says of forms is so."""
import dataclasses
import re

import pytest

from embedding_course.checking.calls import CALLS
from embedding_course.checking.exercise import Rules
from embedding_course.checking.expectations import description
from embedding_course.checking.forms import NAMED, described, released, stands_alone
from embedding_course.checking.outcome import answer_cases
from embedding_course.checking.report import assess
from embedding_course.course.expected import shown_exercises
from embedding_course.course.lesson import read_lesson
from embedding_course.course.lint import lint
from embedding_course.course.project import Project

TEXT = (Project.find().solutions / "guides" / "writing-exercises.md").read_text(encoding="utf-8")


@pytest.fixture
def lesson(tmp_path):
    source, checks = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "01_films.py").write_text(checks, encoding="utf-8")
    (tmp_path / "01-films.py").write_text(source, encoding="utf-8")
    return read_lesson(tmp_path / "01-films.py")


def table(head):
    rows = TEXT.partition(f"| {head} |")[2].partition("\n\n")[0]
    return set(re.findall(r"^\| `([^`]+)` \|", rows, re.MULTILINE))


def test_its_lesson_has_no_fault(lesson):
    checks, mistakes = shown_exercises(lesson)
    assert lint(lesson) + mistakes == []
    assert list(checks["exercises"]) == ["alike"]


def test_its_exercise_judges(lesson):
    exercise, reference = lesson.exercises()["alike"], lesson.reference()["alike"]
    made = description(exercise, reference, exercise.shown)

    def judged(answer):
        return assess("alike", made, answer_cases("function", answer, made["cases"]))
    assert judged(lambda vectors, film: reference(vectors, film)[::-1] * 2)[0].right
    result, report = judged(exercise.slips[1].answer)
    assert result.slip == "near_by"
    assert "  means     films 3 are alike" in report


def test_its_tables_are_complete():
    assert table("call") == {*CALLS}
    assert table("rule") == {field.name for field in dataclasses.fields(Rules)}
    assert table("form") == {*NAMED}


def test_its_own_form_is_a_condition_that_stands_alone(tmp_path):
    source = re.search(r"^    def adds_up.*?\n\n", TEXT, re.MULTILINE | re.DOTALL)[0]
    path = tmp_path / "own.py"
    path.write_text("\n".join(line[4:] for line in source.splitlines()), encoding="utf-8")
    namespace = {}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)
    adds_up = namespace["adds_up"]
    assert [*stands_alone(adds_up)] == []
    assert adds_up([5, 1], {"total": 6})
    assert not adds_up([6], {"total": 6})
    rules = {"form": described(adds_up)}
    assert "coin" not in str(released({"rules": rules, "cases": []}))
