"""Every file of the shared DICOM and NIfTI sets is read or refused as the set's index says."""

import csv
from collections.abc import Iterator
from pathlib import Path

import nibabel
import numpy as np
import pytest

from core.errors import InputError
from core.images.slice import Slice
from core.readers import SeriesEntry
from core.readers.process import ReaderProcess


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "index.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if not row["file"].endswith("/")]


def contradiction(reader: ReaderProcess, folder: Path, row: dict[str, str]) -> str:
    """What is wrong with one file's reading; empty if nothing is."""
    try:
        (entry,) = reader.index(folder / row["file"])
        image, _ = reader.read(entry, entry.frames - 1)
    except InputError as error:
        return "" if row["expect"].startswith("refused:") and "crashed" not in str(error) else repr(error)
    if row["expect"] != "readable":
        return "read, though it is to be refused"
    if image.shape != (entry.rows, entry.columns) or not size_is_as_told(row, entry):
        return f"{image.shape}, {entry.frames} frames"
    return "" if has_a_picture(image) else "nothing to see"


def size_is_as_told(row: dict[str, str], entry: SeriesEntry) -> bool:
    if "x" in row["frames"]:  # NIfTI: the stored shape, which is turned for display
        stored = [int(size) for size in row["frames"].split("x")]
        shown = (entry.rows, entry.columns, entry.frames // entry.volumes)
        return sorted(shown) == sorted([*stored, 1][:3]) and entry.volumes == int(np.prod(stored[3:]))
    if not row["rows"]:
        return True
    return (entry.rows, entry.columns, entry.frames) == (
        int(row["rows"]),
        int(row["cols"]),
        int(row["frames"] or 1),
    )


def has_a_picture(image: Slice) -> bool:
    return bool(np.isfinite(image.values).any())


@pytest.mark.parametrize(("name", "count"), [("dicom", 336), ("nifti", 51)])
def test_that_every_file_is_read_or_refused_as_its_index_says(
    shared: Path, reader: ReaderProcess, name: str, count: int
) -> None:
    rows = rows_of(shared / name)
    wrong = {row["file"]: found for row in rows if (found := contradiction(reader, shared / name, row))}
    assert wrong == {}
    assert len(rows) == count


def differences_from_reference(image: Slice, reference: Path) -> np.ndarray:
    """A slice's values minus the reference's at the same places in the patient."""
    loaded = nibabel.load(reference)
    values = np.asarray(loaded.dataobj)
    rows, columns = np.indices(image.shape)
    assert image.affine_lps_mm is not None
    places = np.stack([0 * rows, rows, columns, 0 * rows + 1]).reshape(4, -1)
    ras = np.diag([-1, -1, 1, 1]) @ image.affine_lps_mm @ places
    voxels = np.linalg.inv(loaded.affine) @ ras
    nearest = np.rint(voxels[:3]).astype(int)
    assert np.abs(voxels[:3] - nearest).max() < 0.05
    return image.values.ravel() - values[tuple(nearest)]


@pytest.mark.parametrize(
    "series",
    [
        "siemens_gre_sagittal",
        "philips_pcasl_oblique_classic",
        "philips_pcasl_oblique_enhanced",
        "siemens_localizer_three_planes",
    ],
)
def test_that_dicom_pixels_lie_where_the_reference_has_them(
    shared: Path, reader: ReaderProcess, series: str
) -> None:
    folder = shared / "dicom" / "series" / series
    entry = reader.index(folder / "dicom")[0]
    image, _ = reader.read(entry, entry.frames // 2)
    (reference, *_) = sorted(folder.glob("reference*.nii.gz"))
    assert np.abs(differences_from_reference(image, reference)).max() <= 1e-3 * np.abs(image.values).max()
