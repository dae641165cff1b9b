"""Named calls for layers and gradients: a class of the learner's, a layer made from another, a way there and back."""
import copy
import math

import torch
from torch import nn

from .exercise import Parts

CONSTANT, REPEATED, NORMAL = "the same number everywhere", "the same numbers again and again", "standard normal"


def module(answer, arguments: dict) -> Parts:
    """Builds the learner's class and looks at its parameters; then either at their start, or at a run there and back.

    build : Parts, what the class is built with, in order
    start : the name of the parameter whose starting values count (a large one: some thousand numbers), or else
    parameters : Parts, a tensor for each parameter, by name; they are loaded before the run
    inputs : Parts, what the module is called with, in order
    upstream : the gradient that is sent back through the output, if any
    returns : Parts "parameters", and "starting values", or "output" and "gradient of …" for each parameter;
              the parameters alone where they are not those that the case loads, and no gradients where the
              output is odd: another one in each call, or the same whatever the parameters hold
    """
    with torch.random.fork_rng(devices=[]):   # the learner's own random numbers stay as they are
        torch.manual_seed(0)
        model = answer(*arguments["build"].values())
        if "start" in arguments:
            return _start(model, arguments["start"])
        return _run(model, arguments["parameters"], arguments["inputs"], arguments.get("upstream"))


def with_gradients(answer, arguments: dict) -> Parts:
    """Calls a function with all arguments but `upstream`, then sends that gradient back through what it returned.

    upstream : float tensor of the result's shape; left out where the call should raise
    returns : Parts "output", and "gradient of …" for each tensor among the arguments that requires a gradient,
              those of modules included
    """
    upstream = arguments.get("upstream")
    given = {name: value for name, value in arguments.items() if name != "upstream"}
    leaves = {name: leaf for argument, value in given.items() for name, leaf in _leaves(value, argument)}
    output = answer(*given.values())
    return Parts(output=_plain(output), **_gradients(output, upstream, leaves))


def new_layer(answer, arguments: dict):
    """Calls a function that makes a layer from a layer; the new one counts, or both after one of them has changed.

    layer (under any name) : the only argument of the function
    then : "the old one changes" or "the new one changes": 1 is added to its numbers; left out, nothing changes
    returns : the new layer; after a change Parts "old" and "new"
    """
    then = arguments.get("then")
    [old] = [value for name, value in arguments.items() if name != "then"]
    new = answer(old)
    if then is None:
        return new
    changing = old if then == "the old one changes" else new
    with torch.no_grad():
        for parameter in changing.parameters() if isinstance(changing, nn.Module) else []:
            parameter += 1
    return Parts(old=old, new=new)


def _start(model, name) -> Parts:
    result = Parts(parameters=_listed(model, [name]))
    parameter = dict(model.named_parameters()).get(name) if isinstance(model, nn.Module) else None
    if parameter is not None:
        result["starting values"] = _shape_of_start(parameter.detach())
    return result


def _run(model, parameters, inputs, upstream) -> Parts:
    result = Parts(parameters=_listed(model, parameters))
    if not isinstance(model, nn.Module) or _shapes(model.named_parameters()) != _shapes(parameters.items()):
        return result
    if getattr(model.forward, "__func__", None) is nn.Module.forward:
        raise TypeError("this module has no method called `forward`")
    untouched = copy.deepcopy(inputs)
    _load(model, parameters)
    output = model(*inputs.values())
    gradients = _gradients(output, upstream, dict(model.named_parameters()))
    output = _plain(output)
    odd = _odd(model, parameters, untouched, output)
    return Parts(result, output=odd) if odd else Parts(result, output=output, **gradients)


def _listed(model, names) -> str:
    """A model's parameters in words; of the names asked for, also those that are tensors but no parameters."""
    if not isinstance(model, nn.Module):
        return "none: this is no nn.Module"
    known, buffers = dict(model.named_parameters()), dict(model.named_buffers())
    said = [f"{name} {tuple(p.shape)}" + ("" if p.requires_grad else ", not trainable") for name, p in known.items()]
    for name in names:
        tensor = getattr(model, name, None)
        if name not in known and isinstance(tensor, torch.Tensor):
            kind = "a buffer" if name in buffers else "a plain tensor"
            said.append(f"{name} is {kind}" + (" that requires a gradient" if tensor.requires_grad else ""))
    return "; ".join(said) or "none"


def _shapes(named) -> dict:
    return {name: tensor.shape for name, tensor in named}


def _load(model, parameters):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(parameters[name])


def _odd(model, parameters, inputs, output) -> str | None:
    """What is odd about an output: other numbers in each call, or the same whatever the parameters hold."""
    if not isinstance(output, torch.Tensor):
        return None
    with torch.no_grad():
        again = _plain(model(*copy.deepcopy(inputs).values()))
        _load(model, {name: tensor + 1 for name, tensor in parameters.items()})
        other = model(*copy.deepcopy(inputs).values())
    if not _same(output, again):
        return "another one in each call"
    return "the same, whatever the parameters hold" if _same(output, other) else None


def _same(a, b) -> bool:
    return a.shape == b.shape and torch.allclose(a, b, rtol=0, atol=0, equal_nan=True)


def _gradients(output, upstream, leaves) -> dict:
    """The gradient of each leaf by its name, None where nothing arrives; no names where nothing is sent back."""
    if upstream is None:
        return {}
    if isinstance(output, torch.Tensor) and output.requires_grad and output.shape == upstream.shape:
        output.backward(upstream.to(output.dtype))
    return {f"gradient of {name}": leaf.grad for name, leaf in leaves.items()}


def _leaves(value, name):
    """Every tensor in an argument that requires a gradient, with a name such as `tables[1].weight`."""
    if isinstance(value, torch.Tensor) and value.requires_grad:
        yield name, value
    elif isinstance(value, (list, tuple, nn.ModuleList)):
        for i, item in enumerate(value):
            yield from _leaves(item, f"{name}[{i}]")
    elif isinstance(value, nn.Module):
        for inner, parameter in value.named_parameters():
            yield from _leaves(parameter, f"{name}.{inner}")


def _plain(output):
    """An output as it is now: a single looked-up row is a window onto the weight, which still changes."""
    return output.detach().clone() if isinstance(output, torch.Tensor) else output


def _shape_of_start(numbers) -> str:
    """Starting values in words: standard normal, or else in what they differ. Five standard errors are allowed."""
    flat = numbers.double().flatten()
    n, distinct = len(flat), len(flat.unique())
    if distinct == 1:
        return CONSTANT
    if distinct < 0.9 * n:
        return REPEATED
    mean, spread, within = flat.mean().item(), flat.std().item(), (flat.abs() < 1).double().mean().item()
    central, wide = abs(mean) < 5 / math.sqrt(n), abs(spread - 1) < 5 / math.sqrt(2 * n)
    if central and wide and abs(within - 0.6827) < 5 * math.sqrt(0.6827 * 0.3173 / n):
        return NORMAL
    return f"mean {round(mean, 1) + 0.0:g}, standard deviation {spread:.1f}" + (
        ", but not normal" if central and wide else "")
