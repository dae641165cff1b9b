"""Where a room stands: what the journal's records add up to. Pure: the same records make the same state."""
from collections import Counter
from dataclasses import dataclass, field

from .known import Known

STUCK_FAILS, STUCK_SECONDS = 3, 240.0   # of one exercise, so many failures for so long without getting through
ROUNDS = (1, 2)


@dataclass
class Try:
    """One learner and one exercise.

    begun, passed, last : seconds since the epoch; `passed` None as long as it isn't
    fails : since it was begun; slip : the misconception that the last failure showed; slips : all that were shown
    """
    begun: float
    last: float
    fails: int = 0
    passed: float | None = None
    slip: str | None = None
    slips: set[str] = field(default_factory=set)

    def is_stuck(self, now: float) -> bool:
        return self.passed is None and self.fails >= STUCK_FAILS and now - self.begun >= STUCK_SECONDS


@dataclass
class Ballot:
    """One learner's guess in one of its rounds.

    said : {entry: text}; shown : whether the answer stands there already, so that a later vote counts no more
    """
    said: dict[str, str] = field(default_factory=dict)
    shown: bool = False


@dataclass
class Learner:
    """Somebody in the room. A mark, an animal, and a name only if they typed one."""
    mark: str
    name: str
    secret: str
    joined: float
    count: int = 0
    here: bool = True
    hand: float | None = None
    tries: dict[str, Try] = field(default_factory=dict)
    ballots: dict[tuple[str, int], Ballot] = field(default_factory=dict)


