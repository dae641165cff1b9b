"""The table while it trains, to step through: one piece of HTML, with a script of its own and nothing from outside."""
import hashlib
import json
from html import escape
from pathlib import Path

from IPython.display import HTML

from .text import because, block, decimals, headline_parts, numbers
from .why import count

MANY = 12   # rows of a stepper
WHY = 44    # letters of a reason on one line
WIDTH, HEIGHT, MARGIN = 260, 150, 26   # the picture of the loss
# drawing.* is the page One step's too
DRAWING_JS, PLAYER_JS, DRAWING_CSS, PLAYER_CSS = (
    (Path(__file__).parent / name).read_text(encoding="utf-8")
    for name in ("drawing.js", "stepper.js", "drawing.css", "stepper.css"))


def stepper(history, description, names=None):
    """Step through a history with buttons, a slider or the keyboard: each row's numbers, which rows were looked up,
    which moved and why, and the loss beside it. Without scripts all steps stand below one another.

    history : History with at least one step
    description : what there is to see, in a sentence or two
    names : the rows to show; None for all, or of a large table those that moved most
    returns : IPython.display.HTML
    raises : ValueError for an empty description or history
    """
    if not description.strip() or not len(history):
        raise ValueError("a stepper needs a description in words, and a history with a step")
    names = list(names or (history.names if len(history.names) <= MANY else history.most_moved(MANY)))
    frames = frames_of(history, names)
    data = json.dumps({"frames": frames}, ensure_ascii=False).replace("<", "\\u003c")
    key = "ec-" + hashlib.sha256((data + description).encode()).hexdigest()[:12]
    return HTML(f"""<div class="ec-stepper" data-key="{key}" role="group" aria-label="{escape(description)}">
<style>{DRAWING_CSS}{PLAYER_CSS}</style><div class="controls" hidden>
<button type="button" data-go="first">First</button><button type="button" data-go="back">Back</button>
<button type="button" data-go="play">Play</button><button type="button" data-go="forward">Forward</button>
<input type="range" min="0" max="{len(frames) - 1}" value="0" step="1" aria-label="step"></div>
<p class="head" aria-live="polite">{escape(frames[0]["head"])}</p>
<div class="both">{loss_picture(history)}<table class="ec-drawn">{columns(frames)}
<thead><tr><th scope="col">level</th><th scope="col">looked up</th>
<th scope="col">row</th><th scope="col">change</th><th scope="col">why</th></tr></thead>
<tbody>{"".join(map(row_html, frames[0]["rows"]))}</tbody></table></div>
<details><summary>All steps as text</summary>
<pre>{escape(as_text(frames))}</pre></details>
<script type="application/json">{data}</script>
<script>{DRAWING_JS}{PLAYER_JS.replace("KEY", key)}</script></div>""")


def frames_of(history, names):
    """The start and each step as plain data: {head, rows: [[name, looked up, numbers, change, why, moved]]}."""
    steps = [(step, [step.row(name) for name in names]) for step in history]
    places = min(4, max(decimals(rows) for _, rows in steps))
    first, rows = steps[0]
    before = block([row.before for row in rows], places)
    start = {"head": f"before step {first.number}",
             "rows": [[name, "no", numbers, "", "", False] for name, numbers in zip(names, before, strict=True)]}
    return [start, *({"head": " · ".join(headline_parts(step)), "rows": cells(rows, places)} for step, rows in steps)]


def columns(frames):
    """The columns, each as wide as its longest text in any step, so that the table stands still while it plays."""
    widest = [max(len(row[i]) for frame in frames for row in frame["rows"]) for i in range(5)]
    widths = [widest[0], max(widest[1], len("looked up")), *widest[2:4], min(widest[4], WHY)]
    return "<colgroup>" + "".join(f'<col style="width: calc({width}ch + 1.4em)">' for width in widths) + "</colgroup>"


def cells(rows, places):
    """Each row's cells, as text, and whether it moved."""
    _, _, change = numbers(rows, places)
    after = block([row.after for row in rows], places)
    return [[row.name, count(row.times) if row.times else "no", after, change or "unchanged", because(row), row.moved]
            for row, after, change in zip(rows, after, change, strict=True)]


def row_html(cells):
    """One table line; `drawing.js` writes the same."""
    name, times, numbers, change, why, moved = cells
    plucked = "" if times == "no" else ' class="plucked"'
    lit = ' class="n moved"' if moved else ' class="n"'
    return (f'<tr><th scope="row"{plucked}>{escape(name)}</th><td{plucked}>{times}</td><td{lit}>{numbers}</td>'
            f"<td{lit}>{change}</td><td>{escape(why)}</td></tr>")


def as_text(frames):
    """All steps, for who reads rather than plays."""
    blocks = []
    for each in frames:
        lines = [each["head"]]
        for name, times, *said, _ in each["rows"]:
            looked_up = [] if times == "no" else [f"looked up {times}"]
            lines.append("; ".join([f"  {name}", *looked_up, *filter(None, said)]))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def loss_picture(history):
    """The loss as a line with a dot at the step shown; nothing if it was not given."""
    losses = history.losses()
    if len(losses) < 2 or any(loss is None for loss in losses):
        return ""
    low, high = min(losses), max(losses)
    points = [(MARGIN + (WIDTH - 2 * MARGIN) * i / (len(losses) - 1),
               MARGIN + (HEIGHT - 2 * MARGIN) * (high - loss) / ((high - low) or 1)) for i, loss in enumerate(losses)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
            f'aria-label="the loss goes from {losses[0]:.3g} to {losses[-1]:.3g}">'
            f'<text x="{MARGIN}" y="14">loss</text><text x="{MARGIN}" y="{HEIGHT - 6}">{low:.3g} to {high:.3g}</text>'
            f'<polyline points="{line}" fill="none" stroke="currentColor" stroke-width="2"/>'
            f'<circle cx="{points[0][0]:.1f}" cy="{points[0][1]:.1f}" r="6" fill="currentColor"/></svg>')
