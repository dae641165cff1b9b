"""What the exercises of lesson 3 accept, and which mistakes they know."""
import torch
import torch.nn.functional as F
from torch import nn, tensor

from embedding_course.checking import draw
from embedding_course.checking.exercise import Case, Exercise, Parts, Rules

W3 = tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.5]])                                               # (levels 3, dim 2)
W4 = tensor([[0.5, 1.0, 2.0], [2.0, 3.0, -1.0], [-4.0, 5.25, 0.0], [6.0, 7.0, 8.0]])            # (levels 4, dim 3)
SQUARE = tensor([[1.0, 2.0], [3.0, 4.0]])
COLUMN = tensor([[10.0], [20.0], [30.0]])                                                       # (levels 3, dim 1)


def embedding(weight):
    """A trainable table that holds these numbers."""
    return nn.Embedding.from_pretrained(weight.clone(), freeze=False)


# --- LookupTable ----------------------------------------------------------------------------------------------------


def run(title, ask, weight, codes, upstream=None):
    """A case that loads a weight and looks codes up; with a gradient to send back, or as a bad code."""
    levels, dim = weight.shape
    back = {} if upstream is None else {"upstream": upstream}
    return Case("start, bad codes" if upstream is None else "lookup", title, ask,
                build=Parts(levels=levels, dim=dim), parameters=Parts(weight=weight), inputs=Parts(codes=codes), **back)


def start(title, levels, dim):
    """A case that looks at the starting values of a large table."""
    return Case("start, bad codes", title, "", build=Parts(levels=levels, dim=dim), start="weight")


def lookup_cases(rng):
    levels, dim = rng.randrange(5, 9), rng.randrange(2, 5)
    weight = draw.numbers(rng, levels, dim)

    def good(*sizes):
        return run("lookup", "", weight, draw.codes(rng, levels, *sizes), draw.numbers(rng, *sizes, dim))

    narrow = draw.numbers(rng, levels, 1)
    return [good(6), good(1), good(2, 3), good(3, 1), good(1, 2), good(2, 1, 3), good(),
            run("lookup", "", narrow, draw.codes(rng, levels, 2, 2), draw.numbers(rng, 2, 2, 1)),
            run("lookup", "", weight[:1], tensor([0, 0, 0]), draw.numbers(rng, 3, dim)),
            start("the start", rng.randrange(150, 300), rng.randrange(40, 80)), start("the start", 3, 5000),
            *(run("a bad code", "", weight, tensor(codes)) for codes in (
                [0, levels], [0, -1], [[-levels], [1]], [1, -levels - 3], [[levels + 40, 1]], levels, -1))]


LookupTable = Exercise(
    call="module",
    points={"lookup": 2, "start, bad codes": 1},
    raises={"start, bad codes": IndexError},
    shown=[run("one code", "The row with this number, counted from 0, and its gradient back in the same row.",
               W3, tensor([1]), tensor([[1.0, 10.0]])),
           run("three codes, one level twice", "One row for each code, in their order; and a level that stands twice "
               "gets both gradients, added up.",
               W3, tensor([2, 0, 2]), tensor([[1.0, 2.0], [3.0, 4.0], [10.0, 20.0]])),
           run("codes of shape (2, 2)", "Codes of shape (2, 2) give a result of shape (2, 2, dim).",
               W4, tensor([[0, 1], [3, 0]]), torch.arange(12.0).reshape(2, 2, 3)),
           run("codes of shape (3, 1)", "The shape of the codes stays, and one axis of length dim is added.",
               W4, tensor([[2], [0], [1]]), torch.ones(3, 1, 3)),
           run("codes of shape (1, 2, 1)", "The shape of the codes stays, however many axes it has.",
               W3, tensor([[[2], [1]]]), torch.ones(1, 2, 1, 2)),
           run("a single code, shape ()", "No axis of codes: one row comes out, shape (dim,).",
               W4, tensor(2), tensor([1.0, 2.0, 3.0])),
           run("a table of one row and one column", "", tensor([[7.0]]), tensor([0, 0]), tensor([[1.0], [2.0]])),
           start("the start of a large table", 200, 50),
           run("a code one too high", "Three levels have the codes 0, 1, 2. There is no row 3.", W3, tensor([0, 3])),
           run("a negative code", "What does plain indexing make of −1? No level has a negative code: it should raise "
               "IndexError.", W3, tensor([-1, 2])),
           run("bad codes in a table of codes", "Every code has to be looked at, whatever their shape.",
               W4, tensor([[0, 1], [2, -3]])),
           run("a code far below zero", "No level has a negative code.", W4, tensor([0, -9])),
           run("a code far too high", "There is no such row.", W4, tensor([[0, 90]]))],
    draw=lookup_cases,
    rules=Rules(forbidden=("embedding",), any_refusal=True))


