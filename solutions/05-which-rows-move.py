# ---
# jupyter:
#   lesson:
#     minutes: 40
#     points: 10
#     edition: 2
# ---
# %% [markdown] slide="slide"
# # Why did a row move that nobody looked up?
#
# **40 minutes, 2 exercises, two more at home.** Lesson 4 ended with a rule: under plain SGD no row moves that wasn't
# looked up. You switch to Adam, and rows move that weren't in the mini-batch. Is it a bug, or is the data being changed
# after all? When you are through, you can
# - say for each optimizer whether it moves rows outside the mini-batch, and why;
# - write momentum in two lines, and point at the table in which it remembers;
# - find out of a strange movement where it came from.
# %%
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.optim import SGD, Adam, AdamW, SparseAdam

from embedding_course import check, marked, passed
from embedding_course.data import read_flights
from embedding_course.figures import show
from embedding_course.pictures import training_loop as pictures
from embedding_course.rows import show_step, take_step, watch

torch.set_num_threads(1)
# %% [markdown] slide="slide"
# ## The rule, broken
#
# The flights are those of lesson 4: where a flight from New York went, and how many hours it was in the air. The table
# has two numbers for each destination, and the prediction is their sum. We take two flights a step, six steps.
# %% slide="fragment"
names = ["ANC", "ATL", "BOS", "LAX", "SFO"]
nyc = read_flights()
flights = nyc[nyc["dest"].isin(names)].head(12)
codes = torch.tensor([names.index(dest) for dest in flights["dest"]]).split(2)  # 6 × (batch 2,)
hours = torch.tensor(flights["air_time"].to_numpy() / 60).float().split(2)  # 6 × (batch 2,)
for number, batch in enumerate(codes, start=1):
    print(f"step {number}:", ", ".join(names[code] for code in batch))
# %% [markdown] slide="subslide"
# The optimizer is SGD again, with one option more: `momentum=0.9`. The row watcher of lesson 4 looks on.
# **Before you run the first two steps: which rows will move in step 2?** Write `True` or `False` for each.
# %% slide="fragment" guess="step-two"
guess = {"ANC": None, "ATL": None, "BOS": None, "LAX": None, "SFO": None}
# %% slide="subslide"
def squared_error(table, batch, target):
    """The loss of a mini-batch: squared differences between the rows' sums and the hours, added
    up."""
    return ((table(batch).sum(dim=1) - target) ** 2).sum()


torch.manual_seed(35)
table = nn.Embedding(5, 2)
optimizer = SGD(table.parameters(), lr=0.05, momentum=0.9)
watcher = watch(table, names, optimizer)
for batch, target in zip(codes[:2], hours[:2], strict=True):
    optimizer.zero_grad()
    squared_error(table, batch, target).backward()
    optimizer.step()
show_step(watcher.last, guess)
# %% [markdown] slide="slide" answers="P26"
# Step 2 looked up BOS and SFO, and these moved. But ATL and LAX moved as well, although no flight of this step went
# there: their last one was in step 1. Only ANC stayed.
#
# ## Where it remembers
#
# It isn't a bug, and no data has changed. SGD with momentum keeps a second table of the same shape, the *buffer*. Here it
# is, beside the gradient of step 2.
# %% slide="fragment"
buffer = optimizer.state[table.weight]["momentum_buffer"]                # (levels 5, dim 2)
pd.DataFrame({"gradient of step 2": table.weight.grad.tolist(), "buffer": buffer.tolist()},
             index=names)
