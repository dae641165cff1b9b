"""What the pieces of the capstone accept, and which mistakes they know."""
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn, tensor

from embedding_course.checking import draw
from embedding_course.checking.exercise import Case, Exercise, Parts, Rules

UNKNOWN = "(unknown)"


def words(**columns):
    """A DataFrame of text and missing values."""
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})


def with_index(table, index):
    """The table with another index."""
    table.index = index
    return table


def embedding(rows, trains=True):
    """A table that holds these numbers."""
    return nn.Embedding.from_pretrained(tensor(rows), freeze=not trains)


# --- build_vocabularies ---------------------------------------------------------------------------------------------

SHIRTS = {"size": ["S", "L", "S"], "colour": ["red", "blue", "blue"]}


def vocabulary_cases(rng):
    names = draw.names(rng, 9)

    def column(*more):
        return rng.choices([*names, *more], k=8) + [*more]

    table = words(a=column(), b=column(None, UNKNOWN), c=column(float("nan"), "zebra", "Zebra"))
    return [Case("levels", table=table, columns=["a", "b", "c"]), Case("levels", table=table, columns=["c"]),
            Case("levels", table=table, columns=["b", "a"]),
            Case("levels", table=with_index(words(x=column(None, UNKNOWN)), [3] * 10), columns=["x"])]


build_vocabularies = Exercise(
    call="function",
    points={"levels": 1},
    shown=[Case("levels", "one column", "The distinct levels, sorted, after \"(unknown)\".",
                table=words(size=["S", "L", "S"]), columns=["size"]),
           Case("levels", "two columns", "Each column has a vocabulary of its own.",
                table=words(**SHIRTS), columns=["size", "colour"]),
           Case("levels", "one column of two", "Only the columns asked for.",
                table=words(**SHIRTS), columns=["colour"]),
           Case("levels", "missing values", "What is missing is no level.",
                table=words(size=["S", None, "M", float("nan")]), columns=["size"]),
           Case("levels", "\"(unknown)\" among the values", "It stands once, at position 0.",
                table=words(size=["S", UNKNOWN, "M"], colour=["red", "red", UNKNOWN]), columns=["colour", "size"]),
           Case("levels", "signs and capitals", "As Python sorts text: \"!\" comes before \"(\", Z before a.",
                table=words(size=["s", "M", "!", "10", "9"]), columns=["size"]),
           Case("levels", "a level that spells None", "Text is a level, whatever it says.",
                table=words(size=["None", "nan", None]), columns=["size"])],
    draw=vocabulary_cases)


def levels(table, column):
    """The levels of one column, as a set."""
    return set(table[column].dropna()) - {UNKNOWN}


def for_each(make):
    """An answer that makes each vocabulary in another way: make(table, column)."""
    return lambda table, columns: {column: make(table, column) for column in columns}


@build_vocabularies.slip
def without_unknown(table, columns):
    """Position 0 is kept for "(unknown)": what is missing or new needs a code too."""
    return for_each(lambda t, c: sorted(levels(t, c)))(table, columns)


@build_vocabularies.slip
def unknown_last(table, columns):
    """"(unknown)" stands at position 0, so that its code is 0 whatever the vocabulary."""
    return for_each(lambda t, c: [*sorted(levels(t, c)), UNKNOWN])(table, columns)


@build_vocabularies.slip
def unknown_twice(table, columns):
    """"(unknown)" stands twice. It may be among the values already; then it isn't listed again."""
    return for_each(lambda t, c: [UNKNOWN, *sorted(set(t[c].dropna()))])(table, columns)


@build_vocabularies.slip
def unknown_sorted_in(table, columns):
    """"(unknown)" was sorted in with the others, and some signs sort before it. Put it in front after sorting."""
    return for_each(lambda t, c: sorted({UNKNOWN, *levels(t, c)}))(table, columns)


@build_vocabularies.slip
def in_order_of_appearance(table, columns):
    """The levels stand in the order in which they appear. Sorted as text they don't depend on the order of records."""
    return for_each(lambda t, c: [UNKNOWN, *[v for v in t[c].dropna().unique() if v != UNKNOWN]])(table, columns)


@build_vocabularies.slip
def ignores_case(table, columns):
    """Capitals and small letters are sorted as if they were the same. Python sorts capitals first."""
    return for_each(lambda t, c: [UNKNOWN, *sorted(levels(t, c), key=str.lower)])(table, columns)


@build_vocabularies.slip
def missing_as_text(table, columns):
    """A missing value has become a level, spelt out as text. Leave it away before anything turns into text."""
    return for_each(lambda t, c: [UNKNOWN, *sorted(set(t[c].astype(object).map(str)) - {UNKNOWN})])(table, columns)


@build_vocabularies.slip
def missing_as_unknown_text(table, columns):
    """A missing value can't be sorted among text. Leave it away first: it is no level."""
    return for_each(lambda t, c: [UNKNOWN, *sorted(set(t[c]) - {UNKNOWN})])(table, columns)


@build_vocabularies.slip
def one_for_all(table, columns):
    """All columns got the same vocabulary. Each has levels of its own, and so a table of its own."""
    every = sorted(set().union(*(levels(table, column) for column in columns)))
    return {column: [UNKNOWN, *every] for column in columns}


@build_vocabularies.slip
def every_column(table, columns):
    """More columns than were asked for. A table may hold others, numbers too."""
    return for_each(lambda t, c: [UNKNOWN, *sorted(levels(t, c))])(table, table.columns)


@build_vocabularies.slip
def a_list_of_lists(table, columns):
    """The vocabularies are there, in a list. A dict says which column each belongs to."""
    return [[UNKNOWN, *sorted(levels(table, column))] for column in columns]


@build_vocabularies.slip
def first_column_only(table, columns):
    """Only one column has got its vocabulary: does the `return` stand inside the loop?"""
    return {columns[0]: [UNKNOWN, *sorted(levels(table, columns[0]))]}


@build_vocabularies.slip
def repeats_kept(table, columns):
    """A level stands once, however often it occurs."""
    return for_each(lambda t, c: [UNKNOWN, *sorted(v for v in t[c].dropna() if v != UNKNOWN)])(table, columns)


# --- encode_table ---------------------------------------------------------------------------------------------------

SIZES, COLOURS = [UNKNOWN, "L", "S"], [UNKNOWN, "blue", "green", "red"]


def encode_cases(rng):
    a, b = [UNKNOWN, *sorted(draw.names(rng, 7))], [UNKNOWN, *sorted(draw.names(rng, 4))]
    n = rng.randrange(5, 9)

    def known(vocabulary):
        return rng.choices(vocabulary[1:], k=n)

    def table(x, y):
        return words(y=y, extra=["!"] * len(x), x=x)

    both = {"x": a, "y": b}
    odd = [None, "not there", float("nan"), UNKNOWN, "nan"]
    return [Case("codes", table=table(known(a), known(b)), vocabularies=both),
            Case("codes", table=table(known(a), known(b)), vocabularies={"y": b, "x": a}),
            Case("codes", table=with_index(table(known(a), known(b)), [17] * n), vocabularies=both),
            Case("codes", table=with_index(table(known(a), known(b)), list(range(40, 40 - n, -1))), vocabularies=both),
            Case("codes", table=table(known(a), known(b)), vocabularies={"y": b}),
            Case("codes", table=words(x=[a[3]], y=[b[2]]), vocabularies=both),
            Case("codes", table=words(x=a[1:4], y=a[4:1:-1]), vocabularies={"x": a, "y": [UNKNOWN, *a[2:5]]}),
            Case("unknown levels", table=table(known(a)[:-5] + odd, known(b)), vocabularies=both),
            Case("unknown levels", table=table(odd, rng.choices(b, k=5)), vocabularies=both),
            Case("unknown levels", table=table(b[1:5], a[1:5]), vocabularies=both)]


