"""Outputs of a lesson's cells as they can be read from the back of a room: large, and without unanswered guesses."""
import html
import re
from dataclasses import dataclass

from ...guesses import SAID
from .figure import enlarged

WIDE, TALL = 1180, 550              # pixels: a slide's room for code, text and tables
LARGE, LEAST = 26, 24               # pixels: letters; the last row of a room reads no smaller ones
COLUMNS = int(WIDE / (0.602 * LEAST))    # characters of a line; a longer one is broken
LINES = int(TALL / (1.35 * LEAST))       # of code or text; more of them go on to the next slide
FIGURE = 99                         # lines: as tall as a slide
LONGEST_CELL = 32                   # characters of a table's cell that are not broken
GUESS = re.compile(r"\byou sa(?:id|y) (?:\[.*?\]|\{.*?\}|\(.*?\)|[^ ;,]*)")
ANSWERED = re.compile(r"; |, it | (?:it|the|PyTorch) ")   # what follows a guess on its line is the answer
ASKED = r"you sa(id|y)"     # a table's title over guesses: nobody in a room has made one
REPEATED = r"(moved|before)<"   # and over what follows from a row's numbers and their change
CONTROLS = re.compile(r"(?<![\w-])controls(?![\w-])")   # a player's buttons; reveal.js hides what has this class


@dataclass(frozen=True)
class Output:
    """A piece of HTML for a slide, and how many lines of code it is as tall as."""
    html: str
    lines: int


def readable(outputs) -> list[Output]:
    """All outputs of a cell, in order; what was printed in pieces is one text."""
    texts, made = [], []
    for output in [*outputs, {}]:
        data = output.get("data", {})
        if output and "text/html" not in data:
            texts.append(output.get("text") or data.get("text/plain") or "")
            continue
        made += _text("".join(texts)) if texts else []
        texts = []
        made += [_html(data["text/html"])] if data else []
    return made


def letters(longest: int) -> int:
    """The size in pixels in which lines of so many characters fit a slide's width; never less than can be read."""
    return max(LEAST, min(LARGE, int(WIDE / (0.602 * max(longest, 1)))))


def height(lines: list[str]) -> int:
    """How many lines these are on a slide, where long ones are broken."""
    return sum(1 + max(len(line) - 1, 0) // COLUMNS for line in lines)


def on_slides(lines: list[str]) -> list[list[str]]:
    """Lines in groups that fit a slide each, cut at the last empty or unindented line where there is one."""
    groups, rest = [], lines
    while height(rest) > LINES:
        fit = next(n for n in range(len(rest), 0, -1) if n == 1 or height(rest[:n]) <= LINES)
        cuts = [n for n in range(fit // 2, fit + 1) if n and n < len(rest) and rest[n].strip() and rest[n][0] not in " )]}"]
        blank = [n for n in cuts if not rest[n - 1].strip()]
        cut = (blank or cuts or [fit])[-1]
        groups, rest = [*groups, rest[:cut]], rest[cut:]
    return [*groups, rest]


def _text(text) -> list[Output]:
    lines = [GUESS.sub("you said …", line) for line in re.sub(r"\n\n\n+", "\n\n", text).strip("\n").splitlines()]
    lines = [line for line in lines if not line.startswith("you said") or ANSWERED.search(line)]
    if not any(lines):
        return []
    size = letters(max(map(len, lines)))
    return [Output(f'<pre class="said" style="font-size: {size}px">{html.escape(chr(10).join(group))}</pre>', height(group))
            for group in on_slides(lines)]


def _html(text) -> Output:
    if "<svg" in text or "<script" in text:
        text = enlarged(CONTROLS.sub("player-controls", text), LEAST)
        return Output(f'<div class="figure">{text}</div>', FIGURE)
    text, rows = _without(ASKED, SAID.sub("", text))
    if max(map(_width, rows), default=0) > WIDE / LEAST:
        text, rows = _without(REPEATED, text)
    size = max(LEAST, min(LARGE, int(WIDE / max(map(_width, rows), default=40))))
    return Output(f'<div class="table" style="font-size: {size}px">{text}</div>', int(1.4 * len(rows)) + 2)


def _width(row) -> float:
    """How wide a table's row is, in sizes of its letters; a cell with long text is broken."""
    texts = [re.sub(r"<.*?>", "", cell, flags=re.DOTALL) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
    return sum(1.6 + 0.55 * min(len(text), LONGEST_CELL) for text in texts)


def _without(what, text) -> tuple[str, list[str]]:
    """A table without the column or the row of that title, and its rows."""
    rows = re.findall(r"<tr.*?</tr>", text, re.DOTALL)
    for row in [row for row in rows if re.match(rf"<tr[^>]*>\s*<th[^>]*>{what}", row)]:
        text, rows = text.replace(row, ""), [other for other in rows if other != row]
    head = re.findall(r"<th.*?</th>", rows[0], re.DOTALL) if rows else []
    guesses = [i for i, cell in enumerate(head) if re.search(rf">{what}", cell)]
    for i, row in enumerate(rows if guesses else []):
        cells = re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        rows[i] = "<tr>" + "".join(cell for j, cell in enumerate(cells) if j not in guesses) + "</tr>"
        text = text.replace(row, rows[i], 1)
    return text, rows
