"""How a notebook is judged: its cells run, its answers are asked at their checks, the judge decides. One way for all.

`course check`, `course try`, `course grade` and nbgrader's own commands come here with a rebuilt notebook.
What differs is the transport, a function of (cells, files, questions, limits) that returns `Executed`: processes forked in
the sandbox or outside of it (`runner.py`), or a new one where nothing forks (`spawned.py`).
"""
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from nbformat.v4 import new_output

from ...checking.report import wrapped
from ...checking.unseen import unseen
from ...checking.ways import WATCHED
from ..expected import Full
from .limits import Limits
from .steps import defined_below, demonstrates, leans_on_demonstrations
from .verdict import Scored, verdict

LOST = ("missing", "no answer", "wrong")   # states of an answer whose text may hold what nobody sees


@dataclass
class Executed:
    """What came of a notebook's run.

    outputs : by position of the cell, outputs in the notebook format
    answers : by exercise, what its process sent when asked; {} where nothing usable came
    trouble : by position of the cell, what was wrong there
    starved : something ended for its time although it had not used it: others had the processor
    """
    outputs: dict[int, list] = field(default_factory=dict)
    answers: dict[str, dict] = field(default_factory=dict)
    trouble: dict[int, str] = field(default_factory=dict)
    starved: bool = False


@dataclass
class Judged:
    """What came of a notebook: scores and answers by exercise, notes on cells that made trouble, and how it ran.

    unwatched : a line for each exercise whose forbidden ways this torch doesn't let us watch, for whoever grades
    skipped : demonstrations were left out; starved : as in `Executed`
    """
    scored: dict[str, Scored]
    answers: dict[str, dict]
    notes: list[str]
    unwatched: list[str]
    skipped: bool
    starved: bool


def judged(notebook, exercises: dict[str, Full], files: dict[str, str], limits: Limits, transport: Callable[..., Executed],
           whole: bool = False, known: Iterable[str] = ()) -> Judged:
    """Runs and judges a notebook, whose cells get their outputs: without demonstrations first, and with them where a point
    would be lost that they may save.

    notebook : in the release's order, with the release's ids
    files : what lies beside it, as base64; whole : run demonstrations at once
    known : texts of cells that need no demonstration
    """
    def run(skipping):
        return _run(notebook, exercises, files, limits, transport, skipping)

    done = run(not whole and any(map(demonstrates, notebook.cells)))
    lost = sum(full.total for full in exercises.values()) - sum(one.score for one in done.scored.values())
    if done.skipped and lost and leans_on_demonstrations(notebook.cells, {*known}):
        before, done = done, run(skipping=False)
        for name, one in before.scored.items():
            if one.score >= done.scored[name].score:
                done.scored[name], done.answers[name] = one, before.answers[name]
    return done


def _run(notebook, exercises, files, limits, transport, skipping) -> Judged:
    """One run: outputs into the notebook, a score for each exercise."""
    positions, cells = [], []
    for position, cell in enumerate(notebook.cells):
        check = checked(cell, exercises)
        if check or (cell.cell_type == "code" and not (skipping and demonstrates(cell))):
            positions.append(position)
            cells.append({"check": check} if check else {"source": cell.source})
    questions = {name: {"call": full.exercise["call"], "forbidden": full.exercise["rules"]["forbidden"],
                        "cases": [{"arguments": case["arguments"]} for case in full.exercise["cases"]]}
                 for name, full in exercises.items()}
    done = transport(cells, files, questions, limits)
    for number, outputs in done.outputs.items():
        notebook.cells[positions[number]].outputs = outputs
    notes = []
    for number, why in done.trouble.items():
        notebook.cells[positions[number]].outputs.append(new_output("stream", name="stderr", text=why + "\n"))
        notes.append(f"{positions[number] + 1}: {why}")
    answers = {name: done.answers.get(name, {}) for name in exercises}
    scored = {name: verdict(name, answers[name], full, limits.cell) for name, full in exercises.items()}
    scored = {name: replace(one, report=[*one.report, *_about(notebook.cells, name, one)]) if one.state in LOST else one
              for name, one in scored.items()}
    unwatched = [line for name, full in exercises.items() for line in _unwatched(name, full, answers[name])]
    return Judged(scored, answers, notes, unwatched, skipping, done.starved)


def _unwatched(name, full, answered) -> list[str]:
    """A line where an answer's process could not watch for what the exercise forbids."""
    sent = answered.get("outcomes") if isinstance(answered.get("outcomes"), list) else []
    told = [outcome.get("unwatched") for outcome in sent if isinstance(outcome, dict)]
    what = [one for one in WATCHED if any(isinstance(words, list) and one in words for words in told)]
    ways = ", ".join(full.exercise["rules"]["forbidden"])
    return [f"{name}: with the versions installed here nobody can watch {', '.join(what)}; whether the answer does "
            f"without {ways} is for you to read"] if what and ways else []


def _about(cells, name, scored) -> list[str]:
    """What a beginner can't see in the cell of an answer that failed."""
    places = {cell.get("metadata", {}).get("nbgrader", {}).get("grade_id"): position for position, cell in enumerate(cells)}
    answer, check = places[name], places[f"check-{name}"]
    later = [f"{one} is defined further down only, and a fresh notebook runs from the top."
             for one in sorted(defined_below(cells, answer, check))]
    stopped = _stopped(cells[answer].get("outputs", [])) if scored.state == "missing" else []
    return wrapped(*stopped, *unseen(cells[answer].source), *later)


def _stopped(outputs) -> list[str]:
    """Where the answer's own cell stopped, and why."""
    errors = [output for output in outputs if output["output_type"] == "error"]
    if not errors:
        return []
    lines = re.findall(r"^ *(?:Cell|File) .*?, line (\d+)", "\n".join(errors[-1]["traceback"]), re.MULTILINE)
    where = f" at line {lines[-1]}" if lines else ""
    words = re.sub(r" \(<[^()]*>, line \d+\)$", "", errors[-1]["evalue"])   # IPython's name for a cell says nothing
    return [f"Its cell stopped{where}: {errors[-1]['ename']}: {words[:200]}"]


def checked(cell, exercises) -> str:
    """The exercise whose check a cell is; "" for any other cell."""
    grading = cell.metadata.get("nbgrader", {})
    name = str(grading.get("grade_id", "")).removeprefix("check-")
    return name if grading.get("grade") and cell.cell_type == "code" and name in exercises else ""
