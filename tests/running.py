"""Runs notebooks in fresh kernels, as JupyterLab would."""
import time
from dataclasses import dataclass

from nbclient import NotebookClient


@dataclass
class Ran:
    """A notebook that has been run, and the seconds that its cells took, kernel start and imports included."""
    notebook: object
    seconds: float

    def errors(self) -> list[str]:
        return [f"{cell.get('id')}: {output.evalue}" for cell, output in self.outputs()
                if output.output_type == "error"]

    def warnings(self) -> list[str]:
        return [f"{cell.get('id')}: {output.text}" for cell, output in self.outputs()
                if output.output_type == "stream" and output.name == "stderr"]

    def outputs(self):
        return [(cell, output) for cell in self.notebook.cells if cell.cell_type == "code" for output in cell.outputs]

    def texts(self) -> dict[str, list[str]]:
        """All that a reader sees of each cell's results, figures as their SVG."""
        return {cell.id: [output.get("text", "") + str(output.get("data", {}))
                          for output in cell.outputs] for cell in self.notebook.cells if cell.cell_type == "code"}


def run(notebook, folder) -> Ran:
    """Runs all cells, going on after errors."""
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", allow_errors=True,
                            resources={"metadata": {"path": str(folder)}})
    client.km = client.create_kernel_manager()
    client.km.transport_encryption = "auto"   # else ipykernel warns at each start
    started = time.monotonic()
    client.execute()
    return Ran(notebook, time.monotonic() - started)
