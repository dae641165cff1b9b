"""What is known of each graded submission: one JSON file a student, written last, so a half-done grading leaves none."""
import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path


class Records:
    """The records of one lesson: `classroom/outcomes/LESSON/STUDENT.json`."""

    def __init__(self, classroom: Path, lesson: str):
        self.lesson, self.folder = lesson, classroom / "outcomes" / lesson
        self.folder.mkdir(parents=True, exist_ok=True)

    def all(self) -> list[dict]:
        """Every student's record, in the order of their ids."""
        found = [self._read(path) for path in self.folder.glob("[!.]*.json")]
        return sorted(filter(None, found), key=lambda record: record["student"])

    def by_stock(self) -> list[dict]:
        """What is known of students whom nbgrader's own command alone has graded."""
        found = [self._read(path) for path in self.folder.glob(".*.before")
                 if not (self.folder / f"{path.stem[1:]}.json").is_file()]
        return [record for record in found if record and "checks" in record]

    def read(self, student: str) -> dict | None:
        """A student's record; None if there is none, or half of one."""
        return self._read(self.folder / f"{_file(student)}.json")

    def write(self, student: str, record: dict):
        """Replaces a record as a whole."""
        self._put(f"{_file(student)}.json", record)

    def _read(self, path: Path) -> dict | None:
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _put(self, name: str, record: dict):
        scratch = self.folder / f".{name}.part"
        with scratch.open("w", encoding="utf-8", errors="replace") as file:
            json.dump(record, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(self.folder / name)

    def begin(self, student: str):
        """From here on the submission counts as not graded, until its record is written again."""
        path = self.folder / f"{_file(student)}.json"
        if path.exists():
            path.replace(self.folder / f".{_file(student)}.before")   # a person's settled texts are still known

    def before(self, student: str) -> dict:
        """The record before the grading under way; {} without one."""
        return self.read(student) or self._read(self.folder / f".{_file(student)}.before") or {}

    def saw(self, student: str, written: dict, checks: dict[str, str]):
        """Keeps the written answers that were graded by other means than `course grade`, and by which checks."""
        known = (self.folder / f"{_file(student)}.json").is_file()
        self._put(f"{_file(student)}.json" if known else f".{_file(student)}.before",
                  {"refused": "", **self.before(student), "student": student, "written": written, "checks": checks})


def _file(student: str) -> str:
    """A file's name for a student: the id, but that a system takes no name of more than 255 bytes."""
    if len(os.fsencode(student)) <= 200:
        return student
    return f"{student[:40]}-{hashlib.sha256(os.fsencode(student)).hexdigest()[:16]}"


def as_record(graded, found, standing, release: str, checks: dict[str, str]) -> dict:
    """What is kept: what was graded (attempt, time, hash), by which checks, and what came of it."""
    return {"student": graded.student, "outcome": outcome(graded, standing), "refused": graded.refused,
            "score": standing.score if standing else None, "of": standing.of if standing else None,
            "waits": standing.waits if standing else [], "late": bool(standing and standing.late),
            "exercises": {name: asdict(scored) for name, scored in graded.exercises.items()},
            "written": graded.written, "notes": graded.notes, "flags": list(dict.fromkeys([*graded.flags, *found.flags])),
            "sha256": found.digest, "handed in": str(found.timestamp or "unknown"), "release": release,
            "older": graded.older, "checks": checks,
            "seconds": round(graded.seconds, 3)}


def outcome(graded, standing) -> str:
    """The one named outcome of a submission."""
    if graded.refused:
        return "refused"
    return "waiting for a human" if standing.waits else "scored"
