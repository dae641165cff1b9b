"""Whatever a stranger hands in, reading it and laying it on the release ends soon, or refuses it in one line."""
import copy
import json
import random
import time

import pytest
from submissions import LESSON, RIGHT, Work, own

from embedding_course.checking.unseen import unseen
from embedding_course.course.grading.steps import defined_below, leans_on_demonstrations
from embedding_course.course.graft import graft
from embedding_course.course.problem import Problem
from embedding_course.course.reading import parse_notebook, read_notebook


@pytest.fixture(scope="module")
def release(project):
    return read_notebook(project.released(LESSON))


@pytest.fixture
def work(project, tmp_path):
    return Work(json.loads(project.released(LESSON).read_text(encoding="utf-8")), tmp_path / "work", RIGHT)


def take_in(release, raw):
    """All that happens to a notebook's text outside the sandbox."""
    result = graft(release, parse_notebook(raw, "n.ipynb")).notebook
    positions = {cell.get("id"): at for at, cell in enumerate(result.cells)}
    leans_on_demonstrations(result.cells)
    for name in RIGHT:
        unseen(result.cells[positions[name]].source)
        defined_below(result.cells, positions[name], positions[f"check-{name}"])
    return result


def pieces(count):
    return [{**own("def pluck(codes, weight):\n    x = 0"), "metadata": {"nbgrader": {"grade_id": "pluck"}}},
            *(own("    x += 1") for _ in range(count))]


def marked(count):
    return [{**own(f"x = {number}"), "metadata": {"nbgrader": {"grade_id": "pluck"}}} for number in range(count)]


LONG = {
    "blank lines": lambda n: [own("\n" * 50 * n)],
    "blanks": lambda n: [own(" " * 50 * n + "x")],
    "blanks in a text": lambda n: [{"cell_type": "markdown", "metadata": {}, "source": ("\n" + " " * 50) * n + "x"}],
    "a long line": lambda n: [own("x = '" + "a, " * 20 * n)],
    "quotes": lambda n: [own("\"'" * 20 * n)],
    "a sum": lambda n: [own("x = 1" + " + 1" * 10 * n)],
    "names": lambda n: [own("".join(f"pluck_{i} = look(pluck)\n" for i in range(n)))],
    "brackets": lambda n: [own("(" * 50 * n)],
    "an answer in many cells": pieces,
    "an answer in many marked cells": marked,
    "copies": lambda n: [{**cell, "source": f"{RIGHT['pluck']}#{i}"} for i, cell in enumerate(marked(n))],
    "imports": lambda n: [{**cell, "source": f"import x{i}"} for i, cell in enumerate(marked(n))],
    "own definitions": lambda n: [own(f"def pluck(codes, weight):\n    return {i}") for i in range(n)],
    "changed cells": lambda n: [{**own(f"a{i} = 1"), "id": "cell-28"} for i in range(n)],
    "notes": lambda n: [{"cell_type": "markdown", "metadata": {}, "source": f"note {i}"} for i in range(n)],
    "cells in reverse": lambda n: [{**own(""), "id": f"cell-{i % 66:02d}"} for i in range(n, 0, -1)],
}


@pytest.mark.parametrize("name", LONG)
def test_ten_times_as_much_takes_no_hundred_times_as_long(release, work, name):
    at, before = work.cells.index(work.find("pluck")), list(work.cells)
    seconds = []
    for size in (100, 1000):
        cells = LONG[name](size)
        work.notebook["cells"] = [*before[:at], *cells, *before[at:]]
        raw = json.dumps(work.notebook).encode()
        started = time.process_time()
        take_in(release, raw)
        seconds.append(time.process_time() - started)
    assert seconds[1] < 40 * max(seconds[0], 0.05), seconds


