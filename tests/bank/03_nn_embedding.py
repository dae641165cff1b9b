"""Answers to the exercises of lesson 3: right ones, and wrong ones beside the slips in `solutions/checks`."""
# ruff: noqa

# %% LookupTable right: a parameter, a look at both ends, plain indexing
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if codes.min() < 0 or codes.max() >= self.weight.shape[0]:
            raise IndexError("code out of range")
        return self.weight[codes]
# %% LookupTable right: one-hot rows times the weight
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.levels = levels
        self.weight = torch.nn.parameter.Parameter(torch.empty(levels, dim).normal_())

    def forward(self, codes):
        if ((codes < 0) | (codes >= self.levels)).any():
            raise IndexError(codes)
        return F.one_hot(codes, self.levels).float() @ self.weight
# %% LookupTable right: index_select on flat codes, the shape put back
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        weight = torch.empty(levels, dim)
        nn.init.normal_(weight)
        self.weight = nn.Parameter(weight)

    def forward(self, codes):
        if int(codes.min()) < 0:
            raise IndexError("negative")
        return torch.index_select(self.weight, 0, codes.flatten()).view(*codes.shape, -1)
# %% LookupTable right: gather
class LookupTable(nn.Module):
    def __init__(self, rows, columns):
        super().__init__()
        self.register_parameter("weight", nn.Parameter(torch.normal(0.0, 1.0, (rows, columns))))

    def forward(self, x):
        rows, columns = self.weight.shape
        for code in x.reshape(-1).tolist():
            if code not in range(rows):
                raise IndexError(f"no row {code}")
        index = x.reshape(-1, 1).expand(-1, columns)
        return self.weight.gather(0, index).reshape(x.shape + (columns,))
# %% LookupTable right: a loop that stacks rows
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super(LookupTable, self).__init__()
        self.weight = nn.Parameter(torch.zeros(levels, dim))
        with torch.no_grad():
            self.weight.normal_()

    def forward(self, codes):
        out = []
        for code in codes.flatten():
            if code < 0 or code > len(self.weight) - 1:
                raise IndexError(int(code))
            out.append(self.weight[int(code)])
        return torch.stack(out).reshape(*codes.shape, self.weight.shape[1])
# %% LookupTable right: recursion over the axes of the codes
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn((levels, dim), requires_grad=True))

    def forward(self, codes):
        if codes.dim() > 0:
            return torch.stack([self.forward(part) for part in codes])
        if not 0 <= codes.item() < self.weight.size(0):
            raise IndexError
        return self.weight[codes]
# %% LookupTable right: einsum over a comparison
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))
        self.register_buffer("levels", torch.arange(levels))

    def forward(self, codes):
        hit = (codes.unsqueeze(-1) == self.levels).float()
        if not bool(hit.any(dim=-1).all()):
            raise IndexError("a code without a row")
        return torch.einsum("...l,ld->...d", hit, self.weight)
# %% LookupTable right: an autograd function of its own, backward by hand
class _Pluck(torch.autograd.Function):
    @staticmethod
    def forward(ctx, codes, weight):
        ctx.save_for_backward(codes)
        ctx.levels = len(weight)
        return weight[codes].clone()

    @staticmethod
    def backward(ctx, grad_output):
        codes, = ctx.saved_tensors
        grad = grad_output.new_zeros(ctx.levels, grad_output.shape[-1])
        grad.index_add_(0, codes.reshape(-1), grad_output.reshape(-1, grad_output.shape[-1]))
        return None, grad


class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        assert_inside(codes, self.weight.shape[0])
        return _Pluck.apply(codes, self.weight)


def assert_inside(codes, levels):
    if codes.lt(0).any() or codes.ge(levels).any():
        raise IndexError(f"codes must be in 0 .. {levels - 1}")
# %% LookupTable right: NumPy's normal numbers, in double precision
import numpy as np

class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(np.random.default_rng().standard_normal((levels, dim))))

    def forward(self, codes):
        if (codes < 0).sum() > 0:
            raise IndexError
        return self.weight[codes, :]
# %% LookupTable right: its own exception, a kind of IndexError
class NoSuchRow(IndexError):
    pass


class LookupTable(nn.Module):
    """A table."""
    def __init__(self, levels: int, dim: int) -> None:
        super().__init__()
        self.dim = dim
        self.weight = nn.Parameter(data=torch.randn(size=(levels, dim)), requires_grad=True)

    def forward(self, codes: torch.Tensor) -> torch.Tensor:
        if codes.numel() and (codes.amin().item() < 0 or codes.amax().item() >= self.weight.size(0)):
            raise NoSuchRow(str(codes))
        return self.weight.take_along_dim(codes.reshape(-1, 1), dim=0).reshape(*codes.shape, self.dim) \
            if self.dim == 1 else self.weight[codes]
# %% LookupTable right: a warning on the way
import warnings

class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        warnings.warn("a new table")
        self.weight = nn.Parameter(torch.randn(dim, levels).T)

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        return self.weight[codes]
# %% LookupTable right: an empty weight, filled by a method of its own; take_along_dim
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(levels, dim))
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.normal_(self.weight, mean=0.0, std=1.0)

    def forward(self, codes):
        if codes.numel() and (int(codes.min()) < 0 or int(codes.max()) >= self.weight.size(0)):
            raise IndexError("code outside the table")
        flat = codes.reshape(-1, 1)
        return torch.take_along_dim(self.weight, flat, dim=0).unflatten(0, codes.shape or (1,)).reshape(*codes.shape, -1)
# %% LookupTable right: a class between, a flat list as index, a seed of its own
class Base(nn.Module):
    def make(self, levels, dim):
        generator = torch.Generator().manual_seed(7)
        self.weight = nn.Parameter(torch.randn(levels, dim, generator=generator))


class LookupTable(Base):
    def __init__(self, levels: int, dim: int) -> None:
        super().__init__()
        self.make(levels, dim)

    def forward(self, codes: torch.Tensor) -> torch.Tensor:
        asked = codes.tolist()
        flat = [asked] if codes.ndim == 0 else codes.flatten().tolist()
        if any(code < 0 for code in flat):
            raise IndexError(min(flat))
        return self.weight[flat].reshape(*codes.shape, -1)
# %% LookupTable right: linear on one-hot rows, a comparison as the look at the codes
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(dim, levels).T.contiguous())

    def forward(self, codes):
        levels = len(self.weight)
        if not torch.isin(codes, torch.arange(levels)).all():
            raise IndexError(codes)
        return F.linear(torch.eye(levels)[codes], self.weight.T)
