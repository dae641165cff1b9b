"""How the use of a forbidden way (see `ways`) is seen.

torch's operators are watched while the answer runs, also in threads that it starts, and so are NumPy's on arrays that come
from its tensors. What an answer does with arrays and frames of its own making can't be watched; for that its own code is
read. Hostile code can silence both, and work in another process is seen by neither; then its values still have to be right.

Observation never decides: all but the watch for operators stands on documented names, and a watch that this torch doesn't
allow is left out, named in `watch`'s list, and told to whoever grades. No answer fails for it.
"""
import _thread
import threading
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from unittest import mock

import numpy as np
import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from . import observe
from .reading_code import matrix_products
from .ways import MATRIX_OPERATORS, WATCHED, WAYS, adds_up, is_linalg

try:
    from torch.utils._python_dispatch import TorchDispatchMode
except ImportError:
    TorchDispatchMode = None


class _Calls(TorchFunctionMode):
    """Notes the names of torch functions as Python calls them, and when autograd comes back through one of their results;
    arrays that it hands out note NumPy's."""

    def __init__(self, seen):
        super().__init__()
        self.seen = seen

    def __torch_function__(self, func, types, args=(), kwargs=None):
        self.seen.append((_named(func, args), _has_floats(args)))
        if func in AUTOGRAD:
            self._backward()
        result = func(*args, **(kwargs or {}))
        if type(result) is np.ndarray:
            result = result.view(_Noted)
            result.seen = self.seen
        elif isinstance(result, torch.Tensor) and result.grad_fn is not None:
            with suppress(AttributeError):   # then `_ways_back` has said so
                result.grad_fn.register_prehook(self._backward)
        return result

    def _backward(self, *gradients):
        if not observe.sending:   # back through an answer's result, which is the call's business
            self.seen.append(("autograd", True))


class _Noted(np.ndarray):
    """An array that notes which NumPy functions it takes part in; otherwise an array like any other."""
    seen = None

    def __array_finalize__(self, other):
        self.seen = getattr(other, "seen", None)

    def _note(self, name):
        if self.seen is not None:
            self.seen.append((name, self.dtype.kind == "f"))

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        self._note(ufunc.__name__)
        out = kwargs.get("out")
        if out is not None:
            kwargs["out"] = tuple(_plain(x) for x in out)
        result = getattr(ufunc, method)(*map(_plain, inputs), **kwargs)
        return self if out is not None and out[0] is self else self._again(result)

    def __array_function__(self, func, types, args, kwargs):
        self._note(_named(func, args))
        return super().__array_function__(func, types, args, kwargs)

    def _again(self, result):
        """A result of ours notes what is done with it too."""
        if type(result) is np.ndarray:
            result = result.view(_Noted)
            result.seen = self.seen
        return result

    def dot(self, *args, **kwargs):
        self._note("dot")
        return _plain(self).dot(*map(_plain, args), **kwargs)


def _plain(x):
    return x.view(np.ndarray) if isinstance(x, _Noted) else x


class _Operators(TorchDispatchMode or object):
    """Notes the operators that torch really runs, whoever called them."""

    def __init__(self, seen):
        super().__init__()
        self.seen = seen

    @classmethod
    def _should_skip_dynamo(cls):
        """No: else torch loads its compiler, which takes every process as long as torch itself."""
        return False

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func.overloadpacket.__name__
        self.seen.append((name, _has_floats(args)))
        if "embedding_bag" in name and sum(isinstance(x, torch.Tensor) and x.is_floating_point() for x in args) > 1:
            self.seen.append(("weighted embedding_bag", True))   # a sum of rows times numbers: a product in disguise
        return func(*args, **(kwargs or {}))


def _named(func, arguments) -> str:
    """A function's name; an einsum that adds nothing up is an elementwise multiplication."""
    name = getattr(func, "__name__", "")
    return "mul" if name == "einsum" and not adds_up(arguments) else name


def _has_floats(arguments) -> bool:
    """Whether a floating-point tensor takes part."""
    flat = [x for a in arguments for x in (a if isinstance(a, (list, tuple)) else [a])]
    return any(isinstance(x, torch.Tensor) and x.is_floating_point() for x in flat)


@contextmanager
def watch(forbidden):
    """Runs a block and gathers which forbidden ways it took: a dict, way to the operators seen, full when the block has
    ended, and a list of what can't be watched here."""
    used, unwatched = {}, []
    if not forbidden:
        yield used, unwatched
        return
    seen = []
    with ExitStack() as watches:
        for what, begin in WATCHES.items():
            try:
                watches.enter_context(begin(seen))
            except Exception:  # noqa: BLE001 - another torch or Python than we know; that is none of the answer's
                unwatched.append(what)
        yield used, unwatched
    for way in forbidden:
        hits = sorted({name for name, floats in seen if (name.rstrip("_") in _stems(way) or _inside(way, name))
                       and (floats or way != "multiplication")})   # reckoning with codes multiplies no weights
        if hits:
            used[way] = hits


def _layers(seen):
    build = nn.Embedding.__init__

    def noted(self, *args, **kwargs):
        seen.append(("nn.Embedding", True))
        build(self, *args, **kwargs)
    return mock.patch.object(nn.Embedding, "__init__", noted)


def _threads(seen):
    """Modes are a thread's own, so each thread that starts gets them too."""
    start = threading.Thread.start

    def noted(self):
        self.run = _with_modes(self.run, seen)
        start(self)
    return mock.patch.object(threading.Thread, "start", noted)


def _bare_threads(seen):
    start = _thread.start_new_thread

    def noted(function, args, kwargs=None):
        return start(_with_modes(function, seen), args, kwargs or {})
    return mock.patch.object(_thread, "start_new_thread", noted)


def _with_modes(run, seen):
    def noted(*args, **kwargs):
        with ExitStack() as watches:
            for mode in (_Calls, _Operators) if TorchDispatchMode else (_Calls,):
                watches.enter_context(mode(seen))
            return run(*args, **kwargs)
    return noted


def _ways_back(seen):
    return nullcontext(torch.autograd.graph.Node.register_prehook)   # an AttributeError where `_Calls` can't use it


WATCHES = dict(zip(WATCHED, (_layers, _threads, _bare_threads, _ways_back, _Calls, _Operators), strict=True))
AUTOGRAD = (torch.Tensor.backward, torch.autograd.grad)


def _inside(way, name) -> bool:
    """Whether an operator takes a forbidden matrix product inside, out of sight."""
    return is_linalg(name) and WAYS[way][0] >= MATRIX_OPERATORS


def _stems(way):
    return {name if name.startswith("_") else name.rstrip("_") for name in WAYS[way][0]}


def read(answer, forbidden) -> dict[str, list[str]]:
    """Forbidden ways that stand in the answer's own code, and in what it calls in the same notebook."""
    way = next((way for way in forbidden if way in ("matrix product", "multiplication")), None)
    hits = sorted(matrix_products(answer)) if way else []
    return {way: hits} if hits else {}
