"""Several random masks under `pair`: means and spread, masks that give no curve, what is counted."""

from unittest.mock import patch

import numpy as np
import pytest

from core.curves import rules as module
from core.curves.curves import curve_settings, curves_of
from core.curves.pair import PairCurves, random_mask
from core.curves.protocol import CurveReason
from core.curves.reveal import revealed
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from tests.core.curves.networks import SIDE, constantly, picture, recognising, region

THRESHOLDS = (0.05, 0.2, 0.5)
TRUTH = AttributionMap(
    (region() + np.random.default_rng(3).random((SIDE, SIDE)) / 2).astype(np.float32),
    signed=True,
    cells=(SIDE, SIDE),
)


def curves_with(network=None, **settings):
    chosen = curve_settings(protocol="pair", thresholds=THRESHOLDS, **settings)
    network = network or recognising(picture(), region(), needed=0.7)
    return curves_of(network, picture(), {"truth": TRUTH}, 0, chosen, Run())


def with_masks(masks, **settings):
    """The curves with these masks in the place of drawn ones."""
    drawn = iter(masks)
    with patch.object(module, "random_mask", lambda shape, generator: next(drawn)):
        return curves_with(masks=len(masks), **settings)


def masks_of(count):
    return [random_mask((SIDE, SIDE), np.random.default_rng(seed)) for seed in range(count)]


def test_that_one_mask_is_the_default_as_published():
    assert curves_with().settings.masks == 1
    assert curves_with().score("truth", "sic").rounds == 1
    assert curves_with().score("truth", "sic").spread is None


def test_that_curves_are_the_mean_over_the_masks_and_their_spread_is_reported():
    masks = masks_of(3)
    alone = [with_masks([mask]).score("truth", "sic").area for mask in masks]
    curve_set = with_masks(masks)
    score = curve_set.score("truth", "sic")
    assert len(set(alone)) == 3
    assert score.area == score.score == curve_set.curve("truth", "sic").area == pytest.approx(np.mean(alone))
    assert score.spread == pytest.approx(np.std(alone, ddof=1))
    assert score.rounds == 3


def test_that_every_mask_has_its_own_blurred_picture_and_random_map():
    curve_set = curves_with(masks=3)
    # 3 blurred and the original, then 3 masks for the map, a random map on each, edge on each.
    assert curve_set.evaluations == 4 + 3 * 3 * len(THRESHOLDS)
    assert curve_set.score("random", "sic").rounds == 3
    assert curves_with(masks=3, random_draws=5).score("random", "sic").rounds == 5


def test_that_the_first_mask_is_the_only_one_of_a_single_mask():
    several, single = (
        revealed(picture(), TRUTH.values, curve_settings(protocol="pair", masks=count)) for count in (3, 1)
    )
    for expected, picture_again in zip(several, single, strict=True):
        np.testing.assert_array_equal(expected.input, picture_again.input)
    assert curves_with(masks=3).image == curves_with().image


def test_that_a_mask_whose_picture_is_not_simpler_is_left_out():
    everything = np.ones((SIDE, SIDE), bool)
    mask = masks_of(1)[0]
    rules = PairCurves.of(picture(), curve_settings(protocol="pair"), [everything, mask])
    assert rules.passes == 1
    assert not rules.has_no_curve
    np.testing.assert_array_equal(rules.masks[0].mask, mask)
    assert with_masks([everything, mask]).scores == with_masks([mask]).scores
    undefined = with_masks([everything, everything]).undefined
    assert [gap.reason for gap in undefined] == [CurveReason.NOT_SIMPLER] * 2


def test_that_a_mask_that_already_shows_the_class_is_left_out_of_the_mean():
    revealing_mask, mask = masks_of(1)[0] | region(), masks_of(1)[0]
    both, alone = with_masks([revealing_mask, mask]), with_masks([mask])
    assert not both.undefined
    for kind in ("aic", "sic"):
        assert both.score("truth", kind).rounds == 1
        assert both.score("truth", kind).score == alone.score("truth", kind).score
    assert both.image.blurred.predicted_class == 0
    undefined = with_masks([revealing_mask, revealing_mask]).undefined
    assert [gap.reason for gap in undefined] == [CurveReason.NOT_WORSE] * 2


@pytest.mark.parametrize("best_batch", [1, 3, 64])
def test_that_what_was_shown_is_counted_where_no_curve_is_defined(best_batch):
    network = constantly(0.9, picture().shape)
    network.best_batch = best_batch
    curve_set = curves_with(network, masks=4)
    assert len(curve_set.undefined) == 2
    assert curve_set.evaluations == sum(network.gradient_calls)
