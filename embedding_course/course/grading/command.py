"""The command line of `course grade`: options in, lines out, an exit status."""
import json
import sys
import time

from ...places import pasteable
from ..build import register
from ..guides import guide_to
from ..next_step import next_step
from ..plain_text import harmless
from ..problem import Problem
from ..project import Project
from .classroom import Grading, alone, collect, cores, prepare, protection, workers
from .given import known_mistakes, stale
from .gradebook import Writer
from .limits import limits_for
from .report import misconceptions, needs_a_person, table
from .sandbox import JUDGED, PROTECTED

MOST_SAID = 1000   # characters of a line that holds a stranger's words


def run(options) -> int:
    """Grades; 0 if every submission has its outcome and none needs a person, else 1."""
    sys.stdout.reconfigure(errors="replace")   # a student's text may hold what no terminal can show
    started, project = time.monotonic(), Project.find()
    name = project.lesson_name(options.lesson)
    if options.jobs is not None and options.jobs < 1 or options.timeout <= 0:
        raise Problem("--jobs and --timeout take positive numbers", status=2)
    protected = protection(not options.no_sandbox)
    with alone(project):
        register(project, name)
        collect(project, name)
        grading = Grading(project, name)
        grading.sweep()
        due = grading.due(options.student, options.regrade)
        if due:
            limits = limits_for(options.timeout)
            jobs = min(options.jobs or cores(), len(due))
            with workers(project, limits, protected, jobs, options.dask) as (executor, count):
                lesson = prepare(project, name, limits, protected, options.whole)
                grading.run(due, lesson, executor, count, progress=not options.json)
    return _say(grading, protected, due, options, time.monotonic() - started)


def _say(grading: Grading, protected, due, options, seconds) -> int:
    records = [record for record in grading.records.all() if not options.student or record["student"] in options.student]
    with Writer(grading.config, grading.name) as writer:
        names = writer.names()
        known = {record["student"] for record in records}
        absent = [] if options.student else [name for name in names if name not in known]
        for record in records:   # a person may have graded since
            if not record["refused"]:
                now = writer.standing(record["student"])
                record |= {"score": now.score, "waits": now.waits, "late": now.late}
    if options.json:
        for record in records:
            print(json.dumps(record))   # letters beyond ASCII escaped: none of them acts in a terminal
    else:
        _print(grading, protected, records, absent, due, seconds, names)
    return 1 if any(map(needs_a_person, records)) else 0


def _print(grading, protected, records, absent, due, seconds, names):
    hints = {name: exercise["slips"] for name, exercise in known_mistakes(grading.project, grading.name).items()}
    held = misconceptions(records, hints, guide_to(grading.project, grading.name).advice)
    for title, lines in (("", table(records, absent, names)), ("misconceptions, by exercise:", held),
                         ("scores that changed:", [f"  {change.line()}" for change in grading.changes])):
        if lines:
            print("\n".join(["", title] * bool(title) + [harmless(line, MOST_SAID) for line in lines]))
    students, changed = stale(records, grading.checks) if records else ([], [])
    people = [record["student"] for record in records if needs_a_person(record)]
    waiting = sum(bool(record["waits"]) for record in records)
    print(f"\n{len(due)} graded in {seconds:.0f} s, {len(records) - len(due)} as before; "
          f"{PROTECTED if protected else JUDGED}"
          + (f"\n{waiting} with a written answer to mark" if waiting else "")
          + (f"\n{len(people)} need you: {harmless(', '.join(people[:20]), MOST_SAID)}" if people else ""))
    if students:
        print(pasteable(f"{len(students)} were graded before the checks changed ({', '.join(changed)})\n"
                        f"next: `course grade {grading.name} --regrade`"))
    elif records:
        print(pasteable(f"next: `{next_step(grading.project, grading.name)}`"))
