"""A name that nobody promised us can go: no right answer becomes wrong, no score another; or one line says what to do."""
import importlib
import re
import subprocess
import sys

import pytest
import torch
from nbgrader.converters import Autograde, GenerateAssignment
from test_observers import KINDS, W

from embedding_course.checking import private
from embedding_course.checking.exercise import Case, Exercise, Rules
from embedding_course.checking.expectations import description
from embedding_course.checking.report import assess
from embedding_course.course import fragile
from embedding_course.course.child import in_child
from embedding_course.course.expected import Full
from embedding_course.course.grading import engine, shell
from embedding_course.course.nbgrader_api import configuration
from embedding_course.course.problem import Problem
from embedding_course.rows import take_step

NAMES = {name.place: name for name in fragile.NAMES}
PRIVATE = re.compile(r"\b(?:torch|np|numpy|IPython|nbgrader|threading|random|super\(\)|weight)(?:\.\w+)*\.(_[a-z]\w*)|"
                     r"getattr\(.+?, \"(_[a-z]\w*)\"")


def take(patch, place):
    module, _, path = place.partition(":")
    owner = importlib.import_module(module)
    *above, last = path.split(".")
    for part in above:
        owner = getattr(owner, part)
    if hasattr(owner, "__mapper__"):   # SQLAlchemy lets no column go
        others = {name: None for name in dir(owner) if name != last and not name.startswith("__")}
        patch.setattr(importlib.import_module(module), owner.__name__, type(owner.__name__, (), others))
    else:
        patch.delattr(owner, last)


def by_hand(weight):
    return weight * 2


def with_autograd(weight):
    weight = weight.clone().requires_grad_()
    return torch.autograd.grad((weight ** 2).sum(), weight)[0]


def autograd_by_another_name(weight):
    weight, send = weight.clone().requires_grad_(), vars(torch.autograd)["backward"]
    send([(weight ** 2).sum()])
    return weight.grad


def product(weight):
    return weight.T @ torch.eye(len(weight))


def verdict(ask, call, answer, arguments, right, rules=None):
    case = Case("all", **arguments)
    described = description(Exercise(call, {"all": 1}, [case], lambda rng: [], rules or Rules()), right, [case])
    return assess("answer", described, ask(call, answer, described["cases"], described["rules"]["forbidden"]))


def verdicts(ask) -> list[bool]:
    """Right and wrong answers of each kind of call, and answers that take a forbidden way.

    What we bind when we are imported may be back by now: torch itself does not do without it.
    """
    said = [verdict(ask, call, answer, arguments, right)[0].right
            for call, (right, wrong, arguments) in KINDS.items() for answer in (right, wrong)]
    rules = Rules(forbidden=("autograd", "matrix product"))
    return said + [verdict(ask, "function", answer, {"weight": W}, right, rules)[0].right
                   for answer, right in ((by_hand, by_hand), (with_autograd, by_hand), (autograd_by_another_name, by_hand),
                                         (product, lambda weight: weight.T.clone()))]


def test_every_private_name_of_the_sources_is_in_the_table(project):
    listed = {part for place in NAMES for part in re.split(r"[.:]", place)}
    found = {match for path in (project.root / "embedding_course").rglob("*.py") if path.name != "fragile.py"
             for groups in PRIVATE.findall(path.read_text(encoding="utf-8")) for match in groups if match}
    assert found - listed == set()


def test_all_are_there_and_nothing_is_unwatched():
    assert [name.place for name in fragile.NAMES if not name.there] == []
    described = private.answer_cases("function", by_hand, [], ["autograd"])
    assert described == {"outcomes": []}
    assert verdicts(private.answer_cases) == [True, False] * len(KINDS) + [True, False, False, False]


@pytest.mark.parametrize("place", [name.place for name in fragile.NAMES if name.used in (fragile.OBSERVE, fragile.WATCH)])
def test_without_it_every_verdict_is_the_same(place):
    with pytest.MonkeyPatch.context() as patch:
        take(patch, place)
        ask = private.load(private.SET)[f"{private.PACKAGE}.outcome"].answer_cases
        said = verdicts(ask) if "Node" in place else None
    assert (said or verdicts(ask)) == [True, False] * len(KINDS) + [True, False, False, False]


