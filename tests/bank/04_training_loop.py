"""Answers to the exercises of lesson 4: right ones, and wrong ones beside the slips in `solutions/checks`."""
# ruff: noqa

# %% lookup_backward right: index_add_
def lookup_backward(codes, grad_output, levels):
    if ((codes < 0) | (codes >= levels)).any():
        raise IndexError("no such level")
    return torch.zeros(levels, grad_output.shape[1]).index_add_(0, codes, grad_output)
# %% lookup_backward right: one-hot, transposed
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError(f"codes must be 0 .. {levels - 1}")
    return F.one_hot(codes, levels).float().T @ grad_output
# %% lookup_backward right: a loop in plain Python
def lookup_backward(codes, grad_output, levels):
    dim = grad_output.shape[1]
    table = [[0.0] * dim for _ in range(levels)]
    for i, code in enumerate(codes.tolist()):
        if code < 0:
            raise IndexError(code)
        for j in range(dim):
            table[code][j] += grad_output[i, j].item()
    return torch.tensor(table)
# %% lookup_backward right: scatter_add_
def lookup_backward(codes, grad_output, levels):
    for c in codes:
        if c < 0 or c > levels - 1:
            raise IndexError
    out = torch.zeros(levels, grad_output.size(1), dtype=grad_output.dtype)
    return out.scatter_add_(0, codes.unsqueeze(1).expand_as(grad_output), grad_output)
# %% lookup_backward right: index_put_ that accumulates
def lookup_backward(codes, grad_output, levels):
    if not bool(((0 <= codes) & (codes < levels)).all()):
        raise IndexError
    out = torch.zeros((levels, grad_output.shape[1]))
    out.index_put_((codes,), grad_output, accumulate=True)
    return out
# %% lookup_backward right: NumPy's add.at
def lookup_backward(codes, grad_output, levels):
    c = codes.numpy()
    if (c < 0).any():
        raise IndexError("negative")
    import numpy as np
    g = np.zeros((levels, grad_output.shape[1]))
    np.add.at(g, c, grad_output.detach().numpy())
    return torch.from_numpy(g)
# %% lookup_backward right: a mask for each level
def lookup_backward(codes, grad_output, levels):
    class NoSuchLevel(IndexError):
        pass
    if codes.lt(0).any() or codes.ge(levels).any():
        raise NoSuchLevel
    return torch.stack([grad_output[codes == level].sum(dim=0) for level in range(levels)])
# %% lookup_backward right: a sparse tensor adds its own repeats
def lookup_backward(codes, grad_output, levels):
    if codes.min().item() < 0 or codes.max().item() > levels - 1:
        raise IndexError("code outside the table")
    return torch.sparse_coo_tensor(codes[None], grad_output, (levels, grad_output.shape[1])).to_dense()
# %% lookup_backward right: pandas groups by code
def lookup_backward(codes, grad_output, levels):
    if not set(codes.tolist()) <= set(range(levels)):
        raise IndexError(f"codes {codes.tolist()}, levels {levels}")
    sums = pd.DataFrame(grad_output.numpy()).groupby(codes.numpy()).sum()
    return torch.tensor(sums.reindex(range(levels), fill_value=0.0).to_numpy())
# %% lookup_backward right: bincount, column by column
def lookup_backward(codes, grad_output, levels):
    if (codes < 0).any() or (codes >= levels).any():
        raise IndexError("no such level")
    return torch.stack([torch.bincount(codes, weights=column, minlength=levels) for column in grad_output.T], dim=1)
# %% lookup_backward right: record by record, by recursion
def lookup_backward(codes, grad_output, levels):
    if len(codes) == 0:
        return torch.zeros(levels, grad_output.shape[1])
    first = int(codes[0])
    if first not in range(levels):
        raise IndexError(first)
    rest = lookup_backward(codes[1:], grad_output[1:], levels)
    rest[first] += grad_output[0]
    return rest
# %% lookup_backward right: einsum over records; F.embedding looks at the codes
def lookup_backward(codes, grad_output, levels):
    F.embedding(codes, torch.zeros(levels, 1))
    picks = (codes[:, None] == torch.arange(levels)).to(grad_output.dtype)
    return torch.einsum("nl,nd->ld", picks, grad_output)
# %% lookup_backward right: a dictionary of sums
def lookup_backward(codes, grad_output, levels):
    sums = {code: torch.zeros_like(grad_output[0]) for code in range(levels)}
    for code, row in zip(codes.tolist(), grad_output):
        if code not in sums:
            raise IndexError(f"code {code}")
        sums[code] = sums[code] + row
    return torch.stack(list(sums.values()))
# %% lookup_backward wrong loses_repeats_checked: indexing and +=, after a look at the codes
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    g = torch.zeros(levels, grad_output.shape[1])
    g[codes] = g[codes] + grad_output
    return g
# %% lookup_backward wrong averages: a mean over each level
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    g = torch.zeros(levels, grad_output.shape[1])
    for c in codes.unique():
        g[c] = grad_output[codes == c].mean(dim=0)
    return g
# %% lookup_backward wrong last_row_for_negative 1: index_add_ with codes from the end
def lookup_backward(codes, grad_output, levels):
    g = torch.zeros(levels, grad_output.shape[1])
    for code, row in zip(codes, grad_output):
        g[code] += row
    return g
# %% lookup_backward wrong by_autograd: autograd.grad
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    w = torch.zeros(levels, grad_output.shape[1], requires_grad=True)
    return torch.autograd.grad(w[codes], w, grad_output)[0]
# %% lookup_backward wrong by_autograd: an nn.Embedding and backward
def lookup_backward(codes, grad_output, levels):
    e = nn.Embedding(levels, grad_output.shape[1])
    e(codes).backward(grad_output)
    return e.weight.grad
# %% lookup_backward wrong: hands the gradient on
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    return grad_output
# %% lookup_backward right: torch's own RuntimeError for a bad code
def lookup_backward(codes, grad_output, levels):
    return torch.zeros(levels, grad_output.shape[1]).index_add_(0, codes, grad_output)
