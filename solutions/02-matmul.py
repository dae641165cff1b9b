# ---
# jupyter:
#   lesson:
#     minutes: 40
#     points: 10
#     edition: 2
# ---
# %% [markdown] slide="slide"
# # What does a one-hot row do to a matrix?
#
# **40 minutes, 3 exercises, one more at home.** "One-hot is suboptimal, I hear. So what does an embedding do differently?"
# Fifteen multiplications by hand will tell. When you are through, you can
# - multiply a one-hot row and a matrix in your head;
# - leave the multiplication out, and say what that saves;
# - work out the gradient of the matrix, and say which of its rows are zero, and why.
# %%
import timeit

import pandas as pd
import torch
import torch.nn.functional as F

from embedding_course import check, marked, passed
from embedding_course.figures import show
from embedding_course.memory import peak_bytes
from embedding_course.pictures import matmul as pictures

torch.set_num_threads(1)
# %% [markdown] slide="slide"
# ## Fifteen products
#
# Five airports have a row each in this weight matrix of three columns. A network would start it at random; we take
# numbers that you can multiply in your head.
# %% slide="fragment"
names = ["ATL", "BOS", "JFK", "LAX", "SFO"]
W = torch.tensor([[0.5, -1.0, 2.0], [1.5, 0.25, -0.5], [-2.0, 0.75, 1.0], [3.0, -0.25, 0.5],
                  [-1.5, 1.25, 4.0]])
pd.DataFrame(W.numpy(), index=names)                          # (levels 5, dim 3)
# %% [markdown] slide="subslide" answers="4"
# JFK has code 2, counted from 0, so its one-hot row is `[0, 0, 1, 0, 0]`. A row times a matrix gives one number for each
# column: go along the row and down the column, multiply in pairs, and add up.
#
# **Before you run on: which three numbers does JFK's one-hot row times the matrix give? And how many of the fifteen
# products are not zero?**
# %% slide="fragment" guess="product"
guess = {"result": [None, None, None], "products that are not zero": None}
# %% slide="subslide"
row = torch.tensor([0.0, 0.0, 1.0, 0.0, 0.0])         # (levels 5,)
for column in W.T:                                    # (levels 5,): a column of the matrix
    products = [f"{one:g} × {value:g}" for one, value in zip(row, column, strict=True)]
    print("  +  ".join(products), " = ", f"{row @ column:g}")
nonzero = (row[:, None] * W != 0).sum().item()
marked("product", guess, {"result": (row @ W).tolist(), "products that are not zero": nonzero})
# %% [markdown] slide="notes"
# Each printed line is a column of the matrix. In each, four of the five products are zero and the fifth is JFK's number
# times 1. So only three of the fifteen products count, and they give −2, 0.75 and 1: JFK's row.
#
# To see it in one picture, we stand the one-hot row upright, so that each of its numbers faces a row of the matrix.
# %% slide="subslide"
show(pictures.written_out(names, row, W))
# %% [markdown] slide="slide"
# **A one-hot row plucks one row out of the matrix.**
#
# Three flights, from JFK, LAX and JFK again, are three one-hot rows in a stack. (`F.one_hot` returns whole
# numbers, and `@` doesn't mix them with floats, so `.float()` turns them into floats.)
# %% slide="fragment"
codes = torch.tensor([2, 3, 2])                       # (batch 3,): JFK, LAX, JFK
one_hot = F.one_hot(codes, 5).float()                 # (batch 3, levels 5)
one_hot @ W                                           # (batch 3, dim 3)
# %% [markdown] slide="slide"
# JFK's row, LAX's row and JFK's row once more come out: each flight plucks its own.
#
# ## Exercise: `matmul` (3 points, 7 minutes)
#
# To see that `@` does nothing more, write the product yourself, from single multiplications and sums: no `@`, no
# `torch.matmul`. `[[0, 1]]` times `[[5, 6], [7, 8]]` makes `[[7, 8]]`, and `[[2, 1]]` makes `[[17, 20]]`.
#
# If `a` has another number of columns than `b` has rows, raise `ValueError`. Decide first: `a` has one column and `b` has
# three rows. PyTorch stretches an axis of length 1, so `a * b` may well run. Should yours?
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
    print("your own product plucks:", matmul(one_hot, W).tolist())
