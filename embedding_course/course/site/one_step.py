"""The page on which a reader takes training steps, and the same as a part of the first page."""
import shutil
from pathlib import Path

from .host import CARD

FOLDER = Path(__file__).parent / "step"
DRAWING = Path(__file__).parents[2] / "rows"   # the notebook's stepper draws with the same file
STILL = Path(__file__).parents[2] / "pictures" / "step.svg"   # what stands there where no script may run
PARTS = (DRAWING / "drawing.js", DRAWING / "drawing.css", FOLDER / "optimizers.js", FOLDER / "one-step.js",
         FOLDER / "one-step.css", STILL)
WHY = {"01-one-hot": "begins with this step", "04-training-loop": "takes it by hand",
       "05-which-rows-move": "breaks its rule"}

PREVIEW = """<meta property="og:url" content="{address}step.html">
<meta property="og:image" content="{address}_static/{card}">
<meta name="twitter:card" content="summary_large_image">
"""


def widget(own_page: bool = False) -> str:
    """The widget's HTML, which names its scripts and its style under `_static`.

    own_page : it keeps its state in the page's address, and draws itself anew when that changes
    """
    html = (FOLDER / "widget.html").read_text(encoding="utf-8")
    return html.replace("data-one-step>", "data-one-step data-address>") if own_page else html


def write_step_page(pages: Path, lessons: list[str], address: str = ""):
    """Lays `step.html` and what it needs into a site's folder.

    lessons : names of those that the site has; the page sends its reader on to them
    address : of the site, where it is known: previews of a link show its picture
    """
    for part in PARTS:
        shutil.copy(part, pages / "_static")
    links = [f'<a href="{name}.html">lesson {int(name[:2])}</a> {does}' for name, does in WHY.items() if name in lessons]
    why = f"<p>Why all this is so: {', '.join(links)}.</p>" if links else ""
    page = (FOLDER / "page.html").read_text(encoding="utf-8")
    preview = PREVIEW.format(address=address, card=CARD) if address else ""
    for mark, text in (("PREVIEW\n", preview), ("WIDGET", widget(own_page=True)), ("WHY", why)):
        page = page.replace(mark, text)
    (pages / "step.html").write_text(page, encoding="utf-8")
