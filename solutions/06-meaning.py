# ---
# jupyter:
#   lesson:
#     minutes: 45
#     points: 10
# ---
# %% [markdown] slide="slide" answers="11"
# # Do the numbers mean anything?
#
# **45 minutes, 2 exercises, two more at home.** "They say the embeddings take on meaning, and plot them. What meaning,
# and how would I know?" We train rows on something whose truth is known, and measure. When you are through, you can
# - say what of a row's numbers is fixed by the loss, and what the random start put there;
# - tell a table that failed from one that didn't, without knowing the truth;
# - look at somebody's plot of an embedding and ask the right questions.
# %%
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import SGD, Adam, AdamW
from torch.optim.lr_scheduler import LinearLR

from embedding_course import check, passed
from embedding_course.data import read_airports, read_flights, read_routes
from embedding_course.figures import show
from embedding_course.maps import flat_map, laid_over
from embedding_course.pictures import meaning as pictures
from embedding_course.pictures.meaning_player import film
from embedding_course.rows import take_step

torch.set_num_threads(1)
# %% [markdown] slide="slide"
# ## Distances, and nothing else
#
# Pairs of US airports, the miles between them, and how many flights there were. We leave out what lies across the
# sea, and count a pair once, whichever way it is flown.
# %% slide="fragment"
overseas = {"AK", "HI", "PR", "VI"}
states = read_airports().set_index("iata")["state"]
routes = read_routes()
ends = routes[["origin", "destination"]]
routes = routes.assign(a=ends.min(axis=1), b=ends.max(axis=1))
routes = routes.groupby(["a", "b"], as_index=False).agg({"distance": "min", "flights": "sum"})
routes = routes[~routes["a"].map(states).isin(overseas) & ~routes["b"].map(states).isin(overseas)]
routes.head(3)
# %% [markdown] slide="notes"
# No coordinates anywhere. We keep airports with at least five routes to others that are kept, for a reason to come.
# %%
def well_connected(routes, fewest):
    """The routes left when airports with fewer than `fewest` are taken out, again and again."""
    count = routes[["a", "b"]].stack().value_counts()
    few = count.index[count < fewest]
    if few.empty:
        return routes
    return well_connected(routes[~routes["a"].isin(few) & ~routes["b"].isin(few)], fewest)


kept = well_connected(routes, 5)
names = sorted({*kept["a"], *kept["b"]})
code = {name: i for i, name in enumerate(names)}
pairs = torch.tensor([[code[a], code[b]] for a, b in zip(kept["a"], kept["b"], strict=True)])   # (routes, 2), codes
far = torch.tensor(kept["distance"].to_numpy() * 1.609344 / 1000).float()                       # (routes,), 1,000 km
print(len(names), "airports,", len(pairs), "routes")
# %% [markdown] slide="slide" answers="P37 P40"
# ## The model is a table
#
# A row of two numbers for each airport. The predicted distance of two airports is the distance of their rows, by
# Pythagoras. Both ends of a route look into the *same* table.
#
# One more thing: we train ten tables side by side, from ten random starts. They lie one below the other in one weight,
# and share nothing.
# %%
class Distances(nn.Module):
    """The distance of two airports, from their rows and nothing else."""

    def __init__(self, levels, dim=2, tables=1):
        super().__init__()
        self.embedding = nn.Embedding(tables * levels, dim)
        nn.init.normal_(self.embedding.weight, std=0.1)               # a small start, see below
        self.first = levels * torch.arange(tables).reshape(-1, 1, 1)  # the row where each table begins

    def forward(self, pairs):
        a, b = self.embedding(pairs + self.first).unbind(dim=2)       # (tables, batch, dim) each
        return ((a - b) ** 2).sum(dim=-1).sqrt()                      # (tables, batch)


torch.manual_seed(0)
ten = Distances(len(names), tables=10)
print({name: tuple(weight.shape) for name, weight in ten.named_parameters()})
# %% [markdown] slide="notes"
# That is all of it: no other layer, no word vectors, no aim of its own. What the rows become, the loss alone will say.
#
# Look at the first table, and at the rows nearest to Seattle's:
# %% slide="fragment"
def nearest_names(rows, names, name, k=3):
    """The k airports whose rows are nearest to that of `name`."""
    away = (rows - rows[names.index(name)]).norm(dim=1)
    return [names[i] for i in away.argsort()[1:k + 1]]


