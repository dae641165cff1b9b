"""What the exercises of lesson 8 accept, and which mistakes they know."""
import numpy as np
import pandas as pd
import torch
from torch import nn, tensor

from embedding_course.checking import draw
from embedding_course.checking.exercise import Case, Exercise, Once, Rules

UNKNOWN = "(unknown)"

# --- embedding_frame ------------------------------------------------------------------------------------------------


def frame_cases(rng):
    levels, dim = rng.randrange(4, 8), rng.randrange(2, 5)
    return [Case("frame", weight=draw.numbers(rng, levels, dim), vocabulary=[UNKNOWN, *draw.names(rng, levels - 1)]),
            Case("frame", weight=nn.Parameter(draw.numbers(rng, levels, dim)), vocabulary=draw.names(rng, levels)),
            Case("frame", weight=draw.numbers(rng, dim, dim), vocabulary=draw.names(rng, dim)),
            Case("frame", weight=draw.numbers(rng, 3, 12), vocabulary=[UNKNOWN, *draw.names(rng, 2)]),
            Case("frame", weight=draw.numbers(rng, levels, 1), vocabulary=draw.names(rng, levels)),
            Case("frame", weight=draw.numbers(rng, 1, dim), vocabulary=[UNKNOWN])]


embedding_frame = Exercise(
    call="function",
    points={"frame": 1},
    shown=[Case("frame", "two levels", "A line a level, a column a dim.",
                weight=tensor([[0.0, 0.0], [3.0, 4.0]]), vocabulary=[UNKNOWN, "ATL"]),
           Case("frame", "a parameter", "Which word lets go of autograd?",
                weight=nn.Parameter(tensor([[1.0, 2.25], [3.0, 4.5], [5.0, 6.75]])), vocabulary=[UNKNOWN, "ATL", "BOS"]),
           Case("frame", "names in no order", "Row i belongs to entry i of the vocabulary. It needn't be sorted.",
                weight=tensor([[1.0], [2.0], [3.0]]), vocabulary=["SFO", UNKNOWN, "ATL"]),
           Case("frame", "as many levels as columns", "A line of the frame is a row of the table.",
                weight=tensor([[1.0, 2.0], [3.0, 4.0]]), vocabulary=["LAX", "ATL"]),
           Case("frame", "eleven columns", "", weight=torch.arange(22.0).reshape(2, 11), vocabulary=[UNKNOWN, "ATL"]),
           Case("frame", "a single number", "", weight=tensor([[2.5]]), vocabulary=[UNKNOWN])],
    draw=frame_cases)


def under_names(numbers, vocabulary, first=0, stem="dim_"):
    """The right frame, for slips that get it right but for one thing."""
    return pd.DataFrame(numbers, index=vocabulary, columns=[f"{stem}{j + first}" for j in range(numbers.shape[1])])


def copied(weight):
    return weight.detach().clone().numpy()


@embedding_frame.slip
def followed_by_autograd(weight, vocabulary):
    """NumPy takes no tensor that autograd follows. `detach` lets go of it."""
    return under_names(weight.clone().numpy(), vocabulary)


@embedding_frame.slip
def levels_as_a_column(weight, vocabulary):
    """The levels stand in a column. As the index they are what `.loc` finds rows by."""
    frame = under_names(copied(weight), None)
    frame.insert(0, "level", vocabulary)
    return frame


@embedding_frame.slip
def no_names(weight, vocabulary):
    """The lines have positions for names. The vocabulary says which level each row is: make it the index."""
    return under_names(copied(weight), None)


@embedding_frame.slip
def numbered_columns(weight, vocabulary):
    """The columns are called 0, 1, … They should be `dim_0`, `dim_1`, …"""
    return pd.DataFrame(copied(weight), index=vocabulary)


@embedding_frame.slip
def counts_from_one(weight, vocabulary):
    """The columns count from 1. The first is `dim_0`."""
    return under_names(copied(weight), vocabulary, first=1)


@embedding_frame.slip
def other_stem(weight, vocabulary):
    """The columns should be called `dim_0`, `dim_1`, … with an underscore, in small letters."""
    return under_names(copied(weight), vocabulary, stem="dim")


@embedding_frame.slip
def turned(weight, vocabulary):
    """The frame is on its side: a line should be a level, a column a dim."""
    return under_names(copied(weight), vocabulary).T


@embedding_frame.slip
def sorts_the_names(weight, vocabulary):
    """The names were sorted and the rows were not: now they belong to others. Row i is entry i of the vocabulary."""
    return under_names(copied(weight), sorted(vocabulary))


@embedding_frame.slip
def leaves_out_unknown(weight, vocabulary):
    """A row is missing: "(unknown)" is a level like the others, and whoever uses the frame needs its row."""
    frame = under_names(copied(weight), vocabulary)
    return frame.drop(index=UNKNOWN, errors="ignore")


@embedding_frame.slip
def rows_in_one_column(weight, vocabulary):
    """A whole row stands in one cell. Each of its numbers gets a column of its own."""
    return pd.DataFrame({"dim_0": list(copied(weight))}, index=vocabulary)


@embedding_frame.slip
def a_dict(weight, vocabulary):
    """This is a dict from level to row. Asked for is a DataFrame, indexed by level."""
    return dict(zip(vocabulary, weight.detach().tolist(), strict=True))


# --- replace_codes --------------------------------------------------------------------------------------------------


def text(values):
    """A column of names that may be missing, as pandas reads it from a file of any age."""
    return pd.Series(values, dtype=object)


def rows_of(levels, numbers):
    """An embedding_frame from plain lists."""
    return pd.DataFrame(numbers, index=levels, columns=[f"dim_{j}" for j in range(len(numbers[0]))])


def random_rows(rng, levels, dim):
    return rows_of(levels, draw.numbers(rng, len(levels), dim).tolist())


def replace_cases(rng):
    known = draw.names(rng, 6)
    table = random_rows(rng, [UNKNOWN, *known[:4]], rng.randrange(2, 4))
    shuffled = random_rows(rng, [*known[:2], UNKNOWN, *known[2:4]], 2)
    wide = random_rows(rng, [*known[:4], UNKNOWN], 11)
    n = rng.randrange(5, 8)

    def frame(values, index):
        count = range(len(values))
        return pd.DataFrame({"before": list(count), "dest": text(values).tolist(), "after": [x / 4 for x in count]},
                            index=index)

    def drawn(among, count):
        return [rng.choice(among) for _ in range(count)]

    plain = frame(drawn(known[:4], n), list(range(n)))
    labels = drawn(["x", "y"], n - 2) + ["x", "x"]
    unknown = [known[4], None, *drawn(known, n - 4), float("nan"), known[0]]
    half_known = frame([*drawn(known[4:], 2), None, *drawn(known[:4], n - 3)], list(range(n)))
    return [Case("rows by name", frame=plain, column="dest", table=table),
            Case("rows by name", frame=plain[["dest", "before"]], column="dest", table=shuffled),
            Case("rows by name", frame=plain[["before", "dest"]], column="dest", table=wide),
            Case("rows by name", frame=plain.rename(columns={"before": "dim_0"}), column="dest", table=shuffled),
            Case("rows by name", frame=frame(drawn(known[:4], n), labels), column="dest", table=table),
            Case("rows by name", frame=frame(drawn(known[:4], n), rng.sample(range(100), n)), column="dest", table=table),
            Case("rows by name", frame=frame(drawn(known[:4], n), rng.sample(known[:4] + ["a", "b", "c", "d"], n)),
                 column="dest", table=table),
            Case("unknown and errors", frame=frame(unknown, list(range(n))), column="dest", table=table),
            Case("unknown and errors", frame=frame(unknown, labels), column="dest", table=shuffled),
            Case("unknown and errors", frame=half_known, column="dest", table=table),
            Case("unknown and errors", frame=frame([None] * n, list(range(n))), column="dest", table=table),
            Case("unknown and errors", frame=frame(drawn(known[4:] + [UNKNOWN], n), list(range(n))), column="dest",
                 table=shuffled),
            Case("unknown and errors", frame=plain, column="destination", table=table),
            Case("unknown and errors", frame=plain, column="dest_dim_0", table=table)]


