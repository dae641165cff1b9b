"""Which cell of the release each cell of a hand-in is, by metadata, id or text, and what the learner added to it."""
import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass, field

from .names import defined


@dataclass(eq=False)
class Piece:
    """A cell of a hand-in, or the part of one that the learner added to a lesson's cell.

    place : key of the release's cell that it is, or None for one of the learner's own
    """
    source: str
    cell_type: str = "code"
    attachments: dict = field(default_factory=dict)
    place: str | None = None


def squeeze(text: str) -> str:
    """A text without what nobody sees: blank lines around it, blanks at line ends."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def mark(text: str) -> str:
    """A short mark of a released text. A release carries those of all its cells, so that a copy made from it still tells
    what its learner changed when the release has gone on."""
    return hashlib.sha256(squeeze(text).encode(errors="replace")).hexdigest()[:8]


class Release:
    """A released notebook, looked up by key (a cell's id): its cells, their order, and those that a learner fills."""

    def __init__(self, notebook):
        self.cells = {cell.get("id"): cell for cell in notebook.cells}
        self.index = {key: position for position, key in enumerate(self.cells)}
        self.keys = list(self.cells)
        self.slots = {key: cell for key, cell in self.cells.items() if _is_mine(cell)}
        self.locked = {key for key, cell in self.cells.items() if cell.metadata.get("nbgrader", {}).get("locked")}
        self.texts = {squeeze(cell.source) for cell in notebook.cells}
        self.stamp = notebook.metadata.get("embedding_course", {}).get("release")

    def name(self, slot: str) -> str | None:
        """What an answer's stub defines; None for guesses and written answers."""
        cell = self.slots[slot]
        found = re.search(r"^(?:def|class) (\w+)", cell.source, re.MULTILINE) if cell.cell_type == "code" else None
        return found and found[1]

    def is_guess(self, slot: str) -> bool:
        return "guess" in self.slots[slot].metadata.get("embedding_course", {})

    def check(self, slot: str) -> int:
        """The position of an answer's check; where it has none, behind all cells."""
        return self.index.get(f"check-{slot}", len(self.keys))


def _is_mine(cell):
    """Whether a cell's text belongs to the learner: an answer, a written one, or a guess."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution") or "guess" in cell.metadata.get("embedding_course", {}))


class Handed:
    """A hand-in laid beside a release.

    pieces : in the hand-in's order; the text of a lesson's cell among them is the release's, additions are the learner's
    inline : positions of the pieces that are a lesson's cells and stand in the release's order
    notes : what happened to changed cells of the lesson
    """

    def __init__(self, release: Release, notebook):
        self.release, self.notes, self.inline, self.pieces, self._checks = release, [], {}, [], set()
        said = notebook.metadata.get("embedding_course")
        said = said if isinstance(said, dict) else {}
        marks = said.get("texts")
        self._marks = set(marks.split()) if isinstance(marks, str) else set()
        stamp = said.get("release")
        self._origin_known = bool(self._marks) or not isinstance(stamp, str) or stamp == release.stamp
        self._lesson_names = None
        places = self._places(notebook.cells)
        in_order = _rising([(position, release.index[place]) for position, place in enumerate(places)
                            if place is not None and place not in release.slots])
        reached = -1
        for position, (cell, place) in enumerate(zip(notebook.cells, places, strict=True)):
            own = Piece(cell.source, cell.cell_type, dict(cell.get("attachments", {})))
            if place in release.slots:
                own.place = place
                self.pieces.append(own)
            elif place is None:
                self.pieces.append(own)
            else:
                inline = position in in_order
                self._lesson_cell(own, place, inline, reached)
                reached = release.index[place] if inline else reached

    def is_released(self, text: str) -> bool:
        """Whether a text is nothing but a cell of this release, or of the one that the copy was made from."""
        return squeeze(text) in self.release.texts or mark(text) in self._marks

    def lost_checks(self) -> list[str]:
        """Keys of locked cells whose text no code cell holds, alone or beside lines of the learner's."""
        return [key for key in self.release.cells if key in self.release.locked - self._checks]

    def _places(self, cells):
        release = self.release
        by_grade_id = {cell.metadata["nbgrader"]["grade_id"]: key for key, cell in release.cells.items()
                       if "nbgrader" in cell.metadata}
        by_text, by_words = {}, {}
        for key, cell in release.cells.items():
            by_text.setdefault(squeeze(cell.source), key)
            for paragraph in _paragraphs(cell.source) if cell.cell_type == "markdown" else []:
                for block in (paragraph, *_items(paragraph)):
                    by_words.setdefault(_bare(block), key)
        self._words = by_words
        return [self._place(cell, by_grade_id, by_text) for cell in cells]

    def _place(self, cell, by_grade_id, by_text):
        """By grade id, by id and text, by text, by id alone (programs number them anew), by the paragraphs of a text."""
        metadata = cell.metadata if isinstance(cell.metadata, dict) else {}
        grading, text, own_id = metadata.get("nbgrader"), squeeze(cell.source), cell.get("id")
        grade_id = grading.get("grade_id") if isinstance(grading, dict) else None
        if isinstance(grade_id, str) and grade_id in by_grade_id:
            return by_grade_id[grade_id]
        known = self.release.cells.get(own_id) if isinstance(own_id, str) else None
        if text in by_text and (known is None or squeeze(known.source) != text):
            return by_text[text]
        if known is not None:
            return own_id
        pieces = self._known(cell.source) if cell.cell_type == "markdown" else [None]
        return None if None in pieces or not pieces else min(pieces, key=self.release.index.get)

    def _known(self, text):
        """For each paragraph or item of a text the key of the release's text that holds it, or None."""
        return [self._words.get(_bare(block)) for paragraph in _paragraphs(text)
                for block in ([paragraph] if _bare(paragraph) in self._words else _items(paragraph))]

    def _lesson_cell(self, own, place, inline, reached):
        """The pieces of a cell that is the lesson's: what the learner added to it becomes an own one."""
        kept = Piece("", place=place)
        if self.is_released(own.source) or (
                own.cell_type == "markdown" and None not in self._known(own.source)):
            self._checks |= {place} if own.cell_type == "code" and self.is_released(own.source) else set()
            if inline:
                self._add_lesson(kept)
            elif own.cell_type == "code" and self.release.index[place] > reached:
                self.pieces.append(own)   # copied, or moved, to where it is needed; further down it has run already
            return
        if not inline:   # an own cell with a lesson's id
            self.pieces.append(own)
            return
        if not self._origin_known and not self._adds_names(own):
            self._add_lesson(kept)
            self.notes.append(f"{place}: it differed from this release's cell, which stands there again")
            return
        around = _added(self.release.cells[place].source, own.source)
        self._checks |= {place} if around else set()
        above, below = around or ((own.source, "") if place in self.release.locked else ("", own.source))
        parts = [Piece(above, own.cell_type), kept, Piece(below, own.cell_type)]
        parts[0 if above.strip() else 2].attachments = own.attachments
        for part in parts:
            if part is kept:
                self._add_lesson(kept)
            elif part.source.strip():
                self.pieces.append(part)
        self.notes.append(f"{place}: you changed this cell of the lesson; what you wrote is kept, apart from it")

    def _add_lesson(self, piece):
        self.inline[len(self.pieces)] = self.release.index[piece.place]
        self.pieces.append(piece)

    def _adds_names(self, own):
        """Whether a cell of unknown origin defines what no cell of this release does: then it is no older text only."""
        if self._lesson_names is None:
            self._lesson_names = set().union(*(defined(cell.source) for cell in self.release.cells.values()
                                               if cell.cell_type == "code"))
        return own.cell_type == "code" and bool(defined(own.source) - self._lesson_names)


def _added(released, text):
    """What stands above and below a released text in a cell; None where it isn't there in one piece."""
    lines, text_lines = squeeze(released).split("\n"), squeeze(text).split("\n")
    count = len(lines)
    starts = (0, len(text_lines) - count) if count > 1 else range(len(text_lines))
    start = next((at for at in starts if at >= 0 and text_lines[at:at + count] == lines), None)
    if start is None or text_lines[0].startswith("%%"):
        return None
    rest = text_lines[start + count:]
    if next(iter(filter(str.strip, rest)), "x")[0] in " \t":   # goes on with the released text's last lines
        return None
    return "\n".join(text_lines[:start]), "\n".join(rest)


def _paragraphs(text):
    return [block for block in re.split(r"\n[ \t]*\n", text) if _bare(block)]


def _items(paragraph):
    """A list's items, or a heading and what follows it."""
    return [item for item in re.split(r"\n(?=[ \t]*(?:[-*+#|]|\d+[.)])[ \t|])", paragraph) if _bare(item)]


def _bare(text):
    """A text's letters alone: programs that split texts into blocks change the rest."""
    return re.sub(r"[\W_]+", "", text)


def _rising(pairs):
    """Positions of a longest rising chain among (position, value) pairs, equals allowed: what stands in its order."""
    tails, values, before, chain = [], [], {}, set()
    for position, value in pairs:
        at = bisect_right(values, value)
        before[position] = tails[at - 1] if at else None
        tails[at:at + 1], values[at:at + 1] = [position], [value]
    position = tails[-1] if tails else None
    while position is not None:
        chain.add(position)
        position = before[position]
    return chain
