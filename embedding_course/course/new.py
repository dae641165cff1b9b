"""`course new`: a course of one's own to begin with, and a further exercise in a lesson."""
import re
import shutil
from pathlib import Path

from ..places import MARK, SHIPPED
from .problem import Problem
from .project import Project

TEMPLATE = Path(__file__).parent / "template"
EXERCISE = '''
# %% [markdown]
# ## {title} (1 point)
# %% exercise="{name}"
def {name}(numbers):
    """Say what it gives, and of what."""
    ### BEGIN SOLUTION
    return sum(numbers)
    ### END SOLUTION
# %% check="{name}"
check("{name}")
'''
CHECK = '''

{name} = Exercise(
    call="function",
    points={{"values": 1}},
    shown=[Case("values", "two numbers", "Which numbers count?", numbers=[1, 2])],
    draw=lambda rng: [Case("values", numbers=[rng.randrange(9) for _ in range(size)]) for size in (0, 1, 5)])


@{name}.slip
def {name}_without_the_last(numbers):
    """The last number is missing."""
    return sum(numbers[:-1])
'''


def new_course(folder: Path) -> list[str]:
    """Makes a folder with configuration and one lesson that passes; returns lines that say how to go on.

    raises : Problem where something is there already
    """
    if folder.exists() and any(folder.iterdir()):
        raise Problem(f"{folder}: it is there and not empty; name a folder that is new", status=2)
    shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name, wanted in {"gitignore": ".gitignore", "lessons": "solutions"}.items():   # names that mean something here
        (folder / name).rename(folder / wanted)
    (folder / "notebooks").mkdir()
    shutil.copyfile(SHIPPED / MARK, folder / MARK)
    return [f"{folder}: a course with one lesson, solutions/01-films.py. To build it, and to see a class graded:",
            f"  cd {folder}", "  course build", "  course demo 01-films"]


def new_exercise(project: Project, lesson: str, name: str) -> list[str]:
    """Adds an exercise to a lesson, before its last question: a stub, its check, and cases; returns what to do next.

    raises : Problem for a name that can't be one, or is there
    """
    source, checks = project.solutions / f"{lesson}.py", project.solutions / "checks" / f"{lesson.replace('-', '_')}.py"
    text, described = source.read_text(encoding="utf-8"), checks.read_text(encoding="utf-8")
    if not name.isidentifier() or re.search(rf"\b{name}\b", text + described):
        raise Problem(f"{name}: no name for a new exercise of {lesson}; take letters, digits and _, and none that stands "
                      "there already", status=2)
    heading = list(re.finditer(r"(?m)^# %% \[markdown\]", text[:text.rfind(' written="')]))[-2:]
    at = heading[0].start() if heading else len(text)
    new = EXERCISE.format(name=name, title=name.replace("_", " ").capitalize()).lstrip()
    points = re.compile(r"(?m)^(#\s+points:\s*)(\d+)")
    text = points.sub(lambda found: f"{found[1]}{int(found[2]) + 1}", text[:at] + new + text[at:], count=1)
    source.write_text(text, encoding="utf-8")
    checks.write_text(described + CHECK.format(name=name), encoding="utf-8")
    return [f"{name}: a stub, its check and its cases are in solutions/{source.name} and solutions/checks/{checks.name}; "
            f"say what yours should do, then: `course build {lesson}`"]
