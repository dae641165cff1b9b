"""Feedback on its way back: what a page begins with, which archive holds it under which name, and what is said."""
import io
import re
import shutil
import zipfile

import nbformat
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browsing import browser, needs_chromium
from conftest import copy_project
from nbgrader.api import Gradebook
from small_class import LESSON, QUESTION, bare, grade, hand_in, names

from embedding_course.course.cli import main
from embedding_course.course.grading.given import known_mistakes
from embedding_course.course.grading.report import misconceptions, table
from embedding_course.course.guides import guide_to
from embedding_course.course.lms.archives import attempts
from embedding_course.course.lms.origins import recall, remember
from embedding_course.course.nbgrader_api import configuration
from embedding_course.course.next_step import next_step
from embedding_course.course.project import Project

PAGE = f"{LESSON}.html"
SHOWN = """() => [...document.querySelectorAll("body *")].filter(one => one.getClientRects().length
    && one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def template(project, tmp_path_factory):
    """Four graded students, one refused, one who has handed in nothing."""
    room = bare(project, tmp_path_factory.mktemp("feedback") / "course")
    for student in ("1041", "1042", "ada", "zoe"):
        grade(room, student, None if student == "zoe" else "A row is plucked.")
    grade(room, "kim", None, refused="no JSON")
    names(room, ada="Ada Lovelace", lea="Lea Moss")
    return room


@pytest.fixture
def room(template, tmp_path, monkeypatch):
    room = Project(shutil.copytree(template.root, tmp_path / "course"))
    monkeypatch.chdir(room.root)
    return room


def settle(room, points=2, comment=None, students=("1041", "1042", "ada")):
    """A person's marks."""
    with Gradebook(configuration(room).CourseDirectory.db_url) as book:
        for student in students:
            written = book.find_grade(QUESTION, LESSON, LESSON, student)
            written.manual_score, written.needs_manual_grade = points, False
            book.find_comment(QUESTION, LESSON, LESSON, student).manual_comment = comment
        book.db.commit()


def packed(names):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    return zipfile.ZipFile(memory)


def came_as(room, *packed_names):
    found, _ = attempts(packed(packed_names), LESSON)
    remember(room, LESSON, found)


def archive(room, system):
    with zipfile.ZipFile(room.classroom / "returned" / f"{LESSON}-{system}.zip") as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_feedback_goes_back_to_moodle_canvas_and_folders_under_their_names(room, capsys):
    settle(room, 1, "And the **price**?")
    came_as(room, f"Ann Lee_1041_assignsubmission_file_/{LESSON}.ipynb", "Ann Lee_1041_assignsubmission_file_/notes.txt")
    came_as(room, f"leebo_LATE_1042_77_{LESSON}.ipynb")
    assert main(["feedback", LESSON]) == 1   # kim was refused
    said = capsys.readouterr()
    moodle, canvas, folders = (archive(room, system) for system in ("moodle", "canvas", "folders"))
    assert list(moodle) == [f"Ann Lee_1041_assignsubmission_file_/{PAGE}"]
    assert list(canvas) == [f"leebo_LATE_1042_77_{LESSON}.ipynb"]
    assert list(folders) == [f"{student}/{PAGE}" for student in ("1041", "1042", "ada", "zoe")]
    first = nbformat.reads(canvas[f"leebo_LATE_1042_77_{LESSON}.ipynb"].decode(), 4).cells[0].source
    assert first.startswith(f"# Feedback on {LESSON}\n\n**7 of 10 points**")
    assert "Row 1 was asked for." in first and "> And the **price**?" in first
    assert "under which name they handed in (`course unpack` remembers it): ada, zoe" in said.err
    assert "no page, the submission was refused: kim" in said.err
    assert "no page, nothing handed in: Lea Moss (lea)" in said.err
    assert said.out.endswith(f"next: `course scores {LESSON} TABLE.csv`\n")


@pytest.mark.parametrize(("path", "name"), [
    (f"Ann Lee_1041_assignsubmission_file/{LESSON}.ipynb", "Ann Lee_1041_assignsubmission_file/"),
    (f"Ann Lee_1041_assignsubmission_file_{LESSON}.ipynb", "Ann Lee_1041_assignsubmission_file_"),
    (f"submissions/Ann Lee_1041_assignsubmission_file_/{LESSON}.ipynb", "Ann Lee_1041_assignsubmission_file_/"),
    (f"A:n?n_1041_assignsubmission_file_/{LESSON}.ipynb", "Participant_1041_assignsubmission_file_/")])
def test_moodles_names_of_all_its_versions_are_remembered(copied, path, name):
    came_as(copied, path)
    assert recall(copied, LESSON) == {"1041": {"system": "moodle", "name": name}}


def test_unpacking_again_remembers_and_a_folder_makes_forget(copied, monkeypatch):
    monkeypatch.chdir(copied.root)
    for number, name in enumerate((f"Ann Lee_1041_assignsubmission_file_/{LESSON}.ipynb", f"1041/{LESSON}.ipynb")):
        with zipfile.ZipFile(copied.root / f"{number}.zip", "w") as made:
            made.writestr(name, b"{}")
    main(["unpack", LESSON, "0.zip"])
    (copied.classroom / "unpacked" / f"{LESSON}.json").unlink()
    main(["unpack", LESSON, "0.zip"])   # as before
    assert recall(copied, LESSON)["1041"]["name"].startswith("Ann Lee")
    main(["unpack", LESSON, "1.zip"])
    assert recall(copied, LESSON) == {}


