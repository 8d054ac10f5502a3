"""Backward passes on tiny networks, against values worked out by hand and against sums that must hold."""

import numpy as np
import pytest

from core.errors import NotApplicable
from core.models.backward.propagation import Propagation
from core.models.backward.reading import activations_of, steps_of
from core.models.backward.traced import relevance_pass
from core.models.runtime import frameworks
from core.network.composite import (
    AlphaBeta,
    Composite,
    Epsilon,
    Flat,
    Gamma,
    WSquare,
    ZBox,
    ZPlus,
    modified_gradient,
)

TINY = Epsilon(1e-12)


def one_dense(weights, bias):
    """A network of one dense layer (inputs, outputs)."""
    keras, _ = frameworks()
    inputs = keras.Input((len(weights),), dtype="float64")
    layer = keras.layers.Dense(len(bias), dtype="float64")
    model = keras.Model(inputs, layer(inputs))
    layer.set_weights([np.array(weights), np.array(bias)])
    return model


def squeezed():
    """A network with swish, a squeeze-and-excitation gate, a skip and separable convolutions; no biases."""
    keras, _ = frameworks()
    keras.utils.set_random_seed(4)
    layers = keras.layers
    with_type = {"dtype": "float64", "use_bias": False}
    inputs = keras.Input((12, 12, 1), dtype="float64")
    x = layers.Conv2D(6, 3, padding="same", activation="silu", **with_type)(inputs)
    x = skip = layers.DepthwiseConv2D(3, padding="same", **with_type)(x)
    gate = layers.GlobalAveragePooling2D(keepdims=True, dtype="float64")(x)
    gate = layers.Conv2D(6, 1, activation="sigmoid", **with_type)(gate)
    x = layers.Multiply(dtype="float64")([x, gate])
    x = layers.Add(dtype="float64")([skip, x])
    x = layers.SeparableConv2D(5, 3, strides=2, padding="same", **with_type)(x)
    x = layers.MaxPooling2D(3, 2, padding="same", dtype="float64")(x)
    x = layers.Concatenate(dtype="float64")([x, layers.ReLU(dtype="float64")(x)])
    x = layers.Flatten(dtype="float64")(layers.ZeroPadding2D(1, dtype="float64")(x))
    return keras.Model(inputs, layers.Dense(3, **with_type)(layers.Dropout(0.5)(x)))


def handed_back(model, composite, x, start=None):
    _, tf = frameworks()
    propagation = Propagation(steps_of(model), composite)
    passed = propagation.forward(tf.constant(x, tf.float64))
    signal = passed.logits if start is None else tf.constant(start, tf.float64)
    return propagation.backward(passed, signal).numpy(), passed.logits.numpy()


