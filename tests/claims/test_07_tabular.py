"""What lesson 7 says of its networks, recomputed: from its own seeds always, from ten others with --all."""
import functools

import pytest
import torch
from told import told

from embedding_course.checking import cell
from embedding_course.networks import fit_all

pytestmark = pytest.mark.everything

SEEDS = [pytest.param((0,), id="its own"), pytest.param(tuple(range(10, 20)), id="others")]
over_seeds = pytest.mark.parametrize("seeds", SEEDS)
NEEDED = {"TabularModel", "hide_codes"}
STRONG = ("decay 20", "dropout 0.9", "hidden 0.9")
BINS = [(1, 2), (3, 4), (5, 8), (9, 16), (17, 32)]


@functools.cache
def lesson():
    before, cell._passed = cell._passed, cell._passed | NEEDED
    try:
        return told("07-tabular", "nyc", "vocabularies", "unknown", "encoded", "DIMS", "sizes", "by_flight", "delays",
                    "decaying", "rise", "at_equal_loss", "in_two", "map_error", "by_bins", "one_hot", "hashed_or_not",
                    "nested", "levels", "explained", "codings", "normals", "clock", "in_order", "coin")
    finally:
        cell._passed = before


def middle(numbers):
    return sorted(numbers)[len(numbers) // 2]


def hiding(share):
    return lambda codes, epoch: torch.column_stack([lesson()["hide_codes"](codes[:, 0], share, epoch), codes[:, 1:]])


def test_of_1000_later_flights_184_are_unknown_and_of_the_months_all_and_a_random_split_hides_it():
    told_of = lesson()
    share = told_of["unknown"]
    columns = ["flight", "dest", "month"]
    told_of["columns"][:] = [*dict.fromkeys([*told_of["columns"], "month"])]
    assert share(told_of["train"], told_of["later"])[columns].tolist() == [184, 0, 1000]
    mixed = told_of["mixed"]
    assert share(mixed[:22406], mixed[22406:])["flight"] < 60


@over_seeds
def test_the_model_has_about_a_seventh_of_the_means_error_and_does_not_beat_the_destinations_mean(seeds):
    told_of = lesson()
    known, future = (told_of["records"](told_of[part], told_of["plain"], "air_time") for part in ("train", "later"))
    for seed in seeds:
        off = told_of["spread"] * told_of["fit"](told_of["build"](told_of["plain"], seed), known, future)[1][-1]
        assert 12.5 < off < 95 / 5


@functools.cache
def five(std, share, seeds):
    return lesson()["five"](std, hiding(share) if share else lambda codes, epoch: codes, seeds)


FIVE = pytest.mark.parametrize("seeds", [pytest.param((0, 1, 2, 3, 4), id="its own"), SEEDS[1]])


@FIVE
def test_row_0_never_moves_while_nothing_is_hidden_and_always_when_codes_are(seeds):
    for std in (1, 0.1):
        assert not any(five(std, 0, seeds)["moved"])
        assert all(five(std, 0.05, seeds)["moved"])


@FIVE
def test_models_contradict_each_other_about_an_unknown_flight_most_from_a_large_start(seeds):
    apart = [max(said) - min(said) for said in (five(std, 0, seeds)["one flight"] for std in (1, 0.1))]
    assert apart[0] > 1.5 * apart[1] > 0


@FIVE
def test_hiding_brings_unknown_flights_together_below_the_mean_and_costs_known_ones_nothing(seeds):
    for std in (1, 0.1):
        nothing, hidden = five(std, 0, seeds), five(std, 0.05, seeds)
        assert max(hidden["unknown"]) - min(hidden["unknown"]) < min(4, max(nothing["unknown"]) - min(nothing["unknown"]))
        assert max(hidden["unknown"]) < 90.1
        assert abs(middle(hidden["known"]) - middle(nothing["known"])) < 1.5
    assert middle(five(1, 0, seeds)["unknown"]) > 90.1
    assert max(five(1, 0, seeds)["unknown"]) - min(five(1, 0, seeds)["unknown"]) > 20
    assert 4 < middle(five(1, 0, seeds)["known"]) - middle(five(0.1, 0, seeds)["known"]) < 9


@functools.cache
def curves(seeds, remedy="none"):
    told_of = lesson()
    kind, dose = remedy.split() if " " in remedy else (remedy, 0)
    options = {"decay": {"change": lambda model: told_of["decaying"](model, float(dose))},
               "dropout": {"change": lambda model: told_of["dropping"](model, float(dose))},
               "hidden": {"hide": hiding(float(dose))}}.get(kind, {})
    return told_of["curves"]("without" if remedy == "without" else "with", seeds=seeds, **options)


@over_seeds
def test_with_the_flight_training_falls_and_later_flights_are_best_after_the_first_epoch_and_end_above_the_mean(seeds):
    for training, later in zip(*curves(seeds), strict=True):
        assert training[-1] < training[0] - 1
        assert later.index(min(later)) == 0
        assert later[-1] > lesson()["mean_delay"] + 0.5


@over_seeds
def test_adamws_own_decay_does_nothing_and_strong_doses_end_near_the_model_without_the_column(seeds):
    def last(remedy):
        return sum(run[-1] for run in curves(seeds, remedy)[1]) / len(seeds)

    assert abs(last("decay 0.01") - last("none")) < 0.5
    for remedy in STRONG:
        assert last(remedy) < last("without") + 0.7 < last("none")


@over_seeds
def test_no_remedy_makes_the_flight_useful_for_the_delay(seeds):
    without = [min(run) for run in curves(seeds, "without")[1]]
    for remedy in (*STRONG, "decay 0.01", "dropout 0.5", "hidden 0.3", "none"):
        lowest = [min(run) for run in curves(seeds, remedy)[1]]
        assert abs(sum(lowest) - sum(without)) / len(seeds) < 0.3


def test_half_of_the_flights_have_four_training_records_or_fewer():
    counts = lesson()["train"]["flight"].value_counts()
    assert (counts <= 4).mean() >= 0.5


@over_seeds
def test_a_refitted_vocabulary_makes_the_predictions_wrong_without_a_word(seeds):
    told_of = lesson()
    known, future = (told_of["records"](told_of[part], told_of["plain"], "air_time") for part in ("train", "later"))
    names = ["(unknown)", *sorted(told_of["later"]["dest"].unique())]
    moved = future[0].clone()
    moved[:, 1] = torch.tensor([names.index(name) for name in told_of["later"]["dest"]])
    model = told_of["build"](told_of["plain"], seeds[0])
    right = told_of["fit"](model, known, future)[1][-1]
    assert told_of["rmse"](model, moved, *future[1:]) > 2 * right


@over_seeds
def test_importance_is_the_destinations_alone_and_mostly_the_distances_once_that_is_offered(seeds):
    told_of = lesson()
    for seed in seeds[:3]:
        for make, continuous in ((told_of["records"], 0), (told_of["with_distance"], 1)):
            model = fit_all(told_of["networks"](told_of["plain"], seed=seed, continuous=continuous),
                            *make(told_of["train"], told_of["plain"], "air_time"))
            given = make(told_of["later"], told_of["plain"], "air_time")
            rises = [told_of["rise"](model, given, j).mean() for j in range(5)]
            if continuous:
                assert told_of["rise"](model, given, 0, part=1).mean() > 5 * max(rises)
            else:
                assert rises[1] == max(rises) > 1


@functools.cache
def looks(seed, width, distance=False, **training):
    options = {"make": lesson()["with_distance"], "below": 0.06} if distance else {}
    return lesson()["at_equal_loss"](width, seed=seed, **options, **training)


@over_seeds
def test_narrow_and_wide_networks_lean_on_the_same_column_at_equal_loss(seeds):
    for seed in seeds[:3]:
        for width in (2, 128):
            assert min(looks(seed, width)["flight"]) > 0.5
            with_it = looks(seed, width, distance=True)
            assert all(far > 5 * flight for far, flight in zip(with_it["distance"], with_it["flight"], strict=True))


@over_seeds
def test_narrow_networks_that_never_get_there_have_no_active_unit(seeds):
    missing = [(5 - len(look["epoch"]), look["silent"]) for seed in seeds[:3] for look in (looks(seed, 1), looks(seed, 2))]
    assert sum(silent for _, silent in missing) > 0
    assert sum(failed == silent for failed, silent in missing) > len(missing) / 2


def seen_in_training():
    told_of = lesson()
    codes = told_of["hidden_share"](told_of["encoded"](told_of["train"], told_of["timetable"]))[:, 0]
    return torch.bincount(codes, minlength=told_of["levels"]["flight"])


@over_seeds
def test_with_the_distance_sgd_hardly_moves_the_rows_and_behind_a_wide_layer_they_know_next_to_nothing_of_it(seeds):
    told_of, seen = lesson(), seen_in_training()
    for seed in seeds[:3]:
        slow = torch.stack(looks(seed, 32, distance=True, optimizer=torch.optim.SGD, lr=0.5, epochs=40)["moved"])
        assert slow[:, (seen > 0) & (seen < 3)].median() < slow[:, seen > 10].median() < 0.01
        narrow, wide = (middle([told_of["probe"](told_of["in_two"](rows)) for rows in looks(seed, width, True)["rows"]])
                        for width in (2, 128))
        assert wide < 0.15 < 0.3 < narrow < 0.8


@over_seeds
def test_under_adam_a_rare_row_goes_nearly_as_far_as_a_common_one_and_under_sgd_less_than_half_as_far(seeds):
    seen, share = seen_in_training(), {}
    for seed in seeds[:3]:
        slow = looks(seed, 32, optimizer=torch.optim.SGD, lr=0.5, epochs=40)
        for name, look in (("Adam", looks(seed, 128)), ("SGD", slow)):
            moved = torch.stack(look["moved"])
            share[name] = (moved[:, (seen > 0) & (seen < 3)].median() / moved[:, seen > 10].median()).item()
        assert share["Adam"] > 0.6
        assert share["SGD"] < 0.5


@over_seeds
def test_flights_line_up_by_distance_from_a_small_start_and_not_from_a_large_one(seeds):
    told_of = lesson()
    known = told_of["records"](told_of["train"], told_of["timetable"], "air_time")
    for seed in seeds[:3]:
        for width in (2, 128):
            assert middle([told_of["probe"](told_of["in_two"](rows)) for rows in looks(seed, width)["rows"]]) > 0.6
        loud = told_of["networks"](told_of["timetable"], width=128, std=1.0, seed=seed)
        fit_all(loud, told_of["hidden_share"](known[0]), *known[1:])
        assert middle([told_of["probe"](told_of["in_two"](rows)) for rows in loud.rows(0).detach()]) < 0.45


@over_seeds
def test_the_map_needs_two_columns_and_with_three_no_start_folds(seeds):
    for seed in seeds:
        one, two, three = (lesson()["map_error"](dim, seed=seed) for dim in (1, 2, 3))
        assert one.min() > 150
        assert two.median() < 3
        assert three.max() < 5


@over_seeds
def test_for_the_air_time_one_column_is_as_good_as_150(seeds):
    for seed in seeds[:2]:
        one, wide = (lesson()["flight_error"](dim, seed=seed).mean() for dim in (1, 150))
        assert abs(one - wide) < 1.5


@over_seeds
def test_rows_against_target_means(seeds):
    for seed in seeds:
        delay = lesson()["by_bins"]("delay", BINS, seed)
        assert delay["the flight's mean"][0] > delay["always the mean"][0] + 8
        pairs = zip(delay["the flight's mean"][:4], delay["always the mean"], strict=False)
        assert all(mean > always for mean, always in pairs)
        assert delay["rows, 1 epoch"][0] < delay["always the mean"][0] + 2
        assert abs(delay["rows, 12 epochs"][1] - delay["the flight's mean"][1]) < 4
        air = lesson()["by_bins"]("air_time", BINS, seed)
        assert air["rows, 1 epoch"][0] > air["the flight's mean"][0]
        assert all(late < mean + 3 for late, mean in zip(air["rows, 12 epochs"], air["the flight's mean"], strict=True))
        for found in (delay, air):
            best = map(min, found["rows, 12 epochs"], found["the flight's mean"], found["rows, 1 epoch"])
            assert all(shrunk < other + 2 for shrunk, other in zip(found["its mean, shrunken"], best, strict=True))


@over_seeds
def test_tables_do_as_well_as_one_hot_and_codes_as_numbers_are_lost(seeds):
    for seed in seeds[:3]:
        air = {name: middle(off) for name, off in lesson()["contrast"]("air_time", 5, seed).items()}
        assert air["tables"] < air["one-hot"] + 0.2
        assert abs(air["tables"] - air["mean of the destination"]) < 0.5
        assert air["codes as numbers"] > 50
        delay = {name: middle(off) for name, off in lesson()["contrast"]("delay", 1, seed).items()}
        assert max(delay.values()) - min(delay.values()) < 1


@over_seeds
def test_hashed_rows_are_some_minutes_worse_on_known_flights_and_worse_than_the_mean_on_unknown_ones(seeds):
    for seed in seeds:
        (known, unknown), (known_hashed, unknown_hashed) = lesson()["hashed_or_not"](seed).values()
        assert known + 2 < known_hashed < known + 15
        assert unknown < 96 < unknown_hashed


@over_seeds
def test_two_tables_make_a_worse_map_than_one(seeds):
    told_of = lesson()
    for seed in seeds:
        one = told_of["map_error"](2, seed=seed).median()
        for ends in (told_of["pairs"], told_of["flipped"]):
            assert told_of["map_error"](2, ends + told_of["second"], seed=seed).median() > one


def test_which_columns_deserve_a_table():
    r2 = {name: lesson()["explained"](features) for name, features in lesson()["codings"].items()}
    assert abs(r2["hour, a number"] - r2["hour, a row each"]) < 0.002
    assert r2["hour, four bins"] < r2["hour, between two rows"]
    assert r2["carrier, its code as a number"] < 0.002 < r2["carrier, a row each"]
    assert abs(r2["from JFK, a number"] - r2["from JFK, a row each"]) < 0.001
    assert max(r2.values()) < 0.02


@over_seeds
def test_the_carriers_row_helps_unknown_flights_and_a_joined_column_gains_nothing(seeds):
    told_of = lesson()
    timetable = told_of["timetable"]
    for seed in seeds[:3]:
        alone, both = (told_of["nested"](columns, seed=seed)
                       for columns in (timetable, ["flight", "carrier", *timetable[1:]]))
        assert middle(both["unknown"]) < middle(alone["unknown"]) - 10
        assert middle(both["known"]) < middle(alone["known"]) + 0.5
        beside = told_of["nested"](["carrier", *timetable[1:]], seed=seed)
        pair = told_of["nested"](["pair", *timetable[2:]], told_of["joined_pair"], seed=seed)
        assert middle(pair["unknown"]) > middle(beside["unknown"]) - 1
        assert middle(both["unknown"]) - 4 < middle(beside["unknown"]) < middle(both["unknown"]) - 0.3
        assert middle(beside["known"]) > middle(both["known"]) + 15


@pytest.mark.parametrize("seeds", [pytest.param((0, 1, 2), id="its own"), SEEDS[1]])
def test_the_hours_lie_on_a_closed_loop_when_temperature_pressure_and_wind_are_told(seeds):
    for seed in seeds:
        assert lesson()["in_order"](lesson()["clock"](["temperature", "pressure", "wind"], seed)) >= 22
