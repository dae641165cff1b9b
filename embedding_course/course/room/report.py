"""The page that is left of a room: counts of five people and more; no names, no animals."""
from collections import Counter
from datetime import datetime
from html import escape
from pathlib import Path

from ...places import write
from .state import ROUNDS, Room

PAGES = Path(__file__).parent / "page"
FEWEST = 5
BINS = 8          # columns of the timeline, at most
SHORTEST = 300    # seconds of one
AGAIN = 0.25      # what so many of a class still held, or didn't get through, is to be repeated


def write_report(room: Room, began: float, path: Path) -> Path:
    """Writes the page; returns its path."""
    ended = room.closed or max([began, *(tried.last for one in room.learners.values() for tried in one.tries.values())])
    total = len(room.learners)
    when = (f"{datetime.fromtimestamp(began):%Y-%m-%d %H:%M} to {datetime.fromtimestamp(ended):%H:%M}, "
            f"{people(total)} joined")
    parts = [_timeline(room, began, ended), _misconceptions(room), _guesses(room), _again(room)] if total >= FEWEST else [
        "<p>Fewer than five people took part, so there is nothing to show.</p>"]
    page = (PAGES / "report.html").read_text(encoding="utf-8")
    for mark, text in (("LESSON", escape(room.lesson.lesson)), ("STYLE", (PAGES / "room.css").read_text(encoding="utf-8")),
                       ("TITLE", escape(f"{room.lesson.lesson}: {room.lesson.title}")), ("WHEN", escape(when)),
                       ("PARTS", "\n".join(parts))):
        page = page.replace(mark, text, 1)
    write(path, page)
    return path


def people(count: int, of: int | None = None) -> str:
    """A count, where it and what is left of the whole are nobody or five and more."""
    if 0 < count < FEWEST:
        return "fewer than five"
    return "nearly all" if of is not None and 0 < of - count < FEWEST else str(count)


def _timeline(room, began, ended):
    width = max(SHORTEST, (ended - began) / BINS)
    ends = [began + width * i for i in range(1, max(1, round((ended - began) / width)) + 1)]
    rows = []
    for name in room.lesson.exercises:
        passed = [tried.passed for one in room.learners.values() if (tried := one.tries.get(name)) and tried.passed]
        tried = sum(name in one.tries for one in room.learners.values())
        cells = [sum(at <= end for at in passed) for end in [*ends[:-1], float("inf")]]
        rows.append([name, people(tried, len(room.learners)), *stepped(cells, tried)])
    return _table("Timeline: how many had passed by then", ["exercise", "tried",
                  *(f"{datetime.fromtimestamp(end):%H:%M}" for end in ends)], rows)


def stepped(counts: list[int], of: int) -> list[str]:
    """Counts that only grow, each shown where it differs from the last one shown by five or more, or by nobody."""
    said, last = [], 0
    for count in counts:
        if 0 < count - last < FEWEST or 0 < of - count < FEWEST:
            said.append("·" if count < of else people(count, of))
        else:
            said.append(people(count, of))
            last = count
    return said


def _misconceptions(room):
    held = _held(room)
    rows = [[name, slip.replace("_", " "), people(count, sum(name in one.tries for one in room.learners.values())),
             room.lesson.exercises[name][slip]] for (name, slip), count in held.most_common() if count >= FEWEST]
    return _table("Misconceptions, held at some time", ["exercise", "misconception", "people", "hint"], rows)


def _held(room):
    return Counter((name, slip) for one in room.learners.values() for name, tried in one.tries.items()
                   for slip in tried.slips)


def _guesses(room):
    rows = []
    for guess in room.lesson.guesses:
        poll = room.poll(guess, FEWEST)
        for entry in poll["entries"] if poll else []:
            for bar in entry["bars"]:
                if bar["said"] is not None and max(bar["counts"]) >= FEWEST:
                    rows.append([guess, entry["entry"], bar["said"] + " ✓" * bar["right"],
                                 *(people(bar["counts"][number - 1], poll["voted"][number - 1]) for number in ROUNDS)])
    return _table("Guesses, before and after", ["guess", "of", "said", "first vote", "second vote"], rows)


def _again(room):
    items = []
    for name in room.lesson.exercises:
        tries = [one.tries[name] for one in room.learners.values() if name in one.tries]
        failed = sum(tried.passed is None for tried in tries)
        if failed >= FEWEST and failed >= AGAIN * len(tries):
            items.append(f"{name}: {people(failed, len(tries))} of {people(len(tries))} did not get through. "
                         f"{room.lesson.advice.get(name, '')}")
    for (name, slip), count in _held(room).most_common():
        tried = sum(name in one.tries for one in room.learners.values())
        if count >= FEWEST and count >= AGAIN * tried:
            items.append(f"{name}, {slip.replace('_', ' ')} ({people(count, tried)}): {room.lesson.exercises[name][slip]}")
    listed = "".join(f"<li>{escape(item)}</li>" for item in items) or "<li>Nothing that a quarter of the class needed.</li>"
    return f"<section><h2>What to repeat next time</h2><ul>{listed}</ul></section>"


def _table(title, head, rows):
    if not rows:
        return f"<section><h2>{escape(title)}</h2><p>None of five people and more.</p></section>"
    top = "".join(f'<th scope="col">{escape(text)}</th>' for text in head)
    body = "".join("<tr>" + f'<th scope="row">{escape(row[0])}</th>'
                   + "".join(f"<td>{escape(text)}</td>" for text in row[1:]) + "</tr>" for row in rows)
    return (f'<section><h2>{escape(title)}</h2><div class="wide" tabindex="0" role="region" aria-label="{escape(title)}">'
            f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div></section>")
