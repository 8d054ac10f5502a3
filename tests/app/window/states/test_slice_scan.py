"""A scan of all slices: read one at a time, predicted in the background, and ended with what it is about."""

import numpy as np
import pytest

from app.window.states.slice_scan import SLICES_AT_ONCE, _coarse_to_fine
from core.errors import ModelError, Unreadable
from core.link import CancelledJob
from core.readers.messages import ReadFrame
from core.results.scan import ScannedSlice
from core.worker.messages import ScanDone, ScanRequest
from tests.app.window.states.steps import MAP, PICTURE, kinds, open_file
from tests.gui.recorded import CLASSES, explained, frame_read, predicted

COUNT = 12


@pytest.fixture
def scanned(session, reader, worker):
    """A series of COUNT slices whose middle slice is shown and predicted."""
    open_file(session, reader, frames=COUNT)
    worker.answer(predicted(0.1, 0.8, 0.1))
    session.highest_slice.find()
    return session.slice_scan


def answer_slice(reader, image=PICTURE):
    frame = reader.last.frame
    reader.answer(*frame_read(image))
    return frame


def answer_scan(worker, value_of, indices, misfits=()):
    slices = []
    for index in indices:
        value = value_of(index)
        probabilities = dict(zip(CLASSES, ((1 - value) / 2, value, (1 - value) / 2), strict=True))
        slices.append(ScannedSlice(probabilities=probabilities, fits=index not in misfits))
    worker.answer(ScanDone(slices=tuple(slices)))


def run_to_end(reader, worker, value_of, misfits=()):
    order = []
    while not (reader.running_job is None and worker.running_job is None):
        if reader.running_job is not None and len(order) < COUNT:
            order.append(answer_slice(reader))
        elif isinstance(worker.last, ScanRequest) and worker.running_job is not None:
            count = len(worker.last.images)
            answer_scan(worker, value_of, order[answered(worker) : answered(worker) + count], misfits)
        else:
            break
    return order


def answered(worker):
    """How many slices were in scans before the last one."""
    return sum(len(message.images) for message, _ in worker.sent[:-1] if isinstance(message, ScanRequest))


def test_that_every_index_comes_once_and_the_whole_range_is_seen_early():
    order = _coarse_to_fine(100)
    assert sorted(order) == list(range(100))
    assert order[:7] == [0, 16, 32, 48, 64, 80, 96]


def test_that_all_slices_are_scanned_and_the_highest_is_shown(scanned, session, reader, worker):
    order = run_to_end(reader, worker, lambda index: 0.2 + 0.05 * index)
    assert sorted(order) == list(range(COUNT))
    assert not scanned.running
    assert scanned.scan.values == pytest.approx([0.2 + 0.05 * index for index in range(COUNT)])
    assert (scanned.scan.best, scanned.scan.progress) == (COUNT - 1, 1.0)
    assert isinstance(reader.last, ReadFrame)
    assert session.cases.slices.position.index == COUNT - 1


def test_that_the_highest_of_the_slices_that_fit_is_known_too(scanned, session, reader, worker):
    run_to_end(reader, worker, lambda index: 0.2 + 0.05 * index, misfits={10, 11})
    assert (scanned.scan.best, scanned.scan.best_fitting) == (11, 9)
    assert scanned.scan.misfits == {10, 11}
    assert session.cases.slices.position.index == 11


def test_that_a_volume_without_any_usable_slice_is_told_so(scanned, session, reader, worker):
    before = session.cases.slices.position
    for size in (SLICES_AT_ONCE, COUNT - SLICES_AT_ONCE):
        for _ in range(size):
            answer_slice(reader)
    for size in (SLICES_AT_ONCE, COUNT - SLICES_AT_ONCE):
        worker.answer(ScanDone(slices=(ScannedSlice(fits=False),) * size))
    assert session.cases.slices.position == before
    assert any("No slice of this volume" in notice.text for notice in session.notices.notices)


def test_that_one_slice_is_read_at_a_time_and_a_batch_sent_at_once(scanned, reader, worker):
    for number in range(SLICES_AT_ONCE):
        assert len(reader.open_jobs) == 1, number
        assert "scan" not in kinds(worker)
        answer_slice(reader)
    assert len(worker.last.images) == SLICES_AT_ONCE
    assert len(worker.sent[-1][1]) == SLICES_AT_ONCE
    assert reader.running_job is not None  # it reads on meanwhile


def test_that_a_scan_makes_way_for_a_map_and_goes_on_after_it(scanned, session, reader, worker):
    for _ in range(SLICES_AT_ONCE):
        answer_slice(reader)
    session.explain.start(["grad_cam"])
    assert kinds(worker)[-1] == "cancel"
    worker.answer(CancelledJob())
    assert kinds(worker)[-1] == "explain"
    assert scanned.running
    worker.answer(explained(MAP), [MAP])
    session.background.run_next()
    assert len(worker.last.images) == SLICES_AT_ONCE


def test_that_cancel_ends_it_and_keeps_what_is_known(scanned, session, reader, worker):
    order = [answer_slice(reader) for _ in range(SLICES_AT_ONCE)]
    answer_scan(worker, lambda index: 0.5, order)
    assert session.busy
    session.cancel()
    assert not scanned.running
    assert set(scanned.scan.scanned) == set(order)
    sent = len(worker.sent)
    reader.answer(*frame_read(PICTURE))  # too late
    assert len(worker.sent) == sent


def test_that_another_model_or_case_ends_it_and_another_slice_does_not(scanned, session, reader, worker):
    answer_slice(reader)
    session.cases.slices.go_to_index(2)
    answer_slice(reader)  # of the scan, which was read already
    reader.answer(*frame_read(PICTURE))
    assert session.shown.current.position.index == 2
    assert scanned.running
    session.prediction.choose("other")
    assert (scanned.running, scanned.scan) == (False, None)


def test_that_a_slice_that_cannot_be_read_is_a_gap(scanned, reader, worker):
    reader.fail(Unreadable("The file ends early."))
    order = [answer_slice(reader) for _ in range(COUNT - 1)]
    assert 0 not in order
    answer_scan(worker, lambda index: 0.5, order[:SLICES_AT_ONCE])
    answer_scan(worker, lambda index: 0.5, order[SLICES_AT_ONCE:])
    assert not scanned.running
    assert [index for index, value in enumerate(scanned.scan.values) if value is None] == [0]


def test_that_a_failure_of_the_model_is_told(scanned, session, reader, worker):
    for _ in range(SLICES_AT_ONCE):
        answer_slice(reader)
    worker.fail(ModelError("The model answers with values that are not finite."))
    assert not scanned.running
    assert any("not finite" in notice.text for notice in session.notices.notices)


def test_that_another_class_of_a_scanned_volume_needs_no_new_scan(scanned, session, reader, worker):
    run_to_end(reader, worker, lambda index: 0.2 + 0.05 * index)
    sent = kinds(worker).count("scan")
    scanned.start("glioma")
    assert kinds(worker).count("scan") == sent
    assert scanned.scan.best == 0
    assert np.isfinite(scanned.scan.values).all()


def test_that_a_single_slice_is_not_scanned(session, reader, worker):
    open_file(session, reader)
    worker.answer(predicted())
    session.highest_slice.find()
    assert session.slice_scan.scan is None
    assert reader.running_job is None
