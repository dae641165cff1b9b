"""Pictures of lesson 1: one training step, two stories about it, renumbered codes, one column three ways.

The drawings without axes measure in inches from the lower left corner (`parts.py`), so a 0.5 is half an inch.
"""
import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

from embedding_course.figures import COLOURS, INK, described

from .parts import ROW, arrow, box, canvas, network, short, swatch, table, way_back

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
    figure, ax = canvas(10.6, 3.9)
    top = 3.2
    for x, title, matrix in ((0.8, "weights before", before), (3.8, "weights after", after)):
        ax.text(x + 0.85, top + 0.15, title, ha="center", weight="bold", size=16)
        table(ax, x, top, [[short(number) for number in row] for row in matrix],
              [COLOURS["moved"] if m and matrix is after else None for m in moved], width=0.85)
    for i, name in enumerate(names):
        y = top - (i + 0.5) * ROW
        ax.text(0.68, y, name, ha="right", va="center", weight="bold" if moved[i] else "normal")
        arrow(ax, (2.62, y), (3.68, y), COLOURS["moved" if moved[i] else "unchanged"])
    swatch(ax, 0.8, 0.45, COLOURS["moved"], "moved")
    swatch(ax, 2.3, 0.45, None, "the same, to the last bit")
    plane = figure.add_axes([6.65 / 10.6, 0.7 / 3.9, 3.7 / 10.6, 2.75 / 3.9])
    points(plane, names, before, after, [COLOURS["moved" if m else "unchanged"] for m in moved])
    went, stayed = ([name for name, m in zip(names, moved, strict=True) if m is which] for which in (True, False))
    return described(figure, f"""The weight matrix before and after the step: the rows of {" and ".join(went)} have
        moved, those of {", ".join(stayed)} have not. Beside it the five rows as points, with an arrow for each row
        that moved.""")


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
    """Above, crossed out: a step edits the data. Below: the weights stand inside the network, and it edits them."""
    figure, ax = canvas(10.7, 7.4)
    wrong_story(ax, 4.85)
    ax.plot([0.1, 10.6], [4.5, 4.5], color=INK, lw=1, alpha=0.4)
    right_story(ax, 0.1)
    return described(figure, """Two stories. Above, crossed out: numbers are written over the words of the flights
        table, the table goes into the network, and the step ends at the table. Below: words become codes, the codes
        go into a box called the network, the weight matrix stands inside it, the rows of JFK and LAX are looked up.
        Out of the box come predictions; with the minutes late, which are data, they make the loss. From the loss the
        step leads back into the box and ends at the rows of JFK and LAX. Words, codes and minutes stand outside and
        stay.""")


def wrong_story(ax, low):
    """The flights table with numbers written over its words, edited by the step; a cross over all of it."""
    ax.text(0.1, low + 2.2, "Wrong: the step edits the data", weight="bold", size=16)
    data, top = [COLOURS["data"]] * 3, low + 1.95
    middle = top - 1.5 * ROW
    table(ax, 0.9, top, [[""]] * 3, data, width=2.4)
    for i, (word, numbers) in enumerate((("JFK", "2.0   1.0"), ("LAX", "-0.5   1.5"), ("JFK", "2.0   1.0"))):
        y = top - (i + 0.5) * ROW
        ax.text(1.3, y, word, ha="center", va="center")
        ax.plot([0.98, 1.62], [y, y], color=INK, lw=2)
        ax.text(2.45, y, numbers, ha="center", va="center")
    arrow(ax, (3.4, middle), (4.9, middle), INK)
    network(ax, 5.0, middle - 0.55, 2.4, 1.1)
    way_back(ax, [(6.2, middle - 0.6), (6.2, low + 0.28), (2.1, low + 0.28), (2.1, top - 3 * ROW - 0.05)],
             "the step", (4.1, low + 0.18))
    for ends in ((low + 0.15, low + 2.0), (low + 2.0, low + 0.15)):
        ax.plot([0.7, 7.8], ends, color=INK, lw=6, alpha=0.45, solid_capstyle="round")