encode_table = Exercise(
    call="function",
    points={"codes": 1, "unknown levels": 1},
    shown=[Case("codes", "one column", "The position in the vocabulary; the result has one column.",
                table=words(size=["S", "L", "S"]), vocabularies={"size": SIZES}),
           Case("codes", "two columns", "One row a record, one column a vocabulary.",
                table=words(size=["S", "L", "S"], colour=["red", "blue", "green"]),
                vocabularies={"size": SIZES, "colour": COLOURS}),
           Case("codes", "the table's columns in another order", "The vocabularies say which column comes first.",
                table=words(colour=["red", "blue", "green"], size=["S", "L", "S"]),
                vocabularies={"size": SIZES, "colour": COLOURS}),
           Case("codes", "a column without a vocabulary", "It is no category for the model.",
                table=words(price=["7", "8"], colour=["red", "blue"]), vocabularies={"colour": COLOURS}),
           Case("codes", "an index that begins at 17", "The index says nothing; the order of the records counts.",
                table=with_index(words(size=["S", "L", "S"], colour=["red", "blue", "red"]), [17, 18, 40]),
                vocabularies={"size": SIZES, "colour": COLOURS}),
           Case("codes", "a single record", "Still two axes: one record, two columns.",
                table=words(size=["L"], colour=["green"]), vocabularies={"size": SIZES, "colour": COLOURS}),
           Case("codes", "a level with two codes", "Each column is read with its own vocabulary.",
                table=words(home=["Ada", "Bea", "Cleo"], away=["Bea", "Cleo", "Bea"]),
                vocabularies={"home": [UNKNOWN, "Ada", "Bea", "Cleo"], "away": [UNKNOWN, "Bea", "Cleo"]}),
           Case("codes", "levels that the table lacks", "Codes come from the vocabulary, never from the table at hand.",
                table=words(colour=["red", "green"]), vocabularies={"colour": COLOURS}),
           Case("codes", "the same index twice", "",
                table=with_index(words(size=["S", "L"], colour=["red", "blue"]), [5, 5]),
                vocabularies={"size": SIZES, "colour": COLOURS}),
           Case("unknown levels", "a level that nobody knows", "Its code is 0.",
                table=words(size=["S", "XXL"], colour=["red", "pink"]),
                vocabularies={"size": SIZES, "colour": COLOURS}),
           Case("unknown levels", "missing values", "Missing has code 0, and so has \"(unknown)\" itself.",
                table=words(size=[None, "S", float("nan"), UNKNOWN], colour=["red", None, "blue", "red"]),
                vocabularies={"size": SIZES, "colour": COLOURS})],
    draw=encode_cases)


def coded(vocabulary, values, other=0):
    """The codes of values; `other` for what the vocabulary lacks."""
    return [vocabulary.index(value) if isinstance(value, str) and value in vocabulary else other for value in values]


def by_column(table, vocabularies, other=0):
    """A right answer, for slips that differ from it in one thing."""
    columns = [coded(vocabulary, table[column], other) for column, vocabulary in vocabularies.items()]
    return tensor(columns).T.contiguous()


@encode_table.slip
def on_its_side(table, vocabularies):
    """The codes lie on their side. A row for each record, a column for each vocabulary."""
    return by_column(table, vocabularies).T.contiguous()


@encode_table.slip
def refilled(table, vocabularies):
    """`reshape` refills in reading order and mixes the records. Turn the table with `.T`, or stack along `dim=1`."""
    codes = by_column(table, vocabularies)
    return codes.T.reshape(codes.shape)


@encode_table.slip
def order_of_the_table(table, vocabularies):
    """The columns come in the table's order. The vocabularies say which is first: the model's tables rely on it."""
    return by_column(table, {column: vocabularies[column] for column in table.columns if column in vocabularies})


@encode_table.slip
def every_column_of_the_table(table, vocabularies):
    """A column of the table has no vocabulary and needs none. Go through the vocabularies, not through the table."""
    return by_column(table, {column: vocabularies[column] for column in table.columns})


@encode_table.slip
def by_position(table, vocabularies):
    """The j-th column of the table was read with the j-th vocabulary. Columns are found by name."""
    return tensor([coded(vocabulary, table.iloc[:, j]) for j, vocabulary in enumerate(vocabularies.values())]).T


@encode_table.slip
def by_label(table, vocabularies):
    """Records were asked for by 0, 1, 2 …, but the index holds other labels. Go through the values, or use `iloc`."""
    return tensor([[coded(vocabulary, [table[column].loc[i]])[0] for column, vocabulary in vocabularies.items()]
                   for i in range(len(table))])


@encode_table.slip
def first_vocabulary_for_all(table, vocabularies):
    """All columns were read with one vocabulary. Each column has its own."""
    first = next(iter(vocabularies.values()))
    return by_column(table, dict.fromkeys(vocabularies, first))


@encode_table.slip
def fitted_again(table, vocabularies):
    """These codes were made from the table at hand. A level's code comes from the vocabulary, on any table."""
    return by_column(table, {column: [UNKNOWN, *sorted(levels(table, column))] for column in vocabularies})


@encode_table.slip
def counts_without_unknown(table, vocabularies):
    """Each code is one too small: "(unknown)" takes position 0, so the first level has code 1."""
    return by_column(table, vocabularies) - 1


@encode_table.slip
def minus_one(table, vocabularies):
    """What isn't in the vocabulary got −1, which no table knows. Its code is 0."""
    return by_column(table, vocabularies, other=-1)


@encode_table.slip
def a_code_beyond(table, vocabularies):
    """What isn't in the vocabulary got a new code, one that no table has a row for. Its code is 0."""
    return tensor([coded(vocabulary, table[column], len(vocabulary)) for column, vocabulary in vocabularies.items()]).T


@encode_table.slip
def key_error(table, vocabularies):
    """A level that the vocabulary lacks ends in an exception. It should get code 0 (a dict has `get` for that)."""
    columns = [[dict(zip(v, range(len(v)), strict=True))[x] for x in table[c]] for c, v in vocabularies.items()]
    return tensor(columns).T


@encode_table.slip
def value_error(table, vocabularies):
    """A level that the vocabulary lacks ends in an exception: `index` finds nothing. It should get code 0."""
    return tensor([[v.index(x) for x in table[c]] for c, v in vocabularies.items()]).T


@encode_table.slip
def left_out(table, vocabularies):
    """Records with an unknown level are gone. Every record keeps its place, with code 0 where need be."""
    codes = by_column(table, vocabularies)
    return codes[(codes > 0).all(dim=1)]


@encode_table.slip
def floats(table, vocabularies):
    """The codes are right, but floats: no table takes them. They should be int64."""
    return by_column(table, vocabularies).float()


