"""What the exercises of lesson 6 accept, and which mistakes they know."""
import torch
import torch.nn.functional as F
from torch import tensor

from embedding_course.checking import draw
from embedding_course.checking.exercise import Case, Exercise, Rules

PLANE = [[0.0, 0.0], [3.0, 4.0], [-3.0, 4.0], [0.0, 5.0]]                       # (levels 4, dim 2), whole distances
SPACE = [[1.0, 2.0, 2.0], [0.0, 0.0, 0.0], [1.0, 2.0, 8.0]]                     # (levels 3, dim 3)
TWINS = [[1.0, 2.0], [1.0, 2.0], [4.0, 6.0]]                                    # (levels 3, dim 2), rows 0 and 1 alike


def trained(numbers):
    """A table that wants its gradient."""
    return tensor(numbers).requires_grad_()


# --- predicted_distance ---------------------------------------------------------------------------------------------


def distance_cases(rng):
    levels, dim = rng.randrange(5, 9), rng.randrange(4, 7)
    weight = 3 * draw.numbers(rng, levels, dim)
    alike = torch.cat([weight, weight[:1]])                                     # the last row is the first one again
    column = 4 * tensor(rng.sample(range(20), levels)).float().unsqueeze(1)     # (levels, dim 1)
    crowd = 1024 + torch.arange(40).unsqueeze(1) * tensor([[0.25, -0.5]])       # (40, dim 2), far out, side by side
    a, b = draw.codes(rng, levels, 6), draw.codes(rng, levels - 1, 6)
    b = b + (b >= a)                                                            # never the same row twice
    far, near = draw.codes(rng, 39, 30), tensor([rng.choice([0, 1]) for _ in range(30)])
    return [Case("distances", weight=weight.clone().requires_grad_(), a=a, b=b, upstream=draw.numbers(rng, 6)),
            Case("distances", weight=column.requires_grad_(), a=a, b=b, upstream=draw.numbers(rng, 6)),
            Case("distances", weight=weight.clone().requires_grad_(), a=a[:1], b=b[:1], upstream=draw.numbers(rng, 1)),
            Case("distances", weight=crowd.requires_grad_(), a=far, b=far + 1, upstream=draw.numbers(rng, 30)),
            Case("edges", weight=alike.requires_grad_(), a=tensor([0, 1, levels]),
                 b=tensor([levels, 2, 3]), upstream=tensor([0.0, 1.0, -2.0])),
            Case("edges", weight=weight.clone().requires_grad_(), a=tensor([3, 0, 4]),
                 b=tensor([3, 1, 4]), upstream=draw.numbers(rng, 3)),
            Case("edges", weight=weight.clone().requires_grad_(), a=near, b=near,
                 upstream=draw.numbers(rng, 30)),
            *(Case("edges", weight=weight.clone().requires_grad_(), a=tensor(first), b=tensor(second))
              for bad in (levels, -1, -levels, levels + 40, -levels - 3)
              for first, second in (([0, bad], [1, 2]), ([0, 1], [bad, 2])))]


# The upstream gradient of rows that coincide is 0 where they are two: whatever is finite passes, `nan` and `inf` don't.
predicted_distance = Exercise(
    call="with_gradients",
    points={"distances": 1, "edges": 1},
    raises={"edges": IndexError},
    rules=Rules(any_refusal=True),
    shown=[Case("distances", "one pair", "Three along, four up: what does Pythagoras say?",
                weight=trained(PLANE), a=tensor([0]), b=tensor([1]), upstream=tensor([1.0])),
           Case("distances", "three pairs", "One number for each pair, in their order.",
                weight=trained(PLANE), a=tensor([0, 1, 0]), b=tensor([2, 2, 3]), upstream=tensor([5.0, 2.0, -1.0])),
           Case("distances", "three columns", "A row may have any number of columns; all of them count.",
                weight=trained(SPACE), a=tensor([0, 2]), b=tensor([1, 0]), upstream=tensor([3.0, 1.0])),
           Case("distances", "one column", "With one column the distance is the difference without its sign.",
                weight=trained([[1.0], [-2.5], [4.0]]), a=tensor([0, 1]), b=tensor([1, 2]),
                upstream=tensor([1.0, 2.0])),
           Case("distances", "forty rows far from zero", "Large numbers that nearly cancel lose their last digits. "
                "Subtract first, square afterwards.",
                weight=(8192 + 0.25 * torch.arange(40.0).unsqueeze(1)).requires_grad_(),
                a=torch.arange(30), b=torch.arange(30) + 1),
           Case("edges", "a row and itself", "The distance is 0, and its gradient should be a number too.",
                weight=trained(PLANE), a=tensor([2, 0]), b=tensor([2, 1]), upstream=tensor([1.0, 5.0])),
           Case("edges", "two rows alike", "The distance is 0, and its gradient should be a number too.",
                weight=trained(TWINS), a=tensor([0, 2]), b=tensor([1, 0]), upstream=tensor([0.0, 5.0])),
           Case("edges", "a code one too high", "Four levels have the codes 0 to 3. There is no row 4.",
                weight=trained(PLANE), a=tensor([4]), b=tensor([0])),
           Case("edges", "one too high at the other end", "Both ends of a pair are codes.",
                weight=trained(PLANE), a=tensor([0, 1]), b=tensor([1, 4])),
           Case("edges", "a negative code", "Should a wrong code pass without a word?",
                weight=trained(PLANE), a=tensor([0, -1]), b=tensor([1, 2])),
           Case("edges", "a negative code at the other end", "Both ends of a pair are codes.",
                weight=trained(PLANE), a=tensor([0, 1]), b=tensor([-4, 2])),
           Case("edges", "codes far outside", "There is no such row.",
                weight=trained(PLANE), a=tensor([90, 1]), b=tensor([0, 2])),
           Case("edges", "far below zero", "No level has a negative code.",
                weight=trained(PLANE), a=tensor([0, 1]), b=tensor([-9, 2]))],
    draw=distance_cases)


