"""The judge: what counts as right, what as wrong, and what a learner is told."""
import builtins
import math

import pandas as pd
import pytest
import torch

from embedding_course.checking.exercise import Case, Exercise, Once, Rules
from embedding_course.checking.expectations import description
from embedding_course.checking.outcome import answer_cases
from embedding_course.checking.report import assess, say
from embedding_course.checking.wire import TooLarge, decode, encode

W = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])


def take(codes, weight):
    if codes.numel() and (codes.min() < 0 or codes.max() >= len(weight)):
        raise IndexError(codes)
    return weight[codes].clone()


PLAIN = Rules()


def exercise(rules=PLAIN, reference=take, slip=None, shown=None):
    shown = shown or [Case("rows", codes=torch.tensor([2, 0]), weight=W),
                      Case("bad codes", "a negative code", "Which row is that?", codes=torch.tensor([-1]), weight=W)]
    made = Exercise("function", {"rows": 2, "bad codes": 1}, shown, lambda rng: shown, rules, "take")
    if slip:
        made.slip(slip)
    return description(made, reference, made.shown)


def judged(answer, **kind):
    described = exercise(**kind)
    answered = answer_cases("function", answer, described["cases"], described["rules"]["forbidden"])
    result, report = assess("take", described, answered)
    return result, "\n".join(report)


def test_a_float64_result_passes_where_its_numbers_do():
    assert judged(lambda codes, weight: take(codes, weight).double())[0].right


def test_a_float64_result_fails_where_the_dtype_is_asked_for():
    result, report = judged(lambda codes, weight: take(codes, weight).double(), rules=Rules(dtype=True))
    assert not result.right
    assert "dtype is float64; float32 is asked for" in report


@pytest.mark.parametrize("error", [ValueError, RuntimeError, AssertionError, KeyError])
def test_for_a_code_outside_the_table_any_exception_passes_where_the_rules_say_so(error):
    def refuse(codes, weight):
        if codes.min() < 0:
            raise error(codes)
        return take(codes, weight)

    assert judged(refuse, rules=Rules(any_refusal=True))[0].right
    assert not judged(refuse)[0].right
    assert not judged(lambda codes, weight: weight[codes].clone(), rules=Rules(any_refusal=True))[0].right


def test_a_list_is_not_a_tensor():
    result, report = judged(lambda codes, weight: take(codes, weight).tolist())
    assert not result.right
    assert "of type tensor; yours is of type list" in report


def test_a_forgotten_return_is_named():
    assert "does every path" in judged(lambda codes, weight: None)[1]


def test_a_subclass_of_the_expected_exception_passes():
    class Mine(IndexError):
        pass

    def answer(codes, weight):
        if codes.min() < 0:
            raise Mine
        return weight[codes]
    assert judged(answer)[0].right


def test_another_exception_fails_and_its_line_is_shown():
    def answer(codes, weight):
        raise KeyError("gone")
    result, report = judged(answer)
    assert not result.right
    assert "KeyError in your line" in report
    assert 'raise KeyError("gone")' in report


def test_groups_pay_only_if_the_first_group_passes():
    result, _ = judged(lambda codes, weight: weight[codes.clamp(min=0)] * 2 if codes.min() >= 0 else take(codes, weight))
    assert result.score == 0
    assert judged(lambda codes, weight: weight[codes])[0].score == 2


def test_a_changed_argument_is_named():
    def answer(codes, weight):
        rows = take(codes, weight)
        weight += 1
        return rows
    result, report = judged(answer)
    assert not result.right
    assert "changed `weight`" in report


def test_shared_memory_fails_or_is_remarked_as_the_rule_says():
    def view(codes, weight):
        return weight[int(codes)]
    shown = [Case("rows", codes=torch.tensor(1), weight=W), Case("bad codes", codes=torch.tensor(9), weight=W)]
    assert not judged(view, shown=shown)[0].right
    result, report = judged(view, shown=shown, rules=Rules(view=True))
    assert result.right
    assert "shares its memory with `weight`" in report


def test_autograd_left_off_fails():
    def answer(codes, weight):
        torch.set_grad_enabled(False)
        return take(codes, weight)
    assert not judged(answer)[0].right
    assert torch.is_grad_enabled()


@pytest.mark.parametrize("way", [
    lambda a, b: a @ b, lambda a, b: torch.einsum("ij,jk->ik", a, b), lambda a, b: torch.from_numpy(a.numpy() @ b.numpy()),
    lambda a, b: torch.nn.functional.linear(a, b.T), lambda a, b: torch.from_numpy(a.numpy().dot(b.numpy()))])
def test_a_ready_made_matrix_product_is_seen(way):
    def by_hand(a, b):
        return (a[:, :, None] * b).sum(dim=1)
    shown = [Case("rows", a=W.T, b=W), Case("bad codes", a=W, b=W.T)]
    kind = {"rules": Rules(forbidden=("matrix product",)), "reference": by_hand, "shown": shown}
    result, report = judged(way, **kind)
    assert not result.right
    assert "matrix product ran" in report
    assert judged(lambda a, b: torch.stack([sum(x * r for x, r in zip(row, b, strict=True)) for row in a]), **kind)[0].right


def test_a_learners_own_class_may_have_a_dot_method():
    class Row:
        def __init__(self, numbers):
            self.numbers = numbers

        def dot(self, other):
            return sum(x * y for x, y in zip(self.numbers, other.numbers, strict=True))

    def by_hand(a, b):
        return (a[:, :, None] * b).sum(dim=1)
    shown = [Case("rows", a=W.T, b=W), Case("bad codes", a=W, b=W.T)]
    result, _ = judged(lambda a, b: torch.tensor([[Row(r.tolist()).dot(Row(c.tolist())) for c in b.T] for r in a]),
                       rules=Rules(forbidden=("matrix product",)), reference=by_hand, shown=shown)
    assert result.right


