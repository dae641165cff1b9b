"""Small networks on a table's columns, from several random starts at once: for experiments in which one start is none."""
import math

import torch
from torch import nn
from torch.optim import Adam


class Layers(nn.Module):
    """A linear layer for each network, started as `nn.Linear` is: (starts, n, inputs) → (starts, n, outputs)."""

    def __init__(self, starts, inputs, outputs):
        super().__init__()
        bound = 1 / math.sqrt(max(inputs, 1))
        self.weight = nn.Parameter(torch.empty(starts, inputs, outputs).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(starts, 1, outputs).uniform_(-bound, bound))

    def forward(self, x):
        return torch.baddbmm(self.bias, x, self.weight)


class Networks(nn.Module):
    """`TabularModel` with one layer between, several times: a row of a table holds the networks' rows side by side.

    levels, dims : of each table, lists of int
    continuous : how many numbers a record has
    width : units of the layer between
    std : of the normal distribution that the rows start from
    starts : how many networks
    seed : of the starts, for torch's global generator
    """

    def __init__(self, levels, dims, continuous=0, width=32, std=0.1, starts=5, seed=0):
        super().__init__()
        torch.manual_seed(seed)
        self.starts = starts
        self.embeddings = nn.ModuleList(nn.Embedding(n, starts * dim) for n, dim in zip(levels, dims, strict=True))
        for table in self.embeddings:
            nn.init.normal_(table.weight, std=std)
        self.first, self.last = Layers(starts, sum(dims) + continuous, width), Layers(starts, width, 1)

    def rows(self, column):
        """The table of one column, for each network: (starts, levels, dim)."""
        return self.embeddings[column].weight.unflatten(1, (self.starts, -1)).transpose(0, 1)

    def units(self, codes, numbers):
        """What comes through the layer between: (starts, n, width)."""
        rows = [table(codes[:, j]).unflatten(1, (self.starts, -1)) for j, table in enumerate(self.embeddings)]
        numbers = numbers.unsqueeze(1).expand(-1, self.starts, -1)                   # (n, starts, continuous)
        return torch.relu(self.first(torch.cat([*rows, numbers], dim=2).transpose(0, 1)))

    def forward(self, codes, numbers):
        """Predictions (starts, n) for codes (n, columns) and numbers (n, continuous)."""
        return self.last(self.units(codes, numbers)).squeeze(2)


def squared_errors(model, codes, numbers, targets):
    """The mean squared error of each network, (starts,)."""
    with torch.no_grad():
        return (model(codes, numbers) - targets).square().mean(dim=1)


def fit_all(model, codes, numbers, targets, optimizer=Adam, lr=0.02, epochs=5, after=None):
    """Trains on batches of 512 with a rate that falls to zero; each network gets the gradient that it would get alone.

    after : called with the epoch, from 1, after each; ends the training if it says True
    returns : the model
    """
    shuffle, steps = torch.Generator().manual_seed(0), epochs * math.ceil(len(targets) / 512)
    optimizer = optimizer(model.parameters(), lr=lr)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for epoch in range(1, epochs + 1):
        for batch in torch.randperm(len(targets), generator=shuffle).split(512):
            optimizer.zero_grad()
            (model(codes[batch], numbers[batch]) - targets[batch]).square().mean(dim=1).sum().backward()
            optimizer.step()
            falling.step()
        if after and after(epoch):
            break
    return model