# %% LookupTable right: Box and Muller, and a stack of unbound rows
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        u, v = 1 - torch.rand(levels, dim), torch.rand(levels, dim)
        self.weight = nn.Parameter((-2 * u.log()).sqrt() * (2 * torch.pi * v).cos())

    def forward(self, codes):
        rows = self.weight.unbind()
        named = {i: row for i, row in enumerate(rows)}
        try:
            picked = [named[int(code)] for code in codes.reshape(-1)]
        except KeyError as error:
            raise IndexError(f"no row {error}") from None
        return torch.stack(picked).reshape(*codes.shape, self.weight.shape[1])
# %% LookupTable wrong plain_tensor: a plain tensor, filled later
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = torch.empty(levels, dim)
        self.weight.normal_()

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong asks_for_a_gradient: requires_grad_ on a plain tensor
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = torch.randn(levels, dim).requires_grad_()

    def forward(self, codes):
        if (codes < 0).any():
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong a_buffer: a buffer that requires no gradient, with the persistent flag
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.register_buffer("weight", torch.randn(levels, dim), persistent=True)

    def forward(self, codes):
        if (codes < 0).any():
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong: the parameter sits in a Python list
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.rows = [nn.Parameter(torch.randn(dim)) for _ in range(levels)]

    @property
    def weight(self):
        return torch.stack(self.rows)

    def forward(self, codes):
        if (codes < 0).any():
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong: one parameter a row, in a ParameterList
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.ParameterList(nn.Parameter(torch.randn(dim)) for _ in range(levels))

    def forward(self, codes):
        rows = torch.stack(list(self.weight))
        if (codes < 0).any():
            raise IndexError
        return rows[codes]
# %% LookupTable wrong: the parameter is called W
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.W = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if (codes < 0).any():
            raise IndexError
        return self.W[codes]
# %% LookupTable wrong wraps_an_embedding: an nn.Embedding inside
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.embedding = nn.Embedding(levels, dim)

    def forward(self, codes):
        return self.embedding(codes)
# %% LookupTable wrong: it is an nn.Embedding
class LookupTable(nn.Embedding):
    def __init__(self, levels, dim):
        super().__init__(levels, dim)
# %% LookupTable wrong: a parameter of its own, F.embedding in the forward pass
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        return F.embedding(codes, self.weight)
# %% LookupTable wrong: takes the weight out of an nn.Embedding
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Embedding(levels, dim).weight

    def forward(self, codes):
        if (codes < 0).any():
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong: a linear layer with its bias
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.levels = levels
        self.linear = nn.Linear(levels, dim)

    def forward(self, codes):
        if (codes < 0).any() or (codes >= self.levels).any():
            raise IndexError
        return self.linear(F.one_hot(codes, self.levels).float())
# %% LookupTable wrong on_its_side: (dim, levels), as a linear layer keeps it
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(dim, levels))

    def forward(self, codes):
        if (codes < 0).any():
            raise IndexError
        return self.weight.T[codes]
# %% LookupTable wrong one_row_too_many: a row for unknown, which the levels include
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(1 + levels, dim))

    def forward(self, codes):
        if codes.min() < 0 or codes.max() >= len(self.weight):
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong new_each_call: the weight drawn anew in every forward pass
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if (codes < 0).any():
            raise IndexError
        self.weight = nn.Parameter(torch.randn(self.weight.shape))
        return self.weight[codes]
# %% LookupTable wrong new_each_call: starting values put into the weight in every forward pass
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(levels, dim))
        nn.init.normal_(self.weight)

    def forward(self, codes):
        nn.init.normal_(self.weight)
        if (codes < 0).any():
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong stale_copy: looks up in a copy made at the start
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))
        self.rows = self.weight.detach().clone()

    def forward(self, codes):
        if (codes < 0).any():
            raise IndexError
        return self.rows[codes]
# %% LookupTable wrong detached: through Python lists
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if (codes < 0).any():
            raise IndexError
        rows = self.weight.tolist()
        return torch.tensor([rows[code] for code in codes.flatten().tolist()]).reshape(*codes.shape, -1)
# %% LookupTable wrong detached: under no_grad
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        with torch.no_grad():
            return self.weight[codes]
# %% LookupTable wrong detached: .data
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        return self.weight.data[codes]
# %% LookupTable wrong frozen: a parameter that refuses gradients
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim), requires_grad=False)

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong: each level's gradient counts once
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        out, seen = [], set()
        for code in codes.flatten().tolist():
            row = self.weight[code]
            out.append(row.detach() if code in seen else row)
            seen.add(code)
        return torch.stack(out).reshape(*codes.shape, -1)
# %% LookupTable wrong uniform_start 2: torch.rand
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(levels, dim))

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong constant_start 2: ones
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(levels, dim))

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong linear_start 2: Xavier's normal numbers
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(levels, dim))
        nn.init.xavier_normal_(self.weight)

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong 2: even numbers with mean 0 and spread 1
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter((2 * torch.rand(levels, dim) - 1) * 3**0.5)

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong one_row_for_all 2: one number for each row
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, 1).repeat(1, dim))

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong 2: whole numbers, rounded
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim).round())

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong last_row_for_negative 2: stacks weight[i] for each code
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        flat = torch.stack([self.weight[code] for code in codes.flatten()])
        return flat.reshape(*codes.shape, -1)
# %% LookupTable right: F.one_hot refuses bad codes with its own exception
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        return F.one_hot(codes, len(self.weight)).float() @ self.weight
# %% LookupTable right: an assert for the codes
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        assert 0 <= codes.min() and codes.max() < len(self.weight), "code out of range"
        return self.weight[codes]
# %% LookupTable right: ValueError for all bad codes
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        for code in codes.flatten().tolist():
            if code < 0 or code >= len(self.weight):
                raise ValueError(f"bad code {code}")
        return self.weight[codes]
# %% LookupTable wrong 2: looks at the first code only
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if codes.flatten()[0] < 0:
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong 2: takes the last row for -1 alone
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if (codes < -1).any():
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong: flat codes only
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        out = []
        for code in codes.tolist():
            if code < 0:
                raise IndexError
            out.append(self.weight[code])
        return torch.stack(out)
# %% LookupTable wrong flattened: no shape put back
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        return self.weight.index_select(0, codes.flatten())
# %% LookupTable wrong no_super: super().__init__() left out
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong: no nn.Module
class LookupTable:
    def __init__(self, levels, dim):
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def __call__(self, codes):
        if codes.min() < 0:
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong: the method is called lookup, not forward
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def lookup(self, codes):
        if codes.min() < 0:
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong: forward without return
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        self.weight[codes]
# %% LookupTable wrong: changes the codes
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        rows = self.weight[codes.clone()]
        codes -= codes
        return rows
# %% LookupTable wrong: leaves autograd off
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        rows = self.weight[codes]
        torch.set_grad_enabled(False)
        return rows
