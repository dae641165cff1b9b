"""Files of learning management systems: the dialect received is the dialect returned, and nobody is lost or doubled."""
import io
import zipfile

import pytest

from embedding_course.course.cli import main
from embedding_course.course.lms.archives import attempts
from embedding_course.course.lms.roster import members
from embedding_course.course.lms.scores import fill, warnings
from embedding_course.course.lms.tables import read_table
from embedding_course.course.problem import Problem

LESSON = "02-matmul"
MOODLE = ('\ufeffID;"Vollständiger Name";E-Mail-Adresse;Status;Bewertung;Bestwertung;"Zuletzt geändert (Abgabe)";'
          '"Feedback als Kommentar"\r\n'
          'Teilnehmer/in1041;"Öztürk, Ayşe";a@x.de;"Zur Bewertung abgegeben";;"10,00";"Montag, 2. November";""\r\n'
          'Teilnehmer/in1042;"Ben ""B"" O\'Neill";b@x.de;"Keine Abgabe";"7,50";"10,00";-;"Gut.\r\nWeiter so; bis bald."\r\n'
          'Teilnehmer/in1043;Chi;c@x.de;"Keine Abgabe";;"10,00";-;""').encode()
CANVAS = (b"Student,ID,SIS User ID,SIS Login ID,Section,02-matmul (88),Final exam (89),Final Score\n"
          b"    Points Possible,,,,,10,10,(read only)\n"
          b'"Lee, Ann",1,007,ann,A,,5,50.0\n"Bo",2,7,bo,A,3,,\n')


@pytest.fixture
def table(tmp_path):
    def write(data):
        (tmp_path / "table.csv").write_bytes(data)
        return read_table(tmp_path / "table.csv")
    return write


def written(table, tmp_path):
    table.write(tmp_path / "out.csv")
    return (tmp_path / "out.csv").read_bytes()


@pytest.mark.parametrize("data", [MOODLE, CANVAS, MOODLE.decode("utf-8-sig").encode("utf-16"), b"id\tgrade\r\n1\t\r\n",
                                  'id,name,grade\nü,"a ""b"", c\nd",\n\n'.encode("cp1252")])
def test_a_table_that_nobody_fills_goes_back_byte_for_byte(table, tmp_path, data):
    assert written(table(data), tmp_path) == data


def test_moodles_german_table_keeps_its_semicolons_commas_and_quotes(table, tmp_path):
    filled = table(MOODLE)
    assert fill(filled, LESSON, {"1041": 8.5, "1042": 10.0, "1999": 3.0}) == ["1999"]
    expected = MOODLE.replace(b'abgegeben";;"10', b'abgegeben";8,5;"10').replace(b'"7,50"', b'"10"')
    assert written(filled, tmp_path) == expected


def test_a_decimal_comma_in_a_table_with_commas_is_quoted(table, tmp_path):
    filled = table(b'id,grade,best\nann,,"10,0"\n')
    fill(filled, LESSON, {"ann": 2.5})
    assert written(filled, tmp_path) == b'id,grade,best\nann,"2,5","10,0"\n'


def test_canvas_gets_the_lessons_own_column_and_a_word_on_final(table, tmp_path):
    filled = table(CANVAS)
    fill(filled, LESSON, {"ann": 9.0, "bo": 4.0})
    assert written(filled, tmp_path) == CANVAS.replace(b"A,,5", b"A,9,5").replace(b"A,3,", b"A,4,")
    assert warnings(filled, LESSON) == []
    assert "Final" in warnings(filled, LESSON, "Final exam (89)")[0]


def test_ids_are_text_all_the_way(table, tmp_path):
    filled = table(b"id,grade\n007,\n7,\n1e5,\n100000,\n")
    fill(filled, LESSON, {"007": 1.0, "1e5": 2.0})
    assert written(filled, tmp_path) == b"id,grade\n007,1\n7,\n1e5,2\n100000,\n"


def test_the_same_letters_in_two_unicode_forms_are_one_student(table, tmp_path):
    filled = table("id,grade\nZoe\u0308,\n".encode())
    assert fill(filled, LESSON, {"Zo\u00eb": 1.0}) == []


def test_a_student_who_stands_there_twice_is_refused_by_name(table):
    with pytest.raises(Problem, match="ann stands there more than once"):
        fill(table(b"id,grade\nann,\nann,\n"), LESSON, {"ann": 1.0})
    with pytest.raises(Problem, match="ann stands there more than once"):
        members(table(b"id,name\nann,A\nann,B\n"))


@pytest.mark.parametrize(("data", "word"), [
    (b"id,grade,score\nann,,\n", "--points"), (b"a,grade\nx,\n", "--ids"), (b"", "not a table"),
    (b"id,grade\n", "not a table")])
