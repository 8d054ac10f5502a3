"""What the tests of `saliscope evaluate` share: a quick run, and its rows."""

import csv
from pathlib import Path

from core.readers.index import index_path, read
from core.readers.mask import read_mask

FEW = ("--set", "curves.grids=1", "--set", "curves.random_draws=2", "--set", "curves.thresholds=0.2,0.5")


class DirectReader:
    """Decodes here and not in a process of its own, which most of these tests are not about."""

    def __enter__(self):
        return self

    def __exit__(self, *end):
        pass

    def index(self, path):
        return index_path(path)

    def read(self, entry, frame):
        return read(entry, frame)

    def read_mask(self, entry, frame):
        return read_mask(entry, frame)


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "rows.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
