"""Archives that are damaged, or made to do harm, and what each system packs: its students come, and its times."""
import os
import struct
import time
import zipfile
from datetime import datetime

import pytest
from packed import packed

from embedding_course.course.cli import main
from embedding_course.course.lms.archives import attempts, open_archive
from embedding_course.course.nbgrader_api import class_gradebook
from embedding_course.course.problem import Problem

LESSON = "02-matmul"
NB = f"{LESSON}.ipynb"


def unpacked(room, monkeypatch, capsys, *options) -> tuple[int, dict[str, bytes], str]:
    """What `course unpack` returns, lays (by student and file), and says."""
    monkeypatch.chdir(room.root)
    status = main(["unpack", LESSON, "all.zip", *options])
    submitted = room.classroom / "submitted"
    laid = {path.relative_to(submitted).as_posix().replace(f"/{LESSON}/", "/"): path.read_bytes()
            for path in submitted.rglob("*") if path.is_file()}
    said = capsys.readouterr()
    return status, laid, said.out + said.err


def damage(path, name: bytes, offset: int, value: bytes, central: bool = True):
    """Puts bytes into an entry's header: offsets from its signature, in the list of contents or before the data."""
    data = bytearray(path.read_bytes())
    at = data.index(name, data.index(b"PK\x01\x02") if central else 0) - (46 if central else 30)
    data[at + offset:at + offset + len(value)] = value
    path.write_bytes(data)


def test_a_name_that_says_it_is_utf_8_and_is_not_leaves_the_others(copied, monkeypatch, capsys):
    archive = copied.root / "all.zip"
    inner = packed({"ä": b"1"}).fp.getvalue()   # a file that holds an archive's list of contents stays as it is
    packed({"ada/ä.txt": b"1", f"ada/{NB}": inner[inner.index(b"PK\x01\x02"):], f"bob/{NB}": b"2"}, archive).close()
    archive.write_bytes(archive.read_bytes().replace("ä.txt".encode(), b"\xff\xfe.txt"))
    _, laid, _ = unpacked(copied, monkeypatch, capsys)
    assert laid[f"bob/{NB}"] == b"2" and laid[f"ada/{NB}"] == inner[inner.index(b"PK\x01\x02"):]


HARM = {
    "bad CRC": lambda path: damage(path, b"ada/02", 16, b"\0\0\0\0"),
    "spoilt deflate": lambda path: damage(path, b"ada/02", 30 + 6 + 12, b"\xff" * 8, central=False),
    "encrypted": lambda path: damage(path, b"ada/02", 8, b"\x01\0"),
    "a method nobody knows": lambda path: damage(path, b"ada/02", 10, b"\x5f\0"),
    "larger than it says": lambda path: damage(path, b"ada/02", 24, struct.pack("<I", 3)),
    "smaller than it says": lambda path: damage(path, b"ada/02", 24, struct.pack("<I", 2**31)),
    "starts elsewhere": lambda path: damage(path, b"ada/02", 42, struct.pack("<I", 7)),
    "starts behind the end": lambda path: damage(path, b"ada/02", 42, struct.pack("<I", 2**31)),
    "another name before the data": lambda path: damage(path, b"ada/02", 30, b"bob", central=False),
}


@pytest.mark.parametrize("harm", HARM)
def test_a_file_that_can_not_be_read_leaves_out_its_student_alone(copied, monkeypatch, capsys, harm):
    archive = copied.root / "all.zip"
    packed({f"ada/{NB}": os.urandom(500), f"bob/{NB}": b"2"}, archive).close()
    HARM[harm](archive)
    status, laid, said = unpacked(copied, monkeypatch, capsys)
    assert set(laid) == {f"bob/{NB}", "bob/timestamp.txt"}
    assert status == 1 and "ada: " in said and "left out" in said and "1 submissions taken in" in said
    assert not list(copied.classroom.glob(".unpack-*"))


def test_what_was_there_stays_where_the_new_attempt_can_not_be_read(copied, monkeypatch, capsys):
    packed({f"ada/{NB}": b"1"}, copied.root / "all.zip").close()
    unpacked(copied, monkeypatch, capsys)
    packed({f"ada/{NB}": os.urandom(500)}, copied.root / "all.zip").close()
    HARM["bad CRC"](copied.root / "all.zip")
    status, laid, _ = unpacked(copied, monkeypatch, capsys)
    assert (status, laid[f"ada/{NB}"]) == (1, b"1")


