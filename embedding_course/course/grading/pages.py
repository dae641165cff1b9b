"""Text cells of strangers as HTML that can't act: for feedback pages and Formgrader, by `grader_config.py`."""
import html
from functools import cache

import nh3
from jinja2 import pass_context
from markdown_it import MarkdownIt
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from .outputs import TABLE

TAGS = TABLE | {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "a", "img", "blockquote", "hr", "del", "sup", "sub"}
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "code": {"class"}, "ol": {"start"}}
LONGEST, MOST_BRACKETS = 20_000, 300   # what is longer is no answer in words; each bracket is searched for its partner


@pass_context
def markdown2html(context, source: str) -> str:
    """nbconvert's filter of this name, without raw HTML, scripts, or pictures from elsewhere.

    A picture that is named but not attached leaves its name behind, and no error. Formulas stay as they are, for MathJax.
    A text too long to be read as Markdown in good time is shown as it is.
    """
    if len(source) > LONGEST or source.count("[") > MOST_BRACKETS:
        return f"<pre>{html.escape(source[:LONGEST])}{' …' if len(source) > LONGEST else ''}</pre>"
    attachments = context.get("cell", {}).get("attachments", {})
    tokens = _parser().parse(source)
    for token in tokens:
        for child in token.children or []:
            if child.type == "image":
                child.attrs["src"] = _picture(str(child.attrs["src"]), attachments)
    made = _parser().renderer.render(tokens, _parser().options, {})
    return nh3.clean(made, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto", "data"},
                     attribute_filter=_allowed, link_rel=None)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    dollarmath_plugin(parser, allow_labels=False, double_inline=True)
    amsmath_plugin(parser)
    for kind, mark in (("math_inline", "$"), ("math_inline_double", "$$"), ("math_block", "$$"), ("amsmath", "")):
        parser.add_render_rule(kind, _formula(mark))
    parser.validateLink = lambda url: True   # what a page may lead to, `_allowed` says
    return parser


def _formula(mark):
    return lambda self, tokens, number, options, env: f"{mark}{html.escape(tokens[number].content)}{mark}"


def _picture(source, attachments) -> str:
    """An attached picture as a data address; the name alone of one that isn't there."""
    name = source.removeprefix("attachment:")
    found = attachments.get(name) if isinstance(attachments, dict) and name != source else None
    for mime, data in found.items() if isinstance(found, dict) else ():
        if mime in ("image/png", "image/jpeg", "image/gif") and isinstance(data, str):
            return f"data:{mime};base64,{data}"
    return source if source.startswith("data:image/") else ""


def _allowed(tag, name, value):
    if (tag, name) == ("img", "src"):
        return value if value.startswith("data:image/") else None
    if (tag, name) == ("a", "href"):
        return value if value.startswith(("http://", "https://", "mailto:", "#")) else None
    return value
