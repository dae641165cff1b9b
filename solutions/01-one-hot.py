# ---
# jupyter:
#   lesson:
#     minutes: 35
#     points: 10
# ---
# %% [markdown] slide="slide"
# # How does a category get into a network?
#
# **35 minutes, 3 exercises, a fourth at home.** "The weights are trained, the data stays as it is. But my airports
# become numbers, and then the numbers are *learned*. Learned where? In my table?" When you are through, you can
# - say what a training step changes, and what it never touches;
# - explain why the code 2 is not twice the code 1;
# - turn a column of words into rows that a network can read.
# %%
import pandas as pd
import torch
import torch.nn.functional as F

from embedding_course import check, passed
from embedding_course.data import read_flights
from embedding_course.figures import show
from embedding_course.pictures import one_hot as pictures

torch.set_num_threads(1)
# %% [markdown] slide="slide" answers="1 2 4"
# ## The answer in ten minutes
#
# Three flights, five airports, one training step. How many minutes late is a flight? The network looks up two numbers
# for its airport and adds them.
#
# The cell under your guess holds all of it in twelve lines. Read them first. Line six picks a row for each flight;
# lesson 2 shows how.
#
# **Before you run them: which of these five will have changed after the step?** Write `True` or `False`.
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
# %% [markdown] slide="notes"
# Two rows moved, JFK's and LAX's. The rows of ATL, BOS and SFO are the same to the last bit.
#
# JFK's numbers added up to 3, and its two flights were 4 and 6 minutes late. Now they add up to 5. And your guess?
# %% slide="subslide"
changed = {
    "flights table": flights.to_dict("list") != {"origin": ["JFK", "LAX", "JFK"], "late": [4, 2, 6]},
    "codes": codes.tolist() != [2, 3, 2],
    "weight matrix": not weight.equal(start),
    "JFK's row": not weight[2].equal(start[2]),
    "ATL's row": not weight[0].equal(start[0]),
}
pd.DataFrame({"you said": guess, "changed": changed})
# %% [markdown] slide="notes"
# The weight matrix changed, and in it JFK's row but not ATL's. The flights table and the codes stayed as they were.
# %% slide="subslide"
show(
    pictures.before_after_step(airports, start.tolist(), weight.tolist()),
    "The weight matrix before and after the step: JFK and LAX have moved, three have not. "
    "Beside it the five rows as points, with an arrow for each of the two that moved.",
)
# %% [markdown] slide="fragment"
# Each airport is a row, and a row of two numbers is a point. The step moved two points and left three.
#
# *A step moves rows of the weight. The data only says which.*
#
# ### Four words of PyTorch
#
# `clone` made a copy with memory of its own, which is why `start` still holds the old numbers.
# `requires_grad` marks a tensor as one to be trained:
# %%
print("weight:", weight.requires_grad, "  codes:", codes.requires_grad, "  start:", start.requires_grad)
# %% [markdown]
# Only `weight` is marked. `backward` then asks, for each of its numbers: how fast would the loss rise if you rose?
# The answers lie in `weight.grad`.
# %%
pd.DataFrame(weight.grad.tolist(), index=airports, columns=["first number", "second number"])
# %% [markdown]
# JFK's −8 is 2 · (3 − 4) + 2 · (3 − 6), one part from each of its flights. Three airports had no flight, so zero.
# The step went against the slope: −0.125 times −8 is the 1.0 that JFK's numbers rose by.
#
# `no_grad` is the fourth word. The step itself is not part of the forward pass, and inside `no_grad` PyTorch takes no
# notes. Without it:
# %%
try:
    weight -= 0.125 * weight.grad
except RuntimeError as error:
    print(error)
# %% [markdown] slide="slide" answers="P60"
# Refused, and nothing has moved: a tensor to be trained (a *leaf*) may not be overwritten while PyTorch takes notes.
#
# ### Can the codes be trained?
#
# Now the question that started it all. `weight` can be trained because it was asked to require a gradient.
# **Before you run it: do you think that PyTorch will accept the same for `codes`?** Write `True` or `False`.
# %% guess="train-the-codes"
guess = None
# %% slide="fragment"
try:
    codes.requires_grad_()
    accepted = True
except RuntimeError as error:
    accepted = False
    print(error)
