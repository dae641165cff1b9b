# ---
# jupyter:
#   lesson:
#     minutes: 40
#     points: 10
# ---
# %% [markdown] slide="slide"
# # What does a one-hot row do to a matrix?
#
# **40 minutes, 3 exercises.** "One-hot is suboptimal, I hear. So what does an embedding do differently?"
# Fifteen multiplications by hand will tell. When you are through, you can
# - multiply a one-hot row and a matrix in your head;
# - leave the multiplication out, and say what that saves;
# - name the rows that a gradient reaches on its way back.
# %%
import timeit

import pandas as pd
import torch
import torch.nn.functional as F

from embedding_course import check, passed
from embedding_course.figures import show
from embedding_course.pictures.matmul import both_ways, cost, looked_up, written_out

torch.set_num_threads(1)
# %% [markdown] slide="slide"
# ## Fifteen products
#
# Five airports, a row each: a weight matrix with 5 levels and 3 columns. A network would start it at random;
# we take numbers that you can multiply in your head.
# %% slide="fragment"
names = ["ATL", "BOS", "JFK", "LAX", "SFO"]
W = torch.tensor([[0.5, -1.0, 2.0], [1.5, 0.25, -0.5], [-2.0, 0.75, 1.0], [3.0, -0.25, 0.5], [-1.5, 1.25, 4.0]])
pd.DataFrame(W.numpy(), index=names)                          # (levels 5, dim 3)
# %% [markdown] slide="fragment" answers="4"
# JFK has code 2, counted from 0. Its one-hot row is `[0, 0, 1, 0, 0]`.
#
# **Before you run on: which three numbers does this row times the matrix give?**
# And how many of the fifteen products are not zero?
# %% guess="product"
guess = [0.0, 0.0, 0.0]
guess_nonzero = 15
# %% slide="subslide"
row = torch.tensor([0.0, 0.0, 1.0, 0.0, 0.0])         # (levels 5,)
for column in W.T:                                    # (levels 5,): a column of the matrix
    products = [f"{one:g} × {value:g}" for one, value in zip(row, column, strict=True)]
    print("  +  ".join(products), " = ", f"{row @ column:g}")
print("you said", guess, "and", guess_nonzero, "products that are not zero")
# %% [markdown] slide="notes"
# One line for each column of the matrix. In each, four of the five products are zero, and the fifth is JFK's number
# times 1. So three products of fifteen count: −2, 0.75 and 1.
#
# Now stand the row upright, so that each of its numbers faces one row of the matrix.
# %% slide="subslide"
show(written_out(names, row, W), """The one-hot row of JFK stands upright beside the matrix. Four rows are multiplied
by 0 and stay faint; JFK's row is multiplied by 1 and lit. The sum below is JFK's row.""")
# %% [markdown] slide="slide"
# *A one-hot row plucks one row out of the matrix.*
#
# ## A batch, and an error
#
# Three flights from JFK, LAX and JFK again: three one-hot rows, stacked. PyTorch makes them for us.
# One thing is missing in the next cell. What?
# %% slide="fragment"
codes = torch.tensor([2, 3, 2])                       # (batch 3,): JFK, LAX, JFK
try:
    F.one_hot(codes, 5) @ W
except RuntimeError as error:
    print("PyTorch says:", error)
