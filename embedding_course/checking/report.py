"""What a learner reads: facts first and labelled, the thought last. The same lines everywhere."""
import textwrap

from .compare import difference, kind_of, shape
from .forms import WORDS, means
from .judge import Result, judge_all
from .reading import read

WIDTH = 84   # characters; a notebook's output is hardly wider, and breaks longer lines anywhere
MOST_TEXT = 200           # characters of a text, a name or a message that came back
MOST_SAID = 1000          # characters of a whole value
MOST_OF_FRESH = 300       # of one that came of a fresh case: what it holds may be other cases
DEEPEST = 4               # lists within lists
OTHERWISE = {   # of a fresh case: what differs, without what is expected there
    "shape": "The shape should be another.", "length": "The number of items should be another.",
    "numbers": "Numbers differ.", "items": "Other items are expected.", "values": "Other values are expected."}
KINDS_OF_LISTS = {"series": "a Series", "once": "an iterator over", "index": "an Index", "categorical": "a Categorical"}
UNFINISHED = "`raise NotImplementedError()` from the stub still stands in your answer: delete that line."


def assess(name: str, exercise: dict, answered: dict, fresh_from: int | None = None) -> tuple[Result | None, list[str]]:
    """Judges what an answer did, and says it: the judge's result (None for a stub) and the report.

    exercise : as in `checks.json`
    answered : what `outcome.answer_cases` gave
    fresh_from : position from which cases are fresh; of those, what was expected is not told
    """
    if answered.get("stub"):
        return None, lines(name, exercise, answered, None, fresh_from)
    outcomes = [read(exercise["call"], outcome, case["arguments"], case.get("kept"), exercise["rules"]["quiet"],
                     exercise["rules"].get("form"))
                for outcome, case in zip(answered["outcomes"], exercise["cases"], strict=True)]
    result = judge_all(outcomes, exercise)
    return result, lines(name, exercise, {"outcomes": outcomes}, result, fresh_from)


def lines(name: str, exercise: dict, answered: dict, result: Result | None, fresh_from: int | None = None) -> list[str]:
    """The report on one answer; the arguments are those of `assess`, the outcomes as `reading.read` makes them."""
    if answered.get("stub"):
        return [f"· {name}: not started yet"]
    if result.right:
        remarks = dict.fromkeys(v.remark for v in result.verdicts if v.remark)
        return [f"✓ {name}: {len(result.verdicts)} cases", *wrapped(*remarks)]
    case, verdict = exercise["cases"][result.first], result.verdicts[result.first]
    outcome, reference = answered["outcomes"][result.first], case["expect"]["reference"]
    outcome, reference = _where_they_differ(outcome, reference, exercise["rules"])
    told = fresh_from is None or result.first < fresh_from
    facts = [("given", given(case["arguments"])), *_happened(outcome, MOST_SAID if told else MOST_OF_FRESH)]
    if "value" in outcome and means(outcome["value"], exercise["rules"]):
        facts.append(("means", means(outcome["value"], exercise["rules"])))
    if told and not _is_same_value(outcome, reference):
        facts.append(("expected", _expected(reference, exercise["rules"])))
    hint = verdict.hint if told else OTHERWISE.get(verdict.kind, verdict.hint)
    hint = _clipped(hint, MOST_SAID if told else MOST_TEXT)
    thought = exercise["slips"][result.slip] if result.slip else " ".join(
        filter(None, [hint, case["ask"] if not hint or "differ" in hint else ""]))
    if outcome.get("error", {}).get("type") == "NotImplementedError":
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


def _happened(outcome, most):
    if "error" not in outcome:
        return [("returned", _clipped(say(outcome["value"]), most))]
    error = outcome["error"]
    where = f" in your line {error['line']}: {_clipped(error['source'])}" if error.get("source") else ""
    message = " ".join(_clipped(error["message"], 2 * WIDTH).split())
    return [("raised", _clipped(error["type"], 60) + where), ("", message)]


def _clipped(text: str, most: int = MOST_TEXT) -> str:
    return text if len(text) <= most else f"{text[:most]} …"


