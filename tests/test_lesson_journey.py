"""A learner's hour in a lesson, by mouse and by keyboard: guesses, folded explanations, answers in words, coming back."""
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browsing import CURRENT, Lab, browser, needs_chromium, server
from conftest import copy_project
from nbformat.v4 import new_code_cell, new_markdown_cell

from embedding_course.course.bank import read_bank

LESSON = "02-matmul"
COURSE = os.path.join(os.path.dirname(sys.executable), "course")
SIZES = {"laptop": (1280, 720), "phone": (390, 844), "projector": (1280, 720)}   # 1920 × 1080 at 150 % is 1280 × 720
RIGHT = "def pluck(codes, weight):\n    if (codes < 0).any():\n        raise IndexError(codes)\n    return weight[codes]"
TOLD = "Three products count, the others are zero."
FOLDED = "jupyterapp.shell.currentWidget.content.widgets.filter(c => c.hasClass('ec-folded')).map(c => c.model.id)"
FRONT = "jupyterapp.shell.currentWidget.content"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

pytestmark = needs_chromium


@pytest.fixture
def room(project, tmp_path):
    """Lesson 2 cut down to two guesses, an exercise and a written answer."""
    room = copy_project(project, tmp_path / "course", [LESSON])
    path = room.released(LESSON)
    notebook = nbformat.read(path, 4)
    cells = {cell.id: cell for cell in notebook.cells}
    notebook.cells = [
        new_markdown_cell("# What does a one-hot row do?", id="title"),
        new_code_cell("from embedding_course import check, marked", id="imports"),
        *(cell for name, truth in (("product", 3), ("minus-one", '"SFO"')) for cell in (
            new_code_cell("guess = None", id=f"guess-{name}", metadata={"embedding_course": {"guess": name}}),
            new_code_cell(f'marked("{name}", guess, {truth})', id=f"runs-{name}"),
            new_markdown_cell(f"{TOLD}\n\n## Next", id=f"told-{name}"))),
        *(new_markdown_cell("A paragraph. " * 60, id=f"long-{i}") for i in range(6)),
        *(cell for name in ("pluck", "matmul") for cell in (
            new_markdown_cell(f"## Exercise: `{name}`", id=f"text-{name}"), cells[name], cells[f"check-{name}"])),
        cells["own-words"]]
    nbformat.write(notebook, path)
    return room


@pytest.fixture
def lab(room, tmp_path, request):
    dark = request.config.getoption("--dark")
    with server([COURSE, "lab"], room.root, tmp_path / "home", dark) as address, browser(dark) as page:
        page.set_viewport_size(dict(zip(("width", "height"), SIZES["laptop"], strict=True)))
        yield Lab(page, address, "lesson", dark)
        assert page.elsewhere == []
        assert page.errors == []


def test_a_learner_guesses_writes_and_comes_back(lab, room, tmp_path):
    lab.open("/lab/tree/START.md")
    lab.page.get_by_role("link", name="What does a one-hot row do?").first.click()
    lab.notebook_ready()
    skips_a_guess_and_sees_the_result(lab)
    opens_an_explanation_by_keyboard(lab)
    guesses_wrong_then_right(lab)
    solves_and_goes_on_from_the_start_page(lab)
    writes_an_answer_by_double_click_and_by_keyboard(lab)
    everybody_can_use_it(lab)
    comes_back_to_where_it_was_left(lab)
    asks_for_it_again_and_gets_the_address(lab, room, tmp_path)
    a_wrecked_notebook_is_mended(lab, room)


def opens(lab):
    lab.command("docmanager:open", path=f"{LESSON}/{LESSON}.ipynb")
    lab.notebook_ready()
    lab.page.wait_for_selector(f"{CURRENT} .jp-RenderedMarkdown")


def told(lab, text=TOLD):
    """A paragraph as a reader sees it, not the cell's source."""
    return lab.page.locator(f"{CURRENT} .jp-RenderedMarkdown p", has_text=text).first


