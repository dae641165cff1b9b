"""The fork server: imports what lessons need once, then forks a ready process for each submission.

It runs inside the sandbox (`sandbox.py`), holds nothing secret, and no student's code ever runs in it: each submission
gets a child in namespaces of its own, and everything of it ends with that child. Linux; without a sandbox also macOS.
Run as `python -m embedding_course.course.grading.zygote FD OPTIONS`, with a socket that the grader holds.
"""
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path

from . import cells, confine, messages
from .limits import Limits
from .messages import GO, GONE, READY

MOST_CHECKS = 24
UID = 60_000   # and upwards: users that own nothing, where the grader is root


def main(fd: int, options: dict):
    """Serves submissions one after the other until the grader hangs up."""
    control = socket.socket(fileno=fd)
    _import(options["imports"])
    shell = cells.make_shell()
    rules = confine.forbidden_calls() if options["protected"] else None
    gc.collect()
    gc.freeze()   # a fork that collects garbage would copy every page
    control.sendall(READY)
    while True:
        command, fds, *_ = socket.recv_fds(control, 1, MOST_CHECKS + 2)
        if not command:
            return
        if command == GO:
            _serve(control, [socket.socket(fileno=fd) for fd in fds], shell, rules, options)


def _import(names):
    """Imports, then looks that no thread runs: a fork would lose it, and whatever it holds."""
    for name in names:
        with contextlib.suppress(ImportError):   # scikit-learn and the like need not be there
            importlib.import_module(name)
    import torch
    torch.set_num_threads(1)
    torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)   # the first optimizer imports much
    tasks = Path("/proc/self/task")
    if tasks.is_dir() and len(list(tasks.iterdir())) > 1:
        raise RuntimeError("the fork server has more than one thread")


def _serve(control, channels, shell, rules, options):
    """One submission: forks it off, waits until it has ended or the grader wants it ended, says that it's gone."""
    alive, held = os.pipe()
    child = os.fork()
    if child == 0:
        control.close()
        os.close(alive)
        _submission(channels, held, shell, rules, options)
    os.close(held)
    for channel in channels:
        channel.close()
    ready, *_ = select.select([control, alive], [], [])
    if control in ready:
        command = control.recv(1)
        if rules is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        if not command:
            sys.exit()
    os.close(alive)
    os.waitpid(child, 0)
    control.sendall(GONE)
    if alive in ready and control not in ready:
        control.recv(1)   # the grader's word that it has seen the end


def _submission(channels, held, shell, rules, options):
    """The child: with a sandbox three processes, one to hold the namespaces, one to watch them, one for the student."""
    try:
        limits = Limits(**options["limits"])
        if rules is None:
            os.setsid()
            _student(channels, shell, None, limits)
        confine.drop_root(UID + os.getppid() % 1000)
        confine.enter_new_world()
        first = os.fork()
        if first:
            for channel in channels:
                channel.close()
            os.waitpid(first, 0)
            os._exit(0)
        os.close(held)
        confine.die_with_parent()
        confine.own_folders(options["scratch"], limits.disk)
        confine.hide()
        start = _own_memory("self")
        if os.fork() == 0:
            _student(channels, shell, rules, limits)
        for channel in channels:
            channel.close()
        _watch(limits, start)
    finally:
        os._exit(1)


def _student(channels, shell, rules, limits):
    """The process in which a stranger's code runs."""
    if rules is not None:
        confine.limit(int(limits.notebook), 2 * limits.memory, limits.processes)
        confine.give_up_rights(rules)
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
    try:
        end_all_but = confine.end_all_but if rules is not None else lambda kept: None   # outside: everybody's processes
        cells.run(shell, channels[0], channels[1:], messages.receive(channels[0]), end_all_but)
    finally:
        os._exit(1)


def _watch(limits, start):
    """Process 1 of the submission's world: buries its dead, and ends all when together they use too much memory.

    start : bytes that each of them had from the fork server, shared with it
    """
    most = limits.memory * confine.MIB
    while confine.bury():
        if _in_all(_own_memory, start) > most and _in_all(_share_of_memory, 0) > most:
            os._exit(1)
        time.sleep(0.1)


def _in_all(measure, start) -> int:
    """A measure of memory, less what each process started with, over all processes that can be seen here."""
    total = 0
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError, ValueError):   # it has ended meanwhile, or isn't ours
                total += max(0, measure(entry) - start)
    return total


def _own_memory(process) -> int:
    """Bytes of a process that no file holds; what forks share counts in each. Fast, and never too low."""
    fields = dict(line.split(":", 1) for line in Path("/proc", process, "status").read_text().splitlines())
    return sum(int(fields[name].split()[0]) for name in ("RssAnon", "RssShmem") if name in fields) * 1024


def _share_of_memory(process) -> int:
    """The same with each shared page divided among those who share it: slower, and true."""
    fields = dict(line.split(":", 1) for line in Path("/proc", process, "smaps_rollup").read_text().splitlines()[1:])
    return sum(int(fields[name].split()[0]) for name in ("Pss_Anon", "Pss_Shmem") if name in fields) * 1024


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]))