def refuse(weight, *codes):
    """IndexError for codes that the table lacks."""
    if any(c.min() < 0 or c.max() >= len(weight) for c in codes):
        raise IndexError(codes)


def apart(weight, a, b):
    """Differences of the rows, bad codes refused: for slips that get all right but one thing."""
    refuse(weight, a, b)
    return weight[a] - weight[b]                                # (n, dim)


@predicted_distance.slip
def plain_root(weight, a, b):
    """The distances are right, but where two rows coincide the gradient is `nan`: the root is infinitely steep at 0,
    and infinity times 0 is no number. What could keep the root's argument away from 0, or know about it?"""
    return apart(weight, a, b).square().sum(dim=1).sqrt()


@predicted_distance.slip
def squared(weight, a, b):
    """This is the squared distance. The root is missing."""
    return apart(weight, a, b).square().sum(dim=1)


@predicted_distance.slip
def city_blocks(weight, a, b):
    """This adds up the differences without their signs: a walk round the blocks. Euclid goes straight: squares, sum,
    root."""
    return apart(weight, a, b).abs().sum(dim=1)


@predicted_distance.slip
def largest_difference(weight, a, b):
    """Only the largest difference counts here. Euclid takes all columns: squares, sum, root."""
    return apart(weight, a, b).abs().max(dim=1).values


@predicted_distance.slip
def mean_of_squares(weight, a, b):
    """The squares are averaged over the columns. Pythagoras adds them up."""
    return (apart(weight, a, b).square().mean(dim=1) + 1e-12).sqrt()


@predicted_distance.slip
def sum_of_differences(weight, a, b):
    """The differences are added up with their signs, so that they cancel. They are squared first."""
    return apart(weight, a, b).sum(dim=1)


@predicted_distance.slip
def one_for_all(weight, a, b):
    """One number comes out for all pairs together. Each pair has its own: sum over the columns only, `dim=1`."""
    return apart(weight, a, b).norm()


@predicted_distance.slip
def over_the_pairs(weight, a, b):
    """The sum runs over the pairs. It should run along each row, over the columns: `dim=1`."""
    return apart(weight, a, b).norm(dim=0)


@predicted_distance.slip
def every_pair(weight, a, b):
    """Each row of `a` is compared with each of `b`. Asked for are pairs: the first with the first, and so on."""
    refuse(weight, a, b)
    return (weight[a].unsqueeze(1) - weight[b].unsqueeze(0)).norm(dim=2)


@predicted_distance.slip
def too_much_inside(weight, a, b):
    """The gradient is finite, and the distance shifted: a little something inside the root is large after it, as
    √0.000001 is 0.001. Is there a smaller one that does?"""
    return (apart(weight, a, b).square().sum(dim=1) + 1e-6).sqrt()


@predicted_distance.slip
def too_much_outside(weight, a, b):
    """What was added shifts every distance by more than 0.0001."""
    return apart(weight, a, b).norm(dim=1) + 1e-3


@predicted_distance.slip
def added_to_the_difference(weight, a, b):
    """A little something added to every difference keeps away from 0, and shifts the distances. Is it too large?"""
    return (apart(weight, a, b).double() + 1e-3).norm(dim=1).float()              # rounded: alike on every CPU


@predicted_distance.slip
def expanded(weight, a, b):
    """Written as a² + b² − 2ab, the distance of two close rows far from zero drowns in rounding; `torch.cdist` does
    that too, for more than 25 rows. Subtract the rows first, then square."""
    refuse(weight, a, b)
    first, second = weight[a], weight[b]
    square = first.square().sum(dim=1) + second.square().sum(dim=1) - 2 * (first * second).sum(dim=1)
    return square.clamp(min=1e-12).sqrt()


@predicted_distance.slip
def expanded_as_cdist_does(weight, a, b):
    """Written as a² − 2ab + b², the distance of two close rows far from zero drowns in rounding; `torch.cdist` does
    that too, for more than 25 rows. Subtract the rows first, then square."""
    refuse(weight, a, b)
    first, second = weight[a], weight[b]
    square = first.square().sum(dim=1) - 2 * (first * second).sum(dim=1) + second.square().sum(dim=1)
    return square.clamp(min=1e-12).sqrt()


@predicted_distance.slip
def expanded_bare(weight, a, b):
    """Written as a² + b² − 2ab, the distance of two close rows far from zero drowns in rounding. Subtract the rows
    first, then square. (And the root of 0 has no finite slope.)"""
    refuse(weight, a, b)
    first, second = weight[a], weight[b]
    return (first.square().sum(dim=1) + second.square().sum(dim=1) - 2 * (first * second).sum(dim=1)).sqrt()


@predicted_distance.slip
def detached(weight, a, b):
    """The distances are right, but no gradient comes back to the table, so nothing would train. Where is the tie cut
    (`detach`, `.data`, `no_grad`, `tolist`)?"""
    return apart(weight, a, b).norm(dim=1).detach()


@predicted_distance.slip
def one_end_held(weight, a, b):
    """Only one end of each pair gets a gradient. Both rows should move: is one of them detached?"""
    refuse(weight, a, b)
    return (weight[a] - weight[b].detach()).norm(dim=1)


@predicted_distance.slip
def cosine(weight, a, b):
    """This compares directions. Asked for is the Euclidean distance."""
    refuse(weight, a, b)
    return 1 - F.cosine_similarity(weight[a], weight[b])


@predicted_distance.slip
def dot_product(weight, a, b):
    """This is the dot product of the rows, large where they point the same way. Asked for is their distance."""
    refuse(weight, a, b)
    return (weight[a] * weight[b]).sum(dim=1)


