"""Maps of a layer against hand computations: HiResCAM, Ablation-CAM, Eigen-CAM, single units and others."""

import numpy as np
import pytest

from core.errors import BadParameter, NotApplicable
from core.images.resample import resampled
from core.methods import method_named
from core.methods.activation.eigen_cam import main_pattern
from core.methods.activation.layer_pass import LayerPass
from core.methods.activation.layer_strip import last_layers_of_grids
from core.methods.activation.unit_activation import unit_contributions
from core.methods.activation.x_grad_cam import active_mean_gradients
from core.network.layer import Layer
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.analytic import linear
from tests.core.methods.layered import ACTIVATIONS, GRADIENTS, LayeredAnalytic, TwoByTwo
from tests.core.methods.maps import map_of

BLACK = np.zeros((4, 4, 1), np.float32)
PRODUCTS = (ACTIVATIONS * GRADIENTS).sum(axis=-1)  # [[-3, 0], [0, -10]]


def explained(name, network, target=None, **params):
    method = method_named(name)
    return map_of(method, network, BLACK, target or LogitTarget(0), method.Params(**params))


def assert_coarse(attribution_map, coarse):
    np.testing.assert_allclose(attribution_map.values, resampled(np.array(coarse), (4, 4)), atol=1e-5)


def even():
    """A network whose layer is averaged: the same gradient at every position."""
    return TwoByTwo(gradients_=np.broadcast_to([0.5, -0.25], ACTIVATIONS.shape))


def test_that_hires_cam_is_the_sum_of_gradient_times_activation_with_its_sign():
    attribution_map = explained("hires_cam", TwoByTwo())
    assert_coarse(attribution_map, PRODUCTS)
    assert attribution_map.signed


def test_that_x_grad_cam_weighs_gradients_by_activation_and_cuts_off_what_is_against():
    # sum(G A) / sum(A): the first channel 1/5, the second -14/8.
    coarse = ACTIVATIONS @ [1 / 5, -14 / 8]
    assert_coarse(explained("x_grad_cam", TwoByTwo()), np.maximum(coarse, 0))
    assert_coarse(explained("respond_cam", TwoByTwo()), coarse)


def test_that_respond_cam_adds_up_to_the_sum_of_gradient_times_activation():
    coarse = ACTIVATIONS @ active_mean_gradients(LayerPass(Layer("last", (2, 2), 2), ACTIVATIONS, GRADIENTS))
    assert coarse.sum() == pytest.approx(PRODUCTS.sum())


def test_that_a_silent_channel_has_no_weight():
    silent = np.zeros((2, 2, 1))
    assert active_mean_gradients(LayerPass(Layer("last", (2, 2), 1), silent, silent + 1)) == [0.0]


def test_that_behind_a_global_average_all_maps_of_one_gradient_are_the_same():
    grad_cam = explained("grad_cam", even()).values
    cam = explained("cam", even()).values
    assert grad_cam.max() > 0
    np.testing.assert_allclose(explained("x_grad_cam", even()).values, grad_cam, atol=1e-6)
    # CAM's weights are those of the dense layer: the gradient times the number of positions.
    for name in ("hires_cam", "respond_cam"):
        np.testing.assert_allclose(4 * explained(name, even()).values, cam, atol=1e-5)


def test_that_ablation_cam_weighs_a_channel_by_the_drop_without_it():
    # The score is sum(G A) + 20; without the first channel it falls by 1, without the second by -14.
    network = TwoByTwo(bias=20.0)
    coarse = np.maximum(ACTIVATIONS @ [1.0, -14.0], 0)
    attribution_map = explained("ablation_cam", network)
    assert_coarse(attribution_map, coarse)
    assert attribution_map.effect == 14
    assert_coarse(explained("ablation_cam", network, weights="paper"), coarse / 7)


def test_that_dividing_by_a_negative_score_turns_the_sign_as_the_paper_has_it():
    network = TwoByTwo(bias=20.0)
    drops = explained("ablation_cam", network, LogitTarget(1))
    assert_coarse(drops, np.maximum(ACTIVATIONS @ [-1.0, 14.0], 0))
    turned = explained("ablation_cam", network, LogitTarget(1), weights="paper")
    assert_coarse(turned, np.maximum(ACTIVATIONS @ [1.0, -14.0], 0) / 7)


def test_that_the_paper_weights_of_a_score_of_zero_are_refused():
    with pytest.raises(NotApplicable, match="divides by the score"):
        explained("ablation_cam", TwoByTwo(bias=13.0), weights="paper")


def test_that_ablation_cam_costs_what_lies_behind_the_layer():
    method = method_named("ablation_cam")
    facts = TwoByTwo().facts
    assert method.cost(method.Params(), facts).forwards == 1 + 3
    layer = Layer("last", (2, 2), 100, work_behind=0.015)
    facts = linear(np.ones((4, 4, 1))).facts.__class__("model", (4, 4), 1, 2, (layer,))
    assert method.cost(method.Params(), facts).forwards == 1 + 2


