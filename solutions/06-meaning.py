# ---
# jupyter:
#   lesson:
#     minutes: 50
#     points: 10
#     edition: 2
# ---
# %% [markdown] slide="slide" answers="11"
# # Do the numbers mean anything?
#
# **50 minutes, 2 exercises, two more at home.** "They say the embeddings take on meaning, and plot them in two
# dimensions. What meaning, and how would I know?" In this lesson we train rows on something whose truth is known, so
# that we can measure what they have learned. When you are through, you can
# - say which part of a row's numbers the loss has fixed, and which part is left over from the random start;
# - look for signs that a table went wrong, and say how far such signs can be trusted;
# - look at somebody's plot of an embedding and ask the right questions.
# %%
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import SGD, Adam, AdamW
from torch.optim.lr_scheduler import LinearLR

from embedding_course import check, marked, passed
from embedding_course.figures import show
from embedding_course.maps import laid_over, mainland_routes, true_places
from embedding_course.networks import Layers
from embedding_course.pictures import meaning as pictures
from embedding_course.pictures.meaning_player import film
from embedding_course.rows import take_step

torch.set_num_threads(1)
# %% [markdown] slide="slide"
# ## Distances, and nothing else
#
# Our data are pairs of airports on the mainland of the United States, with the distance between them. For now we keep
# only airports that have routes to at least five others; the reason comes later.
# %% slide="fragment"
routes = mainland_routes(fewest=5)
routes.head(3)
# %% [markdown] slide="notes"
# There are no coordinates anywhere. As always, names become codes:
# %% slide="fragment"
def coded(routes):
    """The airports' names, the pairs as codes (routes, 2), the distances (routes,) in 1,000 km."""
    names = sorted({*routes["a"], *routes["b"]})
    pairs = torch.tensor(routes[["a", "b"]].apply(pd.Index(names).get_indexer).to_numpy())
    return names, pairs, torch.tensor(routes["km"].to_numpy() / 1000).float()


names, pairs, far = coded(routes)
n, code = len(names), {name: i for i, name in enumerate(names)}
print(n, "airports,", len(pairs), "routes")
# %% [markdown] slide="slide" answers="P37 P40"
# ## The model is a table
#
# Each airport gets a row of two numbers. The predicted distance of two airports is the distance between their rows, by
# Pythagoras: subtract, square, add up, take the root. Both ends of a route are looked up in the *same* table.
# %% slide="fragment"
def pythagoras(weight, a, b):
    """The distance between rows `a` and rows `b`, (batch,)."""
    return ((weight[a] - weight[b]) ** 2).sum(dim=1).sqrt()


