"""What right answers and known slips do on each case. Made by the build and the grader only."""
from dataclasses import asdict

from .exercise import Case, Exercise
from .judge import differs
from .outcome import outcome
from .wire import encode

KEPT = ("value", "error", "changed", "shares", "ways", "random", "autograd")


def expectations(exercise: Exercise, reference, cases: list[Case]) -> list[dict]:
    """Each case as data, with the outcomes of the reference and of every slip that does otherwise.

    reference : the lesson's own solution
    returns : [{"group", "title", "ask", "arguments", "expect": {"reference", "slips"}}]
    """
    return [_expect(exercise, reference, case) for case in cases]


def description(exercise: Exercise, reference, cases: list[Case]) -> dict:
    """The exercise as `checks.json` holds it: data only, no code."""
    return {"call": exercise.call, "points": exercise.points, "rules": asdict(exercise.rules),
            "slips": {slip.name: slip.hint for slip in exercise.slips},
            "cases": expectations(exercise, reference, cases)}


def _expect(exercise, reference, case):
    arguments = {name: encode(value) for name, value in case.arguments.items()}
    right = _run(exercise, reference, arguments)
    slips = {slip.name: _run(exercise, slip.answer, arguments) for slip in exercise.slips}
    rules = asdict(exercise.rules)   # by the rules: last digits alone, which differ from CPU to CPU, tell nothing
    return {"group": case.group, "title": case.title, "ask": case.ask, "arguments": arguments,
            "expect": {"reference": right,
                       "slips": {name: did for name, did in slips.items() if differs(did, right, rules) is not None}}}


def _run(exercise, answer, arguments):
    did = outcome(exercise.call, answer, arguments, exercise.rules.forbidden)
    if "error" in did:   # messages and lines differ between versions; the type is what counts
        did["error"] = {key: did["error"][key] for key in ("type", "bases")} | {"message": ""}
    return {key: did[key] for key in KEPT if did.get(key) not in (None, [], {}, False) or key == "value" and key in did}
