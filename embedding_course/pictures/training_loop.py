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


def through_the_network(names, weight, codes, targets, lr=0.125):
    """One training step as a circle: codes into the network, predictions and a loss out of it, a gradient back.

    names : level names, one a row
    weight : (levels, dim) before the step; a prediction is the sum of a row
    codes, targets : (n,), a mini-batch
    returns : matplotlib Figure
    """
    rows = weight[codes]                                                     # (n, dim)
    predictions = rows.sum(dim=1)
    errors = predictions - targets
    grad = weight.new_zeros(weight.shape).index_add_(0, codes, (2 * errors)[:, None].expand_as(rows))
    figure, ax = canvas(11.1, 6.45)
    top = 5.25
    network(ax, names, weight.tolist(), grad.tolist(), lr, set(codes.tolist()))
    column(ax, 0.75, top, codes.tolist(), "codes", [names[code] for code in codes.tolist()])
    column(ax, 8.75, top, predictions.tolist(), "predictions", dashed=True)
    column(ax, 10.15, top, targets.tolist(), "hours")
    low = top - len(codes) * ROW
    arrow(ax, (1.6, top - 2 * ROW), (2.2, top - 2 * ROW), **FORWARD)
    arrow(ax, (8.05, top - 2 * ROW), (8.67, top - 2 * ROW), **FORWARD)
    for x in (1.14, 10.54):
        ax.text(x, low - 0.12, "data", ha="center", va="top", style="italic")
    ax.text(9.14, low - 0.12, "computed", ha="center", va="top", style="italic")
    loss_box(ax, 9.82, 2.05, float((errors**2).sum()))
    arrow(ax, (9.14, low - 0.5), (9.5, 2.5), **FORWARD)
    arrow(ax, (10.54, low - 0.5), (10.1, 2.5), **FORWARD)
    path(ax, [(9.82, 1.65), (9.82, 1.15), (5.47, 1.15), (5.47, 2.62)], **BACK)
    ax.text(7.6, 0.62, "backward: the gradient", ha="center", weight="bold", size=16)
    path(ax, [(3.6, 1.7), (3.6, 1.15), (1.14, 1.15), (1.14, 2.85)], **FORWARD)
    ax.text(2.4, 0.62, "next mini-batch", ha="center", size=16)
    moved = [name for name, row in zip(names, grad.tolist(), strict=True) if any(row)]
    return described(figure, f"""A circle. At the left, outside, stand the codes {codes.tolist()}, which are data. An arrow
        leads into a box, the network. The table of {len(names)} rows is in this box; the rows of the codes are framed.
        Out of it come predictions. With the hours, data too, they give the loss {float((errors**2).sum()):g}. From the loss
        an arrow, the gradient, leads back into the box and ends at the table. The step has moved {' and '.join(moved)} and
        no other row. A last arrow leads from the box to the codes of the next mini-batch.""")


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


def network(ax, names, weight, grad, lr, looked_up):
    """The box called the network, with the table in it: before the step, its gradient, after the step."""
    left, top = 2.3, 4.85
    ax.add_patch(FancyBboxPatch((left, 1.75), 5.65, 4.5, boxstyle="round,pad=0.02,rounding_size=0.2", facecolor="none",
                                edgecolor=INK, lw=3))
    ax.text(left + 2.82, 5.75, "the network", ha="center", size=19, weight="bold")
    after = [[w - lr * g for w, g in zip(*pair, strict=True)] for pair in zip(weight, grad, strict=True)]
    for x, title in ((1.6, "table"), (3.17, "gradient"), (4.74, "after the step")):
        ax.text(left + x, top + 0.12, title, ha="center", weight="bold")
    for i, name in enumerate(names):
        y, slope = top - (i + 1) * ROW, grad[i][0]
        ax.text(left + 0.72, y + ROW / 2, name, ha="right", va="center")
        cells(ax, left + 0.82, y, weight[i])
        ax.text(left + 3.17, y + ROW / 2, f"{slope:g}", ha="center", va="center", weight="bold" if slope else None)
        cells(ax, left + 3.96, y, after[i], MOVED if slope else None)
    for i in looked_up:
        ax.add_patch(Rectangle((left + 0.82, top - (i + 1) * ROW), 2 * WIDE, ROW, fill=False, edgecolor=LOOKED_UP, lw=4.5,
                               zorder=3))
    for x, style, text in ((0.9, {"fill": False, "edgecolor": LOOKED_UP, "lw": 4.5}, "looked up"),
                           (3.96, {"facecolor": MOVED, "alpha": 0.35, "edgecolor": "none"}, "moved")):
        ax.add_patch(Rectangle((left + x, 2.02), 0.36, 0.26, **style))
        ax.text(left + x + 0.48, 2.15, text, va="center")


def cells(ax, x, y, row, fill=None, linestyle="-"):
    """Cells of numbers from (x, y) to the right."""
    for j, number in enumerate(row):
        if fill:
            ax.add_patch(Rectangle((x + j * WIDE, y), WIDE, ROW, facecolor=fill, alpha=0.35, edgecolor="none"))
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
