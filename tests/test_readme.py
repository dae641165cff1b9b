"""The README says what is true: its code runs, its output and picture are what comes out, its lessons exist."""
import contextlib
import io
import re

import pytest

from embedding_course.course.lesson import read_lesson
from embedding_course.course.readme import PICTURE, picture


@pytest.fixture(scope="module")
def text(project):
    return (project.root / "README.md").read_text(encoding="utf-8")


def test_the_twelve_lines_print_what_the_readme_shows(text):
    code = re.search(r"```python\n(.*?)```", text, re.S).group(1)
    shown = re.search(r"```\n(ATL.*?)```", text, re.S).group(1)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, {})
    assert out.getvalue() == shown


def test_the_twelve_lines_are_lesson_ones(text, project):
    code = re.search(r"```python\n(.*?)```", text, re.S).group(1).partition("\n\n")[2]
    cells = read_lesson(project.solutions / "01-one-hot.py").cells
    assert code.strip() in [cell.source.strip() for cell in cells]


def test_the_picture_is_the_one_that_the_code_draws(project):
    assert (project.root / PICTURE).read_text(encoding="utf-8") == picture()


def test_every_lesson_is_listed_with_its_title_and_minutes(text, project):
    for name in project.lesson_names():
        lesson = read_lesson(project.solutions / f"{name}.py")
        assert f"| {name} | {lesson.title} | {lesson.minutes} |" in text


def test_every_file_that_it_links_to_is_there(text, project):
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (project.root / target).exists(), target