@predicted_distance.slip
def last_row_for_negative(weight, a, b):
    """Plain indexing takes a negative code as "from the end", without a word. It should raise IndexError."""
    return (weight[a] - weight[b]).norm(dim=1)


@predicted_distance.slip
def first_end_checked(weight, a, b):
    """The codes in `a` are checked, those in `b` are not."""
    refuse(weight, a)
    return (weight[a] - weight[b]).norm(dim=1)


@predicted_distance.slip
def second_end_checked(weight, a, b):
    """The codes in `b` are checked, those in `a` are not."""
    refuse(weight, b)
    return (weight[a] - weight[b]).norm(dim=1)


@predicted_distance.slip
def one_too_many(weight, a, b):
    """The comparison lets a code equal to the number of levels pass; torch then answers for it, or nobody does. And
    negative ones?"""
    return (weight[a.clamp(max=len(weight) - 1)] - weight[b.clamp(max=len(weight) - 1)]).norm(dim=1)


@predicted_distance.slip
def clamped(weight, a, b):
    """A code outside the table is bent to the nearest row. That hides a mistake in the data: it should raise."""
    return (weight[a.clamp(0, len(weight) - 1)] - weight[b.clamp(0, len(weight) - 1)]).norm(dim=1)


@predicted_distance.slip
def wraps_around(weight, a, b):
    """A code outside the table wraps around to another level's row. That hides a mistake: it should raise."""
    return (weight[a % len(weight)] - weight[b % len(weight)]).norm(dim=1)


@predicted_distance.slip
def counts_from_one(weight, a, b):
    """Code 0 is the first row: counting starts at 0 in Python, torch and this course."""
    return (weight[a - 1] - weight[b - 1]).norm(dim=1)


@predicted_distance.slip
def distance_of_codes(weight, a, b):
    """This compares the codes. They only say which rows; the numbers stand in `weight`."""
    refuse(weight, a, b)
    return (a - b).abs().float()


# --- nearest --------------------------------------------------------------------------------------------------------

LINE = [[0.0], [5.0], [1.0], [-1.0], [8.0]]                                     # (levels 5, dim 1)
FIVE_AWAY = [[3.0, 4.0], [4.0, -3.0], [-5.0, 0.0], [0.0, 5.0], [-4.0, 3.0]]
CROWD = tensor([[0.0, 0.0]] + FIVE_AWAY * 4)                                    # (levels 21, dim 2)


def clear_distances(rng, levels, dim, code):
    """A table in which the distances to one row differ clearly, so that rounding can't change their order."""
    while True:
        weight = draw.numbers(rng, levels, dim)
        distances = (weight - weight[code]).norm(dim=1).sort().values
        if distances.diff().min() > 0.002:
            return weight


def nearest_cases(rng):
    levels, dim = rng.randrange(7, 12), rng.randrange(2, 5)
    code = rng.randrange(1, levels - 1)
    weight = clear_distances(rng, levels, dim, code)
    hops = torch.tensor([[rng.choice([-2.0, -1.0, 1.0, 2.0])] for _ in range(30)])
    ties, end = torch.cat([hops, torch.zeros(1, 1), hops]), rng.randrange(40, 61)
    copies = torch.cat([weight[code].unsqueeze(0), weight + 0])                  # row 0 is a copy of row code + 1
    return [Case("nearest rows", weight=weight, code=code, k=3),
            Case("nearest rows", weight=weight.clone().requires_grad_(), code=code, k=1),
            Case("nearest rows", weight=weight, code=code, k=levels - 1),
            Case("nearest rows", weight=clear_distances(rng, levels, 1, 0), code=0, k=levels - 2),
            Case("nearest rows", weight=100 + clear_distances(rng, levels, dim, levels - 1), code=levels - 1, k=4),
            Case("edges", weight=ties, code=30, k=end),
            Case("edges", weight=ties.repeat(1, 2), code=30, k=20),
            Case("edges", weight=copies, code=code + 1, k=2),
            Case("edges", weight=copies, code=0, k=1),
            *(Case("edges", weight=weight, code=bad, k=2) for bad in (levels, -1, -levels, levels + 30)),
            *(Case("edges", weight=weight, code=code, k=k) for k in (0, -1, levels, levels + 5))]


nearest = Exercise(
    call="function",
    points={"nearest rows": 1, "edges": 1},
    raises={"edges": (IndexError, ValueError)},
    rules=Rules(any_refusal=True),
    shown=[Case("nearest rows", "the nearest of three", "The row itself is left out; who comes next?",
                weight=tensor([[0.0], [5.0], [1.0]]), code=0, k=1),
           Case("nearest rows", "from the other end", "The row itself is left out; who comes next?",
                weight=tensor([[0.0], [5.0], [1.0]]), code=1, k=2),
           Case("nearest rows", "two columns", "Euclid: squares, sum, root. Then the smallest first.",
                weight=tensor([[0.0, 0.0], [0.0, 5.0], [3.0, 3.0], [1.0, 1.0]]), code=0, k=3),
           Case("nearest rows", "rows that point the same way", "Distance counts, not direction.",
                weight=tensor([[8.0, 0.0], [2.0, 0.0], [8.0, 4.0], [9.0, -1.0]]), code=0, k=2),
           Case("nearest rows", "a weight with gradients", "That is how a weight comes that is to be trained.",
                weight=trained([[1.0, 2.0, 0.0], [4.0, 6.0, 0.0], [1.0, 2.0, 1.0]]), code=1, k=2),
           Case("edges", "two rows as far", "Equals come in the order of their codes; `topk` promises nothing "
                "about them.", weight=tensor(LINE), code=0, k=2),
           Case("edges", "a tie cut by k", "Equals come in the order of their codes, and then k cuts; `topk` "
                "promises nothing about them.",
                weight=tensor([[2.0], [4.0], [0.0], [2.5], [1.5]]), code=0, k=3),
           Case("edges", "twenty rows as far", "Equals come in the order of their codes. A plain `argsort` keeps it "
                "up to 16 entries and no longer; one of its arguments makes it keep it always.",
                weight=CROWD, code=0, k=20),
           Case("edges", "a row with a twin", "Its twin is 0 away, and not the row itself.",
                weight=tensor([[3.0, 1.0], [0.0, 1.0], [3.0, 1.0]]), code=2, k=2),
           Case("edges", "a code one too high", "Five levels have the codes 0 to 4.",
                weight=tensor(LINE), code=5, k=1),
           Case("edges", "a negative code", "Should a wrong code pass without a word?",
                weight=tensor(LINE), code=-1, k=1),
           Case("edges", "a code far below zero", "No level has a negative code.",
                weight=tensor(LINE), code=-9, k=1),
           Case("edges", "k = 0", "At least one row is asked for.", weight=tensor(LINE), code=1, k=0),
           Case("edges", "k = -1", "At least one row is asked for.", weight=tensor(LINE), code=1, k=-1),
           Case("edges", "k as large as the table", "How many other rows are there?",
                weight=tensor(LINE), code=1, k=5),
           Case("edges", "k far too large", "How many other rows are there?",
                weight=tensor(LINE), code=1, k=50)],
    draw=nearest_cases)