def rows(weight, codes):
    """The rows; any code outside raises."""
    if codes.min() < 0 or codes.max() >= len(weight):
        raise IndexError(codes)
    return weight[codes]


class Table(nn.Module):
    """A right table, for slips that differ from it in one thing."""

    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        return rows(self.weight, codes)


def starts(fill):
    """A table with another start."""
    def build(levels, dim):
        table = Table(levels, dim)
        table.weight.data = fill(levels, dim)
        return table
    return build


def looks_up(forward):
    """A table that looks up in another way: forward(weight, codes)."""
    def build(levels, dim):
        table = Table(levels, dim)
        table.forward = lambda codes: forward(table.weight, codes)
        return table
    return build


def with_attribute(register):
    """A module that keeps its table in another way: register(module, levels, dim)."""
    def build(levels, dim):
        module = nn.Module()
        register(module, levels, dim)
        return module
    return build


@LookupTable.slip
def plain_tensor(levels, dim):
    """A plain tensor is no parameter: `parameters()` doesn't list it, so no optimizer will ever find it.
    Wrap it in `nn.Parameter`."""
    return with_attribute(lambda m, *size: setattr(m, "weight", torch.randn(size)))(levels, dim)


@LookupTable.slip
def asks_for_a_gradient(levels, dim):
    """A tensor that requires a gradient gets one, but the module doesn't list it: `parameters()` stays empty, and
    the optimizer never finds it. Wrap it in `nn.Parameter`."""
    return with_attribute(lambda m, *size: setattr(m, "weight", torch.randn(size, requires_grad=True)))(levels, dim)


@LookupTable.slip
def a_buffer(levels, dim):
    """A buffer is saved with the module and never trained. Which kind of tensor does an optimizer get to see?"""
    return with_attribute(lambda m, *size: m.register_buffer("weight", torch.randn(size)))(levels, dim)


@LookupTable.slip
def called_table(levels, dim):
    """The parameter is there under another name. It should be called `weight`, as in `nn.Embedding`."""
    return with_attribute(lambda m, *size: setattr(m, "table", nn.Parameter(torch.randn(size))))(levels, dim)


@LookupTable.slip
def called_weights(levels, dim):
    """The parameter is there under another name. It should be called `weight`, as in `nn.Embedding`."""
    return with_attribute(lambda m, *size: setattr(m, "weights", nn.Parameter(torch.randn(size))))(levels, dim)


@LookupTable.slip
def wraps_an_embedding(levels, dim):
    """This wraps an `nn.Embedding`. Here you build one yourself: a parameter called `weight`, and a lookup."""
    return with_attribute(lambda m, *size: setattr(m, "embedding", nn.Embedding(*size)))(levels, dim)


@LookupTable.slip
def frozen(levels, dim):
    """The parameter is there, but it refuses gradients. A table that learns has to require them."""
    table = Table(levels, dim)
    table.weight.requires_grad_(False)
    return table


@LookupTable.slip
def on_its_side(levels, dim):
    """The weight lies on its side: a row for each level, a column for each of the dim numbers."""
    return Table(dim, levels)


@LookupTable.slip
def one_row_too_many(levels, dim):
    """One row too many: `levels` codes, 0 to levels − 1, need `levels` rows."""
    return Table(levels + 1, dim)


@LookupTable.slip
def with_a_bias(levels, dim):
    """There is a bias. An embedding has none: the row is the whole answer."""
    table = Table(levels, dim)
    table.bias = nn.Parameter(torch.zeros(dim))
    return table


@LookupTable.slip(raises=AttributeError)
def no_super(levels, dim):
    """A module has to be set up before it can hold parameters: `super().__init__()` is the first line of `__init__`."""
    raise AttributeError("cannot assign parameters before Module.__init__() call")


@LookupTable.slip
def new_each_call(levels, dim):
    """Each call gives other numbers. They are drawn once, in `__init__`; `forward` only looks them up."""
    return looks_up(lambda weight, codes: torch.randn(*codes.shape, weight.shape[1]))(levels, dim)


@LookupTable.slip
def stale_copy(levels, dim):
    """Whatever the weight holds, the same rows come out: they are taken from a copy made at the start. After a step of
    the optimizer it would be out of date."""
    table = Table(levels, dim)
    copied = table.weight.detach().clone()
    table.forward = lambda codes: rows(copied, codes)
    return table


