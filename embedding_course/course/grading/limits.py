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


def described(limits: Limits = Limits()) -> list[tuple[str, str, str]]:
    """What each limit is and what happens beyond it, in words for the guide on grading."""
    return [
        ("a cell", f"{limits.cell:g} seconds", "the cell is stopped; the rest runs"),
        ("all cells", f"{limits.notebook:g} seconds", "checks that were reached are asked; the others are \"timed out\""),
        ("an answer, asked at its check", f"{limits.cell:g} seconds", "that exercise is \"timed out\""),
        ("memory of all its processes, with page tables, files, /dev/shm and sockets", f"{limits.memory} MiB",
         "all is run again without the cell that took it"),
        ("files that it writes", f"{limits.disk} MiB, {limits.files:,} files", "an error in the cell"),
        ("processes and threads at once", f"{limits.processes}", "an error in the cell"),
        ("files that a process holds open", f"{limits.open_files}", "an error in the cell"),
        ("outputs of a notebook", f"{limits.output >> 20} MiB", "the rest is left out"),
        ("what its answers return", f"{limits.replies >> 20} MiB", "\"no answer\""),
    ]
