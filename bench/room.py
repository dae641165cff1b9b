"""A room under load: forty learners on the loopback, with churn, a slow client, a hostile one, and kill -9 on both sides.

    python bench/room.py --seconds 600

Prints a table: events a second, seconds until the board shows what a learner did, memory, and what a check takes in a
learner's kernel without a board, with one, and with one that has gone. Fails where the journal lacks or doubles an event.
"""
import argparse
import asyncio
import json
import multiprocessing
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil
from tornado.websocket import websocket_connect

from embedding_course import noted
from embedding_course.course.project import Project
from embedding_course.course.room.journal import read
from embedding_course.course.room.known import known
from embedding_course.room import Messenger

LESSON, CODE = "02-matmul", "blue-otter"
ROOT = Path(__file__).parent.parent
PAUSE = 1.5       # seconds between a learner's events, on average: more than people do
CHECKS = 200


class Server:
    """`course room`, which can be killed and begun again on the same port."""

    def __init__(self, root: Path, port: int):
        self.root, self.port, self.process, self.peak, self.cpu = root, port, None, 0, 0.0

    def start(self):
        self.process = subprocess.Popen(
            [str(Path(sys.executable).with_name("course")), "room", LESSON, "--address", "127.0.0.1", "--port",
             str(self.port), "--code", CODE], cwd=self.root, stdout=subprocess.PIPE, text=True)
        for text in self.process.stdout:
            if found := re.search(r"board#(\S+)", text):
                self.token = found[1]
            if "Ctrl+C" in text:
                return

    def look(self):
        """Notes memory and processor time."""
        with suppress(psutil.Error):
            seen = psutil.Process(self.process.pid)
            self.peak = max(self.peak, seen.memory_info().rss)
            return sum(seen.cpu_times()[:2])
        return 0.0

    def kill(self):
        self.process.kill()
        self.process.wait()


def learners(port, names, tokens, until, told):
    """A process with some learners: real messengers, made-up work. `told` gets (mark, up or down, when) for each hand."""
    facts, rng = known(Project(ROOT), LESSON), random.Random(os.getpid())
    inside = {}

    def enter(name):
        messenger = Messenger("127.0.0.1", port, CODE, "")
        messenger.token = tokens.get(name, "")
        said = messenger.begin()
        noted.stop(messenger.put)   # made-up work: nobody's check speaks for forty
        if found := re.search("“(.*)”", said):
            inside[name] = [messenger, found[1], False]
            tokens[name] = messenger.token
        else:
            messenger.end()

    for name in names:
        enter(name)
    while time.time() < until:
        time.sleep(max(0.001, rng.expovariate(len(names) / PAUSE)))
        name = rng.choice(names)
        if name not in inside:
            enter(name)
            continue
        messenger, mark, up = inside[name]
        luck = rng.random()
        if luck < 0.02:      # churn: a kernel that is restarted
            messenger.end()
            del inside[name]
        elif luck < 0.3:
            inside[name][2] = not up
            messenger.put({"kind": "hand", "up": not up})
            told.put((mark, not up, time.time()))
        elif luck < 0.4:
            guess = rng.choice(list(facts.guesses))
            messenger.put({"kind": "seen", "guess": guess, "said": {entry: rng.choice(["1", "2", "yes"])
                                                                   for entry in facts.guesses[guess]}, "right": []})
        else:
            exercise = rng.choice(list(facts.exercises))
            verdict = rng.choice(["passed", "failed", "failed"])
            slip = rng.choice(list(facts.exercises[exercise])) if verdict == "failed" else None
            messenger.put({"kind": "check", "exercise": exercise, "verdict": verdict, "slip": slip})
    time.sleep(5)


def slow(port, until):
    """Twenty connections that send a byte now and then."""
    held = []
    while time.time() < until:
        with suppress(OSError):
            if len(held) < 20:
                held.append(socket.create_connection(("127.0.0.1", port), timeout=1))
                held[-1].send(b"POST /events HTTP/1.1\r\n")
        for each in list(held):
            try:
                each.send(b"x")
            except OSError:
                held.remove(each)
        time.sleep(0.5)


