"""Other doors to a lesson: the repository's address, given once, and a download that brings its package along."""
import copy
import tomllib
from dataclasses import dataclass
from urllib.parse import quote

from nbformat.v4 import new_code_cell

from ..problem import Problem
from ..project import Project

GITHUB = "https://github.com/"
SITE_BRANCH = "gh-pages"   # Colab opens files of a repository only, so it takes the downloads of the published site
INSTALL = '''\
# Where the course's package is missing, as on Colab, this cell installs it. Elsewhere it does nothing.
import importlib.util
import pathlib
import subprocess
import sys

if importlib.util.find_spec("embedding_course") is None:
    wheels = sorted(f"{{path}}[reuse]" for path in pathlib.Path().glob("embedding_course-*.whl"))
    source = wheels[-1] if wheels else {source!r}
    if not source:
        raise ModuleNotFoundError("the course's package is missing: put its wheel, embedding_course-….whl, beside this "
                                  "notebook and run this cell again, or work in the course's folder")
    print("The course's package is missing here; pip installs it from", source)
    known = all(importlib.util.find_spec(name) for name in ("torch", "pandas", "matplotlib"))
    keep = ["--no-deps"] if known else []   # what Colab brings along stays as it is
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", *keep, source], check=True)
    importlib.invalidate_caches()
    print("Done.")'''


@dataclass(frozen=True)
class Repository:
    """Where the course is published, as `Repository` in `[project.urls]` of pyproject.toml says; "" if it doesn't."""
    address: str

    @classmethod
    def of(cls, project: Project) -> "Repository":
        path = project.root / "pyproject.toml"
        if not path.is_file():
            return cls("")
        try:
            urls = tomllib.loads(path.read_text(encoding="utf-8")).get("project", {}).get("urls", {})
        except tomllib.TOMLDecodeError as error:
            raise Problem(f"{path}: {error}") from error
        return cls(urls.get("Repository", "").strip().removesuffix("/").removesuffix(".git"))

    def links(self, name: str) -> dict[str, str]:
        """What a reader can do with a lesson, and the address for it; Colab and Binder know repositories on GitHub."""
        if not self.address:
            return {}
        released = f"notebooks/{name}/{name}.ipynb"
        links = {"Source": f"{self.address}/blob/HEAD/{released}"}
        if self.address.startswith(GITHUB):
            place = self.address.removeprefix(GITHUB)
            colab = f"https://colab.research.google.com/github/{place}/blob/{SITE_BRANCH}/downloads/{name}.ipynb"
            binder = f"https://mybinder.org/v2/gh/{place}/HEAD?labpath={quote(released, safe='')}"
            links = {"Open in Colab": colab, "Open in Binder": binder, **links}
        return links

    @property
    def pages(self) -> str:
        """Where GitHub Pages shows the site, with a slash at its end; "" for another host."""
        if not self.address.startswith(GITHUB):
            return ""
        owner, _, name = self.address.removeprefix(GITHUB).partition("/")
        host = f"{owner.lower()}.github.io"   # a path's capitals count; a repository named like its host has none
        return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"

    def confused(self, lesson: str, section: str, anchor: str) -> str:
        """The address that opens an issue on a section, by heading and name in the page; "" where none can be had."""
        if not self.address.startswith(GITHUB):
            return ""
        body = f"{self.pages}{lesson}.html#{anchor}\n\nI got stuck at this sentence or cell:\n\nWhat I thought it means:\n"
        return f"{self.address}/issues/new?title={quote(f'This confused me: {lesson}, {section}')}&body={quote(body)}"

    def missing(self) -> list[str]:
        """What the pages go without for lack of an address, a line each."""
        if not self.address:
            return ["no Colab link: pyproject.toml gives no `Repository` in [project.urls]"]
        return [] if self.address.startswith(GITHUB) else [f"no Colab link: it opens GitHub only, not {self.address}"]


def download(notebook, repository: Repository):
    """A copy of a released lesson for a machine without the course: its first code cell installs the package."""
    alone = copy.deepcopy(notebook)
    source = f"embedding-course[reuse] @ git+{repository.address}" if repository.address else ""
    first = next((i for i, cell in enumerate(alone.cells) if cell.cell_type == "code"), len(alone.cells))
    alone.cells.insert(first, new_code_cell(INSTALL.format(source=source), id="install"))
    return alone
