# ---
# jupyter:
#   lesson:
#     minutes: 40
#     points: 10
# ---
# %% [markdown] slide="slide"
# # What is `nn.Embedding`?
#
# **40 minutes, 2 exercises, two more at home.** "Could someone show an embedding in PyTorch, in a few lines?"
# We open the layer, build it again, then break it in eight ways. When you are through, you can
# - point at the numbers that an optimizer trains;
# - put a linear layer in its place, without any number changing;
# - read its error messages, and suspect it where there is none.
# %%
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn

from embedding_course import check, passed
from embedding_course.figures import show
from embedding_course.pictures import nn_embedding as pictures

torch.set_num_threads(1)
# %% [markdown] slide="slide" answers="3 4"
# ## Open it up
#
# Five airports, two numbers for each. One line makes the table:
# %% slide="fragment"
torch.manual_seed(0)
table = nn.Embedding(5, 2)                            # levels 5, dim 2
table
# %% [markdown] slide="fragment" answers="P58 P62"
# Two arguments: rows, one a level, and columns. The batch doesn't enter, nor do the data.
#
# **Before you look inside: how many tensors are there to train, how many numbers in them together, and is there
# a bias?**
# %% guess="inside"
guess = {"tensors": None, "numbers": None, "bias": None}
# %% slide="fragment"
inside = list(table.parameters())
found = {"tensors": len(inside), "numbers": sum(p.numel() for p in inside), "bias": hasattr(table, "bias")}
pd.DataFrame({"you said": guess, "inside": found})
# %% [markdown] slide="notes"
# One tensor, 5 · 2 numbers, no bias. No activation either. This is all of it:
# %% slide="subslide"
table.weight                                          # (levels 5, dim 2)
# %% [markdown] slide="notes"
# A *parameter*: a tensor that requires a gradient and is listed by its module. Its numbers are random,
# drawn from a standard normal distribution. Two rows say little about that, so we ask a larger table:
# %%
large = nn.Embedding(10_000, 16).weight
print(f"mean {large.mean().abs():.1f}, spread {large.std():.1f}")
# %% [markdown]
# Mean 0, spread 1. And what does the layer do with codes?
# %% slide="fragment"
codes = torch.tensor([2, 3, 2])                       # (batch 3,): JFK, LAX, JFK
torch.equal(table(codes), table.weight[codes])
# %% [markdown] slide="notes"
# It plucks rows, as in lesson 2, and nothing else. Who trains them? An optimizer, and it is handed a list of
# parameters. Does it get a copy?
# %% slide="subslide"
optimizer = torch.optim.SGD(table.parameters(), lr=0.5)
print("the same tensor:", optimizer.param_groups[0]["params"][0] is table.weight)
# %% [markdown] slide="slide"
# No copy: the optimizer holds the very tensor that the layer looks into.
#
# *The embeddings are one parameter called `weight`. There the optimizer finds them.*
#
# ## A module, and what it lists
#
# `nn.Embedding` is an `nn.Module`: an object that keeps parameters, and says in `forward` what becomes of an input.
# Here is one of our own. It stretches numbers and shifts them.
# %% slide="fragment"
class Stretch(nn.Module):
    def __init__(self):
        super().__init__()                            # sets up the list of parameters, so it comes first
        self.factor = nn.Parameter(torch.tensor(3.0))
        self.shift = torch.tensor(1.0, requires_grad=True)
        self.limit = torch.tensor(100.0)

    def forward(self, numbers):
        return (self.factor * numbers + self.shift).clamp(max=self.limit)


