"""One table under watch: a copy of it, the codes looked up since the last step, and a Step when the optimizer is done.

The table is copied once. After each step it is compared with the copy, bit by bit, and the copy catches up.
Nothing here writes to anything that training reads, and no random number is drawn.

A short cut, for tables with more than 1000 rows: where the optimizer can write to no rows but those with a gradient
(`candidates` in facts.py), only these are compared; unless torch's count of in-place writes shows another one since the
last step. A write through `.data`, which torch doesn't count, is then seen when its row next has a gradient.
"""
from collections import Counter

import torch
from torch import Tensor, nn

from .bits import lengths_of_change, room_for, rows_that_differ
from .facts import candidates, gather, hides_memory, memories, remembers
from .notices import notices, stands_still
from .step import Step

WHOLE = 1000   # a table with up to this many rows is kept whole in each Step
NO_ROWS = torch.zeros(0, dtype=torch.int64)


def version(weight) -> int | None:
    """torch's count of writes to a tensor; where this torch doesn't tell, rows are compared instead."""
    return getattr(weight, "_version", None)


class Watched:
    """One table under watch.

    table : nn.Embedding, nn.EmbeddingBag or another module with a `weight` (levels, dim) and codes as its first
        argument; or the parameter itself, whose codes are then given by hand
    names : level names, one a row, all different; None for "0", "1", …
    title : what the table is called
    most : how many rows of a large table are shown
    follow : names of rows that are shown whatever happens, where the table has them
    """

    def __init__(self, table, names=None, title="", most=10, follow=()):
        self.module = table if isinstance(table, nn.Module) else None
        self.weight = getattr(table, "weight", None) if self.module is not None else table
        self.names = checked_names(self.weight, names)
        self.title, self.most = title, most
        self.follow = tuple(name for name in follow if name in self.names)
        self.followed = torch.tensor([self.names.index(name) for name in self.follow], dtype=torch.int64)
        self.levels = len(self.names)
        self.last_seen = torch.zeros(self.levels, dtype=torch.int64)
        self.copy_table()
        self.start_step()

    def copy_table(self):
        """Remember the whole table as it is now."""
        self.copy = self.weight.detach().clone(memory_format=torch.contiguous_format)
        self.room = room_for(self.copy)
        self.version = version(self.weight)

    def start_step(self):
        """Forget what belonged to the step before."""
        self.looked_up, self.only_read = [], []     # codes of lookups with, and without, a gradient to follow
        self.backward_seen = False
        self.carried = NO_ROWS                      # rows whose gradient was there before backward began
        self.outside = NO_ROWS                      # rows that had changed before the optimizer began
        self.untouched = True                       # no code of torch wrote to the table since the last step
        self.started_anew = False
        self.grad = None                            # the gradient that the optimizer found, coalesced if sparse

    # while the model runs

    def saw_lookup(self, codes):
        """Note the codes of a forward pass; those under no_grad matter for max_norm alone."""
        if isinstance(codes, Tensor) and not codes.is_floating_point():
            (self.looked_up if torch.is_grad_enabled() else self.only_read).append(codes.detach().flatten().clone())

    @torch.no_grad()
    def saw_backward(self):
        """At the first gradient of a step: is there one already, left over from the step before?"""
        grad = self.weight.grad
        if not self.backward_seen and grad is not None:
            grad = grad.coalesce() if grad.is_sparse else grad
            self.carried = grad.indices()[0] if grad.is_sparse else rows_that_differ(grad, 0, self.room)
        self.backward_seen = True

    def codes(self):
        """int64 (n,): all codes looked up since the last step."""
        return torch.cat([codes.cpu().long() for codes in self.looked_up]) if self.looked_up else NO_ROWS

    # around the optimizer's step

    def before_step(self, optimizer):
        """Note what the step finds: rows that have changed since the last step, and the optimizer's memory."""
        self.start_anew_if_needed()
        self.untouched = self.version is not None and version(self.weight) == self.version
        if not self.untouched:
            self.outside = rows_that_differ(self.weight.detach(), self.copy, self.room)
        self.asked = torch.arange(self.levels) if self.levels <= WHOLE else self.codes().sort().values
        self.remembered = remembers(optimizer, self.weight, self.asked.to(self.weight.device))
        self.had_memory = bool(memories(optimizer, self.weight))

    def after_step(self, optimizer, number, loss=None, label=""):
        """Compare, and put the Step together.

        optimizer : Optimizer, or None for a step by hand
        label : what did the step, in words
        """
        self.start_anew_if_needed()
        codes, weight, grad = self.codes(), self.weight.detach(), self.weight.grad
        self.grad = grad.coalesce() if grad is not None and grad.is_sparse else grad
        moved = self.moved_rows(optimizer)
        now, distances = self.read(moved)
        kept = self.kept_rows(codes, moved, distances)
        before, after = self.copy[kept].cpu(), weight[kept].cpu()
        step = Step(
            table=self.title, names=self.names, number=number, optimizer=label, loss=loss, codes=codes,
            moved_codes=moved.cpu(), moved_distances=distances.cpu(), kept=kept.cpu(), before=before, after=after,
            facts=gather(self, optimizer, kept.cpu(), before, codes), still=stands_still(self, optimizer),
            hidden=hides_memory(optimizer), notices=notices(self, optimizer, codes, after), most=self.most,
            followed=self.follow)
        self.catch_up(moved, now)
        self.last_seen[codes] = number
        self.start_step()
        return step

    def moved_rows(self, optimizer):
        """int64 (moved,): which rows differ from the copy, rising."""
        weight = self.weight.detach()
        short_cut = self.untouched and self.levels > WHOLE
        looked_up = self.codes().to(weight.device)
        rows = candidates(optimizer, self.weight, self.grad, looked_up, self.room) if short_cut else None
        if rows is None:
            return rows_that_differ(weight, self.copy, self.room)
        return rows[rows_that_differ(weight[rows], self.copy[rows], self.room)]

    def read(self, moved):
        """The rows that moved, as they are now (None where copying the whole table is faster), and how far they moved.

        returns : (moved, dim) or None; float (moved,), Euclidean lengths of the changes
        """
        weight = self.weight.detach()
        if len(moved) > self.levels // 16:
            return None, lengths_of_change(weight, self.copy, self.room)[moved].float()
        now = weight[moved]
        return now, torch.linalg.vector_norm(now - self.copy[moved], dim=1).float()

    def kept_rows(self, codes, moved, distances):
        """int64 (kept,): the rows whose numbers the Step keeps, rising."""
        if self.levels <= WHOLE:
            return torch.arange(self.levels, device=moved.device)
        furthest = moved[distances.topk(min(self.most, len(moved))).indices]
        return torch.cat([codes.to(moved.device), self.followed.to(moved.device), furthest]).unique()

    def catch_up(self, moved, now):
        """Make the copy equal to the table."""
        if now is None:
            self.copy.copy_(self.weight.detach())
        else:
            self.copy[moved] = now
        self.version = version(self.weight)

    def start_anew_if_needed(self):
        """A table that went to another device, dtype or shape can't be compared with its copy."""
        weight, copy = self.weight, self.copy
        if (weight.dtype, weight.device, weight.shape) != (copy.dtype, copy.device, copy.shape):
            self.copy_table()
            self.started_anew = True


def checked_names(weight, names):
    """The names as a tuple of str, one a row of the table. Raises TypeError and ValueError."""
    if not isinstance(weight, Tensor) or weight.dim() != 2 or not weight.is_leaf:
        raise TypeError("watch needs an nn.Embedding, a module with a `weight` (levels, dim), or such a parameter")
    names = tuple(map(str, range(len(weight)) if names is None else names))
    if len(names) != len(weight):
        raise ValueError(f"{len(names)} names for a table with {len(weight)} rows")
    if len(set(names)) < len(names):
        raise ValueError(f"two rows are called {Counter(names).most_common(1)[0][0]!r}")
    return names