T2 = rows_of([UNKNOWN, "ATL", "BOS"], [[0.5, -0.5], [1.0, 2.0], [3.0, 4.0]])
LAST = rows_of(["BOS", "ATL", UNKNOWN], [[3.0], [1.0], [9.0]])


def dests(values, index=None, **others):
    return pd.DataFrame({"dest": text(values).tolist(), **others}, index=index)


replace_codes = Exercise(
    call="function",
    points={"rows by name": 1, "unknown and errors": 1},
    raises={"unknown and errors": KeyError},
    shown=[Case("rows by name", "two flights", "Each name gives way to the numbers of its row.",
                frame=dests(["BOS", "ATL"]), column="dest", table=T2),
           Case("rows by name", "a column in the middle", "The new columns stand where the old one stood.",
                frame=pd.DataFrame({"hour": [7, 9, 12], "dest": ["ATL", "BOS", "ATL"], "late": [1.5, 0.0, 2.0]}),
                column="dest", table=T2),
           Case("rows by name", "a table in another order", "Rows go by name, not by position.",
                frame=dests(["ATL", "BOS", "ATL"], hour=[1, 2, 3]), column="dest", table=LAST),
           Case("rows by name", "an index that repeats", "Two flights have the label 7. How many flights come out?",
                frame=dests(["ATL", "BOS", "BOS"], [7, 7, 3], hour=[1, 2, 3]), column="dest", table=T2),
           Case("rows by name", "an index in no order", "The flights keep their order and their labels.",
                frame=dests(["BOS", "ATL", "BOS"], [5, 0, 2], hour=[1, 2, 3]), column="dest", table=T2),
           Case("rows by name", "an index that holds names", "The index says which flight, the column where to.",
                frame=dests(["BOS", "ATL"], ["ATL", "BOS"]), column="dest", table=T2),
           Case("rows by name", "another column called dim_0", "That one stays as it is.",
                frame=pd.DataFrame({"dim_0": [1, 2], "dest": ["ATL", "BOS"]}), column="dest", table=T2),
           Case("rows by name", "two columns with the same names", "One column is asked for; the other stays.",
                frame=pd.DataFrame({"origin": ["ATL", "BOS"], "dest": ["BOS", "ATL"]}), column="origin", table=T2),
           Case("unknown and errors", "a name that the table lacks", 'Such names get the row "(unknown)".',
                frame=dests(["SJU", "ATL"]), column="dest", table=T2),
           Case("unknown and errors", "missing values", 'A missing value gets the row "(unknown)" too.',
                frame=dests(["ATL", None, float("nan")], hour=[1, 2, 3]), column="dest", table=T2),
           Case("unknown and errors", "unknown names, and (unknown) at the end", 'Where does the row "(unknown)" stand '
                "in this table?", frame=dests(["SJU", None, "BOS"], [4, 4, 1]), column="dest", table=LAST),
           Case("unknown and errors", "the name (unknown) itself", "",
                frame=dests([UNKNOWN, "ATL"]), column="dest", table=T2),
           Case("unknown and errors", "a column that isn't there", "KeyError, please: the caller has misspelt a name.",
                frame=dests(["ATL"]), column="origin", table=T2)],
    draw=replace_cases)


def known_names(frame, column, table):
    return [name if name in table.index else UNKNOWN for name in frame[column]]


def placed(frame, column, rows):
    """The frame with `rows` (a frame with its index) in the column's place."""
    at = list(frame.columns).index(column)
    return pd.concat([frame.iloc[:, :at], rows, frame.iloc[:, at + 1:]], axis=1)


def looked_up(frame, column, table):
    """The right columns, for slips that get them right but for one thing."""
    rows = table.loc[known_names(frame, column, table)]
    return rows.add_prefix(f"{column}_").set_axis(frame.index)


@replace_codes.slip
def columns_at_the_end(frame, column, table):
    """The new columns stand at the end. Their place is where the old column stood."""
    return pd.concat([frame.drop(columns=column), looked_up(frame, column, table)], axis=1)


@replace_codes.slip
def columns_in_front(frame, column, table):
    """The new columns stand in front. Their place is where the old column stood."""
    return pd.concat([looked_up(frame, column, table), frame.drop(columns=column)], axis=1)


@replace_codes.slip
def keeps_the_column(frame, column, table):
    """The column of names is still there. It should be replaced: a model can't read names."""
    at = list(frame.columns).index(column) + 1
    return pd.concat([frame.iloc[:, :at], looked_up(frame, column, table), frame.iloc[:, at:]], axis=1)


@replace_codes.slip
def only_the_new_columns(frame, column, table):
    """The other columns are gone. They should stay as they are."""
    return looked_up(frame, column, table)


@replace_codes.slip
def no_prefix(frame, column, table):
    """The new columns should begin with the old one's name: `dest_dim_0`. Else two replaced columns can't be told
    apart."""
    return placed(frame, column, looked_up(frame, column, table).set_axis(table.columns, axis=1))


@replace_codes.slip
def joined_on_the_index(frame, column, table):
    """The flights' labels were taken for the names. The index says which flight, the column where to."""
    frame[column]
    rows = table.reindex(frame.index).add_prefix(f"{column}_")
    return placed(frame, column, rows.fillna(table.loc[UNKNOWN].add_prefix(f"{column}_")))


@replace_codes.slip
def rows_by_position(frame, column, table):
    """Names were numbered anew, and rows taken by position. Take them by name: `table.loc`, `reindex` or `map`."""
    levels = sorted({name for name in frame[column] if isinstance(name, str)})
    positions = [levels.index(name) % len(table) if isinstance(name, str) else 0 for name in frame[column]]
    return placed(frame, column, table.iloc[positions].add_prefix(f"{column}_").set_axis(frame.index))


