"""EfficientNetB0 (Tan and Le 2019, arXiv 1905.11946)."""

from typing import TYPE_CHECKING

from core.models.architectures.head import classifier, require_side

if TYPE_CHECKING:
    import keras


def efficientnetb0(input_shape: tuple[int, int, int], classes: int) -> "keras.Model":
    """The network with random weights: (n, height, width, channels) in [0, 1] to (n, classes) logits.

    Keras builds in a division by 255, for bytes; multiplying by 255 before it leaves [0, 1] as it
    is. The normalisation behind it has mean 0 and variance 1 until it is adapted to data, which
    nothing here does. Gradients by the input pass through both unchanged.
    Raises IncompatibleInput if a side is below 32.
    """
    import keras

    require_side("EfficientNetB0", input_shape, 32)
    inputs = keras.Input(input_shape)
    scaled = keras.layers.Rescaling(255.0, name="undo_division")(inputs)
    body = keras.applications.EfficientNetB0(include_top=False, weights=None, input_tensor=scaled)
    return classifier(keras.Model(inputs, body.output, name="efficientnetb0"), classes)
