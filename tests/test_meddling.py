"""Cells that change torch, the package or Python are named for a person; what honest notebooks do is not."""
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from embedding_course.course.grading.meddling import meddling
from embedding_course.course.project import Project
from embedding_course.course.reading import read_notebook


def said(source):
    return meddling(new_notebook(cells=[new_markdown_cell("torch.equal = 1"), new_code_cell(source)]))


@pytest.mark.parametrize(("source", "what"), [
    ("import torch\ntorch.Tensor.detach = lambda self: self", "changes torch.Tensor.detach"),
    ("import torch as t\nt.equal = t.allclose = lambda *a: True", "changes torch.equal"),
    ("from torch import Tensor\nTensor.__eq__ = None", "changes torch.Tensor.__eq__"),
    ("T = torch.Tensor\nT.clone = None", "changes torch.Tensor.clone"),
    ("import numpy as np\nnp.random.get_state = lambda: 0", "changes numpy.random.get_state"),
    ("setattr(torch, 'equal', print)", "changes torch.equal"),
    ("delattr(torch.Tensor, 'grad')", "changes torch.Tensor.grad"),
    ("from unittest import mock\nmock.patch('torch.equal').start()", "uses unittest"),
    ("import unittest.mock\nunittest.mock.patch.object(torch, 'equal')", "uses unittest.mock"),
    ("import builtins\nbuiltins.isinstance = lambda *a: True", "changes builtins.isinstance"),
    ("__builtins__.len = 3", "changes builtins.len"),
    ("import embedding_course.checking.outcome as o\no.encode = 1", "changes embedding_course.checking.outcome.encode"),
    ("from embedding_course.checking.calls import CALLS\nCALLS['function'] = 1", "uses embedding_course.checking.calls"),
    ("import sys\nsys.modules['torch'] = 1", "changes sys.modules"),
    ("import sys\nsys.modules['torch'].equal = 1", "changes torch.equal"),
    ("sys.modules.pop('json')", "changes sys.modules"),
    ("vars(torch)['equal'] = 1", "changes torch"), ("torch.__dict__['equal'] = 1", "changes torch.__dict__"),
    ("check = print", "changes check"), ("def check(name): pass", "changes check"),
    ("global check\ncheck, a = 1, 2", "changes check"),
    ("text = 'torch.eq' + 'ual = 1'\nexec(text)", "runs text that it puts together (exec)"),
    ("import gc\ngc.get_objects()", "uses gc.get_objects"), ("from gc import get_referrers", "uses gc"),
    ("import ctypes", "uses ctypes"), ("import sys\nsys.settrace(print)", "uses sys.settrace"),
    ("import sys\nsys._getframe(1)", "uses sys._getframe"), ("import inspect\ninspect.stack()", "uses inspect.stack"),
    ("sys.meta_path.insert(0, 1)", "uses sys.meta_path"), ("pluck.__code__ = f.__code__", "looks into __code__"),
    ("exec('torch.eq' + 'ual = 1')", "runs text that it puts together (exec)"),
    ("getattr(torch, 'eq' + 'ual')", "takes something out of torch by a name that it puts together"),
    ("%time 1\nimport torch\n!ls\ntorch.equal = 1", "changes torch.equal"),
    ("with x:\n  for i in y:\n    torch.nn.Module.train = 1", "changes torch.nn.Module.train"),
    ("getattr(torch, 'Tensor').detach = 1", "changes torch.Tensor.detach"),
    ("__import__('torch').equal = 1", "changes torch.equal"), ("import json\njson.dumps = 1", "changes json.dumps")])
def test_meddling_is_named(source, what):
    assert f"cell 2 {what}" in said(source)


@pytest.mark.parametrize("source", [
    "import torch\ntorch.manual_seed(0)\ntorch.set_num_threads(1)\ntorch.set_default_dtype(torch.float32)",
    "torch.backends.cudnn.deterministic = True\ntorch.backends.mkldnn.enabled = False",
    "import matplotlib.pyplot as plt\nplt.rcParams['figure.figsize'] = (8, 3)", "pd.options.display.max_rows = 9",
    "np.set_printoptions(precision=2)\ntorch.set_printoptions(3)\nimport warnings\nwarnings.filterwarnings('ignore')",
    "class Tensor:\n    pass\ndef equal(a, b):\n    return a == b",
    "import sys\nsys.path.append('.')\nsys.setrecursionlimit(9)",
    "import contextlib, io, sys\nwith contextlib.redirect_stdout(io.StringIO()):\n    pass\nsys.stdout = open('x', 'w')",
    "model.weight.data = torch.zeros(3)\nlayer.weight.grad = None\nweight.requires_grad = False",
    "codes = torch.arange(3)\ncodes[0] = 1\nx = np.zeros(3)\nx[1] = 2\ndf = pd.DataFrame()\ndf['a'] = 1",
    "df.index.name = 'k'",
    "self.embedding = nn.Embedding(3, 2)\nself.embedding.weight.data[0] = 0", "import gc\ngc.collect()", "eval('1 + 1')",
    "def f(check):\n    check = 3", "getattr(torch, 'float32')\ngetattr(model, name)",
    "from embedding_course import check, passed, rows",
    "import random\nrandom.seed(0)\nimport copy\nother = copy.deepcopy(model)", "# torch.equal = 1", "this is no code (",
    "optim = torch.optim.SGD(model.parameters(), lr=0.1)\noptim.param_groups[0]['lr'] = 0.2",
    "nn = torch.nn\nlinear = nn.Linear(3, 2)\nlinear.weight = nn.Parameter(torch.ones(2, 3))"])
def test_honest_notebooks_are_left_alone(source):
    assert said(source) == []


@pytest.mark.parametrize("source", ["(" * 50_000, "x = " + "-" * 50_000 + "1", "a\0b", "x" * 10**6, "\n".join(
    f"torch.a{i} = 1" for i in range(500)), "lambda: " * 3000 + "0", "1" * 10_000])
def test_nothing_stops_it(source):
    assert len(said(source)) <= 20


def test_a_lessons_own_cells_are_left_alone():
    released = read_notebook(Project.find().released("08-reuse"))   # runs lines that the reader guesses about
    assert meddling(released) != []
    assert meddling(released, {cell.source for cell in released.cells}) == []
