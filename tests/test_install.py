"""`make lab` installs by uv where it can be had, else by pip; where an index is out of reach it says so and goes on."""
import subprocess

import pytest

from embedding_course.course import install

PIP_SAYS = """global.extra-index-url='https://one/simple https://two/simple'
global.constraint='/etc/constraints.txt'
global.find-links='/opt/wheels'
:env:.find-links='/mine /yours'
:env:.disable-pip-version-check='1'
"""


@pytest.fixture
def tried(monkeypatch):
    """The commands that were run; those that hold a word of `tried.broken` fail. No network, nothing is installed."""
    class Tried(list):
        broken, says = (), ""

        def run(self, command, **more):
            if "config" in command:
                return subprocess.CompletedProcess(command, 0, self.says)
            self.append((command, more.get("env") or {}))
            return subprocess.CompletedProcess(command, int(any(word in command for word in self.broken)))

    tried = Tried()
    monkeypatch.setattr(install.subprocess, "run", tried.run)
    monkeypatch.setattr(install.shutil, "which", lambda name, path: "/bin/uv")
    monkeypatch.setattr(install, "answers", lambda address: True)
    monkeypatch.setattr(install, "PYTHON", install.ROOT / "Makefile")   # something that is there
    for name in [*install.OWN, "UV_CONSTRAINT", "SSL_CERT_FILE"]:
        monkeypatch.delenv(name, raising=False)
    return tried


def test_uv_takes_the_build_of_torch_that_fits(tried, capsys):
    assert install.main("lab,reuse") == 0
    [(command, _)] = tried
    assert command[:3] == ["/bin/uv", "pip", "install"]
    assert "--torch-backend=auto" in command and command[-1].endswith("[lab,reuse]")
    said = capsys.readouterr().out
    assert "MB to load" in said.splitlines()[0] and said.endswith("Installed.\n")


def test_without_pytorchs_index_the_usual_ones_are_taken_at_once(tried, monkeypatch, capsys):
    monkeypatch.setattr(install, "answers", lambda address: False)
    assert install.main("lab") == 0
    [(command, _)] = tried
    assert "--torch-backend=auto" not in command
    assert "torch comes from PyPI" in capsys.readouterr().out


def test_an_index_that_breaks_off_is_given_up(tried):
    tried.broken = ["--torch-backend=auto"]
    assert install.main("lab") == 0
    assert [command[0] for command, _ in tried] == ["/bin/uv", "/bin/uv"]


def test_without_uv_pip_does_it(tried, monkeypatch):
    monkeypatch.setattr(install.shutil, "which", lambda name, path: None)
    assert install.main("lab") == 0
    (wanted, _), (command, _) = tried
    assert wanted[-1] == "uv"
    assert command[1:4] == ["-m", "pip", "install"]


def test_where_nothing_works_it_says_so_and_fails(tried, capsys):
    tried.broken = ["install"]
    assert install.main("lab") == 1
    assert len(tried) == 3
    assert "Is there a network" in capsys.readouterr().out


def test_what_is_set_for_pip_counts_for_uv_and_what_is_set_for_uv_counts_more(tried, monkeypatch):
    tried.says = PIP_SAYS
    monkeypatch.setenv("UV_CONSTRAINT", "mine.txt")
    assert install.main("lab") == 0
    [(command, environment)] = tried
    assert environment["UV_FIND_LINKS"] == "/mine,/yours"
    assert environment["UV_INDEX"] == "https://one/simple https://two/simple"
    assert environment["UV_CONSTRAINT"] == "mine.txt"
    assert "--torch-backend=auto" not in command   # indexes of one's own: torch comes from there


def test_an_index_that_nobody_answers_at_is_given_up_in_seconds(monkeypatch):
    monkeypatch.setattr(install, "PATIENCE", 0.2)
    assert not install.answers("http://127.0.0.1:9/whl/")
