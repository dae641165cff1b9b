"""Named calls for models of whole tables: a class of the learner's, and a function that questions a model.

    call="tabular_model"    builds the class, loads tables and layers however they are named, there and back
    call="question_model"   answer(model, …) on a model made for it, and what the call has left behind
"""
import copy

import torch
from torch import nn

from .calls_module import _gradients, _plain, _same
from .exercise import Parts

SEEDS = 6   # with how many states of the global random numbers a model is questioned again


def tabular_model(answer, arguments: dict) -> Parts:
    """Builds the learner's class and looks at its parts; loads numbers into them; runs it there and back.

    build : Parts, what the class is built with, in order
    tables : list of tensors (levels, dim), loaded into the tables of `embeddings` in order
    layers : list of tensors weight (out, in), bias (out,), weight, …, loaded into the linear layers in the order
             in which they are used, whatever their names and wherever they stand
    inputs : Parts, what the module is called with, in order
    upstream : the gradient that is sent back through the output; left out where the call should raise
    returns : Parts "embeddings" and "layers" in words, as far as they are what the case has; then also "output", and
              "gradient of …" for each table and layer
    """
    with torch.random.fork_rng(devices=[]):   # the learner's own random numbers stay as they are
        torch.manual_seed(0)
        model = answer(*arguments["build"].values())
        tables, weights = arguments["tables"], arguments["layers"]
        if not isinstance(model, nn.Module):
            return Parts(embeddings="none: this is no nn.Module")
        result = Parts(embeddings=_tables_in_words(model))
        if result["embeddings"] != ", ".join(f"{tuple(table.shape)}" for table in tables):
            return result
        linears = _in_order(model, _harmless(arguments["inputs"]))
        result["layers"] = _layers_in_words(model, linears)
        if result["layers"] != ", ".join(f"{weight.shape[1]} → {weight.shape[0]}" for weight in weights[::2]):
            return result
        places = [next(table.parameters()) for table in model.embeddings]
        places += [parameter for linear in linears for parameter in (linear.weight, linear.bias)]
        names = [f"table {i}" for i in range(len(tables))]
        names += [f"{kind} {i}" for i in range(len(linears)) for kind in ("weight", "bias")]
        with torch.no_grad():
            for place, tensor in zip(places, [*tables, *weights], strict=True):
                place.copy_(tensor)
        untouched = copy.deepcopy(arguments["inputs"])
        output = model(*arguments["inputs"].values())
        gradients = _gradients(output, arguments.get("upstream"), dict(zip(names, places, strict=True)))
        output = _plain(output)
        with torch.no_grad():
            again = _plain(model(*untouched.values()))
        if isinstance(output, torch.Tensor) and not _same(output, again):
            return Parts(result, output="another one in each call")
        return Parts(result, output=output, **gradients)


def _harmless(inputs) -> Parts:
    """The same inputs with every code 0, so that a first look at the model can't fail for a bad code."""
    return Parts({name: torch.zeros_like(tensor) for name, tensor in inputs.items()})


def _in_order(model, inputs) -> list[nn.Linear]:
    """The model's linear layers as a run uses them; those that it does not call itself follow in order."""
    used = []
    handles = [module.register_forward_hook(lambda module, given, result: used.append(module))
               for module in model.modules() if isinstance(module, nn.Linear)]
    try:
        with torch.no_grad():
            model(*inputs.values())
    finally:
        for handle in handles:
            handle.remove()
    linears = [module for module in model.modules() if isinstance(module, nn.Linear)]
    return [*dict.fromkeys([*used, *linears])]


def _tables_in_words(model) -> str:
    """The shapes of the tables in `embeddings`, or what is in their way."""
    tables = getattr(model, "embeddings", None)
    if not isinstance(tables, nn.ModuleList):
        return "not there" if tables is None else f"of type {type(tables).__name__}, not an nn.ModuleList"
    said = [[str(tuple(numbers.shape)) + ("" if numbers.requires_grad else " frozen") for numbers in table.parameters()]
            for table in tables]
    return ", ".join(words[0] if len(words) == 1 else f"{len(words)} parameters in one" for words in said)


def _layers_in_words(model, linears) -> str:
    """The linear layers as "inputs → outputs", and every further parameter of the model, by its name."""
    known = {id(parameter) for module in [model.embeddings, *linears] for parameter in module.parameters()}
    said = [f"{layer.in_features} → {layer.out_features}" + (" without a bias" if layer.bias is None else "")
            for layer in linears]
    return ", ".join(said + [name for name, parameter in model.named_parameters() if id(parameter) not in known])


def question_model(answer, arguments: dict) -> Parts:
    """Calls a function whose first argument is a model, and looks at the model afterwards.

    model : Parts: weights (inputs,) of the codes and numbers; dropout, the share it drops in training mode;
            training, the names of its modules in training mode, among "model", "dropout", "inner", "sum"
    all other arguments are handed on in order
    returns : Parts: "result"; "modules in training mode afterwards", by name; "weights afterwards"; in "model
              afterwards" whether they can be trained. Nothing but "mode" where the model was asked in training mode,
              and nothing but "result" where further calls with the same arguments give others
    """
    untouched = copy.deepcopy(arguments)
    asked, result, model = _questioned(answer, arguments)
    if True in asked:
        return Parts(mode="training mode, while the model is asked")
    if len({_number(result), *(_number(_again(answer, untouched, seed)) for seed in range(SEEDS))}) > 1:
        return Parts(result="another one in each call")
    left = [name for name, module in model.parts() if module.training]
    return Parts({"result": result, "modules in training mode afterwards": ", ".join(left) or "none",
                  "weights afterwards": model.weights, "model afterwards": _trains(model.weights)})


def _trains(weights) -> str:
    """Whether a parameter is ready to be trained, in words."""
    return ("trainable" if weights.requires_grad else "frozen") + ("" if weights.grad is None else ", with a gradient")


def _number(result) -> str:
    """A result as text, to be compared with another; nothing for what is no number."""
    return str(result) if isinstance(result, float) else ""


def _again(answer, arguments, seed):
    """The result of a further call, after torch's global random state was seeded; it is put back afterwards."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return _questioned(answer, copy.deepcopy(arguments))[1]


def _questioned(answer, arguments):
    """Calls the answer with a model of its own: the modes it was asked in, the result, the model afterwards."""
    plan, *given = arguments.values()
    asked = set()
    model = Weighted(plan["weights"], plan["dropout"], asked.add)
    for name, module in model.parts():
        module.training = name in plan["training"]
    return asked, answer(model, *given), model


class Weighted(nn.Module):
    """Codes and numbers times weights, added up, (n,); in training mode a part of them is dropped.

    note : function that is told of each call whether a module was in training mode; copies of the model share it
    """

    def __init__(self, weights, dropout, note):
        super().__init__()
        self.weights = nn.Parameter(weights.clone())
        self.dropout = nn.Dropout(dropout)
        self.inner = nn.ModuleDict({"sum": Sum()})
        self.note = lambda mode: note(mode)            # a function: a copy of the model keeps this one

    def forward(self, codes, numbers):
        self.note(any(module.training for module in self.modules()))
        joined = torch.cat([codes.to(numbers.dtype), numbers], dim=1)                  # (n, inputs)
        return self.inner["sum"](self.dropout(joined) * self.weights)

    def parts(self):
        """Its modules by the names that a case uses."""
        return [("model", self), ("dropout", self.dropout), ("inner", self.inner), ("sum", self.inner["sum"])]


class Sum(nn.Module):
    """Adds up each record's numbers: (n, inputs) → (n,)."""

    def forward(self, x):
        return x.sum(dim=1)
