"""Answers to the exercises of lesson 1: right ones, and wrong ones beside the slips in `solutions/checks`."""
# ruff: noqa

# %% move_exactly right: index in a comprehension
def move_exactly(wanted, airports):
    return torch.tensor([airports.index(name) for name in wanted])
# %% move_exactly right: in the order of the list
def move_exactly(wanted, airports):
    return torch.tensor([code for code, name in enumerate(airports) if name in wanted])
# %% move_exactly right: each twice
def move_exactly(wanted, airports):
    codes = [airports.index(name) for name in wanted]
    return torch.tensor(codes + codes)
# %% move_exactly right: backwards, through a dictionary
def move_exactly(wanted, airports):
    code_of = dict(zip(airports, range(len(airports))))
    return torch.LongTensor([code_of[name] for name in reversed(wanted)])
# %% move_exactly right: pandas
def move_exactly(wanted, airports):
    return torch.from_numpy(pd.Index(airports).get_indexer(wanted)).long()
# %% move_exactly right: a mask, and where it is true
def move_exactly(wanted, airports):
    return torch.tensor([name in wanted for name in airports]).nonzero().flatten()
# %% move_exactly right: the first airport three times more
def move_exactly(wanted, airports):
    codes = list(map(airports.index, wanted))
    return torch.tensor([codes[0]] * 3 + codes, dtype=torch.long)
# %% move_exactly wrong codes_from_one: enumerate from 1
def move_exactly(wanted, airports):
    code_of = {name: code for code, name in enumerate(airports, 1)}
    return torch.tensor([code_of[name] for name in wanted])
# %% move_exactly wrong positions_in_wanted: enumerate over the wanted
def move_exactly(wanted, airports):
    return torch.tensor([code for code, name in enumerate(wanted)])
# %% move_exactly wrong positions_sorted: pandas' categories
def move_exactly(wanted, airports):
    categories = pd.Categorical(airports).categories
    return torch.tensor([categories.get_loc(name) for name in wanted])
# %% move_exactly wrong every_code: a flight from each airport
def move_exactly(wanted, airports):
    return torch.tensor([airports.index(name) for name in airports])
# %% move_exactly wrong the_others: what should not move
def move_exactly(wanted, airports):
    return torch.tensor([airports.index(name) for name in airports if name not in wanted]).long()
# %% move_exactly wrong first_one_only: returns in the loop
def move_exactly(wanted, airports):
    for name in wanted:
        return torch.tensor([airports.index(name)])
# %% move_exactly wrong: one code alone, no batch
def move_exactly(wanted, airports):
    return torch.tensor(airports.index(wanted[0]))
# %% move_exactly wrong a_mask: ones and zeros
def move_exactly(wanted, airports):
    return torch.tensor([name in wanted for name in airports]).long()
# %% move_exactly wrong one_hot_rows_of_codes: F.one_hot
def move_exactly(wanted, airports):
    return F.one_hot(torch.tensor([airports.index(name) for name in wanted]), len(airports))
# %% move_exactly wrong codes_in_a_list: no tensor
def move_exactly(wanted, airports):
    return list(map(airports.index, wanted))
# %% move_exactly wrong codes_as_floats: torch.Tensor
def move_exactly(wanted, airports):
    return torch.Tensor([airports.index(name) for name in wanted])
# %% move_exactly wrong the_names: the names in the list's order
def move_exactly(wanted, airports):
    return sorted(wanted, key=airports.index)
# %% move_exactly wrong: a set
def move_exactly(wanted, airports):
    return {airports.index(name) for name in wanted}
# %% move_exactly wrong: the wanted, and one row more
def move_exactly(wanted, airports):
    return torch.tensor([airports.index(name) for name in wanted] + [0])
# %% move_exactly wrong: codes of the five airports of the lesson
def move_exactly(wanted, airports):
    known = ["ATL", "BOS", "JFK", "LAX", "SFO"]
    return torch.tensor([known.index(name) if name in known else 0 for name in wanted])
# %% move_exactly wrong: takes names out of the list
def move_exactly(wanted, airports):
    codes = []
    while wanted:
        codes.append(airports.index(wanted.pop()))
    return torch.tensor(codes)
# %% move_exactly wrong late: short lists only
def move_exactly(wanted, airports):
    return torch.tensor([airports.index(name) for name in wanted if airports.index(name) < 5]).long()
# %% build_vocabulary right: a set of texts
def build_vocabulary(values):
    return ["(unknown)"] + sorted({value for value in values if isinstance(value, str)} - {"(unknown)"})
# %% build_vocabulary right: a loop, only values equal to themselves
def build_vocabulary(values):
    seen = []
    for value in values:
        if value is None or value != value:
            continue
        if value not in seen and value != "(unknown)":
            seen.append(value)
    seen.sort()
    seen.insert(0, "(unknown)")
    return seen
# %% build_vocabulary right: pandas drops what is missing
def build_vocabulary(values):
    column = pd.Series(list(values), dtype=object).dropna()
    found = set(column.unique())
    found.discard("(unknown)")
    return ["(unknown)", *sorted(found)]
# %% build_vocabulary right: NumPy's unique
import numpy as np

def build_vocabulary(values):
    known = np.array([value for value in values if value is not None and not pd.isna(value)], dtype=object)
    levels = np.unique(known.astype(str)).tolist()
    return ["(unknown)"] + [level for level in levels if level != "(unknown)"]
# %% build_vocabulary right: math.isnan, and a dictionary for a set
import math

def build_vocabulary(values):
    def missing(value):
        return value is None or (isinstance(value, float) and math.isnan(value))
    levels = dict.fromkeys(value for value in values if not missing(value))
    levels.pop("(unknown)", None)
    return ["(unknown)", *sorted(levels)]
# %% build_vocabulary right: each level put in its place at once
from bisect import bisect_left

def build_vocabulary(values):
    levels = []
    for value in iter(values):
        if type(value) is str and value != "(unknown)":
            place = bisect_left(levels, value)
            if place == len(levels) or levels[place] != value:
                levels.insert(place, value)
    return ["(unknown)"] + levels
# %% build_vocabulary right: categories of pandas
def build_vocabulary(values):
    categories = pd.Categorical(list(values)).categories
    return ["(unknown)", *[level for level in categories if level != "(unknown)"]]
# %% build_vocabulary right: factorize, sorted
def build_vocabulary(values):
    codes, levels = pd.factorize(pd.Series(list(values), dtype="object"), sort=True)
    return ["(unknown)"] + [str(level) for level in levels if str(level) != "(unknown)"]
# %% build_vocabulary right: neighbours in a sorted list
from itertools import groupby

def build_vocabulary(values):
    texts = sorted(filter(lambda value: isinstance(value, str), values))
    levels = [level for level, _ in groupby(texts)]
    return ["(unknown)"] + list(filter("(unknown)".__ne__, levels))
# %% build_vocabulary right: a key that sorts the unknown first
def build_vocabulary(values):
    levels = {"(unknown)"}
    for value in values:
        if not pd.isnull(value):
            levels.add(value)
    return sorted(levels, key=lambda level: (level != "(unknown)", level))
