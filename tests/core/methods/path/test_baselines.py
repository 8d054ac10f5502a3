"""Baselines, and methods that average over several."""

from itertools import combinations
from typing import get_args

import numpy as np
import pytest

from core.images.gaussian import blurred
from core.methods import method_named
from core.methods.path.baselines import Baseline, BaselineParams, baselines_of, count_of
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.analytic import cubic, linear
from tests.core.methods.maps import map_of

FOUR = ("black", "white", "mean", "blurred")
SEVERAL = [kinds for count in (2, 3, 4) for kinds in combinations(FOUR, count)]


def baselines(x, generator, **params):
    return baselines_of(x, BaselineParams(**params), generator)


@pytest.mark.parametrize(("kind", "value"), [("black", -1.0), ("white", 3.0), ("mean", 0.5)])
def test_that_a_flat_baseline_is_one_value_everywhere(generator, kind, value):
    x = np.array([[[-1.0], [3.0]], [[0.0], [0.0]]], np.float32)
    np.testing.assert_array_equal(baselines(x, generator, baseline=kind), np.full((1, 2, 2, 1), value))


def test_that_the_blurred_baseline_is_the_image_under_a_tenth_of_its_longer_side(generator):
    x = generator.random((20, 40, 1), dtype=np.float32)
    np.testing.assert_allclose(baselines(x, generator, baseline="blurred")[0], blurred(x, 4.0), atol=1e-6)


def test_that_uniform_noise_fills_the_images_range_with_another_draw_each_time(generator):
    x = 4 * generator.random((40, 40, 1), dtype=np.float32) - 1
    results = baselines(x, generator, baseline="uniform", draws=3)
    assert results.shape == (3, 40, 40, 1)
    assert results.min() == pytest.approx(x.min(), abs=0.02)
    assert results.max() == pytest.approx(x.max(), abs=0.02)
    assert np.abs(results[0] - results[1]).mean() == pytest.approx(4 / 3, rel=0.1)


@pytest.mark.parametrize("params", [{"baseline": "black_and_white"}, {"baseline": "uniform", "draws": 5}, {}])
def test_that_the_count_is_the_number_of_baselines(generator, params):
    x = generator.random((3, 3, 1), dtype=np.float32)
    assert len(baselines(x, generator, **params)) == count_of(BaselineParams(**params))


@pytest.mark.parametrize("kinds", SEVERAL, ids="_".join)
def test_that_every_set_of_the_four_has_a_name_and_is_each_of_them(generator, kinds):
    x = generator.random((6, 5, 1), dtype=np.float32)
    name = "_".join([*kinds[:-1], "and", kinds[-1]])
    separate = np.concatenate([baselines(x, generator, baseline=kind) for kind in kinds])
    np.testing.assert_array_equal(baselines(x, generator, baseline=name), separate)
    assert count_of(BaselineParams(baseline=name)) == len(kinds)


def test_that_there_are_no_other_names():
    assert len(get_args(Baseline)) == len(FOUR) + len(SEVERAL) + 1  # noise


def test_that_of_a_linear_score_the_map_over_four_is_weight_times_image_less_their_mean(generator):
    x = generator.random((6, 5, 1), dtype=np.float32)
    weights = generator.normal(size=x.shape)
    starts = np.stack([np.full_like(x, level) for level in (x.min(), x.max(), x.mean())] + [blurred(x, 0.6)])
    method = method_named("integrated_gradients")
    params = method.Params(baseline="black_white_mean_and_blurred", steps=4)
    results = map_of(method, linear(weights), x, LogitTarget(0), params)
    expected = (weights * (x - starts.mean(axis=0)))[..., 0]
    np.testing.assert_allclose(results.values, expected, atol=1e-5)
    assert method.cost(params, linear(weights).facts).gradients == 16


@pytest.mark.parametrize("name", ["integrated_gradients", "guided_ig"])
def test_that_black_and_white_is_the_mean_of_the_maps_of_both(generator, name):
    method = method_named(name)
    x = generator.random((3, 4, 1), dtype=np.float32)
    maps = {
        kind: map_of(method, cubic(x.shape), x, LogitTarget(0), method.Params(baseline=kind, steps=8))
        for kind in ("black", "white", "black_and_white")
    }
    mean = (maps["black"].values + maps["white"].values) / 2
    np.testing.assert_allclose(maps["black_and_white"].values, mean, atol=1e-6)
    rise = (maps["black"].diagnostics["rise"] + maps["white"].diagnostics["rise"]) / 2
    assert maps["black_and_white"].diagnostics["rise"] == pytest.approx(rise, abs=1e-5)


def test_that_a_random_baseline_follows_the_seed_and_its_map_is_complete(generator):
    method = method_named("integrated_gradients")
    x = generator.random((3, 4, 1), dtype=np.float32)
    network = linear(generator.normal(size=x.shape))
    results = [
        map_of(
            method,
            network,
            x,
            LogitTarget(0),
            method.Params(baseline="uniform", steps=4),
            Run(generator=np.random.default_rng(seed)),
        )
        for seed in (1, 1, 2)
    ]
    np.testing.assert_array_equal(results[0].values, results[1].values)
    assert np.abs(results[0].values - results[2].values).max() > 0.01
    assert results[0].diagnostics["completeness_error"] < 1e-6
