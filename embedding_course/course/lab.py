"""`course lab` and `course teach`: JupyterLab for a learner in `work/`, for an instructor in the project's folder."""
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from pathlib import Path

from .. import start_page
from ..places import command, pasteable
from ..progress import write_start_page
from .problem import Problem
from .project import Project
from .work import copy_lessons

TEACHING = Path(__file__).parent.parent / "jupyter" / "teaching"   # switches on what learners need not see
PORT, LOG = 8888, ".jupyter.log"


def lab(project: Project, port: int | None, browser: bool) -> int:
    """Copies what is missing to `work/` and starts JupyterLab there, with the start page open.

    port : None for 8888 or the next that is free
    raises : Problem if the port is in use or JupyterLab doesn't start
    """
    for notice in copy_lessons(project):
        print(f"course: {pasteable(notice)}")
    if not write_start_page(project.root):
        print(f"course: a page in {project.work} was edited and stays as it is; delete {start_page.NAME} or "
              f"{start_page.INDEX} to get a fresh one")
    return _start(project.work, port, browser, f"/lab/tree/{start_page.NAME}", {}, project.work / LOG)


def teach(project: Project, port: int | None, browser: bool) -> int:
    """Makes all lessons known to the gradebook and starts JupyterLab in the project's folder, with Formgrader.

    port : None for 8888 or the next that is free
    raises : Problem if the port is in use, a lesson does not build or JupyterLab doesn't start
    """
    from .build import register  # nbgrader takes a while to import, and learners need not have it

    for name in project.lesson_names():
        if (project.solutions / f"{name}.py").is_file() and register(project, name):
            print(f"course: {name} is in the gradebook now", flush=True)
    paths = [str(TEACHING), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    return _start(project.root, port, browser, "/lab", {"JUPYTER_CONFIG_PATH": os.pathsep.join(paths)},
                  project.classroom / LOG)


def _start(folder: Path, port: int | None, browser: bool, page: str, more: dict, log: Path) -> int:
    if found := next((server for server in _servers() if Path(server["root_dir"]) == folder.resolve()), None):
        print(f"JupyterLab is open already: {_address(found, page)}")
        if browser:
            webbrowser.open(_address(found, page))
        return 0
    arguments = [sys.executable, "-m", "jupyterlab", f"--ServerApp.port={port or _free_port()}",
                 "--ServerApp.port_retries=0", f"--LabApp.default_url={page}", f"--ServerApp.open_browser={browser}"]
    if port and not _is_free(port):
        raise Problem(f"port {port} is in use by another program; `{command()} lab` without --port takes a free one")
    if hasattr(os, "geteuid") and os.geteuid() == 0:   # in a container; JupyterLab asks for this to be said
        arguments.append("--allow-root")
    environment = {**os.environ, "PATH": os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", ""),
                   "JUPYTER_PREFER_ENV_PATH": "1",   # this Python's kernel, not one of the same name in the home folder
                   **more}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as said:
        server = subprocess.Popen(arguments, cwd=folder, env=environment, stderr=said)
    signal.signal(signal.SIGINT, signal.SIG_IGN)   # Ctrl+C reaches JupyterLab too, which asks whether it is meant
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    threading.Thread(target=_say_when_open, args=(server, page, log), daemon=True).start()
    status = server.wait()
    if status > 0:
        lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
        raise Problem(f"JupyterLab did not run: {lines[-1] if lines else 'it said nothing'} (all that it said is in {log})")
    return 0


def _say_when_open(server, page, log):
    """One line: the address, once somebody answers there."""
    while server.poll() is None:
        if found := next((each for each in _servers() if each["pid"] == server.pid), None):
            print(f"Open in your browser: {_address(found, page)}   (Ctrl+C here ends it; its log: {log})", flush=True)
            return
        time.sleep(0.2)


def _servers():
    """JupyterLabs of this user that answer, as they describe themselves."""
    from jupyter_server.serverapp import list_running_servers  # half a second
    return [server for server in list_running_servers() if not _is_free(server["port"])]


def _address(server, page):
    token = f"?token={server['token']}" if server["token"] else ""
    return f"{server['url'].rstrip('/')}{page}{token}"


def _free_port():
    return next(port for port in range(PORT, PORT + 1000) if _is_free(port))


def _is_free(port: int) -> bool:
    """Whether a server may begin there: ports of one that has just ended count, as they do for Jupyter."""
    with socket.socket() as probe:
        if sys.platform != "win32":   # where the same word lets two listen at once
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
