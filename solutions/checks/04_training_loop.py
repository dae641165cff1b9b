"""What the exercises of lesson 4 accept, and which mistakes they know."""
import numpy as np
import pandas as pd
import torch
from torch import nn, tensor

from embedding_course.checking import draw
from embedding_course.checking.exercise import Case, Exercise, Rules

# --- lookup_backward ------------------------------------------------------------------------------------------------


def lookup_backward_cases(rng):
    levels, dim = rng.randrange(5, 9), rng.randrange(2, 5)
    twice = rng.sample(range(levels - 1), 3)
    repeats = tensor([*twice, twice[0], twice[1], twice[0]])
    apart = tensor([0, levels - 1, 1])

    def up(codes):
        return draw.numbers(rng, len(codes), dim)

    return [Case("gradient", codes=repeats, grad_output=up(repeats), levels=levels),
            Case("gradient", codes=apart, grad_output=up(apart), levels=levels),
            Case("gradient", codes=tensor([1, 1, 1, 1]), grad_output=draw.numbers(rng, 4, 1), levels=levels),
            Case("gradient", codes=tensor([0, 0]), grad_output=draw.numbers(rng, 2, dim), levels=1),
            Case("gradient", codes=repeats, grad_output=up(repeats), levels=levels + 40),
            Case("bad codes", codes=tensor([1, -1]), grad_output=up([0, 0]), levels=levels),
            Case("bad codes", codes=tensor([-levels, 0, 0]), grad_output=up([0, 0, 0]), levels=levels),
            Case("bad codes", codes=tensor([-levels - 2, 1]), grad_output=up([0, 0]), levels=levels),
            Case("bad codes", codes=tensor([0, levels]), grad_output=up([0, 0]), levels=levels),
            Case("bad codes", codes=tensor([levels + 30, 1]), grad_output=up([0, 0]), levels=levels)]


lookup_backward = Exercise(
    call="function",
    points={"gradient": 1, "bad codes": 1},
    raises={"bad codes": IndexError},
    shown=[Case("gradient", "one record", "One row was looked up. What do the others get?",
                codes=tensor([1]), grad_output=tensor([[3.0]]), levels=2),
           Case("gradient", "a level that stands twice", "Row 1 was looked up twice. Who pulls at it?",
                codes=tensor([1, 1]), grad_output=tensor([[1.0], [10.0]]), levels=2),
           Case("gradient", "two columns", "A row of `grad_output` belongs to a row of the table, all of it.",
                codes=tensor([2, 0]), grad_output=tensor([[1.0, 2.0], [3.0, 4.5]]), levels=3),
           Case("gradient", "three records of two levels", "Each record adds its part to the row of its level.",
                codes=tensor([0, 2, 0]), grad_output=tensor([[1.0, 0.5], [10.0, 2.0], [-4.0, 0.25]]), levels=3),
           Case("gradient", "levels that no code names", "The gradient has the shape of the whole table.",
                codes=tensor([1, 0, 1, 1]), grad_output=tensor([[1.0], [2.0], [0.25], [4.0]]), levels=5),
           Case("gradient", "as many records as levels", "The order is that of the table, not of the batch.",
                codes=tensor([2, 0, 1]), grad_output=tensor([[1.0], [2.0], [3.0]]), levels=3),
           Case("gradient", "a single level", "", codes=tensor([0, 0, 0]),
                grad_output=tensor([[1.0], [2.0], [-0.5]]), levels=1),
           Case("bad codes", "a negative code", "No level has a negative code. Which row would −1 write to?",
                codes=tensor([0, -1]), grad_output=tensor([[1.0], [2.0]]), levels=3),
           Case("bad codes", "a code one too high", "Three levels have the codes 0, 1, 2.",
                codes=tensor([0, 3]), grad_output=tensor([[1.0], [2.0]]), levels=3),
           Case("bad codes", "a code far below zero", "No level has a negative code.",
                codes=tensor([-7]), grad_output=tensor([[1.0]]), levels=3),
           Case("bad codes", "a code far too high", "The codes are 0, 1, 2.",
                codes=tensor([40, 1]), grad_output=tensor([[1.0], [2.0]]), levels=3)],
    draw=lookup_backward_cases,
    rules=Rules(forbidden=("autograd",), any_refusal=True))


def in_range(codes, levels):
    """Raises IndexError for a code outside the table."""
    if int(codes.min()) < 0 or int(codes.max()) >= levels:
        raise IndexError("outside")


def added(codes, rows, levels):
    """The right gradient, for slips that get it right but for one thing."""
    in_range(codes, levels)
    return torch.zeros(levels, rows.shape[1], dtype=rows.dtype).index_add_(0, codes, rows)


@lookup_backward.slip
def loses_repeats(codes, grad_output, levels):
    """A level stands in the batch twice, so both gradients add up. `grad[codes] += …` keeps only the last one (section
    "A level that stands twice")."""
    grad = torch.zeros(levels, grad_output.shape[1])
    grad[codes] += grad_output
    return grad


@lookup_backward.slip
def loses_repeats_checked(codes, grad_output, levels):
    """A level stands in the batch twice, so both gradients add up. Here each writes over the one before (section
    "A level that stands twice")."""
    in_range(codes, levels)
    return loses_repeats(codes, grad_output, levels)


