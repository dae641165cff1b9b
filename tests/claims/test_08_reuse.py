"""What lesson 8 says of its data, recomputed: on its own seeds always, on ten others with --all."""
import functools
import sys

import pandas as pd
import pytest
import torch
from told import told

from embedding_course.data import read_airports
from embedding_course.maps import flat_map, laid_over

pytestmark = pytest.mark.everything

LESSON = "08-reuse"
SEEDS = [pytest.param((0, 1), id="its own"), pytest.param(tuple(range(10, 20)), id="others")]
over_seeds = pytest.mark.parametrize("seeds", SEEDS)
reuse = functools.partial(told, LESSON, "vocabulary", "AirTime", "codes", "trained", "minutes_off")
rivals = functools.partial(told, LESSON, "codes", "HAVE_SKLEARN", "COLUMNS", "Tables", "learn", "codings", "regressors",
                           "study", "with_ten_times")


# Three starts and two plain rivals

@functools.cache
def curve(seeds):
    """Mean minutes off: a line a number of flights, a column a way."""
    lesson, lines = reuse(), []
    for seed in seeds:
        order = 3000 + torch.randperm(len(lesson["flights"]) - 3000, generator=torch.Generator().manual_seed(seed))
        lines += [{"flights": n, **lesson["minutes_off"](order[:n], seed)} for n in (30, 300, 1000, 10_000)]
    return pd.DataFrame(lines).groupby("flights").mean()


@over_seeds
def test_after_thirty_flights_the_frozen_map_is_off_by_about_nine_minutes_and_fine_tuned_is_worse(seeds):
    thirty = curve(seeds).loc[30]
    assert 8.5 < thirty["frozen"] < 10.5
    assert thirty["frozen"] < thirty["fine-tuned"] < thirty["frozen"] + 3


@over_seeds
def test_from_scratch_is_lost_with_thirty_flights(seeds):
    assert curve(seeds).loc[30, "from scratch"] > 35


@over_seeds
def test_with_1000_flights_fine_tuning_has_caught_up_with_the_frozen_map_and_with_10000_it_is_level_with_means(seeds):
    assert curve(seeds).loc[1000, "fine-tuned"] < curve(seeds).loc[1000, "frozen"] + 0.15
    assert abs(curve(seeds).loc[10_000, "fine-tuned"] - curve(seeds).loc[10_000, "destination means"]) < 0.2


def test_places_of_the_map_and_new_ones_are_about_nine_minutes_off_as_destination_means_are():
    lesson = told(LESSON, "off_unseen")
    off = lesson["off_unseen"].groupby(lesson["unseen"]["dest"].isin(lesson["vocabulary"])).mean()
    assert off.loc[[True, False]].stack().between(8.4, 9.6).all()


@over_seeds
def test_a_line_on_distance_does_as_well_as_the_frozen_map(seeds):
    assert (curve(seeds)["line on distance"] < curve(seeds)["frozen"] + 0.3).all()
    assert (curve(seeds)["line on distance"] > curve(seeds)["frozen"] - 0.6).all()


@over_seeds
def test_destination_means_are_as_good_as_the_network_from_scratch_or_better(seeds):
    assert (curve(seeds)["destination means"] < 1.05 * curve(seeds)["from scratch"]).all()


@over_seeds
def test_the_map_knows_destinations_that_training_never_saw_and_from_scratch_is_lost_on_them(seeds):
    lesson, off = reuse(), []
    for seed in seeds:
        places = lesson["dest"].unique()
        struck = places[torch.randperm(len(places), generator=torch.Generator().manual_seed(seed))[:20]]
        hidden = torch.isin(lesson["dest"], struck)
        asked, seen = hidden.nonzero().flatten()[:3000], (~hidden).nonzero().flatten()[:10_000]
        for way in ("from scratch", "frozen", "fine-tuned"):
            said = lesson["trained"](way, seen, seed)(lesson["origin"][asked], lesson["dest"][asked])
            off.append((way, 60 * (said - lesson["hours"][asked]).abs().mean().item()))
    off = pd.DataFrame(off, columns=["way", "minutes"]).groupby("way")["minutes"]
    assert off.min()["from scratch"] > 25
    assert off.max()[["frozen", "fine-tuned"]].max() < 15


