"""The unit of work: one submission's bytes in, its graded notebook and its outcome out. Runs on any machine.

Bytes of strangers are touched by a clerk, in a process that can be ended; see `judging.py` for what it does with them.
"""
import threading
import time
from dataclasses import replace
from pathlib import Path

import nbformat

from ...places import SHIPPED
from . import judging
from .clerk import Ended, Room, clerk
from .limits import Limits
from .model import Graded, Lesson, Submission
from .sandbox import ForkServer

_here = threading.local()   # each thread of a worker keeps a fork server


def grade(lesson: Lesson, submission: Submission) -> Graded:
    """Grades one submission. Whatever is in it, this returns; only a broken sandbox raises Problem."""
    started = time.monotonic()
    try:
        graded = Graded.from_data(_ask(lesson, judging.grade, submission))
    except Ended as ended:
        graded = Graded(submission.student, None, f"{lesson.name}.ipynb: {ended}", notes=submission.notes)
    return replace(graded, seconds=time.monotonic() - started)


def judge(lesson: Lesson, submission: Submission, rebuilt):
    """Runs and judges a notebook that was rebuilt already; returns it with outputs, reports and scores.

    raises : Ended
    """
    return nbformat.reads(_ask(lesson, judging.judge, submission, nbformat.writes(rebuilt)), as_version=4)


def _ask(lesson, work, *arguments):
    """Has a clerk do a piece of work that runs a notebook in this thread's sandbox."""
    server = fork_server(lesson.data, lesson.limits, lesson.protected)
    try:
        line = replace(server.line, control=None)   # a duplicate of its socket goes beside
        return clerk().ask(work, lesson, *arguments, line, room=_room(lesson), sockets=[server.control])
    except Ended:
        server.recover()   # the clerk may have left it in the midst of a notebook
        raise


def _room(lesson: Lesson) -> Room:
    """A clerk's own work takes a tenth of a second; the clock has to wait for the notebook, twice if need be."""
    asked = len(lesson.exercises) * lesson.limits.cell
    return Room(processor=20, clock=8 * (lesson.limits.notebook + asked), memory=1024)


def fork_server(data: str, limits: Limits, protected: bool) -> ForkServer:
    """This thread's fork server; a new one if it has ended or others are wanted."""
    wanted = (data, limits, protected)
    known = getattr(_here, "server", None)
    if known is None or _here.wanted != wanted or known.process.poll() is not None:
        if known is not None:
            known.close()
        folder = Path(data) if Path(data).is_dir() else SHIPPED / "data"   # another machine has its own
        _here.server, _here.wanted = ForkServer(folder, limits, protected), wanted
    return _here.server