def checked(weight, code, k):
    """Refuses bad arguments, for slips that get all right but one thing."""
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)


def distances_from(weight, code):
    """The distances to one row (levels,), infinite for itself."""
    weight = weight.detach()
    distances = (weight - weight[code]).norm(dim=1)
    distances[code] = float("inf")
    return distances


def in_order(distances, k):
    """Codes of the k smallest, ties by the lower code."""
    return distances.argsort(stable=True)[:k]


@nearest.slip
def first_in_line_left_out(weight, code, k):
    """The first in line is left out, as if that were the row itself. With a twin of a lower code it isn't."""
    checked(weight, code, k)
    weight = weight.detach()
    return (weight - weight[code]).norm(dim=1).argsort(stable=True)[1:k + 1]


@nearest.slip
def higher_code_first(weight, code, k):
    """Among equals the higher code comes first here; asked for is the lower. (`topk` promises no order among them.)"""
    checked(weight, code, k)
    return len(weight) - 1 - in_order(distances_from(weight, code).flip(0), k)


@nearest.slip
def twins_left_out(weight, code, k):
    """Everything that is 0 away is left out. A twin of the row is another level, and its nearest."""
    checked(weight, code, k)
    distances = distances_from(weight, code)
    order = in_order(distances, len(weight) - 1)
    return order[distances[order] > 0][:k]


@nearest.slip
def itself_included(weight, code, k):
    """The row itself comes first, 0 away. Asked for are the others."""
    checked(weight, code, k)
    weight = weight.detach()
    return in_order((weight - weight[code]).norm(dim=1), k)


@nearest.slip
def farthest(weight, code, k):
    """These are the rows farthest away. Nearest means: the smallest distance first."""
    checked(weight, code, k)
    distances = distances_from(weight, code)
    distances[code] = -1
    return distances.argsort(descending=True, stable=True)[:k]


@nearest.slip
def nearest_last(weight, code, k):
    """The right rows, the nearest of them last. It should come first."""
    checked(weight, code, k)
    return in_order(distances_from(weight, code), k).flip(0)


@nearest.slip
def in_order_of_codes(weight, code, k):
    """The right rows, in the order of their codes. The nearest should come first."""
    checked(weight, code, k)
    return in_order(distances_from(weight, code), k).sort().values


@nearest.slip
def by_cosine(weight, code, k):
    """This compares directions (cosine). Asked for is the Euclidean distance."""
    checked(weight, code, k)
    likeness = F.cosine_similarity(weight.detach(), weight.detach()[code], dim=1)
    likeness[code] = -2
    return likeness.argsort(descending=True, stable=True)[:k]


@nearest.slip
def by_dot_product(weight, code, k):
    """A large dot product isn't a small distance: long rows have large ones with everybody."""
    checked(weight, code, k)
    products = (weight.detach() * weight.detach()[code]).sum(dim=1)
    products[code] = -float("inf")
    return products.argsort(descending=True, stable=True)[:k]


@nearest.slip
def by_city_blocks(weight, code, k):
    """This adds up the differences without their signs. Euclid: squares, sum, root."""
    checked(weight, code, k)
    distances = (weight.detach() - weight.detach()[code]).abs().sum(dim=1)
    distances[code] = float("inf")
    return in_order(distances, k)


@nearest.slip
def by_code(weight, code, k):
    """These are the neighbours by code. Codes are names; what is near, the rows say."""
    checked(weight, code, k)
    distances = (torch.arange(len(weight)) - code).abs().double()
    distances[code] = float("inf")
    return in_order(distances, k)


@nearest.slip
def the_distances(weight, code, k):
    """These are the distances. Asked for are the codes of the rows."""
    checked(weight, code, k)
    return distances_from(weight, code).sort().values[:k]


@nearest.slip
def one_short(weight, code, k):
    """One row is missing at the end: where you leave out the row itself, the slice has to go one further."""
    checked(weight, code, k)
    return in_order(distances_from(weight, code), k)[:k - 1]


@nearest.slip
def numbers_moved_up(weight, code, k):
    """The row was taken out of the table before the search, so the codes after it are one too low."""
    checked(weight, code, k)
    codes = in_order(distances_from(weight, code), k)
    return codes - (codes > code).long()


@nearest.slip
def as_a_list(weight, code, k):
    """The right codes, in a Python list. A LongTensor should come back."""
    checked(weight, code, k)
    return in_order(distances_from(weight, code), k).tolist()


