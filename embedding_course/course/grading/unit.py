"""The unit of work: one submission's bytes in, its graded notebook and its outcome out. Runs on any machine.

It knows no gradebook and no folder of the class. What it gets of the lesson (cases, expectations) stays in this
process; into the sandbox go cells, and cases when they are asked.
"""
import base64
import hashlib
import json
import threading
import time
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell, new_output

from ...checking.report import wrapped
from ...checking.unseen import unseen
from ...places import SHIPPED
from ..expected import Full
from ..graft import graft
from ..problem import Problem
from ..reading import parse_notebook
from .limits import Limits
from .runner import execute
from .sandbox import JUDGED, PROTECTED, ForkServer
from .steps import defined_below, demonstrates, leans_on_demonstrations
from .verdict import Scored, verdict

LOST = ("missing", "no answer", "wrong")   # states of an answer whose text may hold what nobody sees
_here = threading.local()   # each thread of a worker keeps a fork server


@dataclass(frozen=True)
class Lesson:
    """What is the same for a whole class.

    name, released : the lesson and its released notebook, as text
    exercises : by name, with all cases and expectations
    written : points by grade id of the answers that a person grades
    protected : in the sandbox, or else without
    whole : run demonstrations too
    """
    name: str
    released: str
    exercises: dict[str, Full]
    written: dict[str, float]
    data: str
    limits: Limits = Limits()
    protected: bool = True
    whole: bool = False

    @cached_property
    def checks(self) -> str:
        """The released `checks.json`, as base64: a check that a student wrote into a cell answers as it did at home."""
        shown = {name: full.shown_only() for name, full in self.exercises.items()}
        return base64.b64encode(json.dumps({"lesson": self.name, "exercises": shown}).encode()).decode()


@dataclass(frozen=True)
class Submission:
    """What one student handed in: the notebook's bytes, files beside it (base64 by name), and notes on finding them.

    received : when, in words
    """
    student: str
    notebook: bytes
    files: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    received: str = ""

    @property
    def identity(self) -> str:
        """What was graded, so that nobody need argue about it: when it came, and the SHA-256 of its bytes."""
        when = f"received {self.received}, " if self.received else ""
        return f"{when}SHA-256 {hashlib.sha256(self.notebook).hexdigest()}"


