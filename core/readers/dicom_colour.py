"""Colour samples as RGB: their colour space, and the conversion from YCbCr (PS3.3 C.7.6.3.1.2)."""

import numpy as np

from core.arrays import Array
from core.readers.codestream import Codestream, Coding
from core.readers.dicom_format import PixelFormat

_LUMINANCE = ("YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_420")
# JPEG 2000's own transformations, which its decoders undo.
_UNDONE = ("YBR_ICT", "YBR_RCT")
# BT.601: columns are R, G, B, rows are Y, Cb, Cr.
_TO_RGB = np.array(
    [[1, 1, 1], [0, -0.114 * 1.772 / 0.587, 1.772], [1.402, -0.299 * 1.402 / 0.587, 0]], np.float32
)


def as_rgb(samples: Array, form: PixelFormat, coded: Codestream | None) -> tuple[Array, tuple[str, ...]]:
    """Decoded unsigned samples (rows, columns, 3) as RGB, and a note where the label is wrong.

    The image's own header decides (`Codestream.space`); where it states no space, the DICOM label does.
    """
    luminance, note = _is_luminance(form.photometric, coded)
    return (_from_luminance(samples, form.stored) if luminance else samples), ((note,) if note else ())


def _is_luminance(label: str, coded: Codestream | None) -> tuple[bool, str]:
    if coded is None or coded.coding is Coding.RLE:
        note = f"labelled {label}, which only JPEG 2000 has: read as RGB" if label in _UNDONE else ""
        return label in _LUMINANCE, note
    if coded.coding in (Coding.JPEG_2000, Coding.HTJ2K):
        return _of_jpeg_2000(label, coded)
    is_labelled_luminance = label in _LUMINANCE + _UNDONE
    if coded.space == "unknown":
        return is_labelled_luminance, ""
    is_luminance = coded.space == "YCbCr"
    note = f"labelled {label}, but the {coded.coding} data are {coded.space}: read as such"
    return is_luminance, note if is_luminance != is_labelled_luminance else ""


def _of_jpeg_2000(label: str, coded: Codestream) -> tuple[bool, str]:
    if coded.is_transformed:
        note = f"labelled {label}, but the {coded.coding} data are RGB with the component transformation"
        return False, f"{note}: read as RGB" if label in _LUMINANCE else ""
    note = f"labelled {label}, but the {coded.coding} data are not transformed: read as RGB"
    return label in _LUMINANCE, note if label in _UNDONE else ""


def _from_luminance(samples: Array, bits: int) -> Array:
    values = samples.astype(np.float32)
    values[..., 1:] -= 2.0 ** (bits - 1)
    values = values @ _TO_RGB
    np.floor(values + np.float32(0.5), out=values)
    return np.clip(values, 0, 2**bits - 1).astype(samples.dtype)
