"""nbgrader's whole round, through its own commands and exchange, with the score that each submission deserves."""
import json

import pytest
from stock import nbgrader

from embedding_course.course.build import build
from embedding_course.course.demo import demo
from embedding_course.course.project import Project

PROJECT = Project.find()


@pytest.mark.parametrize("lesson", [
    pytest.param(name, marks=[] if name == "02-matmul" else pytest.mark.everything) for name in PROJECT.lesson_names()])
def test_a_class_gets_the_scores_that_it_deserves(lesson, capsys):
    assert demo(PROJECT, lesson) == 0
    out = capsys.readouterr().out
    assert "not what it deserves" not in out
    assert "refused:" in out
    assert "the written answer waits for you" in out
    feedback = PROJECT.classroom / "demo" / lesson / "classroom" / "feedback"
    assert "✗" in (feedback / "emil" / lesson / f"{lesson}.html").read_text(encoding="utf-8")
    assert "these things were put right" in (feedback / "gus" / lesson / f"{lesson}.html").read_text(encoding="utf-8")


@pytest.mark.everything
def test_stock_commands_work_from_any_folder_without_a_flag(copied):
    subfolder = copied.root / "data"
    for steps in (["generate_assignment", "02-matmul"], ["release_assignment", "02-matmul"], ["list"],
                  ["fetch_assignment", "02-matmul"], ["submit", "02-matmul"], ["collect", "02-matmul"],
                  ["autograde", "02-matmul"], ["generate_feedback", "02-matmul"], ["release_feedback", "02-matmul"],
                  ["fetch_feedback", "02-matmul"], ["export"], ["db", "assignment", "list"]):
        if steps[0] == "generate_assignment":
            _instructor_source(copied)
        if steps[0] == "fetch_assignment":
            assert not (copied.work / "02-matmul").exists()
        done = nbgrader(subfolder, *steps)
        assert done.returncode == 0, f"{steps}: {done.stderr}"
    fetched = json.loads(copied.copy("02-matmul").read_text(encoding="utf-8"))
    assert fetched["metadata"]["language_info"]["version"]   # else JupyterLab marks it as changed when it opens
    assert (copied.work / "02-matmul" / "feedback").is_dir()
    assert (copied.classroom / "feedback").is_dir()


def test_zip_collect_takes_files_from_a_learning_management_system(copied):
    _instructor_source(copied)
    assert nbgrader(copied.root, "generate_assignment", "02-matmul", "--force").returncode == 0
    archive = copied.classroom / "downloaded" / "02-matmul" / "archive"
    archive.mkdir(parents=True)
    (archive / "02-matmul_ada_attempt_2026-11-25-10-00-00_02-matmul.ipynb").write_bytes(
        copied.released("02-matmul").read_bytes())
    done = nbgrader(copied.root, "zip_collect", "02-matmul")
    assert done.returncode == 0, done.stderr
    assert list((copied.classroom / "submitted").glob("*/02-matmul/*.ipynb"))


@pytest.mark.everything
def test_validate_names_what_is_to_do_and_passes_the_solved_lesson(copied):
    _instructor_source(copied)
    untouched = nbgrader(copied.release / "02-matmul", "validate", "02-matmul.ipynb")
    assert "pluck: not started yet" in untouched.stdout
    assert "Traceback" not in untouched.stdout
    solved = nbgrader(copied.classroom / "source" / "02-matmul", "validate", "02-matmul.ipynb")
    assert "Success" in solved.stdout


def _instructor_source(copied):
    """What `course build` leaves for nbgrader, without the rest of it."""
    build(copied, ["02-matmul"])
