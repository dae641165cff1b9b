"""Submissions out of a learning management system's archive: who handed in what; the last attempt counts.

An archive holds what strangers packed. Each name is judged by itself, each byte is counted as it is read, and what
can't be taken leaves out one entry or one student, with a word.
"""
import contextlib
import io
import struct
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from ..plain_text import harmless
from ..problem import Problem
from .names import alike, as_id, why_no_file, why_no_id
from .systems import READERS, Reading, blackboard_users, recognise

MOST_BYTES = 80 * 2**20   # of one student's files
MOST_FILES, MOST_PARTS = 2000, 16   # of one student; of one path
MOST_DIRECTORY = 16 * 2**20   # bytes of an archive's list of contents: about 150,000 files
BOOKKEEPING = {"timestamp.txt", "submission_secret.txt"}   # nbgrader's own, beside a submission
OUT, HIDDEN = "; left out", "hidden"
HEADER = b"PK\x01\x02"   # before each name in the list of contents
UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, OverflowError, OSError)


@dataclass
class Attempt:
    """What one student handed in at once.

    order : a later attempt has a larger one
    moment : when, in the time of the system that made the archive; None where it doesn't say. Of one that the system
        calls late and no more, it is the time of the download
    late : whether the system says that it is; None where it doesn't say
    files : what goes into the submission's folder, by relative name
    system : who packed it, as `recognise` says it
    """
    student: str
    order: str
    moment: datetime | None = None
    late: bool | None = None
    files: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    system: str = ""


class _Bounded(io.BufferedReader):
    """zipfile reads an archive's whole list of contents at once, however long it says it is, and gives up at one name
    that is no UTF-8 and says it is."""
    opening = True

    def read(self, size=-1):
        if size is not None and size > MOST_DIRECTORY:
            raise zipfile.BadZipFile("its list of contents is too long")
        data = super().read(size)
        return _with_true_flags(bytearray(data)) if self.opening and data[:4] == HEADER else data


def _with_true_flags(contents: bytearray) -> bytes:
    """A list of contents in which no name says that it is UTF-8 and is not."""
    at = 0
    while contents[at:at + 4] == HEADER and len(contents) >= at + 46:
        name, extra, comment = struct.unpack_from("<3H", contents, at + 28)
        try:
            contents[at + 46:at + 46 + name].decode()
        except UnicodeDecodeError:
            contents[at + 9] &= ~0x08
        at += 46 + name + extra + comment
    return bytes(contents)


def open_archive(path: Path) -> zipfile.ZipFile:
    """raises : Problem, naming the file, where there is no archive that can be read"""
    try:
        file = _Bounded(io.FileIO(path))
        try:
            archive = zipfile.ZipFile(file)
            file.opening = False
        except BaseException:
            file.close()
            raise
    except UNREADABLE as error:
        raise Problem(f"{path}: no zip archive that can be read ({harmless(str(error))})", status=2) from error
    archive.filename = str(path)
    return archive


