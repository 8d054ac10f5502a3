"""The region: what is drawn and read, its undo, its outline, and the evidence inside it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.window.states.case_list import Case
from app.window.states.position import SlicePosition
from app.window.states.region import RegionState, on_grid, outline
from app.window.states.shading import Overlay
from app.window.states.shown import Shown, ShownState
from core.checks.localisation import evidence_inside
from core.errors import Truncated
from core.images.grid_map import GridMap
from core.images.slice import Slice
from core.readers.protocol import SeriesEntry
from tests.gui.recorded import RecordedLink, frame_read, indexed, mask_read

SHAPE = (8, 10)
BLANK = Slice(np.zeros(SHAPE, np.uint8))
PICTURE = indexed("a.png").entries[0]


def volume(frames: int, volumes: int = 1) -> SeriesEntry:
    return indexed("a.nii", frames=frames, volumes=volumes).entries[0]


@pytest.fixture
def reader(qapp) -> RecordedLink:
    return RecordedLink()


@pytest.fixture
def region(reader) -> RegionState:
    shown_state = ShownState()
    region = RegionState(reader, shown_state)
    region.shown_for_test = shown_state
    show(region, "first", BLANK, PICTURE, 0)
    return region


def show(region: RegionState, name: str, image: Slice, entry: SeriesEntry, frame: int) -> None:
    """Show another slice, identified by `name`."""
    case = Case(1, "", entry.path, entry=entry)
    region.shown_for_test.show(Shown(case, SlicePosition.of_frame(entry, frame), image, digest=name))


def overlay(values: np.ndarray, shape: tuple[int, int] = SHAPE) -> Overlay:
    grid = (values.shape[0], values.shape[1])
    box = (-0.5, -0.5, shape[0] - 0.5, shape[1] - 0.5)
    return Overlay(values.astype(np.float32), False, grid, GridMap(grid, shape, box), 1.0, "Map")


def test_that_a_rectangle_takes_the_pixels_whose_centres_it_holds(region) -> None:
    region.draw_rectangle((5.4, 7.6), (1.6, 2.5))  # from any corner to the opposite one
    expected = np.zeros(SHAPE, bool)
    expected[2:6, 3:8] = True
    np.testing.assert_array_equal(region.mask, expected)


def test_that_a_line_by_hand_takes_the_pixels_inside_it(region) -> None:
    # A diamond around (4, 4) with the half diagonal 3.5: |row - 4| + |column - 4| < 3.5.
    region.draw_outline([(0.5, 4.0), (4.0, 7.5), (7.5, 4.0), (4.0, 0.5)])
    rows, columns = np.indices(SHAPE)
    np.testing.assert_array_equal(region.mask, abs(rows - 4) + abs(columns - 4) < 3.5)


def test_that_undo_takes_back_drawing_and_removing(region) -> None:
    region.draw_rectangle((0, 0), (1, 1))
    region.draw_rectangle((4, 4), (5, 5))
    region.clear()
    sizes = []
    while region.can_undo:
        sizes.append(None if region.mask is None else np.argwhere(region.mask)[0].tolist())
        region.undo()
    assert (sizes, region.mask) == ([None, [4, 4], [0, 0]], None)


def test_that_each_slice_has_its_own_region(region) -> None:
    region.draw_rectangle((0, 0), (1, 1))
    show(region, "second", BLANK, PICTURE, 0)
    assert (region.mask, region.can_undo) == (None, False)
    show(region, "first", BLANK, PICTURE, 0)
    assert region.mask.sum() == 4


def test_that_a_region_outside_the_slice_is_none(region) -> None:
    region.draw_rectangle((-9, -9), (-2, -2))
    assert (region.mask, region.can_undo) == (None, False)


def test_that_a_mask_is_read_where_it_is_above_nothing(region, reader) -> None:
    values = np.zeros(SHAPE, np.uint8)
    values[3, 4:6] = 255
    region.open_mask(Path("folder/mask.png"))
    reader.answer(indexed("mask.png"))
    assert (reader.last.kind, reader.last.frame) == ("read_mask", 0)
    reader.answer(*mask_read(values))
    np.testing.assert_array_equal(region.mask, values > 0)


def test_that_a_mask_of_several_slices_gives_the_one_that_is_shown(region, reader) -> None:
    show(region, "third", BLANK, volume(5), 2)
    region.open_mask(Path("folder/mask.nii"))
    reader.answer(indexed("mask.nii", frames=5))
    assert reader.last.frame == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.ones((8, 9), np.uint8), "The mask has 9 x 8 pixels, the image 10 x 8."),
        (np.zeros(SHAPE, np.uint8), "The mask is empty"),
    ],
)
def test_that_a_mask_that_does_not_fit_is_refused(region, reader, values, message) -> None:
    errors = []
    region.failed.connect(errors.append)
    region.open_mask(Path("folder/mask.png"))
    reader.answer(indexed("mask.png"))
    reader.answer(*mask_read(values))
    assert message in errors[0].message
    assert region.mask is None


def test_that_a_mask_from_another_place_in_the_patient_is_refused(region, reader) -> None:
    errors = []
    region.failed.connect(errors.append)
    affine, values = np.eye(4), np.ones(SHAPE, np.uint8)
    show(region, "placed", Slice(values, affine_lps_mm=affine), PICTURE, 0)
    for flip in (np.diag([1.0, 1.0, -1.0, 1.0]), affine):
        region.open_mask(Path("folder/mask.nii"))
        reader.answer(indexed("mask.nii"))
        reader.answer(*mask_read(values, flip))
    # The last of ten columns lies where minus the last one should.
    assert [error.message for error in errors] == [
        "The mask lies 18.0 pixels beside the image in the patient."
    ]
    assert region.mask.all()


def test_that_the_notes_of_a_mask_are_shown_above_the_image_until_the_region_changes(session, reader) -> None:
    session.cases.open_paths(["folder/a.png"])
    reader.answer(indexed("a.png"))
    reader.answer(*frame_read(BLANK))

    def mask_notices() -> list[tuple[str, str]]:
        return [
            (notice.weight.value, notice.text) for notice in session.notices.notices if notice.topic == "mask"
        ]

    inverted = np.ones(SHAPE)
    inverted[3, 3:7] = 0
    session.region.open_mask(Path("folder/mask.png"))
    reader.answer(indexed("mask.png"))
    reader.answer(*mask_read(inverted, notes=("The mask has soft edges.",)))
    assert mask_notices() == [
        ("warning", "The mask has soft edges."),
        ("warning", "The mask covers 95 % of the image; background and finding may be exchanged."),
    ]
    assert session.region.mask.sum() == 76
    session.region.draw_rectangle((0, 0), (1, 1))
    assert mask_notices() == []
    session.region.undo()
    assert len(mask_notices()) == 2
    session.region.clear()
    assert mask_notices() == []


def test_that_the_volumes_of_a_series_share_a_mask(session, reader) -> None:
    session.cases.open_paths(["folder/a.nii"])
    reader.answer(indexed("a.nii", frames=20, volumes=4))
    reader.answer(*frame_read(BLANK))
    session.cases.slices.go_to(SlicePosition(0, 3, 2))  # the fourth of five slices in the third volume
    reader.answer(*frame_read(BLANK))
    for mask, frame in ((indexed("mask.nii", frames=5), 3), (indexed("mask.png"), 0)):
        session.region.open_mask(Path("folder/mask"))
        reader.answer(mask)
        assert (reader.last.kind, reader.last.frame) == ("read_mask", frame)
        reader.answer(*mask_read(np.eye(8, 10)))
        assert session.region.mask.sum() == 8
        session.region.clear()


@pytest.mark.parametrize("frames", [1, 20])
def test_that_a_mask_of_five_slices_is_no_mask_of_one_or_twenty(region, reader, frames) -> None:
    errors = []
    region.failed.connect(errors.append)
    for frame in range(min(frames, 5)):
        show(region, str(frame), BLANK, volume(frames), frame)
        region.open_mask(Path("folder/mask.nii"))
        reader.answer(indexed("mask.nii", frames=5))
    assert {error.message for error in errors} == {f"The mask has 5 slices, the image {frames}."}
    assert (len(errors), region.mask, reader.running_job) == (min(frames, 5), None, None)


def test_that_a_mask_with_other_slices_and_one_that_cannot_be_read_are_reported(region, reader) -> None:
    errors = []
    region.failed.connect(errors.append)
    show(region, "ninth", BLANK, volume(9), 3)
    region.open_mask(Path("folder/mask.nii"))
    reader.answer(indexed("mask.nii", frames=5))
    region.open_mask(Path("folder/mask.nii"))
    reader.fail(Truncated("mask.nii ends early.", "Copy it again."))
    assert [error.message for error in errors] == [
        "The mask has 5 slices, the image 9.",
        "mask.nii ends early.",
    ]


def test_that_the_evidence_inside_is_that_of_the_positive_values(region) -> None:
    values = np.full(SHAPE, -1.0)
    values[2, 3], values[5, 5] = 3.0, 1.0
    region.draw_rectangle((2, 3), (3, 4))
    shown_overlay = overlay(values)
    assert evidence_inside(shown_overlay.values, region.mask) == 0.75
    assert (
        region.sentence(shown_overlay)
        == "75 % of the positive evidence of Map lies inside; the region covers 5 % of the image."
    )
    assert region.sentence(None) == "The region covers 5 % of the image."
    assert "contains no positive evidence" in region.sentence(overlay(-np.ones(SHAPE)))


def test_that_a_cell_of_the_network_counts_from_half_on() -> None:
    mask = np.zeros((8, 8), bool)
    mask[:4, :2], mask[0, 4] = True, True  # half of the first cell, a sixteenth of the second
    grid_map = GridMap((2, 2), (8, 8), (-0.5, -0.5, 7.5, 7.5))
    assert on_grid(mask, grid_map).tolist() == [[True, False], [False, False]]
    mask[:4, :2] = False
    assert on_grid(mask, grid_map).tolist() == [[False, True], [False, False]]
    assert on_grid(mask[:4], grid_map) is None


def test_that_the_outline_runs_between_the_pixels() -> None:
    mask = np.zeros((4, 4), bool)
    mask[1, 2] = True
    edges = {tuple(map(tuple, edge)) for edge in outline(mask).tolist()}
    assert edges == {
        ((0.5, 1.5), (0.5, 2.5)),
        ((1.5, 1.5), (1.5, 2.5)),
        ((0.5, 1.5), (1.5, 1.5)),
        ((0.5, 2.5), (1.5, 2.5)),
    }


def test_that_a_map_without_signal_has_no_evidence_inside(region) -> None:
    values = np.full(SHAPE, 1e-9)
    region.draw_rectangle((2, 3), (3, 4))
    shown_overlay = replace(overlay(values), no_share="The map is zero up to rounding.")
    assert region.sentence(shown_overlay) == (
        "Map: The map is zero up to rounding. The region covers 5 % of the image."
    )
    assert not shown_overlay.has_positive_evidence