def test_a_bomb_is_counted_as_it_is_unpacked_not_as_it_says(copied, monkeypatch, capsys):
    archive = copied.root / "all.zip"
    packed({"ada/bomb.bin": bytes(300 * 2**20), f"bob/{NB}": b"2", "eve/two.bin": bytes(90 * 2**20)}, archive).close()
    damage(archive, b"ada/bomb", 24, struct.pack("<I", 2**20))
    monkeypatch.setattr(zipfile.ZipExtFile, "_update_crc", lambda *_: None)   # as where its check sum lies too
    begun = time.process_time()
    status, laid, said = unpacked(copied, monkeypatch, capsys)
    assert set(laid) - {"ada/bomb.bin", "ada/timestamp.txt"} == {f"bob/{NB}", "bob/timestamp.txt"}
    assert all(len(data) < 81 * 2**20 for data in laid.values())
    assert status == 1 and "eve: more than 80 MiB" in said
    assert time.process_time() - begun < 20


def test_a_bomb_of_many_files_is_stopped_where_their_headers_lie(copied, monkeypatch, capsys):
    archive = copied.root / "all.zip"
    packed({f"ada/{number}.bin": bytes(30 * 2**20) for number in range(4)} | {f"bob/{NB}": b"2"}, archive).close()
    real = zipfile.ZipFile.open

    def lying(self, info, *arguments):
        info.file_size = 30 * 2**20
        return real(self, info, *arguments)

    monkeypatch.setattr(zipfile.ZipFile, "open", lying)
    for number in range(4):
        damage(archive, f"ada/{number}.bin".encode(), 24, struct.pack("<I", 1))
    status, laid, said = unpacked(copied, monkeypatch, capsys)
    assert set(laid) == {f"bob/{NB}", "bob/timestamp.txt"} and "ada: more than 80 MiB" in said


def test_an_archive_whose_list_of_contents_is_huge_is_refused_in_a_line(tmp_path):
    path = tmp_path / "all.zip"
    packed({f"ada/{NB}": b"1"}, path).close()
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x05\x06")
    data[at:at] = data[data.index(b"PK\x01\x02"):at] * 300_000
    at = data.rindex(b"PK\x05\x06")
    struct.pack_into("<I", data, at + 12, at - data.index(b"PK\x01\x02"))
    path.write_bytes(data)
    with pytest.raises(Problem, match="list of contents is too long"):
        open_archive(path)


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"PK\x03\x04" + b"\0" * 100, b"PK\x05\x06" + b"\xff" * 18, b"none",
                                  b"PK\x01\x02" + b"\xff" * 42 + b"PK\x05\x06" + bytes(4) + b"\1\0\1\0\x2e" + bytes(9)])
def test_what_is_no_archive_is_named_in_a_line(tmp_path, data):
    (tmp_path / "all.zip").write_bytes(data)
    with pytest.raises(Problem, match="all.zip: no zip archive that can be read"):
        open_archive(tmp_path / "all.zip")


@pytest.mark.parametrize("files", [
    [("ada/x", b"1"), ("ada/x/y.py", b"2"), (f"ada/{NB}", b"3")],
    [("ada/x/y.py", b"2"), ("ada/x", b"1"), (f"ada/{NB}", b"3")],
    [(f"ada/{NB}", b"3"), (f"ada/{NB}", b"4")], [(f"ada/{NB}", b"3"), ("ada/02-MATMUL.ipynb", b"4")],
    [(f"ada/{NB}", b"3"), (f"ada/{LESSON}/{NB}", b"4")]])
def test_a_name_twice_or_a_file_and_a_folder_of_one_name_leave_out_the_second(copied, monkeypatch, capsys, files):
    packed([*files, (f"bob/{NB}", b"2")], copied.root / "all.zip").close()
    status, laid, said = unpacked(copied, monkeypatch, capsys)
    assert (status, laid[f"ada/{NB}"], laid[f"bob/{NB}"]) == (1, b"3", b"2")
    assert said.count("left out") == 1


def test_twenty_thousand_names_are_sorted_out_in_time():
    names = [f"{'ada' if number % 2 else 'bob'}/{number}.txt" for number in range(20_000)]
    begun = time.process_time()
    last, words = attempts(packed([(name, b"") for name in names]))
    assert last == [] and len(words) == 2
    assert time.process_time() - begun < 30


@pytest.mark.parametrize("name", ["timestamp.txt", f"{LESSON}/timestamp.txt", "Timestamp.TXT", "submission_secret.txt",
                                  "ｔimestamp.txt"])
