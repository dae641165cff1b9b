"""What a room adds up to, what it lets in, and what its report leaves out."""
import json
import re
import time

import pytest

from embedding_course.course.problem import Problem
from embedding_course.course.room import limits
from embedding_course.course.room.arriving import Unreadable, events, line
from embedding_course.course.room.command import OLD, replayed, room, tidy
from embedding_course.course.room.hall import Hall, Refused
from embedding_course.course.room.journal import Journal, read
from embedding_course.course.room.known import known
from embedding_course.course.room.report import people, stepped, write_report
from embedding_course.course.room.state import STUCK_SECONDS

CODE = "blue-otter"
FIRST = {"lesson": "02-matmul", "code": CODE, "board": "secret", "t": 1000.0}


@pytest.fixture(scope="module")
def lesson(project):
    return known(project, "02-matmul")


@pytest.fixture
def hall(lesson, tmp_path):
    return Hall(lesson, Journal(tmp_path / "02-matmul-day.jsonl", FIRST))


def enter(hall, address="10.0.0.1", **more) -> dict:
    return hall.join({"code": CODE, **more}, address)


def check(number, verdict="failed", slip="counts_from_one", exercise="pluck") -> dict:
    return {"kind": "check", "exercise": exercise, "verdict": verdict, "slip": slip, "n": number, "ago": 0}


def guess(number, kind, said, right=()) -> dict:
    return {"kind": kind, "guess": "megabytes", "said": {"megabytes": said}, "right": list(right), "n": number, "ago": 0}


def send(hall, token, *sent):
    hall.take({"events": list(sent)}, token)


def test_every_lesson_s_guesses_and_advice_are_known(project):
    for name in project.lesson_names():
        facts = known(project, name)
        assert facts.exercises and set(facts.advice) == set(facts.exercises), name
        assert all(facts.guesses.values()), name
    assert known(project, "02-matmul").guesses["nudge"] == ("ATL", "BOS", "JFK", "LAX", "SFO")


def test_a_slip_is_held_until_the_exercise_passes(hall):
    token = enter(hall)["token"]
    send(hall, token, check(1))
    board = hall.board()
    held = board["slips"][0]
    assert (held["exercise"], held["slip"], held["count"]) == ("pluck", "counts_from_one", 1)
    assert "counting starts at 0" in held["hint"] and "passes all but" in held["advice"]
    assert [each["trying"] for each in board["exercises"] if each["name"] == "pluck"] == [1]
    send(hall, token, check(2, "passed"))
    board = hall.board()
    assert board["slips"] == [] and [each["passed"] for each in board["exercises"] if each["name"] == "pluck"] == [1]


def test_the_most_frequent_misconception_stands_first(hall):
    for who, slip in enumerate(("counts_from_one", "unchecked", "unchecked")):
        send(hall, enter(hall, f"10.0.0.{who}")["token"], check(1, slip=slip, exercise="pluck" if who == 0 else "matmul"))
    assert [(each["slip"], each["count"]) for each in hall.board()["slips"]] == [("unchecked", 2), ("counts_from_one", 1)]


def test_stuck_is_three_failures_and_four_minutes(hall):
    token = enter(hall)["token"]
    send(hall, token, check(1), check(2), check(3))
    assert hall.room.board(time.time())["stuck"] == []
    assert [each["fails"] for each in hall.room.board(time.time() + STUCK_SECONDS + 1)["stuck"]] == [3]
    send(hall, token, check(4, "passed"))
    assert hall.room.board(time.time() + STUCK_SECONDS + 1)["stuck"] == []


def test_a_vote_counts_until_its_answer_is_shown_and_again_in_the_second_round(hall):
    tokens = [enter(hall, f"10.0.0.{i}")["token"] for i in range(2)]
    for token in tokens:
        send(hall, token, guess(1, "vote", "1"), guess(2, "vote", "2"))
    send(hall, tokens[0], guess(3, "seen", "2"), guess(4, "vote", "256"))
    bars = hall.room.poll("megabytes")["entries"][0]["bars"]
    assert bars == [{"said": "2", "right": False, "counts": [2, 0]}]
    hall.command({"do": "round", "guess": "megabytes", "round": 2})
    for token in tokens:
        send(hall, token, guess(5, "seen", "256.0", ["megabytes"]))
    poll = hall.room.poll("megabytes")
    assert poll["voted"] == [2, 2] and poll["knew"] == 1
    assert {(bar["said"], bar["right"], *bar["counts"]) for bar in poll["entries"][0]["bars"]} == {
        ("2", False, 2, 0), ("256.0", True, 0, 2)}


