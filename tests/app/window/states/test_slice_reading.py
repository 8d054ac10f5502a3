"""Reading the shown slice: which request is made for which position, and which answer counts."""

from pathlib import Path

import numpy as np
import pytest

from app.window.states.case_list import CaseList
from app.window.states.position import SlicePosition
from app.window.states.slice_reading import SliceReading
from core.errors import Truncated
from core.images.slice import Slice
from tests.gui.recorded import RecordedLink, frame_read, indexed

# 4 volumes of 5 slices with 8 rows and 8 columns.
ENTRY = indexed("a.nii", frames=20, volumes=4).entries[0]
PICTURE = Slice(np.arange(64.0).reshape(8, 8))


@pytest.fixture
def reading(qapp) -> SliceReading:
    cases = CaseList([])
    number = cases.add(ENTRY, Path("folder"))
    reading = SliceReading(RecordedLink(), cases)
    reading.choose(cases[number], ENTRY)
    return reading


def test_that_a_frame_and_its_position_belong_to_each_other() -> None:
    for frame in range(ENTRY.frames):
        assert SlicePosition.of_frame(ENTRY, frame).frame(ENTRY) == frame
    assert SlicePosition.of_frame(ENTRY, 13) == SlicePosition(axis=0, index=3, volume=2)


def test_that_a_position_outside_is_moved_to_the_nearest_slice() -> None:
    assert SlicePosition(0, 7, 9).inside(ENTRY) == SlicePosition(0, 4, 3)
    assert SlicePosition(2, 9, -1).inside(ENTRY) == SlicePosition(2, 7, 0)


def test_that_acquired_slices_are_read_as_frames_and_others_as_planes(reading) -> None:
    link = reading.reader
    assert (link.last.kind, link.last.frame) == ("read", 2)
    link.answer(*frame_read(PICTURE))
    reading.go_to(SlicePosition(0, 1, 3))
    assert (link.last.kind, link.last.frame) == ("read", 16)
    link.answer(*frame_read(PICTURE))
    reading.go_to(SlicePosition(2, 6, 3))
    request = link.last
    assert (request.kind, request.axis, request.index, request.volume) == ("read_plane", 2, 6, 3)


def test_that_a_slice_is_told_with_the_position_it_was_read_for(reading) -> None:
    told = []
    reading.image_read.connect(lambda case, position, image: told.append((case.number, position, image)))
    reading.go_to(SlicePosition(1, 4, 0))
    reading.reader.answer(*frame_read(Slice(np.zeros((8, 8)))))  # of the first wish, withdrawn
    assert (told, reading.reading) == ([], True)
    reading.reader.answer(*frame_read(PICTURE))
    ((number, position, image),) = told
    assert (number, position) == (reading.case.number, SlicePosition(1, 4, 0))
    np.testing.assert_array_equal(image.values, PICTURE.values)
    assert not reading.reading


def test_that_the_same_slice_is_not_read_twice(reading) -> None:
    sent = len(reading.reader.sent)
    reading.go_to(reading.position)
    reading.go_to_index(2)
    assert len(reading.reader.sent) == sent


def test_that_a_plane_that_cannot_be_read_leaves_the_shown_one_to_be_scrolled(reading) -> None:
    link = reading.reader
    link.answer(*frame_read(PICTURE))
    reading.go_to(SlicePosition(1, 4, 0))
    link.fail(Truncated("a.nii is cut off."))
    assert reading.position == SlicePosition(0, 2, 0)
    reading.go_by(1)
    assert (link.last.kind, link.last.frame) == ("read", 3)


def test_that_a_slice_that_cannot_be_read_is_passed_by(reading) -> None:
    link = reading.reader
    link.answer(*frame_read(PICTURE))
    reading.go_by(1)
    link.fail(Truncated("a.nii is cut off."))
    reading.go_by(1)
    assert link.last.frame == 4


def test_that_a_case_that_cannot_be_read_can_be_chosen_again(reading) -> None:
    reading.reader.fail(Truncated("a.nii is cut off."))
    assert reading.chosen is None
