"""VGG16 (Simonyan and Zisserman 2015, arXiv 1409.1556)."""

from typing import TYPE_CHECKING

from core.models.architectures.head import classifier, require_side

if TYPE_CHECKING:
    import keras


def vgg16(input_shape: tuple[int, int, int], classes: int) -> "keras.Model":
    """The network with random weights: (n, height, width, channels) in [0, 1] to (n, classes) logits.

    Raises IncompatibleInput if a side is below 32.
    """
    from keras.applications import VGG16

    require_side("VGG16", input_shape, 32)
    return classifier(VGG16(include_top=False, weights=None, input_shape=input_shape), classes)