distance = pythagoras  # until you have written a better one
torch.manual_seed(0)
table = nn.Embedding(n, 2)                                     # weight (airports, dim 2)
nn.init.normal_(table.weight, std=0.1)                         # a small start
codes = torch.tensor([[code["PDX"], code["SEA"]], [code["ATL"], code["SEA"]]])    # (routes 2, 2)
truly = torch.tensor([0.21, 3.51])  # (routes 2,), 1,000 km
((pythagoras(table.weight, codes[:, 0], codes[:, 1]) - truly) ** 2).sum().backward()
take_step(table, names, codes, SGD(table.parameters(), lr=0.1).step)
# %% [markdown] slide="fragment"
# That is the whole model: a table and a formula, no further layer. The layer has no aim of its own, as word vectors
# have; the loss alone says what its rows should become.
#
# We gave it two routes, Seattle to Portland and Seattle to Atlanta, and three rows moved. Seattle was looked up twice,
# so both pulls went into its one row. Each route pushes its two rows apart or pulls them together, *along the line
# between them*.
#
# ## Exercise: `predicted_distance` (2 points, 7 minutes)
#
# Rows `[[0, 0], [3, 4]]` with `a = [0, 1]` and `b = [1, 1]` give the distances `[5, 0]`. The formula above has a
# weakness, which shows where two rows coincide:
# %% slide="fragment"
twins = torch.tensor([[1.0, 2.0], [1.0, 2.0]], requires_grad=True)
pythagoras(twins, torch.tensor([0]), torch.tensor([1])).sum().backward()
twins.grad
# %% [markdown] slide="fragment"
# A root is infinitely steep at 0. Infinity times 0 is `nan`, and one step with it spoils the row for good.
#
# Write the distance for a table of any width, within 1e-4 of the exact value, so that its gradient is finite even
# there. A code outside the table must raise an error, a negative one too. Decide first: if you add a small number to
# stay away from zero, does it go inside the root or outside, and how much does it shift the value?
# %% exercise="predicted_distance"
def predicted_distance(weight, a, b):
    """Euclidean distance between rows `a` and rows `b` of a table.

    weight : float (levels, dim)
    a, b : int64 (n,), codes in 0 .. levels - 1
    returns : float (n,), within 1e-4 of the exact distance; its gradient is finite even where two
              rows coincide
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
# %% [markdown] slide="slide"
# ## Training
#
# The loop is that of lesson 4 with two additions: the learning rate falls to zero along a straight line, and some copies
# of the weight are kept to look at later. If your check passed, your own function computes the distances.
# %%
if passed("predicted_distance"):
    distance = predicted_distance


KEPT = {1, 3, 6, 10, 15, 22, 40, 80, 140, 237, 500, 1000, 2000}


def train(weight, pairs, far, distance=pythagoras, lr=0.8, passes=150, size=64):
    """Trains the weight by mean squared error; returns copies of it, a dict by step."""
    optimizer, step, history = Adam([weight], lr=lr), 0, {0: weight.detach().clone()}
    cooling = LinearLR(optimizer, 1, 0, total_iters=passes)
    for _ in range(passes):
        for batch in torch.randperm(len(far)).split(size):
            optimizer.zero_grad()
            error = distance(weight, pairs[batch, 0], pairs[batch, 1]) - far[batch]  # (batch,)
            (error**2).mean().backward()
            optimizer.step()
            step += 1
            if step in KEPT or step == passes * len(pairs) // size:
                history[step] = weight.detach().clone()
        cooling.step()
    return history
# %% [markdown] slide="fragment"
# **Before you run it: which airport's row will be nearest to Seattle's (SEA) before training, and which after?** Some
# towns of the West: PDX Portland, BOI Boise, SFO San Francisco, SLC Salt Lake City, DEN Denver. Write codes.
# %% guess="seattle"
guess = {"before": None, "after": None}
# %% slide="fragment"
def neighbours_of(name, rows, names):
    """All other airports, the one with the nearest row first."""
    away = (rows - rows[names.index(name)]).norm(dim=1)                     # (airports,)
    return [names[i] for i in away.argsort() if names[i] != name]


torch.manual_seed(0)
history = train(nn.Parameter(0.1 * torch.randn(n, 2)), pairs, far, distance)
rows = history[max(history)]  # (airports, dim 2), trained
marked("seattle", guess, {"before": neighbours_of("SEA", history[0], names)[0],
                          "after": neighbours_of("SEA", rows, names)[0]})
# %% [markdown] slide="notes"
# The start is noise, so any airport can come out as the nearest. After training it is Portland, although nobody told the
# table where Seattle is. Watch all rows on their way: press *Play*.
# %% slide="subslide"
truth = true_places(names)  # (airports, 2), 1,000 km
film(names, history, truth,
     "Airports fly apart from a heap of random rows and sort themselves into a map.")
# %% [markdown] slide="notes"
# The rows start as a heap, fly apart, and sort themselves into a map of the United States that no one drew. Only at the
# very end is it turned onto the outlines of the states, as one stiff sheet.
# %% [markdown] slide="slide" answers="11"
# ## Against the real map
#
# `truth` holds what training never saw: latitude and longitude, laid flat. `laid_over` shifts, turns, mirrors and
# stretches all rows together until they fit best (Procrustes). **How far from its true place will a typical airport be,
# the median, in km?** The country is 4,500 km wide.
# %% guess="median-error"
guess = None
# %% slide="subslide"
def off_by(rows, truth, by=slice(None)):
    """How far each row lies from its place, once the rows `by` are laid over theirs, in km."""
    return 1000 * (laid_over(rows, truth, by) - truth).norm(dim=1)


show(pictures.over_the_map(names, rows, truth))
# %% slide="fragment"
marked("median-error", guess, round(off_by(rows, truth).median().item(), 1), near=0.5)
# %% [markdown] slide="notes"
# (We count a guess as right within half of it.) A perfect fit can't be had: the globe is round and the rows are flat.
#
# One start may be luck, so we train ten tables. They lie one below the other as one table of ten times the height; no
# route leads from one to another. R² is the share of the places' spread that the rows explain; 1 is all of it.
# %%
def ten_tables(names, pairs, far, seed=0, **options):
    """Ten tables from ten random starts, (10, airports, 2)."""
    torch.manual_seed(seed)
    below = pairs + len(names) * torch.arange(10).reshape(-1, 1, 1)         # (10, routes, 2)
    weight = nn.Parameter(0.1 * torch.randn(10 * len(names), 2))
    train(weight, below.flatten(0, 1), far.repeat(10), size=640, **options)
    return weight.detach().reshape(10, -1, 2)


def r_squared(rows, truth):
    return 1 - ((off_by(rows, truth) / 1000) ** 2).sum() / ((truth - truth.mean(dim=0)) ** 2).sum()


tables = ten_tables(names, pairs, far)
pd.DataFrame({"R²": [r_squared(table, truth).item() for table in tables],
              "median error, km": [off_by(table, truth).median() for table in tables]},
             dtype=float).round(4).T
# %% [markdown] slide="fragment"
# All ten starts end in the same map. *The rows mean what the loss needs them to mean: here, places.*
# %% [markdown] slide="slide"
# ## What is fixed, and what isn't
#
# Take two of the ten tables as they are: same data, same loss, another start. **Before you run it: in which of these
# will the two agree?** Write `True` or `False`.
# %% slide="fragment" guess="agree"
guess = {"coordinates": None, "distances": None, "nearest rows": None}
# %% slide="fragment"
def is_mirrored(rows, other):
    """Whether one sheet must be turned over to fit the other."""
    return torch.linalg.det((rows - rows.mean(dim=0)).T @ (other - other.mean(dim=0))) < 0


def same_nearest(rows, other, names):
    """The share of airports whose nearest row is the same in both tables."""
    return sum(neighbours_of(name, rows, names)[0] == neighbours_of(name, other, names)[0]
               for name in names) / len(names)


first = tables[0]
second = next(table for table in tables if is_mirrored(first, table))
marked("agree", guess, {                                     # equal within 50 km
    "coordinates": torch.allclose(first, second, atol=0.05),
    "distances": torch.allclose(torch.cdist(first, first), torch.cdist(second, second), atol=0.05),
    "nearest rows": same_nearest(first, second, names) > 0.95})
# %% [markdown] slide="subslide"
# All distances agree within 50 km, and more than 95 % of the nearest rows. The coordinates don't: the loss only sees
# distances, so nothing tells it where north is or which side of the sheet is up. These two sheets are mirror images.
#
# Here is a tempting idea. Two runs should be better than one, so average the two tables. **How far off will a typical
# airport be in the average, in km?**
# %% guess="mean-of-two"
guess = None
# %% slide="subslide"
mean = (first + second) / 2
show(pictures.sheets(names, {"one": first, "another": second, "their average": mean}))
# %% slide="fragment"
marked("mean-of-two", guess, round(off_by(mean, truth).median().item()), near=0.5)
# %% [markdown] slide="fragment"
# All airports lie on one line, because the average of a sheet and its mirror image has no width. Column 0 of one run has
# nothing to do with column 0 of another.
#
# *Compare distances and neighbours between runs, never coordinates.*
#
# ## Exercise: `nearest` (2 points, 7 minutes)
#
# Return the codes of the k rows nearest to row `code`, the nearest first, that row itself left out. With rows
# `[[0], [5], [1], [-1]]`, `nearest(weight, 0, 2)` is `[2, 3]`: both are one away, and the lower code comes first. `k`
# outside 1 … levels − 1 raises `ValueError`.
#
# Decide first: `argsort()[1:]` leaves out whatever comes first. Is that always the row itself? And which of two equals
# does it put first?
# %% exercise="nearest"
def nearest(weight, code, k):
    """Codes of the k rows nearest to one row, by Euclidean distance, nearest first, ties by the
    lower code.

    weight : float (levels, dim)
    code : int, 0 .. levels - 1; this row itself is left out
    k : int, 1 .. levels - 1
    returns : int64 (k,)
    raises : ValueError for a k outside, IndexError for a code outside
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
    for name in ("JFK", "SEA", "MIA"):
        print("nearest to", name, [names[i] for i in nearest(rows, code[name], 3)])
