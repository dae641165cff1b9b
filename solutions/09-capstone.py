# ---
# jupyter:
#   lesson:
#     edition: 2
#     minutes: 120
#     points: 20
# ---
# %% [markdown] slide="slide"
# # Can you do it alone?
#
# **About 120 minutes, at home. 20 points: 12 by checks, 8 by a person.** Here is a table that you haven't seen, and nobody
# leads you. When you are through, you have built all of it yourself: vocabularies, model, loop, row diff, picture, reuse;
# and you have made choices, and defended them against a rival.
#
# ## The brief
#
# **The table.** `read_baby_names()` says how many babies in the United States got a name, in five years at a time. Two
# columns hold words, `name` and `period`. The number to predict is the *popularity*, `log10(per_million / 1000)`: 0 is one
# baby in a thousand, 1 is ten times as many. Judge by the mean absolute error: 0.3 is off by a factor of 2.
#
# **Its parts.** `part` says which records are for learning, "learn", and which for the final judgement, "test". Use "test"
# once, at the end; what you need for choosing, hold back from "learn". Of the girls' names (`sex` is F) a tenth of the
# records is test. Of each boy's name (M) only four records are for learning.
#
# **The pieces.** Six functions and classes with fixed names, each with a check: `build_vocabularies`, `encode_table`,
# `TwoTables`, `train`, `moved_rows`, `carry_over`.
#
# **Your part.** With them you write two functions and two texts, which a person reads:
# - `first_life` trains on the girls' names and draws what the rows have become;
# - `second_life` takes the periods' rows along to the boys' names and finds out whether that was worth it;
# - a description of your picture, and a report: what you chose and why, and how you know.
#
# **Your choices.** Learning rate, epochs, batch size and the width of the rows are yours. Try a few, compare them on
# records that you held back, and say what decided. One hint: the rows start near zero, and plain SGD moves them slowly. So
# try rates far above the usual 0.01; one whose error stays near that of each name's mean is too small.
#
# **The rival.** `interpolated`, below, draws a straight line between the years for which a name is known. It has no
# weights, and it reads the years, which your model never sees: to it, "1950-1954" is a code like any other. The girls' test
# records are drawn at random in time, so it mostly has a known period on either side. Beat it where you can; where you
# can't, say why.
#
# **The rules.** Names, parameters and results are as the docstrings say; all else is yours. Your own code from lessons 1 to
# 8 is welcome, and so are cells of your own. No point depends on how small your error is.
# %%
from contextlib import suppress

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn

from embedding_course import check
from embedding_course.data import read_baby_names
from embedding_course.figures import show
from embedding_course.pictures import capstone as pictures

torch.set_num_threads(1)
# %% slide="slide"
table = read_baby_names()
table["popularity"] = np.log10(table["per_million"] / 1000)
print(table.groupby(["sex", "part"])["name"].agg(["size", "nunique"]))
table.sample(5, random_state=1)
# %% [markdown] slide="notes"
# There are 199 girls' names and 133 boys' names. A name that hardly anybody had in a period may have no record there. Four
# of them, drawn:
# %% slide="subslide"
show(pictures.came_and_went(table, ["Ethel", "Linda", "Jennifer", "Madison"]))
# %% [markdown] slide="slide"
# Each name has its time. The rival knows how to use that. `off_by` is the judge.
# %%
def interpolated(learn, asked):
    """The rival's popularity for the records `asked`: a straight line between a name's known
    years, flat beyond them."""
    known = {name: records.sort_values("period") for name, records in learn.groupby("name")}
    return np.array([np.interp(int(period[:4]), known[name]["period"].str[:4].astype(int),
                               known[name]["popularity"])
                     for name, period in zip(asked["name"], asked["period"], strict=True)])


def off_by(said, asked):
    """Mean absolute error of what was said of the records `asked`."""
    return np.abs(said - asked["popularity"]).mean()
