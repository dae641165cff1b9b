"""What one submission may use."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of one submission.

    cell, notebook : seconds, of the clock
    memory, disk : MiB, of all its processes together
    processes : how many at once
    output : bytes that a notebook's outputs may have in all
    """
    cell: float = 30
    notebook: float = 180
    memory: int = 2048
    disk: int = 256
    processes: int = 64
    output: int = 8 * 2**20


def limits_for(seconds: float) -> Limits:
    """Limits where a cell may take so many seconds."""
    return Limits(cell=seconds, notebook=max(6 * seconds, 60))
