"""Outputs of a lesson's cells as they can be read from the back of a room: large, and without unanswered guesses."""
import html
import re
from dataclasses import dataclass

from ...guesses import SAID

WIDE, TALL = 1130, 540              # pixels: a slide's room for code, text and tables
LARGE, SMALL, LEAST = 26, 18, 15    # pixels: letters; a line too long for SMALL is broken, LEAST is for what is tall
FIGURE = 99                         # lines: as tall as a slide
LONGEST_CELL = 32                   # characters of a table's cell that are not broken
GUESS = re.compile(r"\byou sa(?:id|y) (?:\[.*?\]|\{.*?\}|\(.*?\)|[^ ;,]*)")
ANSWERED = re.compile(r"; |, it | (?:it|the|PyTorch) ")   # what follows a guess on its line is the answer
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
        made += [_text("".join(texts))] if texts else []
        texts = []
        made += [_html(data["text/html"])] if data else []
    return [output for output in made if output]


def letters(longest: int, lines: int = 1) -> int:
    """The size in pixels in which so many lines of so many characters fit a slide."""
    wide = max(SMALL, min(LARGE, int(WIDE / (0.6 * max(longest, 1)))))
    return max(LEAST, min(wide, int(TALL / (1.35 * lines))))


def _text(text) -> Output | None:
    lines = [GUESS.sub("you said …", line) for line in re.sub(r"\n\n\n+", "\n\n", text).strip("\n").splitlines()]
    lines = [line for line in lines if not line.startswith("you said") or ANSWERED.search(line)]
    if not any(lines):
        return None
    size, text = letters(max(map(len, lines)), len(lines)), html.escape("\n".join(lines))
    return Output(f'<pre class="said" style="font-size: {size}px">{text}</pre>',
                  sum(1 + len(line) // 105 for line in lines))


def _html(text) -> Output:
    if "<svg" in text or "<script" in text:
        text = CONTROLS.sub("player-controls", text)
        return Output(f'<div class="figure">{text}</div>', FIGURE)
    text, rows = _without_guesses(SAID.sub("", text))
    size = max(LEAST, min(LARGE, int(WIDE / max(map(_width, rows), default=40)), int(TALL / (2 * max(len(rows), 1)))))
    return Output(f'<div class="table" style="font-size: {size}px">{text}</div>', int(2.2 * len(rows)) + 2)


def _width(row) -> float:
    """How wide a table's row is, in sizes of its letters; a cell with long text is broken."""
    texts = [re.sub(r"<.*?>", "", cell, flags=re.DOTALL) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
    return sum(1.6 + 0.55 * min(len(text), LONGEST_CELL) for text in texts)


def _without_guesses(text) -> tuple[str, list[str]]:
    """A table without the column or the row of guesses, as nobody has guessed yet; and its rows."""
    rows = re.findall(r"<tr.*?</tr>", text, re.DOTALL)
    for row in [row for row in rows if re.match(r"<tr[^>]*>\s*<th[^>]*>you sa(id|y)", row)]:
        text, rows = text.replace(row, ""), [other for other in rows if other != row]
    head = re.findall(r"<th.*?</th>", rows[0], re.DOTALL) if rows else []
    guesses = [i for i, cell in enumerate(head) if re.search(r">you sa(id|y)", cell)]
    for i, row in enumerate(rows if guesses else []):
        cells = re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        rows[i] = "<tr>" + "".join(cell for j, cell in enumerate(cells) if j not in guesses) + "</tr>"
        text = text.replace(row, rows[i], 1)
    return text, rows
