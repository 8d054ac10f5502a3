"""Dimension indices of enhanced files: frames in any order become the volumes that the indices name."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.datadict import tag_for_keyword
from pydicom.uid import EnhancedCTImageStorage, EnhancedMRImageStorage

from core.images.slice import Slice
from core.readers.index import index_path, read
from core.readers.protocol import SeriesEntry
from tests.core.readers.dicom_files import RAMP, dicom_file, items

AXIAL = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
SEED = 7


def dimension_sequence(*keywords: str) -> list[Dataset]:
    """The dimensions of a file, the slowest first."""
    return [
        items(
            DimensionIndexPointer=tag_for_keyword(keyword),
            DimensionOrganizationUID="1.2.826.0.9",
            FunctionalGroupPointer=tag_for_keyword("FrameContentSequence"),
        )[0]
        for keyword in keywords
    ]


def frame_group(
    indices: Sequence[int], place: Sequence[float] | None, content: dict[str, Any], **macros: Any
) -> Dataset:
    """The functional groups of one frame; content: further elements of its FrameContentSequence."""
    if place is not None:
        macros["PlanePositionSequence"] = items(ImagePositionPatient=list(place))
    content_items = items(DimensionIndexValues=list(indices), **content)
    return items(FrameContentSequence=content_items, **macros)[0]


def enhanced_file(
    path: Path,
    dimensions: Sequence[str],
    frames: Sequence[tuple[int, Dataset]],
    modality: str = "MR",
    orientation: Sequence[float] | None = AXIAL,
) -> Path:
    """A file of frames (value of its first pixel, functional groups), stored in an order without meaning."""
    order = np.random.default_rng(SEED).permutation(len(frames))
    shared: dict[str, Any] = {"PixelMeasuresSequence": items(PixelSpacing=[0.5, 0.25], SliceThickness=2)}
    if orientation is not None:
        shared["PlaneOrientationSequence"] = items(ImageOrientationPatient=list(orientation))
    return dicom_file(
        path,
        np.stack([RAMP + frames[at][0] for at in order]).astype(np.uint16),
        SOPClassUID=EnhancedMRImageStorage if modality == "MR" else EnhancedCTImageStorage,
        Modality=modality,
        SeriesInstanceUID="1.2.826.0.2",
        StudyInstanceUID="1.2.826.0.3",
        FrameOfReferenceUID="1.2.826.0.4",
        DimensionIndexSequence=dimension_sequence(*dimensions),
        SharedFunctionalGroupsSequence=items(**shared),
        PerFrameFunctionalGroupsSequence=[frames[at][1] for at in order],
    )


def first_pixels(entry: SeriesEntry) -> list[list[int]]:
    """The value of the first pixel of each slice, a list for each volume."""
    images: list[Slice] = [read(entry, frame)[0] for frame in range(entry.frames)]
    values = [int(image.values[0, 0]) for image in images]
    return [values[start : start + entry.slices] for start in range(0, entry.frames, entry.slices)]


@pytest.mark.parametrize("modality", ["MR", "CT"])
def test_that_time_points_are_volumes_by_their_index(tmp_path: Path, modality: str) -> None:
    frames = [
        (
            100 * time + 10 * at,
            frame_group((1, at, time), (1, 2, 3.0 * at), {"TemporalPositionIndex": time}),
        )
        for time, at in product((1, 2, 3), (1, 2, 3, 4))
    ]
    dimensions = ("StackID", "InStackPositionNumber", "TemporalPositionIndex")
    (entry,) = index_path(enhanced_file(tmp_path / "a", dimensions, frames, modality))
    assert first_pixels(entry) == [[100 * time + 10 * at for at in (1, 2, 3, 4)] for time in (1, 2, 3)]
    assert entry.has_planes
    np.testing.assert_allclose(np.array(entry.affine_lps_mm)[:3, 0], [0, 0, 3])


def test_that_directions_of_one_b_value_are_volumes_of_their_own(tmp_path: Path) -> None:
    """Nothing but the index tells them apart; in the order of the file their slices would be mixed."""
    volumes = [(1, 0.0, 1), *((2, 1000.0, direction) for direction in (1, 2, 3, 4, 5, 6))]
    frames = [
        (
            10 * number + at,
            frame_group(
                (1, at, b_index, direction),
                (0, 0, 2.0 * at),
                {},
                MRDiffusionSequence=items(DiffusionBValue=b_value),
            ),
        )
        for (number, (b_index, b_value, direction)), at in product(enumerate(volumes), (1, 2, 3))
    ]
    dimensions = ("StackID", "InStackPositionNumber", "DiffusionBValue", "DiffusionGradientOrientation")
    (entry,) = index_path(enhanced_file(tmp_path / "a", dimensions, frames))
    assert entry.volumes == 7
    assert first_pixels(entry) == [[10 * number + at for at in (1, 2, 3)] for number in range(7)]
    assert entry.notes == ("Its volumes have b-values of 0, 1000 s/mm².",)


def test_that_a_dimension_of_a_maker_tells_volumes_apart(tmp_path: Path) -> None:
    frames = [
        (100 * phase + at, frame_group((phase, at), (0, 0, 2.0 * at), {}))
        for phase, at in product((1, 2), (1, 2, 3))
    ]
    path = enhanced_file(tmp_path / "a", ("StackID", "InStackPositionNumber"), frames)
    # The first dimension now stands for a private element, which no dictionary has.
    from pydicom import dcmread

    dataset = dcmread(path)
    dataset.DimensionIndexSequence[0].DimensionIndexPointer = 0x20051001
    dataset.save_as(path)
    (entry,) = index_path(path)
    assert first_pixels(entry) == [[101, 102, 103], [201, 202, 203]]


@pytest.mark.parametrize("modality", ["MR", "CT"])
def test_that_stacks_are_entries_of_their_own_with_their_time_points(tmp_path: Path, modality: str) -> None:
    """Two stacks of one orientation, whose slices lie between each other."""
    frames = [
        (
            1000 * stack + 100 * time + at,
            frame_group((stack, at, time), (0, 0, 4.0 * at + stack), {"StackID": str(stack)}),
        )
        for stack, time, at in product((1, 2), (1, 2), (1, 2, 3))
    ]
    dimensions = ("StackID", "InStackPositionNumber", "TemporalPositionIndex")
    entries = index_path(enhanced_file(tmp_path / "a", dimensions, frames, modality))
    by_stack = sorted(first_pixels(entry) for entry in entries)
    assert by_stack == [
        [[1000 * stack + 100 * time + at for at in (1, 2, 3)] for time in (1, 2)] for stack in (1, 2)
    ]
    assert [np.array(entry.affine_lps_mm)[2, 0] for entry in entries] == [4.0, 4.0]


def test_that_echoes_are_entries_with_their_time_points(tmp_path: Path) -> None:
    frames = [
        (
            1000 * echo + 100 * time + at,
            frame_group(
                (1, at, echo, time),
                (0, 0, 2.0 * at),
                {},
                MREchoSequence=items(EffectiveEchoTime=20.0 * echo),
            ),
        )
        for echo, time, at in product((1, 2), (1, 2), (1, 2, 3))
    ]
    dimensions = ("StackID", "InStackPositionNumber", "EffectiveEchoTime", "TemporalPositionIndex")
    entries = index_path(enhanced_file(tmp_path / "a", dimensions, frames))
    by_title = {entry.title: first_pixels(entry) for entry in entries}
    assert by_title == {
        f"MR, TE {20 * echo} ms": [[1000 * echo + 100 * time + at for at in (1, 2, 3)] for time in (1, 2)]
        for echo in (1, 2)
    }


def test_that_places_win_over_the_positions_in_the_stack(tmp_path: Path) -> None:
    frames = [(at, frame_group((1, at), (0, 0, -2.0 * at), {})) for at in (1, 2, 3, 4)]
    (entry,) = index_path(enhanced_file(tmp_path / "a", ("StackID", "InStackPositionNumber"), frames))
    assert first_pixels(entry) == [[4, 3, 2, 1]]


def test_that_frames_without_a_position_are_in_the_order_of_their_indices(tmp_path: Path) -> None:
    frames = [
        (100 * time + at, frame_group((time, 1, at), None, {})) for time, at in product((1, 2), (1, 2, 3))
    ]
    dimensions = ("TemporalPositionIndex", "StackID", "InStackPositionNumber")
    (entry,) = index_path(enhanced_file(tmp_path / "a", dimensions, frames, orientation=None))
    assert first_pixels(entry) == [[101, 102, 103], [201, 202, 203]]
    assert entry.no_volume == "Its frames have no position in the patient."


def test_that_frames_without_a_position_are_one_list_where_a_time_point_is_cut_off(tmp_path: Path) -> None:
    frames = [
        (100 * time + at, frame_group((time, 1, at), None, {}))
        for time, at in ((1, 1), (1, 2), (1, 3), (2, 1), (2, 2))
    ]
    dimensions = ("TemporalPositionIndex", "StackID", "InStackPositionNumber")
    (entry,) = index_path(enhanced_file(tmp_path / "a", dimensions, frames, orientation=None))
    assert first_pixels(entry) == [[101, 102, 103, 201, 202]]


def test_that_an_index_that_every_frame_has_for_itself_is_no_time_point(tmp_path: Path) -> None:
    frames = [
        (
            100 * time + at,
            frame_group((at, 10 * at + time), (0, 0, 2.0 * at), {"TemporalPositionIndex": time}),
        )
        for time, at in product((1, 2), (1, 2, 3, 4, 5))
    ]
    dimensions = ("InStackPositionNumber", "FrameReferenceDateTime")
    (entry,) = index_path(enhanced_file(tmp_path / "a", dimensions, frames))
    assert first_pixels(entry) == [[100 * time + at for at in (1, 2, 3, 4, 5)] for time in (1, 2)]


@pytest.mark.parametrize("indices", [(), (1,), (1, 2, 3, 4), (0, 0, 0)])
def test_that_indices_that_do_not_belong_to_the_dimensions_count_for_nothing(
    tmp_path: Path, indices: tuple[int, ...]
) -> None:
    frames = [
        (
            100 * time + at,
            frame_group(indices, (0, 0, 2.0 * at), {"TemporalPositionIndex": time}),
        )
        for time, at in product((1, 2), (1, 2, 3))
    ]
    dimensions = ("StackID", "InStackPositionNumber", "TemporalPositionIndex")
    (entry,) = index_path(enhanced_file(tmp_path / "a", dimensions, frames))
    assert first_pixels(entry) == [[101, 102, 103], [201, 202, 203]]
