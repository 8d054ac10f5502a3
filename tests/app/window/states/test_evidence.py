"""The short answers beside a map: what is made unasked, in which order, and what each of them says."""

import numpy as np
import pytest

from app.texts import checks as texts
from app.texts import curves as texts_curves
from app.window.states.maps import MapState
from core.errors import CurveUndefined
from core.link import CancelledJob, JobProgress
from core.methods.signal import Signal
from core.results.records import TargetRecord
from core.worker.messages import CheckDone, CurvesDone, PredictRequest
from tests.app.window.states.test_curves import curve_set
from tests.app.window.states.test_judging import IMAGE, KEY, REPEATS, VALUES, Models, finding
from tests.gui.recorded import explained, predicted


@pytest.fixture
def models(qapp) -> Models:
    made = Models()
    made.predict()
    return made


# Curves that nobody asked for


def let_checks_be_made(models) -> None:
    """Until none is left that is made unasked, and what comes after them has begun."""
    models.judging._use_idle_time()
    while models.worker.open_jobs and models.worker.last.kind == "check":
        name = models.worker.last.check
        models.worker.answer(CheckDone(finding=finding(name, "yes", spearman=1.0)))
        models.judging._use_idle_time()


def test_that_curves_by_cells_come_last_and_the_panel_does_not_move(qtbot, models) -> None:
    number = models.add()
    models.curves.set_protocol("pair")
    models.be_fast(0.001)
    with qtbot.assertNotEmitted(models.curves.changed):
        let_checks_be_made(models)
        request = models.worker.last
        assert (request.kind, request.settings.protocol, request.names) == ("curves", "cells", ("gradient",))
        assert (models.curves.running, models.curves.at_work) == (False, True)
        assert models.chip(number, "random").state == "running"
        models.worker.answer(JobProgress(done=1, total=4))
        assert models.curves.progress[0] == 0.25
        models.worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    assert models.chip(number, "random").words == "✓ beats random"
    assert (models.curves.curves, models.curves.at_work) == (None, False)
    sent = len(models.worker.sent)
    models.judging._use_idle_time()
    assert len(models.worker.sent) == sent  # nothing is left to be known
    models.curves.set_protocol("cells")
    assert models.curves.curves is None
    models.curves.start()
    assert (models.curves.curves, len(models.worker.sent)) == (curve_set(), sent)


@pytest.mark.parametrize(("maps", "pictures"), [(1, 418), (3, 626)])
def test_that_curves_of_ten_minutes_are_drawn_unasked_and_no_dearer_ones(models, maps, pictures) -> None:
    for seed in range(maps):
        models.add(seed=seed)
    # The blurred and the whole image; four grids of each map and of the edges and eight random maps, each
    # from the top and from the bottom by 13 shares.
    assert pictures == 2 + (4 * (maps + 1) + 8) * 2 * 13
    models.be_fast(0.001)
    let_checks_be_made(models)
    models.curves.set_image(IMAGE)
    models.worker.answer(CancelledJob())
    models.curves.set_class("meningioma")
    models.be_fast(600.1 / pictures)
    models.judging._use_idle_time()
    assert models.worker.last.kind == "cancel"
    models.be_fast(599.9 / pictures)
    models.judging._use_idle_time()
    assert models.worker.last.kind == "curves"


def test_that_unasked_curves_give_way_and_begin_again(models) -> None:
    number = models.add()
    models.be_fast(0.001)
    let_checks_be_made(models)
    models.worker.submit(PredictRequest(model="small"), image=IMAGE)
    assert models.worker.last.kind == "cancel"
    models.worker.submit(PredictRequest(model="small"), image=IMAGE)
    assert [request.kind for request, _ in models.worker.sent].count("cancel") == 1
    models.worker.answer(CancelledJob())
    assert (models.worker.last.kind, models.chip(number, "random").state) == ("predict", "unknown")
    for _ in range(2):
        models.worker.answer(predicted())
    models.judging._use_idle_time()
    assert models.worker.last.kind == "curves"


def test_that_asking_for_curves_that_run_unasked_lets_them_go_on(models) -> None:
    models.add()
    models.be_fast(0.001)
    let_checks_be_made(models)
    sent = len(models.worker.sent)
    models.curves.start()
    assert (models.curves.running, len(models.worker.sent)) == (True, sent)
    models.worker.submit(PredictRequest(model="small"), image=IMAGE)
    assert models.worker.last.kind == "curves"
    models.worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    assert models.curves.curves == curve_set()