print("you said", guess, "and PyTorch said", accepted)
# %% [markdown] slide="notes"
# It refused: codes are whole numbers, and between 2 and 3 there is no slope to follow.
# The data can't be trained, not even on request.
# %% slide="subslide"
show(
    pictures.two_stories(),
    "Two stories. Wrong, crossed out: numbers overwrite the words of the flights table, "
    "and a training step edits them. Right: words become codes, codes pick rows of a weight "
    "matrix, the rows enter the network, and the step goes back to the weight matrix only.",
)
# %% [markdown] slide="slide" answers="2 P41"
# The left story is the one that most of us hear: the airport column is *replaced* by numbers, and the numbers are
# learned. On the right, words and codes stay, and the step ends at the weights.
#
# ### Where are the replaced columns?
#
# They do exist: they are `rows`, computed before the step.
# **Before you look: what do you expect in `rows` for the first flight now, and what in `weight` for JFK?**
# %% guess="where-are-the-columns"
guess = {"rows[0]": [None, None], "weight[2]": [None, None]}
# %% slide="fragment"
found = {"rows[0]": rows[0].tolist(), "weight[2]": weight[2].tolist()}
pd.DataFrame({"you said": guess, "it holds": found})
# %% [markdown] slide="notes"
# `rows` still holds the old numbers. Nobody trains it: it is what came out of one forward pass, an *activation*.
# The next pass computes it anew.
# %%
again = F.one_hot(codes, 5).float() @ weight           # (flights 3, dim 2)
print(again.tolist(), list(flights.columns))
# %% [markdown] slide="fragment" answers="P15"
# Same codes, new rows. The flights table still has two columns; the "replaced" ones are stored nowhere.
#
# *Training never touches your data. The embeddings are the weights.*
#
# That was the whole answer; the rest of the course takes the twelve lines apart. Lesson 2 looks at the `@`,
# lesson 3 at `nn.Embedding`, which is this matrix in a box, lesson 4 at the step. Here: how did `[2, 3, 2]` come about?
#
# ## Words don't go in
# %% slide="slide"
nyc = read_flights()
nyc[["carrier", "origin", "dest", "distance", "air_time"]].head(4)
# %% [markdown] slide="notes"
# These are real flights: they left New York City in 2013, distances in miles, times in minutes.
# Three of these columns are words. Will a tensor take them, with a number beside?
# %% slide="subslide"
try:
    torch.tensor(nyc[["carrier", "distance"]].to_numpy())
except TypeError as error:
    print(error)
# %% [markdown] slide="notes"
# One column of words turned the whole array into `object`, and the distances can't get in either.
# Words have to become whole numbers first, and pandas has them ready.
# %%
by_alphabet = nyc["carrier"].astype("category").cat.codes
by_alphabet = torch.tensor(by_alphabet.to_numpy()).long()      # 0 is 9E, 1 is AA, … 15 is YV
minutes = torch.tensor(nyc["air_time"].to_numpy()).double()
# %% [markdown] answers="P45"
# ## A code is not a quantity
#
# How long is a flight of this carrier? Two models may answer: a straight line through the codes, and a weighted sum of
# one-hot columns. Both are fitted by least squares.
# %%
def predicted(columns):
    """What the best weighted sum of the columns (n, k) predicts for each flight (n,)."""
    return columns @ torch.linalg.lstsq(columns, minutes).solution


def fits(codes):
    """What both models predict, one row a carrier."""
    line = predicted(torch.stack([codes, torch.ones_like(codes)], dim=1).double())   # (n, 2)
    by_level = predicted(F.one_hot(codes, 16).double())                              # (n, 16)
    columns = torch.stack([codes, minutes, line, by_level], dim=1)                   # (n, 4)
    frame = pd.DataFrame(columns.numpy(), columns=["code", "mean", "line", "one-hot"])
    return frame.groupby(nyc["carrier"]).mean()
