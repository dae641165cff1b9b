"""A lesson as the instructor's notebook, with nbgrader's metadata; nbgrader makes the release from it."""
import hashlib
import json

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from .grading.steps import DEMONSTRATION
from .lesson import Cell, Lesson

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def instructor_notebook(lesson: Lesson, totals: dict[str, int]):
    """The notebook with solutions, the same bytes for the same source.

    totals : points by exercise
    returns : nbformat notebook
    """
    cells = [_cell(cell, index, totals) for index, cell in enumerate(lesson.cells)]
    return new_notebook(cells=cells, metadata={
        "kernelspec": KERNEL, "language_info": {"name": "python"},
        "embedding_course": {"lesson": lesson.name, "minutes": lesson.minutes}})


def _cell(cell: Cell, index: int, totals):
    make = new_code_cell if cell.kind == "code" else new_markdown_cell
    identity = {"exercise": cell.name, "check": f"check-{cell.name}", "guess": f"guess-{cell.name}",
                "written": cell.name}.get(cell.role, f"cell-{index:02d}")
    metadata = dict(cell.metadata)
    if cell.role == "guess":
        metadata["embedding_course"] = {"guess": cell.name}
    if cell.kind == "code" and not cell.role:
        metadata["tags"] = [*metadata.get("tags", []), DEMONSTRATION]
    if cell.role == "exercise":
        metadata["nbgrader"] = _grading(identity, solution=True)
    if cell.role == "check":
        metadata["tags"] = ["raises-exception"]
        metadata["nbgrader"] = _grading(identity, grade=True, locked=True, points=totals.get(cell.name, 0))
    if cell.role == "written":
        metadata["nbgrader"] = _grading(identity, grade=True, solution=True, points=cell.points)
    return make(cell.source, id=identity, metadata=metadata)


def _grading(identity, grade=False, solution=False, locked=False, points=None):
    metadata = {"grade": grade, "grade_id": identity, "locked": locked, "schema_version": 3, "solution": solution,
                "task": False}
    return metadata if points is None else {**metadata, "points": points}


def fingerprint(notebook) -> str:
    """Identifies a release: another text in any cell gives another fingerprint."""
    cells = [[cell.cell_type, cell.get("id"), cell.source] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:12]
