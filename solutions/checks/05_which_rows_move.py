"""What the exercises of lesson 5 accept, and which mistakes they know."""
import torch
from torch import nn, optim, tensor

from embedding_course.checking import draw
from embedding_course.checking.exercise import Case, Exercise

# --- momentum_step --------------------------------------------------------------------------------------------------


def momentum_step_cases(rng):
    levels, dim = rng.randrange(3, 7), rng.randrange(2, 5)

    def case(group, weight, grad=None, buffer=None, momentum=0.9):
        shape = weight.shape
        return Case(group, weight=weight, buffer=draw.numbers(rng, *shape) if buffer is None else buffer,
                    grad=draw.numbers(rng, *shape) if grad is None else grad, lr=rng.uniform(0.05, 0.5), momentum=momentum)

    grad = draw.numbers(rng, levels, dim)
    grad[0] = 0.0
    return [case("rows and buffer", draw.numbers(rng, levels, dim), grad),
            case("rows and buffer", draw.numbers(rng, levels, dim), buffer=torch.zeros(levels, dim)),
            case("rows and buffer", draw.numbers(rng, levels, dim), torch.zeros(levels, dim), momentum=0.5),
            case("rows and buffer", draw.numbers(rng, 1, 1), momentum=0.0),
            case("a parameter", nn.Parameter(draw.numbers(rng, levels, dim)), grad),
            case("a parameter", draw.numbers(rng, levels, 1).requires_grad_(), momentum=0.75)]


momentum_step = Exercise(
    call="step_in_place",
    points={"rows and buffer": 1, "a parameter": 1},
    shown=[Case("rows and buffer", "nothing remembered yet", "The buffer takes in the gradient, and the weight follows it.",
                weight=tensor([[1.0]]), buffer=tensor([[0.0]]), grad=tensor([[4.0]]), lr=0.25, momentum=0.5),
           Case("rows and buffer", "a row without a gradient", "The buffer of row 0 remembers 2. What is left of it, and "
                "how far does the row go?", weight=tensor([[1.0], [1.0]]), buffer=tensor([[2.0], [0.0]]),
                grad=tensor([[0.0], [4.0]]), lr=0.5, momentum=0.5),
           Case("rows and buffer", "a row remembered and looked up", "First the buffer, with both in it, then the weight.",
                weight=tensor([[1.0, 2.0]]), buffer=tensor([[2.0, -4.0]]), grad=tensor([[1.0, 3.0]]), lr=0.25,
                momentum=0.75),
           Case("rows and buffer", "no gradient anywhere", "An empty batch: rows go on all the same.",
                weight=tensor([[1.0, 2.0], [3.0, 4.0]]), buffer=tensor([[4.0, 0.0], [0.0, 0.0]]),
                grad=torch.zeros(2, 2), lr=0.25, momentum=0.5),
           Case("rows and buffer", "momentum 0", "Nothing is carried over: this is plain SGD.",
                weight=tensor([[1.0, 2.0]]), buffer=tensor([[8.0, 8.0]]), grad=tensor([[2.0, -4.0]]), lr=0.25,
                momentum=0.0),
           Case("a parameter", "a leaf that requires gradients", "It steps like any other weight, outside autograd.",
                weight=nn.Parameter(tensor([[1.0], [2.0]])), buffer=tensor([[2.0], [0.0]]), grad=tensor([[1.0], [0.0]]),
                lr=0.5, momentum=0.5)],
    draw=momentum_step_cases)


def steps(weight, buffer, grad, lr, momentum):
    """The right step, for slips that get it right but for one thing."""
    with torch.no_grad():
        buffer.mul_(momentum).add_(grad)
        weight.sub_(lr * buffer)


@momentum_step.slip
def plain_step(weight, buffer, grad, lr, momentum):
    """The weight followed the gradient alone. It should follow the buffer, which also holds what is left of earlier
    gradients."""
    with torch.no_grad():
        buffer.mul_(momentum).add_(grad)
        weight -= lr * grad


@momentum_step.slip
def buffer_forgotten(weight, buffer, grad, lr, momentum):
    """The weight is right, and the buffer is as it was. The next step needs the new one: write into its memory."""
    steps(weight, buffer.clone(), grad, lr, momentum)


