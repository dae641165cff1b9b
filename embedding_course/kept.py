"""What is kept of a learner's way, in `work/.progress/`: a small file for each check that has passed and for each guess.

A file each, so that two notebooks that write at once can't lose each other's. Whoever deletes them loses the marks only.
"""
import json
import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from .noted import tell
from .places import KEPT, learners_folder, write
from .progress import GUESS, write_start_page


def keep_check(exercise: str) -> None:
    """Keeps that a check has passed, where a learner works in a project's `work/LESSON/`; elsewhere it does nothing.

    Never in the way of a check: what can't be written is not kept.
    """
    _keep(exercise, lambda before: before or {"passed": _now()})


def keep_guess(name: str | None, entries: dict) -> None:
    """Keeps a guess and what came of it: the first one, which nobody had seen the answer to, and the last. As `keep_check`.

    The file `guess-NAME.json` holds {"first": …, "last": …, "truth": {entry: text}}, with {"at": time in UTC,
    "said": {entry: text}, "right": [entries]} for each; a guess that was skipped says nothing.

    name : of the guess cell; None: of the one above the lesson's cell that runs
    entries : {entry: (said, is so, mark)}, texts; "" where nothing was said
    """
    said = {entry: said for entry, (said, *_) in entries.items() if said}
    this = {"said": said, "right": [entry for entry, (*_, mark) in entries.items() if mark == "✓"]}

    def record(before):
        if before and before["last"] == this | {"at": before["last"]["at"]}:
            return before
        new = this | {"at": _now()}
        return {"first": before["first"] if before else new, "last": new,
                "truth": {entry: is_so for entry, (_, is_so, _) in entries.items()}}

    def named(lesson):
        guess = name or _guess_above(lesson)
        if not name:
            tell("seen", guess=guess, **this)
        return GUESS + guess

    if name:
        tell("seen", guess=name, **this)
    _keep(named, record)


def _keep(name, record):
    with suppress(Exception):
        solved = os.environ.get("JPY_SESSION_NAME", "").endswith("-solution.ipynb")   # reading it is not doing it
        if solved or not learners_folder():
            return
        root, here = learners_folder()
        name = name if isinstance(name, str) else name(root / "notebooks" / here.name / f"{here.name}.ipynb")
        place = here.parent / KEPT / here.name / f"{name}.json"
        before = _read(place)
        now = record(before)
        if now != before:
            write(place, json.dumps(now, ensure_ascii=False) + "\n")
            write_start_page(root)


def _guess_above(lesson: Path) -> str:
    """The guess cell above the lesson's cell that is running, found by its text: `show_step` isn't told its name."""
    running = sys.modules["__main__"].In[-1].strip()
    name = None
    for cell in json.loads(lesson.read_text(encoding="utf-8"))["cells"]:
        name = cell["metadata"].get("embedding_course", {}).get("guess", name)
        if "".join(cell["source"]).strip() == running:
            return name
    raise LookupError("this cell is the learner's own")


def _read(path):
    """A file's content; None where there is none, or one that somebody has edited."""
    with suppress(OSError, ValueError):
        return json.loads(path.read_text(encoding="utf-8"))
    return None


def _now():
    return datetime.now(UTC).isoformat(timespec="seconds")
