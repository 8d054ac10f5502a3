"""The estimated cost of a run, against the evaluations that curves really use."""

import numpy as np
import pytest

from core.curves.curves import curves_of
from core.curves.settings import curve_settings
from core.datasets.cached_network import CachedNetwork
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from tests.core.curves.networks import CLASS, picture, recognising, region


def maps_of(count):
    generator = np.random.default_rng(1)
    return {
        f"map{number}": AttributionMap(
            generator.random((28, 28), dtype=np.float32), signed=False, cells=(28, 28)
        )
        for number in range(count)
    }


@pytest.mark.parametrize(
    "setting_changes",
    [
        {"protocol": "cells", "grids": 3, "random_draws": 5, "thresholds": (0.1, 0.5)},
        {"protocol": "pair", "thresholds": (0.1, 0.3, 0.6)},
        {"protocol": "pair", "thresholds": (0.1, 0.3, 0.6), "masks": 2},
    ],
)
def test_that_the_pictures_of_curves_are_counted_beforehand(setting_changes):
    x, settings = picture(), curve_settings(**setting_changes)
    result = curves_of(recognising(x, region()), x, maps_of(2), CLASS, settings, Run())
    assert result.scores
    assert result.evaluations == settings.evaluations(2)


def test_that_the_same_pictures_are_evaluated_once_and_answered_alike():
    x, network = picture(), recognising(picture(), region())
    calls = CachedNetwork(network)
    area, shannon = (
        curve_settings(entropy=entropy, grids=2, random_draws=2, thresholds=(0.2, 0.6))
        for entropy in ("area", "shannon")
    )
    alone = curves_of(network, x, maps_of(1), CLASS, shannon, Run())
    network.gradient_calls.clear()
    curves_of(calls, x, maps_of(1), CLASS, area, Run())
    first = sum(network.gradient_calls)
    assert curves_of(calls, x, maps_of(1), CLASS, shannon, Run()) == alone
    assert sum(network.gradient_calls) == first > 0
    assert calls.class_count == network.class_count
