"""nbgrader's steps from Python, under the project's own configuration."""
import io
import logging
import os
from contextlib import contextmanager

from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from .problem import Problem
from .project import MARK, Project


def configuration(project: Project, **coursedir) -> Config:
    """The project's configuration with other folders where asked: `release_directory=…` and their like."""
    config = PyFileConfigLoader(MARK, path=str(project.root)).load_config()
    for name, value in coursedir.items():
        setattr(config.CourseDirectory, name, value)
    return config


@contextmanager
def api(project: Project, config: Config | None = None, **coursedir):
    """An NbGraderAPI in the project's folder, under the project's configuration or another."""
    before = os.getcwd()
    os.chdir(project.root)
    try:
        yield NbGraderAPI(config=config or configuration(project, **coursedir))
    finally:
        os.chdir(before)


def run_converter(project: Project, step: str, *arguments, **coursedir) -> str:
    """One step ("generate_assignment", "release_assignment", "collect", "autograde" …); returns nbgrader's log.

    raises : Problem with nbgrader's own words if it failed
    """
    with quiet(), api(project, **coursedir) as grader:
        done = getattr(grader, step)(*arguments)
    if not done["success"]:
        words = (done.get("error") or done.get("log") or "").strip().splitlines()
        raise Problem(f"nbgrader {step} {' '.join(arguments)} failed: {words[-1] if words else 'no reason given'}")
    return done.get("log", "")


@contextmanager
def quiet():
    """nbgrader logs to the root logger's stream as well; keeps that from the terminal."""
    handler = logging.StreamHandler(io.StringIO())
    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    root.handlers = [handler]
    try:
        yield
    finally:
        root.handlers = before
