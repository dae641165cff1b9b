"""The page of `course mark`, served to this machine alone: 127.0.0.1, and a token in the address as Jupyter has it.

The token travels in a header that only the page's own script sets, so no other page in the browser can act here.
"""
import hmac
import json
from pathlib import Path

from sqlalchemy.exc import OperationalError
from tornado.web import Application, HTTPError, RequestHandler

from ..problem import Problem
from .marks import Marks, Refused
from .shown import markdown

PAGE = Path(__file__).parent / "page"
PARTS = {"mark.js": "text/javascript", "mark.css": "text/css"}
MOST_BODY = 2**16   # bytes
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; "
          "form-action 'none'; frame-ancestors 'none'")
BUSY = "the gradebook is being written by another program; try again"


def application(marks: Marks, token: str, anonymous: bool = False) -> Application:
    """The page and what it asks for.

    anonymous : never says who wrote what, whatever the page asks for
    """
    shared = {"marks": marks, "token": token, "anonymous": anonymous}
    return Application([("/", Page, shared), (r"/(mark\.(?:js|css))", Part), ("/api/lesson", Overview, shared),
                        (r"/api/answers/([^/]+)", Answers, shared), (r"/api/answers/([^/]+)/([0-9a-f]+)", Answer, shared),
                        ("/api/undo", Undo, shared)], log_function=lambda handler: None)


class Local(RequestHandler):
    """What every answer says to the browser, and to whom it is given."""

    def initialize(self, marks: Marks, token: str, anonymous: bool):
        self.marks, self.token, self.always = marks, token, anonymous

    def set_default_headers(self):
        for name, value in (("Content-Security-Policy", POLICY), ("X-Content-Type-Options", "nosniff"),
                            ("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-store"), ("Server", "course")):
            self.set_header(name, value)

    def prepare(self):
        """Only under this machine's own names: a name of somebody else's that leads here is refused too."""
        if self.request.host_name not in ("127.0.0.1", "localhost"):
            raise HTTPError(403, reason="Only this machine may ask")

    def known(self, token: str) -> bool:
        """Whether a token is ours, compared in constant time."""
        return hmac.compare_digest(token.encode(), self.token.encode())

    def write_error(self, status_code, **kwargs):
        """One line, no traceback."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(self._reason)


class Page(Local):
    """The page itself, which holds nothing of the class."""

    def get(self):
        if not self.known(self.get_query_argument("token", "")):
            raise HTTPError(403, reason="Take the whole address that `course mark` has printed - its token is missing")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish((PAGE / "mark.html").read_bytes())


class Part(Local):
    """Its style and its script."""

    def initialize(self):
        """Nothing: these two are the same for everybody."""

    def get(self, name):
        self.set_header("Content-Type", f"{PARTS[name]}; charset=utf-8")
        self.finish((PAGE / name).read_bytes())


class Api(Local):
    """What the page's script asks for, with the token in a header."""

    def prepare(self):
        super().prepare()
        if not self.known(self.request.headers.get("Authorization", "").removeprefix("token ")):
            raise HTTPError(403, reason="The token is not the one that `course mark` has printed")

    def anonymous(self) -> bool:
        """Whether this page may not know who wrote what."""
        return self.always or self.get_query_argument("anonymous", "") == "1"

    def answer(self, ask, *arguments):
        """What `ask` gives, as JSON; a refusal as a line, with a status that the script understands."""
        try:
            self.finish(json.dumps(ask(*arguments)))
        except Refused as refused:
            self.refuse(409, str(refused))
        except OperationalError:
            self.refuse(503, BUSY)
        except Problem as problem:
            self.refuse(503 if "locked" in str(problem) else 500, BUSY if "locked" in str(problem) else str(problem))

    def refuse(self, status: int, why: str):
        """A line for the person who reads the page."""
        self.set_status(status)
        self.finish(json.dumps({"refused": why}))

    def given(self) -> dict:
        """The request's body, a JSON object."""
        try:
            body = json.loads(self.request.body)
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            raise HTTPError(400, reason="A JSON object is expected")
        return body


class Overview(Api):
    """Which questions there are, and how far they are marked."""

    def get(self):
        self.answer(lambda: {"lesson": self.marks.lesson, "always": self.always, "questions": self.marks.overview()})


class Answers(Api):
    """One question, what to mark it by, and all answers."""

    def get(self, question):
        self.answer(self._all, question)

    def _all(self, name):
        found = self.marks.answers(name, self.anonymous())
        question = self.marks.asked[name]
        return {"points": question.points, **{part: markdown(getattr(question, part))
                                              for part in ("asked", "reference", "guide")}, **found}


class Answer(Api):
    """Points, or a comment."""

    def put(self, question, key):
        body = self.given()
        if "points" not in body and "comment" not in body:
            raise HTTPError(400, reason="Points or a comment are expected")
        self.answer(self.marks.give, question, key, body.get("mark"), body)


class Undo(Api):
    """The last step back."""

    def post(self):
        self.answer(self.marks.undo)
