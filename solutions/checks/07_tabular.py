"""What the exercises of lesson 7 accept, and which mistakes they know."""
import math

import torch
from torch import nn, tensor

from embedding_course.checking import draw
from embedding_course.checking.exercise import Case, Exercise, Parts, Rules

# --- TabularModel ---------------------------------------------------------------------------------------------------

A = tensor([[1.0, 2.0], [3.0, -4.0], [-5.0, 6.5]])                                              # (levels 3, dim 2)
B = tensor([[10.0], [-20.0]])                                                                   # (levels 2, dim 1)
C = tensor([[0.5, 1.0, 2.0], [2.0, 3.0, -1.0], [-4.0, 5.25, 0.0], [6.0, 7.0, 8.0]])             # (levels 4, dim 3)


def quarters(*sizes):
    """Numbers of both signs that every CPU adds up alike, float (sizes)."""
    n = torch.Size(sizes).numel()
    return ((torch.arange(n) * 7 % 11 - 5) / 4).reshape(sizes)


def layers_of(inputs, hidden, fill):
    """Weights and biases of linear layers from `inputs` to one output, as a list."""
    widths = [inputs, *hidden, 1]
    return [fill(*size) for a, b in zip(widths[:-1], widths[1:], strict=True) for size in ((b, a), (b,))]


def run(group, title, ask, tables, codes, numbers, hidden, fill=quarters, upstream=None):
    """A case that loads tables and layers; with a gradient to send back, or without one where it should raise."""
    cardinalities, dims = [len(table) for table in tables], [table.shape[1] for table in tables]
    continuous = numbers.shape[1]
    back = {} if upstream is None else {"upstream": upstream}
    return Case(group, title, ask,
                build=Parts(cardinalities=cardinalities, dims=dims, continuous=continuous, hidden=hidden),
                tables=tables, layers=layers_of(sum(dims) + continuous, hidden, fill),
                inputs=Parts(codes=codes, numbers=numbers), **back)


def model_cases(rng):
    def fresh(group, n, sizes, continuous, hidden, bad=None):
        tables = [draw.numbers(rng, *size) for size in sizes]
        codes = torch.stack([draw.codes(rng, size[0], n) for size in sizes], dim=1)
        codes[0, 0], codes[-1, -1] = 0, len(tables[-1]) - 1
        if bad is not None:
            codes[rng.randrange(n), bad[0]] = bad[1]
        return run(group, "", "", tables, codes, draw.numbers(rng, n, continuous), hidden,
                   lambda *size: draw.numbers(rng, *size), None if bad else draw.numbers(rng, n))

    a, b, c = ((rng.randrange(3, 7), rng.randrange(2, 5)) for _ in range(3))
    return [fresh("side by side", 5, [a, b], 2, [4]), fresh("side by side", 6, [a, b, c], 1, [7, 5, 3]),
            fresh("side by side", 4, [c], 3, [3, 3]), fresh("side by side", 3, [(4, 2), (4, 2)], 2, [6, 6, 6]),
            fresh("side by side", 2, [a, a], 1, [1, 1]),
            fresh("edges", 4, [a, b], 2, []), fresh("edges", 3, [b, c], 0, [4]), fresh("edges", 1, [a, b], 2, [3]),
            fresh("edges", 1, [a], 0, []), fresh("edges", 1, [(1, 1)], 1, [1]), fresh("edges", 3, [(2, 3), a], 0, []),
            fresh("edges", 3, [a, b], 1, [2], (0, a[0])), fresh("edges", 3, [a, b], 1, [2], (1, -1)),
            fresh("edges", 2, [b], 0, [2], (0, -b[0])), fresh("edges", 4, [c, a], 2, [], (1, a[0] + 9))]


BESIDE = "The rows of the first column, of the second, then the numbers; Linear, ReLU, Linear, one number a record."
TabularModel = Exercise(
    call="tabular_model",
    points={"side by side": 2, "edges": 1},
    raises={"edges": IndexError},
    rules=Rules(any_refusal=True),
    shown=[run("side by side", "one column, one number, one layer between", BESIDE, [A], tensor([[1], [2]]),
               tensor([[2.0], [-1.0]]), [2], upstream=tensor([1.0, 10.0])),
           run("side by side", "two columns, two numbers", BESIDE, [A, B], tensor([[0, 1], [2, 0], [1, 1]]),
               tensor([[1.0, -2.0], [0.5, 4.0], [3.0, 0.0]]), [4], upstream=tensor([1.0, 2.0, 4.0])),
           run("side by side", "two columns with tables of one shape", "Which column goes with which table?",
               [A, A + 8], tensor([[0, 1], [2, 0]]), tensor([[1.0], [0.5]]), [3], upstream=tensor([1.0, 2.0])),
           run("side by side", "three layers between", "After each layer between, ReLU; after the last, none.",
               [A, B, C], tensor([[0, 1, 3], [2, 0, 0]]), tensor([[1.0], [-2.0]]), [5, 4, 3],
               upstream=tensor([1.0, -1.0])),
           run("side by side", "two layers of one width", "Each layer has weights of its own.", [A],
               tensor([[0], [1]]), tensor([[1.0], [-2.0]]), [3, 3], upstream=tensor([1.0, -1.0])),
           run("edges", "no layer between", "One linear layer from the joined row to the result, and no ReLU.", [A, B],
               tensor([[0, 1], [2, 0]]), tensor([[1.0], [-2.0]]), [], upstream=tensor([1.0, 10.0])),
           run("edges", "no continuous columns", "`numbers` has the shape (n, 0).", [A, B],
               tensor([[0, 1], [2, 0]]), torch.zeros(2, 0), [3], upstream=tensor([1.0, 10.0])),
           run("edges", "a single record", "One record gives a result of shape (1,).", [A, B], tensor([[2, 1]]),
               tensor([[1.0]]), [2], upstream=tensor([2.0])),
           run("edges", "a single record, one column, no numbers", "One record gives a result of shape (1,).", [A],
               tensor([[1]]), torch.zeros(1, 0), [], upstream=tensor([2.0])),
           run("edges", "a code one too high", "Three levels have the codes 0, 1, 2.", [A], tensor([[0], [3]]),
               tensor([[1.0], [2.0]]), [2]),
           run("edges", "a negative code", "No level has a negative code: it should raise IndexError.", [A, B],
               tensor([[0, -1], [1, 0]]), tensor([[1.0], [2.0]]), [2])],
    draw=model_cases)


