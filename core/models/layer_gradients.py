"""The gradient, by the network's input, of a number that is made from the output of one layer."""

from typing import Any

from core.models.runtime import frameworks
from core.network.objective import LayerPart


def layer_gradients(model: Any, layer: str, part: LayerPart) -> Any:
    """A traced function of inputs (n, *grid, channels) and places (n, 3): channel, row and column.

    It gives the number (n,) that `LayerObjective.score` defines, and its gradient at each input. What is
    behind the layer is not computed.
    """
    keras, tf = frameworks()
    trunk = keras.Model(model.input, model.get_layer(layer).output)

    def score(output: Any, places: Any) -> Any:
        if part == "layer":
            return 0.5 * tf.reduce_sum(tf.square(output), axis=(1, 2, 3))
        channels = tf.gather(output, places[:, 0], axis=-1, batch_dims=1)
        if part == "channel":
            return tf.reduce_mean(channels, axis=(1, 2))
        return tf.gather_nd(channels, places[:, 1:], batch_dims=1)

    def gradients(x: Any, places: Any) -> Any:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(x)
            values = score(trunk(x, training=False), places)
        return values, tape.gradient(values, x)

    inputs = tf.TensorSpec((None, *model.input.shape[1:]), tf.float32)
    signature = [inputs, tf.TensorSpec((None, 3), tf.int32)]
    return tf.function(gradients, autograph=False, input_signature=signature)
