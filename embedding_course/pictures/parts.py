"""What drawings without axes are put together from: tables, boxes, arrows, in inches from the lower left corner."""
import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch, Rectangle

from embedding_course.figures import COLOURS, INK

ROW = 0.42   # height of a table's row


def canvas(width, height):
    """An empty figure whose coordinates are inches."""
    figure = plt.figure(figsize=(width, height))
    ax = figure.add_axes([0, 0, 1, 1])
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.axis("off")
    return figure, ax


def table(ax, x, top, rows, fills, width, linestyle="-", outlined=(), faint=()):
    """Cells of text from (x, top) downwards.

    fills : a colour, or None, for each row
    outlined, faint : rows by number: those that were looked up, and those whose text steps back
    """
    for i, (row, fill) in enumerate(zip(rows, fills, strict=True)):
        y = top - (i + 1) * ROW
        for j, text in enumerate(row):
            if fill:
                ax.add_patch(Rectangle((x + j * width, y), width, ROW, facecolor=fill, alpha=0.35, edgecolor="none"))
            ax.add_patch(Rectangle((x + j * width, y), width, ROW, facecolor="none", edgecolor=INK, lw=1,
                                   linestyle=linestyle))
            ax.text(x + (j + 0.5) * width, y + ROW / 2, text, ha="center", va="center", alpha=0.65 if i in faint else 1)
    for i in outlined:
        outline(ax, x, top - (i + 1) * ROW, width * len(rows[i]))


def outline(ax, x, y, width, height=ROW):
    """The sign for "looked up", around a row whose lower left corner is (x, y)."""
    ax.add_patch(Rectangle((x, y), width, height, facecolor="none", edgecolor=COLOURS["plucked"], lw=3.5, zorder=3))


def network(ax, x, y, width, height, title="the network"):
    """The box that the weights stand in: thick, rounded, its title at the upper edge."""
    ax.add_patch(FancyBboxPatch((x, y), width, height, boxstyle="round,pad=0,rounding_size=0.25", facecolor="none",
                                edgecolor=INK, lw=3))
    ax.text(x + width / 2, y + height - 0.14, title, ha="center", va="top", weight="bold", size=16)


def way_back(ax, points, text="", at=None):
    """The dashed way of a gradient and its step along points; the last one is where it ends."""
    style = {"color": COLOURS["gradient"], "lw": 3, "ls": "--"}
    ax.plot(*zip(*points[:-1], strict=True), **style)
    ax.annotate("", points[-1], points[-2], arrowprops={"arrowstyle": "->", **style, "shrinkA": 0, "shrinkB": 0})
    if text:
        ax.text(*at, text, ha="center", va="top", size=14, weight="bold")


def box(ax, x, middle, text, width):
    """A rounded box with a word in it, its left edge at x."""
    ax.add_patch(FancyBboxPatch((x, middle - 0.22), width, 0.44, boxstyle="round,pad=0.02", facecolor="none",
                                edgecolor=INK, lw=1.5))
    ax.text(x + width / 2, middle, text, ha="center", va="center")


def arrow(ax, start, end, colour):
    """A plain arrow."""
    ax.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": colour, "lw": 2})


def swatch(ax, x, y, colour, text):
    """A square, filled or (None) not, and what that means."""
    ax.add_patch(Rectangle((x, y), 0.25, 0.25, facecolor=colour or "none", alpha=0.35, edgecolor="none"))
    ax.add_patch(Rectangle((x, y), 0.25, 0.25, facecolor="none", edgecolor=INK, lw=1))
    ax.text(x + 0.35, y + 0.11, text, va="center", size=13)


def short(number):
    """2.0 as "2.0", -0.25 as "-0.25"."""
    return str(round(float(number), 2))
