"""A figure's letters as large as the last row of a room needs them, where the figure has room for them."""
import re
from dataclasses import dataclass

ROOM = (1220, 620)   # pixels: what a slide leaves for a figure
TEXT = re.compile(r'<text style="([^"]*)" x="([-\d.]+)" y="([-\d.]+)"[^>]*rotate\(([-\d.]+)[^>]*>([^<]*)</text>')
SIZE = re.compile(r"font-size: ([\d.]+)px")
VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
WIDTH = 0.6          # of a letter, in its size
TOUCH = 0.3          # of a letter's height: boxes that overlap by less are lines set close
STEP = 0.97          # letters that would cover each other are made smaller by this, again and again


@dataclass(frozen=True)
class Label:
    """A text of a figure, in the figure's own units."""
    size: float
    x: float
    y: float
    anchor: str
    upright: bool
    words: str

    def box(self, size: float) -> tuple[float, float, float, float]:
        """Left, top, right, bottom if its letters had this size; turned text as a point, for it stands alone."""
        wide = WIDTH * size * len(self.words.strip()) if self.upright else 0
        left = self.x - {"middle": wide / 2, "end": wide}.get(self.anchor, 0)
        return left, self.y - 0.75 * size, left + wide, self.y


def enlarged(figure: str, least: float) -> str:
    """A figure whose letters are at least so many pixels large on a slide, and its view wide enough for them.

    Where letters of that size would cover each other they are as large as the figure lets them be.
    """
    view, labels = VIEW.search(figure), _labels(figure)
    if not view or not labels:
        return figure
    wide, high = map(float, view.groups())
    factor, covered = 1.0, _covered(labels, 0)
    while True:
        left, right = 0.0, wide
        for _ in range(3):   # a wider view needs larger letters
            needed = 1.01 * factor * least / min(ROOM[0] / (right - left), ROOM[1] / high)
            boxes = [label.box(max(label.size, needed)) for label in labels]
            left, right = min(0.0, *(box[0] for box in boxes)), max(wide, *(box[2] for box in boxes))
        if _covered(labels, needed) <= covered or needed <= min(label.size for label in labels):
            break
        factor *= STEP
    figure = figure.replace(view[0], f'viewBox="{left:.1f} 0 {right - left:.1f} {high:.1f}"', 1)
    return SIZE.sub(lambda found: f"font-size: {max(float(found[1]), needed):.2f}px", figure)


def _labels(figure) -> list[Label]:
    return [Label(float(size[1]), float(x), float(y), (re.search(r"text-anchor: (\w+)", style) or ["", "start"])[1],
                  abs(float(turned)) < 1, words)
            for style, x, y, turned, words in TEXT.findall(figure) if words.strip() and (size := SIZE.search(style))]


def _covered(labels, least) -> int:
    """How many pairs of labels cover each other if none is smaller than this."""
    sized = [(max(label.size, least), label) for label in labels]
    boxes = [(*label.box(size), TOUCH * size) for size, label in sized if label.upright]
    return sum(min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) - max(a[1], b[1]) > min(a[4], b[4])
               for i, a in enumerate(boxes) for b in boxes[:i])
