"""When something was handed in: the one reader of time stamps, for `course grade` and for nbgrader's own commands.

A `timestamp.txt` is a student's file. Nothing that it holds may stop anything, and nothing relies on it.
"""
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

STAMP = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)\s*(\S*)")


def read_timestamp(path: Path | None, zone: str = "UTC") -> tuple[datetime | None, str]:
    """The time in a `timestamp.txt`, in UTC without a zone, and what was unclear about it.

    zone : the exchange's; its own abbreviations are understood, CEST with Europe/Berlin

    Understood are ISO dates with an offset or a zone's full name (Europe/Berlin); without either it is UTC. Other
    abbreviations are refused: CST and BST mean different times to different programs.
    """
    if path is None:
        return None, ""   # some systems' archives tell nobody's time
    try:
        with path.open("rb") as file:
            text = file.read(200).decode("utf-8-sig", errors="replace").strip()
    except OSError as error:
        return None, f"its time stamp cannot be read ({error.strerror})"
    try:
        return as_utc(text, zone), ""
    except (ValueError, OverflowError, ZoneInfoNotFoundError):
        return None, f"its time stamp cannot be read: {text[:40]!r}"


def as_utc(text: str, zone: str) -> datetime:
    """A time stamp's text in UTC, without a zone, as nbgrader keeps it.

    raises : ValueError or ZoneInfoNotFoundError, where it could mean several times, or none
    """
    match = STAMP.fullmatch(text)
    if not match:
        raise ValueError(text)
    moment, given = datetime.fromisoformat(match[1]), match[2]
    if re.fullmatch(r"[+-]\d\d:?\d\d", given):
        moment = datetime.strptime(f"{moment:%Y-%m-%d %H:%M:%S.%f} {given}", "%Y-%m-%d %H:%M:%S.%f %z")
    elif given in ("", "Z", "UTC"):
        moment = moment.replace(tzinfo=UTC)
    elif "/" in given:
        moment = moment.replace(tzinfo=ZoneInfo(given))
    else:
        moment = _abbreviated(moment, given, ZoneInfo(zone))
    return moment.astimezone(UTC).replace(tzinfo=None)


def _abbreviated(moment: datetime, name: str, zone: ZoneInfo) -> datetime:
    """A moment whose zone is one of the names of the exchange's own; in the doubled hour of autumn the name decides."""
    for fold in (0, 1):
        local = moment.replace(tzinfo=zone, fold=fold)
        if local.tzname() == name:
            return local
    raise ValueError(f"{name} is no name of {zone.key}")


def zone_of(config) -> str:
    """The exchange's time zone by a configuration; UTC unless it names another."""
    zone = config.get("Exchange", {}).get("timezone")
    return zone if isinstance(zone, str) else "UTC"


def read_in_nbgrader():
    """Has nbgrader read time stamps through `read_timestamp`; called by `grader_config.py`.

    nbgrader reads CEST as UTC and +0200 as 200 seconds, and one student's bad file closes Formgrader's list for the
    whole class; it has no setting for that.
    """
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    def existing(self, folder):
        path = Path(folder) / "timestamp.txt"
        return read_timestamp(path, zone_of(self.config))[0] if path.exists() else None

    def submitted(self, assignment_id, student_id):
        folder = self.coursedir.format_path(self.coursedir.submitted_directory, student_id, assignment_id)
        return existing(self, folder)

    CourseDirectory.get_existing_timestamp = existing
    NbGraderAPI.get_submitted_timestamp = submitted
