"""Tables as CSV: the statement in comment lines, a header, then rows."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from core.exports.contract import ExportSubject
from core.exports.statement import statement_of


def csv_bytes(subject: ExportSubject, rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with comment lines that begin with `# `. rows: the header first."""
    buffer = StringIO(newline="")
    for line in statement_of(subject).lines:
        buffer.write(f"# {line}\n")
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode("utf-8")
