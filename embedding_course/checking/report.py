"""What a learner reads: facts first and labelled, the thought last. The same lines everywhere."""
import textwrap

from .compare import difference, kind_of, shape
from .judge import Result, judge_all

WIDTH = 84   # characters; a notebook's output is hardly wider, and breaks longer lines anywhere
UNFINISHED = "`raise NotImplementedError()` from the stub still stands in your answer: delete that line."


def assess(name: str, exercise: dict, answered: dict, fresh_from: int | None = None) -> tuple[Result | None, list[str]]:
    """Judges what an answer did, and says it: the judge's result (None for a stub) and the report.

    exercise : as in `checks.json`
    answered : what `outcome.answer_cases` gave
    fresh_from : position from which cases are fresh; of those, what was expected is not told
    """
    result = None if answered.get("stub") else judge_all(answered["outcomes"], exercise)
    return result, lines(name, exercise, answered, result, fresh_from)


def lines(name: str, exercise: dict, answered: dict, result: Result | None, fresh_from: int | None = None) -> list[str]:
    """The report on one answer; the arguments are those of `assess`."""
    if answered.get("stub"):
        return [f"· {name}: not started yet"]
    if result.right:
        remarks = dict.fromkeys(v.remark for v in result.verdicts if v.remark)
        return [f"✓ {name}: {len(result.verdicts)} cases", *wrapped(*remarks)]
    case, verdict = exercise["cases"][result.first], result.verdicts[result.first]
    outcome, reference = answered["outcomes"][result.first], case["expect"]["reference"]
    outcome, reference = _where_they_differ(outcome, reference, exercise["rules"])
    told = fresh_from is None or result.first < fresh_from
    facts = [("given", given(case["arguments"])), *_happened(outcome)]
    if told and not _is_same_value(outcome, reference):
        facts.append(("expected", _expected(reference)))
    thought = exercise["slips"][result.slip] if result.slip else " ".join(
        filter(None, [verdict.hint, case["ask"] if not verdict.hint or "differ" in verdict.hint else ""]))
    if answered.get("leftover") and outcome.get("error", {}).get("type") == "NotImplementedError":
        thought = UNFINISHED
    return [f"✗ {name}: {case['title']}", *(line for fact in facts for line in _labelled(*fact)), *wrapped(thought)]


def wrapped(*thoughts: str) -> list[str]:
    """Thoughts as indented lines that a notebook's output doesn't break."""
    return [line for thought in thoughts
            for line in textwrap.wrap(thought, WIDTH, initial_indent="  ", subsequent_indent="  ")]


def _where_they_differ(outcome, reference, rules):
    """Both without what they agree on: of a result in named parts, the first part that differs."""
    value, wanted = outcome.get("value"), reference.get("value")
    if not (kind_of(value) == kind_of(wanted) == "parts"):
        return outcome, reference
    for name, expected in wanted["items"]:
        found = [part for part in value["items"] if part[0] == name]
        if not found or difference(found[0][1], expected, rules):
            return {**outcome, "value": {"$": "parts", "items": found or [[name, None]]}}, {
                **reference, "value": {"$": "parts", "items": [[name, expected]]}}
    return outcome, reference


def _labelled(label, text):
    return textwrap.wrap(text, WIDTH, initial_indent=f"  {label:<10}", subsequent_indent=" " * 12)


def _is_same_value(outcome, reference):
    return "value" in outcome and "value" in reference and outcome["value"] == reference["value"]


def _happened(outcome):
    if "error" not in outcome:
        return [("returned", say(outcome["value"]))]
    error = outcome["error"]
    where = f" in your line {error['line']}: {error['source']}" if error.get("source") else ""
    facts = [("raised", error["type"] + where)]
    return facts + [("", textwrap.shorten(error["message"], 2 * WIDTH, placeholder=" …"))]


def _expected(reference):
    return reference["error"]["type"] if "error" in reference else say(reference["value"])


def given(arguments: dict) -> str:
    """The arguments of a case in one line."""
    return ", ".join(f"{name} {say(value, most=8)}" for name, value in arguments.items())


def say(value, most: int = 24) -> str:
    """An encoded value, short enough to read: its numbers, or its shape where there are more than `most`."""
    if isinstance(value, list):
        return _listed(value, most)
    if not isinstance(value, dict):
        return _number(value) if isinstance(value, float) else repr(value)
    tag = value["$"]
    if tag in ("tensor", "array"):
        kind = "" if value["dtype"] in ("int64", "float32", "bool", "object") else f" ({value['dtype']})"
        if len(value["data"]) > most:
            return shape(value) + kind
        return _nested([_entry(x) for x in value["data"]], value["shape"]) + kind
    if tag == "tuple":
        return "(" + ", ".join(say(x, most) for x in value["items"]) + (",)" if len(value["items"]) == 1 else ")")
    if tag == "set":
        return "{" + _listed(value["items"], most)[1:-1] + "}" if value["items"] else "an empty set"
    if tag in ("once", "series"):
        what = "a Series" if tag == "series" else "an iterator over"
        return f"{what} {_listed(value['items'], most)}"
    if tag == "float":
        return value["text"]
    if tag == "parts":
        items = [(name, item if isinstance(item, str) else say(item, most)) for name, item in value["items"]]
        return ", ".join(f"{name} {said}" for name, said in items)
    if tag == "modules":
        return f"a ModuleList of {_listed(value['items'], most)}"
    if tag == "dict":
        return ", ".join(f"{say(key)}: {say(item, most)}" for key, item in value["items"])
    if tag == "frame":
        columns = "; ".join(f"{name}: {_listed(items, most)}" for name, _, items in value["columns"])
        return f"a DataFrame, index {_listed(value['index'], most)}, {columns}"
    if tag in ("embedding", "linear"):
        return f"nn.{tag.capitalize()} with weight {say(value['weight'], most)}"
    return f"a value of type {kind_of(value)}"


def _listed(items, most):
    shown = ", ".join(say(x, most) for x in items[:most])
    return f"[{shown}{', …' if len(items) > most else ''}]"


def _entry(x):
    return x if isinstance(x, (str, int, float, bool)) else say(x)


def _number(x):
    return f"{x:.6g}"


def _nested(flat, sizes):
    """Nested brackets around a flat list; no decimal point where all numbers are whole."""
    if not sizes:
        x = flat[0]
        return _number(x) if isinstance(x, float) else str(x)
    step = max(1, len(flat) // sizes[0]) if sizes[0] else 1
    return "[" + ", ".join(_nested(flat[i * step:(i + 1) * step], sizes[1:]) for i in range(sizes[0])) + "]"
