"""The values of a slice inside a region, and how large the region is."""

import math
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.images.slice import Slice


@dataclass(frozen=True, slots=True)
class RegionStatistics:
    """mean, deviation, minimum, maximum: of the pixels that hold an image; NaN if there are none.

    They are in the unit of the slice's values; deviation is the standard deviation of these pixels (divided
    by their number). pixels: of the whole region. area_mm2: None where the slice has no spacing.
    """

    mean: float
    deviation: float
    minimum: float
    maximum: float
    pixels: int
    area_mm2: float | None


def region_statistics(image: Slice, mask: Array) -> RegionStatistics:
    """Of the pixels of `mask`, (rows, columns) bool of the slice; for colours of their mean over channels."""
    rows, columns = np.any(mask, 1), np.any(mask, 0)
    if not rows.any():
        return RegionStatistics(math.nan, math.nan, math.nan, math.nan, 0, _area(image, 0))
    box = _extent(rows), _extent(columns)
    pixels = mask[box]
    is_image = pixels if image.padding is None else pixels & ~image.padding[box]
    values = image.values[box][is_image]
    if values.ndim == 2:
        values = values.mean(axis=1)
    if values.dtype.kind == "f":
        values = values[np.isfinite(values)]
    count = int(np.count_nonzero(pixels))
    if not values.size:
        return RegionStatistics(math.nan, math.nan, math.nan, math.nan, count, _area(image, count))
    mean = float(values.mean(dtype=np.float64))
    return RegionStatistics(
        mean,
        _deviation(values, mean),
        float(values.min()),
        float(values.max()),
        count,
        _area(image, count),
    )


def _deviation(values: Array, mean: float) -> float:
    """The standard deviation, in one array of temporary values: a film has millions of pixels."""
    differences = values.astype(np.float64)
    differences -= mean
    return math.sqrt(float(np.dot(differences, differences)) / values.size)


def _extent(has_pixels: Array) -> slice:
    places = np.flatnonzero(has_pixels)
    return slice(int(places[0]), int(places[-1]) + 1)


def _area(image: Slice, pixels: int) -> float | None:
    return None if image.spacing_mm is None else pixels * image.spacing_mm[0] * image.spacing_mm[1]