# %% [markdown] slide="slide"
# ## When the map folds
#
# Now we take every airport of the mainland, also those with a single route. Ten tables again. We call a table folded if
# an airport of five or more routes stands over 1,000 km off. Mostly these are six airports of Montana, which landed far to
# the south, in Colorado.
# %%
everyone, all_pairs, all_far = coded(mainland_routes())
number = {name: i for i, name in enumerate(everyone)}
count = torch.bincount(all_pairs.flatten())  # (airports,), routes of each
all_truth = true_places(everyone)


def missed(rows):
    """By how much a table misses each route, (routes,), in km."""
    return 1000 * (pythagoras(rows, all_pairs[:, 0], all_pairs[:, 1]) - all_far)


def loose_tables(seed):
    """Ten tables of all airports; whether each is folded (10,); the typical miss in km (10,)."""
    tables = ten_tables(everyone, all_pairs, all_far, seed, passes=60)
    off = torch.stack([off_by(rows, all_truth, count >= 10)[count >= 5].max() for rows in tables])
    misses = torch.stack([missed(rows).square().mean().sqrt() for rows in tables])
    return tables, off > 1000, misses


loose, folded, misses = loose_tables(seed=0)
print("folded tables miss by", [round(miss, 1) for miss in misses[folded].tolist()])
print("the others miss by   ", [round(miss, 1) for miss in misses[~folded].tolist()])
# %% [markdown] slide="notes"
# The misses are in km, the root of the mean square over all routes. (Those near 90 are folded in a larger way.) Of the
# folded tables we draw the one that misses least:
# %% slide="subslide"
drawn = min(loose[folded], key=lambda rows: missed(rows).square().mean())
montana = ["FCA", "MSO", "GTF", "HLN", "BIL", "BZN"]
show(pictures.hinges(everyone, drawn, all_truth, montana, ("MSP", "SLC"), count >= 10))
# %% [markdown] slide="notes"
# These airports know one another well, but of their routes to the rest of the country all but two go to two cities,
# Minneapolis and Salt Lake City. The group hangs on two hinges. Folded over the line between them, it still fits almost
# every one of its distances.
#
# For your own categories you won't have a true map. What you have is how far the model misses its training data. **Before
# you run it: all six of Montana stand wrong. Which of these will be among the ten airports that miss their own routes
# most?** Write `True` or `False`.
# %% guess="would-you-know"
guess = {"BIL Billings, in Montana": None, "HLN Helena, in Montana": None,
         "SLC Salt Lake City": None}
