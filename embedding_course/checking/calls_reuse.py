"""Named calls for reusing a table: rows copied by name and drawn, and a step that holds some rows still.

    call="copied_and_drawn"    answer(old_weight, old_vocabulary, new_vocabulary, seed)
    call="held_step"           answer(optimizer, weight, codes), once, between plain steps

What is random or depends on the processor's last bits is told in words, so that expectations are the same everywhere.
"""
import copy
import math

import numpy as np
import torch
from torch import Tensor, nn

from .exercise import Parts

AS_ASKED = "each column normal, with the old table's mean and standard deviation"
HELD, PLAIN = "as they were, to the last bit", "as after a plain step"
LEAF = "the same leaf, which requires gradients"


def copied_and_drawn(answer, arguments: dict) -> Parts:
    """Calls a function that builds a new table from an old one, by name; three times, as random numbers may enter.

    old_weight, old_vocabulary, new_vocabulary, seed : what the function is called with
    further : so many new levels are appended to the new vocabulary; with hundreds their statistics count. If it is left
              out, nothing is asked of the rows drawn and of the random state
    returns : Parts: the shape, the rows of shared levels, and in words: the global random state, the other rows,
              whether the same seed gives the same table, whether another gives another, whose memory it is
    """
    old, names, wanted, seed = (arguments[name] for name in ("old_weight", "old_vocabulary", "new_vocabulary", "seed"))
    wanted = wanted + [f"level {number}" for number in range(arguments.get("further", 0))]
    kept = _random_state()
    window = answer(old, names, wanted, seed)
    moved = not _same_state(kept, _random_state())
    _restore(kept)
    if not isinstance(window, Tensor) or window.shape != (len(wanted), old.shape[1]):
        missing = f"missing: a {type(window).__name__} came back"
        return Parts(shape=str(tuple(window.shape)) if isinstance(window, Tensor) else missing)
    table = _plain(window)
    shared = [i for i, name in enumerate(wanted) if name in names]
    seen = Parts({"shape": str(tuple(table.shape)), "rows of shared levels": table[shared]})
    if "further" in arguments:
        torch.manual_seed(987)
        np.random.seed(987)
        again, other = (_plain(answer(old, names, wanted, s)) for s in (seed, seed + 1))
        _restore(kept)
        new = [i for i, name in enumerate(wanted) if name not in names]
        seen["global random state"] = "moved" if moved else "left alone"
        seen["other rows"] = _drawn(table[new].double(), old.detach().double())
        seen["same seed again"] = "the same rows" if torch.equal(table, again) else "other rows"
        if len(old) > 1:
            seen["another seed"] = "the same rows" if torch.equal(table[new], other[new]) else "other rows"
    mine = window.untyped_storage().data_ptr() != old.untyped_storage().data_ptr()
    seen["memory"] = "its own" if mine else "shared with old_weight"
    return seen


def _random_state() -> dict:
    """torch's and NumPy's global random state."""
    kind, keys, *rest = np.random.get_state()
    keys = torch.from_numpy(keys.astype("int64"))
    return {"torch": torch.get_rng_state(), "numpy keys": keys, "numpy": (kind, *rest)}


def _restore(state):
    torch.set_rng_state(state["torch"])
    kind, *rest = state["numpy"]
    np.random.set_state((kind, state["numpy keys"].numpy(), *rest))


def held_step(answer, arguments: dict) -> Parts:
    """Takes plain steps, then one through the answer, then a plain one; a twin takes plain steps only.

    weight : the table (levels, dim); codes : the rows to hold, int64 (k,)
    gradients : a list of tensors like `weight`: for the steps before, the answer's, and the one after
    optimizer, options : the name of a class in torch.optim, and its keyword arguments
    groups : options of a second group that holds a further parameter, if there is one; its gradient is all 0.5
    returns : Parts, in words: what became of the rows, of everything else, and how the next step goes
    raises : what the answer raises, if nothing has moved by then
    """
    table, codes = nn.Parameter(arguments["weight"].detach().clone()), arguments["codes"]
    other = nn.Parameter(torch.tensor([1.0, -2.0]))
    groups = [{"params": [table]}, {"params": [other], **arguments.get("groups", {})}]
    optimizer = getattr(torch.optim, arguments["optimizer"])(groups, **arguments.get("options", {}))
    *earlier, now, later = arguments["gradients"]
    for gradient in earlier:
        _give(gradient, table, other)
        optimizer.step()
    _give(now, table, other)
    start = _state(optimizer, table, other)
    twin, twin_table, twin_other = copy.deepcopy((optimizer, table, other))
    _give(now, twin_table, twin_other)                     # gradients are not copied along
    try:
        result = answer(optimizer, table, codes)
    except Exception:
        moved = not _same_state(_state(optimizer, table, other), start)
        if moved:
            return Parts(result="an exception, after something had moved or changed")
        raise
    if not all(0 <= code < len(table) for code in codes.tolist()):
        return Parts(result="no exception")
    twin.step()
    seen = Parts(result=result)
    seen |= _became(table, twin_table, start["table"], codes)
    seen["other parameters"] = _went(other, twin_other, start["other"])
    seen["gradients"] = "there as before" if _same_state(_gradients(table, other), _gradients(twin_table, twin_other)) \
        else "changed"
    seen["optimizer's memory"] = PLAIN if _same_state(_memory(optimizer), _memory(twin)) else "not " + PLAIN
    seen["weight"] = LEAF if table.is_leaf and table.requires_grad else "no longer the leaf that it was"
    seen["autograd"] = "on" if torch.is_grad_enabled() else "switched off for all that follows"
    with torch.no_grad():
        twin_table.copy_(table)
    for each, tensors in ((optimizer, (table, other)), (twin, (twin_table, twin_other))):
        _give(later, *tensors)
        each.step()
    seen["next step"] = "a plain one" if _near(table, twin_table) else "not a plain one"
    return seen


