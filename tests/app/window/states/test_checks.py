"""Checks of maps: requests to the worker, background work, and how it yields to a user's request."""

import numpy as np
import pytest

from app.texts import checks as texts
from app.window.states.agreement import AgreementState
from app.window.states.check_offers import CheckOffers
from app.window.states.check_results import CheckPhase
from app.window.states.checks import ChecksState
from app.window.states.evidence import EvidenceState
from app.window.states.maps import MapState
from app.window.states.sanity import SanityState
from core.checks.contract import Finding
from core.errors import CurveUndefined, NotApplicable
from core.images.slice import Slice
from core.link import CancelledJob, JobProgress
from core.results.records import PartialRecord, TargetRecord
from core.worker.messages import CheckDone, PartialFinding, PartialMap, PredictRequest
from tests.app.window.states.steps import KEY, Bench, calibrate
from tests.gui.recorded import explained, predicted

IMAGE = Slice(np.zeros((8, 8)))
VALUES = np.arange(64, dtype=np.float32).reshape(8, 8)
WEIGHTS, REPEATS = "randomisation_cascading", "repeatability"


class Checks(Bench):
    """The states of checks, without a session."""

    def __init__(self) -> None:
        super().__init__(IMAGE)
        offers = CheckOffers(self.shown, self.prediction, self.explain)
        self.checks = ChecksState(
            self.worker, self.shown, self.prediction, self.maps, offers, self.background
        )
        self.sanity = SanityState(self.maps, self.checks)
        self.agreement = AgreementState(self.maps)
        self.evidence = EvidenceState(self.prediction, self.maps, self.agreement, self.curves, self.checks)

    def add(self, method: str = "gradient", values: np.ndarray = VALUES, **changes: object) -> int:
        number = self.maps.add(KEY, method, method, TargetRecord(class_name="meningioma"))
        record = explained(values, method, **changes).record
        self.maps.update(KEY, number, state=MapState.DONE, values=values, record=record)
        return number

    def chip(self, number: int, question: str):
        return next(chip for chip in self.evidence.chips(number) if chip.question == question)

    def be_fast(self, seconds_per_call: float) -> None:
        calibrate(self, seconds_per_call, seconds_per_call)


@pytest.fixture
def states(qapp) -> Checks:
    states = Checks()
    states.predict("meningioma", VALUES[..., None])
    return states


def finding(check: str, answer: str | None = None, **values: float) -> Finding:
    return Finding(metric=check, values=values, answer=answer, sentence="Found.", parameters={})


def test_that_a_check_carries_the_map_with_how_it_was_made(states) -> None:
    number = states.add(seed=7)
    states.checks.start(number, WEIGHTS)
    request, arrays = states.worker.sent[-1]
    assert (request.kind, request.check, request.map.name, request.map.seed) == (
        "check",
        WEIGHTS,
        "gradient",
        7,
    )
    np.testing.assert_array_equal(arrays[0], VALUES)
    assert len(arrays) == 1
    assert states.worker.last_delivery.image is IMAGE
    states.checks.start(number, WEIGHTS)
    assert len(states.worker.open_jobs) == 1


def test_that_a_finding_fills_while_its_job_runs(states) -> None:
    number = states.add()
    states.checks.start(number, WEIGHTS)
    states.worker.answer(JobProgress(done=1, total=4))
    states.worker.answer(PartialMap(signed=False), [2 * VALUES])
    states.worker.answer(PartialFinding(finding=finding(WEIGHTS, spearman_abs=0.7)))
    check = states.checks.check(number, WEIGHTS)
    assert (check.state, check.share_done, len(check.maps)) == (CheckPhase.RUNNING, 0.25, 1)
    assert states.checks.running
    states.worker.answer(CheckDone(finding=finding(WEIGHTS, "yes", spearman_abs=0.1)))
    check = states.checks.check(number, WEIGHTS)
    assert (check.state, check.finding.answer, states.checks.running) == (CheckPhase.DONE, "yes", False)


