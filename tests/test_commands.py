"""The command line: one line that says what to do, nothing lost, a status that scripts can use."""
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from conftest import PATIENT, free_port

from embedding_course.course.build import build
from embedding_course.course.cli import FOR_WHOM, main
from embedding_course.course.nbgrader_api import run_converter
from embedding_course.course.work import copy_lessons

COURSE = os.path.join(os.path.dirname(sys.executable), "course")


@pytest.fixture
def inside(copied, monkeypatch):
    monkeypatch.chdir(copied.root)
    return copied


def test_help_lists_each_command_once_under_who_needs_it(capsys):
    with pytest.raises(SystemExit):
        main(["no-such-command"])
    known = re.findall(r"[a-z]+", said(capsys).partition("choose from")[2])
    assert sorted(known) == sorted(name for names in FOR_WHOM.values() for name in names)
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    places = [shown.index(f"\n{title}:") for title in FOR_WHOM]
    assert places == sorted(places)
    for name in known:
        assert len(re.findall(rf"^  {name} +\w", shown, re.MULTILINE)) == 1


def said(capsys):
    return capsys.readouterr().err.strip()


def learner(project, source='def pluck(codes, weight):\n    return "mine"'):
    """A learner's copy with an answer to pluck."""
    copy_lessons(project)
    path = project.copy("02-matmul")
    notebook = nbformat.read(path, 4)
    next(cell for cell in notebook.cells if cell.id == "pluck").source = source
    nbformat.write(notebook, path)
    return path


def test_an_unknown_lesson_offers_the_nearest(inside, capsys):
    assert main(["check", "2-matmul"]) == 2
    assert said(capsys) == "course: no lesson 2-matmul; the nearest name is 02-matmul"


def test_no_project_around_says_where_to_go(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["lab"]) == 2
    assert "go into the course's folder first" in said(capsys)
    assert len(said(capsys).splitlines()) <= 1


def test_a_port_in_use_offers_another(inside, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["lab", "--no-browser", "--port", str(port)]) == 1
    assert "`course lab` without --port takes a free one" in said(capsys)


def test_a_copy_that_is_no_notebook_is_named_and_kept(inside, capsys):
    path = learner(inside)
    path.write_text("{")
    assert main(["check", "02-matmul"]) == 1
    assert "not a notebook" in said(capsys)
    assert main(["update", "02-matmul"]) == 1
    assert "`course reset 02-matmul` gives you a fresh copy" in said(capsys)
    assert path.read_text() == "{"


