"""Overlay planes of DICOM files: graphics and outlines of one bit, over the image (PS3.3 C.9.2)."""

import numpy as np
from pydicom.dataset import Dataset

from core.arrays import Array
from core.readers.dicom_headers import as_numbers

# The even groups from 6000 to 601E.
_GROUPS = range(0x6000, 0x6020, 2)
_ROWS, _COLUMNS, _FRAMES, _FIRST_FRAME = 0x0010, 0x0011, 0x0015, 0x0051
_ORIGIN, _DATA = 0x0050, 0x3000
UNREADABLE_NOTE = "an overlay plane has impossible values and was left out"
OUTSIDE_NOTE = "an overlay plane reaches beyond the image; that part was left out"


def overlay_of(
    dataset: Dataset, frame: int, shape: tuple[int, int], is_little_endian: bool
) -> tuple[Array | None, tuple[str, ...]]:
    """All overlay planes of a frame, counted from 0, together, and notes.

    (rows, columns) bool, None where no pixel of any plane is set. shape: of the image.
    """
    overlay = np.zeros(shape, np.bool_)
    notes: dict[str, None] = {}
    for group in _GROUPS:
        if (group, _DATA) in dataset:
            note = _add_plane(overlay, dataset, group, frame, is_little_endian)
            notes |= dict.fromkeys(filter(None, (note,)))
    return overlay if overlay.any() else None, tuple(notes)


def _add_plane(overlay: Array, dataset: Dataset, group: int, frame: int, is_little_endian: bool) -> str:
    """Set the pixels of a plane in `overlay`, and return a note or nothing."""
    rows, columns = (_number(dataset, group, element, 0) for element in (_ROWS, _COLUMNS))
    place = frame - _number(dataset, group, _FIRST_FRAME, 1) + 1
    data = dataset[group, _DATA].value
    if not isinstance(data, bytes) or rows < 1 or columns < 1:
        return UNREADABLE_NOTE
    frames = _number(dataset, group, _FRAMES, 1)
    if not 0 <= place < frames:
        return ""
    if len(data) * 8 < (place + 1) * rows * columns:
        return UNREADABLE_NOTE
    if not is_little_endian and dataset[group, _DATA].VR == "OW":
        data = np.frombuffer(data[: len(data) // 2 * 2], ">u2").astype("<u2").tobytes()
    first = place * rows * columns
    packed = np.frombuffer(data, np.uint8)[first // 8 : (first + rows * columns + 7) // 8]
    bits = np.unpackbits(packed, bitorder="little")[first % 8 :][: rows * columns]
    plane = bits.reshape(rows, columns).astype(np.bool_)
    # The first row and column of the image have the number 1; an overlay may start outside of it.
    origin = as_numbers(dataset[group, _ORIGIN].value) if (group, _ORIGIN) in dataset else ()
    top, left = (int(origin[0]) - 1, int(origin[1]) - 1) if len(origin) == 2 else (0, 0)
    return _paste(overlay, plane, top, left)


def _paste(overlay: Array, plane: Array, top: int, left: int) -> str:
    rows, columns = overlay.shape
    inside = plane[max(-top, 0) : max(rows - top, 0), max(-left, 0) : max(columns - left, 0)]
    first_row, first_column = max(top, 0), max(left, 0)
    overlay[first_row : first_row + inside.shape[0], first_column : first_column + inside.shape[1]] |= inside
    return OUTSIDE_NOTE if np.count_nonzero(inside) < np.count_nonzero(plane) else ""


def _number(dataset: Dataset, group: int, element: int, default: int) -> int:
    """A whole number of the group, `default` if it is missing, -1 if it is none."""
    if (group, element) not in dataset:
        return default
    numbers = as_numbers(dataset[group, element].value)
    return int(numbers[0]) if len(numbers) == 1 else -1
