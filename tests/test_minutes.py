"""Measured minutes: what counts, what is for home, and the build that refuses a header which says otherwise."""
import re

import pytest

from embedding_course.course.lesson import read_lesson
from embedding_course.course.lint import lint
from embedding_course.course.minutes import measured, minutes_fault, sections
from embedding_course.course.project import Project
from embedding_course.course.questions import PRICE

PROJECT = Project.find()
THREE_HOURS = PROJECT.solutions / "guides" / "three-hours.md"
LESSON = """# ---
# jupyter:
#   lesson:
#     minutes: {minutes}
#     points: 10
#     edition: 2
# ---
# %% [markdown]
# # Title
# {words}
# %%
{code}
# %% guess="how-far"
guess = None
# %% [markdown]
# ## Exercise: `pluck` (2 points, 6 minutes)
# %% exercise="pluck"
def pluck(codes):
    \"\"\"The rows.\"\"\"
    ### BEGIN SOLUTION
    a = 1
    return a
    ### END SOLUTION
# %% check="pluck"
check("pluck")
# %% [markdown]
# ## More · at home
# {words}
# ### Deeper
# {words}
# %%
{code}
# %% [markdown]
# ## Exercise: `decode` (2 points, 60 minutes, at home)
# {words}
# %% [markdown]
# ## Back in the room
"""


@pytest.fixture
def written(tmp_path):
    def write(minutes=16):
        path = tmp_path / "01-one.py"
        text = LESSON.format(minutes=minutes, words="word " * 299, code="x = 1\n\n" * 46)
        path.write_text(text, encoding="utf-8")
        return read_lesson(path)
    return write


def test_words_lines_guesses_and_exercises_are_counted_and_solutions_and_home_are_not(written):
    # 300 words, 46 lines and a stub of 2, a guess, an exercise of 6 minutes; 8 words in three headings
    assert measured(written()) == pytest.approx(300 / 150 + 48 / 8 + 1 + 6 + 8 / 150, abs=0.02)


def test_a_deeper_heading_goes_home_with_its_section_and_the_next_one_stays(written):
    homes = {section.heading: section.at_home for section in sections(written())}
    assert homes == {"Title": False, "Exercise: `pluck` (2 points, 6 minutes)": False, "More · at home": True,
                     "Deeper": True, "Exercise: `decode` (2 points, 60 minutes, at home)": True, "Back in the room": False}


@pytest.mark.parametrize(("minutes", "fits"), [(13, False), (14, True), (15, True), (16, True), (17, False)])
def test_declared_minutes_that_differ_by_more_than_a_tenth_stop_the_build(written, minutes, fits):
    lesson = written(minutes)
    assert (minutes_fault(lesson) == "") == fits
    (lesson.path.parent / "checks").mkdir(exist_ok=True)
    (lesson.path.parent / "checks" / "01_one.py").write_text("")
    assert any(re.search(rf"says {minutes} minutes, the core measures 15", fault) for fault in lint(lesson)) != fits


def plan():
    """The rows of the three hours that name sections: minutes, the sections' headings, the lesson."""
    rows = re.findall(r"^\| *(\d+) *\| (.*) \| \[(.+)\]\(.*\) \|$", THREE_HOURS.read_text(encoding="utf-8"), re.MULTILINE)
    return [(int(minutes), re.findall(r"\*([^*]+)\*", what), lesson) for minutes, what, lesson in rows if "*" in what]


@pytest.mark.parametrize(("minutes", "wanted", "name"), plan(), ids=lambda value: value if isinstance(value, str) else "")
def test_three_hours_give_each_section_the_minutes_that_it_measures(minutes, wanted, name):
    lesson = read_lesson(PROJECT.solutions / f"{name}.py")
    if lesson.edition < 2:
        pytest.skip("a lesson of the first edition")
    took = {PRICE.sub("", section.heading): section.minutes for section in sections(lesson)}
    assert [heading for heading in wanted if heading not in took] == []
    assert abs(minutes - sum(took[heading] for heading in wanted)) <= minutes / 10 + 1
