"""How far a learner is, lesson by lesson, and the start page that says so."""
import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from . import concepts, start_page
from .places import KEPT, MARK, command, write

GUESS = "guess-"   # begins the name of a guess's file among those that are kept; no exercise's name has a hyphen


@dataclass(frozen=True)
class Entry:
    """A lesson, or a taking of the concept test, and how far a learner is with it.

    number : of the lesson; None for the concept test, which nobody has to take
    order : where it belongs among the others
    path : of the notebook, from `work/`
    minutes : None where the release doesn't say
    todo, done : exercises or questions, in order
    guess_names : of the guess cells; guessed : how many of them the learner has used
    places : by exercise, the id of the cell with its text
    """
    number: int | None
    order: float
    path: str
    title: str
    minutes: int | None
    todo: list[str]
    done: list[str]
    guess_names: tuple = ()
    guessed: int = 0
    places: dict = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        return len(self.done) == len(self.todo)


def standings(root: Path) -> list[Entry]:
    """All lessons of a project's release, and the concept test, in order, with what the learner in `work/` has done."""
    lessons = [_lesson(folder, root / "work" / KEPT) for folder in (root / "notebooks").glob("[0-9][0-9]-*")
               if (folder / f"{folder.name}.ipynb").is_file()]
    return sorted([*lessons, *_concept_test(root)], key=lambda entry: entry.order)


def _lesson(folder: Path, kept: Path) -> Entry:
    notebook = json.loads((folder / f"{folder.name}.ipynb").read_text(encoding="utf-8"))
    cells, said = notebook["cells"], notebook["metadata"].get("embedding_course", {})
    checks, number = folder / "checks.json", int(folder.name[:2])
    exercises = list(json.loads(checks.read_text(encoding="utf-8"))["exercises"]) if checks.is_file() else []
    title = "".join(cells[0]["source"]).splitlines()[0].lstrip("# ")
    guesses = [cell["metadata"]["embedding_course"]["guess"] for cell in cells
               if "guess" in cell["metadata"].get("embedding_course", {})]
    return Entry(number, number, f"{folder.name}/{folder.name}.ipynb", title, said.get("minutes"), exercises,
                 [name for name in exercises if (kept / folder.name / f"{name}.json").is_file()],
                 tuple(guesses), sum(_guessed(kept / folder.name / f"{GUESS}{name}.json") for name in guesses),
                 {cell.get("id"): above.get("id") for above, cell in zip(cells, cells[1:], strict=False)})


def _guessed(path: Path) -> bool:
    """Whether a learner has guessed there: skipping is kept too."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return bool(json.loads(path.read_text(encoding="utf-8"))["last"]["said"])
    return False


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
                  f"Concept test, {concepts.TAKES[number]}", len(questions), questions,   # a minute each
                  list(answers.get(key["edition"], {}).get(str(number), {})))
            for path in sorted(folder.glob("[123]-*.ipynb")) for number in [int(path.name[0])]]


def write_start_page(root: Path) -> bool:
    """Writes `work/START.md` and the question index beside it; returns False where a learner has edited one of them."""
    index = root / "notebooks" / start_page.INDEX
    page = start_page.page(_title(root), standings(root), index.is_file(), _has_exchange(root), command(root))
    pages = {start_page.NAME: page}
    if index.is_file():
        pages[index.name] = index.read_text(encoding="utf-8")
    return all([_write_page(root / "work" / name, text) for name, text in pages.items()])


def _has_exchange(root: Path) -> bool:
    """Whether a class hands in here: a lesson was released, or the configuration names another place for it."""
    ours = 'classroom / "exchange"' in (root / MARK).read_text(encoding="utf-8")
    return not ours or any((root / "classroom" / "exchange").glob("*/outbound/*"))


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
    write(path, f"{text.rstrip()}\n<!-- {_hash(text.rstrip())} -->\n")
    return True


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
