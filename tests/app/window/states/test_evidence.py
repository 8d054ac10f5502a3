"""The short answers beside a map: what is computed in the background, in which order, and each text."""

import numpy as np
import pytest

from app.texts import checks as texts
from app.texts import curves as texts_curves
from app.window.states.maps import MapState
from app.window.states.prediction import Phase
from core.errors import CurveUndefined, NotApplicable
from core.link import CancelledJob, JobProgress
from core.methods.signal import Signal
from core.results.records import TargetRecord
from core.worker.messages import CheckDone, CurvesDone, PredictRequest
from tests.app.window.states.steps import KEY, shown_of
from tests.app.window.states.test_checks import IMAGE, REPEATS, VALUES, Checks, finding
from tests.app.window.states.test_curves import curve_set
from tests.gui.recorded import explained, predicted


@pytest.fixture
def states(qapp) -> Checks:
    states = Checks()
    states.predict("meningioma", VALUES[..., None])
    return states


# Curves in the background


def finish_background_checks(states) -> None:
    """Let all background curves end, so that the task after them starts."""
    states.background.run_next()
    while states.worker.open_jobs and states.worker.last.kind == "check":
        name = states.worker.last.check
        states.worker.answer(CheckDone(finding=finding(name, "yes", spearman=1.0)))
        states.background.run_next()


def test_that_curves_by_cells_come_last_and_are_shown_like_others(states) -> None:
    number = states.add()
    states.curves.set_protocol("pair")
    states.be_fast(0.001)
    finish_background_checks(states)
    request = states.worker.last
    assert (request.kind, request.settings.protocol, request.names) == ("curves", "cells", ("gradient",))
    assert (states.curves.running, states.curves.at_work) == (False, True)
    assert states.chip(number, "random").state == "running"
    states.worker.answer(JobProgress(done=1, total=4))
    assert states.curves.progress[0] == 0.25
    states.worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    assert states.chip(number, "random").words == "✓ better than random"
    assert (states.curves.curves, states.curves.at_work) == (None, False)  # none by this protocol
    sent = len(states.worker.sent)
    states.background.run_next()
    assert len(states.worker.sent) == sent  # no task is left
    states.curves.set_protocol("cells")
    assert (states.curves.curves, states.curves.phase) == (curve_set(), Phase.DONE)
    assert states.curves.table.settings_words("cells").endswith("Drawn in the background.")
    states.curves.start()
    assert (states.curves.curves, len(states.worker.sent)) == (curve_set(), sent)


@pytest.mark.parametrize(("maps", "pictures"), [(1, 418), (3, 626)])
def test_that_curves_of_two_minutes_are_drawn_in_the_background_and_no_costlier_ones(
    states, maps, pictures
) -> None:
    for seed in range(maps):
        states.add(seed=seed)
    # The blurred and the original image; four grids of each map and of the edges and eight random maps, each
    # from the top and from the bottom by 13 shares.
    assert pictures == 2 + (4 * (maps + 1) + 8) * 2 * 13
    states.be_fast(0.001)
    finish_background_checks(states)
    states.shown.show(shown_of(IMAGE))
    states.worker.answer(CancelledJob())
    states.predict("meningioma", VALUES[..., None])
    states.be_fast(120.1 / pictures)
    states.background.run_next()
    assert states.worker.last.kind == "cancel"
    states.be_fast(119.9 / pictures)
    states.background.run_next()
    assert states.worker.last.kind == "curves"


def test_that_background_curves_yield_and_restart(states) -> None:
    number = states.add()
    states.be_fast(0.001)
    finish_background_checks(states)
    states.worker.submit(PredictRequest(model="small"), image=IMAGE)
    assert states.worker.last.kind == "cancel"
    states.worker.submit(PredictRequest(model="small"), image=IMAGE)
    assert [request.kind for request, _ in states.worker.sent].count("cancel") == 1
    states.worker.answer(CancelledJob())
    assert (states.worker.last.kind, states.chip(number, "random").state) == ("predict", "unknown")
    for _ in range(2):
        states.worker.answer(predicted())
    states.background.run_next()
    assert states.worker.last.kind == "curves"


