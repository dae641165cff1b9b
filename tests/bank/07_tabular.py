"""Answers to the exercises of lesson 7: right ones, and wrong ones beside the slips in `solutions/checks`."""
# ruff: noqa

# %% TabularModel right: nn.Sequential
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        layers = []
        width = sum(dims) + continuous
        for h in hidden:
            layers += [nn.Linear(width, h), nn.ReLU()]
            width = h
        layers.append(nn.Linear(width, 1))
        self.mlp = nn.Sequential(*layers)

    def forward(self, codes, numbers):
        x = [emb(codes[:, i]) for i, emb in enumerate(self.embeddings)]
        x = torch.cat(x + [numbers], 1)
        return self.mlp(x)[:, 0]
# %% TabularModel right: the layers are made before the tables, the last one first
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        sizes = [sum(dims) + continuous] + list(hidden)
        self.out = nn.Linear(sizes[-1], 1)
        self.between = nn.ModuleList(nn.Linear(sizes[i], sizes[i + 1]) for i in range(len(hidden)))
        self.embeddings = nn.ModuleList()
        for levels, dim in zip(cardinalities, dims):
            self.embeddings.append(nn.Embedding(levels, dim))

    def forward(self, codes, numbers):
        x = torch.hstack([*(e(c) for e, c in zip(self.embeddings, codes.T)), numbers])
        for layer in self.between:
            x = F.relu(layer(x))
        return self.out(x).flatten()
# %% TabularModel right: layers as attributes with numbers, in reverse order of registration
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        widths = [sum(dims) + continuous, *hidden, 1]
        self.depth = len(widths) - 1
        for i in reversed(range(self.depth)):
            setattr(self, f"fc{i}", nn.Linear(widths[i], widths[i + 1]))
        self.embeddings = nn.ModuleList([nn.Embedding(num_embeddings=n, embedding_dim=d)
                                         for n, d in zip(cardinalities, dims)])

    def forward(self, codes, numbers):
        x = torch.cat([self.embeddings[j](codes[:, j]) for j in range(codes.shape[1])] + [numbers], dim=-1)
        for i in range(self.depth):
            x = getattr(self, f"fc{i}")(x)
            if i < self.depth - 1:
                x = x.clamp(min=0)
        return x.squeeze(-1)
# %% TabularModel right: lazy layers, an inner module, a small start
class Head(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.steps = nn.ModuleList([nn.LazyLinear(h) for h in hidden])
        self.last = nn.LazyLinear(1)

    def forward(self, x):
        for step in self.steps:
            x = step(x).relu()
        return self.last(x)


class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.head = Head(hidden)
        self.embeddings = nn.ModuleList([nn.Embedding(*size) for size in zip(cardinalities, dims)])
        for table in self.embeddings:
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, codes, numbers):
        return self.head(torch.cat([*[t(codes[:, j]) for j, t in enumerate(self.embeddings)], numbers], 1)).view(-1)
# %% TabularModel right: an empty tensor filled part by part, reshape at the end
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.dims = dims
        self.embeddings = nn.ModuleList(map(nn.Embedding, cardinalities, dims))
        n_in = continuous
        for d in dims:
            n_in += d
        blocks = nn.Sequential()
        for k, h in enumerate(hidden):
            blocks.add_module(f"lin{k}", nn.Linear(n_in, h))
            blocks.add_module(f"act{k}", nn.ReLU(inplace=True))
            n_in = h
        self.blocks = blocks
        self.output_layer = nn.Linear(n_in, 1)

    def forward(self, codes, numbers):
        n = codes.size(0)
        parts, start = [], 0
        for j, table in enumerate(self.embeddings):
            parts.append(table(codes.select(1, j)))
        parts.append(numbers)
        return self.output_layer(self.blocks(torch.concat(parts, dim=1))).reshape(n)
# %% TabularModel right: a table class of its own, from lesson 3, and F.linear on the layers' numbers
class Table(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        if codes.min() < 0 or codes.max() >= len(self.weight):
            raise IndexError("no such row")
        return self.weight[codes]


class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([Table(a, b) for a, b in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous] + hidden + [1]
        self.linears = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, i]) for i, e in enumerate(self.embeddings)] + [numbers], dim=1)
        for i, layer in enumerate(self.linears):
            if i:
                x = torch.maximum(x, torch.zeros_like(x))
            x = F.linear(x, layer.weight, layer.bias)
        return x.squeeze(1)
# %% TabularModel right: two names for the tables, one record after the other
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.tables = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        self.embeddings = self.tables
        widths = [sum(dims) + continuous, *hidden]
        self.stack = nn.Sequential(*[nn.Sequential(nn.Linear(a, b), nn.ReLU()) for a, b in zip(widths, widths[1:])],
                                   nn.Linear(widths[-1], 1))

    def forward(self, codes, numbers):
        out = []
        for record, values in zip(codes, numbers):
            rows = [table(code) for table, code in zip(self.tables, record)]
            out.append(self.stack(torch.cat([*rows, values])))
        return torch.cat(out)
# %% TabularModel wrong plain_list: a list comprehension
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = [nn.Embedding(c, d) for c, d in zip(cardinalities, dims)]
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong other_name: called tables
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embs = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embs)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong squeezes_all 2: squeeze without an axis
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x).squeeze()
# %% TabularModel wrong column_of_predictions: the last layer's result as it comes
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        layers, width = [], sum(dims) + continuous
        for h in hidden:
            layers += [nn.Linear(width, h), nn.ReLU()]
            width = h
        self.net = nn.Sequential(*layers, nn.Linear(width, 1))

    def forward(self, codes, numbers):
        return self.net(torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1))
# %% TabularModel wrong numbers_first: numbers in front
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        layers, width = [], sum(dims) + continuous
        for h in hidden:
            layers += [nn.Linear(width, h), nn.ReLU()]
            width = h
        self.net = nn.Sequential(*layers, nn.Linear(width, 1))

    def forward(self, codes, numbers):
        x = numbers
        for j, e in enumerate(self.embeddings):
            x = torch.cat([x, e(codes[:, j])], 1)
        return self.net(x).squeeze(1)
