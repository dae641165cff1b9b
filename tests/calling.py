"""Runs an answer through a named call and reads its notes, as the judge would."""
from embedding_course.checking.calls import KEPT
from embedding_course.checking.outcome import outcome
from embedding_course.checking.reading import read
from embedding_course.checking.wire import decode, encode


def read_out(call: str, answer, arguments: dict) -> dict:
    """What the judge compares of one call."""
    encoded = {name: encode(value) for name, value in arguments.items()}
    kept = encode(KEPT[call](arguments)) if call in KEPT else None
    return read(call, outcome(call, answer, encoded), encoded, kept)


def called(call: str, answer, arguments: dict):
    """The value that is compared, decoded: a dict where it has named parts."""
    did = read_out(call, answer, arguments)
    assert "error" not in did, did["error"]
    return decode(did["value"])


def refused(call: str, answer, arguments: dict) -> dict:
    """The exception that counts."""
    return read_out(call, answer, arguments)["error"]