@replace_codes.slip
def first_row_for_unknown(frame, column, table):
    """Names that the table lacks got its first row. The row that they should get is called "(unknown)", wherever it
    stands."""
    names = [name if name in table.index else table.index[0] for name in frame[column]]
    return placed(frame, column, table.loc[names].add_prefix(f"{column}_").set_axis(frame.index))


@replace_codes.slip
def zeros_for_unknown(frame, column, table):
    """Names that the table lacks became zeros. They should get the row "(unknown)"."""
    rows = table.reindex(frame[column]).fillna(0.0)
    return placed(frame, column, rows.add_prefix(f"{column}_").set_axis(frame.index))


@replace_codes.slip
def missing_for_unknown(frame, column, table):
    """Names that the table lacks became NaN, and most models stop there. They should get the row "(unknown)"."""
    rows = table.reindex(frame[column])
    return placed(frame, column, rows.add_prefix(f"{column}_").set_axis(frame.index))


@replace_codes.slip
def mean_for_unknown(frame, column, table):
    """Names that the table lacks got the mean of all rows. They should get the row "(unknown)"."""
    rows = table.reindex(frame[column])
    return placed(frame, column, rows.fillna(table.mean()).add_prefix(f"{column}_").set_axis(frame.index))


@replace_codes.slip
def error_for_unknown(frame, column, table):
    """`loc` raises where it doesn't know a name. New names and missing values are to be expected: they get the row
    "(unknown)"."""
    return placed(frame, column, table.loc[list(frame[column])].add_prefix(f"{column}_").set_axis(frame.index))


@replace_codes.slip
def drops_unknown(frame, column, table):
    """Lines whose name the table lacks are gone. They stay, with the row "(unknown)"."""
    kept = frame[frame[column].isin(table.index).to_numpy()]
    return placed(kept, column, looked_up(kept, column, table))


@replace_codes.slip
def missing_left_over(frame, column, table):
    """Unknown names are taken care of. And missing values? They get the row "(unknown)" too."""
    names = [name if name in table.index or pd.isna(name) else UNKNOWN for name in frame[column]]
    return placed(frame, column, table.reindex(names).add_prefix(f"{column}_").set_axis(frame.index))


@replace_codes.slip
def numbered_lines(frame, column, table):
    """The lines were numbered anew. The index should stay: it says which flight is which."""
    result = placed(frame, column, looked_up(frame, column, table))
    return result.reset_index(drop=True)


@replace_codes.slip
def names_for_the_index(frame, column, table):
    """The names became the index. The index should stay what it was."""
    result = placed(frame, column, looked_up(frame, column, table))
    return result.set_axis(known_names(frame, column, table))


@replace_codes.slip
def joined_by_label(frame, column, table):
    """Labels that repeat were joined each with each, so lines multiplied. Bring the rows to the frame's own order
    instead of joining by label."""
    at = list(frame.columns).index(column)
    rows = looked_up(frame, column, table)
    return frame.iloc[:, :at].join(rows).join(frame.iloc[:, at + 1:])


@replace_codes.slip
def sorted_lines(frame, column, table):
    """The lines came out in another order. They should stay as they were: targets are matched by position."""
    result = placed(frame, column, looked_up(frame, column, table))
    return result.iloc[np.argsort(known_names(frame, column, table), kind="stable")]


@replace_codes.slip
def changes_the_frame(frame, column, table):
    """Your function changed the caller's frame. Build a new one."""
    at = list(frame.columns).index(column) if column in frame else frame[column]
    rows = looked_up(frame, column, table)
    del frame[column]
    for j, name in enumerate(rows):
        frame.insert(at + j, name, rows[name].to_numpy())
    return frame


@replace_codes.slip
def silent_about_the_column(frame, column, table):
    """A column that isn't there is passed over. Raise KeyError: a misspelt name should be heard of."""
    return placed(frame, column, looked_up(frame, column, table)) if column in frame else frame.copy()


@replace_codes.slip
def value_error(frame, column, table):
    """The missing column is noticed. The exception should be KeyError, as pandas itself raises it."""
    if column not in frame:
        raise ValueError(column)
    return placed(frame, column, looked_up(frame, column, table))


@replace_codes.slip
def a_list_in_a_cell(frame, column, table):
    """A whole row stands in one cell. Each of its numbers gets a column of its own."""
    result = frame.copy()
    result[column] = table.loc[known_names(frame, column, table)].to_numpy().tolist()
    return result


@replace_codes.slip
def codes_instead(frame, column, table):
    """The names became codes. Asked for are the numbers of their rows."""
    result = frame.copy()
    result[column] = [list(table.index).index(name) for name in known_names(frame, column, table)]
    return result


# --- transfer -------------------------------------------------------------------------------------------------------


def transfer_cases(rng):
    names = draw.names(rng, 8)
    levels, dim = rng.randrange(5, 7), rng.randrange(2, 4)
    old = [UNKNOWN, *names[:levels - 1]]
    weight = draw.numbers(rng, levels, dim) * tensor([0.5, 3.0, 1.0])[:dim] + tensor([4.0, -1.0, 0.0])[:dim]
    outlier = weight.clone()
    outlier[-1] += 20
    seed = rng.randrange(2, 10_000)

    def case(group, weight, old, new, **further):
        return Case(group, old_weight=weight, old_vocabulary=old, new_vocabulary=new, seed=seed, **further)

    return [case("shared rows", weight, old, [UNKNOWN, *sorted(names)]),
            case("shared rows", weight, old, old[::-1]),
            case("shared rows", weight, old, [old[2], names[7], UNKNOWN, old[1]]),
            case("shared rows", nn.Parameter(weight), old, [UNKNOWN, names[6], *old[1:3]]),
            case("shared rows", weight[:2], old[:2], [names[7], UNKNOWN, names[6]]),
            case("shared rows", weight[:, :1], old, [UNKNOWN, old[3]]),
            case("drawn rows", weight, old, [UNKNOWN, old[3]], further=3000),
            case("drawn rows", outlier, old, [UNKNOWN, old[1]], further=3000),
            case("drawn rows", nn.Parameter(weight[:2]), old[:2], names[4:], further=3000),
            case("drawn rows", weight[:3, :1], old[:3], [UNKNOWN], further=3000),
            case("drawn rows", weight[:1], [UNKNOWN], [names[0], UNKNOWN, names[1]], further=1)]


OLD = tensor([[0.0, 1.0], [4.0, -1.0], [2.0, 0.5]])
OLD_NAMES = [UNKNOWN, "ATL", "JFK"]
PAIR = tensor([[0.0], [4.0]])