def skips_a_guess_and_sees_the_result(lab):
    lab.page.wait_for_selector(f"{CURRENT} .ec-unfold")
    assert lab.page.evaluate(FOLDED) == ["told-product", "told-minus-one"]
    assert told(lab).is_hidden() and lab.page.get_by_role("heading", name="Next").first.is_visible()
    nothing_serious(lab, ".ec-unfold")
    lab.shot("folded")
    for cell in ("imports", "guess-product", "runs-product"):
        lab.run(cell)
    lab.page.get_by_text("You made no guess.").wait_for()
    told(lab).wait_for()
    lab.shot("skipped")
    assert lab.page.evaluate(FOLDED) == ["told-minus-one"]


def opens_an_explanation_by_keyboard(lab):
    lab.cell("told-minus-one").locator(".ec-unfold").focus()
    lab.page.keyboard.press("Enter")
    assert lab.page.evaluate(FOLDED) == []
    assert lab.page.evaluate(f"[{FRONT}.mode, {FRONT}.activeCell.model.id, {FRONT}.activeCell.rendered]") == [
        "command", "told-minus-one", True]
    assert not lab.page.evaluate(f"JSON.stringify({FRONT}.model.toJSON()).includes('unfold')")   # nothing of it is saved


def guesses_wrong_then_right(lab):
    for guess, said in (('guess = "zeros"', "✗ not so"), ('guess = "sfo"', "✓ right")):
        lab.write("guess-minus-one", guess)
        lab.run("runs-minus-one")
        lab.page.get_by_text(said).wait_for()
    lab.shot("guessed")


def solves_and_goes_on_from_the_start_page(lab):
    assert lab.run("check-pluck").startswith("· pluck")
    lab.write("pluck", "def pluck(codes, weight):\n    return weight[codes - 1]")
    assert lab.run("check-pluck").startswith("✗ pluck")
    lab.write("pluck", RIGHT)
    assert lab.run("check-pluck").startswith("✓ pluck")
    lab.command("docmanager:save")
    lab.command("embedding-course:start")
    row = lab.page.locator(".jp-RenderedMarkdown tr", has_text="What does a one-hot row do?")
    row.get_by_text("1 of 2").wait_for()   # guesses; of the lesson's four exercises two are left here
    row.get_by_text("1 of 4").wait_for()
    lab.shot("start-page")
    nothing_serious(lab, ".jp-MarkdownViewer")


def writes_an_answer_by_double_click_and_by_keyboard(lab):
    opens(lab)
    count = lab.page.evaluate(f"{FRONT}.widgets.length")
    lab.cell("own-words").locator(".jp-RenderedMarkdown").dblclick()
    lab.page.wait_for_function(f"{FRONT}.mode === 'edit'")
    lab.page.keyboard.press("Control+A")
    lab.page.keyboard.type("dd xx: a row is read")   # shortcuts, were it command mode
    lab.page.keyboard.press("Shift+Enter")
    lab.cell("own-words").focus()
    lab.page.keyboard.press("Enter")
    lab.page.wait_for_function(f"{FRONT}.mode === 'edit'")
    lab.page.keyboard.press("Control+End")
    lab.page.keyboard.type(", not multiplied")
    lab.page.keyboard.press("Shift+Enter")
    told(lab, "dd xx: a row is read, not multiplied").wait_for()
    kinds = lab.page.evaluate(f"{FRONT}.widgets.map(c => c.model.type)")
    assert "raw" not in kinds and len(kinds) >= count
    lab.shot("written")


def everybody_can_use_it(lab):
    for what in (".jp-Notebook .jp-OutputArea-output", ".jp-Notebook .jp-RenderedMarkdown"):
        nothing_serious(lab, what)
    for size, (width, height) in SIZES.items():
        lab.page.set_viewport_size({"width": width, "height": height})
        lab.cell("runs-product")
        lab.shot(size)
    lab.page.set_viewport_size(dict(zip(("width", "height"), SIZES["laptop"], strict=True)))


