# ---
# jupyter:
#   lesson:
#     minutes: 60
#     points: 10
# ---
# %% [markdown] slide="slide"
# # A whole table: how does it all fit in, and how wide must it be?
#
# **60 minutes, 2 exercises, three more at home.** "With many high-cardinality columns, must the network have more
# neurons? And if its first layer is narrow, won't it lean on the numbers and leave the embeddings untrained?" Here you
# stop guessing and measure. When you are through, you can
# - feed a table of words and numbers into one network;
# - say what is in the row for levels that training never saw, and put something useful there;
# - test a rule of thumb, or a worry, on five random starts instead of one.
# %%
import math
import time

import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import SGD, Adam

from embedding_course import check, passed
from embedding_course.data import read_airports, read_flights, read_routes, read_seattle_normals
from embedding_course.figures import show
from embedding_course.pictures.tabular import against_width, dots, one_record, sweep
from embedding_course.pictures.tabular_rows import hours_loop, movement, rows_in_two
from embedding_course.rows import watch

torch.set_num_threads(1)
# %% [markdown] slide="slide"
# ## A table with everything in it
#
# 30,000 flights from New York. We want the minutes in the air, from words and numbers.
# Two columns we make ourselves: the day of the week, and the flight, which is the carrier with its number: a level for
# each line of the timetable.
# %% slide="fragment"
nyc = read_flights().iloc[::4]
day = pd.to_datetime({"year": 2013, "month": nyc["month"], "day": nyc["day"]})
nyc = nyc.assign(weekday=day.dt.day_name().str[:3], flight=nyc["carrier"] + nyc["flight"].astype(str))
nyc = nyc.astype({"month": str, "hour": str})
nyc[["origin", "dest", "carrier", "month", "hour", "weekday", "flight", "distance", "dep_delay", "air_time"]].head(3)
# %% [markdown] slide="notes"
# A new flight is always later than the flights that we learned from. So we split by time: days 1 to 21 of each month
# for training, the rest for validation. Vocabularies come from the training part only, with `"(unknown)"` at 0, as in
# lesson 1.
# %%
train, later = nyc[nyc["day"] <= 21], nyc[nyc["day"] > 21]
columns = ["origin", "dest", "carrier", "month", "hour", "weekday", "flight"]
vocabularies = {column: ["(unknown)", *sorted(train[column].unique())] for column in columns}
print(len(train), "flights for training,", len(later), "for validation")
# %% [markdown] slide="subslide" answers="P2"
# **What happens to a level that training never saw?** Seven columns: 3 origins, about a hundred destinations,
# thousands of flights.
# **Before you run it: how many of 1,000 validation records hold an unknown flight, and how many an unknown
# destination?**
# %% guess="unknown"
guess = {"flight": None, "dest": None}
# %% slide="subslide"
unknown = {column: round(1000 * (~later[column].isin(vocabularies[column])).mean()) for column in columns}
levels = {column: len(vocabularies[column]) for column in columns}
pd.DataFrame({"levels": levels, "you said": guess, "unknown of 1,000": unknown}, index=columns)
# %% [markdown] slide="notes"
# Only the flight, and there it is about one record in twenty: its level has no row, so the encoder sends it to row 0.
# Nothing needs to be retrained for that. Whether row 0 then *means* anything is another question, and we'll come to it.
#
# ### Why not take the levels from both parts?
# %% [markdown] answers="P66"
# It would make the unknown disappear. **Is it gone, then?**
# %%
new = set(later["flight"]) - set(train["flight"])
print(f"{len(new)} more rows in the table, looked up {train['flight'].isin(new).sum()} times in training")
# %% [markdown]
# Those rows would exist and stay as random as they began. You would see no 0, and learn nothing about tomorrow's flights,
# which will be unknown too. *The vocabulary is fitted on the training part alone, like everything else.*
#
# Now words become codes. `get_indexer` says −1 for "not in there", and we make that 0. Numbers are standardised: minus
# the training mean, divided by the training spread. So is the target; the network then works in small numbers.
# %%
def tensors(frame, columns, numbers=()):
    """Codes (n, columns), standardised numbers (n, continuous) and the standardised air time (n,)."""
    coded = [torch.tensor(pd.Index(vocabularies[column]).get_indexer(frame[column]).clip(0)) for column in columns]
    scaled = [scale(frame, column) for column in numbers]
    return (torch.stack(coded, dim=1), torch.stack(scaled, dim=1) if scaled else torch.zeros(len(frame), 0),
            scale(frame, "air_time"))


def scale(frame, column):
    """A column by the training part's mean and standard deviation, (n,)."""
    values = (frame[column] - train[column].mean()) / train[column].std(ddof=0)
    return torch.tensor(values.to_numpy()).float()
# %% [markdown] slide="slide" answers="12 P29"
# ## One record, by hand
#
# **How do several categorical columns and the numbers get in together?** Not "the whole record through the embedding":
# each categorical column has a table of its own, the looked-up rows stand side by side, and the numbers follow.
# Take the first flight, with two tables and two numbers.
# %%
codes, numbers, _ = tensors(train.head(1), ["origin", "dest"], ["distance", "dep_delay"])
torch.manual_seed(6)
tables = [nn.Embedding(levels["origin"], 2), nn.Embedding(levels["dest"], 3)]
rows = [table(codes[:, j]) for j, table in enumerate(tables)]                 # (1, dim 2) and (1, dim 3)
joined = torch.cat([*rows, numbers], dim=1)                                   # (1, 2 + 3 + 2)
print(codes.tolist(), "→", [round(number, 2) for number in joined[0].tolist()])
# %% slide="subslide"
words = {column: train[column].iloc[0] for column in ("origin", "dest")}
show(one_record(words, codes[0].tolist(), [row[0].tolist() for row in rows],
                {"distance": numbers[0, 0].item(), "dep_delay": numbers[0, 1].item()}), """Two words become two codes;
each code plucks a row from a table of its own, of two and of three numbers; the rows and two standardised numbers stand
side by side as seven numbers, which go into a small network with one number, the air time, at its end.""")
# %% [markdown] slide="notes"
# Seven numbers: two of the origin's row, three of the destination's, then distance and delay. Orange ones are weights
# and will be trained; blue ones are data. What follows is an ordinary network, and it can't tell one from the other.
# %% [markdown] slide="subslide" answers="P10"
# One trap before you build it. **The tables above stand in a Python list. What would an optimizer find in a module that
# keeps them so?**
# %% slide="fragment"
in_a_list, in_a_module_list = nn.Module(), nn.Module()
in_a_list.embeddings = tables
in_a_module_list.embeddings = nn.ModuleList(tables)
for name, module in (("list", in_a_list), ("nn.ModuleList", in_a_module_list)):
    print(f"{name}: {sum(parameter.numel() for parameter in module.parameters())} numbers to train")
