"""Checks of maps: what is asked of the worker, when unasked, and what gives way to a person's wish."""

import numpy as np
import pytest

from app.texts import checks as texts
from app.window.states.curves import CurvesState
from app.window.states.evidence import EvidenceState
from app.window.states.explain import ExplainState
from app.window.states.judging import CheckPhase, JudgingState
from app.window.states.maps import ImageKey, MapsState, MapState
from app.window.states.sanity import SanityState
from core.checks.contract import Finding
from core.errors import NotApplicable
from core.images.grid_map import GridMap
from core.images.slice import Slice
from core.link import CancelledJob, JobProgress
from core.results.records import TargetRecord
from core.worker.messages import CheckDone, PartialFinding, PartialMap, PredictRequest
from tests.cards import make_card
from tests.gui.recorded import LAYERS, RecordedLink, explained, predicted

KEY = ImageKey(1, 0, "small", "digest")
IMAGE = Slice(np.zeros((8, 8)))
VALUES = np.arange(64, dtype=np.float32).reshape(8, 8)
WEIGHTS, REPEATS = "randomisation_cascading", "repeatability"


class Models:
    """The view models of checks, without a session."""

    def __init__(self) -> None:
        self.worker = RecordedLink()
        self.maps = MapsState()
        self.maps.show_image(KEY, GridMap((8, 8), (8, 8), (-0.5, -0.5, 7.5, 7.5)))
        self.explain = ExplainState(self.worker, self.maps)
        self.curves = CurvesState(self.worker, self.maps)
        self.judging = JudgingState(self.worker, self.maps, self.explain)
        self.sanity = SanityState(self.maps, self.judging)
        self.evidence = EvidenceState(self.maps, self.curves, self.judging)
        self.explain.set_image(IMAGE, KEY)
        self.curves.set_image(IMAGE)
        self.judging.set_image(IMAGE)

    def predict(self) -> None:
        self.explain.set_prediction(make_card(), predicted().prediction, LAYERS)
        self.curves.set_class("meningioma")
        self.judging.set_input(VALUES[..., None])

    def add(self, method: str = "gradient", values: np.ndarray = VALUES, **changes: object) -> int:
        number = self.maps.add(KEY, method, method, TargetRecord(class_name="meningioma"))
        record = explained(values, method, **changes).record
        self.maps.update(KEY, number, state=MapState.DONE, values=values, record=record)
        return number

    def chip(self, number: int, question: str):
        return next(chip for chip in self.evidence.chips(number) if chip.question == question)

    def be_fast(self, seconds_per_call: float) -> None:
        self.explain._seconds_per_call = seconds_per_call


@pytest.fixture
def models(qapp) -> Models:
    made = Models()
    made.predict()
    return made


def finding(metric: str, answer: str | None = None, **values: float) -> Finding:
    return Finding(metric=metric, values=values, answer=answer, sentence="Found.", parameters={})


def test_that_a_check_carries_the_map_with_how_it_was_made(models) -> None:
    number = models.add(seed=7)
    models.judging.start(number, WEIGHTS)
    request, arrays = models.worker.sent[-1]
    assert (request.kind, request.check, request.map.name, request.map.seed) == (
        "check",
        WEIGHTS,
        "gradient",
        7,
    )
    np.testing.assert_array_equal(arrays[0], VALUES)
    assert len(arrays) == 1
    assert models.worker.last_job.image is IMAGE
    models.judging.start(number, WEIGHTS)
    assert len(models.worker.open_jobs) == 1


def test_that_a_finding_fills_while_its_job_runs(models) -> None:
    number = models.add()
    models.judging.start(number, WEIGHTS)
    models.worker.answer(JobProgress(done=1, total=4))
    models.worker.answer(PartialMap(signed=False), [2 * VALUES])
    models.worker.answer(PartialFinding(finding=finding(WEIGHTS, spearman_abs=0.7)))
    check = models.judging.check(number, WEIGHTS)
    assert (check.state, check.share_done, len(check.maps)) == (CheckPhase.RUNNING, 0.25, 1)
    assert models.judging.running
    models.worker.answer(CheckDone(finding=finding(WEIGHTS, "yes", spearman_abs=0.1)))
    check = models.judging.check(number, WEIGHTS)
    assert (check.state, check.finding.answer, models.judging.running) == (CheckPhase.DONE, "yes", False)


