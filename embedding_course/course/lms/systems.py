"""How learning management systems name what they pack, read from the left: what a student named stands at the end.

Each reader takes an entry's path and says whom the *system* named, or None where the system writes no such name.
Nothing that stands to the right of what it read is ever taken for an id.
"""
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace

from ..plain_text import harmless
from ..problem import Problem

DATE = r"[0-9]{4}(?:-[0-9]{2}){5}"
MOODLE = re.compile(r"(?P<who>[^/_]+_(?P<student>[0-9]+))_assignsubmission_[a-z]+(?:_?/|_)(?P<file>.+)", re.DOTALL)
MOODLE_TEAM = re.compile(r"[^/_]+_assignsubmission_[a-z]+(_?/|_).+", re.DOTALL)
TEAM = re.compile(r"(group|gruppe|groupe|grupo|gruppo|groep|team|équipe|equipo)\b.*", re.IGNORECASE)
CANVAS = re.compile(r"(?P<who>\w+?)(?P<late>_LATE)?(?P<numbers>(?:_[0-9]+){2})_(?P<file>[^/]+)", re.DOTALL)
CANVAS_ANONYMOUS = re.compile(r"(?P<late>LATE_)?(?P<student>anon_[A-Za-z0-9]+)_(?P<number>[0-9]+)_(?P<file>[^/]+)",
                              re.DOTALL)
CANVAS_AGAIN = re.compile(r"(.+)-([0-9]{1,3})((?:\.[A-Za-z][A-Za-z0-9]*)*\.[A-Za-z0-9]+)", re.DOTALL)
CANVAS_TYPED = re.compile(r"(LATE_)?\w+_[A-Za-z0-9]+_(text|link)\.html")
BLACKBOARD = re.compile(rf"(?P<who>[^/]+?)_(?:attempt|poging|Versuch|tentative|intento|tentativa|tentativo)_"
                        rf"(?P<attempt>{DATE})(?:_(?P<file>[^/]+)|(?P<receipt>\.txt))", re.DOTALL)
SAKAI = re.compile(r"(?P<who>[^/]*[^/\s]\((?P<student>[^()/]+)\))/(?:Submission attachment\(s\)/(?P<file>.+)|timestamp\.txt"
                   r"|comments\.txt|feedbackText\.html|[^/]+_submissionText\.html|Feedback Attachment\(s\)/.+)", re.DOTALL)
SAKAI_TABLE = re.compile(r"grades\.(csv|xlsx?)")
FOLDERS = re.compile(r"(?P<who>(?P<student>[^/]+))/(?P<file>.+)", re.DOTALL)
BRIGHTSPACE = re.compile(r"[0-9]+-[0-9]+ - [^/]+/.+", re.DOTALL)
GRADESCOPE = re.compile(r"submission_(metadata\.yml|[0-9]+/.+)", re.DOTALL)

NOT_READ = {
    "brightspace": "Brightspace names people in its archives, and gives no ids",
    "gradescope": "Gradescope keeps the names apart from the files, in submission_metadata.yml",
    "moodle-teams": "it was packed by teams, and this course grades people",
}


@dataclass(frozen=True)
class Reading:
    """What a system wrote about one entry.

    who : all that names the student there; one student has one
    student : the id; "" where only the whole archive can tell, or nobody can
    file : what the student called it; "" for what is the system's own
    attempt : when, by the system (2026-03-01-10-00-00); "" where it packs the last attempt alone, or doesn't say
    late : whether the system says so; None where it doesn't say
    among : ids that the name can be read as, if there are several
    order : among files of one name the one with the largest counts
    own : the file's name with a number that may be the system's or the student's
    """
    who: str
    student: str
    file: str
    attempt: str = ""
    late: bool | None = None
    among: tuple[str, ...] = ()
    order: tuple[int, ...] = ()
    own: str = ""


def moodle(path: str) -> Reading | None:
    """`Ann Lee_1041_assignsubmission_file/…`, or the same in one name: Moodle puts no underscore into what it calls her."""
    found = MOODLE.fullmatch(path)
    return Reading(found["who"], found["student"], found["file"]) if found else None


def moodle_teams(path: str) -> Reading | None:
    """`Default group_assignsubmission_file/…`: no number. `Group 1_77_…` looks like a person and is told by its word."""
    team = MOODLE_TEAM.fullmatch(path) or MOODLE.fullmatch(path) and TEAM.fullmatch(path)
    return Reading(path, "", path) if team else None