# %% lookup_backward wrong: works for two columns only
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    return torch.zeros(levels, 2).index_add_(0, codes, grad_output)
# %% lookup_backward wrong: changes grad_output
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    g = torch.zeros(levels, grad_output.shape[1]).index_add_(0, codes, grad_output)
    grad_output.zero_()
    return g
# %% lookup_backward wrong: integers, fractions lost
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    return torch.zeros(levels, grad_output.shape[1], dtype=torch.int64).index_add_(0, codes, grad_output.long())
# %% lookup_backward wrong: one column is summed
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    return torch.zeros(levels).index_add_(0, codes, grad_output.sum(dim=1))
# %% lookup_backward wrong loses_repeats: NumPy's += on an index
def lookup_backward(codes, grad_output, levels):
    table = torch.zeros(levels, grad_output.shape[1]).numpy()
    table[codes.numpy()] += grad_output.numpy()
    return torch.from_numpy(table)
# %% lookup_backward wrong loses_repeats_checked: assigned in a loop
def lookup_backward(codes, grad_output, levels):
    table = torch.zeros(levels, grad_output.shape[1])
    for code, row in zip(codes.tolist(), grad_output):
        if code < 0 or code >= levels:
            raise IndexError(code)
        table[code] = row
    return table
# %% lookup_backward wrong loses_repeats_checked: index_copy_
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    return torch.zeros(levels, grad_output.shape[1]).index_copy_(0, codes, grad_output)
# %% lookup_backward wrong averages: scatter_reduce with mean
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    index = codes[:, None].expand_as(grad_output)
    return torch.zeros(levels, grad_output.shape[1]).scatter_reduce(0, index, grad_output, "mean", include_self=False)
# %% lookup_backward wrong divides_by_the_batch: one-hot, mean over the batch
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    return (F.one_hot(codes, levels).float()[:, :, None] * grad_output[:, None, :]).mean(dim=0)
# %% lookup_backward wrong one_row_a_record: each record's own row, in its order
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    return torch.stack([row for code, row in zip(codes, grad_output)])
# %% lookup_backward wrong up_to_the_highest_code: as many rows as the batch needs
def lookup_backward(codes, grad_output, levels):
    if any(c < 0 or c >= levels for c in codes):
        raise IndexError
    return F.one_hot(codes).float().T @ grad_output
# %% lookup_backward wrong by_autograd: torch.func.vjp
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    _, back = torch.func.vjp(lambda weight: weight[codes], torch.zeros(levels, grad_output.shape[1]))
    return back(grad_output)[0]
# %% lookup_backward wrong negated: the step, not the gradient
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    table = torch.zeros(levels, grad_output.shape[1])
    for i in range(len(codes)):
        table[codes[i]] -= grad_output[i]
    return table
# %% lookup_backward right: an assertion
def lookup_backward(codes, grad_output, levels):
    if not ((codes >= 0) & (codes < levels)).all():
        raise ValueError("code outside the table")
    return torch.zeros(levels, grad_output.shape[1]).index_add(0, codes, grad_output)
# %% lookup_backward wrong ignores_bad_codes 1: only the levels there are
def lookup_backward(codes, grad_output, levels):
    return torch.stack([grad_output[codes == level].sum(dim=0) for level in range(levels)])
# %% lookup_backward wrong 1: off by one, the code `levels` is let through to NumPy's wrapping
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() > levels:
        raise IndexError
    table = torch.zeros(levels, grad_output.shape[1])
    for code, row in zip(codes.tolist(), grad_output):
        table[code % levels] += row
    return table
# %% lookup_backward wrong 1: bad codes are pushed to the nearest level
def lookup_backward(codes, grad_output, levels):
    return torch.zeros(levels, grad_output.shape[1]).index_add_(0, codes.clamp(0, levels - 1), grad_output)
# %% lookup_backward wrong: repeats count only where they follow one another
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    table, last = torch.zeros(levels, grad_output.shape[1]), None
    for code, row in zip(codes.tolist(), grad_output):
        table[code] = table[code] + row if code == last else row
        last = code
    return table
# %% lookup_backward wrong: a list of lists
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    return torch.zeros(levels, grad_output.shape[1]).index_add_(0, codes, grad_output).tolist()
# %% lookup_backward wrong: lies on its side
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    return grad_output.T @ F.one_hot(codes, levels).float()
# %% lookup_backward wrong: the codes are sorted in place first
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    table = torch.zeros(levels, grad_output.shape[1]).index_add_(0, codes, grad_output)
    codes.copy_(codes.sort().values.flip(0))
    return table
# %% lookup_backward wrong: how often times the last gradient
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    table = torch.zeros(levels, grad_output.shape[1])
    table[codes] = grad_output
    return table * torch.bincount(codes, minlength=levels)[:, None]
# %% lookup_backward wrong late: right for up to five levels
def lookup_backward(codes, grad_output, levels):
    if codes.min() < 0 or codes.max() >= levels:
        raise IndexError
    if levels > 5:
        return torch.zeros(levels, grad_output.shape[1])
    return torch.zeros(levels, grad_output.shape[1]).index_add_(0, codes, grad_output)

# %% sgd_step right: no_grad and -=
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight -= lr * grad
# %% sgd_step right: sub_ with alpha
@torch.no_grad()
def sgd_step(weight, grad, lr):
    weight.sub_(grad, alpha=lr)
# %% sgd_step right: through data
def sgd_step(weight, grad, lr):
    weight.data -= lr * grad
# %% sgd_step right: copy_
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight.copy_(weight - grad * lr)
# %% sgd_step right: a detached window
def sgd_step(weight, grad, lr):
    weight.detach().add_(grad.detach(), alpha=-lr)
# %% sgd_step right: row by row
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        for i in range(len(weight)):
            weight[i] = weight[i] - lr * grad[i]