def test_that_a_cancelled_check_is_open_again_and_a_failed_one_says_why(models) -> None:
    number = models.add()
    models.judging.start(number, WEIGHTS)
    models.judging.cancel()
    models.worker.answer(CancelledJob())
    assert models.judging.check(number, WEIGHTS).state is CheckPhase.OPEN
    models.judging.start(number, WEIGHTS)
    models.worker.fail(NotApplicable("The map is constant.", "Choose another."))
    check = models.judging.check(number, WEIGHTS)
    assert (check.state, str(check.error)) == (CheckPhase.FAILED, "The map is constant. Choose another.")
    chip = models.chip(number, "weights")
    assert (chip.state, chip.can_run) == ("failed", True)
    assert chip.tip == "The map is constant. Choose another. Click to check again."
    models.evidence.ask(number, "weights")
    assert (models.worker.last.check, models.chip(number, "weights").state) == (WEIGHTS, "running")


# Unasked


def test_that_nothing_is_checked_unasked_before_the_machine_s_speed_is_known(models) -> None:
    models.add()
    models.judging._use_idle_time()
    assert models.worker.sent == []


def test_that_the_cheapest_check_is_made_when_the_worker_is_idle(models) -> None:
    number = models.add()
    models.be_fast(0.001)
    models.judging._use_idle_time()
    # Three maps with other seeds cost less than eight and two of other networks.
    assert (models.worker.last.check, models.judging.running) == (REPEATS, False)
    models.worker.answer(CheckDone(finding=finding(REPEATS, spearman=0.97)))
    models.judging._use_idle_time()
    assert models.worker.last.check == WEIGHTS
    models.worker.answer(CheckDone(finding=finding(WEIGHTS, "no", spearman_abs=0.9)))
    models.judging._use_idle_time()
    assert [request.kind for request, _ in models.worker.sent] == ["check", "check", "curves"]
    assert [models.chip(number, name).state for name in ("weights", "repeatable")] == ["no", "yes"]


def test_that_a_check_of_twenty_seconds_is_made_unasked_and_no_dearer_one(models) -> None:
    models.add()
    models.be_fast(2.0)  # ten gradients
    models.judging._use_idle_time()
    models.worker.answer(CheckDone(finding=finding(REPEATS, spearman=0.97)))
    models.be_fast(2.001)
    models.judging._use_idle_time()
    assert len(models.worker.sent) == 1
    models.be_fast(2.0)
    models.judging._use_idle_time()
    assert models.worker.last.check == WEIGHTS


def test_that_dear_checks_wait_for_a_click(models) -> None:
    number = models.add()
    models.be_fast(10)
    models.judging._use_idle_time()
    assert models.worker.sent == []
    chip = models.chip(number, "weights")
    assert (chip.state, chip.can_run) == ("unknown", True)
    assert "Not checked yet. Click to check. Takes about 2 minutes." in chip.tip
    models.evidence.ask(number, "weights")
    assert models.worker.last.check == WEIGHTS
    assert models.chip(number, "weights").state == "running"


def test_that_unasked_work_gives_way_to_what_a_person_asks(models) -> None:
    number = models.add()
    models.be_fast(0.001)
    models.judging._use_idle_time()
    models.worker.submit(PredictRequest(model="small"), image=IMAGE)
    assert models.worker.last.kind == "cancel"
    models.worker.answer(CancelledJob())
    assert models.worker.last.kind == "predict"
    assert models.judging.check(number, REPEATS).state is CheckPhase.OPEN
    models.judging._use_idle_time()
    assert models.worker.last.kind == "predict"  # not idle yet


def test_that_asking_for_what_runs_unasked_lets_it_go_on(models) -> None:
    number = models.add()
    models.be_fast(0.001)
    models.judging._use_idle_time()
    models.judging.start(number, REPEATS)
    assert (models.judging.running, len(models.worker.sent)) == (True, 1)
    models.worker.submit(PredictRequest(model="small"), image=IMAGE)
    assert models.worker.last.kind == "check"


def test_that_what_is_asked_for_while_it_gives_way_is_done_after_the_rest(models) -> None:
    number = models.add()
    models.be_fast(0.001)
    models.judging._use_idle_time()
    models.worker.submit(PredictRequest(model="small"), image=IMAGE)
    models.judging.start(number, REPEATS)
    models.judging.start(number, REPEATS)
    assert [request.kind for request, _ in models.worker.sent] == ["check", "cancel"]
    models.worker.answer(CancelledJob())
    models.worker.answer(predicted())
    assert (models.worker.last.check, len(models.worker.open_jobs)) == (REPEATS, 1)
    assert (models.judging.check(number, REPEATS).under_way, models.judging.running) == (True, True)


