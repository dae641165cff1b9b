# ---
# jupyter:
#   lesson:
#     edition: 2
#     minutes: 55
#     points: 10
# ---
# %% [markdown] slide="slide" answers="7"
# # Can I train it once and use it elsewhere?
#
# **55 minutes, 3 exercises, three more at home.** "Could I train embeddings separately, or reuse the learned ones in
# another application with the same categories?" You can: a learned table is a list of names with numbers, and it travels.
# This lesson measures when that pays, and when something plainer does as well. When you are through, you can
# - start a network with rows that another network learned, and prove that frozen rows stay;
# - keep names and rows together through saving, loading, and names that nobody has seen before;
# - hand learned rows to neighbours, forests and boosted trees, and name the rivals that they have to beat.
# %%
import io

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import SGD, Adam, AdamW

from embedding_course import check, marked, passed
from embedding_course.airport_map import airport_map
from embedding_course.data import read_airports, read_flights
from embedding_course.figures import show
from embedding_course.maps import flat_map
from embedding_course.pictures import reuse as pictures
from embedding_course.rows import take_step

torch.set_num_threads(1)
# %% [markdown] answers="P47"
# ## The map of 2001
#
# Lesson 6 learned two numbers for each airport, from nothing but distances flown in 2001. We take that table along:
# its names, and its rows.
# %%
vocabulary, map_rows = airport_map()                        # list of names, float (levels, dim 2)
print(len(vocabulary), "names,", tuple(map_rows.shape), "numbers")
print(vocabulary[:3], "→", map_rows[:3].numpy().round(2).tolist())
# %% slide="slide"
show(pictures.the_map(map_rows, vocabulary,
                      ["JFK", "ATL", "ORD", "DFW", "LAX", "SFO", "SEA", "MIA", "DEN", "BOS"]))
# %% [markdown] slide="notes"
# It is the map again, at some arbitrary angle. No name is stored in the table: row i belongs to entry i of the
# vocabulary, and only the order says so. Row 0 is for names that the vocabulary lacks. It has numbers like the others,
# but no flight ever trained it.
#
# ## Copied? Frozen?
#
# `nn.Embedding.from_pretrained` makes a layer from numbers that you have already. **Before you run it: does the layer
# copy them, and can it be trained?** Write `True` or `False`.
# %% slide="fragment" guess="from-pretrained"
guess = {"copies": None, "trains": None}
# %% [markdown] answers="P23"
# To find out, we change a number in the source afterwards and ask the layer.
# %% slide="fragment"
source = torch.zeros(3, 2)
layer = nn.Embedding.from_pretrained(source)
source[0, 0] = 99
print("the layer's row 0:", layer.weight[0].tolist())
marked("from-pretrained", guess,
       {"copies": layer.weight[0, 0].item() != 99, "trains": layer.weight.requires_grad})
# %% [markdown] slide="notes"
# Neither. The layer shares the memory of the tensor that you gave it, so the 99 is there as well; and unless you say
# `freeze=False`, its weight doesn't ask for gradients.
#
# ## Exercise: `warm_start` (1 point, 4 minutes)
#
# Make a layer from ready-made rows, with its own copy of them. `warm_start(weight, freeze=True)` holds the same numbers
# and can't be trained; with `freeze=False` it can. `weight` may be a parameter of another model.
#
# Decide first: if that other model goes on training, what should your layer say?
# %% exercise="warm_start"
def warm_start(weight, freeze):
    """An embedding layer that begins with ready-made rows.

    weight : float (levels, dim); it may be a parameter
    freeze : bool
    returns : nn.Embedding with its own copy of the values, without padding row or norm limit; its
        weight requires gradients unless `freeze`
    """
    ### BEGIN SOLUTION
    return nn.Embedding.from_pretrained(weight.detach().clone(), freeze=freeze)
    ### END SOLUTION
# %% check="warm_start"
check("warm_start")
# %% [markdown] answers="P55 7"
# ## Thirty flights
#
# Twelve years later, in New York, somebody asks another question: how long will this flight be in the air? A new model
# answers it with the old rows: hours = slope · distance between two rows + start.
# %%
class AirTime(nn.Module):
    """Hours in the air: a straight line on the distance between the rows of two airports."""

    def __init__(self, table):
        super().__init__()
        self.table, self.slope, self.start = (table, nn.Parameter(torch.tensor(1.0)),
                                              nn.Parameter(torch.tensor(0.0)))

    def forward(self, origin, dest):                        # codes (n,) each → hours (n,)
        return self.slope * (self.table(origin) - self.table(dest)).norm(dim=1) + self.start
# %%
def codes(names, vocabulary):
    """The code of each name, int64 (n,); 0 for names that the vocabulary lacks."""
    code_of = {name: code for code, name in enumerate(vocabulary)}
    return torch.tensor([code_of.get(name, 0) for name in names])


nyc = read_flights().sample(frac=1, random_state=7)         # the flights of 2013, shuffled
flights = nyc[nyc["dest"].isin(vocabulary)]                 # to destinations on the map
origin, dest = (codes(flights[end], vocabulary) for end in ("origin", "dest"))   # (flights,) each
hours = torch.tensor(flights["air_time"].to_numpy() / 60).float()
print(f"{len(flights):,} flights to {flights['dest'].nunique()} destinations, "
      f"{60 * hours.mean():.0f} minutes on average")
# %% [markdown]
# The rows can start in three ways. *From scratch*: small random rows, trained together with the line. *Frozen*: the rows
# of the map, which stay; only the line is trained. *Fine-tuned*: the rows of the map, which go on learning in small steps.
# %%
def trained(way, records, seed):
    """An AirTime model after 120 steps of Adam on some flights, given by their positions (n,)."""
    torch.manual_seed(seed)
    rows = 0.1 * torch.randn_like(map_rows) if way == "from scratch" else map_rows.clone()
    model = AirTime(nn.Embedding.from_pretrained(rows, freeze=way == "frozen"))
    rate = 0.1 if way == "from scratch" else 0.005
    optimizer = Adam([{"params": [model.slope, model.start], "lr": 0.05},
                      {"params": model.table.parameters(), "lr": rate}])
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 120)  # the rates sink to zero
    for _ in range(120):
        batch = records[torch.randint(len(records), (min(len(records), 256),))]
        optimizer.zero_grad()
        F.mse_loss(model(origin[batch], dest[batch]), hours[batch]).backward()
        optimizer.step()
        schedule.step()
    return model
# %% [markdown]
# Beside them two rivals that need no table: for each destination its mean in the training flights, and a straight line on
# the column `distance`, which this data happens to have. All are judged on the same 3,000 flights, which none trains on.
# %%
def minutes_off(records, seed):
    """Mean absolute error of each way after training on these flights: {way: minutes}."""
    seen, asked = flights.iloc[records.numpy()], flights.iloc[:3000]
    means = seen.groupby("dest")["air_time"].mean()
    said = {way: 60 * trained(way, records, seed)(origin[:3000], dest[:3000]).detach().numpy()
            for way in ("from scratch", "frozen", "fine-tuned")}
    said["destination means"] = asked["dest"].map(means).fillna(seen["air_time"].mean())
    said["line on distance"] = np.polyval(np.polyfit(seen["distance"], seen["air_time"], 1),
                                          asked["distance"])
    return {way: (minutes - asked["air_time"]).abs().mean() for way, minutes in said.items()}
# %% [markdown] slide="slide"
# **Before you run it: by how many minutes will each be off, after thirty flights?** A guess within a quarter counts.
# %% guess="thirty"
guess = {"from scratch": None, "frozen": None, "destination means": None, "line on distance": None}
# %% slide="fragment"
sizes, drawn = [30, 100, 300, 1000, 10_000], {}
for seed in range(4):                                       # four draws of training flights
    chance = torch.Generator().manual_seed(seed)
    drawn[seed] = 3000 + torch.randperm(len(flights) - 3000, generator=chance)
curves = pd.DataFrame([{"flights": n, "draw": seed, **minutes_off(drawn[seed][:n], seed)}
                       for n in sizes for seed in drawn])
