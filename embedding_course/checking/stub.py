"""Tells an exercise that nobody has begun from one that is wrong."""
import dis
import inspect

GIVEN = {"NotImplementedError", "super", "__init__", "__class__"}   # all that a stub's code speaks of


def is_untouched(answer) -> bool:
    """Whether the answer is still the stub: it raises NotImplementedError and uses none of its arguments."""
    if isinstance(answer, type):
        methods = [f for f in vars(answer).values() if inspect.isfunction(f)]
        return any(map(_raises_only, methods)) and all(set(f.__code__.co_names) <= GIVEN for f in methods)
    return inspect.isfunction(answer) and _raises_only(answer)


def _raises_only(function) -> bool:
    code = function.__code__
    uses = [step for step in dis.get_instructions(code) if step.opname.startswith(("LOAD_FAST", "STORE"))]
    own = [step for step in uses if step.argval != "self"]
    return "NotImplementedError" in code.co_names and set(code.co_names) <= GIVEN and not own
