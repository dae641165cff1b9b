# ---
# jupyter:
#   lesson:
#     minutes: 50
#     points: 10
#     edition: 2
# ---
# %% [markdown] slide="slide"
# # Where does the update happen?
#
# **50 minutes, 3 exercises, two more at home.** "The weights are trained and the data stays as it is. But the
# embeddings *are* my data. So what gets trained?" Hardly anyone is spared this question. When you are through, you can
# - point at the one tensor that a training step changes, and at the ones that it never touches;
# - say which rows can move before the step runs;
# - train an embedding table on real flights with a loop of your own, without autograd and without an optimizer.
# %%
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import SGD

from embedding_course import check, marked, passed
from embedding_course.data import read_flights
from embedding_course.figures import show
from embedding_course.pictures import training_loop as pictures
from embedding_course.rows import show_step, take_step, watch

torch.set_num_threads(1)
# %% [markdown] slide="slide" answers="1 2 P41"
# ## Twenty steps on new flights
#
# In lesson 1 you took one step on three made-up flights. Here are sixty real ones from New York: where each of them
# went, and how many hours it was in the air.
# %% slide="fragment"
names = ["ANC", "ATL", "BOS", "LAX", "SFO"]           # entry i names the owner of row i
nyc = read_flights()
flights = nyc[nyc["dest"].isin(names)].head(60)
codes = torch.tensor([names.index(dest) for dest in flights["dest"]])          # (flights 60,)
hours = torch.tensor(flights["air_time"].to_numpy() / 60).float()              # (flights 60,)
print(flights["dest"].head(6).tolist(), "→", codes[:6].tolist())
print(flights["dest"].value_counts().to_dict())
# %% [markdown] slide="notes"
# These are the first flights of the year, and none of them went to Anchorage (ANC), which has a row all the same.
#
# We want to predict the hours. Our network keeps two numbers for each destination, and its prediction is their sum. It
# has no further layer, so that you can follow every number with your own eyes.
# %% slide="subslide"
torch.manual_seed(35)                                 # the same random start each time
table = nn.Embedding(5, 2)                            # weight (levels 5, dim 2)
optimizer = SGD(table.parameters(), lr=0.05)
# %% [markdown] slide="subslide"
# The loop below takes three flights at a time, a *mini-batch*. For each it runs these lines:
#
# | line | what it does |
# | --- | --- |
# | `predictions = table(batch).sum(dim=1)` | the *forward pass*: codes and weights give predictions |
# | `loss = ((predictions - target) ** 2).sum()` | the *loss*: one number that says how wrong they are |
# | `optimizer.zero_grad()` | clears the gradient of the mini-batch before |
# | `loss.backward()` | *autograd* finds the *gradient*: for each weight, how fast the loss rises if it rises |
# | `optimizer.step()` | the *step*: moves each weight a little against its gradient |
#
# Autograd is the part of PyTorch that finds gradients. `SGD` is the plainest optimizer: weight minus learning rate
# (`lr`) times gradient, and nothing more.
#
# **Before you run the twenty steps: which of these five things will have changed?** Write `True` or `False`.
# %% slide="fragment" guess="what-changes"
guess = {
    "flights table": None,
    "codes": None,
    "weight matrix": None,
    "BOS's row": None,
    "ANC's row": None,
}
# %% slide="subslide"
def five_things(table):
    """What training might change, as plain lists: copies that we can compare afterwards."""
    weight = table.weight.tolist()
    return {"flights table": flights.values.tolist(), "codes": codes.tolist(),
            "weight matrix": weight, "BOS's row": weight[2], "ANC's row": weight[0]}


