"""How long a lesson's core takes, counted from its text: the build holds the minutes in its header against this.

Words ÷ 150, code lines ÷ 8, the minutes that the exercises' headings name, and one for each guess; what is for home counts
nothing. A section whose heading ends with "· at home" is for home, with all its deeper headings; so is an exercise whose
price says so: `## Exercise: pluck (2 points, 6 minutes, at home)`.
"""
import re
from typing import NamedTuple

from .lesson import BEGIN, END, Cell, Lesson

WORDS, LINES = 150, 8   # that are read in a minute
HEADING = re.compile(r"(#{1,6}) +(.+)")
AT_HOME = re.compile(r"(· at home|, at home\))$", re.IGNORECASE)
PRICE = re.compile(r"(\d+) minutes[^)]*\)( · at home)?$")
HIDDEN = re.compile(rf"{BEGIN}.*?{END}", re.DOTALL)


class Section(NamedTuple):
    """What stands under one heading, up to the next of any level.

    minutes : what it takes, at home or not
    """
    heading: str
    at_home: bool
    minutes: float


def sections(lesson: Lesson) -> list[Section]:
    """A lesson's sections in order; a heading within a cell begins one too."""
    found, home = [], 0
    for cell in lesson.cells:
        for line in cell.source.splitlines() if cell.kind == "markdown" and cell.role != "written" else []:
            heading = HEADING.match(line)
            if heading:
                level = len(heading[1])
                home = 0 if level <= home else home
                home = home or (level if AT_HOME.search(heading[2]) else 0)
                price = PRICE.search(heading[2])
                found.append([heading[2], bool(home), int(price[1]) if price else 0])
            _add(found, sum(any(map(str.isalnum, word)) for word in line.split()) / WORDS)
        if cell.kind == "code":
            _add(found, 1 if cell.role == "guess" else _lines(cell) / LINES)
    return [Section(*section) for section in found]


def measured(lesson: Lesson) -> float:
    """Minutes of all that isn't for home."""
    return sum(section.minutes for section in sections(lesson) if not section.at_home)


def minutes_fault(lesson: Lesson) -> str:
    """What is wrong with the minutes that a lesson's header declares; "" if they are near what is measured."""
    took = measured(lesson)
    if lesson.edition < 2 or abs(lesson.minutes - took) <= took / 10:
        return ""
    return (f"the header says {lesson.minutes} minutes, the core measures {took:.0f} (words ÷ {WORDS}, code ÷ {LINES}, "
            'minutes of exercises, one a guess): say so, or send more home with headings that end with "· at home"')


def _add(found, minutes):
    if found:
        found[-1][2] += minutes


def _lines(cell: Cell) -> int:
    """Code lines that a learner reads: a stub, not its solution; a check is one line that nobody reads."""
    return 0 if cell.role in ("check", "written") else sum(
        bool(line.strip()) for line in HIDDEN.sub("", cell.source).splitlines())
