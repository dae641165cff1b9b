"""Short marks of exercises: which of them have changed since a copy was made, or since a grade was given."""
import hashlib
import json

from .matching import mark

DIGITS = 4   # of numbers: the last ones differ from CPU to CPU


def mark_of(exercise: dict, everywhere: bool = False) -> str:
    """A mark of how an exercise is judged: another case, right outcome, rule or point gives another, a hint doesn't.

    exercise : as `checks.json` holds it
    everywhere : the same mark on every CPU: of results, numbers that are no quarters are left out
    """
    rules = {name: rule for name, rule in exercise["rules"].items() if rule}   # a rule that is new and not used is none
    cases = [[case["group"], _rounded(case["arguments"]), _rounded(case["expect"]["reference"], everywhere)]
             for case in exercise["cases"]]
    told = json.dumps([exercise["call"], exercise["points"], _rounded(rules), cases], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def _rounded(value, quarters_only=False):
    if isinstance(value, float):
        text = f"{value:.{DIGITS}g}"
        return text if not quarters_only or float(text) * 4 % 1 == 0 else "~"
    if isinstance(value, list):
        return [_rounded(one, quarters_only) for one in value]
    return {key: _rounded(one, quarters_only) for key, one in value.items()} if isinstance(value, dict) else value


def changed_since(released, theirs) -> list[str]:
    """Exercises whose text or visible check is another in a release than in the one that a notebook was made from.

    released, theirs : notebooks; what the latter says of its release is a stranger's word
    """
    now, said = (notebook.metadata.get("embedding_course") for notebook in (released, theirs))
    if not isinstance(said, dict) or not isinstance(said.get("release"), str) or said["release"] == now["release"]:
        return []   # or nobody can tell: another program took what was said away
    texts, checks = str(said.get("texts", "")).split(), said.get("checks")
    checks = checks if isinstance(checks, dict) else {}
    stubs = {cell.get("id"): cell.source for cell in released.cells}
    return [name for name, check in now.get("checks", {}).items()
            if mark(stubs.get(name, "")) not in texts or checks.get(name, check) != check]