# %% [markdown] slide="slide"
# In a list: none. They would neither train nor move to a GPU nor be saved. An `nn.ModuleList` shows them to the module.
#
# ## Exercise: `TabularModel` (2 points, 12 minutes)
#
# `TabularModel([4, 3], [2, 1], continuous=1, hidden=[5])` has two tables, (4, 2) and (3, 1), in an `nn.ModuleList`
# called `embeddings`. Their rows come first, then the one number: 4 inputs. Then `nn.Linear(4, 5)`, ReLU,
# `nn.Linear(5, 1)`, and nothing else. For n records n predictions come out, shape `(n,)`.
#
# `hidden` lists the widths of the layers between; it may be empty, and `continuous` may be 0.
# Decide first: what shape has the last layer's result, and what becomes of it when n is 1?
# %% exercise="TabularModel"
class TabularModel(nn.Module):
    """Categorical and continuous columns of a table, to one number a record.

    cardinalities, dims : lists of int, the levels and the width of each table
    continuous : int, how many continuous columns there are, possibly 0
    hidden : list of int, the widths of the layers between, possibly empty
    embeddings : nn.ModuleList, a table for each categorical column
    """

    def __init__(self, cardinalities, dims, continuous, hidden):
        super().__init__()
        ### BEGIN SOLUTION
        self.embeddings = nn.ModuleList(nn.Embedding(levels, dim)
                                        for levels, dim in zip(cardinalities, dims, strict=True))
        widths = [sum(dims) + continuous, *hidden, 1]
        self.layers = nn.ModuleList(nn.Linear(inputs, outputs)
                                    for inputs, outputs in zip(widths[:-1], widths[1:], strict=True))
        ### END SOLUTION

    def forward(self, codes, numbers):
        """One prediction a record.

        codes : int64 (n, columns); numbers : float (n, continuous)
        returns : float (n,)
        """
        ### BEGIN SOLUTION
        rows = [table(codes[:, j]) for j, table in enumerate(self.embeddings)]       # each (n, dim)
        x = torch.cat([*rows, numbers], dim=1)                                       # (n, sum of dims + continuous)
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x).squeeze(1)
        ### END SOLUTION
# %% check="TabularModel"
check("TabularModel")
# %% [markdown]
# Once it passes, look at its parameters: there stand the embeddings, beside the layers.
# %%
if passed("TabularModel"):
    model = TabularModel([4, 3], [2, 1], continuous=1, hidden=[5])
    print(*(f"{name} {tuple(parameter.shape)}" for name, parameter in model.named_parameters()), sep="\n")
# %% [markdown]
# ## Exercise: `standardize` (1 point, 8 minutes, at home)
#
# Both parts by the *training* part's mean and standard deviation (divided by n). `train` `[[1], [3]]` and `other`
# `[[5]]` make `[[-1], [1]]` and `[[3]]`. A column that is constant in training tells nothing: it becomes exact zeros in
# both parts, even where the other part varies.
#
# Decide first: three times 0.9 in floats, is their mean 0.9? Is their standard deviation 0?
# %% exercise="standardize"
def standardize(train, other):
    """Both parts by the training part's mean and standard deviation (divided by n), column by column.

    train : float (n, columns); other : float (m, columns)
    returns : (float (n, columns), float (m, columns)); columns that are constant in `train` are zeros in both
    """
    ### BEGIN SOLUTION
    constant = (train == train[0]).all(dim=0)                                        # (columns,)
    mean, spread = train.mean(dim=0), train.std(dim=0, correction=0)
    return tuple(torch.where(constant, 0.0, (part - mean) / spread) for part in (train, other))
    ### END SOLUTION
# %% check="standardize"
check("standardize")
# %% [markdown]
# ## Five starts at once
#
# One training run is an anecdote: another random start gives another table. So each of our experiments trains five
# networks from five starts. A trick makes that cheap: a row of our tables holds the five networks' rows side by side,
# and so one lookup serves all five.
# %%
class Layers(nn.Module):
    """A linear layer for each of several networks: (seeds, n, inputs) → (seeds, n, outputs)."""

    def __init__(self, seeds, inputs, outputs):
        super().__init__()
        bound = 1 / math.sqrt(inputs)                                                # as nn.Linear starts
        self.weight = nn.Parameter(torch.empty(seeds, inputs, outputs).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(seeds, 1, outputs).uniform_(-bound, bound))

    def forward(self, x):
        return torch.baddbmm(self.bias, x, self.weight)
# %%
class Networks(nn.Module):
    """The same small network from several starts: codes (n, columns), numbers (n, continuous) → (seeds, n)."""

    def __init__(self, levels, dims, continuous, width, start=0.1, seeds=5):
        super().__init__()
        torch.manual_seed(0)
        self.seeds = seeds
        self.embeddings = nn.ModuleList(nn.Embedding(n, seeds * dim) for n, dim in zip(levels, dims, strict=True))
        for table in self.embeddings:
            nn.init.normal_(table.weight, std=start)
        self.first, self.last = Layers(seeds, sum(dims) + continuous, width), Layers(seeds, width, 1)

    def units(self, codes, numbers):
        rows = [table(codes[:, j]).unflatten(1, (self.seeds, -1)) for j, table in enumerate(self.embeddings)]
        numbers = numbers.unsqueeze(1).expand(-1, self.seeds, -1)                    # (n, seeds, continuous)
        joined = torch.cat([*rows, numbers], dim=2).transpose(0, 1)                  # (seeds, n, inputs)
        return torch.relu(self.first(joined))                                        # (seeds, n, width)

    def forward(self, codes, numbers):
        return self.last(self.units(codes, numbers)).squeeze(2)
# %% [markdown]
# Tables, a first layer of `width` units with ReLU, one output. The rows start small (0.1 instead of 1); why, we'll see.
# Training is the usual loop. The five losses are added, so each network gets the gradient it would get alone.
# %%
DIMS = {"origin": 2, "dest": 8, "carrier": 4, "month": 2, "hour": 2, "weekday": 2, "flight": 8}


def networks(columns, numbers=(), width=32, **options):
    """Untrained networks for these columns."""
    return Networks([levels[column] for column in columns], [DIMS[column] for column in columns], len(numbers), width,
                    **options)


def mse(model, codes, numbers, targets):
    """Mean squared error of each network, (seeds,); 1 is the spread of the training targets, squared."""
    with torch.no_grad():
        return ((model(codes, numbers) - targets) ** 2).mean(dim=1)
# %%
def fit(model, codes, numbers, targets, optimizer=Adam, lr=0.02, epochs=5):
    """Trains on batches of 512, with a learning rate that falls to 0; returns the model."""
    shuffle, steps = torch.Generator().manual_seed(0), epochs * math.ceil(len(targets) / 512)
    optimizer = optimizer(model.parameters(), lr=lr)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for batch in [batch for _ in range(epochs) for batch in torch.randperm(len(targets), generator=shuffle).split(512)]:
        optimizer.zero_grad()
        ((model(codes[batch], numbers[batch]) - targets[batch]) ** 2).mean(dim=1).sum().backward()
        optimizer.step()
        falling.step()
    return model
