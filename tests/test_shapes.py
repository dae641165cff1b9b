"""Right answers in every shape in which notebooks come in: laid on the release and run, each is there at its check."""
import copy
import json
import re
import sys

import pytest
import torch
from IPython.core.inputtransformer2 import TransformerManager
from submissions import LESSON, RIGHT, Work, own

from embedding_course.course.grading.steps import demonstrates, leans_on_demonstrations
from embedding_course.course.graft import answers_in, graft
from embedding_course.course.reading import parse_notebook, read_notebook

PLUCK, MATMUL, COUNT = RIGHT["pluck"], RIGHT["matmul"], RIGHT["multiplications"]
LOOK = PLUCK.replace("pluck", "look").replace("    return weight[codes].clone()\n", "")
LEANS = "def pluck(codes, weight):\n    look(codes, weight)\n    return weight[codes].clone()\n"
BROKEN, FALSE = "def pluck(codes, weight:\n    return weight[codes]\n", "def pluck(codes, weight):\n    return weight * 0\n"
RAISES = FALSE + "\npluck(1 / 0, 2)\n"
SHAPES = {}


def shape(*arguments):
    """Registers a function of a Work; with arguments, once for each."""
    def register(change):
        for number, argument in enumerate(arguments):
            SHAPES[f"{change.__name__}-{number}"] = lambda work, argument=argument: change(work, argument)
        if not arguments:
            SHAPES[change.__name__] = change
        return change
    return register


def put(work, name, source, where=0, **changes):
    """A copy of a cell with its metadata, above it (0) or below (1)."""
    cell = work.find(name)
    work.cells.insert(work.cells.index(cell) + where, {**copy.deepcopy(cell), "id": "copied", "source": source, **changes})


def strip(work):
    for cell in work.cells:
        cell["metadata"] = {}
        cell.pop("id", None)


def extend(work, name, above="", below=""):
    cell = work.find(name)
    cell["source"] = above + "".join(cell["source"]) + below


@shape("cell-01", "cell-03", "cell-16", "cell-26", "cell-04", "cell-29", "guess-infinity", "matmul", "check-matmul")
def a_helper_below_what_stands_there(work, name):
    work.find(name)["cell_type"] = "code"
    extend(work, name, below=f"\n\n{LOOK}" if name not in ("cell-04", "cell-29") else "")
    if name in ("cell-04", "cell-29"):
        work.find(name)["source"] = LOOK
    work.answer("pluck", LEANS)


@shape("cell-01", "cell-03", "cell-10", "cell-26", "check-matmul", "check-pluck", "matmul")
def an_import_above_what_stands_there(work, name):
    extend(work, name, above="import math\n")
    work.answer("multiplications", COUNT.replace("n * levels * dim", "math.prod([n, levels, dim])"))


@shape("cell-01", "cell-06", "cell-25", "check-matmul", "cell-26")
def a_constant_instead_of_what_stood_there(work, name):
    work.find(name)["source"] = "nothing = 0"
    work.answer("multiplications", COUNT.replace(", 0", ", nothing"))


@shape()
def a_magic_above_a_helper_in_a_demonstration(work):
    extend(work, "cell-26", above="%%time\n", below=f"\n{LOOK}")
    work.answer("pluck", LEANS)


@shape()
def a_changed_constant_of_a_demonstration(work):
    work.find("cell-26")["source"] = "broken = W.clone()\nzero = 0\nbroken[0, 0] = torch.inf\n"
    work.answer("multiplications", COUNT.replace(", 0", ", zero"))


@shape(("{}\n{}", 0), ("{}\n\n{}", 0), ("{}", 0), ("{1}\n\n{0}", 0), ("{1}\n\n{0}", 1), ("%%time\n{0}\n{1}", 0),
       ("{0}\nprint({1})", 0))
def the_answer_in_its_check_cell(work, form):
    text, gone = form
    work.find("check-pluck")["source"] = text.format(PLUCK, 'check("pluck")')
    work.find("pluck")["source"] = work.find("pluck")["source"] if not gone else ""
    if not gone:
        work.answer("pluck", work.stubs["pluck"])


@shape("cell-50", "cell-60", "check-multiplications", "cell-03", "multiplications")
def an_own_cell_with_an_id_of_the_release(work, name):
    work.cells.insert(work.cells.index(work.find("pluck")), {**own(LOOK), "id": name,
                                                            "metadata": copy.deepcopy(work.find(name)["metadata"])})
    work.answer("pluck", LEANS)


@shape()
def a_copied_check_cell_holds_a_helper(work):
    put(work, "check-matmul", LOOK, 1)
    work.answer("pluck", LEANS)


@shape()
def a_copy_of_a_later_lesson_cell_further_up(work):
    put(work, "cell-37", "".join(work.find("cell-37")["source"]), metadata={})
    work.cells.insert(2, work.cells.pop(next(i for i, cell in enumerate(work.cells) if cell["id"] == "copied")))
    work.answer("multiplications", COUNT.replace("    return", "    seconds\n    return"))


