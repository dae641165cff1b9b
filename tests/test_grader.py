"""The grader's side of a check cell: what a student's process sends back is data, honest or not."""
import pytest
import torch

from embedding_course.checking.exercise import Case, Exercise
from embedding_course.checking.expectations import description
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