def _expected(reference, rules):
    form = rules.get("form")
    words = WORDS[form] if isinstance(form, str) else "one of several right answers" if form else ""
    return reference["error"]["type"] if "error" in reference else say(reference["value"]) + (words and f" ({words})")


def given(arguments: dict) -> str:
    """The arguments of a case in one line."""
    return ", ".join(f"{name} {say(value, most=8)}" for name, value in arguments.items())


def say(value, most: int = 24, depth: int = 0) -> str:
    """An encoded value, short enough to read: its numbers, or its shape where there are more than `most`."""
    def deeper(x):
        return say(x, most, depth + 1)

    if isinstance(value, str):
        return repr(_clipped(value))
    if isinstance(value, list):
        return _listed(value, most, depth)
    if not isinstance(value, dict):
        return _number(value) if isinstance(value, float) else repr(value)
    tag = value["$"]
    if tag in ("tensor", "array"):
        kind = "" if value["dtype"] in ("int64", "float32", "bool", "object") else f" ({value['dtype'][:20]})"
        if len(value["data"]) > most or _brackets(value["shape"]) > 4 * most:
            return _clipped(shape(value)) + kind
        return _nested([_entry(x, depth) for x in value["data"]], value["shape"]) + kind
    if tag == "tuple":
        return f"({_listed(value['items'], most, depth)[1:-1]}{',' if len(value['items']) == 1 else ''})"
    if tag == "set":
        return "{" + _listed(value["items"], most, depth)[1:-1] + "}" if value["items"] else "an empty set"
    if tag in KINDS_OF_LISTS:
        return f"{KINDS_OF_LISTS[tag]} {_listed(value['items'], most, depth)}"
    if tag in ("float", "big"):
        return _clipped(value["text"])
    if tag == "scalar":
        return _clipped(f"{value['type'][:60]} {value['text']}")
    if tag == "parts":
        items = [(_clipped(name), _clipped(item) if isinstance(item, str) else deeper(item))
                 for name, item in value["items"][:most]]
        return ", ".join(f"{name} {said}" for name, said in items)
    if tag == "modules":
        return f"a ModuleList of {_listed(value['items'], most, depth)}"
    if tag == "dict":
        return _cut([f"{deeper(key)}: {deeper(item)}" for key, item in value["items"][:most]], value["items"], most)
    if tag == "frame":
        columns = "; ".join(f"{_clipped(str(name))}: {_listed(items, most, depth)}"
                            for name, _, items in value["columns"][:most])
        return f"a DataFrame, index {_listed(value['index'], most, depth)}, {columns}"
    if tag in ("embedding", "linear"):
        return f"nn.{tag.capitalize()} with weight {deeper(value['weight'])}"
    return f"a value of type {kind_of(value)}"


def _listed(items, most, depth):
    if depth > DEEPEST:
        return "[…]"
    return f"[{_cut([say(x, most, depth + 1) for x in items[:most]], items, most)}]"


def _cut(said, items, most):
    """Said items, up to the length of a whole value: more would be cut anyway."""
    return ", ".join(said)[:2 * MOST_SAID] + (", …" if len(items) > most else "")


def _brackets(sizes) -> int:
    """How many brackets a nested list of this shape opens."""
    count, rows = 0, 1
    for size in sizes:
        count, rows = count + rows, min(rows * size, 10**6)
    return count


def _entry(x, depth):
    return x if isinstance(x, (str, int, float, bool)) else say(x, depth=depth + 1)


def _number(x):
    return f"{x:.6g}"


def _nested(flat, sizes):
    """Nested brackets around a flat list; no decimal point where all numbers are whole."""
    if not sizes:
        x = flat[0]
        return _number(x) if isinstance(x, float) else _clipped(str(x))
    step = max(1, len(flat) // sizes[0]) if sizes[0] else 1
    return "[" + ", ".join(_nested(flat[i * step:(i + 1) * step], sizes[1:]) for i in range(sizes[0])) + "]"
