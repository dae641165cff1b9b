"""Who is in a class, from a table that a spreadsheet or a learning management system saved."""
from collections import Counter
from dataclasses import dataclass

from ..plain_text import harmless
from ..problem import Problem
from .names import FORMULA, alike, as_id, from_field, why_no_id
from .tables import Table

COLUMNS = {
    "id": ("id", "identifier", "student_id", "username", "login", "student id", "sis login id", "anmeldename",
           "benutzername", "matrikelnummer", "email"),
    "first_name": ("first_name", "first name", "vorname", "given name"),
    "last_name": ("last_name", "last name", "surname", "nachname", "family name"),
    "whole_name": ("full name", "student", "name", "vollständiger name", "nombre completo", "nom complet", "nome completo",
                   "volledige naam"),
    "email": ("email", "e-mail", "email address", "e-mail-adresse"),
}


@dataclass(frozen=True)
class Member:
    """A student, as nbgrader's gradebook knows one."""
    id: str
    details: dict[str, str]


def members(table: Table, ids: str = "", known=frozenset()) -> list[Member]:
    """Everybody in a roster; ids stay text, letter by letter.

    ids : the column that names students; unless given, Moodle's participants, the ids of the class, or usual names tell
    known : the ids of the class so far
    raises : Problem for a missing column, an id that can't name a folder, and somebody who stands there twice
    """
    names = [as_id(name).casefold() for name in table.header]
    found = {field: next((names.index(name) for name in usual if name in names), None) for field, usual in COLUMNS.items()}
    if ids:
        found["id"] = names.index(as_id(ids).casefold()) if as_id(ids).casefold() in names else None
    else:
        found["id"] = _told(table, known, found["id"])
    if found["id"] is None:
        raise Problem(f"{table.path}: which column holds the ids? Name it with --ids: {', '.join(table.header)}", status=2)
    everybody = [from_field(value) for value in table.column(found["id"])]
    for line, name in enumerate(everybody, 2):
        if name and (why := why_no_id(name)):
            raise Problem(f"{table.path}: record {line}: {harmless(name)} can't be an id ({why})")
    twice = sorted(name for name, count in Counter(filter(None, everybody)).items() if count > 1)
    if twice:
        raise Problem(f"{table.path}: {', '.join(twice)} stands there more than once; nothing was taken over")
    same = {}
    for name in filter(None, everybody):
        if same.setdefault(alike(name), name) != name:
            raise Problem(f"{table.path}: {same[alike(name)]} and {name} are too much alike; which one is it?")
    details = {field: table.column(position) for field, position in found.items()
               if position not in (None, found["id"]) and field not in ("id", "whole_name")}
    if "last_name" not in details and found["whole_name"] not in (None, found["id"]):
        details["last_name"] = table.column(found["whole_name"])   # nobody can tell where a name is to be cut
    return [Member(name, {field: values[row] for field, values in details.items()
                          if values[row] and not FORMULA.search(values[row])})   # no gradebook's table begins to compute
            for row, name in enumerate(everybody) if name]


def _told(table, known, usual: int | None) -> int | None:
    """The column that its values tell: all of them participants of Moodle, or most of them ids of the class; else the
    one with a usual name."""
    columns = [[value for value in table.column(position) if value] for position in range(len(table.header))]
    for position, values in enumerate(columns):
        if values and all(from_field(value) != as_id(value) and value[-1].isdigit() and not value[0].isdigit()
                          for value in values):
            return position
    here = [sum(from_field(value) in known for value in values) for values in columns]
    if usual is not None and here[usual] or max(here) <= len(table.records) / 2:
        return usual
    return here.index(max(here))