# %% [markdown] slide="slide" answers="5"
# ## Without multiplying
#
# We knew beforehand which row would come out, so why multiply at all? Take row 2 and be done:
# %% slide="fragment"
print(row @ W, "the product")
print(W[2], "row 2")
# %% [markdown] slide="slide"
# The numbers are the same. Taking a row by its code, without writing any one-hot row, is called a *lookup*.
#
# ## Exercise: `pluck` (2 points, 5 minutes)
#
# Write the lookup for codes of any shape. Two trips with an origin and a destination each are codes of shape (2, 2), and
# the result has shape (2, 2, dim): each code becomes a row. Codes `[[1], [0]]` with the weight `[[5, 6], [7, 8]]` make
# `[[[7, 8]], [[5, 6]]]`. No multiplication this time. The check hides an `inf` in a row that you shouldn't touch;
# if you multiply, you'll get `nan`, because 0 × inf is not a number.
#
# A code outside 0 … levels − 1 raises `IndexError`. Decide first: which row does plain indexing take for −1?
# %% exercise="pluck"
def pluck(codes, weight):
    """The rows of a matrix that the codes name, without any multiplication.

    codes : int64 of any shape (…), each in 0 .. levels - 1
    weight : float (levels, dim)
    returns : float (…, dim)
    raises : IndexError for a code outside 0 .. levels - 1, negative ones included
    """
    ### BEGIN SOLUTION
    return F.embedding(codes, weight)
    ### END SOLUTION
# %% check="pluck"
check("pluck")
# %% [markdown] slide="slide" answers="5 P6 P52"
# ### The same rows, to the last bit
#
# PyTorch has two ways to write a lookup. Indexing, `W[codes]`, is the short one. `F.embedding(codes, W)` is what
# PyTorch's embedding layer calls; it refuses −1, which indexing doesn't.
# %% slide="fragment"
print("indexing:    ", torch.equal(one_hot @ W, W[codes]))
print("F.embedding: ", torch.equal(one_hot @ W, F.embedding(codes, W)))
# %% slide="subslide"
show(pictures.looked_up(names, codes, W))
# %% [markdown] slide="slide"
# Both give what the product gives, to the last bit. A one-hot row only says *which* row; the row of the matrix is the
# embedding. One-hot times the matrix is the lookup, written with a multiplication. *The code is the address of a row.*
#
# ## What the zeros cost
#
# The result is the same; the price is not. We time both ways for 100 flights and 16 columns, while the number of levels
# grows. The product has to write its one-hot rows first.
#
# **At 100,000 levels, how many megabytes will the product hold at one time?** A float takes 4 bytes and a whole
# number of `F.one_hot` takes 8; while one is turned into the other, both are there. (The result takes only 6,400 bytes.)
# %% slide="fragment" guess="megabytes"
guess = None
# %%
def seconds(way):
    """The best of ten runs: other programs disturb it least."""
    return min(timeit.repeat(way, number=1, repeat=10))


def both(levels):
    """Seconds, and the most bytes held at once, for product and lookup: 100 flights, 16
    columns."""
    weight, some = torch.randn(levels, 16), torch.randint(levels, (100,))
    ways = (lambda: F.one_hot(some, levels).float() @ weight, lambda: F.embedding(some, weight))
    return [seconds(way) for way in ways], [peak_bytes(way) for way in ways]


