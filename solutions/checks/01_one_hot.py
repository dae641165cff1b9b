"""What the exercises of lesson 1 accept, and which mistakes they know."""
import math

import numpy as np
import pandas as pd
import torch
from torch import tensor

from embedding_course.checking import draw
from embedding_course.checking.exercise import Case, Exercise, Once, Rules

NAN = float("nan")
UNKNOWN = "(unknown)"


def is_text(value):
    return isinstance(value, str)


# --- move_exactly ---------------------------------------------------------------------------------------------------

FIVE = ["ATL", "BOS", "JFK", "LAX", "SFO"]


def move_cases(rng):
    airports = draw.names(rng, 9)
    return [Case("rows", wanted=rng.sample(airports, count), airports=airports) for count in (1, 3, 5, 9)] + [
        Case("rows", wanted=[airports[0], airports[-1]], airports=airports),
        Case("rows", wanted=airports[:1], airports=airports[:1])]


move_exactly = Exercise(
    call="function",
    points={"rows": 1},
    shown=[Case("rows", "one airport", "Which code looks its row up?", wanted=["JFK"], airports=FIVE),
           Case("rows", "two airports", "A row moves if a flight of the batch has its code, and no other does.",
                wanted=["SFO", "ATL"], airports=FIVE),
           Case("rows", "the first airport", "Codes count from 0.", wanted=["ATL"], airports=FIVE),
           Case("rows", "another list of airports", "The list says which code is whose.",
                wanted=["EWR", "JFK"], airports=["LGA", "JFK", "EWR"]),
           Case("rows", "all of them", "", wanted=["BOS", "LAX", "SFO", "ATL", "JFK"], airports=FIVE),
           Case("rows", "a single airport in the list", "", wanted=["JFK"], airports=["JFK"])],
    draw=move_cases,
    rules=Rules(form="set", means="the rows that move: {}", dtype=True))


@move_exactly.slip
def codes_from_one(wanted, airports):
    """Every code is one too high, so the row after each wanted one moves. Counting starts at 0."""
    return tensor([airports.index(name) + 1 for name in wanted])


@move_exactly.slip
def positions_in_wanted(wanted, airports):
    """These are the positions in `wanted`. A code is a position in `airports`: row 2 is JFK's because JFK stands there."""
    return torch.arange(len(wanted))


@move_exactly.slip
def positions_sorted(wanted, airports):
    """These are positions in a sorted list. The order of `airports` is given: entry i names the owner of row i."""
    return tensor([sorted(airports).index(name) for name in wanted])


@move_exactly.slip
def every_code(wanted, airports):
    """All codes are in the batch, so every row moves. Which flights would you leave out?"""
    return torch.arange(len(airports))


@move_exactly.slip
def the_others(wanted, airports):
    """These are the codes of all the *other* airports. A row that is looked up is a row that moves."""
    return tensor([code for code, name in enumerate(airports) if name not in wanted], dtype=torch.int64)


@move_exactly.slip
def first_one_only(wanted, airports):
    """Only the first wanted row moves. The batch needs a flight from each wanted airport."""
    return tensor([airports.index(wanted[0])])


@move_exactly.slip
def a_mask(wanted, airports):
    """There is a 1 for each wanted airport and a 0 for each other. As codes, they look up rows 0 and 1. A batch lists the
    rows by their numbers."""
    return tensor([int(name in wanted) for name in airports])


@move_exactly.slip
def one_hot_rows_of_codes(wanted, airports):
    """These are one-hot rows. The codes are asked for, one whole number a flight: shape (n,)."""
    return torch.eye(len(airports), dtype=torch.int64)[[airports.index(name) for name in wanted]]


@move_exactly.slip
def codes_in_a_list(wanted, airports):
    """The codes are right, in a list. A batch is a tensor: `torch.tensor(…)`."""
    return [airports.index(name) for name in wanted]


@move_exactly.slip
def codes_as_floats(wanted, airports):
    """The numbers are right, but they are floats. Codes are row numbers: int64."""
    return tensor([float(airports.index(name)) for name in wanted])


@move_exactly.slip
def the_names(wanted, airports):
    """These are the names. A network reads codes: the position of each name in `airports`."""
    return list(wanted)


# --- build_vocabulary -----------------------------------------------------------------------------------------------