@momentum_step.slip
def weight_first(weight, buffer, grad, lr, momentum):
    """The weight moved by the old buffer. First the buffer takes in the gradient, then the weight follows it."""
    with torch.no_grad():
        weight -= lr * buffer
        buffer.mul_(momentum).add_(grad)


@momentum_step.slip
def running_mean(weight, buffer, grad, lr, momentum):
    """The gradient was multiplied by 1 − momentum: that is a running mean, as Adam keeps it. Here the whole gradient is
    added."""
    steps(weight, buffer, grad * (1 - momentum), lr, momentum)


@momentum_step.slip
def nothing_fades(weight, buffer, grad, lr, momentum):
    """What was remembered didn't fade. In each step the buffer is first multiplied by `momentum`."""
    steps(weight, buffer, grad, lr, 1.0)


@momentum_step.slip
def all_fades(weight, buffer, grad, lr, momentum):
    """The gradient faded too: `momentum · (buffer + grad)`. Only what was there before is multiplied."""
    with torch.no_grad():
        buffer.add_(grad).mul_(momentum)
        weight -= lr * buffer


@momentum_step.slip
def only_rows_with_a_gradient(weight, buffer, grad, lr, momentum):
    """Rows without a gradient stayed. That is the point of momentum: they go on along what the buffer remembers."""
    rows = (grad != 0).any(dim=1)
    with torch.no_grad():
        buffer[rows] = buffer[rows] * momentum + grad[rows]
        weight[rows] -= lr * buffer[rows]


@momentum_step.slip
def uphill(weight, buffer, grad, lr, momentum):
    """The weight went uphill, along the buffer. The loss falls the other way."""
    steps(weight, buffer, grad, -lr, momentum)


@momentum_step.slip
def rate_in_the_buffer(weight, buffer, grad, lr, momentum):
    """The weight may be right, but the buffer holds steps: the rate was multiplied in. It should hold gradients, and the
    rate comes in when the weight moves."""
    with torch.no_grad():
        buffer.mul_(momentum).add_(lr * grad)
        weight -= buffer


@momentum_step.slip
def negated_buffer(weight, buffer, grad, lr, momentum):
    """The gradient was subtracted from the buffer. It is added there, and the weight goes against the buffer."""
    with torch.no_grad():
        buffer.mul_(momentum).sub_(grad)
        weight += lr * buffer


@momentum_step.slip
def forgets_the_rate(weight, buffer, grad, lr, momentum):
    """The whole buffer was subtracted. How much of it does `lr` let through?"""
    steps(weight, buffer, grad, 1.0, momentum)


@momentum_step.slip
def new_names(weight, buffer, grad, lr, momentum):
    """`buffer = …` and `weight = …` make new tensors and give them your names. The caller's are as they were."""


@momentum_step.slip
def weight_alone_rebound(weight, buffer, grad, lr, momentum):
    """The buffer is right, and the caller's weight is as it was: `weight = …` makes a new tensor. Change it in place."""
    buffer.mul_(momentum).add_(grad)


@momentum_step.slip
def tracked(weight, buffer, grad, lr, momentum):
    """Autograd keeps track of the step, and refuses to have a leaf overwritten. `torch.no_grad()` keeps it from that."""
    buffer.mul_(momentum).add_(grad)
    weight -= lr * buffer


@momentum_step.slip
def returns_both(weight, buffer, grad, lr, momentum):
    """The step is right. Nothing should come back: the caller has both tensors already."""
    steps(weight, buffer, grad, lr, momentum)
    return weight, buffer


@momentum_step.slip
def writes_into_grad(weight, buffer, grad, lr, momentum):
    """The step is right, and `grad` was changed on the way. Its owner may still need it."""
    with torch.no_grad():
        grad.add_(momentum * buffer)
        buffer.copy_(grad)
        weight -= lr * grad


@momentum_step.slip
def dampened_twice(weight, buffer, grad, lr, momentum):
    """The weight moved by momentum times the buffer. The buffer was multiplied already; the weight moves by `lr`
    times it."""
    with torch.no_grad():
        buffer.mul_(momentum).add_(grad)
        weight -= lr * momentum * buffer


# --- rows_that_move -------------------------------------------------------------------------------------------------

NAMES = ("sgd", "momentum", "adam", "sparse_adam")
SEEN = [[0, 1], [2, 2], [0], [3]]


