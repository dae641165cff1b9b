"""Stamps a release with its fingerprint, so that an older copy can be told from the newest."""
from nbgrader.preprocessors import NbGraderPreprocessor

from .notebook import fingerprint


class StampRelease(NbGraderPreprocessor):
    """Last step of generate_assignment: writes the fingerprint into the notebook's metadata."""

    def preprocess(self, nb, resources):
        nb.metadata.setdefault("embedding_course", {})["release"] = fingerprint(nb)
        return nb, resources
