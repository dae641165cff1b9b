"""`course grade`: what is new or changed is graded, a person's work stays, and nothing is lost whatever happens."""
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import pytest
from conftest import copy_project
from nbgrader.api import Gradebook
from sqlalchemy import text
from submissions import LESSON, RIGHT, WRONG, Work

from embedding_course.course.grading.sandbox import available

ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
UNPROTECTED = ["--no-sandbox"] if available() else []


@pytest.fixture(scope="module")
def template(project, tmp_path_factory):
    """A class of four with a gradebook that knows the lesson, nobody graded yet."""
    room = copy_project(project, tmp_path_factory.mktemp("grade") / "course", [LESSON])
    for number, answers in enumerate((RIGHT, WRONG, {**RIGHT, "pluck": WRONG["pluck"]}, RIGHT)):
        hand_in(room, f"s{number}", answers, written="A row is plucked." if number == 0 else None)
    grade(room, "--student", "s3")
    shutil.rmtree(room.classroom / "outcomes")
    return room


@pytest.fixture
def room(template, tmp_path):
    """The class of four, for one test; its configuration looks for the gradebook beside itself."""
    shutil.copytree(template.root, tmp_path / "course", symlinks=True)
    return type(template)(tmp_path / "course")


def hand_in(room, student, answers, written=None):
    place = room.classroom / "submitted" / student / LESSON
    shutil.rmtree(place, ignore_errors=True)
    work = Work(json.loads(room.released(LESSON).read_text(encoding="utf-8")), place, answers)
    if written:
        work.find("own-words")["source"] = written
    work.save()


def grade(room, *options, status=0):
    """Runs the command; the records by student from --json, or the text."""
    done = subprocess.run(["course", "grade", LESSON, *UNPROTECTED, *options], cwd=room.root, env=ENVIRONMENT,
                          capture_output=True, text=True, timeout=1800)
    assert done.returncode == status, done.stderr
    if "--json" in options:
        return {record["student"]: record for record in map(json.loads, done.stdout.splitlines())}
    return done.stdout


def gradebook(room):
    return Gradebook(f"sqlite:///{room.classroom / 'gradebook.db'}")


def scores(room, url=None):
    with (Gradebook(url) if url else gradebook(room)) as book:
        return {s.student_id: s.score for s in book.assignment_submissions(LESSON)}


@pytest.mark.everything
def test_a_second_run_grades_what_is_new_or_changed_only(room):
    assert "4 graded" in grade(room)
    assert "0 graded" in grade(room)
    hand_in(room, "s1", RIGHT)
    said = grade(room)
    assert "1 graded" in said
    assert "s1: 0 → 8" in said
    assert "another submission" in said


def test_points_and_comments_of_a_person_survive_a_regrade(room):
    assert grade(room, "--json")["s0"]["outcome"] == "waiting for a human"
    with gradebook(room) as book:
        written = book.find_grade("own-words", LESSON, LESSON, "s0")
        written.manual_score, written.needs_manual_grade = 2, False
        book.find_comment("own-words", LESSON, LESSON, "s0").manual_comment = "Well said."
        book.db.commit()
    again = grade(room, "--regrade", "--json")["s0"]
    assert (again["score"], again["waits"]) == (10, [])
    with gradebook(room) as book:
        assert book.find_comment("own-words", LESSON, LESSON, "s0").manual_comment == "Well said."


@pytest.mark.everything
def test_a_changed_written_answer_asks_for_a_person_again(room):
    grade(room)
    with gradebook(room) as book:
        written = book.find_grade("own-words", LESSON, LESSON, "s0")
        written.manual_score, written.needs_manual_grade = 2, False
        book.db.commit()
    hand_in(room, "s0", RIGHT, written="Quite another answer.")
    assert grade(room, "--json")["s0"]["waits"] == ["own-words"]
    hand_in(room, "s0", RIGHT)   # taken back: the points for it stand, and somebody should look
    assert grade(room, "--json")["s0"]["waits"] == ["own-words"]


