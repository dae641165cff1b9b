"""Every lesson runs top to bottom in a fresh kernel; every release fails at its exercises and nowhere else."""
import functools
import re
import resource
import subprocess
import sys

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from running import Ran, run

from embedding_course.course.lesson import read_lesson
from embedding_course.course.notebook import instructor_notebook
from embedding_course.course.project import Project
from embedding_course.course.reading import read_notebook

PROJECT = Project.find()
LONGEST = {"07-tabular": 60, "08-reuse": 60}
MEASURED = re.compile(r"[\d.]+ ?(times|ms|µs|s)\b|about \d+")   # times differ from run to run; all else must not
TIMED = "Two charts against 10 to 100,000 levels"             # the one figure that shows them


def run_solved(name):
    return run(instructor_notebook(read_lesson(PROJECT.solutions / f"{name}.py"), {}), PROJECT.release / name)


@functools.cache
def timed(name):
    """A lesson that was run, and how slow the machine was meanwhile: before or after, whichever is more."""
    before = slowness()
    return run_solved(name), max(before, slowness())


def slowness() -> float:
    """How many times slower than a quiet machine this one is now: by torch's own import, 1.2 processor seconds there."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run([sys.executable, "-c", "import torch"], check=True)
    return max(1.0, (resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before) / 1.2)


def solved(name):
    return timed(name)[0]


CI = ("03-nn-embedding",)   # the site's tests run two others there, those of slides a third


@pytest.fixture(params=[pytest.param(name, marks=[] if name in CI else [pytest.mark.everything])
                        for name in PROJECT.lesson_names()])
def lesson(request):
    return request.param


def test_the_solved_lesson_runs_without_error_or_warning(lesson):
    assert solved(lesson).errors() == []
    assert solved(lesson).warnings() == []


def test_every_check_passes_on_the_reference(lesson):
    shown = {name: texts[0] for name, texts in solved(lesson).texts().items() if name.startswith("check-")}
    assert len(shown) == len(read_lesson(PROJECT.solutions / f"{lesson}.py").with_role("check"))
    assert all(text.startswith("✓") for text in shown.values())


def test_a_verdict_that_came_in_pieces_is_read_whole():
    pieces = [new_output("stream", name="stdout", text=text) for text in ("✓ pluck: 9 cases", "\n")]
    ran = Ran(new_notebook(cells=[new_code_cell("", id="check-pluck", outputs=pieces)]), 0)
    assert ran.texts() == {"check-pluck": ["✓ pluck: 9 cases\n"]}


def test_it_takes_less_than_twenty_seconds(lesson):
    ran, slower = timed(lesson)
    assert ran.seconds < LONGEST.get(lesson, 20) * slower


def test_printed_tables_fit_a_laptop(lesson):
    """JupyterLab shows about 105 characters at 1280 px. It breaks sentences well, and columns not."""
    printed = [line for _, output in solved(lesson).outputs() if output.output_type == "stream"
               for line in output.text.splitlines()]
    assert printed
    assert [line for line in printed if len(line) > 105 and re.search(r"\S {2,}\S", line)] == []


def test_every_figure_is_described(lesson):
    figures = [output.data["text/html"] for _, output in solved(lesson).outputs()
               if "<svg" in output.get("data", {}).get("text/html", "")]
    assert figures
    for figure in figures:
        assert re.search(r'aria-label="[^"]{40,}"', figure)


@pytest.mark.parametrize("lesson", [
    pytest.param(name, marks=[] if name == "02-matmul" else pytest.mark.everything) for name in PROJECT.lesson_names()])
def test_the_untouched_release_fails_at_its_exercises_only(lesson):
    ran = run(read_notebook(PROJECT.released(lesson)), PROJECT.release / lesson)
    failed = {error.split(":")[0] for error in ran.errors()}
    checks = {f"check-{cell.name}" for cell in read_lesson(PROJECT.solutions / f"{lesson}.py").with_role("check")}
    assert failed == checks
    assert all("not started yet" in error for error in ran.errors())
    assert ran.warnings() == []


@pytest.mark.everything
def test_a_second_run_gives_the_same_numbers_and_figures(lesson):
    first, second = solved(lesson).texts(), run_solved(lesson).texts()
    different = [name for name in first if [MEASURED.sub("", text) for text in first[name]]
                 != [MEASURED.sub("", text) for text in second[name]]]
    assert [name for name in different if TIMED not in str(first[name])] == []
