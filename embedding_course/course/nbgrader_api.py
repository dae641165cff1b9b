"""nbgrader's steps from Python, under the project's own configuration."""
import io
import logging
import os
import warnings
from contextlib import contextmanager

from nbgrader.apps.api import NbGraderAPI
from sqlalchemy.exc import SAWarning
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from ..places import MARK
from .problem import Problem
from .project import Project


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
        raise Problem(f"nbgrader {step} {' '.join(arguments)} failed: {_reason(done)}")
    return done.get("log", "")


def _reason(done) -> str:
    """Why a step failed: our own one-line problem where there is one, else the last line that nbgrader wrote."""
    words = f"{done.get('error', '')}\n{done.get('log', '')}".strip().splitlines()
    ours = [line.partition("Problem: ")[2] for line in words if ".Problem: " in line]
    return (ours or words or ["no reason given"])[-1]


@contextmanager
def quiet():
    """nbgrader logs to the root logger and SQLAlchemy warns about nbgrader; keeps both from the terminal."""
    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    root.handlers = [logging.StreamHandler(io.StringIO())]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)
            yield
    finally:
        root.handlers = before
