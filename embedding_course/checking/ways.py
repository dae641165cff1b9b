"""Ways that an exercise may forbid ("without F.one_hot"), and how their use is seen.

torch's operators are watched while the answer runs. NumPy's `@` can't be watched, so the answer's own code is
read for it. Hostile code can silence both; then its values still have to be right.
"""
import dis
from contextlib import contextmanager
from types import CodeType, FunctionType
from unittest import mock

import numpy as np
import torch
from torch import nn
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

MATRIX_OPERATORS = {
    "mm", "bmm", "matmul", "mv", "dot", "vdot", "addmm", "addbmm", "baddbmm", "addmv", "linear", "einsum", "inner",
    "tensordot", "_sparse_mm", "_sparse_addmm", "sspaddmm", "hspmm", "convolution", "_convolution", "bilinear",
    "_trilinear", "chain_matmul", "multi_dot", "vecdot", "_int_mm", "__matmul__", "__rmatmul__", "__imatmul__",
    "conv1d", "conv2d", "conv3d", "kron", "_scaled_dot_product_attention_math", "scaled_dot_product_attention",
}
NUMPY_NAMES = {"matmul", "dot", "einsum", "tensordot", "inner", "vdot", "multi_dot", "vecdot", "matvec", "vecmat"}

WAYS = {   # name: (operators, the sentence for a learner)
    "matrix product": (MATRIX_OPERATORS, "A ready-made matrix product ran ({seen}). Here you write it yourself, "
                       "from products of numbers and their sums."),
    "one_hot": ({"one_hot"}, "`F.one_hot` ran. Here you build its rows yourself."),
    "multiplication": (MATRIX_OPERATORS | {"mul", "addcmul", "multiply"}, "A multiplication ran ({seen}). "
                       "The row is there already: is there a way to take it as it is?"),
    "embedding": ({"embedding", "embedding_bag", "_embedding_bag", "nn.Embedding"}, "`nn.Embedding` or `F.embedding` "
                  "ran ({seen}). Here you build what they do."),
    "autograd": ({"autograd"}, "Autograd computed the gradient. Here you write it down yourself."),
}


class _Calls(TorchFunctionMode):
    """Notes the names of torch functions as Python calls them."""

    def __init__(self, seen):
        super().__init__()
        self.seen = seen

    def __torch_function__(self, func, types, args=(), kwargs=None):
        self.seen.append((getattr(func, "__name__", ""), _has_floats(args)))
        return func(*args, **(kwargs or {}))


class _Operators(TorchDispatchMode):
    """Notes the operators that torch really runs, whoever called them."""

    def __init__(self, seen):
        super().__init__()
        self.seen = seen

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.seen.append((func.overloadpacket.__name__, _has_floats(args)))
        return func(*args, **(kwargs or {}))


def _has_floats(arguments) -> bool:
    """Whether a floating-point tensor takes part; reckoning with codes is no multiplication of weights."""
    flat = [x for a in arguments for x in (a if isinstance(a, (list, tuple)) else [a])]
    return any(isinstance(x, torch.Tensor) and x.is_floating_point() for x in flat)


@contextmanager
def watch(forbidden):
    """Runs a block and gathers which forbidden ways it took: a dict, way to the operators seen."""
    used = {}
    if not forbidden:
        yield used
        return
    seen = []
    engine, build = torch.autograd._engine_run_backward, nn.Embedding.__init__

    def noted_engine(*args, **kwargs):
        seen.append(("autograd", True))
        return engine(*args, **kwargs)

    def noted_build(self, *args, **kwargs):
        seen.append(("nn.Embedding", True))
        build(self, *args, **kwargs)

    try:
        with mock.patch.object(torch.autograd, "_engine_run_backward", noted_engine), \
                mock.patch.object(nn.Embedding, "__init__", noted_build), _Calls(seen), _Operators(seen):
            yield used
    finally:
        for way in forbidden:
            hits = sorted({name for name, floats in seen if name.rstrip("_") in _stems(way) and floats
                           or name in WAYS[way][0] and way == "one_hot"})
            if hits:
                used[way] = hits


def _stems(way):
    return {name if name.startswith("_") else name.rstrip("_") for name in WAYS[way][0]}


def read(answer, forbidden) -> dict[str, list[str]]:
    """Forbidden ways that stand in the answer's own code, and in functions beside it that it calls."""
    if not {"matrix product", "multiplication"} & set(forbidden):
        return {}
    way = "matrix product" if "matrix product" in forbidden else "multiplication"
    hits = sorted({hit for code, names in _code_of(answer) for hit in _matrix_products(code, names)})
    return {way: hits} if hits else {}


def _code_of(answer, known=None):
    """Every code object of the answer with its globals: nested ones, methods, helpers of the same notebook."""
    known = set() if known is None else known
    functions = [answer] if isinstance(answer, FunctionType) else [
        f for f in vars(answer).values() if isinstance(f, FunctionType)] if isinstance(answer, type) else []
    for function in functions:
        pending = [function.__code__]
        while pending:
            code = pending.pop()
            if code in known:
                continue
            known.add(code)
            yield code, function.__globals__
            pending += [const for const in code.co_consts if isinstance(const, CodeType)]
            for name in code.co_names:
                helper = function.__globals__.get(name)
                if isinstance(helper, FunctionType) and helper.__globals__ is function.__globals__:
                    yield from _code_of(helper, known)


def _matrix_products(code, names):
    """Operators and functions in one code object that multiply NumPy matrices."""
    numpy_functions = {id(getattr(np, name)) for name in NUMPY_NAMES if hasattr(np, name)}
    for step in dis.get_instructions(code):
        if step.opname.startswith(("BINARY", "INPLACE")) and step.argrepr.rstrip("=") == "@" \
                or step.opname in ("LOAD_ATTR", "LOAD_METHOD", "IMPORT_FROM") and step.argval in NUMPY_NAMES:
            yield step.argrepr.rstrip("=") if "@" in step.argrepr else str(step.argval)
        elif step.opname in ("LOAD_GLOBAL", "LOAD_NAME") and id(names.get(step.argval)) in numpy_functions:
            yield step.argval


def sentence(way: str, seen: list[str]) -> str:
    """The sentence for a learner who took a forbidden way."""
    return WAYS[way][1].format(seen=", ".join(f"`{name}`" for name in seen[:3]))
