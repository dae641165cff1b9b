"""Values as plain data: what crosses between an answer's process and the judge, and what `checks.json` holds.

Only JSON, so nothing runs when it is read. Size and depth are limited.
"""
import datetime
import math
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import torch
from torch import nn

from .arrays import PLAIN, packed
from .exercise import Once, Parts
from .observe import T, attribute, dtype, is_leaf, parameters, requires_gradient, shape

MOST_NUMBERS = 100_000
MOST_CHARACTERS = 100_000
DEEPEST = 12
LONGEST_INTEGER = 2048   # bits; Python itself refuses to write much longer ones in decimal digits


class TooLarge(ValueError):
    """A value too large or too deep to be handed on."""


class Packed:
    """A tensor of many numbers that should leave as bytes: thousands of drawn ones."""

    def __init__(self, numbers):
        self.numbers = numbers


def encode(value, depth: int = 0):
    """Plain data for a value; what we don't know becomes the name of its type.

    raises : TooLarge
    """
    if depth > DEEPEST:
        raise TooLarge(f"nested more than {DEEPEST} deep")
    for kinds, convert in ENCODERS:
        if isinstance(value, kinds):
            return convert(value, depth + 1)
    return {"$": "other", "type": type(value).__name__}


def decode(data):
    """The value again, fresh memory each time.

    raises : ValueError for data that `encode` does not make
    """
    if isinstance(data, list):
        return [decode(item) for item in data]
    if not isinstance(data, dict):
        return data
    try:
        return DECODERS[data["$"]](data)
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a value: {str(data)[:60]}") from error


def _text(value, depth):
    if len(value) > MOST_CHARACTERS:
        raise TooLarge(f"a text of {len(value)} characters")
    return str(value)


def _integer(value, depth):
    value = int(value)
    if abs(value) < 2**63:
        return value
    return {"$": "big", "text": (str(value) if value.bit_length() < LONGEST_INTEGER else hex(value))[:700]}


def _float(value, depth):
    value = float(value)
    return value if math.isfinite(value) else {"$": "float", "text": str(value)}


def _items(value, depth):
    if len(value) > MOST_NUMBERS:
        raise TooLarge(f"{len(value)} items")
    return [encode(item, depth) for item in value]


def _tagged_items(tag):
    return lambda value, depth: {"$": tag, "items": _items(value, depth)}


def _set(value, depth):
    return {"$": "set", "items": sorted(_items(value, depth), key=str)}


def _dict(value, depth):
    return {"$": "dict", "items": [[encode(key, depth), encode(item, depth)] for key, item in value.items()]}


def _parts(value, depth):
    return {"$": "parts", "items": [[str(name), encode(item, depth)] for name, item in value.items()]}


def _numbers(flat):
    """A flat list of numbers; infinities and NaN as text, since JSON has none."""
    return [x if not isinstance(x, float) or math.isfinite(x) else str(x) for x in flat]


def _tensor(value, depth):
    if T.numel(value) > MOST_NUMBERS:
        raise TooLarge(f"a tensor of {T.numel(value)} numbers")
    if T.is_quantized.__get__(value):
        return {"$": "other", "type": f"tensor of {dtype(value)}"}
    flat = T.reshape(T.cpu(T.to_dense(T.detach(value))), -1)
    data = {"$": "tensor", "dtype": str(dtype(value)).removeprefix("torch."), "shape": list(shape(value)),
            "data": [encode(x) for x in T.tolist(flat)] if T.is_complex(value) else _numbers(T.tolist(flat))}
    if requires_gradient(value):
        data["trains"] = "parameter" if isinstance(value, nn.Parameter) else "leaf" if is_leaf(value) else "result"
    return data


def _packed(value, depth):
    data = _tensor(value.numbers, depth)
    if data["$"] != "tensor":
        return data
    numbers = np.array(_floats(data["data"]), dtype=data["dtype"] if data["dtype"] in PLAIN else "float64")
    return packed(numbers.reshape(data["shape"]))


def _array(value, depth):
    if value.size > MOST_NUMBERS:
        raise TooLarge(f"an array of {value.size} numbers")
    flat = value.reshape(-1).tolist()
    if value.dtype.kind in "mM":   # in microseconds, since units differ between versions of pandas
        flat = value.reshape(-1).astype(f"{value.dtype.kind}8[us]").astype(str).tolist()
    items = _numbers(flat) if value.dtype.kind in "biuf" else [encode(item, depth) for item in flat]
    return {"$": "array", "dtype": str(value.dtype), "shape": list(value.shape), "data": items}


