"""Reads notebooks as people really save them: byte order marks, other encodings, older formats, odd metadata."""
import json
from pathlib import Path

import nbformat

from .problem import Problem


def read_notebook(path: Path):
    """A notebook in format 4, whatever program saved it.

    raises : Problem, naming file and reason, where there is no notebook in it
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Problem(f"{path}: can't be read ({error.strerror})") from error
    return parse_notebook(raw, path)


def parse_notebook(raw: bytes, path):
    """A notebook in format 4 from a file's bytes; `path` names it in messages.

    raises : Problem, as `read_notebook`
    """
    if not raw.strip():
        raise Problem(f"{path}: the file is empty (0 bytes of text); save the notebook again")
    text = _decoded(raw)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Problem(f"{path}: not a notebook: no JSON ({error}); ask for it again") from error
    if not isinstance(data, dict) or not ({"cells", "worksheets"} & data.keys()):
        raise Problem(f"{path}: not a notebook: JSON without cells; ask for it again")
    return _upgraded(path, data)


def read_text(path: Path) -> str:
    """A text file's contents, whatever editor saved it.

    raises : Problem, naming the file, if it can't be read
    """
    try:
        return _decoded(path.read_bytes()).replace("\r\n", "\n")
    except OSError as error:
        raise Problem(f"{path}: can't be read ({error.strerror})") from error


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _upgraded(path, data):
    """Format 4.5 with what we need of each cell: type, id, metadata, source. Saved outputs are nobody's proof."""
    if "worksheets" in data:
        cells = [cell for sheet in data["worksheets"] for cell in sheet.get("cells", [])]
    else:
        cells = data["cells"]
    if not isinstance(cells, list):
        raise Problem(f"{path}: not a notebook: its cells are no list; ask for it again")
    kept = [_cell(cell) for cell in cells if isinstance(cell, dict)]
    metadata = data.get("metadata") if isinstance(data.get("metadata"), dict) else {}
    return nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": kept})


def _cell(cell):
    kind = cell.get("cell_type") if cell.get("cell_type") in ("code", "markdown", "raw") else "markdown"
    source = cell.get("source", cell.get("input", ""))
    source = "".join(map(str, source)) if isinstance(source, list) else str(source)
    made = {"cell_type": kind, "source": source.replace("\r\n", "\n").replace("\r", "\n"),
            "metadata": cell["metadata"] if isinstance(cell.get("metadata"), dict) else {}}
    if isinstance(cell.get("id"), str):
        made["id"] = cell["id"]
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})
