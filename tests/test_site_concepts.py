"""The concept test on a page: it says what the notebooks say, when they say it, and keeps the answers in the browser."""
import json
import random

import nbformat
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browsing import CHROMIUM, OPTIONS, sync_playwright
from conftest import PATIENT, copy_project
from nbformat.v4 import new_markdown_cell, new_notebook

from embedding_course import concepts
from embedding_course.course.concept_test import LETTERS, SOURCE, read_test
from embedding_course.course.site.build import build_site

pytestmark = pytest.mark.filterwarnings("ignore::sphinx.deprecation.RemovedInSphinx11Warning")   # MyST-Parser's matter
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COMPARE = """takes => {
    const key = JSON.parse(document.querySelector("#concepts-key").textContent);
    return takes.map(([before, now, seen]) => Concepts.compare(key, before, now, seen));
}"""


@pytest.fixture(scope="module")
def address(project, tmp_path_factory) -> str:
    """The page, in a site with one lesson of a sentence."""
    course = copy_project(project, tmp_path_factory.mktemp("course") / "course", [])
    (course.solutions / SOURCE).write_text((project.solutions / SOURCE).read_text(encoding="utf-8"), encoding="utf-8")
    for path, text in ((concepts.KEY, json.dumps(concepts.read_key())),
                       ("01-tiny.ipynb", nbformat.writes(new_notebook(cells=[new_markdown_cell("# Is it true?", id="a")],
                                                                     metadata={"embedding_course": {"release": "one"}})))):
        folder = course.release / ("01-tiny" if path.endswith("ipynb") else concepts.FOLDER)
        folder.mkdir()
        (folder / path).write_text(text, encoding="utf-8")
    build_site(course, course.root / "site")
    return (course.root / "site" / "concepts.html").as_uri()


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        pytest.skip("Chromium is not installed (Debian: apt install chromium)")
    with sync_playwright() as running:
        yield running.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)


@pytest.fixture
def visit(browser, address):
    """A function that opens the page without a network; what a script raises fails the test."""
    contexts, faults = [], []

    def to(**options):
        contexts.append(browser.new_context(offline=True, **options))
        contexts[-1].set_default_timeout(PATIENT * 1000)
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        return page
    yield to
    for context in contexts:
        context.close()
    assert faults == []


def answer(page, letters):
    for number, letter in enumerate(letters, start=1):
        page.locator(f'input[name="q{number}"][value="{letter}"]').check()


def test_the_page_judges_as_the_notebooks_do(visit):
    key, rng = concepts.read_key(), random.Random(5)

    def some(least):   # a take; the first may be incomplete or empty
        return {str(i): rng.choice(LETTERS) for i in range(1, 11) if rng.random() < least}
    takes = [(some(rng.choice([0, 0.7, 1])), some(1), rng.choice([5, 8])) for _ in range(300)]
    told = visit().evaluate(COMPARE, takes)
    for (before, now, seen), page in zip(takes, told, strict=True):
        sentences, lines = concepts.compare(key, before, now, seen)
        assert page["sentences"] == sentences
        said = [(line["question"], line["became"], line["idea"], ("to come: " if line["later"] else "") + line["place"])
                for line in page["lines"]]
        assert said == [(line.question, line.became, line.idea, concepts.place(line)) for line in lines]


def test_the_questions_are_the_notebooks(visit, project):
    text = visit().locator("article").inner_text().translate(str.maketrans("“”‘’", "\"\"''"))   # Sphinx sets quotes
    for question in read_test(project)["question"]:
        for letter in LETTERS:
            assert f"{letter} · {question[letter]['says'].replace('`', '')}" in text


def test_what_is_right_is_told_after_lesson_5_and_not_before(visit):
    page = visit()
    told = page.locator("details.answer")
    answer(page, "aaaaaaaaa")
    page.get_by_role("button", name="What do my answers show?").click()
    assert page.locator(".result").inner_text() == "Still open: question 10. Answer those too; a guess is fine."
    answer(page, "aaaaaaaaaa")
    page.get_by_role("button", name="What do my answers show?").click()
    assert "Nobody says now which of them are right" in page.locator(".result").inner_text()
    assert not any(told.nth(i).is_visible() for i in range(10))
    page.reload()   # the answers are kept, and the next take is offered
    assert page.get_by_label("after lesson 5").is_checked() and page.locator(".choices input:checked").count() == 0
    right = [question["right"] for question in concepts.read_key()["questions"]]
    answer(page, right)
    page.get_by_role("button", name="What do my answers show?").click()
    assert f"10 of 10 right now; before lesson 1 it was {right.count('a')}." in page.locator(".result").inner_text()
    assert page.locator(".result td", has_text="✓ gone").count() == 10 - right.count("a")
    assert all(told.nth(i).is_visible() for i in range(10))
    page.get_by_label("before lesson 1").check()
    assert page.locator(".choices input:checked").count() == 10 and not told.first.is_visible()
    page.get_by_role("button", name="Forget all my answers").click()
    assert page.locator(".choices input:checked").count() == 0


def test_who_will_not_come_back_sees_the_answers_after_giving_ten(visit):
    page = visit()
    now = page.get_by_role("button", name="I won't come back: show me now")
    assert not now.is_visible()
    answer(page, "abcdabcdab")
    page.get_by_role("button", name="What do my answers show?").click()
    now.click()
    assert page.locator(".result tbody tr").count() == 10 and page.locator("details.answer").first.is_visible()


@pytest.mark.parametrize("kept", ["[", "null", "7", '{"EDITION": {"1": {"1": "<b>", "99": "a"}, "2": null}}',
                                  '{"EDITION": []}'])
def test_what_the_browser_kept_wrongly_counts_for_nothing(visit, kept):
    page = visit()
    page.evaluate("kept => localStorage.setItem('embedding-course-concepts', kept)",
                  kept.replace("EDITION", concepts.read_key()["edition"]))
    page.reload()
    assert page.locator(".choices input:checked").count() == 0
    answer(page, "b")
    assert "Still open: question 2, 3" in page.locator(".open").inner_text()


def test_without_scripts_the_questions_stand_there_and_the_answers_are_folded(visit):
    page = visit(java_script_enabled=False)
    assert "note your letters on paper" in page.locator("article noscript").inner_text()
    assert not page.locator("fieldset.take").is_visible() and page.locator("fieldset.choices").count() == 10
    first = page.locator("details.answer").first
    assert "is right" not in first.inner_text()
    first.locator("summary").click()
    assert f"{concepts.read_key()['questions'][0]['right']} is right" in first.inner_text()


@pytest.mark.parametrize("look", [{"viewport": {"width": 375, "height": 800}}, {"color_scheme": "dark"}],
                         ids=["phone", "dark"])
def test_axe_finds_nothing_and_a_phone_shows_all(visit, look):
    page = visit(**look)
    answer(page, "abcdabcdab")
    page.get_by_role("button", name="What do my answers show?").click()
    page.get_by_role("button", name="I won't come back: show me now").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("rules => axe.run('article', {runOnly: rules})", RULES)
    assert [(fault["id"], fault["nodes"][0]["html"][:150]) for fault in found["violations"]] == []
