"""A written answer as HTML that can't act. It touches a stranger's notebook, and so runs in a clerk."""
import hashlib
import html

import nbformat

from ..grading.outputs import cleaned
from ..grading.pages import markdown2html


def answers(notebook: str, names: list[str]) -> dict[str, dict]:
    """The written answers in a graded notebook.

    names : grade ids
    returns : by grade id {"html", "mark"}: what to show, and a hash that tells this answer from another
    """
    found = {}
    for cell in nbformat.reads(notebook, as_version=4).cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in names:
            text = _code(cell) if cell.cell_type == "code" else markdown(cell.source, cell)
            found[name] = {"html": text, "mark": mark(cell)}
    return found


def markdown(text: str, cell: dict | None = None) -> str:
    """Markdown as feedback pages show it: no raw HTML, no script, no picture from elsewhere."""
    return markdown2html({"cell": cell or {}}, text)


def mark(cell) -> str:
    """Tells an answer from what was handed in instead of it."""
    return hashlib.sha256(cell.source.encode(errors="replace")).hexdigest()[:16]


def _code(cell) -> str:
    parts = [f"<pre><code>{html.escape(cell.source)}</code></pre>", *map(_output, cleaned(cell.outputs))]
    return "\n".join(parts)


def _output(output) -> str:
    """What a cell printed or drew; of a table its text, since HTML of strangers is left out here."""
    data = output.get("data", {})
    for kind in ("image/png", "image/jpeg"):
        if kind in data:
            return f'<img alt="what the cell has drawn" src="data:{kind};base64,{"".join(data[kind].split())}">'
    text = output.get("text") or data.get("text/plain") or "\n".join([*output.get("traceback", [])])
    return f"<pre>{html.escape(text)}</pre>" if text else ""
