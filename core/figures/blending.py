"""Colours of a map over a picture: transparent at zero, full at the limit."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from core.arrays import Array

# A few extreme pixels would otherwise leave the rest of the map unseen; the colour bar says the limit.
LIMIT_PERCENTILE = 99.5
# A smaller picture is enlarged by whole pixels until its longer side has at least this many.
SMALLEST_SIDE = 600
MOST_STRETCH = 10.0


@dataclass(frozen=True, slots=True)
class Scale:
    """`limit`: the magnitude of full colour, 0 for an empty map. cut: some values lie beyond it."""

    limit: float
    signed: bool
    cut: bool

    @classmethod
    def of(cls, values: Array, signed: bool) -> "Scale":
        """From a map (height, width): the 99.5 percentile of its magnitude, or its maximum if that is 0."""
        magnitude = np.abs(values) if signed else np.maximum(values, 0)
        largest = float(magnitude.max())
        limit = float(np.percentile(magnitude, LIMIT_PERCENTILE)) or largest
        return cls(limit, signed, limit < largest)

    @property
    def low(self) -> float:
        return -self.limit if self.signed else 0.0


def coloured(values: Array, scale: Scale) -> Array:
    """RGBA (..., 4) in 0 to 1 of map values; opacity is the magnitude's share of the limit.

    NaN (where the network saw nothing) is transparent.
    """
    import matplotlib

    share = np.nan_to_num(values / (scale.limit or 1.0))
    if scale.signed:
        share = np.clip(share, -1, 1)
        colours = matplotlib.colormaps["coolwarm"](0.5 + share / 2)
    else:
        share = np.clip(share, 0, 1)
        colours = matplotlib.colormaps["inferno"](share)
    colours[..., 3] = np.abs(share)
    return colours


def blended(shown: Array, values: Array, scale: Scale) -> Array:
    """RGB uint8 (rows, columns, 3): the map (rows, columns) over the display values of a slice."""
    under = shown if shown.ndim == 3 else np.repeat(shown[..., None], 3, axis=2)
    colours = coloured(values, scale)
    opacity = colours[..., 3:]
    mixed = under * (1 - opacity) + 255 * colours[..., :3] * opacity
    return np.rint(mixed).astype(np.uint8)


def enlarged(picture: Array, spacing_mm: tuple[float, float] | None) -> Array:
    """Repeat pixels so that the picture is large enough and its proportions are those of the body.

    No pixel is lost: rows and columns are only ever repeated.
    """
    rows, columns = picture.shape[:2]
    ratio = spacing_mm[0] / spacing_mm[1] if spacing_mm else 1.0
    tall = float(np.clip(ratio, 1.0, MOST_STRETCH))
    wide = float(np.clip(1 / ratio, 1.0, MOST_STRETCH))
    factor = max(1, ceil(SMALLEST_SIDE / max(rows * tall, columns * wide)))
    return picture[_repeats(rows, tall * factor)][:, _repeats(columns, wide * factor)]


def _repeats(count: int, factor: float) -> Array:
    size = max(count, round(count * factor))
    return np.minimum((np.arange(size) + 0.5) * count / size, count - 1).astype(int)
