"""Named calls for training: a function that steps in place, and one that takes a whole training step.

    call="step_in_place"    answer(weight, grad, lr) changes `weight` itself
    call="training_step"    answer(model, codes, targets, loss_fn, optimizer), once for each batch

What they note is read in `read_training.py`.
"""
import torch
import torch.nn.functional as F
from torch import nn

from .notes import Notes, observed
from .observe import T, copied, gradient_of, overwrite, parameters, reached

LAST_WORD = 64.0   # what training goes on to write over the table, after the last step that counts
NAMES = {"embedding.weight": "table", "linear.weight": "linear layer"}


@observed({"in place, still a leaf": "weight afterwards"})
def step_in_place(answer, arguments: dict, seen: Notes):
    """Calls a function that changes tensors in place, and looks at their memory through a second name.

    notes : "result", and for each argument that is a tensor: the numbers in the memory that it had before; under
            "… later" the same when the tensor has been overwritten; under "… reaches" where gradients get to from it; under
            "… grad" what was put into its `grad`, if anything
    """
    tensors = {name: value for name, value in arguments.items() if isinstance(value, T)}
    windows = {name: T.detach(value) for name, value in tensors.items()}
    seen["result"] = answer(*arguments.values())
    for name, value in tensors.items():
        now = copied(value)
        seen[name] = copied(windows[name])
        overwrite(value, seen.number)
        seen[f"{name} later"] = copied(windows[name])
        overwrite(value, now)
        seen[f"{name} grad"] = None if gradient_of(value) is None else copied(gradient_of(value))
        seen[f"{name} reaches"] = reached(value, seen.number)


@observed({"copies, not windows": "copies"})
def training_step(answer, arguments: dict, seen: Notes):
    """Calls a training step on a fresh model, once for each batch; read when training has gone on after it.

    weight : the table (levels, dim) that training starts from
    linear : weight (outputs, dim) of a linear layer after the lookup; None to add up a row's numbers
    codes, targets : a list of tensors each, one a step
    loss : a name in `LOSSES`
    optimizer : the name of a class in torch.optim
    options : its keyword arguments, a dict
    left_over : gradient (levels, dim) that an earlier step left in the table, or None
    `linear`, `options` and `left_over` may be left out
    notes : "result of step …", and all parameters "… at the end"
    """
    model = Model(arguments["weight"], arguments.get("linear"))
    optimizer = getattr(torch.optim, arguments["optimizer"])(model.parameters(), **arguments.get("options", {}))
    table = model.embedding.weight
    if arguments.get("left_over") is not None:
        table.grad = arguments["left_over"].clone()
    for i, (codes, targets) in enumerate(zip(arguments["codes"], arguments["targets"], strict=True), start=1):
        seen[f"result of step {i}"] = answer(model, codes, targets, LOSSES[arguments["loss"]], optimizer)
    seen |= {f"{NAMES.get(name, name)} at the end": copied(weight) for name, weight in parameters(model)}
    overwrite(table, LAST_WORD)


class Model(nn.Module):
    """A table `embedding`, then a linear layer or the sum of the row: (n,) codes to (n,) or (n, outputs)."""

    def __init__(self, weight, linear=None):
        super().__init__()
        self.embedding = nn.Embedding.from_pretrained(copied(weight), freeze=False)
        self.linear = None
        if linear is not None:
            self.linear = nn.Linear(linear.shape[1], linear.shape[0], bias=False)
            self.linear.weight = nn.Parameter(copied(linear))

    def forward(self, codes):
        rows = self.embedding(codes)                      # (n, dim)
        if self.linear is None:
            return rows.sum(dim=1)
        outputs = self.linear(rows)                       # (n, outputs)
        return outputs.squeeze(1) if outputs.shape[1] == 1 else outputs


def lopsided(predictions, targets):
    """Mean distance, where a prediction too low costs three times one too high: the order of arguments matters."""
    error = targets - predictions
    return torch.maximum(0.75 * error, -0.25 * error).mean()


LOSSES = {"squared error": F.mse_loss, "absolute error": F.l1_loss, "lopsided": lopsided,
          "cross entropy": F.cross_entropy}
