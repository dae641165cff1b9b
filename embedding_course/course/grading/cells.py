"""The student's side: runs a notebook's cells as IPython would, and stands still at each check to be asked later.

Where a check stands, the process forks. The copy waits; only when the whole notebook has run is it asked, so no code
of the notebook ever runs in a process that has seen a case. It holds no reference, no expectation, no score.
"""
import contextlib
import json
import os
import signal
from os import _exit, fork, getpid, kill, setsid, waitpid  # by these names here, whatever a cell makes of its own `os`
from select import select
from signal import SIG_DFL, SIG_IGN, SIGALRM, SIGCHLD, SIGKILL, getsignal
from signal import signal as on_signal
from time import monotonic

from .messages import Channel, close
from .shell import RECORDER, Shell, TooLong, begin, reply, settle, stumbled

pidfd_open = getattr(os, "pidfd_open", None)
SIGNALS = sorted(signal.valid_signals())


def run(shell: Shell, line, waiting: list):
    """Takes a job, runs its cells and reports each; forks at each check. Never returns.

    line : a socket; job in; a report out for cell -1, where "full" says which file had no room, and for each that follows:
        {"cell", "pid" (of this process), "outputs"}, and "copy" (the process that stands at a check), "stopped" (the
        cell, for its time) or "crashed" (another process stood in for the one that the cell ended)
    waiting : a socket for each check, in their order; its copy of this process answers there
    job : {"cells": [{"source" or "check"}], "files": {name: base64}, "seconds": a cell's, "room": bytes of output,
        "guarded": whether a process stands by at each cell, and goes on in its place should the cell end this one,
        "apart": whether what stands by has a session of its own, as in a world whose end is everybody's}
    """
    channel, handlers = Channel(line), _hush()
    job = channel.receive()
    room, later = job["room"], list(waiting)
    channel.send({"cell": -1, "pid": getpid(), "full": settle(job)})
    for number, cell in enumerate(job["cells"]):
        report = {"cell": number, "outputs": []}
        if "check" in cell:
            mine = later.pop(0)
            copy = fork()
            if copy == 0:
                for other in (line, *later):
                    close(other)
                _answer(shell, cell["check"], mine, job["apart"])
            close(mine)   # the copy's alone, so that its end can be heard
            report["copy"] = copy
        else:
            guard = _guard(job["apart"]) if job["guarded"] and cell["source"] else None
            if guard == 0:
                report["crashed"] = True
            else:
                report["outputs"], report["stopped"], handlers = _run_cell(shell, cell["source"], job["seconds"], room,
                                                                           handlers)
                room -= len(json.dumps(report["outputs"], ensure_ascii=False).encode(errors="surrogatepass"))
                if room < 0:
                    report["outputs"] = []
            if guard:
                kill(guard, SIGKILL)
                waitpid(guard, 0)
        channel.send({**report, "pid": getpid()})
        if report.get("stopped"):
            channel.receive()   # the word that what the cell left running is gone
    while True:
        channel.receive()   # until somebody ends this process


def _hush() -> dict:
    """Sets aside what a notebook wants done on signals, so that none of it happens in our code; returns it by signal."""
    aside = {}
    while True:
        try:
            for number in SIGNALS:
                if callable(handler := getsignal(number)):
                    aside[number] = handler
                    on_signal(number, SIG_DFL if number == SIGCHLD else SIG_IGN)
            return aside
        except BaseException:  # noqa: BLE001 - one of them ran a last time, and raised
            continue


def _guard(apart) -> int | None:
    """Forks a process that stands by. It returns 0, when this one has ended; in this one its number, at once.

    returns : None where the system can't tell of the end of a process, as macOS
    """
    me, guard = getpid(), fork() if pidfd_open else None
    if guard != 0:
        return guard
    if apart:
        setsid()
    with contextlib.suppress(ProcessLookupError):   # it has ended already
        select([pidfd_open(me)], [], [])
    return 0


def _run_cell(shell, source, seconds, room, handlers) -> tuple[list[dict], bool, dict]:
    """A cell's outputs, whether it was stopped for its time, and what it wants done on signals.

    handlers : what the cells before wanted done
    """
    begin(room)
    stopped, began, alarm = False, monotonic(), handlers.pop(SIGALRM, None)

    def stop(signum, frame):
        nonlocal stopped
        if monotonic() - began < seconds:   # an alarm of the notebook's own
            return alarm and alarm(signum, frame)
        stopped = True
        raise TooLong(f"this cell was stopped after {seconds:g} seconds")

    try:
        try:
            on_signal(SIGALRM, stop)
            for number, handler in handlers.items():
                on_signal(number, handler)
            shell.run_cell(source, store_history=True)   # shows what a cell raises
        finally:
            handlers = _hush()
    except BaseException as error:  # noqa: BLE001
        stumbled(error)
    if handlers.get(SIGALRM) is stop:
        del handlers[SIGALRM]
        if alarm:
            handlers[SIGALRM] = alarm
    return RECORDER.taken(), stopped, handlers


def _answer(shell, name, line, apart):
    """The copy at a check: waits for the question, answers it, ends.

    apart : in a session of its own: a cell that ends its group doesn't mean this one, nor does the end of that group
    """
    try:
        if apart:
            setsid()
        channel = Channel(line)
        channel.send(reply(shell, name, channel.receive()))
    finally:
        _exit(0)
