# ---
# jupyter:
#   lesson:
#     minutes: 40
#     points: 10
#     edition: 2
# ---
# %% [markdown] slide="slide"
# # What is `nn.Embedding`?
#
# **40 minutes, 2 exercises, two more at home.** "Could someone show an embedding in PyTorch, in a few lines?"
# We open the layer, build it again, and put a linear layer in its place. When you are through, you can
# - point at the numbers that an optimizer trains;
# - say which tensors it never gets to see;
# - write a whole model with two tables, and find the embeddings in it.
# %%
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn

from embedding_course import check, marked, passed
from embedding_course.figures import show
from embedding_course.pictures import nn_embedding as pictures

torch.set_num_threads(1)
# %% [markdown] slide="slide" answers="3 4"
# ## Open it up
#
# Five airports with two numbers each. One line makes the table. (From here on, *the table* is the weight matrix, looked
# up by rows; the data is the *flights* table.)
# %% slide="fragment"
torch.manual_seed(0)
table = nn.Embedding(5, 2)                            # levels 5, dim 2
table
# %% [markdown] slide="fragment" answers="P58"
# The two arguments are the number of rows, one for each level, and the number of columns. Neither the data nor the size
# of a batch comes in.
#
# **Before you look inside: how many tensors are there to train, how many numbers do they hold together, and is there a
# bias (numbers that are added to every row)?**
# %% slide="fragment" guess="inside"
guess = {"tensors": None, "numbers": None, "bias": None}
# %% slide="fragment"
inside = list(table.parameters())
numbers = sum(tensor.numel() for tensor in inside)
marked("inside", guess,
       {"tensors": len(inside), "numbers": numbers, "bias": hasattr(table, "bias")})
# %% slide="subslide"
table.weight                                          # (levels 5, dim 2)
# %% [markdown] slide="notes" answers="P62"
# One tensor of 5 · 2 numbers, and no bias. It is called `weight`, and it is a *parameter*: a tensor that requires a
# gradient and that its layer lists among the things to train. Nobody has computed its numbers from data: they are drawn
# at random, from a normal distribution of mean 0 and deviation 1, as a larger table shows:
# %% slide="fragment"
large = nn.Embedding(10_000, 16).weight
print(f"mean {large.mean().abs():.1f}, standard deviation {large.std():.1f}")
# %% [markdown]
# What does the layer do with codes? And who trains its numbers: does an optimizer get a copy of them?
# %% slide="subslide"
codes = torch.tensor([2, 3, 2])                       # (batch 3,): JFK, LAX, JFK
optimizer = torch.optim.SGD(table.parameters(), lr=0.5)
print("the layer is a lookup:", torch.equal(table(codes), table.weight[codes]))
print("the optimizer holds the same tensor:",
      optimizer.param_groups[0]["params"][0] is table.weight)
# %% [markdown] slide="slide" answers="P10"
# It looks rows up, as in lesson 2, and does nothing else. The optimizer holds no copy, so a step changes the very numbers
# that the layer looks up.
#
# *The embeddings are one parameter called `weight`. There the optimizer finds them.*
#
# ## What isn't listed isn't trained
#
# `nn.Embedding` is an `nn.Module`, an object that lists its parameters and says in `forward` what becomes of an input.
# You can write your own: a class that begins with `(nn.Module)`, whose `__init__` makes the parameters when you call the
# class. Here are three short ones with a table each. They differ only in the line that keeps it.
# %% slide="subslide"
class Tensor(nn.Module):
    def __init__(self):
        super().__init__()                            # sets up the list, so it comes first
        self.weight = torch.randn(5, 2, requires_grad=True)


class Parameter(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(5, 2))


class InAList(nn.Module):
    def __init__(self):
        super().__init__()
        self.tables = [nn.Embedding(5, 2)]
# %% [markdown] slide="fragment"
# **How many numbers will an optimizer find in each of them?**
# %% slide="fragment" guess="listed"
guess = {"Tensor": None, "Parameter": None, "InAList": None}
# %% slide="fragment"
marked("listed", guess, {kind.__name__: sum(tensor.numel() for tensor in kind().parameters())
                         for kind in (Tensor, Parameter, InAList)})
