"""What right answers and known slips do on each case. Made by the build and the grader only."""
from dataclasses import asdict

from . import calls
from .exercise import Case, Exercise
from .forms import described
from .judge import differs
from .outcome import outcome
from .reading import read
from .wire import decode, encode

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
    arguments = {name: encode(value) for name, value in case.arguments.items()}
    made = {}
    if exercise.call in calls.KEPT:
        made["kept"] = encode(calls.KEPT[exercise.call]({name: decode(data) for name, data in arguments.items()}))
    right = _run(exercise, reference, arguments, made.get("kept"))
    slips = {slip.name: _run(exercise, slip.answer, arguments, made.get("kept")) for slip in exercise.slips}
    rules = _rules(exercise)   # by the rules: last digits alone, which differ from CPU to CPU, tell nothing
    return {"group": case.group, "title": case.title, "ask": case.ask, "arguments": arguments, **made,
            "expect": {"reference": right,
                       "slips": {name: did for name, did in slips.items() if differs(did, right, rules) is not None}}}


def _run(exercise, answer, arguments, kept):
    raw = outcome(exercise.call, answer, arguments, exercise.rules.forbidden)
    did = read(exercise.call, raw, arguments, kept, exercise.rules.quiet, described(exercise.rules.form))
    if "error" in did:   # messages and lines differ between versions; the type is what counts
        did["error"] = {key: did["error"][key] for key in ("type", "bases")} | {"message": ""}
    return {key: did[key] for key in TOLD if did.get(key) not in (None, [], {}, False) or key == "value" and key in did}
