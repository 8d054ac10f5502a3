"""Colour maps as tables of 256 colours: one-sided from transparent to full, signed symmetric about zero.

inferno and viridis follow matplotlib's tables (CC0) at 33 of their points, linear between, which is
within 2 of 255 of the originals; a test holds them against each other.
"""

from enum import StrEnum
from functools import cache

import numpy as np

from core.arrays import Array

STEPS = 256
# Below 1 the weaker half is visible; at 1/2 it would cover the image where the map is nearly zero.
ALPHA_POWER = 0.75
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
# Lightness falls evenly from white to both ends, so that equal amounts for and against weigh alike.
_SIGNED = "1b4f9c 3f76bd 74a3d8 b3cdea ffffff f4bda6 e58368 cc4a3c a01422"


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
def one_sided_table(name: ColourMap) -> Array:
    """(256, 4) uint8 RGBA: the map's colours, from transparent at zero to full at the upper end."""
    alpha = np.linspace(0.0, 1.0, STEPS) ** ALPHA_POWER
    return _with_alpha(colours(name), alpha)


@cache
def signed_table() -> Array:
    """(256, 4) uint8 RGBA: blue (against) through transparent at zero to red (for)."""
    alpha = np.abs(np.linspace(-1.0, 1.0, STEPS)) ** ALPHA_POWER
    return _with_alpha(_between_anchors(_SIGNED), alpha)


def _with_alpha(rgb: Array, alpha: Array) -> Array:
    return np.concatenate([rgb, np.rint(255 * alpha)[:, None].astype(np.uint8)], axis=1)


def _between_anchors(text: str) -> Array:
    anchors = np.array([list(bytes.fromhex(colour)) for colour in text.split()], float)
    places = np.linspace(0, len(anchors) - 1, STEPS)
    channels = [np.interp(places, np.arange(len(anchors)), anchors[:, channel]) for channel in range(3)]
    return np.rint(np.stack(channels, axis=1)).astype(np.uint8)


def _jet() -> Array:
    places = np.linspace(0.0, 1.0, STEPS)
    ramps = [1.5 - np.abs(4 * places - centre) for centre in (3, 2, 1)]
    return np.rint(255 * np.clip(np.stack(ramps, axis=1), 0, 1)).astype(np.uint8)
