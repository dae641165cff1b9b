"""Runs a notebook in a new Python, where processes can't be forked (Windows): each check is asked when it is reached."""
import tempfile

from ..child import in_child
from ..problem import Problem
from .engine import Executed
from .limits import Limits


def execute(data: str, cells: list[dict], files: dict, questions: dict, limits: Limits) -> Executed:
    """As `runner.execute`, but a cell that ends the process or its time ends all."""
    with tempfile.TemporaryDirectory(prefix="course-check-", ignore_cleanup_errors=True) as folder:
        job = {"cells": cells, "files": files, "room": limits.output, "data": data, "folder": f"{folder}/notebook"}
        try:
            outputs, answers = in_child(play, job, questions, timeout=limits.notebook)
            return Executed(dict(outputs), answers)
        except TimeoutError:
            return Executed(answers={name: {"timeout": True} for name in questions})
        except Problem:
            return Executed()


def play(job: dict, questions: dict) -> tuple[list, dict]:
    """Runs the cells here, in this process: pairs of position and outputs, and answers by exercise."""
    from .shell import make_shell, reply, run_cell, settle  # here, since torch comes with it
    shell = make_shell()
    outputs, answers = [], {}
    settle(job)
    for number, cell in enumerate(job["cells"]):
        if "check" in cell:
            answers[cell["check"]] = reply(shell, cell["check"], questions[cell["check"]])
        else:
            outputs.append((number, run_cell(shell, cell["source"], job["room"])))
    return outputs, answers
