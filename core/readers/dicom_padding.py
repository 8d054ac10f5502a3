"""Which pixels hold no image: PixelPaddingValue and its range (PS3.3 C.7.5.1.1.2)."""

from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from core.arrays import Array
from core.readers.dicom_format import PixelFormat
from core.readers.dicom_headers import as_numbers
from core.readers.dicom_pixels import Stored

_FLOAT_KEYWORDS = {
    32: ("FloatPixelPaddingValue", "FloatPixelPaddingRangeLimit"),
    64: ("DoubleFloatPixelPaddingValue", "DoubleFloatPixelPaddingRangeLimit"),
}


def padding_of(dataset: Dataset, stored: Stored, little: bool) -> Array | None:
    """(rows, columns) bool, True where a pixel is padding; None if none is, and for colour."""
    if not stored.form.is_grey or stored.values.ndim != 2:
        return None
    if stored.form.is_float:
        value, limit = (_number(dataset.get(name)) for name in _FLOAT_KEYWORDS[stored.form.allocated])
        found = None if value is None else _between(stored.values, value, value if limit is None else limit)
    else:
        whole = (
            _whole(dataset.get(name), little) for name in ("PixelPaddingValue", "PixelPaddingRangeLimit")
        )
        found = _of_integers(stored, *whole)
    return found if found is not None and found.any() else None


def _of_integers(stored: Stored, value: int | None, limit: int | None) -> Array | None:
    if value is None:
        return None
    first = _as_stored(value, stored.form)
    last = first if limit is None else _as_stored(limit, stored.form)
    if first is not None and last is not None:
        return _between(stored.values, first, last)
    if first is not None:
        return _between(stored.values, first, first)
    # A value beyond the bits that count can only mean all the bits that are there.
    if stored.container is None:
        return None
    size = 2 ** (8 * stored.container.dtype.itemsize)
    ends = value % size, (value if limit is None else limit) % size
    return _between(stored.container, *ends)


def _as_stored(value: int, form: PixelFormat) -> int | None:
    """The pixel value that is meant, whether it was written with a sign or without; None beyond the bits."""
    bits, container = form.stored, 2**form.allocated
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if form.signed else (0, 2**bits - 1)
    for meant in (value, value - container, value + container, value - 2**bits):
        if low <= meant <= high:
            return meant
    return None


def _between(values: Array, first: float, last: float) -> Array:
    if np.isnan(first):
        return np.isnan(values)
    # In the type of the pixels: a decimal number is another one in 32 bits.
    ends = np.array(sorted((first, last))).astype(values.dtype)
    found: Array = (values >= ends[0]) & (values <= ends[1])
    return found


def _whole(value: Any, little: bool) -> int | None:
    """One whole number, also from the bytes of an element whose kind pydicom could not tell."""
    if isinstance(value, bytes) and len(value) >= 2:
        return int.from_bytes(value[:2], "little" if little else "big")
    found = as_numbers(value)
    return int(found[0]) if len(found) == 1 and found[0].is_integer() else None


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
