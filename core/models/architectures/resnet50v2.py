"""ResNet50V2 (He et al. 2016, doi 10.1007/978-3-319-46493-0_38)."""

from typing import TYPE_CHECKING

from core.models.architectures.head import classifier, require_side

if TYPE_CHECKING:
    import keras


def resnet50v2(input_shape: tuple[int, int, int], classes: int) -> "keras.Model":
    """The network with random weights: (n, height, width, channels) in [0, 1] to (n, classes) logits.

    Raises IncompatibleInput if a side is below 32.
    """
    from keras.applications import ResNet50V2

    require_side("ResNet50V2", input_shape, 32)
    return classifier(ResNet50V2(include_top=False, weights=None, input_shape=input_shape), classes)
