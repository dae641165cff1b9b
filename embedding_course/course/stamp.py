"""Stamps a release with its fingerprint, so that an older copy can be told from the newest."""
from nbgrader.preprocessors import NbGraderPreprocessor

from .matching import mark
from .notebook import fingerprint


class StampRelease(NbGraderPreprocessor):
    """Last step of generate_assignment: writes the fingerprint, and a mark of each text, into the notebook's metadata."""

    def preprocess(self, nb, resources):
        said = nb.metadata.setdefault("embedding_course", {})
        said["release"], said["texts"] = fingerprint(nb), " ".join(mark(cell.source) for cell in nb.cells)
        return nb, resources
