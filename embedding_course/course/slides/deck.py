"""`course slides`: a lesson's marked cells as a reveal.js deck that needs no network.

A mark is `slide="slide"` (or another of lesson.MARKS) in the header of a lesson's cell; cells without one are left out.
"""
import ast
import importlib.util
import re
import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook, new_raw_cell

from ..execute import execute
from ..lesson import Cell, Lesson, read_lesson
from ..notebook import instructor_notebook
from ..problem import Problem
from ..project import Project
from .output import COLUMNS, LINES, height, letters, on_slides, readable
from .text import HEADING, Part, heading, parts

TEMPLATES = Path(__file__).parent
LONGEST = 13   # lines of code that is shown
NEEDED = ("dist/reveal.css", "dist/reveal.js", "dist/theme/white.css", "dist/theme/fonts/source-sans-pro",
          "plugin/notes/notes.js")


def slides(project: Project, name: str, out: Path, executed: Path | None = None) -> Path:
    """Exports a lesson's deck to `out/NAME.html`, reveal.js beside it; returns the deck's path.

    executed : the solved lesson with its outputs, if it has been run already; otherwise it is run here
    raises : Problem for a lesson without marks, for a notebook that isn't this lesson, or without sphinx-revealjs
    """
    lesson = read_lesson(project.solutions / f"{name}.py")
    if not any(cell.slide for cell in lesson.cells):
        raise Problem(f'{name}: no cell is marked for slides; write slide="slide" into its header')
    notebook = nbformat.read(executed, 4) if executed else run(lesson, project.released(name).parent)
    deck = deck_of(lesson, notebook)
    out.mkdir(parents=True, exist_ok=True)
    copy_reveal(out / "reveal.js")
    path = out / f"{name}.html"
    path.write_text(as_html(deck), encoding="utf-8")
    return path


def run(lesson: Lesson, folder: Path):
    """The solved lesson, executed in its release's folder, where its data is looked for."""
    return execute(instructor_notebook(lesson, {}), folder)


def deck_of(lesson: Lesson, executed):
    """The deck as a notebook: one cell for each piece of a slide, with nbconvert's slide types.

    raises : Problem if `executed` has other cells than the lesson, or was not run
    """
    pieces, title = [], ""
    outputs = {cell.get("id"): cell for cell in executed.cells}
    solved = instructor_notebook(lesson, {}).cells
    before = None   # the lesson's cell before, if it is in the deck
    for cell, here in zip(lesson.cells, solved, strict=True):
        above, title = title, heading_above(cell, title)
        if cell.slide in ("", "skip"):
            before = None
            continue
        if cell.kind == "markdown":
            pieces += text_pieces(cell, above, before)
        else:
            there = outputs.get(here.id)
            if there is None or there.source != here.source or not (there.outputs or there.execution_count):
                raise Problem(f"{lesson.name}:{cell.line}: in the executed notebook this cell was not run, or is another "
                              "one; run the solved lesson again, or leave --executed out")
            pieces += code_pieces(cell, there, title)
        before = cell
    return new_notebook(cells=with_notes(fitted(pieces)),
                        metadata={"title": lesson.title, "language_info": {"name": "python"}})


def fitted(pieces: list) -> list:
    """What is too tall for one slide goes on to the next one, under the same title; a figure has one of its own."""
    found, title, used = [], "", 0
    for each in pieces:
        slideshow = each.metadata["slideshow"]
        if slideshow["slide_type"] in ("slide", "subslide"):
            title, used = each.source.split("\n")[0] if each.source.startswith("<h2") else "", 0
        if slideshow["slide_type"] == "notes":
            found.append(each)
            continue
        for part in paragraphs(each):
            if used and used + tall(part) > LINES:
                found.append(piece("subslide", title))
                part.metadata["slideshow"]["slide_type"], used = "-", 0
            found.append(part)
            used += tall(part)
    return found


def paragraphs(each) -> list:
    """A piece of text that is taller than a slide, in its paragraphs; any other as it is."""
    if "lines" in each.metadata or tall(each) <= LINES:
        return [each]
    kind = each.metadata["slideshow"]["slide_type"]
    return [piece("-" if i else kind, block) for i, block in enumerate(each.source.split("\n\n"))]


