"""Reads an answer's code for matrix products of NumPy, SciPy and pandas, which can't all be watched while they run."""
import dis
import functools
from types import CodeType, FunctionType, MethodType, ModuleType

import numpy as np

from .ways import adds_up

GEMM = ("gemm", "gemv", "dot", "symm")   # BLAS's own
NAMES = {"matmul", "dot", "einsum", "tensordot", "inner", "vdot", "multi_dot", "vecdot", "matvec", "vecmat", "__matmul__",
         "__rmatmul__", "matrix", "asmatrix", "correlate", "convolve", "inv", "pinv", "solve", "lstsq",
         "matrix_power", "expm", "blas", "get_blas_funcs", *(kind + name for kind in "sdcz" for name in GEMM),
         *(f"{kind}_matrix" for kind in ("bsr", "coo", "csc", "csr", "dia", "dok", "lil"))}   # whose * is a product
FUNCTIONS = {id(getattr(place, name)): name for place in (np, np.linalg) for name in NAMES if hasattr(place, name)}
SPEAKING = ("numpy", "scipy", "pandas")


def matrix_products(answer) -> set[str]:
    """Operators and functions by which the answer, or what it calls in the same notebook, multiplies matrices that aren't
    torch's.

    `@` and names like `dot` count only where the code speaks of NumPy and the like: a learner's own class may have them.
    """
    codes, reached = _reached(answer)
    found = {FUNCTIONS[id(thing)] for thing in reached if id(thing) in FUNCTIONS}
    if any(_speaks(code, names) for code, names in codes):
        found |= {hit for code, _ in codes for hit in _hits(code)}
    return found


def _reached(answer):
    """All code objects, with their globals, and all functions and classes, that the answer can get at by name."""
    codes, reached, pending, known = [], [], [answer], set()
    while pending:
        thing = pending.pop()
        if id(thing) in known:
            continue
        known.add(id(thing))
        reached.append(thing)
        if isinstance(thing, (staticmethod, classmethod, MethodType)):
            pending.append(thing.__func__)
        elif isinstance(thing, functools.partial):
            pending += [thing.func, *thing.args, *thing.keywords.values()]
        elif isinstance(thing, FunctionType):
            new = list(_nested(thing.__code__))
            codes += [(code, thing.__globals__) for code in new]
            pending += [*(thing.__defaults__ or ()), *(thing.__kwdefaults__ or {}).values(), *_closure(thing)]
            pending += [thing.__globals__[name] for code in new for name in code.co_names
                        if _is_own(thing.__globals__.get(name), thing.__globals__)]
        elif isinstance(thing, type):
            pending += [value for value in vars(thing).values() if _is_own(value, None)]
        elif thing is answer:
            pending.append(type(thing))
    return codes, reached


def _closure(function):
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:   # not filled yet
            continue


def _is_own(thing, names) -> bool:
    """Whether to look into a value: functions and classes of the notebook, and NumPy's products by another name."""
    if isinstance(thing, FunctionType):
        return names is None or thing.__globals__ is names
    if isinstance(thing, type):
        return thing.__module__ in ("__main__", "builtins") and thing.__flags__ & (1 << 9)   # made in Python
    return isinstance(thing, (staticmethod, classmethod, functools.partial)) or id(thing) in FUNCTIONS


def _nested(code):
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _nested(const)


def _speaks(code, names) -> bool:
    """Whether code names one of the modules, imports from it or has something of it, or turns a tensor into an array."""
    if any(name == "__array__" or name.startswith(SPEAKING) for name in code.co_names):
        return True
    return any(_home(names.get(name)).startswith(SPEAKING) for name in code.co_names)


def _home(thing) -> str:
    """The module that a thing is or comes from."""
    home = thing.__name__ if isinstance(thing, ModuleType) else getattr(thing, "__module__", "")
    return home if isinstance(home, str) else ""


def _hits(code):
    harmless = {"einsum"} if _only_multiplies(code) else set()
    for step in dis.get_instructions(code):
        if step.opname.startswith(("BINARY", "INPLACE")) and step.argrepr.rstrip("=") == "@":
            yield "@"
        elif step.opname in ("LOAD_ATTR", "LOAD_METHOD", "IMPORT_FROM") and step.argval in NAMES - harmless:
            yield str(step.argval)


def _only_multiplies(code) -> bool:
    """Whether all of the code's einsum equations keep every index."""
    equations = [const for const in code.co_consts if isinstance(const, str) and "," in const and "->" in const]
    return bool(equations) and not any(adds_up([equation]) for equation in equations)