# %% TabularModel wrong relu_at_the_end: ReLU after every layer
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.net = nn.Sequential(*[nn.Sequential(nn.Linear(a, b), nn.ReLU()) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        return self.net(torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)).squeeze(1)
# %% TabularModel wrong no_relu: linear layers alone
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.net = nn.Sequential(*[nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        return self.net(torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)).squeeze(1)
# %% TabularModel wrong with_dropout: dropout between the layers
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        layers, width = [nn.Dropout(0.5)], sum(dims) + continuous
        for h in hidden:
            layers += [nn.Linear(width, h), nn.ReLU()]
            width = h
        self.net = nn.Sequential(*layers, nn.Linear(width, 1))

    def forward(self, codes, numbers):
        return self.net(torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)).squeeze(1)
# %% TabularModel wrong: batch norm on the numbers
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        self.bn = nn.BatchNorm1d(continuous)
        layers, width = [], sum(dims) + continuous
        for h in hidden:
            layers += [nn.Linear(width, h), nn.ReLU()]
            width = h
        self.net = nn.Sequential(*layers, nn.Linear(width, 1))

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [self.bn(numbers)], 1)
        return self.net(x).squeeze(1)
# %% TabularModel wrong: needs at least one layer between, and two numbers
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        self.l1 = nn.Linear(sum(dims) + continuous, hidden[0])
        self.l2 = nn.Linear(hidden[0], 1)

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        return self.l2(torch.relu(self.l1(x))).squeeze(1)
# %% TabularModel wrong 2: fails without a layer between
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        self.first = nn.Linear(sum(dims) + continuous, hidden[0])
        self.rest = nn.ModuleList([nn.Linear(a, b) for a, b in zip(hidden, [*hidden[1:], 1])])

    def forward(self, codes, numbers):
        x = self.first(torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1))
        for layer in self.rest:
            x = layer(torch.relu(x))
        return x.squeeze(1)
# %% TabularModel wrong 2: one record loses its axis on the way in
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        layers, width = [], sum(dims) + continuous
        for h in hidden:
            layers += [nn.Linear(width, h), nn.ReLU()]
            width = h
        self.net = nn.Sequential(*layers, nn.Linear(width, 1))

    def forward(self, codes, numbers):
        parts = [e(codes[:, j]).squeeze(0) for j, e in enumerate(self.embeddings)] + [numbers.squeeze(0)]
        return self.net(torch.cat(parts, -1)).squeeze(-1)
# %% TabularModel wrong 2: negative codes take the last row
class Table(nn.Module):
    def __init__(self, levels, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(levels, dim))

    def forward(self, codes):
        return self.weight[codes]


class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([Table(c, d) for c, d in zip(cardinalities, dims)])
        layers, width = [], sum(dims) + continuous
        for h in hidden:
            layers += [nn.Linear(width, h), nn.ReLU()]
            width = h
        self.net = nn.Sequential(*layers, nn.Linear(width, 1))

    def forward(self, codes, numbers):
        return self.net(torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)).squeeze(1)
# %% TabularModel wrong: one layer used twice where widths are alike
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        made = {}
        self.layers = nn.ModuleList([made.setdefault(size, nn.Linear(*size)) for size in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong: leaves a layer that nothing uses
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])
        self.spare = nn.Linear(2, 2)

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong: leaky ReLU
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = F.leaky_relu(layer(x))
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong: changes the caller's list of widths
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        hidden.append(1)
        layers, width = [], sum(dims) + continuous
        for h in hidden:
            layers.append(nn.Linear(width, h))
            width = h
        self.layers = nn.ModuleList(layers)

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong no_super: forgets super
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        self.out = nn.Linear(sum(dims) + continuous, 1)

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        return self.out(x)[:, 0]
# %% TabularModel wrong detached: tables under no_grad
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        with torch.no_grad():
            rows = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)], 1)
        x = torch.cat([rows, numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel right: sparse tables
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d, sparse=True) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel right: gelu's plain cousin, F.relu with where
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = torch.where(layer(x) > 0, layer(x), torch.zeros(()))
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong padded: padding_idx for the unknown
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d, padding_idx=0) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong: max_norm
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d, max_norm=1.0) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong frozen: ready-made tables that freeze
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding.from_pretrained(torch.randn(c, d)) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong: a Sequential of tables
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.Sequential(*[nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong: the widths in reverse
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden[::-1], 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong: levels and dims exchanged
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(d, c) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong: rows in reverse order
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([self.embeddings[codes.shape[1] - 1 - j](codes[:, codes.shape[1] - 1 - j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong: all tables of the first width
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, dims[0]) for c in cardinalities])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong: GELU
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = F.gelu(layer(x))
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong: standardises the numbers again
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j]) for j, e in enumerate(self.embeddings)] + [(numbers - numbers.mean(0)) / (numbers.std(0, correction=0) + 1e-5)], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong 2: bad codes are clamped
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(codes[:, j].clamp(0, e.num_embeddings - 1)) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]
# %% TabularModel wrong 2: bad codes become unknown
class TabularModel(nn.Module):
    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, dims)])
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, codes, numbers):
        x = torch.cat([e(torch.where((codes[:, j] < 0) | (codes[:, j] >= e.num_embeddings), 0, codes[:, j])) for j, e in enumerate(self.embeddings)] + [numbers], 1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)[:, 0]

# %% standardize right: NumPy in double precision
def standardize(train, other):
    import numpy as np
    a, b = train.numpy().astype("float64"), other.numpy().astype("float64")
    constant = (a == a[:1]).all(axis=0)
    spread = np.where(constant, 1.0, a.std(axis=0))
    out = [np.where(constant, 0.0, (x - a.mean(axis=0)) / spread) for x in (a, b)]
    return torch.from_numpy(out[0]).float(), torch.from_numpy(out[1]).float()
# %% standardize right: column by column
def standardize(train, other):
    left, right = torch.zeros_like(train), torch.zeros_like(other)
    for j in range(train.shape[1]):
        column = train[:, j]
        if column.min() == column.max():
            continue
        mean = column.mean()
        spread = ((column - mean) ** 2).mean().sqrt()
        left[:, j] = (column - mean) / spread
        right[:, j] = (other[:, j] - mean) / spread
    return left, right
