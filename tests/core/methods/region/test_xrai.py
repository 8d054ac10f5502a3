"""XRAI as a method: sums, targets, bases, the top share, and images that it refuses."""

from dataclasses import dataclass
from typing import get_args

import numpy as np
import pytest

from core.errors import BadMap, BadParameter, NotApplicable
from core.methods import METHODS, method_named
from core.methods.contract import Family
from core.methods.meaning import Sign
from core.methods.region.regions import top_share
from core.methods.region.xrai import FAST_XRAI_PERCENT, Xrai
from core.network.cost import Cost
from core.network.layer import Layer
from core.network.parameters import checked_parameters
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.analytic import Analytic, cubic, linear
from tests.core.methods.layered import LayeredAnalytic
from tests.core.methods.maps import map_of

SHAPE = (40, 36, 1)
XRAI, FAST_XRAI_30 = method_named("xrai"), method_named("fast_xrai_30")
BASES = get_args(XRAI.Params.model_fields["base"].annotation)
# The parameters that XRAI sets for its own base; every other base has its defaults.
PARAMS_OF_BASE = {"integrated_gradients": {"steps": 40, "baseline": "black_and_white", "rule": "trapezoid"}}


@dataclass
class WithEvenLayer(LayeredAnalytic):
    """With a layer whose gradient is the same at every position, so that CAM is defined too."""

    def layers(self):
        return [Layer("last", (5, 4), 3)]

    def layer_output(self, inputs):
        return np.repeat(np.random.default_rng(3).random((1, 5, 4, 3)), len(inputs), axis=0)

    def layer_slopes(self, activations):
        return np.broadcast_to(np.array([1.0, -0.5, 0.25]), activations.shape)


@pytest.fixture
def x(generator):
    """A dark ground with a bright and a half-bright square, and a little noise."""
    values = 0.1 * generator.random(SHAPE, dtype=np.float32)
    values[4:18, 4:16] += 0.9
    values[22:36, 18:32] += 0.5
    return values


def explained(network, x, target=None, run=None, **params):
    return map_of(XRAI, network, x, target or LogitTarget(0), XRAI.Params(**params), run or Run())


@pytest.mark.parametrize("algorithm", ["full", "fast"])
def test_that_the_map_sums_to_the_mean_rise_over_black_and_white(x, algorithm):
    network = cubic(SHAPE)
    attribution_map = explained(network, x, algorithm=algorithm, min_pixels=5)
    ends = network.values(np.stack([np.full(SHAPE, x.min()), np.full(SHAPE, x.max()), x]), LogitTarget(0))
    rise = ends[2] - ends[:2].mean()
    assert attribution_map.values.sum() == pytest.approx(rise, rel=1e-3)
    assert attribution_map.diagnostics["sum"] == pytest.approx(attribution_map.diagnostics["base_sum"])
    assert attribution_map.signed


def test_that_the_opposite_target_sums_to_the_opposite(generator, x):
    network = linear(generator.normal(size=SHAPE))
    sums = [explained(network, x, LogitTarget(index)).values.sum() for index in (0, 1)]
    assert sums[0] == pytest.approx(-sums[1], rel=1e-3)
    assert abs(sums[0]) > 1


def test_that_the_square_that_the_score_counts_gets_the_highest_region(x):
    weights = np.zeros(SHAPE)
    weights[22:36, 18:32] = 1.0
    attribution_map = explained(linear(weights), 1 - x, dilation=1, base="gradient")
    inside = attribution_map.values[24:34, 20:30]
    assert inside.min() > 0.5
    assert inside.min() > attribution_map.values[4:18, 4:14].max() + 0.5


def test_that_the_base_is_made_once_for_all_region_methods_of_a_run(generator, x):
    network, run = linear(generator.normal(size=SHAPE)), Run()
    explained(network, x, run=run)
    map_of(FAST_XRAI_30, network, x, LogitTarget(0), FAST_XRAI_30.Params(), run)
    assert sum(network.gradient_calls) == XRAI.cost(XRAI.Params(), network.facts).gradients == 80


def test_that_another_target_has_another_base(generator, x):
    network, run = linear(generator.normal(size=SHAPE)), Run()
    maps = [explained(network, x, LogitTarget(index), run).values for index in (0, 1)]
    assert np.abs(maps[0] - maps[1]).max() > 0.01


def test_that_fast_xrai_30_is_the_positive_top_of_the_full_map(generator, x):
    network = linear(generator.normal(size=SHAPE))
    full = explained(network, x, min_pixels=10).values.astype(np.float64)
    top = map_of(FAST_XRAI_30, network, x, LogitTarget(0), FAST_XRAI_30.Params(min_pixels=10))
    share = top_share(full, FAST_XRAI_PERCENT)
    np.testing.assert_array_equal(top.values, np.where(share, np.maximum(full, 0), 0).astype(np.float32))
    assert not top.signed
    assert 30 <= top.diagnostics["kept_percent"] == pytest.approx(100 * share.mean())
    assert top.diagnostics["kept_percent"] < 60


