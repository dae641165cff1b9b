"""Every nbgrader command and server extension, in any folder of a project, reads that project's grader_config.py."""
from pathlib import Path

for folder in [Path.cwd(), *Path.cwd().parents]:
    if (folder / "grader_config.py").is_file():
        load_subconfig("grader_config.py", path=str(folder))  # noqa: F821 - traitlets defines it
        break
