"""What the tests of `saliscope evaluate` share: a quick run, and its rows."""

import csv
from pathlib import Path

FEW = ("--set", "curves.grids=1", "--set", "curves.random_draws=2", "--set", "curves.thresholds=0.2,0.5")


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "rows.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
