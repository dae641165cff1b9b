"""Why a row moved, or did not; and what the watcher notices that is easily overlooked."""
import pytest
import torch
from torch import nn

from embedding_course.rows import take_step, watch

NAMES = ["ATL", "BOS", "JFK", "LAX", "SFO"]


def steps(optimizer_of, batches, table=None, zero_grad=True, penalty=0.0):
    """Train on batches of codes, one step each. Returns the History."""
    torch.manual_seed(0)
    table = table or nn.Embedding(5, 2)
    optimizer = optimizer_of(table.parameters())
    with watch(table, NAMES, optimizer) as watcher:
        for codes in batches:
            if zero_grad:
                optimizer.zero_grad()
            loss = table(torch.tensor(codes)).sum()
            (loss + penalty * table.weight.square().sum() if penalty else loss).backward()
            optimizer.step()
    return watcher.history


def words(step, name):
    """The reasons of a row, as the table says them."""
    return [words for _, words in step.row(name).why]


def sgd(**options):
    return lambda parameters: torch.optim.SGD(parameters, lr=0.1, **options)


def test_plain_sgd_moves_rows_by_their_gradient():
    step = steps(sgd(), [[2, 3, 2]])[0]
    assert words(step, "JFK") == ["gradient (looked up twice)"]
    assert words(step, "LAX") == ["gradient"]
    assert words(step, "ATL") == []


@pytest.mark.parametrize("optimizer", [
    sgd(momentum=0.9), torch.optim.Adam, torch.optim.NAdam, torch.optim.RAdam, torch.optim.Adamax,
    lambda p: torch.optim.RMSprop(p, momentum=0.9), lambda p: torch.optim.AdamW(p, weight_decay=0)])
def test_momentum_says_when_the_row_was_last_looked_up(optimizer):
    history = steps(optimizer, [[0], [0, 1], [1]])
    assert words(history[0], "ATL") == ["gradient"]
    assert words(history[1], "ATL") == ["gradient", "momentum"]
    assert words(history[2], "ATL") == ["momentum (last looked up in step 2)"]


def test_sparse_momentum_moves_rows_that_were_not_looked_up():
    history = steps(sgd(momentum=0.9), [[0], [1]], nn.Embedding(5, 2, sparse=True))
    assert words(history[1], "ATL") == ["momentum (last looked up in step 1)"]


def test_sparse_adam_remembers_but_only_where_there_is_a_gradient():
    history = steps(lambda p: torch.optim.SparseAdam(list(p)), [[0], [1], [0]], nn.Embedding(5, 2, sparse=True))
    assert words(history[1], "ATL") == []
    assert words(history[2], "ATL") == ["gradient", "momentum"]


def test_the_decay_of_adamw_moves_every_row():
    step = steps(torch.optim.AdamW, [[0]])[0]
    assert words(step, "SFO") == ["decay"]
    assert words(step, "ATL") == ["gradient", "decay"]


def test_a_row_of_zeros_does_not_decay():
    table = nn.Embedding(5, 2)
    nn.init.zeros_(table.weight)
    step = steps(torch.optim.AdamW, [[0]], table)[0]
    assert step.moved() == {"ATL"}
    assert words(step, "ATL") == ["gradient"]


def test_momentum_can_remember_nothing_but_decay():
    history = steps(sgd(momentum=0.9, weight_decay=0.1), [[0], [0]])
    assert words(history[1], "SFO") == ["momentum (of earlier decay)", "decay"]


def test_the_decay_of_another_group_is_not_blamed():
    table, other = nn.Embedding(5, 2), nn.Linear(2, 1)
    groups = [{"params": table.parameters()}, {"params": other.parameters(), "weight_decay": 0.1}]
    assert words(steps(lambda _: torch.optim.SGD(groups, lr=0.1), [[0]], table)[0], "ATL") == ["gradient"]


def test_max_norm_moves_the_looked_up_row_before_the_optimizer_begins():
    table = nn.Embedding(5, 2, max_norm=0.5)
    nn.init.ones_(table.weight)
    step = steps(sgd(), [[0]], table)[0]
    assert step.moved() == {"ATL"}
    assert words(step, "ATL") == ["gradient", "max_norm (shortened when it was looked up)"]
    assert step.row("ATL").before.tolist() == [1, 1]


def test_max_norm_acts_even_under_no_grad():
    table = nn.Embedding(5, 2, max_norm=0.5)
    nn.init.ones_(table.weight)
    optimizer = torch.optim.SGD(table.parameters(), lr=0.1)
    watcher = watch(table, NAMES, optimizer)
    with torch.no_grad():
        table(torch.tensor([4]))
    optimizer.step()
    assert words(watcher.last, "SFO") == ["max_norm (shortened when it was looked up)"]


@pytest.mark.parametrize("edit", [
    lambda table: table.weight.detach()[4].zero_(), lambda table: table.weight.data[4].zero_()])
def test_a_change_by_hand_is_not_put_down_to_the_optimizer(edit):
    table = nn.Embedding(5, 2)
    optimizer = torch.optim.Adam(table.parameters())
    watcher = watch(table, NAMES, optimizer)
    table(torch.tensor([0])).sum().backward()
    edit(table)
    optimizer.step()
    assert words(watcher.last, "SFO") == ["changed outside the optimizer"]


