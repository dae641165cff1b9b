"""Why a row moved. Several reasons can hold at once; each is read off a fact, none is guessed.

| reason   | holds for a row that moved if |
| -------- | ----------------------------- |
| gradient | its row of `weight.grad` is not all zeros |
| momentum | its row of the optimizer's `momentum_buffer` or `exp_avg` was not all zeros before the step |
| decay    | its parameter group decays (`weight_decay`, ASGD's `lambd`) and the row was not all zeros |
| max_norm | it was looked up, in a table with `max_norm`, and had changed before the optimizer began |
| outside  | it had changed before the optimizer began in another way, or nothing else explains the change |
| memory   | as the last, but the optimizer's memory can't be read row by row (LBFGS, optimizers not in torch) |

An optimizer skips a tensor that it does not hold, or whose `.grad` is None: then neither gradient, momentum nor decay
moves it. With sparse gradients Adagrad and SparseAdam leave all rows alone that have none, whatever they remember.
Sources: torch/optim/*.py; `embedding_renorm_` for max_norm. Where the facts come from: `facts.py`.
"""
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Facts:
    """What is known about some rows in one step. Each field is a tensor with one entry a row.

    gradient, memory, decay : bool, whether the optimizer had this to move the row with
    carried : bool, whether the gradient holds something that was there before this step's backward
    max_norm, outside : bool, whether the row had changed before the optimizer began, and by what
    last_seen : int64, the last step before this one that looked the row up; 0 for never
    """
    gradient: Tensor
    memory: Tensor
    decay: Tensor
    carried: Tensor
    max_norm: Tensor
    outside: Tensor
    last_seen: Tensor


def reasons(facts, i, times, hidden):
    """Why row i moved.

    facts : Facts
    times : how often the step looked the row up
    hidden : whether the optimizer hides a memory
    returns : list of (reason, words), at least one
    """
    seen = int(facts.last_seen[i])
    found = []
    if facts.gradient[i]:
        found.append(("gradient", gradient_words(times, bool(facts.carried[i]), seen)))
    if facts.memory[i]:
        found.append(("momentum", "momentum" + ("" if times else memory_words(seen, bool(facts.decay[i])))))
    if facts.decay[i]:
        found.append(("decay", "decay"))
    if facts.max_norm[i]:
        found.append(("max_norm", "max_norm (shortened when it was looked up)"))
    if not found and hidden:
        found.append(("memory", "the optimizer's memory" + memory_words(seen, False)))
    if facts.outside[i] or not found:
        found.append(("outside", "changed outside the optimizer"))
    return found


def gradient_words(times, carried, seen):
    """How the gradient came to the row."""
    left = f"left over from step {seen}" if seen else "left over from before"
    if carried and not times:
        return f"gradient {left}"
    if carried:
        return f"gradient (looked up {count(times)}, and some {left})"
    if not times:
        return "gradient (without a lookup)"
    return "gradient" if times == 1 else f"gradient (looked up {count(times)})"


def memory_words(seen, decay):
    """What a memory that moves a row without a lookup remembers."""
    if seen:
        return f" (last looked up in step {seen})"
    return " (of earlier decay)" if decay else " (of earlier gradients)"


def count(times):
    """1 → once, 2 → twice, 3 → 3 times."""
    return {1: "once", 2: "twice"}.get(times, f"{times} times")
