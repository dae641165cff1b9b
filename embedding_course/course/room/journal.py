"""A room's journal: one line of JSON for each thing that happened, so that a board that is killed goes on.

A line is with the operating system before anybody is told that it was taken, so `kill -9` loses nothing that a learner
believes sent; it is on the disk a second later, so a power cut loses that second.
"""
import json
import os
from contextlib import suppress
from pathlib import Path

from ..problem import Problem
from .limits import MOST_JOURNAL


class Journal:
    """An open journal; the file is the owner's alone, for it holds the names that were typed.

    begun : what the first line says: lesson, code, the board's token, when
    records : all that stood there before, in order; a line that was cut off is taken out
    """

    def __init__(self, path: Path, first: dict):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.dirty = path, False
        self.file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        _lock(self.file, path)
        lines = read(path)
        os.ftruncate(self.file, sum(length for _, length in lines))
        self.size = sum(length for _, length in lines)
        self.begun, *self.records = [record for record, _ in lines] or [None]
        if self.begun is None:
            self.begun = first
            self.add([first])

    def add(self, records: list[dict]) -> bool:
        """Adds lines, all or none; False where the journal is full."""
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
        if self.size + len(text) > MOST_JOURNAL:
            return False
        written = os.write(self.file, text)
        if written < len(text):   # a full disk: half a line would spoil the next one
            os.ftruncate(self.file, self.size)
            return False
        self.size, self.dirty = self.size + len(text), True
        return True

    def sync(self) -> None:
        """Onto the disk, where something is new."""
        if self.dirty:
            self.dirty = False
            os.fsync(self.file)

    def end(self) -> None:
        """Deletes it: the report is written, and holds no names."""
        os.close(self.file)
        with suppress(FileNotFoundError):
            self.path.unlink()


def _lock(file, path):
    """One board writes a journal: a second one that begins on the same room is refused."""
    try:
        import fcntl
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:   # Windows
        return
    except OSError as error:
        os.close(file)
        raise Problem(f"{path}: another `course room` has this room open; end it with Ctrl+C there first") from error


def read(path: Path) -> list[tuple[dict, int]]:
    """The records of a journal and the bytes of each line, up to the first that isn't whole."""
    found = []
    for line in path.read_bytes().splitlines(keepends=True):
        try:
            record = json.loads(line)
        except ValueError:
            break
        if not line.endswith(b"\n") or not isinstance(record, dict):
            break
        found.append((record, len(line)))
    return found
