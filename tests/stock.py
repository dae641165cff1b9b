"""Stock nbgrader commands as somebody would type them, without the seconds that each takes to import nbgrader."""
import multiprocessing
import os
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

BIN = Path(sys.executable).parent
SERVER = multiprocessing.get_context("forkserver")   # it imports nbgrader once; each command is a fork of it
SERVER.set_forkserver_preload(["nbgrader.apps.nbgraderapp"])


def nbgrader(folder, *arguments) -> SimpleNamespace:
    """Runs `nbgrader …` in a folder, in a process of its own; returns its returncode, stdout and stderr."""
    with tempfile.TemporaryDirectory() as output:
        files = [Path(output) / name for name in ("stdout", "stderr")]
        process = SERVER.Process(target=_typed, args=(folder, arguments, files))
        process.start()
        process.join()
        stdout, stderr = (file.read_text(encoding="utf-8") for file in files)
    return SimpleNamespace(returncode=process.exitcode, stdout=stdout, stderr=stderr)


def _typed(folder, arguments, files):
    for number, file in enumerate(files, 1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    os.chdir(folder)
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    sys.argv = [str(BIN / "nbgrader"), *arguments]

    from nbgrader.apps.nbgraderapp import main
    main()
