"""What the exercises of lesson 2 accept, and which mistakes they know."""
import torch
from torch import nn, tensor

from embedding_course.checking import draw
from embedding_course.checking.exercise import Case, Exercise, Rules

W3 = tensor([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0], [-0.5, 0.25, 4.0]])           # (levels 3, dim 3)
W4 = tensor([[0.5, 1.0], [2.0, 3.0], [-4.0, 5.25], [6.0, 7.0]])                 # (levels 4, dim 2)
INF = float("inf")

# --- matmul ---------------------------------------------------------------------------------------------------------


def matmul_cases(rng):
    n, levels, dim = rng.randrange(2, 6), rng.randrange(3, 7), rng.randrange(2, 5)
    return [Case("product", a=draw.numbers(rng, n, levels), b=draw.numbers(rng, levels, dim)),
            Case("product", a=torch.eye(levels)[draw.codes(rng, levels, n)], b=draw.numbers(rng, levels, dim)),
            Case("any shape", a=draw.numbers(rng, 1, levels), b=draw.numbers(rng, levels, 1)),
            Case("any shape", a=draw.numbers(rng, levels, 1), b=draw.numbers(rng, 1, dim)),
            Case("any shape", a=draw.numbers(rng, 1, 1), b=draw.numbers(rng, 1, dim)),
            Case("mismatch", a=draw.numbers(rng, n, levels), b=draw.numbers(rng, levels + 1, dim)),
            Case("mismatch", a=draw.numbers(rng, n, levels), b=draw.numbers(rng, 1, dim)),
            Case("mismatch", a=draw.numbers(rng, n, 1), b=draw.numbers(rng, levels, dim)),
            Case("mismatch", a=draw.numbers(rng, n, levels + 1), b=draw.numbers(rng, levels, dim))]


matmul = Exercise(
    call="function",
    points={"product": 1, "any shape": 1, "mismatch": 1},
    raises={"mismatch": ValueError},
    shown=[Case("product", "one row, one column", "Product by product along the row and down the column, then the sum.",
                a=tensor([[1.0, 2.0]]), b=tensor([[3.0], [4.0]])),
           Case("product", "a one-hot row", "All products but one row's are zero. Which row is left?",
                a=tensor([[0.0, 1.0, 0.0]]), b=W3),
           Case("product", "two rows, three columns",
                "Entry (i, j) is row i of `a` times column j of `b`, summed over what they share.",
                a=tensor([[1.0, 2.0], [3.0, 4.0]]), b=tensor([[1.0, 0.0, 2.0], [0.5, 1.0, -1.0]])),
           Case("product", "quarters", "Does rounding get into your sum?",
                a=tensor([[0.25, 0.75]]), b=tensor([[0.25], [0.5]])),
           Case("any shape", "more rows than columns", "Does a size stand fixed in your code?",
                a=tensor([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0], [0.5, -1.0]]),
                b=tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])),
           Case("any shape", "one level", "A matrix of one row is a matrix too.",
                a=tensor([[2.0], [3.0]]), b=tensor([[1.0, 10.0]])),
           Case("mismatch", "three columns, two rows", "Columns of `a` and rows of `b` must agree, else there is no "
                "product.", a=tensor([[1.0, 2.0, 3.0]]), b=tensor([[1.0], [2.0]])),
           Case("mismatch", "three columns, one row", "torch stretches a size of 1 to fit, and says nothing. Here the "
                "sizes have to be equal.", a=tensor([[1.0, 2.0, 3.0]]), b=tensor([[1.0, 2.0]])),
           Case("mismatch", "one column, two rows", "torch stretches a size of 1 to fit, and says nothing. Here the "
                "sizes have to be equal.", a=tensor([[1.0], [2.0]]), b=tensor([[1.0], [2.0]])),
           Case("mismatch", "two columns, three rows", "Columns of `a` and rows of `b` must agree, else there is no "
                "product.", a=tensor([[1.0, 2.0]]), b=tensor([[1.0], [2.0], [3.0]]))],
    draw=matmul_cases,
    rules=Rules(forbidden=("matrix product",)))


def product(a, b):
    """The product, for slips that get it right but for one thing."""
    if a.shape[1] != b.shape[0]:
        raise ValueError(f"{a.shape[1]} columns, {b.shape[0]} rows")
    return (a.unsqueeze(2) * b.unsqueeze(0)).sum(dim=1)


