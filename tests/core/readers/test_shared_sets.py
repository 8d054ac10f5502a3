"""Every file of the shared DICOM and NIfTI sets is read or refused as the set's index states."""

import csv
from collections.abc import Iterator
from pathlib import Path

import gdcm
import nibabel
import numpy as np
import pydicom
import pytest
from pydicom.pixels import pixel_array

from core.errors import InputError
from core.images.slice import Slice
from core.readers.dicom_file import open_dicom
from core.readers.dicom_frames import pixel_data_of
from core.readers.dicom_pixels import stored_values
from core.readers.process import ReaderProcess
from core.readers.protocol import SeriesEntry


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
        entries = reader.index(folder / row["file"])
        if row["expect"] == "refused:dicomdir_is_no_image":  # it is opened as the files that it names
            return "read as an image" if folder / row["file"] in [entry.path for entry in entries] else ""
        (entry,) = entries
        image, _ = reader.read(entry, entry.frames - 1)
    except InputError as error:
        return "" if row["expect"].startswith("refused:") and "crashed" not in str(error) else repr(error)
    if row["expect"] != "readable":
        return "read, though it is to be refused"
    if image.shape != (entry.rows, entry.columns) or not has_stated_size(row, entry):
        return f"{image.shape}, {entry.frames} frames"
    return "" if has_a_picture(image) else "nothing to see"


def has_stated_size(row: dict[str, str], entry: SeriesEntry) -> bool:
    if "x" in row["frames"]:  # NIfTI: the stored shape, which is turned for display
        stored = [int(size) for size in row["frames"].split("x")]
        shown_size = (entry.rows, entry.columns, entry.frames // entry.volumes)
        return sorted(shown_size) == sorted([*stored, 1][:3]) and entry.volumes == int(np.prod(stored[3:]))
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
def test_that_every_file_is_read_or_refused_as_its_index_states(
    shared: Path, reader: ReaderProcess, name: str, count: int
) -> None:
    rows = rows_of(shared / name)
    wrong = {row["file"]: fault for row in rows if (fault := contradiction(reader, shared / name, row))}
    assert wrong == {}
    assert len(rows) == count


def by_pydicom(path: Path, frame: int) -> np.ndarray:
    """The samples as pydicom's decoders give them; of grey ones all bits that are in the file."""
    header = pydicom.dcmread(path, force=True, stop_before_pixels=True)
    syntax = header.file_meta.get("TransferSyntaxUID") or pydicom.uid.ImplicitVRLittleEndian
    if header.get("SamplesPerPixel") == 3:
        return pixel_array(path, index=frame, transfer_syntax_uid=syntax)
    plain = {"correct_unused_bits": False, "apply_j2k_sign_correction": False}
    return pixel_array(
        path, index=frame, raw=True, transfer_syntax_uid=syntax, apply_jls_sign_correction=False, **plain
    )


def by_gdcm(path: Path, frame: int) -> np.ndarray:
    """The samples as GDCM gives them, without a sign."""
    reader = gdcm.ImageReader()
    reader.SetFileName(str(path))
    assert reader.Read(), path.name
    image = reader.GetImage()
    kind = np.uint8 if image.GetPixelFormat().GetBitsAllocated() == 8 else np.uint16
    values = np.frombuffer(image.GetBuffer().encode("utf-8", "surrogateescape"), kind)
    samples = image.GetPixelFormat().GetSamplesPerPixel()
    shape = (image.GetDimension(1), image.GetDimension(0), *([samples] if samples > 1 else []))
    return values.reshape(-1, *shape)[frame]


def masked(samples: np.ndarray, header: pydicom.Dataset) -> np.ndarray:
    """The bits of grey samples that count by PS3.5 8.1.1: BitsStored bits, the highest the sign."""
    bits = int(header.get("BitsStored") or header.get("BitsAllocated") or 12)
    if samples.dtype.kind == "f":
        return samples
    values = samples.astype(np.int64) & (2**bits - 1)
    return (
        np.where(values >= 2 ** (bits - 1), values - 2**bits, values)
        if header.get("PixelRepresentation") == 1
        else values
    )


def decoders_difference(path: Path, frame: int) -> float:
    """How far our stored values lie from the decoders' own, each frame by itself."""
    ours = stored_values(pixel_data_of(open_dicom(path)), frame)
    try:
        samples = by_pydicom(path, frame)
    except (AttributeError, NotImplementedError, RuntimeError, ValueError):
        samples = by_gdcm(path, frame)
    if ours.form.samples == 3:
        reference_values = samples.astype(np.int64)
    else:
        reference_values = masked(samples, pydicom.dcmread(path, force=True, stop_before_pixels=True))
    return float(np.abs(ours.values.astype(reference_values.dtype) - reference_values).max())


@pytest.mark.filterwarnings("ignore")
def test_that_stored_values_equal_those_of_the_decoders(shared: Path) -> None:
    folder = shared / "dicom"
    rows = [row for row in rows_of(folder) if row["expect"] == "readable"]
    differences = {
        (row["file"], frame): decoders_difference(folder / row["file"], frame)
        for row in rows
        for frame in {0, int(row["frames"] or 1) - 1}
    }
    assert {place: difference for place, difference in differences.items() if difference != 0} == {}
    assert len(rows) > 200


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


def nifti_difference(reader: ReaderProcess, path: Path, volume: int) -> float:
    """How far the middle slice of a volume lies from what nibabel reads at the same places."""
    (entry,) = reader.index(path)
    slices = entry.frames // entry.volumes
    image, _ = reader.read(entry, volume * slices + slices // 2)
    loaded = nibabel.load(path)
    values = np.asanyarray(loaded.dataobj)
    if values.dtype.names:
        values = np.stack([values[channel] for channel in "RGB"], axis=-1).astype(float)
        values = values.reshape(*loaded.shape[:3], -1, 3)[:, :, :, volume]
    else:
        kind = np.abs if values.dtype.kind == "c" else np.asarray
        values = kind(values).reshape(*(*loaded.shape, 1)[:3], -1)[..., volume].astype(float)
    if image.affine_lps_mm is None:  # no place to compare by: the same values somewhere in the volume
        return float(not np.isin(image.values.ravel(), values.ravel().astype(image.values.dtype)).all())
    rows, columns = np.indices(image.shape)
    places = np.stack([0 * rows, rows, columns, 0 * rows + 1]).reshape(4, -1)
    voxels = np.linalg.inv(loaded.affine) @ np.diag([-1, -1, 1, 1]) @ image.affine_lps_mm @ places
    nearest = np.rint(voxels[:3]).astype(int)
    assert np.abs(voxels[:3] - nearest).max() < 1e-3, path.name
    reference_values = values[tuple(nearest)].reshape(image.values.shape)
    scale = max(float(np.nanmax(np.abs(reference_values))), 1.0)
    return float(np.nanmax(np.abs(image.values - reference_values))) / scale


@pytest.mark.filterwarnings("ignore")
def test_that_nifti_values_equal_those_of_nibabel_at_the_same_places(
    shared: Path, reader: ReaderProcess
) -> None:
    """Up to half a step of float32, in which scaled values are kept."""
    folder = shared / "nifti"
    rows = [row for row in rows_of(folder) if row["expect"] == "readable"]
    differences = {
        (row["file"], volume): nifti_difference(reader, folder / row["file"], volume)
        for row in rows
        for volume in {0, reader.index(folder / row["file"])[0].volumes - 1}
    }
    assert {place: difference for place, difference in differences.items() if difference > 2**-23} == {}
    assert len(rows) > 30