# %% slide="subslide"
def miss_by_airport(rows):
    """The root mean square of what each airport's routes are missed by, (airports,), in km."""
    squares, ends = missed(rows).square().repeat(2), all_pairs.T.flatten()     # (2 · routes,) each
    return (torch.bincount(ends, squares) / count).sqrt()


report = pd.DataFrame({"routes": count, "misses its routes by": miss_by_airport(drawn),
                       "stands off by": off_by(drawn, all_truth, count >= 10)},
                      index=everyone).astype(float)
report = report.sort_values("misses its routes by", ascending=False)
most = report.index[:10]
report.loc[[*most, *(name for name in [*montana, "LRD"] if name not in most)]].round(1)
# %% slide="fragment"
marked("would-you-know", guess, {name: name[:3] in most for name in guess})
# %% [markdown] slide="fragment"
# The misses point at the region, but not at each airport in it. Billings has a route to Denver, which contradicts the
# fold and is missed badly. Salt Lake City and Denver stand right, and miss because neighbours of theirs stand wrong.
# Helena stands more than 1,000 km off and hardly misses at all.
#
# Laredo (LRD) has a single route. It fits that route anywhere on a circle around its other end, so its small miss says
# nothing. With two routes there are two places left, where two circles meet. That is why we began with airports of five
# routes and more.
#
# Could you tell a folded table from a right one without the map? Train several starts and compare their misses:
# %% slide="subslide"
for seed in (0, 1, 2):
    _, folded, misses = (loose, folded, misses) if seed == 0 else loose_tables(seed)
    least = "folded" if folded[misses.argmin()] else "right"
    print(f"run {seed}: {folded.sum()} of 10 folded; the table that misses least is {least}")
