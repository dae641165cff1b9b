"""Compares two encoded values: nothing if they count as the same, else what differs, in words."""
import math

FLOATS = ("float32", "float64")


def difference(value, expected, rules: dict):
    """None if `value` counts as `expected`, else a pair (kind, sentence).

    value, expected : encoded values (see `wire.py`)
    rules : the fields of `exercise.Rules`
    """
    kind, wanted = kind_of(value), kind_of(expected)
    if (kind != wanted or _tag(value) != _tag(expected)) and not {kind, wanted} <= {"integer", "number"}:
        return "type", _other_type(kind, wanted)
    if wanted == "integer" and kind == "number":
        return "type", "The number should be an int; a float came back."
    if wanted in ("number", "integer"):
        same = same_number(value, expected, rules) if wanted == "number" else value == expected
        return None if same else ("numbers", "")
    return COMPARE.get(wanted, _plain)(value, expected, rules)


def _tag(value):
    return value["$"] if isinstance(value, dict) else None


def kind_of(value) -> str:
    """A value's kind in words that a learner knows."""
    if isinstance(value, dict):
        names = {"float": "number", "big": "integer", "array": "NumPy array", "frame": "DataFrame",
                 "series": "Series", "NA": "pd.NA"}
        return value["type"][:60] if value["$"] in ("other", "module") else names.get(value["$"], value["$"])
    if value is None:
        return "None"
    names = {bool: "bool", int: "integer", float: "number", str: "text", list: "list"}
    return names[type(value)]


def same_number(a, b, rules) -> bool:
    """Whether two encoded numbers agree; NaN agrees with NaN."""
    a, b = (_float(x) for x in (a, b))
    if rules["exact"] or not (math.isfinite(a) and math.isfinite(b)):
        return a == b or (math.isnan(a) and math.isnan(b))
    return abs(a - b) <= rules["tolerance"] * max(1.0, abs(b))


def _float(x) -> float:
    """An encoded number; NaN for an integer too long for Python to write."""
    try:
        return float(x["text"]) if isinstance(x, dict) else float(x)
    except ValueError:
        return math.nan


def _other_type(kind, wanted):
    if kind == "None":
        return "None came back: does every path through your function end in a `return`?"
    return f"The result should be of type {wanted}; yours is of type {kind}."


def _plain(value, expected, rules):
    return None if value == expected else ("values", "")


def _numbers(value, expected, rules):
    """Tensors and arrays: dtype, shape, then the numbers."""
    wrong_dtype = _dtype(value["dtype"], expected["dtype"], rules)
    if value["shape"] != expected["shape"]:
        return "shape", f"The shape should be {shape(expected)}; yours is {shape(value)}."
    different = [i for i, (a, b) in enumerate(zip(value["data"], expected["data"], strict=True))
                 if not _same_entry(a, b, expected["dtype"], rules)]
    if different:
        return "numbers", f"{len(different)} of {len(expected['data'])} numbers differ."
    if wrong_dtype:
        return "dtype", wrong_dtype
    return None


def _same_entry(a, b, dtype, rules):
    if dtype in FLOATS or isinstance(a, float) or isinstance(b, float):
        try:
            return same_number(a, b, rules)
        except (TypeError, ValueError):
            return False
    return a == b


def _dtype(dtype, wanted, rules):
    if dtype == wanted or (not rules["dtype"] and dtype in FLOATS and wanted in FLOATS):
        return None
    return f"The numbers are right, but their dtype is {dtype}; {wanted} is asked for."


def shape(data) -> str:
    """A shape as Python writes it."""
    return str(tuple(data["shape"]))


def _items(value, expected, rules):
    """Lists, tuples and their like, item by item."""
    values, wanted = (x["items"] if isinstance(x, dict) else x for x in (value, expected))
    if len(values) != len(wanted):
        return "length", f"The number of items should be {len(wanted)}; yours is {len(values)}."
    for number, (a, b) in enumerate(zip(values, wanted, strict=True), 1):
        found = difference(a, b, rules)
        if found and found[0] == "type":
            return "type", f"Item {number} should be of type {kind_of(b)}; yours is of type {kind_of(a)}."
        if found:
            return found
    return None


def _pairs(value, expected, rules):
    """Dictionaries: the same keys, and the same under each."""
    values, wanted = ({str(key): item for key, item in x["items"]} for x in (value, expected))
    if values.keys() != wanted.keys():
        return "values", f"The keys should be {', '.join(wanted)}; yours are {', '.join(values)}."
    return _items(list(values.values()), [*map(wanted.get, values)], rules)


def _parts(value, expected, rules):
    """Named parts, in order: the first that differs, by its name."""
    values = dict(value["items"])
    for name, wanted in expected["items"]:
        found = values.get(name)
        if wanted is not None and found is None:
            return "part", f"There is no {name}."
        if isinstance(found, str) and not isinstance(wanted, str):
            return "part", f"The {name} is {found}."
        if isinstance(found, str) and found != wanted:
            return "values", f"The {name} should be: {wanted}."
        differs = difference(found, wanted, rules)
        if differs:
            return differs[0], differs[1] and f"{name.capitalize()}: {differs[1][0].lower()}{differs[1][1:]}"
    return None


def _frame(value, expected, rules):
    """Data frames: index, then column by column. Column dtypes may differ where the numbers agree."""
    names, wanted = ([str(name) for name, _, _ in x["columns"]] for x in (value, expected))
    if names != wanted:
        return "values", f"The columns should be {', '.join(wanted)}; yours are {', '.join(names)}."
    found = _items(value["index"], expected["index"], rules)
    if found:
        return "values", "The index is another: it should name the same rows in the same order."
    for (name, _, a), (_, _, b) in zip(value["columns"], expected["columns"], strict=True):
        found = _items(a, b, rules)
        if found:
            return found[0], f"Column `{name}`: {found[1] or 'other values are expected.'}"
    return None


def _layer(value, expected, rules):
    """Embedding and linear layers: their parameters, trainable or not."""
    for name in ("weight", "bias"):
        a, b = value.get(name), expected.get(name)
        if (a is None) != (b is None):
            return "values", f"The layer should have {'no' if b is None else 'a'} `{name}`."
        if a is not None:
            found = _numbers(a, b, rules)
            if found:
                return found[0], f"`{name}`: {found[1]}"
            if ("trains" in a) != ("trains" in b):
                return "values", f"`{name}.requires_grad` should be {'trains' in b}."
            if a.get("trains") != b.get("trains"):
                return "values", f"`{name}` should be an nn.Parameter: a tensor computed from another isn't listed."
    return None


COMPARE = {"tensor": _numbers, "NumPy array": _numbers, "list": _items, "tuple": _items, "set": _items,
           "dict": _pairs, "parts": _parts, "DataFrame": _frame, "embedding": _layer, "linear": _layer}
