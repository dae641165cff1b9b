"""Rosters and tables of scores: one rule for ids, and a score goes to its own student alone."""
import pytest
from packed import packed

from embedding_course.course.cli import main
from embedding_course.course.lms.archives import attempts
from embedding_course.course.lms.names import from_field
from embedding_course.course.lms.roster import members
from embedding_course.course.lms.scores import fill
from embedding_course.course.lms.tables import read_table
from embedding_course.course.nbgrader_api import class_gradebook
from embedding_course.course.problem import Problem

LESSON = "02-matmul"
NB = f"{LESSON}.ipynb"


@pytest.fixture
def table(tmp_path):
    def write(text):
        (tmp_path / "table.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_table(tmp_path / "table.csv")
    return write


@pytest.mark.parametrize(("field", "student"), [
    ("Participant 1041", "1041"), ("Teilnehmer/in1041", "1041"), ("Participante 7", "7"), ("参与者42", "42"),
    ('="007"', "007"), ("1041.0", "1041"), (" 007 ", "007"), *[(text, text) for text in (
        "a12", "user 12", "Room12", "1041.5", "Participant 12b", "xParticipant 12", "1.041", "12\xa0")]])
def test_what_a_field_holds(field, student):
    assert from_field(field) == student


@pytest.mark.parametrize("other", ["a12", "12a", "user 12", "Group 12", "012", "12.5", "-12", "12\xa0", "１２", "x=12",
                                   "12 13"])
def test_a_score_goes_to_its_student_alone_and_who_is_absent_is_named(table, tmp_path, other):
    text = f"username,grade\n{other},\nb7,\n"
    filled = table(text)
    assert fill(filled, LESSON, {"12": 8.0, "b7": 5.0}) == ["12"]
    filled.write(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == text.replace("b7,", "b7,5")


def test_a_table_with_nobody_of_the_class_is_refused(table):
    with pytest.raises(Problem, match="none of its columns"):
        fill(table("username,grade\na12,\nb7,\n"), LESSON, {"12": 8.0})


def test_two_columns_that_name_different_people_by_the_same_ids_are_asked_for(table):
    with pytest.raises(Problem, match="several of its columns.*--ids"):
        fill(table("ID,SIS User ID,grade\n12,77,\n13,12,\n"), LESSON, {"12": 8.0})


@pytest.mark.parametrize(("text", "comma"), [
    ('Student,ID,02-matmul (88),Total\nA,1001,,"1,234"\nB,1002,,987.5\n', False),
    ('Student,ID,02-matmul (88),Total\nA,1001,,"1,234"\nB,1002,,\n', False),
    ('Student,ID,02-matmul (88),Groups\nA,1001,,"1,2"\nB,1002,,"2,3"\n', False),
    ('Student,ID,02-matmul (88),Groups,Total\nA,1001,,"1,2",9.5\nB,1002,"6.5","1,2",8\n', False),
    ('Student,ID,02-matmul (88),Best\nA,1001,,"10,0"\nB,1002,,"10,0"\n', True),
    ('Student,ID,02-matmul (88),Section\nA,1001,"6,5",1.2\nB,1002,,1.2\n', True),
    ("Student;ID;02-matmul (88);Section\nA;1001;;1.2\nB;1002;;1.3\n", True),
    ("Student;ID;02-matmul (88);Max\nA;1001;;10.5\nB;1002;;10.5\n", False),
    ('Student,ID,02-matmul (88),Total\nA,1001,,"1,234.5"\nB,1002,,\n', False),
    ("Student\tID\t02-matmul (88)\nA\t1001\t\nB\t1002\t\n", False)])
def test_the_column_of_points_says_how_decimals_are_written(table, tmp_path, text, comma):
    filled = table(text)
    fill(filled, LESSON, {"1001": 7.5})
    assert filled.column(2)[0] == ("7,5" if comma else "7.5")


@pytest.mark.parametrize("lead", ["sep=;\n", "sep=;\r\n", '"sep=;"\r\n', "SEP=;\n", "\ufeffsep=;\n"])
def test_excels_line_about_the_separator_is_read_and_goes_back(table, tmp_path, lead):
    text = lead + "id;Vorname;grade\n007;Ann, B;\n"
    [member] = members(table(text))
    assert (member.id, member.details) == ("007", {"first_name": "Ann, B"})
    filled = table(text)
    fill(filled, LESSON, {"007": 1.0})
    filled.write(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == text.replace("B;", "B;1").encode()


@pytest.mark.parametrize(("text", "ids"), [
    ("id,first_name\n1041.0,Ann\n1042.0,Bo\n", ["1041", "1042"]),
    ('id,first_name\n="007",Ann\n"=""008""",Bo\n', ["007", "008"]),
    ('Identifier,"Full name","Email address",Status,Grade\n"Participant 1041","Ann",a@x.org,,\n', ["1041"]),
    ("ID;Name;Bewertung\nTeilnehmer/in1041;Ann;\n", ["1041"]), ("Identifiant,Nom\nParticipant1041,Ann\n", ["1041"]),
    ("Last Name,First Name,Username,Student ID\nL,Ada,ada_l,0815\n", ["ada_l"]),
    ("Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\nA,1001,007,ann,1\n", ["1001"])])
def test_a_roster_has_the_ids_that_the_systems_archive_has(table, text, ids):
    assert [member.id for member in members(table(text))] == ids


def test_somebody_who_stands_there_in_two_dresses_is_refused(table):
    with pytest.raises(Problem, match="1041 stands there more than once"):
        members(table("id,x\n1041,\n1041.0,\n"))
    with pytest.raises(Problem, match="12 stands there more than once"):
        fill(table("id,grade\nParticipant 12,\n12,\n"), LESSON, {"12": 1.0})


@pytest.mark.parametrize("two", [("ada", "Ada"), ("fin", "ﬁn"), ("ann lee", "Ann  Lee")])
def test_two_who_are_too_much_alike_are_refused_in_a_roster(table, two):
    with pytest.raises(Problem, match="alike"):
        members(table(f"id,x\n{two[0]},\n{two[1]},\n"))


def test_a_name_that_would_compute_is_not_taken_over(table):
    [member] = members(table('id,first_name,last_name\nann,"=1+2",Lee\n'))
    assert member.details == {"last_name": "Lee"}


@pytest.mark.parametrize("data", [b"PK\x03\x04\x14\0[Content_Types].xml", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
                                  b"<html><table>"])
def test_a_workbook_is_said_to_be_one(table, data):
    with pytest.raises(Problem, match="save it as CSV"):
        table(data)


ONE_PERSON = {
    "moodle": ('Identifier,"Full name","Email address",Status,Grade\n"Participant 1041","Ann Lee",a@x.org,,\n',
               f"Ann Lee_1041_assignsubmission_file/{NB}", "1041"),
    "canvas": ('Student,ID,SIS User ID,SIS Login ID,Section\n"Lee, Ann",1001,007,ann,A\n', f"leeann_1001_501_{NB}", "1001"),
    "blackboard": ('"Last Name","First Name","Username","Student ID"\nLee,Ann,ann_l,0815\n',
                   f"gradebook_CS_{LESSON}_ann_l_attempt_2026-03-01-10-00-00_{NB}", "ann_l"),
}


@pytest.mark.parametrize("system", ONE_PERSON)
def test_roster_and_archive_of_one_system_give_one_person(table, system):
    text, name, student = ONE_PERSON[system]
    assert [member.id for member in members(table(text))] == [student]
    [attempt], words = attempts(packed({name: b"1"}), LESSON)
    assert (attempt.student, words) == (student, [])
    filled = table(text.replace("\n", f",{LESSON}\n", 1).replace("\n", ",\n").replace(f"{LESSON},", LESSON))
    assert fill(filled, LESSON, {student: 1.0}) == []


def test_who_is_not_in_the_gradebook_is_named(copied, monkeypatch, capsys):
    monkeypatch.chdir(copied.root)
    (copied.root / "roster.csv").write_text("id,first_name\nann@x.org,Ann\n")
    assert main(["roster", "roster.csv"]) == 0
    packed({f"Ann Lee_1041_assignsubmission_file/{NB}": b"1"}, copied.root / "all.zip").close()
    assert main(["unpack", LESSON, "all.zip"]) == 0
    assert "1041: not in the gradebook so far" in capsys.readouterr().out
    with class_gradebook(copied) as gradebook:
        assert [student.id for student in gradebook.students] == ["ann@x.org"]
