"""Submissions out of a learning management system's archive: who handed in what; the last attempt counts."""
import re
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from ..problem import Problem
from .roster import usable
from .tables import as_id

MOST_BYTES = 80 * 2**20   # of one student's files
MOODLE = re.compile(r".*_(?P<student>\d+)_assignsubmission_\w+?_?/(?P<file>.+)")
CANVAS = re.compile(r"[^_/]+(_LATE)?_(?P<student>\d+)_\d+_(?P<file>.+?)(-(?P<attempt>\d+))?(?P<ending>\.\w+)")
BLACKBOARD = re.compile(r"(?:.*_)?(?P<student>[^\W_][\w.@+-]*?)_attempt_(?P<attempt>\d{4}(-\d\d){5})_(?P<file>.+)")
FOLDERS = re.compile(r"(?P<student>[^/]+)/(?P<file>.+)")


@dataclass
class Attempt:
    """What one student handed in at once.

    order : a later attempt has a larger one; moment : when, in the time of the system that made the archive
    """
    student: str
    order: str
    moment: datetime
    files: dict[str, zipfile.ZipInfo] = field(default_factory=dict)


def attempts(archive: zipfile.ZipFile) -> tuple[list[Attempt], list[str]]:
    """The last attempt of each student in an archive, and a word on everything that was left out.

    raises : Problem where no student can be told
    """
    found, words = {}, []
    members = [info for info in archive.infolist() if not info.is_dir()]
    below = _common_folder(members)
    for info in members:
        name = info.filename.replace("\\", "/").removeprefix(below)
        why = _unwanted(info, name)
        match = next(filter(None, (kind.fullmatch(name) for kind in (MOODLE, BLACKBOARD, CANVAS, FOLDERS))), None)
        if not match or why:
            words += [f"{info.filename}: {why or 'nobody can be told by this name'}; left out"] if why != "hidden" else []
            continue
        parts = match.groupdict()
        student, order = as_id(parts["student"]), parts.get("attempt") or "0"
        if not usable(student):
            words.append(f"{info.filename}: {student!r} can't be an id; left out")
            continue
        attempt = found.setdefault((student, order.zfill(20)), Attempt(student, order.zfill(20), _moment(info, order)))
        attempt.files[parts["file"] + (parts.get("ending") or "")] = info
        attempt.moment = max(attempt.moment, _moment(info, order))
    if not found:
        raise Problem(f"{archive.filename}: no submissions in it that name a student ({len(members)} files)", status=2)
    last = {}
    for attempt in found.values():
        before = last.get(attempt.student)
        if before is not None:
            words.append(f"{attempt.student}: several attempts; the last one counts")
        if before is None or attempt.order > before.order:
            last[attempt.student] = attempt
    for student in [name for name, attempt in last.items() if _too_large(attempt)]:
        words.append(f"{student}: more than {MOST_BYTES >> 20} MiB; left out")
        del last[student]
    return list(last.values()), list(dict.fromkeys(words))


def extract(archive: zipfile.ZipFile, attempt: Attempt, lesson: str, folder: Path):
    """Writes an attempt's files into a folder; those in a subfolder with the lesson's name stand on top."""
    for name, info in attempt.files.items():
        path = folder / PurePosixPath(name.removeprefix(f"{lesson}/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.write_bytes(archive.read(info))
        except (RuntimeError, zipfile.BadZipFile, NotImplementedError) as error:
            raise Problem(f"{archive.filename}: {info.filename} can't be read ({error})") from error


def _unwanted(info, name) -> str:
    parts = PurePosixPath(name).parts
    if any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts):
        return "hidden"
    if ".." in parts or name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "a path that leads out of the archive"
    if (info.external_attr >> 16) & 0o170000 == 0o120000:
        return "a link"
    return ""


def _common_folder(members) -> str:
    """The one folder in which everybody's folders lie, if there is one."""
    paths = [PurePosixPath(info.filename) for info in members if not info.filename.startswith("__MACOSX")]
    tops = {path.parts[0] for path in paths}
    deep = all(len(path.parts) > 2 for path in paths) and len({path.parts[1] for path in paths}) > 1
    return f"{tops.pop()}/" if len(tops) == 1 and deep and "_assignsubmission_" not in str(paths[0].parts[0]) else ""


def _moment(info, order) -> datetime:
    try:
        return datetime.strptime(order, "%Y-%m-%d-%H-%M-%S")
    except ValueError:
        return datetime(*info.date_time)


def _too_large(attempt) -> bool:
    return sum(info.file_size for info in attempt.files.values()) > MOST_BYTES
