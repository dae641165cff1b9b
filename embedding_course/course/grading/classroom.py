"""`course grade LESSON`: collects, grades what is new or changed, on all cores or many machines, and says what came of it.

Only this process writes: the gradebook, the graded notebooks, the records. Workers get bytes and give bytes.
"""
import os
import shutil
import tempfile
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import nbformat
from tqdm import tqdm

from ..expected import full_exercises
from ..lesson import read_lesson
from ..nbgrader_api import configuration, run_converter
from ..problem import Problem
from ..project import Project
from ..reading import read_notebook
from .folders import SECRET, Found, find, students
from .gradebook import Writer
from .limits import Limits
from .records import Records, as_record
from .report import Change
from .sandbox import available
from .times import zone_of
from .unit import Graded, Lesson, fork_server, grade

BAR = "{desc} {bar} {n_fmt} of {total_fmt}, {remaining} left"   # none where nobody looks: in a file, in a pipe
AHEAD = 2   # submissions that wait for each worker, so that none is idle and memory stays flat


def prepare(project: Project, name: str, limits: Limits, protected: bool, whole: bool = False) -> Lesson:
    """What workers need of a lesson: its release, its cases, and what is expected on them."""
    source = project.solutions / f"{name}.py"
    if not source.is_file():
        raise Problem(f"{name}: this project holds no solutions to grade against")
    lesson = read_lesson(source)
    return Lesson(name, nbformat.writes(read_notebook(project.released(name))), full_exercises(lesson, project.seed()),
                  {cell.name: cell.points for cell in lesson.with_role("written")}, data_of(project), limits,
                  protected, whole)


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
        self.released = read_notebook(project.released(name))
        self.release = self.released.metadata.get("embedding_course", {}).get("release", "")
        self.changes: list[Change] = []

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
        """Grades these students; each result is written as soon as it is there."""
        waiting, queue, found = {}, iter(names), {}
        with Writer(self.config, self.name) as writer, \
                tqdm(total=len(names), desc=self.name, bar_format=BAR, disable=None if progress else True) as bar:
            while True:
                while len(waiting) < workers * AHEAD and (name := next(queue, None)) is not None:
                    found[name] = self._find(name)
                    waiting[self._started(executor, lesson, found[name])] = name
                if not waiting:
                    return
                done, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    name = waiting.pop(future)
                    self._write(writer, found.pop(name), _result(future, name))
                    bar.update()

    def _started(self, executor, lesson: Lesson, found: Found):
        if found.submission is None:
            return executor.submit(refused, found.student, found.refused, found.flags)
        return executor.submit(grade, lesson, found.submission)

    def _find(self, name) -> Found:
        return find(self.submitted, name, self.name, self.released, zone_of(self.config))

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
        record = as_record(graded, found, standing, self.release)
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
        return refused(student, f"the grader stumbled over it ({type(error).__name__}: {error}); please report this", [])


def refused(student: str, why: str, flags: list[str]) -> Graded:
    """The result for a submission that was refused before anything ran."""
    return Graded(student, None, why, flags=flags)


@contextmanager
def workers(project: Project, limits: Limits, protected: bool, jobs: int, dask: str | None = None):
    """An executor and how many it works on at once: threads here, each with a fork server, or Dask's workers.

    The fork servers here start at once, so that they import while this process prepares the lesson.
    """
    if not dask:
        with ThreadPoolExecutor(jobs) as pool:
            for _ in range(jobs):   # a thread each: none is idle while the first ones start
                pool.submit(fork_server, data_of(project), limits, protected)
            yield pool, jobs
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise Problem("Dask is not installed: pip install distributed", status=2) from error
    with Client(dask, timeout=30) as client:
        yield client.get_executor(pure=False, retries=3), sum(client.nthreads().values())


def cores() -> int:
    """How many submissions at once, unless told otherwise."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


