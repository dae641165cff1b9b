"""What an exercise is: its cases, its points, and the misconceptions that it knows.

Lessons describe their exercises in `solutions/checks/NN_name.py`; nothing of that is released but shown cases,
as data, in `checks.json`.
"""
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


class Case:
    """One call of an answer.

    group : the property that it tests; points are paid by group
    title : how a failing check names it, else the group's name
    ask : a question for the learner, shown when the mistake is not a known one
    arguments : by parameter name, in the order in which the answer takes them
    """

    def __init__(self, group: str, title: str = "", ask: str = "", /, **arguments):
        self.group, self.title, self.ask, self.arguments = group, title or group, ask, arguments


class Once:
    """An argument that can be iterated only once: each answer gets a fresh iterator over `items`."""

    def __init__(self, items: Iterable):
        self.items = list(items)


class Parts(dict):
    """Values by name that belong together: what a class is built with, or what a call looks at in its result."""


@dataclass(frozen=True)
class Rules:
    """How strictly an exercise's results are compared.

    exact : numbers must agree to the last bit
    dtype : a float result must have the reference's dtype (else float32 and float64 both pass)
    view : a result may share memory with an argument, with a remark
    order : the keys of a dict must stand in the reference's order (items and columns always must)
    names : the names of a Series, an index or columns must be the reference's
    quiet : the global random state must be left alone
    forbidden : ways that may not be taken, by their names in `ways.py`
    tolerance : largest difference that passes, relative to the larger of 1 and the number
    form : several right answers: a name in `forms.NAMED` ("set": order and repeats don't count, "unordered rows",
        "unordered columns", "sign": each column or its negative, "grouping": other labels for the same groups), or a
        function of (value, arguments) whose result is compared instead; see `forms.py` for what it gets
    any_refusal : a code outside the table (where the reference raises IndexError) may raise any exception: silence is
        the fault
    means : for the form "set", what a result means, with {} for its items, as in "rows {} move"
    """
    exact: bool = False
    dtype: bool = False
    view: bool = False
    order: bool = False
    names: bool = False
    quiet: bool = False
    forbidden: tuple[str, ...] = ()
    tolerance: float = 1e-4
    form: str | Callable | None = None
    means: str = ""
    any_refusal: bool = False


@dataclass(frozen=True)
class Slip:
    """A known misconception: the answer that someone with it would give, and the hint for them.

    raises : exceptions that are part of it where the solution gives a value; others may be the author's own mistake
    """
    name: str
    hint: str
    answer: Callable
    raises: tuple | type = ()


@dataclass(eq=False)
class Exercise:
    """An exercise as its author describes it.

    call : how an answer is run, a name in `calls.py`
    points : whole points by group of cases; the first group is what the exercise is for
    shown : the cases that the visible check uses, small ones first
    draw : makes fresh cases of every group from a random.Random
    raises : by group, the exception that the solution raises in some of its cases, or a tuple of several; any other is
        taken for a mistake in the solution
    """
    call: str
    points: dict[str, int]
    shown: list[Case]
    draw: Callable[[random.Random], list[Case]]
    rules: Rules = Rules()
    name: str = ""
    raises: dict[str, type | tuple] = field(default_factory=dict)
    slips: list[Slip] = field(default_factory=list)

    def slip(self, answer=None, *, raises=()):
        """Decorator: registers `answer`, whose docstring is the hint, as a known misconception.

        raises : the exception that someone with it runs into, where it is one of the whole answer (see `Slip`)
        """
        if answer is None:
            return lambda answer: self.slip(answer, raises=raises)
        self.slips.append(Slip(answer.__name__, " ".join((answer.__doc__ or "").split()), answer, raises))
        return answer

    def fresh(self, seed: int) -> list[Case]:
        """Fresh cases of every group, the same for the same seed.

        raises : ValueError where a group stays without a case
        """
        cases = self.draw(random.Random(f"{self.name} {seed}"))
        missing = set(self.points) - {case.group for case in cases}
        if missing:
            raise ValueError(f"{self.name}: draw() makes no case of {', '.join(sorted(missing))}")
        return cases

    def total(self) -> int:
        """All points of the exercise."""
        return sum(self.points.values())
