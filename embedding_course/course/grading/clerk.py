"""Where strangers' bytes are touched outside the sandbox: a process of its own for each piece of work, with limits.

A small server imports what reading, judging and showing need, once; each piece of work is a fork of it, which the
kernel ends when its processor time, memory or wall clock is used up. No code of a stranger runs in there, so that limits
on itself are enough; what it answers is JSON. Run as `python -m embedding_course.course.grading.clerk FD`.
"""
import contextlib
import gc
import importlib
import json
import os
import pickle
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..problem import Problem
from .confine import die_with_parent
from .messages import READY

IMPORTS = ("embedding_course.course.grading.judging",)
MOST_BYTES = 128 * 2**20   # of an answer: a graded notebook with all its outputs is smaller
MIB = 2**20


class Ended(Exception):
    """The work was ended by its limits, or broke its process; in words for an instructor."""


@dataclass(frozen=True)
class Room:
    """What a piece of work may use: seconds of a processor and of the clock, MiB of memory."""
    processor: float = 60
    clock: float = 300
    memory: int = 1024


class Clerk:
    """A running server. Any number of threads may ask it at once.

    imports : names of modules to import before it forks, beside what judging needs
    """

    def __init__(self, imports: tuple[str, ...] = ()):
        self.control, theirs = socket.socketpair()
        self.process = subprocess.Popen([sys.executable, "-P", "-m", __name__, str(theirs.fileno()), *imports],
                                        pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        theirs.close()
        self.asking, self.ready = threading.Lock(), False

    def ask(self, work: Callable, *arguments, room: Room = Room(), sockets: Iterable[socket.socket] = ()):
        """What `work(*arguments, *sockets)` gives, as plain data; the work gets duplicates of the sockets.

        work : a function that can be imported by its name; arguments : whatever can be pickled
        raises : Problem as the work raised it; Ended where there is no answer
        """
        ours, theirs = socket.socketpair()
        with ours, ours.makefile("rwb") as pipe:
            with self.asking, theirs:
                self._wait()
                socket.send_fds(self.control, [b"w"], [theirs.fileno(), *(each.fileno() for each in sockets)])
            try:
                pickle.dump((work, arguments, room), pipe)
                pipe.flush()
                answer = json.loads(pipe.read(MOST_BYTES))
            except (OSError, ValueError) as error:
                raise Ended(f"it takes more than {room.processor:g} seconds of a processor, {room.memory} MiB of memory "
                            f"or {room.clock:g} seconds in all to read and judge") from error
        if "problem" in answer:
            raise Problem(answer["problem"])
        if "trouble" in answer:
            raise Ended(answer["trouble"])
        return answer["done"]

    def _wait(self):
        """For the server's start, which goes on while others work."""
        self.ready = self.ready or self.control.recv(1) == READY
        if not self.ready:
            raise Problem("the process that reads submissions does not start; its reason stands above")


_known: list[Clerk] = []
_starting = threading.Lock()


def clerk(*imports: str) -> Clerk:
    """This process's clerk; a new one where there is none yet, or where it has ended.

    imports : modules that a new one imports before it forks
    """
    with _starting:
        if not _known or _known[-1].process.poll() is not None:
            _known[:] = [Clerk(imports)]
        return _known[-1]


def main(fd: int, imports: list[str]):
    """Forks for each piece of work, until nobody holds the other end."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)   # the kernel buries them
    control = socket.socket(fileno=fd)
    for name in (*IMPORTS, *imports):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()   # a fork that collects garbage would copy every page
    control.sendall(READY)
    while True:
        word, fds, *_ = socket.recv_fds(control, 1, 8)
        if not word:
            return
        if os.fork() == 0:
            control.close()
            _work(*(socket.socket(fileno=fd) for fd in fds))
        for fd in fds:
            os.close(fd)


def _work(channel, *sockets):
    """The fork: does one piece of work, and ends."""
    try:
        with channel.makefile("rwb") as pipe:
            work, arguments, room = pickle.load(pipe)
            _limit(room)
            pipe.write(json.dumps(_answer(work, (*arguments, *sockets))).encode())
    finally:
        os._exit(1)


def _answer(work, arguments) -> dict:
    try:
        return {"done": work(*arguments)}
    except Problem as problem:
        return {"problem": str(problem)}
    except MemoryError:
        return {"trouble": "it takes more memory than there is for one submission"}
    except Exception as error:  # noqa: BLE001 - whatever a stranger's bytes brought about is one submission's matter
        return {"trouble": f"the grader stumbled over it ({type(error).__name__}: {str(error)[:200]}); please report this"}


def _limit(room):
    """Nothing of a stranger's runs in here, so nobody takes these back. By default each of these signals ends a process."""
    if sys.platform == "linux":
        die_with_parent()
    for what, most in ((resource.RLIMIT_CPU, int(room.processor)), (resource.RLIMIT_DATA, room.memory * MIB),
                       (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):   # a system that knows no such limit, or has a lower one
            resource.setrlimit(what, (most, most))
    signal.setitimer(signal.ITIMER_REAL, room.clock)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