def test_that_requesting_curves_that_run_in_the_background_lets_them_continue(states) -> None:
    states.add()
    states.be_fast(0.001)
    finish_background_checks(states)
    sent = len(states.worker.sent)
    states.curves.start()
    assert (states.curves.running, len(states.worker.sent)) == (True, sent)
    states.worker.submit(PredictRequest(model="small"), image=IMAGE)
    assert states.worker.last.kind == "curves"
    states.worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    assert states.curves.curves == curve_set()


def test_that_requesting_curves_that_yield_draws_them_after_the_rest(states) -> None:
    states.add()
    states.be_fast(0.001)
    finish_background_checks(states)
    states.worker.submit(PredictRequest(model="small"), image=IMAGE)
    states.curves.start()
    states.worker.answer(CancelledJob())
    assert states.curves.running
    states.worker.answer(predicted())
    assert (states.worker.last.kind, states.curves.running) == ("curves", True)
    states.worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    assert states.curves.curves == curve_set()


def test_that_background_curves_are_withdrawn_with_the_image(states) -> None:
    number = states.add()
    states.be_fast(0.001)
    finish_background_checks(states)
    states.shown.show(shown_of(IMAGE))
    assert states.worker.last.kind == "cancel"
    states.worker.answer(CancelledJob())
    assert (states.curves.at_work, states.chip(number, "random").state) == (False, "unknown")


def test_that_curves_that_were_stopped_wait_for_a_click_or_another_map(states) -> None:
    number = states.add()
    states.be_fast(0.001)
    finish_background_checks(states)
    states.curves.cancel()
    states.worker.answer(CancelledJob())
    states.background.run_next()
    assert states.worker.open_jobs == []
    chip = states.chip(number, "random")
    assert (chip.state, chip.can_run) == ("unknown", True)
    states.add(seed=5)
    finish_background_checks(states)
    assert states.worker.last.kind == "curves"
    assert len(states.worker.last.maps) == 2


def test_that_curves_that_killed_the_worker_wait_for_a_click(states) -> None:
    number = states.add()
    states.be_fast(0.001)
    finish_background_checks(states)
    states.worker.die()
    states.worker.start()
    states.background.run_next()
    assert states.worker.open_jobs == []
    states.evidence.ask(number, "random")
    assert states.worker.last.kind == "curves"


# The evidence


def test_that_chips_state_the_results_of_the_curves_of_the_same_map(states) -> None:
    number = states.add()
    assert states.chip(number, "random").state == "unknown"
    states.curves.start()
    assert states.chip(number, "random").state == "running"
    states.worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    chip = states.chip(number, "random")
    assert (chip.state, chip.words) == ("yes", "✓ better than random")
    assert (
        chip.tip
        == "gradient is better than random on this image: SIC gap +0.60 ±0.45 (0 = no better than chance)."
    )
    other = states.add(seed=5)
    chip = states.chip(other, "random")  # the curves hold the map of another seed
    assert (chip.state, chip.can_run) == ("unknown", True)
    states.evidence.ask(other, "random")
    assert states.worker.last.names == (f"gradient {number}", f"gradient {other}")
    assert states.chip(other, "random").state == "running"
    gaps = {f"gradient {number}": 0.6, f"gradient {other}": 0.1, "random": 0.0, "edge": 0.7}
    states.worker.answer(CurvesDone(curves=curve_set(gaps=gaps), seconds=1.0))
    assert [states.chip(map_number, "random").state for map_number in (number, other)] == ["yes", "undecided"]


def test_that_an_image_without_curves_states_the_reason_on_every_chip(states) -> None:
    number = states.add()
    states.curves.start()
    states.worker.answer(CurvesDone(curves=curve_set(undefined=("aic", "sic")), seconds=1.0))
    later = states.add(seed=5)
    for map_number in (number, later):
        chip = states.chip(map_number, "random")
        assert (chip.state, chip.words, chip.can_run) == ("failed", "– random: no curve", False)
        assert chip.tip == "This image has no curves. The class is improbable. Take another."


def test_that_one_kind_of_curve_is_enough_for_an_answer(states) -> None:
    number = states.add()
    states.curves.start()
    states.worker.answer(CurvesDone(curves=curve_set(undefined=("sic",)), seconds=1.0))
    assert states.chip(number, "random").state == "yes"


