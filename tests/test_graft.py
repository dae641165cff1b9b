"""Laying answers on a release: what real notebooks arrive as, and what must become of it."""
import copy
import json
import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from embedding_course.course.graft import answers_in, graft
from embedding_course.course.lesson import read_lesson
from embedding_course.course.problem import Problem
from embedding_course.course.project import Project
from embedding_course.course.reading import parse_notebook, read_notebook
from embedding_course.course.work import update, write_copy

PROJECT = Project.find()
ANSWER = "def pluck(codes, weight):\n    return 'mine'"


@pytest.fixture
def release(project):
    return read_notebook(project.released("02-matmul"))


@pytest.fixture
def work(release):
    """The release with an answer to pluck, a guess and a written answer."""
    work = copy.deepcopy(release)
    by_id(work, "pluck").source = ANSWER
    by_id(work, "own-words").source = "In my words."
    return work


def by_id(notebook, name):
    return next(cell for cell in notebook.cells if cell.get("id") == name)


def sources(notebook):
    return [cell.source for cell in notebook.cells]


def position(notebook, name):
    return next(i for i, cell in enumerate(notebook.cells) if cell.get("id") == name)


def test_untouched_work_becomes_the_release(release):
    result, notes, _ = graft(release, copy.deepcopy(release))
    assert sources(result) == sources(release)
    assert notes == []


def test_answers_are_taken_over_and_nothing_else(release, work):
    by_id(work, "check-pluck").source = "2.0"
    result, notes, _ = graft(release, work)
    assert by_id(result, "pluck").source == ANSWER
    assert by_id(result, "own-words").source == "In my words."
    assert by_id(result, "check-pluck").source == 'check("pluck")'
    assert any("check-pluck" in note for note in notes)


def test_a_deleted_check_comes_back_in_its_place(release, work):
    del work.cells[position(work, "check-pluck")]
    result, *_ = graft(release, work)
    assert position(result, "check-pluck") == position(release, "check-pluck")


def test_a_deleted_import_cell_comes_back(release, work):
    del work.cells[1]
    assert graft(release, work)[0].cells[1].source == release.cells[1].source


def test_a_doubled_answer_counts_once(release, work):
    work.cells.append(new_code_cell(ANSWER, metadata=by_id(work, "pluck").metadata))
    result, *_ = graft(release, work)
    assert sources(result).count(ANSWER) == 1


def test_a_split_answer_is_joined_in_its_order(release, work):
    cell = by_id(work, "pluck")
    cell.source = "import math"
    work.cells.insert(position(work, "pluck") + 1, new_code_cell(ANSWER, metadata=cell.metadata))
    result, notes, _ = graft(release, work)
    assert by_id(result, "pluck").source == f"import math\n\n{ANSWER}"
    assert any("several cells" in note for note in notes)


def test_the_rest_of_an_answer_that_was_cut_off_without_its_metadata_is_joined(release, work):
    cell = by_id(work, "pluck")
    cell.source = "def pluck(codes, weight):\n    if codes.max() > 3:\n        raise IndexError"
    work.cells.insert(position(work, "pluck") + 1, new_code_cell("    rows = 'mine'\n    return rows"))
    result, notes, _ = graft(release, work)
    assert by_id(result, "pluck").source.endswith("    rows = 'mine'\n    return rows")
    assert len(result.cells) == len(release.cells)
    assert any("several cells" in note for note in notes)


def test_a_method_that_was_cut_off_from_its_class_is_joined(project):
    release = read_notebook(project.released("03-nn-embedding"))
    work = copy.deepcopy(release)
    at = position(work, "LookupTable")
    work.cells[at].source = "class LookupTable(nn.Module):\n    def __init__(self):\n        super().__init__()"
    work.cells.insert(at + 1, new_code_cell("    def forward(self, codes):\n        return codes"))
    result, *_ = graft(release, work)
    assert "    def forward" in by_id(result, "LookupTable").source