def vocabulary_cases(rng):
    levels = draw.names(rng, 7)
    many = rng.choices(levels, k=20) + levels
    gaps = [*many[:9], None, NAN, *many[9:], None]
    odd = rng.sample(["#7", "zoo", "Zoo", "zoo ", " zoo", "", "nan", "None", "10", "9", "Ä", *levels], 18)
    return [Case("levels", values=many), Case("levels", values=odd),
            Case("missing", values=gaps), Case("missing", values=pd.Series(gaps, dtype=object)),
            Case("missing", values=pd.Series([levels[1], None, levels[0], levels[1]], index=[5, 5, 2, 9])),
            Case("missing", values=[UNKNOWN, *gaps, UNKNOWN]), Case("missing", values=[UNKNOWN, levels[0]]),
            Case("missing", values=Once(gaps)), Case("levels", values=Once(many))]


build_vocabulary = Exercise(
    call="function",
    points={"levels": 1, "missing": 1},
    shown=[Case("levels", "one level", "A list comes out: \"(unknown)\", then the levels.", values=["JFK"]),
           Case("levels", "four values, three levels", "Each level once, in sorted order, after \"(unknown)\".",
                values=["BOS", "LAX", "ATL", "LAX"]),
           Case("levels", "a generator", "It has no length, and it can be read only once. What does your function ask "
                "of it?", values=Once(["LAX", "ATL", "LAX"])),
           Case("levels", "capitals, small letters, digits", "As Python sorts text: digits, capitals, small letters.",
                values=["lax", "ZRH", "10", "9", "ATL"]),
           Case("levels", "blanks", "With a blank it is another text. A slip of the pen? We can't know.",
                values=["ATL ", "ATL", " BOS"]),
           Case("levels", "a level that sorts before \"(\"",
                "\"(unknown)\" stands at position 0, whatever the levels are.", values=["ATL", "#1"]),
           Case("levels", "an empty text", "An empty text is a text. Only None and NaN are missing.",
                values=["ATL", "", "BOS"]),
           Case("levels", "the texts \"nan\" and \"None\"", "Somebody may be called that. A text is never a missing value.",
                values=["nan", "None", "ATL"]),
           Case("missing", "None among the values", "A missing value is no level of its own.",
                values=["LAX", None, "ATL"]),
           Case("missing", "NaN among the values", "pandas writes NaN (a float) for what is missing. It is no level.",
                values=["LAX", NAN, "ATL"]),
           Case("missing", "a Series with gaps", "pandas marks what is missing as NaN.",
                values=pd.Series(["LAX", None, "ATL", "LAX"], index=[3, 1, 1, 0])),
           Case("missing", "\"(unknown)\" among the values", "It is in the list already. Does it come twice?",
                values=["LAX", UNKNOWN, "ATL", UNKNOWN]),
           Case("missing", "nothing but gaps", "No level is left. What is the vocabulary then?", values=[None, NAN])],
    draw=vocabulary_cases)


@build_vocabulary.slip
def order_of_appearance(values):
    """The levels stand in their order of appearance. Another file would give another order: they should be sorted."""
    return [UNKNOWN, *dict.fromkeys(v for v in values if is_text(v) and v != UNKNOWN)]


@build_vocabulary.slip
def no_unknown(values):
    """Position 0 belongs to "(unknown)": a code for all that is missing, or that no one has seen before."""
    return sorted({v for v in values if is_text(v)})


@build_vocabulary.slip
def unknown_last(values):
    """"(unknown)" stands at the end. At position 0 its code stays the same, however many levels there are."""
    return [*sorted({v for v in values if is_text(v)} - {UNKNOWN}), UNKNOWN]


@build_vocabulary.slip
def unknown_sorted_in(values):
    """"(unknown)" was sorted in with the others, and some text comes before it. It always has position 0."""
    return sorted({v for v in values if is_text(v)} | {UNKNOWN})


@build_vocabulary.slip
def unknown_twice(values):
    """"(unknown)" stands in the list twice. A level has one code, and so has this one."""
    return [UNKNOWN, *sorted({v for v in values if is_text(v)})]


@build_vocabulary.slip
def repeats(values):
    """Levels stand in the list more than once. Each has one position: that is its code."""
    return [UNKNOWN, *sorted(v for v in values if is_text(v) and v != UNKNOWN)]


@build_vocabulary.slip
def missing_as_text(values):
    """A missing value was turned into text ("nan", "None") and became a level of its own. Leave missing values out before
    anything turns them into text."""
    return [UNKNOWN, *sorted({str(v) for v in values} - {UNKNOWN})]