def test_a_vocabulary_made_anew_with_equal_length_loads_without_a_word_and_is_off_by_an_hour():
    lesson = reuse()
    refitted = ["(unknown)", *sorted({*lesson["vocabulary"][1:-1], "ANC"})]
    assert len(refitted) == len(lesson["vocabulary"])
    model = lesson["trained"]("frozen", torch.arange(3000, 4000), 0)
    model.table.load_state_dict({"weight": lesson["map_rows"]})
    ends = [lesson["codes"](lesson["flights"][end][:3000], refitted) for end in ("origin", "dest")]
    assert 60 * (model(*ends) - lesson["hours"][:3000]).abs().mean() > 60


def test_a_named_table_refuses_the_rows_of_other_names_and_takes_its_own():
    table = told(LESSON, "NamedTable")["NamedTable"](["(unknown)", "ATL", "BOS"], 2)
    state = table.state_dict()
    type(table)(["(unknown)", "ATL", "BOS"], 2).load_state_dict(state)
    for others in (["(unknown)", "BOS", "ATL"], ["(unknown)", "ATL", "LAX"], ["(unknown)", "ATL"]):
        with pytest.raises(ValueError, match="other names"):
            type(table)(others, 2).load_state_dict(state)
    with pytest.raises(RuntimeError, match="extra_state"):
        table.load_state_dict({"weight": state["weight"]})


def test_it_is_the_map_again():
    lesson = reuse()
    places = read_airports().set_index("iata").loc[lesson["vocabulary"][1:]]
    truth = flat_map(places["latitude"], places["longitude"])
    assert (laid_over(lesson["map_rows"][1:], truth) - truth).norm(dim=1).max() < 0.1      # thousand km


# The table of rivals

