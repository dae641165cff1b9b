"""Outputs of a lesson's cells as they can be read from the back of a room: large, and without unanswered guesses."""
import html
import re
from dataclasses import dataclass

WIDE, LARGE, SMALL = 1130, 26, 18   # pixels: a slide's room; the largest and the smallest letters of code and tables


@dataclass(frozen=True)
class Output:
    """A piece of HTML for a slide, and how many lines of code it is as tall as."""
    html: str
    lines: int


def readable(outputs) -> list[Output]:
    """All outputs of a cell, in order."""
    return [made for output in outputs if (made := _readable(output))]


def letters(longest: int, width: float = 0.6) -> int:
    """The size in pixels in which a line of so many characters fits a slide; too long a line is broken instead."""
    return max(SMALL, min(LARGE, int(WIDE / (width * max(longest, 1)))))


def _readable(output) -> Output | None:
    data = output.get("data", {})
    if "text/html" in data:
        return _html(data["text/html"])
    text = output.get("text") or data.get("text/plain") or ""
    return _text(text)


def _text(text) -> Output | None:
    text = "\n".join(line for line in text.rstrip().splitlines() if not line.startswith("you said {"))
    text = re.sub(r"\byou said (None|''|)(?= |,|;|$)", "you said …", text, flags=re.MULTILINE).strip("\n")
    if not text or text.strip() == "you said …":
        return None
    lines = text.splitlines()
    size = letters(max(map(len, lines)))
    return Output(f'<pre class="said" style="font-size: {size}px">{html.escape(text)}</pre>',
                  sum(1 + len(line) // 105 for line in lines))


def _html(text) -> Output:
    if "<svg" in text or "<script" in text:
        return Output(f'<div class="figure">{text}</div>', 99)
    rows = re.findall(r"<tr.*?</tr>", text, re.DOTALL)
    if 'class="dataframe"' in text:
        text, rows = _without_guesses(text, rows)
    widest = max((len(re.sub(r"<.*?>", "", row, flags=re.DOTALL)) + 3 * row.count("<td") for row in rows), default=40)
    size = min(letters(widest, 0.5), max(SMALL, 480 // (2 * max(len(rows), 1))))
    return Output(f'<div class="table" style="font-size: {size}px">{text}</div>', len(rows) + 1)


def _without_guesses(text, rows) -> tuple[str, list[str]]:
    """A table without the column of guesses: nobody has guessed yet."""
    head = re.findall(r"<th.*?</th>", rows[0], re.DOTALL)
    guesses = [i for i, cell in enumerate(head) if re.search(r">you sa(id|y)", cell)]
    if not guesses or "colspan" in text or "rowspan" in text:
        return text, rows
    kept = []
    for row in rows:
        cells = re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        kept.append("<tr>" + "".join(cell for i, cell in enumerate(cells) if i not in guesses) + "</tr>")
        text = text.replace(row, kept[-1], 1)
    return text, kept
