"""What tests share: the project, one thread for torch, and the switch between CI's sample and everything."""
import shutil
from pathlib import Path

import pytest
import torch

from embedding_course.course.project import Project

torch.set_num_threads(1)


def pytest_addoption(parser):
    parser.addoption("--all", action="store_true", help="everything, not CI's sample")


def pytest_collection_modifyitems(config, items):
    """Tests marked `everything` run with --all only."""
    if not config.getoption("--all"):
        skip = pytest.mark.skip(reason="runs in `make test-all`")
        for item in items:
            if "everything" in item.keywords:
                item.add_marker(skip)


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
