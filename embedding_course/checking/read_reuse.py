"""Reads what the calls of `calls_reuse.py` noted: what is random or depends on last bits is told in words."""
import math

from .arrays import array, near, packed, tensor
from .digests import digest, seed_of, untouched
from .read_training import reach

AS_ASKED = "each column normal, with the old table's mean and standard deviation"
HELD, PLAIN = "as they were, to the last bit", "as after a plain step"
LEAF = "the same leaf, which requires gradients"


def copied_and_drawn(notes: dict, arguments: dict, kept) -> dict:
    """The shape, the rows of shared levels, and in words: the global random state, the other rows, whether the same seed
    gives the same table, whether another gives another, whose memory it is."""
    if "shape" not in notes:
        return {"shape": f"missing: a {notes['type']} came back"}
    parts = {"shape": str(tuple(notes["shape"]))}
    if "table" not in notes:
        return parts
    salt, old, table = digest(arguments), array(arguments["old_weight"]), array(notes["table"])
    names, wanted = arguments["old_vocabulary"], arguments["new_vocabulary"]
    wanted = wanted + [f"level {number}" for number in range(arguments.get("further", 0))]
    new = [i for i, name in enumerate(wanted) if name not in names]
    parts["rows of shared levels"] = tensor(table[[i for i, name in enumerate(wanted) if name in names]])
    if "further" in arguments:
        parts["global random state"] = "left alone" if notes["next"] == untouched(seed_of(salt)) else "moved"
        parts["other rows"] = _drawn(table[new].astype("float64"), old.astype("float64"))
        parts["same seed again"] = _repeated(digest(notes["table"], salt) == notes["again"])
        if len(old) > 1:
            parts["another seed"] = _repeated(digest(packed(table[new]), salt) == notes["other"])
    mine = digest(notes["table"], salt) == notes["later"]
    return parts | {"memory": "its own" if mine else "shared with old_weight"}


def _repeated(same) -> str:
    return "the same rows" if same else "other rows"


def held_step(notes: dict, arguments: dict, kept) -> dict | None:
    """In words: what became of the rows, of everything else, and how the next step goes. None where the exception counts.

    kept : what a plain step does, from `calls_reuse.plain_step`
    """
    if "after" not in notes:
        return None
    before, after = _named(notes["before"]), _named(notes["after"])
    codes = array(arguments["codes"])
    outside = not all(0 <= code < len(array(before["table"])) for code in codes)
    if "result" not in notes:
        if not _same_state(before, after):
            return {"result": "an exception, after something had moved or changed"}
        return {"result": "an exception, before anything moved"} if outside else None      # any exception will do there
    plain = _named(kept)
    start, twin = _named(plain["before"]), _named(plain["after"])
    if not near(array(before["table"]), array(start["table"])):
        raise ValueError("another table than the case's")
    if outside:
        return {"result": "no exception"}
    number = 1001 + seed_of(digest(arguments)) % 997
    seen = {"result": notes["result"], **_became(*(array(state["table"]) for state in (after, twin, before)), codes)}
    seen["other parameters"] = _went(*(array(state["other"]) for state in (after, twin, before)))
    seen["gradients"] = "there as before" if _same(after["gradients"], start["gradients"]) else "changed"
    same = _same_state(_named(after["memory"]), _named(twin["memory"])) and after["settings"] == before["settings"]
    seen["optimizer's memory"] = PLAIN if same else "not " + PLAIN
    seen["weight"] = LEAF if all(reach(notes["weight reaches"], number)) else "no longer the leaf that it was"
    seen["autograd"] = "switched off for all that follows" if notes["autograd"] is None else "on"
    seen["next step"] = "a plain one" if near(array(notes["next"]), array(plain["next"])) else "not a plain one"
    return seen


def _named(data) -> dict:
    return dict(data["items"])


def _same_state(a, b) -> bool:
    return a.keys() == b.keys() and all(_same(a[name], b[name]) for name in a)


def _same(a, b) -> bool:
    """Whether two encoded values are the same; tensors, but for the last bits."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_same, a, b))
    if not (isinstance(a, dict) and isinstance(b, dict) and a["$"] == b["$"]):
        return a == b
    if a["$"] == "parts":
        return _same_state(_named(a), _named(b))
    return near(array(a), array(b)) if a["$"] == "tensor" else a == b


def _became(now, plain, before, codes) -> dict:
    """The rows to hold, and the others, in words."""
    import numpy as np
    if now.shape != before.shape:
        return {"rows to hold": "of another shape", "other rows": "of another shape"}
    held = np.isin(np.arange(len(before)), codes)
    still = (now == before).all(axis=1)                     # (levels,)
    if still[held].all():
        rows = HELD
    elif still[held].any():
        rows = "some of them changed"
    else:
        rows = "moved as in a plain step" if near(now[held], plain[held]) else "neither as before nor " + PLAIN
    return {"rows to hold": rows, "other rows": _went(now[~held], plain[~held], before[~held])}


def _went(now, plain, before) -> str:
    """Whether numbers are as a plain step leaves them, in words."""
    if near(now, plain):
        return PLAIN
    return "not moved" if (now == before).all() else "not " + PLAIN


def _drawn(rows, old) -> str:
    """Rows that should be drawn from a normal distribution, in words. Five standard errors are allowed."""
    import numpy as np
    if not np.isfinite(rows).all():
        return "not finite"
    mean, std, n = old.mean(axis=0), old.std(axis=0), len(rows)
    tiny = 1e-4 * (1 + abs(mean))
    if (abs(rows - mean) > 7 * std + tiny).any():
        return "far from the old table's rows"
    vary = std > tiny
    if not vary.any():
        return AS_ASKED
    if n > 1 and len(np.unique(rows, axis=0)) < 0.9 * n:        # of thousands in one column a few agree by chance
        return "the same numbers again and again"
    if n > 1 and (rows[:, vary].std(axis=0) == 0).any():
        return "constant in a column"
    return _distribution(rows[:, vary], mean[vary], std[vary]) if n >= 500 else AS_ASKED


def _distribution(rows, mean, std) -> str:
    import numpy as np
    z, n = (rows - mean) / std, len(rows)                 # (n, columns that vary), standard normal if all is well
    wrong = []
    if (abs(z.mean(axis=0)) > 5 / math.sqrt(n)).any():
        wrong.append("mean")
    if (abs(z.std(axis=0, ddof=1) - 1) > 5 / math.sqrt(2 * n)).any():
        wrong.append("standard deviation")
    if wrong:
        return f"of another {' and '.join(wrong)} than the old table"
    if (abs((abs(z) < 1).mean(axis=0) - 0.6827) > 5 * math.sqrt(0.6827 * 0.3173 / n)).any():
        return "not normal"
    together = np.corrcoef(z.T) if z.shape[1] > 1 else np.eye(1)
    tied = abs(together - np.eye(len(together))) > 5 / math.sqrt(n)
    return "not independent of each other from column to column" if tied.any() else AS_ASKED