torch.manual_seed(2)
levels = [10, 100, 1_000, 10_000, 100_000]
times, memory = zip(*[both(count) for count in levels], strict=True)
# %% slide="fragment"
print(f"at 10,000 levels the product took about {times[3][0] / times[3][1]:.0f} times as long")
marked("megabytes", guess, memory[-1][0] / 1e6, near=0.25)
# %% slide="subslide"
show(pictures.cost(levels, times, memory))
# %% [markdown] slide="notes"
# It holds its one-hot rows twice: as the whole numbers that `F.one_hot` makes (80 MB), and as floats (40 MB). The times
# differ from machine to machine. Both axes are logarithmic: each mark is ten
# times the last. The product's time and memory climb with the levels, because there are more zeros to write and to
# multiply, and the lookup's stay nearly where they are.
#
# *The result is the same, the price isn't.*
# %% [markdown] slide="slide" answers="1 6"
# ## The way back
#
# Training needs the gradient of the matrix: how fast does the loss rise if one of its numbers rises? Take our three
# flights again, with an invented loss. Three rows were plucked, one for each flight. Raise a number of the first by 1,
# and our loss rises by 1; a number of the second, by 10; a number of the third, by 100. We call 1, 10 and 100 the
# *slopes* of the plucked rows.
#
# **Raise one airport's first number in the matrix by 1. By how much does the loss rise?** One guess for each airport.
# %% slide="fragment" guess="nudge"
guess = {"ATL": None, "BOS": None, "JFK": None, "LAX": None, "SFO": None}
# %% slide="fragment"
# (batch 3, dim 3): JFK, LAX, JFK
slopes = torch.tensor([[1.0, 1, 1], [10, 10, 10], [100, 100, 100]])
rise = {}
for code, name in enumerate(names):
    nudged = W.clone()                                # a copy, so that W stays as it is
    nudged[code, 0] += 1
    rise[name] = (slopes * (one_hot @ nudged - one_hot @ W)).sum().item()
marked("nudge", guess, rise)
# %% [markdown] slide="notes"
# For ATL, BOS and SFO nothing rises, because their numbers were multiplied by 0. LAX's number counts 10. JFK's counts
# 101, because its row was plucked by the first flight and by the third, and both contributions add up.
#
# `backward` finds the answer for all fifteen numbers at once and writes it into `.grad`. We ask for it twice, once
# through the product and once through the lookup.
# %% slide="subslide"
by_product, by_lookup = W.clone().requires_grad_(), W.clone().requires_grad_()
(slopes * (one_hot @ by_product)).sum().backward()
(slopes * F.embedding(codes, by_lookup)).sum().backward()
print("the same gradient:", torch.equal(by_product.grad, by_lookup.grad))
pd.DataFrame(by_lookup.grad.numpy(), index=names)             # (levels 5, dim 3)
# %% [markdown] slide="slide"
# Both ways have the same gradient. (Its three columns are alike because each flight's slope is the same for all three.)
#
# ## Exercise: `matmul_backward` (2 points, 6 minutes)
#
# Now find the general rule. Given `a` and the slopes of `a @ b` (called `grad_output`), work out the gradient of `b`,
# without `backward`. Matrix products are welcome. With `a = [[0, 1]]` and slopes `[[5, 7]]` it is `[[0, 0], [5, 7]]`. With
# `a = [[2, 1]]` it is `[[10, 14], [5, 7]]`: the first row of `b` was doubled on its way forward, so its slope is doubled
# on the way back.
#
# Decide first: which shape must come out? And what happens if two records use the same row of `b`?
# %% exercise="matmul_backward"
def matmul_backward(a, grad_output):
    """The gradient of the loss with respect to b in a @ b, without autograd.

    a : float (n, levels)
    grad_output : float (n, dim), the gradient of the loss with respect to a @ b
    returns : float (levels, dim)
    """
    ### BEGIN SOLUTION
    return a.T @ grad_output
    ### END SOLUTION
# %% check="matmul_backward"
check("matmul_backward")
# %%
if passed("matmul_backward"):
    print("your gradient is PyTorch's:",
          torch.equal(matmul_backward(one_hot, slopes), by_product.grad))
