"""Pictures of lessons 4 and 5: the loop through the network, trainings side by side, a first step by frequency.

The drawings without axes measure in inches from the lower left corner. Data is neutral; the table stands in the box that
is called the network; an orange frame: looked up; vermilion: gradient; blue: moved.
"""
import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch, Rectangle

from embedding_course.figures import COLOURS, INK, described

from .parts import ROW, canvas
from .rows import movement_heatmap, stepper

__all__ = ["first_step", "movement_heatmap", "stepper", "through_the_network", "two_trainings"]

LOOKED_UP, GRADIENT, MOVED = COLOURS["plucked"], COLOURS["gradient"], COLOURS["moved"]
WIDE = 0.78    # width of a number's cell
FORWARD = {"color": INK, "lw": 2.5}
BACK = {"color": GRADIENT, "lw": 3}


def through_the_network(names, weight, codes, targets):
    """A forward pass and its way back: codes into the network, rows, predictions and a loss out of it, a gradient back.

    names : level names, one a row
    weight : (levels, dim), the table; a prediction is the sum of a row
    codes, targets : (n,), a mini-batch
    returns : matplotlib Figure
    """
    rows = weight[codes]                                                     # (n, dim)
    predictions = rows.sum(dim=1)
    errors = predictions - targets
    grad = weight.new_zeros(weight.shape).index_add_(0, codes, (2 * errors)[:, None].expand_as(rows))
    figure, ax = canvas(11.9, 6.1)
    top = 4.9
    middle = top - len(codes) / 2 * ROW
    network(ax, names, weight.tolist(), grad.tolist(), set(codes.tolist()))
    column(ax, 0.75, top, codes.tolist(), "codes", [names[code] for code in codes.tolist()])
    ax.text(7.05 + WIDE, top + 0.12, "rows", ha="center", weight="bold")
    for i, row in enumerate(rows.tolist()):
        cells(ax, 7.05, top - (i + 1) * ROW, row, linestyle=":")
    column(ax, 9.4, top, predictions.tolist(), "predictions", dashed=True)
    column(ax, 10.95, top, targets.tolist(), "hours")
    low = top - len(codes) * ROW
    for start, end, height in ((1.6, 2.2, middle), (6.35, 6.95, 3.05), (8.7, 9.3, middle)):
        arrow(ax, (start, height), (end, middle), **FORWARD)
    for x in (1.14, 11.34):
        ax.text(x, low - 0.12, "data", ha="center", va="top", style="italic")
    ax.text(9.79, low - 0.12, "computed", ha="center", va="top", style="italic")
    loss_box(ax, 10.56, 1.75, float((errors**2).sum()))
    arrow(ax, (9.79, low - 0.5), (10.2, 2.2), **FORWARD)
    arrow(ax, (11.34, low - 0.5), (10.92, 2.2), **FORWARD)
    path(ax, [(10.56, 1.35), (10.56, 0.75), (3.1, 0.75), (3.1, 2.45)], **BACK)
    ax.text(6.8, 0.25, "backward: from the loss to the table's gradient", ha="center", weight="bold", size=16)
    slopes = ", ".join(f"{name} {row[0]:g}" for name, row in zip(names, grad.tolist(), strict=True))
    return described(figure, f"""At the left, outside, stand the codes {codes.tolist()}, which are data. An arrow leads into
        a box, the network. The table of {len(names)} rows is in this box; the rows of the codes are framed, and copies of
        them lead out of the box to the predictions {predictions.tolist()}. With the hours, data too, they give the loss
        {float((errors**2).sum()):g}. From the loss an arrow leads back into the box and ends at the gradient, which
        stands beside the table, a slope for each row: {slopes}.""")


def two_trainings(hours, predictions):
    """What the rows predict before and after training, a panel each; on the line the prediction is the airport's mean.

    hours : (levels,), each airport's mean; NaN where no flight went
    predictions : dict title → (levels,), the sum of each row
    returns : matplotlib Figure
    """
    figure, axes = plt.subplots(1, len(predictions), figsize=(11.5, 4.2), sharex=True, sharey=True, layout="constrained")
    far = float(hours.nan_to_num().max())
    for ax, (title, predicted) in zip(axes, predictions.items(), strict=True):
        ax.plot([0, far], [0, far], color=COLOURS["unchanged"], lw=1.2, zorder=1)
        ax.scatter(hours, predicted, s=28, facecolor=INK if ax is axes[0] else MOVED, alpha=0.6, edgecolor="none", zorder=2)
        ax.set(title=title, xlabel="hours in the air (mean)")
    axes[0].set_ylabel("prediction: the row's sum")
    off = {title: float((predicted - hours).abs().nanmedian()) for title, predicted in predictions.items()}
    words = "; ".join(f"{title}: half of the dots within {miss:.2f} hours of it" for title, miss in off.items())
    return described(figure, f"""{len(predictions)} panels with a dot for each airport: across, its mean hours in the air;
        upwards, the sum of its row. A thin line marks where both are equal. {words}.""")


