"""Path and smoothing methods against PAIR saliency 0.2.1, with the same model call at the same batch."""

from unittest.mock import patch

import numpy as np
import pytest
import saliency.core as pair

from core.methods import method_named
from core.methods.path.blur_ig import BlurIgParams
from core.methods.path.guided_ig import GuidedIgParams, walked_in_step
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.maps import map_of
from tests.oracle.shim import old_numpy_names
from tests.oracle.test_methods_oracle import assert_close, bundled, gradients_for_pair, small


@pytest.fixture(
    scope="module",
    params=[(small, 40), pytest.param((bundled, 4), marks=pytest.mark.slow)],
    ids=["random network", "bundled model"],
)
def setting(request):
    """(handle, input, target) and how many steps are affordable on it."""
    make, steps = request.param
    handle, x = make()
    return (handle, x, LogitTarget(handle.predict(x).index)), steps


@pytest.mark.parametrize(
    ("fraction", "max_distance"), [(0.25, 0.02), (0.5, 1.0)], ids=["defaults", "examples"]
)
def test_that_guided_ig_is_pairs(setting, fraction, max_distance):
    case, steps = setting
    handle, x, target = case
    start = np.full_like(x, x.min())
    with handle.calls.at_batch(1), old_numpy_names():
        expected = pair.GuidedIG().GetMask(
            x,
            gradients_for_pair(case),
            x_baseline=start,
            x_steps=steps,
            fraction=fraction,
            max_dist=max_distance,
        )
        params = GuidedIgParams(steps=steps, fraction=fraction, max_distance=max_distance)
        result = walked_in_step(handle, x[None], start[None], [target], params, Run())[0]
    assert_close(result, expected)


def test_that_blur_ig_by_pairs_rule_is_pairs(setting):
    case, steps = setting
    handle, x, target = case
    with handle.calls.at_batch(2):
        # In float64, because PAIR divides a difference of two blurs by 0.01 in the image's own precision.
        expected = pair.BlurIG().GetMask(
            x.astype(np.float64), gradients_for_pair(case), max_sigma=20, steps=steps, batch_size=2
        )
        params = BlurIgParams(rule="pair", border="zero", spacing="linear", max_sigma=20, steps=steps)
        result = map_of(method_named("blur_ig"), handle, x, target, params)
    assert_close(result.values, expected.sum(axis=-1))


@pytest.mark.parametrize("squared", [False, True])
def test_that_smooth_grad_is_pairs_with_the_same_noise(setting, squared):
    case, _ = setting
    handle, x, target = case
    noise = np.random.default_rng(8).spawn(2)[0]

    def same_noise(mean, deviation, shape):
        # PAIR rounds its 0.15 to float32; a kink of the network near an input may notice.
        assert deviation == pytest.approx(0.15 * np.ptp(x), rel=1e-6)
        return noise.normal(mean, 0.15 * float(np.ptp(x)), shape)

    method = method_named("smooth_grad")
    with handle.calls.at_batch(1):
        with patch.object(np.random, "normal", same_noise):
            expected = pair.GradientSaliency().GetSmoothedMask(
                x, gradients_for_pair(case), nsamples=4, magnitude=squared
            )
        params = method.Params(samples=4, squared=squared)
        result = map_of(method, handle, x, target, params, Run(generator=np.random.default_rng(8)))
    assert_close(result.values, expected.sum(axis=-1))


def test_that_pairs_blur_ig_sums_change_with_its_batch_and_ours_do_not(setting):
    case, _ = setting
    handle, x, target = case
    sums = {"pair": [], "ours": []}
    for batch in (1, 4):
        with handle.calls.at_batch(batch):
            theirs = pair.BlurIG().GetMask(
                x, gradients_for_pair(case), max_sigma=20, steps=4, sqrt=True, batch_size=batch
            )
            params = BlurIgParams(rule="pair", spacing="quadratic", max_sigma=20, steps=4)
            ours = map_of(method_named("blur_ig"), handle, x, target, params)
        sums["pair"].append(float(theirs.sum()))
        sums["ours"].append(float(ours.values.sum()))
    assert abs(sums["pair"][0] - sums["pair"][1]) > 0.01 * abs(sums["pair"][0])
    assert sums["ours"][0] == pytest.approx(sums["ours"][1], rel=1e-3, abs=1e-3)