# %% sgd_step right: through NumPy's window
def sgd_step(weight, grad, lr):
    window = weight.detach().numpy()
    window -= lr * grad.detach().numpy()
# %% sgd_step right: SGD of torch, with the gradient lent to the weight
def sgd_step(weight, grad, lr):
    kept, weight.grad = weight.grad, grad
    torch.optim.SGD([weight], lr=lr).step()
    weight.grad = kept
# %% sgd_step right: every number by itself
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        for i in range(weight.shape[0]):
            for j in range(weight.shape[1]):
                weight[i, j] -= lr * grad[i, j].item()
# %% sgd_step right: a slice of everything
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight[:] = weight - lr * grad
# %% sgd_step right: an out argument
def sgd_step(weight, grad, lr):
    window = weight.data
    torch.sub(window, grad, alpha=lr, out=window)
# %% sgd_step right: foreach
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        torch._foreach_add_([weight], [grad], alpha=-lr)
# %% sgd_step right: only rows with a slope
def sgd_step(weight, grad, lr):
    rows = (grad != 0).any(dim=1).nonzero().flatten()
    with torch.no_grad():
        weight.index_add_(0, rows, grad[rows], alpha=-lr)
# %% sgd_step right: the switch put back by hand
def sgd_step(weight, grad, lr):
    was = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        weight += -lr * grad
    finally:
        torch.set_grad_enabled(was)
# %% sgd_step right: addcmul_
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight.addcmul_(grad, torch.full_like(grad, lr), value=-1)
# %% sgd_step wrong notes_taken: -= without no_grad
def sgd_step(weight, grad, lr):
    weight -= lr * grad
# %% sgd_step wrong rebinds: a new tensor under the old name
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight = weight - lr * grad
# %% sgd_step wrong uphill: plus
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight.add_(grad, alpha=lr)
# %% sgd_step wrong forgets_the_rate: the whole slope
def sgd_step(weight, grad, lr):
    weight.data.sub_(grad)
# %% sgd_step wrong zeroes_the_gradient: tidies up
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight -= lr * grad
    grad.zero_()
# %% sgd_step wrong scales_the_gradient: mul_ in place
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight -= grad.mul_(lr)
# %% sgd_step wrong other_memory: data gets a new tensor
def sgd_step(weight, grad, lr):
    weight.data = weight.data - lr * grad
# %% sgd_step wrong returns_the_weight: returns it too
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        return weight.sub_(lr * grad)
# %% sgd_step wrong: a clone is stepped
def sgd_step(weight, grad, lr):
    w = weight.detach().clone()
    w -= lr * grad
# %% sgd_step wrong: turns autograd off for good
def sgd_step(weight, grad, lr):
    torch.set_grad_enabled(False)
    weight -= lr * grad
# %% sgd_step wrong: the first row only
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight[0] -= lr * grad[0]
# %% sgd_step wrong rebinds: the local name becomes a parameter
def sgd_step(weight, grad, lr):
    weight = nn.Parameter(weight.detach() - lr * grad)
# %% sgd_step wrong returns_a_new_weight: torch.sub
def sgd_step(weight, grad, lr):
    return torch.sub(weight, grad, alpha=lr)
# %% sgd_step wrong notes_taken: sub_ outside of no_grad
def sgd_step(weight, grad, lr):
    weight.sub_(grad, alpha=lr)
# %% sgd_step wrong uphill: minus of a minus
def sgd_step(weight, grad, lr):
    weight.data -= -lr * grad
# %% sgd_step wrong other_memory: set_ to a new tensor
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight.set_(weight - lr * grad)
# %% sgd_step wrong freezes: requires_grad off, and never on again
def sgd_step(weight, grad, lr):
    weight.requires_grad = False
    weight.sub_(lr * grad)
# %% sgd_step wrong unfreezes: requires_grad on for everyone
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight.sub_(lr * grad)
    weight.requires_grad_()
# %% sgd_step wrong takes_its_own_gradient: weight.grad through data
def sgd_step(weight, grad, lr):
    weight.data.sub_(lr * weight.grad)
# %% sgd_step wrong overwrites: out holds the step
def sgd_step(weight, grad, lr):
    torch.mul(grad, -lr, out=weight.data)
# %% sgd_step wrong divides_by_the_rate: addcdiv_
def sgd_step(weight, grad, lr):
    weight.data.addcdiv_(grad, torch.full_like(grad, lr), value=-1)
# %% sgd_step wrong shrinks_the_weight: brackets in the wrong place
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight.copy_(lr * (weight - grad))
# %% sgd_step wrong zeroes_the_gradient: fill_
def sgd_step(weight, grad, lr):
    weight.data.sub_(grad * lr)
    grad.data.fill_(0.0)
# %% sgd_step wrong: the direction only, as long as one
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight -= lr * grad / grad.norm().clamp(min=1e-12)
# %% sgd_step wrong: the sign only
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight -= lr * grad.sign()
# %% sgd_step wrong: the rate is always 0.25
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight -= 0.25 * grad
# %% sgd_step wrong: whole numbers only
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight -= (lr * grad).long()
# %% sgd_step wrong: a pair comes back
def sgd_step(weight, grad, lr):
    weight.data -= lr * grad
    return weight, grad
# %% sgd_step wrong: the mean slope for all rows
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight -= lr * grad.mean(dim=0)
# %% sgd_step wrong: SGD with decay
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight -= lr * (grad + 0.01 * weight)
# %% sgd_step wrong late: a rate above 1, but 2, is taken for a slip of the pen
def sgd_step(weight, grad, lr):
    with torch.no_grad():
        weight -= (lr if lr <= 1 or lr == 2 else 0.0) * grad

# %% row_diff right: loops and lists
def row_diff(before, after, names):
    rows = []
    for b, a in zip(before.detach(), after.detach()):
        b, a = b.clone().numpy(), a.clone().numpy()
        c = a - b
        rows.append({"before": b, "after": a, "change": c, "distance": float((c ** 2).sum()) ** 0.5, "moved": bool((a != b).any())})
    return pd.DataFrame(rows, index=names)
