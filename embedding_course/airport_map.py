"""The map of lesson 6 once more, for lessons that take it along: airports of the mainland, placed by flown distances."""
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn

from .data import read_airports, read_routes


def airport_map(seed=0):
    """A table of two numbers for each airport of the mainland that had at least five routes in 2001.

    The distance between two rows comes close to the one flown, in thousands of km. Row 0, "(unknown)", is never trained.

    seed : of the start; from some starts a corner of the map stays folded over (lesson 6)
    returns : (list of str, float (levels, 2)), the vocabulary and the rows, which require no gradient
    """
    routes = served_routes()
    vocabulary = ["(unknown)", *sorted({*routes["a"], *routes["b"]})]
    a, b = (torch.tensor([vocabulary.index(name) for name in routes[end]]) for end in ("a", "b"))   # (routes,) each
    thousand_km = torch.tensor(routes["km"].to_numpy() / 1000).float()                              # (routes,)
    generator = torch.Generator().manual_seed(seed)
    table = nn.Embedding.from_pretrained(0.1 * torch.randn(len(vocabulary), 2, generator=generator), freeze=False)
    optimizer = torch.optim.Adam(table.parameters(), lr=0.8)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 60)
    for _ in range(60):
        for batch in torch.randperm(len(routes), generator=generator).split(64):
            optimizer.zero_grad()
            F.mse_loss((table(a[batch]) - table(b[batch])).norm(dim=1), thousand_km[batch]).backward()
            optimizer.step()
        schedule.step()
    return vocabulary, table.weight.detach().clone()


def served_routes() -> pd.DataFrame:
    """The routes of 2001 between mainland airports with at least five of them: a and b, their names in order, and km."""
    airports = read_airports().set_index("iata")
    mainland = airports.index[(airports["longitude"] > -130) & (airports["latitude"] > 24)]
    ends = read_routes()
    ends = ends[ends["origin"].isin(mainland) & ends["destination"].isin(mainland)]
    names = ends[["origin", "destination"]]
    routes = pd.DataFrame({"a": names.min(axis=1), "b": names.max(axis=1), "km": 1.609 * ends["distance"]})
    routes = routes.drop_duplicates(["a", "b"])
    while True:                                                  # a route that falls out may take an airport below five
        count = pd.concat([routes["a"], routes["b"]]).value_counts()
        kept = routes[(routes["a"].map(count) >= 5) & (routes["b"].map(count) >= 5)]
        if len(kept) == len(routes):
            return routes
        routes = kept
