"""The steps of a session, with recorded links: open, predict, explain, lose a process and continue."""

import numpy as np
import pytest

from app.window.links import LinkState
from app.window.states.maps import MapState
from app.window.states.notices import Weight
from app.window.states.prediction import Phase
from core.errors import Cancelled, NotFinite, UnsupportedComputer, WorkerLost
from core.images.slice import Slice
from core.link import CancelledJob
from core.models.device import ComputingDevice
from tests.app.window.states.steps import (
    MAP,
    PICTURE,
    answer_control_maps,
    kinds,
    open_and_predict,
    open_file,
)
from tests.gui.recorded import explained, frame_read, indexed, predicted


def test_that_an_opened_file_is_shown_and_predicted_and_nothing_more(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    assert session.image.image.values.tolist() == PICTURE.values.tolist()
    assert session.prediction.phase is Phase.DONE
    assert kinds(worker) == ["predict"]
    assert (session.image.overlay_on, session.maps.entries) == (False, ())


def test_that_a_sample_is_predicted_then_explained_and_shown_with_its_overlay(
    with_sample, reader, worker
) -> None:
    with_sample.open_sample()
    reader.answer(indexed("one.png"))
    reader.answer(*frame_read(PICTURE))
    assert kinds(worker) == ["predict"]
    worker.answer(predicted())
    answer_control_maps(worker)
    assert kinds(worker) == ["predict", *["explain"] * 3]
    assert (worker.last.method, worker.last.target.class_name) == ("grad_cam", "meningioma")
    worker.answer(explained(MAP), [MAP])
    assert with_sample.image.overlay_visible
    assert with_sample.image.overlay.values is MAP


def test_that_rows_fall_and_the_standing_sentence_names_every_class(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    rows = session.prediction.summary.rows
    assert [(row.name, row.probability, row.top) for row in rows] == [
        ("meningioma", 0.7, True),
        ("glioma", 0.2, False),
        ("pituitary", 0.1, False),
    ]
    assert "glioma, meningioma and pituitary" in session.prediction.standing
    assert "“something else”" in session.prediction.standing


@pytest.mark.parametrize(
    ("calibrated", "word"), [(True, "was not measured on test images"), (False, "uncalibrated")]
)
def test_that_the_prediction_states_whether_probabilities_are_calibrated(
    session, reader, worker, calibrated, word
) -> None:
    open_file(session, reader)
    worker.answer(predicted(calibrated=calibrated))
    assert word in session.prediction.summary.calibration


def test_that_a_misfit_is_warned_of_before_any_explanation(session, reader, worker) -> None:
    open_file(session, reader, Slice(np.ones((8, 8), np.uint8), modality="CT"))
    assert not session.explain.can_explain
    worker.answer(predicted(misfits=("Made for MR; this one is CT.", "One value everywhere.")))
    warnings = [n.text for n in session.notices.notices if n.weight is Weight.WARNING]
    assert warnings == ["Made for MR; this one is CT.", "One value everywhere."]
    assert not session.prediction.summary.fits
    assert session.explain.can_explain


def test_that_calibration_is_withdrawn_where_the_image_does_not_fit(session, reader, worker) -> None:
    open_file(session, reader)
    worker.answer(predicted(calibrated=True, misfits=("Unlike the training images.",)))
    assert session.prediction.summary.calibration == ""


def test_that_what_the_reader_decided_is_noted_above_the_image(session, reader, worker) -> None:
    open_file(session, reader, Slice(np.eye(8), notes=("the slope is unreadable", "2 frames more")))
    notes = [n.text for n in session.notices.notices if n.weight is Weight.NOTE]
    assert notes == ["Note on this file: the slope is unreadable; 2 frames more."]
    session.notices.dismiss(session.notices.notices[0])
    session.prediction.choose("other")
    assert session.notices.notices == ()  # it was dismissed, and the slice is the same
    open_file(session, reader, Slice(np.eye(8), notes=("the slope is unreadable",)))
    open_file(session, reader, Slice(np.eye(8)))
    assert [n for n in session.notices.notices if n.weight is Weight.NOTE] == []


def test_that_another_model_predicts_the_same_image_again(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    assert session.prediction.choose("other")
    assert worker.last.model == "other"
    assert session.prediction.summary is None
    assert not session.prediction.choose("nowhere")


def test_that_an_image_the_model_refuses_is_reported_beside_the_prediction(session, reader, worker) -> None:
    open_file(session, reader)
    worker.fail(NotFinite("The image holds 3 values that are not finite numbers.", "Repair it."))
    assert session.prediction.phase is Phase.FAILED
    assert "3 values" in str(session.prediction.error)
    assert not session.explain.can_explain


def test_that_images_can_be_viewed_where_the_model_engine_cannot_run(session, reader, worker) -> None:
    worker.refuse(UnsupportedComputer("This processor has no AVX.", "View images."))
    open_file(session, reader)
    assert worker.last.kind == "predict"  # answered with the reason, not left waiting
    worker.fail(UnsupportedComputer("This processor has no AVX.", "View images."))
    assert session.image.image.values.tolist() == PICTURE.values.tolist()
    assert str(session.prediction.error) == "This processor has no AVX. View images."
    assert worker.open_jobs == []
    (notice,) = session.notices.notices
    assert (notice.text, notice.hint, notice.action) == ("This processor has no AVX.", "View images.", "")


def test_that_the_cpu_in_place_of_an_expected_gpu_is_noted_once(session, reader, worker) -> None:
    sentence = "The CPU computes, since no GPU can be used: no NVIDIA driver is installed."
    worker.start_on(ComputingDevice(kind="cpu", name="CPU, 2 cores", fallback=sentence))
    open_and_predict(session, reader, worker)
    assert [(n.weight, n.text) for n in session.notices.notices] == [(Weight.NOTE, sentence)]
    worker.start_on(ComputingDevice(kind="gpu", name="NVIDIA H100 (GPU)"))
    assert session.notices.notices == ()


def test_that_the_maps_of_an_image_come_back_with_it(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    first = session.cases.slices.chosen
    session.explain.start(["grad_cam"])
    worker.answer(explained(MAP), [MAP])
    session.cases.open_paths(["folder/b.png"])
    reader.answer(indexed("b.png"))
    reader.answer(*frame_read(Slice(np.ones((8, 8)))))
    assert (session.maps.entries, session.image.overlay) == ((), None)
    session.cases.choose(first)
    reader.answer(*frame_read(PICTURE))
    assert [entry.method for entry in session.maps.entries] == ["grad_cam"]
    assert session.image.overlay.values is MAP
    assert not session.image.overlay_on


def test_that_a_lost_worker_is_reported_and_after_a_restart_the_work_continues(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    session.explain.start(["grad_cam"])
    worker.answer(explained(MAP), [MAP])
    session.explain.start(["gradient"])
    worker.die()
    (notice,) = (n for n in session.notices.notices if n.action)
    assert "killed by signal 9" in notice.text
    assert [entry.state for entry in session.maps.entries] == [MapState.DONE, MapState.FAILED]
    assert isinstance(session.maps.entries[1].error, WorkerLost)
    assert session.image.image is not None
    session.worker.restart()
    worker.start()
    assert worker.state is LinkState.READY
    assert not any(n.action for n in session.notices.notices)
    session.explain.start(["gradient"])
    worker.answer(explained(MAP, "gradient", signed=True), [MAP])
    assert [entry.state for entry in session.maps.entries] == [MapState.DONE, MapState.DONE]


def test_that_a_prediction_lost_with_the_worker_is_requested_again(session, reader, worker) -> None:
    open_file(session, reader)
    worker.die()
    assert isinstance(session.prediction.error, WorkerLost)
    session.worker.restart()
    worker.start()
    worker.answer(predicted())
    assert session.prediction.phase is Phase.DONE


def test_that_another_image_withdraws_what_runs_for_the_old_one(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.start_explaining()
    session.cases.open_paths(["folder/b.png"])
    reader.answer(indexed("b.png"))
    reader.answer(*frame_read(Slice(np.ones((8, 8)))))
    assert worker.last.kind == "cancel"
    worker.answer(CancelledJob())
    assert worker.last.kind == "predict"
    assert session.maps.entries == ()


def test_that_cancelled_is_no_error(session, reader, worker) -> None:
    session.cases.open_paths(["folder/a.png"])
    reader.fail(Cancelled())
    assert session.notices.notices == ()
