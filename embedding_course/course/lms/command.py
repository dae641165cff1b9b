"""`course roster`, `course unpack` and `course scores`: what they read, write and say."""
import errno
import filecmp
import itertools
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from ...places import pasteable
from ..grading.given import refuse_mixed
from ..grading.states import AGAIN, NOT_GRADED, NOTHING, REFUSED, called, states
from ..grading.times import zone_of
from ..nbgrader_api import class_gradebook, configuration
from ..problem import Problem
from ..project import Project
from .archives import OUT, attempts, extract, open_archive
from .feedback import named
from .names import as_id
from .origins import remember
from .roster import members
from .scores import column_of_ids, empty_records, fill, warnings
from .tables import read_table

MOST_WORDS = 100   # lines about one archive
EMPTY = {   # why a score is left out of a table
    NOTHING: "left empty, nothing handed in",
    NOT_GRADED: "left empty, handed in but not graded, `course grade {lesson}`",
    AGAIN: "left empty, handed in again since it was graded, `course grade {lesson}`",
    REFUSED: "left empty, the submission was refused",
    "waits": "left empty, a written answer waits, `course mark {lesson}`",
    "unknown": "left empty, nobody of this class (`course roster TABLE.csv` makes them known)"}


def roster(options) -> int:
    """Makes everybody in a table known to the gradebook."""
    project, table = Project.find(), read_table(Path(options.table))
    with class_gradebook(project) as gradebook:
        before = {student.id for student in gradebook.students}
        everybody = members(table, options.ids, before | _handed_in(project))
        for member in everybody:
            gradebook.update_or_create_student(member.id, **member.details)
    print(f"{len(everybody)} students, {len({m.id for m in everybody} - before)} of them new")
    return 0


def unpack(options) -> int:
    """Lays the last attempt of each student where `course grade` looks; what was there is kept aside."""
    project = Project.find()
    name, kept, taken, missing = project.lesson_name(options.lesson), 0, 0, False
    roster, due = _class(project, name)
    for path in map(Path, options.archives):
        with open_archive(path) as archive:
            found, words = attempts(archive, name, roster | _handed_in(project), options.system or "", options.below)
            laid = []
            for attempt in found:
                try:
                    new = _lay(project, name, archive, attempt, due)
                    laid.append(attempt)
                    taken, kept = taken + new, kept + (not new)
                except (Problem, OSError) as problem:
                    if isinstance(problem, OSError) and problem.errno == errno.ENOSPC:
                        raise Problem(f"no space left for {attempt.student}'s files; what was there is there") from problem
                    words.append(f"{attempt.student}: {_why(problem)}{OUT}")
            remember(project, name, laid)
        strangers = sorted({attempt.student for attempt in found} - roster) if roster else []
        if strangers:
            words.append(f"{', '.join(strangers[:5])}{' …' * (len(strangers) > 5)}: not in the gradebook so far; if it "
                         "knows them by other ids, give `course roster` a table of the system that packed this")
        for word in words[:MOST_WORDS]:
            print(f"course: {word}")
        if len(words) > MOST_WORDS:
            print(f"course: {path}: {len(words) - MOST_WORDS} more words like these")
        missing |= any(word.endswith(OUT) for word in words)
    print(pasteable(f"{taken} submissions taken in, {kept} as before\nnext: `course grade {name}`"))
    return 1 if missing else 0


def _class(project, lesson) -> tuple[frozenset[str], datetime | None]:
    """The ids in the gradebook, if there is one, and when the lesson is due."""
    url = configuration(project).CourseDirectory.db_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return frozenset(), None
    with class_gradebook(project) as gradebook:
        due = next((one.duedate for one in gradebook.assignments if one.name == lesson), None)
        return frozenset(student.id for student in gradebook.students), due


def _handed_in(project) -> frozenset[str]:
    """Who has a folder of submissions."""
    submitted = project.classroom / "submitted"
    return frozenset(path.name for path in submitted.iterdir()) if submitted.is_dir() else frozenset()