def test_that_asking_for_curves_that_give_way_draws_them_after_the_rest(models) -> None:
    models.add()
    models.be_fast(0.001)
    let_checks_be_made(models)
    models.worker.submit(PredictRequest(model="small"), image=IMAGE)
    models.curves.start()
    models.worker.answer(CancelledJob())
    assert models.curves.running
    models.worker.answer(predicted())
    assert (models.worker.last.kind, models.curves.running) == ("curves", True)
    models.worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    assert models.curves.curves == curve_set()


def test_that_unasked_curves_are_withdrawn_with_the_image(models) -> None:
    number = models.add()
    models.be_fast(0.001)
    let_checks_be_made(models)
    models.curves.set_image(None)
    assert models.worker.last.kind == "cancel"
    models.worker.answer(CancelledJob())
    assert (models.curves.at_work, models.chip(number, "random").state) == (False, "unknown")


def test_that_curves_that_were_stopped_wait_for_a_click_or_another_map(models) -> None:
    number = models.add()
    models.be_fast(0.001)
    let_checks_be_made(models)
    models.curves.cancel()
    models.worker.answer(CancelledJob())
    models.judging._use_idle_time()
    assert models.worker.open_jobs == []
    chip = models.chip(number, "random")
    assert (chip.state, chip.can_run) == ("unknown", True)
    models.add(seed=5)
    let_checks_be_made(models)
    assert models.worker.last.kind == "curves"
    assert len(models.worker.last.maps) == 2


def test_that_curves_that_killed_the_worker_wait_for_a_click(models) -> None:
    number = models.add()
    models.be_fast(0.001)
    let_checks_be_made(models)
    models.worker.die()
    models.worker.start()
    models.judging._use_idle_time()
    assert models.worker.open_jobs == []
    models.evidence.ask(number, "random")
    assert models.worker.last.kind == "curves"


# The evidence


def test_that_chips_tell_what_the_curves_found_of_this_very_map(models) -> None:
    number = models.add()
    assert models.chip(number, "random").state == "unknown"
    models.curves.start()
    assert models.chip(number, "random").state == "running"
    models.worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    chip = models.chip(number, "random")
    assert (chip.state, chip.words) == ("yes", "✓ better than random")
    assert (
        chip.tip == "gradient is better than random on this image: SIC gap +0.60 (0 = no better than chance)."
    )
    other = models.add(seed=5)
    chip = models.chip(other, "random")  # the curves know the map of another seed
    assert (chip.state, chip.can_run) == ("unknown", True)
    models.evidence.ask(other, "random")
    assert models.worker.last.names == (f"gradient {number}", f"gradient {other}")
    assert models.chip(other, "random").state == "running"
    gaps = {f"gradient {number}": 0.6, f"gradient {other}": 0.1, "random": 0.0, "edge": 0.7}
    models.worker.answer(CurvesDone(curves=curve_set(gaps=gaps), seconds=1.0))
    assert [models.chip(one, "random").state for one in (number, other)] == ["yes", "undecided"]


def test_that_an_image_without_curves_says_why_on_every_chip(models) -> None:
    number = models.add()
    models.curves.start()
    models.worker.answer(CurvesDone(curves=curve_set(undefined=("aic", "sic")), seconds=1.0))
    later = models.add(seed=5)
    for one in (number, later):
        chip = models.chip(one, "random")
        assert (chip.state, chip.words, chip.can_run) == ("failed", "– random: no curve", False)
        assert chip.tip == "This image has no curves. The class is improbable. Take another."


def test_that_one_kind_of_curve_is_enough_for_an_answer(models) -> None:
    number = models.add()
    models.curves.start()
    models.worker.answer(CurvesDone(curves=curve_set(undefined=("sic",)), seconds=1.0))
    assert models.chip(number, "random").state == "yes"


def test_that_curves_that_failed_say_why_and_are_drawn_again_by_a_click(models) -> None:
    number = models.add()
    models.curves.start()
    models.worker.fail(CurveUndefined("A prediction is not a number.", "Choose another model."))
    chip = models.chip(number, "random")
    assert (chip.state, chip.can_run) == ("failed", True)
    assert chip.tip == "A prediction is not a number. Choose another model. Click to check again."
    models.evidence.ask(number, "random")
    assert (models.worker.last.kind, models.chip(number, "random").state) == ("curves", "running")
    models.worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    assert models.chip(number, "random").state == "yes"