marked("thirty", guess, curves[curves["flights"] == 30][list(guess)].mean().round(1).to_dict(),
       near=0.25)
# %% slide="subslide"
curves.groupby("flights").mean().drop(columns="draw").round(1)
# %% slide="subslide"
show(pictures.learning_curves(curves))
# %% [markdown] slide="slide"
# After thirty flights the frozen map is off by about nine minutes, since only a line with two numbers was left to learn.
# Fine-tuned it is a little worse: it bends the map to fit thirty flights, their winds and detours included. From scratch
# is lost, because thirty flights reach only some of the 78 destinations. With 1,000 flights fine-tuning has caught up with
# the frozen map, and with 10,000 it is level with the means.
#
# Now the rivals. A line on `distance` does as well as the frozen map, from the first flight to the last: distance
# is what the map has learned, and here a column says it. If you own such a column, use it. Destination means need no
# network at all, and they are as good as the network from scratch, or better. (The split is at random across the year; for
# a model of tomorrow, split by time, lesson 7.)
#
# *With little data, freeze; with more, fine-tune; and first ask what a plain column or a mean would do.* (Freezing paid
# here because the old target is akin to the new one.)
#
# ## The witness · at home
#
# Do frozen rows really stay? If your check passed, the row watcher now looks at two layers that *your* `warm_start` made,
# while each model takes one step on three flights.
# %% slide="fragment"
if passed("warm_start"):
    three = torch.tensor([0, 1, 2])
    for freeze in (True, False):
        model = AirTime(warm_start(map_rows, freeze))
        optimizer = Adam(model.parameters(), lr=0.005)
        F.mse_loss(model(origin[three], dest[three]), hours[three]).backward()
        looked_up = torch.cat([origin[three], dest[three]])
        print(f"freeze={freeze}, gradient of the slope {model.slope.grad:.2f}")
        print(take_step(model.table, vocabulary, looked_up, optimizer.step), "\n")
# %% [markdown] slide="slide"
# In both models the line has a gradient and moves. With `freeze=True` no row of the table does. With `freeze=False` the
# rows of the airports in the batch do, each number by 0.005: in its first step Adam goes as far as the learning rate,
# whatever the gradient's size (lesson 5).
#
# ## Another vocabulary
#
# New York's flights of 2013 go to places that the map lacks, and the map has places that nobody flies to from there.
# %% slide="fragment"
new_vocabulary = ["(unknown)", *sorted({*nyc["origin"], *nyc["dest"]})]
print(len(vocabulary), "rows on the map,", len(new_vocabulary), "wanted,",
      len({*vocabulary} & {*new_vocabulary}), "shared")
# %% [markdown] slide="subslide" answers="P3"
# A table of another height can't be loaded: PyTorch says `size mismatch`. That is the harmless case. Suppose that somebody
# makes the vocabulary anew and it has the *same* length, by accident: Anchorage has come in and the last airport has gone.
#
# **Before you run it: will loading raise an error? And by how many minutes will the predictions be off?**
# %% guess="refitted"
guess = {"raises": None, "minutes off": None}
# %% slide="fragment"
refitted = ["(unknown)", *sorted({*vocabulary[1:-1], "ANC"})]
model = trained("frozen", drawn[0][:1000], seed=0)
model.table.load_state_dict({"weight": map_rows})           # the old rows, for `refitted`
off = {}
for title, names in {"old": vocabulary, "new": refitted}.items():
    said = model(codes(flights["origin"][:3000], names), codes(flights["dest"][:3000], names))
    off[title] = round(60 * (said - hours[:3000]).abs().mean().item())
print("minutes off, by vocabulary:", off)
marked("refitted", guess, {"raises": False, "minutes off": off["new"]}, near=0.25)
# %% [markdown] slide="fragment"
# No error, and every airport after Anchorage now has the row of its neighbour in the alphabet. *A row belongs to a
# position, not to a name.* So carry rows over by name. Places that the map lacks start in the middle of the map, each
# a little beside the others.
# %% slide="subslide"
torch.manual_seed(1)
start = map_rows[1:].mean(dim=0) + 0.1 * torch.randn(len(new_vocabulary), 2)
for name in {*vocabulary} & {*new_vocabulary}:
    start[new_vocabulary.index(name)] = map_rows[vocabulary.index(name)]
model = AirTime(nn.Embedding.from_pretrained(start.clone(), freeze=False))
optimizer = Adam(model.parameters(), lr=0.01)
records = nyc.tail(10_000)
ends = [codes(records[end], new_vocabulary) for end in ("origin", "dest")]        # (10,000,) each
looked_up = torch.zeros(len(new_vocabulary), dtype=torch.bool)
for _ in range(1000):
    batch = torch.randint(len(records), (256,))
    minutes = torch.tensor(records["air_time"].to_numpy()[batch.numpy()]).float()
    optimizer.zero_grad()
    F.mse_loss(model(ends[0][batch], ends[1][batch]), minutes / 60).backward()
    optimizer.step()
    looked_up[torch.cat([ends[0][batch], ends[1][batch]])] = True
# %% slide="subslide"
moved = (model.table.weight != start).any(dim=1)
print(moved.sum().item(), "rows moved, the looked-up ones alone:", torch.equal(moved, looked_up))
unseen = nyc.head(20_000)
said = {"your model": 60 * model(*(codes(unseen[end], new_vocabulary)
                                   for end in ("origin", "dest"))).detach().numpy(),
        "destination means": unseen["dest"].map(records.groupby("dest")["air_time"].mean())}
off_unseen = pd.DataFrame({way: (minutes - unseen["air_time"]).abs()
                           for way, minutes in said.items()})
off_unseen.groupby(np.where(unseen["dest"].isin(vocabulary), "on the map", "new")).mean().round(1)
# %% [markdown] slide="slide"
# Rows that were looked up moved, whether they came from the map or were new. The others stayed to the last bit: no lookup,
# no gradient, and nothing that Adam could have remembered (lesson 5). On flights that nobody trained on, places of the map
# and new ones are both about nine minutes off, as destination means are. So two vocabularies may overlap in part: shared
# names bring their rows along, and the new ones learn, given steps enough. (Try 300.)
#
# ## Into production
#
# So the names must travel with the rows, into every file and out of it. PyTorch has a place for that: what a module's
# `get_extra_state` returns is saved with its `state_dict`, and on loading `set_extra_state` gets it back. There we check
# that names and rows belong together.
# %% slide="subslide"
class NamedTable(nn.Embedding):
    """A table that takes the names of its rows into every file and refuses rows of other names."""

    def __init__(self, vocabulary, dim):
        super().__init__(len(vocabulary), dim)
        self.vocabulary = list(vocabulary)

    def get_extra_state(self):  # state_dict() keeps it beside the weight
        return self.vocabulary

    def set_extra_state(self, saved):                       # load_state_dict() hands it back
        if saved != self.vocabulary:
            raise ValueError("these rows belong to other names, or stand in another order")
# %% [markdown]
# Our service is the frozen model with such a table. Row 0 gets numbers on purpose, the middle of the map, since no flight
# ever trained it. Then all of it goes into one file and comes out again, into a model that is built from the file alone.
# %%
line = trained("frozen", drawn[0][:1000], seed=0)
service = AirTime(NamedTable(vocabulary, 2))
service.load_state_dict({**line.state_dict(), "table._extra_state": vocabulary})
with torch.no_grad():
    service.table.weight[0] = map_rows[1:].mean(dim=0)
file = io.BytesIO()                                         # stands in for a file on disk
torch.save(service.state_dict(), file)
# %% slide="fragment"
file.seek(0)
state = torch.load(file, weights_only=True)                 # numbers and names, no code
service = AirTime(NamedTable(state["table._extra_state"], 2))
service.load_state_dict(state)
print("row 1 is", service.table.vocabulary[1], service.table.weight[1].detach().numpy().round(2))
try:
    AirTime(NamedTable(refitted, 2)).load_state_dict(state)
except ValueError as error:
    print("refused:", error)
