"""The units of a layer in the order of what they contribute to the score."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.network.layer import Layer

CARRIED_SHARE = 0.9
# How many units are shown at first.
FIRST_UNITS = 24


@dataclass(frozen=True, slots=True, eq=False)
class UnitRanking:
    """What each filter of a layer adds to the score, to first order, and its place among the others.

    contributions: (channels,) float64, in the unit of the target, as of `unit_contributions`.
    """

    layer: Layer
    contributions: Array

    @property
    def order(self) -> tuple[int, ...]:
        """The numbers of the units, the highest contribution first; equal ones by number."""
        return tuple(np.argsort(-self.contributions, kind="stable").tolist())

    def rank(self, unit: int) -> int:
        """The place of a unit, from 1; equal contributions share one, as in the map of the unit."""
        return 1 + int((self.contributions > self.contributions[unit]).sum())

    @property
    def total(self) -> float:
        """The sum of all contributions."""
        return float(self.contributions.sum())

    @property
    def supporting(self) -> float:
        """The sum of the contributions above 0."""
        return float(np.maximum(self.contributions, 0).sum())

    @property
    def carried(self) -> Array:
        """(channels + 1,) the share of the sum of magnitudes that the 0, 1, 2, ... largest ones hold.

        Magnitudes, since contributions for and against the target would cancel. Zeros if all are 0.
        """
        magnitudes = np.sort(np.abs(self.contributions))[::-1]
        total = magnitudes.sum()
        return np.concatenate([[0.0], np.cumsum(magnitudes) / (total or 1.0)])

    def count_for(self, share: float = CARRIED_SHARE) -> int:
        """The fewest units that hold this share of the sum of magnitudes; 0 if all contribute nothing."""
        carried = self.carried
        if carried[-1] == 0:
            return 0
        # The last of the sums may be below 1 by rounding.
        return int(np.searchsorted(carried, min(share, carried[-1]) - 1e-12))
