"""The decks: what stands on a slide, what doesn't, and that each can be shown in a room without a network."""
import functools
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import browser, needs_chromium
from nbformat.v4 import new_code_cell, new_raw_cell

from embedding_course import guesses, marked
from embedding_course.course.cli import main
from embedding_course.course.lesson import Cell, read_lesson
from embedding_course.course.lint import lint
from embedding_course.course.notebook import instructor_notebook
from embedding_course.course.problem import Problem
from embedding_course.course.project import Project
from embedding_course.course.slides.deck import (
    code_pieces,
    comments_above,
    deck_of,
    fitted,
    piece,
    run,
    slides,
    text_pieces,
    with_notes,
)
from embedding_course.course.slides.figure import enlarged
from embedding_course.course.slides.output import COLUMNS, LINES, readable
from embedding_course.course.slides.text import parts

PROJECT = Project.find()
NAME = "02-matmul"
WIDTH, HEIGHT = 1280, 720
SMALLEST, IN_CROWDED = 24, 18   # pixels of 720: smaller letters can't be read from the last row
# Figures in which letters of that size would cover each other, by the slide's title.
CROWDED = {"03-nn-embedding": {"A whole model in eight lines"}, "05-which-rows-move": {"Four optimizers, side by side"},
           "07-tabular": {"One record, by hand"}, "08-reuse": {"Thirty flights", "The table of rivals"}}
ALL = [pytest.param(name, marks=[] if name == NAME else pytest.mark.everything) for name in PROJECT.lesson_names()]


def lesson_of(name):
    return read_lesson(PROJECT.solutions / f"{name}.py")


@functools.cache
def executed(name):
    return run(lesson_of(name), PROJECT.release / name)


def text(source, slide, line=1):
    return Cell("markdown", "", "", line, source, slide=slide)


def shown(pieces):
    return [(piece.metadata["slideshow"]["slide_type"], piece.source) for piece in pieces]


# Marks

def test_every_lesson_has_marks_and_the_lint_accepts_them():
    for name in PROJECT.lesson_names():
        lesson = lesson_of(name)
        assert sum(cell.slide in ("slide", "subslide") for cell in lesson.cells) >= 10, name
        assert not [fault for fault in lint(lesson) if "slide" in fault]


@pytest.mark.parametrize(("old", "new", "said"), [
    ('# %% [markdown] slide="slide"\n# ## Fifteen', '# %% [markdown] slide="silde"\n# ## Fifteen',
     'slide="silde" is none of slide, subslide, fragment, notes, skip'),
    ('# %% [markdown] slide="slide"\n# ## Fifteen', '# %% [markdown] slides="slide"\n# ## Fifteen',
     "'slides' in a cell's header: is 'slide' meant?"),
    ('# %% exercise="pluck"', '# %% exercise="pluck" slide="fragment"', "a slide would show the exercise cell pluck"),
    ('# %% [markdown] slide="slide"\n# # What', '# %% [markdown] slide="notes"\n# # What',
     'the first mark must be slide="slide"'),
])
def test_a_misspelt_or_misplaced_mark_stops_the_build_with_its_line(copied, old, new, said):
    path = copied.solutions / f"{NAME}.py"
    source = path.read_text(encoding="utf-8")
    assert old in source
    path.write_text(source.replace(old, new), encoding="utf-8")
    faults = [fault for fault in lint(read_lesson(path)) if said in fault]
    assert re.match(rf"{NAME}\.py:\d+: ", faults[0])


def test_no_mark_reaches_the_release():
    for name in PROJECT.lesson_names():
        assert '"slide"' not in PROJECT.released(name).read_text(encoding="utf-8")


# What stands on a slide

def test_a_question_and_the_sentence_to_keep_are_shown_and_the_prose_goes_to_the_notes():
    [part] = parts("## Twice\n\nLong prose, *stressed*.\n\n**Before you run it: what will JFK's row hold?** Write it.\n\n"
                   "*A step moves rows of the weight.*")
    assert part.title == "Twice"
    assert part.shown == ('<p class="question">Before you run it: what will JFK\'s row hold?</p>\n\n'
                          '<p class="key">A step moves rows of the weight.</p>')
    assert "Long prose" in part.prose


def test_an_exercise_is_a_prompt():
    [part] = parts("## Exercise: `pluck` (3 points, 6 minutes)\n\nReturn the rows.\n\nMore.\n\nDecide first: what with −1?")
    assert part.title == "Exercise: `pluck`"
    assert part.shown == ('<p class="price">3 points, 6 minutes</p>\n\nReturn the rows.\n\n'
                          '<p class="question">Decide first: what with −1?</p>')