class Right(nn.Module):
    """A right model, for slips that differ from it in one thing."""

    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(*size) for size in zip(cardinalities, dims, strict=True)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([self.layer(*size) for size in zip(widths[:-1], widths[1:], strict=True)])

    def layer(self, inputs, outputs):
        return nn.Linear(inputs, outputs)

    def join(self, rows, numbers):
        return torch.cat([*rows, numbers], dim=1)

    def between(self, x):
        return torch.relu(x)

    def last(self, x):
        return x

    def rows(self, codes):
        return [table(codes[:, j]) for j, table in enumerate(self.embeddings)]

    def forward(self, codes, numbers):
        x = self.join(self.rows(codes), numbers)
        for layer in self.layers[:-1]:
            x = self.between(layer(x))
        return self.last(self.layers[-1](x)).squeeze(1)


@TabularModel.slip
def plain_list(cardinalities, dims, continuous, hidden):
    """The tables stand in a plain Python list: `parameters()` doesn't see them, and no optimizer will train them.
    `nn.ModuleList` shows them."""
    model = Right(cardinalities, dims, continuous, hidden)
    tables = [*model.embeddings]
    del model.embeddings
    model.embeddings = tables
    return model


@TabularModel.slip
def other_name(cardinalities, dims, continuous, hidden):
    """The tables should stand in an `nn.ModuleList` called `embeddings`; under that name there is nothing."""
    model = Right(cardinalities, dims, continuous, hidden)
    model.tables = model.embeddings
    del model.embeddings
    model.rows = lambda codes: [table(codes[:, j]) for j, table in enumerate(model.tables)]
    return model


@TabularModel.slip
def numbers_first(cardinalities, dims, continuous, hidden):
    """The numbers come first here. The embedded columns come first, then the continuous ones."""
    model = Right(cardinalities, dims, continuous, hidden)
    model.join = lambda rows, numbers: torch.cat([numbers, *rows], dim=1)
    return model


@TabularModel.slip
def without_numbers(cardinalities, dims, continuous, hidden):
    """The continuous columns are left out: the first layer should have the sum of dims *and* `continuous` inputs."""
    model = Right(cardinalities, dims, 0, hidden)
    model.join = lambda rows, numbers: torch.cat(rows, dim=1)
    return model


@TabularModel.slip
def column_of_predictions(cardinalities, dims, continuous, hidden):
    """The last layer gives (n, 1). Asked for is (n,): one number a record, without an axis of length 1. Minus targets
    of shape (n,) the column would make an (n, n) table of errors, without a warning to stop you."""
    model = Right(cardinalities, dims, continuous, hidden)
    model.last = lambda x: x.unsqueeze(2)
    return model


@TabularModel.slip
def squeezes_all(cardinalities, dims, continuous, hidden):
    """`squeeze()` takes away every axis of length 1: with a single record the record's axis too. Which axis do you
    mean?"""
    model = Right(cardinalities, dims, continuous, hidden)
    forward = model.forward
    model.forward = lambda codes, numbers: forward(codes, numbers).squeeze()
    return model


@TabularModel.slip
def relu_at_the_end(cardinalities, dims, continuous, hidden):
    """There is a ReLU after the last layer, so no prediction is ever below 0. ReLU stands between layers."""
    model = Right(cardinalities, dims, continuous, hidden)
    model.last = torch.relu
    return model


@TabularModel.slip
def no_relu(cardinalities, dims, continuous, hidden):
    """There is no ReLU between the layers: two linear layers in a row are one linear layer."""
    model = Right(cardinalities, dims, continuous, hidden)
    model.between = lambda x: x
    return model


@TabularModel.slip
def relu_first(cardinalities, dims, continuous, hidden):
    """A ReLU stands in front of the first layer too: it wipes out whatever is negative in rows and numbers."""
    model = Right(cardinalities, dims, continuous, hidden)
    model.join = lambda rows, numbers: torch.relu(torch.cat([*rows, numbers], dim=1))
    return model


@TabularModel.slip
def relu_on_rows(cardinalities, dims, continuous, hidden):
    """The looked-up rows go through a ReLU. Between the lookup and the first layer nothing happens."""
    model = Right(cardinalities, dims, continuous, hidden)
    model.join = lambda rows, numbers: torch.cat([torch.relu(torch.cat(rows, dim=1)), numbers], dim=1)
    return model


@TabularModel.slip
def without_bias(cardinalities, dims, continuous, hidden):
    """The linear layers have no bias. Here they have one, as `nn.Linear` makes them."""
    class Model(Right):
        def layer(self, inputs, outputs):
            return nn.Linear(inputs, outputs, bias=False)
    return Model(cardinalities, dims, continuous, hidden)


@TabularModel.slip
def one_row_more(cardinalities, dims, continuous, hidden):
    """One row too many in each table: `cardinalities` counts all levels, "(unknown)" included."""
    return Right([levels + 1 for levels in cardinalities], dims, continuous, hidden)


@TabularModel.slip
def one_layer_less(cardinalities, dims, continuous, hidden):
    """The last width in `hidden` is taken for the output. After it comes one more layer, with one output."""
    return Right(cardinalities, dims, continuous, hidden[:-1])


@TabularModel.slip
def first_width_only(cardinalities, dims, continuous, hidden):
    """Only the first width in `hidden` becomes a layer. It may hold several, and none."""
    return Right(cardinalities, dims, continuous, hidden[:1])


@TabularModel.slip
def one_table_for_all(cardinalities, dims, continuous, hidden):
    """All columns are looked up in the first table. Column j belongs to table j."""
    model = Right(cardinalities, dims, continuous, hidden)
    model.rows = lambda codes: [model.embeddings[0](codes[:, j]) for j in range(codes.shape[1])]
    return model


@TabularModel.slip
def first_column_for_all(cardinalities, dims, continuous, hidden):
    """Every table looks up the first column. Table j belongs to column j."""
    model = Right(cardinalities, dims, continuous, hidden)
    model.rows = lambda codes: [table(codes[:, 0]) for table in model.embeddings]
    return model


@TabularModel.slip
def with_dropout(cardinalities, dims, continuous, hidden):
    """Each call gives other numbers: there is dropout, or something else at random. Asked for is nothing but tables,
    linear layers and ReLU."""
    model = Right(cardinalities, dims, continuous, hidden)
    model.join = lambda rows, numbers: torch.cat([*rows, numbers], dim=1) * torch.randn(1)
    return model


@TabularModel.slip
def detached(cardinalities, dims, continuous, hidden):
    """The predictions are right, but no gradient comes back to the tables, so they would never learn. Where is the tie
    cut (`detach`, `.data`, `no_grad`)?"""
    model = Right(cardinalities, dims, continuous, hidden)
    model.rows = lambda codes: [table(codes[:, j]).detach() for j, table in enumerate(model.embeddings)]
    return model


@TabularModel.slip
def frozen(cardinalities, dims, continuous, hidden):
    """The predictions are right, but the tables can't be trained: they refuse gradients (`freeze`, `requires_grad`)."""
    model = Right(cardinalities, dims, continuous, hidden)
    model.embeddings.requires_grad_(False)
    return model