stretch = Stretch()
stretch(torch.tensor([1.0, 2.0, 50.0]))               # calling a module runs its forward
# %% [markdown] slide="subslide"
# 3 · 1 + 1, 3 · 2 + 1, and 151 cut to the limit. `grad_fn` is PyTorch's note of the last operation, for the way back.
#
# **Before you run on: which of its three tensors will an optimizer
# get to see?** Write `True` or `False`.
# %% guess="listed"
guess = {"factor": None, "shift": None, "limit": None}
# %% slide="fragment"
listed = dict(stretch.named_parameters())
pd.DataFrame({"you said": guess, "listed": {name: name in listed for name in guess}})
# %% [markdown] slide="slide"
# Only `factor`. `shift` asks for gradients and will get them, but no optimizer ever hears of it. `limit` doesn't
# even ask.
#
# *What isn't listed isn't trained.*
#
# ## Exercise: `LookupTable` (2 points, 8 minutes)
#
# Build `nn.Embedding` again, without `nn.Embedding` and `F.embedding`. `LookupTable(3, 2)` holds one parameter:
# `weight`, shape (3, 2), standard normal at first. Called with codes `[[2], [0]]`, it gives rows 2 and 0,
# shape (2, 1, 2). The check also sends a gradient back (`upstream`) and looks where it lands.
#
# A code outside 0 … levels − 1 raises `IndexError`.
# Decide first: what would an optimizer see of `self.weight = torch.randn(levels, dim)`? And what does plain
# indexing make of −1?
# %% exercise="LookupTable"
class LookupTable(nn.Module):
    """A trainable table with one row a level: what nn.Embedding is.

    levels, dim : int, rows and columns
    weight : nn.Parameter (levels, dim), standard normal at first
    """

    def __init__(self, levels, dim):
        super().__init__()
        ### BEGIN SOLUTION
        self.weight = nn.Parameter(torch.randn(levels, dim))
        ### END SOLUTION

    def forward(self, codes):
        """The rows that the codes name.

        codes : int64 of any shape (…), each in 0 .. levels - 1
        returns : float (…, dim)
        raises : IndexError for a code outside 0 .. levels - 1, negative ones included
        """
        ### BEGIN SOLUTION
        if (codes < 0).any():
            raise IndexError(f"code {codes.min()} is negative")
        return self.weight[codes]                     # raises by itself where a code is too high
        ### END SOLUTION
# %% check="LookupTable"
check("LookupTable")
# %%
if passed("LookupTable"):
    mine = LookupTable(5, 2)
    mine(codes).sum().backward()
    print("your table's gradient:", mine.weight.grad.tolist())
# %% [markdown] slide="slide" answers="5 P6"
# With your own table in the forward pass, JFK's row has gradient 2, LAX's 1, and the others 0, as in lesson 2.
#
# ## Five ways, one matrix
#
# A one-hot product and a lookup give the same rows. There are more ways to write the two, five in all,
# and we climb with each of them: look up, backward, one step of SGD.
#
# **Before you run on: where will all five agree, to the last bit? And after 100 steps of Adam?**
# Write `True` or `False`.
# %% slide="fragment" guess="ladder"
guess = {"rows": None, "gradient": None, "weight after a step": None, "100 steps of Adam": None}
# %%
def climb(weight, look_up):
    """One step of SGD: the rows looked up, the gradient, and the weight afterwards."""
    optimizer = torch.optim.SGD([weight], lr=0.25)
    rows = look_up()                                  # (batch 3, dim 2)
    (rows**2).sum().backward()
    optimizer.step()
    return rows, weight.grad, weight
# %%
W = torch.tensor([[0.5, 1.0], [-1.0, 0.5], [2.0, 1.0], [-0.5, 1.5], [1.0, -1.5]])
a, b, c = (nn.Parameter(W.clone()) for _ in range(3))
one_hot = F.one_hot(codes, 5).float()                 # (batch 3, levels 5)
linear, embedding = nn.Linear(5, 2, bias=False), nn.Embedding(5, 2)
with torch.no_grad():                                 # a linear layer keeps its weight as (out, in)
    linear.weight.copy_(W.T)
    embedding.weight.copy_(W)
