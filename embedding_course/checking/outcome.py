"""Runs an answer on one case and says, in plain data, what came of it. It decides nothing: see `reading.py`."""
import builtins
import inspect
import linecache
import traceback

import numpy as np
import pandas as pd
import torch

from . import observe, stub, watching
from .calls import CALLS
from .notes import Notes
from .observe import T, grad_enabled, overwrite, parameters, set_grad_enabled
from .wire import TooLarge, encode

EXCEPTIONS = {id(kind) for kind in vars(builtins).values() if isinstance(kind, type) and issubclass(kind, BaseException)}
_line_of_bases = type.__dict__["__mro__"].__get__


def outcome(call: str, answer, arguments: dict, forbidden=()) -> dict:
    """What the answer does with one case; runs where the answer lives.

    call : a name in `calls.CALLS`
    arguments : encoded values by name; the answer gets fresh copies
    forbidden : ways to watch for, names in `ways.WAYS`
    returns : "notes", what the call noted, up to an exception, and then "error" {type, bases, message, line, source};
              "after", digests of the arguments, and "again", of the result when one argument was overwritten, both by
              the argument's name; "ways" seen, and what is "unwatched" here; "random", the next numbers of the global
              generators, which were set by the case before; "slope", what autograd computes afterwards
    """
    seen = Notes(arguments)
    given = seen.fresh()
    state, autograd = observe.random_state(), grad_enabled()
    observe.reseed(seen.seed)
    set_grad_enabled(True)
    result, raised = {}, None
    with watching.watch(forbidden) as (used, unwatched):   # around the `try`: its own trouble is none of the answer's
        try:
            CALLS[call](answer, given, seen)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever an answer raises is an outcome, SystemExit included
            raised = error
    if raised is not None:
        result["error"] = _describe(raised, answer)
        raised = None   # its traceback holds this frame: together they would stay, message and all, for each case
    result["random"], result["slope"] = observe.next_numbers(), observe.slope(seen.seed)
    observe.restore(state)
    set_grad_enabled(autograd)
    with observe.Undisturbed():
        result["notes"] = _encoded(seen, result)
        result["after"] = {name: _digest(seen, value) for name, value in given.items()}
        if call == "function" and "error" not in result:
            result["again"] = {name: _overwritten(seen, value) for name, value in given.items()}
    result["ways"] = used | watching.read(answer, forbidden)
    result["unwatched"] = unwatched
    return result


def answer_cases(call: str, answer, cases: list[dict], forbidden=()) -> dict:
    """The outcomes of all cases: {"outcomes": […]}, or {"stub": True} for an answer not begun yet."""
    if stub.is_untouched(answer):
        return {"stub": True}
    outcomes = [outcome(call, answer, case["arguments"], forbidden) for case in cases]
    return {"outcomes": outcomes}


def _encoded(seen, result):
    """The notes as data. What can't be handed on is no exception of the answer's."""
    try:
        return encode(seen)
    except TooLarge as error:
        result.setdefault("error", {"type": "TooLarge", "bases": ["TooLarge"], "message": f"the result is {error}"})
    except Exception as error:  # noqa: BLE001 - objects of the answer's own may do anything when they are read
        result.setdefault("error", {"type": "Unreadable", "bases": ["Unreadable"],
                                    "message": f"the result can't be read: {type(error).__name__}"})
    return encode(type(seen)(seen.encoded))


def _digest(seen, value) -> str:
    """Stands for a value as it is now; nothing where it can't be read."""
    try:
        return seen.digest(value)
    except Exception:  # noqa: BLE001 - too large by now, or no longer what it was
        return ""


def _overwritten(seen, argument) -> str:
    """The result as it is when an argument has been overwritten: another if they share memory."""
    for part in _parts(argument):
        _overwrite(part, seen.number)
    return _digest(seen, seen["result"])


def _overwrite(part, number):
    """Changes a value in its own memory."""
    if isinstance(part, T):
        overwrite(part, number if T.is_floating_point(part) else T.bitwise_not(part))
    elif isinstance(part, np.ndarray) and part.dtype.kind in "biuf" and part.flags.writeable:   # pandas' may not be
        part[...] = number if part.dtype.kind == "f" else ~part
    elif isinstance(part, list):
        part.append(number)
    elif isinstance(part, set):
        part.add(number)
    elif isinstance(part, dict):
        part[str(number)] = number


def _parts(value):
    """A value and what can be changed in it: the innermost first."""
    if isinstance(value, (list, tuple)):
        for item in value[:100]:
            yield from _parts(item)
        yield value
    elif isinstance(value, torch.nn.Module):
        yield from (parameter for _, parameter in parameters(value))
    elif isinstance(value, pd.DataFrame):
        for i in range(min(value.shape[1], 100)):
            yield value.iloc[:, i].to_numpy()   # the column's own memory where its numbers lie in NumPy
            if value.iloc[:, i].dtype == object:
                yield from (item for item in value.iloc[:, i] if isinstance(item, np.ndarray))
    else:
        yield value


def _describe(error: BaseException, answer) -> dict:
    """An exception as data; line and source point into the answer's own cell."""
    bases = _line_of_bases(type(error))
    described = {"type": type(error).__name__[:100], "bases": [*map(qualified, bases)], "message": _message(error)}
    code = _file_of(answer)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == code]
    if frames:
        described["line"] = frames[-1].lineno
        described["source"] = linecache.getline(code, frames[-1].lineno).strip()[:120]
    return described


def qualified(kind) -> str:
    """A class by its name, and its module's where it isn't Python's own: a class called ValueError may be anybody's."""
    return kind.__name__ if id(kind) in EXCEPTIONS or kind is object else f"{kind.__module__}.{kind.__name__}"[:200]


def _message(error) -> str:
    try:
        return str(error)[:400]
    except Exception:  # noqa: BLE001 - a class of the answer's own says what it likes
        return ""


def _file_of(answer):
    functions = [answer] if not isinstance(answer, type) else list(vars(answer).values())
    codes = [inspect.unwrap(f).__code__.co_filename for f in functions if inspect.isfunction(f)]
    return codes[0] if codes else None
