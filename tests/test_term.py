"""A term in a folder of one's own: a lesson with its data, releases that change, and grades that know their checks."""
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from conftest import free_port
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.exchange import ExchangeFactory
from traitlets.utils.importstring import import_item

from embedding_course.course.bank import read_bank
from embedding_course.course.build import build, register
from embedding_course.course.cli import main
from embedding_course.course.demo import _own_room
from embedding_course.course.demo_class import make_class
from embedding_course.course.grading import given
from embedding_course.course.grading.classroom import workers
from embedding_course.course.grading.gradebook import Writer
from embedding_course.course.grading.limits import Limits
from embedding_course.course.grading.model import Graded
from embedding_course.course.grading.records import Records
from embedding_course.course.grading.report import Change, needs_a_person
from embedding_course.course.grading.sandbox import available
from embedding_course.course.grading.unit import fork_server
from embedding_course.course.grading.verdict import Scored
from embedding_course.course.lesson import read_lesson
from embedding_course.course.lint import lint
from embedding_course.course.marks import changed_since, mark_of
from embedding_course.course.nbgrader_api import api, configuration, quiet, run_converter
from embedding_course.course.problem import Problem
from embedding_course.course.project import Project
from embedding_course.course.try_answers import Tryout

ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
UNPROTECTED = ["--no-sandbox"] if available() else []


def test_a_pipe_that_is_closed_is_closed_quietly(project):
    run = subprocess.Popen(["course", "progress"], cwd=project.root, env=ENVIRONMENT, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True)
    run.stdout.close()   # as `head` does
    assert (run.wait(), run.stderr.read()) == (141, "")


def test_a_dask_scheduler_that_is_not_there_or_idle_is_said_at_once(copied):
    distributed = pytest.importorskip("distributed")
    began = time.monotonic()
    with pytest.raises(Problem, match="no Dask scheduler answers.*`dask scheduler`"), \
            workers(copied, Limits(), True, 1, f"tcp://127.0.0.1:{free_port()}"):
        pass
    assert time.monotonic() - began < 20   # Dask itself tries for half a minute
    with distributed.LocalCluster(n_workers=0, dashboard_address=None) as cluster, \
            pytest.raises(Problem, match=f"no workers, so nothing was graded: `dask worker {cluster.scheduler_address}`"), \
            workers(copied, Limits(), True, 1, cluster.scheduler_address):
        pass


def test_hand_placed_submissions_stop_nobodys_feedback(copied):
    for student, files in {"ada": ["timestamp.txt"], "ben": ["submission_secret.txt"], "cleo": [
            "submission_secret.txt", "timestamp.txt"]}.items():
        folder = copied.classroom / "feedback" / student / "02-matmul"
        folder.mkdir(parents=True)
        for name in (*files, "02-matmul.html"):
            (folder / name).write_text(student)
    said = run_converter(copied, "release_feedback", "02-matmul")
    pages = (copied.classroom / "exchange" / "embeddings" / "feedback").glob("*.html")
    assert sorted(page.read_text() for page in pages) == ["ben", "cleo"]
    assert "ada: not handed in through the exchange" in said
    assert "classroom/feedback/ada/02-matmul/02-matmul.html" in said


@pytest.mark.skipif(bool(available()), reason="no sandbox here")
def test_a_folder_without_data_is_graded_with_the_packages(tmp_path):
    """A private folder needs none; a sandbox that is told to show one that isn't there would not start."""
    server = fork_server(str(tmp_path / "data"), Limits(), True)
    try:
        assert server.process.poll() is None
    finally:
        server.close()


def test_a_question_that_is_no_longer_asked_is_said_to_be_dropped():
    before = {"score": 8, "exercises": {"pluck": {"score": 3}, "matmul": {"score": 3}}, "sha256": "1", "late": False}
    after = {"score": 5, "exercises": {"pluck": {"score": 3}}, "sha256": "1", "late": False, "refused": ""}
    assert Change("ada", before, after).line() == "ada: 8 → 5 (matmul is no longer asked)"


