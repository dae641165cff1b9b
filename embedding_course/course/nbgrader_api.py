"""nbgrader's steps from Python, under the project's own configuration."""
import io
import logging
import os
import warnings
from contextlib import contextmanager
from pathlib import Path

import nbgrader
from alembic.script import ScriptDirectory
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, SAWarning
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from ..places import MARK
from .fragile import demand
from .problem import Problem
from .project import Project


def _schema() -> str:
    """The number of this nbgrader's gradebook schema."""
    return ScriptDirectory(Path(nbgrader.__file__).parent / "alembic").get_current_head()


nbgrader.api.get_alembic_version = _schema   # its own starts a program for it, five seconds for each new gradebook


def configuration(project: Project, **coursedir) -> Config:
    """The project's configuration with other folders where asked: `release_directory=…` and their like.

    raises : Problem where this nbgrader can't be relied on
    """
    demand()
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


@contextmanager
def class_gradebook(project: Project):
    """The class's gradebook, closed afterwards.

    raises : Problem where it can't be used, with the command that mends an older one
    """
    url = configuration(project).CourseDirectory.db_url
    try:
        with Gradebook(url) as gradebook:
            versions = gradebook.db.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
            if versions != [_schema()]:
                raise Problem(f"the gradebook {url} is of another nbgrader (schema {', '.join(versions) or 'unknown'}); "
                              "`nbgrader db upgrade` brings it up to date and keeps a copy of the old one")
            yield gradebook
    except DatabaseError as error:
        raise Problem(f"the gradebook {url} can't be used: {error.orig}. After an update of nbgrader, "
                      "`nbgrader db upgrade` brings it up to date") from error


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