# x = (1, -2), W = ((3, -1), (-2, 5)), b = (1, -0.5): z = (8, -11.5).
X, WEIGHTS, BIAS, Z = [[1.0, -2.0]], [[3.0, -1.0], [-2.0, 5.0]], [1.0, -0.5], (8.0, -11.5)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        # Of the first output: 3 and 4 of 8. Of the second: -1 and -10 of -11.5.
        (TINY, (8 * 3 / 8 - 11.5 * 1 / 11.5, 8 * 4 / 8 - 11.5 * 10 / 11.5)),
        (Epsilon(0.5), (8 * 3 / 8.5 - 11.5 * 1 / 12, 8 * 4 / 8.5 - 11.5 * 10 / 12)),
        # Positive contributions: 3, 4 and the bias 1 of the first output, none of the second.
        (ZPlus(), (3.0, 4.0)),
        # Negative ones: none of the first output, -1, -10 and the bias -0.5 of the second.
        (AlphaBeta(2.0), (6.0 + 11.5 * 1 / 11.5, 8.0 + 11.5 * 10 / 11.5)),
        # Every contribution has its output's sign and so is doubled with the sum.
        (Gamma(1.0), (3.0 - 1.0, 4.0 - 10.0)),
        (WSquare(), (8 * 9 / 14 - 11.5 * 1 / 26.25, 8 * 4 / 14 - 11.5 * 25 / 26.25)),
        (Flat(), ((8 - 11.5) / 2, (8 - 11.5) / 2)),
        # Low -3, high 2. First: 3 + 9 and 4 + 4; second: -1 + 2 and -10 + 15.
        (ZBox(-3.0, 2.0), (8 * 12 / 20 - 11.5 * 1 / 6, 8 * 8 / 20 - 11.5 * 5 / 6)),
        # The image's own ends, -2 and 1. First: 3 + 6 and 4 + 2; second: -1 + 1 and -10 + 10.
        (ZBox(), (8 * 9 / 15, 8 * 6 / 15)),
    ],
    ids=lambda each: str(each).split("(")[0],
)
def test_that_a_rule_divides_relevance_as_worked_out_by_hand(rule, expected):
    composite = Composite(rule, rule, rule, stabiliser=1e-12)
    start = [[Z[0], 0.0]] if rule == ZBox() else None
    relevance, logits = handed_back(one_dense(WEIGHTS, BIAS), composite, X, start)
    np.testing.assert_allclose(logits[0], Z)
    np.testing.assert_allclose(relevance[0], expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("guided", [[0.0, 2.0, 0.0]]), ("deconvnet", [[0.0, 2.0, 1.0]]), ("slope", [[-3.0, 2.0, 0.0]])],
)
def test_that_relu_hands_on_what_the_rule_says(rule, expected):
    keras, _ = frameworks()
    inputs = keras.Input((3,), dtype="float64")
    layer = keras.layers.Dense(1, use_bias=False, dtype="float64")
    model = keras.Model(inputs, layer(keras.layers.ReLU(dtype="float64")(inputs)))
    layer.set_weights([np.array([[-3.0], [2.0], [1.0]])])
    slopes, _ = handed_back(model, modified_gradient(rule), [[1.0, 1.0, -1.0]], [[1.0]])
    np.testing.assert_allclose(slopes, expected)


def test_that_swish_a_gate_a_skip_and_separable_convolutions_conserve_relevance(generator):
    x = generator.random((2, 12, 12, 1))
    model = squeezed()
    for rule in (TINY, Gamma(0.25)):
        composite = Composite(rule, rule, rule, stabiliser=1e-12)
        relevance, logits = handed_back(model, composite, x)
        np.testing.assert_allclose(relevance.sum(axis=(1, 2, 3)), logits.sum(axis=1), rtol=1e-6)


@pytest.mark.parametrize("scale", ["logit", "probability"])
def test_that_differences_sum_to_that_of_the_score_through_gates_and_softmax(generator, scale):
    _, tf = frameworks()

    def score(logits, weights):
        output = tf.nn.softmax(20 * logits) if scale == "probability" else logits
        return tf.reduce_sum(output * weights, axis=-1)

    x, start, rows = generator.random((2, 12, 12, 1)), np.zeros((2, 12, 12, 1)), np.eye(3)[[0, 2]]
    model = squeezed()
    run = relevance_pass(steps_of(model), modified_gradient("rescale"), score)
    rise, attribution = (each.numpy() for each in run(*map(tf.constant, (x, rows, start))))
    expected = score(model(x), rows).numpy() - score(model(start), rows).numpy()
    assert np.abs(expected).min() > 1e-3
    np.testing.assert_allclose(rise, expected, rtol=1e-9)
    np.testing.assert_allclose(attribution.sum(axis=(1, 2, 3)), expected, rtol=1e-6)


