"""Names that strangers chose: what may name a file, what may name a student, and which two are too much alike."""
import re
import unicodedata

FORBIDDEN = set('/\\:*?"<>|')   # separators and drives of any system, and what Windows can't write
FORBIDDEN_IN_IDS = FORBIDDEN | set(";`$%")   # a table and a shell cut here
DEVICES = re.compile(r"(con|prn|aux|nul|clock\$|conin\$|conout\$|(com|lpt)\d)", re.IGNORECASE)
FORMULA = re.compile(r"(^|[,\t])\s*[\"']?[=+\-@]")   # where a spreadsheet would begin to compute
# What Moodle calls a participant in its worksheet; anything else before a number is another id.
PARTICIPANT = ("Participante?|Teilnehmer(?:/in|in|:in)?|Partecipante|Deelnemer|Deltagare|Deltaker|Deltager|Osallistuja"
               "|Uczestnik|Účastník|Résztvevő|Dalyvis|Dalībnieks|Osaleja|Udeleženec|Sudionik|Učesnik|Katılımcı|Partaidea|Учасник"
               "|Участник|Συμμετέχων|משתתף|المشارك|参与者|參與者|参加者|참여자|참가자")
DRESSES = (re.compile(rf"(?:{PARTICIPANT})\s*([0-9]+)"), re.compile(r'="([^"]*)"'), re.compile(r"([0-9]+)\.0+"))
MOST_NAME, MOST_ID = 240, 100   # bytes of UTF-8
INVISIBLE = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(n) for n in range(0xfe00, 0xfe10)}


def why_no_file(part: str) -> str:
    """Why one part of a path can't be a plain file name on every system; "" if it can."""
    for text in (part, unicodedata.normalize("NFKC", part)):   # a fullwidth / is one to some programs
        if not text or set(text) == {"."}:
            return "a path that leads elsewhere"
        if set(text) & FORBIDDEN:
            return f"{min(set(text) & FORBIDDEN)} can't stand in a file's name"
        if text[-1] == "." or text != text.strip():
            return "a blank or a dot at its end or its beginning"
        if DEVICES.fullmatch(text.partition(".")[0].strip()):
            return "the name of a device"
    if any(unicodedata.category(letter)[0] == "C" or unicodedata.category(letter) in ("Zl", "Zp") for letter in part):
        return "characters that nobody sees"
    return "too long a name" if len(part.encode()) > MOST_NAME else ""


def why_no_id(text: str) -> str:
    """Why a text can't be a student's id, which names a folder, a gradebook's row and a table's field; "" if it can."""
    plain = unicodedata.normalize("NFKC", text)
    if why := why_no_file(text):
        return why
    if text[0] == "." or set(plain) & FORBIDDEN_IN_IDS:
        return f"{min(set(plain) & FORBIDDEN_IN_IDS) if text[0] != '.' else 'a dot at its beginning'} can't stand in an id"
    if FORMULA.search(plain):
        return "a spreadsheet would take it for a formula"
    if set(text) & INVISIBLE or not text.isprintable():
        return "characters that nobody sees"
    return "too long for an id" if len(text.encode()) > MOST_ID else ""


def as_id(text: str) -> str:
    """An id as text in one Unicode form, without the usual blanks around it; 007 and 7 are two people."""
    return unicodedata.normalize("NFC", text.strip(" \t\r\n"))


def from_field(text: str) -> str:
    """The id that a table's field holds: as it is, or as Moodle, a spreadsheet or pandas has dressed it.

    `Participant 1041` (in Moodle's languages), `="007"` and `1041.0` are 1041, 007 and 1041; `a1041` is somebody else.
    """
    plain = as_id(text)
    for dress in DRESSES:
        if found := dress.fullmatch(plain):
            return found[1]
    return plain


def alike(text: str) -> str:
    """What is the same for two ids that a person, or a file system, would take for one: "Ada", "ada" and "a\u200bda"."""
    plain = unicodedata.normalize("NFKC", text).lower()
    seen = (" " if letter.isspace() else letter for letter in plain
            if unicodedata.category(letter) not in ("Cc", "Cf") and letter not in INVISIBLE or letter.isspace())
    return " ".join(unicodedata.normalize("NFC", "".join(seen)).split())
