"""Backward passes of networks of volumes and of decoders, whose layers upsample."""

import numpy as np
import pytest

from core.errors import NotApplicable
from core.models.backward.propagation import Propagation
from core.models.backward.reading import steps_of
from core.models.backward.traced import relevance_pass
from core.models.runtime import frameworks
from core.network.composite import Composite, Epsilon, ZPlus, modified_gradient


def decoder(axes, interpolation="nearest"):
    """A small encoder and decoder with a skip connection, of 2 or 3 axes, to the mean of two classes."""
    keras, _ = frameworks()
    layers = keras.layers

    def of_axes(kind, ending=""):
        return getattr(layers, f"{kind}{axes}D{ending}")

    inputs = keras.Input((*[8] * axes, 1))
    first = of_axes("Conv")(3, 3, padding="same", activation="relu", name="first")(inputs)
    x = of_axes("AveragePooling")(2, name="halved")(first)
    x = of_axes("Conv")(4, 3, padding="same", use_bias=False, name="deep")(x)
    x = layers.ReLU(name="deep_relu")(layers.BatchNormalization(name="deep_norm")(x))
    options = {} if axes == 3 else {"interpolation": interpolation}
    up = of_axes("UpSampling")(2, name="up", **options)(x)
    transposed = of_axes("Conv", "Transpose")(3, 2, strides=2, padding="same", name="transposed")(x)
    transposed = layers.ReLU(name="transposed_relu")(layers.BatchNormalization(name="norm")(transposed))
    x = layers.Concatenate(name="skip")([first, up, transposed])
    x = of_axes("GlobalAveragePooling")(name="pooling")(x)
    model = keras.Model(inputs, layers.Dense(2, name="logits")(x))
    generator = np.random.default_rng(2)
    for layer in model.layers:
        values = [array + generator.normal(0, 0.2, array.shape) for array in layer.get_weights()]
        if "norm" in layer.name:
            values[-1] = np.abs(values[-1]) + 0.5  # a variance
        layer.set_weights(values)
    return model


@pytest.mark.parametrize("axes", [2, 3])
@pytest.mark.parametrize("merges", [True, False])
def test_that_the_steps_of_a_decoder_give_its_logits_with_batch_norm_merged_or_not(axes, merges, generator):
    _, tf = frameworks()
    model = decoder(axes)
    x = tf.constant(generator.random((2, *[8] * axes, 1)), tf.float32)
    composite = Composite(ZPlus(), ZPlus(), Epsilon(1e-9), merges_batch_norm=merges)
    logits = Propagation(steps_of(model), composite).forward(x).logits.numpy()
    np.testing.assert_allclose(logits, model(x, training=False).numpy(), atol=1e-5)


@pytest.mark.parametrize("axes", [2, 3])
def test_that_the_unchanged_backward_pass_of_a_decoder_is_its_gradient(axes, generator):
    _, tf = frameworks()
    model = decoder(axes)
    x = tf.constant(generator.random((2, *[8] * axes, 1)), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        score = model(x, training=False)[:, 0]
    expected = tape.gradient(score, x).numpy()
    slope = Propagation(steps_of(model), modified_gradient("slope"))
    passed = slope.forward(x)
    result = slope.backward(passed, tf.constant([[1.0, 0.0]] * 2)).numpy()
    np.testing.assert_allclose(result, expected, atol=1e-6)


def test_that_relevance_of_a_volume_adds_up_to_the_score_where_no_layer_has_a_bias(generator):
    keras, tf = frameworks()
    layers = keras.layers
    inputs = keras.Input((6, 8, 8, 1))
    x = layers.Conv3D(3, 3, padding="same", activation="relu", use_bias=False)(inputs)
    x = layers.MaxPooling3D(2)(x)
    x = layers.Conv3DTranspose(2, 2, strides=2, activation="relu", use_bias=False)(layers.UpSampling3D(2)(x))
    model = keras.Model(inputs, layers.Dense(2, use_bias=False)(layers.GlobalAveragePooling3D()(x)))
    composite = Composite(Epsilon(1e-9), Epsilon(1e-9), Epsilon(1e-9))

    def score(logits, weights):
        return tf.reduce_sum(logits * weights, axis=-1)

    function = relevance_pass(steps_of(model), composite, score)
    volume = tf.constant(generator.random((2, 6, 8, 8, 1)), tf.float32)
    values, relevance = function(volume, tf.constant([[1.0, 0.0]] * 2))
    logits = model(volume).numpy()[:, 0]
    np.testing.assert_allclose(values.numpy(), logits, rtol=1e-5)
    np.testing.assert_allclose(relevance.numpy().sum(axis=(1, 2, 3, 4)), logits, rtol=1e-3)


def test_that_upsampling_that_interpolates_is_refused_with_its_name():
    with pytest.raises(NotApplicable, match="The layer 'up' interpolates"):
        steps_of(decoder(2, "bilinear"))
