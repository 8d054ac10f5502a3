"""An answer that comes after something newer was asked for changes nothing, in whichever state it ends up."""

from pathlib import Path

import numpy as np
import pytest

from app.window.states.notices import Weight
from app.window.states.planes import PlaneReader, PlaneState
from app.window.states.position import SlicePosition
from app.window.states.session import Session
from core.errors import Cancelled, Truncated
from core.images.mask import Mask, MaskLabel
from core.images.slice import Slice
from core.link import CancelledJob
from core.readers.header_tags import Tag
from core.readers.messages import Indexed, MaskAreas, MaskRead, TagsRead
from tests.app.window.states.steps import MAP, PICTURE, SAMPLE, open_and_predict, open_file
from tests.app.window.states.test_planes import VIEWS, VOLUME, answer_all
from tests.app.window.states.test_planes import entry as volume_entry
from tests.app.window.states.test_studies import entry, refine
from tests.cards import make_card
from tests.gui.recorded import RecordedLink, explained, frame_read, indexed, predicted

SIDE, COUNT = 8, 7
FIRST, SECOND = np.zeros((SIDE, SIDE)), np.zeros((SIDE, SIDE))
FIRST[0, :2], SECOND[5:, 5:] = 1, 1
REGIONS = {"first.nii": FIRST, "second.nii": SECOND}
LABELS = (MaskLabel(value=1.0), MaskLabel(value=2.0))


@pytest.fixture
def volume(session, reader) -> Session:
    open_file(session, reader, frames=COUNT)
    return session


def answer_mask(reader: RecordedLink) -> None:
    """The answer to the running request about one of REGIONS, whose pixels have two labels."""
    request = reader.running_job.delivery.request
    if request.kind == "index":
        reader.answer(indexed(request.path.name, frames=COUNT))
        return
    region = REGIONS[request.entry.path.name]
    reader.answer(*MaskRead.of(Mask(region > 0, labels=LABELS)))


def answer_masks(reader: RecordedLink) -> None:
    while reader.running_job is not None:
        if reader.running_job.delivery.request.kind == "read":
            reader.answer(*frame_read(PICTURE))
        else:
            answer_mask(reader)


def open_masks(session: Session, reader: RecordedLink, answered: int) -> None:
    """Open the first mask and, after so many answers about it, the second one."""
    session.region.open_mask(Path("folder/first.nii"))
    for _ in range(answered):
        answer_mask(reader)
    session.region.open_mask(Path("folder/second.nii"))


@pytest.mark.parametrize("answered", [0, 1])
def test_that_of_two_masks_opened_quickly_the_second_is_the_region(volume, reader, answered) -> None:
    open_masks(volume, reader, answered)
    answer_masks(reader)
    np.testing.assert_array_equal(volume.region.mask, SECOND > 0)
    assert volume.region.reference.current.entry.path.name == "second.nii"
    assert not volume.undo.can_undo  # the first one never was a region


@pytest.mark.parametrize("answered", [0, 1])
def test_that_the_second_mask_is_that_of_the_slices_shown_later(volume, reader, answered) -> None:
    open_masks(volume, reader, answered)
    volume.cases.slices.go_to_index(0)
    answer_masks(reader)
    np.testing.assert_array_equal(volume.region.mask, SECOND > 0)


@pytest.mark.parametrize("answered", [0, 1])
def test_that_the_mask_that_holds_stays_where_the_next_one_cannot_be_read(volume, reader, answered) -> None:
    volume.region.open_mask(Path("folder/first.nii"))
    answer_masks(reader)
    volume.region.open_mask(Path("folder/second.nii"))
    for _ in range(answered):
        answer_mask(reader)
    volume.cases.slices.go_to_index(0)
    while reader.running_job is not None:
        request = reader.running_job.delivery.request
        path = request.path if request.kind == "index" else request.entry.path
        if path.name == "second.nii":
            reader.fail(Truncated("second.nii ends early."))
        elif request.kind == "read":
            reader.answer(*frame_read(Slice(PICTURE.values + 1)))
        else:
            answer_mask(reader)
    errors = [n.text for n in volume.notices.notices if n.weight is Weight.ERROR]
    assert errors == ["second.nii ends early."]
    np.testing.assert_array_equal(volume.region.mask, FIRST > 0)


