"""`course room LESSON`: opens the board, says the line for the projector, and writes the report at the end."""
import asyncio
import ipaddress
import secrets
import signal
import socket
import time
from datetime import datetime
from pathlib import Path

from tornado.netutil import bind_sockets

from ...room import PORT, WORDS
from ..problem import Problem
from ..project import Project
from .hall import Hall
from .journal import Journal, read
from .known import Known, known
from .report import write_report
from .server import Served
from .state import Room
from .words import new_code

TRIED_PORTS = 20
OLD = 24 * 3600    # seconds after which a journal that was left lying is made a report of, and deleted


def room(project: Project, lesson: str, port: int | None, address: str | None, code: str | None,
         per_address: int) -> int:
    """Serves a room until it is closed, on the board or with Ctrl+C.

    port : None for 8899 or the next that is free
    address : of this machine as learners see it; found unless given; one of the loopback serves this machine alone
    code : two words; drawn by lot unless given. A room that was killed goes on with its own
    raises : Problem
    """
    if code and not WORDS.fullmatch(code):
        raise Problem(f'a code is two words like "blue-otter", not {code!r}', status=2)
    facts, folder = known(project, lesson), project.root / "build" / "room"
    for path in tidy(project, folder):
        print(f"the room of {path.stem} was never closed; its report is {path}")
    where = address or own_address()
    sockets, port = listen(port, where if _is_loopback(where) else "")
    path = journal_of(folder, lesson)
    before = path.is_file()
    journal = Journal(path, {"lesson": lesson, "code": code or new_code(), "board": secrets.token_urlsafe(24),
                             "t": time.time()})
    if code and journal.begun["code"] != code:
        raise Problem(f"the room of {lesson} that was opened before goes on under its own code, {journal.begun['code']}; "
                      f"leave --code out, or delete {path} to begin anew")
    hall = Hall(facts, journal, per_address)
    if before:
        print(f"the room goes on where it was: {len(hall.room.here())} learners, the same code")
    print("\n".join(welcome(where, port, hall)), flush=True)
    asyncio.run(_serve(hall, sockets))
    report = write_report(hall.room, hall.began, path.with_suffix(".html"))
    journal.end()
    print(f"the room is closed; its report is {report}")
    return 0


def welcome(where: str, port: int, hall: Hall) -> list[str]:
    """What the instructor reads at the start, with the line for the projector."""
    own = where if _is_loopback(where) else "127.0.0.1"
    return ["For the projector, to be pasted into a cell:", "",
            "    from embedding_course import join, leave, hand_up, hand_down",
            f'    join("{where}:{port}", "{hall.code}")', "",
            f"The board, for you alone: http://{own}:{port}/board#{hall.board_token}",
            f"What is kept, and how long: http://{where}:{port}/privacy",
            "Ctrl+C closes the room and writes the report."]


async def _serve(hall, sockets):
    served, loop = Served(hall, sockets), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, served.over.set)
        except NotImplementedError:   # Windows: there Python's own way ends it, and the journal is kept
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(served.over.set))
    await served.run()


def listen(port: int | None, where: str) -> tuple[list[socket.socket], int]:
    """Sockets and their port.

    where : an address; "" for all of this machine
    raises : Problem if the port is taken
    """
    for tried in [port] if port is not None else range(PORT, PORT + TRIED_PORTS):
        try:
            sockets = bind_sockets(tried, where, family=socket.AF_INET)
        except OSError:
            continue
        return sockets, sockets[0].getsockname()[1]
    raise Problem(f"port {port or PORT} is in use by another program; leave --port out, or name a free one")


def own_address() -> str:
    """This machine's address in the local network, as the way out of it knows it; nothing is sent."""
    for elsewhere in ("192.0.2.1", "10.255.255.255"):   # the first belongs to nobody
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((elsewhere, 9))
                return probe.getsockname()[0]
            except OSError:
                continue
    return "127.0.0.1"


def _is_loopback(where):
    try:
        return ipaddress.ip_address(where).is_loopback
    except ValueError:
        return where == "localhost"


def journal_of(folder: Path, lesson: str) -> Path:
    """The journal to go on with, if there is one; else today's, by a name that is free."""
    going = sorted(folder.glob(f"{lesson}-*.jsonl"))
    if going:
        return going[-1]
    day, count = f"{lesson}-{datetime.now():%Y-%m-%d}", 1
    while (folder / f"{day}{f'-{count}' * (count > 1)}.html").exists():
        count += 1
    return folder / f"{day}{f'-{count}' * (count > 1)}.jsonl"


def tidy(project: Project, folder: Path) -> list[Path]:
    """Makes reports of rooms that nobody closed, a day after, and deletes their journals, which hold names."""
    made = []
    for path in sorted(folder.glob("*.jsonl")):
        lines = [record for record, _ in read(path)]
        if time.time() - path.stat().st_mtime < OLD:
            continue
        lesson = str(lines[0].get("lesson")) if lines else ""
        if lesson in project.lesson_names():
            left = replayed(known(project, lesson), lines[1:])
            made.append(write_report(left, lines[0]["t"], path.with_suffix(".html")))
        path.unlink()
    return made


def replayed(lesson: Known, records: list[dict]) -> Room:
    """The state that a journal's records add up to."""
    state = Room(lesson)
    for record in records:
        state.apply(record)
    return state
