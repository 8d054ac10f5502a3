"""Mosaics unfolded: closed forms of tiles, positions and the side to which the slices advance."""

import struct
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from core.readers.index import index_path, read
from tests.core.readers.dicom_files import dicom_file, items

# Three tiles of 2 x 3 pixels and an empty one; each tile has its number in its values.
TILES = np.array(
    [
        [10, 11, 12, 20, 21, 22],
        [13, 14, 15, 23, 24, 25],
        [30, 31, 32, 0, 0, 0],
        [33, 34, 35, 0, 0, 0],
    ],
    np.uint16,
)
FIRST = [[10, 11, 12], [13, 14, 15]]
SPACING = (2.0, 4.0)


def csa_header(**fields: list[str]) -> bytes:
    """An image header as Siemens writes it (SV10), with the fields as text."""
    data = b"SV10\4\3\2\1" + struct.pack("<II", len(fields), 77)
    for name, values in fields.items():
        data += struct.pack("<64si4siii", name.encode(), 1, b"FD", 0, len(values), 77)
        for value in values:
            text = value.encode() + b"\0"
            data += struct.pack("<4i", len(text), len(text), 77, len(text)) + text + bytes(-len(text) % 4)
    return data


def siemens_mosaic(path: Path, normal: list[str], number: int = 1) -> Path:
    dicom_file(
        path,
        TILES,
        Modality="MR",
        SeriesInstanceUID="1.9",
        SOPInstanceUID=f"1.9.{number}",
        AcquisitionNumber=number,
        ImageType=["ORIGINAL", "PRIMARY", "M", "MOSAIC"],
        ImagePositionPatient=[-12, -4, 7],
        ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
        PixelSpacing=list(SPACING),
        SpacingBetweenSlices=5,
    )
    dataset = dcmread(path)
    dataset.private_block(0x0029, "SIEMENS CSA HEADER", create=True).add_new(
        0x10, "OB", csa_header(NumberOfImagesInMosaic=["3"], SliceNormalVector=normal)
    )
    dataset.save_as(path)
    return path


@pytest.mark.parametrize(
    ("normal", "heights", "tiles"), [("1", [7, 12, 17], [0, 1, 2]), ("-1", [-3, 2, 7], [2, 1, 0])]
)
def test_that_the_tiles_of_a_siemens_mosaic_are_slices_at_their_places(
    tmp_path: Path, normal: str, heights: list[float], tiles: list[int]
) -> None:
    (entry,) = index_path(siemens_mosaic(tmp_path / "a.dcm", ["0", "0", normal]))
    assert (entry.volume_shape, entry.volumes, entry.no_volume) == ((3, 2, 3), 1, "")
    assert [entry.source(frame).frame for frame in range(3)] == tiles
    for frame, height in enumerate(heights):
        image, _ = read(entry, frame)
        np.testing.assert_array_equal(image.values, np.array(FIRST) + 10 * tiles[frame])
        assert image.affine_lps_mm is not None
        # The stated corner is that of 6 columns of 4 mm and 4 rows of 2 mm around the same centre.
        np.testing.assert_allclose(image.affine_lps_mm[:3, 3], [-12 + 4 * 1.5, -4 + 2 * 1, height])
    np.testing.assert_allclose(np.array(entry.affine_lps_mm)[:3, [0, 3]], [[0, -6], [0, -2], [5, heights[0]]])


def test_that_several_mosaics_of_a_series_are_its_volumes(tmp_path: Path) -> None:
    for number, name in ((2, "a"), (1, "b")):
        siemens_mosaic(tmp_path / name, ["0", "0", "1"], number)
    (entry,) = index_path(tmp_path)
    assert (entry.volumes, entry.slices) == (2, 3)
    assert [entry.source(frame).path.name for frame in range(6)] == ["b"] * 3 + ["a"] * 3


def test_that_a_damaged_siemens_header_leaves_one_picture(tmp_path: Path) -> None:
    path = siemens_mosaic(tmp_path / "a", ["0", "0", "1"])
    dataset = dcmread(path)
    block = dataset.private_block(0x0029, "SIEMENS CSA HEADER")
    block[0x10].value = csa_header(NumberOfImagesInMosaic=["3"])[:90]
    dataset.save_as(path)
    (entry,) = index_path(path)
    assert (entry.rows, entry.columns, entry.frames) == (4, 6, 1)


def test_that_a_grid_of_united_imaging_has_the_positions_of_its_slices(tmp_path: Path) -> None:
    path = dicom_file(
        tmp_path / "a",
        TILES,
        Modality="MR",
        ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
        PixelSpacing=list(SPACING),
    )
    dataset = dcmread(path)
    block = dataset.private_block(0x0065, "Image Private Header", create=True)
    block.add_new(0x50, "DS", "3")
    positions = ([1, 2, 30], [1, 2, 33], [1, 2, 36])
    block.add_new(0x51, "SQ", [items(ImagePositionPatient=position)[0] for position in positions])
    dataset.save_as(path)
    (entry,) = index_path(path)
    assert (entry.volume_shape, entry.no_volume) == ((3, 2, 3), "")
    image, _ = read(entry, 1)
    np.testing.assert_array_equal(image.values, np.array(FIRST) + 10)
    assert image.affine_lps_mm is not None
    np.testing.assert_allclose(image.affine_lps_mm[:3, 3], [1, 2, 33])
    np.testing.assert_allclose(np.array(entry.affine_lps_mm)[:3, 0], [0, 0, 3])
