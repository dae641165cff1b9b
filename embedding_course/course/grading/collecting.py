"""nbgrader's collecting and autograding, guarded: what a student planted in their folder doesn't reach out of it."""
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

from nbgrader.exchange.default.collect import ExchangeCollect
from nbgrader.utils import ignore_patterns

from .times import as_utc


class Collect(ExchangeCollect):
    """Collects as nbgrader does; links stay behind, whatever they point to."""

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


def drop_links(assignment=None, student=None, notebooks=None):
    """Before `nbgrader autograde` copies a submission's files: takes links out of the collected folder.

    nbgrader goes on whatever a hook of this kind raises, so refusing would not stop it.
    """
    for notebook in notebooks or []:
        for folder, folders, files in os.walk(Path(notebook).parent):
            for path in (Path(folder, name) for name in [*folders, *files]):
                if path.is_symlink():
                    path.unlink()


def _is_regular(path: Path) -> bool:
    return not path.is_symlink() and (path.is_file() or path.is_dir())
