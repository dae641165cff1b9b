"""The README's picture: five airports before and after a step, as an SVG file with a white ground."""
import io
from pathlib import Path

import matplotlib.pyplot as plt

from ..figures import INK
from ..pictures.one_hot import before_after_step

PICTURE = Path("embedding_course/pictures/step.svg")


def picture() -> str:
    """The SVG's text; a file that stands alone can't take the page's colours, so it brings its own."""
    figure = before_after_step()
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", bbox_inches="tight", facecolor="white", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    return "\n".join(line.rstrip() for line in buffer.getvalue().replace(INK, "#222222").splitlines()) + "\n"
