"""Named calls for reusing a table: rows copied by name and drawn, and a step that holds some rows still.

    call="copied_and_drawn"    answer(old_weight, old_vocabulary, new_vocabulary, seed)
    call="held_step"           answer(optimizer, weight, codes), once, between plain steps

What they note is read in `read_reuse.py`: what is random or depends on the processor's last bits is told in words, so
that expectations are the same everywhere.
"""
import torch
from torch import nn

from .exercise import Parts
from .notes import Notes, observed
from .observe import T, copied, gradient_of, next_numbers, overwrite, reached, reseed, shape, slope
from .wire import Packed


@observed({"memory of its own": "memory", "random state": "global random state", "same seed, same rows": "same seed again"})
def copied_and_drawn(answer, arguments: dict, seen: Notes):
    """Calls a function that builds a new table from an old one, by name; three times, as random numbers may enter.

    old_weight, old_vocabulary, new_vocabulary, seed : what the function is called with
    further : so many new levels are appended to the new vocabulary; with hundreds their statistics count. If it is left
              out, nothing is asked of the rows drawn and of the random state
    notes : "type"; of a tensor also "shape"; of one with the right shape also "table", all its numbers, "next", the next
            numbers of the global generators, digests "again" (the table that the same seed gives), "other" (the rows that
            another seed draws), "later" (the table after the old one was overwritten)
    """
    old, names, wanted, seed = (arguments[name] for name in ("old_weight", "old_vocabulary", "new_vocabulary", "seed"))
    wanted = wanted + [f"level {number}" for number in range(arguments.get("further", 0))]
    window = answer(old, names, wanted, seed)
    seen["next"] = next_numbers()
    seen["type"] = type(window).__name__
    if isinstance(window, T):
        seen["shape"] = list(shape(window))
        if seen["shape"] == [len(wanted), shape(old)[1]]:
            seen["table"] = Packed(copied(window))
            if "further" in arguments:
                reseed(seen.seed + 1)   # whoever draws from the global generators gets other rows now
                again, other = (answer(old, names, wanted, number) for number in (seed, seed + 1))
                new = [i for i, name in enumerate(wanted) if name not in names]
                seen["again"], seen["other"] = _digest(seen, again), _digest(seen, other, new)
            before = copied(old)
            overwrite(old, seen.number)
            seen["later"] = _digest(seen, window)
            overwrite(old, before)
    reseed(seen.seed)


def _digest(seen, table, rows=slice(None)) -> str:
    return seen.digest(Packed(copied(table)[rows]) if isinstance(table, T) else type(table).__name__)


@observed({"still a leaf": "weight", "optimizer's memory": "optimizer's memory", "gradients kept": "gradients",
           "nothing moved before an exception": None})
def held_step(answer, arguments: dict, seen: Notes):
    """Takes plain steps, then one through the answer, then a plain one.

    weight : the table (levels, dim); codes : the rows to hold, int64 (k,)
    gradients : a list of tensors like `weight`: for the steps before, the answer's, and the one after
    optimizer, options : the name of a class in torch.optim, and its keyword arguments
    groups : options of a second group that holds a further parameter, if there is one; its gradient is all 0.5
    notes : "before" and "after": both parameters, their gradients, the optimizer's memory and settings; "result"; where
            gradients reach from the table, and "autograd"; "next": the table after the plain step that follows
    """
    table, other, optimizer = started(arguments)
    seen["before"] = state(optimizer, table, other)
    try:
        seen["result"] = answer(optimizer, table, arguments["codes"])
    finally:
        seen["after"] = state(optimizer, table, other)
    seen["autograd"] = slope(seen.seed)
    if all(0 <= code < len(table) for code in arguments["codes"].tolist()):
        seen["weight reaches"] = reached(table, seen.number)
        _give(arguments["gradients"][-1], table, other)
        optimizer.step()
        seen["next"] = copied(table)


def plain_step(arguments: dict) -> Parts:
    """What a plain step does in the place of the answer's: the judge compares with its numbers. Made by the build and the
    grader only.

    returns : Parts "before", "after" as above, and "next": the table after a plain step from the held rows on
    """
    table, other, optimizer = started(arguments)
    codes = [code for code in arguments["codes"].tolist() if 0 <= code < len(table)]
    seen = Parts(before=state(optimizer, table, other))
    optimizer.step()
    seen["after"] = state(optimizer, table, other)
    held = copied(table)
    held[codes] = seen["before"]["table"][codes]
    overwrite(table, held)
    _give(arguments["gradients"][-1], table, other)
    optimizer.step()
    return seen | {"next": copied(table)}


def started(arguments: dict):
    """A table, a second parameter and their optimizer after the plain steps, with the gradients for the answer's."""
    table, other = nn.Parameter(copied(arguments["weight"])), nn.Parameter(torch.tensor([1.0, -2.0]))
    groups = [{"params": [table]}, {"params": [other], **arguments.get("groups", {})}]
    optimizer = getattr(torch.optim, arguments["optimizer"])(groups, **arguments.get("options", {}))
    *earlier, now, _ = arguments["gradients"]
    for gradient in earlier:
        _give(gradient, table, other)
        optimizer.step()
    _give(now, table, other)
    return table, other, optimizer


def _give(gradient, table, other):
    for parameter, numbers in ((table, copied(gradient)), (other, torch.full_like(other, 0.5))):
        T.grad.__set__(parameter, numbers)


def state(optimizer, table, other) -> Parts:
    """Both parameters and what belongs to them, as it is now."""
    known = vars(optimizer)
    memory = {f"{i} {name}": _now(value) for i, parameter in enumerate((table, other))
              for name, value in known["state"].get(parameter, {}).items() if value is not None}
    settings = {f"{i} {name}": value for i, group in enumerate(known["param_groups"])
                for name, value in group.items() if name != "params"}
    return Parts(table=copied(table), other=copied(other), gradients=[_now(gradient_of(p)) for p in (table, other)],
                 memory=Parts(memory), settings=Parts(settings))


def _now(value):
    return copied(value) if isinstance(value, T) else value
