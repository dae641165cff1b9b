"""Pictures of lesson 7: one record on its way in, errors by epoch, by width, by columns and by number of records."""
import matplotlib.pyplot as plt

from embedding_course.figures import COLOURS, INK, described

from .parts import ROW, arrow, box, canvas, network, short, table

NUMBER = 0.75   # width of a cell with a number
MARKERS = ["o", "s", "^", "D", "v", "P"]
LINES = [INK, "#c2255c", "#8465d6", "#a39400", "#00838f"]   # none of those that mean something in the course


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
        table(ax, starts[i], 2.4 + ROW / 2, [cells], [None], NUMBER, outlined=[0])
        place = _laid(ax, place, cells, None, (middle, 2.4 - ROW / 2))
    for start, (column, number) in zip(starts[len(words):], numbers.items(), strict=True):
        _above(ax, start + NUMBER / 2, column, short(number), NUMBER)
        place = _laid(ax, place, [short(number)], COLOURS["data"], (start + NUMBER / 2, 4.4 - ROW / 2))
    arrow(ax, (place + 0.05, 0.9), (place + 0.4, 0.9), INK)
    box(ax, place + 0.45, 0.9, "layers", 1.1)
    network(ax, 1.9, 0.35, place, 2.65, title="")
    ax.text(place + 1.65, 2.65, "the network", ha="right", weight="bold", size=16)
    ax.text(place + 1.0, 0.08, "→ air time", ha="center", size=13)
    return described(figure, f"A record of {len(words)} words and {len(numbers)} numbers. Each word becomes a code, and "
                     "the codes and numbers go into a box, the network. In it each code plucks a row of its own table; the "
                     f"rows and numbers stand side by side as {sum(map(len, rows)) + len(numbers)} numbers, which go "
                     "into layers with one number, the air time, at their end.")


def _above(ax, middle, column, word, width):
    """A cell of the record, its column's name over it."""
    ax.text(middle, 4.4 + ROW / 2 + 0.1, column, ha="center", weight="bold")
    table(ax, middle - width / 2, 4.4 + ROW / 2, [[word]], [COLOURS["data"]], width)


def _laid(ax, place, cells, colour, start):
    """Cells of the joined row from `place` on, an arrow to them from where they were; returns where they end."""
    end = place + len(cells) * NUMBER
    table(ax, place, 0.9 + ROW / 2, [cells], [colour], NUMBER, linestyle=":")
    arrow(ax, start, ((place + end) / 2, 0.9 + ROW / 2 + 0.03), INK)
    return end


def _spread(numbers):
    """The lowest and the highest of some numbers, in words."""
    return f"{min(numbers):.3g}" if len(numbers) == 1 else f"{min(numbers):.3g} to {max(numbers):.3g}"


def dots(panels, label, rivals=()):
    """Several numbers for each name, one a start, as dots on a line; a panel a group.

    panels : dict title → dict name → numbers
    label : what the numbers are, with their unit
    rivals : for each panel the error of a trivial rival, a dotted line; or none
    """
    height = 1.9 + 0.42 * max(len(rows) for rows in panels.values())
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
    for ax, rival in zip(axes[0], rivals, strict=False):
        ax.axvline(rival, color=INK, linestyle=":", lw=2)
        ax.text(rival, ax.get_ylim()[0], " the mean", rotation=90, va="bottom", ha="right", size=12)
    figure.supxlabel(label, size=14)
    said = ["; ".join(f"{name}: {_spread(numbers)}" for name, numbers in rows.items()) for rows in panels.values()]
    return described(figure, f"Dots for each start, {label}. " + " ".join(
        f"{title}: {words}." for title, words in zip(panels, said, strict=True))
        + "".join(f" The mean gives {rival:.3g}." for rival in rivals))


def by_epoch(runs, rival, label="error in minutes", ylim=None):
    """Error by epoch: dashed in training, solid on later records; a line for each start, the names at their ends.

    runs : dict name → (training errors, later errors), each a list of starts of numbers by epoch; None for no training
    rival : the error of always saying the training mean
    """
    figure, ax = plt.subplots(figsize=(9.6, 5), layout="constrained")
    said = []
    for (name, (training, later)), colour, marker in zip(runs.items(), LINES, MARKERS, strict=False):
        epochs = range(1, len(later[0]) + 1)
        for losses in training or []:
            ax.plot(epochs, losses, "--", color=colour, lw=1.2)
        for losses in later:
            ax.plot(epochs, losses, marker=marker, color=colour, lw=2, markersize=6,
                    label=name if losses is later[0] else None)
        first, last = ([losses[at] for losses in later] for at in (0, -1))
        said.append(f"{name}: {_spread(first)} after the first epoch, {_spread(last)} after the last"
                    + (f", in training at last {_spread([losses[-1] for losses in training])}" if training else ""))
    ax.axhline(rival, color=INK, linestyle=":", lw=2)
    ax.text(len(epochs) + 0.1, rival, "always\nthe mean", va="center", size=13)
    ax.set(xlabel="epochs", ylabel=label, ylim=ylim)
    ax.set_xticks(epochs)
    lines = [plt.Line2D([], [], linestyle="--", color=INK, lw=1.2, label="dashed: in training")]
    handles = ax.get_legend_handles_labels()[0] + lines * any(training for training, _ in runs.values())
    figure.legend(handles=handles, loc="outside right upper", fontsize=13)
    return described(figure, f"Lines of the {label} by epoch. Always the mean: {rival:.3g}. " + "; ".join(said) + ".")


