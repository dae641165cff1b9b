"""Pictures of lesson 6: rows as places, beside the true map and beside one another."""
import matplotlib.pyplot as plt
import torch

from embedding_course.figures import INK
from embedding_course.maps import laid_over

from .meaning_map import REGIONS, draw_airports, draw_outlines

MARKS = ["o", "s", "^", "D"]


def sheets(names, tables, known=("SEA", "LAX", "MIA", "BOS"), together=True):
    """Tables as they are, a panel each: every row a place in the plane.

    names : level names, one a row
    tables : dict title → float (levels, 2)
    known : the airports to name
    together : whether all panels have the same scale
    """
    deep = 2 if len(tables) == 4 else 1
    wide = len(tables) // deep
    figure, axes = plt.subplots(deep, wide, figsize=(max(6.2, 4.3 * wide), 0.6 + 4 * deep), sharex=together,
                                sharey=together, squeeze=False, layout="constrained")
    for ax, (title, rows) in zip(axes.flat, tables.items(), strict=True):
        draw_airports(ax, names, rows, size=30, known=known)
        ax.set(title=title, xlabel="column 0", ylabel="column 1")
        if together:
            ax.label_outer()
    legend(figure)
    return figure


def over_the_map(names, rows, truth):
    """The rows laid over the true map, with outlines; a line leads from each to where it should be.

    rows, truth : float (levels, 2)
    """
    placed = laid_over(rows, truth)
    figure, ax = plt.subplots(figsize=(12, 7.4), layout="constrained")
    draw_outlines(ax)
    ax.plot(*torch.stack([placed, truth]).permute(2, 0, 1), color=INK, lw=1)
    draw_airports(ax, names, placed, size=48)
    ax.set(title="Rows learned from distances, laid over the states", xlabel="thousands of km to the east",
           ylabel="to the north")
    legend(figure)
    return figure


def told_by_training(runs):
    """Map error against what the training itself misses, a mark a start.

    runs : dict title → (misses, errors), n numbers each, km
    """
    figure, ax = plt.subplots(figsize=(8.6, 5), layout="constrained")
    for marker, (title, (misses, errors)) in zip(MARKS, runs.items(), strict=False):
        ax.scatter(misses, errors, s=90, marker=marker, facecolor="none", edgecolor=INK, lw=1.6, label=title)
        if max(misses) < 1.1 * min(misses):
            ax.annotate(f"all {len(misses)}", (misses[0], errors[0]), (12, -4), textcoords="offset points")
    ax.set(xscale="log", yscale="log", title="What the training misses tells what the map misses",
           xlabel="its own routes, missed by (km, root mean square)", ylabel="median error of the map (km)")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter("{x:g}")
    ax.legend(loc="lower right", fontsize=13)
    return figure


def hinges(names, rows, truth, group, pins, by):
    """A group of airports that hangs on two others: where it was put, and where it belongs.

    rows, truth : float (levels, 2)
    group : names of the airports shown
    pins : two names, the ends of the line over which the group may be folded
    by : which rows are laid over the truth
    """
    placed, colour = laid_over(rows, truth, by), REGIONS["West"][0]
    figure, ax = plt.subplots(figsize=(10.5, 6.6), layout="constrained")
    draw_outlines(ax)
    ends = torch.stack([truth[names.index(pin)] for pin in pins])
    ax.axline(ends[0].tolist(), ends[1].tolist(), color=INK, lw=1.5, linestyle="--")
    for pin, place in zip(pins, ends.tolist(), strict=True):
        ax.plot(*place, "o", ms=11, color=INK)
        ax.annotate(pin, place, (-8, 12), textcoords="offset points", weight="bold", ha="right")
    for name in group:
        i = names.index(name)
        ax.annotate("", placed[i].tolist(), truth[i].tolist(), arrowprops={"arrowstyle": "->", "color": INK, "lw": 1.2})
        ax.plot(*truth[i].tolist(), "^", ms=11, mfc="none", mec=colour, mew=2)
        ax.plot(*placed[i].tolist(), "^", ms=11, color=colour)
        left = truth[i, 0] < truth[[names.index(other) for other in group], 0].median()
        ax.annotate(name, truth[i].tolist(), (-10 if left else 10, -4), textcoords="offset points",
                    ha="right" if left else "left", size=13)
    mine = [names.index(name) for name in group]
    near = torch.cat([placed[mine], truth[mine], ends])
    low, high = near.min(dim=0).values - 0.25, near.max(dim=0).values + 0.25
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal",
           title="Folded over a line between two hinges", xlabel="thousands of km to the east", ylabel="to the north")
    figure.legend(handles=[
        plt.Line2D([], [], marker="^", ms=11, ls="", mfc="none", mec=colour, mew=2, label="where it belongs"),
        plt.Line2D([], [], marker="^", ms=11, ls="", color=colour, label="where it was put")],
        loc="outside lower center", ncols=2)
    return figure


