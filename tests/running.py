"""Runs notebooks in fresh kernels, as JupyterLab would."""
import resource
from dataclasses import dataclass

from embedding_course.course.execute import execute


@dataclass
class Ran:
    """A notebook that has been run, and the processor seconds of its kernel, start and imports included.

    Lessons use one thread, so that is what the clock shows where nothing else runs; other work doesn't count.
    """
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
        """All that a reader sees of each cell's results: what was printed, in one piece, then figures as their SVG."""
        return {cell.id: ["".join(output.get("text", "") for output in cell.outputs),
                          *(str(output.data) for output in cell.outputs if "data" in output)]
                for cell in self.notebook.cells if cell.cell_type == "code"}


def run(notebook, folder) -> Ran:
    """Runs all cells, going on after errors."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    execute(notebook, folder, allow_errors=True)   # ends the kernel, whose time is known then
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Ran(notebook, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