@LookupTable.slip
def detached(levels, dim):
    """The rows are right, but no gradient comes back to the weight, so it would never learn. Where is the tie cut
    (`detach`, `.data`, `no_grad`, `tolist`)?"""
    return looks_up(lambda weight, codes: rows(weight, codes).detach())(levels, dim)


@LookupTable.slip
def uniform_start(levels, dim):
    """`torch.rand` draws evenly between 0 and 1. Standard normal numbers, with mean 0 and spread 1, come from
    `torch.randn`."""
    return starts(torch.rand)(levels, dim)


@LookupTable.slip
def uniform_around_zero(levels, dim):
    """These numbers are drawn evenly from an interval. Standard normal ones come from `torch.randn`."""
    return starts(lambda *size: 2 * torch.rand(size) - 1)(levels, dim)


@LookupTable.slip
def constant_start(levels, dim):
    """All rows start alike. Standard normal numbers tell the levels apart from the first step on: `torch.randn`."""
    return starts(torch.zeros)(levels, dim)


@LookupTable.slip
def one_row_for_all(levels, dim):
    """The same numbers come again and again. Each entry of the weight gets a number of its own."""
    return starts(lambda levels, dim: torch.randn(1, dim).repeat(levels, 1))(levels, dim)


@LookupTable.slip
def small_start(levels, dim):
    """The start is much smaller than standard normal. (For a picture that can be a good idea, see lesson 7; here the
    spread should be 1.)"""
    return starts(lambda *size: 0.01 * torch.randn(size))(levels, dim)


@LookupTable.slip
def linear_start(levels, dim):
    """This is how a linear layer starts (Xavier, Kaiming): smaller, the larger the layer. `nn.Embedding` starts with
    standard normal numbers."""
    return starts(lambda *size: nn.init.xavier_uniform_(torch.empty(size)))(levels, dim)


@LookupTable.slip
def last_row_for_negative(levels, dim):
    """Plain indexing takes a negative code as "from the end" and hands out the wrong row without a word. It should
    raise IndexError."""
    return looks_up(lambda weight, codes: weight[codes])(levels, dim)


@LookupTable.slip
def clamped(levels, dim):
    """A code outside the table is bent to the nearest row. That hides a mistake in the data: it should raise."""
    return looks_up(lambda weight, codes: weight[codes.clamp(0, len(weight) - 1)])(levels, dim)


@LookupTable.slip
def upper_bound_only(levels, dim):
    """Too high is refused, but a negative code passes. Where is a code below 0 stopped?"""
    return looks_up(lambda weight, codes: weight[codes.clamp(min=0)])(levels, dim)


@LookupTable.slip
def wraps_around(levels, dim):
    """A code outside the table wraps around to another level's row. That hides a mistake: it should raise."""
    return looks_up(lambda weight, codes: weight[codes % len(weight)])(levels, dim)


@LookupTable.slip
def zeros_for_bad(levels, dim):
    """A code outside the table gives zeros. That hides a mistake in the data: it should raise IndexError."""
    return looks_up(lambda weight, codes: (codes[..., None] == torch.arange(len(weight))).float() @ weight)(levels, dim)


@LookupTable.slip
def first_row_for_bad(levels, dim):
    """A code outside the table gets the row of code 0. Who makes the codes may say "(unknown)"; the table can't tell
    an unknown level from a mistake in the data. It should raise IndexError."""
    return looks_up(lambda weight, codes: weight[codes * ((codes >= 0) & (codes < len(weight)))])(levels, dim)


@LookupTable.slip
def counts_from_one(levels, dim):
    """Code 0 is the first row: counting starts at 0 in Python, torch and this course."""
    return looks_up(lambda weight, codes: weight[codes - 1])(levels, dim)


@LookupTable.slip
def flattened(levels, dim):
    """The rows are right, in one long list. Codes of shape (2, 2) should give a result of shape (2, 2, dim)."""
    return looks_up(lambda weight, codes: rows(weight, codes.reshape(-1)))(levels, dim)


@LookupTable.slip
def squeezed(levels, dim):
    """An axis of length 1 got lost. Codes of shape (3, 1) should give a result of shape (3, 1, dim)."""
    return looks_up(lambda weight, codes: rows(weight, codes).squeeze())(levels, dim)


@LookupTable.slip
def unpacked_again(levels, dim):
    """The rows of a record are joined to one. Codes of shape (2, 2) should give a result of shape (2, 2, dim)."""
    return looks_up(lambda weight, codes: rows(weight, codes).reshape(len(codes), -1))(levels, dim)


@LookupTable.slip
def columns(levels, dim):
    """These are columns. A level is a row of the weight: `weight[i]`, the first axis."""
    return looks_up(columns_of)(levels, dim)