def test_that_a_cancelled_check_is_open_again_and_a_failed_one_states_the_reason(states) -> None:
    number = states.add()
    states.checks.start(number, WEIGHTS)
    states.checks.cancel()
    states.worker.answer(CancelledJob())
    assert states.checks.check(number, WEIGHTS).state is CheckPhase.OPEN
    states.checks.start(number, WEIGHTS)
    states.worker.fail(NotApplicable("The map is constant.", "Choose another."))
    check = states.checks.check(number, WEIGHTS)
    assert (check.state, str(check.error)) == (CheckPhase.FAILED, "The map is constant. Choose another.")
    chip = states.chip(number, "weights")
    assert (chip.state, chip.can_run) == ("failed", True)
    assert chip.tip == "The map is constant. Choose another. Click to check again."
    states.evidence.ask(number, "weights")
    assert (states.worker.last.check, states.chip(number, "weights").state) == (WEIGHTS, "running")


def test_that_a_partial_map_is_compared_with_random_ones_and_no_whole_ones(states) -> None:
    partial = PartialRecord(done=120, total=500, draws="masks")
    entry = states.maps.entry(states.add("rise", partial=partial))
    for check in (WEIGHTS, REPEATS):
        assert "it is partial: 120 of 500 masks" in states.checks.offers.obstacle(entry, check)
    assert states.curves.obstacle(entry) == ""
    chip = states.chip(entry.number, "weights")
    assert (chip.state, chip.can_run) == ("unknown", False)


# In the background


def test_that_only_the_map_over_the_image_is_checked_before_the_machine_s_speed_is_known(states) -> None:
    states.add("input_x_gradient")
    states.background.run_next()
    assert states.worker.sent == []
    states.maps.select(states.add("grad_cam"))
    answers = (REPEATS, {"spearman": 0.97}), (WEIGHTS, {"spearman_abs": 0.1})
    for check, figures in answers:
        states.background.run_next()
        request = states.worker.last
        assert (request.kind, request.check, request.map.name) == ("check", check, "grad_cam")
        states.worker.answer(CheckDone(finding=finding(check, "yes", **figures)))
    states.background.run_next()
    assert states.worker.last.kind == "curves"


def test_that_a_costly_map_over_the_image_waits_for_the_machine_s_speed(states) -> None:
    states.maps.select(states.add("rise"))  # 1,000 masks, for each of 3 repeats
    states.background.run_next()
    assert states.worker.last.kind == "curves"  # which cost the same for every map
    states.worker.fail(CurveUndefined("The image is constant.", ""))
    states.background.run_next()
    assert len(states.worker.sent) == 1
    states.be_fast(0.039)  # less than two minutes for the repeats alone
    states.background.run_next()
    assert (states.worker.last.kind, states.worker.last.check) == ("check", REPEATS)
    states.worker.answer(CheckDone(finding=finding(REPEATS, "yes", spearman=0.97)))
    states.background.run_next()
    assert len(states.worker.sent) == 2


def test_that_the_map_over_the_image_is_answered_before_cheaper_work_on_others(states) -> None:
    other, selected = states.add("gradient"), states.add("smooth_grad")
    states.maps.select(selected)
    states.be_fast(0.1)
    for check in (REPEATS, WEIGHTS):
        states.background.run_next()
        assert (states.worker.last.map.name, states.worker.last.check) == ("smooth_grad", check)
        states.worker.answer(CheckDone(finding=finding(check, "yes", spearman=0.9)))
    states.background.run_next()
    assert states.worker.last.kind == "curves"
    states.worker.fail(CurveUndefined("The image is constant.", ""))
    states.background.run_next()
    assert (states.worker.last.map.name, states.worker.last.check) == ("gradient", REPEATS)
    assert other != selected


