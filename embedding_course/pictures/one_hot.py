"""Pictures of lesson 1: one training step, two stories about it, renumbered codes, one column three ways.

The drawings without axes measure in inches from the lower left corner (`parts.py`), so a 0.5 is half an inch.
"""
import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

from embedding_course.figures import COLOURS, INK

from .parts import ROW, arrow, box, canvas, short, swatch, table

AIRPORTS = ("ATL", "BOS", "JFK", "LAX", "SFO")
BEFORE = ((0.5, 1.0), (-1.0, 0.5), (2.0, 1.0), (-0.5, 1.5), (1.0, -1.5))
AFTER = ((0.5, 1.0), (-1.0, 0.5), (3.0, 2.0), (-0.25, 1.75), (1.0, -1.5))


def before_after_step(names=AIRPORTS, before=BEFORE, after=AFTER):
    """The weight matrix before and after a step, and its rows as points in the plane.

    names : level names, one a row
    before, after : numbers (levels, 2); without them, the step that opens lesson 1
    """
    before, after = [[tuple(map(float, row)) for row in matrix] for matrix in (before, after)]
    moved = [old != new for old, new in zip(before, after, strict=True)]
    fills = [COLOURS["moved"] if m else COLOURS["unchanged"] for m in moved]
    figure, ax = canvas(10.6, 3.9)
    top = 3.2
    for x, title, matrix in ((0.8, "before", before), (3.8, "after the step", after)):
        ax.text(x + 0.85, top + 0.15, title, ha="center", weight="bold", size=16)
        table(ax, x, top, [[short(number) for number in row] for row in matrix], fills, width=0.85)
    for i, name in enumerate(names):
        ax.text(0.68, top - (i + 0.5) * ROW, name, ha="right", va="center")
        arrow(ax, (2.62, top - (i + 0.5) * ROW), (3.68, top - (i + 0.5) * ROW), fills[i])
    swatch(ax, 0.8, 0.45, COLOURS["moved"], "moved")
    swatch(ax, 2.3, 0.45, COLOURS["unchanged"], "the same, to the last bit")
    plane = figure.add_axes([6.65 / 10.6, 0.7 / 3.9, 3.7 / 10.6, 2.75 / 3.9])
    points(plane, names, before, after, fills)
    return figure


def points(ax, names, before, after, fills):
    """Rows as points, with an arrow for each row that moved."""
    for name, old, new, fill in zip(names, before, after, fills, strict=True):
        ax.plot(*new, "o", color=fill, markersize=9)
        if old != new:
            ax.plot(*old, "o", color=fill, markersize=9, fillstyle="none")
            ax.annotate("", new, old, arrowprops={"arrowstyle": "->", "color": fill, "lw": 2.5, "shrinkA": 4, "shrinkB": 5})
        ax.annotate(name, new, (9, 6), textcoords="offset points")
    ax.set(xlabel="first number", ylabel="second number", title="a row is a point")
    ax.margins(0.16)


def two_stories():
    """Left, crossed out: training edits a column of the data. Right: it edits rows of a weight matrix."""
    figure, ax = canvas(12.6, 4.1)
    wrong_story(ax)
    ax.plot([4.75, 4.75], [0.2, 3.95], color=INK, lw=1, alpha=0.4)
    right_story(ax)
    return figure


def wrong_story(ax):
    """The flights table with numbers written over its words, edited by the step; a cross over all of it."""
    ax.text(2.3, 3.75, "Wrong: a step edits the data", ha="center", weight="bold", size=16)
    top, middle = 2.9, 2.9 - 1.5 * ROW
    ax.text(1.15, 3.02, "origin", ha="center", size=13)
    ax.text(2.5, 3.02, "late", ha="center", size=13)
    table(ax, 0.1, top, [[""]] * 3, [COLOURS["data"]] * 3, width=2.1)
    table(ax, 2.2, top, [["4"], ["2"], ["6"]], [COLOURS["data"]] * 3, width=0.6)
    for i, (word, numbers) in enumerate((("JFK", "2.0   1.0"), ("LAX", "-0.5   1.5"), ("JFK", "2.0   1.0"))):
        y = top - (i + 0.5) * ROW
        ax.text(0.45, y, word, ha="center", va="center")
        ax.plot([0.16, 0.74], [y, y], color=INK, lw=2)
        ax.text(1.45, y, numbers, ha="center", va="center")
    arrow(ax, (2.84, middle), (3.26, middle), INK)
    box(ax, 3.32, middle, "network", 1.15)
    step_back(ax, 3.9, middle - 0.3, 1.45, top - 3 * ROW - 0.06, "the step")
    for ends in ((0.45, 3.45), (3.45, 0.45)):
        ax.plot([0.3, 4.3], ends, color=INK, lw=5, alpha=0.4, solid_capstyle="round")


