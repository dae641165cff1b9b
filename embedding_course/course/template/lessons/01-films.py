# ---
# jupyter:
#   lesson:
#     minutes: 10
#     points: 5
# ---
# %% [markdown]
# # Which film is liked?
#
# **10 minutes, 2 exercises.** Three films and what people gave them. When you are through, you can name the film that is
# liked most, and say how much of all stars it has.
# %%
import pandas as pd
from stars import MOST

from embedding_course import check

films = pd.read_csv("films.csv")
# %% [markdown]
# **Before you run on: which film is liked most?**
# %%
films
# %% [markdown]
# ## The best film (2 points)
# %% exercise="best"
def best(films):
    """The title of the film with the most stars.

    films : table with a row for each film, in the columns title and stars
    """
    ### BEGIN SOLUTION
    return films["title"][films["stars"].idxmax()]
    ### END SOLUTION
# %% check="best"
check("best")
# %% [markdown]
# ## A share of all stars (2 points)
# %% exercise="share"
def share(stars):
    """How much of the most stars a film has, from 0 to 1."""
    ### BEGIN SOLUTION
    return stars / MOST
    ### END SOLUTION
# %% check="share"
check("share")
# %% [markdown]
# ## In your own words (1 point, read by a person)
#
# Does the film with the most stars have the most friends? Say why, or why not.
# %% [markdown] written="own-words" points=1
# Who dislikes a film may not have voted at all.
