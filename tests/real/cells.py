"""What people do to cells while they work."""
import re

from submissions import FULL, RIGHT, case, own

STUB = "\n    # Your code here.\n    raise NotImplementedError()\n"


@case(FULL)
def an_answer_became_text(work):
    """Pressing M turned the last answer into Markdown."""
    cell = work.find("multiplications")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


@case(FULL)
def merged_with_its_check(work):
    """The last answer was merged with the locked check below, which is gone."""
    work.find("multiplications")["source"] += '\n\ncheck("multiplications")'
    work.notebook["cells"] = [cell for cell in work.cells if cell["id"] != "check-multiplications"]


@case(7)
def text_that_stands_twice(work):
    """The text of an answer stands twice, without a line end between."""
    work.answer("multiplications", RIGHT["multiplications"].rstrip() + RIGHT["multiplications"])


@case(FULL)
def stub_lines_left(work):
    """`raise NotImplementedError()` stands at the end of every solved cell."""
    for name, source in RIGHT.items():
        work.answer(name, source + "\nraise NotImplementedError()\n")


@case(0, {})
def outputs_without_code(work):
    """Nothing is answered, but saved outputs look as if all had passed."""
    for name in RIGHT:
        passed = {"output_type": "stream", "name": "stdout", "text": f"✓ {name}: 40 cases"}
        work.find(f"check-{name}")["outputs"] = [passed]


@case(FULL)
def an_answer_at_the_bottom(work):
    """The last answer was moved to the end, below its check."""
    cell = work.find("multiplications")
    work.cells.remove(cell)
    work.cells.append(cell)


@case(FULL)
def checks_deleted(work):
    """No check cell is left."""
    work.notebook["cells"] = [cell for cell in work.cells if not cell["id"].startswith("check-")]


@case(FULL)
def the_import_cell_deleted(work):
    """The import cell is gone."""
    first = next(cell for cell in work.cells if cell["cell_type"] == "code")
    work.cells.remove(first)


@case(FULL)
def an_answer_split_in_two(work):
    """One answer was split, and the second half is a copy of the cell's metadata."""
    cell = work.find("pluck")
    half = dict(cell) | {"source": cell["source"]}
    cell["source"] = "# my plan: index, after a look at the codes"
    work.cells.insert(work.cells.index(cell) + 1, half)


@case(FULL)
def an_answer_cut_in_the_middle(work):
    """One answer was cut in two within its function; the second half is a plain cell."""
    cell = work.find("matmul")
    head, body = cell["source"].split("    return ")
    cell["source"] = head
    work.cells.insert(work.cells.index(cell) + 1, own("    return " + body))


@case(FULL)
def two_answers_in_one_cell(work):
    """The first two answers and the check between them were merged, into the second one's cell."""
    work.answer("pluck", RIGHT["matmul"] + '\ncheck("matmul")\n\n' + RIGHT["pluck"])
    work.notebook["cells"] = [cell for cell in work.cells if cell["id"] not in ("matmul", "check-matmul")]


@case(FULL)
def all_in_one_cell(work):
    """All cells were selected and merged."""
    code = ["".join(cell["source"]) for cell in work.cells if cell["cell_type"] == "code"]
    work.answer("matmul", "\n\n".join(code))
    work.notebook["cells"] = [work.find("matmul")]


@case(FULL)
def many_own_cells(work):
    """Own cells between all others: text, raw, tries, one that fails, one that the answer needs."""
    for number, cell in enumerate(list(work.cells)):
        kind = ({"cell_type": "markdown", "id": f"m{number}", "metadata": {}, "source": "a note"},
                {"cell_type": "raw", "id": f"r{number}", "metadata": {}, "source": "raw"}, own(f"{number} / 0"),
                own(f"attempt_{number} = {number}"))[number % 4]
        work.cells.insert(work.cells.index(cell), kind)
    work.before("pluck", "def look(codes, weight):\n    if codes.numel() and (codes.min() < 0 or codes.max() >= len(weight)):\n"
                         "        raise IndexError(codes)\n")
    work.answer("pluck", "def pluck(codes, weight):\n    look(codes, weight)\n    return weight[codes].clone()\n")


@case(FULL)
def leans_on_a_lesson_cell(work):
    """An answer uses a name that only a demonstration of the lesson defines."""
    shown = ["".join(cell["source"]) for cell in work.cells if "demonstration" in cell["metadata"].get("tags", [])]
    name = re.search(r"^(\w+) = ", "\n".join(shown), re.MULTILINE)[1]
    work.answer("multiplications", RIGHT["multiplications"].replace("    return", f"    {name}\n    return"))


@case(FULL)
def tags_everywhere(work):
    """Tags and slide metadata on every cell."""
    for cell in work.cells:
        cell["metadata"] |= {"tags": ["hide-input", "remove-cell", "raises-exception"], "slideshow": {"slide_type": "skip"}}


@case(FULL)
def a_merge_conflict_in_an_own_cell(work):
    """Git's conflict markers in a cell of one's own."""
    work.first("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other")


@case(7)
def no_break_spaces(work):
    """An answer pasted from a web page, with no-break spaces for indents."""
    work.answer("multiplications", RIGHT["multiplications"].replace("    ", "\u00a0\u00a0\u00a0\u00a0"))
