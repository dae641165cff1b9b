"""`course feedback LESSON`: pages for everybody who is graded, and archives that systems take back."""
import os
import sys

from tqdm import tqdm

from ...places import pasteable
from ..grading.classroom import cores
from ..grading.states import NOTHING, called, states
from ..next_step import next_step
from ..plain_text import harmless
from ..problem import Problem
from ..project import Project
from .returned import Returned, make_pages, pack

WHERE = {"moodle": "Moodle: the assignment's submissions, Actions, “Upload multiple feedback files in a zip”",
         "canvas": "Canvas: the assignment, “Upload Submissions”; each gets a notebook, its first cell is the feedback",
         "folders": "a folder for each student, with the page in it"}
MOST_NAMED = 20


def feedback(project: Project, lesson: str) -> int:
    """Makes the pages and archives; 0 if everybody who has handed in gets all of their feedback, else 1."""
    known = states(project, lesson)
    graded = [state for state in known if state.graded]
    if not graded:
        raise Problem(f"{lesson}: nobody has been graded; `course grade {lesson}` comes first")
    with tqdm(total=len(graded), desc=lesson, disable=None, bar_format="{desc} {bar} {n_fmt} of {total_fmt}") as bar:
        done = make_pages(project, lesson, [state.student for state in graded], cores(), bar.update)
    pack(project, lesson, [state.student for state in graded if state.student not in done.failed], done)
    print(f"{len(done.made)} pages made, {len(done.kept)} up to date")
    for path, count in done.archives.items():
        system = path.stem.removeprefix(f"{lesson}-")
        print(f"{os.path.relpath(path)}: {count}; {WHERE[system]}")
    words = _words(lesson, known, done)
    for word in words:
        print(pasteable(f"course: {word}"), file=sys.stderr)
    print(pasteable(f"next: `{next_step(project, lesson, known)}`"))
    return 1 if done.failed or any(state.waits if state.graded else state.without != NOTHING for state in known) else 0


def _words(lesson, known, done: Returned) -> list[str]:
    """Who gets no page, or less than all of it, and in which archive somebody is missing."""
    waiting = [state for state in known if state.graded and state.waits]
    words = [f"{len(waiting)} pages say that a written answer still waits: `course mark {lesson}`, then this again"] \
        if waiting else []
    without = {}
    for state in known:
        if not state.graded:
            without.setdefault(state.without, []).append(called(state.student, state.name))
    words += [f"no page, {why}: {named(people)}" for why, people in without.items()]
    words += [f"no page for {student}: {harmless(why)}" for student, why in done.failed.items()]
    if done.unnamed:
        words.append(f"in the folders alone, since no archive of Moodle or Canvas has said under which name they handed in "
                     f"(`course unpack` remembers it): {named(done.unnamed)}")
    return words


def named(people: list[str]) -> str:
    """Some people, as many as a line holds."""
    more = len(people) - MOST_NAMED
    return harmless(", ".join(people[:MOST_NAMED]), 1000) + (f" and {more} more" if more > 0 else "")