def by_records(panels, bins):
    """Error on later records against how many training records their level had, a panel a target.

    panels : dict title → dict name → errors, one a bin
    bins : how each bin is called
    """
    figure, axes = plt.subplots(1, len(panels), figsize=(6 * len(panels), 4.8), layout="constrained", squeeze=False)
    styles = [*zip((":", "-", "--", "-", "-."), LINES, strict=True)]
    for ax, (title, lines) in zip(axes[0], panels.items(), strict=True):
        for (name, errors), (line, colour), marker in zip(lines.items(), styles, MARKERS, strict=False):
            ax.plot(range(len(bins)), errors, line, marker=marker, color=colour, markersize=8, lw=2, label=name)
        ax.set(title=title, ylabel="error in minutes")
        ax.set_xticks(range(len(bins)), bins)
    axes[0, 0].legend(loc="best", fontsize=12)
    figure.supxlabel("training records of the flight", size=14)
    return described(figure, "Lines of the error in minutes against the number of training records. " + " ".join(
        f"{title}, with {bins[0]} and with {bins[-1]} records: " + "; ".join(
            f"{name} {errors[0]:.0f} and {errors[-1]:.0f}" for name, errors in lines.items()) + "."
        for title, lines in panels.items()))


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
        above.set(title=choice, ylim=(0, 1.1 * max(map(max, errors.values()))))
        below.set(xlabel="units of the first layer")
        below.set_xscale("log")
        below.set_xticks(widths, [str(width) for width in widths])
        below.minorticks_off()
    axes[0, 0].set_ylabel("error, minutes")
    axes[1, 0].set_ylabel("rise when shuffled")
    axes[1, 0].legend(loc="center right")
    said = [f"{choice}, {width} unit{'s' * (width > 1)}: error {_spread(errors[choice, width])}, "
            + ", ".join(f"{name} {_spread(lean[choice, width][name])}" for name in lean[choice, width])
            for choice in choices for width in (widths[0], widths[-1])]
    return described(figure, "Panels against the units of the first layer: above the error in minutes, below how much it "
                     "rises when a column is shuffled. " + "; ".join(said) + ".")


def _against(ax, xs, groups, marker, label, filled):
    """Dots of each group over its x, and a line through their medians."""
    medians = [sorted(group)[len(group) // 2] for group in groups]
    ax.plot(xs, medians, color=INK, lw=1.5, linestyle="-" if filled else "--")
    for x, group in zip(xs, groups, strict=True):
        ax.plot([x] * len(group), group, marker, color=INK, markersize=8, alpha=0.6,
                fillstyle="full" if filled else "none", label=label if x == xs[0] else None)
    ax.grid(axis="y", color=INK, alpha=0.15, lw=1)


def sweep(panels):
    """Error on held-out records against the number of columns, the rules of thumb marked: a panel a table.

    panels : dict title → (errors by number of columns, one a start; rules by name; the label of the errors; ticks)
    """
    figure, axes = plt.subplots(1, len(panels), figsize=(6 * len(panels), 5), layout="constrained", squeeze=False)
    for ax, (title, (errors, rules, label, ticks)) in zip(axes[0], panels.items(), strict=True):
        _against(ax, list(errors), list(errors.values()), "o", "", filled=True)
        ax.set(title=title, xlabel="columns of the table", ylabel=label, xscale="log", yscale="log")
        ax.set_xticks(list(errors), [str(size) for size in errors])
        ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
        ax.minorticks_off()
        for name, size in rules.items():
            ax.axvline(size, color=INK, linestyle=":", lw=1.5)
            ax.text(size, max([*ticks, *map(max, errors.values())]), f"{name}: {size}", rotation=90, ha="right", va="top",
                    size=12)
    return described(figure, "Dots and a line of the error against the number of columns. " + " ".join(
        f"{title}: " + ", ".join(f"{size} columns {_spread(numbers)}" for size, numbers in errors.items())
        + "; rules: " + ", ".join(f"{name} {size}" for name, size in rules.items()) + "."
        for title, (errors, rules, _, _) in panels.items()))
