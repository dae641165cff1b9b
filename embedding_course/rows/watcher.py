"""Watching embeddings through anyone's training loop, in two lines:

    watcher = watch(model.embedding, names, optimizer)
    ...                       # the loop, unchanged
    print(watcher.last)       # in a notebook: watcher.last
"""
import torch

from .history import History
from .watched import Watched


def watch(tables, *names_and_optimizer, most=10, follow=()):
    """Watch the rows of one embedding, or of several, through every step of an optimizer.

        watch(model.embedding, names, optimizer)
        watch({"origin": (model.origin, airports), "carrier": (model.carrier, carriers)}, optimizer)

    names : level names, one a row; None for "0", "1", …
    optimizer : any torch.optim.Optimizer; if there are two, the one that holds the tables
    most : how many rows of a large table are shown
    follow : names of rows that are shown whatever happens
    returns : Watcher
    raises : TypeError, ValueError for names or tables that don't fit
    """
    *names, optimizer = names_and_optimizer
    names = names[0] if names else None
    if isinstance(tables, dict):
        listed = {title: entry if isinstance(entry, tuple) else (entry, None) for title, entry in tables.items()}
    else:
        listed = {"": (tables, names)}
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise TypeError("the last argument must be a torch.optim optimizer")
    watched = [Watched(table, levels, str(title), most, follow) for title, (table, levels) in listed.items()]
    strangers = [name for name in follow if not any(name in table.follow for table in watched)]
    if strangers:
        raise ValueError(f"follow: no level is called {strangers[0]!r}")
    return Watcher(watched, optimizer)


class Watcher:
    """Embeddings under watch. `close()`, or the end of a `with` block, removes all hooks; what was seen stays.

    last : the latest Step (with several tables a Steps, by table); None before the first
    history : the History (with several tables a dict of them, by table)
    """

    def __init__(self, watched, optimizer):
        self._watched = watched
        self._optimizer = optimizer
        self._histories = {table.title: History(table.names) for table in watched}
        self._number = 0
        self._loss = None
        self._handles = [
            optimizer.register_step_pre_hook(Hook(self._before_step)),
            optimizer.register_step_post_hook(Hook(self._after_step)),
            *(handle for table in watched for handle in hooks(table))]

    @property
    def last(self):
        latest = {title: history[-1] for title, history in self._histories.items() if history}
        return Steps(latest) if len(self._watched) > 1 and latest else next(iter(latest.values()), None)

    @property
    def history(self):
        return self._histories if len(self._watched) > 1 else self._histories[self._watched[0].title]

    def loss(self, value):
        """Tell the loss of the coming step, between the forward pass and `optimizer.step()`, so that it is shown."""
        self._loss = float(value.detach() if isinstance(value, torch.Tensor) else value)

    def looked_up(self, codes, table=""):
        """Tell codes of the coming step, for a table that is a plain parameter (a module's lookups are seen anyway).

        codes : integer tensor or list, any shape
        raises : IndexError for a code outside the table, KeyError for an unknown table
        """
        watched = {watched.title: watched for watched in self._watched}[table]
        codes = torch.as_tensor(codes)
        if codes.numel() and not 0 <= int(codes.min()) <= int(codes.max()) < watched.levels:
            low, high = int(codes.min()), int(codes.max())
            raise IndexError(f"codes from {low} to {high}, rows from 0 to {watched.levels - 1}")
        with torch.enable_grad():
            watched.saw_lookup(codes)

    def close(self):
        """Remove all hooks."""
        for handle in self._handles:
            handle.remove()
        self._handles = []

    @torch.no_grad()
    def _before_step(self, optimizer, args, kwargs):
        for table in self._watched:
            table.before_step(optimizer)

    @torch.no_grad()
    def _after_step(self, optimizer, args, kwargs):
        self._number += 1
        for table in self._watched:
            step = table.after_step(optimizer, self._number, self._loss, type(optimizer).__name__)
            self._histories[table.title].append(step)
        self._loss = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __repr__(self):
        tables = ", ".join(f"{table.title or 'a table'} ({table.levels:,} levels)" for table in self._watched)
        state = "watching" if self._handles else "closed; watched"
        return f"{state} {tables} through {type(self._optimizer).__name__}, {self._number} steps so far"


class Steps(dict):
    """One step of several tables: {table: Step}, shown one below the other."""

    def __repr__(self):
        return "\n\n".join(map(repr, self.values()))

    def _repr_html_(self):
        return "".join(step._repr_html_() for step in self.values())


class Hook:
    """A callback that stays behind when its module or optimizer is copied or pickled: the copy gets one that does
    nothing."""

    def __init__(self, callback):
        self.callback = callback

    def __call__(self, *args):
        self.callback(*args)

    def __reduce__(self):
        return Hook, (nothing,)


def nothing(*_):
    """Does nothing."""


def hooks(table):
    """Hooks on one table: its module's forward pass, its weight's gradient.

    table : Watched
    returns : list of handles
    """
    handles = []
    if table.module is not None:
        def saw_lookup(module, args, kwargs, output):
            table.saw_lookup(args[0] if args else next(iter(kwargs.values()), None))
        handles.append(table.module.register_forward_hook(Hook(saw_lookup), with_kwargs=True))
    if table.weight.requires_grad:
        handles.append(table.weight.register_hook(Hook(lambda grad: table.saw_backward())))
    return handles
