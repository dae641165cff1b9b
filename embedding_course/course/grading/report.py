"""What `course grade` says at the end: a table, what needs a person, which misconceptions, whose score changed and why."""
import textwrap
from collections import Counter
from dataclasses import dataclass

from .states import called

WIDTH = 110   # characters of a line of prose


@dataclass(frozen=True)
class Change:
    """A student whose score is another than after the grading before."""
    student: str
    before: dict
    after: dict

    def line(self) -> str:
        """Who, from what to what, and because of which exercises."""
        old, new = self.before.get("exercises", {}), self.after["exercises"]
        why = [f"{name} {old.get(name, {}).get('score', '–')} → {scored['score']}" for name, scored in new.items()
               if scored["score"] != old.get(name, {}).get("score")]
        why += [f"{name} is no longer asked" for name in old if name not in new]
        if self.before.get("sha256") != self.after["sha256"]:
            why.append("another submission")
        if self.before.get("late") != self.after["late"]:
            why.append("late" if self.after["late"] else "no longer late")
        if self.after["refused"]:
            why.append("refused now")
        return (f"{self.student}: {points(self.before.get('score'))} → {points(self.after['score'])} "
                f"({', '.join(why) or 'the marks of a person'})")


def points(number) -> str:
    """A score as people write it."""
    return "–" if number is None else f"{number:g}"


def table(records: list[dict], absent: list[str], names: dict[str, str]) -> list[str]:
    """One line a student: score, outcome, and what needs a person.

    names : by id, as a roster has told them
    """
    who = {student: called(student, names.get(student, "")) for student in [*(r["student"] for r in records), *absent]}
    width = max(7, *map(len, who.values())) if who else 7
    lines = [f"{'student':<{width}}{'score':>7}{'of':>5}  outcome"]
    for record in records:
        score = f"{points(record['score']):>7}{points(record['of']):>5}"
        lines.append(f"{who[record['student']]:<{width}}{score}  {_said(record)}")
    return lines + [f"{who[name]:<{width}}{'–':>7}{'–':>5}  not handed in" for name in absent]


def _said(record) -> str:
    words = [f"refused: {record['refused']}" if record["refused"] else record["outcome"]]
    if record["waits"]:
        words[0] = f"{', '.join(record['waits'])} waiting for a human"
    states = Counter(s["state"] for s in record["exercises"].values() if s["state"] in ("timed out", "no answer"))
    words += [f"{count} {state}" for state, count in states.items()] + ["late"] * record["late"] + record["flags"]
    if record.get("older"):
        words.append(f"on an older release; changed since: {', '.join(record['older'])}")
    return "; ".join(words)


def needs_a_person(record: dict) -> bool:
    """Whether somebody must look before this score is right: refused, flagged, or points lost in an exercise that was
    another when the student began. Written answers wait in Formgrader."""
    older = [record["exercises"][name] for name in record.get("older", [])]
    return bool(record["refused"] or record["flags"] or any(scored["score"] < scored["of"] for scored in older))


def misconceptions(records: list[dict], hints: dict[str, dict[str, str]], advice: dict[str, str]) -> list[str]:
    """By exercise: how many hold which known misconception, as the sentence that they were told, and the guide's advice.

    hints : by exercise, each known misconception in a sentence; advice : by exercise, what the guide says of it
    """
    lines = []
    for name, known in hints.items():
        held = [record["exercises"][name]["slip"] for record in records if record["exercises"].get(name, {}).get("slip")]
        counts = Counter(slip for slip in held if slip in known)
        if counts:
            asked = sum(name in record["exercises"] for record in records)
            lines.append(f"{name}: {counts.total()} of {asked}")
            for slip, count in counts.most_common():
                lines += _hanging(f"{count:>4} × ", known[slip])
            lines += _hanging("  guide: ", advice[name]) if name in advice else []
    return lines


def _hanging(mark: str, text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=f"  {mark}", subsequent_indent=" " * (len(mark) + 2))
