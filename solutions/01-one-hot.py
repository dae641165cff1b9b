# ---
# jupyter:
#   lesson:
#     minutes: 40
#     points: 10
#     edition: 2
# ---
# %% [markdown] slide="slide"
# # How does a category get into a network?
#
# **40 minutes, 3 exercises, two more at home.** "My airports become numbers, and then the numbers are *learned*. But they
# stand for my data. So does training change my data?" You need Python and a little pandas; words from training are
# explained where they come up. When you are through, you can
# - say where the learned numbers live, what a training step changes, and what it leaves alone;
# - explain why a code is a name and not an amount;
# - turn a column of words into rows that a network can read.
# %%
import pandas as pd
import torch
import torch.nn.functional as F

from embedding_course import check, marked, passed
from embedding_course.data import read_flights
from embedding_course.figures import show
from embedding_course.pictures import one_hot as pictures

torch.set_num_threads(1)
# %% [markdown] slide="slide"
# ## The answer in ten minutes
#
# We want to predict how many minutes late a flight is from the airport it leaves. A network can't multiply the word JFK,
# so people say that JFK is "replaced" by numbers, here by two, and that training improves them.
#
# **Where do you think these two numbers are kept?** Write `"flights"` (the table of flights, in place of the word),
# `"codes"` (the whole numbers that stand for the airports) or `"network"` (its own memory).
# %% slide="fragment" guess="where-jfk-lives"
guess_where = None
# %% [markdown] slide="subslide" answers="1 2 4"
# The next cell holds the answer in twelve lines:
# - **1 to 3, the data.** Each airport has a *code*, its position in the list, counted from 0: JFK's is 2. `torch.tensor`
#   makes a *tensor* of the codes, PyTorch's array of numbers.
# - **4 and 5, the weights**, the numbers that a network learns. Ours has only one matrix of them, with a row of two
#   numbers for each airport. Networks start at random; we start at numbers that you can add in your head. `clone` copies
#   them, and `requires_grad_` asks PyTorch to note how the copy is used, which line 8 needs.
# - **6, the lookup.** `F.one_hot` writes code 2 as the row `[0, 0, 1, 0, 0]`, and `@` multiplies it by the matrix.
#   JFK's row comes out; lesson 2 shows why.
# - **7, the loss**, one number for how wrong we are. The prediction for a flight is the sum of the two numbers looked
#   up for it, JFK's 2 + 1 = 3; the differences from the true minutes are squared and added up. Going from codes to loss
#   is a *forward pass*.
# - **8, `backward`** works out how fast the loss would rise if a weight rose. This slope is the weight's *gradient*.
# - **9 and 10, the training step.** Each weight goes against its gradient (where the slope is negative, it rises), and
#   only by an eighth of it, so that the step is small. `no_grad` tells PyTorch that it need not note this line.
#
# **Before you run it: which of these five will the step change?** Write `True` or `False`.
# %% slide="fragment" guess="what-changed"
guess = {
    "flights table": None,
    "codes": None,
    "weight matrix": None,
    "JFK's row": None,
    "ATL's row": None,
}
# %% slide="subslide"
airports = ["ATL", "BOS", "JFK", "LAX", "SFO"]
flights = pd.DataFrame({"origin": ["JFK", "LAX", "JFK"], "late": [4, 2, 6]})        # the data
codes = torch.tensor([airports.index(name) for name in flights["origin"]])          # [2, 3, 2]
start = torch.tensor([[0.5, 1.0], [-1.0, 0.5], [2.0, 1.0], [-0.5, 1.5], [1.0, -1.5]])
weight = start.clone().requires_grad_()                # (airports 5, dim 2), to be trained
rows = F.one_hot(codes, 5).float() @ weight            # (flights 3, dim 2), row 2, row 3, row 2
loss = ((rows.sum(dim=1) - torch.tensor(flights["late"])) ** 2).sum()
loss.backward()
with torch.no_grad():
    weight -= 0.125 * weight.grad                      # one step by hand
for i, name in enumerate(airports):
    print(name, start[i].tolist(), "→", weight[i].tolist())
# %% slide="fragment"
marked("what-changed", guess, {
    "flights table": flights.to_dict("list") != {"origin": ["JFK", "LAX", "JFK"],
                                                 "late": [4, 2, 6]},
    "codes": codes.tolist() != [2, 3, 2], "weight matrix": not weight.equal(start),
    "JFK's row": not weight[2].equal(start[2]), "ATL's row": not weight[0].equal(start[0])})