def test_that_what_a_person_has_stopped_is_not_begun_again_unasked(models) -> None:
    number = models.add()
    models.be_fast(0.001)
    models.judging.start(number, REPEATS)
    models.judging.cancel_check(number, REPEATS)
    models.worker.answer(CancelledJob())
    models.judging._use_idle_time()
    assert models.worker.last.check == WEIGHTS
    models.judging.cancel()
    models.worker.answer(CancelledJob())
    models.judging._use_idle_time()
    assert models.worker.last.kind == "curves"
    models.evidence.ask(number, "repeatable")
    models.worker.answer(CancelledJob())  # the curves give way
    assert models.worker.last.check == REPEATS


def test_that_a_check_that_killed_the_worker_is_not_begun_again_unasked(models) -> None:
    number = models.add()
    models.be_fast(0.001)
    models.judging._use_idle_time()
    models.worker.die()
    models.worker.start()
    models.judging._use_idle_time()
    assert models.worker.last.check == WEIGHTS
    assert models.chip(number, "repeatable").can_run


def test_that_idle_time_is_used_by_itself(qtbot, models) -> None:
    models.be_fast(0.001)
    models.add()
    qtbot.waitUntil(lambda: bool(models.worker.sent), timeout=5000)
    assert models.worker.last.check == REPEATS


# The panel


def test_that_the_panel_says_what_would_fill_it_and_follows_the_chosen_map(models) -> None:
    assert models.sanity.empty_text == texts.SANITY_NEEDS_MAPS
    first, second = models.add(), models.add("grad_cam")
    assert models.sanity.entry.number == first
    models.maps.select(second)
    assert (models.sanity.entry.number, models.sanity.empty_text) == (second, "")


def test_that_maps_of_one_name_are_offered_with_their_number_among_them(models) -> None:
    numbers = [models.add(), models.add("grad_cam"), models.add(seed=1)]
    titles = [entry.title for entry in models.maps.finished]
    assert titles[0] == titles[2] != titles[1]
    assert models.sanity.choices == tuple(
        zip(numbers, (f"{titles[0]} (1)", titles[1], f"{titles[2]} (2)"), strict=True)
    )


def test_that_rows_tell_cost_then_progress_then_the_answer(models) -> None:
    models.add()
    models.be_fast(0.3)
    assert models.sanity.row(WEIGHTS).words == "about 3 s"  # ten gradients
    models.sanity.start(WEIGHTS)
    assert (models.sanity.focused, models.sanity.row(WEIGHTS).words) == (WEIGHTS, texts.WAITING)
    models.worker.answer(JobProgress(done=2, total=10))
    assert models.sanity.row(WEIGHTS).words == "2 of 10"
    models.worker.answer(CheckDone(finding=finding(WEIGHTS, "partly", spearman_abs=0.3)))
    assert models.sanity.row(WEIGHTS).words == "~ partly, 0.30"
    assert models.sanity.sentence == "Found."


def test_that_each_step_stands_with_its_figures_and_its_map(models) -> None:
    models.add()
    models.sanity.start(WEIGHTS)
    steps = (
        {"layer": "top", "layers": 1.0, "spearman_abs": 0.8, "ssim": 0.9},
        {"layer": "first", "layers": 2.0},
    )
    models.worker.answer(PartialMap(signed=False), [2 * VALUES])
    so_far = finding(WEIGHTS, spearman_abs=0.8).model_copy(update={"steps": steps})
    models.worker.answer(PartialFinding(finding=so_far))
    first, second = models.sanity.points
    assert (first.label, first.figures) == ("top", {"spearman_abs": 0.8, "ssim": 0.9})
    np.testing.assert_array_equal(first.overlay.values, 2 * VALUES)
    assert (second.label, second.figures, second.overlay) == ("first", {}, None)
    assert models.sanity.series == ("spearman_abs", "ssim")


def test_that_all_checks_are_asked_for_once_the_cheapest_first(models) -> None:
    models.add()
    models.sanity.start_all()
    rows = [row.name for row in models.sanity.rows]
    assert len(models.worker.open_jobs) == len(rows)
    models.sanity.start_all()
    assert len(models.worker.open_jobs) == len(rows)
    assert models.worker.last.check == REPEATS