def error_by_routes(routes, errors):
    """Each airport's error on the map against its number of routes: a mark for each start.

    routes : int (levels,)
    errors : float (starts, levels), km
    """
    figure, ax = plt.subplots(figsize=(9.6, 5), layout="constrained")
    shake = torch.linspace(-0.12, 0.12, len(errors)).unsqueeze(1)
    ax.scatter(routes.log2() + shake, errors.clamp(min=0.5), s=9, color=INK, alpha=0.35, lw=0)
    ticks = [1, 2, 3, 4, 6, 10, 20, 50]
    ax.set_xticks(torch.tensor(ticks).log2(), ticks)
    ax.set(yscale="log", title="Badly placed: those with few routes", xlabel="routes of the airport",
           ylabel="error on the map (km)")
    ax.yaxis.set_major_formatter("{x:g}")
    ax.axhline(100, color=INK, lw=1, linestyle="--")
    return figure


def neighbours(tables, names=(), kinds=None):
    """Small tables in two dimensions, a panel each, all in one scale; a line leads from each row to its nearest.

    tables : dict title → float (levels, 2)
    names : level names, or nothing
    kinds : 0 or 1 for each level, shown as hollow and filled; None for one kind
    """
    figure, axes = plt.subplots(1, len(tables), figsize=(4.8 * len(tables), 4.6), squeeze=False, layout="constrained")
    for ax, (title, rows) in zip(axes[0], tables.items(), strict=True):
        nearest = (torch.cdist(rows, rows) + torch.eye(len(rows)) * 1e6).argmin(dim=1)
        ax.plot(*torch.stack([rows, rows[nearest]]).permute(2, 0, 1), color=INK, lw=1)
        for i, row in enumerate(rows.tolist()):
            filled = kinds is not None and kinds[i]
            ax.plot(*row, marker="s" if filled else "o", ms=11, color=INK, mfc=INK if filled else "none", mew=2)
        for name, row in zip(names, rows.tolist(), strict=False):
            ax.annotate(name, row, (9, 7), textcoords="offset points")
        low, high = rows.min(dim=0).values, rows.max(dim=0).values
        pad = 0.17 * (high - low).max()
        ax.set(title=title, xlabel="column 0", ylabel="column 1", aspect="equal",
               xlim=(low[0] - pad, high[0] + pad), ylim=(low[1] - pad, high[1] + pad))
    if kinds is not None:
        figure.legend(handles=[plt.Line2D([], [], marker=marker, ls="", ms=11, color=INK, mfc=fill, mew=2, label=kind)
                               for marker, fill, kind in (("o", "none", "even"), ("s", INK, "odd"))],
                      loc="outside lower center", ncols=2)
    return figure


def legend(figure):
    """The regions, once, below the panels."""
    handles = [plt.Line2D([], [], marker=marker, ls="", ms=9, color=colour, label=region)
               for region, (colour, marker, _) in REGIONS.items()]
    figure.legend(handles=handles, loc="outside lower center", ncols=4)