@matmul.slip
def no_sum(a, b):
    """The products are there; their sum over the shared size is missing. It makes one number of each row and column."""
    if a.shape[1] != b.shape[0]:
        raise ValueError(f"{a.shape[1]} columns, {b.shape[0]} rows")
    return a.unsqueeze(2) * b.unsqueeze(0)


@matmul.slip
def elementwise(a, b):
    """`a * b` multiplies entry by entry. A matrix product pairs each row of `a` with each column of `b`."""
    return a * b


@matmul.slip
def sums_the_wrong_way(a, b):
    """The sum runs over the rows of `a`. It should run over what is multiplied: along the row, down the column."""
    if a.shape[1] != b.shape[0]:
        raise ValueError(f"{a.shape[1]} columns, {b.shape[0]} rows")
    return (a.unsqueeze(2) * b.unsqueeze(0)).sum(dim=0)


@matmul.slip
def one_product_short(a, b):
    """The sum stops one product early. `range(levels)` ends at levels − 1 of its own accord."""
    if a.shape[1] != b.shape[0]:
        raise ValueError(f"{a.shape[1]} columns, {b.shape[0]} rows")
    return (a[:, :-1].unsqueeze(2) * b[:-1]).sum(dim=1)


@matmul.slip
def never_set_back(a, b):
    """The running sum goes on from one entry to the next. Each entry starts again at 0."""
    return product(a, b).flatten().cumsum(dim=0).reshape(a.shape[0], b.shape[1])


@matmul.slip
def one_row_for_all(a, b):
    """All rows of the result are one and the same list: `[[0] * dim] * n` makes a single row and names it n times."""
    return product(a, b).sum(dim=0).expand(a.shape[0], -1)


@matmul.slip
def plucks(a, b):
    """This plucks a row, as a one-hot row does. `a` may hold any numbers: then several rows of `b` take part."""
    if a.shape[1] != b.shape[0]:
        raise ValueError(f"{a.shape[1]} columns, {b.shape[0]} rows")
    return b[a.argmax(dim=1)]


@matmul.slip
def last_product_only(a, b):
    """Each product overwrites the one before. They have to be added up."""
    if a.shape[1] != b.shape[0]:
        raise ValueError(f"{a.shape[1]} columns, {b.shape[0]} rows")
    return a[:, -1:] * b[-1]


@matmul.slip
def transposed(a, b):
    """The result lies on its side: rows of `a` give rows, columns of `b` give columns."""
    return product(a, b).T


@matmul.slip
def whole_numbers(a, b):
    """Fractions get lost on the way: is a result made for whole numbers, `torch.zeros(…, dtype=torch.int64)`?"""
    return product(a, b).long()


@matmul.slip
def other_orientation(a, b):
    """Here the rows of `b` are taken as its columns. Entry (i, j) takes column j of `b`, that is `b[:, j]`."""
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"{a.shape[1]} columns, {b.shape[1]} columns")
    return product(a, b.T)


@matmul.slip(raises=ValueError)
def wants_equal_shapes(a, b):
    """The shapes of `a` and `b` may well differ. Only the columns of `a` and the rows of `b` have to agree."""
    if a.shape != b.shape:
        raise ValueError(f"{tuple(a.shape)} and {tuple(b.shape)}")
    return product(a, b)


@matmul.slip
def runtime_error(a, b):
    """The mismatch is noticed. The exception should be ValueError: the values that came in don't fit."""
    if a.shape[1] != b.shape[0]:
        raise RuntimeError(f"{a.shape[1]} columns, {b.shape[0]} rows")
    return product(a, b)


@matmul.slip
def assertion(a, b):
    """The mismatch is noticed, by `assert`. Asserts can be switched off (`python -O`). It should raise ValueError."""
    if a.shape[1] != b.shape[0]:
        raise AssertionError(f"{a.shape[1]} columns, {b.shape[0]} rows")
    return product(a, b)


@matmul.slip
def unchecked(a, b):
    """The sizes are not compared. torch stretches a size of 1 without a word: compare the shapes yourself first."""
    return (a.unsqueeze(2) * b.unsqueeze(0)).sum(dim=1)