@lookup_backward.slip
def keeps_the_first(codes, grad_output, levels):
    """A level stands in the batch twice, so both gradients add up. Here the first one stays and the others are lost."""
    return loses_repeats(codes.flip(0), grad_output.flip(0), levels)


@lookup_backward.slip
def averages(codes, grad_output, levels):
    """Repeated levels got the mean of their gradients. They add up: two records pull twice (section "A level that stands
    twice")."""
    return added(codes, grad_output, levels) / torch.bincount(codes, minlength=levels).clamp(min=1)[:, None]


@lookup_backward.slip
def divides_by_the_batch(codes, grad_output, levels):
    """Everything is divided by the size of the batch. If the loss is a mean, `grad_output` knows it already."""
    return added(codes, grad_output, levels) / len(codes)


@lookup_backward.slip
def one_row_a_record(codes, grad_output, levels):
    """This has a row for each record. The gradient of the table has a row for each level, zeros where no code led."""
    in_range(codes, levels)
    return grad_output.clone()


@lookup_backward.slip
def only_rows_looked_up(codes, grad_output, levels):
    """Levels that no code names are missing. The gradient has the shape of the whole table: they get zeros."""
    return added(codes, grad_output, levels)[codes.unique()]


@lookup_backward.slip
def up_to_the_highest_code(codes, grad_output, levels):
    """The table ends at the highest code of this batch. It has `levels` rows, whoever stands in the batch."""
    in_range(codes, levels)
    return added(codes, grad_output, int(codes.max()) + 1)


@lookup_backward.slip
def one_hot_gradient(codes, grad_output, levels):
    """These are counts: how often each level was looked up. What flows back through each lookup is `grad_output`."""
    return added(codes, torch.ones_like(grad_output), levels)


@lookup_backward.slip
def spreads_to_all(codes, grad_output, levels):
    """Every row got all gradients. A record pulls only at the row that its code picked."""
    in_range(codes, levels)
    return grad_output.sum(dim=0).repeat(levels, 1)


@lookup_backward.slip
def looks_up(codes, grad_output, levels):
    """`grad_output[codes]` looks something up again. The way back goes the other way: from records to rows."""
    return grad_output[codes]


@lookup_backward.slip
def counts_from_one(codes, grad_output, levels):
    """The gradients land one row too early: code 0 is the first row."""
    return added(codes, grad_output, levels).roll(-1, 0)


@lookup_backward.slip
def negated(codes, grad_output, levels):
    """The sign is turned round. The gradient points uphill; it is the step that goes against it."""
    return -added(codes, grad_output, levels)


@lookup_backward.slip
def last_row_for_negative(codes, grad_output, levels):
    """A code −1 wrote to the last row: indexing counts from the end. No level has that code: raise an error."""
    grad = torch.zeros(levels, grad_output.shape[1])
    for code, row in zip(codes.tolist(), grad_output, strict=True):
        grad[code] += row
    return grad


@lookup_backward.slip
def ignores_bad_codes(codes, grad_output, levels):
    """A code outside the table was passed over in silence. It is a mistake of the caller, who should hear of it."""
    good = (codes >= 0) & (codes < levels)
    grad = torch.zeros(levels, grad_output.shape[1])
    return grad.index_add_(0, codes[good], grad_output[good])


@lookup_backward.slip
def by_autograd(codes, grad_output, levels):
    """Autograd computed that. The numbers are right, but here you write down what it does: each record adds to one row."""
    table = torch.zeros(levels, grad_output.shape[1], requires_grad=True)
    nn.functional.embedding(codes, table).backward(grad_output)
    return table.grad


# --- sgd_step -------------------------------------------------------------------------------------------------------


def sgd_step_cases(rng):
    levels, dim = rng.randrange(3, 7), rng.randrange(2, 5)

    def case(weight, grad, lr):
        return Case("step", weight=weight, grad=grad, lr=lr)

    grad = draw.numbers(rng, levels, dim)
    grad[0] = 0.0
    return [case(draw.numbers(rng, levels, dim), grad, rng.uniform(0.05, 0.5)),
            case(nn.Parameter(draw.numbers(rng, levels, dim)), grad, rng.uniform(0.05, 0.5)),
            case(draw.numbers(rng, levels, dim).requires_grad_(), draw.numbers(rng, levels, dim), rng.uniform(1.5, 3)),
            case(draw.numbers(rng, 1, 1), draw.numbers(rng, 1, 1), rng.uniform(0.05, 0.5)),
            case(draw.numbers(rng, levels, dim), torch.zeros(levels, dim), 0.25),
            case(nn.Parameter(draw.numbers(rng, 1, dim)), draw.numbers(rng, 1, dim), 1)]


sgd_step = Exercise(
    call="step_in_place",
    points={"step": 1},
    shown=[Case("step", "one number", "The weight minus the rate times the slope, in the weight's own memory.",
                weight=tensor([[1.0]]), grad=tensor([[4.0]]), lr=0.25),
           Case("step", "a row without a slope", "Number by number: the weight minus `lr` times `grad`. "
                "A slope of zero moves nothing.",
                weight=tensor([[1.0, 2.0], [5.0, -5.0]]), grad=tensor([[2.0, -4.0], [0.0, 0.0]]), lr=0.5),
           Case("step", "a leaf that requires gradients", "It steps like any other weight, outside autograd.",
                weight=tensor([[1.0, 2.0]]).requires_grad_(), grad=tensor([[2.0, -4.0]]), lr=0.25),
           Case("step", "a parameter, as in nn.Embedding", "It is the table itself that should have moved.",
                weight=nn.Parameter(tensor([[1.0, 2.0], [0.5, -1.0], [3.0, 0.0]])),
                grad=tensor([[2.0, 0.0], [1.0, -2.0], [4.0, 8.0]]), lr=0.125),
           Case("step", "a rate of 2", "", weight=tensor([[1.0], [2.0]]), grad=tensor([[1.0], [-0.25]]), lr=2),
           Case("step", "no slope at all", "", weight=nn.Parameter(tensor([[1.0, 2.0]])),
                grad=tensor([[0.0, 0.0]]), lr=0.5)],
    draw=sgd_step_cases)


