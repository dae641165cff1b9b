# ---
# jupyter:
#   lesson:
#     minutes: 65
#     points: 10
#     edition: 2
# ---
# %% [markdown] slide="slide" answers="12 P29"
# # A whole table: how does it all fit in, and how wide must it be?
#
# **65 minutes, 2 exercises, four more at home.** "How do people use this for several categorical columns at once, with
# the continuous ones? And one of mine has thousands of levels." When you are through, you can
# - build a network that takes a table's words and numbers together, and split the table by time;
# - say what stands in the row for levels that training never saw, and put something useful there;
# - see when a column of many levels does harm, and stop it.
#
# At home you then test the rules of thumb about width, and a worry about narrow layers, on several random starts.
# %%
import math
import time
import zlib

import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import SGD, AdamW

from embedding_course import check, marked, passed
from embedding_course.data import read_flights, read_seattle_normals
from embedding_course.figures import show
from embedding_course.maps import mainland_routes
from embedding_course.networks import Networks, fit_all, squared_errors
from embedding_course.pictures import tabular as pictures
from embedding_course.pictures import tabular_rows as row_pictures

torch.set_num_threads(1)
# %% [markdown] slide="slide"
# ## A table with everything in it
#
# 30,000 flights from New York. From what stood in the timetable we want to predict two things: the minutes in the air,
# and the minutes of delay on arrival. Two columns we make ourselves: the day of the week, and the flight, which is the
# carrier with its number (DL1109), one level for each line of the timetable.
# %% slide="fragment"
nyc = read_flights().iloc[::4]
date = pd.to_datetime({"year": 2013, "month": nyc["month"], "day": nyc["day"]})
nyc = nyc.assign(weekday=date.dt.day_name().str[:3],
                 flight=nyc["carrier"] + nyc["flight"].astype(str),
                 # else the few that are many hours late drown all others
                 delay=nyc["arr_delay"].clip(-60, 180))
columns = ["origin", "dest", "carrier", "hour", "weekday", "month", "flight"]
nyc = nyc.astype(dict.fromkeys(columns, str))
nyc[[*columns, "distance", "delay", "air_time"]].head(3)
# %% [markdown] slide="notes"
# A model that you use tomorrow has seen only flights of the past. So we split *by time*: January to September is for
# training, and October to December is what comes later. The vocabularies come from the training part alone, with
# `"(unknown)"` at 0, as in lesson 1.
# %%
train, later = nyc[date < "2013-10-01"], nyc[date >= "2013-10-01"]
vocabularies = {column: ["(unknown)", *sorted(train[column].unique())] for column in columns}
print(len(train), "flights for training,", len(later), "later ones")
# %% [markdown] slide="subslide" answers="P2"
# **Of 1,000 later flights, how many have a destination that training never saw? How many an unknown flight, how many an
# unknown month?** (Counts within a fifth pass as right.)
# %% guess="unknown"
guess = {"dest": None, "flight": None, "month": None}
# %% slide="subslide"
def unknown(past, future):
    """Of 1,000 future records, how many hold a level that the past doesn't have: a Series by
    column."""
    return pd.Series({column: round(1000 * (~future[column].isin(past[column])).mean())
                      for column in columns})


mixed = nyc.sample(frac=1, random_state=0)
pd.DataFrame({"levels": nyc[columns].nunique(), "unknown of 1,000": unknown(train, later),
              "if split at random": unknown(mixed[:len(train)], mixed[len(train):])})
# %% slide="fragment"
marked("unknown", guess, unknown(train, later)[["dest", "flight", "month"]].to_dict(), near=0.2)
# %% [markdown] slide="notes"
# No level needs a new network: the encoder sends whatever it doesn't know to code 0. Whether row 0 then *means* anything
# is a question of its own.
#
# The month is the extreme case. After the end of September every month is unknown, so a table of months would never be
# used again, and we drop the column. A random split would have hidden both troubles: almost every flight of its second
# part also occurs in its first.
#
# Now words become codes. `get_indexer` gives −1 for "not in there", which we turn into 0. The targets are standardised
# (minus the training mean, divided by the training spread), so that the network works with small numbers.
# %%
columns.remove("month")
levels = {column: len(vocabularies[column]) for column in columns}


def encoded(frame, columns):
    """Codes (n, columns)."""
    found = {column: pd.Index(vocabularies[column]).get_indexer(frame[column]).clip(0)
             for column in columns}
    return torch.stack([torch.tensor(codes) for codes in found.values()], dim=1)


def scaled(frame, column):
    """A column of numbers by the training part's mean and standard deviation, (n,)."""
    values = (frame[column] - train[column].mean()) / train[column].std(ddof=0)
    return torch.tensor(values.to_numpy()).float()


def records(frame, columns, target):
    """Codes (n, columns), no numbers (n, 0), and the standardised target (n,)."""
    return encoded(frame, columns), torch.zeros(len(frame), 0), scaled(frame, target)
# %% [markdown] slide="slide" answers="12 P29"
# ## One record, by hand
#
# How do several categorical columns and the numbers get in together? Each categorical column has a table of its own. The
# looked-up rows stand side by side, and the numbers follow. Here is the first flight with two words and one number:
# %%
torch.manual_seed(6)
tables = [nn.Embedding(levels["origin"], 2), nn.Embedding(levels["dest"], 3)]
codes, numbers = (encoded(train.head(1), ["origin", "dest"]),
                  scaled(train.head(1), "distance").unsqueeze(1))
rows = [table(codes[:, j]) for j, table in enumerate(tables)]  # (1, dim 2) and (1, dim 3)
joined = torch.cat([*rows, numbers], dim=1)                                   # (1, 2 + 3 + 1)
print(codes.tolist(), "→", [round(number, 2) for number in joined[0].tolist()])
# %% slide="subslide"
words = train.iloc[0][["origin", "dest"]].to_dict()
show(pictures.one_record(words, codes[0].tolist(), [row[0].tolist() for row in rows],
                         {"distance": numbers.item()}))
# %% [markdown] slide="notes"
# The tables are part of the network, and their rows are its weights. The codes and the distance are data.
#
# What the layers do with these six numbers you know from lesson 3, all but one thing. Between two linear layers stands a
# **ReLU**, which turns negative numbers into 0 and leaves the others alone. Why is it there?
# %% slide="subslide"
print("ReLU:", torch.relu(torch.tensor([-2.0, -0.5, 0.0, 3.0])).tolist())
first, second = nn.Linear(6, 4, bias=False), nn.Linear(4, 1, bias=False)
merged = joined @ (second.weight @ first.weight).T                             # one matrix (1, 6)
print("two layers are one:", torch.allclose(second(first(joined)), merged, atol=1e-6))
print("with a ReLU between:", torch.allclose(second(torch.relu(first(joined))), merged, atol=1e-6))
# %% [markdown] slide="slide"
# Without it, two linear layers in a row are the same as one, and a network could only add up what each column
# contributes. With it, a unit can stay silent for some records and speak for others, so what one column contributes may
# depend on another.
#
# ## Exercise: `TabularModel` (3 points, 12 minutes)
#
# `TabularModel([4, 3], [2, 1], continuous=1, hidden=[5])` has two tables, (4, 2) and (3, 1), in an `nn.ModuleList`
# called `embeddings` (a plain list would hide them from the optimizer, lesson 3). Their rows come first, then the one
# number: 4 inputs. Then `nn.Linear(4, 5)`, ReLU, `nn.Linear(5, 1)`, and nothing else. For n records n predictions come
# out, shape `(n,)`.
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
                                    for inputs, outputs in zip(widths[:-1], widths[1:],
                                                               strict=True))
        ### END SOLUTION

    def forward(self, codes, numbers):
        """One prediction a record.

        codes : int64 (n, columns); numbers : float (n, continuous)
        returns : float (n,)
        """
        ### BEGIN SOLUTION
        rows = [table(codes[:, j]) for j, table in enumerate(self.embeddings)]  # each (n, dim)
        x = torch.cat([*rows, numbers], dim=1)  # (n, sum of dims + continuous)
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x).squeeze(1)
        ### END SOLUTION
# %% check="TabularModel"
check("TabularModel")
# %% [markdown] slide="slide"
# ## Your model learns
#
# From here on your own class is trained, so this part waits for its check to pass. The loop is that of lesson 4. Each row
# starts small, at 0.1 times a normal draw; you'll see why. We give it words alone, so that the rows must do the work (a
# number joins them at home). How wide each table is, `DIMS`, we chose by hand; how little that matters for the flight is
# measured at home.
# %%
DIMS = {"origin": 2, "dest": 8, "carrier": 4, "hour": 2, "weekday": 2, "flight": 8}
plain = ["origin", "dest", "carrier", "hour", "weekday"]
spread, air = float(train["air_time"].std(ddof=0)), later["air_time"]