def test_a_penalty_on_the_whole_table_is_a_gradient_without_a_lookup():
    assert words(steps(sgd(), [[0]], penalty=0.1)[0], "SFO") == ["gradient (without a lookup)"]


def test_a_forgotten_zero_grad_shows_as_gradient_left_over():
    history = steps(sgd(), [[0], [1], [1]], zero_grad=False)
    assert words(history[1], "ATL") == ["gradient left over from step 1"]
    assert words(history[2], "BOS") == ["gradient (looked up once, and some left over from step 2)"]
    assert any("zero_grad() was not called" in notice for notice in history[1].notices)
    assert history[0].notices == ()


@pytest.mark.parametrize("set_to_none", [True, False])
def test_gradients_of_several_batches_before_one_step_are_not_left_over(set_to_none):
    table = nn.Embedding(5, 2)
    optimizer = torch.optim.SGD(table.parameters(), lr=0.1)
    watcher = watch(table, NAMES, optimizer)
    for _ in range(2):
        optimizer.zero_grad(set_to_none=set_to_none)
        for code in (0, 1):
            table(torch.tensor([code])).sum().backward()
        optimizer.step()
    assert words(watcher.last, "ATL") == ["gradient"]
    assert watcher.last.notices == ()


def test_lbfgs_moves_rows_by_a_memory_of_its_own():
    torch.manual_seed(0)
    table = nn.Embedding(5, 2)
    optimizer = torch.optim.LBFGS(table.parameters(), max_iter=2)
    watcher = watch(table, NAMES, optimizer)
    for codes in ([0], [1]):
        def closure(codes=codes):
            optimizer.zero_grad()
            loss = table(torch.tensor(codes)).square().sum()
            loss.backward()
            return loss
        optimizer.step(closure)
    assert watcher.last.row("ATL").moved
    assert words(watcher.last, "ATL") == ["the optimizer's memory (last looked up in step 1)"]


def test_a_table_that_the_optimizer_does_not_hold_is_noticed():
    table, new = nn.Embedding(5, 2), nn.Embedding(5, 2)
    optimizer = torch.optim.Adam(table.parameters())
    new(torch.tensor([0])).sum().backward()
    step = take_step(new, NAMES, [0], optimizer.step)
    assert step.moved() == set()
    assert "does not hold this table" in step.notices[0]
    assert step.row("ATL").still == "looked up, but the optimizer does not hold the table"


def test_a_frozen_table_is_noticed():
    table, layer = nn.Embedding(5, 2), nn.Linear(2, 1)
    table.weight.requires_grad_(False)
    optimizer = torch.optim.Adam([*table.parameters(), *layer.parameters()])
    watcher = watch(table, NAMES, optimizer)
    layer(table(torch.tensor([0]))).sum().backward()
    optimizer.step()
    assert "the table is frozen" in watcher.last.notices[0]
    assert watcher.last.row("ATL").still == "looked up, but the table is frozen"


def test_a_weight_replaced_after_watch_is_noticed():
    table = nn.Embedding(5, 2)
    optimizer = torch.optim.SGD(table.parameters(), lr=0.1)
    watcher = watch(table, NAMES, optimizer)
    table.weight = nn.Parameter(torch.zeros(5, 2))
    table(torch.tensor([0])).sum().backward()
    optimizer.step()
    assert "replaced after watch()" in watcher.last.notices[0]


def test_a_table_replaced_as_a_whole_shows_as_no_lookup():
    model = nn.ModuleDict({"embedding": nn.Embedding(5, 2)})
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    watcher = watch(model["embedding"], NAMES, optimizer)
    model["embedding"] = nn.Embedding(5, 2)
    model["embedding"](torch.tensor([0])).sum().backward()
    optimizer.step()
    assert watcher.last.notices == ("no lookup was seen since the last step",)


def test_a_table_that_became_float64_is_watched_anew():
    table = nn.Embedding(5, 2)
    optimizer = torch.optim.SGD(table.parameters(), lr=0.1)
    watcher = watch(table, NAMES, optimizer)
    table.double()
    table(torch.tensor([0])).sum().backward()
    optimizer.step()
    assert watcher.last.moved() == {"ATL"}
    assert "starts anew" in watcher.last.notices[0]


def test_the_padding_row_is_looked_up_and_stays():
    step = steps(sgd(), [[0, 1]], nn.Embedding(5, 2, padding_idx=0))[0]
    assert step.moved() == {"BOS"}
    assert step.row("ATL").still == "looked up, but its gradient is zero"
    assert "ATL is the padding row" in step.notices[0]


def test_a_step_too_small_to_change_a_bit_says_so():
    step = steps(lambda p: torch.optim.SGD(p, lr=0.0), [[0]])[0]
    assert step.row("ATL").still == "looked up, but the step was too small to change a bit"


def test_numbers_that_became_nan_are_noticed():
    table = nn.Embedding(5, 2)
    optimizer = torch.optim.SGD(table.parameters(), lr=float("nan"))
    table(torch.tensor([0])).sum().backward()
    step = take_step(table, NAMES, [0], optimizer.step)
    assert "NaN" in " ".join(step.notices)
    assert "nan" in repr(step)
