"""Pictures of lesson 7 that show rows: how far they moved, where they lie in two dimensions, the hours on a loop."""
import math

import matplotlib.pyplot as plt
from matplotlib.colors import ListedColormap

from embedding_course.figures import COLOURS, INK, described

NEAR_TO_FAR = ListedColormap(plt.get_cmap("viridis")([0.25 + 0.6 * i / 255 for i in range(256)]))


def movement(counts, panels):
    """How far each row moved against how often its level was seen, both on log scales, and medians.

    counts : how many records each level had
    panels : dict title → distance of each level
    """
    figure, axes = plt.subplots(1, len(panels), figsize=(3.4 * len(panels), 4), sharex=True, sharey=True,
                                layout="constrained")
    bins = [(1, 1), (2, 2), (3, 4), (5, 8), (9, 16), (17, 32), (33, 64), (65, 10**9)]
    found = {}
    for ax, (title, distances) in zip(axes, panels.items(), strict=True):
        ax.scatter(counts, distances, s=9, color=COLOURS["moved"], alpha=0.35, linewidths=0, rasterized=True)
        points = []
        for low, high in bins:
            inside = sorted((d, c) for c, d in zip(counts, distances, strict=True) if low <= c <= high)
            if inside:
                points.append((sorted(c for _, c in inside)[len(inside) // 2], inside[len(inside) // 2][0]))
        found[title] = [middle for _, middle in points]
        ax.plot(*zip(*points, strict=True), "o-", color=INK, markersize=5)
        ax.set(title=title, xscale="log", yscale="log")
        ax.set_xticks([1, 3, 10, 30], ["1", "3", "10", "30"])
        ax.set_yticks([0.0001, 0.01, 1], ["0.0001", "0.01", "1"])
        ax.minorticks_off()
    axes[0].set_ylabel("distance moved")
    figure.supxlabel("how many training records had the level", size=14)
    said = [f"{title}: medians from {medians[0]:.2g} for one record to {medians[-1]:.2g} for the most"
            for title, medians in found.items()]
    return described(figure, f"Clouds of {len(counts)} points, one a level: how far its row moved against how many records "
                     "it had, on log scales. " + "; ".join(said) + ".")


def rows_in_two(panels, miles):
    """Rows in two dimensions, coloured by the distance of the flight. A few rows far out are left off.

    panels : dict title → points (levels, 2)
    miles : the distance of each level
    """
    figure, axes = plt.subplots(1, len(panels), figsize=(4.2 * len(panels), 4.4), layout="constrained")
    for ax, (title, points) in zip(axes, panels.items(), strict=True):
        xs, ys = zip(*points, strict=True)
        cloud = ax.scatter(xs, ys, c=miles, cmap=NEAR_TO_FAR, vmax=2600, s=14, linewidths=0, rasterized=True)
        ax.set(title=title)
        _square(ax, xs, ys, len(xs) // 200)
    figure.colorbar(cloud, ax=axes, label="miles flown", extend="max")
    return described(figure, f"Clouds of {len(miles)} flights in two dimensions, coloured by the miles flown: "
                     + "; ".join(title.replace("\n", ", ") for title in panels) + ". R² near 1 is a cloud whose colours "
                     "run in order from near to far, R² near 0 one in which they are mixed.")


def _square(ax, xs, ys, far_out):
    """A square window without ticks onto points; so many at each end of either axis may lie outside of it."""
    inner = [sorted(values)[far_out:len(values) - far_out] for values in (xs, ys)]
    reach = 0.62 * max(values[-1] - values[0] for values in inner)
    (left, right), (low, high) = (((v[0] + v[-1]) / 2 - reach, (v[0] + v[-1]) / 2 + reach) for v in inner)
    ax.set(xticks=[], yticks=[], aspect="equal", xlim=(left, right), ylim=(low, high))


def hours_loop(panels):
    """The rows of the 24 hours, joined in order.

    panels : dict title → points (24, 2)
    """
    figure, axes = plt.subplots(1, len(panels), figsize=(5.6 * len(panels), 5), layout="constrained")
    for ax, (title, points) in zip(axes, panels.items(), strict=True):
        xs, ys = zip(*points, points[0], strict=True)
        ax.plot(xs, ys, "o-", color=INK, lw=1, markersize=5)
        middle = sum(xs[:-1]) / 24, sum(ys[:-1]) / 24
        for hour, (x, y) in enumerate(points):
            away = math.hypot(x - middle[0], y - middle[1])
            ax.annotate(str(hour), (x, y), (14 * (x - middle[0]) / away, 14 * (y - middle[1]) / away),
                        textcoords="offset points", ha="center", va="center")
        ax.set(title=title)
        _square(ax, xs, ys, 0)
    return described(figure, "The 24 hours as points, joined in order into a closed line, a panel each for: "
                     + "; ".join(panels) + ". The more outcomes the rows explain, the rounder the loop.")
