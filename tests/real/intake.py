"""What learners do to the lesson's own cells, and to copies of their answers."""
import copy

from submissions import FULL, RIGHT, case

LOOK = RIGHT["pluck"].replace("pluck", "look").replace("    return weight[codes].clone()\n", "")
LEANS = "def pluck(codes, weight):\n    look(codes, weight)\n    return weight[codes].clone()\n"


def beside(work, source, below=0):
    """A copy of an answer's cell, with its metadata."""
    cell = work.find("pluck")
    work.cells.insert(work.cells.index(cell) + below, {**copy.deepcopy(cell), "id": "copied", "source": source})


@case(FULL)
def a_helper_in_a_demonstration(work):
    """A helper in a demonstration, whose own lines need others of the lesson."""
    cell = work.holding('print(row @ W, "the product")')
    cell["source"] = "".join(cell["source"]) + "\n\n" + LOOK
    work.answer("pluck", LEANS)


@case(FULL)
def a_demonstration_changed_within(work):
    """A demonstration was rewritten and defines what an answer uses, behind a line that needs the lesson's names."""
    work.holding("by_product, by_lookup =")["source"] = "%%time\nbroken = W.clone()\nzero = 0\nbroken[0, 0] = torch.inf\n"
    work.answer("multiplications", RIGHT["multiplications"].replace(", 0", ", zero"))


@case(FULL)
def an_import_in_the_import_cell(work):
    """An import that only an answer needs stands in the lesson's import cell."""
    cell = work.find("cell-01")
    cell["source"] = "import math\n" + "".join(cell["source"])
    work.answer("multiplications", "def multiplications(*sizes):\n    return math.prod(sizes), 0\n")


@case(FULL)
def an_answer_in_its_check_cell(work):
    """An answer was typed into its check cell; the stub above is untouched."""
    stub, check = work.stubs["pluck"], work.find("check-pluck")
    check["source"] = RIGHT["pluck"] + "\n" + "".join(check["source"])
    work.answer("pluck", stub)


@case(FULL)
def a_first_try_that_raises(work):
    """The answer's cell was copied; the first try above it raises."""
    beside(work, "def pluck(codes, weight):\n    return weight[codes + 1]\n\npluck(1 / 0, 2)\n")


@case(FULL)
def a_broken_copy_below(work):
    """The answer's cell was copied; the copy below it is no Python."""
    beside(work, "def pluck(codes, weight:\n    return\n", below=1)


@case(FULL)
def an_indented_lambda_without_metadata(work):
    """No metadata, no ids, and an answer that is no `def` at the start of a line."""
    work.answer("multiplications", "if True:\n    multiplications = lambda n, levels, dim: (n * levels * dim, 0)\n")
    for cell in work.cells:
        cell["metadata"] = {}
        cell.pop("id")


@case(FULL)
def an_answer_above_its_stub(work):
    """An answer stands in an own cell above the stub that was left."""
    work.answer("pluck", work.stubs["pluck"])
    work.before("pluck", RIGHT["pluck"])


@case(7)
def a_sum_of_three_thousand_terms(work):
    """More terms than Python compiles: that answer is lost, at home too, and nothing else is."""
    work.answer("multiplications", RIGHT["multiplications"].replace(", 0", ", 0" + " + 0" * 3000))