# %% [markdown] slide="notes"
# `F.one_hot` returns whole numbers (`long int`), the matrix holds floats, and `@` won't mix them.
# The cure is `.float()`.
# %% slide="fragment"
one_hot = F.one_hot(codes, 5).float()                 # (batch 3, levels 5)
one_hot @ W                                           # (batch 3, dim 3)
# %% [markdown] slide="slide"
# JFK's row, LAX's row, JFK's row, in the order of the flights. Each record plucks for itself.
#
# ## Exercise: `matmul` (3 points, 10 minutes)
#
# Write the product yourself, from single multiplications and sums: no `@`, no `torch.matmul`.
# `[[0, 1]]` times `[[5, 6], [7, 8]]` makes `[[7, 8]]`; `[[2, 1]]` makes `[[17, 20]]`.
#
# If the columns of `a` don't match the rows of `b`, raise `ValueError`.
# Decide first: `a` has one column and `b` has three rows. `a * b` may well run. Should yours?
# %% exercise="matmul"
def matmul(a, b):
    """The matrix product, from elementwise multiplication and sums only.

    a : float (n, levels)
    b : float (levels, dim)
    returns : float (n, dim)
    raises : ValueError if a has another number of columns than b has rows
    """
    ### BEGIN SOLUTION
    if a.shape[1] != b.shape[0]:
        raise ValueError(f"a has {a.shape[1]} columns, b has {b.shape[0]} rows")
    return (a[:, :, None] * b).sum(dim=1)             # (n, levels, dim) → (n, dim)
    ### END SOLUTION
# %% check="matmul"
check("matmul")
# %%
if passed("matmul"):
    print("your product plucks:", matmul(one_hot, W).tolist())
# %% [markdown] slide="slide" answers="5 P6"
# It should pluck the rows of JFK, LAX and JFK, as `@` did.
#
# ## Without multiplying
#
# We know which row will come out. So why multiply? Take row 2 and be done.
# %% slide="fragment"
print(row @ W, "product")
print(W[2], "lookup")
print(torch.equal(one_hot @ W, W[codes]), torch.equal(W[codes], F.embedding(codes, W)))
# %% [markdown] slide="notes"
# The same three numbers. For the batch, `W[codes]` and `F.embedding(codes, W)` both give the product, to the last bit.
# This is the *lookup*: no one-hot row is ever written down.
# %% slide="subslide"
show(looked_up(names, codes, W), """Codes 2, 3 and 2. From each an arrow leads to its row of the matrix, JFK, LAX and
JFK, and on to a row of the result. ATL, BOS and SFO are not touched.""")
# %% [markdown] slide="fragment"
# *The code is the address of a row.*
#
# Codes may have any shape. Two trips, each with an origin and a destination, make codes of shape (2, 2).
# What shape has the lookup?
# %%
trips = torch.tensor([[2, 3], [0, 2]])                # (trips 2, ends 2): JFK to LAX, ATL to JFK
W[trips].shape
# %% [markdown] slide="slide" answers="P11"
# Each code becomes a row, so the shape of the codes stays and one axis is added at the end: (2, 2, dim 3).
#
# ## A wrong code, a broken row
#
# pandas writes the code −1 for a missing value. **What do you expect from `W[codes]` for −1:
# an error, zeros or SFO's row?**
# %% guess="minus-one"
guess = "error"                                       # "error", "zeros" or "SFO"
# %% slide="fragment"
missing = torch.tensor([-1])
print(f"you said {guess}; W[missing] is {W[missing].tolist()}")
try:
    F.embedding(missing, W)
except IndexError as error:
    print("F.embedding says:", error)
# %% [markdown] slide="subslide"
# SFO's row, without a word: −1 counts from the end, as in a Python list. Every flight without an airport would train
# San Francisco. `F.embedding` refuses, and so does `W[codes]` if a code is too high.
#
# *An error is a friend; the silent row is the trap.*
#
# Next, ATL's first number overflows to `inf`. The batch holds JFK and LAX only.
# **Which of them would you expect to notice: the product, the lookup, both or neither?**
# (`clone` makes a copy with memory of its own, so `W` stays whole.)
# %% guess="infinity"
guess = "neither"                                     # "product", "lookup", "both" or "neither"
# %% slide="fragment"
broken = W.clone()
broken[0, 0] = torch.inf
print(f"you said {guess}")
print("product", (one_hot @ broken).tolist())
print("lookup ", broken[codes].tolist())
# %% [markdown] slide="slide"
# The product: 0 × inf is not 0 but `nan`, not a number, and it spoils the first column of all three flights.
# The lookup never went near ATL. So the two agree as long as all numbers are finite.
#
# ## Exercise: `pluck` (3 points, 6 minutes)
#
# Return the rows that the codes name, without any multiplication. Codes `[[1], [0]]` with the weight
# `[[5, 6], [7, 8]]` make `[[[7, 8]], [[5, 6]]]`, shape (2, 1, 2).
# A code outside 0 … levels − 1 raises `IndexError`.
#
# Decide first: what does your way do with −1? And with a single code, `torch.tensor(1)`:
# do you return a new tensor, or a window onto the weight?
# %% exercise="pluck"
def pluck(codes, weight):
    """The rows of a matrix that the codes name, without any multiplication.

    codes : int64 of any shape (…), each in 0 .. levels - 1
    weight : float (levels, dim)
    returns : float (…, dim), a new tensor
    raises : IndexError for a code outside 0 .. levels - 1, negative ones included
    """
    ### BEGIN SOLUTION
    return F.embedding(codes, weight)
    ### END SOLUTION
