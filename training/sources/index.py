"""A CSV index with a row an image."""

from pathlib import Path
from typing import ClassVar, final

from core.datasets.table_file import read_table
from training.datasets import DataSet, records_of
from training.sources.protocol import Reading


@final
class IndexSource:
    """The form of our own data sets: columns id, file, label, person; part, mask and source if there."""

    name: ClassVar[str] = "index"
    title: ClassVar[str] = "a CSV file with a row an image"

    def claims(self, path: Path) -> bool:
        return path.suffix.lower() == ".csv" or path.is_file()

    def read(self, path: Path, reading: Reading) -> DataSet:
        """The rows that are kept. Raises InputError with all problems of the file at once."""
        table = read_table(path)
        # A file without that column is no mistake: its parts are drawn.
        parts = reading.parts and reading.columns.part in table.columns
        records = records_of(table, path.parent, reading.columns, reading.keep, parts)
        return DataSet(tuple(records), reading.columns.group, table.sha256)
