"""What a learner has done is kept in their own folder, and the start page says what is next."""
import json
import os
import shutil

import pytest
from conftest import copy_project
from test_check_cell import RIGHT, run

from embedding_course import concepts, marked, start_page
from embedding_course.course.cli import main
from embedding_course.course.work import copy_lessons
from embedding_course.progress import standings, write_start_page

LESSON = "02-matmul"


@pytest.fixture
def learner(copied, monkeypatch):
    """A learner whose kernel runs in their copy of lesson 2."""
    copy_lessons(copied)
    write_start_page(copied.root)
    monkeypatch.chdir(copied.work / LESSON)
    return copied


def page(project):
    return (project.work / "START.md").read_text(encoding="utf-8")


def test_a_check_that_passes_is_kept_and_the_start_page_says_so(learner, monkeypatch, capsys):
    assert "0 of 4" in page(learner)
    run(RIGHT)
    assert "1 of 4" in page(learner)
    assert "Go on with" in page(learner)
    monkeypatch.chdir(learner.root)
    capsys.readouterr()
    assert main(["progress"]) == 0
    out = capsys.readouterr().out
    assert "→  2  What does a one-hot row do to a matrix?" in out
    assert "1 of 4" in out
    assert f"next: matmul, in work/{LESSON}/{LESSON}.ipynb" in out


def test_a_lesson_whose_exercises_are_done_is_marked_and_the_next_one_named(learner, monkeypatch, capsys):
    for exercise in standings(learner.root)[0].todo:
        kept = learner.work / ".progress" / LESSON / f"{exercise}.json"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text("{}")
    write_start_page(learner.root)
    assert "All exercises are done" in page(learner)
    assert "| ✓ |" in page(learner)
    monkeypatch.chdir(learner.root)
    assert main(["progress"]) == 0
    assert "all exercises are done" in capsys.readouterr().out


def test_who_deletes_the_marks_loses_nothing_else(learner, capsys):
    run(RIGHT)
    shutil.rmtree(learner.work / ".progress")
    run(RIGHT)
    assert "1 of 4" in page(learner)
    assert capsys.readouterr().out.count("✓ pluck") == 2


def test_two_notebooks_that_write_at_once_keep_both(learner):
    """Each exercise has a file of its own, so there is nothing that one could write over the other's."""
    run(RIGHT)
    before = (learner.work / ".progress" / LESSON / "pluck.json").read_bytes()
    run("def multiplications(n, levels, dim):\n    return n * levels * dim, 0", "multiplications")
    assert (learner.work / ".progress" / LESSON / "pluck.json").read_bytes() == before
    assert standings(learner.root)[0].done == ["pluck", "multiplications"]


def test_a_folder_that_cannot_be_written_is_not_in_the_way(learner, capsys):
    (learner.work / ".progress").write_text("a file where the folder should be")
    run(RIGHT)
    assert "✓ pluck" in capsys.readouterr().out


def test_outside_of_a_learners_folder_nothing_is_kept(learner, monkeypatch, tmp_path):
    alone = tmp_path / "alone"
    shutil.copytree(learner.release / LESSON, alone)
    for folder in (alone, learner.release / LESSON, learner.root):
        monkeypatch.chdir(folder)
        run(RIGHT)
    assert not list(tmp_path.glob("**/.progress"))


