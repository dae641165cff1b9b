"""Runs cells one after the other in one namespace and asks answers for their outcomes: a kernel's work without one."""
import linecache
import traceback
from dataclasses import dataclass

from ..checking.outcome import answer_cases


@dataclass(frozen=True)
class Run:
    """A cell to run. `file` names it in error messages; its first line counts as line 1."""
    source: str
    file: str


@dataclass(frozen=True)
class Ask:
    """An answer to be asked: its name, how to call it, its cases (arguments only), and ways to watch for."""
    name: str
    call: str
    cases: list[dict]
    forbidden: list[str]


def ask(name: str, exercise: dict) -> Ask:
    """The question for an exercise, without its expectations."""
    cases = [{"arguments": case["arguments"]} for case in exercise["cases"]]
    return Ask(name, exercise["call"], cases, list(exercise["rules"]["forbidden"]))


def play(steps: list[Run | Ask]) -> list[dict]:
    """Runs the steps; one result for each Ask: what `answer_cases` gives, or {"missing": True, "why": …}."""
    namespace, results, trouble = {"__name__": "__main__"}, [], {}
    for number, step in enumerate(steps):
        if isinstance(step, Run):
            trouble = _run(step, namespace, number)
        elif step.name in namespace and not trouble.get("syntax"):
            results.append(answer_cases(step.call, namespace[step.name], step.cases, step.forbidden))
        else:
            results.append({"missing": True, "why": trouble.get("text", "")})
    return results


def _run(step, namespace, number) -> dict:
    """Runs one cell; an error ends the cell, not the notebook. Returns what went wrong, or nothing."""
    file = f"<{step.file} {number}>"
    linecache.cache[file] = (len(step.source), None, step.source.splitlines(keepends=True), file)
    try:
        code = compile(step.source, file, "exec")
    except SyntaxError as error:
        if any(line.lstrip().startswith(("%", "!", "?")) or line.rstrip().endswith("?")
               for line in step.source.splitlines()):
            return _run_as_ipython(step, namespace)
        return {"syntax": True, "text": f"line {error.lineno}: {error.msg}: {(error.text or '').strip()}"}
    try:
        exec(code, namespace)
    except NotImplementedError:
        return {}
    except BaseException as error:  # noqa: BLE001 - exit() in a cell ends that cell only
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
        return {"text": f"line {lines[-1] if lines else '?'}: {type(error).__name__}: {error}"}
    return {}


def _run_as_ipython(step, namespace) -> dict:
    """A cell with magics or shell lines: IPython's, not Python's."""
    from IPython.core.interactiveshell import InteractiveShell
    shell = InteractiveShell.instance(user_ns=namespace)
    result = shell.run_cell(step.source, store_history=False)
    wrong = result.error_before_exec or result.error_in_exec
    return {"text": f"{type(wrong).__name__}: {wrong}", "syntax": bool(result.error_before_exec)} if wrong else {}
