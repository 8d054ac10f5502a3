"""What follows from what, with recorded links: open, predict, explain, judge, lose and go on."""

from pathlib import Path

import numpy as np
import pytest

from app.links import LinkState
from app.view_models.maps import MapState, Scale
from app.view_models.notices import Weight
from app.view_models.prediction import Phase
from app.view_models.session import Session, digest_of
from core.errors import BadMap, Cancelled, NotFinite, Truncated, WorkerLost
from core.images.slice import Slice
from core.jobs import Partial
from core.link import CancelledJob, Progress
from core.samples import Sample
from tests.cards import make_card
from tests.gui.recorded import RecordedLink, explained, frame_read, indexed, predicted

PICTURE = Slice(np.arange(64, dtype=np.uint8).reshape(8, 8))
MAP = np.linspace(0, 1, 32 * 32, dtype=np.float32).reshape(32, 32)
SAMPLE = Sample(
    id="one",
    class_name="glioma",
    title="A sample",
    model="small",
    modality="MR",
    file="one.png",
    licence="CC0",
    attribution="nobody",
    source="made here",
)


@pytest.fixture
def worker(qapp) -> RecordedLink:
    return RecordedLink()


@pytest.fixture
def reader(qapp) -> RecordedLink:
    return RecordedLink()


@pytest.fixture
def session(worker, reader) -> Session:
    cards = [make_card(), make_card(id="other", title="Other", temperature=2.0)]
    return Session(worker, reader, cards, [])


@pytest.fixture
def with_sample(worker, reader) -> Session:
    return Session(worker, reader, [make_card()], [SAMPLE])


def open_file(session: Session, reader: RecordedLink, image: Slice = PICTURE, frames: int = 1) -> None:
    session.cases.open_paths(["folder/a.png"])
    reader.answer(indexed("a.png", frames=frames))
    reader.answer(*frame_read(image))


def open_and_predict(session: Session, reader: RecordedLink, worker: RecordedLink) -> None:
    open_file(session, reader)
    worker.answer(predicted())


def kinds(link: RecordedLink) -> list[str]:
    return [message.kind for message, _ in link.sent]


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
    assert kinds(worker) == ["predict", "explain"]
    assert (worker.last.method, worker.last.target.class_name) == ("grad_cam", "meningioma")
    worker.answer(explained(MAP), [MAP])
    assert with_sample.image.overlay_visible
    assert with_sample.image.overlay.values is MAP


def test_that_a_sample_brings_its_modality_so_that_it_fits_the_card(with_sample, reader, worker) -> None:
    with_sample.open_sample()
    reader.answer(indexed("one.png"))
    reader.answer(*frame_read(PICTURE))
    assert with_sample.image.image.modality == "MR"
    assert not any("made for" in notice.text for notice in with_sample.notices.notices)