@nearest.slip
def numpy_refuses(weight, code, k):
    """`.numpy()` refuses a weight that requires gradients. `.detach()` before it takes the values alone."""
    if weight.requires_grad:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad")
    checked(weight, code, k)
    return in_order(distances_from(weight, code), k)


@nearest.slip
def unchecked(weight, code, k):
    """A negative code passes, as "from the end", and so does a k that can't be. Look at both first."""
    return in_order(distances_from(weight, code), k)


@nearest.slip
def code_unchecked(weight, code, k):
    """`k` is checked, the code isn't: a negative one passes, as "from the end"."""
    if not 1 <= k < len(weight):
        raise ValueError(k)
    return in_order(distances_from(weight, code), k)


@nearest.slip
def k_unchecked(weight, code, k):
    """The code is checked, `k` isn't. A slice takes what there is and says nothing."""
    if not 0 <= code < len(weight):
        raise IndexError(code)
    return in_order(distances_from(weight, code), k)


@nearest.slip
def itself_for_the_last(weight, code, k):
    """`k` may be levels − 1 at most: there are no more others. Here a k equal to the number of levels passes."""
    checked(weight, code, min(k, len(weight) - 1) if k == len(weight) else k)
    return in_order(distances_from(weight, code), k)


@nearest.slip
def zero_passes(weight, code, k):
    """`k` is checked at its upper end only. No row at all is not a question."""
    checked(weight, code, max(k, 1))
    return in_order(distances_from(weight, code), k)


@nearest.slip
def all_index_errors(weight, code, k):
    """A `k` that can't be is a ValueError; only for the code it is an IndexError."""
    if not (0 <= code < len(weight) and 1 <= k < len(weight)):
        raise IndexError(code, k)
    return in_order(distances_from(weight, code), k)


@nearest.slip
def asserts(weight, code, k):
    """Bad arguments are noticed, by `assert`. Asserts can be switched off (`python -O`): raise IndexError and
    ValueError."""
    if not (0 <= code < len(weight) and 1 <= k < len(weight)):
        raise AssertionError(code, k)
    return in_order(distances_from(weight, code), k)


# --- project --------------------------------------------------------------------------------------------------------
# Computed in float64 and rounded to float32, so that what is shown comes out alike on every CPU.


def turned(places, axes, middle):
    """A table whose coordinates on its principal components are known.

    places : columns of whole numbers, each with mean 0, at right angles to each other, one entry the largest
    axes : a direction for each of them, at right angles to each other
    """
    return tensor(places, dtype=torch.float64).T @ tensor(axes, dtype=torch.float64) + tensor(middle)


FLAT = turned([[-4, 2, -3, 5], [-2, -2, 3, 1]], [[0.75, 1.0], [-1.0, 0.75]], [3.0, -2.0]).float()   # (levels 4, dim 2)
DEEP = turned([[-2, 4, -1, -3, 2], [-2, 2, -1, 3, -2], [-1, -1, -1, 1, 2]],
              [[0.5, 1, 1], [1, 0.5, -1], [1, -1, 0.5]], [0.0, 8.0, 16.0]).float()                  # (levels 5, dim 3)
WIDE = turned([[-3, 9, -6], [5, -1, -4]], [[0.5, 0.5, 0.5, 0.5], [0.5, -0.5, 0.5, -0.5]],
              [1.0, 2.0, 3.0, -4.0]).float()                                                      # (levels 3, dim 4)


def clear_components(rng, levels, dim):
    """A table whose components are told apart clearly, and whose largest entry in each is clear too."""
    while True:
        rotation = torch.linalg.qr(draw.numbers(rng, dim, dim))[0]
        sizes = 8 * 0.6 ** torch.arange(dim)
        weight = draw.numbers(rng, levels, dim) * sizes @ rotation + 10 * draw.numbers(rng, dim)
        places, lengths = components(weight)
        largest = places.abs().sort(dim=0, descending=True).values
        if (lengths[1:] < 0.85 * lengths[:-1]).all() and lengths[-1] > 0.5 and (largest[1] < 0.95 * largest[0]).all():
            return weight


def components(weight, middle=None):
    """Coordinates on all components (levels, …), signs as they come, and the components' lengths."""
    centred = weight.detach().double() - (weight.detach().double().mean(dim=0) if middle is None else middle)
    left, sizes, _ = torch.linalg.svd(centred, full_matrices=False)
    return left * sizes, sizes


def upright(places):
    """The largest entry of each column made positive, of equal ones the first."""
    return places * places.gather(0, tidy(places).abs().argmax(dim=0, keepdim=True)).sign()


def tidy(numbers):
    """Rounded, as float32: the same on every CPU."""
    return (numbers.double() * 1e6).round().div(1e6).add(0.0).float()


def project_cases(rng):
    dim = rng.randrange(3, 6)
    weight = clear_components(rng, dim + rng.randrange(4, 9), dim)
    narrow = clear_components(rng, 4, 3)
    return [Case("projection", weight=weight), Case("projection", weight=-weight),
            Case("projection", weight=weight, dims=1), Case("projection", weight=weight, dims=dim),
            Case("projection", weight=-weight, dims=3),
            Case("projection", weight=narrow @ torch.linalg.qr(draw.numbers(rng, 6, 6))[0][:3], dims=3),
            Case("projection", weight=weight.clone().requires_grad_(), dims=2)]


