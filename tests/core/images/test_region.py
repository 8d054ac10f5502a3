"""Which slice of a mask belongs to which slice of an image."""

from pathlib import Path

import numpy as np
import pytest

from core.errors import IncompatibleInput
from core.images.mask import Mask
from core.images.region import largest_slice, mask_frame, mask_region, slice_areas
from core.images.slice import Slice
from core.readers.protocol import SeriesEntry


def entry(frames: int, volumes: int) -> SeriesEntry:
    return SeriesEntry(
        path=Path("a.nii"), reader="NIfTI", title="", frames=frames, volumes=volumes, rows=4, columns=6
    )


@pytest.mark.parametrize(
    ("mask", "image", "frame", "expected"),
    [
        ((1, 1), (1, 1), 0, 0),
        ((5, 1), (5, 1), 3, 3),
        ((1, 1), (5, 1), 3, 0),
        # The fourth of five slices in the third of four volumes.
        ((5, 1), (20, 4), 13, 3),
        ((1, 1), (20, 4), 13, 0),
        ((20, 4), (20, 4), 13, 13),
        ((4, 4), (20, 4), 13, 2),
    ],
)
def test_that_volumes_share_a_mask_and_slices_share_one_of_one_slice(mask, image, frame, expected):
    assert mask_frame(entry(*mask), entry(*image), frame) == expected


@pytest.mark.parametrize(
    ("mask", "image", "words"),
    [
        ((5, 1), (1, 1), "The mask has 5 slices, the image 1."),
        ((5, 1), (20, 1), "The mask has 5 slices, the image 20."),
        # The same number of frames, but another number of slices.
        ((20, 1), (20, 4), "The mask has 20 slices, the image 5."),
        ((10, 2), (5, 1), "The mask has 2 volumes, the image 1."),
        ((10, 2), (20, 4), "The mask has 2 volumes, the image 4."),
    ],
)
def test_that_any_other_number_is_refused_on_every_slice(mask, image, words):
    for frame in range(image[0]):
        with pytest.raises(IncompatibleInput) as refused:
            mask_frame(entry(*mask), entry(*image), frame)
        assert refused.value.message == words


PLACED = np.diag([3.0, 2.0, 2.0, 1.0])
GREY = np.zeros((4, 6), np.uint8)


def mask(marked: int = 6, shape: tuple[int, int] = (4, 6), **more) -> Mask:
    """The first `marked` pixels, row by row."""
    return Mask((np.arange(shape[0] * shape[1]) < marked).reshape(shape), **more)


def test_that_a_mask_of_another_size_or_place_is_refused():
    image = Slice(GREY, affine_lps_mm=PLACED)
    beside = PLACED.copy()
    beside[1, 3] = 5.0
    for placed_mask, words in (
        (mask(shape=(6, 4)), "The mask has 4 x 6 pixels, the image 6 x 4."),
        (mask(affine_lps_mm=beside), "The mask lies 2.5 pixels beside the image in the patient."),
    ):
        with pytest.raises(IncompatibleInput) as refused:
            mask_region(placed_mask, image)
        assert refused.value.message == words


def test_that_a_mask_in_its_place_has_no_notes_but_its_own():
    image, placed = Slice(GREY, affine_lps_mm=PLACED), mask(affine_lps_mm=PLACED, notes=("Soft.",))
    assert mask_region(placed, image).notes == ("Soft.",)
    np.testing.assert_array_equal(mask_region(placed, image).mask, placed.region)


@pytest.mark.parametrize(
    ("placed_mask", "image", "which_file"),
    [
        (mask(), Slice(GREY, affine_lps_mm=PLACED), "mask"),
        (mask(affine_lps_mm=PLACED), Slice(GREY), "image"),
        (mask(spacing_mm=(1.0, 1.0)), Slice(GREY, spacing_mm=(1.0, 1.0)), "mask"),
    ],
)
def test_that_a_place_that_cannot_be_compared_is_reported(placed_mask, image, which_file):
    (note,) = mask_region(placed_mask, image).notes
    assert (
        note
        == f"The position of the mask cannot be checked: the file of the {which_file} gives no orientation."
    )


def test_that_pictures_are_overlaid_without_a_note():
    assert mask_region(mask(), Slice(GREY)).notes == ()


@pytest.mark.parametrize(
    ("marked", "notes"),
    [
        (0, ("The mask is empty: it marks no pixel of this image.",)),
        (90, ()),
        (91, ("The mask covers 91 % of the image; background and finding may be exchanged.",)),
        (100, ("The mask covers 100 % of the image; background and finding may be exchanged.",)),
    ],
)
def test_that_a_mask_of_nothing_or_of_more_than_nine_tenths_is_reported(marked, notes):
    square = Slice(np.zeros((10, 10), np.uint8))
    assert mask_region(mask(marked, (10, 10)), square).notes == notes


def test_that_all_but_a_pixel_is_not_called_all():
    (note,) = mask_region(mask(9999, (100, 100)), Slice(np.zeros((100, 100), np.uint8))).notes
    assert "covers 99.99 % of" in note


def test_that_the_largest_slice_is_found_across_each_axis():
    marked = np.zeros((4, 5, 6), np.uint8)
    marked[2, 1:4, 1:3] = 4
    marked[3, 1, 1:6] = 1
    assert slice_areas(marked).tolist() == [0, 0, 6, 5]
    assert [largest_slice(slice_areas(marked, axis)) for axis in (0, 1, 2)] == [2, 1, 1]
    assert largest_slice(slice_areas(np.zeros((3, 2, 2), bool))) is None
