"""A room over the network: forty learners, kill -9, strangers, a graded notebook, and how the board looks."""
import asyncio
import http.client
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browsing import SEEN, browser, needs_chromium
from conftest import PATIENT, copy_project, free_port
from jupyter_client import KernelManager
from tornado.websocket import websocket_connect

from embedding_course import noted
from embedding_course.checking.cell import CheckFailed, check
from embedding_course.course.try_answers import Tryout
from embedding_course.room import MOST_WAITING, SECONDS, Messenger, join, place, said_by

LESSON, CODE, FORTY = "02-matmul", "blue-otter", 40
COURSE = Path(sys.executable).with_name("course")
AXE = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
PLUCK = ("def pluck(codes, weight):\n    if codes.numel() and (codes.min() < 0 or codes.max() >= len(weight)):\n"
         "        raise IndexError('code')\n    return weight[codes].clone()\n")


class Server:
    """`course room` on a port of its own."""

    def __init__(self, root: Path):
        self.root, self.port, self.said = root, free_port(), []
        self.start()

    def start(self):
        self.process = subprocess.Popen([COURSE, "room", LESSON, "--address", "127.0.0.1", f"--port={self.port}",
                                         f"--code={CODE}"], cwd=self.root, stdout=subprocess.PIPE, text=True)
        self.said = []
        for line in self.process.stdout:
            self.said.append(line)
            if "Ctrl+C" in line:
                break
        self.token = re.search(r"board#(\S+)", "".join(self.said))[1]

    def board(self) -> dict:
        """What the board is shown now."""
        return asyncio.run(self._board())

    async def _board(self):
        line = await websocket_connect(f"ws://127.0.0.1:{self.port}/board/line")
        await line.write_message(json.dumps({"token": self.token}))
        shown = json.loads(await line.read_message())
        line.close()
        while await line.read_message() is not None:   # until the board has let go: it has lines for ten pages only
            pass
        return shown

    def post(self, path, body, token="") -> tuple[int, dict]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENT)
        connection.request("POST", path, body if isinstance(body, (bytes, str)) else json.dumps(body),
                           {"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text else {}


@pytest.fixture
def server(project, tmp_path):
    root = copy_project(project, tmp_path / "course", [LESSON]).root
    (root / "solutions/guides").mkdir()
    shutil.copy(project.solutions / f"guides/{LESSON}.md", root / "solutions/guides")
    served = Server(root)
    yield served
    served.process.kill()
    served.process.wait()


def wait(condition):
    """Until it is true."""
    until = time.monotonic() + PATIENT
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def enter(server, count=1) -> list[Messenger]:
    made = [Messenger("127.0.0.1", server.port, CODE, "") for _ in range(count)]
    for messenger in made:
        assert messenger.begin().startswith("Joined")
        noted.stop(messenger.put)
    return made


def failed(exercise="pluck", slip="counts_from_one"):
    return {"kind": "check", "exercise": exercise, "verdict": "failed", "slip": slip}


def counts(server, name="pluck"):
    return next(each for each in server.board()["exercises"] if each["name"] == name)


def test_forty_learners_are_seen_and_a_board_that_was_killed_goes_on_with_all_of_them(server):
    people = enter(server, FORTY)
    for messenger in people:
        messenger.put(failed())
    wait(lambda: counts(server)["trying"] == FORTY)
    server.process.kill()
    server.process.wait()
    for messenger in people[:10]:   # while it is away
        messenger.put({**failed(), "verdict": "passed"})
    server.start()
    assert f"{FORTY} learners, the same code" in server.said[0]
    wait(lambda: counts(server)["passed"] == 10)
    assert (counts(server)["trying"], server.board()["here"]) == (FORTY - 10, FORTY)
    assert server.board()["slips"][0]["count"] == FORTY - 10
    for messenger in people:
        messenger.end()
    server.process.terminate()
    assert server.process.wait(PATIENT) == 0
    folder = server.root / "build/room"
    assert [path.suffix for path in folder.iterdir()] == [".html"]   # the journal, with its names, is gone


def test_strangers_get_a_line_and_the_room_goes_on(server):
    assert server.post("/join", {"code": "red-herring"})[0] == 403
    assert server.post("/join", b"[" * 10_000)[0] == 403
    assert server.post("/events", {"events": []}, "nobody")[0] == 401
    token = server.post("/join", {"code": CODE, "name": "<b>Ada</b>"})[1]["token"]
    assert server.post("/events", {"events": "x"}, token)[0] == 400
    with pytest.raises((OSError, http.client.HTTPException, AssertionError, ValueError)):
        status, _ = server.post("/events", b"x" * 2**20, token)
        assert status == 200
    with socket.create_connection(("127.0.0.1", server.port)) as slow:
        slow.send(b"POST /events HTTP/1.1\r\n")
        assert server.post("/events", {"events": [{**failed(), "n": 1, "ago": 0}]}, token)[0] == 200
    assert server.board()["here"] == 1
    server.token = "wrong"
    with pytest.raises(TypeError):   # the line is closed, and nothing came
        server.board()


def test_a_check_tells_its_verdict_and_slip_and_never_waits_for_a_board(project, monkeypatch):
    monkeypatch.chdir(project.release / LESSON)
    told, namespace = [], {"check": check}
    noted.listen(told.append)
    noted.listen(lambda event: 1 / 0)   # nobody who listens can fail a check
    try:
        exec(PLUCK, namespace)
        exec("check('pluck')", namespace)
        namespace["pluck"] = lambda codes, weight: weight[codes - 1]
        with pytest.raises(CheckFailed, match="counting starts at 0"):
            exec("check('pluck')", namespace)
    finally:
        noted._listeners.clear()
    assert told == [{"kind": "check", "exercise": "pluck", "verdict": "passed", "slip": None},
                    {"kind": "check", "exercise": "pluck", "verdict": "failed", "slip": "counts_from_one"}]


def test_a_board_that_is_not_there_costs_a_second_at_joining_and_nothing_after():
    with socket.socket() as deaf:   # takes connections and never answers
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(5)
        messenger = Messenger(*deaf.getsockname(), CODE, "")
        began = time.monotonic()
        assert "Your work goes on as ever" in messenger.begin()
        assert time.monotonic() - began < 5 * SECONDS   # a second on a quiet machine
        began = time.process_time()
        for _ in range(10 * MOST_WAITING):
            messenger.put(failed())
        assert time.process_time() - began < 1
        assert messenger.waiting.qsize() <= MOST_WAITING
        messenger.end()
        noted.stop(messenger.put)


def test_an_address_is_taken_as_people_paste_it():
    assert place("http://10.0.0.5:9000/") == ("10.0.0.5", 9000) and place("10.0.0.5") == ("10.0.0.5", 8899)
    for wrong in ("10.0.0.5:99999", "a b", "10.0.0.5:x", ""):
        with pytest.raises(ValueError):
            place(wrong)


def test_a_guess_cell_says_what_was_written_in_it():
    assert said_by("nudge", 'guess = {"ATL": 0.50, "BOS": None}', {"guess": {"ATL": 0.50, "BOS": None}}) == {"ATL": "0.5"}
    assert said_by("ids", "guess = None", {"guess": None}) == {}
    assert said_by("shares", "guess = [1, 2]", {"guess": [1, 2]}) == {"shares": "[1, 2]"}
    assert said_by("shares", "guess = [None, None]", {"guess": [None, None]}) == {}


@pytest.mark.everything
def test_a_join_that_is_left_in_a_submission_does_nothing_when_it_is_graded(server, project):
    """The grader's own engine runs it, in a cell whose answer is right only if nothing was raised and no thread begun."""
    source = (f'from embedding_course import join, hand_up\njoin("127.0.0.1:{server.port}", "{CODE}")\nhand_up()\n'
              "import threading\nassert not [each for each in threading.enumerate() if each.name == 'room']\n" + PLUCK)
    assert Tryout(project, "pluck", 0).judge(source).right
    assert server.board()["here"] == 0


def test_a_join_that_no_learner_s_kernel_runs_is_a_plain_line_at_once(server, capsys):
    began = time.monotonic()
    join(f"127.0.0.1:{server.port}", CODE)
    assert time.monotonic() - began < SECONDS and server.board()["here"] == 0
    assert capsys.readouterr().out.startswith("join: nobody works here")


def test_a_learner_s_kernel_joins_votes_by_running_a_guess_cell_and_leaves(server, project):
    """The first cell joins; a guess cell counts as a vote before its answer, where the front end names the cell."""
    with kernel(project.release / LESSON) as run:
        said = run("from embedding_course import join, leave, hand_up\n"
                   f'join("127.0.0.1:{server.port}", "{CODE}", name="Ada")')
        assert "Joined. On the board you are" in said and "Never your code, never a name unless you type one" in said
        run("guess = 256", cell="guess-megabytes")
        run("hand_up()")
        wait(lambda: server.board()["hands"])
        poll, = server.board()["polls"]
        assert (poll["guess"], poll["entries"][0]["bars"][0]["said"]) == ("megabytes", "256")
        assert server.board()["hands"][0]["name"] == "Ada"
        assert "The board has forgotten" in run("leave(forget=True)")
        assert server.board()["here"] == 0 and server.board()["polls"] == []


@contextmanager
def kernel(folder):
    """A kernel of a learner: a function that runs a cell, by its id if it has one, and gives what it printed."""
    manager = KernelManager(kernel_name="python3")
    manager.transport_encryption = "auto"
    manager.start_kernel(cwd=str(folder))
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=PATIENT)

    def run(code, cell=""):
        message = client.session.msg("execute_request", {"code": code, "silent": False, "store_history": True,
                                     "user_expressions": {}, "allow_stdin": False, "stop_on_error": True},
                                     metadata={"cellId": cell} if cell else {})
        client.shell_channel.send(message)
        said = ""
        while True:
            came = client.get_iopub_msg(timeout=PATIENT)
            if came["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                said += came["content"].get("text", "")
                if came["content"].get("execution_state") == "idle":
                    return said
    try:
        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def fill(server):
    """A full room: two rounds of a poll, slips, hands, names."""
    tokens = [server.post("/join", {"code": CODE, "name": "Ada Lovelace" if i == 3 else ""})[1]["token"]
              for i in range(FORTY)]
    slips = ["counts_from_one"] * 9 + ["unchecked"] * 3
    for i, token in enumerate(tokens):
        sent = []
        if i % 4:
            sent.append({**failed("matmul", "no_sum" if i % 3 else "elementwise"),
                         "verdict": "passed" if i % 4 > 1 else "failed"})
        sent += [failed(slip=slips[i % 12]) if i < 12 else {**failed(), "verdict": "passed"}] * (3 if i < 4 else i < 30)
        said = {"ATL": "0", "BOS": "1", "JFK": "101" if i % 3 == 0 else "100" if i % 3 == 1 else "1", "LAX": "10"}
        sent.append({"kind": "vote", "guess": "nudge", "said": said})
        if i in (3, 8):
            sent.append({"kind": "hand", "up": True})
        post_all(server, token, sent, 1, ago=600)
    server.process.kill()   # and let the room be ten minutes older
    server.process.wait()
    journal, = (server.root / "build/room").glob("*.jsonl")
    records = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    journal.write_text("".join(json.dumps(each | {"t": each["t"] - 600}) + "\n" for each in records), encoding="utf-8")
    server.start()
    asyncio.run(second_round(server))
    for i, token in enumerate(tokens):
        said = {"ATL": "0", "BOS": "0" if i % 5 else "1", "JFK": "101" if i % 5 else "100", "LAX": "10"}
        post_all(server, token, [{"kind": "seen", "guess": "nudge", "said": said, "right": ["ATL", "JFK", "LAX"] if i % 5
                                  else ["ATL", "LAX"]}], 50, ago=0)


def post_all(server, token, sent, first, ago):
    events = [{**each, "n": first + k, "ago": ago} for k, each in enumerate(sent)]
    status, _ = server.post("/events", {"events": events}, token)
    assert status == 200


async def second_round(server):
    line = await websocket_connect(f"ws://127.0.0.1:{server.port}/board/line")
    await line.write_message(json.dumps({"token": server.token}))
    await line.read_message()
    await line.write_message(json.dumps({"do": "round", "guess": "nudge", "round": 2}))
    await line.read_message()


def look_at(page, name):
    """A screenshot; nothing is cut, axe finds nothing."""
    SEEN.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SEEN / f"room-{name}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(AXE)["violations"]
    assert [each["id"] + each["nodes"][0]["html"] for each in found] == []


@pytest.mark.everything
@needs_chromium
def test_the_board_of_a_full_room_on_a_projector_and_a_phone(server):
    fill(server)
    with browser() as page:
        page.set_viewport_size({"width": 1920, "height": 1080})
        page.goto(f"http://127.0.0.1:{server.port}/board#{server.token}")
        page.get_by_text("40 here").wait_for()
        assert server.token not in page.url
        page.locator("#slips li").first.wait_for()
        assert page.locator("#slips .count").first.inner_text() == "9"
        assert "Ada" not in page.locator("body").inner_text()
        assert page.locator("#stuck li").count() == 4 and "3 failures in 10 min" in page.locator("#stuck").inner_text()
        look_at(page, "board-light")
        page.keyboard.press("n")
        assert "Ada Lovelace" in page.locator("#hands").inner_text()
        page.keyboard.press("n")
        assert "Ada" not in page.locator("body").inner_text()
        page.keyboard.press("l")
        look_at(page, "board-dark")
        page.keyboard.press("a")
        page.keyboard.press("p")
        assert page.get_by_text("✓ 101").is_visible() and not page.get_by_text("Hands up").is_visible()
        look_at(page, "poll-dark")
        page.keyboard.press("l")
        look_at(page, "poll-light")
        page.keyboard.press("p")
        page.get_by_label("single keys work").uncheck()
        page.locator("h1").click()
        page.keyboard.press("p")
        assert page.get_by_text("Hands up").is_visible()
        page.set_viewport_size({"width": 375, "height": 800})
        look_at(page, "board-phone")
        for address in ("/privacy", "/"):
            page.goto(f"http://127.0.0.1:{server.port}{address}")
            look_at(page, f"page{address.strip('/') or 'door'}")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"http://127.0.0.1:{server.port}/board")
        page.get_by_text("40 here").wait_for()   # a reload keeps the secret
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Close the room").click()
        assert server.process.wait(PATIENT) == 0
        report = next((server.root / "build/room").glob("*.html"))
        page.goto(report.as_uri())
        look_at(page, "report")
        assert "What to repeat next time" in page.content() and page.errors == [] == page.elsewhere
