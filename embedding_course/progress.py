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

from . import start_page
from .places import project_root

FOLDER = ".progress"


@dataclass(frozen=True)
class Standing:
    """A lesson, and how far a learner is with it.

    minutes : None where the release doesn't say
    exercises, passed : names, in the lesson's order
    """
    name: str
    title: str
    minutes: int | None
    exercises: list[str]
    passed: list[str]

    @property
    def number(self) -> int:
        return int(self.name[:2])

    @property
    def done(self) -> bool:
        return self.exercises == self.passed


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


def standings(root: Path) -> list[Standing]:
    """All released lessons of a project, in order, with what the learner in its `work/` has done."""
    return [_standing(folder, root / "work" / FOLDER) for folder in sorted((root / "notebooks").glob("[0-9][0-9]-*"))
            if (folder / f"{folder.name}.ipynb").is_file()]


def _standing(folder: Path, kept: Path) -> Standing:
    notebook = json.loads((folder / f"{folder.name}.ipynb").read_text(encoding="utf-8"))
    checks = folder / "checks.json"
    exercises = list(json.loads(checks.read_text(encoding="utf-8"))["exercises"]) if checks.is_file() else []
    title = "".join(notebook["cells"][0]["source"]).splitlines()[0].lstrip("# ")
    minutes = notebook["metadata"].get("embedding_course", {}).get("minutes")
    passed = [name for name in exercises if (kept / folder.name / f"{name}.json").is_file()]
    return Standing(folder.name, title, minutes, exercises, passed)


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
