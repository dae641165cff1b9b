"""Answers to the exercises of lesson 5: right ones, and wrong ones beside the slips in `solutions/checks`."""
# ruff: noqa

# %% momentum_step right: no_grad, in place
def momentum_step(weight, buffer, grad, lr, momentum):
    with torch.no_grad():
        buffer *= momentum
        buffer += grad
        weight -= lr * buffer
# %% momentum_step right: copy_
def momentum_step(weight, buffer, grad, lr, momentum):
    new = momentum * buffer + grad
    buffer.copy_(new)
    with torch.no_grad():
        weight.copy_(weight - lr * new)
# %% momentum_step right: through detached windows
def momentum_step(weight, buffer, grad, lr, momentum):
    buffer.mul_(momentum).add_(grad)
    weight.detach().sub_(lr * buffer)
# %% momentum_step right: through data
def momentum_step(weight, buffer, grad, lr, momentum):
    buffer.data = buffer.data
    buffer[:] = momentum * buffer + grad
    weight.data -= lr * buffer
# %% momentum_step right: row by row
def momentum_step(weight, buffer, grad, lr, momentum):
    with torch.no_grad():
        for row in range(len(weight)):
            buffer[row] = momentum * buffer[row] + grad[row]
            weight[row] = weight[row] - lr * buffer[row]
# %% momentum_step right: PyTorch's own SGD, its buffer lent
def momentum_step(weight, buffer, grad, lr, momentum):
    leaf = weight.detach().requires_grad_()          # the same memory
    leaf.grad = grad.clone()
    optimizer = SGD([leaf], lr=lr, momentum=momentum)
    optimizer.state[leaf]["momentum_buffer"] = buffer
    optimizer.step()
    if momentum == 0:
        buffer.copy_(grad)
# %% momentum_step right: NumPy's windows
def momentum_step(weight, buffer, grad, lr, momentum):
    w, b = weight.detach().numpy(), buffer.numpy()
    b *= momentum
    b += grad.numpy()
    w -= lr * b
# %% momentum_step right: out arguments
def momentum_step(weight, buffer, grad, lr, momentum):
    torch.add(grad, buffer, alpha=momentum, out=buffer)
    with torch.no_grad():
        weight.add_(buffer, alpha=-lr)
# %% momentum_step right: with the step of lesson 4 inside
def take(weight, grad, lr):
    with torch.no_grad():
        weight -= lr * grad

def momentum_step(weight, buffer, grad, lr, momentum):
    buffer[...] = buffer * momentum + grad
    take(weight, buffer, lr)
# %% momentum_step wrong plain_step: SGD with a buffer that nobody reads
def momentum_step(weight, buffer, grad, lr, momentum):
    with torch.no_grad():
        buffer.copy_(momentum * buffer + grad)
        weight.sub_(grad, alpha=lr)
# %% momentum_step wrong buffer_forgotten: a local buffer
def momentum_step(weight, buffer, grad, lr, momentum):
    buffer = momentum * buffer + grad
    with torch.no_grad():
        weight -= lr * buffer
# %% momentum_step wrong weight_first: the old buffer leads
def momentum_step(weight, buffer, grad, lr, momentum):
    with torch.no_grad():
        weight -= lr * buffer
        buffer.copy_(momentum * buffer + grad)
# %% momentum_step wrong running_mean: Adam's first memory
def momentum_step(weight, buffer, grad, lr, momentum):
    with torch.no_grad():
        buffer.lerp_(grad, 1 - momentum)
        weight -= lr * buffer
# %% momentum_step wrong nothing_fades: adds up for ever
def momentum_step(weight, buffer, grad, lr, momentum):
    with torch.no_grad():
        buffer += grad
        weight -= lr * buffer
# %% momentum_step wrong all_fades: brackets in the wrong place
def momentum_step(weight, buffer, grad, lr, momentum):
    with torch.no_grad():
        buffer.copy_(momentum * (buffer + grad))
        weight -= lr * buffer
