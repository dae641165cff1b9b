"""What stock nbgrader gives the submissions of `tests/real` and `tests/hostile`, beside ours and beside what they deserve.

    python bench/corpus.py [--only NAME ...]

Each submission is a class of its own for stock, for some stop a whole class. Those that only harm are not run under
stock. Stock runs strangers' code as whoever calls it, so each of its runs is put into a bubblewrap of its own: no
network, and nothing to write to but its own room. Ours grades all at once, with its own sandbox. Linux.
"""
import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from grading import PROJECT, SCORES, STOCK

sys.path.insert(0, str(PROJECT.root / "tests"))
from conftest import copy_project
from hostile import breaking, forging, stealing
from real import cells, files, runs
from submissions import ATTEMPTS, CASES, FULL, LESSON, RIGHT, Attempt, Work

SOURCES = {module.__name__: module for module in (cells, files, runs, forging, stealing, breaking)}
SECONDS, MEMORY = 90, 6 * 10**9   # for a run of stock; bytes
HONEST = Attempt("victim", "Right answers, and a neighbour of all others.", FULL, lambda work: None, RIGHT)
BIN = Path(sys.executable).parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", help="only the submissions of these names")
    options = parser.parse_args()
    chosen = [one for one in [*CASES, *ATTEMPTS] if one.make.__module__ in SOURCES]
    if options.only:
        chosen = [one for one in chosen if one.name in options.only]
    with tempfile.TemporaryDirectory(prefix="bench-corpus-") as folder:
        template = copy_project(PROJECT, Path(folder) / "template", [LESSON])
        subprocess.run([BIN / "course", "build"], cwd=template.root, check=True, capture_output=True)
        _hand_in(template, template.root, HONEST)
        if (honest := _stock(template, Path(folder) / "honest" / "room", HONEST)) != _points(FULL):
            sys.exit(f"stock nbgrader gives right answers {honest} of {FULL:g}: it doesn't work here")
        real, hostile = ([one for one in chosen if one in among] for among in (CASES, ATTEMPTS))   # some names in both
        ours = [*_ours(template, Path(folder) / "real", real), *_ours(template, Path(folder) / "hostile", hostile)]
        with ThreadPoolExecutor(2) as pool:
            stock = list(pool.map(lambda one: _stock(template, Path(tempfile.mkdtemp(dir=folder)) / "room", one), chosen))
    _report(chosen, stock, ours)


def _ours(template, root: Path, chosen) -> list[str]:
    """Points from one `course grade` over all; "refused" where there are none."""
    if not chosen:
        return []
    shutil.copytree(template.root, root)
    for one in chosen:
        _hand_in(template, root, one)
    done = subprocess.run([BIN / "course", "grade", LESSON, "--json"], cwd=root, capture_output=True, text=True)
    records = {record["student"]: record for record in map(json.loads, done.stdout.splitlines())}
    return ["refused" if records[one.name]["refused"] else
            _points(sum(scored["score"] for scored in records[one.name]["exercises"].values())) for one in chosen]


def _stock(template, root: Path, one) -> str:
    """Points from `nbgrader autograde` as it comes, in a bubblewrap; with its exit status where that isn't 0."""
    shutil.copytree(template.root, root)
    with (root / "grader_config.py").open("a", encoding="utf-8") as config:
        config.write(STOCK)
    if one is not HONEST:
        _hand_in(template, root, one)
    command = ["timeout", "-s", "KILL", str(SECONDS),   # outside: one submission stops whatever it can trace inside
               "bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--bind", root, root,
               "--unshare-net", "--unshare-pid", "--die-with-parent", "--setenv", "HOME", root / "home", "--chdir", root,
               "prlimit", f"--as={MEMORY}", BIN / "nbgrader", "autograde", LESSON, "--student", one.name]
    status = subprocess.run(command, capture_output=True, check=False).returncode
    gradebook = f"sqlite:///{root / 'classroom' / 'gradebook.db'}"
    asked = subprocess.run([sys.executable, "-c", SCORES, gradebook, LESSON], capture_output=True, text=True, check=False)
    score = json.loads(asked.stdout or "{}").get(one.name)
    shutil.rmtree(root)
    print(".", end="", file=sys.stderr, flush=True)
    words = "none" if score is None else _points(score)
    return words if status == 0 else f"{words}, exit {status}"


def _hand_in(template, root: Path, one):
    released = json.loads(template.released(LESSON).read_text(encoding="utf-8"))
    work = Work(released, root / "classroom" / "submitted" / one.name / LESSON, one.answers)
    one.make(work)
    work.save()


def _points(score: float) -> str:
    return f"{score:g}"


def _report(chosen, stock, ours):
    """A line for each submission that one of the two got wrong, and the sums."""
    print("| submission | of | deserves | stock nbgrader | ours |\n| --- | --- | --- | --- | --- |")
    wrong = {"stock": 0, "ours": 0, "too much": 0, "too little": 0}
    for one, theirs, own in zip(chosen, stock, ours, strict=True):
        deserves = "refused" if one.deserves is None else _points(one.deserves)
        points = theirs.split(",")[0]
        differs = points not in ({"none", "0"} if one.deserves is None else {deserves})
        if differs:
            much = points != "none" and float(points) > (one.deserves or 0)
            wrong["too much" if much else "too little"] += 1
        wrong["stock"] += differs
        wrong["ours"] += own != deserves
        if differs or own != deserves or "exit" in theirs:
            print(f"| {one.name} | {one.make.__module__} | {deserves} | {theirs} | {own} |")
    print(f"\n{len(chosen)} submissions; wrong: stock {wrong['stock']} ({wrong['too much']} too much, "
          f"{wrong['too little']} too little), ours {wrong['ours']}.")


if __name__ == "__main__":
    main()
