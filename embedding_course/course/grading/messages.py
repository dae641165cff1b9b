"""Messages between processes over a socket: JSON behind its length. Nothing in them can run."""
import json
import select
import socket
import struct
import time

LENGTH = struct.Struct(">Q")
MOST_BYTES = 64 * 2**20
GO, KILL, READY = b"g", b"k", b"r"   # between the grader and its fork server, a byte each
TOKEN = 8   # bytes behind KILL, said back when all has ended: so nobody takes an older answer for it


class Silence(Exception):
    """No whole message came in time."""


class Gone(Exception):
    """The other side has ended, or sent what is no message."""


def send(channel: socket.socket, message):
    """Sends one message.

    raises : Gone
    """
    data = json.dumps(message).encode()
    try:
        channel.sendall(LENGTH.pack(len(data)) + data)
    except OSError as error:
        raise Gone("nobody listens") from error


def receive(channel: socket.socket, seconds: float | None = None, most: int = MOST_BYTES):
    """The next message; waits for it as long as `seconds` allow, or for ever.

    raises : Silence, Gone
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    [length] = LENGTH.unpack(_exactly(channel, LENGTH.size, deadline))
    if length > most:
        raise Gone(f"a message of {length} bytes")
    try:
        return json.loads(_exactly(channel, length, deadline))
    except (ValueError, RecursionError) as error:
        raise Gone("no message of ours") from error


def _exactly(channel, count, deadline) -> bytes:
    parts, missing = [], count
    while missing:
        left = None if deadline is None else max(0, deadline - time.monotonic())
        if not select.select([channel], [], [], left)[0]:
            raise Silence
        try:
            part = channel.recv(min(missing, 2**20))
        except OSError as error:
            raise Gone(str(error)) from error
        if not part:
            raise Gone("the process has ended")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
