"""A second set of the checking modules that no name leads to: what a notebook puts into the first doesn't reach it.

The set is loaded from its sources when this is imported, before a stranger's code runs. Its builtins are its own too. A
notebook that hunts through memory or up the stack still finds it; it is flagged (`course/grading/meddling.py`).
"""
import builtins
import importlib.util
import sys

import numpy  # noqa: F401 - what the set imports is known before, so that only its own modules are new
import pandas  # noqa: F401
import torch.overrides  # noqa: F401

from . import watching  # noqa: F401 - and what it imports

PACKAGE = __package__
SET = ("json.scanner", "json.decoder", "json.encoder", "json", *(f"{PACKAGE}.{name}" for name in (
    "ways", "digests", "arrays", "exercise", "observe", "wire", "notes", "reading_code", "watching", "stub", "calls_module",
    "calls_reuse", "calls_tabular", "calls_training", "calls", "outcome")))


def load(names) -> dict:
    """Modules by name, each loaded anew and importing the others of the set; `sys.modules` is as before afterwards."""
    own, known, made = dict(vars(builtins)), dict(sys.modules), {}
    packages = {name.rpartition(".")[0] for name in names} & known.keys()
    attributes = {name: vars(known[name]).copy() for name in packages}
    try:
        for name in names:
            sys.modules.pop(name, None)
        for name in names:
            spec = importlib.util.find_spec(name)
            module = importlib.util.module_from_spec(spec)
            vars(module)["__builtins__"] = own
            sys.modules[name] = made[name] = module
            spec.loader.exec_module(module)
            package, _, leaf = name.rpartition(".")
            if package in packages:
                setattr(known[package], leaf, module)   # where `from . import …` looks first
    finally:
        for name in names:
            sys.modules.pop(name, None)
            if name in known:
                sys.modules[name] = known[name]
        for name in packages:
            vars(known[name]).update(attributes[name])
    return made


answer_cases = load(SET)[f"{PACKAGE}.outcome"].answer_cases
