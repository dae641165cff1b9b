"""The watcher changes nothing: same numbers, same random state, no hooks left behind."""
import copy
import io

import pytest
import torch
from torch import nn

from embedding_course.rows import take_step, watch

OPTIMIZERS = {
    "SGD": (torch.optim.SGD, {"lr": 0.1}),
    "momentum": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
    "SGD decay": (torch.optim.SGD, {"lr": 0.1, "weight_decay": 0.1}),
    "Adam": (torch.optim.Adam, {}), "AdamW": (torch.optim.AdamW, {}), "NAdam": (torch.optim.NAdam, {}),
    "RAdam": (torch.optim.RAdam, {}), "Adamax": (torch.optim.Adamax, {}), "Adagrad": (torch.optim.Adagrad, {}),
    "Adadelta": (torch.optim.Adadelta, {}), "RMSprop": (torch.optim.RMSprop, {"momentum": 0.9}),
    "Rprop": (torch.optim.Rprop, {}), "ASGD": (torch.optim.ASGD, {}), "LBFGS": (torch.optim.LBFGS, {"max_iter": 3}),
    **{name: (getattr(torch.optim, name), {}) for name in ("Adafactor", "Muon") if hasattr(torch.optim, name)},
}
SPARSE = {
    "sparse SGD": (torch.optim.SGD, {"lr": 0.1}),
    "sparse momentum": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
    "sparse Adagrad": (torch.optim.Adagrad, {}),
    "SparseAdam": (torch.optim.SparseAdam, {}),
}


def train(kind, options, watched, levels=7, sparse=False, max_norm=None):
    """Six steps; the table, its gradient, what the optimizer remembers and the random state at the end."""
    torch.manual_seed(0)
    table = nn.Embedding(levels, 3, sparse=sparse, max_norm=max_norm)
    optimizer = kind(table.parameters(), **options)
    watcher = watch(table, None, optimizer) if watched else None

    def closure():
        optimizer.zero_grad()
        loss = (table(codes) - target).square().sum()
        loss.backward()
        return loss

    for _ in range(6):
        codes, target = torch.randint(levels, (4,)), torch.randn(4, 3)
        optimizer.step(closure)
    assert watcher is None or len(watcher.history) == 6
    return table.weight.detach(), table.weight.grad.to_dense(), optimizer.state_dict(), torch.get_rng_state()


def flatten(value):
    """All tensors and numbers inside nested dicts and lists."""
    if isinstance(value, dict):
        value = list(value.values())
    return [x for part in value for x in flatten(part)] if isinstance(value, list | tuple) else [value]


def same(a, b):
    """Bit-identical, through dicts and lists."""
    pairs = zip(flatten(a), flatten(b), strict=True)
    return all(torch.equal(x.to_dense(), y.to_dense()) if isinstance(x, torch.Tensor) else x == y for x, y in pairs)


@pytest.mark.parametrize("levels", [7, 1500])
@pytest.mark.parametrize("name", [*OPTIMIZERS, *SPARSE])
def test_training_gives_the_same_bits_with_and_without_the_watcher(name, levels):
    kind, options = (OPTIMIZERS | SPARSE)[name]
    ends = [train(kind, options, watched, levels, sparse=name in SPARSE) for watched in (False, True)]
    assert same(*ends)


def test_training_with_max_norm_gives_the_same_bits():
    ends = [train(torch.optim.Adam, {}, watched, max_norm=0.5) for watched in (False, True)]
    assert same(*ends)


def counts(table, optimizer):
    """How many hooks there are."""
    return [len(hooks or ()) for hooks in (
        table._forward_hooks, table._forward_hooks_with_kwargs, table.weight._backward_hooks,
        optimizer._optimizer_step_pre_hooks, optimizer._optimizer_step_post_hooks)]


def test_no_hook_is_left_after_close():
    table = nn.Embedding(3, 2)
    optimizer = torch.optim.SGD(table.parameters(), lr=0.1)
    watcher = watch(table, ["a", "b", "c"], optimizer)
    assert sum(counts(table, optimizer)) == 5
    watcher.close()
    assert sum(counts(table, optimizer)) == 0


def test_no_hook_is_left_after_a_with_block_that_fails():
    table = nn.Embedding(3, 2)
    optimizer = torch.optim.SGD(table.parameters(), lr=0.1)
    with pytest.raises(IndexError), watch(table, None, optimizer):
        table(torch.tensor([3]))
    assert sum(counts(table, optimizer)) == 0


def test_no_hook_is_left_after_take_step():
    table = nn.Embedding(3, 2)
    optimizer = torch.optim.SGD(table.parameters(), lr=0.1)
    table(torch.tensor([1])).sum().backward()
    take_step(table, None, [1], optimizer.step)
    assert sum(counts(table, optimizer)) == 0


def test_after_close_what_was_seen_stays():
    table = nn.Embedding(3, 2)
    optimizer = torch.optim.SGD(table.parameters(), lr=0.1)
    with watch(table, ["a", "b", "c"], optimizer) as watcher:
        table(torch.tensor([1])).sum().backward()
        optimizer.step()
    optimizer.step()
    assert len(watcher.history) == 1
    assert watcher.last.moved() == {"b"}


def test_a_copied_or_pickled_model_takes_no_watcher_along():
    table = nn.Embedding(3, 2)
    optimizer = torch.optim.SGD(table.parameters(), lr=0.1)
    watcher = watch(table, ["a", "b", "c"], optimizer)
    file = io.BytesIO()
    torch.save(table, file)
    file.seek(0)
    for twin in (copy.deepcopy(table), torch.load(file, weights_only=False)):
        twin(torch.tensor([2]))
    table(torch.tensor([1])).sum().backward()
    optimizer.step()
    assert watcher.last.looked_up() == {"b": 1}


def test_a_step_keeps_its_numbers_when_training_goes_on():
    table = nn.Embedding(3, 2)
    optimizer = torch.optim.SGD(table.parameters(), lr=0.1)
    watcher = watch(table, ["a", "b", "c"], optimizer)
    table(torch.tensor([1])).sum().backward()
    optimizer.step()
    first, text = watcher.last, repr(watcher.last)
    optimizer.step()
    assert repr(first) == text