# %% check="pluck"
check("pluck")
# %% [markdown] slide="slide"
# Whoever multiplies anyway is found out by an `inf` in another row, as above.
#
# ## Exercise: `multiplications` (2 points, 3 minutes)
#
# How many times are two numbers multiplied, by the one-hot product and by the lookup?
# One record, 5 levels and 3 columns make `(15, 0)`, as you counted. Products with zero count: the machine computes
# them too. What happens with a batch?
# %% exercise="multiplications"
def multiplications(n, levels, dim):
    """How many scalar multiplications the one-hot product and the lookup take.

    n, levels, dim : int, for one-hot rows (n, levels) and a weight (levels, dim)
    returns : (int, int), product first
    """
    ### BEGIN SOLUTION
    return n * levels * dim, 0
    ### END SOLUTION
# %% check="multiplications"
check("multiplications")
# %% [markdown] slide="slide"
# A count is not yet a time. So we take a clock.
#
# ## What the zeros cost
#
# Now 100 flights and 16 columns, while the number of levels grows. We time both ways; the product has to write
# its one-hot rows first.
#
# **At 10,000 levels, how many times as long as the lookup will the product take?**
# %% guess="slower"
guess = 1
# %%
def seconds(way):
    """The best of ten runs: other programs disturb it least."""
    return min(timeit.repeat(way, number=1, repeat=10))


def time_both(levels):
    """Seconds for product and lookup, 100 records and 16 columns."""
    weight, some = torch.randn(levels, 16), torch.randint(levels, (100,))
    product = seconds(lambda: F.one_hot(some, levels).float() @ weight)
    return product, seconds(lambda: F.embedding(some, weight))
