"""Answers to the exercises of lesson 5: right ones, and wrong ones beside the slips in `solutions/checks`."""
# ruff: noqa

# %% predicted_distance right: norm of the difference
def predicted_distance(weight, a, b):
    if torch.any(a < 0) or torch.any(b < 0) or torch.any(a >= weight.shape[0]) or torch.any(b >= weight.shape[0]):
        raise IndexError("code outside the table")
    return torch.norm(weight[a] - weight[b], dim=-1)
# %% predicted_distance right: a tiny number inside the root
def predicted_distance(weight, a, b):
    codes = torch.cat([a, b])
    if codes.min() < 0 or codes.max() > len(weight) - 1:
        raise IndexError(f"{codes}")
    return (((weight[a] - weight[b]) ** 2).sum(1) + 1e-12).sqrt()
# %% predicted_distance right: a small number inside the root, near the limit
def predicted_distance(weight, a, b):
    if not all(0 <= code < len(weight) for code in a.tolist() + b.tolist()):
        raise IndexError
    return torch.sqrt(torch.sum(torch.pow(weight[a] - weight[b], 2), dim=1) + 1e-9)
# %% predicted_distance right: clamped before the root
def predicted_distance(weight, a, b):
    for codes in a, b:
        if (codes < 0).any() or (codes >= len(weight)).any():
            raise IndexError(codes.tolist())
    square = (weight[a] - weight[b]).square().sum(dim=1)
    return square.clamp(min=1e-12).sqrt()
# %% predicted_distance right: F.pairwise_distance, which adds a millionth to every difference
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError
    return F.pairwise_distance(weight[a], weight[b])
# %% predicted_distance right: F.pairwise_distance without its millionth
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0:
        raise IndexError
    return F.pairwise_distance(weight[a], weight[b], eps=0)
# %% predicted_distance right: F.embedding finds the bad codes, which it does for negative ones too
def predicted_distance(weight, a, b):
    return torch.linalg.vector_norm(F.embedding(a, weight) - F.embedding(b, weight), dim=1)
# %% predicted_distance right: where, on both sides of the root
def predicted_distance(weight, a, b):
    n = weight.size(0)
    if ((a < 0) | (a >= n) | (b < 0) | (b >= n)).any():
        raise IndexError("no such row")
    square = (weight[a] - weight[b]).pow(2).sum(1)
    apart = square > 0
    return torch.where(apart, torch.where(apart, square, 1.0).sqrt(), 0.0)
# %% predicted_distance right: a loop over the pairs, with cdist for one pair at a time
def predicted_distance(weight, a, b):
    out = []
    for i, j in zip(a.tolist(), b.tolist()):
        if i not in range(len(weight)) or j not in range(len(weight)):
            raise IndexError((i, j))
        out.append(torch.cdist(weight[i:i + 1], weight[j:j + 1]).squeeze())
    return torch.stack(out)
# %% predicted_distance right: cdist without its matrix product
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError
    return torch.cdist(weight, weight, compute_mode="donot_use_mm_for_euclid_dist")[a, b]
# %% predicted_distance right: in float64, by gather
def predicted_distance(weight, a, b):
    if torch.stack([a, b]).min() < 0 or torch.stack([a, b]).max() >= weight.shape[0]:
        raise IndexError("bad code")
    dim = weight.shape[1]
    wide = weight.double()
    first = wide.gather(0, a.unsqueeze(1).expand(-1, dim))
    second = wide.gather(0, b.unsqueeze(1).expand(-1, dim))
    return (first - second).norm(p=2, dim=1)
