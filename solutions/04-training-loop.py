# ---
# jupyter:
#   lesson:
#     minutes: 60
#     points: 10
# ---
# %% [markdown] slide="slide"
# # Where does the update happen?
#
# **60 minutes, 3 exercises, two more at home.** "The weights are trained and the data stays as it is. But the
# embeddings *are* my data. So what gets trained?" Hardly anyone is spared this question. When you are through, you can
# - point at the one tensor that a step changes, and at the one that it never touches;
# - say which rows will move before the step runs;
# - explain a row that moved although nobody looked it up.
# %%
import hashlib

import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import SGD, Adagrad, Adam, AdamW, RMSprop, SparseAdam

from embedding_course import check, passed
from embedding_course.data import read_flights
from embedding_course.figures import show
from embedding_course.pictures.rows import movement_heatmap, stepper
from embedding_course.pictures.training_loop import first_step, where_it_stops
from embedding_course.rows import show_step, take_step, watch

torch.set_num_threads(1)
# %% [markdown] slide="slide" answers="1 2 P41"
# ## The first prediction, once more
#
# Real flights from New York. Where to, and how many hours in the air? We take five destinations: Anchorage, Atlanta,
# Boston, Los Angeles, San Francisco.
# %% slide="fragment"
names = ["ANC", "ATL", "BOS", "LAX", "SFO"]
nyc = read_flights()
flights = nyc[nyc["dest"].isin(names)].head(60)                                # the data
codes = torch.tensor([names.index(dest) for dest in flights["dest"]])          # (flights 60,)
hours = torch.tensor(flights["air_time"].to_numpy() / 60).float()              # (flights 60,)
print(flights["dest"].head(6).tolist(), "→", codes[:6].tolist())
print(flights["dest"].value_counts().to_dict())
# %% [markdown] slide="notes"
# The first sixty such flights of the year. None of them goes to Anchorage, which is flown in summer only.
# It has a row in the table all the same, row 0.
#
# The model is made from parts of lesson 3: a table, and a linear layer that turns a row into hours.
# %% slide="subslide"
class AirTime(nn.Module):
    """Hours in the air, from the destination alone."""

    def __init__(self, **options):
        super().__init__()
        torch.manual_seed(35)                                     # the same start each time
        self.embedding = nn.Embedding(5, 2, **options)            # weight (levels 5, dim 2)
        self.linear = nn.Linear(2, 1)

    def forward(self, codes):
        return self.linear(self.embedding(codes)).squeeze(1)      # (batch,) → (batch, dim 2) → (batch,)
# %% [markdown]
# To see whether anything changed, we take fingerprints before and after: eight characters that come out otherwise if a
# single bit does.
# %%
def fingerprints(model):
    """Eight characters for each thing that training might change."""
    weight = model.embedding.weight.tolist()
    things = {"flights table": flights.to_dict("list"), "codes": codes.tolist(), "weight matrix": weight,
              "BOS's row": weight[2], "ANC's row": weight[0]}
    return {name: hashlib.sha256(repr(thing).encode()).hexdigest()[:8] for name, thing in things.items()}
# %% [markdown] slide="subslide"
# Twenty steps of plain SGD are coming, three flights a step.
# **Before you run them: which of the five will have changed?** Write `True` or `False`.
# %% slide="fragment" guess="what-changes"
guess = {
    "flights table": None,
    "codes": None,
    "weight matrix": None,
    "BOS's row": None,
    "ANC's row": None,
}
# %% slide="subslide"
model = AirTime()
optimizer = SGD(model.parameters(), lr=0.1)
before = fingerprints(model)
for batch, target in zip(codes.split(3), hours.split(3), strict=True):
    optimizer.zero_grad()
    F.mse_loss(model(batch), target).backward()
    optimizer.step()
pd.DataFrame({"you said it changes": guess, "before": before, "after": fingerprints(model)})
# %% [markdown] slide="slide" answers="1 P25"
# Flights table and codes have the fingerprints they had. The weight matrix has another, and so has Boston's row in it.
# Anchorage's has not.
#
# *Training reads the data and writes the weights.*
#
# Why Boston's row and not Anchorage's? And what could make Anchorage's move? For that we slow down.
#
# ## By hand, every number
#
# Lesson 1's three flights again, from JFK, LAX and JFK. How many minutes late? The model looks up two numbers and
# adds them.
# %%
airports = ["ATL", "BOS", "JFK", "LAX", "SFO"]
start = torch.tensor([[0.5, 1.0], [-1.0, 0.5], [2.0, 1.0], [-0.5, 1.5], [1.0, -1.5]])
three = torch.tensor([2, 3, 2])                       # (batch 3,): JFK, LAX, JFK
late = torch.tensor([4.0, 2.0, 6.0])                  # (batch 3,), minutes


