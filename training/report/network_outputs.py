"""The outputs of a bundle's network for labelled images, whole and with parts covered."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.arrays import Array
from core.errors import DamagedBundle, nearest_hint
from core.images.resample import resampled
from core.models.architectures import ARCHITECTURES
from core.models.bundle import Bundle
from core.models.handle import assign_weights
from core.models.layers import content_layers, layers_with_grid, observed_model
from core.models.runtime import frameworks
from training.batches import Images, load
from training.datasets import LabelledImage
from training.report.coverings import Covering

# Images in memory at a time, and images in one batch of the network.
CHUNK, BATCH = 128, 16
PIXELS = 32
# Layers that count for the depth, as in the names of the architectures.
WEIGHTED = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Dense")


@dataclass(frozen=True, slots=True)
class NetworkOutputs:
    """The outputs for the images of one part.

    labels: (n,) classes. logits: (n, classes). features: (n, k), the input of the last layer. content: (n, m)
    of `core.models.layers.observed_model`. pixels: (n, 32, 32), grey.
    covered: logits (n, classes) by the name of the covering. lesion: by the same name, the mean share of
    the area of outlined lesions that stays visible; empty without outlines.
    """

    records: tuple[LabelledImage, ...]
    labels: Array
    logits: Array
    features: Array
    content: Array
    pixels: Array
    covered: dict[str, Array]
    lesion: dict[str, float]


class ObservedNetwork:
    """A bundle's network with the input of its last layer. Raises DamagedBundle."""

    def __init__(self, bundle: Bundle) -> None:
        card = bundle.card
        if card.architecture not in ARCHITECTURES:
            hint = nearest_hint(card.architecture, ARCHITECTURES)
            raise DamagedBundle(f"{card.id} names the unknown architecture {card.architecture!r}.", hint)
        keras, _ = frameworks()
        keras.config.set_dtype_policy("float32")
        self._card = card
        self._model = ARCHITECTURES[card.architecture](card.preprocessing.shape, len(card.classes))
        assign_weights(self._model, bundle.weights(), card.id)
        self._observed = keras.Model(
            self._model.input, [self._model.layers[-1].input, *observed_model(self._model).outputs[:2]]
        )
        grids = {layer.name: layer.channels for layer in layers_with_grid(self._model)}
        self.content_sizes = tuple(grids[name] for name in content_layers(self._model))

    @property
    def depth(self) -> int:
        """As `depth` of the network."""
        return depth(self._model)

    def content(self, inputs: Array) -> Array:
        """(n, m) the content of prepared inputs (n, height, width, channels)."""
        return np.asarray(self._observed.predict(inputs, batch_size=BATCH, verbose=0)[2], np.float32)

    def outputs(
        self,
        records: Sequence[LabelledImage],
        coverings: Sequence[Covering],
        report: Callable[[int], None] = lambda count: None,
    ) -> NetworkOutputs:
        """The outputs for all images; report: is called with the number of images of each chunk."""
        parts = []
        for chunk in _chunks(records):
            parts.append(self._chunk_outputs(chunk, coverings))
            report(len(chunk))
        names = [covering.name for covering in coverings]
        lesions = {name: np.concatenate([part.lesion[name] for part in parts]) for name in names}
        return NetworkOutputs(
            records=tuple(records),
            labels=np.concatenate([part.labels for part in parts]),
            logits=np.concatenate([part.logits for part in parts]),
            features=np.concatenate([part.features for part in parts]),
            content=np.concatenate([part.content for part in parts]),
            pixels=np.concatenate([part.pixels for part in parts]),
            covered={name: np.concatenate([part.covered[name] for part in parts]) for name in names},
            lesion={name: float(shares.mean()) for name, shares in lesions.items() if len(shares)},
        )

    def _chunk_outputs(self, records: Sequence[LabelledImage], coverings: Sequence[Covering]) -> "_Part":
        images = load(records, self._card.classes, self._card.preprocessing)
        features, logits, content = self._observed.predict(images.inputs, batch_size=BATCH, verbose=0)
        grey = images.inputs.mean(axis=3)
        covered = {
            each.name: self._model.predict(each.apply(images.inputs), batch_size=BATCH, verbose=0)
            for each in coverings
        }
        return _Part(
            labels=images.labels,
            logits=np.asarray(logits, np.float64),
            features=np.asarray(features, np.float32).reshape(len(records), -1),
            content=np.asarray(content, np.float32),
            pixels=np.stack([resampled(image, (PIXELS, PIXELS)) for image in grey]).astype(np.float32),
            covered={name: np.asarray(values, np.float64) for name, values in covered.items()},
            lesion={each.name: _visible_shares(images, each) for each in coverings},
        )


@dataclass(frozen=True, slots=True)
class _Part:
    labels: Array
    logits: Array
    features: Array
    content: Array
    pixels: Array
    covered: dict[str, Array]
    lesion: dict[str, Array]


def depth(model: Any) -> int:
    """Convolutions and dense layers on the longest path through a Keras model: 121 in DenseNet121."""
    # Keras offers the graph between operations under this private name alone.
    longest: dict[str, int] = {}
    for operation in model.operations:
        before = [
            parent.operation.name
            for node in operation._inbound_nodes
            for parent in node.parent_nodes
            if parent.operation.name in longest
        ]
        weight = int(type(operation).__name__ in WEIGHTED)
        longest[operation.name] = weight + max((longest[name] for name in before), default=0)
    return max(longest.values())


def _visible_shares(images: Images, covering: Covering) -> Array:
    """The share (lesions,) of the area of each outlined lesion that stays visible under a covering."""
    areas = images.masks.sum(axis=(1, 2))
    visible = (images.masks * covering.visible(images.masks.shape[1:])).sum(axis=(1, 2))
    return visible[areas > 0] / areas[areas > 0]


def _chunks(records: Sequence[LabelledImage]) -> Iterator[Sequence[LabelledImage]]:
    for start in range(0, len(records), CHUNK):
        yield records[start : start + CHUNK]
