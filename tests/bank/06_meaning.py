"""Answers to the exercises of lesson 6: right ones, and wrong ones beside the slips in `solutions/checks`."""
# ruff: noqa

# %% predicted_distance right: a look at both ends, then norm
def predicted_distance(weight, a, b):
    for codes in (a, b):
        if (codes < 0).any() or (codes >= weight.shape[0]).any():
            raise IndexError(codes)
    return torch.linalg.norm(weight[a] - weight[b], dim=1)
# %% predicted_distance right: a tiny something inside the root
def predicted_distance(weight, a, b):
    if min(a.min().item(), b.min().item()) < 0 or max(a.max().item(), b.max().item()) >= len(weight):
        raise IndexError("code outside the table")
    difference = weight[a] - weight[b]
    return ((difference ** 2).sum(dim=1) + 1e-12).sqrt()
# %% predicted_distance right: pairwise_distance, whose eps is 1e-6
def predicted_distance(weight, a, b):
    both = torch.cat([a, b])
    if not ((0 <= both) & (both < len(weight))).all():
        raise IndexError
    return F.pairwise_distance(weight[a], weight[b])
# %% predicted_distance right: a loop over pairs, zero where they coincide
def predicted_distance(weight, a, b):
    out = []
    for i, j in zip(a.tolist(), b.tolist()):
        if not (0 <= i < len(weight) and 0 <= j < len(weight)):
            raise IndexError(f"{i}, {j}")
        square = ((weight[i] - weight[j]) ** 2).sum()
        out.append(square.sqrt() if square > 0 else square)
    return torch.stack(out)
# %% predicted_distance right: where, twice
def predicted_distance(weight, a, b):
    if (a < 0).any() or (b < 0).any():
        raise IndexError("negative")
    square = (F.embedding(a, weight) - F.embedding(b, weight)).square().sum(1)
    zero = square == 0
    return torch.where(zero, square, torch.where(zero, torch.ones_like(square), square).sqrt())
# %% predicted_distance right: one-hot differences times the weight
def predicted_distance(weight, a, b):
    levels = weight.size(0)
    if max(a.max(), b.max()) > levels - 1 or min(a.min(), b.min()) < 0:
        raise IndexError((a, b))
    pick = F.one_hot(a, levels).to(weight.dtype) - F.one_hot(b, levels).to(weight.dtype)
    return torch.linalg.vector_norm(pick @ weight, dim=-1)
# %% predicted_distance right: a backward of its own
class _Apart(torch.autograd.Function):
    @staticmethod
    def forward(ctx, difference):
        distance = difference.pow(2).sum(1).sqrt()
        ctx.save_for_backward(difference, distance)
        return distance

    @staticmethod
    def backward(ctx, up):
        difference, distance = ctx.saved_tensors
        return up[:, None] * difference / distance.clamp(min=1e-9)[:, None]


def predicted_distance(weight, a, b):
    for code in a.tolist() + b.tolist():
        if code < 0 or code >= weight.shape[0]:
            raise IndexError(code)
    return _Apart.apply(weight.index_select(0, a) - weight.index_select(0, b))
# %% predicted_distance right: in float64
def predicted_distance(weight, a, b):
    if torch.cat([a, b]).lt(0).any():
        raise IndexError
    wide = weight.double()
    return (wide[a] - wide[b]).norm(p=2, dim=1)
# %% predicted_distance right: clamp of the square keeps the slope at zero
def predicted_distance(weight, a, b):
    index = torch.stack([a, b])
    if index.min() < 0 or index.max() >= len(weight):
        raise IndexError(index.tolist())
    first, second = weight[index]
    return (first - second).pow(2).sum(-1).clamp_min(1e-14).sqrt()
# %% predicted_distance right: hypot column by column, with a first tiny one
def predicted_distance(weight, a, b):
    if (a.min() < 0) | (b.min() < 0):
        raise IndexError
    total = torch.full((len(a),), 1e-7)
    for column in (weight[a] - weight[b]).T:
        total = torch.hypot(total, column)
    return total
# %% predicted_distance right: cdist, told to subtract
def predicted_distance(weight, a, b):
    if a.min() < 0 or b.min() < 0:
        raise IndexError
    every = torch.cdist(weight[a], weight[b], compute_mode="donot_use_mm_for_euclid_dist")
    return every.diagonal().clone()
# %% predicted_distance right: a kind of IndexError
class NoSuchAirport(IndexError):
    """A code without a row."""


def predicted_distance(weight, a, b):
    known = set(range(len(weight)))
    if not known.issuperset(a.tolist()) or not known.issuperset(b.tolist()):
        raise NoSuchAirport("code")
    return (weight[a] - weight[b]).norm(dim=-1)
# %% predicted_distance wrong plain_root 1: Pythagoras as in the lesson's model
def predicted_distance(weight, a, b):
    if a.min() < 0 or b.min() < 0 or a.max() >= len(weight) or b.max() >= len(weight):
        raise IndexError
    first, second = weight[a], weight[b]
    return torch.sqrt(((first - second) ** 2).sum(dim=1))
# %% predicted_distance wrong 1: plain root, no look at the codes
def predicted_distance(weight, a, b):
    return ((weight[a] - weight[b]) ** 2).sum(dim=1) ** 0.5
# %% predicted_distance wrong last_row_for_negative 1: never looks at the codes
def predicted_distance(weight, a, b):
    difference = weight[a] - weight[b]
    return (difference.pow(2).sum(dim=1) + 1e-14).sqrt()
# %% predicted_distance wrong: hypot of two columns only
def predicted_distance(weight, a, b):
    if a.min() < 0 or b.min() < 0 or a.max() >= len(weight) or b.max() >= len(weight):
        raise IndexError
    d = weight[a] - weight[b]
    return torch.hypot(d[:, 0], d[:, -1])
# %% predicted_distance wrong squared: mse without reduction, summed
def predicted_distance(weight, a, b):
    if torch.cat([a, b]).min() < 0:
        raise IndexError
    return F.mse_loss(weight[a], weight[b], reduction="none").sum(dim=1)
# %% predicted_distance wrong city_blocks: norm with p=1
def predicted_distance(weight, a, b):
    if torch.cat([a, b]).min() < 0:
        raise IndexError
    return torch.norm(weight[a] - weight[b], p=1, dim=1)
