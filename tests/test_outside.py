"""What other people's machines run: the workflows and the container use this project's own commands and places."""
import json
import re

import yaml


def test_the_container_and_the_workflows_use_what_the_makefile_has(project):
    targets = set(re.findall(r"^([.\w/-]+):", (project.root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    container = json.loads((project.root / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    said = [container["postCreateCommand"]]
    for path in (project.root / ".github" / "workflows").glob("*.yml"):
        jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
        said += [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    wanted = {words for line in said for words in re.findall(r"^make (\S+)", line)}
    assert {"test", "site", ".venv/lab"} <= wanted <= targets


def test_docs_link_to_files_and_name_modules_that_are_there(project):
    modules = {path.name for path in (project.root / "embedding_course").rglob("*.py")} | {"grader_config.py"}
    for path in [*(project.root / "docs").glob("*.md"), project.solutions / "guides" / "teaching.md"]:
        text = path.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert (path.parent / target).exists(), (path.name, target)
        assert set(re.findall(r"`(?:\w+/)*(\w+\.py)`", text)) <= modules, path.name


def test_the_readme_is_short(project):
    assert len((project.root / "README.md").read_text(encoding="utf-8").splitlines()) <= 110
