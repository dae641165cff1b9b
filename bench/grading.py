"""How fast grading is: stock nbgrader, ours with one worker, ours with all cores, and the floor, on the same submissions.

    python bench/grading.py [--submissions 200] [--lesson 02-matmul]

Stock is nbgrader as it comes: its own Execute, the checks in the student's kernel. The first table has everybody execute
the same cells: answers, checks and the import cell. The second grades the lesson as it is, where stock runs the
demonstrations too and ours leaves them out. The third runs them in ours as well. The floor is the pure time of the
executed cells on as many cores, plus the imports once. All scores on this honest work must agree, or it stops.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil

from embedding_course.course.answers import Run, ask, play
from embedding_course.course.bank import read_bank
from embedding_course.course.build import build
from embedding_course.course.child import in_child
from embedding_course.course.grading.classroom import prepare
from embedding_course.course.grading.limits import Limits
from embedding_course.course.grading.steps import demonstrates
from embedding_course.course.project import Project

PROJECT = Project(Path(__file__).resolve().parent.parent)
STOCK = """
c.Autograde.exporter_class = "nbconvert.exporters.NotebookExporter"
c.Autograde.pre_convert_hook = None
c.Autograde.sanitize_preprocessors = ["nbgrader.preprocessors." + name for name in (
    "ClearOutput", "DeduplicateIds", "OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata")]
c.Autograde.autograde_preprocessors = ["nbgrader.preprocessors." + name for name in (
    "Execute", "IgnorePattern", "LimitOutput", "SaveAutoGrades", "AssignLatePenalties", "CheckCellMetadata")]