@sgd_step.slip
def rebinds(weight, grad, lr):
    """`weight = weight - …` makes a new tensor and gives it your name `weight`. The caller's tensor is as it was."""
    weight = weight - lr * grad


@sgd_step.slip
def returns_a_new_weight(weight, grad, lr):
    """You returned a new tensor, and the caller's is as it was. The step should change the caller's, in its own memory."""
    return weight - lr * grad


@sgd_step.slip
def notes_taken(weight, grad, lr):
    """Autograd keeps track of the step, and refuses to have a leaf overwritten. Which block keeps it from that (section
    "The step, without an optimizer")?"""
    weight -= lr * grad


@sgd_step.slip
def uphill(weight, grad, lr):
    """The step went uphill, along the slope. The loss falls the other way."""
    with torch.no_grad():
        weight += lr * grad


@sgd_step.slip
def forgets_the_rate(weight, grad, lr):
    """The whole slope was subtracted. How much of it does `lr` let through?"""
    with torch.no_grad():
        weight -= grad


@sgd_step.slip
def divides_by_the_rate(weight, grad, lr):
    """The slope was divided by the rate. A small rate makes a small step: it multiplies."""
    with torch.no_grad():
        weight -= grad / lr


@sgd_step.slip
def overwrites(weight, grad, lr):
    """The weight now holds the step alone. It should be what it was, minus the step."""
    with torch.no_grad():
        weight.copy_(-lr * grad)


@sgd_step.slip
def shrinks_the_weight(weight, grad, lr):
    """The rate got at the weight too. Only the slope is multiplied by it."""
    with torch.no_grad():
        weight.sub_(grad).mul_(lr)


@sgd_step.slip
def zeroes_the_gradient(weight, grad, lr):
    """The step is right, and `grad` was zeroed. Its owner may still need it: clearing is `zero_grad`'s business."""
    with torch.no_grad():
        weight -= lr * grad
        grad.zero_()


@sgd_step.slip
def scales_the_gradient(weight, grad, lr):
    """The step is right, and `grad` now holds the step: `grad *= lr` writes into the caller's tensor."""
    with torch.no_grad():
        grad *= lr
        weight -= grad


@sgd_step.slip
def returns_the_weight(weight, grad, lr):
    """The step is right. Nothing should come back: the caller has the tensor already."""
    with torch.no_grad():
        weight -= lr * grad
    return weight


@sgd_step.slip
def other_memory(weight, grad, lr):
    """`weight.data = …` puts new memory under the tensor. Whoever holds a second name for the old memory, a tied layer
    or an array, is left behind."""
    weight.data = weight.detach() - lr * grad


@sgd_step.slip
def unfreezes(weight, grad, lr):
    """Afterwards the weight requires gradients, which it did not before. A step leaves that as it found it."""
    weight.requires_grad_(False)
    weight -= lr * grad
    weight.requires_grad_(True)


@sgd_step.slip
def freezes(weight, grad, lr):
    """The numbers are right, but the weight no longer requires gradients: the next `backward` will not reach it."""
    weight.requires_grad_(False)
    weight -= lr * grad


@sgd_step.slip(raises=TypeError)
def takes_its_own_gradient(weight, grad, lr):
    """`weight.grad` is empty here. The slopes come as the argument `grad`."""
    with torch.no_grad():
        weight -= lr * weight.grad


# --- train_by_hand --------------------------------------------------------------------------------------------------


def train_by_hand_cases(rng):
    levels, dim = rng.randrange(5, 8), rng.randrange(2, 4)
    twice = rng.sample(range(levels), 2)

    def batch(codes):
        return tensor(codes), draw.numbers(rng, len(codes))

    def some(n):
        return draw.codes(rng, levels, n).tolist()

    three = [batch([*twice, twice[0]]), batch(some(4)), batch([twice[0]])]
    return [Case("losses and rows", weight=draw.numbers(rng, levels, dim), batches=three, lr=rng.uniform(0.02, 0.1)),
            Case("losses and rows", weight=draw.numbers(rng, levels, 1), batches=[batch(some(3))], lr=0.125),
            Case("losses and rows", weight=draw.numbers(rng, levels, dim), batches=[batch(some(5))] * 4, lr=0.03),
            Case("a parameter", weight=nn.Parameter(draw.numbers(rng, levels, dim)), batches=three, lr=0.05),
            Case("a parameter", weight=draw.numbers(rng, levels, dim).requires_grad_(), batches=[batch(some(2))], lr=0.1)]


def batches(*pairs):
    """A list of (codes, targets)."""
    return [(tensor(codes), tensor(targets)) for codes, targets in pairs]