@matmul.slip
def short_sum(a, b):
    """The sum stops at the shorter of the two. Sizes that differ are a mistake of the caller, who should hear of it."""
    shared = min(a.shape[1], b.shape[0])
    return product(a[:, :shared], b[:shared])


@matmul.slip
def runs_off_the_end(a, b):
    """The loop finds the mismatch only by running off the end of `b`, or not at all. Compare the two sizes first."""
    if a.shape[1] > b.shape[0]:
        raise IndexError(b.shape[0])
    return product(a, b[:a.shape[1]])


# --- pluck ----------------------------------------------------------------------------------------------------------


def pluck_cases(rng):
    levels, dim = rng.randrange(5, 10), rng.randrange(2, 6)
    weight = draw.numbers(rng, levels, dim)
    unplucked = weight.clone()
    unplucked[0, 0], unplucked[1, -1] = INF, -INF
    return [Case("rows", codes=draw.codes(rng, levels, 6), weight=weight),
            Case("rows", codes=2 + draw.codes(rng, levels - 2, 5), weight=unplucked),
            Case("rows", codes=tensor([levels - 1, 1, 2]), weight=unplucked),
            Case("rows", codes=tensor([levels - 1, 0, levels - 1]), weight=weight),
            Case("rows", codes=draw.codes(rng, levels, 2, 3), weight=weight),
            Case("rows", codes=draw.codes(rng, levels, 3, 1), weight=weight),
            Case("rows", codes=draw.codes(rng, levels, 2, 1, 3), weight=weight),
            Case("rows", codes=tensor(rng.randrange(levels)), weight=weight),
            Case("rows", codes=draw.codes(rng, levels, dim), weight=draw.numbers(rng, levels, 1)),
            Case("rows", codes=draw.codes(rng, levels, 4), weight=nn.Parameter(weight.clone())),
            Case("bad codes", codes=tensor([0, levels]), weight=weight),
            Case("bad codes", codes=tensor([0, -1]), weight=weight),
            Case("bad codes", codes=tensor([[-levels], [1]]), weight=weight),
            Case("bad codes", codes=tensor([1, -levels - 3]), weight=weight),
            Case("bad codes", codes=tensor([[levels + 40, 1]]), weight=weight)]


pluck = Exercise(
    call="function",
    points={"rows": 1, "bad codes": 1},
    raises={"bad codes": IndexError},
    shown=[Case("rows", "one code", "Which row has this number? Counting starts at 0.", codes=tensor([1]), weight=W3),
           Case("rows", "four codes", "One row of the result for each code, in the order of the codes.",
                codes=tensor([3, 1, 3, 0]), weight=W4),
           Case("rows", "an infinite number in another row",
                "That row was not asked for, so nothing of it may come out.",
                codes=tensor([1, 2]), weight=tensor([[INF, 1.0], [2.0, 3.0], [4.0, 5.0]])),
           Case("rows", "infinite numbers, asked for and not", "The row that was asked for comes out as it is.",
                codes=tensor([2]), weight=tensor([[INF, 1.0], [2.0, 3.0], [4.0, -INF]])),
           Case("rows", "codes of shape (2, 2)", "Here each code is a row of codes. What shape should come out?",
                codes=tensor([[0, 1], [2, 0]]), weight=W3),
           Case("rows", "codes of shape (3, 1)",
                "The shape of the codes stays, and one axis of length dim is added.",
                codes=tensor([[2], [0], [1]]), weight=W4),
           Case("rows", "codes of shape (2, 1, 2)", "The shape of the codes stays, however many axes it has.",
                codes=tensor([[[2, 0]], [[1, 1]]]), weight=W4),
           Case("rows", "a single code, shape ()", "No axis of codes: one row comes out, shape (dim,).",
                codes=tensor(2), weight=W3),
           Case("rows", "a weight with gradients", "That is how a weight comes that is to be trained.",
                codes=tensor([2, 0]), weight=nn.Parameter(W4)),
           Case("bad codes", "a code one too high", "Four levels have the codes 0 to 3. There is no row 4.",
                codes=tensor([4]), weight=W4),
           Case("bad codes", "a negative code", "Should a wrong code pass without a word?",
                codes=tensor([-1, 2]), weight=W4),
           Case("bad codes", "bad codes in a table of codes", "Every code has to be looked at, whatever their shape.",
                codes=tensor([[0, 1], [2, -3]]), weight=W4),
           Case("bad codes", "a code far below zero", "No level has a negative code.",
                codes=tensor([0, -9]), weight=W4),
           Case("bad codes", "a code far too high", "There is no such row.", codes=tensor([[0, 90]]), weight=W4)],
    draw=pluck_cases,
    rules=Rules(view=True, forbidden=("multiplication",), any_refusal=True))


