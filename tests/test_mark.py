"""`course mark`: what a key writes, what is refused, who may ask, and what a browser shows."""
import asyncio
import json
import shutil
import threading
import urllib.error
import urllib.request

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browsing import browser, needs_chromium
from nbformat.v4 import new_code_cell, new_notebook, new_output
from small_class import LESSON, QUESTION, bare, grade, hand_in, names, standing
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from embedding_course.course.marking import shown
from embedding_course.course.marking.marks import Marks, Refused
from embedding_course.course.marking.questions import questions
from embedding_course.course.marking.server import MOST_BODY, application
from embedding_course.course.project import Project

HOSTILE = "A row. <script>alert(1)</script> <img src=x onerror=alert(1)> [link](javascript:alert(1)) ![](https://x.org/p.png)"
TOKEN = "a-token"


@pytest.fixture(scope="module")
def template(project, tmp_path_factory):
    """Four students: two whose answers wait, one who left it empty, one who was refused."""
    room = bare(project, tmp_path_factory.mktemp("mark") / "course")
    grade(room, "ada", "Only the rows that were looked up move.")
    grade(room, "ben", HOSTILE)
    grade(room, "cleo", None)
    grade(room, "kim", None, refused="the notebook is not JSON (line 1)")
    names(room, ada="Ada Lovelace")
    return room


@pytest.fixture
def room(template, tmp_path):
    """The class, for one test."""
    return Project(shutil.copytree(template.root, tmp_path / "course"))


@pytest.fixture
def marks(room, monkeypatch, asked):
    monkeypatch.setattr("embedding_course.course.marking.marks.questions", lambda *_: asked)
    found = Marks(room, LESSON)
    yield found
    found.close()


@pytest.fixture(scope="module")
def asked(template):
    """The lesson's questions, read once."""
    return questions(template, LESSON)


def answer(marks, who, anonymous=False):
    return next(one for one in marks.answers(QUESTION)["answers"] if who in one["who"])


def give(marks, who, **given):
    one = answer(marks, who)
    return marks.give(QUESTION, one["key"], one["mark"], given)


def test_points_and_comment_stand_in_the_gradebook_as_formgrader_writes_them(room, marks):
    assert standing(room, "ada") == (None, True, None)
    give(marks, "ada", points=1.5)
    give(marks, "ada", comment="And the others?")
    assert standing(room, "ada") == (1.5, False, "And the others?")
    give(marks, "ada", points=None)
    assert standing(room, "ada") == (None, True, "And the others?")
    assert standing(room, "ben") == (None, True, None)


def test_a_comment_alone_settles_nothing(room, marks):
    give(marks, "ada", comment="Hm.")
    assert standing(room, "ada") == (None, True, "Hm.")


def test_it_says_how_many_are_marked_and_who_is_not_here(marks):
    give(marks, "ada", points=0)
    [question] = marks.overview()
    assert (question["name"], question["marked"], question["of"]) == (QUESTION, 1, 2)
    found = marks.answers(QUESTION)
    assert found["empty"] == 1
    assert found["left_out"] == ["kim: the submission was refused (the notebook is not JSON (line 1))"]
    assert [one["who"] for one in found["answers"]] == ["Ada Lovelace (ada)", "ben"]


def test_beside_stand_question_solved_answer_marking_scheme_and_guide(marks):
    question = marks.asked[QUESTION]
    assert question.asked.startswith("## In your own words")
    assert "**Marking.** 1 point" in question.reference
    assert "Zeros in the one-hot row still pass something on" in question.guide


def test_an_answer_is_text(marks):
    html = answer(marks, "ben")["html"]
    assert "&lt;script&gt;" in html
    assert not [word for word in ("<script", "<img src=\"x", "onerror=\"", "javascript:alert", "x.org/p.png\"")
                if word in html.replace("&quot;", '"').replace("(javascript:alert(1))", "")]


def test_an_answer_in_code_shows_what_it_printed_and_drew_as_text_and_picture():
    html = "<b onclick=alert(1)>"
    drawn = new_output("display_data", {"image/png": "aGk=", "text/html": html})
    cell = new_code_cell("train(1)  # <b>", outputs=[new_output("stream", text=f"loss 0.5 {html}"), drawn])
    cell.metadata["nbgrader"] = {"grade_id": "first-life"}
    notebook = json.dumps(new_notebook(cells=[cell]))
    found = shown.answers(notebook, ["first-life"])["first-life"]["html"]
    assert "loss 0.5 &lt;b onclick" in found and "data:image/png;base64,aGk=" in found
    assert "<b" not in found