start = ten.embedding.weight.detach().clone()[:len(names)]            # (airports, dim 2), the first table
print("nearest to SEA:", nearest_names(start, names, "SEA"))
show(pictures.sheets(names, {"Before training: a random cloud": start}), """About a hundred airports as points
without any order; marks of all four regions lie mixed up.""")
# %% [markdown] slide="notes"
# Noise: Seattle's neighbours come from anywhere.
#
# A step shows what the loss will do. One batch: Seattle to Portland and to Atlanta.
# %% slide="subslide"
one = Distances(len(names))
two = torch.tensor([[code["PDX"], code["SEA"]], [code["ATL"], code["SEA"]]])     # (batch 2, 2)
truly = torch.tensor([0.21, 3.51])                                               # (batch 2,), 1,000 km
((one(two) - truly) ** 2).sum().backward()
take_step(one.embedding, names, two, SGD(one.parameters(), lr=0.1).step)
# %% [markdown] slide="slide"
# Three rows moved. Seattle was looked up twice, once at the end of each route, and both pulls went into its one row:
# that is what sharing a table means. Each route pushes its two rows apart, or pulls them together, *along the line
# between them*.
#
# ## Exercise: `predicted_distance` (3 points, 10 minutes)
#
# Rows `[[0, 0], [3, 4]]`, `a = [0, 1]`, `b = [1, 1]` give `[5, 0]`. In your version, two rows may coincide. Then the
# square root is in trouble:
# %% slide="fragment"
rows = torch.tensor([[1.0, 2.0], [1.0, 2.0]], requires_grad=True)
((rows[0] - rows[1]) ** 2).sum().sqrt().backward()
rows.grad
# %% [markdown] slide="fragment"
# The slope of a root at 0 is infinite, times 0 it is `nan`, and one step with it poisons the row for good.
#
# Write the distance for a table of any width: within 1e-4 of the exact value, and with a finite gradient even there. A
# code outside the table raises `IndexError`, a negative one too. Decide first: if you add a little something to keep
# away from zero, is it inside the root or outside, and how much does it shift the value?
# %% exercise="predicted_distance"
def predicted_distance(weight, a, b):
    """Euclidean distance between rows `a` and rows `b` of a table.

    weight : float (levels, dim)
    a, b : int64 (n,), codes in 0 .. levels - 1
    returns : float (n,), within 1e-4 of the exact distance; its gradient is finite even where two rows coincide
    raises : IndexError for a code outside 0 .. levels - 1, negative ones included
    """
    ### BEGIN SOLUTION
    for codes in (a, b):
        if codes.min() < 0 or codes.max() >= len(weight):
            raise IndexError(f"codes {codes.tolist()} are not all in 0 .. {len(weight) - 1}")
    return (weight[a] - weight[b]).norm(dim=1)            # the gradient of norm is 0 at 0
    ### END SOLUTION
# %% check="predicted_distance"
check("predicted_distance")
# %% [markdown]
# ## Training
#
# The loop of lesson 4, with two additions: the learning rate falls to zero along a line, and copies of the weight are
# kept from some moments, to look at later.
# %%
moments = {round(1.2 ** i) for i in range(50)}                        # step 1, 2, 3, …, 22, …, 237, …


def train(model, pairs, target, lr, passes):
    """Train by mean squared error. returns : the weight, and what it was at some moments, a dict by step"""
    optimizer = Adam(model.parameters(), lr=lr, fused=True)           # fused: the same, quicker
    cooling = LinearLR(optimizer, 1, 0, total_iters=passes)
    weight, step, history = model.embedding.weight.detach(), 0, {}
    history[0] = weight.clone()
    for _ in range(passes):
        for batch in torch.randperm(len(target)).split(64):
            optimizer.zero_grad()
            ((model(pairs[batch]) - target[batch]) ** 2).mean(dim=-1).sum().backward()
            optimizer.step()
            step += 1
            if step in moments:
                history[step] = weight.clone()
        cooling.step()
    return weight, history | {step: weight.clone()}
# %% [markdown]
# And how far off is it on its own routes, in km? A typical error, the root of the mean square:
# %%
def misses(model, pairs, target):
    """Root mean square error in km (tables,)."""
    return 1000 * (model(pairs) - target).square().mean(dim=-1).sqrt().detach()


