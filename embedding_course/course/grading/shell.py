"""IPython without a terminal or a kernel: the one way in which a notebook's cells run, wherever they are judged.

How its processes come to be, what may stop them and who asks is a transport's matter: `cells.py`, `spawned.py`.
"""
import base64
import contextlib
import errno
import io
import os
import random
import shutil
import sys
from pathlib import Path

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import activate_matplotlib
from matplotlib_inline.backend_inline import configure_inline_support
from torch import set_num_threads
from traitlets.config import Config

from ...checking.private import answer_cases

INLINE = "module://matplotlib_inline.backend_inline"
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


def settle(job) -> str:
    """A folder of its own with the submission's files and the course's data; fresh random numbers.

    job : {"folder", which nobody else uses, "files": {name: base64}, "data": the course's folder}
    returns : why a file isn't there; empty if all are
    """
    full = ""
    home = Path(job["folder"])
    shutil.rmtree(home, ignore_errors=True)   # without a sandbox, what ran before has left its files
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


def begin(room: int):
    """Outputs are a new cell's from here on."""
    RECORDER.start(room)
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")


def run_cell(shell: Shell, source: str, room: int) -> list[dict]:
    """A cell's outputs, where no signal ends it."""
    begin(room)
    try:
        shell.run_cell(source, store_history=True)   # shows what a cell raises
    except BaseException as error:  # noqa: BLE001
        stumbled(error)
    return RECORDER.taken()


def stumbled(error: BaseException):
    """Whatever gets past IPython ends the cell, not the notebook."""
    name, text = type(error).__name__, str(error)[:400]
    RECORDER.add({"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]})


def reply(shell: Shell, name: str, question: dict) -> dict:
    """What an answer does on the cases, as it is now. What it prints goes nowhere.

    question : {"call", "cases", "forbidden"}
    returns : what `outcome.answer_cases` gives, or {"missing": True}
    """
    RECORDER.start(0)
    set_num_threads(1)
    if name not in shell.user_ns:
        return {"missing": True}
    return answer_cases(question["call"], shell.user_ns[name], question["cases"], question["forbidden"])


def _exhausted(error) -> str:
    """Which limit an error comes from, as words to add; empty for other errors."""
    number = getattr(error, "errno", None) if isinstance(error, OSError) else None
    if number == errno.ENOSPC:
        places = {place: os.statvfs(place) for place in (".", "/dev/shm") if os.path.isdir(place)}
        no_files = [f"{one.f_files} files" for one in places.values() if one.f_files and not one.f_favail]
        return f" (no more room here: {(no_files or ['all bytes are used'])[0]})"
    return f" (no more {EXHAUSTED[number]} here)" if number in EXHAUSTED else ""


def _texts(data: dict) -> dict:
    """Output data as text; bytes of images as base64."""
    return {mime: base64.b64encode(value).decode() if isinstance(value, bytes) else value
            for mime, value in data.items() if isinstance(value, (str, bytes))}
