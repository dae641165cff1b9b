"""Runs a notebook in a fresh kernel, as JupyterLab would: for pages and slides."""
from pathlib import Path

from nbclient import NotebookClient

LONGEST = 600   # seconds a cell may take


def execute(notebook, folder: Path):
    """The notebook with its outputs; `folder` is where its data and checks are looked for.

    raises : nbclient's CellExecutionError for a cell that fails without the tag `raises-exception`
    """
    client = NotebookClient(notebook, timeout=LONGEST, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.km = client.create_kernel_manager()
    client.km.transport_encryption = "auto"   # else ipykernel warns at each start
    client.execute()
    return notebook
