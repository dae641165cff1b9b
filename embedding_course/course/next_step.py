"""What comes next for an instructor, as a command that can be pasted: grade, mark, feedback, scores."""
from .grading.states import AGAIN, NOT_GRADED, State, states
from .lms.returned import out_of_date
from .project import Project


def next_step(project: Project, lesson: str, known: list[State] | None = None) -> str:
    """The next command in a lesson's way from submissions to scores.

    known : where everybody stands, if that is known already
    """
    known = states(project, lesson) if known is None else known
    if any(state.without in (AGAIN, NOT_GRADED) for state in known):
        return f"course grade {lesson}"
    if any(state.graded and state.waits for state in known):
        return f"course mark {lesson}"
    if out_of_date(project, lesson, [state.student for state in known if state.graded]):
        return f"course feedback {lesson}"
    return f"course scores {lesson} TABLE.csv"