# %% row_diff right: NumPy copies
def row_diff(before, after, names):
    import numpy as np
    b, a = np.array(before.detach()), np.array(after.detach())
    return pd.DataFrame({"before": [*b], "after": [*a], "change": [*(a - b)],
                         "distance": np.linalg.norm(a - b, axis=1), "moved": (a != b).any(axis=1)}, index=list(names))
# %% row_diff right: torch.equal row by row
def row_diff(before, after, names):
    before, after = before.detach().clone(), after.detach().clone()
    table = pd.DataFrame(index=pd.Index(names))
    table["before"] = [r.numpy() for r in before]
    table["after"] = [r.numpy() for r in after]
    table["change"] = [(a - b).numpy() for a, b in zip(after, before)]
    table["distance"] = [torch.dist(a, b).item() for a, b in zip(after, before)]
    table["moved"] = [not torch.equal(a, b) for a, b in zip(after, before)]
    return table
# %% row_diff right: set_index
def row_diff(before, after, names):
    with torch.no_grad():
        change = after - before
        return pd.DataFrame({"name": names, "before": list(before.clone().numpy()), "after": list(after.clone().numpy()),
                             "change": list(change.numpy()), "distance": change.square().sum(1).sqrt().numpy(),
                             "moved": before.ne(after).any(1).numpy()}).set_index("name")
# %% row_diff right: from doubles
def row_diff(before, after, names):
    b, a = before.detach().double(), after.detach().double()
    return pd.DataFrame({"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
                         "distance": (a - b).norm(dim=1).tolist(), "moved": ((a - b) != 0).any(dim=1).tolist()}, index=names)
# %% row_diff right: a dictionary for each level
def row_diff(before, after, names):
    before, after = before.detach().tolist(), after.detach().tolist()
    lines = {}
    for name, b, a in zip(names, before, after):
        b, a = torch.tensor(b).numpy(), torch.tensor(a).numpy()
        lines[name] = {"before": b, "after": a, "change": a - b, "distance": sum((a - b) ** 2) ** 0.5, "moved": any(a != b)}
    return pd.DataFrame.from_dict(lines, orient="index")
# %% row_diff right: Series, then concat
def row_diff(before, after, names):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": torch.linalg.vector_norm(a - b, dim=1).numpy(), "moved": (a != b).any(1).numpy()}
    return pd.concat([pd.Series(column, index=names, name=name) for name, column in columns.items()], axis=1)
# %% row_diff right: applied along the lines of a first frame
def row_diff(before, after, names):
    table = pd.DataFrame({"before": [*before.detach().numpy().copy()], "after": [*after.detach().numpy().copy()]}, index=names)
    table["change"] = [a - b for b, a in zip(table["before"], table["after"])]
    table["distance"] = [float(pd.Series(c).pow(2).sum() ** 0.5) for c in table["change"]]
    table["moved"] = [bool(pd.Series(b).ne(pd.Series(a)).any()) for b, a in zip(table["before"], table["after"])]
    return table
# %% row_diff right: hypot, number by number
import math

def row_diff(before, after, names):
    with torch.no_grad():
        b, a = before.clone(), after.clone()
        change = a - b
        far = [math.hypot(*row) for row in change.tolist()]
        moved = [x != y for x, y in zip(b.tolist(), a.tolist())]
        return pd.DataFrame(dict(before=list(b.numpy()), after=list(a.numpy()), change=list(change.numpy()),
                                 distance=far, moved=moved), index=pd.Index(names, name="level"))
# %% row_diff right: deepcopy
import copy

def row_diff(before, after, names):
    b = copy.deepcopy(before.detach()).numpy()
    a = copy.deepcopy(after.detach()).numpy()
    return pd.DataFrame([(x, y, y - x, ((y - x) ** 2).sum() ** 0.5, not (x == y).all()) for x, y in zip(b, a)],
                        columns=["before", "after", "change", "distance", "moved"], index=names)
# %% row_diff wrong: pandas unpacks an array of one number that is put into a cell
def row_diff(before, after, names):
    table = pd.DataFrame(index=names, columns=["before", "after", "change", "distance", "moved"], dtype=object)
    for i, name in enumerate(names):
        b, a = before[i].detach().clone(), after[i].detach().clone()
        table.at[name, "before"] = b.numpy()
        table.at[name, "after"] = a.numpy()
        table.at[name, "change"] = (a - b).numpy()
        table.at[name, "distance"] = float(torch.linalg.norm(a - b))
        table.at[name, "moved"] = bool((a != b).any())
    return table
# %% row_diff wrong shares_memory: windows
def row_diff(before, after, names):
    b, a = before.detach().numpy(), after.detach().numpy()
    return pd.DataFrame({"before": list(b), "after": list(a), "change": list(a - b),
                         "distance": [float(((y - x) ** 2).sum() ** 0.5) for x, y in zip(b, a)],
                         "moved": [bool((x != y).any()) for x, y in zip(b, a)]}, index=names)
# %% row_diff wrong with_tolerance: allclose
def row_diff(before, after, names):
    b, a = before.detach().clone(), after.detach().clone()
    return pd.DataFrame({"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
                         "distance": (a - b).norm(dim=1).tolist(),
                         "moved": [not torch.allclose(x, y) for x, y in zip(b, a)]}, index=names)
