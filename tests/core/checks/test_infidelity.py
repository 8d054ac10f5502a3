"""Infidelity: what hidden patches do, on scores that are formulas."""

from dataclasses import replace

import numpy as np
import pytest

from core.checks import check_named
from core.checks.infidelity import reading_of
from core.errors import NotApplicable
from core.methods import METHODS, method_named
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from tests.core.checks.forgetting import subject_of
from tests.core.methods.analytic import Analytic, cubic, linear

SHAPE = (24, 20, 1)
INFIDELITY = check_named("infidelity")


@pytest.fixture
def x(generator):
    return generator.random(SHAPE, dtype=np.float32)


@pytest.fixture
def weights(generator):
    return generator.normal(size=SHAPE)


def finding_by(subject, seed=0, **params):
    return INFIDELITY.run(subject, INFIDELITY.Params(**params), Run(np.random.default_rng(seed)))


def with_map(subject, values):
    values = np.asarray(values, np.float32)
    attribution_map = AttributionMap(values, signed=True, cells=values.shape)
    return replace(subject, facts=replace(subject.facts, map=attribution_map))


@pytest.mark.parametrize("scaled", [True, False])
@pytest.mark.parametrize("shape", [SHAPE, (24, 20, 3)])
def test_that_the_gradient_of_a_linear_score_predicts_every_patch(generator, scaled, shape):
    # The channels of a grey picture are equal.
    x = np.repeat(generator.random((*shape[:2], 1), dtype=np.float32), shape[2], axis=2)
    finding = finding_by(subject_of(linear(generator.normal(size=shape)), x), scaled=scaled)
    assert finding.values["relative_infidelity"] == pytest.approx(0, abs=1e-9)
    assert finding.values["scale"] == pytest.approx(1, abs=1e-5)
    assert finding.parameters["reading"] == "slope"


def test_that_contributions_of_a_linear_score_predict_what_black_patches_take(weights, x):
    x[0, 0] = 0  # the lowest value, from which the contributions of a black baseline count
    finding = finding_by(subject_of(linear(weights), x, "input_x_gradient"), fill="black", scaled=False)
    assert finding.values["relative_infidelity"] == pytest.approx(0, abs=1e-9)
    assert finding.parameters["reading"] == "share"


def test_that_each_patch_is_hidden_on_the_whole_image(x, weights):
    batches = []

    class Watching(Analytic):
        def values(self, inputs, target, run=None):
            batches.append(inputs.copy())
            return super().values(inputs, target, run)

    plain = linear(weights)
    finding_by(subject_of(Watching(plain.score, plain.slope, SHAPE), x), patches=30, side=0.25)
    images = np.concatenate(batches)
    assert len(images) == 31
    np.testing.assert_array_equal(images[0], x)
    for image in images[1:]:
        rows, columns, _ = np.nonzero(image != x)
        assert (np.ptp(rows), np.ptp(columns)) == (4, 4)
        np.testing.assert_array_equal(image[rows, columns], x.mean())


def test_that_the_error_is_the_mean_square_of_the_formula(x):
    # A cubic score: a patch takes x^3 - b^3, while slopes predict 3 x^2 (x - b).
    finding = finding_by(subject_of(cubic(SHAPE), x), seed=4, patches=20, side=0.2, scaled=False)
    corners = np.random.default_rng(4).integers((0, 0), (21, 17), size=(20, 2))
    fill = float(x.mean())
    errors, losses = [], []
    for top, left in corners:
        patch = x[top : top + 4, left : left + 4].astype(np.float64)
        losses.append((patch**3 - fill**3).sum())
        errors.append((3 * patch**2 * (patch - fill)).sum() - losses[-1])
    assert finding.values["infidelity"] == pytest.approx(np.mean(np.square(errors)), rel=1e-4)
    assert finding.values["empty_map"] == pytest.approx(np.mean(np.square(losses)), rel=1e-4)
    assert finding.values["relative_infidelity"] == pytest.approx(
        np.mean(np.square(errors)) / np.mean(np.square(losses)), rel=1e-4
    )


def test_that_scaling_forgives_the_unit_and_nothing_else(weights, x):
    subject = subject_of(linear(weights), x)
    tenfold = with_map(subject, 10 * subject.values)
    assert finding_by(tenfold).values["relative_infidelity"] == pytest.approx(0, abs=1e-9)
    assert finding_by(tenfold).values["scale"] == pytest.approx(0.1, abs=1e-6)
    assert finding_by(tenfold, scaled=False).values["relative_infidelity"] == pytest.approx(81, rel=1e-6)
    upside_down = finding_by(with_map(subject, -subject.values))
    assert (upside_down.values["relative_infidelity"], upside_down.values["scale"]) == (1, 0)


def test_that_noise_predicts_hardly_more_than_an_empty_map(weights, x, generator):
    finding = finding_by(
        with_map(subject_of(linear(weights), x), generator.normal(size=SHAPE[:2])), patches=400
    )
    assert 0.9 < finding.values["relative_infidelity"] <= 1


def test_that_a_score_that_no_patch_moves_has_no_infidelity(x, weights):
    still = with_map(subject_of(linear(0 * weights + 1e-3), x), weights[..., 0])
    unaffected = replace(still, network=Analytic(lambda v: np.zeros(len(v)), np.zeros_like, SHAPE))
    with pytest.raises(NotApplicable, match="No hidden patch changes the score"):
        finding_by(unaffected)


def test_that_slopes_are_read_from_gradients_and_shares_from_the_rest():
    params = INFIDELITY.Params()
    readings = {method.name: reading_of(params, method.meaning(method.Params())) for method in METHODS}
    slopes = {name for name, reading in readings.items() if reading == "slope"}
    assert slopes == {"gradient", "smooth_grad", "var_grad"}
    xrai = method_named("xrai")
    of_slopes = xrai.meaning(xrai.Params(base="smooth_grad"))
    assert reading_of(params, of_slopes) == "slope"
    chosen = INFIDELITY.Params(reading="share")
    assert {reading_of(chosen, method.meaning(method.Params())) for method in METHODS} == {"share"}
