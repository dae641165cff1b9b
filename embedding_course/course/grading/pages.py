"""Text cells of strangers as HTML that can't act: for feedback pages and Formgrader, by `grader_config.py`."""
import re

import bleach
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from .outputs import TABLE

TAGS = TABLE | {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "a", "img", "blockquote", "hr", "del", "sup", "sub"}


@pass_context
def markdown2html(context, source: str) -> str:
    """nbconvert's filter of this name, without raw HTML, scripts, or pictures from elsewhere.

    A picture that is named but not attached leaves its name behind, and no error.
    """
    cell = context.get("cell", {})
    attachments = cell.get("attachments", {}) if isinstance(cell.get("attachments", {}), dict) else {}
    source = re.sub(r"attachment:([^)\s\"'>]+)", lambda m: m[0] if m[1] in attachments else f"lost-{m[1]}", source)
    renderer = IPythonRenderer(escape=True, attachments=attachments, embed_images=False, path="", anchor_link_text="¶")
    html = MarkdownWithMath(renderer=renderer).render(source)
    return bleach.clean(html, tags=TAGS, attributes=_allowed, protocols={"http", "https", "mailto", "data"}, strip=True)


def _allowed(tag, name, value) -> bool:
    if (tag, name) == ("img", "src"):
        return value.startswith("data:image/")
    if (tag, name) == ("a", "href"):
        return value.startswith(("http://", "https://", "mailto:", "#"))
    return name in ("class", "id", "title", "alt")