def test_nobody_alone_writes_words_on_the_projector(hall):
    send(hall, enter(hall)["token"], guess(1, "vote", "look at me"))
    assert hall.room.poll("megabytes")["entries"][0]["bars"] == [{"said": None, "right": False, "counts": [1, 0]}]
    send(hall, enter(hall)["token"], guess(1, "vote", "Look  at me."))
    assert hall.room.poll("megabytes")["entries"][0]["bars"][0]["counts"] == [2, 0]


def test_what_comes_twice_counts_once_and_a_restarted_kernel_is_the_same_person(hall):
    first = enter(hall)
    send(hall, first["token"], check(1), check(2))
    send(hall, first["token"], check(1), check(2))
    again = enter(hall, token=first["token"])
    assert (again["label"], again["count"], len(hall.room.learners)) == (first["label"], 2, 1)
    assert hall.room.learners[1].tries["pluck"].fails == 2


@pytest.mark.parametrize("content", [
    None, [], {}, {"events": {}}, {"events": [1]}, {"events": [check(1)] * 21}, {"events": [check(0)]},
    {"events": [check(True)]}, {"events": [check(1) | {"ago": -1}]}, {"events": [check(1) | {"ago": float("nan")}]},
    {"events": [check(1, "graded")]}, {"events": [check(1) | {"kind": "forget"}]},
    {"events": [check(1) | {"exercise": []}]},
    {"events": [guess(1, "vote", "x") | {"said": []}]}, {"events": [{"kind": "hand", "up": 1, "n": 1, "ago": 0}]}])
def test_what_the_package_does_not_send_is_refused(lesson, content):
    with pytest.raises(Unreadable):
        events(content, lesson)


def test_unknown_exercises_slips_and_entries_are_left_out_and_texts_bounded(lesson):
    assert events({"events": [check(1, exercise="no such"), guess(1, "vote", "1") | {"guess": "no such"}]}, lesson) == []
    assert events({"events": [check(1, slip="no such")]}, lesson)[0]["slip"] is None
    came = events({"events": [guess(1, "vote", "1") | {"said": {"megabytes": "x" * 999, "other": "y"}}]}, lesson)[0]
    assert came["said"] == {"megabytes": "x" * 80}
    assert line("a\u202eb\x00c\n d", 30) == "abc d"


def test_a_wrong_code_a_foreign_token_and_a_flood_are_refused(hall):
    for _ in range(int(limits.WRONG_CODES[0])):
        with pytest.raises(Refused, match="not this room's code"):
            hall.join({"code": "red-herring"}, "10.0.0.9")
    with pytest.raises(Refused, match="too many wrong codes"):
        hall.join({"code": "red-herring"}, "10.0.0.9")
    with pytest.raises(Refused) as refused:
        send(hall, "nobody", check(1))
    assert refused.value.status == 401
    token = enter(hall)["token"]
    with pytest.raises(Refused, match="slower"):
        for number in range(1, 1000):
            send(hall, token, check(number))
    send(hall, enter(hall, "10.0.0.2")["token"], check(1))   # others aren't held up


def test_a_class_behind_one_address_is_let_in_and_no_more(hall, lesson, tmp_path):
    for _ in range(limits.PER_ADDRESS):
        enter(hall)
    with pytest.raises(Refused):
        enter(hall)
    assert hall.board()["crowd"] == limits.PER_ADDRESS
    strict = Hall(lesson, Journal(tmp_path / "strict.jsonl", FIRST), per_address=3)
    for _ in range(3):
        token = enter(strict)["token"]
    strict.leave({"forget": True}, token)
    with pytest.raises(Refused, match="3 have joined from your address"):
        enter(strict)