# %% [markdown] answers="P3 P2"
# The vocabulary of equal length, which went through without a word before, is refused now. A model with several such
# tables saves them all, each with its names. If its numbers were standardised (lesson 7), save their means, spreads and
# order too.
#
# ## Exercise: `lookup_names` (1 point, 4 minutes)
#
# In service, names come in as they are: new ones, and missing ones too. Give each name its row, and row 0 to all that the
# vocabulary lacks. Rows `[[9], [1], [3]]` with the vocabulary `["(unknown)", "ATL", "BOS"]` and the names
# `["BOS", None, "SJU"]` make `[[3], [9], [9]]`. If weight and vocabulary differ in length, raise `ValueError`.
#
# Decide first: a missing value may be `None`, NaN or `pd.NA`. What does `pd.NA == "ATL"` say?
# %% exercise="lookup_names"
def lookup_names(weight, vocabulary, names):
    """The rows of some names.

    weight : float (levels, dim)
    vocabulary : list of level names, one a row; row 0 is for all that it lacks
    names : any iterable of n texts and missing values (None, NaN, pd.NA), such as a list, a
            generator or a Series
    returns : float (n, dim)
    raises : ValueError if there are more or fewer rows than names in the vocabulary
    """
    ### BEGIN SOLUTION
    if len(weight) != len(vocabulary):
        raise ValueError(f"{len(weight)} rows for {len(vocabulary)} names")
    code_of = {name: code for code, name in enumerate(vocabulary)}
    return weight[[code_of.get(name, 0) for name in names]]
    ### END SOLUTION
# %% check="lookup_names"
check("lookup_names")
# %% [markdown] answers="P2"
# If your check passed, your function now answers for the service: `predict` takes a frame and returns it with its answers.
# It also says whether it knew the names. San Juan (SJU) isn't on the map.
# %% slide="subslide"
if passed("lookup_names"):
    def predict(frame):
        """The frame with minutes in the air, and whether both airports are known."""
        rows = [lookup_names(service.table.weight.detach(), service.table.vocabulary, frame[end])
                for end in ("origin", "dest")]              # (n, dim 2) each
        hours = service.slope.item() * (rows[0] - rows[1]).norm(dim=1) + service.start.item()
        known = frame[["origin", "dest"]].isin(service.table.vocabulary).all(axis=1)
        return frame.assign(minutes=(60 * hours).round().tolist(), known=known)

    print(predict(pd.DataFrame({"origin": ["JFK", "EWR", "LGA", "JFK"],
                                "dest": ["LAX", "BOS", None, "SJU"]})))
    flown = nyc.query("origin == 'JFK' and dest in ['LAX', 'SJU']")
    flown = flown.groupby("dest")["air_time"].mean()
    print("flown from JFK:", flown.round().to_dict())
# %% [markdown] slide="slide" answers="P20 7"
# The service answers every question, even where it can't know: a missing destination and San Juan both get row 0, the
# middle of the map. `known` tells the caller so. Without that column nobody would see the difference.
#
# ## Columns for any other model
#
# A forest or boosted trees know no tables and no gradients. They take columns. So replace each name by the numbers of its
# row: one learned table for each column of names, and rows found by name.
#
# ## Exercise: `replace_codes` (2 points, 8 minutes)
#
# `table` holds the rows of a table as a frame: the names are its index, the columns are `dim_0`, `dim_1`, …
# A column of names in `frame` gives way to the columns of its rows, in its place: from `dest` with a table of two dims come
# `dest_dim_0` and `dest_dim_1`. Names that the table lacks, and missing values, get the row `"(unknown)"`. Other columns,
# the order of the rows and the index stay. A column that isn't there raises `KeyError`.
#
# Decide first: the index of `frame` may hold the same label twice. What does a `join` or `merge` make of that, and of
# the order?
# %% exercise="replace_codes"
def replace_codes(frame, column, table):
    """The frame with a column of level names replaced by the numbers of their rows.

    frame : DataFrame; its index may repeat
    column : name of a column that holds level names (text) or missing values
    table : DataFrame indexed by level, with a row "(unknown)", columns dim_0, dim_1, …
    returns : a new DataFrame, `column` replaced in its place by `<column>_dim_0`, …
    raises : KeyError if the frame has no such column
    """
    ### BEGIN SOLUTION
    names = [name if name in table.index else "(unknown)" for name in frame[column]]
    rows = table.loc[names].add_prefix(f"{column}_").set_axis(frame.index)
    place = frame.columns.get_loc(column)
    return pd.concat([frame.iloc[:, :place], rows, frame.iloc[:, place + 1:]], axis=1)
    ### END SOLUTION
# %% check="replace_codes"
check("replace_codes")
# %% [markdown]
# ## How the table of rivals is made · at home
#
# Run these cells and go on to the next section; read them at home. The models come from scikit-learn, which this lesson
# alone uses.
# %%
try:
    from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
    from sklearn.linear_model import LinearRegression
    from sklearn.neighbors import KNeighborsRegressor
    from sklearn.preprocessing import TargetEncoder
    from threadpoolctl import threadpool_limits
    HAVE_SKLEARN = True
except ImportError:
    HAVE_SKLEARN = False
    print("scikit-learn is missing. Install it with: pip install scikit-learn, "
          "then restart the kernel.")
    print("All else runs without it, and the text tells what these cells show.")
# %% [markdown]
# Air time again, now from six columns of words and whole numbers: origin, destination, carrier, month, hour and day of
# the week, without the distance. Training on days 1 to 21 of each month, judging on 2,000 flights of the later days. (So
# every month is known, which a split by date wouldn't grant; here it is kind to all codings alike.) Vocabularies, means and
# rows see the training flights only; a level that these lack gets code 0.
# %%
COLUMNS, DIMS = ["origin", "dest", "carrier", "month", "hour", "weekday"], [2, 8, 4, 4, 4, 2]
dated = nyc.assign(weekday=pd.to_datetime(nyc[["month", "day"]].assign(year=2013)).dt.day_of_week)


def sample(seed, n):
    """n flights to train on and 2,000 to judge on, and the codes of both, int64 (flights, columns
    6)."""
    parts = [dated[dated["day"] <= 21].sample(n, random_state=seed),
             dated[dated["day"] > 21].sample(2000, random_state=seed)]
    names = {column: ["(unknown)", *sorted(parts[0][column].unique())] for column in COLUMNS}
    return (*parts, *(torch.stack([codes(part[column], names[column]) for column in COLUMNS],
                                  dim=1) for part in parts))
# %% [markdown]
# Two networks with one hidden layer of 64. One looks rows up in a table for each column, the other takes one-hot columns
# as they are (and so owns a table of width 64 without calling it so, lesson 7).
# %%
class Tables(nn.Module):
    """A table for each column, the rows side by side, one hidden layer, one number out."""

    def __init__(self, cardinalities, dims):
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(*size)
                                    for size in zip(cardinalities, dims, strict=True))
        self.layers = nn.Sequential(nn.Linear(sum(dims), 64), nn.ReLU(), nn.Linear(64, 1))
        for table in self.tables:
            nn.init.normal_(table.weight, std=0.1)

    def columns(self, codes):                               # (n, columns) → (n, sum of dims)
        return torch.cat([table(codes[:, j]) for j, table in enumerate(self.tables)], dim=1)

    def forward(self, codes):                               # → (n,)
        return self.layers(self.columns(codes)).squeeze(1)


class OneHot(Tables):
    """The same with one-hot columns in the place of looked-up rows."""

    def __init__(self, cardinalities):
        super().__init__(cardinalities, cardinalities)

    def columns(self, codes):                               # (n, columns) → (n, sum of levels)
        return torch.cat([F.one_hot(codes[:, j], table.num_embeddings)
                          for j, table in enumerate(self.tables)], 1).float()
# %%
def learn(model, codes, targets, steps=150):
    """Trains a model in place on codes (n, columns) and targets (n,), with Adam and a rate that
    sinks to zero."""
    optimizer = Adam(model.parameters(), lr=0.02)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        batch = torch.randint(len(codes), (256,))
        optimizer.zero_grad()
        F.mse_loss(model(codes[batch]), targets[batch]).backward()
        optimizer.step()
        schedule.step()
    return model