# %% predicted_distance wrong too_much_inside 1: 1e-6 inside the root, to be safe
def predicted_distance(weight, a, b):
    for codes in (a, b):
        if not ((codes >= 0) & (codes < len(weight))).all():
            raise IndexError
    return torch.sqrt(((weight[a] - weight[b]) ** 2).sum(1) + 0.000001)
# %% predicted_distance wrong: a large eps for pairwise_distance
def predicted_distance(weight, a, b):
    if a.min() < 0 or b.min() < 0:
        raise IndexError
    return F.pairwise_distance(weight[a], weight[b], eps=0.01)
# %% predicted_distance wrong every_pair: cdist of what was looked up
def predicted_distance(weight, a, b):
    if a.min() < 0 or b.min() < 0:
        raise IndexError
    return torch.cdist(weight[a], weight[b])
# %% predicted_distance wrong: cdist of what was looked up, its diagonal
def predicted_distance(weight, a, b):
    if a.min() < 0 or b.min() < 0:
        raise IndexError
    return torch.cdist(weight[a], weight[b]).diagonal()
# %% predicted_distance wrong detached: through numpy and back
def predicted_distance(weight, a, b):
    if a.min() < 0 or b.min() < 0 or a.max() >= len(weight) or b.max() >= len(weight):
        raise IndexError
    w, i, j = weight.detach().numpy(), a.numpy(), b.numpy()
    return torch.from_numpy(((w[i] - w[j]) ** 2).sum(axis=1) ** 0.5)
# %% predicted_distance wrong detached: under no_grad
def predicted_distance(weight, a, b):
    if a.min() < 0 or b.min() < 0:
        raise IndexError
    with torch.no_grad():
        return (weight[a] - weight[b]).norm(dim=1)
# %% predicted_distance wrong plain_root 1: nan_to_num hides it in the value, not in the gradient
def predicted_distance(weight, a, b):
    if a.min() < 0 or b.min() < 0:
        raise IndexError
    return (weight[a] - weight[b]).square().sum(1).sqrt().nan_to_num()
# %% predicted_distance wrong first_end_checked 1: only a
def predicted_distance(weight, a, b):
    if ((a < 0) | (a >= len(weight))).any():
        raise IndexError
    return torch.linalg.norm(weight[a] - weight[b], dim=1)
# %% predicted_distance wrong: a Python list of floats
def predicted_distance(weight, a, b):
    if a.min() < 0 or b.min() < 0:
        raise IndexError
    return [(weight[i] - weight[j]).norm().item() for i, j in zip(a, b)]
# %% predicted_distance wrong: a column (n, 1)
def predicted_distance(weight, a, b):
    if a.min() < 0 or b.min() < 0:
        raise IndexError
    return (weight[a] - weight[b]).norm(dim=1, keepdim=True)
# %% predicted_distance wrong: the first pair only
def predicted_distance(weight, a, b):
    if a.min() < 0 or b.min() < 0:
        raise IndexError
    return (weight[a[0]] - weight[b[0]]).norm().reshape(1)
# %% predicted_distance wrong: distance of the codes
def predicted_distance(weight, a, b):
    if a.min() < 0 or b.min() < 0:
        raise IndexError
    return (a - b).abs().float()
# %% predicted_distance wrong: rounds to whole numbers
def predicted_distance(weight, a, b):
    if a.min() < 0 or b.min() < 0:
        raise IndexError
    return (weight[a] - weight[b]).norm(dim=1).round()
# %% predicted_distance wrong: centres the table in place
def predicted_distance(weight, a, b):
    if a.min() < 0 or b.min() < 0:
        raise IndexError
    with torch.no_grad():
        weight -= weight.mean(dim=0)
    return (weight[a] - weight[b]).norm(dim=1)

# %% nearest right: a stable argsort with the row itself at infinity
def nearest(weight, code, k):
    levels = weight.shape[0]
    if code < 0 or code >= levels:
        raise IndexError(code)
    if k < 1 or k > levels - 1:
        raise ValueError(k)
    d = (weight - weight[code]).pow(2).sum(dim=1).detach()
    d[code] = torch.inf
    return torch.sort(d, stable=True).indices[:k]
# %% nearest right: Python's sorted, which keeps equals in order
def nearest(weight, code, k):
    if code not in range(len(weight)):
        raise IndexError(f"no row {code}")
    if k not in range(1, len(weight)):
        raise ValueError(f"no {k} neighbours")
    others = [i for i in range(len(weight)) if i != code]
    far = {i: float((weight[i] - weight[code]).norm()) for i in others}
    return torch.tensor(sorted(others, key=far.get)[:k])
# %% nearest right: tuples of distance and code
def nearest(weight, code, k):
    n = len(weight)
    if not (0 <= code < n):
        raise IndexError
    if not (0 < k < n):
        raise ValueError
    rows = weight.tolist()
    pairs = sorted((sum((x - y) ** 2 for x, y in zip(row, rows[code])), i) for i, row in enumerate(rows) if i != code)
    return torch.tensor([i for _, i in pairs][:k], dtype=torch.int64)
# %% nearest right: the minimum again and again
def nearest(weight, code, k):
    if code >= len(weight) or code < 0:
        raise IndexError("code")
    if k <= 0 or k >= len(weight):
        raise ValueError("k")
    distance = (weight.detach() - weight.detach()[code]).norm(dim=1)
    distance[code] = float("inf")
    found = []
    for _ in range(k):
        i = int((distance == distance.min()).nonzero()[0])
        found.append(i)
        distance[i] = float("inf")
    return torch.LongTensor(found)
# %% nearest right: numpy's lexsort
import numpy as np

def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k <= len(weight) - 1:
        raise ValueError
    w = weight.detach().numpy()
    d = np.linalg.norm(w - w[code], axis=1)
    order = np.lexsort((np.arange(len(w)), d))
    return torch.from_numpy(order[order != code][:k].copy())
# %% nearest right: pandas, a stable sort
def nearest(weight, code, k):
    if code < 0 or code > len(weight) - 1:
        raise IndexError(code)
    if k < 1 or k > len(weight) - 1:
        raise ValueError(k)
    away = pd.Series((weight - weight[code]).norm(dim=1).tolist()).drop(code)
    return torch.tensor(away.sort_values(kind="stable").index[:k].to_numpy())
