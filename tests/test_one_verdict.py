"""One verdict, whatever way a notebook is judged: its check cells in a real kernel, `course check`, `course grade`, and
nbgrader's own `autograde`. What they run is the same: the learner's work laid on the release."""
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import copy_project
from real import cells, files, intake, load, runs  # noqa: F401 - they register their cases
from running import run
from stock import nbgrader
from submissions import CASES, LESSON, POINTS, RIGHT, WRONG, Work, own
from test_shapes import SHAPES

from embedding_course.course import check_work
from embedding_course.course.build import build
from embedding_course.course.expected import full_exercises
from embedding_course.course.grading.sandbox import available
from embedding_course.course.graft import graft
from embedding_course.course.nbgrader_api import class_gradebook
from embedding_course.course.problem import Problem
from embedding_course.course.reading import read_notebook

PLUCK, COUNT = RIGHT["pluck"], RIGHT["multiplications"]
KINDS = {}   # by name; with the notebooks of `real/` and of test_shapes.py
EXCEPTIONS = {   # (notebook, way): why this way can't open it, or can't say what the others say
    ("renamed", "kernel"): "it lies there under another name", ("renamed", "check"): "it lies there under another name",
    ("renamed", "autograde"): "nbgrader takes no misnamed notebook",
    ("exit-in-an-own-cell", "kernel"): "it ends the kernel",
}


def kind(make):
    KINDS[make.__name__] = make
    return make


@kind
def all_that_ipython_can(work):
    calls = "    display(codes)\n    get_ipython().run_line_magic('pwd', '')\n    return"
    work.answer("pluck", PLUCK.replace("    return", calls)
                + "\nimport asyncio\nawait asyncio.sleep(0)\n%time shape = W.shape\n")
    work.cells.insert(work.cells.index(work.find("check-pluck")), own("Here I take the rows by their codes!"))
    work.before("matmul", "%%writefile helpers.py\ndef product(a, b):\n    return (a[:, :, None] * b[None]).sum(dim=1)\n")
    work.answer("matmul", "from helpers import product\n" + RIGHT["matmul"].replace("(a[:, :, None] * b[None]).sum(dim=1)",
                                                                                   "product(a, b)"))
    (work.folder / "zero.txt").write_text("0")
    (work.folder / "own").mkdir()
    (work.folder / "own" / "counting.py").write_text("zero = int(open('zero.txt').read())\n")
    work.answer("multiplications", "%%time\nfrom own.counting import zero\n" + COUNT.replace(", 0", ", zero"))


@kind
def wrong_right_and_not_begun(work):
    work.answer("matmul", WRONG["matmul"])
    work.answer("pluck", work.stubs["pluck"])


@kind
def broken_above_and_forbidden(work):
    work.answer("matmul", "def matmul(a, b):\n    return a @ b\n")
    work.answer("pluck", "1 / 0\n" + PLUCK)
    work.before("multiplications", "sum = len = None\ninput('name?')")


def names(everything):
    chosen = {name: (make, RIGHT) for name, make in KINDS.items()}
    if everything:
        chosen |= {case.name: (case.make, case.answers) for case in CASES}
        chosen |= {f"shape {number}": (make, RIGHT) for number, make in enumerate(SHAPES.values())}
    return chosen


@pytest.fixture(scope="module")
def judged(request, project, tmp_path_factory):
    """By notebook and way, which exercises are right; None where the way can't open the notebook."""
    chosen = names(request.config.getoption("--all"))
    room = copy_project(project, tmp_path_factory.mktemp("verdict") / "course", [LESSON])
    released = json.loads(room.released(LESSON).read_text(encoding="utf-8"))
    for name, (make, answers) in chosen.items():
        work = Work(released, room.classroom / "submitted" / name / LESSON, answers)
        make(work)
        work.save()
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(["course", "grade", LESSON, "--json", *(["--no-sandbox"] if available() else [])], cwd=room.root,
                          env=environment, capture_output=True, text=True)
    records = {one["student"]: one for one in map(json.loads, done.stdout.splitlines())}
    found = {name: {"grade": by_grade(records[name])} for name in chosen}
    for name, ways in found.items():
        ways |= {way: by(room, name) for way, by in (("check", by_check), ("kernel", by_kernel))
                 if (name, way) not in EXCEPTIONS}
    if not available():
        for name, verdict in by_autograde(room, [name for name in chosen if not records[name]["refused"]]).items():
            found[name]["autograde"] = verdict
    return found


