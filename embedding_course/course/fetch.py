"""nbgrader's Fetch, by `grader_config.py`: a fetched lesson opens unchanged, as one copied by `course lab` does."""
from pathlib import Path

from nbgrader.exchange.default import ExchangeFetchAssignment

from .reading import read_notebook
from .work import write_copy


class Fetch(ExchangeFetchAssignment):
    """Fetches as nbgrader does; notebooks that were there before stay as they are."""

    def copy_files(self):
        folder = Path(self.dest_path)
        mine = set(folder.glob("*.ipynb"))
        super().copy_files()
        for path in set(folder.glob("*.ipynb")) - mine:
            write_copy(read_notebook(path), path)
