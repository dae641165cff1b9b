"""Names in an archive are strangers' words: no file leads out of its student's folder, nobody's work under another's id."""
import os

import pytest
from packed import packed

from embedding_course.course.cli import main
from embedding_course.course.lms.archives import MOST_FILES, attempts, extract
from embedding_course.course.lms.names import why_no_file, why_no_id
from embedding_course.course.lms.roster import members
from embedding_course.course.lms.tables import read_table
from embedding_course.course.problem import Problem

LESSON = "02-matmul"
NB = f"{LESSON}.ipynb"
OUTSIDE = ["/srv/x", "\\srv\\x", "..\\..\\x", "../x", "a/../../x", "./x", "a//x", "C:x", "C:\\x", "\\\\host\\share\\x",
           "a/", "x\x00.ipynb", "a\nb", "a\x1b[2J", "CON", "nul.txt", "a/aux.ipynb", "Com1.ipynb", "COM¹", "x.", "x ", " x",
           "a /b", "a\u202egpj.x", "a\u200bb", "a／b", "a＼b", "..／x", "‥/x", "℀x", "a\ufe68b", "x" * 300,
           "/".join("d" * 20) + "/x", "a\u2028b", "a*b", "a|b", "NUL", "CONIN$", "lpt9.tar.gz"]


@pytest.mark.parametrize("upload", OUTSIDE)
def test_an_upload_is_laid_into_its_students_folder_or_left_out_by_name(copied, monkeypatch, capsys, upload):
    monkeypatch.chdir(copied.root)
    before = {path: path.stat().st_mtime_ns for path in copied.root.rglob("*") if path.is_file()}
    packed({f"ada/{NB}": b"1", "ada/" + upload: b"evil", f"bob/{NB}": b"2"}, copied.root / "all.zip").close()
    status = main(["unpack", LESSON, "all.zip"])
    said = capsys.readouterr()
    submitted = copied.classroom / "submitted"
    laid = {path.relative_to(submitted).as_posix() for path in submitted.rglob("*") if path.is_file()}
    assert laid == {f"{student}/{LESSON}/{name}" for student in ("ada", "bob") for name in (NB, "timestamp.txt")}
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert upload.endswith("/") or (status == 1 and "ada/" in said.out and "left out" in said.out)
    assert not said.err
    assert said.out.isprintable() or set(said.out) - {"\n"} <= set(filter(str.isprintable, said.out))
    assert not os.path.exists("/srv/x")


@pytest.mark.parametrize("name", ["02-matmul.ipynb", "a b (1).ipynb", "Zoë.csv", "データ.csv", "a'b.py", "x-1.tar.gz",
                                  "Constant.py", "communication.ipynb", "auxiliary.py", "½.txt",
                                  "3.04\u202fPM.png", "a…b.txt"])
def test_honest_names_are_file_names(name):
    assert why_no_file(name) == ""


@pytest.mark.parametrize("name", ["=1+2", "+1", "-1", "@SUM(1)", "＝1", "a,=1", "\t=1", "'=1", ".a", "..", "a\\b",
                                  "ada\xa0", "a\xa0b", "a\u200bda", "x" * 101, "ada ", "a;b", "CON", "a:b",
                                  "\ufeffada", "a\x1b[m"])
def test_what_is_no_id_is_refused_in_archives_and_rosters(name, tmp_path):
    assert why_no_id(name)
    last, words = attempts(packed({f"{name}/{NB}": b"1", f"bob/{NB}": b"2"}))
    assert [attempt.student for attempt in last] == ["bob"]
    (tmp_path / "roster.csv").write_text(f'id,first_name\nbob,B\n"{name}",A\n', encoding="utf-8")
    if name == name.strip(" \t"):
        with pytest.raises(Problem, match="record 3: .* can't be an id"):
            members(read_table(tmp_path / "roster.csv"))


@pytest.mark.parametrize("name", ["ann", "007", "ann@x.org", "ann+tag@x.org", "o'neill", "Lee, Ann", "Zoë", "大輔",
                                  "a.b-c_d", "1e5"])
def test_honest_ids_are_ids(name):
    assert why_no_id(name) == ""


EVE = ["x_ada_attempt_2026-03-01-10-00-00_02-matmul.ipynb", "x_11_assignsubmission_file_02-matmul.ipynb",
       "x_1001_501_02-matmul.ipynb", "LATE_1001_501_x.ipynb", "anon_Xy9Z2_501_x.ipynb", "11_assignsubmission_file_x.ipynb",
       "_ada_attempt_2026-03-01-10-00-00.txt", "a (ada).ipynb", "1_2_3.ipynb"]