# %% [markdown] slide="fragment"
# In each of these runs the table that misses least is a right one. So train several starts and keep the one that misses
# least. But two thirds of them folded. Had we made three starts only, all three would fold about three times in ten
# (0.67³). Several starts help, and prove nothing.
#
# *A row can be wrong for two reasons: the data leaves it loose, as Laredo, or training stopped in a fold, as Montana.
# Only the fold shows in the loss.*
# %% [markdown] slide="slide"
# ## When a picture means nothing
#
# Our model computes with distances, so distances between rows mean something. Most models begin with a linear layer
# instead. Take six airlines, two columns, and the delay that a layer makes of each row:
# %%
airlines = ["AA", "B6", "DL", "HA", "UA", "WN"]
before = torch.tensor([[0, 0], [0, 5], [8, 0], [8, 5], [18, 0], [18, 5]]) / 4   # (levels 6, dim 2)
layer = torch.tensor([[1.0], [2.0]])   # (dim 2, out 1)
change = torch.tensor([[0.5, 0.0], [0.0, 2.0]])   # has an inverse
after, other_layer = before @ change, torch.linalg.inv(change) @ layer
# %% [markdown] slide="fragment"
# The first column of the table is halved and the second doubled; the layer is changed the opposite way. **Before you run
# it: which of these stays as it was?** Write `True` or `False`.
# %% guess="linear-layer"
guess = {"predictions": None, "nearest rows": None}
# %% slide="subslide"
show(pictures.neighbours({"one table": before, "another, same predictions": after}, airlines))
# %% slide="fragment"
marked("linear-layer", guess, {"predictions": torch.allclose(before @ layer, after @ other_layer),
                               "nearest rows": same_nearest(before, after, airlines) == 1})
# %% [markdown] slide="slide"
# Every prediction is the same and the neighbours are others, so no data can say which table is the right one. In front
# of a linear layer, "these two rows lie close together" tells you as much about the start and the optimizer as about
# the data. *If the model computes with distances, distances mean something. Otherwise, ask what would stay the same.*
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
# **Rows mean what the loss pins down, and no more.** Distances made a map, because the model computed with distances and
# the routes tied the airports down. Coordinates, axes and sides were never pinned down.
#
# The picture to remember: a heap of random rows that unfolds into a country. In lesson 7 a whole table comes in, with
# thousands of levels. What follows here is for home; each section stands alone.
# %% [markdown]
# ## Exercise: `align` (2 points, 10 minutes) · at home
#
# Write `laid_over` yourself, with R²: shift the points, stretch them by one factor, turn them, and mirror them if that
# fits better. `points` `[[0, 0], [0, 2], [2, 0]]` on `target` `[[1, 1], [5, 1], [1, -3]]` become the target itself, and
# R² is 1.
#
# The best turn comes from an SVD of `points.T @ target`, both centred. Decide first: may the turn be a mirror image
# too? By how much must the points be stretched? And is R² taken for each axis, or over both together?
# %% exercise="align"
def align(points, target):
    """Points moved, scaled, rotated and if need be mirrored onto a target as closely as possible
    (Procrustes).

    points, target : float (n, 2), at least three points, not all on one line
    returns : (Tensor (n, 2), float), the moved points, and R² = 1 - squared error / squared
        spread of `target` about its mean, over both axes together
    """
    ### BEGIN SOLUTION
    # more digits, so that less is rounded
    points, target = points.detach().double(), target.detach().double()
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
    print("your R² of the map:", round(align(rows, truth)[1], 4))
