"""The room's server: three addresses for learners, a WebSocket for the board, and the pages."""
import asyncio
import json
from collections import Counter
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from . import limits
from .hall import Hall, Refused

PAGES = Path(__file__).parent / "page"
SENT = {"/": "door.html", "/board": "board.html", "/privacy": "privacy.html", "/room.css": "room.css",
        "/board.js": "board.js"}
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
TICK = 0.25        # seconds between two pictures that the board is sent, at the least
SYNC = 1.0         # seconds until what was written is on the disk
SLOW = 10.0        # seconds that a request may take to arrive
HEADERS = {"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                                      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
           "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
           "Server": "course room"}


class Bounded(HTTPServer):
    """No more connections than a room needs; what is too much is shut at once."""

    def initialize(self, *arguments, **options):
        super().initialize(*arguments, **options)
        self.streams = {}

    def handle_stream(self, stream, address):
        self.streams = {each: host for each, host in self.streams.items() if not each.closed()}
        open_there = Counter(self.streams.values())[address[0]]
        if len(self.streams) >= limits.MOST_CONNECTIONS or open_there >= limits.CONNECTIONS_PER_ADDRESS:
            return stream.close()
        self.streams[stream] = address[0]
        return super().handle_stream(stream, address)


class Quiet(RequestHandler):
    """Answers without a word about the machine or the program's inside."""

    def initialize(self, hall: Hall):
        self.hall = hall

    def set_default_headers(self):
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def write_error(self, status_code, **_):
        self.finish({"why": self._reason})


class Page(Quiet):
    """A page, its style or its script."""

    def get(self):
        name = SENT[self.request.path]
        self.set_header("Content-Type", f"{KINDS[Path(name).suffix]}; charset=utf-8")
        self.finish((PAGES / name).read_bytes())


class FromLearner(Quiet):
    """What a learner's notebook sends: JSON, small, with a token in the header."""

    def post(self):
        try:
            content = json.loads(self.request.body)
        except (ValueError, RecursionError):
            content = None
        try:
            self.finish(self.answer(content) or {})
        except Refused as refused:
            self.set_status(refused.status)
            self.finish({"why": str(refused)})

    def answer(self, content) -> dict | None:
        """What goes back; raises Refused."""
        raise NotImplementedError

    @property
    def token(self) -> str:
        return self.request.headers.get("Authorization", "").removeprefix("Bearer ")[:200]


class Join(FromLearner):
    def answer(self, content):
        return self.hall.join(content, self.request.remote_ip)


class Events(FromLearner):
    def answer(self, content):
        self.hall.take(content, self.token)


class Leave(FromLearner):
    def answer(self, content):
        self.hall.leave(content, self.token)


class Board(WebSocketHandler):
    """The board's line: it says its secret first, is sent every change, and may begin a second round or close the room."""

    def initialize(self, hall: Hall, boards: set, close):
        self.hall, self.boards, self.close_room = hall, boards, close

    def prepare(self):
        if len(self.boards) >= limits.MOST_BOARDS:
            raise HTTPError(503)

    def open(self):
        self.boards.add(self)
        self.trusted = False
        asyncio.get_running_loop().call_later(SLOW, self._out_if_silent)

    def _out_if_silent(self):
        if not self.trusted:
            self.close(4401, "no token")

    def on_message(self, message):
        try:
            said = json.loads(message)
        except (ValueError, RecursionError):
            said = None
        if not self.trusted:
            self.trusted = isinstance(said, dict) and self.hall.opens_board(said.get("token"))
            if not self.trusted:
                return self.close(4401, "not the board's token")
            return self.tell(self.hall.board())
        if isinstance(said, dict) and said.get("do") == "close":
            return self.close_room()
        return self.hall.command(said)

    def tell(self, picture: dict) -> None:
        """Sends what the board shows."""
        if self.trusted:
            try:
                self.write_message(picture)
            except WebSocketClosedError:
                self.boards.discard(self)

    def on_close(self):
        self.boards.discard(self)


class Served:
    """A hall with its sockets: `run` serves until somebody closes the room."""

    def __init__(self, hall: Hall, sockets: list):
        self.hall, self.boards, self.over = hall, set(), asyncio.Event()
        given = {"hall": hall}
        pages = [(path, Page, given) for path in SENT]
        application = Application(
            [*pages, ("/join", Join, given), ("/events", Events, given), ("/leave", Leave, given),
             ("/board/line", Board, {**given, "boards": self.boards, "close": self.over.set}), (".*", Nothing, given)],
            log_function=lambda handler: None, websocket_max_message_size=limits.MOST_BODY, websocket_ping_interval=20)
        self.server = Bounded(application, max_header_size=8 * 1024, max_body_size=limits.MOST_BODY,
                              max_buffer_size=2 * limits.MOST_BODY, idle_connection_timeout=SLOW, body_timeout=SLOW)
        self.server.add_sockets(sockets)

    async def run(self, linger: float = 3.0) -> None:
        """Serves until the room is closed; then says so for a few seconds more to whoever asks."""
        beats = [asyncio.ensure_future(self._paint()), asyncio.ensure_future(self._sync())]
        try:
            await self.over.wait()
            self.hall.close()
            self._paint_once()
            await asyncio.sleep(linger)
        finally:
            for beat in beats:
                beat.cancel()
            self.server.stop()
            for board in list(self.boards):
                board.close(1001, "closed")
            await self.server.close_all_connections()

    async def _paint(self):
        while True:
            await asyncio.sleep(TICK)
            self._paint_once()

    def _paint_once(self):
        if self.hall.changed:
            self.hall.changed = False
            picture = self.hall.board() if self.boards else None
            for board in list(self.boards):
                board.tell(picture)

    async def _sync(self):
        while True:
            await asyncio.sleep(SYNC)
            await asyncio.get_running_loop().run_in_executor(None, self.hall.journal.sync)


class Nothing(Quiet):
    """Any other address."""

    def prepare(self):
        raise HTTPError(404)
