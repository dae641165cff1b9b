"""What a host needs beside the pages: a picture for links to them, and a page for addresses that lead nowhere."""
import io
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from matplotlib import pyplot as plt

from ...pictures.one_hot import before_after_step

CARD, WIDE, HIGH = "one-step.png", 1200, 630   # pixels: the size that previews of links are cut to
LOST = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>No page here</title>
<style>:root {{ color-scheme: light dark; }} body {{ font: 1.1rem/1.6 system-ui, sans-serif; margin: 15vh auto;
max-width: 32rem; padding: 0 1rem; }} a {{ color: inherit; }}</style>
<main>
<h1>No page here</h1>
<p>The link was wrong, or a lesson has got another number. <a href="{start}">All lessons</a>, or
<a href="{start}search.html">search</a>.</p>
</main>
</html>
"""


def write_card(path: Path):
    """The step that begins lesson 1, as a PNG on white, (630, 1200)."""
    figure, drawn = before_after_step(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=0.94 * WIDE / figure.get_figwidth(), facecolor="white")
    plt.close(figure)
    drawn.seek(0)
    picture = plt.imread(drawn)                                             # (height, width, 4)
    card = np.ones((HIGH, WIDE, 4))
    top, left = (HIGH - picture.shape[0]) // 2, (WIDE - picture.shape[1]) // 2
    card[top:top + picture.shape[0], left:left + picture.shape[1]] = picture
    plt.imsave(path, card)


def write_lost_page(pages: Path, address: str):
    """`404.html`, which a host shows in any folder, so its links begin at the host's root."""
    start = urlsplit(address).path or "/"
    (pages / "404.html").write_text(LOST.format(start=start), encoding="utf-8")