def rows_that_move_cases(rng):
    levels = rng.randrange(8, 15)
    order = rng.sample(range(levels), 7)
    early, now, late = order[:3], order[3:5], order[5:]
    batches = [early[:2], [early[2], early[2]], [*now, now[0], early[0]], [], late, [late[0], now[0]]]
    memory = {"sgd": "no memory", "sparse_adam": "no memory", "momentum": "memory", "adam": "memory"}
    known = [Case(group, batches=batches[:count], optimizer=name) for name, group in memory.items()
             for count in (1, 3, 4, 6)]
    others = [Case("other names", batches=batches, optimizer=name) for name in ("adamax", "SGD", "rmsprop", "")]
    return [case for case in known if case.group == "memory"] + [
        case for case in known if case.group == "no memory"] + others


rows_that_move = Exercise(
    call="function",
    points={"memory": 1, "no memory": 1, "other names": 1},
    raises={"other names": ValueError},
    shown=[Case("no memory", "plain SGD, one batch", "", batches=[[1]], optimizer="sgd"),
           Case("no memory", "plain SGD, the second step", "The step is the one on the last batch.", batches=SEEN[:2],
                optimizer="sgd"),
           Case("no memory", "plain SGD, the fourth step", "", batches=SEEN, optimizer="sgd"),
           Case("memory", "momentum, the first step", "So far there is nothing to remember but this batch.",
                batches=SEEN[:1], optimizer="momentum"),
           Case("memory", "momentum, the third step", "What is left of the earlier moves?", batches=SEEN[:3],
                optimizer="momentum"),
           Case("memory", "momentum, a row long unseen", "Nine tenths of nine tenths of nine tenths is still not zero.",
                batches=[[6], [1], [1], [1]], optimizer="momentum"),
           Case("memory", "Adam, the second step", "What does it still remember of the first?", batches=SEEN[:2],
                optimizer="adam"),
           Case("memory", "Adam, the fourth step", "How far back does the memory go?", batches=SEEN, optimizer="adam"),
           Case("memory", "Adam, an empty batch", "No gradient today. Does that stop a row that is moving?",
                batches=[[4], [7, 4], []], optimizer="adam"),
           Case("no memory", "SparseAdam, the third step", "It remembers, but which rows does it step?", batches=SEEN[:3],
                optimizer="sparse_adam"),
           Case("no memory", "SparseAdam, an empty batch", "", batches=[[4], []], optimizer="sparse_adam"),
           Case("no memory", "plain SGD, an empty batch", "", batches=[[4], []], optimizer="sgd"),
           Case("other names", "an optimizer of another name", "What should a caller hear who mistypes a name?",
                batches=SEEN, optimizer="adamw"),
           Case("other names", "a name in capitals", "The names are written in small letters.",
                batches=SEEN, optimizer="SGD")],
    draw=rows_that_move_cases)


def known(optimizer):
    """Raises ValueError for another optimizer."""
    if optimizer not in NAMES:
        raise ValueError(optimizer)


def ever(batches):
    """All codes of all batches."""
    return {code for batch in batches for code in batch}


def moving(batches, optimizer):
    """The right answer, for slips that get it right but for one thing."""
    known(optimizer)
    return ever(batches) if optimizer in ("momentum", "adam") else set(batches[-1])


@rows_that_move.slip
def only_the_batch(batches, optimizer):
    """Only the rows of the last batch, whatever the optimizer. Momentum and Adam remember earlier gradients and go on along
    them (section "Where it remembers")."""
    known(optimizer)
    return set(batches[-1])


@rows_that_move.slip
def momentum_has_no_memory(batches, optimizer):
    """Momentum is what is left of earlier gradients. It is SGD with a memory: what does that do to rows seen before?"""
    return moving(batches, "sgd" if optimizer == "momentum" else optimizer)


@rows_that_move.slip
def adam_has_no_memory(batches, optimizer):
    """Adam keeps a running mean of past gradients and steps along it, also for rows that are not in the batch."""
    return moving(batches, "sgd" if optimizer == "adam" else optimizer)


@rows_that_move.slip
def sparse_adam_like_adam(batches, optimizer):
    """SparseAdam remembers, as Adam does, but it steps only the rows of the batch (section "Seventeen settings")."""
    return moving(batches, "adam" if optimizer == "sparse_adam" else optimizer)


