"""The student's side: runs a notebook's cells as IPython would, and stands still at each check to be asked later.

Where a check stands, the process forks. The copy waits; only when the whole notebook has run is it asked, so no code
of the notebook ever runs in a process that has seen a case. It holds no reference, no expectation, no score.
"""
import base64
import io
import os
import random
import signal
import sys
from pathlib import Path

import numpy as np
import torch
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import activate_matplotlib
from matplotlib_inline.backend_inline import configure_inline_support
from traitlets.config import Config

from ...checking.private import answer_cases
from . import messages

INLINE = "module://matplotlib_inline.backend_inline"


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
        RECORDER.add({"output_type": "error", "ename": etype.__name__, "evalue": str(evalue), "traceback": list(stb)})

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


def run(shell: Shell, channel, waiting: list, job: dict, end_all_but):
    """Runs the cells of a job and reports each over the channel; forks at each check. Never returns.

    waiting : a socket for each check, in their order; its copy of this process answers there
    end_all_but : called with the copies' process ids, ends what a cell that was stopped, or the notebook, leaves running:
        it would take the processor from those who answer
    job : {"cells": [{"source" or "check"}], "files": {name: base64}, "seconds": a cell's, "room": bytes of output}
    """
    _settle(job)
    room, copies = job["room"], []
    for number, cell in enumerate(job["cells"]):
        if "check" in cell:
            mine, *later = waiting[len(copies):]
            copy = os.fork()
            if copy == 0:
                for other in (channel, *later):
                    other.close()
                _answer(shell, cell["check"], mine, job["seconds"])
            mine.close()   # the copy's alone, so that its end can be heard
            copies.append(copy)
            outputs = []
        else:
            outputs, stopped = _run_cell(shell, cell["source"], job["seconds"], room)
            room -= sum(len(str(output)) for output in outputs)
            if stopped:
                end_all_but(copies)
        messages.send(channel, {"cell": number, "outputs": outputs})
    end_all_but(copies)
    messages.send(channel, {"end": True})
    os._exit(0)


def _settle(job):
    """A folder of its own with the submission's files and the course's data; fresh random numbers."""
    home = Path(job["folder"])
    home.mkdir(parents=True, exist_ok=True)
    os.chdir(home)
    os.environ["HOME"] = str(home)
    for name, data in job["files"].items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(data))
    if not Path("data").exists():
        Path("data").symlink_to(job["data"])
    sys.path.append(str(home))   # last: a torch.py beside the notebook is not torch
    random.seed()
    np.random.seed()


def _run_cell(shell, source, seconds, room) -> tuple[list[dict], bool]:
    """A cell's outputs, and whether it was stopped for its time."""
    RECORDER.start(room)
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    stopped = False

    def stop(signum, frame):
        nonlocal stopped
        stopped = True
        raise TooLong(f"this cell was stopped after {seconds:g} seconds")

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        shell.run_cell(source, store_history=True)   # shows what a cell raises
    except BaseException as error:  # noqa: BLE001 - whatever gets past IPython ends the cell, not the notebook
        name, text = type(error).__name__, str(error)[:400]
        RECORDER.add({"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]})
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return RECORDER.taken(), stopped


def _answer(shell, name, channel, seconds):
    """The copy at a check: waits for the question, answers it, ends. What it prints goes nowhere."""
    try:
        question = messages.receive(channel)
        RECORDER.start(0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds + 1)
        torch.set_num_threads(1)
        did = {"missing": True}
        if name in shell.user_ns:
            did = answer_cases(question["call"], shell.user_ns[name], question["cases"], question["forbidden"])
        messages.send(channel, did)
    finally:
        os._exit(0)


def _texts(data: dict) -> dict:
    """Output data as text; bytes of images as base64."""
    return {mime: base64.b64encode(value).decode() if isinstance(value, bytes) else value
            for mime, value in data.items() if isinstance(value, (str, bytes))}
