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
# %% lookup_backward wrong 1: torch's own RuntimeError for a bad code
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
# %% train_step wrong 1: no zero_grad
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach().clone()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()
# %% train_step wrong: before and after are one tensor
def train_step(model, codes, targets, loss_fn, optimizer):
    before = model.embedding.weight.detach()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach()
# %% train_step wrong: clears between backward and step
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
# %% train_step wrong: no step
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

# %% rows_that_move right: two branches
def rows_that_move(batches, step, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[step])
    if optimizer in ("adam", "momentum"):
        return set().union(*batches[:step + 1])
    raise ValueError(optimizer)
# %% rows_that_move right: a dictionary of memories
def rows_that_move(batches, step, optimizer):
    remembers = {"sgd": False, "sparse_adam": False, "momentum": True, "adam": True}
    if optimizer not in remembers:
        raise ValueError(f"unknown optimizer {optimizer}")
    first = 0 if remembers[optimizer] else step
    return {code for i in range(first, step + 1) for code in batches[i]}
# %% rows_that_move right: a loop
def rows_that_move(batches, step, optimizer):
    moved = set()
    for i, batch in enumerate(batches):
        if i == step or (i < step and optimizer in ["adam", "momentum"]):
            for code in batch:
                moved.add(int(code))
    if optimizer not in ["adam", "momentum", "sgd", "sparse_adam"]:
        raise ValueError("no such optimizer")
    return moved
# %% rows_that_move right: match
def rows_that_move(batches, step, optimizer):
    match optimizer:
        case "sgd" | "sparse_adam":
            return {*batches[step]}
        case "momentum" | "adam":
            return {*sum(batches[:step + 1], [])}
        case _:
            raise ValueError(optimizer)
# %% rows_that_move right: by itself, one step back
def rows_that_move(batches, step, optimizer):
    if optimizer not in {"sgd", "sparse_adam", "momentum", "adam"}:
        raise ValueError
    now = set(batches[step])
    if step == 0 or optimizer.startswith("s"):
        return now
    return now | rows_that_move(batches, step - 1, optimizer)
# %% rows_that_move wrong 1: only rows in the batch ever move
def rows_that_move(batches, step, optimizer):
    if optimizer not in ("sgd", "sparse_adam", "momentum", "adam"):
        raise ValueError
    return set(batches[step])
# %% rows_that_move wrong 1: all rows ever, later ones too
def rows_that_move(batches, step, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[step])
    if optimizer in ("adam", "momentum"):
        return {c for b in batches for c in b}
    raise ValueError
# %% rows_that_move wrong 1: momentum has no memory
def rows_that_move(batches, step, optimizer):
    if optimizer in ("sgd", "sparse_adam", "momentum"):
        return set(batches[step])
    if optimizer == "adam":
        return set().union(*batches[:step + 1])
    raise ValueError
# %% rows_that_move wrong: SparseAdam is an Adam
def rows_that_move(batches, step, optimizer):
    if optimizer == "sgd":
        return set(batches[step])
    if optimizer in ("sparse_adam", "momentum", "adam"):
        return set().union(*batches[:step + 1])
    raise ValueError
# %% rows_that_move wrong 1: memory of one step
def rows_that_move(batches, step, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[step])
    if optimizer in ("adam", "momentum"):
        return set(batches[step]) | set(batches[max(0, step - 1)])
    raise ValueError
# %% rows_that_move wrong: counts steps from one
def rows_that_move(batches, step, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[step - 1])
    if optimizer in ("adam", "momentum"):
        return set().union(*batches[:step])
    raise ValueError
# %% rows_that_move wrong: a sorted list
def rows_that_move(batches, step, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return sorted(set(batches[step]))
    if optimizer in ("adam", "momentum"):
        return sorted(set().union(*batches[:step + 1]))
    raise ValueError
# %% rows_that_move wrong 1: another name counts as SGD
def rows_that_move(batches, step, optimizer):
    if optimizer in ("adam", "momentum"):
        return set().union(*batches[:step + 1])
    return set(batches[step])
# %% rows_that_move wrong 1: forgets this step's own rows
def rows_that_move(batches, step, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[step])
    if optimizer in ("adam", "momentum"):
        return set().union(*batches[:step])
    raise ValueError
# %% rows_that_move wrong 1: KeyError for another name
def rows_that_move(batches, step, optimizer):
    first = {"sgd": step, "sparse_adam": step, "momentum": 0, "adam": 0}[optimizer]
    return {c for b in batches[first:step + 1] for c in b}
# %% rows_that_move wrong 1: a level that two batches share has rested
def rows_that_move(batches, step, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[step])
    if optimizer in ("adam", "momentum"):
        out = set()
        for b in batches[:step + 1]:
            out ^= set(b)
        return out
    raise ValueError