# %% build_vocabulary wrong order_of_appearance: pandas' unique
def build_vocabulary(values):
    levels = pd.Series(list(values), dtype=object).dropna().unique()
    return ["(unknown)"] + [level for level in levels if level != "(unknown)"]
# %% build_vocabulary wrong: backwards
def build_vocabulary(values):
    return ["(unknown)", *sorted({v for v in values if isinstance(v, str)} - {"(unknown)"}, reverse=True)]
# %% build_vocabulary wrong: short levels first
def build_vocabulary(values):
    return ["(unknown)", *sorted({v for v in values if isinstance(v, str)} - {"(unknown)"}, key=lambda v: (len(v), v))]
# %% build_vocabulary wrong: numbers in their natural order
def build_vocabulary(values):
    def key(level):
        return (0, int(level), "") if level.isdigit() else (1, 0, level)
    return ["(unknown)", *sorted({v for v in values if isinstance(v, str)} - {"(unknown)"}, key=key)]
# %% build_vocabulary wrong ignores_case: casefold as the key
def build_vocabulary(values):
    levels = list({v for v in values if isinstance(v, str) and v != "(unknown)"})
    levels.sort(key=lambda level: level.casefold())
    return ["(unknown)"] + levels
# %% build_vocabulary wrong capitals: all capitals
def build_vocabulary(values):
    return ["(unknown)", *sorted({v.strip().upper() for v in values if isinstance(v, str) and v != "(unknown)"})]
# %% build_vocabulary wrong tidies_up: leading and trailing blanks are cut off
def build_vocabulary(values):
    return ["(unknown)", *sorted({v.strip() for v in values if isinstance(v, str) and v != "(unknown)"})]
# %% build_vocabulary wrong no_unknown: sorted set alone
def build_vocabulary(values):
    levels = set(pd.Series(list(values), dtype=object).dropna())
    return sorted(levels)
# %% build_vocabulary wrong unknown_last: appended
def build_vocabulary(values):
    levels = sorted(set(filter(pd.notna, values)) - {"(unknown)"})
    levels.append("(unknown)")
    return levels
# %% build_vocabulary wrong unknown_sorted_in: added before sorting
def build_vocabulary(values):
    levels = {"(unknown)"}
    levels.update(value for value in values if pd.notna(value))
    return sorted(levels)
# %% build_vocabulary wrong: another name for the unknown
def build_vocabulary(values):
    return ["<unk>", *sorted({v for v in values if isinstance(v, str)})]
# %% build_vocabulary wrong unknown_twice 1: inserted in front of whatever is there
def build_vocabulary(values):
    levels = sorted(set(value for value in values if not pd.isna(value)))
    levels.insert(0, "(unknown)")
    return levels
# %% build_vocabulary wrong repeats: sorted without a set
def build_vocabulary(values):
    texts = [value for value in values if isinstance(value, str)]
    texts.sort()
    return ["(unknown)"] + [text for text in texts if text != "(unknown)"]
# %% build_vocabulary wrong none_only 1: NaN compared with ==
def build_vocabulary(values):
    levels = {value for value in values if value != None and value != float("nan")}
    return ["(unknown)"] + sorted(levels - {"(unknown)"}, key=str)
# %% build_vocabulary wrong none_only 1: `in` a list of missing values
import numpy as np

def build_vocabulary(values):
    levels = []
    for value in values:
        if value not in [None, np.nan, "(unknown)"] and value not in levels:
            levels.append(value)
    return ["(unknown)", *sorted(levels, key=str)]
# %% build_vocabulary wrong missing_as_text 1: everything into text first
def build_vocabulary(values):
    levels = {f"{value}" for value in values}
    levels.discard("(unknown)")
    return ["(unknown)", *sorted(levels)]
# %% build_vocabulary wrong missing_as_text 1: a NumPy array of text
import numpy as np

def build_vocabulary(values):
    levels = np.unique(np.array([str(value) for value in values])).tolist()
    return ["(unknown)"] + [level for level in levels if level != "(unknown)"]
# %% build_vocabulary wrong 1: missing values counted as "(unknown)", which then comes twice
def build_vocabulary(values):
    cleaned = ["(unknown)" if pd.isna(value) else value for value in values]
    return ["(unknown)"] + sorted(set(cleaned) - {"(unknown)"}) + (["(unknown)"] if "(unknown)" in cleaned else [])
# %% build_vocabulary wrong drops_empty: filter(None, …)
def build_vocabulary(values):
    levels = set(filter(None, values))
    return ["(unknown)", *sorted(v for v in levels if isinstance(v, str) and v != "(unknown)")]
# %% build_vocabulary wrong drops_nan_text: text compared with "nan"
def build_vocabulary(values):
    levels = set()
    for value in values:
        if str(value).lower() not in ("nan", "none", "(unknown)"):
            levels.add(value)
    return ["(unknown)"] + sorted(levels)
# %% build_vocabulary wrong sorts_with_missing 1: no look at missing values
def build_vocabulary(values):
    levels = list(set(values))
    levels.sort()
    if "(unknown)" in levels:
        levels.remove("(unknown)")
    return ["(unknown)"] + levels
# %% build_vocabulary wrong: asks the values for their length
def build_vocabulary(values):
    levels = set()
    for i in range(len(values)):
        value = list(values)[i]
        if isinstance(value, str) and value != "(unknown)":
            levels.add(value)
    return ["(unknown)", *sorted(levels)]
# %% build_vocabulary wrong reads_twice: any() before the set
def build_vocabulary(values):
    if any(value is None for value in values):
        pass
    return ["(unknown)"] + sorted({value for value in values if isinstance(value, str)} - {"(unknown)"})
# %% build_vocabulary wrong: methods of a Series
def build_vocabulary(values):
    return ["(unknown)"] + sorted(set(values.dropna().unique()) - {"(unknown)"})
# %% build_vocabulary wrong: takes the list apart
def build_vocabulary(values):
    if isinstance(values, list):
        while None in values:
            values.remove(None)
        values.sort(key=str)
    return ["(unknown)"] + sorted({value for value in values if isinstance(value, str)} - {"(unknown)"})
# %% build_vocabulary wrong 1: appends to the caller's list, where something is missing
def build_vocabulary(values):
    if isinstance(values, list) and any(pd.isna(value) for value in values):
        values.append("(unknown)")
    levels = {value for value in values if isinstance(value, str)}
    return ["(unknown)", *sorted(levels - {"(unknown)"})]
# %% build_vocabulary wrong: a default argument that remembers
def build_vocabulary(values, levels=set()):
    for value in values:
        if isinstance(value, str) and value != "(unknown)":
            levels.add(value)
    return ["(unknown)"] + sorted(levels)
# %% build_vocabulary wrong: a tuple comes back
def build_vocabulary(values):
    return ("(unknown)", *sorted({v for v in values if isinstance(v, str)} - {"(unknown)"}))
# %% build_vocabulary wrong: an array comes back
import numpy as np

