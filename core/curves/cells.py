"""The protocol `cells`: square cells over one fixed blurred picture, scored by the gap of two curves.

In a volume the cells are cubes.

Under `pair`, single pixels over an interpolation of what is revealed let scattered pixels rebuild the
picture, so that a noise map scores high. Here nothing is interpolated, and what revealing pixels does by
itself it does at both ends of a map's ranking: the gap between revealing the highest cells first and the
lowest first is zero, in expectation, for a map without information, whatever the network and the blur.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from core.arrays import Array, FloatArray
from core.curves.eight_bit import EightBit
from core.curves.entropy import WebpEntropy, entropy_named, information
from core.curves.protocol import CurveLine, CurveReason, Direction, Frame
from core.curves.settings import CurveSettings, Stream
from core.images.boxes import box_numbers

CELLS_PER_SIDE = 14
SIGMA_SHARE = 0.1
# Shifts of the grid, in cells, by the number of axes: multiples of these fill the square or cube evenly
# however many are taken (powers of 1 / g with g^(axes + 1) = g + 1: of two axes the plastic number).
SHIFTS = {
    2: (0.7548776662466927, 0.5698402909980532),
    3: (0.8191725133961645, 0.6710436067037893, 0.5497004779019703),
}


@final
@dataclass(frozen=True, slots=True)
class CellsCurves:
    """The rules on one image.

    original, blurred: the network's input (*grid, channels) as it is and without detail.
    grids: for each shift the number of the cell that each pixel (*grid,) belongs to.
    bits: the information of each pixel (*grid,) if the axis is `shannon`.
    """

    directions: ClassVar[tuple[Direction, ...]] = ("top", "bottom")

    original: FloatArray
    blurred: FloatArray
    mapping: EightBit
    grids: tuple[Array, ...]
    bits: Array | None
    information: tuple[float, float]
    constant: bool
    settings: CurveSettings

    @classmethod
    def of(cls, x: FloatArray, settings: CurveSettings) -> "CellsCurves":
        """For input x (*grid, channels)."""
        mapping = EightBit.of(x)
        picture = mapping.to_bytes(x)
        blurred = without_detail(x)
        bits = information(picture) if settings.entropy == "shannon" else None
        extent = (0.0, float(picture[..., 0].size if bits is None else bits.sum()))
        if settings.entropy == WebpEntropy.name:
            webp = entropy_named(settings.entropy)
            extent = (webp.of(mapping.to_bytes(blurred)), webp.of(picture))
        grid = x.shape[:-1]
        steps = SHIFTS[len(grid)]
        shifts = (tuple(number * step % 1.0 for step in steps) for number in range(settings.grids))
        return cls(
            original=x,
            blurred=blurred,
            mapping=mapping,
            grids=tuple(cell_grid(grid, shift) for shift in shifts),
            bits=bits,
            information=extent,
            constant=not np.ptp(picture, axis=tuple(range(len(grid)))).any(),
            settings=settings,
        )

    @property
    def starts(self) -> tuple[FloatArray, ...]:
        return (self.blurred,)

    @property
    def passes(self) -> int:
        return self.settings.grids

    @property
    def has_no_curve(self) -> bool:
        lowest, highest = self.information
        return self.constant or lowest >= highest

    def reason_without_curve(self, blurred: float, original: float) -> CurveReason | None:
        if self.constant:
            return CurveReason.CONSTANT_IMAGE
        if original < self.settings.min_prediction:
            return CurveReason.LOW_PREDICTION
        return CurveReason.NOT_SIMPLER if self.has_no_curve else None

    def frames(self, values: Array, number: int) -> Iterator[Frame]:
        ranks = self._ranks(values, number)
        for direction in self.directions:
            by_cell = ranks if direction == "top" else ranks.size - 1 - ranks
            yield from self._revealed(by_cell[self.grids[number]])

    def curve_line(self, x: Array, scores: Array, blurred: float, original: float) -> CurveLine:
        order = np.argsort([0.0, *x, 1.0], kind="stable")
        places = np.concatenate(([0.0], x, [1.0]))[order]
        heights = np.concatenate(([blurred], scores, [original]))[order]
        shares = np.array([0.0, *self.settings.thresholds, 1.0])[order]
        return CurveLine(
            shares, places, heights, float(np.trapezoid(heights, places)), bool((np.diff(x) < 0).any())
        )

    def tied_pixels(self, values: Array) -> int:
        """Pixels of a map (*grid,) in cells whose mean another cell shares, on the first grid."""
        grid = self.grids[0]
        _, group, counts = np.unique(cell_means(values, grid), return_inverse=True, return_counts=True)
        return int((counts[group] > 1)[grid].sum())

    def _ranks(self, values: Array, number: int) -> Array:
        """Place of each cell, 0 for the highest mean.

        The permutation that orders equal cells is the same for every map, so that no map's score
        depends on the others.
        """
        means = cell_means(values, self.grids[number])
        permutation = self.settings.generator(Stream.TIES, number).permutation(means.size)
        ranks = np.empty(means.size, dtype=np.int64)
        ranks[np.lexsort((permutation, -means))] = np.arange(means.size)
        return ranks

    def _revealed(self, ranks: Array) -> Iterator[Frame]:
        """ranks: (*grid,) place of each pixel's cell. Within the last cell rows go down."""
        places = np.empty(ranks.size, dtype=np.int64)
        places[np.argsort(ranks.ravel(), kind="stable")] = np.arange(ranks.size)
        for threshold in self.settings.thresholds:
            count = round(threshold * ranks.size)
            mask = places.reshape(ranks.shape) < count
            revealed = np.where(mask[..., None], self.original, self.blurred)
            yield Frame(revealed, self._place(mask, revealed), count)

    def _place(self, mask: Array, revealed: FloatArray) -> float:
        lowest, highest = self.information
        if self.settings.entropy == WebpEntropy.name:
            size = entropy_named(self.settings.entropy).of(self.mapping.to_bytes(revealed))
            return float(np.clip((size - lowest) / (highest - lowest), 0.0, 1.0))
        return float((mask.sum() if self.bits is None else self.bits[mask].sum()) / highest)


