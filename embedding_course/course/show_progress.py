"""`course progress`: the lessons in order, how long they take, what is done, what is next."""
from .. import start_page
from ..progress import standings
from .project import Project


def overview(project: Project) -> list[str]:
    """A table, a line a lesson, and what is next."""
    entries = standings(project.root)
    titles = [entry.title.replace("`", "") for entry in entries]
    width = max(map(len, titles), default=0)
    lines = [f"{start_page.mark(entry, entries):1} {entry.number or '':>2}  {title:<{width}}"
             f"{start_page.minutes(entry):>5} min   {start_page.said(entry)} {'exercises' if entry.number else 'questions'}"
             f"{', ' * bool(entry.guess_names)}{start_page.guesses(entry)}{' guesses' * bool(entry.guess_names)}"
             for entry, title in zip(entries, titles, strict=True)]
    following = start_page.next_of(entries)
    if following is None:
        return [*lines, "", "all exercises are done"]
    exercise, _ = start_page.next_exercise(following)
    return [*lines, "", f"next: {exercise}, in work/{following.path}"]
