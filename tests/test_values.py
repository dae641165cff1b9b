"""Values of every type that can be compared: right ones pass however they are written, wrong ones fail."""
import datetime as dt
import re
import types
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from embedding_course.checking.compare import difference
from embedding_course.checking.exercise import Rules
from embedding_course.checking.report import say
from embedding_course.checking.sound import _Room, _value
from embedding_course.checking.wire import decode, encode

T = torch.tensor
NEAR = 0.1 + 0.2                                        # 0.30000000000000004
DAY, ZURICH = pd.Timestamp("2026-03-01 12:00"), pd.Timestamp("2026-03-29 01:30", tz="Europe/Zurich")
MANY = pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["level", None])
FRAME = pd.DataFrame({"a": [1, 2], "b": [0.3, 1.0]}, index=pd.Index(["x", "y"], name="key"))
COLOURS = pd.Categorical(["red", "blue", None], categories=["red", "blue", "green"], ordered=True)


def differs(value, expected, **rules):
    """What differs, as a learner reads it; None for a right answer."""
    value = encode(value)
    _value(value, _Room(), 0)                           # what arrives from a stranger has this form
    return difference(value, encode(expected), vars(Rules(**rules)))


RIGHT = [
    (pd.Series([0.1, 0.3]), pd.Series([0.1, NEAR], name="share")), (pd.Series([1, 2]), pd.Series([1.0, 2.0])),
    ([[0.3], (0.3,), {"a": 0.3}], [[NEAR], (NEAR,), {"a": NEAR}]), ({0.3, 5.0, "a"}, {NEAR, 5.0, "a"}),
    (FRAME, FRAME.assign(a=[1.0, 2.0], b=[NEAR, 1.0])), (FRAME, FRAME.rename_axis(None)),
    (pd.Series([1.0, None]), pd.Series([1, pd.NA], dtype="Int64")),
    (pd.Series(["a", None]), pd.Series(["a", np.nan], dtype=object)),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}), ({1: "a"}, {1.0: "a"}), (DAY, np.datetime64("2026-03-01T12:00")),
    (ZURICH, ZURICH + pd.Timedelta(0)), (dt.date(2026, 3, 1), dt.date.fromisoformat("2026-03-01")),
    (dt.timedelta(hours=1), dt.timedelta(minutes=60)), (pd.Timedelta("1h"), np.timedelta64(60, "m")),
    (pd.Period("2026-03"), pd.Period("2026-03", freq="M")), (Decimal("0.10"), Decimal("0.1")),
    (Fraction(2, 4), Fraction(1, 2)),
    (1 + 0.3j, 1 + NEAR * 1j), (b"\x00a", b"\x00" + b"a"), (range(3), range(0, 3, 1)),
    (pd.DatetimeIndex([DAY]), pd.DatetimeIndex([DAY], name="day")), (pd.Index([1, 2]), pd.Index([1.0, 2.0])),
    (MANY, MANY.rename(["other", "names"])), (COLOURS, pd.Categorical.from_codes([0, 1, -1], dtype=COLOURS.dtype)),
    (pd.Series(COLOURS), pd.Series(["red", "blue", None])),
    (np.array([DAY.to_datetime64()]), np.array(["2026-03-01T12"], "M8[s]")),
    (np.array(["ab", "c"]), np.array(["ab", "c"], dtype="<U9")),
    (np.array([0.3, "a"], dtype=object), np.array([NEAR, "a"], dtype=object)),
    (T([1 + 0.3j]), T([1 + NEAR * 1j])), (nn.LayerNorm(2), nn.LayerNorm(2))]

