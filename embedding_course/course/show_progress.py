"""`course progress`: the lessons in order, how long they take, what is done, what is next."""
from .. import start_page
from ..progress import standings
from .project import Project


def overview(project: Project) -> list[str]:
    """A table, a line a lesson, and what is next."""
    lessons = standings(project.root)
    titles = [lesson.title.replace("`", "") for lesson in lessons]
    width = max(map(len, titles), default=0)
    lines = [f"{start_page.mark(lesson, lessons):1} {lesson.number:>2}  {title:<{width}}{lesson.minutes or '–':>5} min   "
             f"{start_page.said(lesson)}" for lesson, title in zip(lessons, titles, strict=True)]
    following = start_page.next_of(lessons)
    if following is None:
        return [*lines, "", "all exercises are done"]
    exercise = next(name for name in following.exercises if name not in following.passed)
    return [*lines, "", f"next: {exercise}, in work/{following.name}/{following.name}.ipynb"]
