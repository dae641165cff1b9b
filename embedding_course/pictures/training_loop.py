"""Pictures of lesson 4: where the gradient stops, and how far a first step goes for rare and common levels.

The drawing without axes measures in inches from the lower left corner, so a 0.5 is half an inch.
"""
import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

from embedding_course.figures import COLOURS, INK

from .parts import ROW, canvas

WIDE = 0.72    # width of a number's cell
BACK = {"color": COLOURS["gradient"], "lw": 2.5, "linestyle": "--"}


def where_it_stops(names, weight, codes, targets, slopes):
    """One training step as a drawing: data, weights and what is computed anew; the way out above, the way back below.

    names : level names, one a row of the table
    weight : numbers (levels, dim)
    codes, targets : n numbers each, the data
    slopes : numbers (n, dim), the gradient of the rows looked up; one level's slopes add up
    """
    figure, ax = canvas(12.6, 5.9)
    zones(ax)
    levels, n = len(names), len(codes)
    rows = [weight[code] for code in codes]
    sums = [sum(row) for row in rows]
    loss = sum((total - target) ** 2 for total, target in zip(sums, targets, strict=True))
    lit = [COLOURS["plucked"] if code in codes else None for code in range(levels)]
    top, low = 5.0, 2.35
    grid(ax, 0.35, top, [[names[code]] for code in codes], [COLOURS["data"]] * n, "origin", width=0.8)
    grid(ax, 1.5, top, [[code] for code in codes], [COLOURS["data"]] * n, "codes", width=0.6)
    grid(ax, 3.55, top, weight, lit, "weight", names)
    grid(ax, 6.1, top, rows, [COLOURS["plucked"]] * n, "rows", linestyle=":")
    grid(ax, 8.5, top, [[total] for total in sums], [None] * n, "sum", linestyle=":")
    grid(ax, 9.6, top, [[target] for target in targets], [COLOURS["data"]] * n, "late", width=0.6)
    grid(ax, 11.1, top - ROW, [[loss]], [None], "loss", width=0.9, linestyle=":")
    for left, right in ((2.2, 2.85), (5.1, 6.0), (7.65, 8.4), (10.3, 11.0)):
        arrow(ax, (left, top - 1.5 * ROW), (right, top - 1.5 * ROW), color=INK, lw=2)
    way_back(ax, names, codes, slopes, low)
    return figure


def zones(ax):
    """The three kinds of numbers, each over its part of the drawing."""
    for x, width, words in ((0.15, 2.15, "data: never changed"), (2.75, 2.5, "weights: the step ends here"),
                            (5.85, 3.5, "computed anew each time"), (9.55, 0.7, "data"), (10.5, 1.95, "computed anew")):
        ax.plot([x, x + width], [5.55, 5.55], color=INK, lw=1.5)
        ax.text(x + width / 2, 5.63, words, ha="center", size=13)


def way_back(ax, names, codes, slopes, top):
    """Below: the slopes of the rows, the slopes of the table, and the end of the way before the codes."""
    colour, levels = COLOURS["gradient"], len(names)
    total = [[sum(slope[j] for slope, code in zip(slopes, codes, strict=True) if code == level)
              for j in range(len(slopes[0]))] for level in range(levels)]
    lit = [colour if any(row) else None for row in total]
    grid(ax, 3.55, top, total, lit, "weight.grad", names)
    grid(ax, 6.8, top, slopes, [colour] * len(slopes), "rows.grad")
    for i, code in enumerate(codes):
        arrow(ax, (6.7, top - (i + 0.5) * ROW), (5.07, top - (code + 0.5) * ROW), **BACK)
    arrow(ax, (11.5, 3.65), (11.5, top - 1.5 * ROW), head=False, **BACK)
    arrow(ax, (11.5, top - 1.5 * ROW), (8.35, top - 1.5 * ROW), **BACK)
    ax.text(10.0, top - 1.5 * ROW - 0.32, "backward", ha="center", weight="bold")
    arrow(ax, (2.85, top - 2.5 * ROW), (2.2, top - 2.5 * ROW), head=False, **BACK)
    ax.plot([2.2, 2.2], [top - 3.3 * ROW, top - 1.7 * ROW], color=INK, lw=5, solid_capstyle="butt")
    ax.text(2.05, top - 2.5 * ROW, "codes have\nno slope:\nit stops", ha="right", va="center", size=13)


def first_step(counts, distances):
    """How far each row moved in one step, a panel an optimizer.

    counts : dict level → how many records of the batch had it
    distances : dict optimizer → dict level → distance
    """
    figure, axes = plt.subplots(1, len(distances), figsize=(10, 3.2), sharex=True, sharey=True, layout="constrained")
    labels = [f"{name}, {count} of {sum(counts.values())}" for name, count in counts.items()]
    for ax, (title, moved) in zip(axes, distances.items(), strict=True):
        far = [moved[name] for name in counts]
        ax.barh(labels, far, color=COLOURS["moved"], alpha=0.6)
        for y, distance in enumerate(far):
            words = f"{distance:.2g}" if distance else "not moved"
            ax.annotate(words, (distance, y), (6, 0), textcoords="offset points", va="center")
        ax.set(title=title, xlabel="distance moved")
        ax.tick_params(axis="y", length=0)
    axes[0].invert_yaxis()
    axes[0].margins(x=0.25)
    return figure


def grid(ax, x, top, rows, fills, title, names=(), width=WIDE, linestyle="-"):
    """A table of numbers or words from (x, top) downwards, its title above, row names at its left.

    fills : a colour, or None, for each row
    """
    ax.text(x + len(rows[0]) * width / 2, top + 0.1, title, ha="center", weight="bold")
    for i, (row, fill) in enumerate(zip(rows, fills, strict=True)):
        y = top - (i + 1) * ROW
        for j, entry in enumerate(row):
            if fill:
                ax.add_patch(Rectangle((x + j * width, y), width, ROW, facecolor=fill, alpha=0.35, edgecolor="none"))
            ax.add_patch(Rectangle((x + j * width, y), width, ROW, facecolor="none", edgecolor=INK, lw=1,
                                   linestyle=linestyle))
            words = entry if isinstance(entry, str) else f"{entry:g}"
            ax.text(x + (j + 0.5) * width, y + ROW / 2, words, ha="center", va="center")
    for i, name in enumerate(names):
        ax.text(x - 0.1, top - (i + 0.5) * ROW, name, ha="right", va="center", size=13)


def arrow(ax, start, end, head=True, **line):
    """A straight arrow, or a line without a head."""
    ax.annotate("", end, start, arrowprops={"arrowstyle": "->" if head else "-", "shrinkA": 0, "shrinkB": 0, **line})
