"""Runs an answer on one case and says, in plain data, what came of it."""
import inspect
import linecache
import random
import traceback

import numpy as np
import pandas as pd
import torch

from . import stub, watching
from .calls import CALLS
from .wire import TooLarge, decode, encode


def outcome(call: str, answer, arguments: dict, forbidden=()) -> dict:
    """What the answer does with one case; runs where the answer lives.

    call : a name in `calls.CALLS`
    arguments : encoded values by name; the answer gets fresh copies
    forbidden : ways to watch for, names in `ways.WAYS`
    returns : {"value": …} or {"error": {type, bases, message, line, source}}, and what was noticed beside it:
              "changed" (arguments), "shares" (arguments whose memory the result shares), "ways", "random", "autograd"
    """
    given = {name: decode(data) for name, data in arguments.items()}
    before = _random_state()
    autograd = torch.is_grad_enabled()
    used, result = {}, {}
    try:
        with watching.watch(forbidden) as used:
            value = CALLS[call](answer, given)
        result["value"] = encode(value)
        result["shares"] = [name for name, argument in given.items() if _share(value, argument)] \
            if call == "function" else []
    except KeyboardInterrupt:
        raise
    except TooLarge as error:
        result["error"] = {"type": "TooLarge", "bases": ["TooLarge"], "message": f"the result is {error}"}
    except BaseException as error:  # noqa: BLE001 - whatever an answer raises is an outcome, SystemExit included
        result["error"] = _describe(error, answer)
    result["changed"] = [name for name, data in arguments.items() if _changed(given[name], data)]
    result["ways"] = used | watching.read(answer, forbidden)
    result["random"] = before != _random_state()
    result["autograd"] = torch.is_grad_enabled() != autograd
    torch.set_grad_enabled(autograd)
    return result


def answer_cases(call: str, answer, cases: list[dict], forbidden=()) -> dict:
    """The outcomes of all cases: {"outcomes": […]}, or {"stub": True} for an answer not begun yet."""
    if stub.is_untouched(answer):
        return {"stub": True}
    outcomes = [outcome(call, answer, case["arguments"], forbidden) for case in cases]
    return {"outcomes": outcomes, "leftover": stub.has_leftover(outcomes)}


def _changed(value, data) -> bool:
    """Whether an argument is another than it was; an iterator is used up by design."""
    if isinstance(data, dict) and data.get("$") == "once":
        return False
    try:
        return encode(value) != data
    except TooLarge:
        return True


def _random_state():
    kind, keys, *rest = np.random.get_state()
    return torch.get_rng_state().numpy().tobytes(), kind, keys.tobytes(), rest, random.getstate()


def _share(value, argument) -> bool:
    """Whether two values have memory in common, so that changing one changes the other."""
    return bool({memory for part in _parts(value) for memory in [_memory(part)] if memory}
                & {memory for part in _parts(argument) for memory in [_memory(part)] if memory}) \
        or any(part is argument for part in _parts(value) if isinstance(part, (list, dict, set)))


def _parts(value):
    if isinstance(value, (list, tuple)):
        yield value
        for item in value[:100]:
            yield from _parts(item)
    elif isinstance(value, torch.nn.Module):
        yield from value.parameters()
    elif isinstance(value, pd.DataFrame):
        for i in range(min(value.shape[1], 100)):
            yield value.iloc[:, i].to_numpy()   # the column's own memory where its numbers lie in NumPy
            if value.iloc[:, i].dtype == object:
                yield from (item for item in value.iloc[:, i] if isinstance(item, np.ndarray))
    else:
        yield value


def _memory(value):
    """Where a value's numbers lie, or None for an empty one or one without such memory."""
    if isinstance(value, torch.Tensor) and value.layout == torch.strided:
        return value.untyped_storage().data_ptr() or None
    if isinstance(value, np.ndarray) and value.dtype != object:
        while isinstance(value.base, np.ndarray):
            value = value.base
        return value.__array_interface__["data"][0] if value.size else None
    return None


def _describe(error: BaseException, answer) -> dict:
    """An exception as data; line and source point into the answer's own cell."""
    described = {"type": type(error).__name__, "bases": [base.__name__ for base in type(error).__mro__],
                 "message": str(error)[:400]}
    code = _file_of(answer)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == code]
    if frames:
        described["line"] = frames[-1].lineno
        described["source"] = linecache.getline(code, frames[-1].lineno).strip()[:120]
    return described


def _file_of(answer):
    functions = [answer] if not isinstance(answer, type) else list(vars(answer).values())
    codes = [inspect.unwrap(f).__code__.co_filename for f in functions if inspect.isfunction(f)]
    return codes[0] if codes else None
