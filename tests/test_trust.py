"""The guide's table of what points rest on is made from calls and released checks, and knows them all."""
import json

import pytest

from embedding_course.checking.calls import CALLS
from embedding_course.course.project import Project
from embedding_course.course.trust import markdown, table

PROJECT = Project.find()


@pytest.mark.parametrize("call", CALLS)
def test_every_call_says_what_is_only_observed(call):
    assert isinstance(getattr(CALLS[call], "observed", None), dict)


def test_what_is_observed_is_part_of_some_exercise():
    """A part that was renamed tells a teacher nothing any more."""
    known = {name for path in PROJECT.release.glob("*/checks.json")
             for exercise in json.loads(path.read_text(encoding="utf-8"))["exercises"].values()
             for case in exercise["cases"] for name, _ in _named(case["expect"]["reference"].get("value"))}
    assert {part for call in CALLS.values() for part in call.observed.values() if part} <= known


def _named(value):
    return value["items"] if isinstance(value, dict) and value["$"] == "parts" else []


def test_exceptions_are_no_values_and_ways_are_observed():
    rows = {row["exercise"]: row for row in table(PROJECT)}
    assert (rows["matmul"]["points"], rows["matmul"]["values"]) == (3, 2)
    assert "no matrix product" in rows["matmul"]["observed"]
    assert rows["as_linear"]["observed"] == ["memory of its own (own copy)"]
    assert rows["pluck"]["observed"] == ["no multiplication"]   # a window may come back there


def test_a_row_is_a_line():
    lines = markdown(PROJECT).splitlines()
    assert max(map(len, lines)) < 125
    assert sum("`" in line for line in lines) == len(table(PROJECT))