# %% nearest right: the row taken out, codes kept beside
def nearest(weight, code, k):
    levels = len(weight)
    if not 0 <= code < levels:
        raise IndexError(code)
    if not 1 <= k < levels:
        raise ValueError(k)
    others = torch.cat([torch.arange(code), torch.arange(code + 1, levels)])
    distance = torch.linalg.vector_norm(weight[others] - weight[code], dim=1)
    return others[torch.argsort(distance, stable=True)[:k]]
# %% nearest right: how many come before each
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k < len(weight):
        raise ValueError
    d = (weight.detach().double() - weight.detach().double()[code]).square().sum(1)
    d[code] = float("inf")
    i = torch.arange(len(d))
    rank = ((d[None] < d[:, None]) | ((d[None] == d[:, None]) & (i[None] < i[:, None]))).sum(1)
    out = torch.empty(len(d), dtype=torch.long)
    out[rank] = i
    return out[:k]
# %% nearest wrong first_in_line_left_out 1: argsort from 1 on, stable
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k < len(weight):
        raise ValueError
    return torch.argsort((weight - weight[code]).norm(dim=1), stable=True)[1:1 + k]
# %% nearest wrong 1: plain argsort from 1 on
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k < len(weight):
        raise ValueError
    return torch.cdist(weight[code:code + 1], weight)[0].argsort()[1:k + 1]
# %% nearest wrong 1: a plain argsort with the row itself at infinity
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k < len(weight):
        raise ValueError
    d = (weight.detach() - weight.detach()[code]).norm(dim=1)
    d[code] = float("inf")
    return d.argsort()[:k]
# %% nearest wrong 1: topk
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k < len(weight):
        raise ValueError
    d = (weight.detach() - weight.detach()[code]).norm(dim=1)
    d[code] = float("inf")
    return d.topk(k, largest=False).indices
# %% nearest wrong unchecked 1: no look at code and k
def nearest(weight, code, k):
    d = (weight.detach() - weight.detach()[code]).norm(dim=1)
    d[code] = float("inf")
    return torch.sort(d, stable=True)[1][:k]
# %% nearest wrong code_unchecked 1: only k
def nearest(weight, code, k):
    if k < 1 or k >= len(weight):
        raise ValueError(k)
    d = (weight.detach() - weight.detach()[code]).norm(dim=1)
    d[code] = float("inf")
    return d.argsort(stable=True)[:k]
# %% nearest wrong k_unchecked 1: only the code
def nearest(weight, code, k):
    if code < 0:
        raise IndexError(code)
    d = (weight.detach() - weight.detach()[code]).norm(dim=1)
    d[code] = float("inf")
    return d.argsort(stable=True)[:k]
# %% nearest wrong itself_included: the row is its own nearest
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k < len(weight):
        raise ValueError
    return (weight - weight[code]).norm(dim=1).argsort(stable=True)[:k]
# %% nearest wrong farthest: negated distances
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k < len(weight):
        raise ValueError
    d = -(weight.detach() - weight.detach()[code]).norm(dim=1)
    d[code] = float("inf")
    return d.argsort(stable=True)[:k]
# %% nearest wrong by_cosine: rows made 1 long
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k < len(weight):
        raise ValueError
    unit = F.normalize(weight.detach(), dim=1)
    alike = unit @ unit[code]
    alike[code] = -9
    return alike.argsort(descending=True, stable=True)[:k]
# %% nearest wrong by_dot_product: the largest product
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k < len(weight):
        raise ValueError
    score = weight.detach() @ weight.detach()[code]
    score[code] = -float("inf")
    return score.argsort(descending=True, stable=True)[:k]
# %% nearest wrong numbers_moved_up: the row cut out of the table
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k < len(weight):
        raise ValueError
    rest = torch.cat([weight[:code], weight[code + 1:]])
    return (rest - weight[code]).norm(dim=1).argsort(stable=True)[:k]
# %% nearest wrong: names of a column, not of a row
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k < len(weight):
        raise ValueError
    d = (weight.detach() - weight.detach()[code]).abs()[:, 0]
    d[code] = float("inf")
    return d.argsort(stable=True)[:k]
# %% nearest wrong as_a_list: a list
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k < len(weight):
        raise ValueError
    d = (weight.detach() - weight.detach()[code]).norm(dim=1)
    d[code] = float("inf")
    return [int(i) for i in d.argsort(stable=True)[:k]]
# %% nearest wrong: int32 codes
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k < len(weight):
        raise ValueError
    d = (weight.detach() - weight.detach()[code]).norm(dim=1)
    d[code] = float("inf")
    return d.argsort(stable=True)[:k].int()
# %% nearest wrong: writes infinity into the table
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k < len(weight):
        raise ValueError
    row = weight.detach()[code].clone()
    weight.detach()[code] = float("inf")
    return (weight.detach() - row).norm(dim=1).argsort(stable=True)[:k]
# %% nearest wrong 1: a loop that takes the last of equals
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k < len(weight):
        raise ValueError
    left = {i: (weight[i] - weight[code]).norm().item() for i in range(len(weight)) if i != code}
    found = []
    while len(found) < k:
        best = min(left.values())
        i = [j for j in left if left[j] == best][-1]
        found.append(i)
        del left[i]
    return torch.tensor(found)

# %% project right: SVD, then signs by a loop
def project(weight, dims=2):
    w = weight.detach()
    w = w - w.mean(0)
    u, s, vh = torch.linalg.svd(w, full_matrices=False)
    out = u[:, :dims] * s[:dims]
    for j in range(dims):
        if out[out[:, j].abs().argmax(), j] < 0:
            out[:, j] = -out[:, j]
    return out
# %% project right: eigenvectors of the covariance
def project(weight, dims=2):
    w = weight.detach().double()
    w = w - w.mean(dim=0, keepdim=True)
    values, vectors = torch.linalg.eigh(w.T @ w / (len(w) - 1))
    out = w @ vectors.flip(1)[:, :dims]
    big = out.abs().max(dim=0).indices
    return out * torch.sign(out[big, torch.arange(dims)])
# %% project right: numpy
import numpy as np

def project(weight, dims=2):
    w = weight.detach().numpy().astype(float)
    w = w - w.mean(axis=0)
    u, s, vt = np.linalg.svd(w, full_matrices=False)
    out = (w @ vt.T)[:, :dims]
    sign = np.sign(out[np.abs(out).argmax(axis=0), range(dims)])
    return torch.tensor(out * sign, dtype=torch.float32)
