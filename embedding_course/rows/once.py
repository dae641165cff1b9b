"""One step, seen from close by: take it, and hold a guess against it."""
import torch

from .watched import Watched


def take_step(table, names, codes, step, loss=None):
    """Do one step, and see what it did to the rows. Afterwards nothing is watched.

    table : nn.Embedding, another module with a `weight` (levels, dim), or the parameter itself
    names : level names, one a row
    codes : integers, any shape, what this step's forward pass looked up
    step : `optimizer.step` (or a functools.partial of it), or any function without arguments that changes the table
    loss : to be shown
    returns : Step
    """
    watched = Watched(table, names)
    optimizer = getattr(getattr(step, "func", step), "__self__", None)
    optimizer = optimizer if isinstance(optimizer, torch.optim.Optimizer) else None
    watched.looked_up.append(torch.as_tensor(codes).flatten())
    with torch.no_grad():
        watched.before_step(optimizer)
    step()
    with torch.no_grad():
        loss = None if loss is None else float(loss)
        return watched.after_step(optimizer, 1, loss, type(optimizer).__name__ if optimizer else "none, by hand")
