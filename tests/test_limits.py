"""The sandbox: every limit acts, nothing of one submission reaches the next, and the line to it can be picked up again.

A limit's test runs a cell twice: it is ended or refused where the limit is low, and goes through where it is lifted.
"""
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from embedding_course.course.grading import cells, sandbox
from embedding_course.course.grading.limits import Limits
from embedding_course.course.grading.messages import MOST_PARTS, Channel, Gone, Silence
from embedding_course.course.grading.runner import execute
from embedding_course.course.grading.sandbox import ForkServer, _folders, _python, available
from embedding_course.course.grading.watchdog import CORES

NO_SANDBOX, LIMITS = available(), Limits()
LOW = Limits(memory=700, disk=16, files=500, processes=32, open_files=96)
QUESTION = {"call": "function", "cases": [{"arguments": {"x": 3}}], "forbidden": []}
ANSWER = "def f(x): return x + 1"


def texts(done, cell: int) -> str:
    """What a cell printed, and what it raised."""
    return "".join(output.get("text", "") + output.get("evalue", "") for output in done.outputs.get(cell, []))


def result(done, name: str):
    """What an answer returned to QUESTION."""
    return dict(done.answers[name]["outcomes"][0]["notes"]["items"])["result"]


def run(server, *sources, limits=LIMITS, questions=None):
    """Executes cells; a name of `questions` stands for a check."""
    cells = [{"check": source} if source in (questions or {}) else {"source": source} for source in sources]
    return execute(server, cells, {}, questions or {}, limits)


@pytest.fixture(scope="module")
def servers(project):
    """Fork servers by name, each started when it is asked for: with low limits, with those of every day, in no sandbox."""
    with contextlib.ExitStack() as stack:
        class Started(dict):
            def __missing__(self, name):
                if NO_SANDBOX and name != "without":
                    pytest.skip(NO_SANDBOX)
                with contextlib.nullcontext() if name == "high" else quickly():
                    running = ForkServer(project.root / "data", LOW if name == "low" else LIMITS, name != "without")
                self[name] = stack.enter_context(contextlib.closing(running))
                return running
        yield Started()


@contextlib.contextmanager
def quickly():
    """Fork servers that import no more than they need themselves start in half the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "WHAT_LESSONS_IMPORT", ())
        yield


@pytest.fixture(params=["high", "without"], ids=["sandbox", "without"])
def server(request, servers):
    return servers[request.param]


def started(server) -> socket.socket:
    """A submission's process that waits for its cells."""
    ours, theirs = socket.socketpair()
    server.go([theirs])
    theirs.close()
    return ours


def ended(channel) -> bool:
    channel.settimeout(10)
    return channel.recv(1) == b""


@pytest.mark.parametrize("state", ["idle", "running", "ended", "its end not heard", "begun and not answered"])
def test_a_line_recovers_from_a_holder_that_was_killed_at_any_moment(server, state):
    holder = os.fork()
    if holder == 0:
        if state != "idle":
            channel = started(server)
        if state == "ended":
            channel.close()
            time.sleep(0.1)
        if state == "its end not heard":
            server.control.sendall(b"k12345678")
        if state == "begun and not answered":
            started(server)
            server.control.sendall(b"k12345678")
            started(server)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(holder, 0)
    server.line.recover()
    assert texts(run(server, "print(6 * 7)"), 0) == "42\n"


def test_when_recover_returns_every_process_is_gone(server):
    channel = started(server)
    server.line.recover()
    assert ended(channel)
    me = psutil.Process(server.process.pid)
    assert len([me, *me.children(recursive=True)]) == (2 if server.protected else 1)   # bubblewrap, and the server