def test_that_curves_that_failed_state_the_reason_and_are_drawn_again_by_a_click(states) -> None:
    number = states.add()
    states.curves.start()
    states.worker.fail(CurveUndefined("A prediction is not a number.", "Choose another model."))
    chip = states.chip(number, "random")
    assert (chip.state, chip.can_run) == ("failed", True)
    assert chip.tip == "A prediction is not a number. Choose another model. Click to check again."
    states.evidence.ask(number, "random")
    assert (states.worker.last.kind, states.chip(number, "random").state) == ("curves", "running")
    states.worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    assert states.chip(number, "random").state == "yes"


def test_that_a_click_draws_the_curves_that_answer_it_whatever_the_panel_shows(states) -> None:
    number = states.add()
    states.curves.set_protocol("pair")
    states.curves.start()
    chip = states.chip(number, "random")
    assert (chip.state, chip.can_run) == ("unknown", False)
    assert texts_curves.OTHER_CURVES in chip.tip
    states.worker.fail(CurveUndefined("No curve.", "None."))
    assert states.chip(number, "random").state == "unknown"
    states.evidence.ask(number, "random")
    assert states.worker.last.settings.protocol == "cells"


def test_that_the_reason_why_a_map_has_no_curve_is_the_right_one(states) -> None:
    edge = states.add("edge")
    assert texts_curves.ONLY_CONTROL_MAPS in states.chip(edge, "random").tip
    other = states.maps.add(KEY, "gradient", "gradient", TargetRecord(class_name="glioma"))
    record = explained(VALUES, "gradient", target=TargetRecord(class_name="glioma")).record
    states.maps.update(KEY, other, state=MapState.DONE, values=VALUES, record=record)
    states.add("rise")
    assert texts_curves.OTHER_TARGET in states.chip(other, "random").tip
    assert states.chip(edge, "random").can_run
    states.curves.start()
    assert [states.chip(map_number, "random").state for map_number in (edge, other)] == ["running", "unknown"]
    states.worker.answer(CurvesDone(curves=curve_set(gaps={"edge": 0.6, "rise": 0.1}), seconds=1.0))
    assert states.chip(edge, "random").state == "yes"
    states.shown.show(shown_of(IMAGE))
    assert texts.CHECK_NEEDS_PREDICTION in states.chip(edge, "random").tip


def test_that_completeness_is_not_stated_for_a_map_without_signal_or_a_score_that_does_not_rise(
    states,
) -> None:
    diagnostics = {"completeness_error": 0.0, "sum": 0.0, "rise": 0.0}
    flat = states.add(diagnostics=diagnostics)
    saturated = Signal(state="probability_saturated", sentence="The probability is saturated.")
    noise = states.add(seed=5, diagnostics=diagnostics | {"rise": 1.0}, signal=saturated)
    for number in (flat, noise):
        assert "complete" not in {chip.question for chip in states.evidence.chips(number)}


def test_that_no_check_is_offered_for_a_map_without_signal(states) -> None:
    noise = Signal(state="zero_up_to_rounding", sentence="The map is zero up to rounding.")
    number = states.add(signal=noise)
    for question in ("weights", "repeatable"):
        chip = states.chip(number, question)
        assert (chip.state, chip.can_run) == ("unknown", False)
        assert chip.tip.endswith("Cannot be checked: The map is zero up to rounding.")


@pytest.mark.parametrize(("error", "state"), [(0.01, "yes"), (0.1, "partly"), (0.5, "no"), (None, None)])
def test_that_completeness_is_stated_where_the_method_promises_it(states, error, state) -> None:
    number = states.add(diagnostics={} if error is None else {"completeness_error": error})
    chips = {chip.question: chip for chip in states.evidence.chips(number)}
    assert (chips["complete"].state if "complete" in chips else None) == state


@pytest.mark.parametrize("answer", ["yes", "partly", "no", "undecided"])
def test_that_a_chip_has_the_answer_of_the_check(states, answer) -> None:
    number = states.add()
    states.checks.start(number, REPEATS)
    states.worker.answer(CheckDone(finding=finding(REPEATS, answer, spearman=0.5)))
    assert states.chip(number, "repeatable").state == answer


