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
import signal
import socket
import sys
import time
from pathlib import Path

from . import cells, confine, messages
from .limits import Limits
from .messages import GO, KILL, READY, TOKEN

MOST_CHECKS = 24
UID = 60_000   # and upwards: users that own nothing, where the grader is root


def main(fd: int, options: dict):
    """Serves submissions one after the other until the grader hangs up."""
    control = socket.socket(fileno=fd)
    if options["protected"]:
        confine.adopt_orphans()
    _import(options["imports"])
    shell = cells.make_shell()
    rules = confine.forbidden_calls() if options["protected"] else None
    gc.collect()
    gc.freeze()   # a fork that collects garbage would copy every page
    control.sendall(READY)
    child = None
    while True:
        command, fds, *_ = socket.recv_fds(control, 1, MOST_CHECKS + 2)
        _end(child, rules)
        child = None
        if not command:
            return
        if command == GO:
            child = _start(control, [socket.socket(fileno=fd) for fd in fds], shell, rules, options)
        elif command == KILL:
            control.sendall(control.recv(TOKEN, socket.MSG_WAITALL))


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


def _start(control, channels, shell, rules, options) -> int:
    """Forks a submission off."""
    child = os.fork()
    if child == 0:
        control.close()
        _submission(channels, shell, rules, options)
    for channel in channels:
        channel.close()
    return child


def _end(child, rules):
    """Ends a submission with all its processes, if there is one, and waits until they are gone."""
    if child is None:
        return
    if rules is None:
        with contextlib.suppress(ProcessLookupError):   # it may not lead a group yet
            os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child if rules is None else -1, signal.SIGKILL)   # -1: in here all but this process and the first
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1 if rules else child, 0)[0] != child or rules:
            pass


def _submission(channels, shell, rules, options):
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