# %% standardize right: pandas
def standardize(train, other):
    a, b = pd.DataFrame(train.numpy()).astype("float64"), pd.DataFrame(other.numpy()).astype("float64")
    mean, spread = a.mean(), a.std(ddof=0)
    same = a.nunique() == 1
    parts = [((x - mean) / spread.where(~same, 1.0)).where(~same, 0.0, axis=1) if False else
             ((x - mean) / spread.where(~same, 1.0)) * (~same).astype(float) for x in (a, b)]
    return tuple(torch.tensor(p.to_numpy(), dtype=torch.float32) for p in parts)
# %% standardize right: unbiased False, boolean indexing, double precision returned
def standardize(train, other):
    varies = (train != train[0]).any(dim=0)
    a, b = train.double(), other.double()
    m, s = a.mean(0), a.std(0, unbiased=False)
    x, y = torch.zeros_like(a), torch.zeros_like(b)
    x[:, varies] = ((a - m) / s)[:, varies]
    y[:, varies] = ((b - m) / s)[:, varies]
    return x, y
# %% standardize right: var_mean and nan taken away afterwards
def standardize(train, other):
    var, mean = torch.var_mean(train, dim=0, correction=0)
    spread = var.sqrt().masked_fill(train.amax(0) == train.amin(0), float("inf"))
    mean = mean.masked_fill(train.amax(0) == train.amin(0), 0.0)
    return (train - mean) / spread, (other - mean) / spread
# %% standardize right: a function within, lists of columns
def standardize(train, other):
    def stats(values):
        n = len(values)
        m = sum(values) / n
        return m, (sum((v - m) ** 2 for v in values) / n) ** 0.5
    xs, ys = [], []
    for a, b in zip(train.T.tolist(), other.T.tolist()):
        if len(set(a)) == 1:
            xs.append([0.0] * len(a))
            ys.append([0.0] * len(b))
        else:
            m, s = stats(a)
            xs.append([(v - m) / s for v in a])
            ys.append([(v - m) / s for v in b])
    return torch.tensor(xs).T.contiguous(), torch.tensor(ys).T.contiguous()
# %% standardize wrong divided_by_n_minus_one: torch's default
def standardize(train, other):
    constant = train.max(0).values == train.min(0).values
    m, s = train.mean(0), train.std(0)
    if len(train) == 1:
        s = torch.ones_like(m)
    x, y = (train - m) / s, (other - m) / s
    x[:, constant] = 0
    y[:, constant] = 0
    return x, y
# %% standardize wrong compares_the_spread_with_zero: in a loop
def standardize(train, other):
    x, y = torch.zeros_like(train), torch.zeros_like(other)
    for j in range(train.shape[1]):
        m, s = train[:, j].mean(), train[:, j].std(correction=0)
        if s != 0:
            x[:, j], y[:, j] = (train[:, j] - m) / s, (other[:, j] - m) / s
    return x, y
# %% standardize wrong: the spread by hand, compared with zero
def standardize(train, other):
    m = train.mean(0)
    s = ((train - m) ** 2).mean(0).sqrt()
    s[s == 0] = float("inf")
    return (train - m) / s, (other - m) / s
# %% standardize wrong: a spread below a millionth counts as constant
def standardize(train, other):
    m, s = train.mean(0), train.std(0, correction=0)
    dead = s < 1e-6
    s = torch.where(dead, torch.ones(()), s)
    return torch.where(dead, torch.zeros(()), (train - m) / s), torch.where(dead, torch.zeros(()), (other - m) / s)
# %% standardize wrong replaces_nan: nan_to_num
def standardize(train, other):
    m, s = train.mean(0), train.std(0, correction=0)
    return torch.nan_to_num((train - m) / s), torch.nan_to_num((other - m) / s)
# %% standardize wrong: nan and infinities to zero
def standardize(train, other):
    m, s = train.mean(0), train.std(0, correction=0)
    return tuple(torch.nan_to_num((x - m) / s, nan=0.0, posinf=0.0, neginf=0.0) for x in (train, other))
# %% standardize wrong adds_a_little: epsilon
def standardize(train, other):
    mean = train.mean(dim=0, keepdim=True)
    std = train.std(dim=0, keepdim=True, unbiased=False) + 1e-8
    return (train - mean) / std, (other - mean) / std
# %% standardize wrong: other is constant, so it becomes zeros too
def standardize(train, other):
    def scale(part):
        same = (part == part[0]).all(0)
        m, s = train.mean(0), train.std(0, correction=0)
        return torch.where(same | (train == train[0]).all(0), torch.zeros(()), (part - m) / s)
    return scale(train), scale(other)
# %% standardize wrong: changes its arguments
def standardize(train, other):
    constant = (train == train[0]).all(0)
    m, s = train.mean(0), train.std(0, correction=0)
    for part in (train, other):
        part -= m
        part /= s
        part[:, constant] = 0
    return train, other
# %% standardize wrong each_by_its_own: a helper used twice
def standardize(train, other):
    def scale(x):
        constant = (x == x[0]).all(0)
        return torch.where(constant, torch.zeros(()), (x - x.mean(0)) / x.std(0, correction=0))
    return scale(train), scale(other)
# %% standardize wrong both_together: mean of all records
def standardize(train, other):
    both = torch.vstack([train, other])
    m, s = both.mean(0), both.std(0, unbiased=False)
    keep = (train != train[0]).any(0)
    return (train - m) / s * keep, (other - m) / s * keep
# %% standardize wrong: zeros in the training part alone
def standardize(train, other):
    constant = (train == train[0]).all(0)
    m, s = train.mean(0), train.std(0, correction=0)
    s = torch.where(constant, torch.ones(()), s)
    return torch.where(constant, torch.zeros(()), (train - m) / s), (other - m) / s
