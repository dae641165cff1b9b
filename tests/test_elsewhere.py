"""VS Code, Colab, a bare kernel: a lesson needs no extension of ours, and shows itself by types that all of them know."""
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from test_progress import LESSON, RIGHT, learner, page  # noqa: F401 - a fixture

from embedding_course.course.execute import execute

KNOWN = {"text/plain", "text/html"}
CELLS = ["from embedding_course import check, marked\nfrom embedding_course.figures import described, show\n"
         "from embedding_course.rows import show_step, take_step\nimport torch, matplotlib.pyplot as plt",
         'guess = {"ATL": 0, "BOS": 3}', 'marked("product", guess, {"ATL": 0, "BOS": 2})',
         'show_step(take_step(torch.nn.Parameter(torch.zeros(2, 1)), ["ATL", "BOS"], [0], lambda: None), {"ATL": False})',
         'show(described(plt.figure(), "nothing in it"))', RIGHT, 'check("pluck")', 'check("matmul")']


@pytest.fixture(scope="module")
def ran(project, tmp_path_factory):
    """A few of a lesson's cells, run by a kernel that no front-end of ours has started, in a learner's folder."""
    from conftest import copy_project

    from embedding_course.course.work import copy_lessons
    room = copy_project(project, tmp_path_factory.mktemp("elsewhere") / "course", [LESSON])
    copy_lessons(room)
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    execute(notebook, room.work / LESSON, allow_errors=True)
    return notebook, room


def test_all_that_is_shown_is_text_or_html_and_has_text_too(ran):
    notebook, _ = ran
    for cell in notebook.cells:
        for output in cell.outputs:
            assert output.output_type in ("stream", "execute_result", "error"), output
            if output.output_type == "execute_result":
                assert set(output.data) == KNOWN
                assert "<script src" not in output.data["text/html"] and "http" not in output.data["text/html"].replace(
                    "http://www.w3.org", "")


def test_guesses_are_marked_and_checks_answer(ran):
    texts = [str(nbformat.from_dict(cell).outputs) for cell in ran[0].cells]
    assert "✗ not so" in texts[2] and "✓ right" in texts[3]
    assert "✓ pluck" in texts[6]
    assert "· matmul: not defined yet" in texts[7]


def test_progress_is_kept(ran):
    kept = ran[1].work / ".progress" / LESSON
    assert sorted(path.name for path in kept.iterdir()) == ["guess-product.json", "pluck.json"]
    assert json.loads((kept / "guess-product.json").read_text())["last"]["right"] == ["ATL"]
    assert "| 1 of 5 | 1 of 4 |" in page(ran[1])
