"""What lesson 2 says of products, lookups, their price and their gradients, recomputed."""
import timeit

import pytest
import torch
import torch.nn.functional as F

from embedding_course.memory import peak_bytes

SEEDS = [2, *(pytest.param(seed, marks=pytest.mark.everything) for seed in range(101, 111))]
everywhere = pytest.mark.parametrize("seed", SEEDS)


def drawn(seed, levels=300, dim=16, n=200):
    torch.manual_seed(seed)
    codes = torch.randint(levels // 2, (n,))                # the upper half is in no record
    return codes, F.one_hot(codes, levels).float(), torch.randn(levels, dim), torch.randn(n, dim)


@everywhere
def test_indexing_and_f_embedding_give_what_the_product_gives_to_the_last_bit(seed):
    codes, one_hot, weight, _ = drawn(seed)
    assert torch.equal(one_hot @ weight, weight[codes])
    assert torch.equal(one_hot @ weight, F.embedding(codes, weight))


@everywhere
def test_product_and_lookup_have_the_same_gradient_up_to_rounding(seed):
    codes, one_hot, weight, slopes = drawn(seed)
    product, lookup = weight.clone().requires_grad_(), weight.clone().requires_grad_()
    (slopes * (one_hot @ product)).sum().backward()
    (slopes * F.embedding(codes, lookup)).sum().backward()
    assert torch.allclose(product.grad, lookup.grad, atol=1e-5)
    assert torch.allclose(product.grad, one_hot.T @ slopes, atol=1e-5)


@everywhere
def test_a_row_that_no_record_names_has_a_gradient_of_exactly_zero(seed):
    codes, one_hot, weight, slopes = drawn(seed)
    weight.requires_grad_()
    (slopes * (one_hot @ weight)).sum().backward()
    named = torch.zeros(len(weight), dtype=torch.bool).index_fill_(0, codes, True)
    assert (weight.grad[~named] == 0).all()
    assert (weight.grad[named] != 0).any(dim=1).all()


@everywhere
def test_slopes_of_several_records_add_up(seed):
    codes, one_hot, _, slopes = drawn(seed)
    level = codes.mode().values
    assert torch.allclose((one_hot.T @ slopes)[level], slopes[codes == level].sum(dim=0), atol=1e-5)


@everywhere
def test_a_table_and_a_matrix_on_one_hot_rows_learn_the_same(seed):
    codes, one_hot, weight, goal = drawn(seed, levels=40, n=30)
    ends = []
    for inputs, look_up in ((one_hot, torch.matmul), (codes, F.embedding)):
        table = weight.clone().requires_grad_()
        optimizer = torch.optim.SGD([table], lr=0.1)
        for _ in range(50):
            optimizer.zero_grad()
            ((look_up(inputs, table) - goal) ** 2).mean().backward()
            optimizer.step()
        ends.append(table.detach())
    assert torch.allclose(*ends, atol=1e-5)


@pytest.mark.parametrize("levels", [1_000, 10_000, 100_000])
def test_the_product_holds_twelve_bytes_for_each_zero_and_one_and_the_lookup_only_its_result(levels):
    weight, codes = torch.zeros(levels, 16), torch.zeros(100, dtype=torch.int64)
    assert peak_bytes(lambda: F.one_hot(codes, levels).float() @ weight) == 100 * levels * (8 + 4)
    assert peak_bytes(lambda: F.embedding(codes, weight)) == 6_400


def test_the_products_time_climbs_with_the_levels_and_leaves_the_lookups_behind():
    def seconds(way):
        return min(timeit.repeat(way, number=1, repeat=5))

    def both(levels):
        weight, codes = torch.randn(levels, 16), torch.randint(levels, (100,))
        return (seconds(lambda: F.one_hot(codes, levels).float() @ weight), seconds(lambda: F.embedding(codes, weight)))

    few, many = both(100), both(100_000)
    assert many[0] > 20 * few[0]
    assert many[0] / many[1] > 20 * few[0] / few[1]


def test_an_infinite_number_in_another_row_spoils_the_product_and_not_the_lookup():
    codes, one_hot, weight, _ = drawn(2)
    weight[-1, 0] = torch.inf
    assert (one_hot @ weight)[:, 0].isnan().all()
    assert weight[codes].isfinite().all()


def test_adam_makes_four_tables_of_one():
    table = torch.zeros(1000, 16, requires_grad=True)
    adam = torch.optim.Adam([table])
    table[torch.tensor([2, 3, 2])].sum().backward()
    adam.step()
    held = [table, table.grad, *adam.state[table].values()]
    assert [tensor.shape for tensor in held].count(table.shape) == 4


@everywhere
def test_a_narrow_table_before_a_layer_is_one_wide_table_of_low_rank(seed):
    torch.manual_seed(seed)
    codes, weight, layer = torch.tensor([2, 3, 2]), torch.randn(5, 3), torch.randn(3, 64)
    assert torch.allclose(weight[codes] @ layer, (weight @ layer)[codes], atol=1e-5)
    assert torch.linalg.matrix_rank(weight @ layer) == 3


@everywhere
def test_shares_times_the_matrix_are_a_mean_of_rows_as_in_an_embedding_bag(seed):
    torch.manual_seed(seed)
    weight, shares = torch.randn(5, 3), torch.tensor([0, 0, 0.5, 0.5, 0])
    assert torch.allclose(shares @ weight, weight[[2, 3]].mean(dim=0), atol=1e-6)
    assert torch.allclose(F.embedding_bag(torch.tensor([[2, 3]]), weight, mode="mean")[0], shares @ weight, atol=1e-6)


def test_a_gradient_reaches_probabilities_and_not_through_argmax():
    weight, unsure = torch.randn(5, 3), torch.tensor([0, 0, 0.5, 0.5, 0], requires_grad=True)
    assert (unsure @ weight).requires_grad
    assert not weight[unsure.argmax()].requires_grad
