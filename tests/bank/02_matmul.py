"""Answers to the exercises of lesson 2: right ones, and wrong ones beside the slips in `solutions/checks`."""
# ruff: noqa

# %% matmul right: three loops over scalars
def matmul(a, b):
    n, levels = a.shape
    rows, dim = b.shape
    if levels != rows:
        raise ValueError(f"{levels} columns against {rows} rows")
    result = torch.zeros(n, dim)
    for i in range(n):
        for j in range(dim):
            for k in range(levels):
                result[i, j] += a[i, k] * b[k, j]
    return result
# %% matmul right: Python lists, with zip
def matmul(a, b):
    left, right = a.tolist(), b.tolist()
    if len(left[0]) != len(right):
        raise ValueError("shapes don't fit: %s and %s" % (tuple(a.shape), tuple(b.shape)))
    columns = list(zip(*right))
    return torch.tensor([[sum(x * y for x, y in zip(row, column)) for column in columns] for row in left])
# %% matmul right: broadcast against the transpose, sum over the last axis
def matmul(a, b):
    if a.size(1) != b.size(0):
        raise ValueError(b.size(0))
    return (a[:, None, :] * b.T[None]).sum(-1)
# %% matmul right: a sum of outer products
def matmul(a, b):
    if a.shape[-1] != len(b):
        raise ValueError("levels differ")
    return sum(torch.outer(a[:, k], b[k]) for k in range(len(b)))
# %% matmul right: NumPy, in double precision
import numpy as np

def matmul(a, b):
    left, right = a.numpy().astype(np.float64), b.numpy().astype(np.float64)
    if left.shape[1] != right.shape[0]:
        raise ValueError("shapes")
    return torch.from_numpy(np.multiply(left[:, :, np.newaxis], right[np.newaxis]).sum(axis=1))
# %% matmul right: a linear combination of the rows of b, one row at a time
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError(a.shape)
    out = []
    for weights in a:
        mixed = torch.zeros(b.shape[1])
        for share, row in zip(weights, b):
            mixed = mixed + share * row
        out.append(mixed)
    return torch.stack(out)
# %% matmul right: a helper called dot, and another called inner, of its own
def dot(u, v):
    return (u * v).sum()


def matmul(a, b):
    def inner(i, j):
        return dot(a[i], b[:, j])
    if a.shape[1] != b.shape[0]:
        raise ValueError(f"{a.shape[1]} != {b.shape[0]}")
    return torch.tensor([[inner(i, j) for j in range(b.shape[1])] for i in range(a.shape[0])])
# %% matmul right: recursion over the levels
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError(a.shape[1])
    first = a[:, :1] * b[:1]
    return first if a.shape[1] == 1 else first + matmul(a[:, 1:], b[1:])
# %% matmul right: column by column, with torch.mul and stack
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("no product")
    return torch.stack([torch.sum(torch.mul(a, column), dim=1) for column in b.T], dim=1)
# %% matmul right: an exception of its own below ValueError
class ShapeMismatch(ValueError):
    pass


def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ShapeMismatch(f"a is {tuple(a.shape)}, b is {tuple(b.shape)}")
    return a.unsqueeze(-1).mul(b).sum(-2)
# %% matmul right: pandas frames and a comprehension
def matmul(a, b):
    left, right = pd.DataFrame(a.numpy()), pd.DataFrame(b.numpy())
    if left.shape[1] != right.shape[0]:
        raise ValueError(right.shape)
    columns = {name: left.mul(right[name].to_numpy(), axis=1).sum(axis=1) for name in right}
    return torch.tensor(pd.DataFrame(columns).to_numpy())
# %% matmul right: warns, prints and seeds on the way
import warnings

def matmul(a, b):
    assert_shape = a.shape[1] == b.shape[0]
    if not assert_shape:
        raise ValueError("a and b")
    warnings.warn("slow")
    print("multiplying", a.shape, b.shape)
    torch.manual_seed(0)
    product = torch.empty(a.shape[0], b.shape[1])
    for i, row in enumerate(a):
        product[i] = (row.reshape(-1, 1) * b).sum(dim=0)
    return product
# %% matmul right: addcmul, level by level, in an accumulator of its own
def matmul(a, b):
    if b.shape[0] != a.shape[1]:
        raise ValueError
    total = torch.zeros(a.shape[0], b.shape[1], dtype=torch.float64)
    for k in range(a.shape[1]):
        total.addcmul_(a[:, k:k + 1].double(), b[k:k + 1].double())
    return total.float()
# %% matmul right: gradients switched off inside a with block, cumulative sum
def matmul(a, b):
    with torch.no_grad():
        if a.shape[1] != b.shape[0]:
            raise ValueError("mismatch")
        return (a[:, :, None] * b[None, :, :]).cumsum(dim=1)[:, -1]
# %% matmul right: an einsum that sums nothing, then a sum
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("sizes differ")
    return torch.einsum("nl,ld->nld", a, b).sum(dim=1)
# %% matmul right: NumPy's einsum for outer products only
import numpy as np