@encode_table.slip
def small_integers(table, vocabularies):
    """The codes are right, in integers of eight bits. They should be int64."""
    return by_column(table, vocabularies).to(torch.int8)


@encode_table.slip
def a_list(table, vocabularies):
    """A list came back; the model takes an int64 tensor."""
    return by_column(table, vocabularies).tolist()


@encode_table.slip
def an_axis_lost(table, vocabularies):
    """An axis of length 1 got lost. The codes of one record, or of one column, have two axes too."""
    return by_column(table, vocabularies).squeeze()


# --- TwoTables ------------------------------------------------------------------------------------------------------

A, B, BIAS = ([[1.0, 2.0], [0.0, -1.0], [0.5, 3.0]], [[3.0, 4.0], [-2.0, 0.25], [1.0, 1.0], [0.0, 2.0]],
              [[5.0], [-1.0], [0.5]])


def run(title, ask, codes, upstream=None, weights=(A, B, BIAS)):
    """A case that loads the weights and predicts; with a gradient to send back, or with a bad code."""
    first, second, bias = (torch.as_tensor(weight) for weight in weights)
    back = {} if upstream is None else {"upstream": tensor(upstream)}
    return Case("start, bad codes" if upstream is None else "predictions", title, ask,
                build=Parts(first=len(first), second=len(second), dim=first.shape[1]),
                parameters=Parts({"first.weight": first, "second.weight": second, "bias.weight": bias}),
                inputs=Parts(codes=torch.as_tensor(codes)), **back)


def start(parameter, first, second, dim):
    """A case that looks at the starting values of a large table."""
    return Case("start, bad codes", f"the start of {parameter}", "Normal, with a standard deviation of 0.1.",
                build=Parts(first=first, second=second, dim=dim), start=parameter)


def model_cases(rng):
    first, second, dim = rng.randrange(4, 8), rng.randrange(9, 12), rng.randrange(3, 6)

    def weights(first, second, dim):
        return draw.numbers(rng, first, dim), draw.numbers(rng, second, dim), draw.numbers(rng, first, 1)

    def good(n, first=first, second=second, dim=dim):
        codes = torch.stack([draw.codes(rng, first, n), draw.codes(rng, second, n)], dim=1)
        return run("", "", codes, [rng.gauss(0, 1) for _ in range(n)], weights(first, second, dim))

    sizes = weights(first, second, dim)
    return [good(7), good(1), good(2), good(dim), good(3, dim=1), good(1, dim=1), good(5, first=second, second=first),
            good(4, first=1, second=1), *(run("", "", codes, weights=sizes) for codes in (
                [[first, 0]], [[0, second]], [[0, 0], [-1, 0]], [[0, -1]], [[1, 1], [0, second + 5]])),
            *(start(f"{name}.weight", 2000 + rng.randrange(900), 2500, 2) for name in ("first", "second", "bias"))]


TwoTables = Exercise(
    call="module",
    points={"predictions": 1, "start, bad codes": 1},
    raises={"start, bad codes": IndexError},
    shown=[run("one record", "1 · 3 + 2 · 4 + 5 = 16.", [[0, 0]], [1.0]),
           run("another record", "The bias belongs to the level of the first column.", [[1, 3]], [1.0]),
           run("three records", "One number a record, shape (3,).", [[2, 1], [0, 2], [2, 3]], [1.0, 2.0, 4.0]),
           run("a level that stands twice", "It gets both gradients, added up.", [[0, 1], [0, 1]], [1.0, 10.0]),
           run("rows of one number", "", [[1, 0], [0, 2]], [1.0, 2.0],
               ([[2.0], [3.0]], [[4.0], [5.0], [6.0]], [[0.25], [0.5]])),
           run("as many records as numbers in a row", "(n,) and (n, 1) add up to (n, n): which shapes are yours?",
               [[1, 1], [2, 2]], [1.0, -1.0]),
           run("more levels in the first column", "", [[3, 1], [2, 0]], [1.0, 2.0],
               (B, A[:2], [[1.0], [2.0], [3.0], [4.0]])),
           start("first.weight", 2000, 50, 2), start("second.weight", 50, 2000, 2), start("bias.weight", 3000, 50, 2),
           run("a first code too high", "Three levels have the codes 0, 1, 2.", [[0, 0], [3, 0]]),
           run("a second code too high", "", [[0, 4]]),
           run("a negative code", "What does plain indexing make of −1?", [[1, 1], [-1, 0]]),
           run("a negative second code", "What does plain indexing make of −1?", [[1, -1]])],
    draw=model_cases,
    rules=Rules(any_refusal=True))


class Right(nn.Module):
    """A right model, for slips that differ from it in one thing."""

    def __init__(self, first, second, dim, spread=0.1, of_bias=0.1):
        super().__init__()
        self.first, self.second, self.bias = nn.Embedding(first, dim), nn.Embedding(second, dim), nn.Embedding(first, 1)
        nn.init.normal_(self.first.weight, std=spread)
        nn.init.normal_(self.second.weight, std=spread)
        nn.init.normal_(self.bias.weight, std=of_bias)

    def rows(self, codes):
        """(n, dim), (n, dim), (n,)"""
        return self.first(codes[:, 0]), self.second(codes[:, 1]), self.bias(codes[:, 0]).squeeze(1)

    def forward(self, codes):
        a, b, bias = self.rows(codes)
        return (a * b).sum(dim=1) + bias


def predicts(forward):
    """A model that predicts in another way: forward(model, codes)."""
    def build(first, second, dim):
        model = Right(first, second, dim)
        model.forward = lambda codes: forward(model, codes)
        return model
    return build


@TwoTables.slip
def standard_normal(first, second, dim):
    """`nn.Embedding` starts with a standard deviation of 1. Here all three have 0.1: start noise hides meaning."""
    return Right(first, second, dim, spread=1, of_bias=1)


@TwoTables.slip
def bias_left_as_it_was(first, second, dim):
    """The two tables start small, the biases with a standard deviation of 1. All three should have 0.1."""
    return Right(first, second, dim, of_bias=1)


@TwoTables.slip
def bias_at_zero(first, second, dim):
    """The biases start at zero. That would do, but 0.1 is asked for in all three."""
    return Right(first, second, dim, of_bias=0)


@TwoTables.slip
def variance_for_deviation(first, second, dim):
    """The start is too small: a standard deviation of 0.1 is asked for."""
    return Right(first, second, dim, spread=0.01, of_bias=0.01)


@TwoTables.slip
def no_bias(first, second, dim):
    """The bias is missing: a number for each level of the first column, in a table of width 1."""
    model = Right(first, second, dim)
    del model.bias
    return model


@TwoTables.slip
def bias_for_the_second(first, second, dim):
    """The bias has a row for each level of the second column. It belongs to the first."""
    model = Right(first, second, dim)
    model.bias = nn.Embedding(second, 1)
    return model


@TwoTables.slip
def one_bias_for_all(first, second, dim):
    """One bias for all. Each level of the first column has its own."""
    model = Right(first, second, dim)
    model.bias = nn.Parameter(torch.zeros(1))
    return model


