"""Cells that change what others run on: torch, NumPy, the course's package, Python itself. A person should look at them.

Code is read, never run. What is put together from strings at run time can't be read; that it is put together is said.
"""
import ast
import re

WATCHED = {"embedding_course", "torch", "numpy", "pandas", "IPython", "builtins", "json", "copy", "random", "socket"}
USUAL = {"np": "numpy", "pd": "pandas", "F": "torch.nn.functional", "nn": "torch.nn", "optim": "torch.optim",
         "__builtins__": "builtins", "__builtin__": "builtins"}
SETTINGS = ("torch.backends.", "pandas.options.", "torch._dynamo.config.")   # are meant to be set
HUNTS = {"gc": {"get_objects", "get_referrers", "get_referents", "unfreeze"}, "ctypes": None, "_ctypes": None,
         "sys": {"settrace", "setprofile", "_getframe", "_current_frames", "meta_path", "path_hooks", "addaudithook"},
         "inspect": {"stack", "currentframe", "getouterframes", "trace"}, "threading": {"settrace", "setprofile"},
         "importlib": {"reload"}, "unittest": {"mock"}, "forbiddenfruit": None}
INSIDE = {"__code__", "__globals__", "__closure__", "__defaults__", "__kwdefaults__", "__subclasses__", "f_globals",
          "f_back", "f_locals", "f_builtins", "tb_frame", "gi_frame", "cr_frame"}
CHECKS = {"check", "passed"}
MOST_CHARACTERS, MOST_NODES, MOST_LINES = 200_000, 100_000, 20


def meddling(notebook, known=frozenset()) -> list[str]:
    """One line for each thing that a cell changes or hunts for, such as "cell 12 changes torch.Tensor.detach".

    notebook : as nbformat reads it; never raises, and reads no more than a large notebook holds
    known : texts of cells that are the lesson's own, and may do what they like
    """
    found, names, left = [], dict(USUAL), MOST_CHARACTERS
    for number, cell in enumerate(notebook.cells, start=1):
        left -= len(cell.source) if cell.cell_type == "code" else 0
        if cell.cell_type != "code" or left < 0 or cell.source in known:
            continue
        try:
            tree = ast.parse(re.sub(r"(?m)^([ \t]*)[%!?].*$", r"\1pass", cell.source))
            nodes = [node for node, _ in zip(ast.walk(tree), range(MOST_NODES))]  # noqa: B905 - no more than that
            found += [f"cell {number} {what}" for what in dict.fromkeys(_found(nodes, names))]
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return [*dict.fromkeys(found)][:MOST_LINES]


def _found(nodes, names):
    """What the nodes of a cell do. Names of modules that it imports or renames are learnt on the way."""
    local = {argument.arg for node in nodes if isinstance(node, ast.arguments)
             for argument in (*node.posonlyargs, *node.args, *node.kwonlyargs)}
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.partition(".")[0]] = alias.name if alias.asname else alias.name.partition(
                    ".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            place = _place(node.value, names)
            if place:
                names[node.targets[0].id] = place
    for node in nodes:
        yield from _changes(node, names, local)
        yield from _hunts(node, names)


def _changes(node, names, local):
    targets = []
    if isinstance(node, (ast.Assign, ast.Delete)):
        targets = node.targets
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.For, ast.AsyncFor)):
        targets = [node.target]
    elif isinstance(node, ast.Call):
        yield from _called(node, names)
    for target in targets:
        for one in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
            if isinstance(one, ast.Name) and one.id in CHECKS - local and not isinstance(node, ast.For):
                yield f"changes {one.id}"
            inner = one.value if isinstance(one, ast.Subscript) else one
            if isinstance(inner, (ast.Attribute, ast.Call)) and (isinstance(one, ast.Attribute) or _is_dict(inner, names)):
                place = _place(inner, names)
                if _is_watched(place) or (place in WATCHED and isinstance(inner, ast.Call)):
                    yield f"changes {place}"
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name in CHECKS:
        yield f"changes {node.name}"