def test_what_stands_alone_below_an_answer_stays_a_cell_of_its_own(release, work):
    for source in ("print(1)", "    print(pluck)", "%timeit 1", "!ls", "def helper():\n    pass", "x = (", "",
                   "    # a note\nprint(1)", "# a note"):
        again = copy.deepcopy(work)
        again.cells.insert(position(again, "pluck") + 1, new_code_cell(source))
        result, notes, _ = graft(release, again)
        assert (by_id(result, "pluck").source, notes) == (ANSWER, [])
        assert result.cells[position(result, "pluck") + 1].source == source


def test_a_note_below_an_answer_of_comments_is_no_rest_of_it(release, work):
    by_id(work, "pluck").source = "# to do"
    work.cells.insert(position(work, "pluck") + 1, new_code_cell("    # later\nprint(1)"))
    assert by_id(graft(release, work)[0], "pluck").source == "# to do"


@pytest.mark.parametrize(("host", "guest"), [("matmul", "pluck"), ("pluck", "matmul")])
def test_two_answers_in_one_cell_both_count(release, work, host, guest):
    by_id(work, host).source = f"def {host}(*inputs):\n    return 1\n\n\ndef {guest}(*inputs):\n    return 2"
    del work.cells[position(work, guest)]
    result, notes, _ = graft(release, work)
    defined = {}
    for name in ("matmul", "pluck"):   # as far as each check comes
        exec(by_id(result, name).source, defined)
        assert defined[name]() == (1 if name == host else 2)
    assert any(f"in the cell of {host}" in note for note in notes)


def test_an_answer_moved_below_its_check_returns_to_its_place(release, work):
    work.cells.append(work.cells.pop(position(work, "pluck")))
    result, *_ = graft(release, work)
    assert by_id(result, "pluck").source == ANSWER
    assert position(result, "pluck") == position(release, "pluck")


def test_an_answer_turned_into_text_is_code_again(release, work):
    at = position(work, "pluck")
    work.cells[at] = new_markdown_cell(ANSWER, metadata=work.cells[at].metadata)
    result, *_ = graft(release, work)
    assert by_id(result, "pluck").cell_type == "code"
    assert by_id(result, "pluck").source == ANSWER


def test_stripped_metadata_costs_nothing(release, work):
    for number, cell in enumerate(work.cells):
        cell.metadata, cell.id = {}, f"x{number}"
    result, *_ = graft(release, work)
    assert by_id(result, "pluck").source == ANSWER
    assert by_id(result, "own-words").source == "In my words."
    assert len(result.cells) == len(release.cells)


def stripped(cells, answers):
    return [new_code_cell(cell.source) if cell.cell_type == "code" else new_markdown_cell(cell.source) for cell in cells]


def answers_first(cells, answers):
    return [*answers, *(cell for cell in cells if cell not in answers)]


def answers_last(cells, answers):
    return [*(cell for cell in cells if cell not in answers), *answers[::-1]]


def twice(cells, answers):
    return cells + copy.deepcopy(cells)


def answers_alone(cells, answers):
    return stripped(answers, answers)


