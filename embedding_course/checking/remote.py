"""The student's side of grading: runs the answer on the cases sent in, and hands the outcomes out as data.

It holds no reference, no expectation, no score. The judge stands in another process.
"""
import json

from .outcome import answer_cases

MIME = "application/vnd.embedding-course.outcomes+json"


def answer(name: str, call: str, cases: list[dict], forbidden) -> None:
    """Displays the outcomes of the answer called `name` in the running kernel, under our mime type."""
    from IPython import get_ipython
    from IPython.display import display
    shell = get_ipython()
    did = answer_cases(call, shell.user_ns[name], cases, forbidden) if name in shell.user_ns else {"missing": True}
    display({MIME: json.dumps(did), "text/plain": ""}, raw=True)
