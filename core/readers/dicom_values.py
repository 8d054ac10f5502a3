"""From stored DICOM values to modality values (PS3.3 C.11.1), and to RGB where the file is in colour."""

from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut

from core.arrays import Array
from core.readers.dicom_headers import FrameHeader, text_of

# Dose grids have a scale of their own in the place of a rescale (PS3.3 C.8.8.3).
_SCALES = (
    ("RescaleSlope", "RescaleIntercept", "PixelValueTransformationSequence"),
    ("DoseGridScaling", "", ""),
)
_SMALL_TYPES = (np.int16, np.uint16, np.int32)


@dataclass(frozen=True, slots=True)
class Scaled:
    """Modality values with their unit, and what had to be decided on the way."""

    values: Array
    unit: str
    notes: tuple[str, ...] = ()


def modality_values(header: FrameHeader, stored: Array) -> Scaled:
    """Apply the modality LUT or the rescale; integers stay integers where slope and intercept are."""
    dataset = header.dataset
    if dataset.get("ModalityLUTSequence"):
        unit = text_of(dataset.ModalityLUTSequence[0], "ModalityLUTType")
        return Scaled(apply_modality_lut(stored, dataset), _unit(unit, dataset))
    for slope_name, intercept_name, macro in _SCALES:
        slope = header.numbers(slope_name, 1, macro)
        if slope is None:
            continue
        intercept = header.numbers(intercept_name, 1, macro) if intercept_name else None
        unit = (
            text_of(dataset, "DoseUnits")
            if not intercept_name
            else str(header.value("RescaleType", macro) or "")
        )
        if slope[0] == 0:
            return Scaled(stored, "", (f"{slope_name} is 0 and was left out: these are stored values",))
        return Scaled(_rescaled(stored, slope[0], intercept[0] if intercept else 0.0), _unit(unit, dataset))
    return Scaled(stored, "")


def _unit(named: str, dataset: Dataset) -> str:
    """US means unspecified; a CT without a type is in HU (PS3.3 C.8.2.1.1.2), a PET has its own element."""
    modality = text_of(dataset, "Modality")
    if modality == "PT":
        return text_of(dataset, "Units")
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


def colour_values(dataset: Dataset, stored: Array, photometric: str) -> Scaled:
    """RGB uint8 (rows, columns, 3) of a palette or of colour samples."""
    if photometric == "PALETTE COLOR":
        colours = apply_color_lut(stored, dataset)[..., :3]
        # Entries of 8 bits may be kept in 16, in the lower half.
        wide = colours.dtype.itemsize > 1 and int(colours.max()) > 255
        return Scaled((colours >> 8 if wide else colours).astype(np.uint8), "")
    bits = int(dataset.get("BitsStored") or 8 * stored.dtype.itemsize)
    if bits <= 8:
        return Scaled(stored.astype(np.uint8), "")
    return Scaled((stored >> (bits - 8)).astype(np.uint8), "", (f"colour was reduced from {bits} to 8 bits",))
