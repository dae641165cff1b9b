"""A class's scores into the table that a learning management system gave out."""
from collections import Counter

from ..problem import Problem
from .names import as_id, from_field
from .tables import Table

POINTS = {"grade", "score", "points", "bewertung", "note", "punkte", "nota", "calificación", "calificacion"}


def fill(table: Table, lesson: str, scores: dict[str, float], ids: str = "", points: str = "",
         everybody=frozenset()) -> list[str]:
    """Puts scores into the records of their students; all other fields stay as they are.

    scores : by student id; everybody : ids of the class, with a score or without
    ids, points : names of the columns; found by their values and by common names unless given
    returns : students with a score who have no record in the table
    raises : Problem for a column that can't be told, and for a student who stands in the table twice
    """
    known = {as_id(student): score for student, score in scores.items()}
    where = column_of_ids(table, {*known, *everybody}, ids)
    column = _position(table, points) if points else _points(table, lesson)
    rows = _rows(table, where, known)
    twice = sorted(name for name, count in Counter(filter(None, rows)).items() if count > 1)
    if twice:
        raise Problem(f"{table.path}: {', '.join(twice)} stands there more than once; which record counts?")
    comma = table.has_decimal_comma(column)
    for row, name in enumerate(rows):
        if name is not None:
            table.put(row, column, known[name], comma)
    return sorted(known.keys() - set(rows))


def warnings(table: Table, lesson: str, points: str = "") -> list[str]:
    """What a system is known to do with such a table, in words."""
    column = table.header[_position(table, points) if points else _points(table, lesson)]
    return [f"Canvas ignores columns with Final in their name when it imports, and this one is {column!r}"] \
        if "final" in column.lower() else []


def _rows(table, position, known) -> list[str | None]:
    """The student of each record, by one column: exactly the id, or one that the system has dressed."""
    return [next((name for name in (as_id(value), from_field(value)) if name in known), None)
            for value in table.column(position)]


def column_of_ids(table: Table, known, ids: str = "") -> int:
    """The column that names students: the one that is called so, or the one in which most of them are found."""
    return _position(table, ids) if ids else _ids(table, {as_id(student) for student in known})


def empty_records(table: Table, position: int, scores) -> list[str]:
    """What stands in the column of ids in each record that got no score: the id, without what the system put around it.

    position : of that column; scores : ids of those who have one
    """
    known = {as_id(student) for student in scores}
    return [from_field(value) for value, name in zip(table.column(position), _rows(table, position, known), strict=True)
            if name is None and value]


def _ids(table, known) -> int:
    rows = [_rows(table, position, known) for position in range(len(table.header))]
    found = [sum(name is not None for name in column) for column in rows]
    best = [position for position, count in enumerate(found) if count == max(found)]
    if not max(found) or any(rows[position] != rows[best[0]] for position in best):
        fault = "several of its columns hold" if max(found) else "none of its columns holds"
        raise Problem(f"{table.path}: {fault} ids of this class; name one with --ids: {', '.join(table.header)}", status=2)
    return best[0]


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
