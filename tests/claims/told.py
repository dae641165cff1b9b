"""What a lesson's own cells define, for tests that recompute what its sentences claim."""
import ast
import functools

from embedding_course.course.lesson import read_lesson
from embedding_course.course.lint import defined
from embedding_course.course.project import Project

ALWAYS = ("imports", "exercise", "guess")


@functools.cache
def told(lesson: str, *names: str) -> dict:
    """The namespace in which the import cell, guesses, the reference solutions and the cells that define these names were
    run, and those that define what these cells use."""
    cells = [cell for cell in read_lesson(Project.find().solutions / f"{lesson}.py").cells
             if cell.kind == "code" and cell.role in ("", *ALWAYS)]
    chosen, needed = [], set(names)
    for cell in reversed(cells):
        if cell.role or needed & defined(cell.source):
            chosen.insert(0, cell)
            needed |= {node.id for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)}
    namespace = {"__name__": f"told_{lesson}", "display": print}
    for cell in chosen:
        exec(compile(cell.source, f"{lesson}, line {cell.line}", "exec"), namespace)
    return namespace
