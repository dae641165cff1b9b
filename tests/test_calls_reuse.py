"""Named calls for reuse: what is looked at in a table built from an old one, and in a step that holds rows."""
import numpy as np
import pytest
import torch
from calling import called, refused
from torch import nn, tensor

from embedding_course.checking.read_reuse import AS_ASKED, HELD, LEAF, PLAIN

OLD, NAMES = tensor([[0.0, 10.0], [4.0, 10.5]]), ["(unknown)", "ATL"]


def table_from(draw):
    def answer(old, names, wanted, seed):
        generator = torch.Generator().manual_seed(seed)
        table = draw(old.detach(), len(wanted), generator)
        for i, name in enumerate(wanted):
            if name in names:
                table[i] = old.detach()[names.index(name)]
        return table
    return answer


def normal(old, n, generator):
    return old.mean(dim=0) + old.std(dim=0, correction=0) * torch.randn(n, old.shape[1], generator=generator)


def built(answer=None, further=2000, **changes):
    arguments = {"old_weight": OLD, "old_vocabulary": NAMES, "new_vocabulary": ["ANC", "ATL"], "seed": 3}
    return called("copied_and_drawn", answer or table_from(normal), arguments | {"further": further} | changes)


# --- rows copied and drawn ------------------------------------------------------------------------------------------


def test_a_right_table_is_told_by_its_shared_rows_and_words():
    seen = built()
    assert seen["rows of shared levels"].tolist() == [[4.0, 10.5]]
    assert seen["other rows"] == AS_ASKED
    assert (seen["same seed again"], seen["another seed"]) == ("the same rows", "other rows")
    assert (seen["global random state"], seen["memory"]) == ("left alone", "its own")


@pytest.mark.parametrize("draw, words", [
    (lambda old, n, g: torch.randn(n, 2, generator=g), "far from the old table's rows"),
    (lambda old, n, g: old.mean(dim=0).repeat(n, 1), "the same numbers again and again"),
    (lambda old, n, g: normal(old, n, g) + old.std(dim=0), "of another mean than the old table"),
    (lambda old, n, g: old.mean(dim=0) + old.std(dim=0) * torch.randn(n, 2, generator=g),
     "of another standard deviation"),
    (lambda old, n, g: old.mean(dim=0) + old.std(dim=0, correction=0) * torch.randn(n, 1, generator=g),
     "not independent"),
    (lambda old, n, g: torch.full((n, 2), torch.nan), "not finite")])
def test_rows_drawn_otherwise_are_told_in_words(draw, words):
    assert built(table_from(draw))["other rows"].startswith(words)


def test_rows_drawn_evenly_are_no_normal_rows():
    def evenly(old, n, generator):
        return old.mean(dim=0) + old.std(dim=0, correction=0) * 12**0.5 * (torch.rand(n, 2, generator=generator) - 0.5)
    assert built(table_from(evenly))["other rows"] == "not normal"


def test_a_seed_set_for_everyone_is_seen_and_put_back():
    def answer(old, names, wanted, seed):
        torch.manual_seed(seed)
        return table_from(normal)(old, names, wanted, seed)
    before = torch.get_rng_state(), np.random.get_state()[1]
    assert built(answer)["global random state"] == "moved"
    assert torch.equal(before[0], torch.get_rng_state())
    assert (before[1] == np.random.get_state()[1]).all()


def test_rows_from_the_global_state_are_not_the_same_again():
    assert built(lambda old, names, wanted, seed: torch.randn(len(wanted), 2))["same seed again"] == "other rows"


def test_without_further_levels_nothing_is_asked_of_the_drawn_rows():
    seen = called("copied_and_drawn", table_from(normal), {"old_weight": OLD, "old_vocabulary": NAMES,
                                                           "new_vocabulary": ["ANC"], "seed": 3})
    assert [*seen] == ["shape", "rows of shared levels", "memory"]


def test_the_old_table_itself_has_no_memory_of_its_own():
    seen = built(lambda old, names, wanted, seed: old, new_vocabulary=NAMES, further=0)
    assert seen["memory"] == "shared with old_weight"


def test_a_list_is_no_table():
    assert built(lambda *_: [1])["shape"] == "missing: a list came back"


# --- a step that holds rows -----------------------------------------------------------------------------------------


def right(optimizer, weight, codes):
    if int(codes.min()) < 0 or int(codes.max()) >= len(weight):
        raise IndexError
    rows = weight.detach()[codes].clone()
    optimizer.step()
    with torch.no_grad():
        weight[codes] = rows


def stepped(answer=right, codes=(0,), optimizer="AdamW", **options):
    return called("held_step", answer, step(codes, optimizer, **options))


def step(codes=(0,), optimizer="AdamW", **options):
    weight = tensor([[1.0], [2.0], [4.0]])
    return {"weight": weight, "codes": tensor(codes), "optimizer": optimizer, "options": {"lr": 0.25} | options,
            "gradients": [torch.ones_like(weight)] * 4}


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad"])
def test_a_right_step_is_told_in_words_alone(optimizer):
    seen = stepped(optimizer=optimizer, weight_decay=0.5)
    assert seen == {"result": None, "rows to hold": HELD, "other rows": PLAIN, "other parameters": PLAIN,
                    "gradients": "there as before", "optimizer's memory": PLAIN,
                    "weight": LEAF, "autograd": "on", "next step": "a plain one"}


def test_a_gradient_set_to_zero_holds_no_row_of_adam():
    def answer(optimizer, weight, codes):
        weight.grad[codes] = 0
        optimizer.step()
    seen = stepped(answer)
    assert seen["rows to hold"] != HELD
    assert (seen["gradients"], seen["optimizer's memory"]) == ("changed", "not " + PLAIN)


def test_a_hook_left_behind_shows_in_the_next_step():
    def answer(optimizer, weight, codes):
        rows = weight.detach()[codes].clone()
        optimizer.register_step_post_hook(lambda *_: weight.data.index_copy_(0, codes, rows))
        optimizer.step()
    assert stepped(answer)["next step"] == "not a plain one"


def test_a_table_whose_flag_is_off_is_no_longer_the_same_leaf():
    def answer(optimizer, weight, codes):
        right(optimizer, weight, codes)
        weight.requires_grad_(False)
    assert stepped(answer)["weight"].startswith("no longer")


@pytest.mark.parametrize("error", [IndexError, ValueError, RuntimeError])
def test_any_exception_will_do_for_a_bad_code_before_anything_moves(error):
    def answer(optimizer, weight, codes):
        raise error
    assert stepped(answer, codes=(3,)) == {"result": "an exception, before anything moved"}


def test_an_exception_for_good_codes_is_shown_as_it_is():
    def answer(optimizer, weight, codes):
        raise KeyError
    assert refused("held_step", answer, step((0,)))["type"] == "KeyError"


def test_an_exception_after_the_step_is_told():
    def answer(optimizer, weight, codes):
        optimizer.step()
        raise IndexError
    assert "after something had moved" in stepped(answer, codes=(3,))["result"]


def test_a_bad_code_that_nobody_refuses_is_told():
    assert stepped(lambda optimizer, weight, codes: None, codes=(-1,))["result"] == "no exception"


def test_a_table_of_ones_is_left_to_its_owner():
    weight = nn.Parameter(torch.ones(3, 1))
    called("held_step", right, {"weight": weight, "codes": tensor([0]), "optimizer": "SGD", "options": {"lr": 1.0},
                                "gradients": [torch.ones(3, 1)] * 2})
    assert torch.equal(weight, torch.ones(3, 1))