train_by_hand = Exercise(
    call="step_in_place",
    points={"losses and rows": 1, "a parameter": 1},
    shown=[Case("losses and rows", "one record, one number", "The row predicts 1, the target is 3. What is the slope of "
                "the squared error, and where does the step lead?",
                weight=tensor([[1.0], [4.0]]), batches=batches(([0], [3.0])), lr=0.25),
           Case("losses and rows", "two numbers a row", "The prediction is the sum of a row. Which slope has each number?",
                weight=tensor([[1.0, 2.0], [0.5, 0.5]]), batches=batches(([0], [1.0])), lr=0.125),
           Case("losses and rows", "a level that stands twice", "Both records pull at the same row.",
                weight=tensor([[1.0], [4.0]]), batches=batches(([0, 0], [3.0, 2.0])), lr=0.125),
           Case("losses and rows", "two batches", "The second batch meets the rows that the first has left. And each loss "
                "is that of the forward pass, before its step.",
                weight=tensor([[1.0], [4.0]]), batches=batches(([0], [3.0]), ([0, 1], [3.0, 3.0])), lr=0.25),
           Case("losses and rows", "three batches, three levels", "Batch after batch: forward pass, loss, gradient, step.",
                weight=tensor([[1.0, 0.5], [2.0, -1.0], [0.0, 1.0]]),
                batches=batches(([2, 0], [2.0, 1.0]), ([2], [4.0]), ([1, 1, 0], [2.0, 3.0, 1.0])), lr=0.125),
           Case("losses and rows", "a prediction that is right", "No error, no slope.",
                weight=tensor([[1.0, 2.0], [4.0, 1.0]]), batches=batches(([0, 1], [3.0, 3.0])), lr=0.125),
           Case("a parameter", "a leaf that requires gradients", "It steps like any other weight, outside autograd.",
                weight=nn.Parameter(tensor([[1.0], [4.0]])), batches=batches(([0], [3.0]), ([1], [2.0])), lr=0.25)],
    draw=train_by_hand_cases,
    rules=Rules(forbidden=("autograd",)))


def trains(weight, batches, lr, slope=lambda errors: 2 * errors, add=True):
    """The right training but for one thing, in place; returns the losses."""
    losses = []
    with torch.no_grad():
        for codes, targets in batches:
            rows = weight[codes]
            errors = rows.sum(dim=1) - targets
            losses.append((errors**2).sum().item())
            up = slope(errors)[:, None].expand_as(rows)
            weight -= lr * torch.zeros_like(weight).index_put_((codes,), up, accumulate=add)
    return losses


@train_by_hand.slip
def loses_the_first_of_two(weight, batches, lr):
    """A level stands in the batch twice, and only one of its records got to the row. Both slopes add up."""
    return trains(weight, batches, lr, add=False)


@train_by_hand.slip
def error_as_slope(weight, batches, lr):
    """You took the error as the slope. The squared error rises at *twice* the error."""
    return trains(weight, batches, lr, lambda errors: errors)


@train_by_hand.slip
def climbs(weight, batches, lr):
    """The rows went uphill, away from the targets. The error is prediction minus target, and the step goes against the
    slope."""
    return trains(weight, batches, -lr)


@train_by_hand.slip
def mean_over_the_batch(weight, batches, lr):
    """The slopes are those of a mean over the batch. The loss here is the sum of the squared differences."""
    return trains(weight, batches, lr, lambda errors: 2 * errors / len(errors))


@train_by_hand.slip
def mean_loss(weight, batches, lr):
    """The rows are right. The losses are means over the batch, and the sum is asked for."""
    return [loss / len(codes) for loss, (codes, _) in zip(trains(weight, batches, lr), batches, strict=True)]


@train_by_hand.slip
def losses_afterwards(weight, batches, lr):
    """These are the losses after each step. The one to note is that of the forward pass, from which the step is made."""
    losses = []
    for batch in batches:
        trains(weight, [batch], lr)
        losses.append(((weight.detach()[batch[0]].sum(dim=1) - batch[1]) ** 2).sum().item())
    return losses


@train_by_hand.slip
def shares_the_slope(weight, batches, lr):
    """The slope was divided among the numbers of the row. Each number moves the prediction by as much as it rises itself,
    so each has the full slope."""
    return trains(weight, batches, lr, lambda errors: 2 * errors / weight.shape[1])


@train_by_hand.slip
def first_number_alone(weight, batches, lr):
    """Only the first number of each row moved. The prediction is the sum of all of them, so all have a slope."""
    rest = weight.detach()[:, 1:].clone()
    losses = []
    for batch in batches:
        losses += trains(weight, [batch], lr)
        with torch.no_grad():
            weight[:, 1:] = rest
    return losses


@train_by_hand.slip
def never_cleared(weight, batches, lr):
    """The gradient of the batch before was still in it. Each batch begins with a gradient of zeros."""
    losses, grad = [], torch.zeros_like(weight)
    with torch.no_grad():
        for codes, targets in batches:
            errors = weight[codes].sum(dim=1) - targets
            losses.append((errors**2).sum().item())
            grad.index_add_(0, codes, (2 * errors)[:, None].expand(-1, weight.shape[1]))
            weight -= lr * grad
    return losses