print("before training, the first table misses by", round(misses(ten, pairs, far)[0].item()), "km")
# %% [markdown] slide="slide"
# That is hardly better than always saying 0. **Before you run it: which three airports will be nearest to Seattle's
# row?** The codes of some towns of the West: PDX Portland, GEG Spokane, BOI Boise, RNO Reno, SFO San Francisco, SLC
# Salt Lake City.
# %% guess="seattle"
guess = [None, None, None]
# %% slide="fragment"
torch.manual_seed(0)
weight, history = train(ten, pairs, far, lr=0.8, passes=150)
tables = weight.reshape(10, len(names), 2)                           # (tables 10, airports, dim 2)
best = misses(ten, pairs, far).argmin().item()                       # the table that misses its own routes least
print("you said", guess, "and it is", nearest_names(tables[best], names, "SEA"))
# %% [markdown] slide="notes"
# Portland, Spokane, Boise: towns that lie there. (Of the ten tables we take the one that misses its own routes least.)
# Nobody told it where Seattle is. What does all of it look like? Press *Play*.
# %% slide="subslide"
where = read_airports().set_index("iata").loc[names]
truth = flat_map(where["latitude"], where["longitude"])              # (airports, 2), 1,000 km
frames = {step: kept.reshape(10, -1, 2)[best] for step, kept in history.items()}     # (airports, 2) each
film(names, frames, truth, """Points of about a hundred airports, coloured by region. They start in a heap, fly
apart, sort themselves by region and settle as a map of the United States, turned and perhaps mirrored; at the end
they are turned onto the outlines of the states.""")
# %% [markdown] slide="notes"
# The rows start as a heap, fly apart, and sort themselves: first the regions, then the towns. They settle into a map
# of the United States that no one drew. Only at the end is it turned onto the states, as one stiff sheet.
#
# The same in four pictures, each as large as its rows need:
# %% slide="subslide"
stills = {f"after {step:,} steps": frames[step] for step in (0, 22, 237, 3450)}
show(pictures.sheets(names, stills, together=False), """Four panels. At the start the regions are mixed; after 22
steps they begin to part; after 237 and at the end each region keeps together, in the order of the map.""")
# %% [markdown] slide="slide" answers="11"
# ## Against the real map
#
# `truth` holds what training never saw: latitude and longitude, laid flat. `laid_over` shifts, turns, mirrors and
# stretches the rows as a whole until they fit best. **How far from its true place will a typical airport (the median)
# be, in km?**
# %% guess="median-error"
guess = None
# %% slide="subslide"
def errors(rows, truth, by=slice(None)):
    """How far each row lies from its true place, once the rows `by` are laid over theirs (airports,), in km."""
    return 1000 * (laid_over(rows, truth, by) - truth).norm(dim=1)


print("you said", guess, "and it is", round(errors(tables[best], truth).median().item(), 1), "km")
show(pictures.over_the_map(names, tables[best], truth), """The outlines of the states. Each airport's mark sits on or
beside the place where it is: Seattle in the north-west, Miami in the south-east, Boston in the north-east. The lines
to the true places are hardly to be seen.""")
# %% [markdown] slide="notes"
# About 5 km, in a country 4,500 km wide. What is left is hardly the table's fault: the globe is round, the rows are
# flat, and the distances are whole miles.
#
# Was it luck? There are nine more tables. R² says how much of the places' spread is explained: 1 is all of it.
# %%
def r_squared(rows, truth):
    """1 − squared error ÷ squared spread, over both axes together."""
    spread = (truth - truth.mean(dim=0)).square().sum()
    return (1 - (laid_over(rows, truth) - truth).square().sum() / spread).item()


result = {"R²": [r_squared(rows, truth) for rows in tables],
          "median error, km": [errors(rows, truth).median().item() for rows in tables],
          "training misses by, km": misses(ten, pairs, far).tolist()}
pd.DataFrame(result).round(4)
# %% [markdown] slide="fragment"
# Ten starts, ten maps. (Perhaps one in a hundred folds; it would stand out in the last column, see below.)
#
# *The rows mean what the loss needs them to mean: here, places.*
#
# ## Exercise: `align` (1 point, 10 minutes, at home)
#
# Write `laid_over` yourself, with R². `points` `[[0, 0], [0, 2]]` on `target` `[[1, 1], [5, 1]]` become the target
# itself, and R² is 1: turned by a right angle, stretched by two, shifted.
#
# The best turn comes from an SVD of `points.T @ target`, both centred. Decide first: may the turn be a mirror image
# too? What if the points must be stretched? And is R² taken for each axis, or over both together?
# %% exercise="align"
def align(points, target):
    """Points moved, scaled, rotated and if need be mirrored onto a target as closely as possible (Procrustes).

    points, target : float (n, 2), neither all in one place
    returns : (Tensor (n, 2), float), the moved points, and R² over both axes together
    """
    ### BEGIN SOLUTION
    points, target = points.detach().double(), target.detach().double()     # more digits, so that less is rounded
    centred, goal = points - points.mean(dim=0), target - target.mean(dim=0)
    left, sizes, right = torch.linalg.svd(centred.T @ goal)
    moved = centred @ left @ right * sizes.sum() / centred.square().sum()
    r_squared = 1 - (moved - goal).square().sum() / goal.square().sum()
    return (moved + target.mean(dim=0)).float(), r_squared.float().item()
    ### END SOLUTION
