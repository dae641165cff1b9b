"""Wrong answers whose notebooks patch what observes them."""
from submissions import WRONG, attempt

CHECKING = "embedding_course.checking"


def patches(name, tries, source):
    """Registers a notebook of wrong answers that runs `source` first."""
    def make(work):
        work.first(source)
    make.__name__, make.__doc__ = name, tries
    attempt(0, WRONG)(make)


patches("a_patched_call", "CALLS hold functions that note what a right answer would.",
        f"from {CHECKING} import calls, outcome\ndef noting(answer, arguments, seen):\n    seen['result'] = "
        "next(iter(arguments.values()))\nfor name in calls.CALLS: calls.CALLS[name] = noting\noutcome.CALLS = calls.CALLS")
patches("a_patched_encoder", "encode gives the arguments back.",
        f"from {CHECKING} import notes, outcome, wire\noutcome.encode = notes.encode = wire.encode = lambda v, d=0: 0")
patches("patched_digests", "Every digest is the same.",
        f"from {CHECKING} import digests, notes\nnotes.digest = digests.digest = lambda *a: 'same'")
patches("patched_random_state", "The random state never moves.",
        "import numpy as np, torch\nnp.random.get_state = lambda *a: (0,)\ntorch.get_rng_state = lambda: 0\n"
        f"from {CHECKING} import observe\nobserve.next_numbers = lambda: [1, 2, 3]")
patches("a_patched_copy", "Copies are windows.",
        "import copy, torch\ncopy.deepcopy = lambda x, *a: x\ntorch.Tensor.clone = torch.Tensor.detach = lambda s, *a: s")
patches("a_patched_json", "What is sent is something else.",
        "import json\njson.dumps = lambda *a, **k: '{\"outcomes\": []}'\njson.JSONEncoder.encode = lambda s, o: '{}'")
patches("patched_memory", "No tensor shares memory.",
        "import torch\ntorch.Tensor.data_ptr = torch.Tensor.untyped_storage = lambda s: 0\ntorch.Tensor.copy_ = lambda s, o: s")
