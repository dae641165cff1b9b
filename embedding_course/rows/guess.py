"""A learner's guess, held against what a step did."""
from dataclasses import dataclass
from html import escape

from .step import Step


def show_step(step, guess=None):
    """The step as a table and, below it, the guess beside what happened.

    guess : dict name → how far the row moves (a number, or True and False), or a set or list of the names that move.
        A number is right if it is the row's distance, or what each of its numbers moved by, to 2 %.
        None says nothing of a row.
    returns : something that shows itself, in a notebook and with print
    """
    return Shown(step, tuple(compare(step, guess)) if guess is not None else ())


@dataclass(frozen=True, repr=False)
class Shown:
    """A step and the answer to a guess, ready to be displayed."""
    step: Step
    answer: tuple

    def __repr__(self):
        return "\n".join([repr(self.step), *(["", *self.answer] if self.answer else [])])

    def _repr_html_(self):
        lines = "".join(f"<li>{escape(line)}</li>" for line in self.answer[1:])
        head = f"<p>{escape(self.answer[0])}</p>" if self.answer else ""
        return self.step._repr_html_() + head + (f"<ul>{lines}</ul>" if lines else "")


def compare(step, guess):
    """Sentences: how many rows went as guessed, then one for each that did not."""
    guess = guess if isinstance(guess, dict) else {name: name in guess for name in {*step.names, *guess}}
    guess = {name: said for name, said in guess.items() if said is not None}
    if not guess:
        yield "You made no guess. Write one into the cell above and run both again: it is how this sticks."
        return
    unknown = sorted(name for name in guess if name not in step.names)
    known = [name for name in step.names if name in guess]
    surprises = [name for name in known if not agrees(guess[name], step.row(name))]
    if not surprises:
        yield f"Your guess: all {len(known)} rows did what you said."
    else:
        yield f"Your guess: {len(known) - len(surprises)} of {len(known)} rows did what you said."
    for name in surprises:
        yield f"{name}: you said {said(guess[name])}; {happened(step.row(name))}."
    for name in unknown:
        yield f"{name} is no level of this table."


def agrees(said, row):
    """Whether a guess (a number, True, False) fits a row."""
    if isinstance(said, bool) or said == 0 or not row.moved:
        return bool(said) == row.moved
    sizes = [row.distance, float(row.change.abs().max())]
    return any(abs(abs(said) - size) <= 0.02 * size for size in sizes)


def said(guess):
    """A guess in words."""
    if isinstance(guess, bool):
        return "it moves" if guess else "it stays"
    return f"it moves by {guess:g}" if guess else "it stays"


def happened(row):
    """What a row did, in words."""
    if not row.moved:
        return "it stayed, to the last bit" + (f" ({row.still})" if row.still else "")
    sizes = row.change.abs()
    each = bool(sizes.max() - sizes.min() <= 1e-3 * sizes.max()) and len(sizes) > 1
    far = f"each of its numbers moved by {float(sizes.max()):.3g}" if each else f"it moved by {row.distance:.3g}"
    return f"{far}, by {' and '.join(words for _, words in row.why)}"