# %% check="align"
check("align")
# %%
if passed("align"):
    print("your R² of the best table:", round(align(tables[best], truth)[1], 4))
# %% [markdown] slide="slide"
# ## What is fixed, and what isn't
#
# Two of the ten tables, as they are. Same data, same loss, other start. **Before you run it: in which of these will
# they agree?** Write `True` or `False`.
# %% slide="fragment" guess="agree"
guess = {"coordinates": None, "distances": None, "nearest rows": None}
# %% slide="fragment"
def is_mirrored(rows, other):
    """Whether one sheet must be turned over to fit the other."""
    return torch.linalg.det((rows - rows.mean(dim=0)).T @ (other - other.mean(dim=0))).item() < 0


first = tables[best]
second = next(rows for rows in tables if is_mirrored(first, rows))
closest = [[nearest_names(rows, names, name, 1) for name in names] for rows in (first, second)]
agree = {"coordinates": torch.allclose(first, second, atol=0.05),
         "distances": torch.allclose(torch.cdist(first, first), torch.cdist(second, second), atol=0.05),
         "nearest rows": sum(a == b for a, b in zip(*closest, strict=True)) / len(names) > 0.95}
pd.DataFrame({"you said": guess, "agree": agree})
# %% [markdown] slide="subslide"
# All distances agree within 50 km, and nearly all nearest rows with them. The coordinates don't: the sheets are
# turned, and this pair is mirrored too. The loss sees distances only, so nothing tells it where north is, or which
# side is up.
#
# Then an idea: two runs are better than one, so take the mean of both tables. **How far off will the mean be, in km?**
# %% guess="mean-of-two"
guess = None
# %% slide="subslide"
mean = (first + second) / 2
print("you said", guess, "and the median error is", round(errors(mean, truth).median().item()), "km")
show(pictures.sheets(names, {"one": first, "another": second, "their mean": mean}), """Three panels: one map, the
same map turned and mirrored, and their mean: all airports on one straight line.""")
# %% [markdown] slide="slide"
# A line: the mean of a sheet and its mirror image has no width. (Two sheets of the same side would have made a smaller
# map, by luck. In more columns there is hardly ever such luck.) A column has no meaning of its own, so columns of two
# runs can't be mixed.
#
# *Compare distances and neighbours, never coordinates.*
#
# ## Exercise: `nearest` (3 points, 10 minutes)
#
# The k rows nearest to row `code`, itself left out, nearest first. With rows `[[0], [5], [1], [-1]]`, `nearest(weight,
# 0, 2)` is `[2, 3]`: both are one away, and the lower code comes first. `k` outside 1 … levels − 1 raises
# `ValueError`, a code outside the table `IndexError`.
#
# Decide first: `argsort()[1:]` leaves out the first in line. Is that always the row itself? And which of two equals
# does it put first?
# %% exercise="nearest"
def nearest(weight, code, k):
    """Codes of the k rows nearest to one row, by Euclidean distance, nearest first, ties by the lower code.

    weight : float (levels, dim)
    code : int, 0 .. levels - 1; this row itself is left out
    k : int, 1 .. levels - 1
    returns : int64 (k,)
    raises : IndexError for a code outside, ValueError for a k outside
    """
    ### BEGIN SOLUTION
    if not 0 <= code < len(weight):
        raise IndexError(f"code {code} is outside 0 .. {len(weight) - 1}")
    if not 1 <= k < len(weight):
        raise ValueError(f"k {k} is outside 1 .. {len(weight) - 1}")
    distances = (weight.detach() - weight.detach()[code]).norm(dim=1)      # (levels,)
    distances[code] = float("inf")
    return distances.argsort(stable=True)[:k]
    ### END SOLUTION
# %% check="nearest"
check("nearest")
# %%
if passed("nearest"):
    print("nearest to JFK:", [names[i] for i in nearest(tables[best], code["JFK"], 3)])
