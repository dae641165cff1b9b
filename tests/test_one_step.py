"""The page "One step": its numbers against torch's, its address, its words, and how it looks where space is short."""
import json
import random
import re
from pathlib import Path

import pytest
import torch
from axe_playwright_python.base import AXE_SCRIPT
from browsing import CHROMIUM, OPTIONS, sync_playwright
from conftest import PATIENT

from embedding_course.course.site.one_step import write_step_page
from embedding_course.figures import COLOURS
from embedding_course.rows import watch
from embedding_course.rows.stepper import PLAYER_CSS, frames_of, row_html, stepper

LEVELS, DIM, STEPS = 5, 2, 8
OPTIMIZERS = {
    "sgd": torch.optim.SGD, "momentum": lambda rows, lr: torch.optim.SGD(rows, lr, momentum=0.9),
    "adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "adagrad": torch.optim.Adagrad,
    "sparseadam": torch.optim.SparseAdam}
RUNS = """runs => runs.map(({name, lr, start, batches}) => {
    let weight = start, memory = OneStep.memory(start);
    return batches.map(flights => {
        ({weight, memory} = OneStep.step(name, lr, weight, flights, memory));
        return weight;
    });
})"""


@pytest.fixture(scope="module")
def page_address(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("site")
    (folder / "_static").mkdir()
    write_step_page(folder, [])
    return (folder / "step.html").as_uri()


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        pytest.skip("Chromium is not installed (Debian: apt install chromium)")
    with sync_playwright() as running:
        yield running.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)


@pytest.fixture
def visit(browser, page_address):
    """A function that opens the page; an error in a script fails the test."""
    contexts, faults = [], []

    def to(fragment="", **options):
        contexts.append(browser.new_context(offline=True, **options))
        contexts[-1].set_default_timeout(PATIENT * 1000)
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(page_address + fragment)
        return page
    yield to
    for context in contexts:
        context.close()
    assert faults == []


def runs(count: int) -> list[dict]:
    """Random runs: optimizer, rate, table, batches with repeats and now and then an empty one."""
    rng = random.Random(7)
    return [{"name": list(OPTIMIZERS)[i % len(OPTIMIZERS)], "lr": rng.choice([0.01, 0.1, 0.125]),
             "start": [[rng.gauss(0, 1) for _ in range(DIM)] for _ in range(LEVELS)],
             "batches": [[{"code": rng.randrange(LEVELS), "target": rng.gauss(0, 3)}
                          for _ in range(rng.choice([0, 1, 2, 3, 5]))] for _ in range(STEPS)]} for i in range(count)]


def by_torch(run) -> torch.Tensor:
    """The table after each step (steps, levels, dim), in float64."""
    table = torch.nn.Embedding.from_pretrained(torch.tensor(run["start"], dtype=torch.float64), freeze=False,
                                               sparse=run["name"] == "sparseadam")
    optimizer, after = OPTIMIZERS[run["name"]](table.parameters(), run["lr"]), []
    for batch in run["batches"]:
        optimizer.zero_grad()
        codes = torch.tensor([flight["code"] for flight in batch], dtype=torch.int64)
        targets = torch.tensor([flight["target"] for flight in batch], dtype=torch.float64)
        ((table(codes).sum(dim=1) - targets) ** 2).sum().backward()
        optimizer.step()
        after.append(table.weight.detach().clone())
    return torch.stack(after)


def test_two_hundred_random_runs_end_where_torch_s_do_and_move_the_same_rows(visit):
    tried = runs(204)
    found = visit().evaluate(RUNS, tried)
    for run, steps in zip(tried, found, strict=True):
        mine, torchs = torch.tensor(steps, dtype=torch.float64), by_torch(run)
        assert float((mine - torchs).abs().max()) <= 1e-12, run["name"]
        start = torch.tensor([run["start"]], dtype=torch.float64)
        moved = [(all_steps != torch.cat([start, all_steps[:-1]])).any(dim=2).tolist() for all_steps in (mine, torchs)]
        assert moved[0] == moved[1], (run["name"], run["batches"])