ladder = {
    "one_hot @ weight": climb(a, lambda: one_hot @ a),
    "weight[codes]": climb(b, lambda: b[codes]),
    "F.embedding(codes, weight)": climb(c, lambda: F.embedding(codes, c)),
    "nn.Linear(5, 2, bias=False)": climb(linear.weight, lambda: linear(one_hot)),
    "nn.Embedding(5, 2)": climb(embedding.weight, lambda: embedding(codes)),
}
# %% [markdown]
# All five hold the numbers of `W`, each in memory of its own. For the comparison, what the linear layer keeps on its
# side is turned with `.T`.
# %% slide="subslide"
rungs, first = list(guess)[:3], ladder["one_hot @ weight"]
agree = {way: [torch.equal(x if x.shape == y.shape else x.T, y) for x, y in zip(climbed, first, strict=True)]
         for way, climbed in ladder.items()}
pd.DataFrame({"you said": [guess[rung] for rung in rungs], **agree}, index=rungs).T
# %% [markdown] slide="notes"
# Fifteen times `True`: the same rows, the same gradient, the same weight after the step. Now Adam, which remembers
# earlier gradients (lesson 4).
# %% slide="subslide"
goal = torch.tensor([[1.0, 0.0], [0.0, 2.0], [3.0, 0.0]])
for layer, batch in ((linear, one_hot), (embedding, codes)):
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    for _ in range(100):
        optimizer.zero_grad()                         # forget the gradients of the step before
        ((layer(batch) - goal) ** 2).sum().backward()
        optimizer.step()
print("you said", guess["100 steps of Adam"], "and it is", torch.equal(linear.weight.T, embedding.weight))
# %% [markdown] slide="notes"
# Still the same to the last bit. No optimizer can tell them apart, as they get the same gradients.
# %% slide="subslide"
show(
    pictures.three_boxes(["ATL", "BOS", "JFK", "LAX", "SFO"], codes.tolist(), W.tolist()),
    "One matrix with a row for each of five airports, and the codes 2, 3, 2, go into three boxes: one_hot @ weight, "
    "weight[codes] and nn.Embedding. Out of each come the same three rows: JFK, LAX, JFK.",
)
# %% [markdown] slide="fragment" answers="P61"
# Three boxes, one matrix, one answer. You may read elsewhere that an embedding is something else than a linear
# layer on one-hot rows. You have seen the numbers.
#
# *An embedding is a linear layer without bias that skips the multiplication by zero.*
#
# Does it matter which level gets which code? Give the airports other codes, and move the rows along:
# %%
order = torch.tensor([4, 2, 0, 3, 1])                 # the old code of each new row
new_codes = order.argsort()[codes]                    # JFK is now 1, LAX still 3
torch.equal(W[order][new_codes], W[codes])
# %% [markdown] slide="slide"
# It doesn't, as long as name, code and row stay together.
#
# ## The trap: one memory, two layers
#
# Instead of copying, somebody writes `nn.Parameter(donor.weight.T)` and has a linear layer in one line.
# Then SFO's first number in the *linear layer* is set to 99.
# **Before you run it: what will the embedding say?** It says 1 before.
# %% guess="memory"
guess = 1.0
# %% slide="fragment"
donor, twin = nn.Embedding(5, 2), nn.Linear(5, 2, bias=False)
with torch.no_grad():
    donor.weight.copy_(W)
    twin.weight = nn.Parameter(donor.weight.T)
    twin.weight[0, 4] = 99                            # (dim 2, levels 5), so row 0, column 4
print("you said", guess, "and the embedding says", donor.weight[4, 0].item())
# %% [markdown] slide="notes"
# It says 99. `.T` turns the view, not the numbers: both layers look into the same memory, and who trains one trains
# the other. So which words copy? Here is one more, `detach`.
# %% slide="subslide"
for word, other in {"T": donor.weight.T, "detach": donor.weight.detach(), "clone": donor.weight.clone()}.items():
    same = other.data_ptr() == donor.weight.data_ptr()
    print(f"{word:<7} same memory {same!s:<6} gradients flow back {other.requires_grad}")
