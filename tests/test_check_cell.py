"""`check("pluck")` in a learner's kernel."""
import io
import sys

import pytest

from embedding_course import check, passed
from embedding_course.checking import cell

RIGHT = """
def pluck(codes, weight):
    if (codes < 0).any():
        raise IndexError("negative")
    return weight[codes]
"""


@pytest.fixture
def beside(project, monkeypatch):
    monkeypatch.chdir(project.release / "02-matmul")


def run(source, name="pluck"):
    """Checks an answer as a notebook would: defined in the caller's globals."""
    namespace = {"check": check}
    exec(source, namespace)
    exec(f'check("{name}")', namespace)


def test_a_right_answer_says_so_and_counts_as_passed(beside, capsys):
    run(RIGHT)
    assert capsys.readouterr().out.startswith("✓ pluck: ")
    assert passed("pluck")


def test_the_verdict_is_written_in_one_piece(beside, monkeypatch):
    """Between two writes a kernel's timer may fall, and a notebook then holds two outputs."""
    pieces = []
    stream = io.StringIO()
    stream.write = pieces.append
    monkeypatch.setattr(sys, "stdout", stream)
    run(RIGHT)
    [verdict] = pieces
    assert verdict.startswith("✓ pluck: ") and verdict.endswith("\n")


def test_a_wrong_answer_shows_the_hint_and_no_stack(beside):
    with pytest.raises(cell.CheckFailed) as failed:
        run("def pluck(codes, weight):\n    return weight[codes - 1]")
    shown = failed.value._render_traceback_()
    assert shown[0] == "✗ pluck: one code"
    assert "counting starts at 0" in shown[-1]
    assert not passed("pluck")


def test_an_answer_made_worse_no_longer_counts_as_passed(beside):
    run(RIGHT)
    with pytest.raises(cell.CheckFailed):
        run("def pluck(codes, weight):\n    return weight")
    assert not passed("pluck")


def test_a_missing_function_says_to_run_the_cell_above(beside):
    with pytest.raises(cell.CheckFailed, match="Run the cell above first"):
        run("pass")


def test_an_unknown_exercise_offers_the_nearest(beside):
    with pytest.raises(LookupError, match="the nearest name is pluck"):
        check("pluk")


def test_the_check_is_found_without_a_file_beside_the_notebook(project, monkeypatch):
    monkeypatch.chdir(project.root)
    assert cell.find_exercise("pluck")["points"]


def test_shadowed_builtins_do_no_harm(beside, capsys):
    run(RIGHT + "\nsum = len = list = all = 0\n")
    assert "✓ pluck" in capsys.readouterr().out
