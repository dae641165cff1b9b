"""The concept test's source, `solutions/concept-test.toml`, becomes three short notebooks and the key to their answers."""
import hashlib
import json
import tomllib
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ..concepts import FOLDER, KEPT, KEY, TAKES
from .lesson import read_lesson
from .notebook import KERNEL, instructor_notebook
from .problem import Problem
from .project import Project
from .slides.text import HEADING

SOURCE = "concept-test.toml"
LETTERS = "abcd"
WHY = {
    1: "Ten questions about what happens in a network, before you have learned any of it. **Guess**: that is what this "
       "take is for. It doesn't tell you what was right. You meet the same questions again after lesson 5 and after "
       "lesson 8, and then you see what has become of your ideas.",
    2: "The ten questions that you answered before lesson 1. Answer them afresh, without looking back. Some of them belong "
       "to lessons that are still to come: guess. At the end you see which ideas have gone and which remain, and where to "
       "read.",
    3: "The ten questions for the last time. Answer them afresh, without looking back. At the end you see which ideas have "
       "gone since before lesson 1, which remain, and where to read.",
}


def faults(project: Project) -> list[str]:
    """All that is wrong with the test's source, as "file: what"; nothing in a project without one."""
    questions = read_test(project).get("question", [])
    sections = _sections(project) if questions else {}
    return [f"{SOURCE}: question {number}: {text}" for number, question in enumerate(questions, start=1)
            for text in _question_faults(question, sections)]


def write_test(project: Project) -> list[str]:
    """Writes notebooks and key where they changed, and removes a take under its old name; returns the folder's name if
    anything did."""
    made = files(project)
    changed = {path: text for path, text in made.items() if _text(path) != text}
    for path in _gone(project, made):
        path.unlink()
    for path, text in changed.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return [FOLDER] * bool(changed)


def stale_test(project: Project) -> list[str]:
    """What differs from the source, a line a file."""
    made = files(project)
    return [f"{FOLDER}/{path.name} differs from what {SOURCE} gives; run `course build`"
            for path in [*(path for path, text in made.items() if _text(path) != text), *_gone(project, made)]]


def _gone(project, made) -> list[Path]:
    """Notebooks in the release that the source doesn't give."""
    return [path for path in sorted((project.release / FOLDER).glob("[0-9]-*.ipynb")) if made and path not in made]


def files(project: Project) -> dict[Path, str]:
    """What the test is made of: path to text; empty in a project without one."""
    test = read_test(project)
    if not test:
        return {}
    folder = project.release / FOLDER
    made = {folder / notebook_name(number): nbformat.writes(notebook(test["question"], number)) for number in TAKES}
    made[folder / KEY] = json.dumps(key(test, _sections(project)), indent=1, ensure_ascii=False)
    return {path: text + "\n" for path, text in made.items()}


def notebook_name(number: int) -> str:
    """The file of a take: 1-before-lesson-1.ipynb, …"""
    return f"{number}-{TAKES[number].replace(' ', '-')}.ipynb"


def read_test(project: Project) -> dict:
    """The source as it stands; empty in a project without one.

    raises : Problem where it cannot be read
    """
    path = project.solutions / SOURCE
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise Problem(f"{SOURCE}: not TOML: {error}") from error


def notebook(questions: list[dict], number: int):
    """One take as a notebook: the same bytes for the same source."""
    cells = [
        new_markdown_cell(f"# What do you think happens? Ten questions, {TAKES[number]}\n\n**Ten minutes, no points.** "
                          f"{WHY[number]}\n\nType a letter between the quotes and run the cell (Shift+Enter). Your "
                          f"answers are kept in `{KEPT}` beside this notebook, and nowhere else.", id="about"),
        new_code_cell(f"from embedding_course.concepts import Take\n\ntake = Take({number})   # {TAKES[number]}",
                      id="take"),
    ]
    for i, question in enumerate(questions, start=1):
        choices = "\n".join(f"- **{letter}** · {question[letter]['says']}" for letter in LETTERS)
        cells += [new_markdown_cell(f"## Question {i}\n\n{question['asks'].strip()}\n\n{choices}", id=f"question-{i:02d}"),
                  new_code_cell(f'take.answer({i}, "")', id=f"answer-{i:02d}")]
    cells += [new_markdown_cell("## And now?\n\nRun the next cell when all ten are answered.", id="and-now"),
              new_code_cell("take.result()", id="result")]
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"},
                                               "embedding_course": {"concept_test": number}})


def key(test: dict, sections: dict[str, dict[str, str]]) -> dict:
    """What the notebooks don't say: right answers, misconceptions, places. Its edition changes with any question."""
    questions = []
    for question in test["question"]:
        answers = {}
        for letter in LETTERS:
            lesson, _, section = question[letter].get("see", "").partition(": ")
            answers[letter] = {"shows": question[letter].get("shows", ""), "lesson": lesson, "section": section,
                               "cell": sections[lesson][section] if lesson else ""}
        questions.append({"about": question["about"], "right": right_letter(question), "answers": answers})
    asked = [[question["asks"], *(question[letter]["says"] for letter in LETTERS)] for question in test["question"]]
    edition = hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:8]
    return {"edition": edition, "questions": questions, "back": test["back"]}


def right_letter(question: dict) -> str:
    """The answer that stands for no misconception."""
    return next(letter for letter in LETTERS if "shows" not in question[letter])


def _question_faults(question: dict, sections: dict[str, dict[str, str]]):
    wrong = [letter for letter in LETTERS if "shows" in question.get(letter, {})]
    if {"asks", "about", *LETTERS} - question.keys():
        yield f"lacks {', '.join(sorted({'asks', 'about', *LETTERS} - question.keys()))}"
        return
    if len(wrong) != len(LETTERS) - 1:
        yield "one answer is right, and each of the others shows a misconception"
    for letter in wrong:
        lesson, _, section = question[letter].get("see", "").partition(": ")
        if section not in sections.get(lesson, {}):
            yield f"answer {letter} leads to {lesson!r}, section {section!r}, which isn't there"


def _sections(project) -> dict[str, dict[str, str]]:
    """The headings of each lesson, without points and minutes, and the id of the released cell where each stands."""
    lessons = [read_lesson(project.solutions / f"{name}.py") for name in project.lesson_names()]
    return {lesson.name: {head: cell.id for cell in instructor_notebook(lesson, {}).cells if cell.cell_type == "markdown"
                          for head, _ in HEADING.findall(cell.source)} for lesson in lessons}


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
