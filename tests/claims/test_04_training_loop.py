"""What lesson 4 says of steps and rows, recomputed: its own seed in CI, ten others with --all."""
import pytest
import torch
from torch import nn
from torch.optim import SGD

from embedding_course.data import read_flights
from embedding_course.rows import watch

OTHERS = [pytest.param(seed, marks=pytest.mark.everything) for seed in range(101, 111)]
everywhere = pytest.mark.parametrize("seed", [35, *OTHERS])
NAMES = ["ANC", "ATL", "BOS", "LAX", "SFO"]


def sixty():
    """The lesson's flights, and their codes and hours."""
    nyc = read_flights()
    flights = nyc[nyc["dest"].isin(NAMES)].head(60)
    codes = torch.tensor([NAMES.index(dest) for dest in flights["dest"]])
    return flights, codes, torch.tensor(flights["air_time"].to_numpy() / 60).float()


def twenty_steps(seed):
    """The table before and after, the flights before and after, and the watcher's history."""
    flights, codes, hours = sixty()
    torch.manual_seed(seed)
    table = nn.Embedding(5, 2)
    before, kept = table.weight.detach().clone(), (flights.copy(), codes.clone())
    optimizer = SGD(table.parameters(), lr=0.05)
    with watch(table, NAMES, optimizer) as watcher:
        for batch, target in zip(codes.split(3), hours.split(3), strict=True):
            optimizer.zero_grad()
            ((table(batch).sum(dim=1) - target) ** 2).sum().backward()
            optimizer.step()
    return before, table.weight.detach(), kept, (flights, codes), watcher.history


@everywhere
def test_twenty_steps_change_the_weight_and_bostons_row_and_neither_flights_codes_nor_anchorage(seed):
    before, after, kept, now, _ = twenty_steps(seed)
    assert kept[0].equals(now[0])
    assert kept[1].equal(now[1])
    assert (before != after).any(dim=1).tolist() == [False, True, True, True, True]


@everywhere
def test_under_plain_sgd_no_row_moves_that_was_not_looked_up(seed):
    *_, history = twenty_steps(seed)
    assert not (history.moved() & (history.times() == 0)).any()


@everywhere
def test_the_moves_get_smaller_as_the_errors_do(seed):
    *_, history = twenty_steps(seed)
    distances = history.distances().sum(dim=1)                     # (steps 20,)
    assert distances[-5:].mean() < 0.7 * distances[:5].mean()


@everywhere
def test_the_errors_say_whether_a_row_moves_which_way_and_how_far(seed):
    torch.manual_seed(seed)
    table, codes = nn.Embedding(30, 3), torch.randint(30, (20,))
    targets = torch.randn(20)
    with torch.no_grad():
        table.weight.round_()
        targets[0] = table.weight[codes[0]].sum()                  # this prediction is right
    before = table.weight.detach().clone()
    errors = before[codes].sum(dim=1) - targets
    ((table(codes).sum(dim=1) - targets) ** 2).sum().backward()
    SGD(table.parameters(), lr=0.125).step()
    pull = torch.zeros(30).index_add_(0, codes, errors)
    assert torch.allclose(table.weight.detach(), before - 0.25 * pull[:, None], atol=1e-5)
    if (codes == codes[0]).sum() == 1:
        assert table.weight[codes[0]].equal(before[codes[0]])


@everywhere
def test_assigning_into_an_index_keeps_the_last_of_two_slopes_and_index_add_keeps_both(seed):
    torch.manual_seed(seed)
    codes, slopes = torch.tensor([3, 2, 3, 4]), torch.randn(4, 2)
    grad = torch.zeros(5, 2)
    grad[codes] += slopes
    assert grad[3].equal(slopes[2])
    assert torch.zeros(5, 2).index_add_(0, codes, slopes)[3].equal(slopes[0] + slopes[2])


@pytest.fixture(scope="module", params=[0, *OTHERS])
def trained(request):
    """Training by hand and by PyTorch on flights of one sample: both tables, how often each level came, its mean."""
    nyc = read_flights()
    some, airports = nyc.sample(30_000, random_state=request.param), sorted(nyc["dest"].unique())
    codes = torch.tensor([airports.index(dest) for dest in some["dest"]])
    hours = torch.tensor(some["air_time"].to_numpy() / 60).float()
    torch.manual_seed(request.param + 4)
    layer = nn.Embedding(len(airports), 2)
    yours, optimizer = layer.weight.detach().clone(), SGD(layer.parameters(), lr=0.01)
    for batch, target in zip(codes.split(100), hours.split(100), strict=True):
        ((layer(batch).sum(dim=1) - target) ** 2).sum().backward()
        optimizer.step()
        optimizer.zero_grad()
        errors = yours[batch].sum(dim=1) - target
        yours -= 0.01 * torch.zeros_like(yours).index_add_(0, batch, (2 * errors)[:, None].expand(-1, 2))
    mean = torch.tensor(some.groupby("dest")["air_time"].mean().reindex(airports).to_numpy() / 60)
    return yours, layer.weight.detach(), torch.bincount(codes, minlength=len(airports)), mean


def test_all_104_rows_by_hand_agree_with_the_layer_and_its_optimizer(trained):
    yours, theirs, *_ = trained
    assert len(yours) == 104
    assert (yours - theirs).abs().max() < 1e-4


def test_rows_with_three_hundred_flights_predict_their_mean_within_ten_minutes(trained):
    yours, _, counts, mean = trained
    assert (yours.sum(dim=1) - mean).abs()[counts >= 300].max() < 10 / 60


def test_rows_that_miss_by_half_an_hour_had_fewer_than_150_flights(trained):
    yours, _, counts, mean = trained
    off = (yours.sum(dim=1) - mean).abs() > 0.5
    assert off.any()
    assert counts[off].max() < 150


@everywhere
def test_only_the_clone_still_holds_the_old_numbers(seed):
    torch.manual_seed(seed)
    table = nn.Embedding(5, 2)
    weight, start = table.weight, table.weight.tolist()
    kept = weight, weight.detach(), weight.detach().clone()
    table(torch.tensor([3])).sum().backward()
    SGD(table.parameters(), lr=0.125).step()
    assert [tensor.tolist() == start for tensor in kept] == [False, False, True]


@everywhere
def test_the_option_for_frequencies_divides_by_the_count_in_the_mini_batch(seed):
    torch.manual_seed(seed)
    codes, start = torch.tensor([3, 2, 3, 4]), torch.randn(5, 2)
    grads = []
    for option in (False, True):
        table = nn.Embedding.from_pretrained(start.clone(), freeze=False, scale_grad_by_freq=option)
        ((table(codes).sum(dim=1) - 1) ** 2).sum().backward()
        grads.append(table.weight.grad)
    assert torch.allclose(grads[0][3], 2 * grads[1][3])
    assert grads[0][2].equal(grads[1][2])


@everywhere
def test_shares_instead_of_a_code_give_every_row_and_every_share_a_slope(seed):
    torch.manual_seed(seed)
    weight = torch.randn(5, 2, requires_grad=True)
    shares = torch.tensor([0.125, 0.125, 0.125, 0.5, 0.125], requires_grad=True)
    ((shares @ weight).sum() - 5).square().backward()
    assert torch.allclose(weight.grad[3], 4 * weight.grad[0])
    assert (weight.grad != 0).all()
    assert (shares.grad != 0).all()