@train_by_hand.slip
def one_big_step(weight, batches, lr):
    """All batches were predicted from the rows of the start. Take the step after each batch: the next meets new rows."""
    start, losses = weight.detach().clone(), []
    moved = torch.zeros_like(start)
    for batch in batches:
        copy = start.clone()
        losses += trains(copy, [batch], lr)
        moved += copy - start
    with torch.no_grad():
        weight += moved
    return losses


@train_by_hand.slip
def on_a_copy(weight, batches, lr):
    """The losses are right, and the caller's weight is as it was: you trained a copy, or gave the name `weight` to a new
    tensor. Change the caller's tensor in its own memory."""
    return trains(weight.detach().clone(), batches, lr)


@train_by_hand.slip
def losses_as_tensors(weight, batches, lr):
    """The list holds tensors. Python numbers are asked for: `.item()` takes the number out."""
    return [torch.tensor(loss) for loss in trains(weight, batches, lr)]


@train_by_hand.slip
def one_loss(weight, batches, lr):
    """One number came back. Each batch has a loss of its own: a list."""
    return sum(trains(weight, batches, lr))


@train_by_hand.slip
def returns_nothing(weight, batches, lr):
    """The rows are right. The list of the losses should come back."""
    trains(weight, batches, lr)


@train_by_hand.slip
def tracked(weight, batches, lr):
    """Autograd keeps track of the step, and refuses to have a leaf overwritten. `torch.no_grad()` keeps it from that; your
    `sgd_step` does so already."""
    losses = []
    for codes, targets in batches:
        errors = weight.detach()[codes].sum(dim=1) - targets
        losses.append((errors**2).sum().item())
        up = (2 * errors)[:, None].expand(-1, weight.shape[1])
        weight -= lr * torch.zeros_like(weight).index_add_(0, codes, up)
    return losses


@train_by_hand.slip
def by_backward(weight, batches, lr):
    """`backward` computed the gradient. The numbers are right, but here the gradient is yours: `lookup_backward`."""
    leaf = weight.detach().requires_grad_()
    losses = []
    for codes, targets in batches:
        leaf.grad = None
        loss = ((leaf[codes].sum(dim=1) - targets) ** 2).sum()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            weight -= lr * leaf.grad
    return losses


# --- row_diff -------------------------------------------------------------------------------------------------------

BIT = 2.0**-23      # what one bit is worth at 1.0
FAINT = 2.0**-90    # its square is no float32 any more


def row_diff_cases(rng):
    levels, dim = rng.randrange(4, 7), rng.randrange(2, 5)
    before, names = draw.numbers(rng, levels, dim), draw.names(rng, levels)
    after = before.clone()
    after[0] += draw.numbers(rng, dim).abs() + 0.5
    after[1, 0] += 1.5
    after[1, 1] -= 1.5
    before[2] = after[2] = 1.0
    after[2, rng.randrange(dim)] += BIT

    def case(before, after, names):
        return Case("table", before=before, after=after, names=names)

    return [case(before, after, names),
            case(nn.Parameter(before), after.clone().requires_grad_(), names),
            case(before, before.clone(), names),
            case(before, before + 1e-5, names),
            case(torch.zeros(3, dim), torch.zeros(3, dim).index_fill_(0, tensor([1]), FAINT), names[:3]),
            case(draw.numbers(rng, 1, 1), draw.numbers(rng, 1, 1), names[:1]),
            case(draw.numbers(rng, dim, dim), draw.numbers(rng, dim, dim), draw.names(rng, dim)),
            case(draw.numbers(rng, levels, 1), draw.numbers(rng, levels, 1), names)]


TWO = tensor([[1.0, 2.0], [5.0, 5.0]])

row_diff = Exercise(
    call="function",
    points={"table": 2},
    shown=[Case("table", "two levels, one moved", "One line a level; the change is after minus before.",
                before=TWO, after=tensor([[1.0, 2.0], [8.0, 9.0]]), names=["ATL", "BOS"]),
           Case("table", "a parameter", "Which copy does autograd no longer follow?",
                before=TWO, after=nn.Parameter(tensor([[1.0, 2.0], [5.0, 4.0]])), names=["ATL", "BOS"]),
           Case("table", "one number up, one down", "The row moved, if its sum did not.",
                before=TWO, after=tensor([[4.0, -1.0], [5.0, 5.0]]), names=["ATL", "BOS"]),
           Case("table", "nothing moved", "", before=TWO, after=TWO.clone(), names=["JFK", "LAX"]),
           Case("table", "one bit", "Exact means: to the last bit.",
                before=tensor([[1.0, 1.0], [1.0, 1.0]]), after=tensor([[1.0, 1.0 + BIT], [1.0, 1.0]]),
                names=["JFK", "LAX"]),
           Case("table", "a change whose square vanishes", "The squares of tiny numbers round to zero, and with them "
                "the distance. The row moved all the same.",
                before=tensor([[0.0], [0.0]]), after=tensor([[FAINT], [0.0]]), names=["JFK", "LAX"]),
           Case("table", "a single number", "Each cell of `before` holds an array of length dim, here 1.",
                before=tensor([[2.125]]), after=tensor([[0.5]]), names=["ANC"]),
           Case("table", "as many levels as columns", "A line of the frame is a row of the table, not a column.",
                before=tensor([[0.0, 0.0], [0.0, 0.0]]), after=tensor([[0.0, 3.0], [0.0, 4.0]]), names=["LAX", "ATL"])],
    draw=row_diff_cases)


