"""Pictures of lesson 6: rows as places, beside the true map and beside one another."""
import matplotlib.pyplot as plt
import torch

from embedding_course.figures import INK, described
from embedding_course.maps import laid_over

from .meaning_map import REGIONS, draw_airports, draw_outlines


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
    flat = [title for title, rows in tables.items() if (rows - rows.mean(dim=0)).svd().S[1] < 0.1 * len(rows) ** 0.5]
    return described(figure, f"{len(tables)} panels, {len(names)} airports in each, marked by region: {'; '.join(tables)}."
                     + "".join(f" In the panel “{title}” they lie nearly on one line." for title in flat))


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
    off = 1000 * (placed - truth).norm(dim=1)
    return described(figure, f"The outlines of the states with {len(names)} airports. A line leads from each to its true "
                     f"place; half of them stand less than {off.median():.0f} km off, the worst, {names[off.argmax()]}, "
                     f"{off.max():.0f} km.")


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
    off = {name: 1000 * (placed[names.index(name)] - truth[names.index(name)]).norm().item() for name in group}
    return described(figure, f"A map with a dashed line through {' and '.join(pins)}. {len(group)} airports belong on one "
                     "side and were put on the other, as if mirrored in the line; arrows lead from where each was put to "
                     "where it belongs: " + ", ".join(f"{name} {away:,.0f} km" for name, away in off.items()) + ".")


def neighbours(tables, names=(), kinds=None):
    """Small tables in two dimensions, a panel each, all in one scale; a line leads from each row to its nearest.

    tables : dict title → float (levels, 2)
    names : level names, or nothing
    kinds : 0 or 1 for each level, shown as hollow and filled; None for one kind
    """
    figure, axes = plt.subplots(1, len(tables), figsize=(4.8 * len(tables), 4.6), squeeze=False, layout="constrained")
    pairs = {}
    for ax, (title, rows) in zip(axes[0], tables.items(), strict=True):
        nearest = (torch.cdist(rows, rows) + torch.eye(len(rows)) * 1e6).argmin(dim=1)
        pairs[title] = [f"{i}–{j}" for i, j in enumerate(nearest.tolist())]
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
    called = dict(enumerate(names))
    said = [f"{title}: " + ", ".join("–".join(called.get(int(end), end) for end in pair.split("–")) for pair in found)
            for title, found in pairs.items()]
    return described(figure, "Points, and a line from each to its nearest. " + "; ".join(said) + ".")


def legend(figure):
    """The regions, once, below the panels."""
    handles = [plt.Line2D([], [], marker=marker, ls="", ms=9, color=colour, label=region)
               for region, (colour, marker, _) in REGIONS.items()]
    figure.legend(handles=handles, loc="outside lower center", ncols=4)
