"""A guess is marked beside what came out, in words too; it is kept as progress is."""
import json
import sys
from types import SimpleNamespace

import pytest
import torch
from test_progress import LESSON, learner, page  # noqa: F401 - a fixture

from embedding_course import guesses, marked
from embedding_course.guesses import NO_GUESS, OPEN, RIGHT, WRONG
from embedding_course.rows import show_step, take_step

GUESS = "product"   # a guess cell of lesson 2


@pytest.fixture(autouse=True)
def a_new_session(monkeypatch):
    monkeypatch.setattr(guesses, "_told", set())


@pytest.mark.parametrize(("said", "is_so", "mark"), [
    (15, 15, RIGHT), (15.2, 15, RIGHT), (15.4, 15, WRONG), ("15", 15, RIGHT), ("fifteen", 15, WRONG), (True, 1, WRONG),
    (0, 0.0, RIGHT), (1e-9, 0.0, RIGHT), (0.1, 0.0, WRONG), (-3, 3, WRONG), (10**400, 3.0, WRONG),
    (float("inf"), float("inf"), RIGHT), (float("nan"), float("nan"), RIGHT), ("nan", float("nan"), RIGHT),
    (True, True, RIGHT), ("yes", True, RIGHT), ("No.", False, RIGHT), (1, True, RIGHT), ("maybe", True, WRONG),
    (" sfo", "SFO", RIGHT), ("SFO.", "SFO", RIGHT), ("JFK", "SFO", WRONG), (3, "3", WRONG),
    ([-2, 0.75, 1], torch.tensor([-2, 0.75, 1]), RIGHT), ((2, 2, 3), torch.Size([2, 2, 3]), RIGHT), ([2], [2, 3], WRONG),
    (torch.tensor(4.0), 4, RIGHT), (["LAX", "JFK"], {"JFK", "LAX"}, RIGHT), ("JFK", {"JFK", "LAX"}, WRONG),
    (None, 4, OPEN), ("", 4, OPEN), ([None, None], [1, 2], OPEN), ([1, None], [1, 2], WRONG), (set(), {"JFK"}, WRONG),
])
def test_a_guess_is_right_when_it_means_the_same(said, is_so, mark):
    assert guesses.mark(said, is_so, 0.02) == mark


def test_marks_stand_beside_the_result_in_words():
    shown = marked("twice", {"JFK": 2, "LAX": 1, "SFO": None}, {"JFK": 2, "LAX": 3, "SFO": 0})
    text = repr(shown).splitlines()
    assert text[1].split() == ["JFK", "2", "2", "✓", "right"]
    assert text[2].split() == ["LAX", "1", "3", "✗", "not", "so"]
    assert text[3].split() == ["SFO", "0", "·", "open"]
    assert text[4] == "Your guess: 1 of 2 right."
    assert '<span class="ec-mark right">✓ right</span>' in shown._repr_html_()


def test_who_skips_is_told_once_and_sees_the_result_all_the_same():
    first, second = (marked("n", None, 15) for _ in range(2))
    assert NO_GUESS in repr(first) and NO_GUESS in first._repr_html_()
    assert NO_GUESS not in repr(second) + second._repr_html_()
    assert "15" in repr(second) and "you said" not in second._repr_html_()


def test_a_guess_of_another_shape_is_told_what_to_write():
    assert "Write it as {'JFK': …}" in repr(marked("n", 3, {"JFK": 3}))
    assert "'JKF' is no entry here." in repr(marked("n", {"JKF": 3}, {"JFK": 3}))


def test_a_guess_that_looks_like_html_is_shown_as_text():
    assert "<b>" not in marked("n", "<b>", "<i>")._repr_html_()


def test_the_first_guess_and_the_last_are_kept_and_the_start_page_counts_them(learner):  # noqa: F811
    marked(GUESS, None, "SFO")
    assert "| 0 of 5 |" in page(learner)
    marked(GUESS, "zeros", "SFO")
    marked(GUESS, "SFO", "SFO")
    kept = json.loads((learner.work / ".progress" / LESSON / f"guess-{GUESS}.json").read_text())
    assert kept["first"]["said"] == {}
    assert kept["last"]["said"] == {GUESS: "SFO"}
    assert kept["last"]["right"] == [GUESS]
    assert kept["truth"] == {GUESS: "SFO"}
    assert "| 1 of 5 |" in page(learner)


def test_the_same_guess_again_writes_nothing(learner):  # noqa: F811
    marked(GUESS, "zeros", "SFO")
    path = learner.work / ".progress" / LESSON / f"guess-{GUESS}.json"
    before = path.stat().st_mtime_ns
    marked(GUESS, "zeros", "SFO")
    assert path.stat().st_mtime_ns == before


def test_a_guess_on_a_step_is_kept_under_the_name_of_the_cell_above(learner, monkeypatch):  # noqa: F811
    cells = json.loads(learner.released(LESSON).read_text(encoding="utf-8"))["cells"]
    at = next(i for i, cell in enumerate(cells) if cell["metadata"].get("embedding_course", {}).get("guess") == GUESS)
    running = "".join(cells[at + 1]["source"])
    monkeypatch.setitem(sys.modules, "__main__", SimpleNamespace(In=["", "an earlier cell", running]))
    table = torch.nn.Parameter(torch.zeros(2, 1))
    step = take_step(table, ["ATL", "BOS"], [0], lambda: None)
    show_step(step, {"ATL": True, "BOS": 0})
    kept = json.loads((learner.work / ".progress" / LESSON / f"guess-{GUESS}.json").read_text())
    assert kept["last"] == {"said": {"ATL": "it moves", "BOS": "it stays"}, "right": ["BOS"], "at": kept["last"]["at"]}
    sys.modules["__main__"].In.append("show_step(step, guess)   # a cell of one's own")
    show_step(step, {"ATL": False})
    assert json.loads((learner.work / ".progress" / LESSON / f"guess-{GUESS}.json").read_text()) == kept


def test_outside_of_a_learners_folder_no_guess_is_kept(learner, monkeypatch, tmp_path):  # noqa: F811
    monkeypatch.chdir(tmp_path)
    marked(GUESS, "zeros", "SFO")
    assert not list(tmp_path.glob("**/guess-*.json"))