@TwoTables.slip
def bare_parameters(first, second, dim):
    """These are bare parameters. An `nn.Embedding` keeps its numbers in `first.weight`, and refuses bad codes."""
    model = nn.Module()
    model.first, model.second = nn.Parameter(torch.zeros(first, dim)), nn.Parameter(torch.zeros(second, dim))
    model.bias = nn.Parameter(torch.zeros(first, 1))
    return model


@TwoTables.slip
def in_a_list(first, second, dim):
    """The tables are kept in a list of modules. They have names: `first`, `second`, `bias`."""
    model = nn.Module()
    model.tables = nn.ModuleList([nn.Embedding(first, dim), nn.Embedding(second, dim), nn.Embedding(first, 1)])
    return model


@TwoTables.slip
def hidden_in_a_list(first, second, dim):
    """The tables are in a plain list or dict, which hides them from `parameters()`. Give each an attribute."""
    return nn.Module()


@TwoTables.slip
def bias_comes_first(first, second, dim):
    """The three are there, in another order. `first`, `second`, `bias`: that is how they are told apart here."""
    model = nn.Module()
    model.bias, model.first, model.second = nn.Embedding(first, 1), nn.Embedding(first, dim), nn.Embedding(second, dim)
    return model


@TwoTables.slip
def bias_in_the_middle(first, second, dim):
    """The three are there, in another order. `first`, `second`, `bias`: that is how they are told apart here."""
    model = nn.Module()
    model.first, model.bias, model.second = nn.Embedding(first, dim), nn.Embedding(first, 1), nn.Embedding(second, dim)
    return model


@TwoTables.slip(raises=AttributeError)
def no_super(first, second, dim):
    """A module has to be set up before it can hold tables: `super().__init__()` is the first line of `__init__`."""
    raise AttributeError("cannot assign module before Module.__init__() call")


@TwoTables.slip
def all_with_all(first, second, dim):
    """(n,) and (n, 1) add up to (n, n), everything with everything. Take the axis of length 1 off the bias first."""
    return predicts(lambda model, codes: (lambda a, b, bias: (a * b).sum(1) + bias[:, None])(*model.rows(codes)))(
        first, second, dim)


@TwoTables.slip
def a_column_of_predictions(first, second, dim):
    """The predictions stand in a column, shape (n, 1). Their shape should be (n,), like the targets'."""
    return predicts(lambda model, codes: (lambda a, b, bias: (a * b).sum(1, keepdim=True) + bias[:, None])(
        *model.rows(codes)))(first, second, dim)


@TwoTables.slip
def squeezed(first, second, dim):
    """`squeeze()` takes off every axis of length 1, that of a single record too. Say which: `squeeze(1)`."""
    return predicts(lambda model, codes: Right.forward(model, codes).squeeze())(first, second, dim)


@TwoTables.slip
def not_summed(first, second, dim):
    """The products of the two rows are still apart. Add them up along the row: one number a record."""
    return predicts(lambda model, codes: (lambda a, b, bias: a * b + bias[:, None])(*model.rows(codes)))(
        first, second, dim)


@TwoTables.slip
def bias_in_the_sum(first, second, dim):
    """The bias was added to each product before summing, so it counts `dim` times. Add it once."""
    return predicts(lambda model, codes: (lambda a, b, bias: (a * b + bias[:, None]).sum(1))(*model.rows(codes)))(
        first, second, dim)


@TwoTables.slip
def averaged(first, second, dim):
    """This is the mean of the products. Add them up."""
    return predicts(lambda model, codes: (lambda a, b, bias: (a * b).mean(1) + bias)(*model.rows(codes)))(
        first, second, dim)


@TwoTables.slip
def summed_over_records(first, second, dim):
    """All records were added up. Sum along the row (`dim=1`): one number a record."""
    return predicts(lambda model, codes: (lambda a, b, bias: (a * b).sum() + bias)(*model.rows(codes)))(
        first, second, dim)


@TwoTables.slip
def every_pair(first, second, dim):
    """A matrix product pairs every record with every other. Multiply row by row, then sum."""
    return predicts(lambda model, codes: (lambda a, b, bias: a @ b.T + bias)(*model.rows(codes)))(first, second, dim)


@TwoTables.slip
def rows_added(first, second, dim):
    """The two rows are added. Multiply them number by number, then add up."""
    return predicts(lambda model, codes: (lambda a, b, bias: (a + b).sum(1) + bias)(*model.rows(codes)))(
        first, second, dim)


@TwoTables.slip
def bias_forgotten(first, second, dim):
    """The bias doesn't enter the prediction."""
    return predicts(lambda model, codes: (lambda a, b, bias: (a * b).sum(1))(*model.rows(codes)))(first, second, dim)


@TwoTables.slip
def bias_subtracted(first, second, dim):
    """The bias is taken away. It is added."""
    return predicts(lambda model, codes: (lambda a, b, bias: (a * b).sum(1) - bias)(*model.rows(codes)))(
        first, second, dim)


@TwoTables.slip
def columns_swapped(first, second, dim):
    """The columns of the codes are swapped: column 0 belongs to `first`, column 1 to `second`."""
    return predicts(lambda model, codes: Right.forward(model, codes.flip(1)))(first, second, dim)


@TwoTables.slip
def bias_by_the_second_code(first, second, dim):
    """The bias was looked up with the second code. It belongs to the level of the first column."""
    return predicts(lambda model, codes: (model.first(codes[:, 0]) * model.second(codes[:, 1])).sum(1)
                    + model.bias(codes[:, 1]).squeeze(1))(first, second, dim)


@TwoTables.slip
def records_for_columns(first, second, dim):
    """`codes[0]` is the first record. The first column is `codes[:, 0]`."""
    return predicts(lambda model, codes: (model.first(codes[0]) * model.second(codes[1])).sum(1)
                    + model.bias(codes[0]).squeeze(1))(first, second, dim)


@TwoTables.slip
def negative_wraps(first, second, dim):
    """Plain indexing takes −1 as "the last row", without a word. Called, `nn.Embedding` refuses it."""
    return predicts(lambda model, codes: (model.first.weight[codes[:, 0]] * model.second.weight[codes[:, 1]]).sum(1)
                    + model.bias.weight[codes[:, 0], 0])(first, second, dim)


@TwoTables.slip
def clamped(first, second, dim):
    """A code outside its table is bent to the nearest row. That hides a mistake in the data: it should raise."""
    return predicts(lambda model, codes: Right.forward(model, torch.stack([
        codes[:, 0].clamp(0, first - 1), codes[:, 1].clamp(0, second - 1)], dim=1)))(first, second, dim)


@TwoTables.slip
def detached(first, second, dim):
    """The predictions are right, but no gradient comes back to the tables, so nothing would be learned."""
    return predicts(lambda model, codes: Right.forward(model, codes).detach())(first, second, dim)


@TwoTables.slip
def through_a_relu(first, second, dim):
    """The prediction went through a nonlinearity, so it is never negative. It is the sum itself."""
    return predicts(lambda model, codes: torch.relu(Right.forward(model, codes)))(first, second, dim)


# --- train ----------------------------------------------------------------------------------------------------------


def fit(group, title, ask, rows, codes, targets, lr, epochs, batch_size, seed=0):
    """A case that trains a small table on targets of its rows' width."""
    return Case(group, title, ask, model=embedding(rows), codes=tensor(codes), targets=tensor(targets), lr=lr,
                epochs=epochs, batch_size=batch_size, seed=seed)


