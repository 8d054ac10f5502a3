"""Every row of the reported cases gives what its column `right` says."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.readers.process import ReaderProcess
from tests.field_cases import data_sets, dicom, networks, pictures
from tests.field_cases.registry import CHECKS, Files

MODULES = (data_sets, dicom, networks, pictures)
OUTCOMES: dict[str, str] = {}


def rows(shared: Path) -> dict[str, str]:
    """The situation of each row by its id."""
    with (shared / "field_cases" / "index.csv").open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row["situation"] for row in csv.DictReader(stream)}


@pytest.fixture(scope="module")
def files(shared: Path) -> Iterator[Files]:
    with ReaderProcess() as reader:
        yield Files(shared / "field_cases", reader)


@pytest.mark.parametrize("row", CHECKS)
def test_that_a_reported_case_gives_what_is_right(qapp: object, files: Files, row: str) -> None:
    OUTCOMES[row] = "wrong"
    for check in CHECKS[row]:
        check(files)
    OUTCOMES[row] = "right"


def test_that_every_reported_case_has_its_checks(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Prints the table of the rows that were checked in this run."""
    situations = rows(shared)
    with capsys.disabled():
        print()
        for row, situation in situations.items():
            outcome = OUTCOMES.get(row, "not run")
            print(f"  {row:17} {len(CHECKS.get(row, ()))} checks  {outcome:8} {situation[:70]}")
    assert situations.keys() == CHECKS.keys()