# %% [markdown]
# Five codings that any model takes: *codes*; *one-hot*; *random rows*, which nobody trained, as a control; *target
# encoding*, scikit-learn's: the mean target of each level, drawn towards the mean of all where a level has few records,
# and in training always computed on other records than the one it stands for; *learned rows*, those of the network.
# %%
def codings(training, held, minutes, seed):
    """Five codings, {name: (training columns, held-out columns)}, and the two networks,
    {name: model}."""
    torch.manual_seed(seed)
    np.random.seed(seed)  # TargetEncoder shuffles by NumPy's global generator
    levels = (training.max(dim=0).values + 1).tolist()
    scaled = torch.tensor((minutes - minutes.mean()) / minutes.std()).float()
    networks = {"tables": learn(Tables(levels, DIMS), training, scaled),
                "one-hot": learn(OneHot(levels), training, scaled)}
    random, hot = Tables(levels, DIMS), OneHot(levels)
    encoder = TargetEncoder(target_type="continuous")
    # In float64: in float32 a line on one-hot columns, which add up to 1, is far off in some draws
    both = {name: (columns(training).detach().double(), columns(held).detach().double())
            for name, columns in
            {"one-hot": hot.columns, "random rows": random.columns,
             "learned rows": networks["tables"].columns}.items()}
    means = encoder.fit_transform(training, minutes), encoder.transform(held)
    return {"codes": (training, held), **both, "target encoding": means}, networks
# %% [markdown]
# Target encoding is careful about a record's own target. Learned rows aren't: they come from the same flights on which the
# models are then fitted. Only the judging flights are new to both.
#
# The models have scikit-learn's defaults, but for the size of the forest; the network's rate and steps were chosen by hand,
# which is an advantage. Tuning counts: smaller leaves and more trees would help boosted trees on codes a lot. So they come
# twice more. *Native categories*: they split a column's levels into two groups as they like, whatever their codes.
# *Tuned*: only origin, destination and carrier are target-encoded, so that month, hour and weekday keep their order, and
# the rate is half the default.
# %%
def regressors(seed):
    """The models by name, fresh ones."""
    return {"10 nearest neighbours": KNeighborsRegressor(10), "straight line": LinearRegression(),
            "random forest": RandomForestRegressor(10, min_samples_leaf=3, random_state=seed),
            "boosted trees": HistGradientBoostingRegressor(random_state=seed)}


def predictions(seed, n):
    """What each (model, coding) says for the held-out flights, and the truth: {(model, coding):
    minutes}, minutes."""
    early, late, training, held = sample(seed, n)
    minutes = early["air_time"].to_numpy(float)
    coded, networks = codings(training, held, minutes, seed)
    said = {("network", name): network(held).detach().numpy() * minutes.std() + minutes.mean()
            for name, network in networks.items()}
    for coding, (seen, asked) in coded.items():
        for model, regressor in regressors(seed).items():
            said[model, coding] = regressor.fit(np.asarray(seen),
                                                minutes).predict(np.asarray(asked))
    native = HistGradientBoostingRegressor(random_state=seed, categorical_features=list(range(6)))
    said["boosted trees", "native categories"] = native.fit(training, minutes).predict(held)
    seen, asked = (np.column_stack([means[:, :3], part[:, 3:]])
                   for means, part in zip(coded["target encoding"], (training, held), strict=True))
    slower = HistGradientBoostingRegressor(random_state=seed, learning_rate=0.05)
    said["boosted trees", "tuned"] = slower.fit(seen, minutes).predict(asked)
    seen, asked = (np.column_stack([part, flown["distance"]])
                   for part, flown in ((training, early), (held, late)))
    trees = regressors(seed)["boosted trees"].fit(seen, minutes)
    said["boosted trees", "codes and distance"] = trees.predict(asked)
    line = LinearRegression().fit(seen[:, -1:], minutes)
    said["straight line", "distance alone"] = line.predict(asked[:, -1:])
    means = early.groupby("dest")["air_time"].mean()
    said["no model", "destination means"] = late["dest"].map(means).fillna(minutes.mean())
    return said, late["air_time"].to_numpy()
# %%
def study(seeds, sizes):
    """How many minutes each model is off with each coding: a frame, one line a fit."""
    lines = []
    for n in sizes:
        for seed in seeds:
            said, truth = predictions(seed, n)
            lines += [(n, seed, *pair, abs(minutes - truth).mean())
                      for pair, minutes in said.items()]
    return pd.DataFrame(lines, columns=["flights", "seed", "model", "coding", "minutes off"])
# %% [markdown]
# ## The table of rivals
#
# If your check passed, ten nearest neighbours now predict air times from the four columns that your function makes of
# origin and destination.
# %% slide="subslide"
if passed("replace_codes") and HAVE_SKLEARN:
    table = pd.DataFrame(map_rows.tolist(), vocabulary, ["dim_0", "dim_1"])
    columns = flights[["origin", "dest"]].head(6000)
    for end in ("origin", "dest"):
        columns = replace_codes(columns, end, table)
    print(columns.head(2).round(2))
    numbers, minutes = columns.to_numpy(), flights["air_time"].to_numpy()
    said = KNeighborsRegressor(10).fit(numbers[3000:], minutes[3000:6000]).predict(numbers[:3000])
    print(f"off by {abs(said - minutes[:3000]).mean():.1f} minutes")
# %% [markdown] slide="slide"
# That works, since neighbours on the map are neighbours in the air. But is it the rows, or would any coding do? Now every
# model gets six columns of names, without the distance, in each coding (the section above holds the code): as plain
# *codes*, as *one-hot* columns, as *random rows* that nobody trained, by *target encoding* (each level's mean target, drawn
# towards the mean of all where records are few), and as *learned rows*. All but the network have scikit-learn's defaults;
# boosted trees come with *native categories* and *tuned* as well. Three draws of 3,000 training flights, and three of 300.
#
# **Before you run it: which coding is best for each model, on 3,000 flights?** Write `"codes"`, `"one-hot"`,
# `"random rows"`, `"target encoding"` or `"learned rows"`.
# %% guess="best-coding"
guess = {"10 nearest neighbours": None, "random forest": None, "boosted trees": None,
         "straight line": None}
# %% slide="subslide"
CODINGS = ["codes", "one-hot", "random rows", "target encoding", "learned rows"]
if HAVE_SKLEARN:
    with threadpool_limits(1):  # one thread: no slower here, and kind to neighbours
        results = study(range(3), [3000, 300])
    means = results.pivot_table("minutes off", ["flights", "model"], "coding")
    best = means.loc[3000].loc[list(guess), CODINGS].idxmin(axis=1)
    display(means.loc[3000].loc[list(guess), CODINGS].round(1),
            marked("best-coding", guess, best.to_dict()))