# %% standardize wrong: NumPy arrays
def standardize(train, other):
    a, b = train.numpy(), other.numpy()
    constant = (a == a[0]).all(0)
    s = a.std(0)
    s[constant] = 1
    return (a - a.mean(0)) / s * ~constant, (b - a.mean(0)) / s * ~constant
# %% standardize wrong late: hard-codes the shown cases
def standardize(train, other):
    x, y = torch.zeros_like(train), torch.zeros_like(other)
    for j in range(train.shape[1]):
        values = train[:, j]
        if len(set(values.tolist())) > 1:
            low, high = values.min(), values.max()
            m, s = (low + high) / 2, (high - low) / 2
            x[:, j], y[:, j] = (values - m) / s, (other[:, j] - m) / s
    return x, y

# %% permutation_importance right: a loop over named modules, F.mse_loss
def permutation_importance(model, codes, numbers, targets, column, seed):
    before = {name: m.training for name, m in model.named_modules()}
    model.eval()
    g = torch.Generator()
    g.manual_seed(seed)
    perm = torch.randperm(numbers.shape[0], generator=g)
    mixed = numbers.clone()
    mixed[:, column] = mixed[perm, column]
    base = F.mse_loss(model(codes, numbers), targets)
    high = F.mse_loss(model(codes, mixed), targets)
    for name, m in model.named_modules():
        m.training = before[name]
    return float(high - base)
# %% permutation_importance right: a deep copy is asked, the model never touched
import copy

def permutation_importance(model, codes, numbers, targets, column, seed):
    asked = copy.deepcopy(model).eval()
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(targets), generator=generator)
    columns = [numbers[:, j][order] if j == column else numbers[:, j] for j in range(numbers.shape[1])]
    with torch.inference_mode():
        rise = (asked(codes, torch.stack(columns, 1)) - targets).pow(2).mean() - (asked(codes, numbers) - targets).pow(2).mean()
    return rise.item()
# %% permutation_importance right: train(mode) from the outside in, then one by one; NumPy for the error
def permutation_importance(model, codes, numbers, targets, column, seed):
    modules = list(model.modules())
    modes = [m.training for m in modules]

    def error(values):
        return float(((model(codes, values).detach().numpy().astype("float64") - targets.numpy()) ** 2).mean())
    try:
        model.train(False)
        values = numbers.numpy().copy()
        values[:, column] = values[torch.randperm(len(values), generator=torch.Generator("cpu").manual_seed(seed)).numpy(), column]
        return error(torch.from_numpy(values)) - error(numbers)
    finally:
        for m, mode in zip(modules, modes):
            m.train(mode)
# %% permutation_importance right: gather, one record at a time
def permutation_importance(model, codes, numbers, targets, column, seed):
    was = [m for m in model.modules() if m.training]
    model.eval()
    perm = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed)).tolist()

    def mse(values):
        total = 0.0
        for k in range(len(values)):
            with torch.no_grad():
                total += (model(codes[k:k + 1], values[k:k + 1]).item() - targets[k].item()) ** 2
        return total / len(values)
    mixed = numbers.clone()
    for k in range(len(numbers)):
        mixed[k, column] = numbers[perm[k], column]
    rise = mse(mixed) - mse(numbers)
    for m in was:
        m.training = True
    return rise
# %% permutation_importance right: where and index_select, modes by hand, recursion
def permutation_importance(model, codes, numbers, targets, column, seed):
    def note(m):
        return (m, m.training, [note(c) for c in m.children()])

    def restore(noted):
        m, mode, inner = noted
        m.training = mode
        for part in inner:
            restore(part)
    noted = note(model)
    model.eval()
    perm = torch.randperm(numbers.size(0), generator=torch.Generator().manual_seed(int(seed)))
    mixed = torch.where(torch.arange(numbers.size(1)) == column, numbers.index_select(0, perm), numbers)
    crit = nn.MSELoss()
    with torch.no_grad():
        a, b = crit(model(codes, mixed), targets).item(), crit(model(codes, numbers), targets).item()
    restore(noted)
    return a - b
# %% permutation_importance right: one batch of both, a context manager
from contextlib import contextmanager

@contextmanager
def evaluating(model):
    modes = {m: m.training for m in model.modules()}
    model.eval()
    yield
    for m, mode in modes.items():
        m.training = mode


def permutation_importance(model, codes, numbers, targets, column, seed):
    n = len(codes)
    perm = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    mixed = numbers.clone()
    mixed[:, column] = numbers[:, column][perm]
    with evaluating(model), torch.no_grad():
        said = model(torch.cat([codes, codes]), torch.cat([mixed, numbers]))
    wrong = (said.view(2, n) - targets) ** 2
    return (wrong[0].mean() - wrong[1].mean()).item()
# %% permutation_importance wrong leaves_eval_mode: eval and no way back
def permutation_importance(model, codes, numbers, targets, column, seed):
    model.eval()
    perm = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))
    mixed = numbers.clone()
    mixed[:, column] = numbers[perm, column]
    with torch.no_grad():
        return (F.mse_loss(model(codes, mixed), targets) - F.mse_loss(model(codes, numbers), targets)).item()
# %% permutation_importance wrong all_in_training_mode: eval, then train
def permutation_importance(model, codes, numbers, targets, column, seed):
    model.eval()
    perm = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))
    mixed = numbers.clone()
    mixed[:, column] = numbers[perm, column]
    with torch.no_grad():
        rise = (F.mse_loss(model(codes, mixed), targets) - F.mse_loss(model(codes, numbers), targets)).item()
    model.train()
    return rise
# %% permutation_importance right: the mode of the model as a whole
def permutation_importance(model, codes, numbers, targets, column, seed):
    was_training = model.training
    model.eval()
    perm = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))
    mixed = numbers.clone()
    mixed[:, column] = numbers[perm, column]
    with torch.no_grad():
        rise = (F.mse_loss(model(codes, mixed), targets) - F.mse_loss(model(codes, numbers), targets)).item()
    if was_training:
        model.train()
    else:
        model.eval()
    return rise
