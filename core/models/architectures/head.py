"""The end that every architecture shares: global average pooling and one dense layer of logits."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


def classifier(body: "keras.Model", classes: int, dropout: float = 0.3) -> "keras.Model":
    """`body` with (n, h, w, k) output, followed by pooling, dropout (training only) and logits.

    Logits, not probabilities: saturated softmax outputs have vanishing gradients.
    """
    import keras

    pooled = keras.layers.GlobalAveragePooling2D(name="pooling")(body.output)
    dropped = keras.layers.Dropout(dropout, name="dropout")(pooled)
    logits = keras.layers.Dense(classes, dtype="float32", name="logits")(dropped)
    return keras.Model(body.input, logits, name=body.name)
