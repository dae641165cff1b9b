"""What watching costs: a training step of a small model on a table of 100,000 levels, with and without the watcher.

    python bench/watcher.py

Two models from the same seed train side by side on the same batches, one of them watched. Each line gives the lower
quartile of the processor time of a step (other work on the machine only ever adds to it), on one thread.
"""
import statistics
import time

import torch
from torch import nn

from embedding_course.rows import watch

LEVELS, DIM, BATCH, STEPS = 100_000, 16, 256, 60
OPTIMIZERS = {
    "SGD": (torch.optim.SGD, {"lr": 0.1}),
    "SGD, momentum": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
    "Adagrad": (torch.optim.Adagrad, {}),
    "RMSprop": (torch.optim.RMSprop, {}),
    "Adam": (torch.optim.Adam, {}),
    "AdamW": (torch.optim.AdamW, {}),
    "SGD, sparse": (torch.optim.SGD, {"lr": 0.1}),
    "Adagrad, sparse": (torch.optim.Adagrad, {}),
    "SparseAdam": (torch.optim.SparseAdam, {}),
}


class Small(nn.Module):
    """One table, one hidden layer of 64: codes (batch,) → (batch, 1)."""

    def __init__(self, sparse):
        super().__init__()
        self.embedding = nn.Embedding(LEVELS, DIM, sparse=sparse)
        self.layers = nn.Sequential(nn.Linear(DIM, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, codes):
        return self.layers(self.embedding(codes))


def twin(name):
    """A model with its two optimizers: the named one for the table, SGD for the layers."""
    kind, options = OPTIMIZERS[name]
    torch.manual_seed(0)
    model = Small(sparse="sparse" in name.lower())
    return model, kind(model.embedding.parameters(), **options), torch.optim.SGD(model.layers.parameters(), lr=0.01)


def seconds_a_step(model, optimizer, layers, codes, targets):
    """Processor time of one training step."""
    start = time.process_time()
    optimizer.zero_grad()
    layers.zero_grad()
    nn.functional.mse_loss(model(codes), targets).backward()
    optimizer.step()
    layers.step()
    return time.process_time() - start


def compare(name):
    """Seconds of a training step without and with the watcher; the two models must end the same."""
    plain, watched = twin(name), twin(name)
    seconds = {plain: [], watched: []}
    with watch(watched[0].embedding, None, watched[1]):
        for _ in range(STEPS):
            codes, targets = torch.randint(LEVELS, (BATCH,)), torch.randn(BATCH, 1)
            for each in seconds:
                seconds[each].append(seconds_a_step(*each, codes, targets))
    assert torch.equal(plain[0].embedding.weight, watched[0].embedding.weight)
    return [statistics.quantiles(times)[0] for times in seconds.values()]


def main():
    """Print the table."""
    torch.set_num_threads(1)
    print(f"{LEVELS:,} levels x {DIM}, batch {BATCH}, {STEPS} steps each, torch {torch.__version__}, one thread\n")
    print(f"{'optimizer':<18}{'step':>10}{'watched':>10}{'watching':>10}   costs, in steps")
    for name in OPTIMIZERS:
        plain, watched = compare(name)
        cost = watched - plain
        print(f"{name:<18}{plain * 1e3:>7.2f} ms{watched * 1e3:>7.2f} ms{cost * 1e3:>7.2f} ms   {cost / plain:.2f}")


if __name__ == "__main__":
    main()
