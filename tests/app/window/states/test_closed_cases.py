"""A closed case leaves with all that belongs to it, and nothing can be done with it any more."""

import gc
import weakref
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent

from app.window.states.check_results import CheckPhase
from app.window.states.maps import MapEntry
from app.window.states.prediction import Phase
from app.window.states.session import Session
from app.window.states.slice_scan import SliceScan
from core.images.slice import Slice
from core.link import CancelledJob, Message
from core.readers.messages import SeriesClosed
from core.worker.messages import CheckDone, CurvesDone, CurvesRequest, ExplainRequest, RevealDone
from tests.app.window.states.test_checks import WEIGHTS, finding
from tests.app.window.states.test_curves import curve_set
from tests.app.window.states.test_reveal import PICTURES, PLACES, with_glimpses
from tests.gui.recorded import RecordedLink, explained, frame_read, indexed, mask_read, predicted

FRAMES = 5


def open_case(session: Session, reader: RecordedLink, name: str = "a.nii") -> int:
    session.cases.open_paths([f"folder/{name}"])
    reader.answer(indexed(name, frames=FRAMES))
    reader.answer(*frame_read(Slice(np.arange(64.0).reshape(8, 8))))
    return session.cases.slices.chosen


def answers(worker: RecordedLink) -> None:
    """What the model says of the shown slice; withdrawn requests end."""
    while worker.running_job is not None:
        worker.answer(CancelledJob() if worker.running_job.is_ending else predicted())


def work_on(session: Session, reader: RecordedLink, worker: RecordedLink) -> MapEntry:
    """A prediction, a map with curves, their pictures and a check, a region, a reference, measurements."""
    answers(worker)
    values = np.linspace(0, 1, 32 * 32, dtype=np.float32).reshape(32, 32)
    session.explain.start(["grad_cam"])
    worker.answer(explained(values), [values])
    (entry,) = session.maps.finished
    session.show_map(entry.number)
    session.checks.start(entry.number, WEIGHTS)
    worker.answer(CheckDone(finding=finding(WEIGHTS, "yes")))
    session.reveal.set_active(True)
    session.curves.start()
    worker.answer(CurvesDone(curves=with_glimpses(), seconds=1.0))
    worker.answer(RevealDone(x=PLACES), [PICTURES.copy()])
    session.region.open_mask(Path("folder/mask.png"))
    reader.answer(indexed("mask.png", frames=FRAMES))
    reader.answer(*mask_read(np.eye(8)))
    session.region.draw_rectangle((1, 1), (3, 3))
    session.checks.offers.obstacle(entry, "iou")
    session.image.set_cursor((2.0, 2.0))
    return entry


def arrays_of(session: Session) -> dict[str, "weakref.ref[np.ndarray]"]:
    """Weak references to what was computed of the shown slice, none of which keeps it alive."""
    entry, reveal = session.maps.finished[0], session.reveal.strip
    arrays = {
        "image": session.image.image.values,
        "map": entry.values,
        "region": session.region.mask,
        "reference": session.region.reference.current.regions[0].mask,
        "pictures": reveal.pictures,
    }
    return {name: weakref.ref(array) for name, array in arrays.items()}


def forget_requests(*links: RecordedLink) -> None:
    """The recorded links keep what was sent; processes do not."""
    for link in links:
        link.sent.clear()
        link.last_delivery = None


def test_that_nothing_computed_of_a_closed_case_stays_in_memory(session, reader, worker, qapp) -> None:
    number = open_case(session, reader)
    work_on(session, reader, worker)
    arrays = arrays_of(session)
    session.cases.close([number])
    answers(worker)
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # jobs that ended
    forget_requests(worker, reader)
    gc.collect()
    assert [name for name, array in arrays.items() if array() is not None] == []


