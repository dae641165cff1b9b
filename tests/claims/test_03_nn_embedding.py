"""What lesson 3 says of the layer, of what an optimizer finds, and of five ways to write a lookup, recomputed."""
import pytest
import torch
import torch.nn.functional as F
from torch import nn

SEEDS = [1, *(pytest.param(seed, marks=pytest.mark.everything) for seed in range(101, 111))]
everywhere = pytest.mark.parametrize("seed", SEEDS)


@everywhere
def test_a_table_starts_with_standard_normal_numbers(seed):
    torch.manual_seed(seed)
    weight = nn.Embedding(10_000, 16).weight
    assert abs(weight.mean()) < 0.02
    assert abs(weight.std() - 1) < 0.02
    assert abs((weight.abs() < 1).float().mean() - 0.683) < 0.02


def test_a_layer_is_one_parameter_without_bias_and_the_optimizer_holds_that_very_tensor():
    table = nn.Embedding(5, 2)
    assert [name for name, _ in table.named_parameters()] == ["weight"]
    assert torch.optim.SGD(table.parameters(), lr=0.5).param_groups[0]["params"][0] is table.weight


def test_only_a_parameter_is_listed():
    module = nn.Module()
    module.tensor = torch.randn(5, 2, requires_grad=True)
    module.listed = [nn.Embedding(5, 2)]
    assert list(module.parameters()) == []
    module.parameter = nn.Parameter(torch.randn(5, 2))
    module.modules_listed = nn.ModuleList([nn.Embedding(5, 2)])
    assert [name for name, _ in module.named_parameters()] == ["parameter", "modules_listed.0.weight"]


def climbed(numbers, codes):
    """Rows, gradient, and weight after a step of SGD, in five ways; the linear layer's turned."""
    levels, dim = numbers.shape
    one_hot = F.one_hot(codes, levels).float()
    linear, embedding = nn.Linear(levels, dim, bias=False), nn.Embedding(levels, dim)
    a, b, c = (nn.Parameter(numbers.clone()) for _ in range(3))
    with torch.no_grad():
        linear.weight.copy_(numbers.T)
        embedding.weight.copy_(numbers)
    ways = [(a, lambda: one_hot @ a), (b, lambda: b[codes]), (c, lambda: F.embedding(codes, c)),
            (linear.weight, lambda: linear(one_hot)), (embedding.weight, lambda: embedding(codes))]
    found = []
    for weight, look_up in ways:
        rows = look_up()
        (rows**2).sum().backward()
        torch.optim.SGD([weight], lr=0.25).step()
        turned = [x.T if weight is linear.weight else x for x in (weight.grad, weight.detach())]
        found.append([rows.detach(), *turned])
    return found


@everywhere
def test_five_ways_agree_to_the_last_bit_on_five_rows_of_two(seed):
    torch.manual_seed(seed)
    first, *others = climbed(torch.randn(5, 2), torch.tensor([2, 3, 2]))
    assert all(torch.equal(mine, its) for other in others for mine, its in zip(other, first, strict=True))


@everywhere
def test_where_many_records_share_a_row_they_agree_up_to_rounding(seed):
    torch.manual_seed(seed)
    first, *others = climbed(torch.randn(20, 16), torch.randint(20, (500,)))
    apart = max((mine - its).abs().max() for other in others for mine, its in zip(other, first, strict=True))
    assert apart < 1e-3


@everywhere
def test_after_a_hundred_steps_of_adam_layer_and_table_are_still_the_same(seed):
    torch.manual_seed(seed)
    linear, embedding = nn.Linear(5, 2, bias=False), nn.Embedding(5, 2)
    codes, goal = torch.tensor([2, 3, 2]), torch.randn(3, 2)
    with torch.no_grad():
        linear.weight.copy_(embedding.weight.T)
    for layer, batch in ((linear, F.one_hot(codes, 5).float()), (embedding, codes)):
        optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
        for _ in range(100):
            optimizer.zero_grad()
            ((layer(batch) - goal) ** 2).sum().backward()
            optimizer.step()
    assert (linear.weight.T - embedding.weight).abs().max() < 1e-5


def trained(model, optimizer):
    """First and last loss of 200 steps on the clinic's three flights, and how many rows of the table moved."""
    before, losses = model[0].weight.detach().clone(), []
    for _ in range(200):
        model.zero_grad()
        loss = ((model(torch.tensor([2, 3, 2]))[:, 0] - torch.tensor([4.0, 2.0, 6.0])) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses[0], losses[-1], (model[0].weight != before).any(dim=1).sum().item()


@everywhere
def test_a_table_put_in_after_the_optimizer_never_moves_though_the_loss_falls(seed):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Embedding(4, 2), nn.Linear(2, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    model[0] = nn.Embedding(5, 2)
    first, last, moved = trained(model, optimizer)
    assert last < first
    assert moved == 0


@everywhere
def test_with_the_optimizer_built_last_two_rows_move(seed):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Embedding(5, 2), nn.Linear(2, 1))
    first, last, moved = trained(model, torch.optim.SGD(model.parameters(), lr=0.01))
    assert last < first
    assert moved == 2


def test_five_for_both_is_the_best_for_two_flights_of_one_row():
    flights = torch.tensor([4.0, 2.0, 6.0])
    best = ((torch.tensor([5.0, 2.0, 5.0]) - flights) ** 2).mean()
    assert round(best.item(), 2) == 0.67


@everywhere
def test_columns_that_change_places_raise_nothing_and_give_other_rows(seed):
    torch.manual_seed(seed)
    carrier, origin, records = nn.Embedding(4, 3), nn.Embedding(4, 2), torch.tensor([[2, 2], [1, 3], [2, 1]])
    right, wrong = (torch.cat([carrier(records[:, j]), origin(records[:, 1 - j])], dim=1) for j in (0, 1))
    assert right.shape == wrong.shape
    assert not right.equal(wrong)


@everywhere
def test_other_codes_with_their_rows_moved_along_give_the_same(seed):
    torch.manual_seed(seed)
    weight, codes, order = torch.randn(5, 2), torch.tensor([2, 3, 2]), torch.randperm(5)
    assert torch.equal(weight[order][order.argsort()[codes]], weight[codes])