project = Exercise(
    call="function",
    points={"projection": 2},
    shown=[Case("projection", "two columns", "A turn, so that the longest direction comes first; the middle goes to 0.",
                weight=FLAT),
           Case("projection", "the same, upside down", "The entry of the largest magnitude should be positive.",
                weight=-FLAT),
           Case("projection", "three columns to two", "The two directions in which the rows spread most.", weight=DEEP),
           Case("projection", "three columns, upside down", "The entry of the largest magnitude should be positive, in "
                "each column of the result.", weight=-DEEP),
           Case("projection", "to one", "How many columns are asked for?", weight=DEEP, dims=1),
           Case("projection", "all three", "How many columns are asked for?", weight=DEEP, dims=3),
           Case("projection", "more columns than levels", "Three rows lie in a plane, however wide they are.",
                weight=WIDE, dims=2),
           Case("projection", "a weight with gradients", "That is how a weight comes that is to be trained.",
                weight=DEEP.clone().requires_grad_(), dims=2)],
    draw=project_cases)


@project.slip
def first_columns(weight, dims=2):
    """These are the table's first columns. Principal components are new directions, mixed from all columns."""
    return weight.detach()[:, :dims]


@project.slip
def first_columns_centred(weight, dims=2):
    """These are the table's first columns, centred. Principal components are new directions, mixed from all columns."""
    return (weight.detach() - weight.detach().mean(dim=0))[:, :dims]


@project.slip
def about_zero(weight, dims=2):
    """The rows are not centred. Without that the first direction points at their middle, and says little else."""
    return tidy(upright(components(weight, middle=0)[0][:, :dims]))


@project.slip
def centred_afterwards(weight, dims=2):
    """Centring comes before the SVD. Afterwards the directions are chosen already."""
    places = components(weight, middle=0)[0][:, :dims]
    return tidy(upright(places - places.mean(dim=0)))


@project.slip
def one_mean_for_all(weight, dims=2):
    """One mean of all numbers was taken away. Each column has its own: `mean(dim=0)`."""
    return tidy(upright(components(weight, middle=weight.detach().double().mean())[0][:, :dims]))


@project.slip
def rows_centred(weight, dims=2):
    """Each row was centred by itself. The middle of all rows is a mean over the rows: `mean(dim=0)`."""
    return tidy(upright(components(weight, middle=weight.detach().double().mean(dim=1, keepdim=True))[0][:, :dims]))


@project.slip
def unscaled(weight, dims=2):
    """These are the left singular vectors, each of length 1. Coordinates are as long as the rows spread: times the
    singular values."""
    places, sizes = components(weight)
    return tidy(upright((places / sizes)[:, :dims]))


@project.slip
def scaled_by_spread(weight, dims=2):
    """The columns were divided by their spread first. That makes short directions as long as long ones; here they keep
    their lengths."""
    weight = weight.detach().double()
    return tidy(upright(components(weight / weight.std(dim=0))[0][:, :dims]))


@project.slip
def each_result_scaled(weight, dims=2):
    """The coordinates come out with spread 1 in each column. They should keep their lengths, the longest first."""
    places, sizes = components(weight)
    return tidy(upright((places / sizes)[:, :dims] * (len(weight) - 1) ** 0.5))


@project.slip
def scaled_twice(weight, dims=2):
    """The singular values came in twice. Rows times directions are coordinates already."""
    places, sizes = components(weight)
    return tidy(upright((places * sizes)[:, :dims]))


@project.slip
def other_sign(weight, dims=2):
    """The entry of the largest magnitude is negative here. The sign of a component is anybody's choice, so a rule
    chooses."""
    return tidy(-upright(components(weight)[0][:, :dims]))


@project.slip
def first_sign(weight, dims=2):
    """The sign of the first column is left to chance. The entry of the largest magnitude should be positive."""
    places = upright(components(weight)[0])
    places[:, 0:0 + 1] *= -1
    return tidy(places[:, :dims])


@project.slip
def second_sign(weight, dims=2):
    """The sign of the second column is left to chance. The entry of the largest magnitude should be positive, in each
    column."""
    places = upright(components(weight)[0])
    places[:, 1:1 + 1] *= -1
    return tidy(places[:, :dims])


@project.slip
def first_row_positive(weight, dims=2):
    """The first row was made positive. It is the entry of the largest magnitude that should be, in each column."""
    places = components(weight)[0][:, :dims]
    return tidy(places * places[:1].sign())


@project.slip
def all_positive(weight, dims=2):
    """All numbers were made positive. A column is turned round as a whole, all its signs together."""
    return tidy(components(weight)[0][:, :dims].abs())


@project.slip
def smallest_first(weight, dims=2):
    """These are the directions in which the rows spread least. `eigh` gives the smallest first."""
    return tidy(upright(components(weight)[0].flip(1)[:, :dims]))


@project.slip
def smallest_last(weight, dims=2):
    """The right directions in the wrong order. The longest comes first (`eigh` gives it last)."""
    return tidy(upright(components(weight)[0][:, :dims].flip(1)))


@project.slip
def always_two(weight, dims=2):
    """Two columns come out, however many are asked for."""
    return tidy(upright(components(weight)[0][:, :2]))


@project.slip
def all_columns(weight, dims=2):
    """All components come out. Only the first `dims` of them are asked for."""
    return tidy(upright(components(weight)[0]))


@project.slip
def directions(weight, dims=2):
    """These are the directions. Asked for are the rows' coordinates on them: rows times directions."""
    weight = weight.detach().double()
    axes = torch.linalg.svd(weight - weight.mean(dim=0), full_matrices=False)[2][:dims].T
    return tidy(upright(axes))


@project.slip
def gradients_in_the_way(weight, dims=2):
    """`.numpy()` refuses a weight that requires gradients. `.detach()` before it takes the values alone."""
    if weight.requires_grad:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad")
    return tidy(upright(components(weight)[0][:, :dims]))


# --- align ----------------------------------------------------------------------------------------------------------

KITE = [[1.0, 2.0], [3.0, -4.0], [-5.0, 6.0], [7.0, 3.0], [2.0, -1.0]]          # (n 5, 2), without any symmetry
BENT = [[2.0, 1.0], [3.0, -5.0], [-4.0, 7.0], [8.0, 1.0], [1.0, -1.0]]          # (n 5, 2), nearly the same


