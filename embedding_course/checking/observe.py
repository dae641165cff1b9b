"""How the process of an answer is looked at: by torch's and Python's C code, bound when this was imported.

A notebook can put functions of its own under torch's names; those here are found before it runs, and no name leads to
them. What is found out leaves as numbers that depend on the case, never as a verdict.
"""
import random
from contextlib import nullcontext

import numpy as np
import torch
from torch import nn

# Private names, where this torch has them, are out of a notebook's reach; the public ones say the same of honest work.
T = getattr(torch._C, "TensorBase", torch.Tensor)   # a C type; torch.Tensor, made from it in Python, can be changed
Undisturbed = getattr(torch._C, "DisableTorchFunction", nullcontext)   # no subclass and no mode gets a word in it
shape, dtype, gradient_of = T.shape.__get__, T.dtype.__get__, T.grad.__get__
requires_gradient, is_leaf = T.requires_grad.__get__, T.is_leaf.__get__
grad_enabled, set_grad_enabled = torch.is_grad_enabled, getattr(torch._C, "_set_grad_enabled", torch.set_grad_enabled)
_engine = getattr(getattr(torch.autograd.Variable, "_execution_engine", None), "run_backward", None)
_public_grad, _public_backward = torch.autograd.grad, torch.autograd.backward
sending: list[bool] = []   # not empty while we ourselves send gradients back
_tensor, _empty, _int64, _float64 = torch.tensor, torch.empty, torch.int64, torch.float64
_torch, _numpy, _python = torch.default_generator, np.random.get_state.__self__, random.getstate.__self__
_Twister, Random = np.random.RandomState, random.Random.__base__   # the latter is a C class: nothing can be put into it


def _backward(tensors, gradients, keep, inputs, accumulate):
    """Sends gradients back, into `grad` where they accumulate, else to the inputs, which are returned."""
    sending.append(True)
    try:
        if _engine:
            return _engine(tensors, gradients, keep, False, inputs, allow_unreachable=True, accumulate_grad=accumulate)
        if accumulate:
            return _public_backward(tensors, gradients, retain_graph=keep)
        return _public_grad(tensors, inputs, gradients, retain_graph=keep, allow_unused=True)
    finally:
        sending.pop()


def random_state():
    """torch's, NumPy's and Python's global random state."""
    return _torch.get_state(), _Twister.get_state(_numpy), Random.getstate(_python)


def restore(state):
    """Puts a global random state back."""
    _torch.set_state(state[0])
    _Twister.set_state(_numpy, state[1])
    Random.setstate(_python, state[2])


def reseed(seed: int):
    """Sets the three global generators."""
    _torch.manual_seed(seed)
    _Twister.seed(_numpy, seed)
    Random.seed(_python, seed)


def next_numbers() -> list[int]:
    """The next number of each; `digests.untouched` tells what they are if nobody has drawn since `reseed`."""
    with Undisturbed():
        drawn = T.random_(_empty((), dtype=_int64, device="cpu"), 0, 2**24, generator=_torch)
        return [T.item(drawn), int(_Twister.randint(_numpy, 2**31)), Random.getrandbits(_python, 31)]


def slope(seed: int):
    """The slope of x² as autograd computes it in its present state; None where it is switched off."""
    with Undisturbed():
        leaf = T.requires_grad_(_tensor(seed % 1000 + 1.0, dtype=_float64, device="cpu"))
        square = T.mul(leaf, leaf)
        return T.item(_pulled(square, leaf)[0]) if requires_gradient(square) else None


def reached(tensor, factor: float) -> dict:
    """Where gradients get to from a tensor times a number: to the tensor itself, and into its `grad`.

    returns : {"slope": the factor, or None if the tensor requires no gradient, "kept": what stands in `grad`, or None}
    """
    with Undisturbed():
        enabled = grad_enabled()
        set_grad_enabled(True)
        if not requires_gradient(tensor):
            found = {"slope": None, "kept": None}
        else:
            total = T.sum(T.mul(tensor, factor))
            [arrived] = _pulled(total, tensor, keep=True)
            found = {"slope": _first(arrived), "kept": None}
            if is_leaf(tensor):
                T.grad.__set__(tensor, None)
                _backward((total,), (_tensor(1.0, dtype=dtype(total)),), False, (), accumulate=True)
                found["kept"] = _first(gradient_of(tensor))
                T.grad.__set__(tensor, None)
        set_grad_enabled(enabled)
    return found


def _pulled(total, leaf, keep=False):
    return _backward((total,), (_tensor(1.0, dtype=dtype(total)),), keep, (leaf,), accumulate=False)


def _first(tensor):
    return None if tensor is None else T.item(T.reshape(T.detach(tensor), -1)[0])


def copied(tensor):
    """A copy of a tensor's numbers that autograd knows nothing of."""
    with Undisturbed():
        return T.clone(T.detach(tensor))


def overwrite(tensor, numbers):
    """Writes numbers, or one number throughout, into a tensor's memory, whether autograd follows it or not."""
    with Undisturbed():
        write = T.copy_ if isinstance(numbers, T) else T.fill_
        write(T.detach(tensor), T.detach(numbers) if isinstance(numbers, T) else numbers)


def send_back(output, upstream):
    """Sends a gradient back through an output; it gathers in the leaves."""
    with Undisturbed():
        _backward((output,), (T.to(upstream, dtype(output)),), False, (), accumulate=True)


def parameters(module: nn.Module, prefix: str = "", known: set | None = None):
    """A module's parameters by name, each once, those of modules within included."""
    known = set() if known is None else known
    known.add(id(module))
    for name, parameter in vars(module)["_parameters"].items():
        if parameter is not None and id(parameter) not in known:
            known.add(id(parameter))
            yield prefix + name, parameter
    for name, inner in vars(module)["_modules"].items():
        if inner is not None and id(inner) not in known:
            yield from parameters(inner, f"{prefix}{name}.", known)


def attribute(module: nn.Module, name: str):
    """What stands under a name in a module: a parameter, a buffer, a module or anything else; None if nothing does."""
    own = vars(module)
    for place in (own, own.get("_parameters", {}), own.get("_buffers", {}), own.get("_modules", {})):
        if name in place:
            return place[name]
    return getattr(module, name, None)