# %% [markdown] slide="slide"
# Only `Parameter` lists its table. The plain tensor asks for a gradient and would get one, but `parameters()`, which we
# hand to the optimizer, doesn't list it. And a module doesn't look into a Python list; `nn.ModuleList` is a list that
# it does look into.
#
# **What isn't listed isn't trained.**
#
# ## Exercise: `LookupTable` (3 points, 8 minutes)
#
# Build `nn.Embedding` again, without `nn.Embedding` and `F.embedding`. `LookupTable(3, 2)` holds one parameter
# called `weight`, shape (3, 2), standard normal at first. Called with codes `[[2], [0]]`, it gives rows 2 and 0 in
# shape (2, 1, 2). (Calling a module runs its `forward`.) The check also sends a gradient back and looks where it lands.
#
# A code outside 0 … levels − 1 raises `IndexError`. Decide first: what would an optimizer find of
# `self.weight = torch.randn(levels, dim)`? And what does plain indexing make of −1?
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
    print("an optimizer finds:", [tuple(found.shape) for found in LookupTable(5, 2).parameters()])
# %% [markdown] slide="slide"
# If your check passed, an optimizer finds one tensor of 5 rows and 2 columns in your table, as in PyTorch's.
#
# ## What a linear layer is
#
# `nn.Linear(5, 2, bias=False)` is PyTorch's matrix product. It takes rows of 5 numbers, multiplies them by a matrix
# and gives rows of 2. It keeps its matrix lying on its side, (2, 5) instead of (5, 2), so we turn it with `.T`.
# %% slide="fragment"
linear = nn.Linear(5, 2, bias=False)
one_hot = F.one_hot(codes, 5).float()                 # (batch 3, levels 5)
print(tuple(linear.weight.shape), torch.allclose(linear(one_hot), one_hot @ linear.weight.T))
# %% [markdown] slide="slide" answers="5 P6"
# ## Five ways, one matrix
#
# So a linear layer on one-hot rows is a lookup too. PyTorch has five ways to write this. We give all five the same
# numbers and take each through a forward pass, a backward pass and one step of SGD (the plain step of lesson 1).
#
# **How far will they agree?** Write `True` where you expect all five to be equal to the last bit. The last line compares
# the linear layer and the embedding after 100 steps with Adam, an optimizer that remembers earlier gradients.
# %% slide="fragment" guess="ladder"
guess = {"rows": None, "gradient": None, "weight after a step": None,
         "weight after 100 steps of Adam": None}
# %%
def climb(weight, look_up):
    """The rows looked up, their gradient, and the weight after one step of SGD."""
    rows = look_up()                                  # (batch 3, dim 2)
    (rows**2).sum().backward()
    torch.optim.SGD([weight], lr=0.25).step()
    return rows, weight.grad, weight
# %%
def five_ways(numbers, codes):
    """The five, each with its own copy of the numbers (levels, dim); what the linear layer keeps
    is turned."""
    a, b, c = (nn.Parameter(numbers.clone()) for _ in range(3))
    one_hot = F.one_hot(codes, len(numbers)).float()
    linear, embedding = nn.Linear(*numbers.shape, bias=False), nn.Embedding(*numbers.shape)
    with torch.no_grad():
        linear.weight.copy_(numbers.T)
        embedding.weight.copy_(numbers)
    rows, grad, weight = climb(linear.weight, lambda: linear(one_hot))
    return {"one_hot @ weight": climb(a, lambda: one_hot @ a),
            "weight[codes]": climb(b, lambda: b[codes]),
            "F.embedding(codes, weight)": climb(c, lambda: F.embedding(codes, c)),
            "nn.Linear": (rows, grad.T, weight.T),
            "nn.Embedding": climb(embedding.weight, lambda: embedding(codes))}, linear, embedding
