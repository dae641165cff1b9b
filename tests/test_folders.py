"""What lies in a submission's folder, whatever it is: taken in, left out with a word, or refused by name."""
import os
import time

import pytest

from embedding_course.course.grading import folders
from embedding_course.course.grading.folders import find, students

LESSON = "02-matmul"
GIB = 2**30


@pytest.fixture
def submitted(tmp_path):
    folder = tmp_path / "submitted" / "ada" / LESSON
    folder.mkdir(parents=True)
    (folder / f"{LESSON}.ipynb").write_text("{}")
    return tmp_path / "submitted"


def sparse(path, size):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)


def deep(folder):
    """Folders within each other until their path is longer than a system call takes."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("x" * 200, dir_fd=here)
        below = os.open("x" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)


def many(folder):
    for number in range(folders.MOST_FILES + 50):
        (folder / f"a{number:05d}.txt").write_text("x")


BESIDE = {
    "200 GiB that hold nothing": (lambda f: sparse(f / "data.bin", 200 * GIB), "data.bin is too large (204800 MiB"),
    "a path of 6,000 characters": (deep, "lies more than"),
    "a pipe": (lambda f: os.mkfifo(f / "pipe"), "pipe is a link or no regular file"),
    "a link to a neighbour": (lambda f: (f / "theirs.ipynb").symlink_to("/etc/passwd"), "is a link or no regular file"),
    "thousands of files": (many, f"more than {folders.MOST_FILES} files"),
}


@pytest.mark.parametrize("name", BESIDE)
def test_what_is_odd_beside_a_notebook_is_left_out_with_a_word(submitted, name):
    make, words = BESIDE[name]
    make(submitted / "ada" / LESSON)
    started = time.process_time()
    found = find(submitted, "ada", LESSON)
    assert found.files[f"{LESSON}.ipynb"] == b"{}"
    assert any(words in word for word in found.left_out), found.left_out
    assert set(found.left_out) <= set(found.flags)
    assert not found.refused
    assert time.process_time() - started < 10


@pytest.mark.parametrize("name", [f"{LESSON}.ipynb", "mine.ipynb"])
def test_a_notebook_too_large_is_refused_unread(submitted, name):
    (submitted / "ada" / LESSON / f"{LESSON}.ipynb").unlink()
    sparse(submitted / "ada" / LESSON / name, 200 * GIB)
    assert f"{name} is too large" in find(submitted, "ada", LESSON).refused


def test_a_large_file_counts_if_no_limit_is_set(submitted, monkeypatch):
    sparse(submitted / "ada" / LESSON / "data.bin", 60 * 2**20)
    assert "data.bin" not in find(submitted, "ada", LESSON).files
    monkeypatch.setattr(folders, "MOST_BYTES", 200 * 2**20)
    assert "data.bin" in find(submitted, "ada", LESSON).files


def test_files_together_stay_below_the_limit(submitted):
    for number in range(4):
        sparse(submitted / "ada" / LESSON / f"{number}.bin", 30 * 2**20)
    found = find(submitted, "ada", LESSON)
    assert sum(map(len, found.files.values())) <= folders.MOST_BYTES
    assert len(found.left_out) == 2


@pytest.mark.parametrize("make", [lambda p: sparse(p, 200 * GIB), os.mkfifo, os.mkdir, lambda p: p.symlink_to("/dev/zero"),
                                  lambda p: p.write_bytes(b"\xff\xfe\x00"), lambda p: p.write_text("=1+2\n" * 10**6)])
def test_a_time_stamp_may_be_anything(submitted, make):
    make(submitted / "ada" / LESSON / "timestamp.txt")
    found = find(submitted, "ada", LESSON)
    assert found.timestamp is None
    assert f"{LESSON}.ipynb" in found.files


def test_what_may_not_be_read_is_named(submitted, monkeypatch):
    """As an ordinary user would find it; root may read everything, so a stand-in refuses."""
    folder = submitted / "ada" / LESSON
    (folder / "locked").mkdir()
    (folder / "secret.txt").write_text("x")

    def refusing(call):
        def refuse(path, *args, **kwargs):
            if str(path).endswith(("locked", "secret.txt", refused)):
                raise PermissionError(13, "Permission denied", str(path))
            return call(path, *args, **kwargs)
        return refuse

    refused = "nothing else"
    monkeypatch.setattr(os, "open", refusing(os.open))
    monkeypatch.setattr(os, "scandir", refusing(os.scandir))
    found = find(submitted, "ada", LESSON)
    assert found.left_out == ["secret.txt can't be read (Permission denied); left out",
                              "locked/ can't be read (Permission denied); left out"]
    refused = f"{LESSON}.ipynb"
    assert f"{LESSON}.ipynb can't be read" in find(submitted, "ada", LESSON).refused
    refused = LESSON
    assert "the folder can't be read" in find(submitted, "ada", LESSON).refused


@pytest.mark.parametrize("student", ["=1+2", "x" * 250, "ada\x1b[2J", "ada\nbob", "@sum(a1)", "\u202eada"])
def test_an_id_that_harms_a_table_or_a_terminal_is_refused_by_name(submitted, student):
    (submitted / "ada").rename(submitted / student)
    assert students(submitted, LESSON) == [student]
    found = find(submitted, student, LESSON)
    assert "can't be an id" in found.refused
    assert found.refused.isprintable()


def test_a_folder_of_the_notebooks_name_is_no_notebook(submitted):
    path = submitted / "ada" / LESSON / f"{LESSON}.ipynb"
    path.unlink()
    path.mkdir()
    assert find(submitted, "ada", LESSON).files == {}


def test_a_changed_file_is_a_new_submission_and_the_same_one_is_not(submitted):
    before = find(submitted, "ada", LESSON).digest
    assert find(submitted, "ada", LESSON).digest == before
    (submitted / "ada" / LESSON / "helper.py").write_text("x = 1")
    assert find(submitted, "ada", LESSON).digest != before
