"""Reads notebooks as people really save them: byte order marks, other encodings, older formats, odd metadata."""
import json
from pathlib import Path

import nbformat

from .problem import Problem

# What no honest notebook reaches, so that whatever reads one has an end. The longest lesson has 130 cells, 60 KB of text.
MOST_BYTES = 40 * 2**20
MOST_PARTS = 1_000_000   # lists and objects of JSON, each 100 bytes of memory and more
MOST_CELLS = 5_000
MOST_CELL, MOST_TEXT = 1_000_000, 4_000_000   # characters of one cell, of all
MOST_PICTURES = 1_000
DEEPEST = 20   # lists and objects within each other in metadata
LONGEST_ID = 64   # the notebook format's own limit


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
    if len(raw) > MOST_BYTES:
        raise Problem(f"{path}: {len(raw) / 2**20:.0f} MiB is too large for a notebook; clear its outputs, save it again")
    if raw.count(b"{") + raw.count(b"[") > MOST_PARTS:
        raise Problem(f"{path}: more than {MOST_PARTS:,} values in it; clear its outputs and save it again")
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
        sheets = data["worksheets"] if isinstance(data["worksheets"], list) else []
        cells = [cell for sheet in sheets if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)
                 for cell in sheet["cells"]]
    else:
        cells = data["cells"]
    if not isinstance(cells, list):
        raise Problem(f"{path}: not a notebook: its cells are no list; ask for it again")
    cells = [cell for cell in cells if isinstance(cell, dict)]
    if len(cells) > MOST_CELLS:
        cells = [cell for cell in cells if cell.get("source", cell.get("input"))]   # an empty one is nobody's work
    if len(cells) > MOST_CELLS:
        raise Problem(f"{path}: {len(cells):,} cells; no more than {MOST_CELLS:,} are read. Delete what isn't needed")
    kept = [_cell(cell) for cell in cells]
    _refuse_too_much(path, kept)
    metadata = data.get("metadata") if isinstance(data.get("metadata"), dict) else {}
    return nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": _plain(metadata), "cells": kept})


def _refuse_too_much(path, cells):
    for number, cell in enumerate(cells, 1):
        if len(cell["source"]) > MOST_CELL:
            raise Problem(f"{path}: cell {number} holds {len(cell['source']):,} characters; no more than {MOST_CELL:,} are "
                          "read. Put data into a file beside the notebook")
    total, pictures = (sum(len(cell.get(part, "")) for cell in cells) for part in ("source", "attachments"))
    if total > MOST_TEXT:
        raise Problem(f"{path}: its cells hold {total:,} characters; no more than {MOST_TEXT:,} are read. Put data into a "
                      "file beside the notebook")
    if pictures > MOST_PICTURES:
        raise Problem(f"{path}: {pictures:,} pictures pasted into its texts; no more than {MOST_PICTURES:,} are read")


def _cell(cell):
    kind = cell.get("cell_type") if cell.get("cell_type") in ("code", "markdown", "raw") else "markdown"
    source = _joined(cell.get("source", cell.get("input", "")))
    made = {"cell_type": kind, "source": source.replace("\r\n", "\n").replace("\r", "\n"),
            "metadata": _plain(cell["metadata"]) if isinstance(cell.get("metadata"), dict) else {}}
    if isinstance(cell.get("id"), str) and len(cell["id"]) <= LONGEST_ID:
        made["id"] = _whole(cell["id"])
    if kind == "code":
        return made | {"outputs": [], "execution_count": None}
    pictures = _pictures(cell.get("attachments"))
    return made | ({"attachments": pictures} if pictures else {})


def _pictures(attachments):
    """Pictures pasted into a text: by name, then by type, as base64."""
    if not isinstance(attachments, dict):
        return {}
    kept = {_whole(name): {kind: _joined(data) for kind, data in bundle.items() if kind.startswith("image/")}
            for name, bundle in attachments.items() if isinstance(bundle, dict)}
    return {name: bundle for name, bundle in kept.items() if bundle}


def _joined(text) -> str:
    """A text that may be saved as a list of its lines."""
    parts = text if isinstance(text, list) else [text]
    return _whole("".join(str(part) for part in parts if isinstance(part, (str, int, float))))


def _whole(text: str) -> str:
    """A text without halves of surrogate pairs, which can be written nowhere."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _plain(value, deepest=DEEPEST):
    """Metadata as it is, but for what lies too deep, and halves of surrogate pairs."""
    if isinstance(value, str):
        return _whole(value)
    if not isinstance(value, (dict, list)):
        return value
    if not deepest:
        return None
    if isinstance(value, list):
        return [_plain(one, deepest - 1) for one in value]
    return {_whole(key): _plain(one, deepest - 1) for key, one in value.items()}