# %% [markdown]
# **Minutes.** We report the root of the mean squared error, in minutes of air time, and how far the five differ.
# First the six columns without the flight, then the same with the distance as a number.
# %%
def minutes(errors):
    """Root mean squared errors in minutes, from errors in spreads of the training part: (seeds,)."""
    return errors.sqrt() * train["air_time"].std(ddof=0)


def between(values):
    """Five numbers as "lowest … highest"."""
    return f"{values.min():.1f} … {values.max():.1f}"


six = columns[:6]
choices = {"without distance": ["dep_delay"], "with distance": ["dep_delay", "distance"]}
tables_six = {title: fit(networks(six, numbers), *tensors(train, six, numbers)) for title, numbers in choices.items()}
print("always the training mean:", f"{minutes(scale(later, 'air_time').square().mean()):.1f} minutes")
for title, model in tables_six.items():
    print(f"{title}: {between(minutes(mse(model, *tensors(later, six, choices[title]))))} minutes")
# %% [markdown]
# Whoever always says the mean is wrong by about 90 minutes. With six words and a delay it is about 10 or 11, on flights
# of later days, and the distance in miles adds next to nothing: the destination's row had learned it. (The wind does
# the rest.)
# %% [markdown] slide="slide" answers="P64"
# **How important is an embedded column?** Shuffle its codes among the validation records, and see how much the error
# rises. The whole code, since single numbers of a row mean little by themselves: the network adds them up.
# **Before you run it: which column matters most, without and with the distance?**
# %% slide="fragment" guess="matters"
guess = {"without distance": None, "with distance": None}
# %% slide="subslide"
def rise(model, records, column, part):
    """Rise of each network's error, (seeds,), when a column of the codes (part 0) or numbers (part 1) is shuffled."""
    shuffled = [tensor.clone() for tensor in records]
    order = torch.randperm(len(records[2]), generator=torch.Generator().manual_seed(0))
    shuffled[part][:, column] = shuffled[part][order, column]
    return mse(model, *shuffled) - mse(model, *records)


importance = {}
for title, model in tables_six.items():
    records = tensors(later, six, choices[title])
    named = [(name, j, 0) for j, name in enumerate(six)] + [(name, j, 1) for j, name in enumerate(choices[title])]
    importance[title] = {name: rise(model, records, j, part).tolist() for name, j, part in named}
print("you said", guess)
show(dots(importance, "rise of the squared error when shuffled (1 = the air time's own spread)"), """Two panels of dots,
five a column of the table. Without the distance the destination stands far out, near 1.9, all others near 0. With the
distance the number takes most of that, and the destination keeps little.""")
# %% [markdown] slide="fragment"
# Without the distance everything hangs on the destination. Offered the distance as a number, the networks lean on that,
# and on the destination far less. They take whichever way is quicker to learn.
#
# *Importance belongs to a model and what it was offered, not to a column.*
# %% [markdown] slide="slide" answers="P12 P56"
# ## What is in row 0?
#
# Vocabularies come from the training part, so no training record carries the code 0. Now the flight comes in, in the
# destination's place, and the row watcher looks at its table through an epoch.
# **Before you run it: will row 0, `"(unknown)"`, have moved?** Write `True` or `False`.
# %% guess="row-zero"
guess = None
# %% slide="fragment"
timetable = ["flight", "origin", "month", "hour", "weekday"]
records, records_later = tensors(train, timetable, ["dep_delay"]), tensors(later, timetable, ["dep_delay"])
model = networks(timetable, ["dep_delay"], seeds=1)
optimizer = Adam(model.parameters(), lr=0.02)
watcher = watch(model.embeddings[0], vocabularies["flight"], optimizer, most=3, follow=["(unknown)"])
before = model.embeddings[0].weight[0].tolist()
for batch in torch.arange(len(train)).split(512):
    optimizer.zero_grad()
    ((model(records[0][batch], records[1][batch]) - records[2][batch]) ** 2).mean().backward()
    optimizer.step()
watcher.close()
print("you said", guess, "and it moved:", model.embeddings[0].weight[0].tolist() != before)
watcher.last
# %% [markdown] slide="slide"
# Unmoved, to the last bit: nobody looked it up, so it never had a gradient. An unknown flight gets the random numbers of
# the start, and a prediction made of them.
#
# The cure: in training, hide a few codes at random. A hidden flight carries code 0, and row 0 learns to stand for
# "some flight or other".
#
# ## Exercise: `hide_codes` (2 points, 8 minutes)
#
# Return a copy of `codes` in which `round(share · n)` of the n entries are 0: those at the first positions of
# `torch.randperm(n)`, drawn from a `torch.Generator` seeded with `seed`. For four codes and a share of 0.5, if the
# permutation is `[2, 0, 3, 1]`, positions 2 and 0 become 0. Codes of any shape are counted row by row.
# A share outside 0 … 1 raises `ValueError`.
#
# Decide first: half of five codes, how many does Python's `round` make that? And whose random numbers would
# `torch.manual_seed` disturb?
# %% exercise="hide_codes"
def hide_codes(codes, share, seed):
    """A copy of the codes with a share of them, chosen at random, set to 0.

    codes : int64, any shape, left as it is
    share : float in 0 … 1; round(share · n) of n entries are hidden
    seed : int, for a torch.Generator of its own; torch's global random state is left alone
    returns : int64, the shape of codes
    raises : ValueError for a share outside 0 … 1
    """
    ### BEGIN SOLUTION
    if not 0 <= share <= 1:
        raise ValueError(f"share {share} is outside 0 … 1")
    hidden = codes.flatten().clone()
    order = torch.randperm(len(hidden), generator=torch.Generator().manual_seed(seed))
    hidden[order[:round(share * len(hidden))]] = 0
    return hidden.reshape(codes.shape)
    ### END SOLUTION
# %% check="hide_codes"
check("hide_codes")
# %% [markdown] slide="slide" answers="P31"
# Does it work? We compare three ways: nothing hidden; 5 % hidden; and **levels seen once or twice** sent to row 0, since
# such rare ones might teach it too. Five networks each, judged apart on known and on unknown flights.
# %% slide="fragment"
codes, numbers, targets = records
counts = torch.bincount(codes[:, 0], minlength=levels["flight"])                   # (levels,)
chosen = torch.rand(len(codes), generator=torch.Generator().manual_seed(1)) < 0.05
hiding = {"nothing": codes[:, 0], "5 % hidden": codes[:, 0].masked_fill(chosen, 0),
          "rare ones merged": codes[:, 0].masked_fill(counts[codes[:, 0]] <= 2, 0)}
