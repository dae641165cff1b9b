"""`course doctor`: what this machine has and lacks for learning, a line each, with the mend for each FAIL.

With `--grading`: what teaching and grading need besides.
"""
import importlib.metadata
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..places import SHIPPED
from .problem import Problem
from .project import Project

EXTENSIONS = ("@jupyter/nbgrader",)
LEARNING = {"torch": (2, 4), "pandas": (2, 2), "matplotlib": (3, 8), "jupyterlab": (4, 2)}
TEACHING = {"nbgrader": (0, 9, 5)}
DATA = ("routes.csv", "airports.csv", "nycflights_120k.csv.gz")


@dataclass(frozen=True)
class Finding:
    """One line: whether it is well, what was looked at, and what to do if it isn't."""
    well: bool
    text: str
    mend: str = ""

    def __str__(self):
        return f"OK    {self.text}" if self.well else f"FAIL  {self.text}: {self.mend}"


def examine(grading: bool = False) -> list[Finding]:
    """All findings, in an order that a reader can follow. grading : whether those for teachers are among them."""
    learning = [_python(), *_versions(LEARNING), *_project(), *_kernel(), _course_extension(), _disk()]
    return [*learning, *_versions(TEACHING), *_extensions(), _sandbox()] if grading else learning


def _versions(needs) -> Iterator[Finding]:
    for name, least in needs.items():
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield Finding(False, f"{name} is not installed", "run `make lab`")
            continue
        numbers = tuple(int(part) for part in version.split("+")[0].split(".")[:3] if part.isdigit())
        yield Finding(numbers >= least, f"{name} {version}", f"needs {'.'.join(map(str, least))} or newer: `make lab`")


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(sys.version_info >= (3, 11), f"Python {version}", "install Python 3.11 or newer")


def _project() -> Iterator[Finding]:
    try:
        project = Project.find()
    except Problem as problem:
        yield Finding(False, "project", str(problem))
        return
    yield Finding(True, f"project {project.root}")
    folders = [project.root / "data", SHIPPED / "data"]
    missing = [name for name in DATA if not any((folder / name).is_file() for folder in folders)]
    mend = "`git checkout -- data` brings them back" if (project.root / ".git").exists() else "install the course anew"
    yield Finding(not missing, f"data: {len(DATA) - len(missing)} of {len(DATA)} files",
                  f"{', '.join(missing)} missing; {mend}")
    lessons = [name for name in project.lesson_names() if project.released(name).is_file()]
    yield Finding(bool(lessons), f"{len(lessons)} lessons released", "run `course build`")


def _kernel() -> Iterator[Finding]:
    try:
        from jupyter_client.kernelspec import KernelSpecManager
        kernels = KernelSpecManager().find_kernel_specs()
    except ImportError:
        kernels = {}
    yield Finding("python3" in kernels, "kernel python3", "run `python -m ipykernel install --user`")


def _extensions() -> Iterator[Finding]:
    from jupyter_core.paths import jupyter_config_path, jupyter_path
    from jupyter_server.extension.config import ExtensionConfigManager
    from jupyter_server.extension.manager import ExtensionManager
    for name in EXTENSIONS:
        found = [folder for folder in jupyter_path("labextensions") if _is_extension(folder, name)]
        yield Finding(bool(found), f"JupyterLab extension {name}", "run `make lab`; it comes with nbgrader")
    manager = ExtensionManager(config_manager=ExtensionConfigManager(read_config_path=jupyter_config_path()))
    enabled = {name for name, extension in manager.extensions.items() if extension.enabled}
    for part in ("assignment_list", "formgrader", "validate_assignment"):
        name = f"nbgrader.server_extensions.{part}"
        yield Finding(name in enabled, f"server extension {part}", f"run `jupyter server extension enable {name}`")


def _course_extension() -> Finding:
    from jupyter_core.paths import jupyter_path
    found = any(_is_extension(folder, "embedding-course") for folder in jupyter_path("labextensions"))
    return Finding(found, "JupyterLab extension of the course", "run `make lab`; without it no explanation waits")


def _is_extension(folder, name) -> bool:
    package = Path(folder, *name.split("/"), "package.json")
    return package.is_file() and json.loads(package.read_text(encoding="utf-8"))["name"] == name


def _disk() -> Finding:
    free = shutil.disk_usage(".").free / 2**30
    return Finding(free >= 1, f"{free:.0f} GiB of disk free", "make room: a class needs at least 1 GiB")


def _sandbox() -> Finding:
    """How grading is protected here: a real start of a sandbox is tried."""
    if sys.platform == "win32":   # its Python lacks the modules that a sandbox is made with
        return Finding(True, "grading: not on Windows")
    from .grading.sandbox import JUDGED, PROTECTED, available
    why = available()
    text = f"grading: {JUDGED if why else PROTECTED}" + (f" ({why})" if why else "")
    return Finding(True, text)
