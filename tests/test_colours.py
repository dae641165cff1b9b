"""One visual language: each colour means one thing, can be told from the others by everybody, and lets text be read."""
import re
from itertools import combinations

import numpy as np
import pytest
from colorspacious import cspace_convert, deltaE
from matplotlib.colors import to_rgb

from embedding_course.figures import COLOURS

COLOUR = {name: np.array(to_rgb(value)) for name, value in COLOURS.items()}
GROUNDS = {"light": (1.0, 0.0), "dark": (0x11 / 255, 1.0)}   # JupyterLab's ground and text
FAINTEST = 10   # in CAM02-UCS; about 1 is the least that an eye can tell side by side
NAMED = r"colou?r=\"((?:tab:)?(?:blue|orange|gr[ae]y|green|red|pink|C\d))\""
FILL = 0.35     # opacity of a filled cell behind text


@pytest.mark.parametrize("eyes", [None, "deuteranomaly", "protanomaly", "tritanomaly"])
def test_every_pair_of_colours_can_be_told_apart_by_all_eyes(eyes):
    space = {"name": "sRGB1+CVD", "cvd_type": eyes, "severity": 100}
    seen = {name: np.clip(cspace_convert(c, space, "sRGB1"), 0, 1) if eyes else c for name, c in COLOUR.items()}
    near = {pair: deltaE(seen[pair[0]], seen[pair[1]], input_space="sRGB1") for pair in combinations(seen, 2)}
    assert {pair: round(far, 1) for pair, far in near.items() if far < FAINTEST} == {}


@pytest.mark.parametrize("theme", GROUNDS)
def test_text_on_every_filled_cell_can_be_read(theme):
    ground, ink = GROUNDS[theme]
    low = {name: contrast(np.full(3, ink), FILL * c + (1 - FILL) * ground) for name, c in COLOUR.items()}
    assert {name: round(value, 1) for name, value in low.items() if value < 4.5} == {}


def test_no_picture_brings_a_grey_blue_or_orange_of_its_own(project):
    """A colour that the language has a name for is taken by its name; others have a meaning of their own."""
    package = project.root / "embedding_course"
    files = [*package.glob("pictures/*.py"), *package.glob("rows/*.py"), *project.solutions.glob("*.py")]
    found = set()
    for path in files:
        text = path.read_text(encoding="utf-8")
        found |= {f"{path.name}: {value}" for value in re.findall(r"#[0-9a-fA-F]{6}\b", text)
                  if min(deltaE(np.array(to_rgb(value)), c, input_space="sRGB1") for c in COLOUR.values()) < FAINTEST}
        found |= {f"{path.name}: {name}" for name in re.findall(NAMED, text)}
    assert found == set()


def contrast(a, b) -> float:
    """WCAG's contrast ratio of two colours, each (3,) in 0 to 1."""
    low, high = sorted(map(luminance, (a, b)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour) -> float:
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]
