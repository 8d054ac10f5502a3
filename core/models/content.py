"""How far an image's content lies from the images that a model was trained on.

The content is what convolutional layers of the network give, averaged over their grids (see
`core.models.layers`). Its distance is Mahalanobis' among the training images, in their principal
components: Lee et al. 2018, A simple unified framework for detecting out-of-distribution samples and
adversarial attacks, NeurIPS, arXiv:1807.03888, with one distribution for all classes.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol, Self
from zipfile import BadZipFile

import numpy as np

from core.arrays import Array
from core.errors import DamagedBundle, NotApplicable
from core.models.bundle import HINT, Bundle
from core.models.card import Card
from core.output import written

CONTENT_NAME = "content.npz"
NO_REFERENCE = "the model was made without a description of its training images' content."
NO_CONVOLUTIONS = "the model has no convolutional layers, whose output the check compares."
_FIELDS = ("centre", "scale", "axes", "deviations", "limit", "limit_share")


@dataclass(frozen=True, slots=True)
class ContentDistance:
    """relative: the distance in units of the limit; limit_share: of validation images within the limit."""

    relative: float
    limit_share: float


@dataclass(frozen=True, slots=True)
class ContentReference:
    """The content of a model's training images, as their distribution.

    centre, scale: (k,) mean and spread of each number of the content. axes: (c, k) principal components
    of the scaled content; deviations: (c,) the training images' standard deviation along each.
    limit: the distance beyond which an image counts as unlike; limit_share: of validation images within.
    """

    centre: Array
    scale: Array
    axes: Array
    deviations: Array
    limit: float
    limit_share: float

    def distances(self, content: Array) -> Array:
        """(n,) Mahalanobis distances of contents (n, k)."""
        scores = ((content - self.centre) / self.scale) @ self.axes.T
        return np.sqrt(((scores / self.deviations) ** 2).sum(axis=1))

    def write(self, folder: Path) -> None:
        """Store it in the bundle's `folder`, the axes in half precision."""
        with written(folder / CONTENT_NAME) as file:
            np.savez_compressed(
                file,
                centre=self.centre.astype(np.float32),
                scale=self.scale.astype(np.float32),
                axes=self.axes.astype(np.float16),
                deviations=self.deviations.astype(np.float32),
                limit=self.limit,
                limit_share=self.limit_share,
            )

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """That of the bundle in `folder`, None where it has none. Raises DamagedBundle."""
        path = folder / CONTENT_NAME
        if not path.is_file():
            return None
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                arrays = {name: stored[name].astype(np.float64) for name in _FIELDS}
        except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile, MemoryError):
            raise DamagedBundle(f"The content reference of {folder.name} cannot be read.", HINT) from None
        axes, limits = arrays["axes"], (arrays.pop("limit"), arrays.pop("limit_share"))
        sizes = (arrays["centre"].shape, arrays["scale"].shape, arrays["deviations"].shape)
        whole = axes.ndim == 2 and sizes == (axes.shape[1:], axes.shape[1:], axes.shape[:1])
        finite = all(np.isfinite(array).all() for array in arrays.values())
        positive = whole and arrays["scale"].min() > 0 and arrays["deviations"].min() > 0
        if not (whole and finite and positive and all(limit.shape == () and limit > 0 for limit in limits)):
            raise DamagedBundle(f"The content reference of {folder.name} is not whole.", HINT)
        return cls(**arrays, limit=float(limits[0]), limit_share=float(limits[1]))


class ObservedModel(Protocol):
    """The part of a `core.models.handle.ModelHandle` that the check needs, without importing it."""

    card: Card
    bundle: Bundle | None

    def content(self, inputs: Array) -> Array:
        """(k,) of one input (height, width, channels). Raises NotApplicable without convolutional layers."""


def content_of(model: ObservedModel, x: Array) -> ContentDistance | str:
    """How far the content of an input (height, width, channels) lies from the model's training images.

    A sentence that begins in lower case is the reason why there is no distance: a check that fails does
    not keep a person from the prediction.
    """
    try:
        reference = _reference(model.bundle.folder) if model.bundle is not None else None
    except DamagedBundle as error:
        return error.message[0].lower() + error.message[1:]
    if reference is None:
        return NO_REFERENCE
    try:
        content = model.content(x)
    except NotApplicable:
        return NO_CONVOLUTIONS
    if content.shape != reference.centre.shape:
        return f"the content reference of {model.card.id} is of another network."
    distance = float(reference.distances(content[None].astype(np.float64))[0])
    return ContentDistance(distance / reference.limit, reference.limit_share)


@lru_cache(maxsize=8)
def _reference(folder: Path) -> ContentReference | None:
    return ContentReference.read(folder)
