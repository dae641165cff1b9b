"""The sandbox: every limit acts, nothing of one submission reaches the next, and the line to it can be picked up again."""
import os
import signal
import socket
import time

import psutil
import pytest

from embedding_course.course.grading.limits import Limits
from embedding_course.course.grading.runner import execute
from embedding_course.course.grading.sandbox import ForkServer, available

NO_SANDBOX, LIMITS = available(), Limits()
PROTECTED = pytest.param(True, id="sandbox", marks=pytest.mark.skipif(bool(NO_SANDBOX), reason=NO_SANDBOX or "-"))


def texts(done, cell: int) -> str:
    """What a cell printed, and what it raised."""
    return "".join(output.get("text", "") + output.get("evalue", "") for output in done.outputs.get(cell, []))


def run(server, *sources, limits=LIMITS, questions=None):
    """Executes cells; a name of `questions` stands for a check."""
    cells = [{"check": source} if source in (questions or {}) else {"source": source} for source in sources]
    return execute(server, cells, {}, questions or {}, limits)


@pytest.fixture(scope="module", params=[PROTECTED, pytest.param(False, id="without")])
def server(request, project):
    running = ForkServer(project.root / "data", Limits(), request.param)
    yield running
    running.close()


def started(server) -> socket.socket:
    """A submission's process that waits for its cells."""
    ours, theirs = socket.socketpair()
    server.go([theirs])
    theirs.close()
    return ours


def ended(channel) -> bool:
    channel.settimeout(10)
    return channel.recv(1) == b""


@pytest.mark.parametrize("state", ["idle", "running", "ended", "its end not heard", "begun and not answered"])
def test_a_line_recovers_from_a_holder_that_was_killed_at_any_moment(server, state):
    holder = os.fork()
    if holder == 0:
        if state != "idle":
            channel = started(server)
        if state == "ended":
            channel.close()
            time.sleep(0.1)
        if state == "its end not heard":
            server.control.sendall(b"k12345678")
        if state == "begun and not answered":
            started(server)
            server.control.sendall(b"k12345678")
            started(server)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(holder, 0)
    server.line.recover()
    assert texts(run(server, "print(6 * 7)"), 0) == "42\n"


def test_when_recover_returns_every_process_is_gone(server):
    channel = started(server)
    server.line.recover()
    assert ended(channel)
    me = psutil.Process(server.process.pid)
    assert len([me, *me.children(recursive=True)]) == (3 if server.protected else 1)   # bubblewrap's two, and the server


def test_everything_ends_with_the_process_that_holds_the_fork_server(project):
    if NO_SANDBOX:
        pytest.skip(NO_SANDBOX)
    told, tell = os.pipe()
    holder = os.fork()
    if holder == 0:
        running = ForkServer(project.root / "data", Limits(), True)
        started(running)
        time.sleep(0.5)
        me = psutil.Process(running.process.pid)
        os.write(tell, " ".join(str(p.pid) for p in [me, *me.children(recursive=True)]).encode())
        time.sleep(60)
    inside = [int(pid) for pid in os.read(told, 1000).split()]
    os.kill(holder, signal.SIGKILL)
    os.waitpid(holder, 0)
    deadline = time.monotonic() + 10
    while (left := [pid for pid in inside if psutil.pid_exists(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(inside) > 3 and left == []
