"""Xception (Chollet 2017, doi 10.1109/CVPR.2017.195)."""

from typing import TYPE_CHECKING

from core.models.architectures.head import classifier, require_side

if TYPE_CHECKING:
    import keras


def xception(input_shape: tuple[int, int, int], classes: int) -> "keras.Model":
    """The network with random weights: (n, height, width, channels) in [0, 1] to (n, classes) logits.

    Raises IncompatibleInput if a side is below 71.
    """
    from keras.applications import Xception

    require_side("Xception", input_shape, 71)
    return classifier(Xception(include_top=False, weights=None, input_shape=input_shape), classes)