@pytest.mark.parametrize(("place", "what"), [
    ("torch.utils._python_dispatch:TorchDispatchMode", "operators within functions of torch"),
    ("torch:autograd.graph.Node.register_prehook", "autograd's way back")])
def test_what_can_not_be_watched_is_said_to_whoever_grades(place, what, monkeypatch, project):
    take(monkeypatch, place)
    ask = private.load(private.SET)[f"{private.PACKAGE}.outcome"].answer_cases
    case = Case("all", weight=W)
    twice = Exercise("function", {"all": 1}, [case], lambda rng: [], Rules(forbidden=("autograd",)))
    exercise = description(twice, by_hand, [case])
    answered = ask("function", by_hand, exercise["cases"], ["autograd"])
    assert answered["outcomes"][0]["unwatched"] == [what]
    [line] = engine._unwatched("twice", Full(exercise, 1), answered)
    assert what in line and "autograd" in line and "\n" not in line


WATCHES = """import sys, torch
from embedding_course.checking import watching
with watching.watch(["multiplication"]):
    torch.ones(2) * 2
print("torch._dynamo" in sys.modules)"""


def test_watching_loads_no_compiler():
    done = subprocess.run([sys.executable, "-c", WATCHES], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr[-500:]


def raises_without_a_hook():
    del shell.Shell._showtraceback
    made = shell.make_shell()
    return [shell.run_cell(made, "1 / 0", 10**6), shell.run_cell(made, "x = 3", 10**6), made.user_ns["x"]]


def test_without_ipython_s_hook_an_error_is_printed():
    [said], nothing, x = in_child(raises_without_a_hook)
    assert said["output_type"] == "stream" and "ZeroDivisionError" in said["text"]
    assert (nothing, x) == ([], 3)


def test_rows_are_compared_where_torch_tells_of_no_writes(monkeypatch):
    def moved():
        table = torch.nn.Embedding(3, 2)
        with torch.no_grad():
            table.weight.fill_(1.0)
        optimizer = torch.optim.SGD(table.parameters(), lr=0.5)
        table(torch.tensor([1])).sum().backward()
        return str(take_step(table, ["a", "b", "c"], torch.tensor([1]), optimizer.step))
    before = moved()
    monkeypatch.setattr("embedding_course.rows.watched.version", lambda weight: None)
    assert moved() == before


@pytest.mark.parametrize("place", [name.place for name in fragile.NAMES if not name.without])
def test_what_grades_rest_on_is_demanded_in_one_line(place, monkeypatch, project):
    take(monkeypatch, place)
    fragile.demand.cache_clear()
    try:
        with pytest.raises(Problem, match=re.escape(place.rpartition(":")[2])) as problem:
            configuration(project)
    finally:
        fragile.demand.cache_clear()
    assert "pip install -c constraints.txt nbgrader" in str(problem.value) and "\n" not in str(problem.value)


OURS = {"SaveChangedCells": "SaveCells", "JudgeOutside": "Execute", "SaveScores": "SaveAutoGrades"}
LEFT_OUT = {"InstantiateTests", "IgnorePattern", "ClearMetadataPreprocessor", "StampRelease"}   # the last is ours alone


@pytest.mark.parametrize(("converter", "steps"), [
    (GenerateAssignment, "preprocessors"), (Autograde, "sanitize_preprocessors"), (Autograde, "autograde_preprocessors")])
def test_the_steps_of_our_configuration_are_nbgrader_s_own_but_for_ours(project, converter, steps):
    """Its lists are frozen in `grader_config.py`: a step that a new version adds would be left out in silence."""
    mine = [str(one).rpartition(".")[2] for one in configuration(project)[converter.__name__][steps]]
    theirs = [one.__name__ for one in converter.class_traits()[steps].default_args[0]]
    assert [OURS.get(one, one) for one in mine if one not in LEFT_OUT] == [one for one in theirs if one not in LEFT_OUT]
