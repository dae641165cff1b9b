"""Process 1 of a submission's world: buries its dead, keeps its clock, and ends all when it costs the machine too much.

No student's code runs in it, and none can look into it. Outside a sandbox it is only the clock.
"""
import contextlib
import os
import re
import resource
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from select import select

from . import confine
from .limits import Limits
from .messages import Channel, Gone

TICK, AT_ONCE = 0.1, 4     # seconds between two looks; processes measured exactly at each, since that takes milliseconds
SLOW_TICK = 1              # where nothing is measured but time: a look costs milliseconds too
SLOWEST = 0.1              # the clock's pace where others have the processor: so everything ends
INODE = 1024               # bytes that an empty file takes
TCP = 64 * confine.MIB     # what a connection may hold where the kernel doesn't say
JIFFY = os.sysconf("SC_CLK_TCK")
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass
class Seen:
    """A process: its number in this world, its folder in /proc, whether it wants a processor, and what it used."""
    pid: int
    place: Path
    runnable: bool
    seconds: float
    bytes: int


class Clock:
    """The submission's time: it passes while any process works or all sleep, and stands while others have the processor.

    used : seconds so far; passed : the same, but never slower than a fair share, so that an end comes for certain
    """

    def __init__(self):
        self.used = self.passed = self._processor = 0.0
        self._at = time.monotonic()

    def tick(self, seen: list[Seen]):
        """Counts the time since the last tick."""
        now, buried = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        gone, self._at = now - self._at, now
        processor = sum(one.seconds for one in seen) + buried.ru_utime + buried.ru_stime
        worked, self._processor = processor - self._processor, processor
        wanting = sum(one.runnable for one in seen)
        used = min(max(worked, 0), gone) if wanting else gone
        self.used += used
        self.passed += max(used, gone * max(SLOWEST, min(1, CORES / (1 + _others(wanting)))))


def watch(line: socket.socket, limits: Limits, scratch: str, protected: bool):
    """Serves the grader until it hangs up.

    line : commands arrive here, {"do": "clock" | "stop" | "kill" | "sweep", "pids": […]}, and each gets the clock back;
        {"over": why} instead, when the submission was ended
    """
    channel, clock, meter = Channel(line), Clock(), Meter(limits, scratch)
    while True:
        asked = select([line], [], [], TICK if protected else SLOW_TICK)[0]
        confine.bury()
        seen = look(protected)
        clock.tick(seen)
        over = protected and not asked and meter.over(seen)   # a command is not kept waiting
        with contextlib.suppress(Gone):
            if asked:
                _obey(channel.receive(), {one.pid for one in seen}, protected)
            if over or asked:
                channel.send({"over": over} if over else {"passed": clock.passed, "used": clock.used})
            if not over:
                continue
        os._exit(1)


def _obey(command, known, protected):
    if command["do"] == "sweep" and protected:   # outside there are everybody's processes
        confine.end_all_but(command["pids"])
    signals = {"stop": signal.SIGALRM, "kill": signal.SIGKILL}
    for pid in known.intersection(command["pids"]) if command["do"] in signals else ():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signals[command["do"]])


def look(protected: bool) -> list[Seen]:
    """The submission's processes: those of this world, or outside of a sandbox those of this session."""
    if not os.path.isdir("/proc/self"):
        return []
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):   # it has ended meanwhile
                one = _look_at(Path("/proc", entry), protected)
                if one:
                    found.append(one)
    return found


def _look_at(place, protected) -> Seen | None:
    stat = (place / "stat").read_bytes().rpartition(b")")[2].split()
    status = (place / "status").read_bytes()
    numbers = re.search(rb"^NSpid:(.*)", status, re.MULTILINE)[1].split()
    inside = len(numbers) > 1 if protected else int(stat[3]) == os.getsid(0)   # /proc shows the world around too
    if not inside or int(numbers[-1]) == os.getpid():
        return None
    running = stat[0] == b"R" or int(stat[17]) > 1 and any(
        (task / "stat").read_bytes().rpartition(b")")[2].split()[0] == b"R" for task in (place / "task").iterdir())
    size = sum(map(int, re.findall(rb"^(?:RssAnon|VmSwap|VmPTE):\s*(\d+)", status, re.MULTILINE)))
    return Seen(int(numbers[-1]), place, running, sum(map(int, stat[11:15])) / JIFFY, size * 1024)