def test_another_answer_than_the_one_that_was_read_gets_no_points(room, marks):
    one = answer(marks, "ada")
    grade(room, "ada", "Something else.")
    with pytest.raises(Refused, match="another answer was handed in and graded since"):
        marks.give(QUESTION, one["key"], one["mark"], {"points": 2})
    assert standing(room, "ada") == (None, True, None)
    give(marks, "ada", points=1)
    assert standing(room, "ada")[0] == 1


def test_who_has_handed_in_again_is_graded_first(room, marks):
    one = answer(marks, "ada")
    hand_in(room, "ada", "A newer one.")
    with pytest.raises(Refused, match="handed in again since it was graded"):
        marks.give(QUESTION, one["key"], one["mark"], {"points": 2})
    assert standing(room, "ada") == (None, True, None)
    assert "Ada Lovelace (ada): handed in again since it was graded" in marks.answers(QUESTION)["left_out"]


def test_an_answer_that_changed_after_it_got_points_asks_to_be_looked_at_again(room, marks):
    give(marks, "ada", points=2)
    grade(room, "ada", "Less of it.")
    assert answer(marks, "ada")["changed"]
    give(marks, "ada", points=1)
    assert standing(room, "ada")[:2] == (1, False)
    marks.undo()
    assert answer(marks, "ada")["changed"]


def test_undo_goes_back_key_by_key_and_a_comment_is_one_step(room, marks):
    give(marks, "ada", points=2)
    for text in ("W", "We", "Well", "Well said."):
        give(marks, "ada", comment=text)
    give(marks, "ben", points=1)
    marks.undo()
    assert standing(room, "ben") == (None, True, None)
    marks.undo()
    assert standing(room, "ada") == (2, False, None)
    marks.undo()
    assert standing(room, "ada") == (None, True, None)
    with pytest.raises(Refused, match="nothing to take back"):
        marks.undo()


def test_undo_leaves_alone_what_somebody_else_has_changed_since(room, marks):
    give(marks, "ada", points=2)
    other = Marks(room, LESSON)
    give(other, "ada", points=1)
    other.close()
    with pytest.raises(Refused, match="changed elsewhere"):
        marks.undo()
    assert standing(room, "ada")[0] == 1


def test_what_can_be_no_mark_is_refused(room, marks):
    for given in ({"points": 3}, {"points": -1}, {"points": "2"}, {"points": True}, {"points": float("nan")},
                  {"comment": 7}, {"comment": "x" * 20_000}):
        with pytest.raises(Refused):
            give(marks, "ada", **given)
    assert standing(room, "ada") == (None, True, None)


def test_anonymous_says_nothing_of_who_wrote_what_in_an_order_that_stays(room, marks):
    for number in range(5):
        grade(room, f"s{number}", f"Answer {number}.")
    found = marks.answers(QUESTION, anonymous=True)
    text = json.dumps(found)
    assert not [word for word in ("ada", "Ada", "ben", "kim", '"s1') if word in text]
    assert found["answers"] == marks.answers(QUESTION, anonymous=True)["answers"]
    order = [one["html"] for one in found["answers"] if "Answer" in one["html"]]
    assert order != sorted(order)


@pytest.fixture
def serve(marks):
    """A function that serves the page, and gives its address."""
    loops = []

    def start(anonymous=False):
        address, ready = [], threading.Event()

        async def run():
            server = HTTPServer(application(marks_of(), TOKEN, anonymous), max_body_size=MOST_BODY)
            sockets = bind_sockets(0, "127.0.0.1")
            server.add_sockets(sockets)
            address.append(f"http://127.0.0.1:{sockets[0].getsockname()[1]}/")
            ended = asyncio.Event()
            loops.append((asyncio.get_running_loop(), ended))
            ready.set()
            await ended.wait()
            server.stop()

        def marks_of():   # a gradebook belongs to the thread that opened it
            return Marks(marks.project, LESSON)

        thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
        thread.start()
        assert ready.wait(60)
        loops[-1] = (*loops[-1], thread)
        return address[0]
    yield start
    for loop, ended, thread in loops:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)