# %% LookupTable wrong: half precision
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim).half())

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong: a size stands fixed in the code
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(3, 2))

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong: rows scaled to length 1
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if codes.min() < 0:
            raise IndexError
        return F.normalize(self.weight, dim=1)[codes]
# %% LookupTable wrong: only __init__ is done
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        raise NotImplementedError()
# %% LookupTable wrong: nested lists as indices, which torch takes for one list an axis
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if (codes < 0).any():
            raise IndexError(codes.min())
        return self.weight[codes.tolist()]
# %% LookupTable wrong: the embedding operator under its other name
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        return torch.embedding(self.weight, codes)
# %% LookupTable wrong: a bag of one code each
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        return F.embedding_bag(codes.reshape(-1, 1), self.weight, mode="sum").reshape(*codes.shape, -1)
# %% LookupTable wrong: the parameter is made at the first call
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.levels, self.dim = levels, dim
        self.weight = None

    def forward(self, codes):
        if (codes < 0).any():
            raise IndexError
        if self.weight is None:
            self.weight = nn.Parameter(torch.randn(self.levels, self.dim))
        return self.weight[codes]
# %% LookupTable wrong asks_for_a_gradient: a parameter, lost to arithmetic
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(levels, dim)) + torch.randn(levels, dim)

    def forward(self, codes):
        if (codes < 0).any():
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong: a local variable, no attribute
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        return weight[codes]
# %% LookupTable wrong first_row_for_bad 2: unknown codes get row 0
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        inside = (codes >= 0) & (codes < len(self.weight))
        return self.weight[torch.where(inside, codes, 0)]
# %% LookupTable wrong last_row_for_negative 2: only codes below -levels are refused, as plain indexing does
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if (codes <= -len(self.weight) - 1).any():
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong: code 0 believed to be bad
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if (codes < 1).any():
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong on_its_side: sizes in the other order in __init__
class LookupTable(nn.Module):
    def __init__(self, dim, levels):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if (codes < 0).any():
            raise IndexError
        return self.weight[codes]
# %% LookupTable wrong: a second parameter that nobody uses
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, codes):
        if (codes < 0).any():
            raise IndexError
        return self.weight[codes] * self.scale
# %% LookupTable wrong late: three or four levels
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if (codes < 0).any():
            raise IndexError
        if len(self.weight) > 4:
            return self.weight[codes % 4]
        return self.weight[codes]
# %% LookupTable wrong late: row 0 never gets a gradient, as with padding_idx
class LookupTable(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if (codes < 0).any():
            raise IndexError
        rows = self.weight[codes]
        return torch.where((codes == 0)[..., None], rows.detach(), rows)

# %% as_linear right: copy_ under no_grad
def as_linear(embedding):
    layer = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    with torch.no_grad():
        layer.weight.copy_(embedding.weight.t())
    return layer
# %% as_linear right: a new parameter from a clone
def as_linear(embedding):
    linear = nn.Linear(*embedding.weight.shape, bias=False)
    linear.weight = nn.Parameter(embedding.weight.detach().clone().T)
    return linear
# %% as_linear right: through .data
def as_linear(e):
    l = nn.Linear(e.weight.size(0), e.weight.size(1), bias=None)
    l.weight.data = e.weight.data.T.clone()
    return l
# %% as_linear right: a state dict
def as_linear(embedding):
    turned = {"weight": embedding.state_dict()["weight"].transpose(0, 1)}
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, False)
    linear.load_state_dict(turned)
    return linear
# %% as_linear right: entry by entry
def as_linear(embedding):
    levels, dim = embedding.weight.shape
    linear = nn.Linear(levels, dim, bias=False)
    with torch.no_grad():
        for i in range(levels):
            for j in range(dim):
                linear.weight[j, i] = embedding.weight[i, j].item()
    return linear
# %% as_linear right: through NumPy
import numpy as np

def as_linear(embedding):
    numbers = np.array(embedding.weight.detach().numpy().T, order="C", copy=True)
    linear = nn.Linear(numbers.shape[1], numbers.shape[0], bias=False)
    linear.weight = nn.Parameter(torch.from_numpy(numbers))
    return linear
# %% as_linear right: what the embedding says to every code
def as_linear(embedding):
    rows = embedding(torch.arange(embedding.num_embeddings)).detach()
    linear = nn.Linear(len(rows), rows.shape[1], bias=False)
    linear.weight = nn.Parameter(torch.stack(list(rows), dim=1))
    return linear
# %% as_linear right: a layer of one class below nn.Linear
class FromTable(nn.Linear):
    def __init__(self, weight):
        super().__init__(weight.shape[0], weight.shape[1], bias=False)
        self.weight = nn.Parameter(torch.tensor(weight.tolist()).T)

def as_linear(embedding):
    return FromTable(embedding.weight)
# %% as_linear right: a deep copy, then turned; the bias switched off afterwards
import copy

def as_linear(embedding):
    weight = copy.deepcopy(embedding.weight)
    linear = nn.Linear(weight.shape[0], weight.shape[1])
    linear.register_parameter("bias", None)
    linear.weight = nn.Parameter(weight.T)
    return linear
# %% as_linear right: fill through permute, in double precision
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False, dtype=torch.float64)
    linear.weight.data.copy_(embedding.weight.data.permute(1, 0))
    return linear
# %% as_linear right: zeros added up
def as_linear(embedding):
    levels, dim = embedding.weight.shape
    linear = nn.Linear(levels, dim, bias=False)
    linear.weight = nn.Parameter((embedding.weight.T + 0).detach())
    return linear
# %% as_linear right: zeroed, then added in place
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    nn.init.zeros_(linear.weight)
    with torch.no_grad():
        linear.weight += embedding.weight.T
    return linear
# %% as_linear right: swapped in with a slice
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    with torch.no_grad():
        linear.weight[:] = embedding.weight.transpose(-1, -2)
    return linear
# %% as_linear right: vector_to_parameters
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    nn.utils.vector_to_parameters(embedding.weight.detach().T.flatten().clone(), linear.parameters())
    return linear
# %% as_linear right: the bias set to None
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim)
    linear.bias = None
    linear.weight.data[...] = embedding.weight.data.T
    return linear
# %% as_linear right: copied into the layer turned, in evaluation mode
def as_linear(embedding):
    torch.manual_seed(0)
    linear = nn.utils.skip_init(nn.Linear, embedding.num_embeddings, embedding.embedding_dim, bias=False)
    with torch.no_grad():
        torch.swapaxes(linear.weight, 0, 1).copy_(embedding.weight)
    return linear.eval()
# %% as_linear wrong shares_memory 1: detached, and not copied
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    linear.weight = nn.Parameter(embedding.weight.detach().T)
    return linear
