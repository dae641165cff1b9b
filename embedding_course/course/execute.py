"""Runs a notebook in a fresh kernel, as JupyterLab would: for pages and slides."""
from itertools import groupby
from pathlib import Path

from nbclient import NotebookClient
from nbformat.v4 import new_output

LONGEST = 600   # seconds that a kernel may take for its start, and for each cell; on a busy machine both are slow


def execute(notebook, folder: Path, **options):
    """The notebook with its outputs; `folder` is where its data and checks are looked for.

    options : further ones of nbclient
    raises : nbclient's CellExecutionError for a cell that fails without the tag `raises-exception`
    """
    client = NotebookClient(notebook, timeout=LONGEST, startup_timeout=LONGEST, iopub_timeout=LONGEST,
                            kernel_name="python3", resources={"metadata": {"path": str(folder)}}, **options)
    client.km = client.create_kernel_manager()
    client.km.transport_encryption = "auto"   # else ipykernel warns at each start
    client.execute()
    return notebook


def joined(outputs) -> list:
    """A cell's outputs as a reader sees them: what was printed without a break is one, in however many pieces it came.

    A kernel sends what is printed by a timer, so where one piece ends is chance.
    """
    made = []
    for stream, pieces in groupby(outputs, key=lambda output: output.get("name")):   # streams have names, others none
        pieces = list(pieces)
        made += [new_output("stream", name=stream, text="".join(piece.text for piece in pieces))] if stream else pieces
    return made
