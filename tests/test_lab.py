"""Opening JupyterLab, closing it, opening it again; messages whose commands can be pasted."""
import socket
import sys

import pytest

from embedding_course import places
from embedding_course.course import lab
from embedding_course.course.cli import main


@pytest.fixture
def inside(copied, monkeypatch):
    monkeypatch.chdir(copied.root)
    monkeypatch.setattr(lab, "_servers", list)
    monkeypatch.setattr(lab.signal, "signal", lambda *_: None)   # the tests keep theirs
    return copied


def test_a_port_whose_server_has_just_ended_is_free():
    """Connections of the last minute are in TIME_WAIT; nobody listens."""
    with socket.socket() as server, socket.socket() as client:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)   # as Jupyter's server does
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        assert not lab._is_free(port)
        client.connect(("127.0.0.1", port))
        there, _ = server.accept()
        there.close()   # the server's side ends first
        client.recv(1)
    assert lab._is_free(port)


def test_a_free_port_is_taken_where_ours_is_not(monkeypatch):
    monkeypatch.setattr(lab, "_is_free", lambda port: port > 8889)
    assert lab._free_port() == 8890


def test_a_running_lab_is_found_and_its_address_given(inside, monkeypatch, capsys):
    running = {"root_dir": str(inside.work), "url": "http://localhost:8891/", "token": "abc", "pid": 1}
    monkeypatch.setattr(lab, "_servers", lambda: [running])
    monkeypatch.setattr(lab.subprocess, "Popen", None)   # none is started
    assert main(["lab", "--no-browser"]) == 0
    assert "JupyterLab is open already: http://localhost:8891/lab/tree/START.md?token=abc" in capsys.readouterr().out


def test_a_jupyterlab_that_does_not_start_says_why_and_where_the_rest_is(inside, monkeypatch, capsys):
    monkeypatch.setattr(lab.sys, "executable", str(inside.root / "python"))
    (inside.root / "python").write_text("#!/bin/sh\necho broken config >&2\nexit 3\n")
    (inside.root / "python").chmod(0o755)
    assert main(["lab", "--no-browser"]) == 1
    said = capsys.readouterr().err
    assert "JupyterLab did not run: broken config" in said
    assert (inside.work / lab.LOG).read_text() == "broken config\n"


@pytest.mark.parametrize(("folder", "called"), [(".", ".venv/bin/course"), ("work", "../.venv/bin/course")])
def test_commands_in_messages_can_be_pasted(inside, monkeypatch, folder, called):
    monkeypatch.setattr(sys, "prefix", str(inside.root / ".venv"))
    monkeypatch.chdir(inside.root / folder)
    assert places.pasteable("say `course update 02-matmul`") == f"say `{called} update 02-matmul`"


def test_an_environment_kept_elsewhere_is_called_by_name(inside):
    assert places.command() == "course"
