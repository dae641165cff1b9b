"""`course try`: an answer's cell in a file, judged on all cases; for authors and for the bank of answers."""
import difflib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ..checking.report import assess, wrapped
from ..checking.unseen import unseen
from .answers import Run, ask, play
from .child import in_child
from .expected import full_exercises
from .lesson import Lesson, read_lesson
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

    def judge(self, source: str) -> Tried:
        """Judges one answer's cell, in a process of its own."""
        return self.judged(self.answered(source), self.asked)

    def judge_many(self, sources: list[str]) -> list[Tried]:
        """Judges answers on all cores."""
        return [self.judged(answered, self.asked) for answered in self.answered_many(sources)]

    def answered_many(self, sources: list[str]) -> list[dict]:
        """What all answers do, on all cores."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(self.answered, sources))

    def answered(self, source: str) -> dict:
        """What an answer does on the cases; {"trouble": why} where there is nothing to judge."""
        others = [cell for cell in self.lesson.solution_cells() if cell.name != self.name or cell.role == "imports"]
        steps = [*(Run(cell.source, "lesson") for cell in others), Run(source, "answer"), ask(self.name, self.asked)]
        try:
            [answered] = in_child(play, steps, timeout=SECONDS)
        except TimeoutError as error:
            return {"trouble": f"✗ {self.name}: {error}. Does a loop never end?"}
        except Problem as problem:
            return {"trouble": f"✗ {self.name}: {problem}"}
        if answered.get("missing"):
            why = f" The cell stopped at {answered['why']}" if answered["why"] else ""
            return {"trouble": "\n".join([f"· {self.name}: not defined.{why}", *wrapped(*unseen(source))])}
        return answered

    def judged(self, answered: dict, exercise: dict) -> Tried:
        """The verdict on what an answer did, over the cases of `exercise`, which may be its first ones only."""
        nothing = dict.fromkeys(exercise["points"], False)
        if "trouble" in answered:
            return Tried(False, None, nothing, answered["trouble"])
        if "outcomes" in answered:
            answered = {**answered, "outcomes": answered["outcomes"][:len(exercise["cases"])]}
        result, report = assess(self.name, exercise, answered)
        message = "\n".join(report)
        return Tried(result.right, result.slip, result.groups, message) if result else Tried(False, None, nothing, message)


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
