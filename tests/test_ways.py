"""Ready-made matrix products are seen however they are reached; honest ways by hand are not."""
import linecache

import pytest
import torch

from embedding_course.checking.exercise import Case, Exercise, Rules
from embedding_course.checking.expectations import description
from embedding_course.checking.outcome import answer_cases
from embedding_course.checking.report import assess

A, B = torch.tensor([[1.0, 2.0, 0.5], [3.0, -4.0, 2.0]]), torch.tensor([[1.0, 0.0], [2.0, 5.0], [-1.0, 4.0]])
TORCH = """import torch, operator, threading, _thread, time, functools
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool
def stacked(a, b, side=torch.zeros):
    n, m, p = *a.shape, b.shape[1]
    M = side(n + m + p, n + m + p, dtype=torch.float64)
    M[:n, n:n + m], M[n:n + m, n + m:] = a, b
    return M
def corner(M, a, b): return M[:len(a), a.shape[1] + len(a):]
def negated(a, b): return stacked(-a, -b) + torch.eye(len(a) + sum(b.shape), dtype=torch.float64)
"""
NUMPY = TORCH + "import numpy as np, pandas as pd\n"

PRODUCTS = {   # what the answer's last line returns
    "in a thread": "def go(): r.append(a @ b)\nr = []\nt = threading.Thread(target=go)\nt.start()\nt.join()\nreturn r[0]",
    "in a bare thread": "def go(): r.append(a @ b)\nr = []\n_thread.start_new_thread(go, ())\n"
                        "while not r: time.sleep(0.001)\nreturn r[0]",
    "in a pool": "with ThreadPoolExecutor(1) as pool: return pool.submit(torch.mm, a, b).result()",
    "in a pool of multiprocessing": "with ThreadPool(1) as pool: return pool.apply(torch.matmul, (a, b))",
    "einsum": "return torch.einsum('ij,jk->ik', a, b)",
    "einsum without an arrow": "return torch.einsum('ij,jk', a, b)",
    "inverse": "return corner(torch.inverse(negated(a, b)), a, b)",
    "linalg.inv": "return corner(torch.linalg.inv(negated(a, b)), a, b)",
    "matrix_exp": "return 2 * corner(torch.matrix_exp(stacked(a, b)), a, b)",
    "matrix_power": "return corner(torch.matrix_power(stacked(a, b), 2), a, b)",
    "linalg.matrix_power": "return corner(torch.linalg.matrix_power(stacked(a, b), 2), a, b)",
    "linalg.multi_dot": "return torch.linalg.multi_dot([a, b])",
    "linalg.vecdot": "return torch.stack([torch.stack([torch.linalg.vecdot(r, c) for c in b.T]) for r in a])",
    "operator.matmul": "return operator.matmul(a, b)",
    "sparse.mm": "return torch.sparse.mm(a.to_sparse(), b)",
    "sparse @": "return a.to_sparse_csr() @ b",
    "cdist": "d = torch.cdist(a.double(), b.T.double()) ** 2\n"
             "return ((a * a).sum(1)[:, None] + (b * b).sum(0) - d) / 2",
    "conv1d": "return torch.conv1d(a[:, :, None], b.T[:, :, None])[:, :, 0]",
}
ARRAYS = {
    "np.dot": "return torch.from_numpy(np.dot(a.numpy(), b.numpy()))",
    "np.matmul of lists": "return torch.tensor(np.matmul(a.tolist(), b.tolist()))",
    "np.linalg.inv": "return torch.tensor(corner(np.linalg.inv(negated(a, b).numpy()), a, b))",
    "np.linalg.matrix_power": "return torch.tensor(corner(np.linalg.matrix_power(np.array(stacked(a, b)), 2), a, b))",
    "np.linalg.multi_dot": "return torch.tensor(np.linalg.multi_dot([np.array(a), np.array(b)]))",
    "np.matrix": "return torch.tensor(np.asarray(np.matrix(a.tolist()) * np.matrix(b.tolist())))",
    "DataFrame.dot": "return torch.tensor(pd.DataFrame(a.tolist()).dot(pd.DataFrame(b.tolist())).to_numpy())",
    "frames @": "return torch.tensor((pd.DataFrame(a.tolist()) @ pd.DataFrame(b.tolist())).to_numpy())",
}
SCIPY = {
    "blas": "import scipy.linalg.blas as blas\nreturn torch.tensor(blas.dgemm(1, a.double().numpy(), b.double().numpy()))",
    "sparse *": "import scipy.sparse as sp\nreturn torch.tensor(sp.csr_matrix(a.numpy()) * b.numpy())",
    "expm": "import scipy.linalg as sl\nreturn torch.tensor(2 * corner(sl.expm(np.array(stacked(a, b))), a, b))",
}
BY_HAND = {
    "broadcast": "return (a[:, :, None] * b).sum(1)",
    "outer products": "return sum(torch.outer(a[:, k], b[k]) for k in range(len(b)))",
    "NumPy": "return torch.from_numpy((a.numpy()[:, :, None] * b.numpy()).sum(1))",
    "frames": "x, y = pd.DataFrame(a.tolist()), pd.DataFrame(b.tolist())\n"
              "return torch.tensor([[float((x.iloc[i] * y[j]).sum()) for j in y] for i in range(len(x))])",
    "rows in a pool": "with ThreadPoolExecutor(2) as pool: return torch.stack(list(pool.map("
                      "lambda r: (r[:, None] * b).sum(0), a)))",
    "rows in a bare thread": "def go(): r.append((a[:, :, None] * b).sum(1))\nr = []\n_thread.start_new_thread(go, ())\n"
                             "while not r: time.sleep(0.001)\nreturn r[0]",
    "a norm beside": "torch.linalg.norm(b)\nreturn (a[:, :, None] * b).sum(1)",
    "vmap": "return torch.vmap(lambda r: (r[:, None] * b).sum(0))(a)",
    "addcmul": "out = torch.zeros(len(a), b.shape[1])\nfor k in range(len(b)): out.addcmul_(a[:, [k]], b[k])\nreturn out",
    "cached": "@functools.cache\ndef cell(i, j): return sum(x * y for x, y in zip(a[i], b[:, j]))\n"
              "return torch.tensor([[cell(i, j) for j in range(b.shape[1])] for i in range(len(a))])",
    "an einsum that adds nothing up": "return torch.einsum('ij, jk -> ijk', a, b).sum(1)",
    "NumPy's einsum that adds nothing up": "return torch.from_numpy(np.einsum('ij,jk->ijk', a.numpy(), b.numpy()).sum(1))",
    "without autograd": "with torch.no_grad(): return (a[:, :, None] * b).sum(1)",
}