# %% momentum_step wrong only_rows_with_a_gradient: only the batch's rows
def momentum_step(weight, buffer, grad, lr, momentum):
    with torch.no_grad():
        for i in range(len(grad)):
            if grad[i].any():
                buffer[i] = momentum * buffer[i] + grad[i]
                weight[i] -= lr * buffer[i]
# %% momentum_step wrong uphill: plus
def momentum_step(weight, buffer, grad, lr, momentum):
    with torch.no_grad():
        buffer.mul_(momentum).add_(grad)
        weight += lr * buffer
# %% momentum_step wrong new_names: everything by assignment
def momentum_step(weight, buffer, grad, lr, momentum):
    buffer = momentum * buffer + grad
    weight = weight - lr * buffer
# %% momentum_step wrong weight_alone_rebound: the weight by assignment
def momentum_step(weight, buffer, grad, lr, momentum):
    buffer.mul_(momentum).add_(grad)
    weight = weight - lr * buffer
# %% momentum_step wrong tracked 1: no no_grad
def momentum_step(weight, buffer, grad, lr, momentum):
    buffer.mul_(momentum).add_(grad)
    weight -= buffer * lr
# %% momentum_step wrong returns_both: for chaining
def momentum_step(weight, buffer, grad, lr, momentum):
    with torch.no_grad():
        buffer.mul_(momentum).add_(grad)
        weight -= lr * buffer
    return weight, buffer
# %% momentum_step wrong: a new memory under the weight
def momentum_step(weight, buffer, grad, lr, momentum):
    buffer.mul_(momentum).add_(grad)
    weight.data = weight.detach() - lr * buffer
# %% momentum_step wrong: a new memory under the buffer
def momentum_step(weight, buffer, grad, lr, momentum):
    buffer.data = momentum * buffer + grad
    with torch.no_grad():
        weight -= lr * buffer
# %% momentum_step wrong: Nesterov looks ahead
def momentum_step(weight, buffer, grad, lr, momentum):
    with torch.no_grad():
        buffer.mul_(momentum).add_(grad)
        weight -= lr * (grad + momentum * buffer)
# %% momentum_step wrong 1: the gradient stays in weight.grad
def momentum_step(weight, buffer, grad, lr, momentum):
    with torch.no_grad():
        buffer.mul_(momentum).add_(grad)
        weight -= lr * buffer
    if weight.requires_grad:
        weight.grad = grad.clone()
# %% rows_that_move right: two branches
def rows_that_move(batches, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[-1])
    if optimizer in ("adam", "momentum"):
        return set().union(*batches)
    raise ValueError(optimizer)
# %% rows_that_move right: a dictionary of memories
def rows_that_move(batches, optimizer):
    remembers = {"sgd": False, "sparse_adam": False, "momentum": True, "adam": True}
    if optimizer not in remembers:
        raise ValueError(f"unknown optimizer {optimizer}")
    return {code for batch in (batches if remembers[optimizer] else batches[-1:]) for code in batch}
# %% rows_that_move right: match
def rows_that_move(batches, optimizer):
    match optimizer:
        case "sgd" | "sparse_adam":
            return {*batches[-1]}
        case "momentum" | "adam":
            return {*sum(batches, [])}
        case _:
            raise ValueError(optimizer)
# %% rows_that_move right: by itself, one step back
def rows_that_move(batches, optimizer):
    if optimizer not in {"sgd", "sparse_adam", "momentum", "adam"}:
        raise ValueError
    now = set(batches[-1])
    if len(batches) == 1 or optimizer.startswith("s"):
        return now
    return now | rows_that_move(batches[:-1], optimizer)