def test_running_the_solution_is_not_doing_it(learner, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", f"{LESSON}/{LESSON}-solution.ipynb")
    run(RIGHT)
    assert "0 of 4" in page(learner)


def test_a_start_page_that_a_learner_has_edited_is_theirs(learner, capsys):
    path = learner.work / "START.md"
    path.write_text(page(learner).replace("## When", "My notes.\n\n## When"), encoding="utf-8")
    before = path.read_bytes()
    run(RIGHT)
    assert path.read_bytes() == before
    assert not write_start_page(learner.root)


def test_the_release_says_how_long_a_lesson_takes(project):
    for entry in standings(project.root):
        assert entry.minutes or not entry.number, entry.path


def test_the_concept_test_stands_where_it_belongs_and_nobody_has_to_take_it(project, tmp_path):
    (tmp_path / "work" / "concept-test").mkdir(parents=True)
    shutil.copytree(project.release, tmp_path / "notebooks")
    edition = json.loads((tmp_path / "notebooks/concept-test/key.json").read_text(encoding="utf-8"))["edition"]
    (tmp_path / "work/concept-test/answers.json").write_text(json.dumps({edition: {"1": {"1": "a", "2": "b"}}}))
    entries = standings(tmp_path)
    assert entries == sorted(entries, key=lambda entry: entry.order)
    assert entries[0].done == ["1", "2"]
    assert entries[0].minutes == 10
    said = start_page.page("", entries, False, False, "course")
    assert "**Next: [Concept test, before lesson 1](" in said
    assert "go straight to lesson 1, [How does a category" in said


def test_no_half_written_page_is_left(learner):
    run(RIGHT)
    assert {path.name for path in learner.work.iterdir()} == {".progress", LESSON, "START.md"}
    assert json.loads((learner.work / ".progress" / LESSON / "pluck.json").read_text())["passed"].startswith("20")
    assert os.listdir(learner.work / ".progress" / LESSON) == ["pluck.json"]


def test_go_on_leads_to_the_next_open_exercise_itself(learner):
    assert "**Next: [What does a one-hot row do to a matrix?](02-matmul/02-matmul.ipynb)**" in page(learner)
    run("def multiplications(n, levels, dim):\n    return n * levels * dim, 0", "multiplications")
    entry, = standings(learner.root)
    above = entry.places["matmul"]
    assert f"**Go on with [`matmul`](02-matmul/02-matmul.ipynb#cell-id={above})**" in page(learner)
    cells = json.loads(learner.released(LESSON).read_text(encoding="utf-8"))["cells"]
    assert "## Exercise: `matmul`" in "".join(next(cell for cell in cells if cell["id"] == above)["source"])


def test_an_answer_in_the_concept_test_is_on_the_start_page_at_once(learner, project, monkeypatch):
    shutil.copytree(project.release / "concept-test", learner.release / "concept-test")
    copy_lessons(learner)
    monkeypatch.chdir(learner.work / "concept-test")
    concepts.Take(1).answer(1, "a")
    assert "| 10 |  | 1 of 10 |" in page(learner)


def test_handing_in_is_spoken_of_where_one_can(learner):
    assert "Assignment List" not in page(learner)
    (learner.classroom / "exchange/embeddings/outbound" / LESSON).mkdir(parents=True)
    write_start_page(learner.root)
    assert "Assignment List" in page(learner)


def test_progress_can_be_taken_along(learner, project, tmp_path, monkeypatch, capsys):
    run(RIGHT)
    marked("product", "zeros", "SFO")
    monkeypatch.chdir(learner.root)
    assert main(["progress", "--export", str(tmp_path / "mine.json")]) == 0
    assert "1 passed checks and 1 guesses are in" in capsys.readouterr().out
    elsewhere = copy_project(project, tmp_path / "elsewhere", [LESSON])
    monkeypatch.chdir(elsewhere.root)
    data = json.loads((tmp_path / "mine.json").read_text(encoding="utf-8"))
    data["lessons"]["../../../out"] = data["lessons"][LESSON] | {"../../out": {}}
    (tmp_path / "mine.json").write_text(json.dumps(data))
    assert main(["progress", "--import", str(tmp_path / "mine.json")]) == 0
    assert "1 of 4 exercises, 1 of 5 guesses" in capsys.readouterr().out
    assert not list(tmp_path.rglob("out*"))


def test_a_file_that_is_no_progress_is_refused_in_one_line(learner, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(learner.root)
    for text in ("[]", "{", '{"kind": "other"}'):
        (tmp_path / "file.json").write_text(text)
        assert main(["progress", "--import", str(tmp_path / "file.json")]) == 1
        assert capsys.readouterr().err.count("\n") == 1