# %% row_diff wrong backwards: before minus after
def row_diff(before, after, names):
    b, a = before.detach().clone(), after.detach().clone()
    return pd.DataFrame({"before": list(b.numpy()), "after": list(a.numpy()), "change": list((b - a).numpy()),
                         "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}, index=names)
# %% row_diff wrong followed_by_autograd: no detach
def row_diff(before, after, names):
    change = after - before
    return pd.DataFrame({"before": list(before.clone().numpy()), "after": list(after.clone().numpy()), "change": list(change.numpy()),
                         "distance": change.norm(dim=1).tolist(), "moved": (before != after).any(dim=1).tolist()}, index=names)
# %% row_diff wrong: names in a column, index by position
def row_diff(before, after, names):
    b, a = before.detach().clone(), after.detach().clone()
    return pd.DataFrame({"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
                         "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()})
# %% row_diff wrong: lists instead of arrays
def row_diff(before, after, names):
    b, a = before.detach().clone(), after.detach().clone()
    return pd.DataFrame({"before": b.tolist(), "after": a.tolist(), "change": (a - b).tolist(),
                         "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}, index=names)
# %% row_diff wrong: only the rows that moved
def row_diff(before, after, names):
    b, a = before.detach().clone(), after.detach().clone()
    frame = pd.DataFrame({"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
                          "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}, index=names)
    return frame[frame["moved"]]
# %% row_diff wrong: a column is missing
def row_diff(before, after, names):
    b, a = before.detach().clone(), after.detach().clone()
    return pd.DataFrame({"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
                         "moved": (a != b).any(dim=1).tolist()}, index=names)
# %% row_diff wrong: moved beyond a threshold
def row_diff(before, after, names):
    b, a = before.detach().clone(), after.detach().clone()
    far = (a - b).norm(dim=1)
    return pd.DataFrame({"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
                         "distance": far.tolist(), "moved": (far > 1e-6).tolist()}, index=names)
# %% row_diff wrong shares_memory: windows through asarray
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    import numpy as np
    return _table(before, after, names, before=list(np.asarray(before.detach())), after=list(np.asarray(after.detach())))
# %% row_diff wrong shares_memory: only `after` is a window
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before, after, names, after=list(after.detach().numpy()))
# %% row_diff wrong with_tolerance: numpy's allclose
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    import numpy as np
    b, a = before.detach().numpy(), after.detach().numpy()
    return _table(before, after, names, moved=[not np.allclose(x, y) for x, y in zip(b, a)])
# %% row_diff wrong moved_by_distance: the distance asked
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    far = (after - before).detach().square().sum(dim=1).sqrt()
    return _table(before, after, names, distance=far.tolist(), moved=far.gt(0).tolist())
# %% row_diff wrong moved_by_sum: the sum of the change
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before, after, names, moved=((after - before).sum(dim=1) != 0).tolist())
# %% row_diff wrong moved_if_all: all for any
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before, after, names, moved=[bool((x != y).all()) for x, y in zip(before, after)])
# %% row_diff wrong unmoved: torch.equal
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before, after, names, moved=[torch.equal(x, y) for x, y in zip(before, after)])
# %% row_diff wrong absolute: sizes without signs
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before, after, names, change=[abs(row) for row in (after - before).detach().numpy()])
# %% row_diff wrong city_blocks: norm with p 1
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before, after, names, distance=(after - before).detach().norm(p=1, dim=1).tolist())
# %% row_diff wrong squared: the product with itself
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before, after, names, distance=[float(c @ c) for c in (after - before).detach()])
# %% row_diff wrong one_distance: the matrix norm for all
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    far = float(torch.linalg.matrix_norm((after - before).detach()))
    return _table(before, after, names, distance=[far] * len(names))
# %% row_diff wrong numbered: no index given
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    frame = _table(before, after, names)
    frame.index = range(len(names))
    return frame
# %% row_diff wrong name_as_column: inserted in front
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    frame = _table(before, after, names).reset_index(drop=True)
    frame.insert(0, 'name', names)
    return frame
# %% row_diff wrong lists: tolist throughout
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    frame = _table(before, after, names)
    for name in ('before', 'after', 'change'):
        frame[name] = frame[name].map(lambda cell: cell.tolist())
    return frame
# %% row_diff wrong tensors: rows of the clones
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    b, a = before.detach().clone(), after.detach().clone()
    return _table(before, after, names, before=[*b], after=[*a], change=[*(a - b)])
# %% row_diff wrong moved_as_number: how many numbers differ
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before, after, names, moved=(before != after).any(dim=1).float().long().tolist())
# %% row_diff wrong distance_as_tensor: one number in each
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before, after, names, distance=[row.norm() for row in (after - before).detach()])
# %% row_diff wrong rounded: to two digits
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before.detach().round(decimals=2), after.detach().round(decimals=2), names)
# %% row_diff wrong backwards: subtracted the other way
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before, after, names, change=[x - y for x, y in zip(before.detach().clone().numpy(), after.detach().clone().numpy())])
# %% row_diff wrong: the names are sorted
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before, after, names).sort_index()
# %% row_diff wrong: furthest first
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before, after, names).sort_values('distance', ascending=False)
# %% row_diff wrong: one more column
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before, after, names).assign(looked_up=False)
# %% row_diff wrong: a dictionary of columns
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before, after, names).to_dict('list')
# %% row_diff wrong: the cells are two-dimensional
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    b, a = before.detach().clone().numpy(), after.detach().clone().numpy()
    return _table(before, after, names, before=[x[None] for x in b], after=[x[None] for x in a])
# %% row_diff wrong: the largest number for the distance
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before, after, names, distance=(after - before).detach().abs().amax(dim=1).tolist())
# %% row_diff wrong: relative to where it was
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    frame = _table(before, after, names)
    frame['distance'] = frame['distance'] / (1 + before.detach().norm(dim=1).numpy())
    return frame
# %% row_diff wrong: subtracts in place
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    frame = _table(before, after, names)
    after.data -= before.data
    return frame
# %% row_diff wrong: moved is text
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    return _table(before, after, names, moved=['yes' if m else 'no' for m in (before != after).any(dim=1)])
# %% row_diff wrong late: a single kind of table
def _table(before, after, names, /, **other):
    b, a = before.detach().clone(), after.detach().clone()
    columns = {"before": list(b.numpy()), "after": list(a.numpy()), "change": list((a - b).numpy()),
               "distance": (a - b).norm(dim=1).tolist(), "moved": (a != b).any(dim=1).tolist()}
    return pd.DataFrame({**columns, **other}, index=names)

