"""A learner takes the concept test twice, in a real JupyterLab, and follows a link to where an idea is answered."""
import json
import os
import shutil
import sys

import pytest
from browsing import Lab, browser, needs_chromium, server
from conftest import copy_project

from embedding_course import concepts
from embedding_course.course.concept_test import notebook_name

COURSE = os.path.join(os.path.dirname(sys.executable), "course")
LESSON = "04-training-loop"
QUESTION = 3   # "a level twice in the batch", answered in a section of lesson 4


@needs_chromium
@pytest.mark.everything
def test_ideas_that_remain_lead_to_the_section_that_answers_them(project, tmp_path, request):
    dark = request.config.getoption("--dark")
    room = copy_project(project, tmp_path / "course", [LESSON])
    shutil.copytree(project.release / concepts.FOLDER, room.release / concepts.FOLDER)
    key = json.loads((room.release / concepts.FOLDER / concepts.KEY).read_text(encoding="utf-8"))
    right = {i: question["right"] for i, question in enumerate(key["questions"], start=1)}
    with server([COURSE, "lab"], room.root, tmp_path / "home", dark) as address, browser(dark) as page:
        lab = Lab(page, address, "concepts", dark)
        lab.open()
        page.get_by_role("heading", name="When something is in the way").wait_for()
        take(lab, 1, right | {1: "a", QUESTION: "a", 9: "c"})
        assert "All 10 answers are kept" in shown(lab)
        assert "The data themselves" not in shown(lab)
        lab.shot("first-take")
        take(lab, 2, right | {QUESTION: "a", 9: "c"})
        said = shown(lab)
        assert "8 of 10 right now; before lesson 1 it was 7." in said
        assert "A repeated level overwrites itself." in said
        lab.shot("second-take")
        page.locator(".jp-OutputArea a", has_text="lesson 4, A level that stands twice").click()
        lab.notebook_ready()
        page.get_by_role("heading", name="A level that stands twice").wait_for()
        heading = page.get_by_role("heading", name="A level that stands twice").element_handle()
        page.wait_for_function("e => e.getBoundingClientRect().y > 0 && e.getBoundingClientRect().y < 700", arg=heading)
        lab.shot("section")   # it has scrolled there
        assert page.elsewhere == []
        assert page.errors == []
    assert (room.work / concepts.FOLDER / concepts.KEPT).is_file()


def take(lab, number, letters):
    """Opens a take, types the letters, runs all cells."""
    path = f"{concepts.FOLDER}/{notebook_name(number)}"
    lab.command("docmanager:open", path=path, factory="Notebook")
    lab.page.wait_for_function("path => jupyterapp.shell.currentWidget?.context?.path === path", arg=path)
    lab.notebook_ready()
    assert not lab.changed()
    lab.shot(f"take-{number}")
    lab.fill({f"answer-{i:02d}": f'take.answer({i}, "{letter}")' for i, letter in letters.items()})
    lab.command("notebook:run-all-cells")
    lab.cell("result")


def shown(lab):
    """What stands under the last cell."""
    return lab.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell").last.inner_text()
