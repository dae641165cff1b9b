"""A class's scores into the table that a learning management system gave out."""
import re
from collections import Counter

from ..problem import Problem
from .names import as_id
from .tables import Table

POINTS = {"grade", "score", "points", "bewertung", "note", "punkte", "nota", "calificación", "calificacion"}


def fill(table: Table, lesson: str, scores: dict[str, float], ids: str = "", points: str = "") -> list[str]:
    """Puts scores into the records of their students; all other fields stay as they are.

    scores : by student id
    ids, points : names of the columns; found by their values and by common names unless given
    returns : students with a score who have no record in the table
    raises : Problem for a column that can't be told, and for a student who stands in the table twice
    """
    known = {as_id(student): score for student, score in scores.items()}
    where = _position(table, ids) if ids else _ids(table, known)
    column = _position(table, points) if points else _points(table, lesson)
    rows = [next((name for name in _names(value) if name in known), None) for value in table.column(where)]
    twice = sorted(name for name, count in Counter(filter(None, rows)).items() if count > 1)
    if twice:
        raise Problem(f"{table.path}: {', '.join(twice)} stands there more than once; which record counts?")
    for row, name in enumerate(rows):
        if name is not None:
            table.put(row, column, known[name])
    return sorted(known.keys() - set(rows))


def warnings(table: Table, lesson: str, points: str = "") -> list[str]:
    """What a system is known to do with such a table, in words."""
    column = table.header[_position(table, points) if points else _points(table, lesson)]
    return [f"Canvas ignores columns with Final in their name when it imports, and this one is {column!r}"] \
        if "final" in column.lower() else []


def _names(value: str) -> list[str]:
    """What an id's field may say: the id itself, or Moodle's word before a number."""
    numbered = re.fullmatch(r"\D+?\s*(\d+)", value.strip())
    return [as_id(value)] + ([numbered[1]] if numbered else [])


def _ids(table, known) -> int:
    """The column in which most of the students are found."""
    found = [sum(any(name in known for name in _names(value)) for value in table.column(position))
             for position in range(len(table.header))]
    if not max(found):
        raise Problem(f"{table.path}: none of its columns holds ids of this class; name one with --ids: "
                      f"{', '.join(table.header)}", status=2)
    return found.index(max(found))


def _points(table, lesson) -> int:
    """The column that points go to: the lesson's own, or the only one with a usual name."""
    names = [name.casefold().strip() for name in table.header]
    own = [position for position, name in enumerate(names) if name.startswith(lesson.casefold())]
    usual = [position for position, name in enumerate(names) if name in POINTS]
    for found in (own, usual):
        if len(found) == 1:
            return found[0]
    raise Problem(f"{table.path}: which column takes the points? Name it with --points: {', '.join(table.header)}",
                  status=2)


def _position(table, name) -> int:
    names = [as_id(known).casefold() for known in table.header]
    if names.count(as_id(name).casefold()) != 1:
        raise Problem(f"{table.path}: no column {name}, or several; there are {', '.join(table.header)}", status=2)
    return names.index(as_id(name).casefold())