# %% [markdown] slide="notes" answers="P26"
# In each step the buffer is first multiplied by 0.9, and then the gradient is added. The weight follows the *buffer*,
# not the gradient: weight minus learning rate times buffer. ATL and LAX have no gradient in step 2, but their buffer
# still holds nine tenths of step 1's, and so they move. ANC never had a gradient, so its buffer is zero and it stays.
#
# People use momentum because a direction on which several steps agree adds up, and back and forth cancels.
#
# ## Exercise: `momentum_step` (2 points, 5 minutes)
#
# Write one step of it. With `weight` `[[1], [1]]`, `buffer` `[[2], [0]]`, `grad` `[[0], [4]]`, a rate of 0.5 and momentum
# 0.5, the buffer becomes `[[1], [4]]` and the weight `[[0.5], [-1]]`.
#
# Decide first: which of the two changes comes first? And which tensors must keep their memory, so that the next step
# finds what this one left?
# %% exercise="momentum_step"
def momentum_step(weight, buffer, grad, lr, momentum):
    """One step of SGD with momentum, in place and outside autograd.

    weight, buffer : float (levels, dim), both changed in their own memory; the weight may be a
                     leaf
    grad : float (levels, dim), left as it is, and not put into `weight.grad`
    lr, momentum : float
    returns : None
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        buffer.mul_(momentum).add_(grad)
        weight -= lr * buffer
    ### END SOLUTION
# %% check="momentum_step"
check("momentum_step")
# %% [markdown]
# If your check passes, your step now takes the six steps beside PyTorch's, from the same start.
# %%
if passed("momentum_step"):
    torch.manual_seed(35)
    theirs = nn.Embedding(5, 2)
    yours = theirs.weight.detach().clone().requires_grad_()
    memory = torch.zeros(5, 2)
    their_step = SGD(theirs.parameters(), lr=0.05, momentum=0.9)
    for batch, target in zip(codes, hours, strict=True):
        loss = squared_error(lambda codes: yours[codes], batch, target)
        [grad] = torch.autograd.grad(loss, yours)
        momentum_step(yours, memory, grad, lr=0.05, momentum=0.9)
        their_step.zero_grad()
        squared_error(theirs, batch, target).backward()
        their_step.step()
    print(f"largest difference after six steps: {(yours - theirs.weight).abs().max().item():.0e}")
# %% [markdown] slide="slide"
# ## Four optimizers, side by side
#
# *Adam* keeps two such tables. One is a running mean of the gradients, a memory of *direction*, as the buffer is. The
# other is a running mean of their squares, a memory of *size*. The step is the first divided by the square root of the
# second, times the learning rate: where the direction is steady, every number goes about as far, whether its gradients
# are large or small. *AdamW* is Adam with weight decay: in each step it also shrinks all weights by a small share.
#
# Step 4 looks up ATL and SFO. **Which rows will move in step 4?** Write a list of names for each optimizer.
# %% slide="fragment" guess="who-moves"
guess = {"SGD": None, "momentum": None, "Adam": None, "AdamW": None}
# %% slide="subslide"
def trained(optimizer_for, loss_of=squared_error, seed=35, **options):
    """Six steps from a random start: the watcher's history of the table."""
    torch.manual_seed(seed)
    table = nn.Embedding(5, 2, **options)
    optimizer = optimizer_for(table.parameters())
    with watch(table, names, optimizer) as watcher:
        for batch, target in zip(codes, hours, strict=True):
            optimizer.zero_grad()
            loss_of(table, batch, target).backward()
            optimizer.step()
    return watcher.history


four = {"SGD": trained(lambda weights: SGD(weights, lr=0.05)),
        "momentum": trained(lambda weights: SGD(weights, lr=0.05, momentum=0.9)),
        "Adam": trained(lambda weights: Adam(weights, lr=0.1)),
        "AdamW": trained(lambda weights: AdamW(weights, lr=0.1))}
guess = {title: said and sorted(said) for title, said in guess.items()}      # in any order
marked("who-moves", guess, {title: sorted(history[3].moved()) for title, history in four.items()})
# %% slide="subslide"
show(pictures.movement_heatmap(four))
# %% [markdown] slide="notes"
# Follow Boston's line. It is looked up in step 2 and never again. SGD leaves it alone from then on. Momentum and Adam go
# on moving it in every later step. Now Anchorage's line: it is never looked up, and AdamW alone
# moves it. Ask the watcher for the reasons in step 4.
# %% slide="subslide"
four["AdamW"][3]
# %% [markdown] slide="slide" answers="P26"
# `momentum` in the last column stands for a remembered direction, whatever the optimizer is called. `decay` asks for no
# lookup: it shrinks every row that isn't zero, and so it gets to Anchorage. Neither move learned anything from this
# mini-batch: one repeats old gradients, the other only shrinks.
#
# ## Seventeen settings
#
# Many say "it's because Adam is adaptive". Adagrad and RMSprop adapt too: both divide by remembered sizes. SparseAdam is a
# variant of Adam for a table with `sparse=True`, whose gradient holds the looked-up rows and no others.
# **Which of these four will move a row outside the mini-batch?** Write `True` or `False`.
# %% slide="fragment" guess="adapting"
guess = {"Adagrad": None, "RMSprop": None, "RMSprop, momentum": None, "SparseAdam": None}
# %% slide="fragment"
optimizers = {
    "SGD": lambda w: SGD(w, lr=0.05),
    "SGD, momentum": lambda w: SGD(w, lr=0.05, momentum=0.9),
    "SGD, decay": lambda w: SGD(w, lr=0.05, weight_decay=0.1),
    "Adam": Adam, "AdamW": AdamW, "NAdam": optim.NAdam, "RAdam": optim.RAdam,
    "Adamax": optim.Adamax,
    "Adagrad": optim.Adagrad, "Adadelta": optim.Adadelta, "RMSprop": optim.RMSprop,
    "RMSprop, momentum": lambda w: optim.RMSprop(w, momentum=0.9),
    "Rprop": optim.Rprop, "ASGD": optim.ASGD, "Adafactor": optim.Adafactor,
    "SparseAdam": SparseAdam, "SGD, momentum, sparse": lambda w: SGD(w, lr=0.05, momentum=0.9),
}
found, data_before = {}, torch.cat([*codes, *hours]).tolist()
for title, optimizer_for in optimizers.items():
    runs = [trained(optimizer_for, seed=seed, sparse="parse" in title) for seed in range(3)]
    moved = torch.stack([history.moved() for history in runs])        # (runs 3, steps 6, levels 5)
    looked_up = runs[0].times() > 0                                   # (steps 6, levels 5)
    seen = looked_up.cumsum(dim=0) > 0
    found[title] = {"a row seen earlier": bool((moved & ~looked_up & seen).any()),
                    "a row never seen": bool((moved & ~seen).any())}
