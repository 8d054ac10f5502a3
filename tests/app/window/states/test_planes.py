"""Three planes: positions, the linked crosshair, and reading without a queue, on a small volume."""

from pathlib import Path

import numpy as np
import pytest

from app.window.states.planes import next_axis
from app.window.states.position import SlicePosition
from core.errors import Truncated
from core.images.planes import plane_views
from core.images.volume import Volume
from core.readers.messages import Indexed
from core.readers.protocol import SeriesEntry
from tests.gui.recorded import RecordedLink, frame_read

# 6 slices of 3 mm, 8 rows of 2 mm, 10 columns of 1 mm, axial, from LPS (-5, -7, 40).
SHAPE = (6, 8, 10)
AFFINE = np.array([[0, 0, 1.0, -5], [0, 2.0, 0, -7], [3.0, 0, 0, 40], [0, 0, 0, 1]])
VOLUME = Volume(np.arange(480, dtype=np.int16).reshape(SHAPE), AFFINE, (3.0, 2.0, 1.0))
VIEWS = plane_views(SHAPE, AFFINE)


def entry(**changes: object) -> SeriesEntry:
    fields = {
        "path": Path("folder/a.nii"),
        "reader": "nifti",
        "title": "MR",
        "frames": SHAPE[0],
        "rows": SHAPE[1],
        "columns": SHAPE[2],
        "affine_lps_mm": tuple(tuple(row) for row in AFFINE.tolist()),
    }
    return SeriesEntry(**(fields | changes))


def answer(reader: RecordedLink) -> None:
    """The slice of VOLUME that the running job asks for."""
    message = reader.running_job.delivery.request
    axis, index = (0, message.frame) if message.kind == "read" else (message.axis, message.index)
    reader.answer(*frame_read(VOLUME.slice(VIEWS[axis], index)))


def answer_all(reader: RecordedLink) -> None:
    while reader.running_job is not None:
        answer(reader)


@pytest.fixture
def planes(session, reader):
    session.cases.open_paths(["folder/a.nii"])
    reader.answer(Indexed(entries=(entry(),)))
    answer_all(reader)
    session.planes.show_three(True)
    answer_all(reader)
    return session.planes


def test_that_three_planes_show_the_slices_through_the_crosshair(planes) -> None:
    assert planes.voxel == (3.0, 3.5, 4.5)
    assert [plane.position for plane in planes.planes] == [
        SlicePosition(0, 3),
        SlicePosition(1, 4),
        SlicePosition(2, 4),
    ]
    # The coronal plane shows the head at its top: its first row is the last slice.
    np.testing.assert_array_equal(planes.planes[1].image.values, VOLUME.values[::-1, 4, :])


def test_that_a_place_in_one_plane_moves_the_others_there(planes, session, reader) -> None:
    planes.point_at(0, 2, 7)  # row 2, column 7 of the axial slice
    answer_all(reader)
    assert planes.voxel == (3.0, 2.0, 7.0)
    assert [plane.position.index for plane in planes.planes] == [3, 2, 7]
    # LPS: -5 + 7 * 1, -7 + 2 * 2, 40 + 3 * 3
    assert planes.volume.place_mm(planes.voxel) == pytest.approx((2.0, -3.0, 49.0))
    planes.point_at(1, 0, 1)  # coronal, top row is slice 5
    answer_all(reader)
    assert planes.voxel == (5.0, 2.0, 1.0)
    assert session.shown.current.position == SlicePosition(0, 5)
    assert planes.planes[2].position == SlicePosition(2, 1)


def test_that_the_crosshair_lies_on_the_same_voxel_in_every_plane(planes, reader) -> None:
    planes.point_at(0, 2, 7)
    answer_all(reader)
    value = VOLUME.values[3, 2, 7]
    for plane in planes.planes:
        row, column = (round(part) for part in planes.cross(plane.axis))
        assert plane.image.values[row, column] == value


def test_that_scrolling_the_active_plane_moves_the_crosshair(planes, session, reader) -> None:
    session.cases.slices.go_by(1)
    answer_all(reader)
    assert planes.voxel == (4.0, 3.5, 4.5)
    assert [plane.position.index for plane in planes.planes] == [4, 4, 4]


def test_that_the_active_plane_is_the_one_that_is_shown_and_predicted(planes, session, reader) -> None:
    planes.make_active(2)
    answer_all(reader)
    shown = session.shown.current
    assert (shown.position, planes.active_axis) == (SlicePosition(2, 4), 2)
    np.testing.assert_array_equal(shown.image.values, VOLUME.slice(VIEWS[2], 4).values)
    assert [plane.axis for plane in planes.side_planes] == [0, 1]
    assert session.image.slices == SHAPE[2]
    planes.make_active(next_axis(planes.active_axis))
    answer_all(reader)
    assert planes.active_axis == 0


def test_that_window_stays_and_zoom_comes_back_with_its_plane(planes, session, reader) -> None:
    session.image.display.drag_window(50, 20)
    session.image.viewport.zoom_by(3)
    window, zoom = session.image.display.window, session.image.viewport.zoom
    planes.make_active(1)
    answer_all(reader)
    assert (session.image.display.window, session.image.viewport.fits) == (window, True)
    planes.make_active(0)
    answer_all(reader)
    assert session.image.viewport.zoom == zoom


def test_that_a_moving_crosshair_queues_no_reads_and_ends_at_the_last_wish(planes, reader) -> None:
    before = len(reader.sent)
    for column in range(10):
        planes.point_at(0, 2, column)
        assert len(reader.open_jobs) <= 1
    answer_all(reader)
    assert len(reader.sent) - before <= 4
    assert [plane.position.index for plane in planes.planes] == [3, 2, 9]


def test_that_a_double_click_shows_one_plane_alone_and_all_again(planes, reader) -> None:
    planes.toggle_alone(1)
    answer_all(reader)
    assert (planes.is_three, planes.active_axis, planes.cross(1)) == (False, 1, None)
    planes.toggle_alone(1)
    assert (planes.is_three, planes.active_axis) == (True, 1)


def test_that_a_place_outside_is_moved_to_the_edge(planes, reader) -> None:
    planes.point_at(0, -20, 99)
    assert planes.voxel == (3.0, 0.0, 9.0)


def test_that_a_series_without_planes_stays_alone_and_says_why(session, reader) -> None:
    session.planes.show_three(True)
    session.cases.open_paths(["folder/a.nii"])
    reader.answer(Indexed(entries=(entry(no_volume="Its slices have unequal distances."),)))
    answer_all(reader)
    assert (session.planes.is_three, session.planes.volume.views) == (False, None)
    assert session.planes.volume.no_planes == "Its slices have unequal distances."
    session.planes.toggle_alone(1)
    session.planes.make_active(1)
    session.planes.point_at(0, 1, 1)
    assert (session.planes.active_axis, reader.open_jobs) == (0, [])


def test_that_a_plane_that_cannot_be_read_says_why_and_is_asked_for_once(planes, reader) -> None:
    planes.point_at(0, 2, 7)
    reader.fail(Truncated("a.nii ends early."))
    answer_all(reader)
    assert planes.planes[1].problem == "a.nii ends early."
    assert planes.planes[1].image is None
    assert reader.open_jobs == []
    planes.point_at(0, 3, 7)
    answer_all(reader)
    assert (planes.planes[1].problem, planes.planes[1].image is None) == ("", False)
