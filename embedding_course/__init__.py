"""The Embeddings Are the Weights: what a lesson imports."""
from .checking.cell import check, passed

__all__ = ["check", "passed"]
__version__ = "0.1.0"
