"""The command `course`: what it understands, and which module does it."""
import argparse
import sys

from .problem import Problem
from .project import Project


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; prints problems as one line; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options) or 0
    except Problem as problem:
        print(f"course: {problem}", file=sys.stderr)
        return problem.status
    except PermissionError as error:
        print(f"course: no permission to write {error.filename}; nothing was changed there. Make the folder yours, or "
              "clone the course to a folder of your own", file=sys.stderr)
        return 1


def _parser():
    parser = argparse.ArgumentParser(prog="course", description="The Embeddings Are the Weights: work, check, grade.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name, run, text):
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        return sub

    sub = command("build", _build, "make the release from the lessons' sources")
    sub.add_argument("lessons", nargs="*", metavar="LESSON")
    sub.add_argument("--check", action="store_true", help="change nothing; fail where the release is not up to date")
    return parser


def _build(options):
    from .build import build, stale
    project = Project.find()
    names = [project.lesson_name(name) for name in options.lessons] or project.lesson_names()
    if options.check:
        old = stale(project, names)
        for name in old:
            print(f"course: {name}: the release differs from what its source gives; run `course build {name}`")
        return 1 if old else 0
    changed = build(project, names)
    print(f"{len(names)} lessons built; changed: {', '.join(changed) or 'none'}")
    return 0