def moved_by(points, matrix, shift):
    """Points times a matrix, shifted; whole numbers and quarters stay exact."""
    return tensor(points) @ tensor(matrix) + tensor(shift)


RIGHT_ANGLE, HALF_TURN = [[0.0, 1.0], [-1.0, 0.0]], [[-1.0, 0.0], [0.0, -1.0]]
MIRROR, SLANTED = [[-1.0, 0.0], [0.0, 1.0]], [[0.75, 1.0], [-1.0, 0.75]]        # the last one stretches by 1.25 as well
SLANTED_MIRROR, SAME = [[0.75, 1.0], [1.0, -0.75]], [[1.0, 0.0], [0.0, 1.0]]


def align_cases(rng):
    n = rng.randrange(6, 11)
    points, size = 2 * draw.numbers(rng, n, 2), rng.choice([0.2, 0.5, 3.0, 7.0])
    rotation = torch.linalg.qr(draw.numbers(rng, 2, 2))[0]
    rotation[:, 0] *= torch.linalg.det(rotation).sign()
    mirror = rotation @ tensor([[1.0, 0.0], [0.0, -1.0]])
    shift, noise = 5 * draw.numbers(rng, 1, 2), draw.numbers(rng, n, 2)
    flat = tensor([[1.0, 0.2]])
    return [Case("points", points=points, target=points @ rotation * size + shift),
            Case("points", points=points, target=points @ mirror * size + shift),
            Case("points", points=points - shift, target=points @ rotation * size + shift + 0.5 * noise),
            Case("points", points=points - shift, target=points @ mirror * size + shift + 0.5 * noise),
            Case("points", points=points * flat, target=(points * flat + 0.3 * noise) @ rotation + 3 * shift),
            Case("points", points=points * flat, target=points * flat + 0.5 * noise * flat + shift),
            Case("points", points=points, target=noise * flat),
            Case("points", points=(points @ mirror).requires_grad_(), target=points + 0.2 * noise)]


align = Exercise(
    call="function",
    points={"points": 2},
    shown=[Case("points", "three points", "A right angle, twice as large, and shifted: then they are the target.",
                points=tensor([[0.0, 0.0], [0.0, 2.0], [2.0, 0.0]]),
                target=tensor([[1.0, 1.0], [5.0, 1.0], [1.0, -3.0]])),
           Case("points", "shifted", "Both middles have to meet.",
                points=tensor(KITE), target=moved_by(KITE, SAME, [10.0, -20.0])),
           Case("points", "turned by a right angle", "Which way round is the turn?",
                points=tensor(KITE), target=moved_by(KITE, RIGHT_ANGLE, [10.0, 10.0])),
           Case("points", "half a turn, and half as large", "By how much must they be stretched?",
                points=2 * tensor(KITE), target=moved_by(KITE, HALF_TURN, [0.25, 0.5])),
           Case("points", "turned by another angle", "Any angle is allowed.",
                points=tensor(KITE), target=moved_by(KITE, SLANTED, [10.0, 10.0])),
           Case("points", "in the mirror", "A mirror image may be turned back too.",
                points=tensor(KITE), target=moved_by(KITE, MIRROR, [10.0, 10.0])),
           Case("points", "in the mirror, at an angle", "A mirror image may be turned back too.",
                points=tensor(KITE), target=moved_by(KITE, SLANTED_MIRROR, [10.0, 10.0])),
           Case("points", "nearly the same", "No turn makes them fit. As closely as possible: what is left over, "
                "squared, should be least.", points=tensor(KITE), target=tensor(BENT)),
           Case("points", "a poor fit", "The worse they fit, the smaller they get; and R² counts both axes together.",
                points=tensor([[4.0, 1.0], [-3.0, 2.0], [1.0, -6.0], [2.0, 2.0]]),
                target=tensor([[30.0, 1.0], [10.0, 4.0], [-20.0, 2.0], [5.0, 8.0]])),
           Case("points", "points with gradients", "That is how rows come that are to be trained.",
                points=trained(BENT), target=tensor(KITE))],
    draw=align_cases)


def centred(points):
    """Points around 0, in float64, and their middle."""
    points = points.detach().double()
    return points - points.mean(dim=0), points.mean(dim=0)


def procrustes(points, target):
    """The best turn, mirrored or not (2, 2), and the factor by which it is stretched."""
    left, sizes, right = torch.linalg.svd(centred(points)[0].T @ centred(target)[0])
    return left @ right, sizes.sum() / centred(points)[0].square().sum()


def best(points, target):
    """The points where they should come to lie, in float64."""
    turn, stretch = procrustes(points, target)
    return centred(points)[0] @ turn * stretch + centred(target)[1]


def scored(moved, target, wanted=None):
    """Moved points, rounded, and R², or another number in its place."""
    if wanted is None:
        wanted = 1 - (moved - target).square().sum() / centred(target)[0].square().sum()
    return tidy(moved), tidy(torch.as_tensor(wanted)).item()


@align.slip
def unmirrored(points, target):
    """A mirror image is not turned back. Here the turn may have determinant −1; nothing has to be flipped."""
    left, sizes, right = torch.linalg.svd(centred(points)[0].T @ centred(target)[0])
    sign = torch.linalg.det(left @ right).sign()
    flip = torch.stack([torch.ones_like(sign), sign])
    stretch = (sizes * flip).sum() / centred(points)[0].square().sum()
    return scored(centred(points)[0] @ (left * flip) @ right * stretch + centred(target)[1], target)


