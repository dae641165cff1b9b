"""A table of a learning management system, as text: what is not filled in goes back byte for byte as it came.

Python's csv module forgets which fields were quoted; a system that wrote a table reads its own dialect best.
"""
import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from ..problem import Problem

MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
SEPARATORS = "\t;,"
LEAD = re.compile(r'"?sep=([^\r\n])"?\r?\n', re.IGNORECASE)   # Excel's own line, before the header
POINTS = re.compile(r"grade|score|point|best|max|total|sum|bewertung|wertung|note|punkt|nota|calific|betyg|cijfer",
                    re.IGNORECASE)


@dataclass
class Table:
    """Records of raw fields (quotes included) and the dialect that they came in.

    ends : what ended each record: "\\r\\n", "\\n", "\\r", or "" at the end of the file
    lead : a line before the header that tells Excel the separator
    """
    path: Path
    mark: bytes
    encoding: str
    separator: str
    records: list[list[str]]
    ends: list[str]
    lead: str = ""

    @property
    def header(self) -> list[str]:
        return [plain(field) for field in self.records[0]]

    def column(self, position: int) -> list[str]:
        """A column's values below the header; "" where a record is shorter."""
        return [plain(record[position]) if position < len(record) else "" for record in self.records[1:]]

    def has_decimal_comma(self, position: int) -> bool:
        """Whether numbers in a column have a decimal comma: by its own, by other columns of points, by the separator.

        "1,234" is no decimal, and what a column of groups or sections says is no number.
        """
        points = [column for column, name in enumerate(self.header) if POINTS.search(name)]
        for columns in ([position], points):
            values = [value for column in columns for value in self.column(column)]
            comma, point = (any(re.fullmatch(form, value) for value in values) for form in
                            (r"-?\d+,(\d{1,2}|\d{4,})", r"-?(\d+|\d{1,3}(,\d{3})+)\.\d+"))
            if comma != point:
                return comma
        return self.separator == ";"

    def put(self, row: int, position: int, number: float, comma: bool):
        """A number into a field; `row` counts from 0 below the header. Quoted as what stood there was."""
        record = self.records[row + 1]
        record += [""] * (position + 1 - len(record))
        text = f"{number:g}".replace(".", "," if comma else ".")
        quoted = record[position].startswith('"') or self.separator in text
        record[position] = f'"{text}"' if quoted else text

    def write(self, path: Path):
        """The table in the dialect that it came in."""
        text = "".join(self.separator.join(record) + end for record, end in zip(self.records, self.ends, strict=True))
        path.write_bytes(self.mark + (self.lead + text).encode(self.encoding, errors="replace"))


def read_table(path: Path) -> Table:
    """Reads comma, semicolon or tab separated values, with or without a byte order mark.

    raises : Problem, naming the file, where there is no table in it
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Problem(f"{path}: can't be read ({error.strerror})", status=2) from error
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<")):
        raise Problem(f"{path}: a workbook (.xlsx, .xls, .ods) or a page, no table of separated values; open it in a "
                      "spreadsheet and save it as CSV UTF-8", status=2)
    mark = next((mark for mark in MARKS if raw.startswith(mark)), b"")
    text, encoding = _decoded(raw[len(mark):], MARKS.get(mark))
    said = LEAD.match(text)
    lead, text = text[:said.end() if said else 0], text[said.end() if said else 0:]
    first = re.sub(r'"[^"]*"', "", text.partition("\n")[0])
    separator = said[1] if said else max(SEPARATORS, key=first.count)
    records, ends = _split(text, separator)
    if len(records) < 2 or len(records[0]) < 2:
        raise Problem(f"{path}: not a table: a header and at least one record of several columns are needed", status=2)
    return Table(path, mark, encoding, separator, records, ends, lead)


def plain(field: str) -> str:
    """A field's value without its quotes."""
    field = field.strip(" \t\r\n")
    return field[1:-1].replace('""', '"') if len(field) > 1 and field[0] == field[-1] == '"' else field


def _decoded(raw: bytes, encoding: str | None) -> tuple[str, str]:
    for name in [encoding] if encoding else ["utf-8", "cp1252", "latin-1"]:
        try:
            return raw.decode(name), name
        except UnicodeDecodeError:
            continue
    return raw.decode(encoding, errors="replace"), encoding


def _split(text: str, separator: str) -> tuple[list[list[str]], list[str]]:
    """Raw fields by record; separators and line ends within quotes belong to a field."""
    records, ends, fields, start, quoted = [], [], [], 0, False
    for position, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif quoted or position < start:
            continue
        elif character == separator:
            fields.append(text[start:position])
            start = position + 1
        elif character in "\r\n":
            end = "\r\n" if text.startswith("\r\n", position) else character
            records.append([*fields, text[start:position]])
            ends.append(end)
            fields, start = [], position + len(end)
    if fields or start < len(text):
        records.append([*fields, text[start:]])
        ends.append("")
    return records, ends
