"""What both sides compute from a case alone: digests of plain data, salted by the case, and what nobody disturbed gives.

The process of the answer sends digests and numbers; whoever judges computes what they should be. No torch.
"""
import hashlib
import json
import random


def digest(data, salt: str = "") -> str:
    """Sixteen hex digits that stand for plain data in this case."""
    return hashlib.sha256((salt + json.dumps(data, sort_keys=True)).encode()).hexdigest()[:16]


def seed_of(salt: str) -> int:
    """The number that random generators are set to before an answer is asked, by the digest of the case's arguments."""
    return int(salt[:7], 16)


def untouched(seed: int) -> list[int]:
    """The next numbers of torch's, NumPy's and Python's generators, set to `seed` and used by nobody since.

    torch's on a processor and NumPy's old one are both Mersenne twisters with the same start; below 2²⁴ torch takes 32
    bits for a number, in all its versions.
    """
    import numpy as np  # here: few exercises ask for it, and a grader starts without
    bits = np.random.RandomState(seed).bytes(4)
    return [int.from_bytes(bits, "little") % 2**24, int(np.random.RandomState(seed).randint(2**31)),
            random.Random(seed).getrandbits(31)]


def slope(seed: int) -> float:
    """The slope of x² at the number x that a case has autograd compute it for."""
    return 2.0 * (seed % 1000 + 1)
