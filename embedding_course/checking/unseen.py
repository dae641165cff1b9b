"""What can't be seen in an answer's text, or is seen only by someone who knows where to look."""
import ast
import re
import unicodedata

MERGE = re.compile(r"^(<{7} |={7}$|>{7} )")
QUOTES = "‘’‚‛“”„‟′″«»`´"
MOST_READ = 100_000   # characters; Python's own reader takes 600 bytes of memory for each
LONG_ENOUGH = 12   # characters of a text that can't stand twice by chance


def unseen(source: str) -> list[str]:
    """What makes Python refuse a cell though it looks right, each in a sentence; [] if nothing is found."""
    if len(source) > MOST_READ:
        return []   # nobody typed that
    try:
        ast.parse(source)
        return []   # whatever stands there, Python reads it
    except (RecursionError, MemoryError):
        return []   # or IPython does: a sum of thousands of terms
    except (SyntaxError, ValueError):
        return [*_twice(source), *_merged(source), *_odd_characters(source)]


def _twice(source) -> list[str]:
    text = source.strip()
    for middle in {len(text) // 2, (len(text) + 1) // 2}:
        first, second = text[:middle].strip(), text[middle:].strip()
        if first == second and len(first) >= LONG_ENOUGH:
            return ["The text of this cell stands twice, one copy right behind the other: delete one of them."]
    return []


def _merged(source) -> list[str]:
    lines = [number for number, line in enumerate(source.splitlines(), 1) if MERGE.match(line)]
    if not lines:
        return []
    return [f"Line {lines[0]} is a mark that Git leaves where two versions meet (<<<<<<<, =======, >>>>>>>): "
            "keep one version, and delete the marks."]


def _odd_characters(source) -> list[str]:
    """The first character outside comments and strings that Python doesn't take for what it looks like."""
    for number, line in enumerate(source.splitlines(), 1):
        code = re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", line)
        for character in code:
            if character in QUOTES:
                return [f"Line {number} has a typographic quote, {character}: Python wants ' or \"."]
            if ord(character) > 127 and unicodedata.category(character) in ("Zs", "Cf", "Pd", "Sm"):
                name = unicodedata.name(character, "a character without a name").lower()
                return [f"Line {number} has a character that looks like another one ({name}): type it anew. It comes "
                        "with text copied from a web page or a document."]
    return []
