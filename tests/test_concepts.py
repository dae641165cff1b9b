"""The concept test: what a learner is told and when, what an instructor sees of a class, and what nobody sees."""
import json
import re
from collections import Counter

import nbformat
import pytest

from embedding_course import concepts
from embedding_course.concepts import KEPT, TAKES, Take, address, read_key
from embedding_course.course import concept_class, concept_test
from embedding_course.course.cli import main
from embedding_course.course.problem import Problem
from embedding_course.course.project import Project
from embedding_course.course.work import copy_lessons


@pytest.fixture(scope="module")
def key(project):
    return json.loads((project.release / concepts.FOLDER / concepts.KEY).read_text(encoding="utf-8"))


@pytest.fixture
def beside(key, tmp_path, monkeypatch):
    """A learner's folder, in which a notebook of the test runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(concepts, "read_key", lambda: key)
    return tmp_path


def letters(key, wrong=()):
    """Right answers, but for some questions where a misconception speaks."""
    found = {}
    for i, question in enumerate(key["questions"], start=1):
        others = [letter for letter in question["answers"] if letter != question["right"]]
        found[str(i)] = others[0] if i in wrong else question["right"]
    return found


def take(number, answers):
    this = Take(number)
    for i, letter in answers.items():
        this.answer(int(i), letter)
    return this.result()


def kept(key, **takes):
    """What `answers.json` holds."""
    return json.dumps({key["edition"]: {number.removeprefix("take"): answers for number, answers in takes.items()}})


# The source and what is built from it

def test_the_release_is_what_the_source_gives(project):
    assert concept_test.faults(project) == []
    assert concept_test.stale_test(project) == []


def test_a_take_under_an_old_name_is_called_stale_and_leaves_the_release(tmp_path, monkeypatch):
    project = Project(tmp_path)
    folder = project.release / concepts.FOLDER
    folder.mkdir(parents=True)
    (folder / "2-after-lesson-4.ipynb").write_text("{}")
    monkeypatch.setattr(concept_test, "files", lambda project: {folder / "2-after-lesson-5.ipynb": "{}"})
    assert any("2-after-lesson-4.ipynb" in line for line in concept_test.stale_test(project))
    concept_test.write_test(project)
    assert [path.name for path in folder.iterdir()] == ["2-after-lesson-5.ipynb"]


def test_ten_questions_each_with_one_right_answer_and_three_misconceptions(key):
    assert len(key["questions"]) == 10
    for question in key["questions"]:
        assert [letter for letter, answer in question["answers"].items() if not answer["shows"]] == [question["right"]]


def test_no_letter_is_right_so_often_that_guessing_it_pays(key):
    assert set(Counter(question["right"] for question in key["questions"]).values()) <= {2, 3}


def test_the_three_notebooks_ask_the_same_and_hold_no_answer(project, key):
    asked = []
    for number in TAKES:
        notebook = nbformat.read(project.release / concepts.FOLDER / concept_test.notebook_name(number), 4)
        nbformat.validate(notebook)
        asked.append([cell.source for cell in notebook.cells if cell.id.startswith("question")])
        text = "\n".join(cell.source for cell in notebook.cells)
        assert not [answer["shows"] for question in key["questions"] for answer in question["answers"].values()
                    if answer["shows"] and answer["shows"] in text]
        assert text.count(', "")') == 10
    assert len(asked[0]) == 10
    assert asked[0] == asked[1] == asked[2]


def test_every_link_leads_to_a_cell_of_the_release_with_that_heading(project, key):
    for question in key["questions"]:
        for answer in (answer for answer in question["answers"].values() if answer["shows"]):
            path, _, cell_id = address(answer["lesson"], answer["cell"]).partition("#cell-id=")
            cells = json.loads((project.release / concepts.FOLDER / path).resolve().read_text(encoding="utf-8"))["cells"]
            [there] = [cell for cell in cells if cell["id"] == cell_id]
            headings = [re.sub(r" \(\d+ points?.*\)$", "", line.strip().lstrip("# "))
                        for line in there["source"] if line.startswith("#")]
            assert answer["section"] in headings


def test_a_link_to_a_section_that_is_gone_stops_the_build(copied, project):
    source = (project.solutions / concept_test.SOURCE).read_text(encoding="utf-8")
    (copied.solutions / concept_test.SOURCE).write_text(source.replace("02-matmul: The way back", "02-matmul: No way"),
                                                        encoding="utf-8")
    assert any("answer d leads to '02-matmul', section 'No way', which isn't there" in fault
               for fault in concept_test.faults(copied))


def test_a_course_without_a_concept_test_builds_without_one(copied):
    assert (concept_test.faults(copied), concept_test.files(copied), concept_test.write_test(copied)) == ([], {}, [])


def test_it_comes_into_a_learners_folder_once_without_the_key(copied, project):
    for path in (project.release / concepts.FOLDER).iterdir():
        (copied.release / concepts.FOLDER).mkdir(exist_ok=True)
        (copied.release / concepts.FOLDER / path.name).write_bytes(path.read_bytes())
    copy_lessons(copied)
    mine = copied.work / concepts.FOLDER
    assert sorted(path.name for path in mine.iterdir()) == [concept_test.notebook_name(number) for number in TAKES]
    (mine / concept_test.notebook_name(1)).write_text("mine", encoding="utf-8")
    copy_lessons(copied)
    assert (mine / concept_test.notebook_name(1)).read_text(encoding="utf-8") == "mine"


# A learner

def test_the_first_take_says_that_it_is_kept_and_nothing_about_right_or_wrong(key, beside, capsys):
    told = take(1, letters(key, wrong=[3]))
    assert told.lines == ()
    assert "All 10 answers are kept" in str(told)
    said = capsys.readouterr().out + str(told) + told._repr_html_()
    assert not [answer["shows"] for question in key["questions"] for answer in question["answers"].values()
                if answer["shows"] and answer["shows"] in said]
    assert json.loads((beside / KEPT).read_text())[key["edition"]]["1"] == letters(key, wrong=[3])


def test_what_is_still_open_is_named(key, beside):
    answers = letters(key)
    del answers["4"], answers["9"]
    assert "Still open: question 4, 9." in str(take(1, answers))


def test_a_letter_that_is_none_is_refused_in_words_and_keeps_what_was_there(key, beside, capsys):
    this = Take(1)
    this.answer(2, " B ")
    this.answer(2, "e")
    assert "'e' is none of them" in capsys.readouterr().out
    assert json.loads((beside / KEPT).read_text())[key["edition"]]["1"] == {"2": "b"}


def test_an_answer_can_be_taken_back(key, beside):
    this = Take(1)
    this.answer(2, "b")
    this.answer(2, "")
    assert json.loads((beside / KEPT).read_text())[key["edition"]]["1"] == {}


def test_the_second_take_says_what_has_gone_what_remains_and_where_it_is_answered(key, beside):
    take(1, letters(key, wrong=[1, 3, 10]))
    told = take(2, letters(key, wrong=[3, 5, 10]))
    became = {line.question.split()[0]: line for line in told.lines}
    assert [became[i].became for i in ("1", "2", "3", "5")] == ["gone", "right, as before", "still there", "new"]
    assert became["1"].idea == "The data themselves are updated."
    assert (became["3"].lesson, became["3"].section, became["3"].later) == (
        "04-training-loop", "A level that stands twice", False)
    assert became["10"].later
    assert "7 of 10 right now; before lesson 1 it was 7." in str(told)
    assert 'href="../04-training-loop/04-training-loop.ipynb#cell-id=cell-19"' in told._repr_html_()


def test_another_idea_in_the_old_ones_place_is_new_and_not_still_there(key, beside):
    wrong = [letter for letter in "abcd" if letter != key["questions"][2]["right"]]
    for number, letter in ((1, wrong[0]), (2, wrong[1])):
        take(number, letters(key))
        Take(number).answer(3, letter)
    line = Take(2).result().lines[2]
    assert (line.became, line.idea) == ("new", key["questions"][2]["answers"][wrong[1]]["shows"])


def test_a_question_that_is_not_there_keeps_nothing(key, beside, capsys):
    for number in (0, 11):
        Take(1).answer(number, "a")
        assert f"there is no question {number}; they go from 1 to 10" in capsys.readouterr().out
    assert not (beside / KEPT).exists()


def test_a_file_that_somebody_has_edited_is_named_and_left_as_it_is(key, beside):
    (beside / KEPT).write_text("{half")
    with pytest.raises(ValueError, match=f"{KEPT} is not what this test has written"):
        Take(1).answer(1, "a")
    assert (beside / KEPT).read_text() == "{half"


@pytest.mark.parametrize(("wrong", "sent_back"), [([1], False), ([1, 2, 5], False), ([1, 7], True), ([3, 4, 7], True)])
def test_two_wrong_of_the_four_about_the_update_lead_back_to_lesson_four(key, beside, wrong, sent_back):
    assert ("lessons 4 and 5 answer them" in str(take(3, letters(key, wrong)))) == sent_back


def test_without_a_first_take_nothing_is_called_gone(key, beside):
    told = take(2, letters(key, wrong=[6]))
    assert {line.became for line in told.lines} == {"right", "wrong"}


def test_answers_to_other_questions_are_left_alone(key, beside):
    (beside / KEPT).write_text('{"older": {"1": {"1": "a"}}}')
    told = take(2, letters(key))
    assert "before lesson 1" not in str(told)
    assert json.loads((beside / KEPT).read_text())["older"] == {"1": {"1": "a"}}


def test_the_key_is_found_from_a_learners_folder(project, tmp_path, monkeypatch):
    monkeypatch.chdir(project.root / "tests")
    assert read_key()["edition"]


# A class

def a_class(folder, key, people=6):
    for i in range(people):
        (folder / f"person{i}").mkdir(parents=True)
        text = kept(key, take1=letters(key, wrong=[1, 3, 4]), take2=letters(key, wrong=[4] if i else []))
        (folder / f"person{i}" / KEPT).write_text(text)
    return folder


def test_a_class_is_shown_before_and_after_by_question_and_by_misconception(key, tmp_path):
    takes, notes = concept_class.read_folder(a_class(tmp_path, key), key)
    comparison = concept_class.compare_class(key, takes, None)
    assert notes == []
    assert (comparison.people, comparison.take) == (6, 2)
    assert [(row.before, row.after) for row in comparison.right[:4]] == [(0, 6), (6, 6), (0, 6), (0, 1)]
    shown = {row.name: (row.before, row.after) for row in comparison.ideas}
    assert shown["1 The data themselves are updated."] == (6, 0)
    assert len(shown) == 3


def test_the_page_draws_both_and_describes_them_and_names_nobody(key, tmp_path):
    takes, _ = concept_class.read_folder(a_class(tmp_path, key), key)
    page = concept_class.as_page(concept_class.compare_class(key, takes, None))
    assert page.count("<svg") == 2
    assert "1 where the gradient is: 0 then 6" in page
    assert "person" not in page
    assert "http://" not in re.sub(r'xmlns(:\w+)?="[^"]+"', "", page)


@pytest.mark.parametrize("people", [0, 1, 4])
def test_a_group_of_fewer_than_five_is_not_shown(project, key, tmp_path, capsys, monkeypatch, people):
    (tmp_path / "class").mkdir()
    monkeypatch.chdir(project.root)
    page = tmp_path / "page.html"
    assert main(["concepts", str(a_class(tmp_path / "class", key, people)), "--page", str(page)]) == 1
    said = capsys.readouterr()
    assert "a group of fewer than 5 isn't shown" in said.err
    assert said.out == ""
    assert not page.exists()


def test_only_those_who_took_both_are_counted(key, tmp_path):
    a_class(tmp_path, key)
    (tmp_path / "late").mkdir()
    (tmp_path / "late" / KEPT).write_text(kept(key, take2=letters(key)))
    takes, _ = concept_class.read_folder(tmp_path, key)
    assert concept_class.compare_class(key, takes, None).people == 6
    with pytest.raises(Problem, match="0 people answered before lesson 1 and after lesson 8"):
        concept_class.compare_class(key, takes, 3)


def test_handed_in_notebooks_are_read_and_not_run(project, key, tmp_path):
    (tmp_path / "ada").mkdir()
    for number in (1, 2):
        notebook = nbformat.read(project.release / concepts.FOLDER / concept_test.notebook_name(number), 4)
        for cell in notebook.cells:
            if cell.id.startswith("answer"):
                cell.source = cell.source.replace('""', f'"{letters(key)[str(int(cell.id[-2:]))]}"') + "\nraise SystemExit"
        nbformat.write(notebook, tmp_path / "ada" / concept_test.notebook_name(number))
    assert concept_class.read_folder(tmp_path, key)[0] == {"ada": {1: letters(key), 2: letters(key)}}


def test_what_cannot_be_read_or_is_incomplete_is_said_and_counts_for_nothing(key, tmp_path):
    for name, text in {"a": "{", "b": "[]", "c": '{"other": {}}', "d": kept(key, take1={"1": "a"}),
                       "e": f'{{"{key["edition"]}": {{"x": 1}}}}'}.items():
        (tmp_path / f"{name}.json").write_text(text)
    (tmp_path / "f.ipynb").write_text("no notebook")
    (tmp_path / "g.ipynb").write_text('{"cells": [{"cell_type": "code", "source": "%time Take(1)"}, {"cell_type": 7}]}')
    (tmp_path / "h.json").write_text("[" * 100_000)
    takes, notes = concept_class.read_folder(tmp_path, key)
    assert takes == {}
    assert [note.split(":")[0] for note in notes] == ["a.json", "b.json", "c.json", "d.json", "e.json", "h.json"]
    assert notes[3] == "d.json: before lesson 1 is not complete and left out"


def test_a_class_that_holds_no_misconception_is_told_so():
    nobody = concept_class.Comparison(6, 2, [concept_class.Row("1 where", 6, 6)], [])
    assert "nobody held one" in "\n".join(concept_class.as_text(nobody))
    assert concept_class.as_page(nobody).count("<svg") == 1
