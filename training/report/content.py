"""The content of a model's training images, by which images of another kind are recognised."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.errors import InputError
from core.models.card import Card, ContentCheck, OtherImages
from core.models.content import ContentReference
from core.readers.process import ReaderProcess
from training.report.network_outputs import ObservedNetwork

COMPONENTS = 64
# The limit is the distance within which this share of the validation images lies.
LIMIT_SHARE = 0.99
# A channel that is constant in training would otherwise make any other image infinitely far.
SMALLEST_SCALE = 1e-3


def content_reference(train: Array, val: Array, sizes: tuple[int, ...] = ()) -> ContentReference:
    """The distribution of the contents (n, k) of training images, with the limit from validation (m, k).

    sizes: how many of the k values come from each layer, so that all layers have the same weight; empty for
    one layer. The axes are rounded to half precision, as they are stored.
    """
    train = train.astype(np.float64)
    centre = train.mean(axis=0)
    weights = np.concatenate([np.full(size, np.sqrt(size)) for size in sizes or (train.shape[1],)])
    scale = np.maximum(train.std(axis=0), SMALLEST_SCALE) * weights
    scaled = (train - centre) / scale
    _, spreads, axes = np.linalg.svd(scaled, full_matrices=False)
    count = min(COMPONENTS, int((spreads > 1e-6 * spreads[0]).sum()))
    rounded = axes[:count].astype(np.float16).astype(np.float64)
    deviations = (scaled @ rounded.T).std(axis=0)
    reference = ContentReference(centre, scale, rounded, deviations, 1.0, LIMIT_SHARE)
    limit = float(np.quantile(reference.distances(val.astype(np.float64)), LIMIT_SHARE))
    return ContentReference(centre, scale, rounded, deviations, limit, LIMIT_SHARE)


def content_check(
    reference: ContentReference, val: Array, test: Array, others: Mapping[str, Array]
) -> ContentCheck:
    """How many images the reference recognises as of another kind, from contents (n, k) of each kind."""

    def unlike(content: Array) -> int:
        return int((reference.distances(content.astype(np.float64)) > reference.limit).sum())

    return ContentCheck(
        limit_share=reference.limit_share,
        validation_images=len(val),
        test_images=len(test),
        test_unlike=unlike(test),
        others=tuple(
            OtherImages(name=name, images=len(content), unlike=unlike(content))
            for name, content in others.items()
        ),
    )


def other_content(network: ObservedNetwork, card: Card, path: Path) -> Array:
    """(n, k) the content of every image in a file or folder, of volumes the middle slice.

    Images that cannot be read or prepared are left out. Raises InputError if none is left.
    """
    inputs = []
    with ReaderProcess() as reader:
        for entry in reader.index(path):
            try:
                inputs.append(card.preprocessing.apply(reader.read(entry, entry.middle_frame)[0]).x)
            except InputError:
                continue
    if not inputs:
        raise InputError(f"{path.name} contains no readable image.", "Name another folder.")
    return network.content(np.stack(inputs))
