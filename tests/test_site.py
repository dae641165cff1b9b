"""The course as pages, in Chromium and without a network: every page and link, light and dark, on a screen and a phone."""
import functools
import http.server
import re
import shutil
import threading
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import matplotlib.pyplot as plt
import nbformat
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browsing import CHROMIUM, OPTIONS, sync_playwright
from bs4 import BeautifulSoup
from conftest import PATIENT, copy_project
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from embedding_course import guesses, marked
from embedding_course.course.cli import main
from embedding_course.course.lesson import BEGIN, END
from embedding_course.course.problem import Problem
from embedding_course.course.site.build import _replace, build_site
from embedding_course.course.site.doors import Repository
from embedding_course.course.site.pages import lesson_page

pytestmark = pytest.mark.filterwarnings("ignore::sphinx.deprecation.RemovedInSphinx11Warning")   # MyST-Parser's matter
ADDRESS = "https://github.com/somebody/embeddings"   # made up
SAMPLE = ["01-one-hot", "04-training-loop"]
FORMULA = "With $x$ one-hot, $x^T W$ is a row of $W$:\n\n$$\\sum_i x_i W_{ij} = W_{kj}$$"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = "https://somebody.github.io/embeddings/"
ELSEWHERE = re.compile(r"https://(somebody\.github\.io|github\.com|colab\.research\.google\.com|mybinder\.org|creativecommons\.org"
                       r"|www\.sphinx-doc\.org|pradyunsg\.me)[/#?]?")


@pytest.fixture(scope="module", params=["sample", pytest.param("all", marks=pytest.mark.everything)])
def site(project, tmp_path_factory, request) -> Path:
    """The site's folder: two lessons, or all of them; with a formula in the first, and an address that is made up."""
    root = tmp_path_factory.mktemp("site") / "course"
    course = copy_project(project, root, SAMPLE if request.param == "sample" else project.lesson_names())
    for file in ("questions.toml", "site.md", "concept-test.toml"):
        shutil.copy(project.solutions / file, course.solutions)
    shutil.copytree(project.release / "concept-test", course.release / "concept-test")
    (root / "pyproject.toml").write_text(f'[project.urls]\nRepository = "{ADDRESS}"\n', encoding="utf-8")
    first = course.released(course.lesson_names()[0])
    notebook = nbformat.read(first, as_version=4)
    notebook.cells.append(new_markdown_cell(FORMULA, id="formula"))
    nbformat.write(notebook, first)
    assert build_site(course, root / "site") == []
    return root / "site"


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        pytest.skip("Chromium is not installed (Debian: apt install chromium)")
    with sync_playwright() as running:
        yield running.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)


@pytest.fixture(scope="module")
def address(site):
    """The site as a server gives it out."""
    handler = functools.partial(QuietHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *ignored):
        pass


