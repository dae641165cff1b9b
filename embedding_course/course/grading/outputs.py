"""Outputs of a stranger's notebook, made anew from plain data: only what a page can show and nothing that can act."""
import re
import sys
from functools import cache

from nbformat.v4 import new_output

try:
    import nh3
except ImportError:   # a learner's own machine: nobody looks at what `course check` runs
    nh3 = None

IMAGES = ("image/png", "image/jpeg")
TABLE = {"table", "thead", "tbody", "tr", "th", "td", "div", "p", "b", "i", "em", "strong", "pre", "code", "br", "span"}
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
MARKUP = re.compile(r"<(/?)([a-z]+)", re.IGNORECASE)
EMPTY = {"br", "hr", "img", "input", "col", "wbr", "meta", "link"}
MOST_HTML, DEEPEST = 2**20, 60   # characters, and tags within each other: a table that pandas shows has far less
MOST_OUTPUTS = 2000              # of a cell


def cleaned(sent, folder: str = "") -> list:
    """nbformat outputs from what a process sent, whatever that is; what is not understood is left out.

    folder : the grader's own, whose name is left out too
    """
    hide = _places(folder)
    return [output for entry in sent[:MOST_OUTPUTS] if isinstance(entry, dict) for output in [_output(entry, hide)]
            if output] if isinstance(sent, list) else []


def _output(entry, hide):
    kind = entry.get("output_type")
    if kind == "stream":
        name = "stderr" if entry.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=_text(entry.get("text"), hide))
    if kind == "error":
        lines = entry.get("traceback") if isinstance(entry.get("traceback"), list) else []
        name, words = _text(entry.get("ename"), hide)[:100], _text(entry.get("evalue"), hide)[:2000]
        return new_output("error", ename=name, evalue=words, traceback=[_text(line, hide) for line in lines[:100]])
    if kind in ("display_data", "execute_result") and isinstance(entry.get("data"), dict):
        data = _data(entry["data"], hide)
        return data and new_output("display_data", data=data)
    return None


def _data(sent, hide) -> dict:
    data = {}
    if isinstance(sent.get("text/plain"), str):
        data["text/plain"] = _text(sent["text/plain"], hide)
    if nh3 and isinstance(sent.get("text/html"), str) and _is_plain(sent["text/html"]):
        data["text/html"] = nh3.clean(_text(sent["text/html"], hide), tags=TABLE, attributes={}, link_rel=None)
    for mime in IMAGES:
        if isinstance(sent.get(mime), str) and BASE64.fullmatch(sent[mime]):
            data[mime] = sent[mime]
    return data


def _is_plain(html: str) -> bool:
    """Whether HTML can be cleaned in good time: deep nesting makes every parser slow."""
    depth = deepest = 0
    for end, tag in MARKUP.findall(html[:MOST_HTML]):
        depth = max(0, depth - 1) if end else depth + (tag.lower() not in EMPTY)
        deepest = max(deepest, depth)
    return len(html) <= MOST_HTML and deepest <= DEEPEST


def _text(value, hide) -> str:
    """Text without the folders of the grader's machine."""
    return hide.sub("…", value) if isinstance(value, str) else ""


@cache
def _places(folder):
    import embedding_course
    folders = {sys.prefix, sys.base_prefix, embedding_course.__path__[0].rpartition("/")[0], folder}
    longest_first = sorted((name for name in folders if len(name) > 4), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))
