"""What lesson 5 says of optimizers, recomputed on its own seed in CI, on ten others with --all."""
import pytest
import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.optim import SGD, Adam, AdamW

from embedding_course.rows import watch

SEEDS = [35, *(pytest.param(seed, marks=pytest.mark.everything) for seed in range(101, 111))]
everywhere = pytest.mark.parametrize("seed", SEEDS)
NAMES = ["ANC", "ATL", "BOS", "LAX", "SFO"]
BATCHES = [[3, 1], [2, 4], [1, 3], [1, 4], [3, 1], [4, 3]]                         # as in the lesson


def squared_error(table, batch, target):
    return ((table(batch).sum(dim=1) - target) ** 2).sum()


def trained(seed, make, loss_of=squared_error, **options):
    """The watcher's history, and the optimizer's state of the table; targets are drawn."""
    torch.manual_seed(seed)
    table = nn.Embedding(5, 2, **options)
    targets = torch.rand(6, 2) * 6 + 3                                              # no error is zero
    optimizer = make(table.parameters())
    with watch(table, NAMES, optimizer) as watcher:
        for codes, target in zip(BATCHES, targets, strict=True):
            optimizer.zero_grad()
            loss_of(table, torch.tensor(codes), target).backward()
            optimizer.step()
    return watcher.history, optimizer.state[table.weight]


def strays(history):
    """Whether a row outside the mini-batch moved that an earlier step had looked up, and one that none had so far."""
    moved, looked_up = history.moved(), history.times() > 0                          # (steps, levels)
    seen = looked_up.cumsum(dim=0) > 0
    return bool((moved & ~looked_up & seen).any()), bool((moved & ~seen).any())


def sgd(**options):
    return lambda weights: SGD(weights, lr=0.05, **options)


STAY, GO_ON, ALL = (False, False), (True, False), (True, True)
SEVENTEEN = {
    "SGD": (sgd(), STAY), "SGD, momentum": (sgd(momentum=0.9), GO_ON), "SGD, decay": (sgd(weight_decay=0.1), ALL),
    "Adam": (Adam, GO_ON), "AdamW": (AdamW, ALL), "NAdam": (optim.NAdam, GO_ON), "RAdam": (optim.RAdam, GO_ON),
    "Adamax": (optim.Adamax, GO_ON), "Adagrad": (optim.Adagrad, STAY), "Adadelta": (optim.Adadelta, STAY),
    "RMSprop": (optim.RMSprop, STAY), "RMSprop, momentum": (lambda w: optim.RMSprop(w, momentum=0.9), GO_ON),
    "Rprop": (optim.Rprop, STAY), "ASGD": (optim.ASGD, ALL), "Adafactor": (optim.Adafactor, STAY),
    "SparseAdam": (optim.SparseAdam, STAY), "SGD, momentum, sparse": (sgd(momentum=0.9), GO_ON)}


@pytest.mark.parametrize("title", SEVENTEEN)
@everywhere
def test_a_row_outside_moves_by_carried_directions_on_the_whole_table_or_by_decay(title, seed):
    make, expected = SEVENTEEN[title]
    history, _ = trained(seed, make, sparse="parse" in title)
    assert strays(history) == expected


@everywhere
def test_the_buffer_remembers_rows_seen_once_and_is_zero_in_the_row_never_seen(seed):
    _, state = trained(seed, sgd(momentum=0.9))
    assert state["momentum_buffer"].any(dim=1).tolist() == [False, True, True, True, True]


@pytest.mark.parametrize("make", [sgd(momentum=0.9), lambda w: Adam(w, lr=0.1)], ids=["momentum", "Adam"])
@everywhere
def test_boston_goes_on_after_its_only_flight_a_little_less_each_time(seed, make):
    history, _ = trained(seed, make)
    distances = history.distances(["BOS"])[1:, 0]                                    # from step 2 on
    assert (distances > 0).all()
    assert (distances[1:] < distances[:-1]).all()


@everywhere
def test_momentum_by_hand_is_pytorchs(seed):
    torch.manual_seed(seed)
    theirs = nn.Parameter(torch.randn(5, 2))
    weight, buffer, optimizer = theirs.detach().clone(), torch.zeros(5, 2), SGD([theirs], lr=0.05, momentum=0.9)
    for _ in range(6):
        theirs.grad = torch.randn(5, 2)
        buffer.mul_(0.9).add_(theirs.grad)
        weight -= 0.05 * buffer
        optimizer.step()
    assert torch.allclose(weight, theirs.detach(), atol=1e-5)


