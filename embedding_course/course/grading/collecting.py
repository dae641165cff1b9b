"""nbgrader's collecting and autograding, guarded: what a student planted in their folder doesn't reach out of it."""
import os
import shutil
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

from nbgrader.exchange.default.collect import ExchangeCollect
from nbgrader.utils import ignore_patterns

from .folders import MOST_BYTES, say_owner
from .times import as_utc


class Collect(ExchangeCollect):
    """Collects as nbgrader does; links stay behind, and a submission that another account laid there beats none.

    nbgrader's own check of owners warns, and takes it all the same.
    """

    def init_src(self):
        super().init_src()
        pattern = f"*+{escape(self.coursedir.assignment_id)}+*"
        there = [self._path_to_record(str(path)) for path in Path(self.inbound_path).glob(pattern)]
        for record in there:
            record["owner"] = os.lstat(Path(self.inbound_path, record["filename"])).st_uid
        theirs = {owner: {r["username"] for r in there if r["owner"] == owner} for owner in {r["owner"] for r in there}}
        self.src_records = [self._believed(record["username"], there, theirs) for record in self.src_records]

    def _believed(self, student, there, theirs) -> dict:
        """The record that counts for a student: the newest of their own account, or else of the one that came first.

        theirs : by account, for whom it has laid submissions there
        """
        mine = [record for record in there if record["username"] == student]
        accounts = {record["owner"] for record in mine}
        own = accounts & {_account(student), os.geteuid(), 0}   # an instructor, or a hub, hands in for others
        first = min(mine, key=lambda record: record["timestamp"])["owner"]
        believed = [record for record in mine if record["owner"] in (own or {first})]
        in_time = [record for record in believed if self.duedate is None or record["timestamp"] <= self.duedate]
        chosen = self._sort_by_timestamp(self.before_duedate and in_time or believed)[0]
        doubtful = not own and (_account(student) is not None or len(accounts) > 1 or len(theirs[chosen["owner"]]) > 1)
        left = accounts - own if own else accounts - {chosen["owner"]}
        words = [f"handed in by the account {_name(chosen['owner'])}"] if doubtful else []
        words += [f"the account {_name(account)} has handed in under this id too; not taken" for account in sorted(left)]
        return chosen | {"words": words}

    def copy_files(self):
        super().copy_files()
        for record in self.src_records:
            say_owner(Path(self.coursedir.format_path(self.coursedir.submitted_directory, record["username"],
                                                      self.coursedir.assignment_id)), record["words"])

    def _path_to_record(self, path):
        """A folder STUDENT+LESSON+TIME+SECRET of the exchange; a time that can't be read is the folder's own."""
        parts = Path(path).name.rsplit("+", 3)
        if len(parts) < 3:
            self.fail(f"Invalid filename: {Path(path).name}")
        try:
            moment = as_utc(parts[2], self.timezone)
        except (ValueError, OverflowError, ZoneInfoNotFoundError):
            moment = datetime.fromtimestamp(os.lstat(path).st_mtime, UTC).replace(tzinfo=None)
        return {"username": parts[0], "filename": Path(path).name, "timestamp": moment}

    def do_copy(self, src, dest, log=None):
        unwanted = ignore_patterns(exclude=self.coursedir.ignore, include=self.coursedir.include,
                                   max_file_size=self.coursedir.max_file_size, log=self.log)

        def ignored(folder, names):
            return {*unwanted(folder, names), *(name for name in names if not _is_regular(Path(folder, name)))}

        shutil.copytree(src, dest, ignore=ignored, symlinks=True)
        moment = self._path_to_record(src)["timestamp"]   # the exchange's: a file in the folder could say anything
        stamp = Path(dest, "timestamp.txt")
        shutil.rmtree(stamp) if stamp.is_dir() else stamp.unlink(missing_ok=True)
        stamp.write_text(f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC")


def _account(student) -> int | None:
    """The number of the account of that name, if this machine has one."""
    import pwd  # not on Windows, which has no exchange either
    try:
        return pwd.getpwnam(student).pw_uid
    except (KeyError, ValueError):
        return None


def _name(account) -> str:
    import pwd
    try:
        return pwd.getpwuid(account).pw_name
    except KeyError:
        return f"number {account}"


def drop_links(assignment=None, student=None, notebooks=None):
    """Before `nbgrader autograde` copies a submission's files: takes links and what is too large out of the folder.

    What is too large is kept in `classroom/set-aside`. nbgrader goes on whatever a hook of this kind raises, so refusing
    would not stop it.
    """
    for folder in {Path(notebook).parent for notebook in notebooks or []}:
        aside = folder.parents[2] / "set-aside" / folder.parent.name / folder.name
        for above, folders, files in os.walk(folder):
            for path in (Path(above, name) for name in [*folders, *files]):
                if path.is_symlink():
                    path.unlink()
                elif path.is_file() and path.stat().st_size > MOST_BYTES // 2:
                    aside.mkdir(parents=True, exist_ok=True)
                    path.replace(aside / path.name)


def _is_regular(path: Path) -> bool:
    return not path.is_symlink() and (path.is_file() or path.is_dir())
