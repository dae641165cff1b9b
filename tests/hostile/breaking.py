"""Files, cells and metadata that break a reader."""
import json

from submissions import FULL, REFUSED, RIGHT, attempt, own


@attempt(REFUSED, RIGHT)
def not_json(work):
    """No JSON at all."""
    work.raw = b"this is not a notebook"


@attempt(REFUSED, RIGHT)
def an_empty_file(work):
    """0 bytes."""
    work.raw = b""


@attempt(REFUSED, RIGHT)
def json_without_cells(work):
    """JSON, but no notebook."""
    work.raw = b'{"hello": [1, 2, 3]}'


@attempt(REFUSED, RIGHT)
def deep_json(work):
    """Brackets a hundred thousand deep."""
    work.raw = b"[" * 100_000 + b"]" * 100_000


@attempt(REFUSED, RIGHT)
def cells_that_are_no_list(work):
    """The cells are a number."""
    work.raw = b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 7}'


@attempt(FULL, RIGHT)
def cells_that_are_no_cells(work):
    """Numbers, texts and nulls among the cells."""
    work.notebook["cells"] = [None, 3, "x", [], *work.cells, {"cell_type": "strange"}, {}]


@attempt(FULL, RIGHT)
def metadata_that_is_a_list(work):
    """Metadata of the notebook and of cells are lists, numbers, null."""
    work.notebook["metadata"] = [1, 2]
    work.cells.insert(0, {**own("1"), "metadata": ["x"]})
    work.cells.insert(0, {**own("2"), "metadata": None})


@attempt(FULL, RIGHT)
def nbgrader_metadata_of_odd_types(work):
    """The nbgrader metadata of own cells are texts, lists, numbers; a points field is NaN."""
    for strange in ("x", [1], 7, {"grade_id": ["a"]}, {"grade_id": None, "grade": "yes"}, {"grade_id": {}, "points": "NaN"}):
        work.cells.append({**own(f"'{strange!r:.3}'"), "metadata": {"nbgrader": strange}})


@attempt(FULL, RIGHT)
def a_newer_schema(work):
    """The metadata claim a schema version of the future, which stops a class in stock nbgrader."""
    for cell in work.cells:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["schema_version"] = 99


@attempt(FULL, RIGHT)
def a_duplicated_grade_id(work):
    """Every check and every answer stands twice."""
    work.notebook["cells"] = [copy for cell in work.cells for copy in (cell, dict(cell))]


@attempt(FULL, RIGHT)
def ids_that_clash(work):
    """All own cells have one id, and one that the release uses."""
    work.cells.extend([{**own("1"), "id": "same"}, {**own("2"), "id": "same"}, {**own("3"), "id": "intake"}])


@attempt(FULL, RIGHT)
def another_kernel(work):
    """The kernelspec names a program to run."""
    work.notebook["metadata"]["kernelspec"] = {"name": "../../evil", "display_name": "x", "language": "bash",
                                               "argv": ["/bin/sh", "-c", "touch /tmp/HOSTILE-KERNEL"]}


@attempt(FULL, RIGHT)
def format_three(work):
    """Saved by a program of 2014: worksheets, `input` for `source`, headings."""
    cells = [{("input" if k == "source" and c["cell_type"] == "code" else k): v for k, v in c.items()} for c in work.cells]
    work.raw = json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}).encode()


@attempt(FULL, RIGHT)
def utf_sixteen(work):
    """Saved as UTF-16."""
    work.raw = json.dumps(work.notebook).encode("utf-16")


@attempt(FULL, RIGHT)
def lone_surrogates(work):
    """Text with lone surrogates and NUL."""
    work.first("# \ud800 \udfff \x00".replace("\x00", ""))
    work.cells.insert(0, {"cell_type": "markdown", "id": "odd", "metadata": {}, "source": "\ud83d broken"})


@attempt(FULL, RIGHT)
def surrogate_output(work):
    """Prints lone surrogates, control characters and a megabyte without line ends."""
    work.last(r"print('\ud800 \x1b[31m \x00 \x08' + 'y' * 1_000_000)")


@attempt(FULL, RIGHT)
def tags_that_skip(work):
    """Every cell is tagged to be skipped or removed."""
    for cell in work.cells:
        cell["metadata"]["tags"] = ["skip-execution", "remove-cell", "raises-exception", "demonstration"]


@attempt(FULL, RIGHT)
def a_million_cells_nearly(work):
    """Three thousand own cells."""
    work.notebook["cells"] += [own(f"x{number} = {number}") for number in range(3000)]


@attempt(FULL, RIGHT)
def an_attachment_bomb(work):
    """A text cell with an attachment of odd form, and one that names a picture which is not there."""
    work.cells.insert(0, {"cell_type": "markdown", "id": "att", "metadata": {}, "attachments": {"x.png": ["no"]},
                          "source": "![x](attachment:x.png) ![lost](attachment:lost.png)"})


@attempt(FULL, RIGHT)
def a_time_stamp_of_odd_form(work):
    """The time stamp is a novel; in stock it closes the list for the class."""
    (work.folder / "timestamp.txt").write_bytes(b"\xff\xfe half past nine, Vienna time\n" * 1000)


@attempt(FULL, RIGHT)
def an_empty_time_stamp(work):
    """The time stamp is empty."""
    (work.folder / "timestamp.txt").write_bytes(b"")


@attempt(7, {**RIGHT, "multiplications": "def multiplications(n, levels, dim:\n    return 0, 0\n"})
def a_syntax_error(work):
    """One answer doesn't parse; the others are right."""


@attempt(FULL, RIGHT)
def widget_state(work):
    """Widget metadata without the key that exporters need."""
    work.notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"version_major": 2}}


@attempt(FULL, RIGHT)
def recursion_without_end(work):
    """An own cell recurses until the interpreter's stack is gone."""
    work.last("import sys\nsys.setrecursionlimit(10**8)\ndef f(): f()\nf()")


@attempt(FULL, RIGHT)
def a_crash_of_the_interpreter(work):
    """Writes to address 0."""
    work.last("import ctypes\nctypes.string_at(0)")