def by_grade(record):
    return None if record["refused"] else {name: one["state"] == "right" for name, one in record["exercises"].items()}


def copied(room, name) -> Path:
    """A learner's folder with what was handed in."""
    subprocess.run(["rm", "-rf", str(room.work / LESSON)], check=True)
    subprocess.run(["cp", "-r", str(room.classroom / "submitted" / name / LESSON), str(room.work / LESSON)], check=True)
    subprocess.run(["cp", str(room.release / LESSON / "checks.json"), str(room.work / LESSON)], check=True)
    return room.copy(LESSON)


def by_check(room, name):
    copied(room, name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check_work, "full_exercises", expected)
        try:
            report, _ = check_work.check_work(room, LESSON, seed=3)
        except Problem:
            return None
    return {exercise: any(line.startswith(f"✓ {exercise}:") for line in report) for exercise in POINTS}


EXPECTED = {}   # by seed; of the one lesson


def expected(lesson, seed):
    if seed not in EXPECTED:
        EXPECTED[seed] = full_exercises(lesson, seed)
    return EXPECTED[seed]


def by_kernel(room, name):
    path = copied(room, name)
    try:
        notebook, _, _ = graft(read_notebook(room.released(LESSON)), read_notebook(path))
    except Problem:
        return None
    said = run(notebook, path.parent).texts()
    return {exercise: f"✓ {exercise}:" in said[f"check-{exercise}"][0] for exercise in POINTS}


def by_autograde(room, students):
    """nbgrader's own command, in a classroom that knows nothing yet."""
    subprocess.run(["rm", "-rf", str(room.classroom / "gradebook.db"), str(room.classroom / "autograded")], check=True)
    build(room, [LESSON])
    nbgrader(room.root, "autograde", LESSON)
    with class_gradebook(room) as gradebook:
        known = {one.student.id: {grade.name.removeprefix("check-"): grade.auto_score == grade.max_score
                                  for grade in one.notebooks[0].grades if grade.name.startswith("check-")}
                 for one in gradebook.assignment_submissions(LESSON)}
    return {name: known.get(name) for name in students}


@pytest.mark.everything
def test_every_way_says_the_same(judged):
    faults = []
    for name, ways in judged.items():
        told = {way: verdict for way, verdict in ways.items() if (name, way) not in EXCEPTIONS}
        said = {way: verdict for way, verdict in told.items() if verdict is not None}
        if said and any(verdict != next(iter(said.values())) for verdict in said.values()):
            faults.append((name, said))
    assert not faults


@pytest.mark.everything
def test_each_way_opened_what_was_made_for_ci_and_finds_the_right_ones(judged):
    assert set(judged["all_that_ipython_can"]["check"].values()) == {True}
    for name in ("wrong_right_and_not_begun", "broken_above_and_forbidden"):
        assert judged[name]["check"] == {"matmul": False, "pluck": False, "matmul_backward": True, "multiplications": True}
    for name in KINDS:
        assert None not in judged[name].values(), name


@pytest.fixture
def learner(project, tmp_path):
    """A project whose copy of the lesson holds the first kind of notebook."""
    room = copy_project(project, tmp_path / "course", [LESSON])
    work = Work(json.loads(room.released(LESSON).read_text(encoding="utf-8")), room.work / LESSON, RIGHT)
    all_that_ipython_can(work)
    work.save()
    return room


def test_where_nothing_forks_the_same_is_said(learner, monkeypatch):
    monkeypatch.setattr(check_work, "full_exercises", expected)
    forked = check_work.check_work(learner, LESSON, seed=3)
    monkeypatch.delattr(os, "fork")   # Windows
    assert check_work.check_work(learner, LESSON, seed=3) == forked
    assert forked[1]


def test_a_file_that_a_cell_writes_stays_out_of_the_project(learner, monkeypatch):
    before = {path for path in learner.root.rglob("*") if path.is_file()}
    monkeypatch.setattr(check_work, "full_exercises", expected)
    assert check_work.check_work(learner, LESSON, seed=3)[1]
    assert {path for path in learner.root.rglob("*") if path.is_file()} == before
