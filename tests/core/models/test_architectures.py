"""The nine networks: their size, the layer before pooling, names that last, and what the input means."""

import numpy as np
import pytest

from core.errors import Cancelled, IncompatibleInput, NotApplicable
from core.methods import METHODS
from core.methods.activation.layer_strip import last_layers_of_grids
from core.methods.contract import Family, Need
from core.models.architectures import ARCHITECTURES
from core.models.handle import ModelHandle, named_weights
from core.models.preprocessing import Preprocessing
from core.models.runtime import frameworks
from core.network.parameters import checked_parameters
from core.network.run import Run
from core.network.target import LogitTarget
from tests.cards import make_card
from tests.core.methods.maps import map_of

SIDES = (75, 96)

# The layer before pooling, its grid at 75 x 96, its channels, and the parameters for 1 channel and 3 classes.
EXPECTED = {
    "vgg16": ("block5_pool", (2, 3), 512, 14_715_075),
    "vgg19": ("block5_pool", (2, 3), 512, 20_024_771),
    "resnet50": ("conv5_block3_out", (3, 3), 2048, 23_587_587),
    "resnet50v2": ("post_relu", (3, 3), 2048, 23_564_675),
    "densenet121": ("relu", (2, 3), 1024, 7_034_307),
    "xception": ("block14_sepconv2_act", (3, 3), 2048, 20_867_051),
    "inceptionv3": ("mixed10", (1, 1), 2048, 21_808_355),
    "inceptionresnetv2": ("conv_7b_ac", (1, 1), 1536, 54_340_771),
    "efficientnetb0": ("top_activation", (3, 3), 1280, 4_052_834),
}


@pytest.fixture(scope="module", autouse=True)
def _framework_is_up():
    """Bring it up before the first test: one of its packages tries out a local socket on import."""
    frameworks()


def handle_of(name, channels=1):
    preprocessing = Preprocessing(height=SIDES[0], width=SIDES[1], channels=channels)
    model = ARCHITECTURES[name](preprocessing.shape, 3)
    return ModelHandle(make_card(architecture=name, preprocessing=preprocessing), model)


def test_that_every_architecture_is_expected_here():
    assert set(ARCHITECTURES) == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_that_the_last_layer_is_the_one_before_pooling(name):
    handle = handle_of(name)
    layer, grid, channels, parameters = EXPECTED[name]
    last = handle.layers()[-1]
    assert (last.name, last.grid, last.channels) == (layer, grid, channels)
    assert handle._model.get_layer("pooling").input is handle._model.get_layer(layer).output
    assert handle._model.count_params() == parameters


@pytest.mark.parametrize("name", ["densenet121", "efficientnetb0"])
def test_that_what_only_scales_or_pads_the_input_is_no_grid_of_the_network(name) -> None:
    layers = handle_of(name).facts.layers
    plain = {layer.name for layer in layers if not layer.has_features}
    assert (
        plain
        == {
            "densenet121": {"zero_padding2d", "zero_padding2d_1"},
            "efficientnetb0": {"rescaling", "normalization", "undo_division", "stem_conv_pad"}
            | {f"block{part}_dwconv_pad" for part in ("2a", "3a", "4a", "6a")},
        }[name]
    )
    assert plain.isdisjoint(layer.name for layer in last_layers_of_grids(layers))


@pytest.mark.parametrize(
    ("name", "least"), [("xception", 71), ("inceptionv3", 75), ("inceptionresnetv2", 75), ("densenet121", 32)]
)
def test_that_an_input_too_small_for_a_network_is_refused_with_its_least_side(name, least):
    with pytest.raises(IncompatibleInput, match=f"at least {least} x {least} pixels"):
        ARCHITECTURES[name]((least - 1, 200, 1), 3)


def test_that_a_second_network_of_a_process_has_the_names_of_the_first():
    first, second = (handle_of("xception", channels) for channels in (1, 3))
    assert [layer.name for layer in first.layers()] == [layer.name for layer in second.layers()]
    assert named_weights(first._model).keys() == named_weights(second._model).keys()


def test_that_efficientnet_sees_values_from_0_to_1_as_they_are(generator):
    handle = handle_of("efficientnetb0")
    x = generator.random((1, *handle.input_shape), dtype=np.float32)
    np.testing.assert_allclose(handle.activations(x, "normalization"), x, rtol=1e-6)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", EXPECTED)
def test_that_every_method_gives_a_map_on_every_network_or_a_reason_and_can_be_cancelled(name, generator):
    handle = handle_of(name)
    handle.use_background(generator.random((2, *handle.input_shape), dtype=np.float32))
    x = generator.random(handle.input_shape, dtype=np.float32)
    few = {"steps": 4, "samples": 2, "masks": 8, "segments": 4, "window": 30, "stride": 30}
    for method in METHODS:
        if Need.RELU in method.needs and name == "efficientnetb0":
            with pytest.raises(NotApplicable, match="ReLU"):
                method.applies(handle.facts)
            continue
        method.applies(handle.facts)
        values = {key: few[key] for key in method.Params.model_fields.keys() & few.keys()}
        params = checked_parameters(method, values | ({"channels": 8} if method.name == "score_cam" else {}))
        attribution_map = map_of(method, handle, x, LogitTarget(1), params, Run(generator=generator))
        assert attribution_map.values.shape == SIDES, method.name
        with pytest.raises(Cancelled):
            map_of(method, handle, x, LogitTarget(1), params, Run(cancelled=lambda: True))
        if method.family is Family.ACTIVATION and "layer" in attribution_map.choices:
            assert attribution_map.choices["layer"] == EXPECTED[name][0]