# %% [markdown]
# ## Exercise: `project` (2 points, 10 minutes) · at home
#
# A table of eight columns doesn't fit on paper. Principal components turn it so that as much spread as possible lies in
# the first columns, and a picture shows two of them. Rows `[[1, 5], [3, 5], [8, 5]]` with `dims=1` give
# `[[-3], [-1], [4]]`: centred, and in each column the number that is largest by size is positive.
#
# Decide first: what is subtracted before the SVD? Where in its result are directions, and where are sizes? And why
# does the sign need a rule at all?
# %% exercise="project"
def project(weight, dims=2):
    """Coordinates of the rows on the first principal components.

    weight : float (levels, dim)
    dims : int, at most min(levels - 1, dim)
    returns : float (levels, dims), centred; in each column the entry of the largest magnitude is
              positive
    """
    ### BEGIN SOLUTION
    weight = weight.detach().double()  # more digits, so that less is rounded
    centred = weight - weight.mean(dim=0)
    _, _, directions = torch.linalg.svd(centred, full_matrices=False)
    coordinates = centred @ directions[:dims].T                          # (levels, dims)
    largest = coordinates.gather(0, coordinates.abs().argmax(dim=0, keepdim=True))
    return (coordinates * largest.sign()).float()
    ### END SOLUTION
# %% check="project"
check("project")
# %% [markdown] answers="P21 P38"
# ## The start that stays · at home
#
# Ten levels are of two kinds: even ones have the effect 0, odd ones 1, and levels of one kind act exactly alike. We give
# each level eight columns. If rows were placed by chance, the nearest row would be of the same kind in 4 of 9 cases, or
# 44 %. **With PyTorch's own start, N(0, 1), in what percentage of cases will it be, behind a linear layer and behind a
# small network?**
# %% guess="start-noise"
guess = {"linear layer": None, "network": None}
# %%
kind = torch.arange(10) % 2                                          # (levels 10,)


def learn_kinds(hidden, std, decay=0.0, starts=40, seed=0):
    """Rows (starts, 10, 8) trained to give the kind, and each start's mean squared error in the
    end."""
    torch.manual_seed(seed)
    rows = nn.Parameter(std * torch.randn(starts, 10, 8))
    layers = ([Layers(starts, 8, 32), nn.ReLU(), Layers(starts, 32, 1)] if hidden
              else [Layers(starts, 8, 1)])
    head = nn.Sequential(*layers)  # a network of its own for each start
    optimizer = AdamW([rows, *head.parameters()], lr=0.02, weight_decay=decay)
    for _ in range(200):
        optimizer.zero_grad()
        errors = (head(rows).squeeze(2) - kind).square().mean(dim=1)                 # (starts,)
        errors.sum().backward()
        optimizer.step()
    return rows.detach(), errors.detach()


def alike(rows):
    """The share of rows whose nearest row is of the same kind, over all starts."""
    away = torch.cdist(rows, rows) + 1e6 * torch.eye(10)
    return (kind[away.argmin(dim=2)] == kind).float().mean().item()
# %%
ways = {"start N(0, 1)": (1.0, 0.0), "start N(0, 0.1²)": (0.1, 0.0),
        "start N(0, 1), with decay": (1.0, 1.0)}
heads = {"linear layer": False, "network": True}
learned = {(way, head): learn_kinds(heads[head], *ways[way]) for way in ways for head in heads}
print("largest error of all:",
      round(max(errors.max().item() for _, errors in learned.values()), 4))
shares = pd.Series({key: alike(rows)
                    for key, (rows, _) in learned.items()}).unstack()[list(heads)].loc[list(ways)]
shares.map("{:.0%}".format)
# %%
marked("start-noise", guess,
       {head: round(100 * shares.loc["start N(0, 1)", head]) for head in heads}, near=0.1)
