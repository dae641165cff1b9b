"""Which cells grading leaves out, and that nothing is lost by it."""
import nbformat
import pytest
from nbformat.v4 import new_code_cell

from embedding_course.course.grading.classroom import prepare
from embedding_course.course.grading.limits import Limits
from embedding_course.course.grading.model import Submission
from embedding_course.course.grading.sandbox import available
from embedding_course.course.grading.steps import leans_on_demonstrations
from embedding_course.course.grading.unit import grade
from embedding_course.course.lesson import read_lesson
from embedding_course.course.project import Project

CI = ("02-matmul", "06-meaning")
LEFT_OUT = "Cells that only demonstrate something were not run"


@pytest.mark.parametrize("name", [pytest.param(name, marks=[] if name in CI else pytest.mark.everything)
                                  for name in Project.find().lesson_names()])
def test_no_check_depends_on_a_demonstration(project, name):
    lesson = prepare(project, name, Limits(), protected=not available())
    notebook = nbformat.reads(lesson.released, as_version=4)
    solved = {cell.name: cell.source for cell in read_lesson(project.solutions / f"{name}.py").with_role("exercise")}
    for cell in notebook.cells:
        cell.source = solved.get(cell.get("id"), cell.source)
    graded = grade(lesson, Submission("reference", {f"{name}.ipynb": nbformat.writes(notebook).encode()}))
    assert {key: scored.state for key, scored in graded.exercises.items()} == dict.fromkeys(lesson.exercises, "right")
    assert LEFT_OUT in nbformat.reads(graded.notebook, as_version=4).cells[0].source


def cells(*sources):
    return [new_code_cell(source.removeprefix("demo: "), metadata={"tags": ["demonstration"]} if "demo: " in source else {})
            for source in sources]


@pytest.mark.parametrize(("sources", "leans"), [
    (("import torch", "demo: rows = torch.eye(3)", "def f(x):\n    return x"), False),
    (("import torch", "demo: rows = torch.eye(3)", "def f(x):\n    return rows[x]"), True),
    (("rows = 1", "demo: rows = 2", "def f(x):\n    return rows"), False),
    (("demo: def helper(x): pass", "class A:\n    def forward(self, x):\n        return helper(x)"), True),
    (("demo: a = 1", "%who", "def f(x):\n    return x"), True),           # text can't tell
    (("demo: a = 1", "def f(x):\n    return eval('a')"), True),
    (("demo: a = 1", "def f(model):\n    return model.eval()"), False),
    (("demo: a = 1", "def f(a):\n    return a"), False),                  # a name of its own
    (("demo: a = 1", "def f(x:\n"), False),                               # no Python: nothing to save
])
def test_a_notebook_that_leans_on_demonstrations_is_told_by_its_text(sources, leans):
    assert leans_on_demonstrations(cells(*sources)) is leans


def test_a_cell_that_is_known_to_need_none_counts_for_nothing():
    sources = ("demo: a = 1", "def f(x):\n    return getattr(x, 'a')")
    assert leans_on_demonstrations(cells(*sources))
    assert not leans_on_demonstrations(cells(*sources), {sources[1]})
