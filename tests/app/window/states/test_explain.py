"""What is explained and how, with recorded links: targets, methods, parameters, maps, and how jobs end."""

from dataclasses import replace

import numpy as np
import pytest

from app.texts.checks import grid_words
from app.texts.image import NO_BREAK
from app.window.states.maps import MapState, SharedScale
from app.window.widgets.gallery import status_words
from core.errors import BadMap, NotApplicable
from core.link import CancelledJob, JobProgress
from core.methods.signal import Signal
from core.network.cost import Cost
from core.results.records import PartialRecord
from core.worker.messages import ExplainDone, PartialMap
from tests.app.window.states.steps import (
    MAP,
    PICTURE,
    answer_control_maps,
    calibrate,
    kinds,
    open_and_predict,
    open_file,
)
from tests.gui.recorded import FACTS, explained, predicted


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
    session.explain.set_values("integrated_gradients", {"steps": 16})
    session.explain.set_seed(9)
    session.start_explaining()
    answer_control_maps(worker)
    request, arrays = worker.sent[-1]
    assert (request.method, request.parameters["steps"], request.seed) == ("integrated_gradients", 16, 9)
    assert arrays == ()
    assert worker.last_delivery.image.values.tolist() == PICTURE.values.tolist()
    assert session.explain.running
    assert not session.explain.can_explain


