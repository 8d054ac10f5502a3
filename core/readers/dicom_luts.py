"""Look-up tables of DICOM headers, typed by PS3.3 C.11.1.1 and C.11.2.1.1 rather than by their elements.

The descriptor's three values share one value representation, which is often wrong for the second; and the
entries may be numbers, or bytes of words in which two entries of 8 bits share a word.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from core.arrays import Array
from core.readers.dicom_headers import as_numbers

_WORD = 2**16


@dataclass(frozen=True, slots=True)
class Lut:
    """A look-up table.

    first: the input of the first entry. entries: (n,) uint16; inputs below the first give the first entry,
    those beyond the last the last one. bits: of an entry, 8 to 16.
    """

    first: int
    entries: Array
    bits: int

    def applied_to(self, values: Array) -> Array:
        """The entries for integer (or rounded) inputs, uint16 in the same shape as `values`."""
        integers = values if values.dtype.kind in "iu" else np.rint(values)
        indices = np.clip(integers.astype(np.int64) - self.first, 0, len(self.entries) - 1)
        outputs: Array = self.entries[indices]
        return outputs


def lut_of(
    item: Dataset,
    is_signed: bool,
    is_little_endian: bool,
    descriptor: str = "LUTDescriptor",
    data: str = "LUTData",
) -> Lut | None:
    """The table of a sequence's item; None if it is missing or invalid.

    is_signed: whether inputs may be negative, which decides how the descriptor's second value is read.
    """
    descriptor_values = _words(item.get(descriptor), is_little_endian)
    if len(descriptor_values) != 3:
        return None
    count = descriptor_values[0] or _WORD
    # Read as unsigned, a negative first input would be beyond all inputs.
    is_negative = descriptor_values[1] >= _WORD // 2 and (is_signed or descriptor_values[1] + count > _WORD)
    first = descriptor_values[1] - _WORD if is_negative else descriptor_values[1]
    bits = descriptor_values[2]
    if not 8 <= bits <= 16:
        return None
    entries = _entries(item.get(data), count, bits, is_little_endian)
    return Lut(first, entries, _bits_used(entries, bits)) if entries is not None else None


def _words(value: Any, is_little_endian: bool) -> tuple[int, ...]:
    """Unsigned 16-bit integers."""
    if isinstance(value, bytes):
        return tuple(
            np.frombuffer(value[: len(value) // 2 * 2], "<u2" if is_little_endian else ">u2").tolist()
        )
    return tuple(int(number) % _WORD for number in as_numbers(value))


def _entries(value: Any, count: int, bits: int, is_little_endian: bool) -> Array | None:
    """(count,) uint16, or None if there are too few."""
    integers = np.array(_words(value, is_little_endian), np.uint16)
    if len(integers) >= count:
        return integers[:count]
    if bits == 8 and 2 * len(integers) >= count:
        # Two entries share 16 bits, the first in the lower half.
        return integers.astype("<u2").view(np.uint8)[:count].astype(np.uint16)
    if isinstance(value, bytes) and bits == 8 and len(value) >= count:
        return np.frombuffer(value, np.uint8)[:count].astype(np.uint16)
    return None


def _bits_used(entries: Array, bits: int) -> int:
    """`bits` of the descriptor, but 16 where an entry needs more."""
    return bits if int(entries.max()) < 2**bits else 16
