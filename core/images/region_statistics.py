"""The values of a slice inside a region, and how large the region is."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np

from core.arrays import Array
from core.images.slice import Slice

# So many pixels at a time: a film has millions, and its values would go through memory several times.
BAND_PIXELS = 2**16


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
    count = int(np.count_nonzero(mask[box]))
    parts = [_BandPart.of(values) for values in _values_in_bands(image, mask, box) if values.size]
    if not parts:
        return RegionStatistics(math.nan, math.nan, math.nan, math.nan, count, _area(image, count))
    total = sum(part.count for part in parts)
    mean = math.fsum(part.count * part.mean for part in parts) / total
    # Of all pixels about their mean: of each part about its own, and of those about the mean.
    squares = math.fsum(part.squares + part.count * (part.mean - mean) ** 2 for part in parts)
    return RegionStatistics(
        mean,
        math.sqrt(squares / total),
        min(part.minimum for part in parts),
        max(part.maximum for part in parts),
        count,
        _area(image, count),
    )


@dataclass(frozen=True, slots=True)
class _BandPart:
    """Figures of some values. squares: the sum of their squared differences from their mean."""

    count: int
    mean: float
    squares: float
    minimum: float
    maximum: float

    @classmethod
    def of(cls, values: Array) -> Self:
        mean = float(values.mean(dtype=np.float64))
        differences = values.astype(np.float64)
        differences -= mean
        np.square(differences, out=differences)
        squares = float(differences.sum())
        return cls(values.size, mean, squares, float(values.min()), float(values.max()))


def _values_in_bands(image: Slice, mask: Array, box: tuple[slice, slice]) -> Iterator[Array]:
    """The marked values (n,) that are finite, some rows at a time: so few that they stay in the cache."""
    rows, columns = box
    step = max(BAND_PIXELS // (columns.stop - columns.start), 1)
    for start in range(rows.start, rows.stop, step):
        band = slice(start, min(start + step, rows.stop)), columns
        is_image = mask[band] if image.padding is None else mask[band] & ~image.padding[band]
        values = image.values[band][is_image]
        if values.ndim == 2:
            values = values.mean(axis=1)
        yield values[np.isfinite(values)] if values.dtype.kind == "f" else values


def _extent(has_pixels: Array) -> slice:
    places = np.flatnonzero(has_pixels)
    return slice(int(places[0]), int(places[-1]) + 1)


def _area(image: Slice, pixels: int) -> float | None:
    return None if image.spacing_mm is None else pixels * image.spacing_mm[0] * image.spacing_mm[1]
