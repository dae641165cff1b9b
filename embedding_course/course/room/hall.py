"""The room as a running thing: who may come in, what is kept in the journal, what the board is told. Knows no sockets."""
import hashlib
import hmac
import secrets
import time
from collections import Counter

from . import limits
from .arriving import MOST_NAME, Unreadable, events, line
from .journal import Journal
from .known import Known
from .state import Room
from .words import mark


class Refused(Exception):
    """Something that is not let in: the status of the answer, and a line for who asked."""

    def __init__(self, status: int, why: str):
        super().__init__(why)
        self.status = status


class Hall:
    """One room with its journal.

    per_address : learners that one address may bring
    """

    def __init__(self, lesson: Known, journal: Journal, per_address: int = limits.PER_ADDRESS):
        self.lesson, self.journal, self.per_address = lesson, journal, per_address
        self.code, self.board_token, self.began = (journal.begun[key] for key in ("code", "board", "t"))
        self.room, self.who, self.addresses = Room(lesson), {}, {}
        self.changed = True
        self.wrong_codes = limits.Buckets(*limits.WRONG_CODES)
        self.joins = limits.Buckets(*limits.JOINS)
        self.events, self.requests = limits.Buckets(*limits.EVENTS), limits.Buckets(*limits.REQUESTS)
        for record in journal.records:
            self._apply(record)

    def join(self, content, address: str) -> dict:
        """Lets somebody in who knows the code, or takes back who was in already.

        returns : {"token": …, "label": the animal, "count": number of the last event that arrived}
        raises : Refused
        """
        self._be_open()
        content = content if isinstance(content, dict) else {}
        code, name = content.get("code"), line(content.get("name"), MOST_NAME)
        if not isinstance(code, str) or not _same(code.strip().lower(), self.code):
            if not self.wrong_codes.take(address):
                raise Refused(429, "too many wrong codes from your address; wait a minute")
            raise Refused(403, "that is not this room's code; it stands on the teacher's screen")
        token = content.get("token")
        number = self.who.get(_digest(token)) if isinstance(token, str) and token else None
        if number is None:
            number, token = self._newcomer(address), secrets.token_urlsafe(24)
        learner = self.room.learners.get(number)
        record = {"t": time.time(), "do": "join", "who": number, "name": name, "address": _digest(address)[:16],
                  "mark": learner.mark if learner else mark({each.mark for each in self.room.learners.values()}),
                  "secret": learner.secret if learner else _digest(token)}
        self._note([record])
        return {"token": token, "label": record["mark"], "count": self.room.learners[number].count}

    def _newcomer(self, address):
        if not self.joins.take(address):
            raise Refused(429, "many are joining; try again in a few seconds")
        if len(self.room.learners) >= limits.MOST_LEARNERS:
            raise Refused(429, f"the room is full: {limits.MOST_LEARNERS} have joined")
        if Counter(self.addresses.values())[_digest(address)[:16]] >= self.per_address:
            raise Refused(429, f"{self.per_address} have joined from your address, and no more may")
        return max(self.addresses, default=0) + 1

    def take(self, content, token: str) -> None:
        """Takes a learner's events; those that came before are not taken twice.

        raises : Refused
        """
        self._be_open()
        number = self._whose(token)
        learner = self.room.learners[number]
        if not self.requests.take(number):
            raise Refused(429, "slower")
        try:
            came = [event for event in events(content, self.lesson) if event["n"] > learner.count]
        except Unreadable as error:
            raise Refused(400, str(error)) from error
        if not self.events.take(number, len(came)):
            raise Refused(429, "slower")
        now = time.time()
        self._note([{"t": round(max(learner.joined, now - event.pop("ago")), 3), "who": number, **event} for event in came])

    def leave(self, content, token: str) -> None:
        """Somebody goes; with `forget`, what they sent goes too. raises : Refused"""
        number = self._whose(token)
        forget = isinstance(content, dict) and content.get("forget") is True
        self._note([{"t": time.time(), "do": "forget" if forget else "leave", "who": number}])

    def opens_board(self, token) -> bool:
        """Whether this is the board's own secret."""
        return isinstance(token, str) and _same(token, self.board_token)

    def command(self, said) -> None:
        """What the instructor does on the board: {"do": "round", "guess": …, "round": 1 or 2}, {"do": "lower", "mark": …}.

        Anything else is left alone.
        """
        if not isinstance(said, dict) or self.room.closed:
            return
        if said.get("do") == "round" and said.get("guess") in self.lesson.guesses and said.get("round") in (1, 2):
            self._note([{"t": time.time(), "do": "round", "guess": said["guess"], "round": said["round"]}])
        elif said.get("do") == "lower":
            self._note([{"t": time.time(), "do": "hand", "who": number, "up": False}
                        for number, learner in self.room.learners.items() if learner.mark == said.get("mark")])

    def close(self) -> None:
        """Nobody is let in any more, and nothing taken."""
        if not self.room.closed:
            self._note([{"t": time.time(), "do": "close"}])

    def board(self) -> dict:
        """What the board shows now."""
        here = [self.addresses.get(number) for number, learner in self.room.learners.items() if learner.here]
        crowd = max(Counter(here).values(), default=0)
        return self.room.board(time.time()) | {"code": self.code, "began": self.began, "crowd": crowd}

    def _be_open(self):
        if self.room.closed:
            raise Refused(410, "the room is closed")

    def _whose(self, token):
        number = self.who.get(_digest(token))
        if number is None:
            raise Refused(401, "not in this room")
        return number

    def _note(self, records):
        if not self.journal.add(records):
            raise Refused(507, "the board can keep no more")
        for record in records:
            self._apply(record)

    def _apply(self, record):
        self.room.apply(record)
        self.changed = True
        if record["do"] == "join":
            self.who[record["secret"]] = record["who"]
            self.addresses[record["who"]] = record["address"]
        elif record["do"] == "forget":   # the number stays counted for its address
            self.who = {secret: number for secret, number in self.who.items() if number != record["who"]}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _same(said: str, is_so: str) -> bool:
    """Compared in a time that doesn't tell how much is right."""
    return hmac.compare_digest(said.encode("utf-8", "replace"), is_so.encode())
