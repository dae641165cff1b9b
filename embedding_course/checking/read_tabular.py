"""Reads what the calls of `calls_tabular.py` noted."""
from .digests import digest, seed_of
from .read_module import same
from .read_training import reach


def tabular_model(notes: dict, arguments: dict, kept) -> dict:
    """Embeddings and layers in words; output and gradients, or what is odd about the output."""
    parts = {"embeddings": _embeddings(notes["embeddings"])}
    if "layers" in notes:
        parts["layers"] = _layers(notes["layers"], notes["further"])
    if "again" in notes and not same(notes["output"], notes["again"]):
        return parts | {"output": "another one in each call"}
    return parts | {name: data for name, data in notes.items() if name == "output" or name.startswith("gradient of ")}


def _embeddings(found) -> str:
    """The shapes of the tables in `embeddings`, or what is in their way."""
    if found is None:
        return "none: this is no nn.Module"
    if isinstance(found, str):
        return "not there" if found == "nothing" else f"of type {found}, not an nn.ModuleList"
    said = [[str(tuple(sizes)) + ("" if trains else " frozen") for sizes, trains in table] for table in found]
    return ", ".join(words[0] if len(words) == 1 else f"{len(words)} parameters in one" for words in said)


def _layers(linears, further) -> str:
    """The linear layers as "inputs → outputs", and every further parameter of the model, by its name."""
    said = [f"{inputs} → {outputs}" + ("" if bias else " without a bias") for inputs, outputs, bias in linears]
    return ", ".join([*said, *map(str, further)])


def question_model(notes: dict, arguments: dict, kept) -> dict:
    """The result and the model afterwards; the mode alone where the model was asked in training mode, and the result alone
    where further calls with the same arguments give others."""
    if any(notes["asked"]):
        return {"mode": "training mode, while the model is asked"}
    if len({_number(result) for result in [notes["result"], *notes["again"]]}) > 1:
        return {"result": "another one in each call"}
    arrived, _ = reach(notes["reach"], 1001 + seed_of(digest(arguments)) % 997)
    trains = ("trainable" if arrived else "frozen") + ("" if notes["gradient"] is None else ", with a gradient")
    return {"result": notes["result"], "modules in training mode afterwards": ", ".join(notes["afterwards"]) or "none",
            "weights afterwards": notes["weights"], "model afterwards": trains}


def _number(result) -> str:
    """A result as text, to be compared with another; nothing for what is no number."""
    return repr(result) if isinstance(result, float) else result["text"] if _is_float(result) else ""


def _is_float(result) -> bool:
    return isinstance(result, dict) and result["$"] == "float"