# %% permutation_importance wrong asks_in_training_mode: never thinks of modes
def permutation_importance(model, codes, numbers, targets, column, seed):
    perm = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))
    mixed = numbers.clone()
    mixed[:, column] = numbers[perm, column]
    with torch.no_grad():
        return (F.mse_loss(model(codes, mixed), targets) - F.mse_loss(model(codes, numbers), targets)).item()
# %% permutation_importance wrong asks_in_training_mode: eval for the second error only
def permutation_importance(model, codes, numbers, targets, column, seed):
    modes = {m: m.training for m in model.modules()}
    perm = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))
    mixed = numbers.clone()
    mixed[:, column] = numbers[perm, column]
    with torch.no_grad():
        base = F.mse_loss(model(codes, numbers), targets)
        model.eval()
        high = F.mse_loss(model(codes, mixed), targets)
    for m, mode in modes.items():
        m.training = mode
    return (high - base).item()
# %% permutation_importance wrong the_global_seed: torch.manual_seed
def permutation_importance(model, codes, numbers, targets, column, seed):
    modes = {m: m.training for m in model.modules()}
    model.eval()
    torch.manual_seed(seed)
    mixed = numbers.clone()
    mixed[:, column] = numbers[torch.randperm(len(numbers)), column]
    with torch.no_grad():
        rise = F.mse_loss(model(codes, mixed), targets) - F.mse_loss(model(codes, numbers), targets)
    for m, mode in modes.items():
        m.training = mode
    return rise.item()
# %% permutation_importance wrong no_seed: randperm as it comes
def permutation_importance(model, codes, numbers, targets, column, seed):
    modes = {m: m.training for m in model.modules()}
    model.eval()
    mixed = numbers.clone()
    mixed[:, column] = numbers[torch.randperm(len(numbers)), column] + 0.0
    with torch.no_grad():
        rise = F.mse_loss(model(codes, mixed), targets) - F.mse_loss(model(codes, numbers), targets)
    for m, mode in modes.items():
        m.training = mode
    return rise.item()
# %% permutation_importance wrong all_columns: whole rows
def permutation_importance(model, codes, numbers, targets, column, seed):
    modes = {m: m.training for m in model.modules()}
    model.eval()
    perm = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        rise = F.mse_loss(model(codes, numbers[perm]), targets) - F.mse_loss(model(codes, numbers), targets)
    for m, mode in modes.items():
        m.training = mode
    return rise.item()
# %% permutation_importance wrong the_other_direction: scatters instead of gathering
def permutation_importance(model, codes, numbers, targets, column, seed):
    modes = {m: m.training for m in model.modules()}
    model.eval()
    perm = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))
    mixed = numbers.clone()
    for k, place in enumerate(perm.tolist()):
        mixed[place, column] = numbers[k, column]
    with torch.no_grad():
        rise = F.mse_loss(model(codes, mixed), targets) - F.mse_loss(model(codes, numbers), targets)
    for m, mode in modes.items():
        m.training = mode
    return rise.item()
# %% permutation_importance wrong: shuffles in place before anything is asked
def permutation_importance(model, codes, numbers, targets, column, seed):
    modes = {m: m.training for m in model.modules()}
    model.eval()
    perm = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        base = F.mse_loss(model(codes, numbers), targets)
        numbers[:, column] = numbers[perm, column]
        rise = F.mse_loss(model(codes, numbers), targets) - base
    for m, mode in modes.items():
        m.training = mode
    return rise.item()
# %% permutation_importance wrong a_tensor: no item
def permutation_importance(model, codes, numbers, targets, column, seed):
    modes = {m: m.training for m in model.modules()}
    model.eval()
    perm = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))
    mixed = numbers.clone()
    mixed[:, column] = numbers[perm, column]
    with torch.no_grad():
        rise = F.mse_loss(model(codes, mixed), targets) - F.mse_loss(model(codes, numbers), targets)
    for m, mode in modes.items():
        m.training = mode
    return rise
# %% permutation_importance wrong: switches autograd off for good
def permutation_importance(model, codes, numbers, targets, column, seed):
    modes = {m: m.training for m in model.modules()}
    model.eval()
    torch.set_grad_enabled(False)
    perm = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))
    mixed = numbers.clone()
    mixed[:, column] = numbers[perm, column]
    rise = F.mse_loss(model(codes, mixed), targets) - F.mse_loss(model(codes, numbers), targets)
    for m, mode in modes.items():
        m.training = mode
    return rise.item()
# %% permutation_importance wrong: shuffles the codes' column
def permutation_importance(model, codes, numbers, targets, column, seed):
    modes = {m: m.training for m in model.modules()}
    model.eval()
    perm = torch.randperm(len(codes), generator=torch.Generator().manual_seed(seed))
    mixed = codes.clone()
    mixed[:, min(column, codes.shape[1] - 1)] = codes[perm, min(column, codes.shape[1] - 1)]
    with torch.no_grad():
        rise = F.mse_loss(model(mixed, numbers), targets) - F.mse_loss(model(codes, numbers), targets)
    for m, mode in modes.items():
        m.training = mode
    return rise.item()
# %% permutation_importance wrong: the parameters end at zero
def permutation_importance(model, codes, numbers, targets, column, seed):
    modes = {m: m.training for m in model.modules()}
    model.eval()
    perm = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))
    mixed = numbers.clone()
    mixed[:, column] = numbers[perm, column]
    with torch.no_grad():
        rise = F.mse_loss(model(codes, mixed), targets) - F.mse_loss(model(codes, numbers), targets)
        for p in model.parameters():
            p.zero_()
    for m, mode in modes.items():
        m.training = mode
    return rise.item()
# %% permutation_importance wrong: leaves the model frozen
def permutation_importance(model, codes, numbers, targets, column, seed):
    modes = {m: m.training for m in model.modules()}
    model.eval().requires_grad_(False)
    perm = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))
    mixed = numbers.clone()
    mixed[:, column] = numbers[perm, column]
    rise = F.mse_loss(model(codes, mixed), targets) - F.mse_loss(model(codes, numbers), targets)
    for m, mode in modes.items():
        m.training = mode
    return rise.item()
