"""What lies in `classroom/submitted`: regular files only, never through a link, and no more than a submission may weigh."""
import contextlib
import hashlib
import os
import stat
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ..lms.names import why_no_id
from .times import read_timestamp

MOST_BYTES = 80 * 2**20   # of all files together; a notebook may be half of it
MOST_FILES = 2000         # the sandbox's disk is small; who needs more has handed in a whole environment
MOST_LISTED = 20_000      # entries of folders that are looked at
DEEPEST = 12              # folders within each other
SECRET = "submission_secret.txt"   # nbgrader's: by it a student fetches feedback
AS_IT_IS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
OURS = {"checks.json", "timestamp.txt", "data", SECRET}


@dataclass(frozen=True)
class Found:
    """A submission on disk.

    digest : of all its files, so that a changed one is graded again
    files : their bytes by name, slashes between folders
    refused : why it can't be taken in; empty where it can
    timestamp : when it was handed in, UTC without a zone as nbgrader keeps it; None if that can't be told
    flags : what an instructor should look at; left_out : what did not count, a word each, for both
    """
    student: str
    folder: Path
    digest: str
    files: dict[str, bytes] = field(default_factory=dict)
    refused: str = ""
    timestamp: datetime | None = None
    flags: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def students(submitted: Path, lesson: str) -> list[str]:
    """Everybody who has a folder for this lesson, in order."""
    if not submitted.is_dir():
        return []
    with os.scandir(submitted) as entries:
        return sorted(entry.name for entry in entries if _is_folder(entry) and _is_there(Path(entry.path, lesson)))


def find(submitted: Path, student: str, lesson: str, zone: str = "UTC") -> Found:
    """One student's submission. Whatever lies there, this returns.

    zone : the exchange's, for time stamps
    """
    folder = submitted / student / lesson
    try:
        stamp, unclear = read_timestamp(_regular(folder / "timestamp.txt"), zone)
    except OSError as error:
        stamp, unclear = None, f"its time stamp can't be read ({error.strerror})"
    if why := why_no_id(student):
        why = f"{student!r} can't be an id ({why}); rename the folder in classroom/submitted"
        return Found(student, folder, _digest({"": why.encode(errors="replace")}), {}, why, stamp)
    taking = _Taking(folder, f"{lesson}.ipynb")
    taking.all()
    flags = [*([unclear] if unclear else []), *doubts(folder), *taking.left_out]
    return Found(student, folder, _digest(taking.files), taking.files, taking.refused, stamp, flags, taking.left_out)


def say_owner(folder: Path, words: list[str]):
    """Keeps, beside a collected folder, where no student writes, what its account lets one doubt."""
    beside = folder.with_name(f".{folder.name}-owner")
    if words:
        beside.write_text("; ".join(words), encoding="utf-8")
    else:
        beside.unlink(missing_ok=True)


def doubts(folder: Path) -> list[str]:
    """What `say_owner` has kept of a collected folder."""
    beside = folder.with_name(f".{folder.name}-owner")
    return [beside.read_text(encoding="utf-8")] if beside.is_file() else []


def files_of(folder: Path, notebook: str) -> tuple[dict[str, bytes], list[str]]:
    """What would be handed in from a folder: bytes by name, and a word for each file that is left out."""
    taking = _Taking(folder, notebook)
    taking.all()
    return taking.files, taking.left_out


class _Taking:
    """Takes files into memory, as many as a submission may have; what is left where it is gets a word.

    files : bytes by name; refused : why the notebook, or all, can't be read
    """

    def __init__(self, folder: Path, notebook: str):
        self.folder, self.notebook = folder, notebook   # the notebook by its right name
        self.files, self.left_out, self.refused = {}, [], ""
        self.room, self.listed = MOST_BYTES, 0

    def all(self):
        """Level by level, so that what lies on top counts first, and the notebook before all."""
        waiting = [("", 0)]
        with contextlib.suppress(OSError):
            if _regular(self.folder / self.notebook):
                self._take(self.notebook)
        for above, depth in waiting:
            try:
                entries = self._listing(self.folder / above)
            except OSError as error:
                self._leave(above or "the folder", f"can't be read ({error.strerror})")
                continue
            for entry in entries:
                name = above + entry.name
                if entry.name.startswith(".") or name in self.files:
                    continue
                if not _is_folder(entry):
                    self._take(name) if entry.is_file(follow_symlinks=False) else \
                        self._leave(name, "is a link or no regular file")
                elif depth >= DEEPEST:
                    self._leave(name, f"lies more than {DEEPEST} folders deep")
                elif name not in OURS:
                    waiting.append((f"{name}/", depth + 1))

    def _listing(self, place) -> list[os.DirEntry]:
        found = []
        with os.scandir(place) as entries:
            for entry in entries:
                if self.listed >= MOST_LISTED:
                    self._leave("the rest", f"is more than {MOST_LISTED} files")
                    break
                self.listed += 1
                found.append(entry)
        return sorted(found, key=lambda entry: entry.name)

    def _take(self, name):
        """One file's bytes, never through a link, and never more than there is room for."""
        try:
            with os.fdopen(os.open(self.folder / name, AS_IT_IS), "rb") as file:
                size = os.fstat(file.fileno()).st_size
                if size > min(self.room, MOST_BYTES // 2):
                    self._leave(name, f"is too large ({size / 2**20:.0f} MiB; ask for it again without outputs)")
                elif len(self.files) >= MOST_FILES:
                    self._leave("the rest", f"is more than {MOST_FILES} files")
                else:
                    self.files[name] = file.read(size)
                    self.room -= size
        except OSError as error:
            self._leave(name, f"can't be read ({error.strerror})")

    def _leave(self, name, why):
        if name == "the folder" or name.lower().endswith(".ipynb") and "/" not in name and self.notebook not in self.files:
            self.refused = self.refused or f"{name} {why}"
        word = f"{name} {why}; left out"
        if word not in self.left_out and len(self.left_out) < 20:
            self.left_out.append(word)


def _digest(files: dict[str, bytes]) -> str:
    """Of all files, so that a changed one is graded again."""
    each = sorted((name, len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items())
    return hashlib.sha256(repr(each).encode(errors="replace")).hexdigest()


def _regular(path: Path) -> Path | None:
    """A path to a regular file, else None."""
    try:
        return path if stat.S_ISREG(path.lstat().st_mode) else None
    except FileNotFoundError:
        return None


def _is_folder(entry: os.DirEntry) -> bool:
    return entry.is_dir(follow_symlinks=False)


def _is_there(path: Path) -> bool:
    """Whether a folder is there; one that can't be looked into is."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except PermissionError:
        return True
    except OSError:
        return False