# %% slide="fragment"
torch.manual_seed(2)
levels = [10, 100, 1_000, 10_000, 100_000]
product_time, lookup_time = zip(*[time_both(count) for count in levels], strict=True)
print(f"you said {guess} times; here it was about {round(product_time[3] / lookup_time[3], -1):g} times")
# %% [markdown] slide="notes"
# For the same 1,600 numbers. Your neighbour's figure differs; the picture of all five sizes looks alike everywhere.
# %% slide="subslide"
product_bytes = [100 * count * 4 for count in levels]  # one float for each level: 4 bytes
lookup_bytes = [100 * 8 for count in levels]           # one code: 8 bytes
show(cost(levels, product_time, lookup_time, product_bytes, lookup_bytes), """Two charts against 10 to 100,000
levels, both axes logarithmic. Time and memory of the product climb with the levels; those of the lookup stay level.""")
# %% [markdown] slide="fragment" answers="P19"
# Both axes are logarithmic: each mark is ten times the last. The product's lines climb with the levels: more zeros to
# write, more zeros to multiply. The lookup's stay level: 100 codes take 800 bytes, wherever they point.
# At 10 levels the difference hardly matters; at 100,000 the one-hot rows fill 40 MB.
#
# *Same result, other price.* The matrix itself has to be there in both ways.
#
# ### At home: what a table takes in training
#
# "I have a million levels, and my memory is full. The table isn't that large." Take a table of 100,000 rows, look up
# three of them, and make one step with Adam, an optimizer that remembers earlier gradients (lesson 4).
# %%
large = torch.zeros(100_000, 16, requires_grad=True)
adam = torch.optim.Adam([large])
large[codes].sum().backward()
adam.step()
held = {"weight": large, "gradient": large.grad, **adam.state[large]}
pd.Series({name: tensor.nbytes / 2**20 for name, tensor in held.items()}, name="MiB").round(1)
# %% [markdown] slide="slide" answers="5 P52"
# Four tables instead of one: the weight, a gradient as large as the weight, zeros and all, and two memories of Adam,
# `exp_avg` and `exp_avg_sq`. (`step` is a single number.) Fewer levels help, or sparse gradients (lesson 4).
#
# ## So is one-hot worse?
#
# Suppose you feed one-hot columns to a network whose first layer has 64 neurons. That layer multiplies them by a matrix
# with 64 columns.
# %% slide="fragment"
torch.manual_seed(3)
first_layer = torch.randn(5, 64)                      # (levels 5, neurons 64)
torch.equal(one_hot @ first_layer, first_layer[codes])
# %% [markdown] slide="notes"
# The same to the last bit: one-hot into a layer *is* a lookup, in a table as wide as the layer. So from how many levels
# on should you embed? You do it in any case. What you choose is the width: 10,000 levels into 64 neurons are
# 640,000 numbers; through a table of 8 columns, 80,000 and another 512.
# %% [markdown] answers="P43"
# And a narrow table before such a layer, does it melt into it? Our three columns, then 64 neurons:
# %%
layer = torch.randn(3, 64)                            # (dim 3, neurons 64)
melted = W @ layer                                    # (levels 5, neurons 64)
print(torch.allclose(W[codes] @ layer, melted[codes]), torch.linalg.matrix_rank(melted).item())
# %% [markdown] slide="slide" answers="P17"
# It does, up to rounding: both together are one table of 64 columns. But its rank is 3, since each row is mixed from
# three numbers. A narrow table is the wide one on a diet, with far fewer numbers to learn.
#
# ## A row that isn't one-hot
#
# A record may have several categories: half its flights leave JFK, half LAX. Its row is `[0, 0, 0.5, 0.5, 0]`.
# **Before you run on: what does this row times the matrix give?** JFK's row is `[−2, 0.75, 1]`, LAX's `[3, −0.25, 0.5]`.
# %% guess="shares"
guess = [0.0, 0.0, 0.0]
# %% slide="fragment"
shares = torch.tensor([0.0, 0.0, 0.5, 0.5, 0.0])      # (levels 5,), together 1
print("you said", guess)
print("shares @ W   ", (shares @ W).tolist())
print("mean of rows ", W[[2, 3]].mean(dim=0).tolist())
print("embedding_bag", F.embedding_bag(torch.tensor([[2, 3]]), W, mode="mean")[0].tolist())
# %% [markdown] slide="notes"
# Three ways, one answer: 0.5, 0.25, 0.75.
# %% slide="subslide"
show(written_out(names, shares, W), """A row of shares stands upright beside the matrix: 0.5 faces JFK, 0.5 faces LAX.
Both rows are lit, each product is half a number, and the sum is their mean.""")
# %% [markdown] slide="fragment" answers="P54"
# Two rows at half strength, added: their mean. `F.embedding_bag` (as a layer: `nn.EmbeddingBag`) looks up a whole bag
# of codes and averages, with no shares written out.
#
# *One 1 plucks; shares mix.*
#
# ### At home: lists of unequal length
#
# Three records: JFK and LAX, nothing at all, SFO. `embedding_bag` takes their codes in one long list, `[2, 3, 4]`.
# The `offsets` say where each record begins.
# %%
F.embedding_bag(torch.tensor([2, 3, 4]), W, offsets=torch.tensor([0, 2, 2]), mode="mean")
# %% [markdown] answers="P42"
# The mean of JFK and LAX, zeros for the empty record, which begins and ends at 2, and SFO's row.
#
# ### At home: probabilities instead of a code
#
# A network may be unsure whether it sees JFK or LAX, half and half. Can a gradient come back to such probabilities?
# `requires_grad_()` asks PyTorch to keep track of a tensor, so that one can (lesson 1).
# %%
unsure = shares.clone().requires_grad_()
print("mixed: ", (unsure @ W).requires_grad)
print("picked:", W[unsure.argmax()].requires_grad)
# %% [markdown] slide="slide" answers="1 6 P6"
# Yes, through the mixed row. Picking the most likely code first cuts the track: a code is a whole number, and nothing
# can nudge it a little.
#
# ## The way back
#
# Training needs the gradient of the matrix: how much does the loss change if one of its numbers rises a little?
# Take the batch JFK, LAX, JFK, and as loss the sum of all nine numbers plucked.
#
# **Before you run on: raise one airport's first number by 1. By how much does the loss rise?** One guess each.
# %% guess="nudge"
guess = {"ATL": 0.0, "BOS": 0.0, "JFK": 0.0, "LAX": 0.0, "SFO": 0.0}
# %% slide="fragment"
loss = (one_hot @ W).sum()
for code, name in enumerate(names):
    nudged = W.clone()
    nudged[code, 0] += 1
    print(f"{name}  you said {guess[name]:g}, the loss rises by {(one_hot @ nudged).sum() - loss:g}")
