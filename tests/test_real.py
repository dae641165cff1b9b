"""Submissions made in good faith go through `course grade`: full points for right answers, else a named reason."""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import copy_project
from real import cells, files, intake, load, runs  # noqa: F401 - they register their cases
from stock import nbgrader
from submissions import CASES, LESSON, RIGHT, Work

from embedding_course.course.build import build
from embedding_course.course.grading.sandbox import available
from embedding_course.course.nbgrader_api import class_gradebook

SAID = {"text-that-stands-twice": "stands twice", "no-break-spaces": "no-break space"}   # by whose report
EVERY = 24   # in CI each twenty-fourth case, and these:
ALWAYS = {*SAID, "an-empty-file", "a-picture-that-is-not-there"}   # for the last one feedback pages used to fail
NOT_BY_NBGRADER = {"renamed", "[x] o'neill"}   # it takes no misnamed notebook, and brackets for a pattern
ODD_NAMES = ("ann+lee@example.org", "[x] o'neill", "Zoë Łukasz", "007", "1e5")


@pytest.fixture(scope="module")
def graded(request, project, tmp_path_factory):
    every = 1 if request.config.getoption("--all") else EVERY
    chosen = [case for number, case in enumerate(CASES) if number % every == 0 or case.name in ALWAYS]
    room = copy_project(project, tmp_path_factory.mktemp("real") / "course", [LESSON])
    released = json.loads(room.released(LESSON).read_text(encoding="utf-8"))
    for name in ODD_NAMES:
        Work(released, room.classroom / "submitted" / name / LESSON, RIGHT).save()
    for case in chosen:
        work = Work(released, room.classroom / "submitted" / case.name / LESSON, case.answers)
        case.make(work)
        work.save()
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(["course", "grade", LESSON, "--json", *(["--no-sandbox"] if available() else [])], cwd=room.root,
                          env=environment, capture_output=True, text=True, timeout=900)
    return room, chosen, {r["student"]: r for r in map(json.loads, done.stdout.splitlines())}, done


def points(record):
    return None if record["refused"] else sum(s["score"] for s in record["exercises"].values())


def test_every_case_gets_what_it_deserves(graded):
    _, chosen, records, done = graded
    assert {c.name: points(records[c.name]) for c in chosen} == {c.name: c.deserves for c in chosen}, done.stderr[-2000:]


def test_odd_names_of_students_are_names(graded):
    _, _, records, _ = graded
    assert {name: points(records[name]) for name in ODD_NAMES} == dict.fromkeys(ODD_NAMES, 8)


def test_a_report_says_what_can_not_be_seen_in_the_text(graded):
    _, _, records, _ = graded
    for name, words in SAID.items():
        reports = [line for scored in records[name]["exercises"].values() for line in scored["report"]]
        assert words in "\n".join(reports), name


def test_what_is_refused_says_why_and_makes_the_run_fail(graded):
    _, chosen, records, done = graded
    for case in chosen:
        if case.deserves is None:
            assert ".ipynb" in records[case.name]["refused"]
    assert done.returncode == 1


def test_every_graded_case_gets_a_feedback_page(graded):
    room, chosen, records, _ = graded
    done = nbgrader(room.root, "generate_feedback", LESSON)
    assert done.returncode == 0, done.stderr[-2000:]
    for case in chosen:
        page = room.classroom / "feedback" / case.name / LESSON / f"{LESSON}.html"
        assert page.is_file() or records[case.name]["refused"], case.name


@pytest.mark.skipif(bool(available()), reason="nbgrader's own command wants the sandbox too")
@pytest.mark.everything
def test_the_stock_command_gives_the_same(graded):
    room, _, records, _ = graded
    (room.classroom / "gradebook.db").unlink()   # and in the folder nothing of the first time either
    shutil.rmtree(room.classroom / "autograded")
    build(room, [LESSON])
    nbgrader(room.root, "autograde", LESSON)
    readable = {name for name in records if not records[name]["refused"]} - NOT_BY_NBGRADER
    with class_gradebook(room) as gradebook:
        scores = {name: gradebook.find_submission(LESSON, name).score for name in readable}
    assert scores == {name: records[name]["score"] for name in readable}
    assert {path.parent.name for path in room.classroom.glob(f"autograded/*/{LESSON}")} == readable