@build_vocabulary.slip
def none_only(values):
    """NaN is still among the levels: `is not None` lets it pass, and NaN equals nothing, not even itself. `pd.isna` is
    true of both."""
    return [UNKNOWN, *sorted({v for v in values if v is not None} - {UNKNOWN}, key=str)]


@build_vocabulary.slip
def drops_empty(values):
    """`if value` takes an empty text for a missing one. It is a text like any other: a level."""
    return [UNKNOWN, *sorted({v for v in values if is_text(v) and v} - {UNKNOWN})]


@build_vocabulary.slip
def drops_nan_text(values):
    """The texts "nan" and "None" are levels: somebody's name. Missing are the values None and NaN."""
    return [UNKNOWN, *sorted({str(v) for v in values} - {UNKNOWN, "nan", "None", "NaN", "<NA>"})]


@build_vocabulary.slip
def ignores_case(values):
    """Capitals and small letters are sorted together. Python's own order, as `sorted` has it, puts capitals first."""
    return [UNKNOWN, *sorted({v for v in values if is_text(v)} - {UNKNOWN}, key=str.lower)]


@build_vocabulary.slip
def tidies_up(values):
    """The texts were changed on the way: blanks or capitals got lost. They are levels as they stand."""
    return [UNKNOWN, *sorted({v.strip() for v in values if is_text(v)} - {UNKNOWN})]


@build_vocabulary.slip
def capitals(values):
    """The texts were changed on the way: small letters became capitals. They are levels as they stand."""
    return [UNKNOWN, *sorted({v.upper() for v in values if is_text(v) and v != UNKNOWN})]


@build_vocabulary.slip
def reads_twice(values):
    """The values are read twice, and a generator is empty the second time. Read them once, into a set or a list."""
    some = [v for v in values if not is_text(v)]
    found = {v for v in values if is_text(v)} if some is not None else set()
    return [UNKNOWN, *sorted(found - {UNKNOWN})]


@build_vocabulary.slip
def sorts_with_missing(values):
    """Text and missing values can't be sorted together: Python can't tell whether a missing value (None or NaN) comes
    before "ATL". Leave missing values out first."""
    return [UNKNOWN, *sorted(set(values) - {UNKNOWN})]


# --- encode ---------------------------------------------------------------------------------------------------------

V4 = [UNKNOWN, "ATL", "BOS", "LAX"]
UNSORTED = [UNKNOWN, "LAX", "ATL", "BOS"]


def encode_cases(rng):
    levels = draw.names(rng, 6)
    vocabulary = [UNKNOWN, *sorted(levels[:4])]
    shuffled = [UNKNOWN, *levels[:4]]
    known = rng.choices(levels[:4], k=9)
    gaps = [None, known[0], NAN, *known, levels[5], "", UNKNOWN]
    index = rng.sample(range(40), len(gaps))
    return [Case("codes", values=known, vocabulary=vocabulary), Case("codes", values=known, vocabulary=shuffled),
            Case("codes", values=known[:1], vocabulary=shuffled),
            Case("codes", values=pd.Series(known, index=rng.sample(range(9), 9)), vocabulary=shuffled),
            Case("unknown", values=gaps, vocabulary=shuffled),
            Case("unknown", values=pd.Series(gaps, index=index, dtype=object), vocabulary=vocabulary),
            Case("unknown", values=[levels[5], levels[4]], vocabulary=vocabulary),
            Case("unknown", values=[NAN, "nan", None, "None"], vocabulary=[UNKNOWN, levels[0], "None", "nan"]),
            Case("unknown", values=[known[0].lower(), known[0] + " ", known[0][:2], known[1]], vocabulary=shuffled)]