@pytest.mark.parametrize("answered", [0, 1])
def test_that_labels_chosen_after_a_mask_was_opened_count_and_the_mask_does_not(
    volume, reader, answered
) -> None:
    volume.region.open_mask(Path("folder/first.nii"))
    answer_masks(reader)
    volume.region.open_mask(Path("folder/second.nii"))
    for _ in range(answered):
        answer_mask(reader)
    volume.region.reference.choose((2.0,))
    answer_masks(reader)
    assert volume.region.reference.current.entry.path.name == "first.nii"
    assert volume.region.reference.chosen == (2.0,)
    volume.cases.slices.go_to_index(0)
    reader.answer(*frame_read(Slice(PICTURE.values + 1)))
    assert reader.last.kind == "read_mask"  # nothing stands in the way of the next slice


@pytest.mark.parametrize("answered", [0, 1])
def test_that_a_mask_of_a_closed_case_is_not_waited_for(volume, reader, answered) -> None:
    volume.region.open_mask(Path("folder/first.nii"))
    for _ in range(answered):
        answer_mask(reader)
    volume.cases.close_all()
    assert [job.delivery.request.kind for job in reader.open_jobs if not job.is_ending] in (
        ["index", "close_series"],
        ["read_mask", "close_series"],
    )
    reader.running_job.fail(Cancelled())
    assert volume.region.reference.current is None


def open_reference(session: Session, reader: RecordedLink) -> None:
    session.region.open_mask(Path("folder/first.nii"))
    answer_masks(reader)


def open_other(session: Session) -> None:
    session.region.open_mask(Path("folder/second.nii"))


def choose_label(session: Session) -> None:
    session.region.reference.choose((2.0,))


@pytest.mark.parametrize("change", [open_other, choose_label])
def test_that_areas_of_another_region_lead_to_no_slice(volume, reader, change) -> None:
    open_reference(volume, reader)
    volume.largest_region.find()
    measuring = reader.running_job
    change(volume)
    while reader.running_job is not None:
        if reader.running_job is measuring and change is choose_label:
            reader.answer(MaskAreas(areas=(9, 0, 0, 0, 0, 0, 0)))
        elif reader.running_job is measuring:
            # It is answered once the other mask is the region.
            reader.running_job = None
            reader._advance()
            answer_masks(reader)
            reader.running_job = measuring
            reader.answer(MaskAreas(areas=(9, 0, 0, 0, 0, 0, 0)))
        else:
            answer_mask(reader)
    assert volume.cases.slices.position.index == COUNT // 2
    assert not volume.largest_region.running


@pytest.fixture
def two_readers(worker, reader, preferences) -> tuple[Session, RecordedLink]:
    lister = RecordedLink()
    return Session(worker, reader, lister, [make_card()], [SAMPLE], preferences), lister


def test_that_a_folder_does_not_take_the_place_of_what_was_chosen_since(worker, reader, preferences) -> None:
    lister = RecordedLink()
    session = Session(worker, reader, lister, [make_card()], [], preferences)
    session.cases.open_paths(["folder/a.dcm"])
    lister.answer(Indexed(entries=(entry("1"),)))
    reader.answer(*frame_read(PICTURE))
    (number,) = [case.number for case in session.cases.list.opened]
    session.cases.open_paths(["other"])
    session.cases.choose(number)
    refine(lister, entry("2"))
    lister.answer(Indexed(entries=(entry("2"),)))
    assert session.cases.slices.chosen == number
    assert len(session.cases.list.opened) == 2


