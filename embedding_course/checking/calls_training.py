"""Named calls for training: a function that steps in place, and one that takes a whole training step.

    call="step_in_place"    answer(weight, grad, lr) changes `weight` itself
    call="training_step"    answer(model, codes, targets, loss_fn, optimizer), once for each batch
"""
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .exercise import Parts

LAST_WORD = 64.0   # what training goes on to write over the table, after the last step that counts
NAMES = {"embedding.weight": "table", "linear.weight": "linear layer"}


def step_in_place(answer, arguments: dict):
    """Calls a function that changes tensors in place, and looks at their memory through a second name.

    returns : Parts: the result, and for each argument that is a tensor: the numbers in the memory that it had before,
              and what became of it
    """
    tensors = {name: value for name, value in arguments.items() if isinstance(value, Tensor)}
    windows = {name: value.detach() for name, value in tensors.items()}
    places = {name: value.data_ptr() for name, value in tensors.items()}
    seen = Parts(result=answer(*arguments.values()))
    for name, value in tensors.items():
        seen[name] = windows[name]
        memory = "in its own memory" if value.data_ptr() == places[name] else "in other memory"
        trains = "requires gradients" if value.requires_grad else "no gradients"
        seen[f"{name} is"] = f"{memory}, {'a leaf' if value.is_leaf else 'no leaf'}, {trains}"
    return seen


def training_step(answer, arguments: dict):
    """Calls a training step on a fresh model, once for each batch; read when training has gone on after it.

    weight : the table (levels, dim) that training starts from
    linear : weight (outputs, dim) of a linear layer after the lookup; None to add up a row's numbers
    codes, targets : a list of tensors each, one a step
    loss : a name in `LOSSES`
    optimizer : the name of a class in torch.optim
    options : its keyword arguments, a dict
    left_over : gradient (levels, dim) that an earlier step left in the table, or None
    `linear`, `options` and `left_over` may be left out
    returns : Parts: the result of each step, whether autograd follows the copies returned, all parameters at the end
    """
    model = Model(arguments["weight"], arguments.get("linear"))
    optimizer = getattr(torch.optim, arguments["optimizer"])(model.parameters(), **arguments.get("options", {}))
    if arguments.get("left_over") is not None:
        model.embedding.weight.grad = arguments["left_over"].clone()
    seen = Parts()
    for i, (codes, targets) in enumerate(zip(arguments["codes"], arguments["targets"], strict=True), start=1):
        seen[f"result of step {i}"] = answer(model, codes, targets, LOSSES[arguments["loss"]], optimizer)
    end = {f"{NAMES.get(name, name)} at the end": weight.detach().clone() for name, weight in model.named_parameters()}
    with torch.no_grad():
        model.embedding.weight.fill_(LAST_WORD)
    return Parts(seen | {"copies": follow(seen.values())} | end)


def follow(results):
    """Whether a table among the results belongs to a graph of autograd, in words; a copied parameter does not."""
    tensors = [item for result in results if isinstance(result, (tuple, list)) for item in result[1:]
               if isinstance(item, Tensor)]
    return "followed by autograd" if any(tensor.grad_fn is not None for tensor in tensors) else "detached"


class Model(nn.Module):
    """A table `embedding`, then a linear layer or the sum of the row: (n,) codes to (n,) or (n, outputs)."""

    def __init__(self, weight, linear=None):
        super().__init__()
        self.embedding = nn.Embedding.from_pretrained(weight.detach().clone(), freeze=False)
        self.linear = None
        if linear is not None:
            self.linear = nn.Linear(linear.shape[1], linear.shape[0], bias=False)
            self.linear.weight = nn.Parameter(linear.detach().clone())

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
