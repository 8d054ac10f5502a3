"""Which numbers of a mask mean "marked": labels above 0, or the upper half of soft edges.

Masks are stored as 0 and 1, as 0 and 255, as numbered labels, and with soft edges: drawn with smoothing,
scaled, blurred, saved as JPEG, or as a network's probabilities. Labels fill areas of one number, so that a
pixel has the number of its four neighbours; at a soft edge it hardly ever has.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.arrays import Array

# Nobody smooths a mask of so few grey levels: these are labels.
MOST_SMALL_LABELS = 31
# Two tones alone, or so few beside them that no edge was smoothed.
FEW_LEVELS = 4
# Between these shares of the highest number lies neither noise of the background nor of the marked part.
BETWEEN = (0.1, 0.9)
# Share of the pixels in between that have their neighbours' number, from which they are labels.
FLAT_SHARE = 0.3
# Above 1 by no more than interpolation overshoots, fractions are probabilities.
HIGHEST_PROBABILITY = 1.5
_TABLE_SIZE = 2**16


@dataclass(frozen=True, slots=True)
class Levels:
    """The numbers that stand in the slices of a mask.

    levels: (n,) sorted, up to three of them where there are fractions; counts: how many pixels have each;
    flat: how many of these have it in common with their four neighbours. Numbers that are not finite are left
    out.
    """

    levels: Array
    counts: Array
    flat: Array
    fractions: bool

    @property
    def highest(self) -> float:
        return float(self.levels[-1]) if self.levels.size else 0.0

    @property
    def lowest(self) -> float:
        return float(self.levels[0]) if self.levels.size else 0.0

    @property
    def labels(self) -> list[float]:
        """The numbers above 0."""
        return [float(level) for level in self.levels if level > 0]

    @property
    def are_flags_below_0(self) -> bool:
        """Whether there are 0 and one whole number below it: all bits set, of a signed type."""
        return self.levels.size == 2 and self.highest == 0 and not self.fractions

    @property
    def are_two_greys(self) -> bool:
        """Whether there are two grey levels and no 0: a dark background and a bright marked part."""
        return self.levels.size == 2 and self.lowest > 0 and self.highest > MOST_SMALL_LABELS

    def are_soft(self, lossy: bool) -> bool:
        """Whether there are grades between background and marked. lossy: compression changed the numbers."""
        highest = self.highest
        if self.fractions:
            return self.levels.size > 2 or self.lowest > 0
        if highest <= MOST_SMALL_LABELS:
            return False
        if lossy:
            return True
        if self.levels.size <= FEW_LEVELS:
            return False
        between = (self.levels > BETWEEN[0] * highest) & (self.levels < BETWEEN[1] * highest)
        if not between.any():
            # Noise about two tones, or small labels beside one high number such as 255 for "unsure".
            low = (self.levels > 0) & (self.levels <= BETWEEN[0] * highest)
            return int(np.count_nonzero(self.flat[low])) < 2
        return bool(self.flat[between].sum() < FLAT_SHARE * self.counts[between].sum())

    def threshold(self) -> float:
        """Half of the highest number, where edges are soft; of probabilities one half."""
        return 0.5 if self.fractions and self.highest <= HIGHEST_PROBABILITY else self.highest / 2


def levels_of(slices: Iterable[Array]) -> Levels:
    """The levels of all `slices` (rows, columns) together."""
    tallies = [_tally(values) for values in slices]
    fractions = any(tally.fractions for tally in tallies)
    levels, places = np.unique(np.concatenate([tally.levels for tally in tallies]), return_inverse=True)
    counts, flat = (
        np.bincount(places, weights=np.concatenate(parts), minlength=levels.size)
        for parts in ([tally.counts for tally in tallies], [tally.flat for tally in tallies])
    )
    return Levels(levels, counts, flat, fractions)


def region_of(values: Array, levels: Levels, lossy: bool = False, inverted: bool = False) -> Array:
    """(rows, columns) bool: where `values` are marked.

    levels: of all slices of the volume. Labels: above 0. Soft edges: at least half of the highest number, and
    of fractions up to 1 at least one half. inverted: low numbers are shown bright, and the bright part of two
    tones is marked; labels stay numbers. Of two grey levels above small labels the brighter one is marked,
    whether the other is 0 or not. Values that are not finite are not marked.
    """
    finite = np.isfinite(values)
    soft = levels.are_soft(lossy)
    if levels.are_flags_below_0:
        return finite & (values < 0)
    if inverted and is_two_toned(levels, soft):
        # Of a single tone 0 alone is bright.
        middle = (levels.highest + levels.lowest) / 2 if levels.levels.size > 1 else 0.5
        return finite & (values < middle)
    if levels.are_two_greys:
        return finite & (values > (levels.highest + levels.lowest) / 2)
    return finite & (values >= levels.threshold() if soft else values > 0)


def is_two_toned(levels: Levels, soft: bool) -> bool:
    """Whether there are a background and one marked part, and no labels."""
    return soft or levels.levels.size <= 2


def _tally(values: Array) -> Levels:
    finite = np.isfinite(values)
    numbers = values[finite].astype(np.float64 if values.dtype.kind == "f" else np.int64)
    if not numbers.size:
        none = np.zeros(0)
        return Levels(none, none, none, fractions=False)
    if values.dtype.kind == "f" and (numbers != np.round(numbers)).any():
        levels = np.unique(numbers)
        levels = np.unique([levels[0], levels[levels.size // 2], levels[-1]])
        return Levels(levels, np.zeros(levels.size), np.zeros(levels.size), fractions=True)
    edged = np.pad(values, 1, mode="edge")
    same = np.ones(values.shape, dtype=bool)
    for beside in (edged[:-2, 1:-1], edged[2:, 1:-1], edged[1:-1, :-2], edged[1:-1, 2:]):
        same &= beside == values
    lowest = int(numbers.min())
    if int(numbers.max()) - lowest < _TABLE_SIZE:
        places = (numbers - lowest).astype(np.int64)
        counts, flat = np.bincount(places), np.bincount(places, weights=same[finite])
        used = np.flatnonzero(counts)
        return Levels((used + lowest).astype(np.float64), counts[used], flat[used], fractions=False)
    levels, places = np.unique(numbers, return_inverse=True)
    return Levels(
        levels.astype(np.float64), np.bincount(places), np.bincount(places, weights=same[finite]), False
    )