@rows_that_move.slip
def sgd_remembers(batches, optimizer):
    """Plain SGD remembers nothing: it knows today's gradient, and that is zero outside the batch."""
    return moving(batches, "adam" if optimizer == "sgd" else optimizer)


@rows_that_move.slip
def memory_of_one_step(batches, optimizer):
    """That is the last batch and the one before. The memory fades step by step, but it doesn't end: what of older ones?"""
    known(optimizer)
    return ever(batches[-2:]) if optimizer in ("momentum", "adam") else set(batches[-1])


@rows_that_move.slip
def memory_without_today(batches, optimizer):
    """The rows of the last batch are missing. They have a gradient, so they move."""
    known(optimizer)
    return ever(batches[:-1]) if optimizer in ("momentum", "adam") else set(batches[-1])


@rows_that_move.slip
def the_first_batch(batches, optimizer):
    """That is the first batch. The step asked about is the one on the last of them."""
    known(optimizer)
    return ever(batches) if optimizer in ("momentum", "adam") else set(batches[0])


@rows_that_move.slip
def one_step_early(batches, optimizer):
    """That is the step before. The last of the batches has its step too."""
    return moving(batches[:-1] or [[]], optimizer)


@rows_that_move.slip
def every_row(batches, optimizer):
    """Every row up to the highest code is in it. A row that was never looked up has no gradient, and none to
    remember."""
    known(optimizer)
    if optimizer in ("momentum", "adam"):
        return set(range(max(code for batch in batches for code in batch) + 1))
    return set(batches[-1])


@rows_that_move.slip
def stops_without_a_gradient(batches, optimizer):
    """An empty batch: the gradient is zero, and momentum and Adam go on all the same, along what they remember."""
    known(optimizer)
    return moving(batches, optimizer) if batches[-1] else set()


@rows_that_move.slip
def anything_goes(batches, optimizer):
    """A name that nobody knows was taken for one of the four. Refuse it with `ValueError`, so that a mistyped name is
    noticed."""
    return ever(batches) if optimizer in ("momentum", "adam") else set(batches[-1])


@rows_that_move.slip
def anything_remembers(batches, optimizer):
    """A name that nobody knows was taken for one of the four. Refuse it with `ValueError`, so that a mistyped name is
    noticed."""
    return set(batches[-1]) if optimizer in ("sgd", "sparse_adam") else ever(batches)


@rows_that_move.slip
def another_error(batches, optimizer):
    """An unknown name raises, but not a `ValueError`: that is what callers wait for."""
    if optimizer not in NAMES:
        raise KeyError(optimizer)
    return moving(batches, optimizer)


@rows_that_move.slip
def none_for_unknown(batches, optimizer):
    """For a name that it doesn't know the function returns None, and the caller goes on with it. Raise `ValueError`."""
    return moving(batches, optimizer) if optimizer in NAMES else None


@rows_that_move.slip
def nothing_for_unknown(batches, optimizer):
    """For a name that it doesn't know the function says that no row moves. Raise `ValueError`."""
    return moving(batches, optimizer) if optimizer in NAMES else set()


@rows_that_move.slip
def any_capitals(batches, optimizer):
    """Capitals were let through. Only the four names as they are written count."""
    return moving(batches, optimizer.lower())


@rows_that_move.slip
def a_list(batches, optimizer):
    """A list came back. Each row moves once, in no order: that is a set."""
    return sorted(moving(batches, optimizer))


@rows_that_move.slip
def the_batch_as_it_is(batches, optimizer):
    """A list came back, repeats and all. Each row moves once, in no order: that is a set."""
    known(optimizer)
    return sum(batches, []) if optimizer in ("momentum", "adam") else batches[-1]


# --- which_optimizer ------------------------------------------------------------------------------------------------

MAKERS = {"sgd": lambda w: optim.SGD(w, lr=0.1), "momentum": lambda w: optim.SGD(w, lr=0.1, momentum=0.9),
          "adam": lambda w: optim.Adam(w, lr=0.1), "adamw": lambda w: optim.AdamW(w, lr=0.1)}