print(pd.DataFrame(found).T)
print("codes and hours as before:", torch.cat([*codes, *hours]).tolist() == data_before)
marked("adapting", guess, {title: found[title]["a row seen earlier"] for title in guess})
# %% [markdown] slide="slide" answers="6 P26 P35"
# The columns say whether the optimizer moved, outside the mini-batch, a row that an earlier step had looked up, and a
# row that no step had looked up so far.
# - *Nothing remembered, or only sizes* (SGD, Adagrad, Adadelta, RMSprop, Adafactor): no row outside moves. Today's
#   gradient is zero there, and zero divided by whatever size is zero. Rprop goes by the sign of today's gradient, and zero
#   has none.
# - *Directions remembered, and the whole table stepped* (momentum, Adam and its relatives, RMSprop with `momentum=`):
#   rows seen earlier go on moving.
# - *Directions remembered, but only looked-up rows stepped* (SparseAdam): no row outside moves. SGD with momentum steps
#   every row that its buffer has collected even when its gradient is sparse, so "sparse" by itself promises nothing.
# - *Decay* (AdamW, SGD with `weight_decay=`, and ASGD, which has it built in): even rows never seen move.
#
# After all of this training the codes and the hours are what they were. What moved are rows of the weight.
#
# ## Exercise: `rows_that_move` (3 points, 7 minutes)
#
# Say beforehand which rows move in the step on the *last* of some batches. After `[[0, 1], [2]]` it is `{2}` under
# `"sgd"` and `"sparse_adam"`, and `{0, 1, 2}` under `"momentum"` and `"adam"`. Nothing decays, and no looked-up row has
# a gradient of zero. A batch may be empty. An optimizer of another name raises `ValueError`.
#
# Decide first: does a row stop moving some steps after its last lookup? (Leave rounding aside.)
# %% exercise="rows_that_move"
def rows_that_move(batches, optimizer):
    """Which rows move in the step on the last batch.

    batches : list of lists of codes, in the order of their steps, at least one; one may be empty
    optimizer : "sgd", "momentum" (SGD with it), "adam" or "sparse_adam", all without weight decay
    returns : set of int
    raises : ValueError for another optimizer
    """
    ### BEGIN SOLUTION
    if optimizer in ("sgd", "sparse_adam"):
        return set(batches[-1])
    if optimizer in ("momentum", "adam"):
        return {code for batch in batches for code in batch}
    raise ValueError(f"optimizer {optimizer!r} is none of sgd, momentum, adam, sparse_adam")
    ### END SOLUTION
# %% check="rows_that_move"
check("rows_that_move")
# %% [markdown]
# If your check passes, hold your function against what the watcher saw in all six steps.
# %%
if passed("rows_that_move"):
    for title, name in (("SGD", "sgd"), ("momentum", "momentum"), ("Adam", "adam")):
        right = 0
        for step in range(1, 7):
            said = rows_that_move([batch.tolist() for batch in codes[:step]], name)
            right += {names[code] for code in said} == four[title][step - 1].moved()
        print(f"{title}: you were right about {right} of 6 steps")
