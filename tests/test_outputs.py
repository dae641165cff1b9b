"""What strangers' notebooks show in graded notebooks and on pages: all that can be read, nothing that can act."""
import sys

import pytest

from embedding_course.course.grading.outputs import cleaned
from embedding_course.course.grading.pages import markdown2html

PNG = "iVBORw0KGgo="


def shown(data):
    return cleaned([{"output_type": "display_data", "data": data}])[0].data


@pytest.mark.parametrize("html", [
    "<script>alert(1)</script><b>x</b>", "<b onclick='alert(1)'>x</b>", "<iframe src='//a'></iframe><b>x</b>",
    "<img src=x onerror=alert(1)><b>x</b>", "<style>body{display:none}</style><b>x</b>",
    "<svg onload=alert(1)></svg><b>x</b>",
    "<a href='javascript:alert(1)'></a><b>x</b>", "<form action='//a'></form><b>x</b>", "<SCRIPT>alert(1)<b>x</b>"])
def test_html_of_a_stranger_keeps_its_text_and_loses_what_acts(html):
    left = shown({"text/html": html})["text/html"]
    words = ("alert", "script", "onclick", "iframe", "style", "svg", "href", "form")
    assert not any(word in left.lower() for word in words)
    assert left in ("<b>x</b>", "")


def test_tables_and_pictures_stay():
    sent = {"text/html": "<table><tbody><tr><td>1</td></tr></tbody></table>", "image/png": PNG}
    assert shown(sent) == sent


@pytest.mark.parametrize("data", [{"application/javascript": "alert(1)"}, {"image/svg+xml": "<svg/>"},
                                  {"image/png": "javascript:alert(1)"}, {"text/html": 7}, {"application/pdf": PNG}])
def test_kinds_that_a_page_could_run_are_left_out(data):
    assert cleaned([{"output_type": "display_data", "data": data}]) == []


@pytest.mark.parametrize("sent", [None, 7, "text", [None, 7, []], [{"output_type": "update"}], [{"output_type": "stream"}],
                                  [{"output_type": "error", "traceback": 7}], [{"output_type": "display_data", "data": 7}]])
def test_whatever_a_process_sends_gives_outputs_or_none(sent):
    assert all(output.output_type in ("stream", "error") for output in cleaned(sent))


def test_folders_of_the_graders_machine_are_not_shown():
    text = cleaned([{"output_type": "stream", "name": "stdout", "text": f"File {sys.prefix}/lib/x.py"}])[0].text
    assert sys.prefix not in text


@pytest.mark.parametrize(("source", "kept", "gone"), [
    ("<script>alert(1)</script> text", "text", "<script"),
    ("[x](javascript:alert(1)) text", "text", "javascript"),
    ("![x](http://elsewhere/x.png) text", "text", "elsewhere"),
    ("![x](attachment:lost.png) text", "text", "attachment:"),
    ("# Title\n\n- one\n- **two**", "<strong>two</strong>", "onerror"),
    ("$a < b$ and `code`", "$a &lt; b$", "<b$"),
])
def test_text_cells_of_strangers(source, kept, gone):
    html = markdown2html({"cell": {}}, source)
    assert kept in html
    assert gone not in html