before = five_things(table)
for batch, target in zip(codes.split(3), hours.split(3), strict=True):
    predictions = table(batch).sum(dim=1)             # (batch 3, dim 2) → (batch 3,)
    loss = ((predictions - target) ** 2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
after = five_things(table)
marked("what-changes", guess, {thing: before[thing] != after[thing] for thing in before})
# %% [markdown] slide="slide" answers="1 P25"
# The flights table and the codes hold what they held before. The weight matrix has changed, and so has Boston's row in
# it, while Anchorage's hasn't. Sixty flights and five rows: the rows are not the flights, and Anchorage has a row and no
# flight.
#
# *Training reads the data and writes the weights.* Boston's row is made of such weights, and that is where the update
# happens. But why Boston's row and not Anchorage's? To see that, we take one step slowly.
#
# ## By hand, every number
#
# Four flights are enough for that, and a start that you can calculate with in your head. `from_pretrained` makes a layer
# that begins with given numbers, and `freeze=False` lets them train. (`clone` makes a copy with memory of its own, so that
# `start` keeps its numbers.)
# %%
# (levels 5, dim 2)
start = torch.tensor([[1.0, -0.5], [0.5, 1.5], [2.0, 0.5], [3.0, 1.0], [2.5, 3.5]])
four = torch.tensor([3, 2, 3, 4])                     # (batch 4,): LAX, BOS, LAX, SFO
flown = torch.tensor([5.0, 1.0, 6.0, 6.0])            # (batch 4,), hours in the air


def new_table():
    """A table that begins with the numbers of `start`, and is free to train."""
    return nn.Embedding.from_pretrained(start.clone(), freeze=False)


def squared_error(table):
    """The loss: the sum of the squared errors (prediction minus target)."""
    return ((table(four).sum(dim=1) - flown) ** 2).sum()


table = new_table()
rows = table(four)                                    # (batch 4, dim 2), the rows looked up
errors = rows.sum(dim=1) - flown                      # (batch 4,)
print("loss", squared_error(table).item())
columns = {"row": rows.tolist(), "prediction": rows.sum(dim=1).tolist(), "flown": flown.tolist(),
           "error": errors.tolist()}
pd.DataFrame(columns, index=["LAX", "BOS", "LAX", "SFO"])
# %% [markdown] slide="subslide" answers="6"
# LAX's numbers add up to 4, which is one hour too little for its first flight and two for its second. BOS predicts 1.5
# hours too much, and SFO is exactly right. So the loss is 1 + 2.25 + 4 + 0 = 7.25.
#
# Now `backward`. If one of a row's numbers rises by a little, the prediction rises by as much, and the squared error
# rises at *twice the error* times that. This is the number's slope, and the gradient is all these slopes together.
#
# **Before you run it: which slope will the numbers of each airport have?**
# %% guess="slopes"
guess = {"ANC": None, "ATL": None, "BOS": None, "LAX": None, "SFO": None}
# %% slide="fragment"
table = new_table()
squared_error(table).backward()
print("weight.grad", table.weight.grad.tolist())
print("codes: requires_grad", four.requires_grad, "  grad", four.grad)
marked("slopes", guess, dict(zip(names, table.weight.grad[:, 0].tolist(), strict=True)))
# %% [markdown] slide="notes" answers="P37"
# The gradient has the shape of the whole table. ANC and ATL have slope 0, because no error depends on their numbers.
# BOS has 2 · 1.5 = 3. LAX has −6, which is −2 from its first flight and −4 from its second.
#
# SFO was looked up and has slope 0 all the same, because its prediction was right. The layer has no aim of
# its own. The loss sees predictions and hours; it never compares two airports.
#
# The codes have no gradient at all. `requires_grad` says whether autograd keeps track of a tensor in order to find its
# gradient, and for the weight of a layer it says `True`. For the codes it says `False`, and it couldn't say anything
# else: they are whole numbers that choose rows, and there is nothing between row 2 and row 3.
# %% slide="subslide"
show(pictures.through_the_network(names, start, four, flown))
# %% [markdown] slide="fragment"
# Follow the arrows from the left. The codes enter the network and choose rows of the table, which is *part of the
# network*. The rows give predictions, which are compared with the hours flown, and the way back ends at the table's
# gradient, which says how the table will be changed.
#
# **The step comes next: each number minus the learning rate times its slope. With a rate of 0.125, how far will each of
# an airport's two numbers move?** (Both move alike.) Write how far, without a sign, or 0 if you think that they stay.
# %% guess="how-far"
guess = {"ANC": None, "ATL": None, "BOS": None, "LAX": None, "SFO": None}
# %% slide="subslide"
table = new_table()
squared_error(table).backward()
step = take_step(table, names, four, SGD(table.parameters(), lr=0.125).step)
show_step(step, guess)
# %% [markdown] slide="slide" answers="6 P39"
# Each of LAX's numbers rose by 0.125 · 6 = 0.75, because its predictions were too low. BOS's fell by 0.375. (What is
# printed says how far a row moved as a whole, as the crow flies: two numbers by 0.75 each make √(0.75² + 0.75²) =
# 1.06.) ANC and ATL were not looked up, SFO was and had no error; these three are the same to the last bit. Orange
# marks the rows that were looked up, blue those that moved.
#
# *The codes say which rows can move. The errors (prediction minus target) say whether they do, which way and how far.*
#
# ## A level that stands twice
#
# LAX was in the mini-batch twice, and autograd added the two slopes. Suppose you do that yourself, the way that comes to
# mind first: `grad[codes] += slopes`. **What will LAX's entry hold?**
# %% guess="twice"
guess = None
# %% slide="fragment"
slopes = torch.tensor([[-2.0, -2.0], [3.0, 3.0], [-4.0, -4.0], [0.0, 0.0]])    # LAX, BOS, LAX, SFO
grad = torch.zeros(5, 2)
grad[four] += slopes
marked("twice", guess, grad[3, 0].item())
# %% [markdown] slide="slide" answers="P59"
# It holds −4. PyTorch fetches LAX's zeros twice, adds one slope to each of these copies, and writes both back to the
# same place, where only one of them survives, here the last. Nothing warns you that a slope was lost.
#
# ## Exercise: `lookup_backward` (2 points, 6 minutes)
#
# Do it right: turn the gradient of the looked-up rows into the gradient of the whole table, without autograd.
# Codes `[0, 2]` with `grad_output` `[[1], [5]]` and 4 levels make `[[1], [0], [5], [0]]`.
#
# Decide first: how does a level that stands twice get both parts? And which row would a code of −1 write to? (Raise an
# error there; silence would be the fault.)
# %% exercise="lookup_backward"
def lookup_backward(codes, grad_output, levels):
    """Gradient of the loss with respect to the whole table, without autograd.

    codes : int64 (n,), each in 0 .. levels - 1
    grad_output : float (n, dim), the gradient of the looked-up rows
    returns : float (levels, dim)
    raises : IndexError, or another error, for a code outside 0 .. levels - 1, negative ones too
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
# If your check passes, the next cell prints the gradient by your own function, then by torch's `index_add_`, which adds
# row by row, and by the line that lesson 2 derived.
# %% slide="subslide"
if passed("lookup_backward"):
    print(lookup_backward(four, slopes, 5).tolist())
print(torch.zeros(5, 2).index_add_(0, four, slopes).tolist())
print((F.one_hot(four, 5).float().T @ slopes).tolist())
# %% [markdown] slide="slide"
# ## The step, without an optimizer
#
# A step is one line: `weight -= lr * grad`. Try it on a weight in training.
# %% slide="fragment"
weight = start.clone().requires_grad_()
try:
    weight -= 0.125 * torch.ones(5, 2)
except RuntimeError as error:
    print(error)
with torch.no_grad():
    weight -= 0.125 * torch.ones(5, 2)
print(weight[0].tolist())
# %% [markdown] slide="notes"
# PyTorch refused the first attempt. Autograd takes notes of what is computed from `weight`, and overwriting it would spoil
# them. (A *leaf* is a tensor that wasn't computed from others, as the weight is.) Inside `torch.no_grad()` it takes no
# notes, so the second attempt went through. That is where a step by hand belongs.
#
# ## Exercise: `sgd_step` (1 point, 3 minutes)
#
# Make a function of it. With `weight` `[[1, 2]]`, `grad` `[[2, −4]]` and a rate of 0.25, the *same* tensor holds
# `[[0.5, 3]]` afterwards. Nothing is returned, and `grad` stays as it is.
#
# Decide first: after `weight = weight - …`, what does the caller's tensor hold?
# %% exercise="sgd_step"
def sgd_step(weight, grad, lr):
    """One step of plain SGD, in place and outside autograd.

    weight : float (levels, dim), changed in its own memory; it may be a leaf
    grad : float (levels, dim), left as it is, and not put into `weight.grad`
    lr : float, the learning rate
    returns : None
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        weight -= lr * grad
    ### END SOLUTION
# %% check="sgd_step"
check("sgd_step")
# %% [markdown] slide="slide" answers="6"
# A slope of zero times any rate is zero, so a row without a slope can't move in this step.
#
# ## The real loop, row by row
#
# Back to the sixty flights, and this time the row watcher of this course looks on. Call `watch` before the loop, and
# print `watcher.last` after each step. The loop itself is the one that you ran at the beginning.
# %% slide="fragment"
torch.manual_seed(35)
table = nn.Embedding(5, 2)
optimizer = SGD(table.parameters(), lr=0.05)
watcher = watch(table, names, optimizer)
for batch, target in zip(codes.split(3), hours.split(3), strict=True):
    loss = ((table(batch).sum(dim=1) - target) ** 2).sum()
    optimizer.zero_grad()
    loss.backward()
    watcher.loss(loss)                                # so that it is shown
    optimizer.step()
    if watcher.last.number <= 3:
        print(watcher.last, "\n")
# %% [markdown] slide="notes"
# Read a step aloud: Atlanta was looked up (▸), it held these numbers before and those after, it changed by so much, and
# the reason is its gradient. In step 1 San Francisco is `unchanged`, because no flight of that mini-batch went there.
# In steps 2 and 3 it is Boston. Anchorage is unchanged in all three. (Numbers are rounded to two digits, and each step has
# the loss of other flights, so it needn't fall from one to the next.)
# %% slide="subslide"
show(pictures.movement_heatmap({"plain SGD": watcher.history}))
# %% [markdown] slide="notes"
# Each column is a step and each line an airport. An orange frame means that the row was looked up, blue that it moved,
# darker meaning further; the scale is stretched, so that small moves show. Look for a blue cell without a frame: here
# there is none. Here are the same steps with their numbers; step through them, or let them play.
# %% slide="subslide"
pictures.stepper(watcher.history, "The table of five airports through twenty steps of plain SGD.")
# %% [markdown] slide="slide"
# *Under plain SGD, with a loss made of looked-up rows, no other row moves.* Anchorage's row still holds its random start.
#
# ## Exercise: `train_by_hand` (2 points, 7 minutes)
#
# Now the whole loop is yours: no autograd, no optimizer. For each mini-batch in turn, predict with the sum of the row,
# note the loss (the sum of squared differences), work out the gradient of the table, and take a step.
# Use your `lookup_backward` and `sgd_step`, or write it out anew.
#
# With `weight` `[[1], [4]]`, one batch of codes `[0]` and targets `[3]`, and a rate of 0.25, the list is `[4.0]`
# and the weight holds `[[2], [4]]`. Decide first: what is the slope of each of a row's numbers, if the prediction is
# their sum? ("By hand, every number" has it.)
# %% exercise="train_by_hand"
def train_by_hand(weight, batches, lr):
    """Train a table in place, one plain step a batch. A record's prediction is the sum of its row.

    weight : float (levels, dim), changed in its own memory, nothing put into `weight.grad`; may
             be a leaf
    batches : list of (codes int64 (n,), targets float (n,)), taken in order
    lr : float, the learning rate
    returns : list of float, each batch's sum of squared differences before its step
    """
    ### BEGIN SOLUTION
    losses = []
    for codes, targets in batches:
        rows = weight.detach()[codes]                                      # (n, dim)
        errors = rows.sum(dim=1) - targets                                 # (n,)
        losses.append((errors**2).sum().item())
        grad_output = (2 * errors).unsqueeze(1).expand_as(rows)  # the same slope for each number
        sgd_step(weight, lookup_backward(codes, grad_output, len(weight)), lr)
    return losses
    ### END SOLUTION
# %% check="train_by_hand"
check("train_by_hand")
# %% [markdown] slide="slide" answers="1 2"
# ## Your own training
#
# We take 30,000 real flights, a hundred in a mini-batch, and a table with a row for each of the 104 destinations. Going
# once through all flights is an *epoch*. Your function trains one table; PyTorch's layer, autograd and optimizer train
# another that starts from the same numbers. **How many of the 104 rows will agree, to four decimals?** (Your function
# trains as soon as your check has passed; until then the next cells show nothing.)
# %% guess="agree"
guess = None
# %%
some = nyc.sample(30_000, random_state=0)
airports = sorted(nyc["dest"].unique())               # row i belongs to airport i
many = torch.tensor([airports.index(dest) for dest in some["dest"]])      # (flights 30000,)
in_air = torch.tensor(some["air_time"].to_numpy() / 60).float()           # (flights 30000,), hours
batches = list(zip(many.split(100), in_air.split(100), strict=True))
torch.manual_seed(4)
layer = nn.Embedding(len(airports), 2)
random_rows = layer.weight.detach().clone()           # a copy that autograd doesn't follow
optimizer = SGD(layer.parameters(), lr=0.01)
for batch, target in batches:
    loss = ((layer(batch).sum(dim=1) - target) ** 2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
# %% slide="subslide"
if passed("train_by_hand"):
    yours = random_rows.clone()
    losses = train_by_hand(yours, batches, lr=0.01)
    theirs = layer.weight.detach()
    near = torch.isclose(yours, theirs, rtol=0, atol=1e-4).all(dim=1)     # (levels 104,)
    print(f"loss of the first batch {losses[0]:.0f}, of the last {losses[-1]:.1f}")
    print(f"largest difference of any number: {(yours - theirs).abs().max().item():.0e}")
    display(marked("agree", guess, int(near.sum())))
# %% slide="subslide"
if passed("train_by_hand"):
    counts = torch.bincount(many, minlength=len(airports))                # (levels 104,)
    means = torch.zeros(len(airports)).index_add_(0, many, in_air) / counts    # (levels 104,)
    off = (yours.sum(dim=1) - means).abs() > 0.5
    print(f"{int(off.sum())} airports are off by more than half an hour; "
          f"none of them had more than {int(counts[off].max())} flights")
    sums = {"before": random_rows.sum(dim=1), "your loop": yours.sum(dim=1),
            "nn.Embedding and SGD": theirs.sum(dim=1)}
    display(show(pictures.two_trainings(means, sums)))
# %% [markdown] slide="slide"
# If all rows agree, up to rounding, then your few lines are all that a layer, autograd and an optimizer did here.
#
# Each dot is an airport. Before training the sums are random; afterwards most of them lie near the line, where the
# row predicts its airport's mean. The dots far off the line belong to airports with few flights, as the printed number
# says: their rows were looked up too seldom to get there.
#
# You wrote every line of this loop, and only one of them changes something that was there before the loop: the step,
# which changes `weight`. No line writes to the flights.
#
# ## In your own words (2 points, 4 minutes)
#
# A classmate writes: "The embeddings are the data; how can training change my data?" Answer in three sentences.
# %% [markdown] written="own-words" points=2
# The data are the codes, the names that they stand for and the hours; training reads them, and after any number of
# steps they are what they were. The embeddings are rows of a weight matrix inside the network, random at first, which
# the codes choose. Each step changes rows of that matrix, like any other weight: under plain SGD only those that the
# mini-batch looked up, against their gradient.
#
# **Marking.** 1 point: says what the data is (codes, names, the table on disk) and that no step changes it.
# 1 point: says that the embeddings are rows of a weight matrix, which the codes only choose, and that the step changes
# *these*. Which rows move under which optimizer is welcome and not asked for. "The data gets updated too" earns
# nothing, whatever stands beside it. Whole points only.
# %% [markdown] slide="slide"
# ## To keep
#
# **A step changes rows of the weight, never the data. Under plain SGD the codes say which rows can move; the errors say
# whether, which way and how far.**
#
# The picture to remember: the way through the network and back, with the table inside. In lesson 5 the rule for
# plain SGD breaks: rows will move that nobody looked up.
# %% [markdown] answers="P48"
# ## Keeping a before · at home
#
# "I printed the weights and they don't change." Perhaps the row wasn't in the batch. More often, the *before* is no
# copy. Here are three ways to keep the table before a step. `detach` returns a tensor that autograd no longer follows.
# `clone` returns one with memory of its own. **Which of the three will still hold LAX's old numbers?** Write `True` or
# `False`.
# %% guess="still-old"
guess = {"weight": None, "weight.detach()": None, "weight.detach().clone()": None}
# %%
table = new_table()
weight = table.weight
kept = {"weight": weight, "weight.detach()": weight.detach(),
        "weight.detach().clone()": weight.detach().clone()}
squared_error(table).backward()
SGD(table.parameters(), lr=0.125).step()
print({way: tensor[3].tolist() for way, tensor in kept.items()})
marked("still-old", guess, {way: tensor[3].equal(start[3]) for way, tensor in kept.items()})
# %% [markdown]
# Only the clone still holds the old numbers. `detach` gave a second name for the same memory, so it changed along with
# the weight. `.data` and `.numpy()` do the same.
#
# ## Exercise: `row_diff` (2 points, 8 minutes) · at home
#
# Build the watcher's table yourself. From `before` `[[1, 2], [5, 5]]`, `after` `[[1, 2], [8, 9]]` and the names
# `["ATL", "BOS"]` comes a frame in which ATL did not move, and BOS has `change` `[3, 4]` and `distance` 5.
#
# It is a record: when training goes on, it must not change. Decide first: which of your columns are copies?
# And does a row count as moved if one number differs in its last bit?
# %% exercise="row_diff"
def row_diff(before, after, names):
    """What a step did to each row, as a frame that later training leaves alone.

    before, after : float (levels, dim); they may require gradients
    names : list of level names, one a row
    returns : DataFrame indexed by name; columns before, after, change (a NumPy array (dim,) in
        each cell), distance (float, Euclidean length of the change), moved (bool, exact: True if
        any number differs)
    """
    ### BEGIN SOLUTION
    before, after = before.detach().clone(), after.detach().clone()
    change = after - before                                           # (levels, dim)
    return pd.DataFrame({"before": list(before.numpy()), "after": list(after.numpy()),
                         "change": list(change.numpy()),
                         "distance": change.norm(dim=1).tolist(),
                         "moved": (before != after).any(dim=1).tolist()},
                        index=names)
    ### END SOLUTION
# %% check="row_diff"
check("row_diff")
# %% [markdown]
# ## Exercise: `train_step` (1 point, 8 minutes) · at home
#
# Now the loop's body with autograd: one step on `loss_fn(model(codes), targets)`. Return the loss of that forward pass
# as a number, and the table before and after. If the row `[1]` itself is the prediction, a target of 3, squared error
# and SGD at 0.25 make `(4.0, [[1]], [[2]])`.
#
# Decide first: what if `.grad` still holds something from an earlier step? And will your *before* still be the before
# after ten more steps?
# %% exercise="train_step"
def train_step(model, codes, targets, loss_fn, optimizer):
    """One training step, and what it did to the table `model.embedding.weight`.

    codes : int64 (n,); targets : (n,), what `loss_fn` takes beside the predictions
    optimizer : holds the model's parameters; gradients of an earlier step must not count
    returns : (float, Tensor, Tensor), the loss of this forward pass and detached copies of the
              weight before and after
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
# %% [markdown] answers="P60"
# Swap two of its lines and the optimizer steps with no gradient, or with the last step's.
#
# ## Can the codes have a gradient? · at home
#
# Ask for one and see what PyTorch says.
# %%
try:
    four.requires_grad_()
except RuntimeError as error:
    print(error)
# %% [markdown] answers="P39"
# A gradient says what happens when a number rises by a little. A code can't rise by a little: LAX is row 3, and there is
# no row 3.01.
#
# ## Added, unless you ask for something else · at home
#
# A level that stands twice gets both slopes, added. There is an option that divides them by how often the level stands
# in *this mini-batch* (not in the data).
# %%
for option in (False, True):
    table = nn.Embedding.from_pretrained(start.clone(), freeze=False, scale_grad_by_freq=option)
    squared_error(table).backward()
    bos, lax = table.weight.grad[2:4].tolist()
    print(f"scale_grad_by_freq={option}: BOS {bos}, LAX {lax}")
# %% [markdown] answers="P42"
# LAX's −6 becomes −3, the mean of its two slopes. BOS stands there once and keeps its 3.
#
# ## Shares instead of a code · at home
#
# Suppose another network comes before the table and isn't sure which airport it sees. It hands over shares that add up
# to 1. Which rows have a slope then, and do the shares have one too?
# %%
weight = start.clone().requires_grad_()
shares = torch.tensor([0.125, 0.125, 0.125, 0.5, 0.125], requires_grad=True)      # half LAX
((shares @ weight).sum() - 5).square().backward()
pd.DataFrame({"share": shares.tolist(), "slope of the row": weight.grad.tolist(),
              "slope of the share": shares.grad.tolist()}, index=names)
# %% [markdown]
# Every row has a slope, LAX's four times the others', as its share is. And every share has one, so the network that
# made them can learn. A code would have ended the way back.
