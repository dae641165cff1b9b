"""Pages of feedback for a class, and the archives that learning management systems take back.

`classroom/feedback/STUDENT/LESSON/` holds the pages, as nbgrader has them; `classroom/returned/` the archives, and a
note on what each page was made from, so that only what has changed is made anew.
"""
import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook, MissingEntry

from ... import __version__
from ...places import write
from ..grading.feedback import TEMPLATES, FeedbackPage, Grades
from ..grading.folders import SECRET
from ..grading.states import graded_notebook
from ..grading.summary import as_markdown
from ..nbgrader_api import configuration
from ..problem import Problem
from ..project import Project
from .names import why_no_id
from .origins import SYSTEMS, recall

WHEN = (2000, 1, 1, 0, 0, 0)   # of each entry: the same pages make the same archive


@dataclass
class Returned:
    """What was made.

    made : students whose page is new; kept : those whose page was up to date; failed : why there is none, by student
    archives : how many students each holds; unnamed : of whom no system's name is known
    """
    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    archives: dict[Path, int] = field(default_factory=dict)
    unnamed: list[str] = field(default_factory=list)


def out_of_date(project: Project, lesson: str, students: list[str]) -> list[str]:
    """Those whose page is missing, or older than their grades, comments and graded notebook."""
    known, now = _known(project, lesson), _fingerprints(project, lesson, students)
    return [student for student in students
            if known.get(student) != now[student] or not _page(project, lesson, student).is_file()]


def make_pages(project: Project, lesson: str, students: list[str], jobs: int, tick: Callable[[], object]) -> Returned:
    """Writes the pages that are not up to date.

    tick : called after each
    """
    due, now = out_of_date(project, lesson, students), _fingerprints(project, lesson, students)
    known = {student: mark for student, mark in _known(project, lesson).items() if student in now}
    done = Returned(kept=[student for student in students if student not in due])
    with ThreadPoolExecutor(max(1, jobs)) as pool:   # the work is done by clerks, processes of their own
        for student, why in zip(due, pool.map(partial(_make, project, lesson), due), strict=True):
            if why:
                done.failed[student] = why
            else:
                done.made.append(student)
                known[student] = now[student]
                write(_note(project, lesson), json.dumps(known, ensure_ascii=False, indent=1))
            tick()
    return done


def pack(project: Project, lesson: str, students: list[str], done: Returned):
    """Writes an archive for each system that students came from, and one with a folder for each student.

    Moodle takes files under the folders that it packed; Canvas gives a file back under the name that the student's own
    had, so it gets a notebook, with the feedback in its first cell.
    """
    origins = recall(project, lesson)
    pages = {student: _page(project, lesson, student) for student in students}
    by_system = {"Moodle": {}, "Canvas": {}}
    for student, page in pages.items():
        origin = origins.get(student)
        if origin is None:
            done.unnamed.append(student)
        elif SYSTEMS[origin["system"]] == "Moodle":
            by_system["Moodle"][origin["name"] + page.name] = page.read_bytes()
        else:
            by_system["Canvas"][origin["name"]] = _notebook(project, lesson, student)
    folders = {f"{student}/{page.name}": page.read_bytes() for student, page in pages.items() if not why_no_id(student)}
    for system, entries in {**by_system, "folders": folders}.items():
        path = project.classroom / "returned" / f"{lesson}-{system.lower()}.zip"
        path.unlink(missing_ok=True)   # an older one would be taken for this one
        if entries:
            _zip(path, entries)
            done.archives[path] = len(entries)


def _make(project, lesson, student) -> str:
    """One page, where nbgrader's own command would put it, with what `nbgrader release_feedback` needs beside it.

    returns : why it could not be made; "" if it is there
    """
    page = _page(project, lesson, student)
    if page.parent.is_symlink() or page.parent.parent.is_symlink():
        return f"{page.parent} is a link; nothing is written through it"
    try:
        exporter, notebook, told = _exporter(project, lesson, student)
        html, _ = exporter.from_notebook_node(notebook, told)
        write(page, html)
    except (MissingEntry, Problem, OSError, ValueError) as error:   # ValueError: no notebook any more
        return str(error)
    for name in (SECRET, "timestamp.txt"):
        beside = graded_notebook(project, lesson, student).with_name(name)
        if beside.is_file() and not beside.is_symlink():
            shutil.copy(beside, page.parent)
    return ""


def _notebook(project, lesson, student) -> bytes:
    """The graded notebook with the feedback in its first cell."""
    exporter, notebook, told = _exporter(project, lesson, student)
    graded, told = exporter.graded(notebook, told)
    grades = told["nbgrader"]
    text = as_markdown(graded, f"Feedback on {lesson}", f"{grades['score']:g} of {grades['max_score']:g} points")
    notebook.cells.insert(0, new_markdown_cell(text, id="feedback"))
    return nbformat.writes(notebook).encode("utf-8", errors="replace")


def _exporter(project, lesson, student):
    """What makes a page, the graded notebook, and what nbgrader's converter would tell about it."""
    config = configuration(project)
    exporter = FeedbackPage(config=config)
    exporter.register_preprocessor(Grades, enabled=True)
    told = ResourcesDict(metadata=ResourcesDict(name=lesson), unique_key=lesson, output_files_dir=f"{lesson}_files",
                         nbgrader={"notebook": lesson, "assignment": lesson, "student": student,
                                   "db_url": config.CourseDirectory.db_url})
    return exporter, nbformat.read(graded_notebook(project, lesson, student), as_version=4), told


def _page(project, lesson, student) -> Path:
    return project.classroom / "feedback" / student / lesson / f"{lesson}.html"


def _note(project, lesson) -> Path:
    return project.classroom / "returned" / f".{lesson}.json"


def _known(project, lesson) -> dict[str, str]:
    try:
        return json.loads(_note(project, lesson).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _fingerprints(project, lesson, students) -> dict[str, str]:
    """What each page is made from: the graded notebook's bytes, grades, comments, the name, and how pages are made."""
    how = [__version__, *(path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.rglob("*.*")) if path.is_file())]
    with Gradebook(configuration(project).CourseDirectory.db_url) as gradebook:
        return {student: _fingerprint(gradebook, project, lesson, student, how) for student in students}


def _fingerprint(gradebook, project, lesson, student, how) -> str:
    part = gradebook.find_submission_notebook(lesson, lesson, student)
    person = part.student
    told = [how, hashlib.sha256(graded_notebook(project, lesson, student).read_bytes()).hexdigest(),
            person.first_name, person.last_name, part.late_submission_penalty,
            sorted([grade.name, grade.score, grade.needs_manual_grade] for grade in part.grades),
            sorted([comment.name, comment.comment or ""] for comment in part.comments)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _zip(path: Path, entries: dict[str, bytes]):
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(entries.items()):
            entry = zipfile.ZipInfo(name, WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    part.replace(path)
