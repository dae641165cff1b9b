"""Several right answers: forms by which results count as the same though they are not equal. No torch; nothing is trusted.

A named form lays a result beside the expected one, whatever order or sign it has, and the usual comparison follows. An
author's own function makes of each result what is compared instead: it runs where answers are judged, never in a student's
process, and gets plain values (`plain`), since whoever judges has neither torch nor pandas. It travels as text; what is
released holds its name alone, so that a visible check without it can't tell all right answers from wrong ones, and says so.
"""
import ast
import builtins
import inspect
import math
import textwrap
from collections.abc import Callable
from functools import lru_cache

from .arrays import PLAIN, array, tensor
from .compare import difference, laid

WORDS = {   # by name: how the expected result is said
    "set": "in any order; repeats don't count", "unordered rows": "in any order",
    "unordered columns": "its columns in any order", "sign": "each column or its negative",
    "grouping": "or other labels for the same groups"}
OPEN = ("This exercise has several right answers. Whether yours is one is told by grading, and by "
        "`course check` where the project holds solutions.")
MOST_ROWS = 10**6   # of a shape with a 0 in it, which needs no numbers
MOST_EXTRA = 5   # items too many that are looked for; a stranger's list may be long
_NO_FORM = "What came back can't be brought into the form that is compared: look at its type and shape."


def described(form: str | Callable | None):
    """A form as data: its name, or the name and text of an author's own function."""
    if not callable(form):
        return form
    return {"name": form.__name__, "source": textwrap.dedent(inspect.getsource(form))}


def stands_alone(form: Callable):
    """What keeps an author's own form from running where answers are judged, in words: only its text gets there."""
    if not inspect.isfunction(form) or form.__name__ == "<lambda>":
        yield "form: the name of a form, or a function written with `def`, is wanted"
        return
    nodes = [*ast.walk(ast.parse(described(form)["source"]))]
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    own = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)} | {node.name for node in nodes if isinstance(
        node, (ast.FunctionDef, ast.ExceptHandler))}
    own |= {(node.asname or node.name).split(".")[0] for node in nodes if isinstance(node, ast.alias)}
    names = sorted(used - own - set(dir(builtins)))
    if names:
        yield f"the form {form.__name__} uses {', '.join(names)} from outside: it runs alone; define that inside"


def released(exercise: dict) -> dict:
    """An exercise's description without code: an own function's name alone is left, and nothing that it made."""
    rules = exercise["rules"]
    if not isinstance(rules.get("form"), dict):
        return exercise
    cases = [{**case, "expect": {"reference": _without(case["expect"]["reference"]),
                                 "slips": {name: _without(did) for name, did in case["expect"]["slips"].items()}}}
             for case in exercise["cases"]]
    return {**exercise, "rules": {**rules, "form": {"name": rules["form"]["name"]}}, "cases": cases}


def _without(did):
    return {key: value for key, value in did.items() if key != "form"}


def own_form(form, value, arguments: dict):
    """What an author's own function makes of a result, encoded; None for a named form, or where the text isn't here.

    value, arguments : encoded, the value a stranger's
    """
    if not isinstance(form, dict) or "source" not in form:
        return None
    try:
        return {"$": "form", "items": [_encoded(_function(form["name"], form["source"])(plain(value), {
            name: plain(data) for name, data in arguments.items()}))]}
    except Exception:  # noqa: BLE001 - what a stranger's value does in an author's function is that value's matter
        return {"$": "form", "items": []}


@lru_cache(maxsize=64)
def _function(name, source):
    namespace = {}
    exec(compile(source, f"<form {name}>", "exec"), namespace)   # the author's, out of the checks
    return namespace[name]


def differs_in_form(did: dict, expected: dict, rules: dict) -> tuple[str, str] | None:
    """As `compare.difference`, of two outcomes with values, by the form that the rules ask for."""
    value, wanted, form = did["value"], expected["value"], rules["form"]
    if isinstance(form, dict):
        if "form" not in expected:                                # released: the function isn't here
            return ("open", OPEN) if difference(value, wanted, rules) else None
        if not did["form"]["items"]:
            return "form", _NO_FORM
        found = difference(did["form"]["items"], expected["form"]["items"], rules)
        return found and ("form", "")
    return NAMED[form](value, wanted, rules)


def means(value, rules: dict) -> str:
    """What a result in the form of a set means, in the author's words; "" where nothing is said."""
    if rules.get("form") != "set" or not rules.get("means"):
        return ""
    items = _rows(_unlabelled(value, value)[0])
    return "" if items is None or any(type(item) in (dict, list) for item in items) else rules["means"].format(
        _listed(_distinct(items)))


