"""`course mark LESSON`: opens the page, and ends with what is still to do."""
import asyncio
import secrets
import signal
import webbrowser

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from ...places import pasteable
from ..build import register
from ..grading.clerk import clerk
from ..next_step import next_step
from ..problem import Problem
from ..project import Project
from . import shown
from .marks import Marks
from .server import MOST_BODY, application


def mark(project: Project, lesson: str, port: int | None, browser: bool, anonymous: bool) -> int:
    """Serves the page until Ctrl+C.

    port : None for any that is free
    raises : Problem where there is nothing to mark, or the port is in use
    """
    register(project, lesson)
    marks = Marks(project, lesson)
    clerk(shown.__name__)   # begins to import while the browser opens
    _refuse_nothing(marks)
    asyncio.run(_serve(application(marks, token := secrets.token_hex(24), anonymous), port, token, browser))
    print(_summary(marks))
    marks.close()
    print(pasteable(f"next: `{next_step(project, lesson)}`"))
    return 0


def _refuse_nothing(marks: Marks):
    if not any(question["of"] for question in marks.overview()):
        raise Problem(f"{marks.lesson}: no written answer is graded yet; `course grade {marks.lesson}` comes first")


def _summary(marks: Marks) -> str:
    return "\n".join(f"{one['name']}: {one['marked']} of {one['of']} marked" for one in marks.overview())


async def _serve(pages, port, token, browser):
    try:
        sockets = bind_sockets(port or 0, "127.0.0.1")
    except OSError as error:
        raise Problem(f"port {port} is in use by another program; without --port a free one is taken") from error
    server = HTTPServer(pages, max_buffer_size=MOST_BODY, max_body_size=MOST_BODY)
    server.add_sockets(sockets)
    address = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/?token={token}"
    print(f"Open in your browser: {address}   (Ctrl+C here ends it; every key is saved at once)", flush=True)
    if browser:
        webbrowser.open(address)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, ended.set)
    await ended.wait()
    server.stop()
