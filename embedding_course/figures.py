"""How every figure of the course looks, and how it reaches the page: an SVG that suits light and dark, with words.

One visual language from the first picture to the last: the same sign always means the same thing.

- Data (words, codes, targets) is neutral: light grey, and it stands outside the box called "the network".
- Weights stand inside that box; what is computed anew in each forward pass has dotted lines.
- Blue fill: this row moved. What stayed has no fill.
- Orange outline: this row was looked up. An outline lies over a fill, so both can be true of one row.
- Vermilion: the gradient, and the way of a step, dashed where it is an arrow.
- Green and pink fill: rows that moved by memory of earlier gradients, and by decay.
"""
import html
import io
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
from IPython.display import HTML

# Okabe and Ito's colour-blind safe palette and two greys, one meaning each.
COLOURS = {
    "plucked": "#e69f00",     # orange, as an outline: this row was looked up
    "moved": "#0072b2",       # blue: this row changed in the step
    "unchanged": "#6b6b6b",   # dark grey: left alone, to the last bit
    "gradient": "#d55e00",    # vermilion: gradients, and movement that they caused
    "momentum": "#009e73",    # green: movement from memory of earlier gradients
    "decay": "#cc79a7",       # pink: movement from weight decay
    "data": "#b8b8b8",        # light grey, neutral: data, which no step changes
}

TALLEST = 540    # pixels: what a laptop's JupyterLab shows at once, and a projector at 150 %
INK = "#010203"   # stands for "the page's text colour" until the SVG is written

STYLE = {
    "font.size": 14, "axes.titlesize": 16, "axes.titleweight": "bold", "axes.labelsize": 14,
    "text.color": INK, "axes.edgecolor": INK, "axes.labelcolor": INK, "axes.titlecolor": INK,
    "xtick.color": INK, "ytick.color": INK, "legend.frameon": False, "hatch.color": INK,
    "figure.facecolor": "none", "axes.facecolor": "none", "savefig.facecolor": "none",
    "axes.spines.top": False, "axes.spines.right": False, "lines.linewidth": 2.5,
    "svg.fonttype": "none", "svg.hashsalt": "embedding-course",
}
mpl.rcParams.update(STYLE)


def described(figure, description):
    """The figure with what the eye would see in words, which a picture function knows best: it has the data.

    figure : matplotlib Figure
    description : a sentence or two
    returns : the figure
    """
    figure.description = description
    return figure


def show(figure, description=""):
    """The figure as an inline SVG that takes the page's text colour, described for who can't see it.

    figure : matplotlib Figure; it is closed, so it is not shown twice
    description : what the eye would see, in a sentence or two; not needed where the figure is `described`
    returns : IPython.display.HTML
    raises : ValueError without a description
    """
    description = description or getattr(figure, "description", "")
    if not description.strip():
        raise ValueError("a figure needs a description in words")
    plt.close(figure)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg"):].replace(INK, "currentColor")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    label = html.escape(" ".join(description.split()), quote=True)
    fits = f"max-width: 100%; height: auto; max-height: {TALLEST}px"
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{label}" style="{fits}" ', 1)
    return HTML(svg)
