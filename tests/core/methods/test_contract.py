"""The contract of methods: several inputs in one run, inputs of three axes, and what a network must have."""

from dataclasses import replace

import numpy as np
import pytest

from core.errors import NotApplicable
from core.methods import METHODS, method_named
from core.methods.contract import Need
from core.methods.smoothing import SmoothedMethod
from core.network.facts import NetworkFacts
from core.network.layer import Layer
from core.network.method_input import MethodInput
from core.network.run import Run
from core.network.target import DifferenceTarget, LogitTarget
from tests.core.methods.analytic import cubic
from tests.core.methods.layered import LayeredAnalytic
from tests.core.methods.maps import map_of
from tests.core.methods.test_methods import SHAPE, Layered

VOLUME = (5, 6, 7, 1)
FACTS = NetworkFacts(
    "model",
    (8, 9),
    1,
    2,
    (Layer("last", (4, 4), 3),),
    background_count=4,
    nonlinearities=frozenset({"relu"}),
)


class LayeredVolume(LayeredAnalytic):
    """A score of volumes with a layer of two channels at about half the resolution."""

    def layers(self):
        return [Layer("half", (3, 3, 4), 2)]

    def layer_output(self, inputs):
        coarse = inputs[:, ::2, ::2, ::2]
        return np.concatenate([coarse, coarse**2], axis=-1)


def quick(method):
    """Parameters with few steps."""
    few = {
        "steps": 4,
        "samples": 3,
        "masks": 40,
        "grid": 3,
        "min_pixels": 5,
        "segments": 4,
        "window": 4,
        "stride": 3,
    }
    return method.Params(**{name: few[name] for name in few if name in method.Params.model_fields})


def inputs_of(x, same_image=False):
    """Three inputs with a target and a seed of their own."""
    targets = (LogitTarget(0), LogitTarget(1), DifferenceTarget(0, 1))
    images = [x, x, x] if same_image else [x, 1 - x, x**2]
    return [
        MethodInput(image, target, np.random.default_rng(seed))
        for seed, (image, target) in enumerate(zip(images, targets, strict=True))
    ]


@pytest.fixture
def network(generator):
    weights = generator.normal(0.5, size=SHAPE)
    return Layered(
        lambda x: (weights * x**2).sum(axis=(1, 2, 3)), lambda x: 2 * weights * x, SHAPE, best_batch=8
    )


@pytest.fixture
def x(generator):
    return generator.random(SHAPE, dtype=np.float32)


@pytest.mark.parametrize("same_image", [False, True], ids=["three images", "one image"])
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_that_several_inputs_get_the_maps_that_they_get_alone(method, network, x, same_image):
    params = quick(method)
    together = method.run(network, inputs_of(x, same_image), params, Run())
    separate = [method.run(network, [each], params, Run())[0] for each in inputs_of(x, same_image)]
    assert len(together) == 3
    for attribution_map, expected in zip(together, separate, strict=True):
        np.testing.assert_allclose(attribution_map.values, expected.values, rtol=1e-6, atol=1e-9)
        assert attribution_map.choices == expected.choices


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_that_progress_through_several_inputs_rises_to_its_total(method, network, x):
    reports = []
    run = Run(on_progress=lambda done, total: reports.append((done, total)))
    method.run(network, inputs_of(x), quick(method), run)
    assert reports == sorted(reports)
    assert len({total for _, total in reports}) == 1
    assert reports[-1][0] == reports[-1][1]


@pytest.mark.parametrize(
    "method", [m for m in METHODS if Need.TWO_AXES not in m.needs], ids=lambda method: method.name
)
def test_that_a_map_of_a_volume_has_the_axes_of_its_grid(method, generator):
    plain = cubic(VOLUME)
    network = LayeredVolume(plain.score, plain.slope, VOLUME)
    method.applies(network.facts)
    volume = generator.random(VOLUME, dtype=np.float32)
    attribution_map = map_of(method, network, volume, LogitTarget(0), quick(method))
    assert attribution_map.values.shape == VOLUME[:-1]
    assert all(cells <= side for cells, side in zip(attribution_map.cells, VOLUME[:-1], strict=True))


def test_that_integrated_gradients_of_a_volume_sum_to_the_rise(generator):
    method = method_named("integrated_gradients")
    volume = generator.random(VOLUME, dtype=np.float32)
    params = method.Params(rule="gauss_legendre", steps=4)
    attribution_map = map_of(method, cubic(VOLUME), volume, LogitTarget(0), params)
    expected = (volume.astype(np.float64) ** 3 - volume.min() ** 3).sum()
    assert attribution_map.values.sum() == pytest.approx(expected, rel=1e-5)


LACKING = {
    Need.GRADIENTS: replace(FACTS, has_gradients=False),
    Need.LAYERS: replace(FACTS, layers=()),
    Need.BACKGROUND: replace(FACTS, background_count=0),
    Need.TWO_AXES: replace(FACTS, grid=(3, 8, 9)),
    Need.RELEVANCE: replace(FACTS, relevance_problem="The layer 'lstm' is of the kind LSTM."),
    Need.RELU: replace(FACTS, nonlinearities=frozenset({"sigmoid", "silu"})),
}
REASONS = {
    Need.GRADIENTS: "needs gradients",
    Need.LAYERS: "needs a convolutional layer",
    Need.BACKGROUND: "model has no background images",
    Need.TWO_AXES: "and model takes volumes",
    Need.RELEVANCE: "The layer 'lstm' is of the kind LSTM",
    Need.RELU: "only nonlinearity is ReLU; model has sigmoid, silu",
}


@pytest.mark.parametrize("need", Need)
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_that_a_method_is_refused_exactly_where_the_network_lacks_what_it_needs(method, need):
    method.applies(FACTS)
    if need not in method.needs:
        method.applies(LACKING[need])
        return
    with pytest.raises(NotApplicable, match=REASONS[need]):
        method.applies(LACKING[need])


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_that_a_method_of_pictures_alone_says_why(method):
    assert (Need.TWO_AXES in method.needs) == bool(method.two_axes_reason)


def test_that_the_reason_for_a_missing_background_is_that_of_the_facts():
    facts = replace(FACTS, background_count=0, background_problem="The background cannot be read.")
    with pytest.raises(NotApplicable, match="The background cannot be read"):
        method_named("expected_gradients").applies(facts)


def test_that_a_smoothed_method_needs_what_its_inner_method_needs():
    smoothed = [method for method in METHODS if isinstance(method, SmoothedMethod)]
    assert len(smoothed) == 5
    for method in smoothed:
        assert method.needs == method.inner.needs


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_that_a_method_that_calls_for_gradients_or_layers_declares_it(method):
    cost = method.cost(method.Params(), FACTS)
    if method.name not in ("xrai", "fast_xrai_30"):  # theirs are those of the base
        assert (cost.gradients > 0) == (Need.GRADIENTS in method.needs)
    assert ("layer" in method.Params.model_fields) <= (Need.LAYERS in method.needs)