def test_that_a_scaling_of_the_input_carries_the_box_and_leaves_padding_out(generator):
    keras, _ = frameworks()
    keras.utils.set_random_seed(1)
    layers, options = keras.layers, {"dtype": "float64"}
    inputs = keras.Input((6, 6, 1), dtype="float64")
    x = layers.Rescaling(-4.0, 1.0, **options)(inputs)
    x = layers.ZeroPadding2D(2, **options)(x)
    x = layers.GlobalAveragePooling2D(**options)(layers.Conv2D(4, 5, **options)(x))
    model = keras.Model(inputs, layers.Dense(2, use_bias=False, **options)(x))
    image = generator.random((1, 6, 6, 1))
    for first in (Flat(), WSquare(), ZBox(0.0, 1.0)):
        relevance, logits = handed_back(model, Composite(first, TINY, TINY, stabiliser=1e-12), image)
        # Without biases in the first layer nothing is lost, not even to the padding.
        np.testing.assert_allclose(relevance.sum(), logits.sum(), rtol=1e-6)
    at_the_ends = handed_back(model, Composite(ZBox(0.0, 1.0), TINY, TINY), np.ones((1, 6, 6, 1)))[0]
    assert np.isfinite(at_the_ends).all()


def test_that_a_volume_is_handed_back_like_an_image(generator):
    keras, _ = frameworks()
    keras.utils.set_random_seed(1)
    layers, options = keras.layers, {"dtype": "float64", "use_bias": False}
    inputs = keras.Input((6, 6, 6, 1), dtype="float64")
    x = layers.Conv3D(4, 3, activation="relu", **options)(inputs)
    x = layers.GlobalAveragePooling3D(dtype="float64")(layers.ZeroPadding3D(1, dtype="float64")(x))
    model = keras.Model(inputs, layers.Dense(2, **options)(x))
    composite = Composite(ZPlus(), ZPlus(), TINY, stabiliser=1e-12)
    relevance, logits = handed_back(model, composite, generator.random((1, 6, 6, 6, 1)))
    assert relevance.shape == (1, 6, 6, 6, 1)
    np.testing.assert_allclose(relevance.sum(), logits.sum(), rtol=1e-3)


def test_that_the_names_of_nonlinearities_are_read():
    assert activations_of(steps_of(squeezed())) == {"silu", "sigmoid", "relu"}


def network_with(kind):
    keras, _ = frameworks()
    layers = keras.layers
    inputs = keras.Input((4, 4, 2))
    made = {
        "a kind without a rule": lambda: layers.LayerNormalization(name="it")(inputs),
        "a product of two signals": lambda: layers.Multiply(name="it")([inputs, inputs]),
        "an activation that moves 0": lambda: layers.Activation("softplus", name="it")(inputs),
        "batch norm of rows": lambda: layers.BatchNormalization(axis=1, name="it")(inputs),
    }[kind]()
    return keras.Model(inputs, layers.Dense(2)(layers.Flatten()(made)))


@pytest.mark.parametrize(
    "kind",
    [
        "a kind without a rule",
        "a product of two signals",
        "an activation that moves 0",
        "batch norm of rows",
    ],
)
def test_that_a_layer_without_a_rule_is_refused_by_its_name(kind):
    with pytest.raises(NotApplicable, match=r"The layer 'it' .*no rule of a backward pass"):
        steps_of(network_with(kind))


def test_that_a_layer_used_twice_is_refused():
    keras, _ = frameworks()
    inputs = keras.Input((4,))
    layer = keras.layers.Dense(4, name="twice")
    with pytest.raises(NotApplicable, match="'twice' is used twice"):
        steps_of(keras.Model(inputs, layer(layer(inputs))))


def test_that_relevance_of_a_probability_is_told_with_what_it_started_from():
    _, tf = frameworks()
    steps = steps_of(one_dense([[0.3, -0.1], [-0.2, 0.5]], [0.0, 0.0]))

    def probability(logits, weights):
        return tf.reduce_sum(tf.nn.softmax(logits) * weights, axis=-1)

    function = relevance_pass(steps, Composite(TINY, TINY, TINY), probability)
    values, relevance = function(tf.constant(X, tf.float64), tf.constant([[1.0, 0.0]], tf.float64))
    # The logits are 0.7 and -1.1; the slopes p (1 - p) and -p (1 - p).
    p = 1 / (1 + np.exp(-1.8))
    np.testing.assert_allclose(values, [p * (1 - p) * 1.8])
    np.testing.assert_allclose(relevance.numpy().sum(), values[0])