def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("sizes differ")
    return torch.from_numpy(np.einsum("nl, ld -> nld", a.numpy(), b.numpy()).sum(axis=1))
# %% matmul wrong: the operator itself
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return a @ b
# %% matmul wrong: torch.einsum
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return torch.einsum("nk,kd->nd", a, b)
# %% matmul wrong: torch.mm with keywords
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return torch.mm(input=a, mat2=b)
# %% matmul wrong: np.dot, on lists
from numpy import dot

def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return torch.tensor(dot(a.tolist(), b.tolist())).float()
# %% matmul wrong: NumPy's operator on the arrays
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return torch.from_numpy(a.numpy() @ b.numpy())
# %% matmul wrong: NumPy's einsum in a helper beside
import numpy as np

def product_of(left, right):
    return np.einsum("ij,jk->ik", left, right)

def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return torch.from_numpy(product_of(a.numpy(), b.numpy()))
# %% matmul wrong: F.linear with the transpose
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return F.linear(a, b.T)
# %% matmul wrong: a convolution of width one
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return F.conv1d(a[:, :, None], b.T[:, :, None])[:, :, 0]
# %% matmul wrong: torch.dot for each entry
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return torch.stack([torch.stack([torch.dot(row, column) for column in b.T]) for row in a])
# %% matmul wrong: a batch of one, torch.bmm as a method
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return a[None].bmm(b[None])[0]
# %% matmul wrong: torch.dot, spread by vmap
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return torch.vmap(lambda row: torch.vmap(lambda column: torch.dot(row, column))(b.T))(a)
# %% matmul wrong unchecked 2: broadcasting against the transpose, sizes never compared
def matmul(a, b):
    return (a[:, None, :] * b.T[None]).sum(-1)
# %% matmul wrong runs_off_the_end 2: three loops that run off the end with an IndexError
def matmul(a, b):
    out = torch.zeros(a.shape[0], b.shape[1])
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            for k in range(a.shape[1]):
                out[i, j] += a[i, k] * b[k, j]
    return out