@TabularModel.slip
def padded(cardinalities, dims, continuous, hidden):
    """Row 0 gets no gradient: `padding_idx` keeps it from learning. Here row 0 is "(unknown)", and hidden codes should
    train it."""
    model = Right(cardinalities, dims, continuous, hidden)
    for table in model.embeddings:
        table.padding_idx = 0
    return model


@TabularModel.slip(raises=AttributeError)
def no_super(cardinalities, dims, continuous, hidden):
    """A module has to be set up before it can hold others: `super().__init__()` is the first line of `__init__`."""
    raise AttributeError("cannot assign module before Module.__init__() call")


@TabularModel.slip
def plain_layers(cardinalities, dims, continuous, hidden):
    """The linear layers can't be found: they stand in a plain Python list, which hides them from `parameters()` as it
    would hide tables."""
    model = Right(cardinalities, dims, continuous, hidden)
    layers = [*model.layers]
    del model.layers
    model.layers = layers
    return model


# --- standardize ----------------------------------------------------------------------------------------------------


def part_cases(rng):
    def case(group, train, other):
        return Case(group, train=train, other=other)

    n, m, k = rng.randrange(4, 8), rng.randrange(2, 5), rng.randrange(2, 4)
    scale = 10.0 ** rng.randrange(1, 3)
    train, other = scale * draw.numbers(rng, n, k) + rng.uniform(-9, 9), scale * draw.numbers(rng, m, k)
    cases = [case("scaled", train, other), case("scaled", draw.numbers(rng, n, 1), draw.numbers(rng, 1, 1)),
             case("scaled", draw.numbers(rng, n, k) * 1e-6, draw.numbers(rng, n, k) * 1e-6),
             case("scaled", draw.numbers(rng, 2, k), draw.numbers(rng, 9, k))]
    for n, constant in ((3, 0.1), (7, 0.1), (9, rng.uniform(0.2, 0.9)), (6, 1e6 + 0.3), (5, -3e30), (4, 0.0),
                        (3, 1e-30)):
        train, other = draw.numbers(rng, n, 3), draw.numbers(rng, 4, 3)
        train[:, 1] = constant
        cases.append(case("scaled", train, other))
    train = draw.numbers(rng, 5, 2)
    other = draw.numbers(rng, 3, 2)
    other[:, 0] = 0.7
    cases += [case("scaled", rough(rng, n), draw.numbers(rng, 3, 1)) for n in (3, 7, 10, 30)]
    return [*cases, case("scaled", train, other), case("scaled", draw.numbers(rng, 1, 2), draw.numbers(rng, 3, 2)),
            case("scaled", torch.full((3, 1), 0.1), torch.full((2, 1), 0.1))]


def rough(rng, n):
    """A constant column (n, 1) whose mean in floats is not that constant."""
    column = torch.full((n, 1), rng.uniform(0.1, 0.9))
    while column.mean() == column[0]:
        column = torch.full((n, 1), rng.uniform(0.1, 0.9))
    return column


FIVE = tensor([[1.0], [3.0], [1.0], [3.0]])
standardize = Exercise(
    call="function",
    points={"scaled": 1},
    shown=[Case("scaled", "one column", "Minus the training mean, divided by the training standard deviation.",
                train=tensor([[1.0], [3.0]]), other=tensor([[5.0]])),
           Case("scaled", "two columns", "Each column has a mean and a standard deviation of its own.",
                train=tensor([[0.0, 10.0], [4.0, 30.0], [0.0, 10.0], [4.0, 30.0]]),
                other=tensor([[2.0, 10.0], [8.0, 50.0]])),
           Case("scaled", "the other part is constant", "Only the training part decides what is constant.",
                train=FIVE, other=tensor([[4.0], [4.0]])),
           Case("scaled", "a column that is constant in training", "It tells nothing: zeros in both parts.",
                train=torch.cat([FIVE, torch.full((4, 1), 5.0)], dim=1), other=tensor([[2.0, 5.0], [2.0, 7.0]])),
           Case("scaled", "three times 0.9", "Three times 0.9 is constant, whatever its mean comes to in floats. How "
                "can you tell without computing?", train=torch.full((3, 1), 0.9), other=tensor([[0.5], [-2.0]])),
           Case("scaled", "three times 1.7, beside zeros", "All values equal: constant, whatever the value.",
                train=torch.cat([torch.full((3, 1), 1.7), torch.zeros(3, 1)], dim=1), other=tensor([[0.5, 1.0]])),
           Case("scaled", "a single training record", "One value is a constant column.",
                train=tensor([[3.0, 4.0]]), other=tensor([[5.0, 4.0], [1.0, 2.0]])),
           Case("scaled", "very small numbers", "These numbers are small and do vary.",
                train=tensor([[1.0], [3.0]]) / 2**24, other=tensor([[5.0]]) / 2**24)],
    draw=part_cases)


def scaled(train, other, mean, spread, zeros=True):
    """Both parts by mean and spread; constant training columns as zeros, if asked."""
    constant = (train == train[0]).all(dim=0)
    parts = [(part - mean) / spread for part in (train, other)]
    return tuple(torch.where(constant, torch.zeros(()), part) if zeros else part for part in parts)


@standardize.slip
def divided_by_n_minus_one(train, other):
    """The standard deviation is divided by n − 1 here, torch's and pandas' default. Asked for is n: `correction=0`."""
    return scaled(train, other, train.mean(dim=0), train.std(dim=0) if len(train) > 1 else 1.0)


@standardize.slip
def each_by_its_own(train, other):
    """The other part is scaled by its own mean and spread. A flight of tomorrow must get the number that it would have
    got in training: both parts by the *training* part's."""
    own = (other == other[0]).all(dim=0)
    mine = torch.where(own, torch.zeros(()), (other - other.mean(dim=0)) / other.std(dim=0, correction=0))
    return scaled(train, other, train.mean(dim=0), train.std(dim=0, correction=0))[0], mine


@standardize.slip
def both_together(train, other):
    """Mean and spread come from both parts together. Validation records must not leak into the scaling: the training
    part's alone."""
    both = torch.cat([train, other])
    return scaled(train, other, both.mean(dim=0), both.std(dim=0, correction=0))


@standardize.slip
def constants_not_seen(train, other):
    """The standard deviation of a constant column is 0, and 0 / 0 is NaN. What should come out there?"""
    return scaled(train, other, train.mean(dim=0), train.std(dim=0, correction=0), zeros=False)


