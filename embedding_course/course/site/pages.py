"""What Sphinx reads: each lesson that was run as a page, the first page, and the question index."""
import copy
import re
from html import escape

from ...guesses import SAID
from ..execute import joined
from ..problem import Problem
from ..project import Project
from ..questions import HEADING, PRICE, read_index
from .doors import Repository
from .one_step import WHY, widget
from .ten_questions import PAGE, TITLE

FENCED = re.compile(r"(```.*?```)", re.DOTALL)
ANCHORED = re.compile(r"(?:^\([a-z0-9-]+\)=\n)?^#{1,6} ", re.MULTILINE)
OPENING = "site.md"   # in solutions/: how the first page begins
HERE = "<!-- one step -->\n"   # in it: where One step stands
UNSOLVED = "The exercises stand here as you will find them: not solved yet. To work on them, take the notebook."
MARKS_GUESS = re.compile(r"\bmarked\(|\bshow_step\(.*guess")   # as in JupyterLab's extension
STEP = 'Without installing anything: <a href="step.html">take one training step</a> and see which rows move.'
CONFUSED = "This confused me"
THINK = "What came out, explained"
QUESTIONS = """# Where is my question answered?

Find yours in the words in which people ask it. Under each stands the short answer, and the section whose code lets you
see it for yourself.
"""


def lesson_page(notebook, name: str, repository: Repository):
    """A lesson that was run, as a notebook for Sphinx: ways to get it under the title, exercises and hints in boxes."""
    page = copy.deepcopy(notebook)
    seen = set()
    explained = _explanations(page.cells)
    for cell in page.cells:
        if cell.id in explained:
            cell.source = _behind_a_click(cell.source)
        if cell.cell_type == "markdown":
            cell.source = _with_anchors(cell.source, name, seen)
        kind = kind_of(cell)
        if kind == "written":
            cell.source = f":::{{container}} written\n{cell.source}\n:::"
        elif kind:
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), kind]
        if cell.cell_type == "code":
            cell.outputs = [_as_hint(output) if kind == "check" else _unsaid(output) for output in joined(cell.outputs)]
    _ask_at_each_section(page.cells, name, repository)
    first = page.cells[0]
    heading = HEADING.search(first.source)
    first.source = f"{first.source[:heading.end()]}\n\n{_doors(name, repository)}\n{first.source[heading.end():]}"
    return page


def _ask_at_each_section(cells, name, repository):
    """At the foot of each section, in front of the next, a link by which a reader says that it confused them."""
    section, last = "", None
    for cell in cells:
        if cell.cell_type != "markdown" or kind_of(cell):
            continue
        if start := ANCHORED.search(_unfenced(cell.source)):
            before, after = cell.source[:start.start()], cell.source[start.start():]
            cell.source = "\n\n".join(filter(None, [before.rstrip(), _confused(name, section, repository), after]))
            section = PRICE.sub("", HEADING.findall(_unfenced(after))[-1][1])
        last = cell
    if last is not None:
        last.source = "\n\n".join(filter(None, [last.source, _confused(name, section, repository)]))


def _confused(name, section, repository) -> str:
    address = repository.confused(name, section, anchor(name, section)) if section else ""
    return f'<p class="confused"><a href="{escape(address)}">{CONFUSED}</a></p>' if address else ""


def kind_of(cell) -> str:
    """What a cell is to a learner: "exercise", "check", "written" (an answer in words), "guess", or "" for the rest."""
    grading = cell.metadata.get("nbgrader", {})
    if grading.get("solution"):
        return "exercise" if cell.cell_type == "code" else "written"
    if grading.get("grade"):
        return "check"
    return "guess" if "guess" in cell.metadata.get("embedding_course", {}) else ""


def _explanations(cells) -> set[str]:
    """Ids of the texts that explain what came of a guess: each follows the code that marks it."""
    found, marked = set(), False
    for cell in cells:
        if cell.cell_type == "code":
            marked = marked or bool(MARKS_GUESS.search(cell.source))
        elif marked:
            found |= set() if kind_of(cell) else {cell.id}
            marked = False
    return found


def _unfenced(text) -> str:
    """A text of the same length without its code, in which a # begins no heading."""
    return FENCED.sub(lambda fence: " " * len(fence[0]), text)


def _behind_a_click(text) -> str:
    """A text up to its first heading behind a click, so that a reader can think first."""
    heading = HEADING.search(_unfenced(text))
    told, rest = (text[:heading.start()], text[heading.start():]) if heading else (text, "")
    if not told.strip():
        return text
    return f'<details class="explained">\n<summary>{THINK}</summary>\n\n{told.strip()}\n\n</details>\n\n{rest}'.rstrip()