def small_table(weight=start, **options):
    """Five rows of two numbers in an nn.Embedding, a copy of its own, ready to train."""
    return nn.Embedding.from_pretrained(weight.clone(), freeze=False, **options)


def forward(table):
    """The rows looked up (batch 3, dim 2), and the loss: squared errors of their sums."""
    rows = table(three)
    return rows, ((rows.sum(dim=1) - late) ** 2).sum()
# %% [markdown] slide="notes"
# **Forward.** Here is what it computes on the way.
# %% slide="fragment"
rows, loss = forward(small_table())
sums = rows.sum(dim=1)                                # (batch 3,)
columns = {"row": rows.tolist(), "sum": sums.tolist(), "late": late.tolist(), "error": (sums - late).tolist()}
print("loss", loss.item())
pd.DataFrame(columns, index=["JFK", "LAX", "JFK"])
# %% [markdown] slide="subslide" answers="6"
# JFK's two numbers add up to 3. That is one minute short for the first flight, three for the last; LAX is one short.
# The loss is 1 + 1 + 9 = 11.
#
# **Backward** asks each number of the table: how fast would the loss rise if you rose? A squared error rises at twice
# the error. So the slopes are −2, −2 and −6, for both numbers of a row.
#
# **Before you run it: which slope will each airport have?**
# %% guess="slopes"
guess = {"ATL": 0.0, "BOS": 0.0, "JFK": 0.0, "LAX": 0.0, "SFO": 0.0}
# %% slide="fragment"
table = small_table()
rows, loss = forward(table)
rows.retain_grad()                                    # keep the slopes of the looked-up rows too
loss.backward()
print("rows.grad", rows.grad.tolist())
print("codes:", "requires_grad", three.requires_grad, "  grad", three.grad)
pd.DataFrame({"you said": guess, "weight.grad": table.weight.grad.tolist()}, index=airports)
# %% [markdown] slide="notes" answers="P60"
# The gradient has the shape of the whole table and is zero in ATL, BOS and SFO: no error depends on them.
# LAX has −2. JFK has −8, which is −2 from its first flight and −6 from its second.
#
# The codes have no gradient. Will they take one on request?
# %%
try:
    three.requires_grad_()
except RuntimeError as error:
    print(error)
# %% [markdown]
# They won't: they are whole numbers, and between 2 and 3 there is no slope (lesson 1).
# %% slide="subslide"
show(where_it_stops(airports, start.tolist(), three.tolist(), late.tolist(), rows.grad.tolist()), """Above, the way
out: the data JFK, LAX, JFK as codes 2, 3, 2; the weight with two rows lit; the rows looked up; their sums; the loss 11.
Below, the way back: slopes −2, −2, −6 of the rows go to JFK, LAX and JFK of the table's gradient, where JFK holds −8
and LAX −2. Before the codes the way ends.""")
# %% [markdown] slide="fragment" answers="P37"
# Blue is data, the middle column is weight, all else is computed anew in each pass. The way back ends at the weight:
# *the codes say where the gradient goes; they get none themselves.*
#
# Has the layer an aim of its own, as word2vec has? Suppose the flights had been late by exactly what the rows add up
# to.
# %%
table = small_table()
((table(three).sum(dim=1) - torch.tensor([3.0, 1.0, 3.0])) ** 2).sum().backward()
table.weight.grad.tolist()
# %% [markdown] slide="subslide"
# No error, no slope, and no row would move. The layer wants nothing; the loss does.
#
# **The step**: each number minus the learning rate times its slope. With a rate of 0.125,
# **what do you expect: how far will each airport's numbers move?**
# %% guess="how-far"
guess = {"ATL": 0.0, "BOS": 0.0, "JFK": 0.0, "LAX": 0.0, "SFO": 0.0}
# %% slide="subslide"
table = small_table()
forward(table)[1].backward()
step = take_step(table, airports, three, SGD(table.parameters(), lr=0.125).step)
show_step(step, guess)
# %% [markdown] slide="slide" answers="P39 P59"
# 0.125 · 8 = 1: JFK's numbers rose by 1, LAX's by 0.25. The other three are the same to the last bit.
# Orange marks what was looked up, blue what moved.
#
# *A step moves rows of the weight. The data only says which.*
#
# ## Twice
#
# JFK stood in the batch twice, and its slopes were added. Suppose we do that ourselves, in the way that comes to mind
# first: `grad[codes] += slopes`. **Before you run it: will JFK's row hold −8, −6, −4 or −2?**
# %% guess="twice"
guess = None
# %% slide="fragment"
slopes = torch.tensor([[-2.0, -2.0], [-2.0, -2.0], [-6.0, -6.0]])     # (batch 3, dim 2), for JFK, LAX, JFK
grad = torch.zeros(5, 2)
grad[three] += slopes
print("you said", guess, "and it holds", grad[2].tolist())
# %% [markdown] slide="notes"
# −6: the last one. PyTorch fetches the rows (JFK's zeros, twice), adds, and writes them back one over the other.
# The first flight is lost, without a word.
#
# And the mean, −4? You can have it, with an option that divides by how often a level stands in *this batch*:
# %% slide="fragment"
table = small_table(scale_grad_by_freq=True)
forward(table)[1].backward()
table.weight.grad[2]
# %% [markdown] slide="slide" answers="P59"
# Unless you ask for that, each record adds its part. Two flights pull twice.
#
# ## Exercise: `lookup_backward` (2 points, 8 minutes)
#
# Turn the gradient of the looked-up rows into the gradient of the whole table, without autograd.
# Codes `[0, 2]` with `grad_output` `[[1], [5]]` and 4 levels make `[[1], [0], [5], [0]]`.
# A code outside 0 … levels − 1 raises `IndexError`.
#
# Decide first: what if a level stands twice in the batch? And which row would −1 write to?
# %% exercise="lookup_backward"
def lookup_backward(codes, grad_output, levels):
    """Gradient of the loss with respect to the whole table, without autograd.

    codes : int64 (n,), each in 0 .. levels - 1
    grad_output : float (n, dim), the gradient of the looked-up rows
    returns : float (levels, dim)
    raises : IndexError for a code outside 0 .. levels - 1, negative ones included
    """
    ### BEGIN SOLUTION
    grad = torch.zeros(levels, grad_output.shape[1])
    for code, row in zip(codes.tolist(), grad_output.detach(), strict=True):
        if not 0 <= code < levels:
            raise IndexError(f"code {code} is outside 0 .. {levels - 1}")
        grad[code] += row
    return grad
    ### END SOLUTION
