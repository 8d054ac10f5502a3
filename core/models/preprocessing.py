"""What is done to a slice before the network sees it. It is part of the card and nothing else."""

from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from core.arrays import Array, FloatArray
from core.errors import NotFinite
from core.images.grid_map import GridMap
from core.images.resample import resampled
from core.images.slice import Slice

# ITU-R BT.601 luma, the usual weights for a grey picture from a colour one.
LUMA = (0.299, 0.587, 0.114)


class Frozen(BaseModel):
    """A frozen value without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PercentileIntensity(Frozen):
    """The `low` percentile of the slice becomes 0, the `high` one 1; values beyond are cut."""

    kind: Literal["percentile"] = "percentile"
    low: float = Field(0.0, ge=0, lt=100)
    high: float = Field(100.0, gt=0, le=100)

    def apply(self, values: Array) -> Array:
        low, high = np.percentile(values, (self.low, self.high))
        return _between(values, float(low), float(high))


class WindowIntensity(Frozen):
    """A fixed window in modality units becomes 0 to 1; values beyond are cut."""

    kind: Literal["window"] = "window"
    centre: float
    width: float = Field(gt=0)

    def apply(self, values: Array) -> Array:
        return _between(values, self.centre - self.width / 2, self.centre + self.width / 2)


class ZScoreIntensity(Frozen):
    """The slice's mean becomes 0 and its standard deviation 1."""

    kind: Literal["z_score"] = "z_score"

    def apply(self, values: Array) -> Array:
        deviation = values.std()
        return (values - values.mean()) / (deviation if deviation > 0 else 1.0)


Intensity = Annotated[PercentileIntensity | WindowIntensity | ZScoreIntensity, Field(discriminator="kind")]


class Preprocessing(Frozen):
    """Intensity, aspect rule, size and channels of the network's input.

    aspect: `stretch` fills the grid, `pad` keeps the ratio and fills with the lowest value, `crop`
    keeps the ratio and cuts the longer side. Only modality values enter; how the picture is shown
    (window, inversion) changes nothing here.
    """

    intensity: Intensity = PercentileIntensity()
    aspect: Literal["stretch", "pad", "crop"] = "stretch"
    height: int = Field(225, ge=8, le=2048)
    width: int = Field(225, ge=8, le=2048)
    channels: Literal[1, 3] = 1

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.height, self.width, self.channels

    def apply(self, image: Slice) -> tuple[FloatArray, GridMap]:
        """The network's input (height, width, channels) float32 and where its grid lies.

        Raises NotFinite if the slice holds NaN or infinite values.
        """
        values = self._planes(image)
        bad = int(values.size - np.isfinite(values).sum())
        if bad:
            raise NotFinite(
                f"The image holds {bad} values that are not finite numbers (NaN or infinite).",
                "Repair or mask them in the source; the network cannot use such an image.",
            )
        scaled = self.intensity.apply(values)
        grid_map = self.grid_map(image.shape)
        fitted = resampled(_cut_or_padded(scaled, grid_map), (self.height, self.width))
        return np.ascontiguousarray(fitted, dtype=np.float32), grid_map

    def _planes(self, image: Slice) -> Array:
        """(rows, columns, channels) float64."""
        values = image.values.astype(np.float64)
        if self.channels == 1:
            return (values @ np.array(LUMA) if image.is_colour else values)[..., None]
        return values if image.is_colour else np.repeat(values[..., None], 3, axis=2)

    def grid_map(self, shape: tuple[int, int]) -> GridMap:
        """Where the input grid lies on a slice of `shape` (rows, columns)."""
        rows, columns = shape
        field_rows, field_columns = rows, columns
        if self.aspect != "stretch":
            choose = max if self.aspect == "pad" else min
            scale = choose(rows / self.height, columns / self.width)
            # Whole pixels, so that padding and cropping move no value between pixels.
            field_rows = max(1, round(scale * self.height))
            field_columns = max(1, round(scale * self.width))
        top = (rows - field_rows) // 2 - 0.5
        left = (columns - field_columns) // 2 - 0.5
        box = (top, left, top + field_rows, left + field_columns)
        return GridMap((self.height, self.width), shape, box)


def _between(values: Array, low: float, high: float) -> Array:
    if high <= low:
        return np.zeros_like(values)
    return np.clip((values - low) / (high - low), 0.0, 1.0)


def _cut_or_padded(values: Array, grid_map: GridMap) -> Array:
    top, left, bottom, right = (round(edge + 0.5) for edge in grid_map.box)
    rows, columns = grid_map.slice_shape
    inside = values[max(top, 0) : min(bottom, rows), max(left, 0) : min(right, columns)]
    outside = ((max(-top, 0), max(bottom - rows, 0)), (max(-left, 0), max(right - columns, 0)), (0, 0))
    return np.pad(inside, outside, constant_values=values.min())