@standardize.slip
def compares_the_spread_with_zero(train, other):
    """Three times 0.9 is constant, yet its mean in floats isn't quite 0.9, so its spread isn't quite 0. Ask the values
    themselves whether they are all equal."""
    mean, spread = train.mean(dim=0), train.std(dim=0, correction=0)
    return tuple(torch.where(spread == 0, torch.zeros(()), (part - mean) / spread) for part in (train, other))


@standardize.slip
def replaces_nan(train, other):
    """`nan_to_num` mends 0 / 0, in the training part. Where the other part varies, something divided by 0 is infinite,
    and becomes a huge number. Which columns should be zeros can be told before any division."""
    mean, spread = train.mean(dim=0), train.std(dim=0, correction=0)
    return tuple(torch.nan_to_num((part - mean) / spread) for part in (train, other))


@standardize.slip
def divides_by_one(train, other):
    """A constant column is divided by 1 instead: zeros in the training part, but the other part may vary. It should be
    zeros in both."""
    mean, spread = train.mean(dim=0), train.std(dim=0, correction=0)
    spread = torch.where((train == train[0]).all(dim=0), torch.ones(()), spread)
    return (train - mean) / spread * ~(train == train[0]).all(dim=0), (other - mean) / spread


@standardize.slip
def divides_by_one_where_spread_is_zero(train, other):
    """Where the spread is 0 you divide by 1: zeros in the training part, but the other part may vary. It should be
    zeros in both. (And three times 0.9 is constant, though its spread in floats isn't quite 0.)"""
    mean, spread = train.mean(dim=0), train.std(dim=0, correction=0)
    spread = torch.where(spread == 0, torch.ones(()), spread)
    return (train - mean) / spread, (other - mean) / spread


@standardize.slip
def adds_a_little(train, other):
    """A small number is added to the spread. It hides the division by 0 and makes huge numbers of a constant column
    that varies in the other part; and it bends columns that are small themselves."""
    mean, spread = train.mean(dim=0), train.std(dim=0, correction=0)
    return tuple((part - mean) / (spread + 1e-8) for part in (train, other))


@standardize.slip
def clamps_the_spread(train, other):
    """A small number is the least spread. It hides the division by 0, makes huge numbers of a constant column that
    varies in the other part, and bends columns that are small themselves."""
    mean, spread = train.mean(dim=0), train.std(dim=0, correction=0).clamp(min=1e-6)
    return tuple((part - mean) / spread for part in (train, other))


@standardize.slip
def over_all_columns(train, other):
    """One mean and one spread for all columns. Each column has its own: over the records, `dim=0`."""
    return scaled(train, other, train.mean(), train.std(correction=0))


@standardize.slip
def only_centred(train, other):
    """The mean is taken off, and nothing divided. The standard deviation is missing."""
    return scaled(train, other, train.mean(dim=0), 1.0)


@standardize.slip
def by_the_variance(train, other):
    """Divided by the variance. The standard deviation is its square root."""
    return scaled(train, other, train.mean(dim=0), train.var(dim=0, correction=0))


@standardize.slip
def to_zero_and_one(train, other):
    """This maps least and largest to 0 and 1. Asked for is minus mean, divided by standard deviation."""
    low = train.min(dim=0).values
    return scaled(train, other, low, train.max(dim=0).values - low)


@standardize.slip
def the_training_part_alone(train, other):
    """Only the training part came back scaled. Both are asked for: a pair."""
    return scaled(train, other, train.mean(dim=0), train.std(dim=0, correction=0))[0]


@standardize.slip
def a_list(train, other):
    """A list came back. Two results go into a tuple: `return a, b`."""
    return list(scaled(train, other, train.mean(dim=0), train.std(dim=0, correction=0)))


@standardize.slip
def keeps_constants(train, other):
    """Constant columns come back as they were. They should be zeros in both parts."""
    constant = (train == train[0]).all(dim=0)
    pair = scaled(train, other, train.mean(dim=0), train.std(dim=0, correction=0))
    return tuple(torch.where(constant, before, after) for before, after in zip((train, other), pair, strict=True))


@standardize.slip
def drops_constants(train, other):
    """Constant columns are gone. They should stay, as zeros, so that each column keeps its place."""
    constant = (train == train[0]).all(dim=0)
    return tuple(part[:, ~constant] for part in scaled(train, other, train.mean(dim=0), train.std(dim=0, correction=0)))


# --- permutation_importance -----------------------------------------------------------------------------------------

ALL = ["model", "dropout", "inner", "sum"]


def ask_model(group, title, ask, weights, codes, numbers, targets, column, seed, training=(), dropout=0.5):
    """A case with a model of these weights; `training` names its modules in training mode."""
    return Case(group, title, ask, model=Parts(weights=weights, dropout=dropout, training=list(training)), codes=codes,
                numbers=numbers, targets=targets, column=column, seed=seed)


def importance_cases(rng):
    def fresh(group, n, columns, continuous, column, training=(), scale=1.0):
        return ask_model(group, "", "", draw.numbers(rng, columns + continuous), draw.codes(rng, 4, n, columns),
                         scale * draw.numbers(rng, n, continuous), draw.numbers(rng, n), column,
                         rng.randrange(1, 10**6), training)

    return [fresh("importance", 12, 2, 3, 0), fresh("importance", 9, 1, 3, 1), fresh("importance", 7, 2, 2, 1),
            fresh("importance", 20, 1, 1, 0), fresh("importance", 1, 2, 2, 0),
            fresh("importance", 8, 3, 1, 0, scale=9.0),
            fresh("importance", 8, 2, 2, 0, ALL), fresh("importance", 6, 1, 3, 2, ALL)]


W = tensor([1.0, 2.0, -1.0])
CODES = tensor([[0], [1], [2], [1]])
NUMBERS = tensor([[1.0, 2.0], [2.0, -1.0], [3.0, 4.0], [-2.0, 0.0]])
TARGETS = tensor([1.0, 6.0, 4.0, -3.0])
permutation_importance = Exercise(
    call="question_model",
    points={"importance": 1},
    shown=[ask_model("importance", "two records", "The error with the column shuffled, minus the error as it is.",
                     tensor([0.0, 2.0]), tensor([[0], [1]]), tensor([[1.0], [3.0]]), tensor([2.0, 6.0]), 0, 3),
           ask_model("importance", "four records, the first column", "Record k gets the value of record perm[k].", W,
                     CODES, NUMBERS, TARGETS, 0, 1),
           ask_model("importance", "four records, the second column", "Only the column asked for is shuffled.", W,
                     CODES, NUMBERS, TARGETS, 1, 1),
           ask_model("importance", "another seed", "`seed` goes into a torch.Generator of its own.", W, CODES, NUMBERS,
                     TARGETS, 0, 5),
           ask_model("importance", "a single record", "One record, shuffled, is itself.", W, CODES[:1], NUMBERS[:1],
                     TARGETS[:1], 0, 2),
           ask_model("importance", "a model in training mode", "Eval mode while it is asked, training mode again "
                     "afterwards.", W, CODES, NUMBERS, TARGETS, 0, 1, ALL)],
    draw=importance_cases,
    rules=Rules(quiet=True))


