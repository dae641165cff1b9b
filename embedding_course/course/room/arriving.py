"""What arrives from a learner, checked against the lesson before anything else sees it. It is a stranger's."""
import unicodedata

from .known import Known

MOST_EVENTS = 20          # in one request
MOST_NAME, MOST_SAID = 30, 80   # characters
LONGEST_AGO = 3600.0      # seconds that an event may have waited
MOST_COUNT = 10**9        # of a learner's events, by number
VERDICTS = ("passed", "failed", "untouched")


class Unreadable(ValueError):
    """It isn't what the package sends."""


def events(content, lesson: Known) -> list[dict]:
    """A request's events, in the form that is kept: known names only, texts bounded, numbers within bounds.

    What belongs to another lesson is left out: a learner may work on two.

    raises : Unreadable
    """
    listed = content.get("events") if isinstance(content, dict) else None
    if not isinstance(listed, list) or len(listed) > MOST_EVENTS:
        raise Unreadable(f"a list of at most {MOST_EVENTS} events")
    return [event for event in (_event(each, lesson) for each in listed) if event]


def _event(event, lesson):
    if not isinstance(event, dict):
        raise Unreadable("an event is an object")
    number, ago, kind = event.get("n"), event.get("ago"), event.get("kind")
    if type(number) is not int or not 0 < number < MOST_COUNT:
        raise Unreadable("an event has a number")
    if type(ago) not in (int, float) or not 0 <= ago <= 10**9:
        raise Unreadable("an event says how long ago it was")
    said = {"n": number, "ago": min(float(ago), LONGEST_AGO)}
    if kind == "check":
        exercise, verdict, slip = event.get("exercise"), event.get("verdict"), event.get("slip")
        if verdict not in VERDICTS or not isinstance(exercise, str):
            raise Unreadable("a check has an exercise and a verdict")
        if exercise not in lesson.exercises:
            return None
        slip = slip if verdict == "failed" and isinstance(slip, str) and slip in lesson.exercises[exercise] else None
        return said | {"do": "check", "exercise": exercise, "verdict": verdict, "slip": slip}
    if kind in ("vote", "seen"):
        return _guess(event, lesson, said | {"do": kind})
    if kind == "hand" and isinstance(event.get("up"), bool):
        return said | {"do": "hand", "up": event["up"]}
    raise Unreadable("an event of no known kind")


def _guess(event, lesson, said):
    guess, answers, right = event.get("guess"), event.get("said"), event.get("right", [])
    if not isinstance(guess, str) or not isinstance(answers, dict) or not isinstance(right, list):
        raise Unreadable("a guess has a name and what was said")
    if guess not in lesson.guesses:
        return None
    answers = {entry: line(answers[entry], MOST_SAID) for entry in lesson.guesses[guess] if entry in answers}
    return said | {"guess": guess, "said": {entry: text for entry, text in answers.items() if text},
                   "right": [entry for entry in answers if entry in right]}


def line(text, most: int) -> str:
    """A stranger's text as one bounded line: no control characters, none that turn the direction of writing."""
    if not isinstance(text, str):
        return ""
    kept = "".join(" " if sign.isspace() else sign for sign in text[:4 * most]
                   if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return " ".join(kept.split())[:most]
