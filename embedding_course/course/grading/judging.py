"""What a clerk does with one submission: reads it, rebuilds it, has it run in the sandbox, judges, writes the notebook.

Everything here touches a stranger's bytes, in a process that can be ended. It knows no gradebook and no folder of the
class. What it has of the lesson (cases, expectations) stays in this process: into the sandbox go cells, and cases when
they are asked.
"""
import socket
from dataclasses import asdict, dataclass, replace

import nbformat
from nbformat.v4 import new_markdown_cell, new_output

from ...checking.report import wrapped
from ...checking.unseen import unseen
from ..graft import graft
from ..marks import changed_since
from ..problem import Problem
from ..reading import parse_notebook
from .choosing import beside, choose
from .meddling import meddling
from .model import Graded, Lesson, Submission
from .runner import execute
from .sandbox import JUDGED, PROTECTED, START_SECONDS, Line
from .steps import defined_below, demonstrates, leans_on_demonstrations
from .verdict import Scored, verdict

LOST = ("missing", "no answer", "wrong")   # states of an answer whose text may hold what nobody sees


def grade(lesson: Lesson, submission: Submission, line: Line, control: socket.socket) -> dict:
    """The fields of a submission's `Graded`.

    line : to the fork server, without its socket, and control : that
    """
    released = nbformat.reads(lesson.released, as_version=4)
    try:
        name, notebook, notes, flags, older = read(released, submission, lesson.name)
    except Problem as problem:
        return asdict(Graded(submission.student, None, str(problem), notes=submission.notes))
    judged = _judged(lesson, notebook, beside(submission.files, name), _held(line, control))
    trouble = [f"cell {note}" for note in judged.notes]
    _introduce(notebook, [*submission.notes, *notes, *trouble], lesson, judged, submission.identity(name))
    return asdict(Graded(submission.student, nbformat.writes(notebook), "", judged.scored,
                         _written(lesson, released, notebook), [*submission.notes, *notes], [*flags, *trouble],
                         older, judged.starved))


def judge(lesson: Lesson, submission: Submission, rebuilt: str, line: Line, control: socket.socket) -> str:
    """A notebook that was rebuilt already, with outputs, reports and scores."""
    notebook = nbformat.reads(rebuilt, as_version=4)
    name, _, _ = choose(submission.files, lesson.name, nbformat.reads(lesson.released, as_version=4))
    judged = _judged(lesson, notebook, beside(submission.files, name), _held(line, control))
    _introduce(notebook, [*submission.notes, *(f"cell {note}" for note in judged.notes)], lesson, judged,
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


@dataclass
class _Judged:
    """What came of the runs: scores, notes on cells that made trouble, whether demonstrations were left out."""
    scored: dict[str, Scored]
    notes: list[str]
    skipped: bool
    starved: bool


def _judged(lesson, notebook, files, line) -> _Judged:
    """Runs and judges; without demonstrations first, and with them where a point would be lost that they may save."""
    judged = _run(lesson, notebook, files, line, not lesson.whole and any(map(demonstrates, notebook.cells)))
    lost = sum(full.total for full in lesson.exercises.values()) - sum(s.score for s in judged.scored.values())
    if judged.skipped and lost and leans_on_demonstrations(notebook.cells):
        before, judged = judged, _run(lesson, notebook, files, line, skipping=False)
        judged.scored = {name: max(before.scored[name], one, key=lambda s: s.score) for name, one in judged.scored.items()}
    _show_scores(notebook, judged.scored)
    return judged


def _run(lesson, notebook, files, line, skipping) -> _Judged:
    """One run: outputs into the notebook, a score for each exercise."""
    positions, steps = [], []
    for position, cell in enumerate(notebook.cells):
        check = _exercise_checked(cell, lesson)
        if check or (cell.cell_type == "code" and not (skipping and demonstrates(cell))):
            positions.append(position)
            steps.append({"check": check} if check else {"source": cell.source})
    questions = {name: {"call": full.exercise["call"], "forbidden": full.exercise["rules"]["forbidden"],
                        "cases": [{"arguments": case["arguments"]} for case in full.exercise["cases"]]}
                 for name, full in lesson.exercises.items()}
    done = execute(line, steps, files | lesson.files, questions, lesson.limits)
    for number, outputs in done.outputs.items():
        notebook.cells[positions[number]].outputs = outputs
    notes = []
    for number, why in done.trouble.items():
        notebook.cells[positions[number]].outputs.append(new_output("stream", name="stderr", text=why + "\n"))
        notes.append(f"{positions[number] + 1}: {why}")
    scored = {name: verdict(name, done.answers.get(name, {}), full, lesson.limits.cell)
              for name, full in lesson.exercises.items()}
    scored = {name: replace(one, report=[*one.report, *_not_seen(notebook.cells, name)]) if one.state in LOST else one
              for name, one in scored.items()}
    return _Judged(scored, notes, skipping, done.starved)


def _not_seen(cells, name) -> list[str]:
    """What a beginner can't see in the cell of an answer that failed."""
    places = {cell.metadata.get("nbgrader", {}).get("grade_id"): position for position, cell in enumerate(cells)}
    answer, check = places[name], places[f"check-{name}"]
    later = [f"{one} is defined further down only, and a fresh notebook runs from the top."
             for one in sorted(defined_below(cells, answer, check))]
    return wrapped(*unseen(cells[answer].source), *later)


def _exercise_checked(cell, lesson) -> str:
    grading = cell.metadata.get("nbgrader", {})
    name = str(grading.get("grade_id", "")).removeprefix("check-")
    return name if grading.get("grade") and cell.cell_type == "code" and name in lesson.exercises else ""


def _show_scores(notebook, scored):
    """Report and points under each check, the points last, as nbgrader reads them."""
    for cell in notebook.cells:
        name = str(cell.metadata.get("nbgrader", {}).get("grade_id", "")).removeprefix("check-")
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade") and name in scored:
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


def _introduce(notebook, notes, lesson, judged, identity):
    """A text cell on top: what was graded and how, and what was put right."""
    lines = [f"*What was graded: {identity}.*", f"*How this was graded: {PROTECTED if lesson.protected else JUDGED}.*"]
    if judged.skipped:
        lines.append("*Cells that only demonstrate something were not run for that; they show no outputs here.*")
    if notes:
        lines.append(_list(notes))
    notebook.cells.insert(0, new_markdown_cell("\n\n".join(lines), id="intake"))
