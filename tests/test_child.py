"""A child's time is the processor's: waiting for others costs nothing, and a loop that never ends is told as one."""
import pytest
from test_clerk import burn, wait

from embedding_course.course.child import in_child


def test_work_beyond_its_time_is_late():
    with pytest.raises(TimeoutError, match="within 1 seconds"):
        in_child(burn, 30, timeout=1)


def test_waiting_is_no_work():
    assert in_child(wait, 3, timeout=1) == "waited"