# %% [markdown] slide="slide" answers="6"
# ## The loss and the loop can do it too
#
# Back to plain SGD, which remembers nothing. Still, two habits move rows outside the mini-batch. In the first, every
# row stands in the loss: someone adds a *penalty* to it, so that the numbers of the whole table stay small. In the second,
# `zero_grad` is forgotten. **Which of the two will move Anchorage's row?** Write `True` or `False`.
# %% slide="fragment" guess="anchorage"
guess = {"a penalty in the loss": None, "no zero_grad": None}
# %% slide="subslide"
def with_a_penalty(table, batch, target):
    """The error, and a penalty on every number of the table."""
    return squared_error(table, batch, target) + 0.1 * (table.weight**2).sum()


class Forgetful(SGD):
    """SGD whose zero_grad does nothing, as if it had been forgotten."""

    def zero_grad(self):
        """Nothing is cleared."""


two = {"a penalty in the loss": trained(lambda weights: SGD(weights, lr=0.05), with_a_penalty),
       "no zero_grad": trained(lambda weights: Forgetful(weights, lr=0.05))}
moved = {title: bool(history.moved(["ANC"]).any()) for title, history in two.items()}
marked("anchorage", guess, moved)
# %% slide="subslide"
show(pictures.movement_heatmap(two))
# %% [markdown] slide="slide"
# A row that stands in the loss has a gradient, looked up or not. A forgotten `zero_grad` piles up old gradients, so it
# looks like momentum: rows seen earlier go on moving, and one never seen has nothing to pile up.
#
# *A row outside the mini-batch moves if an earlier step gave it a gradient and the optimizer carries directions over,
# if the optimizer decays, if the row stands in the loss, or if old gradients weren't cleared.* A row that was never
# looked up moves only by decay or by the loss.
#
# ## In your own words (2 points, 4 minutes)
#
# A colleague trains with AdamW and writes: "I found a bug in PyTorch. The row of an airport that wasn't in the batch
# changed, and even the row of an airport without a single flight." Explain both rows, and name what you would print to
# show it. Three sentences.
# %% [markdown] written="own-words" points=2
# The first airport was in an earlier batch: AdamW remembers the direction of its gradient and steps the whole table, so
# the row goes on moving; I would print `optimizer.state[weight]["exp_avg"]`, which isn't zero in that row. The second
# was never looked up, so there is nothing to remember (its `exp_avg` is zero); weight decay shrinks every row, and with
# `weight_decay=0` it would stay. Both are movements of weights, and no data has changed.
#
# **Marking.** 1 point: explains the first row by the memory of earlier gradients (momentum, running mean), not by
# "adaptive". 1 point: explains the second row by weight decay, *and* names something to print or switch off that would
# show either of the two (the optimizer's state, `weight_decay=0`, the watcher's reasons). Whole points only.
# %% [markdown] slide="slide"
# ## To keep
#
# **A row outside the mini-batch moves if an earlier step gave it a gradient and the optimizer carries directions over, if
# the optimizer decays, if the row stands in the loss, or if old gradients weren't cleared. The data never moves.**
#
# The picture to remember: the four heatmaps. In SGD's every blue cell has an orange frame; in the others some have
# none. In lesson 6 the rows have been trained, and we ask whether their numbers mean anything.
# %% [markdown]
# ## Exercise: `which_optimizer` (2 points, 10 minutes) · at home
#
# The other way round: you see what the rows did, and say who did it. You get up to ten consecutive steps, from the
# optimizer's first, each with its codes and the table before and after. All four optimizers have a learning rate of 0.1.
# `"momentum"` has momentum 0.9, `"adamw"` its default decay; all else is PyTorch's default.
#
# Some row is never looked up and isn't zero. Some row is looked up and missing from the next batch. (We have left out
# steps that nobody could tell apart, such as a gradient of 0, 1 or −1.) Decide first: in its very first step, how far
# does plain SGD move a number, and how far does Adam? In the first step both of Adam's running means count in full, so
# it divides a gradient by its own size.
# %% exercise="which_optimizer"
def which_optimizer(steps):
    """Which optimizer took these steps.

    steps : list of (codes int64 (n,), before (levels, dim), after (levels, dim)), from the first
            on
    returns : "sgd", "momentum", "adam" or "adamw"
    """
    ### BEGIN SOLUTION
    seen = set(torch.cat([codes for codes, _, _ in steps]).tolist())
    first, last = steps[0][1], steps[-1][2]
    if any((first[row] != last[row]).any() for row in range(len(first)) if row not in seen):
        return "adamw"  # decay gets to rows that nobody looked up
    left = [(after[row] - before[row], then[row] - after[row])    # a step, and how it went on
            for (codes, before, after), (later, _, then) in zip(steps, steps[1:], strict=False)
            for row in set(codes.tolist()) - set(later.tolist())]
    moved, went_on = left[0]
    if not went_on.any():
        return "sgd"
    largest = moved.abs().argmax()  # momentum goes on at 0.9, Adam below 0.896
    return "momentum" if went_on[largest] / moved[largest] > 0.8975 else "adam"
    ### END SOLUTION
