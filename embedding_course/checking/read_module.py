"""Reads what the calls of `calls_module.py` noted."""
import math

from .arrays import array

CONSTANT, REPEATED, NORMAL = "the same number everywhere", "the same numbers again and again", "standard normal"


def module(notes: dict, arguments: dict, kept) -> dict:
    """Parameters and starting values in words; output and gradients, or what is odd about the output."""
    parts = {"parameters": _listed(notes["parameters"])}
    if "starting values" in notes:
        parts["starting values"] = _shape_of_start(array(notes["starting values"]))
    elif "output" in notes:
        odd = _odd(notes)
        parts |= {"output": odd} if odd else {name: data for name, data in notes.items()
                                              if name == "output" or name.startswith("gradient of ")}
    return parts


def _listed(found) -> str:
    """A model's parameters in words; of the names asked for, also those that are tensors but no parameters."""
    if found is None:
        return "none: this is no nn.Module"
    said = []
    for name, kind, sizes, trains in found:
        if kind == "parameter":
            said.append(f"{name} {tuple(sizes)}" + ("" if trains else ", not trainable"))
        else:
            said.append(f"{name} is a {'buffer' if kind == 'buffer' else 'plain tensor'}"
                        + (" that requires a gradient" if trains else ""))
    return "; ".join(said) or "none"


def _odd(notes) -> str | None:
    """What is odd about an output: other numbers in each call, or the same whatever the parameters hold."""
    if "again" not in notes:
        return None
    if not same(notes["output"], notes["again"]):
        return "another one in each call"
    return "the same, whatever the parameters hold" if same(notes["output"], notes["other"]) else None


def same(a, b) -> bool:
    """Whether two encoded outputs are the same to the last bit."""
    import numpy as np
    a, b = array(a), array(b)
    return np.array_equal(a, b, equal_nan=a.dtype.kind == b.dtype.kind == "f")


def _shape_of_start(numbers) -> str:
    """Starting values in words: standard normal, or else in what they differ. Five standard errors are allowed."""
    import numpy as np
    flat = numbers.astype("float64").reshape(-1)
    n, distinct = len(flat), len(np.unique(flat))
    if distinct == 1:
        return CONSTANT
    if distinct < 0.9 * n:
        return REPEATED
    mean, spread, within = flat.mean(), flat.std(ddof=1), (abs(flat) < 1).mean()
    central, wide = abs(mean) < 5 / math.sqrt(n), abs(spread - 1) < 5 / math.sqrt(2 * n)
    if central and wide and abs(within - 0.6827) < 5 * math.sqrt(0.6827 * 0.3173 / n):
        return NORMAL
    return f"mean {round(float(mean), 1) + 0.0:g}, standard deviation {spread:.1f}" + (
        ", but not normal" if central and wide else "")