transfer = Exercise(
    call="copied_and_drawn",
    points={"shared rows": 1, "drawn rows": 1},
    shown=[Case("shared rows", "one name in between", "ATL had row 1 and has row 2 now. What counts is the name.",
                old_weight=PAIR, old_vocabulary=[UNKNOWN, "ATL"], new_vocabulary=[UNKNOWN, "ANC", "ATL"], seed=0),
           Case("shared rows", "names in another order", "Which row had each of them?",
                old_weight=OLD, old_vocabulary=OLD_NAMES, new_vocabulary=["JFK", UNKNOWN, "ATL"], seed=1),
           Case("shared rows", "a smaller vocabulary", "Levels that are gone leave no row behind.",
                old_weight=OLD, old_vocabulary=OLD_NAMES, new_vocabulary=[UNKNOWN, "JFK"], seed=1),
           Case("shared rows", "a parameter", "Which word lets go of autograd, and which one copies?",
                old_weight=nn.Parameter(OLD), old_vocabulary=OLD_NAMES, new_vocabulary=OLD_NAMES, seed=2),
           Case("shared rows", "nothing shared but (unknown)", "",
                old_weight=OLD, old_vocabulary=OLD_NAMES, new_vocabulary=[UNKNOWN, "ANC", "SJU"], seed=3),
           Case("drawn rows", "two thousand new levels, columns of unequal spread", "Mean and standard deviation are taken "
                "column by column.", old_weight=tensor([[0.0, 10.0], [4.0, 10.5], [2.0, 11.0]]), old_vocabulary=OLD_NAMES,
                new_vocabulary=[UNKNOWN, "ATL", "JFK"], seed=4, further=2000),
           Case("drawn rows", "two thousand, with old rows that are not shared", "The mean and standard deviation are "
                "those of all rows of the old table.", old_weight=tensor([[0.0, 0.0], [4.0, 1.0], [40.0, 8.0]]),
                old_vocabulary=[UNKNOWN, "ATL", "XXX"], new_vocabulary=[UNKNOWN, "ATL"], seed=5, further=2000),
           Case("drawn rows", "two thousand, from two old rows", "Divided by n: two rows 4 apart have standard deviation "
                "2.", old_weight=PAIR, old_vocabulary=[UNKNOWN, "ATL"], new_vocabulary=["ATL", UNKNOWN], seed=6,
                further=2000),
           Case("drawn rows", "an old table of one row", "With one row the standard deviation, divided by n, is 0.",
                old_weight=tensor([[1.5, -2.0]]), old_vocabulary=[UNKNOWN], new_vocabulary=[UNKNOWN, "ANC", "SJU"], seed=3,
                further=0)],
    draw=transfer_cases)


def new_table(old, names, wanted, seed, draw_rows=None, mean=None, std=None):
    """The right table, for slips that get it right but for one thing."""
    old = old.detach()
    generator = torch.Generator().manual_seed(seed)
    mean = old.mean(dim=0) if mean is None else mean
    std = old.std(dim=0, correction=0) if std is None else std
    table = mean + std * torch.randn(len(wanted), old.shape[1], generator=generator)
    if draw_rows is not None:
        table = draw_rows(old, len(wanted), generator)
    for i, name in enumerate(wanted):
        if name in names:
            table[i] = old[names.index(name)]
    return table


@transfer.slip
def by_position(old_weight, old_vocabulary, new_vocabulary, seed):
    """Rows were copied by position. A row belongs to a name: where did the old vocabulary have it, and where has the
    new one?"""
    old = old_weight.detach()
    table = new_table(old, [], new_vocabulary, seed)
    shared = min(len(old), len(table))
    table[:shared] = old[:shared]
    return table


@transfer.slip
def old_positions(old_weight, old_vocabulary, new_vocabulary, seed):
    """The shared rows stand where they stood in the old table. Their place is the one of their name in the *new*
    vocabulary."""
    table = new_table(old_weight, [], new_vocabulary, seed)
    for i, name in enumerate(old_vocabulary):
        if name in new_vocabulary:
            table[i] = old_weight.detach()[i]
    return table


@transfer.slip
def appended(old_weight, old_vocabulary, new_vocabulary, seed):
    """The old table stands on top and new rows below it. The order should be that of the new vocabulary."""
    table = new_table(old_weight, old_vocabulary, new_vocabulary, seed)
    new = [i for i, name in enumerate(new_vocabulary) if name not in old_vocabulary]
    return torch.cat([old_weight.detach(), table[new]])


@transfer.slip
def global_seed(old_weight, old_vocabulary, new_vocabulary, seed):
    """`torch.manual_seed` sets the random numbers of everything that comes later, the caller's too. A generator of its
    own, `torch.Generator().manual_seed(seed)`, leaves them alone."""
    torch.manual_seed(seed)
    return new_table(old_weight, old_vocabulary, new_vocabulary, seed)


@transfer.slip
def no_seed(old_weight, old_vocabulary, new_vocabulary, seed):
    """The seed isn't used, so each call draws other rows, and the global random state moves. Give the drawing a
    generator with that seed."""
    old = old_weight.detach()
    noise = torch.randn(len(new_vocabulary), old.shape[1])
    return new_table(old, old_vocabulary, new_vocabulary, seed,
                     lambda old, n, _: old.mean(dim=0) + old.std(dim=0, correction=0) * noise)


@transfer.slip
def fixed_seed(old_weight, old_vocabulary, new_vocabulary, seed):
    """Every seed draws the same rows. Is the generator given `seed`?"""
    return new_table(old_weight, old_vocabulary, new_vocabulary, 0)


@transfer.slip
def standard_normal(old_weight, old_vocabulary, new_vocabulary, seed):
    """New rows are standard normal. They should look like the old table's rows: its mean and standard deviation,
    column by column."""
    old = old_weight.detach()
    zero = torch.zeros(old.shape[1])
    return new_table(old, old_vocabulary, new_vocabulary, seed, mean=zero, std=zero + 1)


@transfer.slip
def one_mean_for_all(old_weight, old_vocabulary, new_vocabulary, seed):
    """Mean and standard deviation were taken over all columns at once. Each column has its own."""
    old = old_weight.detach()
    return new_table(old, old_vocabulary, new_vocabulary, seed, mean=old.mean(), std=old.std(correction=0))


@transfer.slip
def divided_by_n_minus_one(old_weight, old_vocabulary, new_vocabulary, seed):
    """The standard deviation is divided by n − 1, and a single row has none. Here it is divided by n: `correction=0`
    (`unbiased=False` in older code)."""
    old = old_weight.detach()
    squares = ((old - old.mean(dim=0))**2).sum(dim=0)
    return new_table(old, old_vocabulary, new_vocabulary, seed, std=(squares / (len(old) - 1)).sqrt())


@transfer.slip
def statistics_of_shared(old_weight, old_vocabulary, new_vocabulary, seed):
    """Mean and standard deviation were taken over the shared rows. They are those of all rows of the old table."""
    old = old_weight.detach()
    shared = old[[i for i, name in enumerate(old_vocabulary) if name in new_vocabulary]]
    shared = shared if len(shared) else old
    std = shared.std(dim=0, correction=0)
    return new_table(old, old_vocabulary, new_vocabulary, seed, mean=shared.mean(dim=0), std=std)


@transfer.slip
def statistics_without_unknown(old_weight, old_vocabulary, new_vocabulary, seed):
    """The row "(unknown)" was left out of mean and standard deviation. All rows of the old table count."""
    old = old_weight.detach()
    real = old[[i for i, name in enumerate(old_vocabulary) if name != UNKNOWN]]
    real = real if len(real) else old
    return new_table(old, old_vocabulary, new_vocabulary, seed, mean=real.mean(dim=0), std=real.std(dim=0, correction=0))


