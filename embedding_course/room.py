"""`join("192.168.1.20:8899", "blue-otter")`: a learner's side of a room, which a teacher opens with `course room LESSON`.

A check never waits for the board and never fails because of it: what there is to tell goes into a bounded queue, and a
thread of its own sends it when it can. Nothing here needs more than Python's standard library.
"""
import http.client
import json
import os
import queue
import random
import re
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from . import noted
from .places import KEPT, learners_folder, project_root, write

SECONDS = 1.0             # that one request may take
MOST_WAITING = 200        # events that wait while the board is away; then the oldest goes
MOST_AT_ONCE = 20         # events in a request
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0   # seconds between two attempts to reach a board that is away
PATIENCE = 1800.0         # seconds after which a board that is away has gone home
MOST_ANSWER = 4096        # bytes of an answer that are read
MOST_NAME, MOST_SAID, MOST_ENTRIES = 30, 80, 12   # characters, characters, entries of a guess
PORT = 8899
WORDS = re.compile(r"[a-z]+-[a-z]+")
SENT = ("Sent from now on: exercise, verdict, the name of the misconception, your guesses, the time. Never your code, "
        "never a name unless you type one.")
_room = None   # the one that this kernel is in


def join(address: str, code: str, name: str = "") -> None:
    """Takes part in a room. Says what is sent, and what you are called on the board.

    address : as the teacher's screen says it, "192.168.1.20:8899"
    code : the room's two words
    name : typed only if the teacher should see it; without one you are an animal
    """
    global _room
    if not _is_at_work():
        print("join: nobody works here (a notebook that is being graded or run by a program), so nothing is sent.")
        return
    code, name = str(code).strip().lower(), " ".join(str(name).split())[:MOST_NAME]
    try:
        host, port = place(address)
    except ValueError as error:
        print(f"join: {error}")
        return
    if not WORDS.fullmatch(code):
        print(f'join: a room\'s code is two words like "blue-otter", not {code[:40]!r}.')
        return
    if _room:
        _room.end()
    _room = Messenger(host, port, code, name)
    print(_room.begin())


def leave(forget: bool = False) -> None:
    """Leaves the room: nothing is sent any more.

    forget : the board also forgets what you have sent so far
    """
    global _room
    if not _room:
        print("You are in no room.")
        return
    told, _room = _room.say_goodbye(forget), None
    print("You have left the room; nothing is sent any more."
          + (" The board has forgotten what you sent." if forget and told else "")
          + (" The board could not be reached to be told." if not told else ""))


def hand_up() -> None:
    """Raises a hand on the board."""
    _hand(True)


def hand_down() -> None:
    """Takes it down again."""
    _hand(False)


def _hand(up):
    if not _room or not _room.is_open:
        print("You are in no room.")
        return
    _room.put({"kind": "hand", "up": up})
    print("Your hand is up; `hand_down()` takes it down." if up else "Your hand is down.")


def place(address: str) -> tuple[str, int]:
    """Host and port of an address as people paste it.

    raises : ValueError, for the learner to read
    """
    text = str(address).strip().removeprefix("http://").split("/")[0]
    host, _, port = text.partition(":")
    if not re.fullmatch(r"[A-Za-z0-9.-]{1,253}", host) or not re.fullmatch(r"\d{0,5}", port):
        raise ValueError(f'an address looks like "192.168.1.20:{PORT}", not {text[:60]!r}.')
    if not 0 < int(port or PORT) < 65536:
        raise ValueError(f"there is no port {port}.")
    return host, int(port or PORT)


def _is_at_work() -> bool:
    """Whether a learner's own kernel runs this: not the grader's (no kernel), nor one in a class's files."""
    from IPython import get_ipython
    shell, root = get_ipython(), project_root()
    grading = root and Path.cwd().resolve().is_relative_to((root / "classroom").resolve())
    solved = os.environ.get("JPY_SESSION_NAME", "").endswith("-solution.ipynb")   # reading it is not doing it
    return hasattr(shell, "kernel") and not grading and not solved