new = records_later[0][:, 0] == 0                                                  # (n,), the unknown flights
taught, unknown_error, known_error = {}, {}, {}
for title, flights in hiding.items():
    hidden = torch.column_stack([flights, codes[:, 1:]])
    model = taught[title] = fit(networks(timetable, ["dep_delay"]), hidden, numbers, targets)
    unknown_error[title] = minutes(mse(model, *(part[new] for part in records_later))).tolist()
    known_error[title] = minutes(mse(model, *(part[~new] for part in records_later))).tolist()
show(dots({"unknown flights": unknown_error, "known flights": known_error}, "error in minutes"), """Two panels of dots.
Unknown flights: nothing hidden has the largest errors and the widest spread. Known flights: the three ways are
close.""")
# %% [markdown] slide="notes"
# Unknown flights stay hard, about 77 minutes either way: of a flight that nobody knows, the typical air time is the best
# guess. But with nothing hidden it is a lottery, up to ten minutes worse. Ask the five networks for one unknown flight:
# %% slide="subslide"
record = [part[new][:1] for part in records_later]
for title, model in taught.items():
    said = train["air_time"].mean() + train["air_time"].std(ddof=0) * model(*record[:2]).detach()[:, 0]
    print(f"{title}: {said.min():.0f} … {said.max():.0f} minutes")
# %% [markdown] slide="fragment"
# With nothing hidden they contradict each other: each answers from its own random row. With 5 % hidden they come closer
# together, and known flights fare as before. Merging the rare ones trains row 0 as well, and costs known flights about
# six minutes: even a single record had taught a row something.
#
# *A row learns only from records that carry its code. Row 0 is no exception.*
# %% [markdown] slide="slide" answers="9 10 P77"
# ## Would a narrow first layer choke?
#
# Now the worry that opened this lesson. A first layer of one unit must squeeze everything through one number. **Would it
# lean on the continuous columns and leave the flight's rows untrained? Do many levels need many neurons?**
#
# We train with 1, 2, 8 and 128 units, first without the distance: only the flight knows where it goes. Then with it.
# **Before you run it: what will the networks lean on?** Write `"flight"` or `"numbers"`.
# %% slide="fragment" guess="lean"
guess = {"1 unit, without distance": None, "128 units, without distance": None,
         "1 unit, with distance": None, "128 units, with distance": None}
# %%
widths = [1, 2, 8, 128]
hidden = torch.column_stack([hiding["5 % hidden"], codes[:, 1:]])
trained, errors, lean = {}, {}, {}
for title, numbers in choices.items():
    records, records_later = tensors(train, timetable, numbers), tensors(later, timetable, numbers)
    for width in widths:
        model = trained[title, width] = fit(networks(timetable, numbers, width), hidden, *records[1:])
        errors[title, width] = minutes(mse(model, *records_later)).tolist()
        lean[title, width] = {"flight": rise(model, records_later, 0, 0).tolist(),
                              "numbers": sum(rise(model, records_later, j, 1) for j in range(len(numbers))).tolist()}
pd.DataFrame({f"{title}, width {width}": {name: between(torch.tensor(lean[title, width][name]))
                                          for name in ("flight", "numbers")} for title, width in lean}).T
# %% slide="subslide"
print("you said", guess)
show(against_width(widths, errors, lean), """Four panels against 1, 2, 8 and 128 units. Above, the error in minutes:
with one or two units some networks stand at the error of the mean; with 8 units all are as good as with 128. Below, what
they lean on: without the distance the flight alone, with it the distance, at nearly every width.""")
# %% [markdown] slide="fragment"
# **Without the distance, networks lean on the flight**, at 1 unit as at 128, and the numbers get nothing. **With it, they
# lean on the distance**, at 128 units as at 2 (at 1 unit, one mixes them). So the worry is not confirmed on these flights:
# *what decides is where the information is, not how wide the first layer is.*
#
# (Without the distance the error stays near 37 minutes at best: most flights have a handful of records to learn from.)
#
# And the dots at 92 minutes, the error of the mean, which lean on nothing? How many records get through the first layer?
# %% slide="subslide"
records = tensors(train, timetable, choices["without distance"])
for width in widths:
    units = trained["without distance", width].units(*records[:2])                 # (seeds, n, width)
    through = (units > 0).any(dim=2).float().mean(dim=1)                           # (seeds,)
    print(f"width {width}: {[round(share, 2) for share in through.tolist()]}")
# %% [markdown] slide="notes"
# In those no ReLU opens for any record: nothing comes through, so no gradient comes back, and nothing will ever change.
# That is what a narrow layer risks, for flight and numbers alike. Most of the others are somewhat worse than with 8 units,
# and 128 gain little over 8. So thousands of levels did not need many neurons; on your table, measure it as here.
# %% [markdown] slide="slide"
# ### Were the rows trained?
#
# Take each flight's row before and after, and measure how far it went; beside that, how often the flight was seen in
# training. SGD and Adam, narrow and wide. **Before you run it: does a row that is seen often go further?**
# Write `True` or `False`.
# %% slide="fragment" guess="further"
guess = {"SGD": None, "Adam": None}
# %%
def moved(model, width):
    """How far each flight's row moved in each network, (levels, seeds)."""
    start = networks(timetable, choices["without distance"], width).embeddings[0].weight
    change = (model.embeddings[0].weight - start).detach().unflatten(1, (model.seeds, -1))
    return change.norm(dim=2)
# %%
validation = tensors(later, timetable, choices["without distance"])
for width in (2, 128):
    model = networks(timetable, choices["without distance"], width)
    trained["SGD", width] = fit(model, hidden, *records[1:], SGD, 0.5)
    print(f"SGD, width {width}: {between(minutes(mse(model, *validation)))} minutes")
seen = torch.bincount(hidden[:, 0], minlength=levels["flight"])                    # (levels,)
distances = {f"{name}, {width} units": moved(trained[key, width], width)
             for name, key in (("SGD", "SGD"), ("Adam", "without distance")) for width in (2, 128)}
# %% [markdown]
# The number for it is Spearman's rank correlation: 1 if the order is the same, 0 if the two have nothing to do with
# each other.
# %%
def rank_correlation(a, b):
    """Spearman's: the correlation of the ranks, ties sharing theirs."""
    ranks = pd.DataFrame({"a": a.numpy(), "b": b.numpy()}).rank()
    return ranks["a"].corr(ranks["b"])


spearman = {title: torch.tensor([rank_correlation(seen[1:], moved_[1:, seed]) for seed in range(5)])
            for title, moved_ in distances.items()}
print("you said", guess)
pd.DataFrame({"Spearman, five starts": {title: f"{values.min():.2f} … {values.max():.2f}"
                                        for title, values in spearman.items()},
              "rows seen once or twice moved": {title: f"{moved_[(seen > 0) & (seen < 3)].median():.3f}"
                                                for title, moved_ in distances.items()},
              "seen more than ten times": {title: f"{moved_[seen > 10].median():.3f}"
                                           for title, moved_ in distances.items()}})
