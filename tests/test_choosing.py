"""Which of several notebooks counts: never a guess, and where another holds other answers, a person hears of it."""
import json

import pytest
from submissions import LESSON, RIGHT, WRONG, Work

from embedding_course.course.grading.choosing import choose
from embedding_course.course.problem import Problem
from embedding_course.course.reading import read_notebook

WANTED, COPY = f"{LESSON}.ipynb", f"{LESSON} (1).ipynb"


@pytest.fixture
def chosen(project, tmp_path):
    """What `choose` says of notebooks with these answers, by file name."""
    released = json.loads(project.released(LESSON).read_text(encoding="utf-8"))

    def choosing(**answers):
        files = {name.replace("wanted", WANTED).replace("copy", COPY):
                 json.dumps(Work(released, tmp_path / name, given).notebook).encode() for name, given in answers.items()}
        return choose(files, LESSON, read_notebook(project.released(LESSON)))
    return choosing


@pytest.mark.parametrize(("counted", "beside", "flagged"), [
    ({"pluck": RIGHT["pluck"]}, RIGHT, ["matmul", "multiplications"]),   # it holds more
    (RIGHT, {**RIGHT, "pluck": WRONG["pluck"]}, ["pluck"]),             # another one
    (RIGHT, {"pluck": RIGHT["pluck"]}, []), (RIGHT, RIGHT, []), (RIGHT, {}, [])])
def test_a_copy_with_more_or_other_answers_is_flagged(chosen, counted, beside, flagged):
    name, notes, flags = chosen(wanted=counted, copy=beside)
    assert name == WANTED
    assert any(COPY in note for note in notes)
    assert all(exercise in flags[0] for exercise in flagged) if flagged else flags == []


def test_finished_work_beside_an_untouched_copy_is_no_guess_of_ours(chosen):
    with pytest.raises(Problem, match="which one counts"):
        chosen(wanted={}, copy=RIGHT)
