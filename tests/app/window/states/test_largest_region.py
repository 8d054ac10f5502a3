"""Going to the slice with the largest region: of a reference, of what was drawn, and of both."""

import numpy as np
import pytest

from app.window.states.activity import activity_of
from app.window.states.position import SlicePosition
from app.window.states.session import Session
from core.errors import Unreadable
from core.images.slice import Slice
from core.readers.messages import MaskAreas
from tests.app.window.states.steps import PICTURE, open_file
from tests.gui.recorded import frame_read, indexed, mask_read

COUNT = 7
SIDE = 8


@pytest.fixture
def volume(session, reader) -> Session:
    """A series of COUNT slices whose middle slice, 3, is shown."""
    open_file(session, reader, frames=COUNT)
    return session


def open_reference(session: Session, reader) -> None:
    """A mask that marks something in the shown slice."""
    session.region.open_mask("folder/mask.nii")
    reader.answer(indexed("mask.nii", frames=COUNT))
    reader.answer(*mask_read(np.eye(SIDE)))


def show(session: Session, reader, index: int) -> None:
    session.cases.slices.go_to_index(index)
    reader.answer(*frame_read(Slice(PICTURE.values + index)))


def test_that_all_slices_are_measured_by_one_request_and_the_largest_is_shown(volume, reader) -> None:
    open_reference(volume, reader)
    sent = len(reader.sent)
    volume.largest_region.find()
    assert volume.busy
    assert activity_of(volume)[0] == "Measuring the region in every slice…"
    request = reader.last
    assert (request.kind, request.axis, request.volume, request.labels) == ("read_mask_areas", 0, 0, ())
    assert request.image == volume.shown.current.case.entry
    reader.answer(MaskAreas(areas=(0, 3, 9, 8, 9, 0, 0)))
    assert [message.kind for message, _ in reader.sent[sent:]] == ["read_mask_areas", "read"]
    assert volume.cases.slices.position == SlicePosition(0, 2)
    assert not volume.largest_region.running


def test_that_only_the_chosen_labels_are_measured(volume, reader) -> None:
    open_reference(volume, reader)
    volume.region.reference.choose((2.0,))
    reader.answer(*mask_read(np.eye(SIDE)))
    volume.largest_region.find()
    assert reader.last.labels == (2.0,)


def test_that_a_drawn_region_counts_where_it_is_and_a_removed_one_as_nothing(volume, reader) -> None:
    open_reference(volume, reader)
    volume.region.clear()
    show(volume, reader, 5)
    reader.answer(*mask_read(np.zeros((SIDE, SIDE))))
    volume.region.draw_rectangle((0, 0), (3, 3))
    show(volume, reader, 0)
    reader.answer(*mask_read(np.zeros((SIDE, SIDE))))
    volume.largest_region.find()
    reader.answer(MaskAreas(areas=(0, 3, 9, 50, 9, 0, 0)))
    assert volume.cases.slices.position == SlicePosition(0, 5)


def test_that_regions_drawn_on_several_slices_are_compared_without_a_reference(volume, reader) -> None:
    for index, last in ((1, 2), (4, 5), (5, 3)):
        show(volume, reader, index)
        volume.region.draw_rectangle((0, 0), (last, last))
    sent = len(reader.sent)
    volume.largest_region.find()
    assert volume.cases.slices.position == SlicePosition(0, 4)
    assert [message.kind for message, _ in reader.sent[sent:]] == ["read"]


def test_that_a_region_that_was_undone_does_not_count(volume, reader) -> None:
    for index, last in ((1, 2), (4, 5)):
        show(volume, reader, index)
        volume.region.draw_rectangle((0, 0), (last, last))
    volume.undo.undo()
    volume.largest_region.find()
    assert volume.cases.slices.position == SlicePosition(0, 1)


def test_that_a_volume_without_any_region_is_told_so_in_one_sentence(volume, reader) -> None:
    volume.largest_region.find()
    (notice,) = volume.notices.notices
    assert notice.text == "No slice across this axis has a region."
    open_reference(volume, reader)
    volume.region.clear()
    volume.largest_region.find()
    assert volume.notices.notices == ()
    reader.answer(MaskAreas(areas=(0,) * COUNT))
    assert [notice.text for notice in volume.notices.notices] == ["No slice across this axis has a region."]
    assert volume.cases.slices.position.index == 3


def test_that_a_reference_that_does_not_fit_is_told(volume, reader) -> None:
    open_reference(volume, reader)
    volume.largest_region.find()
    reader.fail(Unreadable("mask.nii is missing.", "Open it again."))
    assert [notice.text for notice in volume.notices.notices] == ["mask.nii is missing."]
    assert not volume.busy


def test_that_another_case_or_cancel_ends_it_and_another_slice_does_not(volume, reader) -> None:
    open_reference(volume, reader)
    volume.largest_region.find()
    volume.cases.slices.go_to_index(0)
    reader.answer(MaskAreas(areas=(0, 0, 0, 0, 0, 0, 9)))
    assert volume.cases.slices.position.index == 6
    while reader.running_job is not None:
        reader.answer(*(frame_read(PICTURE) if reader.last.kind == "read" else mask_read(np.eye(SIDE))))
    volume.largest_region.find()
    volume.cancel()
    reader.answer(MaskAreas(areas=(9, 0, 0, 0, 0, 0, 0)))
    assert volume.cases.slices.position.index == 6
    volume.largest_region.find()
    volume.cases.close_all()
    assert not volume.largest_region.running