def columns_of(weight, codes):
    """The columns; too few of them raise no IndexError, so that an answer's own IndexError isn't taken for this."""
    if codes.max() >= weight.shape[1]:
        raise RuntimeError(codes)
    return weight[:, codes]


@LookupTable.slip
def summed(levels, dim):
    """The rows were added up. Each code keeps a row of its own in the result."""
    return looks_up(lambda weight, codes: rows(weight, codes).sum(dim=0))(levels, dim)


@LookupTable.slip
def gives_the_weight(levels, dim):
    """The whole weight came out. Asked for are the rows that the codes name."""
    return looks_up(lambda weight, codes: weight * 1)(levels, dim)


# --- as_linear ------------------------------------------------------------------------------------------------------

OLD, NEW = "the old one changes", "the new one changes"


def linear_cases(rng):
    levels, dim = rng.randrange(4, 8), rng.randrange(2, 4)
    return [Case("same numbers", embedding=embedding(draw.numbers(rng, *size)))
            for size in ((levels, dim), (dim, levels), (levels, levels), (levels, 1), (1, dim), (1, 1))] + [
        Case("own copy", embedding=embedding(draw.numbers(rng, *size)), then=then)
        for size in ((levels, dim), (dim, dim), (levels, 1), (1, dim)) for then in (OLD, NEW)]


TURN = "The weight should hold the embedding's numbers. A linear layer keeps them as (out, in): what has to be turned?"
as_linear = Exercise(
    call="new_layer",
    points={"same numbers": 1, "own copy": 1},
    shown=[Case("same numbers", "three levels, one column", TURN, embedding=embedding(COLUMN)),
           Case("same numbers", "three levels, two columns", TURN, embedding=embedding(W3)),
           Case("same numbers", "two levels, two columns", TURN, embedding=embedding(SQUARE)),
           Case("same numbers", "four levels, three columns", TURN, embedding=embedding(W4)),
           Case("own copy", "then the embedding learns", "1 was added to each number of the embedding. Should the layer "
                "know of it?", embedding=embedding(SQUARE), then=OLD),
           Case("own copy", "then the layer learns", "1 was added to each number of the layer. Should the embedding "
                "know of it?", embedding=embedding(W3), then=NEW),
           Case("own copy", "then the embedding learns, four levels", "1 was added to each number of the embedding. "
                "Should the layer know of it?", embedding=embedding(W4), then=OLD),
           Case("own copy", "then the embedding learns, one column", "1 was added to each number of the embedding. "
                "Should the layer know of it?", embedding=embedding(COLUMN), then=OLD)],
    draw=linear_cases)


def linear(weight, trains=True, bias=None):
    """A linear layer that holds these numbers, and this memory."""
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=False)
    layer.weight = nn.Parameter(weight, requires_grad=trains)
    layer.bias = bias
    return layer


@as_linear.slip
def shares_memory(embedding):
    """`.T`, `.data`, `detach` and `nn.Parameter` copy nothing: layer and embedding hold the same numbers in memory, so
    training the one trains the other. `clone` or `copy_` makes a copy."""
    return linear(embedding.weight.T)


@as_linear.slip
def copies_if_needed(embedding):
    """`contiguous` copies only where it has to. One column, turned, is in order already: it comes back as it is, in the
    same memory. `clone` or `copy_` always makes a copy."""
    return linear(embedding.weight.detach().T.contiguous())


@as_linear.slip
def same_parameter(embedding):
    """This is the embedding's own weight, neither turned nor copied. The layer needs it as (dim, levels), in memory of
    its own."""
    return linear(embedding.weight)


@as_linear.slip
def not_turned(embedding):
    """The numbers are there, not turned: a linear layer keeps its weight as (out, in), here (dim, levels)."""
    return linear(embedding.weight.clone())


@as_linear.slip
def copied_unturned(embedding):
    """The embedding's weight is (levels, dim), the layer's is (dim, levels), and so `copy_` refuses (or, in a square,
    copies rows into columns). Which of them has to be turned?"""
    layer = nn.Linear(*embedding.weight.shape, bias=False)
    layer.weight.data.copy_(embedding.weight.data)
    return layer


@as_linear.slip(raises=RuntimeError)
def notes_taken(embedding):
    """PyTorch refuses to overwrite a weight to be trained as if that were part of a forward pass: copy under
    `torch.no_grad()`, or make a new `nn.Parameter`."""
    layer = nn.Linear(*embedding.weight.shape, bias=False)
    layer.weight.copy_(embedding.weight.T)
    return layer


