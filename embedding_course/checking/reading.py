"""Makes of what left an answer's process what is compared and said. Pure: it runs where answers are judged, without torch.

In the process itself nothing is decided, since a notebook could decide otherwise there.
"""
from . import read_module, read_reuse, read_tabular, read_training
from .digests import digest, seed_of, slope, untouched
from .forms import own_form
from .sound import sound


def _result(notes, arguments, kept):
    return notes["result"]


def _parts(notes, arguments, kept):
    return notes


READERS = {"function": _result, "in_place": _result, "new_layer": _result, "with_gradients": _parts,
           "module": read_module.module, "step_in_place": read_training.step_in_place,
           "training_step": read_training.training_step, "copied_and_drawn": read_reuse.copied_and_drawn,
           "held_step": read_reuse.held_step, "tabular_model": read_tabular.tabular_model,
           "question_model": read_tabular.question_model}
FROM_NOTES_ALONE = ("held_step",)   # an exception counts here only if the notes say that nothing had moved by then


def read(call: str, outcome: dict, arguments: dict, kept=None, quiet: bool = False, form=None) -> dict:
    """An outcome as the judge compares it.

    call : a name in `calls.CALLS`
    outcome : what `outcome.outcome` returned, or anything else that a stranger's process sent
    arguments, kept : of the case, see `expectations`; quiet, form : of the rules
    returns : {"value": …} or {"error": {type, bases, message, line, source}}, and what was noticed beside it:
              "changed" (arguments), "shares" (arguments whose memory the result shares), "ways", "random" (whether global
              generators moved), "autograd" (whether it was left switched off), "form" (what an author's own form makes of
              the value)
    raises : ValueError, TypeError, KeyError or the like for what is no outcome
    """
    sound(outcome)
    salt, notes, did = digest(arguments), dict(outcome["notes"]["items"]), {}
    value = None
    if "error" not in outcome or call in FROM_NOTES_ALONE:
        value = READERS[call](notes, arguments, kept)
    if value is None and "error" in outcome:
        did["error"] = outcome["error"]
    else:
        did["value"] = {"$": "parts", "items": [list(pair) for pair in value.items()]} if _is_named(value) else value
        made = own_form(form, did["value"], arguments)
        did |= {} if made is None else {"form": made}
    after, known = outcome["after"], {name for name, data in arguments.items() if not _used_up(data)}
    did["changed"] = [name for name in arguments if name in known and after[name] != digest(arguments[name], salt)]
    did["shares"] = _shares(outcome["again"], notes, salt) if "again" in outcome else []
    did["ways"] = outcome["ways"]
    did["random"] = quiet and outcome["random"] != untouched(seed_of(salt))
    did["autograd"] = outcome["slope"] != slope(seed_of(salt))
    return did


def _is_named(value) -> bool:
    return isinstance(value, dict) and "$" not in value


def _used_up(data) -> bool:
    """Whether an argument is an iterator, which is used up by design."""
    return isinstance(data, dict) and data.get("$") == "once"


def _shares(again, notes, salt) -> list[str]:
    """The arguments that took the result along when they were overwritten, one after the other."""
    names, before = [], digest(notes["result"], salt)
    for name, now in again.items():
        if now != before:
            names.append(name)
        before = now
    return names
