"""What a lesson's own cells define, for tests that recompute what its sentences claim."""
import functools

from embedding_course.course.lesson import read_lesson
from embedding_course.course.lint import _defined
from embedding_course.course.project import Project


@functools.cache
def told(lesson: str, *names: str) -> dict:
    """The namespace in which the import cell, the reference solutions and the cells that define these names were run."""
    cells = read_lesson(Project.find().solutions / f"{lesson}.py").cells
    namespace = {"__name__": f"told_{lesson}"}
    for cell in cells:
        wanted = cell.kind == "code" and not cell.role and set(names) & _defined(cell.source)
        if wanted or cell.role in ("imports", "exercise"):
            exec(compile(cell.source, f"{lesson}, line {cell.line}", "exec"), namespace)
    return namespace