@pluck.slip
def counts_from_one(codes, weight):
    """Code 0 is the first row: counting starts at 0 in Python, torch and this course."""
    return weight[codes - 1]


@pluck.slip
def last_row_for_negative(codes, weight):
    """Plain indexing takes a negative code as "from the end" and hands out the wrong row without a word."""
    return weight[codes]


@pluck.slip
def columns(codes, weight):
    """These are columns. A level is a row of the matrix: `weight[i]`, the first axis."""
    return weight[:, codes]


@pluck.slip
def first_row_only(codes, weight):
    """Only one row comes out. Each code plucks its own."""
    return weight[codes.reshape(-1)[0]]


@pluck.slip
def sorted_rows(codes, weight):
    """The rows come out in the matrix's order, each once. They should follow the codes, repeats and all."""
    return weight[codes.unique()]


@pluck.slip
def flattened(codes, weight):
    """The rows are right, in one long list. Codes of shape (2, 2) should give a result of shape (2, 2, dim)."""
    if codes.min() < 0 or codes.max() >= len(weight):
        raise IndexError(codes)
    return weight[codes.reshape(-1)]


@pluck.slip
def squeezed(codes, weight):
    """An axis of size 1 got lost: `squeeze` takes them all away. The shape of the codes stays as it is."""
    if codes.min() < 0 or codes.max() >= len(weight):
        raise IndexError(codes)
    return weight[codes.squeeze()]


@pluck.slip
def an_axis_too_many(codes, weight):
    """A single code of shape () has no axis of codes. Its row comes out alone, of shape (dim,)."""
    if codes.min() < 0 or codes.max() >= len(weight):
        raise IndexError(codes)
    return weight[torch.atleast_1d(codes)]


@pluck.slip
def numpy_refuses(codes, weight):
    """`.numpy()` refuses a weight that requires gradients. `.detach()` before it takes the values alone."""
    if weight.requires_grad:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad")
    if codes.min() < 0 or codes.max() >= len(weight):
        raise IndexError(codes)
    return weight[codes]


@pluck.slip
def clamped(codes, weight):
    """A code outside the table is bent to the nearest row. That hides a mistake in the data: it should raise."""
    return weight[codes.clamp(0, len(weight) - 1)]


@pluck.slip
def zeros_for_bad(codes, weight):
    """A code outside the table gives zeros. That hides a mistake in the data: it should raise IndexError."""
    good = (codes >= 0) & (codes < len(weight))
    rows = weight[codes.clamp(0, len(weight) - 1)]
    return torch.where(good.unsqueeze(-1), rows, torch.zeros(()))


@pluck.slip
def wraps_around(codes, weight):
    """A code outside the table wraps around to another level's row. That hides a mistake: it should raise."""
    return weight[codes % len(weight)]


@pluck.slip
def upper_bound_only(codes, weight):
    """Too high is refused, but a negative code passes. Where does a code below 0 get stopped?"""
    if codes.max() >= len(weight):
        raise IndexError(codes)
    return weight[codes.clamp(min=0)]


# --- matmul_backward ------------------------------------------------------------------------------------------------


def backward_cases(rng):
    n, levels, dim = rng.randrange(3, 7), rng.randrange(4, 8), rng.randrange(2, 5)

    def one_hot(*codes, of=levels):
        return {"a": torch.eye(of)[[*codes]], "grad_output": draw.numbers(rng, len(codes), dim)}

    def numbers(n, levels, dim):
        return {"a": draw.numbers(rng, n, levels), "grad_output": draw.numbers(rng, n, dim)}

    first, second, third = rng.sample(range(levels), 3)
    return [Case("one-hot rows", **one_hot(first, second, third)),
            Case("one-hot rows", **one_hot(first, second, first, first, third)),
            Case("one-hot rows", **one_hot(first, first, of=levels + 5)), Case("one-hot rows", **one_hot(0, 0, of=1)),
            Case("any rows", **numbers(n, levels, dim)), Case("any rows", **numbers(levels, levels, levels)),
            Case("any rows", **numbers(1, levels, dim)), Case("any rows", **numbers(n, 1, dim)),
            Case("any rows", **numbers(n, levels, 1)), Case("any rows", **numbers(n, n, 3))]


