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
from pathlib import Path

from ...checking.private import load
from . import confine, watchdog
from .limits import Limits
from .messages import GO, KILL, READY, TOKEN

MOST_CHECKS = 24
STUDENTS = ("json.scanner", "json.decoder", "json.encoder", "json",
            *(f"{__package__}.{name}" for name in ("messages", "shell", "cells")))
PRIVATE = ("embedding_course.course.", "embedding_course.checking.private.")
UID = 60_000   # and upwards: users that own nothing, where the grader is root


def main(fd: int, options: dict):
    """Serves submissions one after the other until the grader hangs up."""
    control = socket.socket(fileno=fd)
    if options["protected"]:
        confine.adopt_orphans()
        confine.hide()
    _import(options["imports"])
    *_, shell, cells = load(STUDENTS).values()
    shell = shell.make_shell()
    _forget()
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
            child = _start(control, [socket.socket(fileno=fd) for fd in fds], cells, shell, rules, options)
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


def _forget():
    """No name leads to the grader's modules any more, so no notebook can change them; what it imports anew is its own."""
    for name in [name for name in sys.modules if f"{name}.".startswith(PRIVATE)]:
        del sys.modules[name]
    vars(sys.modules["embedding_course"]).pop("course", None)
    vars(sys.modules["embedding_course.checking"]).pop("private", None)


def _start(control, channels, cells, shell, rules, options) -> int:
    """Forks a submission off."""
    child = os.fork()
    if child == 0:
        control.close()
        _submission(channels, cells, shell, rules, options)
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


def _submission(channels, cells, shell, rules, options):
    """The child: with a sandbox three processes, one to hold the namespaces, one to watch them, one for the student."""
    try:
        limits, (line, watched, *waiting) = Limits(**options["limits"]), channels
        if rules is None:
            os.setsid()
        else:
            confine.drop_root(UID + os.getppid() % 1000)
            confine.enter_new_world()
            first = os.fork()
            if first:
                for channel in channels:
                    channel.close()
                os.waitpid(first, 0)
                os._exit(0)
            confine.die_with_parent()
            confine.own_places(options["scratch"], limits)
            confine.hide()
        if os.fork() == 0:
            watched.close()
            _student(line, waiting, cells, shell, rules, limits)
        for channel in (line, *waiting):
            channel.close()
        watchdog.watch(watched, limits, options["scratch"], rules is not None)
    finally:
        os._exit(1)


def _student(line, waiting, cells, shell, rules, limits):
    """The process in which a stranger's code runs."""
    try:
        if rules is not None:
            os.setsid()   # a cell that ends its group means no process but its own
            confine.show()
            confine.limit(limits)
            confine.give_up_rights(rules)
            silence = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(silence, stream)
        cells.run(shell, line, waiting)
    finally:
        os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]))