# %% check="lookup_backward"
check("lookup_backward")
# %% [markdown]
# Once it passes, give it JFK, LAX and JFK:
# %%
if passed("lookup_backward"):
    print(lookup_backward(three, slopes, 5).tolist())
# %% [markdown] slide="slide" answers="P48"
# That is what autograd found, now from your own function.
#
# ## Looking without touching
#
# "I printed the weights and they don't change." Perhaps the row wasn't in the batch. More often, the *before* is no
# copy.
#
# Here are three ways to keep the table before a step. `detach` returns a tensor that autograd no longer follows.
# `clone` returns one with memory of its own. **Before you run it: which of the three will still hold JFK's old
# numbers?**
# %% slide="fragment" guess="still-old"
guess = {"weight": None, "weight.detach()": None, "weight.detach().clone()": None}
# %% slide="fragment"
table = small_table()
weight = table.weight
kept = {"weight": weight, "weight.detach()": weight.detach(), "weight.detach().clone()": weight.detach().clone()}
forward(table)[1].backward()
SGD(table.parameters(), lr=0.125).step()
shown = {way: kept[way][2].tolist() for way in kept}
pd.DataFrame({"you said it is still old": guess, "JFK after the step": shown})
# %% [markdown] slide="notes"
# Old is the clone alone. `detach` gave a second name for the same memory, so it moved along. `.data` and `.numpy()` do
# the same.
#
# `no_grad` is the third word: inside it autograd takes no notes. That is where a step by hand belongs.
# %%
table = small_table()
forward(table)[1].backward()
with torch.no_grad():
    table.weight.clamp_(min=0)                        # any change in place
