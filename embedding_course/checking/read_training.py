"""Reads what the calls of `calls_training.py` noted."""
from .arrays import array
from .digests import digest, seed_of


def step_in_place(notes: dict, arguments: dict, kept) -> dict:
    """The result, and for each tensor the numbers in its old memory and what became of it."""
    number, parts = 1001 + seed_of(digest(arguments)) % 997, {"result": notes["result"]}
    for name in arguments:
        if name in notes and name != "result":
            parts[name] = notes[name]
            memory = "the same memory" if (array(notes[f"{name} later"]) == number).all() else "new memory"
            put = notes[f"{name} grad"]
            filled = ", and .grad was filled" if put is not None and array(put).any() else ""
            parts[f"{name} afterwards"] = f"{memory}, {_kind(reach(notes[f'{name} reaches'], number))}{filled}"
    return parts


def _kind(reached) -> str:
    arrived, kept = reached
    return "requires_grad=False" if not arrived else f"requires_grad=True{'' if kept else ', no leaf any more'}"


def reach(data, number: int) -> tuple[bool, bool]:
    """Whether a gradient got to a tensor, and into its `grad`, from `observe.reached`."""
    found = {name: value == number for name, value in data["items"]}
    return found["slope"], found["kept"]


def training_step(notes: dict, arguments: dict, kept) -> dict:
    """The results and parameters as they are, and whether autograd follows the copies among them."""
    results = {name: data for name, data in notes.items() if name.startswith("result of step")}
    ends = {name: data for name, data in notes.items() if name not in results}
    return {**results, "copies": _follow(results.values()), **ends}


def _follow(results) -> str:
    """Whether a table among the results belongs to a graph of autograd; a copied parameter does not."""
    tables = [item for data in results for item in _items(data)[1:] if isinstance(item, dict)]
    return "followed by autograd" if any(table.get("trains") == "result" for table in tables) else "detached"


def _items(data) -> list:
    return data if isinstance(data, list) else data["items"] if isinstance(data, dict) and data["$"] == "tuple" else []
