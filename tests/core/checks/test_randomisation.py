"""Randomised layers: on a network whose gradient is the product of its layers' weights."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from core.checks import check_named
from core.checks.randomised_layers import blocks
from core.errors import NotApplicable
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from tests.core.checks.forgetting import Forgetting, forgetting, subject_of

SHAPE = (24, 20, 1)
CASCADING, INDEPENDENT = check_named("randomisation_cascading"), check_named("randomisation_independent")
LAYERS = tuple("abcdefghij")


@pytest.fixture
def x(generator):
    return generator.random(SHAPE, dtype=np.float32)


def finding_by(check, subject, seed=0, **params):
    return check.run(subject, check.Params(**params), Run(np.random.default_rng(seed)))


def test_that_blocks_hold_each_layer_once_and_the_logits_stand_alone():
    assert blocks(LAYERS, 4) == [("a",), ("b", "c", "d"), ("e", "f", "g"), ("h", "i", "j")]
    assert blocks(LAYERS, 3) == [("a",), ("b", "c", "d", "e", "f"), ("g", "h", "i", "j")]
    assert blocks(LAYERS, 99) == [(layer,) for layer in LAYERS]
    assert blocks(LAYERS, 1) == [LAYERS]
    assert blocks(("a",), 5) == [("a",)]


def test_that_each_step_of_the_cascade_is_the_correlation_of_the_products(x):
    network = forgetting(SHAPE)
    finding = finding_by(CASCADING, subject_of(network, x), seed=3)
    seed = int(np.random.default_rng(3).integers(2**31, size=3)[0])
    trained = network.slope(x[None])[0]
    assert [(row["layer"], row["layers"]) for row in finding.steps] == [
        ("logits", 1),
        ("middle", 2),
        ("stem", 3),
    ]
    for count, row in enumerate(finding.steps, start=1):
        drawn = network.randomised(network.weighted_layers()[:count], seed).slope(x[None])[0]
        assert row["spearman"] == pytest.approx(spearmanr(trained.ravel(), drawn.ravel())[0], abs=1e-6)
        magnitudes = np.abs(trained).ravel(), np.abs(drawn).ravel()
        assert row["spearman_abs"] == pytest.approx(spearmanr(*magnitudes)[0], abs=1e-6)
    # Magnitudes of a product that keeps two of three factors keep much of their order.
    assert finding.steps[0]["spearman_abs"] > 0.5


def test_that_the_verdict_is_the_median_of_networks_with_all_weights_drawn_again(x):
    network = forgetting(SHAPE)
    finding = finding_by(CASCADING, subject_of(network, x), seed=3, seeds=5)
    trained = np.abs(network.slope(x[None])[0]).ravel()
    reached = [
        spearmanr(
            trained,
            np.abs(network.randomised(network.weighted_layers(), int(seed)).slope(x[None])[0]).ravel(),
        )[0]
        for seed in np.random.default_rng(3).integers(2**31, size=5)
    ]
    assert finding.values["spearman_abs"] == pytest.approx(np.median(reached), abs=1e-6)
    assert finding.values["lowest"] == pytest.approx(min(reached), abs=1e-6)
    assert finding.values["highest"] == pytest.approx(max(reached), abs=1e-6)
    assert finding.answer == "yes"
    assert finding.sentence.startswith("The map depends on the trained weights")
    assert f"by {np.median(reached):.2f} (median of 5 networks)" in finding.sentence


@pytest.mark.parametrize("name", ["edge", "random"])
def test_that_a_map_of_the_image_or_of_noise_does_not_depend_on_the_weights(x, name):
    finding = finding_by(CASCADING, subject_of(forgetting(SHAPE), x, name))
    assert finding.values["spearman_abs"] == pytest.approx(1)
    assert finding.answer == "no"
    assert all(row["ssim"] == pytest.approx(1) for row in finding.steps)


def test_that_an_outline_that_every_network_shares_is_distinguished(x):
    # Half of the picture is empty, and there the map is 0 whatever the weights.
    x[:, :10] = 0
    network = forgetting(SHAPE)
    finding = finding_by(CASCADING, subject_of(network, x, "input_x_gradient"), seed=3, seeds=1)
    drawn = network.randomised(network.weighted_layers(), int(np.random.default_rng(3).integers(2**31)))
    magnitude, other = (np.abs(each.slope(x[None])[0] * x)[..., 0] for each in (network, drawn))
    assert finding.values["spearman_abs"] == pytest.approx(
        spearmanr(magnitude.ravel(), other.ravel())[0], abs=1e-6
    )
    bright = x[..., 0] > 0.05 * x.max()
    expected = spearmanr(magnitude[bright], other[bright])[0]
    assert finding.values["spearman_abs_inside"] == pytest.approx(expected, abs=1e-6)
    assert finding.values["spearman_abs"] > expected + 0.4
    assert f"without the dark background, by {expected:.2f}" in finding.sentence


def test_that_input_times_gradient_depends_in_part_where_the_input_rules(generator):
    # The input's magnitudes spread over so many orders that the weights can mix them only in part.
    x = np.exp(generator.normal(0, 0.7, size=SHAPE)).astype(np.float32)
    network = forgetting(SHAPE, names=("only",))
    finding = finding_by(CASCADING, subject_of(network, x, "input_x_gradient"))
    magnitudes = [
        np.abs(x * network.randomised(["only"], int(seed)).slope(x[None])[0]).ravel()
        for seed in np.random.default_rng(0).integers(2**31, size=3)
    ]
    magnitude = np.abs(x * network.slope(x[None])[0]).ravel()
    expected = np.median([spearmanr(magnitude, other)[0] for other in magnitudes])
    assert finding.values["spearman_abs"] == pytest.approx(expected, abs=1e-6)
    assert 0.2 < expected < 0.5
    assert finding.answer == "partly"


def test_that_one_block_at_a_time_shows_the_layer_that_counts(generator, x):
    # The first layer is nearly constant, so randomising it changes little; the second makes the map.
    weights = {"much": generator.normal(size=SHAPE), "flat": 1 + 1e-3 * generator.normal(size=SHAPE)}

    class FlatFirstLayer(Forgetting):
        def randomised(self, layers, seed):
            drawn = {
                "much": np.random.default_rng(seed).normal(size=SHAPE),
                "flat": 1 + 1e-3 * np.random.default_rng(seed).normal(size=SHAPE),
            }
            return Forgetting({name: drawn[name] if name in layers else w for name, w in self.held.items()})

    finding = finding_by(INDEPENDENT, subject_of(FlatFirstLayer(weights), x))
    by_layer = {row["layer"]: row["spearman_abs"] for row in finding.steps}
    assert by_layer["flat"] > 0.99
    assert abs(by_layer["much"]) < 0.15
    assert finding.values["spearman_abs"] == pytest.approx(np.mean(list(by_layer.values())))
    assert finding.values["lowest"] == by_layer["much"]
    assert "least after much to much" in finding.sentence
    assert finding.answer == "partly"  # it depends on one block of the two


def test_that_the_series_and_its_maps_come_one_by_one(x):
    partial_findings, maps = [], []
    run = Run(on_finding=partial_findings.append, on_partial=maps.append)
    finding = CASCADING.run(subject_of(forgetting(SHAPE), x), CASCADING.Params(), run)
    assert [len(each.steps) for each in partial_findings] == [1, 2, 3]
    assert partial_findings[-1].steps == finding.steps
    assert partial_findings[0].sentence.startswith(
        "After 1 of 3 steps the ranks of the map's magnitudes agree"
    )
    assert len(maps) == 3
    assert all(isinstance(each, AttributionMap) for each in maps)


class Dying(Forgetting):
    """All that is randomised is 0, so that nothing is left to explain."""

    def randomised(self, layers, seed):
        return Forgetting({name: 0 * w if name in layers else w for name, w in self.held.items()})


def test_that_a_network_without_any_answer_gives_a_reason_and_no_zero(x):
    subject = subject_of(Dying(forgetting(SHAPE).held), x)
    for check in (CASCADING, INDEPENDENT):
        with pytest.raises(NotApplicable, match="the method's map is the same everywhere"):
            finding_by(check, subject)


def test_that_networks_without_a_map_are_counted_and_not_averaged(x):
    class HalfDying(Forgetting):
        def randomised(self, layers, seed):
            alive = seed % 2
            drawn = super().randomised(layers, seed)
            return drawn if alive else Dying(self.held).randomised(layers, seed)

    subject = subject_of(HalfDying(forgetting(SHAPE).held), x)
    finding = finding_by(CASCADING, subject, seed=3, seeds=9)
    odd = [seed for seed in np.random.default_rng(3).integers(2**31, size=9) if seed % 2]
    assert 0 < len(odd) < 9
    assert finding.values["empty_maps"] == 9 - len(odd)
    assert f"median of {len(odd)} networks" in finding.sentence
