"""How many of a class, before and after: a ring and a dot on each line, told apart by shape and not by colour."""
import matplotlib.pyplot as plt

from ..figures import INK


def before_and_after(rows, people, after):
    """A line for each row, from a ring (before) to a dot (after).

    rows : list of (name, before, after), in the order shown from the top
    people : how many there are in all, the right end of the axis
    after : what the dot is called
    returns : matplotlib Figure
    """
    figure, ax = plt.subplots(figsize=(12, 1.4 + 0.42 * len(rows)))
    places = range(len(rows), 0, -1)
    for place, (_, first, then) in zip(places, rows, strict=True):
        ax.plot([first, then], [place, place], color=INK, linewidth=1.5, alpha=0.5, zorder=1)
    before, later = [row[1] for row in rows], [row[2] for row in rows]
    ax.scatter(before, places, s=130, facecolors="none", edgecolors=INK, linewidths=2, label="before lesson 1", zorder=3)
    ax.scatter(later, places, s=60, color=INK, label=after, zorder=2)
    ax.set_yticks(list(places), [row[0] for row in rows])
    ax.set(xlim=(-0.02 * people, 1.02 * people), ylim=(0.4, len(rows) + 0.6), xlabel="people")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.grid(axis="x", alpha=0.25, color=INK)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return figure