def hostile(port, until, answers):
    """Wrong codes, bodies too large and too deep, junk, and a flood of events with a token that is good."""
    import http.client
    good = None

    def post(path, body, token=""):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("POST", path, body, {"Authorization": f"Bearer {token}"})
            return (got := connection.getresponse()).status, got.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()

    rng = random.Random(1)
    while time.time() < until:
        if not good:
            status, said = post("/join", json.dumps({"code": CODE, "name": "<script>alert(1)</script>"}))
            good = json.loads(said)["token"] if status == 200 else None
        flood = json.dumps({"events": [{"kind": "check", "exercise": "pluck", "verdict": "failed", "slip": "no such",
                                        "n": rng.randrange(1, 10**9), "ago": 0}] * 20})
        for path, body, token in (("/join", '{"code": "red-herring"}', ""), ("/events", b"x" * 10**6, good or ""),
                                  ("/events", "[" * 8000, good or ""), ("/events", os.urandom(200), good or ""),
                                  ("/events", flood, good or ""), ("/leave", "{}", "nobody")):
            status, _ = post(path, body, token)
            answers[f"{path} {status}"] = answers.get(f"{path} {status}", 0) + 1
        time.sleep(0.02)


async def watch(server, until, seen, pictures):
    """The board: notes when it first shows each hand up or down; connects again as the page does."""
    hands = set()
    while time.time() < until:
        try:
            line = await websocket_connect(f"ws://127.0.0.1:{server.port}/board/line")
            await line.write_message(json.dumps({"token": server.token}))
            while time.time() < until and (text := await line.read_message()):
                now, picture = time.time(), json.loads(text)
                pictures.append(len(text))
                new = {each["mark"] for each in picture["hands"]}
                for mark in new ^ hands:
                    seen.append((mark, mark in new, now))
                hands = new
        except OSError:
            pass
        await asyncio.sleep(0.5)


def latencies(told, seen):
    """Seconds from each hand that a learner moved to the board's first picture of it; what it skipped doesn't count."""
    found = []
    for mark, up, when in told:
        later = [at for other, other_up, at in seen if other == mark and other_up == up and at >= when]
        following = [at for other, _, at in told if other == mark and at > when]
        if later and (not following or min(later) < min(following)):
            found.append(min(later) - when)
    return found


def check_times(port):
    """Milliseconds that a check takes: alone, in a room, and in one whose board has gone; taken in turn."""
    from embedding_course.checking.cell import check
    os.chdir(ROOT / "notebooks" / LESSON)
    namespace = {"check": check, "__name__": "__main__"}
    exec("def pluck(codes, weight):\n"
         "    if codes.numel() and (codes.min() < 0 or codes.max() >= len(weight)):\n        raise IndexError('code')\n"
         "    return weight[codes].clone()\n", namespace)
    rooms = {"without a board": None, "with a board": Messenger("127.0.0.1", port, CODE, ""),
             "board away": Messenger("127.0.0.1", 9, CODE, ""),
             "board that never answers": Messenger("10.255.255.1", 9, CODE, "")}
    for messenger in rooms.values():
        if messenger:
            messenger.begin()
            noted.stop(messenger.put)
    times = {name: [] for name in rooms}
    with open(os.devnull, "w") as nowhere:
        sys.stdout, before = nowhere, sys.stdout
        for _ in range(CHECKS):
            for name, messenger in rooms.items():
                if messenger:
                    noted.listen(messenger.put)
                began = time.perf_counter()
                exec("check('pluck')", namespace)
                times[name].append(1000 * (time.perf_counter() - began))
                if messenger:
                    noted.stop(messenger.put)
                time.sleep(0.01)
        sys.stdout = before
    for messenger in filter(None, rooms.values()):
        messenger.end()
    return times


