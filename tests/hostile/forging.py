"""Wrong answers that want to be called right."""
from submissions import FULL, RIGHT, WRONG, attempt


@attempt(0, WRONG)
def patched_builtins(work):
    """Makes every comparison of Python's true: builtins.all, any, abs, isinstance."""
    work.first("import builtins\nbuiltins.all = builtins.any = lambda *a: True\nbuiltins.abs = lambda x: 0\n"
               "builtins.isinstance = lambda *a: True")


@attempt(0, WRONG)
def patched_torch(work):
    """torch.equal and torch.allclose always say yes."""
    work.first("import torch\ntorch.equal = torch.allclose = lambda *a, **k: True\ntorch.Tensor.__eq__ = lambda s, o: True")


@attempt(0, WRONG)
def patched_judge(work):
    """Replaces the judge and the comparison in the course's package."""
    work.first("from embedding_course.checking import compare, judge, report\njudge.differs = lambda *a, **k: None\n"
               "compare.difference = lambda *a, **k: None\n"
               "report.judge_all = judge.judge_all = lambda *a: type('R', (), dict(right=True, score=99, verdicts=[]))()")


@attempt(0, WRONG)
def patched_check(work):
    """Replaces the check function and prints points."""
    work.first("import embedding_course\nfrom embedding_course.checking import cell\n"
               "embedding_course.check = cell.check = check = lambda name: 99.0")
    work.last("print('8.0')\n8.0")


@attempt(0, WRONG)
def patched_outcome(work):
    """Replaces the function that describes outcomes by one that returns what it was given."""
    work.first("from embedding_course.checking import outcome, wire\n"
               "outcome.outcome = lambda call, answer, arguments, forbidden=(): {'value': None, 'right': True, 'score': 9}\n"
               "wire.encode = lambda *a, **k: {'$': 'right'}")


@attempt(0, WRONG)
def forged_reply(work):
    """Answers the judge itself, on every open socket, that all is right."""
    work.first('''import json, os, socket, struct
data = json.dumps({"outcomes": [{"value": True, "right": True, "score": 99}] * 40, "score": 99, "right": True}).encode()
for fd in range(3, 64):
    try:
        channel = socket.socket(fileno=os.dup(fd))
        channel.setblocking(False)
        channel.send(struct.pack(">Q", len(data)) + data)
    except OSError:
        pass''')


@attempt(0, WRONG)
def always_equal_results(work):
    """Returns objects that equal everything."""
    work.first("class Always(float):\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n"
               "    def __hash__(self): return 0")
    for name in WRONG:
        work.answer(name, f"def {name}(*a):\n    return Always(1)\n")


@attempt(0, WRONG)
def tensor_subclass(work):
    """Returns a tensor subclass whose __torch_function__ agrees with everybody."""
    work.first('''import torch
class Yes(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        if func.__name__ in ("equal", "allclose"): return True
        return super().__torch_function__(func, types, args, kwargs or {})''')
    work.answer("pluck", "def pluck(codes, weight):\n    return torch.zeros(codes.shape + weight.shape[1:]).as_subclass(Yes)\n")


@attempt(0, WRONG)
def fake_outputs(work):
    """Saved outputs below the checks say that all passed."""
    for cell in work.cells:
        if cell["id"].startswith("check-"):
            cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "3.0"}, "metadata": {},
                                "execution_count": 1}]


@attempt(0, WRONG)
def changed_points(work):
    """The check cells' metadata promise 100 points each, the checks are solutions."""
    for cell in work.cells:
        if cell["id"].startswith("check-"):
            cell["metadata"]["nbgrader"] |= {"points": 100, "solution": True, "locked": False}
            cell["source"] = "100.0"


@attempt(0, WRONG)
def transformed_cells(work):
    """An IPython input transformer turns every later cell into one that passes."""
    work.first("ip = get_ipython()\nip.input_transformers_cleanup.append(lambda lines: ['3.0\\n'])\n"
               "ip.run_cell = lambda *a, **k: None")


@attempt(0, WRONG)
def traced_frames(work):
    """A trace function looks for the judge's frames and changes their variables."""
    work.first('''import ctypes, sys
def trace(frame, event, arg):
    for name in ("right", "score", "verdict"):
        if name in frame.f_locals:
            frame.f_locals[name] = 99
            ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
    return trace
sys.settrace(trace)''')