def test_without_scikit_learn_it_says_what_to_install_and_goes_on(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    assert not told.__wrapped__(LESSON, "HAVE_SKLEARN")["HAVE_SKLEARN"]
    assert "pip install scikit-learn" in capsys.readouterr().out


@functools.cache
def table(seeds, flights):
    """Minutes off: a line a draw, a column a pair of model and coding."""
    results = rivals()["study"](seeds, [flights])
    return results.pivot_table("minutes off", "seed", ["model", "coding"])


MODELS = ["10 nearest neighbours", "random forest", "boosted trees"]
CODINGS = ["codes", "one-hot", "random rows", "target encoding", "learned rows"]


@over_seeds
def test_of_five_codings_learned_rows_are_best_for_neighbours_forest_and_boosted_trees(seeds):
    for model in MODELS:
        assert table(seeds, 3000).mean()[model][CODINGS].idxmin() == "learned rows"


@over_seeds
def test_target_encoding_follows_within_a_minute_and_a_half(seeds):
    for model in MODELS:
        means = table(seeds, 3000).mean()[model]
        assert means[CODINGS].drop("learned rows").drop("random rows").idxmin() == "target encoding"
        assert means["target encoding"] < means["learned rows"] + 1.75


@over_seeds
def test_random_rows_beat_plain_codes_in_all_three(seeds):
    for model in MODELS:
        assert (table(seeds, 3000)[model]["random rows"] < table(seeds, 3000)[model]["codes"]).all()


@over_seeds
def test_a_straight_line_is_worse_off_with_learned_rows_than_with_one_hot(seeds):
    assert (table(seeds, 3000)["straight line"]["learned rows"] > table(seeds, 3000)["straight line"]["one-hot"] + 1).all()


@over_seeds
def test_the_network_itself_and_the_line_on_one_hot_are_as_good_as_trees_on_its_rows(seeds):
    means = table(seeds, 3000).mean()
    assert means["network", "tables"] < means["boosted trees", "learned rows"] + 0.5
    blind = means.drop([("straight line", "distance alone"), ("boosted trees", "codes and distance")])
    assert means["straight line", "one-hot"] < blind.min() + 0.5


@over_seeds
def test_tuned_boosted_trees_need_no_learned_rows(seeds):
    means = table(seeds, 3000).mean()["boosted trees"]
    assert means["tuned"] < means["learned rows"] + 0.3


def test_smaller_leaves_and_more_trees_help_boosted_trees_on_codes_a_lot():
    from sklearn.ensemble import HistGradientBoostingRegressor
    early, late, training, held = rivals()["sample"](0, 3000)
    tuned = HistGradientBoostingRegressor(random_state=0, min_samples_leaf=5, max_iter=300)
    off = abs(tuned.fit(training, early["air_time"]).predict(held) - late["air_time"]).mean()
    assert off < table((0,), 3000).mean()["boosted trees", "codes"] - 2


@over_seeds
def test_native_categories_are_behind_learned_rows_and_behind_target_encoding(seeds):
    means = table(seeds, 3000).mean()["boosted trees"]
    assert means["native categories"] > means["learned rows"] + 1.5
    assert means["native categories"] > means["target encoding"]


@over_seeds
def test_destination_means_come_within_a_minute_or_so_of_the_best(seeds):
    means = table(seeds, 3000).mean()
    assert means["no model", "destination means"] < means.min() + 1.5


@over_seeds
def test_with_300_flights_a_line_on_distance_beats_all_that_do_not_see_the_distance(seeds):
    means = table(seeds, 300).mean()
    blind = means.drop([("straight line", "distance alone"), ("boosted trees", "codes and distance")])
    assert means["straight line", "distance alone"] < blind.min() - 1.5


@over_seeds
def test_with_300_flights_destination_means_are_no_worse_than_any_model_on_learned_rows(seeds):
    means = table(seeds, 300).mean()
    assert means["no model", "destination means"] < means.xs("learned rows", level="coding").min() + 0.75


@over_seeds
def test_with_ten_times_the_flights_all_but_plain_codes_are_within_half_a_minute(seeds):
    off = pd.DataFrame([rivals()["with_ten_times"](seed) for seed in seeds]).mean()
    assert off.drop("trees on codes").max() < off.min() + 0.5
    assert off["trees on native categories"] < off.min() + 0.2
    assert off["trees on codes"] > off.drop("trees on codes").max() + 0.3


def test_with_3000_flights_half_of_the_destinations_have_fewer_than_twenty_and_a_third_fewer_than_ten():
    for seed in range(3):
        few = rivals()["sample"](seed, 3000)[0]["dest"].value_counts()
        assert few.median() < 20
        assert (few < 10).mean() > 1 / 3


# At home

@over_seeds
def test_learned_columns_explain_a_tenth_of_pure_noise_in_training_and_less_than_nothing_on_fresh_records(seeds):
    lesson = told(LESSON, "Tables", "learn", "r2")
    found = pd.DataFrame([lesson["noise_study"](seed) for seed in seeds])
    assert (found["own, training"] > 0.05).all()
    assert (found["own, fresh"] < -0.03).all()
    assert (found[["others, training", "others, fresh"]].abs() < 0.03).all(axis=None)


@over_seeds
def test_the_map_explains_air_times_and_is_last_for_delays(seeds):
    lesson = told(LESSON, "vocabulary", "codes", "Tables", "learn", "r2", "Guesser")
    flights, dest = lesson["flights"], lesson["dest"]
    held = flights.iloc[50_000:].assign(code=dest[50_000:].numpy()).groupby("code")[["air_time", "arr_delay"]].mean()
    found = []
    for seed in seeds:
        for name, rows in lesson["three_tables"](seed).items():
            columns, every = rows[torch.tensor(held.index)], torch.arange(len(held))
            found.append([name, *(lesson["r2"](columns, torch.tensor(held[use].to_numpy()).float(), every, every)
                                  for use in held)])
    explained = pd.DataFrame(found, columns=["table", "air time", "delay"]).groupby("table")
    assert explained.min().loc["distance", "air time"] > 0.9 > 0.75 > explained.max().drop("distance")["air time"].max()
    assert explained.mean()["delay"].idxmin() == "distance"


def test_flight_numbers_age_quickly_aircraft_slowly_destinations_hardly():
    nyc = told(LESSON, "vocabulary", "codes")["nyc"]
    january = nyc["month"] == 1
    named = {"flight": nyc["carrier"] + nyc["flight"].astype(str), "aircraft": nyc["tailnum"], "destination": nyc["dest"]}
    share = {column: (~values.isin(values[january]))[nyc["month"] == 12].mean() for column, values in named.items()}
    assert share["flight"] > 0.5 > 0.25 > share["aircraft"] > 0.08 > 0.02 > share["destination"]