@transfer.slip
def variance_for_std(old_weight, old_vocabulary, new_vocabulary, seed):
    """The spread is the variance. The standard deviation is its square root."""
    old = old_weight.detach()
    return new_table(old, old_vocabulary, new_vocabulary, seed, std=old.var(dim=0, correction=0))


@transfer.slip
def uniform(old_weight, old_vocabulary, new_vocabulary, seed):
    """New rows are drawn evenly between two bounds. They should come from a normal distribution (`randn`, `normal`)."""
    return new_table(old_weight, old_vocabulary, new_vocabulary, seed, lambda old, n, g: old.mean(dim=0) + old.std(
        dim=0, correction=0) * 12**0.5 * (torch.rand(n, old.shape[1], generator=g) - 0.5))


@transfer.slip
def mean_row(old_weight, old_vocabulary, new_vocabulary, seed):
    """All new levels got the same row, such as the mean or an old one. They should be drawn, each with numbers of its own."""
    return new_table(old_weight, old_vocabulary, new_vocabulary, seed, lambda old, n, _: old.mean(dim=0).repeat(n, 1))


@transfer.slip
def zeros(old_weight, old_vocabulary, new_vocabulary, seed):
    """New levels were left at zero. They should be drawn."""
    return new_table(old_weight, old_vocabulary, new_vocabulary, seed, lambda old, n, _: torch.zeros(n, old.shape[1]))


@transfer.slip
def one_draw_a_row(old_weight, old_vocabulary, new_vocabulary, seed):
    """One random number a row was used for all its columns. Each column needs its own."""
    return new_table(old_weight, old_vocabulary, new_vocabulary, seed, lambda old, n, g: old.mean(dim=0) + old.std(
        dim=0, correction=0) * torch.randn(n, 1, generator=g))


@transfer.slip
def same_draw_for_all(old_weight, old_vocabulary, new_vocabulary, seed):
    """All new levels have the same row: the seed is set anew for each of them. One generator serves them all, one after
    the other."""
    return new_table(old_weight, old_vocabulary, new_vocabulary, seed, lambda old, n, g: (old.mean(dim=0) + old.std(
        dim=0, correction=0) * torch.randn(1, old.shape[1], generator=g)).repeat(n, 1))


@transfer.slip
def changes_the_old_table(old_weight, old_vocabulary, new_vocabulary, seed):
    """Your function changed `old_weight`. Its model still needs it: build a new table."""
    table = new_table(old_weight, old_vocabulary, new_vocabulary, seed)
    with torch.no_grad():
        rows = min(len(table), len(old_weight))
        old_weight[:rows] = table[:rows]
    return table


# --- warm_start -----------------------------------------------------------------------------------------------------


def warm_cases(rng):
    levels, dim = rng.randrange(4, 8), rng.randrange(2, 5)
    return [Case("layer", weight=draw.numbers(rng, levels, dim), freeze=False),
            Case("layer", weight=draw.numbers(rng, levels, dim), freeze=True),
            Case("layer", weight=nn.Parameter(draw.numbers(rng, levels, dim)), freeze=False),
            Case("layer", weight=nn.Parameter(draw.numbers(rng, dim, levels)), freeze=True),
            Case("layer", weight=nn.Parameter(draw.numbers(rng, 1, dim)).requires_grad_(False), freeze=False),
            Case("layer", weight=draw.numbers(rng, dim, dim), freeze=False)]


warm_start = Exercise(
    call="function",
    points={"layer": 1},
    shown=[Case("layer", "a layer that can be trained", "The same numbers, and an optimizer may change them.",
                weight=tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), freeze=False),
           Case("layer", "a frozen layer", "Where does the flag belong?",
                weight=tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), freeze=True),
           Case("layer", "rows of another model, trained on", "Two models, two lives.",
                weight=nn.Parameter(tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])), freeze=False),
           Case("layer", "rows of another model, frozen here", "Frozen here doesn't mean frozen there.",
                weight=nn.Parameter(tensor([[0.5, 2.0, -1.0]])), freeze=True),
           Case("layer", "as many levels as columns", "", weight=tensor([[0.0, 1.0], [2.0, 3.0]]), freeze=False)],
    draw=warm_cases)


@warm_start.slip
def shares_memory(weight, freeze):
    """Your layer looks into the caller's memory: when one of the two is trained, the other changes too. `clone` first
    (section "copied? frozen?")."""
    return nn.Embedding.from_pretrained(weight.detach(), freeze=freeze)


@warm_start.slip
def always_frozen(weight, freeze):
    """With `freeze=False` this can't be trained: `from_pretrained` freezes unless told otherwise."""
    return nn.Embedding.from_pretrained(weight.detach().clone())


@warm_start.slip
def never_frozen(weight, freeze):
    """With `freeze=True` this is still trainable. Is the flag set on the weight itself?"""
    layer = nn.Embedding(*weight.shape)
    layer.requires_grad = not freeze
    with torch.no_grad():
        layer.weight.copy_(weight)
    return layer


@warm_start.slip
def turned_round(weight, freeze):
    """The flag is turned round: `freeze=True` means `requires_grad=False`."""
    return nn.Embedding.from_pretrained(weight.detach().clone(), freeze=not freeze)


@warm_start.slip
def the_same_parameter(weight, freeze):
    """Your layer holds the caller's own parameter: one tensor in two models, trained and frozen by both. It needs a copy
    of the values."""
    layer = nn.Embedding(*weight.shape)
    layer.weight = weight if isinstance(weight, nn.Parameter) else nn.Parameter(weight)
    layer.weight.requires_grad_(not freeze)
    return layer


@warm_start.slip
def freezes_the_source(weight, freeze):
    """The flag was set on the caller's tensor, so the other model is frozen too. Set it on your copy."""
    weight.requires_grad_(not freeze)
    return nn.Embedding.from_pretrained(weight.detach().clone(), freeze=freeze)


@warm_start.slip
def random_rows_kept(weight, freeze):
    """These are random numbers: the layer has the right shape, and the rows were never put in."""
    torch.manual_seed(0)
    layer = nn.Embedding(*weight.shape)
    layer.weight.requires_grad_(not freeze)
    return layer


@warm_start.slip
def turned_table(weight, freeze):
    """Rows and columns changed places: `nn.Embedding` takes (levels, dim), as the weight has it."""
    return nn.Embedding.from_pretrained(weight.detach().T.clone(), freeze=freeze)


@warm_start.slip
def a_padding_row(weight, freeze):
    """Row 0 became a padding row: it can't be trained any more. Leave `padding_idx` out."""
    layer = nn.Embedding(*weight.shape, padding_idx=0)
    with torch.no_grad():
        layer.weight.copy_(weight)
    return layer.requires_grad_(not freeze)


@warm_start.slip
def a_parameter_only(weight, freeze):
    """This is a parameter. Asked for is a layer, an `nn.Embedding` that holds one."""
    return nn.Parameter(weight.detach().clone(), requires_grad=not freeze)