# %% [markdown] slide="slide"
# ## Exercise: `build_vocabularies` (1 point, 5 minutes)
#
# A vocabulary for each column asked for, as in lesson 1: `"(unknown)"`, then the distinct levels, sorted as text.
# Missing values are no levels. A column `size` with S, L, S gives `{"size": ["(unknown)", "L", "S"]}`.
#
# Decide first: what if `"(unknown)"` stands in the column already?
# %% exercise="build_vocabularies"
def build_vocabularies(table, columns):
    """A vocabulary for each of these columns.

    table : DataFrame; the columns asked for hold text and missing values (None, NaN)
    columns : list of column names
    returns : dict from column name to list of str, in the order of `columns`; "(unknown)" stands
              once, at position 0
    """
    ### BEGIN SOLUTION
    return {column: ["(unknown)", *sorted(set(table[column].dropna()) - {"(unknown)"})]
            for column in columns}
    ### END SOLUTION
# %% check="build_vocabularies"
check("build_vocabularies")
# %% [markdown] slide="slide"
# ## Exercise: `encode_table` (2 points, 7 minutes)
#
# From words to codes, one column of codes for each vocabulary. With the vocabulary above, and one for `colour`,
# a record with `size` S and a `colour` that nobody knows gives `[2, 0]`.
#
# Decide first: who sets the order of the code columns, the table or the vocabularies? And what does a table do to you
# whose index begins at 17?
# %% exercise="encode_table"
def encode_table(table, vocabularies):
    """The codes of a table's records.

    table : DataFrame with n records, with the vocabularies' columns and possibly others, in any
            order, with any index
    vocabularies : dict from column name to vocabulary
    returns : int64 (n, columns), column j by the j-th vocabulary; 0 for what isn't in it, missing
              values included
    """
    ### BEGIN SOLUTION
    columns = []
    for column, vocabulary in vocabularies.items():
        code_of = {level: code for code, level in enumerate(vocabulary)}
        columns.append([code_of.get(value, 0) for value in table[column]])
    return torch.tensor(columns, dtype=torch.int64).T.contiguous()
    ### END SOLUTION
# %% check="encode_table"
check("encode_table")
# %% [markdown] slide="slide"
# ## Exercise: `TwoTables` (2 points, 8 minutes)
#
# The model: a row for each level of the first column, a row for each level of the second, and for each level of the
# first a single number, its *bias*. The prediction: multiply the two rows number by number, add up, add the bias.
# Rows `[1, 2]` and `[3, 4]` with a bias of 5 predict 1 · 3 + 2 · 4 + 5 = 16.
#
# All three are `nn.Embedding` and start out normal with a standard deviation of 0.1.
# Decide first: which shape does a table of width 1 give back, and what do (n,) and (n, 1) add up to?
# %% exercise="TwoTables"
class TwoTables(nn.Module):
    """A number predicted from two categorical columns.

    first, second : int, how many levels each column has
    dim : int, the numbers in a row
    parameters, in this order: first.weight (first, dim), second.weight (second, dim), bias.weight
        (first, 1), each normal at the start, with mean 0 and standard deviation 0.1
    """

    def __init__(self, first, second, dim):
        super().__init__()
        ### BEGIN SOLUTION
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.1)
        ### END SOLUTION

    def forward(self, codes):
        """The predictions.

        codes : int64 (n, 2), a code of each column
        returns : float (n,)
        raises : IndexError for a code outside its table
        """
        ### BEGIN SOLUTION
        products = self.first(codes[:, 0]) * self.second(codes[:, 1])        # (n, dim)
        return products.sum(dim=1) + self.bias(codes[:, 0]).squeeze(1)       # (n,)
        ### END SOLUTION