def tall(each) -> int:
    """How many lines of code a piece is as tall as; of a title only what doesn't fit its first line."""
    if "lines" in each.metadata:
        return each.metadata["lines"]
    lines = 0.0
    for line in each.source.splitlines():
        words = re.sub(r"<.*?>", "", line)
        if line.startswith("<h2"):
            lines += 3 * (len(words) // 42)
        else:
            lines += 1.5 * (1 + len(words) // 66) if words else 0.3
    return int(lines)


def with_notes(pieces: list) -> list:
    """Each slide with something to say: where a slide only goes on, what was said of the one before; in front of the first
    notes, these."""
    groups = []
    for each in pieces:
        if each.metadata["slideshow"]["slide_type"] in ("slide", "subslide") or not groups:
            groups.append([])
        groups[-1].append(each)
    said = next((each.source for each in pieces if each.metadata["slideshow"]["slide_type"] == "notes"), "")
    for group in groups:
        notes = [each.source for each in group if each.metadata["slideshow"]["slide_type"] == "notes"]
        if not notes and said:
            group.append(piece("notes", said))
        said = notes[-1] if notes else said
    return [each for group in groups for each in group]


def heading_above(cell: Cell, title: str) -> str:
    """The title that a slide beginning with or after this cell repeats; exercises pass theirs on to nobody."""
    heads = HEADING.findall(cell.source) if cell.kind == "markdown" else []
    return title if not heads else "" if heads[-1][1] else heads[-1][0]


def text_pieces(cell: Cell, above: str, before: Cell | None) -> list:
    """A text cell's pieces. What stands before its heading speaks about the slide before, or makes a slide of its own.

    above : the title in force before this cell
    before : the lesson's cell before this one, if it is in the deck
    """
    found = parts(cell.source)
    if cell.slide == "notes":
        return [] if found[0].title else [piece("notes", found[0].prose)]
    if cell.slide == "fragment":
        return told(found[0], "fragment")
    if len(found) == 1:
        return told(found[0], cell.slide, found[0].title or above)
    *first, last = found
    pieces = []
    for part in first:
        if part.title and part.shown:
            pieces += told(part, cell.slide, part.title)
        elif not part.title and before:
            pieces += told(part, "fragment")
        elif not part.title and part.shown:
            pieces += told(part, "subslide", above)
    return pieces + told(last, cell.slide, last.title)


def told(part: Part, kind: str, title: str = "") -> list:
    """What is shown of a stretch of text, and its prose as the speaker's notes."""
    shown = "\n\n".join(filter(None, [heading(title) if title else "", part.shown]))
    begins = kind in ("slide", "subslide")   # even with nothing to show yet
    return [piece(kind, shown)] * bool(shown or begins) + [piece("notes", part.prose)] * bool(part.prose)


def code_pieces(cell: Cell, executed, title: str) -> list:
    """A code cell's pieces: its source where that is worth reading, then what came out."""
    lines, kind, pieces = without_marking(cell.source), cell.slide, []
    if kind in ("slide", "subslide") and title:
        pieces.append(piece(kind, heading(title)))
        kind = "-"
    if any(lines) and len(lines) <= LONGEST and not is_plumbing(cell.source):
        for group in on_slides(comments_above(lines)):
            code = piece(kind, "\n".join(["```python", *group, "```"]), lines=height(group) + 1)
            code.metadata["letters"] = letters(max(map(len, group)))
            pieces.append(code)
            kind = "fragment"
    for output in readable(executed.outputs):
        pieces.append(piece(kind, output.html, new_raw_cell, lines=output.lines + 1))
    return pieces


def comments_above(lines: list[str]) -> list[str]:
    """A line that is too long for a slide has its comment above itself."""
    found = []
    for line in lines:
        code, hash_, comment = line.rpartition("  # ")
        indent = " " * (len(line) - len(line.lstrip()))
        found += [f"{indent}# {comment}", code.rstrip()] if hash_ and len(line) > COLUMNS else [line]
    return found


def without_marking(source: str) -> list[str]:
    """A cell's lines without what marks a guess: nobody in a room has made one."""
    lines = source.splitlines()
    for statement in reversed(ast.parse(source).body):
        call = getattr(statement, "value", None)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "marked":
            del lines[statement.lineno - 1:statement.end_lineno]
    return lines


def is_plumbing(source: str) -> bool:
    """Whether a cell's source says nothing to a class: it helps, draws a figure, or puts a guess beside the answer."""
    return bool(source.startswith("def ") or re.search(r"^\s*(\w+ = )?(show(_step)?|stepper|film)\(", source, re.MULTILINE)
                or (re.search(r'\{"you sa', source) and len(source.splitlines()) > 2))


def piece(kind: str, text: str, make=new_markdown_cell, lines: int | None = None):
    """One piece of the deck: Markdown, or HTML in a raw cell.

    lines : how many lines of code it is as tall as, where its text doesn't say
    """
    return make(text, metadata={"slideshow": {"slide_type": kind}} | ({} if lines is None else {"lines": lines}))


def as_html(deck) -> str:
    """The deck's page, by nbconvert's exporter with a template of our own."""
    from nbconvert.exporters import SlidesExporter
    from traitlets.config import Config

    exporter = SlidesExporter(config=Config({
        "TemplateExporter": {"extra_template_basedirs": [str(TEMPLATES)]},
        "CSSHTMLHeaderPreprocessor": {"style": "xcode"},
    }), template_name="template", reveal_url_prefix="reveal.js", reveal_theme="white", reveal_width="1280",
        reveal_height="720")
    return exporter.from_notebook_node(deck)[0]


def copy_reveal(folder: Path):
    """Puts what a deck needs of reveal.js into a folder.

    raises : Problem if the package that brings reveal.js isn't installed
    """
    found = importlib.util.find_spec("sphinx_revealjs")
    if not found:
        raise Problem("reveal.js comes with the package sphinx-revealjs: pip install 'embedding-course[slides]'")
    source = Path(found.origin).parent / "_static" / "revealjs"
    for name in NEEDED:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (source / name).is_dir():
            shutil.copytree(source / name, target, dirs_exist_ok=True)
        else:
            shutil.copy(source / name, target)