def history(name, start, batches, slopes):
    """What an optimizer does to a table: a list of (codes, before, after).

    slopes : for each batch a list of the slopes (dim,) of its records
    """
    weight = nn.Parameter(start.clone())
    optimizer = MAKERS[name]([weight])
    steps = []
    for batch, rows in zip(batches, slopes, strict=True):
        weight.grad = torch.zeros_like(weight).index_add_(0, tensor(batch), rows)
        before = weight.detach().clone()
        optimizer.step()
        steps.append((tensor(batch), before, weight.detach().clone()))
    return steps


def which_optimizer_cases(rng):
    made = []
    for name in MAKERS:
        for count in (2, rng.randrange(3, 6), 10):
            levels, dim = rng.randrange(5, 9), rng.randrange(1, 4)
            rows = rng.sample(range(levels), levels)
            left, others = rows[0], rows[1:-1]                     # the last one is never looked up
            batches = [[left, others[0]], [others[0]]] + [
                [rng.choice(others), rng.choice(others)] for _ in range(count - 2)]
            slopes = [draw.numbers(rng, len(batch), dim).abs() + 0.25 for batch in batches]     # of one sign: none cancels
            slopes = [torch.where((slope - 1).abs() < 0.05, 1.25, slope) for slope in slopes]
            made.append(Case("names", steps=history(name, draw.numbers(rng, levels, dim) + 3, batches, slopes)))
    return made


ONE = ([[0, 1], [1]], [tensor([[2.0], [4.0]]), tensor([[0.5]])])
FEW = ([[2], [0, 1], [1, 1], [0]], [tensor([[0.5, -2.0]]), tensor([[2.0, 4.0], [0.25, -4.0]]),
                                    tensor([[0.25, -0.5], [2.0, -1.5]]), tensor([[3.0, 0.5]])])

which_optimizer = Exercise(
    call="function",
    points={"names": 2},
    shown=[Case("names", f"{len(batches)} steps: {ask}", ask, steps=history(name, start, batches, slopes))
           for start, (batches, slopes) in ((tensor([[1.0], [2.0], [4.0]]), ONE),
                                            (tensor([[1.0, -1.0], [2.0, 0.5], [4.0, 3.0], [0.5, -2.0]]), FEW))
           for name, ask in (("sgd", "did a row move without a lookup?"),
                             ("momentum", "how far did each row go in the first step?"),
                             ("adam", "what is the first step of a row worth?"),
                             ("adamw", "what did the row do that nobody looked up?"))],
    draw=which_optimizer_cases)


def unseen(steps):
    """The rows that no step looked up."""
    return sorted(set(range(len(steps[0][1]))) - set(torch.cat([codes for codes, _, _ in steps]).tolist()))


def clues(steps):
    """Whether rows never seen moved, rows outside a batch moved, and how the first step's rows moved."""
    decays = any((steps[0][1][row] != steps[-1][2][row]).any() for row in unseen(steps))
    outside = [row for codes, before, after in steps for row in (before != after).any(dim=1).nonzero().flatten().tolist()
               if row not in codes.tolist() and row not in unseen(steps)]
    codes, before, after = steps[0]
    return decays, bool(outside), bool(torch.isclose((after - before)[codes].abs(), tensor(0.1), atol=0.005).all())


def sure(steps):
    """The right answer."""
    decays, outside, alike = clues(steps)
    return "adamw" if decays else "sgd" if not outside else "adam" if alike else "momentum"


@which_optimizer.slip
def all_that_remember_are_momentum(steps):
    """Adam was taken for momentum. In its first step Adam moves every number by the learning rate, whatever its slope;
    momentum moves it by the rate times the slope."""
    return {"adam": "momentum"}.get(sure(steps), sure(steps))


@which_optimizer.slip
def all_that_remember_are_adam(steps):
    """Momentum was taken for Adam. In its first step Adam moves every number by the learning rate, whatever its slope;
    momentum moves it by the rate times the slope."""
    return {"momentum": "adam"}.get(sure(steps), sure(steps))


@which_optimizer.slip
def blind_to_decay(steps):
    """AdamW was taken for Adam. Look at the row that no step looked up: what could move it?"""
    return {"adamw": "adam"}.get(sure(steps), sure(steps))


@which_optimizer.slip
def decay_is_memory(steps):
    """Adam was taken for AdamW, since rows moved outside the batch. Only decay moves a row that *no* step has looked up."""
    return {"adam": "adamw"}.get(sure(steps), sure(steps))


