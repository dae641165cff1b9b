"""Submissions that use what is hard to count, or replace what the grader's own code calls in their process."""
from submissions import FULL, RIGHT, WRONG, attempt


@attempt(FULL, RIGHT)
def memory_in_page_tables(work):
    """Reads zeros from terabytes: no page of its own, but tables that point at them."""
    work.last("import mmap, os\nfor _ in range(9):\n    if os.fork() == 0: break\nkept = []\nwhile True:\n"
              "    kept.append(mmap.mmap(-1, 2**31, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, prot=mmap.PROT_READ))\n"
              "    for at in range(0, 2**31, 2**21): kept[-1][at]")


@attempt(FULL, RIGHT)
def memory_of_processes_that_hide(work):
    """Many processes that can't be measured hold much each."""
    work.last("import ctypes, os, time\nctypes.CDLL(None).prctl(4, 0, 0, 0, 0)\nfor _ in range(30):\n    if os.fork() == 0:\n"
              "        kept = b'x' * 400 * 2**20\n        time.sleep(60)\ntime.sleep(60)")


@attempt(FULL, RIGHT)
def memory_in_sockets(work):
    """Fills the buffers of many sockets, which belong to no process."""
    work.last("import os, socket, time\nkept = []\nfor _ in range(50): os.fork()\nwhile True:\n    try:\n"
              "        kept.append(socket.socketpair())\n        kept[-1][0].setblocking(False)\n"
              "        while True: kept[-1][0].send(bytes(65536))\n    except OSError: time.sleep(0.01)")


@attempt(0, WRONG)
def a_dump_that_says_right(work):
    """json.dumps and the sockets' methods turn each message into one that a right answer would send."""
    work.first('''import json, socket, struct, sys
right = b'{"outcomes": [{"notes": {"$": "parts", "items": [["result", 0]]}, "after": {}, "again": {}, "ways": {}}]}'
json.dumps = lambda *_, **__: right.decode()
json.JSONEncoder.encode = json.dumps
plain = socket.socket.send
socket.socket.send = lambda self, data, *more: plain(self, struct.pack(">Q", len(right)) + right)
for name in [name for name in sys.modules if name.startswith("embedding_course.c")]:
    for inner in ("answer_cases", "outcome", "encode", "digest", "Channel"):
        if hasattr(sys.modules[name], inner): setattr(sys.modules[name], inner, lambda *_, **__: json.loads(right))''')
