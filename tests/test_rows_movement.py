"""Which rows moved, to the last bit, and which were looked up."""
import pytest
import torch
from torch import nn

from embedding_course.rows import take_step, watch
from embedding_course.rows.bits import rows_that_differ

NAMES = ["ATL", "BOS", "JFK", "LAX", "SFO"]
FACTS = {   # batches of codes 0 … 5 → the rows that move in each step
    "looked up": ["01", "2", "0", "3"],
    "ever looked up": ["01", "012", "012", "0123"],
    "all": ["012345"] * 4,
}
WHO = [
    (torch.optim.SGD, {"lr": 0.1}, False, "looked up"), (torch.optim.Adagrad, {}, False, "looked up"),
    (torch.optim.RMSprop, {}, False, "looked up"), (torch.optim.SparseAdam, {}, True, "looked up"),
    (torch.optim.SGD, {"lr": 0.1}, True, "looked up"), (torch.optim.Adagrad, {}, True, "looked up"),
    (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}, False, "ever looked up"),
    (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}, True, "ever looked up"),
    (torch.optim.Adam, {}, False, "ever looked up"), (torch.optim.AdamW, {"weight_decay": 0}, False, "ever looked up"),
    (torch.optim.AdamW, {}, False, "all"), (torch.optim.SGD, {"lr": 0.1, "weight_decay": 0.1}, False, "all"),
    (torch.optim.ASGD, {}, False, "all"),
]


@pytest.mark.parametrize("levels", [6, 1500])
@pytest.mark.parametrize(("kind", "options", "sparse", "who"), WHO)
def test_the_rows_said_to_move_are_those_that_differ_from_a_clone(kind, options, sparse, who, levels):
    torch.manual_seed(0)
    table = nn.Embedding(levels, 3, sparse=sparse)
    optimizer = kind(table.parameters(), **options)
    with watch(table, None, optimizer) as watcher:
        for codes, expected in zip([[0, 1], [2, 2], [0], [3]], FACTS[who], strict=True):
            before = table.weight.detach().clone()
            optimizer.zero_grad()
            table(torch.tensor(codes)).square().sum().backward()
            optimizer.step()
            differs = (before.view(torch.int32) != table.weight.view(torch.int32)).any(dim=1)
            assert watcher.last.moved() == {str(i) for i in differs.nonzero().flatten().tolist()}
            assert who == "all" or watcher.last.moved() == set(expected)
            assert who != "all" or len(watcher.last.moved()) == levels


@pytest.mark.parametrize("dim", [1, 2, 3, 8, 16])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16])
def test_one_bit_in_one_number_is_a_move(dim, dtype):
    before = torch.ones(50, dim, dtype=dtype)
    after = before.clone()
    after[31, -1] = torch.nextafter(after[31, -1].float(), torch.tensor(9.0)) if dtype == torch.float32 else 1.01
    assert rows_that_differ(before, after).tolist() == [31]


def test_minus_zero_is_not_zero_and_nan_is_itself():
    before = torch.tensor([[0.0], [float("nan")], [1.0]])
    after = torch.tensor([[-0.0], [float("nan")], [1.0]])
    assert rows_that_differ(before, after).tolist() == [0]


def test_a_transposed_table_is_compared_rightly():
    before = torch.randn(4, 6).T
    after = before.clone(memory_format=torch.contiguous_format)
    after[5, 3] = 7
    assert rows_that_differ(before, after).tolist() == [5]


def test_a_table_larger_than_the_room_to_compare_in():
    before = torch.zeros(10, 4)
    after = before.clone()
    after[[0, 5, 9]] = 1
    assert rows_that_differ(before, after, room=torch.empty(3, 4)).tolist() == [0, 5, 9]


def test_a_level_twice_in_the_batch_is_looked_up_twice_and_moves_twice_as_far():
    table = nn.Embedding(5, 2)
    optimizer = torch.optim.SGD(table.parameters(), lr=0.5)
    table(torch.tensor([2, 3, 2])).sum().backward()
    step = take_step(table, NAMES, [2, 3, 2], optimizer.step)
    assert step.looked_up() == {"JFK": 2, "LAX": 1}
    assert step.moved() == {"JFK", "LAX"}
    assert step.distances()["JFK"] == pytest.approx(2**0.5)
    assert step.distances()["ATL"] == 0