def training_cases(rng):
    def fresh(group, levels, dim, n, epochs, batch_size):
        return Case(group, model=embedding(draw.numbers(rng, levels, dim).tolist()), codes=draw.codes(rng, levels, n),
                    targets=draw.numbers(rng, n, dim), lr=rng.uniform(0.05, 0.4), epochs=epochs, batch_size=batch_size,
                    seed=rng.randrange(1000))

    return [fresh("one batch", 4, 2, 5, 1, 5), fresh("one batch", 3, 1, 1, 1, 1), fresh("one batch", 4, 3, 6, 1, 40),
            fresh("batches", 3, 2, 9, 1, 3), fresh("batches", 4, 1, 11, 1, 4), fresh("batches", 3, 2, 6, 1, 1),
            fresh("epochs", 3, 2, 10, 4, 3), fresh("epochs", 4, 1, 8, 5, 4), fresh("epochs", 3, 3, 3, 6, 3)]


FOUR = [[1.0], [2.0], [4.0], [-1.0]]
train = Exercise(
    call="in_place",
    points={"one batch": 1, "batches": 1, "epochs": 1},
    shown=[fit("one batch", "one record, one step", "Row 1 misses by 2, so the loss is 4 and the slope 4. "
               "A quarter of that goes off.", [[1.0], [2.0]], [1], [[0.0]], 0.25, 1, 1),
           fit("one batch", "two records, one step", "The loss is the mean over the batch.",
               FOUR, [2, 0], [[0.0], [2.0]], 0.5, 1, 2),
           fit("one batch", "a level twice in the batch", "", FOUR, [2, 2], [[0.0], [2.0]], 0.5, 1, 2),
           fit("one batch", "a batch larger than the data", "Then there is one batch, with all records.",
               [[1.0, 0.0], [2.0, 4.0]], [0, 1], [[3.0, 1.0], [0.0, 2.0]], 0.5, 1, 8),
           fit("batches", "four records, two a batch", "Two steps, and the order is drawn: randperm(4) with the seed.",
               FOUR, [0, 1, 2, 0], [[3.0], [0.0], [2.0], [-1.0]], 0.5, 1, 2),
           fit("batches", "five records, two a batch", "Who meets in a batch is drawn: randperm(5) with the seed. The last "
               "batch is smaller, and it counts.",
               FOUR, [0, 1, 2, 0, 3], [[3.0], [0.0], [2.0], [-1.0], [1.0]], 0.5, 1, 2, seed=3),
           fit("batches", "one record a batch", "What has the second step to do with the first one's gradient?",
               FOUR, [0, 1, 0, 2], [[3.0], [0.0], [1.0], [-2.0]], 0.25, 1, 1, seed=1),
           fit("epochs", "two epochs", "A new order for each epoch, from the same generator.",
               FOUR, [0, 1, 2, 0], [[3.0], [0.0], [2.0], [-1.0]], 0.5, 2, 2, seed=2),
           fit("epochs", "three epochs of three records", "One number an epoch: the mean of its batches' losses.",
               FOUR, [0, 1, 1], [[3.0], [0.0], [4.0]], 0.5, 3, 2, seed=5),
           fit("epochs", "three epochs, one batch each", "", FOUR, [3, 1], [[3.0], [0.0]], 0.5, 3, 2)],
    draw=training_cases)


def loop(model, codes, targets, lr, epochs, batch_size, seed, *, optimizer=torch.optim.SGD, loss_fn=F.mse_loss,
         forget="batch", told=lambda losses, sizes: sum(losses) / len(losses), again=False, drop=False, shuffled=True,
         look="before", shuffle_targets=True):
    """A right loop, for slips that differ from it in one thing."""
    stepper, generator = optimizer(model.parameters(), lr=lr), torch.Generator().manual_seed(seed)
    means, n = [], len(codes)
    for _ in range(epochs):
        if again:
            generator.manual_seed(seed)
        order = torch.randperm(n, generator=generator) if shuffled else torch.arange(n)
        losses, sizes = [], []
        if forget == "epoch":
            stepper.zero_grad()
        for batch in order.split(batch_size):
            if drop and len(batch) < batch_size:
                continue
            if forget == "batch":
                stepper.zero_grad()
            chosen = batch if shuffle_targets else torch.arange(sum(sizes), sum(sizes) + len(batch))
            loss = loss_fn(model(codes[batch]), targets[chosen])
            loss.backward()
            stepper.step()
            if look == "after":
                loss = loss_fn(model(codes[batch]), targets[chosen])
            losses.append(loss.item())
            sizes.append(len(batch))
        means.append(told(losses, sizes) if losses else 0.0)
    return means


@train.slip
def gradients_pile_up(*given):
    """Gradients of earlier steps are still there and are added to each new one. When are they forgotten?"""
    return loop(*given, forget="never")


@train.slip
def forgets_once_an_epoch(*given):
    """Gradients are forgotten once an epoch. Each batch starts from none."""
    return loop(*given, forget="epoch")


@train.slip
def same_order_each_epoch(*given):
    """Each epoch has the same order. Seed the generator once, before the epochs, and draw in each."""
    return loop(*given, again=True)


@train.slip
def never_shuffled(*given):
    """The records are met in the table's order. Each epoch draws an order: `torch.randperm(n, generator=…)`."""
    return loop(*given, shuffled=False)


@train.slip
def targets_stay_behind(*given):
    """The codes were shuffled and the targets weren't: each record learns another one's target."""
    return loop(*given, shuffle_targets=False)


@train.slip
def last_batch_dropped(*given):
    """A last batch that is smaller is left out. Every record is met once an epoch."""
    return loop(*given, drop=True)


@train.slip
def summed_loss(*given):
    """The loss adds up the squared errors. The mean keeps the step's size apart from the batch's."""
    return loop(*given, loss_fn=lambda a, b: F.mse_loss(a, b, reduction="sum"))


@train.slip
def absolute_loss(*given):
    """This is the absolute error. The squared error is asked for."""
    return loop(*given, loss_fn=F.l1_loss)


@train.slip
def half_squares(*given):
    """Half the squared error: losses and steps come out too small by a factor of two."""
    return loop(*given, loss_fn=lambda a, b: F.mse_loss(a, b) / 2)


class OfOneSize(torch.optim.SGD):
    """Steps of the learning rate's size whatever the slope, as Adam's first one: exact on every machine."""

    def step(self):
        for parameter in self.param_groups[0]["params"]:
            parameter.grad.sign_()
        super().step()


@train.slip
def adam(*given):
    """The first step is as large as the learning rate, whatever the error: so steps Adam. Plain SGD is asked for."""
    return loop(*given, optimizer=OfOneSize)


@train.slip
def momentum(*given):
    """The optimizer remembers earlier steps. Plain SGD has no momentum."""
    return loop(*given, optimizer=lambda parameters, lr: torch.optim.SGD(parameters, lr=lr, momentum=0.9))


@train.slip
def loss_after_the_step(*given):
    """The losses were taken after the step. They should be those of the forward pass that the step came from."""
    return loop(*given, look="after")


