"""A fork server without a sandbox that is forked itself, from the process that has imported torch for `child.py`."""
import os
import socket
import tempfile
from dataclasses import asdict
from pathlib import Path

from ..child import warm_context
from ..problem import Problem
from .limits import Limits
from .messages import READY
from .sandbox import START_SECONDS, Line, environment


class WarmServer(Line):
    """As `sandbox.ForkServer`, for one's own work: there in a moment."""

    def __init__(self, data: Path):
        control, theirs = socket.socketpair()
        self._own = tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True)
        super().__init__(control, str(data), str(data.parent), self._own.name, False)
        options = {"imports": [], "protected": False, "limits": asdict(Limits()), "scratch": tempfile.gettempdir()}
        self.process = warm_context().Process(target=_serve, args=(theirs, options), daemon=True)
        self.process.start()
        theirs.close()
        control.settimeout(START_SECONDS)
        if control.recv(1) != READY:
            raise Problem("the process that runs notebooks does not start")

    def close(self):
        """Ends the server and what it runs."""
        self.control.close()
        self.process.kill()
        self.process.join()


def _serve(control: socket.socket, options: dict):
    from .zygote import main
    os.environ.update(environment(protected=False))
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    main(control.detach(), options)
    os._exit(0)