@align.slip
def unmirrored_full_stretch(points, target):
    """A mirror image is not turned back. Here the turn may have determinant −1; nothing has to be flipped."""
    left, sizes, right = torch.linalg.svd(centred(points)[0].T @ centred(target)[0])
    flip = torch.stack([torch.ones_like(sizes[0]), torch.linalg.det(left @ right).sign()])
    stretch = sizes.sum() / centred(points)[0].square().sum()
    return scored(centred(points)[0] @ (left * flip) @ right * stretch + centred(target)[1], target)


@align.slip
def unstretched(points, target):
    """The points keep their size. They may be stretched too."""
    return scored(centred(points)[0] @ procrustes(points, target)[0] + centred(target)[1], target)


@align.slip
def stretched_to_equal_spread(points, target):
    """The points get the target's spread. That is best only if they fit perfectly; else a smaller stretch is closer."""
    here, there = centred(points)[0], centred(target)[0]
    return scored(here @ procrustes(points, target)[0] * there.norm() / here.norm() + centred(target)[1], target)


@align.slip
def stretched_by_target(points, target):
    """The stretch is divided by the wrong spread: it is that of `points`, since they are stretched."""
    turn, stretch = procrustes(points, target)
    here, there = centred(points)[0], centred(target)[0]
    stretch = stretch * here.square().sum() / there.square().sum()
    return scored(here @ turn * stretch + centred(target)[1], target)


@align.slip
def not_shifted(points, target):
    """Turned and stretched, and left around 0. They still have to be shifted to the target's middle."""
    return scored(best(points, target) - centred(target)[1], target)


@align.slip
def r2_right_but_not_shifted(points, target):
    """R² is right. The points come back around 0: the target's middle is missing."""
    moved = best(points, target)
    return scored(moved - centred(target)[1], target, scored(moved, target)[1])


@align.slip
def shifted_by_points(points, target):
    """The points are shifted back to where they came from. They should lie around the target's middle."""
    return scored(best(points, target) - centred(target)[1] + centred(points)[1], target)


@align.slip
def only_shifted(points, target):
    """The points are shifted, and neither turned nor stretched."""
    return scored(centred(points)[0] + centred(target)[1], target)


@align.slip
def turned_the_other_way(points, target):
    """The turn goes the wrong way round: it is transposed."""
    turn, stretch = procrustes(points, target)
    return scored(centred(points)[0] @ turn.T * stretch + centred(target)[1], target)


@align.slip
def turned_about_zero(points, target):
    """The points turn about 0. Let both turn about their middles: subtract these first."""
    here, there = points.detach().double(), target.double()
    left, sizes, right = torch.linalg.svd(here.T @ there)
    return scored(here @ left @ right * sizes.sum() / here.square().sum(), target)


@align.slip
def any_linear_change(points, target):
    """These fit too well: any linear change was allowed, which also stretches one way more than another. Allowed are a
    turn, a mirror and one stretch for all."""
    here, there = centred(points)[0], centred(target)[0]
    return scored(here @ (torch.linalg.pinv(here) @ there) + centred(target)[1], target)


@align.slip
def target_onto_points(points, target):
    """The target was moved onto the points. Asked for is the other way round."""
    return scored(best(target, points), points.detach())


@align.slip
def returns_the_points(points, target):
    """R² is right; the points came back as they were. Asked for are the moved ones."""
    return scored(points.detach(), target, scored(best(points, target), target)[1])


@align.slip
def r2_of_each_axis(points, target):
    """The points are right. R² was taken for each axis, and averaged. Asked for is one for both: all squared errors
    ÷ all of the spread."""
    moved = best(points, target)
    each = 1 - (moved - target).square().sum(dim=0) / centred(target)[0].square().sum(dim=0)
    return scored(moved, target, each.mean())


@align.slip
def r2_about_zero(points, target):
    """The points are right. For R², the target's spread is taken about 0; it is the spread about its mean."""
    moved = best(points, target)
    return scored(moved, target, 1 - (moved - target).square().sum() / target.double().square().sum())


@align.slip
def r2_about_one_mean(points, target):
    """The points are right. For R², the spread is taken about one mean of all numbers; each axis has its own mean."""
    moved, there = best(points, target), target.double()
    return scored(moved, target, 1 - (moved - target).square().sum() / (there - there.mean()).square().sum())


@align.slip
def unexplained(points, target):
    """The points are right. What came back with them is the share that is left over; R² is 1 minus that."""
    moved = best(points, target)
    return scored(moved, target, 1 - scored(moved, target)[1])


@align.slip
def squared_error(points, target):
    """The points are right. What came back with them is the error itself; R² is 1 − error ÷ spread."""
    moved = best(points, target)
    return scored(moved, target, (moved - target).square().sum())


@align.slip
def r_unsquared(points, target):
    """The points are right. Errors and spread were not squared before they were divided."""
    moved = best(points, target)
    return scored(moved, target, 1 - (moved - target).norm() / centred(target)[0].norm())


@align.slip
def r2_of_points(points, target):
    """The points are right. For R², the squared error is divided by the target's spread, not by that of the points."""
    moved = best(points, target)
    return scored(moved, target, 1 - (moved - target).square().sum() / centred(points)[0].square().sum())


@align.slip
def points_only(points, target):
    """The moved points are there. R² should come with them: a tuple of two."""
    return tidy(best(points, target))


@align.slip
def r2_first(points, target):
    """Both are right, in the other order: the points come first, then R²."""
    return scored(best(points, target), target)[::-1]


@align.slip
def r2_as_tensor(points, target):
    """Both are right; R² is still a tensor. `.item()` makes it a float."""
    moved, r2 = scored(best(points, target), target)
    return moved, torch.tensor(r2)


@align.slip
def gradients_refused(points, target):
    """`.numpy()` refuses a tensor that requires gradients. `.detach()` before it takes the values alone."""
    if points.requires_grad:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad")
    return scored(best(points, target), target)