# %%
print("gradients:", dict(zip(airports, weight.grad.tolist(), strict=True)))
# %% [markdown] slide="notes"
# The flights table and the codes are as they were, and in the weight matrix two rows changed, JFK's and LAX's.
#
# JFK's prediction was 3, and its flights were 4 and 6 minutes late. Its gradient is −8 (lesson 4 works it out), and an
# eighth of that is 1: both of JFK's numbers went up by 1, and now they add up to 5. LAX was off by only 1; its gradient
# is −2, and its numbers went up by a quarter. The other rows have gradient 0. *In a plain step like this one the codes
# say which rows can move; the errors (prediction minus truth) say whether, which way and how far.*
# %% slide="subslide"
show(pictures.before_after_step(airports, start.tolist(), weight.tolist()))
# %% [markdown] slide="fragment"
# (How far apart the points lie means nothing here; lesson 6 asks when it does.)
#
# JFK's row has a name that you have heard: it is JFK's *embedding*.
#
# **JFK's embedding is JFK's row of the weight matrix.**
#
# And your first guess? Let us search for JFK's two numbers, now 3 and 2:
# %% slide="fragment"
places = {"flights": flights.values.tolist(), "codes": codes.tolist(), "network": weight.tolist()}
marked("where-jfk-lives", guess_where,
       [place for place in places if [3.0, 2.0] in places[place]][0])
# %% slide="subslide"
show(pictures.two_stories())
# %% [markdown] slide="slide" answers="1 P60"
# Most of us first hear the upper story: numbers take the place of the words, and training edits them there. In
# the lower one the codes go *into* the network. The matrix is inside, and that is where the step ends.
#
# ### Why not the data?
#
# Could a step move data? It could, if we handed the data over. Here is a column of miles that asks for a gradient and
# joins the prediction. An *optimizer* takes the step for us: `SGD` takes the plain one from above, `lr` says how large.
# It moves only the tensors that it is given, and we give it the weights. Miles are measurements; we want them to stay.
# %% slide="subslide"
miles = torch.tensor([8.0, 16.0, 24.0], requires_grad=True)        # in hundreds, one a flight
optimizer = torch.optim.SGD([weight], lr=0.01)                     # it holds the weights alone
optimizer.zero_grad()                                              # forget the gradient of before
again = F.one_hot(codes, 5).float() @ weight                       # (flights 3, dim 2)
((again.sum(dim=1) + 0.125 * miles - torch.tensor(flights["late"])) ** 2).sum().backward()
optimizer.step()
print("the miles' gradient:", miles.grad.tolist(), "  the miles:", miles.tolist())
# %% [markdown] slide="notes"
# The miles got a gradient and stayed put: nobody stepped them. *A step changes what the optimizer holds, and it holds
# the weights.* The codes can't even have a gradient:
# %% slide="fragment"
try:
    codes.requires_grad_()
except RuntimeError as error:
    print(error)
# %% [markdown] slide="slide" answers="2 P41"
# Between the whole numbers 2 and 3 there is no slope to follow. A code can only choose a row.
#
# ### Where are the "replaced" columns?
# %% slide="fragment"
print("first pass: ", rows.tolist())
print("second pass:", again.tolist())
print("the flights table has:", list(flights.columns))
# %% [markdown] slide="slide"
# The numbers that "replace" the words are `rows`: copies of the matrix's rows, made anew in each forward pass from the
# codes and from the weights of that moment (an *activation*). They are in no column of the flights table. The originals, in
# the matrix, are trained; the copies are not.
#
# *Training changes the weights, and the embeddings are weights. Your data stays.*
#
# ## Exercise: `move_exactly` (1 point, 2 minutes)
#
# Now you choose which rows move. Write the codes of a batch (the flights of one step) after which exactly the airports in
# `wanted` have moved, under a plain step as above. With our five airports, `["SFO", "ATL"]` could become `[4, 0]`; the
# order doesn't matter, nor do repeats. Line 3 of the twelve makes a tensor of codes. The check says which rows move.
# %% exercise="move_exactly"
def move_exactly(wanted, airports):
    """Codes of a batch after which exactly the rows of `wanted` have moved, in any order, repeats
    allowed.

    wanted : list of distinct names, at least one, all of them in `airports`
    airports : list of distinct names; a name's code is its position
    returns : int64 (n,)
    """
    ### BEGIN SOLUTION
    return torch.tensor([airports.index(name) for name in wanted])
    ### END SOLUTION
