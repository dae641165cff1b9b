"""Lays a learner's answers and own cells on a release: for `course update`, and as the grader's intake.

The release gives the order, every locked cell and all metadata. Of the submission only the text of answers, of
guesses, and of cells that the learner added is taken over.
"""
import ast
import copy
import re
import textwrap
import warnings

from nbformat.v4 import new_code_cell, new_markdown_cell


def graft(release, submitted):
    """A notebook with the release's skeleton and the submission's answers.

    release, submitted : nbformat notebooks
    returns : (notebook, notes); the notes say what had to be mended, for the learner
    """
    result, notes = copy.deepcopy(release), []
    slots = {key: cell for cell in result.cells for key in [_slot(cell)] if key}
    places = _match(release, submitted)
    texts, own, anchor, seen = {}, {}, None, set()
    for cell, place in zip(submitted.cells, places, strict=True):
        if place is None:
            own.setdefault(anchor, []).append(cell)
            continue
        anchor = place
        if place in slots:
            texts.setdefault(place, []).append(cell)
    for place, slot in slots.items():
        host = next((other for other, cells in texts.items() if place not in texts and _defines(slot, cells)), None)
        slot.source, mended = _hosted(host, texts[host], host in seen) if host else _answer(slot, texts.get(place, []))
        seen.add(place)
        notes += [f"{place}: {mended}"] if mended else []
    notes += [f"{key}: the locked cell was missing or changed and is back" for key in _damaged(release, submitted)]
    result.cells = [*_own(own.get(None, [])), *(cell for kept in result.cells
                                                for cell in [kept, *_own(own.get(_key(kept), []))])]
    return result, notes


def _key(cell):
    return cell.get("id")


def _slot(cell):
    """The key of a cell whose text belongs to the learner: an answer, a written one, or a guess."""
    mine = cell.metadata.get("nbgrader", {}).get("solution") or "guess" in cell.metadata.get("embedding_course", {})
    return _key(cell) if mine else None


def _match(release, submitted):
    """For each submitted cell the key of the release's cell that it is, or None for one of the learner's own."""
    by_grade_id = {cell.metadata["nbgrader"]["grade_id"]: _key(cell) for cell in release.cells
                   if "nbgrader" in cell.metadata}
    keys = {_key(cell) for cell in release.cells}
    by_text = {}
    for cell in release.cells:
        by_text.setdefault(_squeeze(cell.source), _key(cell))
    places = []
    for cell in submitted.cells:
        metadata = cell.metadata if isinstance(cell.metadata, dict) else {}
        grading = metadata.get("nbgrader")
        grade_id = grading.get("grade_id") if isinstance(grading, dict) else None
        grade_id = grade_id if isinstance(grade_id, str) else None
        places.append(by_grade_id.get(grade_id) or (cell.get("id") if cell.get("id") in keys else None)
                      or by_text.get(_squeeze(cell.source)))
    return _fill_cut_off(release, submitted, _fill_by_position(release, submitted, places))


def _fill_by_position(release, submitted, places):
    """Answers whose metadata was stripped: a cell that defines what the release's stub defines, is that answer."""
    slots = [cell for cell in release.cells if _slot(cell)]
    found = set(places)
    for slot in slots:
        if _key(slot) in found:
            continue
        for index, cell in enumerate(submitted.cells):
            if places[index] is None and _is_answer(slot, cell, release, places, index):
                places[index] = _key(slot)
                break
    return places


def _is_answer(slot, cell, release, places, index):
    if _head(slot):
        return _defines(slot, [cell])
    before = _neighbour(release, slot)
    return cell.cell_type == slot.cell_type and index > 0 and places[index - 1] == before


def _head(slot):
    """How the definition begins that an answer's stub asks for, as a pattern; None for guesses and written answers."""
    found = re.search(r"^(def|class) (\w+)", slot.source, re.MULTILINE) if slot.cell_type == "code" else None
    return found and rf"^{found[1]} +{found[2]}\b"


def _defines(slot, cells):
    head = _head(slot)
    return bool(head) and any(re.search(head, cell.source, re.MULTILINE) for cell in cells)


def _fill_cut_off(release, submitted, places):
    """The rest of an answer that was cut in two, in a cell that has no metadata: it belongs to its beginning."""
    code = {_key(cell) for cell in release.cells if _slot(cell) and cell.cell_type == "code"}
    for index in range(1, len(places)):
        place, cell = places[index - 1], submitted.cells[index]
        if place in code and places[index] is None and cell.cell_type == "code":
            begun = [submitted.cells[i].source for i in range(index) if places[i] == place]
            if _is_rest(cell.source, "\n".join(begun)):
                places[index] = place
    return places


def _is_rest(text, begun):
    """Whether a text goes on with a definition that was begun: together they are Python, and it can't stand alone.

    Lines copied out of a function, to try them, stand alone: above them the function ends in its `return`.
    """
    first = next((line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")), "")
    if not first or not _is_python(f"{begun}\n{text}"):
        return False
    if not _is_python(begun) or not _is_python(textwrap.dedent(text)):
        return True
    return first[0] in " \t" and (first.lstrip().startswith(("def ", "class ", "async ", "@")) or not _ends(begun))


def _ends(text):
    """Whether the last definition of a text ends in `return` or `raise`."""
    last = ast.parse(text).body[-1]
    while isinstance(last, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        last = last.body[-1]
    return isinstance(last, (ast.Return, ast.Raise))


def _is_python(text):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")   # `x is 3` is the learner's matter, not the grader's
            compile(text, "cell", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return False
    return True


def _neighbour(release, slot):
    keys = [_key(cell) for cell in release.cells]
    position = keys.index(_key(slot))
    return keys[position - 1] if position else None


def _answer(slot, cells):
    """The text of an answer from the cells that hold it, and what had to be mended (or nothing)."""
    texts = list(dict.fromkeys(cell.source for cell in cells))
    mended = ""
    if not texts:
        return slot.source, "your answer's cell was not in the notebook"
    begun = [text for text in texts if _squeeze(text) != _squeeze(slot.source)]
    if len(begun) > 1:
        mended = "your answer stood in several cells; they were joined in their order"
    elif any(cell.cell_type != slot.cell_type for cell in cells):
        mended = f"your answer's cell had become a {cells[0].cell_type} cell; it counts as {slot.cell_type} again"
    return "\n\n".join(begun or texts[:1]), mended


def _hosted(host, cells, above):
    """The text of an answer that stands in another answer's cell: once, unless its check comes first."""
    text = f"# This answer stands in the cell of {host}." if above else "\n\n".join(cell.source for cell in cells)
    return text, f"your answer stood in the cell of {host}; it counts"


def _damaged(release, submitted):
    """Names of check cells that are not there as released."""
    there = {_squeeze(cell.source) for cell in submitted.cells if cell.cell_type == "code"}
    return [_key(cell) for cell in release.cells
            if cell.metadata.get("nbgrader", {}).get("locked") and _squeeze(cell.source) not in there]


def _own(cells):
    """The learner's own cells, without metadata or outputs: nothing of them but the text is taken over."""
    for cell in cells:
        make = new_code_cell if cell.cell_type == "code" else new_markdown_cell
        yield make(cell.source)


def _squeeze(text):
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