def right_story(ax, low):
    """Words, codes, and a box with the weight matrix and the rows looked up inside; the step ends at the matrix."""
    ax.text(0.1, low + 3.95, "Right: the step edits the weights, inside the network", weight="bold", size=16)
    top, data = low + 2.75, [COLOURS["data"]] * 3
    middle = top - 1.5 * ROW
    for x, title in ((0.5, "origin"), (1.75, "codes"), (8.5, "predictions"), (10.1, "late")):
        ax.text(x, top + 0.12, title, ha="center", size=13)
    table(ax, 0.1, top, [["JFK"], ["LAX"], ["JFK"]], data, width=0.8)
    arrow(ax, (0.95, middle), (1.45, middle), INK)
    table(ax, 1.5, top, [["2"], ["3"], ["2"]], data, width=0.5)
    arrow(ax, (2.05, middle), (2.5, middle), INK)
    network(ax, 2.55, low + 0.62, 5.0, 3.2)
    for x, y, title in ((4.0, top + ROW, "weight, before"), (6.45, top, "rows")):
        ax.text(x, y + 0.1, title, ha="center", size=13)
    table(ax, 3.3, top + ROW, [[short(number) for number in row] for row in BEFORE], [None] * 5, width=0.7, outlined=(2, 3))
    for i, name in enumerate(AIRPORTS):
        ax.text(3.22, top - (i - 0.5) * ROW, name, ha="right", va="center", size=13)
    arrow(ax, (4.8, middle), (5.7, middle), INK)
    looked_up = [BEFORE[code] for code in (2, 3, 2)]
    late, predictions = (4, 2, 6), [sum(row) for row in looked_up]
    table(ax, 5.75, top, [[short(number) for number in row] for row in looked_up], [None] * 3, width=0.7, linestyle=":")
    ax.text(6.45, top - 3 * ROW - 0.1, "computed anew\neach time", ha="center", va="top", size=13, style="italic")
    arrow(ax, (7.2, middle), (8.15, middle), INK)
    table(ax, 8.2, top, [[f"{number:g}"] for number in predictions], [None] * 3, width=0.6, linestyle=":")
    table(ax, 9.8, top, [[str(minutes)] for minutes in late], data, width=0.6)
    loss, under = sum((p - t) ** 2 for p, t in zip(predictions, late, strict=True)), top - 3 * ROW - 0.05
    box(ax, 8.7, low + 0.85, f"loss {loss:g}", 1.2)
    arrow(ax, (8.5, under), (8.95, low + 1.12), INK)
    arrow(ax, (10.1, under), (9.65, low + 1.12), INK)
    way_back(ax, [(9.3, low + 0.58), (9.3, low + 0.35), (5.05, low + 0.35), (5.05, top - 2 * ROW), (4.75, top - 2 * ROW)],
             "the step ends at the weights", (7.1, low + 0.25))
    ax.text(1.05, top - 3 * ROW - 0.1, "data:\nit stays", ha="center", va="top", size=13, style="italic")


def renumbering(before, after):
    """A line through the codes beside one weight per code, for two numberings of the same levels.

    before, after : frames with a row a level and the columns "code", "mean", "line", "one-hot"
    """
    figure, axes = plt.subplots(1, 2, figsize=(11, 4.6), sharey=True, layout="constrained")
    for ax, fits, title in zip(axes, (before, after), ("codes in alphabetical order", "codes shuffled"), strict=True):
        fits = fits.sort_values("code")
        ax.plot(fits["code"], fits["mean"], "o", color=COLOURS["data"], markersize=16, label="mean flight (data)")
        ax.plot(fits["code"], fits["one-hot"], "x", color=INK, markersize=9, markeredgewidth=2, label="one-hot predicts")
        ax.plot(fits["code"], fits["line"], "--", color=INK, label="a line predicts")
        ax.set_xticks(fits["code"], fits.index, fontsize=11)
        ax.set(title=title, xlabel="carrier, at its code")
    axes[0].set_ylabel("minutes in the air")
    axes[0].legend(loc="upper left")
    slopes = [fits["line"].diff().sum() / fits["code"].diff().sum() for fits in (before, after)]
    return described(figure, f"""Minutes in the air by carrier, with the codes in alphabetical order and shuffled.
        The dashed line through the codes has a slope of {slopes[0]:.1f} minutes a code, and of {slopes[1]:.1f} after
        the shuffle. The crosses of one-hot lie on every carrier's mean, both times.""")


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
                               facecolor=COLOURS["data"], alpha=0.6, edgecolor="none"))
    for j, name in enumerate(vocabulary):
        ax.text(4.75 + cell * (j + 0.5), top + 0.18, name, ha="center", size=13)
    return described(figure, f"""Side by side: the words {", ".join(map(str, words))}; their codes
        {", ".join(map(str, codes))}; their one-hot rows, each with a single 1 in the column of its code.""")