encode = Exercise(
    call="function",
    points={"codes": 1, "unknown": 1},
    shown=[Case("codes", "one value", "Where does it stand in the vocabulary?", values=["ATL"], vocabulary=V4),
           Case("codes", "three values", "The code is the position in the vocabulary, counted from 0.",
                values=["LAX", "ATL", "LAX"], vocabulary=V4),
           Case("codes", "a vocabulary in another order", "The vocabulary says which code is whose, sorted or not.",
                values=["LAX", "ATL", "BOS", "ATL"], vocabulary=UNSORTED),
           Case("codes", "a Series whose index is shuffled", "The order of the values counts. Does your code "
                "look them up by index?", values=pd.Series(["LAX", "BOS", "ATL"], index=[2, 0, 1]), vocabulary=V4),
           Case("unknown", "a level that is not in the vocabulary", "There is a code for all that is new.",
                values=["LAX", "ZRH"], vocabulary=V4),
           Case("unknown", "missing values", "There is a code for all that is missing.",
                values=["LAX", None, NAN], vocabulary=V4),
           Case("unknown", "a Series with gaps", "There is a code for all that is missing.",
                values=pd.Series(["BOS", None, "LAX"], index=[7, 7, 8]), vocabulary=V4),
           Case("unknown", "levels that are called nan and None", "Somebody is called that. A missing value is not: it "
                "has code 0.", values=["nan", NAN, "None", None], vocabulary=[UNKNOWN, "None", "nan"]),
           Case("unknown", "almost a level", "A level is what stands in the vocabulary, letter by letter.",
                values=["lax", "LAX ", "LA", "LAX"], vocabulary=V4),
           Case("unknown", "nothing known at all", "As many codes as values come out, all the same.",
                values=[None, "ZRH", "", UNKNOWN], vocabulary=V4)],
    draw=encode_cases,
    rules=Rules(dtype=True))


def position(vocabulary):
    return {level: code for code, level in enumerate(vocabulary)}


def missing(value):
    return value is None or (isinstance(value, float) and math.isnan(value))


@encode.slip
def counts_from_one(values, vocabulary):
    """Every code is one too high: counting starts at 0, and that is the code of "(unknown)"."""
    return tensor([position(vocabulary).get(v, 0) + 1 for v in values])


@encode.slip
def forgets_unknown(values, vocabulary):
    """Every code is one too low. Position 0 belongs to "(unknown)", so the first level has code 1."""
    return tensor([position(vocabulary[1:]).get(v, 0) for v in values])


@encode.slip
def minus_one(values, vocabulary):
    """Unknown became −1, as in pandas' `.cat.codes`. No row of a table has that number; ours is 0."""
    return tensor([position(vocabulary).get(v, -1) for v in values])


@encode.slip
def a_new_code(values, vocabulary):
    """Unknown got a code behind the last level. No row of the table has that number; ours is 0."""
    return tensor([position(vocabulary).get(v, len(vocabulary)) for v in values])


@encode.slip
def raises_on_unknown(values, vocabulary):
    """New and missing values are normal in new data. They get code 0, not an exception."""
    return tensor([vocabulary.index(v) for v in values])


@encode.slip
def raises_key_error(values, vocabulary):
    """New and missing values are normal in new data. They get code 0, not an exception."""
    return tensor([position(vocabulary)[v] for v in values])


@encode.slip
def own_vocabulary(values, vocabulary):
    """These codes were made from the values themselves. On another file the same name would get another code. The position
    in the given vocabulary is the code."""
    found = position([UNKNOWN, *sorted({v for v in values if is_text(v) and v in vocabulary} - {UNKNOWN})])
    return tensor([found.get(v, 0) for v in values])


@encode.slip
def order_of_appearance_codes(values, vocabulary):
    """These codes follow the order of appearance. The position in the vocabulary is the code."""
    found = position([UNKNOWN, *dict.fromkeys(v for v in values if is_text(v) and v in vocabulary and v != UNKNOWN)])
    return tensor([found.get(v, 0) for v in values])


@encode.slip
def sorts_the_vocabulary(values, vocabulary):
    """The vocabulary was sorted again. Its order is given: entry i names the owner of row i."""
    return tensor([position([vocabulary[0], *sorted(vocabulary[1:])]).get(v, 0) for v in values])


@encode.slip
def leaves_out_missing(values, vocabulary):
    """Missing values were left out, so codes and records no longer belong together. Each value gets a code."""
    return tensor([position(vocabulary).get(v, 0) for v in values if not missing(v)], dtype=torch.int64)


@encode.slip
def leaves_out_unknown(values, vocabulary):
    """Values that the vocabulary lacks were left out, so codes and records no longer belong together."""
    return tensor([position(vocabulary)[v] for v in values if v in vocabulary], dtype=torch.int64)


@encode.slip
def missing_as_text_codes(values, vocabulary):
    """`str` turns None and NaN into the texts "None" and "nan", and a level may be called that. Missing has code 0."""
    return tensor([position(vocabulary).get(str(v), 0) for v in values])


@encode.slip
def tidied_up(values, vocabulary):
    """Blanks or capitals were mended before the look-up. What differs from every level is unknown: code 0."""
    found = position([level.upper() for level in vocabulary])
    return tensor([found.get(v.strip().upper(), 0) if is_text(v) else 0 for v in values])