# --- lookup_names ---------------------------------------------------------------------------------------------------

NAN = float("nan")
W3 = tensor([[0.5, -0.5], [1.0, 2.0], [3.0, 4.0]])
V3 = [UNKNOWN, "ATL", "BOS"]


def lookup_cases(rng):
    known = draw.names(rng, 8)
    levels, dim = rng.randrange(4, 7), rng.randrange(2, 4)
    vocabulary, n = [UNKNOWN, *known[:levels - 1]], rng.randrange(5, 9)
    weight = draw.numbers(rng, levels, dim)

    def drawn(*more):
        values = [*rng.choices(known[:levels - 1], k=n), known[7], *more]
        rng.shuffle(values)
        return values

    def case(names, weight=weight, vocabulary=vocabulary):
        return Case("rows", weight=weight, vocabulary=vocabulary, names=names)

    gaps = drawn(None, NAN, pd.NA)
    odd = [UNKNOWN, "nan", "None", "<NA>", "", *known[:levels]]
    labels = rng.sample(range(20), len(gaps))
    return [case(drawn()), case(tuple(drawn(None))), case(gaps), case(Once(gaps)),
            case(pd.Series(drawn(), index=rng.sample(range(99), n + 1))),
            case(pd.Series(gaps, index=labels, dtype=object)), case(pd.Series(drawn(None, None))),
            case([None, pd.NA, NAN, "nan", "None", "<NA>", "", known[0]], draw.numbers(rng, len(odd), dim), odd),
            case(drawn(), nn.Parameter(weight)), case([known[0]], weight[:, :1]),
            case([known[6], None], weight[:1], [UNKNOWN]), case(drawn(), weight[:-1]),
            case([known[0]], weight, vocabulary[:-1])]


lookup_names = Exercise(
    call="function",
    points={"rows": 1},
    raises={"rows": ValueError},
    shown=[Case("rows", "three names", "Each name gets its own row, in the order of the names.", weight=W3, vocabulary=V3,
                names=["BOS", "ATL", "BOS"]),
           Case("rows", "a name that the vocabulary lacks", "Such a name gets row 0.", weight=W3, vocabulary=V3,
                names=["ATL", "SJU"]),
           Case("rows", "None and NaN", "What is missing isn't in the vocabulary either.", weight=W3, vocabulary=V3,
                names=[None, "BOS", NAN]),
           Case("rows", "pandas' own NA", "`pd.NA` answers every comparison with `pd.NA`, which is neither true nor false.",
                weight=W3, vocabulary=V3, names=["BOS", pd.NA]),
           Case("rows", "a Series whose index is shuffled", "The order of the values counts, not their labels.", weight=W3,
                vocabulary=V3, names=pd.Series(["BOS", "ATL", None], index=[2, 0, 7])),
           Case("rows", "a generator", "It has no length, and it can be read only once.", weight=W3, vocabulary=V3,
                names=Once(["ATL", "SJU", "BOS"])),
           Case("rows", "a vocabulary in no order", "Row i belongs to entry i of the vocabulary.", weight=W3,
                vocabulary=[UNKNOWN, "SFO", "ATL"], names=["ATL", "SFO", "BOS"]),
           Case("rows", 'a level called "nan"', "A text is never a missing value.", weight=W3,
                vocabulary=[UNKNOWN, "nan", "None"], names=["nan", NAN, None]),
           Case("rows", "a parameter, one name", "One name is still a row of a matrix: shape (1, dim).",
                weight=nn.Parameter(W3), vocabulary=V3, names=["BOS"]),
           Case("rows", "more names than rows", "Weight and vocabulary don't belong together: raise ValueError.", weight=W3,
                vocabulary=[*V3, "JFK"], names=["ATL"]),
           Case("rows", "more rows than names", "Weight and vocabulary don't belong together: raise ValueError.", weight=W3,
                vocabulary=V3[:2], names=["ATL"])],
    draw=lookup_cases)


def agree(weight, vocabulary):
    if len(weight) != len(vocabulary):
        raise ValueError(f"{len(weight)} rows, {len(vocabulary)} names")


def positions(vocabulary, names, missing=0):
    place = {level: row for row, level in enumerate(vocabulary)}
    return [place.get(name, missing) for name in names]


@lookup_names.slip
def lengths_not_compared(weight, vocabulary, names):
    """A weight and a vocabulary of different lengths went through. Each row would pass for somebody else's, and nobody
    would hear of it: raise ValueError."""
    return weight[[row if row < len(weight) else 0 for row in positions(vocabulary, names)]]


@lookup_names.slip
def more_rows_pass(weight, vocabulary, names):
    """A vocabulary that is too long is noticed, one that is too short isn't. The two lengths must be equal."""
    agree(weight[:len(vocabulary)], vocabulary)
    return weight[positions(vocabulary, names)]


@lookup_names.slip
def last_row(weight, vocabulary, names):
    """Names that the vocabulary lacks got the last row: −1 counts from the end. They should get row 0."""
    agree(weight, vocabulary)
    return weight[positions(vocabulary, names, missing=-1)]


@lookup_names.slip
def skips_unknown(weight, vocabulary, names):
    """Names that the vocabulary lacks are left out, so the answers no longer stand beside their questions. They should get
    row 0."""
    agree(weight, vocabulary)
    return weight[[row for row in positions(vocabulary, names, missing=None) if row is not None]]


@lookup_names.slip
def zeros_for_unknown_names(weight, vocabulary, names):
    """Names that the vocabulary lacks became zeros. They should get row 0, whatever it holds."""
    agree(weight, vocabulary)
    rows = weight.detach()[positions(vocabulary, names := list(names))]
    rows[[name not in set(vocabulary) for name in names]] = 0
    return rows


@lookup_names.slip
def mean_for_unknown_names(weight, vocabulary, names):
    """Names that the vocabulary lacks got the mean of all rows. They should get row 0."""
    agree(weight, vocabulary)
    rows = weight.detach()[positions(vocabulary, names := list(names))]
    rows[[name not in set(vocabulary) for name in names]] = weight.detach().mean(dim=0)
    return rows


@lookup_names.slip
def raises_for_unknown(weight, vocabulary, names):
    """`index` and `[…]` raise where they don't know a name. In service new names and gaps are to be expected: they get
    row 0."""
    agree(weight, vocabulary)
    place = {level: row for row, level in enumerate(vocabulary)}
    return weight[[place[name] for name in names]]


@lookup_names.slip
def trips_over_na(weight, vocabulary, names):
    """`pd.NA == "ATL"` is `pd.NA`, and `in` on a list asks whether that is true. A dictionary asks no such question:
    `get` finds a name or it doesn't."""
    agree(weight, vocabulary)
    return weight[[vocabulary.index(name) if name in vocabulary else 0 for name in names]]


@lookup_names.slip
def missing_becomes_text(weight, vocabulary, names):
    """A missing value was turned into the text "nan", "None" or "<NA>", and somebody may be called that. Missing values get
    row 0."""
    agree(weight, vocabulary)
    return weight[positions(vocabulary, map(str, names))]


