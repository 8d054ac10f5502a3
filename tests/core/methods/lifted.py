"""A network of pictures and the same network of volumes, whose kernels are constant along the slices.

Every slice of a volume is handled as the picture is, and the average before the logits is over all slices:
a volume of equal slices has the picture's logits, and in each slice 1 / SLICES of the picture's gradient.
"""

from functools import cache
from typing import Any

import numpy as np

from core.arrays import Array
from core.models.handle import ModelHandle
from core.models.preprocessing import Preprocessing
from core.models.runtime import frameworks
from tests.cards import make_card

PICTURE = (12, 10, 1)
SLICES = 3
# With these weights no map is empty.
SEED = 4


class VolumePreprocessing(Preprocessing):
    """The input shape of a network of volumes, until cards can state one."""

    slices: int

    @property
    def shape(self) -> Any:
        """(slices, height, width, channels)."""
        return self.slices, self.height, self.width, self.channels


def lifted(array: Array, slices: int = SLICES) -> Array:
    """A volume of `slices` equal slices, each the picture `array`."""
    return np.repeat(array[None], slices, axis=0)


def volume_handle(model: Any) -> ModelHandle:
    """The handle of a Keras model of volumes (slices, height, width, channels) with three classes."""
    slices, height, width, channels = model.input.shape[1:]
    preprocessing = VolumePreprocessing(slices=slices, height=height, width=width, channels=channels)
    return ModelHandle(make_card(preprocessing=preprocessing), model)


@cache
def picture_and_volume() -> tuple[ModelHandle, ModelHandle]:
    """The two handles, with the same weights and background images that are the same picture by picture."""
    picture_model, volume_model = _model(PICTURE), _model((SLICES, *PICTURE))
    generator = np.random.default_rng(SEED)
    for layer, of_volume in zip(picture_model.layers, volume_model.layers, strict=True):
        values = [generator.normal(0.05, 0.3, array.shape) for array in layer.get_weights()]
        if "norm" in layer.name:
            values[-1] = np.abs(values[-1]) + 0.5  # a variance
        layer.set_weights(values)
        of_volume.set_weights(
            [array.reshape(like.shape) for array, like in zip(values, of_volume.get_weights(), strict=True)]
        )
    preprocessing = Preprocessing(height=PICTURE[0], width=PICTURE[1], channels=PICTURE[2])
    picture = ModelHandle(make_card(preprocessing=preprocessing), picture_model)
    volume = volume_handle(volume_model)
    background = generator.random((3, *PICTURE), dtype=np.float32)
    picture.use_background(background)
    volume.use_background(np.stack([lifted(each) for each in background]))
    return picture, volume


def _model(shape: tuple[int, ...]) -> Any:
    """Two blocks and a joined one; in a volume every kernel and window is one slice thick."""
    keras, _ = frameworks()
    layers, axes = keras.layers, len(shape) - 1
    flat = (1,) * (axes - 2)

    def of_axes(kind: str) -> Any:
        return getattr(layers, f"{kind}{axes}D")

    def convolved(tensor: Any, filters: int, name: str, activation: str | None = "relu") -> Any:
        convolution = of_axes("Conv")
        return convolution(filters, (*flat, 3, 3), padding="same", activation=activation, name=name)(tensor)

    inputs = keras.Input(shape)
    x = convolved(inputs, 4, "first")
    x = of_axes("MaxPooling")((*flat, 2, 2), name="halved")(x)
    y = convolved(x, 4, "middle", activation=None)
    y = layers.ReLU(name="middle_relu")(layers.BatchNormalization(name="middle_norm")(y))
    x = layers.Concatenate(name="joined")([x, layers.Add(name="sum")([x, y])])
    x = convolved(x, 6, "last")
    x = of_axes("GlobalAveragePooling")(name="pooling")(x)
    return keras.Model(inputs, layers.Dense(3, name="logits")(x))
