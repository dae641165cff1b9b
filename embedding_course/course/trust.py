"""What points rest on: values that can't be faked without computing them, or what the student's process says of itself.

Made from the calls and from the released checks, for the guide on grading.
"""
import json

from .project import Project

HEAD = ("| exercise | points | rest on values | seen inside the process alone |", "| --- | --- | --- | --- |")
FAKES = """\
"Rest on values": the right answer depends on the case, fresh ones included, and is compared where no code of a student
runs; the other points ask for an exception. What is "seen inside", and whether arguments are unchanged and autograd is left
on, is noted in the student's process. Code that hunts for the observer there can fake it: it earns what an answer with the
right values and that one fault would lose. A notebook that changes torch or the package, or hunts, is flagged."""


def table(project: Project) -> list[dict]:
    """A row for each exercise: what its points rest on.

    returns : [{"lesson", "exercise", "points", "values": points of groups in which some case has a value to compare,
              "observed": what is seen inside the process alone, in words}]
    """
    from ..checking.calls import CALLS  # here, since torch comes with it
    rows = []
    for lesson in project.lesson_names():
        checks = json.loads((project.release / lesson / "checks.json").read_text(encoding="utf-8"))
        for name, exercise in checks["exercises"].items():
            parts = {group: _parts(exercise, group) for group in exercise["points"]}
            rows.append({"lesson": lesson, "exercise": name, "points": sum(exercise["points"].values()),
                         "values": sum(exercise["points"][group] for group, found in parts.items() if found),
                         "observed": _observed(CALLS[exercise["call"]].observed, exercise["rules"], parts)})
    return rows


def markdown(project: Project) -> str:
    """The table as Markdown, and what hostile code can fake."""
    rows = [f"| {row['lesson'][:2]} `{row['exercise']}` | {row['points']} | {row['values']} of {row['points']} | "
            f"{', '.join(row['observed']) or 'nothing'} |" for row in table(project)]
    return "\n".join([*HEAD, *rows, "", FAKES])


def _parts(exercise, group) -> set[str]:
    """The names of the parts that are compared in a group; "" where a value has none. Empty: exceptions alone."""
    values = [case["expect"]["reference"]["value"] for case in exercise["cases"]
              if case["group"] == group and "value" in case["expect"]["reference"]]
    return {name for value in values for name in (
        [name for name, _ in value["items"]] if isinstance(value, dict) and value["$"] == "parts" else [""])}


def _observed(seen, rules, parts) -> list[str]:
    """What is seen, with the groups that it counts in unless those are all with values."""
    words, valued = [], [group for group, found in parts.items() if found]
    for what, part in seen.items():
        groups = [group for group, found in parts.items() if part is None or part in found]
        if groups and not (rules["view"] and what == "memory of its own"):
            words.append(what if len(groups) >= len(valued) else f"{what} ({', '.join(groups)})")
    return [*words, *(f"no {way}" for way in rules["forbidden"]), *["random state"] * rules["quiet"]]