# %% [markdown]
# All of them fit, with errors near 0. From N(0, 1) the nearest row is of the same kind more often than chance would have
# it, and still wrong in more than one of four cases. The loss needs one direction of the eight; in the others the noise
# of the start stays for ever. So a good loss is no promise of a good picture.
#
# A small start leaves little noise, and decay takes it away. That is why our airports began at 0.1. *If you want to look
# at the rows, start small or let them decay.*
# %% [markdown]
# ## What the projection hides · at home
#
# Take one of the tables that started at N(0, 1), in eight columns, and draw it on its two main components. **Of its ten
# levels, how many have the same nearest neighbour in the picture as in the table?**
# %% guess="hidden"
guess = None
# %%
def main_two(rows):
    """The rows on their two main components, and the share of the spread that these hold."""
    spread, directions = torch.linalg.eigh((rows - rows.mean(dim=0)).T @ (rows - rows.mean(dim=0)))
    return rows @ directions[:, -2:], (spread[-2:].sum() / spread.sum()).item()


levels = [str(level) for level in range(10)]
noisy, calm = (learned[way, "network"][0][0] for way in ("start N(0, 1)", "start N(0, 0.1²)"))
show(pictures.neighbours({"N(0, 1)": main_two(noisy)[0], "N(0, 0.1²)": main_two(calm)[0]},
                         kinds=kind.tolist()))
# %%
print(f"the picture holds {main_two(noisy)[1]:.0%} of the spread, "
      f"the other one {main_two(calm)[1]:.0%}")
marked("hidden", guess, round(10 * same_nearest(noisy, main_two(noisy)[0], levels)))
# %% [markdown]
# Rows that lie close on paper may be far apart in the directions that were dropped. So a picture of an embedding should
# come with the share of the spread that it holds, and with neighbours taken from the table. Its axes are mixtures of
# columns and have no names.
# %% [markdown] answers="P50"
# ## Another target, another table · at home
#
# Suppose the target had been not how far a route is, but how *busy*: a short distance between rows now stands for many
# flights. The airports, the pairs and the model stay the same. **For what share of airports will the nearest row be the
# same one as on the map?**
# %% guess="another-target"
guess = None
# %%
flights = torch.tensor(routes["flights"].to_numpy()).log10().float()         # (routes,)
quiet = flights.max() - flights  # 0 for the busiest route


def by_traffic(seed):
    """A table trained on how busy routes are, and the share of that which it explains."""
    torch.manual_seed(seed)
    history = train(nn.Parameter(0.1 * torch.randn(n, 2)), pairs, quiet, passes=20)
    left = pythagoras(history[max(history)], pairs[:, 0], pairs[:, 1]) - quiet
    return history[max(history)], 1 - (left.square().mean() / quiet.var()).item()


busy = [by_traffic(seed) for seed in range(3)]
print("of how busy routes are, the tables explain", [f"{share:.0%}" for _, share in busy])
print("same nearest row as on the map:     ",
      [f"{same_nearest(table, rows, names):.0%}" for table, _ in busy])
print("same nearest row in two such tables:",
      [f"{same_nearest(busy[i][0], busy[i - 1][0], names):.0%}" for i in range(3)])
marked("another-target", guess, round(same_nearest(busy[0][0], rows, names), 2), near=0.2)
# %% [markdown]
# The data, the pairs and the model were the same, and hardly an airport kept its neighbour. But look at the last line:
# two tables of traffic don't agree with one another either. They explain less than a third of how busy routes are, since
# nothing says that this is a matter of places, and so this target doesn't tie the rows down. Most of the difference to the
# map is noise of the start. *The target decides what the rows mean, and whether they mean anything.*
# %% [markdown]
# ## Another model, another geometry · at home
#
# Now a small network takes both rows, side by side, and predicts the same distances. **Before you run it: will its rows
# make a map?** Write `True` or `False`.
# %% guess="mlp-map"
guess = None
# %%
def free_head(seed):
    """Rows trained through a network, and the share of the distances that it explains."""
    torch.manual_seed(seed)
    weight = nn.Parameter(0.1 * torch.randn(n, 2))
    head = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(),
                         nn.Linear(64, 1))
    optimizer = Adam([weight, *head.parameters()], lr=0.01)
    for batch in [b for _ in range(30) for b in torch.randperm(len(far)).split(64)]:
        optimizer.zero_grad()
        said = head(weight[pairs[batch]].flatten(start_dim=1)).squeeze(1)  # (batch, 4) → (batch,)
        F.mse_loss(said, far[batch]).backward()
        optimizer.step()
    with torch.no_grad():
        left = head(weight[pairs].flatten(start_dim=1)).squeeze(1) - far
    return weight.detach(), 1 - (left.square().mean() / far.var()).item()