# %% [markdown] slide="slide"
# Three more airports of New York and around, from your own function.
#
# ## When the map folds
#
# Now all airports of the mainland, also those with a single route. An airport has two routes, so two distances are
# known. **How many places on a map fit both?**
# %% guess="two-routes"
guess = None
# %%
everyone = sorted({*routes["a"], *routes["b"]})
number = {name: i for i, name in enumerate(everyone)}
all_pairs = torch.tensor([[number[a], number[b]] for a, b in zip(routes["a"], routes["b"], strict=True)])
all_far = torch.tensor(routes["distance"].to_numpy() * 1.609344 / 1000).float()
count = torch.bincount(all_pairs.flatten())                          # (airports,), routes of each
torch.manual_seed(0)
loose = Distances(len(everyone), tables=10)
loose_tables = train(loose, all_pairs, all_far, lr=0.8, passes=60)[0].reshape(10, -1, 2)
# %% slide="fragment"
places = read_airports().set_index("iata").loc[everyone]
all_truth = flat_map(places["latitude"], places["longitude"])        # (airports, 2)
off = torch.stack([errors(rows, all_truth, count >= 10) for rows in loose_tables])           # (tables 10, airports), km
wrong = {n: (off[:, count == n] > 100).float().mean().item() for n in (1, 2, 3)}
wrong["10 or more"] = (off[:, count >= 10] > 100).float().mean().item()
print("you said", guess)
pd.Series(wrong, name="off by more than 100 km").map("{:.0%}".format)
# %% [markdown] slide="notes"
# Two: two circles meet in two points. So with two routes the start tosses a coin, and about half land on the wrong
# side. One route leaves a whole circle, and from three on the place is tied down, if the neighbours are.
#
# Every airport, in each of the ten tables:
# %% slide="subslide"
show(pictures.error_by_routes(count, off), """Error in km against number of routes, both on a logarithmic scale. With
one route most marks lie above 100 km, with two they fall into two heaps, from about five on most lie near 6 km; a
thin cloud of marks far above goes on to the right.""")
# %% [markdown] slide="notes"
# Few routes, badly placed: that is why we left those airports out before. But some marks far above the dashed line
# (100 km) have six routes and more. Look at one group of them, in the table where it is worst:
# %% slide="subslide"
montana = ["FCA", "MSO", "GTF", "HLN", "BIL"]
worst = off[:, number["FCA"]].argmax().item()
show(pictures.hinges(everyone, loose_tables[worst], all_truth, montana, ("MSP", "SLC"), count >= 10), """Five
airports of Montana should lie north of a line from Minneapolis to Salt Lake City. They were put south of it, as if
mirrored in that line.""")
# %% [markdown] slide="slide"
# Montana lies in Colorado. Its airports know one another well, but nearly all their routes to the rest of the country
# go to two cities, Minneapolis and Salt Lake City. The group hangs on two hinges and was folded over the line between
# them. Every distance is nearly right.
#
# *What is placed is what the data ties down.*
#
# ## Would you know without the truth?
#
# Here you had latitudes. For your own categories you have none. What you have is the training error. **Before you run
# it: will a folded table miss its own routes by more than a right one?** Write `True` or `False`.
# %% guess="would-you-know"
guess = None
# %% slide="subslide"
torch.manual_seed(0)
timid = Distances(len(names), tables=10)
timid_tables = train(timid, pairs, far, lr=0.05, passes=30)[0].reshape(10, -1, 2)
runs = {"learning rate 0.8": (ten, pairs, far, tables, truth),
        "learning rate 0.05": (timid, pairs, far, timid_tables, truth),
        "all airports": (loose, all_pairs, all_far, loose_tables, all_truth)}
medians = {title: (misses(model, codes, target), torch.stack([errors(rows, true).median() for rows in result]))
           for title, (model, codes, target, result, true) in runs.items()}
print("you said", guess)
show(pictures.told_by_training(medians), """Ten marks a run. With the learning rate 0.8 all sit in the lower left
corner: they miss their routes by about 2 km and the map by about 5. With 0.05 most miss both by up to hundreds of
km. All airports: in between.""")
# %% [markdown] slide="notes"
# The training error tells. Our ten sit in one corner. With a small learning rate most tables folded, though every
# airport has its five routes: to unfold, a row must pass *through* its neighbours, where the loss is higher. Large
# steps jump over that hill; small ones stay in front of it. Letting the rate fall slowly gives time to settle.
#
# So train several starts, and keep the one that misses least.
# %% [markdown] slide="slide" answers="P50"
# ## What made this possible? The target
#
# Suppose the target had been another: not how far, but how *busy* a route is. Same airports, same pairs, same model;
# now a short distance stands for many flights. On the distance map St. Louis lies near the middle. **Which airports
# will be in the middle now?** Names or codes, as you like.
# %% guess="middle"
guess = []
# %% slide="fragment"
def middle(rows, names, k=6):
    """The k airports nearest to the middle of all rows."""
    return [names[i] for i in (rows - rows.mean(dim=0)).norm(dim=1).argsort()[:k]]


