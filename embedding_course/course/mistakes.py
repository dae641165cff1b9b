"""What an author can get wrong in an exercise without any test of it failing: the build refuses it, a line each.

Before anything runs: what is misspelt, missing or contradicts itself. Afterwards: what the reference and the slips did on
the shown cases, which the build has run anyway; the reference is asked once more, and on one seed's fresh cases.
"""
import difflib
import inspect
import itertools
import random

from ..checking import calls, forms, ways
from ..checking.exercise import Case, Exercise, Parts, Rules
from ..checking.expectations import HANDED_ON, answered, in_order
from ..checking.judge import differs
from ..checking.outcome import qualified
from ..checking.wire import TooLarge, decode, encode
from .lesson import Lesson

SEEDS = 50   # on which draw() is tried
BY_ACCIDENT = {"NameError", "AttributeError", "ImportError", "SyntaxError"}
NO_VALUE = ("other", "once")


def described(lesson: Lesson, exercises: dict[str, Exercise], reference: dict) -> tuple[dict, list[str]]:
    """What `checks.json` holds of the exercises that can be judged, and a line for every mistake in the others.

    exercises : by name; reference : the names that the lesson's solution defines
    """
    from ..checking.expectations import description
    made, found = {}, []
    for name, exercise in exercises.items():
        wrong = before(exercise, reference[name])
        if not wrong:
            made[name] = description(exercise, reference[name], exercise.shown)
            wrong = after(exercise, reference[name], made[name])
        found += [f"{lesson.name}: {name}: {text}" for text in wrong]
    return made, found


def before(exercise: Exercise, reference) -> list[str]:
    """What is wrong with an exercise's description as it stands, its drawn cases included."""
    wrong = [*_description(exercise), *_slips(exercise)]
    if wrong:
        return wrong
    wrong = [*_groups("shown", exercise.shown, exercise)] or [*_each(exercise.shown, exercise, reference, "")]
    return wrong or list(_drawn(exercise, reference))


def after(exercise: Exercise, reference, made: dict) -> list[str]:
    """What is wrong with what the reference and the slips did; `made` is the exercise as `checks.json` holds it."""
    return list(_reference(exercise, reference, made)) or list(_misconceptions(exercise, reference, made))


def _nearest(name, known) -> str:
    near = difflib.get_close_matches(str(name), map(str, known), 1)
    return f"; is {near[0]!r} meant?" if near else f"; there are {', '.join(map(repr, known))}"


def _description(exercise):
    if exercise.call not in calls.CALLS:
        yield f"no call {exercise.call!r}" + _nearest(exercise.call, calls.CALLS)
    if not exercise.points or not all(type(points) is int and points > 0 for points in exercise.points.values()):
        yield f"points={exercise.points!r}: whole points above 0 by group are wanted"
    if not isinstance(exercise.rules, Rules):
        yield f"rules={exercise.rules!r}: they are written Rules(…)"
    else:
        yield from _rules(exercise.rules, exercise.call)
    for group, kinds in exercise.raises.items():
        if group not in exercise.points:
            yield f"raises= speaks of a group {group!r}, which has no points" + _nearest(group, exercise.points)
        if not all(isinstance(kind, type) and issubclass(kind, Exception) for kind in _several(kinds)):
            yield f"raises={{{group!r}: {kinds!r}}}: exception classes are wanted"


def _rules(rules, call):
    for way in rules.forbidden if isinstance(rules.forbidden, tuple) else [rules.forbidden]:
        if way not in ways.WAYS:
            yield f"no way {way!r} can be forbidden" + _nearest(way, ways.WAYS)
    if not 0 <= rules.tolerance < 1:
        yield f"tolerance={rules.tolerance!r}: it is relative, between 0 and 1"
    if rules.form and call != "function":
        yield f"a form goes with call='function', not with {call!r}"
    if callable(rules.form):
        yield from forms.stands_alone(rules.form)
    elif rules.form is not None and rules.form not in forms.NAMED:
        yield f"no form {rules.form!r}" + _nearest(rules.form, forms.NAMED)
    if rules.means and (rules.form != "set" or rules.means.count("{}") != 1):
        yield f"means={rules.means!r}: it goes with form='set', and holds one {{}}"


