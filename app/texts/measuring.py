"""Texts of measuring: distances and angles on the image."""

from core.number_text import significant

# Where a spacing holds, by its element, if that is not the patient.
_PLACES = {
    "ImagerPixelSpacing": "at the detector",
    "NominalScannedPixelSpacing": "on the scanned film",
}


def distance_words(length: float, is_mm: bool, spacing_source: str) -> str:
    """A distance, and where it holds if that is not the patient."""
    words = f"{significant(length)} {'mm' if is_mm else 'px'}"
    return f"{words} {place_of_spacing(spacing_source)}".rstrip() if is_mm else words


def angle_words(degrees: float) -> str:
    return f"{degrees:.1f}°"


def place_of_spacing(spacing_source: str) -> str:
    """Where lengths by this spacing hold, in words; empty where they hold in the patient."""
    return _PLACES.get(spacing_source, "")