class Room:
    """The state; `apply` takes one record of the journal."""

    def __init__(self, lesson: Known):
        self.lesson = lesson
        self.learners: dict[int, Learner] = {}
        self.rounds: dict[str, int] = {}
        self.moved: dict[str, float] = {}        # by exercise, when somebody last got through
        self.right: dict[tuple[str, str, str], Counter] = {}   # how often a said value was called right or not so
        self.closed: float | None = None

    def apply(self, record: dict) -> None:
        """One record: {"t": seconds since the epoch, "do": …, "who": number, …}."""
        learner = self.learners.get(record.get("who"))
        if record["do"] == "join":
            self._join(record, learner)
        elif record["do"] == "round":
            self.rounds[record["guess"]] = record["round"]
        elif record["do"] == "close":
            self.closed = record["t"]
        elif learner:
            learner.count = max(learner.count, record.get("n", 0))
            getattr(self, f"_{record['do']}")(record, learner)

    def _join(self, record, learner):
        if learner:   # the same person again, after a restarted kernel or with another name
            learner.here, learner.name = True, record["name"]
        else:
            self.learners[record["who"]] = Learner(record["mark"], record["name"], record["secret"], record["t"])

    def _check(self, record, learner):
        if record["verdict"] == "untouched":
            return
        at, exercise = record["t"], record["exercise"]
        tried = learner.tries.setdefault(exercise, Try(at, at))
        tried.last = at
        if record["verdict"] == "passed":
            if tried.passed is None:
                self.moved[exercise] = max(at, self.moved.get(exercise, 0))
                tried.passed = at
            tried.slip = None
        else:
            tried.fails += 1
            tried.slip = record["slip"]
            tried.slips |= {record["slip"]} - {None}

    def _vote(self, record, learner):
        ballot = self._ballot(record, learner)
        if not ballot.shown:
            ballot.said = record["said"]

    def _seen(self, record, learner):
        ballot = self._ballot(record, learner)
        if not ballot.shown:
            ballot.said, ballot.shown = record["said"] or ballot.said, True
            for entry, text in record["said"].items():
                right = self.right.setdefault((record["guess"], entry, bare(text)), Counter())
                right[entry in record["right"]] += 1

    def _ballot(self, record, learner):
        guess = record["guess"]
        return learner.ballots.setdefault((guess, self.rounds.get(guess, 1)), Ballot())

    def _hand(self, record, learner):
        learner.hand = (learner.hand or record["t"]) if record["up"] else None

    def _leave(self, record, learner):
        learner.here, learner.hand, learner.name = False, None, ""

    def _forget(self, record, learner):
        del self.learners[record["who"]]

    def here(self) -> list[Learner]:
        """Who is in the room now."""
        return [learner for learner in self.learners.values() if learner.here]

    def board(self, now: float) -> dict:
        """All that the board shows, as plain data: counts of those who are here, and marks of who needs somebody."""
        here = self.here()
        return {
            "now": now, "lesson": self.lesson.lesson, "title": self.lesson.title, "here": len(here), "closed": self.closed,
            "exercises": [self._exercise(name, here) for name in self.lesson.exercises],
            "slips": self._slips(here),
            "stuck": sorted((_who(learner) | {"exercise": name, "fails": tried.fails, "since": tried.begun,
                                              "slip": tried.slip}
                             for learner in here for name, tried in learner.tries.items() if tried.is_stuck(now)),
                            key=lambda each: each["since"]),
            "hands": sorted((_who(learner) | {"since": learner.hand} for learner in here if learner.hand),
                            key=lambda each: each["since"]),
            "polls": [poll for poll in (self.poll(guess) for guess in self.lesson.guesses) if poll],
        }

    def _exercise(self, name, here):
        tries = [learner.tries[name] for learner in here if name in learner.tries]
        passed = sum(tried.passed is not None for tried in tries)
        return {"name": name, "passed": passed, "trying": len(tries) - passed, "begun": len(tries),
                "not_begun": len(here) - len(tries), "first": min((tried.begun for tried in tries), default=None),
                "moved": self.moved.get(name)}

    def _slips(self, here):
        held: dict[tuple[str, str], list] = {}
        for learner in here:
            for name, tried in learner.tries.items():
                if tried.slip:
                    held.setdefault((name, tried.slip), []).append(learner)
        found = [{"exercise": name, "slip": slip, "hint": self.lesson.exercises[name][slip], "count": len(who),
                  "advice": self.lesson.advice.get(name, ""), "who": [_who(learner) for learner in who]}
                 for (name, slip), who in held.items()]
        order = list(self.lesson.exercises)
        return sorted(found, key=lambda each: (-each["count"], order.index(each["exercise"]), each["slip"]))

    def poll(self, guess: str, least: int = 2) -> dict | None:
        """A guess as bars: by entry and round, how many said what. None where nobody has said anything.

        least : words that fewer people said are not shown: no single person can write on the projector
        """
        rounds = {number: {who: ballot.said for who, learner in self.learners.items()
                           if (ballot := learner.ballots.get((guess, number))) and ballot.said} for number in ROUNDS}
        if not any(rounds.values()):
            return None
        knew = sum(1 for who in rounds[2] if (first := self.learners[who].ballots.get((guess, 1))) and first.shown)
        return {"guess": guess, "round": self.rounds.get(guess, 1), "knew": knew,
                "voted": [len(rounds[number]) for number in ROUNDS],
                "entries": [{"entry": entry, "bars": self._bars(guess, entry, rounds, least)}
                            for entry in self.lesson.guesses[guess]]}

    def _bars(self, guess, entry, rounds, least):
        said = {number: [said[entry] for said in ballots.values() if entry in said] for number, ballots in rounds.items()}
        spelt = {bare(text): text for texts in said.values() for text in reversed(texts)}
        counts = {number: Counter(map(bare, texts)) for number, texts in said.items()}
        total = sum(counts.values(), Counter())
        seen = [key for key, count in total.most_common() if count >= least or is_number(key)][:MOST_BARS]
        bars = [{"said": spelt[key], "right": self._is_right(guess, entry, key),
                 "counts": [counts[number][key] for number in ROUNDS]} for key in seen]
        others = [sum(counts[number].values()) - sum(bar["counts"][number - 1] for bar in bars) for number in ROUNDS]
        return bars + [{"said": None, "right": False, "counts": others}] * any(others)

    def _is_right(self, guess, entry, key):
        """Whether the lesson called it right, as most of the learners' notebooks report it."""
        told = self.right.get((guess, entry, key), Counter())
        return told[True] > told[False]


MOST_BARS = 6
SAME = {"true": "yes", "false": "no"}


def bare(text: str) -> str:
    """What two people mean who write it differently: capitals, blanks, a full stop, 0.2 and .20."""
    text = " ".join(text.split()).rstrip(".").casefold()
    return f"{float(text):.4g}" if is_number(text) else SAME.get(text, text)


def is_number(text: str) -> bool:
    """Whether it is a number in digits: those may be shown, whoever says them."""
    try:
        float(text)
    except ValueError:
        return False
    return text.isascii()


def _who(learner):
    return {"mark": learner.mark, "name": learner.name}
