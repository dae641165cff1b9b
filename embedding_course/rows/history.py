"""Every step that was watched, in order: what plots and animations are made from."""
from collections.abc import Sequence

import torch

BYTES = 256 * 2**20   # a history forgets its oldest steps when it grows beyond this


class History(Sequence):
    """The steps of one table. `history[-1]`, `len(history)`, `for step in history` work as with a list.

    names : level names, one a row of the table
    forgotten : how many of the oldest steps were dropped, to stay within 256 MB
    """

    def __init__(self, names, steps=()):
        self.names = tuple(names)
        self.forgotten = 0
        self._steps = []
        self._bytes = 0
        for step in steps:
            self.append(step)

    def append(self, step):
        """Add a step; forget the oldest ones if there are too many numbers."""
        self._steps.append(step)
        self._bytes += size(step)
        while self._bytes > BYTES and len(self._steps) > 1:
            self._bytes -= size(self._steps.pop(0))
            self.forgotten += 1

    def losses(self):
        """The loss of each step, None where it was not given."""
        return [step.loss for step in self]

    def distances(self, names=None):
        """How far each row moved in each step, 0 for not at all: float (steps, levels)."""
        return self._per_level(lambda step: (step.moved_codes, step.moved_distances), torch.float32, names)

    def moved(self, names=None):
        """Whether each row moved in each step, if only by one bit: bool (steps, levels)."""
        return self._per_level(lambda step: (step.moved_codes, True), torch.bool, names)

    def times(self, names=None):
        """How often each level was looked up in each step: int64 (steps, levels)."""
        return self._per_level(lambda step: step.codes.unique(return_counts=True), torch.int64, names)

    def most_moved(self, k):
        """Names of the k rows that moved furthest over all steps together, in the table's order."""
        total = torch.zeros(len(self.names))
        for step in self:
            total.index_add_(0, step.moved_codes, step.moved_distances.float())
        return [self.names[code] for code in sorted(total.topk(min(k, len(total))).indices.tolist())]

    def _per_level(self, entries, dtype, names):
        columns = slice(None) if names is None else [self.names.index(name) for name in names]
        lines = []
        for step in self:
            codes, values = entries(step)
            line = torch.zeros(len(self.names), dtype=dtype)
            line[codes] = values if isinstance(values, bool) else values.to(dtype)
            lines.append(line[columns])
        return torch.stack(lines) if lines else torch.zeros(0, len(names or self.names), dtype=dtype)

    def __len__(self):
        return len(self._steps)

    def __getitem__(self, index):
        """A step, or for a slice a History of these steps."""
        found = self._steps[index]
        return History(self.names, found) if isinstance(index, slice) else found

    def __repr__(self):
        forgotten = f", the first {self.forgotten} forgotten" if self.forgotten else ""
        return f"History of {len(self)} steps of a table with {len(self.names):,} levels{forgotten}"


def size(step):
    """Bytes of a step's tensors, nearly."""
    tensors = (step.codes, step.moved_codes, step.moved_distances, step.kept, step.before, step.after)
    return sum(tensor.nbytes for tensor in tensors)
