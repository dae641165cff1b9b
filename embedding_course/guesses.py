"""A learner's guess beside what came out: each entry marked, in text as well as in colour, and kept like progress."""
import math
import numbers
import re
from dataclasses import dataclass
from html import escape

from .figures import COLOURS
from .kept import keep_guess

RIGHT, WRONG, OPEN = "✓", "✗", "·"
WORDS = {RIGHT: "✓ right", WRONG: "✗ not so", OPEN: "· open"}
KINDS = {RIGHT: "right", WRONG: "wrong", OPEN: "open"}
NO_GUESS = "You made no guess. Write one into the cell above and run both again: it is how this sticks."
SAID = re.compile(r'<(p|ul) class="ec-said">.*?</\1>', re.DOTALL)   # see `said_once`
TRUTHS = {"yes": True, "true": True, "no": False, "false": False}
CLOSE = 1e-6   # to zero, of which there is no share
BADGES = "".join(
    f".ec-mark.{kind} {{ white-space: nowrap; padding: .1em .4em; border: 1px solid {COLOURS[colour]}; border-radius: .3em;"
    f" background: color-mix(in srgb, {COLOURS[colour]} 20%, transparent); }}\n"
    for kind, colour in (("right", "momentum"), ("wrong", "gradient")))
STYLE = f"""<style>
table.ec-guess {{ border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .4em 0; color: inherit; }}
table.ec-guess tr > * {{ border: 0; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent);
  color: inherit; padding: .25em .7em; text-align: left !important; background: transparent; max-width: 30em;
  overflow-wrap: anywhere; }}
table.ec-guess tbody tr:hover {{ background: transparent; }}   /* JupyterLab's blue looks like "moved" */
{BADGES}</style>"""
_told: set[str] = set()   # who skips guesses knows after the first time


def marked(name, guess, truth, near=0.02):
    """The guess of a guess cell beside the truth, entry by entry. The guess is kept, like progress.

    name : of the guess cell
    guess : what the learner wrote: a value, or a dict from entry to value; None where they said nothing
    truth : the same shape, what the cell computed: numbers, words, True and False, lists, sets, tensors, or a dict of these
    near : numbers pass if they differ from the truth by at most this share of it
    returns : something that shows itself, in a notebook and with print
    """
    notes = []
    if not isinstance(truth, dict):
        guess, truth = {name: guess}, {name: truth}
    elif not isinstance(guess, dict):
        notes = [] if guess is None else [f"Write it as {{{next(iter(truth), '')!r}: …}}: a guess for each entry."]
        guess = {}
    notes += [f"{entry!r} is no entry here." for entry in guess if entry not in truth]
    entries = tuple((str(entry), plain(guess.get(entry)), plain(is_so), mark(guess.get(entry), is_so, near))
                    for entry, is_so in truth.items())
    keep_guess(name, {entry: (shown(said), shown(is_so), mark) for entry, said, is_so, mark in entries})
    return Marked(name, entries, (headline([mark for *_, mark in entries]), *notes))


def mark(said, is_so, near) -> str:
    """✓, ✗, or · where nothing was said."""
    said = plain(said)
    if said is None or said == "" or (isinstance(said, (list, tuple)) and said and all(part is None for part in said)):
        return OPEN
    return RIGHT if agree(said, plain(is_so), near) else WRONG


def headline(marks) -> str:
    """How many are right; where nothing was guessed, what a guess is good for, the first time in a session."""
    said = [mark for mark in marks if mark != OPEN]
    if said:
        return f"Your guess: {said.count(RIGHT)} of {len(said)} right."
    text = "" if _told else NO_GUESS
    _told.add(NO_GUESS)
    return text


def agree(said, is_so, near) -> bool:
    """Whether a guess fits. Numbers may be near, also in lists; words don't mind case, blanks or a full stop."""
    if isinstance(is_so, bool):
        return (TRUTHS.get(_bare(said)) if isinstance(said, str) else said) == is_so
    if isinstance(is_so, numbers.Real):
        return _near(said, is_so, near)
    if isinstance(is_so, str):
        return isinstance(said, str) and _bare(said) == _bare(is_so)
    if isinstance(is_so, (set, frozenset)):
        return isinstance(said, (list, tuple, set, frozenset)) and set(said) == is_so
    if isinstance(is_so, (list, tuple)):
        return (isinstance(said, (list, tuple)) and len(said) == len(is_so)
                and all(agree(a, b, near) for a, b in zip(said, is_so, strict=True)))
    return said == is_so


def _near(said, is_so, near):
    try:
        said = float(said) if isinstance(said, str) else said
        return not isinstance(said, bool) and (math.isclose(said, is_so, rel_tol=0, abs_tol=max(CLOSE * (is_so == 0),
                                               near * abs(is_so))) or (math.isnan(said) and math.isnan(is_so)))
    except (TypeError, ValueError, OverflowError):   # no number, or one beyond all floats
        return False


def _bare(text):
    return " ".join(text.split()).rstrip(".").casefold()


def plain(value):
    """Tensors, arrays and numbers of theirs as Python's own; all else as it is."""
    return value.tolist() if hasattr(value, "tolist") else value


def shown(value) -> str:
    """A value as a reader wants it: no quotes, numbers to four digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(shown, value))}]" if isinstance(value, list) else f"({', '.join(map(shown, value))})"
    return ", ".join(sorted(map(shown, value))) if isinstance(value, (set, frozenset)) else str(value)


def badge(mark: str) -> str:
    """A mark as HTML: its sign, its word and its colour."""
    return f'<span class="ec-mark {KINDS[mark]}">{WORDS[mark]}</span>'


def said_once(sentences) -> str:
    """What is said below a table, as HTML; pages and slides, whose readers haven't guessed, leave it out."""
    return "".join(f'<p class="ec-said">{escape(sentence)}</p>' for sentence in sentences if sentence)


@dataclass(frozen=True, repr=False)
class Marked:
    """A guess and what came of it, ready to be displayed.

    entries : of (entry, said, is so, mark)
    notes : sentences below
    """
    name: str
    entries: tuple
    notes: tuple

    def _table(self):
        """Column titles and rows, as text. Who has guessed nothing sees what is so, and no empty columns."""
        guessed = any(mark != OPEN for *_, mark in self.entries)
        rows = [[entry, *([shown(said)] if guessed else []), shown(is_so), *([mark] if guessed else [])]
                for entry, said, is_so, mark in self.entries]
        return ["", "you said", "it is", ""] if guessed else ["", "it is"], rows

    def __repr__(self):
        head, rows = self._table()
        rows = [head, *([*row[:-1], WORDS[row[-1]]] if len(row) == 4 else row for row in rows)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        lines = ["   ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        return "\n".join([*lines, *filter(None, self.notes)])

    def _repr_html_(self):
        head, rows = self._table()
        top = "".join(f'<th scope="col">{title}</th>' if title else "<td></td>" for title in head)
        body = "".join(f'<tr><th scope="row">{escape(row[0])}</th>'
                       + "".join(f"<td>{badge(text) if len(row) == 4 and i == 2 else escape(text)}</td>"
                                 for i, text in enumerate(row[1:])) + "</tr>" for row in rows)
        return (f'{STYLE}<table class="ec-guess"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
                f"{said_once(self.notes)}")
