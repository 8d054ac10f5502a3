"""DenseNet121 (Huang et al. 2017, doi 10.1109/CVPR.2017.243)."""

from typing import TYPE_CHECKING

from core.models.architectures.head import classifier

if TYPE_CHECKING:
    import keras


def densenet121(input_shape: tuple[int, int, int], classes: int) -> "keras.Model":
    """The network with random weights: (n, height, width, channels) in [0, 1] to (n, classes) logits."""
    from keras.applications import DenseNet121

    return classifier(DenseNet121(include_top=False, weights=None, input_shape=input_shape), classes)