def test_that_rows_fall_and_the_standing_sentence_names_every_class(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    rows = session.prediction.rows
    assert [(row.name, row.probability, row.top) for row in rows] == [
        ("meningioma", 0.7, True),
        ("glioma", 0.2, False),
        ("pituitary", 0.1, False),
    ]
    assert "glioma, meningioma and pituitary" in session.prediction.standing
    assert "“something else”" in session.prediction.standing


@pytest.mark.parametrize(("calibrated", "word"), [(True, "are calibrated"), (False, "uncalibrated")])
def test_that_it_is_said_whether_probabilities_are_calibrated(
    session, reader, worker, calibrated, word
) -> None:
    open_file(session, reader)
    worker.answer(predicted(calibrated=calibrated))
    assert word in session.prediction.calibration


def test_that_a_misfit_is_warned_of_before_any_explanation(session, reader, worker) -> None:
    open_file(session, reader, Slice(np.ones((8, 8), np.uint8), modality="CT"))
    warnings = [n.text for n in session.notices.notices if n.weight is Weight.WARNING]
    assert any("MR" in text and "CT" in text for text in warnings)
    assert any("same value" in text for text in warnings)
    worker.answer(predicted())
    assert session.explain.can_explain


def test_that_another_model_predicts_the_same_image_anew(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    assert session.prediction.choose("other")
    assert worker.last.model == "other"
    assert session.prediction.rows == ()
    assert not session.prediction.choose("nowhere")


def test_that_a_bad_file_is_told_above_the_image_and_the_next_one_opens(session, reader, worker) -> None:
    session.cases.open_paths(["folder/bad.dcm"])
    reader.fail(Truncated("bad.dcm ends early.", "Copy it again."))
    notice = session.notices.notices[0]
    assert (notice.weight, notice.text, notice.hint) == (
        Weight.ERROR,
        "bad.dcm ends early.",
        "Copy it again.",
    )
    assert "bad.dcm" not in notice.details
    open_file(session, reader)
    assert session.image.image is not None
    assert notice in session.notices.notices
    session.cases.open_paths(["folder/bad.dcm"])
    reader.answer(indexed("bad.dcm"))
    assert notice not in session.notices.notices


def test_that_a_bad_file_among_good_ones_is_still_told_when_they_are_read(session, reader, worker) -> None:
    session.cases.open_paths(["folder/a.png", "folder/bad.dcm", "folder/worse.dcm"])
    reader.answer(indexed("a.png"))
    reader.fail(Truncated("bad.dcm ends early."))
    reader.fail(Truncated("worse.dcm ends early."))
    reader.answer(*frame_read(PICTURE))
    assert session.image.image is not None
    errors = [n.text for n in session.notices.notices if n.weight is Weight.ERROR]
    assert errors == ["bad.dcm ends early.", "worse.dcm ends early."]


def test_that_an_image_the_model_refuses_says_so_beside_the_prediction(session, reader, worker) -> None:
    open_file(session, reader)
    worker.fail(NotFinite("The image holds 3 values that are not finite numbers.", "Repair it."))
    assert session.prediction.phase is Phase.FAILED
    assert "3 values" in str(session.prediction.error)
    assert not session.explain.can_explain


def test_that_targets_are_the_logits_first_then_probabilities_then_differences(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    assert [choice.text for choice in session.explain.targets] == [
        "meningioma (predicted), logit",
        "glioma, logit",
        "pituitary, logit",
        "meningioma (predicted), probability",
        "glioma, probability",
        "pituitary, probability",
        "meningioma rather than glioma",
        "meningioma rather than pituitary",
    ]
    session.explain.choose_target(6)
    session.explain.start(["gradient"])
    target = worker.last.target
    assert (target.kind, target.class_name, target.against) == ("difference", "meningioma", "glioma")


def test_that_explain_sends_the_checked_methods_with_their_parameters_and_the_seed(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    session.explain.set_checked("grad_cam", False)
    session.explain.set_value("integrated_gradients", "steps", 16)
    session.explain.set_seed(9)
    session.start_explaining()
    request, arrays = worker.sent[-1]
    assert (request.method, request.parameters["steps"], request.seed) == ("integrated_gradients", 16, 9)
    assert arrays[0].tolist() == PICTURE.values.tolist()
    assert session.explain.running
    assert not session.explain.can_explain


def test_that_a_value_out_of_bounds_becomes_an_error_in_the_gallery_not_a_job(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    session.explain.set_value("integrated_gradients", "steps", 1)
    session.explain.start(["integrated_gradients"])
    (entry,) = session.maps.entries
    assert entry.state is MapState.FAILED
    assert "steps" in str(entry.error)
    assert kinds(worker) == ["predict"]
    assert not session.explain.running


def test_that_costs_follow_the_parameters(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    rows = {row.name: row for _, family in session.explain.families for row in family}
    assert (rows["integrated_gradients"].cost, rows["random"].cost) == (
        "up to 128 gradients",
        "no model call",
    )
    session.explain.set_value("integrated_gradients", "steps", 100)
    rows = {row.name: row for _, family in session.explain.families for row in family}
    assert rows["integrated_gradients"].cost == "up to 100 gradients"


def test_that_a_method_the_model_does_not_suit_says_why_and_is_not_started(session, reader, worker) -> None:
    open_file(session, reader)
    worker.answer(predicted().model_copy(update={"layers": ()}))
    rows = {row.name: row for _, family in session.explain.families for row in family}
    assert "layer" in rows["grad_cam"].obstacle
    session.start_explaining()
    assert [entry.method for entry in session.maps.entries] == ["integrated_gradients"]


def test_that_a_map_sharpens_and_its_progress_is_told(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.start_explaining()
    worker.answer(Progress(job=0, done=16, total=64))
    worker.answer(Partial(job=0, signed=True), [MAP])
    entry = session.maps.selected
    assert (entry.state, entry.values is MAP, entry.share_done) == (MapState.RUNNING, True, 0.25)
    assert session.explain.progress == (0.125, "Integrated Gradients, 16 of 64")
    assert session.image.overlay_visible


def test_that_cancel_ends_all_jobs_and_keeps_what_was_finished(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.start_explaining()
    worker.answer(explained(MAP, "integrated_gradients", signed=True), [MAP])
    session.start_explaining()
    session.cancel()
    assert worker.last.kind == "cancel"
    worker.answer(CancelledJob(job=0))
    states = {entry.method: entry.state for entry in session.maps.entries}
    assert states == {"integrated_gradients": MapState.DONE, "grad_cam": MapState.CANCELLED}
    assert not session.explain.running
    assert session.explain.can_explain


def test_that_a_map_with_nan_is_an_error_state_without_a_picture(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.explain.start(["grad_cam"])
    worker.fail(BadMap("The map holds 5 values that are not finite numbers.", "Try another method."))
    entry = session.maps.selected
    assert (entry.state, entry.values, session.image.overlay) == (MapState.FAILED, None, None)
    assert "5 values" in str(entry.error)


def test_that_a_map_without_positive_evidence_says_so(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.explain.start(["grad_cam"])
    nothing = np.zeros((32, 32), np.float32)
    worker.answer(explained(nothing), [nothing])
    assert not session.image.overlay.has_positive_evidence


def test_that_the_same_map_again_takes_the_place_of_the_old_one_and_stays_chosen(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    for _ in range(2):
        session.explain.start(["grad_cam"])
        worker.answer(explained(MAP), [MAP])
    assert len(session.maps.entries) == 1
    assert session.maps.selected is session.maps.entries[0]


def test_that_maps_of_one_method_share_a_scale_and_others_have_their_own(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    for scale, name, seed in ((1, "grad_cam", 0), (4, "grad_cam", 1), (100, "edge", 0)):
        session.explain.start([name])
        values = np.full((32, 32), scale, np.float32)
        worker.answer(explained(values, name, seed=seed), [values])
    full = [session.maps.overlay(entry).full for entry in session.maps.entries]
    assert full == [4, 4, 100]
    session.maps.set_scale(Scale.OWN)
    assert [session.maps.overlay(entry).full for entry in session.maps.entries] == [1, 4, 100]
    session.maps.set_scale(Scale.ALL)
    assert [session.maps.overlay(entry).full for entry in session.maps.entries] == [100, 100, 100]


def test_that_the_maps_of_an_image_come_back_with_it(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    first = session.cases.chosen
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


def test_that_a_lost_worker_is_told_and_after_a_restart_the_work_goes_on(session, reader, worker) -> None:
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
    session.restart_worker()
    worker.start()
    assert worker.state is LinkState.READY
    assert not any(n.action for n in session.notices.notices)
    session.explain.start(["gradient"])
    worker.answer(explained(MAP, "gradient", signed=True), [MAP])
    assert [entry.state for entry in session.maps.entries] == [MapState.DONE, MapState.DONE]


def test_that_a_prediction_lost_with_the_worker_is_asked_for_again(session, reader, worker) -> None:
    open_file(session, reader)
    worker.die()
    assert isinstance(session.prediction.error, WorkerLost)
    session.restart_worker()
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
    worker.answer(CancelledJob(job=0))
    assert worker.last.kind == "predict"
    assert session.maps.entries == ()


def test_that_the_last_wish_wins_when_slices_are_turned_quickly(session, reader, worker) -> None:
    open_file(session, reader, frames=9)
    assert session.cases.frame == 4
    for _ in range(3):
        session.cases.go_to(session.cases.frame + 1)
    asked = [message.frame for message, _ in reader.sent if message.kind == "read"]
    assert asked[-1] == 5
    reader.answer(*frame_read(PICTURE))
    assert session.image.frame == 4
    assert reader.last.frame == 7
    reader.answer(*frame_read(PICTURE))
    assert (session.image.frame, session.cases.frame) == (7, 7)
    session.cases.go_to(100)
    assert session.cases.frame == 8


def test_that_thumbnails_wait_until_the_reader_is_free_and_a_bad_one_stops_nothing(
    with_sample, reader, worker
) -> None:
    with_sample.cases.open_paths(["folder"])
    reader.answer(indexed("a.png", "b.png", "c.png"))
    reader.answer(*frame_read(PICTURE))
    assert [case.group for case in with_sample.cases.opened] == ["folder"] * 3
    with_sample.cases.ask_for_thumbnails()
    while reader.running_job is not None:
        if reader.last.kind == "index":
            reader.fail(Truncated("The sample ends early."))
        elif reader.last.entry.path == Path("folder/b.png"):
            reader.fail(Truncated("b.png ends early."))
        else:
            reader.answer(*frame_read(PICTURE))
    assert [case.thumbnail is not None for case in with_sample.cases.opened] == [True, False, True]
    assert not any(n.weight is Weight.ERROR for n in with_sample.notices.notices)


def test_that_cancelled_is_no_error(session, reader, worker) -> None:
    session.cases.open_paths(["folder/a.png"])
    reader.fail(Cancelled())
    assert session.notices.notices == ()


def test_that_identity_never_reaches_a_view_model(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    held = repr(session.cases.chosen_case) + repr(session.image.image) + session.image.case_title
    assert "Nobody" not in held


def test_that_a_file_edited_and_opened_again_gets_no_old_map_and_a_new_thumbnail(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    session.explain.start(["grad_cam"])
    worker.answer(explained(MAP), [MAP])
    before = session.cases.chosen_case
    open_file(session, reader, Slice(255 - PICTURE.values))
    after = session.cases.chosen_case
    assert after.number == before.number
    assert (session.maps.entries, session.image.overlay) == ((), None)
    assert not np.array_equal(after.thumbnail, before.thumbnail)
    open_file(session, reader)
    assert [entry.method for entry in session.maps.entries] == ["grad_cam"]


def test_that_values_of_another_kind_or_shape_are_another_image() -> None:
    bytes_alone = np.zeros((2, 8), np.uint8)
    others = [bytes_alone.reshape(4, 4), bytes_alone.view(np.int8), bytes_alone.view(np.uint16)]
    assert len({digest_of(Slice(values)) for values in (bytes_alone, *others)}) == 4
    assert digest_of(Slice(bytes_alone)) == digest_of(Slice(bytes_alone.copy()))


def test_that_a_series_of_volumes_opens_where_the_command_line_opens_it(session, reader, worker) -> None:
    session.cases.open_paths(["folder/a.nii"])
    message = indexed("a.nii", frames=200, volumes=10)
    reader.answer(message)
    assert (session.cases.frame, reader.last.frame) == (10, 10)
    assert message.entries[0].middle_frame == 10


def test_that_a_removed_map_costs_no_more_work(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.start_explaining()
    running, waiting = session.maps.entries
    session.remove_map(waiting.number)
    assert worker.open_jobs == [worker.running_job]
    session.remove_map(running.number)
    assert worker.last.kind == "cancel"
    worker.answer(CancelledJob(job=0))
    assert (session.maps.entries, session.explain.running) == ((), False)
    assert "explain" not in kinds(worker)[2:]


def test_that_removing_a_finished_map_leaves_the_running_one_alone(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.start_explaining()
    worker.answer(explained(MAP, "integrated_gradients", signed=True), [MAP])
    session.remove_map(session.maps.entries[0].number)
    assert "cancel" not in kinds(worker)
    assert [entry.method for entry in session.maps.entries] == ["grad_cam"]


def test_that_reading_counts_as_busy_and_is_cancelled_with_all_that_waits(session, reader, worker) -> None:
    session.cases.open_paths(["folder/a.png", "folder/b.png"])
    assert session.busy
    session.cancel()
    assert reader.last.kind == "cancel"
    reader.answer(CancelledJob(job=0))
    assert (session.busy, reader.open_jobs, session.notices.notices) == (False, [], ())
