"""What lies in `classroom/submitted`: regular files only, never through a link, and the notebook that counts."""
import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ..graft import graft
from ..problem import Problem
from ..reading import parse_notebook
from .times import read_timestamp
from .unit import Submission

MOST_NOTEBOOK, MOST_FILES = 40 * 2**20, 40 * 2**20   # bytes
SECRET = "submission_secret.txt"   # nbgrader's: by it a student fetches feedback
OURS = {"checks.json", "timestamp.txt", "data", SECRET}


@dataclass(frozen=True)
class Found:
    """A submission on disk.

    digest : of all its files, so that a changed one is graded again
    submission : what to grade, or None and `refused` says why
    timestamp : when it was handed in, UTC without a zone as nbgrader keeps it; None if that can't be told
    """
    student: str
    folder: Path
    digest: str
    submission: Submission | None
    refused: str = ""
    timestamp: datetime | None = None
    flags: list[str] = field(default_factory=list)


def students(submitted: Path, lesson: str) -> list[str]:
    """Everybody who has a folder for this lesson, in order."""
    if not submitted.is_dir():
        return []
    return sorted(path.name for path in submitted.iterdir() if path.is_dir() and not path.is_symlink()
                  and (path / lesson).is_dir() and not (path / lesson).is_symlink())


def find(submitted: Path, student: str, lesson: str, released, zone: str = "UTC") -> Found:
    """One student's submission.

    released : the released notebook, for telling an untouched copy from finished work
    zone : the exchange's, for time stamps
    """
    folder = submitted / student / lesson
    files, flags = _regular_files(folder)
    timestamp, unclear = read_timestamp(files.get("timestamp.txt"), zone)
    flags += [unclear] if unclear else []
    digest = hashlib.sha256(repr(sorted((name, path.stat().st_size, _digest(path)) for name, path in files.items()))
                            .encode()).hexdigest()

    def found(submission=None, refused=""):
        return Found(student, folder, digest, submission, refused, timestamp, flags)

    try:
        name, notes = _which(files, lesson, released)
        beside = _beside(files, name, notes)
    except (Problem, OSError) as problem:
        return found(refused=str(problem))
    received = f"{timestamp:%Y-%m-%d %H:%M:%S} UTC" if timestamp else "at an unknown time"
    return found(Submission(student, files[name].read_bytes(), beside, notes, list(flags), received))


def _regular_files(folder: Path) -> tuple[dict[str, Path], list[str]]:
    """Files by relative name; links, devices and hidden files are left where they are, with a word."""
    files, flags, waiting = {}, [], [folder]
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                flags.append(f"{name} is a link or no regular file; left out")
            elif path.is_dir():
                waiting += [path] if not path.name.startswith(".") and path.name not in OURS else []
            elif not path.name.startswith("."):
                files[name] = path
    return files, flags


def _digest(path):
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _which(files, lesson, released) -> tuple[str, list[str]]:
    """The notebook that counts, and notes on how it was found.

    raises : Problem where that would be a guess
    """
    wanted = f"{lesson}.ipynb"
    notebooks = [name for name in files if name.lower().endswith(".ipynb") and "/" not in name]
    for name in notebooks:
        if files[name].stat().st_size > MOST_NOTEBOOK:
            raise Problem(f"{name}: {files[name].stat().st_size / 2**20:.0f} MiB is too large for a notebook; "
                          "ask for it again without outputs")
    if not notebooks:
        raise Problem(f"{wanted}: not in the submission (there is {', '.join(sorted(files)[:5]) or 'nothing'})")
    if wanted not in notebooks:
        if len(notebooks) == 1:
            return notebooks[0], [f"the notebook was called {notebooks[0]}; it counts as {wanted}"]
        raise Problem(f"{wanted}: not in the submission; which of {', '.join(notebooks)} counts?")
    others = [name for name in notebooks if name != wanted]
    if others and not _begun(files[wanted], released):
        begun = [name for name in others if _begun(files[name], released)]
        if begun:
            raise Problem(f"{wanted}: untouched, but {', '.join(begun)} beside it holds answers; which one counts?")
    return wanted, [f"{name} lies beside it and was not graded" for name in others]


def _begun(path: Path, released) -> bool:
    """Whether a notebook holds any answer."""
    try:
        notebook = graft(released, parse_notebook(path.read_bytes(), path.name)).notebook
    except Problem:
        return False
    stubs = {cell.id: cell.source for cell in released.cells if cell.metadata.get("nbgrader", {}).get("solution")}
    return any(cell.source != stubs[cell.id] for cell in notebook.cells if cell.get("id") in stubs)


def _beside(files, notebook, notes) -> dict[str, str]:
    """Other files that go into the sandbox with the notebook, as base64; too many bytes are left out, with a note."""
    taken, room = {}, MOST_FILES
    for name, path in files.items():
        if name == notebook or name in OURS or name.endswith(".ipynb"):
            continue
        room -= path.stat().st_size
        if room < 0:
            notes.append(f"{name} is too large and was left out")
        else:
            taken[name] = base64.b64encode(path.read_bytes()).decode()
    return taken