@lookup_names.slip
def by_label(weight, vocabulary, names):
    """`names[i]` asks a Series for the label i, and a generator has no `[i]` at all. Go through the names one by one."""
    agree(weight, vocabulary)
    return weight[positions(vocabulary, [names[i] for i in range(len(names))])]


@lookup_names.slip
def new_vocabulary(weight, vocabulary, names):
    """The codes were made anew from these names. The saved vocabulary says whose row is whose."""
    agree(weight, vocabulary)
    names = list(names)
    levels = sorted({name for name in names if isinstance(name, str)})
    return weight[[(levels.index(name) + 1) % len(weight) if isinstance(name, str) else 0 for name in names]]


@lookup_names.slip
def sorted_vocabulary(weight, vocabulary, names):
    """The vocabulary was sorted, the rows were not: now they belong to others. Row i is entry i of the vocabulary."""
    agree(weight, vocabulary)
    return weight[positions(sorted(vocabulary), names)]


@lookup_names.slip
def codes_only(weight, vocabulary, names):
    """These are codes. Asked for are the rows of the weight at them."""
    agree(weight, vocabulary)
    return tensor(positions(vocabulary, names))


@lookup_names.slip
def each_name_once(weight, vocabulary, names):
    """Each name is there once. A name that is asked for twice gets two rows, one for each record."""
    agree(weight, vocabulary)
    return weight[positions(vocabulary, dict.fromkeys(names))]


@lookup_names.slip
def type_error(weight, vocabulary, names):
    """The lengths are compared, and the exception should be ValueError: the types are right, the values don't agree."""
    if len(weight) != len(vocabulary):
        raise TypeError("lengths differ")
    return weight[positions(vocabulary, names)]


# --- frozen_rows_step -----------------------------------------------------------------------------------------------


