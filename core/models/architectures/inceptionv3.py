"""InceptionV3 (Szegedy et al. 2016, doi 10.1109/CVPR.2016.308)."""

from typing import TYPE_CHECKING

from core.models.architectures.head import classifier, require_side

if TYPE_CHECKING:
    import keras


def inceptionv3(input_shape: tuple[int, int, int], classes: int) -> "keras.Model":
    """The network with random weights: (n, height, width, channels) in [0, 1] to (n, classes) logits.

    Raises IncompatibleInput if a side is below 75.
    """
    from keras.applications import InceptionV3

    require_side("InceptionV3", input_shape, 75)
    return classifier(InceptionV3(include_top=False, weights=None, input_shape=input_shape), classes)
