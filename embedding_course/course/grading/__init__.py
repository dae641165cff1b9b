"""Grading of strangers' notebooks: a sandbox that runs them, a unit of work, one writer for the gradebook."""