def whole(journal: Path) -> tuple[int, int]:
    """Events in the journal, and how many are missing or doubled: each honest learner's are numbered 1, 2, 3 …"""
    numbers = {}
    for record, _ in read(journal):
        if "n" in record:
            numbers.setdefault(record["who"], []).append(record["n"])
    honest = {who: found for who, found in numbers.items() if max(found) < 10**6}
    wrong = sum(len(set(range(1, max(found) + 1)) ^ set(found)) + len(found) - len(set(found)) for found in honest.values())
    return sum(map(len, numbers.values())), wrong


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def main():
    multiprocessing.set_start_method("spawn")   # beside threads a fork may hang
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=600)
    options.add_argument("--learners", type=int, default=40)
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, multiprocessing.Manager() as shared:
        root = Path(folder)
        for name in ("solutions", "notebooks", "grader_config.py", "data"):
            (root / name).symlink_to(ROOT / name)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            server = Server(root, free.getsockname()[1])
        server.start()
        began, until = time.time(), time.time() + options.seconds
        told, tokens, answers, seen, pictures = shared.Queue(), shared.dict(), shared.dict(), [], []
        names = [f"learner {i}" for i in range(options.learners)]
        half = len(names) // 2

        def begin(some):
            process = multiprocessing.Process(target=learners, args=(server.port, some, tokens, until, told), daemon=True)
            process.start()
            return process

        classes = [begin(names[:half]), begin(names[half:])]
        threads = [threading.Thread(target=slow, args=(server.port, until), daemon=True),
                   threading.Thread(target=lambda: asyncio.run(watch(server, until, seen, pictures)), daemon=True)]
        enemy = multiprocessing.Process(target=hostile, args=(server.port, until, answers), daemon=True)
        enemy.start()
        for thread in threads:
            thread.start()
        moves, away, cpu = [], [], 0.0
        plan = [(0.25, "server"), (0.4, "learners"), (0.6, "server"), (0.8, "learners")]
        pool, timing = multiprocessing.Pool(1), None
        while time.time() < until:
            while not told.empty():
                moves.append(told.get())
            spent = server.look()
            if plan and time.time() > began + plan[0][0] * options.seconds:
                _, what = plan.pop(0)
                if what == "server":
                    cpu += spent
                    server.kill()
                    gone = time.time()
                    server.start()
                    away.append(time.time() - gone)
                else:
                    os.kill(classes[0].pid, signal.SIGKILL)
                    classes[0] = begin(names[:half])
            if timing is None and time.time() > began + 0.1 * options.seconds:
                timing = pool.apply_async(check_times, (server.port,))
            time.sleep(0.2)
        times = timing.get(300)
        pool.terminate()
        for each in classes:
            each.join(15)
        while not told.empty():
            moves.append(told.get())
        cpu += server.look()
        count, wrong = whole(next((root / "build" / "room").glob("*.jsonl")))
        size = next((root / "build" / "room").glob("*.jsonl")).stat().st_size
        server.process.terminate()
        status = server.process.wait(60)
        report = next((root / "build" / "room").glob("*.html"))
        waited = latencies(moves, seen)
        print(f"| {options.learners} learners, {options.seconds:.0f} s; kill -9 twice of board and half the class | |")
        print("| --- | ---: |")
        rows = [("events taken, a second", f"{count / options.seconds:.1f}"),
                ("events missing or doubled", str(wrong)),
                ("a hand on the board, seconds, p50 / p95 / longest",
                 f"{quantile(waited, .5):.2f} / {quantile(waited, .95):.2f} / {max(waited, default=0):.2f} "
                 f"(n = {len(waited)})"),
                ("board away after kill -9, seconds", ", ".join(f"{each:.1f}" for each in away)),
                ("memory of the board, MB", f"{server.peak / 2**20:.0f}"),
                ("processor time of the board, share of a core", f"{cpu / options.seconds:.0%}"),
                ("journal, MB; report, kB; a picture, kB", f"{size / 2**20:.2f}; {report.stat().st_size / 1024:.0f}; "
                 f"{statistics.median(pictures) / 1024:.1f}"),
                *((f"a check, {name}, ms, p50 / p95", f"{quantile(each, .5):.2f} / {quantile(each, .95):.2f}")
                  for name, each in times.items()),
                ("what the hostile client was answered", ", ".join(f"{key}: {n}" for key, n in sorted(answers.items())))]
        for title, figure in rows:
            print(f"| {title} | {figure} |")
        return 0 if wrong == 0 and status == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
