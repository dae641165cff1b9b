"""Who hears what a check said and what was guessed: nobody, unless a learner has joined a room (`room.py`)."""
from collections.abc import Callable
from contextlib import suppress

_listeners: list[Callable[[dict], None]] = []


def listen(listener: Callable[[dict], None]) -> None:
    """Calls a function with each event from now on: {"kind": "check" or "seen", …}, plain data.

    It has to return at once: a learner's check waits for it.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def stop(listener: Callable[[dict], None]) -> None:
    """Calls it no more."""
    with suppress(ValueError):
        _listeners.remove(listener)


def tell(kind: str, **what) -> None:
    """Tells those who listen. Never in the way of a check: what goes wrong there is lost.

    kind : "check", with exercise, verdict ("passed", "failed", "untouched") and slip (a name or None); "seen", a guess
        beside its answer, with guess, said ({entry: text}) and right ([entries])
    """
    for listener in list(_listeners):
        with suppress(Exception):
            listener({"kind": kind, **what})