WRONG = [
    (pd.Series([0.1, 0.3]), pd.Series([0.1, 0.4]), {}), (pd.Series([1, 2]), pd.Series([1.0, 2.5]), {}),
    (pd.Series([1, 2]), pd.Series([2, 1], index=[1, 0]), {}), (pd.Series([1]), pd.Series([1], name="n"), {"names": True}),
    (pd.Series([1, 2]), pd.Series([1.0, 2.0]), {"dtype": True}), (pd.Series(["1"]), pd.Series([1]), {}),
    (pd.Series([1.0, None]), pd.Series([1.0, 0.0]), {}), ({"a": [0.3]}, {"a": [0.31]}, {}), ({0.3, 5.0}, {0.4, 5.0}, {}),
    (FRAME, FRAME.rename_axis("other"), {"names": True}), (FRAME, FRAME.rename_axis(columns="c"), {"names": True}),
    (FRAME, FRAME[["b", "a"]], {}), ({1: "a"}, {"1": "a"}, {}), ({"a": 1, "b": 2}, {"b": 2, "a": 1}, {"order": True}),
    (5, 5.0, {}), (1, True, {}), (DAY, DAY + pd.Timedelta("1us"), {}), (DAY, DAY.to_pydatetime(), {}), (DAY, str(DAY), {}),
    (ZURICH, ZURICH.tz_localize(None), {}), (dt.date(2026, 3, 1), dt.date(2026, 3, 2), {}),
    (dt.timedelta(1), dt.timedelta(2), {}), (pd.Period("2026-03"), pd.Period("2026-03-01"), {}),
    (Decimal("0.1"), Decimal("0.2"), {}), (Decimal("0.5"), 0.5, {}),
    (Fraction(1, 3), Fraction(1, 2), {}), (1 + 2j, 1 + 3j, {}),
    (b"a", b"b", {}), (b"a", "a", {}), (range(3), range(4), {}), (range(3), [0, 1, 2], {}),
    (pd.DatetimeIndex([DAY]), pd.DatetimeIndex([DAY + pd.Timedelta("1D")]), {}), (pd.Index([1, 2]), pd.Index([2, 1]), {}),
    (MANY, MANY[::-1], {}), (MANY, MANY.rename(["other", None]), {"names": True}),
    (COLOURS, COLOURS.remove_unused_categories(), {}), (COLOURS, list(COLOURS), {}),
    (pd.Series(COLOURS), pd.Series(COLOURS.as_unordered()), {"dtype": True}),
    (np.array(["2026-03-01"], "M8[D]"), np.array(["2026-03-02"], "M8[D]"), {}),
    (np.array([[0.3], None], dtype=object), np.array([[0.4], None], dtype=object), {}), (T([1 + 2j]), T([1 + 3j]), {}),
    (nn.LayerNorm(2), nn.LayerNorm(3), {}), (nn.LayerNorm(2), nn.BatchNorm1d(2), {})]


@pytest.mark.parametrize(("expected", "returned"), RIGHT, ids=lambda value: type(value).__name__)
def test_a_right_value_passes_however_it_is_written(expected, returned):
    assert differs(returned, expected) is None


@pytest.mark.parametrize(("expected", "returned", "rules"), WRONG, ids=lambda value: type(value).__name__)
def test_a_wrong_value_fails(expected, returned, rules):
    assert differs(expected, expected, **rules) is None
    assert differs(returned, expected, **rules) is not None


@pytest.mark.parametrize("value", [
    (x for x in [1]), {"a": 1}.keys(), lambda x: x, FRAME.groupby("a"), object(), types.SimpleNamespace(a=1), map(str, [1])
    ], ids=lambda value: type(value).__name__)
def test_what_cannot_be_compared_is_equal_to_nothing(value):
    for returned, expected in ((value, value), ([value], [value]), ({"a": value}, {"a": value})):
        assert re.search("can't be compared|should be of type", differs(returned, expected)[1])
    assert differs(value, [1]) is not None


def test_keys_that_look_alike_are_told_apart_in_words():
    assert differs({"1": 2}, {1: 2}) == ("values", "The keys should be 1; yours are '1'.")


@pytest.mark.parametrize("value", [
    DAY, ZURICH, dt.datetime(2026, 3, 1, 1), dt.date(2026, 3, 1), dt.time(1, 2), dt.timedelta(1, 2, 3), pd.Timedelta("1h"),
    pd.Period("2026Q1"), Decimal("0.10"), Fraction(1, 3), 1 - 0.5j, b"\xff", range(1, 9, 2),
    pd.DatetimeIndex([DAY, ZURICH.tz_localize(None)]),
    MANY, COLOURS, T([1 + 2j]), np.array([DAY.to_datetime64()])], ids=lambda value: type(value).__name__)
def test_values_reach_an_answer_as_they_were(value):
    again = decode(encode(value))
    assert type(again) is type(value)
    assert encode(again) == encode(value)
    assert say(encode(value))


def test_tables_reach_an_answer_with_their_names_and_categories():
    frame = FRAME.assign(colour=pd.Categorical(["red", "blue"], categories=["red", "blue", "green"], ordered=True))
    frame = frame.set_index(MANY).rename_axis(columns="column")
    pd.testing.assert_frame_equal(decode(encode(frame)), frame)
    frame.columns = pd.MultiIndex.from_tuples([("n", "a"), ("n", "b"), ("c", "c")])
    pd.testing.assert_frame_equal(decode(encode(frame)), frame)
    series = pd.Series([1, 2], index=MANY, name="count")
    pd.testing.assert_series_equal(decode(encode(series)), series)
