"""Reading an optimizer: does it hold the table, what does it remember about a row, does it shrink rows?"""
import torch
from torch import Tensor
from torch.optim import LBFGS, SGD, Adagrad, SparseAdam

from .bits import not_zero
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


def gradient_rows_only(optimizer, weight):
    """Whether this step writes to no row but those of a sparse gradient, by the source of torch."""
    group = group_of(optimizer, weight)
    if group is None or weight.grad is None or not weight.grad.is_sparse:
        return False
    return type(optimizer) in (SparseAdam, Adagrad) or type(optimizer) is SGD and not group["momentum"]


def gather(watched, optimizer, kept, before, codes):
    """The facts about some rows, after the step.

    watched : Watched
    kept : int64 (kept,), which rows
    before : (kept, dim), their numbers before the step
    codes : int64 (n,), what the step looked up
    returns : Facts, on the CPU
    """
    weight, group = watched.weight, group_of(optimizer, watched.weight)
    no = torch.zeros(len(kept), dtype=torch.bool)
    by_hand = optimizer is None
    acts = weight.grad is not None and (by_hand or group is not None)
    gradient = not_zero(weight.grad, kept.to(weight.device)).cpu() if acts else no
    memory = memory_before(watched, optimizer, kept).cpu() if acts and not by_hand else no
    if acts and gradient_rows_only(optimizer, weight):
        memory = memory & gradient
    decay = (before != 0).any(dim=1) if acts and group and any(group.get(key) for key in DECAYS) else no
    early = torch.isin(kept, watched.outside.cpu())
    norm = getattr(watched.module, "max_norm", None) is not None
    touched = torch.isin(kept, torch.cat([codes, *(c.cpu() for c in watched.only_read)])) if norm else no
    return Facts(gradient=gradient, memory=memory, decay=decay, carried=torch.isin(kept, watched.carried.cpu()),
                 max_norm=early & touched, outside=early & ~touched, last_seen=watched.last_seen[kept])


def memory_before(watched, optimizer, kept):
    """Whether the optimizer remembered something of each kept row when the step began.

    Rows not asked then had no lookup, so what is remembered now was remembered before, if there was a memory at all.
    returns : bool (kept,)
    """
    known = torch.zeros(watched.levels, dtype=torch.bool)           # (levels,)
    if watched.had_memory:
        known[kept] = remembers(optimizer, watched.weight, kept.to(watched.weight.device)).cpu()
    known[watched.asked] = watched.remembered.cpu()
    return known[kept]
