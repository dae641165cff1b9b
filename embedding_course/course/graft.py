"""Lays a learner's answers and own cells on a release: for `course update`, and as the grader's intake.

The release gives the order, every cell of the lesson and all metadata. Of the hand-in only what the learner wrote is taken
over: answers, guesses, own cells, changes to the lesson's cells. Code keeps the order in which it ran for the learner.
"""
import ast
import copy
import re
import textwrap
import warnings
from typing import NamedTuple

from nbformat import NotebookNode, from_dict
from nbformat.corpus.words import generate_corpus_id

from .matching import Handed, Piece, Release, squeeze
from .names import MOST_READ, TOO_DEEP, defined, is_python, used

MOST_PIECES = 40              # cells into which one answer may be cut
MOST_JOINING = 2 * MOST_READ   # characters read to find what belongs together; honest hand-ins take a tenth
MAY_DEFINE = re.compile(r"\b(?:exec|eval|globals|setattr|get_ipython)\b|import \*|^[ \t]*[%!]", re.MULTILINE)
PREPARATIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Grafted(NamedTuple):
    """notebook : with the release's skeleton
    notes : what had to be mended or decided, for the learner; flags : those of them on which points may hang
    """
    notebook: NotebookNode
    notes: list[str]
    flags: list[str]


def graft(release, submitted) -> Grafted:
    """The learner's work laid on the release.

    release, submitted : nbformat notebooks, as `reading` gives them
    """
    answers = _Answers(Release(release), submitted)
    return Grafted(_laid(copy.deepcopy(release), answers), answers.notes, answers.flags)


def answers_in(release, submitted) -> dict[str, str]:
    """The answers, written ones too, that a hand-in has begun: grade id to text, without blanks at line ends."""
    release = Release(release)
    return {slot: squeeze(text) for slot, text in _Answers(release, submitted).texts.items() if not release.is_guess(slot)}


