"""Where the course's files are: the project is the nearest folder upwards with a `grader_config.py`."""
from pathlib import Path

MARK = "grader_config.py"
PACKAGE = Path(__file__).resolve().parent
# What comes with the package, data and checks: in the wheel within it, in a checkout beside it.
SHIPPED = PACKAGE / "shipped" if (PACKAGE / "shipped").is_dir() else PACKAGE.parent


def project_root(start: Path | None = None) -> Path | None:
    """The project's folder, looking upwards from a folder (default: the working directory); None without one."""
    start = (start or Path.cwd()).resolve()
    return next((folder for folder in (start, *start.parents) if (folder / MARK).is_file()), None)
