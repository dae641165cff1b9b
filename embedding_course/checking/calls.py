"""The named ways in which an answer is run. A lesson of your own can use them all.

Each takes the answer and the case's arguments, fresh ones, and returns what came of it.
"""
from .calls_module import module, new_layer, with_gradients
from .calls_reuse import copied_and_drawn, held_step
from .calls_tabular import question_model, tabular_model
from .calls_training import step_in_place, training_step


def function(answer, arguments: dict):
    """Calls the function with the arguments in order; the result counts."""
    return answer(*arguments.values())


def in_place(answer, arguments: dict):
    """Calls a function that changes its arguments; the arguments afterwards count, and the result (None)."""
    result = answer(*arguments.values())
    return {"result": result, **arguments}


CALLS = {call.__name__: call for call in (
    function, in_place, module, with_gradients, new_layer, step_in_place, training_step,
    copied_and_drawn, held_step, tabular_model, question_model)}