def test_that_a_map_that_cannot_be_checked_states_the_reason(states) -> None:
    number = states.add(values=np.ones((8, 8), np.float32))
    chip = states.chip(number, "weights")
    assert (chip.state, chip.can_run) == ("unknown", False)
    assert "Cannot be checked" in chip.tip


def test_that_unfinished_maps_and_the_random_one_are_not_compared_with_random(states) -> None:
    waiting = states.maps.add(KEY, "rise", "RISE", TargetRecord(class_name="meningioma"))
    assert states.evidence.chips(waiting) == ()
    number = states.add("random")
    assert "random" not in {chip.question for chip in states.evidence.chips(number)}


def test_that_every_state_of_a_chip_has_a_symbol_and_a_text() -> None:
    for question in texts.CHIPS:
        words = {texts.chip_words(question, state) for state in texts.SYMBOLS}
        assert len(words) == len(texts.SYMBOLS)
        assert all(len(word) > 4 for word in words)


def test_that_completeness_has_a_text_for_each_of_its_answers() -> None:
    words = {texts.chip_words("complete", answer) for answer in ("yes", "partly", "no")}
    assert words == {"✓ sums to the score", "~ nearly sums to score", "✗ sum differs from score"}


# The sentence above the image


def answered(states, number: int, check: str, answer: str, **values: float) -> None:
    states.checks.start(number, check)
    states.worker.answer(CheckDone(finding=finding(check, answer, **values)))


def test_that_the_sentence_has_the_answers_and_begins_with_the_training(states) -> None:
    number = states.add("grad_cam")
    assert states.evidence.sentence == ""  # no map lies over the image
    states.maps.select(number)
    assert states.evidence.sentence == "grad_cam, meningioma."
    answered(states, number, "repeatability", "yes", spearman=1.0)
    answered(states, number, "randomisation_cascading", "partly", spearman_abs=0.6)
    assert states.evidence.sentence == (
        "grad_cam, meningioma. Depends on training: in part. Repeatable: yes."
    )


def test_that_a_map_that_another_seed_changes_is_said_to_be_unstable(states) -> None:
    number = states.add("grad_cam")
    states.maps.select(number)
    answered(states, number, "repeatability", "no", spearman=0.2)
    assert states.evidence.sentence == "grad_cam, meningioma. Unstable: another seed gives another map."
    assert states.chip(number, "repeatable").words == "✗ unstable"
    assert texts.short_chip("repeatable", "no") == "✗ unstable"


def test_that_the_sentence_states_why_there_is_no_answer(states) -> None:
    number = states.add("grad_cam")
    states.maps.select(number)
    states.checks.start(number, "randomisation_cascading")
    states.worker.fail(NotApplicable("The map is constant.", "Choose another."))
    assert states.evidence.sentence == (
        "grad_cam, meningioma. Depends on training: no answer. The map is constant. Choose another."
    )


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("no_positive_evidence", "no positive evidence"),
        ("zero_up_to_rounding", "zero up to rounding"),
        ("probability_saturated", "probability saturated: explain the logit"),
    ],
)
def test_that_a_map_without_evidence_says_so_first(states, state, words) -> None:
    signal = Signal(state=state, sentence="Nothing.")
    states.maps.select(states.add("grad_cam", signal=signal))
    assert states.evidence.sentence == f"grad_cam, meningioma, {words}."


def test_that_the_caution_of_a_map_with_evidence_stands_before_the_answers(states) -> None:
    number = states.add("grad_cam", signal=Signal(state="signal", sentence="Uncertain: few masks."))
    states.maps.select(number)
    answered(states, number, "repeatability", "yes", spearman=1.0)
    assert states.evidence.sentence == "grad_cam, meningioma. Uncertain: few masks. Repeatable: yes."


def test_that_two_maps_that_disagree_say_so_and_control_maps_do_not_count(qtbot, states) -> None:
    states.maps.select(states.add("grad_cam"))
    states.add("random", values=-VALUES)
    qtbot.waitUntil(lambda: not states.agreement._timer.isActive())
    assert "Disagrees" not in states.evidence.sentence
    states.add("gradient", values=-VALUES)
    with qtbot.waitSignal(states.evidence.changed):
        qtbot.waitUntil(lambda: not states.agreement._timer.isActive())
    assert states.evidence.sentence.endswith("Disagrees with gradient.")