def shuffle(numbers, column, seed):
    """Numbers with one column shuffled."""
    perm = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))
    shuffled = numbers.clone()
    shuffled[:, column] = numbers[perm, column]
    return shuffled


def errors(model, codes, numbers, targets, column, seed, shuffled=shuffle, put_back=None, measure=None):
    """(error shuffled, error as it is), with each module's mode put back, or what `put_back` does."""
    measure = measure or (lambda said: ((said - targets) ** 2).mean().item())
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    with torch.no_grad():
        pair = measure(model(codes, shuffled(numbers, column, seed))), measure(model(codes, numbers))
    for module, mode in modes:
        module.training = mode
    if put_back:
        put_back(model)
    return pair


@permutation_importance.slip
def the_other_way_round(model, codes, numbers, targets, column, seed):
    """The sign is turned round: the error *with* the column shuffled comes first."""
    high, low = errors(model, codes, numbers, targets, column, seed)
    return low - high


@permutation_importance.slip
def the_shuffled_error(model, codes, numbers, targets, column, seed):
    """This is the error with the column shuffled. How much of it was there before?"""
    return errors(model, codes, numbers, targets, column, seed)[0]


@permutation_importance.slip
def a_ratio(model, codes, numbers, targets, column, seed):
    """This is a ratio of the two errors. Asked for is their difference."""
    high, low = errors(model, codes, numbers, targets, column, seed)
    return high / low if low else math.inf


@permutation_importance.slip
def rises_in_roots(model, codes, numbers, targets, column, seed):
    """These are roots of the errors. Asked for is the rise of the mean *squared* error."""
    high, low = errors(model, codes, numbers, targets, column, seed)
    return high**0.5 - low**0.5


@permutation_importance.slip
def in_absolute_errors(model, codes, numbers, targets, column, seed):
    """This is the rise of the mean absolute error. Asked for is the mean squared error."""
    high, low = errors(model, codes, numbers, targets, column, seed,
                       measure=lambda said: (said - targets).abs().mean().item())
    return high - low


@permutation_importance.slip
def sums_of_squares(model, codes, numbers, targets, column, seed):
    """The squared errors are added up. Asked for is their mean."""
    high, low = errors(model, codes, numbers, targets, column, seed, measure=lambda s: ((s - targets)**2).sum().item())
    return high - low


@permutation_importance.slip
def the_other_direction(model, codes, numbers, targets, column, seed):
    """The values went the other way: record perm[k] got the value of record k. Record k gets that of record perm[k]."""
    def back(numbers, column, seed):
        perm = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))
        moved = numbers.clone()
        moved[perm, column] = numbers[:, column]
        return moved
    high, low = errors(model, codes, numbers, targets, column, seed, back)
    return high - low


@permutation_importance.slip
def all_columns(model, codes, numbers, targets, column, seed):
    """Whole records of numbers are shuffled. Only the column asked for should be."""
    def rows(numbers, column, seed):
        return numbers[torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))]
    high, low = errors(model, codes, numbers, targets, column, seed, rows)
    return high - low


@permutation_importance.slip
def always_the_first_column(model, codes, numbers, targets, column, seed):
    """The first column is shuffled, whichever is asked for."""
    high, low = errors(model, codes, numbers, targets, 0, seed)
    return high - low


@permutation_importance.slip
def shuffles_the_argument(model, codes, numbers, targets, column, seed):
    """The shuffling was done in the caller's `numbers`. They are still needed as they were: shuffle a clone."""
    high, low = errors(model, codes, numbers, targets, column, seed)
    numbers.copy_(shuffle(numbers, column, seed))
    return high - low


@permutation_importance.slip
def shuffles_before_both(model, codes, numbers, targets, column, seed):
    """Nothing rises: the column was shuffled in place (or in a view) before the error *as it is* was taken."""
    numbers.copy_(shuffle(numbers, column, seed))
    return 0.0


@permutation_importance.slip
def the_global_seed(model, codes, numbers, targets, column, seed):
    """`torch.manual_seed` reseeds the random numbers of the whole program. Give `randperm` a `torch.Generator` of its
    own."""
    high, low = errors(model, codes, numbers, targets, column, seed)
    torch.manual_seed(seed)
    torch.randperm(len(numbers))
    return high - low


@permutation_importance.slip
def no_seed(model, codes, numbers, targets, column, seed):
    """The permutation is another in each call: `seed` isn't used. It goes into a `torch.Generator`, and that into
    `randperm`."""
    return torch.rand(1).item()


@permutation_importance.slip
def asks_in_training_mode(model, codes, numbers, targets, column, seed):
    """The model is asked in training mode, where dropout drops at random. `model.eval()` comes first."""
    return torch.nn.functional.mse_loss(model(codes, numbers), targets).item()


@permutation_importance.slip
def leaves_eval_mode(model, codes, numbers, targets, column, seed):
    """The model stays in eval mode afterwards. Whoever trains on would train without dropout, and never know."""
    high, low = errors(model, codes, numbers, targets, column, seed, put_back=lambda model: model.eval())
    return high - low


@permutation_importance.slip
def all_in_training_mode(model, codes, numbers, targets, column, seed):
    """`model.train()` puts the model into training mode, also one that was in eval mode before. Note its mode first, and
    put that back."""
    high, low = errors(model, codes, numbers, targets, column, seed, put_back=lambda model: model.train())
    return high - low


@permutation_importance.slip
def a_tensor(model, codes, numbers, targets, column, seed):
    """A tensor came back. `.item()` makes a plain number of it."""
    high, low = errors(model, codes, numbers, targets, column, seed)
    return tensor(high - low)


# --- hide_codes -----------------------------------------------------------------------------------------------------


def hide_cases(rng):
    def case(group, codes, share):
        return Case(group, codes=codes, share=share, seed=rng.randrange(1, 10**6))

    def full(*sizes):
        return draw.codes(rng, 8, *sizes) + 1      # no zeros, so that each hidden one is seen

    n, m = rng.randrange(7, 12), rng.randrange(3, 6)
    return [case("hidden", full(10), 0.4), case("hidden", full(4, m), 0.25), case("hidden", full(2, m, 5), 0.3),
            case("hidden", full(8, 1), 0.5), case("hidden", full(1, 10), 0.3), case("hidden", full(40), 0.15),
            case("hidden", draw.codes(rng, 3, 12), 0.5), case("hidden", full(n, m), rng.uniform(0.2, 0.8)),
            *(case("hidden", full(k), 0.5) for k in (1, 3, 5, 7, 9)), case("hidden", full(5), 0.3),
            case("hidden", full(5), 0.1), case("hidden", full(10), 0.25), case("hidden", full(n), 0.0),
            case("hidden", full(2, m), 1.0), case("hidden", full(2, m), 1), case("hidden", full(n), 0),
            case("hidden", full(), 1.0), case("hidden", full(), 0.2),
            *(case("hidden", full(4), share) for share in (-0.25, 1.5, -1e-9, 1.0000001, 2, -1, 50))]