# %% check="move_exactly"
check("move_exactly")
# %% [markdown] slide="slide" answers="P15"
# Once your check passes, you have moved rows of the weights, and all you did was choose codes.
#
# The rest of the course takes the twelve lines apart: lesson 2 the `@`, lesson 3 PyTorch's own layer for it, lesson 4 the
# step. Here we ask how `[2, 3, 2]` comes about.
#
# ## Words don't go in
#
# These are real flights: they left New York City in 2013, distances in miles, times in minutes. Three of the columns
# hold words. Will a tensor take a column of words, with numbers beside it?
# %% slide="slide"
nyc = read_flights()
try:
    torch.tensor(nyc[["carrier", "distance"]].to_numpy())
except TypeError as error:
    print(error)
nyc[["carrier", "origin", "dest", "distance", "air_time"]].head(3)
# %% [markdown] slide="notes"
# No: the words turned the whole array into Python objects (`object_`), so the distances can't get in either. Words have
# to become whole numbers first. The distinct values of a column are its *levels*, and pandas numbers them for us:
# %% slide="fragment"
by_alphabet = nyc["carrier"].astype("category").cat.codes
by_alphabet = torch.tensor(by_alphabet.to_numpy()).long()      # 0 is 9E, 1 is AA, … 15 is YV
minutes = torch.tensor(nyc["air_time"].to_numpy()).double()
# %% [markdown] slide="slide" answers="P45"
# ## A code is not a quantity
#
# How long are a carrier's flights? We compare two models. The first draws a straight line through the codes. The second
# gets one-hot rows, so it has one number for each carrier. Both are fitted by least squares.
# %%
def fitted(columns):
    """The best weighted sum of the columns (flights, k), by least squares."""
    return columns @ torch.linalg.lstsq(columns, minutes).solution


def fits(codes):
    """For each carrier: its code, its mean flight, and what both models predict."""
    line = fitted(torch.stack([codes, torch.ones_like(codes)], dim=1).double())
    by_level = fitted(F.one_hot(codes, 16).double())
    columns = torch.stack([codes, minutes, line, by_level], dim=1).numpy()    # (flights, 4)
    frame = pd.DataFrame(columns, columns=["code", "mean", "line", "one-hot"])
    return frame.groupby(nyc["carrier"]).mean()
# %% [markdown] slide="slide" answers="P61"
# Nobody chose these codes: they follow the alphabet. So we shuffle them and fit both models again, on the
# same flights. **Before you run it: for how many of the sixteen carriers will each model's prediction change by more than
# a minute?**
# %% slide="fragment" guess="renumbering"
guess = {"line": None, "one-hot": None}
# %% slide="fragment"
torch.manual_seed(1)
shuffled = torch.randperm(16)[by_alphabet]             # (flights,), each carrier has another code
before, after = fits(by_alphabet), fits(shuffled)
changed = (before - after)[["line", "one-hot"]].abs() > 1
marked("renumbering", guess, changed.sum().to_dict(), near=0.1)
# %% slide="subslide"
show(pictures.renumbering(before, after))
# %% [markdown] slide="notes"
# Both panels show the same flights. A straight line predicts for each carrier something between what it predicts for
# the carriers left and right of it, and only the alphabet (or the shuffle) put these there. So its predictions depend on
# the numbering: fifteen of the sixteen changed. One-hot gives each carrier a weight of its own, and predicts
# its mean, whatever the numbering.
#
# *A code is a name, not an amount. With one-hot rows it doesn't matter which code a level gets, as long as it keeps it.*
#
# ## Keep it: where pandas surprises
#
# Here are four values, one of them missing. **Which codes do you expect from pandas, and of which integer type?**
# %% slide="fragment" guess="four-values"
guess = {"codes": [None, None, None, None], "dtype": None}
# %% slide="fragment"
four = pd.Series(["DL", None, "AA", "DL"]).astype("category").cat.codes
marked("four-values", guess, {"codes": four.tolist(), "dtype": str(four.dtype)})
# %% [markdown] slide="notes" answers="P11"
# The missing value became −1, and PyTorch's lookups don't accept `int8`. But the −1 is the worse of the two. Python counts
# negative positions from the end, so a missing airport would quietly get the last row. (PyTorch's own layer refuses a
# −1, as lesson 3 shows.) Nor does a level keep its code from one
# file to the next:
# %% slide="subslide"
print("row −1:", start[-1].tolist(), "which is", airports[-1])
for part in (pd.Series(["AA", "DL", "UA"]), pd.Series(["DL", "UA"])):
    print(dict(zip(part, part.astype("category").cat.codes.tolist(), strict=True)))