@pytest.mark.parametrize("system", ["ada/", "g_02-matmul_ada_attempt_2026-03-01-10-00-00_", "A_11_assignsubmission_file/"])
def test_the_systems_time_wins_over_one_that_a_student_uploaded(copied, monkeypatch, capsys, system, name):
    if "/" in name and not system.endswith("/"):
        return
    packed({f"{system}{NB}": b"1", f"{system}{name}": b"2020-01-01 00:00:00 UTC"}, copied.root / "all.zip").close()
    status, laid, said = unpacked(copied, monkeypatch, capsys)
    expected = {"a": b"2026-01-09 10:00:00 UTC", "g": b"2026-03-01 10:00:00 UTC"}.get(system[0])
    [student] = {name.partition("/")[0] for name in laid}
    assert laid == {f"{student}/{NB}": b"1"} | ({f"{student}/timestamp.txt": expected} if expected else {})
    assert status == 1 and "nbgrader's own" in said


@pytest.mark.parametrize("anonymous", [False, True])
def test_only_whom_canvas_calls_late_is_late(copied, monkeypatch, capsys, anonymous):
    names = ("anon_Xy9Z2_501_", "LATE_anon_Qa7b1_502_") if anonymous else ("doeann_1001_501_", "roebob_LATE_1002_502_")
    packed({f"{name}{NB}": b"1" for name in names}, copied.root / "all.zip").close()
    with class_gradebook(copied) as gradebook:
        gradebook.add_assignment(LESSON, duedate=datetime(2026, 1, 2, 12))
    status, laid, _ = unpacked(copied, monkeypatch, capsys)
    students = ("anon_Xy9Z2", "anon_Qa7b1") if anonymous else ("1001", "1002")
    assert status == 0
    assert laid.pop(f"{students[1]}/timestamp.txt") == b"2026-01-02 12:01:00 UTC"
    assert laid == {f"{student}/{NB}": b"1" for student in students}


def test_sakais_time_is_the_one_that_sakai_wrote(copied, monkeypatch, capsys):
    packed({"Lesson 02-matmul/grades.csv": b"", "Lesson 02-matmul/L, Ada(ada)/timestamp.txt": b"20260301100203456",
            f"Lesson 02-matmul/L, Ada(ada)/Submission attachment(s)/{NB}": b"1",
            "Lesson 02-matmul/L, Ada(ada)/Submission attachment(s)/timestamp.txt": b"20200301100203456"},
           copied.root / "all.zip").close()
    _, laid, said = unpacked(copied, monkeypatch, capsys)
    assert laid == {f"ada/{NB}": b"1", "ada/timestamp.txt": b"2026-03-01 10:02:03 UTC"}


def test_canvas_numbers_one_file_not_an_attempt(copied, monkeypatch, capsys):
    packed({"doeann_1001_501_02-matmul-2.ipynb": b"new", "doeann_1001_490_02-matmul-1.ipynb": b"old",
            "doeann_1001_502_helpers.py": b"h", "doeann_1001_503_part-1.csv": b"1", "doeann_1001_504_part-2.csv": b"2",
            "doeann_1001_505_a-1.tar.gz": b"t"}, copied.root / "all.zip").close()
    status, laid, said = unpacked(copied, monkeypatch, capsys)
    assert laid == {"1001/02-matmul.ipynb": b"new", "1001/helpers.py": b"h", "1001/part.csv": b"2", "1001/part-1.csv": b"1",
                    "1001/part-2.csv": b"2", "1001/a.tar.gz": b"t", "1001/a-1.tar.gz": b"t"}
    assert status == 1 and said.count("left out") == 1 and "02-matmul-1.ipynb" in said


