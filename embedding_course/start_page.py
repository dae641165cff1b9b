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


def page(title: str, lessons: list, index: bool) -> str:
    """The page's Markdown.

    lessons : `progress.Standing`, in order
    index : whether the question index lies beside the page
    """
    rows = [f"| {mark(lesson, lessons)} | {lesson.number}. {link(lesson)} | {lesson.minutes or '–'} | {said(lesson)} |"
            for lesson in lessons]
    table = ["| done | lesson | minutes | exercises |", "| :-: | :-- | --: | --: |", *rows]
    parts = [f"# {title}", _next(lessons), "\n".join(table), "✓ done, → next"]
    if index:
        parts.append(f"A question of your own? [The question index]({INDEX}) names the section that answers it.")
    return "\n\n".join([*parts, HELP])


def next_of(lessons: list):
    """The first lesson with an exercise to do; None when all is done."""
    return next((lesson for lesson in lessons if not lesson.done), None)


def mark(lesson, lessons: list) -> str:
    """✓ for a lesson that is done, → for the next one, nothing for the others."""
    if lesson is next_of(lessons):
        return "→"
    return "✓" if lesson.exercises and lesson.done else ""


def said(lesson) -> str:
    """How far a learner is with a lesson's exercises."""
    return f"{len(lesson.passed)} of {len(lesson.exercises)}" if lesson.exercises else "none"


def link(lesson) -> str:
    """Markdown that opens the learner's notebook."""
    return f"[{lesson.title}]({lesson.name}/{lesson.name}.ipynb)"


def _next(lessons):
    lesson = next_of(lessons)
    if lesson is None:
        return "**All exercises are done.** The lessons stay here to look things up."
    minutes = f", {lesson.minutes} minutes" if lesson.minutes else ""
    word = "Go on with" if lesson.passed else "Next"
    return f"**{word}: {link(lesson)}** (lesson {lesson.number}{minutes})"
