"""Pictures of lesson 3: three boxes around one matrix, a record with several columns, an optimizer left behind."""
from matplotlib.patches import FancyBboxPatch, Rectangle

from embedding_course.figures import COLOURS, INK

from .parts import ROW, arrow, box, canvas, short, swatch, table

NUMBER, CODE = 0.72, 0.55   # width of a cell with a number, with a code


def three_boxes(names, codes, weight):
    """One matrix and one list of codes go into three boxes; what comes out is the same three times.

    names : level names, one a row
    codes : list of int
    weight : numbers (levels, dim)
    """
    figure, ax = canvas(12.2, 5.8)
    plucked, dim = COLOURS["plucked"], len(weight[0])
    top, edge = 5.2, 0.9 + max(dim * NUMBER, len(codes) * CODE)
    low = top - (len(names) + 2.2) * ROW
    ax.text(0.9 + dim * NUMBER / 2, top + 0.15, "one matrix", ha="center", weight="bold", size=16)
    matrix(ax, 0.9, top, names, weight, codes)
    codes_row(ax, 0.9, low + ROW, codes)
    ax.text(0.8, low + ROW / 2, "codes", ha="right", va="center", size=13)
    ax.plot([edge + 0.15, edge + 0.3, edge + 0.3, edge + 0.15], [top, top, low, low], color=INK, lw=1.5)
    boxes = [("one_hot @ weight", "a linear layer without bias"), ("weight[codes]", "plain indexing, F.embedding"),
             ("nn.Embedding", "holds the matrix as its weight")]
    outputs = 9.5
    for i, (way, words) in enumerate(boxes):
        middle = top - 0.63 - i * 1.72
        arrow(ax, (edge + 0.35, (top + low) / 2), (4.2, middle), INK)
        way_box(ax, 4.3, middle, way, words)
        arrow(ax, (8.55, middle), (outputs - 0.1, middle), INK)
        rows = [[short(number) for number in weight[code]] for code in codes]
        table(ax, outputs, middle + 1.5 * ROW, rows, [plucked] * len(codes), width=NUMBER)
        for j, code in enumerate(codes):
            ax.text(outputs + dim * NUMBER + 0.1, middle + (1 - j) * ROW, names[code], va="center")
        if i:
            ax.text(outputs + dim * NUMBER / 2, middle + 1.5 * ROW + 0.23, "=", ha="center", va="center", size=18,
                    weight="bold", rotation=90)
    ax.text(outputs + dim * NUMBER / 2, top + 0.15, "the same rows", ha="center", weight="bold", size=16)
    return figure


def side_by_side(columns):
    """A record with several columns: words become codes, each code plucks a row of its table, the rows are joined.

    columns : list of (title, levels of the vocabulary, weight, code)
    """
    gap, lane = 0.9, max(len(levels) for _, levels, _, _ in columns) * ROW
    height = len(columns) * (lane + gap) - gap + 0.7
    figure, ax = canvas(13.9, height)
    tables, joined = 4.7, 8.3
    middle = height - 0.55 - (len(columns) * lane + (len(columns) - 1) * gap) / 2
    width = sum(len(weight[0]) for _, _, weight, _ in columns)
    ax.text(joined + width * NUMBER / 2, middle + ROW / 2 + 0.6, "one row, side by side", ha="center", weight="bold",
            size=16)
    place = joined
    for i, (title, levels, weight, code) in enumerate(columns):
        top = height - 0.55 - i * (lane + gap)
        y, dim = top - (code + 0.5) * ROW, len(weight[0])
        ax.text(0.7, y + 0.33, title, ha="center", size=13)
        table(ax, 0.1, y + ROW / 2, [[levels[code]]], [COLOURS["data"]], width=1.2)
        arrow(ax, (1.35, y), (1.85, y), INK)
        ax.text(2.2, y + 0.33, "code", ha="center", size=13)
        codes_row(ax, 1.92, y + ROW / 2, [code])
        arrow(ax, (2.52, y), (3.5, y), INK)
        ax.text(tables + dim * NUMBER / 2, top + 0.12, f"{title}: {len(levels)} × {dim}", ha="center", size=13)
        matrix(ax, tables, top, levels, weight, [code])
        table(ax, place, middle + ROW / 2, [[short(number) for number in weight[code]]], [COLOURS["plucked"]], NUMBER)
        ax.text(place + dim * NUMBER / 2, middle + ROW / 2 + 0.15, title, ha="center", size=13)
        end = middle + (ROW / 2 + 0.5 if y > middle + 1 else -ROW / 2 - 0.04)
        side = (place - 0.06, middle) if i == 0 else (place + dim * NUMBER / 2, end)
        arrow(ax, (tables + dim * NUMBER + 0.08, y), side, COLOURS["plucked"])
        place += dim * NUMBER
    arrow(ax, (place + 0.06, middle), (place + 0.5, middle), INK)
    box(ax, place + 0.58, middle, "network", 1.1)
    return figure


