"""The values of a slice inside a region, and how large the region is."""

import math
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.images.slice import Slice


@dataclass(frozen=True, slots=True)
class RegionStatistics:
    """mean, deviation, minimum, maximum: of the pixels that hold an image, in the unit of the slice's values;
    NaN if there are none. deviation: the standard deviation of the pixels (divided by their number).

    pixels: of the whole region. area_mm2: None where the slice has no spacing.
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
    values = values[np.isfinite(values)]
    count = int(np.count_nonzero(pixels))
    if not values.size:
        return RegionStatistics(math.nan, math.nan, math.nan, math.nan, count, _area(image, count))
    return RegionStatistics(
        float(values.mean(dtype=np.float64)),
        float(values.std(dtype=np.float64)),
        float(values.min()),
        float(values.max()),
        count,
        _area(image, count),
    )


def _extent(has_pixels: Array) -> slice:
    places = np.flatnonzero(has_pixels)
    return slice(int(places[0]), int(places[-1]) + 1)


def _area(image: Slice, pixels: int) -> float | None:
    return None if image.spacing_mm is None else pixels * image.spacing_mm[0] * image.spacing_mm[1]