def test_that_ablation_cam_ends_within_a_batch_of_channels(generator):
    many = generator.random((2, 2, 40))
    reports = []
    run = Run(
        on_progress=lambda done, total: reports.append((done, total)), cancelled=lambda: len(reports) > 2
    )
    from core.errors import Cancelled

    method = method_named("ablation_cam")
    with pytest.raises(Cancelled):
        map_of(method, TwoByTwo(many, many), BLACK, LogitTarget(0), method.Params(), run)
    assert reports[-1] == (16, 40)


def test_that_eigen_cam_of_one_pattern_is_that_pattern():
    pattern = np.array([[1.0, 2.0], [0.0, 3.0]])
    channels = np.array([-3.0, -4.0])
    coarse, share = main_pattern(pattern[..., None] * channels)
    np.testing.assert_allclose(coarse, 5 * pattern, atol=1e-9)
    assert share == pytest.approx(1.0)


@pytest.mark.parametrize("channels", [3, 40])
def test_that_the_main_pattern_is_that_of_the_singular_value_decomposition(generator, channels):
    activations = generator.normal(size=(4, 5, channels))
    matrix = activations.reshape(20, channels)
    left, values, _ = np.linalg.svd(matrix, full_matrices=False)
    expected = left[:, 0] * values[0]
    coarse, share = main_pattern(activations)
    np.testing.assert_allclose(coarse.ravel(), expected * np.sign(expected.sum()), atol=1e-9)
    assert share == pytest.approx(values[0] ** 2 / (values**2).sum())


def test_that_eigen_cam_is_the_same_for_every_target_and_needs_no_gradient():
    network = TwoByTwo()
    first, second = (explained("eigen_cam", network, LogitTarget(index)).values for index in (0, 1))
    np.testing.assert_array_equal(first, second)
    assert network.passes == 0


def test_that_a_strip_takes_the_last_layer_of_each_grid_in_the_order_of_the_graph():
    padding = Layer("padding", (6, 6), 2, has_features=False)
    layers = [Layer("a", (8, 8), 2), Layer("b", (4, 4), 2), padding, Layer("c", (1, 1), 2)]
    layers.append(Layer("d", (4, 4), 2))
    assert [layer.name for layer in last_layers_of_grids(layers)] == ["a", "d"]


class TwoGrids(LayeredAnalytic):
    """The input itself as layer `fine`, and its blocks of 2 x 2 averaged as layer `coarse`."""

    def layers(self):
        return [Layer("fine", (4, 4), 1), Layer("coarse", (2, 2), 1)]

    def activation_gradients(self, inputs, layer, target, run=None):
        coarse = inputs.reshape(-1, 2, 2, 2, 2, 1).mean(axis=(2, 4))
        activations = inputs if layer == "fine" else coarse
        return self.values(inputs, target), activations, np.ones_like(activations)


@pytest.mark.parametrize(
    ("combine", "together"), [("mean", np.mean), ("product", np.prod), ("largest", np.max)]
)
def test_that_multi_layer_cam_combines_each_grids_share_of_its_highest_value(generator, combine, together):
    x = generator.random((4, 4, 1), dtype=np.float32)
    formula = linear(np.ones((4, 4, 1)))
    network = TwoGrids(formula.score, formula.slope, (4, 4, 1))
    coarse = x[..., 0].reshape(2, 2, 2, 2).mean(axis=(1, 3))
    shares = [x[..., 0] / x.max(), resampled(coarse / coarse.max(), (4, 4))]
    method = method_named("multi_layer_cam")
    attribution_map = map_of(method, network, x, LogitTarget(0), method.Params(combine=combine))
    np.testing.assert_allclose(attribution_map.values, together(shares, axis=0), atol=1e-6)
    assert attribution_map.choices == {"layers": "fine, coarse"}
    last = map_of(method, network, x, LogitTarget(0), method.Params(combine=combine, layers=1))
    np.testing.assert_allclose(last.values, shares[1], atol=1e-6)


def test_that_the_unit_that_contributes_most_is_taken_and_stated():
    attribution_map = explained("unit_activation", TwoByTwo())
    assert_coarse(attribution_map, ACTIVATIONS[..., 0])
    assert attribution_map.choices == {"layer": "last", "unit": "0"}
    assert attribution_map.diagnostics == {"contribution": 1.0, "rank": 1.0}
    other = explained("unit_activation", TwoByTwo(), unit=1)
    assert_coarse(other, ACTIVATIONS[..., 1])
    assert other.diagnostics == {"contribution": -14.0, "rank": 2.0}


def test_that_the_contributions_of_all_units_add_up_to_gradient_times_activation():
    layer_pass = LayerPass(Layer("last", (2, 2), 2), ACTIVATIONS, GRADIENTS)
    assert unit_contributions(layer_pass).sum() == pytest.approx(PRODUCTS.sum())


def test_that_a_unit_that_the_layer_lacks_is_refused_with_the_numbers_that_it_has():
    with pytest.raises(BadParameter, match="has the filters 0 to 1"):
        explained("unit_activation", TwoByTwo(), unit=2)
