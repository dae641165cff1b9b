"""A learner's way through a lesson, in a real browser: from the start page to the feedback."""
import os
import shutil
import subprocess
import sys

import pytest
from browsing import CURRENT, Lab, browser, needs_chromium, server
from conftest import copy_project
from nbgrader.api import Gradebook

from embedding_course.course.bank import read_bank
from embedding_course.course.build import register
from embedding_course.course.grading.sandbox import available
from embedding_course.course.nbgrader_api import run_converter

LESSON = "01-one-hot"
COURSE = os.path.join(os.path.dirname(sys.executable), "course")
FORGOT_MISSING = '''def build_vocabulary(values):
    return ["(unknown)", *sorted(set(values))]'''
WRITTEN = "Her layer believes that carriers lie on a scale. Renumber them, and it predicts something else."

pytestmark = needs_chromium


@pytest.fixture
def room(project, tmp_path):
    """A class whose instructor has released lesson 1; the other lessons are there to be read."""
    room = copy_project(project, tmp_path / "course", [LESSON])
    shutil.copytree(project.release, room.release, dirs_exist_ok=True)
    shutil.copy(project.root / "README.md", room.root)
    register(room, LESSON)
    run_converter(room, "release_assignment", LESSON)
    return room


@pytest.fixture
def answers(project):
    """A right answer to each exercise of the lesson."""
    return {answer.exercise: answer.source for answer in reversed(read_bank(project, LESSON)) if answer.right}


def test_a_learner_goes_from_the_start_page_to_the_feedback(room, answers, tmp_path, request):
    dark = request.config.getoption("--dark")
    with server([COURSE, "lab"], room.root, tmp_path / "home", dark) as address, browser(dark) as page:
        lab = Lab(page, address, "learner", dark)
        opens_the_lesson_from_the_start_page(lab)
        runs_cells_and_reads_a_hint(lab, answers)
        finds_the_pass_on_the_start_page(lab)
        comes_back_to_a_new_kernel(lab)
        validates(lab, answers)
        submits(lab)
        the_instructor_grades(room)
        fetches_and_reads_the_feedback(lab)
        assert page.elsewhere == []
        assert page.errors == []


def opens_the_lesson_from_the_start_page(lab):
    lab.open()
    lab.page.get_by_role("heading", name="When something is in the way").wait_for()
    assert "0 of 5\t0 of 5" in lab.page.locator(".jp-RenderedMarkdown tr", has_text="How does a category").inner_text()
    lab.shot("start-page")
    lab.page.locator(".jp-RenderedMarkdown a", has_text="How does a category").first.click()
    lab.notebook_ready()
    lab.shot("lesson-opened")
    assert not lab.changed()
    assert lab.page.locator(".Toastify__toast").count() == 0


def runs_cells_and_reads_a_hint(lab, answers):
    lab.page.locator(f"{CURRENT} .jp-Cell").nth(1).locator(".cm-content").click()
    for _ in range(6):
        lab.page.keyboard.press("Shift+Enter")
    lab.output("cell-06")
    lab.shot("cells-run")
    assert lab.run("check-build_vocabulary").startswith("· build_vocabulary: not defined yet")
    lab.shot("check-too-early")
    lab.write("build_vocabulary", FORGOT_MISSING)
    hint = lab.run("check-build_vocabulary")
    lab.shot("hint")
    assert hint.startswith("✗ build_vocabulary")
    assert "Traceback" not in hint
    lab.write("build_vocabulary", answers["build_vocabulary"])
    assert lab.run("check-build_vocabulary").startswith("✓ build_vocabulary")
    lab.shot("passed")


def finds_the_pass_on_the_start_page(lab):
    lab.page.locator(".lm-TabBar-tab", has_text="START.md").click()
    lab.page.locator(".jp-RenderedMarkdown tr", has_text="How does a category").get_by_text("1 of 5").wait_for()
    lab.shot("start-page-again")
    lab.page.locator(".jp-RenderedMarkdown a", has_text="How does a category").first.click()
    lab.notebook_ready()


def comes_back_to_a_new_kernel(lab):
    lab.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    said = lab.run("check-build_vocabulary")
    lab.shot("new-kernel")
    assert "Run All Above Selected Cell" in said
    assert "Traceback" not in said


def validates(lab, answers):
    lab.fill({**answers, "own-words": WRITTEN})
    assert lab.command("notebook:run-all-cells")
    lab.cell("check-decode")
    lab.shot("all-run")
    lab.page.locator("jp-button.validate-button >> visible=true").click()
    lab.page.wait_for_selector(".nbgrader-ErrorDialog, .nbgrader-SuccessDialog")
    lab.shot("validated")
    assert "Success" in lab.page.locator(".jp-Dialog-content").inner_text()
    lab.page.locator(".jp-Dialog button.jp-mod-accept").click()


def submits(lab):
    lab.page.locator(".lm-MenuBar-item", has_text="Nbgrader").click()
    assert "".join(lab.page.locator(".lm-Menu-itemLabel").all_inner_texts()) == "Assignment List"
    lab.shot("menu")
    lab.page.locator(".lm-Menu-itemLabel", has_text="Assignment List").click()
    row = lab.page.locator("#fetched_assignments_list > .list_item", has_text=LESSON)
    row.wait_for()
    lab.shot("assignment-list")
    row.locator(".item_status button", has_text="Submit").click()
    lab.page.locator("#submitted_assignments_list > .list_item", has_text=LESSON).wait_for()
    lab.shot("submitted")


def the_instructor_grades(room):
    unprotected = ["--no-sandbox"] if available() else []
    subprocess.run([COURSE, "grade", LESSON, "--jobs", "1", *unprotected], cwd=room.root, check=True, capture_output=True)
    with Gradebook(f"sqlite:///{room.classroom / 'gradebook.db'}") as book:
        [submission] = book.assignment_submissions(LESSON)
        grade = book.find_grade("own-words", LESSON, LESSON, submission.student.id)
        grade.manual_score, grade.needs_manual_grade = 1, False
        book.find_comment("own-words", LESSON, LESSON, submission.student.id).manual_comment = "And what instead?"
        book.db.commit()
    run_converter(room, "generate_feedback", LESSON)
    run_converter(room, "release_feedback", LESSON)


def fetches_and_reads_the_feedback(lab):
    lab.page.locator("#refresh_assignments_list").click()
    row = lab.page.locator("#submitted_assignments_list > .list_item", has_text=LESSON)
    row.locator("button", has_text="Fetch Feedback").click()
    view = lab.page.locator("a", has_text="(view feedback)")
    view.wait_for()
    lab.shot("feedback-fetched")
    view.click()
    feedback = lab.page.frame_locator(".jp-HTMLViewer iframe")
    feedback.get_by_text("9 of 10 points").wait_for()
    lab.page.locator(".jp-DirListing-item", has_text="START.md").wait_for()
    lab.shot("feedback")
    assert feedback.get_by_role("region", name="Your written answer").get_by_text("And what instead?").is_visible()
