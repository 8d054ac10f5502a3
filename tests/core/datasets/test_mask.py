"""Which slice of a mask belongs to which slice of an image."""

from pathlib import Path

import numpy as np
import pytest

from core.datasets.mask import mask_frame, mask_region, place_note
from core.errors import IncompatibleInput
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
        # As many frames, and yet another number of slices.
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


def test_that_a_mask_of_another_size_or_place_is_refused():
    image = Slice(np.zeros((4, 6), np.uint8), affine_lps_mm=np.diag([3.0, 2.0, 2.0, 1.0]))
    beside = np.diag([3.0, 2.0, 2.0, 1.0])
    beside[1, 3] = 5.0
    for mask, words in (
        (Slice(np.ones((6, 4), np.uint8)), "The mask has 4 x 6 pixels, the image 6 x 4."),
        (
            Slice(np.ones((4, 6), np.uint8), affine_lps_mm=beside),
            "The mask lies 2.5 pixels beside the image in the patient.",
        ),
    ):
        with pytest.raises(IncompatibleInput) as refused:
            mask_region(mask, image)
        assert refused.value.message == words


def test_that_an_unknown_place_is_told_and_never_called_near():
    values, mm = np.ones((4, 6), np.uint8), (2.0, 2.0)
    placed = Slice(values, affine_lps_mm=np.diag([3.0, 2.0, 2.0, 1.0]), spacing_mm=mm)
    unplaced, picture = Slice(values, spacing_mm=mm), Slice(values)
    words = "The position of the mask cannot be checked: the file of the {} gives no orientation."
    assert place_note(placed, placed) == place_note(picture, picture) == ""
    assert place_note(unplaced, placed) == place_note(picture, placed) == words.format("mask")
    assert place_note(placed, unplaced) == words.format("image")
    assert place_note(unplaced, unplaced) == words.format("mask")
    assert mask_region(unplaced, placed).all()