def nothing_serious(lab, what):
    """Axe, on what is ours of the page."""
    lab.page.evaluate(AXE_SCRIPT)
    found = lab.page.evaluate("([what, rules]) => axe.run(what, {runOnly: rules})", [what, RULES])
    assert [f"{each['id']}: {node['html'][:120]}" for each in found["violations"] for node in each["nodes"]
            if each["impact"] in ("serious", "critical")] == []


def comes_back_to_where_it_was_left(lab):
    lab.cell("check-pluck")
    lab.command("docmanager:save")
    lab.command("application:close")
    opens(lab)
    lab.page.wait_for_function(f"{FRONT}.activeCell.model.id === 'check-pluck'")
    lab.page.wait_for_function(f"{FRONT}.activeCell.node.getBoundingClientRect().top < 577")
    assert lab.page.evaluate(FOLDED) == []   # its outputs are there
    lab.shot("reopened")
    lab.command("application:close")
    lab.command("embedding-course:start")
    lab.page.get_by_role("link", name="matmul", exact=True).click()
    lab.page.wait_for_function(f"{FRONT}?.activeCell?.model.id === 'text-matmul'")
    lab.page.wait_for_function(f"{FRONT}.activeCell.node.getBoundingClientRect().top < 400")
    lab.shot("go-on")


def asks_for_it_again_and_gets_the_address(lab, room, tmp_path):
    environment = {**os.environ, "JUPYTER_RUNTIME_DIR": str(tmp_path / "home" / "runtime")}
    again = subprocess.run([COURSE, "lab", "--no-browser"], cwd=room.root, env=environment, capture_output=True, text=True)
    assert again.stdout.startswith("JupyterLab is open already: http://") and lab.address.split(":")[-1] in again.stdout
    log = (tmp_path / "home" / "log").read_text()
    assert log.count("\n") == 1 and "Open in your browser: http" in log


def a_wrecked_notebook_is_mended(lab, room):
    path = room.copy(LESSON)
    notebook = nbformat.read(path, 4)
    for cell in notebook.cells:
        cell.cell_type = "raw"
        cell.pop("outputs", None), cell.pop("execution_count", None)
    nbformat.write(notebook, path)
    lab.command("docmanager:reload")
    lab.page.wait_for_function(f"{FRONT}.widgets.every(c => c.model.type === 'raw')")
    subprocess.run([COURSE, "update", LESSON], cwd=room.root, check=True, capture_output=True)
    lab.command("docmanager:reload")
    lab.page.wait_for_function(f"{FRONT}.widgets.filter(c => c.model.type === 'code').length >= 7")
    kinds = lab.page.evaluate(f"Object.fromEntries({FRONT}.widgets.map(c => [c.model.id, c.model.type]))")
    of_lesson = [cell.id for cell in nbformat.read(room.released(LESSON), 4).cells]
    assert "raw" not in {kinds[name] for name in of_lesson}   # a cell of the learner's own stays what it is
    lab.shot("mended")


@pytest.mark.everything
def test_every_exercise_answers_to_a_stub_a_wrong_and_a_right_answer(project, tmp_path):
    room = copy_project(project, tmp_path / "course", [])
    shutil.copytree(project.release, room.release, dirs_exist_ok=True)
    with server([COURSE, "lab"], room.root, tmp_path / "home") as address, browser() as page:
        lab = Lab(page, address, "all-exercises")
        lab.open()
        for lesson in project.lesson_names():
            lab.command("docmanager:open", path=f"{lesson}/{lesson}.ipynb")
            lab.notebook_ready()
            imports = next(cell.id for cell in nbformat.read(project.released(lesson), 4).cells if cell.cell_type == "code")
            lab.run(imports)
            answers = read_bank(project, lesson)
            for exercise in dict.fromkeys(answer.exercise for answer in answers):
                lab.run(exercise)
                assert lab.run(f"check-{exercise}")[0] in "·✗", exercise
                for right in (False, True):
                    source = next(a.source for a in answers if a.exercise == exercise and a.right == right and not a.late)
                    lab.write(exercise, source)
                    assert lab.run(f"check-{exercise}")[0] == ("✓" if right else "✗"), (exercise, right)
            lab.shot(lesson)
            lab.command("docmanager:save")
            lab.command("application:close")