# %% slide="subslide"
show(pictures.rivals(results)) if HAVE_SKLEARN else None
# %% [markdown] slide="notes"
# With 3,000 flights:
# - Of all that don't see `distance`, a *straight line* on one-hot is the best here, and in other draws within half a
#   minute of the best: the effects nearly add up. On learned rows it is worse off.
# - *Neighbours* gain most from learned rows, from above 30 minutes to about 10: distances between codes mean nothing, and
#   one-hot rows are all equally far apart.
# - The *forest* and the *boosted trees*, at their defaults, do best with learned rows too; target encoding follows within a
#   minute and a half. Tuned, boosted trees need no learned rows. Native categories stay behind here (more at home).
# - Random rows beat plain codes in all three, so part of the gain comes from having several columns to cut.
# - The *network* from which the rows come is about as good as the best model on them.
# - Boosted trees that see `distance` are about as good again, and destination means within a minute or so of all.
#
# With 300 flights a line on `distance` beats everything that doesn't see it, and destination means are about as good as
# the best model on learned rows.
#
# *Learned rows are a good coding, and no law. Measure on your own records, held out, over several draws, with a mean, a
# line and random rows beside.*
#
# ## In your own words (2 points, 4 minutes)
#
# A colleague writes: "I trained a network on all my records, took its learned rows as columns, and my forest's error on
# those records fell by half. So learned rows are the better coding, and I'll ship them as a CSV of numbers." Name two
# things that are wrong, and what to do instead, in three or four sentences.
# %% [markdown] written="own-words" points=2
# The rows were learned from the targets of the very records on which the forest is judged, so they carry those
# targets: even a target of pure noise would look well explained. Learn the rows on training records only, and compare
# the codings on held-out records, best with target encoding, random rows and a plain column or mean beside them, and over
# several seeds. A CSV of numbers alone has lost the names: a row belongs to a position, so save the vocabulary with the
# weights and look rows up by name, with the unknown row for names that are new.
#
# **Marking.** 1 point: the rows know the target of their training records, so the comparison must be made on held-out
# records ("overfitting" alone is not enough: it must say that the columns carry the target). 1 point: rows without
# their names or vocabulary are worthless, and what to save instead. A missing control or rival is welcome and can't
# replace either. Whole points only.
# %% [markdown] slide="slide"
# ## To keep
#
# **A learned table is a list of names with numbers: keep both in one file, freeze it while you have little data, and hold
# it against the plainest rival you have, on records that it hasn't seen.**
#
# The picture to remember: the flat line of the frozen map, and the plain rivals beside it. Next, the capstone: you alone
# with a fresh table.
# %% [markdown]
# ## More, for home · at home
#
# Each section below runs alone and answers one question that people ask.
#
# ### Destinations that training never saw
#
# Twenty destinations are struck from the training flights, then all are asked. **Before you run it: by how many minutes
# will each way be off on the struck ones, after 10,000 flights to the others?**
# %% guess="never-seen"
guess = {"from scratch": None, "frozen": None, "fine-tuned": None}
# %%
off = {}
for seed in range(3):
    places = dest.unique()
    struck = places[torch.randperm(len(places),
                                   generator=torch.Generator().manual_seed(seed))[:20]]
    is_struck = torch.isin(dest, struck)                    # (flights,)
    asked = is_struck.nonzero().flatten()[:3000]
    for way in guess:
        model = trained(way, (~is_struck).nonzero().flatten()[:10_000], seed)
        errors = (model(origin[asked], dest[asked]) - hours[asked]).abs()
        off[way, seed] = 60 * errors.mean().item()
off = pd.Series(off).unstack().round(1)
print(off)
marked("never-seen", guess, off.mean(axis=1).round(1).to_dict(), near=0.25)
# %% [markdown] answers="P27"
# From scratch is lost on them: those rows never had a gradient. The map knows these places, since it learned them
# elsewhere, and neither way of using it loses much. *What you reuse knows the levels that it was trained on, and no
# others.*
#
# ### Exercise: `embedding_frame` (1 point, 4 minutes, at home)
#
# Tie the names to the rows, as `replace_codes` wants them. Weight `[[0, 0], [3, 4]]` and the vocabulary
# `["(unknown)", "ATL"]` make a frame with the index `(unknown)`, `ATL` and the columns `dim_0`, `dim_1`.
#
# Decide first: the weight may be an `nn.Parameter`, and training may go on. What should the frame hold then?
# %% exercise="embedding_frame"
def embedding_frame(weight, vocabulary):
    """The rows of a table under their levels' names.

    weight : float (levels, dim); it may be a parameter
    vocabulary : list of level names, one a row
    returns : DataFrame with a copy of the numbers, indexed by level, columns dim_0, dim_1, …
    """
    ### BEGIN SOLUTION
    columns = [f"dim_{j}" for j in range(weight.shape[1])]
    return pd.DataFrame(weight.detach().clone().numpy(), index=vocabulary, columns=columns)
    ### END SOLUTION
# %% check="embedding_frame"
check("embedding_frame")
# %%
if passed("embedding_frame"):
    print(embedding_frame(map_rows, vocabulary).loc[["ATL", "BOS", "JFK"]])
# %% [markdown] answers="P13 P22"
# ### Five ways to freeze
#
# All five are found in real code. The last one means to freeze only some rows, from row 2 on.
# **Before you run them: which freeze, which refuse, which do nothing?** Write `"freezes"`, `"refuses"` or `"nothing"`.
# %% guess="five-ways"
guess = {
    "table.weight.requires_grad_(False)": None,
    "table.requires_grad = False": None,
    "table.weight.data.requires_grad = False": None,
    "model.eval()": None,
    "table.weight[2:].requires_grad = False": None,
}
# %%
def attempt(line):
    """Runs a line that wants to freeze, then takes a step: what became of rows 1 to 3, which the
    step looks up?"""
    model = AirTime(nn.Embedding.from_pretrained(map_rows.clone(), freeze=False))
    table = model.table
    try:
        exec(line)
    except RuntimeError as error:
        print(line, "→", str(error).split(". ")[0])
        return "refuses"
    before = table.weight.detach().clone()
    F.mse_loss(model(torch.tensor([1, 1]), torch.tensor([2, 3])), torch.ones(2)).backward()
    SGD(model.parameters(), lr=0.1).step()
    return "freezes" if torch.equal(table.weight, before) else "nothing"


marked("five-ways", guess, {line: attempt(line) for line in guess})
# %% [markdown]
# One freezes, one refuses, three do nothing and say nothing.
# - The flag belongs to the *parameter*. `table.requires_grad` is a new attribute of the module that nobody reads. (The
#   method `table.requires_grad_(False)`, with the underscore, does go through the parameters.)
# - `.data` is another tensor on the same memory, and the flag was set on that one.
# - `eval()` switches dropout and the like. It has nothing to do with gradients.
# - A slice is the result of a computation, so its flag can't be switched off. And what if we switch it *on*, in a frozen
#   table?
# %%
table = nn.Embedding.from_pretrained(map_rows.clone())      # frozen
table.weight[2:].requires_grad = True
print("rows 2 and on train:", table.weight.requires_grad)
# %% [markdown] answers="P74"
# Ignored. *The flag belongs to a whole tensor; some rows can't have one of their own.* Holding some rows comes below. The
# other extreme is to freeze everything:
# %%
model = AirTime(nn.Embedding.from_pretrained(map_rows.clone())).requires_grad_(False)
try:
    model(origin[:3], dest[:3]).sum().backward()
except RuntimeError as error:
    print(error)
# %% [markdown] answers="P49"
# With everything frozen, `backward` has nothing to compute. Something must stay free, if only a line.
#
# ### The optimizer that holds the old table
#
# A model gets its new table, and the optimizer was built before.
# %%
model = AirTime(nn.Embedding.from_pretrained(map_rows.clone(), freeze=False))
optimizer = SGD(model.parameters(), lr=0.1)
model.table = nn.Embedding.from_pretrained(map_rows.clone(), freeze=False)
losses, before = [], model.table.weight.detach().clone()
for _ in range(100):
    optimizer.zero_grad()
    loss = F.mse_loss(model(origin[5000:5100], dest[5000:5100]), hours[5000:5100])
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
print(f"loss {losses[0]:.2f} → {losses[-1]:.2f}, rows moved: "
      f"{(model.table.weight != before).any(dim=1).sum()}")
# %% [markdown] answers="P7"
# The loss falls through the line alone, and no row moves (lesson 3). Build the optimizer last.
#
# ### A table of another height
#
# New levels came, the table is taller, and the old file won't go in. **Before you run it: does `strict=False` help?**
# %% guess="strict"
guess = None
# %%
larger, helps = nn.Embedding(len(new_vocabulary), 2), True
try:
    larger.load_state_dict({"weight": map_rows}, strict=False)
except RuntimeError as error:
    helps = False
    print(str(error).split("\t")[-1])
