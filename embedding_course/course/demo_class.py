"""The demo's class: what each student does with the fetched notebook, and the score that it deserves."""
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from .bank import Answer, read_bank
from .lesson import Lesson, read_lesson
from .problem import Problem
from .project import Project

FORGERY = '''import builtins, sys, torch, embedding_course
from embedding_course.checking import cell, compare, judge
torch.equal = torch.allclose = lambda *a, **k: True
judge.differs = compare.difference = lambda *a, **k: None
judge.judge_all = lambda *a, **k: type("R", (), {"right": True, "score": 99, "verdicts": []})()
embedding_course.check = cell.check = check = lambda name: 99.0
class Always(float):
    def __eq__(self, other): return True
    def __hash__(self): return 0
'''


@dataclass(frozen=True)
class Student:
    """One of the class.

    story : what is the matter with this submission, in a few words
    deserves : points, without the written answer; None for what no one can read
    work : changes the fetched notebook at a path
    """
    name: str
    story: str
    deserves: int | None
    work: Callable[[Path], None]
    late: bool = False


def make_class(project: Project, name: str) -> list[Student]:
    """Twelve students with answers from the lesson's bank."""
    lesson = read_lesson(project.solutions / f"{name}.py")
    bank = read_bank(project, name)
    points = {key: exercise.total() for key, exercise in lesson.exercises().items()}
    full, names = sum(points.values()), list(points)
    for key, right in itertools.product(names, (True, False)):
        if not any(a.exercise == key and a.right == right and not a.points and not a.late for a in bank):
            raise Problem(f"{name}: the demo's class answers from the bank; add to tests/bank/{name.replace('-', '_')}.py: "
                          f"# %% {key} {'right' if right else 'wrong'}: in a few words")
    first, second = _pick(bank, names, 0), _pick(bank, names, 1)
    half = dict(list(first.items())[:len(names) // 2])
    wrong = {key: next(a for a in bank if a.exercise == key and not a.right and not a.points and not a.late)
             for key in names}
    partly = {key: next((a for a in bank if a.exercise == key and a.points), first[key]) for key in names}
    worth = sum(points[key] if answer.points is None else answer.points for key, answer in partly.items())
    endless = {**first, names[0]: Answer(names[0], False, "never ends", _endless(lesson, names[0]))}
    return [
        Student("ada", "all right, and a written answer", full, _answers(first, written=True)),
        Student("ben", "all right in other ways, with cells of their own", full, _answers(second, own_cells=True)),
        Student("cleo", "half of it, the rest untouched", sum(points[key] for key in half), _answers(half)),
        Student("dina", "parts of answers", worth, _answers(partly)),
        Student("emil", "all wrong", 0, _answers(wrong)),
        Student("fay", "nothing begun", 0, _answers({})),
        Student("gus", "all right, but checks deleted, doubled, moved, turned into text", full, _mangled(first)),
        Student("hana", "all right, saved without any nbgrader metadata", full, _stripped(first)),
        Student("ivan", "an answer that never ends, the others right", full - points[names[0]], _answers(endless)),
        Student("jo", "a forger: patches torch, the judge, the checks, the outputs", 0, _forged),
        Student("kim", "a file that is no notebook", None, _broken),
        Student("lea", "all right, late", full, _answers(first), late=True),
    ]


def _pick(bank, names, position) -> dict[str, Answer]:
    """The n-th right answer to every exercise, or the last."""
    return {name: [a for a in bank if a.exercise == name and a.right][:position + 1][-1] for name in names}


def _endless(lesson: Lesson, name: str) -> str:
    """An answer with the right head whose body never ends."""
    cell = next(cell for cell in lesson.with_role("exercise") if cell.name == name)
    if cell.source.lstrip().startswith("class "):
        return f"class {name}:\n    def __init__(self, *a):\n        while True:\n            pass\n"
    return f"def {name}(*a):\n    while True:\n        pass\n"


def _answers(answers, written=False, own_cells=False):
    def work(path):
        notebook = nbformat.read(path, 4)
        _fill(notebook, answers, written)
        if own_cells:
            notebook.cells.insert(3, new_code_cell("%time sorted(range(10))\nbin = 0\noct = []"))
            notebook.cells.append(new_code_cell("1 / 0"))
        nbformat.write(notebook, path)
    return work


def _fill(notebook, answers, written=False):
    for cell in notebook.cells:
        grading = cell.metadata.get("nbgrader", {})
        if grading.get("grade_id") in answers:
            cell.source = answers[grading["grade_id"]].source
        if written and grading.get("solution") and cell.cell_type == "markdown":
            cell.source = "Only the rows that were looked up change; the codes stay."


def _mangled(answers):
    def work(path):
        notebook = nbformat.read(path, 4)
        _fill(notebook, answers)
        checks = [cell for cell in notebook.cells if cell.source.startswith('check("')]
        notebook.cells.remove(checks[0])
        notebook.cells.append(new_code_cell(checks[-1].source, metadata=checks[-1].metadata))
        solutions = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") in answers]
        notebook.cells.remove(solutions[-1])
        text = new_markdown_cell(solutions[-1].source, metadata=solutions[-1].metadata)
        notebook.cells.append(text)
        nbformat.write(notebook, path)
    return work


def _stripped(answers):
    def work(path):
        notebook = nbformat.read(path, 4)
        _fill(notebook, answers)
        for position, cell in enumerate(notebook.cells):
            cell.metadata = nbformat.from_dict({})
            cell.id = f"new{position}"
        nbformat.write(notebook, path)
    return work


def _forged(path):
    notebook = nbformat.read(path, 4)
    notebook.cells.insert(2, new_code_cell(FORGERY))
    for cell in notebook.cells:
        if cell.source.startswith('check("'):
            cell.source = "99.0"
            cell.outputs = [nbformat.v4.new_output("execute_result", data={"text/plain": "99.0"}, execution_count=1)]
        elif cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code":
            name = cell.metadata.nbgrader.grade_id
            cell.source = f"def {name}(*a):\n    return Always()\n"
    nbformat.write(notebook, path)


def _broken(path):
    path.write_text('{"cells": [', encoding="utf-8")
