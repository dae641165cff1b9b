"""The round trip, as an instructor makes it: from a zip of notebooks to scores and feedback archives, in six commands.

Each command but the first two is the one that the command before has printed. Answers are marked by one key each.
"""
import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from browsing import SEEN, browser, needs_chromium
from conftest import PATIENT, copy_project
from nbgrader.api import Gradebook
from submissions import LESSON, RIGHT, Work

from embedding_course.course.grading.sandbox import available

STUDENTS = {"1041": "Ann Lee", "1042": "Bo Öz", "1043": "Cy Day", "1044": "Di Fox", "1045": "Ed Ray"}
SILENT, NEVER = "1044", "1046"   # one writes no answer in words, one hands in nothing
COMMENT = "And the price?"
MISTAKE = "def pluck(codes, weight):\n    return weight[codes - 1]\n"
ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


@pytest.fixture
def room(project, tmp_path):
    """A course, with a zip as Moodle packs it and Moodle's worksheet."""
    room = copy_project(project, tmp_path / "course", [LESSON])
    (room.solutions / "guides").mkdir()
    guide = f"guides/{LESSON}.md"
    (room.solutions / guide).write_text((project.solutions / guide).read_text(encoding="utf-8"), encoding="utf-8")
    if available():
        config = room.root / "grader_config.py"
        config.write_text(config.read_text() + "\nc.JudgeOutside.sandbox = False\n")
    released = json.loads(room.released(LESSON).read_text(encoding="utf-8"))
    with zipfile.ZipFile(room.root / "submissions.zip", "w") as archive:
        for student, name in STUDENTS.items():
            work = Work(released, tmp_path / student, {**RIGHT, **({"pluck": MISTAKE} if student == "1042" else {})})
            if student != SILENT:
                work.find("own-words")["source"] = f"The product picks a row, says {name}."
            work.save()
            archive.write(tmp_path / student / f"{LESSON}.ipynb",
                          f"{name}_{student}_assignsubmission_file_/{LESSON}.ipynb")
    rows = [f"Participant {student},{name},\n" for student, name in {**STUDENTS, NEVER: "Flo Gray"}.items()]
    (room.root / "worksheet.csv").write_text("Identifier,Full name,Grade\n" + "".join(rows), encoding="utf-8")
    return room


class Desk:
    """A terminal in the project's folder that counts what is typed into it."""

    def __init__(self, root: Path):
        self.root, self.typed = root, []

    def run(self, line: str, status: int = 0) -> str:
        """What a command says."""
        self.typed.append(line)
        done = subprocess.run(shlex.split(line), cwd=self.root, env=ENVIRONMENT, capture_output=True, text=True,
                              timeout=1800)
        assert done.returncode == status, (line, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def start(self, line: str):
        """A command that goes on; its process, and the address that it prints."""
        self.typed.append(line)
        process = subprocess.Popen(shlex.split(line) + ["--no-browser"], cwd=self.root, env=ENVIRONMENT, text=True,
                                   stdout=subprocess.PIPE)
        return process, re.search(r"http://\S+", process.stdout.readline())[0]


def after(said: str) -> str:
    """The next command, as it was printed: ready to paste."""
    [line] = re.findall(r"^next: `(.+)`$", said, re.MULTILINE)
    return line


@needs_chromium
@pytest.mark.everything
def test_from_a_zip_to_scores_and_feedback_in_six_commands_and_a_key_an_answer(room):
    desk = Desk(room.root)
    assert "6 students, 6 of them new" in desk.run("course roster worksheet.csv")
    said = desk.run(f"course unpack {LESSON} submissions.zip")
    said = desk.run(after(said) + (" --no-sandbox" if available() else ""))
    assert "Ann Lee (1041)" in said
    told = " ".join(said.partition("misconceptions, by exercise:")[2].split())
    assert told.startswith("pluck: 1 of 5 1 × ") and "guide: `weight[codes]` passes all but −1" in told
    keys = mark_by_keyboard(desk, after(said), room)
    said = desk.run(f"course feedback {LESSON}")
    assert after(said) == f"course scores {LESSON} TABLE.csv"
    said = desk.run(after(said).replace("TABLE.csv", "worksheet.csv"))
    assert "5 scores, 1 left empty" in said and "nothing handed in: Flo Gray (1046)" in said
    assert len(desk.typed) == 6
    assert keys == len(STUDENTS) - 1
    the_gradebook_has_them(room)
    the_archives_go_back(room)
    assert (room.root / f"worksheet-{LESSON}.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "Participant 1041,Ann Lee,10", "Participant 1042,Bo Öz,7", "Participant 1043,Cy Day,10",
        "Participant 1044,Di Fox,8", "Participant 1045,Ed Ray,10", "Participant 1046,Flo Gray,"]


def mark_by_keyboard(desk, command, room) -> int:
    """Marks all answers, killed once on the way; the number of keys that gave points."""
    process, address = desk.start(command)
    keys = 0
    with browser() as page:
        page.goto(address)
        page.locator("#count", has_text="0 of 4").wait_for()
        SEEN.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SEEN / "mark-01-all-answers.png")
        for key in "22":
            page.keyboard.press(key)
            keys += 1
        page.locator("#said", has_text="Saved: Bo Öz (1042), 2 of 2").wait_for()
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=PATIENT)
        page.keyboard.press("2")
        page.locator("#said.bad", has_text="Not saved").wait_for()
        page.locator("#count", has_text="2 of 4").wait_for()
        page.screenshot(path=SEEN / "mark-02-server-gone.png")
        desk.typed.pop()   # the same command again; nobody needs it
        process, address = desk.start(command)
        page.goto(address)
        page.locator("#count", has_text="2 of 4").wait_for()
        for key in "22":
            page.keyboard.press(key)
            keys += 1
        page.locator("#count", has_text="4 of 4").wait_for()
        page.locator("#said", has_text="All marked").wait_for()
        page.keyboard.press("k")   # Bo Öz's deserves a second thought: back to it, a point less, a word why
        page.keyboard.press("k")
        page.keyboard.press("-")
        page.keyboard.press("-")
        page.keyboard.press("c")
        page.keyboard.type(COMMENT)
        page.locator("#said", has_text="Saved: comment on Bo Öz").wait_for()
        page.screenshot(path=SEEN / "mark-03-comment.png")
        assert page.errors == [] and page.elsewhere == []
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=PATIENT)
    assert "own-words: 4 of 4 marked" in rest
    assert after(rest) == f"course feedback {LESSON}"
    return keys