# %% [markdown] slide="slide" answers="P2 P36"
# `DL` is 1 in the first file and 0 in the second. A network trained on the first would look `DL` up in the row of `AA`,
# and nothing would say so.
#
# The cure is one list of names, made once from the training data and kept beside the weights: the *vocabulary*. Entry i
# of the list names the owner of row i. Ours begin with `"(unknown)"`, so that whatever is missing or new has a row too,
# row 0. (At home you write the function that makes such a list.)
#
# ## Exercise: `encode` (2 points, 5 minutes)
#
# A code is a position in the vocabulary. With `["(unknown)", "ATL", "LAX"]` the values `["LAX", None, "BOS"]` become
# `[2, 0, 0]`: the missing value and the unknown airport both get 0. Decide first: `values` may be a pandas Series with any
# index. Do you go through its values, or through its labels?
# %% exercise="encode"
def encode(values, vocabulary):
    """The code of each value: its position in the vocabulary.

    values : list or pandas Series of n texts or missing values (None, NaN)
    vocabulary : list of str, "(unknown)" at position 0
    returns : int64 (n,); 0 for all that is not in the vocabulary, missing values included
    """
    ### BEGIN SOLUTION
    code_of = {level: code for code, level in enumerate(vocabulary)}
    return torch.tensor([code_of.get(value, 0) for value in values], dtype=torch.int64)
    ### END SOLUTION
# %% check="encode"
check("encode")
# %% [markdown] slide="slide"
# Words have become codes. The last step turns the codes into rows that a matrix can be multiplied by:
# %% slide="subslide"
vocabulary = ["(unknown)", "EWR", "JFK", "LGA"]
show(pictures.three_ways(["JFK", "EWR", "LGA", "JFK", None], [2, 1, 3, 2, 0], vocabulary))
# %% [markdown] slide="slide"
# Read each line from left to right: a word, its position in the vocabulary, and a row of zeros with a single 1 at that
# position. *These are three ways to write one name.*
#
# ## Exercise: `one_hot` (2 points, 5 minutes)
#
# Codes `[1, 0]` with 3 levels make `[[0, 1, 0], [1, 0, 0]]`, in float32, because we'll multiply the rows by a matrix of
# floats. Write it without `F.one_hot`. A code that belongs to no level raises `IndexError`. Decide first: what would
# your way do with the code −1?
# %% exercise="one_hot"
def one_hot(codes, levels):
    """One row a code: 1.0 in the column of the code, 0.0 elsewhere. Without
    torch.nn.functional.one_hot.

    codes : int64 (n,)
    levels : int, the number of columns
    returns : float32 (n, levels)
    raises : IndexError for a code outside 0 .. levels - 1
    """
    ### BEGIN SOLUTION
    for code in codes.tolist():
        if not 0 <= code < levels:
            raise IndexError(f"code {code} is outside 0 .. {levels - 1}")
    return (codes[:, None] == torch.arange(levels)).float()      # (n, 1) against (levels,)
    ### END SOLUTION
# %% check="one_hot"
check("one_hot")
# %%
if passed("one_hot"):
    print((one_hot(codes, 5) @ start).tolist(), one_hot(codes, 5).matmul(start).equal(rows))