def test_codes_of_any_shape_and_kind_are_seen_and_several_lookups_add_up():
    table = nn.Embedding(5, 2)
    optimizer = torch.optim.SGD(table.parameters(), lr=0.5)
    watcher = watch(table, NAMES, optimizer)
    (table(torch.tensor([[0, 1], [1, 1]])).sum() + table(input=torch.tensor(4, dtype=torch.int32)).sum()).backward()
    optimizer.step()
    assert watcher.last.looked_up() == {"ATL": 1, "BOS": 3, "SFO": 1}


def test_lookups_under_no_grad_are_not_counted():
    table = nn.Embedding(5, 2)
    optimizer = torch.optim.SGD(table.parameters(), lr=0.5)
    watcher = watch(table, NAMES, optimizer)
    with torch.no_grad():
        table(torch.tensor([0]))
    table(torch.tensor([1])).sum().backward()
    optimizer.step()
    assert watcher.last.looked_up() == {"BOS": 1}


def test_an_embedding_bag_is_watched_like_an_embedding():
    table = nn.EmbeddingBag(5, 2)
    optimizer = torch.optim.SGD(table.parameters(), lr=0.5)
    watcher = watch(table, NAMES, optimizer)
    table(torch.tensor([0, 2, 2]), torch.tensor([0, 1])).sum().backward()
    optimizer.step()
    assert watcher.last.looked_up() == {"ATL": 1, "JFK": 2}
    assert watcher.last.moved() == {"ATL", "JFK"}


def test_a_plain_parameter_is_watched_with_codes_told_by_hand():
    weight = nn.Parameter(torch.randn(5, 2))
    optimizer = torch.optim.SGD([weight], lr=0.5)
    watcher = watch(weight, NAMES, optimizer)
    weight[[2, 2]].sum().backward()
    watcher.looked_up([2, 2])
    optimizer.step()
    assert watcher.last.looked_up() == {"JFK": 2}
    assert watcher.last.moved() == {"JFK"}


def test_a_code_told_by_hand_must_exist():
    weight = nn.Parameter(torch.randn(5, 2))
    watcher = watch(weight, NAMES, torch.optim.SGD([weight], lr=0.5))
    with pytest.raises(IndexError, match="codes from -1 to 5"):
        watcher.looked_up([-1, 5])


def test_several_tables_are_watched_at_once():
    model = nn.ModuleDict({"origin": nn.Embedding(5, 2), "carrier": nn.Embedding(2, 2)})
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    watcher = watch({"origin": (model["origin"], NAMES), "carrier": (model["carrier"], ["AA", "UA"])}, optimizer)
    (model["origin"](torch.tensor([0])) * model["carrier"](torch.tensor([1]))).sum().backward()
    optimizer.step()
    assert watcher.last["origin"].moved() == {"ATL"}
    assert watcher.last["carrier"].moved() == {"UA"}
    assert watcher.history["carrier"][0].table == "carrier"
    assert "table origin" in repr(watcher.last)


def test_a_step_written_by_hand_can_be_watched():
    weight = torch.zeros(5, 2, requires_grad=True)
    weight[[1]].sum().backward()

    def by_hand():
        with torch.no_grad():
            weight.sub_(0.5 * weight.grad)

    step = take_step(weight, NAMES, [1], by_hand)
    assert step.moved() == {"BOS"}
    assert [reason for reason, _ in step.row("BOS").why] == ["gradient"]


@pytest.mark.parametrize(("names", "complaint"), [(["a", "b"], "2 names"), (["a", "b", "a"], "called 'a'")])
def test_names_that_do_not_fit_are_refused(names, complaint):
    table = nn.Embedding(3, 2)
    with pytest.raises(ValueError, match=complaint):
        watch(table, names, torch.optim.SGD(table.parameters(), lr=0.1))


@pytest.mark.parametrize("table", [nn.Linear(2, 2, bias=False).weight * 2, nn.ReLU(), torch.zeros(3), "table"])
def test_what_is_no_table_is_refused(table):
    with pytest.raises(TypeError, match="watch needs"):
        watch(table, None, torch.optim.SGD([torch.zeros(1)], lr=0.1))


def test_an_optimizer_forgotten_or_a_stranger_followed_is_refused():
    table = nn.Embedding(3, 2)
    with pytest.raises(TypeError, match="optimizer"):
        watch(table, ["a", "b", "c"])
    with pytest.raises(ValueError, match="'z'"):
        watch(table, ["a", "b", "c"], torch.optim.SGD(table.parameters(), lr=0.1), follow=["z"])