print("leaf:", table.weight.is_leaf, "  JFK's slope still there:", table.weight.grad[2].tolist())
# %% [markdown] slide="slide"
# The weight is still a leaf, a tensor that autograd starts from, and ready to train on. Outside of `no_grad`, PyTorch
# would have refused.
#
# ## Exercise: `sgd_step` (1 point, 5 minutes)
#
# Write the step. With `weight` `[[1, 2]]`, `grad` `[[2, −4]]` and a rate of 0.25, the *same* tensor holds
# `[[0.5, 3]]` afterwards. Nothing is returned, and `grad` stays as it is.
#
# Decide first: after `weight = weight - …`, what does the caller's tensor hold? And what will autograd say if the
# weight is a leaf that requires gradients?
# %% exercise="sgd_step"
def sgd_step(weight, grad, lr):
    """One step of plain SGD, in place and outside autograd.

    weight : float (levels, dim), changed in its own memory; it may be a leaf that requires gradients
    grad : float (levels, dim), left as it is
    lr : float, the learning rate
    returns : None
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        weight -= lr * grad
    ### END SOLUTION
# %% check="sgd_step"
check("sgd_step")
# %% [markdown] slide="slide" answers="P32"
# A slope of zero times any rate is zero, and minus zero changes no bit. So this line is also a rule:
#
# *Under plain SGD the rows looked up move, and no others.*
#
# ### A row of zeros
#
# One doubt is left. Let all five rows start at zero. Zero times anything is zero.
# **Before you run it: will JFK's row move?** Write `True` or `False`.
# %% guess="zeros"
guess = None
# %% slide="subslide"
table = small_table(torch.zeros(5, 2))
forward(table)[1].backward()
step = take_step(table, airports, three, SGD(table.parameters(), lr=0.125).step)
show_step(step, {"JFK": guess})
# %% [markdown] slide="slide" answers="6"
# It moves: its slope is made of the errors, −4 and −6, and the row's own numbers don't enter. It would be stuck only if
# all that comes after the lookup were zero too.
#
# ## The real loop, row by row
#
# Now the flights again, and the row watcher of this course looks on: `watch` before the loop, and after each step
# `watcher.last` is printed. The loop is the one you know.
# %% slide="fragment"
model = AirTime()
optimizer = SGD(model.parameters(), lr=0.1)
watcher = watch(model.embedding, names, optimizer)
for batch, target in zip(codes.split(3)[:3], hours.split(3)[:3], strict=True):
    optimizer.zero_grad()
    loss = F.mse_loss(model(batch), target)
    loss.backward()
    watcher.loss(loss)                                # so that it is shown
    optimizer.step()
    print(watcher.last, "\n")
# %% [markdown] slide="notes"
# Read a step aloud: Atlanta was looked up (▸), it had these numbers before, those after, it changed by so much, and
# the reason is the gradient.
#
# In the first step San Francisco is `unchanged`, in the next two Boston. Anchorage is unchanged in all. Each step has
# moved the three rows of its batch. The loss falls.
#
# Seventeen steps more make a picture. From here on this function trains for us and keeps every step:
# %%
def watched(model, optimizer, size, steps, loss_of):
    """Train for some steps, `size` flights each: the History of the table.

    loss_of : function of model, codes (size,) and hours (size,)
    """
    with watch(model.embedding, names, optimizer) as watcher:
        for batch, target in zip(codes.split(size)[:steps], hours.split(size)[:steps], strict=True):
            optimizer.zero_grad()
            loss = loss_of(model, batch, target)
            loss.backward()
            watcher.loss(loss)
            optimizer.step()
    return watcher.history


def mse(model, codes, hours):
    """Mean squared error in the hours."""
    return F.mse_loss(model(codes), hours)
# %% slide="subslide"
model = AirTime()
plain = watched(model, SGD(model.parameters(), lr=0.1), 3, 20, mse)
show(movement_heatmap({"plain SGD": plain}), """Twenty steps by five airports. Every cell with an orange outline is
blue, every other cell is empty; Anchorage's line is empty from first to last.""")
# %% [markdown] slide="notes"
# An orange outline: looked up. Blue: moved, and the stronger the further. No blue without orange, no orange without
# blue. Here are the same steps with their numbers; step through them, or let them play.
# %% slide="subslide"
stepper(plain, "The table of five airports through twenty steps of plain SGD: numbers, changes, reasons and the loss.")
# %% [markdown] slide="notes"
# The loss falls until most predictions are near, and with it the size of the moves. Anchorage never gets a number of
# its own: what stands there is what the random start put there.
#
# ## Exercise: `row_diff` (1 point, 8 minutes, at home)
#
# Build such a table yourself. From `before` `[[1, 2], [5, 5]]`, `after` `[[1, 2], [8, 9]]` and the names
# `["ATL", "BOS"]` comes a frame in which ATL did not move, and BOS has `change` `[3, 4]` and `distance` 5.
#
# It is a record: when training goes on, it must not change. Decide first: which of your columns are copies?
# And does a row count as moved if one number differs in its last bit?
# %% exercise="row_diff"
def row_diff(before, after, names):
    """What a step did to each row, as a frame that later training leaves alone.

    before, after : float (levels, dim); they may require gradients
    names : list of level names, one a row
    returns : DataFrame indexed by name; columns before, after, change (a NumPy array (dim,) in each cell),
        distance (float, Euclidean length of the change), moved (bool, exact: True if any number differs)
    """
    ### BEGIN SOLUTION
    before, after = before.detach().clone(), after.detach().clone()
    change = after - before                                           # (levels, dim)
    return pd.DataFrame({"before": list(before.numpy()), "after": list(after.numpy()), "change": list(change.numpy()),
                         "distance": change.norm(dim=1).tolist(), "moved": (before != after).any(dim=1).tolist()},
                        index=names)
    ### END SOLUTION
