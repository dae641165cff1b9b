"""The grader's side: has a notebook run in a sandbox, then asks what waits at its checks. Believes nothing it hears."""
import contextlib
import socket
import time
from dataclasses import dataclass, field

from . import messages
from .limits import Limits
from .outputs import cleaned
from .sandbox import ForkServer

GRACE = 3          # seconds beyond a cell's limit: a notebook that stops itself in time says more than one that is killed
MOST_RESTARTS = 3  # how often a notebook may start again without a cell that ended it


@dataclass
class Executed:
    """What came of a notebook.

    outputs : by position of the cell, outputs in the notebook format, made anew from what was sent
    answers : by exercise, what its process sent when asked; {} where nothing usable came
    trouble : by position of the cell, why the notebook was run without it
    """
    outputs: dict[int, list] = field(default_factory=dict)
    answers: dict[str, dict] = field(default_factory=dict)
    trouble: dict[int, str] = field(default_factory=dict)


def execute(server: ForkServer, cells: list[dict], files: dict, questions: dict, limits: Limits) -> Executed:
    """Runs a notebook.

    cells : {"source": …} to run, or {"check": exercise}
    files : what lies beside the notebook, name to base64
    questions : by exercise, {"call", "cases", "forbidden"}: sent only when no cell runs any more
    """
    done, end = Executed(), time.monotonic() + limits.notebook
    for _ in range(MOST_RESTARTS + 1):
        failed = _attempt(server, cells, files, questions, limits, end, done)
        if failed is None:
            return done
        number, why = failed
        done.trouble[number] = why
        if time.monotonic() >= end or "check" in cells[number]:
            break
    return done


def _attempt(server, cells, files, questions, limits, end, done):
    """One run without the cells that made trouble; returns (position, why) of the next that does, or None."""
    checks = [cell["check"] for cell in cells if "check" in cell]
    pairs = [socket.socketpair() for _ in range(1 + len(checks))]
    ours, theirs = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    server.go(theirs)
    for channel in theirs:
        channel.close()
    try:
        job = {"cells": [{"source": ""} if number in done.trouble else cell for number, cell in enumerate(cells)],
               "files": files, "seconds": limits.cell, "room": limits.output, "data": server.data,
               "folder": server.folder}
        failed = _listen(ours[0], job, limits, end, done, server.project)
        if failed is None:
            with contextlib.suppress(messages.Silence, messages.Gone):   # its end frees the processor; no answer needs it
                messages.receive(ours[0], GRACE)
            for name, channel in zip(checks, ours[1:], strict=True):
                done.answers[name] = _asked(channel, questions[name], limits)
        return failed
    finally:
        server.end()
        for channel in ours:
            channel.close()


def _listen(channel, job, limits, end, done, project):
    """Takes each cell's report; returns (position, why) where none comes."""
    number = 0
    try:
        messages.send(channel, job)
        for number in range(len(job["cells"])):
            left = min(limits.cell + GRACE, end - time.monotonic())
            report = messages.receive(channel, max(left, 0), 2 * limits.output + 2**16)
            sent = report.get("outputs") if isinstance(report, dict) and report.get("cell") == number else None
            done.outputs[number] = cleaned(sent, project)
    except messages.Silence:
        over = time.monotonic() >= end
        return number, (f"the notebook's {limits.notebook:g} seconds were over here" if over else
                        f"this cell was ended after {limits.cell:g} seconds; the rest ran without it")
    except messages.Gone:
        return number, "this cell ended the notebook's process; the rest ran without it"
    return None


def _asked(channel, question, limits) -> dict:
    """What the process at a check answers."""
    with contextlib.suppress(messages.Gone):
        try:
            messages.send(channel, question)
            answered = messages.receive(channel, limits.cell)
            return answered if isinstance(answered, dict) else {}
        except messages.Silence:
            return {"timeout": True}
    return {}
