"""What the build refuses in a lesson, each fault with file and line."""
import ast
import builtins
import difflib
import re
from collections import Counter

from .lesson import KEYS, MARKS, ROLES, Cell, Lesson
from .minutes import minutes_fault

WIDE = 100                  # characters of a line of code: a laptop's JupyterLab shows a few more
SHORTEST_DESCRIPTION = 40   # characters: "A chart." describes nothing


def lint(lesson: Lesson) -> list[str]:
    """All faults of a lesson's source, as "file:line: what"."""
    exercises = lesson.exercises()
    faults = [*_ids(lesson), *_structure(lesson, exercises), *_points(lesson, exercises), *_figures(lesson),
              *_answers_called(lesson), *_solutions_alone(lesson), *_syntax(lesson), *_slides(lesson), *_minutes(lesson),
              *_width(lesson)]
    return [f"{lesson.path.name}:{line}: {text}" for line, text in sorted(faults)]


def lint_release(lesson: Lesson, released) -> list[str]:
    """All faults of the notebook that nbgrader made of a lesson: what must not be in it, and stubs that changed."""
    faults = []
    coded = [*lesson.with_role("exercise"), *(cell for cell in lesson.with_role("written") if cell.kind == "code")]
    secret = {line.strip() for cell in coded for line in _solution_lines(cell)}
    public = {line.strip() for cell in lesson.cells if cell.role not in ("exercise", "written")
              for line in cell.source.splitlines()}
    written = [line.strip() for cell in lesson.with_role("written") if cell not in coded
               for line in cell.source.splitlines()]
    secret = {line for line in secret - public if len(line) > 12} | {line for line in written if len(line) > 12}
    for cell in released.cells:
        leaked = [line for line in cell.source.splitlines() if line.strip() in secret]
        faults += [f"{lesson.path.name}: the release shows a line of a solution or marking scheme: {line.strip()!r}"
                   for line in leaked]
        if re.search(r"(BEGIN|END) (SOLUTION|MARK SCHEME|HIDDEN TESTS)", cell.source) or cell.get("outputs"):
            faults.append(f"{lesson.path.name}: a marker or an output is left in the release: {cell.source[:40]!r}")
    stubs = {cell.metadata["nbgrader"]["grade_id"]: cell.source for cell in released.cells
             if cell.metadata.get("nbgrader", {}).get("solution")}
    for cell in coded:
        if _interfaces(cell.source) != _interfaces(stubs.get(cell.name, "")):
            faults.append(f"{lesson.path.name}:{cell.line}: the stub of {cell.name} has another signature or docstring "
                          "than its solution")
    return faults


def _ids(lesson):
    named = [(cell.role, cell.name, cell.line) for cell in lesson.cells if cell.role not in ("", "imports")]
    for role, name, line in named:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", str(name)):
            yield line, f"a {role} cell without a usable name: {name!r}"
    counts = Counter((role if role in ("check", "guess") else "answer", name) for role, name, _ in named)
    for role, name, line in named:
        if counts[role if role in ("check", "guess") else "answer", name] > 1:
            yield line, f"grade id {name!r} stands twice"


def _structure(lesson, exercises):
    names = {cell.name: cell for cell in lesson.with_role("exercise")}
    checks = {cell.name: cell for cell in lesson.with_role("check")}
    for name, cell in names.items():
        if name not in checks:
            yield cell.line, f"exercise {name} has no check cell"
        if name not in exercises:
            yield cell.line, f"exercise {name} is not described in the lesson's checks"
        if not cell.source.count("### BEGIN SOLUTION"):
            yield cell.line, f"exercise {name} has no solution between markers"
        if name not in defined(cell.source):
            yield cell.line, f"the cell of exercise {name} does not define {name}"
    for name, cell in checks.items():
        if name not in names:
            yield cell.line, f"a check of {name}, which is no exercise here"
        if cell.source.strip() != f'check("{name}")':
            yield cell.line, f'a check cell holds one line, check("{name}")'
    for name in exercises.keys() - names.keys():
        yield 1, f"the checks describe {name}, which the lesson doesn't have"
    for cell in lesson.with_role("written"):
        if cell.kind == "code" and not cell.source.count("### BEGIN SOLUTION"):
            yield cell.line, f"{cell.name}, code graded by hand, has no solution between markers"
    if not lesson.with_role("written"):
        yield 1, "no written question"


def _points(lesson, exercises):
    written = sum(cell.points for cell in lesson.with_role("written"))
    total = written + sum(exercise.total() for exercise in exercises.values())
    if total != lesson.points:
        yield 1, f"points add up to {total}, the header says {lesson.points}"


def _minutes(lesson):
    """The minutes declared are those measured, to a tenth."""
    fault = minutes_fault(lesson)
    if fault:
        yield 1, fault


def _width(lesson):
    """On a laptop JupyterLab shows about 105 characters of a line of code."""
    for cell in lesson.cells:
        for number, line in enumerate(cell.source.splitlines() if cell.kind == "code" else []):
            if len(line) >= WIDE:
                yield cell.line + number, f"a line of {len(line)} characters; code ends before {WIDE}"


