"""Doors to a lesson besides `make lab`: the download that installs the package, Colab, Binder."""
import json
import os
import subprocess
import sys

import nbformat
import pytest

from embedding_course.course.project import Project
from embedding_course.course.reading import read_notebook
from embedding_course.course.site.doors import Repository, download

ADDRESS = "https://github.com/somebody/embeddings"
NAME = "01-one-hot"
PIP = """import json, pathlib, sys
here = pathlib.Path(__file__).parent.parent
(here / "asked.json").write_text(json.dumps(sys.argv[1:]))
(here / "embedding_course.py").write_text("check = 'installed'")
"""


@pytest.fixture
def bare(tmp_path):
    """A folder to run Python in that has no package but a pip that writes down what it is asked for."""
    (tmp_path / "pip").mkdir()
    (tmp_path / "pip" / "__init__.py").touch()
    (tmp_path / "pip" / "__main__.py").write_text(PIP, encoding="utf-8")
    return tmp_path


def run_first_cell(project, folder, address=ADDRESS):
    """Runs the first code cell of lesson 1's download, and then what the lesson's own first cell begins with."""
    notebook = download(read_notebook(project.released(NAME)), Repository(address))
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    return subprocess.run([sys.executable, "-S", "-c", f"{cell.source}\nfrom embedding_course import check"], cwd=folder,
                          env={**os.environ, "PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8"}, encoding="utf-8",
                          capture_output=True)


def asked_of_pip(folder):
    path = folder / "asked.json"
    return json.loads(path.read_text()) if path.is_file() else None


def test_a_missing_package_comes_from_the_repository_and_the_cell_says_so(project, bare):
    done = run_first_cell(project, bare)
    assert done.returncode == 0, done.stderr
    assert asked_of_pip(bare) == ["install", "-q", f"embedding-course[reuse] @ git+{ADDRESS}"]
    assert ADDRESS in done.stdout
    assert done.stdout.endswith("Done.\n")


def test_colabs_own_torch_and_pandas_are_left_alone(project, bare):
    for known in ("torch", "pandas", "matplotlib"):
        (bare / f"{known}.py").touch()
    assert run_first_cell(project, bare).returncode == 0
    assert "--no-deps" in asked_of_pip(bare)


def test_a_wheel_beside_the_notebook_is_taken_before_the_repository(project, bare):
    wheel = "embedding_course-0.2.0-py3-none-any.whl"
    (bare / wheel).touch()
    assert run_first_cell(project, bare).returncode == 0
    assert asked_of_pip(bare)[-1] == f"{wheel}[reuse]"


def test_without_an_address_and_a_wheel_it_says_what_to_do(project, bare):
    done = run_first_cell(project, bare, address="")
    assert done.returncode == 1
    assert "put its wheel, embedding_course-….whl, beside this notebook" in done.stderr
    assert asked_of_pip(bare) is None


def test_where_the_package_is_it_does_nothing(project, bare):
    (bare / "embedding_course.py").write_text("check = 'mine'", encoding="utf-8")
    done = run_first_cell(project, bare)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert asked_of_pip(bare) is None


def test_the_download_is_the_release_and_one_cell(project):
    release = read_notebook(project.released(NAME))
    alone = download(release, Repository(ADDRESS))
    assert [cell for cell in alone.cells if cell.id != "install"] == release.cells
    assert len(alone.cells) == len(release.cells) + 1
    assert alone.cells[0].source.startswith("# How does a category")
    nbformat.validate(alone)


@pytest.fixture
def published(tmp_path):
    """A function that gives the repository of a project whose pyproject.toml says so much."""
    def of(text):
        (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
        return Repository.of(Project(tmp_path))
    return of


def test_the_address_stands_once_and_all_links_come_from_it(published):
    repository = published(f'[project.urls]\nRepository = "{ADDRESS}.git"\n')
    links = repository.links(NAME)
    assert links["Open in Colab"] == ("https://colab.research.google.com/github/somebody/embeddings/blob/gh-pages/"
                                      "downloads/01-one-hot.ipynb")
    assert links["Open in Binder"] == ("https://mybinder.org/v2/gh/somebody/embeddings/HEAD?labpath="
                                       "notebooks%2F01-one-hot%2F01-one-hot.ipynb")
    assert links["Source"] == f"{ADDRESS}/blob/HEAD/notebooks/01-one-hot/01-one-hot.ipynb"
    assert repository.missing() == []


@pytest.mark.parametrize("text", ["", "[project]\nname = 'x'\n", "[project.urls]\n"])
def test_without_an_address_there_is_no_link_and_a_line_says_so(published, text):
    repository = published(text)
    assert repository.links(NAME) == {}
    assert repository.missing() == ["no Colab link: pyproject.toml gives no `Repository` in [project.urls]"]


def test_a_repository_elsewhere_has_sources_but_no_colab(published):
    repository = published('[project.urls]\nRepository = "https://codeberg.org/somebody/embeddings"\n')
    assert list(repository.links(NAME)) == ["Source"]
    assert "opens GitHub only" in repository.missing()[0]


@pytest.mark.parametrize(("address", "pages"), [
    ("https://github.com/Ada/Rows", "https://ada.github.io/Rows/"),
    ("https://github.com/Ada/ada.github.io", "https://ada.github.io/"),
    ("https://example.org/ada/rows", ""), ("", "")])
def test_where_github_shows_the_pages(address, pages):
    assert Repository(address).pages == pages
