"""Named calls for training: what is looked at in a step in place, and in a whole training step."""
import copy

import pytest
import torch
from calling import called, refused
from torch import nn, tensor

from embedding_course.checking.calls_training import LAST_WORD, lopsided


def stepped(answer, weight=None, grad=None, lr=0.25):
    weight = tensor([[1.0, 2.0]]) if weight is None else weight
    grad = tensor([[2.0, -4.0]]) if grad is None else grad
    return called("step_in_place", answer, {"weight": weight, "grad": grad, "lr": lr})


def in_place(weight, grad, lr):
    with torch.no_grad():
        weight -= lr * grad


def leaf():
    return tensor([[1.0, 2.0]]).requires_grad_()


def table(model):
    return model.embedding.weight.detach().clone()


def right(model, codes, targets, loss_fn, optimizer):
    before = table(model)
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, table(model)


def trained(answer=right, **changes):
    arguments = {"weight": tensor([[1.0], [4.0]]), "codes": [tensor([0])], "targets": [tensor([3.0])],
                 "loss": "squared error", "optimizer": "SGD", "options": {"lr": 0.25}}
    return called("training_step", answer, arguments | changes)


def result(found, step=1):
    loss, before, after = found[f"result of step {step}"]
    return loss, before.flatten().tolist(), after.flatten().tolist()


TWO = {"codes": [tensor([0]), tensor([1])], "targets": [tensor([3.0]), tensor([2.0])]}


# --- a step in place ------------------------------------------------------------------------------------------------


def test_a_step_in_place_gives_the_result_the_numbers_and_what_became_of_the_tensors():
    found = stepped(in_place, leaf())
    assert found["result"] is None
    assert found["weight"].tolist() == [[0.5, 3.0]]
    assert found["weight afterwards"] == "the same memory, requires_grad=True"
    assert found["grad"].tolist() == [[2.0, -4.0]]


def test_a_name_bound_to_a_new_tensor_changes_nothing_for_the_caller():
    def answer(weight, grad, lr):
        weight = weight - lr * grad
    assert stepped(answer)["weight"].tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize("weight", [tensor([[1.0, 2.0]]), nn.Parameter(tensor([[1.0, 2.0]]))])
def test_new_memory_under_the_same_tensor_is_noticed(weight):
    def answer(weight, grad, lr):
        weight.data = weight.data - lr * grad
    found = stepped(answer, weight)
    assert found["weight"].tolist() == [[1.0, 2.0]]
    assert found["weight afterwards"].startswith("new memory")


def test_a_weight_that_begins_or_ceases_to_require_gradients_is_noticed():
    began = stepped(lambda weight, grad, lr: weight.requires_grad_())
    ceased = stepped(lambda weight, grad, lr: weight.requires_grad_(False), leaf())
    assert began["weight afterwards"].endswith("requires_grad=True")
    assert ceased["weight afterwards"].endswith("requires_grad=False")


def test_what_is_put_into_grad_is_noticed_and_a_cleared_one_is_not():
    def filled(weight, grad, lr):
        weight.grad = grad.clone()

    def cleared(weight, grad, lr):
        weight.grad = torch.zeros_like(weight)
    assert stepped(filled, leaf())["weight afterwards"].endswith(".grad was filled")
    assert stepped(cleared, leaf())["weight afterwards"].endswith("requires_grad=True")


def test_a_gradient_that_was_scaled_shows():
    assert stepped(lambda weight, grad, lr: grad.mul_(lr))["grad"].tolist() == [[0.5, -1.0]]


def test_what_autograd_refuses_is_an_error_of_the_answer():
    def answer(weight, grad, lr):
        weight -= lr * grad
    arguments = {"weight": leaf(), "grad": tensor([[2.0, -4.0]]), "lr": 0.25}
    assert refused("step_in_place", answer, arguments)["type"] == "RuntimeError"


# --- a training step ------------------------------------------------------------------------------------------------


def test_a_training_step_gives_loss_before_after_and_the_table_at_the_end():
    found = trained()
    assert result(found) == (4.0, [1.0, 4.0], [2.0, 4.0])
    assert found["copies"] == "detached"
    assert found["table at the end"].tolist() == [[2.0], [4.0]]


def test_the_second_step_goes_on_where_the_first_one_ended():
    found = trained(**TWO)
    assert result(found, 2) == (4.0, [2.0, 4.0], [2.0, 3.0])


def test_a_gradient_left_over_is_there_for_who_does_not_clear_it():
    def careless(model, codes, targets, loss_fn, optimizer):
        optimizer.zero_grad = lambda: None
        return right(model, codes, targets, loss_fn, optimizer)
    left_over = tensor([[8.0], [-4.0]])
    assert result(trained(left_over=left_over))[2] == [2.0, 4.0]
    assert result(trained(careless, left_over=left_over))[2] == [0.0, 5.0]


def test_what_is_no_copy_shows_what_training_wrote_later():
    def windows(model, codes, targets, loss_fn, optimizer):
        loss, before, _ = right(model, codes, targets, loss_fn, optimizer)
        return loss, before, model.embedding.weight.detach()
    assert result(trained(windows)) == (4.0, [1.0, 4.0], [LAST_WORD, LAST_WORD])


def test_a_clone_that_autograd_follows_is_noticed():
    def clones(model, codes, targets, loss_fn, optimizer):
        loss, before, _ = right(model, codes, targets, loss_fn, optimizer)
        return loss, before, model.embedding.weight.clone()
    assert trained(clones)["copies"] == "followed by autograd"


def test_a_copied_parameter_belongs_to_no_graph():
    def copies(model, codes, targets, loss_fn, optimizer):
        loss, before, _ = right(model, codes, targets, loss_fn, optimizer)
        return loss, before, copy.deepcopy(model.embedding.weight)
    assert trained(copies)["copies"] == "detached"


def test_a_linear_layer_is_trained_and_looked_at_too():
    found = trained(weight=tensor([[1.0, 2.0], [0.5, -1.0]]), codes=[tensor([1])], targets=[tensor([1.0])],
                    linear=tensor([[2.0, 0.5]]))
    assert found["linear layer at the end"].tolist() == [[2.125, 0.25]]


def test_classes_need_a_linear_layer_with_as_many_outputs():
    found = trained(weight=torch.eye(3), codes=[tensor([0, 2])], targets=[tensor([1, 0])], linear=torch.ones(2, 3),
                    loss="cross entropy")
    assert found["result of step 1"][0] == pytest.approx(0.6931, abs=1e-4)


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW", "Adagrad", "RMSprop", "Adamax", "NAdam"])
def test_any_optimizer_of_torch_can_be_named(name):
    found = trained(**TWO, optimizer=name, options={"lr": 0.25})
    assert result(found, 2)[1] == result(found, 1)[2] != result(found, 1)[1]


def test_options_reach_the_optimizer():
    assert result(trained(options={"lr": 0.25, "weight_decay": 0.5}))[2] == [1.875, 3.5]


def test_a_lopsided_loss_tells_predictions_from_targets():
    low, high = tensor([1.0]), tensor([3.0])
    assert lopsided(low, high) == 1.5
    assert lopsided(high, low) == 0.5


def test_the_arguments_stay_as_they_were():
    weight, linear = tensor([[1.0, 2.0]]), tensor([[2.0, 0.5]])
    trained(weight=weight, linear=linear)
    assert weight.tolist() == [[1.0, 2.0]]
    assert linear.tolist() == [[2.0, 0.5]]


def test_an_answer_that_returns_something_else_is_handed_on_as_it_is():
    assert trained(lambda *arguments: None)["result of step 1"] is None
