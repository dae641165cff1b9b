"""The question index: every question has a section whose code answers it, and the page leads there."""
import json
import re

import pytest

from embedding_course.course.build import build, built
from embedding_course.course.cli import main
from embedding_course.course.lesson import Cell
from embedding_course.course.problem import Problem
from embedding_course.course.project import Project
from embedding_course.course.questions import PRICE, index_faults, page, section_of, stale_page, write_page

NAME = "02-matmul"
LISTED = """["First"]
4 = ["Is it a matrix?", "Yes."]
P6 = ["Like a linear layer?", "Like one | without bias."]
"""


@pytest.fixture
def asked(copied) -> Project:
    """A project with lesson 2, two questions, and marks for no others."""
    (copied.solutions / "questions.toml").write_text(LISTED, encoding="utf-8")
    source = copied.solutions / f"{NAME}.py"
    text = re.sub(r' answers="[^"]*"', "", source.read_text(encoding="utf-8"))
    source.write_text(text, encoding="utf-8")
    mark(copied, "JFK has code 2", "4")
    mark(copied, "## Without multiplying", "P6")
    return copied


def mark(project, words, numbers):
    """Puts a mark on the text cell that begins or goes on with some words."""
    source = project.solutions / f"{NAME}.py"
    before, words, after = source.read_text(encoding="utf-8").partition(f"# {words}")
    head, marker, cell = before.rpartition("# %% [markdown]")
    source.write_text(f'{head}{marker} answers="{numbers}"{cell}{words}{after}', encoding="utf-8")


def unmark(project, numbers):
    source = project.solutions / f"{NAME}.py"
    source.write_text(source.read_text(encoding="utf-8").replace(f' answers="{numbers}"', ""), encoding="utf-8")


def text(source, answers=()):
    return Cell("markdown", "", "", 1, source, answers=answers)


def code(role=""):
    return Cell("code", role, "", 1, "1")


def test_eighty_nine_questions_are_listed_once_each(project):
    numbers = re.findall(r"^(P?\d+) = ", (project.solutions / "questions.toml").read_text(encoding="utf-8"), re.M)
    assert sorted(numbers) == sorted([*map(str, range(1, 13)), *(f"P{i}" for i in range(1, 78))])


def test_every_question_has_a_place(project):
    assert index_faults(project) == []


def test_the_page_is_what_the_marks_give(project):
    assert stale_page(project) == []


def test_every_link_of_the_page_leads_to_a_notebook_that_has_the_section(project):
    rows = [line for line in page(project).splitlines() if line.startswith("|") and ".ipynb)" in line]
    assert len(rows) >= 89
    for row in rows:
        target, section = re.search(r"\(([^()]+\.ipynb)\): (.*) \|$", row).groups()
        cells = json.loads((project.release / target).read_text(encoding="utf-8"))["cells"]
        lines = [line.strip() for cell in cells for line in "".join(cell["source"]).splitlines()]
        headings = {PRICE.sub("", line.lstrip("# ")) for line in lines if line.startswith("#")}
        assert section == "the whole lesson" or section.replace(r"\|", "|") in headings, row


def test_no_mark_reaches_the_notebooks_of_the_release(project):
    for name in project.lesson_names():
        cells = json.loads(project.released(name).read_text(encoding="utf-8"))["cells"]
        assert not [cell for cell in cells if "answers" in cell["metadata"]], name


def test_a_question_without_a_place_is_named_with_its_words(asked):
    unmark(asked, "P6")
    assert index_faults(asked) == ["questions.toml:3: no lesson answers P6, 'Like a linear layer?'"]


def test_a_number_that_nobody_asked_is_named_with_file_and_line(asked):
    mark(asked, "## What the zeros cost", "P99")
    fault, = index_faults(asked)
    assert re.fullmatch(rf"{NAME}\.py:\d+: answers P99, which questions\.toml doesn't list", fault)
    line = int(fault.split(":")[1])
    assert "P99" in (asked.solutions / f"{NAME}.py").read_text(encoding="utf-8").splitlines()[line - 1]


def test_a_mark_where_no_code_follows_is_no_place(asked):
    unmark(asked, "P6")
    mark(asked, "## To keep", "P6")
    without_code, without_place = index_faults(asked)
    assert "answers P6, but no code follows in the section 'To keep'" in without_code
    assert "no lesson answers P6" in without_place


