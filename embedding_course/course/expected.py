"""Each exercise with all its cases, shown and fresh, and what is expected on them: for the grader and `course try`."""
from dataclasses import dataclass

from ..checking.exercise import Exercise
from ..checking.expectations import description
from .lesson import Lesson


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
        return {**self.exercise, "cases": self.exercise["cases"][:self.fresh_from]}


def full_exercises(lesson: Lesson, seed: int) -> dict[str, Full]:
    """All exercises of a lesson by name, with the fresh cases of a seed. Runs reference and slips here."""
    reference = lesson.reference()
    return {name: full_exercise(exercise, reference[name], seed) for name, exercise in lesson.exercises().items()}


def full_exercise(exercise: Exercise, reference, seed: int) -> Full:
    """One exercise with the fresh cases of a seed."""
    return Full(description(exercise, reference, exercise.shown + exercise.fresh(seed)), len(exercise.shown))


def shown_exercises(lesson: Lesson) -> dict:
    """What `checks.json` holds: the shown cases with their expectations, no code."""
    reference = lesson.reference()
    return {"lesson": lesson.name,
            "exercises": {name: description(exercise, reference[name], exercise.shown)
                          for name, exercise in lesson.exercises().items()}}