def _figures(lesson):
    """Every picture of the lesson goes through show(figure, "what the eye sees"), or takes its description itself."""
    pictures = _picture_names(lesson)
    for cell in lesson.cells:
        if cell.kind != "code" or cell.role in ("exercise", "written"):
            continue
        calls = [node for node in ast.walk(_parsed(cell)) if isinstance(node, ast.Call)]
        shown = [call for call in calls if getattr(call.func, "id", "") == "show"]
        inside = {id(node) for call in shown for node in ast.walk(call)}
        for call in shown:
            words = call.args[1] if len(call.args) > 1 else None
            if words is None and ast.unparse(call.args[0]).split(".")[0] in pictures:
                continue                                              # its function describes it, or show() refuses
            if words is None or (isinstance(words, ast.Constant) and not _described([words])):   # names are trusted
                yield cell.line + call.lineno - 1, "a figure needs a description of what the eye would see"
        for call in calls:
            name = ast.unparse(call.func)
            bare = name.split(".")[0] in pictures or name in ("plt.show", "plt.subplots", "plt.figure")
            if bare and id(call) not in inside and not _described(call.args) and not (shown and "subplots" in name):
                yield cell.line + call.lineno - 1, f"a figure without a description: show({name}(…), \"what the eye sees\")"


def _picture_names(lesson) -> set[str]:
    """What the import cell takes from the package's pictures: functions, or a module under a name."""
    names = set()
    for cell in lesson.with_role("imports"):
        for node in ast.walk(_parsed(cell)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("embedding_course.pictures"):
                names |= {alias.asname or alias.name for alias in node.names}
    return names


def _described(arguments) -> bool:
    """Whether words long enough to describe a figure are among a call's arguments."""
    return any(isinstance(a, ast.Constant) and isinstance(a.value, str) and len(a.value) >= SHORTEST_DESCRIPTION
               for a in arguments)


def _answers_called(lesson):
    """Lesson cells never call a learner's answer, but for `if passed("name"):`."""
    names = {cell.name for cell in lesson.with_role("exercise")}
    for cell in lesson.cells:
        if cell.kind != "code" or cell.role in ("exercise", "check", "written"):
            continue
        tree = _parsed(cell)
        if tree.body and isinstance(tree.body[0], ast.If) and "passed(" in ast.unparse(tree.body[0].test):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load):
                yield cell.line + node.lineno - 1, f"a lesson cell uses the learner's {node.id}"


def _solutions_alone(lesson):
    """A solution uses nothing but the import cell and other solutions."""
    known = set(dir(builtins))
    for cell in lesson.solution_cells():
        known |= defined(cell.source)
    for cell in lesson.with_role("exercise"):
        tree = _parsed(cell)
        inner = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        inner |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        inner |= {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        inner |= {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in known | inner:
                yield cell.line + node.lineno - 1, f"the solution of {cell.name} uses {node.id}, which neither the " \
                                                   "import cell nor another solution defines"


def _slides(lesson):
    """Slide marks are spelt right, show no solution, and begin with a slide."""
    for cell in lesson.cells:
        at = cell.line - 1   # the header
        for key, _ in cell.metadata:
            near = difflib.get_close_matches(key, [*ROLES, *KEYS], 1, cutoff=0.7)
            if near:
                yield at, f"{key!r} in a cell's header: is {near[0]!r} meant?"
        if cell.slide and cell.slide not in MARKS:
            yield at, f'slide="{cell.slide}" is none of {", ".join(MARKS)}'
        if cell.slide and cell.role in ("exercise", "check", "written"):
            yield at, f"a slide would show the {cell.role} cell {cell.name}; mark the text above it"
    marked = [cell for cell in lesson.cells if cell.slide]
    if marked and marked[0].slide != "slide":
        yield marked[0].line - 1, 'the first mark must be slide="slide"'


def _syntax(lesson):
    for cell in lesson.cells:
        if cell.kind == "code":
            try:
                ast.parse(cell.source)
            except SyntaxError as error:
                yield cell.line + (error.lineno or 1) - 1, f"not Python: {error.msg}"


def _parsed(cell: Cell):
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return ast.parse("")


def defined(source) -> set[str]:
    """Names that a cell defines at its top level."""
    names = set()
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        else:
            names |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return names


def _solution_lines(cell):
    inside = False
    for line in cell.source.splitlines():
        if line.strip() in ("### BEGIN SOLUTION", "### END SOLUTION"):
            inside = "BEGIN" in line
        elif inside:
            yield line


def _interfaces(source) -> dict[str, tuple]:
    """Signature and docstring of each function and class in a cell."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            head = ast.unparse(node.args) if isinstance(node, ast.FunctionDef) else [*map(ast.unparse, node.bases)]
            found[node.name] = (head, ast.get_docstring(node))
    return found