EIGHT = tensor([5, 3, 8, 1, 2, 7, 4, 6])
FIRST = "The first positions of `torch.randperm(n)` from your own generator become 0."
hide_codes = Exercise(
    call="function",
    points={"hidden": 1},
    raises={"hidden": ValueError},
    shown=[Case("hidden", "two of four", FIRST, codes=tensor([5, 3, 8, 1]), share=0.5, seed=3),
           Case("hidden", "two of eight", FIRST, codes=EIGHT, share=0.25, seed=7),
           Case("hidden", "another seed", FIRST, codes=EIGHT, share=0.25, seed=8),
           Case("hidden", "codes of shape (4, 2)", "Positions count through the flattened codes, and the shape stays.",
                codes=EIGHT.reshape(4, 2), share=0.5, seed=7),
           Case("hidden", "codes of shape (2, 2, 2)", "Positions count through the flattened codes, and the shape "
                "stays.", codes=EIGHT.reshape(2, 2, 2), share=0.25, seed=1),
           Case("hidden", "codes with zeros already", "A 0 counts as an entry like any other.",
                codes=tensor([0, 3, 0, 1, 0, 2]), share=0.5, seed=2),
           Case("hidden", "half of five", "Python's round(2.5) is 2.", codes=EIGHT[:5], share=0.5, seed=1),
           Case("hidden", "half of three", "Python's round(1.5) is 2.", codes=EIGHT[:3], share=0.5, seed=1),
           Case("hidden", "half of one", "Python's round(0.5) is 0.", codes=EIGHT[:1], share=0.5, seed=1),
           Case("hidden", "a quarter of five", "round(1.25) is 1.", codes=EIGHT[:5], share=0.25, seed=5),
           Case("hidden", "three quarters of five", "round(3.75) is 4.", codes=EIGHT[:5], share=0.75, seed=5),
           Case("hidden", "none", "A share of 0 hides nothing.", codes=EIGHT[:4], share=0.0, seed=4),
           Case("hidden", "all", "A share of 1 hides everything.", codes=EIGHT[:4].reshape(2, 2), share=1.0, seed=4),
           Case("hidden", "a single code, shape ()", "One entry, shape ().", codes=tensor(4), share=1.0, seed=4),
           Case("hidden", "a share above 1", "It should raise ValueError.", codes=EIGHT[:4], share=1.5, seed=4),
           Case("hidden", "a negative share", "It should raise ValueError.", codes=EIGHT[:4], share=-0.25, seed=4),
           Case("hidden", "a share meant in percent", "It should raise ValueError.", codes=EIGHT[:4], share=5, seed=4)],
    draw=hide_cases,
    rules=Rules(quiet=True))


def hiding(codes, share, seed, count=None, positions=None):
    """A right copy, or one with another count or other positions."""
    if not 0 <= share <= 1:
        raise ValueError(share)
    n = codes.numel()
    perm = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    k = round(share * n) if count is None else count(share * n)
    flat = codes.flatten().clone()
    flat[perm[:k] if positions is None else positions(perm, k)] = 0
    return flat.reshape(codes.shape)


@hide_codes.slip
def in_place(codes, share, seed):
    """The caller's codes were changed. Hide them in a copy: `clone`."""
    codes.copy_(hiding(codes, share, seed))
    return codes


@hide_codes.slip
def a_view_of_them(codes, share, seed):
    """The caller's codes were changed: `flatten`, `view` and `reshape` may give a second name for the same memory.
    `clone` makes a copy."""
    hidden = hiding(codes, share, seed)
    codes.copy_(hidden)
    return hidden


@hide_codes.slip
def rounds_down(codes, share, seed):
    """The number of hidden codes is cut off: `int` rounds down. Asked for is Python's `round`."""
    return hiding(codes, share, seed, count=int)


@hide_codes.slip
def rounds_up(codes, share, seed):
    """The number of hidden codes is rounded up. Asked for is Python's `round`."""
    return hiding(codes, share, seed, count=math.ceil)


@hide_codes.slip
def rounds_half_up(codes, share, seed):
    """A half is rounded up here. Python's `round` goes to the even neighbour: round(2.5) is 2."""
    return hiding(codes, share, seed, count=lambda k: int(k + 0.5))


@hide_codes.slip
def by_coin(codes, share, seed):
    """Each code is hidden by a coin of its own, so their number is left to chance. Asked for are `round(share · n)` of
    them, at the first positions of `torch.randperm(n)`."""
    if not 0 <= share <= 1:
        raise ValueError(share)
    coins = torch.rand(codes.shape, generator=torch.Generator().manual_seed(seed))
    return codes.masked_fill(coins < share, 0)


@hide_codes.slip
def the_last_positions(codes, share, seed):
    """These are the last positions of the permutation. Asked for are the first."""
    return hiding(codes, share, seed, positions=lambda perm, k: perm[len(perm) - k:])


@hide_codes.slip
def small_in_the_permutation(codes, share, seed):
    """Hidden are the places where the permutation holds a small number. Asked for are the places that its first entries
    *name*: `perm[:k]`."""
    return hiding(codes, share, seed, positions=lambda perm, k: perm < k)


@hide_codes.slip
def the_first_codes(codes, share, seed):
    """The first codes are hidden, not random ones. The permutation's first entries say which."""
    return hiding(codes, share, seed, positions=lambda perm, k: torch.arange(k))


@hide_codes.slip
def the_others(codes, share, seed):
    """The chosen codes stay and the others are hidden: the other way round."""
    return hiding(codes, share, seed, positions=lambda perm, k: perm[k:])


@hide_codes.slip
def whole_records(codes, share, seed):
    """Whole rows are hidden. Entries count one by one, through the flattened codes."""
    if not 0 <= share <= 1:
        raise ValueError(share)
    perm = torch.randperm(len(codes), generator=torch.Generator().manual_seed(seed))
    hidden = codes.clone()
    hidden[perm[:round(share * len(codes))]] = 0
    return hidden


@hide_codes.slip
def flattened(codes, share, seed):
    """The right codes are hidden, in one long list. The shape should stay."""
    return hiding(codes, share, seed).flatten()