# %% check="TwoTables"
check("TwoTables")
# %% [markdown] slide="slide"
# ## Exercise: `train` (3 points, 12 minutes)
#
# The loop, for any model that turns a batch of codes into predictions of the targets' shape. Plain SGD, mean squared
# error. In each epoch every record is met once, in an order from `torch.randperm`; the last batch may be smaller.
#
# In the check a small `nn.Embedding` stands in for the model. Decide first: what belongs to an epoch, and what to a
# batch: the generator, the new order, the forgetting of old gradients?
# %% exercise="train"
def train(model, codes, targets, lr, epochs, batch_size, seed):
    """Train a model in place.

    model : nn.Module; model(codes) has the shape of the targets
    codes, targets : tensors with n records each, along their first axis
    lr, epochs, batch_size : learning rate of plain SGD, passes through the records, records a step
    seed : of one torch.Generator, from which each epoch draws its order, torch.randperm(n,
           generator=…)
    returns : list of float, for each epoch the mean of its batches' losses, each as it was before
              its step
    """
    ### BEGIN SOLUTION
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    means = []
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(codes), generator=generator).split(batch_size):
            optimizer.zero_grad()
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        means.append(sum(losses) / len(losses))
    return means
    ### END SOLUTION
# %% check="train"
check("train")
# %% [markdown] slide="slide"
# ## Exercise: `moved_rows` (2 points, 8 minutes)
#
# The row diff, cut down to what has happened: the rows that moved, by name, furthest first. Rows `[[0], [0], [0]]` that
# became `[[0], [1], [-3]]`, with levels (unknown), Ada and Bea, give Bea 3 and Ada 1.
#
# Decide first: a row moved by so little that its distance prints as 0. Did it move?
# %% exercise="moved_rows"
def moved_rows(before, after, vocabulary):
    """Which rows of a table moved, if only by one bit, and how far.

    before, after : float (levels, dim); may require gradients
    vocabulary : list of levels, one a row
    returns : DataFrame indexed by level, one row for each that moved, with one column `distance`
        (Euclidean), the furthest first, equals in the order of the vocabulary
    raises : ValueError where there are more or fewer rows than levels
    """
    ### BEGIN SOLUTION
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError(f"{len(before)} and {len(after)} rows, {len(vocabulary)} levels")
    before, after = before.detach(), after.detach()
    moved = (before != after).any(dim=1)                                     # (levels,)
    distance = (after - before).double().norm(dim=1)                         # (levels,)
    frame = pd.DataFrame({"distance": distance.numpy()}, index=vocabulary)[moved.numpy()]
    return frame.sort_values("distance", ascending=False, kind="stable")
    ### END SOLUTION
# %% check="moved_rows"
check("moved_rows")
# %% [markdown] slide="slide"
# ## Exercise: `carry_over` (2 points, 8 minutes)
#
# A table for another vocabulary, made from a trained one. A level that both know keeps its row. A new level starts at
# the mean of the old levels' rows, `"(unknown)"` left out. From rows `[[9], [1], [3]]` for (unknown), Ada, Bea, the
# levels (unknown), Bea, Cleo get `[[9], [3], [2]]`.
#
# Decide first: both vocabularies have three levels. What would go wrong if you copied the table as it is?
# %% exercise="carry_over"
def carry_over(old, old_vocabulary, vocabulary, freeze):
    """A table for a new vocabulary that knows what the old one learned.

    old : nn.Embedding, weight (old levels, dim); stays as it is
    old_vocabulary, vocabulary : lists of levels, one a row; both begin with "(unknown)", and the
                                 old one goes on
    freeze : bool, whether the new table refuses training
    returns : nn.Embedding, weight (levels, dim), with memory of its own: shared levels,
        "(unknown)" too, have their old rows, all others the mean of the old rows but the first
    """
    ### BEGIN SOLUTION
    place = {level: row for row, level in enumerate(old_vocabulary)}
    rows = old.weight.detach()
    typical = rows[1:].mean(dim=0)                                           # (dim,)
    weight = torch.stack([rows[place[level]] if level in place else typical
                          for level in vocabulary])
    return nn.Embedding.from_pretrained(weight, freeze=freeze)
    ### END SOLUTION
