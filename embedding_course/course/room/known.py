"""What a board knows of a lesson before anybody joins: exercises, known slips, guesses, the guide's advice."""
import ast
import json
import re
from dataclasses import dataclass

from ..problem import Problem
from ..project import Project

WRONG = re.compile(r"^## What goes wrong\n(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
ABOUT = re.compile(r"(?:^|(?<=\. ))`(\w+)`(?: \(at home\))?: ")


@dataclass(frozen=True)
class Known:
    """A lesson, as the board checks what arrives against it.

    exercises : {name: {slip: hint}}, in order
    guesses : {guess cell: its entries}, in order; a guess of a single value has one entry, the cell's name
    advice : {exercise: what the teacher's guide says goes wrong}; exercises without a line are left out
    """
    lesson: str
    title: str
    exercises: dict[str, dict[str, str]]
    guesses: dict[str, tuple[str, ...]]
    advice: dict[str, str]


def known(project: Project, lesson: str) -> Known:
    """Reads a released lesson.

    raises : Problem if it isn't built
    """
    notebook, checks = project.released(lesson), project.release / lesson / "checks.json"
    if not notebook.is_file() or not checks.is_file():
        raise Problem(f"{lesson}: not in notebooks/ yet; run `course build {lesson}`")
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    exercises = json.loads(checks.read_text(encoding="utf-8"))["exercises"]
    guide = project.solutions / "guides" / f"{lesson}.md"
    advice = advice_in(guide.read_text(encoding="utf-8")) if guide.is_file() else {}
    named = [(cell["metadata"].get("embedding_course", {}).get("guess"), "".join(cell["source"])) for cell in cells]
    return Known(lesson, "".join(cells[0]["source"]).splitlines()[0].lstrip("# ").replace("`", ""),
                 {name: dict(exercise["slips"]) for name, exercise in exercises.items()},
                 {name: entries(name, source) for name, source in named if name},
                 {name: text for name, text in advice.items() if name in exercises})


def entries(name: str, source: str) -> tuple[str, ...]:
    """What a guess cell asks for: the keys of its dict, or its own name where it asks for one value."""
    values = [node.value for node in ast.parse(source).body if isinstance(node, ast.Assign)]
    if values and isinstance(values[-1], ast.Dict):
        return tuple(str(ast.literal_eval(key)) for key in values[-1].keys)
    return (name,)


def advice_in(guide: str) -> dict[str, str]:
    """By exercise, what a guide's "What goes wrong" says of it; a line may speak of several."""
    section = WRONG.search(guide)
    found = {}
    for line in re.split(r"^- ", section[1] if section else "", flags=re.MULTILINE):
        text = " ".join(line.split())
        _, *parts = ABOUT.split(text)
        found |= dict(zip(parts[::2], (part.strip().replace("`", "") for part in parts[1::2]), strict=True))
    return found
