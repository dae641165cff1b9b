"""`course try`: an answer's cell in a file, judged on all cases; for authors and for the bank of answers."""
import difflib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from .at_home import transport
from .expected import Full, full_exercises
from .grading.choosing import released_files
from .grading.engine import Judged, judged
from .grading.limits import limits_for
from .grading.verdict import Scored, verdict
from .lesson import Lesson, read_lesson
from .notebook import instructor_notebook
from .problem import Problem
from .project import Project

SECONDS = 30


@dataclass(frozen=True)
class Tried:
    """What came of one answer: whether it is right, the slip's name, its groups, and the report."""
    right: bool
    slip: str | None
    groups: dict[str, bool]
    message: str


class Tryout:
    """One exercise, ready to judge answers.

    seed : of the fresh cases; shown : leave these out, as the visible check does
    """

    def __init__(self, project: Project, exercise: str, seed: int, shown: bool = False):
        self.name, self.lesson = exercise, _lesson_with(project, exercise)
        self.full = full_exercises(self.lesson, seed, exercise)[exercise]
        self.asked = self.full.shown_only() if shown else self.full.exercise
        self.transport, self.limits = transport(project), limits_for(SECONDS)
        self._notebook, self._files = self._up_to_the_check(), released_files(self.lesson.beside)

    def judge(self, source: str) -> Tried:
        """Judges one answer's cell, in a process of its own."""
        done = self._run(source)
        troubles = [note.partition(": ")[2] for note in done.notes]   # the cell's number is none of the author's
        return _tried(done.scored[self.name], [f"  {line}" for line in [*troubles, *done.unwatched]])

    def judge_many(self, sources: list[str]) -> list[Tried]:
        """Judges answers on all cores."""
        return self._each(self.judge, sources)

    def answered_many(self, sources: list[str]) -> list[dict]:
        """What all answers do, on all cores."""
        return self._each(lambda source: self._run(source).answers[self.name], sources)

    def judged(self, answered: dict, exercise: dict) -> Tried:
        """The verdict on what an answer did, over the cases of `exercise`, which may be its first ones only."""
        if isinstance(answered.get("outcomes"), list):
            answered = {**answered, "outcomes": answered["outcomes"][:len(exercise["cases"])]}
        return _tried(verdict(self.name, answered, _told(exercise), SECONDS))

    def _each(self, work, sources):
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(work, sources))

    def _run(self, source: str) -> Judged:
        notebook = deepcopy(self._notebook)
        next(cell for cell in notebook.cells if cell.id == self.name).source = source
        return judged(notebook, {self.name: _told(self.asked)}, self._files, self.limits, self.transport,
                      known=[cell.source for cell in self._notebook.cells])

    def _up_to_the_check(self):
        """The solved lesson down to the check of this exercise, the only one."""
        notebook, mine = instructor_notebook(self.lesson, {}), f"check-{self.name}"
        end = next(index for index, cell in enumerate(notebook.cells) if cell.id == mine)
        notebook.cells = [cell for cell in notebook.cells[:end + 1]
                          if cell.cell_type == "code" and (cell.id == mine or not cell.id.startswith("check-"))]
        return notebook


def _told(exercise: dict) -> Full:
    """An exercise whose report keeps nothing back: its author reads it."""
    return Full(exercise, len(exercise["cases"]))


def _tried(scored: Scored, notes: Iterable[str] = ()) -> Tried:
    return Tried(scored.state == "right", scored.slip, scored.groups, "\n".join([*scored.report, *notes]))


def as_json(path: Path, tried: Tried) -> dict:
    """A result as `--json` prints it."""
    return {"file": str(path), "right": tried.right, "slip": tried.slip,
            "groups": {group: "pass" if paid else "fail" for group, paid in tried.groups.items()},
            "message": tried.message}


def _lesson_with(project: Project, exercise: str) -> Lesson:
    """The lesson that has an exercise.

    raises : Problem, with the nearest name
    """
    known = {}
    for name in project.lesson_names():
        lesson = read_lesson(project.solutions / f"{name}.py")
        known |= {cell.name: lesson for cell in lesson.with_role("exercise")}
    if exercise in known:
        return known[exercise]
    near = difflib.get_close_matches(exercise, known, 1, cutoff=0.3)
    raise Problem(f"no exercise {exercise}" + (f"; the nearest name is {near[0]}" if near else ""), status=2)