def _stamp(project, attempt, due) -> str:
    """The text of a `timestamp.txt`: when it was handed in, as the system says; "" where it doesn't say.

    Of one that is late the system may say no more: it came at least a minute after the lesson was due (due, in UTC).
    """
    if attempt.late and due:
        return f"{due + timedelta(minutes=1):%Y-%m-%d %H:%M:%S} UTC"
    return f"{attempt.moment:%Y-%m-%d %H:%M:%S} {zone_of(configuration(project))}" if attempt.moment else ""


def _why(problem) -> str:
    return str(problem) if isinstance(problem, Problem) else f"its files can't be written ({problem.strerror})"


def _lay(project, name, archive, attempt, due) -> bool:
    """Puts one attempt into `classroom/submitted`; whether it is new. An earlier one moves to `classroom/superseded`."""
    place = project.classroom / "submitted" / attempt.student / name
    aside = project.classroom / "superseded" / attempt.student
    for path in (place.parent, place, aside):
        if path.is_symlink():
            raise Problem(f"classroom/{path.relative_to(project.classroom)} is a link; nothing is written through it")
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".unpack-", dir=project.classroom) as folder:
        new = Path(folder) / "new"
        new.mkdir()
        extract(archive, attempt, new)
        if stamp := _stamp(project, attempt, due):
            (new / "timestamp.txt").write_text(stamp)
        if place.exists():
            if _same(new, place):
                return False
            aside.mkdir(parents=True, exist_ok=True)
            number = next(number for number in itertools.count(1) if not (aside / f"{name}-{number}").exists())
            place.rename(aside / f"{name}-{number}")
        shutil.move(new, place)
    return True


def _same(a: Path, b: Path) -> bool:
    names = [{path.relative_to(folder) for path in folder.rglob("*") if path.is_symlink() or path.is_file()}
             for folder in (a, b)]
    return names[0] == names[1] and not any((b / name).is_symlink() for name in names[1]) and all(
        filecmp.cmp(a / name, b / name, shallow=False) for name in names[0])


def scores(options) -> int:
    """Fills a table with a lesson's scores; the table that was given stays as it is."""
    project, path = Project.find(), Path(options.table)
    name, table = project.lesson_name(options.lesson), read_table(path)
    if not options.as_graded:
        refuse_mixed(project, name, f"course scores {name} {path} --as-graded")
    everybody = {state.student: state for state in states(project, name)}
    known = {student: state.score for student, state in everybody.items() if state.graded and not state.waits}
    if not any(state.graded or state.refused for state in everybody.values()):
        raise Problem(f"{name}: nobody has been graded; `course grade {name}` comes first")
    absent = fill(table, name, known, options.ids, options.points, everybody.keys())
    out = Path(options.out) if options.out else path.with_name(f"{path.stem}-{name}{path.suffix}")
    if out.exists() and out.samefile(path):
        raise Problem(f"{out}: this is the table that was given; name another file with --out", status=2)
    table.write(out)
    records = empty_records(table, column_of_ids(table, everybody, options.ids), known)
    print(f"{out}: {len(known) - len(absent)} scores, {len(records)} left empty")
    empty = _left_empty(name, records, everybody)
    words = [f"{why}: {named(people)}" for why, people in empty.items()]
    words += [f"has a score, but no record here: {named(absent)}"] if absent else []
    for word in [*warnings(table, name, options.points), *words]:
        print(f"course: {pasteable(word)}")
    return 1 if absent or empty.keys() - {EMPTY[NOTHING], EMPTY["unknown"]} else 0


def _left_empty(lesson, records: list[str], everybody) -> dict[str, list[str]]:
    """Who gets no score, by the reason: those in the table, and those with work of whom the table knows nothing."""
    found = {}
    beside = [student for student, state in everybody.items() if state.without not in ("", NOTHING) or state.waits]
    for one in dict.fromkeys([*records, *beside]):
        state = everybody.get(as_id(one))
        why = EMPTY["waits" if state.graded else state.without] if state else EMPTY["unknown"]
        found.setdefault(why.format(lesson=lesson), []).append(called(state.student, state.name) if state else one)
    return found