def test_what_stands_before_a_heading_belongs_to_the_slide_before():
    cell = text("*A step moves rows of the weight.*\n\n## Twice\n\n**Will JFK's row hold −8, −6 or −4?**", "slide")
    pieces = shown(text_pieces(cell, "By hand", before=text("x", "slide")))
    assert [kind for kind, _ in pieces] == ["fragment", "notes", "slide", "notes"]
    assert pieces[2][1].startswith("<h2>Twice</h2>")
    assert shown(text_pieces(cell, "By hand", before=None))[0] == \
        ("subslide", '<h2>By hand</h2>\n\n<p class="key">A step moves rows of the weight.</p>')


def test_nobodys_guess_is_shown():
    table = ('<table class="dataframe"><tr><th></th><th>you said</th><th>changed</th></tr>'
             "<tr><th>codes</th><td>None</td><td>False</td></tr></table>")
    outputs = [{"output_type": "execute_result", "data": {"text/html": table}},
               {"output_type": "stream", "text": "you said None and it is True\nyou said {'a': None}\n"}]
    first, second = readable(outputs)
    assert "None" not in first.html
    assert "changed" in first.html
    assert "you said … and it is True" in second.html
    assert "{" not in second.html


def test_what_marks_a_guess_stays_off_the_slides(monkeypatch):
    monkeypatch.setattr(guesses, "_told", set())
    said, = readable([{"output_type": "execute_result", "data": {"text/html": marked("n", None, 15)._repr_html_()}}])
    assert "15" in said.html and "no guess" not in said.html
    cell = Cell("code", "", "", 1, 'rows = 15\nmarked("n", guess, {\n    "rows": rows})', slide="fragment")
    code, *_ = code_pieces(cell, new_code_cell(cell.source), "")
    assert "rows = 15" in code.source and "marked" not in code.source and "})" not in code.source
    assert code_pieces(Cell("code", "", "", 1, 'marked("n", guess, 3)', slide="fragment"), new_code_cell(""), "") == []


def test_no_solution_is_on_a_slide_and_none_in_the_notes():
    for name in PROJECT.lesson_names():
        lesson, notebook = lesson_of(name), instructor_notebook(lesson_of(name), {})
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = [{"output_type": "stream", "name": "stdout", "text": "x"}]
        deck = "\n".join(cell.source for cell in deck_of(lesson, notebook).cells)
        assert "BEGIN SOLUTION" not in deck
        assert "**Marking" not in deck


def test_a_notebook_that_was_not_run_is_refused_with_the_line():
    with pytest.raises(Problem, match=rf"{NAME}:\d+: in the executed notebook this cell was not run"):
        deck_of(lesson_of(NAME), instructor_notebook(lesson_of(NAME), {}))


def test_a_lesson_without_marks_has_no_deck(copied, monkeypatch, capsys):
    path = copied.solutions / f"{NAME}.py"
    path.write_text(re.sub(r' slide="\w+"', "", path.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.chdir(copied.root)
    assert main(["slides", NAME]) == 1
    assert "no cell is marked for slides" in capsys.readouterr().err


# In a browser without a network

@pytest.fixture(scope="module", params=ALL)
def deck(request, tmp_path_factory):
    import nbformat
    folder = tmp_path_factory.mktemp("decks")
    nbformat.write(executed(request.param), folder / "executed.ipynb")
    return slides(PROJECT, request.param, folder, folder / "executed.ipynb")


@needs_chromium
def test_a_deck_works_offline_and_each_slide_fits_and_can_be_read(deck):
    said = []
    with browser() as page:
        page.context.set_offline(True)
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        page.on("console", lambda message: said.append(message.text))
        page.on("requestfailed", lambda request: said.append(request.url))
        page.goto(deck.as_uri())
        page.wait_for_function("window.Reveal && Reveal.isReady()")
        page.evaluate("Promise.all([...document.fonts].map(font => font.load())).then(fonts => fonts.length)")
        slides_seen = page.evaluate(MEASURE, [WIDTH, HEIGHT])
        page.goto(f"{deck.as_uri()}?view=print")             # all slides on one page
        page.wait_for_selector(".pdf-page")
        page.evaluate("document.fonts.ready.then(() => true)")   # a request that is cut off would count as failed
        faults = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "preload": False})
        assert page.errors == []
        assert page.elsewhere == []
    assert said == []
    assert len(slides_seen) >= 10
    assert [slide["title"] for slide in slides_seen if slide["height"] > HEIGHT or slide["film"] is False
            or slide["wide"] or slide["inside"] or slide["out"]] == []
    assert any(slide["film"] for slide in slides_seen) or deck.stem != "06-meaning"
    assert [slide["title"] for slide in slides_seen if not slide["notes"].strip()] == []
    crowded = CROWDED.get(deck.stem, set())
    small = {slide["title"]: slide["least"] for slide in slides_seen if slide["least"] < SMALLEST}
    assert small.keys() == crowded and all(least >= IN_CROWDED for least in small.values()), small
    assert [fault["id"] for fault in faults.response["violations"] if fault["impact"] in ("serious", "critical")] == []