# %% [markdown] slide="notes"
# ATL, BOS and SFO: 0, as their numbers were multiplied by 0. LAX: 1. JFK: 2, since it stands twice in the batch.
#
# `backward` finds all fifteen answers at once and puts them into `.grad` of each tensor that asked with
# `requires_grad_()` (lesson 1). First through the product, then through the lookup.
# %% slide="subslide"
through_product = W.clone().requires_grad_()
(one_hot @ through_product).sum().backward()
through_lookup = W.clone().requires_grad_()
F.embedding(codes, through_lookup).sum().backward()
print(torch.equal(through_product.grad, through_lookup.grad))
pd.DataFrame(through_lookup.grad.numpy(), index=names)        # (levels 5, dim 3)
# %% [markdown] slide="notes"
# `True`: both ways have the same gradient. It is zero except in the rows plucked; JFK got two contributions, and they
# add up. All columns answer alike, because the loss counts every plucked number once. The codes got no gradient: data.
# %% slide="subslide"
show(both_ways(names, codes, W, through_lookup.grad), """Above, forward: arrows lead from JFK's and LAX's rows of the
matrix to three plucked rows. Below, backward: the same arrows reversed carry slopes of 1 to the rows of the gradient;
JFK holds 2, LAX 1, ATL, BOS and SFO 0.""")
# %% [markdown] slide="slide"
# Forward, rows leave the matrix. Backward, the slopes come home along the same arrows; none leads to ATL, BOS or SFO.
#
# *The zeros that plucked one row forward let the gradient through to that row alone.*
#
# ## In your own words (2 points)
#
# A classmate writes: "One-hot is a poor encoding; an embedding is a cleverer one." Answer in three sentences.
# What does a one-hot row do to a matrix? What does the lookup do differently? Which rows of the matrix
# get a gradient, and why only those?
# %% [markdown] written="own-words" points=2
# A one-hot row times a matrix gives the row of its level: every other row is multiplied by zero. The lookup takes
# that same row by its position, without one-hot rows and without multiplying, so results and gradients are the same and
# only time and memory differ. Only rows of levels in the batch get a gradient (added up if a level stands there twice),
# because all others were multiplied by zero and did not touch the loss.
#
# **Marking.** 1 point: product and lookup give the same row, and the difference is the price. 1 point: the gradient is
# zero outside the plucked rows, *because* they were multiplied by zero (or never looked up). Whole points only.
# %% [markdown] slide="slide"
# ## Keep
#
# **A one-hot row plucks one row out of a matrix; the lookup plucks it without multiplying; the gradient comes home
# to that row alone.**
#
# The picture to remember: the same arrows, out and home. The next lesson opens `nn.Embedding` and finds this matrix
# inside.
