"""The grader's side: has a notebook run in a sandbox, then asks what waits at its checks. Believes nothing it hears."""
import contextlib
import socket
import time

from .engine import Executed
from .limits import Limits
from .messages import Channel, Gone, Silence
from .outputs import cleaned
from .sandbox import Line

GRACE = 3          # seconds beyond a cell's limit: a notebook that stops itself in time says more than one that is killed
MOST_RESTARTS = 5  # how often a notebook may start again without what ended it
PATIENCE = 60      # seconds of the wall's clock that the watchdog may take to answer on a busy machine
SURE = 0.8         # of its time must have been used, or else it ended for want of a processor


class Ended(Exception):
    """A notebook ended before its last cell; says which one it was, why, and whether its time is over."""

    def __init__(self, number: int, why: str, final: bool = False):
        super().__init__(why)
        self.number, self.why, self.final = number, why, final


def execute(server: Line, cells: list[dict], files: dict, questions: dict, limits: Limits) -> Executed:
    """Runs a notebook, and again without a cell that ended it; asks every check that was reached.

    cells : {"source": …} to run, or {"check": exercise}
    files : what lies beside the notebook, name to base64
    questions : by exercise, {"call", "cases", "forbidden"}: sent only when no cell runs any more
    """
    done, left = Executed(), limits.notebook
    for restarts in range(MOST_RESTARTS + 1):
        with _started(server, cells, limits) as run:
            try:
                run.listen(files, done, left)
            except Ended as end:
                done.trouble[end.number] = end.why
                left -= run.watchdog.passed
                if end.final:   # for the checks that were not reached
                    done.answers = {cell["check"]: {"timeout": True} for cell in cells if "check" in cell}
                if not end.final and left > 0 and restarts < MOST_RESTARTS and "check" not in cells[end.number]:
                    continue
            run.ask(questions, done)
            return done
    return done


@contextlib.contextmanager
def _started(server, cells, limits):
    """A submission's process with its lines; all of it is gone afterwards."""
    pairs = [socket.socketpair() for _ in range(2 + sum("check" in cell for cell in cells))]
    try:
        server.go([theirs for _, theirs in pairs])
        for _, theirs in pairs:
            theirs.close()
        yield _Run(server, cells, limits, [ours for ours, _ in pairs])
    finally:
        server.end()
        for pair in pairs:
            for line in pair:
                line.close()


class _Watchdog:
    """The submission's clock as its watchdog tells it, and what it does when told.

    passed, used : seconds, see `watchdog.Clock`; over : what the submission had too much of when it was ended
    """

    def __init__(self, line):
        self.channel, self.over, self.starved = Channel(line, room=2**20), "", False
        self.passed = self.used = 0.0
        self._at = time.monotonic()

    def do(self, what: str, *pids: int):
        """Has something done, and learns the time.

        raises : Gone where the submission has ended
        """
        with contextlib.suppress(Gone):   # its last word may be there all the same
            self.channel.send({"do": what, "pids": pids}, PATIENCE)
        said = self.channel.receive(PATIENCE)
        if "over" in said:
            self.over = said["over"]
            raise Gone(self.over)
        self.passed, self.used, self._at = said["passed"], said["used"], time.monotonic()

    def now(self) -> float:
        """The submission's time, or up to a second more.

        raises : Gone
        """
        if time.monotonic() - self._at > 1:
            self.do("clock")
        return self._at_most()

    def _at_most(self) -> float:
        """It never passes faster than the wall's."""
        return self.passed + time.monotonic() - self._at

    def wait(self, step, until: float):
        """What `step(seconds)` returns; it is called again while the submission's time is before `until`.

        raises : Silence when it isn't any more, Gone
        """
        passed, used = self.passed, self.used
        while True:
            try:
                return step(max(0.02, until - self._at_most()))
            except Silence:
                self.do("clock")
                if self.passed >= until:
                    self.starved = self.starved or self.used - used < SURE * (self.passed - passed)
                    raise

    def last_word(self) -> str:
        """What the submission had too much of, if that was why it ended."""
        with contextlib.suppress(Gone, Silence):
            self.do("clock")
        return self.over


