"""The rebuilt networks of the golden values give the stored logits and gradients."""

import numpy as np
import pytest

from core.methods import method_named
from core.network.method_input import MethodInput
from core.network.run import Run
from core.network.target import LogitTarget
from tests.oracle.golden_networks import (
    NAMES,
    golden_handle,
    golden_inputs,
    golden_model,
    golden_values,
    image_error,
)


@pytest.mark.parametrize("name", NAMES)
def test_that_a_rebuilt_network_gives_the_stored_logits_and_gradients(name):
    handle, inputs, golden = golden_handle(name), golden_inputs(), golden_values(name)
    x = inputs["x"]
    np.testing.assert_allclose(handle.logits(x), inputs[f"logits_{name}"], atol=1e-5)
    targets = [LogitTarget(int(index)) for index in golden["target_argmax"]]
    gradients = handle.gradients(x, targets)[1]
    assert image_error(gradients, golden["captum/saliency_signed/target_argmax"]) < 2e-5


@pytest.mark.parametrize("name", NAMES)
def test_that_input_x_gradient_is_captums(name):
    method, golden = method_named("input_x_gradient"), golden_values(name)
    handle = golden_handle(name)
    for target in ("target_argmax", "target_class0"):
        classes = golden["target_argmax"] if target == "target_argmax" else [0] * 6
        inputs = [
            MethodInput(x, LogitTarget(int(index)))
            for x, index in zip(golden_inputs()["x"], classes, strict=True)
        ]
        maps = method.run(handle, inputs, method.Params(), Run())
        values = np.stack([each.values for each in maps])[..., None]
        assert image_error(values, golden[f"captum/input_x_gradient/{target}"]) < 2e-5


@pytest.mark.parametrize("name", NAMES)
def test_that_a_rebuilt_network_can_compute_in_double_precision(name):
    inputs = golden_inputs()
    logits = golden_model(name, "float64")(inputs["x"].astype(np.float64), training=False).numpy()
    np.testing.assert_allclose(logits, inputs[f"logits_{name}"], atol=1e-6)