def test_that_a_value_out_of_bounds_becomes_an_error_in_the_gallery_not_a_job(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    session.explain.set_values("integrated_gradients", {"steps": 1})
    session.explain.start(["integrated_gradients"])
    (entry,) = session.maps.entries
    assert entry.state is MapState.FAILED
    assert "steps" in str(entry.error)
    assert kinds(worker) == ["predict"]
    assert not session.explain.running


def row_of(session, name: str):
    return next(row for _, rows in session.explain.families for row in rows if row.name == name)


def test_that_costs_are_times_once_the_speed_is_known_and_follow_the_parameters(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    assert row_of(session, "integrated_gradients").cost == "…"
    assert row_of(session, "random").cost == "at once"
    calibrate(session, gradient_s=0.25)
    assert row_of(session, "integrated_gradients").cost == "up to 32 s"  # 128 gradients
    session.explain.set_values("integrated_gradients", {"steps": 100})
    row = row_of(session, "integrated_gradients")
    assert row.cost == "up to 25 s"
    assert row.cost_details == "Up to 25 seconds. Up to 100 gradients."


def test_that_the_hint_says_how_long_all_checked_methods_take(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.pace.choose("machine")
    assert session.explain.hint == "Measuring machine speed…"
    calibrate(session, gradient_s=0.25)
    session.explain.set_checked("integrated_gradients", False)
    session.explain.set_checked("smooth_grad", True)
    # 25 gradients, and one of Grad-CAM.
    assert session.explain.hint == "About 6 seconds."


def test_that_a_method_that_does_not_apply_to_the_model_states_the_reason_and_is_not_started(
    session, reader, worker
) -> None:
    open_file(session, reader)
    worker.answer(predicted().model_copy(update={"facts": replace(FACTS, layers=())}))
    rows = {row.name: row for _, family in session.explain.families for row in family}
    assert "layer" in rows["grad_cam"].obstacle
    session.start_explaining()
    methods = [entry.method for entry in session.maps.entries]
    assert methods == ["integrated_gradients", "random", "edge"]


def test_that_a_map_sharpens_and_its_progress_is_reported(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.start_explaining()
    answer_control_maps(worker)
    worker.answer(JobProgress(done=16, total=64))
    worker.answer(PartialMap(signed=True), [MAP])
    entry = session.maps.selected
    assert (entry.state, entry.values is MAP, entry.share_done) == (MapState.RUNNING, True, 0.25)
    assert session.explain.progress == (0.125, "Integrated Gradients, 16 of 64")
    assert session.image.overlay_visible


def test_that_cancel_ends_all_jobs_and_keeps_what_was_finished(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.start_explaining()
    answer_control_maps(worker)
    worker.answer(explained(MAP, "integrated_gradients", signed=True), [MAP])
    session.start_explaining()
    session.cancel()
    assert worker.last.kind == "cancel"
    worker.answer(CancelledJob())
    states = {entry.method: entry.state for entry in session.maps.entries}
    controls = {"random": MapState.DONE, "edge": MapState.DONE}
    assert states == {"integrated_gradients": MapState.DONE, "grad_cam": MapState.CANCELLED} | controls
    assert not session.explain.running
    assert session.explain.can_explain


def test_that_a_map_with_nan_is_an_error_state_without_a_picture(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.explain.start(["grad_cam"])
    worker.fail(BadMap("The map holds 5 values that are not finite numbers.", "Try another method."))
    entry = session.maps.selected
    assert (entry.state, entry.values, session.image.overlay) == (MapState.FAILED, None, None)
    assert "5 values" in str(entry.error)


def test_that_a_map_without_positive_evidence_reports_it(session, reader, worker) -> None:
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


def test_that_a_map_that_is_there_is_selected_and_not_computed_again(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.explain.start(["grad_cam"])
    done = explained(MAP)
    record = done.record.model_copy(update={"parameters": worker.last.parameters})
    worker.answer(done.model_copy(update={"record": record}), [MAP])
    session.explain.start(["edge"])
    worker.answer(explained(MAP, "edge"), [MAP])
    first, second = session.maps.entries
    session.maps.select(second.number)
    requests = len(worker.sent)
    session.explain.start(["grad_cam"])
    assert len(worker.sent) == requests
    assert session.maps.selected is first
    session.explain.set_seed(5)
    session.explain.start(["grad_cam"])
    assert worker.last.seed == 5


def test_that_maps_of_one_method_share_a_scale_and_others_have_their_own(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    for scale, name, seed in ((1, "grad_cam", 0), (4, "grad_cam", 1), (100, "edge", 0)):
        session.explain.start([name])
        values = np.full((32, 32), scale, np.float32)
        worker.answer(explained(values, name, seed=seed), [values])
    full = [session.maps.overlay(entry).full for entry in session.maps.entries]
    assert full == [4, 4, 100]
    session.maps.set_scale(SharedScale.OWN)
    assert [session.maps.overlay(entry).full for entry in session.maps.entries] == [1, 4, 100]
    session.maps.set_scale(SharedScale.ALL)
    assert [session.maps.overlay(entry).full for entry in session.maps.entries] == [100, 100, 100]


def test_that_a_removed_map_costs_no_more_work(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.start_explaining()
    answer_control_maps(worker)
    running, waiting, *controls = session.maps.entries
    session.remove_map(waiting.number)
    assert worker.open_jobs == [worker.running_job]
    session.remove_map(running.number)
    assert worker.last.kind == "cancel"
    worker.answer(CancelledJob())
    assert (session.maps.entries, session.explain.running) == (tuple(controls), False)
    assert kinds(worker) == ["predict", *["explain"] * 3, "cancel"]


def test_that_removing_a_finished_map_leaves_the_running_one_alone(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.start_explaining()
    answer_control_maps(worker)
    worker.answer(explained(MAP, "integrated_gradients", signed=True), [MAP])
    session.remove_map(session.maps.entries[0].number)
    assert "cancel" not in kinds(worker)
    assert [entry.method for entry in session.maps.entries] == ["grad_cam", "random", "edge"]


def test_that_control_maps_come_with_the_first_maps_alone_and_the_others_are_shown(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    session.explain.set_checked("rise", True)
    session.start_explaining()
    assert session.maps.selected.method == "integrated_gradients"
    answer_control_maps(worker)
    worker.answer(explained(MAP, "integrated_gradients", signed=True), [MAP])
    worker.answer(explained(MAP), [MAP])
    worker.answer(explained(MAP, "rise", signed=True), [MAP])
    sent = len(worker.sent)
    session.start_explaining()
    assert [request.method for request, _ in worker.sent[sent:]] == ["integrated_gradients"]
    assert [job.delivery.request.method for job in worker.open_jobs[1:]] == ["grad_cam", "rise"]


def test_that_control_maps_that_are_asked_for_wait_for_no_other(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.explain.start(["rise", "edge", "random"])
    assert [job.delivery.request.method for job in worker.open_jobs] == ["random", "edge", "rise"]
    assert session.maps.selected.method == "rise"


def test_that_a_cancel_leaves_control_maps_alone(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.start_explaining()
    session.cancel()
    assert [job.delivery.request.method for job in worker.open_jobs] == ["random", "edge"]
    answer_control_maps(worker)
    states = {entry.method: entry.state.value for entry in session.maps.entries}
    cancelled = {"integrated_gradients": "cancelled", "grad_cam": "cancelled"}
    assert states == cancelled | {"random": "done", "edge": "done"}


def test_that_a_method_that_is_refused_leaves_the_maps_of_the_others(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.explain.set_values("occlusion", {"stride": 32})
    session.explain.start(["grad_cam", "occlusion", "rise"])
    worker.answer(explained(MAP), [MAP])
    worker.fail(NotApplicable("RISE cannot run.", "Choose another method."))
    states = {entry.method: entry.state for entry in session.maps.entries}
    assert states == {"grad_cam": MapState.DONE, "occlusion": MapState.FAILED, "rise": MapState.FAILED}
    refused = next(entry for entry in session.maps.entries if entry.method == "occlusion")
    assert str(refused.error).startswith("occlusion.stride cannot be 32 with a window of 15:")


def test_that_the_overlay_has_the_map_s_unit_and_why_it_has_no_share(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.explain.start(["gradient"])
    noise = Signal(state="zero_up_to_rounding", sentence="The gradient is zero up to rounding.")
    record = {"name": "gradient", "signal": noise, "unit": "change of the score per unit of intensity"}
    worker.answer(explained(1e-9 * MAP, **record), [1e-9 * MAP])
    overlay = session.image.overlay
    assert overlay.unit == "change of the score per unit of intensity"
    assert overlay.no_share == "The gradient is zero up to rounding."
    assert not overlay.has_positive_evidence
    assert status_words(session.maps.entries[0]) == f"zero up to rounding, 0.5{NO_BREAK}s"


@pytest.mark.parametrize(
    ("name", "is_for_or_against"), [("gradient", True), ("guided_backpropagation", False)]
)
def test_that_the_overlay_says_whether_its_sign_is_for_or_against(
    session, reader, worker, name, is_for_or_against
) -> None:
    open_and_predict(session, reader, worker)
    session.explain.start([name])
    worker.answer(explained(MAP, name=name), [MAP])
    assert session.image.overlay.is_for_or_against == is_for_or_against


# Partial maps


def partial_rise(done: int, total: int = 500) -> ExplainDone:
    partial = PartialRecord(done=done, total=total, draws="masks")
    return explained(MAP, "rise", signed=True, partial=partial)


def test_that_a_cancelled_map_is_kept_where_its_beginning_means_something(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.explain.start(["rise"])
    session.cancel()
    assert worker.last.kind == "cancel"
    worker.answer(partial_rise(120), [MAP])
    entry = session.maps.selected
    assert (entry.state, entry.values is MAP, session.explain.running) == (MapState.DONE, True, False)
    assert grid_words(entry.record) == "partial: 120 of 500 masks"
    assert session.evidence.sentence == "RISE, meningioma, partial: 120 of 500 masks."


def test_that_a_whole_map_takes_the_place_of_its_beginning_and_never_the_other_way(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)

    def kept(*answers: ExplainDone) -> list[PartialRecord | None]:
        for answer in answers:
            session.explain.start(["rise"])
            worker.answer(answer, [MAP])
        return [entry.record.partial for entry in session.maps.finished]

    whole = explained(MAP, "rise", signed=True)
    assert [partial.done for partial in kept(partial_rise(120), partial_rise(240))] == [240]
    assert kept(whole) == [None]
    assert [partial and partial.done for partial in kept(partial_rise(60))] == [None, 60]


def test_that_a_partial_map_says_nothing_of_the_machine_s_speed(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    calibrate(session, forward_s=0.1)
    session.explain.start(["rise"])
    answer = partial_rise(120)
    record = answer.record.model_copy(update={"forwards": 120, "seconds": 60.0})
    worker.answer(answer.model_copy(update={"record": record}), [MAP])
    assert session.pace.seconds_of(Cost(forwards=8), "rise") == pytest.approx(0.8)
