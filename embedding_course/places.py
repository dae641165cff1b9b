"""Where the course's files are: the project is the nearest folder upwards with a `grader_config.py`.

And how its command is called there, for messages that can be pasted.
"""
import os
import sys
from pathlib import Path

MARK = "grader_config.py"
KEPT = ".progress"   # in `work/`: what is kept of a learner's way
PACKAGE = Path(__file__).resolve().parent
# What comes with the package, data and checks: in the wheel within it, in a checkout beside it.
SHIPPED = PACKAGE / "shipped" if (PACKAGE / "shipped").is_dir() else PACKAGE.parent


def project_root(start: Path | None = None) -> Path | None:
    """The project's folder, looking upwards from a folder (default: the working directory); None without one."""
    start = (start or Path.cwd()).resolve()
    return next((folder for folder in (start, *start.parents) if (folder / MARK).is_file()), None)


def learners_folder() -> tuple[Path, Path] | None:
    """The project and the lesson's folder, where a learner works in a project's `work/LESSON/`; else None."""
    root, here = project_root(), Path.cwd().resolve()
    return (root, here) if root and here.parent == (root / "work").resolve() else None


def command(folder: Path | None = None) -> str:
    """How `course` is called in a terminal, ready to paste: with its path where it is installed inside the project.

    folder : where the terminal is (default: the working directory)
    """
    folder = (folder or Path.cwd()).resolve()
    root, home = project_root(folder), Path(sys.prefix).resolve()
    if root is None or not home.is_relative_to(root):
        return "course"   # conda, or an environment that somebody keeps elsewhere and has activated
    return os.path.relpath(home / ("Scripts" if sys.platform == "win32" else "bin") / "course", folder)


def pasteable(text: str) -> str:
    """A message whose commands, `course …` between backticks, work as they stand."""
    return text.replace("`course ", f"`{command()} ")


def write(path: Path, text: str) -> None:
    """The whole file or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)
