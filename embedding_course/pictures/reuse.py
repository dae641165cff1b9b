"""Pictures of lesson 8: the map that is taken along, three starts beside plain rivals, models beside codings, unknowns."""
import matplotlib.pyplot as plt
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter

from embedding_course.figures import COLOURS, INK, described

# Rows that stay are grey and rows that go on learning blue, as everywhere; all that isn't a learned row has the text's
# colour.
STYLES = {"from scratch": {"color": INK, "linestyle": ":", "marker": "o"},
          "frozen": {"color": COLOURS["unchanged"], "linestyle": "-", "marker": "s"},
          "fine-tuned": {"color": COLOURS["moved"], "linestyle": "--", "marker": "^"},
          "destination means": {"color": INK, "linestyle": "-", "marker": "x", "linewidth": 1.2},
          "line on distance": {"color": INK, "linestyle": "-.", "marker": "+", "linewidth": 1.2}}


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
    return described(figure, f"{len(x)} dots, the rows of the table. They lie like airports of the United States, turned "
                             f"and perhaps mirrored; {', '.join(labelled)} have their names beside them.")


def learning_curves(curves):
    """Error against the number of training flights: the mean of some draws as a line, their range as a band.

    On the left all of it, on a log scale; on the right the lower end, where the lines cross.

    curves : DataFrame with "flights", "draw", and for each way its minutes off
    """
    ways = [way for way in STYLES if way in curves]
    found = curves.groupby("flights")[ways].agg(["mean", "min", "max"])
    figure, (whole, close) = plt.subplots(1, 2, figsize=(13, 5.2), layout="constrained")
    for ax in (whole, close):
        for way in ways:
            style, of = STYLES[way], found[way]
            ax.fill_between(of.index, of["min"], of["max"], color=style["color"], alpha=0.12, linewidth=0)
            ax.plot(of.index, of["mean"], markersize=9, label=way, **style)
        ax.set(xlabel="training flights (log scale)", xscale="log")
        ticks(ax.xaxis, found.index)
    whole.set(title="Air time of 2013, five ways", ylabel="mean absolute error (minutes)", yscale="log")
    close.set(title="The lower end", ylim=(8.5, 12))
    ticks(whole.yaxis, [8, 10, 15, 20, 30, 40, 60])
    whole.legend()
    mean = {way: found[way]["mean"] for way in ways}
    ends = "; ".join(f"{way} from {mean[way].iloc[0]:.1f} to {mean[way].iloc[-1]:.1f}" for way in ways)
    return described(figure, f"Two panels, the second one the lower end of the first: minutes off against the number of "
                             f"training flights, {found.index[0]:,} to {found.index[-1]:,}; a line and a band of several "
                             f"draws for each way. {ends}.")


def rivals(results):
    """A line a coding, a dot a fit, a stroke for the mean; models one below the other, a panel for each number of flights.

    results : DataFrame with flights, model, coding, seed and "minutes off"
    """
    sizes = sorted(results["flights"].unique(), reverse=True)
    means = results.groupby(["flights", "model", "coding"])["minutes off"].mean()[sizes[0]]
    models = means.groupby("model").min().sort_values(ascending=False).index
    lines = [pair for model in models for pair in means[[model]].sort_values(ascending=False).index]
    figure, axes = plt.subplots(1, len(sizes), figsize=(10, 0.34 * len(lines) + 1), sharey=True,
                                gridspec_kw={"wspace": 0.05})
    for ax, size in zip(axes, sizes, strict=True):
        far = results[results["flights"] == size].groupby(["model", "coding"])["minutes off"]
        for y, pair in enumerate(lines):
            fits, learned = far.get_group(pair), pair[1] in ("learned rows", "tables")
            edge, fill = (COLOURS["moved"], COLOURS["moved"]) if learned else (INK, "none")
            ax.plot([fits.mean()] * 2, [y - 0.36, y + 0.36], color=edge, lw=2)
            ax.scatter(fits, [y] * len(fits), s=55, facecolor=fill, edgecolor=edge, linewidth=1.5)
        for above, below in enumerate(lines[1:]):
            if below[0] != lines[above][0]:
                ax.axhline(above + 0.5, color=INK, lw=0.8, alpha=0.4)
        ax.set(title=f"{size:,} training flights", xscale="log", xlim=(7, 90), ylim=(len(lines) - 0.5, -0.5))
        ax.set_yticks(range(len(lines)), [f"{model} · {coding}" for model, coding in lines])
        ax.tick_params(axis="y", length=0)
        ax.grid(axis="x", color=INK, alpha=0.15, lw=0.8)
        ticks(ax.xaxis, [8, 10, 15, 20, 30, 60])
    axes[0].set_xlabel("minutes off, on held-out days (log scale)")
    told = ", ".join(f"{model} on {coding} {means[model, coding]:.1f}" for model, coding in lines)
    return described(figure, f"A panel for each number of training flights; dots for single fits, strokes for means, "
                             f"learned rows filled. Mean minutes off with {sizes[0]:,} flights, from the top: {told}.")


def unknowns(share):
    """The share of records whose level an old vocabulary lacks, month by month.

    share : DataFrame, a line a month, a column for each column of names
    """
    figure, ax = plt.subplots(figsize=(9, 4.6), layout="constrained")
    for name, marker, dashes in zip(share, "os^", ("-", "--", ":"), strict=False):
        ax.plot(share.index, share[name], color=INK, marker=marker, linestyle=dashes)
        ax.annotate(name, (share.index[-1], share[name].iloc[-1]), (10, 0), textcoords="offset points", va="center")
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}"))
    ax.set(title="Unknown to a vocabulary of January", xlabel="month of the flights", ylabel="share of flights",
           xticks=share.index)
    ends = ", ".join(f"{name} {share[name].iloc[-1]:.0%}" for name in share)
    return described(figure, f"A line for each column of names, from nothing in month {share.index[0]} upwards. Share of "
                             f"unknown flights in month {share.index[-1]}: {ends}.")


def ticks(axis, at):
    """Plain numbers at these places of a log axis, and nowhere else."""
    axis.set_major_locator(FixedLocator(at))
    axis.set_minor_locator(FixedLocator([]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axis.set_minor_formatter(NullFormatter())