matmul_backward = Exercise(
    call="function",
    points={"one-hot rows": 1, "any rows": 1},
    shown=[Case("one-hot rows", "one record", "One row of `b` was plucked. What do the others get?",
                a=tensor([[0.0, 1.0]]), grad_output=tensor([[5.0, 7.0]])),
           Case("one-hot rows", "two records, two rows", "Each slope goes home to the row that was plucked.",
                a=tensor([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]), grad_output=tensor([[1.0], [10.0]])),
           Case("one-hot rows", "two records, the same row", "Both records pull at the same row.",
                a=tensor([[0.0, 1.0], [0.0, 1.0]]), grad_output=tensor([[1.0, 2.0], [10.0, 20.0]])),
           Case("one-hot rows", "four records of two levels", "The gradient has the shape of `b`: a row a level.",
                a=torch.eye(3)[[0, 2, 0, 0]], grad_output=tensor([[1.0, 0.5], [10.0, 2.0], [-4.0, 0.25], [0.5, 8.0]])),
           Case("one-hot rows", "as many records as levels", "The order is that of the levels, not of the batch.",
                a=torch.eye(3)[[2, 0, 1]], grad_output=tensor([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]])),
           Case("any rows", "a row of `b` doubled on its way", "It was multiplied by 2 on the way forward. And its slope?",
                a=tensor([[2.0, 1.0]]), grad_output=tensor([[5.0, 7.0]])),
           Case("any rows", "shares", "Half of the one row, half of the other went into the result.",
                a=tensor([[0.5, 0.5, 0.0]]), grad_output=tensor([[4.0]])),
           Case("any rows", "three records, three levels", "Number (l, d) of `b` meets `a[i, l]` in record i.",
                a=tensor([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0], [0.5, 0.0, 1.0]]),
                grad_output=tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [8.0, 0.0, -2.0]])),
           Case("any rows", "more columns than records", "Does a size stand fixed in your code?",
                a=tensor([[1.0, -2.0], [3.0, 0.5]]), grad_output=tensor([[1.0, 2.0, 3.0], [0.25, 4.0, -1.0]]))],
    draw=backward_cases,
    rules=Rules(forbidden=("autograd",)))


@matmul_backward.slip
def keeps_one_of_several(a, grad_output):
    """Several records used the same row, and only one of their slopes is left. `grad[codes] = …` and `grad[codes] += …`
    overwrite; contributions add up."""
    result = torch.zeros(a.shape[1], grad_output.shape[1])
    result[a.argmax(dim=1)] = grad_output
    return result


@matmul_backward.slip
def only_the_largest(a, grad_output):
    """Each slope went to one row of `b`, as for a one-hot row. `a` may hold any numbers: then several rows take part, each
    by its own number."""
    return torch.zeros(a.shape[1], grad_output.shape[1]).index_add_(0, a.argmax(dim=1), grad_output)


@matmul_backward.slip
def touched_or_not(a, grad_output):
    """The slopes arrive at the right rows, but the numbers of `a` are missing. What was doubled on the way forward has its
    slope doubled on the way back."""
    return (a != 0).float().T @ grad_output


@matmul_backward.slip
def averaged(a, grad_output):
    """This is the mean over the records. Nothing is divided on the way back: the contributions add up."""
    return a.T @ grad_output / len(a)


@matmul_backward.slip
def averaged_by_row(a, grad_output):
    """A row that was used several times got the mean of its slopes. The contributions add up."""
    return a.T @ grad_output / (a != 0).sum(dim=0).clamp(min=1)[:, None]


@matmul_backward.slip
def turned(a, grad_output):
    """The result lies on its side. It has the shape of `b`: (levels, dim)."""
    return grad_output.T @ a


@matmul_backward.slip
def not_turned(a, grad_output):
    """`a @ grad_output` runs along a record's levels, and mostly the shapes don't even fit. Number (l, d) of `b` meets
    `a[i, l]` in every record i: which axis is added up?"""
    return a @ grad_output