@hide_codes.slip
def counted_down_columns(codes, share, seed):
    """Positions are counted down the columns. They count through the flattened codes, row by row."""
    return hiding(codes.T.contiguous(), share, seed).T.contiguous() if codes.dim() == 2 else hiding(codes, share, seed)


@hide_codes.slip
def the_global_seed_for_hiding(codes, share, seed):
    """`torch.manual_seed` reseeds the random numbers of the whole program. Give `randperm` a `torch.Generator` of its
    own."""
    hidden = hiding(codes, share, seed)
    torch.manual_seed(seed)
    torch.randperm(codes.numel())
    return hidden


@hide_codes.slip
def without_the_seed(codes, share, seed):
    """Other codes are hidden in each call: `seed` isn't used. It goes into a `torch.Generator`, and that into
    `randperm`."""
    torch.rand(1)
    return hiding(codes, share, seed + 1)


@hide_codes.slip
def any_share(codes, share, seed):
    """A share outside 0 … 1 means a mistake (5 for 5 %?). It should raise ValueError."""
    return hiding(codes, min(max(share, 0), 1), seed)


@hide_codes.slip
def any_share_as_it_comes(codes, share, seed):
    """A share outside 0 … 1 means a mistake, and slicing says nothing: `perm[:-1]` is all but one. It should raise
    ValueError."""
    perm = torch.randperm(codes.numel(), generator=torch.Generator().manual_seed(seed))
    flat = codes.flatten().clone()
    flat[perm[:round(share * len(flat))]] = 0
    return flat.reshape(codes.shape)


@hide_codes.slip
def refuses_the_ends(codes, share, seed):
    """0 and 1 are allowed: nothing hidden, or everything."""
    if not 0 < share < 1:
        raise ValueError(share)
    return hiding(codes, share, seed)


@hide_codes.slip
def minus_one(codes, share, seed):
    """Hidden codes became −1. In this course "(unknown)" is code 0, and the table has no row −1."""
    hidden = hiding(codes + 1, share, seed)
    return hidden - 1


@hide_codes.slip
def removed(codes, share, seed):
    """The hidden codes are gone. They should stay in their places, as 0."""
    if not 0 <= share <= 1:
        raise ValueError(share)
    keep = hiding(torch.ones_like(codes), share, seed).bool()
    return codes[keep]


# --- best_epoch ------------------------------------------------------------------------------------------------------


def epoch_cases(rng):
    def losses(n):
        return [rng.randrange(1, 40) / 8 for _ in range(n)]

    stops = [3.0, 2.0, *(2.5 + i / 8 for i in range(rng.randrange(3, 6))), 1.0]        # the low comes too late
    return [*(Case("epochs", losses=losses(rng.randrange(5, 30)), patience=patience) for patience in (1, 2, 3, 4, 8)),
            Case("epochs", losses=stops, patience=len(stops) - 3), Case("epochs", losses=stops, patience=len(stops) - 2),
            Case("epochs", losses=losses(1), patience=rng.randrange(1, 9)),
            Case("epochs", losses=sorted(losses(9), reverse=True), patience=1),
            *(Case("epochs", losses=losses(4), patience=patience) for patience in (0, -rng.randrange(1, 9)))]


best_epoch = Exercise(
    call="function",
    points={"epochs": 1},
    raises={"epochs": ValueError},
    shown=[Case("epochs", "down, then up", "Which epoch had the lowest loss?", losses=[3.0, 2.0, 1.0, 2.0, 3.0],
                patience=2),
           Case("epochs", "down to the end", "Nothing stops it; the last epoch is the best.", losses=[3.0, 2.0, 1.0],
                patience=1),
           Case("epochs", "a single epoch", "Epochs count from 0.", losses=[5.0], patience=3),
           Case("epochs", "a low that comes too late", "After two epochs without a new lowest loss training is over; "
                "what would come then is never seen.", losses=[3.0, 2.0, 2.5, 2.75, 1.0], patience=2),
           Case("epochs", "a low much too late", "After two epochs without a new lowest loss training is over.",
                losses=[3.0, 2.0, 2.5, 2.75, 3.0, 1.0], patience=2),
           Case("epochs", "a low just in time", "One epoch without a new lowest loss is no reason to stop yet.",
                losses=[3.0, 2.0, 2.5, 1.0, 2.0], patience=2),
           Case("epochs", "rises now and then", "Only epochs in a row count.",
                losses=[5.0, 4.0, 4.5, 3.0, 3.5, 2.0], patience=2),
           Case("epochs", "falls again, not far enough", "Lower than the epoch before is not lower than the lowest.",
                losses=[5.0, 1.0, 4.0, 3.0, 2.0, 0.5], patience=2),
           Case("epochs", "equal losses", "An equal loss is not lower.", losses=[2.0, 1.0, 1.0, 1.0, 0.5], patience=2),
           Case("epochs", "patience 1", "Patience 1 stops at the first epoch without a new lowest loss.",
                losses=[3.0, 4.0, 1.0], patience=1),
           Case("epochs", "patience 0", "It should raise ValueError.", losses=[3.0, 2.0], patience=0),
           Case("epochs", "negative patience", "It should raise ValueError.", losses=[3.0, 2.0], patience=-2)],
    draw=epoch_cases)


def stopped(losses, patience, lower=lambda loss, lowest: loss < lowest, late=0, at_least=1):
    """(the epoch kept, the last one seen), or those of a rule that differs in a thing."""
    if patience < at_least:
        raise ValueError(patience)
    best = 0
    for epoch, loss in enumerate(losses):
        if epoch and lower(loss, losses[best]):
            best = epoch
        elif epoch - best >= patience + late:
            break
    return best, epoch


@best_epoch.slip
def lowest_of_all(losses, patience):
    """This is the lowest loss of the whole list. With early stopping training ends before the list does, and later
    epochs are never seen."""
    if patience < 1:
        raise ValueError(patience)
    return losses.index(min(losses))


@best_epoch.slip
def lowest_of_all_unchecked(losses, patience):
    """This is the lowest loss of the whole list; `patience` plays no part. Training ends after that many epochs in a row
    without a new lowest loss."""
    return losses.index(min(losses))


@best_epoch.slip
def where_it_stops(losses, patience):
    """This is the epoch at which training stops. Kept are the weights of the best epoch before."""
    return stopped(losses, patience)[1]


@best_epoch.slip
def one_epoch_late(losses, patience):
    """It waits one epoch too long: with patience 2, the second epoch without a new lowest loss is the last."""
    return stopped(losses, patience, late=1)[0]


@best_epoch.slip
def one_epoch_early(losses, patience):
    """It gives up one epoch too early: with patience 2, one epoch without a new lowest loss is allowed."""
    return stopped(losses, patience, late=-1)[0] if patience > 1 else stopped(losses, patience)[0]