class _Run:
    """One run of a notebook: its cells first, then its checks."""

    def __init__(self, server, cells, limits, lines):
        self.server, self.cells, self.limits = server, cells, limits
        self.watchdog = _Watchdog(lines[1])
        self.channel = Channel(lines[0], room=limits.output + 2**9 * len(cells) + 2**16)
        self.copies = dict(zip([number for number, cell in enumerate(cells) if "check" in cell], lines[2:], strict=True))
        self.pids, self.pid = {}, 0   # of the copies that stand at checks, by position; of the notebook

    def listen(self, files, done: Executed, left: float):
        """Takes each cell's report.

        left : seconds that the notebook has
        raises : Ended
        """
        number, began, spent, whole = 0, 0.0, {}, f"{self.limits.notebook:g}"
        try:
            self.watchdog.wait(self._job(files, done), self.limits.cell)
            hello = self.watchdog.wait(self.channel.receive, self.limits.cell)
            self._heard(hello, -1)
            if hello.get("full"):
                done.trouble[0] = f"a file beside the notebook is missing: {str(hello['full'])[:200]}"
            for number in range(len(self.cells)):
                began = self.watchdog.now()
                done.outputs[number] = cleaned(self._report(number, done, left), self.server.project)
                spent[number] = self.watchdog.now() - began
        except Silence as silence:
            slowest = max(spent, key=spent.get, default=number)
            if spent.get(slowest, 0) > self.watchdog.passed - began:
                done.trouble[slowest] = f"this cell took {spent[slowest]:.0f} of the notebook's {whole} seconds"
            raise Ended(number, f"the notebook's {whole} seconds were over here", final=True) from silence
        except Gone as gone:
            over = self.watchdog.last_word()
            why = f"this cell used {over} and was ended" if over else str(gone) if isinstance(gone, _TooSlow) else \
                "this cell ended the notebook's process"
            raise Ended(number, f"{why}; the rest ran without it") from gone

    def _job(self, files, done):
        """Begins to send the job; returns what sends the rest."""
        cells = [{"source": ""} if number in done.trouble and "check" not in cell else cell
                 for number, cell in enumerate(self.cells)]
        job = {"cells": cells, "files": files, "seconds": self.limits.cell, "room": self.limits.output,
               "data": self.server.data, "folder": self.server.folder, "guarded": bool(done.trouble),
               "apart": self.server.protected}
        return _sending(self.channel, job)

    def _report(self, number, done, left):
        """A cell's outputs, as they were sent."""
        watchdog, receive = self.watchdog, self.channel.receive
        until = watchdog.now() + self.limits.cell
        why = "this cell ended the notebook's process; the rest ran without it"
        try:
            report = watchdog.wait(receive, min(until, left))
        except Silence:
            if until > left:
                raise
            watchdog.do("stop", self.pid)
            try:
                report = watchdog.wait(receive, watchdog.now() + GRACE)
            except Silence:
                why = f"this cell was ended after {self.limits.cell:g} seconds; the rest ran without it"
                watchdog.do("kill", self.pid)   # what stands by goes on
                try:
                    report = watchdog.wait(receive, watchdog.now() + GRACE)
                except (Silence, Gone) as nobody:
                    raise _TooSlow(why.partition(";")[0]) from nobody
        self._heard(report, number)
        if report.get("crashed"):
            done.trouble[number] = why
        if report.get("stopped"):
            watchdog.do("sweep", self.pid, *self.pids.values())
            watchdog.wait(_sending(self.channel, "on"), watchdog.now() + GRACE)
        return report.get("outputs")

    def _heard(self, report, number):
        """Takes a report's numbers.

        raises : Gone where it is none
        """
        if not isinstance(report, dict) or report.get("cell") != number or type(report.get("pid")) is not int:
            raise Gone("no report")
        self.pid = report["pid"]
        if "check" in self.cells[number] and number >= 0 and type(report.get("copy")) is int:
            self.pids[number] = report["copy"]

    def ask(self, questions, done: Executed):
        """Asks what stands at each check that was reached; every other process has ended then."""
        room = self.limits.replies
        reached = [number for number in self.copies if number in self.pids]
        self._sweep(reached)
        for number in reached:
            channel = Channel(self.copies[number], room)
            name = self.cells[number]["check"]
            done.answers[name] = self._asked(channel, questions[name])
            room = channel.room
            if done.answers[name].get("timeout"):
                self._sweep([other for other in reached if other > number])
            elif not done.answers[name]:
                over = self.watchdog.last_word()
                done.trouble[number] = f"the answer used {over} and was ended" if over else \
                    "no answer came from here: the process that waited to give it has ended"
        done.starved = done.starved or self.watchdog.starved

    def _asked(self, channel, question) -> dict:
        with contextlib.suppress(Gone):
            try:
                until = self.watchdog.now() + self.limits.cell
                self.watchdog.wait(_sending(channel, question), until)
                answered = self.watchdog.wait(channel.receive, until)
                return answered if isinstance(answered, dict) else {}
            except Silence:
                return {"timeout": True}
        return {}

    def _sweep(self, kept):
        if not self.server.protected:   # outside of a sandbox nothing can be swept
            return
        with contextlib.suppress(Gone, Silence):
            self.watchdog.do("sweep", *[self.pids[number] for number in kept])


class _TooSlow(Gone):
    """A cell didn't end in time, and not when told either."""


def _sending(channel, message):
    """What sends a message, in as many calls as it takes."""
    channel.put(message)
    return channel.flush