@shape(*((text, where) for text in (BROKEN, RAISES, FALSE, "print(pluck)", "# a plan", "1 / 0") for where in (0,)),
       (BROKEN, 1), ("print(1)", 1), ("1 / 0", 1), ("pluck.note = 3", 1), (PLUCK, 1), (f"%%time\n{FALSE}", 0))
def a_copy_beside_the_answer(work, copied):
    put(work, "pluck", *copied)


@shape(BROKEN, RAISES, FALSE, PLUCK)
def a_copy_below_the_check(work, text):
    put(work, "check-pluck", text, 1, metadata=copy.deepcopy(work.find("pluck")["metadata"]))


@shape()
def three_copies(work):
    put(work, "pluck", RAISES)
    put(work, "pluck", BROKEN)
    put(work, "pluck", "%%time\n" + FALSE)


@shape(("markdown", PLUCK), ("markdown", "my first try"), ("raw", FALSE))
def a_copy_that_is_no_code(work, copied):
    put(work, "pluck", copied[1], cell_type=copied[0])


@shape()
def both_with_time(work):
    put(work, "pluck", "%%time\n" + FALSE)
    work.answer("pluck", "%%time\n" + PLUCK)


@shape()
def a_copied_answer_cell_for_another_exercise(work):
    work.answer("pluck", work.stubs["pluck"])
    put(work, "matmul", PLUCK, 1)


@shape()
def a_copied_answer_cell_for_another_exercise_whose_cell_is_gone(work):
    work.cells.remove(work.find("pluck"))
    put(work, "matmul", PLUCK, 1)


DEFINITIONS = {
    "lambda": "multiplications = lambda n, levels, dim: (n * levels * dim, 0)",
    "partial": "import functools\ndef count(n, levels, dim, zero): return n * levels * dim, zero\n"
               "multiplications = functools.partial(count, zero=0)",
    "annotated": "multiplications: object = lambda n, levels, dim: (n * levels * dim, 0)",
    "if": "if True:\n    def multiplications(n, levels, dim):\n        return n * levels * dim, 0",
    "try": "try:\n    def multiplications(n, levels, dim):\n        return n * levels * dim, 0\nfinally:\n    pass",
    "with": "import io\nwith io.StringIO():\n    multiplications = lambda *a: (a[0] * a[1] * a[2], 0)",
    "tuple": "multiplications, other = (lambda *a: (a[0] * a[1] * a[2], 0)), 3",
    "global": "def make():\n    global multiplications\n    multiplications = lambda *a: (a[0] * a[1] * a[2], 0)\nmake()",
    "decorated": "import functools\n@functools.cache\ndef multiplications(n, levels, dim):\n    return n * levels * dim, 0",
    "class": "class multiplications(tuple):\n    def __new__(cls, n, levels, dim):\n        return (n * levels * dim, 0)",
    "walrus": "print(multiplications := lambda *a: (a[0] * a[1] * a[2], 0))",
    "imported": "import sys, types\nhelper = types.ModuleType('helper')\nhelper.f = lambda *a: (a[0] * a[1] * a[2], 0)\n"
                "sys.modules['helper'] = helper\nfrom helper import f as multiplications",
    "exec": "exec('def multiplications(n, levels, dim):\\n    return n * levels * dim, 0')",
    "globals": "globals()['multiplications'] = lambda *a: (a[0] * a[1] * a[2], 0)",
    "with a magic": COUNT + "\n%time 1\n!true\nmultiplications?",
    "for": "for multiplications in [lambda *a: (a[0] * a[1] * a[2], 0)]:\n    pass",
    "long sum": "def multiplications(n, levels, dim):\n    return n * levels * dim + " + " + ".join(["0"] * 3000) + ", 0",
}


@shape(*DEFINITIONS.values())
def a_definition_without_metadata(work, source):
    work.answer("multiplications", source)
    strip(work)


@shape(*DEFINITIONS.values())
def a_definition_in_its_cell(work, source):
    work.answer("multiplications", source)


@shape(*(DEFINITIONS[name] for name in ("lambda", "if", "imported", "decorated")))
def a_definition_above_the_stub_that_was_left(work, source):
    work.answer("multiplications", work.stubs["multiplications"])
    work.before("multiplications", source)


@shape("cell-31", "cell-03", "matmul")
def an_answer_far_above_the_stub_that_was_left(work, name):
    work.answer("multiplications", work.stubs["multiplications"])
    index = next((i for i, cell in enumerate(work.cells) if cell["id"] == name), 25)
    work.cells.insert(index, own(COUNT))


@shape()
def ids_numbered_anew(work):
    for number, cell in enumerate(work.cells):
        cell |= {"id": f"cell-{number + 1:02d}", "metadata": {}}