# %% slide="subslide"
W = torch.tensor([[0.5, 1.0], [-1.0, 0.5], [2.0, 1.0], [-0.5, 1.5], [1.0, -1.5]])
ways, linear, embedding = five_ways(W, codes)
first = ways["one_hot @ weight"]
agree = {way: [torch.equal(mine, its) for mine, its in zip(climbed, first, strict=True)]
         for way, climbed in ways.items()}
pd.DataFrame(agree, index=list(guess)[:3]).T.iloc[1:]     # each beside the first, one_hot @ weight
# %% slide="subslide"
goal = torch.tensor([[1.0, 0.0], [0.0, 2.0], [3.0, 0.0]])
for layer, batch in ((linear, one_hot), (embedding, codes)):
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    for _ in range(100):
        optimizer.zero_grad()                         # forget the gradients of the step before
        ((layer(batch) - goal) ** 2).sum().backward()
        optimizer.step()
truth = pd.DataFrame(agree, index=list(guess)[:3]).all(axis=1).to_dict()
truth["weight after 100 steps of Adam"] = torch.equal(linear.weight.T, embedding.weight)
marked("ladder", guess, truth)
# %% [markdown] slide="notes"
# From the same numbers they go on alike, and on this small table to the last bit: all five get the same gradients. (A new
# `nn.Linear` and a new `nn.Embedding` draw their first numbers differently, so from their own starts they differ.) Where
# many flights share a row, their contributions are added in another order, and rounding may show.
# These are the largest differences for 500 flights from 20 airports, with rows of 16 numbers:
# %% slide="fragment"
torch.manual_seed(1)
larger, *_ = five_ways(torch.randn(20, 16), torch.randint(20, (500,)))
first, *others = larger.values()
for i, what in enumerate(("rows", "gradient", "weight after a step")):
    print(what, max((way[i] - first[i]).abs().max().item() for way in others))
# %% slide="subslide"
show(pictures.three_boxes(["ATL", "BOS", "JFK", "LAX", "SFO"], codes.tolist(), W.tolist()))
# %% [markdown] slide="fragment"
# You may read elsewhere that an embedding is something else than a linear layer on one-hot rows. You have seen the numbers.
#
# *An embedding layer is a linear layer without bias that skips the multiplication by zero.*
#
# ## Exercise: `as_linear` (2 points, 5 minutes)
#
# Turn an `nn.Embedding` into a bias-free `nn.Linear`, so that one-hot rows into the one give what codes into the other
# give. An embedding with weight `[[10], [20], [30]]` makes a layer with weight `[[10, 20, 30]]`.
#
# The layer has its own copy of the numbers, and the embedding stays as it is. `.T` alone copies nothing: it is
# another view of the same numbers, so training the one would train the other. `clone()` copies; `copy_` fills memory that
# is there already. Decide first: which shape has the weight of `nn.Linear(3, 1)`?
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
    print(torch.equal(as_linear(table)(one_hot), table(codes)))
# %% [markdown] slide="slide" answers="3"
# `True` means that your layer matches. It owns its copy, so training one leaves the other alone.
#
# ## A whole model in eight lines
#
# A flight has a carrier *and* an origin. Give each column its own vocabulary and its own table. The two rows are put side
# by side, and a linear layer at the end, the `head`, turns them into one number. That is a whole network:
# %% slide="fragment"
class Delay(nn.Module):
    def __init__(self):
        super().__init__()
        self.carrier, self.origin = nn.Embedding(4, 3), nn.Embedding(4, 2)
        self.head = nn.Linear(3 + 2, 1)

    def forward(self, codes):                         # (records, columns 2) → (records,)
        rows = torch.cat([self.carrier(codes[:, 0]), self.origin(codes[:, 1])], dim=1)
        return self.head(rows)[:, 0]                  # (records, 1) → (records,)
# %% slide="fragment"
carriers, origins = ["(unknown)", "AA", "DL", "UA"], ["(unknown)", "EWR", "JFK", "LGA"]
records = torch.tensor([[2, 2], [1, 3], [2, 1]])  # (records 3, columns 2): DL JFK, AA LGA, DL EWR
torch.manual_seed(4)
model = Delay()
model(records)  # a forward pass: a prediction for each record
# %% slide="subslide"
show(pictures.inside_the_network(carriers, origins, model.carrier.weight, model.origin.weight,
                                 [2, 2]))
