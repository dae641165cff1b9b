"""Which cells of a submission run, and when all of them must."""
import ast
import re
import symtable

DEMONSTRATION = "demonstration"   # the build's tag for cells on which, by the lint, no answer may depend
HIDDEN_NAMES = re.compile(r"\b(globals|locals|vars|eval|exec|getattr|get_ipython)\b|^\s*[%!?]|import \*", re.MULTILINE)


def demonstrates(cell) -> bool:
    """Whether a released cell only shows something."""
    return DEMONSTRATION in cell.metadata.get("tags", [])


def leans_on_demonstrations(cells) -> bool:
    """Whether a learner's cells use a name that only demonstrations define, as far as their text can tell.

    Where the text can't tell (magics, eval), the answer is yes.
    """
    code = [cell for cell in cells if cell.cell_type == "code"]
    shown = set().union(*(_defined(cell.source) for cell in code if demonstrates(cell)))
    rest = [cell.source for cell in code if not demonstrates(cell)]
    defined = set().union(*map(_defined, rest))
    return any(HIDDEN_NAMES.search(source) or _used(source) & (shown - defined) for source in rest)


def defined_below(cells, answer: int, check: int) -> set[str]:
    """Names that an answer's code cell takes from cells that stand below its check only.

    answer, check : positions; between them a helper may stand
    """
    code = [(position, cell.source) for position, cell in enumerate(cells) if cell.cell_type == "code"]
    above = set().union(*(_defined(source) for position, source in code if position <= check))
    below = set().union(*(_defined(source) for position, source in code if position > check))
    return _used(cells[answer].source) & (below - above)


def _defined(source) -> set[str]:
    """Names that a cell gives a value at its top level."""
    try:
        table = symtable.symtable(source, "cell", "exec")
    except (SyntaxError, ValueError):
        return set()
    return {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}


def _used(source) -> set[str]:
    """Names that a cell takes from the notebook: used at its top level, or global in its functions."""
    try:
        ast.parse(source)
        tables, used = [symtable.symtable(source, "cell", "exec")], set()
    except (SyntaxError, ValueError):
        return set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        top = table.get_type() == "module"
        used |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and (top or s.is_global())}
    return used
