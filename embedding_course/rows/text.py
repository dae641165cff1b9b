"""A step as plain text that can be read aloud: aligned columns, a mark before each row that was looked up."""
import math

SHOWN = 4   # numbers of a row


def step_as_text(step):
    """The whole step: a headline, one line a row, how many others moved, notices."""
    rows = step.rows()
    return "\n".join([headline(step), *row_lines(rows), *others(step, rows), *(f"note: {n}" for n in step.notices)])


def headline(step):
    """step 3   loss 0.418   batch JFK, LAX, JFK   optimizer Adam"""
    return "   ".join(headline_parts(step))


def headline_parts(step):
    """What the headline says, a list of str."""
    parts = [f"step {step.number}", step.table and f"table {step.table}",
             step.loss is not None and f"loss {step.loss:.3g}", f"batch {batch(step)}", f"optimizer {step.optimizer}"]
    return [part for part in parts if part]


def batch(step):
    """The levels looked up, by name if they are few."""
    if len(step.codes) == 0:
        return "(nothing looked up)"
    if len(step.codes) <= 8:
        return ", ".join(step.names[code] for code in step.codes.tolist())
    return f"{len(step.codes):,} lookups of {len(step.codes.unique()):,} levels"


def others(step, rows):
    """One line on the rows that are not shown, if there are any."""
    hidden = len(step.names) - len(rows)
    if not hidden:
        return []
    if not len(step.moved_codes):
        return [f"None of the {len(step.names):,} rows moved."]
    moved = len(step.moved_codes) - sum(row.moved for row in rows)
    if not moved:
        return [f"The other {hidden:,} rows did not move."]
    return [f"{moved:,} other rows moved, {hidden - moved:,} did not."]


def row_lines(rows):
    """A title line and one line a row."""
    if not rows:
        return []
    table = columns(rows)
    widths = [max(map(len, column)) for column in table]
    return ["   ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in zip(*table, strict=True)]


def columns(rows):
    """The cells, column by column, each column with its title first."""
    places = decimals(rows)
    before, after, change = numbers(rows, places)
    table = [["", *(("▸" if row.times else " ") + row.name for row in rows)],
             ["before", *before],
             ["", *("→" if row.moved else " " for row in rows)],
             ["after", *after],
             ["change", *change],
             ["why", *(because(row) for row in rows)]]
    if len(rows[0].before) > SHOWN:
        far = [f"{row.distance:.{places}f}" if row.moved else "" for row in rows]
        table.insert(5, ["distance", *far])
    return table


def numbers(rows, places):
    """The columns before, after and change as text; a row that did not move says so instead of a number.

    returns : three lists of str, one entry a row
    """
    moved = [row for row in rows if row.moved]
    before = block([row.before for row in rows], places)
    after = iter(block([row.after for row in moved], places))
    change = iter(block([row.change for row in moved], places, sign=True))
    return (before, [next(after) if row.moved else "unchanged" for row in rows],
            [next(change) if row.moved else "" for row in rows])


def block(tensors, places, sign=False):
    """Rows of numbers as text, in columns of equal width; of a long row the first numbers.

    tensors : list of (dim,)
    """
    cells = [[number(value, places, sign) for value in shown(tensor)] for tensor in tensors]
    width = max((len(cell) for row in cells for cell in row), default=0)
    return [" ".join(cell.rjust(width) for cell in row) + (" …" if len(tensor) > SHOWN else "")
            for row, tensor in zip(cells, tensors, strict=True)]


def shown(tensor):
    """The numbers of a row that are shown: up to four, of a longer row the first three."""
    return tensor.tolist() if len(tensor) <= SHOWN else tensor[:3].tolist()


def because(row):
    """Why it moved, or why it did not although it was looked up."""
    return ", ".join(words for _, words in row.why) or row.still


def number(value, places, sign=False):
    """One number: 0.20; with a sign -0.01, +0.05, 0.00 for exactly nothing, and +3e-06 for what would look like it."""
    if sign and value != 0 and abs(value) < 0.5 * 10.0**-places:
        return f"{value:+.0e}"
    return f"{value:{'+' if sign and value != 0 else ''}.{places}f}"


def decimals(rows):
    """Enough decimals, 2 to 5, to see the smallest of the moves."""
    largest = [float(row.change.abs().max()) for row in rows if row.moved]
    visible = [size for size in largest if size > 0 and math.isfinite(size)]
    return min(5, max(2, math.ceil(-math.log10(min(visible))))) if visible else 2
