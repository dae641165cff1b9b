"""What tests share: the project, one thread for torch, and the switch between CI's sample and everything."""
import os
import secrets
import shutil
import socket
from contextlib import suppress
from pathlib import Path

import matplotlib.font_manager  # noqa: F401 - its list of fonts is made here, once; a slow kernel would warn of it
import pytest
import torch

from embedding_course.course import check_work, expected, try_answers
from embedding_course.course.project import Project

PATIENT = 600   # seconds for what comes in one or two on a quiet machine: only what never comes should fail
torch.set_num_threads(1)


def pytest_addoption(parser):
    parser.addoption("--all", action="store_true", help="everything, not CI's sample")
    parser.addoption("--dark", action="store_true", help="the journeys in JupyterLab's dark theme")


def pytest_terminal_summary(terminalreporter, config):
    """Where a person finds what the browser has shown."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    if any("journey" in getattr(report, "nodeid", "") for report in reports):
        terminalreporter.write_line(f"screenshots: {Path(__file__).parent.parent / 'build' / 'journeys'}")


# Files that take half a minute and more, longest first: begun last, one would keep a core waiting for the other.
LONG = ("bank", "limits", "hostile", "site", "grade", "lessons", "pipeline", "real", "one_step", "other_systems",
        "learner_journey", "lesson_journey", "one_verdict", "term", "project_files", "commands", "steps", "shapes",
        "slides", "build", "graft")


def pytest_collection_modifyitems(config, items):
    """Long files first. Tests marked `everything` run with --all only."""
    items.sort(key=lambda item: LONG.index(name) if (name := item.path.stem.removeprefix("test_")) in LONG else len(LONG))
    if not config.getoption("--all"):
        skip = pytest.mark.skip(reason="runs in `make test-all`")
        for item in items:
            if "everything" in item.keywords:
                item.add_marker(skip)


@pytest.fixture(scope="session", autouse=True)
def history_of_its_own(tmp_path_factory):
    """Kernels keep what they ran in a database in the home folder. Two that write there at once print that it is locked."""
    os.environ["IPYTHONDIR"] = str(tmp_path_factory.mktemp("ipython"))


@pytest.fixture(scope="session", autouse=True)
def patience():
    """An answer's limits are seconds of the clock. Beside fifty other programs a right one may take longer."""
    for module in (check_work, expected, try_answers):
        module.SECONDS = PATIENT


@pytest.fixture(scope="session")
def project() -> Project:
    return Project(Path(__file__).parent.parent)


@pytest.fixture
def copied(project, tmp_path) -> Project:
    """A project of its own, with lesson 2 alone, that a test may change."""
    return copy_project(project, tmp_path / "course", ["02-matmul"])


def copy_project(project, root, lessons) -> Project:
    """A project of the same shape with some of the lessons, sources and releases."""
    for folder in ("solutions/checks", "notebooks", "work"):
        (root / folder).mkdir(parents=True)
    shutil.copy(project.root / "grader_config.py", root)
    for lesson in lessons:
        for part in (f"{lesson}.py", f"checks/{lesson.replace('-', '_')}.py"):
            shutil.copy(project.solutions / part, root / "solutions" / part)
        shutil.copytree(project.release / lesson, root / "notebooks" / lesson)
    shutil.copytree(project.root / "data", root / "data")
    return Project(root)


def free_port() -> int:
    """A port that is free and stays so until a server has started: none of those that systems give out by themselves."""
    while True:
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", 10_000 + secrets.randbelow(20_000)))
            return tried.getsockname()[1]