def frame(before, after, names, /, **other):
    """The right frame, for slips that get it right but for one thing."""
    before, after = before.detach().clone(), after.detach().clone()
    change = after - before
    columns = {"before": list(before.numpy()), "after": list(after.numpy()), "change": list(change.numpy()),
               "distance": change.double().norm(dim=1).tolist(), "moved": (change != 0).any(dim=1).tolist()}
    return pd.DataFrame(columns | other, index=names)


@row_diff.slip
def shares_memory(before, after, names):
    """The numbers are right, but the frame's arrays share the memory of the tensors that you were given: the next training
    step would change your record too. Copy first."""
    before, after = before.detach(), after.detach()
    return frame(before, after, names, before=list(before.numpy()), after=list(after.numpy()))


@row_diff.slip
def followed_by_autograd(before, after, names):
    """NumPy takes no tensor that autograd follows. Which word lets go of it (section "Keeping a before")?"""
    return frame(before, after, names, before=list(before.numpy()), after=list(after.numpy()))


@row_diff.slip
def with_tolerance(before, after, names):
    """A row that differs in its last bits counts as unmoved here. `isclose` and `allclose` forgive; exact means
    `!=`."""
    return frame(before, after, names, moved=(~torch.isclose(before, after, atol=1e-4)).any(dim=1).tolist())


@row_diff.slip
def moved_by_distance(before, after, names):
    """A tiny change squared rounds to zero, and so the distance does. Ask the numbers themselves whether they
    differ."""
    change = (after - before).detach()
    return frame(before, after, names, moved=((change**2).sum(dim=1).sqrt() > 0).tolist())


@row_diff.slip
def moved_by_sum(before, after, names):
    """Up by 3 and down by 3 add up to nothing, yet the row moved. Look at each number."""
    return frame(before, after, names, moved=(before.sum(dim=1) != after.sum(dim=1)).tolist())


@row_diff.slip
def moved_if_all(before, after, names):
    """Rows in which only one number changed count as unmoved here. One is enough."""
    return frame(before, after, names, moved=(before != after).all(dim=1).tolist())


@row_diff.slip
def unmoved(before, after, names):
    """`moved` is turned round: it should be True where a number differs."""
    return frame(before, after, names, moved=(before == after).all(dim=1).tolist())


@row_diff.slip
def backwards(before, after, names):
    """The change is turned round. It is what has to be added to `before` to get `after`."""
    return frame(before, after, names, change=list((before - after).detach().numpy()))


@row_diff.slip
def absolute(before, after, names):
    """The change lost its sign: a number that fell has a negative change."""
    return frame(before, after, names, change=list((after - before).abs().detach().numpy()))


@row_diff.slip
def city_blocks(before, after, names):
    """The distances are sums of the changes. As the crow flies: the root of the sum of squares."""
    return frame(before, after, names, distance=(after - before).abs().sum(dim=1).tolist())


@row_diff.slip
def squared(before, after, names):
    """The distances are sums of squares. The root is missing."""
    return frame(before, after, names, distance=((after - before) ** 2).sum(dim=1).tolist())


@row_diff.slip
def mean_change(before, after, names):
    """The distance is the length of the whole change, not a mean over its numbers."""
    return frame(before, after, names, distance=((after - before) ** 2).mean(dim=1).sqrt().tolist())


@row_diff.slip
def one_distance(before, after, names):
    """That is one distance for the whole table. Each level has its own: sum along a row."""
    return frame(before, after, names, distance=float((after - before).detach().norm()))


@row_diff.slip
def along_columns(before, after, names):
    """The distances run down the columns of the table. Each level is a row: sum along `dim=1`."""
    change = (after - before).norm(dim=0).tolist()
    return frame(before, after, names, distance=(change * len(names))[:len(names)])


@row_diff.slip
def numbered(before, after, names):
    """The index counts 0, 1, 2 … It should be the names: a row of the table belongs to a level."""
    return frame(before, after, names).reset_index(drop=True)


@row_diff.slip
def name_as_column(before, after, names):
    """The names stand in a column of their own. They should be the index, so that `frame.loc["BOS"]` finds a row."""
    return frame(before, after, names).rename_axis("name").reset_index()


@row_diff.slip
def lists(before, after, names):
    """The numbers are right, but the cells of `before`, `after` and `change` hold Python lists. Put NumPy arrays there, so
    that one can go on calculating: `frame.change["BOS"] * 2`."""
    right = frame(before, after, names)
    return right.assign(**{name: [cell.tolist() for cell in right[name]] for name in ("before", "after", "change")})


@row_diff.slip
def tensors(before, after, names):
    """The cells hold tensors. NumPy arrays are asked for."""
    before, after = before.detach().clone(), after.detach().clone()
    return frame(before, after, names, before=list(before), after=list(after), change=list(after - before))


@row_diff.slip
def moved_as_number(before, after, names):
    """`moved` should be True or False, not a number."""
    return frame(before, after, names, moved=(before != after).any(dim=1).int().tolist())


@row_diff.slip
def distance_as_tensor(before, after, names):
    """`distance` should hold floats; these are tensors of one number each."""
    return frame(before, after, names, distance=list((after - before).detach().norm(dim=1)))


@row_diff.slip
def only_moved(before, after, names):
    """Rows that did not move are missing. They belong into the record: that they stayed is the point."""
    right = frame(before, after, names)
    return right[right["moved"]]