# %% check="which_optimizer"
check("which_optimizer")
# %% [markdown] answers="P48"
# ## Exercise: `repaired_loop` (1 point, 8 minutes) · at home
#
# In this loop nothing learns, and nothing complains. It has three faults, and each of them is enough by itself.
# %%
def broken_loop(start, batches, lr):
    """Should train a table that begins with `start`; a prediction is the sum of a row."""
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


print(broken_loop(torch.ones(3, 1), [(torch.tensor([0]), torch.tensor([3.0]))], lr=0.25).tolist())
# %% [markdown]
# The first row should have gone from 1 to 2. Repair the faults one at a time, and after each look at three things:
# does the optimizer hold *this* table (`optimizer.param_groups[0]["params"]`)? Is there a gradient when `step` comes
# (`table.weight.grad`)? Is what you return read after the loop?
# %% exercise="repaired_loop"
def repaired_loop(start, batches, lr):
    """Train a table with plain SGD, one step a batch. A record's prediction is the sum of its row.

    start : float (levels, dim), the numbers to begin with, left as they are
    batches : list of (codes int64 (n,), targets float (n,)), taken in order
    lr : float, the learning rate
    returns : float (levels, dim), the trained table
    """
    ### BEGIN SOLUTION
    table = nn.Embedding.from_pretrained(start.clone(), freeze=False)
    optimizer = SGD(table.parameters(), lr=lr)
    for codes, targets in batches:
        loss = ((table(codes).sum(dim=1) - targets) ** 2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return table.weight.detach().clone()
    ### END SOLUTION
# %% check="repaired_loop"
check("repaired_loop")
# %% [markdown] answers="P32"
# ## A row of zeros · at home
#
# Let all rows start at zero. "Zero times anything is zero", one hears. **Will ATL's row, which step 1 looks up, move?**
# Write `True` or `False`.
# %% guess="zeros"
guess = None
# %%
table = nn.Embedding.from_pretrained(torch.zeros(5, 2), freeze=False)
squared_error(table, codes[0], hours[0]).backward()
step = take_step(table, names, codes[0], SGD(table.parameters(), lr=0.05).step)
show_step(step, {"ATL": guess})
# %% [markdown]
# It moves. Its gradient is made of the error, and the row's own numbers don't enter as a factor. A row of zeros is stuck
# where its own numbers, or other zeros, multiply the error on its way back, as in a dot product of two tables of zeros:
# %%
left, right = (nn.Embedding.from_pretrained(torch.zeros(5, 2), freeze=False) for _ in range(2))
(((left(codes[0]) * right(codes[0])).sum(dim=1) - hours[0]) ** 2).sum().backward()
print("any slope:", bool(left.weight.grad.any() or right.weight.grad.any()))
# %% [markdown] answers="P68"
# ## A row that is told to stay · at home
#
# `padding_idx` reserves a row, for filling up lists of unequal length. Give it Atlanta's row by mistake and train
# plainly. Here are the first two steps.
# %%
padded = trained(lambda weights: SGD(weights, lr=0.05), padding_idx=1)
print(padded[0], padded[1], sep="\n\n")
# %% [markdown] answers="P5"
# Atlanta was looked up and stays at zeros: `nn.Embedding` sets the row to zero once, when the layer is made, and the
# lookup sends no *gradient* to it. A real level with that code never learns, and no error tells you.
#
# Is the row safe for ever? Suppose the layer is made from ready-made rows, which it leaves as they are, and AdamW takes
# the step. **Will ATL's row
# move?** Write `True` or `False`.
# %% guess="told-to-stay"
guess = None
# %%
table = nn.Embedding.from_pretrained(torch.ones(5, 2), freeze=False, padding_idx=1)
squared_error(table, codes[0], hours[0]).backward()
step = take_step(table, names, codes[0], AdamW(table.parameters(), lr=0.1).step)
show_step(step, {"ATL": guess})
# %% [markdown] answers="P16 P24"
# ATL moves. It has no gradient, but AdamW's decay shrinks it together with the others. `padding_idx` stops the
# gradient that comes through a lookup; it stops neither decay, nor a penalty on the whole table, nor anyone who writes to
# the row.
#
# ## Penalty, tied weights, max_norm · at home
#
# Three more ways, all with plain SGD: a penalty that counts only the looked-up rows; tied weights, where the table is
# also used at the end: the row of one destination is multiplied by all rows, which gives each of them a score, and
# `cross_entropy` is a loss that is small where the next flight's destination scores highest; and `max_norm=1`, which
# shortens long rows.
# **In which of them will Anchorage's row move?** Write `True` or `False`.
# %% guess="three-ways"
guess = {"penalty on the batch": None, "tied": None, "max_norm": None}
# %%
def batch_penalty(table, batch, target):
    """The error, and a price on the numbers of the looked-up rows."""
    return squared_error(table, batch, target) + 0.1 * (table(batch) ** 2).sum()


def tied(table, batch, target):
    """From one flight's destination to the next one's: a score for each row."""
    return F.cross_entropy(table(batch[:1]) @ table.weight.T, batch[1:])


def plain(weights):
    """Plain SGD."""
    return SGD(weights, lr=0.05)


three = {"penalty on the batch": trained(plain, batch_penalty), "tied": trained(plain, tied),
         "max_norm": trained(plain, max_norm=1)}
moved = {title: bool(history.moved(["ANC"]).any()) for title, history in three.items()}
marked("three-ways", guess, moved)
# %%
show(pictures.movement_heatmap(three))
# %% [markdown] answers="P24"
# The penalty on the looked-up rows reaches no others. (The penalty of "The loss and the loop can do it too" counted the
# whole table and reached all rows; decay is a third thing and asks for no lookup.) With tied weights every row is
# multiplied to score the next destination, so every row stands in the loss. And `max_norm` moves looked-up rows only,
# but not by the step alone:
# %% [markdown] answers="P33"
# ### What max_norm does · at home
#
# The *forward pass* shortens the rows that it looks up, before there is any gradient. It does so under `no_grad` too:
# %%
table = nn.Embedding.from_pretrained(torch.ones(5, 2) * 2, freeze=False, max_norm=1)
with torch.no_grad():
    table(torch.tensor([1]))
print("ATL after a look:", table.weight[1].tolist(), " BOS:", table.weight[2].tolist())
try:
    ((table.weight**2).sum() + table(torch.tensor([2])).sum()).backward()
except RuntimeError as error:
    print(str(error).split(":")[0])
# %% [markdown] answers="P31"
# A look changed the weight: ATL's row is 1 long now. In the last lines the squares were taken of numbers that the lookup
# then overwrote, and `backward` noticed. Look up first, then use the weight.
#
# ## Ninety, nine and one · at home
#
# A mini-batch of 100 flights: 90 to Atlanta, 9 to Boston, 1 to Los Angeles. All rows start at zero, and every flight
# misses by the same amount. **Which row will move furthest in the first step?** Write a name, or `"all alike"`.
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
alike = abs(distances["Adam"]["ATL"] / distances["Adam"]["LAX"] - 1) < 1e-5
furthest = {"SGD": max(distances["SGD"], key=distances["SGD"].get),
            "Adam": "all alike" if alike else "not alike"}
display(marked("ninety", guess, furthest))
show(pictures.first_step(counts, distances))
# %% [markdown] answers="P30 P69"
# Under SGD each flight pulls once, so ninety pull ninety times as far. Adam divides each gradient by its own size: in the
# first step all three go equally far, common or rare. The row without a flight stays.
#
# ## What sparse gradients are for · at home
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
    return SGD(weights, lr=0.05, weight_decay=0.1)


for sparse, optimizer_for in ((True, Adam), (False, SparseAdam), (True, decaying)):
    try:
        trained(optimizer_for, sparse=sparse)
    except (RuntimeError, NotImplementedError) as error:
        print(error)
# %% [markdown]
# Adam wants dense gradients, SparseAdam sparse ones, and decay would have to touch every row. So a sparse table and
# ordinary layers beside it need two optimizers, unless both use SGD without decay, which takes either kind.