# %% slide="subslide"
show(movement(seen[1:].tolist(), {title: moved_[1:, 0].tolist() for title, moved_ in distances.items()}), """Four clouds
of points, one a flight: distance moved against the number of training flights, both on log scales. Under SGD the cloud
rises. Under Adam it is level: a flight seen once moved about as far as one seen thirty times.""")
# %% [markdown] slide="fragment"
# Under SGD frequency decides: ten records, ten pulls. A flight seen once moved by about a thousandth, from a start of 0.1
# in each number. *Under SGD rare levels keep nearly their random row*, and the errors above are hardly below the mean's.
# Under Adam a rare row goes about as far as a common one, since Adam divides by the size of the gradients (lesson 4).
# The width of the first layer changes little in either. (The lowest value with 2 units comes from networks that let
# nothing through.)
#
# So the rows of the narrow network were trained. To do something useful?
# %% [markdown] answers="P21 P38"
# ### What do the rows look like?
#
# The learners wished to *see* the rows of such a column after training, in a simple and in a complex network. Eight
# numbers a row, so we project on the two directions of largest spread (lesson 6). The colour will be the flight's
# distance, which no network was told.
# %%
miles = train.groupby("flight")["distance"].mean().reindex(vocabularies["flight"][1:])
miles = torch.tensor(miles.to_numpy()).float()                                     # (levels − 1,)


def in_two(model, seed):
    """The flights' rows of one network on their two directions of largest spread, (levels − 1, 2)."""
    rows = model.embeddings[0].weight.detach().unflatten(1, (model.seeds, -1))[1:, seed]
    left, sizes, _ = torch.linalg.svd(rows - rows.mean(dim=0), full_matrices=False)
    return (left * sizes)[:, :2]
# %% [markdown]
# And a number beside the picture, since eyes find patterns anywhere: how much of the distance can a straight line read
# off the two coordinates (R² of a linear probe)? A third panel starts the rows at PyTorch's N(0, 1).
# %%
def probe(points):
    """R² of the best straight line from two coordinates to the distance."""
    x = torch.cat([points, torch.ones(len(points), 1)], dim=1)
    left = miles - x @ torch.linalg.lstsq(x, miles.unsqueeze(1)).solution.squeeze(1)
    return (1 - left.square().mean() / miles.var(correction=0)).item()
# %%
loud = fit(networks(timetable, choices["without distance"], 128, start=1.0), hidden, *records[1:])
shown = {"2 units": trained["without distance", 2], "128 units": trained["without distance", 128],
         "128 units, N(0, 1)": loud}
probes = {title: torch.tensor([probe(in_two(model, seed)) for seed in range(5)]) for title, model in shown.items()}
print("error with the N(0, 1) start:", between(minutes(mse(loud, *validation))), "minutes")
pd.DataFrame({"R² of the probe": {title: f"{values.min():.2f} … {values.max():.2f}"
                                  for title, values in probes.items()}})
# %% slide="slide"
middle = {title: probes[title].argsort()[2].item() for title in shown}             # the network with the middle R²
panels = {f"{title}\nR² {probes[title][seed]:.2f}": in_two(shown[title], seed).tolist() for title, seed in middle.items()}
show(rows_in_two(panels, miles.tolist()), """Three clouds of flights in two dimensions. With 2 units and with 128,
colours run in order along the cloud, from near to far. With rows that started at N(0, 1), the cloud is a round ball in
which colours are mixed.""")
# %% [markdown] slide="notes"
# Nobody told them the distance, and the flights line up by it, in the narrow network as in the wide one: R² is about 0.85
# beside 0.88. Only the network that let nothing through has a cloud without order.
#
# And when the distance is offered as a number, what is left for the rows to learn?
# %%
for width in (2, 128):
    values = torch.tensor([probe(in_two(trained["with distance", width], seed)) for seed in range(5)])
    print(f"with distance, {width} units: R² {values.min():.2f} … {values.max():.2f}")
# %% [markdown] slide="fragment"
# Less: with 128 units hardly anything of the distance is in the two directions. Here the *wide* network left the rows
# alone, not the narrow one. What another column tells already, a row needn't.
#
# **The start matters more than the width.** From N(0, 1) the picture is a ball: the noise of the start stays in all
# directions that the loss doesn't need, and is larger than what training adds. Here the error suffers too, since most
# flights have few records. A small start costs nothing: take it for tables whose picture you want to see.
# %% [markdown]
# ## Exercise: `permutation_importance` (2 points, 12 minutes, at home)
#
# How much a network leans on a number, as a function of your own: the mean squared error with one continuous column
# shuffled, minus the error as it is. Record k gets the value of record `perm[k]`, where `perm` is `torch.randperm(n)`
# from a `torch.Generator` seeded with `seed`. A model that says 2 · x, with x = `[1, 3]`, targets `[2, 6]` and the two
# swapped, rises from 0 to 16.
#
# The model must be in eval mode while you ask it. Afterwards every module in it is in the mode it was in.
# Decide first: does `model.train()` bring back a part that was frozen in eval mode before?
# %% exercise="permutation_importance"
def permutation_importance(model, codes, numbers, targets, column, seed):
    """Rise of the mean squared error when one continuous column is shuffled.

    model : nn.Module, model(codes, numbers) → (n,); asked in eval mode, each of its modules' mode is put back
    codes : int64 (n, columns); numbers : float (n, continuous); targets : float (n,); none of them changes
    column : int, the column of `numbers` to shuffle
    seed : int, for a torch.Generator of its own: record k gets the value of record randperm(n)[k]
    returns : float, the error with the column shuffled minus the error as it is
    """
    ### BEGIN SOLUTION
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    order = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))
    shuffled = numbers.clone()
    shuffled[:, column] = numbers[order, column]
    with torch.no_grad():
        rise = F.mse_loss(model(codes, shuffled), targets) - F.mse_loss(model(codes, numbers), targets)
    for module, mode in modes:
        module.training = mode
    return rise.item()
    ### END SOLUTION
# %% check="permutation_importance"
check("permutation_importance")
# %% [markdown] slide="slide" answers="8 P28 P72"
# ## How many columns?
#
# **Where do the rules come from, and does it matter?** One says min(600, 1.6 · levels^0.56), another the fourth root of
# levels. Both come from trial and error on other people's data. The number of levels alone can't know it; let's try it
# where we know the truth: the airport map of lesson 6. 103 airports, distances between them, every eighth route held
# out.
# %%
airports = read_airports().set_index("iata")
mainland = airports.index[(airports["longitude"] > -130) & (airports["latitude"] > 24)]
routes = read_routes().query("origin in @mainland and destination in @mainland")
both = routes[["origin", "destination"]]
ends = pd.DataFrame({"a": both.min(axis=1), "b": both.max(axis=1), "km": routes["distance"] * 1.609344})
ends = ends.drop_duplicates(["a", "b"])                                            # each route once
while (few := pd.concat([ends["a"], ends["b"]]).value_counts().loc[lambda n: n < 5].index).size:
    ends = ends.query("a not in @few and b not in @few")                           # at least five routes each
