"""The gradient of a number made from a layer: against the layer's output and finite differences."""

from dataclasses import replace

import numpy as np
import pytest

from core.errors import BadParameter
from core.models.handle import ModelHandle
from core.network.objective import LayerObjective
from tests.cards import make_card, small_model

OBJECTIVES = [LayerObjective("last"), LayerObjective("last", 1), LayerObjective("last", 1, (2, 1))]


@pytest.fixture(scope="module")
def handle():
    return ModelHandle(make_card(), small_model())


@pytest.fixture
def inputs(generator):
    return generator.random((3, 32, 32, 1), dtype=np.float32)


@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda each: each.part)
def test_that_the_value_is_made_from_the_output_of_the_layer(handle, inputs, objective):
    values, _ = handle.layer_gradients(inputs, objective)
    output = handle.activations(inputs, "last").astype(np.float64)
    np.testing.assert_allclose(values, objective.score(output), rtol=1e-5)


@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda each: each.part)
def test_that_the_value_rises_along_the_gradient_by_its_length(handle, inputs, objective):
    if objective.channel is not None:
        # The one that is most awake: behind a ReLU others have no slope.
        output = handle.activations(inputs[:1], "last")[0]
        row, column, channel = (int(at) for at in np.unravel_index(output.argmax(), output.shape))
        objective = replace(objective, channel=channel, position=objective.position and (row, column))
    _, gradients = handle.layer_gradients(inputs[:1], objective)
    length = float(np.linalg.norm(gradients))
    step = 3e-3 * gradients / length
    ends, _ = handle.layer_gradients(np.concatenate([inputs[:1] - step, inputs[:1] + step]), objective)
    assert float(ends[1] - ends[0]) / 6e-3 == pytest.approx(length, rel=0.02)


def test_that_another_channel_or_place_is_not_traced_again(handle, inputs):
    handle.layer_gradients(inputs, LayerObjective("last", 0, (0, 0)))
    before = handle.functions.traces
    handle.layer_gradients(inputs[:1], LayerObjective("last", 1, (1, 3)))
    assert handle.functions.traces == before


@pytest.mark.parametrize(
    "objective",
    [LayerObjective("none"), LayerObjective("last", 1000), LayerObjective("last", 0, (0, 99))],
    ids=["layer", "channel", "position"],
)
def test_that_what_the_network_does_not_have_is_refused(handle, inputs, objective):
    with pytest.raises(BadParameter):
        handle.layer_gradients(inputs, objective)


def test_that_a_position_needs_a_channel():
    with pytest.raises(ValueError, match="channel"):
        LayerObjective("last", None, (0, 0))
