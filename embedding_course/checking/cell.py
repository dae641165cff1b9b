"""`check("pluck")`: the line in a check cell. It answers at once, in the learner's own kernel."""
import difflib
import json
import re
import sys
from pathlib import Path

from ..kept import keep_check
from ..noted import tell
from ..places import SHIPPED, project_root
from .outcome import answer_cases
from .report import assess, wrapped
from .unseen import unseen

_passed: set[str] = set()


class CheckFailed(AssertionError):
    """An exercise that is not right yet. A notebook shows the hint, and no stack."""

    def _render_traceback_(self):
        return str(self).splitlines()


def check(name: str) -> None:
    """Runs the visible check of one exercise on the function or class of that name in the notebook.

    raises : CheckFailed, with the hint, if the answer isn't right yet or not begun; LookupError for an unknown name
    """
    exercise = find_exercise(name)
    namespace = sys._getframe(1).f_globals
    _passed.discard(name)
    if name not in namespace:
        raise CheckFailed("\n".join([f"· {name}: not defined yet. Run the cell above first (Shift+Enter).",
                                     *_why_not(name, namespace.get("In"))]))
    answered = answer_cases(exercise["call"], namespace[name], exercise["cases"], exercise["rules"]["forbidden"])
    result, report = assess(name, exercise, answered)
    tell("check", exercise=name, slip=result.slip if result else None,
         verdict="untouched" if result is None else "passed" if result.right else "failed")
    if result is None or not result.right:
        raise CheckFailed("\n".join(report))
    _passed.add(name)
    sys.stdout.write("\n".join(report) + "\n")   # one piece: a kernel may send what `print` writes before its line's end
    keep_check(name)


def _why_not(name: str, history) -> list[str]:
    """What can't be seen in the last cell that was run to define a name.

    history : IPython's list of the cells run in this session, or None outside of it
    """
    cells = [text for text in history or [] if isinstance(text, str) and re.search(rf"\b(def|class) {name}\b", text)]
    return wrapped(*unseen(cells[-1])) if cells else []


def passed(name: str) -> bool:
    """Whether the check of an exercise has passed in this session."""
    return name in _passed


def find_exercise(name: str) -> dict:
    """An exercise's description: from `checks.json` beside the notebook, else from the package's own copies.

    raises : LookupError, naming the nearest exercise and the places looked at
    """
    root = project_root()
    folders = [root / "notebooks", SHIPPED / "notebooks"] if root else [SHIPPED / "notebooks"]
    places = [Path("checks.json"), *(path for folder in folders for path in sorted(folder.glob("*/checks.json")))]
    known = []
    for place in places:
        if place.is_file():
            exercises = json.loads(place.read_text(encoding="utf-8"))["exercises"]
            if name in exercises:
                return exercises[name]
            known += exercises
    near = difflib.get_close_matches(name, known, 1)
    hint = f"the nearest name is {near[0]}" if near else f"no checks.json beside the notebook ({Path.cwd()})"
    raise LookupError(f"no exercise {name}; {hint}")
