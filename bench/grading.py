"""How fast grading is: stock nbgrader, ours with one worker, ours with all cores, and the floor, on the same submissions.

    python bench/grading.py [--submissions 200] [--lesson 02-matmul] [--table same|whole]
    python bench/grading.py --memory 50 500 2000

Stock is nbgrader as it comes: its own Execute, the checks in the student's kernel. The first table has everybody execute
the same cells: answers, checks and the import cell. The second grades the lesson as it is, where stock runs the
demonstrations too, ours without them and with them. The floor is the pure time of the cells that this grader executes,
on all cores, plus the imports once. All scores on this honest work must agree, or it stops.
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

from embedding_course.course.bank import read_bank
from embedding_course.course.build import build
from embedding_course.course.child import in_child
from embedding_course.course.grading.classroom import prepare
from embedding_course.course.grading.engine import checked
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
COLUMNS = ("", "seconds", "submissions a minute", "times stock", "overhead, ms a submission", "pure cells, ms", "floor, s",
           "times the floor", "memory, MiB")
SCORES = ("import sys, json; from nbgrader.api import Gradebook; gb = Gradebook(sys.argv[1]); "
          "print(json.dumps({s.student_id: s.score for s in gb.assignment_submissions(sys.argv[2])}))")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--lesson", default="02-matmul")
    parser.add_argument("--table", choices=("same", "whole"), help="only one of the two")
    parser.add_argument("--memory", nargs="*", type=int, help="only ours, on classes of these sizes: is memory flat?")
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="bench-grading-") as folder:
        if options.memory is not None:
            _memory(Path(folder), options.lesson, options.memory or [50, 500, 2000], cores)
            return
        print(f"{options.submissions} submissions of {options.lesson}, {cores} cores")
        if options.table != "whole":
            print("\nThe same cells for all: import cell, answers, checks\n")
            _table(Path(folder) / "same", options.lesson, options.submissions, cores, strip=True)
        if options.table != "same":
            print("\nThe lesson as it is: stock runs the demonstrations too\n")
            _table(Path(folder) / "whole", options.lesson, options.submissions, cores, strip=False)


def _table(rooms: Path, lesson: str, count: int, cores: int, strip: bool):
    """One table, printed line by line as it is measured."""
    print(_line(COLUMNS), _line(["---"] * len(COLUMNS)), sep="\n")
    pristine = _room(rooms / "pristine", lesson, count, strip)
    ours, many = ["course", "grade", lesson, "--json", "--jobs"], str(cores)
    imports = _imports()
    graders = [("stock nbgrader", ["nbgrader", "autograde", lesson], 1, not strip),
               ("ours, one worker", [*ours, "1"], 1, False),
               (f"ours, {cores} workers", [*ours, many], cores, False)]
    if not strip:
        graders.append((f"ours, {cores} workers, demonstrations too", [*ours, many, "--whole"], cores, True))
    stock, known = None, None
    for name, command, workers, whole in graders:
        pure = _pure_seconds(pristine, lesson, whole)
        floor = pure * count / cores + imports
        room = rooms / command[-1]
        shutil.copytree(pristine.root, room, symlinks=True)
        if stock is None:
            with (room / "grader_config.py").open("a", encoding="utf-8") as config:
                config.write(STOCK)
        seconds, memory = _timed(command, room)
        scores = _scores(room, lesson)
        if known not in (None, scores):
            sys.exit(f"{name} scored otherwise: {[k for k in known if known[k] != scores.get(k)]}")
        stock, known = stock or seconds, scores
        print(_line([name, f"{seconds:.1f}", f"{60 * count / seconds:.0f}", f"{stock / seconds:.1f}",
                     f"{1000 * (seconds * workers / count - pure):.0f}", f"{1000 * pure:.0f}", f"{floor:.1f}",
                     f"{seconds / floor:.2f}", f"{memory:.0f}"]), flush=True)
        shutil.rmtree(room)
    print(f"\nImports once: {imports:.1f} s. All scores agree.", flush=True)


def _line(cells) -> str:
    return f"| {' | '.join(cells)} |"


def _memory(rooms: Path, lesson: str, sizes: list[int], cores: int):
    """Whether memory stays flat as classes grow."""
    print(_line(["submissions", *COLUMNS[1:3], COLUMNS[-1]]), _line(["---"] * 4), sep="\n")
    for count in sizes:
        room = _room(rooms / str(count), lesson, count, strip=False)
        seconds, memory = _timed(["course", "grade", lesson, "--json", "--jobs", str(cores)], room.root)
        print(_line([str(count), f"{seconds:.1f}", f"{60 * count / seconds:.0f}", f"{memory:.0f}"]), flush=True)


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
    right = [answer for answer in read_bank(PROJECT, lesson)   # stock pays nothing for what is right with a warning
             if answer.right and "warn" not in answer.source and "stderr" not in answer.source]
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


def _imports() -> float:
    """Seconds of the imports that a grader needs at least once."""
    started = time.monotonic()
    libraries = "torch._dynamo, pandas, matplotlib.pyplot, IPython, embedding_course.rows"
    subprocess.run([sys.executable, "-c", f"import {libraries}"], check=True)
    return time.monotonic() - started


def _pure_seconds(room: Project, lesson: str, whole: bool) -> float:
    """Seconds of a submission's cells and checks in one process that does nothing else; the mean of up to 20."""
    exercises = prepare(room, lesson, Limits(), protected=False).exercises
    folders = sorted((room.classroom / "submitted").iterdir())[:20]
    return sum(in_child(_pure, str(folder / lesson / f"{lesson}.ipynb"), whole, exercises, str(room.root), timeout=300)
               for folder in folders) / len(folders)


def _pure(path, whole, exercises, root) -> float:
    from embedding_course.course.grading.shell import make_shell, reply, run_cell
    os.chdir(root)
    notebook, shell = nbformat.read(path, as_version=4), make_shell()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and (whole or not demonstrates(cell))]
    run_cell(shell, cells[0].source, 0)   # what a fresh process does once
    started = time.monotonic()
    for cell in cells:
        if name := checked(cell, exercises):
            exercise = exercises[name].exercise
            cases = [{"arguments": case["arguments"]} for case in exercise["cases"]]
            reply(shell, name, {"call": exercise["call"], "cases": cases, "forbidden": exercise["rules"]["forbidden"]})
        else:
            run_cell(shell, cell.source, 0)
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