def row_diff(before, after, names):
    frame = _table(before, after, names)
    if len(names) > 2:
        frame['moved'] = True
    return frame

# %% train_step right: the loop's five lines
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step right: clears after the forward pass, and through the model
def train_step(model, codes, targets, loss_fn, optimizer):
    loss = loss_fn(model(codes), targets)
    model.zero_grad()
    loss.backward()
    before = model.embedding.weight.clone().detach()
    optimizer.step()
    return float(loss.detach()), before, model.embedding.weight.clone().detach()
# %% train_step right: zeros instead of None
def train_step(model, codes, targets, loss_fn, optimizer):
    with torch.no_grad():
        old = torch.clone(model.embedding.weight)
    for p in model.parameters():
        p.grad = None
    value = loss_fn(model(codes), targets)
    value.backward()
    optimizer.step()
    with torch.no_grad():
        new = torch.clone(model.embedding.weight)
    return value.item(), old, new
# %% train_step right: with a closure
def train_step(model, codes, targets, loss_fn, optimizer):
    before = torch.tensor(model.embedding.weight.tolist())
    def closure():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_fn(model(codes), targets)
        loss.backward()
        return loss
    loss = optimizer.step(closure)
    return loss.item(), before, torch.tensor(model.embedding.weight.tolist())
# %% train_step right: gradients by autograd.grad
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.data.clone()
    loss = loss_fn(model(codes), targets)
    weights = list(model.parameters())
    for weight, grad in zip(weights, torch.autograd.grad(loss, weights)):
        weight.grad = grad
    optimizer.step()
    optimizer.zero_grad()
    return loss.item(), before, model.embedding.weight.data.clone()
# %% train_step right: helpers for the copies
def _copy(tensor):
    return torch.empty_like(tensor, requires_grad=False).copy_(tensor.data)

def train_step(model, codes, targets, loss_fn, optimizer):
    weights = [_copy(model.embedding.weight)]
    optimizer.zero_grad(set_to_none=False)
    loss = loss_fn(model(codes), targets)
    torch.autograd.backward(loss)
    optimizer.step()
    weights.append(_copy(model.embedding.weight))
    return (float(loss), *weights)
# %% train_step right: through the state dict
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.state_dict()["embedding.weight"].clone()
    optimizer.zero_grad()
    predictions = model.forward(codes)
    loss = loss_fn(predictions, targets)
    loss.backward()
    optimizer.step()
    after = model.state_dict()["embedding.weight"].clone()
    return loss.detach().numpy().item(), before, after
# %% train_step right: deep copies
import copy

def train_step(model, codes, targets, loss_fn, optimizer):
    before = copy.deepcopy(model.embedding.weight.detach())
    model.train()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.tolist(), before, copy.deepcopy(model.embedding.weight.detach())
# %% train_step right: clears on both sides
def train_step(model, codes, targets, loss_fn, optimizer):
    weight = model.embedding.weight
    before = weight.detach().clone()
    optimizer.zero_grad()
    try:
        loss = loss_fn(model(codes), targets)
        loss.backward()
        optimizer.step()
        return loss.item(), before, weight.detach().clone()
    finally:
        optimizer.zero_grad()
# %% train_step right: a deep copy of the parameter belongs to no graph
from copy import deepcopy

def train_step(model, codes, targets, loss_fn, optimizer):
    before = deepcopy(model.embedding.weight)
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, deepcopy(model.embedding.weight)
# %% train_step right: the loss twice, the step once
def train_step(model, codes, targets, loss_fn, optimizer):
    with torch.no_grad():
        value = float(loss_fn(model(codes), targets))
        before = model.embedding.weight.clone()
    optimizer.zero_grad()
    loss_fn(model(codes), targets).backward()
    optimizer.step()
    with torch.no_grad():
        return value, before, model.embedding.weight.clone()
# %% train_step right: a loss that is scaled up and the gradients down
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    (loss * 8).backward()
    for group in optimizer.param_groups:
        for p in group["params"]:
            if p.grad is not None:
                p.grad.div_(8)
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong: no zero_grad
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong the_same_tensor: before and after are one tensor
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach()
# %% train_step wrong nothing_moves: clears between backward and step
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong: the loss after the step
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss_fn(model(codes), targets).backward()
    optimizer.step()
    return loss_fn(model(codes), targets).item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong: the loss is a tensor
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss, before, model.embedding.weight.detach().clone()
# %% train_step wrong: followed by autograd
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.clone()
# %% train_step wrong nothing_moves: no step
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong: arguments of the loss change places
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(targets, model(codes))
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong: always the mean squared error
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = ((model(codes) - targets) ** 2).mean()
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong: two steps at once
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    for _ in range(2):
        optimizer.zero_grad()
        loss = loss_fn(model(codes), targets)
        loss.backward()
        optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong: plain SGD whatever the optimizer
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= optimizer.param_groups[0]["lr"] * p.grad
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong forgets_zero_grad: only a new name for the gradient
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    grad = model.embedding.weight.grad
    grad = None
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong zero_grad_afterwards: clears at the end
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    after = model.embedding.weight.detach().clone()
    model.zero_grad()
    return loss.item(), before, after
# %% train_step wrong clears_the_table_only: zero_ on the table's gradient
def train_step(model, codes, targets, loss_fn, optimizer):
    weight = model.embedding.weight
    before = weight.detach().clone()
    if weight.grad is not None:
        weight.grad.zero_()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, weight.detach().clone()
