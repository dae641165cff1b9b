"""A world for strangers' code, built by bubblewrap: no network, and no file but Python's, the package's and the data.

What a submission gives up beyond that, each for itself, is in `confine.py`.
"""
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from ...places import PACKAGE, SHIPPED
from ..child import THREADS, WHAT_LESSONS_IMPORT
from ..problem import Problem
from . import confine
from .limits import Limits
from .messages import GO, KILL, READY, TOKEN

ZYGOTE = f"{__package__}.zygote"   # a program of its own: what it imports stays out of here
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32")
SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime")
INSIDE_DATA = "/course/data"
PROTECTED, JUDGED, NOTHING = "scores and machine protected", "scores protected, the machine not", "nothing protected"
START_SECONDS = 120


@dataclass
class Line:
    """The grader's line to a fork server. A process that has a duplicate of the socket may use it too, not at once.

    data, folder : what a notebook finds as its data, and the folder that it runs in, as named in there
    project : the folder of the grader that no output may name
    """
    control: socket.socket
    data: str
    project: str
    folder: str
    protected: bool

    def go(self, channels: list[socket.socket]):
        """Starts a submission's process, with its ends of the channels.

        raises : Problem where the fork server has ended
        """
        try:
            socket.send_fds(self.control, [GO], [channel.fileno() for channel in channels])
        except OSError as error:
            raise Problem("the sandbox has ended") from error

    def end(self):
        """Ends whatever runs with all its processes, and waits until they are gone: the fork server is idle then.

        Right in every state, also after a holder of the line was killed in the middle of anything.

        raises : Problem where the fork server has ended, or doesn't answer
        """
        token, heard = os.urandom(TOKEN), b""
        try:
            self.control.sendall(KILL + token)
            while not heard.endswith(token):
                part = self.control.recv(1)
                if not part:
                    raise Problem("the sandbox has ended")
                heard = heard[-TOKEN:] + part
        except OSError as error:
            raise Problem("the sandbox has ended, or does not answer") from error

    recover = end


class ForkServer(Line):
    """A running fork server, in the sandbox or without one, and the line to it. One submission at a time."""

    def __init__(self, data: Path, limits: Limits, protected: bool):
        self._own = None if protected else tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True)
        folder = f"{_scratch()}/submission" if protected else self._own.name
        control, theirs = socket.socketpair()
        super().__init__(control, INSIDE_DATA if protected else str(data), str(data.parent), folder, protected)
        options = {"imports": [*WHAT_LESSONS_IMPORT], "protected": protected, "limits": asdict(limits),
                   "scratch": _scratch()}
        python = [sys.executable, "-P", "-m", ZYGOTE, str(theirs.fileno()), json.dumps(options)]
        with _written(_world(data)) as world:
            command = ["bwrap", "--args", str(world.fileno()), *python] if protected else python
            self.process = subprocess.Popen(
                command, pass_fds=[theirs.fileno(), *[world.fileno()] * protected], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment(protected))
        theirs.close()
        self.control.settimeout(START_SECONDS)
        with contextlib.suppress(OSError):
            if self.control.recv(1) == READY:
                return
        self.close()
        words = self.process.stderr.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise Problem(f"the {'sandbox' if protected else 'fork server'} does not start: {words[-1]}"
                      + ("; `course doctor --grading` tells why" if protected else ""))

    @property
    def line(self) -> Line:
        """The line alone, for another process: it can be pickled where sockets can."""
        return Line(self.control, self.data, self.project, self.folder, self.protected)

    def close(self):
        """Ends the fork server, and everything in its world."""
        self.control.close()
        self.process.kill()
        self.process.wait()


def available() -> str:
    """Why there is no sandbox on this machine; empty where a real start succeeds."""
    if sys.platform != "linux":
        return f"sandboxes need Linux, and this is {sys.platform}"
    if not shutil.which("bwrap"):
        return "bubblewrap is not installed (Debian: apt install bubblewrap)"
    command = ["bwrap", *_world(PACKAGE), sys.executable, "-P", confine.__file__, _scratch()]
    try:
        tried = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=START_SECONDS,
                               env=environment(protected=True), check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if tried.stdout == "confined\n" else (tried.stderr.strip().splitlines() or ["no reason given"])[-1]


def _world(data: Path) -> list[str]:
    """bubblewrap's options: what is seen in there, all of it read-only, and an empty folder to write to."""
    view = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--as-pid-1",
            "--die-with-parent", "--new-session", "--hostname", "sandbox", "--perms", "0755", "--tmpfs", "/tmp"]
    for right in ("CAP_SETUID", "CAP_SETGID", "CAP_KILL") if os.geteuid() == 0 else ():
        view += ["--cap-add", right]   # the fork server's, for becoming an ordinary user in each submission
    made = set()
    for path in SYSTEM:
        if os.path.islink(path):
            view += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            view += ["--ro-bind", path, path]
    for path in dict.fromkeys([*filter(os.path.exists, SETTINGS), *_python()]):
        view += [*_folders(Path(path).parent, made), "--ro-bind", path, path]
    view += [*_folders(Path(INSIDE_DATA).parent, made), "--ro-bind", str(data), INSIDE_DATA]
    return [*view, "--proc", "/proc", "--dev", "/dev", "--dev-bind", "/dev/full", "/dev/zero",   # the same, but no memory
            "--remount-ro", "/dev", "--remount-ro", "/tmp", "--perms", "1777", "--tmpfs", _scratch(),
            "--remount-ro", "/", "--chdir", "/"]


@contextlib.contextmanager
def _written(options: list[str]):
    """Options in a file for `bwrap --args`: on its command line a submission could read the grader's folders."""
    with tempfile.TemporaryFile() as file:
        file.write(b"".join(option.encode() + b"\0" for option in options))
        file.seek(0)
        yield file


def _scratch() -> str:
    """The folder that a submission may write to: /tmp, but where Python or this package itself lies in there."""
    return "/var/tmp" if any(path.startswith("/tmp/") for path in _python()) else "/tmp"


def _python() -> list[str]:
    """The folders that hold Python, its packages and this one; no other part of a project."""
    prefixes = [sys.prefix, sys.base_prefix, sys.exec_prefix, str(Path(sys.executable).resolve().parent.parent)]
    packages = [entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))]
    ours = [str(PACKAGE), str(SHIPPED / "data")]   # beside the package where it is a checkout's
    found = {os.path.abspath(path) for path in [*prefixes, *packages, *ours] if os.path.isdir(path)}
    within = {path for path in found for other in found - {path} if Path(path).is_relative_to(other)}
    return sorted(path for path in found - within if not path.startswith("/usr"))


def _folders(path: Path, made: set) -> list[str]:
    """Options that make the folders above a bound one, open to every user."""
    missing = [folder for folder in [*reversed(path.parents), path] if str(folder) not in (*made, "/", *SYSTEM)]
    made.update(map(str, missing))
    return [part for folder in missing for part in ("--perms", "0755", "--dir", str(folder))]


def environment(protected: bool) -> dict:
    """Nothing of the grader's environment but where programs are."""
    home = _scratch() if protected else os.path.expanduser("~")
    return {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": home, "LANG": "C.UTF-8", **THREADS,
            **({"TMPDIR": home} if protected else {}),
            "IPYTHONDIR": f"{home}/.ipython", "MPLCONFIGDIR": f"{home}/.matplotlib", "PYTHONDONTWRITEBYTECODE": "1",
            "PIP_NO_INDEX": "1", "PIP_RETRIES": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