def _became(table, twin, before, codes) -> dict:
    """The rows to hold, and the others, in words."""
    held = torch.zeros(len(before), dtype=torch.bool).index_fill_(0, codes, True)
    now, plain = table.detach(), twin.detach()
    still = (now == before).all(dim=1)                     # (levels,)
    if still[held].all():
        rows = HELD
    elif still[held].any():
        rows = "some of them changed"
    else:
        rows = "moved as in a plain step" if _near(now[held], plain[held]) else "neither as before nor " + PLAIN
    return {"rows to hold": rows, "other rows": _went(now[~held], plain[~held], before[~held])}


def _went(now, plain, before) -> str:
    """Whether numbers are as a plain step leaves them, in words."""
    if _near(now, plain):
        return PLAIN
    return "not moved" if torch.equal(now.detach(), before) else "not " + PLAIN


def _give(gradient, table, other):
    table.grad = gradient.clone()
    other.grad = torch.full_like(other, 0.5)


def _gradients(*parameters) -> dict:
    return {i: parameter.grad for i, parameter in enumerate(parameters)}


def _memory(optimizer) -> dict:
    """What an optimizer remembers, parameter by parameter in its order, and its settings."""
    told = optimizer.state_dict()
    tensors = {(i, name): value for i, memory in told["state"].items() for name, value in memory.items()}
    settings = {(f"group {i}", name): value for i, group in enumerate(told["param_groups"])
                for name, value in group.items() if name != "params"}
    return tensors | settings


def _state(optimizer, table, other) -> dict:
    tensors = {"table": table, "other": other, "gradient": table.grad, "other gradient": other.grad}
    return copy.deepcopy({name: value.detach() for name, value in tensors.items()} | _memory(optimizer))


def _same_state(a, b) -> bool:
    return a.keys() == b.keys() and all(_near(a[name], b[name]) for name in a)


def _near(a, b) -> bool:
    """Whether two values are the same; tensors, but for the last bits."""
    if not (isinstance(a, Tensor) and isinstance(b, Tensor)):
        return a is b or (type(a) is type(b) and a == b)
    return a.shape == b.shape and torch.allclose(a.detach(), b.detach(), rtol=1e-5, atol=1e-7)


def _drawn(rows, old) -> str:
    """Rows that should be drawn from a normal distribution, in words. Five standard errors are allowed."""
    if not torch.isfinite(rows).all():
        return "not finite"
    mean, std, n = old.mean(dim=0), old.std(dim=0, correction=0), len(rows)
    tiny = 1e-4 * (1 + mean.abs())
    if ((rows - mean).abs() > 7 * std + tiny).any():
        return "far from the old table's rows"
    vary = std > tiny
    if not vary.any():
        return AS_ASKED
    if n > 1 and len(rows.unique(dim=0)) < 0.9 * n:        # of thousands in one column a few agree by chance
        return "the same numbers again and again"
    if n > 1 and (rows[:, vary].std(dim=0) == 0).any():
        return "constant in a column"
    return _distribution(rows[:, vary], mean[vary], std[vary]) if n >= 500 else AS_ASKED


def _distribution(rows, mean, std) -> str:
    z, n = (rows - mean) / std, len(rows)                 # (n, columns that vary), standard normal if all is well
    wrong = []
    if (z.mean(dim=0).abs() > 5 / math.sqrt(n)).any():
        wrong.append("mean")
    if ((z.std(dim=0) - 1).abs() > 5 / math.sqrt(2 * n)).any():
        wrong.append("standard deviation")
    if wrong:
        return f"of another {' and '.join(wrong)} than the old table"
    within = (z.abs() < 1).double().mean(dim=0)
    if ((within - 0.6827).abs() > 5 * math.sqrt(0.6827 * 0.3173 / n)).any():
        return "not normal"
    together = torch.corrcoef(z.T) if z.shape[1] > 1 else torch.eye(1)
    tied = (together - torch.eye(len(together))).abs() > 5 / math.sqrt(n)
    return "not independent of each other from column to column" if tied.any() else AS_ASKED


def _plain(value):
    return value.detach().clone() if isinstance(value, Tensor) else torch.empty(0)
