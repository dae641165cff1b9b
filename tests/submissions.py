"""What the submissions of `hostile/` and `real/` are made of, and where they register: changed copies of a release."""
import copy
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LESSON, FULL = "02-matmul", 8
POINTS = {"matmul": 3, "pluck": 2, "matmul_backward": 2, "multiplications": 1}
RIGHT = {
    "matmul": '''def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return (a[:, :, None] * b[None]).sum(dim=1)
''',
    "pluck": '''def pluck(codes, weight):
    if codes.numel() and (codes.min() < 0 or codes.max() >= len(weight)):
        raise IndexError("code")
    return weight[codes].clone()
''',
    "matmul_backward": '''def matmul_backward(a, grad_output):
    return a.T @ grad_output
''',
    "multiplications": '''def multiplications(n, levels, dim):
    return n * levels * dim, 0
'''}
WRONG = {
    "matmul": "def matmul(a, b):\n    return a.sum() + b * 0\n",
    "pluck": "def pluck(codes, weight):\n    return weight * 0\n",
    "matmul_backward": "def matmul_backward(a, grad_output):\n    return a.T @ grad_output * 2\n",
    "multiplications": "def multiplications(n, levels, dim):\n    return 0, 0\n"}
REFUSED = None


@dataclass(frozen=True)
class Attempt:
    """One submission.

    tries : what it is after, in a line
    deserves : points by checks; REFUSED for what nobody can read
    make : changes the Work that it is given
    """
    name: str
    tries: str
    deserves: float | None
    make: Callable
    answers: dict


ATTEMPTS: list[Attempt] = []   # those of `hostile/`
CASES: list[Attempt] = []      # those of `real/`


def attempt(deserves: float | None, answers: dict, among: list[Attempt] = ATTEMPTS):
    """Decorator: registers a function of a Work; its docstring says what it tries."""
    def register(make):
        among.append(Attempt(make.__name__.replace("_", "-"), make.__doc__.strip(), deserves, make, answers))
        return make
    return register


def case(deserves: float | None, answers: dict | None = None):
    """Decorator: the same for a real case; without answers all are right."""
    return attempt(deserves, RIGHT if answers is None else answers, CASES)


class Work:
    """A submission while it is made: the notebook as data, and the folder that it lies in."""

    def __init__(self, released: dict, folder: Path, answers: dict):
        self.notebook, self.folder, self.raw = copy.deepcopy(released), folder, None
        folder.mkdir(parents=True)
        self.stubs = {name: "".join(self.find(name)["source"]) for name in RIGHT}
        for name, source in answers.items():
            self.answer(name, source)

    @property
    def cells(self) -> list[dict]:
        return self.notebook["cells"]

    def holding(self, code: str) -> dict:
        """The code cell with this in it, whatever its number."""
        return next(cell for cell in self.cells if cell["cell_type"] == "code" and code in "".join(cell["source"]))

    def find(self, identity: str) -> dict:
        """The cell with an id."""
        return next(cell for cell in self.cells if cell["id"] == identity)

    def answer(self, name: str, source: str):
        """Puts an answer into its cell."""
        self.find(name)["source"] = source

    def first(self, source: str):
        """A cell of the student's own, before all others."""
        self.cells.insert(0, own(source))

    def before(self, name: str, source: str):
        """A cell of the student's own above an answer."""
        self.cells.insert(self.cells.index(self.find(name)), own(source))

    def last(self, source: str):
        """A cell of the student's own at the end."""
        self.cells.append(own(source))

    def save(self):
        """Writes the notebook, or the bytes that stand for it."""
        data = json.dumps(self.notebook).encode() if self.raw is None else self.raw
        (self.folder / f"{LESSON}.ipynb").write_bytes(data)
        if not (self.folder / "timestamp.txt").exists():
            (self.folder / "timestamp.txt").write_text("2026-01-01 10:00:00 UTC")


def own(source: str) -> dict:
    """A code cell without an id of the release."""
    name = f"own-{zlib.crc32(source.encode(errors='surrogatepass'))}"   # the same in each run, other than hash()
    return {"cell_type": "code", "id": name, "metadata": {}, "source": source, "outputs": [], "execution_count": None}
