"""A stranger's text in a terminal: a file's name may hold escape sequences, line ends, and letters that reverse a line."""


def harmless(text: str, most: int = 200) -> str:
    """A text in one line, in which every character stands for itself alone.

    Control, format and direction characters, line ends, lone surrogates and all blanks but the usual one are shown as
    Python would write them (\\x1b, \\u202e); what is longer than `most` characters ends with "…".
    """
    shown = "".join(character if character.isprintable() else repr(character)[1:-1] for character in text[:most + 1])
    return shown if len(shown) <= most else shown[:most - 1] + "…"
