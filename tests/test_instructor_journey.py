"""An instructor's way through a class, in a real browser and without a network: from Formgrader's list to the export."""
import os
import subprocess
import sys

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Lab, browser, needs_chromium, server
from conftest import copy_project

from embedding_course.course.bank import read_bank
from embedding_course.course.demo import hand_in
from embedding_course.course.demo_class import Student
from embedding_course.course.grading.sandbox import available

LESSON = "01-one-hot"
BIN = os.path.dirname(sys.executable)
FORMULA = "The layer computes $w \\cdot c$ for a code $c$, so codes have an order: $$\\frac{w \\cdot 2}{w \\cdot 1} = 2$$"

pytestmark = needs_chromium


@pytest.fixture
def room(project, tmp_path):
    room = copy_project(project, tmp_path / "course", [LESSON])
    if available():
        config = room.root / "grader_config.py"
        config.write_text(config.read_text() + "\nc.JudgeOutside.sandbox = False\n")
    return room


@pytest.mark.everything
def test_an_instructor_goes_from_the_list_of_lessons_to_the_export(room, project, tmp_path, request):
    dark = request.config.getoption("--dark")
    bank = read_bank(project, LESSON)
    with server([os.path.join(BIN, "course"), "teach"], room.root, tmp_path / "home", dark) as address, \
            browser(dark) as page:
        lab = Lab(page, address, "instructor", dark)
        formgrader = opens_formgrader(lab)
        generates_and_releases(lab, formgrader, room)
        two_students_hand_in(room, bank)
        collects(lab, formgrader)
        grades(lab, formgrader)
        grades_a_written_answer_by_hand(lab, formgrader)
        returns_feedback(lab, formgrader)
        exports(room)
        everybody_can_read_the_feedback(lab, room)
        assert page.elsewhere == []
        assert page.errors == []


def opens_formgrader(lab):
    lab.open()
    frame = lab.page.frame_locator("iframe >> nth=0")
    row(frame, LESSON).wait_for()
    lab.shot("formgrader")
    return frame


def row(frame, name):
    return frame.locator("#main-table tr", has_text=name)


def press(lab, frame, name, column):
    """Presses a button in a row, reads the dialog that says what came of it, and closes it."""
    row(frame, name).locator(f"td.{column} a").first.click()
    dialog = frame.locator(".modal.in")
    dialog.wait_for()
    dialog.evaluate("dialog => Promise.all(dialog.getAnimations({subtree: true}).map(a => a.finished))")
    lab.shot(column)
    said = dialog.inner_text()
    dialog.locator("button", has_text="OK").click()
    frame.locator(".modal-backdrop").wait_for(state="detached")
    return said


def generates_and_releases(lab, frame, room):
    released = {path.name: path.read_bytes() for path in (room.release / LESSON).iterdir()}
    assert "Success" in press(lab, frame, LESSON, "assign")
    assert {path.name: path.read_bytes() for path in (room.release / LESSON).iterdir()} == released
    assert "Success" in press(lab, frame, LESSON, "release")
    assert (room.classroom / "exchange" / "embeddings" / "outbound" / LESSON / f"{LESSON}.ipynb").is_file()


def two_students_hand_in(room, bank):
    right = {answer.exercise: answer.source for answer in reversed(bank) if answer.right}
    wrong = {answer.exercise: answer.source for answer in bank if not answer.right and not answer.points
             and not answer.late}
    for name, answers, written in (("ada", right, FORMULA), ("emil", wrong, None)):
        hand_in(room, LESSON, Student(name, "", None, working(answers, written)))


def working(answers, written):
    def work(path):
        notebook = nbformat.read(path, 4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.id, cell.source)
            if cell.id == "own-words" and written:
                cell.source = written
        nbformat.write(notebook, path)
    return work


def collects(lab, frame):
    assert "Success" in press(lab, frame, LESSON, "collect")
    assert row(frame, LESSON).locator("td.num-submissions").inner_text().strip() == "2"


def grades(lab, frame):
    row(frame, LESSON).locator("td.num-submissions a").click()
    row(frame, "ada").wait_for()
    for student in ("ada", "emil"):
        assert "Success" in press(lab, frame, student, "autograde")
    lab.shot("graded")
    assert "needs manual grading" in row(frame, "ada").locator("td.status").inner_text()
    assert row(frame, "emil").locator("td.status").inner_text() == "graded"


def grades_a_written_answer_by_hand(lab, frame):
    frame.locator("a", has_text="Manual Grading").first.click()
    frame.locator("#main-table a", has_text=LESSON).first.click()
    frame.locator("#main-table a", has_text=LESSON).first.click()
    # The row by its mark, as the search field would find it: typed early, the search is lost while the table is filled.
    frame.locator("tr:has([data-search='needs manual grade']) td.name a", has_text="Submission").click()
    page = lab.page
    page.wait_for_function(
        "(() => { const w = document.querySelector('iframe').contentWindow; const f = w.formgrader;"
        " return f && f.loaded && f.grades.loaded && f.comments.loaded && w.MathJax && w.MathJax.isReady })()")
    frame.locator(".MathJax").first.wait_for()
    show_written_answer(lab, frame)
    lab.shot("written-answer")
    frame.locator("#own-words").fill("1.5")
    page.keyboard.press("Tab")
    frame.locator("#own-words-comment").fill("The order is named, and well. What would you give the layer instead?")
    page.keyboard.press("Escape")
    show_written_answer(lab, frame)
    lab.shot("graded-by-hand")


def show_written_answer(lab, frame):
    """Formgrader glides to the field that gets the focus; then to the middle with the answer."""
    frame.locator("#own-words").focus()
    lab.page.wait_for_function("document.querySelector('iframe').contentWindow.$(':animated').length === 0")
    frame.locator("#own-words").evaluate("field => field.closest('.panel').scrollIntoView({block: 'center'})")


def returns_feedback(lab, frame):
    frame.locator("a", has_text="Manual Grading").first.click()
    frame.locator("a", has_text="Manage Assignments").first.click()
    row(frame, LESSON).wait_for()
    assert "Success" in press(lab, frame, LESSON, "generate-feedback")
    assert "Success" in press(lab, frame, LESSON, "release-feedback")


def exports(room):
    environment = {**os.environ, "PATH": BIN + os.pathsep + os.environ["PATH"]}
    subprocess.run(["nbgrader", "export"], cwd=room.root, env=environment, check=True, capture_output=True)
    table = (room.root / "grades.csv").read_text()
    points = [line.split(",")[-2:] for line in table.splitlines() if line.startswith(LESSON)]
    assert points == [["9.5", "10.0"], ["0.0", "10.0"]]


def everybody_can_read_the_feedback(lab, room):
    path = room.classroom / "feedback" / "ada" / LESSON / f"{LESSON}.html"
    for scheme in ("light", "dark"):
        lab.page.emulate_media(color_scheme=scheme)
        lab.page.goto(path.as_uri())
        lab.shot(f"feedback-{scheme}")
        lab.page.locator("#own-words").scroll_into_view_if_needed()
        lab.shot(f"feedback-{scheme}-written")
        found = Axe().run(lab.page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found
                if fault["impact"] in ("serious", "critical")] == []
    assert lab.page.get_by_text("9.5 of 10 points").is_visible()
    assert lab.page.get_by_text("What would you give the layer instead?").is_visible()