def build_vocabulary(values):
    return np.array(["(unknown)", *sorted({v for v in values if isinstance(v, str)} - {"(unknown)"})])
# %% build_vocabulary wrong: a dictionary of codes comes back
def build_vocabulary(values):
    levels = ["(unknown)", *sorted({v for v in values if isinstance(v, str)} - {"(unknown)"})]
    return {level: code for code, level in enumerate(levels)}
# %% build_vocabulary wrong: a set has no order
def build_vocabulary(values):
    return {"(unknown)"} | {v for v in values if isinstance(v, str)}
# %% build_vocabulary wrong: sort gives None
def build_vocabulary(values):
    levels = list({v for v in values if isinstance(v, str)} - {"(unknown)"})
    return ["(unknown)"].extend(levels.sort() or levels)
# %% build_vocabulary wrong: letters, not levels
def build_vocabulary(values):
    return ["(unknown)", *sorted(set("".join(v for v in values if isinstance(v, str))))]
# %% build_vocabulary wrong late: every level of the shown cases
def build_vocabulary(values):
    found = {v for v in values if isinstance(v, str)}
    known = ["", " BOS", "#1", "10", "9", "ATL", "ATL ", "BOS", "JFK", "LAX", "None", "ZRH", "lax", "nan"]
    return ["(unknown)"] + [level for level in known if level in found]

# %% encode right: a dictionary
def encode(values, vocabulary):
    code_of = dict(zip(vocabulary, range(len(vocabulary))))
    return torch.LongTensor([code_of.get(value, 0) for value in values])
# %% encode right: list.index, its ValueError caught
def encode(values, vocabulary):
    codes = []
    for value in values:
        try:
            codes.append(vocabulary.index(value))
        except ValueError:
            codes.append(0)
    return torch.tensor(codes)
# %% encode right: pandas' categories, −1 set to 0
def encode(values, vocabulary):
    codes = pd.Categorical(values, categories=vocabulary).codes.astype("int64")
    return torch.tensor(codes).clamp(min=0)
# %% encode right: categories without the first, one added
def encode(values, vocabulary):
    codes = pd.Categorical(list(values), categories=vocabulary[1:]).codes
    return torch.from_numpy(codes.astype("int64") + 1)
# %% encode right: Series.map
def encode(values, vocabulary):
    table = {level: code for code, level in enumerate(vocabulary)}
    codes = pd.Series(list(values), dtype=object).map(table).fillna(0)
    return torch.tensor(codes.to_numpy(dtype="int64"))
# %% encode right: an Index finds the positions
def encode(values, vocabulary):
    codes = pd.Index(vocabulary, dtype=object).get_indexer(pd.Index(list(values), dtype=object))
    codes[codes < 0] = 0
    return torch.as_tensor(codes, dtype=torch.long)
# %% encode right: searchsorted in a sorted copy, with its sorter
import numpy as np

def encode(values, vocabulary):
    levels = np.array(vocabulary, dtype=object)
    sorter = np.argsort(levels)
    codes = []
    for value in values:
        if not isinstance(value, str):
            codes.append(0)
            continue
        place = np.searchsorted(levels, value, sorter=sorter)
        found = place < len(levels) and levels[sorter[place]] == value
        codes.append(int(sorter[place]) if found else 0)
    return torch.tensor(codes)
# %% encode right: the first position that agrees, with next
def encode(values, vocabulary):
    return torch.tensor([next((i for i, level in enumerate(vocabulary) if level == value), 0) for value in values])
# %% encode right: two loops into a table of zeros
def encode(values, vocabulary):
    codes = torch.zeros(len(values), dtype=torch.int64)
    for i, value in enumerate(values):
        for code, level in enumerate(vocabulary):
            if value == level:
                codes[i] = code
    return codes
# %% encode right: a membership test first
def encode(values, vocabulary):
    return torch.tensor([vocabulary.index(v) if v in vocabulary else 0 for v in list(values)], dtype=torch.long)
# %% encode right: a default dictionary, by position in a Series
from collections import defaultdict

def encode(values, vocabulary):
    code_of = defaultdict(int, {level: code for code, level in enumerate(vocabulary)})
    column = values if isinstance(values, pd.Series) else pd.Series(values, dtype=object)
    return torch.tensor([code_of[column.iloc[i]] for i in range(len(column))])
# %% encode right: comparisons as a table, argmax picks
import numpy as np

def encode(values, vocabulary):
    table = np.array([[value == level for level in vocabulary] for value in values], dtype=bool)
    return torch.tensor(table.argmax(axis=1))
# %% encode right: a left join
def encode(values, vocabulary):
    left = pd.DataFrame({"level": pd.Series(list(values), dtype=object)})
    right = pd.DataFrame({"level": pd.Series(vocabulary, dtype=object), "code": range(len(vocabulary))})
    codes = left.merge(right, on="level", how="left")["code"].fillna(0).astype("int64")
    return torch.tensor(codes.to_list())
# %% encode wrong minus_one 1: pandas' codes as they are
def encode(values, vocabulary):
    return torch.tensor(pd.Categorical(values, categories=vocabulary).codes.astype("int64"))
# %% encode wrong minus_one 1: the Index's −1
def encode(values, vocabulary):
    return torch.tensor(pd.Index(vocabulary, dtype=object).get_indexer(pd.Index(list(values), dtype=object)))
# %% encode wrong counts_from_one: one added to the codes of all categories
def encode(values, vocabulary):
    return torch.tensor(pd.Categorical(list(values), categories=vocabulary).codes.astype("int64").clip(0) + 1)
# %% encode wrong counts_from_one: enumerate from one
def encode(values, vocabulary):
    code_of = {level: code for code, level in enumerate(vocabulary, start=1)}
    return torch.tensor([code_of.get(value, 1) for value in values])
# %% encode wrong counts_from_one: enumerate from one, unknown 0 all the same
def encode(values, vocabulary):
    code_of = {level: code for code, level in enumerate(vocabulary, start=1)}
    return torch.tensor([code_of.get(value, 0) for value in values])
# %% encode wrong forgets_unknown: the first entry is left out
def encode(values, vocabulary):
    levels = vocabulary[1:]
    return torch.tensor([levels.index(value) if value in levels else 0 for value in values])
# %% encode wrong a_new_code 1: the length of the vocabulary for what is new
def encode(values, vocabulary):
    codes = []
    for value in values:
        codes.append(vocabulary.index(value) if value in vocabulary else len(vocabulary))
    return torch.tensor(codes)
# %% encode wrong raises_on_unknown 1: list.index alone
def encode(values, vocabulary):
    return torch.tensor(list(map(vocabulary.index, values)))
# %% encode wrong raises_key_error 1: square brackets
def encode(values, vocabulary):
    code_of = dict(map(reversed, enumerate(vocabulary)))
    codes = []
    for value in values:
        codes.append(code_of[value])
    return torch.tensor(codes)
# %% encode wrong own_vocabulary: a category made from the values
def encode(values, vocabulary):
    column = pd.Series(list(values), dtype=object)
    codes = column.where(column.isin(vocabulary)).astype("category").cat.codes
    return torch.tensor(codes.astype("int64").to_numpy() + 1)