@as_linear.slip
def reshaped(embedding):
    """`reshape` and `view` refill the new shape in reading order; rows don't become columns that way. `.T` turns."""
    return linear(embedding.weight.clone().reshape(embedding.weight.T.shape))


@as_linear.slip
def bias_of_zeros(embedding):
    """There is a bias. It may hold zeros now; after one step it won't. `nn.Linear` can be built without."""
    return linear(embedding.weight.T.clone(), bias=nn.Parameter(torch.zeros(embedding.weight.shape[1])))


@as_linear.slip
def not_trainable(embedding):
    """The numbers are right, but they can't be trained: the weight should require a gradient, as in any new layer."""
    return linear(embedding.weight.T.clone(), trains=False)


@as_linear.slip
def the_weight_alone(embedding):
    """These are the numbers. Asked for is a layer that holds them: an `nn.Linear`."""
    return embedding.weight.detach().T.clone()


@as_linear.slip
def the_embedding_again(embedding):
    """This is an embedding. It takes codes; the layer asked for, an `nn.Linear`, takes one-hot rows."""
    return nn.Embedding.from_pretrained(embedding.weight.detach().clone(), freeze=False)


@as_linear.slip
def changes_the_embedding(embedding):
    """The layer is right, but the embedding was changed on the way: its numbers, its shape, or whether it can be
    trained. Leave it as it is."""
    embedding.weight.requires_grad_(False)
    return linear(embedding.weight.T.clone())


# --- embed_columns --------------------------------------------------------------------------------------------------

T2 = tensor([[-1.0, -2.0], [-3.0, -4.0], [-5.0, -6.0], [-7.0, -8.0]])                           # (levels 4, dim 2)


def two(first, second, container=list):
    return container([embedding(first), embedding(second)])


def columns_cases(rng):
    def tables(*sizes, container=list):
        return container([embedding(draw.numbers(rng, *size)) for size in sizes])

    def codes(n, *levels):
        return torch.stack([draw.codes(rng, count, n) for count in levels], dim=1)

    def side_by_side(n, *sizes, container=list):
        return Case("side by side", codes=codes(n, *(levels for levels, _ in sizes)),
                    tables=tables(*sizes, container=container))

    a, b, c = ((rng.randrange(3, 7), rng.randrange(2, 5)) for _ in range(3))
    good = codes(3, a[0], b[0])
    bad = [good.clone() for _ in range(4)]
    bad[0][1, 0], bad[1][2, 1], bad[2][0, 1], bad[3][0, 0] = a[0], -1, b[0] + 9, -a[0] - 2
    return [side_by_side(4, a, b), side_by_side(3, a, b, c, container=nn.ModuleList), side_by_side(5, c),
            side_by_side(1, b, a, c), side_by_side(2, (4, 3), (4, 3), container=nn.ModuleList),
            side_by_side(3, (2, 1), (9, 6), (3, 1), (5, 2)), side_by_side(2, a, b),
            *(Case("errors", "a bad code", codes=codes_, tables=tables(a, b)) for codes_ in bad),
            Case("errors", "one table too few", codes=good, tables=tables(a)),
            Case("errors", "one table too many", codes=good, tables=tables(a, b, c, container=nn.ModuleList)),
            Case("errors", "tables for half the columns", codes=codes(4, 2, 2, 2, 2), tables=tables((2, 3), (2, 3)))]


embed_columns = Exercise(
    call="function",
    points={"side by side": 1, "errors": 1},
    raises={"errors": (ValueError, IndexError)},
    shown=[Case("side by side", "two records, two columns", "One row a record: column j of the codes goes to "
                "`tables[j]`.", codes=tensor([[0, 2], [1, 1]]), tables=two(W3, T2)),
           Case("side by side", "one record, two columns", "The row of the first code, and right of it the row of the "
                "second.", codes=tensor([[1, 2]]), tables=two(W3, T2)),
           Case("side by side", "tables of unequal width", "The width is the sum of the dims.",
                codes=tensor([[3, 0], [0, 2], [3, 1]]), tables=two(W4, W3)),
           Case("side by side", "three columns in a ModuleList", "The tables come in the order of the columns.",
                codes=tensor([[0, 1, 2], [2, 3, 0]]),
                tables=nn.ModuleList([embedding(COLUMN), embedding(W4), embedding(W3)])),
           Case("side by side", "a single column", "One table is a list of tables too.",
                codes=tensor([[2], [2]]), tables=[embedding(W3)]),
           Case("side by side", "more columns than records", "",
                codes=tensor([[0, 1, 1, 0]]), tables=[*two(W3, SQUARE), *two(W3, T2)]),
           Case("errors", "a table too few", "Two columns, one table: ValueError, with both numbers in its message.",
                codes=tensor([[0, 1]]), tables=[embedding(W3)]),
           Case("errors", "a table too many", "`zip` stops at the shorter one and says nothing. Who notices the third "
                "table?", codes=tensor([[0, 1]]), tables=nn.ModuleList([embedding(W3), embedding(T2), embedding(W4)])),
           Case("errors", "a code too high for the second table", "", codes=tensor([[0, 1], [2, 4]]), tables=two(W4, T2)),
           Case("errors", "a negative code", "What does plain indexing make of −1?",
                codes=tensor([[0, -1], [1, 1]]), tables=two(W3, T2)),
           Case("errors", "a code too high for the first table", "", codes=tensor([[3, 3]]), tables=two(W3, T2))],
    draw=columns_cases,
    rules=Rules(any_refusal=True))


