"""A learner's guess beside what came out: each entry marked, in text as well as in colour."""
import numbers
from dataclasses import dataclass
from html import escape

RIGHT, WRONG, OPEN = "✓", "✗", "·"


def marked(name, guess, truth, near=0.02):
    """The guess of a guess cell beside the truth, entry by entry.

    name : of the guess cell
    guess : what the learner wrote: a value, or a dict from entry to value; None where they said nothing
    truth : the same shape, what the cell computed
    near : numbers pass if they differ from the truth by at most this share of it
    returns : something that shows itself, in a notebook and with print
    """
    if not isinstance(truth, dict):
        guess, truth = {name: guess}, {name: truth}
    guess = guess if isinstance(guess, dict) else {}
    return Marked(name, tuple((str(entry), guess.get(entry), is_so, mark(guess.get(entry), is_so, near))
                              for entry, is_so in truth.items()))


def mark(said, is_so, near) -> str:
    """✓, ✗, or · where nothing was said."""
    if said is None or (isinstance(said, (list, tuple)) and all(part is None for part in said)):
        return OPEN
    return RIGHT if agree(said, is_so, near) else WRONG


def agree(said, is_so, near) -> bool:
    """Whether a guess fits. Numbers may be near; words don't mind case or blanks around them."""
    if isinstance(is_so, bool) or isinstance(said, bool):
        return said == is_so
    if isinstance(is_so, numbers.Real) and isinstance(said, numbers.Real):
        return abs(said - is_so) <= near * abs(is_so)
    if isinstance(is_so, str) and isinstance(said, str):
        return said.strip().casefold() == is_so.strip().casefold()
    if isinstance(is_so, (list, tuple)) and isinstance(said, (list, tuple)):
        return len(said) == len(is_so) and all(agree(a, b, near) for a, b in zip(said, is_so, strict=True))
    return said == is_so


@dataclass(frozen=True, repr=False)
class Marked:
    """A guess and what came of it, ready to be displayed."""
    name: str
    entries: tuple

    @property
    def headline(self) -> str:
        marks = [mark for *_, mark in self.entries]
        if all(mark == OPEN for mark in marks):
            return "You made no guess. Write one into the cell above and run both again: it is how this sticks."
        return f"Your guess: {marks.count(RIGHT)} of {len(marks) - marks.count(OPEN)} right."

    def _cells(self):
        return [(entry, "" if said is None else str(said), str(is_so), mark) for entry, said, is_so, mark in self.entries]

    def __repr__(self):
        rows = [("", "you said", "it is", ""), *self._cells()]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        lines = ["   ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        return "\n".join([*lines, self.headline])

    def _repr_html_(self):
        head = "".join(f"<th>{text}</th>" for text in ("", "you said", "it is", ""))
        rows = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in self._cells())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table><p>{escape(self.headline)}</p>"