@pytest.mark.everything
def test_only_pages_whose_grades_or_comments_have_changed_are_made_anew(room, capsys):
    settle(room)
    main(["feedback", LESSON])
    assert capsys.readouterr().out.startswith("4 pages made, 0 up to date")
    before = archive(room, "folders")
    settle(room, 2, "Well said.", ["ada"])
    assert next_step(room, LESSON) == f"course feedback {LESSON}"
    main(["feedback", LESSON])
    assert capsys.readouterr().out.startswith("1 pages made, 3 up to date")
    after = archive(room, "folders")
    assert [name for name in after if after[name] != before[name]] == [f"ada/{PAGE}"]
    assert next_step(room, LESSON) == f"course scores {LESSON} TABLE.csv"


def test_the_next_command_follows_from_where_everybody_stands(room):
    assert next_step(room, LESSON) == f"course mark {LESSON}"
    settle(room)
    assert next_step(room, LESSON) == f"course feedback {LESSON}"
    hand_in(room, "ada", "Another one.")
    assert next_step(room, LESSON) == f"course grade {LESSON}"


def test_scores_say_what_they_leave_empty_and_why(room, capsys, monkeypatch):
    monkeypatch.setattr("embedding_course.course.lms.command.refuse_mixed", lambda *_: None)   # judged by no checks here
    settle(room, students=["1041", "ada"])
    hand_in(room, "1041", "Another one.")
    (room.root / "t.csv").write_text("id,grade\n1041,\n1042,\nada,\nzoe,\nkim,\nlea,\nsomebody,\n")
    assert main(["scores", LESSON, "t.csv"]) == 1
    assert (room.root / f"t-{LESSON}.csv").read_text() == "id,grade\n1041,\n1042,\nada,8\nzoe,6\nkim,\nlea,\nsomebody,\n"
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"t-{LESSON}.csv: 2 scores, 5 left empty"
    assert sorted(said[1:]) == [
        f"course: left empty, a written answer waits, `course mark {LESSON}`: 1042",
        f"course: left empty, handed in again since it was graded, `course grade {LESSON}`: 1041",
        "course: left empty, nobody of this class (`course roster TABLE.csv` makes them known): somebody",
        "course: left empty, nothing handed in: Lea Moss (lea)",
        "course: left empty, the submission was refused: kim"]


@needs_chromium
def test_a_page_leads_with_what_to_mend_and_no_line_is_wider_than_a_phone(room):
    settle(room, 1, f"Which price? {'z' * 200}", ["ada"])
    main(["feedback", LESSON])
    with browser() as page:
        page.goto((room.classroom / "feedback" / "ada" / LESSON / PAGE).as_uri())
        page.set_viewport_size({"width": 375, "height": 800})
        assert page.locator("header").inner_text().splitlines()[-1] == "7 of 10 points"
        assert "For Ada Lovelace (ada)" in page.locator("header").inner_text()
        first = page.locator("h2").first
        assert first.inner_text() == "What went wrong, and how to mend it"
        report = page.locator("pre", has_text="Code 0 is the first row").first
        assert report.bounding_box()["y"] < 800   # on the first screen
        assert not page.locator("#check-matmul").is_visible()   # the lesson is folded
        page.get_by_role("link", name="Your answer").first.click()
        assert page.locator("#answer-pluck").is_visible()       # and unfolds where one goes
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= 375
            assert page.evaluate(SHOWN) == []
            page.evaluate(AXE_SCRIPT)
            faults = [one for one in page.evaluate("axe.run()")["violations"] if one["impact"] in ("serious", "critical")]
            assert [(one["id"], one["nodes"][0]["html"]) for one in faults] == []
        assert page.elsewhere == []


def test_misconceptions_are_sentences_by_exercise_with_the_guides_advice(project):
    slips = {name: exercise["slips"] for name, exercise in known_mistakes(project, LESSON).items()}
    first, second = list(slips["pluck"])[:2]
    records = [{"exercises": {"pluck": {"slip": slip}, "matmul": {"slip": None}}} for slip in (first, second, second, None)]
    said = misconceptions(records, slips, guide_to(project, LESSON).advice)
    text = " ".join(" ".join(said).split())
    assert said[0] == "pluck: 3 of 4"
    assert said[1].startswith("     2 × ") and " ".join(slips["pluck"][second].split())[:60] in text
    assert text.index("2 × ") < text.index("1 × ") < text.index("guide: `weight[codes]` passes all but −1")
    assert all(len(line) <= 110 for line in said)


@pytest.mark.parametrize("name", Project.find().lesson_names())
def test_the_guide_has_advice_on_each_exercise(project, name):
    named = re.findall(r'exercise="(\w+)"', (project.solutions / f"{name}.py").read_text(encoding="utf-8"))
    guide = guide_to(project, name)
    assert named and [one for one in named if not guide.advice.get(one)] == []
    assert guide.answers


def test_names_stand_beside_ids_in_the_table_of_a_class():
    record = {"student": "ada", "score": 8, "of": 10, "outcome": "scored", "refused": "", "waits": [], "late": False,
              "exercises": {}, "flags": []}
    lines = table([record], ["lea"], {"ada": "Ada Lovelace", "lea": ""})
    assert lines[1].startswith("Ada Lovelace (ada)      8   10  scored")
    assert lines[2].startswith("lea ")


def test_a_lesson_without_a_guide_has_no_advice(project, tmp_path):
    own = copy_project(project, tmp_path / "own", [LESSON])
    assert guide_to(own, LESSON).advice == {}
