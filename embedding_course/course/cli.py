"""The command `course`: what it understands, and which module does it."""
import argparse
import os
import sys
import textwrap
import traceback
from pathlib import Path

from .. import __version__
from ..places import pasteable, project_root
from .grading.options import add_options as add_grading
from .problem import Problem
from .project import Project

ENDED_BY_PIPE = 141   # a shell's number for a program that SIGPIPE has ended
FOR_WHOM = {   # `course --help` lists the commands by who needs them, and in this order
    "to learn": ("lab", "progress", "check", "solution", "update", "reset", "doctor"),
    "to lead a class or a workshop": ("teach", "room", "slides", "concepts", "demo"),
    "to grade": ("roster", "unpack", "grade", "extend", "mark", "feedback", "scores"),
    "to write lessons": ("new", "try", "build", "site"),
}


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; prints problems as one line; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):   # a file on Windows may have no ✓
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    try:
        status = options.run(options) or 0
        sys.stdout.flush()
        return status
    except BrokenPipeError:   # `course grade … | head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())   # or Python complains at its end
        return ENDED_BY_PIPE
    except Problem as problem:
        print(f"course: {pasteable(str(problem))}", file=sys.stderr)
        return problem.status
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("embedding_course"):
            raise
        if where := _in_a_lesson(error):
            print(f"course: {where}: no module {error.name}; put it into solutions/data/LESSON/, to be released with "
                  f"the lesson, or: `pip install {error.name}`", file=sys.stderr)
            return 1
        print(f"course: {error.name} is not installed; `make install` (or pip install -e '.[grade]') installs what "
              "teaching and grading need", file=sys.stderr)
        return 2
    except PermissionError as error:
        print(f"course: no permission to write {error.filename}; nothing was changed there. Make the folder yours, or "
              "clone the course to a folder of your own", file=sys.stderr)
        return 1


def _in_a_lesson(error: ImportError) -> str:
    """The lesson's or checks' file that asked for a module, with the line; "" where the course's own code did."""
    root = project_root()
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith("<")]
    inside = root and Path(frames[-1].filename).is_relative_to(root / "solutions")
    return f"{os.path.relpath(frames[-1].filename, root)}:{frames[-1].lineno}" if inside else ""