@encode.slip
def by_index(values, vocabulary):
    """`values[i]` asks a Series for the label i of its index, not for the i-th value. Go through the values instead."""
    return tensor([position(vocabulary).get(values[i], 0) for i in range(len(values))])


@encode.slip
def floats(values, vocabulary):
    """The numbers are right, but they are floats. Codes are row numbers: int64."""
    return tensor([float(position(vocabulary).get(v, 0)) for v in values])


@encode.slip
def narrow_integers(values, vocabulary):
    """The numbers are right, but not int64: a lookup refuses such narrow integers."""
    return tensor([position(vocabulary).get(v, 0) for v in values], dtype=torch.int32)


@encode.slip
def a_list(values, vocabulary):
    """A list came back. A network reads tensors: int64, shape (n,)."""
    return [position(vocabulary).get(v, 0) for v in values]


@encode.slip
def an_array(values, vocabulary):
    """A NumPy array came back. A network reads tensors: int64, shape (n,)."""
    return np.array([position(vocabulary).get(v, 0) for v in values])


# --- one_hot --------------------------------------------------------------------------------------------------------


def one_hot_cases(rng):
    levels = rng.randrange(4, 9)
    return [Case("rows", codes=draw.codes(rng, levels, 7), levels=levels),
            Case("rows", codes=tensor([levels - 1, 0, levels - 1]), levels=levels),
            Case("rows", codes=draw.codes(rng, 3, 5), levels=levels + 4),
            Case("rows", codes=tensor([0]), levels=1),
            Case("bad codes", codes=tensor([0, levels]), levels=levels),
            Case("bad codes", codes=tensor([levels + 50, 1]), levels=levels),
            Case("bad codes", codes=tensor([1, -1]), levels=levels),
            Case("bad codes", codes=tensor([-1, 1]), levels=levels),
            Case("bad codes", codes=tensor([-levels, 0, 1]), levels=levels),
            Case("bad codes", codes=tensor([1, -levels - 4]), levels=levels)]


one_hot = Exercise(
    call="function",
    points={"rows": 1, "bad codes": 1},
    raises={"bad codes": IndexError},
    shown=[Case("rows", "one code", "A single 1 in the row, and zeros.", codes=tensor([1]), levels=3),
           Case("rows", "three codes, one twice", "A row for each code, with its single 1 in the column of the code.",
                codes=tensor([2, 0, 2]), levels=3),
           Case("rows", "levels that no code names", "They have their column all the same: `levels` says how many.",
                codes=tensor([1, 0]), levels=4),
           Case("rows", "more codes than levels", "A row for each code, a column for each level.",
                codes=tensor([1, 0, 1, 1]), levels=2),
           Case("rows", "a single level", "It has a column: `levels` columns, here one.",
                codes=tensor([0, 0]), levels=1),
           Case("bad codes", "a code one too high", "Three levels have the codes 0, 1, 2.",
                codes=tensor([0, 3]), levels=3),
           Case("bad codes", "a negative code", "No level has a negative code. Which column gets the 1 in your row?",
                codes=tensor([1, -1, 0]), levels=3),
           Case("bad codes", "a code far below zero", "No level has a negative code.", codes=tensor([2, -7]), levels=3),
           Case("bad codes", "a code far too high", "The codes are 0, 1, 2.", codes=tensor([40, 0]), levels=3)],
    draw=one_hot_cases,
    rules=Rules(dtype=True, forbidden=("one_hot",), any_refusal=True))


def rows_of(codes, levels):
    """One-hot rows; for a code that is no level a row of zeros."""
    return (codes[:, None] == torch.arange(levels)).float()


def refuse(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)


@one_hot.slip
def wraps_negative(codes, levels):
    """Indexing takes a negative code as "from the end": level −1 became the last one, and no one was told. It should
    raise IndexError."""
    return torch.eye(levels)[codes]


@one_hot.slip
def zeros_for_bad(codes, levels):
    """A code that is no level gave a row of zeros. That hides a mistake in the data: it should raise IndexError."""
    return rows_of(codes, levels)


@one_hot.slip
def clamped(codes, levels):
    """A code that is no level is bent to the nearest one. That hides a mistake in the data: it should raise."""
    return rows_of(codes.clamp(0, levels - 1), levels)


@one_hot.slip
def wraps_around(codes, levels):
    """A code that is no level wraps around to another one. That hides a mistake in the data: it should raise."""
    return rows_of(codes % levels, levels)