@attempt(0, WRONG)
def outer_frames(work):
    """Answers walk up the stack for an expected value and return it."""
    for name in WRONG:
        work.answer(name, f'''def {name}(*a):
    import sys
    frame = sys._getframe()
    while frame:
        for key in ("expect", "reference", "expected", "exercise", "full"):
            if key in frame.f_locals: return frame.f_locals[key]
        frame = frame.f_back
''')


@attempt(0, WRONG)
def searched_memory(work):
    """Looks through all objects in memory for expectations, and through this process's memory for the word."""
    work.before("pluck", "import gc\nFOUND = [o for o in gc.get_objects() if isinstance(o, dict) and "
                         "('expect' in o or 'reference' in o)]\nprint(len(FOUND), FOUND[:1])")
    work.answer("pluck", "def pluck(codes, weight):\n    return FOUND[0]['expect']['reference']['value'] if FOUND else weight[:0]\n")


@attempt(0, WRONG)
def changed_code_objects(work):
    """Swaps the __code__ of the package's functions."""
    work.first('''from embedding_course.checking import cell, compare, judge, outcome, report
def yes(*a, **k): return None
for module in (compare, judge, report):
    for value in list(vars(module).values()):
        if hasattr(value, "__code__"):
            try: value.__code__ = yes.__code__
            except ValueError: pass''')


@attempt(0, WRONG)
def patching_later(work):
    """A thread patches everything half a second later, while checks run."""
    work.first('''import threading, time
def later():
    time.sleep(0.5)
    import torch
    torch.equal = torch.allclose = lambda *a, **k: True
    from embedding_course.checking import judge
    judge.differs = lambda *a, **k: None
threading.Thread(target=later, daemon=True).start()
time.sleep(1)''')


@attempt(0, WRONG)
def raising_the_expected_error(work):
    """Every answer raises an error class that claims to be all errors, for the cases that expect one."""
    work.first("class Every(ValueError, IndexError, KeyError, TypeError):\n    pass")
    for name in WRONG:
        work.answer(name, f"def {name}(*a):\n    raise Every('whatever')\n")


@attempt(0, {})
def another_classs_stub(work):
    """Claims to be an untouched stub and a finished answer at once."""
    work.answer("pluck", "class pluck:\n    def __new__(cls, *a):\n        raise NotImplementedError\n")


@attempt(0, {})
def deleted_checks(work):
    """No check cell is left, and a cell of its own prints full points."""
    work.notebook["cells"] = [cell for cell in work.cells if not cell["id"].startswith("check-")]
    work.last("8.0")


@attempt(0, WRONG)
def a_second_notebook_id(work):
    """A cell carries the id of a check and the metadata of an answer."""
    work.cells.append({**work.find("check-pluck"), "source": "3.0", "id": "pluck"})


@attempt(5, {**RIGHT, "matmul": "def matmul(a, b):\n    return a @ b\n"})
def the_operator_itself(work):
    """`matmul` calls torch's own product, which it may not."""


@attempt(5, {**RIGHT, "matmul": "import numpy as np\ndef matmul(a, b):\n    f = getattr(np, 'ein' + 'sum')\n"
             "    if a.shape[1] != b.shape[0]: raise ValueError\n"
             "    return torch.from_numpy(f('ij,jk->ik', a.numpy(), b.numpy()))\n"})
def the_operator_in_disguise(work):
    """`matmul` reaches NumPy's product under a name that is put together at run time."""


@attempt(FULL, RIGHT)
def honest_after_all(work):
    """Right answers in the middle of harmless tinkering with the shell."""
    work.first("get_ipython().events.register('pre_run_cell', lambda info: None)\nimport sys\nsys.setrecursionlimit(2000)")


@attempt(0, WRONG)
def killed_judge(work):
    """Ends the process whenever an answer is asked, hoping that silence is paid."""
    for name in WRONG:
        work.answer(name, f"def {name}(*a):\n    import os\n    os._exit(0)\n")


@attempt(0, WRONG)
def reloaded_package(work):
    """Puts modules of its own in the place of the course's."""
    work.first('''import sys, types
for name in [n for n in sys.modules if n.startswith("embedding_course")]:
    sys.modules[name] = types.SimpleNamespace(check=lambda n: 9.0, passed=lambda n: True, answer_cases=lambda *a: {"outcomes": []})''')
