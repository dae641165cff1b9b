"""Fresh values for cases, drawn from a random.Random: ordinary floats, codes, level names."""
import random
import string

import torch


def codes(rng: random.Random, levels: int, *sizes: int) -> torch.Tensor:
    """Codes 0 … levels − 1, int64, of any shape."""
    count = torch.Size(sizes).numel()
    return torch.tensor([rng.randrange(levels) for _ in range(count)], dtype=torch.int64).reshape(sizes)


def numbers(rng: random.Random, *sizes: int) -> torch.Tensor:
    """Standard normal numbers, float32, of any shape."""
    return torch.tensor([rng.gauss(0, 1) for _ in range(torch.Size(sizes).numel())]).reshape(sizes)


def names(rng: random.Random, count: int) -> list[str]:
    """Different names of three capital letters, like airports, in no order."""
    found = set()
    while len(found) < count:
        found.add("".join(rng.choices(string.ascii_uppercase, k=3)))
    return rng.sample(sorted(found), count)
