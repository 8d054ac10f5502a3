"""The background images from which Expected Gradients draws: what of them a workspace must hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

import numpy as np

from core.arrays import Array
from core.errors import DamagedBundle, NotApplicable
from core.methods import METHODS, method_named
from core.methods.contract import Need
from core.models.bundle import Bundle
from core.results.records import MethodRecord


@dataclass(frozen=True, slots=True)
class Background:
    """sha256: of the images. images: (n, height, width, channels) float32, if they are not of the bundle."""

    sha256: str
    images: Array | None = None


class BackgroundOwner(Protocol):
    """What is needed of a model's handle, which the window must not reach. bundle: where it came from."""

    bundle: Bundle | None

    def background(self) -> Array:
        """(n, height, width, channels) float32. Raises NotApplicable if there are none."""


def background_of(model: BackgroundOwner, records: Iterable[MethodRecord]) -> Background | None:
    """The background from which the maps of these records were drawn; None if none of them needs one."""
    if not any(draws_from_background(record) for record in records):
        return None
    images = model.background()
    digest = background_sha256(images)
    return Background(digest, None if digest == _bundled_sha256(model) else images)


def draws_from_background(record: MethodRecord) -> bool:
    """Whether a map was computed with the background, by its method or the one that it is built on."""
    names = {method.name for method in METHODS if Need.BACKGROUND in method.needs}
    values = {value for value in record.parameters.values() if isinstance(value, str)}
    return Need.BACKGROUND in method_named(record.name).needs or bool(values & names)


def background_sha256(images: Array) -> str:
    """SHA-256 (hexadecimal) of background images (n, height, width, channels) float32."""
    return sha256(f"{images.shape}".encode() + np.ascontiguousarray(images).tobytes()).hexdigest()


def _bundled_sha256(model: BackgroundOwner) -> str:
    try:
        images = model.bundle.background() if model.bundle is not None else None
    except (DamagedBundle, NotApplicable):
        return ""
    return "" if images is None else background_sha256(images)
