"""`course grade LESSON`: collects, grades what is new or changed, on all cores or many machines, and says what came of it.

Only this process writes: the gradebook, the graded notebooks, the records. Workers get bytes and give bytes.
"""
import base64
import fcntl
import hashlib
import json
import os
import shutil
import socket
import sys
import tempfile
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
from tqdm import tqdm

from ..expected import full_exercises
from ..lesson import read_lesson
from ..nbgrader_api import configuration, run_converter
from ..problem import Problem
from ..project import Project
from ..reading import read_notebook
from . import given
from .clerk import clerk
from .folders import SECRET, Found, find, students
from .gradebook import Writer
from .limits import Limits
from .model import Graded, Lesson, Submission
from .records import Records, as_record
from .report import Change
from .sandbox import available
from .times import zone_of
from .unit import fork_server, grade

BAR = "{desc} {bar} {n_fmt} of {total_fmt}, {remaining} left"   # none where nobody looks: in a file, in a pipe
AHEAD = 2   # submissions that wait for each worker, so that none is idle and memory stays flat


def prepare(project: Project, name: str, limits: Limits, protected: bool, whole: bool = False) -> Lesson:
    """What workers need of a lesson: its release, its cases, and what is expected on them."""
    source = project.solutions / f"{name}.py"
    if not source.is_file():
        raise Problem(f"{name}: this project holds no solutions to grade against")
    lesson = read_lesson(source)
    exercises = full_exercises(lesson, project.seed())
    given.keep(project, name, exercises)
    return Lesson(name, nbformat.writes(read_notebook(project.released(name))), exercises,
                  {cell.name: cell.points for cell in lesson.with_role("written")}, data_of(project),
                  _beside(project, name, exercises), limits, protected, whole)


def _beside(project, name, exercises) -> dict[str, str]:
    """What lies beside the released notebook, as base64 by name.

    raises : Problem where the release, and so the gradebook, has other exercises or points
    """
    shown = {one: full.shown_only() for one, full in exercises.items()}
    files = {one: path.read_bytes() for one, path in project.beside(name).items()}
    built = json.loads(files.get("checks.json", b'{"exercises": {}}'))["exercises"]
    if {one: each["points"] for one, each in built.items()} != {one: each["points"] for one, each in shown.items()}:
        raise Problem(f"{name}: its exercises or points have changed since it was built: `course build {name}`")
    files["checks.json"] = json.dumps({"lesson": name, "exercises": shown}).encode()
    return {one: base64.b64encode(data).decode() for one, data in files.items()}


def with_own_cases(project: Project, lesson: Lesson, found: Found, fresh: str) -> Lesson:
    """The lesson with the fresh cases that a submission is judged on.

    fresh : whose they are: "class" (the same for everybody), "student", or "submission"; the latter two cost the
        reference's run on them, a second or two for each submission
    """
    if fresh == "class":
        return lesson
    own = f"{project.seed()} {found.student} {found.digest if fresh == 'submission' else ''}"
    seed = int.from_bytes(hashlib.sha256(own.encode(errors="replace")).digest()[:16])
    return replace(lesson, exercises=full_exercises(read_lesson(project.solutions / f"{lesson.name}.py"), seed))


def data_of(project: Project) -> str:
    """The folder that notebooks find as `data`."""
    return str(project.root / "data")


def protection(sandbox: bool) -> bool:
    """Whether submissions are graded in a sandbox.

    raises : Problem where there is none, and nobody has said that this is all right
    """
    if not sandbox:
        return False
    why = available()
    if why:
        raise Problem(f"no sandbox: {why}. Strangers' code would run as you, with your files and your network; "
                      "`--no-sandbox` grades all the same, the judge still outside. Nothing was graded", status=1)
    return True