def the_gradebook_has_them(room):
    with Gradebook(f"sqlite:///{room.classroom / 'gradebook.db'}") as book:
        found = {one.student.id: one.score for one in book.assignment_submissions(LESSON)}
        assert found == {"1041": 10, "1042": 7, "1043": 10, "1044": 8, "1045": 10}
        assert not any(one.needs_manual_grade for one in book.assignment_submissions(LESSON))
        assert book.find_comment("own-words", LESSON, LESSON, "1042").comment == COMMENT


def the_archives_go_back(room):
    with zipfile.ZipFile(room.classroom / "returned" / f"{LESSON}-moodle.zip") as archive:
        found = {taken_by_moodle(name): archive.read(name).decode() for name in archive.namelist()}
    assert found.keys() == {(student, f"{LESSON}.html") for student in STUDENTS}
    page = found["1042", f"{LESSON}.html"]
    assert "For Bo Öz (1042)" in page and COMMENT in page and "SHA-256" in page
    with zipfile.ZipFile(room.classroom / "returned" / f"{LESSON}-folders.zip") as archive:
        assert archive.namelist() == [f"{student}/{LESSON}.html" for student in STUDENTS]


def taken_by_moodle(name: str) -> tuple[str, str]:
    """Whose file Moodle's import takes an entry for, and what it calls it: name, number, plug-in by "_" in the first part
    that has four, and the rest of the path."""
    parts = name.split("/")
    for position, part in enumerate(parts):
        pieces = part.split("_", 4)
        if len(pieces) >= 4 and pieces[1].isdigit() and pieces[2:4] == ["assignsubmission", "file"]:
            return pieces[1], "/".join([*filter(None, pieces[4:]), *parts[position + 1:]])
    raise AssertionError(f"{name}: nobody's")


@pytest.mark.everything
def test_canvas_gets_notebooks_back_under_their_own_names(room, tmp_path):
    desk = Desk(room.root)
    with zipfile.ZipFile(room.root / "submissions.zip") as packed, zipfile.ZipFile(room.root / "c.zip", "w") as archive:
        for number, name in enumerate(packed.namelist()[:2]):
            archive.writestr(f"lee_{1041 + number}_{77 + number}_{LESSON}-1.ipynb", packed.read(name))
    desk.run(f"course unpack {LESSON} c.zip")
    desk.run(f"course grade {LESSON}" + (" --no-sandbox" if available() else ""))
    said = desk.run(f"course feedback {LESSON}", status=1)
    assert "2 pages say that a written answer still waits" in said
    with zipfile.ZipFile(room.classroom / "returned" / f"{LESSON}-canvas.zip") as archive:
        assert archive.namelist() == [f"lee_1041_77_{LESSON}-1.ipynb", f"lee_1042_78_{LESSON}-1.ipynb"]
        notebook = nbformat.read(io.StringIO(archive.read(archive.namelist()[1]).decode()), 4)
    assert "**pluck**: 0 of 2 points" in notebook.cells[0].source
    assert any("return weight[codes - 1]" in cell.source for cell in notebook.cells)
