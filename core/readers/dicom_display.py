"""What a DICOM header suggests for display: windows, VOI tables, inversion (PS3.3 C.11.2, C.11.6)."""

from typing import Any

import numpy as np
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from core.images.slice import DisplayTable, Window, WindowFunction
from core.readers.dicom_headers import FrameHeader, as_numbers, label_of, text_of
from core.readers.dicom_luts import Lut, lut_of

_FUNCTIONS: dict[str, WindowFunction] = {
    "": "linear",
    "LINEAR": "linear",
    "LINEAR_EXACT": "linear_exact",
    "SIGMOID": "sigmoid",
}


def windows_of(header: FrameHeader) -> tuple[tuple[Window, ...], tuple[str, ...]]:
    """The file's windows, and notes on those that are left out (PS3.3 C.11.2.1.2 and .3)."""
    source = next(
        (item for item in header.items("FrameVOILUTSequence") if "WindowCenter" in item), header.dataset
    )
    centres, widths = (_parts(source.get(keyword)) for keyword in ("WindowCenter", "WindowWidth"))
    names = label_of(source, "WindowCenterWidthExplanation").split("\\")
    stated = text_of(source, "VOILUTFunction").upper()
    function = _FUNCTIONS.get(stated, "linear")
    windows, notes = [], []
    if stated not in _FUNCTIONS and centres:
        notes.append("VOILUTFunction is unknown: the windows were taken as linear")
    for index, (centre, width) in enumerate(zip(centres, widths, strict=False)):
        if centre is None or width is None:
            notes.append(f"window {index + 1} of the file is unreadable and was left out")
        elif width >= 1 or (width > 0 and function != "linear"):
            windows.append(Window(centre, width, names[index] if index < len(names) else "", function))
        else:
            notes.append(f"window {index + 1} of the file has an impossible width and was left out")
    if len(centres) != len(widths):
        notes.append(f"the file gives {len(centres)} centres and {len(widths)} widths of windows")
    return tuple(windows), tuple(notes)


def _parts(value: Any) -> tuple[float | None, ...]:
    """The numbers of an element with several values, None for each part that is not a number."""
    if value is None or value == "":
        return ()
    parts = value if isinstance(value, MultiValue | list | tuple) else [value]
    return tuple(numbers[0] if (numbers := as_numbers(part)) else None for part in parts)


def tables_of(
    header: FrameHeader, is_signed: bool, is_little_endian: bool
) -> tuple[tuple[Window, ...], tuple[str, ...]]:
    """The file's VOI LUTs, each as a window, and a note on those that cannot be read.

    is_signed: whether modality values may be negative.
    """
    items = header.value("VOILUTSequence", "FrameVOILUTSequence") or ()
    luts = [(item, lut_of(item, is_signed, is_little_endian)) for item in items]
    has_unreadable_lut = any(lut is None for _, lut in luts)
    notes = ("a VOI LUT of the file is unreadable and was left out",) if has_unreadable_lut else ()
    return tuple(_window(item, lut) for item, lut in luts if lut is not None), notes


def _window(item: Dataset, lut: Lut) -> Window:
    """A table as a window; centre and width are those of the inputs over which the shades change."""
    changes = np.flatnonzero(np.diff(lut.entries.astype(np.int64)))
    start, end = (int(changes[0]), int(changes[-1]) + 1) if changes.size else (0, len(lut.entries) - 1)
    shades = np.rint(lut.entries * (255 / (2**lut.bits - 1))).astype(np.uint8)
    return Window(
        lut.first + (start + end) / 2,
        float(max(end - start, 1)),
        label_of(item, "LUTExplanation") or "VOI LUT",
        "linear_exact",
        DisplayTable(lut.first, tuple(shades.tolist())),
    )


def is_inverted(dataset: Dataset, photometric: str) -> bool:
    """Whether low values are bright.

    They are in MONOCHROME1, with or without PresentationLUTShape INVERSE, which is required there (PS3.3
    C.11.6.1.2) and not a second inversion; and in MONOCHROME2 with INVERSE.
    """
    shape = text_of(dataset, "PresentationLUTShape").upper()
    return photometric == "MONOCHROME1" or (photometric == "MONOCHROME2" and shape == "INVERSE")