def test_all_faults_are_told_at_once_and_the_build_replaces_nothing(asked):
    write_page(asked)
    before = {path: path.read_bytes() for path in asked.release.rglob("*") if path.is_file()}
    unmark(asked, "4")
    unmark(asked, "P6")
    with pytest.raises(Problem, match="answers 4.*\n.*answers P6"):
        build(asked, [NAME])
    assert {path: path.read_bytes() for path in asked.release.rglob("*") if path.is_file()} == before


@pytest.mark.everything
def test_a_build_writes_the_page_once(asked):
    assert "QUESTIONS.md" in build(asked, [NAME])
    assert f"| [Lesson 2]({NAME}/{NAME}.ipynb): Fifteen products |" in \
        (asked.release / "QUESTIONS.md").read_text(encoding="utf-8")
    assert build(asked, [NAME]) == []


def test_a_place_that_vanished_fails_the_check_by_name(asked, monkeypatch, capsys):
    mark(asked, "## What the zeros cost", "4")      # a second place
    build(asked, [NAME])
    unmark(asked, "4")                              # both gone, one comes back
    mark(asked, "JFK has code 2", "4")
    monkeypatch.chdir(asked.root)
    assert main(["build", "--check"]) == 1
    said = capsys.readouterr().out
    assert "QUESTIONS.md names a place that is gone" in said
    assert "What the zeros cost" in said


def test_a_lesson_that_vanished_leaves_its_questions_without_a_place(asked):
    (asked.solutions / f"{NAME}.py").unlink()
    assert len(index_faults(asked)) == 2


def test_a_list_that_cannot_be_read_is_one_line_not_a_traceback(asked):
    (asked.solutions / "questions.toml").write_text("4 = [", encoding="utf-8")
    with pytest.raises(Problem, match="questions.toml: not a list of"):
        index_faults(asked)


def test_a_number_listed_in_two_groups_is_a_fault(asked):
    (asked.solutions / "questions.toml").write_text(LISTED + '["Second"]\n4 = ["Again?", "No."]\n', encoding="utf-8")
    assert any("4 stands twice" in fault for fault in index_faults(asked))


def test_a_course_without_questions_builds_without_a_page(copied):
    with built(copied, [NAME]):
        pass
    assert (page(copied), write_page(copied), stale_page(copied)) == (None, [], [])


def test_a_heading_is_named_without_points_and_minutes_and_a_title_as_the_whole_lesson(asked):
    mark(asked, "## Exercise: `pluck`", "4")
    mark(asked, "# What does a one-hot row do", "P6")
    text = page(asked)
    assert f"[Lesson 2]({NAME}/{NAME}.ipynb): Exercise: `pluck` |" in text
    assert f"[Lesson 2]({NAME}/{NAME}.ipynb): the whole lesson |" in text
    assert f"\n- [Lesson 2]({NAME}/{NAME}.ipynb): What does a one-hot row do to a matrix?\n" in text


def test_a_second_place_stands_below_the_first_and_a_bar_does_not_break_the_table(asked):
    mark(asked, "## What the zeros cost", "4")
    rows = [line for line in page(asked).splitlines() if line.startswith("|") and ".ipynb)" in line]
    assert [row.count(" | ") for row in rows] == [3, 3, 3]
    assert rows[1].startswith("|  |  |  | [Lesson 2](")
    assert r"Like one \| without bias." in rows[2]


@pytest.mark.parametrize(("cells", "expected"), [
    ([text("## A"), text("more"), code()], ("A", True)),
    ([text("the last of it\n## A\nnext\n## B"), code()], ("B", True)),
    ([text("## A"), code("guess"), text("## B"), code()], ("A", False)),        # a guess answers nothing
    ([text("## A"), text("### A.1"), code()], ("A", True)),                     # a part of A
    ([text("### A.1"), text("## B"), code()], ("A.1", False)),
    ([text("```\n# no heading\n```\n## A"), code("exercise"), code("check")], ("A", True)),
])
def test_a_section_reaches_from_its_heading_to_the_next_of_its_rank(cells, expected):
    assert section_of(cells, 0) == expected


def test_a_mark_below_a_heading_belongs_to_it():
    cells = [text("## A"), code(), text("and this?"), code(), text("## B")]
    assert section_of(cells, 2) == ("A", True)
    assert section_of([*cells[:3], cells[4]], 2) == ("A", False)   # the code above it was about something else