def _index(value, depth):
    return {"$": "index", "items": _items(value.tolist(), depth), **_names("index_name", value, depth)}


def _names(field, index, depth) -> dict:
    """What an index is called, as a field; nothing where it has no name. A MultiIndex has a list of names."""
    names = list(index.names) if isinstance(index, pd.MultiIndex) else index.name
    return {} if names is None else {field: encode(names, depth)}


def _dtype(kind, depth):
    """A column's dtype in words, or its categories."""
    if not isinstance(kind, pd.CategoricalDtype):
        return str(kind)
    return {"$": "categories", "items": _items(kind.categories.tolist(), depth), "ordered": bool(kind.ordered)}


def _categorical(value, depth):
    return {"$": "categorical", "dtype": _dtype(value.dtype, depth), "items": _items(value.tolist(), depth)}


def _series(value, depth):
    return {"$": "series", "index": _items(value.index, depth), "dtype": _dtype(value.dtype, depth),
            "name": encode(value.name, depth), "items": _items(value.tolist(), depth),
            **_names("index_name", value.index, depth)}


def _frame(value, depth):
    columns = [[encode(name, depth), _dtype(value.iloc[:, i].dtype, depth), _items(value.iloc[:, i].tolist(), depth)]
               for i, name in enumerate(value.columns)]
    return {"$": "frame", "index": _items(value.index, depth), "columns": columns,
            **_names("index_name", value.index, depth), **_names("columns_name", value.columns, depth)}


def _scalar(kind, text):
    """An encoder of values that a text stands for."""
    return lambda value, depth: {"$": "scalar", "type": kind, "text": _text(text(value), depth)}


def _moment(value) -> str:
    zone = getattr(value.tzinfo, "key", None) or getattr(value.tzinfo, "zone", None)   # zoneinfo's, pytz's
    return value.isoformat() + (f"[{zone}]" if zone else "")


def _from_moment(read, text):
    moment, _, zone = text.rstrip("]").partition("[")
    return read(moment).astimezone(ZoneInfo(zone)) if zone else read(moment)


def _embedding(value, depth):
    if attribute(value, "padding_idx") is not None or attribute(value, "max_norm") is not None:
        return _module(value, depth) | {"type": "Embedding with padding_idx or max_norm"}
    return {"$": "embedding", "weight": encode(attribute(value, "weight"), depth)}


def _linear(value, depth):
    return {"$": "linear", **{name: encode(attribute(value, name), depth) for name in ("weight", "bias")}}


def _module(value, depth):
    return {"$": "module", "type": type(value).__name__,
            "parameters": [[name, encode(tensor, depth)] for name, tensor in parameters(value)]}


