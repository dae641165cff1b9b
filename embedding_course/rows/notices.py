"""What is easily overlooked about a watched table, in one sentence each."""
import torch

from .facts import group_of


def notices(watched, optimizer, codes, after):
    """Sentences for one step.

    watched : Watched
    codes : int64 (n,), what the step looked up
    after : (kept, dim)
    returns : tuple of str
    """
    weight, module = watched.weight, watched.module
    padding = getattr(module, "padding_idx", None)
    found = {
        "the weight was replaced after watch(): this shows the old one. Call watch() again, "
        "and build the optimizer after the table": module is not None and module.weight is not weight,
        "the optimizer does not hold this table. Gradients may arrive, but no row will ever move: "
        "build the optimizer after the table": optimizer is not None and group_of(optimizer, weight) is None,
        "the table is frozen (requires_grad is False): no gradient reaches it": not weight.requires_grad,
        "the table has another dtype, device or shape than before; the comparison starts anew": watched.started_anew,
        "gradients of an earlier step were still there when backward began: zero_grad() was not called":
            len(watched.carried) > 0,
        "no lookup was seen since the last step" + (
            "" if module is not None else "; for a plain tensor, tell the watcher: looked_up(codes)"): len(codes) == 0,
        f"{padding is not None and watched.names[padding]} is the padding row: its gradient is always zero":
            padding is not None and bool((codes == padding).any()),
        "some numbers are NaN or infinite now": not bool(torch.isfinite(after).all()),
    }
    return tuple(sentence for sentence, holds in found.items() if holds)


def stands_still(watched, optimizer):
    """Why no row can move by the optimizer in this step, in words; "" if rows can."""
    if optimizer is not None and group_of(optimizer, watched.weight) is None:
        return "the optimizer does not hold the table"
    if watched.weight.grad is None:
        return "no gradient arrived" if watched.weight.requires_grad else "the table is frozen"
    return ""