# %% [markdown] slide="slide" answers="P61"
# Nobody chose the codes: they follow the alphabet. So let us shuffle all sixteen; the flights stay the same.
# **Before you run it: which model will change its predictions?** Write `True` or `False`.
# %% slide="fragment" guess="renumbering"
guess = {"line": None, "one-hot": None}
# %%
torch.manual_seed(1)
shuffled = torch.randperm(16)[by_alphabet]             # (flights,), each carrier has another code
before, after = fits(by_alphabet), fits(shuffled)
pd.concat({"alphabetical": before, "shuffled": after}, axis=1).loc[["AA", "HA", "YV"]].round(0).astype(int)
# %% [markdown]
# These are three of the sixteen carriers. Where the line went up or down with the shuffle, one-hot stayed at the mean.
# Over all sixteen, which of your two guesses holds?
# %% slide="fragment"
gap = (before - after)[["line", "one-hot"]].abs().max().round(1)
pd.DataFrame({"you said it changes": guess, "largest change, in minutes": gap})
# %% [markdown] slide="notes"
# The line moved by most of an hour for one carrier, though no flight had changed.
# One-hot predicts each carrier's mean, whatever the numbering.
# %% slide="subslide"
show(
    pictures.renumbering(before, after),
    "Minutes in the air by carrier, codes in alphabetical order and shuffled. The straight line "
    "has another slope after the shuffle; one-hot predictions sit on every mean, both times.",
)
# %% [markdown] slide="slide" answers="P11"
# Both pictures show the same flights. The line must put Hawaiian (HA, ten hours to Honolulu) between its two neighbours,
# and they are an accident. One-hot gives each carrier a weight of its own. (A tree suffers less: it can cut between any
# two codes.)
#
# *A code is a name, not an amount. Which code a level gets does not matter, as long as it keeps it.*
#
# ## Keep it: where pandas surprises
#
# Four values, one of them missing. **Before you run it: which codes do you expect, and of which integer type?**
# %% slide="fragment" guess="four-values"
guess = {"codes": [None, None, None, None], "dtype": None}
# %% slide="fragment"
four = pd.Series(["DL", None, "AA", "DL"]).astype("category").cat.codes
pd.DataFrame({"you said": guess, "pandas says": {"codes": four.tolist(), "dtype": str(four.dtype)}})
# %% [markdown] slide="notes"
# The missing value became −1, and no lookup in PyTorch accepts `int8`. The −1 is worse, because plain indexing
# does accept it:
# %% slide="fragment"
print(start[torch.tensor(-1)].tolist(), "is the row of", airports[-1])
# %% [markdown] slide="notes"
# No error: a missing airport would speak with SFO's row. Next, the same carrier in two files.
# %% slide="subslide"
train, new = pd.Series(["AA", "DL", "UA"]), pd.Series(["DL", "UA"])
for part in (train, new):
    print(dict(zip(part, part.astype("category").cat.codes.tolist(), strict=True)))
# %% [markdown] slide="notes" answers="P57"
# `DL` is 1 in training and 0 in the new file, and so is looked up in AA's row. Again no error.
# Codes belong to one list of names, made once from the training part and kept with the weights.
#
# Numbers can be names too. **Ids 10007, 52 and 998, taken as codes: how many columns will a one-hot row have?**
# %% guess="ids"
guess = None
# %%
print("you said", guess, "and it has", F.one_hot(torch.tensor([10007, 52, 998])).shape[1])
# %% [markdown] slide="slide" answers="P36"
# It has a column for each number from 0 to 10007, and three of them are in use. Renumbered from a list of names,
# three would do, and one more for whatever isn't in the list.
#
# ## Exercise: `build_vocabulary` (2 points, 5 minutes)
#
# Make that list. From `["LAX", None, "ATL", "LAX"]` comes `["(unknown)", "ATL", "LAX"]`: each level once, sorted,
# behind a first entry for all that is missing or new. So a table has one row more than there are levels.
#
# Missing is `None`, NaN or `pd.NA`. Decide first: what if the values come from a generator, which can be read only
# once? And what if someone typed `"(unknown)"` into the column?
# %% exercise="build_vocabulary"
def build_vocabulary(values):
    """The distinct levels, sorted as Python sorts text, after "(unknown)" at position 0.

    values : any iterable of text and missing values (None, NaN, pd.NA), read once; a pandas Series too
    returns : list of str; "(unknown)" stands in it once, missing values never
    """
    ### BEGIN SOLUTION
    levels = {value for value in values if not pd.isna(value)}
    return ["(unknown)", *sorted(levels - {"(unknown)"})]
    ### END SOLUTION
