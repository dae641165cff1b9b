"""The instructor's guides: minutes that add up, exercises and predictions that exist, and nothing of them for learners."""
import re

import pytest

from embedding_course.course.grading.limits import described
from embedding_course.course.lesson import read_lesson
from embedding_course.course.project import Project
from embedding_course.course.room.known import known
from embedding_course.course.trust import markdown

PROJECT = Project.find()
GUIDES = PROJECT.solutions / "guides"
OVERVIEW, GRADING = "three-hours", "grading"
FURTHER = {"own-course", "jupyterhub", "writing-exercises", "teaching"}


@pytest.fixture(params=PROJECT.lesson_names())
def lesson(request):
    return read_lesson(PROJECT.solutions / f"{request.param}.py")


def guide(name):
    return (GUIDES / f"{name}.md").read_text(encoding="utf-8")


def plans(text):
    """The headings that promise minutes: {heading: (promised, what the rows of its table add up to)}."""
    found = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        promised = re.match(r"(.*): (\d+) minutes", section)
        if promised:
            rows = re.findall(r"^\| *(\d+) *\|", section, re.MULTILINE)
            found[promised[1]] = (int(promised[2]), sum(map(int, rows)))
    return found


def test_every_lesson_has_a_guide_and_every_guide_a_lesson():
    assert {path.stem for path in GUIDES.glob("*")} == {*PROJECT.lesson_names(), OVERVIEW, GRADING} | FURTHER


def test_the_minutes_of_each_plan_add_up(lesson):
    found = plans(guide(lesson.name))
    assert found.keys() == {"In the three-hour workshop", "The full lesson"}
    assert all(promised == total for promised, total in found.values())
    assert found["The full lesson"][0] == lesson.minutes


def test_the_three_hours_are_three_hours_and_agree_with_the_guides():
    assert plans(guide(OVERVIEW)) == {"The plan": (180, 180)}
    for name in PROJECT.lesson_names():
        rows = re.findall(rf"^\| *(\d+) *\|.*\({name}\.md\) \|$", guide(OVERVIEW), re.MULTILINE)
        assert sum(map(int, rows)) == plans(guide(name))["In the three-hour workshop"][0]


def test_each_exercise_has_a_line_on_what_goes_wrong(lesson):
    wrong = re.search(r"## What goes wrong\n(.*?)\n## ", guide(lesson.name), re.DOTALL)[1]
    for cell in lesson.with_role("exercise"):
        assert f"`{cell.name}`" in wrong, cell.name


def test_every_exercise_and_prediction_that_it_names_exists(lesson):
    text = guide(lesson.name)
    exercises = re.findall(r"^- `(\w+)`(?:,| \(at home\))?:", text, re.MULTILINE) + re.findall(r"`(\w+)` \(at home\)", text)
    assert exercises
    assert {name for name in exercises if name != "first_life"} <= {cell.name for cell in lesson.with_role("exercise")}
    predictions = [name for names in re.findall(r"predictions? (`[\w-]+`(?: and `[\w-]+`)*)", text)
                   for name in re.findall(r"`([\w-]+)`", names)]
    assert {*predictions} <= {cell.name for cell in lesson.with_role("guess")}


def test_it_says_what_to_ask_what_answers_reveal_and_when_to_move_on(lesson):
    titles = re.findall(r"^## (.+)$", guide(lesson.name), re.MULTILINE)
    for wanted in ("What to ask", "What goes wrong", "Common answers, and what they reveal"):
        assert wanted in titles
    assert "move on" in titles[-1]


def test_what_it_says_of_the_board_can_stand_there(lesson):
    """Slips in italics, guesses and exercises in code: of this lesson, as the board spells them."""
    _, _, said = guide(lesson.name).partition("**On the board** (`course room`): ")
    facts = known(PROJECT, lesson.name)
    slips = {slip.replace("_", " ") for slips in facts.exercises.values() for slip in slips}
    named = {words.lower().replace("\n", " ") for words in re.findall(r"\*([^*]+)\*", said)}
    assert said and named <= slips, named - slips
    assert {*re.findall(r"`([\w-]+)`", said)} <= {*facts.exercises, *facts.guesses}


def test_it_fits_a_page(lesson):
    assert len(guide(lesson.name).split()) <= 740


def test_no_guide_reaches_the_release():
    assert not [path for path in PROJECT.release.rglob("*") if "guide" in path.name.lower()]
    sentence = "Count hands for the flights table"
    assert sentence in guide(OVERVIEW)
    assert not [path for path in PROJECT.release.rglob("*") if path.is_file()
                and sentence in path.read_text(encoding="utf-8", errors="ignore")]


def test_the_guide_on_grading_names_the_limits_that_are_in_force():
    assert "\n".join(f"| {' | '.join(row)} |" for row in described()) in guide(GRADING)


def test_the_guide_on_grading_says_what_each_point_rests_on():
    assert markdown(PROJECT) in guide(GRADING)


def test_security_names_tests_that_exist():
    text = (PROJECT.root / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[^`]+)`", text)
    assert len(named) >= 8
    assert [name for name in named if not (PROJECT.root / name).exists()] == []
