"""Messages between processes over a socket: JSON behind its length. Nothing in them can run.

A notebook may have replaced whatever it finds by name; so this keeps functions, and of sockets the type that is built in.
"""
import json
import struct
from select import select
from socket import MSG_DONTWAIT, SocketType
from time import monotonic

send, recv, fileno, close = SocketType.send, SocketType.recv, SocketType.fileno, SocketType.close
LENGTH = struct.Struct(">Q")
MOST_BYTES = 64 * 2**20
MOST_PARTS = 2**22   # of lists and objects in a message: each takes twenty times its bytes in memory
GO, KILL, READY = b"g", b"k", b"r"   # between the grader and its fork server, a byte each
TOKEN = 8   # bytes behind KILL, said back when all has ended: so nobody takes an older answer for it


class Silence(Exception):
    """Not all came, or went, in time. The next call goes on where this one stood."""


class Gone(Exception):
    """The other side has ended, or sent what is no message."""


class Channel:
    """One end of a socket; remembers what came, or went, in part.

    room : bytes that may come in all; None for no limit
    """

    def __init__(self, line: SocketType, room: int | None = None):
        self.line, self.room = line, room
        self._unsent, self._came = memoryview(b""), bytearray()

    def put(self, message):
        """Takes a message, for `flush` to send."""
        data = json.dumps(message, ensure_ascii=False).encode(errors="surrogatepass")
        self._unsent = memoryview(bytes(self._unsent) + LENGTH.pack(len(data)) + data)

    def send(self, message, seconds: float | None = None):
        """Both at once."""
        self.put(message)
        self.flush(seconds)

    def flush(self, seconds: float | None = None):
        """Sends what is there; waits as long as `seconds` allow, or for ever, until the other side has taken it.

        raises : Silence, Gone
        """
        deadline = None if seconds is None else monotonic() + seconds
        while self._unsent:
            self._wait([], [fileno(self.line)], deadline)
            try:
                self._unsent = self._unsent[send(self.line, self._unsent, MSG_DONTWAIT):]
            except BlockingIOError:
                continue
            except OSError as error:
                raise Gone("nobody listens") from error

    def receive(self, seconds: float | None = None, most: int = MOST_BYTES):
        """The next message; waits for it as long as `seconds` allow, or for ever.

        raises : Silence, Gone
        """
        deadline = None if seconds is None else monotonic() + seconds
        self._until(LENGTH.size, deadline)
        [length] = LENGTH.unpack(self._came[:LENGTH.size])
        if length > most or self.room is not None and length > self.room:
            raise Gone(f"a message of {length} bytes")
        self._until(LENGTH.size + length, deadline)
        data, self._came = bytes(self._came[LENGTH.size:]), bytearray()
        if self.room is not None:
            self.room -= length
        try:
            if sum(map(data.count, (b",", b"[", b"{"))) > MOST_PARTS:
                raise ValueError("too many parts")
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise Gone("no message of ours") from error

    def _until(self, count, deadline):
        """Takes in no more than so many bytes, and no less."""
        while len(self._came) < count:
            self._wait([fileno(self.line)], [], deadline)
            try:
                part = recv(self.line, min(count - len(self._came), 2**20))
            except OSError as error:
                raise Gone(str(error)) from error
            if not part:
                raise Gone("the process has ended")
            self._came += part

    def _wait(self, readers, writers, deadline):
        left = None if deadline is None else max(0, deadline - monotonic())
        if not any(select(readers, writers, [], left)):
            raise Silence
