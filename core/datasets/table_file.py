"""A table in a text file: a header line and one row per line, with one separator between the fields.

The format is that of RFC 4180 as spreadsheets of all locales write it: the separator is that of the header
and of as many rows as possible, the text is UTF-8 or begins with a byte order mark, and a field that holds
separators, line ends or quotation marks is in quotation marks.
"""

import codecs
import hashlib
import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from core.errors import InputError, SaliscopeError, Unreadable, nearest_hint

# In the order in which they are preferred where several fit equally.
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
SHOWN_PROBLEMS = 5
# The longer ones first: the mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The separator is found from the first characters and rows.
_EXAMINED_CHARACTERS, _COMPARED_ROWS = 2**20, 20
_SAVE_AS = "Save it as CSV in UTF-8."
_NAME_A_TABLE = "Name a CSV file with a header line and one row per image."
_TABLE_HINT = "Correct the file; put a field that holds the separator in quotation marks."
_LINE_END = re.compile(r"\r\n|\r|\n")
# Invisible characters that `str.strip` does not remove.
_INVISIBLE = "\ufeff\u200b\u200e\u200f"


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table as read: the names of its columns, and its rows by them; names and fields without outer spaces.

    lines: where each row begins in the file, counted from 1. sha256: of the file's bytes.
    """

    name: str
    sha256: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    lines: tuple[int, ...]


def read_table(path: Path) -> TableFile:
    """The table in a file; blank rows, and rows of separators alone, are skipped.

    Raises Unreadable for a file that is not text in UTF-8 or UTF-16, InputError for a table without rows, a
    quotation mark that is not closed, rows with another number of fields than the header (except for empty
    ones at the end), and repeated names of columns.
    """
    content = _content(path)
    text = _text(path.name, content)
    separator, start = _separator(text)
    records = [(line, fields) for line, fields in _records(path.name, text, separator, start) if any(fields)]
    if not records:
        raise InputError(f"{path.name} holds no text.", _NAME_A_TABLE)
    (_, header), *body = records
    columns = tuple(name for name in header if name)
    repeated = [name for name, count in Counter(columns).items() if count > 1]
    if repeated:
        raise InputError(f"{path.name} has several columns {repeated[0]}.", "Give each column its own name.")
    if not body:
        raise InputError(f"{path.name} has no rows.", _NAME_A_TABLE)
    _require_field_counts(path.name, header, body, SEPARATORS[separator])
    rows = tuple(
        {name: field for name, field in zip(header, fields, strict=False) if name} for _, fields in body
    )
    sha256 = hashlib.sha256(content).hexdigest()
    return TableFile(path.name, sha256, columns, rows, tuple(line for line, _ in body))


def require_columns(table: TableFile, names: Iterable[str], error: type[SaliscopeError] = InputError) -> None:
    """Raises `error`, by default InputError, with the names that are no columns of the table."""
    missing = [name for name in dict.fromkeys(names) if name not in table.columns]
    if not missing:
        return
    noun = "column" if len(missing) == 1 else "columns"
    hint = nearest_hint(missing[0], table.columns) if len(missing) == 1 else "Name them in a header line."
    raise error(f"{table.name} lacks the {noun} {', '.join(missing)}.", hint)


def has_values(row: Mapping[str, str], keep: Mapping[str, Collection[str]]) -> bool:
    """Whether the row has, in each column of `keep`, one of its values."""
    return all(row.get(name, "") in values for name, values in keep.items())


def file_beside(folder: Path, name: str) -> Path:
    """The file that a table in `folder` calls `name`, whichever system's separators the name has."""
    literal = folder / name
    if "\\" not in name or os.path.exists(literal):
        return literal
    return folder / name.replace("\\", "/")


def bare_name(name: str) -> str:
    """The name of a file without the folders before it, whichever system's separators they have.

    Results show no more than this: a folder may be named after a patient.
    """
    return PureWindowsPath(name).name


def _content(path: Path) -> bytes:
    try:
        # Reading from a pipe or a device might never end.
        if path.exists() and not path.is_file():
            raise Unreadable("The table that was named is a folder or a device, not a file.", _NAME_A_TABLE)
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read: {error.strerror}.", _NAME_A_TABLE) from None


