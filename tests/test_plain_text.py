"""A stranger's text reaches the terminal as text: it moves no cursor, begins no line, turns no reading direction."""
import sys
import unicodedata

import pytest

from embedding_course.course.plain_text import harmless


@pytest.mark.parametrize(("text", "shown"), [
    ("02-matmul.ipynb", "02-matmul.ipynb"), ("Zoë Öztürk 文 🎓", "Zoë Öztürk 文 🎓"), ("a\\b", "a\\b"),
    ("\x1b[2J\x1b]0;mine\x07", "\\x1b[2J\\x1b]0;mine\\x07"), ("ada\nbob 8 of 8", "ada\\nbob 8 of 8"),
    ("a\r\t\x00\x7f\x9b", "a\\r\\t\\x00\\x7f\\x9b"), ("a\u202egpj.exe", "a\\u202egpj.exe"),
    ("a\u200bb\ufeff\u2028", "a\\u200bb\\ufeff\\u2028"), ("a\xa0b", "a\\xa0b"), ("\ud800", "\\ud800"),
    ("\U000e0041", "\\U000e0041")])
def test_what_is_no_text_is_shown_by_its_number(text, shown):
    assert harmless(text) == shown


def test_no_character_at_all_gets_through_that_a_terminal_would_obey():
    obeyed = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    for number in range(sys.maxunicode + 1):
        assert not obeyed & set(map(unicodedata.category, harmless(chr(number)))), hex(number)


def test_a_long_text_is_cut():
    assert harmless("x" * 200) == "x" * 200
    assert harmless("x" * 10**6) == "x" * 199 + "…"
    assert len(harmless("\x1b" * 10**6, 50)) == 50