@one_hot.slip
def checks_only_above(codes, levels):
    """Too high is refused, but a negative code passes. Where is a code below 0 stopped?"""
    if codes.max() >= levels:
        raise IndexError(codes)
    return rows_of(codes, levels)


@one_hot.slip
def checks_only_below(codes, levels):
    """Negative codes are refused, but one that is too high passes. The last level has code levels − 1."""
    if codes.min() < 0:
        raise IndexError(codes)
    return rows_of(codes, levels)


@one_hot.slip
def off_by_one_check(codes, levels):
    """The code `levels` passes your test. The last level has code levels − 1, since counting starts at 0."""
    if codes.min() < 0 or codes.max() > levels:
        raise IndexError(codes)
    return rows_of(codes, levels)


@one_hot.slip
def integers(codes, levels):
    """The rows are right, but their numbers are integers. We'll multiply them by a matrix of floats: float32."""
    refuse(codes, levels)
    return rows_of(codes, levels).long()


@one_hot.slip
def booleans(codes, levels):
    """The rows are right, as True and False. We'll multiply them by a matrix of floats: float32."""
    refuse(codes, levels)
    return rows_of(codes, levels).bool()


@one_hot.slip
def doubles(codes, levels):
    """The rows are right, but in float64. We'll multiply them by a matrix of float32."""
    refuse(codes, levels)
    return rows_of(codes, levels).double()


@one_hot.slip
def as_many_as_codes(codes, levels):
    """The number of columns was taken from the codes. It is `levels`, whether each level occurs or not."""
    refuse(codes, levels)
    return rows_of(codes, int(codes.max()) + 1)


@one_hot.slip
def dummies(codes, levels):
    """Only levels that occur got a column. In another batch the same level would have another column."""
    refuse(codes, levels)
    found = codes.unique()
    return (codes[:, None] == found).float()


@one_hot.slip
def starts_at_one(codes, levels):
    """The 1 stands one column too far to the left. Code 0 belongs to the first column, which has number 0."""
    refuse(codes, levels)
    return rows_of((codes - 1) % levels, levels)


@one_hot.slip
def on_its_side(codes, levels):
    """The result lies on its side. A record is a row: (n, levels)."""
    refuse(codes, levels)
    return rows_of(codes, levels).T


@one_hot.slip
def all_in_one_row(codes, levels):
    """All codes share one row. Each record has a row of its own."""
    refuse(codes, levels)
    return rows_of(codes, levels).sum(dim=0)


@one_hot.slip
def whole_columns(codes, levels):
    """Each record has the ones of all. `rows[:, codes]` means whole columns; row i has its 1 in column `codes[i]`."""
    refuse(codes, levels)
    return rows_of(codes, levels).amax(dim=0).expand(len(codes), -1)


@one_hot.slip
def one_column_too_many(codes, levels):
    """There is a column too many. Codes 0 … levels − 1 are `levels` columns."""
    refuse(codes, levels)
    return rows_of(codes, levels + 1)


@one_hot.slip
def upside_down(codes, levels):
    """Zeros and ones have changed places."""
    refuse(codes, levels)
    return 1 - rows_of(codes, levels)


@one_hot.slip
def the_code_itself(codes, levels):
    """The number in the row is the code. It should be 1: which column it stands in says it all."""
    refuse(codes, levels)
    return rows_of(codes, levels) * codes[:, None]


# --- decode ---------------------------------------------------------------------------------------------------------

V3 = [UNKNOWN, "ATL", "LAX"]


def decode_cases(rng):
    levels = rng.randrange(4, 8)
    vocabulary = [UNKNOWN, *draw.names(rng, levels - 1)]
    good = torch.eye(levels)[draw.codes(rng, levels, 6)]

    def spoilt(*entries):
        row = torch.zeros(levels)
        for column, value in zip(rng.sample(range(levels), len(entries)), entries, strict=True):
            row[column] = value
        return torch.cat([good[:2], row[None], good[2:]])

    return [Case("words", rows=good, vocabulary=vocabulary),
            Case("words", rows=torch.eye(levels).flip(0), vocabulary=vocabulary),
            Case("words", rows=torch.eye(levels)[:1], vocabulary=vocabulary),
            *(Case("words", rows=spoilt(*entries), vocabulary=vocabulary)
              for entries in ([], [1.0, 1.0], [0.5, 0.5], [0.9], [2.0], [1.0, 1.0, -1.0], [1.0, NAN], [-1.0],
                              [1.0, 1e-7], [1 - 6e-8], [1.0, -1e-9], [1.0 + 2e-7])),
            Case("words", rows=good, vocabulary=vocabulary[:-1]),
            Case("words", rows=good, vocabulary=[*vocabulary, "ZZZZ"]),
            Case("words", rows=torch.eye(levels)[:1], vocabulary=vocabulary[:2])]