@pytest.fixture
def visit(address, browser):   # the site first: processes begun beside a browser would keep it from ending
    """A function that opens a page and notes in `page.faults` what goes wrong in it: errors, and requests elsewhere."""
    contexts = []

    def to(name, **options):
        contexts.append(browser.new_context(**options))
        contexts[-1].set_default_timeout(PATIENT * 1000)
        page = contexts[-1].new_page()
        page.faults = []

        def at_home(route):
            if route.request.url.startswith(address):
                return route.continue_()
            page.faults.append(f"{name} asks for {route.request.url}")
            return route.abort()
        page.route("**/*", at_home)
        page.on("console", lambda said: page.faults.append(f"{name}: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: page.faults.append(f"{name}: {error}"))
        page.goto(address + name)
        return page
    yield to
    for context in contexts:
        context.close()


def pages(site) -> list[str]:
    return sorted(path.name for path in site.glob("*.html"))


def lessons(site) -> list[str]:
    return [name for name in pages(site) if re.match(r"\d\d-", name)]


class Parsed(HTMLParser):
    """A page's ids, and the addresses that it names."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids.update(filter(None, [attributes.get("id")]))
        self.links += [attributes[name] for name in ("href", "src") if name in attributes]


def test_a_page_for_each_lesson_the_index_and_the_search(site):
    assert {"index.html", "questions.html", "search.html", "01-one-hot.html", "04-training-loop.html"} <= set(pages(site))


def test_every_link_leads_somewhere(site):
    parsed = {path: Parsed(path.read_text(encoding="utf-8")) for path in site.glob("*.html")}
    for path, page in parsed.items():
        assert page.links
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme == "data":
                continue
            if parts.scheme:
                assert ELSEWHERE.match(link), link
                continue
            target = path.parent / unquote(parts.path) if parts.path else path
            if path.name == "404.html":   # shown in any folder, so it names them from the host's root
                target = site / (parts.path.removeprefix("/embeddings/") or "index.html")
            assert target.is_file(), f"{path.name}: {link}"
            if parts.fragment and target in parsed:
                assert parts.fragment in parsed[target].ids, f"{path.name}: {link}"


def test_every_question_links_to_the_section_that_answers_it(site):
    text = (site / "questions.html").read_text(encoding="utf-8")
    assert re.search(r'href="01-one-hot\.html#one-hot-the-answer-in-ten-minutes"', text)
    assert text.count("<dt>") == 89


def test_a_link_to_a_page_shows_a_description_and_a_picture(site):
    for name in [*lessons(site), "index.html", "step.html"]:
        said = BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser")
        preview = {tag["property"]: tag["content"] for tag in said.find_all("meta", property=True)}
        assert len(said.find("meta", attrs={"name": "description"})["content"]) > 60, name
        assert preview["og:title"] and preview["og:url"] == f"{PAGES}{name}", name
        assert preview["og:image"] == f"{PAGES}_static/one-step.png"
    assert plt.imread(site / "_static" / "one-step.png").shape[:2] == (630, 1200)


def test_a_host_finds_what_it_needs(site):
    assert (site / ".nojekyll").is_file()
    listed = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert all(f"{PAGES}{name}<" in listed for name in [*lessons(site), "index.html", "questions.html"])


def test_what_belongs_to_the_host_stays_where_a_site_is_published(tmp_path):
    for folder, files in (("site", ("CNAME", "old.html", ".git/config")), ("pages", ("index.html",))):
        for file in files:
            (tmp_path / folder / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / folder / file).write_text(file)
    _replace(tmp_path / "site", tmp_path / "pages")
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == [".git", "CNAME", "index.html"]


def test_each_section_has_a_link_that_says_it_confused(site):
    said = BeautifulSoup((site / "01-one-hot.html").read_text(encoding="utf-8"), "html.parser")
    asked = {parse_qs(urlsplit(link["href"]).query)["title"][0] for link in said.select("p.confused a")}
    assert "This confused me: 01-one-hot, The answer in ten minutes" in asked
    for link in said.select("p.confused a"):   # with the section's own address
        named = parse_qs(urlsplit(link["href"]).query)["body"][0].split()[0]
        assert named.startswith(f"{PAGES}01-one-hot.html#") and said.find(id=named.partition("#")[2]), named
    assert len(asked) >= len(said.select("section section h2")) - 1


def test_a_comment_in_code_begins_no_section():
    texts = ["# Title", "## One\n\n```python\n# no heading\n```", "## Two"]
    cells = [new_markdown_cell(text) for text in texts]
    page = lesson_page(new_notebook(cells=cells), "01-one", Repository(ADDRESS))
    assert [cell.source.count("This confused me</a>") for cell in page.cells] == [0, 1, 2]
    assert "```python\n# no heading\n```" in page.cells[1].source


def test_code_has_a_button_that_copies_it(visit):
    page = visit("01-one-hot.html")
    assert page.locator(".copybtn").count() == page.locator("div.cell_input").count() > 20


def test_each_lesson_can_be_taken_along(site):
    for name in lessons(site):
        text, stem = (site / name).read_text(encoding="utf-8"), name.removesuffix(".html")
        assert f'href="downloads/{stem}.ipynb"' in text
        assert f"https://colab.research.google.com/github/somebody/embeddings/blob/gh-pages/downloads/{stem}.ipynb" in text
        taken = nbformat.read(site / "downloads" / f"{stem}.ipynb", as_version=4)
        first = next(cell for cell in taken.cells if cell.cell_type == "code")
        assert f"git+{ADDRESS}" in first.source
        assert not any(cell.get("outputs") for cell in taken.cells)


def test_exercises_stand_unsolved_and_checks_show_a_hint_without_a_traceback(site, project):
    for name in lessons(site):
        text = (site / name).read_text(encoding="utf-8")
        hints = re.findall(r'<pre class="hint">(.*?)</pre>', text, re.DOTALL)
        source = (project.solutions / f"{name.removesuffix('.html')}.py").read_text(encoding="utf-8")
        assert len(hints) == source.count(" check=")
        assert all("not started yet" in hint for hint in hints)
        assert "CheckFailed" not in text
        assert BEGIN not in text
        assert END not in text


def test_every_page_opens_without_an_error_or_a_request_elsewhere(site, visit):
    for name in pages(site):
        page = visit(name)
        page.wait_for_load_state("networkidle")
        assert page.faults == []


@pytest.mark.parametrize("width", [375, 1024, 1280, 1440])
def test_no_page_is_wider_than_its_window_and_nothing_lies_over_another(site, visit, width):
    for name in pages(site):
        page = visit(name, viewport={"width": width, "height": 800})
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width, name
        assert page.evaluate(CUT) == [], name


# What ends outside of a box that doesn't scroll.
CUT = """() => [...document.querySelectorAll("article p, article h2, article pre, .one-step section table")].filter(e => {
  const box = e.closest("section, article"), right = e.getBoundingClientRect().right;
  for (let at = e; at && at !== box; at = at.parentElement) if (getComputedStyle(at).overflowX !== "visible") return false;
  return right > box.getBoundingClientRect().right + 12;   // a heading reaches out by half a letter
}).map(e => e.tagName + ": " + e.textContent.slice(0, 60))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(site, visit, scheme):
    names = set(pages(site))
    if len(lessons(site)) == len(SAMPLE):   # it takes its seconds: in CI each lesson in one scheme
        names.remove(f"{SAMPLE[1 if scheme == 'light' else 0]}.html")
    for name in names:
        page = visit(name, color_scheme=scheme)
        page.wait_for_load_state("networkidle")
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
        serious = [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found["violations"]
                   if fault["impact"] in ("serious", "critical")]
        assert serious == [], name


def test_every_figure_is_described_in_words(site, visit):
    for name in pages(site):
        page = visit(name)
        figures = page.evaluate("""[...document.querySelectorAll(
            "article svg:not(button svg), article img, article canvas")].map(
            e => e.tagName === "IMG" ? e.alt : e.getAttribute("role") === "img" ? e.getAttribute("aria-label") : "")""")
        assert figures or name not in lessons(site)
        for words in figures:
            assert len(words or "") >= 20, (name, words)
            assert not re.fullmatch(r"\S+\.(svg|png|jpe?g|gif)", words)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_in_figures_can_be_read(site, visit, scheme):
    """axe leaves SVG out: letters against the page, 4.5 to 1, or 3 to 1 for large ones and for signs."""
    for name in lessons(site):
        faint = visit(name, color_scheme=scheme).evaluate(FAINT)
        assert faint == [], name


FAINT = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgb = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = c => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
    const v = c[i] / 255;
    return sum + weight * (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  }, 0);
  const ground = luminance(rgb(getComputedStyle(document.body).backgroundColor));
  return [...document.querySelectorAll("article svg text, article svg tspan")].map(e => {
    const style = getComputedStyle(e), light = luminance(rgb(style.fill));
    const size = parseFloat(style.fontSize) * e.ownerSVGElement.getScreenCTM().a;
    const ratio = (Math.max(light, ground) + 0.05) / (Math.min(light, ground) + 0.05);
    return [e.textContent.trim().slice(0, 30), style.fill, +ratio.toFixed(2), size];
  }).filter(([words, , ratio, size]) => words && ratio < (size >= 24 || /^[▲■◆●]$/.test(words) ? 3 : 4.5));
}"""


def test_the_search_finds_a_lesson(visit):
    page = visit("search.html?q=category")
    page.locator("#search-results li a", has_text="How does a category get into a network?").first.wait_for()
    assert page.faults == []


def test_a_stepper_plays_by_mouse_and_by_keyboard(visit):
    page = visit("04-training-loop.html")
    stepper = page.locator(".ec-stepper").first
    head = stepper.locator(".head")
    assert "before step" in head.inner_text()
    stepper.get_by_role("button", name="Forward").click()
    first = head.inner_text()
    assert "step 1" in first or "step 0" in first
    stepper.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    assert head.inner_text() != first
    before = head.inner_text()   # it may have played to its end when it is looked at next
    stepper.get_by_role("button", name="Play").click()
    page.wait_for_function("before => document.querySelector('.ec-stepper .head').innerText !== before", arg=before)
    assert page.faults == []


def test_formulas_are_set_without_a_network(visit):
    page = visit("01-one-hot.html")
    page.wait_for_selector(".MathJax_Display .math, .MathJax_Display .mjx-chtml")
    assert "\\sum" not in page.inner_text("article")
    page.wait_for_load_state("networkidle")
    assert page.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_and_code_follow_the_system_and_a_reader_who_switches(visit, scheme):
    page = visit("01-one-hot.html", color_scheme=scheme)
    assert grounds(page) == [scheme, scheme]
    page.locator(".theme-toggle >> visible=true").first.click()
    assert set(grounds(page)) == {"light", "dark"} - {scheme}


def grounds(page) -> list[str]:
    """Whether a page and the code in it stand on something light or dark."""
    colours = page.evaluate("[document.body, document.querySelector('.cell_input')]"
                            ".map(e => getComputedStyle(e).backgroundColor)")
    return ["light" if max(map(int, re.findall(r"\d+", colour))) > 128 else "dark" for colour in colours]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_code_is_underlined(visit, scheme):
    page = visit("01-one-hot.html", color_scheme=scheme)
    drawn = page.locator(".highlight span").evaluate_all("all => all.map(e => getComputedStyle(e).textDecorationLine)")
    assert set(drawn) == {"none"} and len(drawn) > 100


def test_one_step_is_the_first_thing_on_the_first_page(visit):
    page = visit("index.html")
    above = page.evaluate("""[...document.querySelectorAll('article h2, article img, article .one-step')].filter(
        e => e.matches('.one-step') || !e.closest('.one-step')).map(e => e.className || e.textContent.slice(0, 9))""")
    assert above[0] == "one-step" and page.get_by_role("button", name="Step", exact=True).is_visible()
    assert page.get_by_role("link", name="Start lesson 1").get_attribute("href") == "01-one-hot.html"
    assert page.get_by_role("link", name="the answer in ten minutes").get_attribute("href").endswith("ten-minutes")


def test_a_search_hit_lands_where_the_words_stand(visit):
    page = visit("search.html?q=alphabetical")
    page.locator("#search-results li a[href^='01-one-hot']").first.click()
    word = page.locator("article .highlighted >> visible=true").first
    word.wait_for()
    page.wait_for_function("scrollY > 1000 && (top => top > 0 && top < innerHeight)("
                           "document.querySelector('article .highlighted').getBoundingClientRect().top)", timeout=30_000)


def test_an_explanation_is_held_back_until_a_click_and_printed_open(visit):
    page = visit("01-one-hot.html")
    told = page.locator("details.explained").first
    assert told.locator("p").first.is_hidden()
    told.locator("summary").click()
    assert told.locator("p").first.is_visible()
    page = visit("01-one-hot.html")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")   # page.pdf() sends it too
    assert page.locator("details.explained:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.explained[open]").count() == 0
    page.emulate_media(media="print")
    assert page.locator(".sidebar-drawer").first.is_hidden() and page.locator(".doors").first.is_hidden()


def test_what_came_of_a_guess_is_explained_behind_a_click(project, monkeypatch):
    monkeypatch.setattr(guesses, "_told", set())
    runs = new_code_cell("marked('n', guess, 15)", outputs=[new_output("execute_result", {
        "text/html": marked("n", None, 15)._repr_html_()})])
    cells = [new_markdown_cell("# Title"), new_code_cell("guess = None", metadata={"embedding_course": {"guess": "n"}}),
             runs, new_markdown_cell("Fifteen products.\n\n## Next\n\nOn."), new_markdown_cell("More.")]
    page = lesson_page(new_notebook(cells=cells), "01-one", Repository(""))
    told = page.cells[3].source
    assert told.startswith("<details") and "Fifteen products.\n\n</details>" in told
    assert told.index("</details>") < told.index("## Next")
    assert page.cells[4].source == "More."
    shown = page.cells[2].outputs[0].data["text/html"]
    assert "15" in shown and "no guess" not in shown


@pytest.fixture
def tiny(project, tmp_path):
    """A course with one lesson of three cells, and a folder with that lesson as it was run."""
    course = copy_project(project, tmp_path / "tiny", [])
    cells = [new_markdown_cell("# Is it *true*?\n\n**5 minutes.**", id="a"), new_code_cell("1 + 1", id="b")]
    notebook = new_notebook(cells=cells, metadata={"embedding_course": {"lesson": "01-tiny", "release": "one"},
                                                  "language_info": {"name": "python"}})
    course.released("01-tiny").parent.mkdir()
    nbformat.write(notebook, course.released("01-tiny"))
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", name="stdout", text=piece)   # as a kernel sends it
                                 for piece in ("kept, ", "not run\n")]
    (tmp_path / "run").mkdir()
    nbformat.write(notebook, tmp_path / "run" / "01-tiny.ipynb")
    return course


def page_of(course):
    return (course.root / "site" / "01-tiny.html").read_text(encoding="utf-8")


def test_a_lesson_that_was_run_before_is_not_run_again(tiny, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tiny.release)   # any folder of the project
    assert main(["site", "--executed", str(tmp_path / "run")]) == 0
    assert "kept, not run" in page_of(tiny)
    assert "no Colab link: pyproject.toml gives no `Repository`" in capsys.readouterr().out
    assert "colab" not in page_of(tiny)


def test_a_lesson_that_has_changed_since_is_run_and_kept(tiny, tmp_path):
    notebook = nbformat.read(tiny.released("01-tiny"), as_version=4)
    notebook.metadata["embedding_course"]["release"] = "two"
    nbformat.write(notebook, tiny.released("01-tiny"))
    build_site(tiny, tiny.root / "site", tmp_path / "run")
    assert "kept, not run" not in page_of(tiny)
    assert nbformat.read(tmp_path / "run" / "01-tiny.ipynb", as_version=4).cells[1].outputs[0].data == {"text/plain": "2"}


def test_a_cell_that_fails_and_is_no_check_stops_the_site(tiny):
    notebook = nbformat.read(tiny.released("01-tiny"), as_version=4)
    notebook.cells[1].source = "1 / 0"
    nbformat.write(notebook, tiny.released("01-tiny"))
    with pytest.raises(Problem, match="01-tiny: no site, since a cell fails that is no check: ZeroDivisionError"):
        build_site(tiny, tiny.root / "site")
    assert not (tiny.root / "site").exists()


def test_a_folder_with_something_else_in_it_is_left_alone(tiny, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").touch()
    with pytest.raises(Problem, match="something else than a site"):
        build_site(tiny, tmp_path / "mine", tmp_path / "run")
    assert (tmp_path / "mine" / "letter.txt").exists()


def test_a_link_to_nowhere_stops_the_site(tiny, tmp_path):
    kept = tmp_path / "run" / "01-tiny.ipynb"
    notebook = nbformat.read(kept, as_version=4)
    notebook.cells[0].source += "\n\nSee [lesson 9](09-nowhere.ipynb)."
    nbformat.write(notebook, kept)
    with pytest.raises(Problem, match="Sphinx warns, so there is no site"):
        build_site(tiny, tiny.root / "site", tmp_path / "run")
