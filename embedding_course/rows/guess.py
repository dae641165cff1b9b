"""A learner's guess, held against what a step did: each row marked beside its numbers."""
from dataclasses import dataclass
from html import escape

from ..guesses import OPEN, RIGHT, WORDS, WRONG, headline, said_once
from ..kept import keep_guess
from .step import Step
from .table import step_as_html

NOT_ASKED = object()


def show_step(step, guess=NOT_ASKED, name=None):
    """The step as a table, each guess marked beside its row, and below it how many were right and why not the others.

    guess : dict name → how far the row moves (a number, or True and False), or a set or list of the names that move.
        A number is right if it is the row's distance, or what each of its numbers moved by, to 2 %.
        None says nothing, of a row or of all.
    name : of the guess cell; in a lesson's own cell it is found without
    returns : something that shows itself, in a notebook and with print
    """
    if guess is NOT_ASKED:
        return Shown(step, {}, ())
    if guess is None or (not isinstance(guess, dict) and guess and all(row is None for row in guess)):
        guess = dict.fromkeys(step.names)
    guess = guess if isinstance(guess, dict) else {row: row in guess for row in {*step.names, *guess}}
    marks = {row: OPEN if guess.get(row) is None else RIGHT if agrees(guess[row], step.row(row)) else WRONG
             for row in step.names if row in guess}
    keep_guess(name, {row: (said(guess[row]), happened(step.row(row)), marks[row]) for row in marks})
    return Shown(step, {row: (mark, said(guess[row])) for row, mark in marks.items() if mark != OPEN},
                 tuple(_sentences(step, guess, marks)))


@dataclass(frozen=True, repr=False)
class Shown:
    """A step and the answer to a guess, ready to be displayed.

    guessed : by row, the mark and what was said of it
    answer : sentences
    """
    step: Step
    guessed: dict
    answer: tuple

    def __repr__(self):
        marks = "   ".join(f"{WORDS[mark]}: {row}, {said}" for row, (mark, said) in self.guessed.items())
        return "\n".join([repr(self.step), *([""] if marks or self.answer else []), *filter(None, [marks]), *self.answer])

    def _repr_html_(self):
        lines = "".join(f"<li>{escape(line)}</li>" for line in self.answer[1:])
        return (step_as_html(self.step, self.guessed) + said_once(self.answer[:1])
                + (f'<ul class="ec-said">{lines}</ul>' if lines else ""))


def _sentences(step, guess, marks):
    """How many rows went as guessed, then one for each that did not."""
    head = headline(list(marks.values())) if marks or not guess else ""
    if head:
        yield head
    for row, mark in marks.items():
        if mark == WRONG:
            yield f"{row}: you said {said(guess[row])}; {happened(step.row(row))}."
    for row in sorted(str(row) for row in guess if row not in step.names):
        yield f"{row} is no level of this table."


def agrees(said, row) -> bool:
    """Whether a guess (a number, True, False) fits a row."""
    if not isinstance(said, (bool, int, float)):
        return False
    if isinstance(said, bool) or said == 0 or not row.moved:
        return bool(said) == row.moved
    sizes = [row.distance, float(row.change.abs().max())]
    return any(abs(abs(said) - size) <= 0.02 * size for size in sizes)


def said(guess):
    """A guess in words; "" where nothing was said."""
    if guess is None:
        return ""
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