SYSTEMS = {
    "moodle": ("Ada L_11_assignsubmission_file/{}", "Eve M_22_assignsubmission_file/{}", "11", "22"),
    "moodle, one folder": ("Ada L_11_assignsubmission_file_{}", "Eve M_22_assignsubmission_file_{}", "11", "22"),
    "canvas": ("ladal_1001_501_{}", "meve_1002_503_{}", "1001", "1002"),
    "canvas, anonymous": ("anon_Xy9Z2_501_{}", "anon_Qa7b1_503_{}", "anon_Xy9Z2", "anon_Qa7b1"),
    "blackboard": ("gradebook_02-matmul_ada_attempt_2026-03-01-10-00-00_{}",
                   "gradebook_02-matmul_eve_attempt_2026-03-01-11-00-00_{}", "ada", "eve"),
    "folders": ("ada/{}", "eve/{}", "ada", "eve"),
    "sakai": ("L, Ada(ada)/Submission attachment(s)/{}", "M, Eve(eve)/Submission attachment(s)/{}", "ada", "eve"),
}


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("present", [True, False])
def test_what_a_student_named_is_never_read_as_an_id(system, present):
    ada, eve, ada_id, eve_id = SYSTEMS[system]
    uploads = EVE + [f"{name}/{NB}" for name in ("x_11_assignsubmission_file_", "ada",
                                                 "L, Ada(ada)/Submission attachment(s)")] * ("/" in eve)
    for some in (*([upload] for upload in uploads), uploads):
        files = {ada.format(NB): b"ada"} if present else {eve.format(NB): b"eve"}
        archive = packed(files | {eve.format(upload): b"eve" for upload in some})
        try:
            last, words = attempts(archive, LESSON)
        except Problem as problem:   # Eve alone may leave open which system it was
            assert not present and "--" in str(problem)
            continue
        for attempt in last:
            owner = b"ada" if attempt.student == ada_id else b"eve"
            assert {archive.read(info) for info in attempt.files.values()} == {owner}
        assert {attempt.student for attempt in last} <= {ada_id, eve_id}
        assert present == (ada_id in {attempt.student for attempt in last})


@pytest.mark.parametrize("two", [("ada", "ada\xa0"), ("ada", "Ada"), ("Zoë", "Zoe\u0308"), ("ada", "ａda"),
                                 ("ada", "a\u200bda"), ("fin", "ﬁn"), ("ann lee", "ann\u3000lee")])
def test_two_ids_that_would_fold_into_one_are_both_refused_by_name(two):
    last, words = attempts(packed([(f"{two[0]}/{NB}", b"1"), (f"{two[1]}/{NB}", b"2"), (f"bob/{NB}", b"3")]))
    assert [attempt.student for attempt in last] == ["bob"]
    assert words and all("left out" in word for word in words)


@pytest.mark.parametrize(("name", "known"), [("Ada", "ada"), ("ﬁn", "fin"), ("ADA@X.org", "ada@x.org")])
def test_an_id_that_is_alike_to_one_of_the_class_is_not_taken_for_it_nor_beside_it(name, known):
    last, words = attempts(packed({f"{name}/{NB}": b"1", f"bob/{NB}": b"3"}), known={known})
    assert [attempt.student for attempt in last] == ["bob"]
    assert known in words[0]


def test_a_name_that_canvas_may_have_ended_with_a_number_is_no_id_unless_the_class_tells():
    archive = packed({"ladal_1001_501_02-matmul.ipynb": b"ada", "eve_1001_1002_503_02-matmul.ipynb": b"eve"})
    for known in ((), ("1001", "1002")):
        last, words = attempts(archive, LESSON, frozenset(known))
        assert [archive.read(info) for attempt in last for info in attempt.files.values()] in ([b"ada"], [])
        assert any("eve_1001" in word for word in words)


def test_nothing_is_written_through_a_link_that_is_there(copied, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(copied.root)
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / LESSON).mkdir(parents=True)
    submitted = copied.classroom / "submitted"
    (submitted / "bob").mkdir(parents=True)
    (submitted / "ada").symlink_to(elsewhere)
    (submitted / "bob" / LESSON).symlink_to(elsewhere / LESSON)
    packed({f"{name}/{NB}": b"1" for name in ("ada", "bob", "eve")}, copied.root / "all.zip").close()
    assert main(["unpack", LESSON, "all.zip"]) == 1
    assert [path.name for path in elsewhere.rglob("*")] == [LESSON]
    assert (submitted / "eve" / LESSON / NB).read_bytes() == b"1"
    assert capsys.readouterr().out.count("is a link") == 2


def test_writing_checks_the_place_itself_and_never_writes_over(tmp_path):
    archive = packed({"ada/x": b"1"})
    [attempt], _ = attempts(archive)
    attempt.files = {"../x": attempt.files["x"]}
    with pytest.raises(Problem, match="leads out"):
        extract(archive, attempt, tmp_path / "new")
    (tmp_path / "x").symlink_to(tmp_path / "target")
    attempt.files = {"x": attempt.files["../x"]}
    with pytest.raises((Problem, FileExistsError)):
        extract(archive, attempt, tmp_path)
    assert not (tmp_path / "target").exists()


def test_a_student_with_too_many_files_is_left_out_alone():
    last, words = attempts(packed({f"ada/{number}.txt": b"" for number in range(MOST_FILES + 1)} | {f"bob/{NB}": b"1"}))
    assert [attempt.student for attempt in last] == ["bob"]
    assert words == [f"ada: more than {MOST_FILES} files; left out"]
