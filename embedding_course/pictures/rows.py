"""Pictures of a history of steps: how far each row moved in each step, and the table while it trains."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, PowerNorm, to_rgb
from matplotlib.patches import Patch, Rectangle

from embedding_course.figures import COLOURS, INK, described
from embedding_course.rows.stepper import stepper

__all__ = ["movement_heatmap", "stepper"]

MANY = 30   # rows of a heatmap


def movement_heatmap(histories, names=None):
    """Steps × rows, one panel a history: the stronger the blue, the further the row moved; no blue, not one bit.

    A cell whose row was looked up has an orange outline. All panels share one scale.

    histories : dict title → History
    names : the rows to show; None for all, or of a large table those that moved most
    returns : matplotlib Figure
    """
    first = next(iter(histories.values()))
    names = list(names or (first.names if len(first.names) <= MANY else first.most_moved(MANY)))
    steps = max(len(history) for history in histories.values())
    furthest = max((float(history.distances(names).max()) for history in histories.values() if len(history)), default=0)
    scale = ScalarMappable(PowerNorm(0.5, 0, furthest or 1), blues())
    width, height = len(histories) * (1.2 + 0.32 * steps) + 1.6, 1.9 + 0.42 * len(names)
    figure, axes = plt.subplots(1, len(histories), figsize=(width, height), sharey=True, squeeze=False,
                                layout="constrained")
    for ax, (title, history) in zip(axes[0], histories.items(), strict=True):
        panel(ax, title, history, names, scale)
    axes[0, 0].set_yticks(range(len(names)), names)
    bar = figure.colorbar(scale, ax=axes, label="distance moved", fraction=0.05, pad=0.02)
    bar.outline.set_visible(False)
    figure.legend(handles=[
        Patch(facecolor="none", edgecolor=COLOURS["plucked"], linewidth=2.5, label="looked up in this step"),
        Patch(facecolor=COLOURS["moved"], alpha=0.6, label="moved"),
        Patch(facecolor="none", edgecolor=INK, linewidth=0.4, label="not moved, to the last bit"),
    ], loc="outside lower center", ncols=3)
    return described(figure, f"{len(histories)} panels, steps across, {len(names)} rows down; a frame marks a row that was "
                             f"looked up, blue one that moved. {' '.join(in_words(*item) for item in histories.items())}")


def in_words(title, history):
    """What a panel shows: which rows moved in steps that didn't look them up, and which were never looked up."""
    moved, seen = history.moved(), history.times() > 0                     # (steps, levels)
    outside, never = (moved & ~seen & seen.any(dim=0)).any(dim=0), (moved & ~seen.any(dim=0)).any(dim=0)
    said = [f"{', '.join(name for name, flag in zip(history.names, flags.tolist(), strict=True) if flag)} {what}"
            for flags, what in ((outside, "moved in steps without a lookup"), (never, "moved and was never looked up"))
            if flags.any() and len(history.names) <= MANY]
    if not (outside | never).any():
        return f"{title}: no blue cell without a frame."
    return f"{title}: {'; '.join(said) or 'blue cells without a frame'}."


def blues():
    """From a third of the colour for "moved" to all of it: stronger means further on any ground."""
    return ListedColormap([(*to_rgb(COLOURS["moved"]), alpha) for alpha in np.linspace(0.35, 1, 256)])


def panel(ax, title, history, names, scale):
    """One history: a square for each row in each step.

    scale : ScalarMappable from distance to colour
    """
    distances, moved, times = (kind(names) for kind in (history.distances, history.moved, history.times))
    for x in range(len(history)):
        for y in range(len(names)):
            fill = scale.to_rgba(float(distances[x, y])) if moved[x, y] else "none"
            ax.add_patch(Rectangle((x - 0.44, y - 0.42), 0.88, 0.84, facecolor=fill, edgecolor=INK, linewidth=0.4))
            if times[x, y]:
                ax.add_patch(Rectangle((x - 0.42, y - 0.4), 0.84, 0.8, fill=False, edgecolor=COLOURS["plucked"],
                                       linewidth=2.5))
    every = max(1, -(-len(history) // 10))
    ax.set_xticks(range(0, len(history), every), [history[i].number for i in range(0, len(history), every)])
    ax.set(xlim=(-0.6, len(history) - 0.4), ylim=(len(names) - 0.4, -0.6), title=title, xlabel="step")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