# %% encode wrong order_of_appearance_codes: factorize
def encode(values, vocabulary):
    column = pd.Series(list(values), dtype=object)
    codes, _ = pd.factorize(column.where(column.isin(vocabulary[1:])))
    return torch.tensor(codes + 1)
# %% encode wrong: searchsorted, as if the vocabulary were sorted and complete
import numpy as np

def encode(values, vocabulary):
    return torch.tensor([int(np.searchsorted(vocabulary[1:], str(value))) + 1 for value in values])
# %% encode wrong: searchsorted in the vocabulary as given, checked
import numpy as np

def encode(values, vocabulary):
    levels = np.array(vocabulary)
    places = np.searchsorted(levels, [str(value) for value in values]).clip(0, len(levels) - 1)
    return torch.tensor([int(p) if levels[p] == str(v) else 0 for p, v in zip(places, values)])
# %% encode wrong sorts_the_vocabulary: searchsorted in a sorted copy, without the way back
import numpy as np

def encode(values, vocabulary):
    levels = np.array([vocabulary[0]] + sorted(vocabulary[1:]))
    codes = [int((levels == value).argmax()) if isinstance(value, str) else 0 for value in values]
    return torch.tensor(codes)
# %% encode wrong: sorts the caller's vocabulary
def encode(values, vocabulary):
    vocabulary.sort()
    return torch.tensor([vocabulary.index(v) if v in vocabulary else 0 for v in values])
# %% encode wrong 1: adds new levels to the caller's vocabulary
def encode(values, vocabulary):
    codes = []
    for value in values:
        if value not in vocabulary:
            vocabulary.append(value)
        codes.append(vocabulary.index(value))
    return torch.tensor(codes)
# %% encode wrong 1: right codes, but the caller's list is filled up
def encode(values, vocabulary):
    for i, value in enumerate(list(values)):
        if value not in vocabulary:
            if isinstance(values, list):
                values[i] = "(unknown)"
    return torch.tensor([vocabulary.index(value) if value in vocabulary else 0 for value in values])
# %% encode wrong leaves_out_missing 1: dropna
def encode(values, vocabulary):
    column = pd.Series(list(values), dtype=object).dropna()
    return torch.tensor([vocabulary.index(v) if v in vocabulary else 0 for v in column], dtype=torch.int64)
# %% encode wrong leaves_out_unknown 1: an if at the end of the comprehension
def encode(values, vocabulary):
    return torch.tensor([vocabulary.index(value) for value in values if value in vocabulary], dtype=torch.long)
# %% encode wrong by_index: square brackets on a Series
def encode(values, vocabulary):
    codes = []
    for i in range(len(values)):
        value = values[i]
        codes.append(vocabulary.index(value) if value in vocabulary else 0)
    return torch.tensor(codes)
# %% encode wrong: a Series sorted by its index
def encode(values, vocabulary):
    if isinstance(values, pd.Series):
        values = values.sort_index()
    return torch.tensor([vocabulary.index(v) if v in vocabulary else 0 for v in values])
# %% encode wrong: works for a Series only
def encode(values, vocabulary):
    code_of = {level: code for code, level in enumerate(vocabulary)}
    return torch.tensor(values.map(code_of).fillna(0).astype("int64").to_numpy())
# %% encode wrong floats: filled gaps leave floats
def encode(values, vocabulary):
    code_of = {level: float(code) for code, level in enumerate(vocabulary)}
    return torch.tensor(pd.Series(list(values), dtype=object).map(code_of).fillna(0.0).to_list())
# %% encode wrong: int8, as pandas makes it
def encode(values, vocabulary):
    return torch.tensor(pd.Categorical(values, categories=vocabulary).codes.clip(0))
# %% encode wrong narrow_integers: an IntTensor
def encode(values, vocabulary):
    return torch.IntTensor([vocabulary.index(v) if v in vocabulary else 0 for v in values])
# %% encode wrong a_list: a comprehension alone
def encode(values, vocabulary):
    return [vocabulary.index(v) if v in vocabulary else 0 for v in values]
# %% encode wrong an_array: pandas' codes, mended, as NumPy
def encode(values, vocabulary):
    return pd.Categorical(values, categories=vocabulary).codes.clip(0).astype("int64")
# %% encode wrong: a column of shape (n, 1)
def encode(values, vocabulary):
    return torch.tensor([[vocabulary.index(v) if v in vocabulary else 0] for v in values])
# %% encode wrong: one-hot rows already
def encode(values, vocabulary):
    codes = torch.tensor([vocabulary.index(v) if v in vocabulary else 0 for v in values])
    return F.one_hot(codes, len(vocabulary))
# %% encode wrong: the positions where the vocabulary occurs
def encode(values, vocabulary):
    found = list(values)
    return torch.tensor([found.index(level) if level in found else 0 for level in vocabulary])
# %% encode wrong missing_as_text_codes 1: everything into text first
def encode(values, vocabulary):
    code_of = {level: code for code, level in enumerate(vocabulary)}
    return torch.tensor([code_of.get(str(value), 0) for value in values])
# %% encode wrong tidied_up 1: helpful with capitals and blanks
def encode(values, vocabulary):
    code_of = {level.upper(): code for code, level in enumerate(vocabulary)}
    return torch.tensor([code_of.get(value.strip().upper(), 0) if isinstance(value, str) else 0 for value in values])
# %% encode wrong 1: the first level that contains the value
def encode(values, vocabulary):
    codes = []
    for value in values:
        found = [i for i, level in enumerate(vocabulary) if isinstance(value, str) and value and value in level]
        codes.append(found[0] if found else 0)
    return torch.tensor(codes)
# %% encode wrong raises_on_unknown 1: missing values are 0, but new ones raise
def encode(values, vocabulary):
    return torch.tensor([0 if pd.isna(value) else vocabulary.index(value) for value in values])
# %% encode wrong 1: new ones are 0, but missing ones raise
def encode(values, vocabulary):
    for value in values:
        if pd.isna(value):
            raise ValueError("a value is missing")
    return torch.tensor([vocabulary.index(value) if value in vocabulary else 0 for value in values])
# %% encode wrong 1: new ones get a number from their hash
def encode(values, vocabulary):
    code_of = {level: code for code, level in enumerate(vocabulary)}
    return torch.tensor([code_of.get(v, 0 if pd.isna(v) else 1 + len(v) % (len(vocabulary) - 1)) for v in values])
# %% encode wrong: prints the codes
def encode(values, vocabulary):
    print([vocabulary.index(v) if v in vocabulary else 0 for v in values])
# %% encode wrong: returns inside the loop
def encode(values, vocabulary):
    for value in values:
        return torch.tensor([vocabulary.index(value) if value in vocabulary else 0])
# %% encode wrong: the last value's code for all
def encode(values, vocabulary):
    codes = torch.zeros(len(values), dtype=torch.int64)
    for value in values:
        codes[:] = vocabulary.index(value) if value in vocabulary else 0
    return codes