# %% check="carry_over"
check("carry_over")
# %% [markdown] slide="slide"
# ## By hand: `first_life` (2 points, 18 minutes)
#
# Train on the girls' names, with vocabularies from the "learn" records alone. Print
# - what you tried: each setting with its error on records that you held back from "learn", and the rival's error there;
# - for the setting that you chose, trained on all "learn" records: its error on "test", beside the rival's and that of
#   predicting each name's own mean;
# - the first lines of `moved_rows` for the periods' table.
#
# Draw the rows of all periods, with their names and a line through neighbours in time, and a dozen girls' names that you
# know, in two dimensions (if yours are wider, lesson 6 has the means) and with the same scale on both axes.
# `plt.subplots(facecolor="white")` and `plt.show()` make it show on any page.
# %% written="first-life" points=2
def first_life(table):
    """Trains on the girls' names; prints what was tried, errors and the rows that moved; draws
    the rows.

    table : DataFrame, as read_baby_names() gives it, with a column `popularity`
    returns : (TwoTables, dict), the trained model and its vocabularies of "name" and "period"
    """
    ### BEGIN SOLUTION
    girls = table[table["sex"] == "F"]
    learn, test = girls[girls["part"] == "learn"], girls[girls["part"] == "test"]
    held = learn.sample(frac=0.1, random_state=0)
    rest = learn.drop(held.index)
    vocabularies = build_vocabularies(learn, ["name", "period"])
    sizes = [len(vocabulary) for vocabulary in vocabularies.values()]
    tried = {}
    for width, epochs in ((2, 30), (4, 30), (8, 30), (8, 60)):
        torch.manual_seed(0)
        model = TwoTables(*sizes, width)
        targets = torch.tensor(rest["popularity"].to_numpy()).float()        # (records,)
        train(model, encode_table(rest, vocabularies), targets, 2.0, epochs, 64, 0)
        with torch.no_grad():
            tried[width, epochs] = off_by(model(encode_table(held, vocabularies)).numpy(), held)
        print(f"held back: width {width}, {epochs} epochs: {tried[width, epochs]:.3f}")
    print(f"held back: the rival {off_by(interpolated(rest, held), held):.3f}")

    width, epochs = min(tried, key=tried.get)
    torch.manual_seed(0)
    model = TwoTables(*sizes, width)
    start = model.second.weight.detach().clone()                             # (periods, width)
    targets = torch.tensor(learn["popularity"].to_numpy()).float()
    train(model, encode_table(learn, vocabularies), targets, 2.0, epochs, 64, 0)
    with torch.no_grad():
        said = model(encode_table(test, vocabularies)).numpy()
    usual = test["name"].map(learn.groupby("name")["popularity"].mean())
    print(f"test: width {width}, {epochs} epochs: {off_by(said, test):.3f}, the rival "
          f"{off_by(interpolated(learn, test), test):.3f}, "
          f"each name's mean {off_by(usual, test):.3f}")
    moved = moved_rows(start, model.second.weight, vocabularies["period"])
    print(f"{len(moved)} of {len(start)} rows of periods moved; furthest:\n{moved.head(3)}")

    # without (unknown)
    names, periods = (embedding.weight.detach()[1:] for embedding in (model.first, model.second))
    # (width, 2)
    directions = torch.linalg.svd(periods - periods.mean(dim=0), full_matrices=False).Vh[:2].T
    names, periods = names @ directions, periods @ directions  # (…, 2)
    figure, ax = plt.subplots(figsize=(12, 10), facecolor="white")
    ax.plot(*periods.T, "o-", color="black", label="periods")
    for period, row in zip(vocabularies["period"][1:], periods, strict=True):
        ax.annotate(period[:4], row.tolist(), (18 * row / row.norm()).tolist(),
                    textcoords="offset points", size=10,
                    ha="center", va="center")
    for name in ["Ethel", "Dorothy", "Betty", "Linda", "Susan", "Debra", "Lisa", "Jennifer",
                 "Jessica", "Ashley",
                 "Emma", "Madison", "Elizabeth"]:
        row = names[vocabularies["name"].index(name) - 1].tolist()
        ax.plot(*row, "s", color="black", markersize=5, fillstyle="none")
        ax.annotate(name, row, (5, -12), textcoords="offset points", style="italic", size=12)
    ax.margins(0.12)
    ax.set(aspect="equal", title=f"23 periods and 13 names: the two widest of {width} directions",
           xlabel="first direction", ylabel="second direction")
    plt.show()
    return model, vocabularies
    ### END SOLUTION


