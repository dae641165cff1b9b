"""Collecting from the exchange: whose account laid a submission there, and whose counts."""
import os
import pwd
import re
import shutil

import pytest
from stock import nbgrader
from submissions import LESSON

from embedding_course.course.build import build
from embedding_course.course.grading.collecting import drop_links
from embedding_course.course.grading.folders import doubts
from embedding_course.course.nbgrader_api import configuration

pytestmark = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can play other accounts")
EVE, ADA = 12_345, 12_346   # accounts without a name here
NOBODY = "nobody"           # a student who has an account on this machine


@pytest.fixture(scope="module")
def template(project, tmp_path_factory):
    from conftest import copy_project
    room = copy_project(project, tmp_path_factory.mktemp("collect") / "course", [LESSON])
    build(room, [LESSON])
    return room


@pytest.fixture
def room(template, tmp_path):
    shutil.copytree(template.root, tmp_path / "course", symlinks=True)
    return type(template)(tmp_path / "course")


def lay(room, student, account, hour, text="{}"):
    """A submission in the exchange, laid there by an account at an hour of one day."""
    inbound = room.classroom / "exchange" / "embeddings" / "inbound"
    inbound.mkdir(parents=True, exist_ok=True)
    folder = inbound / f"{student}+{LESSON}+2026-01-01 {hour:02d}:00:00 UTC+{hour:08x}"
    folder.mkdir()
    (folder / f"{LESSON}.ipynb").write_text(text)
    for path in (folder, *folder.iterdir()):
        os.chown(path, account, account)


def collected(room, student) -> tuple[str, list[str]]:
    """What was collected, and what is doubted of it."""
    done = nbgrader(room.root, "collect", LESSON, "--update")
    assert done.returncode == 0, done.stderr
    folder = room.classroom / "submitted" / student / LESSON
    return (folder / f"{LESSON}.ipynb").read_text(), doubts(folder)


def uid(name):
    return pwd.getpwnam(name).pw_uid


def test_a_foreign_account_does_not_displace_a_students_own_submission(room):
    lay(room, NOBODY, uid(NOBODY), 10, "own")
    lay(room, NOBODY, EVE, 12, "forged")
    text, words = collected(room, NOBODY)
    assert text == "own"
    assert words == [f"the account number {EVE} has handed in under this id too; not taken"]


def test_what_a_foreign_account_alone_has_laid_there_counts_and_is_doubted(room):
    lay(room, NOBODY, EVE, 12, "forged")
    assert collected(room, NOBODY) == ("forged", [f"handed in by the account number {EVE}"])


def test_the_newest_of_ones_own_counts_and_the_instructors_counts_too(room):
    lay(room, NOBODY, uid(NOBODY), 10, "first")
    lay(room, NOBODY, 0, 11, "by the instructor")
    assert collected(room, NOBODY) == ("by the instructor", [])
    lay(room, NOBODY, uid(NOBODY), 13, "last")
    assert collected(room, NOBODY) == ("last", [])


def test_ids_that_are_no_accounts_are_believed_as_long_as_nothing_speaks_against(room):
    lay(room, "ada@example.org", ADA, 10, "ada's")
    assert collected(room, "ada@example.org") == ("ada's", [])
    lay(room, "bob@example.org", ADA, 11, "ada's again")
    assert collected(room, "bob@example.org") == ("ada's again", [f"handed in by the account number {ADA}"])
    lay(room, "ada@example.org", EVE, 12, "eve's")
    text, words = collected(room, "ada@example.org")
    assert text == "ada's"
    assert f"the account number {EVE} has handed in under this id too; not taken" in words[0]


def test_one_doubt_goes_when_the_student_hands_in(room):
    lay(room, NOBODY, EVE, 9, "forged")
    assert collected(room, NOBODY)[1]
    lay(room, NOBODY, uid(NOBODY), 11, "own")
    assert collected(room, NOBODY)[0] == "own"


def test_the_time_is_the_exchanges_whatever_a_file_in_the_folder_says(room):
    lay(room, NOBODY, uid(NOBODY), 10)
    folder = next((room.classroom / "exchange" / "embeddings" / "inbound").iterdir())
    (folder / "timestamp.txt").write_text("2020-01-01 00:00:00 UTC")
    collected(room, NOBODY)
    stamp = room.classroom / "submitted" / NOBODY / LESSON / "timestamp.txt"
    assert stamp.read_text().startswith("2026-01-01 10:00:00")


def test_before_nbgrader_copies_a_submission_links_and_what_is_too_large_are_out_of_it(tmp_path):
    folder = tmp_path / "classroom" / "submitted" / "ada" / LESSON
    folder.mkdir(parents=True)
    (folder / f"{LESSON}.ipynb").write_text("{}")
    (folder / "link").symlink_to("/etc/passwd")
    with (folder / "large.bin").open("wb") as file:
        file.truncate(200 * 2**30)
    drop_links(LESSON, "ada", [str(folder / f"{LESSON}.ipynb")])
    assert [path.name for path in folder.iterdir()] == [f"{LESSON}.ipynb"]
    assert (tmp_path / "classroom" / "set-aside" / "ada" / LESSON / "large.bin").stat().st_size == 200 * 2**30


@pytest.mark.parametrize(("name", "student"), [
    ("02-matmul_eve_attempt_2026-11-25-10-00-00_02-matmul.ipynb", "eve"),
    ("02-matmul_ada_l_attempt_2026-11-25-10-00-00_02-matmul.ipynb", "ada_l"),
    ("02-matmul_eve_attempt_2026-11-25-10-00-00_x_ada_attempt_2026-11-25-10-00-01_02-matmul.ipynb", "eve"),
    ("02-matmul_eve_attempt_2026-11-25-10-00-00_02-matmul_ada_attempt_2026-11-25-10-00-01_02-matmul.ipynb", "eve"),
    ("02-matmul_.._attempt_2026-11-25-10-00-00_02-matmul.ipynb", None)])
def test_zip_collect_reads_a_name_from_the_left(project, name, student):
    found = re.match(configuration(project).FileNameCollectorPlugin.named_regexp, f"/any/folder_of/{name}")
    assert (found and found["student_id"]) == student