@train.slip
def last_loss(*given):
    """Each epoch reports its last batch. Asked for is the mean of its batches' losses."""
    return loop(*given, told=lambda losses, sizes: losses[-1])


@train.slip
def sum_of_losses(*given):
    """Each epoch reports the sum of its batches' losses. Divide by their number."""
    return loop(*given, told=lambda losses, sizes: sum(losses))


@train.slip
def weighted_losses(*given):
    """Each batch counts by its number of records. Asked for is the plain mean of the batches' losses."""
    return loop(*given, told=lambda losses, sizes: sum(x * n for x, n in zip(losses, sizes, strict=True)) / sum(sizes))


@train.slip
def every_loss(*given):
    """One number for each batch came back. Asked for is one an epoch, the mean of its batches'."""
    found = []
    loop(*given, told=lambda losses, sizes: found.extend(losses))
    return found


@train.slip
def one_mean(*given):
    """One number for all epochs. Asked for is a list with one an epoch."""
    means = loop(*given)
    return sum(means) / len(means)


@train.slip
def losses_pile_up(*given):
    """The list of losses isn't emptied between epochs, so later means count earlier epochs too."""
    every = []

    def told(losses, sizes):
        every.extend(losses)
        return sum(every) / len(every)
    return loop(*given, told=told)


@train.slip
def returns_the_model(*given):
    """The model came back. It was trained in place; asked for are the losses, one an epoch."""
    loop(*given)
    return given[0]


@train.slip
def returns_nothing(*given):
    """The model is trained, and nothing came back. Asked for are the losses, one an epoch."""
    loop(*given)


@train.slip
def never_steps(*given):
    """The model is as it was: no step was taken, or on a copy."""
    return loop(*given, optimizer=lambda parameters, lr: torch.optim.SGD(parameters, lr=0.0))


@train.slip
def one_epoch(model, codes, targets, lr, epochs, batch_size, seed):
    """There was only one epoch: does the `return` stand inside the loop?"""
    return loop(model, codes, targets, lr, 1, batch_size, seed)


# --- moved_rows -----------------------------------------------------------------------------------------------------

LEVELS = [UNKNOWN, "Ada", "Bea", "Cleo"]
ZERO = [[0.0, 0.0]] * 4
MANY = [UNKNOWN, *(f"{a}{b}" for a in "TSRQPONM" for b in "lam")]          # 25 levels, in no order of text


def diff(group, title, ask, before, after, vocabulary=LEVELS):
    """A case with two tables."""
    return Case(group, title, ask, before=torch.as_tensor(before), after=torch.as_tensor(after), vocabulary=vocabulary)


def diff_cases(rng):
    names = [UNKNOWN, *sorted(draw.names(rng, 11))]
    before = draw.numbers(rng, 12, 3)
    some, tiny, equal, sideways = (before.clone() for _ in range(4))
    for row in rng.sample(range(12), 7):
        some[row] += draw.numbers(rng, 3)
    tiny[3] += torch.tensor([1e-6, 0.0, 0.0])
    faint = torch.zeros(12, 3)
    faint[5, 1], faint[2, 2] = 1e-30, 2.0
    base = torch.zeros(30, 2)
    for row in range(30):
        equal = base if row == 0 else equal
        if row % 4:
            equal[row, row % 2] = float(1 + row % 3) * (-1) ** row
    sideways[4, 0], sideways[4, 1] = before[4, 0] + 1, before[4, 1] - 1      # adds up to nothing
    thirty = [UNKNOWN, *rng.sample(draw.names(rng, 29), 29)]
    return [diff("rows", "", "", before, some, names), diff("rows", "", "", before, tiny, names),
            diff("rows", "", "", before, before.clone(), names), diff("rows", "", "", before, sideways, names),
            diff("rows", "", "", nn.Parameter(before), nn.Parameter(some), names),
            diff("order, bits, errors", "", "", torch.zeros(12, 3), faint, names),
            diff("order, bits, errors", "", "", torch.zeros(30, 2), equal, thirty),
            diff("order, bits, errors", "", "", before, some, names[:-1]),
            diff("order, bits, errors", "", "", before, some, [*names, "!"]),
            diff("order, bits, errors", "", "", before[:-1], some, names)]


moved_rows = Exercise(
    call="function",
    points={"rows": 1, "order, bits, errors": 1},
    raises={"order, bits, errors": ValueError},
    shown=[diff("rows", "one row moved", "3 to the right and 4 up is 5 far.", ZERO,
                [[0.0, 0.0], [0.0, 0.0], [3.0, 4.0], [0.0, 0.0]]),
           diff("rows", "two rows moved, the second one further", "The furthest comes first.", ZERO,
                [[0.0, 0.0], [0.0, 2.0], [3.0, 4.0], [0.0, 0.0]]),
           diff("rows", "a row that moved down", "A distance is never negative.",
                [[1.0, 1.0], [2.0, 2.0], [4.0, 5.0], [0.5, 0.25]], [[1.0, 1.0], [2.0, 2.0], [1.0, 1.0], [0.5, 2.25]]),
           diff("rows", "there and back", "The two changes add up to nothing, and yet the row moved.", ZERO,
                [[0.0, 0.0], [2.0, -2.0], [0.0, 0.0], [1.0, 0.0]]),
           diff("rows", "nothing moved", "No row, and the column is there all the same.",
                [[1.0], [2.0]], [[1.0], [2.0]], [UNKNOWN, "Ada"]),
           diff("rows", "weights that require gradients", "`model.second.weight` is one.",
                nn.Parameter(tensor([[1.0], [2.0]])), nn.Parameter(tensor([[1.5], [2.0]])), [UNKNOWN, "Ada"]),
           diff("order, bits, errors", "equal distances", "Equals stand in the order of the vocabulary.", ZERO,
                [[1.0, 0.0], [0.0, 2.0], [0.0, -1.0], [2.0, 0.0]], [UNKNOWN, "Cleo", "Bea", "Ada"]),
           diff("order, bits, errors", "equal distances, many levels", "A sort keeps equals in order only if it is "
                "asked to be stable.", torch.zeros(25, 1), torch.tensor([[float(row % 3)] for row in range(25)]), MANY),
           diff("order, bits, errors", "a row moved by next to nothing", "Its distance is about 0. Did it move?", ZERO,
                [[0.0, 0.0], [2.0**-80, 0.0], [0.0, 0.0], [1.0, 0.0]]),
           diff("order, bits, errors", "a level too few", "Which row would go without a name?", ZERO,
                [[1.0, 0.0]] * 4, LEVELS[:3]),
           diff("order, bits, errors", "a level too many", "", ZERO, [[1.0, 0.0]] * 4, [*LEVELS, "Dora"]),
           diff("order, bits, errors", "tables of unequal height", "", ZERO[:3], [[1.0, 0.0]] * 4, LEVELS)],
    draw=diff_cases)


def table_of(before, after, vocabulary, keep=None, measure=None, sort=True):
    """A right row diff, for slips that differ from it in one thing."""
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError(len(vocabulary))
    before, after = before.detach(), after.detach()
    change = (after - before).double()
    moved = (before != after).any(dim=1) if keep is None else keep(before, after)
    distance = change.norm(dim=1) if measure is None else measure(change)
    frame = pd.DataFrame({"distance": distance.numpy()}, index=vocabulary)[moved.numpy()]
    return frame.sort_values("distance", ascending=False, kind="stable") if sort else frame


