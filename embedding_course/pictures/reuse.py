"""Pictures of lesson 8: the map that is taken along, learning curves of three starts, models beside codings."""
import matplotlib.pyplot as plt
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter

from embedding_course.figures import COLOURS, INK

# Rows that stay are grey and rows that go on learning blue, as everywhere; rows that began at random have the text's
# colour.
STYLES = {"from scratch": {"color": INK, "linestyle": ":", "marker": "o"},
          "frozen": {"color": COLOURS["unchanged"], "linestyle": "-", "marker": "s"},
          "fine-tuned": {"color": COLOURS["moved"], "linestyle": "--", "marker": "^"}}


def the_map(rows, names, labelled):
    """The rows of a table as dots in two dimensions, some of them with their names.

    rows : numbers (levels, 2), row 0 for "(unknown)", which is left out
    names : level names, one a row
    labelled : names to be written beside their dots
    """
    figure, ax = plt.subplots(figsize=(8, 5.6), layout="constrained")
    x, y = rows[1:, 0].tolist(), rows[1:, 1].tolist()
    ax.scatter(x, y, s=22, color=INK, alpha=0.45, linewidth=0)
    for name in labelled:
        at = rows[names.index(name)].tolist()
        ax.scatter(*at, s=60, color=INK, linewidth=0)
        ax.annotate(name, at, (7, 5), textcoords="offset points", weight="bold")
    ax.set(title="Rows of the table, learned from distances alone", xlabel="first number of a row (thousand km)",
           ylabel="second number (thousand km)")
    ax.set_aspect("equal")
    ax.margins(0.1)
    return figure


def learning_curves(sizes, curves):
    """Error against the number of training records: the mean of some runs as a line, their range as a band.

    On the left all of it, on a log scale; on the right the lower end, where the lines cross.

    sizes : how many records
    curves : dict way → tensor (sizes, runs), in minutes
    """
    figure, (whole, close) = plt.subplots(1, 2, figsize=(12.5, 5), layout="constrained")
    for ax in (whole, close):
        for way, errors in curves.items():
            style = STYLES[way]
            ax.fill_between(sizes, errors.min(dim=1).values, errors.max(dim=1).values, color=style["color"], alpha=0.2,
                            linewidth=0)
            ax.plot(sizes, errors.mean(dim=1), markersize=8, label=way, **style)
        ax.set(xlabel="training flights (log scale)", xscale="log")
    whole.set(title="Air time of 2013 from the map of 2001", ylabel="mean absolute error (minutes)", yscale="log")
    close.set(title="The lower end", ylim=(8.5, 12))
    for ax in (whole, close):
        ticks(ax.xaxis, sizes)
    ticks(whole.yaxis, [8, 10, 15, 20, 30, 40, 60])
    whole.legend(title="rows of the table", alignment="left")
    return figure


def comparison(results, order):
    """A panel a model, a line a coding, a dot a seed; a stroke for the mean. Learned rows filled, all others open.

    results : DataFrame with model, coding, seed and "minutes off"
    order : codings from top to bottom; models that lack some are left out
    """
    models = [model for model, lines in results.groupby("model", sort=False) if set(order) <= set(lines["coding"])]
    figure, axes = plt.subplots(1, len(models), figsize=(3.3 * len(models), 3.9), sharex=True, sharey=True,
                                layout="constrained")
    for ax, model in zip(axes, models, strict=True):
        for y, coding in enumerate(order):
            far = results.query("model == @model and coding == @coding")["minutes off"]
            fill = COLOURS["moved"] if coding == "learned rows" else "none"
            edge = COLOURS["moved"] if coding == "learned rows" else INK
            ax.plot([far.mean()] * 2, [y - 0.3, y + 0.3], color=edge, lw=2)
            ax.scatter(far, [y] * len(far), s=60, facecolor=fill, edgecolor=edge, linewidth=1.5)
        ax.set(title=model, xscale="log", xlim=(7, 90), ylim=(len(order) - 0.5, -0.5))
        ax.set_yticks(range(len(order)), order)
        ax.tick_params(axis="y", length=0)
        ax.grid(axis="y", color=INK, alpha=0.15, lw=0.8)
        ticks(ax.xaxis, [8, 10, 15, 30, 60])
    figure.supxlabel("mean absolute error on later flights (minutes, log scale)", size=14)
    return figure


def ticks(axis, at):
    """Plain numbers at these places of a log axis, and nowhere else."""
    axis.set_major_locator(FixedLocator(at))
    axis.set_minor_locator(FixedLocator([]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axis.set_minor_formatter(NullFormatter())