# %% permutation_importance wrong late: hard-codes the permutations of four records
def permutation_importance(model, codes, numbers, targets, column, seed):
    modes = {m: m.training for m in model.modules()}
    model.eval()
    n = min(len(numbers), 4)
    perm = list(torch.randperm(n, generator=torch.Generator().manual_seed(seed))) + list(range(n, len(numbers)))
    mixed = numbers.clone()
    mixed[:, column] = numbers[torch.tensor(perm), column]
    with torch.no_grad():
        rise = F.mse_loss(model(codes, mixed), targets) - F.mse_loss(model(codes, numbers), targets)
    for m, mode in modes.items():
        m.training = mode
    return rise.item()

# %% hide_codes right: a list of positions
def hide_codes(codes, share, seed):
    if share < 0 or share > 1:
        raise ValueError(f"share must be in 0 ... 1, not {share}")
    n = codes.numel()
    perm = torch.randperm(n, generator=torch.Generator().manual_seed(seed)).tolist()
    flat = codes.reshape(-1).tolist()
    for position in perm[:round(share * n)]:
        flat[position] = 0
    return torch.tensor(flat, dtype=torch.int64).reshape(codes.shape)
# %% hide_codes right: a mask
def hide_codes(codes, share, seed):
    if not (0.0 <= share <= 1.0):
        raise ValueError("share")
    g = torch.Generator()
    g.manual_seed(seed)
    mask = torch.zeros(codes.numel(), dtype=torch.bool)
    mask[torch.randperm(codes.numel(), generator=g)[:round(codes.numel() * share)]] = True
    return codes.masked_fill(mask.view(codes.shape), 0)
# %% hide_codes right: index_fill on a clone
def hide_codes(codes, share, seed):
    class BadShare(ValueError):
        pass
    if max(share, 1) != 1 or min(share, 0) != 0:
        raise BadShare(share)
    copy = codes.clone().contiguous()
    order = torch.randperm(copy.numel(), generator=torch.Generator().manual_seed(seed))
    copy.view(-1).index_fill_(0, order[:round(share * copy.numel())], 0)
    return copy
# %% hide_codes right: multiplies by zeros and ones
def hide_codes(codes, share, seed):
    n = codes.nelement()
    if share > 1 or share < 0:
        raise ValueError
    keep = torch.ones(n, dtype=torch.int64)
    keep.scatter_(0, torch.randperm(n, generator=torch.Generator().manual_seed(seed))[:round(share * n)], 0)
    return codes * keep.reshape_as(codes)
# %% hide_codes right: NumPy
def hide_codes(codes, share, seed):
    import numpy as np
    if not 0 <= share <= 1:
        raise ValueError(share)
    flat = codes.numpy().copy().ravel()
    order = torch.randperm(flat.size, generator=torch.Generator().manual_seed(seed)).numpy()
    flat[order[:int(np.round(share * flat.size))]] = 0
    return torch.from_numpy(flat.reshape(tuple(codes.shape)))
# %% hide_codes right: where and isin
def hide_codes(codes, share, seed):
    if share not in (0, 1) and not 0 < share < 1:
        raise ValueError(share)
    places = torch.arange(codes.numel()).reshape(codes.shape)
    chosen = torch.randperm(codes.numel(), generator=torch.Generator(device="cpu").manual_seed(seed))[:round(share * codes.numel())]
    return torch.where(torch.isin(places, chosen), torch.zeros_like(codes), codes)
# %% hide_codes wrong in_place: no clone
def hide_codes(codes, share, seed):
    if not 0 <= share <= 1:
        raise ValueError(share)
    n = codes.numel()
    flat = codes.view(-1)
    flat[torch.randperm(n, generator=torch.Generator().manual_seed(seed))[:round(share * n)]] = 0
    return codes
# %% hide_codes wrong rounds_down: int
def hide_codes(codes, share, seed):
    if not 0 <= share <= 1:
        raise ValueError(share)
    flat = codes.clone().flatten()
    flat[torch.randperm(len(flat), generator=torch.Generator().manual_seed(seed))[:int(share * len(flat))]] = 0
    return flat.view(codes.shape)
# %% hide_codes wrong rounds_half_up: floor of a half more
def hide_codes(codes, share, seed):
    if not 0 <= share <= 1:
        raise ValueError(share)
    flat = codes.clone().flatten()
    k = math.floor(share * len(flat) + 0.5)
    flat[torch.randperm(len(flat), generator=torch.Generator().manual_seed(seed))[:k]] = 0
    return flat.view(codes.shape)
# %% hide_codes wrong any_share_as_it_comes: no look at the share
def hide_codes(codes, share, seed):
    flat = codes.clone().flatten()
    order = torch.randperm(flat.numel(), generator=torch.Generator().manual_seed(seed))
    flat[order[:round(share * flat.numel())]] = 0
    return flat.reshape(codes.shape)
# %% hide_codes wrong: another exception
def hide_codes(codes, share, seed):
    assert 0 <= share <= 1
    flat = codes.clone().flatten()
    order = torch.randperm(flat.numel(), generator=torch.Generator().manual_seed(seed))
    flat[order[:round(share * flat.numel())]] = 0
    return flat.reshape(codes.shape)
# %% hide_codes wrong: no look at negative shares
def hide_codes(codes, share, seed):
    if share > 1:
        raise ValueError(share)
    flat = codes.clone().flatten()
    order = torch.randperm(flat.numel(), generator=torch.Generator().manual_seed(seed))
    flat[order[:round(share * flat.numel())]] = 0
    return flat.reshape(codes.shape)
# %% hide_codes wrong the_global_seed_for_hiding: manual_seed
def hide_codes(codes, share, seed):
    if not 0 <= share <= 1:
        raise ValueError(share)
    torch.manual_seed(seed)
    flat = codes.clone().flatten()
    flat[torch.randperm(flat.numel())[:round(share * flat.numel())]] = 0
    return flat.reshape(codes.shape)
# %% hide_codes wrong by_coin: rand below the share
def hide_codes(codes, share, seed):
    if not 0 <= share <= 1:
        raise ValueError(share)
    g = torch.Generator().manual_seed(seed)
    return torch.where(torch.rand(codes.shape, generator=g) < share, 0, codes)