@moved_rows.slip
def all_rows(*given):
    """Rows that stayed are listed too. Asked for are those that moved."""
    return table_of(*given, keep=lambda before, after: torch.ones(len(before), dtype=torch.bool))


@moved_rows.slip
def every_number_moved(*given):
    """A row counts here only if all its numbers moved. One is enough."""
    return table_of(*given, keep=lambda before, after: (before != after).all(dim=1))


@moved_rows.slip
def approximately(*given):
    """A row that moved by next to nothing is missing. Compare exactly (`!=`), not approximately."""
    return table_of(*given, keep=lambda before, after: ~torch.isclose(before, after).all(dim=1))


@moved_rows.slip
def by_distance(before, after, vocabulary):
    """A tiny change, squared, underflows to 0, so its row was left out. Whether a row moved is asked of its numbers."""
    return table_of(before, after, vocabulary, keep=lambda a, b: ((b - a) ** 2).sum(dim=1).sqrt() > 0)


@moved_rows.slip
def by_their_sum(*given):
    """Changes that cancel out were taken for none. Compare number by number."""
    return table_of(*given, keep=lambda before, after: (after - before).sum(dim=1) != 0)


@moved_rows.slip
def not_sorted(*given):
    """The rows stand in the order of the vocabulary. The furthest comes first."""
    return table_of(*given, sort=False)


@moved_rows.slip
def nearest_first(*given):
    """The nearest comes first. Sort downwards."""
    return table_of(*given, sort=False).sort_values("distance", kind="stable")


@moved_rows.slip
def equals_reversed(*given):
    """Equal distances stand in reverse: sorting upwards and turning round turns the equals too."""
    return table_of(*given, sort=False).sort_values("distance", kind="stable")[::-1]


@moved_rows.slip
def equals_by_name(*given):
    """Equal distances are sorted by name. They should stay in the order of the vocabulary."""
    return table_of(*given, sort=False).sort_index().sort_values("distance", ascending=False, kind="stable")


@moved_rows.slip
def sum_of_sizes(*given):
    """These are sums of absolute changes. The Euclidean distance of 3 and 4 is 5."""
    return table_of(*given, measure=lambda change: change.abs().sum(dim=1))


@moved_rows.slip
def squares(*given):
    """These are squared distances. Take the square root."""
    return table_of(*given, measure=lambda change: (change**2).sum(dim=1))


@moved_rows.slip
def mean_distance(*given):
    """The mean was taken where a sum belongs: the Euclidean distance is the root of the *sum* of squares."""
    return table_of(*given, measure=lambda change: (change**2).mean(dim=1).sqrt())


@moved_rows.slip
def summed_change(*given):
    """The changes were added up with their signs. The Euclidean distance squares them first."""
    return table_of(*given, measure=lambda change: change.sum(dim=1))


@moved_rows.slip
def largest_change(*given):
    """This is the largest change in a row. The Euclidean distance of 3 and 4 is 5."""
    return table_of(*given, measure=lambda change: change.abs().amax(dim=1))


@moved_rows.slip
def requires_grad(before, after, vocabulary):
    """NumPy won't take a tensor that requires gradients: `detach` it first."""
    if before.requires_grad or after.requires_grad:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
    return table_of(before, after, vocabulary)


@moved_rows.slip
def lengths_unchecked(before, after, vocabulary):
    """Rows and levels of unequal number pass without a word: `zip` stops at the shortest. It should be ValueError."""
    n = min(len(before), len(after), len(vocabulary))
    return table_of(before[:n], after[:n], vocabulary[:n])


@moved_rows.slip
def tables_unchecked(before, after, vocabulary):
    """Tables of unequal height end in torch's own error. Compare the numbers of rows first: ValueError."""
    if len(before) != len(after):
        raise RuntimeError("The size of tensor a must match the size of tensor b")
    return table_of(before, after, vocabulary)


@moved_rows.slip
def index_error(before, after, vocabulary):
    """Unequal numbers end in an IndexError. Compare them first, and raise ValueError."""
    if not len(before) == len(after) == len(vocabulary):
        raise IndexError(len(vocabulary))
    return table_of(before, after, vocabulary)


@moved_rows.slip
def assertion(before, after, vocabulary):
    """The numbers are compared. The exception should be ValueError."""
    assert len(before) == len(after) == len(vocabulary)
    return table_of(before, after, vocabulary)


@moved_rows.slip
def level_as_a_column(*given):
    """The level is a column. It should be the index: `frame.loc["Ada"]`."""
    return table_of(*given).rename_axis("level").reset_index()


@moved_rows.slip
def a_series(*given):
    """A Series came back. Asked for is a DataFrame with the column `distance`."""
    return table_of(*given)["distance"]


@moved_rows.slip
def names_only(*given):
    """The names are right. Asked for is a DataFrame with their distances."""
    return table_of(*given).index.tolist()


@moved_rows.slip
def with_more_columns(*given):
    """There is a column too many: `distance` alone is asked for."""
    return table_of(*given).assign(moved=True)


# --- carry_over -----------------------------------------------------------------------------------------------------

OLD = [[9.0, 0.0], [1.0, 2.0], [3.0, -1.0]]
ADA_BEA = [UNKNOWN, "Ada", "Bea"]
FIVE = [[8.0], [1.0], [2.0], [4.0], [-1.0]]
A_TO_D = [UNKNOWN, "Ada", "Bea", "Cleo", "Dora"]


def carried(group, title, ask, rows, old_vocabulary, vocabulary, freeze, trains=True):
    """A case that carries a table over."""
    return Case(group, title, ask, old=embedding(rows, trains), old_vocabulary=old_vocabulary, vocabulary=vocabulary,
                freeze=freeze)


def carry_cases(rng):
    names = draw.names(rng, 14)
    old, dim = [UNKNOWN, *sorted(names[:8])], rng.randrange(2, 5)
    rows = draw.numbers(rng, 9, dim).tolist()

    def case(group, levels, freeze, trains=True):
        return carried(group, "", "", rows, old, [UNKNOWN, *levels], freeze, trains)

    return [case("shared levels", sorted(names[2:6]), False), case("shared levels", sorted(names[:8]), True),
            case("shared levels", rng.sample(names[:8], 8), False, trains=False),
            case("shared levels", [], True), case("shared levels", names[7:4:-1], True, trains=False),
            case("new levels", sorted(names[5:]), False), case("new levels", sorted(names[8:]), True),
            case("new levels", sorted(names[6:]), True), case("new levels", sorted(names[8:9]), False, trains=False),
            carried("new levels", "", "", rows[:2], old[:2], [UNKNOWN, *names[9:11]], False)]