@row_diff.slip
def rounded(before, after, names):
    """The numbers were rounded, so a small move is lost. Rounding is for the screen, not for the record."""
    before, after = (np.round(numbers.detach().numpy(), 2) for numbers in (before, after))
    return frame(torch.tensor(before), torch.tensor(after), names)


# --- train_step -----------------------------------------------------------------------------------------------------


def train_step_cases(rng):
    levels, dim = rng.randrange(4, 7), rng.randrange(2, 4)

    def case(group, steps=1, loss="squared error", optimizer="SGD", lr=0.1, outputs=0, left_over=False, **options):
        n = rng.randrange(2, 5)
        codes = [draw.codes(rng, levels, n) for _ in range(steps)]
        targets = [draw.codes(rng, outputs, n) if outputs > 1 else draw.numbers(rng, n) for _ in range(steps)]
        more = {"linear": draw.numbers(rng, outputs, dim)} if outputs else {}
        if left_over:
            more["left_over"] = draw.numbers(rng, levels, dim)
        return Case(group, weight=draw.numbers(rng, levels, dim), codes=codes, targets=targets, loss=loss,
                    optimizer=optimizer, options={"lr": lr, **options}, **more)

    return [case("training"), case("training", loss="lopsided"), case("training", outputs=1),
            case("training", outputs=3, loss="cross entropy"), case("training", optimizer="Adam"),
            case("training", optimizer="AdamW", loss="absolute error"),
            case("training", optimizer="SGD", momentum=0.9, weight_decay=0.1),
            case("training", 3), case("training", 3, optimizer="Adam", outputs=1),
            case("training", 3, outputs=3, loss="cross entropy", momentum=0.9),
            case("training", 2, optimizer="Adagrad", loss="lopsided", outputs=1),
            case("training", 1, left_over=True),
            case("training", 2, left_over=True, outputs=1, optimizer="RMSprop")]


def shown_step(group, title, ask, weight, codes, targets, loss="squared error", **more):
    """A shown case with SGD, its arguments in the order of the call."""
    options = {"lr": 0.25, **more.pop("options", {})}
    return Case(group, title, ask, weight=tensor(weight), codes=[tensor(batch) for batch in codes],
                targets=[tensor(batch) for batch in targets], loss=loss, optimizer="SGD", options=options, **more)


train_step = Exercise(
    call="training_step",
    points={"training": 1},
    shown=[shown_step("training", "one row, one number", "The loss of the forward pass, the table before, the table "
                      "after. The row was 1, the target 3.", [[1.0]], [[0]], [[3.0]]),
           shown_step("training", "three levels, two looked up", "Which rows differ before and after?",
                      [[1.0, 0.5], [2.0, -1.0], [0.0, 1.0]], [[2, 0]], [[2.0, 1.0]]),
           shown_step("training", "a loss that depends on the order", "Predictions come first, targets second.",
                      [[1.0], [4.0]], [[0, 1]], [[3.0, 2.0]], "lopsided"),
           shown_step("training", "a linear layer after the table", "The optimizer holds all parameters. Who steps?",
                      [[1.0, 2.0], [0.5, -1.0]], [[1]], [[1.0]], linear=tensor([[2.0, 0.5]])),
           shown_step("training", "SGD with weight decay", "The optimizer decides how to step, and you let it.",
                      [[1.0], [4.0]], [[0]], [[0.0]], options={"weight_decay": 0.5}),
           shown_step("training", "two steps", "What is left of the first step's gradient in the second? And do the "
                      "tensors of the first step still say what they said?",
                      [[1.0], [4.0]], [[0], [1]], [[3.0], [2.0]]),
           shown_step("training", "a gradient left over from before", "Something stood in `.grad` already, before "
                      "your step began.", [[1.0], [4.0]], [[0]], [[3.0]], left_over=tensor([[8.0], [-4.0]])),
           shown_step("training", "two steps with momentum", "The optimizer remembers, and may. The gradient is new.",
                      [[1.0], [4.0]], [[0], [1]], [[3.0], [2.0]], options={"momentum": 0.5}),
           shown_step("training", "three steps through a linear layer", "The layer has a gradient too.",
                      [[1.0, 2.0], [0.5, -1.0]], [[1], [0], [1]], [[1.0], [0.0], [2.0]], "absolute error",
                      linear=tensor([[2.0, 0.5]]))],
    draw=train_step_cases)


def weight_of(model):
    """A copy of the model's table."""
    return model.embedding.weight.detach().clone()


def stepped(model, codes, targets, loss_fn, optimizer):
    """The right step; returns its loss, for slips that get it right but for one thing."""
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss


@train_step.slip
def forgets_zero_grad(model, codes, targets, loss_fn, optimizer):
    """A gradient of an earlier step still stood in `.grad`, and `backward` added to it. Who clears it, and when?"""
    before = weight_of(model)
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, weight_of(model)


@train_step.slip
def zero_grad_afterwards(model, codes, targets, loss_fn, optimizer):
    """You clear the gradient after your step. What another step left there before yours is still added: clear first."""
    result = forgets_zero_grad(model, codes, targets, loss_fn, optimizer)
    optimizer.zero_grad()
    return result


@train_step.slip
def nothing_moves(model, codes, targets, loss_fn, optimizer):
    """The table did not move: no step came, or it found no gradient. `zero_grad`, forward pass, `backward`, `step`: is
    one of them missing, or in another place?"""
    loss = loss_fn(model(codes), targets)
    return loss.item(), weight_of(model), weight_of(model)


