"""Texts of measuring: distances and angles on the image."""

from core.number_text import significant

DETECTOR_SPACING = "ImagerPixelSpacing"
AT_DETECTOR = "at the detector"


def distance_words(length: float, is_mm: bool, spacing_source: str) -> str:
    """A distance; of a projection whose spacing is known at the detector alone, it is told so."""
    words = f"{significant(length)} {'mm' if is_mm else 'px'}"
    return f"{words} {AT_DETECTOR}" if is_mm and is_at_detector(spacing_source) else words


def angle_words(degrees: float) -> str:
    return f"{degrees:.1f}°"


def is_at_detector(spacing_source: str) -> bool:
    """Whether a spacing holds at the detector, where the shadow is larger than the object."""
    return spacing_source.startswith(DETECTOR_SPACING)
