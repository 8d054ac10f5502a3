"""Texts of measuring: distances and angles on the image."""

from core.images.measuring import place_of_spacing
from core.number_text import significant


def distance_words(length: float, is_mm: bool, spacing_source: str) -> str:
    """A distance, and where it holds if that is not the patient."""
    words = f"{significant(length)} {'mm' if is_mm else 'px'}"
    return f"{words} {place_of_spacing(spacing_source)}".rstrip() if is_mm else words


def angle_words(degrees: float) -> str:
    return f"{degrees:.1f}°"
