"""Who is in a class, from a table that a spreadsheet or a learning management system saved."""
from collections import Counter
from dataclasses import dataclass

from ..plain_text import harmless
from ..problem import Problem
from .names import as_id, why_no_id
from .tables import Table

COLUMNS = {
    "id": ("id", "student_id", "student id", "username", "login", "sis login id", "anmeldename", "matrikelnummer", "email"),
    "first_name": ("first_name", "first name", "vorname", "given name"),
    "last_name": ("last_name", "last name", "surname", "nachname", "family name"),
    "email": ("email", "e-mail", "email address", "e-mail-adresse"),
}


@dataclass(frozen=True)
class Member:
    """A student, as nbgrader's gradebook knows one."""
    id: str
    details: dict[str, str]


def members(table: Table, ids: str = "") -> list[Member]:
    """Everybody in a roster; ids stay text, letter by letter.

    ids : the column that names students; found by usual names unless given
    raises : Problem for a missing column, an id that can't name a folder, and somebody who stands there twice
    """
    names = [as_id(name).casefold() for name in table.header]
    found = {field: next((names.index(name) for name in known if name in names), None) for field, known in COLUMNS.items()}
    if ids:
        found["id"] = names.index(as_id(ids).casefold()) if as_id(ids).casefold() in names else None
    if found["id"] is None:
        raise Problem(f"{table.path}: which column holds the ids? Name it with --ids: {', '.join(table.header)}", status=2)
    everybody = [as_id(value) for value in table.column(found["id"])]
    for line, name in enumerate(everybody, 2):
        if name and (why := why_no_id(name)):
            raise Problem(f"{table.path}: record {line}: {harmless(name)} can't be an id ({why})")
    twice = sorted(name for name, count in Counter(filter(None, everybody)).items() if count > 1)
    if twice:
        raise Problem(f"{table.path}: {', '.join(twice)} stands there more than once; nothing was taken over")
    details = {field: table.column(position) for field, position in found.items() if position is not None and field != "id"}
    return [Member(name, {field: values[row] for field, values in details.items() if values[row]})
            for row, name in enumerate(everybody) if name]
