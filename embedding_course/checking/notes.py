"""What a call takes notes in while an answer runs: parts by name, beside what the case gives to go by."""
from .digests import digest, seed_of
from .exercise import Parts
from .wire import decode, encode


def observed(seen: dict[str, str | None]):
    """Decorator of a call: what only the answer's process can see, for the guide on grading (`course/trust.py`).

    seen : in a teacher's words, with the part of the result that tells it, or None where every case does; empty where the
           numbers that are sent tell all
    """
    def declared(call):
        call.observed = seen
        return call
    return declared


class Notes(Parts):
    """Raw findings by name; they leave as plain data and are read by whoever judges (`reading.py`).

    encoded : the case's arguments
    salt, seed : digest of them, and the number that random generators were set to
    """

    def __init__(self, encoded: dict):
        super().__init__()
        self.encoded, self.salt = encoded, digest(encoded)
        self.seed = seed_of(self.salt)

    @property
    def number(self) -> int:
        """A number that depends on the case and stands in no table: written over memory to see where it shows."""
        return 1001 + self.seed % 997

    def fresh(self) -> dict:
        """The arguments again, in memory of their own."""
        return {name: decode(data) for name, data in self.encoded.items()}

    def digest(self, value) -> str:
        """Stands for a value in this case."""
        return digest(encode(value), self.salt)
