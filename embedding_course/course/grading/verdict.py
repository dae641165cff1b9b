"""The score and the report for what a student's process sent back, whatever that is."""
from dataclasses import dataclass, field

from ...checking.report import assess
from ..expected import Full

NO_ANSWER = "✗ {name}: the notebook's process gave no usable answer. Does a cell end it, or use more memory than there is?"
MALFORMED = (AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True)
class Scored:
    """What an exercise earned.

    state : "right", "wrong", "not started", "missing", "timed out" or "no answer"
    report : the lines that a student reads
    groups : whether each group of cases was paid; slip : the misconception's name, if it is a known one
    """
    score: int
    of: int
    state: str
    report: list[str]
    groups: dict[str, bool] = field(default_factory=dict)
    slip: str | None = None


def verdict(name: str, answered: dict, full: Full, seconds: float) -> Scored:
    """Judges one exercise.

    answered : plain data, in the form of `outcome.answer_cases` if the process was honest
    seconds : that it had, for the report
    """
    def unpaid(state, *report):
        return Scored(0, full.total, state, [*report], dict.fromkeys(full.exercise["points"], False))

    if answered.get("missing"):
        return unpaid("missing", f"· {name}: not defined when its check ran")
    if answered.get("timeout"):
        return unpaid("timed out", f"✗ {name}: no answer within {seconds:g} seconds. Does a loop never end?")
    silent = unpaid("no answer", NO_ANSWER.format(name=name))
    outcomes = answered.get("outcomes")
    if answered.get("stub") is not True and not (isinstance(outcomes, list)
                                                 and len(outcomes) == len(full.exercise["cases"])):
        return silent
    try:
        result, report = assess(name, full.exercise, answered, full.fresh_from)
    except MALFORMED:
        return silent   # a forged reply in no form of ours
    if result is None:
        return unpaid("not started", *report)
    paid = ", ".join(f"{group} {'✓' if paid else '✗'}" for group, paid in result.groups.items())
    return Scored(result.score, full.total, "right" if result.right else "wrong",
                  [*report, f"  {result.score} of {full.total} points: {paid}"], result.groups, result.slip)
