"""DenseNet121 (Huang et al. 2017, doi 10.1109/CVPR.2017.243)."""

from typing import TYPE_CHECKING

from core.models.architectures.head import classifier, require_side

if TYPE_CHECKING:
    import keras


def densenet121(input_shape: tuple[int, int, int], classes: int) -> "keras.Model":
    """The network with random weights: (n, height, width, channels) in [0, 1] to (n, classes) logits.

    Raises IncompatibleInput if a side is below 32.
    """
    from keras.applications import DenseNet121

    require_side("DenseNet121", input_shape, 32)
    return classifier(DenseNet121(include_top=False, weights=None, input_shape=input_shape), classes)
