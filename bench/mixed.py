"""A class with a fifth of hostile submissions, beside the same class without them: time, and whether honest work is right.

    python bench/mixed.py [--submissions 500] [--seconds 5]

The honest ones are solved and partly solved copies of 02-matmul. In the first row as many honest ones stand in the hostile
ones' places; in the second the places are taken by all of `tests/hostile` in turn; in the third by all but those that
burn time: each of them costs its limit, whatever a grader does. Each hostile submission must get what it deserves.
"""
import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grading import PROJECT

sys.path.insert(0, str(PROJECT.root / "tests"))
from conftest import copy_project
from submissions import ATTEMPTS, FULL, LESSON, POINTS, RIGHT, WRONG, Attempt, Work
from test_hostile import MODULES  # noqa: F401 - importing them registers their submissions

HONEST = [Attempt("right", "", FULL, lambda work: None, RIGHT), Attempt("wrong", "", 0, lambda work: None, WRONG),
          Attempt("partly", "", FULL - POINTS["pluck"], lambda work: None, {**RIGHT, "pluck": WRONG["pluck"]})]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=5, help="that a cell may take")
    options = parser.parse_args()
    print("| a fifth of the class | seconds | times honest | honest ones right | hostile ones as deserved | took longest |",
          "| --- | --- | --- | --- | --- | --- |", sep="\n")
    alone = _row("honest too", [], options, None)
    slow = _row("all kinds", ATTEMPTS, options, alone)
    _row("all kinds but those that burn time", [one for one in ATTEMPTS if one.name not in slow], options, alone)
    print(f"\nThese burn time: {', '.join(sorted(slow))}.")


def _row(title, kinds, options, alone):
    """Grades one class and prints its row; the seconds of the honest one, else the names of those that burn time."""
    with tempfile.TemporaryDirectory(prefix="bench-mixed-") as folder:
        room = copy_project(PROJECT, Path(folder) / "course", [LESSON])
        released = json.loads(room.released(LESSON).read_text(encoding="utf-8"))
        handed_in = {}
        for number in range(options.submissions):
            among = kinds if kinds and number % 5 == 0 else HONEST
            one = among[number // (5 if among is kinds else 1) % len(among)]
            student = f"s{number:04d}"
            work = Work(released, room.classroom / "submitted" / student / LESSON, one.answers)
            one.make(work)
            work.save()
            handed_in[student] = one
        started = time.monotonic()
        done = subprocess.run([Path(sys.executable).parent / "course", "grade", LESSON, "--json", "--timeout",
                               str(options.seconds)], cwd=room.root, capture_output=True, text=True)
        seconds = time.monotonic() - started
    records = {record["student"]: record for record in map(json.loads, done.stdout.splitlines())}
    if records.keys() != handed_in.keys():
        sys.exit(f"{title}: {len(records)} of {len(handed_in)} have an outcome\n{done.stderr[-3000:]}")
    wrong = [student for student, one in handed_in.items() if _points(records[student]) != one.deserves]
    honest = [student for student, one in handed_in.items() if one in HONEST]
    hostile = handed_in.keys() - set(honest)
    slowest = max(records.values(), key=lambda record: record["seconds"])
    print(f"| {title} | {seconds:.0f} | {seconds / (alone or seconds):.2f} | "
          f"{len(set(honest) - set(wrong))} of {len(honest)} | {len(hostile - set(wrong))} of {len(hostile)} | "
          f"{handed_in[slowest['student']].name}, {slowest['seconds']:.0f} s |", flush=True)
    for student in wrong:
        print(f"  {handed_in[student].name}: {_points(records[student])}, deserves {handed_in[student].deserves}")
    return {handed_in[s].name for s in hostile if records[s]["seconds"] > options.seconds} if kinds else seconds


def _points(record):
    return None if record["refused"] else sum(scored["score"] for scored in record["exercises"].values())


if __name__ == "__main__":
    main()