# %% check="row_diff"
check("row_diff")
# %% [markdown]
# This frame is the row watcher in small.
#
# ## Exercise: `train_step` (2 points, 8 minutes, at home)
#
# And the loop's body: one step on `loss_fn(model(codes), targets)`. Return the loss of that forward pass as a number,
# and the table before and after. If the row `[1]` itself is the prediction, a target of 3, squared error and SGD at
# 0.25 make `(4.0, [[1]], [[2]])`.
#
# Decide first: what if `.grad` still holds something from an earlier step? And will your *before* still be the before
# after ten more steps?
# %% exercise="train_step"
def train_step(model, codes, targets, loss_fn, optimizer):
    """One training step, and what it did to the table `model.embedding.weight`.

    codes : int64 (n,); targets : (n,), what `loss_fn` takes beside the predictions
    optimizer : holds the model's parameters; gradients of an earlier step must not count
    returns : (float, Tensor, Tensor), the loss of this forward pass and detached copies of the weight before and after
    """
    ### BEGIN SOLUTION
    before = model.embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss = loss_fn(model(codes), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), before, model.embedding.weight.detach().clone()
    ### END SOLUTION
# %% check="train_step"
check("train_step")
# %% [markdown] slide="slide" answers="6 P26"
# Whoever swaps two of its lines steps along no gradient, or along an old one.
#
# ## A row moves that nobody looked up
#
# The rule stands: under *plain SGD*. Now four optimizers train on the same flights, two a step:
# %% slide="fragment"
pairs = [[names[code] for code in pair.tolist()] for pair in codes.split(2)[:6]]
print(*(f"step {number}: {', '.join(pair)}" for number, pair in enumerate(pairs, start=1)), sep="\n")
# %% [markdown] slide="fragment"
# Momentum is SGD that keeps part of its last move. Adam keeps running means of past gradients. AdamW is Adam with
# weight decay: it also shrinks the weights a little, by default.
#
# **Which rows will move in step 4?** Write a list of names for each optimizer.
# %% slide="fragment" guess="who-moves"
guess = {"SGD": [], "momentum": [], "Adam": [], "AdamW": []}
# %% slide="subslide"
optimizers = {
    "SGD": lambda weights: SGD(weights, lr=0.1),
    "momentum": lambda weights: SGD(weights, lr=0.1, momentum=0.9),
    "Adam": lambda weights: Adam(weights, lr=0.1),
    "AdamW": lambda weights: AdamW(weights, lr=0.1),
}
lab = {}
for title, optimizer_for in optimizers.items():
    model = AirTime()
    lab[title] = watched(model, optimizer_for(model.parameters()), 2, 6, mse)
pd.DataFrame({"you said": guess, "moved in step 4": {title: sorted(lab[title][3].moved()) for title in lab}})
# %% [markdown] slide="notes"
# Step 4 looked up Atlanta and San Francisco. SGD moved these two. With momentum and Adam, Boston and Los Angeles moved
# as well. With AdamW even Anchorage did.
# %% slide="subslide"
show(movement_heatmap(lab), """Four panels, six steps by five airports. SGD: blue only inside orange outlines. Momentum
and Adam: once a row has been looked up it is blue in every later step; Anchorage stays empty. AdamW: every cell is
blue, Anchorage's faintly.""")
# %% [markdown] slide="notes"
# Follow Boston's line: looked up in step 2 and not again. SGD leaves it there. Momentum and Adam go on moving it.
# Why? The watcher says.
# %% slide="subslide"
lab["AdamW"][3]
# %% [markdown] slide="slide" answers="P26 P35"
# *Momentum* here means: the optimizer remembers gradients from earlier steps and follows them on, also where today's is
# zero. *Decay* shrinks every row that isn't zero; no gradient is needed, so Anchorage shrinks without a single flight.
#
# It is no bug, and the data still hasn't moved. *A row outside the batch moves if the optimizer remembers or decays.*
#
# ### Is it the adapting?
#
# Adam adapts each number's step to the gradients so far. So do Adagrad and RMSprop. SparseAdam is Adam for tables with
# `sparse=True`, whose gradient holds nothing but the rows looked up; momentum takes such gradients too.
#
# **Before you run it: which of these four will move a row outside the batch?** Write `True` or `False`.
# %% slide="fragment" guess="adapting"
guess = {"Adagrad": None, "RMSprop": None, "SparseAdam": None, "momentum, sparse": None}
# %% slide="fragment"
optimizers = {
    "Adagrad": (AirTime(), lambda table: Adagrad(table, lr=0.5)),
    "RMSprop": (AirTime(), lambda table: RMSprop(table, lr=0.1)),
    "SparseAdam": (AirTime(sparse=True), lambda table: SparseAdam(table, lr=0.1)),
    "momentum, sparse": (AirTime(sparse=True), lambda table: SGD(table, lr=0.1, momentum=0.9)),
}
more = {title: watched(model, optimizer_for(model.embedding.parameters()), 2, 6, mse)
        for title, (model, optimizer_for) in optimizers.items()}