def without_detail(x: FloatArray) -> FloatArray:
    """x (*grid, channels) under a Gaussian of a tenth of `shorter_side`, reflecting borders."""
    # Imported late: the window lists checks and never computes them.
    from scipy.ndimage import gaussian_filter

    grid = x.shape[:-1]
    deviations = (*[SIGMA_SHARE * shorter_side(grid)] * len(grid), 0)
    return gaussian_filter(x.astype(np.float64), deviations, mode="reflect").astype(np.float32)


def shorter_side(grid: Sequence[int]) -> int:
    """The shorter side of a picture; of a volume the middle one of its three sides.

    A volume of few slices has so the shorter side of its planes: its cells do not shrink with their number.
    """
    return sorted(grid)[-2]


def cell_grid(shape: tuple[int, ...], shift: tuple[float, ...]) -> Array:
    """(*shape,) number of the square or cubic cell of each pixel, row by row without gaps.

    shift: along each axis, in cells. 14 cells fill `shorter_side` where the shift is 0.
    """
    side = max(1.0, shorter_side(shape) / CELLS_PER_SIDE)
    by_axis = (
        np.floor((np.arange(length) + 0.5) / side + offset).astype(np.int64)
        for length, offset in zip(shape, shift, strict=True)
    )
    return box_numbers([numbers - numbers[0] for numbers in by_axis])


def cell_means(values: Array, grid: Array) -> Array:
    """(cells,) mean of the map (*grid,) in each cell; all equal where the map is constant."""
    return np.bincount(grid.ravel(), values.ravel().astype(np.float64)) / np.bincount(grid.ravel())
