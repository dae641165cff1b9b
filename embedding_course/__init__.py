"""The Embeddings Are the Weights: what a lesson imports."""
__all__ = ["check", "hand_down", "hand_up", "join", "leave", "marked", "passed"]
__version__ = "0.2.0"


def __getattr__(name):
    """`check` and `passed` when they are asked for: they bring torch, and most commands do without those seconds."""
    if name == "marked":
        from .guesses import marked
        return marked
    if name in ("hand_down", "hand_up", "join", "leave"):
        from . import room
        return getattr(room, name)
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .checking import cell
    return getattr(cell, name)