def test_that_the_cheapest_check_runs_when_the_worker_is_idle(states) -> None:
    number = states.add()
    states.be_fast(0.001)
    states.background.run_next()
    # Three maps with other seeds cost less than eight and two of other networks.
    assert (states.worker.last.check, states.checks.running) == (REPEATS, False)
    states.worker.answer(CheckDone(finding=finding(REPEATS, "yes", spearman=0.97)))
    states.background.run_next()
    assert states.worker.last.check == WEIGHTS
    states.worker.answer(CheckDone(finding=finding(WEIGHTS, "no", spearman_abs=0.9)))
    states.background.run_next()
    assert [request.kind for request, _ in states.worker.sent] == ["check", "check", "curves"]
    assert [states.chip(number, name).state for name in ("weights", "repeatable")] == ["no", "yes"]


def test_that_a_check_of_twenty_seconds_runs_in_the_background_and_no_costlier_one(states) -> None:
    states.add()
    states.be_fast(2.0)  # ten gradients
    states.background.run_next()
    states.worker.answer(CheckDone(finding=finding(REPEATS, "yes", spearman=0.97)))
    states.be_fast(2.001)
    states.background.run_next()
    assert len(states.worker.sent) == 1
    states.be_fast(2.0)
    states.background.run_next()
    assert states.worker.last.check == WEIGHTS


def test_that_costly_checks_wait_for_a_click(states) -> None:
    number = states.add()
    states.be_fast(10)
    states.background.run_next()
    assert states.worker.sent == []
    chip = states.chip(number, "weights")
    assert (chip.state, chip.can_run) == ("unknown", True)
    assert "Not checked yet. Click to check. Takes about 2 minutes." in chip.tip
    states.evidence.ask(number, "weights")
    assert states.worker.last.check == WEIGHTS
    assert states.chip(number, "weights").state == "running"


def test_that_background_work_yields_to_a_user_s_request(states) -> None:
    number = states.add()
    states.be_fast(0.001)
    states.background.run_next()
    states.worker.submit(PredictRequest(model="small"), image=IMAGE)
    assert states.worker.last.kind == "cancel"
    states.worker.answer(CancelledJob())
    assert states.worker.last.kind == "predict"
    assert states.checks.check(number, REPEATS).state is CheckPhase.OPEN
    states.background.run_next()
    assert states.worker.last.kind == "predict"  # not idle yet


def test_that_requesting_what_runs_in_the_background_lets_it_continue(states) -> None:
    number = states.add()
    states.be_fast(0.001)
    states.background.run_next()
    states.checks.start(number, REPEATS)
    assert (states.checks.running, len(states.worker.sent)) == (True, 1)
    states.worker.submit(PredictRequest(model="small"), image=IMAGE)
    assert states.worker.last.kind == "check"


def test_that_what_is_requested_while_it_yields_is_done_after_the_rest(states) -> None:
    number = states.add()
    states.be_fast(0.001)
    states.background.run_next()
    states.worker.submit(PredictRequest(model="small"), image=IMAGE)
    states.checks.start(number, REPEATS)
    states.checks.start(number, REPEATS)
    assert [request.kind for request, _ in states.worker.sent] == ["check", "cancel"]
    states.worker.answer(CancelledJob())
    states.worker.answer(predicted())
    assert (states.worker.last.check, len(states.worker.open_jobs)) == (REPEATS, 1)
    assert (states.checks.check(number, REPEATS).under_way, states.checks.running) == (True, True)


def test_that_what_a_user_has_stopped_is_not_restarted_automatically(states) -> None:
    number = states.add()
    states.be_fast(0.001)
    states.checks.start(number, REPEATS)
    states.checks.cancel_check(number, REPEATS)
    states.worker.answer(CancelledJob())
    states.background.run_next()
    assert states.worker.last.check == WEIGHTS
    states.checks.cancel()
    states.worker.answer(CancelledJob())
    states.background.run_next()
    assert states.worker.last.kind == "curves"
    states.evidence.ask(number, "repeatable")
    states.worker.answer(CancelledJob())  # the curves yield
    assert states.worker.last.check == REPEATS


def test_that_a_check_that_killed_the_worker_is_not_restarted_automatically(states) -> None:
    number = states.add()
    states.be_fast(0.001)
    states.background.run_next()
    states.worker.die()
    states.worker.start()
    states.background.run_next()
    assert states.worker.last.check == WEIGHTS
    assert states.chip(number, "repeatable").can_run


