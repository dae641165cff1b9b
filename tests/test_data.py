"""The course's tables: where they are found, what reading keeps, and that they are what their script makes."""
import importlib.util
import re
from pathlib import Path

import pandas as pd
import pytest

from embedding_course import data

PROJECT = Path(__file__).resolve().parents[1]
ROUTES = "origin,destination,flights,distance\n"
READERS = {
    "nycflights_120k.csv.gz": data.read_flights, "routes.csv": data.read_routes, "airports.csv": data.read_airports,
    "planes.csv.gz": data.read_planes, "seattle_hourly_normals.csv.gz": data.read_seattle_normals,
    "baby_names.csv.gz": data.read_baby_names,
}


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """A notebook's folder in a project of its own, with a package that ships nothing."""
    folder = tmp_path / "course" / "work" / "01-one-hot"
    folder.mkdir(parents=True)
    (tmp_path / "course" / "grader_config.py").touch()
    monkeypatch.setattr(data, "SHIPPED", tmp_path / "package" / "shipped")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def course(monkeypatch):
    """The course's own folder, as the working directory."""
    monkeypatch.chdir(PROJECT)
    return PROJECT


@pytest.fixture(scope="module")
def make_data():
    """The script `data/make_data.py`, imported."""
    spec = importlib.util.spec_from_file_location("make_data", PROJECT / "data" / "make_data.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def put(folder, name, text):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


# Where a table is found

def test_a_missing_file_names_every_place_looked_at(notebook, tmp_path):
    with pytest.raises(data.MissingData) as missing:
        data.find_data("routes.csv")
    message = str(missing.value)
    for place in (notebook, notebook / "data", tmp_path / "course" / "data", tmp_path / "package" / "shipped" / "data"):
        assert str(place) in message
    assert message.startswith("routes.csv: ") and "copy it beside the notebook" in message


def test_a_missing_file_is_one_line_in_a_notebook_without_a_stack(notebook):
    with pytest.raises(FileNotFoundError) as missing:
        data.read_routes()
    [line] = missing.value._render_traceback_()
    assert line == str(missing.value) and "\n" not in line


def test_a_misspelt_file_gets_the_nearest_name(notebook):
    put(notebook, "routes.csv", ROUTES)
    with pytest.raises(data.MissingData, match="the nearest name is routes.csv"):
        data.find_data("route.csv")


def test_no_place_is_named_twice(notebook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path / "course")
    assert len(data.places()) == len(set(data.places())) == 3


def test_a_table_beside_the_notebook_wins(notebook, tmp_path):
    put(tmp_path / "package" / "shipped" / "data", "routes.csv", ROUTES)
    put(tmp_path / "course" / "data", "routes.csv", ROUTES)
    put(notebook / "data", "routes.csv", ROUTES)
    own = put(notebook, "routes.csv", ROUTES + "AAA,BBB,1,10\n")
    assert data.find_data("routes.csv") == own
    assert data.read_routes()["origin"].tolist() == ["AAA"]


def test_a_notebook_in_a_folder_of_the_project_reads_the_projects_data(notebook, tmp_path):
    put(tmp_path / "package" / "shipped" / "data", "routes.csv", ROUTES)
    expected = put(tmp_path / "course" / "data", "routes.csv", ROUTES)
    assert data.find_data("routes.csv") == expected


def test_a_course_inside_a_course_reads_its_own_data(notebook, tmp_path):
    put(tmp_path / "course" / "data", "routes.csv", ROUTES)
    put(notebook.parent, "grader_config.py", "")
    expected = put(notebook.parent / "data", "routes.csv", ROUTES)
    assert data.find_data("routes.csv") == expected


def test_a_notebook_outside_any_project_reads_what_the_package_ships(notebook, tmp_path, monkeypatch):
    expected = put(tmp_path / "package" / "shipped" / "data", "routes.csv", ROUTES)
    monkeypatch.chdir(tmp_path)
    assert data.find_data("routes.csv") == expected


def test_a_folder_with_the_name_of_a_table_is_passed_over(notebook):
    (notebook / "routes.csv").mkdir()
    expected = put(notebook / "data", "routes.csv", ROUTES)
    assert data.find_data("routes.csv") == expected


# What reading keeps

def test_an_airport_spelt_na_is_not_lost(notebook):
    put(notebook, "routes.csv", ROUTES + "NA,JFK,3,100\nJFK,NA,4,100\n")
    routes = data.read_routes()
    assert routes["origin"].tolist() == ["NA", "JFK"] and routes["destination"].tolist() == ["JFK", "NA"]


def test_a_carrier_spelt_na_is_not_lost(course, notebook, monkeypatch):
    monkeypatch.chdir(course)
    flights = data.read_flights().head(2).assign(carrier=["NA", "null"])
    flights.to_csv(notebook / "nycflights_120k.csv.gz", index=False)
    monkeypatch.chdir(notebook)
    assert data.read_flights()["carrier"].tolist() == ["NA", "null"]


def test_a_code_that_looks_like_a_number_stays_text(notebook):
    put(notebook, "routes.csv", ROUTES + "007,1E5,3,100\n")
    assert data.read_routes().loc[0, ["origin", "destination"]].tolist() == ["007", "1E5"]


def test_a_missing_number_is_nan_and_its_column_stays_numeric(notebook):
    put(notebook, "routes.csv", ROUTES + "AAA,BBB,3,\nBBB,AAA,4,NA\nAAA,CCC,5,20\n")
    distance = data.read_routes()["distance"]
    assert distance.isna().tolist() == [True, True, False] and distance.dtype == "float64"


def test_another_table_of_the_same_name_is_named(notebook):
    own = put(notebook, "airports.csv", "code,city\nJFK,New York\n")
    with pytest.raises(ValueError, match=re.escape(str(own)) + ".*'iata'"):
        data.read_airports()


def test_the_year_of_a_plane_may_be_missing_but_no_name_is(course):
    planes = data.read_planes()
    assert planes["year"].isna().sum() == 70 and planes["tailnum"].is_unique
    assert not (planes[["tailnum", "manufacturer", "model", "engine"]] == "").any(axis=None)


def test_the_hours_in_seattle_are_times_one_hour_apart(course):
    steps = data.read_seattle_normals()["date"].diff().dropna()
    assert (steps == pd.Timedelta(hours=1)).all()


def test_flights_come_in_order_of_time(course):
    flights = data.read_flights()
    assert (flights["month"] * 10_000 + flights["day"] * 100 + flights["hour"]).is_monotonic_increasing


def test_every_flight_and_route_ends_at_an_airport_with_a_place_on_the_map(course):
    flights, routes, airports = data.read_flights(), data.read_routes(), data.read_airports()
    used = {*flights["origin"], *flights["dest"], *routes["origin"], *routes["destination"]}
    assert used == set(airports["iata"])
    assert not airports[["latitude", "longitude"]].isna().any(axis=None)


# What lies in data/

@pytest.mark.parametrize("name", READERS)
def test_the_readme_tells_the_rows_and_columns_that_a_table_has(course, name):
    readme, table = (course / "data" / "README.md").read_text(encoding="utf-8"), READERS[name]()
    assert re.search(rf"\| `{re.escape(name)}` \| {len(table):,} \|", readme)
    section = readme.split(f"## `{name}`")[1].split("\n## ")[0]
    firsts = re.findall(r"^\| (`.*?) \|", section, flags=re.M)
    assert set(re.findall(r"`(\w+)`", " ".join(firsts))) == set(table)


def test_the_data_stays_small(course):
    assert sum(path.stat().st_size for path in (course / "data").iterdir()) < 5_000_000


def test_remaking_a_table_gives_the_same_bytes_whenever_it_is_done(course, make_data):
    packed = make_data.packed(b"origin\nJFK\n")
    assert packed[3] == 0 and packed[4:8] == b"\0\0\0\0"      # no name, no time
    for path in (course / "data").glob("*.gz"):
        assert path.read_bytes()[3:8] == packed[3:8]


def test_the_check_names_the_table_that_differs_and_no_other(make_data, tmp_path, capsys):
    files = {"routes.csv": b"a\n1\n", "planes.csv.gz": make_data.packed(b"b\n2\n"), "airports.csv": b"c\n"}
    make_data.write(files, tmp_path)
    assert make_data.check(files, tmp_path) == 0
    (tmp_path / "airports.csv").unlink()
    (tmp_path / "planes.csv.gz").write_bytes(make_data.packed(b"b\n3\n"))
    assert make_data.check(files, tmp_path) == 1
    told = capsys.readouterr().err
    assert "planes.csv.gz differs" in told and "airports.csv is missing" in told and "routes" not in told


@pytest.mark.parametrize("harm", [
    lambda whole: whole[:-9], lambda whole: whole[:10] + b"\xff" * 20,
    lambda whole: b"version https://git-lfs", lambda whole: b"",
], ids=["cut short", "garbled", "a pointer", "empty"])
def test_the_check_names_a_table_that_is_damaged(make_data, tmp_path, capsys, harm):
    files = {"planes.csv.gz": make_data.packed(b"b\n2\n" * 99)}
    (tmp_path / "planes.csv.gz").write_bytes(harm(files["planes.csv.gz"]))
    assert make_data.check(files, tmp_path) == 1
    assert "planes.csv.gz " in capsys.readouterr().err


def test_without_pyarrow_the_script_says_what_to_install(make_data, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(make_data.importlib.util, "find_spec", lambda name: None)
    assert make_data.main(["--out", str(tmp_path)]) == 1
    assert "pip install pyarrow" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_flights_that_never_arrived_are_not_drawn(make_data, monkeypatch):
    monkeypatch.setattr(make_data, "FLIGHTS", 2)
    times = {"dep_delay": ["1", "NA", "3"], "arr_delay": ["1", "2", "3"], "air_time": ["60", "NA", "60"]}
    table = pd.DataFrame(dict.fromkeys(make_data.FLIGHT_COLUMNS, "1") | times | {"day": ["10", "3", "9"]})
    assert make_data.flights(table)["day"].tolist() == [9, 10]     # as numbers: the 9th is before the 10th
