"""What a cell's code defines and uses, as far as its text can tell. What can't be told refuses nothing."""
import re
import symtable
import warnings

MOST_READ = 100_000   # characters; Python's own reader takes 600 bytes of memory and 4 µs for each
TOO_DEEP = (RecursionError, MemoryError, OverflowError)   # a sum of 3,000 terms: IPython runs it all the same
BODY_RUNS_HERE = ("%%time", "%%capture", "%%prun")
MAGIC = re.compile(r"^([ \t]*)(?:[%!?][^\n]*|[\w.]+\?{1,2}[ \t]*)$", re.MULTILINE)
TAKEN = re.compile(r"^([ \t]*\w[\w, ]*=)[ \t]*[%!][^\n]*$", re.MULTILINE)   # files = !ls
AT_LINE_START = re.compile(r"^(?:(?:async )?def |class |)(\w+)(?: ?[(:]|(?:: ?[\w.\[\]]+)? ?=(?!=))", re.MULTILINE)


def defined(source: str) -> set[str]:
    """Names that a cell gives a value at its top level, or by `global` in a function; none where it isn't Python.

    Where the text is too long or too deep for Python's reader, what its lines seem to define.
    """
    try:
        table = _table(source)
    except TOO_DEEP:
        return set(AT_LINE_START.findall(source))
    names, tables = set(), [table] if table else []
    while tables:
        table = tables.pop()
        tables += table.get_children()
        top = table.get_type() == "module"
        names |= {s.get_name() for s in table.get_symbols() if (s.is_assigned() or s.is_imported() or s.is_namespace())
                  and (top or s.is_declared_global())}
    return names


def used(source: str) -> set[str]:
    """Names that a cell takes from the notebook: used at its top level, or global in its functions.

    Where the text is too long or too deep for Python's reader, every word in it.
    """
    try:
        table = _table(source)
    except TOO_DEEP:
        return set(re.findall(r"\w+", source))
    names, tables = set(), [table] if table else []
    while tables:
        table = tables.pop()
        tables += table.get_children()
        top = table.get_type() == "module"
        names |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and (top or s.is_global())}
    return names


def is_python(source: str) -> bool:
    """Whether a cell's text can run; yes where it is too long or too deep to tell."""
    try:
        return _table(source) is not None
    except TOO_DEEP:
        return True


def _table(source):
    """Python's symbol table of a cell, IPython's own lines left out; None where that is no Python.

    raises : one of TOO_DEEP where it can't be told
    """
    if len(source) > MOST_READ:
        raise OverflowError
    text = source.lstrip()
    if text.startswith("%%"):
        magic, _, text = text.partition("\n")
        if not magic.startswith(BODY_RUNS_HERE):
            return symtable.symtable("", "cell", "exec")   # another language, or a file's text
        source = text
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")   # `x is 3` is the learner's matter, not the grader's
        for text in (source, TAKEN.sub(r"\1 None", MAGIC.sub(r"\1pass", source))):
            try:
                return symtable.symtable(text, "cell", "exec")
            except (SyntaxError, ValueError):   # the latter for NUL characters and half of a surrogate pair
                continue
    return None
