"""What a curve protocol is: which pictures a map reveals, in what order, and how they become a curve."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

from core.arrays import Array, FloatArray
from core.curves.eight_bit import EightBit

CurveKind = Literal["aic", "sic"]
Direction = Literal["top", "bottom"]


class CurveReason(StrEnum):
    """Why an image has no curve. It depends on the image and the random mask only, never on a map."""

    CONSTANT_IMAGE = "constant_image"
    LOW_PREDICTION = "low_prediction"
    NOT_SIMPLER = "blurred_not_simpler"
    NOT_WORSE = "blurred_not_worse"


@dataclass(frozen=True, slots=True)
class Frame:
    """One revealed picture.

    input: the network's input (*grid, channels). x: its place on the curve's axis, 0 to 1.
    pixels: how many the map revealed.
    """

    input: FloatArray
    x: float
    pixels: int


@dataclass(frozen=True, slots=True)
class CurveLine:
    """The points (n,) of one curve in the order of x, from share 0 to share 1, and its area.

    unsorted: the pictures did not come in the order of x.
    """

    shares: Array
    x: Array
    y: Array
    area: float
    unsorted: bool


class CurveProtocol(Protocol):
    """The rules for one image; everything that depends on the image alone is computed once."""

    @property
    def original(self) -> FloatArray:
        """The network's input (*grid, channels) at share 1."""

    @property
    def starts(self) -> tuple[FloatArray, ...]:
        """The network's inputs (*grid, channels) at share 0: one for all passes, or one for each."""

    @property
    def mapping(self) -> EightBit:
        """Between the network's input and the 8-bit picture whose information is measured."""

    @property
    def directions(self) -> tuple[Direction, ...]:
        """From which ends of its ranking a map is revealed."""

    @property
    def passes(self) -> int:
        """How often a map is measured, each time on another grid or mask; the curve is the mean."""

    @property
    def information(self) -> tuple[float, float]:
        """The measure of the axis at share 0 of the first pass and at share 1, in its own unit."""

    @property
    def has_no_curve(self) -> bool:
        """Whether the image alone excludes a curve, whatever the network predicts."""

    def reason_without_curve(self, blurred: float, original: float) -> CurveReason | None:
        """Why a pass has no curve, given the score at its share 0 and at 1; None if there is one."""

    def frames(self, values: Array, number: int) -> Iterator[Frame]:
        """The pictures that a map (*grid,) reveals in one pass: for each direction, threshold."""

    def curve_line(self, x: Array, scores: Array, blurred: float, original: float) -> CurveLine:
        """The curve of one pass and direction from the axis places and scores (thresholds,)."""

    def tied_pixels(self, values: Array) -> int:
        """How many pixels of a map (*grid,) are ordered only by chance, or revealed early by ties."""
