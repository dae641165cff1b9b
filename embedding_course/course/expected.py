"""Each exercise with all its cases, shown and fresh, and what is expected on them: for the grader and `course try`.

Reference and slips run in a process of its own; whoever asks gets data, and needs no torch.
"""
from dataclasses import dataclass

from ..checking.forms import released
from .child import in_child
from .lesson import Lesson

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
    return {name: Full(*full) for name, full in in_child(_describe, lesson, seed, only, timeout=SECONDS).items()}


def shown_exercises(lesson: Lesson) -> dict:
    """What `checks.json` holds: the shown cases with their expectations, no code. Runs reference and slips here."""
    from ..checking.expectations import description  # here, since torch comes with it
    with lesson.at_home():
        reference = lesson.reference()
        return {"lesson": lesson.name,
                "exercises": {name: released(description(exercise, reference[name], exercise.shown))
                              for name, exercise in lesson.exercises().items()}}


def _describe(lesson, seed, only):
    """Runs in a child: the fields of each exercise's `Full`."""
    from ..checking.expectations import description
    with lesson.at_home():
        reference = lesson.reference()
        return {name: [description(exercise, reference[name], exercise.shown + exercise.fresh(seed)), len(exercise.shown)]
                for name, exercise in lesson.exercises().items() if only in (None, name)}
