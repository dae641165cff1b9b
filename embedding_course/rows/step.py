"""An embedding table around one step of an optimizer, and what one may ask about it."""
from dataclasses import dataclass

import torch
from torch import Tensor

from .table import step_as_html
from .text import step_as_text
from .why import Facts, reasons

FEW = 20   # a table with up to this many rows is shown whole


@dataclass(frozen=True)
class Row:
    """One row of the table around one step.

    before, after, change : (dim,)
    distance : Euclidean length of the change
    times : how often the step looked the row up
    why : list of (reason, words) if it moved, else empty; see `why.py`
    still : if it was looked up and did not move: the reason, in words
    """
    name: str
    before: Tensor
    after: Tensor
    change: Tensor
    distance: float
    times: int
    moved: bool
    why: list
    still: str


@dataclass(frozen=True, eq=False, repr=False)
class Step:
    """An embedding table around one step. All tensors are copies: later training leaves them alone.

    table : what the table is called, "" if there is only one
    names : level names, one a row of the table
    number : steps are counted from 1
    optimizer : its class, in words
    loss : float or None
    codes : int64 (n,), what the step looked up, repeats and all
    moved_codes, moved_distances : (moved,), which rows moved, if only by one bit, and how far
    kept : int64 (kept,), the rows whose numbers are kept: all of a table with up to 1000; of a larger one those looked
        up, those followed and those that moved most
    before, after : (kept, dim)
    facts : Facts about the kept rows
    still : why no looked-up row could move at all, or ""
    hidden : whether the optimizer has a memory that can't be read by rows
    notices : sentences on what is easily overlooked
    most : how many rows of a large table are shown
    followed : names that are shown whatever happens
    """
    table: str
    names: tuple
    number: int
    optimizer: str
    loss: float | None
    codes: Tensor
    moved_codes: Tensor
    moved_distances: Tensor
    kept: Tensor
    before: Tensor
    after: Tensor
    facts: Facts
    still: str
    hidden: bool
    notices: tuple
    most: int
    followed: tuple

    def moved(self):
        """Names of the rows that changed, if only by one bit."""
        return {self.names[code] for code in self.moved_codes.tolist()}

    def looked_up(self):
        """How often each level was looked up: {name: times}, in the table's order."""
        codes, times = self.codes.unique(return_counts=True)
        return {self.names[code]: n for code, n in zip(codes.tolist(), times.tolist(), strict=True)}

    def distances(self):
        """How far each level's row moved: {name: Euclidean length of the change}, all levels."""
        far = dict.fromkeys(self.names, 0.0)
        moved = zip(self.moved_codes.tolist(), self.moved_distances.tolist(), strict=True)
        return far | {self.names[code]: distance for code, distance in moved}

    def row(self, name):
        """One level's row. Raises KeyError for a level whose numbers were not kept."""
        code = self.names.index(name) if name in self.names else -1
        position = (self.kept == code).nonzero().flatten().tolist()
        if not position:
            raise KeyError(f"no numbers of {name!r} in this step; watch(…, follow=[{name!r}]) keeps them")
        return self._row(position[0])

    def rows(self):
        """The rows to show: a small table whole, in its order; of a large one those followed, then the `most` that
        moved furthest."""
        if len(self.names) <= FEW:
            return [self._row(i) for i in range(len(self.kept))]
        followed = [self.row(name) for name in self.followed]
        far = torch.topk(self.moved_distances, min(self.most, len(self.moved_codes))).indices
        names = [self.names[code] for code in self.moved_codes[far].tolist()]
        return followed + [self.row(name) for name in names if name not in self.followed]

    def _row(self, i):
        code = int(self.kept[i])
        change = self.after[i] - self.before[i]
        times = int((self.codes == code).sum())
        moved = bool((self.moved_codes == code).any())
        return Row(
            name=self.names[code], before=self.before[i], after=self.after[i], change=change,
            distance=float(change.norm()), times=times, moved=moved,
            why=reasons(self.facts, i, times, self.hidden) if moved else [],
            still=self._still(i) if times and not moved else "")

    def _still(self, i):
        too_little = "the step was too small to change a bit" if self.facts.gradient[i] else "its gradient is zero"
        return f"looked up, but {self.still or too_little}"

    def __repr__(self):
        return step_as_text(self)

    def _repr_html_(self):
        return step_as_html(self)