# %% [markdown] slide="slide"
# `detach` cuts the way of the gradient, `clone` gives memory of its own. `.T` does neither. `copy_` puts numbers into
# memory that is there already, which is how our five ways got theirs.
#
# ## Exercise: `as_linear` (2 points, 5 minutes)
#
# Turn an `nn.Embedding` into a bias-free `nn.Linear`, so that one-hot rows into the one give the same as codes into
# the other. An embedding with weight `[[10], [20], [30]]` makes a layer with weight `[[10, 20, 30]]`.
#
# The layer has its own copy of the numbers and can be trained; the embedding stays as it is.
# Decide first: which shape has the weight of `nn.Linear(3, 1)`? And who else holds your numbers?
# %% exercise="as_linear"
def as_linear(embedding):
    """The linear layer that does to one-hot rows what the embedding does to codes.

    embedding : nn.Embedding, weight (levels, dim)
    returns : nn.Linear without bias, trainable, with its own copy of the values
    """
    ### BEGIN SOLUTION
    levels, dim = embedding.weight.shape
    linear = nn.Linear(levels, dim, bias=False)
    with torch.no_grad():
        linear.weight.copy_(embedding.weight.T)       # (dim, levels)
    return linear
    ### END SOLUTION
# %% check="as_linear"
check("as_linear")
# %%
if passed("as_linear"):
    print(torch.equal(as_linear(donor)(one_hot), donor(codes)))
# %% [markdown] slide="slide"
# `True`, if your layer is through: two layers, one answer, and from now on two lives.
#
# ## A record with several columns
#
# A flight has a carrier *and* an origin. Each column gets its own vocabulary and its own table,
# with `len(vocabulary)` rows: the highest code plus 1.
# %% slide="fragment"
carriers, origins = ["(unknown)", "AA", "DL", "UA"], ["(unknown)", "EWR", "JFK", "LGA"]
torch.manual_seed(1)
carrier_table, origin_table = nn.Embedding(len(carriers), 3), nn.Embedding(len(origins), 2)
records = torch.tensor([[2, 2], [1, 3], [2, 1]])      # (records 3, columns 2): DL JFK, AA LGA, DL EWR
# %% [markdown] slide="fragment"
# Each column is looked up in its table, and the rows are joined. **Before you run it: which shape will come out?**
# %% guess="joined"
guess = (0, 0)
# %% slide="fragment"
joined = torch.cat([carrier_table(records[:, 0]), origin_table(records[:, 1])], dim=1)
print("you said", guess, "and it is", tuple(joined.shape))
# %% [markdown] slide="notes"
# Three records, 3 + 2 numbers each. The first record, drawn:
# %% slide="subslide"
tables = [("carrier", carriers, carrier_table.weight.tolist(), 2), ("origin", origins, origin_table.weight.tolist(), 2)]
show(
    pictures.side_by_side(tables),
    "The first record: the words DL and JFK become the codes 2 and 2. Each code plucks a row, DL's from the carrier "
    "table with 3 columns, JFK's from the origin table with 2. Side by side they make one row of 5 numbers.",
)
# %% [markdown] answers="P63"
# DL and JFK have the same code, 2, and yet different rows: a code means something
# only together with its table. So what if the two columns change places?
# %%
torch.cat([carrier_table(records[:, 1]), origin_table(records[:, 0])], dim=1).shape
# %% [markdown] slide="fragment"
# The same shape, no error, and JFK was looked up among the carriers. Had one table been shorter, a code might have
# crashed; here nothing does.
#
# *One table a column, in the same order.*
#
# ## Exercise: `embed_columns` (2 points, 8 minutes, at home)
#
# Do it for any number of columns: column j of the codes goes to `tables[j]`, the rows side by side.
# Codes `[[1, 0]]` with weights `[[1], [2]]` and `[[3, 4]]` make `[[2, 3, 4]]`.
#
# Another number of tables than columns raises `ValueError`. Decide first: what does `zip` do with three
# tables for two columns? And what should become of the code −1?
# %% exercise="embed_columns"
def embed_columns(codes, tables):
    """Each column looked up in its own table, the rows side by side.

    codes : int64 (n, columns)
    tables : list or nn.ModuleList of nn.Embedding, one a column
    returns : float (n, sum of the tables' dims)
    raises : ValueError for another number of tables than columns; IndexError for a code outside its table
    """
    ### BEGIN SOLUTION
    if codes.shape[1] != len(tables):
        raise ValueError(f"{codes.shape[1]} columns of codes, {len(tables)} tables")
    return torch.cat([table(codes[:, j]) for j, table in enumerate(tables)], dim=1)
    ### END SOLUTION