def _is_dict(node, names) -> bool:
    """Whether a subscript goes into a namespace: sys.modules, vars(torch), torch.__dict__, CALLS of the package."""
    place = _place(node, names)
    return place == "sys.modules" or place.endswith(".__dict__") or place.startswith("embedding_course.") or (
        isinstance(node, ast.Call) and (_is_watched(place) or place in WATCHED))


def _called(node, names):
    called, first = _place(node.func, names), _place(node.args[0], names) if node.args else ""
    last = called.rpartition(".")[2]
    if last in ("setattr", "delattr", "__setattr__", "__delattr__", "object") and (first in WATCHED or _is_watched(first)):
        name = node.args[1].value if len(node.args) > 1 and isinstance(node.args[1], ast.Constant) else "…"
        yield f"changes {first}.{name}"
    if last in ("update", "pop", "clear", "setdefault", "__setitem__") and _is_dict_method(node, names):
        yield f"changes {called.rpartition('.')[0]}"
    if last == "patch" and node.args and isinstance(node.args[0], ast.Constant) and _is_watched(str(node.args[0].value)):
        yield f"changes {node.args[0].value}"
    if called in ("exec", "eval", "compile", "__import__", "builtins.exec", "builtins.eval") and node.args \
            and not isinstance(node.args[0], ast.Constant):
        yield f"runs text that it puts together ({last})"
    if last == "getattr" and len(node.args) > 1 and not isinstance(node.args[1], ast.Constant) and (
            first in WATCHED or _is_watched(first)):
        yield f"takes something out of {first} by a name that it puts together"


def _is_dict_method(node, names) -> bool:
    return isinstance(node.func, ast.Attribute) and _is_dict(node.func.value, names)


def _hunts(node, names):
    if isinstance(node, ast.Attribute):
        if node.attr in INSIDE:
            yield f"looks into {node.attr}"
        place = _place(node, names)
        module, _, name = place.partition(".")
        if module in HUNTS and HUNTS[module] and name.split(".")[0] in HUNTS[module]:
            yield f"uses {module}.{name.split('.')[0]}"
    elif isinstance(node, ast.Import):
        yield from (f"uses {alias.name}" for alias in node.names if alias.name in HUNTS and HUNTS[alias.name] is None
                    or alias.name == "unittest.mock")
        yield from (f"uses {alias.name}" for alias in node.names if alias.name.startswith("embedding_course.c"))
    elif isinstance(node, ast.ImportFrom) and node.module:
        module, wanted = node.module.partition(".")[0], {alias.name for alias in node.names}
        hunts = module in HUNTS and (HUNTS[module] is None or wanted & HUNTS[module] or node.module == "unittest.mock")
        if hunts or node.module.startswith("embedding_course.c"):
            yield f"uses {node.module}"


def _place(node, names) -> str:
    """The dotted name that an expression stands for, as far as it can be read; empty otherwise."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id if node.id in WATCHED | {"sys", "setattr", "delattr", "getattr", "exec", "eval",
                                                                     "compile", "__import__", "patch"} else "")
    if isinstance(node, ast.Attribute):
        before = _place(node.value, names)
        return f"{before}.{node.attr}" if before else ""
    if isinstance(node, ast.Subscript) and _place(node.value, names) == "sys.modules":
        return str(node.slice.value) if isinstance(node.slice, ast.Constant) else "sys.modules"
    if isinstance(node, ast.Call):
        called = _place(node.func, names)
        first = node.args[0] if node.args else None
        if called == "getattr" and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
            before = _place(first, names)
            return f"{before}.{node.args[1].value}" if before else ""
        if called in ("__import__", "importlib.import_module") and isinstance(first, ast.Constant):
            return str(first.value)
        if isinstance(node.func, ast.Name) and node.func.id in ("vars", "type") and first is not None:
            return _place(first, names)
    return ""


def _is_watched(place: str) -> bool:
    """Whether a dotted name is something inside of a watched package, and no setting."""
    return place == "sys.modules" or (place.partition(".")[0] in WATCHED and "." in place
                                      and not f"{place}.".startswith(SETTINGS))
