"""Several right answers: each named form, an author's own function, and what reaches the visible check."""
import json

import numpy as np
import pandas as pd
import pytest
import torch

from embedding_course.checking.exercise import Case, Exercise, Rules
from embedding_course.checking.expectations import description
from embedding_course.checking.forms import NAMED, WORDS, plain, released
from embedding_course.checking.outcome import answer_cases
from embedding_course.checking.report import assess
from embedding_course.checking.wire import encode

T = torch.tensor
FRAME = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})


def judged(expected, returned, fresh_from=None, visible=False, **rules):
    """What is said of an answer that returns `returned` where the reference returns `expected`."""
    made = Exercise("function", {"all": 1}, [Case("all", n=3)], lambda rng: [Case("all", n=3)], Rules(**rules), "own")
    described = description(made, lambda n: expected, made.shown)
    described = json.loads(json.dumps(released(described) if visible else described))
    result, report = assess("own", described, answer_cases("function", lambda n: returned, described["cases"]), fresh_from)
    return result.right, "\n".join(report)


@pytest.mark.parametrize(("form", "expected", "returned"), [
    ("set", T([3, 1]), T([1, 3])), ("set", T([3, 1]), T([1, 1, 3, 3])), ("set", [1.0, 2.0], [2.0, 1.00001, 1.0]),
    ("set", ("a", "b"), ("b", "a", "b")), ("set", np.array([2, 2, 5]), np.array([5, 2])),
    ("set", pd.Series([1, 2]), pd.Series([2, 1, 1])), ("set", T([[1, 2], [3, 4]]), T([[3, 4], [1, 2], [3, 4]])),
    ("unordered rows", T([[1.0, 2.0], [3.0, 4.0]]), T([[3.0, 4.0], [1.0, 2.00001]])),
    ("unordered rows", [1, 2, 2], [2, 1, 2]), ("unordered rows", FRAME, FRAME.iloc[[2, 0, 1]].reset_index(drop=True)),
    ("unordered rows", FRAME.set_index("b"), FRAME.set_index("b").iloc[[1, 2, 0]]),
    ("unordered columns", FRAME, FRAME[["b", "a"]]), ("unordered columns", T([[1, 2], [3, 4]]), T([[2, 1], [4, 3]])),
    ("sign", T([[1.0, -2.0], [3.0, 0.5]]), T([[-1.0, -2.0], [-3.0, 0.5]])), ("sign", T([1.0, 2.0]), T([-1.0, -2.0])),
    ("sign", np.array([[0.0], [0.5]]), np.array([[0.0], [-0.5]])),
    ("grouping", T([0, 0, 1, 2]), T([2, 2, 0, 1])), ("grouping", ["a", "b", "a"], ["b", "a", "b"])], ids=str)
def test_a_form_lets_every_right_answer_pass(form, expected, returned):
    assert judged(expected, returned, form=form)[0]
    assert not judged(expected, returned)[0]      # without the form it is another


@pytest.mark.parametrize(("form", "expected", "returned", "said"), [
    ("set", T([3, 1]), T([1]), "Missing: 3."), ("set", T([3, 1]), T([1, 3, 0]), "Too many: 0."),
    ("set", T([3, 1]), T([0, 1]), "Missing: 3. Too many: 0."), ("set", T([3, 1]), T([[3], [1]]), "be 1; yours is 2"),
    ("set", T([3, 1]), T([1, 3], dtype=torch.int32), "dtype is int32"), ("set", T([3, 1]), [1, 3], "of type tensor"),
    ("set", T([3, 1]), T(3), "axes"), ("set", ["1"], [1], "Missing: '1'. Too many: 1."),
    ("unordered rows", [1, 2, 2], [1, 1, 2], ""), ("unordered rows", [1, 2], [2, 1, 1], "number of items should be 2"),
    ("unordered rows", FRAME, FRAME.assign(a=[3, 2, 1]), "Column `"),
    ("unordered rows", FRAME.set_index("b"), FRAME.set_index("b").assign(a=[2, 1, 3]), ""),
    ("unordered columns", FRAME, FRAME.rename(columns={"b": "c"}), "columns should be a, b"),
    ("unordered columns", T([[1, 2], [3, 4]]), T([[2, 1], [3, 4]]), "numbers differ"),
    ("sign", T([[1.0, -2.0], [3.0, 0.5]]), T([[-1.0, 2.0], [3.0, -0.5]]), "numbers differ"),
    ("sign", T([[1.0]]), T([1.0]), "shape"), ("sign", T([1.0]), 1.0, "of type tensor"),
    ("grouping", T([0, 0, 1]), T([0, 1, 1]), "grouped together"), ("grouping", T([0, 0, 1]), T([5, 5]), "shape")], ids=str)