def first_step(counts, distances):
    """How far each row moved in one step, a panel an optimizer.

    counts : dict level → how many records of the batch had it
    distances : dict optimizer → dict level → distance
    returns : matplotlib Figure
    """
    figure, axes = plt.subplots(1, len(distances), figsize=(10, 3.2), sharex=True, sharey=True, layout="constrained")
    labels = [f"{name}, {count} of {sum(counts.values())}" for name, count in counts.items()]
    for ax, (title, moved) in zip(axes, distances.items(), strict=True):
        far = [moved[name] for name in counts]
        ax.barh(labels, far, color=MOVED, alpha=0.6)
        for y, distance in enumerate(far):
            words = f"{distance:.2g}" if distance else "not moved"
            ax.annotate(words, (distance, y), (6, 0), textcoords="offset points", va="center")
        ax.set(title=title, xlabel="distance moved")
        ax.tick_params(axis="y", length=0)
    axes[0].invert_yaxis()
    axes[0].margins(x=0.25)
    said = "; ".join(f"{title}: " + ", ".join(f"{name} {moved[name]:.2g}" for name in counts)
                     for title, moved in distances.items())
    records = ", ".join(map(str, counts.values()))
    return described(figure, f"Bars, how far each row moved, for levels that had {records} records. {said}.")


def network(ax, names, weight, grad, looked_up):
    """The box called the network, with the table in it and the table's gradient beside it."""
    left, top = 2.3, 4.5
    ax.add_patch(FancyBboxPatch((left, 1.65), 6.4, 4.15, boxstyle="round,pad=0.02,rounding_size=0.2", facecolor="none",
                                edgecolor=INK, lw=3))
    ax.text(left + 3.2, 5.35, "the network", ha="center", size=19, weight="bold")
    for x, title in ((0.8, "gradient"), (3.2, "table")):
        ax.text(left + x, top + 0.12, title, ha="center", weight="bold")
    for i, name in enumerate(names):
        y, slope = top - (i + 1) * ROW, grad[i][0]
        ax.text(left + 0.8, y + ROW / 2, f"{slope:g}", ha="center", va="center", weight="bold" if slope else None)
        ax.text(left + 2.3, y + ROW / 2, name, ha="right", va="center")
        cells(ax, left + 2.42, y, weight[i])
    for i in looked_up:
        ax.add_patch(Rectangle((left + 2.42, top - (i + 1) * ROW), 2 * WIDE, ROW, fill=False, edgecolor=LOOKED_UP, lw=4.5,
                               zorder=3))
    ax.add_patch(Rectangle((left + 4.5, 1.9), 0.36, 0.26, fill=False, edgecolor=LOOKED_UP, lw=4.5))
    ax.text(left + 4.98, 2.03, "looked up", va="center")
    ax.text(left + 1.25, 2.03, "next, the step:\ntable − rate × gradient", va="center", size=13, style="italic")


def cells(ax, x, y, row, linestyle="-"):
    """Cells of numbers from (x, y) to the right."""
    for j, number in enumerate(row):
        ax.add_patch(Rectangle((x + j * WIDE, y), WIDE, ROW, fill=False, edgecolor=INK, lw=1, linestyle=linestyle))
        ax.text(x + (j + 0.5) * WIDE, y + ROW / 2, f"{number:g}", ha="center", va="center")


def column(ax, x, top, numbers, title, names=(), dashed=False):
    """A column of numbers from (x, top) downwards, its title above, names at its left."""
    ax.text(x + WIDE / 2, top + 0.12, title, ha="center", weight="bold")
    for i, number in enumerate(numbers):
        cells(ax, x, top - (i + 1) * ROW, [number], linestyle=":" if dashed else "-")
        if names:
            ax.text(x - 0.1, top - (i + 0.5) * ROW, names[i], ha="right", va="center")


def loss_box(ax, x, y, loss):
    """A rounded box with the loss in it, around (x, y)."""
    ax.add_patch(FancyBboxPatch((x - 0.7, y - 0.35), 1.4, 0.7, boxstyle="round,pad=0.02", facecolor="none", edgecolor=INK,
                                lw=1.5))
    ax.text(x, y, f"loss {loss:g}", ha="center", va="center", weight="bold", size=16)


def arrow(ax, start, end, **line):
    ax.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "mutation_scale": 20, "shrinkA": 0, "shrinkB": 0, **line})


def path(ax, points, **line):
    """An arrow with corners."""
    xs, ys = zip(*points[:-1], strict=True)
    ax.plot(xs, ys, solid_joinstyle="round", **line)
    arrow(ax, points[-2], points[-1], **line)