# %% check="embed_columns"
check("embed_columns")
# %% [markdown] answers="P34"
# ### At home: one big table?
#
# Could one table do for all columns? Stack the tables, and shift the second column's codes by the rows of the
# first:
# %%
left, right = nn.Embedding(4, 2), nn.Embedding(4, 2)  # of one width, else they can't be stacked
stacked = torch.cat([left.weight, right.weight])      # (rows 8, dim 2)
shifted = records + torch.tensor([0, 4])              # (records 3, columns 2)
apart = torch.cat([left(records[:, 0]), right(records[:, 1])], dim=1)
torch.equal(stacked[shifted].flatten(start_dim=1), apart)
# %% [markdown]
# It can: the same rows under other addresses. Without the shift, two columns would share rows by accident.
#
# ## Exercise: `count_parameters` (2 points, 4 minutes, at home)
#
# How many numbers do all the tables hold together? Cardinalities `[5, 3]` (rows) and dims `[2, 4]` make
# 5 · 2 + 3 · 4 = 22. Lists of unequal length raise `ValueError`.
# Decide first: how would you notice that one list is longer?
# %% exercise="count_parameters"
def count_parameters(cardinalities, dims):
    """The number of trainable numbers in all the tables together.

    cardinalities, dims : lists of int, the rows and the columns of each table
    returns : int
    raises : ValueError for lists of unequal length
    """
    ### BEGIN SOLUTION
    return sum(levels * dim for levels, dim in zip(cardinalities, dims, strict=True))
    ### END SOLUTION
# %% check="count_parameters"
check("count_parameters")
# %% [markdown] slide="slide"
# ## Error clinic
#
# Eight calls, and in each a mistake that many people make. Two of the patients need some preparation. One keeps its
# tables in a Python list:
# %%
class Listed(nn.Module):
    def __init__(self):
        super().__init__()
        self.tables = [nn.Embedding(5, 2), nn.Embedding(5, 2)]