# %% [markdown] slide="slide"
# The first record is DL from JFK. Both have code 2, and yet they get different rows: a code means something only
# together with its table. Only the codes come from outside; everything in the box is weights, or computed from them.
#
# **How many tensors will an optimizer find in this model, and how many of the numbers are embeddings?**
# %% slide="fragment" guess="model"
guess = {"tensors": None, "numbers in tables": None}
# %% slide="fragment"
found = dict(model.named_parameters())
in_tables = sum(tensor.numel() for name, tensor in found.items() if not name.startswith("head"))
marked("model", guess, {"tensors": len(found), "numbers in tables": in_tables})
# %% slide="fragment"
pd.Series({name: tuple(tensor.shape) for name, tensor in found.items()}, name="shape")
# %% [markdown] slide="slide"
# There stand the embeddings, 4 · 3 + 4 · 2 = 20 numbers, beside the weight and the bias of the linear layer: in the
# same list, for the same optimizer, moved by the same step. Lesson 4 takes that step.
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
# (turned on their side), gives the same outputs and gradients, and so, up to rounding, the same weights after training.
#
# **Marking.** 1 point: the weight is a parameter, listed, and so found by the optimizer. 1 point: a bias-free linear
# layer on one-hot rows, and the sameness covers gradients or training, not only the output. Whole points only.
# %% [markdown] slide="slide"
# ## To keep
#
# **`nn.Embedding` is one matrix with a name. It is a parameter like any other: the optimizer finds it in the list.**
#
# The picture to remember: one box, the network, and the tables are inside. Next, in lesson 4: where does the update happen?
# %% [markdown]
# ## Exercise: `embed_columns` (2 points, 8 minutes) · at home
#
# Your own version of the line with `torch.cat`, for any number of columns: column j of the codes goes to `tables[j]`, and
# the rows are put side by side. Codes `[[1, 0]]` with weights `[[1], [2]]` and `[[3, 4]]` make `[[2, 3, 4]]`.
#
# Another number of tables than columns raises `ValueError`. Decide first: what does `zip` do with three
# tables for two columns? And what should become of the code −1?
# %% exercise="embed_columns"
def embed_columns(codes, tables):
    """Each column looked up in its own table, the rows side by side.

    codes : int64 (n, columns)
    tables : list or nn.ModuleList of nn.Embedding, one a column
    returns : float (n, sum of the tables' dims)
    raises : ValueError for another number of tables than columns; IndexError for a code outside
             its table
    """
    ### BEGIN SOLUTION
    if codes.shape[1] != len(tables):
        raise ValueError(f"{codes.shape[1]} columns of codes, {len(tables)} tables")
    return torch.cat([table(codes[:, j]) for j, table in enumerate(tables)], dim=1)
    ### END SOLUTION
