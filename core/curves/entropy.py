"""How much information an 8-bit picture holds, by three measures."""

import io
from typing import ClassVar, Protocol, final

import numpy as np

from core.arrays import Array
from core.errors import BadParameter

# libwebp's effort; sizes differ by half between 0 and 6, so it is fixed here and not left to a default.
WEBP_METHOD = 4
LEVELS = 256


class Entropy(Protocol):
    """A measure of the information of a whole picture, uint8 (height, width, channels)."""

    @property
    def name(self) -> str:
        """As in `CurveSettings.entropy`."""

    def of(self, picture: Array) -> float:
        """The information of a picture, uint8 (height, width, channels), in the measure's unit."""


@final
class WebpEntropy:
    """Bytes of the lossless WebP file, container included (Kapishnikov et al. 2019, arXiv 1906.02825)."""

    name: ClassVar[str] = "webp"

    def of(self, picture: Array) -> float:
        """Size in bytes of a picture (height, width, channels); one channel counts like its RGB copy."""
        from PIL import Image

        buffer = io.BytesIO()
        plane = picture[..., 0] if picture.shape[-1] == 1 else picture
        Image.fromarray(plane).save(buffer, format="webp", lossless=True, quality=100, method=WEBP_METHOD)
        return float(buffer.tell())


@final
class ShannonEntropy:
    """Bits per value of the histogram over the 256 levels; it ignores where the values stand."""

    name: ClassVar[str] = "shannon"

    def of(self, picture: Array) -> float:
        shares = level_shares(picture)
        present = shares[shares > 0]
        return float(-(present * np.log2(present)).sum())


def entropy_named(name: str) -> Entropy:
    """The measure called `name`. Raises BadParameter if it is unknown or this machine cannot compute it."""
    if name == ShannonEntropy.name:
        return ShannonEntropy()
    if name != WebpEntropy.name:
        raise BadParameter(f"There is no entropy {name!r} of a whole picture.", "Known: shannon, webp.")
    from PIL import features

    if not features.check("webp"):
        raise BadParameter(
            "The entropy 'webp' needs a Pillow with WebP, which this one lacks.", "Choose 'shannon'."
        )
    return WebpEntropy()


def webp_version() -> str:
    """The version of libwebp that Pillow uses; file sizes, and so curves, may change with it."""
    from PIL import features

    return features.version("webp") or "none"


def level_shares(picture: Array) -> Array:
    """(256,) share of the values at each level, all channels together."""
    return np.bincount(picture.ravel(), minlength=LEVELS) / picture.size


def information(picture: Array) -> Array:
    """(*grid,) bits of each pixel: -log2 of its level's share in the picture, summed over channels.

    Unlike the entropy of a revealed picture, the sum over revealed pixels can only grow.
    """
    shares = level_shares(picture)
    bits = np.zeros(LEVELS)
    bits[shares > 0] = -np.log2(shares[shares > 0])
    return bits[picture].sum(axis=-1)
