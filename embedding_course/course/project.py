"""A project's folders, and the lessons in them."""
import difflib
import secrets
from dataclasses import dataclass
from pathlib import Path

from ..places import MARK, project_root
from .problem import Problem


@dataclass(frozen=True)
class Project:
    """A course's folders. Ours and a private one of your own have the same shape."""
    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> "Project":
        """The project around a folder (default: the working directory).

        raises : Problem if there is none
        """
        root = project_root(start)
        if root:
            return cls(root)
        raise Problem(f"no project here: neither {start or Path.cwd()} nor a folder above it holds a {MARK}; go into "
                      "the course's folder first", status=2)

    @property
    def solutions(self) -> Path:
        return self.root / "solutions"

    @property
    def release(self) -> Path:
        return self.root / "notebooks"

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def classroom(self) -> Path:
        return self.root / "classroom"

    def lesson_names(self) -> list[str]:
        """All lessons, in order: `solutions/NN-name.py`; without solutions (a learner's copy), the released ones."""
        sources = sorted(path.stem for path in self.solutions.glob("[0-9][0-9]-*.py"))
        return sources or sorted(path.name for path in self.release.glob("[0-9][0-9]-*"))

    def lesson_name(self, given: str) -> str:
        """The lesson meant by a name.

        raises : Problem, with the nearest name, if there is no such lesson
        """
        given = Path(given).stem if given.endswith((".py", ".ipynb")) else given.rstrip("/")
        names = self.lesson_names()
        if given in names:
            return given
        if (self.solutions / f"{given}.py").is_file():
            raise Problem(f"{given}.py: a lesson's file is called like 01-one-hot.py, two digits, a hyphen and a name of "
                          "letters, digits, - and _", status=2)
        if (self.classroom / "source" / given).is_dir():
            raise asserts_only(given)
        near = difflib.get_close_matches(given, names, 1, cutoff=0.3)
        hint = f"the nearest name is {near[0]}" if near else f"the lessons are {', '.join(names) or 'none yet'}"
        raise Problem(f"no lesson {given}; {hint}", status=2)

    def released(self, name: str) -> Path:
        """A lesson's released notebook."""
        return self.release / name / f"{name}.ipynb"

    def beside(self, name: str) -> dict[str, Path]:
        """What is released beside a lesson's notebook: `checks.json` and its data, by name, slashes between folders."""
        return {file.as_posix(): self.release / name / file for file in files_in(self.release / name)
                if file.suffix != ".ipynb"}

    def copy(self, name: str) -> Path:
        """A learner's own copy of a lesson."""
        return self.work / name / f"{name}.ipynb"

    def seed(self) -> int:
        """The class's seed: made once, so that every student and every regrade gets the same fresh cases."""
        path = self.classroom / "seed"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{secrets.randbits(128)}\n")   # long: who knows fresh cases could try all short ones
        return int(path.read_text())


def files_in(folder: Path) -> list[Path]:
    """All files in a folder, relative to it; what editors and Python leave there is none."""
    found = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path for path in found if not any(part.startswith((".", "__pycache__")) for part in path.parts)]


def asserts_only(name: str) -> Problem:
    """What there is to say of an nbgrader assignment that is no lesson, and how to go on."""
    return Problem(f"{name}: an nbgrader assignment, no lesson of this course. Its asserts run in the student's process, "
                   "which can change them, and without a sandbox: "
                   f"`nbgrader autograde {name} --JudgeOutside.asserts=True`", status=2)
