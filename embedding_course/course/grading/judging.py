"""What a clerk does with one submission: reads it, rebuilds it, has it run in the sandbox, judges, writes the notebook.

Everything here touches a stranger's bytes, in a process that can be ended. It knows no gradebook and no folder of the
class. What it has of the lesson (cases, expectations) stays in this process: into the sandbox go cells, and cases when
they are asked.
"""
import socket
from dataclasses import asdict, replace
from functools import partial

import nbformat
from nbformat.v4 import new_markdown_cell, new_output

from ..graft import graft
from ..marks import changed_since
from ..problem import Problem
from ..reading import parse_notebook
from .choosing import beside, choose
from .engine import Judged, checked, judged
from .meddling import meddling
from .model import Graded, Lesson, Submission
from .runner import execute
from .sandbox import JUDGED, PROTECTED, START_SECONDS, Line


def grade(lesson: Lesson, submission: Submission, line: Line, control: socket.socket) -> dict:
    """The fields of a submission's `Graded`.

    line : to the fork server, without its socket, and control : that
    """
    released = nbformat.reads(lesson.released, as_version=4)
    try:
        name, notebook, notes, flags, older = read(released, submission, lesson.name)
    except Problem as problem:
        return asdict(Graded(submission.student, None, str(problem), notes=submission.notes))
    done = _judged(lesson, notebook, beside(submission.files, name), _held(line, control))
    trouble = [f"cell {note}" for note in done.notes]
    _introduce(notebook, [*submission.notes, *notes, *trouble], lesson, done, submission.identity(name))
    return asdict(Graded(submission.student, nbformat.writes(notebook), "", done.scored,
                         _written(lesson, released, notebook), [*submission.notes, *notes],
                         [*flags, *trouble, *done.unwatched], older, done.starved))


def judge(lesson: Lesson, submission: Submission, rebuilt: str, line: Line, control: socket.socket) -> str:
    """A notebook that was rebuilt already, with outputs, reports and scores."""
    notebook = nbformat.reads(rebuilt, as_version=4)
    name, _, _ = choose(submission.files, lesson.name, nbformat.reads(lesson.released, as_version=4))
    done = _judged(lesson, notebook, beside(submission.files, name), _held(line, control))
    _introduce(notebook, [*submission.notes, *(f"cell {note}" for note in done.notes)], lesson, done,
               submission.identity(name))
    return nbformat.writes(notebook)


def read(released, submission: Submission, lesson: str):
    """The notebook that counts, rebuilt on the release: (its name, the notebook, notes for its student, flags, exercises
    that have changed since the release that it was made from).

    raises : Problem, naming the file
    """
    name, notes, flags = choose(submission.files, lesson, released)
    handed_in = parse_notebook(submission.files[name], name)
    notebook, mended, doubtful = graft(released, handed_in)
    odd = meddling(notebook, {cell.source for cell in released.cells})
    older = changed_since(released, handed_in)
    return name, notebook, [*notes, *_older(older), *mended], [*flags, *doubtful, *odd], older


def rebuild(released: str, raw: bytes, name: str) -> str:
    """A notebook's bytes rebuilt on the release, with a word on top on what was put right; for nbgrader's own commands.

    raises : Problem, naming the file
    """
    release, handed_in = nbformat.reads(released, as_version=4), parse_notebook(raw, name)
    notebook, mended, _ = graft(release, handed_in)
    if notes := [*_older(changed_since(release, handed_in)), *mended]:
        notebook.cells.insert(0, new_markdown_cell(_list(notes), id="intake"))
    return nbformat.writes(notebook)


def _list(notes) -> str:
    return "**On receiving this notebook, these things were put right:**\n" + "".join(f"\n- {note}" for note in notes)


def _held(line, control) -> Line:
    control.settimeout(START_SECONDS)   # the description is shared with its owner, who has set the same
    return replace(line, control=control)


def _judged(lesson, notebook, files, line) -> Judged:
    """Runs and judges in the sandbox, and writes reports and points into the notebook."""
    done = judged(notebook, lesson.exercises, files | lesson.files, lesson.limits, partial(execute, line),
                  lesson.whole)
    _show_scores(notebook, done.scored)
    return done


def _show_scores(notebook, scored):
    """Report and points under each check, the points last, as nbgrader reads them."""
    for cell in notebook.cells:
        if name := checked(cell, scored):
            text = "\n".join(scored[name].report) + "\n"
            points = {"text/plain": str(float(scored[name].score))}
            cell.outputs = [new_output("stream", name="stdout", text=text),
                            new_output("execute_result", data=points, execution_count=None)]


def _older(exercises) -> list[str]:
    """A note for the student where a notebook was made from a release whose exercises were others."""
    return [f"made from an older release of the lesson; changed since then: {', '.join(exercises)}. What counts is each "
            "exercise as it is now"] if exercises else []


def _written(lesson, released, notebook) -> dict[str, str | None]:
    stubs = {cell.get("id"): cell.source.strip() for cell in released.cells}
    texts = {cell.metadata["nbgrader"]["grade_id"]: cell for cell in notebook.cells
             if cell.metadata.get("nbgrader", {}).get("grade_id") in lesson.written}
    return {name: None if not cell.source.strip() or cell.source.strip() == stubs[cell.id] else cell.source
            for name, cell in texts.items()}


def _introduce(notebook, notes, lesson, done, identity):
    """A text cell on top: what was graded and how, and what was put right."""
    lines = [f"*What was graded: {identity}.*", f"*How this was graded: {PROTECTED if lesson.protected else JUDGED}.*"]
    if done.skipped:
        lines.append("*Cells that only demonstrate something were not run for that; they show no outputs here.*")
    if notes:
        lines.append(_list(notes))
    notebook.cells.insert(0, new_markdown_cell("\n\n".join(lines), id="intake"))