def test_that_idle_time_is_used_automatically(qtbot, states) -> None:
    states.be_fast(0.001)
    states.add()
    qtbot.waitUntil(lambda: bool(states.worker.sent), timeout=5000)
    assert states.worker.last.check == REPEATS


# The panel


def test_that_the_panel_states_what_would_fill_it_and_follows_the_chosen_map(states) -> None:
    assert states.sanity.empty_text == texts.SANITY_NEEDS_MAPS
    first, second = states.add(), states.add("grad_cam")
    assert states.sanity.entry.number == first
    states.maps.select(second)
    assert (states.sanity.entry.number, states.sanity.empty_text) == (second, "")


def test_that_the_panel_offers_the_checks_as_soon_as_the_network_has_predicted(qtbot, qapp) -> None:
    states = Checks()
    states.add()
    assert states.sanity.row(WEIGHTS).obstacle == texts.CHECK_NEEDS_PREDICTION
    with qtbot.waitSignals([states.sanity.changed, states.evidence.changed]):
        states.predict("meningioma", VALUES[..., None])
    assert states.sanity.row(WEIGHTS).obstacle == ""


def test_that_maps_of_one_name_are_offered_with_their_number_among_them(states) -> None:
    numbers = [states.add(), states.add("grad_cam"), states.add(seed=1)]
    titles = [entry.title for entry in states.maps.finished]
    assert titles[0] == titles[2] != titles[1]
    assert states.sanity.choices == tuple(
        zip(numbers, (f"{titles[0]} (1)", titles[1], f"{titles[2]} (2)"), strict=True)
    )


def test_that_rows_show_cost_then_progress_then_the_answer(states) -> None:
    states.add()
    states.be_fast(0.3)
    assert states.sanity.row(WEIGHTS).words == "about 3 s"  # ten gradients
    states.sanity.start(WEIGHTS)
    assert (states.sanity.focused, states.sanity.row(WEIGHTS).words) == (WEIGHTS, texts.WAITING)
    states.worker.answer(JobProgress(done=2, total=10))
    assert states.sanity.row(WEIGHTS).words == "2 of 10"
    states.worker.answer(CheckDone(finding=finding(WEIGHTS, "partly", spearman_abs=0.3)))
    assert states.sanity.row(WEIGHTS).words == "~ partly, 0.30"
    assert states.sanity.details.sentence == "Found."


def test_that_each_step_is_shown_with_its_figures_and_its_map(states) -> None:
    states.add()
    states.sanity.start(WEIGHTS)
    steps = (
        {"layer": "top", "layers": 1.0, "spearman_abs": 0.8, "ssim": 0.9},
        {"layer": "first", "layers": 2.0},
    )
    states.worker.answer(PartialMap(signed=False), [2 * VALUES])
    so_far = finding(WEIGHTS, spearman_abs=0.8).model_copy(update={"steps": steps})
    states.worker.answer(PartialFinding(finding=so_far))
    first, second = states.sanity.details.points
    assert (first.label, first.figures) == ("top", {"spearman_abs": 0.8, "ssim": 0.9})
    np.testing.assert_array_equal(first.overlay.values, 2 * VALUES)
    assert (second.label, second.figures, second.overlay) == ("first", {}, None)
    assert [each.name for each in states.sanity.details.series] == ["spearman_abs", "ssim"]


def test_that_all_checks_are_requested_once_the_cheapest_first(states) -> None:
    number = states.add()
    states.sanity.start_all()
    rows = [row.name for row in states.sanity.rows]
    assert len(states.worker.open_jobs) == len(rows)
    states.sanity.start_all()
    assert len(states.worker.open_jobs) == len(rows)
    costs = {name: states.checks.offers.cost(states.maps.entry(number), name) for name in rows}
    calls = {name: cost.forwards + cost.gradients for name, cost in costs.items()}
    assert calls[states.worker.last.check] == min(calls.values())