outside = {title: bool((more[title].moved() & (more[title].times() == 0)).any()) for title in more}
pd.DataFrame({"you said": guess, "moved a row outside": outside})
# %% [markdown] slide="notes"
# Only the last. Adagrad and RMSprop remember the *size* of past gradients and divide by it; zero divided by anything is
# zero. What moves a row is a memory of *direction*.
# %% slide="subslide"
show(movement_heatmap(more), """Four panels, six steps by five airports. Adagrad, RMSprop and SparseAdam: blue only
inside orange outlines, as with plain SGD. Momentum with sparse gradients: blue goes on after a row was looked up.""")
# %% [markdown] slide="notes" answers="P69"
# SparseAdam does remember directions, but it touches the rows of the batch alone. Momentum keeps going even when its
# gradients are sparse. So "sparse" by itself promises nothing.
#
# ### What sparse gradients are for
#
# Large tables. Two flights look up two rows of a hundred thousand:
# %%
for sparse in (False, True):
    large = nn.Embedding(100_000, 16, sparse=sparse)
    large(torch.tensor([2, 3])).sum().backward()
    grad = large.weight.grad
    print(f"sparse={sparse}: {(grad.coalesce().values() if sparse else grad).numel():,} slopes")
# %% [markdown] answers="P30 P35"
# A dense gradient is as large as the table, zeros and all, and a dense step goes through every row. That can be why
# training is slow. But which optimizer takes a sparse one?
# %%
def decaying(weights):
    """SGD with weight decay."""
    return SGD(weights, lr=0.1, weight_decay=0.1)


for sparse, optimizer_for in ((True, Adam), (False, SparseAdam), (True, decaying)):
    model = AirTime(sparse=sparse)
    mse(model, codes[:2], hours[:2]).backward()
    try:
        optimizer_for(model.embedding.parameters()).step()
    except (RuntimeError, NotImplementedError) as error:
        print(error)
# %% [markdown] slide="slide"
# Adam wants dense gradients, SparseAdam sparse ones, and decay would have to touch every row. So a sparse table and
# ordinary layers beside it need two optimizers. (SGD without decay and Adagrad take both kinds.)
#
# ## Exercise: `rows_that_move` (2 points, 8 minutes)
#
# Say beforehand which rows move. With batches `[[0, 1], [2], [0]]`, step 1 moves `{2}` under `"sgd"` and
# `"sparse_adam"`, and `{0, 1, 2}` under `"momentum"` and `"adam"`. Steps count from 0.
# An optimizer of another name raises `ValueError`.
#
# Decide first: `batches` may hold batches that come after `step`. Can a row move because of them?
# %% exercise="rows_that_move"
def rows_that_move(batches, step, optimizer):
    """Which rows move in step number `step`, counted from 0, if no gradient of a looked-up row is zero.

    batches : list of lists of codes; later batches than `step` may follow
    optimizer : "sgd", "momentum" (SGD with momentum), "adam" or "sparse_adam", all without weight decay
    returns : set of int
    raises : ValueError for another optimizer
    """
    ### BEGIN SOLUTION
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[step])
    if optimizer in ("momentum", "adam"):
        return {code for batch in batches[:step + 1] for code in batch}
    raise ValueError(f"optimizer {optimizer!r} is none of sgd, momentum, adam, sparse_adam")
    ### END SOLUTION
# %% check="rows_that_move"
check("rows_that_move")
# %% [markdown]
# Once it passes, ask it about the flights, two a step:
# %%
if passed("rows_that_move"):
    batches = [pair.tolist() for pair in codes.split(2)]
    print("step 4 with Adam:", sorted(names[code] for code in rows_that_move(batches, 3, "adam")))
