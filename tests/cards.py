"""A complete card for tests, and a small convolutional network that fits it."""

from typing import Any

from core.models.card import Card, ClassMetrics, Interval, Performance, TrainingRecord
from core.models.preprocessing import Preprocessing

CLASSES = ("glioma", "meningioma", "pituitary")


def make_card(size: int = 32, **changes: Any) -> Card:
    """A card for a network of `size` x `size` x 1; `changes` replace fields."""
    interval = Interval(value=0.5, low=0.4, high=0.6)
    per_class = {name: ClassMetrics(precision=0.5, recall=0.5, f1=0.5, support=2) for name in CLASSES}
    fields: dict[str, Any] = {
        "id": "small",
        "version": "1.0.0",
        "title": "Small network",
        "summary": "A network for tests.",
        "architecture": "densenet121",
        "classes": CLASSES,
        "modality": ("MR",),
        "preprocessing": Preprocessing(height=size, width=size),
        "weights_sha256": "0" * 64,
        "parameters": 1,
        "purpose": "Tests.",
        "not_for": "Anything else.",
        "limits": (),
        "data": "none",
        "licence": "Apache-2.0",
        "attribution": "none",
        "training": TrainingRecord(
            command="",
            recipe={},
            data_sha256="0" * 64,
            split="part",
            seed=0,
            epochs=0,
            seconds=0.0,
            device="CPU",
            versions={},
        ),
        "performance": Performance(
            images=6,
            groups=3,
            group_column="person",
            macro_f1=interval,
            accuracy=interval,
            classes=per_class,
            confusion=((1, 1, 0), (0, 1, 1), (1, 0, 1)),
        ),
    }
    return Card(**(fields | changes))


def small_model(size: int = 32, seed: int = 0) -> Any:
    """Two convolutions, pooling, three logits; random weights from `seed`."""
    from core.models.runtime import frameworks

    keras, _ = frameworks()
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    inputs = keras.Input((size, size, 1))
    x = layers.Conv2D(
        6, 3, padding="same", activation="relu", bias_initializer="random_normal", name="first"
    )(inputs)
    x = layers.MaxPooling2D(2, name="halved")(x)
    x = layers.Conv2D(8, 3, padding="same", activation="relu", bias_initializer="random_normal", name="last")(
        x
    )
    x = layers.GlobalAveragePooling2D(name="pooling")(x)
    return keras.Model(inputs, layers.Dense(3, name="logits")(x))


def tiny_architecture(shape: tuple[int, int, int], classes: int) -> Any:
    """An architecture for tests of training: four convolutions with batch norm, down to a sixteenth."""
    from core.models.architectures.head import classifier
    from core.models.runtime import frameworks

    keras, _ = frameworks()
    layers = keras.layers
    inputs = x = keras.Input(shape)
    for number in range(4):
        x = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False, name=f"conv{number}")(x)
        x = layers.BatchNormalization(name=f"norm{number}")(x)
        x = layers.ReLU(name=f"relu{number}")(x)
    return classifier(keras.Model(inputs, x, name="tiny"), classes)