ENCODERS = [   # the first match counts
    ((bool, np.bool_), lambda value, depth: bool(value)),
    (type(None), lambda value, depth: None),
    (type(pd.NA), lambda value, depth: {"$": "NA"}),
    (type(pd.NaT), lambda value, depth: {"$": "NaT"}),
    (str, _text),
    (np.timedelta64, lambda value, depth: encode(pd.Timedelta(value), depth)),   # an np.integer too
    ((int, np.integer), _integer),
    ((float, np.floating), _float),
    ((complex, np.complexfloating), _scalar("complex", lambda value: f"{value.real!r} {value.imag!r}")),
    (pd.Timestamp, _scalar("Timestamp", _moment)),
    (pd.Timedelta, _scalar("Timedelta", pd.Timedelta.isoformat)),
    (pd.Period, _scalar("Period", lambda value: f"{value}[{value.freqstr}]")),
    (np.datetime64, lambda value, depth: encode(pd.Timestamp(value), depth)),
    (datetime.datetime, _scalar("datetime", _moment)),
    (datetime.date, _scalar("date", datetime.date.isoformat)),
    (datetime.time, _scalar("time", datetime.time.isoformat)),
    (datetime.timedelta, _scalar("timedelta", lambda value: str(value // datetime.timedelta(microseconds=1)))),
    (Decimal, _scalar("Decimal", str)),
    (Fraction, _scalar("Fraction", str)),
    (bytes, _scalar("bytes", bytes.hex)),
    (range, _scalar("range", lambda value: f"{value.start} {value.stop} {value.step}")),
    (T, _tensor),
    (Packed, _packed),
    (np.ndarray, _array),
    (pd.DataFrame, _frame),
    (pd.Series, _series),
    (nn.Embedding, _embedding),
    (nn.Linear, _linear),
    (nn.ModuleList, lambda value, depth: {"$": "modules", "items": _items(list(vars(value)["_modules"].values()), depth)}),
    (nn.Module, _module),
    (list, _items),
    (tuple, _tagged_items("tuple")),
    ((set, frozenset), _set),
    (Parts, _parts),
    (dict, _dict),
    (pd.Index, _index),
    (pd.Categorical, _categorical),
    (Once, lambda value, depth: {"$": "once", "items": _items(value.items, depth)}),
    (Iterator, lambda value, depth: {"$": "other", "type": "iterator"}),
]


def _floats(numbers):
    return [float(x) if isinstance(x, str) else x for x in numbers]


def _decode_tensor(data):
    numbers = _floats(decode(x) if isinstance(x, dict) else x for x in data["data"])
    tensor = torch.tensor(numbers, dtype=getattr(torch, data["dtype"])).reshape(data["shape"])
    if data.get("trains") == "parameter":
        return nn.Parameter(tensor)
    return tensor.requires_grad_("trains" in data)


def _decode_array(data):
    numbers = [float(x) if isinstance(x, str) and x in ("nan", "inf", "-inf") else decode(x) for x in data["data"]]
    return np.array(numbers, dtype=data["dtype"]).reshape(data["shape"])


def _decode_series(data):
    return pd.Series(decode(data["items"]), index=_decode_index(data["index"], data.get("index_name")),
                     name=decode(data["name"]), dtype=decode(data["dtype"]))


def _decode_index(labels, name):
    """An index of encoded labels; a list of names says that it is a MultiIndex."""
    labels, name = decode(labels), decode(name)
    if isinstance(name, list):
        return pd.MultiIndex.from_tuples(labels, names=name)
    return pd.Index(labels, name=name, tupleize_cols=False)


def _decode_frame(data):
    columns = [pd.Series(decode(items), dtype=decode(dtype)) for _, dtype, items in data["columns"]]
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=range(len(data["index"])))
    frame.columns = _decode_index([name for name, _, _ in data["columns"]], data.get("columns_name"))
    frame.index = _decode_index(data["index"], data.get("index_name"))
    return frame


def _decode_embedding(data):
    weight = decode(data["weight"])
    return nn.Embedding.from_pretrained(weight.detach(), freeze=not weight.requires_grad)


def _decode_linear(data):
    weight, bias = decode(data["weight"]), decode(data["bias"])
    linear = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    linear.weight, linear.bias = weight, bias
    return linear


SCALARS = {
    "complex": lambda text: complex(*map(float, text.split())), "Timestamp": lambda text: _from_moment(pd.Timestamp, text),
    "Timedelta": pd.Timedelta, "Period": lambda text: pd.Period(*text.rstrip("]").split("[")),
    "datetime": lambda text: _from_moment(datetime.datetime.fromisoformat, text), "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat, "timedelta": lambda text: datetime.timedelta(microseconds=int(text)),
    "Decimal": Decimal, "Fraction": Fraction, "bytes": bytes.fromhex, "range": lambda text: range(*map(int, text.split()))}
DECODERS = {
    "scalar": lambda data: SCALARS[data["type"]](data["text"]),
    "categories": lambda data: pd.CategoricalDtype(decode(data["items"]), data["ordered"]),
    "categorical": lambda data: pd.Categorical(decode(data["items"]), dtype=decode(data["dtype"])),
    "big": lambda data: int(data["text"]),
    "float": lambda data: float(data["text"]),
    "NA": lambda data: pd.NA,
    "NaT": lambda data: pd.NaT,
    "tuple": lambda data: tuple(decode(data["items"])),
    "set": lambda data: set(decode(data["items"])),
    "dict": lambda data: {decode(key): decode(item) for key, item in data["items"]},
    "parts": lambda data: Parts({name: decode(item) for name, item in data["items"]}),
    "once": lambda data: iter(decode(data["items"])),
    "index": lambda data: _decode_index(data["items"], data.get("index_name")),
    "modules": lambda data: nn.ModuleList(decode(data["items"])),
    "tensor": _decode_tensor,
    "array": _decode_array,
    "series": _decode_series,
    "frame": _decode_frame,
    "embedding": _decode_embedding,
    "linear": _decode_linear,
}
