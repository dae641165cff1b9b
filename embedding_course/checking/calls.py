"""The named ways in which an answer is run. A lesson of your own can use them all.

Each takes the answer, the case's arguments, fresh ones, and notes in which it puts what it sees. It decides nothing:
`reading.py` makes of the notes what is compared and said, wherever answers are judged.
"""
from .calls_module import module, new_layer, with_gradients
from .calls_reuse import copied_and_drawn, held_step, plain_step
from .calls_tabular import question_model, tabular_model
from .calls_training import step_in_place, training_step
from .notes import Notes, observed


@observed({"memory of its own": None})
def function(answer, arguments: dict, seen: Notes):
    """Calls the function with the arguments in order; the result counts."""
    seen["result"] = answer(*arguments.values())


@observed({})
def in_place(answer, arguments: dict, seen: Notes):
    """Calls a function that changes its arguments; the arguments afterwards count, and the result (None)."""
    seen["result"] = {"result": answer(*arguments.values()), **arguments}


CALLS = {call.__name__: call for call in (
    function, in_place, module, with_gradients, new_layer, step_in_place, training_step,
    copied_and_drawn, held_step, tabular_model, question_model)}
KEPT = {"held_step": plain_step}   # what the judge compares notes with, beyond the reference's; made with the cases