@matmul_backward.slip
def the_wrong_turn(a, grad_output):
    """The other factor is turned: shapes (n, levels) and (dim, n) don't fit, or fit by accident. The result is
    (levels, dim), so which axis of which one has to go?"""
    return a @ grad_output.T


@matmul_backward.slip
def by_record(a, grad_output):
    """There is a gradient for each record. The matrix is one for all of them: add up over the records."""
    return a[:, :, None] * grad_output[:, None, :]


@matmul_backward.slip
def counts_only(a, grad_output):
    """This counts how often a row was used, as if every slope were 1. The slopes are given: `grad_output`."""
    return a.sum(dim=0)[:, None].expand(-1, grad_output.shape[1]).clone()


@matmul_backward.slip
def last_record(a, grad_output):
    """Only the last record is in it. All records use the same matrix, so their contributions add up."""
    return a[-1][:, None] * grad_output[-1]


@matmul_backward.slip
def first_record(a, grad_output):
    """Only the first record is in it. All records use the same matrix, so their contributions add up."""
    return a[0][:, None] * grad_output[0]


@matmul_backward.slip
def the_step(a, grad_output):
    """The sign is turned around. That is the direction of the step; the gradient says how the loss *rises*."""
    return -(a.T @ grad_output)


@matmul_backward.slip
def slopes_handed_on(a, grad_output):
    """These are the slopes of the result, a row a record. The gradient of `b` has a row a level."""
    return grad_output


@matmul_backward.slip
def whole_sum(a, grad_output):
    """Every row got the sum of all slopes. A row that was multiplied by 0 did not touch the loss."""
    return grad_output.sum(dim=0).expand(a.shape[1], -1).clone()


# --- multiplications ------------------------------------------------------------------------------------------------


def multiplications_cases(rng):
    def sizes():
        return {"n": rng.randrange(2, 900), "levels": rng.randrange(2, 9000), "dim": rng.randrange(2, 300)}
    return [Case("counts", **sizes()), Case("counts", **sizes()), Case("counts", **sizes()),
            Case("counts", n=1, levels=rng.randrange(2, 99), dim=1)]


multiplications = Exercise(
    call="function",
    points={"counts": 1},
    shown=[Case("counts", "one row, one column", "One number comes out. How many products are added up for it?",
                n=1, levels=5, dim=1),
           Case("counts", "two records, five levels, three columns", "Count the products of one number of the result. "
                "How many numbers has the result?", n=2, levels=5, dim=3),
           Case("counts", "a large table", "Nothing has to be multiplied to count multiplications.",
                n=256, levels=100_000, dim=16),
           Case("counts", "one of each", "Does taking a row that is there already multiply anything?",
                n=1, levels=1, dim=1)],
    draw=multiplications_cases)


@multiplications.slip
def lookup_multiplies(n, levels, dim):
    """The one-hot count is right. Taking a row that is there already multiplies nothing, not even by 1."""
    return n * levels * dim, n * dim


@multiplications.slip
def lookup_one_each(n, levels, dim):
    """The one-hot count is right. A lookup copies a row for each code and multiplies nothing."""
    return n * levels * dim, n


@multiplications.slip
def only_nonzero(n, levels, dim):
    """This leaves out the products with 0. The one-hot product computes them all the same: that is its cost."""
    return n * dim, 0


@multiplications.slip
def counts_additions_too(n, levels, dim):
    """Additions are counted too. Asked for are the multiplications alone."""
    return n * levels * dim + n * (levels - 1) * dim, 0


@multiplications.slip
def twice(n, levels, dim):
    """This counts an addition for each multiplication as well. Asked for are the multiplications alone."""
    return 2 * n * levels * dim, 0


@multiplications.slip
def forgets_dim(n, levels, dim):
    """That is the cost of one column of the result. It has dim of them."""
    return n * levels, 0


@multiplications.slip
def forgets_records(n, levels, dim):
    """That is the cost of one record. There are n of them."""
    return levels * dim, 0


@multiplications.slip
def swapped(n, levels, dim):
    """The two counts have changed places: first the one-hot product, then the lookup."""
    return 0, n * levels * dim


@multiplications.slip
def one_number(n, levels, dim):
    """The one-hot count alone came back. Two numbers are asked for: that one, and the lookup's."""
    return n * levels * dim
