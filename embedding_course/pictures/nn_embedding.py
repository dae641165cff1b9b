"""Pictures of lesson 3: three boxes around one matrix, a network with two tables inside, an optimizer left behind."""
from matplotlib.patches import FancyBboxPatch, Rectangle

from embedding_course.figures import COLOURS, INK, described

from .parts import ROW, arrow, box, canvas, network, short, swatch, table

NUMBER, SMALL, CODE = 0.72, 0.7, 0.55   # widths of cells: numbers, numbers where room is short, codes


def three_boxes(names, codes, weight):
    """One matrix and one list of codes go into three boxes; what comes out is the same three times.

    names : level names, one a row
    codes : list of int
    weight : numbers (levels, dim)
    """
    figure, ax = canvas(12.2, 5.8)
    dim = len(weight[0])
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
        table(ax, outputs, middle + 1.5 * ROW, rows, [None] * len(codes), width=NUMBER, linestyle=":")
        for j, code in enumerate(codes):
            ax.text(outputs + dim * NUMBER + 0.1, middle + (1 - j) * ROW, names[code], va="center")
        if i:
            ax.text(outputs + dim * NUMBER / 2, middle + 1.5 * ROW + 0.23, "=", ha="center", va="center", size=18,
                    weight="bold", rotation=90)
    ax.text(outputs + dim * NUMBER / 2, top + 0.15, "the same rows", ha="center", weight="bold", size=16)
    return described(figure, f"""One matrix with a row for each of {", ".join(names)}, and the codes
        {", ".join(map(str, codes))}, go into three boxes: one_hot @ weight, weight[codes] and nn.Embedding. Out of
        each come the same rows: {", ".join(names[code] for code in codes)}.""")


def inside_the_network(carriers, origins, carrier_weight, origin_weight, codes):
    """A record's two codes go into the network's box: each looks up a row of its table there, and the rows are joined.

    carriers, origins : the vocabularies
    carrier_weight, origin_weight : float (levels, dim), the two tables
    codes : the record's two codes
    """
    figure, ax = canvas(12.9, 5.9)
    network(ax, 2.35, 0.1, 9.1, 5.7)
    lanes = [("carrier", carriers, carrier_weight, codes[0], 5.0), ("origin", origins, origin_weight, codes[1], 2.35)]
    joined, middle = 6.5, 2.95
    width = sum(weight.shape[1] for *_, weight, _, _ in lanes) * SMALL
    place = joined
    for title, levels, weight, code, top in lanes:
        y, dim = top - (code + 0.5) * ROW, weight.shape[1]
        ax.text(0.5, y + 0.33, title, ha="center", size=13)
        ax.text(1.6, y + 0.33, "code", ha="center", size=13)
        table(ax, 0.1, y + ROW / 2, [[levels[code]]], [COLOURS["data"]], 0.8)
        arrow(ax, (0.95, y), (1.3, y), INK)
        table(ax, 1.35, y + ROW / 2, [[str(code)]], [COLOURS["data"]], 0.5)
        arrow(ax, (1.9, y), (2.95, y), INK)
        ax.text(3.95 + dim * SMALL / 2, top + 0.1, f"{title}.weight", ha="center", size=13)
        table(ax, 3.95, top, [[two(number) for number in row] for row in weight.tolist()], [None] * len(levels), SMALL,
              outlined=[code])
        for i, name in enumerate(levels):
            ax.text(3.88, top - (i + 0.5) * ROW, name, ha="right", va="center", size=12)
        row = [two(number) for number in weight[code].tolist()]
        table(ax, place, middle + ROW / 2, [row], [None], SMALL, linestyle=":")
        end = (place + dim * SMALL / 2, middle + (ROW / 2 + 0.05) * (1 if y > middle else -1))
        arrow(ax, (3.95 + dim * SMALL + 0.08, y), end, INK)
        place += dim * SMALL
    ax.text(joined + width + 0.05, middle + ROW / 2 + 0.1, "side by side", ha="right", size=13, style="italic")
    arrow(ax, (place + 0.05, middle), (place + 0.35, middle), INK)
    box(ax, place + 0.42, middle, "head", 0.75)
    arrow(ax, (place + 1.25, middle), (11.85, middle), INK)
    ax.text(11.9, middle, "prediction", va="center", size=13)
    words = [levels[code] for _, levels, _, code, _ in lanes]
    return described(figure, f"""The words {words[0]} and {words[1]} become the codes {codes[0]} and {codes[1]},
        which go into a box called the network. Both tables stand inside it. Each code looks up a row of its own
        table; the two rows are put side by side and go into the head, which gives a prediction.""")


def left_behind():
    """The model holds a new table, the optimizer still holds the old one: gradients arrive where nobody steps."""
    figure, ax = canvas(12.2, 4.3)
    blue, hot = COLOURS["moved"], COLOURS["gradient"]
    held = [(3.35, "the old table", "nobody looks it up", "none"), (2.0, "the new table", "gradients, and no step", "none"),
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
    swatch(ax, 1.5, 0.1, None, "never moves")
    return described(figure, """The model sends gradients to the new table and to the linear layer. The optimizer
        holds the old table, where no gradient ever comes, and the linear layer. So only the linear layer moves.""")


def matrix(ax, x, top, names, weight, codes):
    """A weight matrix with its level names; the rows that the codes name are outlined."""
    table(ax, x, top, [[short(number) for number in row] for row in weight], [None] * len(names), NUMBER,
          outlined=sorted(set(codes)))
    for i, name in enumerate(names):
        ax.text(x - 0.1, top - (i + 0.5) * ROW, name, ha="right", va="center", size=13)


def two(number):
    """A number with two digits behind the point and a real minus sign."""
    return f"{number:.2f}".replace("-", "−")


def codes_row(ax, x, top, codes):
    """Codes beside each other."""
    table(ax, x, top, [[str(code) for code in codes]], [COLOURS["data"]], width=CODE)


def way_box(ax, x, middle, way, words):
    """A large rounded box: a line of code, and what it is called."""
    ax.add_patch(FancyBboxPatch((x, middle - 0.5), 4.1, 1.0, boxstyle="round,pad=0.02", facecolor="none",
                                edgecolor=INK, lw=1.5))
    ax.text(x + 2.05, middle + 0.17, way, ha="center", va="center", family="monospace", weight="bold", size=15)
    ax.text(x + 2.05, middle - 0.22, words, ha="center", va="center", size=13)
