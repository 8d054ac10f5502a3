"""Colours of a map over a picture: transparent without evidence, full at the limit."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from core.arrays import Array
from core.figures.colour_maps import DEFAULT_OPACITY, DEFAULT_THRESHOLD, ColourMap, colours_of, opacity_of

# A few extreme pixels would otherwise make the rest of the map invisible; the colour bar shows the limit.
LIMIT_PERCENTILE = 99.5
# A smaller picture is enlarged by whole pixels until its longer side has at least this many.
SMALLEST_SIDE = 600
MOST_STRETCH = 10.0


@dataclass(frozen=True, slots=True)
class MapStyle:
    """How a map lies over a picture: as in the window, whose defaults these are.

    opacity: of full evidence, 0 to 1. threshold: the share of full colour below which nothing is drawn.
    """

    opacity: float = DEFAULT_OPACITY
    threshold: float = DEFAULT_THRESHOLD
    colour_map: ColourMap = ColourMap.INFERNO


DEFAULT_STYLE = MapStyle()


@dataclass(frozen=True, slots=True)
class ColourScale:
    """`limit`: the magnitude of full colour, 0 for an empty map. cut: some values lie beyond it."""

    limit: float
    signed: bool
    cut: bool

    @classmethod
    def of(cls, values: Array, signed: bool) -> "ColourScale":
        """From a map (height, width): the 99.5 percentile of its magnitude, or its maximum if that is 0."""
        magnitude = np.abs(values) if signed else np.maximum(values, 0)
        largest = float(magnitude.max())
        limit = float(np.percentile(magnitude, LIMIT_PERCENTILE)) or largest
        return cls(limit, signed, limit < largest)

    @property
    def low(self) -> float:
        """The lowest value of the scale."""
        return -self.limit if self.signed else 0.0


def coloured(values: Array, scale: ColourScale, style: MapStyle = DEFAULT_STYLE) -> Array:
    """RGBA (..., 4) in 0 to 1 of map values, in the window's colours.

    NaN (outside of the network's input) is transparent.
    """
    share = np.clip(np.nan_to_num(values / (scale.limit or 1.0)), -1 if scale.signed else 0, 1)
    opacity = style.opacity * opacity_of(share, style.threshold)
    colours = colours_of(share, scale.signed, style.colour_map) / 255
    return np.concatenate([colours, opacity[..., None]], axis=-1)


def blended(displayed: Array, values: Array, scale: ColourScale, style: MapStyle = DEFAULT_STYLE) -> Array:
    """RGB uint8 (rows, columns, 3): the map (rows, columns) over the display values of a slice."""
    colours = coloured(values, scale, style)
    opacity = colours[..., 3:]
    mixed = in_colour(displayed) * (1 - opacity) + 255 * colours[..., :3] * opacity
    return np.rint(mixed).astype(np.uint8)


def in_colour(displayed: Array) -> Array:
    """Display values (rows, columns) or (rows, columns, 3) as (rows, columns, 3)."""
    return displayed if displayed.ndim == 3 else np.repeat(displayed[..., None], 3, axis=2)


def enlarged(picture: Array, aspect: float, smallest_side: int = SMALLEST_SIDE) -> Array:
    """Repeat pixels so that the picture is large enough and its proportions are those of the body.

    picture: (rows, columns, channels). aspect: height of a pixel divided by its width. smallest_side: of the
    longer side at least. No pixel is lost: rows and columns are only repeated.
    """
    rows, columns = picture.shape[:2]
    tall = float(np.clip(aspect, 1.0, MOST_STRETCH))
    wide = float(np.clip(1 / aspect, 1.0, MOST_STRETCH))
    factor = max(1, ceil(smallest_side / max(rows * tall, columns * wide)))
    return picture[_repeats(rows, tall * factor)][:, _repeats(columns, wide * factor)]


def _repeats(count: int, factor: float) -> Array:
    size = max(count, round(count * factor))
    return np.minimum((np.arange(size) + 0.5) * count / size, count - 1).astype(int)