def ask(address, method="GET", body=None, token=TOKEN, **headers):
    """(status, text, headers)."""
    headers = {"Authorization": f"token {token}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    request = urllib.request.Request(address, body, headers, method=method)
    try:
        with urllib.request.urlopen(request) as reply:
            return reply.status, reply.read().decode(), reply.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


def test_only_who_has_the_token_and_asks_by_this_machines_name_is_answered(serve, room):
    address = serve()
    status, text, headers = ask(f"{address}?token={TOKEN}", token="")
    assert status == 200 and "script-src 'self'" in headers["Content-Security-Policy"]
    assert "ada" not in text
    status, text, _ = ask(address, token="")
    assert (status, text) == (403, "Take the whole address that `course mark` has printed - its token is missing")
    assert ask(f"{address}api/lesson")[0] == 200
    assert ask(f"{address}api/lesson", Host="evil.example:80")[0] == 403
    key = json.loads(ask(f"{address}api/answers/{QUESTION}")[1])["answers"][0]["key"]
    for path, method in (("api/lesson", "GET"), (f"api/answers/{QUESTION}", "GET"), ("api/undo", "POST"),
                         (f"api/answers/{QUESTION}/{key}", "PUT")):
        body = None if method == "GET" else b'{"points": 2}'
        assert ask(f"{address}{path}?token={TOKEN}", method, body, token="no")[0] == 403
    assert standing(room, "ada") == (None, True, None)


def test_a_body_that_is_none_is_refused_in_a_line(serve, room):
    address = serve()
    one = json.loads(ask(f"{address}api/answers/{QUESTION}")[1])["answers"][0]
    right = json.dumps({"points": 1, "mark": one["mark"]}).encode()
    for body, status in ((b"[1]", 400), (b"{", 400), (b"[" * 20_000, 400), (b'{"other": 1}', 400), (b'{"points": 1}', 409),
                         (b'{"points": 9, "mark": "x"}', 409), (b'{"points": 1, "mark": "x"}', 409), (right, 200)):
        got, said, _ = ask(f"{address}api/answers/{QUESTION}/{one['key']}", "PUT", body)
        assert (got, len(said.splitlines())) == (status, 1), body


def test_a_page_that_began_anonymous_stays_so(serve):
    address = serve(anonymous=True)
    assert "Lovelace" not in ask(f"{address}api/answers/{QUESTION}?anonymous=0")[1]


@needs_chromium
def test_one_key_an_answer_in_a_browser(serve, room):
    address = serve()
    with browser() as page:
        page.goto(f"{address}?token={TOKEN}")
        page.locator("#count", has_text="0 of 2").wait_for()
        page.keyboard.press("2")
        page.keyboard.press("1")
        page.locator("#count", has_text="2 of 2").wait_for()
        page.locator("#said", has_text="All marked").wait_for()
        assert [standing(room, student)[:2] for student in ("ada", "ben")] == [(2, False), (1, False)]
        page.keyboard.press("c")
        page.keyboard.type("2 things: one row, one price.")   # digits and u are letters here
        page.locator("#said", has_text="Saved: comment").wait_for()
        page.keyboard.press("Escape")
        page.keyboard.press("k")
        page.keyboard.press("s")
        page.keyboard.press("1")
        page.locator("#said", has_text="Saved: comment on Ada").wait_for()
        assert [standing(room, student)[2] for student in ("ada", "ben")] == ["2 things: one row, one price."] * 2
        page.keyboard.press("u")
        page.locator("#said", has_text="Taken back: Ada").wait_for()
        assert standing(room, "ada") == (2, False, None)
        for width, scheme in ((1280, "light"), (375, "dark")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert violations(page) == []
        page.keyboard.press("a")
        page.locator(".who", has_text="Answer 1").first.wait_for()
        assert "Lovelace" not in page.content()
        assert page.elsewhere == [] and page.errors == []


def violations(page):
    page.evaluate(AXE_SCRIPT)   # the page's own policy lets no script in but its own
    found = page.evaluate("axe.run()")["violations"]
    return [(fault["id"], fault["nodes"][0]["html"]) for fault in found if fault["impact"] in ("serious", "critical")]