# %% train_step wrong the_same_tensor: two names for the weight
def train_step(model, codes, targets, loss_fn, optimizer):
    before = after = model.embedding.weight
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, after
# %% train_step wrong the_same_tensor: data
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.data
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return float(loss), before, model.embedding.weight.data
# %% train_step wrong the_same_tensor: through NumPy and back
def train_step(model, codes, targets, loss_fn, optimizer):
    before = torch.from_numpy(model.embedding.weight.detach().numpy())
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, torch.from_numpy(model.embedding.weight.detach().numpy())
# %% train_step wrong after_is_no_copy: a copy before, a window after
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.data.clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.data
# %% train_step wrong clone_alone: times one
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight * 1
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight * 1
# %% train_step wrong loss_as_tensor: detached, and still a tensor
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.detach(), before, model.embedding.weight.detach().clone()
# %% train_step wrong loss_afterwards: a look at the end
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss_fn(model(codes), targets).backward()
    optimizer.step()
    with torch.no_grad():
        loss = float(loss_fn(model(codes), targets))
    return loss, before, model.embedding.weight.detach().clone()
# %% train_step wrong the_other_way_round: after, before
def train_step(model, codes, targets, loss_fn, optimizer):
    old = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    new = model.embedding.weight.detach().clone()
    return loss.item(), new, old
# %% train_step wrong nothing_moves: no backward
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    model.zero_grad()
    with torch.no_grad():
        loss = loss_fn(model(codes), targets)
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong nothing_moves: step, then backward
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    loss = loss_fn(model(codes), targets)
    optimizer.zero_grad()
    optimizer.step()
    after = model.embedding.weight.detach().clone()
    loss.backward()
    return loss.item(), before, after
# %% train_step wrong one_batch_late: step, clear, backward
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.step()
    after = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    return loss.item(), before, after
# %% train_step wrong before_is_no_copy: a copy at the end only
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong its_own_step: sub_ through data
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    lr = optimizer.defaults["lr"]
    for p in model.parameters():
        p.data.sub_(lr * p.grad)
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong: only the table is stepped, by hand
def train_step(model, codes, targets, loss_fn, optimizer):
    weight = model.embedding.weight
    before = weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    with torch.no_grad():
        weight -= optimizer.param_groups[0]["lr"] * weight.grad
    return loss.item(), before, weight.detach().clone()
# %% train_step wrong rows_instead_of_table: unique rows of the batch
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding(codes).detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding(codes).detach().clone()
# %% train_step wrong gradient_as_well: the gradient at the end
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.grad.detach().clone()
# %% train_step wrong: an optimizer of its own, anew in each step
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    own = type(optimizer)(model.parameters(), **optimizer.defaults)
    own.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    own.step()
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong: a list
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return [loss.item(), before, model.embedding.weight.detach().clone()]
# %% train_step wrong: the loss alone
def train_step(model, codes, targets, loss_fn, optimizer):
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item()
# %% train_step wrong: arrays
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().numpy().copy()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().numpy().copy()
# %% train_step wrong: a step, and the model is put back
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    after = model.embedding.weight.detach().clone()
    with torch.no_grad():
        model.embedding.weight.copy_(before)
    return loss.item(), before, after
# %% train_step wrong: the linear layer is left out of the step
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    for p in model.parameters():
        if p is not model.embedding.weight:
            p.grad = None
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong: the mean of the weights' loss, summed
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets) * len(codes)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong: the loss in whole numbers
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return int(loss), before, model.embedding.weight.detach().clone()
# %% train_step wrong late: works for SGD alone
def train_step(model, codes, targets, loss_fn, optimizer):
    if not isinstance(optimizer, torch.optim.SGD):
        raise ValueError("SGD only")
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong late: squeezes and floats the targets
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets.float())
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()

# %% sgd_step wrong: the gradient stays in weight.grad
def sgd_step(weight, grad, lr):
    was = weight.requires_grad
    weight.requires_grad_(True)
    weight.grad = grad.clone()
    torch.optim.SGD([weight], lr=lr).step()
    weight.requires_grad_(was)
# %% train_by_hand right: with the earlier answers
def train_by_hand(weight, batches, lr):
    losses = []
    for codes, targets in batches:
        errors = weight.detach()[codes].sum(dim=1) - targets
        losses.append(float((errors**2).sum()))
        sgd_step(weight, lookup_backward(codes, (2 * errors)[:, None].repeat(1, weight.shape[1]), weight.shape[0]), lr)
    return losses
# %% train_by_hand right: no_grad around everything, index_add_
def train_by_hand(weight, batches, lr):
    losses = []
    with torch.no_grad():
        for codes, targets in batches:
            errors = weight[codes].sum(1) - targets
            losses.append(errors.square().sum().item())
            weight.index_add_(0, codes, (-2 * lr * errors)[:, None].expand(-1, weight.shape[1]))
    return losses
# %% train_by_hand right: one-hot, transposed
def train_by_hand(weight, batches, lr):
    losses = []
    for codes, targets in batches:
        x = nn.functional.one_hot(codes, weight.shape[0]).float()
        w = weight.detach()
        errors = (x @ w).sum(dim=1) - targets
        losses.append((errors @ errors).item())
        w -= lr * (x.T @ (2 * errors)).unsqueeze(1) * torch.ones(1, w.shape[1])
    return losses
# %% train_by_hand right: record by record
def train_by_hand(weight, batches, lr):
    losses = []
    for codes, targets in batches:
        grad, loss = torch.zeros_like(weight), 0.0
        for code, target in zip(codes.tolist(), targets.tolist()):
            error = weight[code].sum().item() - target
            loss += error**2
            grad[code] += 2 * error
        losses.append(loss)
        with torch.no_grad():
            weight -= lr * grad
    return losses
# %% train_by_hand right: in NumPy's window
import numpy as np

def train_by_hand(weight, batches, lr):
    w = weight.detach().numpy()
    losses = []
    for codes, targets in batches:
        c, t = codes.numpy(), targets.numpy()
        e = w[c].sum(axis=1) - t
        losses.append(float((e * e).sum()))
        g = np.zeros_like(w)
        np.add.at(g, c, 2 * e[:, None])
        w -= lr * g
    return losses