TOO_MUCH = {
    "a long cell": [own("x = 1\n" * 200_000)],
    "much text": [own("x = 1\n" * 100_000)] * 7,
    "many cells": [own("x")] * 5_001,
    "many pictures": [{"cell_type": "markdown", "metadata": {}, "source": "", "attachments": {
        f"{i}.png": {"image/png": "QQ=="} for i in range(1_001)}}],
    "many values": [{"source": "x", "outputs": [{}] * 1_000_000}],
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_more_than_an_honest_notebook_holds_is_refused_in_a_line(name):
    with pytest.raises(Problem) as refused:
        parse_notebook(json.dumps({"cells": TOO_MUCH[name]}).encode(), "n.ipynb")
    assert "n.ipynb: " in str(refused.value) and "\n" not in str(refused.value) and len(str(refused.value)) < 200


def test_more_bytes_than_a_notebook_holds_are_refused():
    with pytest.raises(Problem, match="MiB is too large for a notebook"):
        parse_notebook(b" " * (41 * 2**20) + b"{}", "n.ipynb")


def test_empty_cells_beyond_number_are_dropped(release):
    notebook = parse_notebook(b'{"cells": [' + b"{}," * 300_000 + b'{"cell_type": "code", "source": "x"}]}', "n.ipynb")
    assert [cell.source for cell in notebook.cells] == ["x"]


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


STRANGE = ["", "\0", "\ud800", "\n" * 3000, " " * 3000, "(" * 300, "x" * 5000, "%%bash\nls", "!ls", "def pluck(",
           "    return 1", "'''", "def pluck(a, b): return 1", "check('pluck')", "from helper import *", "exec('x')",
           "-" * 3000 + "1", "1" + "+1" * 3000, "```python\nx\n```", "attachment:a.png",
           3, None, [], ["a", 3, ["b"]], {"a": {"b": 1}}, 1e308, True]


def mutate(rng, notebook):
    """One to five changes of structure or text, of any kind."""
    cells = notebook["cells"]
    for _ in range(rng.randint(1, 5)):
        at, other = (rng.randrange(len(cells)) for _ in range(2))
        cell = cells[at]
        if not isinstance(cell, dict):
            continue
        text = cell.get("source") if isinstance(cell.get("source"), str) else "x"
        change = rng.randrange(12)
        if change == 0:
            cells[at] = rng.choice([None, 3, "x", [], {}, {"cell_type": []}, nested(50)])
        elif change == 1:
            cell["source"] = rng.choice(STRANGE)
        elif change == 2:
            cell[rng.choice(["id", "metadata", "cell_type", "attachments", "outputs", "source"])] = rng.choice(
                [*STRANGE, nested(300), "cell-03", "pluck", {"nbgrader": {"grade_id": rng.choice(STRANGE)}}])
        elif change == 3:
            cell.pop(rng.choice(["id", "metadata", "cell_type", "source"]), None)
        elif change == 4:
            cells.insert(other, copy.deepcopy(cell))
        elif change == 5:
            cells.insert(other, cells.pop(at))
        elif change == 6:
            del cells[at:at + rng.randrange(1, 4)]
            cells += [{"cell_type": "code"}] if not cells else []
        elif change == 7:
            cut = rng.randrange(len(text) + 1)
            cell["source"] = text[:cut]
            cells.insert(at + 1, {**copy.deepcopy(cell), "source": text[cut:]})
        elif change == 8 and isinstance(cells[other], dict):
            cell["source"] = f"{text}\n{cells[other].get('source')}"
        elif change == 9:
            cut = rng.randrange(len(text) + 1)
            cell["source"] = text[:cut] + str(rng.choice(STRANGE)) + text[cut:]
        elif change == 10:
            notebook["metadata"] = rng.choice([*STRANGE, nested(300), {"embedding_course": rng.choice(STRANGE)},
                                               {"embedding_course": {"release": "x", "texts": rng.choice(STRANGE)}}])
        else:
            cell["metadata"] = {"nbgrader": {"grade_id": rng.choice(["pluck", "check-pluck", "own-words", "matmul"])}}


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.everything) for seed in range(1, 21))])
def test_whatever_is_done_to_a_notebook_only_a_problem_is_raised(release, work, seed):
    rng, slow = random.Random(seed), []
    for number in range(100):
        notebook = copy.deepcopy(work.notebook)
        mutate(rng, notebook)
        raw, started = json.dumps(notebook).encode(), time.process_time()
        try:
            result = take_in(release, raw)
            assert [cell.id for cell in result.cells if cell.id in {c.id for c in release.cells}] == [
                cell.id for cell in release.cells]
        except Problem:
            pass
        if time.process_time() - started > 1:
            slow.append(number)
    assert len(slow) < 3, slow   # beside many busy processes a second passes soon