def _slips(exercise):
    for slip in exercise.slips:
        if not slip.hint:
            yield f"slip {slip.name} has no hint: its docstring is what a learner reads"
    names = [slip.name for slip in exercise.slips]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield f"two slips are called {name}: the second hides the first"


def _groups(where, cases, exercise):
    if not all(isinstance(case, Case) for case in cases):
        yield f"{where}: something in it is no Case"
        return
    for case in cases:
        if case.group not in exercise.points:
            yield (f"{where}, case {case.title!r}: no points for its group {case.group!r}"
                   + _nearest(case.group, exercise.points))
    for group in exercise.points:
        if group not in {case.group for case in cases}:
            yield f"{where}: no case of the group {group!r}"


def _each(cases, exercise, reference, where):
    for case in cases:
        wrong = _arguments(case, exercise, reference) or _carried(case.arguments)
        if wrong:
            yield f"{where}case {case.title!r}: {wrong}"


def _arguments(case, exercise, reference) -> str:
    """What keeps the arguments from the parameters that they are named after."""
    if exercise.call in HANDED_ON:
        names = in_order(exercise.call, reference, case.arguments)
        return _named_after(reference, [name for name in names if name not in HANDED_ON[exercise.call]])
    for part, function in (("build", reference), ("inputs", getattr(reference, "forward", None))):
        given = case.arguments.get(part)
        if isinstance(given, Parts) and function is not None:
            wrong = _named_after(function, list(given), skip=part == "inputs")
            if wrong:
                return f"{part}: {wrong}"
    return ""


def _named_after(function, names, skip=False) -> str:
    parameters = list(inspect.signature(function).parameters.values())[1 if skip else 0:]
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
        return ""
    wanted = [p.name for p in parameters]
    needed = sum(p.default is p.empty for p in parameters)
    if len(names) >= needed and names == wanted[:len(names)]:
        return ""
    return f"its arguments are {', '.join(names) or 'none'}; the solution takes {', '.join(wanted) or 'none'}"


def _carried(arguments) -> str:
    """What keeps arguments from reaching an answer as they are."""
    for name, value in arguments.items():
        try:
            data = encode(value)
            unknown = _unknown(data, ("other", "module"))
            if not unknown:
                decode(data)
        except (TooLarge, ValueError, TypeError) as error:
            return f"`{name}` can't be handed to an answer: {_words(error)}"
        if unknown:
            return f"`{name}` can't be handed to an answer: it holds a value of type {unknown}"
    return ""


def _unknown(data, tags=NO_VALUE) -> str:
    """The type of a value somewhere in plain data that nothing can be compared with; "" if there is none."""
    if isinstance(data, dict):
        if data.get("$") in tags:
            return str(data.get("type", "iterator"))
        data = list(data.values())
    return next(filter(None, (_unknown(item, tags) for item in data)), "") if isinstance(data, list) else ""


def _drawn(exercise, reference):
    """What is wrong with fresh cases, on the first seed on which something is."""
    for seed in range(SEEDS):
        try:
            cases = exercise.draw(random.Random(f"{exercise.name} {seed}"))
            wrong = [*_groups(f"draw() on seed {seed}", cases, exercise)]
        except Exception as error:  # noqa: BLE001 - the author's function
            wrong = [f"draw() raises on seed {seed}: {_words(error)}"]
        if wrong:
            yield from wrong
            return
    first, again = exercise.fresh(0), exercise.fresh(0)
    wrong = [*_each(first, exercise, reference, "draw(), ")]
    if not wrong and [*map(_as_data, first)] != [*map(_as_data, again)]:
        wrong = ["draw() gives other cases for the same seed: take all that is random from its `rng`"]
    yield from wrong


