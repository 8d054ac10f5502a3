"""A series of which slices are still being found: what was made of the shown slice stays with that slice."""

import numpy as np
import pytest

from app.window.states.maps import MapState
from app.window.states.session import Session
from app.window.states.tool import Tool
from core.errors import Unreadable
from core.images.slice import Slice, Window
from core.images.windowing import default_window
from core.link import CancelledJob
from core.readers.messages import Indexed
from tests.app.window.states.steps import MAP, PICTURE
from tests.app.window.states.test_studies import entry, refine
from tests.cards import make_card
from tests.gui.recorded import RecordedLink, explained, frame_read, predicted

BEGUN = entry("1", "b.dcm", "c.dcm")
WHOLE = entry("1", "a.dcm", "b.dcm", "c.dcm", "d.dcm", "e.dcm", "f.dcm")
OTHER = Slice(np.ones((8, 8), np.uint8))


@pytest.fixture
def lister(qapp) -> RecordedLink:
    return RecordedLink()


@pytest.fixture
def growing(worker, reader, lister, preferences) -> Session:
    """The last slice of BEGUN is shown and predicted while its folder is still being listed."""
    session = Session(worker, reader, lister, [make_card()], [], preferences)
    session.cases.open_paths(["folder"])
    refine(lister, BEGUN)
    reader.answer(*frame_read(PICTURE))
    worker.answer(predicted())
    return session


def end_listing(session: Session, lister: RecordedLink) -> None:
    """More slices are found, one of them in front of the shown one, then the end."""
    refine(lister, entry("1", "a.dcm", "b.dcm", "c.dcm"))
    lister.answer(Indexed(entries=(WHOLE,)))
    assert (session.image.position.index, session.image.slices) == (2, 6)


def test_that_maps_stay_with_their_slice_when_slices_are_numbered_anew(growing, worker, lister) -> None:
    growing.explain.start(["grad_cam"])
    worker.answer(explained(MAP), [MAP])
    growing.image.set_overlay_on(True)
    overlay = growing.image.overlay
    end_listing(growing, lister)
    assert [map_.method for map_ in growing.maps.finished] == ["grad_cam"]
    assert growing.maps.selected is growing.maps.finished[0]
    assert growing.image.overlay_visible
    assert growing.image.overlay.values is overlay.values


def test_that_a_map_being_computed_goes_on_and_the_prediction_is_not_made_again(
    growing, worker, lister
) -> None:
    growing.explain.start(["grad_cam"])
    sent, record = len(worker.sent), growing.prediction.record
    end_listing(growing, lister)
    assert len(worker.sent) == sent
    assert growing.prediction.record is record
    worker.answer(explained(MAP), [MAP])
    assert [map_.state for map_ in growing.maps.entries] == [MapState.DONE]


def test_that_a_region_and_its_undo_stay_with_their_slice(growing, lister) -> None:
    growing.region.draw_rectangle((1, 1), (3, 3))
    growing.region.draw_rectangle((5, 5), (6, 6))
    mask = growing.region.mask
    end_listing(growing, lister)
    assert growing.region.mask is mask
    growing.undo.undo()
    assert growing.region.mask[1, 1]


def test_that_measurements_stay_with_their_slice(growing, lister) -> None:
    growing.tool.choose(Tool.DISTANCE)
    for point in ((1.0, 1.0), (4.0, 5.0)):
        growing.measurements.begin_point(point)
        growing.measurements.end_point(point)
    measurements = growing.measurements.all
    assert len(measurements) == 1
    end_listing(growing, lister)
    assert growing.measurements.all == measurements


def test_that_what_was_drawn_on_another_slice_comes_back_with_that_slice(
    growing, reader, lister, worker
) -> None:
    growing.region.draw_rectangle((1, 1), (3, 3))
    mask = growing.region.mask
    growing.cases.slices.go_by(-1)
    reader.answer(*frame_read(OTHER))
    lister.answer(Indexed(entries=(WHOLE,)))
    assert (growing.image.position.index, growing.region.mask) == (1, None)
    growing.cases.slices.go_to_index(2)
    reader.answer(*frame_read(PICTURE))
    assert growing.region.mask is mask


def explain(session: Session) -> None:
    session.explain.start(["grad_cam"])


def draw(session: Session) -> None:
    session.region.draw_rectangle((1, 1), (3, 3))


def measure(session: Session) -> None:
    session.tool.choose(Tool.ANGLE)
    session.measurements.begin_point((2.0, 2.0))


@pytest.mark.parametrize("work", [explain, draw, measure])
def test_that_a_slice_that_is_worked_on_stays_when_the_list_is_complete(
    growing, reader, lister, work
) -> None:
    work(growing)
    sent = len(reader.sent)
    end_listing(growing, lister)
    assert growing.cases.slices.position.index == 2
    assert len(reader.sent) == sent


def test_that_a_slice_on_which_nothing_was_done_makes_way_for_the_middle_one(growing, reader, lister) -> None:
    end_listing(growing, lister)
    assert (reader.last.entry, reader.last.frame) == (WHOLE, 3)


@pytest.mark.parametrize("is_windowed", [False, True])
def test_that_the_middle_slice_has_its_window_unless_a_person_has_set_one(
    growing, reader, lister, is_windowed
) -> None:
    """The first one that was found is at the edge of the patient: in its window the others would be white."""
    display, bright = growing.image.display, Slice(1000.0 + np.arange(64.0).reshape(8, 8))
    if is_windowed:
        display.set_window(Window(30.0, 20.0))
    end_listing(growing, lister)
    reader.answer(*frame_read(bright))
    expected = Window(30.0, 20.0) if is_windowed else default_window(bright)
    assert display.window == expected
    if not is_windowed:  # what a person changes now is taken back to the window of the middle slice
        assert growing.undo.labels == ("", "")
        display.set_window(Window(30.0, 20.0))
        growing.undo.undo()
        assert display.window == default_window(bright)
    display.reset()
    assert display.window == (default_window(PICTURE) if is_windowed else default_window(bright))


def test_that_a_scan_ends_with_the_series_that_it_scanned(growing, reader, lister) -> None:
    """Its slices would stand at wrong places under the image, and new ones would be missing."""
    growing.highest_slice.find()
    for _ in range(2):
        reader.fail(Unreadable("No slice of it can be read."))
    assert growing.slice_scan.scan.progress == 1
    lister.answer(Indexed(entries=(WHOLE,)))
    assert growing.slice_scan.scan is None


def test_that_a_scan_under_way_ends_with_the_series_that_it_scans(growing, reader, lister) -> None:
    growing.highest_slice.find()
    lister.answer(Indexed(entries=(WHOLE,)))
    assert (growing.slice_scan.scan, growing.slice_scan.running) == (None, False)


def test_that_a_cancelled_listing_tells_how_many_slices_were_found(growing, lister) -> None:
    refine(lister, entry("1", "a.dcm", "b.dcm", "c.dcm"))
    assert growing.image.slices == 2
    growing.cancel()
    lister.answer(CancelledJob())
    assert (growing.image.position.index, growing.image.slices) == (2, 3)
