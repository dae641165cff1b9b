"""Reading an optimizer: does it hold the table, what does it remember about a row, does it shrink rows?"""
import torch
from torch import Tensor
from torch.optim import LBFGS, SGD, Adagrad, SparseAdam

from .bits import as_integers, find, fits_words, not_zero, rows_that_differ
from .why import Facts

MEMORIES = ("momentum_buffer", "exp_avg")   # state that moves a row without a gradient (exp_avg_sq, sum … don't)
DECAYS = ("weight_decay", "lambd")          # lambd: ASGD's


def group_of(optimizer, weight):
    """The parameter group that holds the tensor `weight`, or None."""
    groups = optimizer.param_groups if optimizer else []
    return next((group for group in groups if any(p is weight for p in group["params"])), None)


def remembers(optimizer, weight, rows):
    """Whether the optimizer's memory of past gradients is not all zeros.

    weight : (levels, dim)
    rows : int64 (n,)
    returns : bool (n,)
    """
    found = torch.zeros(len(rows), dtype=torch.bool, device=rows.device)
    for memory in memories(optimizer, weight):
        found |= not_zero(memory, rows)
    return found


def memories(optimizer, weight):
    """The optimizer's tensors (levels, dim) that remember past gradients of `weight`."""
    state = optimizer.state.get(weight, {}) if optimizer else {}
    return [state[key] for key in MEMORIES if isinstance(state.get(key), Tensor)]


def hides_memory(optimizer):
    """Whether the optimizer may remember something that `memories` doesn't see."""
    ours = type(optimizer).__module__.startswith("torch.optim")
    return optimizer is not None and (not ours or isinstance(optimizer, LBFGS))


def candidates(optimizer, weight, grad, looked_up, room):
    """The only rows that this step can have written to, by the source of torch; None for any row.

    Adding -lr · 0.0 to a number leaves it as it is, -0.0 too; for `maximize` that isn't so.
    grad : (levels, dim), the gradient of `weight`, coalesced if it is sparse; or None
    looked_up : int64 (n,), codes of the step; as a rule no other row has a gradient, and counting is quicker than finding
    room : from `room_for`
    returns : int64, the numbers of the rows, rising
    """
    group = group_of(optimizer, weight)
    plain = type(optimizer) is SGD and group and not (group["momentum"] or group["weight_decay"] or group["maximize"])
    if grad is None or not (plain or skips_rows(optimizer, grad)):
        return None
    if grad.is_sparse:
        return grad.indices()[0]
    words, rows = as_integers(grad, fits_words(grad)), looked_up.unique()
    if words.count_nonzero() == words[rows].count_nonzero():
        return rows
    return rows_that_differ(grad, 0, room)


def skips_rows(optimizer, grad):
    """Whether the optimizer leaves rows alone that a sparse gradient doesn't name, even if it remembers something."""
    return grad.is_sparse and type(optimizer) in (SparseAdam, Adagrad)


def gather(watched, optimizer, kept, before, codes):
    """The facts about some rows, after the step.

    watched : Watched
    kept : int64 (kept,), which rows
    before : (kept, dim), their numbers before the step
    codes : int64 (n,), what the step looked up
    returns : Facts, on the CPU
    """
    weight, grad, group = watched.weight, watched.grad, group_of(optimizer, watched.weight)
    no = torch.zeros(len(kept), dtype=torch.bool)
    by_hand = optimizer is None
    acts = grad is not None and (by_hand or group is not None)
    gradient = not_zero(grad, kept.to(weight.device)).cpu() if acts else no
    memory = memory_before(watched, optimizer, kept).cpu() if acts and not by_hand else no
    if acts and skips_rows(optimizer, grad):
        memory = memory & gradient
    decay = (before != 0).any(dim=1) if acts and group and any(group.get(key) for key in DECAYS) else no
    early, carried = among(kept, watched.outside), among(kept, watched.carried)
    norm = getattr(watched.module, "max_norm", None) is not None
    touched = among(kept, torch.cat([codes, *(c.cpu() for c in watched.only_read)])) if norm else no
    return Facts(gradient=gradient, memory=memory, decay=decay, carried=carried, max_norm=early & touched,
                 outside=early & ~touched, last_seen=watched.last_seen[kept])


def among(kept, rows):
    """Whether each kept row is one of some rows: bool (kept,)."""
    return find(kept, rows.cpu().sort().values)[1]


def memory_before(watched, optimizer, kept):
    """Whether the optimizer remembered something of each kept row when the step began.

    Rows not asked then had no lookup, so what is remembered now was remembered before, if there was a memory at all.
    returns : bool (kept,)
    """
    if not watched.had_memory:
        return torch.zeros(len(kept), dtype=torch.bool)
    now = remembers(optimizer, watched.weight, kept.to(watched.weight.device)).cpu()
    places, asked = find(kept, watched.asked)
    now[asked] = watched.remembered.cpu()[places[asked]]
    return now