def _listed(rows):
    said = [repr(row)[:40] if not isinstance(row, (dict, list)) else "a row" for row in rows[:12]]
    return ", ".join(said) + (", …" if len(rows) > 12 else "") or "none"


# --- named forms ------------------------------------------------------------------------------------------------------


def _same_set(value, expected, rules):
    value, expected = _unlabelled(value, expected)
    rows, wanted = _rows(value), _rows(expected)
    if _tag(value) == _tag(expected) and _axes(value) != _axes(expected):
        return "axes", f"The number of axes should be {_axes(expected)}; yours is {_axes(value)}."
    if rows is None or wanted is None:
        return difference(value, expected, rules)
    rows, wanted, extra = _distinct(rows), _distinct(wanted), []
    exact = {repr(row): row for row in wanted}
    found = {key for key in map(repr, rows) if key in exact}
    for row in (row for row in rows if repr(row) not in exact):
        near = [key for key, one in exact.items() if difference(row, one, rules) is None]
        found.update(near)
        extra += [] if near else [row]
        if len(extra) > MOST_EXTRA:
            break
    whole = difference(_with_rows(value, wanted), _with_rows(expected, wanted), rules)   # type, sizes of rows, dtype
    missing = [row for key, row in exact.items() if key not in found]
    if (whole and whole[0] != "dtype") or not (extra or missing):
        return whole
    said = [f"{words}: {_listed(rows)}." for words, rows in (("Missing", missing), ("Too many", extra)) if rows]
    return "items", " ".join(said)


def _unordered_rows(value, expected, rules):
    rows, wanted = _rows(value), _rows(expected)
    if rows is None or wanted is None or len(rows) != len(wanted):
        return difference(value, expected, rules)
    return difference(_with_rows(value, laid(rows, wanted, rules)), expected, rules)


def _unordered_columns(value, expected, rules):
    if _tag(value) == _tag(expected) == "frame":
        places = {repr(column[0]): column for column in value["columns"]}
        columns = [places.get(repr(column[0])) for column in expected["columns"]]
        same = len(places) == len(value["columns"]) == len(columns) and None not in columns
        return difference({**value, "columns": columns} if same else value, expected, rules)
    if not (_axes(value) == _axes(expected) == 2 and value["shape"] == expected["shape"]):
        return difference(value, expected, rules)
    return _unordered_rows(_turned(value), _turned(expected), rules)


def _up_to_sign(value, expected, rules):
    if not (_axes(value) == _axes(expected) in (1, 2) and value["shape"] == expected["shape"]):
        return difference(value, expected, rules)
    step = value["shape"][1] if _axes(value) == 2 else 1
    data = list(value["data"])
    for column in range(step):
        numbers, wanted = (list(map(_number, x["data"][column::step])) for x in (value, expected))
        if math.fsum(a * b for a, b in zip(numbers, wanted, strict=True) if math.isfinite(a * b)) < 0:
            data[column::step] = [-x if math.isfinite(x) else str(-x) for x in numbers]
    return difference({**value, "data": data}, expected, rules)


def _same_groups(value, expected, rules):
    value, expected = _unlabelled(value, expected)
    labels, wanted = _rows(value), _rows(expected)
    same = labels is not None and wanted is not None and _order_of(labels) == _order_of(wanted)
    found = difference(_with_rows(value, wanted) if same else value, expected, rules)
    return ("values", "Other records are grouped together.") if found and found[0] in ("numbers", "values") else found


NAMED = {"set": _same_set, "unordered rows": _unordered_rows, "unordered columns": _unordered_columns,
         "sign": _up_to_sign, "grouping": _same_groups}


def _tag(data):
    return data["$"] if isinstance(data, dict) else None


def _axes(data):
    return len(data["shape"]) if _tag(data) in ("tensor", "array") else None


def _rows(data):
    """The rows or items of a value, each encoded; None where there are none to speak of."""
    if isinstance(data, list):
        return data
    if _tag(data) in ("tuple", "set", "index"):
        return data["items"]
    if _tag(data) == "series":
        return [[label, item] for label, item in zip(_labels(data), data["items"], strict=True)]
    if _tag(data) == "frame":
        return [list(row) for row in zip(_labels(data), *(items for _, _, items in data["columns"]), strict=True)]
    if not _axes(data) or data["shape"][0] > MOST_ROWS:
        return None
    rest = data["shape"][1:]
    step = math.prod(rest)
    if not rest:
        return [{"$": "float", "text": x} if x in ("nan", "inf", "-inf") else x for x in data["data"]]
    return [{**data, "shape": rest, "data": data["data"][i * step:(i + 1) * step]} for i in range(data["shape"][0])]


