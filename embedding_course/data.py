"""The course's tables as data frames, read from wherever they lie. What they are, and whose: `data/README.md`.

Codes stay text, "NA" too: a carrier or an airport may be called so. A missing number is NaN.
"""
import difflib
from pathlib import Path

import pandas as pd

from .places import SHIPPED, project_root


class MissingData(FileNotFoundError):
    """A table that is nowhere. A notebook shows the message, and no stack."""

    def _render_traceback_(self):
        return [str(self)]


def find_data(name: str) -> Path:
    """Where the data file of that name is: beside the notebook, in the project's `data/`, or with the package.

    raises : MissingData, naming every place
    """
    folders = places()
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    there = {path.name for folder in folders if folder.is_dir() for path in folder.iterdir()}
    near = difflib.get_close_matches(name, sorted(there), 1, cutoff=0.8)
    hint = f"the nearest name is {near[0]}" if near else "copy it beside the notebook, or work in the course's folder"
    raise MissingData(f"{name}: no such file in {', '.join(map(str, folders))}; {hint}")


def places() -> list[Path]:
    """The folders that `find_data` looks in, first to last, each once."""
    here = Path.cwd()
    project = [root / "data" for root in [project_root()] if root]
    return list(dict.fromkeys([here, here / "data", *project, SHIPPED / "data"]))


def read_flights() -> pd.DataFrame:
    """120,000 of the flights that left New York City in 2013, hour by hour; none was cancelled or diverted.

    month, day, hour : int, the scheduled departure in local time
    carrier, tailnum, origin, dest : text; `tailnum` is the aircraft, `origin` one of EWR, JFK, LGA
    flight : int, but a name: it means something only together with `carrier`
    distance : int, statute miles
    dep_delay, arr_delay : int, minutes; negative is early
    air_time : int, minutes
    raises : MissingData; ValueError if the file found lacks a column
    """
    return read("nycflights_120k.csv.gz", text=["carrier", "tailnum", "origin", "dest"],
                numbers=["month", "day", "hour", "flight", "distance", "dep_delay", "arr_delay", "air_time"])


def read_routes() -> pd.DataFrame:
    """3,399 directed pairs of US airports that flights connected in the first half of 2001.

    origin, destination : text, IATA codes
    flights : int, how many of 3 million flights
    distance : int, statute miles, the same in both directions
    raises : MissingData; ValueError if the file found lacks a column
    """
    return read("routes.csv", text=["origin", "destination"], numbers=["flights", "distance"])


def read_airports() -> pd.DataFrame:
    """The 233 airports of the flights and the routes.

    iata, name, city, state : text; city and state are empty for MQT
    latitude, longitude : float, degrees; west is negative
    raises : MissingData; ValueError if the file found lacks a column
    """
    return read("airports.csv", text=["iata", "name", "city", "state"], numbers=["latitude", "longitude"])


def read_planes() -> pd.DataFrame:
    """3,322 of the aircraft that flew from New York City in 2013.

    tailnum, manufacturer, model, engine : text
    year : float, when it was made; NaN for 70
    engines, seats : int, how many
    raises : MissingData; ValueError if the file found lacks a column
    """
    return read("planes.csv.gz", text=["tailnum", "manufacturer", "model", "engine"],
                numbers=["year", "engines", "seats"])


def read_seattle_normals() -> pd.DataFrame:
    """What is normal in Seattle for each hour of a year: averages over 1981 to 2010, 8,759 rows.

    date : datetime; its year, 2010, is a stand-in
    pressure : float, hectopascals
    temperature : float, degrees Celsius
    wind : float, the average speed, by its size in metres a second
    raises : MissingData; ValueError if the file found lacks a column
    """
    table = read("seattle_hourly_normals.csv.gz", text=["date"], numbers=["pressure", "temperature", "wind"])
    return table.assign(date=pd.to_datetime(table["date"]))


def read_states() -> pd.DataFrame:
    """Borders and coasts of the 48 mainland states, to draw under a map: 2,404 corners of 309 lines.

    line : int, corners of one line are joined, in their order
    longitude, latitude : float, degrees; west is negative
    raises : MissingData; ValueError if the file found lacks a column
    """
    return read("us_states.csv.gz", text=[], numbers=["line", "longitude", "latitude"])


def read_baby_names() -> pd.DataFrame:
    """How common 332 names were in the United States from 1900 to 2014: 7,209 pairs of a name and five years.

    sex, name, period : text; `sex` is F or M, `period` such as "1950-1954"
    babies : int, how many got the name
    per_million : float, of a million babies of that sex and period
    part : text; "learn" for records to train on, "test" for those to try a model on
    raises : MissingData; ValueError if the file found lacks a column
    """
    return read("baby_names.csv.gz", text=["sex", "name", "period", "part"], numbers=["babies", "per_million"])


def read(name: str, text: list[str], numbers: list[str]) -> pd.DataFrame:
    """A table with these columns of text and of numbers, at least. Only in numbers do "" and "NA" mean missing."""
    path = find_data(name)
    missing = dict.fromkeys(numbers, ["", "NA", "NaN", "nan"])
    table = pd.read_csv(path, dtype=dict.fromkeys(text, str), keep_default_na=False, na_values=missing)
    absent = [column for column in text + numbers if column not in table]
    if absent:
        raise ValueError(f"{path} has no column {absent[0]!r}; it is not the course's table of that name")
    return table
