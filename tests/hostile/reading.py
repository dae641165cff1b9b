"""Submissions that are dear to read, to judge or to show: nothing of them runs for long, and a grader might for ever."""
import json

from submissions import FULL, REFUSED, RIGHT, attempt

EMPTY = {"cell_type": "markdown", "metadata": {}, "source": ""}


@attempt(6, {**RIGHT, "pluck": "def pluck(codes, weight):\n    import torch\n    return torch.empty(10**9, 0)\n"})
def a_tensor_of_a_thousand_million_empty_rows(work):
    """A shape that costs its maker nothing, and whoever prints it everything."""


@attempt(6, {**RIGHT, "pluck": "def pluck(codes, weight):\n    import torch\n    return torch.zeros(1).expand(1 << 40, 1 << 20)\n"})
def a_tensor_that_repeats_one_number(work):
    """A shape of a million million rows, of which one number is kept."""


@attempt(6, {**RIGHT, "pluck": "def pluck(codes, weight):\n    x = []\n    for _ in range(5000):\n        x = [x]\n    return x\n"})
def a_list_five_thousand_deep(work):
    """Nested so deep that whoever reads it runs out of stack."""


@attempt(6, {**RIGHT, "pluck": "def pluck(codes, weight):\n    raise ValueError('x' * 10**8)\n"})
def an_exception_of_a_hundred_megabytes(work):
    """Words without end, in an exception."""


@attempt(FULL, RIGHT)
def a_hundred_thousand_blank_lines(work):
    """Blank lines, which a careless pattern reads again and again."""
    work.first("\n" * 100_000)
    work.answer("pluck", RIGHT["pluck"] + "\n" * 100_000)


@attempt(FULL, RIGHT)
def sixty_thousand_nested_tags(work):
    """HTML nested so deep that cleaning it takes minutes."""
    work.first("from IPython.display import HTML, display\n"
               "for tag in ('<div>', '<b>', '<table><tr><td>', '<a><p>', '<!--', '<![CDATA['):\n    display(HTML(tag * 60_000))")


@attempt(REFUSED, RIGHT)
def an_answer_of_eight_megabytes(work):
    """An answer that takes gigabytes to be parsed."""
    work.answer("matmul", RIGHT["matmul"] + "\nnumbers = [" + "1, " * 2_700_000 + "]\n")


@attempt(FULL, RIGHT)
def two_million_empty_cells(work):
    """Cells in which nothing stands."""
    work.cells.extend([EMPTY] * 5)
    text = json.dumps(work.notebook)
    cell = json.dumps(EMPTY)
    assert text.count(cell)
    work.raw = text.replace(cell, ", ".join([cell] * 60_000), 1).encode()


@attempt(REFUSED, RIGHT)
def two_million_cells_that_are_no_cells(work):
    """The same as bare brackets."""
    work.raw = (json.dumps(work.notebook)[:-1] + ', "more": [' + "{}," * 2_000_000 + "{}]}").encode()


@attempt(FULL, RIGHT)
def own_cells_of_a_line_each(work):
    """Fifteen hundred cells with a line each behind an answer, any of which might be its rest."""
    for number in range(1500):
        work.before("multiplications", f"    x{number} = {number}" if number % 2 else f"y{number} = {number}")


@attempt(FULL, RIGHT)
def a_sum_of_three_thousand_terms(work):
    """An expression that Python's own parser only just reads."""
    work.first("total = " + " + ".join(["1"] * 3000))


@attempt(FULL, RIGHT)
def spaces_in_words(work):
    """A written answer of blanks, and others that a reader of Markdown goes through again and again."""
    work.find("own-words")["source"] = "A row" + " " * 100_000 + "is plucked."
    for text in ("[" * 50_000, "*a " * 30_000, "`a" * 30_000, "> " * 5000 + "x", "![](" * 20_000, "| a " * 20_000, "$" * 50_001):
        work.cells.append({"cell_type": "markdown", "metadata": {}, "source": text})


@attempt(FULL, RIGHT)
def a_million_attachments(work):
    """Pictures without number, pasted into an own note."""
    work.cells.append({"cell_type": "markdown", "metadata": {}, "source": "![x](attachment:0.png)",
                       "attachments": {f"{n}.png": {"image/png": "iVBORw0KGgo="} for n in range(900)}})


@attempt(REFUSED, RIGHT)
def a_file_too_large_for_a_notebook(work):
    """Fifty megabytes of nothing, under the notebook's name."""
    work.raw = json.dumps(work.notebook).encode() + b" " * (50 * 2**20)


@attempt(FULL, RIGHT)
def a_library_beside(work):
    """Thousands of small files and a large one beside the notebook."""
    for number in range(3000):
        (work.folder / f"file-{number:05d}.txt").write_text("x")
    with (work.folder / "large.bin").open("wb") as file:
        file.truncate(300 * 2**30)
    (work.folder / "a" / "b").mkdir(parents=True)


@attempt(FULL, RIGHT)
def outputs_of_forty_thousand_pieces(work):
    """Output in pieces without number."""
    work.first("from IPython.display import display\nfor i in range(40_000): display(i)\n")