# %% [markdown] slide="slide"
# If your check passed, line six of the twelve has now run on your own `one_hot`. `True` says that it gave the same rows.
#
# ## In your own words (2 points, 3 minutes)
#
# A classmate gives her model the carriers as one column of codes, 0 to 15. The model multiplies the code by one weight.
# "All the information is in there, and I save fifteen columns." In two or three sentences: what does her model
# believe about carriers, how would she notice, and what would you give it instead?
# %% [markdown] written="own-words" points=2
# The model multiplies the code by one weight. So it believes that carriers lie on a scale in the order of their codes,
# all equally far from the next. She would notice by renumbering: nothing about the flights changes, yet the
# predictions do. I would give it one-hot rows: a weight for each carrier, whatever its code (or a row of numbers for
# each carrier, which is an embedding).
#
# *Marking.* 1 point: one number for each code imposes an order or distances that carriers don't have.
# 1 point: renumbering as the witness, **and** one-hot (or a table with a row a carrier) as the cure.
# Half a point less if only one of these two is there. "The codes lose information" earns nothing: they lose none.
# %% [markdown] slide="slide"
# ## To keep
#
# *Training changes the weights, and the embeddings are weights. Your data stays.*
#
# The picture to remember is the one with two stories. In the lower one the words and codes stand outside, the matrix
# stands inside the box that is called the network, and the step ends at the matrix. Next, in lesson 2: what does a
# one-hot row do to a matrix?
# %% [markdown]
# ## Exercise: `build_vocabulary` (2 points, 6 minutes) · at home
#
# Make the list that gives the codes. `["LAX", None, "ATL", "LAX"]` becomes `["(unknown)", "ATL", "LAX"]`: each level
# once, sorted, after the entry for everything missing or new.
#
# A missing value is `None` or NaN. Decide first: what if the values come from a generator, which can be read only once?
# And what if somebody typed `"(unknown)"` into the column?
# %% exercise="build_vocabulary"
def build_vocabulary(values):
    """The distinct levels, sorted as Python sorts text, after "(unknown)" at position 0.

    values : any iterable of text and missing values (None, NaN), read once; a pandas Series too
    returns : list of str; "(unknown)" stands in it once, missing values never
    """
    ### BEGIN SOLUTION
    levels = {value for value in values if not pd.isna(value)}
    return ["(unknown)", *sorted(levels - {"(unknown)"})]
    ### END SOLUTION
# %% check="build_vocabulary"
check("build_vocabulary")
# %% [markdown]
# Keep this list with the weights: entry i names the owner of row i.
#
# ## Exercise: `decode` (1 point, 6 minutes) · at home
#
# And back to words. With `["(unknown)", "ATL", "LAX"]` the rows `[[0, 0, 1], [1, 0, 0]]` become
# `["LAX", "(unknown)"]`. A row that is not one-hot raises `ValueError`, and so does a row of another length than the
# vocabulary. Decide first: what does `argmax` make of `[0, 0, 0]`, of `[1, 0, 1]`, of `[0, 0.9, 0.1]`?
# %% exercise="decode"
def decode(rows, vocabulary):
    """The level of each one-hot row.

    rows : float (n, levels)
    vocabulary : list of str, one for each column
    returns : list of n str
    raises : ValueError for a row without exactly one 1.0 and otherwise 0.0 (no tolerance),
        and for rows of another length than the vocabulary
    """
    ### BEGIN SOLUTION
    wanted = [0.0] * (len(vocabulary) - 1) + [1.0]
    for row in rows.tolist():
        if sorted(row) != wanted:
            raise ValueError(f"{row} is not a one-hot row of length {len(vocabulary)}")
    return [vocabulary[code] for code in rows.argmax(dim=1).tolist()]
    ### END SOLUTION
# %% check="decode"
check("decode")
# %% [markdown] answers="5"
# There and back again: only what the vocabulary doesn't list is lost on the way.
#
# ## Isn't one-hot worse than an embedding? · at home
#
# You may have read that one-hot is a poor encoding. `F.embedding`, which PyTorch's layer calls, takes the codes and
# makes no one-hot rows at all. Does something else come out?
# %%
F.embedding(codes, start).equal(F.one_hot(codes, 5).float() @ start)
# %% [markdown] answers="P57"
# No: `True` says that all numbers are the same. An embedding layer *is* one-hot times a matrix, computed in another way.
# Lesson 2 shows what that saves.
#
# ## When ids are names · at home
#
# Numbers can be names too. **Take the ids 10007, 52 and 998 as codes: how many columns will a one-hot row have?**
# %% guess="ids"
guess = None
# %%
marked("ids", guess, F.one_hot(torch.tensor([10007, 52, 998])).shape[1])
# %% [markdown]
# It has a column for each number from 0 to 10007, and only three of them are in use. Renumber the ids from a
# vocabulary, as if they were words: then three columns do, and one more for whatever isn't in the list.
