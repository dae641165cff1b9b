"""Lessons that nbgrader brought: whoever fetches them has copies, and their releases in the class's exchange."""
from dataclasses import dataclass
from pathlib import Path

from .problem import Problem
from .project import Project


@dataclass(frozen=True)
class Fetched(Project):
    """A learner's folder whose lessons came through an exchange: `root` is where they lie, `outbound` their releases."""
    outbound: Path = Path()

    @property
    def release(self) -> Path:
        return self.outbound

    @property
    def work(self) -> Path:
        return self.root


def learners_project() -> Project:
    """The project around the working directory; or its exchange where that lies elsewhere, in common with a class.

    A JupyterHub's learner may have no project at all, and nbgrader's configuration from the hub.
    raises : Problem where there is neither
    """
    try:
        project, missing = Project.find(), None
    except Problem as problem:
        project, missing = None, problem
    fetched = _fetched(project)
    if fetched is None and project is None:
        raise missing
    return fetched or project


def _fetched(project) -> Fetched | None:
    try:
        from nbgrader.apps import NbGrader
    except ModuleNotFoundError:   # a learner's installation need not have it
        return None
    app = NbGrader(log_level="ERROR")
    app.load_config_file()
    course, exchange = app.config.CourseDirectory.get("course_id"), app.config.Exchange
    outbounds = sorted(Path(exchange.get("root", "/usr/local/share/nbgrader/exchange")).glob(f"{course or '*'}/outbound"))
    if len(outbounds) != 1 or (project and outbounds[0].resolve().is_relative_to(project.root)
                               and any(project.release.glob("[0-9][0-9]-*"))):
        return None
    work = Path(exchange.get("assignment_dir", "."))
    return Fetched(work / course if exchange.get("path_includes_course") else work, outbounds[0])