def attempts(archive: zipfile.ZipFile, lesson: str = "", known=frozenset(), system: str = "",
             below: str = "") -> tuple[list[Attempt], list[str]]:
    """The last attempt of each student in an archive, and a word on everything that was left out.

    known : ids of the class; system, below : the instructor's word, where names alone don't tell (see `recognise`)
    raises : Problem where no student can be told
    """
    entries, words = _entries(archive), []
    name, readings = recognise([path for path, _, _ in entries], [not why for _, _, why in entries], lesson, known, system,
                               below)
    if name == "blackboard":
        readings = _with_users(archive, entries, readings, lesson, known)
    if name == "sakai":
        readings = _with_times(archive, entries, readings)
    read, doubtful = [], _Doubtful(known)
    for (path, info, why), reading in zip(entries, readings, strict=True):
        if reading and reading.student:
            doubtful.saw(reading)   # also by what stays out: whom a system named is there
        if why:
            words += [f"{harmless(path)}: {why}{OUT}"] if why != HIDDEN else []
        elif reading is None or reading.file and reading.student in ("", lesson):
            words.append(f"{harmless(path)}: nobody can be told by this name{OUT}")
        elif _open(reading, known):
            words.append(f"{harmless(path)}: {' or '.join(reading.among)}? The class doesn't tell{OUT}")
        elif reading.student:
            read.append((path, reading, info))
    found = {}
    for path, reading, info in sorted(read, key=lambda entry: entry[1].order, reverse=True):
        why = doubtful.why(reading.student)
        if why:
            words.append(f"{harmless(reading.student)}: {why}{OUT}")
        elif reading.file:
            laid = found.setdefault((reading.student, reading.attempt), _Laid(as_id(reading.student), reading.attempt))
            why = laid.add(reading, info, lesson)
            if name == "folders" or reading.late:   # all others write the time of the download into an entry
                laid.packed(info)
            words += [f"{harmless(path)}: {why}{OUT}"] if why else []
    last = {}
    for _, laid in sorted(found.items()):
        attempt = laid.attempt
        if attempt.student in last:
            words.append(f"{attempt.student}: several attempts; the last one counts")
        if attempt.files:
            attempt.system = name
            last[attempt.student] = attempt
    words += [f"{student}: {why}{OUT}" for student, attempt in last.items() if (why := _too_much(attempt))]
    last = {student: attempt for student, attempt in last.items() if not _too_much(attempt)}
    if hidden := sum(why == HIDDEN for _, _, why in entries):
        words.append(f"{hidden} hidden files (.name, __MACOSX) are nobody's work, and stay in the archive")
    if not read:
        raise Problem(f"{archive.filename}: no submissions in it that name a student ({len(entries)} files); besides the "
                      "systems' archives, a folder for each, called by the student's id, is read", status=2)
    return list(last.values()), list(dict.fromkeys(words))


def extract(archive: zipfile.ZipFile, attempt: Attempt, folder: Path):
    """Writes an attempt's files into a new, empty folder.

    raises : Problem where a file can't be read, or together they are larger than they may be
    """
    room = MOST_BYTES
    for name, info in attempt.files.items():
        data = _bytes(archive, info, room)
        room -= len(data)
        path = folder.joinpath(*name.split("/"))
        if not path.resolve().is_relative_to(folder.resolve()):
            raise Problem(f"{harmless(name)} leads out of the submission")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:   # a new one: never through a link, never over another
            file.write(data)


def _bytes(archive, info, room: int) -> bytes:
    """A file's content, counted as it is unpacked: what an entry says of its size is a stranger's word."""
    data = bytearray()
    try:
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile("packed in a way that no system uses")
        with archive.open(info) as stream:
            while chunk := stream.read(2**16):
                data += chunk
                if len(data) > room:
                    raise Problem(f"more than {MOST_BYTES >> 20} MiB")
    except UNREADABLE as error:
        raise Problem(f"{harmless(info.filename)} can't be read ({harmless(str(error))}); download it again") from error
    return bytes(data)


def _entries(archive) -> list[tuple[str, zipfile.ZipInfo, str]]:
    """All files with their paths, and why one stays out: hidden, no regular file, too long a path."""
    found = []
    members = [info for info in archive.infolist() if info.file_size or not info.orig_filename.endswith("/")]
    names = [packed_name(info) for info in members]
    windows = all("\\" in name and "/" not in name and not any(reader(name) for reader in READERS.values())
                  for name in names)   # packed by an old Windows tool, all of it
    for name, info in zip(names, members, strict=True):
        raw = name.replace("\\", "/") if windows else name
        parts = raw.split("/")
        kind = (info.external_attr >> 16) & 0o170000
        if any((part == "__MACOSX" or part.startswith(".")) and not why_no_file(part) for part in parts):
            why = HIDDEN
        elif kind not in (0, 0o100000):
            why = "a link or no regular file"
        else:
            why = "too long a path" if len(parts) > MOST_PARTS or len(raw) > 1000 else ""
        found.append((raw, info, why))
    return found


def packed_name(info) -> str:
    """An entry's name: macOS writes UTF-8 and doesn't say so. What stands behind a NUL belongs to it."""
    try:
        return info.orig_filename if info.flag_bits & 0x800 else info.orig_filename.encode("cp437").decode()
    except UnicodeError:
        return info.orig_filename


