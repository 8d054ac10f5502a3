"""Pairs of a real image and a map, with a network whose answer is a formula; for oracle and benchmark."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter, zoom

from core.arrays import Array
from core.curves.curve_set import CurveSet
from core.curves.curves import curve_settings, curves_of
from core.curves.pair import random_mask
from core.curves.settings import CurveSettings, Stream
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from tests.core.curves.networks import Counted

BRAIN = tuple(f"brain_tumor_mri/images/{number}.png" for number in ("0001", "0342", "0807", "1005", "2229"))
CHEST = tuple(
    f"chest_xray/images/{name}.png"
    for name in (
        "normal/kermany_n001",
        "normal/nih_n001",
        "lung_opacity/kermany_o003",
        "lung_opacity/nih_o005",
        "covid19/hannover_c009",
        "covid19/ieee_c001",
    )
)
MAP_KINDS = ("noise", "smooth", "cam", "segments")
BLOCKS = 15  # segments along each side of the map that stands for XRAI
STEEPNESS = 6.0  # of the answer, in logits from the blurred to the original image


@dataclass(frozen=True)
class Case:
    """An 8-bit grey picture, a map of it, and a network that reacts to detail in the picture's middle.

    middle: the detail at which the network is undecided; slope: logits for each unit of detail.
    """

    picture: Array
    values: Array
    seed: int
    middle: float
    slope: float

    @property
    def settings(self) -> CurveSettings:
        return curve_settings(protocol="pair", seed=self.seed)

    @property
    def mask(self) -> Array:
        return random_mask(self.picture.shape, self.settings.generator(Stream.MASK))

    @property
    def x(self) -> Array:
        return as_input(self.picture)

    def network(self) -> Counted:
        def score(inputs: Array) -> Array:
            return self.slope * (detail(inputs) - self.middle)

        return Counted(score, np.zeros_like, self.x.shape, best_batch=16)

    def by_us(self) -> CurveSet:
        attribution_map = AttributionMap(self.values, signed=True, cells=self.values.shape)
        return curves_of(self.network(), self.x, {"map": attribution_map}, 0, self.settings, Run())


def as_input(picture: Array) -> Array:
    """(height, width, 1) float32, 0 to 1."""
    return (picture / 255).astype(np.float32)[..., None]


def detail(inputs: Array) -> Array:
    """(n,) mean step between neighbours in the middle of each input (n, height, width, 1)."""
    rows, columns = (slice(size // 4, -(size // 4)) for size in inputs.shape[1:3])
    inner = inputs[:, rows, columns, 0].astype(np.float64)
    return np.abs(np.diff(inner, axis=2)).mean(axis=(1, 2))


def between(blurred: Array, picture: Array) -> tuple[float, float]:
    """(middle, slope) of a network that distinguishes the original picture from the blurred one."""
    low, high = (float(amount) for amount in detail(np.stack([as_input(blurred), as_input(picture)])))
    return (low + high) / 2, STEEPNESS / (high - low)


def grey(path: Path) -> Array:
    return np.asarray(Image.open(path).convert("L"))


def maps_of(picture: Array, seed: int) -> Iterator[tuple[str, Array]]:
    """By kind: like a gradient, smooth, like a CAM of 7 x 7, and piecewise constant as of XRAI (ties)."""
    generator = np.random.default_rng(seed)
    noise = generator.normal(size=picture.shape)
    edges = np.abs(picture - gaussian_filter(picture.astype(float), 3))
    coarse = generator.random((7, 7))
    factors = tuple(size / 7 for size in picture.shape)
    blocks = generator.permutation(BLOCKS**2).reshape(BLOCKS, BLOCKS)
    rows, columns = (np.arange(size) * BLOCKS // size for size in picture.shape)
    maps = (
        noise * edges + 0.01 * noise,
        gaussian_filter(noise, picture.shape[0] / 12),
        zoom(coarse, factors, order=1),
        blocks[np.ix_(rows, columns)],
    )
    yield from ((kind, values.astype(np.float32)) for kind, values in zip(MAP_KINDS, maps, strict=True))
