"""Input that no method may turn into a map: wrong parameters, images and gradients that are not finite."""

import numpy as np
import pytest

from core.errors import BadMap, BadParameter, NotFinite
from core.methods import METHODS, method_named
from core.methods.meaning import Origin
from core.network.layer import Layer
from core.network.parameters import checked_parameters
from core.network.target import LogitTarget
from tests.core.methods.layered import LayeredAnalytic
from tests.core.methods.maps import map_of

SHAPE = (24, 20, 1)
COUNTS = ("steps", "samples", "masks", "stride", "window")
# A random map does not depend on the input.
BY_INPUT = [method for method in METHODS if method.name != "random"]
BY_GRADIENT = [
    method for method in METHODS if method.meaning(method.Params()).origin in (Origin.GRADIENT, Origin.PATH)
]


class QuadraticWithLayer(LayeredAnalytic):
    """A sum of squares, with a layer that is the input itself and has the input's gradient."""

    def layers(self):
        return [Layer("whole", SHAPE[:2], 1)]

    def layer_output(self, inputs):
        return inputs.astype(np.float64)

    def layer_slopes(self, activations):
        return self.slope(activations)


def network(slope):
    return QuadraticWithLayer(lambda x: (slope * x**2 / 2).sum(axis=(1, 2, 3)), lambda x: slope * x, SHAPE)


def explained(method, with_slope, x):
    return map_of(method, network(with_slope), x, LogitTarget(0), method.Params())


@pytest.fixture
def x(generator):
    return generator.random(SHAPE, dtype=np.float32)


@pytest.mark.parametrize("method", BY_INPUT, ids=lambda m: m.name)
@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_that_an_image_that_is_not_finite_is_an_error_and_not_a_map(method, x, value):
    x[7, 9] = value
    with pytest.raises((BadMap, NotFinite), match=r"not (a )?finite"):
        explained(method, 1.0, x)


@pytest.mark.parametrize("method", BY_GRADIENT, ids=lambda m: m.name)
def test_that_a_gradient_that_is_not_finite_is_an_error_and_not_a_map(method, x):
    with pytest.raises(BadMap, match=r"not (a )?finite number"):
        explained(method, np.nan, x)


@pytest.mark.parametrize(
    ("method", "name"),
    [(method, name) for method in METHODS for name in COUNTS if name in method.Params.model_fields],
    ids=lambda value: getattr(value, "name", value),
)
def test_that_a_negative_number_of_anything_is_refused_by_its_name(method, name):
    with pytest.raises(BadParameter, match=rf"{method.name}\.{name} cannot be -3") as caught:
        checked_parameters(method, {name: -3})
    assert method.name in caught.value.hint


def test_that_every_method_that_counts_is_among_those():
    counting = {method.name for method in METHODS if set(COUNTS) & set(method.Params.model_fields)}
    assert {"integrated_gradients", "guided_ig", "blur_ig", "xrai", "occlusion", "rise"} <= counting
    assert method_named("gradient").name not in counting
