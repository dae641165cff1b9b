"""Submissions that want to damage the machine, the class or the next student."""
from submissions import FULL, RIGHT, WRONG, attempt


@attempt(FULL, RIGHT)
def deletes_everything(work):
    """rm -rf over all that can be reached."""
    work.first("import os, shutil\nfor path in ('/', os.path.expanduser('~'), '..', '/work', '/root', '/home', '/var'):\n"
               "    shutil.rmtree(path, ignore_errors=True)\n!rm -rf --no-preserve-root / 2>/dev/null")


@attempt(FULL, RIGHT)
def a_start_up_file(work):
    """Leaves start-up files that would run for the next student."""
    work.first('''import os, sys, site
for path in ("~/.ipython/profile_default/startup/0.py", "~/.pythonrc", "/tmp/sitecustomize.py", "/tmp/.ipython/profile_default/startup/0.py"):
    path = os.path.expanduser(path)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "w").write("import torch; torch.equal = lambda *a: True; print('POISONED')")
    except OSError: pass
for folder in [*site.getsitepackages(), *sys.path]:
    try: open(os.path.join(folder, "sitecustomize.py"), "w").write("print('POISONED')")
    except OSError: pass''')


@attempt(FULL, RIGHT)
def after_the_poisoner(work):
    """The next student: looks whether anything of another submission is left."""
    work.first("import glob, os\nprint('LEFT', glob.glob('/tmp/*'), glob.glob(os.path.expanduser('~/*')), os.listdir('.'))")


@attempt(FULL, RIGHT)
def a_background_process(work):
    """Starts a daemon that waits and edits grades later."""
    work.first('''import os, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time\\nwhile True: time.sleep(0.2)  # HOSTILE-DAEMON"],
                 start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        import time
        while True: time.sleep(0.2)
    os._exit(0)''')


@attempt(FULL, RIGHT)
def a_fork_bomb(work):
    """Forks without end."""
    work.last("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass")


@attempt(FULL, RIGHT)
def a_fork_bomb_before_the_answers(work):
    """Forks without end before anything is answered; each child has a session of its own and listens to no signal."""
    work.first("""import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    try:
        if os.fork() == 0: os.setsid()
    except OSError: pass""")


@attempt(FULL, RIGHT)
def much_memory(work):
    """Takes memory until something breaks."""
    work.last("x = []\nwhile True: x.append(bytearray(64 * 2**20))")


@attempt(FULL, RIGHT)
def shared_memory(work):
    """Takes memory that no heap limit counts: anonymous shared mappings, memfd, SysV."""
    work.last('''import ctypes, mmap, os
keep = []
try: keep.append(os.memfd_create("x")); print("MEMFD")
except (OSError, AttributeError): pass
if ctypes.CDLL(None).shmget(0, 2**30, 0o1600) >= 0: print("SYSV")
for _ in range(64):
    m = mmap.mmap(-1, 256 * 2**20)
    for i in range(0, len(m), 4096): m[i] = 1
    keep.append(m)''')


@attempt(FULL, RIGHT)
def many_small_children_with_memory(work):
    """Spreads the memory over many processes."""
    work.last('''import os, time
for _ in range(40):
    try:
        if os.fork() == 0:
            x = bytearray(200 * 2**20)
            for i in range(0, len(x), 4096): x[i] = 1
            time.sleep(30); os._exit(0)
    except OSError: pass
time.sleep(5)''')


@attempt(FULL, RIGHT)
def fills_the_disk(work):
    """Writes files until the disk is full."""
    work.last('''import os
for folder in (".", "/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~")):
    try:
        with open(os.path.join(folder, "big"), "wb") as f:
            for _ in range(4000): f.write(bytes(2**20))
    except OSError as error: print(error)''')


@attempt(FULL, RIGHT)
def floods_the_output(work):
    """Prints without end."""
    work.last("while True: print('x' * 10_000)")


@attempt(FULL, RIGHT)
def floods_with_pictures(work):
    """Displays an enormous picture again and again."""
    work.last("from IPython.display import display\nfor _ in range(200): display({'image/png': 'A' * 10**6}, raw=True)")


@attempt(FULL, RIGHT)
def ignores_interrupts(work):
    """A loop that catches every exception and ignores every signal."""
    work.last('''import signal
for s in range(1, 32):
    try: signal.signal(s, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True:
    try:
        while True: pass
    except BaseException: pass''')


@attempt(5, {**RIGHT, "matmul": "def matmul(a, b):\n    while True:\n        try:\n            while True: pass\n"
             "        except BaseException: pass\n"})
def an_endless_answer(work):
    """`matmul` never ends and catches whatever should end it; the other answers are right."""


@attempt(FULL, RIGHT)
def sleeps_at_import(work):
    """An own cell sleeps for an hour."""
    work.first("import time\ntime.sleep(3600)")


@attempt(0, RIGHT)
def kills_all(work):
    """Kills every process that it can name, and so the copies of itself that were to be asked."""
    work.last('''import os, signal
for pid in [1, os.getppid(), *[int(p) for p in os.listdir("/proc") if p.isdigit()]]:
    if pid != os.getpid():
        try: os.kill(pid, signal.SIGKILL)
        except OSError: pass
os.kill(-1, signal.SIGKILL)''')


@attempt(FULL, RIGHT)
def gains_rights(work):
    """Tries for root: setuid, namespaces, mounts, devices, modules."""
    work.last('''import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for call in (lambda: os.setuid(0), lambda: os.chroot("/"), lambda: os.mknod("/tmp/sda", 0o60666, os.makedev(8, 0))):
    try: call(); print("GAINED", call)
    except OSError: pass
for flag in (0x10000000, 0x00020000, 0x40000000, 0x20000000):
    if libc.unshare(flag) == 0: print("GAINED namespace", flag)
if libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, b"") == 0: print("GAINED mount")
!su root -c id; sudo -n id''')


@attempt(FULL, RIGHT)
def changes_its_limits(work):
    """Raises its own limits, and then takes."""
    work.last('''import resource
for what in (resource.RLIMIT_CPU, resource.RLIMIT_DATA, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE):
    try: resource.setrlimit(what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)); print("RAISED", what)
    except (OSError, ValueError): pass''')


@attempt(FULL, RIGHT)
def installs_packages(work):
    """pip install in a cell, by magic and by shell, into the grader's environment."""
    work.first("%pip install --quiet colorama==0.4.5\n!pip install --quiet colorama==0.4.5\n!conda install -y x")


@attempt(0, WRONG)
def a_module_called_torch(work):
    """torch.py, embedding_course.py and sitecustomize.py beside the notebook."""
    for name in ("torch.py", "embedding_course.py", "sitecustomize.py", "json.py", "IPython.py"):
        (work.folder / name).write_text("raise SystemExit('SHADOWED')\nequal = lambda *a: True\n")


@attempt(FULL, RIGHT)
def a_data_folder_of_its_own(work):
    """A folder `data` with other tables beside the notebook."""
    (work.folder / "data").mkdir()
    (work.folder / "data" / "routes.csv").write_text("nonsense\n")


@attempt(FULL, RIGHT)
def many_files(work):
    """Thousands of files and a deep folder beside the notebook."""
    deep = work.folder.joinpath(*["d"] * 30)
    deep.mkdir(parents=True)
    for number in range(300):
        (work.folder / f"f{number}").write_text("x")


@attempt(FULL, RIGHT)
def a_cell_of_threads(work):
    """Hundreds of threads that never end."""
    work.last("import threading, time\nfor _ in range(500):\n    try: threading.Thread(target=time.sleep, args=(600,)).start()\n"
              "    except RuntimeError: break")
