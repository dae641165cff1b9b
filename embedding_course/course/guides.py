"""What the guide to a lesson, `solutions/guides/LESSON.md`, says of an exercise and of written answers."""
import re
from dataclasses import dataclass

from .project import Project

WRONG, ANSWERS = "What goes wrong", "Common answers, and what they reveal"
NAMED = r"`\w+`(?:(?:, | and )`\w+`)*(?: \(at home\))?: "   # whom what follows is about
ABOUT = re.compile(f"(?P<names>{NAMED})(?P<advice>.+)")


@dataclass(frozen=True)
class Guide:
    """A lesson's guide, as far as grading needs it.

    advice : by exercise, what goes wrong there; answers : Markdown on common answers and what they reveal, "" without
    """
    advice: dict[str, str]
    answers: str


def guide_to(project: Project, lesson: str) -> Guide:
    """The guide to a lesson; an empty one where nobody has written any."""
    path = project.solutions / "guides" / f"{lesson}.md"
    sections = _sections(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return Guide(_advice(sections.get(WRONG, "")), sections.get(ANSWERS, ""))


def _sections(text: str) -> dict[str, str]:
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return {title.strip(): body.strip() for title, body in zip(parts[1::2], parts[2::2], strict=True)}


def _advice(section: str) -> dict[str, str]:
    """By exercise, what follows its name in the entries of a list; an entry may speak of several, one after the other."""
    found = {}
    for entry in re.split(r"^- ", section, flags=re.MULTILINE)[1:]:
        for part in re.split(rf"(?<=[.;] )(?={NAMED})", " ".join(entry.split())):
            if about := ABOUT.match(part):
                for name in re.findall(r"`(\w+)`", about["names"]):
                    found[name] = f"{found.get(name, '')} {about['advice']}".strip()
    return found
