"""What the methods of relevance ask of the network, and what they make of its answers."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from core.methods import method_named
from core.methods.contract import Family
from core.methods.relevance.lrp import CompositeName, LrpParams
from core.network.composite import Composite, Epsilon, Flat, Gamma, ZBox, ZPlus
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.analytic import cubic, linear
from tests.core.methods.maps import map_of

SHAPE = (6, 5, 2)
FACTS = NetworkFacts("model", SHAPE[:2], SHAPE[2], 2, input_range=(0.0, 1.0))


def test_that_the_family_stands_behind_paths():
    families = list(Family)
    assert families.index(Family.RELEVANCE) == families.index(Family.PATH) + 1


def test_that_every_name_of_a_composite_is_another_one():
    composites = {
        method_named("lrp").composite(LrpParams(composite=name), FACTS) for name in get_args(CompositeName)
    }
    assert len(composites) == len(get_args(CompositeName)) == 12


def test_that_a_composite_holds_the_parameters_and_the_range_of_the_input():
    params = LrpParams(composite="epsilon_gamma_box", epsilon=0.5, gamma=2.0, batch_norm="pass")
    composite = method_named("lrp").composite(params, FACTS)
    assert composite == Composite(ZBox(0.0, 1.0), Gamma(2.0), Epsilon(0.5), batch_norm="pass")
    unbounded = method_named("lrp").composite(params, replace(FACTS, input_range=None))
    assert unbounded.first == ZBox(None, None)
    flat = method_named("lrp").composite(LrpParams(composite="epsilon_plus_flat"), FACTS)
    assert (flat.first, flat.convolution, flat.dense) == (Flat(), ZPlus(), Epsilon(1e-9))


def test_that_deep_taylor_is_z_plus_behind_the_box():
    method = method_named("deep_taylor")
    expected = Composite(ZBox(0.0, 1.0), ZPlus(), ZPlus(), batch_norm="epsilon")
    assert method.composite(method.Params(), FACTS) == expected


def test_that_the_map_of_a_linear_score_is_each_values_share(generator):
    weights = generator.normal(size=SHAPE)
    x = generator.random(SHAPE, dtype=np.float32)
    found = map_of(method_named("lrp"), linear(weights), x, LogitTarget(0), LrpParams())
    np.testing.assert_allclose(found.values, (weights * x).sum(axis=-1), rtol=1e-5)
    assert found.diagnostics["sum"] == pytest.approx(found.diagnostics["score"], rel=1e-5)


def test_that_differences_are_averaged_over_baselines_and_complete(generator):
    weights = generator.normal(size=SHAPE)
    x = generator.random(SHAPE, dtype=np.float32)
    method = method_named("deep_lift")
    found = map_of(method, linear(weights), x, LogitTarget(0), method.Params(baseline="black_and_white"))
    middle = (x.min() + x.max()) / 2
    np.testing.assert_allclose(found.values, (weights * (x - middle)).sum(axis=-1), rtol=1e-4, atol=1e-6)
    assert found.diagnostics["completeness_error"] < 1e-5


def test_that_deep_shap_takes_background_images_from_all_over_the_list(generator):
    network = linear(generator.normal(size=SHAPE))
    x, method = generator.random(SHAPE, dtype=np.float32), method_named("deep_shap")
    background = network.background()
    for images, chosen in ((1, [0]), (2, [0, 3]), (16, [0, 1, 2, 3])):
        found = map_of(method, network, x, LogitTarget(0), method.Params(images=images))
        start = background[chosen].mean(axis=0)
        expected = (network.slope(x[None])[0] * (x - start)).sum(axis=-1)
        np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=1e-6)
        assert found.choices == {"background_images": str(len(chosen))}


def test_that_the_map_of_a_noisy_copy_has_no_figures_of_completeness(generator):
    image = generator.random(SHAPE, dtype=np.float32)
    copy = MethodInput(image + np.float32(0.1), LogitTarget(0), image=image)
    for name in ("lrp", "deep_lift", "deep_shap"):
        method = method_named(name)
        assert method.run(cubic(SHAPE), [copy], method.Params(), Run())[0].diagnostics == {}