def rmse(model, codes, numbers, targets):
    """Root of the mean squared error, in spreads of the training target."""
    model.eval()
    with torch.no_grad():
        return (model(codes, numbers) - targets).square().mean().sqrt().item()


def fit(model, known, future, epochs=4, optimizer=None, hide=lambda codes, epoch: codes):
    """Trains on batches of 512; returns the errors of both parts after each epoch, two lists."""
    optimizer, errors = optimizer or AdamW(model.parameters(), lr=0.01, weight_decay=0), ([], [])
    for epoch in range(epochs):
        codes = hide(known[0], epoch)
        model.train()
        for batch in torch.randperm(len(codes)).split(512):
            optimizer.zero_grad()
            (model(codes[batch], known[1][batch]) - known[2][batch]).square().mean().backward()
            optimizer.step()
        for part, kept in zip((known, future), errors, strict=True):
            kept.append(rmse(model, *part))
    return errors
# %% slide="fragment"
if passed("TabularModel"):
    def build(columns, seed, std=0.1):
        """Your model on these columns, its rows drawn from N(0, std²)."""
        torch.manual_seed(seed)
        sizes = [levels[column] for column in columns], [DIMS[column] for column in columns]
        model = TabularModel(*sizes, continuous=0, hidden=[32])
        for weight in model.embeddings.parameters():
            nn.init.normal_(weight, std=std)
        return model
# %% slide="fragment"
if passed("TabularModel"):
    known, future = records(train, plain, "air_time"), records(later, plain, "air_time")
    models = [build(plain, seed) for seed in range(3)]
    usual = train["air_time"].mean()
    by_dest = later["dest"].map(train.groupby("dest")["air_time"].mean()).fillna(usual)
    print(f"always the mean:             {(air - usual).pow(2).mean() ** 0.5:.1f} minutes off")
    print("your model, from 3 starts:  ",
          [round(spread * fit(model, known, future)[1][-1], 1) for model in models])
    print(f"the mean of the destination: {(air - by_dest).pow(2).mean() ** 0.5:.1f}")
# %% [markdown] slide="notes"
# (Errors here are roots of the mean squared error on later flights.) From five columns of words your model has learned
# how long a flight takes, with about a seventh of the mean's error. And it is no better than a rival that needs no
# network: for each destination, the mean of its training flights. Always put such a rival beside your model (boosted trees
# join them in lesson 8). Where one column says it all, its means are hard to beat.
# %% [markdown] slide="slide" answers="P12 P56"
# ## What is in row 0?
#
# Now suppose that nobody tells us the destination, and the flight number comes in its place. Of 1,000 later flights, 184
# are unknown and go to row 0. **Will training have moved row 0, `"(unknown)"`? And which five models will contradict
# each other more about one unknown flight: those whose rows start at N(0, 1), PyTorch's default, or at N(0, 0.1²)?**
# Write `True` or `False`, and 1 or 0.1.
# %% guess="row-zero"
guess = {"row 0 moved": None, "more contradiction": None}
# %%
timetable = ["flight", "origin", "hour", "weekday"]
by_flight, future_flights = (records(train, timetable, "air_time"),
                             records(later, timetable, "air_time"))
new = future_flights[0][:, 0] == 0  # (n,), the unknown flights
if passed("TabularModel"):
    def five(std, hide=lambda codes, epoch: codes, seeds=range(5)):
        """Your model from five starts; for each its error on unknown and on known flights, and
        its word on one of them."""
        found = {"unknown": [], "known": [], "one flight": [], "moved": []}
        for seed in seeds:
            model = build(timetable, seed, std)
            start = next(model.embeddings.parameters()).detach().clone()
            fit(model, by_flight, future_flights, hide=hide)
            for part, chosen in (("unknown", new), ("known", ~new)):
                found[part].append(spread
                                   * rmse(model, *(tensor[chosen] for tensor in future_flights)))
            said = model(*(tensor[new][:1] for tensor in future_flights[:2])).item()
            found["one flight"].append(round(train["air_time"].mean() + spread * said))
            table = next(model.embeddings.parameters())
            found["moved"].append(not torch.equal(start[0], table[0]))
        return found
# %%
if passed("TabularModel"):
    nothing = {std: five(std) for std in (1, 0.1)}
    for std, found in nothing.items():
        print(f"start N(0, {std}²): five models say that one unknown flight takes",
              sorted(found["one flight"]), "minutes")
    apart = {std: max(found["one flight"]) - min(found["one flight"])
             for std, found in nothing.items()}
    display(marked("row-zero", guess,
                   {"row 0 moved": any(nothing[1]["moved"] + nothing[0.1]["moved"]),
                                       "more contradiction": max(apart, key=apart.get)}))
# %% [markdown] slide="slide"
# Row 0 hasn't moved in any of the ten models. No training record carries code 0, so it never had a gradient. Every
# unknown flight gets the random numbers of the start, and a prediction made from them, and the larger these numbers the
# wilder the prediction.
#
# The cure is to hide a few codes at random in training. A hidden flight carries code 0, and row 0 learns to stand for
# "some flight or other".
#
# ## Exercise: `hide_codes` (1 point, 8 minutes)
#
# Return a copy of `codes` in which `round(share · n)` of the n entries are 0: those at the first positions of
# `torch.randperm(n)`, drawn from a `torch.Generator` seeded with `seed`. For four codes and a share of 0.5, if the
# permutation is `[2, 0, 3, 1]`, positions 2 and 0 become 0. Codes of any shape are counted row by row. A share outside
# 0 … 1 raises `ValueError`.
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
# %% slide="subslide"
if passed("TabularModel") and passed("hide_codes"):
    def hiding(share):
        """Hides a share of the flights (column 0), others in each epoch."""
        return lambda codes, epoch: torch.column_stack([hide_codes(codes[:, 0], share, epoch),
                                                        codes[:, 1:]])

    found = {f"N(0, {std}²), {name}": runs for std in (1, 0.1)
             for name, runs in (("nothing hidden", nothing[std]),
                                ("5 % hidden", five(std, hiding(0.05))))}
    mean = [spread * future_flights[2][chosen].square().mean().sqrt().item()
            for chosen in (new, ~new)]
    display(show(pictures.dots({f"{part} flights": {way: one[part] for way, one in found.items()}
                       for part in ("unknown", "known")}, "error in minutes", rivals=mean)))
# %% [markdown] slide="notes"
# With nothing hidden, the errors on unknown flights scatter: from N(0, 1) by dozens of minutes, mostly above the dotted
# line of the mean; from the small start by a few. With 5 % hidden all of them land beside one another, a little below the
# mean, and known flights fare as before. So hiding buys reliability more than accuracy: nobody knows where an unknown
# flight goes. The N(0, 1) start costs known flights about six minutes too, since most of their rows have few records to
# get rid of the noise.
#
# *A row learns only from records that carry its code. Row 0 is no exception.*
# %% [markdown] slide="slide"
# ## A column of thousands of levels
#
# Now the other target: how late does a flight arrive? Nobody can say that well from a timetable. We train your model
# without the flight column and with it, for six epochs, and look at the errors after each. **With the flight column,
# will the error fall or rise from the first epoch to the last, in training and on later flights? And will the last one
# beat the rival who always says the mean?** Write `"falls"` or `"rises"`, and `True` or `False`.
# %% guess="overfit"
guess = {"training": None, "later": None, "beats the mean": None}
# %%
full = ["flight", *plain]
delays, future_delays = ({title: records(frame, cols, "delay")
                          for title, cols in (("without", plain), ("with", full))}
                         for frame in (train, later))
minutes = float(train["delay"].std(ddof=0))
mean_delay = minutes * future_delays["with"][2].square().mean().sqrt().item()
print("half of the flights have no more than", int(train["flight"].value_counts().median()),
      "training records")
if passed("TabularModel"):
    def curves(title, change=None, seeds=range(3), **options):
        """Errors by epoch in minutes, in training and later, of three starts; `change` makes the
        optimizer."""
        runs = []
        for seed in seeds:
            model = build(full if title == "with" else plain, seed)
            runs.append(fit(model, delays[title], future_delays[title], 6,
                            change and change(model), **options))
        return [[[minutes * error for error in run[part]] for run in runs] for part in (0, 1)]
