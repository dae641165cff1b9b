"""A term in a folder of one's own: a lesson with its data, releases that change, and grades that know their checks."""
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import free_port

from embedding_course.course.grading.classroom import workers
from embedding_course.course.grading.limits import Limits
from embedding_course.course.grading.report import Change
from embedding_course.course.grading.sandbox import available
from embedding_course.course.grading.unit import fork_server
from embedding_course.course.nbgrader_api import run_converter
from embedding_course.course.problem import Problem

ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def test_a_pipe_that_is_closed_is_closed_quietly(project):
    run = subprocess.Popen(["course", "progress"], cwd=project.root, env=ENVIRONMENT, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True)
    run.stdout.close()   # as `head` does
    assert (run.wait(), run.stderr.read()) == (141, "")


def test_a_dask_scheduler_that_is_not_there_or_idle_is_said_at_once(copied):
    distributed = pytest.importorskip("distributed")
    began = time.monotonic()
    with pytest.raises(Problem, match="no Dask scheduler answers.*dask scheduler"), \
            workers(copied, Limits(), True, 1, f"tcp://127.0.0.1:{free_port()}"):
        pass
    assert time.monotonic() - began < 20   # Dask itself tries for half a minute
    with distributed.LocalCluster(n_workers=0, dashboard_address=None) as cluster, \
            pytest.raises(Problem, match=f"no workers, so nothing was graded: dask worker {cluster.scheduler_address}"), \
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
