"""The page that is left of a room: counts of five people and more, no names, no marks."""
from pathlib import Path

from .state import Room


def write_report(room: Room, began: float, path: Path) -> Path:
    path.write_text("")
    return path
