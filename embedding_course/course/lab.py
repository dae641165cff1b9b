"""`course lab`: the learner's copies, then JupyterLab with the first lesson open."""
import os
import socket
import subprocess
import sys

from .problem import Problem
from .project import Project
from .work import copy_lessons


def lab(project: Project, port: int, browser: bool) -> int:
    """Copies what is missing to `work/` and starts JupyterLab there, with the first one open.

    raises : Problem if the port is in use or JupyterLab is missing
    """
    for notice in copy_lessons(project):
        print(f"course: {notice}")
    _refuse_used(port)
    first = next(name for name in sorted(path.name for path in project.work.glob("[0-9][0-9]-*")))
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
               f"--LabApp.default_url=/lab/tree/{first}/{first}.ipynb", "--ServerApp.open_browser=" + str(browser)]
    if hasattr(os, "geteuid") and os.geteuid() == 0:   # in a container; JupyterLab asks for this to be said
        command.append("--allow-root")
    environment = {**os.environ, "PATH": os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", "")}
    if sys.platform != "win32":   # JupyterLab takes this process over: one process to stop
        os.chdir(project.work)
        os.execve(command[0], command, environment)
    return subprocess.run(command, cwd=project.work, env=environment).returncode


def _refuse_used(port: int):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Problem(f"port {port} is in use, perhaps by a JupyterLab that is still open; close it, or take "
                          f"another: course lab --port {port + 1}") from error
