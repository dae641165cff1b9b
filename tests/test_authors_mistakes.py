"""What an author gets wrong, and the one line that the build prints for it."""
import random
from types import SimpleNamespace

import pandas as pd
import pytest
import torch
from torch import nn

from embedding_course.checking.exercise import Case, Exercise, Parts, Rules
from embedding_course.checking.expectations import description
from embedding_course.checking.outcome import answer_cases
from embedding_course.checking.report import assess
from embedding_course.course import expected, mistakes
from embedding_course.course.build import build
from embedding_course.course.lesson import read_lesson
from embedding_course.course.problem import Problem

T = torch.tensor
W = T([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
SHOWN = [Case("rows", "two rows", codes=T([2, 0]), weight=W), Case("rows", "one row", codes=T([1]), weight=W),
         Case("bad codes", "too high", codes=T([3]), weight=W)]
FRAME = pd.DataFrame({"a": [1]})


def take(codes, weight):
    if codes.max() >= len(weight):
        raise IndexError(f"no row {codes.max()}")
    return weight[codes]


def from_one(codes, weight):
    """Counting starts at 0."""
    return weight[codes - 1]


def draw(rng):
    codes = T([rng.randrange(3) for _ in range(4)])
    return [Case("rows", codes=codes, weight=W), Case("bad codes", "drawn", codes=T([rng.randrange(3, 9)]), weight=W)]


def lines(reference=take, slips=(from_one,), **changes):
    """What the build says of an exercise that is right but for some changes."""
    fields = {"call": "function", "points": {"rows": 1, "bad codes": 1}, "raises": {"bad codes": IndexError},
              "shown": SHOWN, "draw": draw} | changes
    made = Exercise(**fields, name="take")
    for slip in slips:
        made.slip(slip)
    return mistakes.described(SimpleNamespace(name="01-own"), {"take": made}, {"take": reference})[1]


def shown(*arguments, **named):
    return {"shown": [*SHOWN, Case(*arguments, **named)]}


# --- solutions, slips, draws and forms with a mistake ----------------------------------------------------------------


def misspelt(codes, weight):
    return weight.meen(codes)


def none(codes, weight):
    take(codes, weight)


def rows_one_by_one(codes, weight):
    return [iter(row) for row in take(codes, weight)]


def grouped(codes, weight):
    return {"rows": FRAME.groupby("a")} if take(codes, weight) is not None else None


def drawn_anew(codes, weight):
    return take(codes, weight) + torch.rand(1, generator=RANDOM)


RANDOM = torch.Generator().manual_seed(1)


def no_hint(codes, weight):
    return weight


def broken(codes, weight):
    """A hint."""
    return wieght[codes]   # noqa: F821 - the mistake


def two_arguments_too_few():
    """A hint."""


def right_after_all(codes, weight):
    """A hint."""
    return take(codes, weight) + 0


def from_one_again(codes, weight):
    """Another hint."""
    return weight[[code - 1 for code in codes.tolist()]]


def draw_raises(rng):
    if 0.5 < rng.random() < 0.6:
        raise ZeroDivisionError("division by zero")
    return draw(rng)


def draw_forgets(rng):
    return draw(rng)[:1 + (rng.random() < 0.9)]


def draw_misspells(rng):
    return [*draw(rng), Case("bad_codes", codes=T([7]), weight=W)]


def draw_by_itself(rng):
    return draw(random.Random())


def draw_none(rng):
    draw(rng)


def draw_too_low(rng):
    return [*draw(rng), Case("rows", "too low", codes=T([-9]), weight=W)]


def by_table(value, arguments):
    return W.tolist()


def of_lists_only(value, arguments):
    value.sort(key=len)


class Table(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(levels, dim))

    def forward(self, codes):
        return self.weight[codes]


def built(**build):
    inputs, numbers = Parts(codes=T([1])), Parts(weight=W)
    cases = [Case("rows", "two levels", build=Parts(build), parameters=numbers, inputs=inputs)]
    return {"call": "module", "points": {"rows": 1}, "raises": {}, "shown": cases, "draw": lambda rng: cases,
            "reference": Table, "slips": ()}


MISTAKES = [
    ("no call 'modul'; is 'module' meant?", {"call": "modul"}),
    ("points={'rows': 0.5}: whole points above 0 by group are wanted", {"points": {"rows": 0.5}, "raises": {}}),
    ("rules={'exact': True}: they are written Rules(…)", {"rules": {"exact": True}}),
    ("no way 'one hot' can be forbidden; is 'one_hot' meant?", {"rules": Rules(forbidden=("one hot",))}),
    ("tolerance=5: it is relative, between 0 and 1", {"rules": Rules(tolerance=5)}),
    ("no form 'unordered row'; is 'unordered rows' meant?", {"rules": Rules(form="unordered row")}),
    ("form: the name of a form, or a function written with `def`, is wanted", {"rules": Rules(form=lambda value: 1)}),
    ("the form by_table uses W from outside: it runs alone; define that inside", {"rules": Rules(form=by_table)}),
    ("case 'two rows': the form of_lists_only can't take the solution's own result", {"rules": Rules(form=of_lists_only)}),
    ("means='rows move': it goes with form='set', and holds one {}", {"rules": Rules(form="set", means="rows move")}),
    ("raises= speaks of a group 'bad code', which has no points; is 'bad codes' meant?",
     {"raises": {"bad code": KeyError}}),
    ("raises={'bad codes': 'IndexError'}: exception classes are wanted", {"raises": {"bad codes": "IndexError"}}),
    ("raises= speaks of 'rows', but the solution raises on no shown case of it",
     {"raises": {"rows": ValueError, "bad codes": IndexError}}),
    ("case 'too high': the solution raises IndexError: no row 3; if that is meant, say so: raises={group: IndexError}",
     {"raises": {}}),
    ("case 'too high': the solution raises IndexError: no row 3; if that is meant, say so: raises={group: IndexError}",
     {"raises": {"bad codes": KeyError}}),
    ("case 'two rows': the solution raises AttributeError: 'Tensor' object has no attribute 'meen'; if that is meant, say "
     "so: raises={group: AttributeError}", {"reference": misspelt}),
    ("draw(), case 'too low': the solution raises IndexError: index -9 is out of bounds for dimension 0 with size 3; if "
     "that is meant, say so: raises={group: IndexError}", {"draw": draw_too_low}),
    ("the solution returns None in every case, so that any answer would pass; does it lack a `return`?",
     {"reference": none}),
    ("case 'two rows': the solution's result holds a value of type iterator, which can't be compared",
     {"reference": rows_one_by_one}),
    ("case 'two rows': the solution's result holds a value of type DataFrameGroupBy, which can't be compared",
     {"reference": grouped}),
    ("case 'two rows': the solution gives another result each time: nothing can be compared with it",
     {"reference": drawn_anew}),
    ("shown: no case of the group 'bad codes'", {"shown": SHOWN[:2]}),
    ("shown, case 'row': no points for its group 'row'; is 'rows' meant?", shown("row", codes=T([1]), weight=W)),
    ("shown: something in it is no Case", {"shown": [*SHOWN, {"codes": T([1]), "weight": W}]}),
    ("case 'new': its arguments are weight, code; the solution takes codes, weight",
     shown("rows", "new", code=T([1]), weight=W)),
    ("case 'new': its arguments are codes; the solution takes codes, weight", shown("rows", "new", codes=T([1]))),
    ("case 'new': `codes` can't be handed to an answer: it holds a value of type function",
     shown("rows", "new", codes=[take], weight=W)),
    ("case 'new': `codes` can't be handed to an answer: TooLarge: a tensor of 1000000 numbers",
     shown("rows", "new", codes=torch.zeros(10**6), weight=W)),
    ("case 'two levels': build: its arguments are dim, levels; the solution takes levels, dim", built(dim=2, levels=3)),
    ("draw() raises on seed 5: ZeroDivisionError: division by zero", {"draw": draw_raises}),
    ("draw() on seed 10: no case of the group 'bad codes'", {"draw": draw_forgets}),
    ("draw() on seed 0, case 'bad_codes': no points for its group 'bad_codes'; is 'bad codes' meant?",
     {"draw": draw_misspells}),
    ("draw() gives other cases for the same seed: take all that is random from its `rng`", {"draw": draw_by_itself}),
    ("draw() raises on seed 0: TypeError: 'NoneType' object is not iterable", {"draw": draw_none}),
    ("slip no_hint has no hint: its docstring is what a learner reads", {"slips": [no_hint]}),
    ("two slips are called from_one: the second hides the first", {"slips": [from_one, from_one]}),
    ("case 'two rows': slip broken raises NameError; if that is meant, say so: @take.slip(raises=NameError)",
     {"slips": [broken]}),
    ("case 'two rows': slip two_arguments_too_few raises TypeError; if that is meant, say so: @take.slip(raises=TypeError)",
     {"slips": [two_arguments_too_few]}),
    ("slip right_after_all does on every shown case what the solution does", {"slips": [right_after_all]}),
    ("slip from_one_again does in every case what slip from_one does: its hint would never be read",
     {"slips": [from_one, from_one_again]})]


@pytest.mark.parametrize(("line", "changes"), MISTAKES, ids=[line[:50] for line, _ in MISTAKES])
def test_the_build_names_a_mistake(line, changes):
    assert f"01-own: take: {line}" in lines(**changes)
    assert all("\n" not in said for said in lines(**changes))


def test_a_right_exercise_is_left_alone():
    assert lines() == []
    assert lines(**built(levels=3, dim=2)) == []


def test_a_declared_exception_is_no_accident():
    made = Exercise("function", {"rows": 1}, SHOWN[:2], lambda rng: SHOWN[:2], name="take")
    made.slip(broken, raises=NameError)
    assert mistakes.described(SimpleNamespace(name="01-own"), {"take": made}, {"take": take})[1] == []


def test_arguments_go_by_name():
    cases = [Case("all", b=1, a=5)]
    made = Exercise("function", {"all": 1}, cases, lambda rng: cases, name="minus")
    described = description(made, lambda a, b: a - b, cases)
    assert described["cases"][0]["expect"]["reference"] == {"value": 4}
    assert assess("minus", described, answer_cases("function", lambda x, y: x - y, described["cases"]))[0].right


def test_the_build_stops_with_one_line_and_replaces_nothing(copied):
    checks = copied.solutions / "checks" / "02_matmul.py"
    text = checks.read_text(encoding="utf-8")
    assert "    raises={\"bad codes\": IndexError},\n" in text
    checks.write_text(text.replace("    raises={\"bad codes\": IndexError},\n", "", 1), encoding="utf-8")
    before = copied.released("02-matmul").read_bytes()
    with pytest.raises(Problem) as stopped:
        build(copied, ["02-matmul"])
    said = str(stopped.value).splitlines()
    assert said[0] == "the build stops:"
    assert all(line.startswith("02-matmul: pluck: case '") and "the solution raises IndexError" in line
               for line in said[1:] if "draw()" not in line)
    assert copied.released("02-matmul").read_bytes() == before


@pytest.mark.parametrize(("broken", "line"), [
    ("Rules(tolerence=1)", "TypeError: Rules.__init__() got an unexpected keyword argument 'tolerence'"),
    ("Ruels()", "NameError: name 'Ruels' is not defined"), ("Rules(", "SyntaxError: '(' was never closed")])
def test_checks_that_python_refuses_are_named_by_their_line(copied, broken, line):
    checks = copied.solutions / "checks" / "02_matmul.py"
    checks.write_text(checks.read_text(encoding="utf-8") + f"X = {broken}\n", encoding="utf-8")
    number = len(checks.read_text(encoding="utf-8").splitlines())
    with pytest.raises(Problem) as stopped:
        read_lesson(copied.solutions / "02-matmul.py").exercises()
    assert str(stopped.value) == f"checks/02_matmul.py:{number}: {line}"


@pytest.mark.parametrize(("broken", "line"), [
    ("pluck.draw = lambda rng: 1 / 0", "02-matmul: pluck: ZeroDivisionError: division by zero"),
    ("pluck.draw = lambda rng: []", "02-matmul: pluck: ValueError: pluck: draw() makes no case of bad codes, rows"),
    ("Ruels()", "checks/02_matmul.py:{}: NameError: name 'Ruels' is not defined")])
def test_who_tries_or_grades_hears_of_it_too(copied, monkeypatch, broken, line):
    monkeypatch.setattr(expected, "in_child", lambda work, *arguments, timeout: work(*arguments))
    checks = copied.solutions / "checks" / "02_matmul.py"
    checks.write_text(checks.read_text(encoding="utf-8") + broken + "\n", encoding="utf-8")
    number = len(checks.read_text(encoding="utf-8").splitlines())
    with pytest.raises(Problem) as stopped:
        expected.full_exercises(read_lesson(copied.solutions / "02-matmul.py"), 1, "pluck")
    assert str(stopped.value) == line.format(number) + "; `course build` names every mistake"
