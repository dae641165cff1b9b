"""What drawings without axes are put together from: tables, boxes, arrows, in inches from the lower left corner."""
import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch, Rectangle

from embedding_course.figures import INK

ROW = 0.42   # height of a table's row


def canvas(width, height):
    """An empty figure whose coordinates are inches."""
    figure = plt.figure(figsize=(width, height))
    ax = figure.add_axes([0, 0, 1, 1])
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.axis("off")
    return figure, ax


def table(ax, x, top, rows, fills, width, linestyle="-"):
    """Cells of text from (x, top) downwards; `fills` holds a colour, or None, for each row."""
    for i, (row, fill) in enumerate(zip(rows, fills, strict=True)):
        y = top - (i + 1) * ROW
        for j, text in enumerate(row):
            if fill:
                ax.add_patch(Rectangle((x + j * width, y), width, ROW, facecolor=fill, alpha=0.35, edgecolor="none"))
            ax.add_patch(Rectangle((x + j * width, y), width, ROW, facecolor="none", edgecolor=INK, lw=1,
                                   linestyle=linestyle))
            ax.text(x + (j + 0.5) * width, y + ROW / 2, text, ha="center", va="center")


def box(ax, x, middle, text, width):
    """A rounded box with a word in it, its left edge at x."""
    ax.add_patch(FancyBboxPatch((x, middle - 0.22), width, 0.44, boxstyle="round,pad=0.02", facecolor="none",
                                edgecolor=INK, lw=1.5))
    ax.text(x + width / 2, middle, text, ha="center", va="center")


def arrow(ax, start, end, colour):
    """A plain arrow."""
    ax.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": colour, "lw": 2})


def swatch(ax, x, y, colour, text):
    """A filled square and what its colour means."""
    ax.add_patch(Rectangle((x, y), 0.25, 0.25, facecolor=colour, alpha=0.35, edgecolor=INK, lw=1))
    ax.text(x + 0.35, y + 0.11, text, va="center", size=13)


def short(number):
    """2.0 as "2.0", -0.25 as "-0.25"."""
    return str(round(float(number), 2))