# %% check="build_vocabulary"
check("build_vocabulary")
# %% [markdown] slide="slide" answers="P2 P11"
# This list is worth keeping: position by position it says whose row is whose.
#
# ## Exercise: `encode` (2 points, 4 minutes)
#
# A code is a position in the vocabulary. With `["(unknown)", "ATL", "LAX"]`, the values `["LAX", None, "BOS"]` become
# `[2, 0, 0]`. Which trap of pandas does that zero close?
#
# `values` may be a Series with an index of its own: the order counts, the index doesn't.
# %% exercise="encode"
def encode(values, vocabulary):
    """The code of each value: its position in the vocabulary.

    values : list or pandas Series of n texts or missing values (None, NaN, pd.NA)
    vocabulary : list of str, "(unknown)" at position 0
    returns : int64 (n,); 0 for all that is not in the vocabulary, missing values included
    """
    ### BEGIN SOLUTION
    code_of = {level: code for code, level in enumerate(vocabulary)}
    return torch.tensor([code_of.get(value, 0) for value in values], dtype=torch.int64)
    ### END SOLUTION
# %% check="encode"
check("encode")
# %% [markdown] slide="notes"
# Words have become codes, two of three steps. Here is the third, on the airports of New York:
# %% slide="subslide"
vocabulary = ["(unknown)", "EWR", "JFK", "LGA"]
show(
    pictures.three_ways(["JFK", "EWR", "LGA", "JFK", None], [2, 1, 3, 2, 0], vocabulary),
    "Side by side: the words JFK, EWR, LGA, JFK and a missing one; their codes 2, 1, 3, 2, 0; "
    "their one-hot rows, with a single 1 in the column of the code.",
)
# %% [markdown] slide="slide"
# Read a line from left to right: a word, its position in the vocabulary, a row of zeros with a 1 at that position.
# The missing word has a row too. *Three ways to write one name.*
#
# ## Exercise: `one_hot` (2 points, 5 minutes)
#
# Codes `[1, 0]` with 3 levels make `[[0, 1, 0], [1, 0, 0]]`, in float32, as it is to meet a matrix of floats.
# Do it without `F.one_hot`. A code that is no level raises `IndexError`.
#
# Decide first: what does your way make of the code −1?
# %% exercise="one_hot"
def one_hot(codes, levels):
    """One row a code: 1.0 in the column of the code, 0.0 elsewhere. Without torch.nn.functional.one_hot.

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
    print((one_hot(torch.tensor([2, 3, 2]), 5) @ start).tolist())
# %% [markdown] slide="slide" answers="5"
# If the check is through, these rows came from your function, in the sixth of the twelve lines: JFK, LAX, JFK.
#
# ### Isn't one-hot worse than an embedding?
#
# PyTorch's embedding takes the codes and makes no one-hot rows. What comes out of it?
# %% slide="fragment"
F.embedding(codes, start).equal(F.one_hot(codes, 5).float() @ start)
# %% [markdown] slide="notes"
# The same, to the last bit. An embedding *is* one-hot times a matrix, computed in another way; lesson 2 shows what
# that saves.
#
# ## Exercise: `decode` (2 points, 6 minutes, at home)
#
# And back to words. With `["(unknown)", "ATL", "LAX"]` the rows `[[0, 0, 1], [1, 0, 0]]` become
# `["LAX", "(unknown)"]`.
#
# A row that is not one-hot raises `ValueError`, and so does a row of another length than the vocabulary.
# Decide first: what does `argmax` make of `[0, 0, 0]`, of `[1, 0, 1]`, of `[0, 0.9, 0.1]`?
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
# %% [markdown] slide="slide"
# There and back. Only what the vocabulary doesn't list is lost on the way.
#
# ## In your own words (2 points, 3 minutes)
#
# A classmate gives a linear layer the carriers as one column of codes, 0 to 15. "All the information is in there, and
# I save fifteen columns." In two or three sentences: what does her layer believe about carriers, how would she
# notice, and what would you give it instead?
# %% [markdown] written="own-words" points=2
# The layer multiplies the code by one weight. So it believes that carriers lie on a scale in the order of their codes,
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
# *Training never touches your data. The embeddings are the weights.*
#
# The picture to remember is the one with two stories: words and codes on the left, never edited; a weight matrix in the
# middle, where the step ends; and between matrix and network a few rows, computed anew each time.
#
# Next, in lesson 2: what does a one-hot row do to a matrix?
