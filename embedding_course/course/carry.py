"""`course progress --export` and `--import`: a learner's marks, guesses and test answers, taken to another machine."""
import json
from pathlib import Path

from .. import concepts
from ..places import KEPT, write
from ..progress import GUESS, standings, write_start_page
from .problem import Problem
from .project import Project

KIND = "embedding-course progress"


def export(project: Project, file: Path) -> str:
    """Writes all that is kept to one file; returns a line that says so."""
    kept = {lesson: {path.stem: _read(path) for path in sorted((project.work / KEPT / lesson).glob("*.json"))}
            for lesson in project.lesson_names()}
    answers = project.work / concepts.FOLDER / concepts.KEPT
    data = {"kind": KIND, "lessons": kept, "answers": _read(answers) if answers.is_file() else {}}
    write(file, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    return f"{_count(kept)} are in {file}; on the other machine: `course progress --import {file.name}`"


def bring(project: Project, file: Path) -> str:
    """Adds what such a file holds and is of this course's lessons; what is here already stays. Returns a line about it.

    raises : Problem for a file that is none of ours
    """
    data = _read(file)
    if not isinstance(data, dict) or data.get("kind") != KIND:
        raise Problem(f"{file} is no file of `course progress --export`")
    new = {}
    for entry in standings(project.root):
        lesson = Path(entry.path).parent.name
        there = _dict(_dict(data.get("lessons")).get(lesson)) if entry.number else {}
        for name in [*entry.todo, *(f"{GUESS}{guess}" for guess in entry.guess_names)]:
            place = project.work / KEPT / lesson / f"{name}.json"
            if _dict(there.get(name)) and not place.is_file():
                new.setdefault(lesson, {})[name] = there[name]
                write(place, json.dumps(there[name], ensure_ascii=False) + "\n")
    answers = project.work / concepts.FOLDER / concepts.KEPT
    if _dict(data.get("answers")) and not answers.is_file():
        write(answers, json.dumps(data["answers"], indent=1) + "\n")
    write_start_page(project.root)
    return f"{_count(new)} from {file} are here now"


def _count(lessons) -> str:
    names = [name for lesson in lessons.values() for name in lesson]
    guesses = sum(name.startswith(GUESS) for name in names)
    return f"{len(names) - guesses} passed checks and {guesses} guesses"


def _dict(value):
    return value if isinstance(value, dict) else {}


def _read(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Problem(f"{path}: can't be read ({error})") from error
