"""Named calls for whole tables: a model whose parts bear any names, and a function that questions a model."""
import copy

import pytest
import torch
from calling import called, refused
from torch import nn, tensor

from embedding_course.checking.exercise import Parts

TABLE = tensor([[1.0, 2.0], [3.0, -4.0]])                              # (levels 2, dim 2)
LAYERS = [tensor([[1.0, 0.0, 1.0], [0.0, -1.0, 0.0]]), tensor([0.0, 1.0]), tensor([[2.0, 4.0]]), tensor([0.5])]


class Model(nn.Module):
    """One table, two layers; the layers are made before it, the last one first."""

    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.at_last = nn.Linear(hidden[0], 1)
        self.at_first = nn.Linear(sum(dims) + continuous, hidden[0])
        self.embeddings = nn.ModuleList([nn.Embedding(*size) for size in zip(cardinalities, dims, strict=True)])

    def forward(self, codes, numbers):
        joined = torch.cat([self.embeddings[0](codes[:, 0]), numbers], dim=1)
        return self.at_last(torch.relu(self.at_first(joined))).squeeze(1)


def ran(answer, codes=((1,), (0,)), **changes):
    return called("tabular_model", answer, arguments(codes) | changes)


def arguments(codes):
    return {"build": Parts(cardinalities=[2], dims=[2], continuous=1, hidden=[2]), "tables": [TABLE], "layers": LAYERS,
            "inputs": Parts(codes=tensor(codes), numbers=tensor([[1.0], [-5.0]])), "upstream": tensor([1.0, 0.0])}


def test_layers_are_found_by_their_use_whatever_their_names_and_order():
    assert ran(Model)["output"].tolist() == [2 * 4.0 + 4 * 5.0 + 0.5, 0.5]


def test_gradients_of_tables_and_layers_are_told():
    found = ran(Model)
    assert found["gradient of table 0"].tolist() == [[0.0, 0.0], [2.0, -4.0]]
    assert found["gradient of bias 1"].tolist() == [1.0]


class Reversed(Model):
    """Two layers of the same shape, called in the order opposite to that in which they stand."""

    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__(cardinalities, dims, continuous, hidden)
        self.second, self.first = nn.Linear(3, 3), nn.Linear(3, 3)
        self.at_first, self.at_last = nn.Identity(), nn.Linear(3, 1)

    def forward(self, codes, numbers):
        joined = torch.cat([self.embeddings[0](codes[:, 0]), numbers], dim=1)
        return self.at_last(torch.relu(self.second(torch.relu(self.first(joined))))).squeeze(1)


def test_layers_of_one_shape_are_told_apart_by_their_use():
    layers = [torch.eye(3), tensor([0.0, 10.0, 0.0]), 2 * torch.eye(3), torch.zeros(3), torch.ones(1, 3),
              torch.zeros(1)]
    found = ran(Reversed, build=Parts(cardinalities=[2], dims=[2], continuous=1, hidden=[3, 3]), layers=layers)
    assert found["output"][0].item() == 2 * (3 + 6 + 1)


class Lazy(Model):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__(cardinalities, dims, continuous, hidden)
        self.at_first = nn.LazyLinear(hidden[0])


def test_layers_that_find_their_size_in_the_first_run_are_found_too():
    assert torch.equal(ran(Lazy)["output"], ran(Model)["output"])


class InAList(Model):
    def __init__(self, *sizes):
        super().__init__(*sizes)
        tables = [*self.embeddings]
        del self.embeddings
        self.embeddings = tables


class Frozen(Model):
    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.embeddings.requires_grad_(False)


class Spare(Model):
    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.spare = nn.LayerNorm(2)


class Bare(Model):
    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.at_last = nn.Linear(2, 1, bias=False)


@pytest.mark.parametrize(("answer", "part", "words"), [
    (Frozen, "embeddings", "(2, 2) frozen"), (InAList, "embeddings", "of type list, not an nn.ModuleList"),
    (Spare, "layers", "3 → 2, 2 → 1, spare.weight, spare.bias"), (Bare, "layers", "3 → 2, 2 → 1 without a bias")])
def test_parts_that_differ_are_named_and_nothing_is_loaded(answer, part, words):
    found = ran(answer)
    assert found[part] == words
    assert "output" not in found


class Shaken(Model):
    def forward(self, codes, numbers):
        return super().forward(codes, numbers) + torch.rand(len(codes))


def test_numbers_at_random_are_told():
    assert ran(Shaken, codes=((1,), (1,)))["output"] == "another one in each call"


def test_a_bad_code_raises_in_the_run_itself():
    assert refused("tabular_model", Model, arguments(((1,), (2,))))["type"] == "IndexError"


# --- questions to a model -------------------------------------------------------------------------------------------


def asked(answer, training=()):
    return called("question_model", answer, {
        "model": Parts(weights=tensor([1.0, 2.0]), dropout=0.5, training=list(training)),
        "codes": tensor([[1], [2]]), "numbers": tensor([[3.0], [4.0]])})


def in_eval_mode(model, codes, numbers):
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    total = model(codes, numbers).sum().item()
    for module, mode in modes:
        module.training = mode
    return total


def test_a_model_adds_up_its_codes_and_numbers_by_weight():
    assert asked(in_eval_mode)["result"] == 1 + 2 + 2 * (3 + 4)


def test_each_modules_mode_is_told_afterwards():
    assert asked(in_eval_mode, ["dropout", "sum"])["modules in training mode afterwards"] == "dropout, sum"


def test_a_model_that_stays_in_eval_mode_is_noticed():
    def stays(model, codes, numbers):
        return model.eval()(codes, numbers).sum().item()
    assert asked(stays, ["model"])["modules in training mode afterwards"] == "none"


def test_asking_in_training_mode_is_noticed_also_in_one_module_within():
    def asks(model, codes, numbers):
        return model(codes, numbers).sum().item()
    assert "mode" in asked(asks, ["sum"])
    assert "mode" not in asked(asks)


def test_a_copy_of_the_model_may_be_asked():
    def copies(model, codes, numbers):
        return copy.deepcopy(model).eval()(codes, numbers).sum().item()
    found = asked(copies, ["model", "dropout", "inner", "sum"])
    assert (found["result"], found["modules in training mode afterwards"]) == (17, "model, dropout, inner, sum")


def test_results_at_random_are_told():
    def at_random(model, codes, numbers):
        return torch.rand(1).item()
    assert asked(at_random)["result"] == "another one in each call"


def test_the_weights_are_looked_at_afterwards():
    def spoils(model, codes, numbers):
        with torch.no_grad():
            model.weights.zero_()
        return 0.0
    assert asked(spoils)["weights afterwards"].tolist() == [0.0, 0.0]


def test_a_model_that_is_left_frozen_is_noticed():
    def freezes(model, codes, numbers):
        return model.requires_grad_(False)(codes, numbers).sum().item()
    assert asked(freezes)["model afterwards"] == "frozen"
    assert asked(in_eval_mode)["model afterwards"] == "trainable"
