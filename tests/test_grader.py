"""The grader's side of a check cell: what a student's process sends back is data, honest or not."""
import json
import subprocess
import sys

import pytest
import torch

from embedding_course.checking.exercise import Case, Exercise, Rules
from embedding_course.checking.expectations import description
from embedding_course.checking.forms import NAMED
from embedding_course.checking.outcome import answer_cases
from embedding_course.course.expected import Full
from embedding_course.course.grading.verdict import verdict

W = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
SHOWN = [Case("rows", codes=torch.tensor([1]), weight=W)]
FRESH = [Case("rows", "fresh", "Which row?", codes=torch.tensor([0]), weight=torch.tensor([[7.25, 8.5], [0.0, 1.0]]))]


def take(codes, weight):
    return weight[codes]


@pytest.fixture(scope="module")
def full():
    exercise = Exercise("function", {"rows": 2}, SHOWN, lambda rng: FRESH, name="take")
    return Full(description(exercise, take, SHOWN + FRESH), fresh_from=1)


def sent(answer, full):
    return answer_cases("function", answer, full.exercise["cases"])


def test_an_honest_answer_is_paid(full):
    scored = verdict("take", sent(take, full), full, 60)
    assert scored.score == 2
    assert scored.report[-1] == "  2 of 2 points: rows ✓"


def test_hard_coded_shown_cases_earn_nothing_and_learn_nothing_of_the_fresh_ones(full):
    scored = verdict("take", sent(lambda codes, weight: W[1:].clone(), full), full, 60)
    assert scored.score == 0
    assert "fresh" in scored.report[0]
    assert not any("expected" in line or "7.25, 8.5]]" in line.partition("returned")[2] for line in scored.report)


@pytest.mark.parametrize("reply", [
    {}, {"outcomes": None}, {"outcomes": []}, {"outcomes": ["right", "right"]}, {"outcomes": [{}, {}]},
    {"outcomes": [{"value": {"$": "tensor"}}] * 2}, {"outcomes": [{"value": {"$": "nonsense"}}] * 2},
    {"outcomes": [{"value": {"$": "tensor", "dtype": "float32", "shape": [1, 2], "data": ["x", "y"]}}] * 2},
    {"outcomes": [{"error": "IndexError"}] * 2}, {"outcomes": [{"value": 1, "score": 99, "right": True}] * 2}])
def test_a_reply_in_no_form_of_ours_scores_zero_and_stops_nobody(full, reply):
    scored = verdict("take", reply, full, 60)
    assert scored.score == 0
    assert scored.report[0].startswith("✗ take: ")


def test_a_loop_without_end_and_a_missing_answer_are_told_apart(full):
    assert "no answer within 60 seconds" in verdict("take", {"timeout": True}, full, 60).report[0]
    assert "not defined when its check ran" in verdict("take", {"missing": True}, full, 60).report[0]


def any_order(value, arguments):
    return sorted(value.tolist())


@pytest.fixture(scope="module")
def several():
    """An exercise with several right answers, as it travels to whoever judges."""
    cases = [Case("all", codes=torch.tensor([2, 0, 1]))]
    exercise = Exercise("function", {"all": 2}, cases, lambda rng: cases, Rules(form=any_order), name="turned")
    return Full(json.loads(json.dumps(description(exercise, lambda codes: codes.flip(0), cases))), fresh_from=0)


def test_an_authors_own_form_decides_where_answers_are_judged(several):
    assert verdict("turned", sent(lambda codes: codes.sort().values, several), several, 60).score == 2
    wrong = verdict("turned", sent(lambda codes: codes + 1, several), several, 60)
    assert (wrong.score, wrong.report[-1]) == (0, "  0 of 2 points: all ✗")
    assert "any_order" not in json.dumps(sent(lambda codes: codes, several))


@pytest.mark.parametrize("value", [
    {"$": "form", "items": [[0, 1, 2]]}, {"$": "tensor", "dtype": "V9999999999", "shape": [1], "data": [1]},
    {"$": "set", "items": [[1], [2]]}, {"$": "big", "text": "9" * 1999},
    {"$": "scalar", "type": "range", "text": "0 9999999999 1"},
    {"$": "tensor", "dtype": "int64", "shape": [2**40, 0], "data": []}, [[[[[]]]]], None,
    {"$": "tensor", "dtype": "int64", "shape": [0, 2**40], "data": []}])
@pytest.mark.parametrize("form", [None, *NAMED])
def test_a_form_takes_no_harm_from_a_strangers_value(several, value, form):
    if form:
        several = Full({**several.exercise, "rules": {**several.exercise["rules"], "form": form}}, fresh_from=0)
    reply = sent(lambda codes: codes.flip(0), several)
    assert verdict("turned", reply, several, 60).score == 2
    reply["outcomes"][0]["notes"]["items"] = [["result", value]]
    assert verdict("turned", reply, several, 60).score == 0


def test_forms_and_comparisons_need_neither_torch_nor_pandas():
    code = ("import sys, embedding_course.course.grading.verdict; from embedding_course.checking import forms; "
            "print([name for name in ('torch', 'pandas', 'numpy') if name in sys.modules])")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