flights = torch.tensor(kept["flights"].to_numpy()).float()            # (routes,)
quiet = flights.max().log10() - flights.log10()                       # (routes,), 0 for the busiest
torch.manual_seed(0)
by_traffic = train(Distances(len(names)), pairs, quiet, lr=0.8, passes=20)[0]
print("you said", guess)
pd.DataFrame({"by distance": middle(first, names), "by traffic": middle(by_traffic, names)})
# %% [markdown] slide="subslide"
# The hubs. Same data, another target, another table: what a row means, the target decides. And where a column has
# nothing to do with the target? Distances don't change with the year, and hardly with the month. **Before you run it:
# whose rows will tell their levels apart, those of months or those of carriers?** Flights from New York, their miles
# as the target.
# %% guess="which-column"
guess = None
# %% slide="fragment"
def learned_miles(values, miles):
    """A table of one column, trained to predict miles: what each level's row says in the end, as a Series."""
    levels, codes = sorted(set(values)), values.astype("category").cat.codes
    codes, target = torch.tensor(codes.to_numpy()).long(), torch.tensor(miles.to_numpy() / 1000).float()
    torch.manual_seed(0)
    model = nn.Sequential(nn.Embedding(len(levels), 2), nn.Linear(2, 1))
    optimizer = Adam(model.parameters(), lr=0.1)
    for _ in range(100):
        optimizer.zero_grad()
        F.mse_loss(model(codes).squeeze(1), target).backward()
        optimizer.step()
    return pd.Series(1000 * model(torch.arange(len(levels))).detach().squeeze(1), levels).round(-2).astype(int)


sample = read_flights().sample(5000, random_state=0)
print("you said", guess)
for column in ("month", "carrier"):
    print(column, learned_miles(sample[column], sample["distance"]).sort_values().to_dict())
# %% [markdown] slide="slide"
# All months say much the same: there was nothing to learn. The carriers lie far apart, from those that fly short hops
# to Hawaiian (HA). *A row can only mean what the target can see.*
#
# ## What made this possible? The head
#
# The head is what comes after the rows. Ours was Pythagoras. Now a small network takes both rows, side by side, and
# predicts the same distances. **Before you run it: will its rows make a map?** Write `True` or `False`.
# %% guess="mlp-map"
guess = None
# %% slide="fragment"
class FreeHead(nn.Module):
    """The distance of two airports, from their rows by a network."""

    def __init__(self, levels):
        super().__init__()
        self.embedding = nn.Embedding(levels, 2)
        self.head = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, pairs):
        return self.head(self.embedding(pairs).flatten(start_dim=1)).squeeze(1)      # (batch, 4) → (batch,)


torch.manual_seed(0)
free = FreeHead(len(names))
free_rows = train(free, pairs, far, lr=0.02, passes=30)[0]
explained = 1 - (misses(free, pairs, far) / 1000).square() / far.var()
print(f"you said {guess}; distances explained: {explained:.0%}; places explained: {r_squared(free_rows, truth):.0%}")
# %% slide="subslide"
show(pictures.sheets(names, {"head: Pythagoras": first, "head: a network": free_rows}), """Two panels. Left the map;
right a cloud in which the regions are partly together, and in which nobody would know the country.""")
# %% [markdown] slide="slide" answers="11"
# It predicts most of the distances, and its rows are no map. A network can untangle rows that lie anyhow, so nothing
# makes them lie well. *The head decides the geometry. If it computes with distances, distances mean something.*
#
# ## When a picture means nothing
#
# Most heads begin with a linear layer. Six airlines, two columns, and the delay that the layer makes of a row:
# %%
airlines = ["AA", "B6", "DL", "HA", "UA", "WN"]
rows = torch.tensor([[0, 0], [0, 1.25], [2, 0], [2, 1.25], [4.5, 0], [4.5, 1.25]])       # (levels 6, dim 2)
layer = torch.tensor([[1.0], [2.0]])                                                     # (dim 2, out 1)
change = torch.tensor([[0.5, 0.0], [0.0, 2.0]])                                          # has an inverse
moved, moved_layer = rows @ change, torch.linalg.inv(change) @ layer
# %% [markdown] slide="fragment"
# The first column is halved, the second doubled; the layer is changed the other way round. **Before you run it: which
# stays as it was?** Write `True` or `False`.
# %% guess="linear-layer"
guess = {"predictions": None, "nearest rows": None}
# %% slide="fragment"
same = {"predictions": torch.allclose(rows @ layer, moved @ moved_layer),
        "nearest rows": all(nearest_names(rows, airlines, name, 1) == nearest_names(moved, airlines, name, 1)
                            for name in airlines)}
