"""The page on which a reader takes training steps, and the same as a part of the first page."""
import shutil
from pathlib import Path

FOLDER = Path(__file__).parent / "step"
STILL = Path(__file__).parents[2] / "pictures" / "step.svg"   # what stands there where no script may run
PARTS = (FOLDER / "optimizers.js", FOLDER / "one-step.js", FOLDER / "one-step.css", STILL)


def widget(own_page: bool = False) -> str:
    """The widget's HTML, which names its scripts and its style under `_static`.

    own_page : it keeps its state in the page's address, and draws itself anew when that changes
    """
    html = (FOLDER / "widget.html").read_text(encoding="utf-8")
    return html.replace("data-one-step>", "data-one-step data-address>") if own_page else html


def write_step_page(pages: Path):
    """Lays `step.html` and what it needs into a site's folder."""
    for part in PARTS:
        shutil.copy(part, pages / "_static")
    page = (FOLDER / "page.html").read_text(encoding="utf-8")
    (pages / "step.html").write_text(page.replace("WIDGET", widget(own_page=True)), encoding="utf-8")
