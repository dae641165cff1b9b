"""Which of a submission's files is the notebook that counts, and which go into the sandbox beside it."""
import base64
from pathlib import Path

from ..graft import answers_in
from ..problem import Problem
from ..project import files_in
from ..reading import parse_notebook
from .folders import OURS


def choose(files: dict[str, bytes], lesson: str, released) -> tuple[str, list[str], list[str]]:
    """The name of the notebook that counts, notes for its student on how it was found, and flags for the instructor.

    files : by name, slashes between folders
    released : the released notebook, for telling an untouched copy from finished work
    raises : Problem where it would be a guess
    """
    wanted = f"{lesson}.ipynb"
    notebooks = [name for name in files if name.lower().endswith(".ipynb") and "/" not in name]
    if not notebooks:
        raise Problem(f"{wanted}: not in the submission (there is {', '.join(sorted(files)[:5]) or 'nothing'})")
    if wanted not in notebooks:
        if len(notebooks) == 1:
            return notebooks[0], [f"the notebook was called {notebooks[0]}; it counts as {wanted}"], []
        raise Problem(f"{wanted}: not in the submission; which of {', '.join(notebooks[:5])} counts?")
    others = [name for name in notebooks if name != wanted]
    answers = {name: _answers(files[name], name, released) for name in notebooks} if others else {}
    begun = [name for name in others if answers[name]]
    if begun and not answers[wanted]:
        raise Problem(f"{wanted}: untouched, but {', '.join(begun[:5])} beside it holds answers; which one counts?")
    flags = [f"{name} beside {wanted} holds other answers: {', '.join(other[:5])}"
             for name in begun for other in [_others(answers[name], answers[wanted])] if other]
    return wanted, [f"{name} lies beside it and was not graded" for name in others], flags


def beside(files: dict[str, bytes], notebook: str) -> dict[str, str]:
    """Other files that go into the sandbox with the notebook, as base64."""
    return {name: base64.b64encode(data).decode() for name, data in files.items()
            if name != notebook and name.split("/")[0] not in OURS and not name.endswith(".ipynb")}


def released_files(folder: Path) -> dict[str, str]:
    """What lies beside a released notebook: its checks, and tables, as base64."""
    return {file.as_posix(): base64.b64encode((folder / file).read_bytes()).decode()
            for file in files_in(folder) if file.suffix != ".ipynb"}


def _answers(raw, name, released) -> dict[str, str]:
    try:
        return answers_in(released, parse_notebook(raw, name))
    except Problem:
        return {}


def _others(theirs, counted) -> list[str]:
    """Exercises whose answer in another notebook is not the one that counts; one that only the latter has is none."""
    return [name for name, text in theirs.items() if counted.get(name) != text]