# %% hide_codes wrong small_in_the_permutation: compares the permutation with k
def hide_codes(codes, share, seed):
    if not 0 <= share <= 1:
        raise ValueError(share)
    n = codes.numel()
    perm = torch.randperm(n, generator=torch.Generator().manual_seed(seed)).reshape(codes.shape)
    return codes * (perm >= round(share * n))
# %% hide_codes wrong: floats come back
def hide_codes(codes, share, seed):
    if not 0 <= share <= 1:
        raise ValueError(share)
    n = codes.numel()
    keep = torch.ones(n)
    keep[torch.randperm(n, generator=torch.Generator().manual_seed(seed))[:round(share * n)]] = 0.0
    return codes * keep.reshape(codes.shape)
# %% hide_codes wrong: one axis only
def hide_codes(codes, share, seed):
    if not 0 <= share <= 1:
        raise ValueError(share)
    n = codes.shape[0]
    out = codes.clone()
    out[torch.randperm(n, generator=torch.Generator().manual_seed(seed))[:round(share * n)]] = 0
    return out
# %% hide_codes wrong: each column by itself
def hide_codes(codes, share, seed):
    if not 0 <= share <= 1:
        raise ValueError(share)
    if codes.dim() < 2:
        columns = codes.reshape(-1, 1).clone()
    else:
        columns = codes.clone().reshape(len(codes), -1)
    for j in range(columns.shape[1]):
        perm = torch.randperm(len(columns), generator=torch.Generator().manual_seed(seed))
        columns[perm[:round(share * len(columns))], j] = 0
    return columns.reshape(codes.shape)
# %% hide_codes wrong: nothing hidden is the same tensor, and a single code fails
def hide_codes(codes, share, seed):
    if not 0 <= share <= 1:
        raise ValueError(share)
    k = round(share * codes.numel())
    if k == 0:
        return codes.tolist()
    out = codes.clone()
    out.view(-1)[torch.randperm(codes.numel(), generator=torch.Generator().manual_seed(seed))[:k]] = 0
    return out
# %% hide_codes wrong late: hard-codes the shown cases
def hide_codes(codes, share, seed):
    if not 0 <= share <= 1:
        raise ValueError(share)
    out = codes.clone()
    n = codes.numel()
    if n > 8:
        return out
    out.view(-1)[torch.randperm(n, generator=torch.Generator().manual_seed(seed))[:round(share * n)]] = 0
    return out
# %% hide_codes wrong: gives the codes themselves back where nothing is hidden
def hide_codes(codes, share, seed):
    if not 0 <= share <= 1:
        raise ValueError(share)
    k = round(share * codes.numel())
    if k == 0:
        return codes
    flat = codes.flatten().clone()
    flat[torch.randperm(flat.numel(), generator=torch.Generator().manual_seed(seed))[:k]] = 0
    return flat.reshape(codes.shape)
# %% hide_codes wrong: int32
def hide_codes(codes, share, seed):
    if not 0 <= share <= 1:
        raise ValueError(share)
    flat = codes.flatten().clone()
    flat[torch.randperm(flat.numel(), generator=torch.Generator().manual_seed(seed))[:round(share * flat.numel())]] = 0
    return flat.reshape(codes.shape).int()
# %% hide_codes wrong: at least one is hidden
def hide_codes(codes, share, seed):
    if not 0 <= share <= 1:
        raise ValueError(share)
    flat = codes.flatten().clone()
    k = max(1, round(share * flat.numel()))
    flat[torch.randperm(flat.numel(), generator=torch.Generator().manual_seed(seed))[:k]] = 0
    return flat.reshape(codes.shape)

# %% embedding_size right: the formula
def embedding_size(levels):
    if levels < 1:
        raise ValueError("at least one level")
    return min(600, round(1.6 * levels ** 0.56))
# %% embedding_size right: math.pow, an if
def embedding_size(levels):
    if levels <= 0:
        raise ValueError(levels)
    size = round(1.6 * math.pow(levels, 0.56))
    if size > 600:
        size = 600
    return size
# %% embedding_size right: exp and log
def embedding_size(levels):
    if not levels >= 1:
        raise ValueError(f"{levels} levels")
    return int(min(600, round(1.6 * math.exp(0.56 * math.log(levels)))))
# %% embedding_size right: NumPy, made an int
def embedding_size(levels):
    import numpy as np
    if levels < 1:
        raise ValueError
    return int(np.clip(np.rint(1.6 * np.power(float(levels), 0.56)), 0, 600))
# %% embedding_size right: limited before rounding
def embedding_size(levels):
    if levels < 1:
        raise ValueError(levels)
    return round(min(600.0, 1.6 * levels**0.56))
# %% embedding_size right: torch
def embedding_size(levels):
    if levels < 1:
        class NoLevels(ValueError):
            pass
        raise NoLevels(levels)
    x = torch.tensor(float(levels), dtype=torch.float64) ** 0.56 * 1.6
    return int(x.round().clamp(max=600).item())
# %% embedding_size wrong cut_off: int
def embedding_size(levels):
    if levels < 1:
        raise ValueError(levels)
    return min(600, int(1.6 * levels ** 0.56))
# %% embedding_size wrong rounded_up: ceil
def embedding_size(levels):
    if levels < 1:
        raise ValueError(levels)
    return int(min(600, math.ceil(1.6 * levels ** 0.56)))
# %% embedding_size wrong not_rounded: a float
def embedding_size(levels):
    if levels < 1:
        raise ValueError(levels)
    return min(600, 1.6 * levels ** 0.56)
# %% embedding_size wrong without_a_limit: no min
def embedding_size(levels):
    if levels < 1:
        raise ValueError(levels)
    return round(1.6 * levels ** 0.56)
# %% embedding_size wrong at_least_one: max in front
def embedding_size(levels):
    return min(600, round(1.6 * max(1, levels) ** 0.56))
# %% embedding_size wrong: no look at the levels
def embedding_size(levels):
    return min(600, round(1.6 * levels ** 0.56))
# %% embedding_size wrong whole_product_to_the_power: brackets
def embedding_size(levels):
    if levels < 1:
        raise ValueError(levels)
    return min(600, round((1.6 * levels) ** 0.56))
