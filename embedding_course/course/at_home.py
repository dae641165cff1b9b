"""Where a learner's or an author's own notebook runs: in a process of its own, forked from a warm one where that can be."""
import os
from collections.abc import Callable
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock

from ..places import SHIPPED
from .grading.engine import Executed
from .project import Project

_idle, _lock = [], Lock()   # fork servers that wait for the next notebook


def transport(project: Project) -> Callable[..., Executed]:
    """What runs notebooks here, for `engine.judged`; any number of threads may use it at once."""
    data = _data(project)
    if not hasattr(os, "fork"):
        from .grading.spawned import execute
        return partial(execute, str(data))
    return partial(_forked, data)


def _data(project: Project) -> Path:
    own = project.root / "data"
    return own if own.is_dir() else SHIPPED / "data"


def _forked(data: Path, *job) -> Executed:
    from .grading.runner import execute  # here, since Windows lacks what it needs
    with _server(data) as line:
        return execute(line, *job)


@contextmanager
def _server(data: Path):
    """A fork server that nobody else uses; it is kept for the next."""
    from .grading.warm import WarmServer
    with _lock:
        server = _idle.pop() if _idle else None
    if server and (server.data != str(data) or not server.process.is_alive()):
        server.close()
        server = None
    server = server or WarmServer(data)
    yield server
    with _lock:
        _idle.append(server)   # but not after an error: its state isn't known