class Messenger:
    """One learner in one room: the queue, and the thread that empties it."""

    def __init__(self, host: str, port: int, code: str, name: str):
        self.host, self.port, self.code, self.name = host, port, code, name
        self.token, self.count, self.is_open = _kept_token(host, port, code), 0, True
        self.joined = False
        self.waiting: queue.Queue = queue.Queue(MOST_WAITING)
        self.batch: list[dict] = []       # on its way
        self.again = threading.Event()    # set: stop waiting, somebody leaves

    def begin(self) -> str:
        """Asks to be let in, once, within a second; then the thread goes on. Returns what the learner reads."""
        status, answer = self._join()
        if status is None:
            said = (f"No board answers at {self.host}:{self.port} yet. Your work goes on as ever, and joins when it does; "
                    "is it the right address, and the same network?")
        elif status != 200:
            self.is_open = False
            return f"join: {_line(answer.get('why')) or f'the board answers {status}'}"
        else:
            said = f"Joined. On the board you are “{_line(answer.get('label'))}”{' and ' + self.name if self.name else ''}."
        noted.listen(self.put)
        _watch_cells(self)
        threading.Thread(target=self._run, name="room", daemon=True).start()
        return f"{said}\n{SENT}\n`leave()` ends it. What is kept, and where: http://{self.host}:{self.port}/privacy"

    def put(self, event: dict) -> None:
        """Takes an event to be sent, at once; where too many wait, the oldest is dropped."""
        taken = not self.is_open
        event = {**event, "at": time.monotonic()}
        while not taken:
            try:
                self.waiting.put_nowait(event)
                taken = True
            except queue.Full:
                with suppress(queue.Empty):
                    self.waiting.get_nowait()

    def end(self) -> None:
        """Sends nothing any more."""
        self.is_open = False
        self.again.set()
        with suppress(queue.Full):
            self.waiting.put_nowait({"at": 0.0})   # wakes the thread, which ends
        noted.stop(self.put)
        _unwatch_cells(self)

    def say_goodbye(self, forget: bool) -> bool:
        """Ends, and tells the board; whether it heard."""
        self.end()
        status, _ = self._post("/leave", {"forget": forget}) if self.token else (200, {})
        if status == 200:
            _keep_token(self, "")
        return status in (200, 401, 410)   # it has forgotten us already

    def _join(self):
        status, answer = self._post("/join", {"code": self.code, "name": self.name, "token": self.token})
        if status == 200 and isinstance(answer.get("token"), str) and isinstance(answer.get("count"), int):
            self.token, self.count, self.joined = answer["token"], answer["count"], True
            self.batch = [self._numbered(event) for event in self.batch]
            _keep_token(self, self.token)
        return status, answer

    def _run(self):
        with suppress(Exception):   # a thread's traceback would stand in the learner's notebook
            self._send_all()

    def _send_all(self):
        pause, heard = FIRST_PAUSE, time.monotonic()
        while self.is_open:
            if self.joined and not self.batch:
                self.batch, heard = self._next_batch(), time.monotonic()
            status = self._send(self.batch) if self.joined else self._join()[0]
            if status in (200, 400, 401):
                heard, pause = time.monotonic(), FIRST_PAUSE
            elif status in (403, 404, 410) or time.monotonic() - heard > PATIENCE:
                self.end()   # closed, or another room by now
            else:            # away, or busy: we come back, not all at once
                self.again.wait(pause * random.uniform(0.7, 1.3))
                pause = min(LONGEST_PAUSE, 2 * pause)

    def _next_batch(self) -> list[dict]:
        """What waits, at least one event: until there is one, the thread sleeps here."""
        batch = [self._numbered(self.waiting.get())]
        with suppress(queue.Empty):
            while len(batch) < MOST_AT_ONCE:
                batch.append(self._numbered(self.waiting.get_nowait()))
        return batch

    def _numbered(self, event):
        self.count += 1
        return {**event, "n": self.count}

    def _send(self, batch):
        now = time.monotonic()
        if not self.is_open:
            return None
        events = [{**{key: value for key, value in event.items() if key != "at"}, "ago": round(now - event["at"], 2)}
                  for event in batch]
        status, _ = self._post("/events", {"events": events})
        if status in (200, 400):   # taken; or what the board can't read, and the next may be better
            self.batch = []
        elif status == 401:        # a board that began anew doesn't know us: join again
            self.joined, self.token = False, ""
        return status

    def _post(self, path, content):
        """Status and answer; (None, {}) where nobody answers in time."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=SECONDS)   # asks no proxy: it is near
        try:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
            connection.request("POST", path, json.dumps(content), headers)
            answer = connection.getresponse()
            said = json.loads(answer.read(MOST_ANSWER))
            return answer.status, said if isinstance(said, dict) else {}
        except (OSError, http.client.HTTPException, ValueError):
            return None, {}
        finally:
            connection.close()


def _line(text) -> str:
    """What a board says, as one line of text."""
    return " ".join(str(text or "").split())[:200]


def _token_file():
    found = learners_folder()
    return found and found[1].parent / KEPT / "room.json"


def _kept_token(host, port, code):
    """The token of an earlier kernel of the same learner in the same room: a restart doesn't make a new person."""
    with suppress(Exception):
        kept = json.loads(_token_file().read_text(encoding="utf-8"))
        if kept["room"] == [host, port, code] and isinstance(kept["token"], str):
            return kept["token"]
    return ""


def _keep_token(messenger, token):
    with suppress(Exception):
        write(_token_file(), json.dumps({"room": [messenger.host, messenger.port, messenger.code], "token": token}) + "\n")


def _watch_cells(messenger):
    """A guess cell that is run is a vote, before its answer is shown."""
    from IPython import get_ipython
    messenger.after_cell = lambda result: _vote(messenger, result)
    if shell := get_ipython():
        shell.events.register("post_run_cell", messenger.after_cell)


def _unwatch_cells(messenger):
    from IPython import get_ipython
    with suppress(Exception):
        get_ipython().events.unregister("post_run_cell", messenger.after_cell)


def _vote(messenger, result):
    with suppress(Exception):   # whatever a learner has written there, their cell has run
        shell = sys.modules["IPython"].get_ipython()
        cell = shell.get_parent()["metadata"]["cellId"]
        if result.success and cell.startswith("guess-"):
            name = cell.removeprefix("guess-")
            said = said_by(name, result.info.raw_cell, shell.user_ns)
            if said:
                messenger.put({"kind": "vote", "guess": name, "said": said})


def said_by(name: str, source: str, namespace: dict) -> dict[str, str]:
    """What a guess cell says, {entry: text}, nothing where it is untouched; a single value's entry is the cell's name."""
    import ast

    from .guesses import plain, shown
    targets = [node.targets[0].id for node in ast.parse(source).body
               if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)]
    value = namespace[targets[-1]]
    entries = value if isinstance(value, dict) else {name: value}
    said = {str(entry)[:60]: shown(plain(guess))[:MOST_SAID] for entry, guess in list(entries.items())[:MOST_ENTRIES]}
    return {entry: text for entry, text in said.items() if text.strip("[](), ")}