decode = Exercise(
    call="function",
    points={"words": 1},
    raises={"words": ValueError},
    shown=[Case("words", "one row", "Which column has the 1, and who stands there in the list?",
                rows=tensor([[0.0, 0.0, 1.0]]), vocabulary=V3),
           Case("words", "three rows", "The column of the 1 is the position in the vocabulary.",
                rows=tensor([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), vocabulary=V3),
           Case("words", "a row of zeros", "No level is named. What does `argmax` make of it?",
                rows=tensor([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]), vocabulary=V3),
           Case("words", "two ones", "Two levels are named. Which one should come out?",
                rows=tensor([[1.0, 0.0, 1.0]]), vocabulary=V3),
           Case("words", "0.9 instead of 1", "Exactly one 1.0 is asked, without tolerance.",
                rows=tensor([[0.0, 0.9, 0.0]]), vocabulary=V3),
           Case("words", "two halves", "They add up to 1, and yet no entry is 1.0.",
                rows=tensor([[0.5, 0.5, 0.0]]), vocabulary=V3),
           Case("words", "1, 1 and −1", "They add up to 1. Is it a one-hot row?",
                rows=tensor([[1.0, 1.0, -1.0]]), vocabulary=V3),
           Case("words", "1 and a trace", "All others should be 0.0, without tolerance.",
                rows=tensor([[1.0, 2.0**-30, 0.0]]), vocabulary=V3),
           Case("words", "a 2", "Exactly one 1.0 is asked.", rows=tensor([[0.0, 2.0, 0.0]]), vocabulary=V3),
           Case("words", "1 and NaN", "NaN is not 0.0.", rows=tensor([[0.0, 1.0, NAN]]), vocabulary=V3),
           Case("words", "−1", "Exactly one 1.0 is asked.", rows=tensor([[0.0, -1.0, 0.0]]), vocabulary=V3),
           Case("words", "fewer columns than levels", "Rows and vocabulary don't belong together.",
                rows=tensor([[0.0, 1.0]]), vocabulary=V3),
           Case("words", "more columns than levels", "Rows and vocabulary don't belong together.",
                rows=tensor([[0.0, 1.0, 0.0, 0.0]]), vocabulary=V3)],
    draw=decode_cases)


def one_hot_rows(rows, vocabulary, error=ValueError):
    wanted = [0.0] * (len(vocabulary) - 1) + [1.0]
    for row in rows.tolist():
        if sorted(row) != wanted:
            raise error(row)


@decode.slip
def argmax_only(rows, vocabulary):
    """`argmax` always finds a largest entry, one-hot or not. Rows that are not one-hot should raise ValueError."""
    return [vocabulary[code] for code in rows.argmax(dim=1).tolist()]


@decode.slip
def sum_is_one(rows, vocabulary):
    """A row that adds up to 1 is not yet one-hot. Exactly one entry is 1.0, and all others are 0.0."""
    if rows.shape[1] != len(vocabulary) or (rows.sum(dim=1) != 1).any():
        raise ValueError(rows)
    return [vocabulary[code] for code in rows.argmax(dim=1).tolist()]


@decode.slip
def one_entry_is_one(rows, vocabulary):
    """That one entry is 1.0 is checked; that all others are 0.0 is not."""
    if rows.shape[1] != len(vocabulary) or ((rows == 1).sum(dim=1) != 1).any():
        raise ValueError(rows)
    return [vocabulary[code] for code in (rows == 1).float().argmax(dim=1).tolist()]


@decode.slip
def one_entry_is_not_zero(rows, vocabulary):
    """That one entry is not 0 is checked; that it is exactly 1.0 is not."""
    if rows.shape[1] != len(vocabulary) or ((rows != 0).sum(dim=1) != 1).any():
        raise ValueError(rows)
    return [vocabulary[code] for code in (rows != 0).float().argmax(dim=1).tolist()]


@decode.slip
def with_tolerance(rows, vocabulary):
    """Almost one-hot passes. The rule is exact: one 1.0, otherwise 0.0, without tolerance."""
    target = torch.eye(rows.shape[1])[rows.nan_to_num(9).argmax(dim=1)]
    if rows.shape[1] != len(vocabulary) or not torch.allclose(rows, target, atol=1e-6):
        raise ValueError(rows)
    return [vocabulary[code] for code in rows.argmax(dim=1).tolist()]


@decode.slip
def rounds(rows, vocabulary):
    """Rounding mends rows that are not one-hot. The rule is exact: one 1.0, otherwise 0.0."""
    one_hot_rows(rows.round(), vocabulary)
    return [vocabulary[code] for code in rows.argmax(dim=1).tolist()]


@decode.slip
def length_unchecked(rows, vocabulary):
    """The rows are checked, but not their length: with another number of columns they belong to another vocabulary."""
    one_hot_rows(rows, [""] * rows.shape[1])
    return [vocabulary[code] for code in rows.argmax(dim=1).tolist()]


@decode.slip
def too_long_only(rows, vocabulary):
    """Rows shorter than the vocabulary pass. They belong to another vocabulary, whichever of the two is longer."""
    if rows.shape[1] > len(vocabulary):
        raise ValueError(rows)
    one_hot_rows(rows, [""] * rows.shape[1])
    return [vocabulary[code] for code in rows.argmax(dim=1).tolist()]


@decode.slip
def unknown_for_bad(rows, vocabulary):
    """A row that is not one-hot became "(unknown)". That name is for values nobody has seen. It should raise."""
    wanted = [0.0] * (len(vocabulary) - 1) + [1.0]
    return [vocabulary[row.index(1.0)] if sorted(row) == wanted else vocabulary[0] for row in rows.tolist()]


@decode.slip
def none_for_bad(rows, vocabulary):
    """A row that is not one-hot became None. The caller would notice the mistake much later: it should raise."""
    wanted = [0.0] * (len(vocabulary) - 1) + [1.0]
    return [vocabulary[row.index(1.0)] if sorted(row) == wanted else None for row in rows.tolist()]


@decode.slip
def leaves_out_bad(rows, vocabulary):
    """Rows that are not one-hot were left out, so names and records no longer belong together. It should raise."""
    wanted = [0.0] * (len(vocabulary) - 1) + [1.0]
    return [vocabulary[row.index(1.0)] for row in rows.tolist() if sorted(row) == wanted]


@decode.slip
def first_one(rows, vocabulary):
    """The first 1.0 in a row was taken, whatever stands beside it. Exactly one entry is 1.0, and all others are 0.0."""
    if rows.shape[1] != len(vocabulary):
        raise ValueError(rows)
    return [vocabulary[row.index(1.0)] for row in rows.tolist()]


@decode.slip
def zeros_and_ones(rows, vocabulary):
    """That there are only zeros and ones is checked. How many ones should there be?"""
    if rows.shape[1] != len(vocabulary) or ((rows != 0) & (rows != 1)).any():
        raise ValueError(rows)
    return [vocabulary[code] for code in rows.argmax(dim=1).tolist()]


@decode.slip
def bad_row_asserted(rows, vocabulary):
    """The bad row is noticed, by `assert`. Asserts can be switched off (`python -O`). It should raise ValueError."""
    one_hot_rows(rows, vocabulary, AssertionError)
    return [vocabulary[code] for code in rows.argmax(dim=1).tolist()]


@decode.slip
def index_error(rows, vocabulary):
    """The bad row is noticed. The exception should be ValueError: it is the row's content that is wrong."""
    one_hot_rows(rows, vocabulary, IndexError)
    return [vocabulary[code] for code in rows.argmax(dim=1).tolist()]


@decode.slip
def codes_instead_of_words(rows, vocabulary):
    """These are the codes. The levels' names are asked for: the vocabulary knows them by position."""
    one_hot_rows(rows, vocabulary)
    return rows.argmax(dim=1).tolist()


@decode.slip
def skips_unknown(rows, vocabulary):
    """Every name is one position too far. "(unknown)" has position 0 like everything else in the list."""
    one_hot_rows(rows, vocabulary)
    return [vocabulary[(code + 1) % len(vocabulary)] for code in rows.argmax(dim=1).tolist()]


@decode.slip
def first_row_only(rows, vocabulary):
    """Only the first row was decoded. There is a name for each row."""
    one_hot_rows(rows, vocabulary)
    return [vocabulary[int(rows[0].argmax())]]


@decode.slip
def columns_not_rows(rows, vocabulary):
    """`argmax` went down the columns. Each record is a row: `dim=1`."""
    one_hot_rows(rows, vocabulary)
    return [vocabulary[code] for code in rows.argmax(dim=0).tolist()]
