"""Kernels: a name that is missing because the lesson's first cell has not run yet is answered with what to do.

After a restart, or on the next day, a notebook shows old results and its kernel knows nothing. This reads as little as
it can: it must not import torch, or every kernel would start slowly.
"""
CODE = '''
import sys
from pathlib import Path

def explain(shell, kind, error, stack, tb_offset=None):
    if kind is NameError and "embedding_course" not in sys.modules and Path("checks.json").is_file():
        said = [f"{kind.__name__}: {error}", "", "This kernel is new and has run none of the cells above yet.",
                "Menu Run, Run All Above Selected Cell; then run this cell again."]
        error._render_traceback_ = lambda: said
    shell.showtraceback((kind, error, stack), tb_offset=tb_offset)

shell.set_custom_exc((NameError,), explain)
'''
c = get_config()  # noqa: F821 - traitlets defines it
c.InteractiveShellApp.exec_lines.append(f"exec({CODE!r}, {{'shell': get_ipython()}})")
