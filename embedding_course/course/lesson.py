"""A lesson as its author writes it: `solutions/NN-name.py`, a percent script, read into cells with line numbers."""
import importlib.util
import re
import sys
import traceback
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..checking.exercise import Exercise
from .problem import Problem

ROLES = ("exercise", "check", "guess", "written")
KEYS = ("points", "answers", "slide")   # of a cell's header, besides its role; what else stands there is metadata
MARKS = ("slide", "subslide", "fragment", "notes", "skip")   # what `slide` may say
HEADER = re.compile(r'# %%( \[markdown\])?(?P<options>( \w+=("[^"]*"|\d+|\[[^\]]*\]))*)$')
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson.

    kind : "markdown" or "code"
    role : "", "imports" (the first code cell), "exercise", "check", "guess" or "written"
    name : of the exercise, guess or written answer
    line : where its text begins in the source file, from 1
    points : of a written answer
    answers : numbers of the questions that code in its section answers (see questions.py)
    slide : its part in the lesson's slides, "" if it has none (see slides/deck.py)
    """
    kind: str
    role: str
    name: str
    line: int
    source: str
    points: int = 0
    answers: tuple = ()
    metadata: tuple = ()
    slide: str = ""


@dataclass(frozen=True)
class Lesson:
    """A lesson and where it came from.

    edition : from 2 on the minutes are measured, see minutes.py
    """
    name: str
    path: Path
    cells: list[Cell]
    minutes: int
    points: int
    edition: int = 1

    @property
    def title(self) -> str:
        return self.cells[0].source.splitlines()[0].removeprefix("#").strip()

    @property
    def beside(self) -> Path:
        """What is released beside the notebook, tables or modules: in `solutions/data/NN-name/`, if there is any."""
        return self.path.parent / "data" / self.name

    @contextmanager
    def at_home(self):
        """Files and modules of `beside` are found as in a copy of the lesson: by their names."""
        if not self.beside.is_dir():
            yield
            return
        sys.path.insert(0, str(self.beside))
        try:
            with chdir(self.beside):
                yield
        finally:
            sys.path.remove(str(self.beside))

    def with_role(self, role: str) -> list[Cell]:
        """The cells of one role, in order."""
        return [cell for cell in self.cells if cell.role == role]

    def solution_cells(self) -> list[Cell]:
        """What makes up the reference: the import cell and the solution cells."""
        return [*self.with_role("imports"), *self.with_role("exercise")]

    def reference(self, without: str | None = None) -> dict:
        """The names that the reference defines, run here; without one exercise's cell if asked."""
        namespace = {"__name__": f"reference_{self.name}"}
        for cell in self.solution_cells():
            if cell.name != without or cell.role == "imports":
                exec(compile("\n" * (cell.line - 1) + cell.source, str(self.path), "exec"), namespace)
        return namespace

    def exercises(self) -> dict[str, Exercise]:
        """The exercises that the lesson's checks describe, by name.

        raises : Problem if the file is missing
        """
        path = self.path.parent / "checks" / f"{self.name.replace('-', '_')}.py"
        if not path.is_file():
            raise Problem(f"{self.path.name}: no checks at {path.parent.name}/{path.name}")
        with self.at_home():
            module = _load(path)
        found = {name: value for name, value in vars(module).items() if isinstance(value, Exercise)}
        for name, exercise in found.items():
            exercise.name = name
        return found


def _load(path: Path):
    """A Python file as a module under a name of its own.

    raises : Problem, naming the line at which Python refuses it
    """
    spec = importlib.util.spec_from_file_location(f"checks_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # noqa: BLE001 - the author's own code
        at = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line = error.lineno if isinstance(error, SyntaxError) else at[-1] if at else 1
        said = error.msg if isinstance(error, SyntaxError) else " ".join(str(error).split())
        raise Problem(f"{path.parent.name}/{path.name}:{line}: {type(error).__name__}: {said}") from error
    finally:
        sys.dont_write_bytecode = before
    return module


def read_lesson(path: Path) -> Lesson:
    """Reads a percent script; a byte order mark and Windows line ends are no matter.

    raises : Problem, with file and line, for what would be read as something else than it looks like
    """
    import jupytext  # here, since learners' commands do without it

    if not NAME.fullmatch(path.stem):
        raise Problem(f"{path.name}: a lesson's name may hold letters, digits, - and _ only; nbgrader, file names and "
                      "web addresses read other characters as something else")
    text = path.read_text(encoding="utf-8-sig")
    lines = text.splitlines()
    starts = _cell_lines(path.name, lines)
    notebook = jupytext.reads(text, fmt={"extension": ".py", "format_name": "percent", "comment_magics": False})
    if len(notebook.cells) != len(starts):
        raise Problem(f"{path.name}: {len(starts)} cells are marked, but {len(notebook.cells)} were read; "
                      "is there text before the first `# %%`?")
    about = notebook.metadata.get("lesson", {})
    if not {"minutes", "points"} <= set(about):
        raise Problem(f"{path.name}:1: the header lacks `lesson: minutes: … points: …`")
    cells, imports_seen = [], False
    for start, cell in zip(starts, notebook.cells, strict=True):
        options = {k: v for k, v in cell.metadata.items() if k != "lines_to_next_cell"}
        role = next((role for role in ROLES if role in options), "")
        if cell.cell_type == "code" and not imports_seen:
            role, imports_seen = role or "imports", True
        other = tuple(sorted((k, v) for k, v in options.items() if k not in (*ROLES, *KEYS)))
        cells.append(Cell(cell.cell_type, role, options.get(role, ""), start, cell.source,
                          options.get("points", 0), tuple(str(options.get("answers", "")).split()), other,
                          str(options.get("slide", ""))))
    return Lesson(path.stem, path, cells, about["minutes"], about["points"], about.get("edition", 1))


def _cell_lines(file, lines) -> list[int]:
    """The line on which each cell's text begins; refuses what jupytext would silently read otherwise."""
    starts, in_text, in_solution = [], False, 0
    for number, line in enumerate(lines, 1):
        if line.startswith("# %%"):
            if not HEADER.match(line):
                raise Problem(f"{file}:{number}: not a cell marker: {line[:60]!r}; in text, indent it or break it up")
            starts.append(number + 1)
            in_text = "[markdown]" in line
        elif starts and in_text and line.strip() and not line.startswith("#"):
            raise Problem(f"{file}:{number}: code in a text cell; put `# %%` above it")
        elif re.search(r"#\s*(BEGIN|END)\b|(BEGIN|END) SOL", line):
            if line.strip() not in (BEGIN, END):
                raise Problem(f"{file}:{number}: misspelt marker {line.strip()!r}; it should be {BEGIN} or {END}")
            if (line.strip() == BEGIN) == (in_solution > 0):
                raise Problem(f"{file}:{number}: {line.strip()} without its partner"
                              + (f" (line {in_solution} opens one)" if in_solution else ""))
            in_solution = number if line.strip() == BEGIN else 0
    if in_solution:
        raise Problem(f"{file}:{in_solution}: {BEGIN} without {END}")
    return starts
