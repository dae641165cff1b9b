"""The pictures of lesson 2: a row laid over a matrix, the lookup, what both cost, and the way back."""
import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle
from matplotlib.ticker import EngFormatter

from embedding_course.figures import COLOURS, INK

WIDE, HIGH = 0.8, 0.5     # a cell, in inches
FAINT = 0.65              # how strongly ink shows where nothing happens


def written_out(names, row, weight):
    """A row stood upright beside a matrix, every product written out, the column sums below.

    names : level names, one a row of the matrix
    row : float (levels,), one-hot or a row of shares
    weight : float (levels, dim)
    """
    levels, dim = weight.shape
    figure, axes = _canvas()
    matrix = 1.9
    product, wide = matrix + dim * WIDE + 0.6, 1.65 * WIDE
    used = set(row.nonzero().flatten().tolist())
    _label(axes, 0.7 + WIDE / 2, -0.25, "the row", bold=True)
    _matrix(axes, matrix, None, weight, "the matrix", used, COLOURS["plucked"])
    _label(axes, product + dim * wide / 2, -0.25, "every product", bold=True)
    for level, factor in enumerate(row.tolist()):
        middle, top, idle = (level + 0.5) * HIGH, level * HIGH, level not in used
        _label(axes, 0.6, middle, names[level], align="right", bold=not idle, faint=idle)
        _cells(axes, 0.7, top, [short(factor)], COLOURS["data"], faint=idle)
        _label(axes, (0.7 + WIDE + matrix) / 2, middle, "×", faint=idle)
        _label(axes, product - 0.25, middle, "=", faint=idle)
        written = [f"{short(factor)} × {short(value)}" for value in weight[level].tolist()]
        _cells(axes, product, top, written, None if idle else COLOURS["plucked"], wide, faint=idle)
    below = levels * HIGH + 0.25
    _label(axes, product - 0.1, below + HIGH / 2, "sum of each column", align="right", bold=True)
    sums = [short(total) for total in (row @ weight).tolist()]
    _cells(axes, product, below, sums, COLOURS["plucked"], wide, bold=True)
    return figure


def looked_up(names, codes, weight):
    """Codes on the left, each with an arrow to its row of the matrix and on to its row of the result.

    names : level names, one a row of the matrix
    codes : int64 (n,)
    weight : float (levels, dim)
    """
    figure, axes = _canvas()
    left, down = -2.8, (len(names) - len(codes)) / 2 * HIGH
    _label(axes, left + WIDE / 2, down - 0.25, "codes", bold=True)
    for record, code in enumerate(codes.tolist()):
        top = down + record * HIGH
        _cells(axes, left, top, [str(code)], COLOURS["data"], bold=True)
        _arrow(axes, (left + WIDE, top + HIGH / 2), (-0.75, (code + 0.5) * HIGH), COLOURS["data"])
    _wired(axes, 0, names, codes, [("the matrix", weight), ("looked up", weight[codes])], COLOURS["plucked"])
    return figure


def cost(levels, product_seconds, lookup_seconds, product_bytes, lookup_bytes):
    """Time and memory of product and lookup against the number of levels, both axes logarithmic.

    levels and the other four : sequences of numbers, of one length
    """
    figure, panels = plt.subplots(1, 2, figsize=(11, 4.4))
    for axes, product, lookup in [(panels[0], product_seconds, lookup_seconds),
                                  (panels[1], product_bytes, lookup_bytes)]:
        axes.loglog(levels, product, color=INK, marker="o")
        axes.loglog(levels, lookup, color=COLOURS["plucked"], marker="s")
        for height, name in [(product[-1], "product"), (max(lookup[-2:]), "lookup")]:
            axes.text(levels[-1], height * 1.7, name, ha="right", va="bottom", weight="bold")
        axes.set_ylim(min(lookup) / 4, max(product) * 12)
        axes.set_xticks(levels, [f"{count:,}" for count in levels])
        axes.set_xlabel("levels")
        axes.minorticks_off()
        axes.grid(alpha=0.25, color=INK, linewidth=0.8)
    panels[0].set_title("Time for a batch")
    panels[0].yaxis.set_major_formatter(EngFormatter("s"))
    panels[1].set_title("Memory for what goes in")
    panels[1].yaxis.set_major_formatter(EngFormatter("B"))
    figure.tight_layout(w_pad=3)
    return figure