@train_step.slip
def one_batch_late(model, codes, targets, loss_fn, optimizer):
    """The step came before `backward`, so it went along the gradient of the batch before."""
    before = weight_of(model)
    loss = loss_fn(model(codes), targets)
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()
    return loss.item(), before, weight_of(model)


@train_step.slip
def clears_the_table_only(model, codes, targets, loss_fn, optimizer):
    """The table's gradient was cleared, the other layers' were not. The optimizer knows all of them."""
    model.embedding.weight.grad = None
    return forgets_zero_grad(model, codes, targets, loss_fn, optimizer)


@train_step.slip
def the_same_tensor(model, codes, targets, loss_fn, optimizer):
    """Your `before` and `after` are second names for the weight's own memory (`detach` and `.data` give one too). Training
    went on after your step, until 64 stood in the table, and they show that. Which word copies (section "Keeping a
    before")?"""
    before = model.embedding.weight.detach()
    loss = stepped(model, codes, targets, loss_fn, optimizer)
    return loss.item(), before, model.embedding.weight.detach()


@train_step.slip
def before_is_no_copy(model, codes, targets, loss_fn, optimizer):
    """`before` is a second name for the weight's own memory. Training went on after your step, until 64 stood in the table,
    and `before` shows that. It needs a copy as much as `after`."""
    before = model.embedding.weight.detach()
    loss = stepped(model, codes, targets, loss_fn, optimizer)
    return loss.item(), before, weight_of(model)


@train_step.slip
def after_is_no_copy(model, codes, targets, loss_fn, optimizer):
    """`after` is a second name for the weight's own memory. Training went on after your step, until 64 stood in the table,
    and `after` shows that. It needs a copy as much as `before`."""
    before = weight_of(model)
    loss = stepped(model, codes, targets, loss_fn, optimizer)
    return loss.item(), before, model.embedding.weight.detach()


@train_step.slip
def clone_alone(model, codes, targets, loss_fn, optimizer):
    """`clone` copies, and autograd goes on following the copy. It should be detached as well."""
    before = model.embedding.weight.clone()
    loss = stepped(model, codes, targets, loss_fn, optimizer)
    return loss.item(), before, model.embedding.weight.clone()


@train_step.slip
def loss_as_tensor(model, codes, targets, loss_fn, optimizer):
    """The loss should come back as a float. A tensor drags the whole graph of its forward pass along."""
    before = weight_of(model)
    loss = stepped(model, codes, targets, loss_fn, optimizer)
    return loss, before, weight_of(model)


@train_step.slip
def loss_afterwards(model, codes, targets, loss_fn, optimizer):
    """That is the loss after the step. The one asked for came out of the forward pass that the step is based on."""
    before = weight_of(model)
    stepped(model, codes, targets, loss_fn, optimizer)
    return loss_fn(model(codes), targets).item(), before, weight_of(model)


@train_step.slip
def before_too_late(model, codes, targets, loss_fn, optimizer):
    """Both tensors were taken after the step. `before` has to be copied before anything moves."""
    loss = stepped(model, codes, targets, loss_fn, optimizer)
    return loss.item(), weight_of(model), weight_of(model)


@train_step.slip
def the_other_way_round(model, codes, targets, loss_fn, optimizer):
    """`before` and `after` have changed places."""
    before = weight_of(model)
    loss = stepped(model, codes, targets, loss_fn, optimizer)
    return loss.item(), weight_of(model), before


@train_step.slip
def targets_first(model, codes, targets, loss_fn, optimizer):
    """Targets and predictions have changed places: `loss_fn(model(codes), targets)`. Not every loss forgives that."""
    return right_but(model, codes, targets, lambda predictions, targets: loss_fn(targets, predictions), optimizer)


@train_step.slip
def its_own_loss(model, codes, targets, loss_fn, optimizer):
    """A loss of your own was used. The caller chose one: `loss_fn`."""
    return right_but(model, codes, targets, lambda p, t: ((p - t) ** 2).mean(), optimizer)


@train_step.slip
def its_own_step(model, codes, targets, loss_fn, optimizer):
    """The step was taken by hand. The optimizer knows how, decay and memory included, and it holds all parameters."""
    before = weight_of(model)
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    with torch.no_grad():
        for weight in model.parameters():
            weight -= optimizer.param_groups[0]["lr"] * weight.grad
    return loss.item(), before, weight_of(model)


@train_step.slip
def rows_instead_of_table(model, codes, targets, loss_fn, optimizer):
    """Only the rows of this batch came back. The whole table is asked for: that the others stayed is half the story."""
    loss, before, after = right_but(model, codes, targets, loss_fn, optimizer)
    return loss, before[codes], after[codes]


@train_step.slip
def gradient_as_well(model, codes, targets, loss_fn, optimizer):
    """The gradient came back where the weight was asked for."""
    loss, before, _ = right_but(model, codes, targets, loss_fn, optimizer)
    return loss, before, model.embedding.weight.grad.clone()


def right_but(model, codes, targets, loss_fn, optimizer):
    """The right answer with another argument."""
    before = weight_of(model)
    loss = stepped(model, codes, targets, loss_fn, optimizer)
    return loss.item(), before, weight_of(model)