def canvas(path: str) -> Reading | None:
    """`leeann_LATE_1041_501_…`: sortable name in small letters, LATE, user, attachment. A name may hold underscores.

    Where the student's part begins with a number too, one of two numbers is the user: a name may end with one.
    """
    found = CANVAS.fullmatch(path) if "/" not in path else None
    if not found:
        return Reading(path, "", "") if CANVAS_TYPED.fullmatch(path) else None
    numbers = found["numbers"].split("_")[1:]
    after = re.match(r"(?:[1-9][0-9]*_)*", found["file"])[0].split("_")[:-1]
    typed = found["file"] in ("text.html", "link.html")   # `name_77_501_text.html`: a file of 77's, or what 501 typed in
    among = tuple([*numbers, *after][:None if typed else -1]) if (after or typed) and not found["late"] else ()
    return _as_canvas_counts(Reading(f"{found['who']}_{numbers[0]}", numbers[0], found["file"], "", bool(found["late"]),
                                     among, (int(numbers[1]),)))


def canvas_anonymous(path: str) -> Reading | None:
    """`LATE_anon_Xy9Z2_501_…`: as Canvas packs an assignment with anonymous grading."""
    found = CANVAS_ANONYMOUS.fullmatch(path)
    return _as_canvas_counts(Reading(found["student"], found["student"], found["file"], "", bool(found["late"]), (),
                                     (int(found["number"]),))) if found else None


def _as_canvas_counts(reading: Reading) -> Reading:
    """Canvas puts -1, -2 … at the end of a name that this student has used before: on one file, not on an attempt."""
    again = CANVAS_AGAIN.fullmatch(reading.file)
    if not again:
        return replace(reading, order=(0, *reading.order))
    return replace(reading, file=again[1] + again[3], order=(int(again[2]), *reading.order), own=reading.file)


def blackboard(path: str) -> Reading | None:
    """`COLUMN_ada_l_attempt_2026-03-01-10-00-00_…`, and a receipt without a file's name; "_" may stand in COLUMN too."""
    found = BLACKBOARD.fullmatch(path) if "/" not in path else None
    return Reading(found["who"], "", found["file"] or "", found["attempt"]) if found else None


def sakai(path: str) -> Reading | None:
    """`Lovelace, Ada(ada)/Submission attachment(s)/…`, and files of Sakai's own beside."""
    found = SAKAI.fullmatch(path)
    if not found:
        return Reading(path, "", "") if SAKAI_TABLE.fullmatch(path) else None
    return Reading(found["who"], found["student"], found["file"] or "")


def folders(path: str) -> Reading | None:
    """`ada/…`: a folder for each student."""
    found = FOLDERS.fullmatch(path)
    return Reading(found["who"], found["student"], found["file"]) if found else None


READERS = {"moodle-teams": moodle_teams, "moodle": moodle, "sakai": sakai, "blackboard": blackboard,
           "canvas-anonymous": canvas_anonymous, "canvas": canvas}
FIRST = {"moodle-teams": ("moodle",), "moodle": ("blackboard", "canvas"), "canvas-anonymous": ("canvas",)}
# A folder around all others, as people call it: no student is called so.
AROUND = re.compile(r"(?=.*[^\W\d_])(submissions?|submitted|class|course|students?|all|my|our|exports?|downloads?|archive"
                    r"|hw|homeworks?|exercises?|assignments?|lessons?|weeks?|work|files?|folder|zip|zipped|unpacked|unzipped"
                    r"|moodle|canvas|blackboard|sakai|nbgrader|abgaben?|kurs|klasse|hausaufgaben?|copy|kopie|final|classroom"
                    r"|spring|summer|fall|winter|term|semester|uploads?|extracted|grading|received|collected|tmp|temp|output"
                    r"|einreichungen|entpackt|entregas?|tareas?|rendus?|devoirs?|consegne|compiti|module|unit|tasks?|projects?"
                    r"|labs?|exam|quiz|section|groups?|documents|\W|_|[0-9])+", re.IGNORECASE)


def recognise(packed: list[str], votes: list[bool], lesson: str = "", known=frozenset(), system: str = "", below: str = ""):
    """The one system that packed an archive, by all its paths together, and what each path says in it.

    packed : the paths in the Unicode form that they have in the archive; votes : which of them tell the system
    known : ids of the class, which decide where names alone don't
    system, below : the instructor's word: the system's name, the folder around everything
    returns : the system's name; for each path a Reading, or None where it names nobody
    raises : Problem where that would be a guess, with what to do
    """
    everything = [unicodedata.normalize("NFC", path) for path in packed]
    paths = [path for path, vote in zip(everything, votes, strict=True) if vote]
    named = system.removeprefix("folders") or _named(paths)
    around = below or ("" if named and _read(named, paths) else _around(paths, lesson, known, system))
    around = around.rstrip("/").removeprefix(".")
    inner = [path.removeprefix(f"{around}/") if around else path for path in everything]
    depth = around.count("/") + 1 if around else 0
    name = system or _named([path for path, vote in zip(inner, votes, strict=True) if vote]) or "folders"
    if name in NOT_READ:
        raise Problem(f"this archive can't be taken in as it is: {NOT_READ[name]}. Put each one's files into a folder that "
                      "is called by the student's id, pack these folders, and say --system folders", status=2)
    return name, [None if around and path == before else _reading(name, path, "/".join(raw.split("/")[depth:]))
                  for path, before, raw in zip(inner, everything, packed, strict=True)]