def _with_rows(data, rows):
    """A value of the same kind with other rows, as `_rows` gives them."""
    if isinstance(data, list):
        return rows
    if _tag(data) in ("tuple", "set", "index"):
        return {**data, "items": rows}
    if _tag(data) in ("series", "frame"):
        data = {**data, "index": [number if row[0] is None else row[0] for number, row in enumerate(rows)]}
    if _tag(data) == "series":
        return {**data, "items": [row[1] for row in rows]}
    if _tag(data) == "frame":
        return {**data, "columns": [[name, dtype, [row[i] for row in rows]]
                                    for i, (name, dtype, _) in enumerate(data["columns"], 1)]}
    flat = [x for row in rows for x in (row["data"] if _tag(row) in ("tensor", "array") else [_flat(row)])]
    return {**data, "shape": [len(rows), *data["shape"][1:]], "data": flat}


def _flat(number):
    return number["text"] if _tag(number) == "float" else number


def _unlabelled(value, expected):
    """Two values, Series as lists: where order doesn't count, no index does."""
    both = _tag(value) == _tag(expected) == "series"
    return (value["items"], expected["items"]) if both else (value, expected)


def _labels(data):
    """The labels of a table's rows; a default index (0 … n − 1) doesn't belong to them."""
    index = data["index"]
    return [None] * len(index) if index == [*range(len(index))] else index


def _distinct(rows):
    return list({repr(row): row for row in rows}.values())


def _order_of(labels):
    """Each label as the number of the different ones that came before it."""
    seen = {}
    return [seen.setdefault(repr(label), len(seen)) for label in labels]


def _turned(data):
    """A matrix with rows for columns."""
    columns = data["shape"][1]
    return {**data, "shape": data["shape"][::-1], "data": [x for i in range(columns) for x in data["data"][i::columns]]}


def _number(x) -> float:
    return float(x) if isinstance(x, (int, float)) or x in ("nan", "inf", "-inf") else math.nan


# --- plain values, for an author's own function ----------------------------------------------------------------------


def plain(data):
    """An encoded value in plain Python: lists, tuples, sets, dicts, numbers and texts; tensors and arrays as NumPy arrays,
    a Series, an index or a Categorical as the list of its items, a data frame as a dict of its columns, pd.NA and NaT as
    None, dates, times and decimals as their text.

    raises : ValueError for anything else, KeyError or TypeError for what `wire` does not make
    """
    if isinstance(data, list):
        return [plain(item) for item in data]
    if not isinstance(data, dict):
        return data
    tag = data["$"]
    if tag in ("tensor", "array", "packed"):
        if data["dtype"] not in PLAIN or math.prod(size or 1 for size in data["shape"]) > MOST_ROWS:
            raise ValueError(f"an array of {data['dtype']}, or too large a one")
        return array(data)
    if tag in ("NA", "NaT"):
        return None
    if tag == "frame":
        return {plain(name): plain(items) for name, _, items in data["columns"]}
    if tag in ("dict", "parts"):
        return {plain(key): plain(item) for key, item in data["items"]}
    if tag in ("embedding", "linear"):
        return {name: plain(data[name]) for name in ("weight", "bias") if name in data}
    if tag == "scalar":
        return data["text"]
    if tag in ("float", "big"):
        return float(data["text"]) if tag == "float" else int(data["text"])
    kinds = {"tuple": tuple, "set": set, "series": list, "index": list, "once": list, "modules": list,
             "categorical": list}
    if tag not in kinds:
        raise ValueError(f"a value of type {data.get('type', tag)}")
    return kinds[tag](map(plain, data["items"]))


def _encoded(value):
    """What an author's own function returned, as `wire` encodes it."""
    import numpy as np  # here: most exercises are judged without
    if isinstance(value, np.ndarray):
        return tensor(value)
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$": "float", "text": str(value)}
    if isinstance(value, list):
        return [_encoded(item) for item in value]
    if isinstance(value, tuple):
        return {"$": "tuple", "items": [_encoded(item) for item in value]}
    if isinstance(value, (set, frozenset)):
        return {"$": "set", "items": sorted(map(_encoded, value), key=str)}
    if isinstance(value, dict):
        return {"$": "dict", "items": [[_encoded(key), _encoded(item)] for key, item in value.items()]}
    raise TypeError(f"a form gives plain values, not {type(value).__name__}")