# %% [markdown]
# The other trains a table and a linear layer to say how late three flights are. It reports the loss before and after,
# and how many rows of the table moved.
# %%
def train(model, optimizer):
    """200 steps on three flights; what became of the loss, and of the table `model[0]`."""
    before, losses = model[0].weight.detach().clone(), []
    for _ in range(200):
        model.zero_grad()
        loss = ((model(codes).squeeze(1) - torch.tensor([4.0, 2.0, 6.0])) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    moved = (model[0].weight != before).any(dim=1).sum().item()
    return f"loss {losses[0]:.0f} → {losses[-1]:.2f}, rows moved: {moved}"
# %%
def table_replaced():
    """The optimizer is built first; then the model gets a new table."""
    torch.manual_seed(3)
    model = nn.Sequential(nn.Embedding(4, 2), nn.Linear(2, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model[0] = nn.Embedding(5, 2)                     # a level more than before
    return train(model, optimizer)
# %% [markdown] slide="fragment"
# **Before you run them: which of the eight raise an error, which are silently wrong?** Write `"raises"` or `"silent"`.
# %% slide="fragment" guess="clinic"
guess = {
    "a code one too high": "",
    "-1 in nn.Embedding": "",
    "-1 in weight[codes]": "",
    "float codes": "",
    "int8 codes": "",
    "codes (n, 1), joined with numbers (n, 1)": "",
    "tables in a Python list": "",
    "table replaced after the optimizer was built": "",
}
# %%
with torch.no_grad():
    table.weight.copy_(W)                             # numbers that you know: SFO is [1.0, -1.5]
calls = [
    lambda: table(torch.tensor([5])),
    lambda: table(torch.tensor([-1])),
    lambda: table.weight[torch.tensor([-1])].tolist(),
    lambda: table(torch.tensor([2.0])),
    lambda: table(torch.tensor([2], dtype=torch.int8)),
    lambda: torch.cat([table(torch.tensor([[2], [3]])), torch.ones(2, 1)], dim=1),
    lambda: list(Listed().parameters()),
    lambda: table_replaced(),
]
# %% slide="subslide"
def attempt(call):
    """Whether a call raises or stays silent, and what it says."""
    try:
        return "silent", call()
    except Exception as error:
        return "raises", f"{type(error).__name__}: {error}"


for name, call in zip(guess, calls, strict=True):
    outcome, said = attempt(call)
    print(f"{name}: you said {guess[name] or '…'}, it is: {outcome}")
    print("   ", said)
# %% [markdown] slide="notes" answers="P1 P4 P11 P76"
# Five raise, three are silent. Let us go through them: what the message means, where it comes from, what helps.
#
# ### A code outside the table (the first three)
#
# `index out of range in self` names neither code nor table. The code is too high, or negative: pandas' −1 for a missing
# value. Compare yourself:
# %%
print("codes from", codes.min().item(), "to", codes.max().item(), "and the table has", table.num_embeddings, "rows")
# %% [markdown] answers="P9"
# Allowed are 0 to rows − 1, so a table needs the highest code plus 1: `len(vocabulary)`.
# Plain indexing counts −1 from the end and gave SFO's row. Look up through the layer, and give missing values the
# code 0.
#
# On a GPU the same mistake reads `device-side assert triggered` and blames a later line: run that batch on the CPU.
# Some other libraries don't check at all, and hand out zeros.
#
# ### Codes of another kind
#
# Codes are row numbers, not amounts: `int64` ("Long"), or `int32` ("Int"). In one tensor with a column of floats they
# become floats themselves, and pandas' own codes are `int8` ("Char"). `.long()` helps:
# %%
table(torch.tensor([2], dtype=torch.int8).long()).tolist()
# %% [markdown] answers="P34"
# JFK's row. You meet the same message if tables stand in a row, in `nn.Sequential`:
# %%
attempt(lambda: nn.Sequential(nn.Embedding(5, 2), nn.Embedding(5, 2))(codes))
# %% [markdown] answers="P14"
# The first table's rows, floats, went into the second as codes. `nn.Sequential` chains; it does not give each column
# its table.
#
# ### One axis too many
#
# The lookup adds an axis to whatever shape the codes have.
# %%
column = torch.tensor([[2], [3]])                     # (n 2, 1): a column cut out as codes[:, 0:1]
print(tuple(table(column).shape), "or, without the axis,", tuple(table(column[:, 0]).shape))
# %% [markdown] answers="P8 P10"
# Three axes don't go beside two. `codes[:, 0]` takes the column without its axis, and the rows fit.
#
# ### Tables in a Python list
#
# The module doesn't look into lists, so nothing is listed: no training, no saving, and no move to a GPU. We move both
# kinds to `"meta"`, a device without memory that stands in for a GPU here.
# %%
for container in (list, nn.ModuleList):
    model = nn.Module()
    model.tables = container([nn.Embedding(5, 2)])
    model.to("meta")
    device = model.tables[0].weight.device
    print(f"{container.__name__:<11}{len(list(model.parameters()))} parameters, table on {device}")
# %% [markdown] answers="P49"
# In the list the table stayed behind. On a real GPU the next lookup says `Expected all tensors to be on the same
# device`; the same happens if the codes stay behind. `nn.ModuleList` is a list that the module sees.
#
# ### The table replaced
#
# The loss fell, and yet no row moved. The optimizer was given a list of tensors, and still holds the old one.
# %% slide="subslide"
show(
    pictures.left_behind(),
    "The model sends gradients to the new table and to the linear layer. The optimizer holds the old table, where no "
    "gradient ever comes, and the linear layer. So only the linear layer moves.",
)
# %% [markdown] slide="notes"
# The linear layer learned alone, which is why the loss told nothing. The cure: build the optimizer last.
# %%
torch.manual_seed(3)
model = nn.Sequential(nn.Embedding(5, 2), nn.Linear(2, 1))
train(model, torch.optim.SGD(model.parameters(), lr=0.1))
# %% [markdown] slide="fragment" answers="P75"
# Now the rows of JFK and LAX moved. The loss ends at 0.67 as before: JFK's two flights were 4 and 6 minutes late and
# share one row, so 5 for both is the best there is.
#
# *A falling loss doesn't prove that the table learns. Moving rows do.*
#
# ### At home: one more
#
# `torch.LongTensor(5)` looks like "the code 5".
# %%
print(tuple(torch.LongTensor(5).shape), tuple(torch.tensor([5]).shape))
# %% [markdown] slide="slide" answers="3"
# It makes five codes out of whatever lies in memory. `torch.tensor([5])` makes the one you mean.
#
# ## A whole model in eight lines
#
# Two tables and one linear layer: enough for a network that reads carrier and origin.
# %% slide="fragment"
class Delay(nn.Module):
    def __init__(self):
        super().__init__()
        self.carrier, self.origin = nn.Embedding(len(carriers), 3), nn.Embedding(len(origins), 2)
        self.head = nn.Linear(3 + 2, 1)

    def forward(self, codes):                         # (records, columns 2) → (records,)
        rows = torch.cat([self.carrier(codes[:, 0]), self.origin(codes[:, 1])], dim=1)
        return self.head(rows).squeeze(1)
# %% slide="fragment"
torch.manual_seed(4)
model = Delay()
model(records)                                        # DL JFK, AA LGA, DL EWR
# %% [markdown] slide="subslide"
# Three records, three predictions, still from random rows. **Before you look: how many tensors will an optimizer find
# in this model, and how many of its numbers are embeddings?**
# %% guess="model"
guess = {"tensors": 0, "numbers in tables": 0}
# %% slide="fragment"
found = {name: tuple(parameter.shape) for name, parameter in model.named_parameters()}
print("you said", guess["tensors"], "and", guess["numbers in tables"])
pd.Series(found, name="shape")
# %% [markdown] slide="slide"
# Four tensors, and 4 · 3 + 4 · 2 = 20 numbers in tables. There stand the embeddings, beside the weight and the bias of
# the linear layer: same list, same optimizer, same step. The next lesson takes that step.
#
# ## In your own words (2 points, 3 minutes)
#
# A classmate writes: "`nn.Embedding` stores my categories, and `nn.Linear` computes. So only the linear layer has
# weights that are trained." Answer in three sentences. What is inside the embedding, and in whose list does it stand?
# Which linear layer would do the same, and how far does "the same" go?
# %% [markdown] written="own-words" points=2
# Inside `nn.Embedding` is one matrix, the parameter `weight`, with a row for each level; the categories themselves are
# not in it, the codes only say which row. It stands in the module's list of parameters, so the optimizer holds it and
# trains it like any other weight. A linear layer without bias, fed with one-hot rows and holding the same numbers
# (turned on their side), gives the same outputs and gradients, and after any number of steps it is still the same.
#
# **Marking.** 1 point: the weight is a parameter, listed, and so found by the optimizer. 1 point: a bias-free linear
# layer on one-hot rows, and the sameness covers gradients or training, not only the output. Whole points only.
# %% [markdown] slide="slide"
# ## Keep
#
# **`nn.Embedding` is one matrix with a name. It is a parameter like any other: the optimizer finds it in the list.**
#
# The picture to remember: three boxes, one matrix. Before you believe a falling loss, ask which rows moved.
# That is lesson 4: where does the update happen?