def test_a_form_lets_no_wrong_answer_pass(form, expected, returned, said):
    right, report = judged(expected, returned, form=form)
    assert not right
    assert said in report


def test_every_named_form_is_said_in_words():
    assert WORDS.keys() == NAMED.keys()
    assert "expected  [3, 1] (in any order; repeats don't count)" in judged(T([3, 1]), T([0]), form="set")[1]


def test_the_author_says_what_a_set_means():
    rules = {"form": "set", "means": "rows {} move"}
    assert "  means     rows 0, 2 move\n  expected  [3" in judged(T([3]), T([2, 0, 2])[[1, 0, 2]], **rules)[1]
    fresh = judged(T([47]), T([0, 2]), fresh_from=0, **rules)[1]
    assert "rows 0, 2 move" in fresh
    assert "47" not in fresh


def close_enough(value, arguments):
    """A predicate: any number of steps up to n that ends in the right place."""
    return len(value) <= arguments["n"] and sum(value) == 6


def by_length(value, arguments):
    import math
    return [math.hypot(*row) for row in value.tolist()]


def test_an_authors_own_function_decides():
    assert judged([1, 2, 3], [6], form=close_enough)[0]
    assert judged([1, 2, 3], [4, 2], form=close_enough)[0]
    assert not judged([1, 2, 3], [1, 1, 1, 3], form=close_enough)[0]
    assert not judged([1, 2, 3], [5], form=close_enough)[0]
    assert judged(T([[3.0, 4.0]]), T([[0.0, 5.0]]), form=by_length)[0]
    assert not judged(T([[3.0, 4.0]]), T([[0.0, 4.0]]), form=by_length)[0]


@pytest.mark.parametrize("returned", [None, "ab", 3, object(), T(1.0)], ids=lambda value: type(value).__name__)
def test_what_an_authors_function_stumbles_over_is_wrong(returned):
    right, report = judged([1, 2, 3], returned, form=close_enough)
    assert not right
    assert "can't be brought into the form" in report


def test_no_code_is_released_and_the_visible_check_says_what_it_cannot_tell():
    made = Exercise("function", {"all": 1}, [Case("all", n=3)], lambda rng: [], Rules(form=close_enough), "own")
    made.slip(lambda n: [0])
    described = released(description(made, lambda n: [1, 2, 3], made.shown))
    assert described["rules"]["form"] == {"name": "close_enough"}
    assert "return" not in json.dumps(described)
    assert judged([1, 2, 3], [1, 2, 3], visible=True, form=close_enough) == (True, "✓ own: 1 cases")
    right, report = judged([1, 2, 3], [6], visible=True, form=close_enough)
    assert right
    assert "several right answers" in report
    answered = answer_cases("function", lambda n: [0], described["cases"])
    assert assess("own", described, answered)[0].slip == "<lambda>"


def test_of_an_open_answer_everything_else_is_still_asked():
    made = Exercise("function", {"all": 1}, [Case("all", n=[1])], lambda rng: [], Rules(form=close_enough), "own")
    described = released(description(made, lambda n: [6], made.shown))
    result, report = assess("own", described, answer_cases("function", lambda n: n.append(1) or [5], described["cases"]))
    assert not result.right
    assert "changed `n`" in "\n".join(report)


@pytest.mark.parametrize(("value", "seen"), [
    ((1, [2.5]), (1, [2.5])), ({"a": {1, 2}}, {"a": {1, 2}}), (None, None), (float("inf"), float("inf")), (2**70, 2**70),
    (pd.Series(["x", "y"]), ["x", "y"]), (pd.DataFrame({"a": [1, 2]}), {"a": [1, 2]}), (pd.NA, None)], ids=str)
def test_an_authors_function_gets_plain_values(value, seen):
    assert plain(encode(value)) == seen