def test_one_hot_times_the_table_is_the_lookup(visit):
    page = visit()
    for run in runs(6):
        codes = [flight["code"] for batch in run["batches"] for flight in batch]
        same = page.evaluate("([weight, codes]) => [OneStep.lookup(weight, codes), "
                             "OneStep.product(OneStep.oneHot(codes, weight.length), weight)]", [run["start"], codes])
        assert same[0] == same[1] and len(same[0]) == len(codes)


def test_a_guess_is_marked_and_the_row_that_momentum_moves_is_explained(visit):
    page = visit("#optimizer=momentum&lr=0.125&view=lookup&steps=JFK:4,LAX:2,JFK:6&next=ATL:1")
    page.get_by_label("ATL will move").check()
    page.get_by_role("button", name="Step", exact=True).click()
    said = page.locator(".said").inner_text()
    assert said.startswith("ATL, JFK and LAX moved. BOS and SFO stayed, to the last bit. Your data and the codes are")
    assert said.endswith("Your guess: 3 of 5 right.")
    row = page.locator(".weight tbody tr", has_text="JFK")
    assert "✗ moved: not picked, but the optimizer still carries it along" in row.inner_text()


def test_the_address_holds_the_state_and_a_broken_one_costs_nothing(visit):
    page = visit()
    page.get_by_role("button", name="Step", exact=True).click()
    page.get_by_label("or type codes").fill("bos 4")
    page.get_by_role("button", name="Use these").click()
    page.get_by_label("optimizer").select_option("adam")
    fragment = page.evaluate("location.hash")
    assert fragment == "#optimizer=adam&lr=0.125&view=lookup&steps=JFK:4,LAX:2,JFK:6&next=BOS:3,SFO:5"
    again = visit(fragment)
    assert again.locator(".weight tbody").inner_text() == page.locator(".weight tbody").inner_text()
    for broken in ("#steps=XXX:1&next=JFK", "#lr=1e99&optimizer=__proto__", "#steps=" + ";".join(["JFK:1"] * 900),
                   "#next=" + ",".join(["JFK:1"] * 99), "#%00=&=&&&next=JFK:<b>", "#next=JFK:1e308"):
        fresh = visit(broken)
        assert fresh.locator(".flights tbody tr").count() == 3 and fresh.locator(".strip td").count() == 0


def test_steps_are_undone_and_the_table_is_what_it_was(visit):
    page = visit()
    before = page.locator(".weight tbody").inner_text()
    for _ in range(3):
        page.get_by_role("button", name="Step", exact=True).click()
    assert page.locator(".strip tbody tr").first.locator("td").count() == 3
    for _ in range(3):
        page.get_by_role("button", name="Undo").click()
    assert page.locator(".weight tbody").inner_text() == before
    assert page.get_by_role("button", name="Undo").is_disabled()
    page.get_by_role("button", name="Step", exact=True).click()
    page.get_by_role("button", name="Reset").click()
    assert page.locator(".weight tbody").inner_text() == before and page.locator(".strip td").count() == 0


def test_a_step_by_keyboard_alone(visit):
    page = visit()
    page.get_by_label("JFK will move").focus()
    page.keyboard.press("Space")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.do") == "step":
            break
    page.keyboard.press("Enter")
    assert "JFK and LAX moved" in page.locator(".said").inner_text()


@pytest.mark.parametrize("look", [{"viewport": {"width": 390, "height": 844}}, {"color_scheme": "dark"},
                                  {"reduced_motion": "reduce"}], ids=["phone", "dark", "reduced motion"])
def test_nothing_is_cut_and_axe_finds_nothing(visit, look):
    page = visit("#optimizer=adam&lr=0.125&view=onehot&steps=JFK:4,LAX:2,JFK:6;ATL:1&next=ATL:1", **look)
    page.get_by_role("button", name="Step", exact=True).click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})")
    assert [json.dumps(each["nodes"][0]["html"]) + each["id"] for each in found["violations"]] == []


