"""What one reads: the text, the table, the answer to a guess, the history and its pictures."""
import json
import re

import matplotlib.pyplot as plt
import pytest
import torch
from torch import nn

from embedding_course import guesses
from embedding_course.figures import show
from embedding_course.pictures.rows import movement_heatmap, stepper
from embedding_course.rows import history as history_module
from embedding_course.rows import show_step, take_step, watch

NAMES = ["ATL", "BOS", "JFK", "LAX", "SFO"]


def small_step(lr=0.1):
    """JFK twice, LAX once, on a table of zeros and quarters, plain SGD."""
    table = nn.Embedding.from_pretrained(torch.tensor([[0.25, -1.0], [0, 0], [1, 0], [2, 0], [0, 3]]), freeze=False)
    optimizer = torch.optim.SGD(table.parameters(), lr=lr)
    table(torch.tensor([2, 3, 2])).sum().backward()
    return take_step(table, NAMES, [2, 3, 2], optimizer.step, loss=torch.tensor(0.4178))


def trained(kind=torch.optim.Adam, steps=4, levels=5, loss=True, **options):
    """A History."""
    torch.manual_seed(0)
    table = nn.Embedding(levels, 2)
    optimizer = kind(table.parameters(), lr=0.1)
    with watch(table, NAMES if levels == 5 else None, optimizer, **options) as watcher:
        for _ in range(steps):
            optimizer.zero_grad()
            value = table(torch.randint(levels, (3,))).square().mean()
            value.backward()
            if loss:
                watcher.loss(value)
            optimizer.step()
    return watcher.history


def test_five_rows_as_text():
    assert repr(small_step()) == """\
step 1   loss 0.418   batch JFK, LAX, JFK   optimizer SGD
       before            after         change        why
 ATL    0.25 -1.00       unchanged
 BOS    0.00  0.00       unchanged
▸JFK    1.00  0.00   →    0.80 -0.20   -0.20 -0.20   gradient (looked up twice)
▸LAX    2.00  0.00   →    1.90 -0.10   -0.10 -0.10   gradient
 SFO    0.00  3.00       unchanged"""


def test_a_small_move_gets_the_decimals_to_see_it():
    assert "-0.0002" in repr(small_step(lr=1e-4))
    assert "-2e-08" in repr(small_step(lr=1e-8))


def test_the_table_in_html_says_in_words_what_it_says_in_colours():
    html = small_step()._repr_html_()
    assert "<caption>step 1 · loss 0.418 · batch JFK, LAX, JFK · optimizer SGD</caption>" in html
    assert '<th scope="row" class="plucked">JFK</th><td class="plucked">twice</td>' in html
    assert html.count('<th scope="col">') == 7
    assert "by 0.28" in html
    assert 'class="why gradient">gradient (looked up twice)</span>' in html


def test_level_names_are_escaped_in_html():
    table = nn.Embedding(1, 2)
    html = take_step(table, ["<b>A&B</b>"], [0], lambda: None)._repr_html_()
    assert "&lt;b&gt;A&amp;B&lt;/b&gt;" in html
    assert "<b>" not in html


def test_of_a_large_table_the_rows_that_moved_most_are_shown_and_the_others_counted():
    table = nn.Embedding(5000, 16)
    optimizer = torch.optim.SGD(table.parameters(), lr=0.1)
    scale = torch.arange(1.0, 101.0)[:, None]
    (table(torch.arange(100)) * scale).sum().backward()
    step = take_step(table, None, range(100), optimizer.step)
    assert [row.name for row in step.rows()] == [str(i) for i in range(99, 89, -1)]
    assert "batch 100 lookups of 100 levels" in repr(step)
    assert "90 other rows moved, 4,900 did not." in repr(step)
    assert "90 other rows moved" in step._repr_html_()


def test_rows_that_are_followed_are_always_shown():
    step = trained(levels=2000, follow=["7"], most=2)[-1]
    assert [row.name for row in step.rows()][0] == "7"
    assert len(step.rows()) == 3
    with pytest.raises(KeyError, match="follow"):
        step.row("no such level")


@pytest.mark.parametrize(("guess", "answer"), [
    ({"JFK": 0.2, "LAX": 0.1, "ATL": 0.0, "BOS": 0, "SFO": 0}, "5 of 5 right"),
    ({"JFK": 2**0.5 * 0.2, "LAX": -0.1}, "2 of 2 right"),
    ({"JFK", "LAX"}, "5 of 5 right"),
    (["JFK", "ATL"], "3 of 5 right"),
    ({"JFK": 0.1}, "JFK: you said it moves by 0.1; each of its numbers moved by 0.2, by gradient (looked up twice)."),
    ({"ATL": 1}, "ATL: you said it moves by 1; it stayed, to the last bit."),
    ({"LAX": False}, "LAX: you said it stays; each of its numbers moved by 0.1, by gradient."),
    ({"ORD": 1.0}, "ORD is no level of this table."),
])
def test_a_guess_is_answered_row_by_row(guess, answer):
    shown = show_step(small_step(), guess)
    assert answer in repr(shown)
    assert answer in shown._repr_html_()


