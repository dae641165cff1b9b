"""A room's two words, and the animals that learners are called."""
import secrets

FIRST = (
    "amber", "blue", "bold", "brisk", "bronze", "calm", "clear", "copper", "coral", "crisp", "dusky", "early",
    "eager", "fair", "fast", "fine", "fresh", "gentle", "golden", "grand", "green", "happy", "hazel", "indigo",
    "ivory", "jade", "keen", "kind", "late", "light", "lilac", "little", "lively", "lucky", "mellow", "merry", "mild",
    "misty", "neat", "noble", "olive", "pale", "pink", "plain", "plum", "proud", "quick", "quiet", "rapid", "rosy",
    "royal", "ruby", "rusty", "sandy", "scarlet", "sharp", "silent", "silver", "smooth", "snowy", "soft", "solid",
    "spry", "steady", "still", "sunny", "swift", "tall", "teal", "tidy", "tiny", "true", "violet", "vivid", "warm",
    "white", "wild", "wise", "young")
ANIMALS = (
    "otter", "heron", "badger", "lynx", "raven", "marten", "osprey", "beaver", "puffin", "gecko", "walrus", "ibis",
    "jackal", "kestrel", "lemur", "magpie", "newt", "ocelot", "panda", "quail", "robin", "seal", "tapir", "urchin",
    "viper", "weasel", "yak", "zebra", "alpaca", "bison", "crane", "dingo", "egret", "falcon", "gopher", "hare",
    "iguana", "jaguar", "koala", "llama", "moose", "narwhal", "oriole", "penguin", "rabbit", "stork", "toucan",
    "vole", "wombat", "finch", "adder", "camel", "dolphin", "ferret", "gibbon", "hornet", "impala", "lobster",
    "mantis", "okapi", "pelican", "salmon", "turtle", "wolf")


def new_code() -> str:
    """A room's code, `blue-otter`: one of some five thousand, so guesses have to be counted (`limits.py`)."""
    return f"{secrets.choice(FIRST)}-{secrets.choice(ANIMALS)}"


def mark(taken: set[str]) -> str:
    """An animal that nobody in the room is yet, drawn by lot, so that it doesn't say who came first."""
    lap = 1
    while True:
        free = [name for animal in ANIMALS if (name := animal if lap == 1 else f"{animal} {lap}") not in taken]
        if free:
            return secrets.choice(free)
        lap += 1
