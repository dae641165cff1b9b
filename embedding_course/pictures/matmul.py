"""The pictures of lesson 2: a row laid over a matrix, the lookup, what both cost, and the same row there and back."""
import matplotlib.pyplot as plt
from matplotlib.ticker import EngFormatter

from embedding_course.figures import COLOURS, INK, described

from .parts import ROW, arrow, canvas, outline, table

NUMBER, FACTOR, PRODUCT = 0.75, 0.6, 1.35   # widths of cells, in inches


def written_out(names, row, weight):
    """A row stood upright beside a matrix, every product written out, the column sums below.

    names : level names, one a row of the matrix
    row : float (levels,), one-hot or a row of shares
    weight : float (levels, dim)
    """
    (levels, dim), used = weight.shape, set(row.nonzero().flatten().tolist())
    idle = [level for level in range(levels) if level not in used]
    figure, ax = canvas(2.75 + dim * (NUMBER + PRODUCT), levels * ROW + 1.35)
    top, products = levels * ROW + 0.9, 2.65 + dim * NUMBER
    stood_upright(ax, 0.9, top, names, row, weight, used, "the matrix")
    ax.text(products + dim * PRODUCT / 2, top + 0.12, "every product", ha="center", weight="bold", size=16)
    written = [[f"{short(factor)} × {short(value)}" for value in values]
               for factor, values in zip(row.tolist(), weight.tolist(), strict=True)]
    table(ax, products, top, written, [None] * levels, PRODUCT, faint=idle)
    for level in range(levels):
        ax.text(products - 0.2, top - (level + 0.5) * ROW, "=", ha="center", va="center")
    low = top - levels * ROW - 0.25
    ax.text(products - 0.12, low - ROW / 2, "sum of each column", ha="right", va="center", weight="bold")
    sums = [short(total) for total in (row @ weight).tolist()]
    table(ax, products, low, [sums], [None], PRODUCT)
    seen = " and ".join(f"{names[level]}'s row by {short(row[level])}" for level in sorted(used))
    return described(figure, f"""A row of {levels} numbers stands upright beside the matrix, so that each faces a
        row. It multiplies {seen}, outlined; all other rows are multiplied by 0 and faint. The sums below are
        {", ".join(sums)}.""")


def stood_upright(ax, x, top, names, row, weight, used, title, fills=None):
    """Level names, a row stood upright, and the matrix that it faces; the rows that it names are outlined."""
    levels, dim = weight.shape
    idle = [level for level in range(levels) if level not in used]
    ax.text(x + FACTOR / 2, top + 0.12, "the row", ha="center", weight="bold", size=16)
    ax.text(x + 1.1 + dim * NUMBER / 2, top + 0.12, title, ha="center", weight="bold", size=16)
    table(ax, x, top, [[short(factor)] for factor in row.tolist()], [COLOURS["data"]] * levels, FACTOR, faint=idle)
    table(ax, x + 1.1, top, [[short(value) for value in values] for values in weight.tolist()],
          fills or [None] * levels, NUMBER, outlined=sorted(used), faint=idle)
    for level, name in enumerate(names):
        y, weight_of_text = top - (level + 0.5) * ROW, "bold" if level in used else "normal"
        ax.text(x - 0.1, y, name, ha="right", va="center", weight=weight_of_text)
        ax.text(x + FACTOR + 0.25, y, "×", ha="center", va="center")


def looked_up(names, codes, weight):
    """Codes on the left, each with an arrow to its row of the matrix and on to its row of the result.

    names : level names, one a row of the matrix
    codes : int64 (n,)
    weight : float (levels, dim)
    """
    (levels, dim), codes = weight.shape, codes.tolist()
    figure, ax = canvas(4.1 + 2 * dim * NUMBER, levels * ROW + 0.7)
    top, matrix = levels * ROW + 0.2, 2.5
    down, result = top - (levels - len(codes)) / 2 * ROW, matrix + dim * NUMBER + 1.3
    for x, y, title in ((0.4, down, "codes"), (matrix + dim * NUMBER / 2, top, "the matrix"),
                        (result + dim * NUMBER / 2, down, "looked up")):
        ax.text(x, y + 0.12, title, ha="center", weight="bold", size=16)
    table(ax, 0.1, down, [[str(code)] for code in codes], [COLOURS["data"]] * len(codes), FACTOR)
    table(ax, matrix, top, [[short(value) for value in row] for row in weight.tolist()], [None] * levels, NUMBER,
          outlined=sorted(set(codes)))
    table(ax, result, down, [[short(value) for value in weight[code].tolist()] for code in codes],
          [None] * len(codes), NUMBER, linestyle=":")
    for level, name in enumerate(names):
        ax.text(matrix - 0.1, top - (level + 0.5) * ROW, name, ha="right", va="center")
    for record, code in enumerate(codes):
        row, place = top - (code + 0.5) * ROW, down - (record + 0.5) * ROW
        arrow(ax, (0.1 + FACTOR, place), (matrix - 0.65, row), INK)
        arrow(ax, (matrix + dim * NUMBER + 0.05, row), (result - 0.05, place), INK)
    return described(figure, f"""Codes {", ".join(map(str, codes))}. From each an arrow leads to its row of the
        matrix, to {", ".join(names[code] for code in codes)}, and on to a row of the result. No arrow touches the
        other rows.""")