@which_optimizer.slip
def sgd_with_memory(steps):
    """Momentum was taken for plain SGD. Did rows of the batch before move once more?"""
    return {"momentum": "sgd"}.get(sure(steps), sure(steps))


@which_optimizer.slip
def always_sgd(steps):
    """Every history was called "sgd". Look at the rows outside each batch: plain SGD leaves them alone."""
    return "sgd"


@which_optimizer.slip
def in_capitals(steps):
    """The names are written in small letters: "sgd", "momentum", "adam", "adamw"."""
    return sure(steps).upper()


@which_optimizer.slip
def a_set(steps):
    """A set came back. One optimizer took the steps: its name, as text."""
    return {sure(steps)}


# --- repaired_loop --------------------------------------------------------------------------------------------------


def repaired_loop_cases(rng):
    levels, dim = rng.randrange(4, 7), rng.randrange(2, 4)

    def batch(n):
        return draw.codes(rng, levels, n), draw.numbers(rng, n)

    return [Case("training", start=draw.numbers(rng, levels, dim), batches=[batch(3) for _ in range(count)],
                 lr=rng.uniform(0.02, 0.1)) for count in (1, 2, 4)]


def batches(*pairs):
    """A list of (codes, targets)."""
    return [(tensor(codes), tensor(targets)) for codes, targets in pairs]


repaired_loop = Exercise(
    call="function",
    points={"training": 1},
    shown=[Case("training", "one record", "The row predicts 1, the target is 3. Where does the step lead?",
                start=tensor([[1.0], [4.0]]), batches=batches(([0], [3.0])), lr=0.25),
           Case("training", "two batches", "What is left of the first batch's gradient in the second?",
                start=tensor([[1.0], [4.0]]), batches=batches(([0], [3.0]), ([1], [2.0])), lr=0.25),
           Case("training", "a level that stands twice", "",
                start=tensor([[1.0, 0.5], [2.0, -1.0], [0.0, 1.0]]),
                batches=batches(([2, 0, 2], [2.0, 1.0, 3.0]), ([2], [4.0])), lr=0.125)],
    draw=repaired_loop_cases)


def train(start, batches, lr, clear=True, epochs=1):
    """The right loop but for one thing."""
    weight = start.detach().clone().requires_grad_()
    optimizer = optim.SGD([weight], lr=lr)
    for codes, targets in [*batches] * epochs:
        if clear:
            optimizer.zero_grad()
        ((weight[codes].sum(dim=1) - targets) ** 2).sum().backward()
        optimizer.step()
    return weight.detach()


@repaired_loop.slip
def nothing_learned(start, batches, lr):
    """The rows are still those of `start`, so at least one of the three faults is left. Does the optimizer hold this table?
    Is the gradient still there when `step` comes? Is what you return read after the loop?"""
    return start.clone()


@repaired_loop.slip
def another_start(start, batches, lr):
    """The table that was trained begins with random numbers. It should begin with those of `start`."""
    torch.manual_seed(0)
    return train(torch.randn(start.shape), batches, lr)


@repaired_loop.slip
def never_cleared(start, batches, lr):
    """`zero_grad` is gone, and gradients of earlier batches pile up. It belongs before `backward`."""
    return train(start, batches, lr, clear=False)


@repaired_loop.slip
def in_the_callers_memory(start, batches, lr):
    """The rows are right, and so are now those of `start`: the table shares its memory with the caller's tensor. Train a
    copy."""
    start.copy_(train(start, batches, lr))
    return start.clone()


@repaired_loop.slip
def first_batch_only(start, batches, lr):
    """Only the first batch had its step. Is something inside the loop that belongs after it?"""
    return train(start, batches[:1], lr)


@repaired_loop.slip
def last_batch_only(start, batches, lr):
    """Only the last batch had its step. What stands after the loop and belongs into it?"""
    return train(start, batches[-1:], lr)


@repaired_loop.slip
def mean_loss(start, batches, lr):
    """The steps are those of a mean over the batch. The loss in the broken loop is a sum, and that was no fault."""
    weight = start.clone()
    for codes, targets in batches:
        weight = train(weight, [(codes, targets)], lr / len(codes))
    return weight


@repaired_loop.slip
def twice_over(start, batches, lr):
    """Each batch had two steps. One each is asked for."""
    weight = start.clone()
    for batch in batches:
        weight = train(weight, [batch, batch], lr)
    return weight
