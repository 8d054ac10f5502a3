"""The strip of layers and the contributions of units, against hand computations and against `explain`."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pytest

from core.engine import explain
from core.errors import BadParameter, Cancelled, NotApplicable
from core.images.grid_map import GridMap
from core.images.resample import resampled
from core.layer_views import layers, units
from core.methods.activation.unit_ranking import UnitRanking
from core.models.preprocessing import Subject
from core.network.facts import NetworkFacts
from core.network.layer import Layer
from core.network.run import Run
from core.network.target import LogitTarget
from core.worker import loop
from core.worker.messages import LayersRequest, UnitsRequest
from tests.core.methods.layered import ACTIVATIONS, GRADIENTS, TwoByTwo

GRID = GridMap((4, 4), (4, 4), (-0.5, -0.5, 3.5, 3.5))
SUBJECT = Subject(np.zeros((4, 4, 1), np.float32), GRID)
TARGET = LogitTarget(0)
FINE = np.arange(32.0).reshape(4, 4, 2)
# sum over positions of gradient times activation: 1 * 1 + 3 * 0 = 1, and -2 * 2 - 2 * 5 = -14.
CONTRIBUTIONS = [1.0, -14.0]


@dataclass
class ThreeLayers(TwoByTwo):
    """Two layers of 4 x 4 cells and `last` of 2 x 2, all with gradients of 1 but the last, and a gate."""

    asked: list[str] = field(default_factory=list)

    @property
    def facts(self):
        sizes = (("first", (4, 4), 2), ("second", (4, 4), 2), ("gate", (1, 1), 2), ("last", (2, 2), 2))
        return NetworkFacts("three layers", (4, 4), 1, 2, tuple(Layer(*each) for each in sizes))

    def activation_gradients(self, inputs, layer, target, run=None):
        self.asked.append(layer)
        if layer == "last":
            return super().activation_gradients(inputs, layer, target, run)
        return np.zeros(1), FINE[None], np.ones_like(FINE)[None]


def test_that_the_strip_has_the_last_layer_of_each_grid_in_the_order_of_the_graph():
    strip = layers(ThreeLayers(), SUBJECT, TARGET)
    assert [each.layer.name for each in strip] == ["second", "last"]
    np.testing.assert_allclose(strip[0].values, FINE.sum(axis=-1))
    # The mean gradients of the channels are 4 / 4 and -4 / 4.
    np.testing.assert_allclose(strip[1].values, np.maximum(ACTIVATIONS @ GRADIENTS.mean(axis=(0, 1)), 0))


def test_that_only_the_named_layers_are_computed():
    network = ThreeLayers()
    (only,) = layers(network, SUBJECT, TARGET, ["first"])
    assert (only.layer.name, network.asked) == ("first", ["first"])
    with pytest.raises(BadParameter, match="no convolutional layer 'lost'"):
        layers(network, SUBJECT, TARGET, ["lost"])


def test_that_contributions_are_the_sums_of_gradient_times_activation_the_highest_first():
    found = units(ThreeLayers(), SUBJECT, "last", TARGET)
    np.testing.assert_allclose(found.ranking.contributions, CONTRIBUTIONS)
    assert found.units == found.ranking.order == (0, 1)
    assert found.ranking.total == pytest.approx((GRADIENTS * ACTIVATIONS).sum()) == -13.0
    np.testing.assert_array_equal(found.maps, np.moveaxis(ACTIVATIONS, -1, 0))


def test_that_an_opposite_target_reverses_the_order_and_no_layer_means_the_last():
    found = units(ThreeLayers(), SUBJECT, "", LogitTarget(1))
    assert found.ranking.layer.name == "last"
    assert found.units == (1, 0)
    assert found.ranking.total == 13.0


def test_that_only_the_wanted_units_have_maps():
    network, run = ThreeLayers(), Run()
    assert units(network, SUBJECT, "last", TARGET, count=1, run=run).maps.shape == (1, 2, 2)
    (second,) = units(network, SUBJECT, "last", TARGET, numbers=[1], run=run).maps
    np.testing.assert_array_equal(second, ACTIVATIONS[..., 1])
    assert network.asked == ["last"]  # one gradient for both


def test_that_an_unknown_unit_layer_or_a_network_without_layers_is_refused():
    with pytest.raises(BadParameter, match="the units 0 to 1, not 2"):
        units(ThreeLayers(), SUBJECT, "last", TARGET, numbers=[2])
    with pytest.raises(BadParameter, match="no convolutional layer 'lost'"):
        units(ThreeLayers(), SUBJECT, "lost", TARGET)
    bare = SimpleNamespace(facts=NetworkFacts("bare", (4, 4), 1, 2))
    for view in (layers, units):
        with pytest.raises(NotApplicable, match="convolutional layer"):
            view(bare, SUBJECT, target=TARGET)


def test_that_the_strip_ends_at_the_next_layer_when_it_is_cancelled():
    network = ThreeLayers()
    with pytest.raises(Cancelled):
        layers(network, SUBJECT, TARGET, run=Run(cancelled=lambda: bool(network.asked)))
    assert network.asked == ["second"]


@pytest.mark.parametrize(
    ("contributions", "count"),
    [([9.0, -1.0, 0.0], 1), ([5.0, -4.0, 1.0], 2), ([1.0] * 10, 9), ([0.0, 0.0], 0), ([2.0], 1)],
)
def test_that_as_many_units_carry_a_share_as_hold_it_of_the_magnitudes(contributions, count):
    ranking = UnitRanking(Layer("last", (2, 2), len(contributions)), np.array(contributions))
    assert ranking.count_for(0.9) == count


def test_that_ranks_and_sums_count_equal_contributions_alike():
    ranking = UnitRanking(Layer("last", (2, 2), 4), np.array([1.0, 3.0, -2.0, 1.0]))
    assert ranking.order == (1, 0, 3, 2)
    assert [ranking.rank(unit) for unit in ranking.order] == [1, 2, 2, 4]
    assert (ranking.total, ranking.supporting) == (3.0, 5.0)
    np.testing.assert_allclose(ranking.carried, [0, 3 / 7, 5 / 7, 6 / 7, 1])


def test_that_the_worker_sends_what_explain_maps_of_a_real_network():
    from core.models.handle import ModelHandle
    from tests.cards import make_card, small_model

    handle = ModelHandle(make_card(), small_model())
    x = np.random.default_rng(1).random((32, 32, 1)).astype(np.float32)
    subject, target = Subject(x, GridMap((32, 32), (32, 32), (-0.5, -0.5, 31.5, 31.5))), LogitTarget(1)
    record = {"kind": "logit", "class_name": handle.card.classes[1]}
    answer, strip = loop._of_layers(LayersRequest(model="small", target=record), handle, subject, Run())
    assert [layer.name for layer in answer.layers] == ["first", "last"]
    for layer, coarse in zip(answer.layers, strip, strict=True):
        whole = explain(handle, subject, "grad_cam", {"layer": layer.name}, target).map
        np.testing.assert_allclose(resampled(coarse, (32, 32)), whole.values, rtol=1e-4, atol=1e-6)
    request = UnitsRequest(model="small", target=record, layer="first", count=3)
    answer, (contributions, maps) = loop._of_layers(request, handle, subject, Run())
    assert answer.units == tuple(np.argsort(-contributions)[:3])
    for unit, coarse in zip(answer.units, maps, strict=True):
        whole = explain(handle, subject, "unit_activation", {"layer": "first", "unit": unit}, target)
        np.testing.assert_allclose(resampled(coarse, (32, 32)), whole.map.values, rtol=1e-4, atol=1e-6)
        assert whole.record.diagnostics["contribution"] == pytest.approx(contributions[unit], rel=1e-4)


def test_that_a_padding_is_known_as_such():
    from core.models.layers import grid_layers
    from core.models.runtime import frameworks

    keras, _ = frameworks()
    inputs = keras.Input((8, 8, 1))
    padded = keras.layers.ZeroPadding2D(1, name="padded")(inputs)
    outputs = keras.layers.Conv2D(2, 3, name="convolved")(padded)
    known = grid_layers(keras.Model(inputs, outputs))
    assert [(layer.name, layer.grid, layer.has_features) for layer in known] == [
        ("padded", (10, 10), False),
        ("convolved", (8, 8), True),
    ]
