"""Which slice of a series a number, a position or nothing means."""

from pathlib import Path

import numpy as np
import pytest

from core.errors import NoSlice
from core.readers.protocol import SeriesEntry, SparseStack
from core.readers.slice_choice import (
    ChosenSlice,
    SliceChoice,
    plane_of,
    slice_number,
    slice_position_mm,
    spacing_of,
)


def series(affine=None, frames=10, volumes=1, **more):
    rows = None if affine is None else tuple(map(tuple, np.asarray(affine, float).tolist()))
    return SeriesEntry(
        path=Path("folder/head.dcm"),
        reader="DICOM",
        title="",
        frames=frames,
        volumes=volumes,
        rows=6,
        columns=8,
        affine_lps_mm=rows,
        **more,
    )


def affine_of(slice_step, row_step, column_step, origin):
    affine = np.eye(4)
    affine[:3] = np.transpose([slice_step, row_step, column_step, origin])
    return affine


# Axial slices 3 mm apart, stored from the feet to the head and the other way.
UPWARD = affine_of((0, 0, 3), (0, 0.5, 0), (0.5, 0, 0), (-10, -20, -30))
DOWNWARD = affine_of((0, 0, -3), (0, 0.5, 0), (0.5, 0, 0), (-10, -20, -30))
# Sagittal slices from right to left; their stored normal, rows x columns, points to the right.
SAGITTAL = affine_of((2, 0, 0), (0, 0, -1), (0, 1, 0), (-40, 0, 0))
# The gantry is tilted: slices advance along the table, not along their normal.
TILTED = affine_of((0, 0, 4), (0, np.cos(0.3), np.sin(0.3)), (1, 0, 0), (0, 0, 0))


def test_that_without_a_choice_the_middle_slice_of_the_first_volume_is_taken():
    (chosen,) = SliceChoice().slices(series(frames=20, volumes=4))
    assert chosen == ChosenSlice(index=2)
    assert series(frames=20, volumes=4).middle_frame == 2


def test_that_numbers_count_from_one_through_all_volumes():
    entry = series(frames=20, volumes=4)
    for number, volume, index in ((1, 0, 0), (5, 0, 4), (6, 1, 0), (20, 3, 4)):
        (chosen,) = SliceChoice(number=number).slices(entry)
        assert (chosen.volume, chosen.index) == (volume, index)
        assert slice_number(entry, chosen) == number
    for number in (0, 21):
        with pytest.raises(NoSlice, match=f"head.dcm has no slice {number}; it has 20."):
            SliceChoice(number=number).slices(entry)


def test_that_all_slices_are_those_of_every_volume_in_the_order_of_their_numbers():
    entry = series(frames=6, volumes=2)
    chosen = SliceChoice(is_all=True).slices(entry)
    assert [slice_number(entry, each) for each in chosen] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("affine", "position", "index"),
    [
        (UPWARD, -30, 0),
        (UPWARD, -28.6, 0),
        (UPWARD, -28.4, 1),
        (UPWARD, -3, 9),
        (UPWARD, -1.6, 9),
        (DOWNWARD, -57, 9),
        (DOWNWARD, -33.1, 1),
        (SAGITTAL, -40, 0),
        (SAGITTAL, -22.3, 9),
        (TILTED, 4 * np.cos(0.3) * 5, 5),
    ],
)
def test_that_a_position_means_the_nearest_slice_along_the_normal(affine, position, index):
    entry = series(affine)
    (chosen,) = SliceChoice(position_mm=position).slices(entry)
    assert chosen.index == index
    reached = slice_position_mm(entry, chosen)
    assert abs(reached - position) <= spacing_of(entry)[0] / 2 + 1e-9


def test_that_a_position_outside_is_refused_with_the_range():
    for position in (-31.6, -1.4, float("nan"), float("inf")):
        with pytest.raises(NoSlice, match=r"its slices lie at −30.00 to −3.00 mm"):
            SliceChoice(position_mm=position).slices(series(UPWARD))


def test_that_a_position_needs_one_in_the_headers():
    with pytest.raises(NoSlice, match="no position in the patient") as refused:
        SliceChoice(position_mm=0).slices(series())
    assert refused.value.hint == "Choose a slice by its number."
    assert slice_position_mm(series(), ChosenSlice(index=0)) is None
    assert spacing_of(series()) is None
    assert plane_of(series(), 0) == ""


def test_that_a_plane_takes_the_axis_whose_slices_are_nearest_to_it():
    entry = series(UPWARD)
    assert [plane_of(entry, axis) for axis in (0, 1, 2)] == ["axial", "coronal", "sagittal"]
    assert SliceChoice(plane="coronal").slices(entry) == (ChosenSlice(axis=1, index=3),)
    assert SliceChoice(plane="sagittal", number=8).slices(entry) == (ChosenSlice(axis=2, index=7),)
    assert SliceChoice(plane="axial", number=4).slices(series(SAGITTAL)) == (ChosenSlice(axis=1, index=3),)
    (chosen,) = SliceChoice(plane="sagittal", position_mm=-9.6).slices(entry)
    assert chosen == ChosenSlice(axis=2, index=1)
    assert slice_position_mm(entry, chosen) == -9.5


def test_that_a_series_without_a_volume_has_no_planes():
    with pytest.raises(NoSlice, match=r"has no coronal plane\. The slices differ in size\."):
        SliceChoice(plane="coronal").slices(series(no_volume="The slices differ in size."))


@pytest.mark.parametrize("plane", ["", "coronal"])
def test_that_a_slice_has_the_same_position_in_each_volume(plane):
    entry = series(UPWARD, frames=20, volumes=2)
    count = 10 if not plane else entry.rows
    numbers = [4, 4 + count]
    chosen = [SliceChoice(number=number, plane=plane).slices(entry)[0] for number in numbers]
    assert [each.volume for each in chosen] == [0, 1]
    assert [slice_number(entry, each) for each in chosen] == numbers
    first, second = (slice_position_mm(entry, each) for each in chosen)
    assert first == second != slice_position_mm(entry, ChosenSlice(index=4))


def test_that_a_stack_with_missing_slices_is_cut_across_and_its_slices_are_named_by_number():
    """Slices 2 and 3 of 10 are missing; rows of the coronal plane are all there."""
    rows = tuple(map(tuple, UPWARD.tolist()))
    sparse = SparseStack(numbers=(0, 1, 4, 5, 6, 7, 8, 9), affine_lps_mm=rows)
    entry = series(frames=8, sparse=sparse, no_volume="2 slices of the stack are missing.")
    assert [plane_of(entry, axis) for axis in (0, 1, 2)] == ["axial", "coronal", "sagittal"]
    (coronal,) = SliceChoice(plane="coronal", position_mm=-18.6).slices(entry)
    assert coronal == ChosenSlice(axis=1, index=3)
    assert len(SliceChoice(is_all=True).slices(entry)) == 8
    assert SliceChoice(plane="axial", number=8).slices(entry) == (ChosenSlice(index=7),)
    positions = [-30.0, -27.0, -18.0, -15.0, -12.0, -9.0, -6.0, -3.0]
    for index, position in enumerate(positions):
        assert SliceChoice(position_mm=position).slices(entry) == (ChosenSlice(index=index),)
        assert slice_position_mm(entry, ChosenSlice(index=index)) == position
    with pytest.raises(NoSlice, match=r"The slice of head\.dcm at .24\.00 mm is missing\."):
        SliceChoice(position_mm=-24.0).slices(entry)