# %% [markdown] slide="slide" answers="P68"
# All but Anchorage, as in the third panel.
#
# ## A row that is told to stay
#
# `padding_idx` reserves a row, for filling up lists of unequal length, say. Give it to Atlanta's row by mistake, and
# train plainly for two steps:
# %% slide="fragment"
model = AirTime(padding_idx=1)
watched(model, SGD(model.parameters(), lr=0.1), 2, 2, mse)[0]
# %% [markdown] slide="subslide" answers="P5"
# Atlanta was looked up and stays at zeros: the option sets the row to zero once and keeps its *gradient* at zero.
# A real level with that code never learns, and no error tells you.
#
# So is the row safe for ever? Suppose someone loads ready-made rows over it, and AdamW takes the step.
# **Before you run it: will JFK's row move?** Write `True` or `False`.
# %% guess="told-to-stay"
guess = None
# %% slide="subslide"
table = small_table(padding_idx=2)                    # JFK's row is [2, 1], not zero
forward(table)[1].backward()
step = take_step(table, airports, three, AdamW(table.parameters(), lr=0.125).step)
show_step(step, {"JFK": guess})
# %% [markdown] slide="fragment" answers="P16 P24"
# JFK moves. It has no gradient, but AdamW's decay shrinks it, together with the others.
# *`padding_idx` stops the gradient. It stops neither decay nor whoever writes to the row.*
#
# ## At home: four more ways to move a row
#
# Plain SGD in all four, same flights, two a step. A forgotten `zero_grad`. A penalty on the squares of the whole table.
# Tied weights: the table is also the output layer, which guesses where the next flight goes.
# And `max_norm=1`, which shortens long rows.
#
# **Before you run it: in which of them will Anchorage's row move?** Write `True` or `False`.
# %% guess="anchorage"
guess = {"no zero_grad": None, "penalty": None, "tied": None, "max_norm": None}
# %%
class Hoarder(SGD):
    """SGD whose zero_grad was forgotten."""

    def zero_grad(self):
        pass


def penalised(model, codes, hours):
    """The error, and a price on every number of the table."""
    return mse(model, codes, hours) + 0.1 * (model.embedding.weight**2).sum()


def tied(model, codes, hours):
    """From one flight's destination to the next one's: a score for each row, (1, dim 2) @ (dim 2, levels 5)."""
    return F.cross_entropy(model.embedding(codes[:1]) @ model.embedding.weight.T, codes[1:])
# %%
ways = {"no zero_grad": (AirTime(), Hoarder, mse), "penalty": (AirTime(), SGD, penalised),
        "tied": (AirTime(), SGD, tied), "max_norm": (AirTime(max_norm=1), SGD, mse)}
four = {title: watched(model, optimizer_for(model.parameters(), lr=0.1), 2, 6, loss_of)
        for title, (model, optimizer_for, loss_of) in ways.items()}
anchorage = {title: bool(four[title].moved(["ANC"]).any()) for title in four}
pd.DataFrame({"you said": guess, "ANC moved": anchorage})
# %% [markdown]
# The penalty and the tied weights moved it.
# %%
show(movement_heatmap(four), """Four panels, six steps by five airports. No zero_grad: blue goes on after a row was
looked up. Penalty and tied: every cell is blue, Anchorage too. max_norm: blue only inside orange outlines.""")
# %% [markdown]
# - *No zero_grad*: old gradients pile up, so it looks like momentum. Nothing is carried to a row never looked up.
# - *Penalty*: every row stands in the loss, so every row has a slope. On `model.embedding(codes)` instead, only the
#   rows of the batch would.
# - *Tied*: to score the next destination, every row is multiplied. Looked up or not, all of them are in the loss.
# - *max_norm*: moves the rows of the batch only, but for a second reason.
# %%
four["max_norm"][0]
# %% [markdown] answers="P33"
# The reason says `max_norm`: the *forward pass* shortened rows, before any gradient. It does so under `no_grad` too:
# %%
table = small_table(max_norm=1)
with torch.no_grad():
    table(torch.tensor([2]))                          # JFK's row [2, 1] is longer than 1
print("JFK after a look:", table.weight[2].tolist())
# %% [markdown]
# A look changed the weight: the row is 1 long now. And if the weight was in use before the look, `backward` notices:
# %%
table = small_table(max_norm=1)
try:
    ((table.weight**2).sum() + table(three).sum()).backward()
except RuntimeError as error:
    print(str(error).split(":")[0])