def test_no_permission_to_write_is_one_line(inside, capsys, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied", str(inside.work))
    monkeypatch.setattr("embedding_course.course.lab.copy_lessons", refuse)
    assert main(["lab", "--no-browser"]) == 1
    assert said(capsys).startswith(f"course: no permission to write {inside.work}")


def test_a_missing_answer_file_is_named(inside, capsys):
    assert main(["try", "pluck", "nowhere.py"]) == 1
    assert "nowhere.py: can't be read" in said(capsys)


def test_an_unknown_exercise_offers_the_nearest(inside, capsys, tmp_path):
    (tmp_path / "a.py").write_text("")
    assert main(["try", "pluk", str(tmp_path / "a.py")]) == 2
    assert "the nearest name is pluck" in said(capsys)


def test_answers_survive_a_new_release(inside, capsys):
    path = learner(inside)
    released = json.loads(inside.released("02-matmul").read_text(encoding="utf-8"))
    released["cells"][0]["source"] = ["# A new title"]
    released["metadata"]["embedding_course"]["release"] = "newer"
    inside.released("02-matmul").write_text(json.dumps(released), encoding="utf-8")
    assert "`course update 02-matmul`" in copy_lessons(inside)[0]
    assert main(["update", "02-matmul"]) == 0
    text = path.read_text(encoding="utf-8")
    assert "A new title" in text
    assert "mine" in text
    kept = list(path.parent.glob("*-before-*.ipynb"))
    assert len(kept) == 1
    assert "mine" in kept[0].read_text(encoding="utf-8")
    assert main(["update", "02-matmul"]) == 0
    assert "up to date" in capsys.readouterr().out


def test_starting_again_leaves_a_learners_copy_alone(inside):
    path = learner(inside)
    before = path.read_bytes()
    assert copy_lessons(inside) == []
    assert path.read_bytes() == before


def test_the_solved_lesson_is_put_beside_and_ours_stays(inside, capsys):
    path = learner(inside)
    before = path.read_bytes()
    assert main(["solution", "02-matmul"]) == 0
    assert "BEGIN SOLUTION" not in path.read_text(encoding="utf-8")
    assert path.with_name("02-matmul-solution.ipynb").is_file()
    assert path.read_bytes() == before


def test_check_judges_shown_and_fresh_cases_and_says_the_seed(inside, capsys):
    learner(inside, "def pluck(codes, weight):\n    return F.embedding(codes, weight)")
    assert main(["check", "02-matmul", "--seed", "5"]) == 1
    out = capsys.readouterr().out
    assert "seed 5" in out
    assert "✓ pluck" in out
    assert "· matmul: not started yet" in out


def test_an_answer_with_magics_is_ipython_not_python(inside, capsys, tmp_path):
    (tmp_path / "a.py").write_text("%time\ndef pluck(codes, weight):\n    return F.embedding(codes, weight)\n")
    assert main(["try", "pluck", str(tmp_path / "a.py"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["right"] is True


def test_an_answer_that_ends_its_process_is_reported(inside, capsys, tmp_path):
    (tmp_path / "a.py").write_text("import os\ndef pluck(codes, weight):\n    os._exit(0)\n")
    assert main(["try", "pluck", str(tmp_path / "a.py")]) == 1
    assert "the process that waited to give it has ended" in capsys.readouterr().out


def test_an_answer_that_does_not_parse_names_its_line(inside, capsys, tmp_path):
    (tmp_path / "a.py").write_text("def pluck(codes, weight):\n    return weight[codes\n")
    assert main(["try", "pluck", str(tmp_path / "a.py")]) == 1
    assert "line 2" in capsys.readouterr().out


def test_doctor_is_well_here_and_names_the_mend_elsewhere(inside, capsys, monkeypatch):
    assert main(["doctor"]) == 0
    shutil.rmtree(inside.root / "data")
    monkeypatch.setattr("embedding_course.course.doctor.SHIPPED", inside.root)   # nor has the package any
    assert main(["doctor"]) == 1
    assert "FAIL  data: 0 of 3 files: routes.csv" in capsys.readouterr().out


@pytest.fixture
def served(copied):
    """Starts a JupyterLab by a command, in a home of its own; gives the function that reads its pages."""
    servers = []

    def start(command, cwd):
        port = free_port()
        environment = {**os.environ, "JUPYTER_TOKEN": "tok", "HOME": str(copied.root)}
        servers.append(subprocess.Popen([*command, "--no-browser", f"--port={port}"], cwd=cwd, env=environment,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        return lambda path: _get(f"http://127.0.0.1:{port}/{path}{'&' if '?' in path else '?'}token=tok")

    yield start
    for server in servers:
        server.terminate()
        server.wait(timeout=PATIENT)


def test_lab_serves_the_first_lesson(copied, served):
    read = served([COURSE, "lab"], copied.root)
    assert "What does a one-hot row do to a matrix?" in read("api/contents/02-matmul/02-matmul.ipynb")


def test_formgrader_and_the_assignment_list_read_the_projects_configuration(copied, served):
    build(copied, ["02-matmul"])
    run_converter(copied, "release_assignment", "02-matmul")
    read = served([sys.executable, "-m", "jupyterlab", "--allow-root"], copied.root)
    assert json.loads(read("formgrader/api/assignments"))[0]["name"] == "02-matmul"
    listed = json.loads(read("assignments?course_id=embeddings"))
    assert [entry["assignment_id"] for entry in listed["value"]] == ["02-matmul"]


def _get(address):
    """The page at an address, as soon as it answers."""
    until = time.monotonic() + PATIENT
    while True:
        try:
            return urllib.request.urlopen(address).read().decode()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


@pytest.mark.parametrize("command", ["grade", "demo"])
def test_a_teachers_command_names_what_a_learner_has_not_installed(project, command):
    code = ("import sys; sys.modules['tqdm'] = None; from embedding_course.course.cli import main; "
            f"sys.exit(main(['{command}', '02-matmul']))")
    done = subprocess.run([sys.executable, "-c", code], cwd=project.root, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("course: tqdm is not installed; `make install`")