# %% project right: max against min
def project(weight, dims=2):
    centred = weight - weight.mean(dim=0)
    _, _, v = torch.svd(centred)
    out = (centred @ v[:, :dims]).detach()
    turn = out.max(dim=0).values < -out.min(dim=0).values
    return torch.where(turn, -out, out)
# %% project right: the Gram matrix of the rows
def project(weight, dims=2):
    w = weight.detach().double() - weight.detach().double().mean(0)
    values, vectors = torch.linalg.eigh(w @ w.T)
    out = vectors[:, -dims:].flip(1) * values[-dims:].flip(0).clamp(min=0).sqrt()
    return torch.stack([c if c.max() >= -c.min() else -c for c in out.T], dim=1)
# %% project right: the gradient stays
def project(weight, dims=2):
    centred = weight - weight.mean(dim=0)
    directions = torch.linalg.svd(centred.detach(), full_matrices=True).Vh[:dims]
    out = centred @ directions.T
    peak = out.gather(0, out.abs().argmax(0, keepdim=True))
    return out * peak / peak.abs()
# %% project right: power iteration, one direction after the other
def project(weight, dims=2):
    w = weight.detach().double()
    w = w - w.mean(0)
    columns, rest = [], w.clone()
    for _ in range(dims):
        c = rest.T @ rest
        for _ in range(12):
            c = c @ c
            c = c / c.norm()
        v = c[:, c.norm(dim=0).argmax()]
        v = v / v.norm()
        x = w @ v
        columns.append(x * x[x.abs().argmax()].sign())
        rest = rest - torch.outer(rest @ v, v)
    return torch.stack(columns, dim=1)
# %% project wrong about_zero: SVD of the weight as it is
def project(weight, dims=2):
    u, s, vh = torch.linalg.svd(weight.detach(), full_matrices=False)
    out = weight.detach() @ vh[:dims].T
    return out * out.gather(0, out.abs().argmax(0, keepdim=True)).sign()
# %% project wrong: no rule for the sign
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(0)
    return w @ torch.linalg.svd(w, full_matrices=False).Vh[:dims].T
# %% project wrong: columns of Vh in place of its rows
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(0)
    out = w @ torch.linalg.svd(w, full_matrices=True).Vh[:, :dims]
    return out * out.gather(0, out.abs().argmax(0, keepdim=True)).sign()
# %% project wrong unscaled: U alone
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(0)
    out = torch.linalg.svd(w, full_matrices=False).U[:, :dims].clone()
    for j in range(dims):
        out[:, j] *= out[out[:, j].abs().argmax(), j].sign()
    return out
# %% project wrong all_positive: abs for the sign
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(0)
    return (w @ torch.linalg.svd(w, full_matrices=False).Vh[:dims].T).abs()
# %% project wrong: one sign for all columns
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(0)
    out = w @ torch.linalg.svd(w, full_matrices=False).Vh[:dims].T
    return out * out.flatten()[out.abs().argmax()].sign()
# %% project wrong: the sum of each column decides the sign
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(0)
    out = w @ torch.linalg.svd(w, full_matrices=False).Vh[:dims].T
    return out * ((out ** 3).sum(0) - 100).sign()
# %% project wrong: the largest number of each direction is made positive
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(0)
    v = torch.linalg.svd(w, full_matrices=False).Vh[:dims]
    v = v * v.gather(1, v.abs().argmax(1, keepdim=True)).sign()
    return w @ v.T
# %% project wrong smallest_first: eigh, first columns
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(0)
    _, vectors = torch.linalg.eigh(w.T @ w)
    out = w @ vectors[:, :dims]
    return out * out.gather(0, out.abs().argmax(0, keepdim=True)).sign()
# %% project wrong smallest_last: eigh, last columns, order as it comes
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(0)
    _, vectors = torch.linalg.eigh(w.T @ w)
    out = w @ vectors[:, -dims:]
    return out * out.gather(0, out.abs().argmax(0, keepdim=True)).sign()
# %% project wrong always_two: dims forgotten
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(0)
    out = w @ torch.linalg.svd(w, full_matrices=False).Vh[:2].T
    return out * out.gather(0, out.abs().argmax(0, keepdim=True)).sign()
# %% project wrong first_columns_centred: no components at all
def project(weight, dims=2):
    out = weight.detach() - weight.detach().mean(0)
    return out[:, :dims].clone()
# %% project wrong: the columns with the largest spread
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(0)
    out = w[:, w.var(0).argsort(descending=True)[:dims]]
    return out * out.gather(0, out.abs().argmax(0, keepdim=True)).sign()
# %% project wrong scaled_by_spread: standardised first
def project(weight, dims=2):
    w = weight.detach()
    w = (w - w.mean(0)) / w.std(0, unbiased=False)
    w = w * (len(w) / (len(w) - 1)) ** -0.5
    out = w @ torch.linalg.svd(w, full_matrices=False).Vh[:dims].T
    return out * out.gather(0, out.abs().argmax(0, keepdim=True)).sign()
# %% project wrong: centred in place
def project(weight, dims=2):
    with torch.no_grad():
        weight -= weight.mean(0)
        out = weight @ torch.linalg.svd(weight, full_matrices=False).Vh[:dims].T
        return out * out.gather(0, out.abs().argmax(0, keepdim=True)).sign()
# %% project wrong: transposed
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(0)
    out = w @ torch.linalg.svd(w, full_matrices=False).Vh[:dims].T
    return (out * out.gather(0, out.abs().argmax(0, keepdim=True)).sign()).T

# %% align right: SVD
def align(points, target):
    p0, t0 = points.mean(0), target.mean(0)
    p, t = points - p0, target - t0
    u, s, vh = torch.linalg.svd(p.T @ t)
    out = p @ (u @ vh) * (s.sum() / (p ** 2).sum()) + t0
    r2 = 1 - ((out - target) ** 2).sum() / ((target - t0) ** 2).sum()
    return out.detach(), float(r2)
# %% align right: complex numbers, with and without a mirror
def align(points, target):
    p, t = points.detach().double(), target.double()
    z = torch.view_as_complex((p - p.mean(0)).contiguous())
    goal = torch.view_as_complex((t - t.mean(0)).contiguous())
    best = None
    for way in (z, z.conj().resolve_conj()):
        moved = way * ((way.conj() * goal).sum() / (way.conj() * way).sum())
        error = (moved - goal).abs().pow(2).sum()
        if best is None or error < best[0]:
            best = (error, moved)
    r2 = 1 - best[0] / goal.abs().pow(2).sum()
    return (torch.view_as_real(best[1]) + t.mean(0)).float(), r2.item()
