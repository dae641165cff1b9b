"""`course lab` and `course teach`: JupyterLab for a learner in `work/`, for an instructor in the project's folder."""
import os
import socket
import subprocess
import sys
from pathlib import Path

from .. import start_page
from ..progress import write_start_page
from .problem import Problem
from .project import Project
from .work import copy_lessons

TEACHING = Path(__file__).parent.parent / "jupyter" / "teaching"   # switches on what learners need not see


def lab(project: Project, port: int, browser: bool) -> int:
    """Copies what is missing to `work/` and starts JupyterLab there, with the start page open.

    raises : Problem if the port is in use or JupyterLab is missing
    """
    for notice in copy_lessons(project):
        print(f"course: {notice}")
    if not write_start_page(project.root):
        print(f"course: a page in {project.work} was edited and stays as it is; delete {start_page.NAME} or "
              f"{start_page.INDEX} to get a fresh one")
    _refuse_used(port, "lab")
    return _start(project.work, port, browser, f"/lab/tree/{start_page.NAME}", {})


def teach(project: Project, port: int, browser: bool) -> int:
    """Makes all lessons known to the gradebook and starts JupyterLab in the project's folder, with Formgrader.

    raises : Problem if the port is in use or a lesson does not build
    """
    from .build import register  # nbgrader takes a while to import, and learners need not have it

    _refuse_used(port, "teach")
    for name in project.lesson_names():
        if (project.solutions / f"{name}.py").is_file() and register(project, name):
            print(f"course: {name} is in the gradebook now", flush=True)
    paths = [str(TEACHING), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    return _start(project.root, port, browser, "/lab", {"JUPYTER_CONFIG_PATH": os.pathsep.join(paths)})


def _start(folder: Path, port: int, browser: bool, page: str, more: dict) -> int:
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
               f"--LabApp.default_url={page}", f"--ServerApp.open_browser={browser}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:   # in a container; JupyterLab asks for this to be said
        command.append("--allow-root")
    environment = {**os.environ, "PATH": os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", ""),
                   "JUPYTER_PREFER_ENV_PATH": "1",   # this Python's kernel, not one of the same name in the home folder
                   **more}
    if sys.platform != "win32":   # JupyterLab takes this process over: one process to stop
        os.chdir(folder)
        os.execve(command[0], command, environment)
    return subprocess.run(command, cwd=folder, env=environment).returncode


def _refuse_used(port: int, command: str):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Problem(f"port {port} is in use, perhaps by a JupyterLab that is still open; close it, or take "
                          f"another: course {command} --port {port + 1}") from error
