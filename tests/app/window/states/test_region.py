"""The region: what is drawn and read, its undo, its outline, and the evidence inside it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.window.states.case_list import Case
from app.window.states.position import SlicePosition
from app.window.states.region import RegionState, on_grid
from app.window.states.shading import Overlay
from app.window.states.shown import Shown, ShownState
from app.window.states.undo import UndoStack
from core.checks.localisation import evidence_inside
from core.errors import SaliscopeError, Truncated
from core.images.grid_map import GridMap
from core.images.outline import outline
from core.images.planes import plane_array, plane_views
from core.images.region_statistics import region_statistics
from core.images.slice import Slice
from core.images.slice_place import SlicePlace
from core.images.volume import Volume
from core.readers.index import index_path, read
from core.readers.mask_slice import read_mask_slice
from core.readers.messages import Indexed, MaskRead
from core.readers.protocol import SeriesEntry
from tests.core.readers.mask_files import volume as volume_file
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
    region = RegionState(reader, shown_state, UndoStack(shown_state))
    region.shown_for_test, region.undo_for_test = shown_state, region._undo
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
    while region.undo_for_test.can_undo:
        sizes.append(None if region.mask is None else np.argwhere(region.mask)[0].tolist())
        region.undo_for_test.undo()
    assert (sizes, region.mask) == ([None, [4, 4], [0, 0]], None)


def test_that_each_slice_has_its_own_region(region) -> None:
    region.draw_rectangle((0, 0), (1, 1))
    show(region, "second", BLANK, PICTURE, 0)
    assert (region.mask, region.undo_for_test.can_undo) == (None, False)
    show(region, "first", BLANK, PICTURE, 0)
    assert region.mask.sum() == 4


def test_that_a_region_outside_the_slice_is_none(region) -> None:
    region.draw_rectangle((-9, -9), (-2, -2))
    assert (region.mask, region.undo_for_test.can_undo) == (None, False)


def test_that_a_mask_is_read_where_it_is_above_nothing(region, reader) -> None:
    values = np.zeros(SHAPE, np.uint8)
    values[3, 4:6] = 255
    region.open_mask(Path("folder/mask.png"))
    reader.answer(indexed("mask.png"))
    assert (reader.last.kind, reader.last.place.frame) == ("read_mask", 0)
    reader.answer(*mask_read(values))
    np.testing.assert_array_equal(region.mask, values > 0)


def test_that_a_mask_of_several_slices_gives_the_one_that_is_shown(region, reader) -> None:
    show(region, "third", BLANK, volume(5), 2)
    region.open_mask(Path("folder/mask.nii"))
    reader.answer(indexed("mask.nii", frames=5))
    assert reader.last.place == SlicePlace.of(BLANK, frames=5, frame=2)


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
    session.undo.undo()
    assert len(mask_notices()) == 2
    session.region.clear()
    assert mask_notices() == []


def test_that_the_volumes_of_a_series_share_a_mask(session, reader) -> None:
    session.cases.open_paths(["folder/a.nii"])
    reader.answer(indexed("a.nii", frames=20, volumes=4))
    reader.answer(*frame_read(BLANK))
    session.cases.slices.go_to(SlicePosition(0, 3, 2))  # the fourth of five slices in the third volume
    reader.answer(*frame_read(BLANK))
    place = SlicePlace.of(BLANK, frames=20, volumes=4, volume=2, frame=13)
    for mask in (indexed("mask.nii", frames=5), indexed("mask.png")):
        session.region.open_mask(Path("folder/mask"))
        reader.answer(mask)
        assert (reader.last.kind, reader.last.place) == ("read_mask", place)
        reader.answer(*mask_read(np.eye(8, 10)))
        assert session.region.mask.sum() == 8
        session.region.clear()


def answer_from_file(reader) -> None:
    """Answer the request that runs as the reader process does."""
    request = reader.last
    try:
        if request.kind == "index":
            reader.answer(Indexed(entries=tuple(index_path(request.path))))
        else:
            reader.answer(*MaskRead.of(read_mask_slice(request.entry, request.place, request.labels)))
    except SaliscopeError as error:
        reader.fail(error)


def open_from_file(region, reader, path: Path) -> None:
    region.open_mask(path)
    answer_from_file(reader)
    answer_from_file(reader)


@pytest.mark.parametrize("frames", [1, 20])
def test_that_a_mask_of_five_slices_is_no_mask_of_one_or_twenty(region, reader, frames, tmp_path) -> None:
    errors = []
    region.failed.connect(errors.append)
    mask = volume_file(tmp_path / "mask.nii", [np.ones(SHAPE, np.uint8)] * 5)
    for frame in range(min(frames, 5)):
        show(region, str(frame), BLANK, volume(frames), frame)
        open_from_file(region, reader, mask)
    assert {error.message for error in errors} == {f"The mask has 5 slices, the image {frames}."}
    assert (len(errors), region.mask, reader.running_job) == (min(frames, 5), None, None)


def test_that_a_mask_with_other_slices_and_one_that_cannot_be_read_are_reported(
    region, reader, tmp_path
) -> None:
    errors = []
    region.failed.connect(errors.append)
    show(region, "ninth", BLANK, volume(9), 3)
    open_from_file(region, reader, volume_file(tmp_path / "mask.nii", [np.ones(SHAPE, np.uint8)] * 5))
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


LABELLED = np.zeros((3, *SHAPE), np.uint8)
LABELLED[0, 1:4, 2:5], LABELLED[2, 5:7, 6:9], LABELLED[2, 0, 0] = 1, 2, 1


@pytest.fixture
def followed(region, reader, tmp_path) -> tuple[Volume, SeriesEntry]:
    """A volume whose reference, empty in the middle of three slices, was opened on the first."""
    path = volume_file(tmp_path / "mask.nii", list(LABELLED))
    entry = index_path(path)[0]
    affine = np.array(read(entry, 0)[0].affine_lps_mm)
    image = Volume(np.arange(LABELLED.size).reshape(LABELLED.shape), affine)
    show_plane(region, image, entry, 0, 0)
    open_from_file(region, reader, path)
    return image, entry


def show_plane(region, image: Volume, entry: SeriesEntry, axis: int, index: int) -> np.ndarray:
    """Show a slice of a volume; returns the labels in it."""
    view = plane_views(image.shape, image.affine_lps_mm)[axis]
    show(region, f"{axis} {index}", image.slice(view, index), entry, index)
    return plane_array(LABELLED, view, index)


def test_that_a_reference_follows_the_slice_in_every_plane(region, reader, followed) -> None:
    image, entry = followed
    np.testing.assert_array_equal(region.mask, LABELLED[0] > 0)
    for axis, index in ((0, 2), (1, 6), (2, 3)):
        labels = show_plane(region, image, entry, axis, index)
        assert region.mask is None  # nothing of another slice is shown while this one is read
        answer_from_file(reader)
        np.testing.assert_array_equal(region.mask, labels > 0)
        assert region.mask.any()
    show_plane(region, image, entry, 0, 2)
    np.testing.assert_array_equal(region.mask, LABELLED[2] > 0)
    assert reader.running_job is None  # it was read before


def test_that_a_slice_in_which_the_reference_marks_nothing_is_told_and_is_no_error(
    region, reader, followed
) -> None:
    errors = []
    region.failed.connect(errors.append)
    show_plane(region, *followed, 0, 1)
    answer_from_file(reader)
    assert (region.mask, region.notes) == (None, ("The reference marks nothing in this slice.",))
    assert (errors, region.sentence(None)) == ([], "")


def test_that_the_last_slice_shown_is_the_one_that_gets_its_region(region, reader, followed) -> None:
    for index in (1, 2):  # while the first is read, the second is asked for
        show_plane(region, *followed, 0, index)
    for _ in range(2):
        answer_from_file(reader)
    np.testing.assert_array_equal(region.mask, LABELLED[2] > 0)
    show_plane(region, *followed, 0, 1)
    assert region.notes == ()  # what was read of it was dropped
    answer_from_file(reader)
    assert region.notes != ()


def test_that_a_drawn_and_a_removed_region_stay_with_their_slice(region, reader, followed) -> None:
    show_plane(region, *followed, 0, 2)
    region.draw_rectangle((0, 0), (1, 1))
    answer_from_file(reader)
    region.clear()
    show_plane(region, *followed, 0, 0)
    show_plane(region, *followed, 0, 2)
    assert (region.mask, reader.running_job) == (None, None)
    region.undo_for_test.undo()
    assert region.mask is not None


def test_that_chosen_labels_are_the_region_in_all_slices(region, reader, followed) -> None:
    assert [label.value for label in region.reference.labels] == [1, 2]
    assert region.notes == ("The mask has the labels 1 and 2; together they are the region.",)
    region.reference.choose((2.0,))
    answer_from_file(reader)
    assert (region.mask, region.notes) == (None, ("The reference marks nothing in this slice.",))
    show_plane(region, *followed, 0, 2)
    answer_from_file(reader)
    np.testing.assert_array_equal(region.mask, LABELLED[2] == 2)
    assert region.notes == ("Of the labels 1 and 2 of the mask, 2 is the region.",)
    region.reference.choose((1.0, 2.0))
    answer_from_file(reader)
    np.testing.assert_array_equal(region.mask, LABELLED[2] > 0)
    assert region.reference.chosen == (1, 2)


def test_that_a_reference_belongs_to_its_case(region, reader, followed) -> None:
    region.shown_for_test.show(Shown(Case(2, "", PICTURE.path, entry=PICTURE), image=BLANK, digest="other"))
    assert (region.mask, region.reference.labels, reader.running_job) == (None, (), None)


def test_that_a_mask_of_one_slice_stays_with_the_slice_for_which_it_was_opened(region, reader) -> None:
    region.open_mask(Path("folder/mask.png"))
    reader.answer(indexed("mask.png"))
    reader.answer(*mask_read(np.ones(SHAPE)))
    show(region, "second", BLANK, volume(5), 1)
    assert (region.mask, reader.running_job) == (None, None)


@pytest.fixture
def unopened(region, tmp_path) -> tuple[Volume, SeriesEntry]:
    """A volume whose first slice is shown, and its reference, which nobody has opened yet."""
    entry = index_path(volume_file(tmp_path / "mask.nii", list(LABELLED)))[0]
    image = Volume(
        np.arange(LABELLED.size).reshape(LABELLED.shape), np.array(read(entry, 0)[0].affine_lps_mm)
    )
    show_plane(region, image, entry, 0, 0)
    return image, entry


@pytest.mark.parametrize("answered", [0, 1], ids=["while its file is looked into", "while its slice is read"])
def test_that_a_reference_that_is_opened_while_slices_are_turned_is_shown_in_the_last_one(
    region, reader, unopened, answered
) -> None:
    region.open_mask(unopened[1].path)
    for _ in range(answered):
        answer_from_file(reader)
    for index in (1, 2):
        show_plane(region, *unopened, 0, index)
    while reader.running_job is not None:
        answer_from_file(reader)
    np.testing.assert_array_equal(region.mask, LABELLED[2] > 0)
    show_plane(region, *unopened, 0, 0)
    answer_from_file(reader)
    np.testing.assert_array_equal(region.mask, LABELLED[0] > 0)


def test_that_a_reference_that_is_opened_replaces_the_region_of_a_slice_shown_meanwhile(
    region, reader, unopened
) -> None:
    show_plane(region, *unopened, 0, 2)
    region.draw_rectangle((0, 0), (1, 1))
    show_plane(region, *unopened, 0, 0)
    region.open_mask(unopened[1].path)
    show_plane(region, *unopened, 0, 2)
    while reader.running_job is not None:
        answer_from_file(reader)
    np.testing.assert_array_equal(region.mask, LABELLED[2] > 0)
    region.undo_for_test.undo()
    assert region.mask[:2, :2].all()


def test_that_a_reference_waits_for_its_case_while_another_one_is_shown(region, reader, unopened) -> None:
    region.open_mask(unopened[1].path)
    region.shown_for_test.show(Shown(Case(2, "", PICTURE.path, entry=PICTURE), image=BLANK, digest="other"))
    while reader.running_job is not None:
        answer_from_file(reader)
    assert (region.mask, region.reference.labels) == (None, ())
    show_plane(region, *unopened, 0, 2)
    answer_from_file(reader)
    np.testing.assert_array_equal(region.mask, LABELLED[2] > 0)


@pytest.mark.parametrize("answered", [0, 1])
def test_that_a_reference_of_a_closed_case_is_read_no_further(region, reader, unopened, answered) -> None:
    region.open_mask(unopened[1].path)
    for _ in range(answered):
        answer_from_file(reader)
    region.shown_for_test.show(Shown())
    region.reference.forget([1])
    while reader.running_job is not None:
        answer_from_file(reader)
    show_plane(region, *unopened, 0, 2)
    assert (region.mask, reader.running_job) == (None, None)


def test_that_a_reference_that_cannot_be_read_is_told_once_and_not_read_again(
    region, reader, unopened
) -> None:
    errors = []
    region.failed.connect(errors.append)
    region.open_mask(unopened[1].path)
    answer_from_file(reader)
    reader.fail(Truncated("mask.nii ends early.", "Copy it again."))
    show_plane(region, *unopened, 0, 2)
    assert ([error.message for error in errors], reader.running_job) == (["mask.nii ends early."], None)


def test_that_the_statistics_of_a_region_are_in_words_with_unit_and_area(region) -> None:
    values = np.arange(80, dtype=np.int16).reshape(SHAPE)
    image = Slice(values, unit="HU", spacing_mm=(0.5, 0.5), spacing_source="ImagerPixelSpacing")
    show(region, "calibrated", image, PICTURE, 0)
    assert region.statistics.words(region.mask) == ""
    region.draw_rectangle((1, 1), (2, 2))  # 11, 12, 21, 22
    words = region.statistics.words(region.mask)
    assert words == "Mean 16.5 HU, SD 5.02 HU, 11 to 22 HU, area 1 mm² at the detector"
    show(region, "flat", BLANK, PICTURE, 0)
    region.draw_rectangle((1, 1), (2, 2))
    assert region.statistics.words(region.mask) == "Mean 0, SD 0, 0 to 0, area 4 px"


def test_that_statistics_are_computed_once_for_a_region_and_an_image(region, monkeypatch) -> None:
    computed = []
    monkeypatch.setattr(
        "app.window.states.region_statistics.region_statistics",
        lambda image, mask: computed.append(mask) or region_statistics(image, mask),
    )
    region.draw_rectangle((1, 1), (2, 2))
    for _ in range(3):
        region.statistics.words(region.mask)
    assert len(computed) == 1
    region.draw_rectangle((1, 1), (3, 3))
    region.statistics.words(region.mask)
    assert len(computed) == 2