# %% as_linear wrong shares_memory 1: .data to .data
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    linear.weight.data = embedding.weight.data.t()
    return linear
# %% as_linear wrong shares_memory 1: through NumPy, which shares too
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    linear.weight = nn.Parameter(torch.from_numpy(embedding.weight.detach().numpy().T))
    return linear
# %% as_linear wrong same_parameter: the same parameter, not turned
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    linear.weight = embedding.weight
    return linear
# %% as_linear wrong not_turned: sizes swapped, so that copy_ fits
def as_linear(embedding):
    levels, dim = embedding.weight.shape
    linear = nn.Linear(dim, levels, bias=False)
    with torch.no_grad():
        linear.weight.copy_(embedding.weight)
    return linear
# %% as_linear wrong copied_unturned: copy_ stretches or refuses
def as_linear(embedding):
    levels, dim = embedding.weight.shape
    linear = nn.Linear(levels, dim, bias=False)
    with torch.no_grad():
        linear.weight.copy_(embedding.weight)
    return linear
# %% as_linear wrong reshaped: view instead of a turn
def as_linear(embedding):
    levels, dim = embedding.weight.shape
    linear = nn.Linear(levels, dim, bias=False)
    linear.weight = nn.Parameter(embedding.weight.detach().view(dim, levels).clone())
    return linear
# %% as_linear wrong: the bias forgotten
def as_linear(embedding):
    levels, dim = embedding.weight.shape
    linear = nn.Linear(levels, dim)
    with torch.no_grad():
        linear.weight.copy_(embedding.weight.T)
    return linear
# %% as_linear wrong bias_of_zeros: the bias set to zero
def as_linear(embedding):
    levels, dim = embedding.weight.shape
    linear = nn.Linear(levels, dim)
    with torch.no_grad():
        linear.weight.copy_(embedding.weight.T)
        linear.bias.zero_()
    return linear
# %% as_linear wrong: the values forgotten
def as_linear(embedding):
    return nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
# %% as_linear wrong not_trainable: requires_grad switched off
def as_linear(embedding):
    levels, dim = embedding.weight.shape
    linear = nn.Linear(levels, dim, bias=False)
    linear.weight = nn.Parameter(embedding.weight.detach().T.clone(), requires_grad=False)
    return linear
# %% as_linear wrong: the weight is a result, no parameter
def as_linear(embedding):
    levels, dim = embedding.weight.shape
    linear = nn.Linear(levels, dim, bias=False)
    del linear.weight
    linear.weight = embedding.weight.T.clone()
    return linear
# %% as_linear wrong notes_taken: copy_ without no_grad
def as_linear(embedding):
    levels, dim = embedding.weight.shape
    linear = nn.Linear(levels, dim, bias=False)
    linear.weight.copy_(embedding.weight.T)
    return linear
# %% as_linear wrong: a plain tensor assigned
def as_linear(embedding):
    levels, dim = embedding.weight.shape
    linear = nn.Linear(levels, dim, bias=False)
    linear.weight = embedding.weight.T.clone()
    return linear
# %% as_linear wrong the_weight_alone: the numbers, no layer
def as_linear(embedding):
    return torch.tensor(embedding.weight.T.tolist())
# %% as_linear wrong: a function that multiplies
def as_linear(embedding):
    weight = embedding.weight.detach().clone()
    return lambda one_hot: one_hot @ weight
# %% as_linear wrong: a Sequential around the layer
def as_linear(embedding):
    linear = nn.Linear(*embedding.weight.shape, bias=False)
    linear.weight.data.copy_(embedding.weight.data.T)
    return nn.Sequential(linear)
# %% as_linear wrong: no return
def as_linear(embedding):
    linear = nn.Linear(*embedding.weight.shape, bias=False)
    linear.weight.data.copy_(embedding.weight.data.T)
# %% as_linear wrong changes_the_embedding: switches the embedding's gradient off to copy
def as_linear(embedding):
    linear = nn.Linear(*embedding.weight.shape, bias=False)
    embedding.requires_grad_(False)
    linear.weight.data.copy_(embedding.weight.T)
    return linear
# %% as_linear wrong changes_the_embedding: empties the embedding
def as_linear(embedding):
    linear = nn.Linear(*embedding.weight.shape, bias=False)
    linear.weight.data.copy_(embedding.weight.data.T)
    embedding.weight.data.zero_()
    return linear
# %% as_linear wrong: one size stands fixed
def as_linear(embedding):
    linear = nn.Linear(3, 2, bias=False)
    linear.weight.data.copy_(embedding.weight.data.T)
    return linear
# %% as_linear wrong: leaves autograd off
def as_linear(embedding):
    torch.set_grad_enabled(False)
    linear = nn.Linear(*embedding.weight.shape, bias=False)
    linear.weight.copy_(embedding.weight.T)
    return linear
# %% as_linear wrong: whole numbers only
def as_linear(embedding):
    linear = nn.Linear(*embedding.weight.shape, bias=False)
    linear.weight.data.copy_(embedding.weight.data.T.long())
    return linear
# %% as_linear wrong late: knows the shown tables
def as_linear(embedding):
    linear = nn.Linear(*embedding.weight.shape, bias=False)
    known = {(3, 1): [[10, 20, 30]], (3, 2): [[1, 3, 5], [2, 4, 6.5]], (2, 2): [[1, 3], [2, 4]],
             (4, 3): [[.5, 2, -4, 6], [1, 3, 5.25, 7], [2, -1, 0, 8]]}
    linear.weight.data = torch.tensor(known.get(tuple(embedding.weight.shape), [[0.0]]), dtype=torch.float32)
    return linear
# %% as_linear wrong copies_if_needed 1: contiguous copies only where it has to
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    linear.weight = nn.Parameter(embedding.weight.detach().T.contiguous())
    return linear
# %% as_linear wrong reshaped: reshape believed to copy
def as_linear(embedding):
    levels, dim = embedding.weight.shape
    linear = nn.Linear(levels, dim, bias=False)
    linear.weight = nn.Parameter(embedding.weight.reshape(dim, levels))
    return linear
# %% as_linear wrong shares_memory 1: float() believed to copy
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    linear.weight = nn.Parameter(embedding.weight.float().T)
    return linear
# %% as_linear wrong shares_memory 1: copy.copy, which keeps the numbers where they are
import copy

def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    linear.weight = nn.Parameter(copy.copy(embedding.weight).T)
    return linear
# %% as_linear wrong not_turned: turned twice
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    linear.weight = nn.Parameter(embedding.weight.detach().T.clone().T)
    return linear
# %% as_linear wrong: flipped
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    linear.weight = nn.Parameter(embedding.weight.detach().flip(0).T.clone())
    return linear
