"""The row watcher: which rows of an embedding a step looked up, which it moved, how far, and why.

    watcher = watch(model.embedding, names, optimizer)
    ...                       # your training loop, unchanged
    print(watcher.last)
"""
from .guess import show_step
from .history import History
from .once import take_step
from .step import Row, Step
from .watcher import Watcher, watch

__all__ = ["History", "Row", "Step", "Watcher", "show_step", "take_step", "watch"]
