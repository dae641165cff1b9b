"""Lessons to notebooks, submissions to scores: what instructors and authors use."""
