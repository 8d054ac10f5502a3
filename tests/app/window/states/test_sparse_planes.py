"""Three planes of a stack with missing slices: the crosshair lies on slices that there are."""

import numpy as np
import pytest

from app.window.states.position import SlicePosition
from app.window.states.session import Session
from core.images.planes import plane_views
from core.images.volume import Volume
from core.readers.messages import Indexed
from core.readers.protocol import SparseStack
from tests.app.window.states.test_planes import AFFINE, entry
from tests.cards import make_card
from tests.gui.recorded import RecordedLink, frame_read

# 6 slices are there of 8, 3 mm apart.
THERE = (0, 1, 2, 4, 5, 7)
WHOLE = Volume(np.arange(8 * 80, dtype=np.int16).reshape(8, 8, 10), AFFINE, (3.0, 2.0, 1.0))
VIEWS = plane_views(WHOLE.shape, AFFINE)
REASON = "2 slices of the stack are missing."


def answer_all(reader: RecordedLink) -> None:
    """Slices as the reader process gives them: frames of those that there are, planes of the whole stack."""
    while reader.running_job is not None:
        message = reader.running_job.delivery.request
        is_frame = message.kind == "read"
        axis, index = (0, THERE[message.frame]) if is_frame else (message.axis, message.index)
        reader.answer(*frame_read(WHOLE.slice(VIEWS[axis], index)))


@pytest.fixture
def planes(session, reader):
    sparse = SparseStack(numbers=THERE, affine_lps_mm=tuple(tuple(row) for row in AFFINE.tolist()))
    series = entry(affine_lps_mm=None, no_volume=REASON, sparse=sparse)
    session.cases.open_paths(["folder/a.nii"])
    reader.answer(Indexed(entries=(series,)))
    answer_all(reader)
    session.planes.show_three(True)
    answer_all(reader)
    return session.planes


def test_that_there_are_three_planes_at_the_true_spacing(planes, session) -> None:
    assert (planes.is_three, planes.volume.no_planes) == (True, "")
    assert [view.count for view in planes.volume.views] == [8, 8, 10]
    # The middle slice of those that there are is slice 4 of the whole stack.
    assert (session.shown.current.position, planes.voxel[0]) == (SlicePosition(0, 3), 4.0)
    assert planes.volume.place_mm(planes.voxel)[2] == 40 + 3 * 4


def test_that_scrolling_goes_over_the_slices_that_there_are(planes, session, reader) -> None:
    heights = []
    for index in range(6):
        session.cases.slices.go_to_index(index)
        answer_all(reader)
        heights.append(planes.voxel[0])
        np.testing.assert_array_equal(session.image.image.values, WHOLE.values[THERE[index]])
    assert heights == [float(number) for number in THERE]
    assert session.image.slices == 6


@pytest.mark.parametrize(("number", "nearest"), [(3, (2, 4)), (6, (5, 7)), (4, (4,)), (7, (7,))])
def test_that_a_place_in_a_missing_slice_leads_to_the_nearest_one(
    planes, session, reader, number, nearest
) -> None:
    planes.point_at(1, 7 - number, 2)  # coronal: slice 7 at the top
    answer_all(reader)
    assert planes.voxel[0] in nearest
    assert THERE[session.shown.current.position.index] == planes.voxel[0]
    assert planes.voxel[2] == 2


def test_that_the_slice_beside_another_active_plane_is_one_that_there_is(planes, session, reader) -> None:
    planes.make_active(2)
    answer_all(reader)
    assert (planes.volume.count(0), planes.volume.count(2)) == (6, 10)
    for index in range(-1, 7):
        planes.go_to_index(0, index)
        answer_all(reader)
        shown = min(max(index, 0), 5)
        assert planes.planes[0].position == SlicePosition(0, shown)
        assert planes.volume.index(0, planes.voxel) == shown
        np.testing.assert_array_equal(planes.planes[0].image.values, WHOLE.values[THERE[shown]])


def test_that_missing_slices_are_told_above_the_image_once_all_are_listed(
    worker, reader, preferences
) -> None:
    """While files are still found, slices are missing that come later."""
    lister = RecordedLink()
    session = Session(worker, reader, lister, [make_card()], [], preferences)
    sparse = SparseStack(numbers=THERE, affine_lps_mm=tuple(tuple(row) for row in AFFINE.tolist()))
    series = entry(affine_lps_mm=None, no_volume=REASON, sparse=sparse)
    session.cases.open_paths(["folder"])
    lister.running_job.refined.emit(Indexed(entries=(series,)), [])
    answer_all(reader)
    assert session.image.image is not None
    assert session.notices.notices == ()
    lister.answer(Indexed(entries=(series,)))
    assert [notice.text for notice in session.notices.notices] == [REASON]
    session.cases.slices.go_by(1)
    answer_all(reader)
    assert [notice.text for notice in session.notices.notices] == [REASON]
    session.cases.close_all()
    assert session.notices.notices == ()
