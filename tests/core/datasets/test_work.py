"""Which slice of its file a task is about."""

from pathlib import Path

import pytest

from core.datasets.slice_columns import frame_of
from core.errors import InputError, NoSlice
from core.readers.protocol import SeriesEntry

# Four volumes of five slices each.
SERIES = SeriesEntry(
    path=Path("folder/a.nii"), reader="NIfTI", title="", frames=20, volumes=4, rows=4, columns=6
)


@pytest.mark.parametrize(
    ("text", "frame"), [("", 2), ("1", 0), ("3", 2), ("007", 6), ("7.0", 6), ("7.", 6), ("20", 19)]
)
def test_that_slices_are_counted_from_one_through_all_volumes(text, frame):
    assert frame_of(SERIES, text) == frame


@pytest.mark.parametrize("text", ["0", "-1", "2.5", "first", "1e1", "nan", "٣", "1,2"])
def test_that_a_slice_that_is_no_number_from_one_on_is_refused(text):
    with pytest.raises(InputError, match="is not a whole number from 1 on") as refused:
        frame_of(SERIES, text)
    assert refused.value.code == "input"


def test_that_a_slice_beyond_the_last_has_a_reason_of_its_own():
    with pytest.raises(NoSlice) as refused:
        frame_of(SERIES, "21")
    assert (refused.value.code, refused.value.message) == ("no_slice", "a.nii has no slice 21; it has 20.")


def test_that_a_position_means_the_nearest_slice():
    rows = ((0.0, 0.0, 1.0, 0.0), (0.0, 1.0, 0.0, 0.0), (2.5, 0.0, 0.0, -10.0), (0.0, 0.0, 0.0, 1.0))
    placed = SERIES.model_copy(update={"affine_lps_mm": rows})
    assert [frame_of(placed, "", text) for text in ("-10", "-4.9", "+0", "0,4")] == [0, 2, 4, 4]
    with pytest.raises(NoSlice, match=r"has no slice at 9\.00 mm") as refused:
        frame_of(placed, "", "9")
    assert refused.value.hint == "Correct the index."
    for text in ("high", "1e3", "nan", "1 mm"):
        with pytest.raises(InputError, match="is not a number"):
            frame_of(placed, "", text)


def test_that_a_slice_and_a_position_at_once_are_refused():
    with pytest.raises(InputError, match="both a slice and a position_mm"):
        frame_of(SERIES, "1", "0")