class _Doubtful:
    """Ids that more than one person could mean: the system named two alike, or one who is known already is alike."""

    def __init__(self, known):
        self.known, self.alike = known, defaultdict(set)
        for student in known:
            self.alike[alike(student)].add((student, ""))
        self.seen = defaultdict(set)

    def saw(self, reading: Reading):
        self.seen[alike(reading.student)].add((reading.student, reading.who))

    def why(self, student: str) -> str:
        """Why nothing may be taken in under this id; "" if it may."""
        if why := why_no_id(student):
            return f"can't be an id ({why})"
        others = self.seen[alike(student)]
        if len(others) > 1:
            names = sorted({harmless(who) for _, who in others})[:3]
            return f"two could be called so: {' and '.join(names)}{', in two Unicode forms' * (len(names) < 2)}"
        known = {name for name, _ in self.alike[alike(student)]}
        if known and student not in known:
            return f"too much like {harmless(min(known))}, who is known here"
        return ""


def _open(reading: Reading, known) -> bool:
    """Whether a name can be read as several students', and the class doesn't tell which."""
    return bool(reading.among) and [student for student in reading.among if student in known] != [reading.student]


def _with_users(archive, entries, readings, lesson, known) -> list[Reading | None]:
    """Blackboard's readings with the users that receipts, or the column's name, tell."""
    heads = [reading and unicodedata.normalize("NFC", reading.who) for reading in readings]
    receipts = {head: _first_line(archive, info)
                for head, reading, (_, info, _) in zip(heads, readings, entries, strict=True)
                if reading and not reading.file}
    users = blackboard_users(set(filter(None, heads)), receipts, lesson, known)
    return [replace(reading, student=users[head]) if head in users else None
            for head, reading in zip(heads, readings, strict=True)]


def _with_times(archive, entries, readings) -> list[Reading | None]:
    """Sakai's readings with the time that it writes beside what a student uploaded."""
    times = {reading.who: _moment(_first_line(archive, info)[:14], "%Y%m%d%H%M%S")
             for (path, info, _), reading in zip(entries, readings, strict=True)
             if reading and not reading.file and path.endswith(")/timestamp.txt")}
    return [replace(reading, attempt=f"{times[reading.who]:%Y-%m-%d-%H-%M-%S}") if reading and times.get(reading.who)
            else reading for reading in readings]


def _first_line(archive, info) -> str:
    try:
        with archive.open(info) as stream:
            text = stream.read(1000).decode("utf-8-sig", errors="replace")
            return unicodedata.normalize("NFC", text.splitlines()[0])
    except (*UNREADABLE, IndexError):
        return ""


class _Laid:
    """An attempt that is being put together."""

    def __init__(self, student: str, order: str):
        self.attempt, self.names, self.folders = Attempt(student, order, _moment(order, "%Y-%m-%d-%H-%M-%S")), set(), set()

    def add(self, reading: Reading, info, lesson: str) -> str:
        """Adds a file; why it can't be added, or "". A folder with the lesson's name is laid on top."""
        why = self._put(reading.file.removeprefix(f"{lesson}/") if lesson else reading.file, info)
        if reading.own and not reading.own.lower().endswith(".ipynb"):   # its number may be the student's: both names
            why = self._put(reading.own, info) and why
        self.attempt.late = reading.late
        return why

    def packed(self, info):
        """Takes an entry's own time for the attempt's; the last one counts."""
        with contextlib.suppress(ValueError):
            moment = datetime(*info.date_time)
            self.attempt.moment = max(self.attempt.moment or moment, moment)

    def _put(self, name: str, info) -> str:
        parts = name.split("/")
        if why := next(filter(None, map(why_no_file, parts)), ""):
            return why
        key, above = alike(name), {alike("/".join(parts[:end])) for end in range(1, len(parts))}
        if key in BOOKKEEPING:
            return "it would stand for nbgrader's own file"
        if key in self.names:
            return "another file of this name counts"
        if above & self.names or key in self.folders:
            return "a file and a folder of one name"
        self.attempt.files[name] = info
        self.names.add(key)
        self.folders |= above
        return ""


def _moment(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def _too_much(attempt) -> str:
    if sum(info.file_size for info in attempt.files.values()) > MOST_BYTES:
        return f"more than {MOST_BYTES >> 20} MiB"
    return f"more than {MOST_FILES} files" if len(attempt.files) > MOST_FILES else ""
