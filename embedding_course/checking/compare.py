"""Compares two encoded values: nothing if they count as the same, else what differs, in words."""
import math
from decimal import Decimal, InvalidOperation

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
    return COMPARE.get(_tag(expected), _plain)(value, expected, rules)


def _tag(value):
    return value["$"] if isinstance(value, dict) else "list" if isinstance(value, list) else None


def kind_of(value) -> str:
    """A value's kind in words that a learner knows."""
    if isinstance(value, dict):
        names = {"float": "number", "big": "integer", "array": "NumPy array", "frame": "DataFrame",
                 "series": "Series", "NA": "pd.NA", "index": "Index", "categorical": "Categorical"}
        return value["type"][:60] if value["$"] in ("other", "module", "scalar") else names.get(value["$"], value["$"])
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


def _unknown(value, expected, rules):
    return "type", f"Values of type {kind_of(expected)} can't be compared."


def _scalar(value, expected, rules):
    """Dates, times, decimals and their like, of the same type."""
    a, b = value["text"], expected["text"]
    if expected["type"] == "complex":
        parts = [[{"text": part} for part in text.partition(" ")[::2]] for text in (a, b)]   # real, imaginary
        return None if all(map(same_number, *parts, [rules] * 2)) else ("numbers", "")
    try:
        same = a == b or (expected["type"] == "Decimal" and Decimal(a) == Decimal(b))
    except InvalidOperation:
        same = False
    return None if same else ("values", "")


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
    if isinstance(a, dict) or isinstance(b, dict):   # in an array of objects
        return difference(a, b, rules) is None
    if dtype in FLOATS or isinstance(a, float) or isinstance(b, float):
        try:
            return same_number(a, b, rules)
        except (TypeError, ValueError):
            return False
    return a == b


def _dtype(dtype, wanted, rules):
    if dtype == wanted or (not rules["dtype"] and dtype in FLOATS and wanted in FLOATS):
        return None
    if any(dtype.startswith(kind) and wanted.startswith(kind) for kind in ("<U", "datetime64", "timedelta64")):
        return None   # how long the longest text is, and a unit of time
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


def _set(value, expected, rules):
    return _items(laid(value["items"], expected["items"], rules), expected["items"], rules)


def laid(rows: list, wanted: list, rules: dict) -> list:
    """Encoded values in the order of `wanted`, each laid beside one that it counts as; the others fill the gaps."""
    left, order = {}, [None] * len(wanted)
    for row in rows:
        left.setdefault(repr(row), []).append(row)
    for i, one in enumerate(wanted):
        if left.get(repr(one)):
            order[i] = [left[repr(one)].pop()]
    rest = [row for same in left.values() for row in same]
    for i, one in enumerate(wanted):
        near = None if order[i] else next((n for n, row in enumerate(rest) if difference(row, one, rules) is None), None)
        if near is not None:
            order[i] = [rest.pop(near)]
    return [found[0] if found else rest.pop() for found in order if found or rest] + rest


def _pairs(value, expected, rules):
    """Dictionaries: the same keys, and the same under each; in the same order where the rules ask for it."""
    values, wanted = ({_key(key): item for key, item in x["items"]} for x in (value, expected))
    if values.keys() != wanted.keys():
        said = [[key for key, _ in x["items"]] for x in (expected, value)]
        words = repr if sorted(map(str, said[0])) == sorted(map(str, said[1])) else str   # 1 is not "1"
        return "values", "The keys should be {}; yours are {}.".format(*(", ".join(map(words, keys)) for keys in said))
    if rules.get("order") and list(values) != list(wanted):
        return "values", "The keys stand in another order."
    return _items(list(values.values()), [*map(wanted.get, values)], rules)


def _key(key) -> str:
    """Stands for a key: 1 and 1.0 are the same, 1 and "1" are not."""
    return repr(int(key) if isinstance(key, float) and key.is_integer() else key)


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


def _cells(values, wanted, rules):
    """The cells of a column or an index. An integer may be given as a float, unless the rules name the dtype; a missing
    value is one however it is written."""
    if len(values) != len(wanted):
        return _items(values, wanted, rules)
    pairs = [(a, b) for a, b in zip(values, wanted, strict=True) if not (_missing(a) and _missing(b))]
    if not rules["dtype"]:
        pairs = [(a, float(b) if type(a) is float and type(b) is int else b) for a, b in pairs]
    return _items([a for a, _ in pairs], [b for _, b in pairs], rules)


def _missing(cell) -> bool:
    return cell is None or _tag(cell) in ("NA", "NaT") or (_tag(cell) == "float" and cell["text"] == "nan")


def _labels(value, expected, rules):
    """The index of a frame or Series: the labels in order, and their names where the rules ask for them."""
    if _cells(value["index"], expected["index"], rules):
        return "values", "The index is another: it should name the same rows in the same order."
    return _names(value, expected, "index_name", "index", rules)


def _names(value, expected, field, words, rules):
    if rules.get("names") and value.get(field) != expected.get(field):
        return "values", f"The name of the {words} should be {expected.get(field)}; yours is {str(value.get(field))[:60]}."
    return None


def _frame(value, expected, rules):
    """Data frames: index, then column by column. Column dtypes may differ where the numbers agree."""
    names, wanted = ([name for name, _, _ in x["columns"]] for x in (value, expected))
    if [*map(_key, names)] != [*map(_key, wanted)]:
        return "values", f"The columns should be {', '.join(map(str, wanted))}; yours are {', '.join(map(str, names))}."
    found = _labels(value, expected, rules) or _names(value, expected, "columns_name", "columns", rules)
    if found:
        return found
    for (name, dtype, a), (_, other, b) in zip(value["columns"], expected["columns"], strict=True):
        found = _cells(a, b, rules) or _categories(dtype, other, rules)
        if found:
            return found[0], f"Column `{name}`: {found[1] or 'other values are expected.'}"
    return None


def _series(value, expected, rules):
    """Series as a column of a frame; the name counts where the rules ask for it."""
    return (_labels(value, expected, rules) or _names(value, expected, "name", "Series", rules)
            or _cells(value["items"], expected["items"], rules) or _categories(value["dtype"], expected["dtype"], rules))


def _index(value, expected, rules):
    return _cells(value["items"], expected["items"], rules) or _names(value, expected, "index_name", "Index", rules)


def _categorical(value, expected, rules):
    return _cells(value["items"], expected["items"], rules) or _categories(
        value["dtype"], expected["dtype"], {**rules, "dtype": True})


def _categories(dtype, expected, rules):
    """Whether the categories of two columns are the same, where dtypes count."""
    if not rules["dtype"] or dtype == expected or "categories" not in (_tag(dtype), _tag(expected)):
        return None
    return "dtype", "The categories, or their order, are others."


def _module(value, expected, rules):
    """Modules that are no known layer: their parameters, by name."""
    names, wanted = ([name for name, _ in x["parameters"]] for x in (value, expected))
    if names != wanted:
        return "values", f"The parameters should be {', '.join(wanted)}; yours are {', '.join(names)}."
    return _items([a for _, a in value["parameters"]], [b for _, b in expected["parameters"]], rules)


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


COMPARE = {   # by tag
    "tensor": _numbers, "array": _numbers, "list": _items, "tuple": _items, "set": _set, "modules": _items,
    "dict": _pairs, "parts": _parts, "frame": _frame, "series": _series, "index": _index, "categorical": _categorical,
    "embedding": _layer, "linear": _layer, "module": _module, "scalar": _scalar, "other": _unknown, "once": _unknown}