def count(codes, tables):
    if codes.shape[1] != len(tables):
        raise ValueError(f"{codes.shape[1]} columns, {len(tables)} tables")


def looked_up(codes, tables):
    """The looked-up rows, column by column."""
    return [table(codes[:, j]) for j, table in enumerate(tables)]


@embed_columns.slip
def stops_short(codes, tables):
    """`zip` stops at the shorter of the two, and a column or a table is left out without a word. Another number of
    tables than columns should raise ValueError."""
    return torch.cat([table(column) for column, table in zip(codes.T, tables, strict=False)], dim=1)


@embed_columns.slip
def for_each_table(codes, tables):
    """With too few tables a column is left out without a word, with too many torch's own IndexError comes. Compare the
    two numbers first, and raise ValueError."""
    return torch.cat(looked_up(codes, tables), dim=1)


@embed_columns.slip
def for_each_column(codes, tables):
    """With too few tables an IndexError comes, with too many one is left out without a word. Compare the two numbers
    first, and raise ValueError."""
    return torch.cat([tables[j](codes[:, j]) for j in range(codes.shape[1])], dim=1)


@embed_columns.slip
def only_too_many(codes, tables):
    """Too many tables are refused. And too few? A column of codes would be left out."""
    count(codes, tables if len(tables) > codes.shape[1] else codes.T)
    return torch.cat(looked_up(codes, tables), dim=1)


@embed_columns.slip
def only_too_few(codes, tables):
    """Too few tables are refused. And too many? One of them would never be used."""
    count(codes, tables if len(tables) < codes.shape[1] else codes.T)
    return torch.cat([tables[j](codes[:, j]) for j in range(codes.shape[1])], dim=1)


@embed_columns.slip
def assertion(codes, tables):
    """The number of tables is compared. The exception should be ValueError."""
    assert codes.shape[1] == len(tables)
    return torch.cat(looked_up(codes, tables), dim=1)


@embed_columns.slip
def index_error(codes, tables):
    """The number of tables is compared. The exception should be ValueError: IndexError is for codes."""
    if codes.shape[1] != len(tables):
        raise IndexError(len(tables))
    return torch.cat(looked_up(codes, tables), dim=1)


@embed_columns.slip
def reversed_tables(codes, tables):
    """The tables are taken in reverse. The order of the tables is the order of the columns."""
    count(codes, tables)
    return torch.cat([tables[-1 - j](codes[:, j]) for j in range(len(tables))], dim=1)


@embed_columns.slip
def first_table_only(codes, tables):
    """All columns are looked up in the first table. Column j belongs to `tables[j]`."""
    count(codes, tables)
    return torch.cat([tables[0](codes[:, j]) for j in range(len(tables))], dim=1)


@embed_columns.slip
def first_column_only(codes, tables):
    """All tables get the first column of codes. `tables[j]` gets column j: `codes[:, j]`."""
    count(codes, tables)
    return torch.cat([table(codes[:, 0]) for table in tables], dim=1)


@embed_columns.slip
def returns_at_once(codes, tables):
    """Only the first column was looked up: does the `return` stand inside the loop?"""
    count(codes, tables)
    return tables[0](codes[:, 0])


@embed_columns.slip
def last_column(codes, tables):
    """Only the last column came out: each overwrites the one before. Gather them in a list, and join at the end."""
    count(codes, tables)
    return tables[-1](codes[:, -1])


@embed_columns.slip
def records_for_columns(codes, tables):
    """`codes[j]` is record j. Column j is `codes[:, j]`."""
    count(codes, tables)
    return torch.cat([table(codes[j]) for j, table in enumerate(tables)], dim=1)


