"""Which cells of a submission run, and when all of them must."""
import re
from functools import lru_cache

from .. import names

DEMONSTRATION = "demonstration"   # the build's tag for cells on which, by the lint, no answer may depend
HIDDEN_NAMES = re.compile(r"(?<![.\w])(globals|locals|vars|eval|exec|getattr|get_ipython)\b|^[ \t]*[%!?]|import \*",
                          re.MULTILINE)   # a model's own `.eval()` hides none
defined, used = (lru_cache(maxsize=1000)(read) for read in (names.defined, names.used))   # most cells are the lesson's
MOST_READ = 400_000   # characters of a notebook's code; a longer one isn't read here, and its names can't be told


def demonstrates(cell) -> bool:
    """Whether a released cell only shows something."""
    return DEMONSTRATION in cell.metadata.get("tags", [])


def leans_on_demonstrations(cells, known=frozenset()) -> bool:
    """Whether a learner's cells use a name that only demonstrations define, as far as their text can tell.

    known : texts of cells that don't: the lesson's own, which its lint has read
    Where the text can't tell (magics, eval, too much of it), the answer is yes.
    """
    code = [cell for cell in cells if cell.cell_type == "code"]
    rest = [cell.source for cell in code if not demonstrates(cell)]
    if sum(map(len, rest)) > MOST_READ:
        return True
    shown = set().union(*(defined(cell.source) for cell in code if demonstrates(cell)))
    elsewhere = set().union(*map(defined, rest))
    return any(HIDDEN_NAMES.search(source) or used(source) & (shown - elsewhere) for source in rest if source not in known)


def defined_below(cells, answer: int, check: int) -> set[str]:
    """Names that an answer's code cell takes from cells that stand below its check only.

    answer, check : positions; between them a helper may stand
    """
    code = [(position, cell.source) for position, cell in enumerate(cells) if cell.cell_type == "code"]
    if sum(len(source) for _, source in code) > MOST_READ:
        return set()
    above = set().union(*(defined(source) for position, source in code if position <= check))
    below = set().union(*(defined(source) for position, source in code if position > check))
    return used(cells[answer].source) & (below - above)