# %% check="embed_columns"
check("embed_columns")
# %% [markdown] answers="P63"
# ### When two columns change places · at home
#
# Give each column its own table, in the same order. What if the order is wrong?
# %%
swapped = records[:, [1, 0]]                          # origin first, carrier second
print(model(swapped).tolist())
# %% [markdown] answers="P34"
# No error: JFK was looked up among the carriers. Had one table been shorter, a code might have crashed; here
# nothing does, and the predictions are others than before.
#
# ### One big table? · at home
#
# Could one table do for all columns? Stack the tables, and shift the second column's codes by the rows of the first:
# %%
left, right = nn.Embedding(4, 2), nn.Embedding(4, 2)  # of one width, else they can't be stacked
stacked = torch.cat([left.weight, right.weight])      # (rows 8, dim 2)
shifted = records + torch.tensor([0, 4])              # (records 3, columns 2)
apart = torch.cat([left(records[:, 0]), right(records[:, 1])], dim=1)
torch.equal(stacked[shifted].flatten(start_dim=1), apart)
# %% [markdown] answers="P61"
# It can: the same rows under other addresses. Without the shift, two columns would share rows by accident.
#
# ### Other codes, same rows · at home
#
# Does it matter which level gets which code? Give the airports other codes, and move the rows along:
# %%
order = torch.tensor([4, 2, 0, 3, 1])                 # the old code of each new row
new_codes = order.argsort()[codes]                    # JFK is now 1, LAX still 3
torch.equal(W[order][new_codes], W[codes])
# %% [markdown]
# It doesn't, as long as name, code and row stay together.
#
# ## Exercise: `count_parameters` (1 point, 4 minutes) · at home
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
# %% [markdown]
# ## Error clinic · at home
#
# Eight calls follow, and each contains a mistake that many people make. Two of them need some preparation. The first keeps
# its tables in a Python list, like `InAList` above. The second trains a table and a linear layer to say how late three
# flights are; it reports the loss before and after, and how many rows of the table moved.
# %%
def train(model, optimizer):
    """200 steps on three flights; what became of the loss, and of the table `model[0]`."""
    before, losses = model[0].weight.detach().clone(), []
    for _ in range(200):
        model.zero_grad()                             # forget the gradients of the step before
        loss = ((model(codes)[:, 0] - torch.tensor([4.0, 2.0, 6.0])) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    moved = (model[0].weight != before).any(dim=1).sum().item()
    return f"loss {losses[0]:.0f} → {losses[-1]:.2f}, rows moved: {moved}"
# %%
def table_replaced():
    """The optimizer is built first; then the model gets a new table."""
    torch.manual_seed(3)
    # a chain: the one's output is the other's input
    model = nn.Sequential(nn.Embedding(4, 2), nn.Linear(2, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model[0] = nn.Embedding(5, 2)                     # a level more than before
    return train(model, optimizer)
# %% [markdown]
# **Which of the eight raise an error, and which are silently wrong?** Write `"raises"` or `"silent"`.
# %% guess="clinic"
guess = {
    "a code one too high": None,
    "-1 in nn.Embedding": None,
    "-1 in weight[codes]": None,
    "float codes": None,
    "int8 codes": None,
    "codes (n, 1), joined with numbers (n, 1)": None,
    "tables in a Python list": None,
    "table replaced after the optimizer was built": None,
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
    lambda: list(InAList().parameters()),
    lambda: table_replaced(),
]
# %%
def attempt(call):
    """Whether a call raises or stays silent, and what it says."""
    try:
        return "silent", call()
    except Exception as error:
        return "raises", f"{type(error).__name__}: {error}"


outcomes = {name: attempt(call) for name, call in zip(guess, calls, strict=True)}
for name, (_, said) in outcomes.items():
    print(f"{name}:\n   ", said)
marked("clinic", guess, {name: outcome for name, (outcome, _) in outcomes.items()})
# %% [markdown] answers="P1 P4 P11 P76"
# Five raise, three are silent. Let us go through them: what the message means, where it comes from, what helps.
#
# ### A code outside the table · at home
#
# These are the first three. `index out of range in self` names neither code nor table. The code is too high, or negative:
# pandas writes −1 for a missing value. Print both, and compare. Here all is well:
# %%
print("codes from", codes.min().item(), "to", codes.max().item(), "and the table has",
      table.num_embeddings, "rows")
# %% [markdown] answers="P9 P34"
# Codes from 0 to rows − 1 are allowed. So a table needs the highest code plus 1 rows, which is `len(vocabulary)`.
# Plain indexing counts −1 from the end and gave SFO's row. Look up through the layer, and give missing values the code 0.
#
# On a GPU (a graphics card that computes) the same mistake reads `device-side assert triggered` and blames a later line:
# run that batch on the CPU, the ordinary processor.
# Some other libraries don't check at all, and hand out zeros.
#
# ### Codes of another kind · at home
#
# Codes are row numbers, not amounts: `int64` ("Long"), or `int32` ("Int"). In one tensor with a column of floats they
# become floats themselves, and pandas' own codes are `int8` ("Char"). `.long()` helps:
# %%
print(table(torch.tensor([2], dtype=torch.int8).long()).tolist())
print(attempt(lambda: nn.Sequential(nn.Embedding(5, 2), nn.Embedding(5, 2))(codes)))
# %% [markdown] answers="P14"
# The first line is JFK's row. The second shows where you meet the same message too: with two tables in
# `nn.Sequential`, the first table's rows, floats, go into the second as codes. `nn.Sequential` chains its layers; it
# doesn't give each column its table.
#
# ### One axis too many · at home
#
# The lookup adds an axis to whatever shape the codes have.
# %%
column = torch.tensor([[2], [3]])                     # (n 2, 1): a column cut out as codes[:, 0:1]
print(tuple(table(column).shape), "or, without the axis,", tuple(table(column[:, 0]).shape))
# %% [markdown] answers="P8 P10"
# Three axes don't go beside two. `codes[:, 0]` takes the column without its axis, and the rows fit.
#
# ### Tables in a Python list · at home
#
# What isn't listed isn't trained, and it isn't saved or moved to a GPU either. We move both kinds of list to `"meta"`, a
# device without memory that stands in for a GPU here.
# %%
for container in (list, nn.ModuleList):
    listing = nn.Module()
    listing.tables = container([nn.Embedding(5, 2)])
    listing.to("meta")
    device = listing.tables[0].weight.device
    print(f"{container.__name__:<11}{len(list(listing.parameters()))} parameters, "
          f"table on {device}")
# %% [markdown] answers="P49"
# In the list the table stayed behind. On a real GPU the next lookup says `Expected all tensors to be on the same
# device`; the same happens if the codes stay behind. `nn.ModuleList` is a list that the module sees.
#
# ### The table replaced · at home
#
# The loss fell, and yet no row moved. The optimizer was given a list of tensors, and still holds the old one.
# %%
show(pictures.left_behind())
# %% [markdown]
# The linear layer learned alone: the rows of JFK and LAX differ from the start, and that was enough for it. So the
# falling loss told you nothing about the table. The cure: build the optimizer last.
# %%
torch.manual_seed(3)
fresh = nn.Sequential(nn.Embedding(5, 2), nn.Linear(2, 1))
train(fresh, torch.optim.SGD(fresh.parameters(), lr=0.1))
# %% [markdown] answers="P75"
# Now two rows moved, JFK's and LAX's. The loss ends at 0.67 as before: JFK's two flights were 4 and 6 minutes late and
# share one row, so 5 for both is the best there is.
#
# *A falling loss doesn't show that the table learns. Ask whether the optimizer holds the very table that the model looks
# into, as we did in the first section.*
#
# ### One more · at home
#
# `torch.LongTensor(5)` looks like "the code 5".
# %%
print(tuple(torch.LongTensor(5).shape), tuple(torch.tensor([5]).shape))
# %% [markdown]
# It makes five codes out of whatever lies in memory. `torch.tensor([5])` makes the one you mean.
#
# ## Which words copy? · at home
#
# In `as_linear` you needed a copy. Somebody writes `nn.Parameter(donor.weight.T)` instead. Then SFO's first number in the
# *linear layer* is set to 99. **What will the embedding say?** It says 1 before.
# %% guess="memory"
guess = None
# %%
donor, twin = nn.Embedding(5, 2), nn.Linear(5, 2, bias=False)
with torch.no_grad():
    donor.weight.copy_(W)
    twin.weight = nn.Parameter(donor.weight.T)
    twin.weight[0, 4] = 99                            # (dim 2, levels 5), so row 0, column 4
marked("memory", guess, donor.weight[4, 0].item())
# %%
for word, other in {"T": donor.weight.T, "detach": donor.weight.detach(),
                    "clone": donor.weight.clone()}.items():
    same = other.data_ptr() == donor.weight.data_ptr()
    print(f"{word:<7} same memory {same!s:<6} gradients flow back {other.requires_grad}")
# %% [markdown]
# It says 99: both layers look into the same memory, and training the one trains the other. `detach` cuts the way of
# the gradient, `clone` gives memory of its own. `.T` does neither.