trained = None
with suppress(NotImplementedError):     # silent while a piece is missing
    trained = first_life(table)
# %% [markdown] slide="slide"
# ## By hand: what the picture shows (1 point, 8 minutes)
#
# Describe your picture to someone who can't see it, and say what a period's row means, and a name's. Then name two
# things that one might read into the picture and that it doesn't show.
# %% [markdown] written="the-picture" points=1
# The 23 periods lie one after the other on an open curve, the first years at one end and the last at the other, though
# no year went into the model: to it the periods are codes in no order. Periods that favour the same names came to lie
# side by side. A period's row says which names were up in those years. A name's row says when the name was up: it
# points to where its periods lie, Linda to the middle of the century, Jennifer to the 1970s, Madison past 2000.
#
# Not shown: how common a name is (that is in the bias, which isn't drawn). What the axes mean: the rows of one table
# can be turned, mirrored or stretched and the other's the opposite way, with the same predictions; another seed draws
# another curve. How far a name is from a period predicts nothing; the product of the two rows does. Where the rows are
# wider than two, the other directions. The line between the periods was drawn by us. Row 0 of both tables, "(unknown)", is
# left out: nothing trained it.
#
# **Marking.** 1 point for both: (a) the periods are in the order of time, or neighbours in time are neighbours in the
# picture, and nobody gave the model this order, *and* what a row of one of the tables means in terms of names and times;
# (b) two things that the picture doesn't show, such as the axes' meaning or direction, size or stretch, how common a name
# is, distance between a name and a period as prediction, directions left out, the drawn line, row 0, or whether it would be
# the same with another seed. "The model has learned time" alone earns nothing. Whole points only.
# %% [markdown] slide="slide"
# ## By hand: `second_life` (2 points, 18 minutes)
#
# The boys' names are levels that your model has never met, with four records each. The periods it knows. Take their rows
# along with `carry_over`, frozen; give the boys' names a table and biases by `carry_over` too; and train on the four
# records, with settings of your choice. (To choose, hold back one of the four.)
#
# Print the mean absolute error on the boys' "test" records for this way; for two controls, all from scratch, and frozen
# *random* rows of the same spread in the periods' place; for the rival; and for each name's own mean. Then `moved_rows` as
# the witness: how many rows of the names' table moved, how many of the periods'?
# %% written="second-life" points=2
def second_life(table, trained):
    """Takes the periods' rows to the boys' names; prints the errors of all ways, and how many
    rows moved.

    table : DataFrame, as read_baby_names() gives it, with a column `popularity`
    trained : what first_life returned: the model and its vocabularies
    """
    ### BEGIN SOLUTION
    old_model, old_vocabularies = trained
    boys = table[table["sex"] == "M"]
    learn, test = boys[boys["part"] == "learn"], boys[boys["part"] == "test"]
    held = learn.groupby("name").sample(1, random_state=0)
    rest = learn.drop(held.index)
    vocabularies = {**build_vocabularies(learn, ["name"]), "period": old_vocabularies["period"]}
    sizes, width = ([len(vocabulary) for vocabulary in vocabularies.values()],
                    old_model.second.weight.shape[1])
    tried, chosen = {}, None
    plan = [("reused", epochs, rest, held) for epochs in (10, 30, 60)]
    plan += [(way, None, learn, test) for way in ("reused", "from scratch", "random rows")]
    for way, epochs, records, asked in plan:
        chosen = chosen if epochs else chosen or min(tried, key=tried.get)
        torch.manual_seed(0)  # the same start for all
        model = TwoTables(*sizes, width)
        if way == "reused":
            model.first = carry_over(old_model.first, old_vocabularies["name"],
                                     vocabularies["name"], False)
            model.bias = carry_over(old_model.bias, old_vocabularies["name"], vocabularies["name"],
                                    False)
            model.second = carry_over(old_model.second, old_vocabularies["period"],
                                      vocabularies["period"], True)
        if way == "random rows":
            nn.init.normal_(model.second.weight.requires_grad_(False),
                            std=old_model.second.weight.std().item())
        start = [part.weight.detach().clone() for part in (model.first, model.second)]
        targets = torch.tensor(records["popularity"].to_numpy()).float()     # (records,)
        train(model, encode_table(records, vocabularies), targets, 0.5, epochs or chosen, 32, 0)
        with torch.no_grad():
            off = off_by(model(encode_table(asked, vocabularies)).numpy(), asked)
        if epochs:
            tried[epochs] = off
            print(f"held back: {epochs} epochs: {off:.3f}")
            continue
        ends = zip(start, (model.first, model.second), vocabularies.values(), strict=True)
        names, periods = (len(moved_rows(before, part.weight, words))
                          for before, part, words in ends)
        print(f"test: {way}, {chosen} epochs: {off:.3f}; rows that moved: {names} of names, "
              f"{periods} of periods")
    usual = test["name"].map(learn.groupby("name")["popularity"].mean())
    print(f"test: the rival {off_by(interpolated(learn, test), test):.3f}, "
          f"each name's mean {off_by(usual, test):.3f}")
    ### END SOLUTION