def cut_in_two(cells, answers):
    """Each answer within its function; the second half is a plain cell."""
    made = []
    for cell in cells:
        made.append(cell)
        if cell in answers:
            lines = cell.source.split("\n")
            made.append(new_code_cell("\n".join(lines[len(lines) // 2:])))
            cell.source = "\n".join(lines[:len(lines) // 2])
    return made


@pytest.mark.parametrize("shape", [stripped, answers_first, answers_last, twice, answers_alone, cut_in_two])
@pytest.mark.parametrize("name", PROJECT.lesson_names())
def test_answers_to_every_lesson_are_found_in_every_shape(name, shape):
    release = read_notebook(PROJECT.released(name))
    work, exercises = copy.deepcopy(release), read_lesson(PROJECT.solutions / f"{name}.py").with_role("exercise")
    for exercise in exercises:
        by_id(work, exercise.name).source = re.sub(r"^ *### (BEGIN|END) SOLUTION\n?", "", exercise.source, flags=re.M)
    right = copy.deepcopy(work)
    work.cells = shape(work.cells, [by_id(work, exercise.name) for exercise in exercises])
    result, *_ = graft(release, work)
    for exercise in exercises:
        found, wanted = (by_id(notebook, exercise.name).source.split() for notebook in (result, right))
        assert found == wanted


def test_own_cells_stay_where_the_learner_put_them(release, work):
    at = position(work, "pluck")
    work.cells.insert(at, new_code_cell("helper = 1", metadata={"tags": ["skip-execution"]}))
    result, *_ = graft(release, work)
    own = result.cells[position(result, "pluck") - 1]
    assert own.source == "helper = 1"
    assert own.metadata == {}


def test_unknown_grade_ids_become_own_cells(release, work):
    work.cells.append(new_code_cell("x = 1", metadata={"nbgrader": {"grade_id": "other", "grade": True, "points": 9}}))
    result, *_ = graft(release, work)
    assert "nbgrader" not in result.cells[-1].metadata


def test_guesses_are_kept(release, work):
    guess = next(cell for cell in work.cells if "guess" in cell.metadata.get("embedding_course", {}))
    guess.source = "guess = 7"
    assert "guess = 7" in sources(graft(release, work)[0])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_notebook_is_read_whatever_the_encoding(project, tmp_path, encoding):
    text = '{"cells": [{"cell_type": "code", "source": "# für JFK", "metadata": []}], "nbformat": 4, "nbformat_minor": 1}'
    path = tmp_path / "n.ipynb"
    path.write_bytes(text.encode(encoding))
    assert read_notebook(path).cells[0].source == "# für JFK"


@pytest.mark.parametrize(("content", "reason"), [
    ("", "empty"), ("{", "no JSON"), ("[1]", "without cells"), ('{"a": 1}', "without cells"), ('{"cells": 3}', "no list")])
def test_what_is_no_notebook_is_refused_by_name(tmp_path, content, reason):
    path = tmp_path / "n.ipynb"
    path.write_text(content)
    with pytest.raises(Problem, match=f"n.ipynb: .*{reason}"):
        read_notebook(path)


def test_a_written_answer_in_blocks_without_ids_is_one(release, work):
    by_id(work, "own-words").source = "First words.\n\nMore words.\n\n- a point"
    blocks = []
    for cell in work.cells:
        parts = cell.source.split("\n\n") if cell.cell_type == "markdown" else [cell.source]
        make = new_markdown_cell if cell.cell_type == "markdown" else new_code_cell
        blocks += [make(" ".join(part.replace("**", "").split("\n"))) if parts[1:] else make(part) for part in parts]
    work.cells = blocks
    result, notes, _ = graft(release, work)
    assert by_id(result, "own-words").source == "First words.\n\nMore words.\n\n- a point"
    assert len(result.cells) == len(release.cells)
    assert any("own-words" in note for note in notes)


def test_words_below_the_stub_of_a_written_answer_are_the_answer(release):
    work = copy.deepcopy(release)
    work.cells.insert(position(work, "own-words") + 1, new_markdown_cell("In my words."))
    assert by_id(graft(release, work).notebook, "own-words").source == "In my words."


def with_picture(text, data, name="a.png"):
    return new_markdown_cell(f"{text} ![x](attachment:{name})", attachments={name: {"image/png": data}})


def test_pictures_come_along_and_keep_apart(release, work):
    answer = by_id(work, "own-words")
    answer.source, answer["attachments"] = "One ![x](attachment:a.png)", {"a.png": {"image/png": "QQ=="}}
    second = with_picture("Two", "Qg==")
    second.metadata = answer.metadata
    work.cells.insert(position(work, "own-words") + 1, second)
    work.cells.insert(1, with_picture("Note", "Qw=="))
    result = graft(release, work).notebook
    assert result.cells[1].attachments == {"a.png": {"image/png": "Qw=="}}
    assert by_id(result, "own-words").source == "One ![x](attachment:a.png)\n\nTwo ![x](attachment:1-a.png)"
    assert by_id(result, "own-words").attachments == {"a.png": {"image/png": "QQ=="}, "1-a.png": {"image/png": "Qg=="}}


def test_pictures_are_read_and_anything_else_attached_is_not():
    pasted = {"a": {"image/png": ["Q", "Q=="]}, "b": {"text/html": "x"}}
    cell = {"cell_type": "markdown", "source": "x", "attachments": pasted}
    assert parse_notebook(json.dumps({"cells": [cell]}).encode(), "n").cells[0].attachments == {"a": {"image/png": "QQ=="}}


@pytest.fixture
def newer(release):
    """A release that came after: two of its cells have other texts."""
    newer = copy.deepcopy(release)
    by_id(newer, "cell-01").source += "\nimport json"
    by_id(newer, "cell-11").source = "Another text."
    by_id(newer, "pluck").source = by_id(newer, "pluck").source.replace("Your code", "YOUR CODE")
    newer.metadata["embedding_course"] = {"release": "newer", "texts": ""}
    return newer


def test_an_older_releases_text_is_no_change_of_the_learners(newer, release):
    result, notes, flags = graft(newer, release)
    assert (sources(result), notes, flags) == (sources(newer), [], [])
    assert answers_in(newer, release) == {}


def test_where_both_changed_a_cell_both_are_kept_the_releases_first(newer, work):
    by_id(work, "cell-01").source = "import math\n" + by_id(work, "cell-01").source
    result, notes, _ = graft(newer, work)
    at = position(result, "cell-01")
    assert result.cells[at].source == by_id(newer, "cell-01").source
    assert result.cells[at + 1].source == by_id(work, "cell-01").source
    assert any("cell-01" in note for note in notes)


@pytest.mark.parametrize(("added", "kept"), [("\nhelper = 3", True), ("\n# once there was a note", False)])
def test_of_a_copy_without_marks_what_defines_a_new_name_is_kept(newer, work, added, kept):
    work.metadata["embedding_course"] = {"release": "older"}
    by_id(work, "cell-10").source += added
    result, notes, _ = graft(newer, work)
    assert (added.strip() in "\n".join(sources(result))) is kept
    assert any(note.startswith("cell-10") for note in notes)


def test_an_answer_below_its_check_beside_another_is_flagged(release, work):
    copied = new_code_cell("def pluck(codes, weight):\n    return 'other'", metadata=by_id(work, "pluck").metadata)
    work.cells.insert(position(work, "check-pluck") + 1, copied)
    result, notes, flags = graft(release, work)
    assert by_id(result, "pluck").source == ANSWER
    assert copied.source in sources(result)
    assert flags and set(flags) <= set(notes)


def test_an_update_that_had_to_choose_says_so(copied, work):
    work.cells.insert(position(work, "check-pluck") + 1, new_code_cell(
        "def pluck(codes, weight):\n    return 'other'", metadata=by_id(work, "pluck").metadata))
    cell = by_id(work, "own-words")
    cell["attachments"] = {"a.png": {"image/png": "QQ=="}}
    work.metadata["embedding_course"]["release"] = "older"
    write_copy(work, copied.copy("02-matmul"))
    said = update(copied, "02-matmul")
    assert "your answers are in it" not in said[0]
    assert any("pluck: several cells hold an answer" in line for line in said)
    updated = read_notebook(copied.copy("02-matmul"))
    assert by_id(updated, "pluck").source == ANSWER
    assert by_id(updated, "own-words").attachments == cell["attachments"]
