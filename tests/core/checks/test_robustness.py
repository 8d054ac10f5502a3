"""Repeatability, max-sensitivity, and robustness to noise and shifts: closed forms on analytic networks."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from core.checks import check_named
from core.checks.shift_robustness import shifted
from core.errors import NotApplicable
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from tests.core.checks.forgetting import subject_of
from tests.core.methods.analytic import Analytic, cubic, linear

SHAPE = (24, 20, 1)
REPEATABILITY, SENSITIVITY, NOISE, SHIFTS = (
    check_named(name) for name in ("repeatability", "max_sensitivity", "noise_robustness", "shift_robustness")
)


@pytest.fixture
def x(generator):
    return generator.random(SHAPE, dtype=np.float32)


def finding_by(check, subject, seed=0, **params):
    return check.run(subject, check.Params(**params), Run(np.random.default_rng(seed)))


def rank_correlation(first, second):
    return spearmanr(first.ravel(), second.ravel())[0]


def test_that_a_method_without_draws_repeats_by_construction_after_one_run(x):
    network = cubic(SHAPE)
    subject = subject_of(network, x)
    before = len(network.gradient_calls)
    finding = finding_by(REPEATABILITY, subject, repeats=9)
    assert (finding.values["spearman"], finding.values["deterministic"]) == (1, 1)
    assert "by construction" in finding.sentence
    assert len(network.gradient_calls) == before + 1


def test_that_noise_does_not_repeat(x):
    finding = finding_by(REPEATABILITY, subject_of(cubic(SHAPE), x, "random"), repeats=4)
    maps = [generator.random(SHAPE[:2], dtype=np.float32) for generator in np.random.default_rng(0).spawn(4)]
    noise_map = np.random.default_rng(7).random(SHAPE[:2], dtype=np.float32)
    expected = [rank_correlation(noise_map, other) for other in maps]
    assert finding.values["spearman"] == pytest.approx(np.mean(expected), abs=1e-6)
    assert finding.values["lowest"] == pytest.approx(min(expected), abs=1e-6)
    assert (finding.values["deterministic"], len(finding.steps)) == (0, 4)
    assert abs(np.mean(expected)) < 0.1


def test_that_more_samples_repeat_better(x):
    few, many = (
        finding_by(REPEATABILITY, subject_of(cubic(SHAPE), x, "smooth_grad", samples=count, noise=0.5))
        for count in (2, 40)
    )
    assert few.values["spearman"] < many.values["spearman"] < 1
    assert few.values["deterministic"] == 0


def test_that_the_gradient_of_a_linear_score_is_sensitive_to_nothing(generator, x):
    finding = finding_by(SENSITIVITY, subject_of(linear(generator.normal(size=SHAPE)), x))
    assert finding.values == {"max_sensitivity": 0, "mean_sensitivity": 0}
    assert "up to 0.00 of its norm" in finding.sentence


def test_that_the_sensitivity_of_a_cubic_score_is_its_formula(x):
    finding = finding_by(SENSITIVITY, subject_of(cubic(SHAPE), x), seed=5, radius=0.1, samples=4)
    generator, radius = np.random.default_rng(5), 0.1 * float(np.ptp(x))
    expected = []
    for _ in range(4):
        change = generator.uniform(-radius, radius, size=SHAPE)
        moved = 3 * (x + change).astype(np.float32).astype(np.float64) ** 2
        expected.append(np.linalg.norm(moved - 3 * x.astype(np.float64) ** 2) / np.linalg.norm(3 * x**2))
    assert finding.values["max_sensitivity"] == pytest.approx(max(expected), rel=1e-5)
    assert finding.values["mean_sensitivity"] == pytest.approx(np.mean(expected), rel=1e-5)
    assert [row["sensitivity"] for row in finding.steps] == pytest.approx(expected, rel=1e-5)


def test_that_noise_moves_the_ranks_of_a_cubic_score_as_the_formula_predicts(x):
    finding = finding_by(NOISE, subject_of(cubic(SHAPE), x), seed=5, noise=0.2, samples=3)
    generator = np.random.default_rng(5)
    expected = [
        rank_correlation(x**2, (x + generator.normal(0, 0.2 * float(np.ptp(x)), size=SHAPE)) ** 2)
        for _ in range(3)
    ]
    assert finding.values["spearman"] == pytest.approx(np.mean(expected), abs=1e-4)
    assert finding.values["lowest"] == pytest.approx(min(expected), abs=1e-4)
    assert f"agree by {np.mean(expected):.2f} (mean of 3" in finding.sentence
    assert 0.5 < np.mean(expected) < 0.95


def test_that_noise_leaves_a_map_of_the_weights_alone(generator, x):
    finding = finding_by(NOISE, subject_of(linear(generator.normal(size=SHAPE)), x))
    assert finding.values["spearman"] == pytest.approx(1)
    assert finding.values["ssim"] == pytest.approx(1)


@pytest.mark.parametrize("down", [-2, 0, 1])
@pytest.mark.parametrize("right", [-1, 0, 3])
def test_that_a_shift_moves_each_pixel_and_repeats_the_border(down, right):
    values = np.arange(42.0).reshape(6, 7)
    moved = shifted(values, down, right)
    for row in range(6):
        for column in range(7):
            source = min(max(row - down, 0), 5), min(max(column - right, 0), 6)
            assert moved[row, column] == values[source]


def test_that_a_map_of_each_pixel_by_itself_moves_with_the_image(x):
    finding = finding_by(SHIFTS, subject_of(cubic(SHAPE), x), distance=2)
    assert finding.values["lowest"] == pytest.approx(1)
    assert finding.values["ssim"] == pytest.approx(1)
    assert [row["direction"] for row in finding.steps] == ["up", "down", "left", "right"]


def test_that_a_map_that_stays_is_compared_with_itself_moved(generator, x):
    weights = generator.normal(size=SHAPE)
    finding = finding_by(SHIFTS, subject_of(linear(weights), x))
    inner_weights = weights[1:-1, 1:-1, 0]
    # The image went up, so its map is brought down: each place is compared with the one above.
    expected = {
        "up": rank_correlation(inner_weights, weights[:-2, 1:-1, 0]),
        "down": rank_correlation(inner_weights, weights[2:, 1:-1, 0]),
        "left": rank_correlation(inner_weights, weights[1:-1, :-2, 0]),
        "right": rank_correlation(inner_weights, weights[1:-1, 2:, 0]),
    }
    assert {row["direction"]: row["spearman"] for row in finding.steps} == pytest.approx(expected, abs=1e-6)
    assert finding.values["spearman"] == pytest.approx(np.mean(list(expected.values())), abs=1e-6)


def test_that_maps_that_come_out_empty_are_counted_and_not_averaged(x):
    # The slope is there only while the mean is at most that of the image itself.
    limit = float(x.mean()) + 1e-6
    network = Analytic(
        lambda v: v.sum(axis=(1, 2, 3)),
        lambda v: v * (v.mean(axis=(1, 2, 3)) <= limit)[:, None, None, None],
        SHAPE,
    )
    finding = finding_by(NOISE, subject_of(network, x), samples=12)
    generator, deviation = np.random.default_rng(0), 0.05 * float(np.ptp(x))
    empty = sum(
        (x + generator.normal(0, deviation, size=SHAPE)).astype(np.float32).mean(dtype=np.float64) > limit
        for _ in range(12)
    )
    assert 0 < empty < 12
    assert finding.values["empty_maps"] == empty
    assert f"{empty} of 12 maps are constant" in finding.sentence
    assert finding.values["lowest"] > 0.9


def test_that_every_map_empty_is_a_reason_and_no_zero(x):
    network = Analytic(
        lambda v: v.sum(axis=(1, 2, 3)),
        lambda v: v * (np.abs(v - x).max(axis=(1, 2, 3)) < 1e-6)[:, None, None, None],
        SHAPE,
    )
    with pytest.raises(NotApplicable, match="every map is the same everywhere"):
        finding_by(NOISE, subject_of(network, x))


def test_that_a_constant_image_has_no_scale_for_a_change(x, generator):
    flat = np.full(SHAPE, 0.5, np.float32)
    for check in (SENSITIVITY, NOISE):
        with pytest.raises(NotApplicable, match="The image is constant"):
            finding_by(check, subject_of(linear(generator.normal(size=SHAPE)), flat))


def test_that_a_map_with_nothing_inside_the_rim_is_refused(x):
    subject = subject_of(cubic(SHAPE), x)
    values = np.zeros(SHAPE[:2], np.float32)
    values[0, 3] = 1
    border_map = AttributionMap(values, signed=False, cells=values.shape)
    rimmed = replace(subject, facts=replace(subject.facts, map=border_map))
    with pytest.raises(NotApplicable, match="Without a border of 1 pixel nothing"):
        finding_by(SHIFTS, rimmed)
    with pytest.raises(NotApplicable, match="Without a border of 12 pixels nothing"):
        finding_by(SHIFTS, subject, distance=12)