if trained is not None:
    with suppress(NotImplementedError):     # silent while a piece is missing
        second_life(table, trained)
# %% [markdown] slide="slide"
# ## By hand: your report (3 points, 14 minutes)
#
# Half a page, with your numbers. What did you choose, and what on the held-back records made you choose it? Where did you
# beat the rival, where not, and why? What was reused, what wasn't, and how do you know that the reused rows are the reason?
# %% [markdown] written="how-you-know" points=3
# **Choices.** I held back a tenth of the girls' "learn" records and compared four settings there. Width decided: off by
# about 0.21 with rows of two numbers, 0.12 with four, 0.10 with eight; twice the epochs helped the wide rows only a
# little. A learning rate of 2 and batches of 64 I kept from the first try. The test records agreed with the held-back
# ones, and I used them once.
#
# **The rival.** On the girls, with about nineteen records a name, interpolating over the years is off by 0.075. Rows of
# two numbers don't come near; rows of eight, off by about 0.085, do, and still don't beat it. On the boys, with four
# records each, wide rows are a burden: four records can't determine eight numbers. The rival is off by 0.275 there,
# ahead of my reused rows (rows of two numbers would have come closer, to about 0.285). It can do what no model of codes
# can: it knows that 1950 comes right before 1955. My model had to find the order of the periods in the girls' names.
# Where years are known and records are few, I would interpolate.
#
# **Reuse.** The periods' rows were reused, learned from girls' names alone, and frozen: the row diff says that none
# moved. The boys' names' rows were not: each began at the mean of the girls' rows, or at its own if girls have the name
# too, and all but "(unknown)" moved. From scratch the error is clearly larger, and frozen random rows of the same
# spread do worse than each name's mean. So it isn't the freezing, or that fewer weights are trained: it is what the
# rows hold, namely which periods go together, and that is alike for boys and girls.
#
# **Marking.** 1 point, choices: at least one of rate, epochs, batch and width is compared in numbers on records that
# were held back from "learn" and are no test records, and the choice follows from the numbers. (Chosen by the training
# error, or by the test records: no point.) 1 point, the rival: its numbers beside the model's for girls and boys, who
# wins where, and a reason that speaks of what each of them sees: the years, the number of records a name, the width. 1
# point, reuse: what was reused and what was learned anew, with the row diff or an equal test as evidence, and from the
# random rows (or an equal control) that the content matters. If the numbers came out otherwise and the conclusion
# follows from them, the point is earned. Whole points only.
# %% [markdown] slide="slide"
# ## To keep
#
# **Two columns of words, two tables of weights: what a row means, it learned from the numbers it had to predict, and it
# may come along to the next ones.** The picture to remember is your own.