def test_the_room_is_bounded(hall, monkeypatch):
    monkeypatch.setattr(limits, "MOST_LEARNERS", 2)
    enter(hall, "1"), enter(hall, "2")
    with pytest.raises(Refused, match="the room is full"):
        enter(hall, "3")
    monkeypatch.setattr(limits, "MOST_LEARNERS", 3)
    hall.journal.size = limits.MOST_JOURNAL
    with pytest.raises(Refused, match="can keep no more"):
        enter(hall, "3")
    assert len(hall.room.learners) == 2


def test_a_torn_journal_goes_on_with_what_is_whole(hall, lesson, tmp_path):
    token = enter(hall, name="Ada")["token"]
    send(hall, token, check(1))
    before, path = hall.room.board(5000.0), hall.journal.path
    with path.open("ab") as file:
        file.write(b'{"t": 1, "do": "che')
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(path.read_bytes())
    again = Hall(lesson, Journal(copy, FIRST))
    assert again.room.board(5000.0) == before
    send(again, token, check(2))
    assert len(read(copy)) == 4
    assert path.stat().st_mode & 0o077 == 0


def test_one_journal_has_one_board(hall):
    with pytest.raises(Problem, match="another `course room`"):
        Journal(hall.journal.path, FIRST)


def test_who_leaves_is_not_shown_and_who_wants_is_forgotten(hall):
    stays, goes = enter(hall, name="Ada")["token"], enter(hall, name="Bob")["token"]
    send(hall, stays, check(1))
    send(hall, goes, check(1))
    hall.leave({}, goes)
    assert hall.board()["here"] == 1 and "Bob" not in json.dumps(hall.board())
    hall.leave({"forget": True}, stays)
    assert "Ada" not in json.dumps(hall.board()) and len(hall.room.learners) == 1


def test_the_report_says_nothing_about_fewer_than_five(hall, tmp_path):
    for i in range(20):
        token = enter(hall, f"10.0.0.{i}", name=f"Name{i}")["token"]
        send(hall, token, check(1, slip="counts_from_one" if i < 6 else None), check(2, exercise="matmul", slip="no_sum")
             if i < 4 else check(2, "passed"), guess(3, "vote", "7" if i < 4 else "9"))
    hall.close()
    text = write_report(hall.room, 1000.0, tmp_path / "report.html").read_text(encoding="utf-8")
    body = text.split("</style>")[1]
    assert "counts from one" in body and "no sum" not in body and "20 joined" in body
    assert ">9<" in body and ">7<" not in body
    assert not re.search(r">(1|2|3|4|17|18|19|16)<", body)
    assert not any(learner.mark in body or learner.name in body for learner in hall.room.learners.values())


def test_numbers_that_give_away_a_few_are_not_said():
    assert [people(count, 20) for count in (0, 1, 4, 5, 15, 16, 20)] == [
        "0", "fewer than five", "fewer than five", "5", "15", "nearly all", "20"]
    assert stepped([0, 5, 6, 12], 30) == ["0", "5", "·", "12"]


def test_fewer_than_five_people_make_no_report(hall, tmp_path):
    for i in range(4):
        send(hall, enter(hall, f"10.0.0.{i}")["token"], check(1))
    text = write_report(hall.room, 1000.0, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "there is nothing to show" in text and "counts from one" not in text


def test_a_room_that_was_never_closed_loses_its_names_a_day_later(hall, project, tmp_path):
    import os
    enter(hall, name="Ada")
    path = hall.journal.path
    assert tidy(project, tmp_path) == [] and path.exists()
    os.utime(path, (time.time() - OLD - 1,) * 2)
    made, = tidy(project, tmp_path)
    assert not path.exists() and "Ada" not in made.read_text(encoding="utf-8")


def test_the_state_is_what_the_records_say_whatever_came_between(hall, lesson):
    token = enter(hall)["token"]
    send(hall, token, check(1), guess(2, "seen", "3"))
    records = [record for record, _ in read(hall.journal.path)][1:]
    assert replayed(lesson, records).board(9e9) == hall.room.board(9e9)


def test_a_code_that_is_no_code_is_one_line(project):
    with pytest.raises(Problem, match="two words"):
        room(project, "02-matmul", None, "127.0.0.1", "Blue Otter", 60)