# %%
if passed("TabularModel"):
    runs = {"without the flight": curves("without"), "with the flight": curves("with")}
    display(show(pictures.by_epoch(runs, mean_delay)))
    training, after = ([run[-1] - run[0] for run in part] for part in runs["with the flight"])
    worst = max(run[-1] for run in runs["with the flight"][1])
    display(marked("overfit", guess, {"training": "falls" if max(training) < 0 else "rises",
                                      "later": "rises" if min(after) > 0 else "falls",
                                      "beats the mean": worst < mean_delay}))
# %% [markdown] slide="slide"
# With the flight, the training error keeps falling while the error on later flights is lowest after the *first* epoch and
# then climbs above that of the mean. This is **overfitting**: half of the flights have four training records or fewer,
# and their rows learn how late these few happened to be. (The training lines lie higher, as the summer was stormy; compare
# each line with its own beginning.) Studies of large advertising models met the same, and call it
# one-epoch overfitting (arXiv 2511.06374).
#
# Four remedies, each a line or two:
# - *early stopping*: keep the weights of the epoch whose error on held-out records is lowest. (Not those of the final
#   judgement: train to July, choose the epoch on August and September, judge once on the rest);
# - *weight decay* on this table alone, which pulls each of its rows towards 0 in every step;
# - *dropout* on the looked-up rows: in training, a share of their numbers become 0 at random;
# - your `hide_codes`, so that the model must do without the hidden flights.
#
# We give each of the last three in a mild and in a strong dose. **Will any of them make the column useful, so that its
# lowest error is half a minute below that of the model without the column?** Write `True` or `False`.
# %% guess="remedy"
guess = None
# %%
def decaying(model, decay):
    """An optimizer that takes 0.01 · decay of the flight table away in every step, and decays
    nothing else."""
    table = [*model.embeddings[0].parameters()]
    others = [weight for weight in model.parameters() if all(weight is not mine for mine in table)]
    return AdamW([{"params": table, "weight_decay": decay}, {"params": others, "weight_decay": 0}],
                 lr=0.01)


def dropping(model, share):
    """In training, this share of the numbers of each looked-up row become 0."""
    model.embeddings[0] = nn.Sequential(model.embeddings[0], nn.Dropout(share))
    return AdamW(model.parameters(), lr=0.01, weight_decay=0)
# %% slide="subslide"
if passed("TabularModel") and passed("hide_codes"):
    def remedies(decay, dropped, hidden):
        """The errors by epoch with each remedy, in these doses, of two starts."""
        ways = {f"decay {decay}": {"change": lambda model: decaying(model, decay)},
                f"dropout {dropped}": {"change": lambda model: dropping(model, dropped)},
                f"hidden {hidden}": {"hide": hiding(hidden)}}
        return {name: curves("with", seeds=range(2), **way) for name, way in ways.items()}

    mild, strong = remedies(0.01, 0.5, 0.3), remedies(20, 0.9, 0.9)       # 0.01 is AdamW's default
    shown = {"with the flight": runs["with the flight"], **strong,
             "without": runs["without the flight"]}
    display(show(pictures.by_epoch({name: (None, after) for name, (_, after) in shown.items()},
                                   mean_delay)))
# %% slide="fragment"
if passed("TabularModel") and passed("hide_codes"):
    found = pd.DataFrame({name: {"last epoch": sum(run[-1] for run in after[:2]) / 2,
                                 "lowest of any epoch": sum(map(min, after[:2])) / 2}
                          for name, (_, after) in {**mild, **shown}.items()}).T
    display(found.round(1), marked("remedy", guess, bool(
        found["lowest of any epoch"].min() < found["lowest of any epoch"]["without"] - 0.5)))
# %% [markdown] slide="fragment"
# (Means of two starts, in minutes.) Look at the last epoch first. AdamW's own decay of 0.01 does nothing. In the strong
# doses all three remedies end near the model without the column: each of them works once it is so strong that the column
# hardly speaks. None makes the column useful: the lowest error is much the same with the flight and without it. So
# here the best remedy is to leave the column out. For the air time the same column, with the same few records, was the
# one that knew the way: how much a level's records can teach depends on how noisy the target is. (How to keep the weights
# of the best epoch: `best_epoch`, at home.)
#
# *The more levels, the fewer records for each. Judge such a column on records it hasn't seen, epoch by epoch.*
# %% [markdown] slide="slide" answers="P3"
# ## A row belongs to a position, not to a name
#
# A colleague takes your trained model of the air time and fits the vocabulary of `dest` again, on the later flights.
# Every code is in range. **What will happen?** Write `"error"`, `"as before"` or `"wrong"`.
# %% guess="refit"
guess = None
# %% slide="subslide"
if passed("TabularModel"):
    codes, numbers, targets = records(later, plain, "air_time")
    refitted = codes.clone()
    again = pd.Index(["(unknown)", *sorted(later["dest"].unique())])
    refitted[:, 1] = torch.tensor(again.get_indexer(later["dest"]))
    off = [[round(spread * rmse(model, given, numbers, targets), 1) for model in models]
           for given in (codes, refitted)]
    print("minutes off with the training vocabulary:", off[0], "refitted:", off[1])
    display(marked("refit", guess, "wrong" if min(off[1]) > 2 * max(off[0]) else "as before"))
# %% [markdown] slide="notes"
# There is no error and no warning, and nearly every prediction is wrong. A few destinations don't occur in the later
# months, so all names after them in the alphabet have moved up and get another airport's row. Save the vocabularies
# *with* the weights, in one file, and never fit them again (lesson 8 does so).
# %% [markdown] slide="slide"
# ## In your own words (2 points, 5 minutes)
#
# A classmate predicts what customers will spend. She adds the customer's number as a column, 200,000 levels, most of them
# seen once or twice; she splits the records at random, takes the levels from both parts, and trains for 20 epochs. "The
# training error has halved, so the embedding works. And there are no unknown customers." Name two things that you would
# change or measure before you believe it, each with the reason.
# %% [markdown] written="own-words" points=2
# Split by time: tomorrow's records come after all of these, and many of their customers will be new; a random split
# hides that. Fit the vocabulary on the training part alone: rows of levels that training never looks up stay at their
# random start. Look at the validation error by epoch, with and without the column: a falling training error is what
# memorising one or two records looks like; if the first epoch is the best, stop there, let the table decay, hide codes
# or leave the column out. Say what row 0 holds, and hide some codes so that it is trained. Put a trivial rival beside
# it: the mean, or the (shrunken) mean of each customer.
#
# **Marking.** 1 point for each of two different faults that come with the reason (or with a measurement that would show
# it): the split, the vocabulary from both parts, the judging by training error, the untrained row 0, the missing rival.
# A fault without a reason, or twice the same, earns nothing. "More data", "a wider layer" earn nothing. Whole points.
# %% [markdown] slide="slide"
# ## To keep
#
# **A row learns from the records that carry its code: none for the unknown, too few for the rare.** Split by time, take
# vocabularies from the training part, hide codes so that row 0 is trained, and watch the error on later records.
#
# The picture to remember: one line that falls in training while the other climbs above the mean. In lesson 8 you take
# the rows with you. What follows here is for home; each section stands alone.
# %% [markdown] answers="P56"
# ## Exercise: `best_epoch` (1 point, 6 minutes) · at home
#
# Early stopping as a function: given the validation losses by epoch (from 0), return the epoch whose weights are kept if
# training stops after `patience` epochs in a row without a new lowest loss, or at the end. An equal loss is not lower.
# `[3, 2, 2.5, 2.75, 1]` with patience 2 gives 1: training is over before the last epoch is seen. A `patience` below 1
# raises `ValueError`.
#
# Decide first: when the loss rises twice, and falls to a new lowest in between, are these two in a row?
# %% exercise="best_epoch"
def best_epoch(losses, patience):
    """The epoch whose weights early stopping keeps.

    losses : validation losses by epoch, from 0, a list of at least one float
    patience : int, at least 1; training stops after so many epochs in a row without a new lowest
               loss
    returns : int
    raises : ValueError for a patience below 1
    """
    ### BEGIN SOLUTION
    if patience < 1:
        raise ValueError(f"patience {patience} is below 1")
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best
    ### END SOLUTION
# %% check="best_epoch"
check("best_epoch")
# %%
if passed("best_epoch") and passed("TabularModel"):
    for title, (_, runs_later) in runs.items():
        print(title, "→ best epochs", [best_epoch(losses, 2) for losses in runs_later],
              "(counted from 0)")
