"""Which pixels are padding, without an image: PixelPaddingValue and its range (PS3.3 C.7.5.1.1.2)."""

from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from core.arrays import Array
from core.readers.dicom_format import PixelFormat
from core.readers.dicom_headers import as_numbers
from core.readers.dicom_pixels import StoredFrame

_FLOAT_KEYWORDS = {
    32: ("FloatPixelPaddingValue", "FloatPixelPaddingRangeLimit"),
    64: ("DoubleFloatPixelPaddingValue", "DoubleFloatPixelPaddingRangeLimit"),
}


def padding_of(dataset: Dataset, stored: StoredFrame, is_little_endian: bool) -> Array | None:
    """(rows, columns) bool, True where a pixel is padding; None if none is, and for colour."""
    if not stored.form.is_grey or stored.values.ndim != 2:
        return None
    if stored.form.is_float:
        value, limit = (_number(dataset.get(name)) for name in _FLOAT_KEYWORDS[stored.form.allocated])
        padding = None if value is None else _between(stored.values, value, value if limit is None else limit)
    else:
        ends = (
            _whole_number(dataset.get(name), is_little_endian)
            for name in ("PixelPaddingValue", "PixelPaddingRangeLimit")
        )
        padding = _integer_padding(stored, *ends)
    return padding if padding is not None and padding.any() else None


def _integer_padding(stored: StoredFrame, value: int | None, limit: int | None) -> Array | None:
    if value is None:
        return None
    first = _as_stored(value, stored.form)
    last = first if limit is None else _as_stored(limit, stored.form)
    if first is not None and last is not None:
        return _between(stored.values, first, last)
    if first is not None:
        return _between(stored.values, first, first)
    # A value beyond the stored bits can only refer to all allocated bits.
    if stored.container is None:
        return None
    size = 2 ** (8 * stored.container.dtype.itemsize)
    ends = value % size, (value if limit is None else limit) % size
    return _between(stored.container, *ends)


def _as_stored(value: int, form: PixelFormat) -> int | None:
    """`value` as a pixel value, whether it was written signed or unsigned; None beyond the stored bits."""
    bits, container = form.stored, 2**form.allocated
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if form.is_signed else (0, 2**bits - 1)
    for candidate in (value, value - container, value + container, value - 2**bits):
        if low <= candidate <= high:
            return candidate
    return None


def _between(values: Array, first: float, last: float) -> Array:
    if np.isnan(first):
        return np.isnan(values)
    # In the type of the pixels: a decimal number is rounded differently in 32 bits.
    ends = np.array(sorted((first, last))).astype(values.dtype)
    is_between: Array = (values >= ends[0]) & (values <= ends[1])
    return is_between


def _whole_number(value: Any, is_little_endian: bool) -> int | None:
    """One whole number, also from the bytes of an element whose VR pydicom does not know."""
    if isinstance(value, bytes) and len(value) >= 2:
        return int.from_bytes(value[:2], "little" if is_little_endian else "big")
    numbers = as_numbers(value)
    return int(numbers[0]) if len(numbers) == 1 and numbers[0].is_integer() else None


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