class _Answers:
    """Finds each answer's text among the pieces of a hand-in.

    texts : by slot, where it is begun; chosen : positions of the pieces that became a slot's text, and that slot
    at, begun : by slot, positions of all cells with its id, and of those that hold more than a released text
    elsewhere : by slot, a remark that stands in its cell because the answer stays in another one
    pictures : by slot, the attachments of a written answer
    """

    def __init__(self, release: Release, submitted):
        self.release, self.handed = release, Handed(release, submitted)
        self.pieces, self.notes, self.flags = self.handed.pieces, [], []
        self.texts, self.chosen, self.elsewhere, self.pictures = {}, {}, {}, {}
        self._reading = MOST_JOINING
        self.at, self.begun = ({slot: [] for slot in release.slots} for _ in range(2))
        for position, piece in enumerate(self.pieces):
            if piece.place in self.at:
                self.at[piece.place].append(position)
                if piece.source.strip() and not self.handed.is_released(piece.source):
                    self.begun[piece.place].append(position)
        named = [slot for slot in release.slots if release.name(slot)]
        for slot in named:
            self._by_metadata(slot)
        for slot in named:
            if slot not in self.texts:
                self._by_definition(slot)
        for slot in release.slots:
            if slot not in named:
                self._without_a_name(slot)
        self.notes += [f"{key}: the locked cell was missing or changed and is back" for key in self.handed.lost_checks()]
        self.notes += self.handed.notes

    def joined(self, positions) -> str:
        return "\n\n".join(self.pieces[i].source for i in positions)

    def limit(self, slot) -> int:
        """The position at which an answer's check stands, or what follows it."""
        check = self.release.check(slot)
        return next((at for at, index in self.handed.inline.items() if index >= check), len(self.pieces))

    def _take(self, slot, positions):
        self.texts[slot] = self.joined(positions)
        self.chosen |= dict.fromkeys(positions, slot)
        if len(positions) > 1:
            self._say(slot, "your answer stood in several cells; they were joined in their order")
            return
        kind, wanted = self.pieces[positions[0]].cell_type, self.release.cells[slot].cell_type
        if kind != wanted:
            self._say(slot, f"your answer's cell had become a {kind} cell; it counts as {wanted} again")

    def _say(self, slot, text, flag=False):
        self.notes.append(f"{slot}: {text}")
        self.flags += [f"{slot}: {text}"] if flag else []

    def _by_metadata(self, slot):
        """The answer among the cells with its id: as at home, the last one above its check that defines it."""
        begun = self.begun[slot]
        if not begun:
            return
        name, limit = self.release.name(slot), self.limit(slot)
        groups = self._groups(slot, [i for i in begun if self.pieces[i].cell_type == "code"] or begun)
        defining = [group for group in groups if name in defined(self.joined(group))]
        sure = {group[0] for group in defining}
        tried = [group for group in groups if group[0] in sure or _begins(name, self.joined(group))]
        ranked = [[group for group in some if group[0] < limit] for some in (defining, tried)] + [defining, groups]
        group = next(filter(None, ranked))[-1]
        self._take(slot, group)
        others = [other for other in tried if squeeze(self.joined(other)) != squeeze(self.texts[slot])]
        if others:
            self._say(slot, "several cells hold an answer; the last above its check counts, the others are kept as own",
                      flag=any(other[0] > limit for other in others))

    def _by_definition(self, slot):
        """The answer where no cell with its id is begun: in a cell that defines what it should."""
        name, limit = self.release.name(slot), self.limit(slot)
        free = [i for i, piece in enumerate(self.pieces) if i not in self.chosen and i not in self.handed.inline
                and name in piece.source and not self.handed.is_released(piece.source)]
        code = [i for i in free if self.pieces[i].cell_type == "code"]
        groups = self._groups(slot, [i for i in code if _begins(name, self.pieces[i].source)
                                     or name in defined(self.pieces[i].source)])
        defining = [group for group in groups if name in defined(self.joined(group))]
        above = [group for group in defining if group[0] < limit]
        if above:
            self._own_cell(slot, above[-1])
        elif self._hosted(slot, name):
            return
        elif left := defining or groups or self._as_text(name, free):
            self._own_cell(slot, left[0])
        elif not self.at[slot]:
            self._say(slot, "your answer's cell was not in the notebook")
            if any(self._may_define(name, piece) for piece in self.pieces[:limit]):
                self.elsewhere[slot] = f"# The cell of {name} was not in the notebook; another cell may define it."

    def _as_text(self, name, free):
        """Definitions that became Markdown."""
        texts = [(i, self.pieces[i].source) for i in free if self.pieces[i].cell_type != "code"]
        return [[i] for i, text in texts if _begins(name, text) and is_python(text)]

    def _own_cell(self, slot, group):
        """Takes cells that carry no id of this answer."""
        first, index = group[0], self.release.index
        home = self.at[slot][0] if self.at[slot] else next(
            (at for at, place in self.handed.inline.items() if place > index[slot]), len(self.pieces))
        passed = [at for at in (*self.handed.inline, *self.chosen) if first < at < home]
        if not passed:   # nothing of the lesson stands between
            self._take(slot, group)
        else:   # others may need what it defines where it stands: it stays
            self.texts[slot] = self.joined(group)
            above = [self.release.cells[self.pieces[at].place] for at in self.handed.inline if at < first]
            if any(cell.cell_type == "code" for cell in above):
                self.elsewhere[slot] = "# This answer stands in a cell of your own, further up."
        if self.at[slot]:   # the stub was left
            self._say(slot, "your answer stood in another cell than its own; it counts", flag=first > self.limit(slot))

    def _hosted(self, slot, name):
        """An answer that stands in another answer's cell: once, unless its check comes first."""
        host = next((host for host, text in self.texts.items() if host not in self.elsewhere and name in text
                     and self.release.name(host) and name in defined(text)), None)
        if host is None:
            return False
        self.texts[slot] = self.texts[host]
        if self.release.index[host] < self.release.index[slot]:
            self.elsewhere[slot] = f"# This answer stands in the cell of {host}."
        self._say(slot, f"your answer stood in the cell of {host}; it counts")
        return True

    def _may_define(self, name, piece):
        """Whether a cell may define a name, though its text doesn't tell."""
        return piece.cell_type == "code" and MAY_DEFINE.search(piece.source) and (
            name in piece.source or "import *" in piece.source or "%run" in piece.source)

    def _without_a_name(self, slot):
        """A guess: the last one. A written answer: all its cells; or where none is begun, what stands in its place."""
        begun, kind = self.begun[slot], self.release.cells[slot].cell_type
        if not begun and (kind == "markdown" or not self.at[slot]):
            begun = self._in_the_gap(slot, kind)
        if kind == "code":
            begun = [i for i in begun if self.pieces[i].cell_type == kind][-1:] or begun[-1:]
        begun = list({squeeze(self.pieces[i].source): i for i in reversed(begun)}.values())[::-1]
        if begun:
            self._take(slot, begun)
            self.texts[slot], self.pictures[slot] = _with_pictures([self.pieces[i] for i in begun])
        elif not self.at[slot]:
            self._say(slot, "your answer's cell was not in the notebook")

    def _in_the_gap(self, slot, kind):
        """Own cells of a kind between what stands before a slot in the lesson and what stands after it."""
        index, inline = self.release.index[slot], self.handed.inline
        start = max((at for at, place in inline.items() if place == index - 1), default=None)
        end = min((at for at, place in inline.items() if place > index), default=len(self.pieces))
        if start is None:
            return []
        return [i for i in range(start + 1, end) if self.pieces[i].place is None and self.pieces[i].cell_type == kind
                and i not in self.chosen and self.pieces[i].source.strip()]

    def _groups(self, slot, starts):
        """Positions of the cells that make up each definition: one, or those into which it was cut."""
        groups, taken = [], set()
        for start in starts:
            if start not in taken:
                groups.append([start, *self._rest(slot, start)])
                taken |= set(groups[-1])
        for before, group in list(zip(groups, groups[1:], strict=False)):
            marked = self.pieces[before[0]].place == self.pieces[group[0]].place == slot
            self._reading -= sum(len(self.pieces[i].source) for i in before)
            if marked and before[-1] + 1 == group[0] and self._reading > 0 and _prepares(
                    self.joined(before), self.release.name(slot)):
                group[:0] = before
                groups.remove(before)
        return groups

    def _rest(self, slot, start):
        """The cells after one that go on with the definition begun in it."""
        text, rest, open_ = self.pieces[start].source, [], []
        for position in range(start + 1, min(start + MOST_PIECES, len(self.pieces))):
            piece = self.pieces[position]
            self._reading -= len(text) + len(piece.source)
            free = piece.cell_type == "code" and piece.place in (slot, None) and position not in self.chosen
            if not free or self._reading < 0 or self.handed.is_released(piece.source):
                break
            whole = "\n".join([text, *(self.pieces[i].source for i in open_), piece.source])
            if _is_rest(piece.source, text, whole):
                rest += [*open_, position]
                text, open_ = whole, []
            elif is_python(text):
                break
            else:
                open_.append(position)
        return rest