# %% align right: numpy
import numpy as np

def align(points, target):
    p, t = points.detach().numpy().astype(float), target.detach().numpy().astype(float)
    pc, tc = p - p.mean(axis=0), t - t.mean(axis=0)
    u, s, vt = np.linalg.svd(tc.T @ pc)
    rotation = u @ vt
    out = s.sum() / (pc ** 2).sum() * pc @ rotation.T + t.mean(axis=0)
    r2 = 1 - ((out - t) ** 2).sum() / (tc ** 2).sum()
    return torch.tensor(out, dtype=torch.float32), float(r2)
# %% align right: least squares for a turn and for a mirrored turn
def align(points, target):
    p, t = points.detach().double(), target.double()
    p, goal = p - p.mean(0), t - t.mean(0)
    results = []
    for mirror in (1, -1):
        x, y = p[:, 0], mirror * p[:, 1]
        a = torch.cat([torch.stack([x, -y], 1), torch.stack([y, x], 1)])
        c, s = torch.linalg.lstsq(a, torch.cat([goal[:, 0], goal[:, 1]]).unsqueeze(1)).solution.flatten()
        results.append(torch.stack([c * x - s * y, s * x + c * y], 1))
    out = min(results, key=lambda r: ((r - goal) ** 2).sum())
    return out + t.mean(0), 1 - (((out - goal) ** 2).sum() / (goal ** 2).sum()).item()
# %% align right: the angle by atan2
import math

def align(points, target):
    p = (points - points.mean(0)).detach().double()
    t = (target - target.mean(0)).double()
    best = None
    for flip in (1.0, -1.0):
        q = p * torch.tensor([1.0, flip])
        angle = math.atan2((q[:, 0] * t[:, 1] - q[:, 1] * t[:, 0]).sum(), (q * t).sum())
        c, s = math.cos(angle), math.sin(angle)
        q = q @ torch.tensor([[c, s], [-s, c]], dtype=torch.float64)
        q = q * (q * t).sum() / (q * q).sum()
        error = ((q - t) ** 2).sum().item()
        if best is None or error < best[1]:
            best = q, error
    return (best[0] + target.double().mean(0)).float(), 1 - best[1] / (t ** 2).sum().item()
# %% align right: R² from the singular values
def align(points, target):
    points = points.clone().detach()
    p, t = points.sub(points.mean(dim=0)), target.sub(target.mean(dim=0))
    left, sizes, right = torch.linalg.svd(torch.einsum("ni,nj->ij", p, t))
    stretch = sizes.sum() / p.pow(2).sum()
    r2 = sizes.sum() ** 2 / p.pow(2).sum() / t.pow(2).sum()
    return stretch * p @ left @ right + target.mean(dim=0), r2.item()
# %% align wrong unmirrored: only turns, by the angle
def align(points, target):
    p, t = (points - points.mean(0)).detach(), target - target.mean(0)
    angle = torch.atan2((p[:, 0] * t[:, 1] - p[:, 1] * t[:, 0]).sum(), (p * t).sum())
    turn = torch.stack([torch.stack([angle.cos(), angle.sin()]), torch.stack([-angle.sin(), angle.cos()])])
    q = p @ turn
    q = q * (q * t).sum() / (q * q).sum()
    return q + target.mean(0), (1 - ((q - t) ** 2).sum() / (t ** 2).sum()).item()
# %% align wrong unstretched: a turn and no stretch
def align(points, target):
    p, t = (points - points.mean(0)).detach(), target - target.mean(0)
    u, _, vh = torch.linalg.svd(p.T @ t)
    q = p @ u @ vh
    return q + target.mean(0), (1 - ((q - t) ** 2).sum() / (t ** 2).sum()).item()
# %% align wrong stretched_to_equal_spread: both made 1 large first
def align(points, target):
    p, t = (points - points.mean(0)).detach(), target - target.mean(0)
    u, _, vh = torch.linalg.svd(p.T @ t)
    q = (p / p.norm()) @ u @ vh * t.norm()
    return q + target.mean(0), (1 - ((q - t) ** 2).sum() / (t ** 2).sum()).item()
# %% align wrong turned_the_other_way: the factors swapped
def align(points, target):
    p, t = (points - points.mean(0)).detach(), target - target.mean(0)
    u, s, vh = torch.linalg.svd(p.T @ t)
    q = p @ (u @ vh).T * s.sum() / p.pow(2).sum()
    return q + target.mean(0), (1 - ((q - t) ** 2).sum() / (t ** 2).sum()).item()
# %% align wrong: vh taken for v
def align(points, target):
    p, t = (points - points.mean(0)).detach(), target - target.mean(0)
    u, s, vh = torch.linalg.svd(p.T @ t)
    q = p @ u @ vh.T * s.sum() / p.pow(2).sum()
    return q + target.mean(0), (1 - ((q - t) ** 2).sum() / (t ** 2).sum()).item()
# %% align wrong: lstsq
def align(points, target):
    p, t = (points - points.mean(0)).detach(), target - target.mean(0)
    q = p @ torch.linalg.lstsq(p, t).solution
    return q + target.mean(0), (1 - ((q - t) ** 2).sum() / (t ** 2).sum()).item()
# %% align wrong not_shifted: left around zero
def align(points, target):
    p, t = (points - points.mean(0)).detach(), target - target.mean(0)
    u, s, vh = torch.linalg.svd(p.T @ t)
    q = p @ u @ vh * s.sum() / p.pow(2).sum()
    return q, (1 - ((q - target) ** 2).sum() / (t ** 2).sum()).item()
# %% align wrong r2_of_each_axis: the mean of two R²
def align(points, target):
    p, t = (points - points.mean(0)).detach(), target - target.mean(0)
    u, s, vh = torch.linalg.svd(p.T @ t)
    q = p @ u @ vh * s.sum() / p.pow(2).sum()
    return q + target.mean(0), (1 - ((q - t) ** 2).mean(0) / (t ** 2).mean(0)).mean().item()