def both_ways(names, codes, weight, grad):
    """Forward, rows leave the matrix; backward, gradients come home along the same wires.

    names : level names, one a row of the matrix
    codes : int64 (n,)
    weight, grad : float (levels, dim), the matrix and its gradient, for a loss with slope 1 everywhere
    """
    plucked, slopes = weight[codes], grad.new_ones(len(codes), weight.shape[1])
    figure, axes = _canvas()
    _wired(axes, 0, names, codes, [("forward: the matrix", weight), ("plucked rows", plucked)], COLOURS["plucked"])
    lower = (len(names) + 2) * HIGH
    _wired(axes, lower, names, codes, [("backward: its gradient", grad), ("slopes of the loss", slopes)],
           COLOURS["gradient"], home=True)
    return figure


def short(value):
    """A number as short as it goes, with a real minus sign."""
    return f"{value:g}".replace("-", "−")


def _canvas():
    """An empty figure measured in inches, y downwards; `show` cuts it to what is drawn."""
    figure = plt.figure(figsize=(1, 1))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 1), ylim=(1, 0))
    axes.axis("off")
    return figure, axes


def _wired(axes, top, names, codes, titled, colour, home=False):
    """A matrix and the rows that belong to the codes, joined by arrows: outwards, or home to the matrix."""
    (title, matrix), (rows_title, rows) = titled
    edge = matrix.shape[1] * WIDE
    right, down = edge + 1.6, top + (len(names) - len(codes)) / 2 * HIGH
    _matrix(axes, 0, names, matrix, title, set(codes.tolist()), colour, top)
    _matrix(axes, right, None, rows, rows_title, range(len(codes)), colour, down)
    for record, code in enumerate(codes.tolist()):
        ends = [(edge, top + (code + 0.5) * HIGH), (right, down + (record + 0.5) * HIGH)]
        _arrow(axes, *(reversed(ends) if home else ends), colour)


def _matrix(axes, left, names, values, title, lit, colour, top=0.0):
    """A matrix with its title and, if given, level names; the lit rows in colour."""
    _label(axes, left + values.shape[1] * WIDE / 2, top - 0.25, title, bold=True)
    for level, row in enumerate(values.tolist()):
        y, idle = top + level * HIGH, level not in lit
        if names:
            _label(axes, left - 0.1, y + HIGH / 2, names[level], align="right", bold=not idle, faint=idle)
        _cells(axes, left, y, [short(value) for value in row], None if idle else colour, faint=idle)


def _cells(axes, left, top, texts, colour=None, wide=WIDE, faint=False, bold=False):
    """A row of cells, filled with a translucent colour or left open in grey."""
    for column, text in enumerate(texts):
        corner = (left + column * wide, top)
        if colour:
            axes.add_patch(Rectangle(corner, wide, HIGH, facecolor=colour, alpha=0.35, clip_on=False))
        axes.add_patch(Rectangle(corner, wide, HIGH, fill=False, edgecolor=colour or COLOURS["unchanged"],
                                 linewidth=1, clip_on=False))
        _label(axes, corner[0] + wide / 2, top + HIGH / 2, text, faint=faint, bold=bold)


def _label(axes, x, y, text, align="center", faint=False, bold=False):
    axes.text(x, y + 0.07, text, ha=align, alpha=FAINT if faint else 1, weight="bold" if bold else "normal",
              clip_on=False)


def _arrow(axes, start, end, colour):
    axes.annotate("", xy=end, xytext=start, annotation_clip=False,
                  arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 2, "shrinkA": 3, "shrinkB": 3})
