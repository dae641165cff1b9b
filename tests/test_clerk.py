"""The clerk: work on a stranger's bytes has limits, each of which ends it, and whoever asked goes on."""
import os
import socket
import threading
import time
from pathlib import Path

import psutil
import pytest

from embedding_course.course.grading import clerk as module
from embedding_course.course.grading.clerk import Ended, Room, clerk
from embedding_course.course.problem import Problem


@pytest.fixture(scope="module", autouse=True)
def one_that_knows_this_file():
    """A clerk of this file's own, which can import what is asked of it here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))
        patch.setattr(module, "_known", [])
        yield
        module._known[-1].process.kill()


def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return "burnt"


def wait(seconds):
    time.sleep(seconds)
    return "waited"


def hold(mebibytes):
    return len(bytearray(mebibytes * 2**20)) >> 20


def refuse(why):
    raise Problem(why)


def stumble():
    raise KeyError("cells")


def end():
    os._exit(0)


def talk(channel):
    channel.sendall(b"here")
    return os.getpid()


@pytest.mark.parametrize(("work", "much", "tight", "wide", "given"), [
    (burn, 3, Room(processor=1), Room(processor=60), "burnt"),
    (wait, 3, Room(clock=0.5), Room(clock=60), "waited"),
    (hold, 600, Room(memory=500), Room(memory=1200), 600)])
def test_each_limit_ends_what_needs_more_and_nothing_else(work, much, tight, wide, given):
    with pytest.raises(Ended, match="memory"):
        clerk().ask(work, much, room=tight)
    assert clerk().ask(work, much, room=wide) == given


@pytest.mark.parametrize(("work", "arguments", "kind", "words"), [
    (refuse, ["02-matmul.ipynb: no JSON"], Problem, "02-matmul.ipynb: no JSON"), (stumble, [], Ended, "KeyError: 'cells'"),
    (end, [], Ended, "to read and judge")])
def test_work_that_fails_is_told_and_the_next_is_done(work, arguments, kind, words):
    with pytest.raises(kind, match=words):
        clerk().ask(work, *arguments)
    assert clerk().ask(hold, 1) == 1


def test_many_threads_ask_at_once_and_each_piece_of_work_has_a_process_of_its_own():
    found = []

    def one():
        ours, theirs = socket.socketpair()
        with ours, theirs:
            found.append((clerk().ask(talk, sockets=[theirs]), ours.recv(4)))

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({pid for pid, _ in found} - {os.getpid()}) == 8
    assert {heard for _, heard in found} == {b"here"}
    deadline = time.monotonic() + 60
    while left := [pid for pid, _ in found if psutil.pid_exists(pid)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def test_a_clerk_that_was_killed_is_replaced():
    clerk().process.kill()
    clerk().process.wait()
    assert clerk().ask(hold, 1) == 1