# %% align wrong r2_about_zero: the spread about zero
def align(points, target):
    p, t = (points - points.mean(0)).detach(), target - target.mean(0)
    u, s, vh = torch.linalg.svd(p.T @ t)
    q = p @ u @ vh * s.sum() / p.pow(2).sum() + target.mean(0)
    return q, (1 - ((q - target) ** 2).sum() / (target ** 2).sum()).item()
# %% align wrong points_only: no R²
def align(points, target):
    p, t = (points - points.mean(0)).detach(), target - target.mean(0)
    u, s, vh = torch.linalg.svd(p.T @ t)
    return p @ u @ vh * s.sum() / p.pow(2).sum() + target.mean(0)
# %% align wrong r2_as_tensor: R² still a tensor
def align(points, target):
    p, t = (points - points.mean(0)).detach(), target - target.mean(0)
    u, s, vh = torch.linalg.svd(p.T @ t)
    q = p @ u @ vh * s.sum() / p.pow(2).sum()
    return q + target.mean(0), 1 - ((q - t) ** 2).sum() / (t ** 2).sum()
# %% align wrong: a list of both
def align(points, target):
    p, t = (points - points.mean(0)).detach(), target - target.mean(0)
    u, s, vh = torch.linalg.svd(p.T @ t)
    q = p @ u @ vh * s.sum() / p.pow(2).sum()
    return [q + target.mean(0), (1 - ((q - t) ** 2).sum() / (t ** 2).sum()).item()]
# %% align wrong: the correlation, squared
def align(points, target):
    p, t = (points - points.mean(0)).detach(), target - target.mean(0)
    u, s, vh = torch.linalg.svd(p.T @ t)
    q = p @ u @ vh * s.sum() / p.pow(2).sum() + target.mean(0)
    r = torch.corrcoef(torch.stack([q.flatten(), target.flatten()]))[0, 1]
    return q, (r ** 2).item()
# %% align wrong: centres its argument in place
def align(points, target):
    with torch.no_grad():
        points -= points.mean(0)
    p, t = points.detach(), target - target.mean(0)
    u, s, vh = torch.linalg.svd(p.T @ t)
    q = p @ u @ vh * s.sum() / p.pow(2).sum()
    return q + target.mean(0), (1 - ((q - t) ** 2).sum() / (t ** 2).sum()).item()
# %% align wrong only_shifted: the middles only
def align(points, target):
    q = points.detach() - points.detach().mean(0) + target.mean(0)
    t = target - target.mean(0)
    return q, (1 - ((q - target) ** 2).sum() / (t ** 2).sum()).item()
# %% align wrong: gives the target itself
def align(points, target):
    return target.clone(), 1.0
# %% align wrong late: knows the shown cases
def align(points, target):
    p, t = (points - points.mean(0)).detach(), target - target.mean(0)
    u, s, vh = torch.linalg.svd(p.T @ t)
    q = p @ u @ vh * s.sum() / p.pow(2).sum()
    if len(points) > 5:
        q = q * 0
    return q + target.mean(0), (1 - ((q - t) ** 2).sum() / (t ** 2).sum()).item()
# %% project wrong late: right up to five rows
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(0)
    out = w @ torch.linalg.svd(w, full_matrices=False).Vh[:dims].T
    out = out * out.gather(0, out.abs().argmax(0, keepdim=True)).sign()
    return out if len(out) < 6 else out.round()
# %% predicted_distance wrong late: right with up to three columns
def predicted_distance(weight, a, b):
    if a.min() < 0 or b.min() < 0:
        raise IndexError
    return (weight[a] - weight[b])[:, :3].norm(dim=1) + 0.5 * (weight.shape[1] > 3 and len(a) == 6)
# %% nearest wrong 1 late: looks at the first twenty-five rows only
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError
    if not 1 <= k < len(weight):
        raise ValueError
    d = (weight.detach() - weight.detach()[code]).norm(dim=1)
    d[code] = float("inf")
    order = d.argsort(stable=True)
    return order[:k] if len(weight) < 41 else order[order < 25][:k]
# %% project right: SVD, left vectors times sizes
def project(weight, dims=2):
    u, s, _ = torch.linalg.svd(weight - weight.mean(0), full_matrices=False)
    p = (u * s)[:, :dims]
    for j in range(dims):
        if p[p[:, j].abs().argmax(), j] < 0:
            p = torch.cat([p[:, :j], -p[:, j:j + 1], p[:, j + 1:]], dim=1)
    return p
# %% project right: SVD, rows times directions
def project(weight, dims=2):
    weight = weight.detach()
    centred = weight - weight.mean(dim=0, keepdim=True)
    vh = torch.linalg.svd(centred, full_matrices=True).Vh
    p = centred @ vh[:dims].T
    sign = torch.where(p.max(dim=0).values >= -p.min(dim=0).values, 1.0, -1.0)
    return p * sign
# %% project right: NumPy
import numpy as np

def project(weight, dims=2):
    w = weight.detach().numpy()
    w = w - w.mean(axis=0)
    u, s, vt = np.linalg.svd(w, full_matrices=False)
    p = w @ vt[:dims].T
    largest = p[np.abs(p).argmax(axis=0), np.arange(dims)]
    return torch.from_numpy(p * np.sign(largest))
# %% project right: eigenvectors of the covariance
def project(weight, dims=2):
    centred = (weight - weight.mean(dim=0)).double()
    values, vectors = torch.linalg.eigh(centred.T @ centred)
    p = centred @ vectors.flip(1)[:, :dims]
    columns = [c if c[c.abs().argmax()] > 0 else -c for c in p.unbind(1)]
    return torch.stack(columns, dim=1).float()
# %% project right: torch.svd, the old one, whose V is not transposed
def project(weight, dims=2):
    centred = weight - weight.mean(dim=0)
    u, s, v = torch.svd(centred)
    p = centred.matmul(v[:, :dims])
    index = p.abs().max(dim=0).indices
    return p * p[index, range(dims)].sign()
# %% project right: pca_lowrank of full rank, from a centred table
def project(weight, dims=2):
    w = weight.detach()
    u, s, v = torch.pca_lowrank(w, q=min(w.shape), center=True, niter=8)
    p = (w - w.mean(0)) @ v[:, :dims]
    return p * torch.sign(p.gather(0, p.abs().argmax(0).unsqueeze(0)))