c.Execute.shutdown_kernel = "immediate"
"""
SCORES = ("import sys, json; from nbgrader.api import Gradebook; gb = Gradebook(sys.argv[1]); "
          "print(json.dumps({s.student_id: s.score for s in gb.assignment_submissions(sys.argv[2])}))")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--lesson", default="02-matmul")
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    print(f"{options.submissions} submissions of {options.lesson}, {cores} cores")
    with tempfile.TemporaryDirectory(prefix="bench-grading-") as folder:
        for title, strip, whole in (("The same cells: import cell, answers, checks", True, False),
                                    ("The lesson as it is: ours skips demonstrations", False, False),
                                    ("The lesson as it is: ours runs demonstrations too", False, True)):
            rooms = Path(folder) / f"{strip}-{whole}"
            print(f"\n{title}\n")
            _table(rooms, options.lesson, options.submissions, cores, strip, whole)


def _table(rooms: Path, lesson: str, count: int, cores: int, strip: bool, whole: bool):
    """One table, printed line by line as it is measured."""
    print("| | seconds | submissions a minute | times stock | overhead, ms a submission | memory, MiB |")
    print("|---|---|---|---|---|---|")
    pristine = _room(rooms / "pristine", lesson, count, strip)
    pure, imports = _floor(pristine, lesson, whole)
    floor = pure * count / cores + imports
    rows, known, ours = [], None, ["course", "grade", lesson, "--json", *["--whole"] * whole]
    for name, command, extra in (
            ("stock nbgrader", ["nbgrader", "autograde", lesson], STOCK),
            ("ours, one worker", [*ours, "--jobs", "1"], ""),
            (f"ours, {cores} workers", [*ours, "--jobs", str(cores)], "")):
        room = rooms / name.replace(" ", "-").replace(",", "")
        shutil.copytree(pristine.root, room, symlinks=True)
        config = room / "grader_config.py"
        config.write_text(config.read_text(encoding="utf-8") + extra, encoding="utf-8")
        seconds, memory = _timed(command, room)
        scores = _scores(room, lesson)
        if known not in (None, scores):
            sys.exit(f"{name} scored otherwise: {[k for k in known if known[k] != scores.get(k)]}")
        known = scores
        rows.append(seconds)
        workers = 1 if "stock" in name or "one" in name else cores
        print(f"| {name} | {seconds:.1f} | {60 * count / seconds:.0f} | {rows[0] / seconds:.1f} | "
              f"{1000 * (seconds * workers / count - pure):.0f} | {memory:.0f} |", flush=True)
    print(f"| floor | {floor:.1f} | {60 * count / floor:.0f} | {rows[0] / floor:.1f} | | |")
    print(f"\nPure cell time {1000 * pure:.0f} ms a submission, imports {imports:.1f} s; ours with {cores} workers takes "
          f"{rows[-1] / floor:.2f} times the floor. All scores agree.")


def _room(root: Path, lesson: str, count: int, strip: bool) -> Project:
    """A project with a class whose answers are right or not begun, so that every way of grading must agree."""
    for folder in ("solutions/checks", "notebooks", "work"):
        (root / folder).mkdir(parents=True)
    shutil.copy(PROJECT.root / "grader_config.py", root)
    for part in (f"{lesson}.py", f"checks/{lesson.replace('-', '_')}.py"):
        shutil.copy(PROJECT.solutions / part, root / "solutions" / part)
    shutil.copytree(PROJECT.root / "data", root / "data")
    room = Project(root)
    build(room, [lesson])
    released = nbformat.read(room.released(lesson), as_version=4)
    if strip:
        released.cells = [cell for cell in released.cells if not (cell.cell_type == "code" and demonstrates(cell))]
    right = [answer for answer in read_bank(PROJECT, lesson) if answer.right]
    for number in range(count):
        notebook = nbformat.from_dict(json.loads(json.dumps(released)))
        for position, cell in enumerate(notebook.cells):
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            known = [answer.source for answer in right if answer.exercise == name]
            if known and (number + position) % 5:
                cell.source = known[number % len(known)]
        place = room.classroom / "submitted" / f"student-{number:04d}" / lesson
        place.mkdir(parents=True)
        nbformat.write(notebook, place / f"{lesson}.ipynb")
        (place / "timestamp.txt").write_text("2026-01-01 10:00:00 UTC")
    return room


def _floor(room: Project, lesson: str, whole: bool) -> tuple[float, float]:
    """Seconds of a submission's cells and checks in one process that does nothing else; seconds of the imports."""
    started = time.monotonic()
    libraries = "torch._dynamo, pandas, matplotlib.pyplot, IPython, embedding_course.rows"
    subprocess.run([sys.executable, "-c", f"import {libraries}"], check=True)
    imports = time.monotonic() - started
    exercises = prepare(room, lesson, Limits(), protected=False).exercises
    folders = sorted((room.classroom / "submitted").iterdir())[:20]
    return sum(in_child(_pure, str(folder / lesson / f"{lesson}.ipynb"), whole, exercises, str(room.root), timeout=300)
               for folder in folders) / len(folders), imports


def _pure(path, whole, exercises, root) -> float:
    os.chdir(root)
    notebook, steps = nbformat.read(path, as_version=4), []
    for cell in notebook.cells:
        name = cell.get("id", "").removeprefix("check-")
        if cell.get("id", "").startswith("check-"):
            steps.append(ask(name, exercises[name].exercise))
        elif cell.cell_type == "code" and (whole or not demonstrates(cell)):
            steps.append(Run(cell.source, "cell"))
    play(steps[:1])   # what a fresh process does once
    started = time.monotonic()
    play(steps)
    return time.monotonic() - started


def _timed(command, room: Path) -> tuple[float, float]:
    """Seconds of a command, and the most memory (MiB) that it and its children had for themselves at once."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=room, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak, done = [0.0], threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peak, done))
    watcher.start()
    errors = process.communicate()[1].decode()
    seconds = time.monotonic() - started
    done.set()
    watcher.join()
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{errors[-3000:]}")
    return seconds, peak[0]


def _watch(pid, peak, done):
    while not done.wait(0.5):
        total = 0
        try:
            for process in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
                total += process.memory_full_info().pss
        except (psutil.Error, FileNotFoundError):
            continue
        peak[0] = max(peak[0], total / 2**20)


def _scores(room: Path, lesson: str) -> dict:
    url = f"sqlite:///{room / 'classroom' / 'gradebook.db'}"
    return json.loads(subprocess.run([sys.executable, "-c", SCORES, url, lesson], check=True, capture_output=True,
                                     text=True).stdout)


if __name__ == "__main__":
    main()