@pytest.mark.everything
def test_a_check_may_be_added_and_taken_away_after_a_class_was_graded(room):
    grade(room)
    source, checks = room.solutions / f"{LESSON}.py", room.solutions / "checks" / f"{LESSON.replace('-', '_')}.py"
    before = source.read_text(encoding="utf-8"), checks.read_text(encoding="utf-8")
    source.write_text(before[0].replace("points: 10", "points: 11") + NEW_EXERCISE, encoding="utf-8")
    checks.write_text(before[1] + NEW_CHECK, encoding="utf-8")
    build(room)
    assert "graded before the checks changed (double, nothing)" in grade(room)
    records = grade(room, "--regrade", "--json", status=1)   # an exercise is new to them: somebody should look
    assert {name: record["of"] for name, record in records.items()} == dict.fromkeys(("s0", "s1", "s2", "s3"), 11)
    assert records["s0"]["exercises"]["double"]["state"] == "not started"
    assert scores(room)["s0"] == 8
    hand_in(room, "s0", {**RIGHT, "double": "def double(x):\n    return x + x\n", "nothing": "def nothing(x):\n    pass\n"})
    exercises = grade(room, "--json", status=1)["s0"]["exercises"]
    assert [(exercises[name]["state"], exercises[name]["score"]) for name in ("double", "nothing")] == [
        ("right", 1), ("right", 0)]   # a check worth no point is judged all the same
    hand_in(room, "s0", RIGHT)
    source.write_text(before[0], encoding="utf-8")
    checks.write_text(before[1], encoding="utf-8")
    build(room)
    assert grade(room, "--regrade", "--json")["s0"]["of"] == 10