@everywhere
def test_a_penalty_in_the_loss_moves_the_row_never_seen_and_a_forgotten_zero_grad_does_not(seed):
    class Forgetful(SGD):
        def zero_grad(self):
            pass

    penalty, _ = trained(seed, sgd(), lambda table, *data: squared_error(table, *data) + 0.1 * (table.weight**2).sum())
    forgotten, _ = trained(seed, lambda weights: Forgetful(weights, lr=0.05))
    assert strays(penalty) == ALL
    assert strays(forgotten) == GO_ON


@everywhere
def test_tied_weights_move_every_row_a_penalty_on_the_batch_and_max_norm_only_rows_looked_up(seed):
    tied, _ = trained(seed, sgd(), lambda table, batch, _: F.cross_entropy(table(batch[:1]) @ table.weight.T, batch[1:]))
    penalty, _ = trained(seed, sgd(), lambda table, batch, target: squared_error(table, batch, target) + (
        table(batch) ** 2).sum())
    short, _ = trained(seed, sgd(), max_norm=1)
    assert [strays(history) for history in (tied, penalty, short)] == [ALL, STAY, STAY]


@everywhere
def test_a_padding_row_stays_under_sgd_and_shrinks_under_adamw_once_it_is_not_zero(seed):
    plain, _ = trained(seed, sgd(), padding_idx=1)
    assert not plain.moved(["ATL"]).any()
    table = nn.Embedding.from_pretrained(torch.ones(5, 2), freeze=False, padding_idx=1)
    optimizer = AdamW(table.parameters(), lr=0.1)
    table(torch.tensor([1, 2])).sum().backward()
    optimizer.step()
    assert torch.allclose(table.weight[1], torch.tensor(0.999))


@everywhere
def test_a_row_of_zeros_moves_and_two_tables_of_zeros_in_a_dot_product_are_stuck(seed):
    torch.manual_seed(seed)
    codes, target = torch.tensor([3, 1]), torch.rand(2) + 1
    left, right = (nn.Embedding.from_pretrained(torch.zeros(5, 2), freeze=False) for _ in range(2))
    squared_error(left, codes, target).backward()
    assert left.weight.grad[codes].all()
    left.weight.grad = None
    (((left(codes) * right(codes)).sum(dim=1) - target) ** 2).sum().backward()
    assert not left.weight.grad.any()
    assert not right.weight.grad.any()


@everywhere
def test_in_adams_first_step_all_go_equally_far_to_six_digits_and_under_sgd_by_frequency(seed):
    torch.manual_seed(seed)
    codes = torch.tensor([0] * 90 + [1] * 9 + [2])
    target = torch.rand(()) + 0.5
    far = {}
    for make in (SGD, Adam):
        table = nn.Embedding.from_pretrained(torch.zeros(4, 2), freeze=False)
        ((table(codes).sum(dim=1) - target) ** 2).mean().backward()
        make(table.parameters(), lr=0.1).step()
        far[make] = table.weight.detach().norm(dim=1)
    assert far[SGD][0] / far[SGD][2] == pytest.approx(90, rel=1e-3)
    assert far[Adam][:3].max() / far[Adam][:3].min() - 1 < 2e-6
    assert far[Adam][3] == 0


def test_max_norm_shortens_a_row_in_the_forward_pass_even_under_no_grad():
    table = nn.Embedding.from_pretrained(torch.ones(5, 2) * 2, freeze=False, max_norm=1)
    with torch.no_grad():
        table(torch.tensor([1]))
    assert table.weight.norm(dim=1)[1] <= 1
    assert table.weight[2].tolist() == [2, 2]


def test_a_dense_gradient_is_as_large_as_the_table_and_a_sparse_one_as_the_mini_batch():
    sizes = []
    for sparse in (False, True):
        large = nn.Embedding(1000, 16, sparse=sparse)
        large(torch.tensor([2, 3])).sum().backward()
        grad = large.weight.grad
        sizes.append((grad.coalesce().values() if sparse else grad).numel())
    assert sizes == [16_000, 32]