def _is_rest(text, begun, whole):
    """Whether a text goes on with a definition that was begun: together they are Python, and it can't stand alone.

    Lines copied out of a function, to try them, stand alone: above them the function ends in its `return`.
    """
    first = next((line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")), "")
    if not first or not is_python(whole):
        return False
    if not is_python(begun) or not is_python(textwrap.dedent(text)):
        return True
    return first[0] in " \t" and (first.lstrip().startswith(("def ", "class ", "async ", "@")) or not _ends(begun))


def _ends(text):
    """Whether the last definition of a text ends in `return` or `raise`, as far as it can be read."""
    body = _statements(text)
    while body and isinstance(body[-1], (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        body = body[-1].body
    return not body or isinstance(body[-1], (ast.Return, ast.Raise))


def _prepares(text, name):
    """Whether a text only imports and defines what an answer below it may need."""
    body = _statements(text)
    return body is not None and name not in defined(text) and all(isinstance(one, PREPARATIONS) for one in body)


def _statements(text):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text).body if len(text) <= MOST_READ else None
    except (SyntaxError, ValueError, *TOO_DEEP):
        return None


def _begins(name, text):
    """Whether a line of a text begins a definition of a name, whatever follows."""
    return re.search(rf"^(?:(?:async )?def|class) +{name}\b", text, re.MULTILINE) is not None


def _with_pictures(pieces):
    """The text of a written answer and its pictures; one whose name another cell uses too gets a name of its own."""
    texts, pictures = [], {}
    for piece in pieces:
        text = piece.source
        for name, picture in piece.attachments.items():
            new = name if pictures.get(name, picture) == picture else f"{len(pictures)}-{name}"
            text = text.replace(f"attachment:{name}", f"attachment:{new}")
            pictures[new] = picture
        texts.append(text)
    return "\n\n".join(texts), pictures


def _laid(result, answers: _Answers):
    """The release's cells with the answers in them, and the learner's own cells where they stood."""
    release, own = answers.release, _own(answers)
    present = {answers.pieces[at].place for at in answers.handed.inline}
    cells, waiting = [], own.pop(None, [])
    for cell in result.cells:
        key = cell.get("id")
        if key in release.slots or key in release.locked or key in present:
            cells += waiting
            waiting = []   # else the lesson's cell was taken out or changed: it comes first
        if key in release.slots:
            cells += [_cell(Piece(answers.texts[later])) for later in _needed_before(key, answers)]
            _fill(cell, answers)
        cells.append(cell)
        waiting += own.pop(key, [])
    result.cells = cells + waiting
    return result


def _own(answers):
    """The learner's own cells, by the key of the cell that they follow."""
    pieces, inline, release = answers.pieces, answers.handed.inline, answers.release
    own, anchor, ahead = {}, None, list(inline.values())
    for at, piece in enumerate(pieces):
        slot = answers.chosen.get(at)
        if at in inline:
            anchor = piece.place
            ahead.pop(0)
        elif slot is not None:   # what follows an answer that moves up comes along
            anchor = slot if not ahead or release.index[slot] <= ahead[0] else anchor
        elif piece.place is None or (at in answers.begun[piece.place]
                                     and squeeze(piece.source) != squeeze(answers.texts.get(piece.place, ""))):
            own.setdefault(anchor, []).append(_cell(piece))
    return own


def _needed_before(slot, answers):
    """Later exercises whose answers stood above this one, which uses them."""
    index, wanted = answers.release.index, used(answers.texts.get(slot, ""))
    first = {taker: at for at, taker in reversed(answers.chosen.items())}
    return [later for later in first if index[later] > index[slot] and answers.release.name(later) in wanted
            and first[later] < answers.limit(slot)]


def _fill(slot, answers):
    """Puts an answer into its cell, with its pictures."""
    key = slot.get("id")
    if key in answers.texts or key in answers.elsewhere:
        slot.source = answers.elsewhere.get(key) or answers.texts[key]
        slot.pop("attachments", None)
        if answers.pictures.get(key):
            slot["attachments"] = from_dict(answers.pictures[key])


def _cell(piece):
    """A cell of the learner's own: text and pictures, without metadata or outputs."""
    cell = {"cell_type": piece.cell_type, "id": generate_corpus_id(), "metadata": {}, "source": piece.source}
    if piece.cell_type == "code":
        cell |= {"outputs": [], "execution_count": None}
    elif piece.attachments:
        cell["attachments"] = piece.attachments
    return from_dict(cell)
