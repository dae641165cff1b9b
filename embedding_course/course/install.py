"""Installs the course into `.venv`, by uv where it can be had, else by pip. Run as a file: nothing is there to import yet.

    python3 embedding_course/course/install.py lab,reuse

Indexes, links and constraints that you have set for pip or uv are used.
"""
import ast
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
TORCH = "https://download.pytorch.org/whl/cpu/torch/"   # where uv finds the build of torch that fits a machine
PATIENCE = 3   # seconds for that index to answer
AS_UV_SAYS = {"index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_INDEX", "find-links": "UV_FIND_LINKS",
              "constraint": "UV_CONSTRAINT", "no-index": "UV_NO_INDEX", "cert": "SSL_CERT_FILE"}
OWN = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_NO_INDEX",
       "UV_TORCH_BACKEND")


def main(extras):
    """Installs the project with extras, and says what it does. Returns the exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this file may have any Python
        print("The course needs Python 3.11 or newer; PYTHON=python3.12 make lab takes another one")
        return 1
    say("Installing the course into .venv: 300 to 400 MB to load, 1.4 GB on disk; one to three minutes, once.")
    if not PYTHON.exists() and subprocess.run([sys.executable, "-m", "venv", str(VENV)]).returncode:
        say("Python could not make .venv: on Debian and Ubuntu `apt install python3-venv` brings what is missing.")
        return 1
    packages = ["-c", str(ROOT / "constraints.txt"), "-e", f"{ROOT}[{extras}]"]
    for words, command, environment in ways(packages):
        say(words)
        if subprocess.run(command, cwd=ROOT, env=environment).returncode == 0:
            say("Installed.")
            return 0
    say("Nothing could be installed: see the lines above. Is there a network, and room on the disk?")
    return 1


def ways(packages):
    """What to try, in order: (words, command, environment)."""
    uv = find_uv()
    if uv:
        environment = dict(os.environ, **settings_of_pip(), UV_HTTP_TIMEOUT=os.environ.get("UV_HTTP_TIMEOUT", "120"))
        command = [uv, "pip", "install", "--python", str(PYTHON), "--reinstall-package", "embedding-course"]
        if any(environment.get(name) for name in OWN):
            yield "torch comes from where you have said (indexes, links or UV_TORCH_BACKEND of your own).", \
                [*command, *packages], environment
        else:
            if answers(TORCH):
                yield "torch comes in the build that fits this machine: the small one where there is no GPU.", \
                    [*command, "--torch-backend=auto", *packages], environment
            yield "pytorch.org's index was of no help; torch comes from PyPI (on Linux with CUDA, some gigabytes).", \
                [*command, *packages], environment
    yield "pip does the work; that takes a few minutes more.", [str(PYTHON), "-m", "pip", "install", *packages], None


def find_uv():
    """uv: yours, else one in the environment, from PyPI; None where it can't be had."""
    there = shutil.which("uv", path=os.pathsep.join([os.environ.get("PATH", ""), str(PYTHON.parent)]))
    if not there:
        subprocess.run([str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "uv"],
                       stderr=subprocess.DEVNULL)
        there = shutil.which("uv", path=str(PYTHON.parent))
    return there


def settings_of_pip():
    """What pip's files and variables say, as uv's variables. Where uv's are set, those count."""
    done = subprocess.run([str(PYTHON), "-m", "pip", "config", "list"], stdout=subprocess.PIPE, text=True)
    found = {}
    for scope in ("global.", "install.", ":env:."):   # the later counts
        for line in done.stdout.splitlines():
            key, _, value = line.partition("=")
            name = AS_UV_SAYS.get(key[len(scope):]) if key.startswith(scope) else None
            if name:
                values = ast.literal_eval(value).split()
                found[name] = ("," if name == "UV_FIND_LINKS" else " ").join(values)
    if "UV_INDEX" in found:
        found["UV_INDEX_STRATEGY"] = "unsafe-best-match"   # as pip does: the newest of all indexes
    return {name: value for name, value in found.items() if not os.environ.get(name)}


def answers(address):
    """Whether an index can be reached, quickly: uv itself would try for a minute."""
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE):
            return True
    except (OSError, ValueError):
        return False


def say(words):
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "lab,reuse"))
