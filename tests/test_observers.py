"""Patches of torch, NumPy, Python and the package change nothing of what is said of an answer."""
import pytest
import torch
from torch import nn, tensor

from embedding_course.checking import arrays, calls, digests, notes, observe, outcome, private, wire
from embedding_course.checking.exercise import Case, Exercise, Parts
from embedding_course.checking.expectations import description
from embedding_course.checking.report import assess

W = tensor([[1.0, 2.0], [3.0, 4.5], [5.0, 6.0]])


class Table(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        return self.weight[codes]


class Zeros(Table):
    def __init__(self, levels, dim):
        super().__init__(levels, dim)
        self.weight = nn.Parameter(torch.zeros(levels, dim))


def held(optimizer, weight, codes):
    rows = weight.detach()[codes].clone()
    optimizer.step()
    with torch.no_grad():
        weight[codes] = rows


def in_eval_mode(model, codes, numbers):
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    total = model(codes, numbers).sum().item()
    for module, mode in modes:
        module.training = mode
    return total


def copies(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()


def windows(model, codes, targets, loss_fn, optimizer):
    loss, _, _ = copies(model, codes, targets, loss_fn, optimizer)
    return loss, model.embedding.weight.data, model.embedding.weight.data


KINDS = {   # call: right answer, wrong answer, arguments
    "function": (lambda weight: weight.clone(), lambda weight: weight[:], {"weight": W}),
    "module": (Table, Zeros, {"build": Parts(levels=200, dim=20), "start": "weight"}),
    "held_step": (held, lambda optimizer, weight, codes: optimizer.zero_grad(), {
        "weight": W, "codes": tensor([1]), "optimizer": "Adam", "options": {"lr": 0.5}, "gradients": [W, W, W]}),
    "training_step": (copies, windows, {"weight": W, "codes": [tensor([0])], "targets": [tensor([3.0])],
                                        "loss": "squared error", "optimizer": "SGD", "options": {"lr": 0.25}}),
    "question_model": (in_eval_mode, lambda model, codes, numbers: model(codes, numbers).sum().item(), {
        "model": Parts(weights=tensor([1.0, 2.0]), dropout=0.0, training=["sum"]), "codes": tensor([[1]]),
        "numbers": tensor([[3.0]])}),
}
PATCHES = [
    (calls.CALLS, "held_step", lambda answer, arguments, seen: None), (torch, "equal", lambda *a: True),
    (torch, "allclose", lambda *a, **k: True), (torch.Tensor, "requires_grad", True), (torch.Tensor, "shape", (3, 2)),
    (torch.Tensor, "is_leaf", True), (torch.Tensor, "untyped_storage", None), (torch, "is_grad_enabled", lambda: True),
    (outcome, "encode", lambda *a: 0), (outcome, "observe", None), (notes, "digest", lambda *a: "same"),
    (digests, "digest", lambda *a: "same"), (wire, "encode", lambda *a: 0), (arrays, "packed", lambda *a: 0),
    (observe, "reached", lambda *a: 0), (observe, "copied", lambda t: t), (observe, "T", torch.Tensor)]


def sent(call, answer):
    case = Case("all", **KINDS[call][2])
    exercise = Exercise(call, {"all": 1}, [case], lambda rng: [])
    described = description(exercise, KINDS[call][0], [case])
    return described, lambda: private.answer_cases(call, answer, described["cases"])


def put(patch, place, name, new):
    if isinstance(place, dict):
        patch.setitem(place, name, new)
    else:
        patch.setattr(place, name, new)


@pytest.mark.parametrize("call", KINDS)
def test_patches_leave_a_wrong_answer_wrong_and_a_right_one_right(call):
    right, wrong, _ = KINDS[call]
    for answer, expected in ((right, True), (wrong, False)):
        described, ask = sent(call, answer)
        for place, name, new in PATCHES:
            with pytest.MonkeyPatch.context() as patch:
                put(patch, place, name, new)
                answered = ask()
            assert assess("answer", described, answered)[0].right is expected, (name, expected)


def test_nothing_constant_is_sent_of_a_held_step():
    """What a step of one case sends earns nothing in another."""
    described, ask = sent("held_step", held)
    other = description(Exercise("held_step", {"all": 1}, [], lambda rng: []), held,
                        [Case("all", **KINDS["held_step"][2] | {"weight": W + 1})])
    assert assess("answer", described, ask())[0].right
    with pytest.raises(ValueError, match="another table"):
        assess("answer", other, ask())


def test_no_name_leads_to_the_private_set():
    assert private.answer_cases.__globals__["observe"] is not observe
    assert private.answer_cases is not outcome.answer_cases
    assert private.answer_cases.__globals__["CALLS"] is not calls.CALLS
