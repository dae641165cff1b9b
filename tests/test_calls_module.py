"""Named calls for layers: what is looked at in a learner's class, in a layer made from another, in a gradient."""
import pytest
import torch
from calling import called, refused
from torch import nn

from embedding_course.checking.exercise import Case, Exercise, Parts, Rules
from embedding_course.checking.expectations import description
from embedding_course.checking.outcome import answer_cases
from embedding_course.checking.report import assess
from embedding_course.checking.wire import decode, encode

W = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
CODES = torch.tensor([2, 0, 2])
UPSTREAM = torch.tensor([[1.0, 10.0], [2.0, 20.0], [100.0, 1000.0]])


class Table(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        return self.weight[codes]


ARGUMENTS = {"build": Parts(levels=3, dim=2), "parameters": Parts(weight=W), "inputs": Parts(codes=CODES),
             "upstream": UPSTREAM}


def run(answer=Table, **changes):
    return called("module", answer, ARGUMENTS | changes)


def start(fill):
    class Filled(Table):
        def __init__(self, levels, dim):
            super().__init__(levels, dim)
            self.weight.data = fill(levels, dim)
    found = called("module", Filled, {"build": Parts(levels=200, dim=50), "start": "weight"})
    return found["starting values"]


def test_a_run_gives_parameters_output_and_gradients():
    found = run()
    assert found["parameters"] == "weight (3, 2)"
    assert found["output"].tolist() == [[5.0, 6.0], [1.0, 2.0], [5.0, 6.0]]
    assert found["gradient of weight"].tolist() == [[2.0, 20.0], [0.0, 0.0], [101.0, 1010.0]]


def test_the_given_tensors_and_the_random_state_stay_as_they_were():
    before, weight = torch.get_rng_state(), W.clone()
    run()
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(W, weight)


def test_a_single_code_is_no_window_onto_a_weight_that_changes():
    found = run(inputs=Parts(codes=torch.tensor(1)), upstream=torch.tensor([1.0, 2.0]))
    assert found["output"].tolist() == [3.0, 4.0]


@pytest.mark.parametrize(("register", "said"), [
    (lambda m: setattr(m, "weight", torch.zeros(3, 2)), "weight is a plain tensor"),
    (lambda m: setattr(m, "weight", torch.zeros(3, 2, requires_grad=True)),
     "weight is a plain tensor that requires a gradient"),
    (lambda m: m.register_buffer("weight", torch.zeros(3, 2)), "weight is a buffer"),
    (lambda m: setattr(m, "table", nn.Parameter(torch.zeros(3, 2))), "table (3, 2)"),
    (lambda m: setattr(m, "weight", nn.Parameter(torch.zeros(3, 2), requires_grad=False)),
     "weight (3, 2), not trainable"),
    (lambda m: None, "none")])
def test_a_table_that_no_optimizer_finds_is_said_in_words(register, said):
    def build(levels, dim):
        made = nn.Module()
        register(made)
        made.forward = lambda codes: codes
        return made
    assert run(build)["parameters"] == said


def test_a_class_that_is_no_module_is_said_in_words():
    assert run(lambda levels, dim: [levels, dim])["parameters"] == "none: this is no nn.Module"


def test_new_numbers_in_each_call_are_noticed():
    class Forgetful(Table):
        def forward(self, codes):
            return torch.randn(3, 2) * self.weight[codes]
    assert run(Forgetful)["output"] == "another one in each call"


def test_a_copy_made_at_the_start_is_noticed():
    class Stale(Table):
        def __init__(self, levels, dim):
            super().__init__(levels, dim)
            self.rows = self.weight.detach().clone()

        def forward(self, codes):
            return self.rows[codes]
    assert run(Stale)["output"] == "the same, whatever the parameters hold"


def test_a_missing_gradient_is_none():
    class Cut(Table):
        def forward(self, codes):
            return self.weight.detach()[codes]
    assert run(Cut)["gradient of weight"] is None


def test_a_missing_forward_is_named():
    class Empty(Table):
        forward = nn.Module.forward
    assert refused("module", Empty, ARGUMENTS)["message"] == "this module has no method called `forward`"


@pytest.mark.parametrize("seed", range(20))
def test_normal_starting_values_pass_whatever_the_seed(seed):
    generator = torch.Generator().manual_seed(seed)
    assert start(lambda *size: torch.randn(size, generator=generator)) == "standard normal"


@pytest.mark.parametrize(("fill", "said"), [
    (torch.zeros, "the same number everywhere"),
    (lambda levels, dim: torch.randn(1, dim).repeat(levels, 1), "the same numbers again and again"),
    (torch.rand, "mean 0.5, standard deviation 0.3"),
    (lambda *size: 0.01 * torch.randn(size), "mean 0, standard deviation 0.0"),
    (lambda *size: 2 + torch.randn(size), "mean 2, standard deviation 1.0"),
    (lambda *size: (2 * torch.rand(size) - 1) * 3**0.5, "mean 0, standard deviation 1.0, but not normal")])
def test_other_starting_values_are_described(fill, said):
    assert start(fill) == said


def tables():
    return [nn.Embedding.from_pretrained(W.clone(), freeze=False), nn.Embedding.from_pretrained(W.clone())]


def test_gradients_are_found_in_all_tables_that_train():
    found = called("with_gradients", lambda codes, tables: tables[0](codes) + tables[1](codes),
                           {"codes": CODES, "tables": tables(), "upstream": UPSTREAM})
    assert list(found) == ["output", "gradient of tables[0].weight"]
    assert found["gradient of tables[0].weight"].tolist() == [[2.0, 20.0], [0.0, 0.0], [101.0, 1010.0]]


def test_a_result_of_another_shape_gets_no_gradient_sent_back():
    found = called("with_gradients", lambda weight: weight[:1],
                   {"weight": W.clone().requires_grad_(), "upstream": UPSTREAM})
    assert found["gradient of weight"] is None


@pytest.mark.parametrize("then", ["the old one changes", "the new one changes"])
def test_a_layer_that_shares_memory_changes_with_the_other(then):
    def shared(old):
        new = nn.Linear(3, 2, bias=False)
        new.weight = nn.Parameter(old.weight.T)
        return new
    found = called("new_layer", shared, {"embedding": tables()[0], "then": then})
    assert torch.equal(found["old"].weight, found["new"].weight.T)


def test_a_layer_of_its_own_stays_when_the_other_changes():
    found = called("new_layer", lambda old: nn.Embedding.from_pretrained(old.weight.detach().clone()),
                      {"embedding": tables()[0], "then": "the old one changes"})
    assert torch.equal(found["new"].weight, W)
    assert torch.equal(found["old"].weight, W + 1)


def test_parts_survive_the_way_to_the_judge():
    parts = Parts(weight=W, names=["a"], none=None)
    assert encode(decode(encode(parts))) == encode(parts)
    assert isinstance(decode(encode(parts)), Parts)


def judged(answer):
    case = Case("lookup", "three codes", "Which rows?", build=Parts(levels=3, dim=2), parameters=Parts(weight=W),
                inputs=Parts(codes=CODES), upstream=UPSTREAM)
    made = Exercise("module", {"lookup": 1}, [case], lambda rng: [case], Rules(forbidden=("embedding",)), "Table")
    described = description(made, Table, made.shown)
    answered = answer_cases("module", answer, described["cases"], described["rules"]["forbidden"])
    return assess("Table", described, answered)


def test_the_report_shows_the_part_that_differs():
    class Reversed(Table):
        def forward(self, codes):
            return self.weight[codes.flip(0) * 0]
    assert judged(Reversed)[1] == [
        "✗ Table: three codes",
        "  given     build levels 3, dim 2, parameters weight [[1, 2], [3, 4], [5, 6]],",
        "            inputs codes [2, 0, 2], upstream [[1, 10], [2, 20], [100, 1000]]",
        "  returned  output [[1, 2], [1, 2], [1, 2]]",
        "  expected  output [[5, 6], [1, 2], [5, 6]]",
        "  Output: 4 of 6 numbers differ. Which rows?"]


@pytest.mark.parametrize("build", [
    lambda levels, dim: nn.Embedding(levels, dim), lambda levels, dim: Borrowed(levels, dim)])
def test_a_ready_made_embedding_is_seen_even_if_only_its_weight_is_used(build):
    result, report = judged(build)
    assert not result.right
    assert "`nn.Embedding` or `F.embedding` ran" in " ".join(report)


class Borrowed(Table):
    def __init__(self, levels, dim):
        super().__init__(levels, dim)
        self.weight = nn.Embedding(levels, dim).weight


def test_a_linear_weight_that_is_no_parameter_is_not_right():
    def attached(old):
        new = nn.Linear(3, 2, bias=False)
        del new.weight
        new.weight = old.weight.T.clone()
        return new

    def copied(old):
        new = nn.Linear(3, 2, bias=False)
        new.weight = nn.Parameter(old.weight.T.clone())
        return new
    case = Case("copy", embedding=tables()[0])
    made = Exercise("new_layer", {"copy": 1}, [case], lambda rng: [case])
    described = description(made, copied, made.shown)
    result, _ = assess("copied", described, answer_cases("new_layer", attached, described["cases"]))
    verdict = result.verdicts[0]
    assert not verdict.right
    assert "nn.Parameter" in verdict.hint