def test_each_guess_is_marked_beside_its_row():
    page = show_step(small_step(), {"JFK": 0.2, "LAX": False})._repr_html_()
    rows = {row[:3]: row for row in re.findall(r'<th scope="row"[^>]*>(.*?)</tr>', page)}
    assert "✓ right</span> it moves by 0.2" in rows["JFK"]
    assert "✗ not so</span> it stays" in rows["LAX"]
    assert "ec-mark" not in rows["ATL"]
    assert "you said" not in show_step(small_step(), {"JFK": None})._repr_html_()


def test_without_a_guess_there_is_no_answer():
    assert repr(show_step(small_step())) == repr(small_step())


def test_a_history_is_a_sequence_with_a_number_for_each_step_and_level():
    history = trained()
    assert [step.number for step in history] == [1, 2, 3, 4]
    assert history.distances().shape == history.moved().shape == history.times().shape == (4, 5)
    assert history.times(["JFK", "ATL"]).shape == (4, 2)
    assert torch.equal(history.moved(), history.distances() > 0)
    assert history.times().sum() == 12
    assert len(history[1:]) == 3
    assert all(isinstance(loss, float) for loss in history.losses())


def test_a_history_forgets_its_oldest_steps_rather_than_fill_the_memory(monkeypatch):
    monkeypatch.setattr(history_module, "BYTES", 1000)
    history = trained(steps=9)
    assert 0 < len(history) < 9
    assert history.forgotten == 9 - len(history)
    assert history[-1].number == 9


def test_before_the_first_step_there_is_no_last():
    table = nn.Embedding(2, 2)
    watcher = watch(table, None, torch.optim.SGD(table.parameters(), lr=0.1))
    assert watcher.last is None
    assert repr(watcher) == "watching a table (2 levels) through SGD, 0 steps so far"


def test_the_heatmap_has_a_panel_for_each_optimizer_and_outlines_what_was_looked_up():
    histories = {"SGD": trained(torch.optim.SGD), "Adam": trained()}
    svg = show(movement_heatmap(histories), "two optimizers").data
    assert "SGD" in svg and "Adam" in svg and "JFK" in svg
    looked_up = sum(int((history.times() > 0).sum()) for history in histories.values())
    assert svg.count("stroke: #e69f00") == looked_up + 1   # and one in the legend


def test_the_stepper_holds_every_step_and_asks_nothing_from_outside():
    history = trained()
    html = stepper(history, "Five airports").data
    data = json.loads(re.search(r'<script type="application/json">(.*?)</script>', html, re.S).group(1))
    assert len(data["frames"]) == 5
    assert data["frames"][0]["head"] == "before step 1"
    assert "http" not in html
    assert 'aria-label="Five airports"' in html
    assert 'aria-label="the loss goes from' in html
    assert html == stepper(history, "Five airports").data


def test_without_scripts_the_stepper_still_tells_every_step():
    text = re.search(r"<pre>(.*?)</pre>", stepper(trained(), "Five airports").data, re.S).group(1)
    assert text.count("optimizer Adam") == 4
    assert "momentum (last looked up in step" in text


def test_level_names_cannot_break_out_of_the_stepper():
    table = nn.Embedding(1, 2)
    optimizer = torch.optim.SGD(table.parameters(), lr=0.1)
    with watch(table, ["</script><b>"], optimizer) as watcher:
        table(torch.tensor([0])).sum().backward()
        optimizer.step()
    html = stepper(watcher.history, "one row").data
    assert "</script><b>" not in html


def test_a_stepper_of_a_large_table_shows_the_rows_whose_numbers_are_known():
    html = stepper(trained(levels=2000, follow=["3", "5"]), "two levels", names=["3", "5"]).data
    assert "unchanged" in html


def test_the_steppers_table_is_as_wide_as_its_longest_text_from_the_start():
    html = stepper(trained(), "which rows move").data
    widths = [int(width) for width in re.findall(r"calc\((\d+)ch", html)]
    rows = [row for frame in json.loads(re.search(r'json">(.*?)</script>', html)[1])["frames"] for row in frame["rows"]]
    assert len(widths) == 5
    assert all(width >= min(44, max(len(row[i]) for row in rows)) for i, width in enumerate(widths))
    assert widths[3] == max(len(row[3]) for row in rows) > len(rows[0][3])


def test_a_figure_is_no_taller_than_a_laptop_shows():
    figure = plt.figure(figsize=(4, 20))
    assert "max-height: 540px" in show(figure, "a tall one").data


def test_a_picture_without_words_is_refused():
    with pytest.raises(ValueError, match="description"):
        stepper(trained(), " ")


def test_an_unfilled_guess_is_no_wrong_guess(monkeypatch):
    monkeypatch.setattr(guesses, "_told", set())
    answer = show_step(small_step(), {"JFK": None, "ATL": None}).answer
    assert answer[0].startswith("You made no guess.")
    assert "1 rows" not in answer[0]
