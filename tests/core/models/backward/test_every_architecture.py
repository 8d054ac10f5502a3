"""Modified backward passes of the nine networks with random weights."""

import os
import subprocess
import sys

import numpy as np
import pytest

from core.errors import Cancelled, NotApplicable
from core.methods import METHODS, method_named
from core.methods.contract import Family, Need
from core.models.architectures import ARCHITECTURES
from core.models.backward.propagation import Propagation
from core.models.backward.reading import activations_of, steps_of
from core.models.handle import ModelHandle
from core.models.preprocessing import Preprocessing
from core.models.runtime import frameworks
from core.network.composite import Composite, Epsilon, ZPlus
from core.network.run import Run
from core.network.target import LogitTarget, ProbabilityTarget
from tests.cards import make_card, small_model
from tests.core.methods.maps import map_of

RELEVANCE = [method for method in METHODS if method.family is Family.RELEVANCE]
SIDE = 80
# The one with fused activations, and the one with swish and gates.
SMALLEST = ("vgg16", "efficientnetb0")


def handle_of(name, side=SIDE):
    frameworks()[0].utils.set_random_seed(3)
    preprocessing = Preprocessing(height=side, width=side)
    handle = ModelHandle(
        make_card(architecture=name, preprocessing=preprocessing),
        ARCHITECTURES[name](preprocessing.shape, 3),
    )
    background = np.random.default_rng(5).random((3, *handle.input_shape), dtype=np.float32)
    handle.use_background(background)
    return handle


def with_varied_norms(model, generator):
    """Batch norms with statistics, gammas and betas of a trained network, not those of a new one."""
    for layer in model.layers:
        if type(layer).__name__ == "BatchNormalization":
            values = [
                (array + generator.normal(0, 0.1, array.shape)).clip(-2, 2) for array in layer.get_weights()
            ]
            values[-1] = np.abs(values[-1]) + 0.5
            layer.set_weights(values)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name in SMALLEST else pytest.mark.slow) for name in ARCHITECTURES],
)
def test_that_the_steps_of_a_network_give_its_logits_with_batch_norm_merged_or_not(name, generator):
    _, tf = frameworks()
    model = ARCHITECTURES[name]((SIDE, SIDE, 1), 3)
    with_varied_norms(model, generator)
    steps = steps_of(model)
    assert ("silu" in activations_of(steps)) == (name == "efficientnetb0")
    x = tf.constant(generator.random((1, SIDE, SIDE, 1)), tf.float32)
    expected = model(x, training=False).numpy()
    for merges in (True, False):
        composite = Composite(ZPlus(), ZPlus(), Epsilon(1e-9), merges_batch_norm=merges)
        logits = Propagation(steps, composite).forward(x).logits.numpy()
        np.testing.assert_allclose(logits, expected, atol=1e-4 * np.abs(expected).max())


def test_that_guided_methods_are_refused_on_swish_with_the_reason():
    facts = handle_of("efficientnetb0").facts
    for method in RELEVANCE:
        if Need.RELU in method.needs:
            with pytest.raises(NotApplicable, match="ReLU; small has sigmoid, silu"):
                method.applies(facts)
        else:
            method.applies(facts)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_that_differences_are_complete_and_every_method_gives_a_map(name, generator):
    handle = handle_of(name)
    with_varied_norms(handle._model, generator)
    x = generator.random(handle.input_shape, dtype=np.float32)
    for target in (LogitTarget(1), ProbabilityTarget(2)):
        for method in (method_named("deep_lift"), method_named("deep_shap")):
            figures = map_of(method, handle, x, target, method.Params(), Run()).diagnostics
            assert figures["completeness_error"] < 1e-3, (method.name, figures)
    for method in RELEVANCE:
        if Need.RELU in method.needs and name == "efficientnetb0":
            continue
        method.applies(handle.facts)
        attribution_map = map_of(method, handle, x, LogitTarget(1), method.Params(), Run())
        assert attribution_map.values.shape == (SIDE, SIDE)
        is_blank = False
        if method.name == "guided_grad_cam":
            # Of random weights a Grad-CAM may have no positive value, and then the product has none.
            grad_cam = method_named("grad_cam")
            is_blank = not map_of(grad_cam, handle, x, LogitTarget(1), grad_cam.Params(), Run()).values.any()
        assert (np.ptp(attribution_map.values) > 0) is not is_blank, method.name
        with pytest.raises(Cancelled):
            map_of(method, handle, x, LogitTarget(1), method.Params(), Run(cancelled=lambda: True))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("call", ["gradients", "lrp", "deep_lift"])
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_that_a_process_stays_below_2_and_a_half_gigabytes_with_large_inputs(name, call):
    # A process of its own: the most that one has held is never less again.
    command = [sys.executable, "-m", "tests.core.models.backward.peak_memory", name, call]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ))
    assert float(done.stdout.splitlines()[-1]) < 2.5


@pytest.mark.parametrize("composite", ["lrp", "guided_backpropagation"])
def test_that_a_pass_is_traced_once_and_sees_the_weights_of_the_moment(composite, generator):
    handle = ModelHandle(make_card(), small_model(seed=2))
    x = generator.random((2, 32, 32, 1), dtype=np.float32)
    method = method_named(composite)
    rules = method.composite(method.Params(), handle.facts)
    trained = handle.relevance(x, LogitTarget(0), rules)[1]
    other = handle.randomised(handle.weighted_layers(), 3).relevance(x, LogitTarget(1), rules)[1]
    again = handle.relevance(x, LogitTarget(0), rules)[1]
    np.testing.assert_array_equal(again, trained)
    assert np.abs(other - trained).max() > 0.1 * np.abs(trained).max()
    assert handle.functions.traces == 1