def test_everything_ends_with_the_process_that_holds_the_fork_server(project):
    if NO_SANDBOX:
        pytest.skip(NO_SANDBOX)
    told, tell = os.pipe()
    holder = os.fork()
    if holder == 0:
        with quickly():
            running = ForkServer(project.root / "data", Limits(), True)
        started(running)
        time.sleep(0.5)
        me = psutil.Process(running.process.pid)
        os.write(tell, " ".join(str(p.pid) for p in [me, *me.children(recursive=True)]).encode())
        time.sleep(60)
    inside = [int(pid) for pid in os.read(told, 1000).split()]
    os.kill(holder, signal.SIGKILL)
    os.waitpid(holder, 0)
    deadline = time.monotonic() + 10
    while (left := [pid for pid in inside if psutil.pid_exists(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(inside) >= 3 and left == []


def both(servers, *sources):
    """What came of cells where limits are low, and where they are not: what a cell said, then what was wrong with it."""
    for name, pause in (("low", 25), ("high", 1)):   # seconds: what is not ended goes on
        done = run(servers[name], f"PAUSE = {pause}\n{sources[0]}", *sources[1:], "print('the next cell')")
        assert texts(done, len(sources)) == "the next cell\n"
        yield texts(done, len(sources) - 1) + done.trouble.get(len(sources) - 1, "")


HOLD = """
import os, time
def each(count, take):
    done, say = os.pipe()
    for _ in range(count):
        if os.fork() == 0:
            kept = take()
            os.write(say, b".")
            time.sleep(20)
            os._exit(0)
    kept = take()
    for _ in range(count): os.read(done, 1)
    time.sleep(PAUSE)
    print("all of it")
"""
MEMORY = {
    "of one process": """
x = b"x" * 400 * 2**20 + b"y" * 400 * 2**20
time.sleep(PAUSE)
print("all of it")""",
    "of many processes": """
each(3, lambda: b"x" * 250 * 2**20)""",
    "of programs begun anew": """
import subprocess, sys
program = "x = b'x' * 250 * 2**20; print(flush=True); import time; time.sleep(20)"
held = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) for _ in "1234"]
for one in held: one.stdout.readline()
time.sleep(PAUSE)
print("all of it")""",
    "of processes that hide": """
import ctypes
def take():
    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
    return b"x" * 250 * 2**20
each(1, take)""",   # hidden, they can't be measured exactly: what they share counts in each
    "of the start, copied by writing": """
import ctypes, re
def take():
    for line in open("/proc/self/maps"):
        low, high, rights, *_ = re.split("[- ]", line, maxsplit=3)
        if rights.startswith("rw") and "stack" not in line:
            for at in range(int(low, 16), int(high, 16), 4096):
                ctypes.memmove(at, ctypes.string_at(at, 1), 1)
each(3, take)""",
    "in page tables": """
import mmap
def take():
    kept = []
    for _ in range(200):
        kept.append(mmap.mmap(-1, 2**31, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, prot=mmap.PROT_READ))
        for at in range(0, 2**31, 2**21): kept[-1][at]
    return kept
each(0, take)""",   # of one process, which no page shared with others makes look large
    "in sockets": """
import socket
def take():
    kept = []
    for _ in range(40):
        kept.append(socket.socketpair())
        kept[-1][0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**24)
        kept[-1][0].setblocking(False)
        try:
            while True: kept[-1][0].send(bytes(65536))
        except BlockingIOError: pass
    return kept
each(24, take)""",
    "in connections": """
import socket
server, kept = socket.create_server(("127.0.0.1", 0), backlog=100), []
for _ in range(20): kept.append((socket.create_connection(server.getsockname()), server.accept()))
time.sleep(PAUSE)
print("all of it")""",
    "in /dev/shm": """
with open("/dev/shm/x", "wb") as file:
    for _ in range(340): file.write(bytes(2**20))
x = b"x" * 340 * 2**20
time.sleep(PAUSE)
print("all of it")""",
}


SAMPLE = {"of processes that hide", "in page tables", "in connections", "in /dev/shm", "of the start, copied by writing"}


def sampled(kinds, sample):
    """Parameters: those of the sample always, all others in `make test-all`."""
    return [kind if kind in sample else pytest.param(kind, marks=pytest.mark.everything) for kind in kinds]


@pytest.mark.parametrize("kind", sampled(MEMORY, SAMPLE))
def test_memory_of_every_kind_is_limited(servers, kind):
    low, high = both(servers, HOLD + MEMORY[kind])
    assert "more than 700 MiB of memory" in low and "all of it" not in low
    assert high == "all of it\n"


def test_one_process_gets_no_more_memory_than_the_watchdog_can_watch(servers):
    source = "import mmap\nx = mmap.mmap(-1, 1600 * 2**20, flags=mmap.MAP_PRIVATE)\nprint('all of it')"
    low, high = both(servers, source)
    assert "Cannot allocate memory (no more memory here)" in low and high == "all of it\n"


def test_memory_that_no_process_need_hold_is_refused(servers):
    for source in ("import mmap\nmmap.mmap(-1, 4096)", "import mmap\nmmap.mmap(open('/dev/zero', 'r+b').fileno(), 4096)"):
        assert "Errno" in texts(run(servers["high"], source), 0)


@pytest.mark.parametrize(("source", "says"), [
    ("import subprocess\nkept = [subprocess.Popen(['sleep', '9']) for _ in range(50)]", "no more processes and threads"),
    ("kept = [open('/dev/null') for _ in range(200)]", "no more open files here"),
    ("for n in range(900): open(f'{n}', 'w')", "no more room here: 500 files"),
    ("for n in range(900): open(f'/dev/shm/{n}', 'w')", "no more room here: 500 files"),
    ("with open('x', 'wb') as f:\n    for _ in range(40): f.write(bytes(2**20))", "no more room here: all bytes are used"),
])
def test_counts_are_limited_and_the_error_says_what_is_used_up(servers, source, says):
    low, high = both(servers, source + "\nprint('all of it')")
    assert says in low and "all of it" not in low
    assert high == "all of it\n"


def test_terminals_are_limited_though_more_files_may_be_open(servers):
    source = "import os\nkept = [os.openpty() for _ in range({})]\nprint('all of it')"
    assert texts(run(servers["high"], source.format(24)), 0) == "all of it\n"
    assert "Errno 28" in texts(run(servers["high"], source.format(100)), 0)


def test_a_socket_holds_no_more_than_the_watchdog_counts(servers):
    done = run(servers["high"], """import socket
one, other = socket.socketpair()
sizes = lambda: [one.getsockopt(socket.SOL_SOCKET, what) for what in (socket.SO_SNDBUF, socket.SO_RCVBUF)]
before = sizes()
for what in (socket.SO_SNDBUF, socket.SO_RCVBUF): one.setsockopt(socket.SOL_SOCKET, what, before[0] // 4)
print(sizes() == before)""")
    assert texts(done, 0) == "True\n"


def test_files_beside_the_notebook_that_have_no_room_are_named(servers):
    files = {f"f{number}": "" for number in range(600)}
    done = execute(servers["low"], [{"source": "print(1)"}], files, {}, LIMITS)
    assert "a file beside the notebook is missing: f" in done.trouble[0] and "500 files" in done.trouble[0]
    assert execute(servers["high"], [{"source": "print(1)"}], files, {}, LIMITS).trouble == {}


def test_outputs_are_limited_in_bytes(servers):
    for sign in ("x", "é", "\\x1b"):
        few = run(servers["high"], *[f"print('{sign}' * 30_000)"] * 9, limits=Limits(output=100_000))
        assert sum(len(texts(few, cell).encode()) for cell in range(9)) < 100_000
        assert few.trouble == {}
        all_of_it = run(servers["high"], *[f"print('{sign}' * 30_000)"] * 9)
        assert [len(texts(all_of_it, cell)) for cell in range(9)] == [30_001] * 9


FORGED = """
import json, os, struct
def say(fd, text, count=1):
    for _ in range(count):
        data = struct.pack(">Q", len(text)) + text
        while data: data = data[os.write(fd, data):]
def sockets():
    links = {int(fd): f"/proc/self/fd/{fd}" for fd in os.listdir("/proc/self/fd")}
    return sorted(fd for fd, link in links.items() if os.path.islink(link) and "socket" in os.readlink(link))
"""


def test_forged_reports_are_limited_in_all(servers):
    pad = "x" * 90_000
    source = FORGED + f"""
for number in range(1, 40):
    say(sockets()[0], json.dumps({{"cell": number - 1, "pid": os.getpid(), "outputs": [
        {{"output_type": "stream", "name": "stdout", "text": "{pad}"}}]}}).encode())
import time; time.sleep(1)"""
    few = run(servers["high"], source, *["1"] * 38, limits=Limits(output=200_000))
    assert sum(len(texts(few, cell)) for cell in range(39)) < 400_000
    many = run(servers["high"], source, *["1"] * 38)
    assert sum(len(texts(many, cell)) for cell in range(39)) == 39 * 90_000


def test_forged_replies_are_limited_in_all(servers):
    names = [f"f{number}" for number in range(8)]
    source = FORGED + """
def forge(x):
    say(max(sockets()), b'{"outcomes": "' + b"x" * 300_000 + b'"}')
""" + " = ".join(names) + " = forge"
    for replies, heard in ((1_000_000, 3), (LIMITS.replies, 8)):
        done = run(servers["high"], source, *names, questions=dict.fromkeys(names, QUESTION),
                   limits=Limits(replies=replies))
        assert sum("outcomes" in answer and len(answer["outcomes"]) == 300_000 for answer in done.answers.values()) == heard


def test_a_message_is_limited_in_bytes_parts_depth_and_time():
    def heard(data: bytes, **options):
        ours, theirs = socket.socketpair()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**24)
        sender = os.fork()
        if sender == 0:
            theirs.sendall(len(data).to_bytes(8, "big") + data)
            os._exit(0)
        with ours, theirs:
            try:
                return Channel(ours, room=2**25).receive(60, **options)
            finally:
                os.kill(sender, signal.SIGKILL)
                os.waitpid(sender, 0)

    assert heard(b'"xxxx"', most=6) == "xxxx"
    with pytest.raises(Gone, match="bytes"):
        heard(b'"xxxxx"', most=6)
    with pytest.raises(Gone, match="bytes"):
        heard(b" " * (2**25 + 1))
    assert len(heard(b"[" + b"0," * (MOST_PARTS - 2) + b"0]")) == MOST_PARTS - 1
    for data in (b"[" + b"0," * MOST_PARTS + b"0]", b"[" * 200_000 + b"]" * 200_000, b"9" * 10_000, b"no JSON", b"\xff"):
        with pytest.raises(Gone, match="no message"):
            heard(data)


def test_a_peer_that_takes_or_gives_a_byte_now_and_then_is_waited_for_in_vain():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall((100).to_bytes(8, "big"))
        channel, began = Channel(ours), time.monotonic()
        for _ in range(5):
            theirs.sendall(b"1")
            with pytest.raises(Silence):
                channel.receive(0.05)
        with pytest.raises(Silence):
            channel.send("x" * 10**7, 0.1)
        theirs.recv(1)
        with pytest.raises(Silence):
            channel.flush(0.1)
        assert time.monotonic() - began < 10
        theirs.sendall(b"1" * 95)
        assert channel.receive(1) == int("1" * 100)   # nothing of what came before is lost


def test_a_copy_that_never_reads_its_question_costs_its_own_answer_alone(servers):
    question = {**QUESTION, "cases": [{"arguments": {"x": "long" * 200_000}}]}
    source = "import os, time\nasleep = [9999]\n" \
             "os.register_at_fork(after_in_child=lambda: time.sleep(asleep.pop()) if asleep else 0)"
    done = run(servers["high"], "f = g = lambda x: 1", source, "f", "asleep.pop()", "g",
               questions={"f": question, "g": question}, limits=Limits(cell=2))
    assert done.answers["f"] == {"timeout": True}
    assert result(done, "g") == 1


def test_a_cell_ends_when_its_time_is_over_whether_it_works_or_sleeps(servers):
    for source in ("while True: pass", "import time; time.sleep(3600)",
                   "import os, time\nif os.fork() == 0:\n    while True: pass\nos.wait()"):
        began = time.monotonic()
        done = run(servers["high"], source, "print('on')", limits=Limits(cell=1))
        assert "stopped after 1 seconds" in texts(done, 0) and texts(done, 1) == "on\n" and not done.starved
        assert time.monotonic() - began < 60
    assert "stopped" not in texts(run(servers["high"], "import time; time.sleep(1.5)", limits=Limits(cell=5)), 0)


def test_a_cell_that_no_signal_ends_is_left_out(servers):
    stubborn = "import time\nwhile True:\n    try: time.sleep(3600)\n    except BaseException: pass"
    done = run(servers["high"], stubborn, ANSWER, "f", stubborn, "print('on')", questions={"f": QUESTION},
               limits=Limits(cell=1))
    assert done.trouble == dict.fromkeys((0, 3), "this cell was ended after 1 seconds; the rest ran without it")
    assert texts(done, 4) == "on\n" and result(done, "f") == 4


def test_an_answer_that_never_ends_costs_its_own_points_alone(servers):
    done = run(servers["high"], "def f(x):\n    while True:\n        try:\n            while True: pass\n"
               "        except BaseException: pass\ng = lambda x: 2", "f", "g", questions={"f": QUESTION, "g": QUESTION},
               limits=Limits(cell=1))
    assert done.answers["f"] == {"timeout": True} and result(done, "g") == 2


def test_when_the_notebook_s_time_is_over_what_was_reached_is_asked(servers):
    own = ["import time\nfor _ in range(9): time.sleep(0.1)"] * 5
    done = run(servers["high"], ANSWER, "f", *own, "g = f", "g", questions={"f": QUESTION, "g": QUESTION},
               limits=Limits(cell=2, notebook=3))
    assert result(done, "f") == 4 and done.answers["g"] == {"timeout": True}
    assert "the notebook's 3 seconds were over here" in done.trouble.values()


ENDS = ("os._exit(1)", "os.kill(os.getpid(), 9)", "__import__('ctypes').string_at(0)", "os.abort()",
        "os.execv('/bin/true', ['true'])", "os.killpg(0, 9)")


@pytest.mark.parametrize("end", sampled(ENDS, {"os.killpg(0, 9)"}))
def test_any_number_of_cells_that_end_the_process_cost_no_answer(servers, end):
    cells = [cell for _ in range(12) for cell in ("import os", end)]
    done = run(servers["high"], *cells, ANSWER, "f", *cells, "print('on')", questions={"f": QUESTION})
    assert result(done, "f") == 4
    assert len(done.trouble) == 24 and texts(done, len(cells) * 2 + 2) == "on\n"


def test_a_check_that_gets_no_answer_is_named(servers):
    done = run(servers["high"], ANSWER, "f", "import os; os.kill(-1, 9)", questions={"f": QUESTION})
    assert done.answers["f"] == {} and "no answer came from here" in done.trouble[1]


BURN = "import time\nend = time.monotonic() + 60\nwhile time.monotonic() < end: pass"   # also if this process is killed


@pytest.mark.everything
def test_honest_work_beside_fifty_busy_sessions_gets_what_it_gets_alone(servers):
    """Of so many sessions each gets a fiftieth of the machine: by the wall's clock the cell takes more than its limit."""
    limits = Limits(cell=2, notebook=30)
    sources = ["import time\nbegan, end = time.monotonic(), time.process_time() + 0.25\n"
               "while time.process_time() < end: pass", "took = time.monotonic() - began", ANSWER, "f"]
    alone = run(servers["high"], *sources, questions={"f": QUESTION}, limits=limits)
    busy = [subprocess.Popen([sys.executable, "-c", BURN], start_new_session=True) for _ in range(25 * CORES)]
    try:
        time.sleep(1)
        beside = run(servers["high"], *sources, "print(took)", questions={"f": QUESTION}, limits=limits)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert float(texts(beside, 4)) > limits.cell, "not busy enough to tell"
    del beside.outputs[4]
    assert (beside.outputs, beside.answers, beside.trouble) == (alone.outputs, alone.answers, alone.trouble)
    assert result(alone, "f") == 4


MARK = """
import fcntl, os, socket, subprocess
places = {place for place, *_ in os.walk("/dev")} | {"/tmp", "/var/tmp", "/run", "/dev/shm", "/dev/mqueue", "/", "/course",
    os.getcwd(), os.path.expanduser("~"), "/proc/sys/kernel", "/proc/sys/net/core", "/proc/sys/fs", "/dev/pts"}
def try_(step):
    try: return step()
    except Exception: return None
def write(place, text):
    with open(place, "w") as file: return file.write(text)
"""
LEAVES = MARK + """
for place in places: try_(lambda: write(f"{place}/MARK", "MARK"))
for pid in filter(str.isdigit, os.listdir("/proc")): try_(lambda: write(f"/proc/{pid}/oom_score_adj", "777"))
kept = [socket.socket(socket.AF_UNIX) for _ in range(2)]
try_(lambda: kept[0].bind("\\0MARK")); try_(lambda: kept[0].listen())
for _ in range(50): try_(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"MARK", ("127.0.0.1", 9)))
terminals = os.openpty()
lock = open("/course/data/routes.csv"); fcntl.flock(lock, fcntl.LOCK_EX)
for name in ("shmmax", "msgmax", "sem"): try_(lambda: write(f"/proc/sys/kernel/{name}", "77"))
os.umask(0o77)
if os.fork() == 0:
    os.setsid(); import time; time.sleep(60)
"""
LOOKS = MARK + """
found = [place for place in places if os.path.lexists(f"{place}/MARK")]
for pid in filter(str.isdigit, os.listdir("/proc")):
    if try_(lambda: open(f"/proc/{pid}/oom_score_adj").read()) == "777\\n": found.append(f"score of {pid}")
if "MARK" in open("/proc/net/unix").read(): found.append("socket")
if len(os.listdir("/dev/pts")) > 1: found.append("terminal")
rows = [line.split() for line in open("/proc/net/snmp") if line.startswith("Udp:")]
if int(dict(zip(*rows))["OutDatagrams"]): found.append("packets")
lock = open("/course/data/routes.csv")
if try_(lambda: fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB) or "free") is None: found.append("lock")
if "77\\n" in [open(f"/proc/sys/kernel/{name}").read() for name in ("shmmax", "msgmax")]: found.append("number")
print(found)
"""
AS_SOMEBODY = """
import contextlib, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
import test_limits
with contextlib.closing(test_limits.ForkServer(Path({data!r}), test_limits.LIMITS, True)) as server:
    print(test_limits.marks_found(server))
"""


def marks_found(server) -> str:
    """What a submission finds of the marks that another has left wherever it could."""
    left = run(server, LEAVES)
    assert texts(left, 0) == "" and not left.trouble
    return texts(run(server, LOOKS), 0).strip()


def test_nothing_of_a_submission_reaches_the_next(servers):
    assert marks_found(servers["high"]) == "[]"


@pytest.mark.everything   # where the tests run as an ordinary user, the test above is this one
def test_nothing_of_a_submission_reaches_the_next_where_the_grader_is_an_ordinary_user(project):
    if NO_SANDBOX or os.geteuid() != 0:
        pytest.skip(NO_SANDBOX or "the tests run as an ordinary user, so the test above is this one")
    view = ["--perms", "0755", "--tmpfs", "/root"]   # Python may lie in a folder that only root may enter
    for path in (path for path in _python() if path.startswith("/root/")):
        view += [*_folders(Path(path).parent, {"/root"}), "--ro-bind", path, path]
    program = AS_SOMEBODY.format(tests=str(Path(__file__).parent), data=str(project.root / "data"))
    done = subprocess.run(
        ["bwrap", "--dev-bind", "/", "/", *view, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "setpriv",
         "--reuid", "65534", "--regid", "65534", "--clear-groups", sys.executable, "-c", program],
        capture_output=True, text=True, timeout=300, cwd="/", env={**os.environ, "HOME": "/tmp"})
    assert done.stdout == "[]\n", done.stderr[-1000:]


ALIVE = {
    "a DataLoader": "import torch\nfrom torch.utils.data import DataLoader, TensorDataset\n"
                    "rows = TensorDataset(torch.rand(20_000, 300))\n"
                    "batches = iter(DataLoader(rows, batch_size=9000, num_workers=2))\nnext(batches)",
    "a program, a handler that raises": "import signal, subprocess\ndef handler(*_): raise RuntimeError('handler')\n"
        "for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGUSR1): signal.signal(number, handler)\n"
        "left = [subprocess.Popen(['sleep', '60']) for _ in range(3)]",
    "signals without end": "import os, signal, threading, time\ndef handler(*_): raise RuntimeError('handler')\n"
        "signal.signal(signal.SIGUSR1, handler)\ndef send():\n    while True:\n        time.sleep(0.01)\n"
        "        os.kill(os.getpid(), signal.SIGUSR1)\nthreading.Thread(target=send, daemon=True).start()",
    "a pool, threads, atexit": "import atexit, multiprocessing, os, threading, time\npool = multiprocessing.Pool(2)\n"
        "atexit.register(os._exit, 3)\nthreading.Thread(target=time.sleep, args=(60,)).start()\nos.setpgrp()",
    "an alarm of its own": "import signal\nsignal.alarm(1)",
    "faulthandler": "import faulthandler, signal\nfaulthandler.enable()\nfaulthandler.register(signal.SIGUSR1)",
    "functions replaced": "import json, os, select, signal, time\n"
        "os.fork = os.kill = os.getpid = os.waitpid = os._exit = signal.signal = select.select = time.monotonic = print",
    "an event loop": "import asyncio, threading\nloop = asyncio.new_event_loop()\n"
        "threading.Thread(target=loop.run_forever, daemon=True).start()\nawait asyncio.sleep(0.01)",
}


@pytest.mark.parametrize("kind", ALIVE)
def test_what_a_notebook_leaves_running_costs_no_answer(servers, kind):
    done = run(servers["high"], ALIVE[kind], ANSWER, "f", questions={"f": QUESTION}, limits=Limits(cell=10))
    assert result(done, "f") == 4 and done.trouble == {}


def test_an_answer_may_use_workers_itself(servers):
    answer = "import torch\nfrom torch.utils.data import DataLoader\ndef f(x):\n" \
             "    return sum(int(b) for b in DataLoader(torch.arange(4), num_workers=2)) + x"
    done = run(servers["high"], answer, "f", questions={"f": QUESTION})
    assert result(done, "f") == 9


PATCHED = """
import builtins, json, os, select, socket, struct, sys, time, torch
for name in [name for name in sys.modules if name.startswith("embedding_course")]:
    module = sys.modules[name]
    for inner in list(vars(module)):
        if callable(vars(module)[inner]): setattr(module, inner, print)
for module in (json, json.encoder, json.decoder, struct):
    for name in module.__all__ if module is json else ("JSONEncoder", "JSONDecoder", "Struct", "pack", "unpack"):
        setattr(module, name, print)
for name in ("send", "recv", "fileno", "close", "__init__"): setattr(socket.socket, name, print)
socket.MSG_DONTWAIT, struct.Struct, torch.set_num_threads, os.pidfd_open = 0, print, print, print
builtins.memoryview = builtins.sum = builtins.sorted = builtins.callable = print
"""


def test_what_a_notebook_replaces_changes_no_answer(servers):
    done = run(servers["high"], ANSWER, PATCHED, "f", "g = lambda x: {'y': x}", "g", "print('still here')",
               questions={"f": QUESTION, "g": QUESTION})
    plain = run(servers["high"], ANSWER, "f", "g = lambda x: {'y': x}", "g", questions={"f": QUESTION, "g": QUESTION})
    assert done.answers == plain.answers and result(done, "f") == 4
    assert done.trouble == {} and texts(done, 5) == "still here\n"


def test_no_name_leads_to_the_grader_s_own_modules(servers):
    source = """import sys, embedding_course.checking
print([name for name in sys.modules if "course.course" in name or "private" in name],
      hasattr(embedding_course, "course"), hasattr(embedding_course.checking, "private"))"""
    assert texts(run(servers["high"], source), 0) == "[] False False\n"


def test_without_word_of_a_process_s_end_nothing_stands_by(monkeypatch):
    monkeypatch.setattr(cells, "pidfd_open", None)   # macOS
    assert cells._guard(apart=True) is None


def test_a_slow_cell_above_the_answers_costs_itself_alone(servers):
    done = run(servers["high"], "import time\ntime.sleep(60)", ANSWER, "f", questions={"f": QUESTION},
               limits=Limits(cell=1))
    assert "stopped after 1 seconds" in texts(done, 0) and done.trouble == {}
    assert result(done, "f") == 4


def test_when_all_time_is_over_the_cell_that_took_it_is_named(servers):
    done = run(servers["high"], "import time", "time.sleep(2.5)", "time.sleep(1)", "time.sleep(1)", ANSWER, "f",
               questions={"f": QUESTION}, limits=Limits(cell=3, notebook=4))
    assert done.answers["f"] == {"timeout": True}
    [(slow, took), (last, over)] = sorted(done.trouble.items())
    assert slow == 1 and took in [f"this cell took {s} of the notebook's 4 seconds" for s in (2, 3)]
    assert last in (2, 3) and over == "the notebook's 4 seconds were over here"