# %% rows_that_move right: simulated with real optimizers
def rows_that_move(batches, optimizer):
    makers = {"sgd": lambda w: torch.optim.SGD([w], lr=0.1), "momentum": lambda w: torch.optim.SGD([w], lr=0.1, momentum=0.9),
              "adam": lambda w: torch.optim.Adam([w]), "sparse_adam": lambda w: torch.optim.SparseAdam([w])}
    if optimizer not in makers:
        raise ValueError(optimizer)
    levels = max(max(batch) for batch in batches if batch) + 1
    table = nn.Embedding(levels, 1, sparse=optimizer == "sparse_adam")
    table.load_state_dict({"weight": torch.zeros(levels, 1)})
    stepper = makers[optimizer](table.weight)
    for batch in batches:
        before = table.weight.detach().clone()
        stepper.zero_grad()
        table(torch.tensor(batch, dtype=torch.int64)).sum().backward()
        stepper.step()
    return set((table.weight.detach() != before).flatten().nonzero().flatten().tolist())
# %% rows_that_move right: chained, a frozen set
from itertools import chain

def rows_that_move(batches, optimizer):
    first = {"sgd": -1, "sparse_adam": -1, "momentum": 0, "adam": 0}.get(optimizer)
    if first is None:
        raise ValueError(f"{optimizer!r}")
    return frozenset(chain.from_iterable(batches[first:]))
# %% rows_that_move right: a memory that decays
def rows_that_move(batches, optimizer):
    if optimizer not in ("sgd", "momentum", "adam", "sparse_adam"):
        raise ValueError("unknown optimizer: " + str(optimizer))
    keep = 0.5 if optimizer in ("momentum", "adam") else 0.0
    memory = {}
    for batch in batches:
        memory = {code: keep * size for code, size in memory.items()}
        for code in batch:
            memory[code] = memory.get(code, 0.0) + 1.0
    return {code for code, size in memory.items() if size > 0}
# %% rows_that_move right: an error class of its own
class UnknownOptimizer(ValueError):
    pass

def rows_that_move(batches, optimizer):
    *earlier, last = batches
    try:
        remembers = {"sgd": 0, "sparse_adam": 0, "momentum": 1, "adam": 1}[optimizer]
    except KeyError:
        raise UnknownOptimizer(optimizer) from None
    moved = set(last)
    for batch in earlier if remembers else []:
        moved |= set(batch)
    return moved
# %% rows_that_move right: NumPy's unique, and its integers
import numpy as np

def rows_that_move(batches, optimizer):
    if optimizer in ("momentum", "adam"):
        codes = np.concatenate([np.array(batch, dtype=int) for batch in batches])
    elif optimizer in ("sgd", "sparse_adam"):
        codes = np.array(batches[-1], dtype=int)
    else:
        raise ValueError(optimizer)
    return set(np.unique(codes))
# %% rows_that_move wrong only_the_batch: one line for all
def rows_that_move(batches, optimizer):
    if optimizer in {"sgd": 1, "momentum": 2, "adam": 3, "sparse_adam": 4}:
        return {code for code in batches[-1]}
    raise ValueError(optimizer)
# %% rows_that_move wrong momentum_has_no_memory: momentum counts as SGD
def rows_that_move(batches, optimizer):
    if optimizer in ("sgd", "sparse_adam", "momentum"):
        return set(batches[-1])
    if optimizer == "adam":
        return set().union(*batches)
    raise ValueError
# %% rows_that_move wrong adam_has_no_memory: Adam adapts and forgets
def rows_that_move(batches, optimizer):
    if optimizer == "momentum":
        return set().union(*batches)
    if optimizer in ("sgd", "adam", "sparse_adam"):
        return set(batches[-1])
    raise ValueError
# %% rows_that_move wrong sparse_adam_like_adam 2: all but SGD remember
def rows_that_move(batches, optimizer):
    if optimizer not in ("sgd", "momentum", "adam", "sparse_adam"):
        raise ValueError
    return set(batches[-1]) if optimizer == "sgd" else {c for b in batches for c in b}