def test_a_known_misconception_is_answered_by_its_hint():
    def from_the_end(codes, weight):
        """Negative codes count from the end here."""
        return weight[codes]
    result, report = judged(lambda codes, weight: torch.stack([weight[c] for c in codes]), slip=from_the_end)
    assert result.slip == "from_the_end"
    assert "Negative codes count from the end here." in report


def test_an_exception_that_many_mistakes_raise_names_no_misconception():
    def refuses_zero(codes, weight):
        """Code 0 is a level like any other."""
        if (codes == 0).any():
            raise IndexError(codes)
        return take(codes, weight)

    def always_refuses(codes, weight):
        raise IndexError(codes)
    shown = [Case("rows", codes=torch.tensor([code]), weight=W) for code in (0, 1, 2)]
    shown.append(Case("bad codes", codes=torch.tensor([3]), weight=W))
    assert judged(always_refuses, slip=refuses_zero, shown=shown)[0].slip is None
    assert judged(refuses_zero, slip=refuses_zero, shown=shown)[0].slip == "refuses_zero"


def test_facts_come_first_and_the_question_last():
    _, report = judged(lambda codes, weight: weight[codes])
    assert report.splitlines() == [
        "✗ take: a negative code", "  given     codes [-1], weight [[1, 2], [3, 4], [5, 6]]", "  returned  [[5, 6]]",
        "  expected  IndexError", "  Which row is that?"]


def test_an_untouched_stub_is_not_called_wrong():
    def stub(codes, weight):
        """The rows."""
        # Your code here.
        raise NotImplementedError()
    assert judged(stub)[1] == "· take: not started yet"


def test_a_leftover_stub_line_is_named():
    def begun(codes, weight):
        rows = weight[codes]
        raise NotImplementedError()
        return rows
    assert "still stands in your answer" in judged(begun)[1]


@pytest.mark.parametrize("value", [
    None, True, 3, -2**70, 2.5, math.inf, "text", [1, [2.0]], (1, "a"), {1, 2}, {"a": [1]}, pd.NA,
    torch.tensor([[1, 2]]), torch.tensor([math.nan, -math.inf]), torch.tensor(True), W.double()])
def test_values_survive_the_way_to_the_judge(value):
    assert encode(decode(encode(value))) == encode(value)


def test_tables_survive_the_way_to_the_judge():
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=pd.Index([5, 5], name="key"))
    again = decode(encode(frame))
    assert again.index.tolist() == [5, 5]
    assert encode(again) == encode(frame)


def test_an_iterator_is_fresh_for_each_answer():
    data = encode(Once([1, 2]))
    assert list(decode(data)) == list(decode(data)) == [1, 2]


def test_a_result_too_large_is_an_outcome_not_a_crash():
    with pytest.raises(TooLarge):
        encode(torch.zeros(2_000_000))
    assert "TooLarge" in judged(lambda codes, weight: torch.zeros(2000, 1001))[1]


def test_data_that_we_did_not_make_is_refused():
    for data in ({"$": "os"}, {"$": "tensor"}, {"a": 1}):
        with pytest.raises(ValueError, match="not a value"):
            decode(data)


def test_a_set_is_shown_as_python_writes_it():
    assert say(encode({2, 0})) == "{0, 2}"
    assert say(encode(set())) == "an empty set"


def test_a_class_called_valueerror_is_not_pythons():
    class ValueError(Exception):   # noqa: A001 - what a notebook may do
        pass

    def refuses(codes, weight):
        raise builtins.ValueError(codes)

    def answer(codes, weight):
        raise ValueError(codes)
    shown = [Case("rows", codes=torch.tensor([9]), weight=W), Case("bad codes", codes=torch.tensor([-1]), weight=W)]
    result, report = judged(answer, reference=refuses, shown=shown)
    assert not result.right
    assert "hides Python's" in report
    assert judged(refuses, reference=refuses, shown=shown)[0].right


@pytest.mark.parametrize("number", [10**5000, -10**5000, [10**5000], {10**5000: 1}],
                         ids=["long", "negative", "in a list", "as a key"])
def test_a_long_integer_is_a_value_and_no_exception(number):
    def refuses(codes, weight):
        raise ValueError(codes)
    result, report = judged(lambda codes, weight: number, reference=refuses)
    assert not result.right
    assert "returned" in report
    assert "raised" not in report


@pytest.mark.parametrize(("reference", "answer", "told"), [
    (lambda codes, weight: {"secret": 1.0}, lambda codes, weight: {"mine": 1.0}, "secret"),
    (lambda codes, weight: weight[:, :1], lambda codes, weight: weight + 0, "(3, 1)"),
    (lambda codes, weight: [1.0] * 17, lambda codes, weight: [2.0], "17"),
    (lambda codes, weight: 4711.5, lambda codes, weight: 3.0, "4711.5"),
    (lambda codes, weight: {"key": [0.5] * 13}, lambda codes, weight: {"key": [0.5]}, "13"),
    (lambda codes, weight: pd.DataFrame({"secret": [1]}), lambda codes, weight: pd.DataFrame({"mine": [1]}), "secret"),
    (lambda codes, weight: torch.nn.Embedding.from_pretrained(torch.ones(19, 1)),
     lambda codes, weight: torch.nn.Embedding.from_pretrained(torch.ones(18, 1)), "19")])
def test_of_a_fresh_case_nothing_expected_is_told(reference, answer, told):
    described = exercise(reference=reference)
    answered = answer_cases("function", answer, described["cases"])
    assert told in "\n".join(assess("take", described, answered)[1])
    assert told not in "\n".join(assess("take", described, answered, fresh_from=0)[1])
