"""From stored DICOM values to modality values (PS3.3 C.11.1), and to RGB where the file is in colour."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut

from core.arrays import Array
from core.readers.dicom_format import PALETTE
from core.readers.dicom_headers import FrameHeader, as_label, as_numbers, item_of, label_of
from core.readers.dicom_luts import Lut, lut_of
from core.readers.dicom_pixels import Stored

_RESCALE = "PixelValueTransformationSequence"
_SMALL_TYPES = (np.int16, np.uint16, np.int32)
_UNIT_LETTERS = 16


@dataclass(frozen=True, slots=True)
class Scaled:
    """Modality values with their unit, and what had to be decided on the way.

    may_be_negative: whether the scale can lead below 0, whatever is in this image.
    """

    values: Array
    unit: str
    notes: tuple[str, ...] = ()
    may_be_negative: bool = False


def modality_values(header: FrameHeader, stored: Stored, little: bool) -> Scaled:
    """Apply the modality LUT or the rescale; integers stay integers where slope and intercept are."""
    dataset = header.dataset
    item = item_of(dataset, "ModalityLUTSequence")
    if item is not None:
        lut = lut_of(item, stored.form.signed, little)
        if lut is None:
            note = "the Modality LUT is unreadable and was left out: these are stored values"
            return Scaled(stored.values, "", (note,), stored.form.signed)
        return Scaled(lut.of(stored.values), _unit(label_of(item, "ModalityLUTType"), dataset))
    slope, slope_is = _number(header, "RescaleSlope", _RESCALE)
    intercept, intercept_is = _number(header, "RescaleIntercept", _RESCALE)
    if slope_is == intercept_is == "missing":
        return _dose(dataset, stored)
    if slope == 0:
        note = "RescaleSlope is 0 and was left out: these are stored values"
        return Scaled(stored.values, "", (note,), stored.form.signed)
    notes = _rescale_notes(slope_is, intercept_is)
    unit = "" if "unreadable" in (slope_is, intercept_is) else _rescale_unit(header)
    slope, intercept = (1.0 if slope is None else slope), intercept or 0.0
    return Scaled(
        _rescaled(stored.values, slope, intercept), unit, notes, _goes_below_0(stored, slope, intercept)
    )


State = Literal["given", "missing", "unreadable"]


def _number(header: FrameHeader, keyword: str, macro: str) -> tuple[float | None, State]:
    value = header.value(keyword, macro)
    if value is None or value == "":
        return None, "missing"
    found = as_numbers(value)
    return (found[0], "given") if len(found) == 1 else (None, "unreadable")


def _rescale_notes(slope_is: State, intercept_is: State) -> tuple[str, ...]:
    notes = []
    if slope_is != "given":
        notes.append(f"RescaleSlope is {slope_is}: 1 was taken")
    if intercept_is == "unreadable":
        notes.append("RescaleIntercept is unreadable: 0 was taken")
    if "unreadable" in (slope_is, intercept_is):
        notes.append("the values may not be in the unit of the modality")
    return tuple(notes)


def _rescale_unit(header: FrameHeader) -> str:
    named = as_label(header.value("RescaleType", _RESCALE))
    return _unit(named[:_UNIT_LETTERS], header.dataset)


def _dose(dataset: Dataset, stored: Stored) -> Scaled:
    """Dose grids have a scale of their own in the place of a rescale (PS3.3 C.8.8.3)."""
    scale = as_numbers(dataset.get("DoseGridScaling"))
    if len(scale) != 1:
        return Scaled(stored.values, "", (), stored.form.signed)
    if scale[0] == 0:
        note = "DoseGridScaling is 0 and was left out: these are stored values"
        return Scaled(stored.values, "", (note,), stored.form.signed)
    unit = _unit(label_of(dataset, "DoseUnits"), dataset)
    return Scaled(_rescaled(stored.values, scale[0], 0.0), unit, (), stored.form.signed)


def _goes_below_0(stored: Stored, slope: float, intercept: float) -> bool:
    bits = stored.form.stored
    ends = (-(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1) if stored.form.signed else (0.0, 2.0**bits - 1)
    return min(end * slope + intercept for end in ends) < 0


def _unit(named: str, dataset: Dataset) -> str:
    """US means unspecified; a CT without a type is in HU (PS3.3 C.8.2.1.1.2), a PET has its own element."""
    modality = label_of(dataset, "Modality")
    if modality == "PT":
        return label_of(dataset, "Units")
    if named in ("", "US"):
        return "HU" if modality == "CT" else ""
    return named


def _rescaled(stored: Array, slope: float, intercept: float) -> Array:
    if slope == 1 and intercept == 0:
        return stored
    whole = stored.dtype.kind in "iu" and slope.is_integer() and intercept.is_integer()
    if whole and abs(slope) < 2**16 and abs(intercept) < 2**30 and stored.dtype.itemsize <= 4:
        values = stored.astype(np.int64) * int(slope) + int(intercept)
        low, high = values.min(), values.max()
        for small in _SMALL_TYPES:
            if np.iinfo(small).min <= low and high <= np.iinfo(small).max:
                return values.astype(small)
    return (stored * slope + intercept).astype(np.float32)


def colour_values(dataset: Dataset, stored: Stored, little: bool) -> Scaled:
    """RGB uint8 (rows, columns, 3) of a palette or of colour samples."""
    if stored.form.photometric == PALETTE:
        return Scaled(_palette(dataset, stored, little), "")
    bits, values = stored.form.stored, stored.values
    if bits <= 8:
        return Scaled(values.astype(np.uint8), "")
    return Scaled((values >> (bits - 8)).astype(np.uint8), "", (f"colour was reduced from {bits} to 8 bits",))


def has_palette(dataset: Dataset) -> bool:
    """Whether there is a table, whole or in segments, for red, green and blue."""
    return all(
        any(f"{form}{colour}PaletteColorLookupTableData" in dataset for form in ("", "Segmented"))
        for colour in ("Red", "Green", "Blue")
    )


def _palette(dataset: Dataset, stored: Stored, little: bool) -> Array:
    tables = [_palette_of(dataset, stored, little, colour) for colour in ("Red", "Green", "Blue")]
    if None in tables:  # in segments, or known by their name alone
        colours = apply_color_lut(stored.values, dataset)[..., :3]
        largest = int(colours.max())
    else:
        colours = np.stack([table.of(stored.values) for table in tables if table is not None], axis=-1)
        largest = max(int(table.entries.max()) for table in tables if table is not None)
    # Entries of 8 bits may be kept in 16, in the lower half.
    wide = colours.dtype.itemsize > 1 and largest > 255
    return (colours >> 8 if wide else colours).astype(np.uint8)


def _palette_of(dataset: Dataset, stored: Stored, little: bool, colour: str) -> Lut | None:
    name = f"{colour}PaletteColorLookupTable"
    return lut_of(dataset, stored.form.signed, little, f"{name}Descriptor", f"{name}Data")