# %% [markdown] answers="P24"
# The squares were taken of numbers that are no longer there. Look up first, then use the weight.
#
# ### The penalty, on the batch alone
#
# Back to the penalty. What if it counts only the rows looked up?
# %%
table = small_table()
(table(three) ** 2).sum().backward()
print([name for name, slope in zip(airports, table.weight.grad, strict=True) if slope.any()])
# %% [markdown] answers="P31"
# JFK and LAX have a slope from it, the others none. Weight decay is a third thing: no slope is needed, and every row
# shrinks, as AdamW showed.
#
# ## At home: ninety, nine and one
#
# A batch of 100 flights: 90 to Atlanta, 9 to Boston, 1 to Los Angeles. All rows start at zero, every flight misses by
# the same amount. **Before you run it: which row moves furthest in the first step?** Write a name, or `"all alike"`.
# %% guess="ninety"
guess = {"SGD": None, "Adam": None}
# %%
counts = {"ATL": 90, "BOS": 9, "LAX": 1, "ANC": 0}
hundred = torch.tensor([0] * 90 + [1] * 9 + [2])                  # (batch 100,)
distances = {}
for title, optimizer_for in (("SGD", SGD), ("Adam", Adam)):
    table = nn.Embedding.from_pretrained(torch.zeros(4, 2), freeze=False)
    ((table(hundred).sum(dim=1) - 1) ** 2).mean().backward()
    step = take_step(table, list(counts), hundred, optimizer_for(table.parameters(), lr=0.1).step)
    distances[title] = step.distances()
print("you said", guess)
show(first_step(counts, distances), """Bars for levels that 90, 9, 1 and 0 of 100 flights had. Under SGD the first is
ten times the second and ninety times the third; under Adam the three are alike. The level without a flight has not
moved.""")
# %% [markdown] answers="P42"
# Under SGD each flight pulls once, so ninety pull ninety times as far. Adam divides each gradient by its own size: in
# the first step all three go exactly as far, common or rare. A row nobody asked for stays.
#
# ## At home: shares instead of a code
#
# Suppose a network before the table isn't sure which airport it sees, and hands over shares instead of a code. Which
# rows have a slope then, and have the shares one too?
# %%
table = small_table()
shares = torch.tensor([0.125, 0.125, 0.5, 0.125, 0.125], requires_grad=True)      # (levels 5,), half JFK
((shares @ table.weight).sum() - 4).square().backward()
found = {"share": shares.tolist(), "slope of the row": table.weight.grad.tolist(), "of the share": shares.grad.tolist()}
pd.DataFrame(found, index=airports)
# %% [markdown] slide="slide"
# Every row has a slope, JFK's four times the others', as its share is. And every share has one, so the network that
# made them can learn. A code would have ended the way back.
#
# ## In your own words (2 points, 4 minutes)
#
# A classmate writes: "The embeddings are the data; how can training change my data?" Answer in three sentences.
# %% [markdown] written="own-words" points=2
# The data are the codes (and the names they stand for); training reads them, they have no gradient, and after any
# number of steps they are what they were. The embeddings are rows of a weight matrix, random at first, which the codes
# pick out. Each step moves rows of that matrix, like any other weight: under plain SGD those that the batch looked up.
#
# **Marking.** 1 point: says what the data is (codes, names, the table on disk) and that no step changes it.
# 1 point: says that the embeddings are rows of a weight matrix, which the codes only select, and that the step changes
# *these*. Which rows move under which optimizer is welcome and not asked for. "The data gets updated too" earns
# nothing, whatever stands beside it. Whole points only.
# %% [markdown] slide="slide"
# ## The first prediction, for the last time
#
# The same twenty steps as in the beginning. The first five lines ask what they asked then; the sixth lets AdamW take
# the steps. **Before you run it: which will have changed?** Write `True` or `False`.
# %% slide="fragment" guess="what-changes-now"
guess = {
    "flights table": None,
    "codes": None,
    "weight matrix": None,
    "BOS's row": None,
    "ANC's row": None,
    "ANC's row, AdamW": None,
}
# %% slide="subslide"
changed = {}
for optimizer_for in (AdamW, SGD):
    model = AirTime()
    before = fingerprints(model)
    watched(model, optimizer_for(model.parameters(), lr=0.1), 3, 20, mse)
    changed[optimizer_for] = {name: print_ != before[name] for name, print_ in fingerprints(model).items()}
answer = changed[SGD] | {"ANC's row, AdamW": changed[AdamW]["ANC's row"]}
pd.DataFrame({"you say": guess, "changed": answer})
# %% [markdown] slide="slide"
# The weight matrix, and Boston's row in it. Anchorage's row only by decay. Table and codes never, under any optimizer.
#
# ## To keep
#
# **A step moves rows of the weight. The data only says which.** Rows outside the batch move only if the optimizer
# remembers or decays, or if they stand in the loss.
#
# The picture to remember: blue inside orange, and the first panel in which it spills over. Next, in lesson 6: do the
# numbers in these rows mean anything?
