"""A copy in disorder is mended, a fresh one can be had, and what was there is kept."""
import random

import nbformat
import pytest

from embedding_course.course.cli import main
from embedding_course.course.work import copy_lessons

LESSON = "02-matmul"
MINE = "def pluck(codes, weight):\n    return weight[codes]"


@pytest.fixture
def copy(copied, monkeypatch):
    """A learner's copy of lesson 2 with an answer, a written one and a cell of their own."""
    monkeypatch.chdir(copied.root)
    copy_lessons(copied)
    path = copied.copy(LESSON)
    notebook = nbformat.read(path, 4)
    cells = {cell.id: cell for cell in notebook.cells}
    cells["pluck"].source = MINE
    cells["own-words"].source = "The lookup reads one row."
    notebook.cells.insert(5, nbformat.v4.new_code_cell("1 + 1   # mine"))
    nbformat.write(notebook, path)
    return path


def shapes(path):
    return [(cell.cell_type, cell.source) for cell in nbformat.read(path, 4).cells]


def raw(notebook):
    """What shortcuts make of a notebook when one types in command mode."""
    for cell in notebook.cells:
        cell.cell_type = "raw"
        for part in ("outputs", "execution_count"):
            cell.pop(part, None)


def lost(notebook):
    del notebook.cells[8:14]


def shuffled(notebook):
    random.Random(0).shuffle(notebook.cells)


@pytest.mark.parametrize(("wreck", "said"), [
    (raw, "had become of another kind, such as Raw"), (lost, "cells of the lesson were missing"),
    (shuffled, "stood in another order")])
def test_a_wrecked_copy_is_mended_and_the_answers_are_in_it(copy, copied, capsys, wreck, said):
    notebook = nbformat.read(copy, 4)
    wreck(notebook)
    nbformat.write(notebook, copy)
    wrecked = copy.read_bytes()
    assert main(["update", LESSON]) == 0
    out = capsys.readouterr().out
    assert f"{LESSON}: mended" in out and said in out
    cells = nbformat.read(copy, 4).cells
    released = {cell.id: cell.cell_type for cell in nbformat.read(copied.released(LESSON), 4).cells}
    assert [(cell.id, cell.cell_type) for cell in cells if cell.id in released] == list(released.items())
    assert next(cell for cell in cells if cell.id == "pluck").source == MINE
    assert next(cell for cell in cells if cell.id == "own-words").source == "The lookup reads one row."
    assert any("# mine" in cell.source for cell in cells)
    kept, = copy.parent.glob("*-before-*.ipynb")
    assert kept.read_bytes() == wrecked


def test_a_copy_in_order_is_left_alone(copy, capsys):
    before = copy.read_bytes()
    assert main(["update", LESSON]) == 0
    assert "up to date and in order" in capsys.readouterr().out
    assert copy.read_bytes() == before
    assert not list(copy.parent.glob("*-before-*"))


def test_a_fresh_copy_asks_and_keeps_the_old_one(copy, copied, monkeypatch, capsys):
    before = copy.read_bytes()
    for answer in ("n", ""):
        monkeypatch.setattr("builtins.input", lambda question, answer=answer: answer)
        assert main(["reset", LESSON]) == 0
        assert copy.read_bytes() == before
    monkeypatch.setattr("builtins.input", lambda question: "y")
    assert main(["reset", LESSON]) == 0
    assert shapes(copy) == shapes(copied.released(LESSON))
    kept, = copy.parent.glob("*-before-*.ipynb")
    assert kept.read_bytes() == before
    assert kept.name in capsys.readouterr().out


def test_a_copy_that_is_no_notebook_any_more_can_be_had_fresh(copy, copied):
    copy.write_text("<<<<<<< HEAD")
    assert main(["update", LESSON]) == 1
    assert main(["reset", LESSON, "--yes"]) == 0
    assert shapes(copy) == shapes(copied.released(LESSON))