def _reading(name: str, path: str, raw: str) -> Reading | None:
    """What a path says; `who` as it was packed, for two who differ in their Unicode form alone are two."""
    reading, there = READERS.get(name, folders)(path), READERS.get(name, folders)(raw)
    return replace(reading, who=there.who) if reading and there else reading


def _read(name: str, paths: list[str]) -> int:
    return sum(READERS.get(name, folders)(path) is not None for path in paths)


def _named(paths) -> str:
    """The system whose names most of the paths bear, more than half; "" if none: then there are folders, or nothing."""
    for name, certain in (("gradescope", GRADESCOPE), ("brightspace", BRIGHTSPACE), ("moodle-teams", MOODLE_TEAM),
                          ("sakai", SAKAI)):
        if any(certain.fullmatch(path) for path in paths):   # only a system writes this in front
            return name
    count = {name: _read(name, paths) for name in READERS}
    best = [name for name in READERS if count[name] and count[name] == max(count.values()) > len(paths) / 2]
    best = [name for name in best if not any(name in FIRST.get(other, ()) for other in best)]
    if {"blackboard"} < set(best):   # Canvas's name in front of an upload that is called like one of Blackboard's
        receipts = {found["who"] for found in map(BLACKBOARD.fullmatch, paths) if found and found["receipt"]}
        if all(found["who"] in receipts for found in map(BLACKBOARD.fullmatch, paths) if found):
            return "blackboard"
    if len(best) > 1:
        raise Problem(f"{' or '.join(best)}? Both could have packed {harmless(paths[0])}; say which with --system",
                      status=2)
    return best[0] if best else ""


def _around(paths, lesson, known, system) -> str:
    """The one folder in which everything lies, if it isn't a student's own."""
    deep = [path for path in paths if "/" in path]
    tops = {path.partition("/")[0] for path in deep}
    if len(tops) != 1:
        return ""
    top = tops.pop()
    inner = [path.partition("/")[2] for path in deep]
    usual = AROUND.fullmatch(top) or lesson and lesson.casefold() in top.casefold()
    if usual and top not in known:
        return top
    name = system or _named(inner)
    if not name or name == "folders":
        below = {path.partition("/")[0] for path in inner if "/" in path}
        if not below or below == {lesson} or any("/" not in path for path in inner):
            return ""   # a student's own folder: files stand in it
        ids = below
    elif system:
        return top
    else:
        ids = {reading.student for reading in map(READERS.get(name, folders), inner) if reading}
    if not usual and (top in known) != bool(ids & known):
        return "" if top in known else top
    raise Problem(f"{harmless(top)}: one student's folder, or a folder around {harmless(', '.join(sorted(ids)[:3]))}? "
                  f"If it is around: --below {harmless(top)}; if a student's: --system folders --below . ; `course roster` "
                  "first tells as well", status=2)


def blackboard_users(heads: set[str], receipts: dict[str, str], lesson: str, known) -> dict[str, str]:
    """Who handed in, by what stands before `_attempt_`: the column's name, which all share, and the user's.

    heads : all of them; receipts : what a receipt says in its first line, "Name: Ada Lovelace (ada_l)", by head
    raises : Problem where the column's name can't be told
    """
    said = {head: found[1] for head, line in receipts.items() if (found := re.fullmatch(r"[^:]*:.*\(([^()]+)\)\s*", line))}
    columns = Counter(head.removesuffix(user) for head, user in said.items() if head.endswith(f"_{user}"))
    if not columns and lesson:
        columns = Counter(f"_{head}_"[1:(f"_{head}_".find(f"_{lesson}_") + len(lesson) + 2)] for head in heads
                          if f"_{lesson}_" in f"_{head}_")
    if not columns:
        columns = Counter({column: sum(head.removeprefix(column) in known for head in heads) for column in _columns(heads)})
        columns = +columns or Counter(_columns(heads)[-1:] if len(heads) > 1 or len(_columns(heads)) == 1 else [])
        if any(len(head.removeprefix(column)) < 2 for column in columns for head in heads):
            columns = Counter()
    if len(columns) != 1:
        raise Problem(f"{harmless(min(heads))}: where does the user's name begin? Leave Blackboard's receipts (.txt) "
                      "in the archive, or make the users known with `course roster`", status=2)
    [column] = columns
    return {head: head.removeprefix(column) for head in heads if head.startswith(column)}


def _columns(heads) -> list[str]:
    """What the column's name can be: each beginning that all heads share, up to a "_" and with something behind."""
    first, last = min(heads), max(heads)
    return [first[:found.end()] for found in re.finditer("_", first[:-1])
            if last.startswith(first[:found.end()]) and first[:found.end()] not in heads]
