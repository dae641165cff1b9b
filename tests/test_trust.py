"""The guide's table of what points rest on is made from calls and rules, and knows them all."""
from embedding_course.checking.calls import CALLS
from embedding_course.course.trust import OBSERVED


def test_every_call_says_what_is_only_observed():
    assert OBSERVED.keys() == CALLS.keys()