# %% rows_that_move wrong sgd_remembers 2: no zero_grad in mind
def rows_that_move(batches, optimizer):
    if optimizer == "sparse_adam":
        return set(batches[-1])
    if optimizer in ("sgd", "momentum", "adam"):
        return {c for batch in batches for c in batch}
    raise ValueError
# %% rows_that_move wrong memory_of_one_step: a slice of two
def rows_that_move(batches, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[-1])
    if optimizer in ("adam", "momentum"):
        return set().union(*batches[-2:])
    raise ValueError
# %% rows_that_move wrong memory_without_today: what it remembers, and no more
def rows_that_move(batches, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[-1])
    if optimizer in ("adam", "momentum"):
        return {c for batch in batches[:-1] for c in batch}
    raise ValueError
# %% rows_that_move wrong every_row: Adam moves the whole table
def rows_that_move(batches, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[-1])
    if optimizer in ("adam", "momentum"):
        return set(range(1 + max(max(batch) for batch in batches if batch)))
    raise ValueError
# %% rows_that_move wrong stops_without_a_gradient: nothing to do for an empty batch
def rows_that_move(batches, optimizer):
    if optimizer not in ("sgd", "momentum", "adam", "sparse_adam"):
        raise ValueError
    if not batches[-1]:
        return set()
    return set(sum(batches, [])) if optimizer in ("momentum", "adam") else set(batches[-1])
# %% rows_that_move wrong: an empty batch crashes it
def rows_that_move(batches, optimizer):
    if optimizer not in ("sgd", "momentum", "adam", "sparse_adam"):
        raise ValueError
    highest = max(batches[-1])
    return set(sum(batches, [])) if optimizer in ("momentum", "adam") else set(batches[-1]) & set(range(highest + 1))
# %% rows_that_move wrong the_first_batch 2: steps count from zero
def rows_that_move(batches, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[0])
    if optimizer in ("adam", "momentum"):
        return set().union(*batches)
    raise ValueError
# %% rows_that_move wrong anything_goes 2: another name counts as SGD
def rows_that_move(batches, optimizer):
    if optimizer in ("adam", "momentum"):
        return set().union(*batches)
    return set(batches[-1])
# %% rows_that_move wrong anything_remembers 2: an else for Adam and its kin
def rows_that_move(batches, optimizer):
    if optimizer == "sgd" or optimizer == "sparse_adam":
        return set(batches[-1])
    else:
        return set().union(*batches)
# %% rows_that_move wrong another_error 2: KeyError for another name
def rows_that_move(batches, optimizer):
    first = {"sgd": -1, "sparse_adam": -1, "momentum": 0, "adam": 0}[optimizer]
    return {c for b in batches[first:] for c in b}
# %% rows_that_move wrong none_for_unknown 2: no else
def rows_that_move(batches, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[-1])
    if optimizer in ("adam", "momentum"):
        return set().union(*batches)
# %% rows_that_move wrong nothing_for_unknown 2: starts empty
def rows_that_move(batches, optimizer):
    moved = set()
    if optimizer in ("sgd", "sparse_adam"):
        moved.update(batches[-1])
    elif optimizer in ("adam", "momentum"):
        moved.update(*batches)
    return moved
# %% rows_that_move wrong any_capitals 2: casefold
def rows_that_move(batches, optimizer):
    optimizer = optimizer.casefold()
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[-1])
    if optimizer in ("adam", "momentum"):
        return set().union(*batches)
    raise ValueError
# %% rows_that_move wrong 2: any name with "adam" in it
def rows_that_move(batches, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[-1])
    if "adam" in optimizer or optimizer == "momentum":
        return set().union(*batches)
    raise ValueError
# %% rows_that_move wrong: only rows seen in every batch
def rows_that_move(batches, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[-1])
    if optimizer in ("adam", "momentum"):
        return set.intersection(*map(set, batches))
    raise ValueError