def test_that_a_click_draws_the_curves_that_answer_it_whatever_the_panel_shows(models) -> None:
    number = models.add()
    models.curves.set_protocol("pair")
    models.curves.start()
    chip = models.chip(number, "random")
    assert (chip.state, chip.can_run) == ("unknown", False)
    assert texts_curves.OTHER_CURVES in chip.tip
    models.worker.fail(CurveUndefined("No curve.", "None."))
    assert models.chip(number, "random").state == "unknown"
    models.evidence.ask(number, "random")
    assert models.worker.last.settings.protocol == "cells"


def test_that_the_reason_why_a_map_has_no_curve_is_the_right_one(models) -> None:
    edge = models.add("edge")
    assert texts_curves.ONLY_CONTROL_MAPS in models.chip(edge, "random").tip
    other = models.maps.add(KEY, "gradient", "gradient", TargetRecord(class_name="glioma"))
    record = explained(VALUES, "gradient", target=TargetRecord(class_name="glioma")).record
    models.maps.update(KEY, other, state=MapState.DONE, values=VALUES, record=record)
    models.add("rise")
    assert texts_curves.OTHER_TARGET in models.chip(other, "random").tip
    assert models.chip(edge, "random").can_run
    models.curves.start()
    assert [models.chip(one, "random").state for one in (edge, other)] == ["running", "unknown"]
    models.worker.answer(CurvesDone(curves=curve_set(gaps={"edge": 0.6, "rise": 0.1}), seconds=1.0))
    assert models.chip(edge, "random").state == "yes"
    models.curves.set_class("")
    assert texts.CHECK_NEEDS_PREDICTION in models.chip(edge, "random").tip


def test_that_completeness_is_not_told_of_a_map_without_signal_or_a_score_that_does_not_rise(models) -> None:
    told = {"completeness_error": 0.0, "sum": 0.0, "rise": 0.0}
    flat = models.add(diagnostics=told)
    saturated = Signal(state="probability_saturated", sentence="The probability is saturated.")
    noise = models.add(seed=5, diagnostics=told | {"rise": 1.0}, signal=saturated)
    for number in (flat, noise):
        assert "complete" not in {chip.question for chip in models.evidence.chips(number)}


def test_that_no_check_is_offered_for_a_map_without_signal(models) -> None:
    noise = Signal(state="zero_up_to_rounding", sentence="The map is zero up to rounding.")
    number = models.add(signal=noise)
    for question in ("weights", "repeatable"):
        chip = models.chip(number, question)
        assert (chip.state, chip.can_run) == ("unknown", False)
        assert chip.tip.endswith("Cannot be checked: The map is zero up to rounding.")


@pytest.mark.parametrize(("error", "state"), [(0.01, "yes"), (0.1, "partly"), (0.5, "no"), (None, None)])
def test_that_completeness_is_told_where_the_method_promises_it(models, error, state) -> None:
    number = models.add(diagnostics={} if error is None else {"completeness_error": error})
    found = {chip.question: chip for chip in models.evidence.chips(number)}
    assert (found["complete"].state if "complete" in found else None) == state


@pytest.mark.parametrize("answer", ["yes", "partly", "no", "undecided"])
def test_that_a_chip_has_the_answer_of_the_check(models, answer) -> None:
    number = models.add()
    models.judging.start(number, REPEATS)
    models.worker.answer(CheckDone(finding=finding(REPEATS, answer, spearman=0.5)))
    assert models.chip(number, "repeatable").state == answer


def test_that_a_map_that_cannot_be_checked_says_why(models) -> None:
    number = models.add(values=np.ones((8, 8), np.float32))
    chip = models.chip(number, "weights")
    assert (chip.state, chip.can_run) == ("unknown", False)
    assert "Cannot be checked" in chip.tip


def test_that_unfinished_maps_and_the_random_one_are_not_compared_with_random(models) -> None:
    waiting = models.maps.add(KEY, "rise", "RISE", TargetRecord(class_name="meningioma"))
    assert models.evidence.chips(waiting) == ()
    number = models.add("random")
    assert "random" not in {chip.question for chip in models.evidence.chips(number)}


def test_that_every_state_of_a_chip_has_a_symbol_and_a_word() -> None:
    for question in texts.CHIPS:
        words = {texts.chip_words(question, state) for state in texts.SYMBOLS}
        assert len(words) == len(texts.SYMBOLS)
        assert all(len(word) > 4 for word in words)


def test_that_completeness_has_a_word_for_each_of_its_answers() -> None:
    words = {texts.chip_words("complete", answer) for answer in ("yes", "partly", "no")}
    assert words == {"✓ adds up", "~ nearly adds up", "✗ does not add up"}