def test_that_the_stores_hold_nothing_of_a_closed_case(session, reader, worker) -> None:
    number = open_case(session, reader)
    entry = work_on(session, reader, worker)
    key, slice_key = session.maps.key, session.shown.current.slice_key
    assert session.undo.can_undo
    session.cases.close([number])
    assert (session.maps._maps, session.maps._chosen) == ({}, {})
    assert session.checks.check(entry.number, WEIGHTS).state is CheckPhase.OPEN
    assert session.checks.results._results == {}
    store = session.curves.store
    assert (store._drawn, store._failures) == ({}, {})
    assert session.curves.curves is None
    assert (session.reveal.pictures._pictures, session.reveal.strip.pictures) == ({}, None)
    assert slice_key not in session.region.histories
    assert session.region.reference._references == {}
    assert session.region.mask is None
    assert session.measurements.all == ()
    assert (session.prediction.phase, session.prediction.record) == (Phase.EMPTY, None)
    assert session.evidence.shown == ()
    assert (session.undo._done, session.undo._undone) == ([], [])
    assert (session.image.image, session.image.overlay, session.image.readout) == (None, None, "")
    assert session.image.viewport.image is None
    assert session.planes.volume.entry is None
    assert session.studies.nodes == ()
    assert key.case == number


def test_that_the_other_case_keeps_its_own(session, reader, worker) -> None:
    first = open_case(session, reader)
    entry = work_on(session, reader, worker)
    second = open_case(session, reader, "b.nii")
    answers(worker)
    session.cases.close([second])
    session.cases.choose(first)
    while reader.last.kind != "read":
        reader.answer(SeriesClosed(kept_bytes=0))
    reader.answer(*frame_read(Slice(np.arange(64.0).reshape(8, 8))))
    assert session.maps.finished == (entry,)
    assert session.checks.check(entry.number, WEIGHTS).state is CheckPhase.DONE
    assert session.region.mask is not None


@pytest.mark.parametrize("kind", ["explain", "curves", "check", "predict"])
def test_that_an_answer_that_comes_after_the_case_was_closed_is_dropped(
    session, reader, worker, kind
) -> None:
    """A job that is about to end when it is cancelled still answers."""
    number = open_case(session, reader)
    values = np.linspace(0, 1, 32 * 32, dtype=np.float32).reshape(32, 32)
    late: tuple[Message, list[np.ndarray]] = predicted(), []
    if kind != "predict":
        worker.answer(predicted())
        session.explain.start(["grad_cam"])
        late = explained(values), [values]
    if kind in ("curves", "check"):
        worker.answer(*late)
        if kind == "curves":
            session.curves.start()
            late = CurvesDone(curves=curve_set(), seconds=1.0), []
        else:
            session.checks.start(session.maps.finished[0].number, WEIGHTS)
            late = CheckDone(finding=finding(WEIGHTS, "yes")), []
    session.cases.close([number])
    worker.answer(*late)
    assert (session.maps._maps, session.maps._chosen, session.checks.results._results) == ({}, {}, {})
    assert (session.curves.store._drawn, session.curves.store._failures) == ({}, {})
    assert session.prediction.record is None
    assert worker.running_job is None


def test_that_a_closed_case_can_not_be_explained(session, reader, worker) -> None:
    number = open_case(session, reader)
    answers(worker)
    assert session.explain.can_explain
    session.cases.close([number])
    sent = len(worker.sent)
    assert not session.explain.can_explain
    assert session.explain.targets == ()
    session.start_explaining()
    session.explain.start(["grad_cam"])
    session.curves.start()
    session.checks.start(1, WEIGHTS)
    session.highest_slice.find()
    session.largest_region.find()
    assert len(worker.sent) == sent
    assert not any(isinstance(message, ExplainRequest | CurvesRequest) for message, _ in worker.sent)
    assert not session.busy


def test_that_what_is_asked_of_a_closed_case_ends(session, reader, worker) -> None:
    number = open_case(session, reader)
    answers(worker)
    session.highest_slice.find()
    assert isinstance(session.slice_scan.scan, SliceScan)
    session.cine.toggle()
    session.tags.open()
    session.cases.close([number])
    assert (session.slice_scan.scan, session.cine.is_running, session.tags.tags) == (None, False, ())
    while reader.running_job is not None:
        assert reader.last.kind != "read_plane"
        reader.answer(*frame_read(Slice(np.ones((8, 8)))))
    assert session.image.image is None


def test_that_notices_about_a_closed_case_leave_with_it(session, reader, worker) -> None:
    number = open_case(session, reader)
    answers(worker)
    session.largest_region.find()
    session.region.open_mask(Path("folder/mask.png"))
    reader.answer(indexed("mask.png", frames=3))
    reader.answer(*mask_read(np.eye(3)))
    assert len(session.notices.notices) == 2
    session.cases.close([number])
    assert session.notices.notices == ()
