"""Pixels of pictures that are not square, from the resolutions along both sides that the file states.

TIFF (XResolution and YResolution, TIFF 6.0 section 8), PNG (pHYs), JPEG (JFIF density) and BMP state pixels
per unit of length. The unit is only meant for printing; the ratio is the shape of a pixel.
"""

from typing import Any

from core.readers.channels import ROTATED
from core.readers.dicom_headers import is_plausible_aspect

# Resolutions are rounded to whole numbers.
_SQUARE = 0.01


def stated_aspect(resolutions: Any, orientation: int = 1) -> float | None:
    """Height of a pixel divided by its width as displayed; None for a square, unknown or implausible one.

    resolutions: pixels per length (along rows, along columns) as stored. orientation: 1 to 8 of TIFF and
    EXIF.
    """
    try:
        across, down = (float(number) for number in resolutions)
        aspect = across / down
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if not (across > 0 and is_plausible_aspect(aspect)) or abs(aspect - 1) < _SQUARE:
        return None
    return 1 / aspect if orientation in ROTATED else aspect