def step_cases(rng):
    levels, dim = rng.randrange(5, 8), rng.randrange(2, 4)
    held = rng.sample(range(1, levels - 1), 2)

    def case(group, optimizer, codes, before=3, **more):
        return Case(group, weight=draw.numbers(rng, levels, dim), codes=tensor(codes), optimizer=optimizer,
                    gradients=[draw.numbers(rng, levels, dim) for _ in range(before + 2)], **more)

    sgd, decay = {"lr": 0.1}, {"lr": 0.1, "weight_decay": 0.1}
    return [case("rows held", "SGD", held, 0, options=sgd),
            case("rows held", "SGD", held, options=decay),
            case("rows held", "SGD", held, options={"lr": 0.1, "momentum": 0.9}),
            case("rows held", "SGD", held, options={"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
            case("rows held", "Adam", [held[0], levels - 1, held[0]], options={"lr": 0.05}),
            case("rows held", "AdamW", [0, *held], options={"lr": 0.05}),
            case("rows held", "Adam", held, options={"lr": 0.05, "amsgrad": True, "weight_decay": 0.1}, groups={"lr": 0.5}),
            case("rows held", "RMSprop", held, options={"lr": 0.05, "momentum": 0.5}),
            case("rows held", "Adagrad", held, options={"lr": 0.05, "weight_decay": 0.1}),
            case("rows held", "AdamW", list(range(levels)), options={"lr": 0.05}),
            case("rows held", "SGD", [levels], options=sgd),
            case("rows held", "Adam", [0, levels + 3], options={"lr": 0.05}),
            case("rows held", "SGD", [-1, 0], options=sgd),
            case("rows held", "AdamW", [0, -levels], options={"lr": 0.05}),
            case("rows held", "SGD", [-levels - 1], options=decay)]


def held(group, title, ask, codes, optimizer="SGD", steps=1, weight=((1.0,), (2.0,), (4.0,)), slope=4.0, **options):
    """A case in which every gradient is `slope` in all rows; `steps` plain ones come before."""
    weight = tensor(weight)
    options = {"lr": 0.25} | options
    groups = {"groups": options.pop("groups")} if "groups" in options else {}
    return Case(group, title, ask, weight=weight, codes=tensor(codes), optimizer=optimizer, options=options,
                gradients=[torch.full_like(weight, slope)] * (steps + 2), **groups)


frozen_rows_step = Exercise(
    call="held_step",
    points={"rows held": 1},
    shown=[held("rows held", "plain SGD, one row of two", "One row stays, one moves.", [0], steps=0,
                weight=((1.0,), (2.0,))),
           held("rows held", "a row named twice", "", [1, 1], steps=0),
           held("rows held", "a tiny number", "To the last bit: what is left of it after a step there and back?", [0],
                steps=0, weight=((2.0**-30,), (2.0,))),
           held("rows held", "weight decay", "Decay needs no gradient.", [2], weight_decay=0.5),
           held("rows held", "momentum, after a plain step", "What does the optimizer remember of the row?", [0],
                momentum=0.5),
           held("rows held", "Adam, after two plain steps", "Adam remembers, and its memory goes on as in a plain step.",
                [0, 2], "Adam", 2, weight=((1.0, 2.0), (-1.0, 0.5), (3.0, 0.25))),
           held("rows held", "AdamW, and a group with its own rate", "The other parameters move as they would have.", [1],
                "AdamW", 1, groups={"lr": 0.5}),
           held("rows held", "all rows", "Everything else still moves.", [0, 1, 2], momentum=0.5),
           held("rows held", "a code one too high", "An exception, please, before anything moves.", [3]),
           held("rows held", "a good code and one too high", "Has anything moved when it raises?", [0, 3], momentum=0.5),
           held("rows held", "a negative code", "Which row would −1 hold?", [-1]),
           held("rows held", "a negative code beside a good one", "No level has a negative code.", [1, -3], "Adam"),
           held("rows held", "far below zero", "", [-7])],
    draw=step_cases,
    rules=Rules(any_refusal=True))


def look_at(codes, weight):
    if int(codes.min()) < 0 or int(codes.max()) >= len(weight):
        raise IndexError(codes)


def put_back(weight, codes, rows):
    with torch.no_grad():
        weight[codes] = rows


@frozen_rows_step.slip
def zeroes_the_gradient(optimizer, weight, codes):
    """A zero gradient stops neither decay nor what the optimizer remembers, and the gradients should be there
    afterwards. Let the step happen, and put the rows back."""
    look_at(codes, weight)
    weight.grad[codes] = 0
    optimizer.step()


@frozen_rows_step.slip
def zeroes_and_puts_back(optimizer, weight, codes):
    """The rows are held, but their gradient was set to zero, so gradients or the optimizer's memory are others than
    after a plain step. The step may see them as they are."""
    look_at(codes, weight)
    rows = weight.detach()[codes].clone()
    weight.grad[codes] = 0
    optimizer.step()
    put_back(weight, codes, rows)


@frozen_rows_step.slip
def gradient_for_a_while(optimizer, weight, codes):
    """The optimizer's memory is another than after a plain step: it saw zeros for gradients, or its memory of these
    rows was cleared. Let the step be a plain one, and put the rows back."""
    look_at(codes, weight)
    rows, grad = weight.detach()[codes].clone(), weight.grad.clone()
    weight.grad[codes] = 0
    optimizer.step()
    put_back(weight, codes, rows)
    weight.grad.copy_(grad)


@frozen_rows_step.slip
def window_for_a_copy(optimizer, weight, codes):
    """The rows `codes` went along with the step. If you kept them before it: `detach()`, `.data` and `weight[0]` are
    windows onto the same memory, and show the rows as they are now; `clone` keeps them. If you put them back: into
    `weight` itself, under `torch.no_grad()`?"""
    look_at(codes, weight)
    kept = weight.detach()
    optimizer.step()
    put_back(weight, codes, kept[codes])


@frozen_rows_step.slip
def first_code_only(optimizer, weight, codes):
    """Only one of the rows is held. `codes` may name several, in any order."""
    look_at(codes, weight)
    row = weight.detach()[codes[:1]].clone()
    optimizer.step()
    put_back(weight, codes[:1], row)


@frozen_rows_step.slip
def zeros_in_the_rows(optimizer, weight, codes):
    """The rows `codes` are zero now. They should hold the numbers that they held before the step."""
    look_at(codes, weight)
    optimizer.step()
    put_back(weight, codes, torch.zeros(len(codes), weight.shape[1]))


@frozen_rows_step.slip
def gradient_away_and_back(optimizer, weight, codes):
    """A zero gradient stops neither decay nor what the optimizer remembers, and it remembers the zeros. Let the step
    see the gradients as they are, and put the rows back."""
    look_at(codes, weight)
    grad = weight.grad.clone()
    weight.grad[codes] = 0
    optimizer.step()
    weight.grad.copy_(grad)


@frozen_rows_step.slip
def step_by_hand(optimizer, weight, codes):
    """A step by hand knows nothing of decay, momentum and Adam's memory. The optimizer's own step does."""
    look_at(codes, weight)
    rows = weight.detach()[codes].clone()
    with torch.no_grad():
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                parameter -= group["lr"] * parameter.grad
    put_back(weight, codes, rows)


@frozen_rows_step.slip
def decay_off(optimizer, weight, codes):
    """With the decay switched off, the rows that should move miss it too. Let the step decay all rows, and put these
    back."""
    look_at(codes, weight)
    rows = weight.detach()[codes].clone()
    for group in optimizer.param_groups:
        group["weight_decay"] = 0
    optimizer.step()
    put_back(weight, codes, rows)


@frozen_rows_step.slip
def hook_left_behind(optimizer, weight, codes):
    """This step is right, and the next one isn't a plain one: something of yours, a hook perhaps, is still at work.
    Hold the rows in this step only."""
    look_at(codes, weight)
    rows = weight.detach()[codes].clone()
    optimizer.register_step_post_hook(lambda *_: put_back(weight, codes, rows))
    optimizer.step()


@frozen_rows_step.slip
def freezes_the_table(optimizer, weight, codes):
    """No row of the table moved. Only the rows `codes` should stay."""
    look_at(codes, weight)
    whole = weight.detach().clone()
    optimizer.step()
    put_back(weight, slice(None), whole)


@frozen_rows_step.slip
def holds_the_others(optimizer, weight, codes):
    """The rows `codes` moved, and the others stayed: it is the other way round."""
    look_at(codes, weight)
    whole = weight.detach().clone()
    optimizer.step()
    others = [i for i in range(len(weight)) if i not in codes.tolist()]
    put_back(weight, others, whole[others])


@frozen_rows_step.slip
def no_step(optimizer, weight, codes):
    """Nothing moved at all: the optimizer never took its step."""
    look_at(codes, weight)


@frozen_rows_step.slip
def flag_off(optimizer, weight, codes):
    """The flag belongs to the whole tensor. With it off, the step goes on as before, as the gradients are there already;
    and the weight is no longer what it was."""
    look_at(codes, weight)
    weight.requires_grad_(False)
    optimizer.step()


@frozen_rows_step.slip
def takes_the_gradient_away(optimizer, weight, codes):
    """Without its gradient the optimizer passes the whole table over, and the gradient is gone. Only the rows `codes`
    should stay."""
    look_at(codes, weight)
    weight.grad = None
    optimizer.step()


@frozen_rows_step.slip
def under_autograd(optimizer, weight, codes):
    """Writing into a leaf that requires gradients is refused, since autograd takes notes. Under `torch.no_grad()` it
    doesn't."""
    look_at(codes, weight)
    rows = weight.detach()[codes].clone()
    optimizer.step()
    weight[codes] = rows


@frozen_rows_step.slip
def clears_gradients(optimizer, weight, codes):
    """The gradients are gone. That is for the caller's `zero_grad` to do: they should be as after a plain step."""
    look_at(codes, weight)
    rows = weight.detach()[codes].clone()
    optimizer.step()
    put_back(weight, codes, rows)
    optimizer.zero_grad()


@frozen_rows_step.slip
def clears_gradients_first(optimizer, weight, codes):
    """The gradients were cleared before the step, so there was nothing to step along. They are there already: step with
    them."""
    look_at(codes, weight)
    rows = weight.detach()[codes].clone()
    optimizer.zero_grad()
    optimizer.step()
    put_back(weight, codes, rows)


@frozen_rows_step.slip
def forgets(optimizer, weight, codes):
    """The optimizer lost its memory. It should remember what it would after a plain step."""
    look_at(codes, weight)
    rows = weight.detach()[codes].clone()
    optimizer.step()
    put_back(weight, codes, rows)
    optimizer.state.clear()


@frozen_rows_step.slip
def steps_twice(optimizer, weight, codes):
    """Two steps were taken. One is asked for."""
    look_at(codes, weight)
    rows = weight.detach()[codes].clone()
    optimizer.step()
    optimizer.step()
    put_back(weight, codes, rows)


@frozen_rows_step.slip
def leaves_autograd_off(optimizer, weight, codes):
    """Autograd stays switched off for all that follows. `torch.no_grad()` in a `with` block switches it on again at its
    end."""
    look_at(codes, weight)
    rows = weight.detach()[codes].clone()
    torch.set_grad_enabled(False)
    optimizer.step()
    weight[codes] = rows


@frozen_rows_step.slip
def negative_counts_from_the_end(optimizer, weight, codes):
    """A negative code was taken as "from the end" and held another row. No level has such a code: raise an exception."""
    rows = weight.detach()[codes].clone()
    optimizer.step()
    put_back(weight, codes, rows)


@frozen_rows_step.slip
def raises_too_late(optimizer, weight, codes):
    """The bad code is noticed, but the step has been taken by then. Look at the codes first."""
    whole = weight.detach().clone()
    optimizer.step()
    look_at(codes, weight)
    put_back(weight, codes, whole[codes])


@frozen_rows_step.slip
def skips_bad_codes(optimizer, weight, codes):
    """A code outside the table is passed over. That hides a mistake: raise an exception."""
    good = codes[(codes >= 0) & (codes < len(weight))]
    negative_counts_from_the_end(optimizer, weight, good)