pd.DataFrame({"you said": guess, "stays": same})
# %% slide="subslide"
show(pictures.neighbours({"one table": rows, "another, same predictions": moved}, airlines), """Six airlines in two
panels. The predictions are the same, but the lines from each airline to its nearest lead elsewhere.""")
# %% [markdown] slide="notes"
# Every prediction is the same, and the neighbours are others. No data can say which table is the right one. So before
# a linear layer, "these two lie close together" is a fact about the start and the optimizer as much as about the data.
# %% [markdown] slide="slide" answers="P21 P38"
# ## The start that stays
#
# Ten levels of two kinds: even ones have the effect 0, odd ones 1. Levels of one kind act exactly alike. A small
# network learns that perfectly. By chance the nearest row would be of the same kind in 4 of 9 cases. **With PyTorch's
# start, N(0, 1): in which share of cases will it be?**
# %% guess="start-noise"
guess = None
# %%
kind = torch.arange(10) % 2                                          # (levels 10,)


def learn_kinds(seed, std, decay):
    """Train a table and a network on the two kinds; the rows (10, 8), and the mean squared error in the end."""
    torch.manual_seed(seed)
    table = nn.Embedding(10, 8)
    nn.init.normal_(table.weight, std=std)
    model = nn.Sequential(table, nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1))
    optimizer = AdamW(model.parameters(), lr=0.02, weight_decay=decay, fused=True)
    for _ in range(100):
        optimizer.zero_grad()
        loss = F.mse_loss(model(torch.arange(10)).squeeze(1), kind.float())
        loss.backward()
        optimizer.step()
    return table.weight.detach(), loss.item()
# %% slide="subslide"
starts = {"N(0, 1)": (1.0, 0.0), "N(0, 0.1²)": (0.1, 0.0), "N(0, 1), with decay": (1.0, 1.0)}
learned = {title: [learn_kinds(seed, std, decay) for seed in range(5)] for title, (std, decay) in starts.items()}
levels = [str(level) for level in range(10)]
shares = {}
for title, runs in learned.items():
    closest = [(level, nearest_names(rows, levels, level, 1)[0]) for rows, _ in runs for level in levels]
    alike = sum(int(level) % 2 == int(other) % 2 for level, other in closest) / len(closest)
    shares[title] = {"fits": all(loss < 0.005 for _, loss in runs), "nearest is alike": f"{alike:.0%}"}
print("you said", guess)
pd.DataFrame(shares).T
# %% [markdown] slide="fragment"
# All three fit. With N(0, 1) the nearest row is of the same kind not much more often than chance would have it: the loss
# needs one direction of the eight, and in the other seven the start's noise stays for ever. A good loss is no promise
# of a good picture.
#
# A small start leaves little noise, and decay takes it away. That is why our airports began at 0.1. *If you want to
# look at the rows, start small or let them decay.*
#
# ## Exercise: `project` (1 point, 10 minutes, at home)
#
# Eight columns don't fit on paper. Principal components turn the table so that as much spread as possible lies in the
# first columns; the picture shows two of them. Rows `[[1, 5], [3, 5], [8, 5]]` with `dims=1` give `[[-3], [-1], [4]]`:
# centred, and in each column the number that is largest by size is positive.
#
# Decide first: what is subtracted before the SVD? Where in its result are directions, and where are sizes? And why
# does the sign need a rule at all?
# %% exercise="project"
def project(weight, dims=2):
    """Coordinates of the rows on the first principal components.

    weight : float (levels, dim)
    dims : int, at most min(levels - 1, dim)
    returns : float (levels, dims), centred; in each column the entry of the largest magnitude is positive
    """
    ### BEGIN SOLUTION
    weight = weight.detach().double()                                    # more digits, so that less is rounded
    centred = weight - weight.mean(dim=0)
    _, _, directions = torch.linalg.svd(centred, full_matrices=False)
    coordinates = centred @ directions[:dims].T                          # (levels, dims)
    largest = coordinates.gather(0, coordinates.abs().argmax(dim=0, keepdim=True))
    return (coordinates * largest.sign()).float()
    ### END SOLUTION
# %% check="project"
check("project")
# %% [markdown]
# ## What the projection hides, at home
#
# One of the tables that started at N(0, 1), in eight columns, with the two main components as a picture. **Of ten
# levels, how many have in the picture the nearest that they have in the table?**
# %% guess="hidden"
guess = None
# %%
def main_two(rows):
    """The rows on their two main components, and the share of the spread that these hold."""
    spread, directions = torch.linalg.eigh((rows - rows.mean(dim=0)).T @ (rows - rows.mean(dim=0)))
    return rows @ directions[:, -2:], (spread[-2:].sum() / spread.sum()).item()


