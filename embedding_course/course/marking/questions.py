"""The written questions of a lesson: what is asked, the solved lesson's answer and marking scheme, the guide's word."""
from dataclasses import dataclass

from ..guides import guide_to
from ..lesson import Lesson, read_lesson
from ..problem import Problem
from ..project import Project


@dataclass(frozen=True)
class Question:
    """One written question.

    name : its grade id; points : what it is worth
    asked, reference, guide : Markdown; a reference that is code stands in a fence
    """
    name: str
    points: float
    asked: str
    reference: str
    guide: str

    @property
    def title(self) -> str:
        """The heading that it stands under."""
        return self.asked.partition("\n")[0].lstrip("# ").strip() or self.name


def questions(project: Project, name: str) -> list[Question]:
    """A lesson's written questions, in its order.

    raises : Problem where there are none, or nothing to mark by
    """
    source = project.solutions / f"{name}.py"
    if not source.is_file():
        raise Problem(f"{name}: this project holds no solutions to mark by")
    lesson, guide = read_lesson(source), guide_to(project, name)
    found = [Question(cell.name, cell.points, _asked(lesson, position), _as_markdown(cell), guide.answers)
             for position, cell in enumerate(lesson.cells) if cell.role == "written"]
    if not found:
        raise Problem(f"{name}: it has no written question, so nothing waits for a person; `course feedback {name}`")
    return found


def _asked(lesson: Lesson, position: int) -> str:
    """The text before an answer, from its last heading on."""
    text = next((cell.source for cell in reversed(lesson.cells[:position]) if cell.kind == "markdown"), "")
    lines = text.splitlines()
    headings = [number for number, line in enumerate(lines) if line.startswith("#")]
    return "\n".join(lines[headings[-1]:] if headings else lines)


def _as_markdown(cell) -> str:
    return f"```python\n{cell.source}\n```" if cell.kind == "code" else cell.source