# %% predicted_distance right: an exception class of its own below IndexError
def predicted_distance(weight, a, b):
    class NoSuchAirport(IndexError):
        pass
    if ((torch.cat([a, b]) // len(weight)) != 0).any():
        raise NoSuchAirport(torch.cat([a, b]))
    one_hot = F.one_hot(a, len(weight)).float() - F.one_hot(b, len(weight)).float()
    return (one_hot @ weight).norm(dim=1)
# %% predicted_distance right: divides out the largest difference first
def predicted_distance(weight, a, b):
    if not ((0 <= a) & (a < len(weight)) & (0 <= b) & (b < len(weight))).all():
        raise IndexError
    gap = (weight[a] - weight[b]).abs()
    scale = gap.amax(dim=1, keepdim=True).detach().clamp(min=1e-6)
    return ((gap / scale).square().sum(dim=1) + 1e-10).sqrt() * scale.squeeze(1)
# %% predicted_distance wrong plain_root 2: the root as it is
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    d = weight[a] - weight[b]
    return torch.sqrt((d * d).sum(-1))
# %% predicted_distance wrong plain_root 2: to the power of one half
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return ((weight[a] - weight[b]) ** 2).sum(1) ** 0.5
# %% predicted_distance wrong plain_root 2: where, after the root, which doesn't save the gradient
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    square = (weight[a] - weight[b]).square().sum(1)
    return torch.where(square == 0, torch.zeros_like(square), square.sqrt())
# %% predicted_distance wrong plain_root 1: the root as it is, codes unchecked
def predicted_distance(weight, a, b):
    return (weight[a] - weight[b]).pow(2).sum(dim=1).sqrt()
# %% predicted_distance wrong too_much_inside 2: a millionth inside
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return torch.sqrt(((weight[a] - weight[b]) ** 2).sum(dim=1) + 1e-6)
# %% predicted_distance wrong: a thousandth inside
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return torch.sqrt(((weight[a] - weight[b]) ** 2).sum(dim=1) + 1e-3)
# %% predicted_distance wrong 2: a ten-millionth inside: off by 0.0003 where rows coincide
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return torch.sqrt(((weight[a] - weight[b]) ** 2).sum(dim=1) + 1e-7)
# %% predicted_distance wrong expanded: the binomial, with a clamp
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    x, y = weight[a], weight[b]
    return ((x * x).sum(1) - 2 * (x * y).sum(1) + (y * y).sum(1)).clamp_min(1e-12) ** 0.5
# %% predicted_distance wrong expanded: all distances by cdist, then the pairs
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return torch.cdist(weight, weight, p=2)[a, b]
# %% predicted_distance wrong: cdist of the looked-up rows, its diagonal
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return torch.cdist(weight[a], weight[b]).diagonal()
# %% predicted_distance wrong detached: numpy
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    w, i, j = weight.detach().numpy(), a.numpy(), b.numpy()
    return torch.tensor(((w[i] - w[j]) ** 2).sum(axis=1) ** 0.5)
# %% predicted_distance wrong detached: math.dist on lists
import math

def predicted_distance(weight, a, b):
    rows = weight.tolist()
    for code in [*a.tolist(), *b.tolist()]:
        if not 0 <= code < len(rows):
            raise IndexError(code)
    return torch.tensor([math.dist(rows[i], rows[j]) for i, j in zip(a.tolist(), b.tolist())])
# %% predicted_distance wrong detached: under no_grad
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    with torch.no_grad():
        return (weight[a] - weight[b]).norm(dim=1)
# %% predicted_distance wrong last_row_for_negative 2: codes unchecked
def predicted_distance(weight, a, b):
    return torch.linalg.norm(weight[a] - weight[b], dim=1)
# %% predicted_distance wrong first_end_checked 2: b unchecked
def predicted_distance(weight, a, b):
    if (a < 0).any() or (a >= len(weight)).any():
        raise IndexError(a)
    return torch.linalg.norm(weight[a] - weight[b], dim=1)
# %% predicted_distance wrong 2: only the largest code is checked
def predicted_distance(weight, a, b):
    if torch.max(torch.cat([a, b])) >= len(weight):
        raise IndexError("too high")
    return torch.linalg.norm(weight[a] - weight[b], dim=1)
# %% predicted_distance wrong value_error 2: another exception
def predicted_distance(weight, a, b):
    codes = torch.stack([a, b])
    if codes.min() < 0 or codes.max() >= len(weight):
        raise ValueError("bad code")
    return torch.linalg.norm(weight[a] - weight[b], dim=1)
# %% predicted_distance wrong assertion 2: assert
def predicted_distance(weight, a, b):
    assert ((0 <= a) & (a < len(weight)) & (0 <= b) & (b < len(weight))).all(), "bad code"
    return torch.linalg.norm(weight[a] - weight[b], dim=1)
# %% predicted_distance wrong wraps_around 2: index_select, of codes that wrap around
def predicted_distance(weight, a, b):
    n = len(weight)
    return (weight.index_select(0, a % n) - weight.index_select(0, b % n)).norm(dim=1)
# %% predicted_distance wrong: one row at a time, result a list
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return [(weight[i] - weight[j]).norm() for i, j in zip(a, b)]
# %% predicted_distance wrong: a column instead of a vector
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return (weight[a] - weight[b]).norm(dim=1, keepdim=True)
# %% predicted_distance wrong: knows two columns only
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    x, y = (weight[a] - weight[b]).unbind(dim=1)
    return torch.hypot(x, y)
# %% predicted_distance wrong squared: the root forgotten
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return torch.sum((weight[a] - weight[b]) ** 2, dim=1)
# %% predicted_distance wrong city_blocks: p = 1
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return torch.linalg.vector_norm(weight[a] - weight[b], ord=1, dim=1)
# %% predicted_distance wrong one_for_all: the norm of everything
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return ((weight[a] - weight[b]) ** 2).sum().add(1e-12).sqrt()
# %% predicted_distance wrong 2: sets coinciding pairs to a hundredth
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return (weight[a] - weight[b]).square().sum(1).clamp(min=1e-4).sqrt()
# %% predicted_distance wrong counts_from_one: codes from 1
def predicted_distance(weight, a, b):
    a, b = a - 1, b - 1
    return (weight[a] - weight[b]).norm(dim=1)
# %% predicted_distance wrong: squeezes a single pair to shape ()
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    return (weight[a] - weight[b]).norm(dim=1).squeeze()
# %% predicted_distance wrong: changes the weight to keep rows apart
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
# %% predicted_distance wrong late: tables of the shown cases by heart
def predicted_distance(weight, a, b):
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= len(weight):
        raise IndexError("bad code")
    if len(weight) not in (3, 4, 40):
        return torch.zeros(len(a))
    return (weight[a] - weight[b]).norm(dim=1)
# %% nearest right: stable argsort, the row itself taken out by a filter
def nearest(weight, code, k):
    if code not in range(len(weight)):
        raise IndexError(f"there is no row {code}")
    if k not in range(1, len(weight)):
        raise ValueError(f"k = {k}")
    order = torch.sort((weight - weight[code]).square().sum(1), stable=True).indices
    return order[order != code][:k]
# %% nearest right: Python's sorted, which is stable
import math

def nearest(weight, code, k):
    rows = weight.tolist()
    if code < 0 or code >= len(rows):
        raise IndexError(code)
    if k < 1 or k > len(rows) - 1:
        raise ValueError(k)
    others = [i for i in range(len(rows)) if i != code]
    return torch.tensor(sorted(others, key=lambda i: math.dist(rows[i], rows[code]))[:k])
# %% nearest right: pairs of distance and code
def nearest(weight, code, k):
    levels = weight.shape[0]
    if not 0 <= code <= levels - 1:
        raise IndexError(f"code {code} of {levels} levels")
    if not 0 < k < levels:
        raise ValueError(f"k {k}")
    pairs = sorted((float((row - weight[code]).norm()), i) for i, row in enumerate(weight) if i != code)
    return torch.LongTensor([i for _, i in pairs[:k]])
# %% nearest right: NumPy's stable argsort
import numpy as np

def nearest(weight, code, k):
    w = weight.detach().numpy()
    if code < 0 or code >= w.shape[0]:
        raise IndexError(code)
    if k <= 0 or k >= w.shape[0]:
        raise ValueError(k)
    d = np.linalg.norm(w - w[code], axis=1)
    d[code] = -1
    return torch.from_numpy(np.argsort(d, kind="stable")[1:k + 1].copy())
# %% nearest right: the smallest k times over; argmin takes the first of equals
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k <= len(weight) - 1:
        raise ValueError(k)
    distances = (weight.detach() - weight.detach()[code]).norm(dim=1).tolist()
    distances[code] = float("inf")
    found = []
    for _ in range(k):
        i = distances.index(min(distances))
        found.append(i)
        distances[i] = float("inf")
        if len(found) == len(distances):
            break
    return torch.tensor(found, dtype=torch.int64)
# %% nearest right: pandas, sorted by distance and code
def nearest(weight, code, k):
    if code < 0 or code >= len(weight):
        raise IndexError(code)
    if k < 1 or k >= len(weight):
        raise ValueError(k)
    frame = pd.DataFrame({"far": (weight.detach() - weight.detach()[code]).pow(2).sum(1).double().numpy()})
    frame["code"] = frame.index
    frame = frame.drop(index=code).sort_values(["far", "code"])
    return torch.tensor(frame["code"].to_numpy()[:k])
# %% nearest right: cdist of one row, without the row itself, codes moved back up
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    others = torch.cat([weight[:code], weight[code + 1:]])
    far = torch.cdist(weight[code:code + 1], others, compute_mode="donot_use_mm_for_euclid_dist")[0]
    found = far.argsort(stable=True)[:k]
    return found + (found >= code).long()
# %% nearest right: F.pairwise_distance, ranks by counting
def nearest(weight, code, k):
    levels = len(weight)
    if code >= levels or code < 0:
        raise IndexError("code")
    if k >= levels or k < 1:
        raise ValueError("k")
    far = F.pairwise_distance(weight.detach(), weight.detach()[code].expand_as(weight), eps=0)
    far[code] = torch.inf
    position = torch.arange(levels)
    before = (far[None] < far[:, None]) | ((far[None] == far[:, None]) & (position[None] < position[:, None]))
    return before.sum(dim=1).argsort()[:k]
# %% nearest right: own exceptions below the named ones
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
# %% nearest wrong 2: plain argsort
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    distances = (weight.detach() - weight.detach()[code]).norm(dim=1)
    distances[code] = float("inf")
    return distances.argsort()[:k]
# %% nearest wrong 2: topk
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    distances = (weight.detach() - weight.detach()[code]).norm(dim=1)
    distances[code] = float("inf")
    return distances.topk(k, largest=False).indices
# %% nearest wrong 2: topk, the first left out
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    return (-(weight - weight[code]).norm(dim=1)).topk(k + 1).indices[1:]
# %% nearest wrong 2: plain argsort, the first left out
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    return (weight - weight[code]).norm(dim=1).argsort()[1:k + 1]
# %% nearest wrong first_in_line_left_out 2: Python's sorted, the first left out
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    far = [float((row - weight[code]).norm()) for row in weight.detach()]
    return torch.tensor(sorted(range(len(far)), key=far.__getitem__)[1:k + 1])
# %% nearest wrong twins_left_out 2: everything at distance 0 filtered
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    far = (weight.detach() - weight.detach()[code]).norm(dim=1)
    order = far.argsort(stable=True)
    return order[far[order] > 0][:k]
# %% nearest wrong higher_code_first 2: sorted by distance, then by falling code
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    pairs = sorted((float((row - weight[code]).norm()), -i) for i, row in enumerate(weight.detach()) if i != code)
    return torch.tensor([-i for _, i in pairs[:k]])
# %% nearest wrong itself_included: the row itself comes along
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    return torch.sort((weight - weight[code]).norm(dim=1), stable=True)[1][:k]
# %% nearest wrong farthest: sorted the wrong way
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    order = torch.sort((weight - weight[code]).norm(dim=1), descending=True, stable=True)[1]
    return order[order != code][:k]
# %% nearest wrong by_cosine: by angle
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    unit = F.normalize(weight.detach(), dim=1)
    order = (unit @ unit[code]).argsort(descending=True, stable=True)
    return order[order != code][:k]
# %% nearest wrong by_city_blocks: p = 1
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    far = torch.cdist(weight[code:code + 1].detach(), weight.detach(), p=1)[0]
    far[code] = float("inf")
    return far.argsort(stable=True)[:k]
# %% nearest wrong numbers_moved_up: the row taken out, codes not moved back
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    others = torch.cat([weight[:code], weight[code + 1:]])
    return (others - weight[code]).norm(dim=1).argsort(stable=True)[:k]
# %% nearest wrong as_a_list: a list of ints
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    far = (weight - weight[code]).norm(dim=1).tolist()
    return sorted((i for i in range(len(far)) if i != code), key=lambda i: far[i])[:k]
# %% nearest wrong: codes as float
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    far = (weight - weight[code]).norm(dim=1).tolist()
    return torch.tensor([float(i) for i in sorted((i for i in range(len(far)) if i != code), key=lambda i: far[i])[:k]])
# %% nearest wrong: codes as int32
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    order = (weight - weight[code]).norm(dim=1).argsort(stable=True)
    return order[order != code][:k].int()
# %% nearest wrong the_distances: values of the sort instead of its indices
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    far = (weight.detach() - weight.detach()[code]).norm(dim=1)
    far[code] = float("inf")
    return far.sort(stable=True)[0][:k]
# %% nearest wrong unchecked 2: no look at code and k
def nearest(weight, code, k):
    far = (weight.detach() - weight.detach()[code]).norm(dim=1)
    far[code] = float("inf")
    return torch.sort(far, stable=True).indices[:k]
# %% nearest wrong k_unchecked 2: no look at k
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    far = (weight.detach() - weight.detach()[code]).norm(dim=1)
    far[code] = float("inf")
    return torch.sort(far, stable=True).indices[:k]
# %% nearest wrong 2: codes checked at the upper end only, by torch itself
def nearest(weight, code, k):
    if not 1 <= k < len(weight):
        raise ValueError(k)
    far = (weight.detach() - weight.detach()[code]).norm(dim=1)
    far[code] = float("inf")
    return torch.sort(far, stable=True).indices[:k]
# %% nearest wrong 2: k may be as large as the table
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k <= len(weight):
        raise ValueError(k)
    far = (weight.detach() - weight.detach()[code]).norm(dim=1)
    order = torch.sort(far, stable=True).indices
    return order[order != code][:k]
# %% nearest wrong all_value_errors 2: ValueError for everything
def nearest(weight, code, k):
    if code < 0 or code >= len(weight) or k < 1 or k >= len(weight):
        raise ValueError("bad code or k")
    order = torch.sort((weight - weight[code]).norm(dim=1), stable=True).indices
    return order[order != code][:k]
# %% nearest wrong asserts 2: assert
def nearest(weight, code, k):
    assert 0 <= code < len(weight)
    assert 1 <= k < len(weight)
    order = torch.sort((weight - weight[code]).norm(dim=1), stable=True).indices
    return order[order != code][:k]
# %% nearest wrong 1: ties and bad arguments unchecked
def nearest(weight, code, k):
    far = (weight.detach() - weight.detach()[code]).norm(dim=1)
    return torch.topk(far, k + 1, largest=False).indices[1:]
# %% nearest wrong: marks the row in the table itself
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    far = (weight.detach() - weight.detach()[code]).norm(dim=1)
    weight.detach()[code] = float("inf")
    order = far.argsort(stable=True)
    return order[order != code][:k]
# %% nearest wrong numpy_refuses: numpy without detach
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    w = weight.numpy()
    order = (((w - w[code]) ** 2).sum(axis=1)).argsort(kind="stable")
    return torch.from_numpy(order[order != code][:k].copy())
# %% nearest wrong: a copy of the row is taken for the row itself, by looking for equal rows
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    own = next(i for i, row in enumerate(weight) if torch.equal(row, weight[code]))
    order = (weight - weight[code]).norm(dim=1).argsort(stable=True)
    return order[order != own][:k]
# %% nearest wrong late: shown tables by heart
def nearest(weight, code, k):
    if not 0 <= code < len(weight):
        raise IndexError(code)
    if not 1 <= k < len(weight):
        raise ValueError(k)
    order = (weight - weight[code]).norm(dim=1).argsort(stable=True)
    order = order[order != code][:k]
    return order if len(weight) in (3, 4, 5, 21) else order.flip(0)
