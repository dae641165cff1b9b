"""Each exercise with all its cases, shown and fresh, and what is expected on them: for the grader and `course try`.

Reference and slips run in a process of its own; whoever asks gets data, and needs no torch.
"""
from dataclasses import dataclass

from ..checking.forms import released
from .child import in_child
from .lesson import Lesson
from .problem import Problem

SECONDS = 300


@dataclass(frozen=True)
class Full:
    """An exercise as data, its shown cases first.

    exercise : as in `checks.json`, with fresh cases behind the shown ones
    fresh_from : position of the first fresh case
    """
    exercise: dict
    fresh_from: int

    @property
    def total(self) -> int:
        return sum(self.exercise["points"].values())

    def shown_only(self) -> dict:
        """The exercise as the visible check has it."""
        return released({**self.exercise, "cases": self.exercise["cases"][:self.fresh_from]})


def full_exercises(lesson: Lesson, seed: int, only: str | None = None) -> dict[str, Full]:
    """A lesson's exercises by name, or one of them, with the fresh cases of a seed."""
    made, mistakes = in_child(_describe, lesson, seed, only, timeout=SECONDS)
    if mistakes:
        raise Problem("; ".join(mistakes) + "; `course build` names every mistake")
    return {name: Full(*full) for name, full in made.items()}


def shown_exercises(lesson: Lesson) -> tuple[dict, list[str]]:
    """What `checks.json` holds: the shown cases with their expectations, no code; and a line for each author's mistake.

    Runs reference and slips here.
    """
    from .mistakes import described  # here, since torch comes with it
    with lesson.at_home():
        made, mistakes = described(lesson, lesson.exercises(), lesson.reference())
    return {"lesson": lesson.name, "exercises": {name: released(exercise) for name, exercise in made.items()}}, mistakes


def _describe(lesson, seed, only):
    """Runs in a child: the fields of each exercise's `Full`, and a line for each that can't be described."""
    from ..checking.expectations import description
    made, mistakes = {}, []
    with lesson.at_home():
        try:
            reference, exercises = lesson.reference(), lesson.exercises()
        except Problem as problem:   # Python refuses the checks
            return {}, [str(problem)]
        for name, exercise in exercises.items():
            if only in (None, name):
                try:
                    cases = exercise.shown + exercise.fresh(seed)
                    made[name] = [description(exercise, reference[name], cases), len(exercise.shown)]
                except Exception as error:  # noqa: BLE001 - the author's own code
                    mistakes.append(f"{lesson.name}: {name}: {type(error).__name__}: {' '.join(str(error).split())[:200]}")
    return made, mistakes
