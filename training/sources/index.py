"""A CSV index with one row for each image."""

from pathlib import Path
from typing import ClassVar, final

from core.datasets.table_file import read_table
from training.datasets import DataSet, records_of
from training.sources.protocol import Reading


@final
class IndexSource:
    """The index form: columns id, file, label, person; optionally part, mask and source."""

    name: ClassVar[str] = "index"
    title: ClassVar[str] = "a CSV file with one row for each image"

    def claims(self, path: Path) -> bool:
        return path.suffix.lower() == ".csv" or path.is_file()

    def read(self, path: Path, reading: Reading) -> DataSet:
        """The selected rows. Raises InputError with all problems of the file at once."""
        table = read_table(path)
        # Without that column the parts are drawn, which is no error.
        parts = reading.parts and reading.columns.part in table.columns
        records = records_of(table, path.parent, reading.columns, reading.keep, parts)
        return DataSet(tuple(records), reading.columns.group, table.sha256)