# %% [markdown]
# With the flight column the first epoch is kept, number 0. To have the weights at hand when you stop, copy them at each
# new lowest loss: `kept = {name: value.clone() for name, value in model.state_dict().items()}`.
# %% [markdown]
# ## Exercise: `standardize` (1 point, 8 minutes) · at home
#
# Both parts by the *training* part's mean and standard deviation (divided by n). `train` `[[1], [3]]` and `other`
# `[[5]]` make `[[-1], [1]]` and `[[3]]`. A column that is constant in training tells nothing: it becomes exact zeros in
# both parts, even where the other part varies.
#
# Decide first: three times 0.9 in floats, is their mean 0.9? Is their standard deviation 0?
# %% exercise="standardize"
def standardize(train, other):
    """Both parts by the training part's mean and standard deviation (divided by n), column by
    column.

    train : float (n, columns); other : float (m, columns)
    returns : (float (n, columns), float (m, columns)); columns that are constant in `train` are
              zeros in both
    """
    ### BEGIN SOLUTION
    constant = (train == train[0]).all(dim=0)                                        # (columns,)
    mean, spread = train.mean(dim=0), train.std(dim=0, correction=0)
    return tuple(torch.where(constant, 0.0, (part - mean) / spread) for part in (train, other))
    ### END SOLUTION
# %% check="standardize"
check("standardize")
# %% [markdown] answers="P66"
# ## Why not take the levels from both parts? · at home
#
# Then nothing would be unknown in the later part. **Is the trouble gone?** Look how often the added rows are looked up:
# %%
added = set(later["flight"]) - set(train["flight"])
print(f"{len(added)} more rows in the table, "
      f"looked up {train['flight'].isin(added).sum()} times in training")
# %% [markdown]
# Those rows exist and stay exactly as random as they began. You would see no 0 any more, and learn nothing about
# tomorrow's flights, which will be unknown too. *The vocabulary comes from the training part alone, like everything else.*
# %% [markdown] answers="P64"
# ## How important is a column? · at home
#
# Shuffle its codes among the later records, the whole codes, and see how much the error rises. (Single numbers of a row
# mean little by themselves, since the network adds them up.) From here on we train small networks like yours from five
# starts at once; `Networks` in the package does that. Here they predict the air time from five columns of words, without
# and with the distance. **Which column matters most in each case?**
# %% guess="matters"
guess = {"without distance": None, "with distance": None}
# %%
def with_distance(frame, columns, target="air_time"):
    """As `records`, with the distance as a number."""
    codes, _, targets = records(frame, columns, target)
    return codes, scaled(frame, "distance").unsqueeze(1), targets


def networks(columns, seed=0, **options):
    """Untrained networks for these columns."""
    return Networks([levels[column] for column in columns], [DIMS[column] for column in columns],
                    seed=seed, **options)


def rise(model, given, column, part=0):
    """Rise of each network's squared error, (starts,), when a column of the codes (part 0) or
    numbers (1) is shuffled."""
    order = torch.randperm(len(given[2]), generator=torch.Generator().manual_seed(0))
    shuffled = [tensor.clone() for tensor in given]
    shuffled[part][:, column] = given[part][order, column]
    return squared_errors(model, *shuffled) - squared_errors(model, *given)
# %%
importance = {}
for title, make, continuous in (("without distance", records, 0),
                                ("with distance", with_distance, 1)):
    model = fit_all(networks(plain, continuous=continuous), *make(train, plain, "air_time"))
    given = make(later, plain, "air_time")
    importance[title] = {column: rise(model, given, j).tolist() for j, column in enumerate(plain)}
    if continuous:
        importance[title]["distance"] = rise(model, given, 0, part=1).tolist()
show(pictures.dots(importance, "rise of the squared error when shuffled (1 = the air time's own)"))
# %%
marked("matters", guess, {title: max(rises, key=lambda name: sum(rises[name]))
                          for title, rises in importance.items()})
# %% [markdown]
# Without the distance everything hangs on the destination. With the distance both know the way, and the networks lean
# mostly on the number, which is quicker to learn. *Importance belongs to a model and to what it was offered, not to a
# column.*
#
# ## Exercise: `permutation_importance` (1 point, 12 minutes) · at home
#
# How much a network leans on a number, as a function of your own: the mean squared error with one continuous column
# shuffled, minus the error as it is. Record k gets the value of record `perm[k]`, where `perm` is `torch.randperm(n)`
# from a `torch.Generator` seeded with `seed`. A model that says 2 · x, with x = `[1, 3]`, targets `[2, 6]` and the two
# swapped, rises from 0 to 16.
#
# The model must be in eval mode while you ask it, and afterwards in the mode it was in.
# Decide first: what if it was in eval mode before?
# %% exercise="permutation_importance"
def permutation_importance(model, codes, numbers, targets, column, seed):
    """Rise of the mean squared error when one continuous column is shuffled.

    model : nn.Module, model(codes, numbers) → (n,); asked in eval mode, afterwards in the mode it
            was in
    codes : int64 (n, columns); numbers : float (n, continuous); targets : float (n,); none of
            them changes
    column : int, the column of `numbers` to shuffle
    seed : int, for a torch.Generator of its own: record k gets the value of record randperm(n)[k]
    returns : float, the error with the column shuffled minus the error as it is
    """
    ### BEGIN SOLUTION
    mode = model.training
    model.eval()
    order = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed))
    shuffled = numbers.clone()
    shuffled[:, column] = numbers[order, column]
    with torch.no_grad():
        rise = (F.mse_loss(model(codes, shuffled), targets)
                - F.mse_loss(model(codes, numbers), targets))
    model.train(mode)
    return rise.item()
    ### END SOLUTION
# %% check="permutation_importance"
check("permutation_importance")
# %% [markdown] answers="9 10 P77"
# ## Would a narrow first layer choke? · at home
#
# Here is a worry. If the first layer is narrow, it has to squeeze everything through few numbers. Wouldn't it lean on the
# continuous columns and leave the rows of a large column untrained? And do many levels need many neurons?
#
# We predict the air time with 1, 2, 8 and 128 units, first from the flight, origin, hour and weekday, where only the
# flight knows where it goes; then with the distance as a number. To compare fairly, we look at each network at *equal
# loss*: after the first epoch in which its training error is below a mark. **What will the networks lean on?** Write
# `"flight"` or `"distance"`.
# %% guess="lean"
guess = {"2 units, without distance": None, "128 units, without distance": None,
         "2 units, with distance": None, "128 units, with distance": None}
# %%
def hidden_share(codes, share=0.05, seed=1):
    """A copy with a share of the first column's codes set to 0 (a coin for each)."""
    coins = torch.rand(len(codes), generator=torch.Generator().manual_seed(seed))
    return torch.column_stack([codes[:, 0].masked_fill(coins < share, 0), codes[:, 1:]])


def at_equal_loss(width, make=records, below=0.2, epochs=8, seed=0, **training):
    """Five networks, each looked at after the first epoch in which its training error is below a
    mark.

    returns : dict of lists for those that got there: minutes, flight, distance (rises), moved
        (levels,), rows (levels, dim); and silent, in how many of the five no unit is active for
        any record in the end
    """
    codes, numbers, targets = make(train, timetable, "air_time")
    codes, given = hidden_share(codes), make(later, timetable, "air_time")
    model = networks(timetable, continuous=numbers.shape[1], width=width, seed=seed)
    start, found = model.rows(0).detach().clone(), {}

    def look(epoch):
        below_now = (squared_errors(model, codes, numbers, targets) < below).tolist()
        fresh = [i for i, low in enumerate(below_now) if low and i not in found]
        if fresh:
            errors, flight = squared_errors(model, *given), rise(model, given, 0)
            distance = (rise(model, given, 0, part=1) if numbers.shape[1]
                        else torch.zeros(model.starts))
            rows = model.rows(0).detach().clone()
            for i in fresh:
                found[i] = {"minutes": train["air_time"].std(ddof=0) * errors[i].sqrt().item(),
                            "epoch": epoch,
                            "flight": flight[i].item(), "distance": distance[i].item(),
                            "moved": (rows[i] - start[i]).norm(dim=1), "rows": rows[i]}

        return len(found) == model.starts  # then it is over

    fit_all(model, codes, numbers, targets, epochs=epochs, after=look, **training)
    with torch.no_grad():
        silent = (model.units(codes, numbers).amax(dim=(1, 2)) == 0).sum().item()
    return {key: [one[key] for one in found.values()]
            for key in ("minutes", "epoch", "flight", "distance", "moved",
                        "rows")} | {"silent": silent}