def _as_data(case):
    return case.group, case.title, {name: encode(value) for name, value in case.arguments.items()}


def _reference(exercise, reference, made):
    """Exceptions that nobody declared, values that can't be compared, a solution that says nothing or never the same."""
    raised, values = set(), []
    shown = len(exercise.shown)
    for number, case in enumerate(exercise.shown + exercise.fresh(0)):
        did = answered(exercise, reference, case)
        where = f"{'' if number < shown else 'draw(), '}case {case.title!r}"
        wrong = _declared(did, exercise.raises.get(case.group, ())) or _unclear(did, exercise, case)
        if not wrong and number < shown and differs(did, made["cases"][number]["expect"]["reference"], made["rules"]):
            wrong = "the solution gives another result each time: nothing can be compared with it"
        if wrong:
            yield f"{where}: {wrong}"
        raised |= {case.group} if "error" in did and number < shown else set()
        values += [did["value"]] if "value" in did else []
    for group in exercise.raises:
        if group not in raised:
            yield f"raises= speaks of {group!r}, but the solution raises on no shown case of it"
    if exercise.call == "function" and values and all(value is None for value in values):
        yield "the solution returns None in every case, so that any answer would pass; does it lack a `return`?"


def _declared(did, kinds) -> str:
    if "error" not in did or _is_one_of(did["error"], kinds):
        return ""
    error = did["error"]
    return (f"the solution raises {error['type']}: {' '.join(error['message'].split())[:120]}; if that is meant, say so: "
            f"raises={{group: {error['type']}}}")


def _unclear(did, exercise, case) -> str:
    unknown = _unknown(did.get("value"))
    if unknown:
        return f"the solution's result holds a value of type {unknown}, which can't be compared"
    if callable(exercise.rules.form) and "value" in did and not did["form"]["items"]:
        return f"the form {exercise.rules.form.__name__} can't take the solution's own result"
    return ""


def _is_one_of(error, kinds) -> bool:
    return any(qualified(kind) in error["bases"] for kind in _several(kinds))


def _several(kinds) -> tuple:
    return kinds if isinstance(kinds, tuple) else (kinds,)


def _misconceptions(exercise, reference, made):
    """Slips that raise by accident, or do the same as the reference or as each other."""
    expected = [case["expect"] for case in made["cases"]]
    valued = {i for i, expect in enumerate(expected) if "error" not in expect["reference"]}
    did = {slip.name: {i: expect["slips"][slip.name] for i, expect in enumerate(expected) if slip.name in expect["slips"]}
           for slip in exercise.slips}
    for slip in exercise.slips:
        raised = {i: one["error"] for i, one in did[slip.name].items() if i in valued and "error" in one}
        odd = next((i for i, error in raised.items() if not _is_one_of(error, slip.raises) and (
            BY_ACCIDENT & set(error["bases"]) or len(raised) == len(valued))), None)
        if odd is not None:
            kind = raised[odd]["type"]
            yield (f"case {exercise.shown[odd].title!r}: slip {slip.name} raises {kind}; if that is meant, say so: "
                   f"@{exercise.name}.slip(raises={kind})")
        elif not did[slip.name]:
            yield f"slip {slip.name} does on every shown case what the solution does"
    for one, other in itertools.combinations(exercise.slips, 2):
        if did[one.name] and _same(did[one.name], did[other.name], made["rules"]) and _same(
                *(_on_fresh(exercise, reference, slip.answer) for slip in (one, other)), made["rules"]):
            yield f"slip {other.name} does in every case what slip {one.name} does: its hint would never be read"


def _on_fresh(exercise, reference, slip) -> dict:
    return {i: answered(exercise, reference, case, slip) for i, case in enumerate(exercise.fresh(0))}


def _same(one, other, rules) -> bool:
    return one.keys() == other.keys() and all(
        differs(one[i], other[i], rules) is None and differs(other[i], one[i], rules) is None for i in one)


def _words(error) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"
