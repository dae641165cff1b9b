"""A class of forgers, thieves, vandals and broken files goes through `course grade`: every score as deserved, no harm."""
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from bs4 import BeautifulSoup
from conftest import copy_project
from hostile import breaking, forging, harming, limits, observers, reading, stealing
from submissions import ATTEMPTS, LESSON, RIGHT, Work

from embedding_course.course.grading.sandbox import available

MODULES = (breaking, forging, harming, limits, observers, reading, stealing)   # they have registered their submissions
NO_SANDBOX = available()
EVERY = 60     # in CI each sixtieth, and these:
ALWAYS = {"forged-reply", "a-patched-call", "a-tensor-of-a-thousand-million-empty-rows", "sixty-thousand-nested-tags",
          "the-operator-in-disguise", "reads-the-disk", "calls-home", "keeps-the-cases",
          "a-fork-bomb-before-the-answers", "shared-memory", "a-background-process", "a-link-to-the-neighbour",
          "active-content", "a-duplicated-grade-id", "machine-paths", "a-hundred-thousand-blank-lines",
          "an-exception-of-a-hundred-megabytes"}
SIGNS = ("FOUND-FILE", "CONNECTED", "READ ", "TRACED", "GAINED", "RAISED", "POISONED", "SHADOWED", "MEMFD", "SYSV",
         "CASE tensor", "CASES True", "KEPT 1", stealing.SECRET, "### BEGIN SOLUTION")
LEFT = {"sitecustomize.py", "0.py", ".pythonrc", "big"}   # what these submissions call their files, or HOSTILE-…


@pytest.fixture(scope="module")
def graded(request, project, tmp_path_factory):
    """Everybody's record and graded notebook, and what was seen of the machine before and after."""
    if NO_SANDBOX:
        pytest.skip(f"these submissions are never run without a sandbox; here: {NO_SANDBOX}")
    every = 1 if request.config.getoption("--all") else EVERY
    chosen = [a for number, a in enumerate(ATTEMPTS) if number % every == 0 or a.name in ALWAYS]
    root = tmp_path_factory.mktemp("class") / "course"
    room = copy_project(project, root, [LESSON])
    released = json.loads(room.released(LESSON).read_text(encoding="utf-8"))
    (root / "notes.txt").write_text(stealing.SECRET)
    submitted = room.classroom / "submitted"
    victim = Work(released, submitted / "victim" / LESSON, RIGHT)
    victim.first(f"# {stealing.SECRET}")
    victim.save()
    for attempt in chosen:
        work = Work(released, submitted / attempt.name / LESSON, attempt.answers)
        attempt.make(work)
        work.save()
    here = ("127.0.0.1", stealing.PORT)
    with socket.create_server(here) as door, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as box:
        box.bind(here)
        before = machine(root)
        shutil.rmtree(room.classroom / "cache", ignore_errors=True)
        done = grade(root, "--timeout", "3")
        after, left = machine(root), processes(root)
        door.setblocking(False)
        box.setblocking(False)
        packets = [name for name, call in (("tcp", door.accept), ("udp", lambda: box.recv(9))) if arrives(call)]
    records = {record["student"]: record for record in map(json.loads, done.stdout.splitlines())}
    return {"chosen": chosen, "records": records, "before": before, "after": after, "left": left, "packets": packets,
            "room": room, "stderr": done.stderr}


def grade(root, *options):
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                   "COURSE_SECRET": stealing.SECRET}
    return subprocess.run(["course", "grade", LESSON, "--json", *options], cwd=root, env=environment, capture_output=True,
                          text=True, timeout=1800)


def arrives(call) -> bool:
    try:
        call()
        return True
    except BlockingIOError:
        return False


def machine(root) -> dict[str, str]:
    """What lies on the disk where a submission has no business: a digest by file, names only in large folders.

    Where other programs write and delete while this test looks: only what these submissions would leave.
    """
    seen = {}
    for folder in (root / "solutions", root / "notebooks", root / "data", root / "classroom" / "submitted"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts:
                with path.open("rb") as file:   # one of them says that it has 300 GiB
                    seen[str(path)] = f"{path.stat().st_size} {hashlib.sha256(file.read(2**24)).hexdigest()}"
    startup = [place / ".ipython" / "profile_default" / "startup" for place in (Path.home(), Path("/tmp"))]
    shared = (Path.home(), *startup, Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))
    quiet = (Path("/usr/local"), *(Path(entry) for entry in sys.path if entry.endswith("site-packages")))
    for folder in (*shared, *quiet):
        if folder.is_dir():
            seen |= {f"{folder}/{name}": "there" for name in os.listdir(folder)
                     if folder in quiet or name in LEFT or "HOSTILE" in name}
    return seen


def processes(root) -> list[str]:
    """Command lines of what this class may have left: its sandboxes, with whose end all in them ends, and its daemons.

    These never end. What is gone within a minute belongs to another class that is graded here, or was just ending.
    """
    for _ in range(60):
        words = [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
        found = [line for line in words if "HOSTILE" in line or (str(root) in line and "bwrap" in line)]
        if not found:
            break
        time.sleep(1)
    return found


def test_every_score_is_the_one_deserved(graded):
    scores = {a.name: (sum(s["score"] for s in graded["records"][a.name]["exercises"].values())
                       if not graded["records"][a.name]["refused"] else None) for a in graded["chosen"]}
    assert scores == {attempt.name: attempt.deserves for attempt in graded["chosen"]}, graded["stderr"][-2000:]


def test_everybody_has_an_outcome_with_a_reason(graded):
    assert graded["records"].keys() == {"victim", *(attempt.name for attempt in graded["chosen"])}
    for record in graded["records"].values():
        assert record["outcome"] in ("scored", "waiting for a human", "refused")
        assert record["refused"] or record["outcome"] != "refused"


def test_who_changes_what_answers_are_observed_with_is_named_for_a_person(graded):
    meddling = [a.name for a in graded["chosen"] if a.make.__module__ == observers.__name__]
    assert meddling
    for name in meddling:
        assert any("changes" in flag for flag in graded["records"][name]["flags"]), name


def test_the_machine_is_as_it_was(graded):
    assert graded["after"] == graded["before"]


def test_no_process_is_left_and_no_packet_came_out(graded):
    assert graded["left"] == []
    assert graded["packets"] == []


def test_nothing_secret_stands_in_a_graded_notebook(graded):
    place = str(graded["room"].root)
    for attempt in graded["chosen"]:
        path = graded["room"].classroom / "autograded" / attempt.name / LESSON / f"{LESSON}.ipynb"
        if path.is_file():
            outputs = json.dumps([c.get("outputs") for c in json.loads(path.read_text(encoding="utf-8"))["cells"]])
            assert [sign for sign in SIGNS if sign in outputs] == [], attempt.name
            assert place not in outputs and sys.prefix not in outputs, attempt.name


def test_nothing_of_a_student_acts_in_their_feedback(graded):
    room = graded["room"]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(["nbgrader", "generate_feedback", LESSON, "--student", "active-content"], cwd=room.root,
                          env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = (room.classroom / "feedback" / "active-content" / LESSON / f"{LESSON}.html").read_text(encoding="utf-8")
    body = BeautifulSoup(page, "html.parser").body
    acting = body.find_all(["iframe", "object", "embed", "form"]) + [script for script in body.find_all("script")
                                                                    if "alert" in script.text]
    acting += [tag for tag in body.find_all(True) for name, value in tag.attrs.items()
               if name.startswith("on") or str(value).startswith("javascript:")]
    assert acting == []
    assert "XSS-PRINT" in body.text
