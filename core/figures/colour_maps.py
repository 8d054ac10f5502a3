"""Colours and opacity of map values: one-sided from zero to full, or signed about zero.

Opacity follows the value (`opacity_of`), so that a picture is untouched where a map holds no evidence.

inferno and viridis follow matplotlib's tables (CC0) at 33 of their points, linear between, which is
within 2 of 255 of the originals; a test holds them against each other.
"""

from enum import StrEnum
from functools import cache

import numpy as np

from core.arrays import Array

STEPS = 256
# Below this share of full colour the picture stays as it is, unless a person chooses another threshold.
DEFAULT_THRESHOLD = 0.1
# Of full evidence, so that the picture is seen below it.
DEFAULT_OPACITY = 0.6
_INFERNO = (
    "000004 040312 0b0724 150b37 210c4a 2f0a5b 3d0965 4a0c6b 56106e 63156e 70196e 7d1e6d 89226a"
    " 962766 a32c61 af315b bb3654 c63d4d d14545 da4f3c e35932 eb6529 f1721e f67f14 f98c0a fb9b06"
    " fcaa0f fbba1f f9c932 f5d949 f2e865 f3f586 fcffa4"
)
_VIRIDIS = (
    "440154 470d60 48186a 482374 472d7b 453781 424086 3e4989 3b528b 375b8d 33638d 2f6b8e 2c728e"
    " 297a8e 26828e 23898e 21908c 1f978b 1f9f88 21a685 27ad81 31b57b 3ebc74 4dc26c 5cc863 6ece58"
    " 82d34d 95d840 aadc32 c0df25 d5e21a eae51a fde725"
)
# From near zero to full. None of them is white, which would lie over dark tissue like dust; both sides are
# equally light, so that equal amounts for and against weigh alike.
_AGAINST, _FOR = "86b8ee 2166d1", "f59a7c d7301f"


class ColourMap(StrEnum):
    """The tables to choose from; `LITERATURE` is jet, only for comparison with papers."""

    INFERNO = "inferno"
    VIRIDIS = "viridis"
    GREY = "grey"
    LITERATURE = "literature"


@cache
def colours(name: ColourMap) -> Array:
    """(256, 3) uint8, from the lowest value to the highest."""
    match name:
        case ColourMap.INFERNO:
            return _between_anchors(_INFERNO)
        case ColourMap.VIRIDIS:
            return _between_anchors(_VIRIDIS)
        case ColourMap.GREY:
            return np.repeat(np.arange(STEPS, dtype=np.uint8)[:, None], 3, axis=1)
        case ColourMap.LITERATURE:
            return _jet()


@cache
def signed_colours() -> Array:
    """(256, 3) uint8, from blue (against) at the lower end to red (for) at the upper one."""
    half = STEPS // 2
    against, support = _between_anchors(_AGAINST, half), _between_anchors(_FOR, half)
    return np.concatenate([against[::-1], support])


def opacity_of(share: Array, threshold: float = DEFAULT_THRESHOLD) -> Array:
    """Opacity 0 to 1 of values as shares of full colour (0 to 1, or -1 to 1), of the same shape.

    s^2 (3 - 2 s) of the magnitude s: next to nothing near zero, half at a half. 0 below the threshold.
    """
    magnitude = np.abs(share)
    opacity: Array = magnitude * magnitude * (3.0 - 2.0 * magnitude)
    return np.where(magnitude < threshold, 0.0, opacity)


def colours_of(share: Array, signed: bool, name: ColourMap = ColourMap.INFERNO) -> Array:
    """(..., 3) uint8 of shares of full colour, 0 to 1, or -1 to 1 for a signed map."""
    table = signed_colours() if signed else colours(name)
    places = (share + 1.0) * ((STEPS - 1) / 2) if signed else share * (STEPS - 1)
    chosen: Array = table[np.rint(places).astype(np.intp)]
    return chosen


def _between_anchors(text: str, steps: int = STEPS) -> Array:
    anchors = np.array([list(bytes.fromhex(colour)) for colour in text.split()], float)
    places = np.linspace(0, len(anchors) - 1, steps)
    channels = [np.interp(places, np.arange(len(anchors)), anchors[:, channel]) for channel in range(3)]
    return np.rint(np.stack(channels, axis=1)).astype(np.uint8)


def _jet() -> Array:
    places = np.linspace(0.0, 1.0, STEPS)
    ramps = [1.5 - np.abs(4 * places - centre) for centre in (3, 2, 1)]
    return np.rint(255 * np.clip(np.stack(ramps, axis=1), 0, 1)).astype(np.uint8)