@contextmanager
def alone(project: Project):
    """One `course grade` in a classroom at a time: another one waits here, and says so."""
    project.classroom.mkdir(exist_ok=True)
    with (project.classroom / ".grading.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("course: another `course grade` is at work in this classroom; this one waits for it", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def collect(project: Project, name: str):
    """Takes in what students have handed in through the exchange, if this class uses one."""
    config = configuration(project)
    if (Path(config.Exchange.root) / config.CourseDirectory.course_id / "inbound").is_dir():
        run_converter(project, "collect", name)


class Grading:
    """One run over a class: who is due, then their grading, which alone needs the lesson prepared."""

    def __init__(self, project: Project, name: str):
        self.project, self.name = project, name
        self.submitted, self.config = project.classroom / "submitted", configuration(project)
        self.records = Records(project.classroom, name)
        self.release = read_notebook(project.released(name)).metadata.get("embedding_course", {}).get("release", "")
        self.changes: list[Change] = []

    @cached_property
    def checks(self) -> dict[str, str]:
        """What a grade is given by now: a mark of each exercise."""
        return given.current(self.project, self.name)

    def due(self, only: list[str] | None, regrade: bool) -> list[str]:
        """Who is to be graded: new or changed submissions, or all that are asked for."""
        names = students(self.submitted, self.name)
        missing = set(only or []) - set(names)
        if missing:
            who = ", ".join(sorted(missing))
            raise Problem(f"{who}: no submission of {self.name} in {self.submitted}", status=2)
        names = [name for name in names if not only or name in only]
        return names if regrade else [name for name in names if self._is_new(name)]

    def run(self, names: list[str], lesson: Lesson, executor, workers: int, progress: bool = True):
        """Grades these students; each result is written as soon as it is there.

        Where the clock ended what had processor time left, others were in the way: it is graded again alone.
        """
        starved = {}
        with Writer(self.config, self.name) as writer, \
                tqdm(total=len(names), desc=self.name, bar_format=BAR, disable=None if progress else True) as bar:
            for found, graded in self._results(names, lesson, executor, workers * AHEAD):
                if graded.starved:
                    starved[found.student] = graded
                    continue
                self._write(writer, found, graded)
                bar.update()
            for found, graded in self._results(sorted(starved), lesson, executor, ahead=1):
                self._write(writer, found, max(graded, starved.pop(found.student), key=lambda one: one.score))
                bar.update()

    def _results(self, names, lesson, executor, ahead):
        """Each student's submission with what came of it, in the order in which they end; so many are begun ahead."""
        waiting, queue = {}, iter(names)
        while True:
            while len(waiting) < ahead and (name := next(queue, None)) is not None:
                found = self._find(name)
                waiting[self._started(executor, lesson, found)] = found
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                found = waiting.pop(future)
                yield found, _result(future, found.student)

    def _started(self, executor, lesson: Lesson, found: Found):
        if found.refused:
            return executor.submit(refused, found.student, found.refused)
        own = with_own_cases(self.project, lesson, found, self.config.JudgeOutside.get("fresh", "class"))
        return executor.submit(grade, own, submission(found))

    def _find(self, name) -> Found:
        return find(self.submitted, name, self.name, zone_of(self.config))

    def _is_new(self, name) -> bool:
        record = self.records.read(name)
        return record is None or record["sha256"] != self._find(name).digest

    def _write(self, writer: Writer, found: Found, graded: Graded):
        """Notebook, gradebook, record, in this order: killed in between, the next run does it again."""
        name, before = found.student, self.records.before(found.student)
        same = {key for key, text in graded.written.items() if text == before.get("written", {}).get(key)}
        self.records.begin(name)
        standing = None
        if not graded.refused:
            self._put_notebook(found, graded)
            standing = writer.write(graded, found.timestamp, same)
        record = as_record(graded, found, standing, self.release, self.checks)
        self.records.write(name, record)
        if "score" in before and before["score"] != record["score"]:
            self.changes.append(Change(name, before, record))

    def _put_notebook(self, found: Found, graded: Graded):
        """The graded notebook where nbgrader and Formgrader look for it, all of it or nothing."""
        place = self.project.classroom / "autograded" / found.student / self.name
        scratch = Path(tempfile.mkdtemp(prefix=".grading-", dir=self.project.classroom))
        (scratch / f"{self.name}.ipynb").write_text(graded.notebook, encoding="utf-8", errors="replace")
        checks = self.project.release / self.name / "checks.json"
        if checks.is_file():
            shutil.copy(checks, scratch)
        secret = found.folder / SECRET
        if secret.is_file() and not secret.is_symlink():
            shutil.copy(secret, scratch)
        if found.timestamp:
            (scratch / "timestamp.txt").write_text(f"{found.timestamp:%Y-%m-%d %H:%M:%S.%f} UTC")
        scratch.chmod(0o755)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            trash = Path(tempfile.mkdtemp(prefix=".grading-", dir=self.project.classroom))
            place.replace(trash / "old")
            scratch.replace(place)
            shutil.rmtree(trash, ignore_errors=True)
        else:
            scratch.replace(place)

    def sweep(self):
        """Removes what a killed run has left half-done."""
        for path in self.project.classroom.glob(".grading-*"):
            shutil.rmtree(path, ignore_errors=True)


def _result(future, student: str) -> Graded:
    """What a worker made of a submission; if it stumbled, that is one submission's matter and not the class's.

    raises : Problem where the sandbox itself is broken
    """
    try:
        return future.result()
    except Problem:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a stranger's file brought about
        return refused(student, f"the grader stumbled over it ({type(error).__name__}: {error}); please report this")


def submission(found: Found) -> Submission:
    """What workers get of it."""
    received = f"{found.timestamp:%Y-%m-%d %H:%M:%S} UTC" if found.timestamp else "at an unknown time"
    return Submission(found.student, found.files, found.left_out, received)


def refused(student: str, why: str) -> Graded:
    """The result for a submission that was refused before anything ran."""
    return Graded(student, None, why)


@contextmanager
def workers(project: Project, limits: Limits, protected: bool, jobs: int, dask: str | None = None):
    """An executor and how many it works on at once: threads here, each with a fork server, or Dask's workers.

    The fork servers here start at once, so that they import while this process prepares the lesson.
    """
    if not dask:
        clerk()   # begins to import too
        with ThreadPoolExecutor(jobs) as pool:
            for _ in range(jobs):   # a thread each: none is idle while the first ones start
                pool.submit(fork_server, data_of(project), limits, protected)
            yield pool, jobs
        return
    with _dask(dask) as client:
        count = sum(client.nthreads().values())
        if not count:
            raise Problem(f"the Dask scheduler at {dask} has no workers, so nothing was graded: `dask worker {dask}`")
        yield client.get_executor(pure=False, retries=3), count


def _dask(address: str):
    """A client of a Dask scheduler.

    raises : Problem at once where none answers; Dask itself tries for half a minute
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise Problem("Dask is not installed: pip install distributed", status=2) from error
    try:
        place = urlsplit(address)
        socket.create_connection((place.hostname, place.port), timeout=5).close()
        return Client(address, timeout=30)
    except (OSError, ValueError) as error:
        raise Problem(f"no Dask scheduler answers at {address} ({error}); there: `dask scheduler`", status=2) from error


def cores() -> int:
    """How many submissions at once, unless told otherwise."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


