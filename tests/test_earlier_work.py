"""Work of an earlier edition is found by the exercise's name, when lessons have got other numbers or were split."""
import copy
import json

import pytest
from conftest import copy_project

from embedding_course.course.graft import graft
from embedding_course.course.reading import read_notebook
from embedding_course.course.work import copy_lessons, update, write_copy

MOVED = "def pluck(codes, weight):\n    return weight[codes]   # mine"
STAYED = "def matmul(a, b):\n    return a @ b   # mine too"


@pytest.fixture
def split(project, tmp_path):
    """A project in which lesson 2 was split: `pluck` went on to a lesson 3, as `rows_that_move` did to lesson 5."""
    made = copy_project(project, tmp_path / "course", ["02-matmul"])
    old = read_notebook(made.released("02-matmul"))
    for name, has_pluck in (("02-matmul", False), ("03-plucking", True)):
        new = copy.deepcopy(old)
        new.cells = [cell for cell in new.cells if cell.id == "own-words" or ("pluck" in cell.id) == has_pluck]
        new.metadata["embedding_course"] = {"release": f"second {name}"}
        (made.release / name).mkdir(exist_ok=True)
        write_copy(new, made.released(name))
        exercises = {"pluck" if has_pluck else "matmul": {}}
        (made.release / name / "checks.json").write_text(json.dumps({"exercises": exercises}))
    return made, old


def worked(old, path, **sources):
    """The learner's copy of the old lesson, with some cells filled and one of their own."""
    theirs = copy.deepcopy(old)
    for cell in theirs.cells:
        cell.source = sources.get(cell.id.replace("-", "_"), cell.source)
    write_copy(theirs, path)


def source(path, key):
    return next(cell.source for cell in read_notebook(path).cells if cell.id == key)


def test_an_answer_whose_exercise_has_moved_to_another_lesson_comes_along(split):
    project, old = split
    worked(old, project.copy("02-matmul"), pluck=MOVED, matmul=STAYED, own_words="An old essay.")
    before = project.copy("02-matmul").read_bytes()
    notices = copy_lessons(project)
    assert source(project.copy("03-plucking"), "pluck") == MOVED
    assert "03-plucking: your pluck came from 02-matmul/02-matmul.ipynb" in notices
    assert "An old essay." not in project.copy("03-plucking").read_text(encoding="utf-8")
    assert project.copy("02-matmul").read_bytes() == before


def test_it_is_found_after_the_old_lesson_was_updated_too(split):
    project, old = split
    worked(old, project.copy("02-matmul"), pluck=MOVED, matmul=STAYED)
    update(project, "02-matmul")
    assert source(project.copy("02-matmul"), "matmul") == STAYED
    copy_lessons(project)
    assert source(project.copy("03-plucking"), "pluck") == MOVED


def test_update_brings_it_into_a_copy_that_is_there_and_takes_nothing_away(split):
    project, old = split
    worked(old, project.copy("02-matmul"), pluck=MOVED)
    released = read_notebook(project.released("03-plucking"))
    released.metadata["embedding_course"] = {"release": "first"}
    write_copy(released, project.copy("03-plucking"))
    update(project, "03-plucking")
    assert source(project.copy("03-plucking"), "pluck") == MOVED
    worked(read_notebook(project.copy("03-plucking")), project.copy("03-plucking"), pluck=MOVED.replace("mine", "newer"))
    older = read_notebook(project.copy("03-plucking"))
    older.metadata["embedding_course"] = {"release": "first"}
    write_copy(older, project.copy("03-plucking"))
    update(project, "03-plucking")
    assert "newer" in source(project.copy("03-plucking"), "pluck")


def test_a_lesson_under_its_old_number_is_the_beginning_of_the_new_copy(project, tmp_path):
    made = copy_project(project, tmp_path / "course", ["02-matmul"])
    worked(read_notebook(made.released("02-matmul")), made.work / "01-matmul" / "01-matmul.ipynb", pluck=MOVED,
           own_words="My essay.")
    notices = copy_lessons(made)
    assert source(made.copy("02-matmul"), "pluck") == MOVED
    assert source(made.copy("02-matmul"), "own-words") == "My essay."
    assert notices == ["02-matmul: begun from your 01-matmul/01-matmul.ipynb, which stays as it is"]


def test_marks_of_passed_checks_move_with_the_exercise(split):
    project, old = split
    worked(old, project.copy("02-matmul"), pluck=MOVED)
    kept = project.work / ".progress" / "02-matmul" / "pluck.json"
    kept.parent.mkdir(parents=True)
    kept.write_text("{}")
    copy_lessons(project)
    assert (project.work / ".progress" / "03-plucking" / "pluck.json").is_file()
    assert kept.is_file()


def test_the_graders_intake_finds_it_in_the_old_lessons_file(split):
    project, old = split
    worked(old, project.copy("02-matmul"), pluck=MOVED, matmul=STAYED, own_words="An old essay.")
    rebuilt = graft(read_notebook(project.released("03-plucking")), read_notebook(project.copy("02-matmul"))).notebook
    assert next(cell.source for cell in rebuilt.cells if cell.id == "pluck") == MOVED


def test_a_notebook_that_cannot_be_read_is_passed_over(split):
    project, _ = split
    (project.work / "04-other").mkdir()
    (project.work / "04-other" / "04-other.ipynb").write_text("{")
    assert copy_lessons(project) == []