def test_what_moved_is_said_to_who_listens_and_printed_without_the_buttons(visit):
    page = visit()
    page.get_by_role("button", name="Step", exact=True).click()
    assert page.locator("[aria-live=polite]").inner_text().startswith("JFK and LAX moved.")
    page.emulate_media(media="print")
    assert page.locator(".strip").is_visible() and page.locator(".weight").is_visible()
    assert not any(page.locator(part).is_visible() for part in (".controls", ".add", ".typing"))
    assert page.locator(".strip .moved").first.evaluate("e => getComputedStyle(e).printColorAdjust") == "exact"


def test_with_less_motion_wanted_nothing_moves_by_itself(visit):
    page = visit(reduced_motion="reduce")
    page.get_by_role("button", name="Step", exact=True).click()
    assert page.evaluate("document.getAnimations().length") == 0


def test_without_scripts_a_picture_and_the_sentence_stand_there(visit):
    page = visit(java_script_enabled=False)
    assert page.locator("img").is_visible() and page.locator("img").evaluate("img => img.naturalWidth") > 0
    assert "a training step moves rows of the table. The data and the codes stay." in page.locator("noscript").inner_text()
    assert not page.get_by_role("button").count()


def test_the_page_asks_nothing_from_elsewhere_and_is_light(page_address):
    folder = Path(page_address.removeprefix("file://")).parent
    files = [folder / "step.html", *(folder / "_static").iterdir()]
    assert sum(path.stat().st_size for path in files) < 70_000
    assert not any(f"{where}http" in path.read_text() for path in files for where in ('src="', 'url(', 'import("'))


# Drawn with one file: the page, and the notebook's stepper, whose numbers torch has made.

COUNTED = """let real;
Object.defineProperty(window, "RowDrawing", {set: made => { real = made; window.drawn = 0; },
  get: () => ({...real, drawRows: (...given) => { window.drawn += 1; real.drawRows(...given); }})});"""
SAME = """html => {
  const made = document.createElement("tbody");
  made.innerHTML = html;
  return made.isEqualNode(document.querySelector("tbody"));
}"""


def steps_of_adam():
    """A history of three steps."""
    torch.manual_seed(0)
    table = torch.nn.Embedding(3, 2)
    optimizer = torch.optim.Adam(table.parameters())
    with watch(table, ["ATL", "<b>BOS</b>", "JFK"], optimizer) as watcher:
        for codes in ([2, 0, 2], [2], [0]):
            optimizer.zero_grad()
            table(torch.tensor(codes)).square().sum().backward()
            optimizer.step()
    return watcher.history


def test_the_page_and_the_notebook_draw_with_the_same_file(page_address, visit):
    static = Path(page_address.removeprefix("file://")).parent / "_static"
    html = stepper(steps_of_adam(), "three airports").data
    assert all((static / name).read_text(encoding="utf-8") in html for name in ("drawing.js", "drawing.css"))
    page = visit()
    page.context.add_init_script(COUNTED)
    page.reload()
    before = page.evaluate("drawn")
    page.get_by_role("button", name="Step", exact=True).click()
    assert page.evaluate("drawn") == before + 4   # flights, table, what passes through, strip
    page.set_content(html)                        # the notebook's output
    page.get_by_role("button", name="Forward").click()
    assert page.evaluate("drawn") == 2            # the start, a step


def test_without_scripts_the_stepper_s_table_is_what_the_script_draws(visit):
    history, page = steps_of_adam(), visit()
    page.set_content(stepper(history, "three airports").data)
    for frame in frames_of(history, history.names):
        assert page.evaluate(SAME, "".join(map(row_html, frame["rows"])))
        page.get_by_role("button", name="Forward").click()


def test_both_take_the_colours_of_the_course_s_figures_and_have_none_of_their_own(page_address):
    static = Path(page_address.removeprefix("file://")).parent / "_static"
    marks = dict(re.findall(r"--(\w+): (#\w+)", (static / "drawing.css").read_text(encoding="utf-8")))
    assert marks == {name: COLOURS[name] for name in ("plucked", "moved")}
    for sheet in (PLAYER_CSS, (static / "one-step.css").read_text(encoding="utf-8")):
        assert not set(re.findall(r"#[0-9a-f]{6}\b", sheet))