def test_that_only_a_whole_map_claims_to_add_up_to_the_score(generator, x):
    network, run = linear(generator.normal(size=SHAPE)), Run()
    whole_map = explained(network, x, run=run).diagnostics
    assert whole_map["completeness_error"] < 1e-5
    assert whole_map["sum"] == pytest.approx(whole_map["rise"], rel=1e-4)
    top = map_of(FAST_XRAI_30, network, x, LogitTarget(0), FAST_XRAI_30.Params(), run)
    for part in (top, explained(network, x, run=run, keep=50)):
        assert "completeness_error" not in part.diagnostics
        assert part.diagnostics["sum"] == pytest.approx(part.values.sum(), rel=1e-5)
        assert abs(part.diagnostics["sum"] - whole_map["rise"]) > 0.1 * abs(whole_map["rise"])


def test_that_evidence_against_is_never_kept(x):
    attribution_map = explained(linear(np.full(SHAPE, -1.0)), x, keep=50, base="gradient")
    assert not attribution_map.has_positive_evidence
    assert attribution_map.values.min() == 0


def test_that_a_constant_image_is_refused_before_any_gradient():
    network = linear(np.ones(SHAPE))
    with pytest.raises(NotApplicable, match="no segments"):
        explained(network, np.full(SHAPE, 0.3, np.float32))
    assert network.gradient_calls == []


def test_that_a_nan_gradient_is_an_error_and_not_a_map(x):
    broken = Analytic(lambda v: v.sum(axis=(1, 2, 3)), lambda v: np.full_like(v, np.nan), SHAPE)
    with pytest.raises(BadMap):
        explained(broken, x)


def test_that_a_region_larger_than_all_segments_is_a_named_error(x):
    with pytest.raises(BadParameter, match=r"xrai\.min_pixels"):
        explained(linear(np.ones(SHAPE)), x, min_pixels=2000)


def test_that_grad_cam_as_base_needs_a_layer(x):
    with pytest.raises(NotApplicable, match="convolutional layer"):
        explained(linear(np.ones(SHAPE)), x, base="grad_cam")


def test_that_every_method_that_tells_of_the_target_and_is_no_region_map_can_be_the_base():
    silent = (Sign.NONE, Sign.EVERY_TARGET, Sign.PATTERN)
    telling = [method for method in METHODS if method.meaning(method.Params()).sign not in silent]
    assert tuple(method.name for method in telling if method.family is not Family.REGION) == BASES
    assert FAST_XRAI_30.Params.model_json_schema()["properties"]["base"]["enum"] == list(BASES)
    with pytest.raises(BadParameter, match="base cannot be 'edge'"):
        checked_parameters(XRAI, {"base": "edge"})


def test_that_the_bases_are_the_methods_that_declare_that_they_can_rank_regions():
    methods = (method_named("edge"), method_named("integrated_gradients"), method_named("rise"))
    assert get_args(Xrai(methods).Params.model_fields["base"].annotation) == ("integrated_gradients", "rise")


@pytest.mark.parametrize("base", BASES)
def test_that_each_region_has_the_mean_of_whatever_base(x, base):
    formula = cubic(SHAPE)
    network = WithEvenLayer(formula.score, formula.slope, SHAPE, best_batch=64)
    reports = []
    run = Run(
        generator=np.random.default_rng(7), on_progress=lambda done, total: reports.append((done, total))
    )
    attribution_map = explained(network, x, run=run, base=base, min_pixels=5)
    method = method_named(base)
    base_map = map_of(
        method,
        network,
        x,
        LogitTarget(0),
        method.Params(**PARAMS_OF_BASE.get(base, {})),
        Run(generator=np.random.default_rng(7)),
    )
    levels = np.unique(attribution_map.values)
    assert len(levels) > 3
    means = [base_map.values[attribution_map.values == level].mean(dtype=np.float64) for level in levels]
    np.testing.assert_allclose(levels, means, atol=1e-5 * np.abs(levels).max())
    assert attribution_map.signed == base_map.signed
    assert attribution_map.choices == {f"base_{name}": choice for name, choice in base_map.choices.items()}
    (total,) = {total for _, total in reports}
    assert max(reports) == reports[-1] == (total, total)


def test_that_a_base_that_the_network_cannot_have_costs_nothing_and_states_the_reason(x):
    network = linear(np.ones(SHAPE))
    assert XRAI.cost(XRAI.Params(base="score_cam"), network.facts) == Cost()
    with pytest.raises(NotApplicable, match="convolutional layer"):
        explained(network, x, base="score_cam")


def test_that_colours_for_and_against_cancel(generator):
    x = generator.random((40, 36, 3), dtype=np.float32)
    weights = np.zeros(x.shape)
    weights[..., 0], weights[..., 1] = 1.0, -1.0
    attribution_map = explained(linear(weights), x, base="gradient")
    np.testing.assert_allclose(attribution_map.values, 0.0, atol=1e-6)
