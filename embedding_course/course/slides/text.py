"""What of a text cell stands on a slide: heading, question, sentence to keep; the prose goes into the speaker's notes.

The lessons' style makes this possible: a question to the learner is bold, the sentence to keep is in italics.
"""
import html
import re
from dataclasses import dataclass

HEADING = re.compile(r"^#{1,6} +(.+?)(?: \((\d+ points?[^)]*)\))? *$", re.MULTILINE)
BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL)
ITALIC = re.compile(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])")
DECIDE = re.compile(r"Decide first:.*?(?=\n\n|$)", re.DOTALL)
ASKS = re.compile(r"\?|^Before you")
ENDS = ".:!?"
SHORTEST = 25   # characters: a shorter bold or italic piece is a word that is stressed


@dataclass(frozen=True)
class Part:
    """A stretch of a text cell under one heading, or before the first.

    title : "" before the first heading
    shown : Markdown for the slide, possibly ""
    prose : Markdown for the speaker's notes
    """
    title: str
    shown: str
    prose: str


def parts(source: str) -> list[Part]:
    """A text cell's stretches, in order; what stands before the first heading comes first, if there is anything."""
    heads = list(HEADING.finditer(source))
    begins, *ends = [*(head.start() for head in heads), len(source)]
    before = source[:begins].strip()
    found = [Part("", gist(before), before)] if before else []
    for head, end in zip(heads, ends, strict=True):
        prose = source[head.end():end].strip()
        shown = opening(prose) if head[0].startswith("# ") else task(prose, head[2]) if head[2] else gist(prose)
        found.append(Part(head[1], shown, prose))
    return found


def gist(prose: str) -> str:
    """The questions, what to decide first, and the sentences to keep, a paragraph each; tables as they are."""
    pieces = []
    for paragraph in prose.split("\n\n"):
        if paragraph.startswith("|"):
            pieces.append((0, paragraph))
            continue
        bold = [(match.start(), match[1], "question" if ASKS.search(match[1]) else "key")
                for match in BOLD.finditer(paragraph) if match[1][-1] in ENDS or ASKS.search(match[1])]
        decide = [(match.start(), match[0], "question") for match in DECIDE.finditer(paragraph)]
        rest = BOLD.sub(lambda match: " " * len(match[0]), paragraph)
        italic = [(match.start(), match[1], "key") for match in ITALIC.finditer(rest) if match[1][-1] in ENDS]
        found = sorted([*bold, *italic, *decide])
        pieces += [(at, framed(text, kind)) for at, text, kind in found if len(text) >= SHORTEST]
    return "\n\n".join(text for _, text in pieces)


def framed(text: str, kind: str) -> str:
    """A sentence as a paragraph of its own class; Markdown inside still counts."""
    text = " ".join(text.split()).rstrip(":")
    text = text if text[-1] in ".!?" else f"{text}."
    return f'<p class="{kind}">{inline(text[0].upper() + text[1:])}</p>'


def heading(title: str) -> str:
    """A slide's title; as HTML, since several slides may have the same and an id belongs to one."""
    return f"<h2>{inline(title)}</h2>"


def inline(text: str) -> str:
    """`code` and *stress* as HTML, since Markdown leaves the inside of an HTML block alone."""
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    return ITALIC.sub(r"<em>\1</em>", text)


def task(prose: str, price: str) -> str:
    """An exercise as a prompt: what to do, and what to decide first."""
    paragraphs = prose.split("\n\n")
    decide = DECIDE.search(prose)
    shown = [paragraphs[0].partition("Decide first:")[0].strip()]
    if decide:
        shown.append(framed(decide[0], "question"))
    else:
        shown += paragraphs[1:2]
    return "\n\n".join([f'<p class="price">{price}</p>', *shown])


def opening(prose: str) -> str:
    """The first slide: how long it takes, the learner's question, what you'll be able to do."""
    text, _, able = prose.partition("\n- ")
    price = BOLD.match(text)
    asked = re.search(r'"(.+)"', text, re.DOTALL)
    shown = [f'<p class="price">{inline(" ".join(price[1].split()))}</p>'] if price else []
    shown += [framed(asked[1], "question")] if asked else []
    shown += [f"When you are through, you can\n\n- {able}"] if able else []
    return "\n\n".join(shown)
