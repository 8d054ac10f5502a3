"""The protocol `pair`: performance information curves as published.

Kapishnikov et al. 2019, arXiv 1906.02825, in the exact form of PAIR saliency 0.2.1. Its known
flaws are kept, because the published numbers contain them, but counted: a map with ties reveals more
than the requested share, and the points may leave the order of x.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, final

import numpy as np

from core.arrays import Array, FloatArray
from core.curves.eight_bit import EightBit
from core.curves.entropy import Entropy, entropy_named
from core.curves.linear_fill import linear_fill
from core.curves.protocol import CurveLine, CurveReason, Direction, Frame
from core.curves.settings import CurveSettings

RANDOM_SHARE = 0.01
AREA_POINTS = 1000


@final
@dataclass(frozen=True, slots=True)
class Start:
    """The random pixels (height, width), the blurred picture that they give, and its information."""

    mask: Array
    picture: Array
    information: float


@final
@dataclass(frozen=True, slots=True)
class PairCurves:
    """Single pixels, highest first, over a linear interpolation of all that is revealed.

    A hundredth of the pixels, drawn at random, and the corners are always known. The predictions are
    made on 8-bit pictures; x is the gain of entropy, y the gain of the score, both relative to
    the random pixels alone.

    picture: uint8 (height, width, channels), the whole image. masks: one pass for each; the first one alone
    where no mask gives a simpler picture. whole: the picture's information.
    """

    directions: ClassVar[tuple[Direction, ...]] = ("top",)

    picture: Array
    mapping: EightBit
    masks: tuple[Start, ...]
    entropy: Entropy
    whole: float
    settings: CurveSettings

    @classmethod
    def of(cls, x: FloatArray, settings: CurveSettings, masks: Sequence[Array]) -> "PairCurves":
        """For input x (height, width, channels) and sets of pixels (height, width) that are always known.

        Masks whose blurred picture is not simpler than the original are left out, whatever the map.
        """
        mapping = EightBit.of(x)
        picture = mapping.to_bytes(x)
        entropy = entropy_named(settings.entropy)
        blurred = [linear_fill(picture, mask) for mask in masks]
        starts = [
            Start(mask, picture_of, entropy.of(picture_of))
            for mask, picture_of in zip(masks, blurred, strict=True)
        ]
        whole = entropy.of(picture)
        simpler = tuple(start for start in starts if start.information < whole)
        return cls(picture, mapping, simpler or (starts[0],), entropy, whole, settings)

    @property
    def original(self) -> FloatArray:
        return self.mapping.from_bytes(self.picture)

    @property
    def starts(self) -> tuple[FloatArray, ...]:
        return tuple(self.mapping.from_bytes(start.picture) for start in self.masks)

    @property
    def passes(self) -> int:
        return len(self.masks)

    @property
    def information(self) -> tuple[float, float]:
        return self.masks[0].information, self.whole

    @property
    def has_no_curve(self) -> bool:
        lowest, highest = self.information
        return lowest >= highest

    def reason_without_curve(self, blurred: float, original: float) -> CurveReason | None:
        if original < self.settings.min_prediction:
            return CurveReason.LOW_PREDICTION
        if self.has_no_curve:
            return CurveReason.NOT_SIMPLER
        return CurveReason.NOT_WORSE if blurred >= original else None

    def frames(self, values: Array, number: int) -> Iterator[Frame]:
        start = self.masks[number]
        # Triangulation and WebP leave Python to other threads, so that thresholds run side by side.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            yield from list(pool.map(partial(self._frame, start), self._masks(values)))

    def curve_line(self, x: Array, scores: Array, blurred: float, original: float) -> CurveLine:
        gains = np.clip((scores - blurred) / (original - blurred), 0.0, 1.0)
        rising = np.maximum.accumulate(gains)
        # The ends are appended after the points, so that at a tie in x they come last.
        order = np.argsort([*x, 0.0, 1.0], kind="stable")
        places = np.append(x, (0.0, 1.0))[order]
        heights = np.append(rising, (0.0, 1.0))[order]
        shares = np.append(self.settings.thresholds, (0.0, 1.0))[order]
        return CurveLine(shares, places, heights, _area(places, heights), bool((np.diff(x) < 0).any()))

    def tied_pixels(self, values: Array) -> int:
        """Pixels of a map (height, width) revealed beyond the requested share, at the threshold with most."""
        last = values.size - 1
        requested = (int(np.floor(last * threshold + 1e-9)) + 1 for threshold in self.settings.thresholds)
        revealed = (int(mask.sum()) for mask in self._masks(values))
        return max(max(each - least, 0) for each, least in zip(revealed, requested, strict=True))

    def _frame(self, start: Start, mask: Array) -> Frame:
        revealed = linear_fill(self.picture, mask | start.mask)
        gain = (self.entropy.of(revealed) - start.information) / (self.whole - start.information)
        return Frame(self.mapping.from_bytes(revealed), float(np.clip(gain, 0.0, 1.0)), int(mask.sum()))

    def _masks(self, values: Array) -> Iterator[Array]:
        """For each threshold the pixels (height, width) of a map that it reveals."""
        lowest = np.quantile(values, [1 - threshold for threshold in self.settings.thresholds])
        return (values >= low for low in lowest)


def random_mask(shape: tuple[int, ...], generator: np.random.Generator) -> Array:
    """(height, width) bool with a hundredth of the pixels, rounded down, drawn without replacement."""
    mask = np.zeros(shape, dtype=bool)
    drawn = generator.choice(mask.size, size=int(mask.size * RANDOM_SHARE), replace=False)
    mask.ravel()[drawn] = True
    return mask


def _area(x: Array, y: Array) -> float:
    """Trapezium over a thousand equal steps, the last value held at 1 as published."""
    steps = np.linspace(0.0, 1.0, AREA_POINTS + 1)
    heights = np.interp(steps, x, y)
    heights[-1] = 1.0
    return float(np.trapezoid(heights, steps))
