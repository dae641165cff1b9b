"""A JupyterLab of its own and a Chromium that reaches nothing else; a screenshot at each step, in build/journeys/."""
import os
import shutil
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import matplotlib
import pytest
from conftest import PATIENT, free_port
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium")
SEEN = Path(__file__).parent.parent / "build" / "journeys"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"]
TOKEN = "tok"
CURRENT = ".jp-NotebookPanel:not(.lm-mod-hidden)"

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt install chromium)")


@contextmanager
def server(command: list, cwd: Path, home: Path, dark: bool = False):
    """A JupyterLab started by a command, with settings and a home of its own; gives its address."""
    port = free_port()
    places = {"HOME": home, "JUPYTER_CONFIG_DIR": home / "config", "JUPYTER_DATA_DIR": home / "data",
              "JUPYTER_RUNTIME_DIR": home / "runtime", "IPYTHONDIR": home / "ipython"}
    for place in places.values():
        place.mkdir(parents=True, exist_ok=True)
    (home / "config/jupyter_lab_config.json").write_text('{"LabApp": {"expose_app_in_browser": true}}')
    if dark:
        settings = home / "config/lab/user-settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text('{"theme": "JupyterLab Dark"}')
    environment = {**os.environ, **{name: str(place) for name, place in places.items()}, "JUPYTER_TOKEN": TOKEN,
                   "MPLCONFIGDIR": matplotlib.get_cachedir()}   # a list of fonts, slow to make
    log = (home / "log").open("w")
    process = subprocess.Popen([*command, "--no-browser", f"--port={port}"], cwd=cwd, env=environment, stdout=log,
                               stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/api?token={TOKEN}", process, home / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=PATIENT)
        log.close()


def _wait_for(address, process, log):
    until = time.monotonic() + PATIENT
    while True:
        try:
            return urllib.request.urlopen(address).read()
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"no JupyterLab at {address}:\n{log.read_text()[-2000:]}") from None
            time.sleep(0.2)


@contextmanager
def browser(dark: bool = False):
    """A page of Chromium. `page.elsewhere` holds requests to other machines, refused; `page.errors` what scripts raised."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        context = chromium.new_context(viewport={"width": 1280, "height": 800}, color_scheme="dark" if dark else "light")
        context.set_default_timeout(PATIENT * 1000)
        page = context.new_page()
        page.elsewhere, page.errors = [], []
        page.on("pageerror", lambda error: page.errors.append(str(error)))

        def decide(route):
            if route.request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "file:")):
                route.continue_()
            else:
                page.elsewhere.append(route.request.url)
                route.abort()

        context.route("**/*", decide)
        yield page
        chromium.close()


class Lab:
    """JupyterLab as somebody uses it: by mouse and keyboard where that is what is looked at, by its commands elsewhere.

    name : of the journey; screenshots are build/journeys/NAME-01-….png
    """

    def __init__(self, page, address: str, name: str, dark: bool = False):
        self.page, self.address, self.name, self.count = page, address, name + ("-dark" if dark else ""), 0
        SEEN.mkdir(parents=True, exist_ok=True)
        for old in SEEN.glob(f"{self.name}-[0-9]*.png"):
            old.unlink()

    def shot(self, what: str):
        """A screenshot, numbered."""
        self.count += 1
        self.page.screenshot(path=SEEN / f"{self.name}-{self.count:02d}-{what}.png")

    def open(self, path: str = "/"):
        """Goes to an address of the server and waits until JupyterLab is there."""
        self.page.goto(f"{self.address}{path}?token={TOKEN}")
        self.page.wait_for_function("window.jupyterapp && window.jupyterapp.started")
        self.page.evaluate("window.jupyterapp.restored")
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")

    def command(self, name: str, **arguments):
        """Runs one of JupyterLab's commands to its end."""
        return self.page.evaluate("async ([name, given]) => { const r = await jupyterapp.commands.execute(name, given);"
                                  " return typeof r === 'boolean' ? r : null }", [name, arguments])

    def notebook_ready(self):
        """Waits until the notebook in front has its kernel."""
        self.page.wait_for_function("jupyterapp.shell.currentWidget?.sessionContext")
        self.page.wait_for_selector(f"{CURRENT} .jp-Cell")
        self.page.evaluate("(async () => { const w = jupyterapp.shell.currentWidget; await w.context.ready;"
                           " await w.sessionContext.ready; await w.sessionContext.session.kernel.info; })()")

    def changed(self) -> bool:
        """Whether the notebook in front is marked as changed."""
        return self.page.evaluate("jupyterapp.shell.currentWidget.context.model.dirty")

    def cell(self, grade_id: str):
        """The cell of a grade id, scrolled to."""
        index = self.page.evaluate(
            "async id => { const nb = jupyterapp.shell.currentWidget.content;"
            " const i = nb.widgets.findIndex(c => c.model.id === id); nb.activeCellIndex = i;"
            " await nb.scrollToItem(i, 'start'); return i }", grade_id)
        return self.page.locator(f"{CURRENT} .jp-Cell").nth(index)

    def write(self, grade_id: str, text: str):
        """Replaces a cell's text by typing, and runs it."""
        self.cell(grade_id).locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Shift+Enter")

    def fill(self, texts: dict):
        """Replaces the text of cells, by grade id, without typing."""
        self.page.evaluate("texts => jupyterapp.shell.currentWidget.content.widgets.forEach(c => {"
                           " if (c.model.id in texts) c.model.sharedModel.setSource(texts[c.model.id]) })", texts)

    def run(self, grade_id: str):
        """Runs a cell by Shift+Enter, and returns what a reader sees under it."""
        self.cell(grade_id).locator(".cm-content").click()
        self.page.evaluate("jupyterapp.shell.currentWidget.content.activeCell.model.executionCount = null")   # an old one's
        self.page.keyboard.press("Shift+Enter")
        return self.output(grade_id)

    def output(self, grade_id: str) -> str:
        """What is shown under a cell, once it has run."""
        self.page.wait_for_function(
            "id => { const c = jupyterapp.shell.currentWidget.content.widgets.find(c => c.model.id === id);"
            " return c.model.executionState === 'idle' && c.model.executionCount !== null"
            " && !c.node.querySelector('.jp-InputPrompt').textContent.includes('*') }", arg=grade_id)
        outputs = self.page.evaluate(
            "id => jupyterapp.shell.currentWidget.content.widgets.find(c => c.model.id === id).model.outputs.toJSON()",
            grade_id)
        return "\n".join("".join(o.get("text", "")) + "\n".join(o.get("traceback", [])) for o in outputs)
