"""The question index: where in the lessons code answers which question. `notebooks/QUESTIONS.md` is made from marks.

A mark is `answers="11 P21"` in the header of a lesson's cell; the questions stand in `solutions/questions.toml`.
"""
import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass

from .lesson import Cell, Lesson, read_lesson
from .problem import Problem
from .project import Project

LIST, PAGE = "questions.toml", "QUESTIONS.md"
HEADING = re.compile(r"^(#{1,6}) +(.+?) *$", re.MULTILINE)
PRICE = re.compile(r" \(\d+ points?, [^)]*\)(?= · at home$|$)")   # of an exercise, at the end of its heading
OPENING = """# Where is my question answered?

Find yours in the words in which people ask it. The last column names the lesson, and the section of it, where code
that you can run gives the answer. Numbers with a P come from public forums, the others from learners; a low number
was asked more often, or earlier.

"""


@dataclass(frozen=True)
class Question:
    """A question as a learner puts it.

    number : "1" … or "P1" …
    line : where it stands in the list, from 1
    """
    number: str
    group: str
    asked: str
    answer: str
    line: int


@dataclass(frozen=True)
class Place:
    """A section of a lesson whose code answers a question."""
    lesson: str
    title: str
    section: str

    def link(self) -> str:
        """Markdown that leads from the page to the notebook; GitHub can't jump to a section within one."""
        return f"{_lesson_link(self.lesson)}: {self.shown()}"

    def shown(self) -> str:
        """The section's heading; a lesson's own stands for all of it."""
        return "the whole lesson" if self.section == self.title else self.section


def read_index(project: Project) -> tuple[list[Question], dict[str, list[Place]], list[str]]:
    """The questions, the places of each by number, and the faults; all empty in a project without questions."""
    questions, faults = _read_questions(project)
    places = defaultdict(list)
    if not questions:
        return questions, places, faults
    known = {question.number for question in questions}
    for path in sorted(project.solutions.glob("[0-9][0-9]-*.py")):
        for number, place, fault in _marks(read_lesson(path), known):
            if fault:
                faults.append(fault)
            elif place not in places[number]:
                places[number].append(place)
    faults += [f"{LIST}:{question.line}: no lesson answers {question.number}, {question.asked!r}"
               for question in questions if not places[question.number]]
    return questions, places, faults


def index_faults(project: Project) -> list[str]:
    """All that is wrong with the question index, as "file:line: what"; nothing in a project without questions."""
    return read_index(project)[2]


def page(project: Project) -> str | None:
    """The page's text; None in a project without questions."""
    questions, places, _ = read_index(project)
    if not questions:
        return None
    titles = {place.lesson: place.title for found in places.values() for place in found}
    text = OPENING + "".join(f"- {_lesson_link(name)}: {titles[name]}\n" for name in sorted(titles))
    for group in dict.fromkeys(question.group for question in questions):
        text += f"\n## {group}\n\n| | question | in short | where to run it |\n| --- | --- | --- | --- |\n"
        for question in (question for question in questions if question.group == group):
            start = [question.number, question.asked, question.answer]
            for place in places[question.number]:
                text += "| " + " | ".join(_cell(part) for part in [*start, place.link()]) + " |\n"
                start = ["", "", ""]   # a further place of the same question
    return text


def write_page(project: Project) -> list[str]:
    """Writes the page; returns its name if that changed it."""
    text, path = page(project), project.release / PAGE
    if text is None or (path.is_file() and path.read_text(encoding="utf-8") == text):
        return []
    path.write_text(text, encoding="utf-8", newline="\n")
    return [PAGE]


def stale_page(project: Project) -> list[str]:
    """What the page says and the marks don't, a line for each place that is gone; empty if page and marks agree."""
    text, path = page(project), project.release / PAGE
    shown = path.read_text(encoding="utf-8") if path.is_file() else ""
    if text is None or text == shown:
        return []
    now = set(text.splitlines())
    gone = [f"{PAGE} names a place that is gone: {line.strip('| ')}" for line in shown.splitlines()
            if line.startswith("| ") and line not in now]
    return [*gone, f"{PAGE} differs from what the marks in the lessons give; run `course build`"]


def section_of(cells: list[Cell], index: int) -> tuple[str, bool]:
    """The heading over a cell, and whether code follows before the section ends.

    The heading is the last one in the cell itself, else the nearest above.
    """
    at = next(i for i in range(index, -1, -1) if i == 0 or _headings(cells[i]))
    level, heading = (_headings(cells[at]) or [(1, "")])[-1]
    for cell in cells[index:]:
        if cell.kind == "code" and cell.role in ("", "exercise"):
            return heading, True
        if cell is not cells[index] and any(other <= level for other, _ in _headings(cell)):
            break
    return heading, False


def _lesson_link(name) -> str:
    return f"[Lesson {int(name[:2])}]({name}/{name}.ipynb)"


def _marks(lesson: Lesson, known: set[str]):
    """Each mark of a lesson: the question's number, its place, and what is wrong with it ("" if nothing)."""
    for index, cell in enumerate(lesson.cells):
        if not cell.answers:
            continue
        section, code = section_of(lesson.cells, index)
        at = f"{lesson.path.name}:{cell.line - 1}"
        for number in cell.answers:
            fault = "" if number in known else f"{at}: answers {number}, which {LIST} doesn't list"
            if not code:
                fault = f"{at}: answers {number}, but no code follows in the section {section!r}"
            yield number, Place(lesson.name, lesson.title, PRICE.sub("", section)), fault


def _read_questions(project) -> tuple[list[Question], list[str]]:
    """The listed questions, and what is wrong with the list.

    raises : Problem where the list cannot be read
    """
    path = project.solutions / LIST
    if not path.is_file():
        return [], []
    text = path.read_text(encoding="utf-8-sig")
    try:
        groups = tomllib.loads(text)
        listed = [(number, group, *pair) for group, entries in groups.items() for number, pair in entries.items()]
        lines = {number: i for i, line in enumerate(text.splitlines(), 1) if (number := line.partition(" = ")[0])}
        questions = [Question(number, group, asked, answer, lines.get(number, 1))
                     for number, group, asked, answer in listed]
    except (tomllib.TOMLDecodeError, AttributeError, ValueError) as error:
        raise Problem(f"{LIST}: not a list of `number = [question, answer]` in groups: {error}") from error
    numbers = [question.number for question in questions]
    return questions, [f"{LIST}:{question.line}: {question.number} stands twice" for question in questions
                       if numbers.count(question.number) > 1]


def _headings(cell) -> list[tuple[int, str]]:
    """Level and text of each heading in a text cell; what stands in fences is code."""
    if cell.kind != "markdown":
        return []
    prose = re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL)
    return [(len(marks), text) for marks, text in HEADING.findall(prose)]


def _cell(text) -> str:
    return text.replace("|", r"\|")