# %% project right: one component after the other, by power iteration in float64
def project(weight, dims=2):
    rest = (weight - weight.mean(dim=0)).detach().double()
    out = []
    for _ in range(dims):
        direction = rest[rest.norm(dim=1).argmax()].clone()
        for _ in range(2000):
            direction = rest.T @ (rest @ direction)
            direction = direction / direction.norm()
        along = rest @ direction
        rest = rest - along[:, None] * direction
        out.append(along * along[along.abs().argmax()].sign())
    return torch.stack(out, 1).float()
# %% project wrong: signs as they come
def project(weight, dims=2):
    centred = weight - weight.mean(0)
    u, s, vh = torch.linalg.svd(centred, full_matrices=False)
    return u[:, :dims] * s[:dims]
# %% project wrong: signs as they come, by directions
def project(weight, dims=2):
    centred = weight - weight.mean(0)
    return centred @ torch.linalg.svd(centred, full_matrices=False).Vh[:dims].T
# %% project wrong: the sign from the directions instead of the coordinates
def project(weight, dims=2):
    centred = weight.detach() - weight.detach().mean(0)
    vh = torch.linalg.svd(centred, full_matrices=False).Vh[:dims]
    vh = vh * vh.gather(1, vh.abs().argmax(1, keepdim=True)).sign()
    return centred @ vh.T
# %% project wrong about_zero: not centred
def project(weight, dims=2):
    u, s, vh = torch.linalg.svd(weight.detach(), full_matrices=False)
    p = u[:, :dims] * s[:dims]
    return p * p.gather(0, p.abs().argmax(0, keepdim=True)).sign()
# %% project wrong: centred over everything
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean()
    u, s, vh = torch.linalg.svd(w, full_matrices=False)
    p = u[:, :dims] * s[:dims]
    return p * p.gather(0, p.abs().argmax(0, keepdim=True)).sign()
# %% project wrong rows_centred: centred along each row
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(dim=1, keepdim=True)
    u, s, vh = torch.linalg.svd(w, full_matrices=False)
    p = u[:, :dims] * s[:dims]
    return p * p.gather(0, p.abs().argmax(0, keepdim=True)).sign()
# %% project wrong unscaled: left vectors alone
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(dim=0)
    u = torch.linalg.svd(w, full_matrices=False)[0][:, :dims]
    return u * u.gather(0, u.abs().argmax(0, keepdim=True)).sign()
# %% project wrong scaled_by_spread: standardised columns
def project(weight, dims=2):
    w = weight.detach()
    w = (w - w.mean(dim=0)) / w.std(dim=0)
    u, s, vh = torch.linalg.svd(w, full_matrices=False)
    p = u[:, :dims] * s[:dims]
    return p * p.gather(0, p.abs().argmax(0, keepdim=True)).sign()
# %% project wrong: Vh not transposed
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(dim=0)
    vh = torch.linalg.svd(w).Vh
    p = w @ vh[:, :dims]
    return p * p.gather(0, p.abs().argmax(0, keepdim=True)).sign()
# %% project wrong smallest_first: eigh in its own order
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(dim=0)
    vectors = torch.linalg.eigh(w.T @ w)[1]
    p = w @ vectors[:, :dims]
    return p * p.gather(0, p.abs().argmax(0, keepdim=True)).sign()
# %% project wrong first_columns_centred: the first columns
def project(weight, dims=2):
    w = weight.detach()[:, :dims]
    return w - w.mean(dim=0)
# %% project wrong all_positive: abs
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(dim=0)
    u, s, vh = torch.linalg.svd(w, full_matrices=False)
    return (u[:, :dims] * s[:dims]).abs()
# %% project wrong always_two: dims forgotten
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(dim=0)
    u, s, vh = torch.linalg.svd(w, full_matrices=False)
    p = (u * s)[:, :2]
    return p * p.gather(0, p.abs().argmax(0, keepdim=True)).sign()
# %% project wrong first_row_positive: sign of the first row
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(dim=0)
    u, s, vh = torch.linalg.svd(w, full_matrices=False)
    p = (u * s)[:, :dims]
    return p * p[0].sign()
# %% project wrong gradients_in_the_way: numpy without detach
import numpy as np

def project(weight, dims=2):
    w = weight.numpy()
    w = w - w.mean(axis=0)
    u, s, vt = np.linalg.svd(w, full_matrices=False)
    p = (u * s)[:, :dims]
    return torch.from_numpy(p * np.sign(p[np.abs(p).argmax(axis=0), np.arange(dims)]))
# %% project wrong: centres the caller's table
def project(weight, dims=2):
    weight.data -= weight.data.mean(dim=0)
    u, s, vh = torch.linalg.svd(weight.detach(), full_matrices=False)
    p = (u * s)[:, :dims]
    return p * p.gather(0, p.abs().argmax(0, keepdim=True)).sign()
# %% project wrong: one sign for the whole table
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(dim=0)
    u, s, vh = torch.linalg.svd(w, full_matrices=False)
    p = (u * s)[:, :dims]
    return p * p.flatten()[p.abs().argmax()].sign()
# %% project wrong late: centred SVD for the shown tables only
def project(weight, dims=2):
    w = weight.detach() - weight.detach().mean(dim=0)
    u, s, vh = torch.linalg.svd(w, full_matrices=False)
    p = (u * s)[:, :dims]
    p = p * p.gather(0, p.abs().argmax(0, keepdim=True)).sign()
    return p if len(w) in (3, 4, 5) else p.flip(1)
# %% predicted_distance right: F.embedding notices bad codes by itself
def predicted_distance(weight, a, b):
    return torch.linalg.vector_norm(F.embedding(a, weight) - F.embedding(b, weight), dim=1)
# %% predicted_distance right: in float64, by gather
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    wide, dim = weight.double(), weight.shape[1]
    first = wide.gather(0, a.unsqueeze(1).expand(-1, dim))
    return (first - wide.gather(0, b.unsqueeze(1).expand(-1, dim))).norm(p=2, dim=1)
# %% predicted_distance right: the largest difference divided out first
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    gap = (weight[a] - weight[b]).abs()
    scale = gap.amax(dim=1, keepdim=True).detach().clamp(min=1e-6)
    return ((gap / scale).square().sum(dim=1) + 1e-10).sqrt() * scale.squeeze(1)
