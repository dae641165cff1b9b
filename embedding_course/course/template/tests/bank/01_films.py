# %% best right: by the largest number's row
def best(films):
    return films["title"][films["stars"].idxmax()]
# %% best right: sorted
def best(films):
    return films.sort_values("stars")["title"].iloc[-1]
# %% best wrong last_in_the_alphabet: of the wrong column
def best(films):
    return max(films["title"])
# %% best wrong: the number itself
def best(films):
    return films["stars"].max()
# %% share right: divided
def share(stars):
    return stars / MOST
# %% share right: by the number itself
def share(stars):
    return stars * 0.2
# %% share wrong in_percent: in percent
def share(stars):
    return 100 * stars / MOST
# %% share wrong: whole numbers only
def share(stars):
    return stars // MOST
