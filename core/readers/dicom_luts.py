"""Look-up tables of DICOM headers, typed by PS3.3 C.11.1.1 and C.11.2.1.1 rather than by their elements.

The descriptor's three values have one value representation between them, which is often the wrong one for
the second; and the entries may be numbers, or bytes of words in which two entries of 8 bits share a word.
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
    """A table. first: the input that the first entry stands for; bits: of an entry, 8 to 16.

    entries: (n,) uint16. Inputs before the first give the first entry, those beyond the last the last.
    """

    first: int
    entries: Array
    bits: int

    def of(self, values: Array) -> Array:
        """The entries for integer (or rounded) inputs, in the shape of `values`."""
        whole = values if values.dtype.kind in "iu" else np.rint(values)
        places = np.clip(whole.astype(np.int64) - self.first, 0, len(self.entries) - 1)
        found: Array = self.entries[places]
        return found


def lut_of(
    item: Dataset, signed: bool, little: bool, descriptor: str = "LUTDescriptor", data: str = "LUTData"
) -> Lut | None:
    """The table of a sequence's item; None if it is missing or broken.

    signed: whether inputs may be negative, which types the second value of the descriptor.
    """
    described = _words(item.get(descriptor), little)
    if len(described) != 3:
        return None
    count = described[0] or _WORD
    # Read as a number without a sign, a negative first input would lie beyond all inputs.
    is_negative = described[1] >= _WORD // 2 and (signed or described[1] + count > _WORD)
    first = described[1] - _WORD if is_negative else described[1]
    bits = described[2]
    if not 8 <= bits <= 16:
        return None
    entries = _entries(item.get(data), count, bits, little)
    return Lut(first, entries, _bits_used(entries, bits)) if entries is not None else None


def _words(value: Any, little: bool) -> tuple[int, ...]:
    """Whole numbers of 16 bits without their sign."""
    if isinstance(value, bytes):
        return tuple(np.frombuffer(value[: len(value) // 2 * 2], "<u2" if little else ">u2").tolist())
    return tuple(int(number) % _WORD for number in as_numbers(value))


def _entries(value: Any, count: int, bits: int, little: bool) -> Array | None:
    """(count,) uint16, or None if there are too few."""
    words = np.array(_words(value, little), np.uint16)
    if len(words) >= count:
        return words[:count]
    if bits == 8 and 2 * len(words) >= count:
        # Two entries in a word, the first in its lower half.
        return words.astype("<u2").view(np.uint8)[:count].astype(np.uint16)
    if isinstance(value, bytes) and bits == 8 and len(value) >= count:
        return np.frombuffer(value, np.uint8)[:count].astype(np.uint16)
    return None


def _bits_used(entries: Array, bits: int) -> int:
    """As described, but 16 where entries are larger than that allows."""
    return bits if int(entries.max()) < 2**bits else 16
