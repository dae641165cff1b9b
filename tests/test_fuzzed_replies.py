"""Replies at random, and genuine ones changed at random: the judge says "no answer" or judges, soon, whatever comes."""
import copy
import json
import math
import random
import time

import pytest
import torch
from torch import nn, tensor

from embedding_course.checking.exercise import Case, Exercise, Parts
from embedding_course.checking.expectations import description
from embedding_course.checking.outcome import answer_cases
from embedding_course.checking.report import say
from embedding_course.course.expected import Full
from embedding_course.course.grading.verdict import verdict

SECONDS = 0.2      # of processor time
W = tensor([[1.0, 2.0], [3.0, 4.5], [5.0, 6.0]])
TAGS = ("float", "big", "other", "NA", "tuple", "set", "dict", "parts", "tensor", "array", "packed", "series", "frame",
        "embedding", "linear", "module", "modules", "once", "index", "scalar", "categorical", "categories", "os")
NAMES = ("$", "items", "dtype", "shape", "data", "bytes", "text", "type", "index", "columns", "weight", "bias", "trains",
         "notes", "after", "again", "error", "bases", "message", "line", "source", "ways", "random", "slope", "value",
         "index_name", "columns_name", "ordered")


LEAVES = (
    None, True, -3, 0, 3, 10**9, 2**62, 10**4000, -1, 0.5, 1e308, math.inf, math.nan, "", "nan", "1e999", "9" * 5000,
    "x" * 10**5, "\ud800", "\x1b[2J", *TAGS, *NAMES, [10**9, 0], [2] * 60, [[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]],
    [0.5] * 1000, {"$": "tensor", "dtype": "float32", "shape": [10**9, 0], "data": []},
    {"$": "tensor", "dtype": "float32", "shape": [3], "data": [1.0]},
    {"$": "packed", "dtype": "float64", "shape": [1], "bytes": "AAAA"})


class Table(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        return self.weight[codes]


def held(optimizer, weight, codes):
    rows = weight.detach()[codes].clone()
    optimizer.step()
    with torch.no_grad():
        weight[codes] = rows


def built(old_weight, old_vocabulary, new_vocabulary, seed):
    generator = torch.Generator().manual_seed(seed)
    mean, std = old_weight.mean(dim=0), old_weight.std(dim=0, correction=0)
    return mean + std * torch.randn(len(new_vocabulary), 2, generator=generator)


def counts(model, codes):
    return float(len(codes))


CALLS = {
    "function": (lambda x, names: {"a": [x.clone(), (1, "b", {2}, None)], "n": math.inf}, dict(x=W, names=["a"])),
    "module": (Table, dict(build=Parts(levels=3, dim=2), parameters=Parts(weight=W), inputs=Parts(codes=tensor([2, 0])),
                           upstream=torch.ones(2, 2))),
    "held_step": (held, dict(weight=W, codes=tensor([1]), optimizer="Adam", options={"lr": 0.5}, gradients=[W, W, W])),
    "copied_and_drawn": (built, dict(old_weight=W, old_vocabulary=["a", "b", "c"], new_vocabulary=["d"], seed=1,
                                     further=9)),
    "step_in_place": (lambda weight, grad, lr: weight.sub_(lr * grad), dict(weight=W.clone(), grad=W, lr=0.5)),
    "question_model": (counts, dict(model=Parts(weights=tensor([1.0]), dropout=0.5, training=["sum"]), codes=W[:, :1])),
}


@pytest.fixture(scope="module")
def genuine():
    """For each call the exercise and what a right answer sends."""
    made = {}
    for call, (answer, arguments) in CALLS.items():
        case = Case("all", **arguments)
        exercise = Exercise(call, {"all": 1}, [case], lambda rng: [])
        full = Full(json.loads(json.dumps(description(exercise, answer, [case]))), 0)
        made[call] = full, json.loads(json.dumps(answer_cases(call, answer, full.exercise["cases"])))
    return made


def anything(rng, depth=0):
    """Random JSON, with the names and the sizes that hurt."""
    kind = rng.randrange(12 if depth < 5 else 8)
    if kind > 9:
        return {"$": rng.choice(TAGS), **{rng.choice(NAMES): anything(rng, depth + 1) for _ in range(rng.randrange(4))}}
    if kind > 7:
        return [anything(rng, depth + 1) for _ in range(rng.randrange(5))]
    return copy.copy(rng.choice(LEAVES))


def changed(rng, reply):
    """A reply with one to three of its places changed, dropped or doubled."""
    reply = copy.deepcopy(reply)
    for _ in range(rng.randrange(1, 4)):
        place = reply
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = rng.choice(keys)
            if isinstance(place[key], (dict, list)) and place[key] and rng.random() < 0.85:
                place = place[key]
                continue
            if rng.random() < 0.15:
                del place[key]
            elif isinstance(place, list) and rng.random() < 0.2:
                place.append(place[key])
            else:
                place[key] = anything(rng)
            break
    return reply


@pytest.mark.parametrize("call", CALLS)
def test_a_genuine_reply_is_paid(genuine, call):
    full, reply = genuine[call]
    assert verdict("answer", reply, full, 60).score == 1


@pytest.mark.parametrize("call", CALLS)
def test_no_reply_stops_the_judge_or_takes_long(genuine, call):
    full, reply = genuine[call]
    for number in range(5000 // len(CALLS) + 1):
        rng = random.Random(f"{call} {number}")
        sent = changed(rng, reply) if number % 5 else {"outcomes": [anything(rng)]}
        began = time.process_time()
        scored = verdict("answer", sent, full, 60)
        assert time.process_time() - began < SECONDS, number
        assert max(map(len, scored.report)) <= 200, number


@pytest.mark.parametrize("shape", [[10**9, 0], [10**5, 10**5, 0], [1] * 60, [0, 10**9], [24] * 12 + [0]])
def test_a_shape_is_said_soon_however_large(shape):
    numbers = [1.0] * math.prod(shape)
    began = time.process_time()
    assert len(say({"$": "tensor", "dtype": "float32", "shape": shape, "data": numbers})) < 300
    assert time.process_time() - began < SECONDS


def test_what_came_back_is_shown_in_part_only(genuine):
    """All fresh cases in one text: it stays with whoever judges."""
    case, other = ({"x": tensor([float(n)]), "names": [f"fresh-{n}"]} for n in (1, 2))
    cases = [Case("all", **case), Case("all", **other)]
    exercise = Exercise("function", {"all": 1}, cases, lambda rng: cases)
    full = Full(description(exercise, lambda x, names: x.clone(), cases), 0)
    kept = []

    def tells(x, names):
        kept.append("z" * 5000)
        return ["".join(kept)] * 100 if len(kept) % 2 else {"y" * 5000: kept}
    report = "\n".join(verdict("answer", answer_cases("function", tells, full.exercise["cases"]), full, 60).report)
    assert len(report) < 1000
    assert report.count("z") <= 300
    assert "fresh-2" not in report
