"""What lesson 1 says of steps, rows and codes, recomputed: its own seed in CI, ten others with --all."""
import pandas as pd
import pytest
import torch
import torch.nn.functional as F

from embedding_course.data import read_flights

SEEDS = [1, *(pytest.param(seed, marks=pytest.mark.everything) for seed in range(101, 111))]
everywhere = pytest.mark.parametrize("seed", SEEDS)
LR = 0.125


def a_step(weight, codes, late):
    """The weight after one plain step, and the errors (prediction minus truth) of before."""
    weight = weight.clone().requires_grad_()
    errors = F.one_hot(codes, len(weight)).float() @ weight.sum(dim=1) - late
    (errors**2).sum().backward()
    with torch.no_grad():
        weight -= LR * weight.grad
    return weight.detach(), errors.detach()


def drawn(seed):
    torch.manual_seed(seed)
    return torch.randn(50, 2), torch.randint(50, (30,)), torch.randint(-5, 60, (30,)).float()


@everywhere
def test_in_a_plain_step_the_codes_say_which_rows_can_move(seed):
    weight, codes, late = drawn(seed)
    moved = (a_step(weight, codes, late)[0] != weight).any(dim=1).nonzero().flatten().tolist()
    assert set(moved) <= set(codes.tolist())


@everywhere
def test_the_errors_say_whether_which_way_and_how_far(seed):
    weight, codes, late = drawn(seed)
    after, errors = a_step(weight, codes, late)
    pull = torch.zeros(50).index_add_(0, codes, errors)
    assert torch.allclose(after - weight, (-2 * LR * pull)[:, None].expand(-1, 2), atol=1e-4)


@everywhere
def test_a_row_that_was_looked_up_without_an_error_stays(seed):
    weight, codes, late = drawn(seed)
    weight = weight.round()
    late[0] = weight[codes[0]].sum()
    after, _ = a_step(weight, codes[:1], late[:1])
    assert after.equal(weight)


def test_the_table_and_the_codes_stay_and_two_rows_move():
    airports = ["ATL", "BOS", "JFK", "LAX", "SFO"]
    start = torch.tensor([[0.5, 1.0], [-1.0, 0.5], [2.0, 1.0], [-0.5, 1.5], [1.0, -1.5]])
    codes, late = torch.tensor([2, 3, 2]), torch.tensor([4.0, 2.0, 6.0])
    after, errors = a_step(start, codes, late)
    assert [name for name, old, new in zip(airports, start, after, strict=True) if not old.equal(new)] == ["JFK", "LAX"]
    assert codes.tolist() == [2, 3, 2]
    assert after[2].sum() == 5
    assert errors.tolist() == [-1, -1, -3]


@everywhere
def test_a_column_of_numbers_gets_a_gradient_and_stays_because_nobody_steps_it(seed):
    weight, codes, late = drawn(seed)
    weight.requires_grad_()
    miles = torch.rand(30).requires_grad_()
    before = miles.detach().clone()
    optimizer = torch.optim.SGD([weight], lr=0.01)
    ((weight[codes].sum(dim=1) + 0.1 * miles - late) ** 2).sum().backward()
    optimizer.step()
    assert (miles.grad != 0).all()
    assert miles.equal(before)


def test_codes_cannot_have_a_gradient():
    with pytest.raises(RuntimeError, match="floating point"):
        torch.tensor([2, 3, 2]).requires_grad_()


@everywhere
def test_rows_are_computed_anew_in_each_forward_pass(seed):
    weight, codes, late = drawn(seed)
    rows = F.one_hot(codes, 50).float() @ weight
    after, _ = a_step(weight, codes, late)
    assert not rows.equal(F.one_hot(codes, 50).float() @ after)


@pytest.fixture(scope="module")
def flights():
    return read_flights()


def predicted(columns, minutes):
    return columns @ torch.linalg.lstsq(columns, minutes).solution


def by_carrier(nyc, codes):
    """Per carrier: the mean, what a line through the codes predicts, and what one-hot predicts."""
    minutes = torch.tensor(nyc["air_time"].to_numpy()).double()
    line = predicted(torch.stack([codes, torch.ones_like(codes)], dim=1).double(), minutes)
    one_hot = predicted(F.one_hot(codes, 16).double(), minutes)
    frame = pd.DataFrame({"mean": minutes.numpy(), "line": line.numpy(), "one-hot": one_hot.numpy()})
    return frame.groupby(nyc["carrier"].to_numpy()).mean()


@everywhere
def test_other_codes_change_the_line_by_more_than_a_minute_and_one_hot_not_at_all(seed, flights):
    alphabetical = torch.tensor(flights["carrier"].astype("category").cat.codes.to_numpy()).long()
    torch.manual_seed(seed)
    before, after = (by_carrier(flights, codes) for codes in (alphabetical, torch.randperm(16)[alphabetical]))
    changed = (before - after).abs() > 1
    assert changed["line"].sum() >= 8
    assert changed["one-hot"].sum() == 0


@everywhere
def test_one_hot_predicts_each_carriers_mean_whatever_the_numbering(seed, flights):
    codes = torch.tensor(flights["carrier"].astype("category").cat.codes.to_numpy()).long()
    torch.manual_seed(seed)
    frame = by_carrier(flights, torch.randperm(16)[codes])
    assert (frame["mean"] - frame["one-hot"]).abs().max() < 1e-6


def test_pandas_writes_minus_one_in_int8_for_a_missing_value():
    codes = pd.Series(["DL", None, "AA", "DL"]).astype("category").cat.codes
    assert (codes.tolist(), str(codes.dtype)) == ([1, -1, 0, 1], "int8")


def test_a_level_does_not_keep_its_code_from_file_to_file():
    first, second = (dict(zip(part, part.astype("category").cat.codes, strict=True))
                     for part in (pd.Series(["AA", "DL", "UA"]), pd.Series(["DL", "UA"])))
    assert (first["DL"], second["DL"], first["AA"]) == (1, 0, 0)


@everywhere
def test_f_embedding_gives_what_one_hot_times_the_matrix_gives(seed):
    weight, codes, _ = drawn(seed)
    assert F.embedding(codes, weight).equal(F.one_hot(codes, 50).float() @ weight)