def _others(wanting) -> int:
    """How many threads beside these and this want a processor now."""
    try:
        running = Path("/proc/loadavg").read_text().split()[3].partition("/")[0]
    except OSError:
        return 0
    return max(0, int(running) - wanting - 1)


class Meter:
    """What the submission costs: a look that is fast and never too low, and an exact one where that is not enough."""

    def __init__(self, limits: Limits, scratch: str):
        self.most, self.limits, self.folders = limits.memory * confine.MIB, limits, (scratch, "/dev/shm")
        self._waiting, self._exact = [], {}
        with socket.socketpair()[0] as one:
            self._socket = one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) + one.getsockopt(socket.SOL_SOCKET,
                                                                                                socket.SO_RCVBUF)
        self._connection = _connection()

    def over(self, seen: list[Seen]) -> str:
        """What it uses too much of, in words; empty if all is well. What can't be measured counts as too much."""
        try:
            beside = self._files() + self._sockets()
            fast = sum(one.bytes for one in seen)
            if fast + beside <= self.most or beside <= self.most and not self._exactly_over(seen, beside):
                return ""
        except (OSError, ValueError, TypeError):
            return "memory that could not be measured"
        return f"more than {self.limits.memory} MiB of memory" + (
            ", most of it in files and sockets" if 2 * beside > self.most else "")

    def _exactly_over(self, seen, beside) -> bool:
        """Measures some more of the processes; whether all together are over, once each has been measured."""
        known = {one.pid: one for one in seen}
        if not self._waiting:
            self._waiting, self._exact = list(known), {}
        now, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
        self._exact |= {pid: _exactly(known[pid]) for pid in now if pid in known}
        total = sum(size for pid, size in self._exact.items() if pid in known)
        return total + beside > self.most

    def _files(self) -> int:
        found = map(os.statvfs, self.folders)
        return sum((one.f_blocks - one.f_bfree) * one.f_frsize + (one.f_files - one.f_ffree) * INODE for one in found)

    def _sockets(self) -> int:
        """What all sockets may hold: what they do hold isn't told."""
        text = Path("/proc/net/sockstat").read_text() + _read("/proc/net/sockstat6")
        connections = sum(map(int, re.findall(r"^TCP6?: inuse (\d+)", text, re.MULTILINE)))
        used = int(re.search(r"^sockets: used (\d+)", text, re.MULTILINE)[1])
        return connections * self._connection + max(0, used - connections) * self._socket


def _exactly(one: Seen) -> int:
    """Bytes of a process, each page that is shared divided among those who share it; all where that is not told."""
    try:
        text = (one.place / "smaps_rollup").read_bytes()
        tables = re.search(rb"^VmPTE:\s*(\d+)", (one.place / "status").read_bytes(), re.MULTILINE)
    except (FileNotFoundError, ProcessLookupError):   # it has ended meanwhile
        return 0
    except OSError:   # it hides
        return one.bytes
    parts = re.findall(rb"^(?:Pss_Anon|SwapPss):\s*(\d+)", text, re.MULTILINE)
    return (sum(map(int, parts)) + int(tables[1])) * 1024 if len(parts) == 2 and tables else one.bytes


def _connection() -> int:
    try:
        return sum(int(Path("/proc/sys/net/ipv4", name).read_text().split()[2]) for name in ("tcp_rmem", "tcp_wmem"))
    except OSError:
        return TCP


def _read(path) -> str:
    try:
        return Path(path).read_text()
    except OSError:   # a kernel without IPv6
        return ""
