"""What the exercises of the lesson accept, and which mistakes they know."""
import pandas as pd

from embedding_course.checking.exercise import Case, Exercise

FILMS = pd.read_csv("films.csv")   # solutions/data/01-films/, released beside the notebook

best = Exercise(
    call="function",
    points={"best": 2},
    shown=[Case("best", "three films", "Which number is the largest, and in which row is it?", films=FILMS)],
    draw=lambda rng: [Case("best", films=FILMS.assign(stars=rng.sample(range(6), 3))) for _ in range(3)])


@best.slip
def last_in_the_alphabet(films):
    """That is the last title in the alphabet: which column holds the stars?"""
    return films["title"].max()


share = Exercise(
    call="function",
    points={"share": 2},
    shown=[Case("share", "all of them", stars=5), Case("share", "some", stars=2)],
    draw=lambda rng: [Case("share", stars=stars) for stars in rng.sample(range(6), 3)])


@share.slip
def in_percent(stars):
    """That is in percent: all stars are a share of 1, not of 100."""
    return 100 * stars / 5