@dataclass(frozen=True)
class Graded:
    """What came of a submission.

    notebook : the graded notebook as text, or None
    refused : why there is none, in words for the instructor; empty if it was graded
    exercises : by name
    written : by grade id, the text of an answer that a person must grade; None for one not begun
    notes : what was put right, for the student; flags : what an instructor should look at
    seconds : of this worker's clock
    """
    student: str
    notebook: str | None
    refused: str = ""
    exercises: dict[str, Scored] = field(default_factory=dict)
    written: dict[str, str | None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    seconds: float = 0

    @property
    def score(self) -> float:
        """Points by checks; those of written answers are a person's."""
        return sum(scored.score for scored in self.exercises.values())


def grade(lesson: Lesson, submission: Submission) -> Graded:
    """Grades one submission. Whatever is in it, this returns; only a broken sandbox raises Problem."""
    started = time.monotonic()
    released = nbformat.reads(lesson.released, as_version=4)
    try:
        handed_in = parse_notebook(submission.notebook, f"{lesson.name}.ipynb")
        notebook, notes, mended = graft(released, handed_in)
    except Problem as problem:
        return Graded(submission.student, None, str(problem), notes=submission.notes, flags=submission.flags)
    except (RecursionError, MemoryError, ValueError, TypeError, KeyError, AttributeError) as error:
        return Graded(submission.student, None, f"{lesson.name}.ipynb: cannot be read ({type(error).__name__})")
    scored, trouble = judge_notebook(lesson, submission, notebook, submission.notes + notes)
    flags = [*submission.flags, *_older(released, handed_in), *mended, *trouble]
    return Graded(submission.student, nbformat.writes(notebook), "", scored, _written(lesson, released, notebook),
                  submission.notes + notes, flags, time.monotonic() - started)


def judge_notebook(lesson: Lesson, submission: Submission, notebook, notes=()) -> tuple[dict[str, Scored], list[str]]:
    """Runs and judges a notebook that `graft` has rebuilt; writes outputs, reports and scores into it.

    notes : what was put right on the way; the notebook says so on top
    returns : scores by exercise, and a word on each cell that ended or outlasted the notebook
    """
    judged = _judged(lesson, submission, notebook)
    trouble = [f"cell {note}" for note in judged.notes]
    _introduce(notebook, [*notes, *trouble], lesson.protected, judged.skipped, submission)
    return judged.scored, trouble


@dataclass
class _Judged:
    scored: dict[str, Scored]
    notes: list[str]
    skipped: bool


def _judged(lesson, submission, notebook) -> _Judged:
    """Runs and judges; without demonstrations first, and with them where a point would be lost that they may save."""
    skipping = not lesson.whole and any(map(demonstrates, notebook.cells))
    scored, notes = _run(lesson, submission, notebook, skipping)
    lost = sum(full.total for full in lesson.exercises.values()) - sum(s.score for s in scored.values())
    if skipping and lost and leans_on_demonstrations(notebook.cells):
        again, notes = _run(lesson, submission, notebook, skipping=False)
        scored = {name: max(scored[name], again[name], key=lambda s: s.score) for name in again}
        skipping = False
    _show_scores(notebook, scored)
    return _Judged(scored, notes, skipping)


def _run(lesson, submission, notebook, skipping):
    """One run: outputs into the notebook, a score for each exercise, and notes on cells that made trouble."""
    positions, steps = [], []
    for position, cell in enumerate(notebook.cells):
        check = _exercise_checked(cell, lesson)
        if check or (cell.cell_type == "code" and not (skipping and demonstrates(cell))):
            positions.append(position)
            steps.append({"check": check} if check else {"source": cell.source})
    questions = {name: {"call": full.exercise["call"], "forbidden": full.exercise["rules"]["forbidden"],
                        "cases": [{"arguments": case["arguments"]} for case in full.exercise["cases"]]}
                 for name, full in lesson.exercises.items()}
    server = fork_server(lesson.data, lesson.limits, lesson.protected)
    done = execute(server, steps, submission.files | {"checks.json": lesson.checks}, questions, lesson.limits)
    for number, outputs in done.outputs.items():
        notebook.cells[positions[number]].outputs = outputs
    notes = []
    for number, why in done.trouble.items():
        notebook.cells[positions[number]].outputs = [new_output("stream", name="stderr", text=why + "\n")]
        notes.append(f"{positions[number] + 1}: {why}")
    scored = {name: verdict(name, done.answers.get(name, {}), full, lesson.limits.cell)
              for name, full in lesson.exercises.items()}
    return {name: replace(one, report=[*one.report, *_not_seen(notebook.cells, name)]) if one.state in LOST else one
            for name, one in scored.items()}, notes


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


def _older(released, handed_in) -> list[str]:
    """A flag where a notebook was made from another release than this."""
    mine, theirs = (nb.metadata.get("embedding_course") for nb in (released, handed_in))
    stamp = theirs.get("release") if isinstance(theirs, dict) else None
    return ["made from an older release"] if isinstance(stamp, str) and stamp != mine.get("release") else []


def _written(lesson, released, notebook) -> dict[str, str | None]:
    stubs = {cell.get("id"): cell.source.strip() for cell in released.cells}
    texts = {cell.metadata["nbgrader"]["grade_id"]: cell for cell in notebook.cells
             if cell.metadata.get("nbgrader", {}).get("grade_id") in lesson.written}
    return {name: None if not cell.source.strip() or cell.source.strip() == stubs[cell.id] else cell.source
            for name, cell in texts.items()}


def _introduce(notebook, notes, protected, skipped, submission):
    """A text cell on top: what was graded and how, and what was put right."""
    lines = [f"*How this was graded: {PROTECTED if protected else JUDGED}.*"]
    if submission.notebook:
        lines.insert(0, f"*What was graded: {submission.identity}.*")
    if skipped:
        lines.append("*Cells that only demonstrate something were not run for that; they show no outputs here.*")
    if notes:
        lines.append("**On receiving this notebook, these things were put right:**\n" + "".join(f"\n- {n}" for n in notes))
    notebook.cells.insert(0, new_markdown_cell("\n\n".join(lines), id="intake"))


def fork_server(data: str, limits: Limits, protected: bool) -> ForkServer:
    """This thread's fork server; a new one if it has ended or others are wanted."""
    wanted = (data, limits, protected)
    known = getattr(_here, "server", None)
    if known is None or _here.wanted != wanted or known.process.poll() is not None:
        if known is not None:
            known.close()
        folder = Path(data) if Path(data).is_dir() else SHIPPED / "data"   # another machine has its own
        _here.server, _here.wanted = ForkServer(folder, limits, protected), wanted
    return _here.server
