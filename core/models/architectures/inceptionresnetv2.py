"""InceptionResNetV2 (Szegedy et al. 2017, doi 10.1609/aaai.v31i1.11231)."""

from typing import TYPE_CHECKING

from core.models.architectures.head import classifier, require_side

if TYPE_CHECKING:
    import keras


def inceptionresnetv2(input_shape: tuple[int, int, int], classes: int) -> "keras.Model":
    """The network with random weights: (n, height, width, channels) in [0, 1] to (n, classes) logits.

    Raises IncompatibleInput if a side is below 75.
    """
    from keras.applications import InceptionResNetV2

    require_side("InceptionResNetV2", input_shape, 75)
    return classifier(InceptionResNetV2(include_top=False, weights=None, input_shape=input_shape), classes)
