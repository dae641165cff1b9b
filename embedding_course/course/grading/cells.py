"""The student's side: runs a notebook's cells as IPython would, and stands still at each check to be asked later.

Where a check stands, the process forks. The copy waits; only when the whole notebook has run is it asked, so no code
of the notebook ever runs in a process that has seen a case. It holds no reference, no expectation, no score.
"""
import base64
import contextlib
import errno
import io
import json
import os
import random
import signal
import sys
from os import _exit, fork, getpid, kill, setsid, waitpid  # by these names here, whatever a cell makes of its own `os`
from pathlib import Path
from select import select
from signal import SIG_DFL, SIG_IGN, SIGALRM, SIGCHLD, SIGKILL, getsignal
from signal import signal as on_signal
from time import monotonic

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import activate_matplotlib
from matplotlib_inline.backend_inline import configure_inline_support
from torch import set_num_threads
from traitlets.config import Config

from ...checking.private import answer_cases
from .messages import Channel, close

pidfd_open = getattr(os, "pidfd_open", None)
INLINE = "module://matplotlib_inline.backend_inline"
SIGNALS = sorted(signal.valid_signals())
EXHAUSTED = {errno.EMFILE: "open files", errno.EAGAIN: "processes and threads", errno.ENOMEM: "memory"}


class TooLong(BaseException):
    """A cell has used up its time. No `except Exception` of a notebook catches it."""


class Recorder:
    """The outputs of the cell that is running, in the notebook format; no more than `room` characters."""

    def __init__(self):
        self.outputs, self.room = [], 0

    def start(self, room: int):
        self.outputs, self.room = [], room

    def add(self, output: dict):
        self.room -= len(str(output))
        if self.room > 0:
            self.outputs.append(output)

    def write(self, name: str, text: str):
        text = text[:max(0, self.room)]
        self.room -= len(text)
        if text and self.outputs and self.outputs[-1].get("name") == name:
            self.outputs[-1]["parts"].append(text)
        elif text:
            self.outputs.append({"output_type": "stream", "name": name, "parts": [text]})

    def taken(self) -> list[dict]:
        """The outputs so far."""
        return [{**{k: v for k, v in output.items() if k != "parts"}, "text": "".join(output["parts"])}
                if "parts" in output else output for output in self.outputs]


RECORDER = Recorder()


class Stream(io.TextIOBase):
    """What a notebook's `print` writes to."""

    encoding, errors = "utf-8", "replace"

    def __init__(self, name):
        self.name = name

    def write(self, text):
        RECORDER.write(self.name, str(text))
        return len(text)

    def writable(self):
        return True


class Results(DisplayHook):
    """A cell's last value becomes an output."""

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        RECORDER.add({"output_type": "execute_result", "data": _texts(format_dict), "metadata": {},
                      "execution_count": self.prompt_count})

    def finish_displayhook(self):
        pass


class Displays(DisplayPublisher):
    """What a cell displays becomes an output."""

    def publish(self, data, metadata=None, source=None, **more):
        RECORDER.add({"output_type": "display_data", "data": _texts(data), "metadata": {}})

    def clear_output(self, wait=False):
        RECORDER.outputs.clear()


class Shell(InteractiveShell):
    """IPython without a terminal or a kernel."""

    def _showtraceback(self, etype, evalue, stb):
        words = _exhausted(evalue)
        RECORDER.add({"output_type": "error", "ename": etype.__name__, "evalue": str(evalue) + words,
                      "traceback": [*stb, *([words] if words else [])]})

    def enable_gui(self, gui=None):
        pass

    def ask_exit(self):
        """`exit()` in a cell: the notebook goes on, as it does in JupyterLab's Run All after the kernel is back."""


def make_shell() -> Shell:
    """The shell in which a notebook will run, with figures as outputs. Made before the fork: it takes a while."""
    config = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"xmode": "Plain", "colors": "NoColor"}})
    shell = Shell.instance(config=config, displayhook_class=Results, display_pub_class=Displays)
    activate_matplotlib(INLINE)
    configure_inline_support(shell, INLINE)
    return shell


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
    channel.send({"cell": -1, "pid": getpid(), "full": _settle(job)})
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


def _exhausted(error) -> str:
    """Which limit an error comes from, as words to add; empty for other errors."""
    number = getattr(error, "errno", None) if isinstance(error, OSError) else None
    if number == errno.ENOSPC:
        places = {place: os.statvfs(place) for place in (".", "/dev/shm") if os.path.isdir(place)}
        no_files = [f"{one.f_files} files" for one in places.values() if one.f_files and not one.f_favail]
        return f" (no more room here: {(no_files or ['all bytes are used'])[0]})"
    return f" (no more {EXHAUSTED[number]} here)" if number in EXHAUSTED else ""


def _settle(job) -> str:
    """A folder of its own with the submission's files and the course's data; fresh random numbers.

    returns : why a file isn't there; empty if all are
    """
    full = ""
    home = Path(job["folder"])
    home.mkdir(parents=True, exist_ok=True)
    os.chdir(home)
    os.environ["HOME"] = str(home)
    for name, data in job["files"].items():
        path = home / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(base64.b64decode(data))
        except OSError as error:
            full = full or f"{name}: {error.strerror}{_exhausted(error)}"
    with contextlib.suppress(OSError):   # a submission's own folder of that name stays, and a full disk has been named
        Path("data").symlink_to(job["data"])
    sys.path.append(str(home))   # last: a torch.py beside the notebook is not torch
    random.seed()
    np.random.seed()
    return full


def _run_cell(shell, source, seconds, room, handlers) -> tuple[list[dict], bool, dict]:
    """A cell's outputs, whether it was stopped for its time, and what it wants done on signals.

    handlers : what the cells before wanted done
    """
    RECORDER.start(room)
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
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
    except BaseException as error:  # noqa: BLE001 - whatever gets past IPython ends the cell, not the notebook
        name, text = type(error).__name__, str(error)[:400]
        RECORDER.add({"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]})
    if handlers.get(SIGALRM) is stop:
        del handlers[SIGALRM]
        if alarm:
            handlers[SIGALRM] = alarm
    return RECORDER.taken(), stopped, handlers


def _answer(shell, name, line, apart):
    """The copy at a check: waits for the question, answers it, ends. What it prints goes nowhere.

    apart : in a session of its own: a cell that ends its group doesn't mean this one, nor does the end of that group
    """
    try:
        if apart:
            setsid()
        channel = Channel(line)
        question = channel.receive()
        RECORDER.start(0)
        set_num_threads(1)
        did = {"missing": True}
        if name in shell.user_ns:
            did = answer_cases(question["call"], shell.user_ns[name], question["cases"], question["forbidden"])
        channel.send(did)
    finally:
        _exit(0)


def _texts(data: dict) -> dict:
    """Output data as text; bytes of images as base64."""
    return {mime: base64.b64encode(value).decode() if isinstance(value, bytes) else value
            for mime, value in data.items() if isinstance(value, (str, bytes))}