def _text(name: str, content: bytes) -> str:
    """The bytes as text. Raises Unreadable, InputError where there is none."""
    if not content.strip():
        raise InputError(f"{name} is empty.", _NAME_A_TABLE)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(f"{name} is a spreadsheet workbook, not text.", _SAVE_AS)
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = len(_LINE_END.findall(content[: error.start].decode("latin-1"))) + 1
        where = f" (line {line})" if encoding.startswith("utf-8") else ""
        raise Unreadable(f"{name} is not text in UTF-8{where}.", _SAVE_AS) from None
    if "\0" in text:
        line = len(_LINE_END.findall(text, 0, text.index("\0"))) + 1
        raise Unreadable(f"{name} is not text in UTF-8: line {line} holds a zero byte.", _SAVE_AS)
    return text


def _separator(text: str) -> tuple[str, int]:
    """The separator, and where the table begins: spreadsheets may write a line such as sep=; before it."""
    start = len(text) - len(text.lstrip())
    declared = re.compile(r'("?)sep=([,;\t|])\1[ ]*(\r\n|\r|\n)', re.IGNORECASE).match(text, start)
    if declared:
        return declared[2], declared.end()
    # Inside quotation marks it separates nothing.
    lines = _LINE_END.split(re.sub(r'"[^"]*"', "", text[start : start + _EXAMINED_CHARACTERS]))
    header, *rows = [line for line in lines if line.strip()][: 1 + _COMPARED_ROWS] or [""]
    candidates = [separator for separator in SEPARATORS if separator in header] or list(SEPARATORS)

    def likeness(separator: str) -> tuple[int, int]:
        """How many rows have as many as the header, then how many the header has."""
        in_header = header.count(separator)
        return sum(row.count(separator) >= in_header for row in rows), in_header

    return max(candidates, key=likeness), 0


def _records(name: str, text: str, separator: str, start: int) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins. Raises InputError for an open quotation mark."""
    # Spaces around a quoted field do not belong to it; a tab does only where it separates nothing.
    space = r"[ \u00a0\ufeff]*" if separator == "\t" else r"[ \t\u00a0\ufeff]*"
    mark = re.escape(separator)
    quoted = re.compile(rf'{space}"([^"]*(?:""[^"]*)*)"{space}(?={mark}|[\r\n]|\Z)')
    opened = re.compile(rf'{space}"')
    plain = re.compile(rf"[^{mark}\r\n]*")
    at, line = start, 1 + len(_LINE_END.findall(text, 0, start))
    while at < len(text):
        first, fields = line, []
        while True:
            match = quoted.match(text, at)
            if match is None and opened.match(text, at):
                raise InputError(
                    f"{name}: the quotation mark on line {line} is not closed at the end of its field.",
                    "Close it, or write a quotation mark inside a field twice.",
                )
            if match:
                field = match[1].replace('""', '"')
                line += len(_LINE_END.findall(field))
            else:
                match = plain.match(text, at)
                assert match is not None, "it matches the empty text"
                field = match[0]
            fields.append(_clean(field))
            at = match.end()
            if not text.startswith(separator, at):
                break
            at += 1
        yield first, fields
        end = _LINE_END.match(text, at)
        at, line = (end.end() if end else len(text)), line + 1


def _clean(field: str) -> str:
    return field.strip().strip(_INVISIBLE).strip()


def _require_field_counts(
    name: str, header: Sequence[str], body: Sequence[tuple[int, list[str]]], separator: str
) -> None:
    """Raises InputError with the first rows whose fields are more or fewer than the header's."""
    count = len(header)
    problems = [
        f"line {line} has {len(fields)} field{'s' if len(fields) > 1 else ''}"
        for line, fields in body
        if len(fields) < len(_without_end(header)) or any(fields[count:])
    ]
    if problems:
        rest = len(problems) - SHOWN_PROBLEMS
        more = f", and {rest} more lines have too many or too few" if rest > 0 else ""
        raise InputError(
            f"{name}: {', '.join(problems[:SHOWN_PROBLEMS])}{more}; "
            f"the header has {count}, separated by {separator}.",
            _TABLE_HINT,
        )


def _without_end(header: Sequence[str]) -> list[str]:
    """The header without the empty names at its end, which spreadsheets write for unused columns."""
    names = list(header)
    while names and not names[-1]:
        names.pop()
    return names
