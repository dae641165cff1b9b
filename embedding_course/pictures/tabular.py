"""Pictures of lesson 7: one record on its way in, dots for several starts, error against width and against columns."""
import matplotlib.pyplot as plt

from embedding_course.figures import COLOURS, INK

from .parts import ROW, arrow, box, canvas, short, table

NUMBER = 0.75   # width of a cell with a number
MARKERS = ["o", "s"]


def one_record(words, codes, rows, numbers):
    """One record of a table: words become codes, each plucks a row of its own table; the numbers stand beside them.

    words : dict column → level
    codes : list of int, one a word
    rows : for each word the numbers of its row
    numbers : dict column → standardised number
    """
    figure, ax = canvas(10.6, 5.2)
    widths = [len(row) * NUMBER for row in rows] + [NUMBER] * len(numbers)
    starts = [2.1 + sum(widths[:i]) + 0.7 * i for i in range(len(widths))]
    for y, words_left in ((4.4, "the record"), (3.5, "its codes"), (2.4, "a row of each table"), (0.9, "side by side")):
        ax.text(0.05, y, words_left, va="center", size=13)
    place = starts[0] + 0.35 * (len(widths) - 1)
    for i, (column, word) in enumerate(words.items()):
        middle = starts[i] + widths[i] / 2
        _above(ax, middle, column, word, 1.3)
        arrow(ax, (middle, 4.4 - ROW / 2), (middle, 3.5 + ROW / 2), INK)
        table(ax, middle - 0.3, 3.5 + ROW / 2, [[str(codes[i])]], [COLOURS["data"]], width=0.6)
        arrow(ax, (middle, 3.5 - ROW / 2), (middle, 2.4 + ROW / 2), INK)
        cells = [short(number) for number in rows[i]]
        table(ax, starts[i], 2.4 + ROW / 2, [cells], [COLOURS["plucked"]], NUMBER)
        place = _laid(ax, place, cells, COLOURS["plucked"], (middle, 2.4 - ROW / 2))
    for start, (column, number) in zip(starts[len(words):], numbers.items(), strict=True):
        _above(ax, start + NUMBER / 2, column, short(number), NUMBER)
        place = _laid(ax, place, [short(number)], COLOURS["data"], (start + NUMBER / 2, 4.4 - ROW / 2))
    arrow(ax, (place + 0.05, 0.9), (place + 0.4, 0.9), INK)
    box(ax, place + 0.45, 0.9, "network", 1.1)
    ax.text(place + 1.0, 0.4, "→ air time", ha="center", size=13)
    return figure


def _above(ax, middle, column, word, width):
    """A cell of the record, its column's name over it."""
    ax.text(middle, 4.4 + ROW / 2 + 0.1, column, ha="center", weight="bold")
    table(ax, middle - width / 2, 4.4 + ROW / 2, [[word]], [COLOURS["data"]], width)


def _laid(ax, place, cells, colour, start):
    """Cells of the joined row from `place` on, an arrow to them from where they were; returns where they end."""
    end = place + len(cells) * NUMBER
    table(ax, place, 0.9 + ROW / 2, [cells], [colour], NUMBER)
    arrow(ax, start, ((place + end) / 2, 0.9 + ROW / 2 + 0.03), INK)
    return end


def dots(panels, label):
    """Several numbers for each name, one a start, as dots on a line; a panel a group.

    panels : dict title → dict name → numbers
    label : what the numbers are, with their unit
    """
    height = 1.6 + 0.42 * max(len(rows) for rows in panels.values())
    figure, axes = plt.subplots(1, len(panels), figsize=(5.6 * len(panels), height), layout="constrained",
                                squeeze=False)
    for ax, (title, rows) in zip(axes[0], panels.items(), strict=True):
        for y, numbers in enumerate(rows.values()):
            ax.plot([min(numbers), max(numbers)], [y, y], color=INK, lw=1)
            ax.plot(numbers, [y] * len(numbers), "o", color=INK, markersize=8, alpha=0.5, markeredgewidth=0)
        ax.set(title=title, ylim=(len(rows) - 0.5, -0.5))
        ax.set_yticks(range(len(rows)), rows)
        ax.tick_params(axis="y", length=0)
        ax.grid(axis="x", color=INK, alpha=0.15, lw=1)
        ax.margins(x=0.1)
    figure.supxlabel(label, size=14)
    return figure


def against_width(widths, errors, lean):
    """Error and importance against the width of the first layer: a column of panels a choice of numbers.

    errors : dict (choice, width) → numbers, one a start
    lean : dict (choice, width) → dict name → numbers, one a start
    """
    choices = list(dict.fromkeys(choice for choice, _ in errors))
    figure, axes = plt.subplots(2, len(choices), figsize=(11.5, 7), sharex=True, sharey="row", layout="constrained")
    for column, choice in enumerate(choices):
        above, below = axes[:, column]
        _against(above, widths, [errors[choice, width] for width in widths], "o", "", filled=True)
        for i, name in enumerate(lean[choice, widths[0]]):
            _against(below, widths, [lean[choice, width][name] for width in widths], MARKERS[i], name, filled=not i)
        above.set(title=choice, ylim=(0, None))
        below.set(xlabel="units of the first layer")
        below.set_xscale("log")
        below.set_xticks(widths, [str(width) for width in widths])
        below.minorticks_off()
    axes[0, 0].set_ylabel("error, minutes")
    axes[1, 0].set_ylabel("rise when shuffled")
    axes[1, 0].legend(loc="center right")
    return figure


def _against(ax, xs, groups, marker, label, filled):
    """Dots of each group over its x, and a line through their medians."""
    medians = [sorted(group)[len(group) // 2] for group in groups]
    ax.plot(xs, medians, color=INK, lw=1.5, linestyle="-" if filled else "--")
    for x, group in zip(xs, groups, strict=True):
        ax.plot([x] * len(group), group, marker, color=INK, markersize=8, alpha=0.6,
                fillstyle="full" if filled else "none", label=label if x == xs[0] else None)
    ax.grid(axis="y", color=INK, alpha=0.15, lw=1)


def sweep(errors, rules):
    """Held-out error against the number of columns, both on log scales, the rules of thumb marked.

    errors : dict number of columns → errors in km, one a start
    rules : dict name → number of columns
    """
    figure, ax = plt.subplots(figsize=(10, 4.8), layout="constrained")
    _against(ax, list(errors), list(errors.values()), "o", "", filled=True)
    ax.set(xlabel="columns of the table", ylabel="held-out error, km", xscale="log", yscale="log")
    ax.set_xticks(list(errors), [str(size) for size in errors])
    ax.set_yticks([1, 10, 100], ["1", "10", "100"])
    ax.minorticks_off()
    for name, size in rules.items():
        ax.axvline(size, color=INK, linestyle=":", lw=1.5)
        ax.text(size, max(map(max, errors.values())), f" {name}: {size}", rotation=90, ha="right", va="top")
    return figure