# %% [markdown] slide="notes" answers="6 P6"
# ### The rule, and what follows from it
#
# <details><summary><b>The rule, derived.</b> Open it when your check has passed.</summary>
#
# Look at the number in row `l` and column `d` of `b`. In record `i` it is multiplied by `a[i, l]` on its way to the
# result in column `d`. So if the number rises by 1, that result rises by `a[i, l]`, and the loss by
# `a[i, l] * grad_output[i, d]`. Added up over all records `i`, this is row `l` of `a.T` times column `d` of
# `grad_output`. For all rows and columns at once: `b.grad = a.T @ grad_output`, and with our names
# `weight.grad = one_hot.T @ rows.grad`.
#
# </details>
#
# The picture shows the rule for a single flight from JFK, whose slopes are 5, 7 and 9.
# %% slide="subslide"
show(pictures.there_and_back(names, row, W, torch.tensor([5.0, 7.0, 9.0])))
# %% [markdown] slide="slide"
# On the way forward, each row of the matrix is multiplied by its number of the one-hot row, and the products are added up.
# On the way back, the slopes are multiplied by the same numbers. Three things follow:
# - A row that no flight in the batch names is multiplied by zeros only, so its gradient is exactly zero.
# - If several flights name a row, their slopes add up.
# - A lookup does the same without the multiplications. So a matrix that is multiplied by one-hot rows
#   gets the same gradients as a table that is looked up: from the same start, both learn the same.
#
# **The 1 that plucked a row forward passes the gradient back to this row; the zeros pass nothing to the others.**
#
# ## In your own words (2 points, 3 minutes)
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
# ## To keep
#
# **A one-hot row plucks one row out of a matrix; the lookup plucks it without multiplying; the gradient comes home
# to that row alone.**
#
# The picture to remember: the same one-hot row, there and back. The next lesson opens `nn.Embedding` and finds this
# matrix inside.
# %% [markdown]
# ## Exercise: `multiplications` (1 point, 3 minutes) · at home
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
# %% [markdown]
# ## One broken number · at home
#
# ATL's first number overflows to `inf`. The batch holds JFK and LAX only. **Which of the two ways
# would you expect to notice?** Write `"product"`, `"lookup"`, `"both"` or `"neither"`.
# %% guess="infinity"
guess = None
# %%
broken = W.clone()
broken[0, 0] = torch.inf
noticed = [way for way, result in {"product": one_hot @ broken, "lookup": broken[codes]}.items()
           if not result.isfinite().all()]
