"""The page that JupyterLab opens with: the lessons in order, what is done, what is next. Markdown, in `work/START.md`."""

NAME, INDEX = "START.md", "QUESTIONS.md"
HELP = """## When something is in the way

- **Run a cell** with Shift+Enter. A line `check("…")` under an exercise says what is not right yet, and why.
- **After a pause** the kernel remembers nothing, though old results are still shown. Menu *Run*, *Run All Above
  Selected Cell*, then go on.
- **In a class?** Menu *Nbgrader*, *Assignment List*: hand in your work there, and fetch your feedback. (On Windows,
  send the notebook as a file.)

All of this stays on this machine. The page is written anew at each start and whenever a check passes for the first
time; edit it, and it is yours and stays as it is.
"""


def page(title: str, entries: list, index: bool) -> str:
    """The page's Markdown.

    entries : `progress.Entry`, in order
    index : whether the question index lies beside the page
    """
    rows = [f"| {mark(entry, entries)} | {_numbered(entry)} | {minutes(entry)} | {said(entry)} |" for entry in entries]
    table = ["| done | lesson | minutes | exercises |", "| :-: | :-- | --: | --: |", *rows]
    parts = [f"# {title}", _next(entries), "\n".join(table), "✓ done, → next"]
    if index:
        parts.append(f"A question of your own? [The question index]({INDEX}) names the section that answers it.")
    return "\n\n".join([*parts, HELP])


def next_of(entries: list):
    """The first lesson with an exercise to do; None when all is done."""
    return next((entry for entry in entries if entry.number and not entry.is_done), None)


def mark(entry, entries: list) -> str:
    """✓ for what is done, → for the next lesson, nothing for the others."""
    return "→" if entry is next_of(entries) else "✓" if entry.is_done else ""


def minutes(entry) -> str:
    """What a lesson takes; a dash where the release doesn't say."""
    return str(entry.minutes or "–")


def said(entry) -> str:
    """How far a learner is."""
    return f"{len(entry.done)} of {len(entry.todo)}"


def _numbered(entry):
    return f"{entry.number}. {_link(entry)}" if entry.number else f"{_link(entry)} (ungraded)"


def _link(entry):
    return f"[{entry.title}]({entry.path})"


def _next(entries):
    entry = next_of(entries)
    if entry is None:
        return "**All exercises are done.** The lessons stay here to look things up."
    return f"**{'Go on with' if entry.done else 'Next'}: {_link(entry)}** (lesson {entry.number}, {minutes(entry)} minutes)"