def test_what_can_not_be_told_is_asked_for(table, data, word):
    with pytest.raises(Problem, match=word):
        fill(table(data), LESSON, {"ann": 1.0})


def test_a_roster_that_excel_saved_is_read_like_any_other(table):
    for data in (b"id,first_name\n007,Ann\n", b"\xef\xbb\xbfid,first_name\r\n007,Ann\r\n",
                 "ID;Vorname\n007;Ann\n".encode("utf-16")):
        [member] = members(table(data))
        assert (member.id, member.details) == ("007", {"first_name": "Ann"})


@pytest.mark.parametrize("name", ["..", "a/b", ".hidden", "a:b"])
def test_an_id_that_can_not_name_a_folder_is_refused_with_its_record(table, name):
    with pytest.raises(Problem, match="record 2"):
        members(table(f"id,x\n{name},\n".encode()))


def packed(files: dict[str, bytes]) -> zipfile.ZipFile:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return zipfile.ZipFile(memory)


@pytest.mark.parametrize(("files", "found"), [
    ({"Ann Lee_1041_assignsubmission_file/02-matmul.ipynb": b"1", "Bo_1042_assignsubmission_file_/x.ipynb": b"2"},
     {"1041": ["02-matmul.ipynb"], "1042": ["x.ipynb"]}),
    ({"leeann_1041_5_02-matmul-1.ipynb": b"1", "leeann_1041_6_02-matmul-2.ipynb": b"2", "bo_LATE_1042_7_a b.ipynb": b"3"},
     {"1041": ["02-matmul.ipynb"], "1042": ["a b.ipynb"]}),
    ({"submissions/ann/02-matmul/02-matmul.ipynb": b"1", "submissions/bo/02-matmul.ipynb": b"2",
      "__MACOSX/submissions/ann/._x": b""}, {"ann": ["02-matmul/02-matmul.ipynb"], "bo": ["02-matmul.ipynb"]}),
])
def test_archives_as_systems_pack_them(files, found):
    last, words = attempts(packed(files))
    assert {attempt.student: sorted(attempt.files) for attempt in last} == found


def test_of_two_attempts_with_two_files_each_the_later_counts_with_both():
    files = {f"hw_ann@x.org_attempt_2026-01-{day}-10-00-00_{name}": day.encode() for day in ("09", "10")
             for name in ("a.ipynb", "b.ipynb")}
    archive = packed(files)
    [attempt], words = attempts(archive)
    assert (attempt.student, sorted(attempt.files)) == ("ann@x.org", ["a.ipynb", "b.ipynb"])
    assert archive.read(attempt.files["a.ipynb"]) == b"10"
    assert words == ["ann@x.org: several attempts; the last one counts"]


def test_what_would_lead_out_of_the_archive_stays_in_it():
    evil = zipfile.ZipInfo("ann/link.ipynb")
    evil.external_attr = 0o120777 << 16
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr(evil, "/etc/passwd")
        for name in ("ann/../../x.ipynb", "../02-matmul/x.ipynb", "ann/02-matmul.ipynb"):
            archive.writestr(name, b"1")
    [attempt], words = attempts(zipfile.ZipFile(memory))
    assert (attempt.student, sorted(attempt.files)) == ("ann", ["02-matmul.ipynb"])
    assert len(words) == 3


def test_unpacking_twice_changes_nothing_and_a_new_attempt_keeps_the_old_one(copied, monkeypatch, capsys):
    monkeypatch.chdir(copied.root)
    for number, data in enumerate((b"1", b"1", b"2")):
        with zipfile.ZipFile(copied.root / "all.zip", "w") as archive:
            archive.writestr(zipfile.ZipInfo("ann/02-matmul.ipynb", (2026, 1, 9, 10, number // 2, 0)), data)
        assert main(["unpack", LESSON, "all.zip"]) == 0
    second = [line for line in capsys.readouterr().out.splitlines() if "taken in" in line][1]
    assert second.startswith("0 submissions taken in, 1 as before")
    submitted = copied.classroom / "submitted" / "ann" / LESSON
    assert (submitted / "02-matmul.ipynb").read_bytes() == b"2"
    assert (submitted / "timestamp.txt").read_text() == "2026-01-09 10:01:00 UTC"
    assert [path.read_bytes() for path in (copied.classroom / "superseded").rglob("*.ipynb")] == [b"1"]


def test_no_archive_is_named(copied, monkeypatch, capsys):
    monkeypatch.chdir(copied.root)
    (copied.root / "all.zip").write_bytes(b"none")
    assert main(["unpack", LESSON, "all.zip"]) == 2
    assert "all.zip: no zip archive" in capsys.readouterr().err
