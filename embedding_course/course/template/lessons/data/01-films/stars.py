"""A module that the lesson imports, released beside its notebook."""
MOST = 5
