"""Named calls for models of whole tables: a class of the learner's, and a function that questions a model.

    call="tabular_model"    builds the class, loads tables and layers however they are named, there and back
    call="question_model"   answer(model, …) on a model made for it, and what the call has left behind

What they note is read in `read_tabular.py`.
"""
import torch
from torch import nn

from . import observe
from .calls_module import gradients_of, plain
from .notes import Notes, observed
from .observe import T, attribute, parameters, shape

SEEDS = 6            # with how many states of the global random numbers a model is questioned again
MOST_CALLS = 1000    # of a model, whose modes are noted


@observed({"which tables and layers there are": "layers"})
def tabular_model(answer, arguments: dict, seen: Notes):
    """Builds the learner's class and looks at its parts; loads numbers into them; runs it there and back.

    build : Parts, what the class is built with, in order
    tables : list of tensors (levels, dim), loaded into the tables of `embeddings` in order
    layers : list of tensors weight (out, in), bias (out,), weight, …, loaded into the linear layers in the order
             in which they are used, whatever their names and wherever they stand
    inputs : Parts, what the module is called with, in order
    upstream : the gradient that is sent back through the output; left out where the call should raise
    notes : "embeddings" and "layers", and as far as they are what the case has also "output", "gradient of …" for each
            table and layer, and "again", the output of a second call
    """
    model = answer(*arguments["build"].values())
    tables, weights = arguments["tables"], arguments["layers"]
    if not isinstance(model, nn.Module):
        seen["embeddings"] = None
        return
    seen["embeddings"] = _tables(model)
    if seen["embeddings"] != [[[list(shape(table)), True]] for table in tables]:
        return
    linears = _in_order(model, {name: torch.zeros_like(tensor) for name, tensor in arguments["inputs"].items()})
    seen["layers"] = [[layer.in_features, layer.out_features, attribute(layer, "bias") is not None] for layer in linears]
    seen["further"] = _further(model, linears)
    if seen["further"] or seen["layers"] != [[*list(shape(weight))[::-1], True] for weight in weights[::2]]:
        return
    embeddings = vars(attribute(model, "embeddings"))["_modules"].values()
    places = {f"table {i}": next(parameters(table))[1] for i, table in enumerate(embeddings)}
    places |= {f"{kind} {i}": attribute(linear, kind) for i, linear in enumerate(linears) for kind in ("weight", "bias")}
    for place, tensor in zip(places.values(), [*tables, *weights], strict=True):
        observe.overwrite(place, tensor)
    output = model(*arguments["inputs"].values())
    gradients = gradients_of(output, arguments.get("upstream"), places)
    seen["output"] = plain(output)
    seen |= gradients
    if isinstance(output, T):
        with torch.no_grad():
            seen["again"] = plain(model(*seen.fresh()["inputs"].values()))


def _in_order(model, inputs) -> list[nn.Linear]:
    """The model's linear layers as a run uses them; those that it does not call itself follow in order.

    inputs : with every code 0, so that a first look at the model can't fail for a bad code
    """
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


def _tables(model):
    """For each table in `embeddings` its parameters, as shape and whether it trains; or the type of what stands there."""
    tables = attribute(model, "embeddings")
    if not isinstance(tables, nn.ModuleList):
        return "nothing" if tables is None else type(tables).__name__
    return [[[list(shape(numbers)), observe.requires_gradient(numbers)] for _, numbers in parameters(table)]
            for table in vars(tables)["_modules"].values()]


def _further(model, linears) -> list[str]:
    """The names of parameters that are neither in `embeddings` nor in the linear layers."""
    known = {id(parameter) for module in [attribute(model, "embeddings"), *linears] for _, parameter in parameters(module)}
    return [name for name, parameter in parameters(model) if id(parameter) not in known]


@observed({"eval mode while asked": "result", "modes and weights afterwards": "model afterwards"})
def question_model(answer, arguments: dict, seen: Notes):
    """Calls a function whose first argument is a model, and looks at the model afterwards.

    model : Parts: weights (inputs,) of the codes and numbers; dropout, the share it drops in training mode;
            training, the names of its modules in training mode, among "model", "dropout", "inner", "sum"
    all other arguments are handed on in order
    notes : "asked": for each question put to the model its modules in training mode; "result"; "afterwards": its modules
            in training mode, "weights", where gradients "reach" from them, their "gradient"; "again": the results of
            further calls, each with another state of the global random numbers
    """
    seen["asked"], seen["result"], model = _questioned(answer, arguments)
    seen["afterwards"] = [name for name, module in model.parts() if module.training]
    weights = attribute(model, "weights")
    seen["weights"], seen["gradient"] = observe.copied(weights), observe.gradient_of(weights)
    seen["reach"] = observe.reached(weights, seen.number)
    if not any(seen["asked"]):
        state, seen["again"] = observe.random_state(), []
        for number in range(SEEDS):
            observe.reseed(number)
            seen["again"].append(_questioned(answer, seen.fresh())[1])
        observe.restore(state)


def _questioned(answer, arguments):
    """Calls the answer with a model of its own: the modes it was asked in, the result, the model afterwards."""
    plan, *given = arguments.values()
    asked = []
    model = Weighted(plan["weights"], plan["dropout"], asked.append)
    for name, module in model.parts():
        module.training = name in plan["training"]
    result = answer(model, *given)
    return asked[:MOST_CALLS], result, model


class Weighted(nn.Module):
    """Codes and numbers times weights, added up, (n,); each module in training mode spoils the sum.

    note : function that is told at each call which modules are in training mode; copies of the model share it
    """

    def __init__(self, weights, dropout, note):
        super().__init__()
        self.weights = nn.Parameter(weights.clone())
        self.dropout = nn.Dropout(dropout)
        self.inner = nn.ModuleDict({"sum": Sum()})
        self.note = lambda mode: note(mode)            # a function: a copy of the model keeps this one

    def forward(self, codes, numbers):
        training = [name for name, module in self.parts() if module.training]
        self.note(training)
        joined = torch.cat([codes.to(numbers.dtype), numbers], dim=1)                  # (n, inputs)
        return self.inner["sum"](self.dropout(joined) * self.weights) * (1 + len(training))

    def parts(self):
        """Its modules by the names that a case uses."""
        return [("model", self), ("dropout", self.dropout), ("inner", self.inner), ("sum", self.inner["sum"])]


class Sum(nn.Module):
    """Adds up each record's numbers: (n, inputs) → (n,)."""

    def forward(self, x):
        return x.sum(dim=1)
