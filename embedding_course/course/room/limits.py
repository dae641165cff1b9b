"""How much one learner, one address and the whole room may ask for."""
import time
from dataclasses import dataclass, field

MOST_LEARNERS = 200          # in a room
PER_ADDRESS = 60             # learners at one address: a class behind one NAT, or on one JupyterHub, is let in
MOST_ADDRESSES = 2000        # that are remembered
MOST_CONNECTIONS, CONNECTIONS_PER_ADDRESS = 400, 150   # open at once
MOST_BOARDS = 10
MOST_BODY = 16 * 1024        # bytes of a request
MOST_JOURNAL = 64 * 2**20    # bytes: an hour of forty learners is about two million
WRONG_CODES = (20, 1 / 3)    # at one address: so many at once, then one each three seconds
JOINS = (60, 2.0)            # at one address
EVENTS = (100, 5.0)          # of one learner: "Run All" at once, then five a second
REQUESTS = (30, 4.0)         # of one learner


@dataclass
class Bucket:
    """Holds so many at most, and fills at a steady rate."""
    most: float
    rate: float
    left: float = field(default=-1.0)
    at: float = field(default_factory=time.monotonic)

    def __post_init__(self):
        self.left = self.most

    def take(self, count: float = 1) -> bool:
        """Takes out some; False, and nothing is taken, where there isn't enough."""
        now = time.monotonic()
        self.left, self.at = min(self.most, self.left + (now - self.at) * self.rate), now
        if self.left < count:
            return False
        self.left -= count
        return True


class Buckets:
    """A bucket for each address or learner; the longest unused are forgotten."""

    def __init__(self, most: float, rate: float):
        self.size, self.buckets = (most, rate), {}

    def take(self, key, count: float = 1) -> bool:
        """Takes from the bucket of one of them."""
        bucket = self.buckets.pop(key, None) or Bucket(*self.size)
        self.buckets[key] = bucket   # at the end: the first is the longest unused
        if len(self.buckets) > MOST_ADDRESSES:
            del self.buckets[next(iter(self.buckets))]
        return bucket.take(count)
