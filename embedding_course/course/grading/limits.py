"""What one submission may use."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of one submission.

    cell, notebook : seconds that it works or sleeps; while other programs have the processor they don't pass
    memory : MiB of all its processes together, with page tables, files, /dev/shm and what its sockets may hold
    disk, files : MiB and number of its files
    processes, open_files : how many at once, threads among the processes; how many files a process holds open
    output, replies : bytes that a notebook's outputs, and what its answers return, may have in all
    """
    cell: float = 30
    notebook: float = 180
    memory: int = 2048
    disk: int = 256
    files: int = 200_000
    processes: int = 64
    open_files: int = 512
    output: int = 8 * 2**20
    replies: int = 64 * 2**20


def limits_for(seconds: float) -> Limits:
    """Limits where a cell may take so many seconds."""
    return Limits(cell=seconds, notebook=max(6 * seconds, 60))