def _unsaid(output):
    """An output without what is said to a learner who guesses: a page's reader hasn't."""
    if "text/html" in output.get("data", {}):
        output.data["text/html"] = SAID.sub("", output.data["text/html"])
    return output


def title_of(notebook) -> str:
    """A lesson's title, without marks of code."""
    heading = HEADING.search(notebook.cells[0].source)
    if not heading:
        raise Problem("a lesson's first cell has no heading, so there is no title for its page")
    return heading[2].replace("`", "")


def first_page(project: Project, lessons: dict, concepts: bool = False) -> str:
    """The page that readers come to: the project's opening, then its lessons in order.

    lessons : notebooks by name, in order
    concepts : whether the site has a page with the concept test
    """
    path = project.solutions / OPENING
    opening = path.read_text(encoding="utf-8") if path.is_file() else f"# {project.root.name}\n"
    listed = [f"1. [{title_of(notebook)}]({name}.ipynb){_minutes(notebook)}" for name, notebook in lessons.items()]
    order = [f"{number}. {title_of(notebook)} <{name}>" for number, (name, notebook) in enumerate(lessons.items(), 1)]
    asked = read_index(project)[0]
    if asked:
        listed += ["", "A question of your own? [The question index](questions.md) names the section that answers it."]
        order.append("Where is my question answered? <questions>")
    if concepts:
        listed += ["", f"[Ten questions, before and after]({PAGE}.md), whose answers stay in your browser."]
        order.append(f"{TITLE} <{PAGE}>")
    tree = ["```{toctree}", ":hidden:", "", *order, "```"]
    stepping = "\n".join(["Choose flights, guess which rows will move, and step. "
                          '<a href="step.html">The same on a page of its own</a> keeps each state in its address.',
                          "", "```{raw} html", widget(), "```", ""])
    opening = opening.replace(HERE, stepping) if HERE in opening else f"{opening}\n## Take one step\n\n{stepping}"
    return "\n".join([opening, "## The lessons", "", *listed, "", *tree, ""])


def question_page(project: Project, names: list[str]) -> str | None:
    """The question index, each place a link to its section; None in a project without questions."""
    questions, places, _ = read_index(project)
    if not questions:
        return None
    lines = [QUESTIONS]
    for group in dict.fromkeys(question.group for question in questions):
        lines.append(f"## {group}\n")
        for question in (question for question in questions if question.group == group):
            links = [f"[Lesson {int(place.lesson[:2])}: {place.shown()}](#{anchor(place.lesson, place.section)})"
                     for place in places[question.number] if place.lesson in names]
            lines.append("\n".join([question.asked, f": {question.answer}", *(f": {link}" for link in links)]) + "\n")
    return "\n".join(lines)


def anchor(name: str, heading: str) -> str:
    """The name of a section in the whole site; a heading's points and minutes don't matter."""
    return re.sub(r"[^a-z0-9]+", "-", f"{name[3:]} {PRICE.sub('', heading)}".lower()).strip("-")


def _with_anchors(text, name, seen):
    """A text cell with a name before each heading; what stands in fences is code."""
    def named(heading):
        target = anchor(name, heading[2])
        new, _ = target not in seen, seen.add(target)
        return f"({target})=\n{heading[0]}" if new else heading[0]
    parts = FENCED.split(text)
    return "".join(part if part.startswith("```") else HEADING.sub(named, part) for part in parts)


def _doors(name, repository):
    step = f'<p>{STEP}</p>\n' if name in WHY else ""
    links = "\n".join(f'<a href="{escape(address)}">{text}</a>' for text, address in repository.links(name).items())
    return (f'<p class="doors"><a href="downloads/{name}.ipynb" download>Download the notebook</a>\n{links}</p>\n'
            f'<p class="unsolved">{UNSOLVED}</p>\n{step}')


def _as_hint(output):
    """A check's failure as its hint alone: no traceback, no colours of Python."""
    if output.output_type != "error":
        return output
    text = f'<pre class="hint">{escape(output.evalue)}</pre>'
    return type(output)(output_type="display_data", metadata={}, data={"text/html": text, "text/plain": output.evalue})


def _minutes(notebook) -> str:
    minutes = notebook.metadata.get("embedding_course", {}).get("minutes")
    return f", {minutes} minutes" if minutes else ""