marked("strict", guess, helps)
# %% [markdown]
# `strict=False` forgives names of parameters that are missing or too many. It doesn't forgive another size. So make the
# table in its new height and bring the rows over by name, which is what the next exercise asks for.
#
# ### Exercise: `transfer` (2 points, 10 minutes, at home)
#
# Build the table for a new vocabulary. Levels that the old one has keep their row, wherever it stands now. The
# others are drawn: each column from a normal distribution with the mean and standard deviation of *all* rows of the
# old table in that column (divided by n). The same seed draws the same numbers, and torch's and NumPy's global random
# state stays as it is.
#
# Old `["(unknown)", "ATL"]` with rows `[[0], [4]]`, new `["(unknown)", "ANC", "ATL"]`: row 0 is `[0]`, row 2 is `[4]`,
# and row 1 comes from mean 2, standard deviation 2. Decide first: what does `torch.manual_seed` do to everyone else?
# %% exercise="transfer"
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    """A table for a new vocabulary: rows of shared levels copied by name, the rest drawn.

    old_weight : float (old levels, dim); it may be a parameter
    old_vocabulary, new_vocabulary : lists of level names
    seed : int; the same seed draws the same rows, and no global random state moves
    returns : float (new levels, dim)
    """
    ### BEGIN SOLUTION
    old = old_weight.detach()
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(len(new_vocabulary), old.shape[1], generator=generator)
    new = old.mean(dim=0) + old.std(dim=0, correction=0) * noise
    row_of = {name: row for name, row in zip(old_vocabulary, old, strict=True)}
    for i, name in enumerate(new_vocabulary):
        if name in row_of:
            new[i] = row_of[name]
    return new
    ### END SOLUTION
# %% check="transfer"
check("transfer")
# %% [markdown] answers="P27 P22"
# ### Grow the table, hold the old rows
#
# San Juan and Honolulu have flights now, but no row on the map. We add two rows, place them with the old ones held,
# and leave fine-tuning for later. With a small table we can watch all of it.
# %%
small = ["ATL", "BOS", "JFK", "LAX", "HNL", "SJU"]          # four from the map, two new
some = nyc[(nyc["origin"] == "JFK") & nyc["dest"].isin(small)].groupby("dest").head(40)
small_codes = torch.tensor([small.index(place) for place in some["dest"]])  # (flights,)
small_hours = torch.tensor(some["air_time"].to_numpy() / 60).float()
torch.manual_seed(3)
grown = torch.cat([map_rows[codes(small[:4], vocabulary)],
                   map_rows.mean(dim=0) + 0.1 * torch.randn(2, 2)])


def growing():
    """A model of the small table whose line is ready."""
    model = AirTime(nn.Embedding.from_pretrained(grown.clone(), freeze=False))
    with torch.no_grad():
        model.slope.copy_(line.slope)
        model.start.copy_(line.start)
    return model
# %% [markdown]
# The usual recipe is a hook on the weight, which sets the old rows' gradient to zero each time it arrives.
# %%
def hold_old_rows(grad):
    """The gradient with zeros in the first four rows."""
    grad = grad.clone()
    grad[:4] = 0
    return grad


def steps_of(model, optimizer, steps):
    """Some training steps on all flights of the small table; the last one is watched and
    returned."""
    jfk = torch.full_like(small_codes, 2)
    for _ in range(steps):
        optimizer.zero_grad()
        F.mse_loss(model(jfk, small_codes), small_hours).backward()
        step = take_step(model.table, small, torch.cat([jfk, small_codes]), optimizer.step)
    return step
# %% [markdown]
# **Before you run it: with that hook in place, under which optimizer will old rows still move?** "Adam, late" trains for
# ten steps before the hook comes. Write `True` or `False`.
# %% guess="hook"
guess = {"SGD": None, "Adam": None, "AdamW": None, "SGD, decay": None, "Adam, late": None}
# %%
optimizers = {"SGD": lambda p: SGD(p, lr=0.05), "Adam": lambda p: Adam(p, lr=0.05),
              "AdamW": lambda p: AdamW(p, lr=0.05),
              "SGD, decay": lambda p: SGD(p, lr=0.05, weight_decay=0.01),
              "Adam, late": lambda p: Adam(p, lr=0.05)}
held = {}
for title, make in optimizers.items():
    model = growing()
    optimizer = make(model.table.parameters())
    if title == "Adam, late":
        steps_of(model, optimizer, 10)
    model.table.weight.register_hook(hold_old_rows)
    held[title] = steps_of(model, optimizer, 1)
marked("hook", guess, {title: bool(held[title].moved() & set(small[:4])) for title in held})
# %%
held["Adam, late"]
# %% [markdown]
# A hook stops the gradient. It stops neither decay nor what Adam remembers from before. Where there is neither, it does
# hold, and the new rows find a place:
# %%
model = growing()
model.table.weight.register_hook(hold_old_rows)
steps_of(model, Adam(model.table.parameters(), lr=0.05), 150)
with torch.no_grad():
    said = 60 * model(torch.tensor([2, 2]), torch.tensor([4, 5]))
print("the model says", dict(zip(small[4:], said.round().tolist(), strict=True)))
print("flown         ", some.groupby("dest")["air_time"].mean().round().loc[small[4:]].to_dict())
# %% [markdown]
# From forty flights each, Honolulu and San Juan get their minutes nearly right, and the map is as it was. (One origin gives
# their distance from New York, and no direction.) A level without any flight can only borrow: a mean row, the unknown row,
# or a row made from what else is known of it (see "Recommenders" below).
#
# ### Exercise: `frozen_rows_step` (1 point, 8 minutes, at home)
#
# Hold some rows through a step of *any* optimizer: momentum, Adam's memory, decay. One `optimizer.step()`; afterwards
# the rows `codes` are what they were, bit for bit, and all else has moved as it would have. Gradients and the
# optimizer's memory are as after a plain step. `weight` is still the same leaf, and autograd is on.
#
# Weight `[[1], [2]]`, gradient `[[4], [4]]`, SGD at 0.25, codes `[0]`: afterwards `[[1], [1]]`.
# A code outside the table raises an exception. Decide first: has anything moved by then? And what about −1?
# %% exercise="frozen_rows_step"
def frozen_rows_step(optimizer, weight, codes):
    """One step of the optimizer that leaves some rows of a table as they are, to the last bit.

    optimizer : any torch.optim optimizer that holds `weight`; the gradients are there already
    weight : nn.Parameter (levels, dim)
    codes : int64 (k,), the rows to hold; repeats are allowed
    returns : None
    raises : IndexError for a code outside 0 .. levels - 1, negative ones included, before
             anything moves
    """
    ### BEGIN SOLUTION
    if ((codes < 0) | (codes >= len(weight))).any():
        raise IndexError(f"codes {codes.tolist()} must be in 0 .. {len(weight) - 1}")
    held = weight.detach()[codes].clone()                   # (k, dim)
    optimizer.step()
    with torch.no_grad():
        weight[codes] = held
    ### END SOLUTION
# %% check="frozen_rows_step"
check("frozen_rows_step")
# %%
if passed("frozen_rows_step"):
    model = growing()
    optimizer = AdamW(model.table.parameters(), lr=0.05)
    steps_of(model, optimizer, 1)                           # fills Adam's memory
    print(take_step(model.table, small, [],
                    lambda: frozen_rows_step(optimizer, model.table.weight, torch.arange(4))))
# %% [markdown] answers="P2"
# ### The share of unknowns, month by month
#
# A vocabulary ages. Suppose that ours was made from January's flights and has answered ever since. **Before you run it:
# what share of December's flights will have an aircraft, a flight number, a destination that January didn't know?**
# %% guess="unknowns"
guess = {"aircraft": None, "flight": None, "destination": None}
# %%
watched = pd.DataFrame({"aircraft": nyc["tailnum"],
                        "flight": nyc["carrier"] + nyc["flight"].astype(str),
                        "destination": nyc["dest"]})
january = nyc["month"] == 1
share = pd.DataFrame({column: (~values.isin(values[january])).groupby(nyc["month"]).mean()
                      for column, values in watched.items()})
marked("unknowns", guess, share.loc[12].round(3).to_dict(), near=0.25)
# %%
show(pictures.unknowns(share))
# %% [markdown] answers="P70"
# Flight numbers change quickly, aircraft slowly, destinations hardly at all. In service,
# `1 - predict(frame)["known"].mean()` is this number for today. Write it down every day; when it climbs, it is time for a
# new vocabulary, for `transfer`, and for training.
#
# ### Do I need a network for learned columns?
#
# Suppose one column learns alone: a table of one number a level, and the number looked up *is* the prediction. One step of
# SGD on the sum of squares; `scale_grad_by_freq` divides each row's gradient by how often it was looked up.
# **Before you run it: what will the rows be?** A guess in words.
# %% guess="alone"
guess = None
# %%
alone = nn.Embedding(len(vocabulary), 1, scale_grad_by_freq=True)
F.mse_loss(alone(dest).squeeze(1), hours, reduction="sum").backward()
SGD(alone.parameters(), lr=0.5).step()
means = pd.Series(hours.tolist()).groupby(dest.tolist()).mean()
print(pd.DataFrame({"learned": alone.weight[means.index, 0].tolist(),
                    "mean hours": means.to_numpy()},
                   [vocabulary[code] for code in means.index]).head(4).round(3))
