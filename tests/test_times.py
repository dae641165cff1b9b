"""Time stamps as programs and students write them; a bad one stops nothing."""
from datetime import datetime
from types import SimpleNamespace

import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from embedding_course.course.grading.collecting import Collect
from embedding_course.course.grading.times import read_in_nbgrader, read_timestamp

BERLIN = "Europe/Berlin"


@pytest.fixture
def stamp(tmp_path):
    def write(text, data=None):
        (tmp_path / "timestamp.txt").write_bytes(data if data is not None else text.encode())
        return tmp_path / "timestamp.txt"
    return write


@pytest.mark.parametrize(("text", "zone", "utc"), [
    ("2026-07-01 12:00:00 UTC", "UTC", "2026-07-01T12:00"),
    ("2026-07-01 12:00:00.250000 UTC", "UTC", "2026-07-01T12:00:00.250"),
    ("2026-07-01 12:00:00 +0200", "UTC", "2026-07-01T10:00"),
    ("2026-07-01T12:00:00+02:00", "UTC", "2026-07-01T10:00"),
    ("2026-07-01 12:00", "UTC", "2026-07-01T12:00"),
    ("2026-01-01 12:00:00 America/New_York", "UTC", "2026-01-01T17:00"),
    ("2026-01-15 12:00:00.5 CET", BERLIN, "2026-01-15T11:00:00.5"),
    ("2026-07-15 12:00:00.5 CEST", BERLIN, "2026-07-15T10:00:00.5"),
    ("2026-10-25 02:30:00 CEST", BERLIN, "2026-10-25T00:30"),   # the hour that comes twice
    ("2026-10-25 02:30:00 CET", BERLIN, "2026-10-25T01:30"),
    ("\ufeff2026-07-01 12:00:00 Z\r\n", "UTC", "2026-07-01T12:00"),
])
def test_what_is_clear_is_read(stamp, text, zone, utc):
    assert read_timestamp(stamp(text), zone) == (datetime.fromisoformat(utc), "")


@pytest.mark.parametrize(("text", "zone"), [
    ("", "UTC"), ("yesterday", "UTC"), ("01.07.2026 12:00", "UTC"), ("2026-13-01 12:00:00 UTC", "UTC"),
    ("2026-07-01 12:00:00 CST", "UTC"), ("2026-01-15 12:00:00 CEST", BERLIN), ("2026-07-01 12:00:00 No/Where", "UTC"),
    ("0001-01-01 00:00:00 +1200", "UTC"),
])
def test_what_could_mean_several_times_or_none_is_unknown_and_said(stamp, text, zone):
    moment, word = read_timestamp(stamp(text), zone)
    assert moment is None
    assert "cannot be read" in word


def test_no_text_at_all(stamp):
    assert read_timestamp(stamp("", b"\xff\xfe\x00\x01" * 1000))[0] is None
    assert read_timestamp(None) == (None, "")


def test_formgraders_list_opens_whatever_one_student_wrote(stamp, tmp_path):
    read_in_nbgrader()
    path = stamp("no time at all")
    classroom = tmp_path / "classroom" / "submitted"
    for student, text in (("ann", "no time at all"), ("ben", "2026-07-01 12:00:00 +0200")):
        folder = classroom / student / "hw"
        folder.mkdir(parents=True)
        (folder / "timestamp.txt").write_text(text)
    config = Config({"CourseDirectory": {"root": str(tmp_path), "submitted_directory": "classroom/submitted"}})
    directory = CourseDirectory(config=config)
    assert directory.get_existing_timestamp(str(path.parent)) is None
    api = NbGraderAPI(directory, config=config)
    assert api.get_submitted_timestamp("hw", "ann") is None
    assert api.get_submitted_timestamp("hw", "ben") == datetime(2026, 7, 1, 10)


def test_the_exchanges_folders_are_read_in_its_own_zone(tmp_path):
    for name, utc in (("ann+lee@example.org+hw+2026-07-01 12:00:00.0 CEST+secret", datetime(2026, 7, 1, 10)),
                      ("ben+hw+2026-01-01 12:00:00.0 CET+secret", datetime(2026, 1, 1, 11))):
        (tmp_path / name).mkdir()
        record = Collect._path_to_record(SimpleNamespace(timezone=BERLIN), str(tmp_path / name))
        assert (record["username"], record["timestamp"]) == (name.split("+hw+")[0], utc)
    (tmp_path / "eve+hw+never+secret").mkdir()
    assert Collect._path_to_record(SimpleNamespace(timezone=BERLIN), str(tmp_path / "eve+hw+never+secret"))["timestamp"]