names = pd.Index(sorted({*ends["a"], *ends["b"]}))
pairs = torch.tensor(ends[["a", "b"]].apply(names.get_indexer).to_numpy())         # (routes, 2)
km = torch.tensor(ends["km"].to_numpy()).float()                                   # (routes,)
held = torch.randperm(len(km), generator=torch.Generator().manual_seed(0)) < len(km) // 8
learn = (~held).nonzero().squeeze(1)                                               # the numbers of the other routes
print(len(names), "airports,", len(learn), "routes to learn from,", held.sum().item(), "held out")
# %% [markdown] slide="fragment"
# Five tables at once again, trained on distances alone.
# **Before you run it: from how many columns on will more columns no longer help?** The rules say 21 and 3; and the
# logarithm, as in binary code, says 7.
# %% guess="elbow"
guess = None
# %%
def map_error(dim, seeds=5, tables=1):
    """Median error in km on the held-out routes, (seeds,), of maps in `dim` dimensions."""
    torch.manual_seed(0)
    shuffle, at = torch.Generator().manual_seed(0), pairs + torch.tensor([0, (tables - 1) * len(names)])
    table = nn.Embedding.from_pretrained(0.1 * torch.randn(tables * len(names), seeds * dim), freeze=False)

    def miss(chosen):
        apart = table(at[chosen, 0]) - table(at[chosen, 1])                        # (batch, seeds · dim)
        return (apart.unflatten(1, (seeds, dim)).square().sum(2) + 1e-12).sqrt() - km[chosen].unsqueeze(1) / 1000

    optimizer = Adam(table.parameters(), lr=0.8)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 70 * math.ceil(len(learn) / 64))
    for batch in [b for _ in range(70) for b in learn[torch.randperm(len(learn), generator=shuffle)].split(64)]:
        optimizer.zero_grad()
        miss(batch).square().mean(dim=0).sum().backward()
        optimizer.step()
        falling.step()
    with torch.no_grad():
        return miss(held).abs().median(dim=0).values * 1000
# %%
sizes = [1, 2, 3, 7, 21]
by_size = {dim: map_error(dim).tolist() for dim in sizes}
# %% slide="subslide"
rules = {"fourth root": round(len(names) ** 0.25), "log2": round(math.log2(len(names))),
         "1.6 · levels^0.56": round(1.6 * len(names) ** 0.56)}
print("you said", guess)
show(sweep(by_size, rules), """Held-out error in km against the number of columns, both on log scales, five dots each.
With one column over 200 km; with two about 1 km; with three and more it rises slightly. The rules are marked at 3,
7 and 21, all of them to the right of the elbow at 2.""")
# %% [markdown] slide="fragment"
# Two. One column fails, two reach about a kilometre, and further ones gain nothing (trained this long, they are slightly
# worse): what distances can pin down is a place on a map, and a place has two numbers. No rule could know that from "103
# levels".
#
# *A table needs as many columns as its levels have independent effects.* To tell levels apart one column is enough, so
# the logarithm answers another question. A rule is where a sweep starts.
#
# ## Exercise: `embedding_size` (1 point, 4 minutes, at home)
#
# Write the first rule down all the same; you'll meet it. min(600, round(1.6 · levels^0.56)), with Python's `round`:
# 10 levels get 6 columns. Fewer than 1 level raises `ValueError`. Decide first: what should one level get?
# %% exercise="embedding_size"
def embedding_size(levels):
    """The rule of thumb min(600, round(1.6 · levels^0.56)).

    levels : int, at least 1
    returns : int
    raises : ValueError for fewer than 1 level
    """
    ### BEGIN SOLUTION
    if levels < 1:
        raise ValueError(f"{levels} levels: at least 1 is needed")
    return min(600, round(1.6 * levels**0.56))
    ### END SOLUTION
# %% check="embedding_size"
check("embedding_size")
# %% [markdown] slide="slide" answers="P3"
# ## A row belongs to a position, not to a name
#
# **Same weights, and the predictions are wrong.** A colleague loads your trained networks and fits the vocabulary of
# `dest` again, on the new month's file. Every code is in range. **Before you run it: what will happen?** Write
# `"error"`, `"as before"` or `"wrong"`.
# %% guess="refit"
guess = None
# %% slide="fragment"
records = tensors(later, six, ["dep_delay"])
january = later["month"] == "1"
refitted = ["(unknown)", *sorted(later.loc[january, "dest"].unique())]
there = [part[torch.tensor(january.to_numpy())] for part in records]
again = there[0].clone()
again[:, 1] = torch.tensor(pd.Index(refitted).get_indexer(later.loc[january, "dest"]))
print("you said", guess)
for title, codes in (("the training vocabulary", there[0]), ("refitted", again)):
    print(f"{title}: {between(minutes(mse(tables_six['without distance'], codes, *there[1:])))} minutes")
# %% [markdown] slide="notes"
# No error, no warning, and all wrong: a few destinations are missing in January, so all later names in the alphabet
# moved up and got a neighbour's row. Save the vocabulary *with* the weights, in one file, and never fit it again:
# `torch.save({"vocabularies": vocabularies, "weights": model.state_dict()}, "flights.pt")`.
# %% [markdown]
# ## At home: what does it cost?
# %% [markdown] answers="P19 P52"
# **Is the table's size all it costs? And from how many levels on is an embedding worth it?** Compute first. The flight
# goes into a first layer of 128 units, once one-hot, once through a table of 8 columns; a batch has 512 records, a
# number takes 4 bytes. **How many weights does each way have, and how many bytes has the batch's input?**
# %% guess="cost"
guess = {"weights, one-hot": None, "weights, table": None, "bytes of the batch, one-hot": None,
         "bytes of the batch, codes": None}
# %%
n = levels["flight"]
answer = {"weights, one-hot": n * 128, "weights, table": n * 8 + 8 * 128, "bytes of the batch, one-hot": 512 * n * 4,
          "bytes of the batch, codes": 512 * 8}
pd.DataFrame({"you said": guess, "it is": {name: f"{value:,}" for name, value in answer.items()}})
# %% [markdown]
# One-hot needs fifteen times the weights and over a thousand times the bytes (a code is an `int64`, 8 bytes). And time?
# %%
table, wide, narrow = nn.Embedding(n, 8), nn.Linear(n, 128, bias=False), nn.Linear(8, 128, bias=False)
batch = hidden[:512, 0]
ways = {"one-hot": lambda: wide(F.one_hot(batch, n).float()), "table": lambda: narrow(table(batch))}
for name, forward in ways.items():
    forward().sum().backward()                                                     # once to warm up
    start = time.perf_counter()
    for _ in range(5):
        forward().sum().backward()
    print(f"{name}: {(time.perf_counter() - start) / 5 * 1000:.2f} ms there and back")