@best_epoch.slip
def first_rise(losses, patience):
    """It stops at the first epoch that isn't lower, whatever the patience."""
    return stopped(losses, 1 if patience >= 1 else patience)[0]


@best_epoch.slip
def equal_counts_as_lower(losses, patience):
    """An equal loss counts as a new lowest here. It isn't lower, so the first of equals is kept and patience runs on."""
    return stopped(losses, patience, lower=lambda loss, lowest: loss <= lowest)[0]


@best_epoch.slip
def rises_in_all(losses, patience):
    """Epochs without a new lowest loss are counted over the whole training. Only those in a row count: a new lowest loss
    sets the counter back."""
    if patience < 1:
        raise ValueError(patience)
    best = waited = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch:
            waited += 1
        if waited == patience:
            break
    return best


@best_epoch.slip
def against_the_epoch_before(losses, patience):
    """Each loss is compared with the epoch before. What counts is whether it is lower than the lowest so far."""
    if patience < 1:
        raise ValueError(patience)
    waited, end = 0, len(losses)
    for epoch in range(1, len(losses)):
        waited = 0 if losses[epoch] < losses[epoch - 1] else waited + 1
        if waited == patience:
            end = epoch
            break
    return losses.index(min(losses[:end]))


@best_epoch.slip
def the_loss(losses, patience):
    """This is the loss. Asked for is the number of its epoch."""
    return losses[stopped(losses, patience)[0]]


@best_epoch.slip
def counted_from_one(losses, patience):
    """Epochs are counted from 1 here. They count from 0."""
    return stopped(losses, patience)[0] + 1


@best_epoch.slip
def any_patience(losses, patience):
    """Patience below 1 would stop before anything was seen. It should raise ValueError."""
    return stopped(losses, max(patience, 1))[0]


@best_epoch.slip
def patience_zero(losses, patience):
    """A negative patience is refused, 0 passes. Below 1 it should raise ValueError."""
    return stopped(losses, patience or 1)[0]


# --- embedding_size -------------------------------------------------------------------------------------------------


def size_cases(rng):
    return [*(Case("size", levels=levels) for levels in (
        1, 2, 3, 4, rng.randrange(5, 12), rng.randrange(12, 30), rng.randrange(30, 100), rng.randrange(100, 1000),
        rng.randrange(1000, 9000), rng.randrange(10_000, 30_000), 39_400, 39_500, 39_600, 10**6, 10**9)),
            *(Case("size", levels=levels) for levels in (0, -1, -rng.randrange(2, 99)))]


embedding_size = Exercise(
    call="function",
    points={"size": 1},
    raises={"size": ValueError},
    shown=[Case("size", "ten levels", "1.6 · 10^0.56 is about 5.8.", levels=10),
           Case("size", "a single level", "1.6 · 1 is 1.6.", levels=1),
           Case("size", "two levels", "1.6 · 2^0.56 is about 2.36.", levels=2),
           Case("size", "three levels", "1.6 · 3^0.56 is about 2.96.", levels=3),
           Case("size", "a hundred levels", "1.6 · 100^0.56 is about 21.1.", levels=100),
           Case("size", "4,000 levels", "", levels=4000),
           Case("size", "a million levels", "No more than 600.", levels=10**6),
           Case("size", "39,000 levels", "Below 600 still.", levels=39_000),
           Case("size", "no level", "It should raise ValueError.", levels=0),
           Case("size", "a negative number of levels", "It should raise ValueError.", levels=-3)],
    draw=size_cases)


def by_rule(levels, rounding=round, most=600, factor=1.6, power=0.56):
    """The rule, or one that differs in a thing."""
    if levels < 1:
        raise ValueError(levels)
    return min(most, rounding(factor * levels**power))


@embedding_size.slip
def cut_off(levels):
    """`int` and `//` cut off what stands behind the point. Asked for is Python's `round`."""
    return by_rule(levels, int)


@embedding_size.slip
def rounded_up(levels):
    """The number is rounded up. Asked for is Python's `round`."""
    return by_rule(levels, math.ceil)


@embedding_size.slip
def not_rounded(levels):
    """A number of columns is a whole number: `round` is missing."""
    return by_rule(levels, float)


@embedding_size.slip
def without_a_limit(levels):
    """The rule stops at 600 columns. Which of the two is the smaller: `min`."""
    return by_rule(levels, most=10**9)


@embedding_size.slip
def the_larger(levels):
    """`max` takes the larger of the two, so 600 columns are the least. Asked for is the smaller."""
    if levels < 1:
        raise ValueError(levels)
    return max(600, round(1.6 * levels**0.56))


@embedding_size.slip
def whole_product_to_the_power(levels):
    """The factor went into the power: (1.6 · levels)^0.56. The power belongs to `levels` alone."""
    return by_rule(1.6 * levels, factor=1)


@embedding_size.slip
def times_instead_of_power(levels):
    """0.56 is a factor here. It is the power: `levels**0.56`."""
    return by_rule(levels, lambda x: round(1.6 * levels * 0.56))


@embedding_size.slip
def the_fourth_root(levels):
    """This is the other rule, the fourth root. Asked for is 1.6 · levels^0.56."""
    return by_rule(levels, factor=1, power=0.25)


@embedding_size.slip
def half_of_them(levels):
    """This is an older rule, half of the levels. Asked for is 1.6 · levels^0.56."""
    return by_rule(levels, lambda x: (levels + 1) // 2)


@embedding_size.slip
def older_half(levels):
    """This is an older rule, half of the levels and at most 50. Asked for is 1.6 · levels^0.56 and at most 600."""
    return by_rule(levels, lambda x: min(50, (levels + 1) // 2))


@embedding_size.slip
def less_than_one_level(levels):
    """A table without a level means a mistake before it. It should raise ValueError."""
    return max(0, by_rule(levels)) if levels >= 1 else 0


@embedding_size.slip
def at_least_one(levels):
    """Fewer than 1 level means a mistake before it; a number of columns hides that. It should raise ValueError."""
    return by_rule(max(levels, 1))


@embedding_size.slip
def refuses_a_single_level(levels):
    """A single level is allowed: 1.6 rounds to 2 columns."""
    if levels <= 1:
        raise ValueError(levels)
    return by_rule(levels)


@embedding_size.slip
def no_lower_end(levels):
    """Fewer than 1 level means a mistake before it. It should raise ValueError; the formula alone does not."""
    return min(600, round(1.6 * levels**0.56))


@embedding_size.slip
def zero_only(levels):
    """No level is refused, a negative number of levels passes. Fewer than 1 should raise ValueError."""
    if levels == 0:
        raise ValueError(levels)
    return by_rule(abs(levels))
