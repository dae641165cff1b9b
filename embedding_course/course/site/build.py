"""`course site`: the released lessons, run, as a static site. Nothing in it asks another server for anything."""
import io
import shutil
import tempfile
from pathlib import Path

import nbformat

from ..problem import Problem
from ..project import Project
from ..reading import read_notebook
from .doors import Repository, download
from .host import CARD, write_card, write_lost_page
from .one_step import write_step_page
from .pages import anchor, first_page, lesson_page, question_page
from .run import executed
from .ten_questions import PAGE, concept_page, copy_parts

SPHINX = Path(__file__).parent / "sphinx"   # conf.py, and what it puts into _static
PICTURE = Path(__file__).parents[2] / "pictures" / "step.svg"
KEPT = (".git", "CNAME")   # in a folder that is published: its history, and a domain of one's own


def build_site(project: Project, target: Path, kept: Path | None = None) -> list[str]:
    """Makes the site in a folder; what was there of an older one is replaced.

    kept : see `executed`
    returns : lines that say what is missing
    raises : Problem for a folder with something else in it, without Sphinx, or with what Sphinx warns of
    """
    others = [path for path in target.iterdir() if path.name not in KEPT] if target.is_dir() else []
    if others and not (target / ".buildinfo").is_file():
        raise Problem(f"{target}: there is something else than a site in this folder; name another one")
    names = [name for name in project.lesson_names() if project.released(name).is_file()]
    if not names:
        raise Problem("no lesson is released yet; run `course build` first")
    repository = Repository.of(project)
    lessons = dict(zip(names, executed(project, names, kept), strict=True))
    with tempfile.TemporaryDirectory(prefix="course-site-") as folder:
        source, pages = Path(folder, "source"), Path(folder, "pages")
        _write_sources(project, source, lessons, repository)
        _run_sphinx(source, pages, title_of_site(source), repository.pages)
        if any("$" in cell.source for lesson in lessons.values() for cell in lesson.cells if cell.cell_type == "markdown"):
            _add_mathjax(pages)
        write_step_page(pages, names, repository.pages)
        copy_parts(pages)
        write_lost_page(pages, repository.pages)
        write_card(pages / "_static" / CARD)
        _write_downloads(project, names, pages / "downloads", repository)
        _replace(target, pages)
    return repository.missing()


def _replace(target, pages):
    """The new pages in place of the old ones; what belongs to the host stays."""
    target.mkdir(parents=True, exist_ok=True)
    for old in target.iterdir():
        if old.name not in KEPT:
            shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
    shutil.copytree(pages, target, dirs_exist_ok=True)


def _write_sources(project, source, lessons, repository):
    source.mkdir()
    for name, notebook in lessons.items():
        nbformat.write(lesson_page(notebook, name, repository), source / f"{name}.ipynb")
    concepts = concept_page(project, list(lessons), anchor)
    (source / "index.md").write_text(first_page(project, lessons, bool(concepts)), encoding="utf-8")
    if concepts:
        (source / f"{PAGE}.md").write_text(concepts, encoding="utf-8")
    (source / PICTURE.name).write_bytes(PICTURE.read_bytes())
    if questions := question_page(project, list(lessons)):
        (source / "questions.md").write_text(questions, encoding="utf-8")


def _write_downloads(project, names, folder, repository):
    folder.mkdir()
    for name in names:
        nbformat.write(download(read_notebook(project.released(name)), repository), folder / f"{name}.ipynb")


def title_of_site(source: Path) -> str:
    """The heading of the first page."""
    return (source / "index.md").read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("#").strip()


def _run_sphinx(source, pages, title, address):
    known = {"html_baseurl": address, "ogp_site_url": address, "ogp_image": f"{address}_static/{CARD}"} if address else {}
    try:
        from sphinx.application import Sphinx
        from sphinx.util.docutils import docutils_namespace, patch_docutils
    except ImportError as error:
        raise Problem("the site needs Sphinx: `make site` installs it, or pip install -e '.[site]'") from error
    warnings = io.StringIO()
    with patch_docutils(str(SPHINX)), docutils_namespace():
        app = Sphinx(source, SPHINX, pages, source.parent / "doctrees", "html",
                     {"project": title, "html_title": title, **known}, status=None, warning=warnings,
                     tags=["published"] if address else [])
        app.build()
    if warnings.getvalue():
        raise Problem(f"Sphinx warns, so there is no site:\n{warnings.getvalue().strip()}")


def _add_mathjax(pages):
    """MathJax from its PyPI package, without what only other browsers and other inputs need."""
    import jupyter_server_mathjax
    shutil.copytree(Path(jupyter_server_mathjax.__file__).parent / "static", pages / "_static" / "mathjax",
                    ignore=shutil.ignore_patterns("localization", "eot", "otf", "svg"))