noisy, calm = (learned[title][0][0] for title in ("N(0, 1)", "N(0, 0.1²)"))
flat, share = main_two(noisy)
agree = sum(nearest_names(noisy, levels, level, 1) == nearest_names(flat, levels, level, 1) for level in levels)
print(f"you said {guess}; {agree} of 10; the picture holds {share:.0%} of the spread")
show(pictures.neighbours({"N(0, 1)": flat, "N(0, 0.1²)": main_two(calm)[0]}, kinds=kind.tolist()), """Two panels of
ten levels, odd ones filled. Left they lie mixed, with lines to neighbours of both kinds; right they form two tight
heaps, one of each kind.""")
# %% [markdown]
# What lies close on paper may be far apart in the directions that were dropped. So a picture of an embedding should
# come with the share that it holds, and with distances taken from the table. Its axes are mixtures of columns and have
# no names.
# %% [markdown] answers="P46 P18"
# ## Angles or distances, at home
#
# "Similar" is often measured by the cosine, the angle seen from the zero point. In our map the zero point is an
# accident: shift all rows alike, and no prediction changes. Do the neighbours?
# %%
def by_angle(rows, name):
    """The three airports in most nearly the same direction from zero."""
    alike = F.cosine_similarity(rows, rows[names.index(name)].unsqueeze(0))
    return [names[i] for i in alike.argsort(descending=True)[1:4]]


shifted = first + torch.tensor([3.0, 0.0])
print("distance:", nearest_names(first, names, "ATL"), "→", nearest_names(shifted, names, "ATL"))
print("angle:   ", by_angle(first, "ATL"), "→", by_angle(shifted, "ATL"))
# %% [markdown]
# Distances keep the neighbours, angles change them. *Measure as the model measures.* A model that takes scalar
# products of rows is the other case: there the angle counts.
#
# Normalising, making every row 1 long, throws the distance from zero away:
# %%
unit = F.normalize(first, dim=1)                                     # each row divided by its own length
table = nn.Embedding.from_pretrained(unit, freeze=False)
((table(pairs[:64, 0]) - 2 * table(pairs[:64, 1])) ** 2).sum().backward()
SGD(table.parameters(), lr=0.01).step()
print(f"R² of the rows, all 1 long: {r_squared(unit, truth):.2f}")
print(f"lengths after one step: {table.weight.norm(dim=1).min():.2f} to {table.weight.norm(dim=1).max():.2f}")
# %% [markdown]
# All airports now lie on one circle: of the map the directions from its middle are left, and no distances. And it
# doesn't last: after one step the lengths differ
# again. Where a model compares directions, normalise at each use. A table that feeds a network doesn't need it.
# %% [markdown] answers="P71"
# ## Finitely many rows, at home
#
# Rows are called *continuous*, yet there are only as many as there are levels. In what sense?
# %%
seattle = torch.stack([rows[code["SEA"], 0] for rows in frames.values()])        # (moments,), one number of one row
print(len(names), "rows at any time;", len(seattle), "moments,", len(seattle.unique()), "values of one number")
# %% [markdown] slide="slide"
# At any time there are as many rows as levels. But each number of a row may take any value, and on its way Seattle's
# first one was never twice the same. That is what a gradient needs: a small step must be possible.
#
# ## In your own words (2 points, 4 minutes)
#
# A colleague shows you a plot: an embedding of 300 shops, 16 columns, trained to predict sales through a network,
# brought to two dimensions. "See, these two shops are alike: they lie side by side. And the horizontal axis is size."
# Name two things that you would ask or check before you believe it, each with the reason.
# %% [markdown] written="own-words" points=2
# How much of the spread do the two dimensions hold, and are the two shops neighbours in all 16 columns too? What lies
# side by side on paper may be far apart in the directions dropped. Are they neighbours again after training from
# another start? Through a network, rows that act alike need not lie close, and start noise stays where the loss
# doesn't need the direction. The axis: its direction comes from the start and the projection; to say "size", hold it
# against the sizes of the shops. Other good questions: how often was each shop seen, what was the target, is a
# validation error known?
#
# **Marking.** 1 point for each of two different checks that come with a reason. A check without a reason, or twice the
# same in other words, earns nothing. "Train it longer" earns nothing. Whole points only.
# %% [markdown] slide="slide"
# ## To keep
#
# **Rows mean what the loss pins down, and no more.** Distances made a map, because the head computed distances and the
# routes tied every airport down. Coordinates, axes and sides were never pinned down.
#
# The picture to remember: a heap of random rows that unfolds into a country. Next, in lesson 7: a whole table, with
# thousands of levels.