# %% [markdown]
# The lookup skips the products with zero. Both ways have a table: one-hot's is 128 wide. What you choose is its width.
#
# And training takes more memory than the weights:
# %%
large = nn.Embedding(100_000, 16)
optimizer = Adam(large.parameters())
large(torch.tensor([2, 3])).sum().backward()
optimizer.step()
memories = [value for value in optimizer.state[large.weight].values() if value.numel() > 1]
parts = {"weight": large.weight, "gradient": large.weight.grad, "Adam's memories": torch.stack(memories)}
print({name: f"{tensor.numel() * 4 / 2**20:.1f} MiB" for name, tensor in parts.items()})
# %% [markdown]
# Four times the table, although two rows were looked up. With millions of levels: sparse gradients (lesson 4), fewer
# levels (merge the rare), or several levels sharing a row (hashing).
# %% [markdown] answers="P43 P73"
# ## At home: is one-hot into a hidden layer not a table too?
#
# It is: **a table as wide as the layer; with several columns their rows are added.** "No activation follows the lookup, so
# doesn't the table melt into the next layer?" It does, and the product tells what a narrow one is.
# %%
weight = wide.weight.detach().T                                                    # (levels, 128)
print("one-hot into the layer is a lookup:", torch.equal(weight[batch], wide(F.one_hot(batch, n).float())))
melted = (table.weight @ narrow.weight.T).detach()                                 # (levels, 8) @ (8, 128)
print("melted:", tuple(melted.shape), "of rank", torch.linalg.matrix_rank(melted).item())
wider = torch.randn(5, 20) @ torch.randn(20, 128)
print("five levels, twenty columns, melted: rank", torch.linalg.matrix_rank(wider).item())
# %% [markdown]
# A narrow table is a wide one of low rank, with far fewer numbers. And a table wider than its levels gains nothing in
# front of a linear layer: five rows span five directions at most.
# %% [markdown] answers="P40"
# ## At home: one table for two columns
#
# **Origin and destination have the same levels; may they share a table?** The map did: both ends of a route were looked up
# in one. Here it is beside a map with a table for each end.
# %%
print("one table: ", between(torch.tensor(by_size[2])), "km")
print("two tables:", between(map_error(2, tables=2)), "km")
shared = nn.Embedding(4, 1)
(shared(torch.tensor([2])) + 10 * shared(torch.tensor([2]))).sum().backward()
print("looked up by both columns:", shared.weight.grad[2].tolist())
# %% [markdown]
# You may, and here you should: with two tables each end learns from half of the evidence, the map is worse, and there are
# twice as many rows. In a shared row both gradients add up, 1 + 10. Keep two where the roles differ: a runway's delays on
# departure need not be those on arrival.
# %% [markdown] answers="P44 P67"
# ## At home: which columns deserve a table?
#
# **Years, hours, yes/no: number or table? And may a number be cut into bins?** We ask how much of the departure delay
# the scheduled hour explains in later flights (R²). A table of one column is one-hot rows times a weight, and the best
# such weight comes from least squares, without training.
# %%
def explained(features):
    """R² on later flights of the best weights for features(frame), (n, k), found on the training part."""
    delay = {part: torch.tensor(frame["dep_delay"].clip(upper=120).to_numpy()).float()
             for part, frame in (("train", train), ("later", later))}
    weights = torch.linalg.lstsq(features(train), delay["train"].unsqueeze(1), driver="gelsd").solution
    left = delay["later"] - (features(later) @ weights).squeeze(1)
    return 1 - (left.square().mean() / delay["later"].var(correction=0)).item()


def hours(frame):
    """The scheduled hour as numbers (n,)."""
    return torch.tensor(frame["hour"].astype(int).to_numpy())


def neighbours(frame):
    """Shares of the two nearest of the bins' edges 0, 6, 12, 18, 24, (n, edges 5)."""
    return (1 - (hours(frame).unsqueeze(1) / 6 - torch.arange(5)).abs()).clamp(min=0)
# %%
ways = {
    "hour, a number": lambda frame: torch.stack([hours(frame).float(), torch.ones(len(frame))], dim=1),
    "hour, a row each": lambda frame: F.one_hot(hours(frame), 24).float(),
    "hour, four bins": lambda frame: F.one_hot(hours(frame) // 6, 4).float(),
    "hour, between two rows": neighbours,
    "month, a number": lambda frame: torch.tensor([[float(m), 1] for m in frame["month"]]),
    "month, a row each": lambda frame: F.one_hot(torch.tensor([int(m) for m in frame["month"]]), 13).float(),
    "from JFK, a number": lambda frame: torch.tensor([[float(o == "JFK"), 1] for o in frame["origin"]]),
    "from JFK, a row each": lambda frame: F.one_hot(torch.tensor([int(o == "JFK") for o in frame["origin"]])).float(),
}
pd.DataFrame({"R² on later flights": {name: round(explained(features), 3) for name, features in ways.items()}})
# %% [markdown]
# The delay grows through the day nearly as a line does: a number for the hour explains as much as a row for each. The month
# has no such order: as a number it explains nothing, with a row each a little. Yes or no is the same either way, so it
# needs no table.
#
# Bins lose what happens within them, and a neighbouring bin knows nothing of the next. A weighted mean of two neighbours'
# rows bridges that. *Order that carries meaning: a number. Values that act each for themselves, with enough records: a
# table.*
# %% [markdown] answers="P17"
# ## At home: several categories in one record
#
# **An aircraft flew to several destinations: sum, mean, weights?** Look them all up and take the mean of the rows.
# `nn.EmbeddingBag` does it in one go, and it is a row of shares times the matrix.
# %%
table = nn.Embedding(levels["dest"], 2)
bag = nn.EmbeddingBag.from_pretrained(table.weight, mode="mean")
visited = tensors(train[train["tailnum"] == "N328AA"], ["dest"])[0][:, 0]                  # (flights,)
shares = F.one_hot(visited, levels["dest"]).float().mean(dim=0)                            # (levels,)
for way in (table(visited).mean(dim=0), bag(visited.unsqueeze(0))[0], shares @ table.weight):
    print([round(number, 4) for number in way.tolist()])
table(visited).mean(dim=0).sum().backward()
print("shares of the gradient:", [round(row, 2) for row in table.weight.grad[shares > 0, 0].tolist()])
# %% [markdown]
# Three ways, one result; and each destination's row gets the gradient by its share.
# %% [markdown] answers="P65"
# ## At home: levels within levels
#
# **A flight belongs to a carrier. May the network use that?** Give it both columns: the rows stand side by side, and an
# unknown flight still has its carrier's row. (A row for each *pair* of levels is what the flight is already; with few
# records a pair, most rows hardly learn.)
# %%
both = ["flight", "carrier", *timetable[1:]]
model = fit(networks(both, ["dep_delay"]), torch.column_stack([hidden[:, :1], tensors(train, both)[0][:, 1:]]),
            *tensors(train, both, ["dep_delay"])[1:])
without = unknown_error["5 % hidden"]
with_carrier = minutes(mse(model, *(part[new] for part in tensors(later, both, ["dep_delay"])))).tolist()
show(dots({"unknown flights": {"flight alone": without, "flight and carrier": with_carrier}}, "error in minutes"),
     """Dots for unknown flights: with the carrier beside the flight the errors are smaller in all five networks.""")
# %% [markdown]
# It helps by more than ten minutes, in all five: the unknown flight is unknown, its carrier is not.
#
# ## At home: a clock that nobody drew
#
# One more table whose truth we know: the 24 hours of the day. A network gets the row of the hour and the row of the
# month, and says what is normal in Seattle then. The rows have two numbers. **Before you run it: how will the
# 24 rows lie?**
# %%
normals = read_seattle_normals()
# %%
def clock(outcomes, seed):
    """Two numbers for each hour, (24, 2), learned from what is normal then: columns of the Seattle table."""
    means = normals.groupby([normals["date"].dt.month, normals["date"].dt.hour])[outcomes].mean()
    means = means - means.groupby(level=0).transform("mean")                       # what the hour adds to its month
    targets = torch.tensor((means / means.std()).to_numpy()).float()               # (12 · 24, outcomes)
    torch.manual_seed(seed)
    hour, month = nn.Embedding(24, 2), nn.Embedding(12, 2)
    nn.init.normal_(hour.weight, std=0.1)
    network = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, len(outcomes)))
    optimizer = Adam([*hour.parameters(), *month.parameters(), *network.parameters()], lr=0.02)
    for _ in range(250):
        optimizer.zero_grad()
        rows = torch.cat([hour.weight.repeat(12, 1), month.weight.repeat_interleave(24, dim=0)], dim=1)
        F.mse_loss(network(rows), targets).backward()
        optimizer.step()
    return hour.weight.detach()