free = [free_head(seed) for seed in range(2)]
print("distances explained:", [f"{share:.0%}" for _, share in free])
print("places explained:   ", [f"{r_squared(table, truth):.0%}" for table, _ in free])
show(pictures.sheets(names, {"by Pythagoras": rows, "by a network": free[0][0]}, together=False))
# %%
marked("mlp-map", guess, r_squared(free[0][0], truth).item() > 0.95)
# %% [markdown]
# The network predicts the distances nearly as well, and its rows are no map: they explain about half of where the airports
# are. A network can untangle rows that lie anyhow, so nothing makes them lie well. *The model decides the geometry.*
# %% [markdown] answers="P46 P18"
# ## Angles, lengths or distances · at home
#
# "Similar" is often measured by the cosine, the angle between two rows as seen from zero. On our map zero is an accident:
# if all rows are shifted alike, no prediction changes. Do the neighbours?
# %%
def by_angle(name, rows, names):
    """All other airports, the one in the most similar direction from zero first."""
    cosines = F.cosine_similarity(rows, rows[[names.index(name)]])
    return [names[i] for i in cosines.argsort(descending=True) if names[i] != name]


shifted = rows + torch.tensor([3.0, 0.0])
for title, neighbours in (("distance", neighbours_of), ("angle", by_angle)):
    print(f"{title}: "
          f"{neighbours('ATL', rows, names)[:3]} → {neighbours('ATL', shifted, names)[:3]}")
# %% [markdown]
# Distances keep the neighbours, angles change them: *measure as the model measures.* A model that multiplies rows, as
# recommenders do with users and items, seems to be the case for angles. But look at what such a product leaves open:
# %%
torch.manual_seed(0)
users, items = torch.randn(50, 4), torch.randn(40, 4)  # two tables; a score is a dot product
scale = torch.tensor([4.0, 2.0, 0.5, 0.25])
users_too, items_too = users * scale, items / scale
cosines = [F.cosine_similarity(table[:1], table[1:]) for table in (items, items_too)]
print("scores stay:", torch.allclose(users @ items.T, users_too @ items_too.T, atol=1e-5))
print("cosines of item 0 with items 1 to 4:", *(values[:4].numpy().round(2) for values in cosines))
# %% [markdown]
# Every score is the same, and the cosines between items are others; lengths count in a dot product too. So a cosine
# between two rows of such a table may say whatever the scaling says (Steck, Ekanadham and Kallus, 2024, arXiv
# 2403.05440). If you need cosines, let the model use them: normalise the rows each time they are used. Normalising once
# doesn't last:
# %%
# each row now of length 1
unit = nn.Embedding.from_pretrained(F.normalize(rows, dim=1), freeze=False)
((unit(pairs[:64, 0]) - 2 * unit(pairs[:64, 1])) ** 2).sum().backward()
SGD(unit.parameters(), lr=0.01).step()
print(f"lengths after one step: "
      f"{unit.weight.norm(dim=1).min():.2f} to {unit.weight.norm(dim=1).max():.2f}")
# %% [markdown]
# After one step the lengths differ again. A table that feeds a network needs no normalising at all.
# %% [markdown] answers="P71"
# ## Finitely many rows · at home
#
# Rows are called *continuous*, yet there are only as many rows as levels. In what sense are they?
# %%
# (moments,), one number of one row
seattle = torch.stack([kept[code["SEA"], 0] for kept in history.values()])
print(n, "rows at any time;", len(seattle), "moments,", len(seattle.unique()),
      "values of one number")
# %% [markdown]
# There are as many rows as levels at any time. But each number of a row may take any value, and on its way Seattle's first
# one was never twice the same at the moments that we kept. A gradient needs that: a small step must be possible.