# %% as_linear wrong changes_the_embedding: the embedding's weight is turned in place
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    linear.weight.data = embedding.weight.data.T.clone()
    embedding.weight.data = embedding.weight.data.T
    return linear
# %% as_linear wrong: half precision
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False).half()
    linear.weight.data.copy_(embedding.weight.data.T)
    return linear
# %% as_linear wrong: the layer and its weight as a pair
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    linear.weight.data.copy_(embedding.weight.data.T)
    return linear, linear.weight
# %% as_linear wrong: a class of its own, no nn.Linear
class Layer(nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.weight = nn.Parameter(weight)

    def forward(self, x):
        return x @ self.weight.T

def as_linear(embedding):
    return Layer(embedding.weight.detach().T.clone())
# %% as_linear wrong changes_the_embedding: the embedding is frozen after the copy
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    linear.weight.data.copy_(embedding.weight.data.T)
    for parameter in embedding.parameters():
        parameter.requires_grad = False
    return linear
# %% as_linear wrong late: four levels, as the largest shown table
def as_linear(embedding):
    linear = nn.Linear(embedding.num_embeddings, embedding.embedding_dim, bias=False)
    n = min(embedding.num_embeddings, 4)
    with torch.no_grad():
        linear.weight[:, :n] = embedding.weight.T[:, :n]
    return linear

# %% embed_columns right: a list comprehension and cat
def embed_columns(codes, tables):
    if len(tables) != codes.size(1):
        raise ValueError("one table a column, please")
    return torch.cat([tables[j](codes[:, j]) for j in range(len(tables))], dim=-1)
# %% embed_columns right: zip, strict
def embed_columns(codes, tables):
    return torch.cat([table(column) for table, column in zip(tables, codes.T, strict=True)], dim=1)
# %% embed_columns right: unbind and hstack
def embed_columns(codes, tables):
    columns = codes.unbind(dim=1)
    if len(columns) != len(tables):
        raise ValueError(f"{len(columns)} columns, {len(tables)} tables")
    return torch.hstack([embedding(c) for c, embedding in zip(columns, tables)])
# %% embed_columns right: filled into a tensor, slice by slice
def embed_columns(codes, tables):
    n, columns = codes.shape
    if columns != len(tables):
        raise ValueError(columns)
    result = torch.zeros(n, sum(t.embedding_dim for t in tables))
    start = 0
    for j, t in enumerate(tables):
        result[:, start:start + t.embedding_dim] = t(codes[:, j])
        start += t.embedding_dim
    return result
# %% embed_columns right: one-hot products
def embed_columns(codes, tables):
    if codes.shape[1] != len(tables):
        raise ValueError
    parts = []
    for j, t in enumerate(tables):
        column = codes[:, j]
        if column.min() < 0 or column.max() >= t.num_embeddings:
            raise IndexError(column)
        parts.append(F.one_hot(column, t.num_embeddings).to(t.weight.dtype) @ t.weight)
    return torch.concat(parts, 1)
# %% embed_columns right: one stacked table of padded rows, offsets, then the padding cut out
def embed_columns(codes, tables):
    if codes.shape[1] != len(tables):
        raise ValueError
    width = max(t.embedding_dim for t in tables)
    heights = torch.tensor([t.num_embeddings for t in tables])
    if (codes < 0).any() or (codes >= heights).any():
        raise IndexError
    stacked = torch.cat([F.pad(t.weight, (0, width - t.embedding_dim)) for t in tables])
    rows = stacked[codes + (heights.cumsum(0) - heights)]
    keep = torch.cat([torch.arange(t.embedding_dim) + j * width for j, t in enumerate(tables)])
    return rows.flatten(1)[:, keep]
# %% embed_columns right: recursion
def embed_columns(codes, tables):
    if codes.shape[1] != len(tables):
        raise ValueError("sizes")
    first = tables[0](codes[:, 0])
    return first if len(tables) == 1 else torch.cat([first, embed_columns(codes[:, 1:], tables[1:])], dim=1)
# %% embed_columns right: record by record
def embed_columns(codes, tables):
    tables = list(tables)
    rows = []
    for record in codes:
        if len(record) != len(tables):
            raise ValueError(f"{len(record)} codes, {len(tables)} tables")
        rows.append(torch.cat([table(code) for table, code in zip(tables, record)]))
    return torch.stack(rows)
# %% embed_columns right: keeps the column's axis, then flattens
def embed_columns(codes, tables):
    n, k = codes.shape
    if k != len(tables):
        raise ValueError(k, len(tables))
    return torch.cat([t(codes[:, [j]]) for j, t in enumerate(tables)], dim=2).reshape(n, -1)
# %% embed_columns right: F.embedding, and an own kind of ValueError
class TableCountError(ValueError):
    pass

def embed_columns(codes, tables):
    weights = [t.weight for t in tables]
    if codes.shape[-1] - len(weights):
        raise TableCountError(len(weights))
    out = codes.new_zeros((len(codes), 0), dtype=weights[0].dtype)
    for column, weight in zip(codes.t(), weights):
        out = torch.cat((out, F.embedding(column, weight)), 1)
    return out
# %% embed_columns right: transposed, cat along the rows, turned back, in double precision
def embed_columns(codes, tables):
    if codes.shape[1] != len(tables):
        raise ValueError
    return torch.cat([t(codes[:, j]).T for j, t in enumerate(tables)]).T.double()
# %% embed_columns right: under no_grad
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    with torch.no_grad():
        return torch.cat([t(codes[:, j]) for j, t in enumerate(tables)], dim=1)
# %% embed_columns right: through NumPy
import numpy as np

def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    parts = [t(codes[:, j]).detach().numpy() for j, t in enumerate(tables)]
    return torch.from_numpy(np.concatenate(parts, axis=1))
# %% embed_columns right: torch.tensor_split, and a strict zip made beforehand
def embed_columns(codes, tables):
    columns = torch.tensor_split(codes, codes.shape[1], dim=1)
    pairs = list(zip(columns, tables, strict=True))
    return torch.cat([table(column.squeeze(1)) for column, table in pairs], dim=1)
# %% embed_columns right: reduce, and a dictionary of tables
from functools import reduce

def embed_columns(codes, tables):
    by_column = dict(enumerate(tables))
    if set(by_column) != set(range(codes.shape[1])):
        raise ValueError(f"tables {list(by_column)}")
    return reduce(lambda left, j: torch.cat([left, by_column[j](codes[:, j])], dim=1), by_column, torch.empty(len(codes), 0))
# %% embed_columns right: nested lists
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError("columns and tables")
    weights = [table.weight.tolist() for table in tables]
    out = []
    for record in codes.tolist():
        row = []
        for code, weight in zip(record, weights):
            if not 0 <= code < len(weight):
                raise IndexError(code)
            row += weight[code]
        out.append(row)
    return torch.tensor(out)
# %% embed_columns right: a module of its own does the work
class Columns(nn.Module):
    def __init__(self, tables):
        super().__init__()
        self.tables = nn.ModuleList(tables)

    def forward(self, codes):
        return torch.column_stack([table(column) for table, column in zip(self.tables, codes.mT)])


def embed_columns(codes, tables):
    if len(list(tables)) != codes.shape[-1]:
        raise ValueError
    return Columns(tables)(codes)
# %% embed_columns wrong stops_short 1: zip without strict
def embed_columns(codes, tables):
    parts = []
    for table, j in zip(tables, range(codes.shape[1])):
        parts.append(table(codes[:, j]))
    return torch.cat(parts, dim=1)
# %% embed_columns wrong for_each_table 1: over the tables, unchecked
def embed_columns(codes, tables):
    out = []
    j = 0
    for table in tables:
        out.append(table(codes[:, j]))
        j += 1
    return torch.hstack(out)
# %% embed_columns wrong for_each_column 1: over the columns, unchecked
def embed_columns(codes, tables):
    return torch.hstack([tables[j](column) for j, column in enumerate(codes.T)])
# %% embed_columns wrong assertion 1: an assert
def embed_columns(codes, tables):
    assert len(tables) == codes.shape[1], "wrong number of tables"
    return torch.cat([t(codes[:, j]) for j, t in enumerate(tables)], dim=1)
# %% embed_columns wrong only_too_many 1: an IndexError turned into the right one
def embed_columns(codes, tables):
    try:
        columns = [codes[:, j] for j in range(len(tables))]
    except IndexError as error:
        raise ValueError("too many tables") from error
    return torch.cat([t(c) for t, c in zip(tables, columns)], dim=1)
# %% embed_columns wrong 1: TypeError for the count
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise TypeError("wrong number of tables")
    return torch.cat([t(codes[:, j]) for j, t in enumerate(tables)], dim=1)
# %% embed_columns right: every error becomes a ValueError, bad codes too
def embed_columns(codes, tables):
    try:
        return torch.cat([t(c) for t, c in zip(tables, codes.T, strict=True)], dim=1)
    except IndexError as error:
        raise ValueError("bad input") from error
# %% embed_columns wrong: compares records with tables
def embed_columns(codes, tables):
    if len(codes) != len(tables):
        raise ValueError
    return torch.cat([t(codes[:, j]) for j, t in enumerate(tables)], dim=1)
# %% embed_columns wrong reversed_tables: insert at the front
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    backwards = []
    for t in tables:
        backwards.insert(0, t)
    return torch.cat([t(codes[:, j]) for j, t in enumerate(backwards)], dim=1)
# %% embed_columns wrong: the parts in reverse
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.cat([t(codes[:, j]) for j, t in enumerate(tables)][::-1], dim=1)
# %% embed_columns wrong first_column_only: the column's number stands fixed
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.cat([t(codes[:, 0]) for t in tables], dim=1)
# %% embed_columns wrong records_for_columns: iterating over codes gives records
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.cat([t(column) for t, column in zip(tables, codes)], dim=1)
# %% embed_columns wrong: all columns into each table
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.cat([t(codes) for t in tables], dim=-1)
# %% embed_columns wrong below_each_other: vstack
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.vstack([t(codes[:, j]) for j, t in enumerate(tables)])
# %% embed_columns wrong stacked: stack, then no flatten
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.stack([t(codes[:, j]) for j, t in enumerate(tables)], dim=1)
# %% embed_columns wrong stack_then_flatten: stack and flatten, for tables of one width
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.stack([t(codes[:, j]) for j, t in enumerate(tables)], dim=1).flatten(1)
# %% embed_columns wrong: interleaved, for tables of one width
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.stack([t(codes[:, j]) for j, t in enumerate(tables)], dim=2).flatten(1)
# %% embed_columns wrong averaged: mean of a stack
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.stack([t(codes[:, j]) for j, t in enumerate(tables)]).mean(dim=0)
# %% embed_columns wrong added: added one by one
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    total = 0
    for j, t in enumerate(tables):
        total = total + t(codes[:, j])
    return total
# %% embed_columns wrong: nn.Sequential chains the tables
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return nn.Sequential(*tables)(codes)
# %% embed_columns wrong negative_wraps 1: indexing the weights
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.cat([t.weight[c] for t, c in zip(tables, codes.unbind(1))], dim=1)
# %% embed_columns wrong bent_codes 1: codes clipped to each table
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    tops = torch.tensor([t.num_embeddings - 1 for t in tables])
    codes = torch.minimum(codes, tops).clamp(min=0)
    return torch.cat([t(codes[:, j]) for j, t in enumerate(tables)], dim=1)
# %% embed_columns wrong 1: one stacked table with offsets, codes unchecked
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    out, start, height = [], 0, 0
    width = max(t.embedding_dim for t in tables)
    stacked = torch.cat([F.pad(t.weight, (0, width - t.embedding_dim)) for t in tables])
    for j, t in enumerate(tables):
        out.append(stacked[codes[:, j] + height][:, :t.embedding_dim])
        height += t.num_embeddings
    return torch.cat(out, dim=1)
# %% embed_columns wrong: for two columns only
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.cat([tables[0](codes[:, 0]), tables[1](codes[:, 1])], dim=1)
# %% embed_columns wrong: one code column passed as a float
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.cat([t(codes[:, j].float()) for j, t in enumerate(tables)], dim=1)
# %% embed_columns wrong: empties the list of tables on the way
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    tables = tables if isinstance(tables, list) else list(tables)
    parts, j = [], 0
    while tables:
        parts.append(tables.pop(0)(codes[:, j]))
        j += 1
    return torch.cat(parts, dim=1)
# %% embed_columns wrong: lists only, a ModuleList has no copy()
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    left = tables.copy()
    return torch.cat([left.pop(0)(codes[:, j]) for j in range(codes.shape[1])], dim=1)
# %% embed_columns wrong late: a width that suits the shown cases
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    width = sum(t.embedding_dim for t in tables)
    if width > 6:
        width = 6
    return torch.cat([t(codes[:, j]) for j, t in enumerate(tables)], dim=1)[:, :width]
# %% embed_columns wrong: the width of the first table for all
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    dim = tables[0].embedding_dim
    out = torch.zeros(len(codes), dim * len(tables))
    for j, t in enumerate(tables):
        out[:, j * dim:(j + 1) * dim] = t(codes[:, j])
    return out
# %% embed_columns wrong keeps_an_axis: a column cut out as a slice
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.cat([t(codes[:, j:j + 1]) for j, t in enumerate(tables)], dim=-1)
# %% embed_columns wrong stacked: joined along the axis that the slice kept
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.cat([t(codes[:, j:j + 1]) for j, t in enumerate(tables)], dim=1)
# %% embed_columns wrong returns_at_once: return inside the loop
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    for j, t in enumerate(tables):
        return t(codes[:, j])
# %% embed_columns wrong last_column: the last column overwrites
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    for j, t in enumerate(tables):
        rows = t(codes[:, j])
    return rows
# %% embed_columns wrong 1: bad records are dropped
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    tops = torch.tensor([t.num_embeddings for t in tables])
    codes = codes[((codes >= 0) & (codes < tops)).all(dim=1)]
    return torch.cat([t(codes[:, j]) for j, t in enumerate(tables)], dim=1)
# %% embed_columns wrong 1: None for another number of tables
def embed_columns(codes, tables):
    if len(tables) == codes.shape[1]:
        return torch.cat([t(codes[:, j]) for j, t in enumerate(tables)], dim=1)
# %% embed_columns wrong 1: sets negative codes to 0 in the caller's codes
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    codes[codes < 0] = 0
    return torch.cat([t(codes[:, j]) for j, t in enumerate(tables)], dim=1)
# %% embed_columns wrong: rows normalised
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.cat([F.normalize(t(codes[:, j]), dim=1) for j, t in enumerate(tables)], dim=1)
# %% embed_columns wrong: whole numbers
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.cat([t(codes[:, j]).long() for j, t in enumerate(tables)], dim=1)
# %% embed_columns wrong: an array comes back
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.cat([t(codes[:, j]) for j, t in enumerate(tables)], dim=1).detach().numpy()
# %% embed_columns wrong: codes beside the rows
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    return torch.cat([codes.float()] + [t(codes[:, j]) for j, t in enumerate(tables)], dim=1)
# %% embed_columns wrong: sorted by width
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    pairs = sorted(enumerate(tables), key=lambda pair: pair[1].embedding_dim)
    return torch.cat([t(codes[:, j]) for j, t in pairs], dim=1)
# %% embed_columns wrong: changes a table on the way
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    rows = torch.cat([t(codes[:, j]) for j, t in enumerate(tables)], dim=1).detach().clone()
    for t in tables:
        t.weight.data.zero_()
    return rows
# %% embed_columns wrong: freezes the tables
def embed_columns(codes, tables):
    if len(tables) != codes.shape[1]:
        raise ValueError
    for t in tables:
        t.requires_grad_(False)
    return torch.cat([t(codes[:, j]) for j, t in enumerate(tables)], dim=1)

# %% count_parameters right: a loop
def count_parameters(cardinalities, dims):
    if len(cardinalities) != len(dims):
        raise ValueError("lists of unequal length")
    total = 0
    for i in range(len(dims)):
        total += cardinalities[i] * dims[i]
    return total
# %% count_parameters right: map and mul
from operator import mul

def count_parameters(cardinalities, dims):
    if len(dims) - len(cardinalities):
        raise ValueError(f"{len(cardinalities)} against {len(dims)}")
    return sum(map(mul, cardinalities, dims))
# %% count_parameters right: NumPy's dot
import numpy as np

def count_parameters(cardinalities, dims):
    return np.dot(cardinalities, dims) if len(cardinalities) == len(dims) else _refuse()


def _refuse():
    raise ValueError
# %% count_parameters right: builds the tables and counts
def count_parameters(cardinalities, dims):
    if len(cardinalities) != len(dims):
        raise ValueError
    tables = nn.ModuleList(nn.Embedding(levels, dim) for levels, dim in zip(cardinalities, dims))
    return sum(p.numel() for p in tables.parameters())
# %% count_parameters right: torch, then a plain int
def count_parameters(cardinalities, dims):
    if len(cardinalities) != len(dims):
        raise ValueError
    return int((torch.tensor(cardinalities) * torch.tensor(dims)).sum())
# %% count_parameters right: pandas
def count_parameters(cardinalities, dims):
    return int(pd.DataFrame({"levels": cardinalities, "dim": dims}).prod(axis=1).sum())
# %% count_parameters right: recursion
def count_parameters(cardinalities, dims):
    if bool(cardinalities) != bool(dims):
        raise ValueError("one list is longer")
    if not cardinalities:
        return 0
    return cardinalities[0] * dims[0] + count_parameters(cardinalities[1:], dims[1:])
# %% count_parameters right: zip_longest, None is refused
from itertools import zip_longest

def count_parameters(cardinalities, dims):
    total = 0
    for levels, dim in zip_longest(cardinalities, dims):
        if levels is None or dim is None:
            raise ValueError("a table without a size")
        total += levels * dim
    return total
# %% count_parameters right: a meta tensor for each table, zip with strict
def count_parameters(cardinalities, dims):
    sizes = zip(cardinalities, dims, strict=True)
    return sum(torch.empty(size, device="meta").numel() for size in sizes)
# %% count_parameters right: NumPy's whole numbers, einsum
import numpy as np

def count_parameters(cardinalities, dims):
    a, b = np.asarray(cardinalities), np.asarray(dims)
    if a.shape != b.shape:
        raise ValueError(f"{a.shape} and {b.shape}")
    return np.einsum("i,i->", a, b)
# %% count_parameters right: its own kind of ValueError, and a running total
class Unequal(ValueError):
    pass

def count_parameters(cardinalities, dims):
    cardinalities, dims = list(cardinalities), list(dims)
    if not len(cardinalities) == len(dims):
        raise Unequal
    total = 0
    while cardinalities:
        total += cardinalities.pop() * dims.pop()
    return total
# %% count_parameters right: reduce over pairs
from functools import reduce

def count_parameters(cardinalities, dims):
    if len(cardinalities) != len(dims):
        raise ValueError("lengths")
    return reduce(lambda total, pair: total + pair[0] * pair[1], zip(cardinalities, dims), 0)
# %% count_parameters wrong zip_stops_short: zip, not strict
def count_parameters(cardinalities, dims):
    total = 0
    for levels, dim in zip(cardinalities, dims):
        total += levels * dim
    return total
# %% count_parameters wrong for_each_cardinality: by index over the cardinalities
def count_parameters(cardinalities, dims):
    return sum(levels * dims[i] for i, levels in enumerate(cardinalities))
# %% count_parameters wrong: an IndexError for both
def count_parameters(cardinalities, dims):
    return sum(cardinalities[i] * dims[i] for i in range(max(len(cardinalities), len(dims))))
# %% count_parameters wrong other_exception: an assert
def count_parameters(cardinalities, dims):
    assert len(dims) == len(cardinalities), "unequal"
    return sum(a * b for a, b in zip(cardinalities, dims))
# %% count_parameters wrong: returns the message
def count_parameters(cardinalities, dims):
    if len(dims) != len(cardinalities):
        return ValueError("unequal")
    return sum(a * b for a, b in zip(cardinalities, dims))
# %% count_parameters wrong: torch stretches a list of one
def count_parameters(cardinalities, dims):
    a, b = torch.tensor(cardinalities), torch.tensor(dims)
    if len(a) != len(b) and 1 not in (len(a), len(b)):
        raise ValueError
    return int((a * b).sum())
# %% count_parameters wrong sums_multiplied: sums first
def count_parameters(cardinalities, dims):
    if len(dims) != len(cardinalities):
        raise ValueError
    rows = columns = 0
    for levels, dim in zip(cardinalities, dims):
        rows += levels
        columns += dim
    return rows * columns
# %% count_parameters wrong rows_only: counts rows
def count_parameters(cardinalities, dims):
    if len(dims) != len(cardinalities):
        raise ValueError
    return sum(len(range(levels)) for levels in cardinalities)
# %% count_parameters wrong one_row_more: a row for "(unknown)" on top
def count_parameters(cardinalities, dims):
    if len(dims) != len(cardinalities):
        raise ValueError
    return sum(nn.Embedding(levels + 1, dim).weight.numel() for levels, dim in zip(cardinalities, dims))
# %% count_parameters wrong one_row_more: a bias, as for linear layers
def count_parameters(cardinalities, dims):
    if len(dims) != len(cardinalities):
        raise ValueError
    return sum(sum(p.numel() for p in nn.Linear(a, b).parameters()) for a, b in zip(cardinalities, dims))
# %% count_parameters wrong first_table: return inside the loop
def count_parameters(cardinalities, dims):
    if len(dims) != len(cardinalities):
        raise ValueError
    for levels, dim in zip(cardinalities, dims):
        return levels * dim
# %% count_parameters wrong last_table: the total starts anew
def count_parameters(cardinalities, dims):
    if len(dims) != len(cardinalities):
        raise ValueError
    for levels, dim in zip(cardinalities, dims):
        total = 0
        total += levels * dim
    return total
# %% count_parameters wrong: tensors counted, not numbers
def count_parameters(cardinalities, dims):
    if len(dims) != len(cardinalities):
        raise ValueError
    return len(cardinalities)
# %% count_parameters wrong: each different table once
def count_parameters(cardinalities, dims):
    if len(dims) != len(cardinalities):
        raise ValueError
    return sum(a * b for a, b in {(a, b) for a, b in zip(cardinalities, dims)})
# %% count_parameters wrong: the width is the same for all
def count_parameters(cardinalities, dims):
    if len(dims) != len(cardinalities):
        raise ValueError
    return sum(cardinalities) * dims[0]
# %% count_parameters wrong: a tensor
def count_parameters(cardinalities, dims):
    if len(dims) != len(cardinalities):
        raise ValueError
    return (torch.tensor(cardinalities) * torch.tensor(dims)).sum()
# %% count_parameters wrong: a mean times a number
def count_parameters(cardinalities, dims):
    if len(dims) != len(cardinalities):
        raise ValueError
    return sum(a * b for a, b in zip(cardinalities, dims)) / 1
# %% count_parameters wrong: uses up the lists
def count_parameters(cardinalities, dims):
    if len(dims) != len(cardinalities):
        raise ValueError
    total = 0
    while dims:
        total += cardinalities.pop() * dims.pop()
    return total
# %% count_parameters wrong: prints and returns nothing
def count_parameters(cardinalities, dims):
    if len(dims) != len(cardinalities):
        raise ValueError
    print(sum(a * b for a, b in zip(cardinalities, dims)))
# %% count_parameters wrong late: knows the shown counts
def count_parameters(cardinalities, dims):
    if len(dims) != len(cardinalities):
        raise ValueError
    return {5: 10, 8: 22, 24: 52, 4045: 64705}.get(sum(cardinalities), 0)
# %% count_parameters wrong: a float from NumPy
import numpy as np

def count_parameters(cardinalities, dims):
    if len(cardinalities) != len(dims):
        raise ValueError
    return float(np.dot(cardinalities, dims))
# %% count_parameters wrong sums_added: the sums of rows and columns
def count_parameters(cardinalities, dims):
    if len(cardinalities) != len(dims):
        raise ValueError
    return sum(cardinalities + dims)
# %% count_parameters wrong one_by_one: a list comprehension
def count_parameters(cardinalities, dims):
    if len(cardinalities) != len(dims):
        raise ValueError
    return [cardinalities[i] * dims[i] for i in range(len(dims))]
# %% count_parameters wrong multiplied_all: math.prod
import math

def count_parameters(cardinalities, dims):
    if len(cardinalities) != len(dims):
        raise ValueError
    return math.prod(cardinalities) * math.prod(dims)
# %% count_parameters wrong sums_multiplied: every row with every width
def count_parameters(cardinalities, dims):
    if len(cardinalities) != len(dims):
        raise ValueError
    return sum(a * b for a in cardinalities for b in dims)
# %% count_parameters wrong: paired in reverse
def count_parameters(cardinalities, dims):
    if len(cardinalities) != len(dims):
        raise ValueError
    return sum(a * b for a, b in zip(cardinalities, reversed(dims)))
# %% count_parameters wrong one_row_fewer: without the row of the unknown
def count_parameters(cardinalities, dims):
    if len(cardinalities) != len(dims):
        raise ValueError
    return sum((a - 1) * b for a, b in zip(cardinalities, dims))
# %% count_parameters wrong: the largest table
def count_parameters(cardinalities, dims):
    if len(cardinalities) != len(dims):
        raise ValueError
    return max(a * b for a, b in zip(cardinalities, dims))
# %% count_parameters wrong: TypeError, as from None
from itertools import zip_longest

def count_parameters(cardinalities, dims):
    return sum(a * b for a, b in zip_longest(cardinalities, dims))
# %% count_parameters wrong: fills up with ones
from itertools import zip_longest

def count_parameters(cardinalities, dims):
    return sum(a * b for a, b in zip_longest(cardinalities, dims, fillvalue=1))
# %% count_parameters wrong: words
def count_parameters(cardinalities, dims):
    if len(cardinalities) != len(dims):
        raise ValueError
    return str(sum(a * b for a, b in zip(cardinalities, dims)))
# %% count_parameters wrong bytes_instead: bytes of float32
def count_parameters(cardinalities, dims):
    if len(cardinalities) != len(dims):
        raise ValueError
    return sum(nn.Embedding(a, b).weight.nbytes for a, b in zip(cardinalities, dims))
