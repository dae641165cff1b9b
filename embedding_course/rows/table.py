"""A step as an HTML table: readable in light and dark, said in words as well as in colours."""
from html import escape

from ..figures import COLOURS
from ..guesses import BADGES, badge
from .text import because, decimals, headline_parts, numbers, others
from .why import count

REASON_COLOURS = {"gradient": "gradient", "momentum": "momentum", "memory": "momentum", "decay": "decay"}


def tint(name, percent=22):
    """A translucent ground in one of the course's colours, for either theme."""
    return f"color-mix(in srgb, {COLOURS[name]} {percent}%, transparent)"


STYLE = f"""<style>
table.ec-rows {{ border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .4em 0; color: inherit; }}
table.ec-rows caption {{ caption-side: top; text-align: left; color: inherit; padding: .3em 0; }}
table.ec-rows tr > * {{ border: 0; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent);
  padding: .25em .7em; text-align: left !important; white-space: nowrap; background: transparent; color: inherit; }}
table.ec-rows tr > .n {{ font-family: monospace; white-space: pre; }}
table.ec-rows tbody tr > .plucked {{ background: {tint("plucked")}; }}
table.ec-rows tbody tr > .moved {{ background: {tint("moved")}; }}
table.ec-rows tbody tr:hover {{ background: transparent; }}   /* JupyterLab's blue looks like "moved" */
table.ec-rows tr > :last-child {{ white-space: normal; min-width: 9em; }}
table.ec-rows span.why {{ display: inline-block; margin: .1em 0; padding: .1em .4em;
  border-radius: .3em; border: 1px solid transparent; }}
{"".join(f"table.ec-rows span.{name} {{ background: {tint(colour)}; border-color: {COLOURS[colour]}; }}"
         for name, colour in REASON_COLOURS.items())}
table.ec-rows span.max_norm, table.ec-rows span.outside {{ border-color: currentColor; }}
{BADGES}</style>"""


def step_as_html(step, guessed=None):
    """The whole step: a headline as the caption, one line a row, how many others moved, notices.

    guessed : by row, the mark and the words of a learner's guess; then it has a column
    """
    rows = step.rows()
    notes = [*others(step, rows), *(f"Note: {notice}" for notice in step.notices)]
    caption = escape(" · ".join(headline_parts(step)))
    return (f'{STYLE}<table class="ec-rows"><caption>{caption}</caption>'
            f"{head(guessed)}<tbody>{''.join(lines(rows, guessed))}</tbody></table>"
            + "".join(f"<p>{escape(note)}</p>" for note in notes))


def head(guessed=None):
    """The line of column titles."""
    titles = ["level", "looked up", "before", "after", "change", "moved", *(["you said"] if guessed else []), "why"]
    return "<thead><tr>" + "".join(f'<th scope="col">{title}</th>' for title in titles) + "</tr></thead>"


def lines(rows, guessed=None):
    """One table line a row."""
    places = decimals(rows)
    said = {row.name: f"<td>{_said(*guessed.get(row.name, ('', '')))}</td>" if guessed else "" for row in rows}
    return [line(row, places, *texts, said[row.name]) for row, *texts in zip(rows, *numbers(rows, places), strict=True)]


def _said(mark, words):
    return f"{badge(mark)} {escape(words)}" if mark else ""


def line(row, places, before, after, change, said):
    """One row: the looked-up cells in orange, the moved ones in blue, each reason in its own colour."""
    plucked = ' class="plucked"' if row.times else ""
    moved = " moved" if row.moved else ""
    return (f'<tr><th scope="row"{plucked}>{escape(row.name)}</th>'
            f"<td{plucked}>{count(row.times) if row.times else 'no'}</td>"
            f'<td class="n">{before}</td><td class="n{moved}">{after}</td><td class="n{moved}">{change}</td>'
            f'<td class="{moved.strip()}">{f"by {row.distance:.{places}f}" if row.moved else "no"}</td>{said}'
            f"<td>{why(row)}</td></tr>")


def why(row):
    """Each reason in its colour and in words."""
    if not row.why:
        return escape(because(row))
    return " ".join(f'<span class="why {reason}">{escape(words)}</span>' for reason, words in row.why)