# %%
def in_order(rows):
    """For how many hours the nearest other row is the hour before or after."""
    nearest = (torch.cdist(rows, rows) + 1e9 * torch.eye(24)).argmin(dim=1)
    return sum((near - hour) % 24 in (1, 23) for hour, near in enumerate(nearest.tolist()))
# %%
given = {"temperature": ["temperature"], "temperature, pressure, wind": ["temperature", "pressure", "wind"]}
clocks = {title: [clock(outcomes, seed) for seed in range(5)] for title, outcomes in given.items()}
print("of 24 hours, nearest to the one before or after:")
print({title: [in_order(rows) for rows in runs] for title, runs in clocks.items()})
show(hours_loop({title: runs[0].tolist() for title, runs in clocks.items()}), """Two closed lines through 24 points, one
an hour, joined in order. From the temperature alone a bent, partly folded line; from temperature, pressure and wind a
round loop from midnight to midnight.""")
# %% [markdown]
# From temperature alone the loop is bent and crosses itself: ten in the morning and eight in the evening can be equally
# warm, and what the target doesn't tell apart the rows needn't either. Told pressure and wind as well, the hours lie on a
# closed loop in order, for all five starts. Nobody said that 23 is next to 0.
#
# *Rows are as alike as what they have to explain.*
#
# ## At home: where embeddings don't help
#
# Is a flight more than 15 minutes late? The same six columns, three ways of coding, 128 units, the log loss of yes and
# no. AUC is the chance that a late flight gets a higher score than one in time: 0.5 is guessing.
# %%
def auc(scores, late):
    """The chance that a late record has the higher score, for each network: (seeds, n), (n,) → (seeds,)."""
    ranks = scores.argsort(dim=1).argsort(dim=1).float() + 1                       # (seeds, n)
    positive = late.sum()
    return (ranks[:, late].sum(dim=1) - positive * (positive + 1) / 2) / (positive * (~late).sum())


def lateness(model, codes, numbers, late):
    """Train on yes or no."""
    optimizer, shuffle = Adam(model.parameters(), lr=0.01), torch.Generator().manual_seed(0)
    for batch in [b for _ in range(3) for b in torch.randperm(len(codes), generator=shuffle).split(512)]:
        optimizer.zero_grad()
        scores = model(codes[batch], numbers[batch])
        F.binary_cross_entropy_with_logits(scores, late[batch].float().expand_as(scores)).mul(model.seeds).backward()
        optimizer.step()
    return model
# %%
(codes, _, _), (codes_later, _, _) = tensors(train, six), tensors(later, six)
late, late_later = (torch.tensor((part["arr_delay"] > 15).to_numpy()) for part in (train, later))
mean, spread = codes.float().mean(dim=0), codes.float().std(dim=0)
plain, plain_later = (codes - mean) / spread, (codes_later - mean) / spread
none, none_later = torch.zeros(len(train), 0), torch.zeros(len(later), 0)
ways = {"codes as numbers": (Networks([], [], 6, 32), plain, plain_later),
        "tables": (networks(six), none, none_later),
        "one-hot": (Networks([levels[column] for column in six], [32] * 6, 0, 32), none, none_later)}
for name, (model, numbers, numbers_later) in ways.items():
    lateness(model, codes, numbers, late)
    with torch.no_grad():
        values = auc(model(codes_later, numbers_later), late_later)
    print(f"{name}: AUC {values.min():.2f} … {values.max():.2f}")
# %% [markdown] slide="slide"
# Tables do as well as one-hot, which is no surprise by now, and all three stay near 0.65: the delay hangs on weather and
# traffic, which are in none of the six columns. An embedding can only bring out what the columns know about the target.
#
# ## In your own words (2 points, 5 minutes)
#
# A classmate writes: "My flight column has thousands of levels, so I'll take a first layer of a thousand units, or it
# will ignore them and use the distance." What do you answer, in three or four sentences, and which two measurements
# would you ask for?
# %% [markdown] written="own-words" points=2
# The width of the first layer doesn't decide what a network leans on; what the columns know does. Where the flight alone
# knew the way, networks of 2 and of 128 units leaned on it alike, and its rows were trained; where the distance was
# offered, both leaned on that. More units made the error a little smaller, no more. I would ask for the rise of the
# error when the flight's codes, and when the distance, are shuffled, at two widths and over several starts; and for the
# validation error at those widths (or how far the rows moved).
#
# **Marking.** 1 point: says that the information in the columns decides what is leaned on, not the number of levels or
# units (or says the opposite with a measurement that shows it). 1 point: names two measurements that could refute the
# classmate (importance by shuffling, validation error against width, movement of rows), over more than one start or with
# the distance left out. One measurement alone earns no second point. Whole points only.
# %% [markdown] slide="slide"
# ## To keep
#
# **What a network leans on is decided by what its columns know, not by how many levels they have.** One table a column,
# side by side with the numbers; vocabularies from the training part; row 0 learns only what you hide.
#
# The picture to remember: four panels against the width, flat from eight units on. Next, in lesson 8: take the rows with
# you.