# %% rows_that_move wrong the_batch_as_it_is: the batch itself
def rows_that_move(batches, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return batches[-1]
    if optimizer in ("adam", "momentum"):
        return sum(batches, [])
    raise ValueError
# %% rows_that_move wrong: a set of texts
def rows_that_move(batches, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return {str(code) for code in batches[-1]}
    if optimizer in ("adam", "momentum"):
        return {str(code) for batch in batches for code in batch}
    raise ValueError
# %% rows_that_move wrong: eats the batches it has dealt with
def rows_that_move(batches, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[-1])
    if optimizer in ("adam", "momentum"):
        moved = set()
        while batches:
            moved |= set(batches.pop(0))
        return moved
    raise ValueError
# %% rows_that_move wrong: the first edition's three arguments
def rows_that_move(batches, step, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[step])
    if optimizer in ("momentum", "adam"):
        return {code for batch in batches[:step + 1] for code in batch}
    raise ValueError(optimizer)
# %% rows_that_move wrong late: up to four batches
def rows_that_move(batches, optimizer):
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[-1])
    if optimizer in ("adam", "momentum"):
        return set().union(*batches[-4:])
    raise ValueError
# %% which_optimizer right: decay, outside, the first step
def which_optimizer(steps):
    seen = {code for codes, _, _ in steps for code in codes.tolist()}
    never = [row for row in range(len(steps[0][1])) if row not in seen]
    if any(not torch.equal(steps[0][1][row], steps[-1][2][row]) for row in never):
        return "adamw"
    for codes, before, after in steps:
        others = [row for row in seen if row not in codes.tolist()]
        if any(not torch.equal(before[row], after[row]) for row in others):
            break
    else:
        return "sgd"
    codes, before, after = steps[0]
    change = (after - before)[codes].abs()
    return "adam" if torch.allclose(change, torch.full_like(change, 0.1), atol=0.001) else "momentum"
# %% which_optimizer right: replays momentum and Adam on the slopes that it works out
def which_optimizer(steps):
    weight = steps[0][1]
    moved_ever = (weight != steps[-1][2]).any(dim=1)
    seen = torch.zeros(len(weight), dtype=torch.bool)
    outside = False
    for codes, before, after in steps:
        mask = torch.zeros(len(weight), dtype=torch.bool)
        mask[codes] = True
        seen |= mask
        outside = outside or bool(((before != after).any(dim=1) & ~mask).any())
    if (moved_ever & ~seen).any():
        return "adamw"
    if not outside:
        return "sgd"
    buffer = torch.zeros_like(weight)
    for codes, before, after in steps:
        mask = torch.zeros(len(weight), dtype=torch.bool)
        mask[codes] = True
        expected = before - 0.1 * 0.9 * buffer
        if not torch.allclose(after[~mask], expected[~mask], atol=1e-4):
            return "adam"
        buffer = (before - after) / 0.1
    return "momentum"
# %% which_optimizer right: the ratio of two moves
def which_optimizer(steps):
    looked_up = set()
    for codes, _, _ in steps:
        looked_up |= set(codes.tolist())
    for row in set(range(steps[0][1].shape[0])) - looked_up:
        if (steps[0][1][row] != steps[0][2][row]).any():
            return "adamw"
    for this, following in zip(steps, steps[1:]):
        for row in this[0].tolist():
            if row in following[0].tolist():
                continue
            a, b = this[2][row] - this[1][row], following[2][row] - following[1][row]
            if b.abs().max() == 0:
                return "sgd"
            return "momentum" if abs(float(b.norm() / a.norm()) - 0.9) < 0.003 else "adam"
# %% which_optimizer right: a shrinking row betrays decay, a unit first step Adam
def which_optimizer(steps):
    codes, before, after = steps[0]
    ratio = after / before
    seen = torch.cat([c for c, _, _ in steps]).unique()
    never = torch.ones(len(before), dtype=torch.bool)
    never[seen] = False
    if ((ratio[never] - 0.999).abs() < 2e-4).any():
        return "adamw"
    if ((after - before).abs()[codes] - 0.1).abs().max() < 1e-3:
        return "adam"
    moved = [(b != a).any(dim=1).nonzero().flatten().tolist() for _, b, a in steps]
    return "sgd" if all(set(m) <= set(c.tolist()) for m, (c, _, _) in zip(moved, steps)) else "momentum"
# %% which_optimizer right: NumPy, and a dictionary of clues
import numpy as np

def which_optimizer(steps):
    codes = [set(c.tolist()) for c, _, _ in steps]
    change = np.stack([(after - before).numpy() for _, before, after in steps])
    rows = range(change.shape[1])
    never = any(np.any(change[:, r]) for r in rows if not any(r in c for c in codes))
    outside = any(np.any(change[s, r]) for s, c in enumerate(codes) for r in rows if r not in c)
    unit = np.allclose(np.abs(change[0][sorted(codes[0])]), 0.1, atol=2e-3)
    return {(False, False): "sgd", (True, False): "momentum", (True, True): "adam"}[outside, outside and unit] if not never else "adamw"
# %% which_optimizer wrong all_that_remember_are_momentum: what remembers is momentum
def which_optimizer(steps):
    seen = {c for codes, _, _ in steps for c in codes.tolist()}
    if any((steps[0][1][r] != steps[-1][2][r]).any() for r in range(len(steps[0][1])) if r not in seen):
        return "adamw"
    for codes, before, after in steps:
        if any((before[r] != after[r]).any() for r in seen - set(codes.tolist())):
            return "momentum"
    return "sgd"
# %% which_optimizer wrong all_that_remember_are_adam: what remembers is Adam
def which_optimizer(steps):
    seen = {c for codes, _, _ in steps for c in codes.tolist()}
    if any((steps[0][1][r] != steps[-1][2][r]).any() for r in range(len(steps[0][1])) if r not in seen):
        return "adamw"
    for codes, before, after in steps:
        if any((before[r] != after[r]).any() for r in seen - set(codes.tolist())):
            return "adam"
    return "sgd"
# %% which_optimizer wrong: whatever moves outside is AdamW
def which_optimizer(steps):
    for codes, before, after in steps:
        moved = set((before != after).any(dim=1).nonzero().flatten().tolist())
        if moved - set(codes.tolist()):
            return "adamw"
    return "sgd"
# %% which_optimizer wrong always_sgd: the name that is known best
def which_optimizer(steps):
    return "sgd"
# %% which_optimizer wrong: by the size of the first step alone
def which_optimizer(steps):
    codes, before, after = steps[0]
    return "adam" if torch.allclose((after - before)[codes].abs(), torch.tensor(0.1), atol=0.01) else "sgd"
# %% which_optimizer wrong in_capitals: the classes' own spelling
def which_optimizer(steps):
    seen = {c for codes, _, _ in steps for c in codes.tolist()}
    if any((steps[0][1][r] != steps[-1][2][r]).any() for r in range(len(steps[0][1])) if r not in seen):
        return "ADAMW"
    codes, before, after = steps[0]
    if torch.allclose((after - before)[codes].abs(), torch.tensor(0.1), atol=0.001):
        return "ADAM"
    for codes, before, after in steps:
        if any((before[r] != after[r]).any() for r in seen - set(codes.tolist())):
            return "MOMENTUM"
    return "SGD"
# %% which_optimizer wrong: one guess for each step
def which_optimizer(steps):
    return ["sgd" if set((b != a).any(dim=1).nonzero().flatten().tolist()) <= set(c.tolist()) else "adam" for c, b, a in steps]
# %% which_optimizer wrong blind_to_decay: never seen, never asked
def which_optimizer(steps):
    codes, before, after = steps[0]
    if torch.allclose((after - before)[codes].abs(), torch.tensor(0.1), atol=0.006):
        return "adam"
    seen = {c for codes, _, _ in steps for c in codes.tolist()}
    for codes, before, after in steps:
        if any((before[r] != after[r]).any() for r in seen - set(codes.tolist())):
            return "momentum"
    return "sgd"
# %% which_optimizer wrong: looks at the first step's other rows alone
def which_optimizer(steps):
    codes, before, after = steps[0]
    others = [r for r in range(len(before)) if r not in codes.tolist()]
    return "adamw" if (before[others] != after[others]).any() else "momentum"
# %% repaired_loop right: the three faults mended
def repaired_loop(start, batches, lr):
    table = nn.Embedding.from_pretrained(start.clone(), freeze=False)
    optimizer = SGD(table.parameters(), lr=lr)
    for codes, targets in batches:
        loss = ((table(codes).sum(dim=1) - targets) ** 2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return table.weight.detach()
# %% repaired_loop right: cleared after the step
def repaired_loop(start, batches, lr):
    table = nn.Embedding.from_pretrained(start.clone(), freeze=False)
    optimizer = SGD(table.parameters(), lr=lr)
    for codes, targets in batches:
        ((table(codes).sum(dim=1) - targets) ** 2).sum().backward()
        optimizer.step()
        optimizer.zero_grad()
    return table.weight.detach().clone()
# %% repaired_loop right: a parameter, no layer
def repaired_loop(start, batches, lr):
    weight = nn.Parameter(start.clone())
    optimizer = SGD([weight], lr=lr)
    for codes, targets in batches:
        weight.grad = None
        F.mse_loss(weight[codes].sum(dim=1), targets, reduction="sum").backward()
        optimizer.step()
    return weight.data
# %% repaired_loop right: numbers copied into the first table
def repaired_loop(start, batches, lr):
    table = nn.Embedding(*start.shape)
    optimizer = SGD(table.parameters(), lr=lr)
    with torch.no_grad():
        table.weight.copy_(start)
    for codes, targets in batches:
        loss = ((table(codes).sum(dim=1) - targets) ** 2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return table.weight.detach().clone()
# %% repaired_loop right: by hand, without autograd
def repaired_loop(start, batches, lr):
    weight = start.clone()
    for codes, targets in batches:
        errors = weight[codes].sum(dim=1) - targets
        weight = weight - lr * torch.zeros_like(weight).index_add(0, codes, (2 * errors)[:, None].expand(-1, weight.shape[1]))
    return weight
# %% repaired_loop right: the parameter itself comes back
def repaired_loop(start, batches, lr):
    table = nn.Embedding.from_pretrained(start.clone(), freeze=False)
    optimizer = SGD(table.parameters(), lr=lr)
    for codes, targets in batches:
        optimizer.zero_grad()
        ((table(codes).sum(dim=1) - targets) ** 2).sum().backward()
        optimizer.step()
    return table.weight
# %% repaired_loop wrong nothing_learned: the loop as it was
def repaired_loop(start, batches, lr):
    table = nn.Embedding(*start.shape)
    optimizer = SGD(table.parameters(), lr=lr)
    table = nn.Embedding.from_pretrained(start.clone(), freeze=False)
    trained = table.weight.detach().clone()
    for codes, targets in batches:
        loss = ((table(codes).sum(dim=1) - targets) ** 2).sum()
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
    return trained
# %% repaired_loop wrong nothing_learned: the optimizer still holds the old table
def repaired_loop(start, batches, lr):
    table = nn.Embedding(*start.shape)
    optimizer = SGD(table.parameters(), lr=lr)
    table = nn.Embedding.from_pretrained(start.clone(), freeze=False)
    for codes, targets in batches:
        loss = ((table(codes).sum(dim=1) - targets) ** 2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return table.weight.detach().clone()
# %% repaired_loop wrong nothing_learned: cleared before the step
def repaired_loop(start, batches, lr):
    table = nn.Embedding.from_pretrained(start.clone(), freeze=False)
    optimizer = SGD(table.parameters(), lr=lr)
    for codes, targets in batches:
        ((table(codes).sum(dim=1) - targets) ** 2).sum().backward()
        optimizer.zero_grad()
        optimizer.step()
    return table.weight.detach().clone()
# %% repaired_loop wrong nothing_learned: copied before the loop
def repaired_loop(start, batches, lr):
    table = nn.Embedding.from_pretrained(start.clone(), freeze=False)
    optimizer = SGD(table.parameters(), lr=lr)
    trained = table.weight.detach().clone()
    for codes, targets in batches:
        optimizer.zero_grad()
        ((table(codes).sum(dim=1) - targets) ** 2).sum().backward()
        optimizer.step()
    return trained
# %% repaired_loop wrong never_cleared: zero_grad thrown out
def repaired_loop(start, batches, lr):
    table = nn.Embedding.from_pretrained(start.clone(), freeze=False)
    optimizer = SGD(table.parameters(), lr=lr)
    for codes, targets in batches:
        ((table(codes).sum(dim=1) - targets) ** 2).sum().backward()
        optimizer.step()
    return table.weight.detach().clone()
# %% repaired_loop wrong: the random table is trained
def repaired_loop(start, batches, lr):
    table = nn.Embedding(*start.shape)
    optimizer = SGD(table.parameters(), lr=lr)
    for codes, targets in batches:
        optimizer.zero_grad()
        ((table(codes).sum(dim=1) - targets) ** 2).sum().backward()
        optimizer.step()
    return table.weight.detach().clone()
# %% repaired_loop wrong in_the_callers_memory: from_pretrained shares
def repaired_loop(start, batches, lr):
    table = nn.Embedding.from_pretrained(start, freeze=False)
    optimizer = SGD(table.parameters(), lr=lr)
    for codes, targets in batches:
        optimizer.zero_grad()
        ((table(codes).sum(dim=1) - targets) ** 2).sum().backward()
        optimizer.step()
    return table.weight.detach().clone()
# %% repaired_loop wrong first_batch_only: return inside the loop
def repaired_loop(start, batches, lr):
    table = nn.Embedding.from_pretrained(start.clone(), freeze=False)
    optimizer = SGD(table.parameters(), lr=lr)
    for codes, targets in batches:
        optimizer.zero_grad()
        ((table(codes).sum(dim=1) - targets) ** 2).sum().backward()
        optimizer.step()
        return table.weight.detach().clone()
# %% repaired_loop wrong last_batch_only: the step after the loop
def repaired_loop(start, batches, lr):
    table = nn.Embedding.from_pretrained(start.clone(), freeze=False)
    optimizer = SGD(table.parameters(), lr=lr)
    for codes, targets in batches:
        optimizer.zero_grad()
        ((table(codes).sum(dim=1) - targets) ** 2).sum().backward()
    optimizer.step()
    return table.weight.detach().clone()
# %% repaired_loop wrong: frozen by from_pretrained
def repaired_loop(start, batches, lr):
    table = nn.Embedding.from_pretrained(start.clone())
    optimizer = SGD(table.parameters(), lr=lr)
    for codes, targets in batches:
        optimizer.zero_grad()
        ((table(codes).sum(dim=1) - targets) ** 2).sum().backward()
        optimizer.step()
    return table.weight.detach().clone()
# %% repaired_loop wrong: the gradient comes back
def repaired_loop(start, batches, lr):
    table = nn.Embedding.from_pretrained(start.clone(), freeze=False)
    optimizer = SGD(table.parameters(), lr=lr)
    for codes, targets in batches:
        optimizer.zero_grad()
        ((table(codes).sum(dim=1) - targets) ** 2).sum().backward()
        optimizer.step()
    return table.weight.grad.clone()
