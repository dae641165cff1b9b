"""Windows and macOS for learners, as far as Linux can play them: no POSIX-only module or call, no encoding left open."""
import io
import os
import subprocess
import sys

from embedding_course.course.cli import main

# Libraries are imported before: they know the machine they are on. Ours must do without what only POSIX has.
WINDOWS = """
import importlib, multiprocessing.context, os, pkgutil, platform, signal, socket, subprocess, sys, warnings
import IPython, jupyter_server.extension.manager, jupytext, matplotlib.pyplot, nbformat, pandas, torch
for name in ("fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"):
    sys.modules[name] = None
for name in ("fork", "geteuid", "getuid", "killpg", "sched_getaffinity", "setsid", "uname", "wait4"):
    delattr(os, name)
for name in ("SIGALRM", "SIGKILL", "SIGHUP", "alarm", "setitimer"):
    delattr(signal, name)
del socket.send_fds, socket.recv_fds
def no_exec(*ignored):
    raise AssertionError("exec would leave a second process on Windows")
os.execve = os.execv = no_exec
sys.platform = "win32"
warnings.filterwarnings("error", category=EncodingWarning, module="embedding_course")
import embedding_course
"""


def on_windows(code, folder):
    """Runs code as if on Windows: files are opened as ASCII unless the code says how, and saying nothing is an error."""
    environment = {**os.environ, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-X", "warn_default_encoding", "-c", WINDOWS + code], cwd=folder,
                          env=environment, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_lessons_import_reads_its_tables_draws_and_checks(project):
    said = on_windows("""
for module in pkgutil.walk_packages(embedding_course.__path__, "embedding_course."):
    if not module.name.startswith("embedding_course.course"):
        importlib.import_module(module.name)
from embedding_course import check, data, figures
from embedding_course.pictures.one_hot import before_after_step
for name in [name for name in vars(data) if name.startswith("read_")]:
    print(name, len(getattr(data, name)()) > 0)
print("<svg" in figures.show(before_after_step(), "five airports").data)
def pluck(codes, weight):
    return torch.nn.functional.embedding(codes, weight)
check("pluck")
""", project.release / "02-matmul")
    assert "False" not in said
    assert said.count("True") >= 7
    assert "✓ pluck" in said


def test_the_learners_commands_do_without_posix(copied):
    said = on_windows("""
from embedding_course.course import child, cli, lab
class Server:
    def __init__(self, command, cwd, env, stderr):
        print("started in", os.path.basename(cwd))
    def poll(self):
        return 0
    wait = poll
lab.subprocess.Popen = Server
lab._servers = list
for command in (["lab", "--no-browser"], ["progress"], ["update", "02-matmul"], ["solution", "02-matmul"]):
    print(command, cli.main(command))
cli.main(["doctor", "--grading"])
importlib.import_module("embedding_course.course.check_work")
print(child.warm_context().get_start_method())
""", copied.root)
    assert "started in work" in said
    assert said.count("] 0\n") == 4
    assert "grading: not on Windows" in said
    assert said.endswith("spawn\n")


def test_a_report_goes_to_a_file_even_in_windows_old_encoding(copied, monkeypatch):
    file = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", write_through=True)   # has no ✓ and no →
    monkeypatch.chdir(copied.root)
    monkeypatch.setattr(sys, "stdout", file)
    assert main(["progress"]) == 0
    assert b"What does a one-hot row do to a matrix?" in file.buffer.getvalue()


def test_no_text_file_is_opened_in_whatever_encoding_a_machine_has(project):
    """A sandbox's files are Linux's own."""
    done = subprocess.run([sys.executable, "-m", "ruff", "check", "--preview", "--select", "PLW1514", "--exclude",
                           "grading", "embedding_course"], cwd=project.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
