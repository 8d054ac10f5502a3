"""Tables as CSV: the statement in comment lines, a header, then rows."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from core.exports.contract import ExportSubject
from core.exports.statement import statement_of


def csv_bytes(subject: ExportSubject, rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with comment lines that begin with `# `. rows: the header first."""
    statement = "".join(f"# {line}\n" for line in statement_of(subject).lines)
    return statement.encode("utf-8") + plain_csv_bytes(rows)


def plain_csv_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """The table alone, in UTF-8. rows: the header first."""
    buffer = StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode("utf-8")
