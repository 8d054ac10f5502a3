"""Stacks of which a few slices are missing: empty in the planes across, at their places, and nowhere else."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.readers.index import index_path, read
from core.readers.mask_areas import mask_areas
from core.readers.protocol import SeriesEntry
from core.readers.volume_cache import KEPT_VOLUMES
from core.readers.volumes import read_plane
from tests.core.readers.dicom_files import dicom_file
from tests.core.readers.test_grouping import AXIAL, entries_of, placed_instance, slice_file

# Of slices 3 mm apart; 2 of 9 are missing.
THERE = (0, 1, 2, 5, 6, 7, 8)
NOTE = "2 missing slices of the stack are empty here"


@pytest.fixture(autouse=True)
def _empty_cache() -> Any:
    yield
    KEPT_VOLUMES.make_room(2**62)


def sparse_series(folder: Path, **elements: Any) -> SeriesEntry:
    """An axial series; the values of slice n are 30 * n and a ramp (3, 4)."""
    for number in THERE:
        slice_file(folder, f"{9 - number}.dcm", (1.0, 2.0, 3.0 * number), **elements)
    (entry,) = index_path(folder)
    return entry


def test_that_a_stack_with_few_missing_slices_knows_where_the_others_lie(tmp_path: Path) -> None:
    entry = sparse_series(tmp_path)
    assert entry.no_volume == "2 slices of the stack are missing, between slices 3 and 4."
    assert entry.notes == ("In the two other planes the missing slices are empty.",)
    assert (entry.affine_lps_mm, entry.volume_shape, entry.stack_shape) == (None, (7, 3, 4), (9, 3, 4))
    assert entry.sparse is not None
    assert entry.sparse.numbers == THERE
    expected = [[0, 0, 0.25, 1], [0, 0.5, 0, 2], [3, 0, 0, 0], [0, 0, 0, 1]]
    np.testing.assert_allclose(np.array(entry.sparse.affine_lps_mm), expected, atol=1e-9)
    assert entry.has_planes


@pytest.mark.parametrize(
    ("heights", "is_sparse"),
    [
        ((0, 2, 4, 8), True),  # 1 of 5 missing
        ((0, 2, 6), False),  # 1 of 4 missing, and no usual step
        ((0, 2, 4, 6, 12, 14, 16), True),  # 2 of 9
        ((0, 2, 4, 10, 12), False),  # 2 of 7
        ((0, 2, 4, 6, 9, 11, 13), False),  # no whole step
        ((0, 2, 4, 6, 8), False),  # none missing
    ],
)
def test_that_gaps_must_be_few_and_whole(heights: tuple[int, ...], is_sparse: bool) -> None:
    images = [placed_instance(f"{z:02}", (0.0, 0.0, float(z)), uid=f"{z}") for z in heights]
    (entry,) = entries_of(images)
    assert (entry.sparse is not None) == is_sparse


def test_that_slices_beside_the_line_of_the_stack_are_no_sparse_one() -> None:
    images = [
        placed_instance(f"{number}", (float(x), 0.0, 2.0 * number), uid=f"{number}")
        for number, x in ((0, 0), (1, 0), (2, 0), (4, 9), (5, 0))
    ]
    assert entries_of(images)[0].sparse is None


def test_that_a_tilted_stack_with_missing_slices_has_its_own_step() -> None:
    images = [
        placed_instance(f"{number}", (0.0, -0.5 * number, 2.0 * number), uid=f"{number}")
        for number in (0, 1, 2, 4, 5)
    ]
    (entry,) = entries_of(images)
    assert entry.sparse is not None
    np.testing.assert_allclose(np.array(entry.sparse.affine_lps_mm)[:3, 0], [0.0, -0.5, 2.0], atol=1e-9)
    assert entry.notes[0].startswith("The slices are tilted by 14.0°")


@pytest.mark.parametrize("axis", [1, 2])
def test_that_missing_slices_are_empty_and_marked_in_the_planes_across(tmp_path: Path, axis: int) -> None:
    entry = sparse_series(tmp_path)
    assert entry.sparse is not None
    image, _ = read_plane(entry, 0, axis, 1)
    # Slices advance to the head, which is shown at the top.
    assert image.padding is not None
    rows_of_padding = image.padding.all(axis=1).nonzero()[0].tolist()
    assert rows_of_padding == [8 - 4, 8 - 3]
    assert image.padding.sum() == 2 * image.shape[1]
    for frame, number in enumerate(THERE):
        values = read(entry, frame)[0].values
        expected = values[1] if axis == 1 else values[:, 1]
        np.testing.assert_array_equal(image.values[8 - number], expected)
    assert NOTE in image.notes
    assert image.spacing_mm == pytest.approx((3.0, 0.25 if axis == 1 else 0.5))


def test_that_padding_of_the_slices_themselves_stays(tmp_path: Path) -> None:
    entry = sparse_series(tmp_path, PixelPaddingValue=300)
    image, _ = read_plane(entry, 0, 1, 0)
    assert image.padding is not None
    # The second pixel of the first row is 300 in slice 0 alone.
    assert image.padding[8].tolist() == [False, True, False, False]
    assert image.padding[7].tolist() == [False] * 4


def test_that_every_slice_across_the_stack_is_one_that_was_measured(tmp_path: Path) -> None:
    """Nobody is given a slice that was never there, a network least of all."""
    entry = sparse_series(tmp_path)
    images = [read_plane(entry, 0, 0, index)[0] for index in range(entry.slices)]
    assert [float(image.values[0, 0]) for image in images] == [30.0 * number for number in THERE]
    assert all(image.padding is None and NOTE not in image.notes for image in images)


@pytest.mark.parametrize("is_whole", [True, False], ids=["of all slices", "of those that there are"])
def test_that_a_mask_lies_on_the_slices_at_its_places(tmp_path: Path, is_whole: bool) -> None:
    """The mask marks as many pixels of slice n as n says, in the first row and from there on."""
    for name in ("image", "mask"):
        (tmp_path / name).mkdir()
    image = sparse_series(tmp_path / "image")
    for number in range(9) if is_whole else THERE:
        marks = (np.arange(12).reshape(3, 4) < number).astype(np.uint16)
        elements = {"SeriesInstanceUID": "1.2.7", "ImagePositionPatient": [1.0, 2.0, 3.0 * number]}
        common = {"StudyInstanceUID": "1.2.3", "PixelSpacing": [0.5, 0.25], "SliceThickness": 3}
        uid = {"SOPInstanceUID": f"1.2.7.{number + 1}", "ImageOrientationPatient": list(AXIAL)}
        dicom_file(tmp_path / "mask" / f"{number}.dcm", marks, **elements, **common, **uid)
    (mask,) = index_path(tmp_path / "mask")
    assert mask_areas(mask, image, 0, 0) == THERE
    numbers = range(9) if is_whole else THERE
    in_rows = [sum(min(max(number - 4 * row, 0), 4) for number in numbers) for row in range(3)]
    assert list(mask_areas(mask, image, 0, 1)) == in_rows