def judged(preamble, body):
    source = preamble + "def product(a, b):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    linecache.cache["answer"] = len(source), None, source.splitlines(keepends=True), "answer"
    namespace = {"__name__": "__main__"}
    exec(compile(source, "answer", "exec"), namespace)
    case = Case("all", a=A, b=B)
    exercise = Exercise("function", {"all": 1}, [case], lambda rng: [], Rules(forbidden=("matrix product",)))
    described = description(exercise, lambda a, b: (a[:, :, None] * b).sum(1), [case])
    result, report = assess("product", described, answer_cases(
        "function", namespace["product"], described["cases"], ("matrix product",)))
    return result.right, "\n".join(report)


@pytest.mark.parametrize(("preamble", "body"), [
    *((TORCH, body) for body in PRODUCTS.values()), *((NUMPY, body) for body in ARRAYS.values())],
    ids=[*PRODUCTS, *ARRAYS])
def test_a_product_is_seen(preamble, body):
    right, report = judged(preamble, body)
    assert not right
    assert "matrix product ran" in report, report


@pytest.mark.parametrize("body", SCIPY.values(), ids=SCIPY)
def test_a_product_of_scipys_is_seen(body):
    pytest.importorskip("scipy")
    assert "matrix product ran" in judged(NUMPY, body)[1]


@pytest.mark.parametrize("body", BY_HAND.values(), ids=BY_HAND)
def test_ways_by_hand_are_left_alone(body):
    right, report = judged(NUMPY, body)
    assert right, report