# --- a term -----------------------------------------------------------------------------------------------------------

LESSON = "01-films"
BEST = "def best(films):\n    return films.sort_values('stars').title.iloc[-1]\n"
SHARE = "def share(stars):\n    return stars / MOST\n"
PERCENT = "def share(stars):\n    return 100 * stars / MOST\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A private folder, outside of any repository, as `course new` makes it; this one has no `data/`."""
    root = tmp_path_factory.mktemp("term") / "films"
    assert main(["new", str(root)]) == 0
    shutil.rmtree(root / "data")
    return Project(root)


@pytest.fixture
def say(monkeypatch, capsys, course):
    """What a command of `course` says, in the course's folder or another; it runs here, since each start costs seconds."""
    def run(*command, status=0, where=course):
        monkeypatch.chdir(where.root)
        assert main(list(command)) == status, capsys.readouterr()
        return "".join(capsys.readouterr())
    return run


def release(course):
    shutil.rmtree(course.classroom / "exchange" / "embeddings" / "outbound", ignore_errors=True)   # as --force does
    run_converter(course, "release_assignment", LESSON)


def fetch(course, student):
    """A learner's own folder, whose lesson nbgrader has fetched, and nothing else of the course in it."""
    folder = course.root.parent / student
    folder.mkdir()
    config = (course.root / "grader_config.py").read_text()
    (folder / "grader_config.py").write_text(f"{config}\nc.Exchange.root = {str(course.classroom / 'exchange')!r}\n")
    config = configuration(Project(folder), assignment_id=LESSON)
    with quiet(), api(Project(folder), config) as grader:
        ExchangeFactory(config=config).FetchAssignment(
            coursedir=grader.coursedir, authenticator=grader.authenticator, config=config).start()
    return Project(folder)