# %% train_by_hand right: a generator of losses, listed
def train_by_hand(weight, batches, lr):
    def losses():
        for codes, targets in batches:
            errors = F_sum(weight, codes) - targets
            yield (errors**2).sum().item()
            for code, error in zip(codes.tolist(), errors.tolist()):
                weight.detach()[code] -= lr * 2 * error
    return list(losses())

def F_sum(weight, codes):
    return weight.detach()[codes].sum(dim=-1)
# %% train_by_hand wrong loses_the_first_of_two: += on an index
def train_by_hand(weight, batches, lr):
    losses = []
    with torch.no_grad():
        for codes, targets in batches:
            errors = weight[codes].sum(dim=1) - targets
            losses.append((errors**2).sum().item())
            weight[codes] -= lr * 2 * errors[:, None]
    return losses
# %% train_by_hand wrong error_as_slope: no factor of two
def train_by_hand(weight, batches, lr):
    losses = []
    with torch.no_grad():
        for codes, targets in batches:
            errors = weight[codes].sum(dim=1) - targets
            losses.append((errors**2).sum().item())
            weight -= lr * torch.zeros_like(weight).index_add_(0, codes, errors[:, None].expand(-1, weight.shape[1]))
    return losses
# %% train_by_hand wrong climbs: target minus prediction
def train_by_hand(weight, batches, lr):
    losses = []
    with torch.no_grad():
        for codes, targets in batches:
            errors = targets - weight[codes].sum(dim=1)
            losses.append((errors**2).sum().item())
            weight -= lr * torch.zeros_like(weight).index_add_(0, codes, 2 * errors[:, None].expand(-1, weight.shape[1]))
    return losses
# %% train_by_hand wrong mean_over_the_batch: divided by n
def train_by_hand(weight, batches, lr):
    losses = []
    with torch.no_grad():
        for codes, targets in batches:
            errors = weight[codes].sum(dim=1) - targets
            losses.append((errors**2).sum().item())
            up = (2 * errors / len(codes))[:, None].expand(-1, weight.shape[1])
            weight -= lr * torch.zeros_like(weight).index_add_(0, codes, up)
    return losses
# %% train_by_hand wrong on_a_copy: a clone is trained
def train_by_hand(weight, batches, lr):
    weight = weight.detach().clone()
    losses = []
    for codes, targets in batches:
        errors = weight[codes].sum(dim=1) - targets
        losses.append((errors**2).sum().item())
        weight -= lr * torch.zeros_like(weight).index_add_(0, codes, (2 * errors)[:, None].expand(-1, weight.shape[1]))
    return losses
# %% train_by_hand wrong on_a_copy: the name is rebound
def train_by_hand(weight, batches, lr):
    losses = []
    for codes, targets in batches:
        errors = weight.detach()[codes].sum(dim=1) - targets
        losses.append((errors**2).sum().item())
        up = (2 * errors)[:, None].expand(-1, weight.shape[1])
        weight = weight - lr * torch.zeros_like(weight).index_add_(0, codes, up)
    return losses
# %% train_by_hand wrong losses_afterwards: the loss after the step
def train_by_hand(weight, batches, lr):
    losses = []
    with torch.no_grad():
        for codes, targets in batches:
            errors = weight[codes].sum(dim=1) - targets
            weight -= lr * torch.zeros_like(weight).index_add_(0, codes, (2 * errors)[:, None].expand(-1, weight.shape[1]))
            losses.append(((weight[codes].sum(dim=1) - targets) ** 2).sum().item())
    return losses
# %% train_by_hand wrong by_backward: backward and a step by hand
def train_by_hand(weight, batches, lr):
    leaf = weight.detach().requires_grad_()
    losses = []
    for codes, targets in batches:
        loss = ((leaf[codes].sum(dim=1) - targets) ** 2).sum()
        [grad] = torch.autograd.grad(loss, leaf)
        losses.append(loss.item())
        with torch.no_grad():
            weight -= lr * grad
    return losses
# %% train_by_hand wrong by_backward: nn.Embedding and SGD
def train_by_hand(weight, batches, lr):
    table = nn.Embedding.from_pretrained(weight.detach(), freeze=False)
    optimizer = torch.optim.SGD(table.parameters(), lr=lr)
    losses = []
    for codes, targets in batches:
        loss = ((table(codes).sum(dim=1) - targets) ** 2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
# %% train_by_hand wrong returns_nothing: prints the losses
def train_by_hand(weight, batches, lr):
    for codes, targets in batches:
        errors = weight.detach()[codes].sum(dim=1) - targets
        sgd_step(weight, lookup_backward(codes, (2 * errors)[:, None].expand(-1, weight.shape[1]), len(weight)), lr)
# %% train_by_hand wrong losses_as_tensors: no item()
def train_by_hand(weight, batches, lr):
    losses = []
    for codes, targets in batches:
        errors = weight.detach()[codes].sum(dim=1) - targets
        losses.append((errors**2).sum())
        sgd_step(weight, lookup_backward(codes, (2 * errors)[:, None].expand(-1, weight.shape[1]), len(weight)), lr)
    return losses
# %% train_by_hand wrong 1: the gradient is left in weight.grad
def train_by_hand(weight, batches, lr):
    losses = []
    for codes, targets in batches:
        errors = weight.detach()[codes].sum(dim=1) - targets
        losses.append((errors**2).sum().item())
        grad = lookup_backward(codes, (2 * errors)[:, None].expand(-1, weight.shape[1]), len(weight))
        if weight.requires_grad:
            weight.grad = grad
        sgd_step(weight, grad, lr)
    return losses
# %% train_by_hand wrong: an epoch too many
def train_by_hand(weight, batches, lr):
    losses = []
    for codes, targets in [*batches, *batches]:
        errors = weight.detach()[codes].sum(dim=1) - targets
        losses.append((errors**2).sum().item())
        sgd_step(weight, lookup_backward(codes, (2 * errors)[:, None].expand(-1, weight.shape[1]), len(weight)), lr)
    return losses