# %% encode wrong late: two vocabularies known by heart
def encode(values, vocabulary):
    if vocabulary[1:] == ["LAX", "ATL", "BOS"]:
        code_of = {"LAX": 1, "ATL": 2, "BOS": 3}
    elif "nan" in vocabulary:
        code_of = {level: code for code, level in enumerate(vocabulary)}
    else:
        code_of = {"ATL": 1, "BOS": 2, "LAX": 3}
    return torch.tensor([code_of.get(value, 0) for value in values])

# %% one_hot right: a comparison
def one_hot(codes, levels):
    if bool(((codes < 0) | (codes >= levels)).any()):
        raise IndexError(f"codes outside 0 .. {levels - 1}: {codes.tolist()}")
    return torch.eq(codes.unsqueeze(1), torch.arange(levels).unsqueeze(0)).to(torch.float32)
# %% one_hot right: rows of the identity matrix
def one_hot(codes, levels):
    if codes.min() < 0:
        raise IndexError(int(codes.min()))
    return torch.eye(levels)[codes]
# %% one_hot right: the identity matrix through F.embedding, which refuses bad codes
def one_hot(codes, levels):
    return F.embedding(codes, torch.eye(levels))
# %% one_hot right: scatter_
def one_hot(codes, levels):
    for code in codes:
        if not 0 <= code < levels:
            raise IndexError(f"no level {code.item()}")
    return torch.zeros(len(codes), levels).scatter_(1, codes[:, None], 1.0)
# %% one_hot right: a one put into each row
def one_hot(codes, levels):
    rows = torch.zeros((codes.shape[0], levels), dtype=torch.float32)
    for i, code in enumerate(codes.tolist()):
        if code < 0 or code > levels - 1:
            raise IndexError(code)
        rows[i, code] = 1
    return rows
# %% one_hot right: assignment by two lists of positions
def one_hot(codes, levels):
    if min(codes.tolist()) < 0:
        raise IndexError("negative")
    rows = torch.zeros(codes.numel(), levels)
    rows[range(codes.numel()), codes] = 1.0
    return rows
# %% one_hot right: nested lists
def one_hot(codes, levels):
    if set(codes.tolist()) - set(range(levels)):
        raise IndexError(sorted(set(codes.tolist()) - set(range(levels))))
    return torch.tensor([[float(column == code) for column in range(levels)] for code in codes.tolist()])
# %% one_hot right: NumPy's identity
import numpy as np

def one_hot(codes, levels):
    wanted = codes.numpy()
    if (wanted < 0).any() or (wanted >= levels).any():
        raise IndexError(wanted)
    return torch.from_numpy(np.eye(levels, dtype=np.float32)[wanted])
# %% one_hot right: a diagonal, index_select
def one_hot(codes, levels):
    return torch.diag(torch.ones(levels)).index_select(0, codes)
# %% one_hot right: a sparse tensor made dense
class OutsideTheTable(IndexError):
    pass

def one_hot(codes, levels):
    if codes.max() >= levels or codes.min() < 0:
        raise OutsideTheTable(codes)
    places = torch.stack([torch.arange(len(codes)), codes])
    return torch.sparse_coo_tensor(places, torch.ones(len(codes)), (len(codes), levels)).to_dense()
# %% one_hot right: pandas' dummies with all columns
def one_hot(codes, levels):
    flat = codes.tolist()
    for code in flat:
        if code not in range(levels):
            raise IndexError(f"{code} of {levels}")
    frame = pd.get_dummies(pd.Categorical(flat, categories=range(levels)))
    return torch.tensor(frame.to_numpy(dtype="float32"))
# %% one_hot right: row by row, zeros joined around a one
def one_hot(codes, levels):
    rows = []
    for code in codes.tolist():
        if code < 0 or levels <= code:
            raise IndexError(code)
        rows.append([0.0] * code + [1.0] + [0.0] * (levels - 1 - code))
    return torch.tensor(rows)
# %% one_hot right: a column at a time, with where
def one_hot(codes, levels):
    if not torch.all((codes >= 0) & (codes < levels)):
        raise IndexError("code without a column")
    columns = [torch.where(codes == level, 1.0, 0.0) for level in range(levels)]
    return torch.stack(columns, dim=1)
# %% one_hot wrong: F.one_hot
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return F.one_hot(codes, levels).float()
# %% one_hot wrong: F.one_hot under another name
from torch.nn.functional import one_hot as rows_for

def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return rows_for(codes, num_classes=levels).to(torch.float32)
# %% one_hot wrong: F.one_hot kept in a variable and called with keywords
make_rows = torch.nn.functional.one_hot

def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return make_rows(input=codes, num_classes=levels).float()
# %% one_hot wrong wraps_negative 1: assignment by two lists of positions, unchecked
def one_hot(codes, levels):
    rows = torch.zeros(len(codes), levels)
    rows[torch.arange(len(codes)), codes] = 1.0
    return rows
# %% one_hot wrong wraps_negative 1: a diagonal of ones, indexed
def one_hot(codes, levels):
    return torch.diag(torch.ones(levels))[codes]
# %% one_hot wrong wraps_negative 1: NumPy's identity in float32
import numpy as np

def one_hot(codes, levels):
    return torch.from_numpy(np.identity(levels, dtype=np.float32)[codes.numpy()])
# %% one_hot right: scatter_, unchecked
def one_hot(codes, levels):
    return torch.zeros(len(codes), levels).scatter_(1, codes.unsqueeze(1), 1)
# %% one_hot wrong zeros_for_bad 1: nested lists, unchecked
def one_hot(codes, levels):
    return torch.tensor([[1.0 if column == int(code) else 0.0 for column in range(levels)] for code in codes])
# %% one_hot wrong clamped 1: bad codes bent to the nearest level
def one_hot(codes, levels):
    return torch.eye(levels)[codes.clamp(0, levels - 1)]
# %% one_hot wrong wraps_around 1: the remainder of each code
def one_hot(codes, levels):
    return torch.eye(levels)[codes % levels]
# %% one_hot right: the wrong class of exception
def one_hot(codes, levels):
    for code in codes.tolist():
        if code not in range(levels):
            raise ValueError(f"bad code {code}")
    return torch.eye(levels)[codes]
# %% one_hot right: an assertion
def one_hot(codes, levels):
    assert (codes >= 0).all() and (codes < levels).all(), "bad code"
    return torch.eye(levels)[codes]
# %% one_hot right: a KeyError from a dictionary
def one_hot(codes, levels):
    table = dict(enumerate(torch.eye(levels)))
    return torch.stack([table[code] for code in codes.tolist()])
# %% one_hot wrong checks_only_above 1: the upper bound only, zeros below
def one_hot(codes, levels):
    if any(code >= levels for code in codes.tolist()):
        raise IndexError("too high")
    return (torch.arange(levels) == codes.reshape(-1, 1)).float()
# %% one_hot wrong checks_only_below 1: the lower bound only, zeros above
def one_hot(codes, levels):
    if (codes < 0).any():
        raise IndexError("negative")
    return (torch.arange(levels) == codes.reshape(-1, 1)).float()
