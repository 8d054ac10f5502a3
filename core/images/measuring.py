"""Distances and angles between positions on a slice, in its true proportions."""

import math

from core.images.slice import Slice

Point = tuple[float, float]
# Where a spacing holds, by its element, if that is not the patient.
_PLACES = {
    "ImagerPixelSpacing": "at the detector",
    "NominalScannedPixelSpacing": "on the scanned film",
}


def place_of_spacing(spacing_source: str) -> str:
    """Where lengths by this spacing hold, in words; empty where they hold in the patient."""
    return _PLACES.get(spacing_source, "")


def distance(image: Slice, start: Point, end: Point) -> float:
    """Between two positions (row, column): in mm where the slice has a spacing, else in widths of a pixel."""
    down, right = _offset(image, start, end)
    return math.hypot(down, right)


def angle_degrees(image: Slice, first: Point, apex: Point, second: Point) -> float:
    """At `apex` between the lines to two positions (row, column): 0 to 180, and 0 for a line of length 0."""
    lines = _offset(image, apex, first), _offset(image, apex, second)
    along = lines[0][0] * lines[1][0] + lines[0][1] * lines[1][1]
    across = lines[0][0] * lines[1][1] - lines[0][1] * lines[1][0]
    return math.degrees(math.atan2(abs(across), along))


def _offset(image: Slice, start: Point, end: Point) -> tuple[float, float]:
    by_row, by_column = image.spacing_mm or (image.pixel_aspect, 1.0)
    return (end[0] - start[0]) * by_row, (end[1] - start[1]) * by_column