marked("alone", guess, "the mean of each level")
# %% [markdown]
# The mean of the target at each level. That has a name: *target encoding*, and needs no network. A network adds what
# one column alone can't see: its rows say what a level does *beside the other columns*, and in more than one number.
#
# ### Learned columns carry the target
#
# They are made from it. So what do they make of a target of pure noise, with 500 levels and 4,000 records? A network learns
# rows, then a straight line is fitted to the columns. R² says how much of the target's spread is explained: 1 all of it, 0
# none. **Before you run it: what will R² be, on the training records and on fresh ones?** Within a quarter counts.
# %% guess="noise"
guess = {"training": None, "fresh": None}
# %% [markdown] answers="P53"
# Then the same with records held back: the rows are learned on one half of the training records, and the line is fitted
# on the other half.
# %%
def r2(columns, target, fit_on, judge_on):
    """R² of a straight line on some columns (n, dim), fitted on some records and judged on
    others."""
    columns = torch.cat([columns, torch.ones(len(columns), 1)], dim=1)
    slopes = torch.linalg.lstsq(columns[fit_on], target[fit_on, None]).solution
    left = target[judge_on] - (columns[judge_on] @ slopes).squeeze(1)
    return 1 - (left.square().mean() / target[judge_on].var()).item()


def noise_study(seed):
    """R² of a line on learned columns, where rows were learned on the line's own training
    records, and on others."""
    torch.manual_seed(seed)
    levels, noise, fresh = (torch.randint(500, (8000, 1)), torch.randn(8000),
                            torch.arange(4000, 8000))
    found = {}
    for title, learn_on, fit_on in (("own", torch.arange(4000), torch.arange(4000)),
                                    ("others", torch.arange(2000), torch.arange(2000, 4000))):
        columns = learn(Tables([500], [4]), levels[learn_on],
                        noise[learn_on]).columns(levels).detach()
        found[f"{title}, training"] = r2(columns, noise, fit_on, fit_on)
        found[f"{title}, fresh"] = r2(columns, noise, fit_on, fresh)
    return found
# %%
found = pd.DataFrame([noise_study(seed) for seed in range(3)])
print(found.round(2))
marked("noise", guess, {part: found[f"own, {part}"].mean().round(2) for part in guess}, near=0.25)
# %% [markdown]
# There is nothing to learn, and still the line explains about a tenth of the noise in training: each level's row has taken
# in the noise of its own records. On fresh records it is worse than no line at all, below zero. Where the rows were learned
# on other records, the line finds out in training already that they are worth nothing.
#
# *Learned columns carry the target of the records that they were learned from. Judge them on others.*
#
# ### Which target, if all I want is columns?
#
# Three tables for the same destinations, each of two numbers: one learned from distances (the map), one from arrival
# delays, one by predicting another column, the carrier. Then a line on each table's columns is fitted to two means of every
# destination, the air time's and the delay's, on flights that no table has seen. **Before you run it: which table is best
# for the air time, and which is last for the delay?** Write `"distance"`, `"delay"` or `"carrier"`.
# %% guess="which-target"
guess = {"best for the air time": None, "last for the delay": None}
# %% [markdown] answers="P51"
# The delays are learned as in the study above; the carrier by a line from the two numbers to a score for each carrier.
# %%
class Guesser(nn.Module):
    """Two numbers a destination, and a score for each carrier from them."""

    def __init__(self):
        super().__init__()
        self.table, self.scores = nn.Embedding(len(vocabulary), 2), nn.Linear(2, 16)

    def forward(self, codes):                               # (n,) → (n, carriers 16)
        return self.scores(self.table(codes))


def three_tables(seed):
    """A table of two numbers for each destination from each of three targets: {target: (levels,
    2)}."""
    torch.manual_seed(seed)
    early = torch.randperm(50_000)[:20_000]
    delay = torch.tensor(flights["arr_delay"].to_numpy()).float()
    late = learn(Tables([len(vocabulary)], [2]), dest[early, None],
                 (delay[early] - delay.mean()) / delay.std(), steps=300)
    carrier, guesser = torch.tensor(flights["carrier"].factorize()[0]), Guesser()
    optimizer = Adam(guesser.parameters(), lr=0.05)
    for batch in early.split(256):
        optimizer.zero_grad()
        F.cross_entropy(guesser(dest[batch]), carrier[batch]).backward()
        optimizer.step()
    return {"distance": map_rows, "delay": late.tables[0].weight.detach(),
            "carrier": guesser.table.weight.detach()}
# %%
held = flights.iloc[50_000:].assign(code=dest[50_000:].numpy())
held = held.groupby("code")[["air_time", "arr_delay"]].mean()
targets = {use: torch.tensor(held[column].to_numpy()).float()
           for use, column in {"air time": "air_time", "delay": "arr_delay"}.items()}
lines = []
for seed in range(3):
    for name, rows in three_tables(seed).items():
        columns = rows[torch.tensor(held.index)]            # (destinations, 2)
        every = torch.arange(len(columns))
        lines.append({"table": name}
                     | {use: r2(columns, mean, every, every) for use, mean in targets.items()})
explained = pd.DataFrame(lines).groupby("table")[["air time", "delay"]].agg(["min", "max"])
print(explained.round(2))
marked("which-target", guess, {"best for the air time": explained["air time"]["min"].idxmax(),
                               "last for the delay": explained["delay"]["max"].idxmin()})
# %% [markdown]
# (R² of the fit itself, each destination counted once.) A row knows what its target needed. The map explains nearly all of
# the air times and little of the delays. For the delays both other tables are ahead of the map; which of the two is first
# changes from start to start. The one that only had to predict carriers needed no outcome at all, and it knows something of
# both. So choose a target akin to what the columns are for; and where you have none, let one column
# predict another.
#
# ### Native categories, with ten times the flights
#
# If you fit boosted trees for a living, you may wonder why native categories did so badly in the table of rivals. With
# 3,000 flights half of the destinations have fewer than twenty, and a third fewer than ten: levels that scikit-learn leaves
# out of a native split (other libraries have other thresholds). Here are 30,000 flights, for the other codings as well.
# %%
def with_ten_times(seed):
    """Minutes off with 30,000 training flights: {way: minutes}."""
    early, late, training, held = sample(seed, 30_000)
    minutes = early["air_time"].to_numpy(float)
    coded, _ = codings(training, held, minutes, seed)
    coded = {coding: [np.asarray(part) for part in parts] for coding, parts in coded.items()}
    trees = HistGradientBoostingRegressor(random_state=seed)
    native = HistGradientBoostingRegressor(random_state=seed, categorical_features=list(range(6)))
    ways = {"line on one-hot": (LinearRegression(), "one-hot"),
            "trees on native categories": (native, "codes")}
    ways |= {f"trees on {coding}": (trees, coding)
             for coding in ("codes", "target encoding", "learned rows")}
    said = {way: model.fit(coded[coding][0], minutes).predict(coded[coding][1])
            for way, (model, coding) in ways.items()}
    return {way: abs(off - late["air_time"]).mean() for way, off in said.items()}
# %%
if HAVE_SKLEARN:
    few = sample(0, 3000)[0]["dest"].value_counts()
    print(f"of {len(few)} destinations {(few < 10).sum()} have fewer than ten flights, "
          f"and half at most {few.median():.0f}")
    with threadpool_limits(1):
        large = pd.DataFrame({f"draw {seed}": with_ten_times(seed) for seed in range(2)})
    print(large.round(1))