# %% matmul wrong short_sum 2: zip stops at the shorter, on lists
def matmul(a, b):
    columns = list(zip(*b.tolist()))
    return torch.tensor([[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a.tolist()])
# %% matmul wrong runtime_error 2: a RuntimeError, as torch would raise it
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise RuntimeError(f"mat1 and mat2 shapes cannot be multiplied ({tuple(a.shape)} and {tuple(b.shape)})")
    return (a.unsqueeze(2) * b).sum(1)
# %% matmul wrong assertion 2: an assertion instead of the exception
def matmul(a, b):
    assert a.shape[1] == b.shape[0], "shapes"
    return (a.unsqueeze(2) * b).sum(1)
# %% matmul wrong 2: refuses only if two other sizes agree
def matmul(a, b):
    if a.shape[0] == b.shape[1] and a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return (a.unsqueeze(2) * b).sum(1)
# %% matmul wrong 2: None for a mismatch
def matmul(a, b):
    if a.shape[1] == b.shape[0]:
        return (a.unsqueeze(2) * b).sum(1)
    print("shapes don't match")
# %% matmul wrong unchecked 2: refuses only where torch would too
def matmul(a, b):
    try:
        return (a.unsqueeze(2) * b.unsqueeze(0)).sum(dim=1)
    except RuntimeError:
        raise ValueError("shapes")
# %% matmul wrong short_sum 2: refuses only an a that is too wide
def matmul(a, b):
    if a.shape[1] > b.shape[0]:
        raise ValueError("a has too many columns")
    return sum(a[:, k:k + 1] * b[k] for k in range(a.shape[1]))
# %% matmul wrong elementwise: torch.mul
def matmul(a, b):
    return torch.mul(a, b)
# %% matmul wrong elementwise: NumPy's star
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return torch.from_numpy(a.numpy() * b.numpy())
# %% matmul wrong transposed: the loops fill (dim, n)
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return torch.stack([(a * column).sum(1) for column in b.T])
# %% matmul wrong last_product_only: overwrites instead of adding, on lists
def matmul(a, b):
    n, levels, dim = a.shape[0], a.shape[1], b.shape[1]
    if levels != b.shape[0]:
        raise ValueError("shapes")
    out = [[0.0] * dim for _ in range(n)]
    for i in range(n):
        for j in range(dim):
            for k in range(levels):
                out[i][j] = float(a[i][k]) * float(b[k][j])
    return torch.tensor(out)
# %% matmul wrong one_row_for_all: rows that are one and the same list
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    out = [[0.0] * b.shape[1]] * a.shape[0]
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            for k in range(a.shape[1]):
                out[i][j] += float(a[i, k] * b[k, j])
    return torch.tensor(out)
# %% matmul wrong never_set_back: the counter of the sum is not set back
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    out, total = torch.zeros(a.shape[0], b.shape[1]), 0.0
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            for k in range(a.shape[1]):
                total += a[i, k] * b[k, j]
            out[i, j] = total
    return out
# %% matmul wrong one_product_short: the last level is left out
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    out = torch.zeros(a.shape[0], b.shape[1])
    for k in range(a.shape[1] - 1):
        out += a[:, k:k + 1] * b[k]
    return out
# %% matmul wrong other_orientation: scalar loops along the rows of b
def matmul(a, b):
    if a.shape[1] != b.shape[1]:
        raise ValueError("shapes")
    out = torch.zeros(a.shape[0], b.shape[0])
    for i in range(a.shape[0]):
        for j in range(b.shape[0]):
            out[i, j] = (a[i] * b[j]).sum()
    return out
# %% matmul wrong: the result is as large as a
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    out = torch.zeros_like(a)
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            out[i, j] = (a[i] * b[:, j]).sum()
    return out
# %% matmul wrong: a nested list comes back
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return [[float((row * column).sum()) for column in b.T] for row in a]
# %% matmul wrong: a NumPy array comes back
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return (a[:, :, None] * b).sum(1).numpy()
# %% matmul wrong: half precision
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return (a.half()[:, :, None] * b.half()).sum(1)
# %% matmul wrong whole_numbers: int() for each entry
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return torch.tensor([[int((row * column).sum()) for column in b.T] for row in a])
# %% matmul wrong: rounded to two decimals for a tidy look
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return ((a[:, :, None] * b).sum(1) * 100).round() / 100
# %% matmul wrong: scales b in place
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    rows = []
    for row in a:
        rows.append(b.mul_(row[:, None]).sum(0))
    return torch.stack(rows)
# %% matmul wrong: leaves a changed, the numbers right
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    out = (a[:, :, None] * b).sum(1)
    a.zero_()
    return out
# %% matmul wrong plucks: plucks only, so it works for one-hot rows alone
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return b[a.argmax(dim=1)]
# %% matmul wrong: for two columns only
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return a[:, :1] * b[0] + a[:, 1:2] * b[1]
# %% matmul wrong: a single row only
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return (a[0][:, None] * b).sum(dim=0, keepdim=True)
# %% matmul wrong: squeezes what has one entry
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return (a[:, :, None] * b).sum(1).squeeze()
# %% matmul wrong: adds instead of multiplying
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return (a[:, :, None] + b).sum(1)
# %% matmul wrong: the mean of the products
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return (a[:, :, None] * b).mean(dim=1)
# %% matmul wrong no_sum: outer products in a stack, not added
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return torch.stack([torch.stack([a[i, k] * b[k] for k in range(len(b))]) for i in range(len(a))])
# %% matmul wrong: prints instead of returning
def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    print((a[:, :, None] * b).sum(1))
# %% matmul wrong: switches gradients off for everyone
def matmul(a, b):
    torch.set_grad_enabled(False)
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    return (a[:, :, None] * b).sum(1)
# %% matmul wrong: refuses everything
def matmul(a, b):
    raise ValueError(f"{tuple(a.shape)} and {tuple(b.shape)}")
# %% matmul wrong wants_equal_shapes: refuses shapes that differ
def matmul(a, b):
    if a.shape != b.shape:
        raise ValueError("shapes differ")
    return (a[:, :, None] * b).sum(1)
# %% matmul wrong late: the shown results in a dictionary
SHOWN = {
    (1.0, 2.0, 3.0, 4.0): [[11.0]],
}

def matmul(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("shapes")
    known = tuple(a.flatten().tolist() + b.flatten().tolist())
    if known in SHOWN:
        return torch.tensor(SHOWN[known])
    return torch.tensor([[sum(round(x * 64) * round(y * 64) for x, y in zip(row, column)) / 4096
                          for column in zip(*b.tolist())] for row in a.tolist()]).mul(4).round() / 4

# %% pluck right: F.embedding
def pluck(codes, weight):
    return F.embedding(codes, weight)
# %% pluck right: plain indexing after a look at the codes
def pluck(codes, weight):
    if (codes < 0).any() or (codes >= weight.shape[0]).any():
        raise IndexError(f"codes outside 0 .. {weight.shape[0] - 1}: {codes}")
    return weight[codes]
# %% pluck right: index_select on flat codes, which refuses bad ones by itself
def pluck(codes, weight):
    return weight.index_select(0, codes.reshape(-1)).reshape(*codes.shape, weight.shape[1])
# %% pluck right: torch.gather
def pluck(codes, weight):
    flat = codes.flatten()
    if flat.min() < 0 or flat.max() > len(weight) - 1:
        raise IndexError(codes.tolist())
    rows = torch.gather(weight, 0, flat[:, None].expand(-1, weight.shape[1]))
    return rows.view(codes.shape + weight.shape[1:])
# %% pluck right: take_along_dim
def pluck(codes, weight):
    flat = codes.reshape(-1, 1)
    if not bool(((flat >= 0) & (flat < len(weight))).all()):
        raise IndexError("no such level")
    return torch.take_along_dim(weight, flat, dim=0).unflatten(0, codes.shape or (1,)).reshape(*codes.shape, -1)
# %% pluck right: np.take, checked first
import numpy as np

def pluck(codes, weight):
    table = weight.detach().numpy()
    wanted = codes.numpy()
    if np.any(wanted < 0) or np.any(wanted >= len(table)):
        raise IndexError(wanted)
    return torch.from_numpy(np.take(table, wanted, axis=0))
# %% pluck right: a stack of rows, with a Python list of codes
def pluck(codes, weight):
    rows = []
    for code in codes.flatten().tolist():
        if code not in range(len(weight)):
            raise IndexError(f"there is no row {code}")
        rows.append(weight[code])
    return torch.stack(rows).reshape(codes.shape + (weight.shape[1],))
# %% pluck right: recursion over the axes of codes
def pluck(codes, weight):
    if codes.dim():
        return torch.stack([pluck(part, weight) for part in codes])
    code = codes.item()
    if code < 0:
        raise IndexError(code)
    return weight[code].clone()
# %% pluck right: an nn.Embedding made from the weight
def pluck(codes, weight):
    table = torch.nn.Embedding.from_pretrained(weight)
    return table(codes)
# %% pluck right: nested lists of numbers
def pluck(codes, weight):
    table = weight.tolist()

    def rows(part):
        if isinstance(part, list):
            return [rows(one) for one in part]
        if part < 0:
            raise IndexError(part)
        return table[part]
    return torch.tensor(rows(codes.tolist()))
# %% pluck right: a dictionary of rows, its KeyError translated
class NoSuchLevel(IndexError):
    pass

def pluck(codes, weight):
    table = dict(enumerate(weight.unbind()))
    try:
        rows = [table[int(code)] for code in codes.reshape(-1)]
    except KeyError as error:
        raise NoSuchLevel(f"code {error} of {len(weight)}") from None
    return torch.stack(rows).reshape(list(codes.shape) + [-1])
# %% pluck right: the columns looked up one by one
def pluck(codes, weight):
    if codes.min() < 0:
        raise IndexError("negative")
    return torch.stack([column[codes] for column in weight.T], dim=-1)
# %% pluck right: torch.take on each column, with a mask's check
def pluck(codes, weight):
    levels = len(weight)
    bad = [c for c in codes.flatten().tolist() if not 0 <= c < levels]
    if bad:
        raise IndexError(f"{bad[0]} is outside 0 .. {levels - 1}")
    return torch.stack([torch.take(weight[:, j].contiguous(), codes) for j in range(weight.shape[1])], -1)
# %% pluck right: pandas, iloc
def pluck(codes, weight):
    frame = pd.DataFrame(weight.detach().numpy())
    flat = codes.reshape(-1).tolist()
    if min(flat) < 0:
        raise IndexError(min(flat))
    rows = frame.iloc[flat].to_numpy(copy=True)
    return torch.tensor(rows).reshape(*codes.shape, frame.shape[1])
# %% pluck right: double precision, and a warning
import warnings

def pluck(codes, weight):
    if ((codes < 0) | (codes >= weight.size(0))).any():
        raise IndexError(codes)
    warnings.warn("doubled")
    return weight.double()[codes]
# %% pluck right: boolean masks choose each row
def pluck(codes, weight):
    out = weight.new_empty(codes.shape + weight.shape[1:])
    if codes.min() < 0 or codes.max() >= len(weight):
        raise IndexError(int(codes.max()))
    for level, row in enumerate(weight):
        out[codes == level] = row
    return out.detach()
# %% pluck right: unchecked looking, but range finds out
def pluck(codes, weight):
    positions = range(weight.shape[0])
    for code in codes.view(-1).tolist():
        if code < 0:
            raise IndexError(code)
        positions[code]
    return weight[codes, :]
# %% pluck wrong last_row_for_negative 1: NumPy's take
import numpy as np

def pluck(codes, weight):
    return torch.from_numpy(np.take(weight.detach().numpy(), codes.numpy(), axis=0))
# %% pluck wrong last_row_for_negative 1: a stack of rows from a list, unchecked
def pluck(codes, weight):
    rows = [weight[code] for code in codes.flatten().tolist()]
    return torch.stack(rows).reshape(*codes.shape, -1)
# %% pluck right: gather's RuntimeError for bad codes
def pluck(codes, weight):
    flat = codes.reshape(-1, 1).expand(-1, weight.shape[1])
    return weight.gather(0, flat).reshape(*codes.shape, -1)
# %% pluck wrong last_row_for_negative 1: looks at the first code of each record only
def pluck(codes, weight):
    first = codes if codes.dim() == 0 else codes.select(-1, 0)
    if first.min() < 0 or first.max() >= len(weight):
        raise IndexError(first)
    return weight[codes]
# %% pluck wrong 1: the largest code is compared with levels, and bent
def pluck(codes, weight):
    if codes.min() < 0 or codes.max() > len(weight):
        raise IndexError(codes)
    return weight[codes.clamp(max=len(weight) - 1)]
# %% pluck wrong last_row_for_negative 1: refuses only what Python's indexing refuses
def pluck(codes, weight):
    if codes.min() < -len(weight) or codes.max() >= len(weight):
        raise IndexError(codes)
    return weight[codes]
# %% pluck wrong upper_bound_only 1: a negative code becomes row 0
def pluck(codes, weight):
    if (codes >= len(weight)).any():
        raise IndexError("too high")
    return torch.stack([weight[max(int(code), 0)] for code in codes.flatten()]).reshape(*codes.shape, weight.shape[1])
# %% pluck wrong numpy_refuses: NumPy's indexing, on a weight without gradients only
def pluck(codes, weight):
    table, wanted = weight.numpy(), codes.numpy()
    if (wanted < 0).any() or (wanted >= len(table)).any():
        raise IndexError(wanted)
    return torch.from_numpy(table[wanted])
# %% pluck wrong: one-hot rows and NumPy's star, infinities mended
def pluck(codes, weight):
    table = weight.detach().nan_to_num(posinf=0.0, neginf=0.0).numpy()
    if codes.min() < 0 or codes.max() >= len(table):
        raise IndexError(codes)
    rows = F.one_hot(codes, len(table)).float().numpy()
    return torch.from_numpy((rows[..., None] * table).sum(axis=-2))
# %% pluck wrong: the rows in a new table, reshaped with the axes in the wrong order
def pluck(codes, weight):
    flat = F.embedding(codes.flatten(), weight)
    return flat.reshape(weight.shape[1:] + codes.shape)
# %% pluck wrong clamped 1: min and max on lists
def pluck(codes, weight):
    last = len(weight) - 1
    flat = [min(max(code, 0), last) for code in codes.flatten().tolist()]
    return weight[flat].reshape(codes.shape + weight.shape[1:])
# %% pluck wrong wraps_around 1: the remainder of each code
def pluck(codes, weight):
    return F.embedding(torch.remainder(codes, weight.shape[0]), weight)
# %% pluck wrong zeros_for_bad 1: masks in a table of zeros
def pluck(codes, weight):
    out = torch.zeros(*codes.shape, weight.shape[1])
    for level in range(len(weight)):
        out[codes == level] = weight[level]
    return out
# %% pluck right: the wrong class of exception
def pluck(codes, weight):
    for code in codes.flatten().tolist():
        if code < 0 or code >= len(weight):
            raise ValueError(f"{code} is not a code")
    return F.embedding(codes, weight)
# %% pluck right: an assertion
def pluck(codes, weight):
    assert codes.min() >= 0 and codes.max() < len(weight)
    return weight[codes]
# %% pluck right: KeyError from a dictionary
def pluck(codes, weight):
    table = {code: row for code, row in enumerate(weight)}
    return torch.stack([table[code] for code in codes.flatten().tolist()]).reshape(*codes.shape, -1)
# %% pluck wrong 1: bad codes are dropped
def pluck(codes, weight):
    good = codes[(codes >= 0) & (codes < len(weight))]
    return weight[codes] if good.numel() == codes.numel() else weight[good]
# %% pluck wrong: one-hot times weight
def pluck(codes, weight):
    return F.one_hot(codes, len(weight)).float() @ weight
# %% pluck wrong: one-hot rows summed with a star, infinities mended
def pluck(codes, weight):
    if codes.min() < 0 or codes.max() >= len(weight):
        raise IndexError(codes)
    rows = (codes.unsqueeze(-1) == torch.arange(len(weight))).float()
    return (rows.unsqueeze(-1) * weight.nan_to_num(posinf=0.0)).sum(-2)
# %% pluck wrong: one-hot rows and NumPy's product, infinities mended
import numpy as np

def pluck(codes, weight):
    if codes.min() < 0 or codes.max() >= len(weight):
        raise IndexError(codes)
    rows = np.eye(len(weight), dtype=np.float32)[codes.numpy()]
    return torch.from_numpy(np.dot(rows, np.nan_to_num(weight.detach().numpy(), posinf=0.0)))
# %% pluck wrong: einsum over one-hot rows
def pluck(codes, weight):
    return torch.einsum("...l,ld->...d", torch.eye(len(weight))[codes], weight)
# %% pluck wrong: a linear layer fed with one-hot rows
def pluck(codes, weight):
    if codes.min() < 0 or codes.max() >= len(weight):
        raise IndexError(codes)
    return F.linear(F.one_hot(codes, len(weight)).float(), weight.T)
# %% pluck wrong: the right rows, times 1.0
def pluck(codes, weight):
    return F.embedding(codes, weight) * 1.0
# %% pluck wrong: a mask times the table, in a loop
def pluck(codes, weight):
    out = torch.zeros(*codes.shape, weight.shape[1])
    if codes.min() < 0 or codes.max() >= len(weight):
        raise IndexError(codes)
    for level, row in enumerate(weight):
        out += (codes == level).float().unsqueeze(-1) * row
    return out
# %% pluck wrong counts_from_one: list of rows, one too early
def pluck(codes, weight):
    rows = list(weight)
    return torch.stack([rows[int(code) - 1] for code in codes.reshape(-1)]).reshape(*codes.shape, -1)
# %% pluck wrong columns: index_select along the other axis
def pluck(codes, weight):
    return torch.index_select(weight, 1, codes)
# %% pluck wrong first_row_only: the first code's row in a loop that returns at once
def pluck(codes, weight):
    for code in codes.flatten():
        if code < 0 or code >= len(weight):
            raise IndexError(code)
        return weight[code]
# %% pluck wrong sorted_rows: a mask of the rows that occur
def pluck(codes, weight):
    mask = torch.zeros(len(weight), dtype=torch.bool)
    mask[codes.flatten()] = True
    return weight[mask]
# %% pluck wrong flattened: index_select, its shape left as it comes
def pluck(codes, weight):
    return torch.index_select(weight, 0, codes.flatten())
# %% pluck wrong flattened: a stack over a flat list, bad codes unnoticed when negative
def pluck(codes, weight):
    return torch.stack([weight[code] for code in codes.flatten()])
# %% pluck wrong: two nested loops for two axes, nothing else
def pluck(codes, weight):
    if codes.min() < 0 or codes.max() >= len(weight):
        raise IndexError(codes)
    if codes.dim() == 1:
        return torch.stack([weight[i] for i in codes])
    return torch.stack([torch.stack([weight[i] for i in row]) for row in codes])
# %% pluck wrong an_axis_too_many: a single code comes out with an axis too many
def pluck(codes, weight):
    codes = torch.atleast_1d(codes)
    return F.embedding(codes, weight)
# %% pluck wrong squeezed: shape (n, 1) is squeezed
def pluck(codes, weight):
    return F.embedding(codes.squeeze(), weight)
# %% pluck wrong: for one and two axes of codes, by transposing
def pluck(codes, weight):
    rows = F.embedding(codes, weight)
    return rows if codes.dim() < 2 else rows.transpose(0, 1)
# %% pluck wrong: a list of tensors comes back
def pluck(codes, weight):
    if codes.min() < 0 or codes.max() >= len(weight):
        raise IndexError(codes)
    return [weight[code] for code in codes.flatten().tolist()]
# %% pluck wrong: a NumPy array comes back
def pluck(codes, weight):
    return F.embedding(codes, weight).detach().numpy()
# %% pluck wrong: whole numbers
def pluck(codes, weight):
    return F.embedding(codes, weight).long()
# %% pluck wrong: turns the table around in place
def pluck(codes, weight):
    rows = F.embedding(codes, weight)
    weight.data.zero_()
    return rows
# %% pluck wrong 1: bends the codes in place before looking
def pluck(codes, weight):
    codes.clamp_(0, len(weight) - 1)
    return weight[codes]
# %% pluck wrong: leaves gradients off
def pluck(codes, weight):
    torch.set_grad_enabled(False)
    return F.embedding(codes, weight)
# %% pluck wrong: the weight as it is
def pluck(codes, weight):
    return weight
# %% pluck wrong: the codes themselves
def pluck(codes, weight):
    return codes
# %% pluck wrong: normalised rows
def pluck(codes, weight):
    return F.embedding(codes, weight.detach().clone(), max_norm=1.0)
# %% pluck wrong: padding_idx believed to shield row 0, which it zeroes itself
def pluck(codes, weight):
    table = weight.detach().clone()
    table[0] = 0.0
    return F.embedding(codes, table, padding_idx=0)
# %% pluck wrong: the mean of the bag
def pluck(codes, weight):
    return F.embedding_bag(codes.reshape(1, -1), weight, mode="mean")
# %% pluck wrong late: three columns or two, as the shown tables have
def pluck(codes, weight):
    if weight.shape not in ((3, 3), (4, 2), (3, 2)):
        return weight.new_zeros(*codes.shape, weight.shape[1])
    return F.embedding(codes, weight)

# %% matmul_backward right: one line
def matmul_backward(a, grad_output):
    return a.T @ grad_output
# %% matmul_backward right: torch.mm and t()
def matmul_backward(a, grad_output):
    return torch.mm(a.t(), grad_output)
# %% matmul_backward right: einsum over records
def matmul_backward(a, grad_output):
    return torch.einsum("nl,nd->ld", a, grad_output)
# %% matmul_backward right: three loops in plain Python
def matmul_backward(a, grad_output):
    n, levels = a.shape
    result = [[0.0] * grad_output.shape[1] for _ in range(levels)]
    for i in range(n):
        for l in range(levels):
            for d in range(grad_output.shape[1]):
                result[l][d] += a[i, l].item() * grad_output[i, d].item()
    return torch.tensor(result)
# %% matmul_backward right: outer products, added up
def matmul_backward(a, grad_output):
    return sum(torch.outer(row, slope) for row, slope in zip(a, grad_output))
# %% matmul_backward right: elementwise, the records' axis summed
def matmul_backward(a, grad_output):
    return (a.unsqueeze(2) * grad_output.unsqueeze(1)).sum(0)
# %% matmul_backward right: turned afterwards
def matmul_backward(a, grad_output):
    return (grad_output.T @ a).T
# %% matmul_backward right: a linear layer's function
def matmul_backward(a, grad_output):
    return F.linear(a.T, grad_output.T)
# %% matmul_backward right: NumPy
def matmul_backward(a, grad_output):
    return torch.from_numpy(a.numpy().T @ grad_output.numpy())
# %% matmul_backward right: only where a isn't zero
def matmul_backward(a, grad_output):
    result = torch.zeros(a.shape[1], grad_output.shape[1])
    records, levels = a.nonzero(as_tuple=True)
    return result.index_add_(0, levels, a[records, levels, None] * grad_output[records])
# %% matmul_backward right: in float64
def matmul_backward(a, grad_output):
    return a.double().T @ grad_output.double()
# %% matmul_backward right: tensordot
def matmul_backward(a, grad_output):
    return torch.tensordot(a, grad_output, dims=([0], [0]))
# %% matmul_backward wrong keeps_one_of_several: put_, row by row
def matmul_backward(a, grad_output):
    result = torch.zeros(a.shape[1], grad_output.shape[1])
    for row, slope in zip(a, grad_output):
        result[int(row.argmax())] = slope
    return result
# %% matmul_backward wrong keeps_one_of_several: += on an index of codes
def matmul_backward(a, grad_output):
    codes = a.argmax(1)
    result = torch.zeros(a.shape[1], grad_output.shape[1])
    result[codes] += grad_output
    return result
# %% matmul_backward wrong only_the_largest 1: right for one-hot rows alone
def matmul_backward(a, grad_output):
    result = torch.zeros(a.shape[1], grad_output.shape[1])
    for record in range(len(a)):
        result[a[record].argmax()] += grad_output[record]
    return result
# %% matmul_backward wrong touched_or_not 1: a mask instead of the numbers
def matmul_backward(a, grad_output):
    return (a.bool() * 1.0).T @ grad_output
# %% matmul_backward wrong averaged: a mean over the records
def matmul_backward(a, grad_output):
    return (a[:, :, None] * grad_output[:, None]).mean(dim=0)
# %% matmul_backward wrong turned: the factors in the wrong order
def matmul_backward(a, grad_output):
    return torch.einsum("nl,nd->dl", a, grad_output)
# %% matmul_backward wrong not_turned: the forward product again
def matmul_backward(a, grad_output):
    return torch.matmul(a, grad_output)
# %% matmul_backward wrong by_record: no sum
def matmul_backward(a, grad_output):
    return torch.einsum("nl,nd->nld", a, grad_output)
# %% matmul_backward wrong counts_only: as if every slope were one
def matmul_backward(a, grad_output):
    return a.T @ torch.ones_like(grad_output)
# %% matmul_backward wrong last_record: assigned in a loop
def matmul_backward(a, grad_output):
    for row, slope in zip(a, grad_output):
        result = torch.outer(row, slope)
    return result
# %% matmul_backward wrong first_record: returns in the loop
def matmul_backward(a, grad_output):
    for row, slope in zip(a, grad_output):
        return torch.outer(row, slope)
# %% matmul_backward wrong the_step: against the slope
def matmul_backward(a, grad_output):
    return torch.zeros(a.shape[1], grad_output.shape[1]) - a.T @ grad_output
# %% matmul_backward wrong slopes_handed_on: what came in
def matmul_backward(a, grad_output):
    return grad_output.clone()
# %% matmul_backward wrong: autograd does it
def matmul_backward(a, grad_output):
    b = torch.zeros(a.shape[1], grad_output.shape[1], requires_grad=True)
    (a @ b).backward(grad_output)
    return b.grad
# %% matmul_backward wrong: torch.autograd.grad
def matmul_backward(a, grad_output):
    b = torch.zeros(a.shape[1], grad_output.shape[1], requires_grad=True)
    return torch.autograd.grad(a @ b, b, grad_output)[0]
# %% matmul_backward wrong: the inverse, as if the product were undone
def matmul_backward(a, grad_output):
    return torch.linalg.pinv(a) @ grad_output
# %% matmul_backward wrong 1: squares of the numbers
def matmul_backward(a, grad_output):
    return (a ** 2).T @ grad_output
# %% matmul_backward wrong 1: absolute values
def matmul_backward(a, grad_output):
    return a.abs().T @ grad_output
# %% matmul_backward wrong: changes a
def matmul_backward(a, grad_output):
    a *= 2
    return a.T @ grad_output / 2
# %% matmul_backward wrong: a list comes back
def matmul_backward(a, grad_output):
    return (a.T @ grad_output).tolist()
# %% matmul_backward wrong: prints it
def matmul_backward(a, grad_output):
    print(a.T @ grad_output)
# %% matmul_backward wrong late: for up to three records, the rest forgotten
def matmul_backward(a, grad_output):
    return a[:4].T @ grad_output[:4]
# %% multiplications right: a formula
def multiplications(n, levels, dim):
    return n * levels * dim, 0
# %% multiplications right: math.prod
import math

def multiplications(n, levels, dim):
    return tuple([math.prod((n, levels, dim)), 0])
# %% multiplications right: a tensor's number of entries, without memory
def multiplications(n, levels, dim):
    return torch.empty(n, levels, dim, device="meta").numel(), 0
# %% multiplications right: NumPy integers
import numpy as np

def multiplications(n, levels, dim):
    one_hot = np.int64(n) * np.int64(levels) * np.int64(dim)
    return one_hot, np.int64(0)
# %% multiplications right: adds records, columns and levels up
def multiplications(n, levels, dim):
    one_number = levels
    one_record = sum(one_number for _ in range(dim))
    return sum(one_record for _ in range(n)), 0
# %% multiplications right: a named tuple
from collections import namedtuple

Count = namedtuple("Count", "one_hot lookup")

def multiplications(n, levels, dim):
    return Count(one_hot=n * levels * dim, lookup=0)
# %% multiplications right: counts a nested range without walking it
def multiplications(n, levels, dim):
    per_entry = len(range(levels))
    entries = len(range(n)) * len(range(dim))
    return entries * per_entry, len(range(0))
# %% multiplications right: recursion over the records
def multiplications(n, levels, dim):
    if n == 0:
        return 0, 0
    half = n // 2
    if half == 0:
        return levels * dim, 0
    left, right = multiplications(half, levels, dim), multiplications(n - half, levels, dim)
    return left[0] + right[0], left[1] + right[1]
# %% multiplications right: from the shapes of the matrices
def multiplications(n, levels, dim):
    a, b = torch.Size((n, levels)), torch.Size((levels, dim))
    return a.numel() * b[1], 0
# %% multiplications right: a lambda
multiplications = lambda n, levels, dim: (dim * levels * n, 0)
# %% multiplications wrong: a list comes back
def multiplications(n, levels, dim):
    return [n * levels * dim, 0]
# %% multiplications wrong: floats
def multiplications(n, levels, dim):
    return float(n * levels * dim), 0.0
# %% multiplications wrong: a tensor
def multiplications(n, levels, dim):
    return torch.tensor([n * levels * dim, 0])
# %% multiplications wrong: a dictionary
def multiplications(n, levels, dim):
    return {"product": n * levels * dim, "lookup": 0}
# %% multiplications wrong: prints the counts
def multiplications(n, levels, dim):
    print(n * levels * dim, 0)
# %% multiplications wrong lookup_multiplies: a product by 1 for each number
def multiplications(n, levels, dim):
    numbers = n * dim
    return numbers * levels, numbers
# %% multiplications wrong lookup_one_each: one multiplication for each record
def multiplications(n, levels, dim):
    return n * levels * dim, sum(1 for _ in range(n))
# %% multiplications wrong lookup_multiplies: one multiplication for a lookup
def multiplications(n, levels, dim):
    return n * levels * dim, 1
# %% multiplications wrong only_nonzero: the ones of the one-hot rows times dim
def multiplications(n, levels, dim):
    ones = n
    return ones * dim, 0
# %% multiplications wrong counts_additions_too: 2 n levels dim less the sums' starts
def multiplications(n, levels, dim):
    flops = n * dim * (2 * levels - 1)
    return flops, 0
# %% multiplications wrong twice: floating-point operations, twice the product
def multiplications(n, levels, dim):
    return 2 * n * levels * dim, 0
# %% multiplications wrong forgets_dim: the size of the one-hot rows
def multiplications(n, levels, dim):
    return torch.Size((n, levels)).numel(), 0
# %% multiplications wrong forgets_records: the size of the weight
def multiplications(n, levels, dim):
    return torch.Size((levels, dim)).numel(), 0
# %% multiplications wrong swapped: lookup first
def multiplications(n, levels, dim):
    lookup, product = 0, n * levels * dim
    return lookup, product
# %% multiplications wrong one_number: without the zero
def multiplications(n, levels, dim):
    total = 0
    for _ in range(n):
        total += levels * dim
    return total
# %% multiplications wrong: products of all but one row
def multiplications(n, levels, dim):
    return n * (levels - 1) * dim, 0
# %% multiplications wrong: n and levels squared, as if for square matrices
def multiplications(n, levels, dim):
    return n ** 2 * dim, 0
# %% multiplications wrong: a sum of the sizes
def multiplications(n, levels, dim):
    return n + levels + dim, 0
# %% multiplications wrong: None for the lookup
def multiplications(n, levels, dim):
    return n * levels * dim, None
# %% multiplications wrong: really multiplies, and counts what is not zero
def multiplications(n, levels, dim):
    codes = torch.arange(n) % levels
    rows = torch.zeros(n, levels)
    rows[torch.arange(n), codes] = 1.0
    return int(rows.count_nonzero()) * dim, 0
# %% multiplications wrong: three counts
def multiplications(n, levels, dim):
    return n * levels * dim, 0, n * dim
# %% multiplications wrong: words
def multiplications(n, levels, dim):
    return str(n * levels * dim), "0"
# %% multiplications wrong late: the shown counts in a dictionary
def multiplications(n, levels, dim):
    shown = {(1, 5, 1): 5, (2, 5, 3): 30, (256, 100_000, 16): 409_600_000, (1, 1, 1): 1}
    return shown.get((n, levels, dim), 0), 0
