"""Stored DICOM values as modality values (PS3.3 C.11.1), or as RGB where the file is in colour."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut

from core.arrays import Array
from core.readers.dicom_format import PALETTE
from core.readers.dicom_headers import FrameHeader, as_label, as_numbers, item_of, label_of
from core.readers.dicom_luts import Lut, lut_of
from core.readers.dicom_pixels import StoredFrame

_RESCALE = "PixelValueTransformationSequence"
_SMALL_TYPES = (np.int16, np.uint16, np.int32)
_UNIT_LETTERS = 16


@dataclass(frozen=True, slots=True)
class ModalityValues:
    """Modality values (rows, columns) with their unit, or RGB (rows, columns, 3) without one.

    notes: what was assumed. may_be_negative: whether the scaling can give negative values for any image.
    """

    values: Array
    unit: str
    notes: tuple[str, ...] = ()
    may_be_negative: bool = False


def modality_values(header: FrameHeader, stored: StoredFrame, is_little_endian: bool) -> ModalityValues:
    """Apply the modality LUT or the rescale; integers stay integers where slope and intercept are."""
    dataset = header.dataset
    item = item_of(dataset, "ModalityLUTSequence")
    if item is not None:
        lut = lut_of(item, stored.form.is_signed, is_little_endian)
        if lut is None:
            note = "the Modality LUT is unreadable and was left out: these are stored values"
            return ModalityValues(stored.values, "", (note,), stored.form.is_signed)
        return ModalityValues(
            lut.applied_to(stored.values), _unit(label_of(item, "ModalityLUTType"), dataset)
        )
    slope, slope_state = _number(header, "RescaleSlope", _RESCALE)
    intercept, intercept_state = _number(header, "RescaleIntercept", _RESCALE)
    if slope_state == intercept_state == "missing":
        return _dose(dataset, stored)
    if slope == 0:
        note = "RescaleSlope is 0 and was left out: these are stored values"
        return ModalityValues(stored.values, "", (note,), stored.form.is_signed)
    notes = _rescale_notes(slope_state, intercept_state)
    unit = "" if "unreadable" in (slope_state, intercept_state) else _rescale_unit(header)
    slope, intercept = (1.0 if slope is None else slope), intercept or 0.0
    return ModalityValues(
        _rescaled(stored.values, slope, intercept), unit, notes, _goes_below_0(stored, slope, intercept)
    )


ElementState = Literal["valid", "missing", "unreadable"]


def _number(header: FrameHeader, keyword: str, macro: str) -> tuple[float | None, ElementState]:
    value = header.value(keyword, macro)
    if value is None or value == "":
        return None, "missing"
    numbers = as_numbers(value)
    return (numbers[0], "valid") if len(numbers) == 1 else (None, "unreadable")


def _rescale_notes(slope_state: ElementState, intercept_state: ElementState) -> tuple[str, ...]:
    notes = []
    if slope_state != "valid":
        notes.append(f"RescaleSlope is {slope_state}: 1 was used")
    if intercept_state == "unreadable":
        notes.append("RescaleIntercept is unreadable: 0 was used")
    if "unreadable" in (slope_state, intercept_state):
        notes.append("the values may not be in the unit of the modality")
    return tuple(notes)


def _rescale_unit(header: FrameHeader) -> str:
    stated = as_label(header.value("RescaleType", _RESCALE))
    return _unit(stated[:_UNIT_LETTERS], header.dataset)


def _dose(dataset: Dataset, stored: StoredFrame) -> ModalityValues:
    """The values of a dose grid, which has DoseGridScaling instead of a rescale (PS3.3 C.8.8.3)."""
    scale = as_numbers(dataset.get("DoseGridScaling"))
    if len(scale) != 1:
        return ModalityValues(stored.values, "", (), stored.form.is_signed)
    if scale[0] == 0:
        note = "DoseGridScaling is 0 and was left out: these are stored values"
        return ModalityValues(stored.values, "", (note,), stored.form.is_signed)
    unit = _unit(label_of(dataset, "DoseUnits"), dataset)
    return ModalityValues(_rescaled(stored.values, scale[0], 0.0), unit, (), stored.form.is_signed)


def _goes_below_0(stored: StoredFrame, slope: float, intercept: float) -> bool:
    bits = stored.form.stored
    ends = (-(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1) if stored.form.is_signed else (0.0, 2.0**bits - 1)
    return min(end * slope + intercept for end in ends) < 0


def _unit(stated: str, dataset: Dataset) -> str:
    """US means unspecified; a CT without a type is in HU (PS3.3 C.8.2.1.1.2), a PET has its own element."""
    modality = label_of(dataset, "Modality")
    if modality == "PT":
        return label_of(dataset, "Units")
    if stated in ("", "US"):
        return "HU" if modality == "CT" else ""
    return stated


def _rescaled(stored: Array, slope: float, intercept: float) -> Array:
    if slope == 1 and intercept == 0:
        return stored
    is_integer = stored.dtype.kind in "iu" and slope.is_integer() and intercept.is_integer()
    if is_integer and abs(slope) < 2**16 and abs(intercept) < 2**30 and stored.dtype.itemsize <= 4:
        values = stored.astype(np.int64) * int(slope) + int(intercept)
        low, high = values.min(), values.max()
        for small in _SMALL_TYPES:
            if np.iinfo(small).min <= low and high <= np.iinfo(small).max:
                return values.astype(small)
    return (stored * slope + intercept).astype(np.float32)


def colour_values(dataset: Dataset, stored: StoredFrame, is_little_endian: bool) -> ModalityValues:
    """RGB uint8 (rows, columns, 3) of a palette or of colour samples."""
    if stored.form.photometric == PALETTE:
        return ModalityValues(_palette(dataset, stored, is_little_endian), "")
    bits, values = stored.form.stored, stored.values
    if bits <= 8:
        return ModalityValues(values.astype(np.uint8), "")
    return ModalityValues(
        (values >> (bits - 8)).astype(np.uint8), "", (f"colour was reduced from {bits} to 8 bits",)
    )


def has_palette(dataset: Dataset) -> bool:
    """Whether there is a table, complete or in segments, for red, green and blue."""
    return all(
        any(f"{form}{colour}PaletteColorLookupTableData" in dataset for form in ("", "Segmented"))
        for colour in ("Red", "Green", "Blue")
    )


def _palette(dataset: Dataset, stored: StoredFrame, is_little_endian: bool) -> Array:
    tables = [_palette_of(dataset, stored, is_little_endian, colour) for colour in ("Red", "Green", "Blue")]
    if None in tables:  # in segments, or a well-known palette named by its UID
        colours = apply_color_lut(stored.values, dataset)[..., :3]
        largest = int(colours.max())
    else:
        colours = np.stack(
            [table.applied_to(stored.values) for table in tables if table is not None], axis=-1
        )
        largest = max(int(table.entries.max()) for table in tables if table is not None)
    # Entries of 8 bits may be stored in 16, in the lower half.
    has_16_bits = colours.dtype.itemsize > 1 and largest > 255
    return (colours >> 8 if has_16_bits else colours).astype(np.uint8)


def _palette_of(dataset: Dataset, stored: StoredFrame, is_little_endian: bool, colour: str) -> Lut | None:
    name = f"{colour}PaletteColorLookupTable"
    return lut_of(dataset, stored.form.is_signed, is_little_endian, f"{name}Descriptor", f"{name}Data")