# %%
widths = [1, 2, 8, 128]
choices = {"without distance": {}, "with distance": {"make": with_distance, "below": 0.06}}
looks = {(title, width): at_equal_loss(width, **options) for title, options in choices.items()
         for width in widths}
pd.DataFrame({key: {"of 5 got there": len(look["epoch"]), "silent": look["silent"],
                    "epochs": sorted(look["epoch"])}
              for key, look in looks.items()}).T
# %%
show(pictures.against_width(widths, {key: look["minutes"] for key, look in looks.items()},
                   {key: {"flight": look["flight"], "distance": look["distance"]}
                    for key, look in looks.items()}))
# %%
found = {key: max(("flight", "distance"), key=lambda name: sum(look[name]))
         for key, look in looks.items()}
marked("lean", guess,
       {f"{width} units, {title}": found[title, width] for title in choices for width in (2, 128)})
# %% [markdown]
# At equal loss the networks lean on the same column at 1 unit as at 128: on the flight where it alone knows the way, on the
# distance where that is offered. Thousands of levels did not need many neurons. What a narrow layer risks stands in the
# table, under "silent": in some networks of 1 or 2 units no unit is active for any record. ReLU makes 0 of all of them and
# passes no gradient, so nothing can wake them (*dead ReLUs*). The picture shows the survivors only.
#
# *What a network leans on is decided by what its columns know, and by which of them is quicker to learn.*
# %% [markdown] answers="10 P31"
# ### Were the rows trained? · at home
#
# Take each flight's row at the start and at equal loss, and measure how far it went. Beside that, count how often the
# flight was seen in training. SGD and Adam, narrow and wide, without the distance and with it. SGD needs many more epochs
# for the same loss. **Without the distance: how far does a row seen once or twice go, as a share of the way of one seen
# more than ten times?**
# %% guess="further"
guess = {"Adam": None, "SGD": None}
# %%
slow = {title: at_equal_loss(32, optimizer=SGD, lr=0.5, epochs=40, **options)
        for title, options in choices.items()}
paths = {}
for title, ending in (("without distance", ""), ("with distance", ", with distance")):
    paths[f"SGD, 32 units{ending}"] = slow[title]["moved"]
    paths |= {f"Adam, {width} units{ending}": looks[title, width]["moved"] for width in (2, 128)}
# (levels,)
seen = torch.bincount(hidden_share(encoded(train, timetable))[:, 0], minlength=levels["flight"])
groups = {"seen once or twice": (seen > 0) & (seen < 3), "more than ten times": seen > 10}
ways = pd.DataFrame({title: {"starts": len(moved)}
                     | {group: torch.stack(moved)[:, rows].median().item()
                                                      for group, rows in groups.items()}
                     for title, moved in paths.items()}).T
print("SGD took", sorted(slow["without distance"]["epoch"]), "epochs")
ways.assign(share=ways["seen once or twice"] / ways["more than ten times"]).round(4)
# %%
show(row_pictures.movement(seen[1:].tolist(),
                           {title.replace("units, ", "units,\n"): moved[0][1:].tolist()
                                               for title, moved in [*paths.items()][:4]}))
# %%
share = ways["seen once or twice"] / ways["more than ten times"]
marked("further", guess, {"Adam": round(share["Adam, 128 units"], 2),
                          "SGD": round(share["SGD, 32 units"], 2)}, near=0.25)
# %% [markdown]
# SGD took more than ten epochs for the loss that Adam reached in one to four, and under it frequency counts: a row seen
# once or twice went less than half as far as a common one, since each record is one pull. Adam divides by the size of the
# gradients (lesson 5), so under it a rare row goes nearly as far as a common one. With 2 units it is much the same as with
# 128: without the distance, the rows of the narrow network were trained.
#
# With the distance the loss is reached by way of the number, and under SGD the rows have hardly moved: common ones by a
# few thousandths, rare ones by less. Under Adam they moved nearly as far as before. But did they learn anything?
# %% [markdown] answers="10 P21 P38"
# ### What do the rows look like? · at home
#
# Learners asked to *see* the rows of such a column, in a simple and in a complex network. They have eight numbers, so we
# project them on the two directions of largest spread (lesson 6). The colour is the flight's distance, which no network
# was told. Beside the picture we need a number, since eyes find patterns anywhere: how much of the distance can a linear
# fit read off the two coordinates (R²)?
# %%
miles = train.groupby("flight")["distance"].mean().reindex(vocabularies["flight"][1:])
miles = torch.tensor(miles.to_numpy()).float()                                     # (levels − 1,)


def in_two(rows):
    """The flights' rows on their two directions of largest spread, (levels − 1, 2)."""
    left, sizes, _ = torch.linalg.svd(rows[1:] - rows[1:].mean(dim=0), full_matrices=False)
    return (left * sizes)[:, :2]


def probe(points):
    """R² of the best linear fit from two coordinates to the distance."""
    x = torch.cat([points, torch.ones(len(points), 1)], dim=1)
    left = miles - x @ torch.linalg.lstsq(x, miles.unsqueeze(1)).solution.squeeze(1)
    return (1 - left.square().mean() / miles.var(correction=0)).item()


loud = networks(timetable, width=128, std=1.0)
fit_all(loud, hidden_share(encoded(train, timetable)), *records(train, timetable, "air_time")[1:])
pictured = {"2 units": looks["without distance", 2]["rows"],
            "128 units": looks["without distance", 128]["rows"],
            "128 units, N(0, 1)": [*loud.rows(0).detach()]}
with_number = {f"{width} units, with distance": looks["with distance", width]["rows"]
               for width in (2, 128)}
probes = {title: [probe(in_two(rows)) for rows in tables]
          for title, tables in {**pictured, **with_number}.items()}
for title, values in probes.items():
    print(f"{title}: R²", [round(value, 2) for value in values])
show(row_pictures.rows_in_two({f"{title}\nR² {probes[title][0]:.2f}": in_two(tables[0]).tolist()
                  for title, tables in pictured.items()}, miles.tolist()))
# %% [markdown]
# Nobody told the networks the distance, and their flights line up by it, with 2 units as with 128. From N(0, 1) the picture
# is a ball: the noise of the start fills the directions that the loss doesn't need. *The start matters more to the picture
# than the width does.*
#
# The last two lines are of networks that got the distance as a number (not drawn). Behind 128 units their rows know next to
# nothing of it, behind 2 units a third to two thirds of it. So the worry that we began with is right in one thing: where a
# number says the same, the rows of a large column stay nearly unused. But it is the number that decides this here, not the
# narrowness: the wide layer ignores its rows even more.
# %% [markdown] answers="8 P28 P72"
# ## How many columns? · at home
#
# Where do the rules come from, and does the number matter? min(600, round(1.6 · levels^0.56)) is fast.ai's; Jeremy Howard
# fitted it to settings that had worked in practice. An older one of theirs says half the levels, at most 50. The fourth
# root of the levels was given in a Google developers' post on TensorFlow's feature columns in 2017, as "a general rule
# of thumb". None of them knows your data. And the logarithm, as in binary code, only says what it takes to tell levels
# apart, for which one column would do.
#
# Two tables to test them on: the airport map of lesson 6, where we know the truth, with every eighth route held out; and
# the flight column. **From how many columns on will more columns no longer help?**
# %% guess="elbow"
guess = {"map": None, "flight": None}
# %%
routes = mainland_routes(fewest=5)
names = pd.Index(sorted({*routes["a"], *routes["b"]}))
pairs = torch.tensor(routes[["a", "b"]].apply(names.get_indexer).to_numpy())       # (routes, 2)
km = torch.tensor(routes["km"].to_numpy()).float()                                 # (routes,)
held = torch.randperm(len(km), generator=torch.Generator().manual_seed(0)) < len(km) // 8
learn = (~held).nonzero().squeeze(1)  # the numbers of the other routes


