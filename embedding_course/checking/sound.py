"""Whether what a stranger's process sent has the form of an outcome. Nothing else reads it before; no torch.

Sizes are limited, so that judging it and speaking of it end soon whatever it is.
"""
import math

MOST_VALUES, MOST_NUMBERS, MOST_CHARACTERS, DEEPEST, MOST_AXES = 200_000, 1_000_000, 4_000_000, 16, 64
SHORT = 2000      # characters of a name or a message
ODD = ("nan", "inf", "-inf")


class _Room:
    """What is left of the limits."""

    def __init__(self):
        self.values, self.numbers, self.characters = MOST_VALUES, MOST_NUMBERS, MOST_CHARACTERS

    def take(self, values=0, numbers=0, characters=0):
        self.values -= values
        self.numbers -= numbers
        self.characters -= characters
        _demand(min(self.values, self.numbers, self.characters) >= 0)


def sound(outcome):
    """Looks an outcome through.

    raises : ValueError where it has another form than `outcome.outcome` gives, or is too large
    """
    _demand(type(outcome) is dict)
    room = _Room()
    _demand(outcome["notes"]["$"] == "parts")
    _value(outcome["notes"], room, 0)
    for digests in (outcome["after"], outcome.get("again", {})):
        _demand(type(digests) is dict and len(digests) < 100)
        for name, digest in digests.items():
            _text(name, digest)
    _demand(type(outcome["ways"]) is dict and len(outcome["ways"]) < 20)
    for way, seen in outcome["ways"].items():
        _demand(type(seen) is list and len(seen) < 1000)
        _text(way, *seen)
    if "error" in outcome:
        error = outcome["error"]
        _demand(type(error) is dict and type(error["bases"]) is list and 0 < len(error["bases"]) < 1000)
        _text(error["type"], error["message"], error.get("source", ""), *error["bases"])
        _demand(type(error.get("line", 0)) is int and 0 <= error.get("line", 0) < 10**7)


def _demand(met: bool):
    if not met:
        raise ValueError("not an outcome")


def _text(*texts):
    for text in texts:
        _demand(type(text) is str and len(text) <= SHORT)


def _value(value, room, depth):
    """A value as `wire.encode` makes it."""
    _demand(depth <= DEEPEST)
    room.take(values=1)
    kind = type(value)
    if kind is dict:
        fields = FORMS[value["$"]]
        _demand(value.keys() - {"$", "trains"} - MAYBE.keys() == fields.keys() and value.get("trains", "leaf") in (
            "parameter", "leaf", "result"))
        for name, form in {**fields, **MAYBE}.items():
            if name in value:
                form(value[name], room, depth + 1)
        if "shape" in fields:
            _fills(value)
    elif kind is list:
        _list(value, room, depth)
    elif kind is str:
        room.take(characters=len(value))
    elif kind is float:
        _demand(math.isfinite(value))
    elif kind is int:
        _demand(abs(value) <= 2**64)
    else:
        _demand(value is None or kind is bool)


def _list(value, room, depth):
    _demand(type(value) is list)
    for item in value:
        _value(item, room, depth + 1)


def _pairs(value, room, depth):
    """Keys or names with values."""
    _list(value, room, depth)
    _demand(all(type(pair) is list and len(pair) == 2 for pair in value))


def _named(value, room, depth):
    _pairs(value, room, depth)
    _text(*(name for name, _ in value))
    _demand(all(name != "$" for name, _ in value))


def _columns(value, room, depth):
    _list(value, room, depth)
    for column in value:
        _demand(type(column) is list and len(column) == 3 and type(column[2]) is list)
        _dtype(column[1], room, depth)


def _dtype(value, room, depth):
    if type(value) is not dict:
        _text(value)
    else:
        _demand(value["$"] == "categories")
        _value(value, room, depth)


def _flag(value, room, depth):
    _demand(type(value) is bool)


def _short(value, room, depth):
    _text(value)


def _odd(value, room, depth):
    _demand(value in ODD)


def _shape(value, room, depth):
    _demand(type(value) is list and len(value) <= MOST_AXES and all(type(n) is int and 0 <= n < 2**48 for n in value))


def _numbers(value, room, depth):
    _demand(type(value) is list)
    kinds = set(map(type, value))
    room.take(numbers=len(value))
    if kinds <= {bool, int, float}:
        _demand(all(map(_is_number, value)))
    else:
        for item in value:   # an odd number, or an array of objects
            _value(item, room, depth)


def _is_number(x) -> bool:
    return type(x) is bool or (type(x) is int and abs(x) <= 2**64) or (type(x) is float and math.isfinite(x))


def _bytes(value, room, depth):
    _demand(type(value) is str)
    room.take(characters=len(value))


def _fills(value):
    """Whether the numbers of a tensor are as many as its shape says."""
    if "data" in value:
        _demand(math.prod(value["shape"]) == len(value["data"]))


def _any(value, room, depth):
    _value(value, room, depth)


_ITEMS = {"items": _list}
_FLAT = {"dtype": _short, "shape": _shape}
FORMS = {   # by tag, what stands beside it
    "float": {"text": _odd}, "big": {"text": _short}, "other": {"type": _short}, "NA": {}, "NaT": {},
    "tuple": _ITEMS, "set": _ITEMS, "once": _ITEMS, "modules": _ITEMS, "index": _ITEMS, "dict": {"items": _pairs},
    "parts": {"items": _named}, "tensor": {**_FLAT, "data": _numbers}, "array": {**_FLAT, "data": _numbers},
    "packed": {**_FLAT, "bytes": _bytes}, "embedding": {"weight": _any}, "linear": {"weight": _any, "bias": _any},
    "series": {"index": _list, "dtype": _dtype, "name": _any, "items": _list},
    "frame": {"index": _list, "columns": _columns}, "scalar": {"type": _short, "text": _bytes},
    "categories": {"items": _list, "ordered": _flag}, "categorical": {"dtype": _dtype, "items": _list},
    "module": {"type": _short, "parameters": _named},
}
MAYBE = {"index_name": _any, "columns_name": _any}   # beside those, of tables and indexes