print("product", (one_hot @ broken).tolist())
marked("infinity", guess, {0: "neither", 1: noticed[0], 2: "both"}[len(noticed)])
# %% [markdown] answers="P19"
# The product: 0 × inf is not 0 but `nan`, not a number, and it spoils the first column of all three flights.
# The lookup never went near ATL. So the two agree as long as all numbers are finite.
#
# ## What a table takes in training · at home
#
# "I have a million levels, and my memory is full. The table isn't that large." Take a table of 100,000 rows, look up
# three of them, and make one step with Adam, an optimizer that remembers earlier gradients (lesson 5).
# %%
large = torch.zeros(100_000, 16, requires_grad=True)
adam = torch.optim.Adam([large])
large[codes].sum().backward()
adam.step()
held = {"weight": large, "gradient": large.grad, **adam.state[large]}
pd.Series({name: tensor.nbytes / 2**20 for name, tensor in held.items()}, name="MiB").round(1)
# %% [markdown] answers="P52"
# You pay for four tables, not one: the weight, a gradient as large as the weight, zeros and all, and two memories of
# Adam, `exp_avg` and `exp_avg_sq`. (`step` is a single number.) Fewer levels help; sparse gradients (lesson 5)
# spare you the zeros of the gradient, not Adam's memories.
#
# ## From how many levels on should I embed? · at home
#
# Suppose you feed one-hot columns to a network whose first step multiplies them by a matrix with 64 columns (a *layer*
# of 64 *units*). Here is such a matrix:
# %%
torch.manual_seed(3)
first_layer = torch.randn(5, 64)                      # (levels 5, units 64)
torch.equal(one_hot @ first_layer, first_layer[codes])
# %% [markdown] answers="P43"
# `True`: one-hot into a layer *is* a lookup, in a table as wide as the layer. People ask from how many levels on an
# embedding pays. One-hot into a layer already is an embedding; you only choose its width. 10,000 levels into 64 units
# are 640,000 numbers; through a table of 8 columns they are 80,000, and another 512 for the layer.
#
# ## Does a narrow table melt into the next layer? · at home
#
# If a narrow table feeds straight into such a layer, can the two be merged into one matrix? Take our three columns, and
# 64 units after them. (The *rank* of a matrix is the smallest number of rows from which all its rows can be mixed.)
# %%
layer = torch.randn(3, 64)                            # (dim 3, units 64)
melted = W @ layer                                    # (levels 5, units 64)
print("the same, up to rounding:", torch.allclose(W[codes] @ layer, melted[codes], atol=1e-6))
print("rank:", torch.linalg.matrix_rank(melted).item())
# %% [markdown] answers="P17"
# They can: together they are one table of 64 columns. But all its rows are mixed from three numbers, so its rank is 3. A
# narrow table is a wide one with far fewer numbers to learn.
#
# ## A row that isn't one-hot · at home
#
# A record may have several categories: half of its flights leave JFK, half LAX. Its row is `[0, 0, 0.5, 0.5, 0]`.
# **What does this row times the matrix give?** JFK's row is `[−2, 0.75, 1]`, LAX's is `[3, −0.25, 0.5]`.
# %% guess="shares"
guess = [None, None, None]
# %%
shares = torch.tensor([0.0, 0.0, 0.5, 0.5, 0.0])      # (levels 5,), together 1
marked("shares", guess, (shares @ W).tolist())
# %%
show(pictures.written_out(names, shares, W))
# %% [markdown]
# Two rows at half strength, added up: their mean. *A single 1 plucks a row; shares mix rows.* PyTorch mixes without
# writing shares out: `F.embedding_bag` (as a layer, `nn.EmbeddingBag`) looks up a bag of codes and takes their mean,
# their sum, or a sum with weights of your own.
# %%
bag = torch.tensor([[2, 3]])                          # one record: JFK and LAX
own = torch.tensor([[0.25, 0.75]])
print("mean ", F.embedding_bag(bag, W, mode="mean").tolist(), W[[2, 3]].mean(dim=0).tolist())
print("sum  ", F.embedding_bag(bag, W, mode="sum").tolist(), W[[2, 3]].sum(dim=0).tolist())
print("own  ", F.embedding_bag(bag, W, mode="sum", per_sample_weights=own).tolist(),
      (0.25 * W[2] + 0.75 * W[3]).tolist())
# %% [markdown] answers="P54"
# On each line the bag is on the left, and the same rows mixed by hand on the right. (Weights of your own go with
# `mode="sum"` only.)
#
# ### Lists of unequal length · at home
#
# Three records: JFK and LAX, nothing at all, SFO. `embedding_bag` takes their codes in one long list, `[2, 3, 4]`.
# The `offsets` say where each record begins.
# %%
F.embedding_bag(torch.tensor([2, 3, 4]), W, offsets=torch.tensor([0, 2, 2]), mode="mean")
# %% [markdown] answers="P42"
# The mean of JFK and LAX, zeros for the empty record, which begins and ends at 2, and SFO's row.
#
# ## Probabilities instead of a code · at home
#
# A network may be unsure whether it sees JFK or LAX, half and half. Can a gradient come back to such probabilities?
# %%
unsure = shares.clone().requires_grad_()
print("mixed: ", (unsure @ W).requires_grad)
print("picked:", W[unsure.argmax()].requires_grad)
# %% [markdown]
# Yes, through the mixed row. Picking the most likely code first cuts the track: a code is a whole number, and it can't
# rise a little.
