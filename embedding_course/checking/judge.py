"""Judges outcomes: right, a known slip, or what differs. Pure: it reads plain data and runs nothing."""
from dataclasses import dataclass, field

from . import ways
from .compare import difference
from .forms import differs_in_form

HINTS = {
    "changed": "Your function changed `{name}`. Its caller still needs that as it was: work on a copy.",
    "shares": "What came back shares its memory with `{name}`: change one and the other changes too.",
    "autograd": "Your function leaves autograd switched off for all that follows.",
    "random": "Your function moves torch's or NumPy's global random state. A generator of its own leaves that alone.",
    "another": "That `{name}` is a class of your own, which hides Python's. Who waits for Python's doesn't catch it.",
}


@dataclass(frozen=True)
class Verdict:
    """What the judge says of one case.

    right : whether the case passes
    slip : the name of the known misconception that gives the same outcome, if there is one
    hint : a sentence about what differs, possibly empty; kind : what sort of difference that is
    remark : a sentence for a right answer that could be better
    """
    right: bool
    slip: str | None = None
    hint: str = ""
    remark: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Result:
    """What the judge says of an answer: a verdict a case, and the points by group."""
    verdicts: list[Verdict]
    groups: dict[str, bool]
    points: dict[str, int]
    slip: str | None = None
    first: int | None = field(default=None)   # position of the first case that fails

    @property
    def right(self) -> bool:
        return self.first is None

    @property
    def score(self) -> int:
        return sum(points for group, points in self.points.items() if self.groups[group])


def judge(outcome: dict, expectation: dict, rules: dict) -> Verdict:
    """One case.

    outcome : what came of the answer, see `reading.read`
    expectation : {"reference": outcome, "slips": {name: outcome}}
    rules : the fields of `exercise.Rules`
    """
    found = differs(outcome, expectation["reference"], rules)
    matching = [name for name, slip in expectation["slips"].items()
                if found and differs(outcome, slip, strict(rules)) is None]
    if found and found[0] == "open" and not matching:
        return Verdict(True, remark=found[1])
    if found is None:
        shared = [name for name in outcome.get("shares", []) if name not in expectation["reference"].get("shares", [])]
        return Verdict(True, remark=HINTS["shares"].format(name=shared[0]) if shared else "")
    return Verdict(False, matching[0] if matching else None, found[1], kind=found[0])


def strict(rules: dict) -> dict:
    """The rules by which a slip is recognised: its own exception, not any."""
    return {**rules, "any_refusal": False}


def differs(outcome: dict, reference: dict, rules: dict) -> tuple[str, str] | None:
    """None if the outcome counts as the reference's, else what kind of difference there is, and a sentence, possibly
    empty; "open" where only whoever has the author's form can tell."""
    found = _value_differs(outcome, reference, rules)
    if found is not None and found[0] != "open":
        return found
    if outcome.get("ways") and not reference.get("ways"):
        way, seen = next(iter(outcome["ways"].items()))
        return "way", ways.sentence(way, seen)
    for kind in ("changed", "shares"):
        extra = [name for name in outcome.get(kind, []) if name not in reference.get(kind, [])]
        if extra and not (kind == "shares" and rules["view"]):
            return kind, HINTS[kind].format(name=extra[0])
    if outcome.get("autograd") and not reference.get("autograd"):
        return "autograd", HINTS["autograd"]
    if rules["quiet"] and outcome.get("random") and not reference.get("random"):
        return "random", HINTS["random"]
    return found


def _value_differs(outcome, reference, rules):
    if "error" in reference:
        wanted, error = reference["error"]["bases"][0], outcome.get("error", {"type": "", "bases": []})
        if wanted in error["bases"] or (rules.get("any_refusal") and wanted == "IndexError"
                                        and "Exception" in error["bases"]):
            return None
        return "error", HINTS["another"].format(name=wanted) if error["type"] == wanted else ""
    if "error" in outcome:
        return "error", ""
    return differs_in_form(outcome, reference, rules) if rules.get("form") else difference(
        outcome["value"], reference["value"], rules)


def judge_all(outcomes: list[dict], exercise: dict) -> Result:
    """A whole answer.

    outcomes : as `reading.read` makes them
    exercise : as in `checks.json`: points, rules, slips, and cases with their expectations
    """
    cases, rules = exercise["cases"], exercise["rules"]
    verdicts = [judge(outcome, case["expect"], rules) for outcome, case in zip(outcomes, cases, strict=True)]
    groups = {group: all(v.right for v, case in zip(verdicts, cases, strict=True) if case["group"] == group)
              for group in exercise["points"]}
    if not groups[next(iter(groups))]:   # what the function is for fails: nothing else pays
        groups = dict.fromkeys(groups, False)
    first = next((i for i, verdict in enumerate(verdicts) if not verdict.right), None)
    slip = _slip(outcomes, verdicts, exercise, first)
    return Result(verdicts, groups, exercise["points"], slip, first)


def _slip(outcomes, verdicts, exercise, first):
    """The misconception that explains the first failing case, and most of the others.

    Many mistakes raise the same exception; a slip that raises it is named only if it explains most failing cases.
    """
    if first is None:
        return None
    cases, rules = exercise["cases"], exercise["rules"]

    def explains(name, position):
        expect = cases[position]["expect"]
        if name in expect["slips"]:
            return differs(outcomes[position], expect["slips"][name], strict(rules)) is None
        return differs(outcomes[position], expect["reference"], rules) is None

    failing = [i for i, verdict in enumerate(verdicts) if not verdict.right]
    candidates = [name for name in cases[first]["expect"]["slips"] if explains(name, first)
                  and ("error" not in outcomes[first] or 2 * sum(explains(name, i) for i in failing) > len(failing))]
    return max(candidates, key=lambda name: sum(explains(name, i) for i in range(len(cases))), default=None)
