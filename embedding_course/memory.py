"""How much memory a computation takes, measured while it runs."""
import weakref

from torch import Tensor
from torch.overrides import TorchFunctionMode


def peak_bytes(way):
    """The most bytes that the tensors made by `way()` held at any one time.

    way : a function without arguments; what it reads doesn't count, only what calls of torch return in it
    returns : int
    """
    with _Made() as made:
        way()
    return made.peak


class _Made(TorchFunctionMode):
    """Looks after every call of torch at the tensors made so far that are still alive."""

    def __init__(self):
        super().__init__()
        self.made, self.peak = [], 0

    def __torch_function__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        parts = result if isinstance(result, (tuple, list)) else (result,)
        self.made += [weakref.ref(part) for part in parts if isinstance(part, Tensor)]
        alive = [tensor.untyped_storage() for tensor in (made() for made in self.made) if tensor is not None]
        self.peak = max(self.peak, sum({memory.data_ptr(): memory.nbytes() for memory in alive}.values()))
        return result
