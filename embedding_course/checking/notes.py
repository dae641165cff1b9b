"""What a call takes notes in while an answer runs: parts by name, beside what the case gives to go by."""
from .digests import digest, seed_of
from .exercise import Parts
from .wire import decode, encode


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