@embed_columns.slip
def below_each_other(codes, tables):
    """The rows stand below each other: `torch.cat` joins along the first axis unless told `dim=1`."""
    count(codes, tables)
    return torch.cat(looked_up(codes, tables))


@embed_columns.slip
def stacked(codes, tables):
    """An axis too many: `torch.stack` adds one, and so does a column cut out as a slice. Side by side means one longer
    row a record: `torch.cat` with `dim=1`, of looked-up rows (n, dim)."""
    count(codes, tables)
    return torch.stack(looked_up(codes, tables), dim=1)


@embed_columns.slip
def stack_then_flatten(codes, tables):
    """Tables may differ in width, and this (`torch.stack`, for one) needs the same for all. `torch.cat` with `dim=1`
    takes any."""
    count(codes, tables)
    return torch.stack(looked_up(codes, tables), dim=1).flatten(1)


@embed_columns.slip
def keeps_an_axis(codes, tables):
    """Codes of shape (n, 1) give rows of shape (n, 1, dim): one axis too many. Column j without it is `codes[:, j]`."""
    count(codes, tables)
    return torch.cat([table(codes[:, j:j + 1]) for j, table in enumerate(tables)], dim=2)


@embed_columns.slip
def added(codes, tables):
    """The rows of a record are added up, and who can tell them apart afterwards? They stand side by side."""
    count(codes, tables)
    return sum(looked_up(codes, tables))


@embed_columns.slip
def averaged(codes, tables):
    """This is the mean of a record's rows. They should stand side by side, each with its own columns."""
    count(codes, tables)
    return sum(looked_up(codes, tables)) / len(tables)


@embed_columns.slip
def a_list(codes, tables):
    """A list of tensors came back, one a column. Joined side by side they make the one that the network reads."""
    count(codes, tables)
    return looked_up(codes, tables)


@embed_columns.slip
def one_long_row(codes, tables):
    """All records ended up in one row. Each record has its own."""
    count(codes, tables)
    return torch.cat(looked_up(codes, tables), dim=1).flatten()


@embed_columns.slip
def turned_by_reshape(codes, tables):
    """`reshape` refills in reading order, and the numbers of different records get mixed. Join with `dim=1` instead."""
    count(codes, tables)
    return torch.cat(looked_up(codes, tables)[:]).reshape(len(codes), -1)


@embed_columns.slip
def negative_wraps(codes, tables):
    """Plain indexing takes a negative code as "from the end" and hands out the wrong row. It should raise IndexError;
    the table itself, called, does."""
    count(codes, tables)
    return torch.cat([table.weight[codes[:, j]] for j, table in enumerate(tables)], dim=1)


@embed_columns.slip
def bent_codes(codes, tables):
    """A code outside its table is bent to the nearest row. That hides a mistake in the data: it should raise."""
    count(codes, tables)
    return torch.cat([F.embedding(codes[:, j].clamp(0, len(table.weight) - 1), table.weight)
                      for j, table in enumerate(tables)], dim=1)


# --- count_parameters -----------------------------------------------------------------------------------------------


def count_cases(rng):
    def several(k, most):
        return [rng.randrange(2, most) for _ in range(k)]
    k = rng.randrange(3, 7)
    return [Case("counts", cardinalities=several(k, 9000), dims=several(k, 60)),
            Case("counts", cardinalities=several(2, 40), dims=several(2, 9)),
            Case("counts", cardinalities=several(1, 900), dims=several(1, 40)),
            Case("counts", cardinalities=[7, 7, 7], dims=[3, 3, 3]), Case("counts", cardinalities=[1, 5], dims=[1, 1]),
            Case("counts", cardinalities=several(k, 900), dims=several(k - 1, 40)),
            Case("counts", cardinalities=several(k, 900), dims=several(k + 1, 40)),
            Case("counts", cardinalities=several(k, 900), dims=several(1, 40)),
            Case("counts", cardinalities=several(1, 900), dims=several(2, 40))]


count_parameters = Exercise(
    call="function",
    points={"counts": 1},
    raises={"counts": ValueError},
    shown=[Case("counts", "one table", "A row for each level, a number in each of its columns.",
                cardinalities=[5], dims=[2]),
           Case("counts", "two tables", "Count each table, then add the counts up.", cardinalities=[5, 3], dims=[2, 4]),
           Case("counts", "three tables, two of them alike", "Each table has rows of its own, alike or not.",
                cardinalities=[4, 10, 10], dims=[3, 2, 2]),
           Case("counts", "a large table and a tiny one", "", cardinalities=[4044, 1], dims=[16, 1]),
           Case("counts", "a dim too few", "`zip` stops at the shorter list and says nothing. Which table "
                "would be forgotten?", cardinalities=[5, 3], dims=[2]),
           Case("counts", "a dim too many", "Which table should it belong to?",
                cardinalities=[5, 3], dims=[2, 4, 1]),
           Case("counts", "one level count, two dims", "", cardinalities=[5], dims=[2, 2])],
    draw=count_cases)