FOUND = {   # names as the systems write them, and the students in them
    "canvas": (["doeann_1001_501_02-matmul.ipynb", "van_der_berg_1002_502_02_matmul.ipynb", "doe_1003_text.html"],
               {"1001", "1002"}),
    "canvas, in a folder": (["submissions (1)/doeann_1001_501_02-matmul.ipynb", "submissions (1)/b_1002_502_x.ipynb"],
                            {"1001", "1002"}),
    "canvas, anonymous": (["anon_Xy9Z2_501_02-matmul.ipynb", "LATE_anon_Qa7b1_502_x.ipynb"],
                          {"anon_Xy9Z2", "anon_Qa7b1"}),
    "moodle": (["Ann Lee_1041_assignsubmission_file/02-matmul.ipynb", "Bo_1042_assignsubmission_file/d/x.py"],
               {"1041", "1042"}),
    "moodle, files": (["Ann Lee_1041_assignsubmission_file_02-matmul.ipynb", "Bo_1042_assignsubmission_file_x_y.ipynb",
                       "Bo_1042_assignsubmission_onlinetext_onlinetext.html"], {"1041", "1042"}),
    "moodle, blind": (["Participant_42_assignsubmission_file_/a.ipynb", "Participant_43_assignsubmission_file_/a.ipynb"],
                      {"42", "43"}),
    "moodle, unzipped and zipped": (["CS1-02-matmul-77/Ann_1041_assignsubmission_file/02-matmul.ipynb"], {"1041"}),
    "blackboard": (["gradebook_202510-CS1_02-matmul_ada_l_attempt_2026-03-01-10-00-00_02-matmul.ipynb",
                    "gradebook_202510-CS1_02-matmul_bob_l_attempt_2026-03-01-10-00-00_x_y.ipynb"], {"ada_l", "bob_l"}),
    "blackboard, no lesson": (["hw 2_ada_attempt_2026-03-01-10-00-00_a.ipynb",
                               "hw 2_bob_attempt_2026-03-01-10-00-00_a.ipynb"], {"ada", "bob"}),
    "folders": (["ada/02-matmul.ipynb", "bob/02-matmul/02-matmul.ipynb"], {"ada", "bob"}),
    "folders in a folder": (["class/ada/02-matmul.ipynb"], {"ada"}),
    "folders in folders": (["02-matmul submissions/ada/02-matmul.ipynb", "02-matmul submissions/bob/a.ipynb"],
                           {"ada", "bob"}),
    "by an old Windows tool": (["class\\ada\\02-matmul.ipynb", "class\\bob\\02-matmul.ipynb"], {"ada", "bob"}),
    "by macOS": (["class/Zoe\u0308/02-matmul.ipynb", "__MACOSX/class/Zoe\u0308/._02-matmul.ipynb", "class/.DS_Store"],
                 {"Zoë"}),
}


@pytest.mark.parametrize("kind", FOUND)
def test_the_students_of_an_archive_as_a_system_packs_it(kind):
    names, students = FOUND[kind]
    last, words = attempts(packed({name: b"1" for name in names}), LESSON)
    assert {attempt.student for attempt in last} == students
    assert not any("left out" in word for word in words)


def test_receipts_of_blackboard_name_its_users_and_are_no_files():
    head = "gradebook_CS_Week 1_{}_attempt_2026-03-01-10-00-00{}"
    last, words = attempts(packed({
        head.format("ada_l", "_a.ipynb"): b"1", head.format("ada_l", ".txt"): b"Name: Ada (the 1st) L (ada_l)\r\nx: (bob)",
        head.format("ada_m", "_a.ipynb"): b"1", head.format("ada_m", ".txt"): "Naam: Ada M (ada_m)\n".encode("utf-8-sig")}))
    assert {attempt.student: list(attempt.files) for attempt in last} == {"ada_l": ["a.ipynb"], "ada_m": ["a.ipynb"]}
    assert words == []


def test_what_names_nobody_at_all_is_refused_in_one_line():
    with pytest.raises(Problem, match="2 files"):
        attempts(packed({NB: b"1", "x.txt": b"2"}), LESSON)


REFUSED = {
    "brightspace": ["12345-67890 - Ada L - Mar 1, 2026 1000 AM/02-matmul.ipynb", "index.html"],
    "gradescope": ["assignment_1_export/submission_2/02-matmul.ipynb", "assignment_1_export/submission_metadata.yml"],
    "gradescope, unzipped": ["submission_2/02-matmul.ipynb", "submission_3/x.ipynb", "submission_metadata.yml"],
    "teams": ["Group 1_77_assignsubmission_file/02-matmul.ipynb"],
    "teams, some in none": ["Alpha_77_assignsubmission_file/a.ipynb", "Standardgruppe_assignsubmission_file/a.ipynb"],
    "a folder, one student's or around them": ["cs101/ada/02-matmul.ipynb", "cs101/bob/02-matmul.ipynb"],
    "blackboard or canvas": ["hw_1_2_ada_attempt_2026-03-01-10-00-00_a.ipynb"],
    "blackboard's users": ["hw_ada_l_attempt_2026-03-01-10-00-00_a.ipynb", "hw_ada_m_attempt_2026-03-01-10-00-00_a.ipynb"],
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_can_not_be_told_is_refused_with_what_to_do(kind):
    with pytest.raises(Problem, match="--system|--below|course roster"):
        attempts(packed({name: b"1" for name in REFUSED[kind]}), LESSON)


@pytest.mark.parametrize(("options", "students"), [
    ({"known": frozenset({"ada"})}, {"ada", "bob"}), ({"below": "cs101"}, {"ada", "bob"}),
    ({"system": "folders", "below": "."}, {"cs101"}), ({"known": frozenset({"cs101"})}, {"cs101"})])
def test_the_class_or_the_instructor_tells(options, students):
    names = REFUSED["a folder, one student's or around them"]
    last, _ = attempts(packed({name: b"1" for name in names}), LESSON, **options)
    assert {attempt.student for attempt in last} == students
