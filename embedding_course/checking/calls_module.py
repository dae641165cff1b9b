"""Named calls for layers and gradients: a class of the learner's, a layer made from another, a way there and back.

What they note is read in `read_module.py`.
"""
from torch import nn

from .exercise import Parts
from .notes import Notes, observed
from .observe import T, attribute, copied, gradient_of, overwrite, parameters, requires_gradient, send_back, shape
from .wire import Packed

_forward = nn.Module.forward


@observed({"which parameters there are": "parameters"})
def module(answer, arguments: dict, seen: Notes):
    """Builds the learner's class and looks at its parameters; then either at their start, or at a run there and back.

    build : Parts, what the class is built with, in order
    start : the name of the parameter whose starting values count (a large one: some thousand numbers), or else
    parameters : Parts, a tensor for each parameter, by name; they are loaded before the run
    inputs : Parts, what the module is called with, in order
    upstream : the gradient that is sent back through the output, if any
    notes : "parameters", and "starting values", or "output", "gradient of …" for each parameter, "again" (the output of
            a second call), "other" (that with 1 added to all parameters); the parameters alone where they are not those
            that the case loads
    """
    model = answer(*arguments["build"].values())
    if "start" in arguments:
        seen["parameters"] = listed(model, [arguments["start"]])
        found = dict(parameters(model)).get(arguments["start"]) if isinstance(model, nn.Module) else None
        if found is not None:
            seen["starting values"] = Packed(copied(found))
        return
    given = arguments["parameters"]
    seen["parameters"] = listed(model, given)
    if not isinstance(model, nn.Module) or _shapes(parameters(model)) != _shapes(given.items()):
        return
    if getattr(model.forward, "__func__", None) is _forward:
        raise TypeError("this module has no method called `forward`")
    _load(model, given)
    output = model(*arguments["inputs"].values())
    gradients = gradients_of(output, arguments.get("upstream"), dict(parameters(model)))
    seen["output"] = plain(output)
    seen |= gradients
    if isinstance(output, T):
        seen["again"] = plain(model(*seen.fresh()["inputs"].values()))
        _load(model, {name: T.add(tensor, 1) for name, tensor in given.items()})
        seen["other"] = plain(model(*seen.fresh()["inputs"].values()))


@observed({})
def with_gradients(answer, arguments: dict, seen: Notes):
    """Calls a function with all arguments but `upstream`, then sends that gradient back through what it returned.

    upstream : float tensor of the result's shape; left out where the call should raise
    notes : "output", and "gradient of …" for each tensor among the arguments that requires a gradient, those of modules
            included
    """
    given = {name: value for name, value in arguments.items() if name != "upstream"}
    leaves = {name: leaf for argument, value in given.items() for name, leaf in _leaves(value, argument)}
    output = answer(*given.values())
    gradients = gradients_of(output, arguments.get("upstream"), leaves)
    seen["output"] = plain(output)
    seen |= gradients


@observed({"memory of its own": "new"})
def new_layer(answer, arguments: dict, seen: Notes):
    """Calls a function that makes a layer from a layer; the new one counts, or both after one of them has changed.

    layer (under any name) : the only argument of the function
    then : "the old one changes" or "the new one changes": 1 is added to its numbers; left out, nothing changes
    notes : "result": the new layer; after a change Parts "old" and "new"
    """
    then = arguments.get("then")
    [old] = [value for name, value in arguments.items() if name != "then"]
    new = answer(old)
    if then is None:
        seen["result"] = new
        return
    changing = old if then == "the old one changes" else new
    for _, parameter in parameters(changing) if isinstance(changing, nn.Module) else []:
        overwrite(parameter, T.add(copied(parameter), 1))
    seen["result"] = Parts(old=old, new=new)


def listed(model, names) -> list | None:
    """A model's parameters as [name, "parameter", shape, whether it trains], and what else is a tensor under `names`."""
    if not isinstance(model, nn.Module):
        return None
    known = dict(parameters(model))
    found = [[name, "parameter", list(shape(p)), requires_gradient(p)] for name, p in known.items()]
    others = {name: attribute(model, name) for name in names if name not in known}
    return found + [[name, "buffer" if name in vars(model)["_buffers"] else "tensor", list(shape(t)), requires_gradient(t)]
                    for name, t in others.items() if isinstance(t, T)]


def _shapes(named) -> dict:
    return {name: shape(tensor) for name, tensor in named}


def _load(model, numbers):
    for name, parameter in parameters(model):
        overwrite(parameter, numbers[name])


def gradients_of(output, upstream, leaves) -> dict:
    """The gradient of each leaf by its name, None where nothing arrives; no names where nothing is sent back."""
    if upstream is None:
        return {}
    if isinstance(output, T) and requires_gradient(output) and shape(output) == shape(upstream):
        send_back(output, upstream)
    return {f"gradient of {name}": gradient_of(leaf) for name, leaf in leaves.items()}


def _leaves(value, name):
    """Every tensor in an argument that requires a gradient, with a name such as `tables[1].weight`."""
    if isinstance(value, T) and requires_gradient(value):
        yield name, value
    elif isinstance(value, (list, tuple, nn.ModuleList)):
        for i, item in enumerate(value):
            yield from _leaves(item, f"{name}[{i}]")
    elif isinstance(value, nn.Module):
        for inner, parameter in parameters(value):
            yield from _leaves(parameter, f"{name}.{inner}")


def plain(output):
    """An output as it is now: a single looked-up row is a window onto the weight, which still changes."""
    return copied(output) if isinstance(output, T) else output
