"""What runs on a student's machine and not on the grader's, or runs otherwise."""
from submissions import FULL, RIGHT, case


@case(FULL)
def a_kernel_of_ones_own(work):
    """A kernel's name that exists on the student's machine alone."""
    work.notebook["metadata"]["kernelspec"] = {"name": "conda-env-ml-py", "display_name": "ml", "language": "python"}


@case(FULL)
def input_below_an_answer(work):
    """`input()` under a right answer in the same cell."""
    work.answer("multiplications", RIGHT["multiplications"] + "\nname = input('Who are you? ')\n")


@case(FULL)
def pip_on_top(work):
    """%pip install and !pip install at the top."""
    work.first("%pip install torch\n!pip install pandas --upgrade")


@case(FULL)
def shell_cells(work):
    """Shell lines and a %%bash cell that fails."""
    work.first("!ls\nfiles = !ls\nprint(len(files))")
    work.first("%%bash\nexit 3")


@case(FULL)
def magics_in_an_answer(work):
    """A line magic, a help query and a shell line at the end of a solved cell."""
    for name, source in RIGHT.items():
        work.answer(name, source + f"\n%time 1 + 1\n{name}?\n!echo done\n")


@case(FULL)
def widget_backend(work):
    """%matplotlib widget, which isn't installed, then a figure."""
    work.first("%matplotlib widget\nimport matplotlib.pyplot as plt\nplt.plot([1, 2, 3])")


@case(FULL)
def inline_backend(work):
    """%matplotlib inline and two dozen figures that nobody closes."""
    work.first("%matplotlib inline\nimport matplotlib.pyplot as plt\nfor _ in range(24): plt.figure()")


@case(FULL)
def writes_to_stderr(work):
    """An answer that logs to stderr and warns."""
    work.answer("pluck", RIGHT["pluck"].replace("    return", "    import sys, warnings\n    print('looking', file=sys.stderr)\n"
                                                "    warnings.warn('slow')\n    return"))


@case(FULL)
def prints_in_answers(work):
    """Answers that print what they do."""
    work.answer("pluck", RIGHT["pluck"].replace("    return", "    print('codes', codes)\n    return"))


@case(FULL)
def breakpoints(work):
    """breakpoint() and %debug in own cells."""
    work.first("breakpoint()")
    work.first("1 / 0")
    work.cells.insert(1, {**work.cells[0], "id": "debug", "source": "%debug"})


@case(FULL)
def a_late_thread(work):
    """A thread goes on writing to stderr while the checks run."""
    work.first("import sys, threading, time\ndef talk():\n    for _ in range(100):\n        print('.', file=sys.stderr); "
               "time.sleep(0.05)\nthreading.Thread(target=talk, daemon=True).start()")


@case(FULL)
def shadowed_builtins(work):
    """Own variables named like builtins that no answer uses."""
    work.first("sum = 0\nall = []\nlist = 3\nstr = 'x'\nid = 7\nprint_ = print\ntype = None\nmap = {}\nset = ()\n")
    work.answer("matmul", "import torch\ndef matmul(a, b):\n    if a.shape[1] != b.shape[0]: raise ValueError\n"
                          "    return (a[:, :, None] * b[None]).sum(dim=1)\n")


@case(FULL)
def a_seed_of_ones_own(work):
    """torch, NumPy and random are seeded in own cells; the working directory changes."""
    work.first("import os, random\nimport numpy as np\nimport torch\nrandom.seed(1); np.random.seed(1); torch.manual_seed(1)\n"
               "os.chdir('/')")


@case(FULL)
def exit_in_an_own_cell(work):
    """exit() and quit() in an own cell."""
    work.first("exit()")
    work.last("import sys\nsys.exit(0)")


@case(FULL)
def autoreload(work):
    """%load_ext autoreload and an unknown extension."""
    work.first("%load_ext autoreload\n%autoreload 2\n%load_ext not_there")


@case(FULL)
def default_dtype_changed(work):
    """torch's default dtype is float64 in an own cell at the end."""
    work.last("import torch\ntorch.set_default_dtype(torch.float64)\ntorch.set_grad_enabled(False)")


@case(FULL)
def two_threads_of_torch(work):
    """Sets torch to many threads and computes something large before the checks."""
    work.first("import torch\ntorch.set_num_threads(4)\n(torch.rand(600, 600) @ torch.rand(600, 600)).sum()\n"
               "x = torch.rand(300, 300, requires_grad=True)\n(x @ x).sum().backward()")


@case(FULL)
def async_cell(work):
    """Top-level await."""
    work.first("import asyncio\nawait asyncio.sleep(0.01)")


@case(FULL)
def latex_and_emoji(work):
    """Names and text beyond ASCII everywhere."""
    work.first("größe = 3\nπ = 3.14\nprint('✓ 🎉', größe, π)")
    work.find("own-words")["source"] = "Die Antwort: $w_i$ 🎉 λ"