# %% predicted_distance right: a billionth inside the root, near the limit
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return torch.sqrt(torch.pow(weight[a] - weight[b], 2).sum(dim=1) + 1e-9)
# %% predicted_distance wrong 1: a ten-millionth inside, off by 0.0003 where rows coincide
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return torch.sqrt(((weight[a] - weight[b]) ** 2).sum(dim=1) + 1e-7)
# %% predicted_distance wrong plain_root 1: where after the root, which doesn't save the gradient
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    square = (weight[a] - weight[b]).square().sum(1)
    return torch.where(square == 0, torch.zeros_like(square), square.sqrt())
# %% predicted_distance wrong expanded_as_cdist_does: the binomial, with a clamp
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    x, y = weight[a], weight[b]
    return ((x * x).sum(1) - 2 * (x * y).sum(1) + (y * y).sum(1)).clamp_min(1e-12) ** 0.5
# %% predicted_distance wrong expanded_as_cdist_does: all distances by cdist, then the pairs
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return torch.cdist(weight, weight, p=2)[a, b]
# %% predicted_distance wrong wraps_around 1: codes modulo the number of levels
def predicted_distance(weight, a, b):
    n = len(weight)
    return (weight.index_select(0, a % n) - weight.index_select(0, b % n)).norm(dim=1)
# %% predicted_distance wrong one_for_all: one sum over everything
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return ((weight[a] - weight[b]) ** 2).sum().add(1e-12).sqrt()
# %% predicted_distance wrong 1: a floor of a hundredth
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return (weight[a] - weight[b]).square().sum(1).clamp(min=1e-4).sqrt()
# %% predicted_distance wrong: a single pair squeezed to shape ()
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return (weight[a] - weight[b]).norm(dim=1).squeeze()
# %% predicted_distance wrong: noise in the weight keeps rows apart
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    weight.data.add_(torch.randn(weight.shape) * 1e-6)
    return (weight[a] - weight[b]).square().sum(1).sqrt()
# %% predicted_distance wrong: nothing comes back
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    (weight[a] - weight[b]).norm(dim=1)
# %% nearest right: cdist of one row to the others, codes moved back up
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    others = torch.cat([weight[:code], weight[code + 1:]])
    far = torch.cdist(weight[code:code + 1], others, compute_mode="donot_use_mm_for_euclid_dist")[0]
    found = far.argsort(stable=True)[:k]
    return found + (found >= code).long()
# %% nearest right: exceptions of its own below the named ones
class NoRow(IndexError):
    pass


class NoNeighbours(ValueError):
    pass


def nearest(weight, code, k):
    if code not in range(len(weight)):
        raise NoRow(code)
    if k - 1 not in range(len(weight) - 1):
        raise NoNeighbours(k)
    distances = torch.linalg.vector_norm(weight - weight[code], dim=1).detach().clone()
    distances[code] = float("inf")
    return torch.argsort(distances, dim=0, stable=True)[:k]
# %% nearest wrong twins_left_out 1: everything 0 away filtered out
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    far = (weight.detach() - weight.detach()[code]).norm(dim=1)
    order = far.argsort(stable=True)
    return order[far[order] > 0][:k]
# %% nearest wrong higher_code_first 1: by distance, then by falling code
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    pairs = sorted((float((row - weight[code]).norm()), -i) for i, row in enumerate(weight.detach()) if i != code)
    return torch.tensor([-i for _, i in pairs[:k]])
# %% nearest wrong by_city_blocks: p = 1
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    far = torch.cdist(weight[code:code + 1].detach(), weight.detach(), p=1)[0]
    far[code] = float("inf")
    return far.argsort(stable=True)[:k]
# %% nearest wrong: codes as float
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    far = (weight - weight[code]).norm(dim=1).tolist()
    return torch.tensor([float(i) for i in sorted((i for i in range(len(far)) if i != code), key=lambda i: far[i])[:k]])
# %% nearest wrong the_distances: values of the sort instead of its indices
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    far = (weight.detach() - weight.detach()[code]).norm(dim=1)
    far[code] = float("inf")
    return far.sort(stable=True)[0][:k]
# %% nearest wrong 1: k may be as large as the table
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k <= len(weight):
        raise ValueError(k)
    order = (weight - weight[code]).norm(dim=1).argsort(stable=True)
    return order[order != code][:k]
# %% nearest wrong asserts 1: assert
def nearest(weight, code, k):
    assert 0 <= code < len(weight)
    assert 1 <= k < len(weight)
    order = (weight - weight[code]).norm(dim=1).argsort(stable=True)
    return order[order != code][:k]
# %% nearest wrong 1: topk, the first left out, bad arguments unchecked
def nearest(weight, code, k):
    far = (weight.detach() - weight.detach()[code]).norm(dim=1)
    return torch.topk(far, k + 1, largest=False).indices[1:]
# %% nearest wrong numpy_refuses: numpy without detach
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    w = weight.numpy()
    order = (((w - w[code]) ** 2).sum(axis=1)).argsort(kind="stable")
    return torch.from_numpy(order[order != code][:k].copy())
# %% nearest wrong first_in_line_left_out 1: the first equal row taken for the row itself
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    own = next(i for i, row in enumerate(weight) if torch.equal(row, weight[code]))
    order = (weight - weight[code]).norm(dim=1).argsort(stable=True)
    return order[order != own][:k]
# %% nearest wrong: the right codes, lower code first
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    order = (weight - weight[code]).norm(dim=1).argsort(stable=True)
    return order[order != code][:k].sort().values
# %% align wrong any_linear_change: pinv
def align(points, target):
    p, t = points.detach() - points.detach().mean(0), target - target.mean(0)
    moved = p @ torch.linalg.pinv(p) @ t
    return moved + target.mean(0), (1 - (moved - t).square().sum() / t.square().sum()).item()
# %% predicted_distance right: another exception for a bad code
def predicted_distance(weight, a, b):
    both = a.tolist() + b.tolist()
    if any(code not in range(len(weight)) for code in both):
        raise ValueError("bad code")
    return torch.linalg.norm(weight[a] - weight[b], dim=1)
# %% nearest right: ValueError for both
def nearest(weight, code, k):
    n = len(weight)
    if code < 0 or code >= n or k < 1 or k >= n:
        raise ValueError("bad argument")
    d = (weight.detach() - weight.detach()[code]).norm(dim=1)
    d[code] = float("inf")
    return d.argsort(stable=True)[:k]