def map_error(dim, at=pairs, starts=5, seed=0):
    """Median error in km on the held-out routes, (starts,), of maps in `dim` dimensions; `at`:
    which rows (routes, 2)."""
    torch.manual_seed(seed)
    table = nn.Embedding.from_pretrained(0.1 * torch.randn(int(at.max()) + 1, starts * dim),
                                         freeze=False)

    def miss(chosen):
        apart = table(at[chosen, 0]) - table(at[chosen, 1])  # (batch, starts · dim)
        return (apart.unflatten(1, (starts, dim)).square().sum(2)
                + 1e-12).sqrt() - km[chosen].unsqueeze(1) / 1000

    optimizer = torch.optim.Adam(table.parameters(), lr=0.8)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer,
                                                         70 * math.ceil(len(learn) / 64))
    for batch in [b for _ in range(70) for b in learn[torch.randperm(len(learn))].split(64)]:
        optimizer.zero_grad()
        miss(batch).square().mean(dim=0).sum().backward()
        optimizer.step()
        falling.step()
    with torch.no_grad():
        return miss(held).abs().median(dim=0).values * 1000


def flight_error(dim, starts=2, seed=0):
    """Error in minutes on later flights, (starts,), with `dim` columns for the flight."""
    model = Networks([levels[column] for column in timetable], [dim, 2, 2, 2], starts=starts,
                     seed=seed)
    codes, numbers, targets = records(train, timetable, "air_time")
    fit_all(model, hidden_share(codes), numbers, targets)
    return (train["air_time"].std(ddof=0)
            * squared_errors(model, *records(later, timetable, "air_time")).sqrt())