# Goes to each slide with all its fragments: its height, what reaches out of the page or of its own box, the size of its
# smallest letters, its notes. In a figure, a letter's size is its font's, times how much the figure is enlarged. A film is
# looked at in its first picture and in its last.
MEASURE = """([width, height]) => Reveal.getSlides().map(slide => {
  const at = Reveal.getIndices(slide);
  Reveal.slide(at.h, at.v, slide.querySelectorAll(".fragment").length);
  const seen = [...slide.querySelectorAll("*")].filter(e => !e.closest("aside") && e.getClientRects().length);
  const words = e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
  const name = e => e.textContent.trim().slice(0, 40);
  const enlarged = e => e.closest("svg") ? Math.hypot(e.getScreenCTM().a, e.getScreenCTM().b) : 1;
  const film = root => root && ["0", root.querySelector("input").max].every(moment => {
    root.querySelector("input").value = moment;
    root.querySelector("input").dispatchEvent(new Event("input"));
    return [...root.querySelectorAll(".at, input, button")].every(e => (box =>
      box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height)(e.getBoundingClientRect()));
  });
  const size = e => parseFloat(getComputedStyle(e).fontSize) * enlarged(e);
  return {title: slide.querySelector("h2")?.textContent ?? "", height: slide.scrollHeight,
    notes: slide.querySelector("aside.notes")?.textContent ?? "",
    wide: seen.filter(e => e.getBoundingClientRect().right > width + 1 || e.getBoundingClientRect().left < -1).map(name),
    out: seen.filter(e => e.closest("svg") && words(e) && (box => box.top < -1 || box.bottom > height + 1)(
      e.getBoundingClientRect())).map(name), film: film(slide.querySelector(".ec-film")),
    inside: seen.filter(e => e.matches("pre, table") && e.scrollWidth > e.clientWidth + 2).map(name),
    least: Math.min(99, ...seen.filter(words).map(size))};
})"""


# Letters in figures

def label(words, x, size=10, anchor="start"):
    return f'<text style="font-size: {size}px; text-anchor: {anchor}" x="{x}" y="50" transform="rotate(-0)">{words}</text>'


def sizes_of(figure):
    return [float(size) for size in re.findall(r"font-size: ([0-9.]+)px", figure)]


def test_a_figure_s_small_letters_are_enlarged_and_large_ones_stay():
    drawn = f'<svg viewBox="0 0 610 200">{label("a", 10)}{label("b", 500, 30)}</svg>'
    small, large = sizes_of(enlarged(drawn, 24))
    assert small * 2 >= 24 and large == 30


def test_where_letters_would_cover_each_other_they_grow_less():
    drawn = f'<svg viewBox="0 0 610 200">{label("seventeen letters", 10, 6)}{label("seventeen letters", 90, 6)}</svg>'
    assert 6 <= sizes_of(enlarged(drawn, 24))[0] < 12


def test_a_view_grows_with_the_words_at_its_edge():
    drawn = f'<svg viewBox="0 0 610 200">{label("seventeen letters", 80, 8, "end")}</svg>'
    left, wide = re.search(r'viewBox="([-0-9.]+) 0 ([0-9.]+)', enlarged(drawn, 24)).groups()
    assert float(left) < 0 and float(wide) > 610


# What is too tall

def test_text_that_is_too_tall_for_a_slide_goes_on_to_the_next_with_the_same_title_and_notes():
    printed = "\n".join(f"line {i}" for i in range(2 * LINES - 1))
    outputs = readable([{"output_type": "stream", "text": printed}])
    assert len(outputs) == 2 and all(output.lines <= LINES for output in outputs)
    made = with_notes(fitted([piece("slide", "<h2>Title</h2>"), piece("notes", "Say it."),
                              *(piece("fragment", output.html, new_raw_cell, output.lines) for output in outputs)]))
    kinds = [cell.metadata["slideshow"]["slide_type"] for cell in made]
    assert kinds == ["slide", "notes", "fragment", "subslide", "-", "notes"]
    assert made[3].source == "<h2>Title</h2>" and made[-1].source == "Say it."


def test_a_line_too_long_for_a_slide_has_its_comment_above():
    long = "    rows = " + "x" * COLUMNS
    assert comments_above([f"{long}  # why", "short  # stays"]) == ["    # why", long, "short  # stays"]
