"""Channels of pictures: transparency on black, grey in colour channels, fewer than 8 bits."""

import numpy as np

from core.arrays import Array

ON_BLACK = "transparent parts are shown on black"
CMYK_NOTE = "printing colours (CMYK) were converted without a colour profile"
# Orientations of TIFF and EXIF that swap rows and columns.
ROTATED = (5, 6, 7, 8)


def on_black(values: Array, alpha: Array, top: int) -> tuple[Array, tuple[str, ...]]:
    """Values (rows, columns, channels) times alpha (rows, columns), both from 0 to `top`; and notes."""
    if (alpha == top).all():
        return values, ()
    weighted = values.astype(np.uint64) * alpha[..., None] + top // 2
    return (weighted // top).astype(values.dtype), (ON_BLACK,)


def grey_or_colour(colour: Array, bits: int) -> tuple[Array, tuple[str, ...]]:
    """Grey (rows, columns) of the same type where all channels are equal, else colour uint8; and notes.

    colour: (rows, columns, 3) unsigned integers of `bits` significant bits, 8 or more.
    """
    red = colour[..., 0]
    if (red == colour[..., 1]).all() and (red == colour[..., 2]).all():
        return np.ascontiguousarray(red), ()
    if bits == 8:
        return colour.astype(np.uint8, copy=False), ()
    return (colour >> (bits - 8)).astype(np.uint8), (f"colour was reduced from {bits} to 8 bits",)


def spread(values: Array, bits: int) -> Array:
    """Values of fewer than 8 bits spread over 0 to 255: uint8 in the same shape."""
    top = 2**bits - 1
    return ((values.astype(np.uint16) * 255 + top // 2) // top).astype(np.uint8)


def spread_note(bits: int) -> tuple[str, ...]:
    """A note on grey levels of `bits` bits; black and white need none."""
    return (f"{bits}-bit grey levels were spread over 0 to 255",) if 1 < bits < 8 else ()


def upright(values: Array, orientation: int) -> Array:
    """Values (rows, columns, ...) as displayed; orientation: 1 to 8 of TIFF and EXIF."""
    if orientation in ROTATED:
        values = values.swapaxes(0, 1)
    has_reversed_rows, has_reversed_columns = orientation in (3, 4, 7, 8), orientation in (2, 3, 6, 7)
    turned = values[:: -1 if has_reversed_rows else 1, :: -1 if has_reversed_columns else 1]
    return np.ascontiguousarray(turned)
