"""What can't be seen in an answer's text gets said: to the learner at the check, and in the graded notebook."""
import nbformat
import pytest
from nbformat.v4 import new_code_cell
from submissions import RIGHT

from embedding_course import check
from embedding_course.checking.cell import CheckFailed
from embedding_course.checking.report import WIDTH, wrapped
from embedding_course.checking.unseen import unseen
from embedding_course.course.check_work import check_work
from embedding_course.course.grading.steps import defined_below
from embedding_course.course.reading import read_notebook
from embedding_course.course.try_answers import Tryout
from embedding_course.course.work import copy_lessons

PLUCK = RIGHT["pluck"]


@pytest.mark.parametrize(("source", "word"), [
    (PLUCK.strip() * 2, "stands twice"),
    (PLUCK.replace("    ", "\u00a0   ", 1), "no-break space"),
    (PLUCK.replace('"code"', "“code”"), "typographic quote"),
    (PLUCK.replace("codes.min() < 0", "codes.min() − 1 < 0"), "looks like another one (minus sign)"),
    ("<<<<<<< HEAD\n" + PLUCK + "=======\n" + PLUCK + ">>>>>>> theirs\n", "Line 1 is a mark that Git leaves"),
    (PLUCK.replace("return", "\u200breturn"), "zero width space"),
])
def test_what_looks_right_and_is_not(source, word):
    [thought] = unseen(source)
    assert word in thought


@pytest.mark.parametrize("source", [
    PLUCK, "x = 1\nx = 1", "", "# a “quoted” comment\nname = 'Łódź – 3 °C'\nπ = 3.14",
    'text = """\n=== a title ===\n“quoted”"""', PLUCK + "\n\n" + PLUCK,
])
def test_what_is_right_is_left_alone(source):
    assert unseen(source) == []


def test_the_check_cell_tells_why_an_answer_is_not_defined(project, monkeypatch):
    monkeypatch.chdir(project.release / "02-matmul")
    with pytest.raises(CheckFailed, match="not defined yet(.|\n)*no-break space"):
        exec('check("pluck")', {"check": check, "In": ["", PLUCK.replace("    ", "\u00a0   ")]})


def test_course_try_and_course_check_tell_it_too(copied):
    glued = PLUCK.strip() * 2
    [tried] = Tryout(copied, "pluck", 0, shown=True).judge_many([glued])
    assert "stands twice" in tried.message
    copy_lessons(copied)
    notebook = read_notebook(copied.copy("02-matmul"))
    next(cell for cell in notebook.cells if cell.get("id") == "pluck").source = glued
    nbformat.write(notebook, copied.copy("02-matmul"))
    report, right = check_work(copied, "02-matmul", seed=0)
    assert "stands twice" in "\n".join(report) and not right


def test_a_name_that_is_defined_below_the_check_only():
    cells = [new_code_cell("limit = 3"),
             new_code_cell("def pluck(codes):\n    look(codes)\n    return limit + half(codes)"),
             new_code_cell("def half(codes):\n    return codes / 2"), new_code_cell('check("pluck")'),
             new_code_cell("def look(codes):\n    pass\nlimit = 4")]
    assert defined_below(cells, 1, 3) == {"look"}
    assert defined_below(cells, 1, 4) == set()


def test_what_is_said_fits_an_output():
    assert all(len(line) <= WIDTH for line in wrapped(*unseen(PLUCK.replace("    ", "\u00a0   ", 1))))