def build(room, lesson=LESSON):
    done = subprocess.run(["course", "build", lesson], cwd=room.root, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


NEW_EXERCISE = '''
# %% exercise="double"
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% check="double"
check("double")

# %% exercise="nothing"
def nothing(x):
    """None, whatever x is."""
    ### BEGIN SOLUTION
    return None
    ### END SOLUTION

# %% check="nothing"
check("nothing")
'''
NEW_CHECK = '''
double = Exercise(call="function", points={"twice": 1}, shown=[Case("twice", x=3), Case("twice", x=0)],
                  draw=lambda rng: [Case("twice", x=7)])
nothing = Exercise(call="function", points={"none": 0}, shown=[Case("none", x=3)], draw=lambda rng: [Case("none", x=7)])
'''


@pytest.mark.everything
def test_an_older_gradebook_is_named_with_the_command_that_upgrades_it(room):
    with gradebook(room) as book:
        book.db.execute(text("UPDATE alembic_version SET version_num = '50a4d84c131a'"))
        book.db.commit()
    done = subprocess.run(["course", "grade", LESSON, *UNPROTECTED], cwd=room.root, env=ENVIRONMENT, capture_output=True,
                          text=True)
    assert done.returncode == 1
    assert "nbgrader db upgrade" in done.stderr
    (room.classroom / "gradebook.db").write_bytes(b"no database at all" * 100)
    done = subprocess.run(["course", "grade", LESSON, *UNPROTECTED], cwd=room.root, env=ENVIRONMENT, capture_output=True,
                          text=True)
    assert done.returncode == 1
    assert "can't be used" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.everything
def test_a_late_penalty_goes_when_the_due_date_moves(room):
    config = room.root / "grader_config.py"
    config.write_text(config.read_text() + "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    with gradebook(room) as book:
        book.update_or_create_assignment(LESSON, duedate=datetime(2025, 12, 1))
    assert grade(room, "--json")["s1"]["late"]
    assert grade(room, "--json")["s3"]["score"] == 0
    with gradebook(room) as book:
        book.update_or_create_assignment(LESSON, duedate=datetime(2026, 12, 1))
    assert grade(room, "--regrade", "--json")["s3"]["score"] == 8


@pytest.mark.everything
def test_a_run_that_is_killed_three_times_ends_like_one_that_is_not(room):
    for number in range(8):
        hand_in(room, f"t{number}", RIGHT if number % 2 else WRONG)
    for seconds in (3.0, 3.6, 4.2):
        run = subprocess.Popen(["course", "grade", LESSON, *UNPROTECTED], cwd=room.root, env=ENVIRONMENT,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(seconds)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
    grade(room)
    expected = {f"t{n}": 8.0 * (n % 2) for n in range(8)} | {"s0": 8.0, "s1": 0.0, "s2": 6.0, "s3": 8.0}
    assert scores(room) == expected
    assert not list(room.classroom.glob(".grading-*"))
    assert {path.parent.name for path in (room.classroom / "autograded").glob(f"*/{LESSON}")} == expected.keys()


@pytest.mark.everything
def test_somebody_who_handed_in_nothing_has_a_row(room):
    with gradebook(room) as book:
        book.update_or_create_student("absent")
    assert "absent" in grade(room)
    assert "not handed in" in grade(room)


@pytest.mark.everything
def test_a_table_of_a_learning_management_system_gets_the_scores(room):
    run = functools.partial(subprocess.run, cwd=room.root, env=ENVIRONMENT, capture_output=True, text=True)
    (room.root / "roster.csv").write_bytes(b"\xef\xbb\xbfid,first_name\r\ns3,Ben\r\ns9,Zoe\r\n")
    assert "2 students, 1 of them new" in run(["course", "roster", "roster.csv"]).stdout
    grade(room)
    (room.root / "table.csv").write_text("id;Bewertung\ns0;\ns1;\ns2;\n")
    done = run(["course", "scores", LESSON, "table.csv"])
    assert (room.root / f"table-{LESSON}.csv").read_text() == "id;Bewertung\ns0;\ns1;0\ns2;5\n"
    assert "left empty, a written answer waits, `" in done.stdout and f"course mark {LESSON}`: s0" in done.stdout
    assert "has a score, but no record here: s3" in done.stdout
    assert done.returncode == 1


@pytest.mark.everything
def test_a_wrong_name_is_answered_with_the_nearest(room):
    done = subprocess.run(["course", "grade", "02-matmull"], cwd=room.root, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "nearest name is 02-matmul" in done.stderr
    done = subprocess.run(["course", "grade", LESSON, *UNPROTECTED, "--student", "nobody"], cwd=room.root, env=ENVIRONMENT,
                          capture_output=True, text=True)
    assert done.returncode == 2
    assert "nobody: no submission" in done.stderr


@pytest.mark.everything
def test_without_a_sandbox_nothing_is_graded_unless_asked_for(room):
    nothing = room.root / "bin"
    nothing.mkdir()
    environment = {**ENVIRONMENT, "PATH": f"{nothing}:{Path(sys.executable).parent}"}
    done = subprocess.run(["course", "grade", LESSON], cwd=room.root, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "bubblewrap is not installed" in done.stderr
    assert "--no-sandbox" in done.stderr
    assert not list((room.classroom / "autograded").glob("s0"))
    done = subprocess.run(["course", "grade", LESSON, "--no-sandbox"], cwd=room.root, env=environment, capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stderr
    assert "the machine not" in done.stdout


@pytest.mark.everything
def test_stock_autograde_gives_the_same_scores(room):
    ours = {name: record["score"] for name, record in grade(room, "--json").items()}
    shutil.rmtree(room.classroom / "autograded")
    done = subprocess.run(["nbgrader", "autograde", LESSON], cwd=room.root, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert scores(room) == ours


@pytest.mark.everything
def test_stock_autograde_asks_for_a_person_whenever_a_written_answer_is_another(room):
    for written, asked in ((None, False), ("A row is plucked.", True), ("A row is plucked.", False),
                           ("Quite another answer.", True), ("Quite another answer.", False), (None, True)):
        hand_in(room, "s0", RIGHT, written)
        done = subprocess.run(["nbgrader", "autograde", LESSON, "--student", "s0", "--force"], cwd=room.root,
                              env=ENVIRONMENT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        with gradebook(room) as book:
            grade = book.find_grade("own-words", LESSON, LESSON, "s0")
            assert grade.needs_manual_grade == asked, written
            if written:
                grade.manual_score, grade.needs_manual_grade = 2, False   # a person grades it
            book.db.commit()


@pytest.mark.everything
def test_code_that_a_person_grades_is_asked_for_again_when_it_is_another(project, tmp_path):
    room = copy_project(project, tmp_path / "course", ["09-capstone"])
    build(room, "09-capstone")
    released = json.loads(room.released("09-capstone").read_text(encoding="utf-8"))
    name = next(cell["id"] for cell in released["cells"] if cell["cell_type"] == "code"
                and cell["metadata"].get("nbgrader", {}).get("solution") and cell["metadata"]["nbgrader"]["grade"])
    for source, asked in (("map = 1", True), ("map = 1", False), ("map = 2", True)):
        place = room.classroom / "submitted" / "s0" / "09-capstone"
        place.mkdir(parents=True, exist_ok=True)
        next(cell for cell in released["cells"] if cell["id"] == name)["source"] = source
        (place / "09-capstone.ipynb").write_text(json.dumps(released))
        done = subprocess.run(["nbgrader", "autograde", "09-capstone", "--force"], cwd=room.root, env=ENVIRONMENT,
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        with gradebook(room) as book:
            grade = book.find_grade(name, "09-capstone", "09-capstone", "s0")
            assert grade.needs_manual_grade == asked, source
            grade.manual_score, grade.needs_manual_grade = 1, False   # a person grades it
            book.db.commit()


@pytest.mark.everything
def test_two_worker_processes_one_of_them_killed_lose_nothing(room):
    distributed = pytest.importorskip("distributed")
    for number in range(12):
        hand_in(room, f"t{number}", RIGHT if number % 2 else WRONG)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        run = subprocess.Popen(["course", "grade", LESSON, *UNPROTECTED, "--dask", cluster.scheduler_address, "--json"],
                               cwd=room.root, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_for(lambda: list((room.classroom / "outcomes").glob("*/t*.json")), run)
        os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
        out, errors = run.communicate(timeout=1800)
    assert run.returncode == 0, errors
    assert len(out.splitlines()) == 16
    assert scores(room) == {f"t{n}": 8.0 * (n % 2) for n in range(12)} | {"s0": 8.0, "s1": 0.0, "s2": 6.0, "s3": 8.0}


def wait_for(seen, run):
    """Until something is seen, or the run has ended."""
    end = time.monotonic() + 1800
    while not seen() and run.poll() is None and time.monotonic() < end:
        time.sleep(0.1)


@pytest.mark.everything
def test_the_gradebook_may_be_on_postgresql(room, postgresql):
    config = room.root / "grader_config.py"
    config.write_text(config.read_text() + f"\nc.CourseDirectory.db_url = {postgresql!r}\n")
    records = grade(room, "--json")
    assert {name: record["score"] for name, record in records.items()} == scores(room, postgresql)
    assert scores(room, postgresql)["s2"] == 6


@pytest.fixture
def postgresql(tmp_path):
    """The address of a PostgreSQL server that was started for a test; Debian's, run by an ordinary user."""
    pytest.importorskip("psycopg2")
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.skip("PostgreSQL is not installed here (Debian: apt install postgresql)")
    folder, server = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp")), programs[-1].parent   # a socket's path is short
    as_user = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    subprocess.run([*as_user, server / "initdb", "-D", folder / "data", "-A", "trust", "-U", "course"], check=True,
                   capture_output=True)
    start = [*as_user, server / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log"]
    subprocess.run([*start, "-o", f"-c listen_addresses='' -k {folder}", "start"], check=True, capture_output=True)
    try:
        yield f"postgresql+psycopg2://course@/postgres?host={folder}"
    finally:
        subprocess.run([*start, "-m", "immediate", "stop"], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)
