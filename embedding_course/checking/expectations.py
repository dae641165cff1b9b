"""What right answers and known slips do on each case. Made by the build and the grader only."""
import contextlib
import inspect
from dataclasses import asdict

from . import calls
from .exercise import Case, Exercise
from .forms import described
from .judge import differs
from .outcome import outcome
from .reading import read
from .wire import decode, encode

# Calls that hand a case's arguments on as they are, by their names; of those, the ones that the answer doesn't get.
HANDED_ON = {"function": (), "in_place": (), "step_in_place": (), "question_model": (), "with_gradients": ("upstream",)}
TOLD = ("value", "form", "error", "changed", "shares", "ways", "random", "autograd")


def expectations(exercise: Exercise, reference, cases: list[Case]) -> list[dict]:
    """Each case as data, with the outcomes of the reference and of every slip that does otherwise.

    reference : the lesson's own solution
    returns : [{"group", "title", "ask", "arguments", "expect": {"reference", "slips"}}], and "kept" where a call has
              numbers for the judge to compare with (`calls.KEPT`)
    """
    return [_expect(exercise, reference, case) for case in cases]


def description(exercise: Exercise, reference, cases: list[Case]) -> dict:
    """The exercise as `checks.json` holds it: data only, no code."""
    return {"call": exercise.call, "points": exercise.points, "rules": _rules(exercise),
            "slips": {slip.name: slip.hint for slip in exercise.slips},
            "cases": expectations(exercise, reference, cases)}


def _rules(exercise) -> dict:
    return {**asdict(exercise.rules), "form": described(exercise.rules.form)}


def _expect(exercise, reference, case):
    arguments, made = _given(exercise, reference, case)
    right = _run(exercise, reference, arguments, made.get("kept"))
    slips = {slip.name: _run(exercise, slip.answer, arguments, made.get("kept")) for slip in exercise.slips}
    rules = _rules(exercise)   # by the rules: last digits alone, which differ from CPU to CPU, tell nothing
    return {"group": case.group, "title": case.title, "ask": case.ask, "arguments": arguments, **made,
            "expect": {"reference": right,
                       "slips": {name: did for name, did in slips.items() if differs(did, right, rules) is not None}}}


def in_order(call: str, reference, arguments: dict) -> dict:
    """A case's arguments in the order of the reference's parameters: an author goes by name, an answer by position."""
    if call not in HANDED_ON:
        return arguments
    order = []
    with contextlib.suppress(ValueError):   # a function written in C may have no signature
        order = list(inspect.signature(reference).parameters)
    return dict(sorted(arguments.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order)))


def answered(exercise: Exercise, reference, case: Case, slip=None) -> dict:
    """What the reference, or a slip, does on a case, as the judge compares it, with an exception's message."""
    arguments, made = _given(exercise, reference, case)
    return _read(exercise, slip or reference, arguments, made.get("kept"))


def _given(exercise, reference, case):
    """A case's arguments as data, and what is made with them for the judge."""
    arguments = {name: encode(value) for name, value in in_order(exercise.call, reference, case.arguments).items()}
    if exercise.call not in calls.KEPT:
        return arguments, {}
    return arguments, {"kept": encode(calls.KEPT[exercise.call]({name: decode(data) for name, data in arguments.items()}))}


def _read(exercise, answer, arguments, kept):
    raw = outcome(exercise.call, answer, arguments, exercise.rules.forbidden)
    return read(exercise.call, raw, arguments, kept, exercise.rules.quiet, described(exercise.rules.form))


def _run(exercise, answer, arguments, kept):
    did = _read(exercise, answer, arguments, kept)
    if "error" in did:   # messages and lines differ between versions; the type is what counts
        did["error"] = {key: did["error"][key] for key in ("type", "bases")} | {"message": ""}
    return {key: did[key] for key in TOLD if did.get(key) not in (None, [], {}, False) or key == "value" and key in did}
