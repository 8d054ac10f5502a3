"""An image seen through masks of cells, and the gradient of the score by these cells."""

import math
from typing import Literal

import numpy as np
from pydantic import Field

from core.arrays import Array, FloatArray
from core.errors import BadMap, NotFinite
from core.images.resample import axis_weights
from core.methods.path.completeness import SMALLEST_DELTA
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run

Fill = Literal["blurred", "black"]


class MaskParams(Parameters):
    """Parameters of all methods that optimise a mask."""

    cell: int = Field(
        8,
        ge=1,
        le=128,
        description="side of a cell of the mask, in input pixels",
        json_schema_extra={"unit": "px"},
    )
    fill: Fill = Field(
        "blurred", description="what is shown where the mask hides: the image blurred, or its lowest value"
    )
    blur: float = Field(
        10.0,
        gt=0,
        le=512,
        description="standard deviation of the Gaussian for `fill` blurred",
        json_schema_extra={"unit": "px"},
    )


class MaskedImage:
    """An input and what is shown where a mask hides it.

    score, hidden_score: the target at the image and where all of it is hidden. scale: by what the target is
    divided, so that penalties weigh the same for every network: the difference of both, but not less than
    half a logit; 1 for a probability.
    """

    def __init__(self, network: Network, method_input: MethodInput, params: MaskParams, run: Run) -> None:
        """Raises NotFinite for an image that is not finite."""
        x = method_input.x
        if not np.isfinite(x).all():
            raise NotFinite("The image holds values that are not finite numbers.", "Repair it in the source.")
        self.cells = tuple(max(math.ceil(side / params.cell), 2) for side in x.shape[:2])
        self._network, self._target, self._run = network, method_input.target, run
        self._hidden = _hidden(x, params)
        self._difference = x - self._hidden
        self._by_row, self._by_column = (
            axis_weights(count, side) for count, side in zip(self.cells, x.shape[:2], strict=True)
        )
        ends = network.values(np.stack([x, self._hidden]), self._target, run).astype(np.float64)
        self.score, self.hidden_score = float(ends[0]), float(ends[1])
        rise = abs(self.score - self.hidden_score)
        self.scale = 1.0 if self._target.scale == "probability" else max(rise, SMALLEST_DELTA)

    def grown(self, cells: Array) -> Array:
        """(n, height, width) float64 of masks (n, *cells), linearly; pixel edges stay edges."""
        return self._by_row @ cells @ self._by_column.T

    def scores(self, cells: Array) -> Array:
        """(n,) float64 the target of the image through masks (n, *cells) in 0 (hidden) to 1 (shown)."""
        return self._network.values(self._through(self.grown(cells)), self._target, self._run).astype(
            np.float64
        )

    def gradients(self, cells: Array, shift: tuple[int, int] = (0, 0)) -> tuple[Array, Array]:
        """(n,) targets and (n, *cells) their gradients by the masks, both divided by `scale`.

        shift: rows and columns by which the image is moved round before the network sees it. Raises BadMap
        if they are not finite.
        """
        images = np.roll(self._through(self.grown(cells)), shift, axis=(1, 2))
        values, gradients = self._network.gradients(images, self._target, self._run)
        if not (np.isfinite(values).all() and np.isfinite(gradients).all()):
            raise BadMap(
                "The gradient at the masked image holds values that are not finite numbers.",
                "The model's gradients overflow or vanish on this image; try another method or target.",
            )
        back = np.roll(gradients, (-shift[0], -shift[1]), axis=(1, 2)).astype(np.float64)
        by_pixel = (back * self._difference).sum(axis=-1)
        by_cell = self._by_row.T @ by_pixel @ self._by_column
        return values.astype(np.float64) / self.scale, by_cell / self.scale

    def _through(self, masks: Array) -> FloatArray:
        return self._hidden + masks[..., None].astype(np.float32) * self._difference


def _hidden(x: FloatArray, params: MaskParams) -> FloatArray:
    if params.fill == "black":
        return np.full_like(x, x.min())
    # Imported late: the window lists the methods and never runs one.
    from scipy.ndimage import gaussian_filter

    blurred: Array = gaussian_filter(x, (params.blur, params.blur, 0), mode="nearest")
    return blurred.astype(np.float32)