# %%
def rules(n):
    """Numbers of columns by rule of thumb."""
    return {"fourth root": round(n**0.25), "log2": round(math.log2(n)),
            "half, ≤ 50": min(50, (n + 1) // 2),
            "1.6 · n^0.56": min(600, round(1.6 * n**0.56))}


by_dim = {"map": {dim: map_error(dim).tolist() for dim in (1, 2, 3, 7, 21)},
          "flight": {dim: flight_error(dim).tolist() for dim in (1, 2, 8, 150)}}
show(pictures.sweep({f"the map, {len(names)} airports": (by_dim["map"], rules(len(names)),
                                                         "error, km", [1, 10, 100]),
            f"the flight, {levels['flight']:,} "
                     f"levels": (by_dim["flight"], rules(levels["flight"]), "error, minutes",
                                                         [50, 60, 70])}))
# %%
elbow = {title: next(dim for dim, errors in found.items()
                     if sorted(errors)[len(errors) // 2] < 1.5
                     * min(sorted(e)[len(e) // 2] for e in found.values()))
         for title, found in by_dim.items()}
marked("elbow", guess, elbow)
# %% [markdown]
# The map needs two columns: a place has two numbers, and distances can pin down no more. With one column the error is above
# 200 km; with two it is about 1 km in four of these five starts, and the fifth one folded, which is rare; with three none
# folded, since a row has room to pass others while training. More columns are slightly worse here. For the air time one
# column for the flight is as good as 150, because a flight's time is a single effect. No rule could know either from the
# number of levels. Here a table needed as many columns as its levels have independent effects. That is two cases, a model
# of distances and a single effect; for several effects behind a nonlinear network we haven't shown it. *A rule is where a
# sweep starts.*
#
# ## Exercise: `embedding_size` (1 point, 4 minutes) · at home
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
# %% [markdown] answers="P31"
# ## Rows against target means · at home
#
# From how many records on does a row beat the mean of its level? The rivals: always the overall mean; the mean of the
# flight's training records; and that mean *shrunken* towards the overall one, `(sum + k · mean) / (n + k)`, where k is the
# spread within flights divided by the spread between them (empirical Bayes). The rows come from networks that see the
# flight alone, after 1 epoch and after 12. We ask for both targets. **On which target will the rows after 1 epoch beat
# the plain mean of flights with one or two records?** Write `True` or `False`.
# %% guess="rows-or-means"
guess = {"air time": None, "delay": None}
# %%
def by_bins(target, bins, seed=0):
    """Errors in minutes on later flights by number of training records: a dict of rival → one
    error a bin."""
    codes, numbers, y = records(train, ["flight"], target)
    codes_later, numbers_later, truth = records(later, ["flight"], target)
    n = torch.bincount(codes[:, 0], minlength=levels["flight"])                    # (levels,)
    sums = torch.zeros(levels["flight"]).index_add_(0, codes[:, 0], y)  # the overall mean is 0
    means = sums / n.clamp(min=1)
    within = (y - means[codes[:, 0]]).square()[n[codes[:, 0]] > 1].sum() / (n[n > 1] - 1).sum()
    said = {"always the mean": torch.zeros(len(truth)),
            "the flight's mean": means[codes_later[:, 0]],
            "its mean, shrunken": (sums / (n + within / (1 - within)))[codes_later[:, 0]]}
    for epochs in (1, 12):
        model = fit_all(networks(["flight"], seed=seed), hidden_share(codes), numbers, y,
                        epochs=epochs)
        with torch.no_grad():
            # (starts, n)
            said[f"rows, {epochs} epoch" + "s" * (epochs > 1)] = model(codes_later, numbers_later)
    seen = n[codes_later[:, 0]]
    chosen = [(seen >= low) & (seen <= high) for low, high in bins]
    errors = {name: (guess - truth).square().reshape(-1, len(truth)).mean(dim=0)
              for name, guess in said.items()}
    return {name: [train[target].std(ddof=0) * error[these].mean().sqrt().item()
                   for these in chosen]
            for name, error in errors.items()}
# %%
bins = [(1, 2), (3, 4), (5, 8), (9, 16), (17, 32)]
by_count = {title: by_bins(column, bins)
            for title, column in (("air time", "air_time"), ("delay", "delay"))}
show(pictures.by_records(by_count, [f"{low} to {high}" for low, high in bins]))
# %%
marked("rows-or-means", guess, {title: found["rows, 1 epoch"][0] < found["the flight's mean"][0]
                                for title, found in by_count.items()})
# %% [markdown]
# Delays are noisy. A flight's own mean of one or two of them is far worse than saying the overall mean, and it needs more
# than sixteen records to come near. Rows after one epoch stay near the overall mean, as the shrunken means do; after 12
# epochs they are about as bad as the flights' own means. The air time is another matter: a flight's few records tell
# much, and after one epoch the rows haven't caught up with its mean, while after 12 they have.
#
# So a row is a mean that training has shrunk, the less the longer it ran. From how many records on it wins depends on the
# noise and on when you stop, and the shrunken mean, which needs no network, was never far behind the better of the two.
# %% [markdown] answers="P19 P52"
# ## What does it cost? · at home
#
# Is the table's size all it costs? And from how many levels on is an embedding worth it? Compute first. The flight goes
# into a first layer of 128 units, once one-hot, once through a table of 8 columns. A batch has 512 records, and a number
# takes 4 bytes. **How many weights does each way have, and how many bytes has the batch's input?**
# %% guess="cost"
guess = {"weights, one-hot": None, "weights, table": None, "bytes of the batch, one-hot": None,
         "bytes of the batch, codes": None}
# %%
n = levels["flight"]
marked("cost", guess, {"weights, one-hot": n * 128, "weights, table": n * 8 + 8 * 128,
                       "bytes of the batch, one-hot": 512 * n * 4,
                       "bytes of the batch, codes": 512 * 8})
# %% [markdown]
# One-hot needs fifteen times the weights and over a thousand times the bytes (a code is an `int64`, 8 bytes). And time?
# %%
table, wide, narrow = (nn.Embedding(n, 8), nn.Linear(n, 128, bias=False),
                       nn.Linear(8, 128, bias=False))
batch = encoded(train.head(512), ["flight"])[:, 0]
ways = {"one-hot": lambda: wide(F.one_hot(batch, n).float()),
        "table": lambda: narrow(table(batch))}
for name, forward in ways.items():
    forward().sum().backward()  # once to warm up
    start = time.perf_counter()
    for _ in range(5):
        forward().sum().backward()
    print(f"{name}: {(time.perf_counter() - start) / 5 * 1000:.2f} ms there and back")
# %% [markdown]
# The lookup skips the products with zero. Training also takes more memory than the weights:
# %%
large = nn.Embedding(100_000, 16)
optimizer = torch.optim.Adam(large.parameters())
large(torch.tensor([2, 3])).sum().backward()
optimizer.step()
memories = [value for value in optimizer.state[large.weight].values() if value.numel() > 1]
parts = {"weight": large.weight, "gradient": large.weight.grad,
         "Adam's memories": torch.stack(memories)}
print({name: f"{tensor.numel() * 4 / 2**20:.1f} MiB" for name, tensor in parts.items()})
# %% [markdown]
# That is four times the table, although only two rows were looked up. With millions of levels there are three ways out:
# sparse gradients (lesson 5), fewer levels (merge the rare ones), or several levels sharing rows, which comes next.
# %% [markdown] answers="P19"
# ## Hash embeddings in ten lines · at home
#
# 3,374 flights share 1,000 rows: each adds up two of them, chosen by two hash functions of its name, and two flights
# rarely share both. No vocabulary is needed. A new flight gets two rows as well, which others have trained.
# %%
class Hashed(nn.Module):
    """The sum of two rows for each name: hashes (n, 2) → (n, dim)."""

    def __init__(self, rows, dim):
        super().__init__()
        self.table = nn.Embedding(rows, dim)

    def forward(self, hashes):
        return self.table(hashes % len(self.table.weight)).sum(dim=1)


def hashes(names):
    """Two whole numbers for each name, (n, 2)."""
    return torch.tensor([[zlib.crc32(f"{name} {way}".encode()) for way in "ab"] for name in names])


def from_one_column(embedding, given, given_later, epochs=5, seed=0):
    """Error in minutes of the air time on later flights, known and unknown, from one column
    through this embedding."""
    torch.manual_seed(seed)
    for weight in embedding.parameters():
        nn.init.normal_(weight, std=0.1)
    model = nn.Sequential(embedding, nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1), nn.Flatten(0))
    optimizer, times = torch.optim.Adam(model.parameters(), lr=0.01), scaled(train, "air_time")
    for part in [b for _ in range(epochs) for b in torch.randperm(len(times)).split(512)]:
        optimizer.zero_grad()
        F.mse_loss(model(given[part]), times[part]).backward()
        optimizer.step()
    with torch.no_grad():
        left = (model(given_later) - scaled(later, "air_time")).square()
    return [round(train["air_time"].std(ddof=0) * left[these].mean().sqrt().item(), 1)
            for these in (encoded(later, ["flight"])[:, 0] > 0,
                          encoded(later, ["flight"])[:, 0] == 0)]


def hashed_or_not(seed):
    """Errors on known and on unknown flights, with a row for each flight and with 1,000 hashed
    rows."""
    codes = hidden_share(encoded(train, ["flight"]))[:, 0]
    return {"a row each": from_one_column(nn.Embedding(levels["flight"], 8), codes,
                                          encoded(later, ["flight"])[:, 0],
                                          seed=seed),
            "1,000 rows, hashed": from_one_column(Hashed(1000, 8), hashes(train["flight"]),
                                                  hashes(later["flight"]),
                                                  seed=seed)}

# %%
pd.DataFrame({f"known, unknown flights, start {seed}": hashed_or_not(seed) for seed in range(3)})
# %% [markdown]
# Less than a third of the numbers, and it has its price. Known flights, about 47 minutes off with a row each, are some
# minutes worse: three or four share each row. Unknown ones are far worse than with a trained row 0, and than the mean of
# 90: their two rows were trained by others, so the model is sure of something that isn't so. Hashing is for tables that
# would not fit otherwise.
# %% [markdown] answers="P43 P73"
# ## Is one-hot into a hidden layer not a table too? · at home
#
# It is: **a table as wide as the layer; with several columns their rows are added.** "No activation follows the lookup, so
# doesn't the table melt into the next layer?" It does, and the product tells what a narrow one is.
# %%
weight = wide.weight.detach().T                                                    # (levels, 128)
print("one-hot into the layer is a lookup:",
      torch.equal(weight[batch], wide(F.one_hot(batch, n).float())))
melted = (table.weight @ narrow.weight.T).detach()  # (levels, 8) @ (8, 128)
print("melted:", tuple(melted.shape), "of rank", torch.linalg.matrix_rank(melted).item())
wider = torch.randn(5, 20) @ torch.randn(20, 128)
print("five levels, twenty columns, melted: rank", torch.linalg.matrix_rank(wider).item())
# %% [markdown]
# A narrow table is a wide one of low rank, with far fewer numbers. And a table wider than its levels gains nothing in
# front of a linear layer: five rows span five directions at most.
#
# Guo and Berkhahn, whose paper made entity embeddings known (arXiv 1604.06737), put such a network on one-hot beside
# theirs. Here it is for both targets, with the codes as plain numbers and two rivals without a network:
# %%
def one_hot(codes):
    """One-hot rows of all columns side by side, (n, sum of levels)."""
    return torch.cat([F.one_hot(codes[:, j], levels[column]).float()
                      for j, column in enumerate(plain)], dim=1)


def contrast(target, epochs, seed=0):
    """Errors in minutes on later flights, five starts each: codes as numbers, one-hot, tables;
    and two rivals."""
    (codes, none, y), (codes_later, none_later, truth) = (records(part, plain, target)
                                                          for part in (train, later))
    mean, spread = codes.float().mean(dim=0), codes.float().std(dim=0)
    given = {"codes as numbers": [(part - mean) / spread for part in (codes, codes_later)],
             "one-hot": [one_hot(codes), one_hot(codes_later)]}
    off = {"always the mean": (-truth).square().mean().reshape(1)}
    means = train.groupby("dest")[target].mean()
    by_dest = later["dest"].map((means - train[target].mean())
                                / train[target].std(ddof=0)).fillna(0)
    off["mean of the destination"] = (torch.tensor(by_dest.to_numpy())
                                      - truth).square().mean().reshape(1)
    for name, (numbers, numbers_later) in given.items():
        model = fit_all(Networks([], [], numbers.shape[1], seed=seed), codes[:, :0], numbers, y,
                        epochs=epochs)
        off[name] = squared_errors(model, codes_later[:, :0], numbers_later, truth)
    off["tables"] = squared_errors(fit_all(networks(plain, seed=seed), codes, none, y,
                                           epochs=epochs), codes_later,
                                   none_later, truth)
    return {name: (train[target].std(ddof=0) * errors.sqrt()).tolist()
            for name, errors in off.items()}

# %%
contrasts = {"air time": contrast("air_time", 5), "delay": contrast("delay", 1)}
show(pictures.dots(contrasts, "error in minutes on later flights"))
# %% [markdown]
# For the air time the tables are as good as the destination's mean, and one-hot is close behind with three times the
# weights. Codes as numbers are lost: 100 destinations in the order of the alphabet mean nothing. For the delay all of them
# lie within a minute of the mean: it hangs on weather and traffic, which no column knows. An embedding can only bring out
# what its columns know about the target.
# %% [markdown] answers="P40"
# ## One table for two columns · at home
#
# Origin and destination have the same levels; may they share a table? The map did: both ends of a route were looked up in
# one. Here it is beside maps with a table for each end. A route has no direction, so which end goes into which table is
# up to us: by the alphabet, or by a coin.
# %%
coin = torch.rand(len(pairs), generator=torch.Generator().manual_seed(0)) < 0.5
flipped = torch.where(coin.unsqueeze(1), pairs.flip(1), pairs)
second = torch.tensor([0, len(names)])  # the second end's table stands below
# %%
maps = {"one table": map_error(2), "two, by the alphabet": map_error(2, pairs + second),
        "two, by a coin": map_error(2, flipped + second)}
print({title: [round(error, 1) for error in sorted(errors.tolist())]
       for title, errors in maps.items()}, "km")
shared = nn.Embedding(4, 1)
(shared(torch.tensor([2])) + 10 * shared(torch.tensor([2]))).sum().backward()
print("looked up by both columns:", shared.weight.grad[2].tolist())
# %% [markdown]
# You may, and here you should: with one table most starts reach about 1 km, with two tables, however the ends are dealt
# out, the middle one of five is worse. There are twice as many rows to tie down with the same routes. In a shared row both
# gradients add up, 1 + 10. Keep two where the roles differ: a runway's delays on departure need not be those on arrival.
# %% [markdown] answers="P44 P67"
# ## Which columns deserve a table? · at home
#
# Hours, yes or no, sizes: number or table? And may a number be cut into bins? We ask how much of the delay of later flights
# each way explains (R²). A table of one column is one-hot rows times a weight, and the best such weight comes from least
# squares, without training.
# %%
def explained(features):
    """R² on later flights of the best weights for features(frame), (n, k), found on the training
    part."""
    y, truth = scaled(train, "delay"), scaled(later, "delay")
    weights = torch.linalg.lstsq(features(train), y.unsqueeze(1), driver="gelsd").solution
    left = truth - (features(later) @ weights).squeeze(1)
    return 1 - (left.square().mean() / truth.var(correction=0)).item()


def hours(frame):
    """The scheduled hour as numbers (n,)."""
    return torch.tensor(frame["hour"].astype(int).to_numpy())


def two_nearest(frame):
    """Shares of the two nearest of the bins' edges 0, 6, 12, 18, 24, (n, edges 5)."""
    return (1 - (hours(frame).unsqueeze(1) / 6 - torch.arange(5)).abs()).clamp(min=0)


def jfk(frame):
    """1 for flights from JFK, 0 for others, (n,)."""
    return torch.tensor((frame["origin"] == "JFK").astype(int).to_numpy())
# %%
codings = {
    "hour, a number": lambda frame: torch.stack([hours(frame).float(), torch.ones(len(frame))],
                                                dim=1),
    "hour, a row each": lambda frame: F.one_hot(hours(frame), 24).float(),
    "hour, four bins": lambda frame: F.one_hot(hours(frame) // 6, 4).float(),
    "hour, between two rows": two_nearest,
    "carrier, a row each": lambda frame: F.one_hot(encoded(frame, ["carrier"])[:, 0],
                                                   levels["carrier"]).float(),
    "carrier, its code as a number": lambda frame: torch.stack(
        [encoded(frame, ["carrier"])[:, 0].float(), torch.ones(len(frame))], dim=1),
    "from JFK, a number": lambda frame: torch.stack([jfk(frame).float(), torch.ones(len(frame))],
                                                    dim=1),
    "from JFK, a row each": lambda frame: F.one_hot(jfk(frame), 2).float(),
}
pd.DataFrame({"R² on later flights": {name: round(explained(features), 3)
                                      for name, features in codings.items()}})
# %% [markdown]
# The delay grows through the day nearly as a line does: a number for the hour explains as much as a row for each. Bins lose
# what happens within them; a weighted mean of two neighbours' rows bridges that with five rows. Carriers have no order:
# their codes as a number explain nothing, a row for each does. Yes or no is the same either way, so it needs no table.
# None explains more than 2 % of the delay, and this is one split, so take it as a way to ask your own data. What we'd try
# first: *order that carries meaning: a number. Values that act each for themselves, with enough records: a table.*
#
# Three things are left out in this lesson. A class as target: one score for each class in the last layer, and cross-entropy
# for a loss. Missing numbers: put the training mean there, and add a column of 0 and 1 that says so. Rare levels: let all
# with fewer records than, say, five share one row.
# %% [markdown] answers="P17"
# ## Several categories in one record · at home
#
# An aircraft flew to several destinations: sum, mean, weights? Look them all up and take the mean of the rows.
# `nn.EmbeddingBag` does it in one go, and it is a row of shares times the matrix.
# %%
table = nn.Embedding(levels["dest"], 2)
bag = nn.EmbeddingBag.from_pretrained(table.weight, mode="mean")
visited = encoded(train[train["tailnum"] == "N328AA"], ["dest"])[:, 0]  # (flights,)
shares = F.one_hot(visited, levels["dest"]).float().mean(dim=0)  # (levels,)
for way in (table(visited).mean(dim=0), bag(visited.unsqueeze(0))[0], shares @ table.weight):
    print([round(number, 4) for number in way.tolist()])
table(visited).mean(dim=0).sum().backward()
print("shares of the gradient:",
      [round(row, 2) for row in table.weight.grad[shares > 0, 0].tolist()])
# %% [markdown]
# Three ways, one result; and each destination's row gets the gradient by its share. A mean forgets how many there were; a
# sum keeps it; and parts of a mixture have weights of their own, in five lines:
# %%
mix = nn.EmbeddingBag.from_pretrained(table.weight, mode="sum")
parts, weights = torch.tensor([[1, 2, 5]]), torch.tensor([[0.7, 0.2, 0.1]])  # (records 1, parts 3)
weighted = mix(parts, per_sample_weights=weights)
print("weighted:", torch.allclose(weighted, (weights.unsqueeze(2) * table(parts)).sum(dim=1)))
print("a mean is a sum with equal weights:",
      torch.allclose(bag(parts), mix(parts, per_sample_weights=weights * 0 + 1 / 3)))
# %% [markdown] answers="P65"
# ## Levels within levels · at home
#
# A flight belongs to a carrier. May the network use that? Give it both columns: their rows stand side by side, and an
# unknown flight still has its carrier's row. The other way is a row for the *pair*: two columns joined into one, with a
# level for each pair that occurs. Here are both, on the air time of later flights, known and unknown:
# %%
def nested(columns, frame_of=lambda frame: frame, seed=0):
    """Errors in minutes on later flights whose flight is known and unknown, five starts each."""
    codes, numbers, y = records(frame_of(train), columns, "air_time")
    given, model = records(frame_of(later), columns, "air_time"), networks(columns, seed=seed)
    fit_all(model, hidden_share(codes), numbers, y)
    unknown = encoded(later, ["flight"])[:, 0] == 0
    return {name: (train["air_time"].std(ddof=0)
                   * squared_errors(model, *(part[these] for part in given)).sqrt()).tolist()
            for name, these in (("known", ~unknown), ("unknown", unknown))}


def joined_pair(frame):
    """The carrier and the origin as one column, in the carrier's place."""
    return frame.assign(pair=frame["carrier"] + " " + frame["origin"])


vocabularies["pair"] = ["(unknown)", *sorted(joined_pair(train)["pair"].unique())]
levels["pair"], DIMS["pair"] = len(vocabularies["pair"]), 4
# %%
within = {"flight": nested(timetable),
          "flight, carrier": nested(["flight", "carrier", *timetable[1:]]),
          "carrier, origin": nested(["carrier", *timetable[1:]]),
          "the pair of them": nested(["pair", *timetable[2:]], joined_pair)}
show(pictures.dots({f"{part} flights": {name: found[part] for name, found in within.items()}
                    for part in ("known", "unknown")}, "error in minutes"))
# %% [markdown]
# The carrier's row helps unknown flights by more than ten minutes and known ones a little: the unknown flight is unknown,
# its carrier is not. Carrier and origin *without* the flight are a minute or two better still on unknown flights, since
# nothing leans on row 0 there, and much worse on known ones. Joining carrier and origin into one column of pairs gains
# nothing over having both side by side.
# %% [markdown]
# ## A clock that nobody drew · at home
#
# One more table whose truth we know: the 24 hours of the day. A network gets the row of the hour and the row of the
# month, and says what is normal in Seattle then. The rows have two numbers. **Before you run it: how will the
# 24 rows lie?**
# %%
normals = read_seattle_normals()
# %%
def clock(outcomes, seed):
    """Two numbers for each hour, (24, 2), learned from what is normal then: columns of the
    Seattle table."""
    means = normals.groupby([normals["date"].dt.month, normals["date"].dt.hour])[outcomes].mean()
    means = means - means.groupby(level=0).transform("mean")  # what the hour adds to its month
    targets = torch.tensor((means / means.std()).to_numpy()).float()  # (12 · 24, outcomes)
    torch.manual_seed(seed)
    hour, month = nn.Embedding(24, 2), nn.Embedding(12, 2)
    nn.init.normal_(hour.weight, std=0.1)
    network = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, len(outcomes)))
    optimizer = torch.optim.Adam([*hour.parameters(), *month.parameters(), *network.parameters()],
                                 lr=0.02)
    for _ in range(250):
        optimizer.zero_grad()
        rows = torch.cat([hour.weight.repeat(12, 1), month.weight.repeat_interleave(24, dim=0)],
                         dim=1)
        F.mse_loss(network(rows), targets).backward()
        optimizer.step()
    return hour.weight.detach()
# %%
def in_order(rows):
    """For how many hours the nearest other row is the hour before or after."""
    nearest = (torch.cdist(rows, rows) + 1e9 * torch.eye(24)).argmin(dim=1)
    return sum((near - hour) % 24 in (1, 23) for hour, near in enumerate(nearest.tolist()))
# %%
given = {"temperature": ["temperature"],
         "temperature, pressure, wind": ["temperature", "pressure", "wind"]}
clocks = {title: [clock(outcomes, seed) for seed in range(3)] for title, outcomes in given.items()}
print("of 24 hours, nearest to the one before or after:")
print({title: [in_order(rows) for rows in runs] for title, runs in clocks.items()})
show(row_pictures.hours_loop({title: runs[0].tolist() for title, runs in clocks.items()}))
# %% [markdown]
# From temperature alone the loop is bent and crosses itself: ten in the morning and eight in the evening can be equally
# warm, and what the target doesn't tell apart the rows needn't either. Told pressure and wind as well, the hours lie on a
# closed loop in order, for all three starts. Nobody said that 23 is next to 0.
#
# *Rows are as alike as what they have to explain.*