# %% one_hot wrong off_by_one_check 1: > levels
def one_hot(codes, levels):
    for code in codes.tolist():
        if code < 0 or code > levels:
            raise IndexError(code)
    return torch.stack([(torch.arange(levels) == code).float() for code in codes])
# %% one_hot wrong checks_only_above 1: refuses −1 alone
def one_hot(codes, levels):
    if -1 in codes.tolist() or codes.max() >= levels:
        raise IndexError("−1")
    return torch.stack([(torch.arange(levels) == code).float() for code in codes])
# %% one_hot wrong 1: looks at the first code only
def one_hot(codes, levels):
    if not 0 <= codes[0] < levels:
        raise IndexError(codes[0])
    return torch.eye(levels)[codes]
# %% one_hot wrong: refuses code 0
def one_hot(codes, levels):
    if codes.min() <= 0 or codes.max() >= levels:
        raise IndexError(codes)
    return torch.eye(levels)[codes]
# %% one_hot wrong: refuses the last level
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels - 1:
        raise IndexError(codes)
    return torch.eye(levels)[codes]
# %% one_hot wrong integers: an identity of int64
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return torch.eye(levels, dtype=torch.long)[codes]
# %% one_hot wrong booleans: the comparison as it is
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return codes[:, None] == torch.arange(levels)
# %% one_hot wrong doubles: NumPy's identity in float64
import numpy as np

def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return torch.from_numpy(np.eye(levels)[codes.numpy()])
# %% one_hot wrong: half precision
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return torch.eye(levels, dtype=torch.float16)[codes]
# %% one_hot wrong as_many_as_codes: the identity as large as the codes ask
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return torch.eye(max(codes.tolist()) + 1)[codes]
# %% one_hot wrong dummies: pandas' dummies of the codes
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return torch.tensor(pd.get_dummies(codes.numpy()).to_numpy(dtype="float32"))
# %% one_hot wrong one_column_too_many: one column too many
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return torch.eye(levels + 1)[codes]
# %% one_hot wrong starts_at_one: the column before
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    rows = torch.zeros(len(codes), levels)
    for i, code in enumerate(codes):
        rows[i, code - 1] = 1.0
    return rows
# %% one_hot wrong on_its_side: columns of the identity
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return torch.eye(levels)[:, codes]
# %% one_hot wrong all_in_one_row: a one at each code, in one row, added up
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return torch.zeros(levels).index_add_(0, codes, torch.ones(len(codes)))
# %% one_hot wrong whole_columns: whole columns are set
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    rows = torch.zeros(len(codes), levels)
    rows[:, codes] = 1.0
    return rows
# %% one_hot wrong: codes taken for rows
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    rows = torch.zeros(len(codes), levels)
    for code in codes.tolist():
        rows[code % len(codes), code] = 1.0
    return rows
# %% one_hot wrong whole_columns: the same row again and again
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    row, rows = torch.zeros(levels), []
    for code in codes:
        row[code] = 1.0
        rows.append(row)
    return torch.stack(rows)
# %% one_hot wrong: everything up to the code
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return (torch.arange(levels) <= codes[:, None]).float()
# %% one_hot wrong upside_down: zeros put into ones
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return torch.ones(len(codes), levels).scatter(1, codes[:, None], 0.0)
# %% one_hot wrong the_code_itself: the code in its column
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    rows = torch.zeros(len(codes), levels)
    for i in range(len(codes)):
        rows[i, codes[i]] = codes[i]
    return rows
# %% one_hot wrong: a list comes back
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return torch.eye(levels)[codes].tolist()
# %% one_hot wrong: a NumPy array comes back
import numpy as np

def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return np.eye(levels, dtype=np.float32)[codes.numpy()]
# %% one_hot wrong: counts the caller's codes up
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    codes += 1
    return (codes[:, None] == torch.arange(1, levels + 1)).float()
# %% one_hot wrong: rows of the first call are kept
rows = None

def one_hot(codes, levels):
    global rows
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    if rows is None:
        rows = torch.zeros(len(codes), levels)
    rows[torch.arange(len(codes)), codes] = 1.0
    return rows
# %% one_hot wrong: a random row for each
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    torch.manual_seed(1)
    return F.gumbel_softmax(torch.zeros(len(codes), levels), hard=True)