# %% [markdown]
# With 3,000 flights native categories were about three minutes behind the learned rows. With ten times as many all but the
# plain codes are within half a minute of one another, and native categories among the best: more records can be worth more
# than a cleverer coding.
#
# Left out in this comparison: classes as a target (a classifier of the same kind, and cross-entropy for the network),
# missing numbers (boosted trees take them, the others need a value), and rare levels that share one row.
#
# ### Beside the table that made it known
#
# Guo and Berkhahn (*Entity Embeddings of Categorical Variables*, 2016, arXiv 1604.06737) predicted daily sales of a
# chain of shops. Mean absolute percentage errors, without and with learned rows:
# %%
paper = pd.DataFrame({"without": [0.290, 0.158, 0.152], "with": [0.116, 0.108, 0.115]},
                     index=["10 nearest neighbours", "random forest", "boosted trees"])
ratio = pd.DataFrame({"theirs: with ÷ without": paper["with"] / paper["without"]})
if HAVE_SKLEARN:
    ours = results[results["flights"] == 3000].pivot_table("minutes off", "model", "coding")
    ratio["ours: learned ÷ codes"] = ours["learned rows"] / ours["codes"]
    ratio["ours: learned ÷ random"] = ours["learned rows"] / ours["random rows"]
    ratio["ours: learned ÷ target enc."] = ours["learned rows"] / ours["target encoding"]
ratio.round(2)
# %% [markdown]
# Both studies agree that all three gain, and neighbours by far the most. But their table has neither random rows nor
# target encoding. Beside target encoding, our learned rows save about a tenth at most.
#
# ### Recommenders
#
# Users and films, two tables, and the dot product of their rows as the rating: that is *matrix factorisation*, and the
# capstone's model is one. Here months and hours stand for users and films, and the rating is the mean delay. The best
# that any two tables of width 2 can do is known from linear algebra: the singular value decomposition.
# %%
grid = nyc[nyc["hour"].between(6, 21)].pivot_table("dep_delay", "month", "hour")
ratings = torch.tensor(grid.to_numpy()).float()             # (months 12, hours 16)
torch.manual_seed(0)
month, hour = nn.Embedding(12, 2), nn.Embedding(16, 2)
optimizer = Adam([*month.parameters(), *hour.parameters()], lr=0.05)
for _ in range(1000):
    optimizer.zero_grad()
    loss = F.mse_loss(month.weight @ hour.weight.T, ratings)               # every pair of rows
    loss.backward()
    optimizer.step()
left_over = torch.linalg.svdvals(ratings)[2:].square().sum() / ratings.numel()
print(f"two tables: mean squared error {loss:.3f}; the best of rank 2: {left_over:.3f}; "
      f"no tables: {ratings.var():.0f}")
# %% [markdown] answers="P27"
# The two tables come as close as any two tables of that width can. The decomposition needs every rating; training takes
# those that are there, which is why recommenders train.
#
# *Cold start* is the name for a user or film without ratings: the table has no row for it. What helps is metadata, such as
# a film's genre. San Juan has no route on our map, but it has coordinates. So learn, from the airports that have both, how
# coordinates become a row, and make one for San Juan.
# %%
places = read_airports().set_index("iata")
def features(names):
    """A one and the place on a flat map of each airport: (n, 3)."""
    return F.pad(flat_map(places.loc[names, "latitude"], places.loc[names, "longitude"]), (1, 0),
                 value=1.0)


to_row = torch.linalg.lstsq(features(vocabulary[1:]), map_rows[1:]).solution  # (3, dim 2)
san_juan = features(["SJU"]) @ to_row  # (1, dim 2)
with torch.no_grad():
    said = 60 * (line.slope * (san_juan - map_rows[vocabulary.index("JFK")]).norm() + line.start)
    middle = (60 * (line.slope * (map_rows[1:].mean(dim=0)
                                  - map_rows[vocabulary.index("JFK")]).norm() + line.start))
flown = nyc[(nyc["origin"] == "JFK") & (nyc["dest"] == "SJU")]["air_time"].mean()
print(f"JFK to SJU: {said:.0f} minutes from the made-up row, "
      f"{middle:.0f} from the middle of the map, {flown:.0f} flown")
# %% [markdown]
# That is closer than the middle of the map, which knows nothing of San Juan, and not as close as forty flights.
#
# ### Growing a language model's vocabulary
#
# A language model ends with a score for every word: the dot product of what it has computed with that word's row. New words
# need new rows, and any row takes some probability away from the others. Transformers' `resize_token_embeddings` draws new
# rows from the distribution of the old ones, much as your `transfer` does. Here is why, with destinations for words: a
# model that says where a carrier flies from an airport gets twenty more rows.
# %%
both = torch.stack([codes(flights["origin"], vocabulary),
                    torch.tensor(flights["carrier"].factorize()[0])], dim=1)
torch.manual_seed(0)
before, words = Tables([len(vocabulary), 16], [16, 16]), nn.Embedding(len(vocabulary), 64)
nn.init.normal_(words.weight, std=0.1)
before.layers[2] = nn.Identity()                            # 64 numbers for each record
optimizer = Adam([*before.parameters(), *words.parameters()], lr=0.01)
for batch in torch.randperm(40_000).split(256):
    optimizer.zero_grad()
    F.cross_entropy(before.layers(before.columns(both[batch])) @ words.weight.T,
                    dest[batch]).backward()
    optimizer.step()
old = words.weight.detach()
drawn_alike = old.mean(dim=0) + old.std(dim=0) * torch.randn(20, 64)
for title, new in {"N(0, 1), as nn.Embedding starts": torch.randn(20, 64),
                   "drawn like the old rows": drawn_alike,
                   "the mean row": old.mean(dim=0).repeat(20, 1)}.items():
    scores = before.layers(before.columns(both[:5000])) @ torch.cat([old, new]).T
    print(f"{title}: {scores.softmax(dim=1)[:, -20:].sum(dim=1).mean():.1%} of the probability "
          f"goes to the new words")
# %% [markdown]
# With rows as `nn.Embedding` starts them, nearly all of the probability goes to words that nobody has ever seen. Drawn like
# the old rows, the new words take a hundredth or less, and the old predictions survive.
#
# ### Today's networks for tables
#
# TabArena (arXiv 2506.16791) keeps comparing models on tables: boosted trees still hold their own; networks have caught up
# where there is time to tune and to average many of them; on small tables, models that were trained beforehand on other
# tables do best. FT-Transformer (arXiv 2106.11959) begins as this course does, with a row for each level, and then lets
# the rows of one record look at each other:
# %%
torch.manual_seed(0)
tables = nn.ModuleList(nn.Embedding(levels, 8) for levels in (4, 105, 17))
record = torch.tensor([[1, 44, 3], [2, 7, 3]])              # codes (n 2, columns 3)
# (n, columns, dim 8)
tokens = torch.stack([table(record[:, j]) for j, table in enumerate(tables)], dim=1)
mixed = nn.TransformerEncoderLayer(d_model=8, nhead=2, dim_feedforward=16,
                                   batch_first=True)(tokens)
mixed.square().sum().backward()
print(tuple(tokens.shape), "→", tuple(mixed.shape))
print("rows with a gradient:",
      [table.weight.grad.any(dim=1).nonzero().flatten().tolist() for table in tables])
# %% [markdown]
# The newer machinery stands behind the tables. Inside, the codes choose rows, and only these get a gradient.
#
# ### Numbers that go round
#
# An hour is a number, but 23 is next to 0. Sine and cosine put it on a circle; let the network learn how fast it turns, and
# you have a *periodic embedding* (arXiv 2203.05556), for numbers what a table is for levels.
# %%
# once and twice a day, to begin with
speeds = nn.Parameter(torch.tensor([1.0, 2.0]) * 2 * torch.pi / 24)
around = torch.tensor([[0.0], [12.0], [23.0]]) * speeds  # hours (3, 1) → (3, speeds 2)
columns = torch.cat([around.sin(), around.cos()], dim=1)                  # (3, 4)
print(f"from 23 to 0: {(columns[2] - columns[0]).norm():.2f}, from 12 to 0: "
      f"{(columns[1] - columns[0]).norm():.2f}")
