"""Grading under nbgrader: cells run in the student's kernel, check cells are judged here, outside of it."""
import json
from functools import lru_cache
from pathlib import Path

import torch
from nbformat.v4 import new_code_cell, new_output
from nbgrader.preprocessors import Execute

from ..checking.remote import MIME
from ..checking.report import assess
from .expected import Full, full_exercises
from .lesson import read_lesson
from .project import Project

ASK = ("__import__('embedding_course.checking.remote', fromlist=['answer'])"
       ".answer(**__import__('json').loads({request!r}))")
NO_ANSWER = "✗ {name}: the notebook's process gave no usable answer. Does a cell end it, or replace `print`?"


class JudgeOutside(Execute):
    """Executes a submission; at each check cell it sends cases in, takes outcomes out, and writes the score itself."""

    def preprocess(self, nb, resources=None, km=None):
        project = Project.find(Path(resources["metadata"]["path"]))
        self.exercises = _exercises(project, resources["nbgrader"]["assignment"])
        return super().preprocess(nb, resources, km=km)

    def preprocess_cell(self, cell, resources, index):
        name = str(cell.metadata.get("nbgrader", {}).get("grade_id", "")).removeprefix("check-")
        if not (cell.metadata.get("nbgrader", {}).get("grade") and name in self.exercises):
            return super().preprocess_cell(cell, resources, index)
        score, report = self._judged(name, index)
        self.nb.cells[index] = cell
        cell.execution_count = None
        cell.outputs = [new_output("stream", name="stdout", text="\n".join(report) + "\n"),
                        new_output("execute_result", data={"text/plain": str(float(score))}, execution_count=None)]
        return cell, resources

    def _judged(self, name, index):
        """The score and the report for one exercise."""
        full = self.exercises[name]
        request = json.dumps({"name": name, "call": full.exercise["call"],
                              "cases": [{"arguments": case["arguments"]} for case in full.exercise["cases"]],
                              "forbidden": full.exercise["rules"]["forbidden"]})
        probe = new_code_cell(ASK.format(request=request))
        self.execute_cell(probe, index, store_history=False)
        return verdict(name, _answered(probe.outputs), full, self.timeout)


def verdict(name: str, answered: dict, full: Full, timeout: float) -> tuple[int, list[str]]:
    """The score and the report for what a student's process sent back, whatever that is.

    answered : plain data, in the form of `outcome.answer_cases` if the process was honest
    timeout : seconds that it had, for the report
    """
    problem = _problem(name, answered, len(full.exercise["cases"]), timeout)
    if problem:
        return 0, [problem]
    try:
        result, report = assess(name, full.exercise, answered, full.fresh_from)
    except (AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError):
        return 0, [NO_ANSWER.format(name=name)]   # a forged reply in no form of ours
    if result is None:
        return 0, report
    return result.score, report + [f"  {result.score} of {full.total} points: " + ", ".join(
        f"{group} {'✓' if paid else '✗'}" for group, paid in result.groups.items())]


def _answered(outputs) -> dict:
    """What came back from the student's process: the last message under our mime type, if it is well formed."""
    sent = [output.data[MIME] for output in outputs if MIME in output.get("data", {})]
    try:
        answered = json.loads(sent[-1])
        return answered if isinstance(answered, dict) else {}
    except (IndexError, TypeError, ValueError):
        timed_out = any(output.get("ename") == "CellTimeoutError" for output in outputs)
        return {"timeout": True} if timed_out else {}


def _problem(name, answered, cases, timeout) -> str | None:
    """The report where no judgement is possible, else None."""
    if answered.get("missing"):
        return f"· {name}: not defined when its check ran. Did the cell above end in an error?"
    if answered.get("timeout"):
        return f"✗ {name}: no answer within {timeout} seconds. Does a loop never end?"
    outcomes = answered.get("outcomes")
    if not answered.get("stub") and not (isinstance(outcomes, list) and len(outcomes) == cases):
        return NO_ANSWER.format(name=name)
    return None


@lru_cache(maxsize=16)
def _exercises(project: Project, name: str) -> dict:
    """The lesson's exercises with the class's cases; none for an assignment that isn't one of our lessons."""
    source = project.solutions / f"{name}.py"
    if not source.is_file():
        return {}
    torch.set_num_threads(1)
    return full_exercises(read_lesson(source), project.seed())