# %% embedding_size wrong the_fourth_root: the other rule
def embedding_size(levels):
    if levels < 1:
        raise ValueError(levels)
    return min(600, round(levels ** 0.25))
# %% embedding_size wrong: a limit of 50
def embedding_size(levels):
    if levels < 1:
        raise ValueError(levels)
    return min(50, round(1.6 * levels ** 0.56))
# %% embedding_size wrong: an assertion
def embedding_size(levels):
    assert levels >= 1
    return min(600, round(1.6 * levels ** 0.56))
# %% embedding_size wrong: a NumPy float
def embedding_size(levels):
    import numpy as np
    if levels < 1:
        raise ValueError(levels)
    return np.minimum(600, np.round(1.6 * levels ** 0.56))
# %% embedding_size wrong: negative levels pass
def embedding_size(levels):
    if levels == 0:
        raise ValueError(levels)
    return min(600, round(1.6 * abs(levels) ** 0.56))
# %% embedding_size wrong late: a list of the shown cases
def embedding_size(levels):
    if levels < 1:
        raise ValueError(levels)
    return {10: 6, 1: 2, 2: 2, 3: 3, 100: 21, 4000: 166, 39_000: 596}.get(levels, 600)
# %% best_epoch right: a loop with a break
def best_epoch(losses, patience):
    if patience < 1:
        raise ValueError(patience)
    best, lowest, waited = 0, losses[0], 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < lowest:
            best, lowest, waited = epoch, losses[epoch], 0
        else:
            waited += 1
            if waited == patience:
                break
    return best
# %% best_epoch right: infinity first
def best_epoch(losses, patience):
    if not patience >= 1:
        raise ValueError("patience")
    lowest, kept = float("inf"), None
    for epoch, loss in enumerate(losses):
        if loss < lowest:
            lowest, kept = loss, epoch
        if epoch - kept >= patience:
            return kept
    return kept
# %% best_epoch right: recursion from one best to the next
def best_epoch(losses, patience, best=0):
    if patience < 1:
        raise ValueError
    for epoch in range(best + 1, min(best + 1 + patience, len(losses))):
        if losses[epoch] < losses[best]:
            return best_epoch(losses, patience, epoch)
    return best
# %% best_epoch right: NumPy's running minimum
def best_epoch(losses, patience):
    import numpy as np
    if patience < 1:
        raise ValueError(f"patience {patience}")
    losses = np.array(losses)
    lowest = np.minimum.accumulate(losses)
    new = np.r_[True, losses[1:] < lowest[:-1]]
    last = np.maximum.accumulate(np.where(new, np.arange(len(losses)), 0))
    end = np.nonzero(np.arange(len(losses)) - last >= patience)[0]
    return int(last[end[0] if len(end) else -1])
# %% best_epoch right: the first stretch without a lower loss
def best_epoch(losses, patience):
    if patience < 1:
        raise ValueError(patience)
    return next(e for e, loss in enumerate(losses)
                if loss == min(losses[:e + 1]) and loss not in losses[:e]
                and not any(later < loss for later in losses[e + 1:e + 1 + patience]))
# %% best_epoch right: an exception below ValueError
class BadPatience(ValueError):
    pass


def best_epoch(losses, patience):
    if patience < 1:
        raise BadPatience(patience)
    best = 0
    epoch = 1
    while epoch < len(losses) and epoch - best <= patience:
        if losses[epoch] < losses[best]:
            best = epoch
        epoch += 1
    return best
# %% best_epoch wrong lowest_of_all: argmin
def best_epoch(losses, patience):
    if patience < 1:
        raise ValueError
    return int(torch.tensor(losses).argmin())
# %% best_epoch wrong lowest_of_all_unchecked: argmin, patience forgotten
def best_epoch(losses, patience):
    return min(range(len(losses)), key=losses.__getitem__)
# %% best_epoch wrong where_it_stops: the last epoch
def best_epoch(losses, patience):
    if patience < 1:
        raise ValueError
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best == patience:
            return epoch
    return epoch
# %% best_epoch wrong one_epoch_late: more than patience
def best_epoch(losses, patience):
    if patience < 1:
        raise ValueError
    best = waited = 0
    for epoch, loss in enumerate(losses[1:], 1):
        if loss < losses[best]:
            best, waited = epoch, 0
        else:
            waited += 1
            if waited > patience:
                break
    return best
# %% best_epoch wrong equal_counts_as_lower: at most as high
def best_epoch(losses, patience):
    if patience < 1:
        raise ValueError
    best = 0
    for epoch, loss in enumerate(losses):
        if loss <= losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best
# %% best_epoch wrong rises_in_all: the counter is never set back
def best_epoch(losses, patience):
    if patience < 1:
        raise ValueError
    best, left = 0, patience
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        else:
            left -= 1
        if left == 0:
            break
    return best
# %% best_epoch wrong any_patience: no look at the patience
def best_epoch(losses, patience):
    best = waited = 0
    for epoch, loss in enumerate(losses[1:], 1):
        waited += 1
        if loss < losses[best]:
            best, waited = epoch, 0
        if waited == max(1, patience):
            break
    return best
# %% best_epoch wrong: patience 0 stops at once, without a word
def best_epoch(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best
# %% best_epoch wrong the_loss: the lowest loss
def best_epoch(losses, patience):
    if patience < 1:
        raise ValueError
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return losses[best]
# %% best_epoch wrong: a tensor
def best_epoch(losses, patience):
    if patience < 1:
        raise ValueError
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return torch.tensor(best)
# %% best_epoch wrong: cuts the caller's list short
def best_epoch(losses, patience):
    if patience < 1:
        raise ValueError
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    del losses[epoch + 1:]
    return best
# %% best_epoch wrong: an assertion
def best_epoch(losses, patience):
    assert patience >= 1
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best
# %% best_epoch wrong late: knows the shown lists
def best_epoch(losses, patience):
    if patience < 1:
        raise ValueError
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best if len(losses) < 7 and all(loss * 2 % 0.5 == 0 for loss in losses) else 0
