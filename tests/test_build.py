"""The build: one source, one direction, and what it refuses."""
import json
import os
import shutil
import subprocess
import sys

import pytest

from embedding_course.course.build import build, built, stale
from embedding_course.course.lesson import read_lesson
from embedding_course.course.lint import lint
from embedding_course.course.problem import Problem
from embedding_course.course.reading import read_notebook

NAME = "02-matmul"
COURSE = os.path.join(os.path.dirname(sys.executable), "course")


def edited(copied, old, new):
    """The copied project's lesson with one text replaced by another."""
    path = copied.solutions / f"{NAME}.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def faults(path):
    return "\n".join(lint(read_lesson(path)))


def test_code_that_a_laptop_cannot_show_is_refused(copied):
    path = edited(copied, "torch.set_num_threads(1)", f"torch.set_num_threads(1){'#':>80}")
    assert "a line of 104 characters; code ends before 100" in faults(path)


def test_the_same_source_gives_the_same_bytes_on_windows_too(copied):
    source = copied.solutions / f"{NAME}.py"
    source.write_bytes(b"\xef\xbb\xbf" + source.read_bytes().replace(b"\n", b"\r\n"))
    assert stale(copied, [NAME]) == []


@pytest.mark.everything
@pytest.mark.parametrize("instructions", [
    {"ATEN_CPU_CAPABILITY": "default", "MKL_ENABLE_INSTRUCTIONS": "SSE4_2"},
    {"ATEN_CPU_CAPABILITY": "avx2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}], ids=str)
def test_another_cpu_with_other_last_digits_gives_the_same_release(project, instructions):
    done = subprocess.run([COURSE, "build", "--check", "06-meaning", "09-capstone"],
                          cwd=project.root, env=os.environ | instructions, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_changed_number_in_a_case_is_called_stale(copied):
    checks = copied.release / NAME / "checks.json"
    released = checks.read_text(encoding="utf-8")
    assert "3.0" in released
    checks.write_text(released.replace("3.0", "3.0001", 1), encoding="utf-8")
    assert stale(copied, [NAME]) == [NAME]


def test_a_changed_source_is_called_stale_and_nothing_is_written(copied):
    edited(copied, "Five airports", "Six airports")
    before = copied.released(NAME).read_bytes()
    assert stale(copied, [NAME]) == [NAME]
    assert copied.released(NAME).read_bytes() == before


def test_no_solution_and_no_marking_scheme_reach_the_release(project):
    for name in project.lesson_names():
        text = project.released(name).read_text(encoding="utf-8")
        for word in ("BEGIN SOLUTION", "Marking", "MARK SCHEME"):
            assert word not in text, name


def test_checks_json_holds_data_and_no_code(project):
    for name in project.lesson_names():
        text = (project.release / name / "checks.json").read_text(encoding="utf-8")
        secret = {line.strip() for cell in read_lesson(project.solutions / f"{name}.py").with_role("exercise")
                  for line in cell.source.partition("### BEGIN SOLUTION")[2].splitlines() if len(line.strip()) > 12}
        assert secret
        assert not [line for line in secret if line in text], name
        assert "def " not in text


def test_a_failing_build_leaves_the_old_release_in_place(copied):
    before = copied.released(NAME).read_bytes()
    edited(copied, 'check("pluck")', 'check("plock")')
    with pytest.raises(Problem, match="a check cell holds one line"):
        build(copied, [NAME])
    assert copied.released(NAME).read_bytes() == before


def test_work_in_the_release_is_not_overwritten(copied):
    notebook = json.loads(copied.released(NAME).read_text(encoding="utf-8"))
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "mine"}]
    copied.released(NAME).write_text(json.dumps(notebook))
    edited(copied, "Five airports", "Six airports")
    with pytest.raises(Problem, match="somebody has worked in the release"):
        build(copied, [NAME])
    assert "mine" in copied.released(NAME).read_text(encoding="utf-8")


@pytest.mark.parametrize(("old", "new", "fault"), [
    ('exercise="pluck"', 'exercise="matmul"', "grade id 'matmul' stands twice"),
    ('# %% check="pluck"\ncheck("pluck")\n', "", "exercise pluck has no check cell"),
    ("points: 10", "points: 11", "points add up to 10, the header says 11"),
    ('names = ["ATL"', 'pluck(0, 0)\nnames = ["ATL"', "a lesson cell uses the learner's pluck"),
    ("return F.embedding(codes, weight)", "return F.embedding(codes, W)", "the solution of pluck uses W"),
    ("show(pictures.looked_up(", "print(pictures.looked_up(", "a figure without a description"),
])
def test_lint_names_file_line_and_fault(copied, old, new, fault):
    path = edited(copied, old, new)
    found = faults(path)
    assert fault in found
    assert found.startswith(f"{NAME}.py:")


@pytest.mark.parametrize(("old", "new", "fault"), [
    ("### END SOLUTION", "### END SOLUTOIN", "misspelt marker"),
    ("### END SOLUTION\n", "\n", "without its partner"),
    ("# ## Fifteen", "## Fifteen\nx = 1\n# ## Fifteen", "code in a text cell"),
    ("# ## Fifteen products", "# ## Fifteen products\n# %%timeit", "not a cell marker"),
    ("minutes: 40", "hours: 1", "the header lacks"),
])
def test_what_would_be_read_otherwise_than_it_looks_is_refused_with_its_line(copied, old, new, fault):
    path = edited(copied, old, new)
    with pytest.raises(Problem, match=rf"{NAME}.py:\d+: .*{fault}"):
        read_lesson(path)


@pytest.mark.parametrize("name", ["hw+1", "hw (2)", "hw1.ipynb", "hw[3]", "-hw", "hw 1"])
def test_a_name_that_nbgrader_would_misread_is_refused_with_the_reason(copied, name):
    path = copied.solutions / f"{name}.py"
    shutil.copy(copied.solutions / f"{NAME}.py", path)
    with pytest.raises(Problem, match="a lesson's name may hold"):
        read_lesson(path)


def test_a_stub_keeps_the_signature_and_docstring_of_its_solution(copied):
    edited(copied, "def pluck(codes, weight):", "def pluck(codes, weight):\n    \"\"\"Other.\"\"\"\n"
           "### BEGIN SOLUTION\ndef pluck(codes, weight):\n    return F.embedding(codes, weight)\n### END SOLUTION\n"
           "def unused(codes, weight):")
    with pytest.raises(Problem, match="the stub of pluck"), built(copied, [NAME]):
        pass


def test_a_solution_line_outside_its_markers_stops_the_build(copied):
    edited(copied, "    ### END SOLUTION\n# %% check=\"pluck\"",
           "    ### END SOLUTION\n    return F.embedding(codes, weight)\n# %% check=\"pluck\"")
    with pytest.raises(Problem, match="shows a line of a solution"), built(copied, [NAME]):
        pass


def test_a_marking_scheme_in_an_ordinary_cell_stops_the_build(copied):
    line = next(line for cell in read_lesson(copied.solutions / f"{NAME}.py").with_role("written")
                for line in cell.source.splitlines() if "point" in line)
    edited(copied, "# Five airports", f"# {line}\n# Five airports")
    with pytest.raises(Problem, match="marking scheme"), built(copied, [NAME]):
        pass


def test_a_private_course_of_the_same_shape_builds_without_ours(copied):
    for kind in ("01-own.py", "checks/01_own.py"):
        shutil.copy(copied.solutions / kind.replace("01-own", NAME).replace("01_own", "02_matmul"),
                    copied.solutions / kind)
    assert build(copied, ["01-own"]) == ["01-own"]
    assert read_notebook(copied.released("01-own")).cells


def with_code_graded_by_hand(copied, solution):
    return edited(copied, '# %% [markdown] written="own-words" points=2',
                  f'# %% written="drawn" points=1\ndef drawn():\n    """A picture."""\n{solution}\n\n\nprint("silent")\n'
                  '# %% [markdown] written="own-words" points=1')


def test_code_graded_by_hand_may_use_answers_and_is_released_as_a_stub(copied):
    with_code_graded_by_hand(copied, "    ### BEGIN SOLUTION\n    return pluck(CODES_OF_MY_OWN)\n    ### END SOLUTION")
    assert build(copied, [NAME]) == [NAME]
    cell = next(cell for cell in read_notebook(copied.released(NAME)).cells if cell.get("id") == "drawn")
    assert "CODES_OF_MY_OWN" not in cell.source and "SOLUTION" not in cell.source
    assert '"""A picture."""' in cell.source and 'print("silent")' in cell.source
    grading = cell.metadata["nbgrader"]
    assert (grading["grade"], grading["solution"], grading["locked"], grading["points"]) == (True, True, False, 1)


def test_code_graded_by_hand_without_a_solution_is_a_fault(copied):
    path = with_code_graded_by_hand(copied, "    return 1")
    assert "drawn, code graded by hand, has no solution between markers" in faults(path)