def test_that_a_sample_that_is_looked_into_late_does_not_take_the_place_of_a_case(
    two_readers, reader
) -> None:
    session, lister = two_readers
    session.cases.open_paths(["folder/a.dcm"])
    lister.answer(Indexed(entries=(entry("1"),)))
    (number,) = [case.number for case in session.cases.list.opened]
    session.open_sample()
    session.cases.choose(number)
    while lister.running_job is not None:
        request = lister.running_job.delivery.request
        lister.answer(indexed("one.png") if request.kind == "index" else CancelledJob())
    assert session.cases.slices.chosen == number
    session.open_sample()
    assert session.cases.slices.chosen != number


def test_that_of_two_folders_opened_quickly_the_first_series_of_the_second_is_shown(
    two_readers, reader
) -> None:
    session, lister = two_readers
    session.cases.open_paths(["folder"])
    session.cases.open_paths(["other"])
    lister.answer(Indexed(entries=(entry("1"),)))
    lister.answer(Indexed(entries=(entry("2"),)))
    assert session.cases.slices.case.entry == entry("2")


def test_that_side_planes_of_a_file_opened_again_are_read_again(session, reader) -> None:
    """Its header is equal, its values may be others; a slice of the old file that comes late is not shown."""
    session.cases.open_paths(["folder/a.nii"])
    reader.answer(Indexed(entries=(volume_entry(),)))
    answer_all(reader)
    session.planes.show_three(True)
    answer_all(reader)
    old = session.planes.planes[1].image
    session.cases.open_paths(["folder/a.nii"])
    reader.answer(Indexed(entries=(volume_entry(),)))
    answer_all(reader)
    assert session.planes.planes[1].image is not None
    assert session.planes.planes[1].image is not old
    assert session.planes.voxel == (3.0, 3.5, 4.5)


def test_that_a_plane_of_a_closed_series_that_comes_late_is_not_shown_in_its_next_opening(reader) -> None:
    planes, plane = PlaneReader(reader), PlaneState(1)
    wish = SlicePosition(1, 3)
    planes.request(volume_entry(), [(plane, wish)])
    planes.withdraw()
    planes.request(volume_entry(), [(plane, wish)])
    reader.answer(*frame_read(VOLUME.slice(VIEWS[1], 2)))
    assert plane.image is None
    reader.answer(*frame_read(VOLUME.slice(VIEWS[1], 3)))
    np.testing.assert_array_equal(plane.image.values, VOLUME.slice(VIEWS[1], 3).values)


def test_that_a_plane_whose_reading_was_cancelled_is_read_when_it_is_wanted_again(reader) -> None:
    planes, plane, series = PlaneReader(reader), PlaneState(1), volume_entry()
    planes.request(series, [(plane, SlicePosition(1, 3))])
    reader.answer(CancelledJob())
    assert (plane.image, plane.position) == (None, None)
    planes.request(series, [(plane, SlicePosition(1, 3))])
    reader.answer(*frame_read(VOLUME.slice(VIEWS[1], 3)))
    assert plane.image is not None


def test_that_a_header_whose_reading_was_cancelled_is_read_when_it_is_wanted_again(volume, reader) -> None:
    volume.tags.open()
    reader.answer(CancelledJob())
    assert not volume.tags.reading
    volume.tags.open()
    tag = Tag(level=0, tag="(0028,0010)", vr="US", name="Rows", value="8")
    reader.answer(TagsRead(tags=(tag,)))
    assert volume.tags.tags == (tag,)


def test_that_an_error_of_curves_of_another_slice_is_not_told_beside_this_one(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    session.explain.start(["grad_cam"])
    worker.answer(explained(MAP), [MAP])
    session.curves.start()
    assert session.curves.running
    session.cases.open_paths(["folder/b.png"])
    while reader.running_job is not None:
        is_listing = reader.running_job.delivery.request.kind == "index"
        reader.answer(*((indexed("b.png"),) if is_listing else frame_read(Slice(PICTURE.values + 1))))
    worker.fail(Truncated("The curves of the other slice failed."))
    assert session.curves.error is None
    worker.answer(predicted())
    assert session.curves.error is None