def cost(levels, times, memory):
    """Time and memory of product and lookup against the number of levels, both axes logarithmic.

    levels : list of int
    times, memory : for each, a pair (product, lookup), in seconds and in bytes
    """
    figure, panels = plt.subplots(1, 2, figsize=(11, 4.4), layout="constrained")
    for ax, pairs, title, unit in [(panels[0], times, "Time for a batch", "s"),
                                   (panels[1], memory, "Memory held at once", "B")]:
        product, lookup = zip(*pairs, strict=True)
        ax.loglog(levels, product, color=INK, marker="o")
        ax.loglog(levels, lookup, color=INK, marker="s", linestyle="--")
        for height, name in [(product[-1], "product"), (max(lookup[-2:]), "lookup")]:
            ax.text(levels[-1], height * 1.7, name, ha="right", va="bottom", weight="bold")
        ax.set_ylim(min(lookup) / 4, max(product) * 12)
        ax.set_xticks(levels, [f"{count:,}" for count in levels])
        ax.set(xlabel="levels", title=title)
        ax.minorticks_off()
        ax.grid(alpha=0.25, color=INK, linewidth=0.8)
        ax.yaxis.set_major_formatter(EngFormatter(unit))
    return described(figure, """Two charts against 10 to 100,000 levels, both axes logarithmic. Time and memory of
        the product climb with the levels; those of the lookup stay level.""")


def there_and_back(names, row, weight, slopes):
    """The same upright row twice: forward it plucks a row of the matrix, back it lets the slopes through to that row.

    names : level names, one a row of the matrix
    row : float (levels,), one-hot
    weight : float (levels, dim)
    slopes : float (dim,), of the plucked row
    """
    (levels, dim), used = weight.shape, set(row.nonzero().flatten().tolist())
    half, low = 2.6 + dim * NUMBER, 0.75
    figure, ax = canvas(2 * half, levels * ROW + 2.05)
    top = levels * ROW + low + ROW + 0.3
    grad = row[:, None] * slopes
    hot = [COLOURS["gradient"] if level in used else None for level in range(levels)]
    stood_upright(ax, 0.8, top, names, row, weight, used, "the matrix")
    stood_upright(ax, half + 0.8, top, names, row, grad, used, "its gradient", hot)
    for x, title, numbers, fill in ((1.9, "each column added up", row @ weight, None),
                                    (half + 1.9, "the slopes", slopes, COLOURS["gradient"])):
        table(ax, x, low, [[short(value) for value in numbers.tolist()]], [fill], NUMBER)
        ax.text(x + dim * NUMBER / 2, low - ROW - 0.08, title, ha="center", va="top", size=14, weight="bold")
    outline(ax, 1.9, low - ROW, dim * NUMBER)
    middle, edge = 1.9 + dim * NUMBER / 2, top - levels * ROW
    arrow(ax, (middle, edge - 0.03), (middle, low + 0.03), INK)
    arrow(ax, (half + middle, low + 0.03), (half + middle, edge - 0.03), COLOURS["gradient"])
    who = " and ".join(names[level] for level in sorted(used))
    return described(figure, f"""The same one-hot row twice, upright beside a matrix. On the left it faces the
        matrix, and {who}'s row comes out below. On the right the slopes below are multiplied by the same numbers:
        {who}'s row of the gradient holds the slopes, every other row holds zeros.""")


def short(value):
    """A number as short as it goes, with a real minus sign."""
    return f"{value:g}".replace("-", "−")