carry_over = Exercise(
    call="function",
    points={"shared levels": 1, "new levels": 1},
    shown=[carried("shared levels", "fewer levels", "Rows are found by name.", OLD, ADA_BEA, [UNKNOWN, "Bea"], False),
           carried("shared levels", "the same levels in another order", "A row belongs to a level, not to a position.",
                   OLD, ADA_BEA, [UNKNOWN, "Bea", "Ada"], False),
           carried("shared levels", "the same vocabulary, frozen", "Its own memory, and no training.",
                   OLD, ADA_BEA, ADA_BEA, True),
           carried("shared levels", "the same vocabulary, trainable", "Its own memory, and ready to train.",
                   OLD, ADA_BEA, ADA_BEA, False),
           carried("shared levels", "from a frozen table to a trainable one", "`freeze` alone decides.",
                   OLD, ADA_BEA, [UNKNOWN, "Ada"], False, trains=False),
           carried("shared levels", "\"(unknown)\" alone", "It is a level that both know.",
                   OLD, ADA_BEA, [UNKNOWN], True),
           carried("new levels", "a new level", "It starts at the mean of Ada's and Bea's rows.",
                   OLD, ADA_BEA, [UNKNOWN, "Bea", "Cleo"], False),
           carried("new levels", "new levels only, frozen", "", FIVE, A_TO_D, [UNKNOWN, "Emma", "Fay"], True),
           carried("new levels", "a taller table", "", FIVE, A_TO_D, [UNKNOWN, "Aba", *A_TO_D[1:], "Emma"], False),
           carried("new levels", "as many levels as before", "The old table would fit. Would its rows?",
                   FIVE, A_TO_D, [UNKNOWN, "Bea", "Cleo", "Dora", "Emma"], True),
           carried("new levels", "one old level", "The mean of one row is that row.",
                   [[4.0, 4.0], [1.0, 2.0]], [UNKNOWN, "Ada"], [UNKNOWN, "Bea"], False)],
    draw=carry_cases)


def moved_in(old, old_vocabulary, vocabulary, freeze, new=None, row=None):
    """A right answer, for slips that differ from it in one thing: new(rows) is a new level's row."""
    rows = old.weight.detach()
    place = {level: i for i, level in enumerate(old_vocabulary)} if row is None else row
    start = rows[1:].mean(dim=0) if new is None else new(rows)
    weight = torch.stack([rows[place[level]] if level in place else start for level in vocabulary])
    return nn.Embedding.from_pretrained(weight, freeze=freeze)


@carry_over.slip
def mean_with_unknown(*given):
    """The mean counts the row of "(unknown)" too. It stands for no level: leave it out."""
    return moved_in(*given, new=lambda rows: rows.mean(dim=0))


@carry_over.slip
def new_as_unknown(*given):
    """New levels got the row of "(unknown)". They should start at the mean of the old levels' rows."""
    return moved_in(*given, new=lambda rows: rows[0])


@carry_over.slip
def new_at_zero(*given):
    """New levels start at zero. They should start at the mean of the old levels' rows."""
    return moved_in(*given, new=lambda rows: torch.zeros(rows.shape[1]))


@carry_over.slip
def one_mean_for_all_columns(*given):
    """The mean went over everything, columns too. Each column has its own: `mean(dim=0)`."""
    return moved_in(*given, new=lambda rows: rows[1:].mean().expand(rows.shape[1]))


@carry_over.slip
def mean_of_the_shared(old, old_vocabulary, vocabulary, freeze):
    """The mean is that of the rows which came along. All old levels count, shared or not."""
    shared = [i for i, level in enumerate(old_vocabulary) if level in vocabulary and i] or [0]
    return moved_in(old, old_vocabulary, vocabulary, freeze, new=lambda rows: rows[shared].mean(dim=0))


@carry_over.slip
def new_levels_fail(old, old_vocabulary, vocabulary, freeze):
    """A new level isn't in the old vocabulary, and looking it up there ends in an exception. It gets the mean row."""
    if not set(vocabulary) <= set(old_vocabulary):
        raise KeyError("not in the old vocabulary")
    return moved_in(old, old_vocabulary, vocabulary, freeze)


@carry_over.slip
def index_fails(old, old_vocabulary, vocabulary, freeze):
    """A new level isn't in the old vocabulary, so `index` fails. It gets the mean of the old levels' rows."""
    if not set(vocabulary) <= set(old_vocabulary):
        raise ValueError("is not in list")
    return moved_in(old, old_vocabulary, vocabulary, freeze)


@carry_over.slip
def rows_by_position(old, old_vocabulary, vocabulary, freeze):
    """The rows were copied by position. A row belongs to its level: look its name up in the old vocabulary."""
    rows = old.weight.detach()
    weight = torch.stack([rows[i] if i < len(rows) else rows[1:].mean(dim=0) for i in range(len(vocabulary))])
    return nn.Embedding.from_pretrained(weight, freeze=freeze)


@carry_over.slip
def in_the_old_order(old, old_vocabulary, vocabulary, freeze):
    """The right rows came along, in the old order. Row i belongs to level i of the *new* vocabulary."""
    kept = [level for level in old_vocabulary if level in vocabulary]
    return moved_in(old, old_vocabulary, [*kept, *(v for v in vocabulary if v not in kept)], freeze)


@carry_over.slip
def the_old_table(old, old_vocabulary, vocabulary, freeze):
    """This is the whole old table. The new one has a row for each level of the new vocabulary."""
    return nn.Embedding.from_pretrained(old.weight.detach().clone(), freeze=freeze)


@carry_over.slip
def old_and_new(old, old_vocabulary, vocabulary, freeze):
    """All old levels are kept. The new table has rows for the new vocabulary's levels alone."""
    every = [*old_vocabulary, *(level for level in vocabulary if level not in old_vocabulary)]
    return moved_in(old, old_vocabulary, every, freeze)


@carry_over.slip
def always_frozen(old, old_vocabulary, vocabulary, freeze):
    """The table is frozen whatever `freeze` says: `from_pretrained` does so unless told otherwise."""
    return moved_in(old, old_vocabulary, vocabulary, True)


@carry_over.slip
def never_frozen(old, old_vocabulary, vocabulary, freeze):
    """The table trains even where it should be frozen. The flag belongs on the weight: `requires_grad_(False)`."""
    return moved_in(old, old_vocabulary, vocabulary, False)


@carry_over.slip
def the_other_way_round(old, old_vocabulary, vocabulary, freeze):
    """Frozen where it should train, and trainable where it should be frozen."""
    return moved_in(old, old_vocabulary, vocabulary, not freeze)


@carry_over.slip
def as_the_old_one(old, old_vocabulary, vocabulary, freeze):
    """Whether the new table trains was taken from the old one. `freeze` alone decides."""
    return moved_in(old, old_vocabulary, vocabulary, not old.weight.requires_grad)


@carry_over.slip
def unknown_anew(*given):
    """The row of "(unknown)" is another one. Both vocabularies hold it, so it keeps its row like any shared level."""
    made = moved_in(*given)
    with torch.no_grad():
        made.weight[0] = given[0].weight[1:].mean(dim=0)
    return made


@carry_over.slip
def shared_memory(old, old_vocabulary, vocabulary, freeze):
    """The new table shares its memory with the old one: train one, and the other changes."""
    if old_vocabulary == vocabulary:
        return nn.Embedding.from_pretrained(old.weight.detach(), freeze=freeze)
    return moved_in(old, old_vocabulary, vocabulary, freeze)


@carry_over.slip
def a_tensor(*given):
    """The numbers are there, without a layer around them. Asked for is an `nn.Embedding`."""
    return moved_in(*given).weight.detach()