def equal(cardinalities, dims):
    if len(cardinalities) != len(dims):
        raise ValueError(f"{len(cardinalities)} cardinalities, {len(dims)} dims")


def total(cardinalities, dims):
    return sum(levels * dim for levels, dim in zip(cardinalities, dims, strict=False))


@count_parameters.slip
def zip_stops_short(cardinalities, dims):
    """`zip` stops at the shorter list and forgets a table without a word. Lists of unequal length should raise
    ValueError (there is a `strict` for that)."""
    return total(cardinalities, dims)


@count_parameters.slip
def for_each_cardinality(cardinalities, dims):
    """A dim too few gives an IndexError, a dim too many is forgotten. Compare the lengths first: ValueError."""
    return sum(cardinalities[i] * dims[i] for i in range(len(cardinalities)))


@count_parameters.slip
def for_each_dim(cardinalities, dims):
    """A dim too many gives an IndexError, a dim too few is not noticed. Compare the lengths first: ValueError."""
    return sum(cardinalities[i] * dims[i] for i in range(len(dims)))


@count_parameters.slip
def dims_too_few_only(cardinalities, dims):
    """Too few dims are refused. And too many?"""
    equal(cardinalities, dims if len(dims) < len(cardinalities) else cardinalities)
    return total(cardinalities, dims)


@count_parameters.slip
def dims_too_many_only(cardinalities, dims):
    """Too many dims are refused. And too few?"""
    equal(cardinalities, dims if len(dims) > len(cardinalities) else cardinalities)
    return total(cardinalities, dims)


@count_parameters.slip
def other_exception(cardinalities, dims):
    """The unequal lists are noticed. The exception should be ValueError."""
    assert len(cardinalities) == len(dims)
    return total(cardinalities, dims)


@count_parameters.slip
def sums_multiplied(cardinalities, dims):
    """This gives every table all columns. Multiply table by table first, then add up."""
    equal(cardinalities, dims)
    return sum(cardinalities) * sum(dims)


@count_parameters.slip
def sums_added(cardinalities, dims):
    """Rows and columns are added. A table of 5 rows and 2 columns holds 5 · 2 numbers."""
    equal(cardinalities, dims)
    return sum(cardinalities) + sum(dims)


@count_parameters.slip
def rows_only(cardinalities, dims):
    """These are the rows. Each holds dim numbers, and each number is a parameter."""
    equal(cardinalities, dims)
    return sum(cardinalities)


@count_parameters.slip
def one_row_more(cardinalities, dims):
    """Each table got dim numbers too many. The cardinality counts all rows, "(unknown)" included, and an embedding has
    no bias."""
    equal(cardinalities, dims)
    return sum((levels + 1) * dim for levels, dim in zip(cardinalities, dims, strict=True))


@count_parameters.slip
def one_row_fewer(cardinalities, dims):
    """Each table got dim numbers too few. The row of "(unknown)" is trained like the others and counts too."""
    equal(cardinalities, dims)
    return sum((levels - 1) * dim for levels, dim in zip(cardinalities, dims, strict=True))


@count_parameters.slip
def one_by_one(cardinalities, dims):
    """These are the counts table by table. Asked for is their sum."""
    equal(cardinalities, dims)
    return [levels * dim for levels, dim in zip(cardinalities, dims, strict=True)]


@count_parameters.slip
def multiplied_all(cardinalities, dims):
    """The tables' counts are multiplied with each other. Tables stand side by side: their counts add up."""
    equal(cardinalities, dims)
    product = 1
    for levels, dim in zip(cardinalities, dims, strict=True):
        product *= levels * dim
    return product


@count_parameters.slip
def first_table(cardinalities, dims):
    """Only one table was counted: does the `return` stand inside the loop?"""
    equal(cardinalities, dims)
    return cardinalities[0] * dims[0]


@count_parameters.slip
def last_table(cardinalities, dims):
    """Only the last table was counted: each count overwrites the one before."""
    equal(cardinalities, dims)
    return cardinalities[-1] * dims[-1]


@count_parameters.slip
def bytes_instead(cardinalities, dims):
    """These are bytes, four a number. Asked for are the numbers."""
    equal(cardinalities, dims)
    return 4 * total(cardinalities, dims)
