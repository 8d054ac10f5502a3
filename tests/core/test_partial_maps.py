"""What a cancelled run leaves behind: the mean of its first draws, where that means something."""

from dataclasses import replace

import numpy as np
import pytest

from core import engine
from core.checks import CHECKS
from core.checks.contract import Check, CheckFacts, CheckFamily, require_checkable
from core.errors import Cancelled, NotApplicable
from core.images.slice import Slice
from core.methods import METHODS, method_named
from core.models.handle import ModelHandle
from core.network.run import Run
from tests.cards import make_card, small_model

DRAWING = [method.name for method in METHODS if method.draws]
# Enough for several batches of eight.
FEW = {"samples": 24, "masks": 64, "steps": 24, "min_pixels": 9}
BACKGROUND = 16
# How many draws each method makes of these, where they are not called samples.
TOTALS = {"rise": FEW["masks"], "deep_shap": BACKGROUND}


@pytest.fixture(scope="module")
def handle() -> ModelHandle:
    handle = ModelHandle(make_card(), small_model(seed=1))
    handle.use_background(np.random.default_rng(2).random((BACKGROUND, 32, 32, 1), dtype=np.float32))
    return handle


@pytest.fixture(scope="module")
def subject(handle):
    values = np.random.default_rng(1).integers(0, 255, (32, 32)).astype(np.uint8)
    return engine.prepare(handle, Slice(values))


def params_of(name: str, **changes: object) -> dict[str, object]:
    fields = method_named(name).Params.model_fields
    return {key: value for key, value in (FEW | changes).items() if key in fields}


def cancelled_run(partials: list) -> Run:
    """A run that is ended once it has shown a partial map."""
    return Run(cancelled=lambda: bool(partials), on_partial=partials.append)


def test_that_the_methods_that_average_draws_are_known() -> None:
    smoothed = {"smooth_grad", "var_grad", "smooth_ig", "smooth_guided_ig", "smooth_blur_ig"}
    assert set(DRAWING) == smoothed | {"expected_gradients", "gradient_shap", "deep_shap", "rise"}


@pytest.mark.parametrize("name", DRAWING)
def test_that_a_cancelled_mean_is_kept_with_how_much_of_it_was_computed(handle, subject, name) -> None:
    partials: list = []
    explanation = engine.explain(
        handle, subject, name, params_of(name), run=cancelled_run(partials), keeps_estimate=True
    )
    partial = explanation.record.partial
    assert 0 < partial.done < partial.total
    assert partial.total == TOTALS.get(name, FEW["samples"])
    assert partial.words == f"partial: {partial.done} of {partial.total} {method_named(name).draws}"
    np.testing.assert_array_equal(explanation.map.values, partials[-1].values)


def test_that_the_kept_mean_is_that_of_a_run_of_so_many_draws(handle, subject) -> None:
    explanation = engine.explain(
        handle, subject, "smooth_grad", params_of("smooth_grad"), run=cancelled_run([]), keeps_estimate=True
    )
    shorter = engine.explain(
        handle, subject, "smooth_grad", params_of("smooth_grad", samples=explanation.record.partial.done)
    )
    assert shorter.record.partial is None
    np.testing.assert_allclose(explanation.map.values, shorter.map.values, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", ["occlusion", "integrated_gradients"])
def test_that_a_beginning_that_means_nothing_is_dropped(handle, subject, name) -> None:
    partials: list = []
    with pytest.raises(Cancelled):
        engine.explain(
            handle, subject, name, params_of(name), run=cancelled_run(partials), keeps_estimate=True
        )
    assert partials


@pytest.mark.parametrize("name", DRAWING)
def test_that_nothing_partial_is_given_unless_it_is_asked_for(handle, subject, name) -> None:
    with pytest.raises(Cancelled):
        engine.explain(handle, subject, name, params_of(name), run=cancelled_run([]))
    requests = [engine.Request(name, params_of(name))]
    with pytest.raises(Cancelled):
        list(engine.explain_all(handle, subject, requests, run=cancelled_run([])))


def test_that_a_run_that_is_ended_before_its_first_draws_leaves_nothing(handle, subject) -> None:
    with pytest.raises(Cancelled):
        engine.explain(
            handle, subject, "rise", params_of("rise"), run=Run(cancelled=lambda: True), keeps_estimate=True
        )


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_that_checks_against_whole_maps_refuse_a_partial_one_and_others_do_not(
    handle, subject, check
) -> None:
    explanation = engine.explain(
        handle, subject, "rise", params_of("rise"), run=cancelled_run([]), keeps_estimate=True
    )
    region = np.zeros((32, 32), dtype=bool)
    region[4:12, 4:12] = True
    if check.family in (CheckFamily.SANITY, CheckFamily.ROBUSTNESS):
        with pytest.raises(NotApplicable, match="other whole ones, and it is partial: "):
            engine.run_check(handle, subject, explanation, check.name, region=region)
    else:
        facts = engine.check_input_of(handle, subject, explanation, region).facts
        whole = replace(facts, partial="")
        assert facts.partial
        assert refusal_of(check, facts) == refusal_of(check, whole)


def refusal_of(check: Check, facts: CheckFacts) -> str:
    try:
        require_checkable(check, facts)
    except NotApplicable as error:
        return error.message
    return ""