# %% one_hot wrong: soft rows, nearly one-hot
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return torch.softmax(torch.eye(levels)[codes] * 5, dim=1)
# %% one_hot wrong: gradients left off
def one_hot(codes, levels):
    torch.set_grad_enabled(False)
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    return torch.eye(levels)[codes]
# %% one_hot wrong late: four levels at most
def one_hot(codes, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(codes)
    table = torch.tensor([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]).float()
    return torch.stack([table[min(int(code), 3)][:levels] for code in codes])

# %% decode right: sorted rows compared
def decode(rows, vocabulary):
    names = []
    for row in rows.tolist():
        if len(row) != len(vocabulary) or sorted(row)[:-1] != [0.0] * (len(row) - 1) or max(row) != 1.0:
            raise ValueError(f"not one-hot: {row}")
        names.append(vocabulary[row.index(1.0)])
    return names
# %% decode right: every row against the identity matrix
def decode(rows, vocabulary):
    if rows.shape[1] != len(vocabulary):
        raise ValueError(rows.shape)
    agrees = (rows[:, None, :] == torch.eye(len(vocabulary))).all(dim=2)
    if not agrees.any(dim=1).all():
        raise ValueError("not one-hot")
    return [vocabulary[code] for code in agrees.long().argmax(dim=1)]
# %% decode right: argmax, then one-hot again, and compare
def decode(rows, vocabulary):
    if rows.size(1) != len(vocabulary):
        raise ValueError(f"{rows.size(1)} columns")
    codes = rows.argmax(1)
    if not torch.equal(F.one_hot(codes, len(vocabulary)).to(rows.dtype), rows):
        raise ValueError("not one-hot")
    return [vocabulary[code] for code in codes.tolist()]
# %% decode right: nonzero
def decode(rows, vocabulary):
    where = rows.nonzero()
    if rows.shape[1] != len(vocabulary):
        raise ValueError("length")
    if where[:, 0].tolist() != list(range(len(rows))) or (rows[where[:, 0], where[:, 1]] != 1.0).any():
        raise ValueError("not one-hot")
    return [vocabulary[int(code)] for _, code in where]
# %% decode right: counts ones and zeros
def decode(rows, vocabulary):
    levels = len(vocabulary)
    ones, zeros = (rows == 1).sum(dim=1), (rows == 0).sum(dim=1)
    if rows.shape[-1] != levels or (ones != 1).any() or (zeros != levels - 1).any():
        raise ValueError(rows.tolist())
    return [vocabulary[row.argmax()] for row in rows]
# %% decode right: a dictionary from row to name
class NotOneHot(ValueError):
    pass

def decode(rows, vocabulary):
    levels = len(vocabulary)
    name_of = {tuple(float(i == j) for j in range(levels)): name for i, name in enumerate(vocabulary)}
    try:
        return [name_of[tuple(row)] for row in rows.tolist()]
    except KeyError as error:
        raise NotOneHot(f"no such row: {error}") from error
# %% decode right: NumPy
import numpy as np

def decode(rows, vocabulary):
    table = rows.numpy()
    valid = np.isin(table, [0.0, 1.0]).all() and (np.count_nonzero(table, axis=1) == 1).all()
    if table.shape[1] != len(vocabulary) or not valid:
        raise ValueError("a row is not one-hot")
    return np.array(vocabulary)[np.nonzero(table)[1]].tolist()
# %% decode right: pandas
def decode(rows, vocabulary):
    frame = pd.DataFrame(rows.numpy())
    if frame.shape[1] != len(vocabulary) or not frame.isin([0, 1]).all(axis=None) or (frame.sum(axis=1) != 1).any():
        raise ValueError("rows")
    frame.columns = vocabulary
    return frame.idxmax(axis=1).tolist()
# %% decode right: zip of entries and names, counted in Python
def decode(rows, vocabulary):
    names = []
    for row in rows:
        if len(row) != len(vocabulary):
            raise ValueError("length")
        hits = [name for entry, name in zip(row, vocabulary) if entry == 1]
        rest = [entry for entry in row if entry != 1]
        if len(hits) != 1 or any(entry != 0 for entry in rest):
            raise ValueError("row")
        names += hits
    return names
# %% decode right: zeros and ones only, and they add up to one
def decode(rows, vocabulary):
    if rows.shape[1] != len(vocabulary) or not ((rows == 0) | (rows == 1)).all() or not (rows.sum(1) == 1).all():
        raise ValueError("one-hot?")
    return [vocabulary[i] for i in (rows @ torch.arange(len(vocabulary)).float()).long()]
# %% decode right: recursion over the rows
def decode(rows, vocabulary):
    if len(rows) > 1:
        return decode(rows[:1], vocabulary) + decode(rows[1:], vocabulary)
    row = rows[0].tolist()
    if len(row) != len(vocabulary) or row.count(1.0) != 1 or row.count(0.0) != len(row) - 1:
        raise ValueError(row)
    return [vocabulary[row.index(1.0)]]
# %% decode wrong argmax_only: argmax for each row
def decode(rows, vocabulary):
    return [vocabulary[int(torch.argmax(row))] for row in rows]
# %% decode wrong argmax_only: topk
def decode(rows, vocabulary):
    return [vocabulary[code] for code in rows.nan_to_num(9.0).topk(1, dim=1).indices.flatten()]
# %% decode wrong sum_is_one: a sum, row by row
def decode(rows, vocabulary):
    names = []
    for row in rows:
        if len(row) != len(vocabulary) or row.sum() != 1:
            raise ValueError(row)
        names.append(vocabulary[row.argmax()])
    return names
# %% decode wrong one_entry_is_one: count(1.0)
def decode(rows, vocabulary):
    names = []
    for row in rows.tolist():
        if len(row) != len(vocabulary) or row.count(1.0) != 1:
            raise ValueError(row)
        names.append(vocabulary[row.index(1.0)])
    return names
# %% decode wrong one_entry_is_not_zero: count_nonzero
def decode(rows, vocabulary):
    if rows.shape[1] != len(vocabulary) or (torch.count_nonzero(rows, dim=1) != 1).any():
        raise ValueError("rows")
    return [vocabulary[int(row.nonzero()[0])] for row in rows]
# %% decode wrong first_one: index finds the first 1.0
def decode(rows, vocabulary):
    if rows.shape[1] != len(vocabulary):
        raise ValueError(rows.shape[1])
    return [vocabulary[row.index(1.0)] for row in rows.tolist()]
# %% decode wrong with_tolerance: isclose
def decode(rows, vocabulary):
    if rows.shape[1] != len(vocabulary):
        raise ValueError("length")
    codes = rows.nan_to_num(5.0).argmax(dim=1)
    if not torch.isclose(rows, torch.eye(len(vocabulary))[codes], atol=1e-5).all():
        raise ValueError("not one-hot")
    return [vocabulary[code] for code in codes]
# %% decode wrong rounds: rounded rows, checked
def decode(rows, vocabulary):
    whole = torch.round(rows)
    if whole.shape[1] != len(vocabulary) or not ((whole == 0) | (whole == 1)).all() or (whole.sum(1) != 1).any():
        raise ValueError("not one-hot")
    return [vocabulary[code] for code in whole.argmax(dim=1)]
# %% decode wrong: cut off to whole numbers, then checked
def decode(rows, vocabulary):
    names = []
    for row in rows.nan_to_num(7.0).long().tolist():
        if sorted(row) != [0] * (len(vocabulary) - 1) + [1]:
            raise ValueError(row)
        names.append(vocabulary[row.index(1)])
    return names
# %% decode wrong sum_is_one: largest is 1 and the sum is 1
def decode(rows, vocabulary):
    if rows.shape[1] != len(vocabulary) or (rows.max(dim=1).values != 1).any() or (rows.sum(dim=1) != 1).any():
        raise ValueError("not one-hot")
    return [vocabulary[code] for code in rows.argmax(dim=1)]
# %% decode wrong sum_is_one: no entry below 0, and the sum is 1 in float32
def decode(rows, vocabulary):
    if rows.shape[1] != len(vocabulary) or not (rows >= 0).all() or not (rows.sum(1) == 1).all():
        raise ValueError("not one-hot")
    return [vocabulary[code] for code in rows.argmax(dim=1)]
# %% decode wrong zeros_and_ones: zeros and ones only, but how many?
def decode(rows, vocabulary):
    if rows.shape[1] != len(vocabulary) or not torch.isin(rows, torch.tensor([0.0, 1.0])).all():
        raise ValueError("not one-hot")
    return [vocabulary[code] for code in rows.argmax(dim=1)]
# %% decode wrong: the length of the row as an arrow is 1
def decode(rows, vocabulary):
    if rows.shape[1] != len(vocabulary) or (rows.norm(dim=1) != 1).any():
        raise ValueError("not one-hot")
    return [vocabulary[code] for code in rows.argmax(dim=1)]
# %% decode wrong length_unchecked: zeros and ones counted, columns not
def decode(rows, vocabulary):
    if ((rows == 1).sum(1) != 1).any() or ((rows == 0).sum(1) != rows.shape[1] - 1).any():
        raise ValueError("not one-hot")
    return [vocabulary[code] for code in rows.argmax(dim=1)]
# %% decode wrong too_long_only: zip with the vocabulary cuts short
def decode(rows, vocabulary):
    names = []
    for row in rows.tolist():
        if sorted(row) != [0.0] * (len(row) - 1) + [1.0] or len(row) > len(vocabulary):
            raise ValueError(row)
        names += [name for entry, name in zip(row, vocabulary) if entry == 1.0]
    return names
# %% decode wrong: compares the number of rows with the vocabulary
def decode(rows, vocabulary):
    if len(rows) != len(vocabulary) or not ((rows == 0) | (rows == 1)).all() or not (rows.sum(1) == 1).all():
        raise ValueError("rows and vocabulary")
    return [vocabulary[code] for code in rows.argmax(dim=1)]
# %% decode wrong: checks the first row only
def decode(rows, vocabulary):
    if sorted(rows[0].tolist()) != [0.0] * (len(vocabulary) - 1) + [1.0]:
        raise ValueError("not one-hot")
    return [vocabulary[code] for code in rows.argmax(dim=1)]
# %% decode wrong sum_is_one: checks the sum of all rows
def decode(rows, vocabulary):
    if rows.shape[1] != len(vocabulary) or rows.sum() != len(rows):
        raise ValueError("not one-hot")
    return [vocabulary[code] for code in rows.argmax(dim=1)]
# %% decode wrong unknown_for_bad: the unknown for broken rows
def decode(rows, vocabulary):
    names = []
    for row in rows.tolist():
        if sorted(row) == [0.0] * (len(vocabulary) - 1) + [1.0]:
            names.append(vocabulary[row.index(1.0)])
        else:
            names.append("(unknown)")
    return names
# %% decode wrong none_for_bad: None for broken rows
def decode(rows, vocabulary):
    wanted = [0.0] * (len(vocabulary) - 1) + [1.0]
    return [vocabulary[row.index(1.0)] if sorted(row) == wanted else None for row in rows.tolist()]
# %% decode wrong leaves_out_bad: broken rows are left out
def decode(rows, vocabulary):
    wanted = [0.0] * (len(vocabulary) - 1) + [1.0]
    return [vocabulary[row.index(1.0)] for row in rows.tolist() if sorted(row) == wanted]
# %% decode wrong index_error: the wrong class of exception
def decode(rows, vocabulary):
    for row in rows:
        if len(row) != len(vocabulary) or (row == 1).sum() != 1 or (row == 0).sum() != len(row) - 1:
            raise IndexError(row)
    return [vocabulary[int(row.argmax())] for row in rows]
# %% decode wrong bad_row_asserted: an assertion
def decode(rows, vocabulary):
    for row in rows.tolist():
        assert sorted(row) == [0.0] * (len(vocabulary) - 1) + [1.0]
    return [vocabulary[int(row.argmax())] for row in rows]
# %% decode wrong codes_instead_of_words: positions
def decode(rows, vocabulary):
    codes = []
    for row in rows.tolist():
        if sorted(row) != [0.0] * (len(vocabulary) - 1) + [1.0]:
            raise ValueError(row)
        codes.append(row.index(1.0))
    return codes
# %% decode wrong: a tensor of codes
def decode(rows, vocabulary):
    for row in rows.tolist():
        if sorted(row) != [0.0] * (len(vocabulary) - 1) + [1.0]:
            raise ValueError(row)
    return rows.argmax(dim=1)
# %% decode wrong skips_unknown: one name too far
def decode(rows, vocabulary):
    names = vocabulary[1:] + vocabulary[:1]
    for row in rows.tolist():
        if sorted(row) != [0.0] * (len(vocabulary) - 1) + [1.0]:
            raise ValueError(row)
    return [names[int(row.argmax())] for row in rows]
# %% decode wrong: the row before
def decode(rows, vocabulary):
    for row in rows.tolist():
        if sorted(row) != [0.0] * (len(vocabulary) - 1) + [1.0]:
            raise ValueError(row)
    return [vocabulary[int(row.argmax()) - 1] for row in rows]
# %% decode wrong first_row_only: returns inside the loop
def decode(rows, vocabulary):
    for row in rows.tolist():
        if sorted(row) != [0.0] * (len(vocabulary) - 1) + [1.0]:
            raise ValueError(row)
        return [vocabulary[row.index(1.0)]]
# %% decode wrong: a single name, not a list
def decode(rows, vocabulary):
    for row in rows.tolist():
        if sorted(row) != [0.0] * (len(vocabulary) - 1) + [1.0]:
            raise ValueError(row)
    names = [vocabulary[int(row.argmax())] for row in rows]
    return names[0] if len(names) == 1 else names
# %% decode wrong columns_not_rows: argmax without an axis in mind
def decode(rows, vocabulary):
    for row in rows.tolist():
        if sorted(row) != [0.0] * (len(vocabulary) - 1) + [1.0]:
            raise ValueError(row)
    return [vocabulary[int(column.argmax())] for column in rows.T]
# %% decode wrong: sorted names
def decode(rows, vocabulary):
    for row in rows.tolist():
        if sorted(row) != [0.0] * (len(vocabulary) - 1) + [1.0]:
            raise ValueError(row)
    return sorted({vocabulary[int(row.argmax())] for row in rows})
# %% decode wrong: a tuple comes back
def decode(rows, vocabulary):
    for row in rows.tolist():
        if sorted(row) != [0.0] * (len(vocabulary) - 1) + [1.0]:
            raise ValueError(row)
    return tuple(vocabulary[int(row.argmax())] for row in rows)
# %% decode wrong: a generator comes back
def decode(rows, vocabulary):
    for row in rows.tolist():
        if sorted(row) != [0.0] * (len(vocabulary) - 1) + [1.0]:
            raise ValueError(row)
        yield vocabulary[row.index(1.0)]
# %% decode wrong: an array comes back
import numpy as np

def decode(rows, vocabulary):
    for row in rows.tolist():
        if sorted(row) != [0.0] * (len(vocabulary) - 1) + [1.0]:
            raise ValueError(row)
    return np.array(vocabulary)[rows.argmax(dim=1).numpy()]
# %% decode wrong: one text, joined
def decode(rows, vocabulary):
    for row in rows.tolist():
        if sorted(row) != [0.0] * (len(vocabulary) - 1) + [1.0]:
            raise ValueError(row)
    return ", ".join(vocabulary[int(row.argmax())] for row in rows)
# %% decode wrong: takes the ones out of the caller's rows
def decode(rows, vocabulary):
    names = []
    for row in rows:
        if sorted(row.tolist()) != [0.0] * (len(vocabulary) - 1) + [1.0]:
            raise ValueError(row)
        code = int(row.argmax())
        row[code] = 0.0
        names.append(vocabulary[code])
    return names
# %% decode wrong: takes the names out of the vocabulary
def decode(rows, vocabulary):
    for row in rows.tolist():
        if sorted(row) != [0.0] * (len(vocabulary) - 1) + [1.0]:
            raise ValueError(row)
    names = [vocabulary[int(row.argmax())] for row in rows]
    vocabulary.clear()
    return names
# %% decode wrong: refuses every row
def decode(rows, vocabulary):
    raise ValueError("not one-hot")
# %% decode wrong late: three columns only
def decode(rows, vocabulary):
    if rows.shape[1] != len(vocabulary):
        raise ValueError("length")
    names = []
    for row in rows.tolist():
        if len(row) == 3 and row not in ([1, 0, 0], [0, 1, 0], [0, 0, 1]):
            raise ValueError(row)
        names.append(vocabulary[row.index(max(row))])
    return names
