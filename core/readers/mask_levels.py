"""Which values of a mask mean "marked": labels above 0, or the upper half of soft edges.

Masks are stored as 0 and 1, as 0 and 255, as numbered labels, and with soft edges: anti-aliased, scaled,
blurred, saved as JPEG, or as a network's probabilities. Labels fill areas of one value, so that most pixels
have the value of their four neighbours; at a soft edge hardly any pixel has.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.arrays import Array

# Values up to this one are labels: with so few grey levels no edge is smoothed.
MOST_SMALL_LABELS = 31
# At most so many different values: no edge was smoothed.
FEW_LEVELS = 4
# Shares of the highest value between which there is noise neither of the background nor of the marked part.
MIDDLE_RANGE = (0.1, 0.9)
# From this share of pixels in the middle range that have their neighbours' value on, they are labels.
FLAT_SHARE = 0.3
# Fractions up to this value are probabilities; interpolation may overshoot 1.
HIGHEST_PROBABILITY = 1.5
_TABLE_SIZE = 2**16


@dataclass(frozen=True, slots=True)
class Levels:
    """The different values in the slices of a mask.

    levels: (n,) sorted, at most three of them where there are fractions. counts: (n,) how many pixels have
    each. flat: (n,) how many of these have the same value as their four neighbours. NaN and infinite values
    are left out. has_fractions: not all values are integers.
    """

    levels: Array
    counts: Array
    flat: Array
    has_fractions: bool

    @property
    def size_bytes(self) -> int:
        """The memory that it takes."""
        return self.levels.nbytes + self.counts.nbytes + self.flat.nbytes

    @property
    def highest(self) -> float:
        """The highest value, 0 if there is none."""
        return float(self.levels[-1]) if self.levels.size else 0.0

    @property
    def lowest(self) -> float:
        """The lowest value, 0 if there is none."""
        return float(self.levels[0]) if self.levels.size else 0.0

    @property
    def labels(self) -> list[float]:
        """The values above 0."""
        return [float(level) for level in self.levels if level > 0]

    @property
    def are_negative_flags(self) -> bool:
        """Whether there are 0 and one negative integer: all bits set, in a signed type."""
        return self.levels.size == 2 and self.highest == 0 and not self.has_fractions

    @property
    def are_two_greys(self) -> bool:
        """Whether there are two grey levels other than 0: a dark background and a bright marked part."""
        return self.levels.size == 2 and self.lowest > 0 and self.highest > MOST_SMALL_LABELS

    def have_soft_edges(self, is_lossy: bool) -> bool:
        """Whether there are grades between background and mark. is_lossy: compression changes values."""
        highest = self.highest
        if self.has_fractions:
            return self.levels.size > 2 or self.lowest > 0
        if highest <= MOST_SMALL_LABELS:
            return False
        if is_lossy:
            return True
        if self.levels.size <= FEW_LEVELS:
            return False
        is_middle = (self.levels > MIDDLE_RANGE[0] * highest) & (self.levels < MIDDLE_RANGE[1] * highest)
        if not is_middle.any():
            # Noise about two tones, or small labels beside one high number such as 255 for "unsure".
            is_low = (self.levels > 0) & (self.levels <= MIDDLE_RANGE[0] * highest)
            return int(np.count_nonzero(self.flat[is_low])) < 2
        return bool(self.flat[is_middle].sum() < FLAT_SHARE * self.counts[is_middle].sum())

    def threshold(self) -> float:
        """The lowest marked value of soft edges: half of the highest; 0.5 for probabilities."""
        return 0.5 if self.has_fractions and self.highest <= HIGHEST_PROBABILITY else self.highest / 2


def levels_of(slices: Iterable[Array]) -> Levels:
    """The levels of all `slices` (rows, columns) together."""
    tallies = [_tally(values) for values in slices]
    has_fractions = any(tally.has_fractions for tally in tallies)
    levels, indices = np.unique(np.concatenate([tally.levels for tally in tallies]), return_inverse=True)
    counts, flat = (
        np.bincount(indices, weights=np.concatenate(parts), minlength=levels.size)
        for parts in ([tally.counts for tally in tallies], [tally.flat for tally in tallies])
    )
    return Levels(levels, counts, flat, has_fractions)


def region_of(values: Array, levels: Levels, is_lossy: bool = False, is_inverted: bool = False) -> Array:
    """(rows, columns) bool: where `values` are marked.

    levels: of all slices of the volume. Labels: above 0. Soft edges: at least half of the highest value, and
    of fractions up to 1 at least one half. is_inverted: low values are shown bright, and the bright part of
    two tones is marked; labels stay as they are. Of two grey levels above small labels the brighter one is
    marked, whether the other is 0 or not. NaN and infinite values are not marked.
    """
    is_finite = np.isfinite(values)
    has_soft_edges = levels.have_soft_edges(is_lossy)
    if levels.are_negative_flags:
        return is_finite & (values < 0)
    if is_inverted and has_two_tones(levels, has_soft_edges):
        # With a single tone only 0 is bright.
        middle = (levels.highest + levels.lowest) / 2 if levels.levels.size > 1 else 0.5
        return is_finite & (values < middle)
    if levels.are_two_greys:
        return is_finite & (values > (levels.highest + levels.lowest) / 2)
    return is_finite & (values >= levels.threshold() if has_soft_edges else values > 0)


def has_two_tones(levels: Levels, has_soft_edges: bool) -> bool:
    """Whether there are only a background and one marked part, without labels."""
    return has_soft_edges or levels.levels.size <= 2


def _tally(values: Array) -> Levels:
    lowest_value, highest_value = values.min(), values.max()
    is_constant = lowest_value == highest_value and bool(np.isfinite(lowest_value))
    if is_constant and lowest_value == np.round(lowest_value):
        # As most slices of a volume: nothing is marked in them.
        count = np.array([float(values.size)])
        return Levels(np.array([float(lowest_value)]), count, count, has_fractions=False)
    is_finite = np.isfinite(values)
    finite_values = values[is_finite].astype(np.float64 if values.dtype.kind == "f" else np.int64)
    if not finite_values.size:
        empty = np.zeros(0)
        return Levels(empty, empty, empty, has_fractions=False)
    if values.dtype.kind == "f" and (finite_values != np.round(finite_values)).any():
        levels = np.unique(finite_values)
        levels = np.unique([levels[0], levels[levels.size // 2], levels[-1]])
        return Levels(levels, np.zeros(levels.size), np.zeros(levels.size), has_fractions=True)
    padded = np.pad(values, 1, mode="edge")
    is_flat = np.ones(values.shape, dtype=bool)
    for neighbour in (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]):
        is_flat &= neighbour == values
    lowest = int(finite_values.min())
    if int(finite_values.max()) - lowest < _TABLE_SIZE:
        indices = (finite_values - lowest).astype(np.int64)
        counts, flat = np.bincount(indices), np.bincount(indices, weights=is_flat[is_finite])
        used = np.flatnonzero(counts)
        return Levels((used + lowest).astype(np.float64), counts[used], flat[used], has_fractions=False)
    levels, indices = np.unique(finite_values, return_inverse=True)
    return Levels(
        levels.astype(np.float64),
        np.bincount(indices),
        np.bincount(indices, weights=is_flat[is_finite]),
        False,
    )