def hand_in(course, student, work, **answers):
    """What a learner's copy holds, with these answers, as a submission laid there by hand: the notebook alone."""
    notebook = json.loads(work.copy(LESSON).read_text())
    for cell in notebook["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    work.copy(LESSON).write_text(json.dumps(notebook))
    place = course.classroom / "submitted" / student / LESSON
    place.mkdir(parents=True, exist_ok=True)
    shutil.copy(work.copy(LESSON), place)


def change(course, file, old, new):
    path = course.solutions / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


@pytest.mark.everything
def test_a_term(course, say):
    grade = functools.partial(say, "grade", LESSON, *UNPROTECTED)
    # a release, with its data; two fetch it and hand in
    assert "changed: 01-films" in say("build")
    release(course)
    ada, ben = fetch(course, "ada"), fetch(course, "ben")
    assert (ada.copy(LESSON).parent / "films.csv").is_file()
    assert "up to date" in say("update", LESSON, where=ada)
    hand_in(course, "ada", ada, best=BEST, share=SHARE)
    hand_in(course, "ben", ben, best=BEST, share=PERCENT)
    said = grade()
    assert "2 graded" in said and "before the checks changed" not in said
    assert standing(course) == {"ada": (4, 5), "ben": (2, 5)}
    (course.root / "table.csv").write_text("id,points\nada,\nben,\n")
    say("scores", LESSON, "table.csv")
    export(course)

    # points change: grades by the old ones are named, and no table mixes them
    change(course, "checks/01_films.py", 'points={"best": 2}', 'points={"best": 3}')
    change(course, f"{LESSON}.py", "points: 5", "points: 6")
    assert "`course build 01-films`" in grade("--regrade", status=1)   # not built yet
    say("build")
    assert (course.release / LESSON / "films.csv").is_file()
    hand_in(course, "cleo", ben, best=BEST)
    assert "\n2 were graded before the checks changed (best)\nnext: `course grade 01-films --regrade`\n" in grade()
    refused = ("2 of 3 were graded before the checks changed (best): `course grade 01-films --regrade`; "
               "or take them all the same: ")
    assert f"{refused}`course scores 01-films table.csv --as-graded`" in say("scores", LESSON, "table.csv", status=1)
    say("scores", LESSON, "table.csv", "--as-graded", status=1)   # cleo is not in the table
    with pytest.raises(SystemExit, match=re.escape(refused) + "`nbgrader export --Export.as_graded=True`"):
        export(course)
    export(course, as_graded=True)

    # prose changes, which is nobody's matter; an exercise's text changes: who handed in the old one is told, nobody else
    change(course, f"{LESSON}.py", "# # Which film is liked?", "# # Which film is liked most?")
    change(course, f"{LESSON}.py", "from 0 to 1", "in percent")
    change(course, f"{LESSON}.py", "return stars / MOST", "return 100 * stars / MOST")
    change(course, "checks/01_films.py", "return 100 * stars / 5", "return stars / 5")
    say("build")
    release(course)
    assert "changed since your copy was made: share" in say("update", LESSON, where=ben)
    hand_in(course, "ben", ben, best=BEST, share=PERCENT)
    said = grade("--regrade", status=1)
    assert "ada: 4 → 3 (best 2 → 3, share 2 → 0)" in said
    assert "on an older release; changed since: share" in said
    assert "\n1 need you: ada\nnext: `course feedback 01-films`\n" in said
    assert standing(course) == {"ada": (3, 6), "ben": (5, 6), "cleo": (5, 6)}
    say("scores", LESSON, "table.csv", status=1)
    told = "made from an older release of the lesson; changed since then: share."
    assert [told in page(course, student) for student in ("ada", "ben")] == [True, False]


def export(course, **options):
    """nbgrader's export, as the course's configuration has it."""
    kind = import_item(configuration(course).ExportApp.plugin_class)
    with Gradebook(configuration(course).CourseDirectory.db_url) as gradebook:
        kind(to=str(course.root / "grades.csv"), **options).export(gradebook)


def standing(course):
    """Each student's points, and of how many."""
    records = [json.loads(path.read_text()) for path in (course.classroom / "outcomes" / LESSON).glob("*.json")]
    return {record["student"]: (record["score"], record["of"]) for record in sorted(records, key=lambda r: r["student"])}


def page(course, student):
    return (course.classroom / "autograded" / student / LESSON / f"{LESSON}.ipynb").read_text()


def test_grades_by_nbgrader_alone_are_known_too(copied, monkeypatch):
    records = Records(copied.classroom, "02-matmul")
    records.saw("ada", {}, {"pluck": "then"})
    monkeypatch.setattr(given, "current", lambda *_: {"pluck": "now"})
    with pytest.raises(Problem, match=r"1 of 1 were graded before the checks changed \(pluck\)"):
        given.refuse_mixed(copied, "02-matmul", "tell")
    records.saw("ada", {}, {"pluck": "now"})
    given.refuse_mixed(copied, "02-matmul", "tell")


def test_an_older_release_asks_for_a_person_only_where_it_may_have_cost_points():
    def record(score):
        return {"refused": "", "flags": [], "older": ["pluck"], "exercises": {"pluck": {"score": score, "of": 3}}}

    assert [needs_a_person(record(score)) for score in (3, 2)] == [False, True]


@pytest.mark.parametrize("said", [None, [], {"release": 7}, {"release": "now"}, {}])
def test_where_no_older_release_is_named_nothing_has_changed(said):
    assert changed_since(stamped({"release": "now", "texts": "", "checks": {"pluck": "a"}}), stamped(said)) == []


@pytest.mark.parametrize("said", [{"texts": 7}, {"texts": ["x"], "checks": []}, {"checks": {"pluck": ["a"]}}, {}])
def test_what_a_stranger_says_of_a_release_stops_nothing(said):
    assert changed_since(stamped({"release": "now", "texts": "", "checks": {"pluck": "a"}}),
                         stamped({"release": "then", **said})) == ["pluck"]


def stamped(said):
    return new_notebook(cells=[new_code_cell("def pluck():\n    pass", id="pluck")], metadata={"embedding_course": said})


# --- a course of one's own --------------------------------------------------------------------------------------------

def test_a_new_course_answers_its_own_bank_and_takes_a_new_exercise(say, tmp_path):
    fresh = Project(tmp_path / "stats")
    assert "course build" in say("new", str(fresh.root))
    assert "not empty" in say("new", str(fresh.root), status=2)
    bank = read_bank(fresh, LESSON)
    for exercise in ("best", "share"):
        answers = [answer for answer in bank if answer.exercise == exercise]
        tried = Tryout(fresh, exercise, 7).judge_many([answer.source for answer in answers])
        assert [(one.right, one.slip) for one in tried] == [(answer.right, answer.slip) for answer in answers]
    said = say("new", "exercise", LESSON, "sum_of_stars", where=fresh)
    assert f"`course build {LESSON}`" in said
    lesson = read_lesson(fresh.solutions / f"{LESSON}.py")
    assert (lesson.points, [cell.name for cell in lesson.with_role("exercise")]) == (6, ["best", "share", "sum_of_stars"])
    assert "no name for a new exercise" in say("new", "exercise", LESSON, "best", where=fresh, status=2)
    assert lint(lesson) == []


def test_the_demo_plays_a_lesson_of_ones_own_or_says_what_its_bank_lacks(tmp_path):
    assert main(["new", str(tmp_path / "stats")]) == 0
    fresh = Project(tmp_path / "stats")
    shutil.rmtree(fresh.root / "data")
    bank = fresh.root / "tests" / "bank" / "01_films.py"
    answers = bank.read_text()
    bank.write_text(answers.replace("# %% best right: sorted", "# %% best wrong: sorted"))   # one right answer will do
    assert [student.deserves for student in make_class(fresh, LESSON)[:3]] == [4, 4, 2]
    assert (_own_room(fresh, LESSON).solutions / "data" / LESSON / "films.csv").is_file()
    bank.write_text(answers.replace("# %% best right", "# %% best wrong"))
    with pytest.raises(Problem, match="add to tests/bank/01_films.py: # %% best right: in a few words"):
        make_class(fresh, LESSON)


@pytest.mark.everything
def test_a_wheel_alone_builds_and_grades_a_private_folder(project, tmp_path):
    subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", tmp_path, project.root], check=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    site = next((tmp_path / "venv").glob("lib/python*/site-packages"))
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", site, *tmp_path.glob("*.whl")],
                   check=True)
    here = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "others.pth").write_text(here)   # what the wheel depends on; our own package is not in there

    def course(*command, cwd):
        code = "import sys; from embedding_course.course.cli import main; sys.exit(main())"
        done = subprocess.run([tmp_path / "venv" / "bin" / "python", "-P", "-c", code, *command], cwd=cwd, env=ENVIRONMENT,
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    course("new", "films", cwd=tmp_path)
    room = Project(tmp_path / "films")
    shutil.rmtree(room.root / "data")
    course("build", cwd=room.root)
    shutil.copytree(room.release / LESSON, room.work / LESSON)
    hand_in(room, "ada", room, best=BEST, share=SHARE)
    course("grade", LESSON, *UNPROTECTED, cwd=room.root)
    assert standing(room) == {"ada": (4, 5)}


def test_a_module_that_a_lesson_lacks_is_the_authors_matter(copied, monkeypatch, capsys):
    monkeypatch.chdir(copied.root)
    source = copied.solutions / "02-matmul.py"
    text = source.read_text()
    source.write_text(text.replace("from embedding_course import", "import my_helper\nfrom embedding_course import", 1))
    assert main(["build"]) == 1
    said = capsys.readouterr().err
    assert re.fullmatch(r"course: solutions/02-matmul\.py:\d+: no module my_helper; put it into .*\n", said), said
    lesson = read_lesson(source)
    lesson.beside.mkdir(parents=True)
    (lesson.beside / "my_helper.py").touch()
    with lesson.at_home():
        assert "matmul" in lesson.reference()


def test_a_private_folder_without_the_courses_tables_is_well(copied, monkeypatch, capsys):
    """They come with the package; and it need be no repository, in which git could mend something."""
    monkeypatch.chdir(copied.root)
    shutil.rmtree(copied.root / "data")
    main(["doctor"])
    assert "OK    data: 3 of 3 files" in capsys.readouterr().out
    monkeypatch.setattr("embedding_course.course.doctor.SHIPPED", copied.root)
    main(["doctor"])
    said = capsys.readouterr().out
    assert "FAIL  data: 0 of 3 files" in said and "git checkout" not in said


def test_a_mark_tells_what_decides_a_grade_from_what_does_not(project):
    exercise = json.loads((project.release / "02-matmul" / "checks.json").read_text())["exercises"]["matmul"]

    def mark(everywhere=False, **changes):
        return mark_of(changes | {key: exercise[key] for key in exercise.keys() - changes.keys()}, everywhere)

    def with_first(**changes):
        first, *others = exercise["cases"]
        return [{**first, **changes}, *others]

    def with_result(number):
        return with_first(expect={"reference": {"value": {"$": "tensor", "data": [[number]]}}})

    assert mark() == mark(slips={}) == mark(cases=with_first(title="other words", ask=""))
    assert mark() == mark(rules={**exercise["rules"], "new": None})
    others = [mark(points={"product": 9}), mark(call="in_place"), mark(rules={**exercise["rules"], "exact": True}),
              mark(cases=with_first(group="any shape")), mark(cases=with_first(arguments={})), mark(cases=with_result(7.0))]
    assert len({mark(), *others}) == 7
    assert mark(cases=with_result(0.3333333)) == mark(cases=with_result(0.3333334)) != mark(cases=with_result(0.4))
    assert mark(True, cases=with_result(0.33335)) == mark(True, cases=with_result(0.33334999))   # 0.3334 and 0.3333
    quarters = [mark(True, cases=with_result(number)) for number in (1.25, 1.2500001, 2.0)]
    assert quarters[0] == quarters[1] != quarters[2]


def test_a_file_beside_a_lesson_takes_no_name_that_grading_needs(copied):
    folder = copied.solutions / "data" / "02-matmul"
    folder.mkdir(parents=True)
    (folder / "checks.json").write_text("{}")
    with pytest.raises(Problem, match="solutions/data/02-matmul/checks.json: rename it"):
        build(copied, ["02-matmul"])


def test_more_time_is_recorded_and_counted(copied, monkeypatch, capsys):
    register(copied, "02-matmul")
    monkeypatch.chdir(copied.root)
    assert main(["extend", "02-matmul", "ada", "--days", "3"]) == 1
    assert "course roster" in capsys.readouterr().err
    with Gradebook(configuration(copied).CourseDirectory.db_url) as gradebook:
        gradebook.update_or_create_student("ada")
    assert main(["extend", "02-matmul", "ada", "--days", "3"]) == 1
    assert "no due date" in capsys.readouterr().err
    with Gradebook(configuration(copied).CourseDirectory.db_url) as gradebook:
        gradebook.update_or_create_assignment("02-matmul", duedate=datetime(2026, 1, 1))
    assert main(["extend", "02-matmul", "ada", "--days", "3"]) == 0
    assert "due for ada on 2026-01-04 00:00 UTC" in capsys.readouterr().out
    with Writer(configuration(copied), "02-matmul") as writer:
        lesson = read_lesson(copied.solutions / "02-matmul.py")
        exercises = {one.name: Scored(1, 3, "right", []) for one in lesson.with_role("exercise")}
        graded = Graded("ada", "{}", exercises=exercises, written={one.name: None for one in lesson.with_role("written")})
        assert not writer.write(graded, datetime(2026, 1, 3), set()).late
        assert writer.write(graded, datetime(2026, 1, 5), set()).late


def test_a_learner_on_a_hub_is_who_the_hub_says_and_the_instructor_is_nobody(copied, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    assert configuration(copied).CourseDirectory.student_id == "ada"
    (copied.classroom / "source").mkdir(parents=True)
    assert "student_id" not in configuration(copied).CourseDirectory


def test_a_learner_of_a_hub_needs_no_project_to_update(copied, tmp_path, monkeypatch, capsys):
    """The hub's configuration says where the exchange is; there is no `grader_config.py`, and no folder of a course."""
    outbound = tmp_path / "exchange" / "embeddings" / "outbound"
    shutil.copytree(copied.release / "02-matmul", outbound / "02-matmul")
    home = tmp_path / "home"
    shutil.copytree(outbound / "02-matmul", home / "02-matmul")
    (tmp_path / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.Exchange.root = {str(tmp_path / 'exchange')!r}\nc.CourseDirectory.course_id = 'embeddings'\n")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path))
    monkeypatch.chdir(home)
    assert main(["update", "02-matmul"]) == 0
    assert "up to date" in capsys.readouterr().out
    notebook = json.loads((outbound / "02-matmul" / "02-matmul.ipynb").read_text())
    notebook["metadata"]["embedding_course"]["release"] = "another"
    (outbound / "02-matmul" / "02-matmul.ipynb").write_text(json.dumps(notebook))
    for path in (outbound / "02-matmul").iterdir():
        path.chmod(0o444)   # as nbgrader releases them
    assert main(["update", "02-matmul"]) == 0
    assert "changed since your copy was made: no exercise" in capsys.readouterr().out
    assert os.access(home / "02-matmul" / "checks.json", os.W_OK)


ASSERTS = [("code", "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION", "double",
            {"solution": True}),
           ("code", "assert double(2) == 4\n### BEGIN HIDDEN TESTS\nassert double(5) == 10\n### END HIDDEN TESTS",
            "test-double", {"grade": True, "locked": True, "points": 3})]


def test_an_assignment_with_asserts_has_a_way_on(copied, monkeypatch, capsys):
    folder = copied.classroom / "source" / "ps1"
    folder.mkdir(parents=True)
    monkeypatch.chdir(copied.root)
    assert main(["grade", "ps1"]) == 2
    assert capsys.readouterr().err.endswith("without a sandbox: `nbgrader autograde ps1 --JudgeOutside.asserts=True`\n")


@pytest.mark.everything
def test_asserts_run_where_somebody_says_so(copied):
    folder = copied.classroom / "source" / "ps1"
    folder.mkdir(parents=True)
    plain = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    nbformat.write(new_notebook(cells=[
        new_code_cell(source, metadata={"nbgrader": {**plain, "grade_id": name, **kind}})
        for _, source, name, kind in ASSERTS]), folder / "ps1.ipynb")
    run_converter(copied, "generate_assignment", "ps1")
    released = nbformat.read(copied.released("ps1"), as_version=4)
    for student, source in {"ada": "def double(x):\n    return x + x\n", "ben": "def double(x):\n    return 4\n"}.items():
        released.cells[0].source = source
        place = copied.classroom / "submitted" / student / "ps1"
        place.mkdir(parents=True)
        nbformat.write(released, place / "ps1.ipynb")
    with pytest.raises(Problem, match="JudgeOutside.asserts=True"):
        run_converter(copied, "autograde", "ps1", "ada")
    with (copied.root / "grader_config.py").open("a") as config:
        config.write("\nc.JudgeOutside.asserts = True\n")
    for student in ("ada", "ben"):
        run_converter(copied, "autograde", "ps1", student)
    with Gradebook(configuration(copied).CourseDirectory.db_url) as gradebook:
        assert {one.student_id: one.score for one in gradebook.assignment_submissions("ps1")} == {"ada": 3, "ben": 0}