def right_story(ax):
    """Words, codes, two rows of a weight matrix, the rows looked up, the network; the step ends at the matrix."""
    ax.text(8.75, 3.75, "Right: a step edits the weights", ha="center", weight="bold", size=16)
    data, plucked = COLOURS["data"], COLOURS["plucked"]
    top, middle = 2.9, 2.9 - 1.5 * ROW
    for x, y, title in ((5.38, 3.02, "origin"), (6.5, 3.02, "codes"), (8.35, 3.44, "weight"), (10.35, 3.02, "rows")):
        ax.text(x, y, title, ha="center", size=13)
    table(ax, 5.0, top, [["JFK"], ["LAX"], ["JFK"]], [data] * 3, width=0.75)
    arrow(ax, (5.8, middle), (6.18, middle), INK)
    table(ax, 6.25, top, [["2"], ["3"], ["2"]], [data] * 3, width=0.5)
    arrow(ax, (6.8, middle), (7.12, middle), INK)
    table(ax, 7.7, top + ROW, [[short(number) for number in row] for row in BEFORE],
          [None, None, plucked, plucked, None], width=0.65)
    for i, name in enumerate(AIRPORTS):
        ax.text(7.62, top - (i - 0.5) * ROW, name, ha="right", va="center", size=13)
    arrow(ax, (9.05, middle), (9.6, middle), INK)
    rows = [[short(number) for number in BEFORE[code]] for code in (2, 3, 2)]
    table(ax, 9.68, top, rows, [plucked] * 3, width=0.67, linestyle=":")
    arrow(ax, (11.08, middle), (11.35, middle), INK)
    box(ax, 11.42, middle, "network", 1.1)
    step_back(ax, 11.97, middle - 0.3, 8.35, top - 4 * ROW - 0.06, "the step ends at the weights")
    ax.text(5.9, 1.5, "data:\nnever changed", ha="center", va="top", size=13, style="italic")
    ax.text(10.35, 1.54, "computed anew,\nstored nowhere", ha="center", va="top", size=13, style="italic")


def step_back(ax, from_x, from_y, to_x, to_y, text):
    """The way of a gradient and of its step: down, back to the left, up to what it changes."""
    colour, floor = COLOURS["gradient"], 0.55
    ax.plot([from_x, from_x, to_x], [from_y, floor, floor], color=colour, ls="--", lw=2.5)
    ax.annotate("", (to_x, to_y), (to_x, floor), arrowprops={"arrowstyle": "->", "color": colour, "lw": 2.5,
                                                              "ls": "--", "shrinkA": 0})
    ax.text((from_x + to_x) / 2, floor - 0.3, text, ha="center", size=14, weight="bold")


def renumbering(before, after):
    """A line through the codes beside one weight per code, for two numberings of the same levels.

    before, after : frames with a row a level and the columns "code", "mean", "line", "one-hot"
    """
    figure, axes = plt.subplots(1, 2, figsize=(11, 4.4), sharey=True, layout="constrained")
    for ax, fits, title in zip(axes, (before, after), ("codes in alphabetical order", "codes shuffled"), strict=True):
        fits = fits.sort_values("code")
        ax.plot(fits["code"], fits["mean"], "o", color=COLOURS["data"], markersize=15, alpha=0.6, label="mean flight")
        ax.plot(fits["code"], fits["one-hot"], "o", color=COLOURS["plucked"], markersize=7, label="one-hot predicts")
        ax.plot(fits["code"], fits["line"], "--", color=INK, label="a line predicts")
        ax.set_xticks(fits["code"], fits.index, fontsize=12)
        ax.set(title=title, xlabel="carrier, at its code")
    axes[0].set_ylabel("minutes in the air")
    axes[0].legend(loc="upper left")
    return figure


def three_ways(words, codes, vocabulary):
    """One column as words, as codes, and as one-hot rows, side by side.

    words : the column, n values
    codes : n ints
    vocabulary : level names, one for each column of the one-hot rows
    """
    n, levels, cell = len(words), len(vocabulary), 1.2
    figure, ax = canvas(5.2 + cell * levels, 1.5 + ROW * n)
    top = ROW * n + 0.35
    data = [COLOURS["data"]] * n
    for x, y, title in ((0.95, 0.15, "words"), (3.2, 0.15, "codes"), (4.75 + cell * levels / 2, 0.6, "one-hot rows")):
        ax.text(x, top + y, title, ha="center", weight="bold", size=16)
    table(ax, 0.2, top, [[str(word)] for word in words], data, width=1.5)
    table(ax, 2.85, top, [[str(int(code))] for code in codes], data, width=0.7)
    for i, code in enumerate(codes):
        y = top - (i + 0.5) * ROW
        arrow(ax, (1.78, y), (2.75, y), INK)
        arrow(ax, (3.65, y), (4.65, y), INK)
        table(ax, 4.75, top - i * ROW, [["1" if j == code else "0" for j in range(levels)]], [None], width=cell)
        ax.add_patch(Rectangle((4.75 + cell * int(code), top - (i + 1) * ROW), cell, ROW,
                               facecolor=COLOURS["data"], alpha=0.5, edgecolor="none"))
    for j, name in enumerate(vocabulary):
        ax.text(4.75 + cell * (j + 0.5), top + 0.18, name, ha="center", size=13)
    return figure