def left_behind():
    """The model holds a new table, the optimizer still holds the old one: gradients arrive where nobody steps."""
    figure, ax = canvas(12.2, 4.3)
    grey, blue, hot = COLOURS["unchanged"], COLOURS["moved"], COLOURS["gradient"]
    held = [(3.35, "the old table", "nobody looks it up", grey), (2.0, "the new table", "gradients, and no step", grey),
            (0.65, "the linear layer", "gradients and steps", blue)]
    for y, title, words, fill in held:
        ax.add_patch(Rectangle((4.7, y - 0.42), 2.9, 0.84, facecolor=fill, alpha=0.35, edgecolor="none"))
        ax.add_patch(Rectangle((4.7, y - 0.42), 2.9, 0.84, facecolor="none", edgecolor=INK, lw=1))
        ax.text(6.15, y + 0.15, title, ha="center", va="center", weight="bold")
        ax.text(6.15, y - 0.18, words, ha="center", va="center", size=13, style="italic")
    box(ax, 0.3, 1.3, "the model", 1.6)
    box(ax, 10.2, 2.0, "the optimizer", 1.7)
    for y in (2.0, 0.65):
        arrow(ax, (2.0, 1.3 + 0.2 * (y > 1) - 0.02), (4.6, y), hot)
    ax.text(2.2, 2.3, "gradients arrive", size=14, weight="bold")
    for y, colour in ((3.35, INK), (0.65, blue)):
        arrow(ax, (10.1, 2.0), (7.7, y), colour)
    ax.text(9.35, 3.0, "waits for gradients\nthat never come", size=13, style="italic")
    ax.text(9.35, 0.8, "steps", size=14, weight="bold")
    swatch(ax, 0.3, 0.1, blue, "moves")
    swatch(ax, 1.5, 0.1, grey, "never moves")
    return figure


def matrix(ax, x, top, names, weight, codes):
    """A weight matrix with its level names; the rows that the codes name are lit."""
    fills = [COLOURS["plucked"] if i in codes else None for i in range(len(names))]
    table(ax, x, top, [[short(number) for number in row] for row in weight], fills, width=NUMBER)
    for i, name in enumerate(names):
        ax.text(x - 0.1, top - (i + 0.5) * ROW, name, ha="right", va="center", size=13)


def codes_row(ax, x, top, codes):
    """Codes beside each other."""
    table(ax, x, top, [[str(code) for code in codes]], [COLOURS["data"]], width=CODE)


def way_box(ax, x, middle, way, words):
    """A large rounded box: a line of code, and what it is called."""
    ax.add_patch(FancyBboxPatch((x, middle - 0.5), 4.1, 1.0, boxstyle="round,pad=0.02", facecolor="none",
                                edgecolor=INK, lw=1.5))
    ax.text(x + 2.05, middle + 0.17, way, ha="center", va="center", family="monospace", weight="bold", size=15)
    ax.text(x + 2.05, middle - 0.22, words, ha="center", va="center", size=13)
