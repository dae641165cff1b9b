"""The page that JupyterLab opens with: the lessons in order, what is done, what is next. Markdown, in `work/START.md`."""

NAME, INDEX = "START.md", "QUESTIONS.md"
HELP = """## When something is in the way

- **Run a cell** with Shift+Enter. A line `check("…")` under an exercise says what is not right yet, and why.
- **Guess first:** an explanation stays folded until the cell above it has run. Its button opens it at any time.
- **Your own words:** a double-click, or Enter, opens the cell "Your answer here"; Shift+Enter closes it.
- **After a pause** the kernel remembers nothing, though old results are still shown. Menu *Run*, *Run All Above
  Selected Cell*, then go on.
- **A notebook in disorder?** In a terminal, in the course's folder, `COURSE update LESSON` puts the lesson's cells back
  and keeps your answers. `COURSE reset LESSON` gives you a fresh copy. Both keep your old file. (LESSON is its folder.)
- **A teacher's room?** Two lines from their screen, pasted into a cell, join it: `join("…", "blue-otter")`. Then your
  verdicts, misconceptions and guesses are sent there, never your code. `leave()` ends it.
"""
EXCHANGE = """- **In a class?** Menu *Nbgrader*, *Assignment List*: hand in your work there, and fetch your feedback. (On
  Windows, send the notebook as a file.)
"""
YOURS = """
All of this stays on this machine, but for what you send to a room that you joined. The page is written anew at each start,
with each guess and whenever a check passes for the first time; edit it, and it is yours and stays as it is.
"""


def page(title: str, entries: list, index: bool, exchange: bool, command: str) -> str:
    """The page's Markdown.

    entries : `progress.Entry`, in order
    index : whether the question index lies beside the page
    exchange : whether there is a place to hand in
    command : how `course` is called in the course's folder
    """
    rows = [f"| {mark(entry, entries)} | {_numbered(entry)} | {minutes(entry)} | {guesses(entry)} | {said(entry)} |"
            for entry in entries]
    table = ["| done | lesson | minutes | guesses | exercises |", "| :-: | :-- | --: | --: | --: |", *rows]
    parts = [f"# {title}", _next(entries), "\n".join(table), "✓ done, → next"]
    if index:
        parts.append(f"A question of your own? [The question index]({INDEX}) names the section that answers it.")
    return "\n\n".join([*parts, HELP.replace("COURSE", command) + EXCHANGE * exchange + YOURS])


def next_of(entries: list):
    """The first lesson with an exercise to do; None when all is done."""
    return next((entry for entry in entries if entry.number and not entry.is_done), None)


def test_before(entries: list):
    """The concept test just before the next lesson, while both are still to come; else None."""
    entry = next_of(entries)
    at = entries.index(entry) if entry else 0
    test = entries[at - 1] if at and not entry.done else None
    return test if test and not test.number and not test.is_done else None


def mark(entry, entries: list) -> str:
    """✓ for what is done, → for what is next, nothing for the others."""
    return "→" if entry is (test_before(entries) or next_of(entries)) else "✓" if entry.is_done else ""


def minutes(entry) -> str:
    """What a lesson takes; a dash where the release doesn't say."""
    return str(entry.minutes or "–")


def said(entry) -> str:
    """How far a learner is."""
    return f"{len(entry.done)} of {len(entry.todo)}"


def guesses(entry) -> str:
    """How many of a lesson's guesses a learner has made; nothing where there are none."""
    return f"{entry.guessed} of {len(entry.guess_names)}" if entry.guess_names else ""


def next_exercise(entry) -> tuple[str, str]:
    """The first exercise to do, and the notebook's address: at the exercise once the lesson has been begun."""
    name = next(name for name in entry.todo if name not in entry.done)
    place = entry.places.get(name)
    return name, f"{entry.path}#cell-id={place}" if place and entry.done else entry.path


def _numbered(entry):
    return f"{entry.number}. {_link(entry)}" if entry.number else f"{_link(entry)} (ungraded)"


def _link(entry):
    return f"[{entry.title}]({entry.path})"


def _next(entries):
    entry, test = next_of(entries), test_before(entries)
    if entry is None:
        return "**All exercises are done.** The lessons stay here to look things up."
    if test:
        return (f"**Next: {_link(test)}** ({minutes(test)} minutes, no points), or go straight to lesson {entry.number}, "
                f"{_link(entry)} ({minutes(entry)} minutes)")
    if not entry.done:
        return f"**Next: {_link(entry)}** (lesson {entry.number}, {minutes(entry)} minutes)"
    name, address = next_exercise(entry)
    return f"**Go on with [`{name}`]({address})** in lesson {entry.number}, {entry.title} ({minutes(entry)} minutes in all)"
