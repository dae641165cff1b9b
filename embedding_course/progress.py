"""What a learner has done: a small file in `work/.progress/` for each exercise whose check has passed.

A file each, so that two notebooks that write at once can't lose each other's. Whoever deletes them loses the marks only.
"""
import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from . import concepts, start_page
from .places import project_root

FOLDER = ".progress"


@dataclass(frozen=True)
class Entry:
    """A lesson, or a taking of the concept test, and how far a learner is with it.

    number : of the lesson; None for the concept test, which nobody has to take
    order : where it belongs among the others
    path : of the notebook, from `work/`
    minutes : None where the release doesn't say
    todo, done : exercises or questions, in order
    """
    number: int | None
    order: float
    path: str
    title: str
    minutes: int | None
    todo: list[str]
    done: list[str]

    @property
    def is_done(self) -> bool:
        return len(self.done) == len(self.todo)


def keep(exercise: str):
    """Keeps that a check has passed, where a learner works in a project's `work/LESSON/`; elsewhere it does nothing.

    Never in the way of a check: what can't be written is not kept.
    """
    with suppress(Exception):
        root, here = project_root(), Path.cwd().resolve()
        solved = os.environ.get("JPY_SESSION_NAME", "").endswith("-solution.ipynb")   # reading it is not doing it
        if root is None or here.parent != (root / "work").resolve() or solved:
            return
        place = here.parent / FOLDER / here.name / f"{exercise}.json"
        if not place.exists():
            _write(place, json.dumps({"passed": datetime.now(UTC).isoformat(timespec="seconds")}) + "\n")
            write_start_page(root)


def standings(root: Path) -> list[Entry]:
    """All lessons of a project's release, and the concept test, in order, with what the learner in `work/` has done."""
    lessons = [_lesson(folder, root / "work" / FOLDER) for folder in (root / "notebooks").glob("[0-9][0-9]-*")
               if (folder / f"{folder.name}.ipynb").is_file()]
    return sorted([*lessons, *_concept_test(root)], key=lambda entry: entry.order)


def _lesson(folder: Path, kept: Path) -> Entry:
    notebook = json.loads((folder / f"{folder.name}.ipynb").read_text(encoding="utf-8"))
    checks, number = folder / "checks.json", int(folder.name[:2])
    exercises = list(json.loads(checks.read_text(encoding="utf-8"))["exercises"]) if checks.is_file() else []
    title = "".join(notebook["cells"][0]["source"]).splitlines()[0].lstrip("# ")
    return Entry(number, number, f"{folder.name}/{folder.name}.ipynb", title,
                 notebook["metadata"].get("embedding_course", {}).get("minutes"), exercises,
                 [name for name in exercises if (kept / folder.name / f"{name}.json").is_file()])


def _concept_test(root: Path) -> list[Entry]:
    folder = root / "notebooks" / concepts.FOLDER
    if not (folder / concepts.KEY).is_file():
        return []
    key = json.loads((folder / concepts.KEY).read_text(encoding="utf-8"))
    answers = {}
    with suppress(OSError, ValueError):   # nothing answered yet, or a file that somebody has edited
        answers = json.loads((root / "work" / concepts.FOLDER / concepts.KEPT).read_text(encoding="utf-8"))
    questions = [str(i) for i in range(1, len(key["questions"]) + 1)]
    return [Entry(None, concepts.SEEN[number] + 0.5, f"{concepts.FOLDER}/{path.name}",
                  f"Concept test, {concepts.TAKES[number]}", None, questions,
                  list(answers.get(key["edition"], {}).get(str(number), {})))
            for path in sorted(folder.glob("[123]-*.ipynb")) for number in [int(path.name[0])]]


def write_start_page(root: Path) -> bool:
    """Writes `work/START.md` and the question index beside it; returns False where a learner has edited one of them."""
    index = root / "notebooks" / start_page.INDEX
    pages = {start_page.NAME: start_page.page(_title(root), standings(root), index.is_file())}
    if index.is_file():
        pages[index.name] = index.read_text(encoding="utf-8")
    return all([_write_page(root / "work" / name, text) for name, text in pages.items()])


def _title(root: Path) -> str:
    """A course's name: the title of its README."""
    readme = root / "README.md"
    lines = readme.read_text(encoding="utf-8").splitlines() if readme.is_file() else []
    return next((line[2:].strip() for line in lines if line.startswith("# ")), "Your lessons")


def _write_page(path: Path, text: str) -> bool:
    """Writes a page that ends with its hash; one whose hash is another was edited, and is left alone."""
    if path.is_file():
        body, _, hashed = path.read_text(encoding="utf-8").rstrip().rpartition("\n<!-- ")
        if hashed != f"{_hash(body)} -->":
            return False
        if body == text.rstrip():
            return True
    _write(path, f"{text.rstrip()}\n<!-- {_hash(text.rstrip())} -->\n")
    return True


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _write(path: Path, text: str):
    """The whole file or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)
