"""Stamps a release, so that an older copy can be told from the newest, and what in it has changed since."""
import json
from pathlib import Path

from nbgrader.preprocessors import NbGraderPreprocessor

from .. import __version__
from .marks import mark_of
from .matching import mark
from .notebook import fingerprint


class StampRelease(NbGraderPreprocessor):
    """Last step of generate_assignment: writes into the notebook's metadata the course's version, a fingerprint of all, and
    marks of each text and of each visible check."""

    def preprocess(self, nb, resources):
        said, checks = nb.metadata.setdefault("embedding_course", {}), Path(resources["metadata"]["path"], "checks.json")
        said["version"] = __version__
        said["release"], said["texts"] = fingerprint(nb), " ".join(mark(cell.source) for cell in nb.cells)
        if checks.is_file():
            exercises = json.loads(checks.read_text(encoding="utf-8"))["exercises"]
            said["checks"] = {name: mark_of({**exercise, "points": {}}, everywhere=True)
                              for name, exercise in exercises.items()}
        return nb, resources