def _parser():
    parser = argparse.ArgumentParser(prog="course", description="The Embeddings Are the Weights: work, check, grade.",
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", action="version", version=f"course {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", help="one of those below; COMMAND --help says more")
    texts = {}

    def command(name, run, text):
        texts[name] = text
        sub = commands.add_parser(name, description=text)   # no help: argparse would list them all in one row
        sub.set_defaults(run=run)
        return sub

    for name, run, text in (("lab", _lab, "copy the lessons into work/ and start JupyterLab"),
                            ("teach", _teach, "start JupyterLab with Formgrader, for a class")):
        sub = command(name, run, text)
        sub.add_argument("--port", type=int, help="8888, or the next that is free, unless given")
        sub.add_argument("--no-browser", action="store_true", help="print the address instead of opening it")
    sub = command("progress", _progress, "show which exercises of which lessons are done, and what is next")
    sub.add_argument("--export", type=Path, metavar="FILE", help="write your marks and guesses to a file, to take along")
    sub.add_argument("--import", type=Path, metavar="FILE", dest="bring", help="add those of such a file to yours")
    sub = command("update", _update, "lay your answers on a lesson's newest release, and mend a copy in disorder")
    sub.add_argument("lesson", metavar="LESSON")
    sub = command("reset", _reset, "put a fresh copy of a lesson in the place of yours, which is kept")
    sub.add_argument("lesson", metavar="LESSON")
    sub.add_argument("--yes", action="store_true", help="don't ask")
    sub = command("solution", _solution, "put the solved lesson beside yours")
    sub.add_argument("lesson", metavar="LESSON")
    sub = command("check", _check, "check your notebook on the shown cases and on fresh ones")
    sub.add_argument("lesson", metavar="LESSON")
    sub.add_argument("--seed", type=int, help="of the fresh cases; a new one each time unless given")
    sub = command("doctor", _doctor, "look whether this machine has what learning needs")
    sub.add_argument("--grading", action="store_true", help="and what teaching and grading need")
    sub = command("demo", _demo, "play a class of submissions through release, submit, grade and feedback")
    sub.add_argument("lesson", metavar="LESSON")
    add_grading(command("grade", _grade, "collect and grade a class's submissions of a lesson, in a sandbox"))
    sub = command("mark", _mark, "mark written answers: all to one question under each other, by keyboard, in your browser")
    sub.add_argument("lesson", metavar="LESSON")
    sub.add_argument("--anonymous", action="store_true", help="never say who wrote what, in an order that tells nothing")
    sub.add_argument("--port", type=int, help="any that is free unless given")
    sub.add_argument("--no-browser", action="store_true", help="print the address instead of opening it")
    sub = command("feedback", _feedback, "make pages of feedback, and pack them as Moodle, Canvas and people take them")
    sub.add_argument("lesson", metavar="LESSON")
    sub = command("extend", _extend, "give one student more time; the next grading counts from then")
    sub.add_argument("lesson", metavar="LESSON")
    sub.add_argument("student", metavar="STUDENT")
    sub.add_argument("--days", type=float, required=True, help="after the lesson's due date; 0 takes them back")
    sub = command("roster", _roster, "make the students of a table known to the gradebook")
    sub.add_argument("table", metavar="TABLE.csv")
    sub.add_argument("--ids", default="", metavar="COLUMN", help="the column that names students")
    sub = command("unpack", _unpack, "take in submissions from a learning management system's archives")
    sub.add_argument("lesson", metavar="LESSON")
    sub.add_argument("archives", nargs="+", metavar="FILE.zip")
    sub.add_argument("--system", choices=("moodle", "canvas", "canvas-anonymous", "blackboard", "sakai", "folders"),
                     help="who packed it, where names alone don't tell; folders: one for each student")
    sub.add_argument("--below", default="", metavar="FOLDER",
                     help="the folder around everything in the archive; . says that there is none")
    sub = command("scores", _scores, "fill a learning management system's table with a lesson's scores")
    sub.add_argument("lesson", metavar="LESSON")
    sub.add_argument("table", metavar="TABLE.csv")
    sub.add_argument("--ids", default="", metavar="COLUMN", help="the column that names students")
    sub.add_argument("--points", default="", metavar="COLUMN", help="the column that takes the points")
    sub.add_argument("--out", metavar="FILE", help="where the filled table goes; TABLE-LESSON.csv unless given")
    sub.add_argument("--as-graded", action="store_true", help="scores by checks that have changed since too")
    sub = command("try", _try, "judge answers of one exercise, each a cell in a file")
    sub.add_argument("exercise", metavar="EXERCISE")
    sub.add_argument("files", nargs="+", metavar="FILE.py")
    sub.add_argument("--seed", type=int, default=0, help="of the fresh cases")
    sub.add_argument("--shown", action="store_true", help="the shown cases only, as the check cell does")
    sub.add_argument("--json", action="store_true", help="a line of JSON for each file")
    sub = command("new", _new, "begin a course of your own, or an exercise in one of its lessons")
    sub.add_argument("what", nargs="+", metavar="FOLDER | exercise LESSON NAME")
    sub = command("build", _build, "make the release from the lessons' sources")
    sub.add_argument("lessons", nargs="*", metavar="LESSON")
    sub.add_argument("--check", action="store_true", help="change nothing; fail where the release is not up to date")
    sub = command("slides", _slides, "make a lesson's deck of slides, which works without a network")
    sub.add_argument("lesson", metavar="LESSON")
    sub.add_argument("--out", type=Path, metavar="FOLDER", help="where it goes (build/slides)")
    sub.add_argument("--executed", type=Path, metavar="NOTEBOOK", help="the solved lesson with its outputs, to save time")
    sub = command("room", _room, "open a board for a class in one room: who has passed what, misconceptions, polls")
    sub.add_argument("lesson", metavar="LESSON")
    sub.add_argument("--port", type=int, help="8899, or the next that is free, unless given")
    sub.add_argument("--address", help="this machine's, as learners reach it; found unless given")
    sub.add_argument("--code", metavar="WORD-WORD", help="the room's two words; drawn by lot unless given")
    sub.add_argument("--per-address", type=int, default=60, metavar="N",
                     help="learners that one address may bring: 60 let a class behind one router or hub in; 3 where each "
                          "laptop has an address of its own")
    sub = command("concepts", _concepts, "show what a class thought before and after, from handed-in concept tests")
    sub.add_argument("folder", type=Path, metavar="FOLDER", help="a folder for each person, with their answers.json")
    sub.add_argument("--take", type=int, choices=(2, 3), help="2 after lesson 5, 3 after lesson 8; the last unless given")
    sub.add_argument("--page", type=Path, metavar="FILE", help="where the picture goes (build/concepts.html)")
    sub = command("site", _site, "make a static site of all lessons, executed, with their exercises unsolved")
    sub.add_argument("--into", "--publish", type=Path, metavar="FOLDER",
                     help="where it goes, as a host takes it; the project's site/ unless given")
    sub.add_argument("--executed", type=Path, metavar="FOLDER", help="keep lessons that were run here, and take them")
    parser.epilog = _by_whom(texts)
    return parser


def _by_whom(texts: dict[str, str]) -> str:
    """The commands with their texts, under who needs them."""
    lines = []
    for title, names in FOR_WHOM.items():
        lines.append(f"{title}:")
        lines += [textwrap.fill(texts[name], 80, initial_indent=f"  {name:<10}", subsequent_indent=" " * 12)
                  for name in names]
        lines.append("")
    return "\n".join(lines)


# Imports stand in the commands: `course lab` starts at once, and a learner's installation need not have jupytext.

def _lab(options):
    from .lab import lab
    return lab(Project.find(), options.port, not options.no_browser)


def _teach(options):
    from .lab import teach
    return teach(Project.find(), options.port, not options.no_browser)


def _progress(options):
    from . import carry
    from .show_progress import overview
    project = Project.find()
    if options.export:
        print(carry.export(project, options.export))
    if options.bring:
        print(carry.bring(project, options.bring))
    print("\n".join(overview(project)))


def _update(options):
    from .exchange import learners_project
    from .work import update
    project = learners_project()
    print(pasteable("\n".join(update(project, project.lesson_name(options.lesson)))))


def _reset(options):
    from .exchange import learners_project
    from .work import reset
    project = learners_project()
    name = project.lesson_name(options.lesson)
    if not options.yes and not _agreed(f"{name}: a fresh copy instead of yours, which is kept beside it? [y/N] "):
        print(f"{name}: nothing was changed")
        return
    print(reset(project, name))


def _agreed(question):
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:   # nobody is there to answer
        return False


def _solution(options):
    from .work import add_solution
    project = Project.find()
    path = add_solution(project, project.lesson_name(options.lesson))
    print(f"the solved lesson is {path.relative_to(project.root)}; your own notebook is as it was")


def _check(options):
    from .check_work import check_work
    project = Project.find()
    report, right = check_work(project, project.lesson_name(options.lesson), options.seed)
    print("\n".join(report))
    return 0 if right else 1


def _doctor(options):
    from .doctor import examine
    findings = examine(options.grading)
    print(pasteable("\n".join(map(str, findings))))
    return 0 if all(finding.well for finding in findings) else 1


def _demo(options):
    from .demo import demo
    project = Project.find()
    return demo(project, project.lesson_name(options.lesson))


def _grade(options):
    from .grading.command import run
    return run(options)


def _mark(options):
    from .marking.command import mark
    project = Project.find()
    return mark(project, project.lesson_name(options.lesson), options.port, not options.no_browser, options.anonymous)


def _feedback(options):
    from .lms.feedback import feedback
    project = Project.find()
    return feedback(project, project.lesson_name(options.lesson))


def _extend(options):
    from .grading.gradebook import extend
    project = Project.find()
    name = project.lesson_name(options.lesson)
    print(f"{name}: due for {options.student} on {extend(project, name, options.student, options.days):%Y-%m-%d %H:%M} UTC")


def _roster(options):
    from .lms.command import roster
    return roster(options)


def _unpack(options):
    from .lms.command import unpack
    return unpack(options)


def _scores(options):
    from .lms.command import scores
    return scores(options)


def _try(options):
    import json

    from .reading import read_text
    from .try_answers import Tryout, as_json
    sources = [read_text(Path(file)) for file in options.files]
    tryout = Tryout(Project.find(), options.exercise, options.seed, options.shown)
    results = tryout.judge_many(sources)
    for file, tried in zip(options.files, results, strict=True):
        print(json.dumps(as_json(file, tried), ensure_ascii=False) if options.json else f"{file}\n{tried.message}")
    return 0 if all(tried.right for tried in results) else 1


def _new(options):
    from .new import new_course, new_exercise
    kind, *names = options.what
    if kind == "exercise" and len(names) == 2:
        project = Project.find()
        lines = new_exercise(project, project.lesson_name(names[0]), names[1])
    elif not names:
        lines = new_course(Path(kind).expanduser())
    else:
        raise Problem("say `course new FOLDER` or `course new exercise LESSON NAME`", status=2)
    print("\n".join(lines))


def _build(options):
    from .build import build, stale
    from .concept_test import stale_test
    from .questions import stale_page
    project = Project.find()
    names = [project.lesson_name(name) for name in options.lessons] or project.lesson_names()
    if options.check:
        old = [f"{name}: the release differs from what its source gives; run `course build {name}`"
               for name in stale(project, names)] + stale_page(project) + stale_test(project)
        for fault in old:
            print(f"course: {fault}")
        return 1 if old else 0
    changed = build(project, names)
    print(f"{len(names)} lessons built; changed: {', '.join(changed) or 'none'}")
    return 0


def _site(options):
    from .site.build import build_site
    project = Project.find()
    target = options.into or project.root / "site"
    for missing in build_site(project, target, options.executed):
        print(f"course: {missing}")
    print(f"the site is {target}; to read it: {sys.executable} -m http.server --directory {target}")


def _slides(options):
    from .slides.deck import slides
    project = Project.find()
    path = slides(project, project.lesson_name(options.lesson), options.out or project.root / "build" / "slides",
                  options.executed)
    print(f"the deck is {path}; open it in a browser, S opens the speaker's view")


def _concepts(options):
    from .concept_class import concepts
    page = options.page or Project.find().root / "build" / "concepts.html"
    print("\n".join(concepts(options.folder, options.take, page)))


def _room(options):
    from .room.command import room
    project = Project.find()
    return room(project, project.lesson_name(options.lesson), options.port, options.address, options.code,
                options.per_address)