@shape()
def every_id_twice(work):
    work.notebook["cells"] = [{**cell, "id": work.cells[i // 2 * 2]["id"]} for i, cell in enumerate(work.cells)]


@shape()
def texts_in_blocks_without_ids(work):
    blocks = []
    for cell in work.cells:
        source = "".join(cell["source"])
        parts = re.split(r"\n\n", source) if cell["cell_type"] == "markdown" else [source]
        blocks += [{**cell, "source": part.replace("\n", " ") if parts[1:] else part} for part in parts]
    work.notebook["cells"] = blocks
    strip(work)


@shape()
def answers_right_below_the_imports_use_each_other(work):
    work.answer("matmul", MATMUL.replace("    return", "    multiplications(1, 2, 3)\n    return"))
    cells = [work.find(name) for name in ("multiplications", "pluck", "matmul")]
    rest = [cell for cell in work.cells if cell not in cells]
    work.notebook["cells"] = [*rest[:2], *cells, *rest[2:]]


@shape()
def prose_in_a_code_cell_above_the_check(work):
    work.cells.insert(work.cells.index(work.find("check-pluck")), own("Here I take the rows by their codes!"))


@shape()
def many_blanks(work):
    work.before("pluck", " " * 100_000 + "\n" * 100_000)


@shape("\0", "\ud800", "x = '\ud83d'")
def odd_characters_in_an_own_cell(work, text):
    work.before("pluck", text)


class Shell:
    """What stands for `get_ipython()` here."""

    def __init__(self, names):
        self.names = names

    def run_cell_magic(self, magic, line, body):
        exec(TransformerManager().transform_cell(body), self.names)

    def __getattr__(self, name):
        return lambda *arguments: None


def at_the_checks(notebook, imports):
    """What the answers are when their checks come; demonstrations are skipped where grading skips them."""
    names, found, whole = dict(imports), {}, leans_on_demonstrations(notebook.cells)
    shell = Shell(names)
    names["get_ipython"] = lambda: shell
    for cell in notebook.cells:
        if cell.get("id", "").startswith("check-"):
            name = cell.id.removeprefix("check-")
            found[name] = names.get(name)
        elif cell.cell_type == "code" and (whole or not demonstrates(cell)):
            limit = sys.getrecursionlimit()
            sys.setrecursionlimit(20_000)   # as IPython's way of compiling allows for
            try:
                exec(TransformerManager().transform_cell(cell.source), names)
            except Exception:  # noqa: BLE001, S112 - as in a notebook, the next cell goes on
                continue
            finally:
                sys.setrecursionlimit(limit)
    return found


@pytest.fixture(scope="module")
def release(project):
    return read_notebook(project.released(LESSON))


@pytest.fixture(scope="module")
def imports(release):
    names = {}
    exec(release.cells[1].source, names)
    return names


def handed_in(project, tmp_path, name):
    work = Work(json.loads(project.released(LESSON).read_text(encoding="utf-8")), tmp_path / "work", RIGHT)
    SHAPES[name](work)
    return parse_notebook(json.dumps(work.notebook).encode(), "n.ipynb")


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.everything] if number % 4 else [])
                                  for number, name in enumerate(SHAPES)])
def test_right_answers_are_there_at_their_checks(project, tmp_path, release, imports, name):
    notebook = handed_in(project, tmp_path, name)
    result, notes, flags = graft(release, notebook)
    found = at_the_checks(result, imports)
    weight = torch.tensor([[5.0, 6.0], [7.0, 8.0]])
    assert found["matmul"](torch.tensor([[2.0, 1.0]]), weight).tolist() == [[17, 20]], notes
    assert found["pluck"](torch.tensor([[1], [0]]), weight).tolist() == [[[7, 8]], [[5, 6]]], notes
    with pytest.raises(IndexError):
        found["pluck"](torch.tensor([2]), weight)
    assert found["multiplications"](2, 5, 3) == (30, 0), notes
    assert set(flags) <= set(notes)
    assert [cell.id for cell in result.cells if cell.id in {c.id for c in release.cells}] == [c.id for c in release.cells]
    kept = "\n".join(cell.source for cell in [*result.cells, *release.cells])
    for cell in notebook.cells:   # nothing that the learner wrote is gone
        assert all(line in kept for line in map(str.strip, cell.source.splitlines()) if cell.cell_type == "code"), notes


def test_answers_in_tells_which_are_begun(release):
    work = copy.deepcopy(release)
    assert answers_in(release, work) == {}
    cells = {cell.id: cell for cell in work.cells}
    cells["pluck"].source, cells["own-words"].source = PLUCK + "  \n\n", "Mine."
    cells["guess-product"].source = "guess = 7"
    assert answers_in(release, work) == {"pluck": PLUCK.strip(), "own-words": "Mine."}
